"""What has a spreadsheet to be told of a case, so that it can be worked out again by hand?

The inputs of the deterministic run with their kinds and sources, and the ore of the base case as a
row of cut-offs. Between two of them a straight line stands in for the grade law.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from deposits.evidence.parts import Part, gold_above, ore_above
from deposits.laws.grade_law import GradeLaw
from deposits.stated import Stated
from deposits.units import STIBNITE_SB_PCT
from planning.economics.nsr import key_of, stated_terms
from planning.verdict.situation import Cases, Situation
from planning.verdict.supply import Supply

#: Steps of the row of cut-offs, each 2 % above the last: the line is then within 0.02 % of the law.
STEPS = 440
LOWEST_SB_PCT = 0.01

PLAN_KEYS = (
    "throughput_t_per_year",
    "horizon_years",
    "ramp_up_years",
    "required_head_grade_sb_pct",
    "cutoff_sb_pct",
    "mining_recovery_fraction",
    "dilution_fraction",
    "dilution_grade_sb_pct",
)
PLANT_KEYS = ("hg_pct_of_ore", "as_pct_of_ore")


def workings_of(situation: Situation) -> dict[str, Any]:
    """Return what the deterministic run of a case is worked out from.

    Parameters
    ----------
    situation : Situation
        The plan and what it is tested with.

    Returns
    -------
    dict
        Under inputs, by name, ``{key, value, kind, source}`` with None for what is not stated;
        under ore, what is in the ground: whether it ``is_known`` and whether its grades
        ``has_laws``, ``ceiling_sb_t`` [t], and ``curve``, lists ``cutoff_sb_pct`` (rising),
        ``ore_t``, ``sb_t``, ``au_kg`` (None where not known) in situ; None while not known.
    """
    supply, ceiling = situation.supply, situation.ceiling
    return {
        "inputs": _inputs(situation),
        "discounting": situation.economics.discounting,
        "valuation_date": _date(situation),
        "ore": {
            "is_known": supply.is_known,
            "has_laws": supply.is_known and supply.has_laws,
            "ceiling_sb_t": None if ceiling is None else ceiling.sb_t.base,
            "curve": _curve(supply) if supply.is_known else None,
        },
    }


def _date(situation: Situation) -> str | None:
    day = situation.economics.valuation_date
    return None if day is None else str(day)


def _inputs(situation: Situation) -> dict[str, dict[str, Any]]:
    """List every number that the run takes, stated or not."""
    plan, plant, name = situation.plan, situation.plant, situation.plant_id
    found = {key: _input(f"plan.{key}", getattr(plan, key)) for key in PLAN_KEYS}
    field, head = _assumed_head(situation)
    found["head_grade_sb_pct"] = _input(f"fields.{field}.head_grade_sb_pct", head)
    found |= {key: _input(f"plants.{name}.{key}", getattr(plant, key)) for key in PLANT_KEYS}
    terms = stated_terms(situation.economics, plant)
    return found | {term: _input(key_of(term, name), stated) for term, stated in terms.items()}


def _assumed_head(situation: Situation) -> tuple[str, Stated | None]:
    """Return the grade a plan takes where its one field has no tonnes, and that field."""
    supply = situation.supply
    if supply.resources or len(supply.unknown_fields) != 1:
        return "NAME", None
    field = supply.unknown_fields[0]
    return field, situation.head_grades.get(field)


def _input(key: str, stated: Stated | None) -> dict[str, Any]:
    if stated is None:
        return {"key": key, "value": None, "kind": None, "source": ""}
    return {"key": key, "value": stated.base, "kind": stated.kind, "source": stated.source}


def _curve(supply: Supply) -> dict[str, list[float | None]]:
    """Lay out ore, antimony and gold in situ over rising cut-offs, base case."""
    cutoffs = _cutoffs(supply)
    ore, sb = np.zeros(cutoffs.size), np.zeros(cutoffs.size)
    gold: Cases | None = np.zeros(cutoffs.size)
    for part in supply.parts:
        base = _base(part)
        tonnes, metal = ore_above(base, cutoffs)
        grams = gold_above(base, cutoffs, tonnes)
        ore, sb = ore + tonnes, sb + metal
        gold = None if gold is None or grams is None else gold + grams
    kilograms = np.full(cutoffs.size, np.nan) if gold is None else gold / 1000.0
    return {
        "cutoff_sb_pct": cutoffs.tolist(),
        "ore_t": ore.tolist(),
        "sb_t": sb.tolist(),
        "au_kg": [float(kg) if np.isfinite(kg) else None for kg in kilograms],
    }


def _cutoffs(supply: Supply) -> Cases:
    """Return cut-offs from 0 to stibnite; steps of the law stand between two of them."""
    even = np.geomspace(LOWEST_SB_PCT, STIBNITE_SB_PCT, STEPS)
    jumps = []
    for part in supply.parts:
        if part.law is None:
            continue
        grade = part.sb_pct[0] if part.is_whole else np.atleast_1d(part.law.lower_pct)[0]
        jumps += [grade, grade * (1.0 + 1e-9)]
    return np.unique(np.concatenate([[0.0], even, jumps]))


def _base(part: Part) -> Part:
    """Return a statement in the base case, which is the first of its cases."""
    law = part.law
    if law is not None:
        parts = (law.mu, law.sigma, law.lower_pct, law.upper_pct)
        law = GradeLaw(*(np.atleast_1d(each)[:1] for each in parts))
    gold = None
    if part.gold is not None:
        gold = (np.atleast_1d(part.gold[0])[:1], np.atleast_1d(part.gold[1])[:1])
    au_gpt = None if part.au_gpt is None else part.au_gpt[:1]
    return Part(part.ore_t[:1], part.sb_pct[:1], au_gpt, law, gold)
