"""Which stopes follow one another best along a level, when walls may move only so far?

One section after the other: the best that ends with a given stope, for each number of sections
mined together, is its own worth and the best before it whose walls stand close enough.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.kernels.stope_states import best_before
from planning.limits.interruptions import interruptible
from planning.limits.stopes.layout_rules import LayoutRules

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """The best single stopes of one panel.

    Parameters
    ----------
    walls : ndarray, shape (n, 4)
        Near foot, near head, far foot, far head [steps]; the best stope first.
    worths : ndarray, shape (n,)
        Falling, above 0.
    next_worth : float
        Worth of the best one that was not kept; -inf when all were.
    """

    walls: FloatArray
    worths: FloatArray
    next_worth: float


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """The best stopes along a level: their worth, and which one of each section, -1 for none."""

    worth: float
    chosen: tuple[int, ...]


#: What stands before: sections mined together, and the stope of the last; (0, -1) where it is left.
Link = tuple[int, int]


@interruptible()
def best_chain(panels: Sequence[Kept], rules: LayoutRules, shift: float) -> Chain:
    """Return the best stopes along a level.

    Parameters
    ----------
    panels : sequence of Kept, length S
        Stopes to choose from; none where a panel must not be mined.
    rules : LayoutRules
        Least and most run.
    shift : float
        How far each end of a wall may move between neighbouring mined sections [steps].

    Returns
    -------
    Chain
        Never worth less than 0; the best of all that keep the rules, but for rounding.
    """
    longest = rules.least_run if rules.most_run is None else rules.most_run
    idle, totals = 0.0, _none(panels[0], longest, empty=True)
    steps: list[tuple[Link, list[IntArray], list[IntArray]]] = []
    before = np.empty((0, 4))
    for panel in panels:
        left, link = _ended(idle, totals, rules.least_run)
        after = _none(panel, longest)
        stopes = [np.full(len(panel.worths), -1) for _ in after]
        runs = [np.zeros(len(panel.worths), dtype=np.int64) for _ in after]
        after[1] = idle + panel.worths
        for run in range(1, longest + 1):
            if run == longest and rules.most_run is not None:
                break
            order = np.argsort(-totals[run], kind="stable")
            first = best_before(before[order], totals[run][order], panel.walls, shift)
            reached = np.flatnonzero(first >= 0)
            number = order[first[reached]]
            then = min(run + 1, longest)
            gained = totals[run][number] + panel.worths[reached]
            better = gained > after[then][reached]
            after[then][reached[better]] = gained[better]
            stopes[then][reached[better]], runs[then][reached[better]] = number[better], run
        steps.append((link, stopes, runs))
        idle, totals, before = left, after, panel.walls
    worth, link = _ended(idle, totals, rules.least_run)
    chosen = []
    for left_from, stopes, runs in reversed(steps):
        run, stope = link
        chosen.append(stope)
        link = left_from if run == 0 else (int(runs[run][stope]), int(stopes[run][stope]))
    return Chain(worth, tuple(reversed(chosen)))


def _none(panel: Kept, longest: int, empty: bool = False) -> list[FloatArray]:
    """Totals by run and stope before anything is known; runs count from 1."""
    n = 0 if empty else len(panel.worths)
    return [np.full(n, -math.inf) for _ in range(longest + 1)]


def _ended(idle: float, totals: list[FloatArray], least: int) -> tuple[float, Link]:
    """Return the best when a section is left, and what stood before it."""
    best, link = idle, (0, -1)
    for run in range(least, len(totals)):
        if len(totals[run]):
            number = int(np.argmax(totals[run]))
            if totals[run][number] > best:
                best, link = float(totals[run][number]), (run, number)
    return best, link
