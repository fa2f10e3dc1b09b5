"""Which panels of each level are best, and which levels, when no rule joins levels but their order?

Everything is counted in whole numbers: each worth is a whole multiple of one power of two, so sums
and comparisons are exact, and so is the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.limits.stopes.layout_rules import LayoutRules

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


class Row(NamedTuple):
    """The best of one level: its worth in units and the sections mined."""

    worth: int
    mined: tuple[bool, ...]


def in_units(values: FloatArray) -> tuple[list[list[int | None]], int]:
    """Return worths as whole multiples of 1 / unit, exactly, and the unit.

    Parameters
    ----------
    values : ndarray, shape (L, S)
        Worths; NaN where a panel cannot be mined.

    Returns
    -------
    tuple = (rows, unit)
        None for NaN; worth = number / unit.
    """
    ratios = [[None if v != v else v.as_integer_ratio() for v in row] for row in values.tolist()]
    unit = max((ratio[1] for row in ratios for ratio in row if ratio), default=1)
    numbers = [[None if r is None else r[0] * (unit // r[1]) for r in row] for row in ratios]
    return numbers, unit


def best_row(worths: Sequence[int | None], rules: LayoutRules) -> Row:
    """Return the best sections to mine along one level.

    After each section the state is the number of sections mined together up to it, 0 where it is
    left; a stretch ends only at `least_run` or more and never passes `most_run`. Of equal answers
    the one that leaves more of the latest sections is taken.

    Parameters
    ----------
    worths : sequence of int or None, length S
        Worth of each panel; None where it cannot be mined.
    rules : LayoutRules
        Least and most run.

    Returns
    -------
    Row
        Never worth less than 0.
    """
    # Beyond the least run the length matters only when there is a longest one.
    longest = rules.least_run if rules.most_run is None else rules.most_run
    states: list[int | None] = [0] + [None] * longest
    steps: list[list[int]] = []
    for worth in worths:
        after: list[int | None] = [None] * (longest + 1)
        came = [0] * (longest + 1)
        for run, total in enumerate(states):
            if total is None:
                continue
            first = after[0]
            if (run == 0 or run >= rules.least_run) and (first is None or total > first):
                after[0], came[0] = total, run
            if worth is None or (run == longest and rules.most_run is not None):
                continue
            then = min(run + 1, longest)
            known = after[then]
            if known is None or total + worth > known:
                after[then], came[then] = total + worth, run
        states = after
        steps.append(came)
    ends = [0, *range(rules.least_run, longest + 1)]
    state = max(ends, key=lambda run: (-1, 0) if states[run] is None else (0, states[run] or 0))
    worth_of_all = states[state]
    mined = []
    for came in reversed(steps):
        mined.append(state > 0)
        state = came[state]
    return Row(worth_of_all or 0, tuple(reversed(mined)))


def best_levels(worths: Sequence[int], above: BoolArray, below: BoolArray) -> BoolArray:
    """Return the levels to open when each may need its neighbour above or below.

    The largest worth of a set closed under needs, where needs only join neighbours: after each
    level the state is whether it is open. Of equal answers fewer levels are opened where it can.

    Parameters
    ----------
    worths : sequence of int, length L
        What opening a level brings, below 0 where it costs.
    above, below : ndarray of bool, shape (L,)
        Whether a level needs the one above, or below.

    Returns
    -------
    ndarray of bool, shape (L,)
        The levels opened.
    """
    states: list[tuple[int, int] | None] = [(0, 0), (worths[0], -1)]
    steps: list[list[int]] = []
    for level in range(1, len(worths)):
        after: list[tuple[int, int] | None] = [None, None]
        came = [0, 0]
        for is_open in (0, 1):
            for was_open in (0, 1):
                before = states[was_open]
                stuck = (was_open and not is_open and above[level - 1]) or (
                    is_open and not was_open and below[level]
                )
                if before is None or stuck:
                    continue
                # Worth first, then fewer levels.
                total = (before[0] + is_open * worths[level], before[1] - is_open)
                known = after[is_open]
                if known is None or total > known:
                    after[is_open], came[is_open] = total, was_open
        states = after
        steps.append(came)
    closed, opened = states
    state = int(opened is not None and (closed is None or opened > closed))
    found = [state]
    for came in reversed(steps):
        state = came[state]
        found.append(state)
    return np.array(found[::-1], dtype=np.bool_)


def choose_rows(values: FloatArray, rules: LayoutRules) -> tuple[BoolArray, BoolArray, Fraction]:
    """Return the best panels and levels when nothing joins levels but the order of opening them.

    Parameters
    ----------
    values : ndarray, shape (L, S)
        Worth of each panel; NaN where it cannot be mined.
    rules : LayoutRules
        `most_levels` is not looked at: without it the answer is a bound.

    Returns
    -------
    tuple = (mined, opened, worth)
        Shapes (L, S) and (L,); the exact worth.
    """
    numbers, unit = in_units(np.vstack([values, rules.costs(len(values))[:, None].repeat(
        values.shape[1], axis=1)]))  # fmt: skip
    n = len(values)
    rows = [best_row(row, rules) for row in numbers[:n]]
    costs = [row[0] or 0 for row in numbers[n:]]
    worths = [row.worth - cost for row, cost in zip(rows, costs, strict=True)]
    opened = best_levels(worths, *rules.needs(n))
    mined = np.array([row.mined for row in rows], dtype=np.bool_) & opened[:, None]
    worth = sum(w for w, is_open in zip(worths, opened.tolist(), strict=True) if is_open)
    return mined, opened, Fraction(worth, unit)
