"""Which blocks must be mined before a block: arcs in a list, or a cone that every block shares?

Two nouns say the same thing in two ways. `ArcPrecedence` lists every arc, as imported problems do.
`ConePrecedence` keeps a pattern of offsets for each slope zone and stores no arc at all; what lies
outside its grid need not be mined. Either is handed to `planning.limits.pit.ultimate_pit`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem
from planning.errors import CyclicPrecedence
from planning.kernels import arcs as arc_kernels
from planning.kernels.cones import Arcs, Box, count_arcs, list_arcs
from planning.limits.interruptions import interruptible

IntArray = NDArray[np.int64]
ShortArray = NDArray[np.int32]
ByteArray = NDArray[np.uint8]
#: Block numbers are kept in 32 bits, with one number to spare for "none".
MOST_BLOCKS = 2**31 - 2
#: Patterns are numbered in a byte.
MOST_PATTERNS = 256
#: Wrong rows that one message names.
SHOWN = 5


@dataclass(frozen=True, slots=True, eq=False)
class ArcPrecedence:
    """Precedence as a list of arcs; made by `arc_precedence`, which checks it.

    Parameters
    ----------
    indptr : array of int, shape (n_blocks + 1,)
        Where each block's predecessors begin in *indices*.
    indices : array of int, shape (n_arcs,)
        Predecessors: ``indices[indptr[b]:indptr[b + 1]]`` must be mined before block b, or with it.
    """

    indptr: IntArray
    indices: ShortArray

    @property
    def n_blocks(self) -> int:
        """Number of blocks."""
        return int(self.indptr.size) - 1

    @property
    def n_arcs(self) -> int:
        """Number of arcs."""
        return int(self.indices.size)

    def predecessors(self, block: int) -> ShortArray:
        """Return the blocks that must be mined before a block."""
        return self.indices[self.indptr[block] : self.indptr[block + 1]]

    def facts(self) -> list[Fact]:
        """Say what a reader wants to know first."""
        return [
            Fact("blocks", f"{self.n_blocks:,}"),
            Fact("arcs", f"{self.n_arcs:,}"),
            Fact("arcs a block", self.n_arcs / max(self.n_blocks, 1)),
        ]

    def __str__(self) -> str:
        return as_text("Precedence, arc by arc", self.facts())

    def _repr_html_(self) -> str:
        return as_html("Precedence, arc by arc", self.facts())


@dataclass(frozen=True, slots=True, eq=False)
class ConePrecedence:
    """Precedence as patterns of offsets in a grid; every arc points upwards, so no circle.

    Parameters
    ----------
    shape : tuple = (nx, ny, nz)
        Numbers of blocks along the grid's axes; blocks are numbered as `deposits.grid.Grid` does.
    patterns : tuple of int array, each of shape (m, 3)
        Offsets (di, dj, dk) in blocks from a block to its predecessors, dk at least 1.
    zone : array of uint8, shape (n_blocks,), or None
        Which pattern each block has; None when all have the first.

    Raises
    ------
    DataError
        If a pattern points sideways or down, or the zones do not fit; all at once.

    Examples
    --------
    >>> cone = ConePrecedence((3, 3, 2), (np.array([[0, 0, 1], [1, 0, 1]]),))
    >>> cone.n_blocks, cone.n_arcs
    (18, 15)
    """

    shape: tuple[int, int, int]
    patterns: tuple[IntArray, ...]
    zone: ByteArray | None = None

    def __post_init__(self) -> None:
        """Refuse what describes no cones."""
        problems = [*_pattern_problems(self.patterns), *_zone_problems(self)]
        if problems:
            raise DataError(problems)

    @property
    def n_blocks(self) -> int:
        """Number of blocks."""
        nx, ny, nz = self.shape
        return nx * ny * nz

    @property
    def n_arcs(self) -> int:
        """Number of arcs that end inside the grid (counted one by one when there are zones)."""
        if self.zone is not None:
            return int(count_arcs(kernel_arcs(self))[-1])
        inside = np.maximum(np.asarray(self.shape) - np.abs(self.patterns[0]), 0)
        return int(inside.prod(axis=1).sum())

    def facts(self) -> list[Fact]:
        """Say what a reader wants to know first."""
        most = max(len(pattern) for pattern in self.patterns)
        return [
            Fact("blocks", f"{self.n_blocks:,}"),
            Fact("patterns", f"{len(self.patterns)}"),
            Fact("offsets, at most", f"{most}"),
        ]

    def __str__(self) -> str:
        return as_text("Precedence, by cones", self.facts())

    def _repr_html_(self) -> str:
        return as_html("Precedence, by cones", self.facts())


Precedence = ArcPrecedence | ConePrecedence


@interruptible()
def arc_precedence(n_blocks: int, block: ArrayLike, predecessor: ArrayLike) -> ArcPrecedence:
    """List arcs block by block, check that they can be satisfied, and merge duplicates.

    Parameters
    ----------
    n_blocks : int
        Number of blocks; they are numbered from 0.
    block : array of int, shape (m,)
        Blocks that need another one, in any order.
    predecessor : array of int, shape (m,)
        The block each needs mined before it.

    Returns
    -------
    ArcPrecedence
        Every different arc once, predecessors rising.

    Raises
    ------
    CyclicPrecedence
        If blocks need one another in a circle; the error shows it.
    DataError
        If block numbers are not in [0, n_blocks), or there are too many blocks.

    Examples
    --------
    >>> above = arc_precedence(3, [0, 0, 0], [2, 1, 2])
    >>> above.predecessors(0), above.n_arcs
    (array([1, 2], dtype=int32), 2)
    """
    tails, heads = np.asarray(block), np.asarray(predecessor)
    problems = [*too_many(n_blocks), *_arc_problems(n_blocks, tails, heads)]
    if problems:
        raise DataError(problems)
    keys = tails.astype(np.int64) * n_blocks + heads.astype(np.int64)
    # Sorted in place and thinned: numpy's unique hashes integers, many times slower here.
    keys.sort()
    keys = keys[np.diff(keys, prepend=-1) != 0]
    per_block = np.bincount(keys // max(n_blocks, 1), minlength=n_blocks)
    indptr = np.concatenate([[0], np.cumsum(per_block)]).astype(np.int64)
    indices = (keys % max(n_blocks, 1)).astype(np.int32)
    cycle = arc_kernels.find_cycle(indptr, indices)
    if cycle.size:
        raise CyclicPrecedence(cycle.tolist())
    return ArcPrecedence(indptr, indices)


@interruptible()
def as_arcs(cone: ConePrecedence) -> ArcPrecedence:
    """List the arcs of cones, those that leave the grid left out.

    Parameters
    ----------
    cone : ConePrecedence
        Patterns in a grid.

    Returns
    -------
    ArcPrecedence
        The same precedence, 4 bytes an arc.
    """
    arcs = kernel_arcs(cone)
    indptr = count_arcs(arcs)
    return ArcPrecedence(indptr, list_arcs(arcs, indptr))


def kernel_arcs(precedence: Precedence) -> Arcs:
    """Return what the kernels read for either kind of precedence.

    Parameters
    ----------
    precedence : ArcPrecedence or ConePrecedence
        Which blocks must be mined before which.

    Returns
    -------
    Arcs
        Arrays of a kernel's types; a listed precedence shares its arrays when they have them.
    """
    zone, indptr, indices = np.zeros(0, np.uint8), np.zeros(0, np.int64), np.zeros(0, np.int32)
    if isinstance(precedence, ArcPrecedence):
        indptr = np.ascontiguousarray(precedence.indptr, np.int64)
        indices = np.ascontiguousarray(precedence.indices, np.int32)
        box = Box(precedence.n_blocks, 0, 0, 0)
        empty = np.zeros((0, 7), np.int64), np.zeros((0, 4), np.int64)
        return Arcs(box, *empty, zone, indptr, indices)
    nx, ny, nz = precedence.shape
    offsets = [np.asarray(pattern, np.int64).reshape(-1, 3) for pattern in precedence.patterns]
    every = np.concatenate(offsets)
    steps = every[:, 0] + nx * (every[:, 1] + ny * every[:, 2])
    ends = np.cumsum([len(part) for part in offsets])
    rows = [[end - len(part), end, *_reach(part)] for end, part in zip(ends, offsets, strict=True)]
    if precedence.zone is not None:
        zone = np.ascontiguousarray(precedence.zone, np.uint8)
    table = np.ascontiguousarray(np.column_stack([every, steps]))
    box = Box(precedence.n_blocks, nx, ny, nz)
    return Arcs(box, np.array(rows, dtype=np.int64), table, zone, indptr, indices)


def too_many(n_blocks: int) -> list[Problem]:
    """Return the problem of more blocks than 32-bit numbers can name, if it is one."""
    if n_blocks <= MOST_BLOCKS:
        return []
    remedy = "Take a coarser grid, or cut away what can never be mined."
    return [
        Problem("too many blocks", "precedence", f"{n_blocks:,}", f"up to {MOST_BLOCKS:,}", remedy)
    ]


def _reach(offsets: IntArray) -> list[int]:
    """How far a pattern goes west, east, south, north and up."""
    low = np.minimum(offsets.min(axis=0, initial=0), 0)
    high = np.maximum(offsets.max(axis=0, initial=0), 0)
    return [-int(low[0]), int(high[0]), -int(low[1]), int(high[1]), int(high[2])]


def _pattern_problems(patterns: tuple[IntArray, ...]) -> Iterable[Problem]:
    if not 1 <= len(patterns) <= MOST_PATTERNS:
        yield Problem(
            "patterns are numbered in a byte", "cones", f"{len(patterns)}", f"1 to {MOST_PATTERNS}"
        )
    for number, pattern in enumerate(patterns):
        offsets = np.asarray(pattern)
        whole = np.issubdtype(offsets.dtype, np.integer) or not offsets.size
        if offsets.ndim != 2 or offsets.shape[1] != 3 or not whole:
            yield Problem(
                "a pattern is a table of whole offsets",
                f"pattern {number}",
                f"shape {offsets.shape}, {offsets.dtype}",
                "(m, 3): di, dj, dk",
            )
        elif np.any(offsets[:, 2] < 1):
            wrong = offsets[offsets[:, 2] < 1][0].tolist()
            yield Problem(
                "an offset does not point upwards",
                f"pattern {number}",
                f"{wrong}",
                "dk of at least 1",
                "A block needs what lies above it; turn the sign of dk.",
            )


def _zone_problems(cone: ConePrecedence) -> Iterable[Problem]:
    yield from too_many(cone.n_blocks)
    if min(cone.shape) < 0:
        yield Problem("a grid has no negative number of blocks", "cones", f"{cone.shape}")
    if cone.zone is None:
        return
    zone = np.asarray(cone.zone)
    if zone.shape != (cone.n_blocks,):
        yield Problem(
            "there must be one zone a block", "zone", f"shape {zone.shape}", f"({cone.n_blocks},)"
        )
    elif zone.size and not 0 <= int(zone.min()) <= int(zone.max()) < len(cone.patterns):
        rows = np.flatnonzero((zone < 0) | (zone >= len(cone.patterns)))
        yield Problem(
            "a zone has no pattern",
            f"block {rows[0]}, one of {len(rows):,}",
            f"{zone[rows[0]]}",
            f"0 to {len(cone.patterns) - 1}",
        )


def _arc_problems(n_blocks: int, tails: NDArray[np.int64], heads: IntArray) -> Iterable[Problem]:
    if tails.ndim != 1 or tails.shape != heads.shape:
        yield Problem(
            "an arc has two ends", "precedence", f"{tails.shape} and {heads.shape}", "equal lengths"
        )
        return
    for name, ends in (("block", tails), ("predecessor", heads)):
        if ends.size and not np.issubdtype(ends.dtype, np.integer):
            yield Problem("block numbers are whole", name, f"{ends.dtype}", "whole numbers")
            continue
        rows = np.flatnonzero((ends < 0) | (ends >= n_blocks))
        if rows.size:
            shown = ", ".join(f"{ends[row]} in arc {row}" for row in rows[:SHOWN])
            more = f" and {rows.size - SHOWN:,} more" if rows.size > SHOWN else ""
            yield Problem(
                "an arc names a block that does not exist",
                name,
                shown + more,
                f"0 to {n_blocks - 1:,}",
                "Blocks are numbered from 0.",
            )
