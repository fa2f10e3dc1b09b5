"""Which bodies and sticks stand in space where the map shows stopes, drillholes and samples?

Layers hold a stope in plan at half the height of its level, with the dips of its two walls: both
together are its body again. A sample is a stick as long as it was cut, along its hole.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from maps.layers import Layer

if TYPE_CHECKING:
    import geopandas as gpd

Row = Mapping[str, Any]
FloatArray = NDArray[np.float64]

#: Corners of a body in plan, and points of a trace that are kept: a hole bends slowly.
CORNERS, MOST_POINTS = 4, 24


def stope_bodies(layer: Layer, strike_deg: float | None) -> FloatArray:
    """Return the corners of the bodies of stopes.

    Parameters
    ----------
    layer : Layer
        Drawn stopes: plan at half height, elevations of the level, dips of the walls.
    strike_deg : float or None
        Strike of the frame, clockwise from north [degrees]; walls dip square to it. None draws
        vertical walls.

    Returns
    -------
    ndarray, shape (n, 8, 3)
        Easting, northing, elevation [m]: four corners of the floor, then the same of the roof.
        NaN for a stope that names no elevations or has not four corners in plan.
    """
    table = layer.features
    low, high = (_numbers(table, f"level_{end}_m") for end in ("low", "high"))
    near, far = (_numbers(table, f"{wall}_dip_deg") for wall in ("near", "far"))
    bodies = np.full((len(table), 2 * CORNERS, 3), np.nan)
    for i, shape in enumerate(table.geometry):
        ring = _ring(shape)
        if ring is None or not high[i] > low[i]:
            continue
        runs = _runs(ring, (near[i], far[i]), high[i] - low[i], strike_deg)
        bodies[i, :CORNERS, :2], bodies[i, CORNERS:, :2] = ring + runs / 2, ring - runs / 2
        bodies[i, :CORNERS, 2], bodies[i, CORNERS:, 2] = low[i], high[i]
    return bodies


def _ring(shape: Any) -> FloatArray | None:
    """Return the four corners of a plan, counter-clockwise; None where there are not four."""
    import shapely

    if shape is None or shape.geom_type != "Polygon" or shape.is_empty:
        return None
    outer = shapely.force_2d(shapely.geometry.polygon.orient(shape)).exterior
    points = np.asarray(outer.coords)[:-1]
    return points if len(points) == CORNERS else None


def _runs(
    ring: FloatArray, dips_deg: tuple[float, float], height_m: float, strike_deg: float | None
) -> FloatArray:
    """Return how far the foot of each corner lies from its head [m, east and north].

    Dips count from the near wall: below 90 degrees the foot lies further to the right of strike.
    """
    if strike_deg is None:
        return np.zeros_like(ring)
    across = np.array([math.cos(math.radians(strike_deg)), -math.sin(math.radians(strike_deg))])
    place = ring @ across
    of_far = place > place.mean()
    dips = np.where(of_far, dips_deg[1], dips_deg[0])
    run = height_m / np.tan(np.radians(np.where(np.isfinite(dips), dips, 90.0)))
    return np.asarray(run[:, None] * across)


def _numbers(table: gpd.GeoDataFrame, column: str) -> FloatArray:
    if column not in table.columns:
        return np.full(len(table), np.nan)
    return np.asarray(table[column].astype(float), dtype=np.float64)


def traces(layer: Layer) -> list[FloatArray]:
    """Return the course of every hole.

    Parameters
    ----------
    layer : Layer
        Drawn traces of drillholes, with elevations.

    Returns
    -------
    list of ndarray, shape (k, 3)
        Easting, northing, elevation [m] from the collar down, `MOST_POINTS` at most; (0, 3) for
        a hole without a course in space.
    """
    found = []
    for line in layer.features.geometry:
        if line is None or line.geom_type != "LineString" or not line.has_z:
            found.append(np.empty((0, 3)))
            continue
        points = np.asarray(line.coords, dtype=np.float64)
        some = np.unique(np.linspace(0, len(points) - 1, MOST_POINTS).round().astype(int))
        found.append(points[some])
    return found


def sticks(samples: Layer, holes: Layer | None) -> FloatArray:
    """Return both ends of every sample.

    Parameters
    ----------
    samples : Layer
        Composites: their middle in space, depths and hole.
    holes : Layer, optional
        Traces: a sample lies along its own at its depth; without one it hangs straight down.

    Returns
    -------
    ndarray, shape (n, 2, 3)
        Upper and lower end, easting, northing, elevation [m]; NaN without a place in space.
    """
    table = samples.features
    middle = np.full((len(table), 3), np.nan)
    placed = np.asarray(table.geometry.has_z & (table.geom_type == "Point"))
    for axis, part in enumerate("xyz"):
        middle[placed, axis] = getattr(table.geometry[placed], part)
    top, bottom = _numbers(table, "from_m"), _numbers(table, "to_m")
    down = np.tile([0.0, 0.0, -1.0], (len(table), 1))
    if holes is not None and "hole_id" in table.columns:
        names = [str(name) for name in table["hole_id"]]
        down = _directions(names, (top + bottom) / 2, _courses(holes))
    half = np.where(bottom > top, (bottom - top) / 2, 0.5)[:, None] * down
    return np.stack([middle - half, middle + half], axis=1)


def _courses(holes: Layer) -> dict[str, FloatArray]:
    named = holes.features["hole_id"] if "hole_id" in holes.features.columns else []
    return {
        str(name): np.asarray(line.coords, dtype=np.float64)
        for name, line in zip(named, holes.features.geometry, strict=False)
        if line is not None and line.geom_type == "LineString" and line.has_z
    }


def _directions(
    names: Sequence[str], depths_m: FloatArray, courses: Mapping[str, FloatArray]
) -> FloatArray:
    """Return the direction of each sample's hole at its depth, downwards, shape (n, 3)."""
    found = np.tile([0.0, 0.0, -1.0], (len(names), 1))
    of = np.asarray(names, dtype=object)
    for name in dict.fromkeys(names):
        course = courses.get(name)
        if course is None or len(course) < 2:
            continue
        legs = np.diff(course, axis=0)
        long = np.linalg.norm(legs, axis=1)
        legs, long = legs[long > 0], long[long > 0]
        if not len(legs):
            continue
        ours = np.flatnonzero(of == name)
        leg = np.searchsorted(np.cumsum(long), np.nan_to_num(depths_m[ours]))
        leg = np.minimum(leg, len(legs) - 1)
        found[ours] = legs[leg] / long[leg, None]
    return found
