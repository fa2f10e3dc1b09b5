"""Which cells are done to the same part, and what do such classes bring, use and need?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.kernels.classes import (
    class_arcs,
    class_gains,
    class_uses,
    reduce_arcs,
    rises,
    split_classes,
)
from planning.scheduling.limits import LimitRows
from planning.scheduling.network import Network

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ShortArray = NDArray[np.int32]
#: Less than this share of the sizes of all uses of a resource is rounding.
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ClassTable:
    """What classes bring, use and need.

    Parameters
    ----------
    gain : ndarray of float, shape (c,)
        Discounted value of all of each class [currency].
    use : csr_array, shape (rows, c)
        What each adds to what every limit looks at.
    noise : ndarray of float, shape (rows,)
        What is less than this in a row comes of rounding.
    tail, head : ndarray of int, shape (arcs,)
        A class that needs another one, and that one; each pair once.
    """

    gain: FloatArray
    use: csr_array
    noise: FloatArray
    tail: ShortArray
    head: ShortArray

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.gain)

    def merged(self, group: ShortArray, count: int) -> ClassTable:
        """Return the table of groups of classes; *group* of each class, *count* of them."""
        n = self.n_classes
        member = csr_array((np.ones(n), group, np.arange(n + 1)), shape=(n, count))
        found = np.zeros((count, count), dtype=np.uint8)
        found[group[self.tail], group[self.head]] = 1
        np.fill_diagonal(found, 0)
        tail, head = reduce_arcs(found)
        gain = np.bincount(group, self.gain, count).astype(np.float64)
        use = _without_noise(self.use @ member, self.noise)
        return ClassTable(gain=gain, use=use, noise=self.noise, tail=tail, head=head)


def _without_noise(use: csr_array, noise: FloatArray) -> csr_array:
    """Return a matrix without what comes of rounding: scaled up it would be a limit."""
    row = np.repeat(np.arange(use.shape[0]), np.diff(use.indptr))
    use.data[np.abs(use.data) < noise[row]] = 0.0
    use.eliminate_zeros()
    return use


class Partition:
    """Classes of a network's cells, split by one closed set after the other.

    Parameters
    ----------
    network : Network
        Cells, options and arcs.
    group : ndarray of int, shape (cells,)
        First class of each cell, numbered from 0 without gaps.
    """

    def __init__(self, network: Network, group: ShortArray) -> None:
        self.network = network
        self.group = np.ascontiguousarray(group, np.int32)
        self.n_classes = int(group.max(initial=-1)) + 1

    def split(self, begin: ShortArray) -> ShortArray:
        """Split by the set that holds each activity from a cell on.

        Returns the class that each class now comes from; no more than before when none is split.
        """
        self.n_classes, parent = split_classes(self.group, self.n_classes, self.network.cell, begin)
        return parent

    def table(self, worth: FloatArray, rows: LimitRows) -> ClassTable:
        """Return what the classes bring, use and need; *worth* (options, periods) [currency]."""
        net, reduced, problem = self.network, self.network.reduced, self.network.problem
        place = self.group, net.cell, reduced.option
        gain = class_gains(self.group, self.n_classes, *place[1:], reduced.first, worth)
        use = np.zeros((problem.n_resources, problem.n_periods, self.n_classes))
        class_uses(*place, reduced.first, net.uses, net.resource, net.amount, use)
        use[problem.cumulative] = np.cumsum(use[problem.cumulative], axis=1)
        tail, head = class_arcs(self.group, self.n_classes, net.cell, reduced.option, net.start,
                                net.arcs.indptr, net.arcs.indices)  # fmt: skip
        at = rows.period >= 0
        limited = [use[rows.resource[at], rows.period[at]], self._general()[rows.resource[~at]]]
        matrix = _without_noise(csr_array(np.concatenate(limited)), self._noise(rows))
        noise = self._noise(rows)
        return ClassTable(gain=gain, use=matrix, noise=noise, tail=tail, head=head)

    def _noise(self, rows: LimitRows) -> FloatArray:
        """Return what rounding may leave in each row."""
        net, problem, at = self.network, self.network.problem, rows.period >= 0
        size = np.bincount(net.resource, np.abs(net.amount), problem.n_resources)
        general = np.bincount(net.general_row, np.abs(net.general_amount),
                              problem.general.upper.size)  # fmt: skip
        return ROUNDING * np.concatenate([size[rows.resource[at]], general[rows.resource[~at]]])

    def _general(self) -> FloatArray:
        """Return what each class adds to the general constraints."""
        net = self.network
        total = np.zeros((net.problem.general.upper.size, self.n_classes))
        cells, rows, amount = net.general_cell, net.general_row, net.general_amount
        if not cells.size:
            return total
        whose, _, _ = net.cell_tables()
        before = np.maximum(cells - 1, 0)
        follows = (cells > 0) & (whose[before] == whose[cells])
        moves = ~follows | (self.group[before] != self.group[cells])
        np.add.at(total, (rows[moves], self.group[cells[moves]]), amount[moves])
        moves &= follows
        np.subtract.at(total, (rows[moves], self.group[before[moves]]), amount[moves])
        return total

    def fractions(self, part: FloatArray) -> FloatArray:
        """Return the part of each cell's option done in its period; *part* of each class is."""
        done = np.clip(part, 0.0, 1.0)[self.group]
        steps: FloatArray = rises(done, self.network.cell)
        return steps
