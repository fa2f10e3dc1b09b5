"""Do pushbacks keep to their rules: closed, wide enough, in an order that keeps the lag?

Everything is looked at again, block by block, without the code that made the pushbacks: arcs are
walked from each block, room is found by scipy's morphological opening of every bench, and the order
of benches is replayed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from deposits.display import Fact, as_html, as_text
from planning.limits.pit_blocks import PitBlocks
from planning.limits.precedence import ArcPrecedence, Precedence
from planning.limits.pushback_plan import Pushbacks

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
#: Violations of one rule that are written out; the others are counted.
SHOWN = 5
#: Rounding of a sum, as a share of the sum of sizes.
SUM_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class PushbackCheck:
    """What holds of pushbacks.

    Parameters
    ----------
    open_arcs : int
        Blocks that are mined before a block they need, counted once for each such block.
    narrow : ndarray of int, shape (p,)
        Blocks of rock of each pushback without room for the least width.
    value_usd : ndarray of float, shape (p,)
        Undiscounted worth up to each pushback, added again [USD].
    violations : tuple of str
        Every rule that is broken, in words; () when all hold. Narrow blocks that the result
        itself counts are no violation.
    """

    open_arcs: int
    narrow: IntArray
    value_usd: FloatArray
    violations: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every rule is kept."""
        return not self.violations

    def facts(self) -> list[Fact]:
        """List what a reader wants to know first."""
        return [
            Fact("Holds", "yes" if self.holds else "no"),
            Fact("Blocks mined before what they need", f"{self.open_arcs:,}"),
            Fact("Blocks that miss the width", f"{int(self.narrow.sum()):,}"),
            *(Fact("Violation", words) for words in self.violations),
        ]

    def __str__(self) -> str:
        """Facts as plain text."""
        return as_text("Pushbacks, checked", self.facts())

    def _repr_html_(self) -> str:
        """Facts as HTML."""
        return as_html("Pushbacks, checked", self.facts())


def verify_pushbacks(
    pushbacks: Pushbacks, blocks: PitBlocks, precedence: Precedence
) -> PushbackCheck:
    """Check pushbacks against their rules.

    Parameters
    ----------
    pushbacks : Pushbacks
        The pit cut up.
    blocks : PitBlocks
        Rock and worth of every block.
    precedence : ArcPrecedence or ConePrecedence
        What each block needs.

    Returns
    -------
    PushbackCheck
    """
    number = pushbacks.number.astype(np.int64)
    open_arcs = 0
    examples: list[str] = []
    for block, above in _arcs(number, pushbacks, precedence):
        wrong = np.flatnonzero((number[above] == 0) | (number[above] > number[block]))
        open_arcs += len(wrong)
        examples += [f"{block[i]} needs {above[i]}" for i in wrong[: SHOWN - len(examples)]]
    violations = []
    if open_arcs:
        violations.append(f"{open_arcs:,} arcs are not kept, such as {', '.join(examples)}")
    rock = blocks.rock_t > 0.0
    count = len(pushbacks.factors)
    narrow, hopeless = _count_narrow(number, rock, pushbacks)
    for words, found, told in (
        ("blocks without room", narrow, pushbacks.narrow),
        ("blocks without room in the whole pit", hopeless, pushbacks.hopeless),
    ):
        if not np.array_equal(found, told):
            violations.append(f"{words}: {found.tolist()}, not {told.tolist()}")
    violations += _lag_violations(number, rock, pushbacks)
    worth = _worth(number, blocks, count)
    slack = SUM_ROUNDING * math.fsum(np.abs(blocks.value_usd).tolist())
    if worth.shape != pushbacks.value_usd.shape or np.any(
        np.abs(worth - pushbacks.value_usd) > slack
    ):
        violations.append(f"worth: {worth.tolist()}, not {pushbacks.value_usd.tolist()} USD")
    return PushbackCheck(open_arcs, narrow, worth, tuple(violations))


def _worth(number: IntArray, blocks: PitBlocks, count: int) -> FloatArray:
    """Add the worth of all blocks up to each pushback."""
    sums = [
        math.fsum(blocks.value_usd[(number >= 1) & (number <= p)].tolist())
        for p in range(1, count + 1)
    ]
    return np.array(sums, dtype=np.float64)


def _arcs(
    number: IntArray, pushbacks: Pushbacks, precedence: Precedence
) -> Iterator[tuple[IntArray, IntArray]]:
    """Walk arcs from every mined block, some at a time."""
    mined = np.flatnonzero(number > 0)
    if isinstance(precedence, ArcPrecedence):
        for block in np.array_split(mined, max(1, len(mined) // 100_000)):
            heads = [
                precedence.indices[precedence.indptr[b] : precedence.indptr[b + 1]] for b in block
            ]
            counts = np.array([len(h) for h in heads], dtype=np.int64)
            joined = np.concatenate(heads) if heads else np.zeros(0, np.int64)
            yield np.repeat(block, counts), joined.astype(np.int64)
        return
    i, j, k = pushbacks.grid.ijk(mined)
    nx, ny, nz = precedence.shape
    for pattern_number, pattern in enumerate(precedence.patterns):
        own = np.ones(len(mined), dtype=np.bool_)
        if precedence.zone is not None:
            own = precedence.zone[mined] == pattern_number
        elif pattern_number:
            continue
        for di, dj, dk in pattern.tolist():
            x, y, z = i + di, j + dj, k + dk
            inside = own & (x >= 0) & (x < nx) & (y >= 0) & (y < ny) & (z < nz)
            yield mined[inside], pushbacks.grid.index(x[inside], y[inside], z[inside])


def _count_narrow(
    number: IntArray, rock: BoolArray, pushbacks: Pushbacks
) -> tuple[IntArray, IntArray]:
    """Count rock without room in each pushback, and of it what has none in the whole pit."""
    never = _narrow(number > 0, rock, pushbacks)
    rings = [number == p for p in range(1, len(pushbacks.factors) + 1)]
    narrow = [int(_narrow(ring, rock, pushbacks).sum()) for ring in rings]
    hopeless = [int((never & ring).sum()) for ring in rings]
    return np.array(narrow, np.int64), np.array(hopeless, np.int64)


def _narrow(ring: BoolArray, rock: BoolArray, pushbacks: Pushbacks) -> BoolArray:
    """Return the rock of a pushback that no element inside it covers."""
    mask = ring.reshape(pushbacks.grid.shape[::-1])
    places = np.array(_element(pushbacks))
    element = np.zeros((1, *places.max(axis=0) + 1), dtype=np.bool_)
    element[0, places[:, 0], places[:, 1]] = True
    missing: BoolArray = mask & ~ndimage.binary_opening(mask, structure=element)
    return missing.reshape(-1) & rock


def _element(pushbacks: Pushbacks) -> list[tuple[int, int]]:
    """List the places (row, column) of the least width's element."""
    rules = pushbacks.rules
    counts = []
    for size in (pushbacks.grid.size_m[1], pushbacks.grid.size_m[0]):
        number = 1
        while number * size < rules.least_width_m - 1e-9 * size:
            number += 1
        counts.append(number)
    rows, columns = counts
    return [
        (row, column)
        for row in range(rows)
        for column in range(columns)
        if rules.element == "square"
        or ((2 * row + 1 - rows) / rows) ** 2 + ((2 * column + 1 - columns) / columns) ** 2 <= 1.0
    ]


def _lag_violations(number: IntArray, rock: BoolArray, pushbacks: Pushbacks) -> list[str]:
    """Replay the order of benches."""
    nx, ny, _ = pushbacks.grid.shape
    dug = np.flatnonzero((number > 0) & rock)
    there = {(int(number[b]), int(b // (nx * ny))) for b in dug}
    left: dict[int, set[int]] = {}
    for pushback, bench in there:
        left.setdefault(pushback, set()).add(bench)
    found = []
    steps = pushbacks.sequence[["pushback", "bench"]].itertuples(index=False)
    for step, (pushback, bench) in enumerate(steps):
        benches = left.get(pushback, set())
        place = f"step {step}, pushback {pushback}, bench {bench}"
        if bench not in benches:
            found.append(f"{place}: there is nothing to dig")
            continue
        if bench != max(benches):
            found.append(f"{place}: bench {max(benches)} comes before")
        found += [f"{place}: {words}" for words in _too_near(pushback, bench, left, pushbacks)]
        benches.remove(bench)
    forgotten = sum(map(len, left.values()))
    if forgotten:
        found.append(f"{forgotten} benches are never dug")
    if len(found) > SHOWN:
        return [*found[:SHOWN], f"and {len(found) - SHOWN} more steps"]
    return found


def _too_near(
    pushback: int, bench: int, left: dict[int, set[int]], pushbacks: Pushbacks
) -> Iterator[str]:
    """Say which pushbacks are nearer to a bench, or farther from it, than they may be."""
    rules = pushbacks.rules
    for inner in range(1, pushback):
        if left.get(inner) and max(left[inner]) >= bench - rules.least_lag:
            yield f"pushback {inner} still has bench {max(left[inner])}"
    outer = left.get(pushback + 1)
    if rules.most_lag is not None and outer and max(outer) >= bench + rules.most_lag:
        yield f"pushback {pushback + 1} lags behind at bench {max(outer)}"
