"""What does a plan use of each limit, and may an activity be booked or struck out?

A limit of one resource in one period is a cell: resource times the number of periods plus the
period; general constraints follow, one cell each. An activity with a destination is an option: it
books its uses in the cells of its period, a cumulative one in those of all later periods too.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: A limit is kept when it is passed by no more than this part of what is booked against it.
TOLERANCE = 1e-10
#: Columns of cells: limits, by how much rounding may pass them, what a unit beyond them costs,
#: what is booked; for walks also what any unit costs, the use to aim at, and what a unit of the
#: square of the distance from it costs.
LOW, HIGH, SLACK, WEIGHT, USED, PRICE, AIM, CURVE = 0, 1, 2, 3, 4, 5, 6, 7
CELL_COLUMNS = 8
#: Columns of Uses.entry: the first cell of the resource, or the cell of a general constraint; in
#: which period alone it counts, or -1; how many later cells hold it too: all (1) or none (0).
BASE, ONLY, RUNNING = 0, 1, 2


class Uses(NamedTuple):
    """What options use.

    start : (m + 1,) where the uses of each of the m options begin
    entry : (u, 3) which cells a use is booked in
    amount : (u,) how much
    """

    start: IntArray
    entry: IntArray
    amount: FloatArray


class Order(NamedTuple):
    """Which activity waits for which, and when.

    before_start, before : (n + 1,), (arcs, 2) predecessors and number of the span
    after_start, after : (n + 1,), (arcs, 2) successors and number of the span
    latest : (k, t) last period of a predecessor by span and successor's period; -1: none
    earliest : (k, t + 1) first period of a successor by span and predecessor's; t: none
    window : (n, 2) first and last period in which an activity may be done
    """

    before_start: IntArray
    before: IntArray
    after_start: IntArray
    after: IntArray
    latest: IntArray
    earliest: IntArray
    window: IntArray


class Options(NamedTuple):
    """Where activities may go, and for what.

    start : (n + 1,) where the options of each activity begin
    value : (m,) undiscounted value
    factor : (t + 1,) discount factor; 0 where nothing is done
    """

    start: IntArray
    value: FloatArray
    factor: FloatArray


@njit(cache=True, nogil=True)
def book(
    uses: Uses, cells: FloatArray, n_periods: int, option: int, period: int, sign: float
) -> None:
    """Book an option in a period, or strike it out with the sign -1."""
    for at in range(uses.start[option], uses.start[option + 1]):
        cell, only = uses.entry[at, BASE], uses.entry[at, ONLY]
        if only >= 0:
            if only == period:
                cells[cell, USED] += sign * uses.amount[at]
            continue
        end = cell + n_periods if uses.entry[at, RUNNING] else cell + period + 1
        for place in range(cell + period, end):
            cells[place, USED] += sign * uses.amount[at]


@njit(cache=True, nogil=True)
def allows(cells: FloatArray, cell: int, amount: float) -> bool:
    """Tell whether a cell takes an amount without leaving its limits, or leaving them further."""
    after = cells[cell, USED] + amount
    if amount > 0.0:
        return bool(after <= cells[cell, HIGH] + cells[cell, SLACK])
    if amount < 0.0:
        return bool(after >= cells[cell, LOW] - cells[cell, SLACK])
    return True


@njit(cache=True, nogil=True)
def fits(
    uses: Uses, cells: FloatArray, n_periods: int, option: int, period: int, sign: float
) -> bool:
    """Tell whether an option may be booked in a period, or struck out with the sign -1."""
    for at in range(uses.start[option], uses.start[option + 1]):
        cell, only = uses.entry[at, BASE], uses.entry[at, ONLY]
        amount = sign * uses.amount[at]
        if only >= 0:
            if only == period and not allows(cells, cell, amount):
                return False
            continue
        end = cell + n_periods if uses.entry[at, RUNNING] else cell + period + 1
        for place in range(cell + period, end):
            if not allows(cells, place, amount):
                return False
    return True


@njit(cache=True, nogil=True)
def cost(uses: Uses, price: FloatArray, n_periods: int, option: int, period: int) -> float:
    """Return what the uses of an option in a period cost.

    price : (c,) of a cumulative resource, that of all later cells is in it
    """
    total = 0.0
    for at in range(uses.start[option], uses.start[option + 1]):
        cell, only = uses.entry[at, BASE], uses.entry[at, ONLY]
        if only < 0:
            total += price[cell + period] * uses.amount[at]
        elif only == period:
            total += price[cell] * uses.amount[at]
    return total


@njit(cache=True, nogil=True)
def book_all(
    uses: Uses, cells: FloatArray, n_periods: int, option: IntArray, period: IntArray
) -> None:
    """Book options, each in its period."""
    for at in range(option.size):
        book(uses, cells, n_periods, option[at], period[at], 1.0)
