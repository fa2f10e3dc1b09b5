"""How does a finished forest serve the next values, some higher and some lower than the last?

The trees and the flows stay. Changes of value are sent towards the roots, leaves first: what a
node has too much goes up, what it lacks is drawn from above, and where an arc cannot carry that
the tree is cut. No arc outside the trees has a flow, so cutting loses none. Then every node of a
tree that has something left gets the label 1, all others 0, and `planning.kernels.pseudoflow`
goes on as if it had built the trees itself. What it retires is a best closed set, though not
always the smallest one, since a tree may now hang on an arc without flow.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from planning.kernels.borrowing import borrow
from planning.kernels.pseudoflow import (
    ARC,
    EXCESS,
    FIRST,
    FLOW,
    FOLLOWING,
    HIGHEST,
    PARENT,
    UPWARD,
    Forest,
    deepest,
    detach,
    enqueue,
)

IntArray = NDArray[np.int64]
ShortArray = NDArray[np.int32]


@njit(cache=True, nogil=True)
def renew(forest: Forest, change: IntArray) -> None:
    """Add changes of value to a finished forest, so that it can be advanced again.

    Parameters
    ----------
    forest : Forest
        With an empty queue; changed.
    change : ndarray of int, shape (n,)
        What each node's value rises or falls by [value units].
    """
    link, amount, label = borrow(forest.link), borrow(forest.amount), borrow(forest.label)
    queue, population = borrow(forest.queue), borrow(forest.population)
    tally = borrow(forest.tally)
    n = label.size - 1
    roots = np.empty(n, np.int32)
    count = 0
    for node in range(1, n + 1):
        amount[node, EXCESS] += change[node - 1]
        if link[node, PARENT] == 0:
            roots[count] = node
            count += 1
    for at in range(count):
        settle(link, amount, roots[at])
    population[:] = 0
    queue[:] = 0
    tally[HIGHEST] = 0
    for root in range(1, n + 1):
        if link[root, PARENT] > 0:
            continue
        new = 1 if amount[root, EXCESS] > 0 else 0
        population[new] += mark_tree(link, label, root, new)
        if new == 1:
            enqueue(link, queue, tally, root, 1)


@njit(cache=True, nogil=True)
def settle(link: ShortArray, amount: IntArray, root: int) -> None:
    """Bring what the nodes of a tree have too much or lack to its root, leaves first."""
    node = deepest(link, root)
    while node != root:
        # Both are read first: a node that is cut off forgets them.
        above, sister = int(link[node, PARENT]), int(link[node, FOLLOWING])
        if amount[node, EXCESS] != 0:
            carry(link, amount, node, above)
        node = deepest(link, sister) if sister > 0 else above


@njit(cache=True, nogil=True)
def carry(link: ShortArray, amount: IntArray, node: int, above: int) -> None:
    """Bring a node's excess or want to its parent; where the arc cannot carry it, cut it off."""
    excess = amount[node, EXCESS]
    flow = amount[node, FLOW]
    # An arc that runs upwards takes any excess, and gives back no more than flows on it.
    moved = max(excess, -flow) if link[node, UPWARD] == 1 else min(excess, flow)
    amount[node, FLOW] = flow + moved if link[node, UPWARD] == 1 else flow - moved
    amount[node, EXCESS] -= moved
    amount[above, EXCESS] += moved
    if amount[node, EXCESS] != 0:
        detach(link, above, node)


@njit(cache=True, nogil=True)
def mark_tree(link: ShortArray, label: ShortArray, root: int, new: int) -> int:
    """Give all nodes of a tree a label and let them look at their first arc; count them."""
    link[root, FOLLOWING] = 0
    count, node = 0, root
    while node > 0:
        label[node] = new
        link[node, ARC] = 0
        count += 1
        below = int(link[node, FIRST])
        while below == 0 and node != root:
            below = int(link[node, FOLLOWING])
            if below == 0:
                node = int(link[node, PARENT])
        node = below
    return count
