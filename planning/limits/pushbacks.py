"""In which pushbacks should a pit be dug, so that each has room and none undercuts another?

Nested shells say what is worth digging first, not whether machines fit between two of them. Some
shells are chosen to end pushbacks; on every bench, rock of a pushback that is narrower than the
least width goes to the pushback inside it or around it, while each pit up to a pushback stays
closed; then the benches are put in an order in which each pushback follows the one inside it.

How far shells must lie apart for that is not known before it is tried. With `PushbackRules.merge`
"best" both ways of giving narrow rock away are tried, each with as many pushbacks as are asked for
and with fewer; kept are those that leave the least rock without room, and then the most equal
ones. Of what the width leaves of a pushback, less than a tenth of an equal share is no pushback:
it is joined to the one around it, in the end to the one inside it. `planning.limits.bench_width`
says how rock is given away, and which rock cannot have room at all.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.errors import DataError, Problem
from planning.limits.answers import NestedShells
from planning.limits.bench_order import bench_sequence
from planning.limits.bench_width import (
    TOLERANCE,
    Room,
    element_of,
    narrow_between,
    widest_bench_m,
    with_room,
)
from planning.limits.pit_blocks import PitBlocks
from planning.limits.precedence import Precedence
from planning.limits.pushback_choice import equal_shares, rock_of, spread, stated_shells
from planning.limits.pushback_plan import Direction, PushbackRules, Pushbacks

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
#: Part of an equal share of the rock below which what the width leaves of a pushback is none.
LEAST_SHARE = 0.1
#: Factor of a shell, its pit, and that pit with room.
Made = tuple[float, BoolArray, BoolArray]


def make_pushbacks(
    shells: NestedShells, blocks: PitBlocks, precedence: Precedence, rules: PushbackRules
) -> Pushbacks:
    """Cut a pit into pushbacks and put their benches in order.

    Parameters
    ----------
    shells : NestedShells
        Pits of rising factors, the one that is dug among them.
    blocks : PitBlocks
        Rock and worth of every block.
    precedence : ArcPrecedence or ConePrecedence
        What the shells were made with.
    rules : PushbackRules
        What is asked of pushbacks.

    Returns
    -------
    Pushbacks
        Fewer than asked for where shells do not differ, or where the width joins whole ones.

    Raises
    ------
    DataError
        If a factor has no shell, arrays are not of one model, or no bench of the pit is as wide
        as pushbacks should be.
    """
    if not shells.n_blocks == blocks.grid.n_blocks == precedence.n_blocks:
        counts = f"{shells.n_blocks}, {blocks.grid.n_blocks} and {precedence.n_blocks} blocks"
        raise DataError([Problem("shells, blocks and precedence differ", "pushbacks", counts)])
    numbers = stated_shells(shells, blocks.rock_t, rules)
    if numbers:
        _refuse_width(shells.pit(numbers[-1]), blocks, rules)
    element = element_of(rules.least_width_m, blocks.grid, rules.element)
    room = Room(blocks.grid, blocks.rock_t > 0.0, element, precedence)
    tries = [
        _gather(blocks, dataclasses.replace(rules, merge=merge), room, made)
        for made, merge in _tries(numbers, shells, blocks, room, rules)
    ]
    return min(tries, key=lambda made: _faults(made, blocks.rock_t, rules))


def _refuse_width(pit: BoolArray, blocks: PitBlocks, rules: PushbackRules) -> None:
    """Raise when machines are wider than the widest bench of the pit that is dug."""
    widest = widest_bench_m(pit, blocks.grid)
    if rules.least_width_m > widest * (1 + TOLERANCE):
        fact, place = "the pit is nowhere so wide", "pushbacks, key least_width_m"
        found, allowed = (
            f"{rules.least_width_m:,.15g} m",
            f"up to {widest:,.15g} m, its widest bench",
        )
        raise DataError([Problem(fact, place, found, allowed, "State a smaller width.")])


def _tries(
    numbers: list[int],
    shells: NestedShells,
    blocks: PitBlocks,
    room: Room,
    rules: PushbackRules,
) -> Iterator[tuple[tuple[FloatArray, list[BoolArray], list[BoolArray]], Direction]]:
    """Make pushbacks in every way that the rules leave open."""
    choices = [numbers]
    wide = room.element.size > 1 and bool(numbers)
    if not rules.factors and numbers:
        few = spread(numbers, shells, blocks.rock_t) if wide else numbers
        narrow = narrow_between([shells.pit(n) for n in few], blocks.rock_t, room)
        rock = rock_of(few, shells, blocks.rock_t)
        least = 1 if wide and rules.merge == "best" else rules.count
        choices = [equal_shares(few, rock, c, narrow) for c in range(rules.count, least - 1, -1)]
    either: tuple[Direction, ...] = (rules.merge,)
    if wide and rules.merge == "best":
        either = ("previous", "next")
    for chosen in choices:
        before = [shells.pit(number) for number in chosen]
        for merge in either:
            after = with_room(before, room, merge, trim=rules.trim)
            yield (shells.factors[chosen], before, after), merge


def _faults(made: Pushbacks, rock_t: FloatArray, rules: PushbackRules) -> tuple[int, float, int]:
    """Say how much too much has no room though it could, how unequal all is, and how much moved.

    Pushbacks that are missing count as empty.
    """
    asked = rules.asked
    rock = np.bincount(made.number, weights=rock_t, minlength=asked + 1)[1:]
    share = float(rock.sum()) / asked
    # Ties to the last digit are ties: a kilogram must not choose.
    unequal = float(((rock - share) ** 2).sum()) / max(share, 1.0) ** 2
    dug = int(np.count_nonzero((made.number > 0) & (rock_t > 0.0)))
    allowed = int(rules.most_narrow_share * dug)
    without_room = max(int((made.narrow - made.hopeless).sum()) - allowed, 0)
    return without_room, round(unequal, 9), int(made.moved.sum())


def _gather(
    blocks: PitBlocks,
    rules: PushbackRules,
    room: Room,
    made: tuple[FloatArray, list[BoolArray], list[BoolArray]],
) -> Pushbacks:
    """Put pushbacks together; those that the width has emptied are gone."""
    rock, value = room.needs, blocks.value_usd
    number = np.zeros(blocks.grid.n_blocks, dtype=np.int16)
    rows: list[tuple[float, int, int, int, float, float]] = []
    inner = np.zeros(blocks.grid.n_blocks, dtype=np.bool_)
    hopeless = made[2][-1] & ~room.roomy(made[2][-1]) if made[2] else inner
    least_t = 0.0
    if room.element.size > 1 and made[2]:
        least_t = LEAST_SHARE * float(blocks.rock_t[made[2][-1]].sum()) / rules.asked
    for factor, first, pit in _different(zip(*made, strict=True), blocks.rock_t, least_t):
        ring = pit & ~inner
        missed = int(np.count_nonzero(ring & ~room.roomy(ring)))
        never = int(np.count_nonzero(ring & hopeless))
        moved = int(np.count_nonzero((pit ^ first) & rock))
        worth = float(value[first].sum()), float(value[pit].sum())
        rows.append((factor, missed, never, moved, *worth))
        number[ring], inner = len(rows), pit
    whole = made[1][-1] if made[1] else inner
    columns = [np.array(c) for c in zip(*rows, strict=True)] or [np.zeros(0)] * 6
    return Pushbacks(
        grid=blocks.grid,
        rules=rules,
        number=number,
        factors=columns[0],
        narrow=columns[1].astype(np.int64),
        hopeless=columns[2].astype(np.int64),
        moved=columns[3].astype(np.int64),
        value_before_usd=columns[4],
        value_usd=columns[5],
        left=int(np.count_nonzero(whole & (number == 0) & rock)),
        sequence=bench_sequence(number, blocks, rules),
    )


def _different(pits: Iterable[Made], rock_t: FloatArray, least_t: float) -> list[Made]:
    """Join pushbacks of so little rock [t] to the one around, the last to the one inside."""
    kept: list[Made] = []
    last: Made | None = None
    for factor, first, pit in pits:
        last = float(factor), first, pit
        inner = kept[-1][2] if kept else np.zeros_like(pit)
        if float(rock_t[pit & ~inner].sum()) > least_t:
            kept.append(last)
    if last is None or not rock_t[last[2]].any():
        return []
    return [*kept[:-1], last]


def pushback_table(pushbacks: Pushbacks, blocks: PitBlocks) -> pd.DataFrame:
    """Tabulate pushbacks.

    Parameters
    ----------
    pushbacks : Pushbacks
        The pit cut up.
    blocks : PitBlocks
        Rock, ore, grades and worth of every block.

    Returns
    -------
    DataFrame
        One row a pushback: ``number, factor``, what `PitBlocks.totals` tells of its own blocks,
        ``least_width_m`` as asked, ``narrow_blocks`` that miss it, ``hopeless_blocks`` of these
        that miss it in the whole pit too, ``moved_blocks`` and undiscounted ``width_cost_usd`` of
        the pit up to it.
    """
    rows = [
        {"number": p, "factor": pushbacks.factors[p - 1], **blocks.totals(pushbacks.ring(p))}
        for p in range(1, pushbacks.count + 1)
    ]
    table = pd.DataFrame(rows, columns=None if rows else ["number", "factor"])
    return table.assign(
        least_width_m=pushbacks.rules.least_width_m,
        narrow_blocks=pushbacks.narrow,
        hopeless_blocks=pushbacks.hopeless,
        moved_blocks=pushbacks.moved,
        width_cost_usd=pushbacks.width_cost_usd,
    )
