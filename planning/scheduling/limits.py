"""What are the limits of a problem worth at their prices, and what bounds its flows?

A flow that nothing bounds directly is bounded by the limits of what it uses. Where those need
another flow that is not bounded either, prices are moved until the flow gains nothing; a flow that
gains without any limit leaves a problem without a best plan, which is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deposits.errors import DataError, Problem
from planning.scheduling.problem import ScheduleProblem

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """The price of each limit.

    Parameters
    ----------
    resource : ndarray of float, shape (r, t)
        Discounted currency per unit of each resource's limits: above 0 for the upper one, below
        0 for the lower one.
    general : ndarray of float, shape (j,)
        The same of the general constraints.
    """

    resource: FloatArray
    general: FloatArray

    def toward(self, other: Prices, share: float) -> Prices:
        """Return the prices a share of the way from these to others."""
        keep = 1.0 - share
        return Prices(keep * self.resource + share * other.resource,
                      keep * self.general + share * other.general)  # fmt: skip


def no_prices(problem: ScheduleProblem) -> Prices:
    """Return prices of 0."""
    shape = (problem.n_resources, problem.n_periods)
    return Prices(np.zeros(shape), np.zeros(problem.general.upper.size))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Limits:
    """All limits of a problem; made by `make_limits`.

    Parameters
    ----------
    problem : ScheduleProblem
        Whose limits they are.
    use_of_flow : ndarray of float, shape (f, r)
        Use of each resource by a unit of each flow.
    most : ndarray of float, shape (f, t)
        Most that a flow can move within all limits; inf where that is not known.
    low, high : Prices
        Least and greatest price that each limit can have: 0 where a side has no limit.
    """

    problem: ScheduleProblem
    use_of_flow: FloatArray
    most: FloatArray
    low: Prices
    high: Prices

    def usable(self, prices: Prices) -> Prices:
        """Return the nearest prices that limits can have and no unbounded flow gains at."""
        resource = np.clip(prices.resource, self.low.resource, self.high.resource)
        general = np.clip(prices.general, self.low.general, self.high.general)
        usable = Prices(resource, general)
        for flow, period in np.argwhere(np.isinf(self.most)).tolist():
            self._settle(usable, flow, period)
        return usable

    def charged(self, prices: Prices) -> FloatArray:
        """Return what a unit of each resource costs in each period, shape (r, t)."""
        later = np.cumsum(prices.resource[:, ::-1], axis=1)[:, ::-1]
        return np.where(self.problem.cumulative[:, None], later, prices.resource)

    def worth(self, prices: Prices) -> list[float]:
        """Return what the limits are worth at their prices, part by part [currency]."""
        terms: list[float] = []
        general = self.problem.general
        for price, lower, upper in (
            (prices.resource, self.problem.lower, self.problem.upper),
            (prices.general, general.lower, general.upper),
        ):
            limit = np.where(price > 0, upper, lower)
            terms += (price[price != 0] * limit[price != 0]).ravel().tolist()
        return terms

    def flow_gain(self, prices: Prices, worth: float) -> FloatArray:
        """Return what a unit of each flow brings beyond what it uses, shape (f, t)."""
        money = worth * self.problem.flows.value * self.problem.calendar.factors()
        gain: FloatArray = money - self.use_of_flow @ self.charged(prices)
        return gain

    def flow_worth(self, prices: Prices, worth: float) -> list[float]:
        """Return what the flows bring at most, part by part [currency]."""
        gain = np.maximum(self.flow_gain(prices, worth), 0.0)
        here = gain > 0
        terms: list[float] = (gain[here] * self.most[here]).tolist()
        return terms

    def _settle(self, prices: Prices, flow: int, period: int) -> None:
        """Move prices until an unbounded flow gains nothing; changes *prices*."""
        for resource in np.flatnonzero(self.use_of_flow[flow]).tolist():
            use = float(self.use_of_flow[flow, resource])
            last = self.problem.n_periods if self.problem.cumulative[resource] else period + 1
            for t in range(period, last):
                gain = float(self.flow_gain(prices, 1.0)[flow, period])
                if gain <= 0:
                    return
                bound = (self.high if use > 0 else self.low).resource[resource, t]
                wanted = prices.resource[resource, t] + gain / use * (1 + 1e-12)
                prices.resource[resource, t] = min(wanted, bound) if use > 0 else max(wanted, bound)


def make_limits(problem: ScheduleProblem, penalty: Prices | None = None) -> Limits:
    """List the limits of a problem.

    Parameters
    ----------
    problem : ScheduleProblem
        Whose limits they are.
    penalty : Prices, optional
        What a unit beyond each limit costs, where limits may be passed; none may be by default.

    Returns
    -------
    Limits

    Raises
    ------
    DataError
        If a flow brings money and nothing limits it.
    """
    use_of_flow = np.zeros((problem.n_flows, problem.n_resources))
    flows, general = problem.flows, problem.general
    np.add.at(use_of_flow, (flows.flow, flows.resource), flows.amount)
    most = _most(problem, use_of_flow)
    steep = Prices(np.full(problem.upper.shape, np.inf), np.full(general.upper.shape, np.inf))
    steep = steep if penalty is None else penalty
    low = Prices(np.where(np.isfinite(problem.lower), -steep.resource, 0.0),
                 np.where(np.isfinite(general.lower), -steep.general, 0.0))  # fmt: skip
    high = Prices(np.where(np.isfinite(problem.upper), steep.resource, 0.0),
                  np.where(np.isfinite(general.upper), steep.general, 0.0))  # fmt: skip
    limits = Limits(problem=problem, use_of_flow=use_of_flow, most=most, low=low, high=high)
    if penalty is None:
        _refuse_endless(limits)
    return limits


def _refuse_endless(limits: Limits) -> None:
    """Raise where a flow brings money at any prices and nothing limits it."""
    problem = limits.problem
    gain = limits.flow_gain(limits.usable(no_prices(problem)), 1.0)
    endless = np.isinf(limits.most) & (gain > 0)
    if endless.any():
        found = ", ".join(problem.flows.names[f] for f in np.flatnonzero(endless.any(axis=1)))
        fact, remedy = "a flow brings money without any limit", "Give it a most, or a use of what."
        raise DataError([Problem(fact, "flows", found, "a limit for each", remedy)])


def _most(problem: ScheduleProblem, use_of_flow: FloatArray) -> FloatArray:
    """Return what each flow can move at most within the limits of what it uses."""
    most = problem.flows.most.astype(np.float64)
    low, high = _reach(problem)
    for _ in range(problem.n_flows):
        before = most.copy()
        for flow, resource in np.argwhere(use_of_flow != 0).tolist():
            use = float(use_of_flow[flow, resource])
            others = use_of_flow[:, resource].copy()
            others[flow] = 0.0
            # What the others take at least (use > 0) or at most decides what is left for it.
            sign = 1.0 if use > 0 else -1.0
            taken = np.where(sign * others < 0, sign * others, 0.0)[:, None]
            moved = np.where(taken < 0, most, 0.0) * np.where(taken < 0, taken, 1.0)
            rest = moved.sum(axis=0)
            cumulative = bool(problem.cumulative[resource])
            rest = np.cumsum(rest) if cumulative else rest
            own = low[resource] if use > 0 else -high[resource]
            limit = problem.upper[resource] if use > 0 else -problem.lower[resource]
            room = np.maximum(limit - own - rest, 0.0) / abs(use)
            if cumulative:
                room = np.minimum.accumulate(room[::-1])[::-1]
            most[flow] = np.minimum(most[flow], room * (1 + 1e-9))
        if (most == before).all():
            break
    return most


def _reach(problem: ScheduleProblem) -> tuple[FloatArray, FloatArray]:
    """Return what all activities together use of each resource at least and at most, (r,) each."""
    n, r, use = problem.n_activities, problem.n_resources, problem.use
    least, greatest = np.zeros(n * r), np.zeros(n * r)
    place = use.resource * n + use.activity
    np.minimum.at(least, place, use.amount)
    np.maximum.at(greatest, place, use.amount)
    return least.reshape(r, n).sum(axis=1), greatest.reshape(r, n).sum(axis=1)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LimitRows:
    """The limits that bind anything, one a row.

    Parameters
    ----------
    resource, period : ndarray of int, shape (rows,)
        Which limit; the general constraint and -1 for general constraints, which come last.
    lower, upper : ndarray of float, shape (rows,)
        The limits.
    size : ndarray of float, shape (rows,)
        What a miss is measured by [unit of the resource].
    """

    resource: IntArray
    period: IntArray
    lower: FloatArray
    upper: FloatArray
    size: FloatArray


def limit_rows(problem: ScheduleProblem) -> LimitRows:
    """List the limits of a problem that are finite."""
    general = problem.general
    stated = np.isfinite(problem.lower) | np.isfinite(problem.upper)
    resource, period = np.nonzero(stated)
    rows = np.flatnonzero(np.isfinite(general.lower) | np.isfinite(general.upper))
    lower = np.concatenate([problem.lower[stated], general.lower[rows]])
    upper = np.concatenate([problem.upper[stated], general.upper[rows]])
    size = np.maximum(*(np.where(np.isfinite(v), np.abs(v), 0.0) for v in (lower, upper)))
    largest = np.zeros(problem.n_resources + 1)
    whose = np.concatenate([resource, np.full(len(rows), problem.n_resources)])
    np.maximum.at(largest, whose, size)
    np.maximum.at(largest, problem.use.resource, np.abs(problem.use.amount))
    # A limit of 0 is measured by the largest one of its resource, or the largest use.
    size = np.where(size > 0, size, np.where(largest[whose] > 0, largest[whose], 1.0))
    return LimitRows(resource=np.concatenate([resource, rows]).astype(np.int64),
                     period=np.concatenate([period, np.full(len(rows), -1)]).astype(np.int64),
                     lower=lower, upper=upper, size=size)  # fmt: skip
