"""Desurveying: invariants, quadrature as a referee, published wells and the table of methods."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from support.reference import reference

from deposits.drilling.desurvey import desurvey, locate_intervals, survey_positions
from deposits.drilling.holes import Drillholes
from deposits.drilling.survey_checks import unit_vectors

FOOT = 0.3048
COLLAR = (1000.0, 2000.0, 500.0)
METHODS = ("minimum_curvature", "balanced_tangential")

azimuths = st.floats(0.0, 360.0)
dips = st.floats(-89.0, 20.0)
legs = st.lists(st.tuples(st.floats(1.0, 60.0), azimuths, dips), min_size=2, max_size=6)
shots = legs.filter(
    lambda rows: all(
        np.dot(*unit_vectors([a[1], b[1]], [a[2], b[2]])) > -0.9
        for a, b in itertools.pairwise(rows)
    )
)


def campaign(surveys, depth=500.0, collar=COLLAR, holes=("SYN-001",)) -> Drillholes:
    """Holes that all have the same surveys (depth, azimuth, dip)."""
    table = pd.DataFrame(
        [(hole, *row) for hole in holes for row in surveys],
        columns=["hole_id", "depth_m", "azimuth_deg", "dip_deg"],
    )
    collars = pd.DataFrame(
        [(hole, *collar, depth) for hole in holes],
        columns=["hole_id", "easting", "northing", "elevation", "depth_m"],
    )
    return Drillholes(collars, table, {})


def stations(rows):
    """Depths from 0 with their angles."""
    depth = np.concatenate([[0.0], np.cumsum([row[0] for row in rows])[:-1]])
    return [(d, row[1], row[2]) for d, row in zip(depth, rows, strict=True)]


def length_of(points) -> float:
    return float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())


def test_a_direction_is_clockwise_from_north_and_down_is_negative():
    # pygslib's test of its convention: azimuth 45, dip 75 positive down.
    assert_allclose(unit_vectors([45.0], [-75.0]), [[0.1830, 0.1830, -0.9659]], atol=1e-4)
    assert_allclose(unit_vectors([90.0], [0.0]), [[1.0, 0.0, 0.0]], atol=1e-15)


@pytest.mark.parametrize("method", METHODS)
@given(azimuth=azimuths, dip=st.floats(-90.0, 90.0))
def test_a_straight_hole_is_a_line(method, azimuth, dip):
    traces = desurvey(campaign([(d, azimuth, dip) for d in (0.0, 40.0, 100.0)]), method)
    depths = np.array([0.0, 13.0, 40.0, 70.0, 100.0, 300.0])
    line = np.array(COLLAR) + depths[:, None] * unit_vectors([azimuth], [dip])
    assert_allclose(traces.at("SYN-001", depths), line, atol=1e-9)


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=40)
@given(rows=shots)
def test_the_length_along_the_trace_is_the_depth(method, rows):
    surveys = stations(rows)
    end = surveys[-1][0] + 10.0
    traces = desurvey(campaign(surveys, end), method)
    # An even number of chords in every leg: the middle is a corner of balanced tangential.
    depths = [*(row[0] for row in surveys), end]
    fine = np.unique([np.linspace(a, b, 601) for a, b in itertools.pairwise(depths)])
    assert length_of(traces.at("SYN-001", fine)) == pytest.approx(end, rel=2e-6)


@settings(max_examples=40)
@given(rows=shots, part=st.floats(0.05, 0.95))
def test_a_station_put_in_on_the_arc_changes_nothing(rows, part):
    surveys = stations(rows)
    traces = desurvey(campaign(surveys))
    depth = part * surveys[-1][0]
    east, north, up = traces.direction_at("SYN-001", [depth])[0]
    between = (depth, np.degrees(np.arctan2(east, north)) % 360.0, np.degrees(np.arcsin(up)))
    again = desurvey(campaign(sorted([*surveys, between])))
    depths = np.linspace(0.0, surveys[-1][0] + 20.0, 40)
    assert_allclose(again.at("SYN-001", depths), traces.at("SYN-001", depths), atol=1e-6)


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=40)
@given(rows=shots, turn=st.floats(0.0, 360.0), east=st.floats(-1e6, 1e6))
def test_turning_and_shifting_the_campaign_turns_and_shifts_the_trace(method, rows, turn, east):
    surveys = stations(rows)
    depths = np.linspace(0.0, 200.0, 21)
    here = desurvey(campaign(surveys, collar=(0, 0, 0)), method).at("SYN-001", depths)
    turned = [(d, (a + turn) % 360.0, dip) for d, a, dip in surveys]
    there = desurvey(campaign(turned, collar=(east, 5.0, 7.0)), method).at("SYN-001", depths)
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    rotated = here @ np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    assert_allclose(there, rotated + np.array([east, 5.0, 7.0]), atol=1e-7)


@settings(max_examples=40)
@given(rows=shots, seed=st.integers(0, 99))
def test_the_order_of_the_rows_does_not_matter(rows, seed):
    holes = campaign(stations(rows), holes=("A", "B"))
    mixed = holes.surveys.sample(frac=1.0, random_state=seed)
    depths = np.linspace(0.0, 150.0, 16)
    one = desurvey(holes).at("B", depths)
    other = desurvey(Drillholes(holes.collars, mixed, {})).at("B", depths)
    assert np.array_equal(one, other)


def test_the_trace_agrees_with_a_quadrature_of_its_directions():
    traces = desurvey(campaign([(0, 10, -80), (60, 40, -50), (130, 350, -20)]))
    depths = np.linspace(0.0, 160.0, 160_001)
    directions = traces.direction_at("SYN-001", 0.5 * (depths[1:] + depths[:-1]))
    assert_allclose(np.linalg.norm(directions, axis=1), 1.0, atol=1e-12)
    end = np.array(COLLAR) + directions.sum(axis=0) * 0.001
    assert_allclose(traces.at("SYN-001", [160.0])[0], end, atol=1e-6)


def test_a_quarter_circle_has_radius_two_length_over_pi():
    traces = desurvey(campaign([(0, 90, -90), (100, 90, 0)], collar=(0, 0, 0)))
    radius = 200.0 / np.pi
    half = radius * np.array([1 - np.sqrt(0.5), 0.0, -np.sqrt(0.5)])
    expected = [half, [radius, 0.0, -radius]]
    assert_allclose(traces.at("SYN-001", [50.0, 100.0]), expected, atol=1e-9)


def test_a_late_first_survey_carries_up_to_the_collar():
    traces = desurvey(campaign([(30.0, 90.0, -45.0), (60.0, 90.0, -45.0)]))
    assert_allclose(traces.at("SYN-001", [0.0])[0], COLLAR)
    down = 10 * np.sqrt(0.5) * np.array([1, 0, -1])
    assert_allclose(traces.at("SYN-001", [10.0])[0], np.array(COLLAR) + down)


def test_one_survey_makes_a_straight_hole():
    traces = desurvey(campaign([(0.0, 0.0, -90.0)]))
    assert_allclose(traces.at("SYN-001", [77.0])[0], [1000.0, 2000.0, 423.0])


def test_nearly_parallel_surveys_bend_smoothly():
    for tiny in (0.0, 1e-12, 1e-8, 1e-6, 1e-3):
        traces = desurvey(campaign([(0.0, 0.0, -60.0), (100.0, tiny, -60.0)]))
        straight = desurvey(campaign([(0.0, 0.0, -60.0)]))
        apart = traces.at("SYN-001", [50.0]) - straight.at("SYN-001", [50.0])
        assert np.abs(apart).max() <= 1e-9 + np.radians(tiny) * 50.0


def test_balanced_tangential_goes_half_the_leg_along_each_direction():
    traces = desurvey(
        campaign([(0, 90, -90), (100, 90, 0)], collar=(0, 0, 0)), "balanced_tangential"
    )
    expected = [[0, 0, -50.0], [25.0, 0, -50.0], [50.0, 0, -50.0]]
    assert_allclose(traces.at("SYN-001", [50.0, 75.0, 100.0]), expected, atol=1e-9)


def test_many_holes_are_looked_up_in_any_order():
    surveys = pd.DataFrame(
        {
            "hole_id": ["B", "A", "A"],
            "depth_m": [0.0, 0.0, 50.0],
            "azimuth_deg": [0.0, 90.0, 90.0],
            "dip_deg": [-90.0, 0.0, 0.0],
        }
    )
    collars = pd.DataFrame(
        {
            "hole_id": ["A", "B"],
            "easting": [0.0, 9.0],
            "northing": 0.0,
            "elevation": 0.0,
            "depth_m": 80.0,
        }
    )
    traces = desurvey(Drillholes(collars, surveys, {}))
    found = traces.at(["B", "A", "B"], [10.0, 60.0, np.nan])
    assert_allclose(found[:2], [[9.0, 0.0, -10.0], [60.0, 0.0, 0.0]], atol=1e-12)
    assert np.isnan(found[2]).all()
    table = pd.DataFrame({"hole_id": ["B"], "from_m": [10.0], "to_m": [20.0]})
    placed = locate_intervals(traces, table)
    assert_allclose(placed[["easting", "northing", "elevation"]], [[9.0, 0.0, -15.0]], atol=1e-12)


def test_a_drawing_has_the_stations_the_end_and_points_on_bends():
    surveys = [(0, 0, -90), (50, 0, -90), (100, 0, -45), (150, 0, -45)]
    traces = desurvey(campaign(surveys, depth=120.0))
    line = traces.polyline("SYN-001", spacing_m=10.0)
    assert_allclose(line[-1], traces.at("SYN-001", [120.0])[0])
    assert_allclose(line[0], COLLAR)
    steps = np.linalg.norm(np.diff(line, axis=0), axis=1)
    assert len(line) == 9
    assert steps[0] == pytest.approx(50.0)
    assert (steps[1:-1] <= 10.0).all()


def test_unknown_holes_and_methods_are_refused():
    traces = desurvey(campaign([(0.0, 0.0, -90.0)]))
    with pytest.raises(ValueError, match="no hole SYN-009"):
        traces.at(["SYN-009"], [1.0])
    with pytest.raises(ValueError, match="as many"):
        traces.at(["SYN-001", "SYN-001"], [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="allowed minimum_curvature"):
        desurvey(campaign([(0.0, 0.0, -90.0)]), "guess")
    with pytest.raises(ValueError, match="has no survey"):
        desurvey(campaign([], holes=("SYN-001",)))


def test_the_published_leg_of_minimum_curvature():
    # 3500-3600 ft, inclination 15 -> 25, azimuth 20 -> 45: N 27.22, E 19.45, TVD 94.01 ft.
    moved = survey_positions([3500.0, 3600.0], [20.0, 45.0], [-75.0, -65.0], "minimum_curvature")
    assert_allclose(moved[1], [19.45, 27.22, -94.01], atol=0.01)
    u, v = unit_vectors([20.0, 45.0], [-75.0, -65.0])
    assert np.arccos(u @ v) == pytest.approx(0.22605, abs=1e-5)


def test_radius_of_curvature_in_one_plane_is_minimum_curvature():
    args = ([0.0, 40.0, 90.0], [30.0, 30.0, 30.0], [-80.0, -60.0, -35.0])
    arc = survey_positions(*args, "radius_of_curvature")
    assert_allclose(arc, survey_positions(*args, "minimum_curvature"), atol=1e-9)


def test_radius_of_curvature_turns_both_angles_evenly():
    end = survey_positions([0.0, 100.0], [350.0, 30.0], [-80.0, -50.0], "radius_of_curvature")[1]
    # Projections of a curve on a vertical cylinder: vertical and plan view are arcs.
    s = (np.arange(200_000) + 0.5) / 200_000
    inclination, azimuth = np.radians(10.0 + 30.0 * s), np.radians(350.0 + 40.0 * s)
    out = 100.0 * np.sin(inclination).mean()
    expected = [
        out * np.sin(azimuth).mean(),
        out * np.cos(azimuth).mean(),
        -100.0 * np.cos(inclination).mean(),
    ]
    assert_allclose(end, expected, atol=1e-6)


@pytest.mark.reference
@pytest.mark.parametrize(
    ("method", "ending"),
    [
        ("minimum_curvature", "minc"),
        ("balanced_tangential", "bal"),
        ("low_tangential", "lt"),
        ("high_tangential", "ht"),
    ],
)
def test_the_table_of_methods(method, ending):
    table = pd.read_csv(reference("geostat/desurvey/mock_data_set.csv"))
    dip = table["inc"] - 90.0
    found = survey_positions(table["md"], table["azi"], dip, method) * [1.0, 1.0, -1.0]
    published = table[[f"mE_{ending}", f"mN_{ending}", f"tvd_{ending}"]]
    assert_allclose(found, published, atol=1e-4)


@pytest.mark.reference
def test_the_table_of_average_angles_where_its_columns_are_sound():
    # Its azimuths are averaged without going the shorter way round, and its eastings lack a
    # division by the cosine of the mean inclination: both are undone before comparing.
    table = pd.read_csv(reference("geostat/desurvey/mock_data_set.csv"))
    dip = table["inc"] - 90.0
    found = np.diff(survey_positions(table["md"], table["azi"], dip, "average_tangential"), axis=0)
    published = np.diff(table[["mE_avg", "mN_avg", "tvd_avg"]].to_numpy(), axis=0)
    short = np.abs(np.diff(table["azi"])) < 180.0
    middle = np.radians(0.5 * (table["inc"].to_numpy()[1:] + table["inc"].to_numpy()[:-1]))
    assert short.sum() == 91
    assert_allclose(-found[:, 2], published[:, 2], atol=1e-9)
    assert_allclose(found[short, 1], published[short, 1], atol=1e-9)
    assert_allclose((found[:, 0] * np.cos(middle))[short], published[short, 0], atol=1e-4)


@pytest.mark.reference
@pytest.mark.parametrize("well", ["well9", "well10"])
def test_two_real_wells(well):
    table = pd.read_csv(reference(f"geostat/desurvey/{well}.csv"))
    depth, inclination, azimuth, tvd, _, north, east = table.to_numpy(float).T
    found = survey_positions(depth, azimuth, inclination - 90.0, "minimum_curvature")
    assert_allclose(-found[:, 2], tvd, atol=1e-6)
    # The source's coordinates carry the scale of its grid.
    assert_allclose(found[:, 0] * FOOT, east - east[0], atol=0.6)
    assert_allclose(found[:, 1] * FOOT, north - north[0], atol=0.6)


@pytest.mark.reference
def test_the_published_answers_are_those_tested_here():
    answers = json.dumps(json.loads(reference("geostat/reference_answers.json").read_text()))
    assert "27.22" in answers
    assert "94.01" in answers
