"""How is the pit of a study planned year by year: which rock, which limits, what stands for what?

The rock is that of the ultimate pit: what does not pay undiscounted and without limits pays under
none. Its pushbacks bind nothing. Years are as many as the rates need and a fifth more.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from deposits.errors import DataError, Problem
from planning.mine.config import MAIN_GRADE, MineConfig
from planning.mine.pit_results import PitResult
from planning.mine.schedule_config import MOST_YEARS, ScheduleTable
from planning.mine.study import MineStudy
from planning.mine.workflow import Dug
from planning.production.activities import MineActivities
from planning.production.ore_money import direct_money, plant_money, sold_directly
from planning.production.pit_activities import PitOre, pit_mine
from planning.production.pit_limits import PitRates, PitStock
from planning.production.pit_units import WASTE, DugRock, PitUnits, pit_units
from planning.production.plant_limits import (
    concentrate_tonnes,
    plant_tonnes,
    target_tonnes,
)
from planning.production.taken_ore import TAKEN, penalised, taken_notes
from planning.scheduling.calendar import Calendar, equal_years

IntArray = NDArray[np.int64]
#: What is not modelled, in words for readers.
LEFT_OUT = (
    "The rock is that of the ultimate pit; pushbacks and widths of benches bind nothing, ramps are "
    "in the slope angles, and no limit is stated on the benches sunk in a year."
)
#: What a stockpile by bins leaves out.
#: Part of the life at the stated rates that is added to it, so that no plan is cut short.
SPARE = 0.2
#: Grade classes of the ore where no stockpile states its bins.
CLASSES = 3


def pit_activities(dug: Dug, source: MineStudy, table: ScheduleTable) -> MineActivities:
    """State the plan of a study's pit as a problem, with the meaning of its numbers.

    Parameters
    ----------
    dug : Dug
        With the pit.
    source : MineStudy
        Prices, costs and rates.
    table : ScheduleTable
        Stockpile, direct-shipping stream, ramp-up, most units, years.

    Returns
    -------
    MineActivities
        Activities of kind "block"; the first of its notes says what one is.

    Raises
    ------
    DataError
        If there is no pit, it is empty, or no discount rate is stated.
    """
    pit, config = dug.pit, source.config
    if pit is None or not pit.dug.any():
        fact, remedy = "there is no pit to plan", "Look at what the study says of its pit."
        raise DataError([Problem(fact, "key schedule.of", "pit", remedy=remedy)])
    edges = grade_edges(pit, table)
    units = units_of(pit, edges, table.pit_most_units)
    ore = _ore(pit, source, table)
    tonnes = (float(ore.rock_t[pit.dug].sum()), float(ore.ore_t[pit.dug].sum()))
    calendar = pit_calendar(tonnes, config, table)
    name = f"Pit of {source.drilled.config.study.name}"
    notes: tuple[str, ...] = (LEFT_OUT,)
    life = life_years(tonnes, config, table)
    if life > calendar.n_periods:
        notes += (f"The pit would last {life:.0f} years; {calendar.n_periods} are planned.",)
    mine = pit_mine(name, units, ore, _rates(source, table, calendar, edges), notes)
    if not mine.problem.n_flows:
        return mine
    bins = tuple(n.removeprefix(TAKEN) for n in mine.problem.flows.names)
    told = taken_notes(bins, mine.flow_grades, ore.penalised)
    return replace(mine, notes=(*mine.notes, *told))


def grade_edges(pit: PitResult, table: ScheduleTable) -> tuple[float, ...]:
    """Return the grades that part the classes of the ore [% Sb], rising.

    Parameters
    ----------
    pit : PitResult
        The pit.
    table : ScheduleTable
        Bins of the stockpile and the least grade of direct-shipping ore.

    Returns
    -------
    tuple of float
        Those stated; without a stockpile, those that make `CLASSES` parts of equal tonnes.
    """
    found: set[float] = set()
    if table.stockpile is not None:
        found |= set(table.stockpile.bins_sb_pct)
    else:
        ore = pit.dug & (pit.blocks.ore_t > 0.0)
        grade, tonnes = pit.blocks.grades[MAIN_GRADE][ore], pit.blocks.ore_t[ore]
        order = np.argsort(grade, kind="stable")
        reached = np.cumsum(tonnes[order])
        for part in range(1, CLASSES):
            place = int(np.searchsorted(reached, reached[-1] * part / CLASSES)) if ore.any() else 0
            found |= {float(grade[order][place])} if ore.any() else set()
    if table.direct_shipping is not None:
        found.add(table.direct_shipping.least_sb_pct)
    return tuple(sorted(found))


def units_of(pit: PitResult, edges: tuple[float, ...], most_units: int) -> PitUnits:
    """Gather the blocks of the ultimate pit into units.

    Parameters
    ----------
    pit : PitResult
        The pit.
    edges : tuple of float
        Grades that part the classes of ore [% Sb].
    most_units : int
        Most units.

    Returns
    -------
    PitUnits
    """
    blocks = pit.blocks
    ore = blocks.ore_t > 0.0
    classes = 1 + np.digitize(blocks.grades[MAIN_GRADE], np.asarray(edges))
    rock = DugRock(
        grid=pit.grid,
        dug=pit.answer.pit.mined,
        rock_t=blocks.rock_t,
        kind=np.where(ore, classes, WASTE).astype(np.int64),
        phase=np.maximum(pit.pushbacks.number, 1).astype(np.int64),
    )
    return pit_units(rock, pit.precedence, most_units)


def pit_calendar(tonnes: tuple[float, float], config: MineConfig, table: ScheduleTable) -> Calendar:
    """Return the years of the plan.

    Parameters
    ----------
    tonnes : tuple of float
        Rock and ore of the pit [t].
    config : MineConfig
        Rates and discounting.
    table : ScheduleTable
        With ``pit_years``, or None.

    Returns
    -------
    Calendar
        Whole years.
    """
    stated = table.calendar(config.economics)
    years = table.pit_years
    if years is None:
        life = (1.0 + SPARE) * life_years(tonnes, config, table)
        years = min(max(math.ceil(life), 1), MOST_YEARS)
    return equal_years(years, stated.discount_rate, stated.discounting)


def life_years(tonnes: tuple[float, float], config: MineConfig, table: ScheduleTable) -> float:
    """Return how long a pit lasts if mine and plant are always busy [years].

    Parameters
    ----------
    tonnes : tuple of float
        Rock and ore of the pit [t].
    config : MineConfig
        Rates.
    table : ScheduleTable
        The plan.

    Returns
    -------
    float
    """
    assert config.pit is not None
    money = table.calendar(config.economics)
    year = equal_years(1, money.discount_rate, money.discounting)
    running = table.model_copy(update={"plant_ramp": None})
    plant = float(plant_tonnes(config, running, year)[0])
    return max(tonnes[0] / config.pit.rock_t_per_year.base, tonnes[1] / plant)


def _ore(pit: PitResult, source: MineStudy, table: ScheduleTable) -> PitOre:
    """Return what every block holds, costs and would bring."""
    blocks, terms, direct = pit.blocks, source.terms, table.direct_shipping
    grades = dict(blocks.grades)
    ore = blocks.ore_t
    sold = np.zeros(ore.size, dtype=np.bool_)
    if direct is not None:
        sold = sold_directly(grades, terms, direct) & (ore > 0.0)
    first = {MAIN_GRADE: grades[MAIN_GRADE]}
    return PitOre(
        rock_t=blocks.rock_t,
        ore_t=ore,
        dig_usd=pit.prepared.dig_usd,
        grades=first | grades,
        plant=plant_money(grades, ore, terms),
        direct=None if direct is None else direct_money(grades, ore, terms, direct),
        sold=sold,
        penalised=tuple(penalised(terms)),
    )


def _rates(
    source: MineStudy, table: ScheduleTable, calendar: Calendar, edges: tuple[float, ...]
) -> PitRates:
    """Return what each year can take."""
    config = source.config
    assert config.pit is not None
    lengths, plant = calendar.length_years, plant_tonnes(config, table, calendar)
    concentrate = concentrate_tonnes(config, table, calendar)
    return PitRates(
        calendar=calendar,
        rock_t=config.pit.rock_t_per_year.base * lengths,
        plant_t=plant,
        concentrate_t=np.full(lengths.size, np.inf) if concentrate is None else concentrate,
        target_t=target_tonnes(config, table, calendar),
        fixed_usd=(source.terms.limits.fixed_usd or 0.0) * lengths,
        stock=_stock(table, edges),
    )


def _stock(table: ScheduleTable, edges: tuple[float, ...]) -> PitStock | None:
    """Return the stockpile, and which class of ore goes to which of its bins."""
    stated = table.stockpile
    if stated is None:
        return None
    bins = np.asarray(stated.bins_sb_pct)
    # Class 1 lies below the first edge, class k + 1 begins at edge k.
    begins = np.array([-np.inf, *edges])
    of_kind = np.searchsorted(bins, begins, side="right") - 1
    lows = stated.bins_sb_pct
    words = [*(f"{low:g} to {high:g} % Sb" for low, high in pairwise(lows))]
    return PitStock(
        names=(*words, f"{lows[-1]:g} and more % Sb"),
        bin_of_kind=(-1, *of_kind.tolist()),
        capacity_t=stated.capacity_t.base,
        placing_usd_per_t=stated.placing_usd_per_t.base,
        rehandling_usd_per_t=stated.rehandling_usd_per_t.base,
    )
