"""Is this table of text what its columns promise, and if not, in which row?

Only comma-separated, dot-decimal UTF-8 is read without being told so. What a file means is
stated in the study (``delimiter``, ``decimal``, ``encoding``), never guessed; a guess would read
"1,234" as one number in Dushanbe and as another in London.
"""

from __future__ import annotations

import csv
import difflib
import io
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from deposits.errors import Checked, Problem

DECIMAL_COMMA = re.compile(r"[-+]?\d{1,3}(?:[ \u00a0]?\d{3})*,\d+")
THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:[, \u00a0]\d{3})+(?:\.\d+)?")
DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of a table may hold.

    Parameters
    ----------
    name : str
        Header, with the unit in it (``sb_pct``).
    kind : {"text", "number", "integer", "flag"}
        How cells are read; an empty cell is absent (NaN or "").
    required : bool
        Whether the column must exist and every cell be filled.
    low, high : float
        Closed range of numbers that can be right, in the column's unit.
    choices : tuple of str
        Allowed texts; () allows all.
    """

    name: str
    kind: Literal["text", "number", "integer", "flag"] = "text"
    required: bool = False
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableFile:
    """A text file with a table in it, and how it is written.

    Parameters
    ----------
    path : Path
        Where it is.
    delimiter, decimal : str
        One character each.
    encoding : str
        Name of the encoding; UTF-8 with or without a byte-order mark by default.
    """

    path: Path
    delimiter: str = ","
    decimal: str = "."
    encoding: str = "utf-8-sig"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Suggest the nearest known word: 'did you mean "x"?', or "" when none is near.

    Examples
    --------
    >>> did_you_mean("thoughput", ["throughput", "horizon"])
    'Did you mean "throughput"?'
    """
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f'Did you mean "{near[0]}"?' if near else ""


def check_folder(folder: Path) -> list[Problem]:
    """Word a folder of tables that is not there: one problem, not one a file.

    Parameters
    ----------
    folder : Path
        Where tables are expected.

    Returns
    -------
    list of Problem
        Empty when the folder is there.
    """
    if folder.is_dir():
        return []
    near = did_you_mean(folder.name, (path.name for path in folder.parent.glob("*")))
    remedy = near or "Check the path; it is relative to the study file."
    return [Problem("the folder does not exist", str(folder), remedy=remedy)]


def read_table(
    source: TableFile, columns: Sequence[Column], *, unique: str | None = None
) -> Checked[pd.DataFrame]:
    """Read a table and list everything wrong with it at once.

    Parameters
    ----------
    source : TableFile
        The file and how it is written.
    columns : sequence of Column
        What is expected; other columns are kept as text and reported as a warning.
    unique : str, optional
        Column whose filled cells may not repeat (an identifier).

    Returns
    -------
    Checked of pandas.DataFrame
        One row per line, indexed by its line number in the file (the header is line 1);
        numbers float64 with NaN for an empty cell, texts str with "" for an empty cell.
    """
    lines = _read_lines(source)
    if lines.value is None:
        return Checked(None, lines.problems)
    problems = list(lines.problems)
    header, *body = lines.value
    names = [cell.strip() for cell in header[1]]
    problems += _check_header(source, names, columns)
    if any(problem.severity == "error" for problem in problems):
        # Under a wrong header every cell would be in doubt.
        return Checked(None, tuple(problems))
    rows = []
    for number, cells in body:
        if len(cells) > len(names) or len(cells) < len(names):
            problems.append(
                Problem(
                    "the line has another number of cells than the header",
                    f"{source.path.name}, row {number}",
                    found=f"{len(cells)} cells",
                    allowed=f"{len(names)}",
                    remedy="Quote cells that hold the delimiter, or fill the missing ones.",
                )
            )
            cells = (cells + [""] * len(names))[: len(names)]
        rows.append([cell.strip() for cell in cells])
    table = pd.DataFrame(rows, columns=names, index=[number for number, _ in body], dtype="object")
    for column in columns:
        if column.name in table:
            table[column.name] = _read_column(source, table[column.name], column, problems)
        elif not column.required:
            table[column.name] = np.nan if column.kind in ("number", "integer") else ""
    if unique in table:
        problems += _repeated(source, table[unique])
    broken = any(problem.severity == "error" for problem in problems)
    return Checked(None if broken else table, tuple(problems))


def _read_lines(source: TableFile) -> Checked[list[tuple[int, list[str]]]]:
    """Split the file into numbered lines of cells; blank lines are passed over."""
    name = source.path.name
    try:
        text = source.path.read_bytes().decode(source.encoding)
    except FileNotFoundError:
        there = (
            sorted(p.name for p in source.path.parent.glob("*"))
            if source.path.parent.is_dir()
            else []
        )
        remedy = did_you_mean(name, there) or "Check the path; it is relative to the study file."
        return _stop(Problem("the file does not exist", str(source.path), remedy=remedy))
    except OSError as error:
        return _stop(Problem(f"the file cannot be read ({error.strerror})", str(source.path)))
    except UnicodeDecodeError as error:
        remedy = 'Save it as UTF-8, or state its encoding in the study, e.g. encoding = "cp1251".'
        fact = f"byte {error.start} is not {source.encoding}"
        return _stop(Problem(fact, name, remedy=remedy))
    except LookupError:
        return _stop(
            Problem("unknown encoding", name, found=source.encoding, allowed="utf-8, cp1251, ...")
        )
    return _split_lines(text, source)


def _split_lines(text: str, source: TableFile) -> Checked[list[tuple[int, list[str]]]]:
    """Split the text of a file into numbered lines of cells."""
    name = source.path.name
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=source.delimiter)
    try:
        lines = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        # The reader has run on to where it gave up; the line it began with is what needs a look.
        began = _last_whole_line(text, source) + 1
        limit = csv.field_size_limit()
        long = "field limit" in str(error)
        fact = f"a cell is longer than {limit:,} characters" if long else f"not sound CSV: {error}"
        remedy = "A quotation mark that opens this cell may never close."
        return _stop(Problem(fact, f"{name}, row {began}", remedy=remedy))
    if not lines:
        return _stop(
            Problem("the file is empty", name, remedy="Write a header line and data below it.")
        )
    if len(lines) == 1 and source.delimiter in text:
        empty = Problem("the file has a header and no rows", name, severity="warning")
        return Checked(lines, (empty,))
    return Checked(lines)


def _last_whole_line(text: str, source: TableFile) -> int:
    """Return the number of the last line before the one that cannot be split."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=source.delimiter)
    last = 0
    try:
        for _ in reader:
            last = reader.line_num
    except csv.Error:
        pass
    return last


def _stop(problem: Problem) -> Checked[list[tuple[int, list[str]]]]:
    return Checked(None, (problem,))


def _check_header(source: TableFile, names: list[str], columns: Sequence[Column]) -> list[Problem]:
    """Find a wrong delimiter, repeated, missing and unknown headers."""
    place = f"{source.path.name}, row 1"
    if len(names) == 1 and names[0] not in [column.name for column in columns]:
        for other in DELIMITER_NAMES:
            if other in names[0] and other != source.delimiter:
                written = other.replace("\t", "\\t")
                remedy = f'State delimiter = "{written}" in the study, or save with commas.'
                found = DELIMITER_NAMES[other]
                expected = DELIMITER_NAMES.get(source.delimiter, source.delimiter)
                return [Problem("wrong delimiter", place, found, expected, remedy)]
    known = [column.name for column in columns]
    problems = [
        Problem("the header repeats", f"{place}, column {name}", remedy="Rename one of them.")
        for name, count in Counter(names).items()
        if count > 1
    ]
    unknown = [name for name in names if name not in known]
    for name in known:
        needed = next(column.required for column in columns if column.name == name)
        if name not in names and needed:
            remedy = did_you_mean(name, unknown) or "Add it."
            problems.append(Problem(f'column "{name}" is missing', place, remedy=remedy))
    for name in unknown:
        remedy = did_you_mean(name, known)
        problems.append(
            Problem(f'column "{name}" is not used', place, remedy=remedy, severity="warning")
        )
    return problems


def _read_column(
    source: TableFile, cells: pd.Series, column: Column, problems: list[Problem]
) -> pd.Series:
    """Turn one column of text into its kind, adding what is wrong to *problems*."""
    values = []
    for row, cell in cells.items():
        place = f"{source.path.name}, row {row}, column {column.name}"
        value, problem = _read_cell(cell, column, place, source.decimal)
        if problem is not None:
            problems.append(problem)
        values.append(value)
    dtype = "float64" if column.kind in ("number", "integer") else "object"
    return pd.Series(values, index=cells.index, dtype=dtype)


def _read_cell(
    cell: str, column: Column, place: str, decimal: str
) -> tuple[object, Problem | None]:
    """Read one cell; the second part says what is wrong with it, if anything."""
    if cell == "":
        missing = (
            Problem("the cell is empty", place, remedy="Fill it.") if column.required else None
        )
        return (np.nan if column.kind in ("number", "integer") else ""), missing
    if column.kind == "text":
        if column.choices and cell not in column.choices:
            allowed = ", ".join(column.choices)
            return cell, Problem(
                "unknown word", place, cell, allowed, did_you_mean(cell, column.choices)
            )
        return cell, None
    if column.kind == "flag":
        if cell.lower() not in FLAGS:
            return "", Problem("not a yes or no", place, cell, "true, false")
        return FLAGS[cell.lower()], None
    return _read_number(cell, column, place, decimal)


def _read_number(
    cell: str, column: Column, place: str, decimal: str
) -> tuple[float, Problem | None]:
    """Read a number strictly; a comma or a blank inside it is a question, not a guess."""
    text = cell.replace(decimal, ".") if decimal != "." else cell
    try:
        value = float(text)
    except ValueError:
        remedy = ""
        if THOUSANDS.fullmatch(cell):
            remedy = "Write thousands without separators."
        if DECIMAL_COMMA.fullmatch(cell) and not re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+", cell):
            remedy = 'Write a decimal point, or state decimal = "," for this file in the study.'
        return math.nan, Problem("not a number", place, found=f'"{cell}"', remedy=remedy)
    if not math.isfinite(value):
        return math.nan, Problem("not a finite number", place, found=cell)
    if column.kind == "integer" and value != int(value):
        return math.nan, Problem("not a whole number", place, found=cell)
    if not column.low <= value <= column.high:
        allowed = f"{column.low:g} to {column.high:g}"
        return value, Problem("out of range", place, found=cell, allowed=allowed)
    return value, None


def _repeated(source: TableFile, ids: pd.Series) -> list[Problem]:
    """List identifiers that stand in more than one row."""
    problems = []
    for value, rows in ids[ids != ""].groupby(ids).groups.items():
        if len(rows) > 1:
            place = f"{source.path.name}, rows {', '.join(map(str, rows))}, column {ids.name}"
            problems.append(
                Problem("the identifier repeats", place, found=str(value), remedy="Make it unique.")
            )
    return problems
