"""Is a stope a closed body of the right volume, and its outlines cuts of it?"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deposits.errors import DataError
from planning.limits.stopes.frame import StopeFrame
from planning.limits.stopes.polygons import (
    plan_corners,
    plan_polygons,
    section_corners,
    section_polygons,
)
from planning.limits.stopes.solids import corners, solid, volume_m3
from planning.limits.stopes.stope import Stope

lengths = st.floats(0.5, 40.0)


@st.composite
def stopes(draw):
    frame = StopeFrame(
        origin_m=(draw(st.floats(-6e5, 6e5)), draw(st.floats(-5e6, 5e6)), draw(st.floats(0, 4000))),
        strike_deg=draw(st.one_of(st.sampled_from([0.0, 90.0, -90.0]), st.floats(-360, 360))),
        section_m=draw(lengths),
        level_m=draw(lengths),
        step_m=1.0,
        n_sections=4,
        n_levels=3,
        n_steps=100,
    )
    near = draw(st.floats(0, 30)), draw(st.floats(0, 30))
    far = near[0] + draw(st.floats(0.5, 30)), near[1] + draw(st.floats(0.5, 30))
    return frame, Stope(draw(st.integers(0, 2)), draw(st.integers(0, 3)), *near, *far, 1.0)


def trapezoid(frame, stope):
    floor, roof = stope.far_bottom_m - stope.near_bottom_m, stope.far_top_m - stope.near_top_m
    return (floor + roof) / 2 * frame.level_m


@settings(max_examples=200, deadline=None)
@given(stopes())
def test_a_stope_is_closed_looks_outwards_and_holds_its_volume(case):
    frame, stope = case
    body = solid(frame, stope, "L01-S01-1")
    assert body.faults() == () and len(body.vertices) == 8 and len(body.faces) == 12
    expected = trapezoid(frame, stope) * frame.section_m
    assert volume_m3(frame, stope) == pytest.approx(expected, rel=1e-14)
    # World coordinates hold 5e6 m to 1e-9 m; the least length here is 0.5 m.
    assert body.volume_m3 == pytest.approx(expected, rel=1e-7)


def test_near_the_origin_the_volume_is_right_to_a_billionth():
    frame = StopeFrame(
        origin_m=(100.0, 200.0, 50.0), strike_deg=33.0, section_m=20.0, level_m=30.0, step_m=1.0,
        n_sections=3, n_levels=2, n_steps=50,
    )  # fmt: skip
    stope = Stope(1, 2, 4.0, 2.0, 9.0, 6.5, 0.0)
    assert solid(frame, stope).volume_m3 == pytest.approx(20 * 30 * (5 + 4.5) / 2, rel=1e-12)
    utm = StopeFrame(
        origin_m=(512345.6, 4345678.9, 1850.0), strike_deg=33.0, section_m=20.0, level_m=30.0,
        step_m=1.0, n_sections=3, n_levels=2, n_steps=50,
    )  # fmt: skip
    assert solid(utm, stope).volume_m3 == pytest.approx(20 * 30 * (5 + 4.5) / 2, rel=1e-9)


@settings(max_examples=100, deadline=None)
@given(stopes(), st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.floats(-0.5, 1.5))
def test_points_between_the_walls_are_inside_and_no_others(case, along, up, across):
    frame, stope = case
    if min(abs(across), abs(across - 1)) < 0.01:
        return
    near = stope.near_bottom_m + up * (stope.near_top_m - stope.near_bottom_m)
    far = stope.far_bottom_m + up * (stope.far_top_m - stope.far_bottom_m)
    local = [
        (stope.section + along) * frame.section_m,
        near + across * (far - near),
        (stope.level + up) * frame.level_m,
    ]
    inside = solid(frame, stope).contains(frame.to_world([local]))
    assert inside.tolist() == [0 < across < 1]


@settings(max_examples=100, deadline=None)
@given(stopes())
def test_outlines_are_cuts_of_the_body(case):
    frame, stope = case
    plan, section = plan_polygons(frame, [stope])[0], section_polygons(frame, [stope])[0]
    width = trapezoid(frame, stope) / frame.level_m
    assert plan.area == pytest.approx(width * frame.section_m, rel=1e-6)
    assert plan.exterior.is_ccw and plan.is_valid
    assert section.area == pytest.approx(trapezoid(frame, stope), rel=1e-9)
    assert section.exterior.is_ccw
    # The middle of the plan outline, at half height, lies in the body.
    middle = plan_corners(frame, [stope])[0].mean(axis=0)
    height = frame.floor_elevation_m(stope.level) + frame.level_m / 2
    assert solid(frame, stope).contains([[*middle, height]]).all()
    elevations = section_corners(frame, [stope])[0, :, 1]
    floor = frame.floor_elevation_m(stope.level)
    assert elevations.tolist() == [floor, floor, floor + frame.level_m, floor + frame.level_m]


def test_corners_stand_in_the_documented_order():
    frame = StopeFrame(
        origin_m=(0.0, 0.0, 0.0), strike_deg=0.0, section_m=20.0, level_m=30.0, step_m=1.0,
        n_sections=2, n_levels=2, n_steps=50,
    )  # fmt: skip
    found = corners(frame, [Stope(1, 1, 4.0, 2.0, 9.0, 6.0, 0.0)])[0]
    # Strike north: u is northing, w is easting.
    assert found.tolist() == [
        [4.0, 20.0, 30.0], [9.0, 20.0, 30.0], [6.0, 20.0, 60.0], [2.0, 20.0, 60.0],
        [4.0, 40.0, 30.0], [9.0, 40.0, 30.0], [6.0, 40.0, 60.0], [2.0, 40.0, 60.0],
    ]  # fmt: skip
    assert corners(frame, []).shape == (0, 8, 3)


@pytest.mark.parametrize(
    ("stope", "word"),
    [
        (Stope(2, 0, 0.0, 0.0, 1.0, 1.0, 0.0), "no such panel"),
        (Stope(0, -1, 0.0, 0.0, 1.0, 1.0, 0.0), "no such panel"),
        (Stope(0, 0, 1.0, 0.0, 1.0, 1.0, 0.0), "cross or touch"),
        (Stope(0, 0, 0.0, 3.0, 1.0, 1.0, 0.0), "cross or touch"),
        (Stope(0, 0, math.nan, 0.0, 1.0, 1.0, 0.0), "cross or touch"),
    ],
)
def test_what_is_no_body_is_refused(stope, word):
    frame = StopeFrame(
        origin_m=(0.0, 0.0, 0.0), strike_deg=0.0, section_m=20.0, level_m=30.0, step_m=1.0,
        n_sections=2, n_levels=2, n_steps=50,
    )  # fmt: skip
    with pytest.raises(DataError, match=word):
        solid(frame, stope)
    assert np.isfinite(frame.extent_m).all()
