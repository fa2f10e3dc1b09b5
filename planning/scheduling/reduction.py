"""Which activities, periods and arcs of a problem can matter to its best plan?

Activities that can never be done go, with all that need them; so do those outside the pit of the
best undiscounted values, unless doing them might help to keep a limit. Taking them out of any plan
breaks nothing and costs nothing, as long as money loses no worth by coming earlier: the parts of
a plan done by any period are closed sets, and no closed set gains by what lies outside the pit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.kernels.periods import (
    implied_arcs,
    mark_needed,
    sort_topologically,
)
from planning.limits.pit import ultimate_pit
from planning.limits.precedence import ArcPrecedence
from planning.scheduling.earliest import earliest_periods
from planning.scheduling.problem import ScheduleProblem

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ShortArray = NDArray[np.int32]
FlagArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Reduced:
    """What is left of a problem, activities numbered anew, predecessors first.

    Parameters
    ----------
    kept : ndarray of int, shape (m,)
        Number of each activity in the problem.
    first, last : ndarray of int, shape (m,)
        Periods in which it can be done, both included; never empty.
    indptr, indices, span : ndarray of int
        Arcs to predecessors as in `ArcPrecedence`, those that others imply left out, and the span
        class of each.
    latest : ndarray of int, shape (k, t)
        Last period of a predecessor for each span class and period.
    option : ndarray of int, shape (m + 1,)
        Where each activity's options, the destinations it may go to, begin.
    destination : ndarray of int, shape (options,)
        Destination of each option.
    slack : float
        How much more than any plan of what is left a plan of the problem may be worth, for
        rounding in the pit [currency].
    """

    kept: IntArray
    first: IntArray
    last: IntArray
    indptr: IntArray
    indices: ShortArray
    span: IntArray
    latest: IntArray
    option: IntArray
    destination: IntArray
    slack: float

    @property
    def n_activities(self) -> int:
        """Number of activities left."""
        return len(self.kept)


def reduce_problem(problem: ScheduleProblem) -> Reduced:
    """Leave out what no good plan needs.

    Parameters
    ----------
    problem : ScheduleProblem
        n activities.

    Returns
    -------
    Reduced
        Its plans are plans of the problem, and one of them is as good as any, fractional ones
        included.
    """
    indptr, latest = problem.precedence.indptr, problem.latest()
    indices = np.ascontiguousarray(problem.precedence.indices, np.int32)
    order = sort_topologically(np.ascontiguousarray(indptr, np.int64), indices)
    last = np.minimum(problem.last, problem.n_periods - 1).astype(np.int64)
    last[~problem.allowed.any(axis=1)] = -1
    begin = earliest_periods(problem)
    possible = begin <= last
    needed, slack = _worth_doing(problem, possible)
    kept = order[(possible & needed)[order]]
    arcs = _arcs_between(problem, kept, latest)
    allowed = problem.allowed[kept]
    option = np.concatenate([[0], np.cumsum(allowed.sum(axis=1))]).astype(np.int64)
    return Reduced(kept=kept, first=begin[kept], last=last[kept], indptr=arcs[0], indices=arcs[1],
                   span=arcs[2], latest=latest, option=option, slack=slack,
                   destination=np.nonzero(allowed)[1].astype(np.int64))  # fmt: skip


def _worth_doing(problem: ScheduleProblem, possible: FlagArray) -> tuple[FlagArray, float]:
    """Return the activities that a best plan may need, and what rounding may have lost."""
    factors = problem.calendar.factors()
    if (np.diff(factors) > 0).any() or not possible.any():
        return np.ones(problem.n_activities, dtype=np.bool_), 0.0
    number = np.cumsum(possible) - 1
    indptr, heads, _ = _select(problem, np.flatnonzero(possible), number)
    best = np.where(problem.allowed, problem.value, -np.inf).max(axis=1)[possible]
    helpful = _helpful(problem)[possible]
    mark_needed(sort_topologically(indptr, heads), indptr, heads, helpful)
    pit = ultimate_pit(np.where(helpful, 0.0, best), ArcPrecedence(indptr, heads))
    needed = possible.copy()
    needed[possible] = pit.mined | helpful
    return needed, float(factors[0]) * pit.rounding_bound


def _helpful(problem: ScheduleProblem) -> FlagArray:
    """Return the activities whose doing may help to keep a limit, shape (n,)."""
    use, general = problem.use, problem.general
    least = np.zeros(problem.n_resources)
    np.minimum.at(least, use.resource, use.amount)
    np.minimum.at(least, problem.flows.resource, problem.flows.amount)
    # A use that is never below 0 keeps a lower limit of 0 by itself.
    idle = (least >= 0)[:, None] & (problem.lower <= 0)
    low = np.any(np.isfinite(problem.lower) & ~idle, axis=1)
    high = np.any(np.isfinite(problem.upper), axis=1)
    helpful = np.zeros(problem.n_activities, dtype=np.bool_)
    amount, resource = use.amount, use.resource
    helps = ((amount > 0) & low[resource]) | ((amount < 0) & high[resource])
    helpful[use.activity[helps]] = True
    if general.amount.size:
        below, above = np.isfinite(general.lower), np.isfinite(general.upper)
        weight, row = general.amount, general.constraint
        helpful[general.block[((weight > 0) & below[row]) | ((weight < 0) & above[row])]] = True
    return helpful


def _arcs_between(
    problem: ScheduleProblem, kept: IntArray, latest: IntArray
) -> tuple[IntArray, ShortArray, IntArray]:
    """Return the arcs between the activities left that no others imply."""
    number = np.full(problem.n_activities, -1, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    indptr, heads, span = _select(problem, kept, number)
    implied = implied_arcs(indptr, heads, span, latest)
    count = np.concatenate([[0], np.cumsum(~implied)])
    return count[indptr].astype(np.int64), heads[~implied], span[~implied]


def _select(
    problem: ScheduleProblem, kept: IntArray, number: IntArray
) -> tuple[IntArray, ShortArray, IntArray]:
    """Return the arcs of some activities, which need only one another, in their own numbers."""
    indptr = problem.precedence.indptr
    degree = np.diff(indptr)[kept]
    ends = np.concatenate([[0], np.cumsum(degree)]).astype(np.int64)
    place = np.repeat(indptr[kept] - ends[:-1], degree) + np.arange(ends[-1])
    heads = number[problem.precedence.indices[place]].astype(np.int32)
    return ends, heads, problem.span_class[place].astype(np.int64)
