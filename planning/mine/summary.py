"""What does the summary say of a mine: money, pit, stopes, and what is not known?"""

from __future__ import annotations

from typing import Any

import numpy as np

from deposits.display import round_for_reading as shown
from planning.economics.block_facts import economics_summary
from planning.economics.cutoffs import beside_antimony, cutoffs
from planning.mine.pit_results import PitResult
from planning.mine.pit_summary import pit_sentences, summarise_pit
from planning.mine.rock import ValuedRows
from planning.mine.stope_results import StopesResult
from planning.mine.stope_summary import summarise_stopes
from planning.mine.study import MineStudy


def summarise(
    source: MineStudy, rows: ValuedRows, pit: PitResult | None, stopes: StopesResult | None
) -> dict[str, Any]:
    """Return key ``mine`` of ``summary.json``.

    Parameters
    ----------
    source : MineStudy
        What was asked.
    rows : ValuedRows
        What of the model may be ore.
    pit, stopes : results, optional
        None where not asked for, or not known.

    Returns
    -------
    dict
        ore, economics, pit, stopes, missing (by limit), sentences; unknown is None.
    """
    counted = np.where(rows.counted, rows.tonnes, 0.0)
    terms = source.terms
    beside = beside_antimony(rows.grades, counted, terms) if terms.grade_fields else {}
    policy = None if pit is None else pit.policy
    missing = {}
    if source.config.pit is not None and source.missing_for_pit:
        missing["pit"] = list(source.missing_for_pit)
    if source.config.stopes is not None and source.missing_for_stopes:
        missing["stopes"] = list(source.missing_for_stopes)
    found: dict[str, Any] = {
        "ore": _ore(source, rows),
        "economics": economics_summary(terms, cutoffs(terms, beside), policy),
        "pit": None if pit is None else summarise_pit(pit),
        "stopes": None if stopes is None else summarise_stopes(stopes, source),
        "missing": missing,
    }
    found["sentences"] = _sentences(source, found)
    return found


def _ore(source: MineStudy, rows: ValuedRows) -> dict[str, Any]:
    """Say what of the model may be ore, and what is told apart."""
    mine = source.config.mine
    return {
        "classes": list(mine.classes),
        "counted_t": float(np.sum(rows.tonnes[rows.counted])),
        "not_counted_t": float(np.sum(rows.tonnes[~rows.counted])),
        "unestimated_t": rows.unestimated_t,
        "by_class_t": {name: float(np.sum(rows.tonnes[own])) for name, own in rows.classes.items()},
        "throughput_t_per_year": mine.throughput_t_per_year.base,
    }


def _sentences(source: MineStudy, found: dict[str, Any]) -> list[str]:
    """Say the result in a few sentences, the label SYNTHETIC first."""
    mark = "SYNTHETIC: " if source.synthetic else ""
    said = [f"{mark}{text}" for text in _limits(found)]
    for limit, keys in found["missing"].items():
        said.append(f"{mark}The {limit} {_is_or_are(limit)} not known; state: {', '.join(keys)}.")
    if source.terms.gold_missing and "au" in source.config.value.grades:
        keys = ", ".join(source.terms.gold_missing)
        said.append(f"{mark}Gold is not counted; state: {keys}.")
    classes = " and ".join(found["ore"]["classes"])
    others = found["ore"]["not_counted_t"]
    said.append(
        f"{mark}Only {classes} rock is valued; {shown(others)} t of other classes counts as waste."
    )
    return said


def _is_or_are(limit: str) -> str:
    return "are" if limit.endswith("s") else "is"


def _limits(found: dict[str, Any]) -> list[str]:
    """Say what pit and stopes come to."""
    said = []
    if found["pit"] is not None:
        said += pit_sentences(found["pit"])
    if found["stopes"] is not None:
        said += stope_sentences(found["stopes"])
    return said


def stope_sentences(stopes: dict[str, Any]) -> list[str]:
    """Say what the stopes come to, what proves it, and what could feed a line of rich ore.

    Parameters
    ----------
    stopes : dict
        Of `summarise_stopes`.

    Returns
    -------
    list of str
    """
    totals, proof = stopes["totals"], stopes["certificate"]
    if not totals["stopes"]:
        return ["No stope pays under the stated prices, costs and rules."]
    worth = f", worth {shown(proof['value_usd'])} USD" if proof["value_usd"] is not None else ""
    proven = (
        f"no layout on this frame is worth more ({100 * proof['gap']:.2g} % gap)"
        if proof["status"] == "optimal"
        else f"at most {100 * proof['gap']:.2g} % below the best layout on this frame"
    )
    said = [
        f"Stopes: {totals['stopes']} on {proof['levels_opened']} levels bring "
        f"{shown(totals['ore_t'])} t of ore at {shown(totals['sb_pct'])} % Sb to the mill, "
        f"diluted and recovered{worth}; {proven}."
    ]
    head, added = totals.get("nsr_at_head_usd_per_t"), totals.get("nsr_usd_per_t")
    if head is not None and added is not None and head < added:
        said.append(
            f"At the diluted head of each stope the mill would be paid {shown(head, 3)} instead of "
            f"{shown(added, 3)} USD a tonne: recovery bends, and the optimum adds blocks at their "
            "own heads."
        )
    said += stopes["rejection_words"]
    rich = stopes["sensitivity"]["direct_shipping"]
    cut = rich["cutoff_sb_pct"]
    alone = next((r for r in stopes["sensitivity"]["cutoff"] if r["cutoff_sb_pct"] == cut), None)
    if not rich["ore_t"]:
        said.append(
            f"No stope of this layout could feed a line of {cut:g} % Sb: the richest holds "
            f"{shown(rich['richest_sb_pct'])} %.{_alone(alone)}"
        )
    else:
        said.append(
            f"At or above {cut:g} % Sb such a mine could give {shown(rich['ore_t'])} t in stopes "
            f"of their own, {shown(100 * rich['share_of_ore'])} % of its ore: "
            f"{shown(rich['years_at_rate'])} years of {shown(rich['throughput_t_per_year'])} t."
            f"{_alone(alone)}"
        )
    return said


def _alone(row: dict[str, Any] | None) -> str:
    """Say what stopes that are laid out for the rich cut-off alone could give."""
    if row is None:
        return ""
    if not row["ore_t"]:
        return " Stopes laid out for that grade alone find nothing either."
    return (
        f" Stopes laid out for that grade alone would give {shown(row['ore_t'])} t at "
        f"{shown(row['sb_pct'])} %, {shown(100 * row['share_of_sb'])} % of the antimony."
    )
