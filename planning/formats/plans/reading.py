"""Which plan does this file say, and what in it cannot be meant?

All mistakes are listed at once, each with its row. Only what is broken in itself is told here;
whether a readable plan keeps to the problem is for `planning.verification.plans` to say.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import Checked, Problem
from planning.formats.plans.amounts import Sign
from planning.formats.plans.cells import Cells, read_cells
from planning.formats.plans.dates import warn_of_dates
from planning.formats.plans.faults import Faults, counted
from planning.formats.plans.layout import (
    AMOUNT,
    DESTINATION,
    HEADERS,
    NAME,
    NUMBER,
    PERIOD,
    PERIOD_FROM_0,
    SHARE,
    TOLD,
    destination_labels,
)
from planning.formats.plans.rows import Row, read_rows
from planning.scheduling.plan import SchedulePlan, empty_plan
from planning.scheduling.problem import ScheduleProblem

IntArray = NDArray[np.int64]
#: Shares that miss 1 by less have the rounding of sums: they are not scaled.
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class PlanRead:
    """A plan as a file says it.

    Parameters
    ----------
    plan : SchedulePlan
        What could be read; activities whose rows are wrong are never done.
    file : str
        Name of the file.
    row : ndarray of int, shape (n,)
        First row of each activity in the file; 0 where it has none.
    flow_row : ndarray of int, shape (f, t)
        The same of the flows; one without a row moves nothing.
    doubtful : ndarray of bool, shape (n,)
        Activities with a wrong row.
    """

    plan: SchedulePlan
    file: str
    row: IntArray
    flow_row: IntArray
    doubtful: NDArray[np.bool_]

    def facts(self) -> list[Fact]:
        """Say what a reader wants to know first."""
        return [
            Fact("File", self.file),
            Fact("Activities with a row", f"{int((self.row > 0).sum()):,}"),
            Fact("Activities with a wrong row", f"{int(self.doubtful.sum()):,}"),
        ]

    def __str__(self) -> str:
        """Facts as plain text."""
        return as_text("Plan, as read", self.facts())

    def _repr_html_(self) -> str:
        """Facts as HTML."""
        return as_html("Plan, as read", self.facts())


def read_plan(
    path: Path,
    problem: ScheduleProblem,
    *,
    decimal: Sign | None = None,
    start: dt.date | None = None,
) -> Checked[PlanRead]:
    """Read a plan that was written by us and changed by anybody.

    Parameters
    ----------
    path : Path
        CSV, workbook, Parquet, or solution of MineLib.
    problem : ScheduleProblem
        What the plan is of.
    decimal : {".", ","} or None
        Decimal sign of numbers that could be read in two ways; None: the others tell.
    start : date, optional
        Day on which the first period begins: dates beside a row that are not those of its period
        are told.

    Returns
    -------
    Checked of PlanRead
        Also where there are errors, as far as it could be read; None where nothing could.
    """
    names = problem.names
    texts = (*names.activities, *names.destinations, *problem.flows.names)
    cells = read_cells(path, HEADERS, texts, TOLD)
    if cells.value is None:
        return Checked(None, cells.problems)
    missing = _header_problems(cells.value, problem)
    if missing:
        return Checked(None, (*cells.problems, *missing))
    faults = Faults(cells.value.file)
    rows = read_rows(cells.value, problem, decimal, faults)
    read = _plan(rows, problem, cells.value, faults)
    warn_of_dates(cells.value, rows, (problem, start), faults)
    return Checked(read, (*cells.problems, *faults.problems()))


def _header_problems(cells: Cells, problem: ScheduleProblem) -> list[Problem]:
    """List columns without which nothing can be read."""
    place, problems = cells.file, []
    if NUMBER not in cells.columns and NAME not in cells.columns:
        problems.append(Problem(f'columns "{NUMBER}" and "{NAME}" are missing', place,
                                remedy="Keep one of them."))  # fmt: skip
    periods = [name for name in (PERIOD, PERIOD_FROM_0) if name in cells.columns]
    if len(periods) != 1:
        fact = f'column "{PERIOD}" is missing' if not periods else "periods stand in two columns"
        remedy = f"Call it {PERIOD} if the first period is 1, {PERIOD_FROM_0} if it is 0."
        problems.append(Problem(fact, place, remedy=remedy))
    needed = [DESTINATION] if problem.n_destinations > 1 else []
    needed += [AMOUNT] if problem.n_flows and cells.complete else []
    for name in needed:
        if name not in cells.columns:
            problems.append(Problem(f'column "{name}" is missing', place, remedy="Add it."))
    return problems


def _plan(rows: list[Row], problem: ScheduleProblem, cells: Cells, faults: Faults) -> PlanRead:
    """Put rows together into a plan."""
    n, t = problem.n_activities, problem.n_periods
    plan, row = empty_plan(problem), np.zeros(n, dtype=np.int64)
    flow_row, doubtful = np.zeros((problem.n_flows, t), dtype=np.int64), np.zeros(n, dtype=bool)
    own: dict[int, list[Row]] = {}
    for entry in rows:
        if entry.flow is not None:
            _put_flow(entry, plan, flow_row, faults)
        elif entry.activity is not None:
            own.setdefault(entry.activity, []).append(entry)
    for activity, entries in own.items():
        row[activity] = min(entry.row for entry in entries)
        if any(entry.wrong for entry in entries):
            doubtful[activity] = True
        elif not _put_activity(entries, problem, plan, (cells.digits, faults)):
            doubtful[activity] = True
            plan.period[activity], plan.share[activity] = t, 0.0
    missing = np.flatnonzero(row == 0)
    if missing.size and cells.complete and not faults.lost:
        few = ", ".join(problem.names.activity(a) for a in missing[:5].tolist())
        fact = counted(missing.size, "activity has", "activities have")
        faults.warn(f"{fact} no row: never done", few)
    return PlanRead(plan, cells.file, row, flow_row, doubtful)


def _put_flow(entry: Row, plan: SchedulePlan, flow_row: IntArray, faults: Faults) -> None:
    """Put the amount of one row in its place."""
    if entry.wrong or entry.flow is None:
        return
    if entry.period is None:
        faults.add("a flow has no period", entry.row, PERIOD, remedy="Fill it.")
        return
    place = (entry.flow, entry.period)
    if flow_row[place]:
        found = f"the flow of row {flow_row[place]} in the same period"
        faults.add("the flow repeats", entry.row, PERIOD, found, remedy="Keep one of the rows.")
        return
    flow_row[place] = entry.row
    plan.flow[place] = 0.0 if entry.amount is None else entry.amount


def _put_activity(
    entries: list[Row],
    problem: ScheduleProblem,
    plan: SchedulePlan,
    about: tuple[float, Faults],
) -> bool:
    """Put the rows of one activity in their place; say whether they can be meant."""
    (digits, faults), first = about, entries[0]
    name = problem.names.activity(first.activity or 0)
    others = [entry for entry in entries if entry.period != first.period]
    if others:
        found = f"{name}: {_period(first)} in row {first.row}, {_period(others[0])} here"
        remedy = "Give all its rows the same period: an activity is done in one."
        faults.add("an activity is in two periods", others[0].row, PERIOD, found, remedy=remedy)
        return False
    if first.period is None:
        return True
    shares = _shares(entries, problem, name, faults)
    if shares is None:
        return False
    total = math.fsum(shares.values())
    if abs(total - 1.0) > digits:
        labels = destination_labels(problem)
        where = "".join(f" + {part:g} to {labels[d]}" for d, part in shares.items()).lstrip(" +")
        remedy = "A CSV keeps only the digits that are shown: show more of them, or use .xlsx."
        remedy = remedy if abs(total - 1.0) < 0.02 else "Shares of an activity add up to 1."
        faults.add("the shares of an activity do not add up to 1", [e.row for e in entries],
                   SHARE, f"{name}: {where} = {total:g}", remedy=remedy)  # fmt: skip
        return False
    if abs(total - 1.0) > ROUNDING:
        faults.scaled += 1
        shares = {destination: part / total for destination, part in shares.items()}
    plan.period[first.activity] = first.period
    for destination, part in shares.items():
        plan.share[first.activity, destination] = part
    return True


def _period(entry: Row) -> str:
    """Say the period of a row."""
    return "never" if entry.period is None else f"period {entry.period + 1}"


def _shares(
    entries: list[Row], problem: ScheduleProblem, name: str, faults: Faults
) -> dict[int, float] | None:
    """Return the share of each destination; None where rows cannot be meant."""
    shares: dict[int, float] = {}
    blank: list[int] = []
    rows: dict[int, int] = {}
    for entry in entries:
        destination = entry.destination
        if destination is None:
            if entry.share == 0.0:
                continue
            if problem.n_destinations > 1:
                allowed = ", ".join(destination_labels(problem))
                faults.add("an activity is done and goes nowhere", entry.row, DESTINATION, name,
                           allowed=allowed, remedy="Fill the destination.")  # fmt: skip
                return None
            destination = 0
        if destination in rows:
            found = f"{name}, which row {rows[destination]} sends there too"
            faults.add("the row of an activity repeats", entry.row, DESTINATION, found,
                       remedy="Keep one of the rows.")  # fmt: skip
            return None
        rows[destination] = entry.row
        if entry.share is None:
            blank.append(destination)
        elif entry.share != 0.0:
            shares[destination] = entry.share
    left = 1.0 - math.fsum(shares.values())
    if len(blank) > 1:
        faults.add("several shares of an activity are empty", [rows[d] for d in blank], SHARE,
                   name, remedy="Fill all but one.")  # fmt: skip
        return None
    if blank and left > ROUNDING:
        shares[blank[0]] = left
    return shares
