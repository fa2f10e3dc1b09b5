"""How is a block model on disk tabulated without holding it in memory?

Of a Parquet file only the columns asked for are read, a run of blocks at a time; breakdown texts
stay as dictionary codes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from deposits.errors import DataError, Problem
from deposits.tonnage.columns import RUN, refuse_missing
from deposits.tonnage.request import TonnageRequest
from deposits.tonnage.table import TonnageTable, tabulate_blocks, volume_of

#: Key of the metadata that our own block models carry.
ABOUT = b"anzob"
#: Bytes of a column read at once.
BUFFER_BYTES = 1 << 20


def tabulate_file(
    path: Path, request: TonnageRequest, *, block_m3: float | None = None, delimiter: str = ","
) -> TonnageTable:
    """Tabulate a block model in a Parquet or CSV file.

    Parameters
    ----------
    path : Path
        ``.parquet``, or ``.csv`` or ``.txt`` with one line of names and a decimal point.
    request : TonnageRequest
    block_m3 : float or None
        Volume of every block [m3], where the file does not say.
    delimiter : str
        Of a text file.

    Returns
    -------
    TonnageTable

    Raises
    ------
    DataError
        If the file cannot be read, or as `tabulate_blocks`.
    """
    if not path.is_file():
        raise DataError([Problem("there is no such file", str(path))])
    if path.suffix.lower() == ".parquet":
        return tabulate_parquet(path, request, block_m3=block_m3)
    if path.suffix.lower() in (".csv", ".txt"):
        return tabulate_csv(path, request, block_m3=block_m3, delimiter=delimiter)
    raise DataError([Problem("not a block model", str(path), path.suffix, ".parquet, .csv, .txt")])


def tabulate_parquet(
    path: Path, request: TonnageRequest, *, block_m3: float | None = None
) -> TonnageTable:
    """Tabulate a Parquet block model of any origin, a run of blocks at a time.

    Parameters
    ----------
    path : Path
    request : TonnageRequest
    block_m3 : float or None
        Volume of every block [m3]; the file's own columns or grid go first.

    Returns
    -------
    TonnageTable
        SYNTHETIC if the file's metadata, or a column ``synthetic``, says so. In a file of ours
        a column ``fraction`` is taken into account without being asked for.

    Raises
    ------
    DataError
        If the file is not Parquet, or as `tabulate_blocks`.
    """
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError([Problem("not a Parquet file", str(path), str(error))]) from error
    about = json.loads((schema.metadata or {}).get(ABOUT, b"{}"))
    if about and request.fraction is None and "fraction" in schema.names:
        # In our own files this column means what it says; without it volumes would be too large.
        request = replace(request, fraction="fraction")
    size = (about.get("grid") or {}).get("size_m")
    block_m3 = math.prod(size) if size else block_m3
    needed = _needed(request, list(schema.names), block_m3, str(path))
    texts = [n for n in request.by if _is_text(schema.field(n).type)]
    # Arrow would hold every page of the file that has been asked for; a buffer keeps memory flat.
    options = {"pre_buffer": False, "buffer_size": BUFFER_BYTES}
    with pq.ParquetFile(path, read_dictionary=texts, **options) as file:
        flagged = bool(about.get("synthetic")) or _flagged(file, schema.names)
        batches = file.iter_batches(batch_size=RUN, columns=needed, use_threads=True)
        return tabulate_blocks(
            batches, request, block_m3=block_m3, synthetic=flagged, source=path.name
        )


def tabulate_csv(
    path: Path, request: TonnageRequest, *, block_m3: float | None = None, delimiter: str = ","
) -> TonnageTable:
    """Tabulate a text block model with one line of names, piece by piece.

    Parameters
    ----------
    path : Path
        UTF-8, with a decimal point; an empty cell is absent.
    request : TonnageRequest
    block_m3 : float or None
        Volume of every block [m3], where no column gives it.
    delimiter : str

    Returns
    -------
    TonnageTable

    Raises
    ------
    DataError
        If the file cannot be read as such a table, or as `tabulate_blocks`.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            names = [n.strip('"') for n in file.readline().rstrip("\r\n").split(delimiter)]
    except UnicodeDecodeError as error:
        remedy = "Save it as UTF-8."
        raise DataError([Problem("the file is not UTF-8", str(path), remedy=remedy)]) from error
    needed = _needed(request, names, block_m3, str(path))
    flag = ["synthetic"] if "synthetic" in names else []
    numbers = dict.fromkeys([n for n in needed if n not in request.by], pa.float64())
    if isinstance(request.constraint, str):
        # Flags are written true and false as often as 1 and 0.
        del numbers[request.constraint]
    columns = csv.ConvertOptions(
        column_types=numbers | dict.fromkeys(flag, pa.string()),
        include_columns=[*needed, *flag],
        strings_can_be_null=True,
    )
    try:
        reader = csv.open_csv(
            path, parse_options=csv.ParseOptions(delimiter=delimiter), convert_options=columns
        )
        first = next(iter(reader), None)
        if first is None:
            raise DataError([Problem("there are no blocks", str(path), "only a line of names")])
        flagged = bool(flag) and str(first["synthetic"][0]).lower() in ("true", "1", "yes")
        return tabulate_blocks(
            _rest(first, reader), request, block_m3=block_m3, synthetic=flagged, source=path.name
        )
    except pa.ArrowInvalid as error:
        raise DataError([Problem("cannot be read as a table", str(path), str(error))]) from error


def _rest(first: pa.RecordBatch, reader: Any) -> Iterator[pa.RecordBatch]:
    """Give the batch already read, then the others."""
    yield first
    yield from reader


def _needed(
    request: TonnageRequest, names: list[str], block_m3: float | None, place: str
) -> list[str]:
    """List the columns to read, once each."""
    refuse_missing([*request.numbers, *request.by], names, place)
    volume = volume_of(request, names, block_m3)
    more = volume.sizes or ((volume.field,) if volume.field else ())
    needed = list(dict.fromkeys([*request.numbers, *more, *request.by]))
    refuse_missing(needed, names, place)
    return needed


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _flagged(file: pq.ParquetFile, names: list[str]) -> bool:
    """Say whether a column ``synthetic`` starts with true."""
    if "synthetic" not in names:
        return False
    first = next(file.iter_batches(batch_size=1, columns=["synthetic"]), None)
    return first is not None and bool(first.column(0)[0].as_py())
