"""In which period could each activity be done at the earliest, if nothing were scarce?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.scheduling.problem import ScheduleProblem

IntArray = NDArray[np.int64]


def earliest_periods(problem: ScheduleProblem) -> IntArray:
    """Return the first period of each activity that windows, precedence and spans leave open.

    Parameters
    ----------
    problem : ScheduleProblem
        Any problem.

    Returns
    -------
    ndarray of int, shape (n,)
        May be after its last period; the number of periods where there is none, and for all that
        needs an activity that can never be done.
    """
    n, t = problem.n_activities, problem.n_periods
    latest = problem.latest()
    # The first period of the successor, by the predecessor's: row t, nothing fits any more.
    step = np.full((len(problem.spans_years), t + 1), t, dtype=np.int64)
    for k, row in enumerate(latest):
        step[k, :t] = [int(np.argmax(row >= s)) if (row >= s).any() else t for s in range(t)]
    earliest = np.where(problem.first <= problem.last, np.maximum(problem.first, 0), t)
    earliest = np.where(problem.allowed.any(axis=1), earliest, t)
    after = np.repeat(np.arange(n), np.diff(problem.precedence.indptr))
    before = np.asarray(problem.precedence.indices, dtype=np.int64)
    # Rounds over all arcs: as many as the longest chain that delays anything.
    while True:
        shut = np.where(earliest > np.minimum(problem.last, t - 1), t, earliest)
        found = earliest.copy()
        np.maximum.at(found, after, step[problem.span_class, shut[before]])
        if np.array_equal(found, earliest):
            return found
        earliest = found
