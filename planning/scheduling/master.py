"""Which part of each class is best done within all limits, and at what prices of the limits?

The master program has a variable a class, between 0 and 1, a row an arc between classes and a row
a limit. Its answer is a fractional plan, its duals are prices. It is itself solved in groups of
classes that are done to the same part: the program over the groups is small, and the best set of
classes at its prices splits the groups, until the program over all classes is solved.

In the elastic program every limit may be passed, at a penalty for each share of it, and nothing
else counts.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from planning.kernels.classes import split_classes
from planning.kernels.closure import left_over, retired
from planning.kernels.cones import Arcs, Box
from planning.kernels.pseudoflow import begin
from planning.kernels.renewing import renew
from planning.limits.pit import new_forest
from planning.limits.pit import solve as finish
from planning.programs import MixedIntegerProgram, SolveStatus
from planning.scheduling.answers import Collision, Side
from planning.scheduling.limits import Limits, Prices, limit_rows, no_prices
from planning.scheduling.partition import ClassTable
from planning.scheduling.problem import ScheduleProblem
from planning.solver import solve

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ShortArray = NDArray[np.int32]
FlagArray = NDArray[np.bool_]
#: Sums of all sizes of the classes' weights stay below this.
MOST_UNITS = 2.0**55
#: Above so many groups those that the last two plans have done to the same part are merged, each
#: time the value has risen by more than the second number (a share) since the last merger.
MOST_GROUPS, SAME_VALUE = 300, 1e-12
#: Parts closer than this are the same.
SAME_PART = 1e-9
#: Prices between the last ones and the best ones lead to good sets too.
HALFWAY = 0.5


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MasterAnswer:
    """A fractional plan of classes and flows.

    Parameters
    ----------
    value : float
        Gain of the plan [currency]; less the penalties in an elastic program.
    part : ndarray of float, shape (c,)
        Part done of each class.
    group : ndarray of int, shape (c,)
        A group of each class, all of which are done to the same part.
    flow : ndarray of float, shape (f, t)
        What each flow moves.
    prices : Prices
        Duals of the limits.
    below, above : ndarray of float, shape (rows,)
        By how much each limit is missed, in an elastic program.
    """

    value: float
    part: FloatArray
    group: ShortArray
    flow: FloatArray
    prices: Prices
    below: FloatArray
    above: FloatArray


class ClassSets:
    """The best sets of classes at one vector of weights after the other."""

    def __init__(self, table: ClassTable) -> None:
        n = table.n_classes
        order = np.argsort(table.tail, kind="stable")
        ends = np.concatenate([[0], np.cumsum(np.bincount(table.tail, minlength=n))])
        none = np.zeros((0, 7), np.int64), np.zeros((0, 4), np.int64), np.zeros(0, np.uint8)
        heads = np.ascontiguousarray(table.head[order], np.int32)
        self._arcs = Arcs(Box(n, 0, 0, 0), *none, ends.astype(np.int64), heads)
        self._units = np.zeros(n, dtype=np.int64)
        self._forest = new_forest(self._units)
        self._scale = 0.0
        begin(self._forest)

    def best(self, weight: FloatArray) -> tuple[FlagArray, float]:
        """Return the best set and what it is worth, to the rounding of the weights."""
        total = max(float(np.abs(weight).sum()), 2.0**-200)
        if not 2.0**-10 < total * self._scale / MOST_UNITS < 1.0:
            self._scale = 2.0 ** math.floor(math.log2(MOST_UNITS / total)) / 4.0
        units = np.rint(weight * self._scale).astype(np.int64)
        renew(self._forest, units - self._units)
        self._units = units
        finish(self._arcs, self._forest)
        return retired(self._forest), int(left_over(self._forest)) / self._scale


class _Splitter:
    """Splits groups by the best sets of classes, at a plan's prices and halfway to the best ones.

    Parameters
    ----------
    master : Master
        Whose limits have prices.
    table : ClassTable
        The classes.
    """

    def __init__(self, master: Master, table: ClassTable) -> None:
        self.master, self.table, self.sets = master, table, ClassSets(table)
        self.bound, self.best = math.inf, no_prices(master.problem)
        self._each = np.arange(table.n_classes + 1)

    def split(self, prices: Prices, group: ShortArray, count: int) -> int:
        """Split the groups of a plan with these prices; return how many there are now."""
        steady = math.isfinite(self.bound)
        for share in (0.0, HALFWAY) if steady else (0.0,):
            usable = self.master.limits.usable(prices.toward(self.best, share))
            held, most = self.sets.best(self.master.weights(self.table, usable))
            bound = most + self.master.rest(usable)
            if bound < self.bound:
                self.bound, self.best = bound, usable
            count, _ = split_classes(group, count, self._each, (~held).astype(np.int32))
        return count


def _merged(parts: list[FloatArray]) -> tuple[ShortArray, int]:
    """Group classes that several plans have all done to the same part; count the groups."""
    group = np.zeros(len(parts[0]), dtype=np.int64)
    for part in parts:
        order = np.argsort(part, kind="stable")
        level = np.empty(len(part), dtype=np.int64)
        level[order] = np.cumsum(np.diff(part[order], prepend=part[order[0]]) > SAME_PART)
        _, group = np.unique(group * (level.max() + 1) + level, return_inverse=True)
    return group.astype(np.int32), int(group.max()) + 1


class Master:
    """The master program of one problem, for one table of classes after the other.

    Parameters
    ----------
    limits : Limits
        The problem's limits.
    elastic : bool
        Whether limits may be passed at a penalty and money does not count.
    """

    def __init__(self, limits: Limits, elastic: bool = False) -> None:
        self.limits, self.elastic = limits, elastic
        self.problem: ScheduleProblem = limits.problem
        self.rows = limit_rows(self.problem)
        self._flow_entries = self._flow_columns()

    def solve(
        self,
        table: ClassTable,
        group: ShortArray,
        within: float,
        time_limit_s: float | None = None,
    ) -> MasterAnswer | None:
        """Solve the program; None when no plan keeps the limits or time is up.

        Parameters
        ----------
        table : ClassTable
            The classes.
        group : ndarray of int, shape (c,)
            Group of each class to begin with, numbered from 0.
        within : float
            How far the answer may be from the best one [fraction].
        time_limit_s : float, optional
            When to stop [s].
        """
        begun, merged_at, parts = time.perf_counter(), -math.inf, [np.zeros(table.n_classes)]
        count, search = int(group.max(initial=-1)) + 1, _Splitter(self, table)
        found: MasterAnswer | None = None
        while True:
            left = None if time_limit_s is None else begun + time_limit_s - time.perf_counter()
            better = self._solve(table.merged(group, count), left)
            if better is None:
                return found
            parts = [better.part[group], parts[0]]
            if count > MOST_GROUPS and better.value > merged_at:
                group, count = _merged(parts)
                merged_at = better.value + SAME_VALUE * abs(better.value)
            group = group.copy()
            before, count = count, search.split(better.prices, group, count)
            found = replace(better, part=parts[0], group=group)
            if count == before or search.bound - found.value <= within * abs(search.bound):
                return found

    def weights(self, table: ClassTable, prices: Prices) -> FloatArray:
        """Return what classes are worth at prices."""
        rows, at = self.rows, self.rows.period >= 0
        dual = np.concatenate([prices.resource[rows.resource[at], rows.period[at]],
                               prices.general[rows.resource[~at]]])  # fmt: skip
        gain = 0.0 * table.gain if self.elastic else table.gain
        weight: FloatArray = gain - table.use.T @ dual
        return weight

    def rest(self, prices: Prices) -> float:
        """Return what limits and flows are worth at prices."""
        worth = 0.0 if self.elastic else 1.0
        return math.fsum([*self.limits.worth(prices), *self.limits.flow_worth(prices, worth)])

    def _solve(self, table: ClassTable, time_limit_s: float | None) -> MasterAnswer | None:
        """Solve the program over a table of classes or groups."""
        program = self._program(table)
        if time_limit_s is not None and time_limit_s <= 0:
            return None
        report = solve(program, time_limit_s=time_limit_s)
        if report.interrupted:
            raise KeyboardInterrupt
        proven = report.status is SolveStatus.PROVEN
        if not proven or report.solution is None or report.duals is None:
            return None
        return self._answer(table, program, report.solution, report.duals)

    def _program(self, table: ClassTable) -> MixedIntegerProgram:
        """Write the program: arcs first, then limits."""
        problem, rows, arcs = self.problem, self.rows, len(table.tail)
        n_flow, use = problem.n_flows * problem.n_periods, table.use.tocoo()
        parts = [(use.row, use.col, use.data), self._flow_entries]
        bound = [np.ones(table.n_classes), problem.flows.most.ravel()]
        money = problem.flows.value * problem.calendar.factors()
        gain = [table.gain, money.ravel()]
        if self.elastic:
            every = np.arange(len(rows.lower))
            parts += [(every, every, rows.size), (every, every, -rows.size)]
            bound += [np.where(np.isfinite(rows.lower), np.inf, 0.0)]
            bound += [np.where(np.isfinite(rows.upper), np.inf, 0.0)]
            gain = [np.zeros(table.n_classes + n_flow), np.full(2 * len(every), -1.0)]
        offset = np.cumsum([0, table.n_classes, n_flow, len(rows.lower)])
        row = np.concatenate([part[0] for part in parts])
        column = np.concatenate([o + p[1] for o, p in zip(offset, parts, strict=False)])
        entry = np.concatenate([part[2] for part in parts])
        order = np.argsort(row, kind="stable")
        ends = np.cumsum(np.bincount(row, minlength=len(rows.lower)))
        pairs = np.column_stack([table.tail, table.head]).ravel()
        upper = np.concatenate(bound)
        return MixedIntegerProgram(
            gain=np.concatenate(gain), lower=np.zeros(len(upper)), upper=upper,
            whole=np.zeros(len(upper), dtype=np.bool_),
            indptr=np.concatenate([2 * np.arange(arcs + 1), 2 * arcs + ends]),
            columns=np.concatenate([pairs, column[order]]),
            entries=np.concatenate([np.tile([1.0, -1.0], arcs), entry[order]]),
            row_lower=np.concatenate([np.full(arcs, -np.inf), rows.lower]),
            row_upper=np.concatenate([np.zeros(arcs), rows.upper]),
        )  # fmt: skip

    def _flow_columns(self) -> tuple[IntArray, IntArray, FloatArray]:
        """Return row, column and entry of what flows use."""
        problem, flows, rows = self.problem, self.problem.flows, self.rows
        n, t = len(rows.lower), problem.n_periods
        use = np.zeros((n, problem.n_flows, t))
        # Where a limit looks at a flow of period s: in its own period, or in all so far.
        period = np.arange(t)
        own = rows.period[:, None] == period
        so_far = (rows.period[:, None] >= period) & (rows.period >= 0)[:, None]
        for flow, resource, amount in zip(flows.flow, flows.resource, flows.amount, strict=True):
            looks = so_far if problem.cumulative[resource] else own
            use[:, flow] += amount * looks * (rows.resource == resource)[:, None]
        table = use.reshape(n, problem.n_flows * t)
        row, column = np.nonzero(table)
        return row, column, table[row, column]

    def _answer(
        self, table: ClassTable, program: MixedIntegerProgram, x: FloatArray, duals: FloatArray
    ) -> MasterAnswer:
        """Read plan and prices."""
        problem, rows = self.problem, self.rows
        n, n_flow = table.n_classes, problem.n_flows * problem.n_periods
        dual, at = duals[len(table.tail) :], rows.period >= 0
        price = np.zeros((problem.n_resources, problem.n_periods))
        general = np.zeros(problem.general.upper.size)
        price[rows.resource[at], rows.period[at]] = dual[at]
        general[rows.resource[~at]] = dual[~at]
        missed = x[n + n_flow :].reshape(-1, len(rows.lower)) * rows.size if self.elastic else None
        none = np.zeros(len(rows.lower))
        return MasterAnswer(
            value=float(program.gain @ x), part=x[:n], group=np.arange(n, dtype=np.int32),
            flow=x[n : n + n_flow].reshape(problem.n_flows, problem.n_periods),
            prices=Prices(price, general),
            below=none if missed is None else missed[0],
            above=none if missed is None else missed[1],
        )  # fmt: skip

    def collisions(self, answer: MasterAnswer, within: float) -> tuple[Collision, ...]:
        """List the limits that an elastic answer passes by more than a share of their size."""
        rows, found = self.rows, []
        sides: tuple[tuple[Side, FloatArray, FloatArray], ...] = (
            ("lower", answer.below, rows.lower), ("upper", answer.above, rows.upper),
        )  # fmt: skip
        for side, missing, limit in sides:
            for row in np.flatnonzero(missing > within * rows.size).tolist():
                found.append(Collision(int(rows.resource[row]), int(rows.period[row]), side,
                                       float(limit[row]), float(missing[row])))  # fmt: skip
        return tuple(sorted(found, key=lambda c: (c.period, c.resource, c.side)))
