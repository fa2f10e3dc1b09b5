"""What does the summary say of a mine's plan: verdict, years, limits, relief, comparisons?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planning.production.bottleneck import as_row, limit_rows
from planning.production.comparisons import STATEMENT, cutoff_rows
from planning.production.judgement import verdict_of
from planning.production.plan_rows import activity_rows, records, stope_rows
from planning.production.solving import Rate, target_rate
from planning.production.words import (
    bottleneck_sentences,
    comparison_sentences,
    ending_sentence,
    feed_sentences,
    holding_sentence,
    relief_sentences,
    verdict_sentence,
    what_to_do,
    worth_sentences,
)

if TYPE_CHECKING:
    from planning.production.workflow import MinePlan

PROOF = (
    "The bound is the worth of the best fractional plan, which no whole plan passes; value, limits "
    "and sequence of the plan were checked again from the raw problem by code that shares nothing "
    "with the scheduler."
)


def summarise_plan(found: MinePlan) -> dict[str, Any]:
    """Return key ``plan`` of ``summary.json``.

    Parameters
    ----------
    found : MinePlan
        The plan.

    Returns
    -------
    dict
        Money undiscounted but for npv, bound and what says so; unknown is None.
    """
    answer, mine = found.planned.answer, found.planned.mine
    calendar, table = mine.problem.calendar, found.source.config.schedule
    assert table is not None
    verdict = _verdict(found)
    return {
        "of": table.of,
        "synthetic": found.source.synthetic,
        "status": "feasible" if answer.plan is not None and found.planned.faults else answer.status,
        "npv_usd": answer.value,
        "bound_usd": answer.bound,
        "gap": answer.gap,
        "verdict": verdict,
        "words": _words(found, verdict),
        "statement_of_value": STATEMENT,
        "proof": PROOF,
        "aggregation": next((n for n in mine.notes if "put together" in n), None),
        "notes": list(mine.notes),
        "target_t_per_year": target_rate(mine),
        "discount_rate": calendar.discount_rate,
        "discounting": calendar.discounting,
        "start": None if found.start is None else found.start.isoformat(),
        **_planned(found),
        "rate": _rate(found.rate),
        "bottlenecks": [as_row(b) for b in found.bottlenecks],
        "rate_bottlenecks": [_rate_row(as_row(b)) for b in found.rate_bottlenecks],
        "relief": [relief.as_row() for relief in found.reliefs],
        "policies": [worth.as_row() for worth in found.worths],
        "scenarios": [],
        "last_year": None if found.ending is None else found.ending.last_year,
        "check": [*found.planned.faults, *_refuted(found.rate)],
    }


def _planned(found: MinePlan) -> dict[str, Any]:
    """Return the tables of a plan; empty ones without a plan."""
    planned = found.planned
    plan, relaxation = planned.answer.plan, planned.answer.relaxation
    if plan is None or planned.outcome is None or relaxation is None:
        names = ("years", "periods", "binding", "activities", "stopes", "balance", "cutoffs")
        return {name: [] for name in names}
    mine, outcome = planned.mine, planned.outcome
    activities = activity_rows(mine, plan, found.start)
    return {
        "years": records(outcome.years),
        "periods": records(outcome.periods),
        "binding": limit_rows(mine, plan, relaxation),
        "activities": activities,
        "stopes": stope_rows(activities, mine.grades[0]),
        "balance": records(outcome.balance),
        "cutoffs": cutoff_rows(mine, plan, found.lane),
    }


def _verdict(found: MinePlan) -> dict[str, Any]:
    """Return the verdict with its sentence and its bottleneck."""
    worth = found.worths[0] if found.worths else None
    verdict = verdict_of(found.source, found.planned, found.rate, worth)
    ranked = [b for b in (*found.rate_bottlenecks, *found.bottlenecks) if b.share > 0.0]
    mark = "SYNTHETIC: " if found.source.synthetic else ""
    return {
        **verdict,
        "sentence": f"{mark}{verdict_sentence(verdict, found.rate)}",
        "bottleneck": ranked[0].key if ranked else None,
    }


def _words(found: MinePlan, verdict: dict[str, Any]) -> list[str]:
    """Say the plan in sentences, each of a synthetic study marked."""
    said = [
        *_refuted(found.rate),
        *feed_sentences(found.planned, found.rate),
        *bottleneck_sentences(found.bottlenecks, found.rate_bottlenecks),
        *relief_sentences(found.reliefs),
        *what_to_do(verdict, found.reliefs, found.ending),
        *worth_sentences(found.planned),
        *holding_sentence(found.planned, found.free),
        *ending_sentence(found.ending),
        *comparison_sentences(found.worths),
    ]
    mark = "SYNTHETIC: " if found.source.synthetic else ""
    return [verdict["sentence"], *(f"{mark}{sentence}" for sentence in said)]


def _rate(rate: Rate | None) -> dict[str, Any] | None:
    """Return the rate that can be held."""
    if rate is None:
        return None
    return {
        "years": rate.window.years,
        "first_year": rate.window.first,
        "last_year": rate.window.last,
        "target_t_per_year": rate.target_t_per_year,
        "achieved_t_per_year": rate.achieved,
        "by": rate.by,
        "held_t_per_year": dict(rate.held),
        "impossible_above_t_per_year": rate.impossible_above,
        "holds": rate.holds,
    }


def _refuted(rate: Rate | None) -> tuple[str, ...]:
    """Return what refutes the bound on a rate, if anything does."""
    return () if rate is None else rate.faults


def _rate_row(row: Any) -> dict[str, Any]:
    """Return what a limit holds a rate down by; its prices are no money."""
    kept = {k: v for k, v in row.items() if not k.endswith("_usd")}
    return {**kept, "t_per_year_for_a_unit": row["highest_price_usd"]}
