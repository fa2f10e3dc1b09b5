"""Do bodies, sticks and pits stand in space where planning and drilling put them?"""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString, Point, Polygon
from support.example_model import write_pit
from support.stope_mine import RULES, small_mine

from deposits.grid import Grid
from maps.drawings.footprints import draw
from maps.drawings.solids import sticks, stope_bodies, traces
from maps.drawings.solids_pit import MOST_COLUMNS, ground_cells, pit_columns, pit_stages
from maps.drawings.terrain import Terrain
from planning.limits.stopes.polygons import plan_polygons
from planning.limits.stopes.solids import corners
from planning.limits.stopes.table import TableFields, stope_table

CRS = "EPSG:32642"


def drawn(role, table):
    return draw({"study": {}, "fields": []}, {role: table})[0]


def stopes_of(stopes, cells):
    rows = stope_table(stopes, cells, RULES, TableFields(grades=("sb_pct",))).rows
    told = {
        "stope": rows["id"],
        "level_low_m": rows["floor_m"],
        "level_high_m": rows["roof_m"],
        "near_dip_deg": rows["near_dip_deg"],
        "far_dip_deg": rows["far_dip_deg"],
    }
    return gpd.GeoDataFrame(told, geometry=plan_polygons(cells.frame, stopes), crs=CRS)


@pytest.fixture(scope="module")
def lenses():
    _, cells, _, panels = small_mine()
    # Walls of the small mine are parallel: here every other far wall leans the other way.
    stopes = [
        replace(s, far_top_m=s.far_top_m - 3.0 * (n % 2)) for n, s in enumerate(panels.stopes)
    ]
    return cells.frame, stopes, stopes_of(stopes, cells)


def sorted_corners(bodies):
    return np.array([body[np.lexsort(body.round(6).T)] for body in bodies])


def test_a_stope_drawn_in_plan_is_the_body_that_planning_laid_out(lenses):
    frame, stopes, table = lenses
    dips = table[["near_dip_deg", "far_dip_deg"]].to_numpy()
    assert len(stopes) > 5 and (dips != 90.0).any() and (dips[:, 0] != dips[:, 1]).any()
    found = stope_bodies(drawn("stopes", table), frame.strike_deg)
    wanted = corners(frame, stopes)
    np.testing.assert_allclose(sorted_corners(found), sorted_corners(wanted), atol=1e-6)


def test_walls_stand_upright_where_no_strike_is_known(lenses):
    _, _, table = lenses
    found = stope_bodies(drawn("stopes", table), None)
    np.testing.assert_allclose(found[:, :4, :2], found[:, 4:, :2])


def test_a_stope_without_elevations_has_no_body(lenses):
    frame, _, table = lenses
    changed = table.copy()
    changed.loc[0, "level_low_m"] = np.nan
    found = stope_bodies(drawn("stopes", changed), frame.strike_deg)
    assert np.isnan(found[0]).all() and np.isfinite(found[1:]).all()


def bent():
    """A hole that goes 30 m down, then 40 m east."""
    course = LineString([(0, 0, 100), (0, 0, 70), (40, 0, 70)])
    holes = gpd.GeoDataFrame({"hole_id": ["A"]}, geometry=[course], crs=CRS)
    table = {"hole_id": ["A", "A", "B"], "from_m": [9.0, 48.0, 0.0], "to_m": [11.0, 52.0, 4.0]}
    places = [Point(0, 0, 90), Point(20, 0, 70), Point(5, 5, 80)]
    samples = gpd.GeoDataFrame(table, geometry=places, crs=CRS)
    return drawn("composites", samples), drawn("drillhole_traces", holes)


def test_a_sample_is_as_long_as_it_was_cut_and_lies_along_its_hole():
    samples, holes = bent()
    found = sticks(samples, holes)
    np.testing.assert_allclose(found[0], [[0, 0, 91], [0, 0, 89]])
    np.testing.assert_allclose(found[1], [[18, 0, 70], [22, 0, 70]])
    # No trace of hole B: its sample hangs straight down.
    np.testing.assert_allclose(found[2], [[5, 5, 82], [5, 5, 78]])


def test_a_trace_keeps_both_ends():
    _, holes = bent()
    (course,) = traces(holes)
    np.testing.assert_allclose(course[[0, -1]], [[0, 0, 100], [40, 0, 70]])


def test_a_pit_drawn_by_columns_holds_the_rock_that_is_dug(tmp_path):
    grid = Grid((500.0, 800.0, 100.0), (10.0, 8.0, 5.0), (7, 6, 4), 30.0)
    i, j, k = grid.ijk(np.arange(grid.n_blocks))
    dug = np.hypot(i - 3, j - 3) <= k
    pit = pit_columns(write_pit(tmp_path / "pit_blocks.parquet", grid, dug))
    deep = sum(t - f for f, t in zip(pit["floor"], pit["top"], strict=True) if f is not None)
    area = abs(pit["x"][0] * pit["y"][1] - pit["x"][1] * pit["y"][0])
    assert deep * area == pytest.approx(dug.sum() * grid.block_volume_m3)
    middle = grid.centres([grid.index(3, 3, 0)])[0]
    place = pit["origin"] + 3.5 * pit["x"] + 3.5 * pit["y"]
    np.testing.assert_allclose(place, middle[:2])
    assert pit["floor"][3 + pit["nx"] * 3] == 100.0 and pit["floor"][0] is None
    assert pit_columns(write_pit(tmp_path / "none.parquet", grid, dug & False)) is None


def test_a_large_pit_is_drawn_in_larger_columns_as_deep_as_the_pit(tmp_path):
    grid = Grid((0.0, 0.0, 0.0), (5.0, 5.0, 5.0), (301, 301, 2))
    i, j, k = grid.ijk(np.arange(grid.n_blocks))
    pit = pit_columns(
        write_pit(tmp_path / "pit_blocks.parquet", grid, (i == 300) & (j == 299) & (k == 1))
    )
    assert pit["nx"] * pit["ny"] <= MOST_COLUMNS and pit["x"][0] == 10.0
    known = {n: z for n, z in enumerate(pit["floor"]) if z is not None}
    assert known == {150 + pit["nx"] * 149: 5.0}


@pytest.mark.parametrize("column", ["pushback", "plan_year"])
def test_a_pit_is_as_deep_after_each_stage_as_its_deepest_block_dug_by_then(tmp_path, column):
    grid = Grid((500.0, 800.0, 100.0), (10.0, 8.0, 5.0), (7, 6, 4), 30.0)
    i, j, k = grid.ijk(np.arange(grid.n_blocks))
    dug = np.hypot(i - 3, j - 3) <= k
    stage = np.where(dug, np.random.default_rng(4).choice([1, 2, 5], grid.n_blocks), 0)
    path = write_pit(tmp_path / "pit_blocks.parquet", grid, dug, pushback=stage)
    years = write_pit(tmp_path / "plan_blocks.parquet", grid, dug, plan_year=stage)
    found = pit_stages(path, column, years if column == "plan_year" else None)
    assert found["numbers"] == [1, 2, 5] and found["floors"].shape == (3, 6, 7)
    for number, floors in zip(found["numbers"], found["floors"], strict=True):
        for column_i in range(7):
            for column_j in range(6):
                own = dug & (stage <= number) & (i == column_i) & (j == column_j)
                wanted = k[own].min() + 1 if own.any() else 0
                assert floors[column_j, column_i] == wanted
    last = np.where(found["floors"][-1] > 0, 100.0 + 5.0 * (found["floors"][-1] - 1.0), np.nan)
    whole = np.array([np.nan if z is None else z for z in pit_columns(path)["floor"]])
    np.testing.assert_array_equal(last.ravel(), whole)


def test_rock_that_a_plan_leaves_is_dug_in_no_stage(tmp_path):
    grid = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 5.0), (2, 1, 1))
    dug = np.array([True, True])
    path = write_pit(tmp_path / "pit_blocks.parquet", grid, dug)
    years = write_pit(tmp_path / "plan_blocks.parquet", grid, dug, plan_year=[0, 3])
    found = pit_stages(path, "plan_year", years)
    assert found["numbers"] == [3] and found["floors"].ravel().tolist() == [0, 1]


def test_the_ground_is_a_net_of_points_without_what_is_not_known():
    heights = np.array([[1.0, 2.0, np.nan], [4.0, 5.0, 6.0]], dtype=np.float32)
    ground = Terrain(
        elevations_m=heights, west_m=100.0, north_m=900.0, cell_m=10.0, crs=CRS,
        vertical_datum="Baltic 1977", contour_m=5.0, source="somebody",
    )  # fmt: skip
    found = ground_cells(ground)
    assert (found["east"], found["north"], found["nx"], found["ny"]) == (105.0, 895.0, 3, 2)
    assert found["z"] == [1.0, 2.0, None, 4.0, 5.0, 6.0]
    assert found["datum"] == "Baltic 1977"


def test_a_plan_that_has_not_four_corners_is_left_out(lenses):
    frame, _, table = lenses
    changed = table.copy()
    shape = changed.geometry.iloc[0]
    changed.loc[0, "geometry"] = Polygon([*list(shape.exterior.coords)[:3], shape.centroid])
    changed.loc[1, "geometry"] = shape.convex_hull.buffer(1.0)
    found = stope_bodies(drawn("stopes", changed), frame.strike_deg)
    assert np.isnan(found[1]).all() and np.isfinite(found[2:]).all()
