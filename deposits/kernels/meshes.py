"""Which points lie inside a closed mesh, and how high does a surface stand above them?

A vertical line through each point meets the faces that its bin of the plan lists. Every edge is
judged with its ends in one order, whichever face asks, and a line through an edge or a vertex goes
to one side by a half-open rule; so neighbouring faces never both miss or both take a point.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Bins(NamedTuple):
    """Faces listed by the bins of a plan grid.

    Parameters
    ----------
    x0, y0, width, height : float
        Corner and bin size [m].
    columns, rows : int
        Numbers of bins.
    start : ndarray of int, shape (columns * rows + 1,)
        Where the faces of each bin begin in *faces*.
    faces : ndarray of int
        Face numbers, bin by bin.
    """

    x0: float
    y0: float
    width: float
    height: float
    columns: int
    rows: int
    start: IntArray
    faces: IntArray


@njit(cache=True, nogil=True, inline="always")
def _bin(value: float, first: float, size: float, n: int) -> int:
    """Return the bin of a coordinate, held to the grid."""
    return min(max(int((value - first) / size), 0), n - 1)


@njit(cache=True, nogil=True)
def count_entries(
    vertices: FloatArray, faces: IntArray, corner: FloatArray, size: FloatArray, shape: IntArray
) -> IntArray:
    """Count the faces whose plan extent touches each bin, shape (columns * rows,)."""
    columns, rows = shape[0], shape[1]
    counts = np.zeros(columns * rows, np.int64)
    for f in range(faces.shape[0]):
        x, y = vertices[faces[f], 0], vertices[faces[f], 1]
        i0, i1 = (
            _bin(x.min(), corner[0], size[0], columns),
            _bin(x.max(), corner[0], size[0], columns),
        )
        j0, j1 = _bin(y.min(), corner[1], size[1], rows), _bin(y.max(), corner[1], size[1], rows)
        for j in range(j0, j1 + 1):
            for i in range(i0, i1 + 1):
                counts[i + columns * j] += 1
    return counts


@njit(cache=True, nogil=True)
def list_entries(
    vertices: FloatArray,
    faces: IntArray,
    corner: FloatArray,
    size: FloatArray,
    shape: IntArray,
    start: IntArray,
) -> IntArray:
    """List the faces of each bin in rising order, shape (start[-1],)."""
    columns, rows = shape[0], shape[1]
    place = start[:-1].copy()
    listed = np.empty(start[-1], np.int64)
    for f in range(faces.shape[0]):
        x, y = vertices[faces[f], 0], vertices[faces[f], 1]
        i0, i1 = (
            _bin(x.min(), corner[0], size[0], columns),
            _bin(x.max(), corner[0], size[0], columns),
        )
        j0, j1 = _bin(y.min(), corner[1], size[1], rows), _bin(y.max(), corner[1], size[1], rows)
        for j in range(j0, j1 + 1):
            for i in range(i0, i1 + 1):
                listed[place[i + columns * j]] = f
                place[i + columns * j] += 1
    return listed


@njit(cache=True, nogil=True, inline="always")
def _side(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> float:
    """Return twice the area of (a, b, p), its size not depending on the order of a and b."""
    if ax < bx or (ax == bx and ay < by):
        return (bx - ax) * (py - ay) - (by - ay) * (px - ax)
    return -((ax - bx) * (py - by) - (ay - by) * (px - bx))


@njit(cache=True, nogil=True, inline="always")
def _crosses(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> bool:
    """Say whether the plan ray from p towards the east meets the edge a-b."""
    if (ay > py) == (by > py):
        return False
    side = _side(ax, ay, bx, by, px, py)
    return side > 0.0 if by > ay else side < 0.0


@njit(cache=True, nogil=True, inline="always")
def _height(a: FloatArray, b: FloatArray, c: FloatArray, px: float, py: float) -> float:
    """Return the elevation of the face a, b, c at p, held between its vertices."""
    low: float = min(a[2], b[2], c[2])
    high: float = max(a[2], b[2], c[2])
    area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    if area == 0.0:
        return high
    u = ((px - a[0]) * (c[1] - a[1]) - (py - a[1]) * (c[0] - a[0])) / area
    v = ((b[0] - a[0]) * (py - a[1]) - (b[1] - a[1]) * (px - a[0])) / area
    height: float = min(max(a[2] + u * (b[2] - a[2]) + v * (c[2] - a[2]), low), high)
    return height


@njit(cache=True, nogil=True, parallel=True)
def inside(
    points: FloatArray, vertices: FloatArray, faces: IntArray, bins: Bins
) -> NDArray[np.bool_]:
    """Say for each point, shape (n, 3), whether it lies inside a closed mesh, shape (n,)."""
    found = np.zeros(points.shape[0], np.bool_)
    right = bins.x0 + bins.columns * bins.width
    top = bins.y0 + bins.rows * bins.height
    for n in prange(points.shape[0]):
        px, py, pz = points[n, 0], points[n, 1], points[n, 2]
        # A point that is NaN fails every comparison and is outside.
        if not (px >= bins.x0 and px <= right and py >= bins.y0 and py <= top):
            continue
        if not (pz >= -math.inf):
            continue
        column = _bin(px, bins.x0, bins.width, bins.columns)
        cell = column + bins.columns * _bin(py, bins.y0, bins.height, bins.rows)
        odd = False
        for at in range(bins.start[cell], bins.start[cell + 1]):
            face = faces[bins.faces[at]]
            a, b, c = vertices[face[0]], vertices[face[1]], vertices[face[2]]
            if max(a[2], b[2], c[2]) <= pz:
                continue
            hit = _crosses(a[0], a[1], b[0], b[1], px, py)
            hit ^= _crosses(b[0], b[1], c[0], c[1], px, py)
            hit ^= _crosses(c[0], c[1], a[0], a[1], px, py)
            if hit and _height(a, b, c, px, py) > pz:
                odd = not odd
        found[n] = odd
    return found


@njit(cache=True, nogil=True, parallel=True)
def elevations(xy: FloatArray, vertices: FloatArray, faces: IntArray, bins: Bins) -> FloatArray:
    """Return the highest elevation of the faces over each point, NaN off the surface, (n,)."""
    found = np.full(xy.shape[0], np.nan)
    right = bins.x0 + bins.columns * bins.width
    top = bins.y0 + bins.rows * bins.height
    for n in prange(xy.shape[0]):
        px, py = xy[n, 0], xy[n, 1]
        if not (px >= bins.x0 and px <= right and py >= bins.y0 and py <= top):
            continue
        column = _bin(px, bins.x0, bins.width, bins.columns)
        cell = column + bins.columns * _bin(py, bins.y0, bins.height, bins.rows)
        best = -math.inf
        for at in range(bins.start[cell], bins.start[cell + 1]):
            face = faces[bins.faces[at]]
            a, b, c = vertices[face[0]], vertices[face[1]], vertices[face[2]]
            if (b[0] - a[0]) * (c[1] - a[1]) == (b[1] - a[1]) * (c[0] - a[0]):
                continue
            ab = _side(a[0], a[1], b[0], b[1], px, py)
            bc = _side(b[0], b[1], c[0], c[1], px, py)
            ca = _side(c[0], c[1], a[0], a[1], px, py)
            left = ab >= 0.0 and bc >= 0.0 and ca >= 0.0
            if left or (ab <= 0.0 and bc <= 0.0 and ca <= 0.0):
                best = max(best, _height(a, b, c, px, py))
        if best > -math.inf:
            found[n] = best
    return found
