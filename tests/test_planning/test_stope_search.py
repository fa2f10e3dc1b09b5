"""Is the best of the shifted frames found, and every shift accounted for?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.stopes_small import small_frame

from deposits.blockmodel import BlockModel
from deposits.errors import DataError
from deposits.grid import Grid
from planning.limits.stopes import (
    StopeRules,
    Surroundings,
    cutoff_value,
    frame_over,
    integrate,
    optimise_panels,
    search_frames,
)
from planning.limits.stopes.search import shifts

RULES = StopeRules(least_width_m=2.0, most_width_m=8.0, pillar_m=2.0)


def lens(base_m: float) -> BlockModel:
    """A lens 10 m high whose floor lies at a given height above the grid's."""
    grid = Grid((0.0, 0.0, 0.0), (5.0, 10.0, 1.0), (8, 4, 40))
    centre = grid.centres(np.arange(grid.n_blocks))
    rich = (np.abs(centre[:, 2] - base_m - 5.0) < 5.0) & (np.abs(centre[:, 0] - 20.0) < 5.0)
    table = pd.DataFrame({"block": np.arange(grid.n_blocks), "sb_pct": np.where(rich, 5.0, 0.0)})
    return BlockModel(grid, table)


def solver(model, seen=None):
    def solve(frame):
        if seen is not None:
            seen.append(frame)
        cells = integrate(model, frame, ["sb_pct"], Surroundings(2.7))
        return optimise_panels(cells, cutoff_value(cells, "sb_pct", 1.0), RULES)

    return solve


@pytest.mark.parametrize("base", [0.0, 4.0, 8.0])
def test_levels_are_shifted_onto_the_ore(base):
    model = lens(base)
    frame = frame_over(model.grid, 0.0, (10.0, 10.0, 1.0))
    found = search_frames(frame, solver(model), (1, 1, 5))
    assert len(found.offsets) == 5
    # all of the lens and no waste: 4 sections of 10 x 8 x 10 m, at most 8 m wide
    assert found.best.value == pytest.approx(40 * 8 * 10 * 2.7 * 4.0)
    assert (found.frame.origin_m[2] - base) % 10.0 == pytest.approx(0.0)
    assert found.best.value == found.offsets["value"].max()
    assert found.offsets["best"].sum() == 1
    row = found.offsets[found.offsets["best"]].iloc[0]
    assert row["value"] == found.best.value
    assert found.frame.origin_m[2] == pytest.approx(frame.origin_m[2] + row["z_m"])


@settings(max_examples=20)
@given(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
def test_every_shift_covers_what_the_first_frame_covers(along, across, up):
    model, seen = lens(3.0), []
    frame = frame_over(model.grid, 20.0, (10.0, 10.0, 2.0))
    found = search_frames(frame, solver(model, seen), (along, across, up))
    assert len(seen) == len(found.offsets) == along * across * up
    corners = np.array([[0.0, 0.0, 0.0], frame.extent_m])
    for shifted in seen:
        within = shifted.to_frame(frame.to_world(corners))
        assert (within >= -1e-9).all() and (within <= np.array(shifted.extent_m) + 1e-9).all()
    assert (found.offsets["bound"] >= found.offsets["value"]).all()


def test_more_offsets_never_lose_and_the_first_frame_is_among_them():
    model = lens(4.0)
    frame = frame_over(model.grid, 0.0, (10.0, 10.0, 1.0))
    alone = search_frames(frame, solver(model))
    more = search_frames(frame, solver(model), (2, 2, 5))
    assert alone.frame == frame and len(alone.offsets) == 1
    assert more.best.value >= alone.best.value
    assert more.offsets["value"].iloc[0] == alone.best.value
    assert "Best of 20 offsets" in more.certificate()
    assert "One frame was tried" in alone.certificate()
    assert "frames tried" in str(more)


def test_of_equal_frames_the_first_tried_is_taken():
    grid = Grid((0.0, 0.0, 0.0), (5.0, 5.0, 5.0), (4, 4, 4))
    waste = BlockModel(grid, pd.DataFrame({"block": np.arange(64), "sb_pct": 0.0}))
    frame = frame_over(grid, 0.0, (10.0, 10.0, 1.0))
    found = search_frames(frame, solver(waste), (2, 1, 2))
    assert found.frame == frame
    assert found.offsets["best"].tolist() == [True, False, False, False]
    assert found.best.value == 0.0


def test_shifts_divide_sections_steps_and_levels():
    frame = small_frame(level_m=9.0)
    assert shifts(frame, (2, 1, 3)) == [
        (0.0, 0.0, 0.0), (0.0, 0.0, -3.0), (0.0, 0.0, -6.0),
        (-2.5, 0.0, 0.0), (-2.5, 0.0, -3.0), (-2.5, 0.0, -6.0),
    ]  # fmt: skip


@pytest.mark.parametrize("parts", [(0, 1, 1), (1, -1, 1), (1, 1, 2.0), (1, 1), (200, 200, 200)])
def test_offsets_that_are_no_counts_are_refused(parts):
    with pytest.raises(DataError, match="offsets of the frame"):
        search_frames(small_frame(), solver(lens(0.0)), parts)
