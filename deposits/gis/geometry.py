"""Are the shapes of a layer sound, and are its records really different things?

Nothing is repaired unless the study says so and nothing is merged: what was found is counted and
worded, and the geologist decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from deposits.errors import Problem
from deposits.gis.georeference import WGS84, extent_around, find_operation, move_geometries
from deposits.names import listed, name_key

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

#: Corners of an uncertainty disc.
DISC_CORNERS = 96
DISC_KIND = "location_uncertainty"
DISC_MEANING = "where the deposit may lie, not its outline"


@dataclass(frozen=True, slots=True)
class GeometryCounts:
    """What the geometry check saw, as counts of features.

    Parameters
    ----------
    kept, missing, empty : int
        Features that go on, and those left out because they have no geometry or an empty one.
    invalid, repaired : int
        Features with invalid geometry, and how many of them were repaired.
    repeated : int
        Features whose geometry another one has too.
    with_z, multi_part : int
        Three-dimensional features; features of more than one part.
    """

    kept: int
    missing: int
    empty: int
    invalid: int
    repaired: int
    repeated: int
    with_z: int
    multi_part: int


@dataclass(frozen=True, slots=True, eq=False)
class CheckedGeometry:
    """A table whose geometry was checked.

    Parameters
    ----------
    table : geopandas.GeoDataFrame
        Features with a geometry, repaired where that was asked for.
    counts : GeometryCounts
        What was seen.
    problems : tuple of Problem
        Errors for invalid geometry that was not to be repaired; the rest are warnings.
    """

    table: GeoDataFrame
    counts: GeometryCounts
    problems: tuple[Problem, ...]


def check_geometry(
    table: GeoDataFrame, ids: Sequence[str], place: str, repair: bool = False
) -> CheckedGeometry:
    """Check every geometry of a table.

    Parameters
    ----------
    table : geopandas.GeoDataFrame
        n features, in any system.
    ids : sequence of str
        Their ids, n of them, for the messages.
    place : str
        The layer, for the messages.
    repair : bool
        Whether invalid geometry is made valid.

    Returns
    -------
    CheckedGeometry
        Features without geometry are left out and counted.

    Notes
    -----
    Validity is that of the OGC simple-features model in the plane; heights play no part in it.
    Repair keeps the parts of the original's dimension (a polygon stays polygons), for a repaired
    self-touching ring may also leave stray lines.
    """
    import shapely

    shapes = table.geometry.to_numpy()
    names = np.asarray(ids, dtype=object)
    missing = shapely.is_missing(shapes)
    empty = shapely.is_empty(shapes)
    problems = _left_out(names, missing, empty, place)
    kept = ~missing & ~empty
    shapes, names = shapes[kept], names[kept]
    invalid = ~shapely.is_valid(shapes)
    if repair:
        shapes, mended = _repair(shapes, names, invalid, place)
        problems += mended
    else:
        problems += _invalid(shapes, names, invalid, place)
    same = _repeated(shapes, names)
    problems += [_repetition(group, place) for group in same]
    counts = GeometryCounts(
        kept=int(kept.sum()),
        missing=int(missing.sum()),
        empty=int(empty.sum()),
        invalid=int(invalid.sum()),
        repaired=int(invalid.sum()) if repair else 0,
        repeated=sum(map(len, same)),
        with_z=int(shapely.has_z(shapes).sum()),
        multi_part=int((shapely.get_num_geometries(shapes) > 1).sum()),
    )
    clean = table[kept].reset_index(drop=True)
    return CheckedGeometry(clean.set_geometry(shapes, crs=table.crs), counts, tuple(problems))


def probable_duplicates(points: GeoDataFrame, place: str = "") -> list[Problem]:
    """Report records of deposits that may be one deposit entered twice.

    Parameters
    ----------
    points : geopandas.GeoDataFrame
        Records with geometry and the columns id, name, kind; aliases (semicolon-separated),
        name_ru, field and uncertainty_m [m] are used where they exist.
    place : str
        The layer or layers, for the messages.

    Returns
    -------
    list of Problem
        A warning for each pair of records of kind "deposit" that share a name or alias, or that
        belong to one field and lie no further apart than the sum of their uncertainties. Pairs
        are reported, never merged.

    Notes
    -----
    Distances are geodesics on WGS 84 between representative points. A record without an
    uncertainty counts as exact.
    """
    if "kind" not in points or points.empty:
        return []
    records = points[points["kind"] == "deposit"]
    lonlat = _lonlat(records)
    texts = [_texts(record) for record in records.to_dict("records")]
    problems = []
    for a, b in combinations(range(len(records)), 2):
        shared = texts[a].keys & texts[b].keys
        one_field = bool(texts[a].field) and texts[a].field == texts[b].field
        if not shared and not one_field:
            continue
        metres = _distance(lonlat[a], lonlat[b])
        within = metres <= texts[a].uncertainty_m + texts[b].uncertainty_m
        if shared or within:
            problems.append(_duplicate((texts[a], texts[b]), metres, within, place))
    return problems


def uncertainty_discs(points: GeoDataFrame) -> GeoDataFrame:
    """Draw where points may lie: a geodesic circle of each one's uncertainty.

    Parameters
    ----------
    points : geopandas.GeoDataFrame
        Records with a CRS and a column uncertainty_m [m].

    Returns
    -------
    geopandas.GeoDataFrame
        One polygon of 96 corners, anticlockwise, for each point with a positive uncertainty, in
        the same system; the record's properties with kind "location_uncertainty" and
        geometry_meaning "where the deposit may lie, not its outline".
    """
    from pyproj import Geod
    from shapely import Polygon

    radius = _uncertainty(points)
    is_point = points.geometry.geom_type.to_numpy() == "Point"
    chosen = points[is_point & (radius > 0)].copy()
    azimuth = np.linspace(360.0, 0.0, DISC_CORNERS, endpoint=False)
    circles = []
    for (lon, lat), metres in zip(_lonlat(chosen), radius[is_point & (radius > 0)], strict=True):
        ones = np.ones(DISC_CORNERS)
        x, y, _ = Geod(ellps="WGS84").fwd(lon * ones, lat * ones, azimuth, metres * ones)
        circles.append(Polygon(np.column_stack([x, y])))
    discs = np.array(circles, dtype=object)
    if circles and points.crs is not None:
        centres = _lonlat(chosen)
        back = find_operation(WGS84, points.crs, extent_around(centres, WGS84))
        discs = move_geometries(discs, back)
    chosen["kind"], chosen["geometry_meaning"] = DISC_KIND, DISC_MEANING
    return chosen.set_geometry(discs, crs=points.crs).reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class _Texts:
    """What a record says of itself."""

    id: str
    name: str
    keys: frozenset[str]
    field: str
    uncertainty_m: float


def _texts(record: dict[str, Any]) -> _Texts:
    """Take names, field and uncertainty from a record; what is absent is blank or 0."""
    written = [str(record.get(column) or "") for column in ("name", "name_ru", "aliases")]
    names = [*written[:2], *written[2].split(";")]
    keys = frozenset(filter(None, map(name_key, names)))
    metres = _number(record.get("uncertainty_m"))
    field = str(record.get("field") or "")
    return _Texts(str(record.get("id", "")), written[0], keys, field, metres)


def _number(value: object) -> float:
    """Return a number, or 0 for what is none."""
    try:
        number = float(str(value))
    except ValueError:
        return 0.0
    return number if np.isfinite(number) else 0.0


def _uncertainty(points: GeoDataFrame) -> NDArray[np.float64]:
    if "uncertainty_m" not in points:
        return np.zeros(len(points))
    return np.array([_number(value) for value in points["uncertainty_m"]], dtype=float)


def _lonlat(points: GeoDataFrame) -> NDArray[np.float64]:
    """Longitude and latitude of representative points, shape (n, 2)."""
    if points.empty:
        return np.empty((0, 2))
    spots = points.geometry.representative_point()
    xy = np.column_stack([spots.x, spots.y])
    if points.crs is None:
        return xy
    return find_operation(points.crs, WGS84, extent_around(xy, points.crs))(xy)


def _distance(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    from pyproj import Geod

    return float(Geod(ellps="WGS84").inv(a[0], a[1], b[0], b[1])[2])


def _duplicate(pair: tuple[_Texts, _Texts], metres: float, within: bool, place: str) -> Problem:
    """Word one pair of records that may be one deposit."""
    a, b = pair
    first, second = (f"{t.id} ({t.name}, +-{t.uncertainty_m / 1000.0:g} km)" for t in pair)
    fact = f"{first} and {second} are probably one deposit entered twice"
    joint = (a.uncertainty_m + b.uncertainty_m) / 1000.0
    how = "within" if within else "beyond"
    found = f"{metres / 1000.0:.1f} km apart, {how} their joint uncertainty of {joint:g} km"
    remedy = "Keep both if they differ; otherwise drop one. They are not merged."
    if not within:
        remedy = "They share a name: check which position is right, or tell them apart by name."
    return Problem(fact, place, found, remedy=remedy, severity="warning")


def _left_out(
    names: NDArray[Any], missing: NDArray[np.bool_], empty: NDArray[np.bool_], place: str
) -> list[Problem]:
    """Word the features that have nowhere to be."""
    kinds = ((missing, "without geometry"), (empty, "with an empty geometry"))
    return [
        Problem(
            f"{int(chosen.sum())} feature(s) {words} left out ({listed(names[chosen])})",
            place,
            remedy="Give them a place, or remove them.",
            severity="warning",
        )
        for chosen, words in kinds
        if chosen.any()
    ]


def _invalid(
    shapes: NDArray[Any], names: NDArray[Any], invalid: NDArray[np.bool_], place: str
) -> list[Problem]:
    """Word each invalid geometry with shapely's reason."""
    import shapely

    remedy = "Correct it at the source, or state repair = true for this layer."
    return [
        Problem("invalid geometry", f"{place}, feature {name}", found=reason, remedy=remedy)
        for name, reason in zip(
            names[invalid], shapely.is_valid_reason(shapes[invalid]), strict=True
        )
    ]


def _repair(
    shapes: NDArray[Any], names: NDArray[Any], invalid: NDArray[np.bool_], place: str
) -> tuple[NDArray[Any], list[Problem]]:
    """Make invalid geometries valid and say how their size changed."""
    import shapely

    fixed = shapes.copy()
    problems = []
    for index in np.flatnonzero(invalid):
        before = shapes[index]
        reason = shapely.is_valid_reason(before)
        fixed[index] = _of_dimension(shapely.make_valid(before), shapely.get_dimensions(before))
        size, now = shapely.area(before), shapely.area(fixed[index])
        found = f"{reason}; area {size:,.6g} before, {now:,.6g} after, in units of the file"
        spot = f"{place}, feature {names[index]}"
        problems.append(Problem("invalid geometry was repaired", spot, found, severity="warning"))
    return fixed, problems


def _of_dimension(shape: Any, dimension: int) -> Any:
    """Keep the parts of one dimension; everything when none has it."""
    import shapely

    parts = shapely.get_parts(shapely.get_parts(shape))
    wanted = parts[shapely.get_dimensions(parts) == dimension]
    if len(wanted) in (0, len(parts)):
        return shape
    return shapely.union_all(wanted)


def _repeated(shapes: NDArray[Any], names: NDArray[Any]) -> list[list[str]]:
    """Group the names of features that share one geometry exactly, whatever its vertex order."""
    import shapely

    groups: dict[bytes, list[str]] = {}
    for name, key in zip(names, shapely.to_wkb(shapely.normalize(shapes)), strict=True):
        groups.setdefault(key, []).append(str(name))
    return [group for group in groups.values() if len(group) > 1]


def _repetition(group: list[str], place: str) -> Problem:
    fact = f"{len(group)} features have the same geometry ({listed(group)})"
    remedy = "Remove repeats, or leave them if several things share one spot."
    return Problem(fact, place, remedy=remedy, severity="warning")
