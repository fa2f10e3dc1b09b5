"""How is a plan found that holds a rate and pays: stock ore in time, feed eagerly, then go on?

None of these is a proof that the rate cannot be held; the bound alone says that. Each gives a plan
that keeps every limit and a floor under the plant, from which the scheduler goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from planning.production.activities import MineActivities
from planning.production.comparisons import return_per_tonne
from planning.production.rates import Window, window_problem, with_held
from planning.scheduling.answers import Effort, ScheduleAnswer
from planning.scheduling.destinations import choose_destinations
from planning.scheduling.plan import SchedulePlan, plan_value
from planning.scheduling.problem import ScheduleProblem
from planning.scheduling.schedule import schedule
from planning.verification.plans import verify_plan

#: Worth added to each tonne that is fed, as parts of the mean return of a tonne, attempt by
#: attempt; each has a seed of its own.
BONUSES = (0.2, 0.4, 0.6, 0.8) * 2


def stocked_in_time(
    mine: MineActivities, window: Window, plan: SchedulePlan
) -> SchedulePlan | None:
    """Return a plan of the same dates that holds the rate by stocking more ore in time.

    Parameters
    ----------
    mine : MineActivities
        The mine.
    window : Window
        Years in which the rate must be held.
    plan : SchedulePlan
        Whose dates stay.

    Returns
    -------
    SchedulePlan or None
        None where these dates do not do.
    """
    held = with_held(mine, window).problem
    stocked = choose_destinations(held, plan.period)
    return stocked if stocked is not None and verify_plan(held, stocked).feasible else None


def eager_problem(mine: MineActivities, usd_per_t: float) -> ScheduleProblem:
    """Return the problem of a mine that is paid so much more for every tonne it feeds.

    Parameters
    ----------
    mine : MineActivities
        The mine.
    usd_per_t : float
        Added to what each tonne brings [USD/t].

    Returns
    -------
    ScheduleProblem
        With the same limits.
    """
    problem = mine.problem
    feed = np.where(problem.allowed, mine.amounts["feed_t"], 0.0)
    per_unit = mine.flow_amounts.get("feed_t", np.zeros(problem.n_flows))
    flows = replace(problem.flows, value=problem.flows.value + usd_per_t * per_unit[:, None])
    return replace(problem, value=problem.value + usd_per_t * feed, flows=flows)


def completed(
    mine: MineActivities, window: Window, plan: SchedulePlan, effort: Effort
) -> SchedulePlan:
    """Go on after the years of a window: what is done keeps its dates, the rest comes later.

    Parameters
    ----------
    mine : MineActivities
        The mine.
    window : Window
        After which the rest may be done.
    plan : SchedulePlan
        That holds the rate within it.
    effort : Effort
        When to stop.

    Returns
    -------
    SchedulePlan
        Worth as much or more.
    """
    held = with_held(mine, window).problem
    late = np.flatnonzero(held.calendar.years() + 1 > window.last)
    after = int(late[0]) if late.size else held.n_periods
    done = plan.done(held.n_periods)
    fixed = replace(
        held,
        first=np.where(done, plan.period, np.maximum(held.first, after)),
        last=np.where(done, plan.period, held.last),
    )
    more = schedule(fixed, effort, start=plan).plan
    better = more is not None and plan_value(held, more) > plan_value(held, plan)
    return more if better and more is not None else plan


def feed_only(mine: MineActivities, window: Window, effort: Effort) -> SchedulePlan | None:
    """Return a plan that keeps the plant full to the end of some years, whatever it costs.

    Parameters
    ----------
    mine : MineActivities
        The mine.
    window : Window
        Which years.
    effort : Effort
        When to stop.

    Returns
    -------
    SchedulePlan or None
        None where none was found.
    """
    return schedule(window_problem(mine, window), effort).plan


def hold(
    mine: MineActivities,
    window: Window,
    plans: Sequence[SchedulePlan],
    effort: Effort,
    known: ScheduleAnswer | None = None,
) -> SchedulePlan | None:
    """Look for a plan that holds the rate in some years and pays well.

    Parameters
    ----------
    mine : MineActivities
        The mine.
    window : Window
        Which years.
    plans : sequence of SchedulePlan
        Plans that are known.
    effort : Effort
        Of each attempt.
    known : ScheduleAnswer, optional
        Of the mine without the floor, to begin from.

    Returns
    -------
    SchedulePlan or None
        The best of the first attempt that gives one; None where none does.
    """
    for found in _attempts(mine, window, plans, effort, known):
        fitting = [plan for plan in found if plan is not None]
        if fitting:
            return max(fitting, key=lambda plan: plan_value(mine.problem, plan))
    return None


def _attempts(
    mine: MineActivities,
    window: Window,
    plans: Sequence[SchedulePlan],
    effort: Effort,
    known: ScheduleAnswer | None,
) -> Iterator[list[SchedulePlan | None]]:
    """Try known dates, then eager plans, and last of all to feed alone and to go on after it."""
    yield [stocked_in_time(mine, window, plan) for plan in plans]
    paid = return_per_tonne(mine)
    mean = float(np.nanmean(np.maximum(paid, 0.0))) if np.isfinite(paid).any() else 0.0
    # Bound and prices are a good start; the plan itself would be found again.
    bare = None if known is None else replace(known, plan=None)
    for number, part in enumerate(BONUSES):
        work = replace(effort, seed=effort.seed + number)
        answer = schedule(eager_problem(mine, part * mean), work, start=bare)
        yield [None if answer.plan is None else stocked_in_time(mine, window, answer.plan)]
        # Ctrl-C is meant for the whole search, not for the attempt that it happened to meet.
        if answer.status == "interrupted":
            return
    feeding = feed_only(mine, window, effort)
    stocked = None if feeding is None else stocked_in_time(mine, window, feeding)
    yield [None if stocked is None else completed(mine, window, stocked, effort)]
