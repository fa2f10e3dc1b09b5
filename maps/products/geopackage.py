"""How do layers and tables become one GeoPackage that opens styled and in words?

The file is version 1.3, which QGIS from 3.22 on reads without a warning, in the project's own CRS.
Styles lie in ``layer_styles``, where QGIS looks for them; words and units also in
``gpkg_data_columns``, where everybody else may. Equal results give equal bytes.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from maps.layers import Layer, Table
from maps.products.geojson import writable
from maps.products.qml import qml_of_layer, qml_of_table

#: The day written where a GeoPackage asks for one, unless SOURCE_DATE_EPOCH names another.
EPOCH = 0

LAYER_STYLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
  f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))
"""

DATA_COLUMNS = """
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name))
"""


def write_geopackage(
    layers: Sequence[Layer], tables: Sequence[Table], path: Path, *, description: str = ""
) -> None:
    """Write layers and tables into one GeoPackage.

    Parameters
    ----------
    layers : sequence of Layer
        Each becomes a spatial table in its own CRS, with its style.
    tables : sequence of Table
        Each becomes a table without geometry.
    path : Path
        File to write; an existing one is replaced.
    description : str
        Sentence that goes with the whole file, such as the disclaimer.
    """
    path.unlink(missing_ok=True)
    for layer in layers:
        _write(
            writable(layer.features),
            path,
            layer.name,
            {"IDENTIFIER": layer.title, "DESCRIPTION": layer.note or layer.title},
            description,
        )
    for table in tables:
        options = {"IDENTIFIER": table.title, "DESCRIPTION": table.title}
        _write(table.rows, path, table.name, options, description)
    with closing(sqlite3.connect(path)) as base:
        _add_styles(base, layers, tables)
        _add_words(base, layers, tables)
        _fix_dates(base)
        base.commit()
        base.execute("VACUUM")
    _fix_change_counter(path)


def _write(rows: Any, path: Path, name: str, options: dict[str, str], description: str) -> None:
    import pyogrio

    spatial = hasattr(rows, "geom_type")
    first = not path.exists()
    extra: dict[str, Any] = {}
    if first:
        extra["dataset_options"] = {"VERSION": "1.3"}
        extra["dataset_metadata"] = {"DISCLAIMER": description} if description else None
    if spatial:
        extra["geometry_type"] = geometry_type(rows)
        extra["promote_to_multi"] = str(extra["geometry_type"]).startswith("Multi")
        options = {**options, "GEOMETRY_NAME": "geom"}
    with warnings.catch_warnings():
        # An empty layer is written on purpose: absent and empty are not the same.
        warnings.filterwarnings("ignore", message=".*[Ee]mpty.*")
        pyogrio.write_dataframe(
            rows,
            path,
            layer=name,
            driver="GPKG",
            append=False,
            layer_options={**options, "FID": "fid"},
            use_arrow=_has_days(rows),
            **extra,
        )


def _has_days(rows: Any) -> bool:
    """Say whether a column holds days: only Arrow hands them to the file as days, not as texts."""
    first = (next(iter(rows[c].dropna()), None) for c in rows.columns if rows[c].dtype == object)
    return any(type(value) is date for value in first)


def geometry_type(features: Any) -> str | None:
    """Name the one geometry type of a layer; a mixture is "Unknown", which QGIS splits."""
    kinds = {str(kind).removeprefix("Multi") for kind in features.geom_type.dropna()}
    if len(kinds) != 1:
        return "Unknown"
    kind = kinds.pop()
    three = " Z" if bool(features.has_z.any()) else ""
    several = "Multi" if features.geom_type.str.startswith("Multi").any() else ""
    return f"{several}{kind}{three}"


def _add_styles(base: sqlite3.Connection, layers: Sequence[Layer], tables: Sequence[Table]) -> None:
    base.execute(LAYER_STYLES)
    base.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description) "
        "VALUES ('layer_styles', 'attributes', 'layer_styles', 'Styles that QGIS applies')"
    )
    styles = [(x.name, "geom", qml_of_layer(x), x.title) for x in layers]
    styles += [(x.name, "", qml_of_table(x.fields), x.title) for x in tables]
    base.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
        "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, "
        "update_time) VALUES ('', '', ?, ?, ?, ?, '', 1, ?, '', ?)",
        [(name, geom, name[:30], qml, title, _today()) for name, geom, qml, title in styles],
    )


def _add_words(base: sqlite3.Connection, layers: Sequence[Layer], tables: Sequence[Table]) -> None:
    base.execute(DATA_COLUMNS)
    _need_extension_table(base)
    base.execute(
        "INSERT INTO gpkg_extensions VALUES ('gpkg_data_columns', NULL, 'gpkg_schema', "
        "'http://www.geopackage.org/spec121/#extension_schema', 'read-write')"
    )
    things: list[Layer | Table] = [*layers, *tables]
    rows = [
        (thing.name, field.name, field.label, field.unit or None)
        for thing in things
        for field in thing.fields
    ]
    base.executemany(
        "INSERT INTO gpkg_data_columns (table_name, column_name, title, description) "
        "VALUES (?, ?, ?, ?)",
        rows,
    )


def _need_extension_table(base: sqlite3.Connection) -> None:
    base.execute(
        "CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, "
        "extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL, "
        "CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))"
    )


def _fix_dates(base: sqlite3.Connection) -> None:
    """Write one day everywhere, so that equal results give equal bytes."""
    base.execute("UPDATE gpkg_contents SET last_change = ?", (_today(),))
    tables = {row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type='table'")}
    if "gpkg_metadata_reference" in tables:
        base.execute("UPDATE gpkg_metadata_reference SET timestamp = ?", (_today(),))


def _fix_change_counter(path: Path) -> None:
    """Set SQLite's change counter (bytes 24-27, repeated in 92-95; file format, section 1.3).

    GDAL writes a layer in one or two transactions, as the second of the clock turns meanwhile or
    not, and each counts.
    """
    with path.open("r+b") as file:
        for place in (24, 92):
            file.seek(place)
            file.write((1).to_bytes(4, "big"))


def _today() -> str:
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    seconds = int(given) if re.fullmatch(r"\d{1,11}", given) else EPOCH
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def read_layers(path: Path) -> dict[str, Any]:
    """Read back the spatial layers of a GeoPackage by name.

    Parameters
    ----------
    path : Path
        A GeoPackage, such as `write_geopackage` leaves.

    Returns
    -------
    dict of GeoDataFrame
        By layer name, in the file's CRS.
    """
    import pyogrio

    # A copy: GDAL leaves an .aux.xml beside a file whose metadata it has read.
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copyfile(path, Path(folder) / "layers.gpkg")
        return {
            str(name): pyogrio.read_dataframe(copy, layer=name)
            for name, geometry in pyogrio.list_layers(copy)
            if geometry is not None
        }
