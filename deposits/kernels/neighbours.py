"""Which samples lie nearest to each target, in the metric of a search ellipsoid?

Everything here lives in search space: coordinates divided by the ellipsoid's reaches, so that the
ellipsoid is the unit ball. Samples are sorted into a grid of cubic cells. Targets are worked off in
small tiles: what any target of a tile may need is gathered once, from the distance of the k-th
nearest sample to the tile's centre, and each target then picks its own. The result is that of a
comparison of all samples with all targets: nearest first, equal distances by sample number.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Adding and subtracting this rounds a squared distance to 2**-36, so that distances which differ
#: by rounding alone count as equal and are ordered by sample number.
ROUNDING = 65536.0
#: Slack on bounds of distances that were not rounded.
SLACK = 1e-9


class Cells(NamedTuple):
    """Samples sorted into cubic cells.

    points : (n, 3) in search space; hole : (n,) numbers from 0
    start : (n_cells + 1,) first place of each cell in *order*; order : (n,) sample numbers
    corner : (3,) lowest corner; shape : (3,) cells along the axes; edge : float
    """

    points: FloatArray
    hole: IntArray
    start: IntArray
    order: IntArray
    corner: FloatArray
    shape: IntArray
    edge: float


class Wanted(NamedTuple):
    """Targets in search space, in the order of their tiles.

    points : (n, 3); rows : (n,) row of the output each belongs to
    without_sample, without_hole : (n,) numbers that must not inform it, -1 for none
    """

    points: FloatArray
    rows: IntArray
    without_sample: IntArray
    without_hole: IntArray


class Found(NamedTuple):
    """What the search writes: neighbours (n, most) by sample number, counts (n,), holes (n,)."""

    neighbours: NDArray[np.int32]
    counts: IntArray
    holes: IntArray


@njit(cache=True, nogil=True)
def scale(points: FloatArray, origin: FloatArray, scaling: FloatArray) -> FloatArray:
    """Return scaling @ (point - origin) of every point, each by the very same operations."""
    n = points.shape[0]
    out = np.empty((n, 3))
    for i in range(n):
        x = points[i, 0] - origin[0]
        y = points[i, 1] - origin[1]
        z = points[i, 2] - origin[2]
        for a in range(3):
            out[i, a] = scaling[a, 0] * x + scaling[a, 1] * y + scaling[a, 2] * z
    return out


@njit(cache=True, nogil=True)
def smallest(values: FloatArray, n: int, k: int) -> float:
    """Return the k-th smallest (from 1) of the first n values, which are reordered."""
    low, high, place = 0, n - 1, k - 1
    while low < high:
        pivot = values[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if place <= j:
            high = j
        elif place >= i:
            low = i
        else:
            break
    return float(values[place])


@njit(cache=True, nogil=True)
def _range(low: float, high: float, cells: Cells, axis: int) -> tuple[int, int]:
    """First and last + 1 cell along an axis that an interval touches."""
    first = math.floor((low - cells.corner[axis]) / cells.edge)
    last = math.floor((high - cells.corner[axis]) / cells.edge)
    return int(max(first, 0.0)), int(min(last, cells.shape[axis] - 1.0)) + 1


@njit(cache=True, nogil=True)
def gather(
    cells: Cells, low: FloatArray, high: FloatArray, reach: float, out: IntArray, away: FloatArray
) -> int:
    """Collect samples within *reach* of a box, with their squared distances from it."""
    x0, x1 = _range(low[0] - reach, high[0] + reach, cells, 0)
    y0, y1 = _range(low[1] - reach, high[1] + reach, cells, 1)
    z0, z1 = _range(low[2] - reach, high[2] + reach, cells, 2)
    n, limit = 0, reach * reach
    if x1 <= x0:
        return 0
    for z in range(z0, z1):
        for y in range(y0, y1):
            row = cells.shape[0] * (y + cells.shape[1] * z)
            for place in range(cells.start[row + x0], cells.start[row + x1]):
                sample = cells.order[place]
                d2 = 0.0
                for a in range(3):
                    q = cells.points[sample, a]
                    d = max(max(low[a] - q, q - high[a]), 0.0)
                    d2 += d * d
                if d2 <= limit:
                    out[n] = sample
                    away[n] = d2
                    n += 1
    return n


@njit(cache=True, nogil=True)
def nearest_reach(
    cells: Cells, centre: FloatArray, k: int, guess: float, out: IntArray, away: FloatArray
) -> float:
    """Return the distance of the k-th nearest sample from a point, or 2 when beyond 1.5."""
    reach = guess
    while reach < 1.5:
        n = gather(cells, centre, centre, reach, out, away)
        if n >= k:
            return math.sqrt(smallest(away, n, k))
        reach *= 1.6
    return 2.0


@njit(cache=True, nogil=True)
def _tile(
    cells: Cells, wanted: Wanted, begin: int, end: int, k: int, guess: float, found: Found
) -> None:
    """Pick the k nearest of each target of one tile."""
    n_samples = cells.points.shape[0]
    low, high = wanted.points[begin].copy(), wanted.points[begin].copy()
    for t in range(begin, end):
        for a in range(3):
            low[a] = min(low[a], wanted.points[t, a])
            high[a] = max(high[a], wanted.points[t, a])
    centre = 0.5 * (low + high)
    radius = 0.5 * math.sqrt(np.sum((high - low) ** 2))
    near, away = np.empty(n_samples, np.int64), np.empty(n_samples)
    middle = nearest_reach(cells, centre, k, guess, near, away)
    n = gather(cells, low, high, min(1.0, middle + radius) + SLACK, near, away)
    near[:n].sort()
    x, y, z = np.empty(n), np.empty(n), np.empty(n)
    for i in range(n):
        x[i], y[i], z[i] = (
            cells.points[near[i], 0],
            cells.points[near[i], 1],
            cells.points[near[i], 2],
        )
    d2, some, which = np.empty(n), np.empty(n), np.empty(n, np.int64)
    seen = np.full(cells.hole.max() + 1, -1, np.int64)
    last = 3.0
    for t in range(begin, end):
        tx, ty, tz = wanted.points[t, 0], wanted.points[t, 1], wanted.points[t, 2]
        for i in range(n):
            dx, dy, dz = x[i] - tx, y[i] - ty, z[i] - tz
            d2[i] = (dx * dx + dy * dy + dz * dz + ROUNDING) - ROUNDING
        step = 0.0
        if t > begin:
            px, py, pz = wanted.points[t - 1, 0], wanted.points[t - 1, 1], wanted.points[t - 1, 2]
            step = math.sqrt((tx - px) ** 2 + (ty - py) ** 2 + (tz - pz) ** 2)
        bound = min(last + step, middle + radius) + SLACK
        limit = min(bound * bound, 1.0)
        m = 0
        for i in range(n):
            which[m] = i
            some[m] = d2[i]
            m += d2[i] <= limit
        cut, last = limit, 3.0
        if m >= k:
            cut = smallest(some, m, k)
            last = math.sqrt(cut)
        _take(found, wanted.rows[t], d2, which, m, near, cut, k)
        _count_holes(found, wanted.rows[t], cells.hole, seen, t)


@njit(cache=True, nogil=True)
def _take(
    found: Found,
    row: int,
    d2: FloatArray,
    which: IntArray,
    m: int,
    near: IntArray,
    cut: float,
    k: int,
) -> None:
    """Write those nearer than the cut, and of those at the cut the lowest sample numbers."""
    nearer = 0
    for i in range(m):
        nearer += d2[which[i]] < cut
    room = k - nearer
    n = 0
    for i in range(m):
        d = d2[which[i]]
        if d < cut or (d == cut and room > 0):
            room -= d == cut
            found.neighbours[row, n] = near[which[i]]
            n += 1
    found.counts[row] = n


@njit(cache=True, nogil=True)
def _count_holes(found: Found, row: int, hole: IntArray, seen: IntArray, stamp: int) -> None:
    """Count the drillholes among the neighbours; *seen* keeps who was met for which target."""
    holes = 0
    for i in range(found.counts[row]):
        number = hole[found.neighbours[row, i]]
        holes += seen[number] != stamp
        seen[number] = stamp
    found.holes[row] = holes


@njit(cache=True, nogil=True, parallel=True)
def find_nearest(
    cells: Cells, wanted: Wanted, tiles: IntArray, most: int, guess: float, found: Found
) -> None:
    """Find the *most* nearest samples of every target within the unit ball.

    Parameters
    ----------
    cells : Cells
    wanted : Wanted
        Targets; the fields that leave samples out are not looked at here.
    tiles : int64 (n_tiles + 1,)
        First target of each tile.
    most : int
    guess : float
        A first reach for the nearest *most*, in search space.
    found : Found
        Written.
    """
    for tile in prange(tiles.size - 1):
        _tile(cells, wanted, tiles[tile], tiles[tile + 1], most, guess, found)
