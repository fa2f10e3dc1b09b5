"""Grids: numbers and places are each other's inverse, on hand-made cases and on any grid."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose, assert_array_equal
from support.blocks import grids

from deposits.grid import Grid


@given(grids)
def test_numbers_along_the_axes_and_block_numbers_are_inverse(grid):
    index = np.arange(grid.n_blocks)
    assert_array_equal(grid.index(*grid.ijk(index)), index)


@given(grids)
def test_every_centre_lies_in_its_own_block(grid):
    index = np.arange(grid.n_blocks)
    assert_array_equal(grid.locate(grid.centres(index)), index)


@given(grids)
def test_local_and_world_are_inverse(grid):
    points = np.random.default_rng(0).uniform(-100, 100, (20, 3))
    assert_allclose(grid.to_local(grid.to_world(points)), points, atol=1e-7)


@given(grids)
def test_axes_are_orthonormal_and_right_handed(grid):
    axes = grid.axes()
    assert_allclose(axes @ axes.T, np.eye(3), atol=1e-12)
    assert_allclose(np.cross(axes[0], axes[1]), axes[2], atol=1e-12)


@pytest.mark.parametrize(
    ("ijk", "number"), [((0, 0, 0), 0), ((1, 0, 0), 1), ((0, 1, 0), 4), ((3, 2, 1), 23)]
)
def test_easting_is_fastest_then_northing_then_elevation(ijk, number):
    assert Grid((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (4, 3, 2)).index(*ijk) == number


def test_the_northing_axis_of_a_grid_at_90_degrees_runs_east():
    grid = Grid((100.0, 200.0, 0.0), (10.0, 5.0, 1.0), (2, 3, 1), 90.0)
    assert_allclose(grid.to_world([[0.0, 7.0, 0.0]]), [[107.0, 200.0, 0.0]])
    assert_allclose(grid.to_world([[7.0, 0.0, 0.0]]), [[100.0, 193.0, 0.0]], atol=1e-9)


def test_lower_faces_belong_to_a_block_and_the_outermost_upper_ones_to_none():
    grid = Grid((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (2, 2, 2))
    found = grid.locate([[0, 0, 0], [1, 0, 0], [2, 0, 0], [0, 0, 2], [-1e-9, 0, 0], [np.nan, 0, 0]])
    assert_array_equal(found, [0, 1, -1, -1, -1, -1])


def test_the_outline_runs_counter_clockwise_round_the_area():
    outline = Grid((5.0, 5.0, 0.0), (2.0, 3.0, 1.0), (4, 5, 1), 30.0).outline()
    x, y = outline.T
    area = 0.5 * np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))
    assert_allclose(area, 8.0 * 15.0)


@pytest.mark.parametrize(
    ("origin", "size", "shape", "azimuth"),
    [
        ((0.0, 0.0, 0.0), (0.0, 1.0, 1.0), (1, 1, 1), 0.0),
        ((0.0, 0.0, 0.0), (-1.0, 1.0, 1.0), (1, 1, 1), 0.0),
        ((0.0, 0.0, 0.0), (float("nan"), 1.0, 1.0), (1, 1, 1), 0.0),
        ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (1, 0, 1), 0.0),
        ((0.0, float("inf"), 0.0), (1.0, 1.0, 1.0), (1, 1, 1), 0.0),
        ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (1, 1, 1), float("nan")),
    ],
)
def test_what_describes_no_grid_is_refused(origin, size, shape, azimuth):
    with pytest.raises(ValueError, match=r"must be"):
        Grid(origin, size, shape, azimuth)
