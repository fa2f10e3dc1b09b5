"""Is there ore, can it be mined and milled, and does its grade pay?

These are the gates of a plan; what is merely shown beside them is in ``context.py``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from deposits.stated import softest
from planning.economics.nsr import break_even_grade, cost_per_t_ore
from planning.economics.plant import throughput_t_per_year
from planning.verdict.gates import Subject, Test, compare
from planning.verdict.situation import Situation, Yearly, supply_kind
from planning.verdict.supply import Supply, run_of_mine, tonnes_at_grade

Cases = NDArray[np.float64]

ORE_TITLE = "Ore for the whole horizon"
DILUTION_KEY = "plan.dilution_fraction"


def run_gates(situation: Situation, year: Yearly) -> tuple[Test, ...]:
    """Run every gate of a plan.

    Parameters
    ----------
    situation : Situation
        The plan and what it is tested with.
    year : Yearly
        A full year of it, over the horizon that it must hold.

    Returns
    -------
    tuple of Test
        Ore supply, mine capacity, plant throughput; a concentrate line only if its limit is
        stated; the break-even grade only if all costs are.
    """
    supply = _ore_supply(situation, year.horizon_years)
    gates = [supply, _mine_capacity(situation), _plant(situation)]
    if situation.plant.concentrate_line_limit_t_per_year is not None:
        gates.append(_concentrate_line(situation, year))
    if cost_per_t_ore(situation.terms) is not None:
        gates.append(_break_even(situation, year))
    return tuple(gates)


def _ore_supply(situation: Situation, horizon_years: float) -> Test:
    """Hold run-of-mine ore against rate x years."""
    plan, supply = situation.plan, situation.supply
    if supply.is_known:
        return _known_ore(situation, plan.ore_needed_t(horizon_years))
    if plan.required_head_grade_sb_pct is not None and situation.ceiling is not None:
        return _ceiling_ore(situation, plan.ore_needed_t(horizon_years))
    return _partly_known_ore(situation, plan.ore_needed_t(horizon_years))


def _known_ore(situation: Situation, need_t: float) -> Test:
    """Hold the ore of known fields against the need; before loss and dilution it is a bound."""
    plan, supply = situation.plan, situation.supply
    claimed = plan.required_head_grade_sb_pct
    value: Cases
    if claimed is None:
        cutoff = plan.cutoff_sb_pct.base if plan.cutoff_sb_pct is not None else 0.0
        value, note = _bound(situation, run_of_mine(supply, cutoff)[0], need_t)
    elif supply.has_laws:
        # Waste leaner than the asked grade cannot add to the tonnes that reach it.
        value, note = tonnes_at_grade(supply, claimed.base), "under the assumed spread of grades"
    else:
        value = run_of_mine(supply)[1] / claimed.base * 100.0
        note = f"all the metal taken as {claimed.base:g} % ore"
    subject = Subject(
        "ore_supply",
        ORE_TITLE if claimed is None else f"Ore at {claimed.base:g} % Sb for the whole horizon",
        "t of ore",
        kind=supply_kind(supply),
        source=_supply_source(supply),
        note="; ".join(part for part in (note, _split(supply)) if part),
    )
    missing = supply.factors.missing
    return compare(subject, value, need_t, thresholds=situation.thresholds, missing=missing)


def _split(supply: Supply) -> str:
    """Say which category gives how much, in situ, where several are counted together."""
    tonnes: dict[str, float] = {}
    for resource in supply.resources:
        held = sum(float(part.ore_t[0]) for part in resource.parts)
        tonnes[resource.category] = tonnes.get(resource.category, 0.0) + held
    if len(tonnes) < 2:
        return ""
    return "in situ " + ", ".join(f"{name} {held / 1e6:.2f} Mt" for name, held in tonnes.items())


def _bound(situation: Situation, ore_t: Cases, need_t: float) -> tuple[Cases, str]:
    """Return run-of-mine ore, or what bounds it from above while dilution is not stated."""
    supply = situation.supply
    if not supply.factors.missing:
        return ore_t, "run of mine, after loss and dilution"
    if DILUTION_KEY not in supply.factors.missing:
        return ore_t, "before loss: can fail the plan, cannot pass it"
    most = situation.plan.most_dilution_fraction.base
    note = (
        f"in situ {ore_t[0] / 1e6:.2f} Mt with at most {most:.0%} dilution: "
        "a bound that can fail the plan and cannot pass it"
    )
    short = need_t / float(ore_t[0]) - 1.0 if ore_t[0] > 0 else np.inf
    if 0.0 < short <= most:
        note += f"; without loss, dilution of {short:.0%} would fill it"
    return ore_t * (1.0 + most), note


def _ceiling_ore(situation: Situation, need_t: float) -> Test:
    """Take the largest metal published as ore of the claimed grade: more cannot be there."""
    claimed, ceiling = situation.plan.required_head_grade_sb_pct, situation.ceiling
    assert claimed is not None
    assert ceiling is not None
    subject = Subject(
        "ore_supply",
        f"Ore at {claimed.base:g} % Sb, at the most",
        "t of ore",
        kind=softest("derived", ceiling.sb_t.kind),
        source=ceiling.sb_t.source,
        note=f"all of {ceiling.wording}, taken as {claimed.base:g} % ore",
    )
    bound = ceiling.sb_t.base / claimed.base * 100.0
    missing = [*situation.supply.missing, *situation.supply.factors.missing]
    return compare(subject, bound, need_t, thresholds=situation.thresholds, missing=missing)


def _partly_known_ore(situation: Situation, need_t: float) -> Test:
    """Pass on the known part alone where it is enough, run of mine; else stay open."""
    supply = situation.supply
    subject = Subject("ore_supply", ORE_TITLE, "t of ore", kind="derived")
    missing = [*supply.missing, *supply.factors.missing]
    if not supply.resources:
        return compare(subject, None, need_t, thresholds=situation.thresholds, missing=missing)
    ore = run_of_mine(supply)[0]
    note = f"known part: {ore[0] / 1e6:.1f} Mt; not known: {', '.join(supply.unknown_fields)}"
    subject = replace(subject, note=note, kind=supply_kind(supply), source=_supply_source(supply))
    if situation.plan.required_head_grade_sb_pct is None and not supply.factors.missing:
        test = compare(subject, ore, need_t, thresholds=situation.thresholds)
        if test.passes:
            return test
    return compare(subject, None, need_t, thresholds=situation.thresholds, missing=missing)


def _supply_source(supply: Supply) -> str:
    sources = (s.source for r in supply.resources for s in r.statements)
    return "; ".join(dict.fromkeys(sources))


def _mine_capacity(situation: Situation) -> Test:
    """Hold what the mines can hoist against the rate."""
    stated = situation.plan.mine_capacity_t_per_year
    key = "plan.mine_capacity_t_per_year"
    subject = Subject(
        "mine_capacity",
        "Mine capacity",
        "t of ore/yr",
        kind="assumed" if stated is None else stated.kind,
        source="" if stated is None else stated.source,
    )
    target = situation.plan.throughput_t_per_year.base
    missing = [key] if stated is None else []
    value = situation.cases(key, stated)
    return compare(subject, value, target, thresholds=situation.thresholds, missing=missing)


def _plant(situation: Situation) -> Test:
    """Hold nameplate times availability against the rate."""
    plant, key = situation.plant, f"plants.{situation.plant_id}"
    nameplate = situation.cases(f"{key}.nameplate_t_per_year", plant.nameplate_t_per_year)
    available = situation.cases(f"{key}.availability_fraction", plant.availability_fraction)
    stated = [s for s in (plant.nameplate_t_per_year, plant.availability_fraction) if s is not None]
    note = "" if plant.availability_fraction is not None else "nameplate; availability not stated"
    subject = Subject(
        "plant_throughput",
        "Plant throughput",
        "t of ore/yr",
        kind=softest(*(s.kind for s in stated)),
        source="; ".join(s.source for s in stated),
        note=note,
    )
    value = throughput_t_per_year(nameplate, available)
    missing = [f"{key}.nameplate_t_per_year"] if nameplate is None else []
    target = situation.plan.throughput_t_per_year.base
    return compare(subject, value, target, thresholds=situation.thresholds, missing=missing)


def _concentrate_line(situation: Situation, year: Yearly) -> Test:
    """Hold the concentrate of a full year against the line's stated limit."""
    limit = situation.plant.concentrate_line_limit_t_per_year
    assert limit is not None
    subject = Subject(
        "concentrate_line",
        "Concentrate line",
        "t of concentrate/yr",
        sense="<=",
        kind=softest(limit.kind, year.concentrate_kind),
        source=limit.source,
        note=year.concentrate_note,
    )
    made, most = year.concentrate_t, situation.thresholds
    if made is None:
        missing = _missing_for_concentrate(situation, year)
        return compare(subject, None, limit.base, thresholds=most, missing=missing)
    test = compare(subject, made, limit.base, thresholds=most)
    # Cases without concentrate are not known to pass; nor may they fail the line.
    without = compare(subject, np.nan_to_num(made), limit.base, thresholds=most)
    return test if test.passes == without.passes else replace(test, passes=None)


def _missing_for_concentrate(situation: Situation, year: Yearly) -> list[str]:
    """Name what keeps the concentrate from being worked out."""
    terms = situation.terms
    missing = list(terms.missing(("sb_recovery", "concentrate_sb_pct")))
    return missing + (list(situation.supply.missing) if year.feed is None else [])


def _break_even(situation: Situation, year: Yearly) -> Test:
    """Hold the head grade against the grade that pays all costs."""
    gold = None if year.feed is None else year.feed.au_gpt
    needed = break_even_grade(situation.terms, gold)
    subject = Subject(
        "head_grade",
        "Head grade against break-even",
        "% Sb",
        kind=softest(needed.kind, year.grade_kind),
        source=year.grade_basis,
        note="gold not counted" if needed.gold_missing else "",
    )
    missing = list(needed.missing) + (list(situation.supply.missing) if year.feed is None else [])
    value = None if year.feed is None else year.feed.sb_pct
    limit = None if needed.sb_pct is None else np.atleast_1d(needed.sb_pct)
    return compare(subject, value, limit, thresholds=situation.thresholds, missing=missing)
