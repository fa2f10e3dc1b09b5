"""Which plan follows when activities are taken one by one, each as early as the limits allow?

`pack` places a list of activities, each after all it waits for. `delay` then moves what costs money
as late as its successors allow, or strikes it out when nothing needs it; `advance` moves what earns
money as early as it can be, and places what now fits.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from planning.kernels.ledgers import Options, Order, Uses, book, cost, fits

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Dates(NamedTuple):
    """What is done.

    period : (n,) period of each activity; the number of periods where it is not done
    option : (n,) number of its option; -1 where it is not done
    """

    period: IntArray
    option: IntArray


@njit(cache=True, nogil=True)
def soonest(order: Order, period: IntArray, activity: int) -> int:
    """Return the first period that predecessors allow; the number of periods: none."""
    first = order.window[activity, 0]
    for at in range(order.before_start[activity], order.before_start[activity + 1]):
        needed = order.earliest[order.before[at, 1], period[order.before[at, 0]]]
        first = max(first, needed)
    return int(first)


@njit(cache=True, nogil=True)
def latest_end(order: Order, period: IntArray, activity: int, n_periods: int) -> int:
    """Return the last period that successors allow; the number of periods: any."""
    end = n_periods
    for at in range(order.after_start[activity], order.after_start[activity + 1]):
        until = period[order.after[at, 0]]
        if until < n_periods:
            end = min(end, order.latest[order.after[at, 1], until])
    return end


@njit(cache=True, nogil=True)
def best_option(
    uses: Uses, cells: FloatArray, options: Options, price: FloatArray, activity: int, period: int
) -> int:
    """Return the option that fits and is worth most after prices of what it uses; -1: none."""
    found, most, n_periods = -1, -np.inf, options.factor.size - 1
    for option in range(options.start[activity], options.start[activity + 1]):
        if not fits(uses, cells, n_periods, option, period, 1.0):
            continue
        worth = options.factor[period] * options.value[option]
        worth -= cost(uses, price, n_periods, option, period)
        if worth > most:
            found, most = option, worth
    return found


@njit(cache=True, nogil=True)
def place(
    uses: Uses, cells: FloatArray, order: Order, options: Options, only: IntArray, dates: Dates,
    activity: int, begin: int,
) -> bool:  # fmt: skip
    """Book an activity in the first period from one on in which it fits; tell if there is one."""
    n_periods, option = options.factor.size - 1, only[activity]
    if option < 0:
        return False
    for period in range(begin, order.window[activity, 1] + 1):
        if not fits(uses, cells, n_periods, option, period, 1.0):
            continue
        dates.period[activity] = period
        dates.option[activity] = option
        book(uses, cells, n_periods, option, period, 1.0)
        return True
    return False


@njit(cache=True, nogil=True)
def pack(
    uses: Uses, cells: FloatArray, order: Order, options: Options, only: IntArray, dates: Dates,
    wanted: IntArray, floor: IntArray,
) -> None:  # fmt: skip
    """Place activities in the order wanted, each after what it waits for, none before its floor.

    only : (n,) the option of each activity; -1: it cannot be done
    """
    period, placed = dates.period, dates.option
    refused = np.zeros(only.size, np.bool_)
    stack = np.empty(only.size + 1, np.int64)
    look = np.empty(only.size + 1, np.int64)
    for chosen in wanted:
        if refused[chosen] or placed[chosen] >= 0:
            continue
        stack[0], look[0], height = chosen, order.before_start[chosen], 1
        while height > 0:
            activity, at = stack[height - 1], look[height - 1]
            end = order.before_start[activity + 1]
            while at < end and placed[order.before[at, 0]] >= 0:
                at += 1
            if at < end and not refused[order.before[at, 0]]:
                other = order.before[at, 0]
                look[height - 1] = at
                stack[height], look[height] = other, order.before_start[other]
                height += 1
                continue
            height -= 1
            begin = floor[activity]
            if at == end:
                begin = max(begin, soonest(order, period, activity))
            done = at == end and place(uses, cells, order, options, only, dates, activity, begin)
            refused[activity] = not done


@njit(cache=True, nogil=True)
def delay(
    uses: Uses, cells: FloatArray, order: Order, options: Options, dates: Dates, ranked: IntArray
) -> int:
    """Move what costs money as late as can be, or strike it out; return how many have moved.

    ranked : activities, each after all it waits for
    """
    n_periods = options.factor.size - 1
    moved = 0
    for place_in_list in range(ranked.size - 1, -1, -1):
        activity = ranked[place_in_list]
        now, option = dates.period[activity], dates.option[activity]
        if now == n_periods or options.value[option] >= 0:
            continue
        end = latest_end(order, dates.period, activity, n_periods)
        if not fits(uses, cells, n_periods, option, now, -1.0):
            continue
        if end == n_periods:
            book(uses, cells, n_periods, option, now, -1.0)
            dates.period[activity], dates.option[activity] = n_periods, -1
            moved += 1
            continue
        for period in range(min(end, order.window[activity, 1]), now, -1):
            if options.factor[period] >= options.factor[now]:
                break
            if fits(uses, cells, n_periods, option, period, 1.0):
                book(uses, cells, n_periods, option, now, -1.0)
                book(uses, cells, n_periods, option, period, 1.0)
                dates.period[activity] = period
                moved += 1
                break
    return moved


@njit(cache=True, nogil=True)
def advance(
    uses: Uses, cells: FloatArray, order: Order, options: Options, price: FloatArray, dates: Dates,
    ranked: IntArray,
) -> int:  # fmt: skip
    """Move what earns money as early as can be and place what fits; return how many have moved."""
    n_periods = options.factor.size - 1
    moved = 0
    for activity in ranked:
        now, option = dates.period[activity], dates.option[activity]
        if options.start[activity] == options.start[activity + 1]:
            continue
        worth = options.factor[now] * options.value[option] if option >= 0 else 0.0
        if worth < 0 or (option >= 0 and not fits(uses, cells, n_periods, option, now, -1.0)):
            continue
        begin = soonest(order, dates.period, activity)
        for period in range(begin, min(now, order.window[activity, 1] + 1)):
            other = best_option(uses, cells, options, price, activity, period)
            if other < 0 or options.factor[period] * options.value[other] <= worth:
                continue
            if option >= 0:
                book(uses, cells, n_periods, option, now, -1.0)
            book(uses, cells, n_periods, other, period, 1.0)
            dates.period[activity], dates.option[activity] = period, other
            moved += 1
            break
    return moved
