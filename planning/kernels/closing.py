"""Which blocks of cones must go, or come, so that a set holds all that its blocks need?

Arcs of cones run upwards, and blocks are numbered from the lowest bench to the highest: one sweep
against the arcs, or along them, is enough. Nodes are blocks numbered from 1.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from planning.kernels.borrowing import borrow
from planning.kernels.cones import Arcs, next_labelled

ByteArray = NDArray[np.uint8]


@njit(cache=True, nogil=True)
def drop_open(arcs: Arcs, mark: ByteArray) -> None:
    """Unmark every node that needs an unmarked one, from above downwards.

    Parameters
    ----------
    arcs : Arcs
        Cones.
    mark : ndarray of uint8, shape (n + 1,)
        1 for the nodes of the set; changed.
    """
    box, pattern, offset = arcs.box, borrow(arcs.pattern), borrow(arcs.offset)
    zone, indptr, indices = borrow(arcs.zone), borrow(arcs.indptr), borrow(arcs.indices)
    marks = borrow(mark)
    for node in range(box.n, 0, -1):
        if marks[node] == 1:
            _, missing = next_labelled(
                box, pattern, offset, zone, indptr, indices, marks, node, 0, 0
            )
            if missing > 0:
                marks[node] = 0


@njit(cache=True, nogil=True)
def take_needed(arcs: Arcs, mark: ByteArray) -> None:
    """Mark every node that a marked one needs, from below upwards.

    Parameters
    ----------
    arcs : Arcs
        Cones.
    mark : ndarray of uint8, shape (n + 1,)
        1 for the nodes of the set; changed.
    """
    box, pattern, offset = arcs.box, borrow(arcs.pattern), borrow(arcs.offset)
    zone, indptr, indices = borrow(arcs.zone), borrow(arcs.indptr), borrow(arcs.indices)
    marks = borrow(mark)
    for node in range(1, box.n + 1):
        if marks[node] == 0:
            continue
        number = 0
        while True:
            number, missing = next_labelled(
                box, pattern, offset, zone, indptr, indices, marks, node, number, 0
            )
            if missing == 0:
                break
            marks[missing] = 1
