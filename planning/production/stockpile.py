"""What lies in each bin of the stockpile, what is it worth to take from it, and what limits it?

Ore goes to the bin of its own grade. A tonne taken out is worth no more than a tonne of any ore
that may lie there (`planning.production.taken_ore`), so that tonnes close and no plan can gain by
putting ore down and taking other ore out: a plan with a stockpile is worth no less than it says.
Narrow bins lose little.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from planning.economics.block_config import PER_CENT, unit_of
from planning.economics.block_nouns import BlockTerms
from planning.mine.schedule_config import StockpileTable
from planning.production.limit_rows import LimitRow
from planning.production.ore_money import OreMoney
from planning.production.taken_ore import TAKEN, most_per_t, penalised, taken_grades, taken_ore
from planning.scheduling.problem import Flows

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Stockpile:
    """Bins that ore may wait in.

    Parameters
    ----------
    names : tuple of str
        Of the f bins that some ore belongs to, such as "0.7 to 1.5 % Sb".
    bin : ndarray of int, shape (n,)
        Bin of each activity; -1 where it holds no ore, or too poor ore.
    grades : mapping of str to ndarray, shape (f,)
        What is taken out, by field: the least of any ore of the bin, the most of what buyers
        penalise.
    ore : OreMoney
        What a tonne taken out earns and costs, rehandling in it.
    line_t : ndarray, shape (f,)
        What a tonne takes of the concentrate line: the most of any ore of the bin [t].
    penalised : tuple of str
        Fields of which the most is counted.
    """

    names: tuple[str, ...]
    bin: IntArray
    grades: Mapping[str, FloatArray]
    ore: OreMoney
    line_t: FloatArray
    penalised: tuple[str, ...]

    @property
    def n_bins(self) -> int:
        """Number of bins."""
        return len(self.names)

    def flows(self, n_periods: int, limits: tuple[IntArray, IntArray, FloatArray]) -> Flows:
        """Return what may be taken out in each period.

        Parameters
        ----------
        n_periods : int
            Periods.
        limits : tuple = (flow, resource, amount)
            What a tonne uses of the problem's resources.
        """
        value = np.repeat(self.ore.value[:, None], n_periods, axis=1)
        names = tuple(f"{TAKEN}{name}" for name in self.names)
        return Flows(names, value, np.full(value.shape, np.inf), *limits)


def stock_of(
    grades: Mapping[str, FloatArray],
    ore_t: FloatArray,
    plant: OreMoney,
    terms: BlockTerms,
    table: StockpileTable,
) -> Stockpile:
    """Sort ore into bins by its antimony grade.

    Parameters
    ----------
    grades : mapping of str to ndarray, shape (n,)
        Diluted grades by field; NaN without ore.
    ore_t : ndarray, shape (n,)
        Ore of each activity [t].
    plant : OreMoney
        All ore in the plant.
    terms : BlockTerms
        What is penalised.
    table : StockpileTable
        Bins.

    Returns
    -------
    Stockpile
        Bins without any ore are left out.
    """
    column = terms.fields["sb"]
    sb_pct = np.where(ore_t > 0, grades[column] * PER_CENT[unit_of(column)], -1.0)
    edges = np.array(table.bins_sb_pct)
    place = np.searchsorted(edges, sb_pct, side="right") - 1
    used = np.unique(place[place >= 0])
    number = np.full(len(edges) + 1, -1, np.int64)
    number[used] = np.arange(used.size)
    words = [f"{low:g} to {high:g}" for low, high in pairwise(edges.tolist())]
    words.append(f"{edges[-1]:g} and more")
    own = number[place]
    worse = penalised(terms)
    taken = taken_grades(grades, worse, own)
    paid_before = {key: value for key, value in plant.money.items() if key != "ore_haulage"}
    ore = taken_ore(OreMoney(paid_before, plant.amounts, {}), ore_t, own)
    usd = np.full(used.size, -table.rehandling_usd_per_t.base)
    ore = OreMoney({**ore.money, "rehandling": usd}, ore.amounts, {})
    names = tuple(f"{words[k]} % Sb" for k in used)
    line = most_per_t(plant.amounts["concentrate_t"], ore_t, own)
    return Stockpile(names, own, taken, ore, line, worse)


def stock_rows(stock: Stockpile, stocked_t: FloatArray, capacity_t: FloatArray) -> list[LimitRow]:
    """Return what the bins can hold, and that nothing leaves them that is not there.

    Parameters
    ----------
    stock : Stockpile
        Bins.
    stocked_t : ndarray, shape (n, d)
        Ore that each activity puts down at each destination [t]; 0 but at the stockpile.
    capacity_t : ndarray, shape (t,)
        Of a bin in each period [t].

    Returns
    -------
    list of LimitRow
        One a bin, "stock 1" and so on.
    """
    rows = []
    for number, name in enumerate(stock.names):
        own, flow = (stock.bin == number)[:, None], np.zeros(stock.n_bins)
        flow[number] = -1.0
        rows.append(
            LimitRow(
                key=f"stock {number + 1}", title=f"stockpile of {name}", unit="t",
                use=np.where(own, stocked_t, 0.0), upper=capacity_t,
                lower=np.zeros(capacity_t.size), flow_use=flow, cumulative=True,
            )
        )  # fmt: skip
    return rows
