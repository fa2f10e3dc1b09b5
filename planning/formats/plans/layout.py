"""How does a plan stand in one table, a row an activity and destination, a row a flow and period?

====================  ==============================================================================
column                holds
====================  ==============================================================================
kind                  activity or flow
number_from_0         number of the activity or flow in the problem
name                  its name
period_from_1         period in which it is done, counted from 1; empty: never
begins, ends          first and last day of the period; ``_years``: years from time 0, where no day
                      is known, rounded. Only told: the period counts
destination           where it goes
share                 part of the activity that goes there; empty: what the others leave
amount                what the flow moves in the period
====================  ==============================================================================
"""

from __future__ import annotations

import calendar as months
import datetime as dt
import itertools
from typing import Any

import numpy as np
import pandas as pd

from planning.formats.plans.folder import ScheduleFolder
from planning.scheduling.calendar import Calendar
from planning.scheduling.plan import SchedulePlan
from planning.scheduling.problem import ScheduleProblem

ACTIVITY, FLOW = "activity", "flow"
KIND, NUMBER, NAME = "kind", "number_from_0", "name"
PERIOD, PERIOD_FROM_0 = "period_from_1", "period_from_0"
DESTINATION, SHARE, AMOUNT = "destination", "share", "amount"
BEGINS, ENDS = "begins", "ends"
#: Columns that are read back.
HEADERS = (KIND, NUMBER, NAME, PERIOD, PERIOD_FROM_0, DESTINATION, SHARE, AMOUNT)
#: Columns that only tell what the period says; they are looked at, and change nothing.
TOLD = (BEGINS, ENDS, f"{BEGINS}_years", f"{ENDS}_years")
#: Decimals of years that are told.
YEAR_DECIMALS = 9
#: Parts of a month that are rounding.
SAME_MONTH = 1e-6
DAYS_A_YEAR = 365.2425


def destination_labels(problem: ScheduleProblem) -> tuple[str, ...]:
    """Return what files call the destinations: their names, or numbers if two names are one.

    Parameters
    ----------
    problem : ScheduleProblem
        Whose destinations.

    Returns
    -------
    tuple of str
        One each, all different, also without regard to case and blanks around.
    """
    names = [" ".join(problem.names.destination(d).split()) for d in range(problem.n_destinations)]
    if len({name.casefold() for name in names}) == len(names) and all(names):
        return tuple(names)
    return tuple(str(d) for d in range(problem.n_destinations))


def period_dates(calendar: Calendar, start: dt.date) -> list[tuple[dt.date, dt.date]]:
    """Return the first and the last day of each period.

    Parameters
    ----------
    calendar : Calendar
        The periods.
    start : date
        Day on which the first one begins.

    Returns
    -------
    list of (date, date)
        Whole months are months of the calendar; other lengths are years of 365.2425 days.

    Examples
    --------
    >>> import numpy as np
    >>> half = Calendar(np.array([0.5, 0.5]), 0.1, "end_of_year")
    >>> [str(day) for day in period_dates(half, dt.date(2027, 1, 1))[1]]
    ['2027-07-01', '2027-12-31']
    """
    begins = [_after(start, years) for years in [0.0, *calendar.ends().tolist()]]
    day = dt.timedelta(days=1)
    return [(a, max(a, b - day)) for a, b in itertools.pairwise(begins)]


def _after(start: dt.date, years: float) -> dt.date:
    """Return the day so many years after another."""
    count = round(12 * years)
    if abs(12 * years - count) > SAME_MONTH:
        return start + dt.timedelta(days=round(DAYS_A_YEAR * years))
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return dt.date(year, month + 1, min(start.day, months.monthrange(year, month + 1)[1]))


def plan_table(folder: ScheduleFolder, plan: SchedulePlan) -> pd.DataFrame:
    """Lay a plan out as a table: every activity, also those never done, and every flow.

    Parameters
    ----------
    folder : ScheduleFolder
        The problem, and the day on which it begins.
    plan : SchedulePlan
        The plan.

    Returns
    -------
    DataFrame
        Columns as above, and ``synthetic`` where it is.
    """
    problem = folder.problem
    t, f = problem.n_periods, problem.n_flows
    share = np.where(plan.done(t)[:, None], plan.share, 0.0)
    activity, destination = np.nonzero(share)
    idle = np.flatnonzero(~share.any(axis=1))
    number = np.concatenate([activity, idle])
    order = np.argsort(number, kind="stable")
    where = np.concatenate([destination, np.full(idle.size, -1)])[order]
    number = number[order]
    labels = (*destination_labels(problem), None)
    parts = np.where(where >= 0, share[number, where], np.nan)
    moved = np.arange(f * t)
    period = np.concatenate([plan.period[number], moved % t if t else moved])
    names = [problem.names.activity(a) for a in number.tolist()]
    names += [problem.flows.names[i] for i in (moved // t).tolist()]
    table = pd.DataFrame(
        {
            KIND: [ACTIVITY] * number.size + [FLOW] * moved.size,
            NUMBER: np.concatenate([number, moved // t]),
            NAME: names,
            PERIOD: pd.array([p + 1 if 0 <= p < t else None for p in period.tolist()], "Int64"),
            **told_dates(folder, period),
            DESTINATION: [*(labels[d] for d in where.tolist()), *[None] * moved.size],
            SHARE: np.concatenate([parts, np.full(moved.size, np.nan)]),
            AMOUNT: np.concatenate([np.full(number.size, np.nan), plan.flow.ravel()]),
        }
    )
    return table.assign(synthetic=True) if folder.synthetic else table


def told_dates(folder: ScheduleFolder, period: Any) -> dict[str, list[Any]]:
    """Return when periods begin and end: as days, or as years from time 0.

    Parameters
    ----------
    folder : ScheduleFolder
        The problem, and the day on which it begins.
    period : ndarray of int
        Periods, counted from 0.

    Returns
    -------
    dict of str to list
        Two columns, ``begins`` and ``ends``, or the same in years; None where there is no such
        period.
    """
    calendar = folder.problem.calendar
    pairs: list[tuple[Any, Any]]
    if folder.start is None:
        names = TOLD[2:]
        ends = calendar.ends().round(YEAR_DECIMALS).tolist()
        pairs = list(itertools.pairwise([0.0, *ends]))
    else:
        names = TOLD[:2]
        pairs = list(period_dates(calendar, folder.start))
    told = [pairs[p] if 0 <= p < len(pairs) else (None, None) for p in period.tolist()]
    return {name: [pair[i] for pair in told] for i, name in enumerate(names)}
