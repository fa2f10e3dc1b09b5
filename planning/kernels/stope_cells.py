"""How much of each box of rock lies in each cell of a lattice that may be turned against it?

Boxes and cells both stand upright, so what they share is a plan area times a height. The plan area
is that of two rectangles: the box's corners are clipped to a strip of the lattice (Sutherland and
Hodgman 1974, Communications of the ACM 17(1), pp. 32-42), and the strip's polygon is cut at one
step after another; each cell gets the difference of two such areas, so that no sliver is lost.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
#: A rectangle clipped by three half-planes has at most this many corners.
CORNERS = 8


class Rows(NamedTuple):
    """Boxes of rock.

    centre : float64 (n, 3), in the lattice's axes from its origin
    half : float64 (n, 3), half edges along the boxes' own axes
    per_m3 : float64 (n, q), what a unit of volume holds
    """

    centre: FloatArray
    half: FloatArray
    per_m3: FloatArray


class Lattice(NamedTuple):
    """Cells of one size, numbered (slice upwards, section, step), step fastest.

    size : float64 (3,), along u, w, z
    n_u, n_w, n_z : int, cells along each
    cos, sin : float, of the angle from the boxes' second axis to u, clockwise
    """

    size: FloatArray
    n_u: int
    n_w: int
    n_z: int
    cos: float
    sin: float


@njit(cache=True, nogil=True)
def cut(polygon: FloatArray, n: int, axis: int, side: float, bound: float, out: FloatArray) -> int:
    """Keep the part of a convex polygon with side * coordinate <= side * bound.

    Parameters
    ----------
    polygon : ndarray, shape (CORNERS, 2)
        Corners in order; the first n count.
    n : int
        How many; 0 for none.
    axis : int
        Coordinate that is bounded, 0 or 1.
    side : float
        1 keeps what lies below the bound, -1 what lies above.
    bound : float
        Where to cut.
    out : ndarray, shape (CORNERS, 2)
        Filled with the corners kept.

    Returns
    -------
    int
        How many corners were kept.
    """
    m = 0
    for i in range(n):
        j = i + 1 if i + 1 < n else 0
        here = side * (polygon[i, axis] - bound)
        there = side * (polygon[j, axis] - bound)
        if here <= 0.0:
            out[m, 0], out[m, 1] = polygon[i, 0], polygon[i, 1]
            m += 1
        if (here < 0.0 and there > 0.0) or (here > 0.0 and there < 0.0):
            share = here / (here - there)
            other = 1 - axis
            out[m, axis] = bound
            out[m, other] = polygon[i, other] + share * (polygon[j, other] - polygon[i, other])
            m += 1
    return m


@njit(cache=True, nogil=True)
def area(polygon: FloatArray, n: int) -> float:
    """Return the area of a polygon's first n corners, measured from the first one."""
    twice = 0.0
    for i in range(1, n - 1):
        ax, ay = polygon[i, 0] - polygon[0, 0], polygon[i, 1] - polygon[0, 1]
        bx, by = polygon[i + 1, 0] - polygon[0, 0], polygon[i + 1, 1] - polygon[0, 1]
        twice += ax * by - bx * ay
    return abs(twice) / 2.0


@njit(cache=True, nogil=True)
def first_and_last(low: float, high: float, size: float, n: int) -> tuple[int, int]:
    """Return the first cell that an interval reaches and the one after the last, within 0..n."""
    first = max(0.0, min(float(n), math.floor(low / size)))
    last = max(0.0, min(float(n), math.ceil(high / size)))
    return int(first), int(last)


@njit(cache=True, nogil=True)
def share_out(rows: Rows, lattice: Lattice, out: FloatArray, outside: FloatArray) -> None:
    """Add what each box holds to the cells it shares volume with.

    Parameters
    ----------
    rows : Rows
        n boxes.
    lattice : Lattice
        The cells.
    out : ndarray, shape (n_z, n_u, n_w, q)
        Sums of the cells, added to.
    outside : ndarray, shape (q,)
        Sums of what no cell shares, added to.
    """
    corners, strip = np.empty((CORNERS, 2)), np.empty((CORNERS, 2))
    part, tall = np.empty((CORNERS, 2)), np.empty(lattice.n_z)
    cell_u, cell_w, cell_z = lattice.size
    n_q = rows.per_m3.shape[1]
    for row in range(rows.centre.shape[0]):
        u, w, z = rows.centre[row]
        a, b, c = rows.half[row]
        reach_u = abs(a * lattice.sin) + abs(b * lattice.cos)
        reach_w = abs(a * lattice.cos) + abs(b * lattice.sin)
        for corner in range(4):
            along = a if corner == 1 or corner == 2 else -a
            across = b if corner >= 2 else -b
            # from the box's own centre, so that large coordinates cost no digits
            corners[corner, 0] = along * lattice.sin + across * lattice.cos
            corners[corner, 1] = along * lattice.cos - across * lattice.sin
        u0, u1 = first_and_last(u - reach_u, u + reach_u, cell_u, lattice.n_u)
        w0, w1 = first_and_last(w - reach_w, w + reach_w, cell_w, lattice.n_w)
        z0, z1 = first_and_last(z - c, z + c, cell_z, lattice.n_z)
        for k in range(z0, z1):
            top = min(z + c, (k + 1) * cell_z)
            tall[k] = max(0.0, top - max(z - c, k * cell_z))
        inside = 0.0
        for s in range(u0, u1):
            n = cut(corners, 4, 0, -1.0, s * cell_u - u, part)
            n = cut(part, n, 0, 1.0, (s + 1) * cell_u - u, strip)
            below = area(part, cut(strip, n, 1, 1.0, w0 * cell_w - w, part))
            for j in range(w0, w1):
                upto = area(part, cut(strip, n, 1, 1.0, (j + 1) * cell_w - w, part))
                shared, below = max(0.0, upto - below), upto
                if shared == 0.0:
                    continue
                for k in range(z0, z1):
                    volume = shared * tall[k]
                    inside += volume
                    for q in range(n_q):
                        out[k, s, j, q] += volume * rows.per_m3[row, q]
        beyond = max(0.0, 8.0 * a * b * c - inside)
        # what rounding leaves of a box that lies wholly within the lattice is no rock outside
        if beyond > 1e-12 * 8.0 * a * b * c:
            for q in range(n_q):
                outside[q] += beyond * rows.per_m3[row, q]
