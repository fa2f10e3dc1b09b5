"""What becomes of the plan in each of the study's scenarios?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from deposits.config import read_config as read_deposit_config
from deposits.evidence.draws import draw_inputs
from deposits.evidence.resources import Cases, Resource, in_cases
from deposits.stated import Stated
from deposits.study import SCENARIO_KEYS, StudyFile, apply_scenario, flatten
from deposits.workflow import Ground, work_out
from planning.config import PlanningConfig, ScenarioTable, read_config, scenario_table
from planning.economics.nsr import TERM_KEYS, key_of
from planning.verdict.base_case import run_base_case
from planning.verdict.context import show_context
from planning.verdict.gates import Thresholds
from planning.verdict.inputs import PlanInputs
from planning.verdict.judgement import Verdict, judge
from planning.verdict.situation import (
    Output,
    Situation,
    Yearly,
    modifying_factors,
    work_out_year,
)
from planning.verdict.supply import supply_of

#: Inputs of the plan itself that may have ranges.
PLAN_INPUTS = (
    "mining_recovery_fraction",
    "dilution_fraction",
    "dilution_grade_sb_pct",
    "mine_capacity_t_per_year",
)


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One plan, worked out: the study's own or a scenario's.

    Parameters
    ----------
    name, title : str
        Identifier, and words for people.
    based_on : str or None
        Scenario it was derived from.
    changes : dict
        Study keys it sets, with their values.
    situation : Situation
        What it was tested with.
    config : PlanningConfig
        The study's plan, plants and economics, the scenario merged in.
    year : Yearly
        A full year over the plan's own horizon.
    base_case : dict
        The deterministic run.
    verdict : Verdict
        Whether it holds.
    """

    name: str
    title: str
    based_on: str | None
    changes: Mapping[str, Any]
    situation: Situation
    config: PlanningConfig
    year: Yearly
    base_case: Mapping[str, Any]
    verdict: Verdict

    def to_dict(self) -> dict[str, Any]:
        """Return the case as an entry of ``summary.scenarios``."""
        return {
            "name": self.name,
            "title": self.title,
            "based_on": self.based_on,
            "changes": dict(self.changes),
            "base_case": dict(self.base_case),
            "verdict": self.verdict.to_dict(),
        }


def run_case(
    study: StudyFile, ground: Ground, inputs: PlanInputs, scenario: str | None = None
) -> Case:
    """Work out the study's plan, or one of its scenarios.

    Parameters
    ----------
    study : StudyFile
        The study as written.
    ground : Ground
        What is in the ground, without any scenario.
    inputs : PlanInputs
        What the plan is held against.
    scenario : str, optional
        Name of a scenario; None runs the study itself.

    Returns
    -------
    Case

    Raises
    ------
    DataError
        If the scenario does not exist or its merged study cannot be right.
    """
    merged = study if scenario is None else apply_scenario(study, scenario)
    config = read_config(merged).or_raise()
    ground = ground_of(merged, ground)
    situation = build_situation(config, ground, inputs)
    year = work_out_year(situation, config.plan.horizon_years.base)
    table = ScenarioTable() if scenario is None else scenario_table(study, scenario).or_raise()
    changes = {} if scenario is None else changes_of(study, scenario)
    return Case(
        name=scenario or "base",
        title=table.title or (scenario or "The plan as a planner reads it"),
        based_on=table.based_on,
        changes=changes,
        situation=situation,
        config=config,
        year=year,
        base_case=run_base_case(situation, year),
        verdict=judge_case(situation, config, year, synthetic=ground.config.study.synthetic),
    )


def judge_case(
    situation: Situation, config: PlanningConfig, year: Yearly, *, synthetic: bool = False
) -> Verdict:
    """Judge a situation over the horizon of a year worked out, with its context."""
    context = show_context(situation, year, config.plants)
    return replace(judge(situation, year, context), synthetic=synthetic)


def ground_of(study: StudyFile, ground: Ground) -> Ground:
    """Return the ground under a merged study; worked out again only if its tables changed.

    Raises
    ------
    DataError
        If the merged tables cannot be right.
    """
    config = read_deposit_config(study).or_raise()
    if config == ground.config:
        return ground
    same_rock = config.model_copy(update={"fields": ground.config.fields}) == ground.config
    laws = {name: table.grade_law for name, table in config.fields.items()}
    old = {name: table.grade_law for name, table in ground.config.fields.items()}
    if same_rock and laws == old:
        return replace(ground, config=config)
    return work_out(config, ground.inputs)


def build_situation(
    config: PlanningConfig,
    ground: Ground,
    inputs: PlanInputs,
    *,
    probabilities: Mapping[str, Cases] | None = None,
) -> Situation:
    """Gather everything that a plan is tested with.

    Parameters
    ----------
    config : PlanningConfig
        Plan, plants, economics.
    ground : Ground
        What is in the ground.
    inputs : PlanInputs
        Mine statistics.
    probabilities : mapping of str to ndarray, optional
        Uniform numbers by study key, for the ranges of the plan's own inputs; drawn by default,
        an empty mapping leaves the base case alone.

    Returns
    -------
    Situation
    """
    plan, fields = config.plan, ground.config.fields
    plant = config.plants[plan.plant]
    drawn = _probabilities(config, ground) if probabilities is None else probabilities
    heads = {name: table.head_grade_sb_pct for name, table in fields.items()}

    def cases(key: str, stated: Stated | None) -> Cases | None:
        return None if stated is None else in_cases(stated, drawn.get(key))

    chosen = {field: ground.chosen(field) for field in plant.feeds}
    missing = {field: _missing(field, resources) for field, resources in chosen.items()}
    return Situation(
        plan=plan,
        plant_id=plan.plant,
        plant=plant,
        economics=config.economics,
        supply=supply_of(chosen, modifying_factors(plan, cases), missing),
        head_grades={name: head for name, head in heads.items() if head is not None},
        ceiling=ground.config.evidence.metal_ceiling,
        outputs=_outputs(config, inputs),
        probabilities=drawn,
        thresholds=Thresholds(config.verdict.fail_share, config.verdict.pass_share),
    )


def _probabilities(config: PlanningConfig, ground: Ground) -> dict[str, Cases]:
    """Draw uniform numbers for the plan's own inputs, under their study keys."""
    plant = config.plan.plant
    names = [f"plan.{name}" for name in PLAN_INPUTS]
    names += [key_of(term, plant) for term in TERM_KEYS]
    names += [f"fields.{field}.head_grade_sb_pct" for field in ground.config.fields]
    names += [
        f"plants.{plant}.{name}" for name in ("nameplate_t_per_year", "availability_fraction")
    ]
    uniform = dict.fromkeys(names, Stated(low=0.0, high=1.0))
    study = ground.config.study
    return draw_inputs(uniform, draws=study.draws, seed=study.seed)


def _missing(field: str, resources: Sequence[Resource]) -> list[str]:
    """Name what would make the tonnes of a field known."""
    keys = [
        f"evidence.statements: {statement.statement_id}.ore_t"
        for resource in resources
        if not resource.is_known
        for statement in resource.statements
    ]
    return keys or [f"evidence.statements: a statement of {field}"]


def changes_of(study: StudyFile, scenario: str) -> dict[str, Any]:
    """List the study keys that one scenario sets, without what it is based on."""
    table = study.tree["scenario"][scenario]
    return flatten({key: value for key, value in table.items() if key not in SCENARIO_KEYS})


def _outputs(config: PlanningConfig, inputs: PlanInputs) -> tuple[Output, ...]:
    """Return mine output of world and nation, in the order of edition and year."""
    if config.market is None or inputs.market is None:
        return ()
    usgs = inputs.market.usgs
    wanted = [config.market.world, config.market.country]
    rows = usgs[usgs["country"].isin(wanted) & (usgs["measure"] == "production")]
    rows = rows[np.isfinite(rows["value_t_sb"])]
    rows = rows.sort_values(
        ["country", "edition", "year"],
        key=lambda c: c.map(wanted.index) if c.name == "country" else c,
    )
    return tuple(
        Output(str(r.country), str(r.edition), int(r.year), float(r.value_t_sb), str(r.source))
        for r in rows.itertuples()
    )
