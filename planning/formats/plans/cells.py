"""Which cells does this CSV, workbook or Parquet file hold, each with the row that a reader sees?

How a CSV is written is seen from its header, whose words are known: the delimiter is the one that
parts them. Row numbers are those that a spreadsheet shows. Solutions of MineLib (``.sol``) have no
header: their rows are block, destination, period from 0, fraction.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from deposits.errors import Checked, Problem
from deposits.tables import did_you_mean

DELIMITERS = (";", ",", "\t", "|")
#: Encodings of spreadsheets that do not write UTF-8, by how often they are met here.
ENCODINGS = ("cp1251", "cp1252", "cp1250", "cp866", "mac_cyrillic", "mac_roman")
WORKBOOKS = (".xlsx", ".xlsm")
TEXTS = (".csv", ".txt", ".tsv")
PARQUET = (".parquet", ".pq")
SOLUTION = ".sol"
#: Shares may miss 1 by so much: digits that a spreadsheet has cut off.
DIGITS = 1e-6
#: The same of MineLib's own answers, which take a fraction for whole when it nearly is.
SOLUTION_DIGITS = 2e-5
#: Rows among which the header is looked for, and how many headers of ours it must hold.
HEAD_ROWS, LEAST_HEADERS = 20, 2
#: Sheet of a workbook that holds the plan.
SHEET = "plan"
SOLUTION_HEADER = ("number_from_0", "destination", "period_from_0", "share")
Line = tuple[int, Sequence[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells of a table under known headers.

    Parameters
    ----------
    file : str
        How messages name it.
    columns : dict of str to list
        Cells of each known header: text, numbers, dates, or None where empty.
    rows : list of int
        Row of each, as a spreadsheet shows it.
    digits : float
        By how much shares may miss 1.
    complete : bool
        Whether every activity has a row, also one that is never done.
    told : dict of str to list
        Cells of columns that change nothing.
    """

    file: str
    columns: dict[str, list[Any]]
    rows: list[int]
    digits: float = DIGITS
    complete: bool = True
    told: dict[str, list[Any]] = field(default_factory=dict)


def read_cells(
    path: Path, headers: Sequence[str], texts: Iterable[str], told: Sequence[str] = ()
) -> Checked[Cells]:
    """Read a table of any kind.

    Parameters
    ----------
    path : Path
        CSV (``.csv``, ``.txt``, ``.tsv``), workbook (``.xlsx``) or Parquet.
    headers : sequence of str
        Headers that mean something; other columns are left alone.
    texts : iterable of str
        Names that may stand in cells, by which an encoding is known.
    told : sequence of str
        Headers of columns that change nothing, and may be missing or repeat.

    Returns
    -------
    Checked of Cells
        Rows in which no known column holds anything are left out.
    """
    suffix = path.suffix.lower()
    if not path.is_file():
        there = sorted(p.name for p in path.parent.glob("*")) if path.parent.is_dir() else []
        remedy = did_you_mean(path.name, there) or "Check the path."
        return Checked(None, (Problem("the file does not exist", str(path), remedy=remedy),))
    if suffix in TEXTS:
        read = _text_lines(path, headers, texts)
    elif suffix in WORKBOOKS:
        read = _workbook_lines(path, headers)
    elif suffix in PARQUET:
        read = _parquet_lines(path)
    elif suffix == SOLUTION:
        words = enumerate(path.read_text("latin-1").splitlines(), 1)
        read = Checked([(0, SOLUTION_HEADER), *((row, line.split()) for row, line in words)])
    else:
        allowed = ", ".join((*TEXTS, *WORKBOOKS, *PARQUET, SOLUTION))
        return Checked(None, (Problem("not a file of plans", path.name, suffix, allowed),))
    if read.value is None:
        return Checked(None, read.problems)
    return _under_headers(read.value, path, (headers, told), read.problems)


def _text_lines(path: Path, headers: Sequence[str], texts: Iterable[str]) -> Checked[list[Line]]:
    """Split a text into lines of cells."""
    text, problems = _decoded(path.read_bytes(), path.name, texts)
    body = text
    head, _, rest = text.partition("\n")
    if head.strip().lower().startswith("sep=") and len(head.strip()) <= 5:
        body = rest
    top = body.splitlines()[:HEAD_ROWS]
    counts = {
        sign: max((_known(line.split(sign), headers) for line in top), default=0)
        for sign in DELIMITERS
    }
    sign = max(DELIMITERS, key=lambda delimiter: counts[delimiter])
    try:
        reader = csv.reader(io.StringIO(body, newline=""), delimiter=sign)
        return Checked(list(enumerate(reader, 1)), tuple(problems))
    except csv.Error as error:
        remedy = "A quotation mark that opens a cell may never close."
        return Checked(None, (Problem(f"not sound CSV: {error}", path.name, remedy=remedy),))


def _plain(cell: Any) -> str:
    """Return a header as it is compared."""
    return str("" if cell is None else cell).strip().strip('\ufeff"').casefold()


def _known(cells: Iterable[Any], headers: Sequence[str]) -> int:
    """Count the cells of a row that are headers of ours."""
    known = {header.casefold() for header in headers}
    return sum(_plain(cell) in known for cell in cells)


def _decoded(raw: bytes, file: str, texts: Iterable[str]) -> tuple[str, list[Problem]]:
    """Turn bytes into text: by its mark, as UTF-8, or by the names that must stand in it."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace"), []
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    foreign = [text for text in dict.fromkeys(texts) if not text.isascii()]
    found = {}
    for encoding in ENCODINGS:
        text = raw.decode(encoding, errors="replace")
        cells = set(text.replace("\t", ";").replace(",", ";").replace("\n", ";").split(";"))
        found[encoding] = sum(name in cells for name in foreign)
    best = max(ENCODINGS, key=lambda encoding: found[encoding])
    known = found[best] > 0
    fact = f"the file is not UTF-8; it was read as {best}"
    fact += ", by the names in it" if known else ", and its names may be wrong"
    remedy = "Save it as CSV UTF-8."
    return raw.decode(best, errors="replace"), [
        Problem(fact, file, remedy=remedy, severity="warning")
    ]


def _workbook_lines(path: Path, headers: Sequence[str]) -> Checked[list[Line]]:
    """Read the sheet called plan, or the only one that begins with headers of ours."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        shown = load_workbook(path, read_only=True, data_only=True)
        # Read once more for the formulas, only where there are any.
        typed = load_workbook(path, read_only=True) if _has_formulas(path) else shown
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError, EOFError):
        remedy = "Save it again as .xlsx, or as CSV."
        return Checked(None, (Problem("the workbook cannot be read", path.name, remedy=remedy),))
    try:
        names = [name for name in shown.sheetnames if name.strip().casefold() == SHEET]
        names = names or [name for name in shown.sheetnames if _ours(shown[name], headers)]
        if len(names) != 1:
            fact = f'the workbook has not one sheet called "{SHEET}"'
            found = ", ".join(shown.sheetnames)
            return Checked(None, (Problem(fact, path.name, found, remedy="Rename the sheet."),))
        for book in (shown, typed):
            # Programs write wrong sizes; without them rows are read to the last one.
            book[names[0]].reset_dimensions()
        rows = list(shown[names[0]].iter_rows(values_only=True))
        if typed is shown:
            return Checked(list(enumerate(rows, 1)))
        sources = typed[names[0]].iter_rows(values_only=True)
        pairs = zip(rows, sources, strict=False)
        return Checked([
            (number, [_shown(a, b) for a, b in zip(row, source, strict=False)])
            for number, (row, source) in enumerate(pairs, 1)
        ])  # fmt: skip
    finally:
        shown.close()
        typed.close()


def _has_formulas(path: Path) -> bool:
    """Say whether any sheet of a workbook holds a formula."""
    with zipfile.ZipFile(path) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/")]
        return any(b"<f>" in text or b"<f " in text for text in map(book.read, sheets))


def _ours(sheet: Any, headers: Sequence[str]) -> bool:
    """Say whether a sheet begins with headers of ours."""
    rows = sheet.iter_rows(values_only=True, max_row=HEAD_ROWS)
    return any(_known(row or (), headers) >= LEAST_HEADERS for row in rows)


def _shown(value: Any, source: Any) -> Any:
    """Return what a cell shows; its formula where it was saved without a result."""
    return source if value is None and isinstance(source, str) else value


def _parquet_lines(path: Path) -> Checked[list[Line]]:
    """Read a Parquet file as a header and rows; rows count as if the header were row 1."""
    try:
        with pq.ParquetFile(path) as opened:
            table = opened.read()
    except (pa.ArrowException, OSError) as error:
        return Checked(None, (Problem(f"not a sound Parquet file: {error}", path.name),))
    columns = [column.to_pylist() for column in table.columns]
    body = zip(*columns, strict=True) if columns else ()
    return Checked([(1, table.column_names), *enumerate(map(list, body), 2)])


def _under_headers(
    lines: list[Line],
    path: Path,
    wanted: tuple[Sequence[str], Sequence[str]],
    problems: Sequence[Problem],
) -> Checked[Cells]:
    """Sort cells under their headers; a title may stand above them."""
    said, (headers, told) = [*problems], wanted
    filled = [n for n, (_, cells) in enumerate(lines) if any(map(_plain, cells))]
    ours = [n for n in filled if n < HEAD_ROWS and _known(lines[n][1], headers) >= LEAST_HEADERS]
    at = next(iter(ours or filled), None)
    if at is None:
        remedy = "Write a header line and data below it."
        return Checked(None, (*said, Problem("the file is empty", path.name, remedy=remedy)))
    header = [_plain(cell) for cell in lines[at][1]]
    place = f"{path.name}, row {lines[at][0]}"
    where = {}
    for name in headers:
        found = [n for n, cell in enumerate(header) if cell == name.casefold()]
        if len(found) > 1:
            fact = f'the header "{name}" repeats'
            said.append(Problem(fact, place, remedy="Rename one of them."))
        if found:
            where[name] = found[0]
    if len(said) > len(problems):
        # Under a wrong header every cell would be in doubt.
        return Checked(None, tuple(said))
    columns: dict[str, list[Any]] = {name: [] for name in where}
    rows: list[int] = []
    beside = {name: header.index(name) for name in told if header.count(name) == 1}
    shown: dict[str, list[Any]] = {name: [] for name in beside}
    for number, cells in lines[at + 1 :]:
        extra = [c for c in cells[len(header) :] if _plain(c)]
        if extra:
            fact, remedy = "cells stand beyond the header", "Quote cells that hold the delimiter."
            said.append(Problem(fact, f"{path.name}, row {number}", f"{extra[0]}", remedy=remedy))
        picked = {name: _cell(cells[n]) if n < len(cells) else None for name, n in where.items()}
        if any(cell is not None for cell in picked.values()):
            rows.append(number)
            for name, cell in picked.items():
                columns[name].append(cell)
            for name, n in beside.items():
                shown[name].append(_cell(cells[n]) if n < len(cells) else None)
    solution = path.suffix.lower() == SOLUTION
    digits = SOLUTION_DIGITS if solution else DIGITS
    table = Cells(path.name, columns, rows, digits, not solution, shown)
    return Checked(table, tuple(said))


def _cell(value: Any) -> Any:
    """Return what a cell holds; None where it is empty."""
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, str):
        return value.strip() or None
    return value
