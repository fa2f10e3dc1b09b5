"""Which columns does a table of blocks have, and do its blocks fit their grid?

One row is a block of the grid or a sub-block of it. ``block`` is the number of the (parent) block;
``easting, northing, elevation`` the centre of the block or sub-block [m]; ``dx, dy, dz`` the edges
of a sub-block along the grid's axes [m], absent in a regular model; ``fraction`` the share of the
row's volume that counts, absent when it is 1; everything else is a field. Rows go up by ``block``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError, Problem
from deposits.grid import Grid

FloatArray = NDArray[np.float64]
PLACE_COLUMNS = ("easting", "northing", "elevation")
SIZE_COLUMNS = ("dx", "dy", "dz")
#: How far a centre or an edge may be off, as a share of the block's edge.
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class About:
    """What stands beside a block model.

    Parameters
    ----------
    name : str
        What the model is called.
    synthetic : bool
        Whether its numbers are made up; then every row and the file's name say so.
    units : mapping = {field: unit}
        Units of the fields.
    crs : str
        Coordinate reference system of the grid ("EPSG:32642"); "" when it is not known.
    note : str
        What a reader must know.
    """

    name: str = ""
    synthetic: bool = False
    units: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    crs: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class BlockModel:
    """A grid, a table of its blocks, and what stands beside them.

    Parameters
    ----------
    grid : Grid
        The parent blocks.
    table : pandas.DataFrame
        One row a block or sub-block; columns as in this module's first lines.
    about : About
        Name, units, whether it is synthetic: then every row says so.

    Raises
    ------
    DataError
        With all that is wrong with the table.
    """

    grid: Grid
    table: pd.DataFrame
    about: About = field(default_factory=About)

    def __post_init__(self) -> None:
        """Refuse a table that does not fit the grid; place blocks given by number only."""
        table = place_blocks(self.grid, self.table)
        problems = check_blocks(self.grid, table, self.about.name)
        if problems:
            raise DataError(problems)
        if self.about.synthetic:
            table = table.assign(synthetic=True)
        object.__setattr__(self, "table", table.reset_index(drop=True))

    @property
    def sub_blocked(self) -> bool:
        """Whether rows state their own sizes."""
        return set(SIZE_COLUMNS) <= set(self.table.columns)

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the columns that are neither place, size nor fraction."""
        geometry = {"block", *PLACE_COLUMNS, *SIZE_COLUMNS, "fraction"}
        return tuple(str(name) for name in self.table.columns if name not in geometry)


def place_blocks(grid: Grid, table: pd.DataFrame) -> pd.DataFrame:
    """Add the centres of whole blocks to a table that has only their numbers.

    Parameters
    ----------
    grid : Grid
        The parent blocks.
    table : pandas.DataFrame
        With ``block``; a table with any place or size is left as it is.

    Returns
    -------
    pandas.DataFrame
        Number, place, size and fraction first, then the fields.
    """
    columns = [str(name) for name in table.columns]
    if "block" not in columns:
        return table
    if any(name in columns for name in (*PLACE_COLUMNS, *SIZE_COLUMNS)):
        placed = table
    else:
        numbers = table["block"].to_numpy()
        if not np.issubdtype(numbers.dtype, np.integer):
            return table
        centres = dict(zip(PLACE_COLUMNS, grid.centres(numbers).T, strict=True))
        placed = table.assign(**centres)
    first = ["block", *PLACE_COLUMNS, *SIZE_COLUMNS, "fraction"]
    order = [name for name in first if name in placed.columns]
    return placed[order + [name for name in placed.columns if name not in order]]


def volumes_m3(table: pd.DataFrame, grid: Grid) -> FloatArray:
    """Return the volume of each row that counts: its edges times its fraction.

    Parameters
    ----------
    table : pandas.DataFrame
        With ``dx, dy, dz`` [m] for sub-blocks and ``fraction`` when there are any.
    grid : Grid
        Whose blocks are whole where no size is stated.

    Returns
    -------
    ndarray, shape (n,)
        Volumes [m3].

    Examples
    --------
    >>> grid = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 5.0), (2, 1, 1))
    >>> volumes_m3(pd.DataFrame({"block": [0, 1], "fraction": [1.0, 0.25]}), grid)
    array([500., 125.])
    """
    volumes = np.full(len(table), grid.block_volume_m3)
    if set(SIZE_COLUMNS) <= set(table.columns):
        edges = (table[name].to_numpy(np.float64) for name in SIZE_COLUMNS)
        volumes = np.prod(list(edges), axis=0)
    if "fraction" in table.columns:
        volumes = volumes * table["fraction"].to_numpy(np.float64)
    return volumes


def block_batches(grid: Grid, rows: int = 1_000_000) -> Iterator[pd.DataFrame]:
    """Yield the numbers and centres of all blocks of a grid, some at a time.

    Parameters
    ----------
    grid : Grid
        The grid.
    rows : int
        Blocks a batch, at least 1.

    Yields
    ------
    pandas.DataFrame
        ``block, easting, northing, elevation`` [m], up by block; its index is the block.
    """
    if rows < 1:
        raise ValueError(f"a batch must hold at least 1 block, given {rows}")
    for start in range(0, grid.n_blocks, rows):
        block = np.arange(start, min(start + rows, grid.n_blocks))
        centres = dict(zip(PLACE_COLUMNS, grid.centres(block).T, strict=True))
        yield pd.DataFrame({"block": block, **centres}, index=block)


def check_blocks(grid: Grid, table: pd.DataFrame, name: str = "", after: int = -1) -> list[Problem]:
    """List all that keeps a table of blocks from fitting its grid.

    Parameters
    ----------
    grid : Grid
        The parent blocks.
    table : pandas.DataFrame
        The blocks.
    name : str
        File or model, for the place of a problem.
    after : int
        The last block that stands before this table in a file; -1 at its beginning.

    Returns
    -------
    list of Problem
        Missing columns, numbers and centres off the grid, repeated blocks, sizes, fractions and
        sums of volumes that cannot be right; [] when it fits.
    """
    if "block" in table.columns and table["block"].dtype.kind == "f":
        return [Problem("block numbers are not whole", name, "fractional numbers", "int64")]
    sizes = [column for column in SIZE_COLUMNS if column in table.columns]
    needed = ("block", *PLACE_COLUMNS, *(SIZE_COLUMNS if sizes else ()))
    problems = [
        Problem(f'column "{column}" is missing', name, remedy="Add it.")
        for column in needed
        if column not in table.columns
    ]
    wrong = [c for c in needed if c in table.columns and table[c].dtype.kind not in "iuf"]
    problems += [Problem("not a column of numbers", f"{name}, column {c}") for c in wrong]
    if problems or not len(table):
        return problems
    block = table["block"].to_numpy()
    off = (block < 0) | (block >= grid.n_blocks)
    if off.any():
        allowed = f"0 to {grid.n_blocks - 1}"
        return [_rows("block numbers off the grid", name, off, block, allowed)]
    steps = np.diff(block, prepend=after)
    back = steps < 0 if sizes else steps <= 0
    if back.any():
        fact = "blocks repeat or are not in the order of the grid"
        allowed = "rising block numbers" + ("" if sizes else ", each once")
        problems.append(_rows(fact, name, back, block, allowed))
    return problems + _check_geometry(grid, table, name)


def _rows(fact: str, name: str, wrong: ArrayLike, values: NDArray[Any], allowed: str) -> Problem:
    """Word what is wrong with some rows: how many, and the first of them."""
    rows, count = np.flatnonzero(wrong), np.size(wrong)
    place = ", ".join(part for part in (name, f"row {rows[0] + 1}") if part)
    return Problem(f"{len(rows)} of {count} rows: {fact}", place, f"{values[rows[0]]}", allowed)


def _check_geometry(grid: Grid, table: pd.DataFrame, name: str) -> list[Problem]:
    """List centres, sizes and fractions that do not fit the blocks they belong to."""
    problems = []
    block = table["block"].to_numpy()
    edges = np.asarray(grid.size_m)
    centres = table[list(PLACE_COLUMNS)].to_numpy(np.float64)
    apart = np.abs(grid.to_local(centres) - grid.to_local(grid.centres(block)))
    room = np.zeros_like(apart)
    if set(SIZE_COLUMNS) <= set(table.columns):
        size = table[list(SIZE_COLUMNS)].to_numpy(np.float64)
        bad = ~((size > 0) & (size <= edges * (1 + TOLERANCE))).all(axis=1)
        if bad.any():
            allowed = "above 0 and within the block's " + " x ".join(f"{edge:g}" for edge in edges)
            problems.append(_rows("sizes of sub-blocks [m]", name, bad, size, allowed))
        room = (edges - size) / 2
        parents, number = np.unique(block, return_inverse=True)
        filled = np.bincount(number, np.prod(size, axis=1)) / grid.block_volume_m3
        if filled.max() > 1 + 1e-5:
            found = f"block {parents[filled.argmax()]} filled {filled.max():.3g} times"
            problems.append(Problem("sub-blocks overlap", name, found, "at most once"))
    off = ~(apart <= room + TOLERANCE * edges).all(axis=1)
    if off.any():
        fact = (
            "centres are not those of their blocks"
            if not room.any()
            else "sub-blocks leave their block"
        )
        problems.append(_rows(fact, name, off, centres, "the grid's own positions"))
    if "fraction" in table.columns:
        fraction = table["fraction"].to_numpy(np.float64)
        bad = ~((fraction > 0) & (fraction <= 1 + 1e-9))
        if bad.any():
            problems.append(_rows("fractions", name, bad, fraction, "above 0, at most 1"))
    return problems
