"""What stands in this table of a GeoPackage or a database, with or without geometry?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from deposits.errors import Checked, MissingPackage, Problem
from deposits.gis.postgis import INSTALL
from deposits.names import listed
from deposits.tables import did_you_mean


def read_geopackage(path: Path, layer: str | None, place: str) -> Checked[pd.DataFrame]:
    """Read a layer or a plain table of a GeoPackage.

    Parameters
    ----------
    path : Path
        The file.
    layer : str or None
        Which layer; may be left out when there is one only.
    place : str
        How messages name it.

    Returns
    -------
    Checked of pandas.DataFrame
        Attributes; points give easting, northing and elevation where no column is called so, with
        a warning that names the coordinate system they are in.
    """
    import pyogrio

    try:
        names = [str(row[0]) for row in pyogrio.list_layers(path)]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError):
        return Checked(None, (Problem("the file is no sound GeoPackage", place),))
    if layer is None and len(names) != 1:
        fact = "the file holds several layers and the study does not say which"
        return Checked(None, (Problem(fact, place, listed(names, 12), remedy="State layer."),))
    wanted = layer or names[0]
    if wanted not in names:
        near = did_you_mean(wanted, names)
        problem = Problem("the file has no such layer", place, wanted, listed(names, 12), near)
        return Checked(None, (problem,))
    read: Any = pyogrio.read_dataframe(path, layer=wanted)
    if "geometry" not in read.columns:
        return Checked(pd.DataFrame(read))
    return _with_coordinates(read, place)


def _with_coordinates(read: Any, place: str) -> Checked[pd.DataFrame]:
    """Turn points into columns, where the table has none of these names."""
    import shapely

    table = pd.DataFrame(read.drop(columns="geometry"))
    shapes = read.geometry.to_numpy()
    if not (shapely.get_type_id(shapes[~shapely.is_missing(shapes)]) == 0).all():
        return Checked(table)
    xyz = shapely.get_coordinates(shapes[~shapely.is_missing(shapes)], include_z=True)
    every = np.full((len(table), 3), np.nan)
    every[~shapely.is_missing(shapes)] = xyz
    taken = []
    for axis, name in enumerate(("easting", "northing", "elevation")):
        if name not in table and not np.isnan(every[:, axis]).all():
            table[name] = every[:, axis]
            taken.append(name)
    crs = read.crs.to_string() if read.crs is not None else "no stated system"
    fact = f"{', '.join(taken)} are taken from the points, in {crs}"
    remedy = "They must be in the study's coordinate system; nothing is transformed."
    problems = (Problem(fact, place, remedy=remedy, severity="warning"),) if taken else ()
    return Checked(table, problems)


def read_database(url: str, table: str | None, place: str) -> Checked[pd.DataFrame]:
    """Read a table of a database.

    Parameters
    ----------
    url : str
        As SQLAlchemy has it; ``postgresql://`` means the driver psycopg.
    table : str or None
        Name of the table, with its schema if it is not in the default one.
    place : str
        How messages name it; the URL never appears in one, for it may hold a password.

    Returns
    -------
    Checked of pandas.DataFrame
        Every row; geometry is left out, coordinates stand in columns.

    Raises
    ------
    MissingPackage
        If sqlalchemy or a driver is not installed.
    """
    try:
        from sqlalchemy import create_engine, inspect
        from sqlalchemy.exc import SQLAlchemyError
    except ImportError as error:
        raise MissingPackage(INSTALL) from error
    if table is None:
        remedy = "State layer = the name of the table."
        return Checked(None, (Problem("the study does not say which table", place, remedy=remedy),))
    # A bare URL leaves the driver open, and SQLAlchemy would take an old one.
    address = re.sub(r"^(postgresql|postgres|postgis)(\+\w+)?:/{1,2}", "postgresql+psycopg://", url)
    schema, _, name = table.rpartition(".")
    try:
        engine = create_engine(address)
        known = [*inspect(engine).get_table_names(schema or None)]
        known += inspect(engine).get_view_names(schema or None)
        if name not in known:
            near = did_you_mean(name, known)
            fact = "the database has no such table"
            return Checked(None, (Problem(fact, place, table, listed(known, 12), near),))
        columns = [
            c["name"]
            for c in inspect(engine).get_columns(name, schema or None)
            if "geometry" not in str(c["type"]).lower() and c["name"] != "geom"
        ]
        with engine.connect() as connection:
            read = pd.read_sql_table(name, connection, schema=schema or None, columns=columns)
    except ImportError as error:
        raise MissingPackage(INSTALL) from error
    except SQLAlchemyError as error:
        reason = type(error).__name__
        remedy = "Check host, database and user."
        return Checked(None, (Problem(f"the database says no ({reason})", place, remedy=remedy),))
    return Checked(read)
