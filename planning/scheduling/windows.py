"""What is the best plan when only some activities may move, and only between some periods?

A window is a mixed-integer program in "done by" variables, w[a, t] = 1 where activity a is done in
period t or before: its linear relaxation is tight and its branches are short. Activities outside
keep their periods; cumulative limits of later periods, flows and general constraints stay exact,
for their fixed part is added up from the plan. Shares of destinations are extra variables; a
destination that another one beats in value and in every use is left out.

Rows of limits are equations with a slack variable: so HiGHS 1.16 does not try to strengthen them,
which can loop for ever without hearing of any limit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from planning.kernels.windows import order_rows, tighten
from planning.programs import MixedIntegerProgram
from planning.scheduling.options import Options, moved_shares, useful_options
from planning.scheduling.plan import SchedulePlan, resource_use
from planning.scheduling.problem import ScheduleProblem
from planning.scheduling.search_rules import SearchRules, search_rules
from planning.scheduling.window_rows import Entries, Rows

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: A share below this is none [fraction].
NO_SHARE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Freedom:
    """Between which periods activities may move.

    Parameters
    ----------
    low, high : ndarray of int, shape (n,)
        First and last period of each activity; the number of periods stands for never. Equal
        ones: it stays.
    last : ndarray of int, shape (n,), or None
        Last period in which an activity that may also be left out is done; None: the problem's.
    later : ndarray of float, shape (n,), or None
        Discount factor that an activity left out counts with, for it will be done later; None: 0.
    room : float
        Part of what limits leave that this window may use [fraction].
    """

    low: IntArray
    high: IntArray
    last: IntArray | None = None
    later: FloatArray | None = None
    room: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """A program, where to begin, and how to read its answers.

    Parameters
    ----------
    program : MixedIntegerProgram
        Columns: done by, shares, flows, slacks, excesses.
    start : ndarray of float, shape (columns,)
        The plan that the window was made from.
    columns : Columns
        What they mean.
    plan : SchedulePlan
        The plan that the window was made from.
    """

    program: MixedIntegerProgram
    start: FloatArray
    columns: Columns
    plan: SchedulePlan

    def answer(self, solution: FloatArray) -> SchedulePlan:
        """Return the plan of a solution of the program."""
        at, plan = self.columns, self.plan
        by = np.rint(solution[: at.n_by])
        count = np.bincount(at.owner, by, len(at.free)).astype(np.int64)
        high, never = at.high[at.free], at.never
        period = np.where(high < never, high, at.end[at.free]) - count
        period[(high >= never) & (count == 0)] = never
        moved, share = plan.period.copy(), plan.share.copy()
        moved[at.free] = period
        share[at.free] = 0.0
        done = at.free[period < never]
        share[done, at.base[done]] = 1.0
        own = moved[at.share_activity] == at.share_period
        part = np.clip(solution[at.n_by : at.n_by + len(own)], 0.0, 1.0)
        part = np.where(own & (part > NO_SHARE), part, 0.0)
        np.add.at(share, (at.share_activity, at.share_destination), part)
        np.add.at(share, (at.share_activity, at.base[at.share_activity]), -part)
        rest = share[at.free]
        rest[rest < NO_SHARE] = 0.0
        share[at.free] = rest / np.maximum(rest.sum(axis=1, keepdims=True), 0.5)
        first = at.n_by + len(own)
        flow = np.maximum(solution[first : first + plan.flow.size], 0.0).reshape(plan.flow.shape)
        return SchedulePlan(moved, share, np.where(flow > 0, flow, 0.0))


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Which column says what: first "done by", then shares, then flows.

    Parameters
    ----------
    never : int
        Number of periods.
    low, high, end, place : ndarray of int, shape (n,)
        Periods, first period without a column, first column of each activity.
    free : ndarray of int, shape (m,)
        Activities that may move.
    owner, period : ndarray of int, shape (n_by,)
        Place in *free* and period of each "done by".
    share_option, share_activity, share_destination, share_period : ndarray of int, shape (s,)
        What each share is of.
    base : ndarray of int, shape (n,)
        Where goes what no share sends elsewhere.
    """

    never: int
    low: IntArray
    high: IntArray
    end: IntArray
    place: IntArray
    free: IntArray
    owner: IntArray
    period: IntArray
    share_option: IntArray
    share_activity: IntArray
    share_destination: IntArray
    share_period: IntArray
    base: IntArray

    @property
    def n_by(self) -> int:
        """Number of columns "done by"."""
        return len(self.owner)

    @property
    def activity(self) -> IntArray:
        """Activity of each column "done by"."""
        return self.free[self.owner]


class WindowMaker:
    """Makes windows of one problem; what all of them share is prepared once."""

    def __init__(self, problem: ScheduleProblem, penalty: FloatArray) -> None:
        """Prepare windows.

        Parameters
        ----------
        problem : ScheduleProblem
            n activities.
        penalty : ndarray of float, shape (r + j,)
            Price of a unit beyond a limit of a resource or general constraint, where the plan
            that a window is made from breaks it [discounted currency].
        """
        self.problem, self.penalty = problem, penalty
        self.rules: SearchRules = search_rules(problem)
        self.options: Options = useful_options(problem)
        self.factors = problem.calendar.factors()

    def tidy(self, plan: SchedulePlan) -> SchedulePlan:
        """Return the plan without destinations that others beat."""
        return replace(plan, share=moved_shares(self.options, plan.share))

    def window(self, plan: SchedulePlan, freedom: Freedom) -> Window | None:
        """Return the program of all plans that differ from one only where they may.

        Parameters
        ----------
        plan : SchedulePlan
            Tidy; every period between *low* and *high*. It keeps the order of activities and may
            break limits, which then can be broken in the window at a price.
        freedom : Freedom
            What may move.

        Returns
        -------
        Window or None
            None when nothing may move.
        """
        columns = self._columns(plan, freedom)
        if not len(columns.free):
            return None
        entries = Entries(self.problem, self.options, columns)
        rows = Rows(len(columns.owner) + len(columns.share_option) + plan.flow.size)
        self._order(columns, rows)
        self._shares(columns, rows)
        start = self._start(plan, columns)
        self._limits(plan, columns, entries, rows, (start, freedom.room))
        gain = self._gain(columns, freedom.later)
        whole = np.zeros(len(gain), dtype=np.bool_)
        whole[: columns.n_by] = True
        whole[columns.n_by : columns.n_by + len(columns.share_option)] = not self.problem.split
        upper = np.ones(len(gain))
        upper[len(gain) - plan.flow.size :] = self.problem.flows.most.ravel()
        program, start = rows.program(gain, upper, whole, start)
        return Window(program, start, columns, plan)

    def _columns(self, plan: SchedulePlan, freedom: Freedom) -> Columns:
        """Give the columns of a window their numbers."""
        problem, order, never = self.problem, self.rules.order, self.problem.n_periods
        low, high = freedom.low.astype(np.int64), freedom.high.astype(np.int64)
        last = np.minimum(problem.last, never - 1)
        if freedom.last is not None:
            last = np.minimum(last, freedom.last)
        idle = (np.maximum(low, problem.first) > last) | ~problem.allowed.any(axis=1)
        moves = (low < high) & ~(idle & (plan.period == never))
        low = np.where(moves, np.maximum(low, problem.first), plan.period)
        high = np.where(moves & (high < never), np.minimum(high, last), high)
        high = np.where(moves, high, plan.period)
        stuck = np.ones(1, dtype=np.bool_)
        while stuck.any():
            tighten(self.rules.ranked, order.before_start, order.before, order.latest,
                    order.earliest, low, high)  # fmt: skip
            end = np.where(high < never, high, np.minimum(last + 1, never))
            stuck = (low < high) & (end <= low)
            low[stuck] = high[stuck] = never
        free = np.flatnonzero(low < high)
        width = (end - low)[free]
        place = np.full(problem.n_activities, -1, dtype=np.int64)
        place[free] = np.cumsum(width) - width
        owner = np.repeat(np.arange(len(free)), width)
        period = np.arange(len(owner)) - place[free[owner]] + low[free[owner]]
        options = self.options
        number = np.flatnonzero((low < high)[options.activity])
        own = options.activity[number]
        count = end[own] - low[own] + (high[own] < never)
        option = np.repeat(number, count)
        step = np.arange(len(option)) - np.repeat(np.cumsum(count) - count, count)
        activity = options.activity[option]
        return Columns(never, low, high, end, place, free, owner, period, option, activity,
                       options.destination[option], low[activity] + step, options.base)  # fmt: skip

    def _order(self, columns: Columns, rows: Rows) -> None:
        """State that what is done stays done, and what comes first."""
        order, owner = self.rules.order, columns.owner
        same = np.flatnonzero(owner[:-1] == owner[1:])
        rows.pairs(np.column_stack([same, same + 1]))
        rows.pairs(order_rows(columns.free, order.before_start, order.before, order.latest,
                              columns.low, columns.high, columns.end, columns.place))  # fmt: skip

    def _shares(self, columns: Columns, rows: Rows) -> None:
        """State that shares of an activity in a period need it done there."""
        if not len(columns.share_option):
            return
        never = columns.never
        key = columns.share_activity * never + columns.share_period
        keys, row = np.unique(key, return_inverse=True)
        activity, period = keys // never, keys % never
        first, number = columns.place[activity] - columns.low[activity], np.arange(len(keys))
        ends, begins = period < columns.end[activity], period > columns.low[activity]
        column = np.concatenate(
            [
                columns.n_by + np.arange(len(key)),
                (first + period)[ends],
                (first + period - 1)[begins],
            ]
        )
        entry = np.concatenate([np.ones(len(key)), -np.ones(ends.sum()), np.ones(begins.sum())])
        row = np.concatenate([row, number[ends], number[begins]])
        rows.at_most(row, column, entry, np.where(ends, 0.0, 1.0))

    def _limits(
        self,
        plan: SchedulePlan,
        columns: Columns,
        entries: Entries,
        rows: Rows,
        known: tuple[FloatArray, float],
    ) -> None:
        """State the limits that columns touch; what is fixed counts against them."""
        problem, (start, room) = self.problem, known
        stays = columns.low == columns.high
        rest = replace(
            plan, share=np.where(stays[:, None], plan.share, 0.0), flow=np.zeros_like(plan.flow)
        )
        fixed = (resource_use(problem, rest) + entries.settled()).ravel()
        lower, upper = problem.lower.ravel() - fixed, problem.upper.ravel() - fixed
        price = np.repeat(self.penalty[: problem.n_resources], problem.n_periods)
        rows.limits(*entries.resources(), (lower, upper, price), start, room)
        general = problem.general
        if len(general.upper):
            settled = entries.general_settled(rest)
            price = self.penalty[problem.n_resources :]
            limits = general.lower - settled, general.upper - settled, price
            rows.limits(*entries.general(), limits, start, room)

    def _start(self, plan: SchedulePlan, columns: Columns) -> FloatArray:
        """Return the plan as columns."""
        by = (plan.period[columns.activity] <= columns.period).astype(np.float64)
        share = plan.share[columns.share_activity, columns.share_destination]
        here = plan.period[columns.share_activity] == columns.share_period
        return np.concatenate([by, np.where(here, share, 0.0), plan.flow.ravel()])

    def _gain(self, columns: Columns, later: FloatArray | None) -> FloatArray:
        """Return what a unit of each column is worth."""
        problem, options, never = self.problem, self.options, columns.never
        activity, period = columns.activity, columns.period
        factor = np.append(self.factors, 0.0)
        final = period + 1 == columns.end[activity]
        left = np.zeros(len(activity)) if later is None else later[activity]
        out = final & (columns.high[activity] >= never)
        step = factor[period] - np.where(out, left, factor[period + 1])
        by = options.base_value[activity] * step
        share = options.value[columns.share_option] * factor[columns.share_period]
        moved = (problem.flows.value * self.factors).ravel()
        return np.concatenate([by, share, moved])
