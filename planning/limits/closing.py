"""Which blocks must go, or come, so that a set of blocks holds all that lies above its own?

A set is *closed* when with every block it holds the block's predecessors. Every set has one largest
closed set inside it and one smallest around it; unions of closed sets are closed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.limits.precedence import ArcPrecedence, ConePrecedence, Precedence

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]


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
    kept = _levels(blocks, precedence)
    for level in range(precedence.shape[2] - 1, -1, -1):
        for pattern, where in _patterns(precedence, level):
            missing = np.zeros(kept.shape[1:], dtype=np.bool_)
            for offset in pattern:
                pair = _pair(kept.shape, level, offset)
                if pair is not None:
                    here, above = pair
                    missing[here] |= ~kept[level + offset[2]][above]
            kept[level] &= ~(missing & where)
    return kept.reshape(-1)


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
    taken = _levels(blocks, precedence)
    for level in range(precedence.shape[2]):
        if not taken[level].any():
            continue
        for pattern, where in _patterns(precedence, level):
            owners = taken[level] & where
            for offset in pattern:
                pair = _pair(taken.shape, level, offset)
                if pair is not None:
                    here, above = pair
                    taken[level + offset[2]][above] |= owners[here]
    return taken.reshape(-1)


def _levels(blocks: BoolArray, cone: ConePrecedence) -> BoolArray:
    """Return a copy of a set as (nz, ny, nx)."""
    nx, ny, nz = cone.shape
    return np.array(blocks, dtype=np.bool_).reshape(nz, ny, nx)


def _patterns(cone: ConePrecedence, level: int) -> list[tuple[IntArray, BoolArray]]:
    """Return each pattern with the blocks of a level that have it, shape (ny, nx)."""
    nx, ny, _ = cone.shape
    if cone.zone is None:
        return [(cone.patterns[0], np.ones((ny, nx), dtype=np.bool_))]
    zone = cone.zone.reshape(-1, ny, nx)[level]
    return [(pattern, zone == number) for number, pattern in enumerate(cone.patterns)]


def _pair(
    shape: tuple[int, ...], level: int, offset: IntArray
) -> tuple[tuple[slice, slice], tuple[slice, slice]] | None:
    """Return slices of blocks and of those an offset away; None where that leaves the grid."""
    nz, ny, nx = shape
    dx, dy, dz = (int(v) for v in offset)
    if level + dz >= nz or abs(dx) >= nx or abs(dy) >= ny:
        return None
    here = slice(max(0, -dy), ny - max(0, dy)), slice(max(0, -dx), nx - max(0, dx))
    above = slice(max(0, dy), ny - max(0, -dy)), slice(max(0, dx), nx - max(0, -dx))
    return here, above


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
