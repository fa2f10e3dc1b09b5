"""How does a folder hold a whole scheduling problem, so that anybody can read it?

``problem.json`` holds names, dates and counts, and says what each table means; the tables are
Parquet. All numbers of things count from 0; an empty cell is no limit, or in ``value_...`` a
destination that is not allowed. A problem reads back exactly. Files of a synthetic problem start
``synthetic_``.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem
from deposits.formats.files import PREFIX, whole_file
from planning.scheduling.problem import ScheduleProblem
from planning.verification.plan_contents import PlanContents

#: What the first key of ``problem.json`` says.
FORMAT = "anzob schedule problem"
VERSION = 1
HEAD = "problem.json"
TABLES = {
    "activities": "one row an activity: first and last period in which it may be done, and its "
    "undiscounted value at each destination, empty where it may not go",
    "precedence": "activity: needs predecessor; span: number of the least time between the "
    "beginning of the predecessor and the end of the activity, in spans_years",
    "use": "what the whole activity takes of a resource if it goes to the destination; negative "
    "where it gives",
    "limits": "least and most of a resource in a period, or so far where it is cumulative",
    "flows": "undiscounted value of a unit moved in a period, and the most that moves",
    "flow_use": "what a unit moved takes of a resource",
    "general": "weights of limits on sums over all periods",
    "general_limits": "least and most of these sums",
    "contents": "what activities hold: tonnes, grades",
}


@dataclass(frozen=True, slots=True, eq=False)
class ScheduleFolder:
    """A problem and what stands beside it.

    Parameters
    ----------
    problem : ScheduleProblem
        What is planned.
    start : date or None
        Day on which the first period begins; None where only years from time 0 are known.
    synthetic : bool
        Whether any of it is made up; file names then say so.
    contents : PlanContents or None
        What activities hold.

    Raises
    ------
    DataError
        If the contents are not those of the problem's activities.
    """

    problem: ScheduleProblem
    start: dt.date | None = None
    synthetic: bool = False
    contents: PlanContents | None = None

    def __post_init__(self) -> None:
        """Refuse contents of something else."""
        if self.contents is not None and len(self.contents.table) != self.problem.n_activities:
            found, allowed = f"{len(self.contents.table)} rows", f"{self.problem.n_activities}"
            raise DataError([Problem("not one row an activity", "contents", found, allowed)])

    def file(self, name: str) -> str:
        """Return the name of a file, which says if it is synthetic."""
        return f"{PREFIX if self.synthetic else ''}{name}"

    def facts(self) -> list[Fact]:
        """Say what a reader wants to know first."""
        return [
            *self.problem.facts(),
            Fact("First day", f"{self.start or 'not known'}"),
            Fact("Synthetic", "yes" if self.synthetic else "no"),
        ]

    def __str__(self) -> str:
        """Facts as plain text."""
        return as_text(self.problem.name, self.facts())

    def _repr_html_(self) -> str:
        """Facts as HTML."""
        return as_html(self.problem.name, self.facts())


def write_folder(path: Path, folder: ScheduleFolder) -> tuple[str, ...]:
    """Write a problem into a folder.

    Parameters
    ----------
    path : Path
        Folder; made if it is not there.
    folder : ScheduleFolder
        The problem and what stands beside it.

    Returns
    -------
    tuple of str
        Names of the files, ``problem.json`` last: it stands only when all else does.

    """
    path.mkdir(parents=True, exist_ok=True)
    tables = {**problem_tables(folder.problem)}
    if folder.contents is not None:
        tables["contents"] = folder.contents.table.reset_index(drop=True)
    head, names = path / folder.file(HEAD), []
    # An old head beside new tables would describe them wrongly if writing stopped half way.
    head.unlink(missing_ok=True)
    for name, table in tables.items():
        names.append(folder.file(f"{name}.parquet"))
        with whole_file(path / names[-1]) as file:
            arrow = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata()
            pq.write_table(arrow, file, compression="zstd")
    if "contents" not in tables:
        (path / folder.file("contents.parquet")).unlink(missing_ok=True)
    text = json.dumps(_head(folder, tables), ensure_ascii=False, indent=1, allow_nan=False)
    with whole_file(head) as file:
        file.write((text + "\n").encode())
    return (*names, head.name)


def _head(folder: ScheduleFolder, tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Say what is no table."""
    problem, names = folder.problem, folder.problem.names
    contents = None if folder.contents is None else {
        "amounts": list(folder.contents.amounts), "grades": dict(folder.contents.grades)
    }  # fmt: skip
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": problem.name,
        "synthetic": folder.synthetic,
        "start": None if folder.start is None else folder.start.isoformat(),
        "currency": names.currency,
        "numbers_count_from": 0,
        "calendar": {
            "length_years": problem.calendar.length_years.tolist(),
            "discount_rate": float(problem.calendar.discount_rate),
            "discounting": problem.calendar.discounting,
        },
        "split": bool(problem.split),
        "n_activities": problem.n_activities,
        "n_destinations": problem.n_destinations,
        "n_resources": problem.n_resources,
        "destinations": list(names.destinations),
        "resources": list(names.resources),
        "units": list(names.units),
        "cumulative": [bool(flag) for flag in problem.cumulative],
        "flows": list(problem.flows.names),
        "spans_years": np.asarray(problem.spans_years, dtype=np.float64).tolist(),
        "contents": contents,
        "tables": {folder.file(f"{name}.parquet"): TABLES[name] for name in tables},
    }


def problem_tables(problem: ScheduleProblem) -> dict[str, pd.DataFrame]:
    """Return a problem as tables, infinite limits as NaN.

    Parameters
    ----------
    problem : ScheduleProblem
        Any problem.

    Returns
    -------
    dict of str to DataFrame
        The tables that `TABLES` describes, but for contents.
    """
    n, use, flows, side = problem.n_activities, problem.use, problem.flows, problem.general
    activities = pd.DataFrame({"activity": np.arange(n)})
    if problem.names.activities:
        activities["name"] = list(problem.names.activities)
    activities = activities.assign(first=problem.first, last=problem.last)
    values = {f"value_{d}": _finite(problem.value[:, d]) for d in range(problem.n_destinations)}
    arcs = problem.precedence
    after = np.repeat(np.arange(n), np.diff(arcs.indptr))
    return {
        "activities": activities.assign(**values),
        "precedence": pd.DataFrame(
            {"activity": after, "predecessor": arcs.indices, "span": problem.span_class}
        ),
        "use": pd.DataFrame(
            {"activity": use.activity, "destination": use.destination, "resource": use.resource,
             "amount": use.amount}
        ),
        "limits": _by_period("resource", lower=problem.lower, upper=problem.upper),
        "flows": _by_period("flow", value=flows.value, most=flows.most),
        "flow_use": pd.DataFrame(
            {"flow": flows.flow, "resource": flows.resource, "amount": flows.amount}
        ),
        "general": pd.DataFrame(
            {"constraint": side.constraint, "activity": side.block,
             "destination": side.destination, "period": side.period, "amount": side.amount}
        ),
        "general_limits": pd.DataFrame(
            {"constraint": np.arange(len(side.upper)), "lower": _finite(side.lower),
             "upper": _finite(side.upper)}
        ),
    }  # fmt: skip


def _finite(numbers: Any) -> Any:
    """Return numbers with NaN, an empty cell, for what is infinite."""
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _by_period(key: str, **columns: Any) -> pd.DataFrame:
    """Lay arrays of shape (k, t) out as one row a thing and period."""
    k, t = next(iter(columns.values())).shape
    table = {key: np.repeat(np.arange(k), t), "period": np.tile(np.arange(t), k)}
    return pd.DataFrame(table | {name: _finite(a).ravel() for name, a in columns.items()})
