"""Which scheduling problem stands in this folder, and what is wrong with its files?"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from deposits.errors import Checked, DataError, Problem
from deposits.formats.files import PREFIX
from planning.formats.plans.folder import FORMAT, HEAD, VERSION, ScheduleFolder
from planning.limits.minelib_problem import SideConstraints
from planning.limits.precedence import ArcPrecedence, arc_precedence
from planning.scheduling.calendar import Calendar
from planning.scheduling.problem import ActivityUse, Flows, ScheduleNames, ScheduleProblem
from planning.verification.plan_contents import PlanContents

FloatArray = NDArray[np.float64]
#: What an empty cell of a column stands for; other columns have none.
EMPTY = {"lower": -np.inf, "upper": np.inf, "most": np.inf}
WHOLE = {"activity", "predecessor", "span", "destination", "resource", "period", "flow",
         "constraint", "first", "last"}  # fmt: skip
WRITE_AGAIN = "Write the folder again."
KEYS: dict[str, type] = {
    "name": str, "synthetic": bool, "currency": str, "calendar": dict, "split": bool,
    "n_activities": int, "n_destinations": int, "n_resources": int, "destinations": list,
    "resources": list, "units": list, "cumulative": list, "flows": list, "spans_years": list,
}  # fmt: skip
Tables = dict[str, dict[str, Any]]


def read_folder(path: Path) -> Checked[ScheduleFolder]:
    """Read a problem that `planning.formats.plans.folder.write_folder` wrote.

    Parameters
    ----------
    path : Path
        The folder.

    Returns
    -------
    Checked of ScheduleFolder
        The problem, or all that is wrong with the files.
    """
    names = (HEAD, PREFIX + HEAD)
    heads = [path / name for name in names if (path / name).is_file()]
    if len(heads) != 1:
        return Checked(None, (_no_head(path, len(heads)),))
    try:
        told = json.loads(heads[0].read_bytes())
    except (ValueError, UnicodeDecodeError) as error:
        problem = Problem(f"not sound JSON: {error}", heads[0].name, remedy=WRITE_AGAIN)
        return Checked(None, (problem,))
    problems = _head_problems(told, heads[0].name)
    if problems:
        return Checked(None, tuple(problems))
    start = heads[0].name.removesuffix(HEAD)
    tables = _tables(path, start, told, problems)
    if problems:
        return Checked(None, tuple(problems))
    try:
        found = _folder(told, tables, path / f"{start}contents.parquet")
    except DataError as error:
        return Checked(None, error.problems)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        fact = f"the problem cannot be put together: {error}"
        return Checked(None, (Problem(fact, str(path), remedy=WRITE_AGAIN),))
    return Checked(found)


def _no_head(path: Path, heads: int) -> Problem:
    """Say why there is no problem in a folder."""
    if not path.exists():
        return Problem("the folder does not exist", str(path), remedy="Check the path.")
    if not path.is_dir():
        remedy = f"Name the folder that holds {HEAD}."
        return Problem("this is a file, not a folder", str(path), remedy=remedy)
    if heads:
        fact = f"the folder holds both {HEAD} and {PREFIX}{HEAD}"
        return Problem(fact, str(path), remedy="Keep one problem to a folder.")
    remedy = "`anzob plan` writes one."
    if any(path.glob("*.prec")):
        remedy = "Solutions of MineLib's problems are checked by: anzob minelib-verify"
    return Problem(f"there is no {HEAD}", str(path), remedy=remedy)


def _head_problems(told: Any, file: str) -> list[Problem]:
    """List what is missing or of the wrong kind in the head."""
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        found = repr(told.get("format")) if isinstance(told, dict) else "no object"
        return [Problem("not a scheduling problem", file, found, f'format "{FORMAT}"')]
    if told.get("version") != VERSION:
        remedy = "Read it with the version of anzob that wrote it."
        return [Problem("another version", file, f"{told.get('version')}", f"{VERSION}", remedy)]
    problems = []
    for key, kind in KEYS.items():
        value = told.get(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            fact, allowed = f'key "{key}" is missing or wrong', kind.__name__
            problems.append(Problem(fact, file, repr(value)[:60], allowed, WRITE_AGAIN))
    return problems


def _tables(path: Path, start: str, told: Mapping[str, Any], problems: list[Problem]) -> Tables:
    """Read all tables, listing what is wrong with each."""
    values = [f"value_{d}" for d in range(told["n_destinations"])]
    wanted: dict[str, Sequence[str]] = {
        "activities": ("activity", "first", "last", *values),
        "precedence": ("activity", "predecessor", "span"),
        "use": ("activity", "destination", "resource", "amount"),
        "limits": ("resource", "period", "lower", "upper"),
        "flows": ("flow", "period", "value", "most"),
        "flow_use": ("flow", "resource", "amount"),
        "general": ("constraint", "activity", "destination", "period", "amount"),
        "general_limits": ("constraint", "lower", "upper"),
    }
    tables: Tables = {}
    for name, columns in wanted.items():
        file = path / f"{start}{name}.parquet"
        table = _parquet(file, problems)
        if table is None:
            continue
        found = {column: _column(table, column, file.name, problems) for column in columns}
        if name == "activities" and "name" in table:
            found["name"] = tuple(str(text) for text in table["name"])
        tables[name] = found
    if not problems:
        problems += _order_problems(tables, told, start)
    return tables


def _parquet(file: Path, problems: list[Problem]) -> pd.DataFrame | None:
    """Read one table, or say why not."""
    if not file.is_file():
        problems.append(Problem("the file does not exist", str(file), remedy=WRITE_AGAIN))
        return None
    try:
        with pq.ParquetFile(file) as opened:
            table: pd.DataFrame = opened.read().to_pandas()
    except (pa.ArrowException, OSError) as error:
        problems.append(Problem(f"not a sound Parquet file: {error}", str(file)))
        return None
    return table


def _column(table: pd.DataFrame, name: str, file: str, problems: list[Problem]) -> Any:
    """Return one column of numbers; what it lacks is said."""
    place = f"{file}, column {name}"
    if name not in table:
        problems.append(Problem(f'column "{name}" is missing', file, remedy=WRITE_AGAIN))
        return None
    cells = table[name]
    numeric = pd.api.types.is_numeric_dtype(cells) and cells.dtype.kind != "b"
    if not numeric and not cells.isna().all():
        problems.append(Problem("the column holds no numbers", place, f"{cells.dtype}"))
        return None
    numbers = cells.to_numpy(np.float64, na_value=np.nan)
    empty = -np.inf if name.startswith("value_") else EMPTY.get(name)
    missing = np.flatnonzero(np.isnan(numbers))
    if missing.size and empty is None:
        found = f"{missing.size:,} empty cells, the first in row {missing[0]}"
        problems.append(Problem("cells are empty", place, found, remedy=WRITE_AGAIN))
        return None
    if name not in WHOLE:
        return numbers if empty is None else np.where(np.isnan(numbers), empty, numbers)
    wrong = np.flatnonzero(~(np.abs(numbers) < 2**53) | (numbers != np.floor(numbers)))
    if wrong.size:
        found = f"{numbers[wrong[0]]:g} in row {wrong[0]}"
        problems.append(Problem("not whole numbers", place, found))
        return None
    return cells.to_numpy(np.int64)


def _order_problems(tables: Tables, told: Mapping[str, Any], start: str) -> list[Problem]:
    """List tables whose rows are not those of what they describe, in order."""
    n, t = told["n_activities"], len(told["calendar"].get("length_years", ()))
    r, f = told["n_resources"], len(told["flows"])
    problems = []
    for name, key, count, each in (
        ("activities", "activity", n, 1),
        ("limits", "resource", r, t),
        ("flows", "flow", f, t),
        ("general_limits", "constraint", len(tables["general_limits"]["constraint"]), 1),
    ):
        table = tables[name]
        good = np.array_equal(table[key], np.repeat(np.arange(count), each))
        if "period" in table:
            good = good and np.array_equal(table["period"], np.tile(np.arange(each), count))
        if not good:
            fact = "the rows are not one a thing (and period), in rising order"
            allowed, place = f"{count} x {each} rows", f"{start}{name}.parquet"
            problems.append(Problem(fact, place, f"{len(table[key])} rows", allowed, WRITE_AGAIN))
    if (np.diff(tables["precedence"]["activity"]) < 0).any():
        fact = "the rows are not in rising order of activity"
        problems.append(Problem(fact, f"{start}precedence.parquet", remedy="Sort them."))
    return problems


def _folder(told: Mapping[str, Any], tables: Tables, contents: Path) -> ScheduleFolder:
    """Put the problem together."""
    held = None
    if told.get("contents"):
        problems: list[Problem] = []
        table = _parquet(contents, problems)
        if table is None:
            raise DataError(problems)
        amounts, grades = tuple(told["contents"]["amounts"]), dict(told["contents"]["grades"])
        held = PlanContents(table, amounts, grades)
    start = None if told.get("start") is None else dt.date.fromisoformat(told["start"])
    return ScheduleFolder(_problem(told, tables), start, told["synthetic"], held)


def _problem(told: Mapping[str, Any], tables: Tables) -> ScheduleProblem:
    """Put the tables together; the nouns check that they fit."""
    n, calendar = told["n_activities"], told["calendar"]
    length = np.array(calendar["length_years"], dtype=np.float64)
    t, rows = length.size, tables["activities"]
    arcs, use, side = tables["precedence"], tables["use"], tables["general"]
    # Only looked at: it would lose the spans.
    arc_precedence(n, arcs["activity"], arcs["predecessor"])
    indptr = np.concatenate([[0], np.cumsum(np.bincount(arcs["activity"], minlength=n))])
    flows, flow_use, limits = tables["flows"], tables["flow_use"], tables["limits"]
    ends = tables["general_limits"]
    shape = (-1, t)
    names = ScheduleNames(
        activities=rows.get("name", ()),
        destinations=tuple(told["destinations"]),
        resources=tuple(told["resources"]),
        units=tuple(told["units"]),
        currency=told["currency"],
    )
    return ScheduleProblem(
        name=told["name"],
        calendar=Calendar(length, float(calendar["discount_rate"]), calendar["discounting"]),
        value=np.column_stack([rows[f"value_{d}"] for d in range(told["n_destinations"])]),
        precedence=ArcPrecedence(indptr.astype(np.int64), arcs["predecessor"].astype(np.int32)),
        span_class=arcs["span"],
        spans_years=np.array(told["spans_years"], dtype=np.float64),
        use=ActivityUse(use["activity"], use["destination"], use["resource"], use["amount"]),
        lower=limits["lower"].reshape(told["n_resources"], t),
        upper=limits["upper"].reshape(told["n_resources"], t),
        cumulative=np.array(told["cumulative"], dtype=bool),
        flows=Flows(tuple(told["flows"]), flows["value"].reshape(shape),
                    flows["most"].reshape(shape), flow_use["flow"], flow_use["resource"],
                    flow_use["amount"]),
        first=rows["first"],
        last=rows["last"],
        general=SideConstraints(side["activity"], side["destination"], side["period"],
                                side["constraint"], side["amount"], ends["lower"], ends["upper"]),
        split=told["split"],
        names=names,
    )  # fmt: skip
