"""Which pairs of activities must a calendar keep apart, so that dates exist for all of them?

With every activity in one period, dates exist if and only if for each pair p before s the start of
p's period and the longest way from p's beginning to s's end reach no farther than the end of s's
period. Most pairs follow from others, because an activity between them has a period too.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from planning.kernels.borrowing import borrow

IntArray = NDArray[np.int64]
ShortArray = NDArray[np.int32]
FloatArray = NDArray[np.float64]


@njit(cache=True, nogil=True)
def latest_row(
    span: float, starts: FloatArray, ends: FloatArray, same: float, row: ShortArray
) -> None:
    """Write into *row* the last period, for each period t, that is a span before the end of t."""
    last = -1
    for t in range(starts.size):
        while last < t and starts[last + 1] + span <= ends[t] + same:
            last += 1
        row[t] = last


@njit(cache=True, nogil=True)
def widened(table: ShortArray) -> ShortArray:
    """Return a table with room for twice as many rows."""
    wide = np.empty((2 * table.shape[0], table.shape[1]), np.int32)
    wide[: table.shape[0]] = table
    return wide


@njit(cache=True, nogil=True)
def keep_spans(
    indptr: IntArray,
    indices: IntArray,
    lags: FloatArray,
    durations: FloatArray,
    starts: FloatArray,
    ends: FloatArray,
    same: float,
) -> tuple[ShortArray, FloatArray]:
    """Return the pairs that follow from no others, and their spans.

    Parameters
    ----------
    indptr, indices : ndarray of int
        Predecessors of each of n activities, which are in such an order that they come before it.
    lags : ndarray of float, shape (n_arcs,)
        What must pass between the end of a predecessor and the beginning of the activity [years].
    durations : ndarray of float, shape (n,)
        [years]
    starts, ends : ndarray of float, shape (t,)
        Of the periods [years].
    same : float
        Dates closer than this are one [years].

    Returns
    -------
    tuple of (ndarray of int, shape (m, 2), ndarray of float, shape (m,))
        Predecessor and activity of each pair, and the longest way from the beginning of one to
        the end of the other [years].
    """
    indptr, indices, lags = borrow(indptr), borrow(indices), borrow(lags)
    durations, starts, ends = borrow(durations), borrow(starts), borrow(ends)
    n, periods = durations.size, starts.size
    head = np.full(n, -1, np.int32)  # last pair kept for each activity
    pairs = np.empty((256, 3), np.int32)  # predecessor, activity, pair kept before
    rows = np.empty((256, periods), np.int32)
    spans = np.empty((256, 1), np.float64)
    way = np.empty(n)
    reach = np.empty((n, periods), np.int32)
    row = np.empty(periods, np.int32)
    count = 0
    for first in range(n - 1, -1, -1):
        way[first] = durations[first]
        for t in range(periods):
            reach[first, t] = t
        for second in range(first + 1, n):
            longest = -1.0
            for at in range(indptr[second], indptr[second + 1]):
                middle = indices[at]
                if middle >= first and way[middle] >= 0.0:
                    longest = max(longest, way[middle] + lags[at] + durations[second])
            way[second] = longest
            if longest < 0.0:
                continue
            reach[second] = periods
            kept = head[second]
            while kept >= 0:
                middle = pairs[kept, 0]
                if way[middle] >= 0.0:
                    for t in range(periods):
                        step = rows[kept, t]
                        before = -1 if step < 0 else reach[middle, step]
                        reach[second, t] = min(reach[second, t], before)
                kept = pairs[kept, 2]
            latest_row(longest, starts, ends, same, row)
            if (row >= reach[second]).all():
                continue
            if count == pairs.shape[0]:
                pairs, rows = widened(pairs), widened(rows)
                spans = np.concatenate((spans, np.empty_like(spans)))
            pairs[count, 0], pairs[count, 1], pairs[count, 2] = first, second, head[second]
            rows[count], spans[count, 0] = row, longest
            head[second] = count
            count += 1
            reach[second] = np.minimum(reach[second], row)
    return pairs[:count, :2].copy(), spans[:count, 0].copy()
