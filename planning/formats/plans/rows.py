"""What does each row of a plan's table mean, and which of its cells cannot be meant?"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deposits.tables import did_you_mean
from planning.formats.plans.amounts import Sign, remedy_for, typed
from planning.formats.plans.cells import Cells
from planning.formats.plans.faults import Faults, row_ranges
from planning.formats.plans.layout import (
    ACTIVITY,
    AMOUNT,
    DESTINATION,
    FLOW,
    KIND,
    NAME,
    NUMBER,
    PERIOD,
    PERIOD_FROM_0,
    SHARE,
    destination_labels,
)
from planning.formats.plans.names import is_spoilt
from planning.scheduling.problem import ScheduleProblem

#: Columns of numbers, and whether only small ones can be meant.
NUMBERS = {NUMBER: False, PERIOD: False, PERIOD_FROM_0: False, SHARE: True, AMOUNT: False}
#: Among more names than this, none is suggested: it would take minutes.
SUGGESTED_AMONG, MOST_SUGGESTED = 5_000, 20
#: Blanks, line breaks and what else cannot stand in a cell.
BLANK = re.compile(r"[\x00-\x1f\s]+")
DATE = "The spreadsheet made a date of it: write the number, in a cell of the format Number."


@dataclass(slots=True)
class Row:
    """One row as it was meant; None where a cell is empty.

    Parameters
    ----------
    row : int
        Its number in the file.
    activity, flow, period, destination : int or None
        Numbers from 0.
    share, amount : float or None
        As written.
    wrong : bool
        Whether a cell cannot be meant.
    """

    row: int
    activity: int | None = None
    flow: int | None = None
    period: int | None = None
    destination: int | None = None
    share: float | None = None
    amount: float | None = None
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """What rows may name."""

    problem: ScheduleProblem
    names: Mapping[str, Mapping[str, list[int]]]
    destinations: Mapping[str, int]
    digits: float


def read_rows(
    cells: Cells, problem: ScheduleProblem, decimal: Sign | None, faults: Faults
) -> list[Row]:
    """Read all rows, noting what is wrong.

    Parameters
    ----------
    cells : Cells
        The table.
    problem : ScheduleProblem
        What the plan is of.
    decimal : {".", ","} or None
        Decimal sign of what is left open.
    faults : Faults
        Takes what is wrong.

    Returns
    -------
    list of Row
        Those whose activity or flow is known.
    """
    numbers = _numbers(cells, decimal, faults)
    known = _known(problem, cells.digits)
    rows = []
    for at, number in enumerate(cells.rows):
        cell = {name: column[at] for name, column in cells.columns.items()}
        figures = {name: column[at] for name, column in numbers.items()}
        entry = _row(number, cell, figures, (known, faults))
        if entry is not None:
            rows.append(entry)
    return rows


def _known(problem: ScheduleProblem, digits: float) -> _Known:
    """Index all names as they are compared."""
    names: dict[str, dict[str, list[int]]] = {ACTIVITY: {}, FLOW: {}}
    for a in range(problem.n_activities):
        names[ACTIVITY].setdefault(_key(problem.names.activity(a)), []).append(a)
    for f, name in enumerate(problem.flows.names):
        names[FLOW].setdefault(_key(name), []).append(f)
    labels = {_key(label): d for d, label in enumerate(destination_labels(problem))}
    for d in range(problem.n_destinations):
        labels.setdefault(str(d), d)
    return _Known(problem, names, labels, digits)


def _key(name: Any) -> str:
    """Return a name as it is compared: without regard to case, blanks and a mark before it."""
    return BLANK.sub(" ", str(name).strip().lstrip("'")).strip().casefold()


def _numbers(cells: Cells, decimal: Sign | None, faults: Faults) -> dict[str, list[float | None]]:
    """Read all cells of numbers: NaN where one cannot be meant."""
    seen: dict[str, list[tuple[int, str]]] = {".": [], ",": [], "?": []}
    for name, small in NUMBERS.items():
        for row, cell in zip(cells.rows, cells.columns.get(name, ()), strict=False):
            if isinstance(cell, str):
                evidence = typed(cell, small=small).evidence
                if evidence:
                    seen[evidence].append((row, cell))
    sign = decimal
    if sign is None and bool(seen["."]) != bool(seen[","]):
        sign = "." if seen["."] else ","
    if sign is None and seen["."] and seen[","]:
        _two_ways(seen, faults)
    found: dict[str, list[float | None]] = {}
    for name, small in NUMBERS.items():
        column = cells.columns.get(name)
        if column is not None:
            pairs = zip(cells.rows, column, strict=True)
            found[name] = [_number(row, cell, (name, small, sign), faults) for row, cell in pairs]
    return found


def _two_ways(seen: Mapping[str, list[tuple[int, str]]], faults: Faults) -> None:
    """Say that some numbers have a decimal comma, and some a point."""
    said = [f"{seen[sign][0][1]} in {row_ranges([row for row, _ in seen[sign]])}"
            for sign in ".,"]  # fmt: skip
    fact = "some numbers have a decimal comma and some a point"
    faults.warn(fact, " and ".join(said), "Each could be meant in one way only.")


def _number(
    row: int, cell: Any, how: tuple[str, bool, Sign | None], faults: Faults
) -> float | None:
    """Read one cell."""
    name, small, sign = how
    if cell is None:
        return None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if math.isfinite(cell):
            return float(cell)
        faults.add("not a finite number", row, name, f"{cell}")
        return math.nan
    if isinstance(cell, dt.date | dt.time):
        faults.add("a date stands for a number", row, name, f"{cell}", remedy=DATE)
        return math.nan
    text = str(cell)
    read = typed(text, sign, small=small)
    if math.isfinite(read.value):
        return read.value
    if read.evidence == "?":
        remedy = "Give --decimal , or --decimal . or write it without a separator of thousands."
        faults.add("the comma or point can be meant in two ways", row, name, f'"{text}"',
                   remedy=remedy)  # fmt: skip
    else:
        faults.add("not a number", row, name, f'"{text}"', remedy=remedy_for(text))
    return math.nan


def _row(
    row: int,
    cell: Mapping[str, Any],
    figures: Mapping[str, float | None],
    about: tuple[_Known, Faults],
) -> Row | None:
    """Read one row; None where nobody knows what it is of."""
    known, faults = about
    kind = _key(cell.get(KIND) or ACTIVITY)
    if kind not in (ACTIVITY, FLOW):
        remedy = did_you_mean(kind, (ACTIVITY, FLOW))
        remedy = remedy or "Delete rows that are no part of the plan, such as sums."
        faults.add("the kind of row is not known", row, KIND, f'"{cell.get(KIND)}"',
                   allowed=f"{ACTIVITY}, {FLOW}", remedy=remedy)  # fmt: skip
        faults.lost += 1
        return None
    which = _which(row, kind, (cell.get(NAME), figures.get(NUMBER)), about)
    if which is None:
        faults.lost += 1
        return None
    entry = Row(row, which) if kind == ACTIVITY else Row(row, flow=which)
    bad = [n for n in (PERIOD, PERIOD_FROM_0, SHARE, AMOUNT) if _is_nan(figures.get(n))]
    entry.wrong = bool(bad)
    entry.period, ok = _period(row, figures, about)
    entry.wrong |= not ok
    if kind == FLOW:
        entry.amount = figures.get(AMOUNT)
        return entry
    entry.share = figures.get(SHARE)
    if entry.share is not None and not -known.digits <= entry.share <= 1.0 + known.digits:
        if not _is_nan(entry.share):
            faults.add("a share is not between 0 and 1", row, SHARE, f"{entry.share:g}")
        entry.wrong = True
    where = cell.get(DESTINATION)
    if where is not None:
        entry.destination = _destination(where, known)
        if entry.destination is None:
            labels = destination_labels(known.problem)
            allowed, remedy = ", ".join(labels), did_you_mean(str(where), labels)
            faults.add("the destination does not exist", row, DESTINATION, f'"{where}"',
                       allowed=allowed, remedy=remedy)  # fmt: skip
            entry.wrong = True
    return entry


def _is_nan(value: float | None) -> bool:
    """Say whether a cell held something that is no number."""
    return value is not None and math.isnan(value)


def _which(
    row: int, kind: str, told: tuple[Any, float | None], about: tuple[_Known, Faults]
) -> int | None:
    """Return the number of a row's activity or flow."""
    known, faults = about
    name, number = told
    problem = known.problem
    count = problem.n_activities if kind == ACTIVITY else problem.n_flows
    named = known.names[kind].get(_key(name), []) if name is not None else []
    if _is_nan(number):
        return None
    if number is not None:
        if number != int(number) or not 0 <= number < count:
            remedy = "Numbers count from 0."
            remedy = remedy if named else "Delete rows that are no part of the plan, such as sums."
            faults.add(f"the {kind} does not exist", row, NUMBER, f"{number:g}",
                       allowed=f"0 to {count - 1}", remedy=remedy)  # fmt: skip
            return None
        right = (problem.names.activity(int(number)) if kind == ACTIVITY
                 else problem.flows.names[int(number)])  # fmt: skip
        return int(number) if _agree(row, (kind, name, int(number), right), named, faults) else None
    if len(named) == 1:
        return named[0]
    if name is None:
        faults.add(f"the row names no {kind}", row, NAME, remedy="Fill it, or delete the row.")
    elif named:
        faults.add(f"several {kind}s have this name", row, NAME, f'"{name}"',
                   remedy=f"Fill {NUMBER}.")  # fmt: skip
    else:
        names = problem.names.activities if kind == ACTIVITY else problem.flows.names
        near = did_you_mean(str(name), names) if _few(names, faults) else ""
        remedy = near or "Delete rows that are no part of the plan, such as sums."
        faults.add(f"no {kind} has this name", row, NAME, f'"{name}"', remedy=remedy)
    return None


def _agree(row: int, told: tuple[str, Any, int, str], named: list[int], faults: Faults) -> bool:
    """Say whether a name may stand beside a number, of which the name is another."""
    kind, name, number, right = told
    if named and number not in named:
        faults.add(f"the number is that of another {kind}", row, NUMBER,
                   f'{number}, which is "{right}", beside the name "{name}"',
                   remedy="Put right the number or the name.")  # fmt: skip
        return False
    if named or name is None or not _key(name) or is_spoilt(name, right):
        return True
    faults.add(f"no {kind} has this name", row, NAME,
               f'"{name}" beside the number {number}, which is "{right}"',
               remedy="Put right the number or the name, or clear the name.")  # fmt: skip
    return False


def _few(names: tuple[str, ...], faults: Faults) -> bool:
    """Say whether a name like a wrong one is found quickly."""
    return len(names) <= SUGGESTED_AMONG and faults.lost < MOST_SUGGESTED


def _period(
    row: int, figures: Mapping[str, float | None], about: tuple[_Known, Faults]
) -> tuple[int | None, bool]:
    """Return the period, counted from 0, and whether it can be meant."""
    known, faults = about
    first = 1 if PERIOD in figures else 0
    column = PERIOD if first else PERIOD_FROM_0
    period = figures.get(column)
    if period is None or math.isnan(period):
        return None, period is None
    last = known.problem.n_periods - 1 + first
    if period != math.floor(period):
        faults.add("a period is no whole number", row, column, f"{period:g}")
    elif not first <= period <= last:
        remedy = "Leave it empty where the activity is never done."
        faults.add("the period does not exist", row, column, f"{period:g}",
                   allowed=f"{first} to {last}", remedy=remedy)  # fmt: skip
    else:
        return int(period) - first, True
    return None, False


def _destination(where: Any, known: _Known) -> int | None:
    """Return the number of a destination; None where there is none of that name."""
    number = f"{where:g}" if isinstance(where, float) else where
    return known.destinations.get(_key(number))
