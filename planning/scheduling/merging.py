"""What is the best plan that can be put together from parts of several plans?

Where plans agree on whether an activity is done by a period, that stays. Where they differ, what
all of them treat alike and hangs together along the arcs moves as one. What is left is a small
program whose answers hold each of the plans, and all ways to take one part from this plan and
another from that.

References
----------
Kenny, Li, Ernst, Thiruvady (2017), Towards solving large-scale precedence constrained production
scheduling problems in mining, GECCO '17, 1137-1144: merge search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from planning.programs import MixedIntegerProgram
from planning.scheduling.plan import SchedulePlan
from planning.scheduling.windows import Freedom, Window, WindowMaker

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: A sum below this part of what is added up is rounding.
ROUNDING = 1e-12
#: Most plans that are told apart.
MOST_PLANS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Merger:
    """A program in groups of columns of a window, where to begin, and how to read its answers.

    Parameters
    ----------
    program : MixedIntegerProgram
        One column a group.
    start : ndarray of float
        The plan that the window was made from.
    window : Window
        The window whose columns were grouped.
    group : ndarray of int
        Group of each column of the window.
    """

    program: MixedIntegerProgram
    start: FloatArray
    window: Window
    group: IntArray

    def answer(self, solution: FloatArray) -> SchedulePlan:
        """Return the plan of a solution of the program."""
        return self.window.answer(solution[self.group])


def merge(maker: WindowMaker, plans: Sequence[SchedulePlan]) -> Merger | None:
    """Return the program of all plans that are put together from parts of some.

    Parameters
    ----------
    maker : WindowMaker
        Makes windows of their problem.
    plans : sequence of SchedulePlan
        Tidy; the first one is where to begin.

    Returns
    -------
    Merger or None
        None where all plans have the same periods.
    """
    periods = np.array([plan.period for plan in plans[:MOST_PLANS]])
    window = maker.window(plans[0], Freedom(periods.min(axis=0), periods.max(axis=0)))
    if window is None:
        return None
    at, program = window.columns, window.program
    pattern = np.zeros(at.n_by, dtype=np.int64)
    for bit, period in enumerate(periods):
        pattern |= (period[at.activity] <= at.period).astype(np.int64) << bit
    tails, heads = _order(program, at.n_by)
    alike = pattern[tails] == pattern[heads]
    links = coo_array(
        (np.ones(int(alike.sum()), dtype=np.int8), (tails[alike], heads[alike])),
        shape=(at.n_by, at.n_by),
    )
    count, label = connected_components(links, directed=False)
    rest = np.arange(program.n_variables - at.n_by) + count
    group = np.concatenate([label, rest]).astype(np.int64)
    merged = _grouped(program, group)
    start = np.zeros(merged.n_variables)
    start[group] = window.start
    return Merger(merged, start, window, group)


def _order(program: MixedIntegerProgram, n_by: int) -> tuple[IntArray, IntArray]:
    """Return the two columns of each row that says that one may not be above the other."""
    first = program.indptr[:-1][np.diff(program.indptr) == 2]
    both = np.maximum(program.columns[first], program.columns[first + 1]) < n_by
    first = first[both]
    ahead = program.entries[first] > 0
    return program.columns[first + ~ahead], program.columns[first + ahead]


def _grouped(program: MixedIntegerProgram, group: IntArray) -> MixedIntegerProgram:
    """Return a program with one column a group; rows that say nothing or the same are left out."""
    n, row = int(group.max()) + 1, program.row_of_entry()
    key = row * n + group[program.columns]
    keys, place = np.unique(key, return_inverse=True)
    total = np.bincount(place, program.entries, len(keys)).astype(np.float64)
    size = np.bincount(place, np.abs(program.entries), len(keys))
    keep = np.abs(total) > ROUNDING * size
    row, column, entry = keys[keep] // n, keys[keep] % n, total[keep]
    rows = _different(program, row, column, entry)
    number = np.full(program.n_rows, -1, dtype=np.int64)
    number[rows] = np.arange(len(rows))
    own = number[row] >= 0
    lower, upper, whole = np.zeros(n), np.zeros(n), np.zeros(n, dtype=np.bool_)
    lower[group], upper[group], whole[group] = program.lower, program.upper, program.whole
    return MixedIntegerProgram(
        gain=np.bincount(group, program.gain, n).astype(np.float64),
        lower=lower,
        upper=upper,
        whole=whole,
        indptr=np.searchsorted(number[row[own]], np.arange(len(rows) + 1)),
        columns=column[own],
        entries=entry[own],
        row_lower=program.row_lower[rows],
        row_upper=program.row_upper[rows],
    )


def _different(
    program: MixedIntegerProgram, row: IntArray, column: IntArray, entry: FloatArray
) -> IntArray:
    """Return the rows to keep, rising: of pairs with the same columns one, and none without any."""
    count = np.bincount(row, minlength=program.n_rows)
    pair = (np.diff(program.indptr) == 2) & (count == 2)
    pair &= (program.row_upper == 0.0) & np.isneginf(program.row_lower)
    first = np.cumsum(count) - count
    chosen = np.flatnonzero((count > 0) & ~pair & ~((count < 2) & (np.diff(program.indptr) == 2)))
    spots = first[pair]
    ahead = entry[spots] > 0
    low, high = column[spots + ~ahead], column[spots + ahead]
    n = int(column.max(initial=0)) + 1
    _, once = np.unique(low * n + high, return_index=True)
    kept: IntArray = np.union1d(chosen, np.flatnonzero(pair)[once])
    return kept
