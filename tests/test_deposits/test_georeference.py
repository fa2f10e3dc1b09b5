"""Coordinates: systems, operations, and the mistakes people make with them."""

from types import SimpleNamespace

import numpy as np
import numpy.testing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer
from pyproj.transformer import TransformerGroup
from shapely import Point

from deposits.errors import DataError
from deposits.gis.crs_candidates import candidate_systems, likely_systems
from deposits.gis.georeference import Extent, crs_label, find_operation, move_geometries, parse_crs
from deposits.gis.misplacement import diagnose, explain_shift, missing_crs

DISTRICT = Extent(67.5, 38.5, 70.0, 40.0)
UTM = CRS("EPSG:32642")
# The mine settlement, 68 37 46 E, 39 10 26 N, with its UTM 42N and Gauss-Krüger zone 12 coordinates
# as the evidence lists them (to a decimetre).
SETTLEMENT = (68 + 37 / 60 + 46 / 3600, 39 + 10 / 60 + 26 / 3600)
IN_UTM = (467991.6, 4336138.9)
IN_GK12 = (12468041.5, 4337935.5)


def box(x, y):
    return np.array([[x, y, x, y]], dtype=float)


@pytest.mark.parametrize(("code", "there"), [("EPSG:32642", IN_UTM), ("EPSG:28412", IN_GK12)])
def test_the_settlement_has_its_known_coordinates(code, there):
    moved = find_operation("EPSG:4326", code, DISTRICT)([SETTLEMENT])[0]
    npt.assert_allclose(moved, there, rtol=0, atol=0.06)


def test_the_operation_valid_for_tajikistan_is_used_and_its_accuracy_kept():
    operation = find_operation("EPSG:28412", "EPSG:32642", DISTRICT)
    assert "Pulkovo 1942 to WGS 84 (16)" in operation.name
    assert operation.accuracy_m == 4.5
    assert operation.problems == ()


def test_the_district_decides_which_datum_transformation_is_used():
    here = find_operation("EPSG:4284", "EPSG:4326", DISTRICT)
    baltic = find_operation("EPSG:4284", "EPSG:4326", Extent(24.0, 56.5, 26.0, 57.5))
    assert here.accuracy_m == 4.5
    assert here.name != baltic.name


@pytest.mark.parametrize(
    ("source", "target"),
    [("EPSG:4326", "EPSG:32642"), ("EPSG:28412", "EPSG:4284"), ("EPSG:28412", "EPSG:2502")],
)
def test_one_datum_needs_no_accuracy(monkeypatch, source, target):
    assert find_operation(source, target, DISTRICT).accuracy_m == 0.0

    def silent(*systems, **how):
        """PROJ 9.8 states no accuracy for a bare projection, as if it were not known."""
        found = TransformerGroup(*systems, **how)
        best = SimpleNamespace(description=found.transformers[0].description, accuracy=-1.0)
        return SimpleNamespace(transformers=[best], unavailable_operations=[], best_available=True)

    monkeypatch.setattr("pyproj.transformer.TransformerGroup", silent)
    operation = find_operation(source, target, DISTRICT)
    assert operation.accuracy_m == 0.0
    assert operation.problems == ()
    assert find_operation("EPSG:4284", "EPSG:4326", DISTRICT).accuracy_m is None


@pytest.mark.parametrize("ending", ["", " (with axis order normalized for visualization)"])
def test_the_order_of_axes_is_no_step_of_the_operation(monkeypatch, ending):
    def worded(*systems, **how):
        best = SimpleNamespace(description=f"UTM zone 42N{ending}", accuracy=0.0)
        return SimpleNamespace(transformers=[best], unavailable_operations=[], best_available=True)

    monkeypatch.setattr("pyproj.transformer.TransformerGroup", worded)
    assert find_operation("EPSG:4326", "EPSG:32642").name == "UTM zone 42N"


def test_an_unknown_datum_is_warned_of():
    unnamed = "+proj=tmerc +lat_0=0 +lon_0=69 +k=1 +x_0=500000 +ellps=krass +units=m +type=crs"
    operation = find_operation(unnamed, "EPSG:32642", DISTRICT)
    assert operation.accuracy_m is None
    assert "100 m or more" in str(operation.problems[0])


@settings(deadline=None)
@given(st.floats(67.6, 69.9), st.floats(38.6, 39.9))
def test_going_there_and_back_changes_nothing(lon, lat):
    there = find_operation("EPSG:4326", "EPSG:28412", DISTRICT)
    back = find_operation("EPSG:28412", "EPSG:4326", DISTRICT)
    npt.assert_allclose(back(there([[lon, lat]])), [[lon, lat]], atol=1e-8)


def test_heights_and_missing_geometry_pass_through():
    shapes = np.array([Point(*SETTLEMENT, 1950.0), Point(*SETTLEMENT), None], dtype=object)
    moved = move_geometries(shapes, find_operation("EPSG:4326", "EPSG:32642", DISTRICT))
    assert moved[0].z == 1950.0
    assert not moved[1].has_z
    npt.assert_allclose([moved[0].x, moved[0].y], IN_UTM, rtol=0, atol=0.06)
    assert moved[2] is None


@pytest.mark.parametrize(
    "sides", [(70, 38, 67, 40), (67, 40, 70, 38), (67, 38, 190, 40), (0, 0, 0, 1)]
)
def test_an_extent_that_is_no_box_is_refused(sides):
    with pytest.raises(DataError, match="not a box"):
        Extent(*sides)


def test_the_sides_of_the_extent_belong_to_it():
    assert DISTRICT.contains([[67.5, 38.5], [70.0, 40.0]]).all()
    assert not DISTRICT.contains([[67.49, 39.0], [70.01, 39.0], [69.0, np.nan]]).any()


def test_an_unknown_crs_is_an_error_that_shows_how_to_write_one():
    checked = parse_crs("EPSG:999999", "study.crs")
    assert checked.value is None
    assert "EPSG:32642" in str(checked.problems[0])


def test_systems_are_looked_up_for_the_district_not_hard_coded():
    here = {system.code for system in candidate_systems(DISTRICT)}
    assert {"EPSG:4326", "EPSG:32642", "EPSG:28412", "EPSG:2502", "EPSG:2598", "EPSG:2539"} <= here
    kyrgyz = {system.code for system in candidate_systems(Extent(72.5, 40.0, 74.0, 41.0))}
    assert {"EPSG:32643", "EPSG:28413"} <= kyrgyz
    assert "EPSG:28412" not in kyrgyz


@pytest.mark.parametrize(
    ("xy", "codes", "swapped"),
    [
        (SETTLEMENT, ["EPSG:4326"], False),
        (SETTLEMENT[::-1], ["EPSG:4326"], True),
        (IN_UTM, ["EPSG:32642", "EPSG:2502", "EPSG:2598"], False),
        (IN_UTM[::-1], ["EPSG:32642", "EPSG:2502", "EPSG:2598"], True),
        (IN_GK12, ["EPSG:28412"], False),
        ((23468041.5, 4337935.5), ["EPSG:2539"], False),
        ((5.0, 5.0), [], False),
    ],
)
def test_coordinates_themselves_say_which_systems_fit(xy, codes, swapped):
    fits = likely_systems(box(*xy), DISTRICT)
    assert [fit.system.code for fit in fits] == codes
    assert all(fit.swapped is swapped for fit in fits)


def test_a_missing_crs_names_both_readings_and_how_far_apart_they_are():
    text = str(missing_crs(box(*IN_UTM), DISTRICT, "a.csv", UTM))
    assert "EPSG:32642" in text and "EPSG:2502" in text
    assert "1,797 m apart" in text


def test_a_missing_crs_of_a_prefixed_easting_names_the_pulkovo_1995_twin_too():
    text = str(missing_crs(box(*IN_GK12), DISTRICT, "a.csv", UTM))
    assert 'crs = "EPSG:28412"' in text and "EPSG:20012" in text


def test_a_missing_crs_without_an_extent_still_gets_advice():
    assert "EPSG:32642" in str(missing_crs(box(*IN_UTM), None, "a.csv", UTM))
    degrees = str(missing_crs(box(*SETTLEMENT), None, "a.csv", UTM))
    assert 'crs = "EPSG:4326"' in degrees and "EPSG:32643" not in degrees


@pytest.mark.parametrize(
    ("crs", "xy", "words"),
    [
        ("EPSG:32642", IN_GK12, ["carry the zone number 12", 'crs = "EPSG:28412"']),
        ("EPSG:28412", (468041.5, 4337935.5), ["lack the zone number 12", 'crs = "EPSG:2502"']),
        ("EPSG:4326", SETTLEMENT[::-1], ["axes are exchanged", "longitude, latitude"]),
        ("EPSG:32642", IN_UTM[::-1], ["axes are exchanged", "easting, northing"]),
        ("EPSG:28412", IN_GK12[::-1], ["axes are exchanged"]),
        ("EPSG:32642", SETTLEMENT, ['crs = "EPSG:4326"']),
        ("EPSG:4326", IN_UTM, ["nowhere on the Earth", "EPSG:32642", "EPSG:2502"]),
        ("EPSG:32642", IN_GK12[::-1], ["EPSG:28412", "exchanged as well"]),
    ],
)
def test_wrong_coordinates_are_explained(crs, xy, words):
    (problem,) = diagnose(box(*xy), ["s"], CRS(crs), DISTRICT, "a.csv")
    assert problem.severity == "error"
    for word in words:
        assert word in str(problem)


def test_right_coordinates_raise_nothing():
    assert diagnose(box(*IN_UTM), ["s"], UTM, DISTRICT, "a.csv") == []


def test_one_far_feature_is_a_warning_that_names_it():
    boxes = np.vstack([box(*IN_UTM), box(*IN_UTM), box(768000, 4336138.9)])
    (problem,) = diagnose(boxes, ["a", "b", "far"], UTM, DISTRICT, "a.csv")
    assert problem.severity == "warning"
    assert "1 of 3 features lies" in problem.fact and "far" in problem.fact


def test_one_row_with_a_zone_number_among_others_is_an_error():
    boxes = np.vstack([box(*IN_UTM), box(*IN_GK12)])
    (problem,) = diagnose(boxes, ["a", "prefixed"], UTM, DISTRICT, "a.csv")
    assert problem.severity == "error"
    assert "prefixed" in problem.fact and "EPSG:28412" in problem.remedy


def test_a_feature_around_the_extent_meets_it():
    whole = find_operation("EPSG:4326", "EPSG:32642")([[66.5, 38.0], [70.5, 40.5]]).ravel()
    assert diagnose(whole[None, :], ["admin"], UTM, DISTRICT, "a.csv") == []


def shift_of_the_mix_up(lon, lat, gk, utm):
    """Referee: two plain transformers, the zone number taken off by hand."""
    east, north = Transformer.from_crs("EPSG:4326", gk, always_xy=True).transform(lon, lat)
    true = Transformer.from_crs("EPSG:4326", utm, always_xy=True).transform(lon, lat)
    return east % 1_000_000 - true[0], north - true[1]


def test_the_mix_up_at_the_settlement_is_fifty_and_1797_metres():
    dx, dy = shift_of_the_mix_up(*SETTLEMENT, "EPSG:28412", "EPSG:32642")
    assert (round(dx), round(dy)) == (50, 1797)
    text = explain_shift(dx, dy, SETTLEMENT)
    assert text is not None
    assert "EPSG:28412" in text and "EPSG:2502" in text and "EPSG:32642" in text
    assert "suspect the second" in text
    assert "suspect the first" in str(explain_shift(-dx, -dy, SETTLEMENT))


def test_the_mix_up_is_recognised_in_another_zone():
    at = (73.2, 41.0)
    text = explain_shift(*shift_of_the_mix_up(*at, "EPSG:28413", "EPSG:32643"), at)
    assert text is not None and "EPSG:32643" in text and "EPSG:28413" in text


def test_a_forgotten_datum_is_recognised():
    base = find_operation("EPSG:4326", "EPSG:4284", DISTRICT)([SETTLEMENT])
    to_utm = find_operation("EPSG:4326", "EPSG:32642", DISTRICT)
    dx, dy = (to_utm(base) - to_utm([SETTLEMENT]))[0]
    assert "without the datum transformation" in str(explain_shift(dx, dy, SETTLEMENT))


@pytest.mark.parametrize("shift", [(0, 0), (50, 1600), (50, 2000), (300, 1797), (1797, 50)])
def test_other_shifts_stay_unexplained(shift):
    assert explain_shift(*shift, SETTLEMENT) is None


def test_a_label_has_code_and_name():
    assert crs_label(CRS("EPSG:2502")) == "EPSG:2502 (Pulkovo 1942 / Gauss-Kruger CM 69E)"
