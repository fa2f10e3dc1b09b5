"""What are the things called that the validation page draws: elements, axes, models, sources?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from deposits.orientation import rotation_matrix
from maps.wording import NOT_KNOWN, number, words_for

Row = Mapping[str, Any]

#: Axes of continuity, from the longest reach to the shortest.
AXES = {
    "major": "major axis (longest continuity)",
    "semi": "semi-major axis",
    "minor": "minor axis (shortest continuity)",
}

#: Variogram structures; the practical range is where a model without a sill-point reaches 95 %.
STRUCTURES = {
    "spherical": "spherical",
    "exponential": "exponential",
    "gaussian": "Gaussian",
    "cubic": "cubic",
    "linear": "linear (without a sill)",
}

#: Which estimate or sample set a line stands for.
CURVE_NAMES = {
    "samples": "samples",
    "discrete gaussian": "blocks foretold by the discrete Gaussian model",
    "affine": "blocks foretold by the affine correction",
    "model": "blocks of the model",
}

#: What a neighbourhood analysis varies, and what its options count.
VARIED = {
    "block size": "Block size",
    "most samples": "Most samples of an estimate",
    "search range": "Reach of the search",
    "discretisation": "Points that a block is divided into",
}

#: Directions of swaths that need more than a capital letter.
DIRECTIONS = {
    "easting": "Easting (X)",
    "northing": "Northing (Y)",
    "elevation": "Elevation (Z)",
}

POINTS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


def finite(value: object) -> float | None:
    """Return a number that can be drawn; None for null, NaN, infinity, texts and yes/no."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def listed(value: object) -> list[Row]:
    """Return the rows of a list of mappings, none of anything else."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    return [row for row in value if isinstance(row, Mapping)]


def readable(name: object) -> str:
    """Write a name of a file or a source as words; empty is "not known".

    Examples
    --------
    >>> readable("nearest_neighbour"), readable(None)
    ('nearest neighbour', 'not known')
    """
    return str(name).replace("_", " ").strip() or NOT_KNOWN if name is not None else NOT_KNOWN


def capital(words: str) -> str:
    """Begin with a capital letter."""
    return words[:1].upper() + words[1:]


def element_words(summary: Row, element: object) -> tuple[str, str]:
    """Return what an element's grade is called and its unit.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``; its own words under ``drilling.elements`` go first.
    element : object
        Column of the grade.

    Returns
    -------
    tuple of str
        Such as ("Antimony grade", "% Sb").
    """
    drilling = summary.get("drilling")
    for one in listed(drilling.get("elements") if isinstance(drilling, Mapping) else None):
        if one.get("name") == element and one.get("label"):
            return capital(str(one["label"])), str(one.get("unit") or "")
    return words_for(str(element))


def with_unit(words: tuple[str, str]) -> str:
    """Write words and unit as an axis title: "Antimony grade, % Sb"."""
    return ", ".join(part for part in words if part)


def bearing(azimuth_deg: float) -> str:
    """Write an azimuth with the point of the compass nearest to it.

    Examples
    --------
    >>> bearing(50.0), bearing(-10.0)
    ('50° (north-east)', '350° (north)')
    """
    turned = azimuth_deg % 360.0
    return f"{turned:.0f}° ({POINTS[round(turned / 45.0) % 8]})"


def orientation(azimuth_deg: object, dip_deg: object, rake_deg: object) -> str:
    """Say where the axes of continuity point.

    Parameters
    ----------
    azimuth_deg, dip_deg, rake_deg : object
        GSLIB angles [degrees]; the dip is negative downwards.

    Returns
    -------
    str
        A sentence; "not known" ones say so.
    """
    azimuth, dip, rake = finite(azimuth_deg), finite(dip_deg), finite(rake_deg)
    if azimuth is None or dip is None:
        return "The orientation of the axes is not known."
    plunge = "is level" if round(dip) == 0 else f"plunges {abs(dip):.0f}° {_way(dip)}"
    said = f"The major axis points to {bearing(azimuth)} and {plunge}"
    if rake is None:
        return f"{said}; the rotation about it is not known."
    if round(rake) == 0:
        return f"{said}; the semi-major axis is level."
    turned = f"{said}; the semi-major axis is turned {rake:+.0f}° about it (GSLIB angles)."
    return f"{turned} {_plane(azimuth, dip, rake)}"


def _plane(azimuth_deg: float, dip_deg: float, rake_deg: float) -> str:
    """Say how the plane of the two longer axes dips: its upward normal leans that way."""
    east, north, up = (float(part) for part in rotation_matrix(azimuth_deg, dip_deg, rake_deg)[2])
    if up < 0:
        east, north, up = -east, -north, -up
    dip = math.degrees(math.acos(min(1.0, up)))
    if round(dip) == 0:
        return "The plane of the major and semi-major axes is level."
    towards = bearing(math.degrees(math.atan2(east, north)))
    return f"The plane of the major and semi-major axes dips {dip:.0f}° towards {towards}."


def _way(dip_deg: float) -> str:
    """Tell down from up; angles are GSLIB's, negative down."""
    return "downwards" if dip_deg < 0 else "upwards"


def direction_words(direction: object) -> str:
    """Return what positions of a swath are measured along."""
    return DIRECTIONS.get(str(direction), capital(readable(direction)))


def curve_words(curve: object) -> str:
    """Return what a curve of the change of support stands for."""
    return CURVE_NAMES.get(readable(curve).lower(), readable(curve))


def structure_words(structure: Row, unit: str) -> str:
    """Say a structure of a variogram: kind, sill and ranges.

    Parameters
    ----------
    structure : mapping
        kind, sill, major_m, semi_m, minor_m.
    unit : str
        Unit of the grade; sills are in its square.

    Returns
    -------
    str
        Such as "spherical, sill 1.2 (% Sb)², ranges 60, 40 and 8 m".
    """
    kind = STRUCTURES.get(str(structure.get("kind")), readable(structure.get("kind")))
    reach = [number(finite(structure.get(f"{axis}_m")), 3) for axis in AXES]
    sill = f"{number(finite(structure.get('sill')), 3)}{squared(unit)}"
    return f"{kind}, sill {sill}, ranges {reach[0]}, {reach[1]} and {reach[2]} m"


def squared(unit: str) -> str:
    """Write the square of a grade's unit after a number: " (% Sb)²"; nothing without a unit."""
    return f" ({unit})²" if unit else ""
