"""Where does each activity go, and what do flows move, when it is settled in which period it falls?

With the periods given, what is left has no order in it: shares among destinations and flows, within
the limits. It is a linear program, one a period where nothing runs on from period to period; with
whole activities a mixed-integer one. Where everything can go where it is worth most, no program is
solved.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.programs import MixedIntegerProgram
from planning.scheduling.feasibility import keeps_limits
from planning.scheduling.plan import SchedulePlan
from planning.scheduling.problem import ScheduleProblem
from planning.solver import solve

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: Programs with whole activities are solved to this gap [fraction].
WHOLE_GAP = 1e-7
#: Shares this close to 0 are 0 [fraction].
NOTHING = 1e-9


def choose_destinations(
    problem: ScheduleProblem, period: IntArray, prices: FloatArray | None = None
) -> SchedulePlan | None:
    """Return the best shares and flows for given periods.

    Parameters
    ----------
    problem : ScheduleProblem
        n activities, r resources, t periods.
    period : ndarray of int, shape (n,)
        Period of each activity, t where it is never done; order and windows are not looked at.
    prices : ndarray of float, shape (r, t), optional
        Discounted prices of the limits [currency a unit]. Where all can go where it is worth most
        after paying them, that is taken for the best, and no program is solved.

    Returns
    -------
    SchedulePlan or None
        None where no shares and flows keep to the limits.
    """
    done = period < problem.n_periods
    if not problem.allowed[done].any(axis=1).all():
        return None
    for offered in (None, prices) if prices is not None else (None,):
        plan = _at_best(problem, period, offered)
        if _flows_may_rest(problem) and keeps_limits(problem, plan):
            return plan
    if problem.n_destinations == 1 and not problem.n_flows:
        return None
    share = np.zeros((problem.n_activities, problem.n_destinations))
    flow = np.zeros((problem.n_flows, problem.n_periods))
    for part in _parts(problem):
        columns = _columns(problem, period, part)
        solution = _solution(_program(problem, period, part, columns))
        if solution is None:
            return None
        n_shares = len(columns.activity)
        share[columns.activity, columns.destination] = solution[:n_shares]
        flow[:, part] = solution[n_shares:].reshape(-1, len(part))
    share[share < NOTHING] = 0.0
    share[done] /= share[done].sum(axis=1, keepdims=True)
    return SchedulePlan(period.copy(), share, flow)


def best_destination(
    problem: ScheduleProblem, period: IntArray, prices: FloatArray | None
) -> IntArray:
    """Return where each activity is worth most in its period, after paying for what it uses.

    Parameters
    ----------
    problem : ScheduleProblem
        n activities, r resources, t periods.
    period : ndarray of int, shape (n,)
        Period of each activity, t where it is never done.
    prices : ndarray of float, shape (r, t), or None
        Discounted prices of the limits [currency a unit]; None: nothing is paid.

    Returns
    -------
    ndarray of int, shape (n,)
        The first of equally good ones; 0 where it may go nowhere.
    """
    factor = np.append(problem.calendar.factors(), 0.0)
    # What is never done has no worth and no use; its row is only there to keep the shape.
    worth = problem.value * np.where(period < problem.n_periods, factor[period], 1.0)[:, None]
    if prices is not None and problem.n_resources:
        use = problem.use
        paid = _running_prices(problem, prices)
        paid = np.column_stack([paid, np.zeros(problem.n_resources)])
        cost = use.amount * paid[use.resource, period[use.activity]]
        np.subtract.at(worth, (use.activity, use.destination), cost)
    best: IntArray = worth.argmax(axis=1).astype(np.int64)
    return best


def _running_prices(problem: ScheduleProblem, prices: FloatArray) -> FloatArray:
    """Return what a unit used in a period pays: all later limits too where sums run on, (r, t)."""
    later = np.cumsum(prices[:, ::-1], axis=1)[:, ::-1]
    return np.where(problem.cumulative[:, None], later, prices)


def _at_best(problem: ScheduleProblem, period: IntArray, prices: FloatArray | None) -> SchedulePlan:
    """Send each activity that is done where it is worth most, and let flows rest."""
    done = np.flatnonzero(period < problem.n_periods)
    share = np.zeros((problem.n_activities, problem.n_destinations))
    share[done, best_destination(problem, period, prices)[done]] = 1.0
    return SchedulePlan(period.copy(), share, np.zeros((problem.n_flows, problem.n_periods)))


def _flows_may_rest(problem: ScheduleProblem) -> bool:
    """Say whether no flow earns anything, so that a plan without flows is as good as any."""
    return bool((problem.flows.value <= 0.0).all())


def _parts(problem: ScheduleProblem) -> list[IntArray]:
    """Return the periods that must be looked at together: each alone, or all."""
    every = np.arange(problem.n_periods)
    if problem.cumulative.any() or len(problem.general.upper):
        return [every]
    return [every[s : s + 1] for s in range(problem.n_periods)]


def _solution(program: MixedIntegerProgram) -> FloatArray | None:
    """Return the best answer, None where there is none; nothing to choose is an answer too."""
    if program.n_variables:
        return solve(program, gap=WHOLE_GAP).solution
    kept = (program.row_lower <= 0.0) & (program.row_upper >= 0.0)
    return np.zeros(0) if kept.all() else None


class _Columns(NamedTuple):
    """Shares that are open in some periods: column c is that of an activity and destination."""

    activity: IntArray
    destination: IntArray
    number: IntArray
    """Column of each activity and destination, -1 where there is none, shape (n, d)."""


def _columns(problem: ScheduleProblem, period: IntArray, part: IntArray) -> _Columns:
    """Return a column for every destination of what is done in these periods."""
    here = (period >= part[0]) & (period <= part[-1])
    activity, destination = np.nonzero(problem.allowed & here[:, None])
    number = np.full(problem.allowed.shape, -1, dtype=np.int64)
    number[activity, destination] = np.arange(len(activity))
    return _Columns(activity.astype(np.int64), destination.astype(np.int64), number)


class _Entries(NamedTuple):
    """Entries of a matrix, place by place."""

    row: IntArray
    column: IntArray
    amount: FloatArray


def _program(
    problem: ScheduleProblem, period: IntArray, part: IntArray, columns: _Columns
) -> MixedIntegerProgram:
    """Write down the choice of shares and flows in these periods."""
    factor, n_shares = problem.calendar.factors(), len(columns.activity)
    worth = problem.value[columns.activity, columns.destination]
    gain = [worth * factor[period[columns.activity]]]
    gain.append((problem.flows.value[:, part] * factor[part]).ravel())
    most = problem.flows.most[:, part].ravel()
    own, place = np.unique(columns.activity, return_inverse=True)
    shares = _Entries(place.astype(np.int64), np.arange(n_shares), np.ones(n_shares))
    limits, low, high = _limit_rows(problem, period, part, columns)
    side = _general_rows(problem, period, columns)
    entries = _merged([
        shares,
        _Entries(limits.row + len(own), limits.column, limits.amount),
        _Entries(side.row + len(own) + len(low), side.column, side.amount),
    ], n_shares + most.size)  # fmt: skip
    side_low, side_high = problem.general.lower, problem.general.upper
    n_rows = len(own) + len(low) + len(side_low)
    whole = np.zeros(n_shares + most.size, dtype=np.bool_)
    whole[:n_shares] = not problem.split
    return MixedIntegerProgram(
        gain=np.concatenate(gain),
        lower=np.zeros(n_shares + most.size),
        upper=np.concatenate([np.ones(n_shares), most]),
        whole=whole,
        indptr=np.concatenate([[0], np.cumsum(np.bincount(entries.row, minlength=n_rows))]),
        columns=entries.column,
        entries=entries.amount,
        row_lower=np.concatenate([np.ones(len(own)), low, side_low]),
        row_upper=np.concatenate([np.ones(len(own)), high, side_high]),
    )


def _limit_rows(
    problem: ScheduleProblem, period: IntArray, part: IntArray, columns: _Columns
) -> tuple[_Entries, FloatArray, FloatArray]:
    """Return uses, a row a resource and period, with the lower and upper limits of the rows."""
    use, flows, k = problem.use, problem.flows, len(part)
    number = columns.number[use.activity, use.destination]
    open_ = number >= 0
    when = period[use.activity[open_]] - part[0]
    row = [use.resource[open_] * k + when]
    column, amount = [number[open_]], [use.amount[open_]]
    for step in range(k):
        row.append(flows.resource * k + step)
        column.append(len(columns.activity) + flows.flow * k + step)
        amount.append(flows.amount)
    once = _Entries(np.concatenate(row), np.concatenate(column), np.concatenate(amount))
    running = problem.cumulative[once.row // k]
    # What is used in a period counts in every later one where sums run on.
    times = np.where(running, k - once.row % k, 1)
    first = np.repeat(once.row, times)
    later = np.arange(len(first)) - np.repeat(np.cumsum(times) - times, times)
    every = _Entries(first + later, np.repeat(once.column, times), np.repeat(once.amount, times))
    return every, problem.lower[:, part].ravel(), problem.upper[:, part].ravel()


def _general_rows(problem: ScheduleProblem, period: IntArray, columns: _Columns) -> _Entries:
    """Return the weights of what is done in the periods that general constraints name."""
    side = problem.general
    number = columns.number[side.block, side.destination]
    counts = (number >= 0) & (period[side.block] == side.period)
    return _Entries(side.constraint[counts], number[counts], side.amount[counts])


def _merged(parts: list[_Entries], n_columns: int) -> _Entries:
    """Return entries row by row, those of one place added up."""
    row = np.concatenate([part.row for part in parts])
    column = np.concatenate([part.column for part in parts])
    amount = np.concatenate([part.amount for part in parts])
    cell, place = np.unique(row * max(n_columns, 1) + column, return_inverse=True)
    total = np.bincount(place, amount, len(cell)).astype(np.float64)
    rows, columns = np.divmod(cell, max(n_columns, 1))
    return _Entries(rows, columns, total)
