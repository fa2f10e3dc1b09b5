"""Which activities have to be packed together, since one gives back the room another one took?

A stope stands open from its preparation until it is filled, and only so many may. Whoever opens
stopes one after the other in the order of their worth, and fills none since fill earns nothing,
soon has no room for any further one. So what takes room of a limit on all periods so far, what
gives it back, and all that lies between the two, come one after the other in an order of packing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.scheduling.problem import ScheduleProblem

IntArray = NDArray[np.int64]


def sets_of(problem: ScheduleProblem) -> IntArray:
    """Return the activity that gives back the room each activity needs.

    Parameters
    ----------
    problem : ScheduleProblem
        n activities.

    Returns
    -------
    ndarray of int, shape (n,)
        What gives back belongs to itself; -1: to none.
    """
    found = np.full(problem.n_activities, -1, dtype=np.int64)
    use, arcs = problem.use, problem.precedence
    held = (problem.cumulative & np.isfinite(problem.upper).any(axis=1))[use.resource]
    givers = np.unique(use.activity[held & (use.amount < 0.0)])
    takers = set(use.activity[held & (use.amount > 0.0)].tolist())
    found[givers] = givers
    for giver in givers.tolist():
        waiting = [giver]
        while waiting:
            activity = waiting.pop()
            if activity in takers and activity != giver:
                continue
            for before in arcs.indices[arcs.indptr[activity] : arcs.indptr[activity + 1]].tolist():
                if found[before] < 0:
                    found[before] = giver
                    waiting.append(before)
    return found


def together(order: IntArray, sets: IntArray) -> IntArray:
    """Return an order in which the activities of a set follow each other, what gives back last.

    Parameters
    ----------
    order : ndarray of int, shape (m,)
        Activities as they are wanted.
    sets : ndarray of int, shape (n,)
        From `sets_of`.

    Returns
    -------
    ndarray of int, shape (m + k,)
        Sets stand where their wanted activities do in the mean; the k that give back and were not
        in the order are added.

    Examples
    --------
    >>> together(np.array([0, 2, 1]), np.array([3, 4, 4, 3, 4])).tolist()
    [0, 3, 2, 1, 4]
    """
    n, none = sets.size, sets[order] < 0
    place = np.arange(order.size, dtype=np.float64)
    own = sets[order[~none]]
    if own.size == 0:
        return order
    count = np.bincount(own, minlength=n)
    mean = np.bincount(own, place[~none], n) / np.maximum(count, 1)
    added = np.setdiff1d(np.flatnonzero(count), order)
    every = np.concatenate([order, added]).astype(np.int64)
    where = np.concatenate([np.where(none, place, mean[sets[order]]), mean[added]])
    within = np.concatenate([place, np.full(added.size, float(order.size))])
    return every[np.lexsort((within, sets[every], where))]
