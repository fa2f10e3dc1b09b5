"""How many samples share each sample's cell, and what does each then weigh?"""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@njit(cache=True, nogil=True)
def cell_weights(points: FloatArray, cell: FloatArray, n_offsets: int) -> FloatArray:
    """Return weights that sum to the number of points, averaged over origin offsets."""
    n = points.shape[0]
    capacity = 16
    while capacity < 2 * n:
        capacity *= 2
    owner = np.empty(capacity, np.int64)
    counts, slot, keys = np.empty(capacity, np.int64), np.empty(n, np.int64), np.empty((n, 3))
    low, step = np.empty(3), np.empty(3)
    for axis in range(3):
        column = points[:, axis]
        # GSLIB starts a hundredth of a unit below the lowest sample, and never shifts the origin
        # by more than half the extent.
        low[axis] = column.min() - 0.01
        step[axis] = min(cell[axis] / n_offsets, 0.5 * (column.max() - column.min()))
    weights = np.zeros(n)
    for offset in range(n_offsets):
        owner[:] = -1
        for i in range(n):
            code = np.int64(0)
            for axis in range(3):
                place = np.floor((points[i, axis] - low[axis] + offset * step[axis]) / cell[axis])
                keys[i, axis] = place
                code = code * np.int64(1000003) + np.int64(place)
            code ^= code >> np.int64(17)
            at = code & np.int64(capacity - 1)
            while owner[at] >= 0 and not same_cell(keys, owner[at], i):
                at = (at + 1) & np.int64(capacity - 1)
            if owner[at] < 0:
                owner[at] = i
                counts[at] = 0
            counts[at] += 1
            slot[i] = at
        total = 0.0
        for i in range(n):
            total += 1.0 / counts[slot[i]]
        for i in range(n):
            weights[i] += 1.0 / (counts[slot[i]] * total)
    weights *= n / n_offsets
    return weights


@njit(cache=True, nogil=True, inline="always")
def same_cell(keys: FloatArray, i: int, j: int) -> bool:
    """Tell whether two points lie in one cell."""
    same: bool = keys[i, 0] == keys[j, 0] and keys[i, 1] == keys[j, 1]
    also: bool = keys[i, 2] == keys[j, 2]
    return same and also


@njit(cache=True, nogil=True, parallel=True)
def declustered_means(
    points: FloatArray, values: FloatArray, cells: FloatArray, n_offsets: int
) -> FloatArray:
    """Return the weighted mean for each cell, a row of *cells*."""
    means = np.empty(cells.shape[0])
    for size in prange(cells.shape[0]):
        weights = cell_weights(points, cells[size], n_offsets)
        total, weight = 0.0, 0.0
        for i in range(values.size):
            total += weights[i] * values[i]
            weight += weights[i]
        means[size] = total / weight
    return means
