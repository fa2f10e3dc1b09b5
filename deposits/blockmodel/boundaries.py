"""Which points lie below the topography, inside a polygon, or inside several things at once?

A boundary is anything that takes points, shape (n, 3), and answers with one yes or no each: the
``contains`` of a closed mesh, or what the functions here return.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deposits.errors import DataError, Problem

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Inside = Callable[[FloatArray], BoolArray]
#: Elevations [m] at eastings and northings, shape (n, 2); NaN off the surface.
Surface = Callable[[FloatArray], FloatArray]


def below(surface: Surface) -> Inside:
    """Return the boundary that takes what lies below a surface.

    Parameters
    ----------
    surface : callable
        Elevation [m] at points of shape (n, 2), NaN off the surface: ``mesh.elevation_at`` or the
        reading of a raster.

    Returns
    -------
    callable
        Takes points, shape (n, 3). It raises DataError when the surface does not reach a point:
        neither rock nor air is guessed.
    """

    def inside(points: FloatArray) -> BoolArray:
        return points[:, 2] < _elevations(surface, points)

    return inside


def above(surface: Surface) -> Inside:
    """Return the boundary that takes what lies on or above a surface.

    Parameters
    ----------
    surface : callable
        As for :func:`below`.

    Returns
    -------
    callable
        As for :func:`below`.
    """

    def inside(points: FloatArray) -> BoolArray:
        return points[:, 2] >= _elevations(surface, points)

    return inside


def _elevations(surface: Surface, points: FloatArray) -> FloatArray:
    """Return the surface's elevations, refusing points it does not reach."""
    heights = np.asarray(surface(np.ascontiguousarray(points[:, :2])), dtype=np.float64)
    off = np.isnan(heights)
    if off.any():
        east, north = points[off.argmax(), :2]
        fact = f"the surface does not reach {off.sum()} of {len(off)} points"
        remedy = "Take a surface that covers the whole grid, or a smaller grid."
        raise DataError(
            [Problem(fact, found=f"no elevation at {east:.1f} E {north:.1f} N", remedy=remedy)]
        )
    return heights


def in_polygon(polygon: Any, low_m: float = -math.inf, high_m: float = math.inf) -> Inside:
    """Return the boundary that takes what lies in a polygon of the plan, between two elevations.

    Parameters
    ----------
    polygon : shapely.Polygon or MultiPolygon
        In the coordinates of the grid [m].
    low_m, high_m : float
        Elevations [m]; the lower one belongs to the body.

    Returns
    -------
    callable
        Takes points, shape (n, 3).
    """

    def inside(points: FloatArray) -> BoolArray:
        import shapely

        shapely.prepare(polygon)
        level = (points[:, 2] >= low_m) & (points[:, 2] < high_m)
        plan = shapely.contains_xy(polygon, points[:, 0], points[:, 1])
        return level & np.asarray(plan, dtype=np.bool_)

    return inside


def all_of(*boundaries: Inside) -> Inside:
    """Return the boundary that takes what lies within each of several.

    Parameters
    ----------
    *boundaries : callable
        At least one.

    Returns
    -------
    callable
        Takes points, shape (n, 3).
    """
    if not boundaries:
        raise ValueError("at least one boundary is needed")

    def inside(points: FloatArray) -> BoolArray:
        found = boundaries[0](points)
        for boundary in boundaries[1:]:
            found = found & boundary(points)
        return found

    return inside
