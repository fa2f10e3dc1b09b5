"""Between which periods may activities still move, and which of them wait for which there?

Each activity may be done from its period ``low`` to its period ``high``; the number of periods
stands for never. Those with low == high stay where they are.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from planning.kernels.borrowing import borrow

IntArray = NDArray[np.int64]


@njit(cache=True, nogil=True)
def tighten(
    ranked: IntArray,
    before_start: IntArray,
    before: IntArray,
    latest: IntArray,
    earliest: IntArray,
    low: IntArray,
    high: IntArray,
) -> None:
    """Take periods away that the order of activities rules out; low and high are changed.

    ranked : (n,) activities, predecessors first
    before_start, before, latest, earliest : `planning.kernels.ledgers.Order`
    """
    arcs, starts = borrow(before), borrow(before_start)
    never = latest.shape[1]
    for at in range(ranked.size):
        activity = ranked[at]
        first = low[activity]
        for arc in range(starts[activity], starts[activity + 1]):
            first = max(first, earliest[arcs[arc, 1], low[arcs[arc, 0]]])
        low[activity] = first
    for at in range(ranked.size - 1, -1, -1):
        activity = ranked[at]
        final = high[activity]
        if final >= never:
            continue
        for arc in range(starts[activity], starts[activity + 1]):
            other = arcs[arc, 0]
            high[other] = min(high[other], latest[arcs[arc, 1], final])


@njit(cache=True, nogil=True)
def order_rows(
    free: IntArray,
    before_start: IntArray,
    before: IntArray,
    latest: IntArray,
    low: IntArray,
    high: IntArray,
    end: IntArray,
    place: IntArray,
) -> IntArray:
    """Return pairs of columns, the first of which may not be above the second, (m, 2).

    low, high : tightened
    end : (n,) activity a has columns "done by t" for t from low[a] to end[a] - 1
    place : (n,) its first column
    """
    arcs, starts = borrow(before), borrow(before_start)
    never = latest.shape[1]
    rows = np.empty((0, 2), np.int64)
    count = 0
    for turn in range(2):
        if turn == 1:
            rows = np.empty((count, 2), np.int64)
            count = 0
        for at in range(free.size):
            activity = free[at]
            for arc in range(starts[activity], starts[activity + 1]):
                other, span = arcs[arc, 0], arcs[arc, 1]
                if low[other] == high[other]:
                    continue
                last = -1
                for period in range(end[activity] - 1, low[activity] - 1, -1):
                    then = latest[span, period]
                    if high[other] < never and then >= high[other]:
                        continue
                    then = min(then, end[other] - 1)
                    # Done by a later period with the same condition implies this one.
                    if then == last:
                        continue
                    last = then
                    if turn == 1:
                        rows[count, 0] = place[activity] + period - low[activity]
                        rows[count, 1] = place[other] + then - low[other]
                    count += 1
    return rows


@njit(cache=True, nogil=True)
def neighbours(
    before_start: IntArray,
    before: IntArray,
    after_start: IntArray,
    after: IntArray,
    member: NDArray[np.bool_],
    period: IntArray,
    reach: int,
    seed: int,
) -> IntArray:
    """Return members by their distance from a seed along arcs in either direction, the seed first.

    period : (n,)
    reach : arcs between activities whose periods differ by more are not followed
    """
    most = member.size
    seen = np.zeros(member.size, np.bool_)
    found = np.empty(most, np.int64)
    found[0], count, taken = seed, 1, 0
    seen[seed] = True
    while taken < count:
        activity = found[taken]
        taken += 1
        for way in range(2):
            starts, arcs = (before_start, before) if way == 0 else (after_start, after)
            for arc in range(starts[activity], starts[activity + 1]):
                other = arcs[arc, 0]
                if member[other] and not seen[other]:
                    if abs(period[other] - period[activity]) > reach:
                        continue
                    seen[other] = True
                    found[count] = other
                    count += 1
    return found[:count]
