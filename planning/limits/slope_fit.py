"""How steep do walls come out when whole blocks follow a slope?

Offsets to whole blocks cannot follow every angle. Summed without end, a pattern fills the cone over
the hull of its offsets' slopes; where a ray of some azimuth leaves that hull, the wall of that
azimuth stands. Whole blocks near a pit's floor may stand steeper than that, up to one block.
Sums of offsets only fill the hull, so the hull of all offsets in the cone is that of the few in the
pattern: how many levels a slope takes is found without making patterns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError
from deposits.grid import Grid
from planning.limits.patterns import Profile
from planning.limits.slope_checks import MOST_LEVELS, grid_problems, width_problems, zone_problems
from planning.limits.slopes import SlopeSector, SlopeZone, angles_at, cones, minimal_patterns

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: Levels that are tried for a slope, as far as the grid has benches.
LEVELS = (8, 12, 16, 20, 24, 32, 40, 48, 56, MOST_LEVELS)


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
        for part, (top, sectors) in enumerate(zip(tops, _parts(zone), strict=True)):
            pattern = minimal.pattern(_within(part, len(tops), grid.size_m[2], levels))
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


def levels_for(grid: Grid, zones: Mapping[int, SlopeZone], most_error_deg: float = 0.5) -> int:
    """Find the fewest levels with which no wall is much steeper than stated.

    Parameters
    ----------
    grid : Grid
        The blocks.
    zones : mapping of int to SlopeZone
        Slopes by zone number.
    most_error_deg : float
        By how much the wall of any azimuth may be too steep [degrees].

    Returns
    -------
    int
        The first of `LEVELS` that does, or all benches above the lowest one if there are fewer;
        where none does, the one with the least error, of equals the fewest levels.

    Raises
    ------
    DataError
        If the slopes cannot be right, or 8 levels make too wide a cone.

    Notes
    -----
    Walls are measured as `slope_fit` does, without its patterns.

    Examples
    --------
    >>> from planning.limits.slopes import uniform_slope
    >>> cubes = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 10.0), (60, 60, 40))
    >>> levels_for(cubes, {0: uniform_slope(45.0)}), levels_for(cubes, {0: uniform_slope(45.0)}, 2)
    (20, 8)
    """
    most = max(1, min(grid.shape[2] - 1, MOST_LEVELS))
    tried = [levels for levels in LEVELS if levels < most] + [most]
    problems = [*zone_problems(zones), *width_problems(grid, zones, tried[0])]
    if problems:
        raise DataError(problems)
    # Slopes that are too flat for many levels are followed over as many as they can be.
    tried = [levels for levels in tried if not [*width_problems(grid, zones, levels)]]
    errors: list[float] = []
    for error in _most_too_steep(grid, zones, tried):
        errors.append(error)
        if error <= most_error_deg:
            break
    return tried[int(np.argmin(errors))]


def _most_too_steep(
    grid: Grid, zones: Mapping[int, SlopeZone], tried: Sequence[int]
) -> Iterator[float]:
    """Give, for each number of levels, by how much the worst wall is too steep [degrees]."""
    azimuth = np.arange(360.0)
    parts = [
        (zone, part, sectors)
        for zone in zones.values()
        for part, sectors in enumerate(_parts(zone))
    ]
    hulls = [np.zeros((1, 2)) for _ in parts]
    before = 0
    for levels in tried:
        error = -np.inf
        for number, (zone, part, sectors) in enumerate(parts):
            cone_of = cones(grid, zone, levels)
            profile = _within(part, len(_parts(zone)), grid.size_m[2], levels)
            leans = [hulls[number]]
            for height in range(before + 1, levels + 1):
                leans.append(_outermost(grid, cone_of(profile[:height]), height))
            hulls[number] = _hull(np.concatenate(leans))
            achieved = _hull_angles(grid, hulls[number], azimuth)
            error = max(error, float((achieved - angles_at(sectors, azimuth)).max()))
        before = levels
        yield error


def _outermost(grid: Grid, cone: NDArray[np.bool_], height: int) -> FloatArray:
    """Return the leans of the first and the last offset of each column of a cone, shape (m, 2)."""
    columns = np.flatnonzero(cone.any(axis=1))
    first = cone[columns].argmax(axis=1)
    last = cone.shape[1] - 1 - cone[columns, ::-1].argmax(axis=1)
    corners = np.column_stack([np.tile(columns, 2), np.concatenate([first, last])])
    offsets = corners - np.array(cone.shape) // 2
    leans: FloatArray = offsets * np.array(grid.size_m[:2]) / (height * grid.size_m[2])
    return leans


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
    return _hull_angles(grid, _hull(leans), azimuth_deg)


def _hull_angles(grid: Grid, hull: FloatArray, azimuth_deg: FloatArray) -> FloatArray:
    """Slope of the walls over a hull of leans, by azimuth [degrees]."""
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


def _parts(zone: SlopeZone) -> list[tuple[SlopeSector, ...]]:
    """Sectors above all bands, then those of each band."""
    return [zone.sectors, *(band.sectors for band in zone.bands)]


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
