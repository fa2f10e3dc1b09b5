"""Which samples inform a target when sectors, drillholes and absences limit the choice?

Candidates are taken nearest first (equal distances by sample number); one is passed over when its
sector or its drillhole already gave as many as it may. The distances are those of
:mod:`deposits.kernels.neighbours`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from deposits.kernels.neighbours import ROUNDING, SLACK, Cells, Found, Wanted, gather

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
NOBODY = 2**62


class Limits(NamedTuple):
    """Limits of a search; NOBODY where there is none.

    axes : (3, 3) from search space to the axes that sectors are counted in.
    """

    most: int
    most_per_hole: int
    sectors: int
    most_per_sector: int
    least_sectors: int
    axes: FloatArray


@njit(cache=True, nogil=True)
def sector(dx: float, dy: float, dz: float, sectors: int) -> int:
    """Return the sector of a lag, half-open and alike under quarter turns.

    Deutsch and Journel (1998), GSLIB, subroutine ``srchsupr``: a boundary belongs to the quadrant
    that follows it clockwise; level with the target counts as above.
    """
    if sectors == 1:
        return 0
    quadrant = 3
    if dx <= 0.0 and dy > 0.0:
        quadrant = 0
    elif dx > 0.0 and dy >= 0.0:
        quadrant = 1
    elif dx < 0.0 and dy <= 0.0:
        quadrant = 2
    return quadrant + 4 if sectors == 8 and dz < 0.0 else quadrant


@njit(cache=True, nogil=True)
def _sift(d2: FloatArray, which: IntArray, at: int, n: int) -> None:
    """Let the entry at a place sink to where it belongs in the heap (least on top)."""
    d, w = d2[at], which[at]
    while True:
        child = 2 * at + 1
        if child >= n:
            break
        right = child + 1
        if right < n and (
            d2[right] < d2[child] or (d2[right] == d2[child] and which[right] < which[child])
        ):
            child = right
        if d < d2[child] or (d == d2[child] and w < which[child]):
            break
        d2[at], which[at] = d2[child], which[child]
        at = child
    d2[at], which[at] = d, w


@njit(cache=True, nogil=True)
def _candidates(
    cells: Cells, wanted: Wanted, t: int, near: IntArray, n: int, d2: FloatArray, which: IntArray
) -> int:
    """Fill the heap with the samples within the unit ball that may inform a target."""
    m = 0
    for i in range(n):
        sample = near[i]
        left_out = sample == wanted.without_sample[t] or (
            wanted.without_hole[t] >= 0 and cells.hole[sample] == wanted.without_hole[t]
        )
        total = 0.0
        for a in range(3):
            d = cells.points[sample, a] - wanted.points[t, a]
            total += d * d
        total = (total + ROUNDING) - ROUNDING
        if total <= 1.0 and not left_out:
            d2[m] = total
            which[m] = sample
            m += 1
    for at in range(m // 2 - 1, -1, -1):
        _sift(d2, which, at, m)
    return m


@njit(cache=True, nogil=True)
def _choose(
    cells: Cells,
    limits: Limits,
    target: FloatArray,
    d2: FloatArray,
    which: IntArray,
    m: int,
    out: NDArray[np.int32],
    seen: IntArray,
) -> tuple[int, int, int]:
    """Take from the heap what the limits allow; return the numbers of samples, holes, sectors."""
    per_sector = np.zeros(8, np.int64)
    n = holes = 0
    full = limits.sectors * min(limits.most_per_sector, limits.most)
    lag = np.empty(3)
    while m > 0 and n < limits.most and n < full:
        sample = which[0]
        m -= 1
        d2[0], which[0] = d2[m], which[m]
        _sift(d2, which, 0, m)
        for a in range(3):
            lag[a] = 0.0
            for b in range(3):
                lag[a] += limits.axes[a, b] * (cells.points[sample, b] - target[b])
            if abs(lag[a]) < SLACK:
                lag[a] = 0.0
        of = sector(lag[0], lag[1], lag[2], limits.sectors)
        hole = cells.hole[sample]
        if per_sector[of] < limits.most_per_sector and seen[hole] < limits.most_per_hole:
            per_sector[of] += 1
            holes += seen[hole] == 0
            seen[hole] += 1
            out[n] = sample
            n += 1
    for i in range(n):
        seen[cells.hole[out[i]]] = 0
    informed = 0
    for i in range(8):
        informed += per_sector[i] > 0
    return n, holes, informed


@njit(cache=True, nogil=True)
def _tile(cells: Cells, wanted: Wanted, begin: int, end: int, limits: Limits, found: Found) -> None:
    """Find the samples of each target of one tile."""
    low, high = wanted.points[begin].copy(), wanted.points[begin].copy()
    for t in range(begin, end):
        for a in range(3):
            low[a] = min(low[a], wanted.points[t, a])
            high[a] = max(high[a], wanted.points[t, a])
    size = cells.points.shape[0]
    near, d2, which = np.empty(size, np.int64), np.empty(size), np.empty(size, np.int64)
    n = gather(cells, low, high, 1.0 + SLACK, near, d2)
    seen = np.zeros(cells.hole.max() + 1, np.int64)
    for t in range(begin, end):
        row = wanted.rows[t]
        m = _candidates(cells, wanted, t, near, n, d2, which)
        out = found.neighbours[row]
        count, holes, sectors = _choose(cells, limits, wanted.points[t], d2, which, m, out, seen)
        out[:count].sort()
        found.counts[row] = count if sectors >= limits.least_sectors else 0
        found.holes[row] = holes if sectors >= limits.least_sectors else 0


@njit(cache=True, nogil=True, parallel=True)
def find_limited(
    cells: Cells, wanted: Wanted, tiles: IntArray, limits: Limits, found: Found
) -> None:
    """Find samples of every target within the unit ball under limits.

    Counts stay 0 where fewer sectors than the least are informed. Neighbours come out in the order
    of their numbers, as in :func:`deposits.kernels.neighbours.find_nearest`.
    """
    for tile in prange(tiles.size - 1):
        _tile(cells, wanted, tiles[tile], tiles[tile + 1], limits, found)
