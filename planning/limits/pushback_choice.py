"""Which shells should end pushbacks, so that these are about equal and not too narrow?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from deposits.errors import DataError, Problem
from planning.limits.answers import NestedShells
from planning.limits.pushback_plan import PushbackRules

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: Factors are the same when they differ by no more than this part.
SAME_FACTOR = 1e-9
#: How much worse a tonne without room is than the same part of a share by which pushbacks differ.
NARROW_WEIGHT = 10.0
#: Most shells between which room is looked for.
MOST_SHELLS = 20


def stated_shells(shells: NestedShells, rock_t: FloatArray, rules: PushbackRules) -> list[int]:
    """Return the shells of stated factors, or all up to the last one to choose from.

    Parameters
    ----------
    shells : NestedShells
        Pits of rising factors.
    rock_t : ndarray of float, shape (n,)
        Rock of each block [t].
    rules : PushbackRules
        Factors, or none.

    Returns
    -------
    list of int
        Numbers of shells, rising; the last is the pit of `PushbackRules.last_factor`. Shells
        without rock, or with no more than the one before, are not named.

    Raises
    ------
    DataError
        If a factor has no shell, or lies beyond the last one.
    """
    numbers, problems = [], []
    for factor in (*rules.factors, rules.last_factor):
        near = np.flatnonzero(np.abs(shells.factors - factor) <= SAME_FACTOR * factor)
        place, found = "pushbacks", f"{factor:g}"
        if not len(near):
            allowed = ", ".join(f"{f:g}" for f in shells.factors)
            problems.append(Problem("no shell has this factor", place, found, allowed))
        elif factor > rules.last_factor:
            allowed = f"at most {rules.last_factor:g}"
            problems.append(Problem("a pushback lies beyond the pit", place, found, allowed))
        else:
            numbers.append(int(near[0]))
    if problems:
        raise DataError(problems)
    added = np.bincount(shells.shell, weights=rock_t, minlength=len(shells.factors) + 1)
    different = [n for n in range(numbers[-1] + 1) if added[n] > 0.0]
    if not rules.factors:
        return different
    # The pit of a shell that adds nothing is that of the last one that did.
    found_ones = {max((d for d in different if d <= n), default=-1) for n in numbers}
    return sorted(found_ones - {-1})


def rock_of(numbers: Sequence[int], shells: NestedShells, rock_t: FloatArray) -> FloatArray:
    """Return the rock of pits [t], shape (m,)."""
    added = np.bincount(shells.shell, weights=rock_t, minlength=len(shells.factors) + 1)
    return np.cumsum(added)[list(numbers)].astype(np.float64)


def spread(numbers: Sequence[int], shells: NestedShells, rock_t: FloatArray) -> list[int]:
    """Return at most `MOST_SHELLS` of the shells, evenly spread by rock, the last among them."""
    rock = rock_of(numbers, shells, rock_t)
    goals = rock[-1] * np.arange(1, MOST_SHELLS + 1) / MOST_SHELLS
    nearest = {int(np.argmin(np.abs(rock - goal))) for goal in goals}
    return [numbers[i] for i in sorted(nearest)]


def equal_shares(
    numbers: Sequence[int], rock: FloatArray, count: int, narrow: FloatArray
) -> list[int]:
    """Choose shells whose rock is added in shares as equal, and with as much room, as can be.

    Parameters
    ----------
    numbers : sequence of int
        Shells to choose from, m of them.
    rock : ndarray of float, shape (m,)
        Rock of their pits [t], rising.
    count : int
        At most so many are chosen.
    narrow : ndarray of float, shape (m + 1, m)
        Rock without room between pits [t]: row 0 from nothing, row i + 1 from pit i.

    Returns
    -------
    list of int
        Numbers of the chosen shells, rising, the last of all among them.

    Notes
    -----
    Least sum over pushbacks of ((rock - share) / share)^2 + `NARROW_WEIGHT` narrow / share, with
    share = rock of the last pit / count; exactly, over all choices (dynamic programming). The
    lower shell where two choices are equal.

    Examples
    --------
    >>> equal_shares([0, 1, 2], np.array([4.0, 5.0, 10.0]), 2, np.zeros((4, 3)))
    [1, 2]
    """
    n, count = len(numbers), min(count, len(numbers))
    share = rock[-1] / count
    penalty = NARROW_WEIGHT * narrow / share
    cost = ((rock - share) / share) ** 2 + penalty[0]
    back: list[IntArray] = []
    for _ in range(count - 1):
        added = (rock[None, :] - rock[:, None] - share) / share
        steps = cost[:, None] + added**2 + penalty[1:]
        steps[np.tril_indices(n)] = np.inf
        best = np.argmin(steps, axis=0)
        back.append(best)
        cost = steps[best, np.arange(n)]
    chosen = [n - 1]
    for best in reversed(back):
        chosen.append(int(best[chosen[-1]]))
    return [numbers[i] for i in reversed(chosen)]
