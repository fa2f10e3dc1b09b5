"""Which numbers and texts do our columns of a raw table hold?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

from deposits.drilling.cells import odd_findings, read_ids, read_numbers
from deposits.drilling.config import COLLAR_EXTRAS, CollarTable, DrillTable
from deposits.drilling.findings import Finding, Mistake, TableRows
from deposits.drilling.raw_tables import RawTable
from deposits.errors import Problem
from deposits.names import listed
from deposits.tables import DELIMITER_NAMES, did_you_mean

FloatArray = NDArray[np.float64]

EMPTY = Mistake("empty_cell", "the cell is empty", remedy="Fill it.")
NO_TEXT = Mistake("no_text", "rows without an entry", severity="warning")


def check_columns(raw: RawTable, source: DrillTable, needed: Iterable[str]) -> list[Problem]:
    """Find columns that are missing, and say which are not used.

    Parameters
    ----------
    raw : RawTable
        The table.
    source : DrillTable
        The study's mapping.
    needed : iterable of str
        Our columns that must be there.
    """
    there = list(raw.columns)
    wanted = {name: source.theirs(name) for name in (*needed, *source.columns)}
    optional = COLLAR_EXTRAS if isinstance(source, CollarTable) else ()
    used = {*wanted.values(), *map(source.theirs, optional)}
    # Every row of an invented deposit says so; that is no grade somebody forgot to map.
    spare = [name for name in there if name not in used and name.casefold() != "synthetic"]
    problems = []
    if len(there) == 1 and there[0] not in wanted.values():
        for sign, word in DELIMITER_NAMES.items():
            if sign in there[0] and sign != source.delimiter:
                written = sign.replace("\t", "\\t")
                remedy = f'State delimiter = "{written}" for this table in the study.'
                expected = DELIMITER_NAMES.get(source.delimiter, source.delimiter)
                return [Problem("wrong delimiter", f"{raw.file}, row 1", word, expected, remedy)]
    for ours, theirs in wanted.items():
        if theirs in there:
            continue
        near = did_you_mean(theirs, spare)
        if not near:
            folded = {name.casefold().strip(): name for name in spare}
            other = folded.get(theirs.casefold())
            near = f'Did you mean "{other}"?' if other else f"Map it: columns.{ours} = ..."
        fact = f'column "{theirs}" is missing'
        found = f"columns {listed(there, 12)}"
        problems.append(Problem(fact, f"{raw.file}, row 1", found, remedy=near))
    if spare and not problems:
        fact = f"columns that the study does not map are not used: {listed(spare, 12)}"
        problems.append(Problem(fact, raw.file, severity="warning"))
    return problems


def table_rows(name: str, raw: RawTable, source: DrillTable) -> TableRows:
    """Say which rows and holes a table has."""
    codes, names = read_ids(raw.columns[source.theirs("hole_id")])
    return TableRows(name, raw.file, raw.rows, codes, names)


def numbers(
    raw: RawTable, rows: TableRows, column: str, findings: list[Finding], *, required: bool = True
) -> FloatArray:
    """Read a column of numbers, adding cells that hold something else to *findings*.

    Parameters
    ----------
    raw : RawTable
        The table.
    rows : TableRows
        Its rows.
    column : str
        The file's name of it.
    findings : list of Finding
        Is added to.
    required : bool
        Whether an empty cell is a mistake.

    Returns
    -------
    ndarray of float, shape (n,)
        NaN where a cell is empty or no number.
    """
    values, odd = read_numbers(raw.columns[column], raw.decimal)
    findings += odd_findings(rows, odd, column, raw.decimal)
    if required:
        empty = np.isnan(values)
        empty[odd.at] = False
        findings += rows.tell(EMPTY, empty, column=column)
    return values


def texts(raw: RawTable, rows: TableRows, column: str, findings: list[Finding]) -> Any:
    """Read a column of texts without blanks around them; empty ones are counted.

    Returns
    -------
    pyarrow.Array of string
        "" where a cell is empty.
    """
    cells = raw.columns[column]
    if pa.types.is_floating(cells.type):
        words = ["" if v is None else f"{v:.15g}" for v in cells.to_pylist()]
        cells = pa.array(words, pa.string())
    stripped = compute.utf8_trim_whitespace(compute.fill_null(cells, ""))
    empty = compute.equal(stripped, "").to_numpy(zero_copy_only=False)
    findings += rows.tell(NO_TEXT, empty, column=column)
    return stripped


def as_series(words: Any) -> Any:
    """Turn arrow texts into a pandas column."""
    return words.to_pandas()


def named(names: Sequence[str], numbers_: NDArray[np.int64]) -> Any:
    """Write the names of numbered holes as a pandas column."""
    return as_series(pa.array(names, pa.string()).take(pa.array(numbers_)))
