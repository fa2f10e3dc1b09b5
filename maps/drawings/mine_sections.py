"""Where along the strike is which section of the stopes, so that its number is found on the map?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from maps.layers import Layer

Row = Mapping[str, Any]
Point = tuple[float, float]

#: Clear ground between the outermost wall of a level and its row of numbers [m].
CLEAR_M = 6.0

#: Decimals of degrees: 0.1 m.
DECIMALS = 6


def rows_of_numbers(
    layer: Layer, summary: Row, places: Sequence[int]
) -> dict[str, dict[str, Any]] | None:
    """Lay the numbers of sections in a straight row beside the stopes of each level.

    Parameters
    ----------
    layer : Layer
        Drawn stopes, with the number of their section.
    summary : mapping
        The study's ``summary.json``: strike and length of the sections of its frame.
    places : sequence of int
        Level of every stope, shape (n,), -1 for none.

    Returns
    -------
    dict or None
        Level as text, "all" for all together -> ``first`` and ``last`` (numbers of sections),
        ``from`` and ``to`` (middles of these sections beside the stopes, on the side to which the
        frame's walls count up) and ``back`` (the middle of the first on the other side), each
        latitude and longitude [degrees, WGS 84]; None where no frame or no number is known.
    """
    frame = ((summary.get("mine") or {}).get("stopes") or {}).get("frame") or {}
    strike, length = frame.get("strike_deg"), frame.get("section_m")
    if strike is None or not length or "section" not in layer.features.columns:
        return None
    known = [
        (number, place, _along_and_across(shape, float(strike)))
        for number, place, shape in zip(
            map(_whole, layer.features["section"]), places, layer.features.geometry, strict=True
        )
        if number is not None and shape is not None and not shape.is_empty
    ]
    if not known:
        return None
    # Sections are equally long: each stope tells where section 0 would be.
    starts = sorted(sum(along) / 2 - float(length) * number for number, _, (along, _) in known)
    start = starts[len(starts) // 2]
    wanted: dict[str, list[tuple[int, Any]]] = {"all": [(n, box) for n, _, box in known]}
    for number, place, box in known:
        if place >= 0:
            wanted.setdefault(str(place), []).append((number, box))
    return {
        level: _row(found, start, float(length), float(strike), layer.features.crs)
        for level, found in wanted.items()
    }


def _row(
    found: Sequence[tuple[int, Any]], start: float, length: float, strike: float, crs: Any
) -> dict[str, Any]:
    first, last = min(n for n, _ in found), max(n for n, _ in found)
    near = min(across[0] for _, (_, across) in found) - CLEAR_M
    far = max(across[1] for _, (_, across) in found) + CLEAR_M
    ends = [(start + length * n, w) for n, w in ((first, far), (last, far), (first, near))]
    at = _to_degrees([_to_world(u, w, strike) for u, w in ends], crs)
    return {"first": first, "last": last, "from": at[0], "to": at[1], "back": at[2]}


def _along_and_across(shape: Any, strike: float) -> tuple[Point, Point]:
    """Return the ends of a shape along strike and across it, to the right of strike [m]."""
    import shapely

    points = shapely.get_coordinates(shape)
    east, north = points[:, 0], points[:, 1]
    sin, cos = math.sin(math.radians(strike)), math.cos(math.radians(strike))
    along, across = sin * east + cos * north, cos * east - sin * north
    return (float(along.min()), float(along.max())), (float(across.min()), float(across.max()))


def _to_world(along: float, across: float, strike: float) -> Point:
    sin, cos = math.sin(math.radians(strike)), math.cos(math.radians(strike))
    return sin * along + cos * across, cos * along - sin * across


def _to_degrees(points: Sequence[Point], crs: Any) -> list[list[float]]:
    import geopandas as gpd

    ground = gpd.GeoSeries.from_xy([p[0] for p in points], [p[1] for p in points], crs=crs)
    return [[round(p.y, DECIMALS), round(p.x, DECIMALS)] for p in ground.to_crs(4326)]


def _whole(value: Any) -> int | None:
    """Return the number of a section, None for a name or nothing."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return int(number) if number.is_integer() else None
