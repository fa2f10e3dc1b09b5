"""Block models to test with: grids of any azimuth, fields with gaps, sub-blocks."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from deposits.blockmodel import About, BlockModel, all_of, sub_block
from deposits.grid import Grid

coordinates = st.floats(-1e6, 5e6).map(lambda v: round(v, 3))
sizes = st.sampled_from([0.5, 1.0, 2.5, 10.0, 25.0])
counts = st.integers(1, 5)
azimuths = st.sampled_from([0.0, 30.0, -17.5, 90.0, 133.0])
grids = st.builds(
    Grid,
    st.tuples(coordinates, coordinates, coordinates),
    st.tuples(sizes, sizes, sizes),
    st.tuples(counts, counts, counts),
    azimuths,
)
GRIDS = [
    Grid((400000.5, 4300000.25, 1000.0), (10.0, 5.0, 2.5), (4, 3, 2), azimuth)
    for azimuth in (0.0, 30.0, -17.5)
]


def regular(grid: Grid, seed: int = 0, text: bool = True) -> BlockModel:
    """About half of the blocks, with awkward numbers and codes."""
    rng = np.random.default_rng(seed)
    block = np.flatnonzero(rng.uniform(size=grid.n_blocks) < 0.6)
    block = block if len(block) else np.array([0])
    n = len(block)
    grade = rng.lognormal(0, 3, n) / 3
    table = pd.DataFrame(
        {
            "block": block,
            "sb_pct": np.where(rng.uniform(size=n) < 0.2, np.nan, grade),
            "density_t_per_m3": rng.uniform(2.5, 3.0, n),
            "class_number": rng.integers(1, 4, n),
        }
    )
    if text:
        table["rock"] = rng.choice(["lode", 'halo, "wide"', "host<&"], n)
    return BlockModel(grid, table, About("test"))


def cut(grid: Grid) -> BlockModel:
    """Sub-blocks along a plane and a level, with a grade in each."""
    middle = grid.centres(np.arange(grid.n_blocks)).mean(axis=0)
    table = sub_block(
        grid,
        {
            "lode": all_of(lambda p: p[:, 0] < middle[0] + 0.3, lambda p: p[:, 2] < middle[2] + 1),
            "host": lambda p: p[:, 2] < middle[2] + 1,
        },
        splits=(4, 2, 4),
        elsewhere="air",
    )
    grades = np.random.default_rng(1).lognormal(size=len(table))
    return BlockModel(grid, table.assign(sb_pct=grades), About("cut"))
