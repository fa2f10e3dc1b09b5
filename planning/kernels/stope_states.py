"""Which single stopes does a panel allow, and which of them follow one another along strike?

Positions across are counted in steps; a panel's sums are cumulative over the steps, slice by slice.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from planning.kernels.stope_panels import HAIR, Walls, below_wall

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@njit(cache=True, nogil=True)
def integrals(sums: FloatArray, walls: Walls) -> tuple[FloatArray, FloatArray]:
    """Return what lies below every far wall, and below every near wall, with its skin.

    Parameters
    ----------
    sums : ndarray, shape (q, K, J + 1)
        Cumulative sums of a panel: worth first, then needs.
    walls : Walls
        Runs and skins.

    Returns
    -------
    tuple of ndarray, shape (q, r, J + 1)
        Far, near; by run and foot; NaN where wall or skin leaves the frame.
    """
    n_q, end, n_runs = sums.shape[0], sums.shape[2] - 1, walls.runs.shape[0]
    far = np.full((n_q, n_runs, end + 1), np.nan)
    near = np.full((n_q, n_runs, end + 1), np.nan)
    for r in range(n_runs):
        for foot in range(end + 1):
            head = foot - walls.runs[r]
            if head < 0 or head > end:
                continue
            outer, inner = walls.far_skin[r], walls.near_skin[r]
            for q in range(n_q):
                if max(foot, head) + outer <= end + HAIR:
                    far[q, r, foot] = below_wall(sums[q], foot + outer, head + outer)
                if min(foot, head) - inner >= -HAIR:
                    near[q, r, foot] = below_wall(sums[q], foot - inner, head - inner)
    return far, near


@njit(cache=True, nogil=True)
def stopes_above(
    far: FloatArray, near: FloatArray, walls: Walls, least: FloatArray, found: FloatArray
) -> int:
    """List the stopes that are worth more than a limit and meet their needs.

    Parameters
    ----------
    far, near : ndarray, shape (q, r, J + 1)
        As `integrals` returns them.
    walls : Walls
        Widths.
    least : ndarray, shape (q,)
        Worth that must be passed; then the least sum of each need.
    found : ndarray, shape (n, 5)
        Filled with near foot, near head, far foot, far head, worth; as many as there is room for.

    Returns
    -------
    int
        How many there are, with room for them or not.
    """
    n_q, n_runs, n_feet = far.shape
    count = 0
    for r in range(n_runs):
        for foot in range(n_feet):
            if np.isnan(near[0, r, foot]):
                continue
            for q in range(n_runs):
                for apart in range(walls.least[r, q], walls.most[r, q] + 1):
                    last = foot + apart
                    if last < 0 or last >= n_feet:
                        continue
                    worth = far[0, q, last] - near[0, r, foot]
                    if not worth > least[0]:
                        continue
                    met = True
                    for need in range(1, n_q):
                        if far[need, q, last] - near[need, r, foot] < least[need]:
                            met = False
                            break
                    if not met:
                        continue
                    if count < found.shape[0]:
                        found[count, 0], found[count, 1] = foot, foot - walls.runs[r]
                        found[count, 2], found[count, 3] = last, last - walls.runs[q]
                        found[count, 4] = worth
                    count += 1
    return count


@njit(cache=True, nogil=True)
def best_before(
    before: FloatArray, totals: FloatArray, after: FloatArray, shift: float
) -> IntArray:
    """Return, for each stope, the best one of the section before whose walls stand close enough.

    Parameters
    ----------
    before : ndarray, shape (n, 4)
        Walls of the section before, by falling total.
    totals : ndarray, shape (n,)
        Their totals, falling; -inf for none.
    after : ndarray, shape (m, 4)
        Walls of this section.
    shift : float
        How far each of the four ends may move [steps].

    Returns
    -------
    ndarray of int, shape (m,)
        Number of the best one before; -1 where none is close enough.
    """
    best = np.full(after.shape[0], -1, np.int64)
    for j in range(after.shape[0]):
        for i in range(before.shape[0]):
            if totals[i] == -np.inf:
                break
            close = True
            for k in range(4):
                if abs(before[i, k] - after[j, k]) > shift + HAIR:
                    close = False
                    break
            if close:
                best[j] = i
                break
    return best
