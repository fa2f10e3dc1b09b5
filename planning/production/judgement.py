"""Does the plan of a mine hold its rate, what says so, and on which assumptions does that rest?

Three answers, each with its proof: it holds where a checked plan has the target in each year of the
window; it does not where no plan can, by the bound of the relaxed problem; between the two it is
not known, and the verdict names both figures. There are no draws here: one estimate, one set of
prices and rates.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from deposits.stated import Kind, Stated
from planning.mine.study import MineStudy
from planning.production.comparisons import Worth
from planning.production.solving import Planned, Rate
from planning.verdict.gates import Subject, Test, Thresholds, join, told

#: How the reading of a scheduled plan is called beside those of the evidence.
READING = "as scheduled"
SCHEDULED = "schedule of the estimated blocks, with its bound"


def verdict_of(
    source: MineStudy, planned: Planned, rate: Rate | None, worth: Worth | None
) -> dict[str, Any]:
    """Judge the plan of a mine.

    Parameters
    ----------
    source : MineStudy
        Whose plan it is.
    planned : Planned
        The plan.
    rate : Rate or None
        What can be held; None where the periods of the plan end before the window does.
    worth : Worth or None
        What the plan comes to; None without a plan.

    Returns
    -------
    dict
        The JSON shape of a verdict, with its tests.
    """
    schedule = source.config.schedule
    assert schedule is not None
    assumed = assumptions(source)
    kind: Kind = "assumed" if assumed else "derived"
    gates = (_feed_gate(rate, kind), _worth_gate(worth, kind))
    joined = join(gates, Thresholds())
    study = source.drilled.config.study
    found: dict[str, Any] = {
        "plan": f"{study.title or study.name}: plan of the mine",
        "reading": READING,
        "holds": joined.holds,
        "share_of_draws": None,
        "conditional_on": list(assumed),
        "missing": list(joined.missing),
        "target_t_per_year": float(source.config.mine.throughput_t_per_year.base),
        "horizon_years": float(schedule.hold_years),
        "binding": joined.binding,
        "first_failing_year": _first_failing(planned, rate),
        "route": "drillholes",
        "synthetic": source.synthetic,
        "tests": [test.to_dict() for test in (*gates, *_context(planned, rate, kind))],
    }
    return found


def assumptions(source: MineStudy) -> tuple[str, ...]:
    """List the study keys of assumed figures that a plan rests on.

    Parameters
    ----------
    source : MineStudy
        With its tables.

    Returns
    -------
    tuple of str
        Dotted keys, each once.
    """
    config = source.config
    tables: dict[str, BaseModel | None] = {"schedule": config.schedule, "mine": config.mine}
    if config.schedule is not None:
        own = config.schedule.of
        tables[own] = config.pit if own == "pit" else config.stopes
    found = [key for name, table in tables.items() for key in _assumed(table, name)]
    return tuple(dict.fromkeys([*found, *source.terms.assumed]))


def _assumed(value: object, key: str) -> Iterator[str]:
    """Walk a table and list its assumed figures."""
    if isinstance(value, Stated):
        if value.kind == "assumed":
            yield key
    elif isinstance(value, BaseModel):
        if getattr(value, "kind", None) == "assumed":
            yield key
        for name in type(value).model_fields:
            yield from _assumed(getattr(value, name), f"{key}.{name}")
    elif isinstance(value, tuple):
        yield from dict.fromkeys(k for item in value for k in _assumed(item, key))


def _feed_gate(rate: Rate | None, kind: Kind) -> Test:
    """Hold the lowest year against the target; the bound decides where no plan is found."""
    name, title = "feed_every_year", "Feed of the lowest year after the ramp-up"
    if rate is None:
        note = "the periods of the plan end before these years do"
        subject = Subject(name, title, "t/yr", source=SCHEDULED, note=note, kind=kind)
        return told(subject, None, None, None, ("schedule.periods",))
    note = f"{rate.by}; no plan holds more than {rate.impossible_above:,.0f} t"
    subject = Subject(name, title, "t/yr", source=SCHEDULED, note=note, kind=kind)
    return told(subject, rate.achieved, rate.target_t_per_year, rate.holds)


def _worth_gate(worth: Worth | None, kind: Kind) -> Test:
    """Hold the worth of the plan against nothing."""
    title = "NPV after the fixed cost of its years, before capital and tax"
    value = None if worth is None else worth.after_fixed_usd
    subject = Subject("worth", title, "USD", source=SCHEDULED, kind=kind)
    return told(subject, value, 0.0, None if value is None else value >= 0.0)


def _context(planned: Planned, rate: Rate | None, kind: Kind) -> Iterator[Test]:
    """Show what decides nothing by itself."""
    if rate is not None:
        title = "Rate that no plan can pass in those years"
        subject = Subject("proven_rate", title, "t/yr", "context", source=SCHEDULED, kind=kind)
        yield told(subject, rate.impossible_above, rate.target_t_per_year, None)
    if planned.answer.gap is not None:
        title = "Distance of its worth to the bound that no plan passes"
        subject = Subject("gap", title, "fraction", "context", "<=", source=SCHEDULED)
        yield told(subject, planned.answer.gap, None, None)


def _first_failing(planned: Planned, rate: Rate | None) -> int | None:
    """Return the first year of the window that the plan leaves short, from 1."""
    if rate is None or planned.outcome is None or rate.holds is True:
        return None
    years = planned.outcome.years
    asked = (years["year"] >= rate.window.first) & (years["year"] <= rate.window.last)
    short = years[asked & (years["feed_t"] < rate.target_t_per_year * (1.0 - 1e-9))]
    return int(short["year"].iloc[0]) if len(short) else None
