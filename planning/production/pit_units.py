"""Which blocks of a pit are planned together, if there are too many to plan one by one?

A unit lies on one bench, in one square of blocks in plan, and holds one class of rock: waste, or
ore of one grade bin. It comes after every unit that holds a block which one of its own blocks
needs, so the slopes of a plan of units are those of its blocks: never steeper. Since slopes point
upwards, units need only units of higher benches, and no circle can close. With squares of one block
a unit is a block: direct block scheduling. Where even large squares leave too many, a unit is a
bench of a pushback.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem
from deposits.grid import Grid
from planning.limits.precedence import (
    ArcPrecedence,
    ConePrecedence,
    Precedence,
    arc_precedence,
)

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
#: Largest square that is tried before benches of pushbacks [blocks along an edge].
WIDEST = 12
#: Class of waste and air; ore of grade bin b has the class b + 1.
WASTE = 0


@dataclass(frozen=True, slots=True, eq=False)
class PitUnits:
    """Blocks of a pit gathered into units, and which units come first.

    Parameters
    ----------
    grid : Grid
        The n blocks.
    unit : ndarray of int, shape (n,)
        Unit of each block, -1 where it holds no rock or is not planned.
    bench, row, column : ndarray of int, shape (m,)
        Where each of the m units lies: bench from the bottom, square along northing and easting
        of the grid; row and column are -1 in benches of pushbacks.
    kind : ndarray of int, shape (m,)
        Class of rock: `WASTE`, else 1 + grade bin.
    phase : ndarray of int, shape (m,)
        Pushback of the unit, 0 where units are not cut by pushbacks.
    side : int
        Blocks along an edge of a square; 0 for benches of pushbacks.
    precedence : ArcPrecedence
        Which units come before each.
    """

    grid: Grid
    unit: IntArray
    bench: IntArray
    row: IntArray
    column: IntArray
    kind: IntArray
    phase: IntArray
    side: int
    precedence: ArcPrecedence

    @property
    def n_units(self) -> int:
        """Number of units."""
        return int(self.bench.size)

    def sums(self, amount: FloatArray) -> FloatArray:
        """Add up an amount of the blocks, shape (n,), unit by unit, shape (m,)."""
        inside = self.unit >= 0
        added = np.bincount(self.unit[inside], amount[inside], self.n_units)
        return np.asarray(added, dtype=np.float64)

    def floors_m(self) -> FloatArray:
        """Return the elevation of each unit's floor [m], shape (m,)."""
        return np.asarray(self.grid.origin_m[2] + self.bench * self.grid.size_m[2], np.float64)

    def names(self) -> tuple[str, ...]:
        """Name the units by elevation, place and class of rock, each once."""
        floors = [f"{floor:g}" for floor in self.floors_m()]
        kinds = ["waste" if kind == WASTE else f"ore{kind}" for kind in self.kind]
        if not self.side:
            rows = zip(floors, self.phase, kinds, strict=True)
            return tuple(f"{floor}-P{phase}-{kind}" for floor, phase, kind in rows)
        places = zip(floors, self.row, self.column, kinds, strict=True)
        return tuple(f"{floor}-R{row}-C{column}-{kind}" for floor, row, column, kind in places)

    def sentence(self) -> str:
        """Say what a unit is."""
        blocks = int(np.count_nonzero(self.unit >= 0))
        apart = "ore of each grade bin and waste apart"
        if self.side == 1:
            return f"Planned block by block: {blocks:,} blocks; no blocks are put together."
        head = f"{blocks:,} blocks are put together into {self.n_units:,} units"
        kept = "A unit waits for all that any of its blocks needs: slopes are kept"
        if not self.side:
            return f"{head}: benches of pushbacks, {apart}. {kept}."
        dx, dy, dz = self.grid.size_m
        size = f"{self.side * dx:g} x {self.side * dy:g} x {dz:g} m"
        return f"{head}: squares of {size} on one bench, {apart}. {kept}."

    def facts(self) -> list[Fact]:
        """Say what a reader wants to know first."""
        return [
            Fact("Units", f"{self.n_units:,}"),
            Fact("Blocks", f"{int(np.count_nonzero(self.unit >= 0)):,}"),
            Fact("Arcs", f"{self.precedence.n_arcs:,}"),
            Fact("Blocks along an edge", f"{self.side}" if self.side else "benches of pushbacks"),
        ]

    def __str__(self) -> str:
        """Facts as plain text."""
        return as_text("Units of a pit", self.facts())

    def _repr_html_(self) -> str:
        """Facts as HTML."""
        return as_html("Units of a pit", self.facts())


@dataclass(frozen=True, slots=True, eq=False)
class DugRock:
    """Which blocks a plan may dig, and what they are.

    Parameters
    ----------
    grid : Grid
        The n blocks.
    dug : ndarray of bool, shape (n,)
        Blocks the plan may dig, air among them; closed under the slopes.
    rock_t : ndarray of float, shape (n,)
        All rock of each block [t]; 0 is air.
    kind : ndarray of int, shape (n,)
        `WASTE`, or 1 + grade bin of ore.
    phase : ndarray of int, shape (n,)
        Pushback of each block, from 1; all 1 without pushbacks.
    """

    grid: Grid
    dug: BoolArray
    rock_t: FloatArray
    kind: IntArray
    phase: IntArray


def pit_units(rock: DugRock, precedence: Precedence, most_units: int) -> PitUnits:
    """Gather blocks into the smallest units of which there are not too many.

    Parameters
    ----------
    rock : DugRock
        What may be dug.
    precedence : ArcPrecedence or ConePrecedence
        Slopes, block by block; every arc must lead to a higher bench.
    most_units : int
        Most units, at least 1; where benches of pushbacks are more, they are the units all the
        same.

    Returns
    -------
    PitUnits

    Raises
    ------
    DataError
        If arrays do not fit, or an arc does not lead upwards.
    """
    problems = _problems(rock, precedence)
    if problems:
        raise DataError(problems)
    whole = np.flatnonzero(rock.dug & (rock.rock_t > 0.0))
    for side in (1, *range(2, WIDEST + 1)):
        keys = _keys(rock, side)
        if np.unique(keys[whole]).size <= most_units:
            return _gather(rock, precedence, keys, side)
    return _gather(rock, precedence, _keys(rock, 0), 0)


def _problems(rock: DugRock, precedence: Precedence) -> list[Problem]:
    """List arrays that do not fit."""
    n = rock.grid.n_blocks
    named = {"dug": rock.dug, "rock_t": rock.rock_t, "kind": rock.kind, "phase": rock.phase}
    problems = [
        Problem(f"{name} is not one number a block", "pit units", str(array.shape), f"({n},)")
        for name, array in named.items()
        if array.shape != (n,)
    ]
    if precedence.n_blocks != n:
        found = f"{precedence.n_blocks:,} and {n:,} blocks"
        problems.append(Problem("precedence and grid differ", "pit units", found))
    return problems


def _keys(rock: DugRock, side: int) -> IntArray:
    """Give the number of the unit every block would be in, with gaps, shape (n,)."""
    nx, ny, _ = rock.grid.shape
    block = np.arange(rock.grid.n_blocks)
    bench, place = block // (nx * ny), block % (nx * ny)
    kinds = int(rock.kind.max(initial=0)) + 1
    if not side:
        phases = int(rock.phase.max(initial=0)) + 1
        keys = (bench * phases + rock.phase) * kinds + rock.kind
    else:
        rows, columns = place // nx // side, place % nx // side
        across, along = -(-nx // side), -(-ny // side)
        keys = ((bench * along + rows) * across + columns) * kinds + rock.kind
    return np.asarray(keys, dtype=np.int64)


def _gather(rock: DugRock, precedence: Precedence, keys: IntArray, side: int) -> PitUnits:
    """Put blocks of one key together, and units of nothing but air out of the way."""
    nx, ny, _ = rock.grid.shape
    inside = np.flatnonzero(rock.dug)
    first, number = np.unique(keys[inside], return_inverse=True)
    group = np.full(rock.grid.n_blocks, -1, dtype=np.int64)
    group[inside] = number
    solid = np.bincount(number, rock.rock_t[inside], first.size) > 0.0
    sample = np.zeros(first.size, dtype=np.int64)
    sample[number] = inside
    bench = sample // (nx * ny)
    tails, heads = _through_air(*_arcs(precedence, group, inside), bench, solid)
    renumbered = np.cumsum(solid) - 1
    tails, heads = renumbered[tails], renumbered[heads]
    if side != 1:  # the offsets of single blocks imply nothing
        tails, heads = _not_implied(tails, heads, int(solid.sum()))
    unit = np.where(group >= 0, np.where(solid[group], renumbered[group], -1), -1)
    unit[rock.rock_t <= 0.0] = -1
    kept = sample[solid]
    place = kept % (nx * ny)
    nowhere = np.full(kept.size, -1, dtype=np.int64)
    return PitUnits(
        grid=rock.grid,
        unit=unit.astype(np.int64),
        bench=bench[solid],
        row=place // nx // side if side else nowhere,
        column=place % nx // side if side else nowhere,
        kind=rock.kind[kept].astype(np.int64),
        phase=np.zeros_like(nowhere) if side else rock.phase[kept].astype(np.int64),
        side=side,
        precedence=arc_precedence(kept.size, tails, heads),
    )


def _arcs(precedence: Precedence, group: IntArray, inside: IntArray) -> tuple[IntArray, IntArray]:
    """List the arcs between groups of blocks, each once: (which, the one it needs)."""
    found: list[IntArray] = []
    count = int(group.max(initial=-1)) + 1
    for tails, heads in _block_arcs(precedence, inside):
        if (group[heads] < 0).any():
            block = int(tails[group[heads] < 0][0])
            fact, remedy = "a block needs one that may not be dug", "Offer a closed set of blocks."
            raise DataError([Problem(fact, f"pit units, block {block}", remedy=remedy)])
        found.append(np.unique(group[tails] * count + group[heads]))
    both = np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)
    return both // max(count, 1), both % max(count, 1)


def _block_arcs(precedence: Precedence, inside: IntArray) -> list[tuple[IntArray, IntArray]]:
    """List the arcs of some blocks in parts: offset by offset, or all at once."""
    if isinstance(precedence, ArcPrecedence):
        counts = np.diff(precedence.indptr)[inside]
        starts = np.repeat(precedence.indptr[inside] - np.cumsum(counts) + counts, counts)
        heads = precedence.indices[starts + np.arange(counts.sum())].astype(np.int64)
        return [(np.repeat(inside, counts), heads)]
    parts = []
    for number, pattern in enumerate(precedence.patterns):
        own = inside if precedence.zone is None else inside[precedence.zone[inside] == number]
        parts += [_shifted(precedence, own, offset) for offset in pattern]
    return [(tails, heads) for tails, heads in parts if tails.size]


def _shifted(cone: ConePrecedence, block: IntArray, offset: IntArray) -> tuple[IntArray, IntArray]:
    """Return the arcs that one offset gives some blocks; those that leave the grid left out."""
    nx, ny, nz = cone.shape
    i = block % nx + offset[0]
    j = block // nx % ny + offset[1]
    k = block // (nx * ny) + offset[2]
    here = (i >= 0) & (i < nx) & (j >= 0) & (j < ny) & (k < nz)
    return block[here], (i + nx * (j + ny * k))[here]


def _through_air(
    tails: IntArray, heads: IntArray, bench: IntArray, solid: BoolArray
) -> tuple[IntArray, IntArray]:
    """Replace arcs to groups of air by arcs to the rock that these need, from the top down."""
    if (bench[heads] <= bench[tails]).any():
        raise DataError([Problem("an arc does not lead to a higher bench", "pit units")])
    needs: dict[int, IntArray] = {}
    kept: list[tuple[IntArray, IntArray]] = []
    order = np.argsort(-bench[tails], kind="stable")
    tails, heads = tails[order], heads[order]
    cuts = np.flatnonzero(np.diff(tails)) + 1
    for own, above in zip(np.split(tails, cuts), np.split(heads, cuts), strict=True):
        if not own.size:
            continue
        through = [needs[a] for a in above[~solid[above]].tolist() if a in needs]
        rock = np.unique(np.concatenate([above[solid[above]], *through]))
        if solid[own[0]]:
            kept.append((np.full(rock.size, own[0]), rock))
        elif rock.size:
            needs[int(own[0])] = rock
    none = np.zeros(0, dtype=np.int64)
    return (
        np.concatenate([none, *(pair[0] for pair in kept)]),
        np.concatenate([none, *(pair[1] for pair in kept)]),
    )


def _not_implied(tails: IntArray, heads: IntArray, count: int) -> tuple[IntArray, IntArray]:
    """Leave out arcs that two others imply: a before b and b before c say a before c."""
    from scipy.sparse import csr_array  # 0.2 s to load, and few commands plan a pit

    ones = np.ones(tails.size, dtype=np.int32)
    needs = csr_array((ones, (tails, heads)), shape=(count, count))
    # Arcs lead upwards, so none can stand for itself: all that are implied may go at once.
    kept = (needs - needs.multiply((needs @ needs) > 0)).tocoo()
    there = kept.data > 0
    return kept.row[there].astype(np.int64), kept.col[there].astype(np.int64)
