"""Where on its benches does a pushback leave machines room, and how is it changed where not?

A pushback has room at a block when a disc (or a square) of the least width holds the block and lies
wholly within the pushback on that bench; the morphological opening of the bench's mask is all such
blocks. Air needs no room, and air inside the pushback counts as room. A block without room in the
whole pit, such as its lowest point, can have none in any pushback: it is told, but no pushback is
changed for it. Unions of sets with room have room, and unions of closed sets are closed, so of all
pits between two others there is one largest (and one smallest) that leaves room: the answers here
are unique, not a matter of sweeping order.

Pushbacks are changed in two passes. Inwards, from the last to the second: each takes in as little
as possible so that what it leaves to the one around it has room. Outwards, from the first to the
last but one: each keeps as much as possible that has room. Either pass may come first. What then
has no room though it could lies in the last pushback (in the first, when the inward pass comes
second).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from deposits.grid import Grid
from planning.limits.closing import largest_closed, smallest_closed
from planning.limits.precedence import ArcPrecedence, ConePrecedence, Precedence
from planning.limits.pushback_plan import Direction, Element

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
#: Part of a block by which a width may pass a whole number of blocks without asking one more.
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Room:
    """What a bench must have room for, and which blocks need it.

    Parameters
    ----------
    grid : Grid
        n blocks.
    needs : ndarray of bool, shape (n,)
        Blocks that need room: rock, but for what has none in the whole pit either.
    element : ndarray of bool, shape (rows, columns)
        Blocks that machines take, northing by easting.
    precedence : ArcPrecedence or ConePrecedence
        What each block needs.
    """

    grid: Grid
    needs: BoolArray
    element: BoolArray
    precedence: Precedence

    def roomy(self, ring: BoolArray) -> BoolArray:
        """Return the blocks of a pushback with room around them, or that need none, shape (n,)."""
        if self.element.size == 1 or not ring.any():
            return ring
        mask = _levels(ring, self)
        (rows, columns), (_, ny, nx) = self.element.shape, mask.shape
        covered = np.zeros_like(mask)
        if rows <= ny and columns <= nx:
            parts = [
                (slice(None), slice(y, y + ny - rows + 1), slice(x, x + nx - columns + 1))
                for y, x in np.argwhere(self.element).tolist()
            ]
            fits = mask[parts[0]].copy()
            for part in parts[1:]:
                fits &= mask[part]
            for part in parts:
                covered[part] |= fits
        return covered.reshape(-1) | (ring & ~self.needs)


def widest_bench_m(pit: BoolArray, grid: Grid) -> float:
    """Return the width of a pit's widest bench: the lesser of its two extents along the grid [m].

    Parameters
    ----------
    pit : ndarray of bool, shape (n,)
        Blocks dug.
    grid : Grid
        n blocks.

    Returns
    -------
    float
        0 for a pit of no blocks; machines wider than this have room on no bench.
    """
    levels = pit.reshape(grid.shape[::-1])
    rows, columns = np.any(levels, axis=2), np.any(levels, axis=1)
    long, wide = _extents(rows) * grid.size_m[1], _extents(columns) * grid.size_m[0]
    return float(np.minimum(long, wide).max(initial=0.0))


def _extents(lines: BoolArray) -> IntArray:
    """Return how far each row reaches from its first block to its last, shape (rows,)."""
    reach = lines.shape[1] - lines[:, ::-1].argmax(axis=1) - lines.argmax(axis=1)
    extents: IntArray = np.where(lines.any(axis=1), reach, 0)
    return extents


def element_of(width_m: float, grid: Grid, element: Element) -> BoolArray:
    """Return the blocks that a width takes.

    Parameters
    ----------
    width_m : float
        Width [m].
    grid : Grid
        Whose blocks.
    element : {"disc", "square"}
        A square, or of it the blocks whose centres lie in the inscribed ellipse.

    Returns
    -------
    ndarray of bool, shape (rows, columns)
        The fewest blocks that reach the width along each axis; one block for 0 m.

    Examples
    --------
    >>> grid = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 10.0), (9, 9, 9))
    >>> element_of(40.0, grid, "disc").astype(int)
    array([[0, 1, 1, 0],
           [1, 1, 1, 1],
           [1, 1, 1, 1],
           [0, 1, 1, 0]])
    """
    columns, rows = (max(1, math.ceil(width_m / size - TOLERANCE)) for size in grid.size_m[:2])
    if element == "square":
        return np.ones((rows, columns), dtype=np.bool_)
    y, x = np.mgrid[:rows, :columns]
    across = (x - (columns - 1) / 2) / (columns / 2)
    along = (y - (rows - 1) / 2) / (rows / 2)
    inside: BoolArray = across**2 + along**2 <= 1.0
    return inside


def largest_roomy(inner: BoolArray, outer: BoolArray, room: Room) -> BoolArray:
    """Return the largest pit between two whose ring around the inner one has room everywhere.

    Parameters
    ----------
    inner, outer : ndarray of bool, shape (n,)
        Closed, the inner inside the outer.
    room : Room
        What a bench must have room for.

    Returns
    -------
    ndarray of bool, shape (n,)
        Closed; what is too narrow is left to the pushback around it.
    """
    pit = outer
    while True:
        less = largest_closed(inner | room.roomy(pit & ~inner), room.precedence)
        if np.array_equal(less, pit):
            return pit
        pit = less


def smallest_roomy(inner: BoolArray, outer: BoolArray, room: Room) -> BoolArray:
    """Return the smallest pit between two such that what it leaves of the outer has room.

    Parameters
    ----------
    inner, outer : ndarray of bool, shape (n,)
        Closed, the inner inside the outer.
    room : Room
        What a bench must have room for.

    Returns
    -------
    ndarray of bool, shape (n,)
        Closed; it has taken in what would be too narrow around it.
    """
    pit = inner
    while True:
        more = smallest_closed(outer & ~room.roomy(outer & ~pit), room.precedence)
        if np.array_equal(more, pit):
            return pit
        pit = more


def with_room(
    before: Sequence[BoolArray], room: Room, merge: Direction, *, trim: bool
) -> list[BoolArray]:
    """Change pits so that the rings between them have room.

    Parameters
    ----------
    before : sequence of ndarray of bool, shape (n,)
        Rising closed pits, the last one what is dug in the end.
    room : Room
        What a bench must have room for.
    merge : {"previous", "next"}
        Whether narrow rock goes inwards first or outwards.
    trim : bool
        Whether the last pit is first cut back to what has room in it.

    Returns
    -------
    list of ndarray of bool, shape (n,)
        As many pits, rising and closed; some may be alike.
    """
    if not before or not before[-1].any() or room.element.size == 1:
        return list(before)
    box, small = _crop(before[-1], room)
    pits = [np.ascontiguousarray(_levels(pit, room)[box]).reshape(-1) for pit in before]
    if trim:
        pits[-1] = largest_roomy(np.zeros_like(pits[0]), pits[-1], small)
        pits = [pit & pits[-1] for pit in pits]
    hopeless = pits[-1] & ~small.roomy(pits[-1])
    small = dataclasses.replace(small, needs=small.needs & ~hopeless)
    for change in (_outwards, _inwards) if merge == "next" else (_inwards, _outwards):
        pits = change(pits, small)
    found = []
    for pit in pits:
        whole = np.zeros(room.grid.n_blocks, dtype=np.bool_)
        _levels(whole, room)[box] = pit.reshape(small.grid.shape[::-1])
        found.append(whole)
    return found


def narrow_between(pits: Sequence[BoolArray], rock_t: FloatArray, room: Room) -> FloatArray:
    """Add up the rock without room between any two pits, but for what the last one has none for.

    Parameters
    ----------
    pits : sequence of ndarray of bool, shape (n,)
        m rising closed pits.
    rock_t : ndarray of float, shape (n,)
        Rock of each block [t].
    room : Room
        What a bench must have room for.

    Returns
    -------
    ndarray of float, shape (m + 1, m)
        [t]; row 0 from nothing, row i + 1 from pit i; 0 below the diagonal.
    """
    found = np.zeros((len(pits) + 1, len(pits)))
    if room.element.size == 1:
        return found
    box, small = _crop(pits[-1], room)
    cut = [np.ascontiguousarray(_levels(pit, room)[box]).reshape(-1) for pit in pits]
    tonnes = rock_t.reshape(room.grid.shape[::-1])[box].reshape(-1)
    tonnes = np.where(cut[-1] & ~small.roomy(cut[-1]), 0.0, tonnes)
    for row, inner in enumerate([np.zeros_like(cut[0]), *cut[:-1]]):
        for column in range(row, len(cut)):
            ring = cut[column] & ~inner
            found[row, column] = tonnes[ring & ~small.roomy(ring)].sum()
    return found


def _levels(blocks: BoolArray, room: Room) -> BoolArray:
    """Look at blocks as (nz, ny, nx)."""
    return blocks.reshape(room.grid.shape[::-1])


def _crop(pit: BoolArray, room: Room) -> tuple[tuple[slice, ...], Room]:
    """Cut the grid down to a closed pit; all that its blocks need lies in it too."""
    if isinstance(room.precedence, ArcPrecedence):
        return (slice(None),) * 3, room
    box = ndimage.find_objects(_levels(pit, room).astype(np.int8))[0]
    nz, ny, nx = (part.stop - part.start for part in box)
    zone = room.precedence.zone
    if zone is not None:
        zone = np.ascontiguousarray(zone.reshape(room.grid.shape[::-1])[box]).reshape(-1)
    grid = Grid(room.grid.origin_m, room.grid.size_m, (nx, ny, nz))
    precedence = ConePrecedence((nx, ny, nz), room.precedence.patterns, zone)
    needs = np.ascontiguousarray(_levels(room.needs, room)[box]).reshape(-1)
    return box, Room(grid, needs, room.element, precedence)


def _inwards(pits: list[BoolArray], room: Room) -> list[BoolArray]:
    """Let each pushback but the last take in what would be too narrow around it."""
    found = [pits[-1]]
    for pit in reversed(pits[:-1]):
        found.append(smallest_roomy(pit & found[-1], found[-1], room))
    return found[::-1]


def _outwards(pits: list[BoolArray], room: Room) -> list[BoolArray]:
    """Let each pushback but the last leave what is too narrow to the one around it."""
    found: list[BoolArray] = []
    inner = np.zeros_like(pits[0])
    for pit in pits[:-1]:
        inner = largest_roomy(inner, pit | inner, room)
        found.append(inner)
    return [*found, pits[-1]]
