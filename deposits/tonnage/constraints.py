"""Which blocks lie inside a polygon, a pit or a level?

Each region answers for block centres; a closed mesh answers for itself. Whole blocks are in or
out: proportions belong in a fraction field.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.tonnage.request import Region

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]


class Surface(Protocol):
    """A surface that knows its elevation."""

    def elevation_at(self, xy: FloatArray) -> FloatArray:
        """Elevation [m] at each point, shape (n, 2); NaN off the surface."""


@dataclass(frozen=True, slots=True)
class Polygon:
    """A plan outline between two elevations.

    Parameters
    ----------
    outline : shapely geometry or array_like (n, 2)
        Easting, northing [m]; the edge is inside.
    bottom_m, top_m : float
        Elevations [m]; the bottom is inside, the top is not, so that levels do not overlap.
    """

    outline: Any
    bottom_m: float = -math.inf
    top_m: float = math.inf

    def contains(self, points: ArrayLike) -> BoolArray:
        """Say of each point, shape (n, 3) [m], whether it lies inside."""
        import shapely

        xyz = np.asarray(points, dtype=float)
        area = self.outline
        if not isinstance(area, shapely.Geometry):
            area = shapely.Polygon(np.asarray(area, dtype=float))
        shapely.prepare(area)
        level = (xyz[:, 2] >= self.bottom_m) & (xyz[:, 2] < self.top_m)
        return np.asarray(level & shapely.intersects_xy(area, xyz[:, 0], xyz[:, 1]))


@dataclass(frozen=True, slots=True)
class AboveSurface:
    """What lies at or above a surface: a pit. Off the surface is outside.

    Parameters
    ----------
    surface : Surface
        For example a mesh of the pit.
    """

    surface: Surface

    def contains(self, points: ArrayLike) -> BoolArray:
        """Say of each point, shape (n, 3) [m], whether it lies inside."""
        xyz = np.asarray(points, dtype=float)
        return np.asarray(xyz[:, 2] >= self.surface.elevation_at(xyz[:, :2]))


@dataclass(frozen=True, slots=True)
class BelowSurface:
    """What lies below a surface: the ground under a topography. Off the surface is outside.

    Parameters
    ----------
    surface : Surface
        For example a mesh of the topography.
    """

    surface: Surface

    def contains(self, points: ArrayLike) -> BoolArray:
        """Say of each point, shape (n, 3) [m], whether it lies inside."""
        xyz = np.asarray(points, dtype=float)
        return np.asarray(xyz[:, 2] < self.surface.elevation_at(xyz[:, :2]))


@dataclass(frozen=True, slots=True)
class InAll:
    """What lies in every one of several regions.

    Parameters
    ----------
    regions : sequence of Region
        At least one.
    """

    regions: Sequence[Region]

    def contains(self, points: ArrayLike) -> BoolArray:
        """Say of each point, shape (n, 3) [m], whether it lies inside."""
        xyz = np.asarray(points, dtype=float)
        return np.asarray(np.logical_and.reduce([region.contains(xyz) for region in self.regions]))


@dataclass(frozen=True, slots=True)
class InAny:
    """What lies in at least one of several regions, such as the stopes of a level.

    Parameters
    ----------
    regions : sequence of Region
        At least one.
    """

    regions: Sequence[Region]

    def contains(self, points: ArrayLike) -> BoolArray:
        """Say of each point, shape (n, 3) [m], whether it lies inside."""
        xyz = np.asarray(points, dtype=float)
        return np.asarray(np.logical_or.reduce([region.contains(xyz) for region in self.regions]))
