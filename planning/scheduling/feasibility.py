"""Does a plan keep to every rule of its problem, asked often and quickly?

For searchers, which ask after every step and want a yes or no. What exactly is broken, in words and
by independent code, is for `planning.verification` to say.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.scheduling.plan import SchedulePlan, resource_use
from planning.scheduling.problem import ScheduleProblem

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def is_feasible(problem: ScheduleProblem, plan: SchedulePlan, within: float = 1e-9) -> bool:
    """Say whether a plan keeps to every rule.

    Parameters
    ----------
    problem : ScheduleProblem
        n activities, d destinations, f flows, t periods.
    plan : SchedulePlan
        Its arrays have the problem's shapes.
    within : float
        Rounding that is allowed: of a limit, as a share of its size or of the amounts that are
        added up, whichever is more; of shares, as it stands [fraction].

    Returns
    -------
    bool
    """
    return (
        _keeps_windows(problem, plan.period)
        and keeps_order(problem, plan.period)
        and keeps_limits(problem, plan, within)
    )


def keeps_limits(problem: ScheduleProblem, plan: SchedulePlan, within: float = 1e-9) -> bool:
    """Say whether a plan keeps to every rule but order and windows.

    Parameters
    ----------
    problem : ScheduleProblem
        n activities, d destinations, f flows, t periods.
    plan : SchedulePlan
        Its arrays have the problem's shapes.
    within : float
        Rounding that is allowed, as in `is_feasible`.

    Returns
    -------
    bool
    """
    return (
        _keeps_shares(problem, plan, within)
        and _keeps_resources(problem, plan, within)
        and _keeps_flows(problem, plan.flow, within)
        and _keeps_general(problem, plan, within)
    )


def keeps_order(problem: ScheduleProblem, period: IntArray) -> bool:
    """Say whether every activity comes after its predecessors, with the time between them.

    Parameters
    ----------
    problem : ScheduleProblem
        n activities.
    period : ndarray of int, shape (n,)
        Period of each; the number of periods where it is never done.

    Returns
    -------
    bool
    """
    order, never = problem.precedence, problem.n_periods
    after = np.repeat(period, np.diff(order.indptr))
    before = period[order.indices]
    if len(problem.spans_years) == 1 and problem.spans_years[0] == 0.0:
        return bool((before <= after).all())
    # What is never done asks for nothing: it allows every period, and never, before it.
    latest = np.column_stack([problem.latest(), np.full(len(problem.spans_years), never)])
    return bool((before <= latest[problem.span_class, after]).all())


def _keeps_windows(problem: ScheduleProblem, period: IntArray) -> bool:
    """Say whether periods exist and lie in the windows."""
    done = period < problem.n_periods
    if (period < 0).any() or (period > problem.n_periods).any():
        return False
    return bool((~done | ((period >= problem.first) & (period <= problem.last))).all())


def _keeps_shares(problem: ScheduleProblem, plan: SchedulePlan, within: float) -> bool:
    """Say whether shares add up, go where they may, and are whole where they must be."""
    share, done = plan.share, plan.done(problem.n_periods)
    if not (np.abs(share.sum(axis=1) - done) <= within).all() or not (share >= 0.0).all():
        return False
    taken = share > 0.0
    if (taken & ~(problem.allowed & done[:, None])).any():
        return False
    return problem.split or not (taken & (share < 1.0 - within)).any()


def _keeps_resources(problem: ScheduleProblem, plan: SchedulePlan, within: float) -> bool:
    """Say whether every resource stays within its limits in every period."""
    if not problem.n_resources:
        return True
    used = resource_use(problem, plan)
    size = _amounts(problem, plan)
    high, low = problem.upper, problem.lower
    above = within * np.maximum(size, np.where(np.isfinite(high), np.abs(high), 0.0))
    below = within * np.maximum(size, np.where(np.isfinite(low), np.abs(low), 0.0))
    return bool((used <= high + above).all() and (used >= low - below).all())


def _amounts(problem: ScheduleProblem, plan: SchedulePlan) -> FloatArray:
    """Return the sum of the sizes of what is added up for each limit, shape (r, t)."""
    t, r, use = problem.n_periods, problem.n_resources, problem.use
    period = plan.period[use.activity]
    here = period < t
    amount = np.abs(use.amount[here]) * plan.share[use.activity[here], use.destination[here]]
    place = use.resource[here] * t + period[here]
    total = np.bincount(place, amount, r * t).reshape(r, t)
    flows = problem.flows
    np.add.at(total, flows.resource, np.abs(flows.amount)[:, None] * plan.flow[flows.flow])
    return np.where(problem.cumulative[:, None], np.cumsum(total, axis=1), total)


def _keeps_flows(problem: ScheduleProblem, flow: FloatArray, within: float) -> bool:
    """Say whether flows run forwards and no more than they may."""
    most = problem.flows.most
    room = within * np.where(np.isfinite(most), most, 0.0)
    return bool((flow >= 0.0).all() and (flow <= most + room).all())


def _keeps_general(problem: ScheduleProblem, plan: SchedulePlan, within: float) -> bool:
    """Say whether weighted sums over all periods stay within their limits."""
    side = problem.general
    count = len(side.upper)
    if not count:
        return True
    done_then = plan.period[side.block] == side.period
    part = side.amount * plan.share[side.block, side.destination] * done_then
    used = np.bincount(side.constraint, part, count)
    size = np.bincount(side.constraint, np.abs(part), count)
    room = within * np.maximum(size, 1.0)
    return bool(((used <= side.upper + room) & (used >= side.lower - room)).all())
