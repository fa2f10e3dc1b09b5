"""Does the plan in this file keep to the problem in this folder, and if not, in which rows?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem
from deposits.formats.files import PREFIX
from planning.formats.plans.amounts import Sign
from planning.formats.plans.folder import HEAD, ScheduleFolder
from planning.formats.plans.folder_reading import read_folder
from planning.formats.plans.reading import PlanRead, read_plan
from planning.scheduling.problem import ScheduleProblem
from planning.verification.plans import PlanCheck, verify_plan

#: How far a plan may pass limits, as a share of them: a spreadsheet saves nine or ten digits of an
#: amount, Parquet all of them, and MineLib's answers take parts of a block for the whole.
WITHIN = {".parquet": 1e-9, ".pq": 1e-9, ".sol": 1e-6}
WITHIN_TEXT = 1e-8
#: Where a study puts the problem of its plan.
PROBLEM = "plan_problem"
REMEDY = "The rules that these rows may break are checked once they can be read."


@dataclass(frozen=True, slots=True, eq=False)
class CheckedPlan:
    """A plan from a file, checked.

    Parameters
    ----------
    check : PlanCheck
        Value and violations.
    read : PlanRead
        What was read, with its rows.
    warnings : tuple of Problem
        What was forgiven.
    folder : ScheduleFolder
        The problem.
    """

    check: PlanCheck
    read: PlanRead
    warnings: tuple[Problem, ...]
    folder: ScheduleFolder

    def sentences(self, most: int | None = None) -> list[str]:
        """Say the first violations in words, with their rows."""
        rows = self.check.violations.head(most if most is not None else len(self.check.violations))
        return [_with_row(self.read, row) for row in rows.to_dict("records")]

    def to_dict(self) -> dict[str, Any]:
        """Return value, feasibility, every violation with its row, and what was forgiven."""
        found = self.check.to_dict()
        for row, record in zip(found["violations"], self.sentences(), strict=True):
            row["says"] = record
            at = _row_of(self.read, row)
            if at:
                row["row"] = at
        names = self.folder.problem.names
        for row in found["violations"]:
            if "activity" in row:
                row["activity_name"] = names.activity(row["activity"])
        return {
            "problem": self.folder.problem.name,
            "synthetic": self.folder.synthetic,
            "plan": self.read.file,
            "currency": names.currency,
            **found,
            "warnings": [str(problem) for problem in self.warnings],
        }

    def facts(self) -> list[Fact]:
        """Say what a reader wants to know first."""
        return [Fact("File", self.read.file), *self.check.facts()]

    def __str__(self) -> str:
        """Facts as plain text."""
        return as_text(f"{self.check.name}: plan, checked", self.facts())

    def _repr_html_(self) -> str:
        """Facts as HTML."""
        return as_html(f"{self.check.name}: plan, checked", self.facts())


def check_plan(folder: Path, plan: Path | None = None, decimal: Sign | None = None) -> CheckedPlan:
    """Check a plan against the problem in a folder.

    Parameters
    ----------
    folder : Path
        From `planning.formats.plans.folder.write_folder`, or the results of a study that hold it as
        ``plan_problem``.
    plan : Path, optional
        The plan; ``plan.parquet`` in the folder or beside it by default.
    decimal : {".", ","} or None
        Decimal sign of numbers that could be read in two ways; None: the others tell.

    Returns
    -------
    CheckedPlan

    Raises
    ------
    DataError
        If problem or plan cannot be read. It lists all that is wrong with the plan's rows, and
        every rule that is broken whatever these rows mean.
    """
    folder = next((path for path in _inside(folder) if _holds_problem(path)), folder)
    held = read_folder(folder).or_raise()
    own = [place / held.file("plan.parquet") for place in (folder, folder.absolute().parent)]
    file = plan or next((path for path in own if path.is_file()), own[0])
    read = read_plan(file, held.problem, decimal=decimal, start=held.start)
    errors = read.errors
    if read.value is None:
        raise DataError(read.problems)
    within = WITHIN.get(file.suffix.lower(), WITHIN_TEXT)
    contents = None if errors else held.contents
    check = verify_plan(held.problem, read.value.plan, contents=contents, within=within)
    if errors:
        broken = _certain(held.problem, read.value, check)
        more = [Problem(REMEDY.rstrip("."), read.value.file)] if not check.feasible else []
        raise DataError([*errors, *broken, *more, *(p for p in read.problems if p not in errors)])
    return CheckedPlan(check, read.value, read.problems, held)


def _inside(folder: Path) -> tuple[Path, ...]:
    """Return where the problem of a folder may be: in it, or where a study puts it."""
    return (folder, folder / PROBLEM, folder / f"{PREFIX}{PROBLEM}")


def _holds_problem(folder: Path) -> bool:
    """Say whether a folder holds a problem."""
    return (folder / HEAD).is_file() or (folder / f"{PREFIX}{HEAD}").is_file()


def _row_of(read: PlanRead, row: dict[Any, Any]) -> int:
    """Return the row of a file that a violation is in; 0 where it is in none."""
    if not pd.isna(row.get("activity", pd.NA)):
        return int(read.row[row["activity"]])
    if not pd.isna(row.get("flow", pd.NA)):
        period = row["period"] if "period" in row else row["period_from_1"] - 1
        return int(read.flow_row[row["flow"], period])
    return 0


def _with_row(read: PlanRead, row: dict[Any, Any]) -> str:
    """Say a violation with its row."""
    at = _row_of(read, row)
    return f"row {at}: {row['says']}" if at else str(row["says"])


def _certain(problem: ScheduleProblem, read: PlanRead, check: PlanCheck) -> list[Problem]:
    """Return the rules that are broken whatever the wrong rows mean.

    What is known of other activities stays true; a sum above its upper limit stays above it where
    nothing can take away from it.
    """
    gives = np.zeros(problem.n_resources, dtype=bool)
    gives[problem.use.resource[problem.use.amount < 0]] = True
    gives[problem.flows.resource[problem.flows.amount < 0]] = True
    found = []
    for row in check.violations.to_dict("records"):
        known = row["rule"] in ("fraction", "shares", "forbidden", "window", "flow")
        if row["rule"] == "precedence":
            known = not read.doubtful[row["predecessor"]] and bool(read.row[row["predecessor"]])
        elif row["rule"] == "limit":
            known = row["amount"] > row["limit"] and not gives[row["resource"]]
        if known:
            at = _row_of(read, row)
            place = f"{read.file}, row {at}" if at else read.file
            found.append(Problem(str(row["says"]), place))
    return found
