"""Which (activity, period) nodes and cells does a relaxation reckon with, and what is on them?

A node (a, t) says that activity a is done by t, a cell that it is done earlier, or in t at an
option up to this one. Nodes are what closed sets are found among, cells what classes are made of.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.kernels.cones import Arcs, Box
from planning.kernels.periods import expand_arcs
from planning.scheduling.problem import ScheduleProblem
from planning.scheduling.reduction import Reduced, reduce_problem

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ShortArray = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Network:
    """A reduced problem spread over its periods.

    Parameters
    ----------
    problem : ScheduleProblem
        What was asked.
    reduced : Reduced
        What is left of it.
    start, cell : ndarray of int, shape (m + 1,)
        Where each activity's nodes and cells begin.
    arcs : Arcs
        From every node to those it needs.
    value : ndarray of float, shape (options,)
        Undiscounted value of each option [currency].
    uses : ndarray of int, shape (options + 1,)
        Where each option's uses begin.
    resource, amount : ndarray, shape (uses,)
        What they use, and how much of it.
    general_cell, general_row : ndarray of int, shape (g,)
        Cell and constraint of each term of the general constraints.
    general_amount : ndarray of float, shape (g,)
        Its weight.
    """

    problem: ScheduleProblem
    reduced: Reduced
    start: IntArray
    cell: IntArray
    arcs: Arcs
    value: FloatArray
    uses: IntArray
    resource: ShortArray
    amount: FloatArray
    general_cell: IntArray
    general_row: IntArray
    general_amount: FloatArray

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return int(self.cell[-1])

    def cell_tables(self) -> tuple[IntArray, IntArray, IntArray]:
        """Return the activity left, the period and the option of every cell."""
        reduced = self.reduced
        whose = np.repeat(np.arange(reduced.n_activities), np.diff(self.cell))
        place = np.arange(self.n_cells) - self.cell[whose]
        options = np.diff(reduced.option)[whose]
        return (
            whose,
            reduced.first[whose] + place // options,
            reduced.option[whose] + place % options,
        )


def make_network(problem: ScheduleProblem) -> Network:
    """Reduce a problem and spread what is left over its periods."""
    reduced = reduce_problem(problem)
    lengths = reduced.last - reduced.first + 1
    options = np.diff(reduced.option)
    start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    cell = np.concatenate([[0], np.cumsum(lengths * options)]).astype(np.int64)
    ends, heads = expand_arcs(reduced.indptr, reduced.indices, reduced.span, reduced.latest,
                              start, reduced.first, reduced.last)  # fmt: skip
    none = np.zeros((0, 7), np.int64), np.zeros((0, 4), np.int64), np.zeros(0, np.uint8)
    arcs = Arcs(Box(int(start[-1]), 0, 0, 0), *none, ends, heads)
    whose = np.repeat(reduced.kept, options)
    number = np.full((problem.n_activities, problem.n_destinations), -1, dtype=np.int64)
    number[whose, reduced.destination] = np.arange(len(whose))
    uses, resource, amount = _option_uses(problem, number, len(whose))
    general = _general_terms(problem, reduced, number, cell)
    return Network(problem=problem, reduced=reduced, start=start, cell=cell, arcs=arcs,
                   value=problem.value[whose, reduced.destination].astype(np.float64),
                   uses=uses, resource=resource, amount=amount, general_cell=general[0],
                   general_row=general[1], general_amount=general[2])  # fmt: skip


def _option_uses(
    problem: ScheduleProblem, number: IntArray, count: int
) -> tuple[IntArray, ShortArray, FloatArray]:
    """Return what options use, option by option."""
    use = problem.use
    option = number[use.activity, use.destination]
    rows = np.flatnonzero(option >= 0)
    rows = rows[np.argsort(option[rows], kind="stable")]
    ends = np.concatenate([[0], np.cumsum(np.bincount(option[rows], minlength=count))])
    amount = use.amount[rows].astype(np.float64)
    return ends.astype(np.int64), use.resource[rows].astype(np.int32), amount


def _general_terms(
    problem: ScheduleProblem, reduced: Reduced, number: IntArray, cell: IntArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return cell, constraint and weight of what the general constraints look at."""
    general = problem.general
    option = number[general.block, general.destination]
    place = np.zeros(problem.n_activities, dtype=np.int64)
    place[reduced.kept] = np.arange(reduced.n_activities)
    rows = np.flatnonzero(option >= 0)
    own = place[general.block[rows]]
    later = general.period[rows] - reduced.first[own]
    inside = (later >= 0) & (general.period[rows] <= reduced.last[own])
    rows, own, later = rows[inside], own[inside], later[inside]
    many = reduced.option[own + 1] - reduced.option[own]
    cells = cell[own] + later * many + option[rows] - reduced.option[own]
    return cells, general.constraint[rows].astype(np.int64), general.amount[rows]
