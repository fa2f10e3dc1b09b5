"""Do the dates beside a plan's rows tell the period that counts, or did somebody move the dates?

Only the period is read. Whoever changes ``begins`` or ``ends`` and not the period has moved
nothing, and must be told. A date may have been written by any spreadsheet: one that can be read as
the right day is right.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from planning.formats.plans.amounts import typed
from planning.formats.plans.cells import Cells
from planning.formats.plans.faults import Faults, row_ranges
from planning.formats.plans.layout import PERIOD, TOLD, period_dates
from planning.formats.plans.rows import Row
from planning.scheduling.problem import ScheduleProblem

#: How spreadsheets write days as text.
FORMATS = (
    "%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%Y.%m.%d", "%d-%m-%Y",
    "%d.%m.%y", "%m/%d/%y", "%d/%m/%y", "%d-%b-%y", "%d-%b-%Y", "%d %b %Y", "%d %B %Y",
)  # fmt: skip
#: Day that spreadsheets count from.
EPOCH = dt.date(1899, 12, 30)
MOST_DAYS = 2_958_465
#: Years that a spreadsheet shows with few digits may be off by so much.
SAME_YEARS = 5e-3
#: Wrong dates that are told one by one.
SHOWN = 3


def warn_of_dates(
    cells: Cells,
    rows: Sequence[Row],
    about: tuple[ScheduleProblem, dt.date | None],
    faults: Faults,
) -> None:
    """Tell dates that are not those of the row's period.

    Parameters
    ----------
    cells : Cells
        The table.
    rows : sequence of Row
        As they were read.
    about : tuple = (problem, start)
        What the plan is of, and the day on which its first period begins; None where it is not
        known.
    faults : Faults
        Takes the warning.
    """
    problem, start = about
    calendar = problem.calendar
    pairs: dict[str, Sequence[Any]] = {
        TOLD[2]: calendar.starts().tolist(),
        TOLD[3]: calendar.ends().tolist(),
    }
    if start is not None:
        pairs |= dict(zip(TOLD[:2], zip(*period_dates(calendar, start), strict=True), strict=True))
    where = {row: at for at, row in enumerate(cells.rows)}
    wrong: dict[int, str] = {}
    for name, column in cells.told.items():
        for entry in rows if name in pairs else ():
            cell = column[where[entry.row]]
            if cell is None or entry.wrong or entry.row in wrong:
                continue
            if entry.period is None:
                wrong[entry.row] = f"{name} {_text(cell)} and no period"
            elif not _is_told(cell, pairs[name][entry.period]):
                right = _text(pairs[name][entry.period])
                wrong[entry.row] = (
                    f"{name} {_text(cell)} where period {entry.period + 1} {name} {right}"
                )
    if wrong:
        first = sorted(wrong)[:SHOWN]
        found = "; ".join(f"row {row}: {wrong[row]}" for row in first)
        found += f"; {row_ranges(sorted(wrong)[SHOWN:])}" if len(wrong) > SHOWN else ""
        remedy = f"To move an activity, change its {PERIOD}; the dates may stay as they are."
        faults.warn("dates are not those of the period; the period counts", found, remedy)


def _text(value: Any) -> str:
    """Write a date or a number of years."""
    if isinstance(value, dt.datetime):
        value = value.date()
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _is_told(cell: Any, right: Any) -> bool:
    """Say whether a cell can be read as the right day, or number of years."""
    if isinstance(right, float):
        years = typed(cell, ".", small=True).value if isinstance(cell, str) else cell
        return isinstance(years, int | float) and abs(years - right) <= SAME_YEARS
    if isinstance(cell, dt.date):
        day = cell.date() if isinstance(cell, dt.datetime) else cell
        return bool(day == right)
    if isinstance(cell, int | float):
        return 0 <= cell <= MOST_DAYS and bool(EPOCH + dt.timedelta(days=int(cell)) == right)
    text = str(cell).removeprefix("'").partition("T")[0].removesuffix("00:00:00").strip()
    return any(_parsed(text, form) == right for form in FORMATS) or not any(map(str.isdigit, text))


def _parsed(text: str, form: str) -> dt.date | None:
    """Read a day; None where it is not written so."""
    try:
        return dt.datetime.strptime(text, form).date()
    except ValueError:
        return None
