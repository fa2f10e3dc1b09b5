"""How is a plan written for programs (Parquet), for anybody (CSV) and for a planner (workbook)?

No text can become a formula: in CSV an apostrophe stands before what a spreadsheet would run, in a
workbook such cells are text. Equal plans give equal bytes. Parquet and CSV read back exactly, a
workbook to the sixteenth digit. Flows that move nothing have a row in Parquet only: a planner has
enough rows to look at.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from deposits.errors import DataError, Problem
from deposits.formats.files import PREFIX, whole_file
from planning.formats.plans.cells import PARQUET, SHEET
from planning.formats.plans.folder import ScheduleFolder
from planning.formats.plans.layout import (
    AMOUNT,
    FLOW,
    KIND,
    NAME,
    PERIOD,
    YEAR_DECIMALS,
    destination_labels,
    plan_table,
    told_dates,
)
from planning.scheduling.plan import SchedulePlan

#: First signs by which spreadsheets take a text for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
#: Rows of a sheet.
MOST_ROWS = 1_048_576
#: Flows whose names the notes give.
NOTED = 50
#: Control characters that no workbook may hold.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
BREAKS = re.compile(r"[\x00-\x1f]+")
FIXED = dt.datetime(1980, 1, 1)
WIDTHS = {"name": 28, "destination": 18, PERIOD: 14, "share": 12, "amount": 14}


def write_plan(path: Path, folder: ScheduleFolder, plan: SchedulePlan) -> None:
    """Write a plan; the ending of the name says how.

    Parameters
    ----------
    path : Path
        ``.parquet``, ``.csv`` or ``.xlsx``; of a synthetic problem it starts ``synthetic_``.
    folder : ScheduleFolder
        The problem, and the day on which it begins.
    plan : SchedulePlan
        The plan.

    Raises
    ------
    DataError
        If the name ends otherwise or hides that the plan is synthetic, or a sheet cannot hold it.
    """
    suffix = path.suffix.lower()
    if folder.synthetic and not path.name.lower().startswith(PREFIX):
        remedy = "No synthetic plan may be taken for a real one."
        raise DataError([Problem("synthetic plan", str(path), path.name, f"{PREFIX}...", remedy)])
    if suffix not in (*PARQUET, ".csv", ".xlsx"):
        allowed = ".parquet, .csv, .xlsx"
        raise DataError([Problem("a plan is not written so", str(path), suffix, allowed)])
    table = plan_table(folder, plan)
    moving = table[table[AMOUNT].to_numpy(np.float64) != 0.0]
    if suffix == ".csv":
        content = _csv(moving)
    elif suffix == ".xlsx":
        content = _workbook(moving, folder, path)
    else:
        content = _parquet(table)
    with whole_file(path) as file:
        file.write(content)


def _parquet(table: pd.DataFrame) -> bytes:
    """Write a table with typed columns."""
    kinds = {"kind": pa.string(), "name": pa.string(), "destination": pa.string()}
    kinds |= {"number_from_0": pa.int64(), PERIOD: pa.int64(), "synthetic": pa.bool_()}
    kinds |= {"begins": pa.date32(), "ends": pa.date32()}
    schema = pa.schema([(name, kinds.get(name, pa.float64())) for name in table.columns])
    arrow = pa.Table.from_pandas(table, schema=schema, preserve_index=False)
    out = io.BytesIO()
    pq.write_table(arrow.replace_schema_metadata(), out, compression="zstd")
    return out.getvalue()


def _csv(table: pd.DataFrame) -> bytes:
    """Write comma-separated UTF-8; with its mark where a spreadsheet would misread letters."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    for row in _rows(table):
        writer.writerow([_safe(cell) for cell in row])
    text = out.getvalue()
    return text.encode("utf-8" if text.isascii() else "utf-8-sig")


def _rows(table: pd.DataFrame) -> list[list[Any]]:
    """Return rows of plain Python values, None where nothing is known."""
    columns = [[None if pd.isna(v) else v for v in table[name].tolist()] for name in table.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def _safe(cell: Any) -> str:
    """Write a cell of CSV; numbers so that they read back the same."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return repr(cell)
    # A line break within a cell is read as the end of a row by some.
    text = BREAKS.sub(" ", str(cell))
    return f"'{text}" if isinstance(cell, str) and text.startswith((*FORMULA, "'")) else text


def _workbook(table: pd.DataFrame, folder: ScheduleFolder, path: Path) -> bytes:
    """Write sheets plan, periods and notes."""
    from openpyxl import Workbook

    if len(table) >= MOST_ROWS:
        remedy = "Write it as CSV or Parquet."
        found, allowed = f"{len(table):,} rows", f"below {MOST_ROWS:,}"
        raise DataError(
            [Problem("a sheet cannot hold the plan", str(path), found, allowed, remedy)]
        )
    book = Workbook(write_only=True)
    _sheet(book, SHEET, [list(table.columns), *_rows(table)])
    calendar = folder.problem.calendar
    dates = told_dates(folder, np.arange(calendar.n_periods))
    columns = [calendar.length_years.round(YEAR_DECIMALS).tolist(), *dates.values()]
    periods: list[list[Any]] = [[PERIOD, "years", *dates]]
    periods += [[t, *row] for t, row in enumerate(zip(*columns, strict=True), 1)]
    _sheet(book, "periods", periods)
    _sheet(book, "notes", [[sentence] for sentence in _notes(folder)])
    book.properties.title = CONTROL.sub(" ", folder.problem.name)
    out = io.BytesIO()
    book.save(out)
    return _timeless(out.getvalue())


def _notes(folder: ScheduleFolder) -> list[str]:
    """Say how the sheet may be changed."""
    problem = folder.problem
    return [
        *(["SYNTHETIC: this plan is of a made-up deposit."] if folder.synthetic else []),
        f"Plan of {problem.name}. Change the sheet {SHEET}, save it, and have it checked: "
        "anzob plan-verify FOLDER --plan FILE",
        f"{PERIOD}: 1 to {problem.n_periods}; empty: the activity is never done.",
        f"destination: {', '.join(destination_labels(problem))}.",
        "share: part of the activity that goes to the destination; the shares of an activity add "
        "up to 1. To share an activity, give it another row.",
        *(_flow_notes(problem.flows.names)),
        "begins and ends are only told: the period counts. To move an activity, change its "
        f"{PERIOD}; the sheet periods says which one a day is in.",
    ]


def _flow_notes(names: tuple[str, ...]) -> list[str]:
    """Say what rows of flows mean, where there are any."""
    if not names:
        return []
    return [
        "amount: what a flow moves in the period; where it moves nothing it has no row. Give it "
        f"one to move something: {KIND} {FLOW}, its {NAME}, {PERIOD} and amount.",
        f"flows: {', '.join(names[:NOTED])}{', ...' if len(names) > NOTED else ''}.",
    ]


def _sheet(book: Any, title: str, rows: list[list[Any]]) -> None:
    """Write one sheet; the first row stays in sight and can be filtered."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    if len(rows[0]) > 1:
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(rows[0]))}{len(rows)}"
    for n, name in enumerate(rows[0], 1):
        sheet.column_dimensions[get_column_letter(n)].width = WIDTHS.get(str(name), 12)
    text, day = WriteOnlyCell(sheet), WriteOnlyCell(sheet)
    # As text a cell runs nothing, and 1-2 does not become a date when it is edited.
    text.number_format, day.number_format = "@", "yyyy-mm-dd"
    for row in rows:
        cells: list[Any] = []
        for value in row:
            if isinstance(value, str):
                cell = WriteOnlyCell(sheet, value=CONTROL.sub(" ", value))
                cell.data_type, cell._style = "s", text._style
            elif isinstance(value, dt.date):
                cell = WriteOnlyCell(sheet, value=value)
                cell._style = day._style
            else:
                cell = value
            cells.append(cell)
        sheet.append(cells)


def _timeless(raw: bytes) -> bytes:
    """Take the time of writing out of a workbook."""
    out = io.BytesIO()
    stamp = f"{FIXED:%Y-%m-%dT%H:%M:%SZ}"
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.infolist():
            data = old.read(item.filename)
            if item.filename == "docProps/core.xml":
                time = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
                data = time.sub(rb"\g<1>" + stamp.encode(), data)
            entry = zipfile.ZipInfo(item.filename, FIXED.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, data)
    return out.getvalue()
