"""What stands in this table of a PostGIS database?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deposits.errors import Checked, MissingPackage, Problem
from deposits.names import listed

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

INSTALL = 'Reading a PostGIS database needs more packages: pip install "anzob[postgis]"'

#: The view of PostGIS that lists every geometry column.
COLUMNS = "SELECT f_table_schema, f_table_name, f_geometry_column FROM geometry_columns"


def read_database(url: str, table: str | None, place: str) -> Checked[GeoDataFrame]:
    """Read a table with its geometry.

    Parameters
    ----------
    url : str
        Such as ``postgresql://user@host/database``.
    table : str or None
        Name of the table, with its schema if it is not unique.
    place : str
        How messages name it; the URL never appears in one, for it may hold a password.

    Returns
    -------
    Checked of geopandas.GeoDataFrame
        Every row, in the system that the database names.

    Raises
    ------
    MissingPackage
        If sqlalchemy or a driver is not installed.
    """
    try:
        import geopandas
        from sqlalchemy import create_engine, text
        from sqlalchemy.exc import SQLAlchemyError
    except ImportError as error:
        raise MissingPackage(INSTALL) from error
    # A URL that went through Path has lost one slash, and SQLAlchemy wants the driver named.
    address = re.sub(r"^\w+(\+\w+)?:/{1,2}", "postgresql+psycopg://", url)
    try:
        with create_engine(address).connect() as connection:
            found = [tuple(map(str, row)) for row in connection.execute(text(COLUMNS))]
            rows = [row for row in found if table in (row[1], f"{row[0]}.{row[1]}")]
            if len(rows) != 1:
                return Checked(None, (_not_one(rows, found, table, place),))
            schema, name, geometry = rows[0]
            query = f"SELECT * FROM {_quoted(schema)}.{_quoted(name)}"
            return Checked(geopandas.read_postgis(text(query), connection, geom_col=geometry))
    except ImportError as error:
        raise MissingPackage(INSTALL) from error
    except SQLAlchemyError as error:
        reason = type(error).__name__
        remedy = "Check host, database, user and whether PostGIS is installed there."
        return Checked(None, (Problem(f"the database says no ({reason})", place, remedy=remedy),))


def _not_one(
    rows: list[tuple[str, ...]], every: list[tuple[str, ...]], table: str | None, place: str
) -> Problem:
    """Word a table that is not there, or there more than once."""
    names = listed(f"{schema}.{name}" for schema, name, _ in (rows or every))
    fact = "several tables or geometry columns fit" if rows else "no such table with geometry"
    return Problem(fact, place, str(table), names, "State layer as schema.table.")


def _quoted(name: str) -> str:
    """Quote an identifier for SQL."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
