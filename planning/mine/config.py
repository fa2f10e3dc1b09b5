"""What does a study of drillholes say of its mine: ore, plant, pit and stopes?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, Strict, model_validator

from deposits.errors import Checked, Problem
from deposits.stated import Stated, bounded
from deposits.study import StudyFile, validate
from deposits.study_values import Density, Fraction, SbGrade, Table
from deposits.tables import did_you_mean
from deposits.units import STIBNITE_SB_PCT
from planning.economics.block_config import ValueTable
from planning.economics.config import Economics, Plant, Vat, surprises
from planning.economics.dates import QuotedDate
from planning.mine.schedule_config import ScheduleTable, schedule_problems

#: Tables that ask for a mine; any of them makes the study one.
MINE_TABLES = ("mine", "pit", "stopes", "schedule")
#: Field of the main grade, as every table and summary of a mine calls it.
MAIN_GRADE = "sb_pct"
Words = Annotated[tuple[str, ...], Strict(False)]
Pair = Annotated[tuple[float, float], Strict(False)]
Factor = Annotated[float, Field(gt=0, le=10)]
Factors = Annotated[tuple[Factor, ...], Strict(False)]
Rate = Annotated[Stated, bounded(0.0, 1e10, "t/yr", "Rates are not negative.", above=0.0)]
NotNegative = Annotated[Stated, bounded(0.0, 1e12, "in the unit of the key")]
Length = Annotated[float, Field(gt=0, le=10_000)]
LengthFromZero = Annotated[float, Field(ge=0, le=10_000)]
Wall = Annotated[float, Field(gt=0, lt=180)]


class QuotedPriceTable(Table):
    """``[mine.sb_price_quote]``: the price of antimony on a day, out of a dated series.

    Parameters
    ----------
    path : str
        Table with the columns of ``data/market/antimony_prices.csv``, relative to the study.
    market : str
        Which market of the table.
    date : str
        Day, month or year; between two quotes the straight line in time holds.
    vat : {"included", "excluded", "not stated"}, optional
        Tax basis, where the market is quoted on several.
    """

    path: str
    market: str
    date: QuotedDate
    vat: Vat | None = None


class MineTable(Table):
    """``[mine]``: what may be called ore, and what surrounds it.

    Parameters
    ----------
    classes : tuple of str
        Classes that are valued; rock of any other class is waste and told apart.
    class_field : str
        Field of the block model that holds the class.
    host_density_t_per_m3 : Stated
        Density of the rock outside the block model [t/m3]; it holds no metal.
    throughput_t_per_year : Stated
        Ore the plant takes [t/yr].
    rich_cutoff_sb_pct : float
        Grade of a line that takes rich ore only [% Sb]; what could feed it is told.
    sb_price_quote : QuotedPriceTable, optional
        Takes the place of ``economics.sb_price``.
    """

    classes: Words = Field(min_length=1)
    class_field: str = "class"
    host_density_t_per_m3: Density
    throughput_t_per_year: Rate
    rich_cutoff_sb_pct: float = Field(default=15.0, gt=0, lt=STIBNITE_SB_PCT)
    sb_price_quote: QuotedPriceTable | None = None


class SlopeTable(Table):
    """One sector of the pit's slopes.

    Parameters
    ----------
    angle_deg : Stated
        Overall slope angle from the horizontal [degrees].
    from_azimuth_deg, to_azimuth_deg : float
        Directions the sector takes, seen from the pit's floor to its wall, clockwise from north
        [degrees].
    zone : str
        Domain of the block model; "" is all rock that no other sector names.
    below_m : float, optional
        Elevation below which the sector holds [m]; absent, it holds above all such bands.
    """

    angle_deg: Annotated[Stated, bounded(0.0, 90.0, "degrees", above=0.0)]
    from_azimuth_deg: float = Field(default=0.0, ge=0, le=360)
    to_azimuth_deg: float = Field(default=360.0, ge=0, le=360)
    zone: str = ""
    below_m: float | None = None


class PitTable(Table):
    """``[pit]``: slopes, rates and steps of an open pit.

    Parameters
    ----------
    slopes : tuple of SlopeTable
        Together they take every direction once.
    slope_levels : int, optional
        Benches over which slopes are followed before they repeat; absent, as many as bring every
        wall within half a degree of the stated angle, or as near as the grid allows.
    margin_m : float
        Rock around the block model into which the pit may spread [m].
    within : str, optional
        Polygon layer, such as a licence, that the pit must not leave.
    mining_recovery_fraction : Stated
        Part of the ore that reaches the plant; whole blocks are ore or waste, so the host rock
        inside a block is the dilution.
    rock_t_per_year : Stated
        Ore and waste the mine can move [t/yr].
    revenue_factors : tuple of float
        Rising factors on all metal prices; each gives a shell, 1 is the pit.
    pushbacks : int
        Number of pushbacks the pit is dug in.
    least_width_m : float
        Narrowest bench a pushback may have [m].
    most_narrow_share : float
        Part of the pit's blocks that may miss that width, if the pushbacks are more, or more
        equal, for it [fraction]; the blocks that do are counted.
    bench_lag, most_bench_lag : int
        Benches by which a pushback must stay above the one before it, at least and at most.
        Without a most, one pushback is dug after the other.
    """

    slopes: Annotated[tuple[SlopeTable, ...], Strict(False)] = Field(min_length=1)
    slope_levels: int | None = Field(default=None, ge=1, le=100)
    margin_m: LengthFromZero = 300.0
    within: str | None = None
    mining_recovery_fraction: Fraction
    rock_t_per_year: Rate
    revenue_factors: Factors = Field(min_length=1)
    pushbacks: int = Field(default=3, ge=1, le=20)
    least_width_m: LengthFromZero = 0.0
    most_narrow_share: float = Field(default=0.01, ge=0, lt=1)
    bench_lag: int = Field(default=0, ge=0, le=100)
    most_bench_lag: int | None = Field(default=None, ge=1, le=200)

    @model_validator(mode="after")
    def _factors_rise(self) -> PitTable:
        if list(self.revenue_factors) != sorted(set(self.revenue_factors)):
            raise ValueError("revenue factors must rise and not repeat")
        if 1.0 not in self.revenue_factors:
            raise ValueError("factor 1 is missing: it is the pit at the stated prices")
        if self.most_bench_lag is not None and self.most_bench_lag <= self.bench_lag:
            raise ValueError("most_bench_lag must be above bench_lag, or no pushback could move")
        return self


class SearchTable(Table):
    """How many places of the frame are tried along each of its axes."""

    along: int = Field(default=1, ge=1, le=50)
    across: int = Field(default=1, ge=1, le=50)
    up: int = Field(default=1, ge=1, le=50)


class StopesTable(Table):
    """``[stopes]``: the frame of levels and sections, and the rules stopes obey.

    Parameters
    ----------
    strike_deg : float
        Azimuth along which sections follow each other; the ore dips to its right [degrees].
    level_m, section_m, step_m : float
        Height of a level, length of a section along strike, and the step of the walls across
        strike [m].
    sublevels : int
        Slices of a level over which the model is integrated.
    objective : {"nsr", "grade"}
        Sum of t (NSR - cost) less the cost of opening levels, or of t (grade - cut-off).
    cutoff_sb_pct : Stated, optional
        Diluted grade every stope must reach [% Sb]; needed for "grade".
    least_width_m, most_width_m : float
        True width of a stope [m].
    pillar_m : float
        Rock between stopes of one panel [m].
    near_skin_m, far_skin_m : Stated
        Planned overbreak of the near (lower w) and the far wall, true thickness [m].
    wall_dip_deg : tuple = (least, most)
        Dip of the walls towards the ore's own side [degrees]; above 90 leans the other way.
    mining_recovery_fraction : Stated
        Part of the broken ore that is drawn.
    crown_m : float
        Rock left below the ground [m].
    opening : {"any", "downwards", "upwards"}
        Whether a level may open only after the one above it, or below it.
    least_run, most_run : int, optional
        Fewest and most neighbouring sections mined without a rib pillar section between.
    most_levels : int, optional
        Most levels above each other in a section before one is left as a sill pillar.
    most_wall_shift_m : float, optional
        Most that each end of a wall may move between neighbouring mined sections [m]; then a panel
        has one stope at most, and sill pillars are not offered.
    exclude : tuple of str
        Polygon layers whose rock stays, from top to bottom.
    within : str, optional
        Polygon layer, such as a licence, that no stope or skin may leave.
    search : SearchTable
        Places of the frame that are tried.
    sensitivity_cutoffs_sb_pct, sensitivity_price_factors : tuple of float
        Cut-offs [% Sb] and factors on all metal prices for which stopes are found again.
    """

    strike_deg: float = Field(ge=0, lt=360)
    level_m: Length
    section_m: Length
    step_m: Length
    sublevels: int = Field(default=5, ge=1, le=50)
    objective: Literal["nsr", "grade"] = "nsr"
    cutoff_sb_pct: SbGrade | None = None
    least_width_m: Length
    most_width_m: Length
    pillar_m: LengthFromZero
    near_skin_m: NotNegative
    far_skin_m: NotNegative
    wall_dip_deg: Annotated[tuple[Wall, Wall], Strict(False)] = (90.0, 90.0)
    mining_recovery_fraction: Fraction
    crown_m: LengthFromZero = 0.0
    opening: Literal["any", "downwards", "upwards"] = "any"
    least_run: int = Field(default=1, ge=1)
    most_run: int | None = Field(default=None, ge=1)
    most_levels: int | None = Field(default=None, ge=1)
    most_wall_shift_m: LengthFromZero | None = None
    exclude: Words = ()
    within: str | None = None
    search: SearchTable = SearchTable()
    sensitivity_cutoffs_sb_pct: Annotated[tuple[float, ...], Strict(False)] = (
        0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.5, 10.0, 15.0,
    )  # fmt: skip
    sensitivity_price_factors: Factors = (0.4, 0.6, 0.8, 1.0, 1.2, 1.5, 2.0)

    @model_validator(mode="after")
    def _belongs_together(self) -> StopesTable:
        if self.objective == "grade" and self.cutoff_sb_pct is None:
            raise ValueError('objective "grade" needs cutoff_sb_pct')
        if self.wall_dip_deg[0] > self.wall_dip_deg[1]:
            raise ValueError("wall_dip_deg is (least, most)")
        if self.least_width_m > self.most_width_m:
            raise ValueError("least_width_m is above most_width_m")
        if self.most_wall_shift_m is not None and self.most_levels is not None:
            raise ValueError("most_wall_shift_m and most_levels are not offered together")
        if self.most_run is not None and self.most_run < self.least_run:
            raise ValueError("most_run is below least_run")
        return self


class MineConfig(Table):
    """The tables of a drillhole study that turn a block model into a mine."""

    mine: MineTable
    value: ValueTable
    economics: Economics = Economics()
    plants: dict[str, Plant] = Field(min_length=1)
    pit: PitTable | None = None
    stopes: StopesTable | None = None
    schedule: ScheduleTable | None = None


def asks_for_mine(study: StudyFile) -> bool:
    """Say whether a study asks for a pit or stopes, from its tables."""
    return any(name in study.tree for name in MINE_TABLES)


def read_config(study: StudyFile, fields: tuple[str, ...] = ()) -> Checked[MineConfig]:
    """Fill the models of the mine and word every mistake.

    Parameters
    ----------
    study : StudyFile
        A study with at least one table of `MINE_TABLES`.
    fields : tuple of str
        Fields the block model has; () leaves names of fields unchecked.

    Returns
    -------
    Checked of MineConfig
    """
    file = study.path.name
    owned = {key: study.tree[key] for key in MineConfig.model_fields if key in study.tree}
    checked = validate(MineConfig, owned, "", file=file)
    problems = list(checked.problems)
    if checked.value is not None:
        problems += _contradictions(checked.value, study, fields)
        problems += [
            Problem(p.fact, f"{file}, {p.place}", p.found, p.allowed, p.remedy, "warning")
            for p in surprises(checked.value.economics, checked.value.plants)
        ]
    broken = any(problem.severity == "error" for problem in problems)
    return Checked(None if broken else checked.value, tuple(problems))


def _contradictions(
    config: MineConfig, study: StudyFile, fields: tuple[str, ...]
) -> Iterator[Problem]:
    """List names that stand for nothing, and a mine without pit and stopes."""
    file = study.path.name
    if config.pit is None and config.stopes is None:
        remedy = "State [pit], [stopes] or both; or leave [mine] out."
        yield Problem("the mine has neither a pit nor stopes", file, remedy=remedy)
    if config.value.grades.get("sb") not in (None, MAIN_GRADE):
        fact = "antimony has another name than all results of a mine give it"
        remedy = "Name it so among samples.elements and the columns of the assays."
        place = f"{file}, key value.grades.sb"
        yield Problem(fact, place, config.value.grades["sb"], MAIN_GRADE, remedy)
    plants = tuple(config.plants)
    named = [("value.plant", config.value.plant, plants)]
    if fields:
        named.append(("mine.class_field", config.mine.class_field, fields))
        named += [(f"value.grades.{k}", v, fields) for k, v in config.value.grades.items()]
    layers = tuple(study.tree.get("layers", {}))
    named += [(key, name, layers) for key, name in asked_layers(config)]
    for key, name, known in named:
        if name not in known:
            fact, allowed = "not defined in the study", ", ".join(known)
            yield Problem(fact, f"{file}, key {key}", name, allowed, did_you_mean(name, known))
    yield from _above_the_plant(config, file)
    if config.schedule is not None:
        limits = [name for name in ("stopes", "pit") if getattr(config, name) is not None]
        yield from schedule_problems(config.schedule, limits, config.economics, file)


def asked_layers(config: MineConfig) -> list[tuple[str, str]]:
    """Return the polygon layers that pit and stopes name: (key, layer)."""
    found = []
    if config.pit is not None and config.pit.within is not None:
        found.append(("pit.within", config.pit.within))
    if config.stopes is not None:
        found += [("stopes.exclude", name) for name in config.stopes.exclude]
        if config.stopes.within is not None:
            found.append(("stopes.within", config.stopes.within))
    return found


def _above_the_plant(config: MineConfig, file: str) -> Iterator[Problem]:
    """Warn of a rate that the plant cannot take."""
    plant, rate = config.plants.get(config.value.plant), config.mine.throughput_t_per_year.base
    if plant is None or plant.nameplate_t_per_year is None:
        return
    running = 1.0 if plant.availability_fraction is None else plant.availability_fraction.base
    most = plant.nameplate_t_per_year.base * running
    if rate > most * (1 + 1e-9):
        fact = "the rate is above what the plant can take, its nameplate times its availability"
        found, allowed = f"{rate:,.0f} t/yr", f"up to {most:,.0f} t/yr"
        place = f"{file}, key mine.throughput_t_per_year"
        yield Problem(fact, place, found, allowed, severity="warning")
