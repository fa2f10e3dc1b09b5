"""How steep do walls come out when whole blocks follow a slope?

Offsets to whole blocks cannot follow every angle. Summed without end, a pattern fills the cone over
the hull of its offsets' slopes; where a ray of some azimuth leaves that hull, the wall of that
azimuth stands. Whole blocks near a pit's floor may stand steeper than that, up to one block.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError
from deposits.grid import Grid
from planning.limits.patterns import Profile
from planning.limits.slope_checks import grid_problems, zone_problems
from planning.limits.slopes import SlopeZone, angles_at, minimal_patterns

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class SlopeFit:
    """Stated and achieved slopes by zone, band and azimuth.

    Parameters
    ----------
    table : pandas.DataFrame
        ``zone``, ``below_m`` (NaN above all bands), ``azimuth_deg``, ``stated_deg``,
        ``achieved_deg``, ``error_deg`` (achieved less stated: above 0 is too steep),
        ``offsets`` (how many the pattern has, away from band edges).
    """

    table: pd.DataFrame

    def facts(self) -> list[Fact]:
        """Say what a reader wants to know first."""
        errors = self.table["error_deg"]
        facts = [
            Fact("offsets a block, at most", f"{self.table['offsets'].max()}"),
            Fact("mean size of the slope error", f"{errors.abs().mean():.2f} degrees"),
        ]
        for name, row in (("steep", int(errors.argmax())), ("flat", int(errors.argmin()))):
            at = self.table.iloc[row]
            words = (
                f"{abs(at['error_deg']):.2f} degrees, at azimuth {at['azimuth_deg']:g}: "
                f"{at['achieved_deg']:.2f} for {at['stated_deg']:g} in zone {at['zone']:g}"
            )
            sign = 1 if name == "steep" else -1
            none = f"no wall is too {name}"
            facts.append(Fact(f"most too {name}", words if sign * at["error_deg"] > 0 else none))
        return facts

    def __str__(self) -> str:
        return as_text("Slopes achieved", self.facts())

    def _repr_html_(self) -> str:
        return as_html("Slopes achieved", self.facts())


def slope_fit(grid: Grid, zones: Mapping[int, SlopeZone], levels: int = 8) -> SlopeFit:
    """Measure the slopes that the patterns of `cone_precedence` achieve, degree by degree.

    Parameters
    ----------
    grid : Grid
        The blocks.
    zones : mapping of int to SlopeZone
        Slopes by zone number.
    levels : int
        As given to `planning.limits.slopes.cone_precedence`.

    Returns
    -------
    SlopeFit
        360 azimuths for each zone and band, each as if it had no end above.

    Raises
    ------
    DataError
        If the slopes cannot be right.

    Examples
    --------
    >>> from planning.limits.slopes import uniform_slope
    >>> cubes = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 10.0), (9, 9, 9))
    >>> print(slope_fit(cubes, {0: uniform_slope(45.0)}))
    Slopes achieved
    ---------------
    offsets a block, at most      17
    mean size of the slope error  0.86 degrees
    most too steep                1.51 degrees, at azimuth 72: 46.51 for 45 in zone 0
    most too flat                 no wall is too flat
    """
    everywhere = np.full(grid.n_blocks, min(zones, default=0)) if len(zones) > 1 else None
    problems = [*zone_problems(zones), *grid_problems(grid, zones, everywhere, levels)]
    if problems:
        raise DataError(problems)
    azimuth = np.arange(360.0)
    tables = []
    for number, zone in sorted(zones.items()):
        minimal = minimal_patterns(grid, zone, levels)
        tops = [np.nan, *(band.below_m for band in zone.bands)]
        for part, top in enumerate(tops):
            pattern = minimal.pattern(_within(part, len(tops), grid.size_m[2], levels))
            sectors = zone.bands[part - 1].sectors if part else zone.sectors
            stated = angles_at(sectors, azimuth)
            achieved = achieved_angles(grid, pattern, azimuth)
            columns = {
                "zone": number,
                "below_m": top,
                "azimuth_deg": azimuth,
                "stated_deg": stated,
                "achieved_deg": achieved,
                "error_deg": achieved - stated,
                "offsets": len(pattern),
            }
            tables.append(pd.DataFrame(columns))
    return SlopeFit(pd.concat(tables, ignore_index=True))


def achieved_angles(grid: Grid, pattern: IntArray, azimuth_deg: FloatArray) -> FloatArray:
    """Return the slope of the walls that a pattern makes, summed without end [degrees].

    Parameters
    ----------
    grid : Grid
        The blocks.
    pattern : array of int, shape (m, 3)
        Offsets (di, dj, dk); the one straight up among them.
    azimuth_deg : array, shape (k,)
        Outward directions of walls, clockwise from north [degrees].

    Returns
    -------
    array, shape (k,)
        Angles from the horizontal; 90 where the pattern does not lean outwards at all.
    """
    dx, dy, dz = grid.size_m
    leans = np.column_stack([pattern[:, 0] * dx, pattern[:, 1] * dy]) / (pattern[:, 2:] * dz)
    hull = _hull(leans)
    turned = np.radians(azimuth_deg - grid.azimuth_deg)
    rays = np.column_stack([np.sin(turned), np.cos(turned)])
    if len(hull) < 3:
        return _flat_hull_angles(hull, rays)
    reach = np.full(len(rays), np.inf)
    for start, end in zip(hull, np.roll(hull, -1, axis=0), strict=True):
        outward = np.array([end[1] - start[1], start[0] - end[0]])
        speed = rays @ outward
        leaves = speed > 1e-12
        exit_at = np.divide(outward @ start, speed, out=np.full(len(rays), np.inf), where=leaves)
        reach = np.minimum(reach, exit_at)
    reach = np.where(np.isfinite(reach), np.maximum(reach, 0.0), 0.0)
    angles: FloatArray = np.degrees(np.arctan2(1.0, reach))
    return angles


def _flat_hull_angles(hull: FloatArray, rays: FloatArray) -> FloatArray:
    """Slopes where all offsets lie in one vertical plane: upright but in that plane."""
    reach = np.zeros(len(rays))
    for point in hull:
        along = np.abs(rays[:, 0] * point[1] - rays[:, 1] * point[0]) < 1e-9
        reach = np.where(along, np.maximum(reach, rays @ point), reach)
    angles: FloatArray = np.degrees(np.arctan2(1.0, reach))
    return angles


def _within(part: int, parts: int, height: float, levels: int) -> Profile:
    """Return the profile of a block all of whose rises lie in one band."""
    rise = tuple(height if other == part else 0.0 for other in range(parts))
    return (rise,) * levels


def _hull(points: FloatArray) -> FloatArray:
    """Return the corners of the convex hull, counter-clockwise (monotone chain)."""
    ordered = sorted({(float(x), float(y)) for x, y in points})
    corners: list[tuple[float, float]] = []
    for row in (ordered, ordered[::-1]):
        half: list[tuple[float, float]] = []
        for point in row:
            while len(half) > 1 and _turn(half[-2], half[-1], point) <= 0:
                half.pop()
            half.append(point)
        corners += half[:-1]
    return np.array(corners or ordered)


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    """Above 0 when a, b, c turn left."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
