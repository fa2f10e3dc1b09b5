"""What do compiled searches read of a problem, and how does a plan look to them?

Searchers keep one destination an activity; shares and flows are for `planning.scheduling.
destinations` to choose afterwards. Flows are taken as given while dates are sought.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.kernels.arcs import transpose
from planning.kernels.ledgers import (
    CELL_COLUMNS,
    HIGH,
    LOW,
    SLACK,
    TOLERANCE,
    USED,
    Options,
    Order,
    Uses,
)
from planning.kernels.packing import Dates
from planning.scheduling.plan import SchedulePlan
from planning.scheduling.problem import ScheduleProblem

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class SearchRules:
    """A problem as arrays for kernels.

    Parameters
    ----------
    problem : ScheduleProblem
        What they come from.
    uses : Uses
        What each option (an activity at a destination it may go to) uses.
    order : Order
        What waits for what.
    options : Options
        Values of options and discount factors.
    destination : ndarray of int, shape (m,)
        Destination of each option.
    ranked : ndarray of int, shape (n,)
        All activities, each after what it waits for.
    limits : ndarray of float, shape (c, 8)
        Limits of each cell with nothing booked, as `planning.kernels.ledgers` reads them.
    """

    problem: ScheduleProblem
    uses: Uses
    order: Order
    options: Options
    destination: IntArray
    ranked: IntArray
    limits: FloatArray

    def cells(self, flow: FloatArray) -> FloatArray:
        """Return limits with nothing booked but flows (f, t)."""
        problem, cells = self.problem, self.limits.copy()
        flows, t = problem.flows, problem.n_periods
        table = np.zeros((problem.n_resources, t))
        np.add.at(table, flows.resource, flows.amount[:, None] * flow[flows.flow])
        table[problem.cumulative] = np.cumsum(table[problem.cumulative], axis=1)
        cells[: table.size, USED] = table.ravel()
        return cells

    def nothing_done(self) -> Dates:
        """Return dates of a plan that does nothing."""
        n = self.problem.n_activities
        return Dates(
            np.full(n, self.problem.n_periods, dtype=np.int64), np.full(n, -1, dtype=np.int64)
        )

    def dates(self, plan: SchedulePlan) -> Dates:
        """Return a plan's dates, each activity at the destination with its largest share."""
        period = plan.period.astype(np.int64)
        wanted = plan.share.argmax(axis=1)
        option = np.full(len(period), -1, dtype=np.int64)
        activity = np.repeat(np.arange(len(period)), np.diff(self.options.start))
        own = self.destination == wanted[activity]
        option[activity[own]] = np.flatnonzero(own)
        option[period >= self.problem.n_periods] = -1
        return Dates(period.copy(), option)

    def plan(self, dates: Dates, flow: FloatArray) -> SchedulePlan:
        """Return dates as a plan."""
        problem = self.problem
        share = np.zeros((problem.n_activities, problem.n_destinations))
        done = np.flatnonzero(dates.option >= 0)
        share[done, self.destination[dates.option[done]]] = 1.0
        return SchedulePlan(dates.period.copy(), share, flow.copy())

    def cell_prices(self, prices: FloatArray, general: FloatArray) -> FloatArray:
        """Return prices of resources (r, t) and general constraints (j,) as prices of cells.

        Of a cumulative resource, a use in a period is charged for that and all later periods.
        """
        charged = prices.copy()
        own = self.problem.cumulative
        charged[own] = np.cumsum(prices[own][:, ::-1], axis=1)[:, ::-1]
        return np.concatenate([charged.ravel(), general])


def search_rules(problem: ScheduleProblem) -> SearchRules:
    """Return the arrays that compiled searches read.

    Parameters
    ----------
    problem : ScheduleProblem
        What is to be scheduled.

    Returns
    -------
    SearchRules
    """
    general, t = problem.general, problem.n_periods
    low = np.concatenate([problem.lower.ravel(), general.lower]).astype(np.float64)
    high = np.concatenate([problem.upper.ravel(), general.upper]).astype(np.float64)
    size = np.maximum(_finite(low), _finite(high))
    size[: low.size - len(general.lower)] += np.repeat(_usual_use(problem), t)
    limits = np.zeros((low.size, CELL_COLUMNS))
    limits[:, LOW], limits[:, HIGH], limits[:, SLACK] = low, high, TOLERANCE * size
    activity, destination = np.nonzero(problem.allowed)
    start = np.searchsorted(activity, np.arange(problem.n_activities + 1)).astype(np.int64)
    factors = np.append(problem.calendar.factors(), 0.0)
    order = _order(problem)
    value = np.ascontiguousarray(problem.value[activity, destination])
    return SearchRules(
        problem=problem,
        uses=_uses(problem, activity, destination),
        order=order,
        options=Options(start, value, factors),
        destination=destination.astype(np.int64),
        ranked=_ranked(order),
        limits=limits,
    )


def _finite(limits: FloatArray) -> FloatArray:
    """Return sizes of limits, 0 where there is none."""
    return np.where(np.isfinite(limits), np.abs(limits), 0.0)


def _usual_use(problem: ScheduleProblem) -> FloatArray:
    """Return the mean size of a use of each resource, shape (r,)."""
    r, use = problem.n_resources, problem.use
    count = np.bincount(use.resource, minlength=r)
    total = np.bincount(use.resource, np.abs(use.amount), r)
    return total / np.maximum(count, 1)


def _uses(problem: ScheduleProblem, activity: IntArray, destination: IntArray) -> Uses:
    """Return uses by option, those of places that are not allowed left out."""
    number = np.full((problem.n_activities, problem.n_destinations), -1, dtype=np.int64)
    number[activity, destination] = np.arange(len(activity))
    use, general, t = problem.use, problem.general, problem.n_periods
    running = problem.cumulative[use.resource].astype(np.int64)
    always = np.full(len(use.amount), -1, dtype=np.int64)
    never = np.zeros(len(general.amount), dtype=np.int64)
    cell = general.constraint + problem.n_resources * t
    entry = np.concatenate(
        [
            np.column_stack([use.resource * t, always, running]),
            np.column_stack([cell, general.period, never]),
        ]
    ).astype(np.int64)
    amount = np.concatenate([use.amount, general.amount]).astype(np.float64)
    option = np.concatenate(
        [number[use.activity, use.destination], number[general.block, general.destination]]
    )
    start, rows = _by_option(option, len(activity))
    return Uses(start, np.ascontiguousarray(entry[rows]), amount[rows])


def _by_option(option: IntArray, n_options: int) -> tuple[IntArray, IntArray]:
    """Return where each option's rows begin, and the rows; those of no option left out."""
    rows = np.argsort(option, kind="stable")
    rows = rows[option[rows] >= 0]
    start = np.searchsorted(option[rows], np.arange(n_options + 1)).astype(np.int64)
    return start, rows.astype(np.int64)


def _order(problem: ScheduleProblem) -> Order:
    """Return arcs both ways, and what their spans allow."""
    arcs, t = problem.precedence, problem.n_periods
    indptr = np.ascontiguousarray(arcs.indptr, np.int64)
    indices = np.ascontiguousarray(arcs.indices, np.int32)
    after_start, after = transpose(indptr, indices)
    rows = np.argsort(indices, kind="stable")
    latest = problem.latest().astype(np.int64)
    # The first period whose predecessors may be as late as s; none where nothing is done.
    earliest = (latest[:, None, :] < np.arange(t)[None, :, None]).sum(axis=2)
    never = np.full((len(latest), 1), t)
    last = np.where(problem.allowed.any(axis=1), np.minimum(problem.last, t - 1), -1)
    window = np.column_stack([np.maximum(problem.first, 0), last])
    return Order(
        indptr,
        np.ascontiguousarray(np.column_stack([indices, problem.span_class]), np.int64),
        after_start,
        np.ascontiguousarray(np.column_stack([after, problem.span_class[rows]]), np.int64),
        latest,
        np.concatenate([earliest, never], axis=1).astype(np.int64),
        window.astype(np.int64),
    )


def _ranked(order: Order) -> IntArray:
    """Return activities by the length of the longest chain before them."""
    n = len(order.window)
    rank = np.zeros(n, dtype=np.int64)
    waits = np.diff(order.before_start).copy()
    front = np.flatnonzero(waits == 0)
    while front.size:
        counts = np.diff(order.after_start)[front]
        firsts = np.repeat(order.after_start[front], counts)
        steps = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        heads = order.after[firsts + steps, 0]
        np.maximum.at(rank, heads, np.repeat(rank[front], counts) + 1)
        np.subtract.at(waits, heads, 1)
        heads = np.unique(heads)
        front = heads[waits[heads] == 0]
    return np.argsort(rank, kind="stable").astype(np.int64)
