"""Which plan follows from an order of activities, and which shares and flows suit it best?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.kernels import packing
from planning.kernels.packing import Dates
from planning.limits.interruptions import interruptible
from planning.scheduling.destinations import choose_destinations
from planning.scheduling.feasibility import is_feasible
from planning.scheduling.plan import SchedulePlan, plan_value
from planning.scheduling.search_rules import SearchRules

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: Most rounds of delaying and advancing; a few are usual.
MOST_ROUNDS = 50


class Wanted(NamedTuple):
    """What is to be packed.

    order : (m,) activities as they are wanted; what they wait for comes before them
    only : (n,) the option that each activity is packed with; -1: it cannot be done
    floor : (n,) the first period in which each activity is packed
    """

    order: IntArray
    only: IntArray
    floor: IntArray


@interruptible()
def packed(rules: SearchRules, cells: FloatArray, price: FloatArray, wanted: Wanted) -> Dates:
    """Return the dates that an order leads to, delayed and advanced until nothing moves.

    Parameters
    ----------
    rules : SearchRules
        The problem.
    cells : ndarray of float, shape (c, 8)
        Limits, with nothing booked but flows; all is booked afterwards.
    price : ndarray of float, shape (c,)
        What the use of a cell costs where destinations are chosen [discounted currency a unit].
    wanted : Wanted
        Order, options and floors.

    Returns
    -------
    Dates
    """
    dates = rules.nothing_done()
    uses, arcs, options = rules.uses, rules.order, rules.options
    packing.pack(uses, cells, arcs, options, wanted.only, dates, wanted.order, wanted.floor)
    for _ in range(MOST_ROUNDS):
        moved = packing.delay(uses, cells, arcs, options, dates, rules.ranked)
        moved += packing.advance(uses, cells, arcs, options, price, dates, rules.ranked)
        if moved == 0:
            break
    return dates


def favourite_options(rules: SearchRules, weight: FloatArray) -> IntArray:
    """Return the option of each activity whose destination has the most weight; -1: none.

    Parameters
    ----------
    rules : SearchRules
        The problem.
    weight : ndarray of float, shape (n, d)
        For each destination; of equal ones the first is taken.

    Returns
    -------
    ndarray of int, shape (n,)
    """
    start = rules.options.start
    activity = np.repeat(np.arange(len(weight)), np.diff(start))
    ranked = np.lexsort((-weight[activity, rules.destination], activity))
    only = np.full(len(weight), -1, dtype=np.int64)
    has = np.diff(start) > 0
    only[has] = ranked[start[:-1][has]]
    return only


def finished(
    rules: SearchRules, dates: Dates, flow: FloatArray, prices: FloatArray | None
) -> SchedulePlan | None:
    """Return the best plan with these dates: as they stand, or with better shares and flows.

    Parameters
    ----------
    rules : SearchRules
        The problem.
    dates : Dates
        Period and destination of each activity.
    flow : ndarray of float, shape (f, t)
        Flows that were taken as given.
    prices : ndarray of float, shape (r, t), or None
        Of the limits [discounted currency a unit].

    Returns
    -------
    SchedulePlan or None
        None where neither keeps to all limits.
    """
    problem = rules.problem
    plan = rules.plan(dates, flow)
    kept = plan if is_feasible(problem, plan) else None
    if problem.n_destinations == 1 and not problem.n_flows:
        return kept
    chosen = choose_destinations(problem, dates.period, prices)
    if chosen is None or not is_feasible(problem, chosen):
        return kept
    if kept is None or plan_value(problem, chosen) > plan_value(problem, kept):
        return chosen
    return kept
