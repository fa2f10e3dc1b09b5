"""Swaths: brute force over slices, metal kept, turned grids sliced by their own blocks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from deposits.errors import DataError
from deposits.grid import Grid
from deposits.validation.swaths import Slices, axis_slices, azimuth_slices, swath, swaths
from deposits.validation.values import Graded

GRID = Grid((500_000.3, 4_300_000.7, 100.0), (10.0, 5.0, 2.5), (6, 8, 4), 30.0)
PLAIN = Grid((1000.0, 2000.0, 100.0), (10.0, 5.0, 2.5), (6, 8, 4))


def blocks(grid: Grid, name: str = "kriging") -> Graded:
    """All blocks of a grid with invented grades and tonnes."""
    rng = np.random.default_rng(5)
    return Graded(
        name=name,
        points=grid.centres(np.arange(grid.n_blocks)),
        values=rng.lognormal(size=(grid.n_blocks, 2)),
        elements=("sb_pct", "au_gpt"),
        weights=rng.uniform(1, 2, grid.n_blocks),
    )


@settings(max_examples=40, deadline=None)
@given(st.floats(-360, 360), st.sampled_from(["easting", "northing", "elevation"]))
def test_slices_of_an_axis_are_the_rows_of_blocks(azimuth, axis):
    grid = Grid(GRID.origin_m, GRID.size_m, GRID.shape, azimuth)
    number = ["easting", "northing", "elevation"].index(axis)
    all_blocks = np.arange(grid.n_blocks)
    place = axis_slices(grid, axis).place(grid.centres(all_blocks))
    assert (place == grid.ijk(all_blocks)[number]).all()


def test_points_on_faces_belong_to_the_slice_that_begins_there_and_the_last_face_to_the_last():
    slices = axis_slices(PLAIN, "easting")
    at = np.column_stack([[999.9, 1000, 1010, 1059, 1060, 1060.1], [2000.0] * 6, [100.0] * 6])
    assert slices.place(at).tolist() == [-1, 0, 1, 5, 5, -1]


def test_rounding_in_a_turned_grid_moves_no_point_off_its_face():
    at = GRID.to_world([[10.0 * k, 5.0 * j, 1.0] for k in range(6) for j in range(8)])
    expected = np.repeat(np.arange(6), 8)
    assert (axis_slices(GRID, "easting").place(at) == expected).all()


def test_means_are_those_of_a_loop_over_slices():
    source = blocks(GRID)
    table = swath(axis_slices(GRID, "northing", blocks=3), [source])
    row_of = GRID.ijk(np.arange(GRID.n_blocks))[1] // 3
    for _, row in table.iterrows():
        inside = row_of == row["slice"]
        expected = np.average(source.column(row["element"])[inside], weights=source.weights[inside])
        assert_allclose(row["mean"], expected)
        assert row["n"] == inside.sum()
    assert table["slice"].max() == 2


@pytest.mark.parametrize("azimuth", [0.0, 30.0, 77.3, 180.0, 300.0])
def test_slices_of_any_azimuth_hold_every_block_and_all_metal(azimuth):
    source = blocks(GRID)
    table = swath(azimuth_slices(GRID, azimuth), [source])
    part = table[table.element == "sb_pct"]
    assert part["n"].sum() == GRID.n_blocks
    metal = (part["mean"].fillna(0) * part["weight"]).sum()
    assert_allclose(metal, source.column("sb_pct") @ source.weights)
    assert part["from_m"].iloc[0] == pytest.approx(0.0, abs=1e-9)


def test_slices_along_north_are_those_of_an_unturned_grid():
    north, own = azimuth_slices(PLAIN, 0.0, 5.0), axis_slices(PLAIN, "northing")
    centres = PLAIN.centres(np.arange(PLAIN.n_blocks))
    assert (north.place(centres) == own.place(centres)).all()


def test_positions_are_coordinates_in_an_unturned_grid_and_distances_in_a_turned_one():
    assert_allclose(axis_slices(PLAIN, "easting").faces(), 1000.0 + 10.0 * np.arange(7))
    assert_allclose(axis_slices(GRID, "easting").faces(), 10.0 * np.arange(7), atol=1e-9)
    assert_allclose(axis_slices(GRID, "elevation").faces()[0], 100.0)
    assert axis_slices(GRID, "easting").name == "distance along the grid's easting axis"


def test_absent_grades_empty_slices_and_weights_of_nothing_are_left_out():
    samples = Graded(
        name="samples",
        points=np.array([[1005.0, 2001, 101], [1006, 2001, 101], [1035, 2001, 101]]),
        values=np.array([2.0, np.nan, 4.0]),
        elements=("sb_pct",),
        weights=np.array([1.0, 1.0, 0.0]),
    )
    table = swath(axis_slices(PLAIN, "easting"), [samples])
    assert table["n"].tolist() == [1, 0, 0, 0, 0, 0]
    assert table["mean"][0] == 2.0
    assert table["mean"][1:].isna().all()


def test_all_directions_and_sources_stand_in_one_table():
    table = swaths(GRID, [blocks(GRID), blocks(GRID, "nearest neighbour")], strike_deg=40.0)
    assert table["direction"].nunique() == 5
    assert "distance along azimuth 130 degrees" in set(table["direction"])
    assert set(table["source"]) == {"kriging", "nearest neighbour"}
    assert len(swath(axis_slices(GRID, "easting"), [])) == 0


def test_what_cannot_be_sliced_is_refused():
    with pytest.raises(ValueError, match="axis must be"):
        axis_slices(GRID, "up")
    with pytest.raises(ValueError, match="at least 1 block"):
        axis_slices(GRID, "easting", 0)
    with pytest.raises(ValueError, match="unit vector"):
        Slices("x", (1.0, 1.0, 0.0), (0.0, 0.0, 0.0), 0.0, 1.0, 1)
    with pytest.raises(ValueError, match="width"):
        Slices("x", (1.0, 0.0, 0.0), (0.0, 0.0, 0.0), 0.0, 0.0, 1)


def test_graded_values_list_everything_that_does_not_fit():
    with pytest.raises(DataError) as caught:
        Graded(
            name="samples",
            points=np.zeros((2, 3)),
            values=np.zeros((2, 2)),
            elements=("sb_pct",),
            weights=np.array([-1.0, 1.0]),
            domain=np.array(["a"]),
        )
    assert len(caught.value.problems) == 3
