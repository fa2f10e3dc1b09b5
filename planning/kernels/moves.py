"""Does a plan gain when activities move, with all that must move with them?

A walk proposes one move after the other: an activity earlier, with the predecessors that must be
done by then, or later, with the successors that can no longer be done before; each at the option
that is worth most there. Limits may be passed at a price. A move that gains is kept, one that
loses as often as the temperature says; the best plan within all limits is remembered.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from planning.kernels.ledgers import (
    AIM,
    BASE,
    CURVE,
    HIGH,
    LOW,
    ONLY,
    PRICE,
    RUNNING,
    SLACK,
    USED,
    WEIGHT,
    Options,
    Order,
    Uses,
)
from planning.kernels.packing import Dates

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ByteArray = NDArray[np.uint8]
#: Slots of Walk.total.
VALUE, BEST, BROKEN, TRIED, KEPT = 0, 1, 2, 3, 4
SLOTS = 5
#: Most activities of a move.
MOST = 300
#: Columns of Walk.scratch.
MEMBER, TARGET, MARK, OLD_PERIOD, OLD_OPTION, STACK = 0, 1, 2, 3, 4, 5
SCRATCH_COLUMNS = 6


class Walk(NamedTuple):
    """What a walk keeps beside the dates.

    best : (n, 2) period and option of the best plan within all limits
    hint : (n,) when an activity that is not done might be
    total : (5,) value of the dates and of the best plan, limits passed, moves proposed and kept
    scratch : (at least n and MOST + 1, 6) of the move at hand
    """

    best: IntArray
    hint: IntArray
    total: FloatArray
    scratch: IntArray


@njit(cache=True, nogil=True)
def pull(
    order: Order, period: IntArray, scratch: IntArray, activity: int, to: int, most: int
) -> int:
    """List what moves when an activity is done by a period; -1 - listed when it cannot be."""
    if to < order.window[activity, 0] or to > order.window[activity, 1]:
        return -1
    scratch[0, MEMBER], scratch[activity, TARGET], scratch[activity, MARK] = activity, to, 1
    scratch[0, STACK], count, height = activity, 1, 1
    while height > 0:
        height -= 1
        moved = scratch[height, STACK]
        to = scratch[moved, TARGET]
        for at in range(order.before_start[moved], order.before_start[moved + 1]):
            other = order.before[at, 0]
            need = order.latest[order.before[at, 1], to]
            if period[other] <= need:
                continue
            marked = scratch[other, MARK]
            if marked and scratch[other, TARGET] <= need:
                continue
            need = min(need, order.window[other, 1])
            if need < order.window[other, 0] or height >= most or count >= most:
                return -1 - count
            if not marked:
                scratch[other, MARK] = 1
                scratch[count, MEMBER] = other
                count += 1
            scratch[other, TARGET] = need
            scratch[height, STACK] = other
            height += 1
    return count


@njit(cache=True, nogil=True)
def push(
    order: Order, period: IntArray, scratch: IntArray, activity: int, to: int, most: int
) -> int:
    """List what moves when an activity is done in a later period, or never; -1 - listed: cannot."""
    never = order.earliest.shape[1] - 1
    scratch[0, MEMBER], scratch[activity, MARK] = activity, 1
    scratch[activity, TARGET] = to if to <= order.window[activity, 1] else never
    scratch[0, STACK], count, height = activity, 1, 1
    while height > 0:
        height -= 1
        moved = scratch[height, STACK]
        to = scratch[moved, TARGET]
        for at in range(order.after_start[moved], order.after_start[moved + 1]):
            other = order.after[at, 0]
            need = order.earliest[order.after[at, 1], to]
            if period[other] >= need:
                continue
            marked = scratch[other, MARK]
            if marked and scratch[other, TARGET] >= need:
                continue
            if height >= most or count >= most:
                return -1 - count
            if not marked:
                scratch[other, MARK] = 1
                scratch[count, MEMBER] = other
                count += 1
            scratch[other, TARGET] = need if need <= order.window[other, 1] else never
            scratch[height, STACK] = other
            height += 1
    return count


@njit(cache=True, nogil=True)
def charge(cells: FloatArray, cell: int, amount: float) -> float:
    """Return what it costs to add an amount to a cell."""
    before = cells[cell, USED]
    after = before + amount
    high, low = cells[cell, HIGH], cells[cell, LOW]
    beyond = max(after - high, 0.0) - max(before - high, 0.0)
    beyond += max(low - after, 0.0) - max(low - before, 0.0)
    middle = before + after - 2.0 * cells[cell, AIM]
    steady = amount * (cells[cell, PRICE] + cells[cell, CURVE] * middle)
    return float(cells[cell, WEIGHT] * beyond + steady)


@njit(cache=True, nogil=True)
def post(cells: FloatArray, total: FloatArray, cell: int, amount: float) -> None:
    """Add an amount to a cell, and count limits that are passed."""
    before = cells[cell, USED]
    after = before + amount
    cells[cell, USED] = after
    high, low = cells[cell, HIGH] + cells[cell, SLACK], cells[cell, LOW] - cells[cell, SLACK]
    total[BROKEN] += int(after > high or after < low) - int(before > high or before < low)


@njit(cache=True, nogil=True)
def enter(
    uses: Uses, cells: FloatArray, total: FloatArray, n_periods: int, option: int, period: int,
    sign: float, booked: bool,
) -> float:  # fmt: skip
    """Return what limits cost when an option is added to, or taken from, a period; book if told."""
    spent = 0.0
    for at in range(uses.start[option], uses.start[option + 1]):
        cell, only = uses.entry[at, BASE], uses.entry[at, ONLY]
        amount = sign * uses.amount[at]
        if only < 0:
            end = cell + n_periods if uses.entry[at, RUNNING] else cell + period + 1
            cell += period
        elif only == period:
            end = cell + 1
        else:
            continue
        for place in range(cell, end):
            spent += charge(cells, place, amount)
            if booked:
                post(cells, total, place, amount)
    return spent


@njit(cache=True, nogil=True)
def carry_out(
    uses: Uses, cells: FloatArray, options: Options, dates: Dates, walk: Walk, count: int
) -> float:
    """Move all members to their targets; return the gain, what limits cost taken off."""
    never, gain, spent = options.factor.size - 1, 0.0, 0.0
    scratch, total = walk.scratch, walk.total
    for place in range(count):
        activity = scratch[place, MEMBER]
        now, option = dates.period[activity], dates.option[activity]
        scratch[place, OLD_PERIOD], scratch[place, OLD_OPTION] = now, option
        if option >= 0:
            spent += enter(uses, cells, total, never, option, now, -1.0, True)
            gain -= options.factor[now] * options.value[option]
    for place in range(count):
        activity = scratch[place, MEMBER]
        to = scratch[activity, TARGET]
        chosen, most = -1, -np.inf
        first, end = options.start[activity], options.start[activity + 1]
        if to < never:
            for option in range(first, end):
                worth = options.factor[to] * options.value[option]
                if end - first > 1:
                    worth -= enter(uses, cells, total, never, option, to, 1.0, False)
                if worth > most:
                    chosen, most = option, worth
            spent += enter(uses, cells, total, never, chosen, to, 1.0, True)
            gain += options.factor[to] * options.value[chosen]
        dates.period[activity], dates.option[activity] = to, chosen
    total[VALUE] += gain
    return gain - spent


@njit(cache=True, nogil=True)
def take_back(
    uses: Uses, cells: FloatArray, options: Options, dates: Dates, walk: Walk, count: int
) -> None:
    """Undo what `carry_out` did."""
    never, gain = options.factor.size - 1, 0.0
    scratch, total = walk.scratch, walk.total
    for place in range(count):
        activity = scratch[place, MEMBER]
        option = dates.option[activity]
        if option >= 0:
            now = dates.period[activity]
            enter(uses, cells, total, never, option, now, -1.0, True)
            gain -= options.factor[now] * options.value[option]
    for place in range(count):
        activity = scratch[place, MEMBER]
        option, now = scratch[place, OLD_OPTION], scratch[place, OLD_PERIOD]
        dates.period[activity], dates.option[activity] = now, option
        if option >= 0:
            enter(uses, cells, total, never, option, now, 1.0, True)
            gain += options.factor[now] * options.value[option]
    total[VALUE] += gain


@njit(cache=True, nogil=True)
def propose(
    order: Order, options: Options, dates: Dates, walk: Walk, activity: int, chance: FloatArray
) -> int:
    """List a move of one activity drawn by chance; 0 or less: nothing moves.

    chance : (6,) uniform numbers
    """
    never, scratch = order.earliest.shape[1] - 1, walk.scratch
    if options.start[activity] == options.start[activity + 1]:
        return -1
    now = dates.period[activity]
    step, left = 1, chance[0]
    while left < 0.3 and step < never:
        left /= 0.3
        step += 1
    most = min(1 + int(1.0 / (chance[1] + 1.0 / MOST)), MOST)
    if now == never:
        to = min(walk.hint[activity], never - 1) + (step - 1) * (1 if chance[2] < 0.5 else -1)
        if to < 0 or to >= never:
            return -1
        return int(pull(order, dates.period, scratch, activity, to, most))
    if chance[2] < 0.48:
        return int(pull(order, dates.period, scratch, activity, now - step, most))
    if chance[2] < 0.96 or options.start[activity + 1] - options.start[activity] == 1:
        return int(push(order, dates.period, scratch, activity, min(now + step, never), most))
    scratch[0, MEMBER], scratch[activity, TARGET], scratch[activity, MARK] = activity, now, 1
    return 1


@njit(cache=True, nogil=True)
def remember(dates: Dates, walk: Walk) -> None:
    """Count a move that is kept, and keep the plan when it is the best within all limits."""
    total = walk.total
    total[KEPT] += 1
    if total[BROKEN] == 0 and total[VALUE] > total[BEST]:
        total[BEST] = total[VALUE]
        walk.best[:, 0] = dates.period
        walk.best[:, 1] = dates.option


@njit(cache=True, nogil=True)
def anneal(
    uses: Uses, cells: FloatArray, order: Order, options: Options, dates: Dates, walk: Walk,
    candidates: IntArray, chances: FloatArray, warmth: FloatArray,
) -> None:  # fmt: skip
    """Propose a move a row of chances, from one temperature down to another.

    chances : (m, 6) uniform numbers
    warmth : (2,) temperature at the beginning and at the end [discounted currency]
    """
    fall = (warmth[1] / warmth[0]) ** (1.0 / max(len(chances), 1))
    heat, scratch = warmth[0], walk.scratch
    for turn in range(len(chances)):
        heat *= fall
        chance = chances[turn]
        activity = candidates[int(chance[4] * candidates.size)]
        count = propose(order, options, dates, walk, activity, chance)
        if count > 0:
            gain = carry_out(uses, cells, options, dates, walk, count)
            if gain >= heat * np.log(chance[5]):
                remember(dates, walk)
            else:
                take_back(uses, cells, options, dates, walk, count)
        for place in range(count if count >= 0 else -1 - count):
            scratch[scratch[place, MEMBER], MARK] = 0
    walk.total[TRIED] += len(chances)
