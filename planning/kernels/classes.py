"""Into which classes do (activity, period, option) cells fall, and what do classes use and need?

A cell says how much of an activity is done by then: in an earlier period, or in this one at this
option or one before it. All cells of a class are done to the same part. Closed sets split classes;
the cells inside come to another class than those outside.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
ShortArray = NDArray[np.int32]
ByteArray = NDArray[np.uint8]
FlagArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]


@njit(cache=True, nogil=True)
def split_classes(
    group: ShortArray, count: int, cell: IntArray, begin: ShortArray
) -> tuple[int, ShortArray]:
    """Split classes by a closed set; return how many there are now, and the class each came from.

    group : (cells,) class of each cell; changed
    cell : (n + 1,) where each activity's cells begin
    begin : (n,) cell, counted within the activity, from which on the set holds it
    """
    size, inside = np.zeros(count, np.int64), np.zeros(count, np.int64)
    for node in range(begin.size):
        for at in range(cell[node], cell[node + 1]):
            size[group[at]] += 1
            inside[group[at]] += at - cell[node] >= begin[node]
    new = np.full(count, -1, np.int32)
    total = count
    for number in range(count):
        if 0 < inside[number] < size[number]:
            new[number] = total
            total += 1
    parent = np.empty(total, np.int32)
    for number in range(count):
        parent[number] = number
        if new[number] >= 0:
            parent[new[number]] = number
    if total > count:
        for node in range(begin.size):
            for at in range(cell[node] + begin[node], cell[node + 1]):
                if new[group[at]] >= 0:
                    group[at] = new[group[at]]
    return total, parent


@njit(cache=True, nogil=True)
def class_gains(
    group: ShortArray,
    count: int,
    cell: IntArray,
    option: IntArray,
    first: IntArray,
    worth: FloatArray,
) -> FloatArray:
    """Return what each class brings when all of it is done; *worth* (options, periods)."""
    gain = np.zeros(count)
    for node in range(first.size):
        options = option[node + 1] - option[node]
        before = -1
        for at in range(cell[node], cell[node + 1]):
            own = int(group[at])
            place = at - cell[node]
            brings = worth[option[node] + place % options, first[node] + place // options]
            if own != before:
                gain[own] += brings
                if before >= 0:
                    gain[before] -= brings
            before = own
    return gain


@njit(cache=True, nogil=True)
def class_uses(
    group: ShortArray,
    cell: IntArray,
    option: IntArray,
    first: IntArray,
    uses: IntArray,
    resource: ShortArray,
    amount: FloatArray,
    total: FloatArray,
) -> None:
    """Add what classes use to *total* (resources, periods, classes).

    uses : (options + 1,) where each option's uses begin in *resource* and *amount*
    """
    for node in range(first.size):
        options = option[node + 1] - option[node]
        before = -1
        for at in range(cell[node], cell[node + 1]):
            own = int(group[at])
            if own != before:
                place = at - cell[node]
                chosen, t = option[node] + place % options, first[node] + place // options
                for use in range(uses[chosen], uses[chosen + 1]):
                    total[resource[use], t, own] += amount[use]
                    if before >= 0:
                        total[resource[use], t, before] -= amount[use]
            before = own


@njit(cache=True, nogil=True)
def class_arcs(
    group: ShortArray,
    count: int,
    cell: IntArray,
    option: IntArray,
    start: IntArray,
    indptr: IntArray,
    heads: ShortArray,
) -> tuple[ShortArray, ShortArray]:
    """Return which classes need which other ones, each pair once: who needs, who is needed.

    A cell needs the next one of its activity; the last of a period what the node needs too.
    """
    nodes = start[start.size - 1]
    # Class of each node, and the node that each cell is the last of, 0 when of none.
    whole = np.empty(nodes, np.int32)
    node_of, final = np.zeros(group.size, np.int32), np.zeros(group.size, np.bool_)
    for own in range(start.size - 1):
        options = option[own + 1] - option[own]
        for node in range(start[own], start[own + 1]):
            at = cell[own] + (node - start[own] + 1) * options - 1
            whole[node] = group[at]
            node_of[at] = node + 1
        final[cell[own + 1] - 1] = True
    begin = np.zeros(count + 1, np.int64)
    for at in range(group.size):
        begin[group[at] + 1] += 1
    for number in range(count):
        begin[number + 1] += begin[number]
    order, place = np.empty(group.size, np.int32), begin[:-1].copy()
    for at in range(group.size):
        order[place[group[at]]] = at
        place[group[at]] += 1
    seen = np.full(count, -1, np.int32)
    tails, needed, found = np.empty(1024, np.int32), np.empty(1024, np.int32), 0
    for number in range(count):
        seen[number] = number
        for rank in range(begin[number], begin[number + 1]):
            at = order[rank]
            node = node_of[at] - 1
            first = indptr[node] if node >= 0 else 0
            last = indptr[node + 1] if node >= 0 else 0
            for further in range(first - 1, last):
                if further < first:
                    if final[at]:
                        continue
                    other = group[at + 1]
                else:
                    other = whole[heads[further]]
                if seen[other] == number:
                    continue
                seen[other] = number
                if found == tails.size:
                    tails = np.concatenate((tails, np.empty(found, np.int32)))
                    needed = np.concatenate((needed, np.empty(found, np.int32)))
                tails[found], needed[found] = number, other
                found += 1
    return tails[:found].copy(), needed[:found].copy()


@njit(cache=True, nogil=True)
def reduce_arcs(found: ByteArray) -> tuple[ShortArray, ShortArray]:
    """Return the arcs between classes that no others imply: who needs, who is needed.

    Where classes need one another in a circle all arcs are returned.
    """
    n = found.shape[0]
    needed = np.zeros(n, np.int64)
    arcs = 0
    for one in range(n):
        for other in range(n):
            needed[other] += found[one, other]
            arcs += found[one, other]
    order, count = np.empty(n, np.int32), 0
    for one in range(n):
        if needed[one] == 0:
            order[count] = one
            count += 1
    taken = 0
    while taken < count:
        one = order[taken]
        taken += 1
        for other in range(n):
            if found[one, other]:
                needed[other] -= 1
                if needed[other] == 0:
                    order[count] = other
                    count += 1
    tails, heads = np.empty(arcs, np.int32), np.empty(arcs, np.int32)
    kept = 0
    if count < n:
        for one in range(n):
            for other in range(n):
                if found[one, other]:
                    tails[kept], heads[kept] = one, other
                    kept += 1
        return tails, heads
    rank = np.empty(n, np.int32)
    for at in range(n):
        rank[order[at]] = at
    words = (n + 63) // 64
    reach = np.zeros((n, words), np.uint64)
    one_bit = np.uint64(1)
    for at in range(n - 1, -1, -1):
        one = order[at]
        for further in range(at + 1, n):
            other = order[further]
            if not found[one, other]:
                continue
            # Nearest in the order first: what one of them reaches needs no arc of its own.
            if (reach[one, other >> 6] >> np.uint64(other & 63)) & one_bit:
                continue
            tails[kept], heads[kept] = one, other
            kept += 1
            reach[one, other >> 6] |= one_bit << np.uint64(other & 63)
            for word in range(words):
                reach[one, word] |= reach[other, word]
    return tails[:kept].copy(), heads[:kept].copy()


@njit(cache=True, nogil=True)
def rises(done: FloatArray, cell: IntArray) -> FloatArray:
    """Return what each cell adds to those before it; what falls by rounding is levelled."""
    step = np.zeros(done.size)
    for node in range(cell.size - 1):
        most = 0.0
        for at in range(cell[node], cell[node + 1]):
            if done[at] > most:
                step[at] = done[at] - most
                most = done[at]
    return step
