"""Can these slopes be right: angles, sectors all around, bands downwards, a slope for each zone?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from deposits.errors import Problem
from deposits.grid import Grid

#: Azimuths closer than this meet [degrees].
MEET_DEG = 1e-6
#: Widest cone that is worked out, in blocks of its top bench; flatter slopes are refused.
WIDEST = 4_000_000
#: Rock zones are numbered in a byte.
MOST_ZONE = 255
#: Most benches on which offsets are looked for.
MOST_LEVELS = 64


class Sector(Protocol):
    """Read of a sector: its range and its angle."""

    @property
    def azimuth_from_deg(self) -> float:
        """Where the range begins [degrees]."""

    @property
    def azimuth_to_deg(self) -> float:
        """Where the range ends [degrees]."""

    @property
    def angle_deg(self) -> float:
        """Overall slope angle [degrees]."""


class Band(Protocol):
    """Read of a band: its top and its sectors."""

    @property
    def below_m(self) -> float:
        """Top of the band [m elevation]."""

    @property
    def sectors(self) -> Sequence[Sector]:
        """Sectors below that."""


class Zone(Protocol):
    """Read of a zone: its sectors and its bands."""

    @property
    def sectors(self) -> Sequence[Sector]:
        """Sectors above all bands."""

    @property
    def bands(self) -> Sequence[Band]:
        """Bands from the highest to the lowest."""


def zone_problems(
    zones: Mapping[int, Zone], place: str = "", names: Mapping[int, str] | None = None
) -> list[Problem]:
    """Return what is wrong with slopes by themselves.

    Parameters
    ----------
    zones : mapping of int to SlopeZone
        Slopes by zone number.
    place : str
        Where they are written, such as "study.toml, key pit.slopes"; it comes before the zone.
    names : mapping of int to str, optional
        What zones are called; "" leaves a zone unnamed, where there is only one. Numbers stand for
        those that are missing here.

    Returns
    -------
    list of Problem
        Angles outside (0, 90), azimuths outside [0, 360], gaps, overlaps, bands out of order.
    """
    if not zones:
        remedy = "State one slope angle all around, from azimuth 0 to 360."
        return [
            Problem("there is no slope at all", place or "slopes", "none", "at least one", remedy)
        ]
    problems: list[Problem] = []
    for number, zone in sorted(zones.items()):
        named = _named(number, place, names)
        if not 0 <= number <= MOST_ZONE:
            remedy, allowed = "Number the zones anew.", f"0 to {MOST_ZONE}"
            problems.append(
                Problem("a zone number", place or "slopes", f"{number}", allowed, remedy)
            )
        problems += sector_problems(zone.sectors, named)
        tops = [band.below_m for band in zone.bands]
        for order, band in enumerate(zone.bands):
            below = f"{named}, band below {band.below_m:g} m"
            problems += sector_problems(band.sectors, below)
            if not math.isfinite(band.below_m) or (order and not band.below_m < tops[order - 1]):
                found = ", ".join(f"{top:g}" for top in tops) + " m"
                allowed, remedy = "finite and falling", "Write the highest band first."
                fact = "bands run from above downwards"
                problems.append(Problem(fact, below, found, allowed, remedy))
    return problems


def _named(number: int, place: str, names: Mapping[int, str] | None) -> str:
    """Say where a zone is written, and which it is."""
    name = str(number) if names is None else names.get(number, str(number))
    zone = f"zone {name}" if name else ""
    return ", ".join(filter(None, (place, zone))) or "slopes"


def sector_problems(sectors: Sequence[Sector], place: str) -> list[Problem]:
    """Return what is wrong with sectors that should go once around.

    Parameters
    ----------
    sectors : sequence of SlopeSector
        In any order.
    place : str
        File, key, zone and band, for the messages.

    Returns
    -------
    list of Problem
        Every wrong angle and azimuth; gaps and overlaps when the azimuths can be right.
    """
    if not sectors:
        remedy = "State an angle for every azimuth, such as one from 0 to 360."
        return [Problem("there is no sector", place, "none", "sectors all around", remedy)]
    problems: list[Problem] = []
    for sector in sectors:
        named = f"{place}, azimuth {sector.azimuth_from_deg:g} to {sector.azimuth_to_deg:g}"
        if not 0 < sector.angle_deg < 90:
            problems.append(
                Problem(
                    "a wall can be neither flat nor upright",
                    named,
                    f"{sector.angle_deg:g} degrees",
                    "above 0 and below 90 degrees from the horizontal",
                    "Write the overall slope angle in degrees.",
                )
            )
        ends = (sector.azimuth_from_deg, sector.azimuth_to_deg)
        if not all(0 <= end <= 360 for end in ends) or ends[0] == ends[1]:
            remedy = "All around is 0 to 360."
            found = f"{ends[0]:g} to {ends[1]:g}"
            problems.append(
                Problem(
                    "a range of azimuths", named, found, "two different ones in [0, 360]", remedy
                )
            )
    wrong_azimuths = any("range of azimuths" in problem.fact for problem in problems)
    return problems if wrong_azimuths else [*problems, *_seam_problems(sectors, place)]


def grid_problems(
    grid: Grid,
    zones: Mapping[int, Zone],
    zone_of_block: ArrayLike | None,
    levels: int,
    place: str = "",
    names: Mapping[int, str] | None = None,
) -> list[Problem]:
    """Return what is wrong with slopes in this grid.

    Parameters
    ----------
    grid : Grid
        The blocks.
    zones : mapping of int to SlopeZone
        Slopes by zone number.
    zone_of_block : array of int, shape (n_blocks,), or None
        Rock zone of each block.
    levels : int
        Benches on which offsets are looked for.
    place, names : str, mapping of int to str
        As `zone_problems` takes them.

    Returns
    -------
    list of Problem
        Levels out of range, zone numbers without a slope, slopes too flat for so many levels.
    """
    problems: list[Problem] = []
    if not 1 <= levels <= MOST_LEVELS:
        fact, allowed = "levels of the slope pattern", f"1 to {MOST_LEVELS}"
        remedy = "8 follow slopes roughly, 20 closely."
        problems.append(Problem(fact, place or "slopes", f"{levels}", allowed, remedy))
    else:
        problems += width_problems(grid, zones, levels, place, names)
    if zone_of_block is None:
        if len(zones) > 1:
            remedy = "Say which block lies in which zone."
            found = ", ".join(str(zone) for zone in sorted(zones))
            where = place or "slopes"
            problems.append(Problem("no zones of blocks", where, found, "one zone", remedy))
        return problems
    rock = np.asarray(zone_of_block)
    if rock.shape != (grid.n_blocks,) or rock.dtype.kind not in "iu":
        found = f"{rock.dtype} of shape {rock.shape}"
        allowed = f"whole numbers of shape ({grid.n_blocks},)"
        remedy = "Give every block the number of its zone."
        fact = "one zone number a block"
        return [*problems, Problem(fact, place or "zones of blocks", found, allowed, remedy)]
    numbers, counts = np.unique(rock, return_counts=True)
    for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
        if number not in zones:
            where = f"{_named(number, place, names)}, {count:,} blocks"
            known = "zones " + ", ".join(str(zone) for zone in sorted(zones))
            remedy = "Give that zone a slope, air too."
            problems.append(Problem("a zone has no slope", where, f"{number}", known, remedy))
    return problems


def width_problems(
    grid: Grid,
    zones: Mapping[int, Zone],
    levels: int,
    place: str = "",
    names: Mapping[int, str] | None = None,
) -> Iterable[Problem]:
    """Find slopes too flat for so many levels: their cones would have too many blocks.

    Parameters
    ----------
    grid : Grid
        The blocks.
    zones : mapping of int to SlopeZone
        Slopes by zone number; angles that cannot be right are passed over.
    levels : int
        Benches on which offsets are looked for.
    place, names : str, mapping of int to str
        As `zone_problems` takes them.

    Yields
    ------
    Problem
        One a zone.
    """
    for number, zone in sorted(zones.items()):
        sectors = [*zone.sectors, *(s for band in zone.bands for s in band.sectors)]
        angles = [s.angle_deg for s in sectors if 0 < s.angle_deg < 90]
        if not angles:
            continue
        radius = levels * grid.size_m[2] / math.tan(math.radians(min(angles)))
        blocks = 4 * radius**2 / (grid.size_m[0] * grid.size_m[1])
        if blocks > WIDEST:
            yield Problem(
                "the slope is so flat that its cone has too many blocks",
                _named(number, place, names),
                f"{min(angles):g} degrees, {blocks:.2g} blocks on bench {levels}",
                f"up to {WIDEST:,}",
                "Take fewer levels, or larger blocks.",
            )


def _seam_problems(sectors: Sequence[Sector], place: str) -> Iterable[Problem]:
    """Gaps and overlaps between one sector's end and the next one's beginning."""
    if len(sectors) == 1:
        ends = sectors[0].azimuth_from_deg, sectors[0].azimuth_to_deg
        turn = (ends[1] - ends[0]) % 360
        if min(turn, 360 - turn) > MEET_DEG:
            yield _gap(place, ends[1], ends[0])
        return
    ordered = sorted(sectors, key=lambda sector: sector.azimuth_from_deg % 360)
    for sector, after in zip(ordered, [*ordered[1:], ordered[0]], strict=True):
        begin = sector.azimuth_from_deg
        width = (sector.azimuth_to_deg - begin) % 360 or 360.0
        room = (after.azimuth_from_deg - begin) % 360
        if width < room - MEET_DEG:
            yield _gap(place, sector.azimuth_to_deg, after.azimuth_from_deg)
        elif width > room + MEET_DEG:
            yield Problem(
                "sectors overlap",
                place,
                f"{begin:g} to {sector.azimuth_to_deg:g} and from {after.azimuth_from_deg:g}",
                "each azimuth in one sector",
                "End each sector where the next begins.",
            )


def _gap(place: str, begin: float, end: float) -> Problem:
    return Problem(
        "sectors leave a gap",
        place,
        f"no slope from azimuth {begin:g} to {end:g}",
        "sectors all around",
        "End each sector where the next begins.",
    )
