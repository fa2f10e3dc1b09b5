"""Covariance models: values by hand, gstlearn, the kernel's twin, and only possible models."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from deposits.estimation.covariance import KINDS, Covariance, Structure
from deposits.kernels.covariance import correlation
from deposits.orientation import Ellipsoid, isotropic

BOUNDED = [kind for kind in KINDS if kind != "linear"]
TURNED = Ellipsoid(50.0, 30.0, 10.0, 35.0, -40.0, 20.0)


def along(h):
    """Lags of lengths *h* along easting."""
    return np.column_stack([h, np.zeros((np.size(h), 2))])


def unit(kind, ranges=None):
    return Covariance(0.0, (Structure(kind, 1.0, ranges or isotropic(10.0)),))


@pytest.mark.parametrize(
    ("kind", "half", "whole", "double"),
    [
        ("spherical", 1 - 0.75 + 0.0625, 0.0, 0.0),
        ("exponential", math.exp(-1.5), math.exp(-3), math.exp(-6)),
        ("gaussian", math.exp(-0.75), math.exp(-3), math.exp(-12)),
        ("cubic", 1 - 7 / 4 + 8.75 / 8 - 3.5 / 32 + 0.75 / 128, 0.0, 0.0),
        ("linear", 0.5, 0.0, -1.0),
    ],
)
def test_values_at_half_one_and_two_practical_ranges(kind, half, whole, double):
    found = unit(kind).at(along([0.0, 5.0, 10.0, 20.0]))
    assert_allclose(found, [1.0, half, whole, double], atol=1e-14)


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_kernel_is_the_same_function(kind):
    h = np.linspace(0, 3, 301)
    kernel = np.array([correlation.py_func(KINDS[kind], float(x)) for x in h])
    assert_allclose(unit(kind).at(along(10.0 * h)), kernel, atol=1e-14)


@pytest.mark.parametrize("kind", BOUNDED)
def test_gstlearn_agrees(kind):
    gl = pytest.importorskip("gstlearn")
    gl.defineDefaultSpace(gl.ESpaceType.RN, 3)
    # Its practical range leaves 5 % exactly, ours exp(-3).
    factor = {"exponential": -math.log(0.05) / 3, "gaussian": math.sqrt(-math.log(0.05) / 3)}
    model = gl.Model.createFromParam(
        getattr(gl.ECov, kind.upper()), 10.0 * factor.get(kind, 1.0), 1.0
    )
    origin = gl.SpacePoint([0.0, 0.0, 0.0])
    for h in (0.0, 1.0, 4.0, 7.5, 9.9, 12.0):
        theirs = model.evalCov(origin, gl.SpacePoint([h, 0.0, 0.0]))
        assert_allclose(unit(kind).at(along([h]))[0], theirs, atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(BOUNDED), st.integers(0, 10_000), st.floats(0, 1))
def test_grades_at_any_places_have_a_possible_covariance_matrix(kind, seed, nugget):
    points = np.random.default_rng(seed).uniform(0, 40, (15, 3))
    model = Covariance(nugget, (Structure(kind, 1.0, TURNED),))
    matrix = model.at((points[:, None] - points).reshape(-1, 3)).reshape(15, 15)
    assert_allclose(matrix, matrix.T, atol=1e-15)
    assert np.linalg.eigvalsh(matrix)[0] >= nugget - 1e-10


@pytest.mark.parametrize("kind", BOUNDED)
def test_continuity_falls_with_distance(kind):
    values = unit(kind).at(along(np.linspace(0, 40, 200)))
    assert np.all(np.diff(values) <= 0)


def test_ranges_lie_along_the_axes_of_the_ellipsoid():
    axes = TURNED.axes()
    for axis, reach in zip(axes, (50.0, 30.0, 10.0), strict=True):
        model = unit("spherical", TURNED)
        assert_allclose(model.at(axis * reach), 0.0, atol=1e-12)
        assert_allclose(model.at(axis * reach / 2), 0.3125)


def test_the_nugget_counts_at_the_sample_only():
    model = Covariance(2.0, (Structure("spherical", 3.0, isotropic(10.0)),))
    assert_allclose(model.at(along([0.0, 1e-9])), [5.0, 3.0], atol=1e-8)
    assert_allclose(model.variogram(along([0.0, 1e-9, 50.0])), [0.0, 2.0, 5.0], atol=1e-8)


def test_models_nest_and_scale():
    first, second = unit("spherical"), Covariance(1.0, (Structure("cubic", 2.0, TURNED),))
    lags = np.random.default_rng(3).normal(0, 8, (20, 3))
    assert_allclose((first + second).at(lags), first.at(lags) + second.at(lags))
    assert_allclose(second.scaled(2.5).at(lags), 2.5 * second.at(lags))
    assert (first + second).sill == 4.0


def test_only_a_linear_model_is_unbounded():
    assert all(unit(kind).is_bounded == (kind != "linear") for kind in KINDS)


def test_kernels_get_the_same_model():
    model = Covariance(0.5, (Structure("cubic", 2.0, TURNED), Structure("spherical", 1, TURNED)))
    packed = model.packed()
    lags = np.random.default_rng(3).normal(0, 20, (30, 3))
    total = np.zeros(30)
    for kind, sill, scaling in zip(packed.kinds, packed.sills, packed.scalings, strict=True):
        h = np.linalg.norm(lags @ scaling.T, axis=1)
        total += sill * np.array([correlation.py_func(kind, x) for x in h])
    assert_allclose(model.at(lags), total, atol=1e-14)
    bare = Covariance(1.0).packed()
    assert bare.scalings.shape == (0, 3, 3)
    assert_array_equal(bare.kinds, [])


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Structure("round", 1.0, isotropic(1.0)),
        lambda: Structure("spherical", -0.1, isotropic(1.0)),
        lambda: Structure("spherical", math.nan, isotropic(1.0)),
        lambda: Covariance(-1.0),
        lambda: Covariance(math.nan),
        lambda: Covariance(0.0),
        lambda: Covariance(0.0, (Structure("spherical", 0.0, isotropic(1.0)),)),
        lambda: isotropic(0.0),
    ],
)
def test_what_is_no_model_is_refused(wrong):
    with pytest.raises(ValueError):
        wrong()
