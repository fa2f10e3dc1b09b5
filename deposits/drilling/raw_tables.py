"""What stands in this table of a campaign, cell by cell, before any cell is believed?

Text stays text until every cell has been looked at: a reader that guesses would turn "<0.01" into a
missing value and the hole "007" into 7. Rows keep the number that their file gives them.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from deposits.drilling.config import DrillTable
from deposits.drilling.raw_databases import read_database, read_geopackage
from deposits.errors import Checked, Problem
from deposits.names import listed
from deposits.tables import TableFile, did_you_mean, read_table

WORKBOOKS = (".xlsx", ".xlsm")
PARQUET = (".parquet", ".pq")

#: How many lines with another number of cells are listed one by one.
MOST_RAGGED = 5


@dataclass(frozen=True, eq=False, slots=True)
class RawTable:
    """Cells as the file has them.

    Parameters
    ----------
    file : str
        How messages name it.
    columns : dict of str to pyarrow.Array
        Text or float64 cells by the file's header.
    rows : ndarray of int, shape (n,)
        Row number of each row in the file.
    decimal : str
        Decimal sign of the texts.
    """

    file: str
    columns: dict[str, Any]
    rows: NDArray[np.int64]
    decimal: str = "."


def read_raw(source: DrillTable, folder: Path) -> Checked[RawTable]:
    """Read a table of any kind and list what is wrong with the file itself.

    Parameters
    ----------
    source : DrillTable
        What the study says of it.
    folder : Path
        Folder of the study.

    Returns
    -------
    Checked of RawTable
        Cells, or None with what is wrong.

    Raises
    ------
    MissingPackage
        If it stands in a database and the packages for that are not installed.
    """
    if source.is_database:
        return _from_frame(read_database(source.path, source.layer, source.label), source)
    path = folder / source.path
    suffix = path.suffix.lower()
    if suffix in (*WORKBOOKS, *PARQUET, ".gpkg"):
        if not path.is_file():
            # The words for a file that is not there are those of every other table.
            return Checked(None, read_table(TableFile(path), []).problems)
        if suffix in WORKBOOKS:
            return _read_workbook(path, source)
        if suffix in PARQUET:
            return _read_parquet(path, source)
        return _from_frame(read_geopackage(path, source.layer, source.label), source)
    file = TableFile(path, source.delimiter, source.decimal, source.encoding)
    quick = _read_quickly(file, source.label)
    return Checked(quick) if quick is not None else _read_thoroughly(file, source.label)


def _read_quickly(file: TableFile, label: str) -> RawTable | None:
    """Read a text table that has nothing unusual; None sends it to the thorough reader."""
    try:
        data = file.path.read_bytes()
        if file.encoding.lower().replace("_", "-") not in ("utf-8", "utf-8-sig"):
            data = data.decode(file.encoding).encode()
        data = data.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n")
        head, _, _ = data.partition(b"\n")
        (header,) = list(csv.reader([head.decode().rstrip("\r")], delimiter=file.delimiter))
    except (OSError, UnicodeError, LookupError, ValueError, csv.Error):
        return None
    names = [name.strip() for name in header]
    if len(names) < 2 or len(set(names)) < len(names):
        return None
    try:
        table = arrow_csv.read_csv(
            pa.py_buffer(data),
            read_options=arrow_csv.ReadOptions(column_names=names, skip_rows=1),
            parse_options=arrow_csv.ParseOptions(delimiter=file.delimiter),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string())
            ),
        )
    except pa.ArrowInvalid:
        return None
    # Blank lines and cells of several lines shift row numbers.
    if table.num_rows != data.count(b"\n"):
        return None
    columns = {name: table[name].combine_chunks() for name in names}
    return _without_blank_rows(
        RawTable(label, columns, np.arange(table.num_rows) + 2, file.decimal)
    )


def _read_thoroughly(file: TableFile, label: str) -> Checked[RawTable]:
    """Read a text table line by line, wording whatever is wrong with it."""
    read = read_table(file, [])
    problems = [problem for problem in read.problems if "is not used" not in problem.fact]
    ragged = [problem for problem in problems if "number of cells" in problem.fact]
    if len(ragged) > MOST_RAGGED:
        more = len(ragged) - MOST_RAGGED
        fact = f"{more} more lines have another number of cells than the header"
        kept = [problem for problem in problems if problem not in ragged[MOST_RAGGED:]]
        problems = [*kept, Problem(fact, file.path.name)]
    if read.value is None:
        return Checked(None, tuple(problems))
    table = read.value
    columns = {str(name): pa.array(table[name].tolist(), pa.string()) for name in table.columns}
    return Checked(
        RawTable(label, columns, table.index.to_numpy(np.int64), file.decimal), tuple(problems)
    )


def _without_blank_rows(raw: RawTable) -> RawTable:
    """Leave out rows in which every cell is empty, as spreadsheets write them."""
    filled = np.zeros(raw.rows.size, dtype=bool)
    for cells in raw.columns.values():
        filled |= np.asarray(_filled(cells))
        if filled.all():
            return raw
    kept = {name: cells.filter(pa.array(filled)) for name, cells in raw.columns.items()}
    return RawTable(raw.file, kept, raw.rows[filled], raw.decimal)


def _filled(cells: Any) -> NDArray[np.bool_]:
    """Whether each cell holds anything."""
    from pyarrow import compute

    if pa.types.is_floating(cells.type):
        return np.asarray(compute.is_valid(cells).to_numpy(zero_copy_only=False))
    lengths = compute.utf8_length(compute.utf8_trim_whitespace(cells))
    return np.asarray(compute.fill_null(lengths, 0).to_numpy(zero_copy_only=False)) > 0


def _read_workbook(path: Path, source: DrillTable) -> Checked[RawTable]:
    """Read one sheet; numbers come as they are stored, not as they are shown."""
    import zipfile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError):
        remedy = "Save it again as .xlsx, or as CSV."
        return Checked(None, (Problem("the workbook cannot be read", path.name, remedy=remedy),))
    try:
        sheets = book.sheetnames
        if source.sheet is None and len(sheets) > 1:
            fact = "the workbook has several sheets and the study does not say which"
            remedy = f'State sheet = "{sheets[0]}", or another of them.'
            return Checked(None, (Problem(fact, path.name, listed(sheets, 12), remedy=remedy),))
        wanted = source.sheet or sheets[0]
        if wanted not in sheets:
            near = did_you_mean(wanted, sheets)
            fact = "the workbook has no such sheet"
            problem = Problem(fact, path.name, wanted, listed(sheets, 12), near)
            return Checked(None, (problem,))
        lines = [tuple(cells) for cells in book[wanted].iter_rows(values_only=True)]
    finally:
        book.close()
    return _from_lines(lines, source)


def _from_lines(lines: Sequence[tuple[Any, ...]], source: DrillTable) -> Checked[RawTable]:
    """Make text cells of a sheet whose first filled row is the header."""
    texts = [[_cell_text(cell, source.decimal) for cell in line] for line in lines]
    filled = [number for number, line in enumerate(texts) if any(line)]
    if not filled:
        remedy = "Write a header line and data below it."
        return Checked(None, (Problem("the sheet is empty", source.label, remedy=remedy),))
    header = [cell.strip() for cell in texts[filled[0]]]
    names = [name for name in header if name]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        place = f"{source.label}, row {filled[0] + 1}"
        problem = Problem("the header repeats", place, listed(twice), remedy="Rename one of them.")
        return Checked(None, (problem,))
    columns = {
        name: pa.array([texts[row][at] for row in filled[1:]], pa.string())
        for at, name in enumerate(header)
        if name
    }
    rows = np.array(filled[1:], dtype=np.int64) + 1
    return Checked(RawTable(source.label, columns, rows, source.decimal))


def _cell_text(cell: object, decimal: str) -> str:
    """Write a cell of a workbook as text that reads back to the same number."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        # A spreadsheet keeps the hole 101 as 101.0.
        text = str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        return text.replace(".", decimal)
    if isinstance(cell, datetime.datetime):
        return cell.isoformat()
    return str(cell).strip()


def _read_parquet(path: Path, source: DrillTable) -> Checked[RawTable]:
    """Read a Parquet file; its types are its own."""
    try:
        frame = parquet.read_table(path).to_pandas()
    except (pa.ArrowInvalid, pa.ArrowException, OSError):
        return Checked(None, (Problem("the file is no sound Parquet file", path.name),))
    return _from_frame(Checked(frame), source)


def _from_frame(read: Checked[pd.DataFrame], source: DrillTable) -> Checked[RawTable]:
    """Take typed columns over: numbers as they are, everything else as text."""
    if read.value is None:
        return Checked(None, read.problems)
    columns = {}
    for name in read.value.columns:
        cells = read.value[name]
        if pd.api.types.is_numeric_dtype(cells) and not pd.api.types.is_bool_dtype(cells):
            columns[str(name)] = pa.array(cells.to_numpy(float, na_value=np.nan), from_pandas=True)
        else:
            words = ["" if cell is None or cell != cell else cell for cell in cells.astype(object)]
            texts = [_cell_text(cell, source.decimal) for cell in words]
            columns[str(name)] = pa.array(texts, pa.string())
    rows = np.arange(len(read.value), dtype=np.int64) + 1
    return Checked(RawTable(source.label, columns, rows, source.decimal), read.problems)
