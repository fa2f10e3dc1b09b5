"""Sound shapes, repeated records, and discs of uncertainty."""

import geopandas as gpd
import numpy as np
import numpy.testing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import LineString, MultiPoint, Point, Polygon

from deposits.gis.geometry import check_geometry, probable_duplicates, uncertainty_discs

BOWTIE = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
SQUARE = Polygon([(0, 0), (1, 0), (1, 1), (0, 1)])


def table(*shapes):
    return gpd.GeoDataFrame({"id": [str(i) for i in range(len(shapes))]}, geometry=list(shapes))


def check(*shapes, repair=False):
    features = table(*shapes)
    return check_geometry(features, list(features["id"]), "blocks.gpkg", repair)


def test_an_invalid_polygon_is_an_error_with_its_reason_and_id():
    checked = check(SQUARE, BOWTIE)
    (problem,) = checked.problems
    assert problem.severity == "error"
    assert problem.place == "blocks.gpkg, feature 1"
    assert "Self-intersection" in problem.found
    assert checked.table.geometry[1].equals(BOWTIE)


def test_repair_happens_only_on_request_and_says_what_it_changed():
    checked = check(BOWTIE, repair=True)
    (problem,) = checked.problems
    assert problem.severity == "warning"
    assert "area 0 before, 2 after" in problem.found
    assert checked.table.geometry[0].is_valid
    assert (checked.counts.invalid, checked.counts.repaired) == (1, 1)


def test_repair_of_a_polygon_leaves_no_stray_lines():
    spiked = Polygon([(0, 0), (1, 0), (1, 1), (5, 1), (1, 1), (0, 1)])
    repaired = check(spiked, repair=True).table.geometry[0]
    assert repaired.geom_type in ("Polygon", "MultiPolygon")
    assert repaired.area == pytest.approx(1.0)


def test_missing_and_empty_geometries_are_left_out_and_counted():
    checked = check(SQUARE, None, Polygon(), Point(1, 1))
    assert len(checked.table) == checked.counts.kept == 2
    assert (checked.counts.missing, checked.counts.empty) == (1, 1)
    assert [p.severity for p in checked.problems] == ["warning", "warning"]
    assert list(checked.table["id"]) == ["0", "3"]


def test_nothing_at_all_is_no_problem():
    checked = check()
    assert checked.problems == () and checked.counts.kept == 0


def test_the_same_ring_started_elsewhere_is_the_same_geometry():
    turned = Polygon([(1, 1), (0, 1), (0, 0), (1, 0)])
    checked = check(SQUARE, turned, Polygon([(0, 0), (1, 0), (1, 1.000001), (0, 1)]))
    assert checked.counts.repeated == 2
    assert "2 features have the same geometry (0, 1)" in checked.problems[0].fact


def test_heights_and_parts_are_kept_and_counted():
    checked = check(Point(1, 2, 3), MultiPoint([(0, 0), (1, 1)]), LineString([(0, 0), (1, 1)]))
    assert (checked.counts.with_z, checked.counts.multi_part) == (1, 1)
    assert checked.table.geometry[0].z == 3.0


def records(*rows, crs="EPSG:4326"):
    columns = ("id", "name", "aliases", "kind", "field", "uncertainty_m", "lon", "lat")
    data = dict(zip(columns, zip(*rows, strict=True), strict=True))
    points = gpd.points_from_xy(data.pop("lon"), data.pop("lat"))
    return gpd.GeoDataFrame(data, geometry=points, crs="EPSG:4326").to_crs(crs)


USGS = (
    ("usgs1850", "Jezhikrut", "", "deposit", "jijikrut", 3000.0, 68.65, 39.15),
    ("usgs1848", "Dzhizhikrut", "", "deposit", "jijikrut", 5000.0, 68.6006, 39.2042),
)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32642", "EPSG:28412"])
def test_two_records_of_one_field_within_their_uncertainty_are_reported(crs):
    (problem,) = probable_duplicates(records(*USGS, crs=crs))
    assert problem.severity == "warning"
    assert "usgs1850" in problem.fact and "usgs1848" in problem.fact
    assert "7.4 km apart" in problem.found and "8 km" in problem.found
    assert "not merged" in problem.remedy


def test_the_joint_uncertainty_is_the_limit():
    metres = Geod(ellps="WGS84").inv(68.65, 39.15, 68.6006, 39.2042)[2]
    near = [(*USGS[0][:5], metres - 5000.0 + 0.1, *USGS[0][6:]), USGS[1]]
    far = [(*USGS[0][:5], metres - 5000.0 - 0.1, *USGS[0][6:]), USGS[1]]
    assert len(probable_duplicates(records(*near))) == 1
    assert probable_duplicates(records(*far)) == []


def test_a_shared_alias_is_reported_even_far_apart():
    pair = (
        ("a", "Chore", "", "deposit", "", np.nan, 68.5542, 39.3975),
        ("b", "Чоре (NRCan)", "Chore;Chori", "deposit", "", np.nan, 67.0, 39.39),
    )
    (problem,) = probable_duplicates(records(*pair))
    assert "beyond their joint uncertainty" in problem.found
    assert "share a name" in problem.remedy


def test_other_fields_and_other_kinds_are_left_alone():
    other_field = [USGS[0], (*USGS[1][:4], "konchoch", *USGS[1][5:])]
    other_kind = [USGS[0], (*USGS[1][:3], "settlement", *USGS[1][4:])]
    assert probable_duplicates(records(*other_field)) == []
    assert probable_duplicates(records(*other_kind)) == []


@settings(max_examples=25, deadline=None)
@given(st.floats(67.6, 69.9), st.floats(-60, 60), st.floats(10.0, 20_000.0))
def test_every_corner_of_a_disc_is_its_uncertainty_away(lon, lat, metres):
    point = records(("a", "A", "", "deposit", "f", metres, lon, lat))
    corners = np.asarray(uncertainty_discs(point).geometry[0].exterior.coords)
    ones = np.ones(len(corners))
    away = Geod(ellps="WGS84").inv(lon * ones, lat * ones, *corners.T)[2]
    npt.assert_allclose(away, metres, rtol=1e-6)


def test_discs_carry_their_record_and_say_what_they_are_not():
    points = records(*USGS, ("c", "C", "", "deposit", "f", np.nan, 68.0, 39.0), crs="EPSG:32642")
    discs = uncertainty_discs(points)
    assert list(discs["id"]) == ["usgs1850", "usgs1848"]
    assert set(discs["kind"]) == {"location_uncertainty"}
    assert set(discs["geometry_meaning"]) == {"where the deposit may lie, not its outline"}
    assert discs.crs == points.crs
    npt.assert_allclose(discs.area, np.pi * np.array([3000.0, 5000.0]) ** 2, rtol=2e-3)
    assert all(ring.exterior.is_ccw for ring in discs.geometry)
    assert list(points["kind"]) == ["deposit"] * 3


def test_no_uncertainty_no_disc():
    assert uncertainty_discs(records(*USGS).drop(columns="uncertainty_m")).empty
