"""Are blocks put together so that no slope gets steeper, no rock is lost, and no circle closes?"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deposits.errors import DataError
from deposits.grid import Grid
from planning.limits.precedence import ConePrecedence, as_arcs
from planning.production.pit_units import WASTE, DugRock, PitUnits, pit_units

CROSS = np.array([[0, 0, 1], [1, 0, 1], [-1, 0, 1], [0, 1, 1], [0, -1, 1]])
STEEP = np.array([[0, 0, 1]])
#: Follows two benches: an offset that skips one.
LONG = np.array([[0, 0, 1], [1, 0, 1], [-1, 0, 1], [2, 1, 2]])


def _pit(seed: int, shape: tuple[int, int, int]) -> tuple[DugRock, ConePrecedence]:
    """Draw a closed set of blocks under an uneven ground, in two zones of slopes."""
    rng = np.random.default_rng(seed)
    grid = Grid((0.0, 0.0, 100.0), (10.0, 10.0, 5.0), shape)
    n, (nx, ny, nz) = grid.n_blocks, shape
    zone = (rng.uniform(size=n) < 0.3).astype(np.uint8)
    cone = ConePrecedence(shape, (CROSS, LONG if seed % 2 else STEEP), zone)
    ground = rng.integers(1, nz + 1, (ny, nx))
    levels = np.arange(nz)[:, None, None]
    rock = np.where((levels < ground[None]).reshape(-1), rng.uniform(1.0, 2.0, n), 0.0)
    arcs = as_arcs(cone)
    dug = rng.uniform(size=n) < 0.2
    for block in range(n):  # blocks are numbered upwards
        if dug[block]:
            dug[arcs.predecessors(block)] = True
    kind = np.where(rock > 0.0, rng.integers(0, 3, n), WASTE)
    phase = rng.integers(1, 3, n)
    return DugRock(grid, dug, rock, kind.astype(np.int64), phase.astype(np.int64)), cone


def _all_above(units: PitUnits) -> list[set[int]]:
    """Return all units that come before each, at whatever distance."""
    found: list[set[int]] = [set() for _ in range(units.n_units)]
    for unit in np.argsort(-units.bench, kind="stable").tolist():
        for other in units.precedence.predecessors(unit).tolist():
            found[unit] |= {other} | found[other]
    return found


def _blocks_above(rock: DugRock, cone: ConePrecedence) -> list[set[int]]:
    """Return all blocks that come before each, through rock and air."""
    arcs = as_arcs(cone)
    found: list[set[int]] = [set() for _ in range(cone.n_blocks)]
    for block in reversed(range(cone.n_blocks)):
        for other in arcs.predecessors(block).tolist():
            found[block] |= {other} | found[other]
    return found


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), side=st.integers(0, 3))
def test_units_keep_every_slope(seed: int, side: int) -> None:
    rock, cone = _pit(seed, (5, 4, 4))
    solid = np.flatnonzero(rock.dug & (rock.rock_t > 0.0))
    most = {0: 0, 1: solid.size}.get(side)
    if most is None:
        most = max(pit_units(rock, cone, solid.size).n_units // side, 1)
    units = pit_units(rock, cone, most)
    above, blocks = _all_above(units), _blocks_above(rock, cone)
    for block, unit in enumerate(units.unit.tolist()):
        assert (unit >= 0) == (block in set(solid.tolist()))
        if unit < 0:
            continue
        needs = {int(units.unit[b]) for b in blocks[block] if units.unit[b] >= 0}
        assert needs <= above[unit]
    assert all(unit not in above[unit] for unit in range(units.n_units))
    assert units.sums(rock.rock_t).sum() == pytest.approx(rock.rock_t[rock.dug].sum())


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_block_by_block_needs_no_more_than_slopes_say(seed: int) -> None:
    rock, cone = _pit(seed, (5, 4, 4))
    units = pit_units(rock, cone, rock.grid.n_blocks)
    above, blocks = _all_above(units), _blocks_above(rock, cone)
    assert units.side == 1
    for block, unit in enumerate(units.unit.tolist()):
        if unit >= 0:
            assert above[unit] == {int(units.unit[b]) for b in blocks[block]} - {-1}


def test_a_unit_is_of_one_bench_one_square_and_one_class() -> None:
    rock, cone = _pit(4, (6, 6, 4))
    solid = int(np.count_nonzero(rock.dug & (rock.rock_t > 0.0)))
    units = pit_units(rock, cone, solid - 1)
    assert units.side > 1
    nx, ny, _ = rock.grid.shape
    for unit in range(units.n_units):
        own = np.flatnonzero(units.unit == unit)
        assert set(own // (nx * ny)) == {units.bench[unit]}
        assert set(own // nx % ny // units.side) == {units.row[unit]}
        assert set(own % nx // units.side) == {units.column[unit]}
        assert set(rock.kind[own]) == {units.kind[unit]}
    assert len(set(units.names())) == units.n_units
    assert "squares of 20 x 20 x 5 m" in units.sentence()


def test_too_many_units_become_benches_of_pushbacks() -> None:
    rock, cone = _pit(4, (6, 6, 4))
    units = pit_units(rock, cone, 1)
    assert units.side == 0
    assert len(set(units.names())) == units.n_units
    there = {
        (bench, phase, kind)
        for bench, phase, kind in zip(
            np.arange(rock.grid.n_blocks) // 36, rock.phase, rock.kind, strict=True
        )
    }
    assert set(zip(units.bench, units.phase, units.kind, strict=True)) <= there
    assert "benches of pushbacks" in units.sentence()


def test_no_arc_is_left_that_two_others_imply() -> None:
    rock, cone = _pit(5, (6, 6, 4))
    units = pit_units(rock, cone, 30)
    for unit in range(units.n_units):
        own = units.precedence.predecessors(unit).tolist()
        further = [units.precedence.predecessors(other).tolist() for other in own]
        assert not set(own) & set(itertools.chain.from_iterable(further))


def test_blocks_that_are_not_closed_are_refused() -> None:
    rock, cone = _pit(6, (4, 4, 3))
    deepest = int(np.flatnonzero(rock.dug)[0])
    open_set = rock.dug.copy()
    open_set[as_arcs(cone).predecessors(deepest)[0]] = False
    with pytest.raises(DataError, match="needs one that may not be dug"):
        pit_units(DugRock(rock.grid, open_set, rock.rock_t, rock.kind, rock.phase), cone, 99)
