"""What does a study say of when its mine is dug: calendar, rates, sequence, costs of headings?"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import Annotated, Literal

from pydantic import Field, Strict, model_validator

from deposits.errors import DataError, Problem
from deposits.stated import Stated, bounded
from deposits.study_values import Fraction, SbGrade, Table
from deposits.units import STIBNITE_SB_PCT
from planning.economics.config import Economics
from planning.economics.dates import Day
from planning.scheduling.calendar import Calendar, mixed_calendar

UNIT = "in the unit of the key"
Positive = Annotated[Stated, bounded(0.0, 1e12, UNIT, above=0.0)]
NotNegative = Annotated[Stated, bounded(0.0, 1e12, UNIT)]
Moisture = Annotated[Stated, bounded(0.0, 0.9, "(fraction)", "Write 8 % as 0.08.")]
Gradient = Annotated[Stated, bounded(0.0, 50.0, "% (1 in 7 is 14.3)", above=0.0)]
Elevation = Annotated[Stated, bounded(-12_000.0, 9_000.0, "m")]
Days = Annotated[Stated, bounded(0.0, 3_650.0, "days")]
Edge = Annotated[float, Field(ge=0, lt=STIBNITE_SB_PCT)]
Edges = Annotated[tuple[Edge, ...], Strict(False), Field(min_length=1, max_length=8)]
Grade = Annotated[float, Field(gt=0, lt=STIBNITE_SB_PCT)]
Content = Annotated[float, Field(gt=0, le=100)]
Month = Annotated[float, Field(ge=0, le=1_200)]
Share = Annotated[float, Field(ge=0, le=1)]
#: Most periods a plan may have, and most years it may look ahead.
MOST_PERIODS, MOST_YEARS = 240, 100
#: Tables of a plan of stopes; a plan of a pit needs none of them.
UNDERGROUND = ("access", "development", "stoping", "fill")


class PeriodsTable(Table):
    """A run of equal periods.

    Parameters
    ----------
    count : int
        How many.
    per_year : int
        How many make a year: 12 months, 4 quarters, 1.
    """

    count: int = Field(ge=1, le=MOST_PERIODS)
    per_year: Literal[1, 2, 4, 6, 12]


class RampTable(Table):
    """Which part of its rate the plant runs at, from which month on.

    Parameters
    ----------
    from_month : tuple of float
        Months from the beginning of the plan, rising from 0; each part holds until the next.
    fraction : tuple of float
        Part of the rate from then on.
    kind, source : str
        As for any stated figure.
    """

    from_month: Annotated[tuple[Month, ...], Strict(False)] = Field(min_length=1)
    fraction: Annotated[tuple[Share, ...], Strict(False)] = Field(min_length=1)
    kind: Literal["reported", "derived", "assumed"] = "assumed"
    source: str = "the study file"

    @model_validator(mode="after")
    def _is_a_ramp(self) -> RampTable:
        if len(self.from_month) != len(self.fraction):
            raise ValueError("from_month and fraction must have as many figures each")
        if list(self.from_month) != sorted(set(self.from_month)) or self.from_month[0] != 0:
            raise ValueError("from_month must rise from 0 and not repeat")
        return self


class AccessTable(Table):
    """``[schedule.access]``: the decline from the portal and what opens a level.

    Parameters
    ----------
    portal_elevation_m : Stated
        Where the decline begins [m]; levels below it are reached downwards, others upwards.
    gradient_pct : Stated
        Of the decline [%].
    level_access_m : Stated
        Headings that open a level beside the decline: crosscut, sump, way of the air [m].
    heading_m_per_month : Stated
        Advance of the decline and of a level's access [m/month].
    usd_per_m : Stated
        Of the decline and of a level's access [USD/m].
    level_usd : Stated
        Pumps, power, ventilation and escape way of a level [USD].
    levels_per_year : Stated
        Levels that may be opened in a year, counted from the beginning of the plan [1/yr].
    """

    portal_elevation_m: Elevation
    gradient_pct: Gradient
    level_access_m: NotNegative
    heading_m_per_month: Positive
    usd_per_m: NotNegative
    level_usd: NotNegative
    levels_per_year: Positive | None = None


class DevelopmentTable(Table):
    """``[schedule.development]``: footwall drives and crosscuts, and the crews of all headings.

    Parameters
    ----------
    m_per_month : Stated
        What all crews of the mine drive together, decline included [m/month].
    heading_m_per_month : Stated
        Advance of one drive or crosscut [m/month].
    usd_per_m : Stated
        [USD/m]
    drive_m_per_m : Stated
        Drive to be made for each metre along strike; above 1 for bays, passes and sumps [m/m].
    standoff_m : Stated
        From the footwall drive to the first stope [m].
    crosscuts : int
        Headings through each stope: one to drill from, one to draw from.
    profile_m2 : Stated
        Section of a heading [m2]; its rock is waste where it is not in a stope.
    """

    m_per_month: Positive
    heading_m_per_month: Positive
    usd_per_m: NotNegative
    drive_m_per_m: Positive
    standoff_m: NotNegative
    crosscuts: int = Field(default=2, ge=1, le=10)
    profile_m2: Positive


class StopingTable(Table):
    """``[schedule.stoping]``: in which order stopes are mined, how fast, and what a tonne costs.

    Parameters
    ----------
    along : {"primary_secondary", "retreat", "any"}
        Along strike: even sections only after the fill of their odd neighbours has cured; or from
        the ends of a level towards its access, each stope after its outer neighbour; or freely.
    order : {"bottom_up", "top_down", "any"}
        A stope waits for the fill of the one below it, or of the one above it, or of neither.
    levels_per_lift : int, optional
        Levels mined as one lift, counted from the uppermost. In a mine from the bottom up the
        uppermost stopes of a lift wait for the fill of the lift's above. Absent: one lift.
    panel : {"far_first", "any"}
        Of several stopes across strike the farthest from the footwall drive comes first, since
        the way to it leads through the others; or freely.
    in_cycle : Stated
        Stopes that may stand open at a time, from preparation until they are filled; as many
        have their days worked.
    preparation_days : Stated
        Slot and drilling of a stope, after its crosscuts [days].
    draw_t_per_day : Stated
        Ore drawn from one stope, mean of all days [t/day].
    usd_per_t_ore : Stated
        Drilling, blasting and drawing, without haulage, fill and headings [USD/t]. It takes the
        place of ``value.stoping.cost_usd_per_t_ore``, in which those stand together.
    """

    along: Literal["primary_secondary", "retreat", "any"] = "primary_secondary"
    order: Literal["bottom_up", "top_down", "any"] = "bottom_up"
    levels_per_lift: int | None = Field(default=None, ge=1)
    panel: Literal["far_first", "any"] = "far_first"
    in_cycle: Positive
    preparation_days: Days
    draw_t_per_day: Positive
    usd_per_t_ore: NotNegative


class FillTable(Table):
    """``[schedule.fill]``: how emptied stopes are filled.

    Parameters
    ----------
    m3_per_day : Stated
        Fill brought into one stope [m3/day].
    m3_per_month : Stated
        Fill made for the whole mine [m3/month].
    curing_days : Stated
        From the end of filling until a neighbour may be drawn [days].
    share_of_void : Stated
        Part of a stope that is filled.
    cemented_usd_per_m3, loose_usd_per_m3 : Stated
        Fill that neighbours stand beside or under, and any other [USD/m3].
    """

    m3_per_day: Positive
    m3_per_month: Positive
    curing_days: Days
    share_of_void: Fraction
    cemented_usd_per_m3: NotNegative
    loose_usd_per_m3: NotNegative


class StockpileTable(Table):
    """``[schedule.stockpile]``: ore that waits for the plant, in bins by grade.

    What is taken out is worth no more than any ore that may lie in its bin.

    Parameters
    ----------
    bins_sb_pct : tuple of float
        Least diluted grade of each bin, rising; ore below the first is not stocked [% Sb].
    capacity_t : Stated
        Of each bin [t].
    placing_usd_per_t, rehandling_usd_per_t : Stated
        To put a tonne down, and to bring it to the plant [USD/t].
    """

    bins_sb_pct: Edges
    capacity_t: Positive
    placing_usd_per_t: NotNegative
    rehandling_usd_per_t: NotNegative

    @model_validator(mode="after")
    def _rises(self) -> StockpileTable:
        if list(self.bins_sb_pct) != sorted(set(self.bins_sb_pct)):
            raise ValueError("bins_sb_pct must rise and not repeat")
        return self


class DirectTable(Table):
    """``[schedule.direct_shipping]``: ore sold as it is mined.

    Parameters
    ----------
    least_sb_pct : float
        Least diluted grade of a stope that may be sold so [% Sb].
    most_as_pct, most_hg_pct : float, optional
        Contents above which the buyer refuses it [%].
    sb_payability_fraction : Stated
        Part of the price paid for the antimony in it; its gold is not paid.
    treatment_usd_per_t, transport_usd_per_t : Stated
        Deductions [USD/t of dry ore, of ore as shipped].
    moisture_fraction : Stated
        Water in what is shipped.
    crushing_usd_per_t : Stated
        Crushing and loading [USD/t of ore].
    """

    least_sb_pct: Grade
    most_as_pct: Content | None = None
    most_hg_pct: Content | None = None
    sb_payability_fraction: Fraction
    treatment_usd_per_t: NotNegative
    transport_usd_per_t: NotNegative
    moisture_fraction: Moisture
    crushing_usd_per_t: NotNegative


class ScheduleTable(Table):
    """``[schedule]``: when a mine is dug.

    Parameters
    ----------
    of : {"stopes", "pit"}
        What is planned.
    start : date, optional
        First day of the plan; absent, the plan counts from year 0.
    periods : tuple of PeriodsTable
        One run after the other.
    plant_ramp : RampTable, optional
        Absent, the plant runs at its rate from the first day.
    access, development, stoping, fill : tables
        Needed by a plan of stopes.
    blend : {"none", "period"}
        Whether what a buyer refuses (``value.penalties.ELEMENT.reject_above_pct``) limits the
        concentrate of each period, all its ore mixed.
    haulage_t_per_year : Stated, optional
        Ore and waste brought out of the mine under ground [t/yr].
    stockpile : StockpileTable, optional
        Absent, ore goes straight to the plant.
    direct_shipping : DirectTable, optional
        Absent, all ore goes through the plant.
    cutoff_sb_pct : Stated, optional
        Stopes of a lower diluted grade stay in the ground [% Sb].
    hold_years : int
        Whole years after the ramp-up in which the plant must have its rate for the plan to hold.
    rounds : int
        How much work improves the plan in ``anzob study``; so many rounds give the same plan
        every time.
    gap : float
        Part of its bound that a plan may miss when the search for a better one ends [fraction].
    pit_most_units : int
        Most units a pit is planned in; where its blocks are more, they are put together.
    pit_years : int, optional
        Years a pit is planned for; absent, as long as the rates need and a fifth more.
    """

    of: Literal["stopes", "pit"] = "stopes"
    start: Day | None = None
    periods: Annotated[tuple[PeriodsTable, ...], Strict(False)] = Field(min_length=1)
    plant_ramp: RampTable | None = None
    access: AccessTable | None = None
    development: DevelopmentTable | None = None
    stoping: StopingTable | None = None
    fill: FillTable | None = None
    blend: Literal["none", "period"] = "none"
    haulage_t_per_year: Positive | None = None
    stockpile: StockpileTable | None = None
    direct_shipping: DirectTable | None = None
    cutoff_sb_pct: SbGrade | None = None
    hold_years: int = Field(default=8, ge=1, le=MOST_YEARS)
    rounds: int = Field(default=20, ge=0, le=100_000)
    gap: float = Field(default=0.01, ge=0, lt=1)
    pit_most_units: int = Field(default=8_000, ge=1)
    pit_years: int | None = Field(default=None, ge=1, le=MOST_YEARS)

    @model_validator(mode="after")
    def _is_a_plan(self) -> ScheduleTable:
        if sum(run.count for run in self.periods) > MOST_PERIODS:
            raise ValueError(f"there are more than {MOST_PERIODS} periods in all")
        if self.years > MOST_YEARS:
            raise ValueError(f"the periods reach beyond {MOST_YEARS} years")
        missing = [name for name in UNDERGROUND if getattr(self, name) is None]
        if self.of == "stopes" and missing:
            raise ValueError(f"a plan of stopes needs the tables {', '.join(missing)}")
        return self

    @property
    def years(self) -> float:
        """Length of the plan [years]."""
        return math.fsum(run.count / run.per_year for run in self.periods)

    def calendar(self, money: Economics) -> Calendar:
        """Return the periods, with the study's way of discounting.

        Raises
        ------
        DataError
            If the study states no discount rate.
        """
        if money.discount_rate_fraction is None:
            remedy = "State it with its source; a plan has no value over time without it."
            place = "key economics.discount_rate_fraction"
            raise DataError([Problem("not stated", place, remedy=remedy)])
        parts = [(run.count, run.per_year) for run in self.periods]
        return mixed_calendar(parts, money.discount_rate_fraction.base, money.discounting)


def schedule_problems(
    table: ScheduleTable, limits: Collection[str], money: Economics, file: str
) -> Iterator[Problem]:
    """List what a plan needs of the study and does not find there.

    Parameters
    ----------
    table : ScheduleTable
        The plan.
    limits : collection of str
        Which of "stopes" and "pit" the study asks for.
    money : Economics
        Its table ``[economics]``.
    file : str
        Name of the study, for messages.
    """
    if table.of not in limits:
        remedy = f"State [{table.of}], or plan what is stated."
        place, allowed = f"{file}, key schedule.of", ", ".join(limits)
        yield Problem(
            "the plan is of what the study does not ask for", place, table.of, allowed, remedy
        )
    if money.discount_rate_fraction is None:
        remedy = "A plan has no value over time without it."
        yield Problem("not stated", f"{file}, key economics.discount_rate_fraction", remedy=remedy)
    ramp = table.plant_ramp
    if ramp is not None and ramp.from_month[-1] >= 12 * table.years:
        found, allowed = f"month {ramp.from_month[-1]:g}", f"before month {12 * table.years:g}"
        where = f"{file}, key schedule.plant_ramp.from_month"
        yield Problem("the plant's ramp ends after the plan", where, found, allowed)
    runs_from = 0.0 if ramp is None else ramp.from_month[-1] / 12
    left = math.floor(table.years + 1e-9) - math.ceil(runs_from - 1e-9)
    if table.of == "stopes" and table.hold_years > max(left, 0):
        fact = "the rate cannot be judged: the plan ends before the years in which it is to be held"
        found, allowed = f"{table.hold_years} years", f"up to {max(left, 0)} after the ramp-up"
        where, remedy = f"{file}, key schedule.hold_years", "Add periods, or ask for fewer years."
        yield Problem(fact, where, found, allowed, remedy, "warning")
