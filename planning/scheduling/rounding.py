"""Which whole plan lies close to the best fractional one?

The relaxed problem says when each activity is wanted on average. Activities are packed in that
order, what costs money is then delayed and what earns money advanced, over and over until nothing
moves; several orders, disturbed by chance, are tried, and a short walk of moves
(`planning.scheduling.local_search`) ends it. Shares and flows are chosen last.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from planning.scheduling.answers import Effort, Progress, Relaxation, Say
from planning.scheduling.local_search import INTERRUPTED, ROUNDS, search_locally
from planning.scheduling.packing import Wanted, favourite_options, finished, packed
from planning.scheduling.plan import SchedulePlan, plan_value
from planning.scheduling.problem import ScheduleProblem
from planning.scheduling.search_rules import SearchRules, search_rules
from planning.scheduling.togetherness import sets_of, together

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: A part of an activity below this is none [fraction].
NOTHING = 1e-6
#: Orders that are tried when none are given: how many periods a worthless activity comes after the
#: most precious one of the same expected period, and by how many chance moves it.
ORDERS = ((1.0, 0.0), (3.0, 0.01), (1.0, 0.01), (0.3, 0.03), (1.0, 0.1), (0.05, 0.3))


def pack(problem: ScheduleProblem, order: IntArray) -> SchedulePlan | None:
    """Return the plan that does activities one by one in an order, each as early as it fits.

    What an activity waits for is done before it, whether it is in the order or not, and what takes
    room that another one gives back together with it (`planning.scheduling.togetherness`). What
    costs money is then delayed as far as can be, or left out where nothing needs it.

    Parameters
    ----------
    problem : ScheduleProblem
        n activities.
    order : ndarray of int, shape (m,)
        Activities in the order in which they are wanted; those left out are done only where others
        need them.

    Returns
    -------
    SchedulePlan or None
        None where the plan keeps not to all limits: lower ones that were not reached.
    """
    rules = search_rules(problem)
    nothing = np.zeros((problem.n_flows, problem.n_periods))
    price = np.zeros(len(rules.limits))
    only = favourite_options(rules, problem.value)
    whole = together(np.asarray(order, dtype=np.int64), sets_of(problem))
    wanted = Wanted(whole, only, np.zeros_like(only))
    dates = packed(rules, rules.cells(nothing), price, wanted)
    return finished(rules, dates, nothing, None)


def round_plan(
    problem: ScheduleProblem,
    relaxation: Relaxation,
    *,
    seed: int = 0,
    orders: Iterable[IntArray] | None = None,
    say: Say | None = None,
    deadline: float | None = None,
) -> SchedulePlan | None:
    """Return a plan made from the relaxed problem.

    Parameters
    ----------
    problem : ScheduleProblem
        n activities.
    relaxation : Relaxation
        When each activity is wanted, and the prices of limits.
    seed : int
        Of all random choices.
    orders : iterable of ndarray of int, optional
        Orders to try, each of activities; by default those of the expected periods, disturbed.
    say : callable, optional
        Hears of each better plan.
    deadline : float, optional
        When to stop trying, by `time.perf_counter` [s].

    Returns
    -------
    SchedulePlan or None
        None where no plan that keeps to all limits was found.
    """
    tried, sets = _Tried(problem, relaxation, say), sets_of(problem)
    only = favourite_options(tried.rules, _weight(problem, relaxation))
    if orders is None:
        orders = _orders(tried.rules, relaxation, only, np.random.default_rng(seed))
    try:
        for order in orders:
            whole = together(np.asarray(order, dtype=np.int64), sets)
            tried.add(Wanted(whole, only, np.zeros_like(only)))
            if deadline is not None and time.perf_counter() > deadline:
                break
    except KeyboardInterrupt:
        tried.tell(INTERRUPTED, None)
        return tried.best
    if tried.hopeful is None:
        return None
    walked = search_locally(problem, relaxation, tried.hopeful, _rest(seed, deadline), say=say)
    if walked is None or plan_value(problem, walked) <= tried.most:
        return tried.best
    return walked


class _Tried:
    """The best plan of those that were packed, and the most hopeful one, within limits or not."""

    def __init__(self, problem: ScheduleProblem, relaxation: Relaxation, say: Say | None) -> None:
        self.problem, self.relaxation, self.say = problem, relaxation, say
        self.rules, self.began = search_rules(problem), time.perf_counter()
        self.price = self.rules.cell_prices(relaxation.prices, relaxation.general_prices)
        self.best: SchedulePlan | None = None
        self.hopeful: SchedulePlan | None = None
        self.most = self.hope = -np.inf

    def add(self, wanted: Wanted) -> None:
        """Pack in an order, with each choice of flows."""
        problem, rules = self.problem, self.rules
        for flow in _flows(problem, self.relaxation):
            dates = packed(rules, rules.cells(flow), self.price, wanted)
            plan = finished(rules, dates, flow, self.relaxation.prices)
            if plan is not None and plan_value(problem, plan) > self.most:
                self.best = self.hopeful = plan
                self.most = plan_value(problem, plan)
                self.tell("first plan", self.most)
            if self.best is None:
                raw = rules.plan(dates, flow)
                if plan_value(problem, raw) > self.hope:
                    self.hopeful, self.hope = raw, plan_value(problem, raw)

    def tell(self, what: str, value: float | None) -> None:
        """Report to whoever listens."""
        if self.say is not None:
            self.say(Progress(time.perf_counter() - self.began, what, value))


def _weight(problem: ScheduleProblem, relaxation: Relaxation) -> FloatArray:
    """Return how much the relaxed plan sends where; the most valuable place decides ties."""
    dearest = problem.value == problem.value.max(axis=1, keepdims=True)
    weight: FloatArray = relaxation.fraction.sum(axis=2) + 1e-9 * dearest
    return weight


def _rest(seed: int, deadline: float | None) -> Effort:
    """Return the effort of the walk that ends the rounding: the time that is left."""
    if deadline is None:
        return Effort(seed=seed, rounds=ROUNDS)
    return Effort(seed=seed, time_limit_s=max(deadline - time.perf_counter(), 1e-3))


def _orders(
    rules: SearchRules, relaxation: Relaxation, only: IntArray, rng: np.random.Generator
) -> Iterator[IntArray]:
    """Yield what earns money in the order of the expected periods, precious before poor.

    What costs money comes where it is needed. The relaxed plan does large parts of a mine little by
    little over the same periods; what is precious leads to compact parts of them.
    """
    wanted = relaxation.fraction.sum(axis=(1, 2)) > NOTHING
    value = np.where(only >= 0, rules.options.value[only], -np.inf)
    earning = np.flatnonzero(wanted & (value > 0.0))
    expected = relaxation.expected_period()[earning]
    rank = np.empty(len(earning))
    rank[np.argsort(value[earning], kind="stable")] = np.linspace(0.0, 1.0, len(earning))
    for spread, noise in ORDERS:
        key = expected - spread * rank + noise * rng.normal(size=len(earning))
        yield earning[np.argsort(key, kind="stable")].astype(np.int64)


def _flows(problem: ScheduleProblem, relaxation: Relaxation) -> list[FloatArray]:
    """Return the flows to plan with: none, and those of the relaxed plan."""
    nothing = np.zeros((problem.n_flows, problem.n_periods))
    return [nothing, relaxation.flow] if relaxation.flow.any() else [nothing]
