"""Which way to mine the ore does the plan schedule, and how do the two compare discounted?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from maps.drawings.mine_parts import part, rows_in
from maps.wording import number

Row = Mapping[str, Any]

#: Ways to mine -> how they are called in a sentence.
WAYS = {"stopes": "stopes", "pit": "open pit"}
#: How cash of a year is discounted -> words.
WHEN = {
    "mid_year": "mid year",
    "end_of_year": "end of year",
    "start_of_year": "start of year",
}


def discounted(summary: Row) -> dict[str, float]:
    """Return what each way to mine is worth discounted, where the study knows it.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    dict of (str, float)
        "stopes" or "pit" -> NPV [USD], of the plan where it schedules that way, otherwise of
        the pit dug in its pushbacks.
    """
    return {way: float(told["npv_usd"]) for way, told in _told(summary).items()}


def ways(summary: Row) -> list[str]:
    """Say which of two ways to mine is scheduled, and how they compare discounted.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    list of str
        Sentences; [] where the ore has not two ways.
    """
    if not (part(summary, "pit") and part(summary, "stopes")):
        return []
    name = WAYS.get(str(_plan(summary).get("of")))
    which = f"the plan schedules the {name}" if name else "no plan schedules either"
    said = f"Stopes and open pit are two ways to mine the same ore; {which}."
    told = _told(summary)
    if len(told) < len(WAYS):
        return [said, _one_known(told)]
    if _basis(told["stopes"]) != _basis(told["pit"]):
        bases = f"The stopes are discounted {_basis(told['stopes'])}, the open pit "
        apart = "these worths stand on two bases and are not compared."
        return [said, f"{bases}{_basis(told['pit'])}: {apart}"]
    return [said, _compared(told), _rule(part(summary, "pit"))]


def _rule(pit: Row) -> str:
    """Say how much of the pit's worth lies in the order in which it is dug."""
    rule = "The order of the pushbacks is a rule, not an optimised schedule"
    found = [r["best_npv_usd"] for r in rows_in(pit, "shells") if r.get("best_npv_usd")]
    if not found:
        return f"{rule}."
    best = _millions({"npv_usd": max(found)})
    return f"{rule}: dug shell after shell, whatever their width, it would be worth {best} at best."


def _one_known(told: Mapping[str, Row]) -> str:
    """Say why nothing is compared where a discounted worth is missing."""
    if not told:
        return "What either is worth discounted is not known."
    ((way, known),) = told.items()
    (lacking,) = set(WAYS) - {way}
    return (
        f"Discounted {_basis(known)}, the {WAYS[way]}: {_millions(known)}; what the "
        f"{WAYS[lacking]} would be worth discounted is not known, so they are not compared."
    )


def _compared(told: Mapping[str, Row]) -> str:
    """Compare discounted worths that stand on one basis."""
    stopes, pit = told["stopes"], told["pit"]
    more = "stopes are" if stopes["npv_usd"] > pit["npv_usd"] else "open pit is"
    return (
        f"Discounted {_basis(stopes)}, before fixed cost, initial capital and tax, the stopes as "
        f"planned are worth {_millions(stopes)} and the open pit dug in pushbacks "
        f"{_millions(pit)}: discounted, the {more} worth more."
    )


def _millions(told: Row) -> str:
    """Write a worth to three figures, as the plan's own sentences do."""
    return f"{number(float(told['npv_usd']) / 1e6, 3)} million USD"


def _basis(told: Row) -> str:
    """Name how cash was discounted."""
    when = WHEN.get(str(told.get("discounting")), str(told.get("discounting") or "not stated"))
    rate = told.get("discount_rate")
    per_year = "a rate not stated" if rate is None else f"{100 * float(rate):.3g} % a year"
    return f"at {per_year} ({when})"


def _plan(summary: Row) -> Row:
    plan = summary.get("plan")
    return plan if isinstance(plan, Mapping) else {}


def _told(summary: Row) -> dict[str, Row]:
    """Find for each way to mine what tells its discounted worth."""
    plan, dug = _plan(summary), part(summary, "pit").get("plan")
    found: dict[str, Row] = {"pit": dug} if isinstance(dug, Mapping) else {}
    if plan.get("of") in WAYS:
        found[str(plan["of"])] = plan
    known = {way: told for way, told in found.items() if told.get("npv_usd") is not None}
    return {way: known[way] for way in WAYS if way in known}
