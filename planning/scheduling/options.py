"""Which destinations of an activity can be part of a best plan?

A destination is left out where another one is worth at least as much and uses no more of anything:
of resources with a lower limit, exactly as much.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.scheduling.problem import ScheduleProblem

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """Destinations that count: one base an activity, and what else it may choose.

    Parameters
    ----------
    base : ndarray of int, shape (n,)
        Where an activity goes unless an option says otherwise.
    base_value : ndarray of float, shape (n,)
        Its value there; 0 where it may go nowhere.
    activity, destination : ndarray of int, shape (m,)
        The m other options.
    value : ndarray of float, shape (m,)
        Value beyond that of the base.
    instead : ndarray of int, shape (n, d)
        What to take instead of each destination; itself where it counts.
    """

    base: IntArray
    base_value: FloatArray
    activity: IntArray
    destination: IntArray
    value: FloatArray
    instead: IntArray


def useful_options(problem: ScheduleProblem) -> Options:
    """Return the destinations that count.

    Parameters
    ----------
    problem : ScheduleProblem
        n activities, d destinations.

    Returns
    -------
    Options
    """
    n, d = problem.value.shape
    keep, instead = problem.allowed.copy(), np.tile(np.arange(d), (n, 1))
    if d > 1:
        _leave_out(problem, keep, instead)
    ranked = np.where(keep, problem.value, -np.inf)
    base = np.argmax(ranked, axis=1).astype(np.int64)
    row = np.arange(n)
    base_value = np.where(keep[row, base], problem.value[row, base], 0.0)
    keep[row, base] = False
    activity, destination = np.nonzero(keep)
    value = problem.value[activity, destination] - base_value[activity]
    return Options(base, base_value, activity, destination, value, instead)


def moved_shares(options: Options, share: FloatArray) -> FloatArray:
    """Return shares with destinations that do not count replaced, shape (n, d)."""
    row = np.arange(len(share))
    moved = np.zeros_like(share)
    for destination in range(share.shape[1]):
        np.add.at(moved, (row, options.instead[:, destination]), share[:, destination])
    return moved


def _leave_out(problem: ScheduleProblem, keep: NDArray[np.bool_], instead: IntArray) -> None:
    """Strike out what another destination beats."""
    n, d = keep.shape
    use = problem.use
    table = np.zeros((d, n, problem.n_resources))
    table[use.destination, use.activity, use.resource] = use.amount
    at_least = np.isfinite(problem.lower).any(axis=1)
    judged = np.ones(n, dtype=np.bool_)
    judged[problem.general.block] = False
    for loser in range(d):
        for winner in range(d):
            both = keep[:, loser] & keep[:, winner] & judged
            if winner == loser or not both.any():
                continue
            more, less = table[winner] > table[loser], table[winner] < table[loser]
            worse = more.any(axis=1) | (less & at_least).any(axis=1)
            beaten = both & ~worse & (problem.value[:, loser] <= problem.value[:, winner])
            keep[beaten, loser] = False
            instead[beaten] = np.where(instead[beaten] == loser, winner, instead[beaten])
