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
from planning.kernels.cones import BEGIN, END, Arcs, degree, head, tail
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
def reach(reached: FlagArray, waiting: ShortArray, count: int, block: int) -> int:
    """Note a block that is reached for the first time; return how many wait."""
    if block >= 0 and not reached[block]:
        reached[block] = True
        waiting[count] = block
        count += 1
    return count


@njit(cache=True, nogil=True)
def short(arcs: Arcs, forest: Forest, needed: IntArray, users: ShortArray) -> FlagArray:
    """Return the blocks that can reach one that is still short, shape (n,): outside every pit.

    *needed* and *users* are the listed arcs turned round; empty where patterns give them.
    """
    link, amount, label = borrow(forest.link), borrow(forest.amount), borrow(forest.label)
    reached = np.zeros(arcs.box.n, np.bool_)
    for block in range(arcs.box.n):
        if amount[block + 1, EXCESS] < 0:
            flood(link, amount, reached, block + 1)
    waiting = np.empty(arcs.box.n, np.int32)
    count = 0
    # Few are left. From the last block down: in a grid what a block needs has a higher number, so
    # that one sweep finds nearly all of them.
    for block in range(arcs.box.n - 1, -1, -1):
        if reached[block] or label[block + 1] > arcs.box.n:
            continue
        if leads_out(arcs, reached, block):
            count = reach(reached, waiting, count, block)
    while count > 0:
        count -= 1
        block = int(waiting[count])
        if arcs.box.nx == 0:
            for at in range(needed[block], needed[block + 1]):
                count = reach(reached, waiting, count, int(users[at]))
        else:
            for pattern in range(arcs.pattern.shape[0]):
                for at in range(arcs.pattern[pattern, BEGIN], arcs.pattern[pattern, END]):
                    count = reach(reached, waiting, count, tail(arcs, block, at, pattern))
        count = reach_back(link, amount, reached, waiting, count, block + 1)
    return reached


@njit(cache=True, nogil=True)
def flood(link: ShortArray, amount: IntArray, reached: FlagArray, root: int) -> None:
    """Note the nodes of a tree that reach its root through the tree."""
    reached[root - 1] = True
    node = root
    while node > 0:
        below = int(link[node, FIRST])
        while below == 0 and node != root:
            below = int(link[node, FOLLOWING])
            if below == 0:
                node = int(link[node, PARENT])
        node = below
        if node > 0 and (link[node, UPWARD] == 1 or amount[node, FLOW] > 0):
            reached[node - 1] = reached[link[node, PARENT] - 1]


@njit(cache=True, nogil=True)
def leads_out(arcs: Arcs, reached: FlagArray, block: int) -> bool:
    """Tell whether a block needs one that is reached."""
    for number in range(degree(arcs, block)):
        other = head(arcs, block, number)
        if other >= 0 and reached[other]:
            return True
    return False


@njit(cache=True, nogil=True)
def reach_back(
    link: ShortArray,
    amount: IntArray,
    reached: FlagArray,
    waiting: ShortArray,
    count: int,
    node: int,
) -> int:
    """Note the nodes that can send what flows to them from this node back; return how many wait."""
    parent, child = int(link[node, PARENT]), int(link[node, FIRST])
    if parent > 0 and link[node, UPWARD] == 1 and amount[node, FLOW] > 0:
        count = reach(reached, waiting, count, parent - 1)
    while child > 0:
        if link[child, UPWARD] == 0 and amount[child, FLOW] > 0:
            count = reach(reached, waiting, count, child - 1)
        child = int(link[child, FOLLOWING])
    return count
