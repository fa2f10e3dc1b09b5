"""Which sets of straight-walled stopes, side by side in a panel, are worth the most?

Positions across are counted in steps; a panel's sums are cumulative over the steps, slice by slice.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: Digits of a float; and how many roundings of sums and places stand behind one step or slice.
DIGITS, ROUNDINGS = 53, 4
#: How far a skin may reach beyond the frame, in steps, and rounding miss a need, in units.
HAIR, SLACK = 1e-9, 1.5
#: What a stope costs, in units: none is mined for what rounding made of nothing, and of sets of
#: equal worth the one with the fewest stopes is left.
CHARGE = 2.0


class Walls(NamedTuple):
    """Walls and what pairs of them ask for, in steps.

    runs : int64 (r,), foot minus head, rising
    least, most : int64 (r, r), feet of near and far wall apart
    pillar : int64 (r, r), far wall and next near wall apart
    near_skin, far_skin : float64 (r,), horizontal
    """

    runs: IntArray
    least: IntArray
    most: IntArray
    pillar: IntArray
    near_skin: FloatArray
    far_skin: FloatArray


class Table(NamedTuple):
    """What is known of the best stopes of one panel; axes run, foot.

    far, near : float64 (q, r, J + 1), rounded integrals up to skinned walls; NaN where none fits
    best : float64 (r, J + 1), best worth with the last far wall of this run at this foot or less
    foot : int64 (r, J + 1), foot of its last far wall
    near_run, width : int64 (r, J + 1), near wall that goes best with exactly this far wall
    start : float64 (r, J + 1), best worth before a near wall, less what lies below it
    start_run, start_foot : int64 (r, J + 1), last far wall before it, or -1
    """

    far: FloatArray
    near: FloatArray
    best: FloatArray
    foot: IntArray
    near_run: IntArray
    width: IntArray
    start: FloatArray
    start_run: IntArray
    start_foot: IntArray


@njit(cache=True, nogil=True)
def at(sums: FloatArray, w: float) -> float:
    """Return a cumulative sum between steps, linear within a step."""
    j = min(int(w), sums.shape[0] - 2)
    value: float = sums[j] + (w - j) * (sums[j + 1] - sums[j])
    return value


@njit(cache=True, nogil=True)
def mean_over(sums: FloatArray, start: float, stop: float) -> float:
    """Return the mean of a piecewise linear cumulative sum between two places, exactly."""
    low, high = min(start, stop), max(start, stop)
    if high - low < 1e-9:
        return at(sums, (low + high) / 2.0)
    total, here, below = 0.0, low, at(sums, low)
    while here < high:
        there = min(math.floor(here) + 1.0, high)
        above = at(sums, there)
        total += (there - here) * (below + above) / 2.0
        here, below = there, above
    return total / (high - low)


@njit(cache=True, nogil=True)
def below_wall(sums: FloatArray, foot: float, head: float) -> float:
    """Return what lies below a straight wall.

    Parameters
    ----------
    sums : ndarray, shape (K, J + 1)
        Cumulative sums across of the K slices of a panel.
    foot, head : float
        Where the wall stands on floor and roof [steps], within 0 to J but for a hair.

    Returns
    -------
    float
        Sum over slices of the mean of the cumulative sum along the wall.
    """
    n_slices, end = sums.shape[0], float(sums.shape[1] - 1)
    foot, head = min(max(foot, 0.0), end), min(max(head, 0.0), end)
    total = 0.0
    for k in range(n_slices):
        start = foot + (head - foot) * (k / n_slices)
        stop = foot + (head - foot) * ((k + 1) / n_slices)
        total += mean_over(sums[k], start, stop)
    return total


@njit(cache=True, nogil=True)
def between(sums: FloatArray, panel: IntArray, walls: FloatArray) -> FloatArray:
    """Return what lies between pairs of walls.

    Parameters
    ----------
    sums : ndarray, shape (P, K, J + 1)
        Cumulative sums across, of every panel.
    panel : ndarray of int, shape (n,)
        Panel of each pair.
    walls : ndarray, shape (n, 4)
        Near foot, near head, far foot, far head [steps].

    Returns
    -------
    ndarray, shape (n,)
        Sums over the trapezoids.
    """
    out = np.empty(panel.shape[0])
    for n in range(panel.shape[0]):
        own = sums[panel[n]]
        upper = below_wall(own, walls[n, 2], walls[n, 3])
        out[n] = upper - below_wall(own, walls[n, 0], walls[n, 1])
    return out


@njit(cache=True, nogil=True)
def rounding_unit(sums: FloatArray) -> float:
    """Return the power of two to which the integrals of a panel are rounded.

    Parameters
    ----------
    sums : ndarray, shape (K, J + 1)
        Cumulative sums across.

    Returns
    -------
    float
        A power of two, at least twice what floats may lose of a sum over J steps and K slices: the
        sum of absolute cells x ROUNDINGS x (J + K + 16) x 2**-DIGITS. 1 when all cells are 0.
    """
    n_slices, n_steps, total = sums.shape[0], sums.shape[1] - 1, 0.0
    for k in range(n_slices):
        for j in range(n_steps):
            total += abs(sums[k, j + 1] - sums[k, j])
    if total == 0.0:
        return 1.0
    steps = ROUNDINGS * (n_steps + n_slices + 16)
    return 2.0 ** (math.ceil(math.log2(total) + math.log2(steps)) + 1 - DIGITS)


@njit(cache=True, nogil=True)
def new_table(n_q: int, n_runs: int, n_feet: int) -> Table:
    """Return the table of a panel before anything is known."""
    shape = (n_runs, n_feet)
    return Table(
        np.full((n_q, n_runs, n_feet), np.nan),
        np.full((n_q, n_runs, n_feet), np.nan),
        np.full(shape, -np.inf),
        np.full(shape, -1, np.int64),
        np.full(shape, -1, np.int64),
        np.zeros(shape, np.int64),
        np.full(shape, -np.inf),
        np.full(shape, -1, np.int64),
        np.full(shape, -1, np.int64),
    )


@njit(cache=True, nogil=True)
def fill_walls(sums: FloatArray, walls: Walls, units: FloatArray, table: Table) -> None:
    """Integrate every quantity up to every wall whose skin stays inside the frame.

    Parameters
    ----------
    sums : ndarray, shape (q, K, J + 1)
        Cumulative sums of one panel: worth first, then needs.
    walls : Walls
        Runs and skins.
    units : ndarray, shape (q,)
        What the integrals are rounded to.
    table : Table
        Whose `far` and `near` are filled, in units.
    """
    end = sums.shape[2] - 1
    for r in range(walls.runs.shape[0]):
        for foot in range(end + 1):
            head = foot - walls.runs[r]
            if head < 0 or head > end:
                continue
            lowest, highest = float(min(foot, head)), float(max(foot, head))
            skin = walls.far_skin[r]
            if highest + skin <= end + HAIR:
                for q in range(sums.shape[0]):
                    area = below_wall(sums[q], foot + skin, head + skin)
                    table.far[q, r, foot] = np.rint(area / units[q])
            skin = walls.near_skin[r]
            if lowest - skin >= -HAIR:
                for q in range(sums.shape[0]):
                    area = below_wall(sums[q], foot - skin, head - skin)
                    table.near[q, r, foot] = np.rint(area / units[q])


@njit(cache=True, nogil=True)
def end_at(table: Table, walls: Walls, q: int, foot: int) -> None:
    """Find the best stopes whose last far wall has run q and this foot, or a lower one."""
    value, near_run, width = -np.inf, -1, 0
    n_needs = table.far.shape[0]
    if not np.isnan(table.far[0, q, foot]):
        worth = table.far[0, q, foot] - CHARGE
        for r in range(walls.runs.shape[0]):
            for d in range(walls.least[r, q], min(walls.most[r, q], foot) + 1):
                near = foot - d
                found = worth + table.start[r, near]
                # of equals the narrowest at its floor stays, and of these that of least run
                if found < value or found == -np.inf or (found == value and d >= width):
                    continue
                met = True
                for need in range(1, n_needs):
                    if table.far[need, q, foot] - table.near[need, r, near] < -SLACK:
                        met = False
                        break
                if met:
                    value, near_run, width = found, r, d
    table.near_run[q, foot], table.width[q, foot] = near_run, width
    table.best[q, foot], table.foot[q, foot] = value, foot
    # of equals the lower one stays
    if foot > 0 and table.best[q, foot - 1] >= value:
        table.best[q, foot] = table.best[q, foot - 1]
        table.foot[q, foot] = table.foot[q, foot - 1]


@njit(cache=True, nogil=True)
def last_before(table: Table, feet: IntArray, least: float) -> tuple[float, int, int]:
    """Return the best that ends at given feet or less: worth, run and foot of its last far wall.

    Parameters
    ----------
    table : Table
        Known up to these feet.
    feet : ndarray of int, shape (r,)
        Highest foot of a last far wall of each run; below 0 for none.
    least : float
        What no stope at all is worth.

    Returns
    -------
    tuple
        (least, -1, -1) where no stope is worth more.
    """
    value, run, foot = least, -1, -1
    for q in range(feet.shape[0]):
        if feet[q] < 0:
            continue
        found, ends = table.best[q, feet[q]], table.foot[q, feet[q]]
        if found > value or (found == value and ends < foot):
            value, run, foot = found, q, ends
    return value, run, foot


@njit(cache=True, nogil=True)
def start_at(table: Table, walls: Walls, r: int, foot: int, feet: IntArray) -> None:
    """Find the best that leaves a pillar before the near wall of run r at this foot."""
    if np.isnan(table.near[0, r, foot]):
        return
    runs = walls.runs
    for q in range(runs.shape[0]):
        feet[q] = min(foot, foot - runs[r] + runs[q]) - walls.pillar[q, r]
    value, run, last = last_before(table, feet, 0.0)
    table.start[r, foot] = value - table.near[0, r, foot]
    table.start_run[r, foot], table.start_foot[r, foot] = run, last


@njit(cache=True, nogil=True)
def solve_panel(
    sums: FloatArray, walls: Walls, units: FloatArray, least: float, chosen: IntArray
) -> tuple[int, float]:
    """Find the best stopes of one panel.

    Parameters
    ----------
    sums : ndarray, shape (q, K, J + 1)
        Cumulative sums: worth first, then needs.
    walls : Walls
        What stopes keep to.
    units : ndarray, shape (q,)
        What the integrals are rounded to.
    least : float
        What no stope at all is worth: 0, or minus infinity to have a stope at any loss.
    chosen : ndarray of int, shape (room, 4)
        Filled with near foot, near head, far foot, far head of each stope, rising.

    Returns
    -------
    tuple = (stopes, worth)
        How many, and what they are worth in units, less the charge for each.
    """
    n_runs, n_feet = walls.runs.shape[0], sums.shape[2]
    table = new_table(sums.shape[0], n_runs, n_feet)
    fill_walls(sums, walls, units, table)
    feet = np.empty(n_runs, np.int64)
    for foot in range(n_feet):
        for q in range(n_runs):
            end_at(table, walls, q, foot)
        for r in range(n_runs):
            start_at(table, walls, r, foot, feet)
    feet[:] = n_feet - 1
    value, run, foot = last_before(table, feet, least)
    n = 0
    while run >= 0:
        r, near = table.near_run[run, foot], foot - table.width[run, foot]
        chosen[n, 0], chosen[n, 1] = near, near - walls.runs[r]
        chosen[n, 2], chosen[n, 3] = foot, foot - walls.runs[run]
        n += 1
        run, foot = table.start_run[r, near], table.start_foot[r, near]
    chosen[:n] = chosen[:n][::-1].copy()
    return n, value


@njit(cache=True, nogil=True, parallel=True)
def solve_panels(
    sums: FloatArray, walls: Walls, room: int, least: float
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Find the best stopes of every panel.

    Parameters
    ----------
    sums : ndarray, shape (P, q, K, J + 1)
        Cumulative sums of each panel: worth first, then needs.
    walls : Walls
        What stopes keep to.
    room : int
        At least as many stopes as fit into a panel.
    least : float
        What no stope at all is worth: 0, or minus infinity to have stopes at any loss.

    Returns
    -------
    tuple of ndarray
        Walls of the stopes (P, room, 4), their numbers (P,), worths less charges (P,), and units of
        rounding (P,), 0 where no stope can pay.
    """
    n_panels, n_q = sums.shape[0], sums.shape[1]
    chosen = np.zeros((n_panels, room, 4), np.int64)
    counts, optima = np.zeros(n_panels, np.int64), np.zeros(n_panels)
    units = np.zeros((n_panels, n_q))
    for p in prange(n_panels):
        # without a cell that pays there is no stope that pays
        if least < 0.0 or np.max(sums[p, 0, :, 1:] - sums[p, 0, :, :-1]) > 0.0:
            for q in range(n_q):
                units[p, q] = rounding_unit(sums[p, q])
            found, worth = solve_panel(sums[p], walls, units[p], least, chosen[p])
            counts[p], optima[p] = found, worth * units[p, 0]
    return chosen, counts, optima, units[:, 0].copy()
