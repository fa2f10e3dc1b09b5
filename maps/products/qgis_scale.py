"""At which scale is a map printed, what are its lines of coordinates, and where is true north?"""

from __future__ import annotations

import math
from typing import Any

from maps.languages import Translate

Box = tuple[float, float, float, float]

#: Left, top, width and height of the map on its sheet [mm].
MAP = (10.0, 26.0, 290.0, 241.0)
#: First figures of a scale that a scale rule has: 1:2,000, 1:2,500, 1:4,000, ...
SCALES = (1.0, 1.25, 2.0, 2.5, 4.0, 5.0, 7.5)
#: Part of a box that is left around what is shown.
MARGIN = 0.02
#: Angle between two norths that is not told [degrees].
SAME_DEG = 0.005


def shaped(box: Box) -> Box:
    """Widen a box about its middle to the shape of the map of a sheet, at a scale of a scale rule.

    Parameters
    ----------
    box : tuple = (west, south, east, north)
        What must be seen [m].

    Returns
    -------
    tuple = (west, south, east, north)
        What is printed [m].

    Examples
    --------
    >>> west, south, east, north = shaped((0.0, 0.0, 500.0, 500.0))
    >>> round((east - west) / 0.29), round((north - south) / 0.241)
    (2500, 2500)
    """
    west, south, east, north = box
    room = 1.0 + MARGIN
    wide, high = max(east - west, 1.0) * room, max(north - south, 1.0) * room
    scale = rounded_up(max(wide / MAP[2], high / MAP[3]) * 1000.0)
    wide, high = scale * MAP[2] / 1000.0, scale * MAP[3] / 1000.0
    x, y = (west + east) / 2, (south + north) / 2
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def rounded_up(scale: float) -> float:
    """Return the next scale that a scale rule has.

    Examples
    --------
    >>> rounded_up(3601.0), rounded_up(2500.0), rounded_up(80_000.0)
    (4000.0, 2500.0, 100000.0)
    """
    power = 10.0 ** math.floor(math.log10(scale))
    found = (first * power * ten for ten in (1.0, 10.0) for first in SCALES)
    return next(one for one in found if one >= scale * (1.0 - 1e-9))


def rounded_down(metres: float) -> float:
    """Round down to 1, 2 or 5 times a power of ten, at least 1.

    Examples
    --------
    >>> rounded_down(4999.0), rounded_down(5000.0)
    (2000.0, 5000.0)
    """
    power = 10.0 ** (len(f"{max(int(metres), 1)}") - 1)
    return max(m * power for m in (1.0, 2.0, 5.0) if m * power <= max(metres, 1.0))


def system_in_words(crs: Any, say: Translate) -> str:
    """Name a reference system with its code.

    Parameters
    ----------
    crs : pyproj.CRS
        The system of the project.
    say : callable
        Writes labels in the language of the study.

    Returns
    -------
    str
        Such as "WGS 84 / UTM zone 42N (EPSG:32642), m".
    """
    authority = crs.to_authority()
    code = f" ({':'.join(authority)})" if authority and ":".join(authority) != crs.name else ""
    return f"{crs.name}{code}, {say('m')}"


def north_in_words(crs: Any, box: Box, say: Translate) -> str:
    """Say what the arrow shows, and how far true north is from it in the middle of the map.

    Parameters
    ----------
    crs : pyproj.CRS
        The system of the project.
    box : tuple = (west, south, east, north)
        What is printed [m].
    say : callable
        Writes labels in the language of the study.

    Returns
    -------
    str
        A sentence or two.
    """
    turned = true_north_deg(crs, ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))
    arrow = say("The arrow shows grid north.")
    if turned is None:
        return arrow
    if abs(turned) < SAME_DEG:
        return f"{arrow} {say('True north is the same here.')}"
    side = "east" if turned >= 0.0 else "west"
    return f"{arrow} {say(f'True north lies {abs(turned):.2f}° {side} of it here.')}"


def true_north_deg(crs: Any, place: tuple[float, float]) -> float | None:
    """Return where true north lies from grid north, clockwise [degrees]; None if it is not known.

    Parameters
    ----------
    crs : pyproj.CRS
        A projected system.
    place : tuple = (easting, northing)
        Where [m].

    Returns
    -------
    float or None
        Such as 0.3 where a meridian leans to the east on the map.

    Examples
    --------
    >>> import pyproj
    >>> round(true_north_deg(pyproj.CRS(32642), (500_000.0, 4_300_000.0)), 6)
    0.0
    """
    import pyproj

    if crs.geodetic_crs is None or not crs.is_projected:
        return None
    to_map = pyproj.Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True)
    longitude, latitude = to_map.transform(*place, direction="INVERSE")
    step = 1e-3
    ends = [to_map.transform(longitude, latitude + d) for d in (-step, step)]
    east, north = (ends[1][axis] - ends[0][axis] for axis in (0, 1))
    if not (math.isfinite(east) and math.isfinite(north)):
        return None
    return math.degrees(math.atan2(east, north))
