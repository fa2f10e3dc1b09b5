"""At what cut-off does each limit of a mine pay, where do two limits meet, and which one counts?"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from planning.economics.lane_rates import GradeTable, LaneTerms, above, from_the_top, worth_at

FloatArray = NDArray[np.float64]

#: Halvings of a bracket around a balancing cut-off.
HALVINGS = 100
#: The six are kept where no other cut-off is better by more than this part: rounding.
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class LaneCutoffs:
    """Lane's six cut-offs at one cost of time, and the one that counts.

    Parameters
    ----------
    mine, plant, market : float
        Limiting: what pays when only this limit binds.
    mine_plant, plant_market, mine_market : float
        Balancing: where two limits bind at once; the deposit's, whatever the prices.
    optimum : float
        The cut-off at which a mined tonne adds most, less the cost of its time: best of all, and
        one of the six unless margins fall somewhere as the cut-off rises.
    worth : float
        What a mined tonne adds there, less the cost of its time [USD/t mined].
    """

    mine: float
    plant: float
    market: float
    mine_plant: float
    plant_market: float
    mine_market: float
    optimum: float
    worth: float

    @property
    def by_lanes_rule(self) -> float:
        """The optimum by Lane's rule: the middle of the three optima, one a pair of limits."""
        return median(
            (
                _of_pair(self.plant, self.mine_plant, self.mine),
                _of_pair(self.market, self.mine_market, self.mine),
                _of_pair(self.plant, self.plant_market, self.market),
            )
        )


@dataclass(frozen=True, slots=True, eq=False)
class Balance:
    """Balancing cut-offs, which no price moves.

    Parameters
    ----------
    mine_plant, plant_market, mine_market : float
        As in `LaneCutoffs`.
    all_plant_market : ndarray of float, shape (m,)
        Every cut-off at which plant and market are full at once. The ore of a mined tonne and its
        product both fall as the cut-off rises, but product per tonne of ore may rise and fall.
    """

    mine_plant: float
    plant_market: float
    mine_market: float
    all_plant_market: FloatArray


def lane_cutoffs(table: GradeTable, terms: LaneTerms, value_usd: float = 0.0) -> LaneCutoffs:
    """Work out Lane's six cut-offs and the effective optimum.

    Parameters
    ----------
    table : GradeTable
        The rock.
    terms : LaneTerms
        Costs and limits.
    value_usd : float
        Present value V of what is left [USD]; 0 charges the fixed cost only.

    Returns
    -------
    LaneCutoffs
        Within the table's edges.

    Notes
    -----
    With n(g) the revenue of a tonne of ore at the cut-off, y(g) its product, h the cost of the
    plant, F = f + d V and limits H and K: mine n = h; plant n = h + F/H; market
    n - y F/K = h. In Lane's own model n = (p - k) y g and these are g = h / ((p - k) y),
    (h + F/H) / ((p - k) y) and h / ((p - k - F/K) y). Balancing: the ore in M tonnes of rock is H,
    the product of H tonnes of ore is K, the product of M tonnes of rock is K.

    What a tonne adds is the least of three curves, one a limit: its top is at a top of one or
    where two cross. Where margins rise with the cut-off each curve has one top and each pair one
    crossing, and the best of the six is the best of all. Lane's own rule
    (`LaneCutoffs.by_lanes_rule`) says the same then: of two limits, the cut-off of the one that
    binds there, else their balance; of the three optima the middle. Often printed as the middle of
    each pair's three cut-offs, which fails where plant and market balance below both of theirs.

    A table of blocks need not be so kind (a class may give less product for its return than the
    next poorer one), and a curve may have a second top. So every top and crossing is tried, class
    by class: the edges, where a margin passes 0 within one, and where two limits meet.

    Examples
    --------
    Uranium in kg/t, with recovery 0.87, p - k = 60 USD/kg, h = 3.41 USD/t, f = 11.9 M and
    d V = 15.2 M USD a year, H = 3.9 Mt and K = 0.9 M kg: 0.065, 0.198 and 0.131 kg/t (K. F. Lane
    1988, p. 116, as worked in the course GLQ3401 of Polytechnique Montreal, "Teneurs de coupure
    limite").

    >>> from planning.economics.lane_rates import linear_table
    >>> table = linear_table([0.0, 0.5, 1.0], [1.0, 1.0], 60.0, 0.87, "kg/t")
    >>> terms = LaneTerms(1.32, 3.41, 11.9e6, 0.1, 12e6, 3.9e6, 0.9e6)
    >>> found = lane_cutoffs(table, terms, value_usd=15.2e6 / 0.1)
    >>> [round(g, 3) for g in (found.mine, found.plant, found.market)]
    [0.065, 0.198, 0.131]
    """
    return cutoffs_at(table, terms, balance_of(table, terms), value_usd)


def cutoffs_at(
    table: GradeTable, terms: LaneTerms, balance: Balance, value_usd: float
) -> LaneCutoffs:
    """Work out `lane_cutoffs` where the balancing ones are known already.

    Parameters
    ----------
    table, terms, value_usd
        As in `lane_cutoffs`.
    balance : Balance
        From `balance_of` the same table and terms.

    Returns
    -------
    LaneCutoffs
    """
    of_time = terms.fixed_cost + terms.discount_rate * value_usd
    earned = table.revenue - terms.plant_cost
    margins = (
        earned,
        earned - of_time / terms.plant_limit,
        earned - table.product * (of_time / terms.market_limit),
    )
    turns = [_turns(margin, table) for margin in margins]
    mine, plant, market = (_limiting(m, at, table) for m, at in zip(margins, turns, strict=True))
    six = (mine, plant, market, balance.mine_plant, balance.plant_market, balance.mine_market)
    tried = np.concatenate([six, table.edges, *turns, balance.all_plant_market])
    worth = worth_at(tried, table, terms, of_time)
    named, best = int(np.argmax(worth[:6])), int(np.argmax(worth))
    if worth[named] >= worth[best] - ROUNDING * float(np.abs(worth).max()):
        best = named
    return LaneCutoffs(*six, float(tried[best]), float(worth[best]))


def _of_pair(below: float, balance: float, over: float) -> float:
    """Optimum of two limits: one binds below the balance, the other over it."""
    if below < balance:
        return below
    return max(over, balance)


def _turns(margin: FloatArray, table: GradeTable) -> FloatArray:
    """Find the cut-offs within classes at which a margin rises through 0."""
    low, high = margin.T
    j = np.flatnonzero((low < 0.0) & (high > 0.0))
    share = low[j] / (low[j] - high[j])
    turns: FloatArray = table.edges[j] + share * (table.edges[j + 1] - table.edges[j])
    return turns


def _limiting(margin: FloatArray, turns: FloatArray, table: GradeTable) -> float:
    """Find the cut-off over which the margins add up to most; the lowest of equals."""
    low, high = margin.T
    richer = from_the_top(0.5 * table.tonnes * (low + high))
    j = np.searchsorted(table.edges, turns, side="right") - 1
    part = (table.edges[j + 1] - turns) / (table.edges[j + 1] - table.edges[j])
    within = richer[j + 1] + 0.5 * part * table.tonnes[j] * high[j]  # from 0 at the turn
    tried, sums = np.append(table.edges, turns), np.append(richer, within)
    close = sums >= sums.max() - ROUNDING * float(np.abs(sums).max())
    return float(tried[close].min())


def balance_of(table: GradeTable, terms: LaneTerms) -> Balance:
    """Find where two limits bind at once.

    Parameters
    ----------
    table, terms : GradeTable, LaneTerms
        Rock and limits.

    Returns
    -------
    Balance
        An end of the table where the two never bind at once.
    """

    def ore_needs(g: float) -> float:
        return float(above([g], table)[0, 0]) * terms.mine_limit - terms.plant_limit

    def mine_sells(g: float) -> float:
        return float(above([g], table)[2, 0]) * terms.mine_limit - terms.market_limit

    def plant_is_short(g: float) -> float:
        ore, _, product, _ = above([g], table)[:, 0].tolist()
        return float(ore * terms.market_limit - product * terms.plant_limit)

    return Balance(
        mine_plant=_crossing(ore_needs, table),
        plant_market=_crossing(plant_is_short, table),
        mine_market=_crossing(mine_sells, table),
        all_plant_market=_plant_and_market_full(table, terms),
    )


def _plant_and_market_full(table: GradeTable, terms: LaneTerms) -> FloatArray:
    """Find every cut-off at which ore / H = product / K.

    In each class the difference c + b p + a p^2 of the part p of it that is ore.
    """
    if math.isinf(terms.plant_limit) or math.isinf(terms.market_limit):
        return np.zeros(0)
    ore, _, product, _ = above(table.edges[1:], table)
    low, high = table.product.T
    mass = table.tonnes / table.total_t
    c = ore / terms.plant_limit - product / terms.market_limit
    b = mass * (1.0 / terms.plant_limit - high / terms.market_limit)
    a = 0.5 * mass * (high - low) / terms.market_limit
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.sqrt(b * b - 4.0 * a * c)
        larger = -0.5 * (b + np.copysign(root, b))  # no difference of near equals
        parts = np.array([larger / a, c / larger])
        inside = (parts >= 0.0) & (parts <= 1.0)
        found: FloatArray = (table.edges[1:] - parts * np.diff(table.edges))[inside]
    return found


def _crossing(excess: Callable[[float], float], table: GradeTable) -> float:
    """Find where a quantity that falls with the cut-off passes 0."""
    low, high = float(table.edges[0]), float(table.edges[-1])
    with np.errstate(invalid="ignore"):
        if not excess(low) > 0.0:
            return low
        if excess(np.nextafter(high, low)) > 0.0:
            return high
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if excess(middle) > 0.0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
