"""Which blocks are worth digging together: the maximum closure, by highest-label pseudoflow?

Nodes are blocks numbered from 1, so that 0 means none and zeroed memory is a forest of single
nodes; memory that the search never touches is never taken from the machine. Every tree of the
forest keeps what value its blocks have left, the excess, at its root; a root with some left is
strong, the others are weak. A strong tree is hung under a node whose label is one lower than that
of the tree's node that needs it, and its excess flows along the arcs to the new root. When no node
has the label below, the tree can pay for all it needs and is retired: it belongs to the pit.

References
----------
.. [1] Hochbaum, D. S. (2008), The pseudoflow algorithm: a new algorithm for the maximum-flow
   problem, Operations Research 56(4), 992-1009.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from planning.kernels.borrowing import borrow
from planning.kernels.cones import Arcs, Box, next_labelled

IntArray = NDArray[np.int64]
ShortArray = NDArray[np.int32]
ByteArray = NDArray[np.uint8]
#: Slots of Forest.tally.
HIGHEST, MERGES, VISITS = 0, 1, 2
#: Columns of Forest.link and of Forest.amount.
PARENT, FIRST, FOLLOWING, PREVIOUS, ARC, LOOKING, UPWARD = 0, 1, 2, 3, 4, 5, 6
EXCESS, FLOW = 0, 1


class Forest(NamedTuple):
    """The trees, the labels and the queue of strong roots; node 0 is none.

    link : (n + 1, 7) a node's parent, first child, next and last sister; the arc and the child to
        look at next; 1 when the arc to the parent runs upwards, from the node to the parent. A
        root's next sister is the next root in the queue.
    amount : (n + 1, 2) the excess, what a node has beyond what it passed on, 0 but for roots; the
        flow on the arc between the node and its parent
    label : (n + 1,) at most the number of arcs to a weak root; n + 1 when retired
    queue, population : (n + 2,) by label, the first strong root, and how many nodes have it
    tally : (3,) highest label with a strong root, merges, nodes visited
    """

    link: ShortArray
    amount: IntArray
    label: ShortArray
    queue: ShortArray
    population: ShortArray
    tally: IntArray


@njit(cache=True, nogil=True)
def attach(link: ShortArray, parent: int, child: int) -> None:
    """Hang a child under a parent, first among its sisters."""
    sister = link[parent, FIRST]
    link[child, FOLLOWING] = sister
    link[child, PREVIOUS] = 0
    if sister > 0:
        link[sister, PREVIOUS] = child
    link[parent, FIRST] = child
    link[child, PARENT] = parent


@njit(cache=True, nogil=True)
def detach(link: ShortArray, parent: int, child: int) -> None:
    """Take a child from its parent; it becomes a root."""
    before, after = link[child, PREVIOUS], link[child, FOLLOWING]
    if before > 0:
        link[before, FOLLOWING] = after
    else:
        link[parent, FIRST] = after
    if after > 0:
        link[after, PREVIOUS] = before
    link[child, PARENT] = 0


@njit(cache=True, nogil=True)
def enqueue(link: ShortArray, queue: ShortArray, tally: IntArray, root: int, label: int) -> None:
    """Let a strong root wait at its label."""
    link[root, FOLLOWING] = queue[label]
    queue[label] = root
    tally[HIGHEST] = max(tally[HIGHEST], int(label))


@njit(cache=True, nogil=True)
def dequeue(link: ShortArray, queue: ShortArray, label: int) -> int:
    """Take the first strong root with a label."""
    root = int(queue[label])
    queue[label] = link[root, FOLLOWING]
    return root


@njit(cache=True, nogil=True)
def begin(forest: Forest) -> None:
    """Let every node with an excess be a strong root of label 1."""
    link, amount, label, queue, population, tally = forest
    strong = 0
    for node in range(1, label.size):
        if amount[node, EXCESS] > 0:
            label[node] = 1
            enqueue(link, queue, tally, node, 1)
            strong += 1
    population[0] = label.size - 1 - strong
    population[1] = strong


@njit(cache=True, nogil=True)
def advance(arcs: Arcs, forest: Forest, visits: int) -> bool:
    """Work on strong roots, highest label first, for about so many visits; tell if all is done."""
    box, pattern, offset = arcs.box, borrow(arcs.pattern), borrow(arcs.offset)
    zone, indptr, indices = borrow(arcs.zone), borrow(arcs.indptr), borrow(arcs.indices)
    link, amount, label = borrow(forest.link), borrow(forest.amount), borrow(forest.label)
    queue, population = borrow(forest.queue), borrow(forest.population)
    tally = borrow(forest.tally)
    last = label.size - 1
    until = tally[VISITS] + visits
    while tally[VISITS] < until:
        highest = tally[HIGHEST]
        if highest == 0:
            if queue[0] == 0:
                return True
            lift_queue(forest)
        elif queue[highest] == 0:
            tally[HIGHEST] -= 1
        elif population[highest - 1] == 0 or highest == last:
            # No weak root can be reached any more from any tree at this label.
            while queue[highest] > 0:
                retire(link, label, population, dequeue(link, queue, highest))
            tally[HIGHEST] -= 1
        else:
            root = dequeue(link, queue, highest)
            strong, weak = search(
                box,
                pattern,
                offset,
                zone,
                indptr,
                indices,
                label,
                link,
                population,
                tally,
                root,
                highest,
            )
            if weak > 0:
                tally[MERGES] += 1
                merge(link, amount, strong, weak)
                push(link, amount, label, queue, tally, root)
            else:
                enqueue(link, queue, tally, root, highest + 1)
    return False


@njit(cache=True, nogil=True)
def lift_queue(forest: Forest) -> None:
    """Raise the strong roots of label 0, and what has the label below them, to 1.

    A tree that has something left is not weak.
    """
    link, _, label, queue, population, tally = forest
    while queue[0] > 0:
        root = dequeue(link, queue, 0)
        link[root, FOLLOWING] = 0
        node = root
        while node > 0:
            if label[node] == 0:
                label[node] = 1
                link[node, ARC] = 0
                population[0] -= 1
                population[1] += 1
            below = int(link[node, FIRST])
            while below > 0 and label[below] > 0:
                below = int(link[below, FOLLOWING])
            while below == 0 and node != root:
                below = int(link[node, FOLLOWING])
                while below > 0 and label[below] > 0:
                    below = int(link[below, FOLLOWING])
                if below == 0:
                    node = int(link[node, PARENT])
            node = below
        enqueue(link, queue, tally, root, 1)


@njit(cache=True, nogil=True)
def search(
    box: Box,
    pattern: IntArray,
    offset: IntArray,
    zone: ByteArray,
    indptr: IntArray,
    indices: ShortArray,
    label: ShortArray,
    link: ShortArray,
    population: ShortArray,
    tally: IntArray,
    root: int,
    wanted: int,
) -> tuple[int, int]:
    """Look, among a tree's nodes with the root's label, for an arc to a node one label lower.

    Returns the arc's two nodes, or raises the label of them all and returns zeros.
    """
    node = root
    link[node, LOOKING] = link[node, FIRST]
    fresh = True
    while node > 0:
        if fresh:
            tally[VISITS] += 1
            start = link[node, ARC]
            number, weak = next_labelled(
                box,
                pattern,
                offset,
                zone,
                indptr,
                indices,
                label,
                node,
                start,
                wanted - 1,
            )
            link[node, ARC] = number
            if weak > 0:
                return node, weak
        child = int(link[node, LOOKING])
        while child > 0 and label[child] != wanted:
            child = int(link[child, FOLLOWING])
        fresh = child > 0
        if fresh:
            link[node, LOOKING] = link[child, FOLLOWING]
            link[child, LOOKING] = link[child, FIRST]
            node = child
        else:
            population[wanted] -= 1
            population[wanted + 1] += 1
            label[node] = wanted + 1
            link[node, ARC] = 0
            node = int(link[node, PARENT])
    return 0, 0


@njit(cache=True, nogil=True)
def merge(link: ShortArray, amount: IntArray, strong: int, weak: int) -> None:
    """Make a node the root of its tree and hang it under a node of another one."""
    node, above, upward, flow = strong, weak, np.int32(1), 0
    while node > 0:
        old = int(link[node, PARENT])
        old_upward, old_flow = link[node, UPWARD], amount[node, FLOW]
        if old > 0:
            detach(link, old, node)
        attach(link, above, node)
        link[node, UPWARD] = upward
        amount[node, FLOW] = flow
        above, node = node, old
        # Seen from the other end the arc runs the other way.
        upward, flow = np.int32(1 - old_upward), old_flow


@njit(cache=True, nogil=True)
def push(
    link: ShortArray,
    amount: IntArray,
    label: ShortArray,
    queue: ShortArray,
    tally: IntArray,
    start: int,
) -> None:
    """Send a node's excess towards the root; where an arc cannot carry it the tree is cut."""
    node = start
    above = int(link[node, PARENT])
    before = 1
    while above > 0 and amount[node, EXCESS] > 0:
        before = amount[above, EXCESS]
        if pass_on(link, amount, node, above):
            enqueue(link, queue, tally, node, label[node])
        node = above
        above = int(link[node, PARENT])
    if above == 0 and amount[node, EXCESS] > 0 and before <= 0:
        enqueue(link, queue, tally, node, label[node])


@njit(cache=True, nogil=True)
def pass_on(link: ShortArray, amount: IntArray, node: int, above: int) -> bool:
    """Send a node's excess to its parent; where the arc cannot carry all the node is cut off."""
    sent = amount[node, EXCESS]
    if link[node, UPWARD] == 1:
        amount[node, FLOW] += sent
    else:
        sent = min(sent, amount[node, FLOW])
        amount[node, FLOW] -= sent
    amount[node, EXCESS] -= sent
    amount[above, EXCESS] += sent
    if amount[node, EXCESS] > 0:
        detach(link, above, node)
        return True
    return False


@njit(cache=True, nogil=True)
def retire(link: ShortArray, label: ShortArray, population: ShortArray, root: int) -> None:
    """Give a tree's nodes the label beyond all others: they belong to the pit."""
    node = root
    while node > 0:
        population[label[node]] -= 1
        label[node] = label.size
        below = int(link[node, FIRST])
        while below == 0 and node != root:
            below = int(link[node, FOLLOWING])
            if below == 0:
                node = int(link[node, PARENT])
        node = below


@njit(cache=True, nogil=True)
def raise_values(forest: Forest, increase: IntArray) -> None:
    """Add increases, none below 0, to a finished forest and send them on, leaves first.

    The labels stay right: weak roots only become fewer, and no arc appears. What is retired stays
    retired, since a pit only grows when no value falls.
    """
    link, amount, label, queue, _, tally = forest
    beyond = label.size
    for node in range(1, beyond):
        amount[node, EXCESS] += increase[node - 1]
    for root in range(1, beyond):
        if link[root, PARENT] > 0 or label[root] == beyond:
            continue
        node = deepest(link, root)
        while node != root:
            # Both are read first: a node that is cut off forgets them.
            above, sister = int(link[node, PARENT]), int(link[node, FOLLOWING])
            if amount[node, EXCESS] > 0:
                pass_on(link, amount, node, above)
            node = deepest(link, sister) if sister > 0 else above
    for root in range(1, beyond):
        if link[root, PARENT] == 0 and label[root] < beyond and amount[root, EXCESS] > 0:
            enqueue(link, queue, tally, root, label[root])


@njit(cache=True, nogil=True)
def deepest(link: ShortArray, node: int) -> int:
    """Return the end of the line of first children."""
    while link[node, FIRST] > 0:
        node = int(link[node, FIRST])
    return node
