"""Which part of the study file says what is planned, with which plant, and for what money?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, model_validator

from deposits.config import DepositConfig
from deposits.errors import Checked, ConfigError, Problem
from deposits.stated import Stated, bounded
from deposits.study import SCENARIO_KEYS, StudyFile, apply_scenario, validate
from deposits.study_values import Fraction, SbGrade, Table
from deposits.tables import did_you_mean
from planning.economics.config import Economics, Plant, surprises

#: No plan is checked over longer [years].
LONGEST_YEARS = 200.0
Years = Annotated[Stated, bounded(1.0, LONGEST_YEARS, "years")]
Horizon = Annotated[float, Field(strict=True, gt=0, le=LONGEST_YEARS, allow_inf_nan=False)]
Rate = Annotated[
    Stated, bounded(1.0, 1e9, "t of ore a year", "Tonnes a year: 700 thousand is 700000.")
]
#: Figures with a range that is not drawn from: limits and figures shown beside the plan.
NOT_DRAWN_OF_PLAN = (
    "throughput_t_per_year",
    "horizon_years",
    "ramp_up_years",
    "required_head_grade_sb_pct",
    "cutoff_sb_pct",
    "most_dilution_fraction",
)
NOT_DRAWN_OF_PLANT = (
    "actual_average_t_per_year",
    "concentrate_design_t_per_year",
    "concentrate_line_limit_t_per_year",
    "hg_pct_of_ore",
    "as_pct_of_ore",
)
#: Rates below this are more often thousands of tonnes written without the zeros.
SMALL_RATE_T_PER_YEAR = 5_000.0


class PlanTable(Table):
    """``[plan]``: the plan that is checked.

    Parameters
    ----------
    plant : str
        Identifier of the plant that is fed.
    throughput_t_per_year : Stated
        Ore the plan sends to the plant [t/yr].
    horizon_years : Stated
        How long the plan must hold [years].
    horizons_years : tuple of float
        Horizons the verdict is tabulated for [years].
    ramp_up_years : Stated
        Time in which the rate grows linearly from 0 to the full rate [years].
    required_head_grade_sb_pct : Stated, optional
        Grade the plan claims for all its ore [% Sb]; absent reads the plan as a planner does, at
        the grade the fields can give.
    cutoff_sb_pct : Stated, optional
        Only ore at or above it is fed [% Sb].
    mining_recovery_fraction, dilution_fraction, dilution_grade_sb_pct : Stated, optional
        Ore recovered from what lies in situ; waste mined per tonne of ore; grade of that waste.
            While they are absent, ore in situ with *most_dilution_fraction* bounds what can be fed.
    most_dilution_fraction : Stated
        Dilution beyond which it would not be called ore mining: bounds tonnes from above while
        *dilution_fraction* is not stated [fraction of ore].
    mine_capacity_t_per_year : Stated, optional
        What the mines can hoist [t/yr].
    """

    name: str
    plant: str
    throughput_t_per_year: Rate
    horizon_years: Years = Stated(value=10.0, kind="assumed")
    horizons_years: Annotated[tuple[Horizon, ...], Field(strict=False)] = (5.0, 10.0, 15.0, 20.0)
    ramp_up_years: Annotated[Stated, bounded(0.0, 50.0, "years")] = Stated(value=0.0)
    required_head_grade_sb_pct: SbGrade | None = None
    cutoff_sb_pct: SbGrade | None = None
    mining_recovery_fraction: Fraction | None = None
    dilution_fraction: Annotated[Stated, bounded(0.0, 5.0, "(fraction of ore)")] | None = None
    dilution_grade_sb_pct: SbGrade | None = None
    most_dilution_fraction: Annotated[Stated, bounded(0.0, 5.0, "(fraction of ore)")] = Stated(
        value=0.25, source="the tool's default: more waste than this would not be called ore mining"
    )
    mine_capacity_t_per_year: Rate | None = None

    @model_validator(mode="after")
    def _waste_has_a_grade(self) -> PlanTable:
        if (self.dilution_fraction is None) != (self.dilution_grade_sb_pct is None):
            raise ValueError(
                "dilution_fraction and dilution_grade_sb_pct belong together; barren waste is 0"
            )
        return self

    @property
    def reading(self) -> str:
        """How the plan is read: with the grade it claims, or at the grade there is."""
        return "as a planner reads it" if self.required_head_grade_sb_pct is None else "as claimed"

    def ore_needed_t(self, horizon_years: float) -> float:
        """Ore fed over a horizon [t], less what the ramp-up leaves out."""
        growing = min(self.ramp_up_years.base, horizon_years)
        shortfall = growing - growing**2 / (2.0 * self.ramp_up_years.base) if growing else 0.0
        return self.throughput_t_per_year.base * (horizon_years - shortfall)


class MarketTable(Table):
    """``[market]``: statistics and trade that the plan is held against; context, never a gate.

    Parameters
    ----------
    folder : str
        Folder of the market tables, relative to the study.
    country, world : str
        Names of the nation's rows and of the printed totals in the mine statistics.
    """

    folder: str
    country: str
    world: str


class ClaimsTable(Table):
    """``[claims]``: what is said in public, and the evidence tables it is held against."""

    file: str
    evidence_folder: str


class VerdictTable(Table):
    """``[verdict]``: when a gate counts as failed or passed.

    Parameters
    ----------
    fail_share, pass_share : float
        A gate that passes in at most *fail_share* of the draws fails; in at least *pass_share*
        it passes; between them it is open [fractions].
    """

    fail_share: float = Field(default=0.2, ge=0, lt=0.5)
    pass_share: float = Field(default=0.8, gt=0.5, le=1)


class ScenarioTable(Table):
    """The describing part of ``[scenario.NAME]``."""

    title: str = ""
    description: str = ""
    based_on: str | None = None


class PlanningConfig(Table):
    """The tables of the study that this storey owns."""

    plan: PlanTable
    plants: dict[str, Plant]
    economics: Economics = Economics()
    market: MarketTable | None = None
    claims: ClaimsTable | None = None
    verdict: VerdictTable = VerdictTable()


def read_config(study: StudyFile) -> Checked[PlanningConfig]:
    """Fill this storey's models from the study and word every mistake.

    Parameters
    ----------
    study : StudyFile
        The study, with or without a scenario merged in.

    Returns
    -------
    Checked of PlanningConfig
        With warnings for numbers that can be right but rarely are.
    """
    owned = {key: study.tree[key] for key in PlanningConfig.model_fields if key in study.tree}
    checked = validate(PlanningConfig, owned, "", file=study.path.name)
    if checked.value is None:
        return checked
    problems = [*checked.problems, *_surprises(checked.value, study.path.name)]
    if checked.value.plan.plant not in checked.value.plants:
        problems.append(
            _unknown(
                checked.value.plan.plant, checked.value.plants, f"{study.path.name}, key plan.plant"
            )
        )
    broken = any(problem.severity == "error" for problem in problems)
    return Checked(None if broken else checked.value, tuple(problems))


def check_feeds(config: PlanningConfig, deposits: DepositConfig, file: str) -> tuple[Problem, ...]:
    """Find plants that are fed by fields the study does not have, or by none.

    Parameters
    ----------
    config, deposits : PlanningConfig, DepositConfig
        Both halves of the study.
    file : str
        Name of the study file.

    Returns
    -------
    tuple of Problem
        One a feed.
    """
    unknown = [
        _unknown(feed, deposits.fields, f"{file}, key plants.{name}.feeds")
        for name, plant in config.plants.items()
        for feed in plant.feeds
        if feed not in deposits.fields
    ]
    planned = config.plants.get(config.plan.plant)
    if planned is not None and not planned.feeds:
        place = f"{file}, key plants.{config.plan.plant}.feeds"
        allowed = ", ".join(deposits.fields)
        unknown.append(Problem("no field feeds the plan's plant", place, "[]", allowed))
    return tuple(unknown)


def scenario_tables(study: StudyFile) -> Checked[dict[str, ScenarioTable]]:
    """Read the describing part of every scenario, and check that each can be merged.

    Parameters
    ----------
    study : StudyFile
        The study as written.

    Returns
    -------
    Checked of dict of ScenarioTable
        Those that can be merged, by name, in the order of the file.
    """
    given = study.tree.get("scenario", {})
    if not isinstance(given, dict) or any(not isinstance(table, dict) for table in given.values()):
        place = f"{study.path.name}, key scenario"
        return Checked(
            None, (Problem("scenarios are tables", place, remedy="Write [scenario.NAME]."),)
        )
    problems: list[Problem] = []
    tables = {}
    for name in given:
        checked = scenario_table(study, name)
        problems += checked.problems
        try:
            apply_scenario(study, name)
        except ConfigError as error:
            problems += error.problems
            continue
        if checked.value is not None:
            tables[name] = checked.value
    return Checked(tables, tuple(dict.fromkeys(problems)))


def scenario_table(study: StudyFile, name: str) -> Checked[ScenarioTable]:
    """Read the describing part of one scenario, and no other.

    Parameters
    ----------
    study : StudyFile
        The study as written.
    name : str
        Name of a ``[scenario.NAME]`` table.

    Returns
    -------
    Checked of ScenarioTable
    """
    table = study.tree["scenario"][name]
    own = {key: value for key, value in table.items() if key in SCENARIO_KEYS}
    return validate(ScenarioTable, own, f"scenario.{name}", file=study.path.name)


def _surprises(config: PlanningConfig, file: str) -> list[Problem]:
    """Warn of magnitudes that are more often slips, with the study's name in the place."""
    found = []
    rate = config.plan.throughput_t_per_year.base
    if rate < SMALL_RATE_T_PER_YEAR:
        found.append(
            Problem(
                "the throughput is very small for an ore plant; the key is in tonnes a year",
                f"{file}, key plan.throughput_t_per_year",
                f"{rate:g} t/yr",
                remedy=f"If thousands of tonnes are meant, write {rate * 1000:.0f}.",
                severity="warning",
            )
        )
    found += _ranges_not_drawn(config, file)
    for problem in surprises(config.economics, config.plants):
        place = f"{file}, {problem.place}"
        found.append(
            Problem(problem.fact, place, problem.found, problem.allowed, problem.remedy, "warning")
        )
    return found


def _ranges_not_drawn(config: PlanningConfig, file: str) -> list[Problem]:
    """Warn of ranges that nothing draws from: a reader would take them for part of the shares."""
    stated: dict[str, Stated | None] = {
        f"plan.{name}": getattr(config.plan, name) for name in NOT_DRAWN_OF_PLAN
    }
    for plant_id, plant in config.plants.items():
        stated |= {f"plants.{plant_id}.{name}": getattr(plant, name) for name in NOT_DRAWN_OF_PLANT}
    return [
        Problem(
            f"the range of {key} is not drawn; its base figure is used",
            f"{file}, key {key}",
            found=f"{number.low:g} to {number.high:g}",
            remedy=f"{number.base:g} is used; give scenarios for the ends of the range.",
            severity="warning",
        )
        for key, number in stated.items()
        if number is not None and number.is_range
    ]


def _unknown(name: str, known: Mapping[str, Any], place: str) -> Problem:
    """Word a reference to something the study does not define."""
    allowed, remedy = ", ".join(known), did_you_mean(name, known)
    return Problem("not defined in the study", place, name, allowed, remedy)
