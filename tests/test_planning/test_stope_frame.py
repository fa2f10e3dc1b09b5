"""Do levels, sections and steps lie where the frame says?"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.blocks import grids
from support.stopes_small import small_frame

from deposits.errors import DataError
from planning.limits.stopes import StopeFrame, StopeRules, diluted_walls, frame_over
from planning.limits.stopes.frame import turn
from planning.limits.stopes.stope import Stope
from planning.limits.stopes.walls import wall_lattice

strikes = st.floats(-360, 360)
places = st.tuples(*[st.floats(-1e4, 1e4)] * 3)


@given(strikes, places)
def test_points_come_back_from_the_frame(strike, point):
    frame = small_frame(strike=strike)
    assert np.allclose(frame.to_world(frame.to_frame([point])), [point], atol=1e-8)
    assert np.allclose(frame.to_frame(frame.to_world([point])), [point], atol=1e-8)


@given(strikes)
def test_axes_are_square_and_right_handed_downwards(strike):
    # u along strike, w to its right: seen from above they turn clockwise, as azimuths do
    u, w, z = small_frame(strike=strike).axes()
    assert np.allclose([u @ w, u @ z, w @ z], 0, atol=1e-12)
    assert np.allclose(np.cross(w, u), z)


@pytest.mark.parametrize(
    ("strike", "u", "w"),
    [
        (0.0, (0, 1), (1, 0)),
        (90.0, (1, 0), (0, -1)),
        (180.0, (0, -1), (-1, 0)),
        (-90.0, (-1, 0), (0, 1)),
        (360.0, (0, 1), (1, 0)),
    ],
)
def test_strike_is_an_azimuth_and_w_points_to_its_right(strike, u, w):
    axes = small_frame(strike=strike).axes()
    assert axes[0, :2].tolist() == list(u)
    assert axes[1, :2].tolist() == list(w)


@given(st.floats(-1000, 1000))
def test_a_turn_is_cosine_and_sine(azimuth):
    angle = math.radians(azimuth)
    assert turn(azimuth) == pytest.approx((math.cos(angle), math.sin(angle)), abs=1e-12)


@given(strikes, places)
def test_a_moved_frame_sees_points_shifted(strike, by):
    frame = small_frame(strike=strike)
    moved = frame.moved(*by)
    point = [[3.0, 4.0, 5.0]]
    assert np.allclose(moved.to_frame(frame.to_world(point)), np.array(point) - by, atol=1e-8)
    assert moved.shape == frame.shape


@given(grids, strikes, st.sampled_from([0.0, 7.0]))
def test_a_frame_over_a_grid_covers_it_and_not_much_more(grid, strike, margin):
    frame = frame_over(grid, strike, (20.0, 15.0, 2.0), 3, margin)
    corners = grid.outline()
    top = grid.shape[2] * grid.size_m[2]
    low = frame.to_frame(np.column_stack([corners, np.full(4, grid.origin_m[2])]))
    extent = np.array(frame.extent_m)
    assert (low.min(axis=0) >= np.array([0, margin, 0]) - 1e-6).all()
    assert (low.max(axis=0)[:2] <= extent[:2] - [0, margin] + 1e-6).all()
    assert top <= extent[2] + 1e-6
    spare = extent - low.max(axis=0) - [0, margin, top]
    assert (spare < np.array([20.0, 2.0, 15.0]) + 1e-6).all()


def test_levels_are_numbered_upwards_from_the_origin():
    frame = small_frame(level_m=4.0, panels=(3, 2))
    assert [frame.floor_elevation_m(n) for n in (0, 1, 3)] == [300.0, 304.0, 312.0]
    assert frame.cell_volume_m3 == 5 * 2 * 4
    assert frame.shape == (3, 2, 1, 6)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"strike_deg": 361.0}, "strike is not an azimuth"),
        ({"strike_deg": math.nan}, "strike is not an azimuth"),
        ({"section_m": 0.0}, "section_m"),
        ({"level_m": -20.0}, "level_m"),
        ({"step_m": math.inf}, "step_m"),
        ({"n_steps": 0}, "n_steps"),
        ({"n_levels": 2.5}, "n_levels"),
        ({"n_sections": True}, "n_sections"),
        ({"n_sublevels": -1}, "n_sublevels"),
        ({"origin_m": (0.0, math.nan, 0.0)}, "origin of the frame"),
        ({"n_steps": 10**6, "n_sections": 100}, "too fine"),
    ],
)
def test_what_is_no_frame_is_refused(change, words):
    with pytest.raises(DataError, match=words):
        replace(small_frame(), **change)


def test_all_that_is_wrong_with_a_frame_is_said_at_once():
    with pytest.raises(DataError) as refused:
        replace(small_frame(), strike_deg=900.0, step_m=0.0, n_levels=0)
    assert len(refused.value.problems) == 3


@pytest.mark.parametrize("edge", [-360.0, 360.0])
def test_whole_turns_are_azimuths(edge):
    assert small_frame(strike=edge).strike_deg == edge


def test_a_margin_that_is_no_length_is_refused():
    from support.blocks import GRIDS

    for margin in (-1.0, math.nan, math.inf):
        with pytest.raises(DataError, match="margin"):
            frame_over(GRIDS[0], 0.0, (10.0, 10.0, 1.0), 1, margin)


def test_a_frame_prints_its_facts():
    assert "6 of 2 m" in str(small_frame())
    assert "<table>" in small_frame()._repr_html_()


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"least_width_m": 0.0}, "least width"),
        ({"least_width_m": -2.0}, "least width"),
        ({"least_width_m": math.nan}, "least width"),
        ({"least_width_m": 5.0, "most_width_m": 4.0}, "most width is below the least"),
        ({"least_width_m": 5.0, "most_width_m": math.nan}, "most width is below the least"),
        ({"least_width_m": 5.0, "pillar_m": -1.0}, "pillar_m"),
        ({"least_width_m": 5.0, "near_skin_m": math.inf}, "near_skin_m"),
        ({"least_width_m": 5.0, "far_skin_m": math.nan}, "far_skin_m"),
        ({"least_width_m": 5.0, "wall_dip_deg": (80.0, 60.0)}, "dips of the walls"),
        ({"least_width_m": 5.0, "wall_dip_deg": (0.0, 60.0)}, "dips of the walls"),
        ({"least_width_m": 5.0, "wall_dip_deg": (60.0, 180.0)}, "dips of the walls"),
        ({"least_width_m": 5.0, "wall_dip_deg": (-60.0, 60.0)}, "dips of the walls"),
        ({"least_width_m": 5.0, "mining_recovery": 95.0}, "State it as a fraction"),
        ({"least_width_m": 5.0, "mining_recovery": 0.0}, "mining recovery"),
    ],
)
def test_rules_that_no_stope_keeps_are_refused(rules, words):
    with pytest.raises(DataError, match=words):
        StopeRules(**rules)


def test_equal_least_and_most_width_are_rules():
    assert StopeRules(least_width_m=5.0, most_width_m=5.0).clearance_m == 0
    assert "5 to 5 m" in str(StopeRules(least_width_m=5.0, most_width_m=5.0))


@pytest.mark.parametrize(
    ("skins", "pillar", "clear"), [((1, 2), 2, 3), ((1, 1), 5, 5), ((0, 0), 0, 0)]
)
def test_a_pillar_is_never_thinner_than_the_skins_that_face_each_other(skins, pillar, clear):
    rules = StopeRules(least_width_m=1, pillar_m=pillar, near_skin_m=skins[0], far_skin_m=skins[1])
    assert rules.clearance_m == clear


@given(st.floats(20, 160), st.floats(20, 160), st.sampled_from([0.25, 0.5, 1.0]))
def test_walls_of_a_lattice_dip_within_their_limits_and_none_is_left_out(one, other, step):
    frame = small_frame(80, level_m=8.0, step_m=step)
    least, most = min(one, other), max(one, other)
    dips = [math.degrees(math.atan2(8.0, run * step)) for run in range(-80, 81)]
    within = [dip for dip in dips if least <= dip <= most]
    try:
        lattice = wall_lattice(frame, StopeRules(least_width_m=1.0, wall_dip_deg=(least, most)))
    except DataError:
        assert not within
        return
    assert np.allclose(lattice.dip_deg, within)


@given(st.floats(-10, 10), st.floats(-10, 10), st.floats(0, 3), st.floats(0, 3))
def test_skins_are_as_thick_as_stated_square_to_their_walls(near_run, far_run, near, far):
    frame, rules = small_frame(level_m=8.0), StopeRules(
        least_width_m=1, near_skin_m=near, far_skin_m=far
    )  # fmt: skip
    stope = Stope(0, 0, 50.0, 50.0 - near_run, 90.0, 90.0 - far_run, 7.0)
    broken = diluted_walls(stope, frame, rules)
    for run, moved, skin in (
        (near_run, stope.near_bottom_m - broken.near_bottom_m, near),
        (far_run, broken.far_bottom_m - stope.far_bottom_m, far),
    ):
        assert moved * math.sin(math.atan2(8.0, run)) == pytest.approx(skin, abs=1e-12)
    assert broken.near_bottom_m - broken.near_top_m == pytest.approx(near_run, abs=1e-12)
    assert broken.value == 7.0


def test_a_frame_is_stated_by_name():
    with pytest.raises(TypeError):
        StopeFrame((0.0, 0.0, 0.0), 0.0)
