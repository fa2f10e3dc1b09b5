"""Do listed arcs run in a circle, and which arcs end in a block?"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
ShortArray = NDArray[np.int32]


@njit(cache=True, nogil=True)
def transpose(indptr: IntArray, indices: ShortArray) -> tuple[IntArray, ShortArray]:
    """Return the arcs turned round: for every block those that need it, rising."""
    n = indptr.size - 1
    turned = np.zeros(n + 1, np.int64)
    for at in range(indices.size):
        turned[indices[at] + 1] += 1
    for block in range(n):
        turned[block + 1] += turned[block]
    heads = np.empty(indices.size, np.int32)
    place = turned[:-1].copy()
    for block in range(n):
        for at in range(indptr[block], indptr[block + 1]):
            heads[place[indices[at]]] = block
            place[indices[at]] += 1
    return turned, heads


@njit(cache=True, nogil=True)
def find_cycle(indptr: IntArray, indices: ShortArray) -> IntArray:
    """Return the blocks of one circle in the order of its arcs; empty when there is none.

    Blocks that nobody needs are taken away until none is left; what stays after that leads into
    a circle along any of its arcs.
    """
    n = indptr.size - 1
    needed = np.zeros(n, np.int32)
    for at in range(indices.size):
        needed[indices[at]] += 1
    ready = np.empty(n, np.int32)
    count = 0
    for block in range(n):
        if needed[block] == 0:
            ready[count] = block
            count += 1
    taken = 0
    while taken < count:
        block = ready[taken]
        taken += 1
        for at in range(indptr[block], indptr[block + 1]):
            other = indices[at]
            needed[other] -= 1
            if needed[other] == 0:
                ready[count] = other
                count += 1
    if count == n:
        return np.empty(0, np.int64)
    return walk_back(indptr, indices, needed)


@njit(cache=True, nogil=True)
def walk_back(indptr: IntArray, indices: ShortArray, needed: ShortArray) -> IntArray:
    """Walk from a block that is needed to one that needs it, until a block comes again."""
    needs, users = transpose(indptr, indices)
    step = np.zeros(needed.size, np.int32)
    path = np.empty(needed.size + 1, np.int64)
    block, length = 0, 0
    while needed[block] == 0:
        block += 1
    while step[block] == 0:
        path[length] = block
        length += 1
        step[block] = length
        for at in range(needs[block], needs[block + 1]):
            if needed[users[at]] > 0:
                block = int(users[at])
                break
    circle = path[step[block] - 1 : length]
    return circle[::-1].copy()
