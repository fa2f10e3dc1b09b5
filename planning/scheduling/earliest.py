"""In which period could each activity be done at the earliest, if nothing were scarce?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.kernels import periods as kernels
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
    t, allowed = problem.n_periods, problem.allowed.any(axis=1)
    indptr = np.ascontiguousarray(problem.precedence.indptr, np.int64)
    indices = np.ascontiguousarray(problem.precedence.indices, np.int32)
    span = np.ascontiguousarray(problem.span_class, np.int64)
    first = np.where((problem.first <= problem.last) & allowed, problem.first, t).astype(np.int64)
    last = np.minimum(problem.last, t - 1).astype(np.int64)
    order = kernels.sort_topologically(indptr, indices)
    found: IntArray = kernels.earliest_periods(
        order, indptr, indices, span, problem.latest(), first, last
    )
    return found
