"""What stands in this layer file, before anything is believed about where it lies?

Files are read as they are: geometry in the file's own coordinates, the coordinate system that the
file itself names (or None), text in the encoding that the study states or the file declares.
"""

from __future__ import annotations

import codecs
import json
import re
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from deposits.errors import Checked, Problem, Severity
from deposits.gis.encodings import misread_encoding
from deposits.names import listed
from deposits.tables import Column, TableFile, did_you_mean, read_table

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

    from deposits.gis.mine_grid import MineGrid

TEXT_TABLES = (".csv", ".txt", ".tsv")
DATABASE = re.compile(r"^(postgresql|postgres|postgis)(\+\w+)?:/{1,2}", re.IGNORECASE)

#: How coordinate columns are usually headed; used to suggest, never to choose.
X_HEADERS = re.compile(r"^(x|lon\w*|long\w*|east\w*|e|долгота|восток\w*)(_\w+)?$", re.IGNORECASE)
Y_HEADERS = re.compile(r"^(y|lat\w*|north\w*|n|широта|север\w*)(_\w+)?$", re.IGNORECASE)

#: Property names longer than the ten characters that a Shapefile keeps.
LONG_NAMES = (
    "uncertainty_m geometry_meaning statement_kind area_basis true_thickness_m cutoff_sb_pct "
    "density_t_per_m3"
)


@dataclass(frozen=True)
class LayerSource:
    """Where a layer is and what the study says of it.

    Parameters
    ----------
    name : str
        Its key in the study.
    path : Path or str
        A file, or the URL of a PostGIS database.
    role, title, source : str
        What it is for, how it is headed, who made it.
    layer : str, optional
        Which layer of a file that has several; the table of a database.
    crs : str, optional
        Coordinate system of a file that does not say; it overrules one that does.
    encoding : str, optional
        Encoding of the texts, where the file does not say.
    x, y : str, optional
        Columns of a text table with easting or longitude, and northing or latitude.
    delimiter, decimal : str
        How a text table is written.
    id_column : str
        Column that identifies features.
    repair : bool
        Whether invalid geometry may be repaired.
    mine_grid : MineGrid, optional
        The tie of the local grid that the coordinates are in.
    """

    name: str
    path: Path | str
    role: str = ""
    title: str = ""
    layer: str | None = None
    crs: str | None = None
    encoding: str | None = None
    x: str | None = None
    y: str | None = None
    delimiter: str = ","
    decimal: str = "."
    id_column: str = "id"
    repair: bool = False
    source: str = ""
    mine_grid: MineGrid | None = None

    @property
    def is_database(self) -> bool:
        """Whether *path* is the URL of a database."""
        return DATABASE.match(str(self.path)) is not None

    @property
    def place(self) -> str:
        """How messages name it; a database URL is left out, for it may hold a password."""
        if self.is_database:
            return f"layer {self.name}, database table {self.layer}"
        part = f", layer {self.layer}" if self.layer else ""
        return f"{Path(self.path).name}{part}"


@dataclass(frozen=True, eq=False)
class RawLayer:
    """A layer as its file has it.

    Parameters
    ----------
    table : geopandas.GeoDataFrame
        Features in the coordinates of the file, without a CRS of its own.
    crs : object
        The system that the file names, as pyproj understands it; None when it names none.
    """

    table: GeoDataFrame
    crs: object = None


def read_file(source: LayerSource) -> Checked[RawLayer]:
    """Read a layer and list everything that is wrong with its file.

    Parameters
    ----------
    source : LayerSource
        Where it is and how it is written.

    Returns
    -------
    Checked of RawLayer
        Features as the file has them.

    Raises
    ------
    MissingPackage
        If *source* is a database and the packages for it are not installed.
    """
    if source.is_database:
        from deposits.gis.postgis import read_database

        table = read_database(str(source.path), source.layer, source.place)
        raw = _raw(table.value, None) if table.value is not None else None
        return Checked(raw, table.problems)
    path = Path(source.path)
    problem = _unreadable(path) or _unknown_encoding(source)
    if problem is not None:
        return Checked(None, (problem,))
    if path.suffix.lower() in TEXT_TABLES:
        return _read_text_table(source, path)
    return _read_vector(source, path)


def _raw(table: GeoDataFrame, crs: object) -> RawLayer:
    """Call the geometry one name, and take off the CRS, so that nobody believes it unchecked."""
    named = table.crs if crs is None else crs
    if table.geometry.name != "geometry":
        table = table.rename_geometry("geometry")
    return RawLayer(table.set_crs(None, allow_override=True), named)


def _unreadable(path: Path) -> Problem | None:
    """Word a file that is not there or has nothing in it."""
    if not path.exists():
        there = [other.name for other in path.parent.glob("*")] if path.parent.is_dir() else []
        remedy = did_you_mean(path.name, there) or "Check the path; it is relative to the study."
        return Problem("the file does not exist", str(path), remedy=remedy)
    if path.is_dir() and path.suffix.lower() != ".gdb":
        return Problem("this is a folder, not a layer", str(path), remedy="Name the file in it.")
    if path.is_file() and not path.stat().st_size:
        return Problem("the file is empty", path.name, remedy="Export it again.")
    return None


def _unknown_encoding(source: LayerSource) -> Problem | None:
    """Word an encoding that nobody knows; GDAL would pass over it in silence."""
    try:
        codecs.lookup(source.encoding or "utf-8")
    except LookupError:
        remedy = 'Write for example "utf-8", "cp1251" or "cp866".'
        return Problem("unknown encoding", source.place, str(source.encoding), remedy=remedy)
    return None


def _read_text_table(source: LayerSource, path: Path) -> Checked[RawLayer]:
    """Read points from a text table with two coordinate columns."""
    import geopandas
    from shapely import points

    file = TableFile(path, source.delimiter, source.decimal, source.encoding or "utf-8-sig")
    plain = read_table(file, [])
    if plain.value is None:
        return Checked(None, plain.problems)
    headers = list(plain.value.columns)
    if source.x not in headers or source.y not in headers:
        if len(headers) > 1:
            return Checked(None, (_no_such_columns(source, headers, path.name),))
        # One header usually means another delimiter; reading with two columns words that.
        return Checked(None, read_table(file, [Column("x"), Column("y")]).problems)
    axes = [Column(name, "number", required=True) for name in (source.x, source.y)]
    rest = [Column(name) for name in headers if name not in (source.x, source.y)]
    read = read_table(file, axes + rest)
    if read.value is None:
        return Checked(None, read.problems)
    table = read.value
    shapes = points(table[source.x].to_numpy(float), table[source.y].to_numpy(float))
    for column in rest:
        if column.name != source.id_column:
            table[column.name] = _as_numbers(table[column.name], source.decimal)
    layer = geopandas.GeoDataFrame(table.reset_index(drop=True), geometry=shapes)
    return Checked(RawLayer(layer), read.problems + tuple(_garbled(layer, source)))


def _no_such_columns(source: LayerSource, headers: Sequence[str], file: str) -> Problem:
    """Word the error for a table whose coordinate columns are not stated, or not there."""
    x = [name for name in headers if X_HEADERS.match(name)]
    y = [name for name in headers if Y_HEADERS.match(name)]
    remedy = "State x and y for this layer in the study."
    if x and y:
        remedy = f'State x = "{x[0]}" and y = "{y[0]}" for this layer, if those are they.'
    fact = "the study does not say which columns hold the coordinates"
    if source.x is not None and source.y is not None:
        absent = [name for name in (source.x, source.y) if name not in headers]
        fact = f"the stated coordinate column {' and '.join(absent)} is not there"
    return Problem(fact, f"{file}, row 1", f"columns {listed(headers, 12)}", remedy=remedy)


def _as_numbers(cells: pd.Series, decimal: str) -> pd.Series:
    """Turn a column of plain numbers into numbers; codes such as 007 stay text."""
    import pandas as pd

    texts = [str(cell) for cell in cells]
    plain = re.compile(rf"-?(0|[1-9]\d*)({re.escape(decimal)}\d+)?([eE][-+]?\d+)?")
    filled = [text for text in texts if text]
    if not filled or not all(plain.fullmatch(text) for text in filled):
        return cells
    numbers = [float(text.replace(decimal, ".")) if text else np.nan for text in texts]
    return pd.Series(numbers, index=cells.index, dtype="float64")


def _read_vector(source: LayerSource, path: Path) -> Checked[RawLayer]:
    """Read whatever GDAL reads, with its complaints as problems."""
    opened = _open_zip(source, path) if path.suffix.lower() == ".zip" else None
    if opened is not None and opened.value is None:
        return Checked(None, opened.problems)
    target = opened.value if opened is not None and opened.value is not None else str(path)
    chosen = _choose_layer(source, target)
    if chosen.value is None:
        return Checked(None, chosen.problems)
    read = _read_gdal(source, target, chosen.value)
    if read.value is None:
        return Checked(None, read.problems)
    table, info = read.value
    problems = list(read.problems)
    if info["driver"] == "ESRI Shapefile":
        table, restored = _restore_names(table, source.place)
        problems += restored
    if info["driver"] in ("KML", "LIBKML"):
        table = _plain_kml(table)
    problems += _garbled(table, source)
    # GDAL itself takes GeoJSON and KML for WGS 84, as RFC 7946 and KML 2.3 define them.
    problems += _old_crs_member(path, info["driver"], info["crs"])
    return Checked(_raw(table, info["crs"]), tuple(problems))


def _open_zip(source: LayerSource, path: Path) -> Checked[str]:
    """Find the Shapefile inside an archive, also in a folder of it, with all its parts."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [n for n in archive.namelist() if not n.startswith("__MACOSX")]
    except zipfile.BadZipFile:
        remedy = "Pack it again; a Shapefile needs .shp, .shx, .dbf, .prj (and .cpg) in one zip."
        return Checked(None, (Problem("the file is no zip archive", path.name, remedy=remedy),))
    shapes = [name for name in members if name.lower().endswith(".shp")]
    if not shapes:
        return Checked(f"/vsizip/{path.resolve()}")
    if source.layer is not None:
        shapes = [name for name in shapes if Path(name).stem == source.layer] or shapes
    if len(shapes) > 1:
        return Checked(None, (_several([Path(name).stem for name in shapes], source),))
    stem = shapes[0][:-4].lower()
    parts = {Path(name).suffix.lower() for name in members if name[:-4].lower() == stem}
    absent = [part for part in (".shx", ".dbf") if part not in parts]
    if absent:
        fact = f"the Shapefile lacks its {' and '.join(absent)}"
        remedy = "Pack .shp, .shx, .dbf, .prj (and .cpg) together."
        return Checked(None, (Problem(fact, path.name, listed(members), remedy=remedy),))
    return Checked(f"/vsizip/{path.resolve()}/{shapes[0]}")


def _choose_layer(source: LayerSource, target: str) -> Checked[str]:
    """Take the stated layer, or the only one that has geometry."""
    import pyogrio

    try:
        layers = pyogrio.list_layers(target)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError):
        remedy = "Export it as GeoPackage, GeoJSON or a zipped Shapefile."
        fact = "the file is damaged, or in a format that GDAL does not read"
        return Checked(None, (Problem(fact, source.place, remedy=remedy),))
    names = [str(name) for name, geometry in layers if geometry is not None]
    single = target.lower().endswith((".shp", ".fgb", ".geojson", ".json"))
    if source.layer is not None and not single:
        if source.layer in names:
            return Checked(source.layer)
        remedy = did_you_mean(source.layer, names)
        fact = "the file has no such layer"
        problem = Problem(fact, source.place, source.layer, listed(names, 12), remedy)
        return Checked(None, (problem,))
    if not names:
        remedy = "For coordinates in columns give a CSV with x and y stated."
        return Checked(None, (Problem("no layer has geometry", source.place, remedy=remedy),))
    return Checked(names[0]) if len(names) == 1 else Checked(None, (_several(names, source),))


def _several(names: Sequence[str], source: LayerSource) -> Problem:
    remedy = f'State layer = "{names[0]}", or another of them, in the study.'
    fact = "the file holds several layers and the study does not say which"
    return Problem(fact, source.place, listed(names, 12), remedy=remedy)


def _read_gdal(source: LayerSource, target: str, layer: str) -> Checked[tuple[Any, Any]]:
    """Read table and description; GDAL's own warnings are kept as problems."""
    import pyogrio
    from shapely.errors import GEOSException

    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            info = pyogrio.read_info(target, layer=layer, encoding=source.encoding)
            table = pyogrio.read_dataframe(target, layer=layer, encoding=source.encoding)
        except UnicodeDecodeError as error:
            fact = f"the texts are not in the encoding that the file declares ({error.encoding})"
            remedy = 'State its encoding in the study, for old Russian files encoding = "cp1251".'
            return Checked(None, (Problem(fact, source.place, remedy=remedy),))
        except (pyogrio.errors.DataSourceError, ValueError, RuntimeError, GEOSException) as error:
            return Checked(None, (Problem(f"GDAL cannot read it ({error})", source.place),))
    problems = tuple(
        Problem(f"GDAL says: {warning.message}", source.place, severity="warning")
        for warning in heard
        if issubclass(warning.category, RuntimeWarning)
    )
    return Checked((table, info), problems)


def _plain_kml(table: GeoDataFrame) -> GeoDataFrame:
    """Undo the renaming that GDAL's KML driver needs for properties called name and id."""
    if "name" not in table and "Name" in table:
        table = table.rename(columns={"Name": "name"})
    if "id2" in table:
        table = table.drop(columns="id").rename(columns={"id2": "id"})
    return table


def _restore_names(table: GeoDataFrame, place: str) -> tuple[GeoDataFrame, list[Problem]]:
    """Give properties that a Shapefile cut to ten characters their full names back."""
    full = {name[:10]: name for name in LONG_NAMES.split() if name[:10] != name}
    renamed = {cut: name for cut, name in full.items() if cut in table and name not in table}
    if not renamed:
        return table, []
    found = ", ".join(f"{cut} as {name}" for cut, name in renamed.items())
    fact = "a Shapefile cuts names to ten characters; they were read in full"
    problem = Problem(fact, place, found, severity="warning")
    return table.rename(columns=renamed), [problem]


def _garbled(table: GeoDataFrame, source: LayerSource) -> list[Problem]:
    """Report texts that were read in another encoding than they were written in."""
    problems = []
    for column in table.columns:
        texts = [value for value in table[column] if isinstance(value, str)]
        written = misread_encoding(texts)
        if written:
            example = next(text for text in texts if not text.isascii())
            remedy = f'State encoding = "{written}" for this layer in the study.'
            place = f"{source.place}, column {column}"
            # Who stated an encoding has looked: then this is a question, not a refusal.
            severity: Severity = "error" if source.encoding is None else "warning"
            fact = "the letters look garbled: read in another encoding than written"
            problems.append(Problem(fact, place, f'"{example}"', "", remedy, severity))
    return problems


def _old_crs_member(path: Path, driver: str, crs: str | None) -> list[Problem]:
    """Warn of a GeoJSON with a crs member, which RFC 7946 has done away with."""
    if driver != "GeoJSON" or path.suffix.lower() == ".zip":
        return []
    try:
        content = json.loads(path.read_bytes())
    except ValueError:
        return []
    member = content.get("crs") if isinstance(content, dict) else None
    if not member or "CRS84" in json.dumps(member):
        return []
    fact = "this GeoJSON has a crs member; GeoJSON is WGS 84 by definition (RFC 7946)"
    remedy = "It is read in the CRS it names; export it again in WGS 84."
    return [Problem(fact, path.name, str(crs), "WGS 84", remedy, "warning")]
