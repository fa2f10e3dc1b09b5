"""Which problem is a pit's plan: which rock is dug in which year, and where does the ore go?

Direct block scheduling: no pushback is fixed beforehand, only slopes say what comes first. Each
unit of rock is dug in one period; its ore is shared there between plant, stockpile and dump, so
that the cut-off of every year is part of the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.production.activities import AMOUNTS, COLUMNS, MineActivities
from planning.production.ore_money import OreMoney
from planning.production.pit_limits import PitRates, Stocked, pit_limits
from planning.production.pit_units import WASTE, PitUnits
from planning.production.taken_ore import most_per_t, taken_grades, taken_ore
from planning.scheduling.problem import ScheduleNames, ScheduleProblem

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PitOre:
    """What the n blocks of a pit hold, cost and would bring.

    Parameters
    ----------
    rock_t, ore_t : ndarray of float, shape (n,)
        All rock, and what of it reaches the plant if it is ore [t].
    dig_usd : ndarray of float, shape (n,)
        Cost of digging the block [USD].
    grades : mapping of str to ndarray of float, shape (n,)
        Grades of the ore by column, the main one first; each name ends with its unit.
    plant : OreMoney
        Money and products of each block's ore in the plant.
    direct : OreMoney, optional
        The same of ore that is sold as it is mined; None where there is no such stream.
    sold : ndarray of bool, shape (n,)
        Blocks whose ore the buyer of that stream takes.
    penalised : tuple of str
        Columns of *grades* that buyers deduct for.
    """

    rock_t: FloatArray
    ore_t: FloatArray
    dig_usd: FloatArray
    grades: Mapping[str, FloatArray]
    plant: OreMoney
    direct: OreMoney | None
    sold: BoolArray
    penalised: tuple[str, ...] = ()


def pit_mine(
    name: str, units: PitUnits, ore: PitOre, rates: PitRates, notes: tuple[str, ...] = ()
) -> MineActivities:
    """State the plan of a pit as a problem, with the meaning of its numbers.

    Parameters
    ----------
    name : str
        What is planned.
    units : PitUnits
        Rock that is planned together, and its slopes.
    ore : PitOre
        What blocks hold.
    rates : PitRates
        Limits of the periods.
    notes : tuple of str
        What readers of the plan must know beside the units.

    Returns
    -------
    MineActivities
        Destinations "waste", "plant" and, where they exist, "stockpile" and "direct".
    """
    roles: tuple[str, ...] = ("waste", "plant")
    roles += ("stockpile",) if rates.stock is not None else ()
    roles += ("direct",) if ore.direct is not None and ore.sold.any() else ()
    sums = _Sums(units, ore, rates, roles)
    allowed, money, amounts = sums.allowed(), sums.money(), sums.amounts()
    stocked = sums.stocked()
    limits = pit_limits(sums.rock_t, amounts, stocked, rates, roles)
    arcs, n, t = units.precedence, units.n_units, rates.calendar.n_periods
    problem = ScheduleProblem(
        name=name,
        calendar=rates.calendar,
        value=np.where(allowed, sum(money.values(), np.zeros(allowed.shape)), -np.inf),
        precedence=arcs,
        span_class=np.zeros(arcs.n_arcs, dtype=np.int64),
        spans_years=np.zeros(1),
        use=limits.use,
        lower=limits.lower,
        upper=limits.upper,
        cumulative=limits.cumulative,
        flows=limits.flows,
        first=np.zeros(n, dtype=np.int64),
        last=np.full(n, t - 1, dtype=np.int64),
        names=ScheduleNames(units.names(), roles, limits.names, limits.units, "USD"),
    )
    return MineActivities(
        problem=problem,
        table=sums.table(),
        grades=tuple(ore.grades),
        destinations=roles,
        resources=limits.keys,
        money=money,
        amounts=amounts,
        flow_money=stocked.money,
        flow_amounts=stocked.amounts,
        flow_grades=stocked.grades,
        target_t=rates.target_t,
        fixed_usd=rates.fixed_usd,
        notes=(units.sentence(), *notes),
        units=units,
    )


class _Sums:
    """Amounts of blocks added up by unit, and where units may go."""

    def __init__(
        self, units: PitUnits, ore: PitOre, rates: PitRates, roles: tuple[str, ...]
    ) -> None:
        self.units, self.ore, self.rates, self.roles = units, ore, rates, roles
        self.is_ore = units.kind != WASTE
        self.rock_t = units.sums(ore.rock_t)
        self.ore_t = self.of(ore.ore_t)

    def of(self, amount: FloatArray) -> FloatArray:
        """Add up an amount of the blocks' ore, shape (m,); units of waste have none."""
        return np.where(self.is_ore, self.units.sums(np.nan_to_num(amount)), 0.0)

    def at(self, role: str, amount: FloatArray) -> FloatArray:
        """Place an amount of each unit, shape (m,), at one destination it may have, (m, d)."""
        placed = np.zeros((self.units.n_units, len(self.roles)))
        column = self.roles.index(role)
        placed[:, column] = np.where(self.allowed()[:, column], amount, 0.0)
        return placed

    def bins(self) -> NDArray[np.int64]:
        """Return the bin of the stockpile that each unit's ore belongs to, -1 for none, (m,)."""
        stock = self.rates.stock
        table = np.array([-1] if stock is None else stock.bin_of_kind, dtype=np.int64)
        return np.where(self.units.kind < table.size, table[self.units.kind % table.size], -1)

    def allowed(self) -> BoolArray:
        """Return where each unit may go: waste to the dump only, some ore not everywhere."""
        found = np.zeros((self.units.n_units, len(self.roles)), dtype=np.bool_)
        for column, role in enumerate(self.roles):
            if role == "waste":
                found[:, column] = True
            elif role == "plant":
                found[:, column] = self.is_ore
            elif role == "stockpile":
                found[:, column] = self.is_ore & (self.bins() >= 0)
            else:
                refused = self.of(np.where(self.ore.sold, 0.0, self.ore.ore_t))
                found[:, column] = self.is_ore & (refused == 0.0)
        return found

    def money(self) -> dict[str, FloatArray]:
        """Return the cash of each unit at each destination by kind [USD], shape (m, d)."""
        dig = -self.units.sums(self.ore.dig_usd)
        found = {"mining": np.where(self.allowed(), dig[:, None], 0.0)}
        for kind, amount in self.ore.plant.money.items():
            found[kind] = self.at("plant", self.of(amount))
        if "direct" in self.roles and self.ore.direct is not None:
            for kind, amount in self.ore.direct.money.items():
                found[kind] = found.get(kind, 0.0) + self.at("direct", self.of(amount))
        if self.rates.stock is not None:
            placing = -self.rates.stock.placing_usd_per_t * self.ore_t
            found["stockpiling"] = self.at("stockpile", placing)
        return found

    def amounts(self) -> dict[str, FloatArray]:
        """Return what each unit delivers at each destination, shape (m, d)."""
        found = {name: self.at("plant", self.of(self.ore.plant.amounts[name])) for name in AMOUNTS}
        if "direct" in self.roles and self.ore.direct is not None:
            for name in AMOUNTS:
                found[name] += self.at("direct", self.of(self.ore.direct.amounts[name]))
        if "stockpile" in self.roles:
            found["stocked_t"] = self.at("stockpile", self.ore_t)
        return found

    def grade(self, name: str) -> FloatArray:
        """Return the grade of each unit's ore, NaN without ore, shape (m,)."""
        held = self.of(self.ore.ore_t * np.nan_to_num(self.ore.grades[name]))
        known = self.ore_t > 0.0
        mean: FloatArray = np.divide(held, self.ore_t, out=np.full(held.shape, np.nan), where=known)
        return mean

    def stocked(self) -> Stocked:
        """Return what a tonne off each bin is: worth no more than any ore that may lie there."""
        bins, stock = self.bins(), self.rates.stock
        held = (bins >= 0) & (self.ore_t > 0.0)
        numbers = np.unique(bins[held]) if stock is not None else np.zeros(0, dtype=np.int64)
        own = np.where(held, np.searchsorted(numbers, bins), -1).astype(np.int64)
        plant = OreMoney(
            {kind: self.of(amount) for kind, amount in self.ore.plant.money.items()},
            {name: self.of(self.ore.plant.amounts[name]) for name in AMOUNTS},
            {},
        )
        ore, grades = taken_ore(plant, self.ore_t, own), self.ore.grades
        money = dict(ore.money)
        if stock is not None:
            money["rehandling"] = np.full(numbers.size, -stock.rehandling_usd_per_t)
        return Stocked(
            bins=bins,
            numbers=numbers,
            names=tuple(stock.names[k] for k in numbers.tolist()) if stock is not None else (),
            money=money,
            amounts=ore.amounts,
            grades=taken_grades({g: self.grade(g) for g in grades}, self.ore.penalised, own),
            line_t=most_per_t(plant.amounts["concentrate_t"], self.ore_t, own),
        )

    def table(self) -> pd.DataFrame:
        """Return the table of activities: a row a unit."""
        units, floors = self.units, self.units.floors_m()
        centres = units.grid.centres(np.arange(units.grid.n_blocks))
        weight = self.ore.rock_t
        middle = {
            name: units.sums(weight * centres[:, axis]) / self.rock_t
            for axis, name in enumerate("xyz")
        }
        said = ["waste" if kind == WASTE else f"ore of class {kind}" for kind in units.kind]
        pairs = list(zip(floors.tolist(), said, strict=True))
        columns: dict[str, object] = {
            "activity": units.names(),
            "kind": "block",
            "title": [f"bench {floor:g} m, {word}" for floor, word in pairs],
            "parent": [f"bench {floor:g} m" for floor, _ in pairs],
            "stope": "",
            "level": units.bench,
            "section": -1,
            "part": 1,
            "duration_years": 0.0,
            "ore_t": self.ore_t,
            "waste_t": self.rock_t - self.ore_t,
            "rock_t": self.rock_t,
            "development_m": 0.0,
            "fill_m3": 0.0,
            **middle,
        }
        columns |= {name: self.grade(name) for name in self.ore.grades}
        return pd.DataFrame(columns)[[*COLUMNS, *self.ore.grades]]
