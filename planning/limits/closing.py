"""Which blocks must go, or come, so that a set of blocks holds all that lies above its own?

A set is *closed* when with every block it holds the block's predecessors. Every set has one largest
closed set inside it and one smallest around it; unions of closed sets are closed.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from planning.kernels.closing import drop_open, take_needed
from planning.kernels.cones import Arcs
from planning.limits.interruptions import interruptible
from planning.limits.precedence import ArcPrecedence, ConePrecedence, Precedence, kernel_arcs

BoolArray = NDArray[np.bool_]
Sweep = Callable[[Arcs, NDArray[np.uint8]], None]


def largest_closed(blocks: BoolArray, precedence: Precedence) -> BoolArray:
    """Return the largest closed set inside a set: blocks that lack a predecessor go.

    Parameters
    ----------
    blocks : ndarray of bool, shape (n,)
        Any set.
    precedence : ArcPrecedence or ConePrecedence
        What each block needs.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    if isinstance(precedence, ArcPrecedence):
        return _largest_by_arcs(blocks, precedence)
    return _swept(drop_open, blocks, precedence)


def smallest_closed(blocks: BoolArray, precedence: Precedence) -> BoolArray:
    """Return the smallest closed set around a set: all predecessors come.

    Parameters
    ----------
    blocks : ndarray of bool, shape (n,)
        Any set.
    precedence : ArcPrecedence or ConePrecedence
        What each block needs.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    if isinstance(precedence, ArcPrecedence):
        return _smallest_by_arcs(blocks, precedence)
    return _swept(take_needed, blocks, precedence)


@interruptible()
def _swept(sweep: Sweep, blocks: BoolArray, cone: ConePrecedence) -> BoolArray:
    """Let a kernel change a copy of a set."""
    mark = np.zeros(cone.n_blocks + 1, dtype=np.uint8)
    mark[1:] = blocks
    sweep(kernel_arcs(cone), mark)
    marked: BoolArray = mark[1:] == 1
    return marked


def _largest_by_arcs(blocks: BoolArray, arcs: ArcPrecedence) -> BoolArray:
    """Take blocks away that lack a predecessor, until none does."""
    kept = np.array(blocks, dtype=np.bool_)
    owner = np.repeat(np.arange(arcs.n_blocks), np.diff(arcs.indptr))
    while True:
        broken = owner[kept[owner] & ~kept[arcs.indices]]
        if not len(broken):
            return kept
        kept[broken] = False


def _smallest_by_arcs(blocks: BoolArray, arcs: ArcPrecedence) -> BoolArray:
    """Take predecessors in, until none is missing."""
    taken = np.array(blocks, dtype=np.bool_)
    owner = np.repeat(np.arange(arcs.n_blocks), np.diff(arcs.indptr))
    while True:
        missing = arcs.indices[taken[owner] & ~taken[arcs.indices]]
        if not len(missing):
            return taken
        taken[missing] = True
