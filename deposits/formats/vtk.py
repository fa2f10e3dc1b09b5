"""How does a block model stand in VTK's XML files, for ParaView and the like?

A regular model along the axes becomes image data (.vti), a rotated one a structured grid (.vts),
one with sub-blocks an unstructured grid of hexahedra (.vtu). Numbers are little-endian, in base64,
each array with its length in 8 bytes before it. Text stands as whole numbers, -1 for none; its
words, the grid and the note beside the model stand as JSON in the field data, from which we read
a model back; the note also stands as a comment at the head of the file.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.blockmodel.model import PLACE_COLUMNS, SIZE_COLUMNS, About, BlockModel
from deposits.errors import DataError, Problem
from deposits.formats.files import check_name, read_bytes, whole_file, xml_comment
from deposits.grid import Grid

FloatArray = NDArray[np.float64]
KEY = "anzob"
#: VTK's names of number types and ours.
TYPES = {"Float64": "<f8", "Float32": "<f4", "Int64": "<i8", "Int32": "<i4", "UInt8": "<u1"}
HEXAHEDRON = 12
#: Corners of a hexahedron in VTK's order.
CORNERS = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0],
                    [0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1]])  # fmt: skip


def vtk_suffix(model: BlockModel) -> str:
    """Return the suffix of the kind of file that holds a model: .vti, .vts or .vtu.

    Parameters
    ----------
    model : BlockModel
        Regular, rotated or with sub-blocks.
    """
    if model.sub_blocked:
        return ".vtu"
    return ".vts" if model.grid.azimuth_deg else ".vti"


def write_vtk(path: Path, model: BlockModel) -> None:
    """Write a block model as cells of a VTK file.

    Parameters
    ----------
    path : Path
        With the suffix that :func:`vtk_suffix` says; written under a temporary name first.
    model : BlockModel
        In a .vti or .vts file all blocks of the grid stand; those that are not in the table have
        NaN, or -1 where the field is text, and their ``block`` is -1.

    Raises
    ------
    DataError
        If the suffix is that of another kind of file.
    """
    check_name(path, model.about)
    suffix = vtk_suffix(model)
    if path.suffix.lower() != suffix:
        fact = "this kind of file does not hold this model"
        raise DataError([Problem(fact, str(path), path.suffix, suffix)])
    parts = {".vti": _image, ".vts": _structured, ".vtu": _unstructured}
    kind, attributes, pieces = parts[suffix](model)
    whole = suffix != ".vtu"
    numbers, words = _cells(model, whole)
    about = {"grid": dataclasses.asdict(model.grid), "words": words, "name": model.about.name,
             "synthetic": model.about.synthetic, "note": model.about.note}  # fmt: skip
    with whole_file(path) as file:
        for line in _lines(kind, attributes, pieces, numbers, about):
            file.write(line.encode() + b"\n")


def _lines(
    kind: str,
    attributes: str,
    pieces: tuple[str, list[str]],
    numbers: dict[str, NDArray[Any]],
    about: dict[str, Any],
) -> Iterator[str]:
    """Yield the lines of a file."""
    piece, geometry = pieces
    yield '<?xml version="1.0"?>'
    if about["note"]:
        yield xml_comment(about["note"])
    yield (f'<VTKFile type="{kind}" version="1.0" byte_order="LittleEndian" '
           'header_type="UInt64">')  # fmt: skip
    yield f"<{kind} {attributes}>"
    text = np.frombuffer(json.dumps(about, sort_keys=True).encode(), dtype=np.uint8)
    yield "<FieldData>"
    # Bytes, not VTK's String: other readers stop at that type.
    yield _array(KEY, text).replace(" format=", f' NumberOfTuples="{text.size}" format=', 1)
    yield "</FieldData>"
    yield f"<Piece {piece}>"
    yield "<CellData>"
    for name, values in numbers.items():
        yield _array(name, values)
    yield "</CellData>"
    yield from geometry
    yield "</Piece>"
    yield f"</{kind}>"
    yield "</VTKFile>"


def _array(name: str, values: NDArray[Any]) -> str:
    """Return the element of one array."""
    kinds = {"f": "Float64", "i": "Int64", "u": "UInt8"}
    word = kinds[values.dtype.kind]
    raw = np.ascontiguousarray(values, dtype=TYPES[word]).tobytes()
    text = base64.b64encode(len(raw).to_bytes(8, "little") + raw).decode()
    parts = f' NumberOfComponents="{values.shape[1]}"' if values.ndim == 2 else ""
    head = f'<DataArray type="{word}" Name={quoteattr(name)}{parts} format="binary">'
    return f"{head}{text}</DataArray>"


def _cells(model: BlockModel, whole: bool) -> tuple[dict[str, NDArray[Any]], dict[str, list[str]]]:
    """Return the values of the cells, and the words of those that are text."""
    rows = model.table["block"].to_numpy() if whole else np.arange(len(model.table))
    total = model.grid.n_blocks if whole else len(rows)
    names = ["block", *(["fraction"] if "fraction" in model.table else []), *model.fields]
    numbers: dict[str, NDArray[Any]] = {}
    words: dict[str, list[str]] = {}
    none: float
    values: NDArray[Any]
    for name in names:
        column = model.table[name]
        # Yes and no stand as 1 and 0.
        column = column.astype("int64") if column.dtype.kind == "b" else column
        if column.dtype.kind not in "iuf":
            codes, found = pd.factorize(column, sort=True)
            words[name] = [str(word) for word in found]
            values, none = codes.astype(np.int64), -1
        elif name == "block" or len(rows) == total:
            values, none = column.to_numpy(), -1
        else:
            values, none = column.to_numpy(np.float64), np.nan
        numbers[name] = np.full(total, none, dtype=np.float64 if values.dtype.kind == "f" else "i8")
        numbers[name][rows] = values
    return numbers, words


def _image(model: BlockModel) -> tuple[str, str, tuple[str, list[str]]]:
    """Return the shape of image data."""
    grid = model.grid
    extent = " ".join(f"0 {n}" for n in grid.shape)
    origin, spacing = (
        " ".join(repr(float(v)) for v in values) for values in (grid.origin_m, grid.size_m)
    )
    attributes = f'WholeExtent="{extent}" Origin="{origin}" Spacing="{spacing}"'
    return "ImageData", attributes, (f'Extent="{extent}"', [])


def _structured(model: BlockModel) -> tuple[str, str, tuple[str, list[str]]]:
    """Return the shape of a structured grid: every corner of every block."""
    grid = model.grid
    extent = " ".join(f"0 {n}" for n in grid.shape)
    steps = [np.arange(n + 1) * size for n, size in zip(grid.shape, grid.size_m, strict=True)]
    z, y, x = np.meshgrid(*steps[::-1], indexing="ij")
    corners = grid.to_world(np.column_stack([x.ravel(), y.ravel(), z.ravel()]))
    points = ["<Points>", _array("Points", corners), "</Points>"]
    return "StructuredGrid", f'WholeExtent="{extent}"', (f'Extent="{extent}"', points)


def _unstructured(model: BlockModel) -> tuple[str, str, tuple[str, list[str]]]:
    """Return the shape of an unstructured grid: eight corners a row, not shared."""
    table, grid = model.table, model.grid
    local = grid.to_local(table[list(PLACE_COLUMNS)].to_numpy(np.float64))
    size = table[list(SIZE_COLUMNS)].to_numpy(np.float64)
    corners = local[:, None, :] + (CORNERS - 0.5) * size[:, None, :]
    n = len(table)
    geometry = ["<Points>", _array("Points", grid.to_world(corners.reshape(-1, 3))), "</Points>"]
    geometry += ["<Cells>", _array("connectivity", np.arange(8 * n)),
                 _array("offsets", np.arange(8, 8 * n + 8, 8)),
                 _array("types", np.full(n, HEXAHEDRON, dtype=np.uint8)), "</Cells>"]  # fmt: skip
    return "UnstructuredGrid", "", (f'NumberOfPoints="{8 * n}" NumberOfCells="{n}"', geometry)


def read_vtk(path: Path) -> BlockModel:
    """Read a .vti, .vts or .vtu file of ours, or a .vti file with uncompressed base64 cells.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    BlockModel
        The rows that were written; of a foreign .vti all cells.

    Raises
    ------
    DataError
        If the file is not such a one.
    """
    try:
        root = ET.fromstring(read_bytes(path))
    except ET.ParseError as error:
        raise DataError([Problem(f"not a sound VTK XML file: {error}", path.name)]) from error
    if root.tag != "VTKFile" or root.get("compressor") or root.get("byte_order") == "BigEndian":
        allowed = "VTK XML, little-endian, not compressed"
        raise DataError([Problem("not a VTK file that is read here", path.name, allowed=allowed)])
    cells = {str(item.get("Name")): _numbers(item, root, path)
             for item in root.iterfind(".//CellData/DataArray")}  # fmt: skip
    stated = root.find(f".//FieldData/DataArray[@Name='{KEY}']")
    if stated is None:
        table = pd.DataFrame(cells).assign(block=np.arange(len(next(iter(cells.values()), []))))
        return BlockModel(_image_grid(root, path), table, About(path.stem))
    known = json.loads(_numbers(stated, root, path).tobytes())
    spec = known["grid"]
    grid = Grid(tuple(spec["origin_m"]), tuple(spec["size_m"]), tuple(spec["shape"]),
                spec["azimuth_deg"])  # fmt: skip
    table = pd.DataFrame(cells)
    for name, words in known["words"].items():
        texts = np.array([*words, None], dtype=object)
        table[name] = pd.array(texts[table[name].to_numpy()], dtype="str")
    points = root.find(".//Piece/Cells/../Points/DataArray")
    if points is not None:
        table = pd.concat([table, _boxes(_numbers(points, root, path), grid)], axis=1)
    kept = table.loc[table["block"] >= 0]
    about = About(known["name"], known["synthetic"], note=known.get("note", ""))
    return BlockModel(grid, kept, about)


def _numbers(item: ET.Element, root: ET.Element, path: Path) -> NDArray[Any]:
    """Read the numbers of one array."""
    if item.get("format") != "binary" or item.get("type") not in TYPES:
        found = f"{item.get('format')} {item.get('type')}"
        fact = "an array is not of base64 numbers"
        raise DataError([Problem(fact, f"{path.name}, {item.get('Name')}", found)])
    raw = base64.b64decode("".join((item.text or "").split()))
    head = 8 if root.get("header_type") == "UInt64" else 4
    length = int.from_bytes(raw[:head], "little")
    numbers = np.frombuffer(raw[head : head + length], TYPES[str(item.get("type"))])
    return numbers.reshape(-1, 3) if item.get("NumberOfComponents") == "3" else numbers


def _boxes(corners: FloatArray, grid: Grid) -> pd.DataFrame:
    """Return centres and edges of hexahedra [m] from their corners, shape (8 n, 3)."""
    local = grid.to_local(corners).reshape(-1, 8, 3)
    low, high = local.min(axis=1), local.max(axis=1)
    world = grid.to_world((low + high) / 2)
    return pd.DataFrame(np.hstack([world, high - low]), columns=[*PLACE_COLUMNS, *SIZE_COLUMNS])


def _image_grid(root: ET.Element, path: Path) -> Grid:
    """Read the grid of image data that is not ours."""
    image = root.find("ImageData")
    if image is None:
        remedy = "Only image data says its grid."
        raise DataError([Problem("the file does not say its grid", path.name, remedy=remedy)])
    extent = [int(word) for word in image.get("WholeExtent", "").split()]
    origin = [float(word) for word in image.get("Origin", "0 0 0").split()]
    size = [float(word) for word in image.get("Spacing", "1 1 1").split()]
    first = [o + low * s for o, low, s in zip(origin, extent[::2], size, strict=True)]
    shape = [high - low for low, high in zip(extent[::2], extent[1::2], strict=True)]
    return Grid((first[0], first[1], first[2]), (size[0], size[1], size[2]),
                (shape[0], shape[1], shape[2]))  # fmt: skip
