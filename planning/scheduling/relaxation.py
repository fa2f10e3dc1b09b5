"""What is the best fractional plan worth, what can no plan pass, and what is each limit worth?

The linear relaxation has a variable for every activity, period and destination; it is solved in
classes of them that are done to the same part [1]_. The master program over classes gives a plan
and prices of the limits; at these prices the best plan without limits is one closed set, which
bounds all plans and splits the classes. When it splits none, or plan and bound have met, the
relaxation is solved.

References
----------
.. [1] Bienstock, D., and Zuckerberg, M. (2010), Solving LP relaxations of large-scale precedence
   constrained problems, in: Integer Programming and Combinatorial Optimization, LNCS 6080, 1-14.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deposits.errors import DataError, Problem
from planning.limits.interruptions import interruptible
from planning.scheduling.answers import Collision, Progress, Relaxation, RelaxationStatus, Say
from planning.scheduling.first_partition import first_partition
from planning.scheduling.limits import Prices, limit_rows, make_limits, no_prices
from planning.scheduling.master import Master, MasterAnswer
from planning.scheduling.network import Network, make_network
from planning.scheduling.partition import Partition
from planning.scheduling.pricing import Pricer
from planning.scheduling.problem import ScheduleProblem

FloatArray = NDArray[np.float64]
ShortArray = NDArray[np.int32]
#: A plan that passes its limits by less than this in all keeps them [sum of shares].
KEPT = 1e-9
#: Limits that must be passed by more than this collide [sum of shares].
COLLIDE = 1e-7
#: Value and bound this close have met, even at 0 [share of the sizes of all values].
NOTHING = 1e-13
#: How closely the master program is solved: at first, later as a share of the gap, and at last.
LOOSELY, PART_OF_GAP, CLOSELY = 1e-3, 0.1, 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Warm:
    """What the next relaxation of like activities begins with.

    Parameters
    ----------
    group : ndarray of int, shape (n, t, d)
        Class of each cell; -1 where there was none.
    merged : ndarray of int, shape (classes,)
        Group of each class when the master program was last solved.
    prices : Prices
        The last prices.
    """

    group: ShortArray
    merged: ShortArray
    prices: Prices

    def serves(self, problem: ScheduleProblem) -> bool:
        """Tell whether a problem has the same activities, periods, destinations and limits."""
        shape = problem.n_activities, problem.n_periods, problem.n_destinations
        limits = self.prices.resource.shape, self.prices.general.shape
        same = limits == (problem.upper.shape, problem.general.upper.shape)
        return same and self.group.shape == shape

    def classes(self, network: Network) -> tuple[ShortArray, ShortArray]:
        """Return the classes that a network's cells had, and the group of each class."""
        whose, period, option = network.cell_tables()
        reduced = network.reduced
        group = self.group[reduced.kept[whose], period, reduced.destination[option]]
        # A cell that is new is done to the same part as the one before it.
        first = np.zeros(network.n_cells, dtype=np.bool_)
        first[network.cell[:-1]] = True
        known = np.where((group >= 0) | first, np.arange(network.n_cells), 0)
        old, numbers = np.unique(group[np.maximum.accumulate(known)], return_inverse=True)
        _, groups = np.unique(np.append(self.merged, -1)[old], return_inverse=True)
        return numbers.astype(np.int32), groups.astype(np.int32)


def relax(
    problem: ScheduleProblem,
    *,
    within: float = 1e-6,
    time_limit_s: float | None = None,
    start: Relaxation | None = None,
    say: Say | None = None,
) -> Relaxation:
    """Solve the linear relaxation of a schedule.

    Parameters
    ----------
    problem : ScheduleProblem
        n activities, d destinations, t periods, r resources, f flows.
    within : float
        Stop when (bound - value) / |bound| is not above this [fraction].
    time_limit_s : float, optional
        When to stop [s], above 0; looked at between the steps.
    start : Relaxation, optional
        The answer to a problem with the same activities, destinations and periods; values, uses
        and limits may differ.
    say : callable, optional
        Hears of every step.

    Returns
    -------
    Relaxation
        With the best of what is known when time is up or Ctrl-C comes.

    Raises
    ------
    DataError
        If a flow brings money without any limit, or a number is out of its range.
    """
    problems = []
    if time_limit_s is not None and not time_limit_s > 0:
        problems.append(Problem("time limit", found=f"{time_limit_s} s", allowed="above 0 s"))
    if not within > 0:
        problems.append(Problem("within", found=f"{within}", allowed="above 0"))
    if problems:
        raise DataError(problems)
    search = _Search(problem, within, time_limit_s, say)
    try:
        with interruptible():
            search.run(start)
    except KeyboardInterrupt:
        search.interrupted = True
    return search.answer()


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """What a search works with once the problem is reduced."""

    network: Network
    partition: Partition
    pricer: Pricer


class _Search:
    """One relaxation under way: classes, the best plan and the least bound."""

    def __init__(
        self, problem: ScheduleProblem, within: float, time_limit_s: float | None, say: Say | None
    ) -> None:
        self.started = time.perf_counter()
        self.problem, self.within, self.say = problem, within, say
        self.time_limit_s = time_limit_s
        self.limits = make_limits(problem)
        self.nothing = NOTHING * float(np.abs(problem.value[problem.allowed]).sum())
        self.parts: _Parts | None = None
        self.iterations, self.interrupted = 0, False
        self.value, self.bound = -math.inf, math.inf
        self.prices = no_prices(problem)
        self.status: RelaxationStatus = "feasible"
        self.collisions: tuple[Collision, ...] = ()
        self.step, self.group = np.zeros(0), np.zeros(0, np.int32)
        self.flow = np.zeros((problem.n_flows, problem.n_periods))

    def run(self, start: Relaxation | None) -> None:
        """Reduce the problem, make classes, find a plan within the limits and let it rise."""
        network = make_network(self.problem)
        warm = start.warm if start is not None else None
        known = warm if isinstance(warm, Warm) and warm.serves(self.problem) else None
        if known is None:
            group = first_partition(network)
            self.group = np.zeros(int(group.max(initial=-1)) + 1, np.int32)
        else:
            group, self.group = known.classes(network)
        parts = _Parts(network, Partition(network, group), Pricer(network, self.limits))
        self.step, self.parts = np.zeros(network.n_cells), parts
        if known is not None:
            self._split(parts, self._bound_by(parts, known.prices))
        if _nothing_fits(self.problem):
            self.value = 0.0
        elif not self._keep_limits(parts):
            return
        self._improve(parts)

    def _keep_limits(self, parts: _Parts) -> bool:
        """Find classes in which a plan keeps all limits; tell whether there is one."""
        limits = make_limits(self.problem, _penalties(self.problem))
        pricer, master = Pricer(parts.network, limits, 0.0), Master(limits, elastic=True)
        bound = math.inf
        while not self._late():
            found = self._master(parts, master, CLOSELY)
            if found is None:
                return False
            if found.value >= -KEPT:
                return True
            priced = pricer.price(found.prices)
            bound = min(bound, priced.bound)
            self._tell("limits", None, None)
            met = bound < -COLLIDE and bound - found.value <= self.within * -bound
            if not self._split(parts, priced.begin) or met:
                if found.value >= -COLLIDE:
                    return True
                self.status, self.bound = "infeasible", -math.inf
                self.collisions = master.collisions(found, COLLIDE)
                return False
        return False

    def _improve(self, parts: _Parts) -> None:
        """Let plan and bound meet."""
        master, within = Master(self.limits), LOOSELY
        while not self._late():
            found = self._master(parts, master, within)
            if found is None:
                return
            self._keep(parts, found)
            begin = self._bound_by(parts, found.prices)
            self._tell("bound", self.value, self.bound)
            missing = self.bound - self.value
            if missing <= max(self.within * abs(self.bound), self.nothing):
                self.status = "converged"
                return
            if self._split(parts, begin):
                within = PART_OF_GAP * missing / abs(self.bound)
            elif within == CLOSELY:
                return
            else:
                within = CLOSELY

    def _master(self, parts: _Parts, master: Master, within: float) -> MasterAnswer | None:
        """Solve the master program over the classes as they are."""
        self.iterations += 1
        left = None
        if self.time_limit_s is not None:
            left = self.time_limit_s - (time.perf_counter() - self.started)
        table = parts.partition.table(parts.pricer.money(), master.rows)
        found = master.solve(table, self.group, within, left)
        if found is not None:
            self.group = found.group
        return found

    def _split(self, parts: _Parts, begin: ShortArray) -> bool:
        """Split the classes by a closed set; tell whether any was split."""
        before = parts.partition.n_classes
        parent = parts.partition.split(begin)
        self.group = self.group[parent]
        return parts.partition.n_classes > before

    def _bound_by(self, parts: _Parts, prices: Prices) -> ShortArray:
        """Price the limits; keep the bound when it is the least; return the closed set."""
        priced = parts.pricer.price(prices)
        if priced.bound < self.bound:
            self.bound, self.prices = priced.bound, priced.prices
        return priced.begin

    def _keep(self, parts: _Parts, found: MasterAnswer) -> None:
        """Keep a plan that is better than the last, its value added up again."""
        step = parts.partition.fractions(found.part)
        done = np.flatnonzero(step)
        _, period, option = parts.network.cell_tables()
        factors = self.problem.calendar.factors()
        money = parts.network.value[option[done]] * factors[period[done]] * step[done]
        moved = found.flow * self.problem.flows.value * factors
        value = math.fsum(money.tolist()) + math.fsum(moved.ravel().tolist())
        if value > self.value:
            self.value, self.step, self.flow = value, step, found.flow

    def _late(self) -> bool:
        """Tell whether time is up."""
        if self.time_limit_s is None:
            return False
        return time.perf_counter() - self.started > self.time_limit_s

    def _tell(self, what: str, value: float | None, bound: float | None) -> None:
        """Report a step."""
        if self.say is not None:
            self.say(Progress(time.perf_counter() - self.started, what, value, bound))

    def answer(self) -> Relaxation:
        """Return what is known, in the numbers of the problem."""
        problem, parts = self.problem, self.parts
        n, t, d = problem.n_activities, problem.n_periods, problem.n_destinations
        fraction, warm, classes = np.zeros((n, d, t)), None, 0
        if parts is not None:
            kept = parts.network.reduced.kept
            whose, period, option = parts.network.cell_tables()
            destination = parts.network.reduced.destination[option]
            fraction[kept[whose], destination, period] = self.step
            group = np.full((n, t, d), -1, dtype=np.int32)
            group[kept[whose], period, destination] = parts.partition.group
            warm = Warm(group, self.group, self.prices)
            classes = parts.partition.n_classes
        return Relaxation(
            value=self.value, bound=self.bound, fraction=fraction, flow=self.flow,
            prices=self.prices.resource, general_prices=self.prices.general, status=self.status,
            collisions=self.collisions, iterations=self.iterations, classes=classes,
            seconds=time.perf_counter() - self.started, interrupted=self.interrupted, warm=warm,
        )  # fmt: skip


def _nothing_fits(problem: ScheduleProblem) -> bool:
    """Tell whether the plan that does nothing keeps all limits."""
    general = problem.general
    stated = (problem.lower, problem.upper), (general.lower, general.upper)
    return all(bool((low <= 0).all() and (high >= 0).all()) for low, high in stated)


def _penalties(problem: ScheduleProblem) -> Prices:
    """Return what a unit beyond each limit costs, so that a share of each size costs the same."""
    rows, penalty = limit_rows(problem), no_prices(problem)
    at = rows.period >= 0
    penalty.resource[rows.resource[at], rows.period[at]] = 1.0 / rows.size[at]
    penalty.general[rows.resource[~at]] = 1.0 / rows.size[~at]
    return penalty
