"""Pits small enough to be dug in a test."""

import numpy as np
from hypothesis import strategies as st

from deposits.grid import Grid
from planning.limits.answers import NestedShells
from planning.limits.pit_blocks import PitBlocks
from planning.limits.precedence import ConePrecedence, as_arcs

#: 45 degrees in cubes over one level: the block above and its four neighbours.
CROSS = np.array([[0, 0, 1], [1, 0, 1], [-1, 0, 1], [0, 1, 1], [0, -1, 1]])
#: Steep to the east, flat to the west.
LEANING = np.array([[0, 0, 1], [-1, 0, 1], [-2, 0, 2]])


def grid_of(nx, ny, nz, size=(10.0, 10.0, 10.0)):
    return Grid((0.0, 0.0, 0.0), size, (nx, ny, nz))


def cones(grid, patterns=(CROSS,), zone=None):
    return ConePrecedence(grid.shape, tuple(patterns), zone)


def below(precedence, shape, block):
    """Return the blocks of one cone, a block and all it needs, in plain Python."""
    nx, ny, nz = shape
    taken = np.zeros(nx * ny * nz, dtype=bool)
    waiting = [block]
    while waiting:
        b = waiting.pop()
        if taken[b]:
            continue
        taken[b] = True
        pattern = precedence.patterns[0 if precedence.zone is None else precedence.zone[b]]
        for di, dj, dk in pattern.tolist():
            i, j, k = b % nx + di, b // nx % ny + dj, b // (nx * ny) + dk
            if 0 <= i < nx and 0 <= j < ny and k < nz:
                waiting.append(i + nx * (j + ny * k))
    return taken


def shells_of(pits, factors=None):
    """Make nested shells of rising pits."""
    shell = np.full(pits[0].size, len(pits), dtype=np.int16)
    for number in range(len(pits) - 1, -1, -1):
        shell[pits[number]] = number
    k = len(pits)
    levels = np.linspace(1.0 / k, 1.0, k) if factors is None else np.array(factors)
    return NestedShells(
        factors=levels, shell=shell, value_units=(0,) * k, bound_units=(0,) * k, scale=1,
        rounding_bounds=np.zeros(k), seconds=0.0,
    )  # fmt: skip


def rock(grid, seed=0, air=0.0):
    """Return blocks with rock, some ore and worths of either sign."""
    rng = np.random.default_rng(seed)
    n = grid.n_blocks
    rock_t = rng.uniform(50.0, 150.0, n) * (rng.random(n) >= air)
    ore_t = rock_t * (rng.random(n) < 0.4) * rng.uniform(0.5, 1.0, n)
    sb = np.where(rng.random(n) < 0.1, np.nan, rng.uniform(0.5, 6.0, n))
    value = -2.0 * rock_t + 3.0 * ore_t * np.nan_to_num(sb)
    grades = {"sb_pct": sb, "au_gpt": rng.uniform(0.1, 2.0, n)}
    return PitBlocks(grid=grid, rock_t=rock_t, ore_t=ore_t, value_usd=value, grades=grades)


@st.composite
def nested(draw, most=4):
    """Draw a grid, its cones, rising closed pits, and whether arcs are to be listed."""
    nx, ny, nz = (draw(st.integers(1, 7)) for _ in range(3))
    grid = grid_of(nx, ny, nz, draw(st.sampled_from([(10.0, 10.0, 10.0), (10.0, 5.0, 8.0)])))
    zone = None
    if draw(st.booleans()):
        seed = draw(st.integers(0, 2**16))
        zone = np.random.default_rng(seed).integers(0, 2, grid.n_blocks).astype(np.uint8)
    precedence = cones(grid, (CROSS, LEANING), zone)
    pits, pit = [], np.zeros(grid.n_blocks, dtype=bool)
    for _ in range(draw(st.integers(1, most))):
        for bottom in draw(st.lists(st.integers(0, grid.n_blocks - 1), max_size=3)):
            pit = pit | below(precedence, grid.shape, bottom)
        pits.append(pit)
    return grid, precedence, pits, draw(st.booleans())


def drawn(case):
    """Return grid, precedence (cones, or the same as arcs) and pits of a case that was drawn.

    Listing arcs compiles code on its first call; hypothesis would take that for slow drawing.
    """
    grid, precedence, pits, by_arcs = case
    return grid, as_arcs(precedence) if by_arcs else precedence, pits
