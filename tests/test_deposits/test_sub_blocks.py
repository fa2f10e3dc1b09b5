"""Sub-blocks and proportions: closed-form volumes, every cell once, never more than the block."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from support.blocks import grids

from deposits.blockmodel import (
    BlockModel,
    above,
    all_of,
    below,
    in_polygon,
    proportions,
    sub_block,
    volume_balance,
    volumes_m3,
)
from deposits.errors import DataError
from deposits.grid import Grid
from deposits.kernels.sub_blocks import merge_cells

GRID = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 10.0), (4, 4, 4))
splits = st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4))


def slope(xy):
    """A surface that rises with easting."""
    return 10.0 + 0.5 * xy[:, 0]


@given(st.integers(0, 10_000), splits)
def test_boxes_hold_every_cell_of_their_code_once(seed, shape):
    nx, ny, nz = shape
    codes = np.random.default_rng(seed).integers(-1, 2, (3, nz, ny, nx))
    filled = np.full(codes.shape, -1)
    count = np.zeros(codes.shape, int)
    for b, i, j, k, ni, nj, nk, code in merge_cells(codes):
        part = (b, slice(k, k + nk), slice(j, j + nj), slice(i, i + ni))
        filled[part] = code
        count[part] += 1
    assert_array_equal(filled, codes)
    assert_array_equal(count, codes >= 0)


def test_a_block_all_of_one_code_is_one_box():
    assert_array_equal(merge_cells(np.zeros((1, 2, 3, 4), int)), [[0, 0, 0, 0, 4, 3, 2, 0]])


@settings(max_examples=30)
@given(grids, splits, st.floats(-0.4, 0.4))
def test_volumes_of_a_block_are_those_of_the_block_whatever_the_cut(grid, shape, shift):
    middle = grid.centres(np.arange(grid.n_blocks)).mean(axis=0) + shift
    lode = all_of(lambda p: p[:, 0] < middle[0], lambda p: p[:, 2] < middle[2])
    table = sub_block(grid, {"lode": lode}, shape, elsewhere="host")
    model = BlockModel(grid, table)
    by_block = pd.Series(volumes_m3(model.table, grid)).groupby(model.table["block"]).sum()
    assert_allclose(by_block, grid.block_volume_m3, rtol=1e-9)
    shares = proportions(grid, lode, shape)
    balance = volume_balance(table, grid, {"lode": shares.sum() * grid.block_volume_m3})
    assert_allclose(balance["difference_m3"], 0.0, atol=1e-6 * grid.block_volume_m3)


def test_every_row_is_coded_as_its_own_centre():
    table = sub_block(GRID, {"rock": below(slope)}, elsewhere="air")
    centres = table[["easting", "northing", "elevation"]].to_numpy()
    whole = table["dx"].eq(10.0) & table["dy"].eq(10.0) & table["dz"].eq(10.0)
    inside = below(slope)(centres)
    assert_array_equal(table["domain"].eq("rock")[whole], inside[whole])
    assert whole.any()
    assert not whole.all()


def test_what_lies_elsewhere_is_left_out_unless_it_has_a_code():
    rock = sub_block(GRID, {"rock": below(slope)})
    both = sub_block(GRID, {"rock": below(slope)}, elsewhere="air")
    assert set(rock["domain"]) == {"rock"}
    assert_allclose(volumes_m3(both, GRID).sum(), 64_000.0)
    # Under the plane 10 + x / 2 over 40 m x 40 m: 20 m on average.
    balance = volume_balance(rock, GRID, {"rock": 32_000.0})
    assert abs(balance["difference_fraction"][0]) < 0.02


def test_where_bodies_overlap_the_first_named_has_it():
    low, high = (lambda p: p[:, 2] < 25), (lambda p: p[:, 2] > 15)
    first = sub_block(GRID, {"low": low, "high": high})
    second = sub_block(GRID, {"high": high, "low": low})
    assert_allclose(volumes_m3(first[first["domain"] == "low"], GRID).sum(), 1600 * 25.0)
    assert_allclose(volumes_m3(second[second["domain"] == "low"], GRID).sum(), 1600 * 15.0)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_a_half_space_along_the_cells_has_exact_proportions(n):
    shares = proportions(GRID, lambda p: p[:, 2] < 20.0, (n, n, n))
    assert_array_equal(shares, np.repeat([1.0, 1.0, 0.0, 0.0], 16))


def test_proportions_are_in_the_order_of_the_grid():
    shares = proportions(GRID, lambda p: p[:, 0] < 15.0, (2, 1, 1))
    assert_array_equal(shares.reshape(4, 4, 4), np.broadcast_to([1.0, 0.5, 0.0, 0.0], (4, 4, 4)))


def test_a_polygon_is_taken_between_its_elevations():
    square = shapely.box(10, 10, 30, 30)
    shares = proportions(GRID, in_polygon(square, 10.0, 20.0), (4, 4, 4))
    assert_allclose(shares.sum() * 1000.0, 20 * 20 * 10)


def test_above_and_below_a_surface_are_all_there_is():
    points = np.random.default_rng(2).uniform(0, 40, (1000, 3))
    assert_array_equal(above(slope)(points), ~below(slope)(points))


def test_a_surface_that_does_not_reach_is_refused():
    patch = lambda xy: np.where(xy[:, 0] < 20, 10.0, np.nan)  # noqa: E731
    with pytest.raises(DataError, match="does not reach"):
        proportions(GRID, below(patch))


@pytest.mark.parametrize("wrong", [(0, 1, 1), (1.5, 1, 1), (-2, 1, 1)])
def test_cells_are_counted_in_whole_numbers(wrong):
    with pytest.raises(ValueError, match="whole numbers"):
        proportions(GRID, below(slope), wrong)


def test_bodies_need_names():
    with pytest.raises(ValueError, match="names"):
        sub_block(GRID, {})
    with pytest.raises(ValueError, match="names"):
        sub_block(GRID, {"air": below(slope)}, elsewhere="air")
