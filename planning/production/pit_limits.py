"""What can a pit do in a period: rock dug, ore treated, concentrate made, ore laid on stock?

A stockpile is kept by grade bins. What comes off a bin is worth no more than any ore that may lie
there, so that no plan gains by laying down one ore and taking another back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.production.taken_ore import TAKEN
from planning.scheduling.calendar import Calendar
from planning.scheduling.problem import ActivityUse, Flows, no_flows

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class PitStock:
    """A stockpile by grade bins.

    Parameters
    ----------
    names : tuple of str
        What the bins are called, such as "1 to 2 % Sb".
    bin_of_kind : tuple of int
        Bin of the ore of each class of `planning.production.pit_units`; -1 is not stocked.
    capacity_t : float
        Most that lies in one bin [t]; inf: no limit.
    placing_usd_per_t, rehandling_usd_per_t : float
        To put a tonne down, and to bring it to the plant [USD/t].
    """

    names: tuple[str, ...]
    bin_of_kind: tuple[int, ...]
    capacity_t: float
    placing_usd_per_t: float
    rehandling_usd_per_t: float


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PitRates:
    """What each of t periods can take.

    Parameters
    ----------
    calendar : Calendar
        The periods.
    rock_t, plant_t, concentrate_t : ndarray of float, shape (t,)
        Most rock dug, ore treated and dry concentrate made [t]; inf: no limit.
    target_t : ndarray of float, shape (t,)
        Ore the plant is to have [t].
    fixed_usd : ndarray of float, shape (t,)
        Cost of each period whatever is done [USD].
    stock : PitStock, optional
        None: ore is treated when it is dug, or lost.
    """

    calendar: Calendar
    rock_t: FloatArray
    plant_t: FloatArray
    concentrate_t: FloatArray
    target_t: FloatArray
    fixed_usd: FloatArray
    stock: PitStock | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Stocked:
    """What lies in the f bins of a stockpile.

    Parameters
    ----------
    bins : ndarray of int, shape (m,)
        Bin of the ore of each unit, -1 for none.
    numbers : ndarray of int, shape (f,)
        Bins there are.
    names : tuple of str
        Of these f bins.
    money, amounts, grades : mapping of str to ndarray of float, shape (f,)
        Of a tonne that goes from the bin to the plant.
    line_t : ndarray of float, shape (f,)
        What it takes of the concentrate line: the most of any ore of the bin [t].
    """

    bins: IntArray
    numbers: IntArray
    names: tuple[str, ...]
    money: Mapping[str, FloatArray]
    amounts: Mapping[str, FloatArray]
    grades: Mapping[str, FloatArray]
    line_t: FloatArray


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PitLimits:
    """Limits, and what units and flows take of them; as in `ScheduleProblem`."""

    keys: tuple[str, ...]
    names: tuple[str, ...]
    units: tuple[str, ...]
    use: ActivityUse
    lower: FloatArray
    upper: FloatArray
    cumulative: BoolArray
    flows: Flows


class _Rows:
    """Rows of limits as they are added."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.names: list[str] = []
        self.units: list[str] = []
        self.tables: list[FloatArray] = []
        self.lower: list[FloatArray] = []
        self.upper: list[FloatArray] = []
        self.cumulative: list[bool] = []
        self.flowed: list[tuple[int, int, float]] = []

    def add(
        self, named: tuple[str, str], table: FloatArray, upper: FloatArray, least: float = -np.inf
    ) -> int:
        """Add a limit on what units use, shape (m, d); one from below is of the sum so far."""
        key, name = named
        self.keys.append(key)
        self.names.append(name)
        self.units.append("t")
        self.tables.append(table)
        self.upper.append(np.broadcast_to(upper, upper.shape).astype(np.float64))
        self.lower.append(np.full(upper.shape, least))
        self.cumulative.append(least == 0.0)
        return len(self.keys) - 1


def pit_limits(
    rock_t: FloatArray,
    amounts: Mapping[str, FloatArray],
    stocked: Stocked,
    rates: PitRates,
    roles: tuple[str, ...],
) -> PitLimits:
    """State what each period can take; a limit that is inf throughout is left out.

    Parameters
    ----------
    rock_t : ndarray of float, shape (m,)
        Rock of each unit [t].
    amounts : mapping of str to ndarray, shape (m, d)
        What units deliver at each destination.
    stocked : Stocked
        Bins of the stockpile.
    rates : PitRates
        The limits.
    roles : tuple of str
        The d destinations.

    Returns
    -------
    PitLimits
        Keys "mine", "plant", "concentrate", and for each bin "stock b".
    """
    rows, t = _Rows(), rates.calendar.n_periods
    moved = np.repeat(rock_t[:, None], len(roles), axis=1)
    off = range(stocked.numbers.size)
    if np.isfinite(rates.rock_t).any():
        rows.add(("mine", "moving of rock"), moved, rates.rock_t)
    if np.isfinite(rates.plant_t).any():
        row = rows.add(("plant", "plant"), amounts["feed_t"], rates.plant_t)
        rows.flowed += [(flow, row, 1.0) for flow in off]
    if np.isfinite(rates.concentrate_t).any():
        row = rows.add(
            ("concentrate", "concentrate line"), amounts["concentrate_t"], rates.concentrate_t
        )
        rows.flowed += [(flow, row, float(stocked.line_t[flow])) for flow in off]
    if rates.stock is not None:
        _stock_rows(rows, amounts["stocked_t"], stocked, np.full(t, rates.stock.capacity_t))
    return _gathered(rows, stocked, t, len(roles))


def _stock_rows(
    rows: _Rows, stocked_t: FloatArray, stocked: Stocked, capacity_t: FloatArray
) -> None:
    """Add what each bin holds: never less than nothing, never more than its capacity."""
    for flow, number in enumerate(stocked.numbers.tolist()):
        own = np.where((stocked.bins == number)[:, None], stocked_t, 0.0)
        key, name = f"stock {number + 1}", f"stockpile of {stocked.names[flow]}"
        row = rows.add((key, name), own, capacity_t, 0.0)
        rows.flowed.append((flow, row, -1.0))


def _gathered(rows: _Rows, stocked: Stocked, t: int, d: int) -> PitLimits:
    """Put rows into the arrays of a problem."""
    m = stocked.bins.size
    cube = np.stack(rows.tables) if rows.tables else np.zeros((0, m, d))
    resource, activity, destination = np.nonzero(cube)
    worth = sum(stocked.money.values(), np.zeros(stocked.numbers.size))
    columns = list(zip(*rows.flowed, strict=True)) or [(), (), ()]
    flows = no_flows(t)
    if stocked.numbers.size:
        flows = Flows(
            names=tuple(f"{TAKEN}{name}" for name in stocked.names),
            value=np.repeat(worth[:, None], t, axis=1),
            most=np.full((stocked.numbers.size, t), np.inf),
            flow=np.array(columns[0], dtype=np.int64),
            resource=np.array(columns[1], dtype=np.int64),
            amount=np.array(columns[2], dtype=np.float64),
        )
    empty = np.zeros((0, t))
    return PitLimits(
        keys=tuple(rows.keys),
        names=tuple(rows.names),
        units=tuple(rows.units),
        use=ActivityUse(activity, destination, resource, cube[resource, activity, destination]),
        lower=np.stack(rows.lower) if rows.lower else empty,
        upper=np.stack(rows.upper) if rows.upper else empty,
        cumulative=np.array(rows.cumulative, dtype=np.bool_),
        flows=flows,
    )
