"""How is a block model of any size written and read a batch at a time?

A Parquet file whose metadata key ``anzob`` holds JSON: the grid, the name, the units, whether it is
synthetic. Equal tables in equal batches give equal bytes.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Self

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from deposits.blockmodel import model
from deposits.blockmodel.inference import infer_grid
from deposits.blockmodel.model import About, BlockModel, check_blocks
from deposits.errors import DataError, Problem
from deposits.grid import Grid

KEY = b"anzob"
PREFIX = "synthetic_"
#: Rows of one row group: what a reader must hold at once.
ROW_GROUP = 1_000_000


class BlockWriter:
    """Write a block model batch by batch; the file takes its name when all is well.

    Parameters
    ----------
    path : Path
        Where to; the name of a synthetic model must start with ``synthetic_``.
    grid : Grid
        The parent blocks.
    about : About
        Name, units, whether it is synthetic.
    stored_as : mapping = {column: "float32" or another type}
        Types to store columns as (estimates as "float32" halve the file); others keep theirs.

    Raises
    ------
    DataError
        If a synthetic model's file is not called so.

    Examples
    --------
    >>> import tempfile
    >>> grid = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 5.0), (2, 2, 1))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "blocks.parquet"
    ...     with BlockWriter(path, grid, About("lode")) as writer:
    ...         writer.write(pd.DataFrame({"block": [0, 3], "sb_pct": [1.5, 2.5]}))
    ...     read_blocks(path).table["elevation"].tolist()
    [2.5, 2.5]
    """

    def __init__(
        self,
        path: Path,
        grid: Grid,
        about: About,
        stored_as: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        if about.synthetic and not path.name.lower().startswith(PREFIX):
            remedy = "No synthetic number may be taken for a real one."
            raise DataError(
                [Problem("synthetic blocks", str(path), path.name, f"{PREFIX}...", remedy)]
            )
        self.path, self.grid, self.about = path, grid, about
        self.rows = 0
        self._stored_as = dict(stored_as)
        self._partial = path.with_name(f".{path.name}.partial")
        self._file: pq.ParquetWriter | None = None
        self._schema: pa.Schema | None = None
        self._last = -1

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def write(self, table: pd.DataFrame) -> None:
        """Append blocks.

        Parameters
        ----------
        table : pandas.DataFrame
            Columns as for :class:`BlockModel`; the first batch fixes them. Centres may be left out
            when there are no sub-blocks. Block numbers rise from batch to batch.

        Raises
        ------
        DataError
            If the blocks do not fit the grid or the columns those of the first batch.
        """
        placed = model.place_blocks(self.grid, table)
        if self.about.synthetic:
            placed = placed.assign(synthetic=True)
        problems = check_blocks(self.grid, placed, self.path.name, self._last)
        if problems:
            raise DataError(problems)
        batch = self._to_arrow(placed)
        if self._file is None:
            self._file = pq.ParquetWriter(self._partial, batch.schema, compression="zstd")
        self._file.write_table(batch, row_group_size=ROW_GROUP)
        self.rows += len(placed)
        if len(placed):
            self._last = int(placed["block"].iloc[-1])

    def _to_arrow(self, table: pd.DataFrame) -> pa.Table:
        """Turn a table into the schema of the first one."""
        if self._schema is None:
            self._schema = self._first_schema(table)
        names, known = [str(name) for name in table.columns], self._schema.names
        if set(names) != set(known):
            extra, missing = sorted(set(names) - set(known)), sorted(set(known) - set(names))
            found = f"extra {extra}, missing {missing}"
            fact = "the batch has other columns than the first"
            raise DataError([Problem(fact, self.path.name, found, ", ".join(known))])
        try:
            return pa.Table.from_pandas(table[known], schema=self._schema, preserve_index=False)
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            fact = f"the batch has other types than the first: {error}"
            raise DataError([Problem(fact, self.path.name)]) from error

    def _first_schema(self, table: pd.DataFrame) -> pa.Schema:
        """Fix names and types; text is plain text however pandas holds it."""
        fields = []
        for item in pa.Schema.from_pandas(table, preserve_index=False):
            kind = item.type.value_type if pa.types.is_dictionary(item.type) else item.type
            if pa.types.is_large_string(kind) or pa.types.is_null(kind):
                kind = pa.string()
            if item.name == "block":
                kind = pa.int64()
            if item.name in self._stored_as:
                kind = pa.type_for_alias(self._stored_as[item.name])
            fields.append(pa.field(item.name, kind))
        return pa.schema(fields, metadata={KEY: _to_json(self.grid, self.about)})

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the file its name, or remove what was begun."""
        try:
            if kind is None and self._file is None:
                self.write(pd.DataFrame({"block": pd.Series([], dtype="int64")}))
            if self._file is not None:
                self._file.close()
            if kind is None:
                os.replace(self._partial, self.path)  # noqa: PTH105 - one call for both systems
        finally:
            with contextlib.suppress(FileNotFoundError):
                self._partial.unlink()


def _to_json(grid: Grid, about: About) -> bytes:
    """Word the grid and what stands beside the model."""
    beside = dataclasses.asdict(dataclasses.replace(about, units=dict(about.units)))
    return json.dumps({"grid": dataclasses.asdict(grid), **beside}, sort_keys=True).encode()


def _from_json(text: bytes, path: Path) -> tuple[Grid, About]:
    """Read what :func:`_to_json` wrote."""
    try:
        known: dict[str, Any] = json.loads(text)
        spec = known.pop("grid")
        grid = Grid(
            tuple(spec["origin_m"]),
            tuple(spec["size_m"]),
            tuple(spec["shape"]),
            spec["azimuth_deg"],
        )
        return grid, About(**known)
    except (KeyError, TypeError, ValueError) as error:
        fact = f"the metadata key anzob cannot be read: {error}"
        raise DataError([Problem(fact, path.name, remedy="Write the model again.")]) from error


def _open(path: Path) -> pq.ParquetFile:
    """Open a Parquet file, or say why not."""
    if not path.is_file():
        raise DataError([Problem("the file does not exist", str(path), remedy="Check the path.")])
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError([Problem(f"not a sound Parquet file: {error}", str(path))]) from error


def read_about(path: Path) -> tuple[Grid, About]:
    """Read the grid of a block model and what stands beside it, not the blocks.

    Parameters
    ----------
    path : Path
        A Parquet file of ours.

    Returns
    -------
    tuple = (Grid, About)
        From the file's metadata.

    Raises
    ------
    DataError
        If the file is missing, not Parquet, or does not say its grid.
    """
    with _open(path) as file:
        metadata = file.schema_arrow.metadata or {}
    if KEY not in metadata:
        remedy = "Read it with read_blocks and columns=, which works out the grid from the centres."
        raise DataError([Problem("the file does not say its grid", path.name, remedy=remedy)])
    return _from_json(metadata[KEY], path)


def scan_blocks(
    path: Path, columns: Sequence[str] | None = None, rows_per_batch: int = ROW_GROUP
) -> Iterator[pd.DataFrame]:
    """Yield the blocks of a file in its order, some at a time.

    Parameters
    ----------
    path : Path
        A Parquet file.
    columns : sequence of str, optional
        Only these, in this order; all by default.
    rows_per_batch : int
        Rows at a time at most.

    Yields
    ------
    pandas.DataFrame
        Rows of the file.

    Raises
    ------
    DataError
        If the file cannot be read or lacks a column.
    """
    with _open(path) as file:
        known = file.schema_arrow.names
        missing = [name for name in columns or () if name not in known]
        if missing:
            raise DataError(
                [Problem("columns are missing", path.name, ", ".join(missing), ", ".join(known))]
            )
        wanted = None if columns is None else list(columns)
        for batch in file.iter_batches(rows_per_batch, columns=wanted, use_threads=False):
            table = batch.to_pandas()
            yield table if wanted is None else table[wanted]


def read_blocks(
    path: Path, columns: Mapping[str, str] = MappingProxyType({}), azimuth_deg: float = 0.0
) -> BlockModel:
    """Read a whole block model and check it.

    Parameters
    ----------
    path : Path
        A Parquet file of ours, or one with centres (``easting, northing, elevation``).
    columns : mapping = {ours: theirs}
        Names in a file that is not ours.
    azimuth_deg : float
        Azimuth of the grid of a file that does not say it [degrees].

    Returns
    -------
    BlockModel
        With the grid from the metadata, else worked out from the centres by
        :func:`~deposits.blockmodel.infer_grid`.

    Raises
    ------
    DataError
        With all that is wrong.
    """
    table = pd.concat(list(scan_blocks(path)), ignore_index=True) if _rows(path) else _empty(path)
    table = table.rename(columns={theirs: ours for ours, theirs in columns.items()})
    with _open(path) as file:
        metadata = file.schema_arrow.metadata or {}
    if KEY in metadata:
        grid, about = _from_json(metadata[KEY], path)
        return BlockModel(grid, table, dataclasses.replace(about, name=about.name or path.stem))
    grid = infer_grid(table, azimuth_deg, path.name)
    table = table.assign(block=grid.locate(table[list(model.PLACE_COLUMNS)].to_numpy()))
    return BlockModel(grid, table.sort_values("block", kind="stable"), About(path.stem))


def _rows(path: Path) -> int:
    """Count the rows of a file."""
    with _open(path) as file:
        return int(file.metadata.num_rows)


def _empty(path: Path) -> pd.DataFrame:
    """Return the columns of a file without rows."""
    with _open(path) as file:
        table: pd.DataFrame = file.schema_arrow.empty_table().to_pandas()
    return table
