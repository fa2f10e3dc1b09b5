"""Which optimal pits does a finished forest hold, and which flow proves them?

A block is in the smallest optimal pit when something left over can reach it along arcs that can
still carry more; it is outside the largest one when it can reach a block that is still short.
Precedence arcs can always carry more; backwards they carry as much as flows on them, and only
arcs of the forest have a flow.

Retired blocks are the smallest pit: whatever is hung under a node at once sends something up, and
what flows upwards only grows, so that something flows on every arc to a parent that runs upwards.
A retired root, which has something left, therefore reaches every node of its tree.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from planning.kernels.borrowing import borrow
from planning.kernels.cones import (
    BEGIN,
    DI,
    DJ,
    DK,
    END,
    STEP,
    Arcs,
    Box,
    holds,
    next_labelled,
    pattern_of,
    place,
)
from planning.kernels.pseudoflow import (
    EXCESS,
    FIRST,
    FLOW,
    FOLLOWING,
    PARENT,
    UPWARD,
    Forest,
)

IntArray = NDArray[np.int64]
ShortArray = NDArray[np.int32]
ByteArray = NDArray[np.uint8]
FlagArray = NDArray[np.bool_]


@njit(cache=True, nogil=True)
def certificate(forest: Forest) -> tuple[ShortArray, ShortArray, IntArray]:
    """Return the arcs with a flow: block that needs, block needed, amount."""
    link, amount, label = borrow(forest.link), borrow(forest.amount), borrow(forest.label)
    n, found = label.size - 1, 0
    for node in range(1, n + 1):
        found += link[node, PARENT] > 0 and amount[node, FLOW] > 0
    tails, heads = np.empty(found, np.int32), np.empty(found, np.int32)
    amounts = np.empty(found, np.int64)
    at = 0
    for node in range(1, n + 1):
        parent = link[node, PARENT]
        if parent > 0 and amount[node, FLOW] > 0:
            needs, needed = (node, parent) if link[node, UPWARD] == 1 else (parent, node)
            tails[at], heads[at], amounts[at] = needs - 1, needed - 1, amount[node, FLOW]
            at += 1
    return tails, heads, amounts


@njit(cache=True, nogil=True)
def left_over(forest: Forest) -> int:
    """Return the sum of what is left at blocks that have more than they passed on: the bound."""
    amount, label = borrow(forest.amount), borrow(forest.label)
    total = 0
    for node in range(1, label.size):
        total += max(amount[node, EXCESS], 0)
    return total


@njit(cache=True, nogil=True)
def retired(forest: Forest) -> FlagArray:
    """Return which blocks are retired: the smallest optimal pit, shape (n,)."""
    label = borrow(forest.label)
    held: FlagArray = label[1:] == label.size
    return held


@njit(cache=True, nogil=True)
def short(arcs: Arcs, forest: Forest, needed: IntArray, users: ShortArray) -> FlagArray:
    """Return the blocks that can reach one that is still short, shape (n,): outside every pit.

    *needed* and *users* are the listed arcs turned round; empty where patterns give them.
    """
    link, amount, label = borrow(forest.link), borrow(forest.amount), borrow(forest.label)
    pattern, offset, zone = borrow(arcs.pattern), borrow(arcs.offset), borrow(arcs.zone)
    reached = np.zeros(label.size, np.uint8)
    for node in range(1, label.size):
        if amount[node, EXCESS] < 0:
            flood(link, amount, reached, node)
    waiting = np.empty(label.size, np.int32)
    count = sweep(arcs, label, reached, waiting)
    while count > 0:
        count -= 1
        node = int(waiting[count])
        if arcs.box.nx == 0:
            for at in range(needed[node - 1], needed[node]):
                count = reach(reached, waiting, count, users[at] + 1)
        else:
            count = reach_users(arcs.box, pattern, offset, zone, reached, waiting, count, node)
        count = reach_back(link, amount, reached, waiting, count, node)
    outside: FlagArray = reached[1:] == 1
    return outside


@njit(cache=True, nogil=True)
def flood(link: ShortArray, amount: IntArray, reached: ByteArray, root: int) -> None:
    """Note the nodes of a tree that reach its root through the tree."""
    reached[root] = 1
    node = root
    while node > 0:
        below = int(link[node, FIRST])
        while below == 0 and node != root:
            below = int(link[node, FOLLOWING])
            if below == 0:
                node = int(link[node, PARENT])
        node = below
        if node > 0 and (link[node, UPWARD] == 1 or amount[node, FLOW] > 0):
            reached[node] = reached[link[node, PARENT]]


@njit(cache=True, nogil=True)
def sweep(arcs: Arcs, label: ShortArray, reached: ByteArray, waiting: ShortArray) -> int:
    """Note the nodes that need one that is reached, last node first; return how many.

    In a grid what a block needs has a higher number: this finds nearly all that are left.
    """
    box, pattern, offset = arcs.box, borrow(arcs.pattern), borrow(arcs.offset)
    zone, indptr, indices = borrow(arcs.zone), borrow(arcs.indptr), borrow(arcs.indices)
    marks, count = borrow(reached), 0
    for node in range(label.size - 1, 0, -1):
        if marks[node] == 1 or label[node] == label.size:
            continue
        _, other = next_labelled(box, pattern, offset, zone, indptr, indices, marks, node, 0, 1)
        if other > 0:
            marks[node] = 1
            waiting[count] = node
            count += 1
    return count


@njit(cache=True, nogil=True)
def reach(reached: ByteArray, waiting: ShortArray, count: int, node: int) -> int:
    """Note a node that is reached for the first time; return how many wait."""
    if node > 0 and reached[node] == 0:
        reached[node] = 1
        waiting[count] = node
        count += 1
    return count


@njit(cache=True, nogil=True)
def reach_users(
    box: Box,
    pattern: IntArray,
    offset: IntArray,
    zone: ByteArray,
    reached: ByteArray,
    waiting: ShortArray,
    count: int,
    node: int,
) -> int:
    """Note the nodes whose pattern has an arc to this node; return how many wait."""
    x, y, z = place(box, node - 1)
    for kind in range(pattern.shape[0]):
        for at in range(pattern[kind, BEGIN], pattern[kind, END]):
            if holds(box, x - offset[at, DI], y - offset[at, DJ], z - offset[at, DK]):
                user = node - offset[at, STEP]
                if pattern_of(zone, user - 1) == kind:
                    count = reach(reached, waiting, count, user)
    return count


@njit(cache=True, nogil=True)
def reach_back(
    link: ShortArray,
    amount: IntArray,
    reached: ByteArray,
    waiting: ShortArray,
    count: int,
    node: int,
) -> int:
    """Note the nodes that can send what flows to them from this node back; return how many wait."""
    parent, child = int(link[node, PARENT]), int(link[node, FIRST])
    if parent > 0 and link[node, UPWARD] == 1 and amount[node, FLOW] > 0:
        count = reach(reached, waiting, count, parent)
    while child > 0:
        if link[child, UPWARD] == 0 and amount[child, FLOW] > 0:
            count = reach(reached, waiting, count, child)
        child = int(link[child, FOLLOWING])
    return count
