"""Into which cut-off class and group does each block fall, and what do the classes sum to?

Every sum is kept as two numbers, the sum and what its rounding lost (TwoSum; Knuth 1997, The Art
of Computer Programming vol. 2, 3rd ed., 4.2.2, theorem B), so that neither the order of the
blocks nor the way they are cut into chunks shows in the result.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

#: Quantities before the elements; then the metal of each, then the tonnes that lack each.
BLOCKS, VOLUME, TONNES, FIRST_ELEMENT = 0, 1, 2, 3
#: Places in the tally of faults before the elements; each element then adds absent, impossible.
EMPTY, CUT_ABSENT, CUT_INFINITE, DENSITY_ABSENT, DENSITY_IMPOSSIBLE = 0, 1, 2, 3, 4
VOLUME_IMPOSSIBLE, FIRST_ELEMENT_FAULT = 5, 6


class Ladder(NamedTuple):
    """Cut-offs with an index that narrows the search to a few of them.

    cutoffs : float64 (m,), rising
    first, last : int32 (b,), how many cut-offs lie in buckets below, and below or in, each bucket
    low, shift : int, see `bucket`
    """

    cutoffs: NDArray[np.float64]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    low: int
    shift: int


class Blocks(NamedTuple):
    """A run of blocks.

    cut : float64 (n,); NaN is not estimated
    bits : int64 (n,), the same memory read as whole numbers
    elements : tuple of float64 (n,); NaN is absent
    density, volume : float64 (n,), or (1,) for one value everywhere
    group : int32 (n,)
    """

    cut: NDArray[np.float64]
    bits: NDArray[np.int64]
    elements: tuple[NDArray[np.float64], ...]
    density: NDArray[np.float64]
    volume: NDArray[np.float64]
    group: NDArray[np.int32]


@njit(cache=True, nogil=True, inline="always")
def bucket(bits: int, low: int, shift: int, n: int) -> int:
    """Return the bucket of a number given by its bits: finer for small numbers, as a logarithm is.

    The bits of positive floating-point numbers rise with the numbers (IEEE 754), so the bucket
    never falls when the number rises, and the search is exact. Negative ones are in bucket 0.
    """
    return min(max((max(bits, 0) >> shift) - low, 0), n - 1)


@njit(cache=True, nogil=True)
def fill_index(
    bits: NDArray[np.int64],
    low: int,
    shift: int,
    first: NDArray[np.int32],
    last: NDArray[np.int32],
) -> None:
    """Fill *first* and *last* of a `Ladder` from the bits of its cut-offs."""
    n = first.size
    for c in range(bits.size):
        last[bucket(bits[c], low, shift, n)] += 1
    total = 0
    for b in range(n):
        first[b] = total
        total += last[b]
        last[b] = total


@njit(cache=True, nogil=True, inline="always")
def steps_reached(z: float, bits: int, ladder: Ladder) -> int:
    """Return how many cut-offs are at or below *z*."""
    b = bucket(bits, ladder.low, ladder.shift, ladder.first.size)
    low, high = int(ladder.first[b]), int(ladder.last[b])
    while low < high:
        middle = (low + high) >> 1
        if z >= ladder.cutoffs[middle]:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, nogil=True, inline="always")
def add(cell: NDArray[np.float64], q: int, x: float) -> None:
    """Add *x* to quantity q of a cell, shape (quantities, 2): sum and lost part."""
    old = cell[q, 0]
    new = old + x
    virtual = new - old
    cell[q, 0] = new
    cell[q, 1] += (old - (new - virtual)) + (x - virtual)


@njit(cache=True, nogil=True)
def tally(
    blocks: Blocks,
    ladder: Ladder,
    lowest: NDArray[np.float64],
    cells: NDArray[np.float64],
    faults: NDArray[np.int64],
) -> None:
    """Sum a run of blocks by group and cut-off class.

    Parameters
    ----------
    blocks : Blocks
    ladder : Ladder
    lowest : float64 (e,), least value each element can have
    cells : float64 (groups, m + 2, 3 + 2 e, 2), added to; class c holds what reaches c cut-offs,
        class m + 1 what is not estimated
        (with one volume for all, the volumes are left to the caller)
    faults : int64 (6 + 2 e,), added to; a block with an impossible value is counted here only
    """
    n, m = blocks.cut.size, ladder.cutoffs.size
    density_step = 1 if blocks.density.size == n else 0
    volume_step = 1 if blocks.volume.size == n else 0
    for i in range(n):
        volume = blocks.volume[i * volume_step]
        if not (volume > 0.0 and volume < math.inf):
            faults[EMPTY if volume == 0.0 else VOLUME_IMPOSSIBLE] += 1
            continue
        density = blocks.density[i * density_step]
        z = blocks.cut[i]
        if math.isinf(z):
            faults[CUT_INFINITE] += 1
            continue
        if density <= 0.0 or math.isinf(density):
            faults[DENSITY_IMPOSSIBLE] += 1
            continue
        if math.isnan(z):
            faults[CUT_ABSENT] += 1
            cell = cells[blocks.group[i], m + 1]
            add(cell, BLOCKS, 1.0)
            if volume_step:
                add(cell, VOLUME, volume)
            add(cell, TONNES, volume * density)
            continue
        if math.isnan(density):
            faults[DENSITY_ABSENT] += 1
            continue
        tonnes = volume * density
        cell = cells[blocks.group[i], steps_reached(z, blocks.bits[i], ladder)]
        cell[BLOCKS, 0] += 1.0
        if volume_step:
            add(cell, VOLUME, volume)
        add(cell, TONNES, tonnes)
        for e in range(len(blocks.elements)):
            grade = blocks.elements[e][i]
            place = FIRST_ELEMENT + e
            if grade >= lowest[e] and grade < math.inf:
                add(cell, place, tonnes * grade)
            elif math.isnan(grade):
                faults[FIRST_ELEMENT_FAULT + 2 * e] += 1
                add(cell, place + len(blocks.elements), tonnes)
            else:
                faults[FIRST_ELEMENT_FAULT + 2 * e + 1] += 1


@njit(cache=True, nogil=True)
def fold(into: NDArray[np.float64], rows: NDArray[np.int64], part: NDArray[np.float64]) -> None:
    """Add *part*, shape (g, c, q, 2), to the given rows of *into*, shape (G, c, q, 2)."""
    for g in range(rows.size):
        for c in range(part.shape[1]):
            for q in range(part.shape[2]):
                add(into[rows[g], c], q, part[g, c, q, 0])
                into[rows[g], c, q, 1] += part[g, c, q, 1]


@njit(cache=True, nogil=True)
def cumulate(cells: NDArray[np.float64]) -> None:
    """Sum classes from the highest down, in place; *cells* has shape (G, c, q, 2)."""
    for g in range(cells.shape[0]):
        for c in range(cells.shape[1] - 2, -1, -1):
            for q in range(cells.shape[2]):
                add(cells[g, c], q, cells[g, c + 1, q, 0])
                cells[g, c, q, 1] += cells[g, c + 1, q, 1]
