"""When is each activity done and where does it go: what a plan says, uses and is worth?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.scheduling.problem import ScheduleProblem

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class SchedulePlan:
    """A plan: the period of each activity, its shares among destinations, and all flows.

    Parameters
    ----------
    period : ndarray of int, shape (n,)
        Period of each activity; the number of periods where it is never done.
    share : ndarray of float, shape (n, d)
        Part of each activity that goes to each destination; rows of what is done add up to 1, all
        others are 0.
    flow : ndarray of float, shape (f, t)
        What each flow moves in each period.
    """

    period: IntArray
    share: FloatArray
    flow: FloatArray

    def done(self, n_periods: int) -> NDArray[np.bool_]:
        """Return which activities are done at all, shape (n,)."""
        return self.period < n_periods


def empty_plan(problem: ScheduleProblem) -> SchedulePlan:
    """Return the plan that does nothing."""
    return SchedulePlan(
        np.full(problem.n_activities, problem.n_periods, dtype=np.int64),
        np.zeros((problem.n_activities, problem.n_destinations)),
        np.zeros((problem.n_flows, problem.n_periods)),
    )


def plan_value(problem: ScheduleProblem, plan: SchedulePlan) -> float:
    """Return the discounted value of a plan [currency], summed exactly."""
    factors = problem.calendar.factors()
    done = np.flatnonzero(plan.done(problem.n_periods))
    share = plan.share[done]
    worth = np.where(share > 0, problem.value[done], 0.0) * share
    money = worth * factors[plan.period[done]][:, None]
    moved = plan.flow * problem.flows.value * factors
    return math.fsum(money.ravel().tolist()) + math.fsum(moved.ravel().tolist())


def resource_use(problem: ScheduleProblem, plan: SchedulePlan) -> FloatArray:
    """Return what limits look at: use a period, or so far where cumulative, shape (r, t)."""
    t, r, use = problem.n_periods, problem.n_resources, problem.use
    period = plan.period[use.activity]
    here = period < t
    amount = use.amount * plan.share[use.activity, use.destination]
    place = use.resource[here] * t + period[here]
    total = np.bincount(place, amount[here], r * t).reshape(r, t)
    flows = problem.flows
    np.add.at(total, flows.resource, flows.amount[:, None] * plan.flow[flows.flow])
    return np.where(problem.cumulative[:, None], np.cumsum(total, axis=1), total)
