"""How does a stope look in plan, cut at half its height, and in section, across the strike?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from planning.limits.stopes.frame import StopeFrame
from planning.limits.stopes.solids import corners
from planning.limits.stopes.stope import Stope

if TYPE_CHECKING:
    from shapely import Polygon

FloatArray = NDArray[np.float64]


def plan_corners(frame: StopeFrame, stopes: Sequence[Stope]) -> FloatArray:
    """Return the corners of stopes cut at half the height of their level.

    Parameters
    ----------
    frame : StopeFrame
        Where the stopes lie.
    stopes : sequence of Stope
        n stopes, with or without their skins.

    Returns
    -------
    ndarray, shape (n, 4, 2)
        Easting and northing [m], counter-clockwise.
    """
    body = corners(frame, stopes)
    near = (body[:, [0, 4]] + body[:, [3, 7]]) / 2.0
    far = (body[:, [1, 5]] + body[:, [2, 6]]) / 2.0
    # Along the near wall against strike, and back along the far wall: w lies right of strike.
    ring = np.stack([near[:, 1], near[:, 0], far[:, 0], far[:, 1]], axis=1)
    return np.ascontiguousarray(ring[:, :, :2])


def section_corners(frame: StopeFrame, stopes: Sequence[Stope]) -> FloatArray:
    """Return the corners of stopes in the section square to strike.

    Parameters
    ----------
    frame : StopeFrame
        Where the stopes lie.
    stopes : sequence of Stope
        n stopes, with or without their skins.

    Returns
    -------
    ndarray, shape (n, 4, 2)
        Distance across strike from the frame's origin (w) and elevation [m]: near wall foot, far
        wall foot, far wall head, near wall head.
    """
    ring = np.empty((len(stopes), 4, 2))
    for n, stope in enumerate(stopes):
        near_foot, near_head, far_foot, far_head = stope.walls_m
        ring[n, :, 0] = near_foot, far_foot, far_head, near_head
        floor = frame.floor_elevation_m(stope.level)
        ring[n, :2, 1], ring[n, 2:, 1] = floor, floor + frame.level_m
    return ring


def plan_polygons(frame: StopeFrame, stopes: Sequence[Stope]) -> list[Polygon]:
    """Return `plan_corners` as shapely polygons, in the coordinate system of the frame's origin.

    Parameters
    ----------
    frame : StopeFrame
        Where the stopes lie.
    stopes : sequence of Stope
        n stopes.

    Returns
    -------
    list of shapely.Polygon
        One a stope.
    """
    return _polygons(plan_corners(frame, stopes))


def section_polygons(frame: StopeFrame, stopes: Sequence[Stope]) -> list[Polygon]:
    """Return `section_corners` as shapely polygons, x across strike and y the elevation.

    Parameters
    ----------
    frame : StopeFrame
        Where the stopes lie.
    stopes : sequence of Stope
        n stopes.

    Returns
    -------
    list of shapely.Polygon
        One a stope.
    """
    return _polygons(section_corners(frame, stopes))


def _polygons(rings: FloatArray) -> list[Polygon]:
    """Turn rings into polygons."""
    from shapely import Polygon

    return [Polygon(ring) for ring in rings]
