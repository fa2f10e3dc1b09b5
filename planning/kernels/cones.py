"""Which blocks must be mined before a block, read from a pattern or from a list of arcs?

One pair of functions serves both kinds, so that the solver is written once. Blocks are numbered
from 0, the solver's nodes from 1: node = block + 1, and 0 means none.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
ShortArray = NDArray[np.int32]
ByteArray = NDArray[np.uint8]


#: Columns of Arcs.pattern and Arcs.offset.
BEGIN, END, WEST, EAST, SOUTH, NORTH, UP = 0, 1, 2, 3, 4, 5, 6
DI, DJ, DK, STEP = 0, 1, 2, 3


class Box(NamedTuple):
    """How many blocks there are, in all and along the grid's axes.

    n : int, number of blocks; nx, ny, nz : int, along the axes, 0 when the arcs are listed
    """

    n: int
    nx: int
    ny: int
    nz: int


class Arcs(NamedTuple):
    """From every block to the blocks that must be mined before it.

    box : numbers of blocks; nx is 0 when the arcs are listed
    pattern : (z, 7) where each pattern begins and ends in *offset*, and how far it goes west,
        east, south, north and up [blocks]
    offset : (m, 4) di, dj, dk and the step they make in block numbers
    zone : (n,) pattern of each block; (0,) when all have the first
    indptr : (n + 1,), indices : (arcs,) listed arcs; (0,) otherwise
    """

    box: Box
    pattern: IntArray
    offset: IntArray
    zone: ByteArray
    indptr: IntArray
    indices: ShortArray


@njit(cache=True, nogil=True)
def pattern_of(zone: ByteArray, block: int) -> int:
    """Return which pattern a block has."""
    return int(zone[block]) if zone.size > 0 else 0


@njit(cache=True, nogil=True)
def place(box: Box, block: int) -> tuple[int, int, int]:
    """Return a block's numbers along the axes."""
    row = block // box.nx
    level = row // box.ny
    return block - row * box.nx, row - level * box.ny, level


@njit(cache=True, nogil=True)
def holds(box: Box, x: int, y: int, z: int) -> bool:
    """Tell whether the grid has a block with these numbers along the axes."""
    return x >= 0 and x < box.nx and y >= 0 and y < box.ny and z >= 0 and z < box.nz


@njit(cache=True, nogil=True)
def degree(arcs: Arcs, block: int) -> int:
    """Return how many arcs a block may have, those that leave the grid counted."""
    if arcs.box.nx == 0:
        return int(arcs.indptr[block + 1] - arcs.indptr[block])
    pattern = pattern_of(arcs.zone, block)
    return int(arcs.pattern[pattern, END] - arcs.pattern[pattern, BEGIN])


@njit(cache=True, nogil=True)
def head(arcs: Arcs, block: int, number: int) -> int:
    """Return the block at the end of an arc, -1 where it would lie outside the grid."""
    if arcs.box.nx == 0:
        return int(arcs.indices[arcs.indptr[block] + number])
    at = arcs.pattern[pattern_of(arcs.zone, block), BEGIN] + number
    x, y, z = place(arcs.box, block)
    offset = arcs.offset
    if not holds(arcs.box, x + offset[at, DI], y + offset[at, DJ], z + offset[at, DK]):
        return -1
    return int(block + offset[at, STEP])


# Arrays instead of the tuple of them: taking one from a tuple counts a reference, and that alone
# would cost as much as the search.
@njit(cache=True, nogil=True)
def next_labelled(
    box: Box,
    pattern: IntArray,
    offset: IntArray,
    zone: ByteArray,
    indptr: IntArray,
    indices: ShortArray,
    label: ShortArray | ByteArray,
    node: int,
    number: int,
    wanted: int,
) -> tuple[int, int]:
    """Find a node's next arc, from *number* on, to a node with the wanted label or mark.

    Returns the arc's number and the node; the node's degree and 0 when there is none.
    """
    block, found = node - 1, 0
    if box.nx == 0:
        first, last = indptr[block], indptr[block + 1]
        at = first + number
        while at < last:
            if label[indices[at] + 1] == wanted:
                found = int(indices[at]) + 1
                break
            at += 1
        return at - first, found
    kind = pattern_of(zone, block)
    first, last = pattern[kind, BEGIN], pattern[kind, END]
    at = first + number
    x, y, z = place(box, block)
    # Most blocks lie so far inside that no arc leaves the grid: one addition finds the head.
    inside = x >= pattern[kind, WEST] and x + pattern[kind, EAST] < box.nx
    inside = inside and y >= pattern[kind, SOUTH] and y + pattern[kind, NORTH] < box.ny
    if inside and z + pattern[kind, UP] < box.nz:
        while at < last:
            other = node + offset[at, STEP]
            if label[other] == wanted:
                found = other
                break
            at += 1
        return at - first, found
    while at < last:
        if holds(box, x + offset[at, DI], y + offset[at, DJ], z + offset[at, DK]):
            other = node + offset[at, STEP]
            if label[other] == wanted:
                found = other
                break
        at += 1
    return at - first, found


@njit(cache=True, nogil=True)
def count_arcs(arcs: Arcs) -> IntArray:
    """Return where each block's arcs begin in a list of them all, shape (n + 1,)."""
    indptr = np.zeros(arcs.box.n + 1, np.int64)
    for block in range(arcs.box.n):
        found = 0
        for number in range(degree(arcs, block)):
            found += head(arcs, block, number) >= 0
        indptr[block + 1] = indptr[block] + found
    return indptr


@njit(cache=True, nogil=True)
def list_arcs(arcs: Arcs, indptr: IntArray) -> ShortArray:
    """Return the heads of all arcs, rising within a block, shape (arcs,)."""
    indices = np.empty(indptr[arcs.box.n], np.int32)
    for block in range(arcs.box.n):
        at = indptr[block]
        for number in range(degree(arcs, block)):
            other = head(arcs, block, number)
            if other >= 0:
                indices[at] = other
                at += 1
        indices[indptr[block] : at].sort()
    return indices
