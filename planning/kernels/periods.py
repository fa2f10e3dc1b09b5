"""Which arcs join (activity, period) nodes, and where do a problem's nodes and options lie?

Node (a, t) says that activity a is done by t. Its number is start[a] + t - first[a]; after its last
period an activity stays as it is, before its first one it is not done. Node (a, t) needs (a, t + 1)
and, for each predecessor b, (b, latest[span, t]); where the next node of a needs the same node of
b, its own arc says nothing new and is left out.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
ShortArray = NDArray[np.int32]
FlagArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]


@njit(cache=True, nogil=True)
def sort_topologically(indptr: IntArray, indices: ShortArray) -> IntArray:
    """Return all activities, predecessors before those that need them; the arcs have no circle."""
    n = indptr.size - 1
    order = np.empty(n, np.int64)
    state = np.zeros(n, np.int8)
    path, place = np.empty(n, np.int64), np.empty(n, np.int64)
    count = 0
    for begin in range(n):
        if state[begin] > 0:
            continue
        depth = 1
        path[0], place[0], state[begin] = begin, indptr[begin], 1
        while depth > 0:
            node = path[depth - 1]
            if place[depth - 1] == indptr[node + 1]:
                order[count] = node
                count += 1
                depth -= 1
                continue
            other = indices[place[depth - 1]]
            place[depth - 1] += 1
            if state[other] == 0:
                state[other] = 1
                path[depth], place[depth] = other, indptr[other]
                depth += 1
    return order


@njit(cache=True, nogil=True)
def earliest_periods(
    order: IntArray,
    indptr: IntArray,
    indices: ShortArray,
    span: IntArray,
    latest: IntArray,
    first: IntArray,
    last: IntArray,
) -> IntArray:
    """Return the first period that is open to each activity; t where none is.

    It may be after the activity's last one; then all that needs the activity has none.
    """
    periods = latest.shape[1]
    begin = np.maximum(first, 0)
    for node in order:
        t = begin[node]
        for at in range(indptr[node], indptr[node + 1]):
            before = indices[at]
            needed = begin[before] if begin[before] <= last[before] else periods
            while t < periods and latest[span[at], t] < needed:
                t += 1
        begin[node] = t
    return begin


@njit(cache=True, nogil=True)
def mark_needed(order: IntArray, indptr: IntArray, indices: ShortArray, mark: FlagArray) -> None:
    """Mark all that marked activities need; *order* has predecessors first."""
    for place in range(order.size - 1, -1, -1):
        node = order[place]
        if mark[node]:
            for at in range(indptr[node], indptr[node + 1]):
                mark[indices[at]] = True


@njit(cache=True, nogil=True)
def implied_arcs(
    indptr: IntArray, indices: ShortArray, span: IntArray, latest: IntArray
) -> FlagArray:
    """Return which arcs two others imply: a needs c, and a needs b that needs c no later."""
    n, k = indptr.size - 1, latest.shape[0]
    # follows[i, j, m]: after spans i and j a predecessor comes no later than after span m.
    follows = np.zeros((k, k, k), np.bool_)
    for i in range(k):
        for j in range(k):
            for m in range(k):
                holds = True
                for t in range(latest.shape[1]):
                    middle = latest[i, t]
                    then = latest[j, middle] if middle >= 0 else -1
                    holds = holds and then <= latest[m, t]
                follows[i, j, m] = holds
    implied = np.zeros(indices.size, np.bool_)
    arc_to = np.full(n, -1, np.int64)
    for node in range(n):
        begin, end = indptr[node], indptr[node + 1]
        for at in range(begin, end):
            arc_to[indices[at]] = at
        for at in range(begin, end):
            middle = indices[at]
            for further in range(indptr[middle], indptr[middle + 1]):
                own = arc_to[indices[further]]
                if own >= 0 and follows[span[at], span[further], span[own]]:
                    implied[own] = True
        for at in range(begin, end):
            arc_to[indices[at]] = -1
    return implied


@njit(cache=True, nogil=True)
def expand_arcs(
    indptr: IntArray,
    indices: ShortArray,
    span: IntArray,
    latest: IntArray,
    start: IntArray,
    first: IntArray,
    last: IntArray,
) -> tuple[IntArray, ShortArray]:
    """Return the arcs of the (activity, period) nodes: indptr and heads."""
    n, nodes = first.size, start[first.size]
    ends = np.zeros(nodes + 1, np.int64)
    heads = np.empty(0, np.int32)
    for write in range(2):
        count = 0
        for node in range(n):
            for t in range(first[node], last[node] + 1):
                own = start[node] + t - first[node]
                if t < last[node]:
                    if write:
                        heads[count] = own + 1
                    count += 1
                for at in range(indptr[node], indptr[node + 1]):
                    other = indices[at]
                    by = min(latest[span[at], t], last[other])
                    if t < last[node] and by == min(latest[span[at], t + 1], last[other]):
                        continue
                    if write:
                        heads[count] = start[other] + by - first[other]
                    count += 1
                ends[own + 1] = count
        if write == 0:
            heads = np.empty(count, np.int32)
    return ends, heads


@njit(cache=True, nogil=True)
def best_options(
    worth: FloatArray, option: IntArray, start: IntArray, first: IntArray
) -> tuple[FloatArray, ShortArray]:
    """Return, for each node, what its activity is worth at its best option, and which that is.

    *worth* has a row an option and a column a period; activity a has the options
    ``option[a]:option[a + 1]``, counted from 0 in the answer.
    """
    nodes = start[first.size]
    best, choice = np.empty(nodes), np.empty(nodes, np.int32)
    for node in range(first.size):
        begin = option[node]
        for at in range(start[node], start[node + 1]):
            t = first[node] + at - start[node]
            kept, most = 0, worth[begin, t]
            for other in range(begin + 1, option[node + 1]):
                if worth[other, t] > most:
                    kept, most = other - begin, worth[other, t]
            best[at], choice[at] = most, kept
    return best, choice


@njit(cache=True, nogil=True)
def node_weights(units: IntArray, start: IntArray) -> IntArray:
    """Return the weights of closed sets: what doing an activity by t and not by t + 1 brings."""
    weight = units.copy()
    for node in range(start.size - 1):
        for at in range(start[node], start[node + 1] - 1):
            weight[at] -= units[at + 1]
    return weight


@njit(cache=True, nogil=True)
def first_cells(
    held: FlagArray, choice: ShortArray, start: IntArray, option: IntArray
) -> ShortArray:
    """Return the cell, counted within each activity, from which on it is done.

    An activity has a cell for each of its periods and options, the options of a period together;
    the number of its cells says that it is never done.
    """
    n = start.size - 1
    begin = np.empty(n, np.int32)
    for node in range(n):
        options = option[node + 1] - option[node]
        begin[node] = (start[node + 1] - start[node]) * options
        for at in range(start[node], start[node + 1]):
            if held[at]:
                begin[node] = (at - start[node]) * options + choice[at]
                break
    return begin
