"""How much rock and metal does a plan send where and when, and is all of it accounted for?

What activities hold is told in a table; the plan only says where each goes. What is sent to all
destinations in all periods and what is left behind are summed each by itself, and must add up to
what there was.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.errors import DataError, Problem
from deposits.tables import did_you_mean
from planning.scheduling.plan import SchedulePlan
from planning.scheduling.problem import ScheduleProblem

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
#: What a grade makes of a tonne: the end of its name, that of the metal's, and the factor.
METAL_UNITS = (("_pct", "_t", 0.01), ("_gpt", "_kg", 0.001), ("_ppm", "_kg", 0.001))
#: What is accounted for may differ from what there was by so much of it.
SUM_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class PlanContents:
    """What the activities of a problem hold.

    Parameters
    ----------
    table : DataFrame
        One row an activity, in the order of the problem.
    amounts : tuple of str
        Columns that add up: tonnes, metres.
    grades : mapping of str to str
        Grade column, and the column of tonnes that it is of; a grade's name ends ``_pct``,
        ``_gpt`` or ``_ppm``. NaN is not known, and so is the metal of what it goes into.

    Raises
    ------
    DataError
        If a column is not there or is no number, an amount is missing, or a unit is not known.
    """

    table: pd.DataFrame
    amounts: tuple[str, ...] = ()
    grades: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what says no amounts."""
        if problems := [*_column_problems(self)]:
            raise DataError(problems)

    def columns(self) -> dict[str, FloatArray]:
        """Return every amount and every metal of each activity, named with its unit."""
        held = {name: self.table[name].to_numpy(np.float64) for name in self.amounts}
        for grade, tonnes in self.grades.items():
            end, unit, factor = next(u for u in METAL_UNITS if grade.endswith(u[0]))
            mass = self.table[tonnes].to_numpy(np.float64)
            metal = np.where(mass == 0.0, 0.0, mass * self.table[grade].to_numpy(np.float64))
            held[grade.removesuffix(end) + unit] = metal * factor
        return held


def _column_problems(contents: PlanContents) -> Iterator[Problem]:
    """List columns that are not there or hold no numbers."""
    table, place = contents.table, "table of activities"
    for name in dict.fromkeys([*contents.amounts, *contents.grades, *contents.grades.values()]):
        if name not in table:
            remedy = did_you_mean(name, map(str, table.columns))
            yield Problem(f'column "{name}" is missing', place, remedy=remedy)
        elif not pd.api.types.is_numeric_dtype(table[name]):
            yield Problem("the column holds no numbers", f"{place}, column {name}")
        elif name not in contents.grades and not np.isfinite(table[name].to_numpy(float)).all():
            yield Problem("an amount is missing", f"{place}, column {name}", remedy="Fill it.")
    for name in contents.grades:
        if not name.endswith(tuple(end for end, _, _ in METAL_UNITS)):
            yield Problem("a grade does not say its unit", place, name, "_pct, _gpt, _ppm")


def contents_of_plan(
    problem: ScheduleProblem, plan: SchedulePlan, contents: PlanContents
) -> pd.DataFrame:
    """Sum what a plan sends to each destination in each period.

    Parameters
    ----------
    problem : ScheduleProblem
        What was asked.
    plan : SchedulePlan
        What was answered.
    contents : PlanContents
        What activities hold.

    Returns
    -------
    DataFrame
        Columns period, destination (numbers) and one a quantity; rows where something is sent.
    """
    t, d = problem.n_periods, problem.n_destinations
    done = np.flatnonzero((plan.period >= 0) & (plan.period < t))
    sent = np.where(np.isfinite(plan.share[done]), plan.share[done], 0.0)
    row, destination = np.nonzero(sent)
    place = plan.period[done][row] * d + destination
    places, at = np.unique(place, return_inverse=True)
    table = pd.DataFrame({"period": places // d, "destination": places % d})
    for name, amount in contents.columns().items():
        weight = amount[done][row] * sent[row, destination]
        table[name] = np.bincount(at, weights=weight, minlength=len(places))
    return table


def lost_and_found(
    contents: PlanContents, sent: pd.DataFrame, done: BoolArray
) -> Iterator[tuple[str, float, float]]:
    """Yield each quantity of which what is sent and what is left do not add up to what there was.

    Parameters
    ----------
    contents : PlanContents
        What activities hold.
    sent : DataFrame
        From `contents_of_plan`.
    done : ndarray of bool, shape (n,)
        Which activities are done.

    Yields
    ------
    tuple = (name, accounted for, there was)
        Unknown quantities are passed over.
    """
    for name, amount in contents.columns().items():
        there = math.fsum(amount.tolist())
        found = math.fsum(sent[name].tolist()) + math.fsum(amount[~done].tolist())
        if abs(found - there) > SUM_ROUNDING * math.fsum(np.abs(amount).tolist()):
            yield name, found, there
