"""Which input moves the plan most, and how long does its ore last at other rates?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from deposits.config import DepositConfig
from deposits.stated import Stated
from deposits.study import StudyFile, apply_scenario
from deposits.workflow import Ground
from planning.config import read_config
from planning.economics.nsr import TERM_KEYS, stated_terms
from planning.study_keys import KeyPath, set_keys
from planning.verdict.base_case import run_base_case
from planning.verdict.inputs import PlanInputs
from planning.verdict.scenarios import Case, build_situation, ground_of
from planning.verdict.sensitivity import TornadoBar, rate_life_frontier, tornado
from planning.verdict.situation import Situation, work_out_year

#: Answers a tornado can be about, best first: key of the base case, words, unit.
ANSWERS = (
    ("npv_usd", "net present value", "USD"),
    ("bearable_cost_usd_per_t_ore", "highest cost a tonne of ore could bear", "USD/t of ore"),
    ("sb_in_concentrate_t_per_year", "antimony in concentrate", "t Sb/yr"),
    ("sb_in_ore_t_per_year", "antimony in ore", "t Sb/yr"),
)
#: A figure without a range is moved this much to either side [fraction].
STEP = 0.2
#: The price moves over the study's decks: they are scenarios, and no range is drawn from.
PRICE: KeyPath = ("economics", "sb_price", "usd_per_t")
RATE: KeyPath = ("plan", "throughput_t_per_year")
DRAWS: KeyPath = ("study", "draws")
#: Only the base case is looked at: as few draws are made as a study may ask for.
FEWEST_DRAWS = 100
#: Rates of the frontier, as multiples of the plan's.
RATE_STEPS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)


def tornado_of(
    study: StudyFile, ground: Ground, inputs: PlanInputs, case: Case
) -> list[dict[str, Any]]:
    """Move each input of a plan from low to high while the others stay.

    Parameters
    ----------
    study : StudyFile
        The study as written.
    ground : Ground
        What is in the ground, without any scenario.
    inputs : PlanInputs
        What the plan is held against.
    case : Case
        The plan, already worked out.

    Returns
    -------
    list of dict
        Rows of ``summary.tornado``, widest first. Inputs move over their stated range, the price
        over the decks, the rate from the plant's actual average to its nameplate, and what has no
        range by a fifth to either side (chosen); inputs that move nothing are left out.
    """
    answer = next((a for a in ANSWERS if case.base_case[a[0]] is not None), None)
    if answer is None:
        return []
    merged = study if case.name == "base" else apply_scenario(study, case.name)
    merged = set_keys(merged, {DRAWS: FEWEST_DRAWS})
    rock, bare = ground_of(merged, ground), replace(inputs, market=None)
    horizon = case.config.plan.horizon_years.base
    ranges = _ranges(case)
    paths = {".".join(path): path for path in ranges}

    def evaluate(values: Mapping[str, float]) -> float | None:
        moved = {paths[key]: value for key, value in values.items()}
        changed = set_keys(merged, moved)
        config = read_config(changed).or_raise()
        digs = any(path[0] in DepositConfig.model_fields for path in moved)
        under = ground_of(changed, rock) if digs else rock
        situation = build_situation(config, under, bare, probabilities={})
        value = run_base_case(situation, work_out_year(situation, horizon))[answer[0]]
        return None if value is None else float(value)

    bars = tornado(evaluate, {}, {".".join(path): ends for path, ends in ranges.items()})
    return [bar.as_row(case.name, answer[1], answer[2]) for bar in bars if _moves(bar)]


def _ranges(case: Case) -> dict[KeyPath, tuple[float, float]]:
    """Return the two values that each input of a plan is set to."""
    ranges = {path: _ends(number) for path, number in _inputs(case.situation).items()}
    decks = [price.base for price in case.config.economics.price_grid_usd_per_t]
    plant = case.situation.plant
    if plant.actual_average_t_per_year is not None and plant.nameplate_t_per_year is not None:
        ranges[RATE] = plant.actual_average_t_per_year.base, plant.nameplate_t_per_year.base
    if PRICE in ranges and decks:
        ranges[PRICE] = min(decks), max(decks)
    return ranges


def _moves(bar: TornadoBar) -> bool:
    """Whether an input moves the answer by more than rounding."""
    return bool(bar.swing) and bar.swing is not None and bar.swing > 1e-9 * abs(bar.base or 1.0)


def _inputs(situation: Situation) -> dict[KeyPath, Stated]:
    """Return the inputs of a plan that can be moved, by the path of their key."""
    terms = stated_terms(situation.economics, situation.plant)
    found = {_path(name, situation.plant_id): terms[name] for name in TERM_KEYS}
    found[RATE] = situation.plan.throughput_t_per_year
    for field in situation.supply.unknown_fields:
        found["fields", field, "head_grade_sb_pct"] = situation.head_grades.get(field)
    return {path: stated for path, stated in found.items() if stated and stated.base > 0}


def _path(term: str, plant_id: str) -> KeyPath:
    """Return the path of the number behind a term: a price is a table around it."""
    inside = {"sb_price": ("usd_per_t",), "au_price": ("usd_per_oz",)}
    steps = (step.format(plant=plant_id) for step in TERM_KEYS[term].split("."))
    return (*steps, *inside.get(term, ()))


def _ends(stated: Stated) -> tuple[float, float]:
    """Return both ends of a range, or a fifth to either side; a fraction stays below 1."""
    if stated.low is not None and stated.high is not None:
        return stated.low, stated.high
    low, high = stated.base * (1.0 - STEP), stated.base * (1.0 + STEP)
    return (low, min(high, 1.0)) if stated.base <= 1.0 else (low, high)


def frontier(case: Case) -> list[dict[str, Any]]:
    """Set rates against the years that the ore of a plan lasts.

    Parameters
    ----------
    case : Case
        The plan; without known ore there is no frontier.

    Returns
    -------
    list of dict
        Rows of ``summary.frontier``, one a rate.
    """
    ore = case.base_case["ore_available_t"]
    if ore is None:
        return []
    rate = case.config.plan.throughput_t_per_year.base
    points = rate_life_frontier(ore, [rate * step for step in RATE_STEPS])
    about = {"scenario": case.name, "ore_t": ore, "ore_basis": case.base_case["ore_basis"]}
    return [about | asdict(point) for point in points]
