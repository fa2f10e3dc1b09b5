"""Which block models, meshes, traces and points go to and come from an Open Mining Format file?

Version 1, which Leapfrog, Deswik, Micromine and Surpac read. Its volumes are grids without
sub-blocks, their cells ordered with the last axis (elevation) fastest, as discretize and omfvista
take them; text stands as numbers with a legend, -1 for none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.blockmodel.model import About, BlockModel
from deposits.errors import DataError, Problem
from deposits.formats.files import check_name
from deposits.formats.meshes import Mesh
from deposits.formats.omf_container import Container, Registry
from deposits.grid import Grid

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
COLOUR = (120, 120, 120)


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Points with values: collars, midpoints of samples.

    Parameters
    ----------
    name : str
        What they are called.
    vertices : ndarray, shape (n, 3)
        Easting, northing, elevation [m].
    values : pandas.DataFrame
        n rows; columns of numbers or text.
    """

    name: str
    vertices: FloatArray
    values: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Straight segments with values: traces of drillholes with their intervals.

    Parameters
    ----------
    name : str
        What they are called.
    vertices : ndarray, shape (n, 3)
        Easting, northing, elevation [m].
    segments : ndarray of int, shape (m, 2)
        First and last vertex of each.
    values : pandas.DataFrame
        m rows; columns of numbers or text.
    """

    name: str
    vertices: FloatArray
    segments: IntArray
    values: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True, slots=True, eq=False)
class Bodies(Mesh):
    """Triangles with values: stopes with their figures on every face.

    Parameters
    ----------
    values : pandas.DataFrame
        A row a face; columns of numbers or text.
    description : str
        What stands beside the name.
    colour : tuple of int
        Red, green, blue, 0 to 255.
    """

    values: pd.DataFrame = field(default_factory=pd.DataFrame)
    description: str = ""
    colour: tuple[int, int, int] = COLOUR


Element = BlockModel | Mesh | Lines | Points


@dataclass(frozen=True, slots=True, eq=False)
class OmfProject:
    """What a file holds.

    Parameters
    ----------
    name : str
        The project's name.
    elements : tuple of BlockModel, Bodies, Lines or Points
        In the order of the file.
    notes : tuple of str
        What was left out, and why.
    """

    name: str
    elements: tuple[Element, ...]
    notes: tuple[str, ...] = ()


def write_omf(path: Path, elements: Sequence[Element], about: About) -> None:
    """Write block models, meshes, traces and points to one OMF file of version 1.

    Parameters
    ----------
    path : Path
        Where to; written under a temporary name first.
    elements : sequence of BlockModel, Mesh, Lines or Points
        What to write. Blocks that are not in a model's table have no values.
    about : About
        Name and note of the project; whether anything in it is synthetic.

    Raises
    ------
    DataError
        If a model has sub-blocks, or a synthetic project's file is not called so.
    """
    check_name(path, about)
    for element in elements:
        if isinstance(element, BlockModel):
            check_name(path, element.about)
            if element.sub_blocked:
                remedy = "Regularise it first, or write CSV or VTK."
                fact = "OMF version 1 holds no sub-blocks"
                raise DataError([Problem(fact, element.about.name, remedy=remedy)])
    box = Container(about.name)
    uids = [_add(box, element) for element in elements]
    note = "SYNTHETIC. " + about.note if about.synthetic else about.note
    project = box.add("Project", name=about.name, description=note, author="", revision="",
                      units="m", origin=[0.0, 0.0, 0.0], elements=uids)  # fmt: skip
    box.write(path, project)


def _add(box: Container, element: Element) -> str:
    """Add an element with its shape and values."""
    shared: dict[str, Any] = {"description": "", "color": COLOUR}
    if isinstance(element, BlockModel):
        shared["geometry"] = _add_grid(box, element.grid)
        shared["data"] = _add_values(box, _all_cells(element), "cells")
        name = element.about.name
        return box.add("VolumeElement", name=name, subtype="volume", **shared)
    origin = {"origin": [0.0, 0.0, 0.0]}
    vertices = box.add_array("Vector3Array", np.asarray(element.vertices, dtype=np.float64))
    if isinstance(element, Mesh):
        faces = box.add_array("Int3Array", element.faces)
        shared["geometry"] = box.add(
            "SurfaceGeometry", vertices=vertices, triangles=faces, **origin
        )
        values = pd.DataFrame()
        if isinstance(element, Bodies):
            values = element.values
            shared |= {"description": element.description, "color": element.colour}
        shared |= {"data": _add_values(box, values, "faces"), "textures": []}
        shared["subtype"] = "surface"
        return box.add("SurfaceElement", name=element.name, **shared)
    if isinstance(element, Lines):
        ends = box.add_array("Int2Array", np.asarray(element.segments, dtype=np.int64))
        shared["geometry"] = box.add("LineSetGeometry", vertices=vertices, segments=ends, **origin)
        shared["data"] = _add_values(box, element.values, "segments")
        return box.add("LineSetElement", name=element.name, subtype="line", **shared)
    shared["geometry"] = box.add("PointSetGeometry", vertices=vertices, **origin)
    shared |= {"data": _add_values(box, element.values, "vertices"), "textures": []}
    return box.add("PointSetElement", name=element.name, subtype="point", **shared)


def _add_grid(box: Container, grid: Grid) -> str:
    """Add the shape of a block model."""
    content: dict[str, Any] = {"origin": [float(v) for v in grid.origin_m]}
    for letter, axis, size, n in zip("uvw", grid.axes(), grid.size_m, grid.shape, strict=True):
        content[f"axis_{letter}"] = [float(v) for v in axis]
        content[f"tensor_{letter}"] = [float(size)] * n
    return box.add("VolumeGridGeometry", **content)


def _all_cells(model: BlockModel) -> pd.DataFrame:
    """Spread a model's fields over all cells, in the order of the format."""
    number = np.arange(model.grid.n_blocks).reshape(model.grid.shape[::-1])
    order = number.transpose(2, 1, 0).ravel()
    names = [*(["fraction"] if "fraction" in model.table else []), *model.fields]
    return model.table.set_index("block")[names].reindex(order)


def _add_values(box: Container, values: pd.DataFrame, location: str) -> list[str]:
    """Add columns of numbers, or of text with a legend."""
    uids = []
    for label in values.columns:
        column, name = values[label], str(label)
        shared = {"name": name, "description": "", "location": location}
        if column.dtype.kind in "iufb":
            array = box.add_array("ScalarArray", column.to_numpy())
            uids.append(box.add("ScalarData", array=array, **shared))
            continue
        codes, words = pd.factorize(column, sort=True)
        texts = box.add("StringArray", array=[str(word) for word in words])
        legend = box.add("Legend", name=name, description="", values=texts)
        array = box.add_array("ScalarArray", codes.astype(np.int64))
        uids.append(box.add("MappedData", array=array, legends=[legend], **shared))
    return uids


def read_omf(path: Path) -> OmfProject:
    """Read an OMF file of version 1.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    OmfProject
        Block models with a row for each block that has a value, meshes, lines, points; volumes of
        unequal cells, tilted ones and gridded surfaces are left out and noted.

    Raises
    ------
    DataError
        If the file is not OMF of version 1, or is damaged.
    """
    registry = Registry(path)
    offset = np.asarray(registry.root.get("origin", (0.0, 0.0, 0.0)), dtype=np.float64)
    found: list[Element] = []
    notes: list[str] = []
    for uid in registry.root.get("elements", []):
        element = registry.objects[uid]
        try:
            found.append(_read(registry, element, offset))
        except ValueError as error:
            if isinstance(error, DataError):
                raise
            notes.append(f"{element['__class__']} {element.get('name', '')} left out: {error}")
    return OmfProject(str(registry.root.get("name", "")), tuple(found), tuple(notes))


def _read(registry: Registry, element: Mapping[str, Any], offset: FloatArray) -> Element:
    """Read one element; ValueError says why it cannot be held."""
    shape = registry.objects[element["geometry"]]
    origin = np.asarray(shape.get("origin", (0.0, 0.0, 0.0)), dtype=np.float64) + offset
    name, kind = str(element.get("name", "")), shape["__class__"]
    if kind == "SurfaceGeometry":
        return _read_surface(registry, element, origin)
    values = _read_values(registry, element)
    if kind == "VolumeGridGeometry":
        return _read_volume(name, _read_grid(shape, origin), values)
    if kind not in ("LineSetGeometry", "PointSetGeometry"):
        raise ValueError(f"{kind} is not read")
    vertices = registry.array(shape["vertices"]) + origin
    if kind == "LineSetGeometry":
        return Lines(name, vertices, registry.array(shape["segments"]), values)
    return Points(name, vertices, values)


def _read_surface(registry: Registry, element: Mapping[str, Any], origin: FloatArray) -> Mesh:
    """Read triangles and what stands on their faces; what stands on their corners is noted."""
    shape = registry.objects[element["geometry"]]
    vertices = registry.array(shape["vertices"]) + origin
    faces = registry.array(shape["triangles"])
    listed = list(element.get("data", []))
    kept = [uid for uid in listed if registry.objects[uid].get("location") == "faces"]
    other = len(listed) - len(kept)
    notes = (f"{other} columns of values on vertices left out",) if other else ()
    values = _read_values(registry, {**element, "data": kept})
    told, colour = str(element.get("description", "")), element.get("color")
    if not (isinstance(colour, list) and len(colour) == 3):
        colour = COLOUR
    red, green, blue = (int(part) for part in colour)
    name = str(element.get("name", ""))
    return Bodies(vertices, faces, name, notes, values, told, (red, green, blue))


def _read_grid(shape: Mapping[str, Any], origin: FloatArray) -> Grid:
    """Read the grid of a volume."""
    sizes, counts = [], []
    for letter in "uvw":
        edges = np.asarray(shape[f"tensor_{letter}"], dtype=np.float64)
        if np.ptp(edges) > 1e-9 * edges.max():
            raise ValueError("its cells are not all of one size")
        sizes.append(float(edges[0]))
        counts.append(len(edges))
    axes = np.array([shape[f"axis_{letter}"] for letter in "uvw"], dtype=np.float64)
    azimuth = math.degrees(math.atan2(axes[1, 0], axes[1, 1]))
    nearest = round(azimuth, 9)
    grid = Grid((float(origin[0]), float(origin[1]), float(origin[2])),
                (sizes[0], sizes[1], sizes[2]), (counts[0], counts[1], counts[2]),
                nearest + 0.0)  # fmt: skip
    if np.abs(grid.axes() - axes).max() > 1e-6:
        raise ValueError("its axes are tilted or left-handed")
    return grid


def _read_values(registry: Registry, element: Mapping[str, Any]) -> pd.DataFrame:
    """Read the columns of an element."""
    columns: dict[str, Any] = {}
    for uid in element.get("data", []):
        item = registry.objects[uid]
        array = registry.array(item["array"])
        if item["__class__"] == "MappedData":
            legends = [registry.objects[legend] for legend in item["legends"]]
            texts = [
                registry.array(legend["values"])
                for legend in legends
                if registry.objects[legend["values"]]["__class__"] == "StringArray"
            ]
            if texts:
                # The last one is for -1: none.
                words = np.array([*texts[0], None], dtype=object)
                columns[str(item["name"])] = pd.array(words[array], dtype="str")
                continue
        if array.ndim == 1:
            columns[str(item["name"])] = array
    return pd.DataFrame(columns)


def _read_volume(name: str, grid: Grid, values: pd.DataFrame) -> BlockModel:
    """Put a block model together, its cells in our order."""
    nx, ny, nz = grid.shape
    number = np.arange(grid.n_blocks).reshape(nz, ny, nx).transpose(2, 1, 0).ravel()
    table = values.assign(block=number).sort_values("block")
    if len(values.columns):
        table = table.loc[table.drop(columns="block").notna().any(axis=1)]
    return BlockModel(grid, table, About(name))
