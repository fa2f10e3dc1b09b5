"""Which pairs of samples fall in a lag and a direction, and what do they sum to?

Sums are kept for a fixed number of chunks of rows and merged in order by the caller, so that they
do not depend on the number of threads. Points come sorted along one axis: a row looks only as far
as the longest lag.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

SEMIVARIOGRAM, CROSS, COVARIANCE, PAIRWISE, MADOGRAM = 0, 1, 2, 3, 4
ANY_HOLE, SAME_HOLE, OTHER_HOLE = 0, 1, 2
TOLERANCES, CONE = 0.0, 1.0

#: What is summed in each lag.
N_PAIRS, WEIGHT, DISTANCE, GAMMA, TAIL, HEAD, TAIL_SQUARED, HEAD_SQUARED = range(8)
N_SUMS = 8
CHUNKS = 32


class PairSamples(NamedTuple):
    """Samples sorted along one coordinate.

    points : float64 (n, 3) [m]; tail, head : float64 (n,), NaN = none; weights : float64 (n,);
    holes : int64 (n,); axis : int, the coordinate that rises from row to row
    """

    points: FloatArray
    tail: FloatArray
    head: FloatArray
    weights: FloatArray
    holes: NDArray[np.int64]
    axis: int


class PackedLags(NamedTuple):
    """Lag classes: number 0 for coincident samples, number k + 1 about k sizes.

    n_lags : int, beyond those about 0; size, tolerance, reach : float [m]
    """

    n_lags: int
    size: float
    tolerance: float
    reach: float


@njit(cache=True, nogil=True, inline="always")
def _sense(rows: FloatArray, d: int, lag: tuple[float, float, float], h: float) -> int:
    """Return 0 for a pair outside direction *d*, 1 for one along it, -1 for one against it.

    *rows* are what ``variogram_directions.pack`` writes. (Rows are not sliced here: a slice in the
    innermost loop costs more than all the rest.)
    """
    dx, dy, dz = lag
    along = dx * rows[d, 1] + dy * rows[d, 2] + dz * rows[d, 3]
    if h > 0.0:
        if rows[d, 0] == CONE:
            if abs(along) < rows[d, 4] * h:
                return 0
            if h * h - along * along > rows[d, 5] * rows[d, 5]:
                return 0
        else:
            # Deutsch and Journel (1998), subroutine gamv: first in plan, then in section.
            level = math.sqrt(dx * dx + dy * dy)
            projected = dx * rows[d, 6] + dy * rows[d, 7]
            if level > 0.0 and abs(projected) < rows[d, 4] * level:
                return 0
            if abs(rows[d, 6] * dy - rows[d, 7] * dx) > rows[d, 5]:
                return 0
            if level > 0.0 and projected < 0.0:
                level = -level
            if abs(level * rows[d, 8] + dz * rows[d, 9]) < rows[d, 10] * h:
                return 0
            if abs(rows[d, 8] * dz - rows[d, 9] * level) > rows[d, 11]:
                return 0
    return 1 if along >= 0.0 else -1


@njit(cache=True, nogil=True, inline="always")
def _measure(measure: int, tail: float, head: float) -> float:
    """Return what one ordered pair adds; NaN when it has none."""
    if measure == SEMIVARIOGRAM:
        return 0.5 * (tail - head) * (tail - head)
    if measure == COVARIANCE:
        return tail * head
    if measure == MADOGRAM:
        return 0.5 * abs(tail - head)
    total = tail + head
    if total == 0.0:
        return math.nan
    ratio = (tail - head) / total
    return 2.0 * ratio * ratio


@njit(cache=True, nogil=True, inline="always")
def _add(
    sums: FloatArray, place: tuple[int, int], weight: float, h: float, pair: tuple[float, ...]
) -> None:
    """Add one ordered pair (gamma, tail, head) to the sums of one direction and lag."""
    d, lag = place
    gamma, tail, head = pair
    sums[d, lag, WEIGHT] += weight
    sums[d, lag, DISTANCE] += weight * h
    sums[d, lag, GAMMA] += weight * gamma
    sums[d, lag, TAIL] += weight * tail
    sums[d, lag, HEAD] += weight * head
    sums[d, lag, TAIL_SQUARED] += weight * tail * tail
    sums[d, lag, HEAD_SQUARED] += weight * head * head


@njit(cache=True, nogil=True)
def _add_pair(
    sums: FloatArray,
    place: tuple[int, int],
    samples: PairSamples,
    pair: tuple[int, int],
    h: float,
    rule: tuple[int, bool],
) -> None:
    """Add the pair (tail, head); both ways round when the direction has no sense."""
    d, lag = place
    i, j = pair
    measure, both_ways = rule
    weight = samples.weights[i] * samples.weights[j]
    if measure == CROSS:
        # Uses all four values, and does not mind which sample is the tail.
        gamma = 0.5 * (samples.tail[i] - samples.tail[j]) * (samples.head[i] - samples.head[j])
        tail = 0.5 * (samples.tail[i] + samples.tail[j])
        head = 0.5 * (samples.head[i] + samples.head[j])
        if not math.isnan(gamma):
            sums[d, lag, N_PAIRS] += 1.0
            _add(sums, place, weight, h, (gamma, tail, head))
        return
    forward = _measure(measure, samples.tail[i], samples.head[j])
    counted = False
    if not math.isnan(forward):
        counted = True
        _add(sums, place, weight, h, (forward, samples.tail[i], samples.head[j]))
    if both_ways:
        backward = _measure(measure, samples.tail[j], samples.head[i])
        if not math.isnan(backward):
            counted = True
            _add(sums, place, weight, h, (backward, samples.tail[j], samples.head[i]))
    if counted:
        sums[d, lag, N_PAIRS] += 1.0


@njit(cache=True, nogil=True, inline="always")
def _wrong_hole(holes: NDArray[np.int64], i: int, j: int, same_hole: int) -> bool:
    """Whether the holes of a pair rule it out."""
    if same_hole == SAME_HOLE:
        return bool(holes[i] != holes[j])
    if same_hole == OTHER_HOLE:
        return bool(holes[i] == holes[j])
    return False


@njit(cache=True, nogil=True, parallel=True)
def direction_sums(
    samples: PairSamples, directions: FloatArray, lags: PackedLags, measure: int, same_hole: int
) -> FloatArray:
    """Sum all pairs of different samples by direction and lag.

    Parameters
    ----------
    samples : PairSamples
    directions : float64, shape (d, 13)
        As packed by ``variogram_directions.pack``.
    lags : PackedLags
    measure, same_hole : int
        Codes above.

    Returns
    -------
    float64, shape (CHUNKS, d, n_lags + 2, N_SUMS)
    """
    n = samples.points.shape[0]
    points = samples.points
    sums = np.zeros((CHUNKS, directions.shape[0], lags.n_lags + 2, N_SUMS))
    for chunk in prange(CHUNKS):
        own = sums[chunk]
        for i in range(chunk, n, CHUNKS):
            for j in range(i + 1, n):
                if points[j, samples.axis] - points[i, samples.axis] > lags.reach:
                    break
                dx = points[j, 0] - points[i, 0]
                dy = points[j, 1] - points[i, 1]
                dz = points[j, 2] - points[i, 2]
                squared = dx * dx + dy * dy + dz * dz
                if squared > lags.reach * lags.reach:
                    continue
                if _wrong_hole(samples.holes, i, j, same_hole):
                    continue
                h = math.sqrt(squared)
                if h == 0.0:
                    first, last = 0, 0
                else:
                    near = max(0, int((h - lags.tolerance) / lags.size) - 1)
                    while h > lags.size * near + lags.tolerance:
                        near += 1
                    far = near
                    while far <= lags.n_lags and h >= lags.size * far - lags.tolerance:
                        far += 1
                    first, last = near + 1, far
                if first > last or first > lags.n_lags + 1:
                    continue
                for d in range(directions.shape[0]):
                    sense = _sense(directions, d, (dx, dy, dz), h)
                    if sense == 0:
                        continue
                    pair = (i, j) if sense > 0 else (j, i)
                    rule = (measure, directions[d, 12] > 0.0)
                    for lag in range(first, last + 1):
                        _add_pair(own, (d, lag), samples, pair, h, rule)
    return sums


@njit(cache=True, nogil=True, inline="always")
def _cell(lag: float, edge: float, half: int) -> int:
    """Return the cell of a lag along one axis, -1 outside the map."""
    # Halves go away from the middle on both sides, so that the map is symmetric.
    steps = int(abs(lag) / edge + 0.5)
    if steps > half:
        return -1
    return half + steps if lag >= 0.0 else half - steps


@njit(cache=True, nogil=True, parallel=True)
def map_sums(
    samples: PairSamples, cell: FloatArray, half: NDArray[np.int64], same_hole: int
) -> FloatArray:
    """Sum the semivariances of all pairs of different samples by cells of the lag vector.

    Parameters
    ----------
    samples : PairSamples
        Coordinates along the axes of the map.
    cell : float64, shape (3,)
        Edges of a cell [m].
    half : int64, shape (3,)
        Cells on each side of the one in the middle.
    same_hole : int

    Returns
    -------
    float64, shape (CHUNKS, 2 half[0] + 1, 2 half[1] + 1, 2 half[2] + 1, 3)
        Number of pairs, weight, weighted semivariance; each pair once.
    """
    n = samples.points.shape[0]
    points = samples.points
    shape = 2 * half + 1
    reach = cell[samples.axis] * (half[samples.axis] + 0.5)
    sums = np.zeros((CHUNKS, shape[0], shape[1], shape[2], 3))
    for chunk in prange(CHUNKS):
        own = sums[chunk]
        for i in range(chunk, n, CHUNKS):
            for j in range(i + 1, n):
                if points[j, samples.axis] - points[i, samples.axis] > reach:
                    break
                if _wrong_hole(samples.holes, i, j, same_hole):
                    continue
                a = _cell(points[j, 0] - points[i, 0], cell[0], half[0])
                b = _cell(points[j, 1] - points[i, 1], cell[1], half[1])
                c = _cell(points[j, 2] - points[i, 2], cell[2], half[2])
                if a < 0 or b < 0 or c < 0:
                    continue
                weight = samples.weights[i] * samples.weights[j]
                gamma = _measure(SEMIVARIOGRAM, samples.tail[i], samples.head[j])
                own[a, b, c, 0] += 1.0
                own[a, b, c, 1] += weight
                own[a, b, c, 2] += weight * gamma
    return sums
