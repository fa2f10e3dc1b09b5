"""Orientation: GSLIB's angles by hand and by its own formulas, planes as geologists state them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.spatial.transform import Rotation

from deposits.orientation import Ellipsoid, in_plane, isotropic, rotation_matrix

azimuths = st.floats(-360, 360)
dips = st.floats(-90, 90)


@given(azimuths, dips, azimuths)
def test_axes_are_a_right_handed_frame(azimuth, dip, rake):
    axes = rotation_matrix(azimuth, dip, rake)
    assert_allclose(axes @ axes.T, np.eye(3), atol=1e-12)
    # Major, semi-major, minor: north, west, up for angles of 0.
    assert_allclose(np.linalg.det(axes), 1.0)


@given(azimuths, dips, azimuths)
def test_the_major_axis_points_where_azimuth_and_dip_say(azimuth, dip, rake):
    a, d = math.radians(azimuth), math.radians(dip)
    expected = [math.cos(d) * math.sin(a), math.cos(d) * math.cos(a), math.sin(d)]
    assert_allclose(rotation_matrix(azimuth, dip, rake)[0], expected, atol=1e-12)


@given(azimuths, dips, azimuths)
def test_three_turns_one_after_another_agree(azimuth, dip, rake):
    level = Rotation.from_euler("z", 90.0 - azimuth, degrees=True).as_matrix().T
    axes = rotation_matrix(azimuth, 0.0, 0.0)
    assert_allclose(axes, level, atol=1e-12)
    tilted = Rotation.from_rotvec(math.radians(-dip) * axes[1]).apply(axes)
    turned = Rotation.from_rotvec(math.radians(rake) * tilted[0]).apply(tilted)
    assert_allclose(rotation_matrix(azimuth, dip, rake), turned, atol=1e-9)


@pytest.mark.parametrize(
    ("angles", "major", "semi"),
    [
        ((0.0, 0.0, 0.0), (0, 1, 0), (-1, 0, 0)),
        ((90.0, 0.0, 0.0), (1, 0, 0), (0, 1, 0)),
        ((0.0, -90.0, 0.0), (0, 0, -1), (-1, 0, 0)),
        ((45.0, -75.0, 0.0), (0.18301, 0.18301, -0.96593), (-0.70711, 0.70711, 0)),
    ],
)
def test_axes_by_hand(angles, major, semi):
    axes = rotation_matrix(*angles)
    assert_allclose(axes[0], major, atol=1e-5)
    assert_allclose(axes[1], semi, atol=1e-5)


@given(st.floats(0, 90), st.floats(0, 360), st.floats(0, 180))
def test_the_plane_of_a_geologist_holds_both_long_axes(dip, direction, pitch):
    axes = rotation_matrix(*in_plane(dip, direction, pitch))
    d, t = math.radians(dip), math.radians(direction)
    normal = [math.sin(d) * math.sin(t), math.sin(d) * math.cos(t), math.cos(d)]
    assert_allclose(axes[:2] @ normal, 0.0, atol=1e-7)
    assert_allclose(abs(axes[2] @ normal), 1.0, atol=1e-9)
    strike = math.radians(direction - 90.0)
    along = np.array([math.sin(strike), math.cos(strike), 0.0])
    assert_allclose(axes[0] @ along, math.cos(math.radians(pitch)), atol=1e-7)
    assert axes[0][2] <= 1e-9


def test_a_pitch_of_90_degrees_runs_down_the_dip():
    azimuth, plunge, _ = in_plane(60.0, 135.0, 90.0)
    assert_allclose((azimuth, plunge), (135.0, -60.0))


def test_a_lag_on_the_ellipsoid_has_length_one():
    ellipsoid = Ellipsoid(80.0, 40.0, 10.0, 30.0, -20.0, 15.0)
    rng = np.random.default_rng(1)
    sphere = rng.normal(size=(50, 3))
    sphere /= np.linalg.norm(sphere, axis=1)[:, None]
    lags = (sphere * [80.0, 40.0, 10.0]) @ ellipsoid.axes()
    assert_allclose(np.linalg.norm(lags @ ellipsoid.scaling().T, axis=1), 1.0, rtol=1e-12)


def test_a_sphere_scales_alike_all_round():
    lag = np.array([3.0, -4.0, 12.0])
    assert_allclose(np.linalg.norm(isotropic(26.0).scaling() @ lag), 0.5)


@pytest.mark.parametrize("reach", [0.0, -1.0, math.nan, math.inf])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_reaches_must_be_above_0(reach, place):
    reaches = [1.0, 1.0, 1.0]
    reaches[place] = reach
    with pytest.raises(ValueError, match="reaches"):
        Ellipsoid(*reaches)


@pytest.mark.parametrize("angle", [math.nan, math.inf])
def test_angles_must_be_finite(angle):
    for place in range(3):
        angles = [0.0, 0.0, 0.0]
        angles[place] = angle
        with pytest.raises(ValueError, match="angles"):
            Ellipsoid(1.0, 1.0, 1.0, *angles)
