"""What is the best plan worth when limits have prices instead, and what does that bound?

Whatever prices limits have, no plan within the limits is worth more than its money and the priced
rest of the limits together; the most of that over all plans without limits is one closed set of
(activity, period) nodes, each activity going where it is worth most. The values are counted in
whole units and rounded upwards, so that the bound is on the safe side.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.kernels.closure import left_over, retired
from planning.kernels.periods import best_options, first_cells, node_weights
from planning.kernels.pseudoflow import Forest, begin
from planning.kernels.renewing import renew
from planning.limits.pit import new_forest, solve
from planning.scheduling.limits import Limits, Prices
from planning.scheduling.network import Network

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ShortArray = NDArray[np.int32]
#: Sums of all sizes of weights stay below this, with room for prices that rise.
MOST_UNITS, ROOM = 2.0**61, 2.0**6
#: The finest unit, as a share of the largest value: what a float still tells apart.
FINEST = 2.0**-50


@dataclass(frozen=True, slots=True, eq=False)
class Priced:
    """The best plan without limits at some prices.

    Parameters
    ----------
    begin : ndarray of int, shape (m,)
        Cell, counted within each activity, from which on it is done; its number of cells: never.
    bound : float
        No plan within the limits is worth more [currency].
    prices : Prices
        At which prices.
    """

    begin: ShortArray
    bound: float
    prices: Prices


class Pricer:
    """Finds the best plans at one price after the other, each from the forest of the last.

    Parameters
    ----------
    network : Network
        Nodes, arcs and options.
    limits : Limits
        What is limited.
    worth : float
        1 for the money of the problem, 0 to look at limits alone.
    """

    def __init__(self, network: Network, limits: Limits, worth: float = 1.0) -> None:
        self.network, self.limits, self.worth = network, limits, worth
        problem = network.problem
        shape = (len(network.value), problem.n_resources)
        self._uses = csr_array((network.amount, network.resource, network.uses), shape=shape)
        self._sizes = abs(self._uses)
        self._factors = problem.calendar.factors()
        self._forest: Forest | None = None
        self._units = np.zeros(0, np.int64)
        self._scale = 0.0

    def money(self) -> FloatArray:
        """Return what each option brings in each period without prices, (options, periods)."""
        money: FloatArray = self.worth * self.network.value[:, None] * self._factors
        return money

    def price(self, prices: Prices) -> Priced:
        """Find the best plan at some prices."""
        prices = self.limits.usable(prices)
        net, reduced = self.network, self.network.reduced
        if reduced.n_activities == 0:
            return Priced(np.zeros(0, np.int32), self._rest(prices), prices)
        worth, error = self._worth(prices)
        best, choice = best_options(worth, reduced.option, net.start, reduced.first)
        scale = self._choose_scale(best, error)
        margin = 1 + math.ceil(scale * error)
        units = np.ceil(best * scale).astype(np.int64) + margin
        forest = self._advance(node_weights(units, net.start))
        begin_at = first_cells(retired(forest), choice, net.start, reduced.option)
        bound = int(left_over(forest)) / scale + self._rest(prices)
        return Priced(begin_at, bound, prices)

    def _worth(self, prices: Prices) -> tuple[FloatArray, float]:
        """Return the worth of options less what their uses cost, and how far that may be off."""
        net = self.network
        charged = self.limits.charged(prices)
        money = self.money()
        worth = money - self._uses @ charged
        size = np.abs(money) + self._sizes @ np.abs(charged)
        terms = int(np.diff(net.uses).max(initial=0)) + 3
        if net.general_cell.size:
            _, period, option = net.cell_tables()
            cost = prices.general[net.general_row] * net.general_amount
            place = option[net.general_cell], period[net.general_cell]
            np.subtract.at(worth, place, cost)
            np.add.at(size, place, np.abs(cost))
            terms += net.general_cell.size
        return worth, float(size.max(initial=0.0)) * terms * 2.0**-52

    def _choose_scale(self, best: FloatArray, error: float) -> float:
        """Return how many units make one of currency; the forest begins anew when that changes."""
        total = 2.0 * float(np.abs(best).sum())
        if self._forest is None or total * self._scale > MOST_UNITS / 4:
            finest = max(float(np.abs(best).max(initial=0.0)) * FINEST, error, 2.0**-200)
            fits = min(MOST_UNITS / ROOM / (total + finest), 1.0 / finest)
            self._scale, self._forest = 2.0 ** math.floor(math.log2(fits)), None
        return self._scale

    def _advance(self, weight: IntArray) -> Forest:
        """Bring the forest to new weights."""
        if self._forest is None:
            self._forest = new_forest(weight)
            begin(self._forest)
        else:
            renew(self._forest, weight - self._units)
        self._units = weight
        solve(self.network.arcs, self._forest)
        return self._forest

    def _rest(self, prices: Prices) -> float:
        """Return what the limits are worth, and the flows at these prices, rounded upwards."""
        terms = [*self.limits.worth(prices), *self.limits.flow_worth(prices, self.worth)]
        terms.append(self.worth * self.network.reduced.slack)
        return math.fsum(terms) + 1e-13 * math.fsum(abs(term) for term in terms)
