"""When should a mine stop: which last years do not earn what a year costs whatever is done?

The fixed cost of a year is in no activity, so that the schedule does not see it. Here the last
years of a plan are left out one after the other, shares and stock chosen anew, as long as what is
left is worth more after the fixed cost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planning.production.activities import MineActivities
from planning.production.comparisons import worth_of_plan
from planning.production.outcome import worked_periods
from planning.scheduling.destinations import choose_destinations
from planning.scheduling.plan import SchedulePlan


@dataclass(frozen=True, slots=True, eq=False)
class Ending:
    """Where a plan stops.

    Parameters
    ----------
    plan : SchedulePlan
        What is left of it.
    last_year : int or None
        Its last year, from 1; None where nothing was left out.
    gain_usd : float
        What it is worth more after the fixed cost [discounted USD].
    """

    plan: SchedulePlan
    last_year: int | None
    gain_usd: float


def stop_in_time(mine: MineActivities, plan: SchedulePlan, not_before: int = 0) -> Ending:
    """Leave out the last years of a plan that do not earn the fixed cost.

    Parameters
    ----------
    mine : MineActivities
        With the fixed cost of each period.
    plan : SchedulePlan
        The plan.
    not_before : int
        Last year that stays in any case, from 1.

    Returns
    -------
    Ending
    """
    if not mine.fixed_usd.any():
        return Ending(plan, None, 0.0)
    years = mine.problem.calendar.years() + 1
    last = int(years[worked_periods(mine, plan)].max(initial=0))
    # Shares are chosen anew in any case, so that only what is left out makes the difference.
    again = _until(mine, plan, last)
    start = plan if again is None else max(plan, again, key=lambda p: _after(mine, p))
    whole, best = _after(mine, start), Ending(start, None, 0.0)
    for year in range(last - 1, max(not_before, 1) - 1, -1):
        left = _until(mine, plan, year)
        if left is None:
            break
        gain = _after(mine, left) - whole
        if gain <= best.gain_usd:
            break
        best = Ending(left, year, gain)
    return best


def _after(mine: MineActivities, plan: SchedulePlan) -> float:
    """Return what a plan is worth after the fixed cost [discounted USD]."""
    return worth_of_plan(mine, plan, "", "").after_fixed_usd


def _until(mine: MineActivities, plan: SchedulePlan, year: int) -> SchedulePlan | None:
    """Return a plan without what is done after a year; None where limits forbid it."""
    problem = mine.problem
    late = problem.calendar.years() + 1 > year
    period = np.where(np.append(late, True)[plan.period], problem.n_periods, plan.period)
    most = problem.flows.most.copy()
    most[:, late] = 0.0
    closed = replace(problem, flows=replace(problem.flows, most=most))
    return choose_destinations(closed, period.astype(np.int64))
