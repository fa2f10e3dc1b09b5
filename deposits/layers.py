"""What do the geologist's layers hold, brought into the project's one coordinate system?

::

    layer = read_layer(source, crs="EPSG:32642", extent=extent).or_raise()
    layer.table        # features in the project's system
    layer.accuracy_m   # how well they came there

Reading lists every problem at once. Nothing is moved, merged or repaired on a guess: where the
coordinates contradict what is said of them, the message names what they do fit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import Checked, Problem
from deposits.gis.geometry import (
    GeometryCounts,
    check_geometry,
    probable_duplicates,
    uncertainty_discs,
)
from deposits.gis.georeference import (
    WGS84,
    Extent,
    crs_label,
    find_operation,
    move_geometries,
    parse_crs,
)
from deposits.gis.layer_files import LayerSource, RawLayer, read_file
from deposits.gis.mine_grid import MineGrid, fit_mine_grid
from deposits.gis.misplacement import diagnose, explain_shift, missing_crs
from deposits.gis.rasters import RasterInfo, read_raster_info, sample_raster
from deposits.names import listed, name_key
from deposits.tables import did_you_mean

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pyproj import CRS

__all__ = [
    "Extent",
    "Layer",
    "LayerSource",
    "MineGrid",
    "RasterInfo",
    "check_together",
    "explain_shift",
    "fit_mine_grid",
    "probable_duplicates",
    "read_layer",
    "read_raster_info",
    "sample_raster",
    "uncertainty_discs",
]

#: Records of this kind may lie outside the study's extent: they are there for comparison.
FAR_KIND = "analogue"


@dataclass(frozen=True, eq=False)
class Layer:
    """A checked layer in the project's coordinate system.

    Parameters
    ----------
    source : LayerSource
        Where it came from.
    table : geopandas.GeoDataFrame
        Features in the project's system, with an ``id`` column of unique texts.
    crs_found : str
        The system it was in, by code and name, or the mine grid.
    operation : str
        What PROJ did to bring it here.
    accuracy_m : float or None
        Accuracy of that operation [m]; None when unknown.
    geometry : GeometryCounts
        What the geometry check saw.
    outside : int
        Features that do not meet the study's extent, analogues included.
    """

    source: LayerSource
    table: GeoDataFrame
    crs_found: str
    operation: str
    accuracy_m: float | None
    geometry: GeometryCounts
    outside: int = 0

    def facts(self) -> list[Fact]:
        """List what a reader wants to know first."""
        seen = self.geometry
        left_out = seen.missing + seen.empty
        accuracy = "not known" if self.accuracy_m is None else f"{self.accuracy_m:g} m"
        return [
            Fact("layer", self.source.title or self.source.name),
            Fact("role", self.source.role or "not stated"),
            Fact("source", self.source.source or "not stated"),
            Fact("features", f"{len(self.table)}" + (f", {left_out} left out" * bool(left_out))),
            Fact("found in", self.crs_found),
            Fact("operation", self.operation),
            Fact("accuracy of the operation", accuracy),
            Fact("invalid, repaired", f"{seen.invalid}, {seen.repaired}"),
            Fact("three-dimensional, multi-part", f"{seen.with_z}, {seen.multi_part}"),
            Fact("outside the extent", f"{self.outside}"),
        ]

    def __str__(self) -> str:
        """Facts as text."""
        return as_text("Layer", self.facts())

    def _repr_html_(self) -> str:
        return as_html("Layer", self.facts())


@dataclass(frozen=True, eq=False)
class _Placed:
    """Geometries in the project's system, and how they came there."""

    shapes: NDArray[Any]
    crs_found: str
    operation: str
    accuracy_m: float | None
    outside: int


def read_layer(source: LayerSource, *, crs: str, extent: Extent | None) -> Checked[Layer]:
    """Read a layer, check it and bring it into the project's coordinate system.

    Parameters
    ----------
    source : LayerSource
        Where it is and what the study says of it.
    crs : str
        The project's projected system [m].
    extent : Extent or None
        The district, for sanity checks and for choosing the datum transformation.

    Returns
    -------
    Checked of Layer
        The layer with all warnings, or None with everything that is wrong with it.

    Raises
    ------
    MissingPackage
        If the layer stands in a database and the packages for it are not installed.
    """
    project = parse_crs(crs, "study.crs")
    read = read_file(source)
    problems = [*project.problems, *read.problems]
    if read.value is None or project.value is None:
        return Checked(None, tuple(problems))
    named = _identify(read.value.table, source)
    problems += named.problems
    table = named.value
    assert table is not None
    checked = check_geometry(table, list(table["id"]), source.place, source.repair)
    problems += checked.problems
    if source.role == "reserve_blocks" and checked.counts.missing + checked.counts.empty:
        fact = "a reserve block without a polygon would vanish from the tonnage"
        remedy = "Draw it; for a longitudinal block its outline on the plan will do."
        problems.append(Problem(fact, source.place, remedy=remedy))
    placed = _place(RawLayer(checked.table, read.value.crs), source, project.value, extent)
    problems += placed.problems
    if placed.value is None or any(problem.severity == "error" for problem in problems):
        return Checked(None, tuple(problems))
    where = placed.value
    return Checked(
        Layer(
            source,
            checked.table.set_geometry(where.shapes, crs=project.value),
            where.crs_found,
            where.operation,
            where.accuracy_m,
            checked.counts,
            where.outside,
        ),
        tuple(problems),
    )


def check_together(layers: Sequence[Layer], extent: Extent | None = None) -> tuple[Problem, ...]:
    """Find what is wrong between layers that are each in order.

    Parameters
    ----------
    layers : sequence of Layer
        All in the project's system.
    extent : Extent, optional
        The district, for choosing the datum transformation.

    Returns
    -------
    tuple of Problem
        Errors for an id that stands in two layers; warnings for one thing standing in two places
        whose shift is a known mistake, and for deposits that are probably entered twice.
    """
    import pandas as pd
    from geopandas import GeoDataFrame

    problems: list[Problem] = []
    for first, second in combinations(layers, 2):
        pair = f"{first.source.place} and {second.source.place}"
        both = sorted(set(first.table["id"]) & set(second.table["id"]))
        problems += [
            Problem("the identifier stands in two layers", pair, name, remedy="Make it unique.")
            for name in both
        ]
        problems += _shifts(first, second, pair, extent)
    tables = [layer.table for layer in layers if not layer.table.empty]
    if tables:
        points = GeoDataFrame(pd.concat(tables, ignore_index=True), crs=tables[0].crs)
        problems += probable_duplicates(points)
    return tuple(problems)


def _identify(table: GeoDataFrame, source: LayerSource) -> Checked[GeoDataFrame]:
    """Give every feature an id: the stated column's, or a number where there is none."""
    names = {str(column).lower(): column for column in table.columns}
    column = names.get(source.id_column.lower())
    ids = [] if column is None else [_id_text(value) for value in table[column]]
    if column is None or (ids and not any(ids)):
        ids = [f"{source.name}-{number}" for number in range(1, len(table) + 1)]
        fact = f'no ids stand in a column "{source.id_column}"; features are numbered'
        remedy = did_you_mean(source.id_column, names) or "State id_column to keep your own ids."
        found = f"columns {listed([c for c in names.values() if c != 'geometry'], 12)}"
        problem = Problem(fact, source.place, found, remedy=remedy, severity="warning")
        return Checked(table.assign(id=ids), (problem,))
    kept = {"id_in_file": table["id"]} if "id" in table and column != "id" else {}
    problems = []
    for name in sorted(name for name, times in Counter(ids).items() if name and times > 1):
        rows = listed(row for row, other in enumerate(ids, start=1) if other == name)
        place = f"{source.place}, features {rows}, column {column}"
        problems.append(Problem("the identifier repeats", place, name, remedy="Make it unique."))
    blank = [row for row, name in enumerate(ids, start=1) if not name]
    if blank:
        place = f"{source.place}, features {listed(blank)}, column {column}"
        problems.append(Problem("the identifier is empty", place, remedy="Fill it."))
    if not len(table):
        problems.append(Problem("the layer has no features", source.place, severity="warning"))
    return Checked(table.assign(**kept, id=ids), tuple(problems))


def _id_text(value: object) -> str:
    """Write an id as text; 7.0 of a numeric column is "7", a missing one is ""."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _place(
    raw: RawLayer, source: LayerSource, project: CRS, extent: Extent | None
) -> Checked[_Placed]:
    """Bring geometries into the project's system, or explain why not."""
    if source.mine_grid is not None:
        return _place_by_grid(raw, source, source.mine_grid, project, extent)
    stated = parse_crs(source.crs, source.place) if source.crs is not None else Checked(None)
    if stated.errors:
        return Checked(None, stated.problems)
    found = parse_crs(raw.crs, source.place) if raw.crs is not None else Checked(None)
    crs = stated.value if stated.value is not None else found.value
    if crs is None:
        if found.errors:
            return Checked(None, found.problems)
        boxes = _boxes(raw.table)
        return Checked(None, (missing_crs(boxes, extent, source.place, project),))
    problems = _overruled(stated.value, found.value, source)
    shapes = raw.table.geometry.to_numpy()
    misplaced, outside = _misplaced(raw.table, crs, extent, source.place)
    problems += misplaced
    if crs.equals(project, ignore_axis_order=True):
        return Checked(
            _Placed(shapes, crs_label(crs), "none needed", 0.0, outside), tuple(problems)
        )
    operation = find_operation(crs, project, extent)
    problems += operation.problems
    moved = move_geometries(shapes, operation)
    problems += _unmovable(moved, raw.table, crs, source.place)
    placed = _Placed(moved, crs_label(crs), operation.name, operation.accuracy_m, outside)
    return Checked(placed, tuple(problems))


def _place_by_grid(
    raw: RawLayer, source: LayerSource, grid: MineGrid, project: CRS, extent: Extent | None
) -> Checked[_Placed]:
    """Bring local mine coordinates into the project's system by their affine tie."""
    import shapely

    def tie(xyz: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([grid.to_project(xyz[:, 0], xyz[:, 1]), xyz[:, 2:]])

    shapes = raw.table.geometry.to_numpy()
    moved, solid = shapes.copy(), shapely.has_z(shapes)
    moved[~solid] = shapely.transform(shapes[~solid], tie)
    moved[solid] = shapely.transform(shapes[solid], tie, include_z=True)
    there = raw.table.set_geometry(moved)
    misplaced, outside = _misplaced(there, project, extent, source.place)
    problems = [*grid.problems(f"{source.place}, mine grid"), *misplaced]
    rms = grid.rms_m if grid.redundancy else None
    name = f"affine fit to {grid.points} control points"
    return Checked(_Placed(moved, "local mine grid", name, rms, outside), tuple(problems))


def _boxes(table: GeoDataFrame) -> NDArray[np.float64]:
    """Bounds of the features, shape (n, 4)."""
    return np.asarray(table.geometry.bounds.to_numpy(), dtype=float).reshape(-1, 4)


def _misplaced(
    table: GeoDataFrame, crs: CRS, extent: Extent | None, place: str
) -> tuple[list[Problem], int]:
    """Diagnose the features that are not known to be far away; count all that lie outside."""
    if extent is None or table.empty:
        return [], 0
    from deposits.gis.crs_candidates import lonlat_boxes

    boxes = _boxes(table)
    inside = extent.touches(lonlat_boxes(boxes, find_operation(crs, WGS84, extent)))
    local = np.ones(len(table), dtype=bool)
    if "kind" in table:
        local = table["kind"].to_numpy() != FAR_KIND
    ids = [name for name, is_local in zip(table["id"], local, strict=True) if is_local]
    problems = diagnose(boxes[local], ids, crs, extent, place) if ids else []
    return problems, int((~inside).sum())


def _overruled(stated: CRS | None, found: CRS | None, source: LayerSource) -> list[Problem]:
    """Warn when study and file name different systems; the study is followed."""
    if stated is None or found is None or stated.equals(found, ignore_axis_order=True):
        return []
    fact = "the study states another CRS than the file; the study is followed"
    pair = f"{crs_label(found)} in the file, {crs_label(stated)} in the study"
    remedy = "Remove crs from the study if the file is right."
    return [Problem(fact, source.place, pair, remedy=remedy, severity="warning")]


def _unmovable(moved: NDArray[Any], table: GeoDataFrame, crs: CRS, place: str) -> list[Problem]:
    """Report features whose coordinates the operation cannot take."""
    import shapely

    broken = ~np.isfinite(shapely.bounds(moved)).all(axis=1)
    if not broken.any():
        return []
    names = listed(table["id"].to_numpy()[broken])
    fact = f"coordinates are impossible in their CRS ({names})"
    return [Problem(fact, place, crs_label(crs), remedy="Check the coordinates and the CRS.")]


def _shifts(first: Layer, second: Layer, pair: str, extent: Extent | None) -> list[Problem]:
    """Find things that stand in both layers, apart by a shift that a known mistake explains."""
    spots = _spots(second)
    both = [(name, here, spots[key][1]) for key, (name, here) in _spots(first).items()
            if key in spots]  # fmt: skip
    if not both:
        return []
    lonlat = find_operation(first.table.crs, WGS84, extent)([here for _, here, _ in both])
    problems = []
    for (name, here, there), (lon, lat) in zip(both, lonlat.tolist(), strict=True):
        why = explain_shift(float(there[0] - here[0]), float(there[1] - here[1]), (lon, lat))
        if why is not None:
            fact = f"{name} stands in two places, and {why}"
            remedy = "Correct the CRS of that layer in the study."
            problems.append(Problem(fact, pair, remedy=remedy, severity="warning"))
    return problems


def _spots(layer: Layer) -> dict[str, tuple[str, NDArray[np.float64]]]:
    """Position of each feature by its id and by the key of its name; unique ones only."""
    if layer.table.empty:
        return {}
    points = layer.table.geometry.representative_point()
    xy = np.column_stack([points.x, points.y])
    spots: dict[str, tuple[str, NDArray[np.float64]]] = {}
    repeated = set()
    names = layer.table["name"] if "name" in layer.table else layer.table["id"]
    for number, (id_, name) in enumerate(zip(layer.table["id"], names, strict=True)):
        label = name if isinstance(name, str) and name else id_
        for key in (f"id {id_}", f"name {name_key(label)}"):
            repeated |= {key} & spots.keys()
            spots[key] = (str(label), xy[number])
    return {key: spot for key, spot in spots.items() if key not in repeated}
