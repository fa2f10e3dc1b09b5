"""What does breaking a limit cost, so that no gain is worth it, and what is a plan then worth?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from planning.scheduling.answers import Relaxation
from planning.scheduling.plan import SchedulePlan, plan_value, resource_use
from planning.scheduling.problem import ScheduleProblem

FloatArray = NDArray[np.float64]
#: A limit counts as broken when it is passed by more than this part of its size.
BROKEN_BY = 1e-9
#: Passing a limit by its own size costs this many times the bound, and no less than this many
#: times its price in the relaxed problem.
WORTHS, PRICES = 10.0, 3.0


def limit_penalties(problem: ScheduleProblem, relaxation: Relaxation) -> FloatArray:
    """Return a price of breaking each limit that no gain is worth.

    Parameters
    ----------
    problem : ScheduleProblem
        r resources, j general constraints.
    relaxation : Relaxation
        Its bound and prices.

    Returns
    -------
    ndarray of float, shape (r + j,)
        Price of a unit beyond the limit, in any period [discounted currency].
    """
    bound = relaxation.bound
    worth = abs(bound) if math.isfinite(bound) else float(np.abs(relaxation.value))
    worth = worth if math.isfinite(worth) and worth > 0 else 1.0
    limits = np.concatenate([problem.lower, problem.upper], axis=1)
    sizes = np.where(np.isfinite(limits), np.abs(limits), 0.0).max(axis=1, initial=0.0)
    most = np.zeros(problem.n_resources)
    np.maximum.at(most, problem.use.resource, np.abs(problem.use.amount))
    sizes = np.maximum(sizes, most)
    side = problem.general
    general = np.where(np.isfinite(side.upper), np.abs(side.upper), 0.0)
    general = np.maximum(general, np.where(np.isfinite(side.lower), np.abs(side.lower), 0.0))
    sizes = np.concatenate([sizes, general])
    price = WORTHS * worth / np.where(sizes > 0, sizes, 1.0)
    known = np.concatenate([np.abs(relaxation.prices).max(axis=1, initial=0.0),
                            np.abs(relaxation.general_prices)])  # fmt: skip
    dear: FloatArray = np.maximum(price, PRICES * known)
    return dear


def worth_within_limits(problem: ScheduleProblem, plan: SchedulePlan, penalty: FloatArray) -> float:
    """Return the value of a plan less what the limits cost that it breaks.

    Parameters
    ----------
    problem : ScheduleProblem
        r resources, j general constraints.
    plan : SchedulePlan
        Any plan that keeps the order of activities.
    penalty : ndarray of float, shape (r + j,)
        From `limit_penalties`.

    Returns
    -------
    float
        [discounted currency]
    """
    value, r = plan_value(problem, plan), problem.n_resources
    used = resource_use(problem, plan)
    size = np.where(np.isfinite(problem.upper), np.abs(problem.upper), 0.0)
    beyond = np.maximum(used - problem.upper - BROKEN_BY * size, 0.0)
    beyond += np.maximum(problem.lower - used - BROKEN_BY * np.abs(used), 0.0)
    cost = float((beyond.sum(axis=1) * penalty[:r]).sum())
    side = problem.general
    if len(side.upper):
        then = plan.period[side.block] == side.period
        part = side.amount * plan.share[side.block, side.destination] * then
        used = np.bincount(side.constraint, part, len(side.upper)).astype(np.float64)
        over = np.maximum(used - side.upper, 0.0) + np.maximum(side.lower - used, 0.0)
        cost += float((over * penalty[r:]).sum())
    return value - cost
