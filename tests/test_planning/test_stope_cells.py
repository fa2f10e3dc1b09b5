"""Does every row of a model end in the cells it shares rock with, and nothing get lost?"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.blocks import GRIDS, cut, grids, regular

from deposits.blockmodel import About, BlockModel, volumes_m3
from deposits.errors import DataError
from deposits.grid import Grid
from planning.limits.stopes import (
    StopeCosts,
    StopeFrame,
    Surroundings,
    cutoff_value,
    frame_over,
    integrate,
    nsr_value,
)

HOST = Surroundings(2.5)
DENSITY = "density_t_per_m3"
strikes = st.one_of(st.floats(-360, 360), st.sampled_from([0.0, 90.0, -90.0, 30.0, 180.0]))


def sums_of(model, name="sb_pct"):
    """Volume, tonnes, metal, unknown tonnes of a model, row by row."""
    table = model.table
    volume = volumes_m3(table, model.grid)
    density = table[DENSITY].to_numpy() if DENSITY in table else np.full(len(table), 2.5)
    tonnes, grade = volume * density, table[name].to_numpy()
    known = ~np.isnan(grade)
    metal = math.fsum((tonnes * grade)[known])
    return math.fsum(volume), math.fsum(tonnes), metal, math.fsum(tonnes[~known])


def as_tuple(totals, name="sb_pct"):
    return totals.volume_m3, totals.tonnes, totals.metal[name], totals.unknown[name]


def around(model, strike, share=1.0, seed=0):
    """A frame that holds the model, or only a part of it."""
    grid = model.grid
    size = max(grid.size_m)
    frame = frame_over(grid, strike, (1.7 * size, 2.3 * size, 0.4 * size), 2)
    if share == 1.0:
        return frame
    rng = np.random.default_rng(seed)
    return frame.moved(*(rng.uniform(-0.6, 0.6, 3) * frame.extent_m))


@settings(max_examples=80)
@given(grids, strikes, st.integers(0, 99), st.booleans())
def test_inside_and_outside_are_the_model(grid, strike, seed, partly):
    model = regular(grid, seed)
    frame = around(model, strike, 0.5 if partly else 1.0, seed)
    cells = integrate(model, frame, ["sb_pct"], HOST)
    both = np.array(as_tuple(cells.inside())) + as_tuple(cells.outside)
    assert np.allclose(both, sums_of(model), rtol=1e-8, atol=1e-8)
    if not partly:
        assert cells.outside.volume_m3 <= 1e-6 * both[0]


@settings(max_examples=30)
@given(st.sampled_from(GRIDS), strikes, st.booleans())
def test_sub_blocks_and_fractions_are_shared_out_whole(grid, strike, partly):
    model = cut(grid)
    share = np.random.default_rng(3).uniform(0.1, 1.0, len(model.table))
    model = BlockModel(grid, model.table.assign(fraction=share), About("cut"))
    frame = around(model, strike, 0.5 if partly else 1.0)
    cells = integrate(model, frame, ["sb_pct"], HOST)
    both = np.array(as_tuple(cells.inside())) + as_tuple(cells.outside)
    assert np.allclose(both, sums_of(model), rtol=1e-9)


@settings(max_examples=25)
@given(st.sampled_from(GRIDS), strikes, st.integers(0, 99))
def test_each_cell_holds_what_plan_polygons_say(grid, strike, seed):
    shapely = pytest.importorskip("shapely")
    model = regular(grid, seed) if seed % 2 else cut(grid)
    frame = around(model, strike, 0.5, seed)
    cells = integrate(model, frame, ["sb_pct"], HOST)
    expected = np.zeros(frame.shape)
    plans = {}
    for s in range(frame.n_sections):
        for j in range(frame.n_steps):
            u, w = s * frame.section_m, j * frame.step_m
            ring = [(u, w), (u + frame.section_m, w), (u + frame.section_m, w + frame.step_m)]
            corners = np.array([(*p, 0.0) for p in [*ring, (u, w + frame.step_m)]])
            plans[s, j] = shapely.Polygon(frame.to_world(corners)[:, :2])
    x, y, _ = grid.axes()
    height = frame.level_m / frame.n_sublevels
    for row in model.table.to_dict("records"):
        dx, dy, dz = (row.get(n, e) for n, e in zip(("dx", "dy", "dz"), grid.size_m, strict=True))
        middle = np.array([row["easting"], row["northing"]])
        signs = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
        box = shapely.Polygon([middle + (a * dx * x + b * dy * y)[:2] / 2 for a, b in signs])
        tonnes = row.get(DENSITY, 2.5)
        grade = 0.0 if math.isnan(row["sb_pct"]) else row["sb_pct"]
        for (s, j), plan in plans.items():
            area = plan.intersection(box).area
            for k in range(frame.n_levels * frame.n_sublevels):
                floor = frame.origin_m[2] + k * height
                top = min(floor + height, row["elevation"] + dz / 2)
                tall = max(0.0, top - max(floor, row["elevation"] - dz / 2))
                level, part = divmod(k, frame.n_sublevels)
                expected[level, s, part, j] += area * tall * tonnes * grade
    scale = max(1.0, expected.max())
    assert np.allclose(cells.metal["sb_pct"], expected, rtol=1e-7, atol=1e-7 * scale)


def aligned(azimuth=0.0, origin=(0.0, 0.0, 0.0)):
    """A model of 3 x 4 x 2 blocks and the frame whose cells are its blocks."""
    grid = Grid(origin, (10.0, 5.0, 4.0), (3, 4, 2), azimuth)
    table = pd.DataFrame({"block": np.arange(24), "sb_pct": np.arange(24) / 8, DENSITY: 2.0})
    frame = StopeFrame(
        origin_m=origin,
        strike_deg=azimuth,
        section_m=5.0,
        level_m=4.0,
        step_m=10.0,
        n_sections=4,
        n_levels=2,
        n_steps=3,
    )
    return BlockModel(grid, table, About("aligned")), frame


def test_cells_that_are_blocks_hold_just_the_blocks():
    model, frame = aligned()
    cells = integrate(model, frame, ["sb_pct"], HOST)
    blocks = model.table["sb_pct"].to_numpy().reshape(2, 4, 3)
    assert (cells.metal["sb_pct"][:, :, 0, :] == blocks * 400.0).all()
    assert (cells.tonnes == 400.0).all()
    assert (cells.host_m3 == 0.0).all()
    assert cells.outside.volume_m3 == 0.0


@pytest.mark.parametrize("azimuth", [0.0, 30.0, -17.5, 90.0, 251.0])
@pytest.mark.parametrize("origin", [(0.0, 0.0, 0.0), (400000.5, 4300000.25, 1000.0)])
def test_turning_and_moving_frame_and_model_together_changes_nothing(azimuth, origin):
    here = integrate(*aligned(), ["sb_pct"], HOST)
    there = integrate(*aligned(azimuth, origin), ["sb_pct"], HOST)
    assert np.allclose(here.metal["sb_pct"], there.metal["sb_pct"], atol=1e-4)
    assert np.allclose(here.tonnes, there.tonnes, atol=1e-4)


def test_a_frame_on_the_other_side_of_the_strike_mirrors_both_axes():
    model, frame = aligned()
    corner = frame.to_world([[frame.extent_m[0], frame.extent_m[1], 0.0]])[0]
    turned = replace(frame, origin_m=tuple(corner), strike_deg=180.0)
    here = integrate(model, frame, ["sb_pct"], HOST).metal["sb_pct"]
    there = integrate(model, turned, ["sb_pct"], HOST).metal["sb_pct"]
    assert np.allclose(here, there[:, ::-1, :, ::-1])


def test_rows_in_another_order_give_the_same_cells():
    model = cut(GRIDS[1])
    frame = around(model, 70.0)
    shuffled = model.table.sample(frac=1.0, random_state=1).sort_values("block", kind="stable")
    other = BlockModel(model.grid, shuffled, About("cut"))
    first, second = (integrate(m, frame, ["sb_pct"], HOST).metal["sb_pct"] for m in (model, other))
    assert np.allclose(first, second, rtol=1e-12)
    again = integrate(model, frame, ["sb_pct"], HOST).metal["sb_pct"]
    assert first.tobytes() == again.tobytes()


def test_rock_between_the_rows_is_host_without_grade():
    model, frame = aligned()
    half = model.table[model.table["block"] % 2 == 0].assign(fraction=0.25)
    cells = integrate(BlockModel(model.grid, half, About("half")), frame, ["sb_pct"], HOST)
    even = (np.arange(24) % 2 == 0).reshape(2, 4, 1, 3)
    assert np.allclose(cells.host_m3, np.where(even, 150.0, 200.0))
    assert np.allclose(cells.volume_m3, 200.0)
    assert np.allclose(cells.tonnes, np.where(even, 50 * 2.0 + 150 * 2.5, 500.0))
    assert cells.metal["sb_pct"].sum() == pytest.approx(100 * half["sb_pct"].sum())


@pytest.mark.parametrize("strike", [0.0, 33.0])
def test_air_holds_no_host_rock(strike):
    model, _ = aligned()
    frame = frame_over(model.grid, strike, (10.0, 4.0, 2.0), 2)
    flat = Surroundings(2.5, rock=lambda p: p[:, 2] < 4.6, samples=(1, 1, 4))
    empty = BlockModel(model.grid, model.table.iloc[:0], About("none"))
    cells = integrate(empty, frame, [], flat)
    # slices of 2 m: two are full; of the third, asked at 4.25, 4.75, 5.25, 5.75 m, a quarter
    shares = cells.volume_m3 / frame.cell_volume_m3
    assert np.allclose(shares[0], 1.0)
    assert np.allclose(shares[1, :, 0], 0.25)
    assert np.allclose(shares[1, :, 1], 0.0)
    full = integrate(model, frame, ["sb_pct"], flat)
    assert full.inside().tonnes == pytest.approx(24 * 400.0)


def test_exclusions_are_shares_of_sampled_cells():
    model, frame = aligned()
    across = Surroundings(2.5, excluded=lambda p: p[:, 0] < 16.0, samples=(1, 4, 1))
    cells = integrate(model, frame, ["sb_pct"], across)
    # the second cell is asked at 11.25, 13.75, 16.25, 18.75 m
    assert np.allclose(cells.blocked, np.array([1.0, 0.5, 0.0]))
    along = Surroundings(2.5, excluded=lambda p: p[:, 1] < 8.0, samples=(4, 1, 1))
    blocked = integrate(model, frame, ["sb_pct"], along).blocked
    assert np.allclose(blocked[:, :, 0, 0], np.array([1.0, 0.5, 0.0, 0.0]))


def test_unknown_grades_count_as_tonnes_without_metal():
    model, frame = aligned()
    grade = model.table["sb_pct"].where(model.table["block"] != 7)
    table = model.table.assign(sb_pct=grade, au_gpt=1.0)
    cells = integrate(BlockModel(model.grid, table), frame, ["sb_pct", "au_gpt"], HOST)
    assert cells.unknown["sb_pct"].ravel()[7] == 400.0
    assert cells.unknown["sb_pct"].sum() == 400.0
    assert cells.metal["sb_pct"].ravel()[7] == 0.0
    assert cells.unknown["au_gpt"].sum() == 0.0
    assert cells.metal["au_gpt"].sum() == 24 * 400.0
    assert "rock without sb_pct" in str(cells)


def test_rows_without_density_take_that_of_the_host_and_are_counted():
    model, frame = aligned()
    density = model.table[DENSITY].where(model.table["block"] != 3)
    cells = integrate(
        BlockModel(model.grid, model.table.assign(**{DENSITY: density})), frame, ["sb_pct"], HOST
    )
    assert cells.without_density_m3 == 200.0
    assert cells.tonnes.ravel()[3] == 500.0
    bare = BlockModel(model.grid, model.table.drop(columns=DENSITY))
    assert integrate(bare, frame, ["sb_pct"], HOST).without_density_m3 == 24 * 200.0


def test_an_empty_model_is_all_host():
    model, frame = aligned()
    cells = integrate(BlockModel(model.grid, model.table.iloc[:0]), frame, ["sb_pct"], HOST)
    assert (cells.tonnes == 500.0).all()
    assert cells.metal["sb_pct"].sum() == 0.0
    assert as_tuple(cells.inside()) == as_tuple(cells.outside) == (0, 0, 0, 0)
    assert "not known" in str(cells)


@pytest.mark.parametrize(
    ("columns", "fields", "words"),
    [
        ({}, ["au_gpt"], "field is missing; found au_gpt"),
        ({"rock": "lode"}, ["rock"], "not a column of numbers"),
        ({"sb_pct": np.inf}, ["sb_pct"], "infinite"),
        ({DENSITY: 2700.0}, ["sb_pct"], "State density in t/m3"),
        ({DENSITY: 0.0}, ["sb_pct"], "density"),
        ({DENSITY: -2.7}, ["sb_pct"], "density"),
        ({DENSITY: "heavy"}, ["sb_pct"], "density is no number"),
    ],
)
def test_a_model_that_cannot_be_integrated_is_refused(columns, fields, words):
    model, frame = aligned()
    table = model.table.assign(**columns)
    with pytest.raises(DataError, match=words):
        integrate(BlockModel(model.grid, table, About("m")), frame, fields, HOST)


@pytest.mark.parametrize("density", [0.0, -1.0, math.nan, 2700.0])
def test_a_host_without_a_sensible_density_is_refused(density):
    with pytest.raises(DataError, match="density of host rock"):
        Surroundings(density)


def test_no_sample_points_are_refused():
    with pytest.raises(DataError, match="sample points"):
        Surroundings(2.7, samples=(1, 0, 1))


def test_a_cutoff_is_worth_metal_above_it():
    model, frame = aligned()
    cells = integrate(model, frame, ["sb_pct"], HOST)
    worth = cutoff_value(cells, "sb_pct", 1.0, 0.9)
    assert np.allclose(worth.value.ravel(), 0.9 * 400 * (np.arange(24) / 8 - 1.0))
    assert worth.mining_recovery == 0.9
    for bad in (-0.1, math.nan, math.inf):
        with pytest.raises(DataError, match="cut-off"):
            cutoff_value(cells, "sb_pct", bad)
    with pytest.raises(DataError, match="was not integrated"):
        cutoff_value(cells, "au_gpt", 1.0)
    with pytest.raises(DataError, match="fraction"):
        cutoff_value(cells, "sb_pct", 1.0, 95.0)


def test_a_return_pays_ore_costs_on_what_is_milled_and_mining_on_what_is_broken():
    model, frame = aligned()
    cells = integrate(model, frame, ["sb_pct"], HOST)
    worth = nsr_value(cells, "sb_pct", StopeCosts(mining_usd_per_t=0.5, ore_usd_per_t=0.25), 0.8)
    assert worth.value[0, 0, 0, 0] == pytest.approx(400 * (0.8 * (0.0 - 0.25) - 0.5))
    assert worth.value[1, 3, 0, 2] == pytest.approx(400 * (0.8 * (23 / 8 - 0.25) - 0.5))
    by_level = StopeCosts(mining_usd_per_t=np.array([0.5, 1.5]), ore_usd_per_t=0.25)
    deeper = nsr_value(cells, "sb_pct", by_level, 0.8, {"sb_pct": 1.0})
    assert np.allclose((worth.value - deeper.value)[0], 0.0)
    assert np.allclose((worth.value - deeper.value)[1], 400.0)
    assert np.allclose(deeper.needs[0].ravel(), 400 * (np.arange(24) / 8 - 1.0))
    assert "diluted sb_pct of each stope >= 1" in deeper.words


@pytest.mark.parametrize(
    ("cost", "floors", "words"),
    [
        (np.ones(3), {}, "does not fit the frame"),
        (math.nan, {}, "a cost is not a number"),
        (1.0, {"sb_pct": -1.0}, "least grade"),
        (1.0, {"hg_pct": 1.0}, "was not integrated"),
    ],
)
def test_costs_and_grades_that_cannot_be_right_are_refused(cost, floors, words):
    model, frame = aligned()
    cells = integrate(model, frame, ["sb_pct"], HOST)
    with pytest.raises(DataError, match=words):
        nsr_value(
            cells, "sb_pct", StopeCosts(mining_usd_per_t=cost, ore_usd_per_t=1.0), 1.0, floors
        )
