"""How steep may each wall stand, and which blocks above a block does that make it need?

A slope is the overall angle of a pit wall, from the horizontal [degrees]. It is stated by sectors
of azimuth, and by bands of elevation if it changes with depth, for each rock zone. The azimuth of a
wall is the direction from the pit's middle outwards, clockwise from north: a north wall stands at
azimuth 0. Within the levels that are followed (`levels` benches above it) a block needs every block
whose centre lies in the cone that the angles open upwards from its own centre, the cone's surface
included; what lies higher it needs only as far as the needed blocks need it in turn, and that cone
is somewhat narrower: walls come out steeper than stated, the more so the fewer the levels
(`planning.limits.slope_fit.levels_for` finds enough of them). Angles hold as stated within a
sector, nothing is interpolated; on the seam of two sectors the flatter angle counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError, Problem
from deposits.grid import Grid
from planning.limits.patterns import ConeOf, MinimalPatterns, Profile
from planning.limits.precedence import MOST_PATTERNS, ConePrecedence
from planning.limits.slope_checks import grid_problems, zone_problems

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ByteArray = NDArray[np.uint8]
#: Two azimuths closer than this are the same [degrees].
SEAM_DEG = 1e-9
#: A centre this close to the cone, as a part of its radius, lies in it.
ON_CONE = 1e-9


@dataclass(frozen=True, slots=True)
class SlopeSector:
    """Walls that face a range of azimuths, and their overall slope angle.

    Parameters
    ----------
    azimuth_from_deg, azimuth_to_deg : float
        Range of the wall's outward direction, clockwise from north, in [0, 360] [degrees]; a
        range may run through north (350 to 10); 0 to 360 is all around.
    angle_deg : float
        Overall slope angle from the horizontal, in (0, 90) [degrees].
    """

    azimuth_from_deg: float
    azimuth_to_deg: float
    angle_deg: float

    @property
    def width_deg(self) -> float:
        """Width of the range [degrees], in (0, 360]."""
        return (self.azimuth_to_deg - self.azimuth_from_deg) % 360.0 or 360.0

    def holds(self, azimuth_deg: ArrayLike) -> NDArray[np.bool_]:
        """Tell which azimuths lie in the range, its ends included."""
        turned = (np.asarray(azimuth_deg) - self.azimuth_from_deg) % 360.0
        inside: NDArray[np.bool_] = turned <= self.width_deg + SEAM_DEG
        return inside | (turned >= 360.0 - SEAM_DEG)


@dataclass(frozen=True, slots=True)
class SlopeBand:
    """Slopes below an elevation.

    Parameters
    ----------
    below_m : float
        Top of the band [m elevation]; it reaches down to the next lower band.
    sectors : tuple of SlopeSector
        All around, without gap or overlap.
    """

    below_m: float
    sectors: tuple[SlopeSector, ...]


@dataclass(frozen=True, slots=True)
class SlopeZone:
    """Slopes of the blocks of one rock zone.

    Parameters
    ----------
    sectors : tuple of SlopeSector
        Slopes above all bands; all around, without gap or overlap.
    bands : tuple of SlopeBand
        Slopes at depth, from the highest band to the lowest.
    """

    sectors: tuple[SlopeSector, ...]
    bands: tuple[SlopeBand, ...] = ()


def uniform_slope(angle_deg: float) -> SlopeZone:
    """Return a zone with one angle all around.

    Parameters
    ----------
    angle_deg : float
        Overall slope angle from the horizontal, in (0, 90) [degrees].

    Returns
    -------
    SlopeZone
        One sector, no bands.
    """
    return SlopeZone((SlopeSector(0.0, 360.0, angle_deg),))


def cone_precedence(
    grid: Grid,
    zones: Mapping[int, SlopeZone],
    zone_of_block: ArrayLike | None = None,
    levels: int = 8,
) -> ConePrecedence:
    """Turn slopes into the blocks that every block of a grid needs.

    Parameters
    ----------
    grid : Grid
        The blocks; any ratio of sizes, any azimuth.
    zones : mapping of int to SlopeZone
        Slopes of each rock zone, by the numbers in *zone_of_block*.
    zone_of_block : array of int, shape (n_blocks,), or None
        Rock zone of each block; None when there is one zone only.
    levels : int
        Benches above a block on which offsets are looked for, at least 1. More follow the angles
        closer and make more arcs: 8 leave walls up to 3 degrees too steep where sectors differ.
        `planning.limits.slope_fit.slope_fit` measures that, and
        `planning.limits.slope_fit.levels_for` finds the fewest that are close enough.

    Returns
    -------
    ConePrecedence
        Minimal patterns; a block has that of its zone and of the bands it stands below.

    Raises
    ------
    DataError
        If angles, sectors, bands or zone numbers cannot be right; all at once.

    Notes
    -----
    Through bands the cone's radius grows by dz / tan(angle) over each part dz of the rise from
    centre to centre. The cone of a block is drawn with the angles of the block's own rock zone;
    what a needed block needs in turn follows that block's zone. A cone that is the sum of smaller
    ones has no re-entrant sides: beside a flatter sector a steeper one becomes flatter than stated.

    Examples
    --------
    >>> grid = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 10.0), (20, 20, 10))
    >>> len(cone_precedence(grid, {0: uniform_slope(45.0)}).patterns[0])
    17
    """
    problems = [*zone_problems(zones), *grid_problems(grid, zones, zone_of_block, levels)]
    if problems:
        raise DataError(problems)
    nx, ny, nz = grid.shape
    numbers: dict[tuple[int, Profile], int] = {}
    patterns: list[IntArray] = []
    code = np.zeros((max(zones) + 1, nz), dtype=np.int64)
    for zone, slopes in sorted(zones.items()):
        minimal = minimal_patterns(grid, slopes, levels)
        for bench in range(nz):
            profile = profile_above(grid, slopes, bench, levels)
            if (zone, profile) not in numbers:
                numbers[zone, profile] = len(patterns)
                patterns.append(minimal.pattern(profile))
            code[zone, bench] = numbers[zone, profile]
    if len(patterns) > MOST_PATTERNS:
        raise DataError([_too_many_patterns(len(patterns))])
    if len(patterns) == 1:
        return ConePrecedence(grid.shape, tuple(patterns))
    rock = np.full(grid.n_blocks, min(zones)) if zone_of_block is None else zone_of_block
    by_bench = np.asarray(rock, dtype=np.int64).reshape(nz, ny * nx)
    chosen = code[by_bench, np.arange(nz)[:, None]].astype(np.uint8)
    return ConePrecedence(grid.shape, tuple(patterns), chosen.ravel())


def minimal_patterns(grid: Grid, slopes: SlopeZone, levels: int) -> MinimalPatterns:
    """Return the patterns of a zone's cones in a grid, to be asked for by profile.

    Parameters
    ----------
    grid : Grid
        The blocks.
    slopes : SlopeZone
        Slopes that `planning.limits.slope_checks.zone_problems` finds nothing wrong with.
    levels : int
        Most benches of a profile.

    Returns
    -------
    MinimalPatterns
        Cones with the grid's block sizes and azimuth.
    """
    return MinimalPatterns(cones(grid, slopes, levels))


def cones(grid: Grid, slopes: SlopeZone, levels: int) -> ConeOf:
    """Return what tells which offsets lie in a zone's cone at the top of a profile.

    Parameters
    ----------
    grid : Grid
        The blocks.
    slopes : SlopeZone
        Slopes that `planning.limits.slope_checks.zone_problems` finds nothing wrong with.
    levels : int
        Most benches of a profile.

    Returns
    -------
    callable
        Gives bool of shape (2 w + 1, 2 h + 1) for a profile, the block itself in the middle.
    """
    flattest = min(sector.angle_deg for part in _parts(slopes) for sector in part)
    radius = levels * grid.size_m[2] / math.tan(math.radians(flattest)) * (1 + ON_CONE)
    wide, long = (int(radius // size) for size in grid.size_m[:2])
    i, j = np.mgrid[-wide : wide + 1, -long : long + 1]
    east, north = i * grid.size_m[0], j * grid.size_m[1]
    azimuth = np.degrees(np.arctan2(east, north)) + grid.azimuth_deg
    across = np.hypot(east, north)
    per_metre = [1.0 / np.tan(np.radians(angles_at(part, azimuth))) for part in _parts(slopes)]

    def cone_of(profile: Profile) -> NDArray[np.bool_]:
        rises = np.sum(np.array(profile), axis=0).tolist()
        reach = sum(rise * cot for rise, cot in zip(rises, per_metre, strict=True))
        inside: NDArray[np.bool_] = across <= reach * (1 + ON_CONE)
        return inside

    return cone_of


def profile_above(grid: Grid, slopes: SlopeZone, bench: int, levels: int) -> Profile:
    """Return how much of each rise, from bench centre to bench centre, lies in each band [m].

    Parameters
    ----------
    grid : Grid
        The blocks; above its top the rises go on.
    slopes : SlopeZone
        Slopes with their bands.
    bench : int
        Bench of the block, from 0 at the bottom.
    levels : int
        Number of rises.

    Returns
    -------
    tuple
        For each rise its metres above all bands, then in each band.
    """
    height, bottom = grid.size_m[2], grid.origin_m[2]
    tops = [math.inf, *(band.below_m for band in slopes.bands)]
    rises = []
    for step in range(levels):
        low = bottom + (bench + step + 0.5) * height
        # Rounded to a nanometre, so that equal benches give equal profiles.
        below = [round(min(max(top - low, 0.0), height), 9) for top in [*tops, -math.inf]]
        rises.append(tuple(a - b for a, b in pairwise(below)))
    return tuple(rises)


def angles_at(sectors: Iterable[SlopeSector], azimuth_deg: ArrayLike) -> FloatArray:
    """Return the slope angle stated for each azimuth [degrees], the flatter one on a seam.

    Parameters
    ----------
    sectors : iterable of SlopeSector
        All around, without gap.
    azimuth_deg : array
        Outward directions of walls, clockwise from north [degrees].

    Returns
    -------
    array, same shape
        Overall slope angles [degrees].
    """
    azimuth = np.asarray(azimuth_deg, dtype=np.float64)
    angles = np.full(azimuth.shape, np.inf)
    for sector in sectors:
        angles = np.where(sector.holds(azimuth), np.minimum(angles, sector.angle_deg), angles)
    return angles


def _parts(slopes: SlopeZone) -> list[tuple[SlopeSector, ...]]:
    """Sectors above all bands, then those of each band."""
    return [slopes.sectors, *(band.sectors for band in slopes.bands)]


def _too_many_patterns(found: int) -> Problem:
    return Problem(
        "zones and bands make too many different cones",
        "slopes",
        f"{found}",
        f"{MOST_PATTERNS} at most",
        "Every band edge adds a cone for each of the levels below it; take fewer levels or bands.",
    )
