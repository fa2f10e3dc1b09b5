"""Reserve blocks: from polygon and attributes to ore and metal."""

import math

import geopandas as gpd
import numpy as np
import numpy.testing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import Point, Polygon, box

from deposits.evidence.block_attributes import category_of
from deposits.evidence.density import ore_density
from deposits.evidence.reserve_blocks import block_volume, plan_areas, read_reserve_blocks
from deposits.gis.geometry import GeometryCounts
from deposits.layers import Extent, Layer, LayerSource, read_layer
from deposits.stated import Stated

HOST = Stated(value=2.70, kind="assumed", source="test")
SQUARE = box(468000, 4336000, 468100, 4336050)
GOOD = {
    "id": "1-C1",
    "block_id": "1-C1",
    "field": "jijikrut",
    "category": "C1",
    "area_basis": "plan",
    "dip_deg": 30.0,
    "true_thickness_m": 4.0,
    "sb_pct": 3.1,
    "au_gpt": 0.5,
    "cutoff_sb_pct": 1.0,
    "density_t_per_m3": 2.75,
    "area_m2": None,
    "year": 1987,
    "kind": "reported",
    "source": "test",
}


def layer(*rows, shapes=None, crs="EPSG:32642"):
    # An extra feature's absent attributes come as None, as GDAL gives them.
    columns = {key: [row.get(key) for row in rows] for key in {k: 0 for r in rows for k in r}}
    table = gpd.GeoDataFrame(columns, geometry=list(shapes or [SQUARE] * len(rows)), crs=crs)
    counts = GeometryCounts(len(rows), 0, 0, 0, 0, 0, 0, 0)
    return Layer(LayerSource("blocks", "blocks.gpkg"), table, crs, "none needed", 0.0, counts)


def row(**changes):
    return {**GOOD, **changes}


def blocks(*rows, host=None, **how):
    return read_reserve_blocks(layer(*rows, **how), host)


def test_a_flat_block_is_area_by_thickness_by_density():
    (block,) = blocks(row(dip_deg=0.0, area_m2=5000.0)).or_raise()
    assert block.volume_m3 == 20_000.0
    assert block.ore_t == 55_000.0
    assert block.sb_t == pytest.approx(55_000.0 * 0.031)
    assert block.au_kg == pytest.approx(27.5)
    assert (block.category, block.cutoff_sb_pct, block.year) == ("C1", 1.0, 1987)


@settings(deadline=None)
@given(st.floats(1, 79), st.floats(0.5, 60), st.floats(10, 500), st.floats(10, 500))
def test_both_projections_of_one_plate_give_its_volume(dip, thickness, strike, down_dip):
    """Referee: the plate itself, strike length by down-dip length by thickness."""
    plan = strike * down_dip * math.cos(math.radians(dip))
    longitudinal = strike * down_dip * math.sin(math.radians(dip))
    volume = strike * down_dip * thickness
    npt.assert_allclose(block_volume(plan, "plan", dip, thickness), volume, rtol=1e-12)
    npt.assert_allclose(
        block_volume(longitudinal, "longitudinal", dip, thickness), volume, rtol=1e-12
    )


@settings(max_examples=30, deadline=None)
@given(st.floats(66.3, 71.7), st.floats(20.0, 60.0), st.floats(50.0, 2000.0))
def test_a_plan_area_is_the_area_on_the_ellipsoid(lon, lat, side):
    """Referee: the geodesic polygon's area."""
    corner = gpd.GeoSeries([Point(lon, lat)], crs="EPSG:4326").to_crs("EPSG:32642")[0]
    square = box(corner.x, corner.y, corner.x + side, corner.y + side)
    table = gpd.GeoDataFrame(geometry=[square], crs="EPSG:32642")
    ring = table.to_crs("EPSG:4326").geometry[0]
    true = abs(Geod(ellps="WGS84").geometry_area_perimeter(ring)[0])
    # A straight side on the map is no geodesic: the difference is below 1e-6 for such squares.
    npt.assert_allclose(plan_areas(table), [true], rtol=2e-6)


def test_the_map_scale_is_really_taken_off():
    assert plan_areas(layer(row()).table)[0] / SQUARE.area == pytest.approx(1 / 0.9996**2, rel=1e-4)


def test_a_stated_density_wins_over_the_mixing_rule():
    (block,) = blocks(row(), host=HOST).or_raise()
    assert (block.density_t_per_m3, block.kind) == (2.75, "reported")


def test_without_a_density_the_host_is_mixed_with_stibnite_and_softens_the_kind():
    (block,) = blocks(row(density_t_per_m3=None, sb_pct=15.0), host=HOST).or_raise()
    assert block.density_t_per_m3 == pytest.approx(float(ore_density(15.0, 2.70)))
    assert round(block.density_t_per_m3, 2) == 2.96
    assert block.kind == "assumed"


def test_without_any_density_the_key_to_state_is_named():
    checked = blocks(row(density_t_per_m3=None))
    assert checked.value is None
    assert "layers.blocks.host_density_t_per_m3" in str(checked.errors[0])


def test_a_longitudinal_area_must_be_stated():
    steep = row(area_basis="longitudinal", dip_deg=75.0)
    assert "cannot give a longitudinal area" in str(blocks(steep).errors[0])
    (block,) = blocks({**steep, "area_m2": 1000.0}).or_raise()
    assert block.volume_m3 == pytest.approx(1000.0 / math.sin(math.radians(75.0)) * 4.0)


@pytest.mark.parametrize(
    ("basis", "dip", "severity"),
    [
        ("plan", 60.0, None),
        ("plan", 60.1, "warning"),
        ("plan", 79.9, "warning"),
        ("plan", 80.0, "error"),
        ("plan", 90.0, "error"),
        ("longitudinal", 30.0, None),
        ("longitudinal", 29.9, "warning"),
        ("longitudinal", 10.1, "warning"),
        ("longitudinal", 10.0, "error"),
        ("longitudinal", 0.0, "error"),
    ],
)
def test_a_plate_seen_edge_on_is_refused_and_seen_askew_is_warned_of(basis, dip, severity):
    checked = blocks(row(area_basis=basis, dip_deg=dip, area_m2=5004.0))
    assert [p.severity for p in checked.problems] == ([severity] if severity else [])
    assert (checked.value is None) == (severity == "error")


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("dip_deg", -45.0, "without the sign"),
        ("dip_deg", 90.5, "0 to 90"),
        ("true_thickness_m", 0.0, "out of range"),
        ("true_thickness_m", None, "empty"),
        ("sb_pct", 72.0, "71.7"),
        ("sb_pct", "3,1", "not a number"),
        ("sb_pct", True, "not a number"),
        ("density_t_per_m3", 2750.0, "1.5 to 5.5"),
        ("area_basis", "Plan", 'Did you mean "plan"?'),
        ("kind", "guess", "reported, derived, assumed"),
        ("year", 1987.5, "whole number"),
        ("area_m2", -5.0, "out of range"),
        ("field", "", "empty"),
    ],
)
def test_a_wrong_attribute_is_named_with_its_block_and_column(column, value, words):
    checked = blocks(row(), row(id="2", block_id="2", **{column: value}), host=HOST)
    assert checked.value is None
    (problem,) = checked.errors
    assert f"block 2, column {column}" in problem.place and words in str(problem)


def test_an_impossible_host_density_is_one_problem_among_the_others():
    bare = row(density_t_per_m3=None)
    wrong = row(id="3", block_id="3", dip_deg=85.0)
    heavy = Stated(value=6.0)
    checked = blocks(bare, row(**{**bare, "id": "2", "block_id": "2"}), wrong, host=heavy)
    assert checked.value is None
    density, dip = checked.errors
    assert "key layers.blocks.host_density_t_per_m3" in density.place
    assert (density.found, density.allowed) == ("6 t/m3", "1 to 5.5 t/m3")
    assert "edge-on" in dip.fact


def test_numbers_written_as_text_are_read():
    (block,) = blocks(row(sb_pct="3.1", year="1987")).or_raise()
    assert (block.sb_pct, block.year) == (3.1, 1987)


def test_a_missing_column_is_named_with_a_suggestion():
    given_row = row()
    given_row["true_thicknes_m"] = given_row.pop("true_thickness_m")
    (problem,) = blocks(given_row).errors
    assert '"true_thickness_m" is missing' in problem.fact
    assert 'Did you mean "true_thicknes_m"?' in problem.remedy


def test_what_is_not_stated_is_none_not_zero():
    bare = row(au_gpt=None, cutoff_sb_pct=np.nan, year=None, category="", kind=None, source=None)
    (block,) = blocks(bare).or_raise()
    assert (block.au_gpt, block.au_kg, block.cutoff_sb_pct, block.year) == (None,) * 4
    assert (block.category, block.kind, block.source) == ("not stated", "assumed", "")


def test_optional_columns_may_be_absent_altogether():
    optional = ("au_gpt", "cutoff_sb_pct", "area_m2", "year", "kind", "source", "category")
    (block,) = blocks({k: v for k, v in GOOD.items() if k not in optional}).or_raise()
    assert block.category == "not stated" and block.au_kg is None


@pytest.mark.parametrize(
    ("written", "category"),
    [
        ("C1", "C1"),
        ("С1", "C1"),
        ("В", "B"),
        ("Р2", "P2"),
        ("c2", "C2"),
        ("С1+С2", "С1+С2"),
        ("Indicated", "Indicated"),
        ("", "not stated"),
        ("not stated", "not stated"),
    ],
)
def test_categories_come_in_latin_letters_and_others_stay_verbatim(written, category):
    assert category_of(written) == category


def test_fractions_instead_of_per_cent_are_suspected():
    poor = blocks(row(sb_pct=0.031, cutoff_sb_pct=None)).problems
    assert "may be fractions" in poor[0].fact and "3.1 % Sb" in poor[0].remedy
    assert blocks(row(sb_pct=0.5, cutoff_sb_pct=None)).problems == ()


def test_a_block_poorer_than_its_cutoff_is_warned_of():
    assert "below the block's own cut-off" in str(blocks(row(sb_pct=0.9)).errors[0])
    assert blocks(row(sb_pct=1.0)).problems == ()


def test_a_stated_area_far_from_the_drawn_one_is_warned_of():
    drawn = plan_areas(layer(row()).table)[0]
    assert blocks(row(area_m2=drawn * 1.049)).problems == ()
    checked = blocks(row(area_m2=drawn * 1.051))
    assert "differ by more than 5 %" in str(checked.problems[0])
    assert checked.or_raise()[0].area_m2 == drawn * 1.051


def test_a_point_needs_a_stated_area():
    spot = [Point(468000, 4336000)]
    assert "neither a polygon nor a stated area" in str(blocks(row(), shapes=spot).errors[0])
    assert blocks(row(area_m2=5000.0), shapes=spot).or_raise()[0].area_m2 == 5000.0


def two(shift, **second):
    rows = (row(), row(id="2", block_id="2", **second))
    moved = box(468000 + shift, 4336000, 468100 + shift, 4336050)
    return blocks(*rows, shapes=[SQUARE, moved])


def test_overlapping_plans_of_one_field_are_warned_of_with_their_area():
    (problem,) = two(90).problems
    assert problem.severity == "warning"
    assert "overlap by 500 m2" in problem.fact and "blocks 1-C1 and 2" in problem.place


def test_neighbours_other_fields_and_longitudinals_do_not_overlap():
    assert two(100).problems == ()
    assert two(90, field="konchoch").problems == ()
    assert two(90, area_basis="longitudinal", dip_deg=60.0, area_m2=900.0).problems == ()


def test_a_block_may_not_stand_twice_in_its_field():
    (problem,) = blocks(row(), row(id="x"), shapes=[SQUARE, box(469000, 0, 469100, 50)]).errors
    assert "1-C1 (jijikrut)" in problem.found
    two_fields = (row(), row(id="x", field="konchoch"))
    assert blocks(*two_fields, shapes=[SQUARE, box(469000, 0, 469100, 50)]).errors == ()


@settings(deadline=None)
@given(st.floats(1.0, 70), st.floats(0, 79), st.floats(0.1, 50), st.floats(10, 1e5))
def test_metal_is_ore_by_grade_and_ore_is_volume_by_density(sb, dip, thickness, area):
    given_row = row(sb_pct=sb, dip_deg=dip, true_thickness_m=thickness, area_m2=area)
    (block,) = blocks({**given_row, "density_t_per_m3": None}, host=HOST).or_raise()
    assert block.sb_t == pytest.approx(block.ore_t * block.sb_pct / 100)
    assert block.ore_t == pytest.approx(block.volume_m3 * block.density_t_per_m3)
    assert block.volume_m3 >= block.area_m2 * thickness * (1 - 1e-12)


def test_heights_of_vertices_do_not_change_the_area():
    flat = Polygon(SQUARE.exterior.coords)
    high = Polygon([(x, y, 2500.0 + y / 1e5) for x, y in SQUARE.exterior.coords])
    table = gpd.GeoDataFrame(geometry=[flat, high], crs="EPSG:32642")
    npt.assert_allclose(*plan_areas(table))


def test_blocks_come_from_a_file_in_another_system(tmp_path):
    table = layer(row()).table.to_crs("EPSG:28412")
    table.to_file(tmp_path / "blocks.gpkg")
    source = LayerSource("blocks", tmp_path / "blocks.gpkg")
    read = read_layer(source, crs="EPSG:32642", extent=Extent(67.5, 38.5, 70.0, 40.0)).or_raise()
    (block,) = read_reserve_blocks(read).or_raise()
    assert block.area_m2 == pytest.approx(plan_areas(layer(row()).table)[0], rel=1e-6)


def test_an_empty_layer_has_no_blocks():
    empty = layer(row())
    nothing = Layer(empty.source, empty.table.iloc[:0], "", "", 0.0, empty.geometry)
    assert read_reserve_blocks(nothing).or_raise() == []
