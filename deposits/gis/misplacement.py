"""Why do these coordinates not lie where they should, and which mistake would explain it?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from deposits.errors import Problem
from deposits.gis.crs_candidates import (
    Candidate,
    Fit,
    candidate_systems,
    false_easting,
    likely_systems,
    lonlat_boxes,
    newer_twin,
)
from deposits.gis.georeference import WGS84, Extent, Operation, crs_label, find_operation
from deposits.names import listed

if TYPE_CHECKING:
    from pyproj import CRS

#: How far an observed shift may differ from a known one, as a part of it, and at least [m].
SHIFT_TOLERANCE, LEAST_TOLERANCE_M = 0.05, 5.0

#: A mistake that moves things further than this is seen on any map [m].
SILENT_SHIFT_M = 10_000.0

#: A zone number in front of the easting adds whole millions of metres.
ZONE_STEP_M = 1_000_000.0


def missing_crs(
    boxes: NDArray[np.float64], extent: Extent | None, place: str, preferred: CRS
) -> Problem:
    """Word the error for a layer without a coordinate system.

    Parameters
    ----------
    boxes : ndarray of float, shape (n, 4)
        Bounds of its features.
    extent : Extent or None
        The district; without it the area of use of *preferred* stands in.
    place : str
        The layer, for the message.
    preferred : pyproj.CRS
        The project's system.

    Returns
    -------
    Problem
        An error that names the systems which the coordinates themselves allow.
    """
    fact = "the layer does not say which coordinate system (CRS) it is in"
    district = extent or _area_of_use(preferred)
    fits = likely_systems(boxes, district) if district is not None else ()
    remedy = _advice(fits) or (
        'State its CRS in the study, such as crs = "EPSG:32642", or the control points of its '
        "local mine grid."
    )
    if fits and extent is None:
        remedy += " State the extent of the study to narrow this down."
    return Problem(fact, place, found=_span(boxes), remedy=remedy)


def diagnose(
    boxes: NDArray[np.float64], ids: Sequence[str], crs: CRS, extent: Extent, place: str
) -> list[Problem]:
    """Explain why features do not meet the extent.

    Parameters
    ----------
    boxes : ndarray of float, shape (n, 4)
        Bounds of the features in *crs*.
    ids : sequence of str
        Their ids, n of them.
    crs : pyproj.CRS
        The system they are said to be in.
    extent : Extent
        The district.
    place : str
        The layer, for the message.

    Returns
    -------
    list of Problem
        Errors where a reading explains it (exchanged axes, another system) or nothing lies
        inside; a warning where only some features lie outside; [] when all meet the extent.
    """
    operation = find_operation(crs, WGS84, extent)
    inside = extent.touches(lonlat_boxes(boxes, operation))
    swapped = extent.touches(lonlat_boxes(boxes[:, [1, 0, 3, 2]], operation)) & ~inside
    problems = []
    if swapped.any():
        problems.append(_exchanged(_names(ids, swapped), boxes[swapped], crs, place))
    outside = ~inside & ~swapped
    if not outside.any():
        return problems
    there = lonlat_boxes(boxes[outside], operation)
    # A feature a little beyond the box among others inside is a far one, not one in another system.
    near = not outside.all() and extent.grown().touches(there).any()
    fits = [] if near else [f for f in likely_systems(boxes[outside], extent) if f.share == 1.0]
    found = f"{_span(boxes[outside])} read as {crs_label(crs)}, {_where(there)}"
    fact = f"{_count(outside, len(ids))} outside the extent ({_names(ids, outside)})"
    allowed = f"extent {extent}"
    if fits:
        remedy = " ".join(filter(None, (_zone_note(crs, fits), _advice(_same_datum(fits, crs)))))
        problems.append(Problem(fact, place, found, allowed, remedy))
    elif outside.all():
        remedy = "Check the CRS of the layer and the extent of the study; no usual CRS fits."
        problems.append(Problem(fact, place, found, allowed, remedy))
    else:
        remedy = "Check these coordinates, or widen the extent if they belong to the district."
        problems.append(Problem(fact, place, found, allowed, remedy, severity="warning"))
    return problems


def explain_shift(dx: float, dy: float, at: tuple[float, float]) -> str | None:
    """Recognise a shift between two records of one place as a known mistake.

    Parameters
    ----------
    dx, dy : float
        Second record minus first, eastwards and northwards [m].
    at : tuple of float
        Longitude and latitude of the first record [degrees, WGS 84].

    Returns
    -------
    str or None
        A sentence that names the mistake and the systems mixed up; None for any other shift.

    Notes
    -----
    Two mistakes are computed at that place for every Gauss-Krüger system in use there: its
    easting without the zone number read as UTM (the scale on the central meridian is 1, not
    0.9996, so the northing is about 1.8 km too great at 40 degrees north); and its datum taken
    for WGS 84. A shift is recognised within 5 %, at least 5 m.
    """
    for east, north, words in _known_shifts(round(at[0], 3), round(at[1], 3)):
        allowed = max(SHIFT_TOLERANCE * math.hypot(east, north), LEAST_TOLERANCE_M)
        for sign, wrong in ((1.0, "second"), (-1.0, "first")):
            if math.hypot(dx - sign * east, dy - sign * north) <= allowed:
                size = f"{dx:+,.0f} m east, {dy:+,.0f} m north"
                return f"the shift of {size} is what happens when {words}; suspect the {wrong} one"
    return None


@lru_cache(maxsize=256)
def _known_shifts(lon: float, lat: float) -> tuple[tuple[float, float, str], ...]:
    """Shifts east and north [m] of the mistakes that are possible at a place, with their words."""
    here = Extent(max(lon - 0.01, -180), max(lat - 0.01, -90), min(lon + 0.01, 180), lat + 0.01)
    systems = candidate_systems(here)
    codes: dict[tuple[int, int, str], list[str]] = {}
    for utm in (s for s in systems if "/ UTM" in s.name):
        true = _from_wgs84(utm.code, here)([[lon, lat]])[0]
        for other in (s for s in systems if "Gauss-Kruger" in s.name):
            prefix = other.false_easting_m - utm.false_easting_m
            east, north = _from_wgs84(other.code, here)([[lon, lat]])[0] - [prefix, 0.0] - true
            # Another central meridian would move it by a degree or more: no silent mistake.
            if math.hypot(east, north) < SILENT_SHIFT_M:
                name = f"{other.code} with its zone number dropped" if prefix else other.code
                codes.setdefault((round(east), round(north), str(utm)), []).append(name)
    mixed = [
        (float(e), float(n), f"Gauss-Krüger coordinates ({' or '.join(names)}) are read as {utm}")
        for (e, n, utm), names in codes.items()
    ]
    return (*mixed, *_datum_shifts(lon, lat, systems, here))


def _datum_shifts(
    lon: float, lat: float, systems: Sequence[Candidate], here: Extent
) -> list[tuple[float, float, str]]:
    """Shifts [m] of taking degrees on each other datum in use for degrees on WGS 84."""
    from pyproj import CRS, Geod

    shifts = []
    for name, code in {s.datum: s.code for s in systems if s.datum != "WGS 84"}.items():
        base = CRS(code).geodetic_crs
        there = find_operation(WGS84, base, here)([[lon, lat]])[0]
        azimuth, _, metres = Geod(ellps="WGS84").inv(lon, lat, *there)
        east, north = np.sin(np.radians(azimuth)) * metres, np.cos(np.radians(azimuth)) * metres
        words = f"{name} coordinates are taken for WGS 84 without the datum transformation"
        shifts.append((float(east), float(north), words))
    return shifts


@lru_cache(maxsize=256)
def _from_wgs84(code: str, extent: Extent) -> Operation:
    return find_operation(WGS84, code, extent)


def _area_of_use(crs: CRS) -> Extent | None:
    area = crs.area_of_use
    return Extent(area.west, area.south, area.east, area.north) if area is not None else None


def _exchanged(names: str, boxes: NDArray[np.float64], crs: CRS, place: str) -> Problem:
    """Word the error for coordinates in the wrong order."""
    order = "longitude, latitude" if crs.is_geographic else "easting, northing"
    remedy = f"Write {order}; exchanging the two puts the features inside the extent."
    if crs.is_projected:
        remedy += " On Russian and Soviet plans X is the northing and Y the easting."
    return Problem(f"the axes are exchanged ({names})", place, _span(boxes), order, remedy)


def _same_datum(fits: Sequence[Fit], crs: CRS) -> list[Fit]:
    """Put the systems of the stated datum first: a zone is mistaken more often than a datum."""
    datum = crs.geodetic_crs.name if crs.geodetic_crs is not None else ""
    return sorted(fits, key=lambda fit: fit.system.datum != datum)


def _zone_note(crs: CRS, fits: Sequence[Fit]) -> str:
    """Say when the zone number in front of the easting is what differs."""
    stated = false_easting(crs)
    for fit in _same_datum(fits, crs):
        step = fit.system.false_easting_m - stated
        if fit.swapped or not abs(step) >= ZONE_STEP_M or step % ZONE_STEP_M:
            continue
        if step > 0:
            zone = f"{step / ZONE_STEP_M:.0f}"
            return f"The eastings carry the zone number {zone} in front, which this CRS has not."
        zone = f"{-step / ZONE_STEP_M:.0f}"
        return f"The eastings lack the zone number {zone} that this CRS has in front."
    return ""


def _advice(fits: Sequence[Fit]) -> str:
    """Name the systems that fit, and how far apart they put the layer when there are several."""
    if not fits:
        return ""
    names = [str(fit.system) for fit in fits[:6]]
    text = f'The coordinates fit {" or ".join(names)}; state crs = "{fits[0].system.code}"'
    text += ", or the one that the source names." if len(fits) > 1 else " in the study."
    apart = max(_metres_between(fits[0].lonlat, fit.lonlat) for fit in fits)
    if apart > 1:
        text += f" The choice matters: they put the layer up to {apart:,.0f} m apart."
    twins = list(filter(None, (newer_twin(fit.system.name) for fit in fits)))
    if twins:
        text += f" Newer Russian sources may mean {twins[0]}."
    if fits[0].swapped:
        text += " The two coordinates are exchanged as well: write easting (longitude) first."
    return text


def _metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    from pyproj import Geod

    return float(Geod(ellps="WGS84").inv(*a, *b)[2])


def _span(boxes: NDArray[np.float64]) -> str:
    """Write the range of both coordinates as they stand in the file."""
    if not boxes.size:
        return "no coordinates"
    west, south = boxes[:, :2].min(axis=0)
    east, north = boxes[:, 2:].max(axis=0)
    form = ",.4f" if max(map(abs, (west, south, east, north))) <= 400 else ",.0f"
    first = f"{west:{form}}" + (f" to {east:{form}}" if east > west else "")
    second = f"{south:{form}}" + (f" to {north:{form}}" if north > south else "")
    return f"first coordinate {first}, second {second}"


def _where(boxes: NDArray[np.float64]) -> str:
    """Write where coordinates come to lie, in words a reader can look up."""
    finite = boxes[(np.abs(boxes) <= [360.0, 90.0, 360.0, 90.0]).all(axis=1)]
    if not finite.size:
        return "which is nowhere on the Earth"
    lon, lat = (finite[0, 0] + finite[0, 2]) / 2.0, (finite[0, 1] + finite[0, 3]) / 2.0
    return f"which is near longitude {lon:.2f}, latitude {lat:.2f}"


def _names(ids: Sequence[str], chosen: NDArray[np.bool_]) -> str:
    return listed(name for name, is_chosen in zip(ids, chosen, strict=True) if is_chosen)


def _count(chosen: NDArray[np.bool_], total: int) -> str:
    many = int(chosen.sum())
    if many == total:
        return "every feature lies" if many > 1 else "the only feature lies"
    return f"{many} of {total} features " + ("lie" if many > 1 else "lies")
