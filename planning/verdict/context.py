"""What does a plan look like beside the nation, the world, rules of thumb and its own past?

Nothing here decides: context is shown with the gates and never joined with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from deposits.display import round_for_reading
from deposits.stated import softest
from planning.economics.config import Plant
from planning.verdict.gates import Subject, Test, compare
from planning.verdict.rate_rules import UNDERGROUND_RULES, recalled_note, size_for_rate
from planning.verdict.situation import Cases, Situation, Yearly
from planning.verdict.supply import run_of_mine


def show_context(
    situation: Situation, year: Yearly, plants: Mapping[str, Plant]
) -> tuple[Test, ...]:
    """Compare a plan with what is known around it.

    Parameters
    ----------
    situation : Situation
        The plan and what it is tested with.
    year : Yearly
        A full year of it, over the horizon that it must hold.
    plants : mapping of str to Plant
        All plants of the study, to show who else draws on the same fields.

    Returns
    -------
    tuple of Test
        All of role "context".
    """
    return (
        *_outputs(situation, year),
        *_concentrate_design(situation, year),
        *_actual_average(situation),
        *_ceiling_grade(situation, year.horizon_years),
        _rules_of_thumb(situation),
        *_penalty_metals(situation),
        *_other_plants(situation, plants),
    )


def _outputs(situation: Situation, year: Yearly) -> Iterator[Test]:
    """Set the antimony of a year's ore beside published mine output, by edition and year."""
    for output in situation.outputs:
        subject = Subject(
            f"output_{output.entity}_{output.year}_{output.edition}".lower().replace(" ", "_"),
            f"Antimony in a year's ore beside the mine output of {output.entity}, "
            f"{output.year} ({output.edition})",
            "t Sb/yr",
            role="context",
            sense="<=",
            kind=softest("derived", year.grade_kind),
            source=output.source,
        )
        yield _beside(situation, subject, year.sb_in_ore_t, output.sb_t)


def _concentrate_design(situation: Situation, year: Yearly) -> Iterator[Test]:
    """Set the concentrate of a full year beside the design output; not a stated limit."""
    design = situation.plant.concentrate_design_t_per_year
    if design is None:
        return
    subject = Subject(
        "concentrate_design",
        "Concentrate beside the plant's design output",
        "t of concentrate/yr",
        role="context",
        sense="<=",
        kind=softest(design.kind, year.concentrate_kind),
        source=design.source,
        note=year.concentrate_note,
    )
    yield _beside(situation, subject, year.concentrate_t, design.base)


def _beside(situation: Situation, subject: Subject, value: Cases | None, figure: float) -> Test:
    """Compare with a figure that is no limit: the note says the ratio, nothing passes or fails."""
    missing = situation.supply.missing if value is None else ()
    notes = [subject.note]
    if value is not None and np.isfinite(value[0]):
        notes.insert(0, f"{round_for_reading(float(value[0]) / figure * 100.0, 3)} % of it")
    told = replace(subject, note="; ".join(note for note in notes if note))
    test = compare(told, value, figure, thresholds=situation.thresholds, missing=missing)
    return replace(test, passes=None, share_of_draws=None)


def _actual_average(situation: Situation) -> Iterator[Test]:
    """Set what the plant has really treated beside the rate."""
    actual = situation.plant.actual_average_t_per_year
    if actual is None:
        return
    subject = Subject(
        "actual_average",
        "What the plant treated on average",
        "t of ore/yr",
        role="context",
        kind=actual.kind,
        source=actual.source,
    )
    target = situation.plan.throughput_t_per_year.base
    yield _beside(situation, subject, np.array([actual.base]), target)


def _ceiling_grade(situation: Situation, horizon_years: float) -> Iterator[Test]:
    """Spread the largest published metal over all the ore of the plan; a ceiling, no head grade."""
    plan, ceiling = situation.plan, situation.ceiling
    if ceiling is None or situation.supply.is_known:
        return
    claimed = plan.required_head_grade_sb_pct
    subject = Subject(
        "grade_ceiling",
        "Grade if all published metal went into the plan's ore (a ceiling, not a head grade)",
        "% Sb",
        role="context",
        kind=softest("derived", ceiling.sb_t.kind),
        source=ceiling.sb_t.source,
        note=f"{ceiling.wording}. {ceiling.note}".strip(),
    )
    value = ceiling.sb_t.base / plan.ore_needed_t(horizon_years) * 100.0
    limit = None if claimed is None else claimed.base
    yield compare(subject, value, limit, thresholds=situation.thresholds)


def _rules_of_thumb(situation: Situation) -> Test:
    """Hold known ore against the size of deposit that mines of this rate usually have."""
    usual = size_for_rate(situation.plan.throughput_t_per_year.base)
    subject = Subject(
        "rate_rules",
        "Ore against the size that mines of this rate usually have",
        "t of ore",
        role="context",
        kind="assumed",
        source="; ".join(rule.exponent_source for rule in UNDERGROUND_RULES[1:]),
        note=f"usual size {usual.low / 1e6:.1f} to {usual.high / 1e6:.1f} Mt; {recalled_note()}",
    )
    known = run_of_mine(situation.supply)[0] if situation.supply.is_known else None
    missing = situation.supply.missing if known is None else ()
    return compare(subject, known, usual.low, thresholds=situation.thresholds, missing=missing)


def _penalty_metals(situation: Situation) -> Iterator[Test]:
    """State mercury and arsenic moved in a year's ore; not known where no grade is stated."""
    rate = situation.plan.throughput_t_per_year.base
    for name, symbol, stated in (
        ("mercury", "Hg", situation.plant.hg_pct_of_ore),
        ("arsenic", "As", situation.plant.as_pct_of_ore),
    ):
        key = f"plants.{situation.plant_id}.{symbol.lower()}_pct_of_ore"
        subject = Subject(
            name,
            f"{name.capitalize()} in a year's ore",
            f"t {symbol}/yr",
            role="context",
            sense="<=",
            kind="assumed" if stated is None else softest("derived", stated.kind),
            source="" if stated is None else stated.source,
        )
        value = None if stated is None else rate * stated.base / 100.0
        missing = [key] if stated is None else []
        yield compare(subject, value, None, thresholds=situation.thresholds, missing=missing)


def _other_plants(situation: Situation, plants: Mapping[str, Plant]) -> Iterator[Test]:
    """Name other plants that draw on the same fields."""
    for name, plant in plants.items():
        shared = [field for field in situation.plant.feeds if field in plant.feeds]
        if name == situation.plant_id or not shared or plant.nameplate_t_per_year is None:
            continue
        subject = Subject(
            f"also_feeds_{name}",
            f"Ore that {plant.name} ({plant.owner}) is built to take from {', '.join(shared)}",
            "t of ore/yr",
            role="context",
            sense="<=",
            kind=plant.nameplate_t_per_year.kind,
            source=plant.nameplate_t_per_year.source,
            note="the same ore cannot feed two plants",
        )
        value = plant.nameplate_t_per_year.base
        yield compare(subject, value, None, thresholds=situation.thresholds)
