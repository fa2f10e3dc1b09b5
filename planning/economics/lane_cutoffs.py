"""At what cut-off does each limit of a mine pay, where do two limits meet, and which one counts?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from planning.economics.lane_rates import GradeTable, LaneTerms, above, worth_at

FloatArray = NDArray[np.float64]

#: Halvings of a bracket around a balancing cut-off.
HALVINGS = 100


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
        The one of the six at which a mined tonne adds most, less the cost of its time.
    """

    mine: float
    plant: float
    market: float
    mine_plant: float
    plant_market: float
    mine_market: float
    optimum: float

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
    """Balancing cut-offs, which no price moves; as in `LaneCutoffs`."""

    mine_plant: float
    plant_market: float
    mine_market: float


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

    What a tonne adds is the least of three curves, one a limit: its top is at the top of one or
    where two cross, so it is one of the six, and the best of the six is taken. Lane's own rule
    (`LaneCutoffs.by_lanes_rule`) says the same: of two limits, the cut-off of the one that binds
    there, else their balance; of the three optima the middle. Often printed as the middle of each
    pair's three cut-offs, which fails where plant and market balance below both of theirs.

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
    h, revenue = terms.plant_cost, table.revenue
    six = (
        _lowest_paying(revenue - h, table),
        _lowest_paying(revenue - (h + of_time / terms.plant_limit), table),
        _lowest_paying(revenue - h - table.product * (of_time / terms.market_limit), table),
        balance.mine_plant,
        balance.plant_market,
        balance.mine_market,
    )
    worth = worth_at(six, table, terms, of_time)
    return LaneCutoffs(*six, optimum=six[int(np.argmax(worth))])


def _of_pair(below: float, balance: float, over: float) -> float:
    """Optimum of two limits: one binds below the balance, the other over it."""
    if below < balance:
        return below
    return max(over, balance)


def _lowest_paying(margin: FloatArray, table: GradeTable) -> float:
    """Find the lowest cut-off from which no richer ore has a margin below 0."""
    losing = np.flatnonzero((margin < 0.0).any(axis=1))
    if not losing.size:
        return float(table.edges[0])
    j = int(losing[-1])
    low, high = margin[j]
    if high < 0.0:
        return float(table.edges[j + 1])
    share = float(-low / (high - low)) if high > low else 1.0
    return float(table.edges[j] + share * (table.edges[j + 1] - table.edges[j]))


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
    )


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
