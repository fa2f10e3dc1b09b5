"""Fits: models recovered from their own values, bounds kept, referees for the linear part."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import lsq_linear

from deposits.errors import DataError
from deposits.estimation.covariance import Covariance, Structure
from deposits.estimation.fitting import FitRules, fit
from deposits.estimation.variogram_directions import Cone, Lags, along_axes, omnidirectional
from deposits.estimation.variogram_rows import lag_rows
from deposits.estimation.variogram_starter import fit_starter
from deposits.estimation.variography import downhole_variogram, experimental_variogram
from deposits.orientation import Ellipsoid, isotropic

ANGLES = (30.0, -20.0, 10.0)
AXES = Ellipsoid(80.0, 40.0, 15.0, *ANGLES)
WEIGHTINGS = ("pairs_over_distance_squared", "pairs", "cressie", "equal")


def scatter(directions, lags=Lags(20, 5.0), n=500):
    """Experimental variogram of noise: real numbers of pairs and mean distances."""
    rng = np.random.default_rng(1)
    points = rng.uniform(0, 100, (n, 3))
    return experimental_variogram(points, rng.normal(size=n), directions, lags)


NOISE = scatter(along_axes(AXES))
NOISE_ALL = scatter([omnidirectional()])


def exact(model, noise=NOISE):
    """The same lags with the semivariances of a model in place of the noise."""
    rows = lag_rows([noise])
    gamma = noise.table["gamma"].to_numpy(copy=True)
    used = (noise.table["n_pairs"] > 0) & (noise.table["distance_m"] > 0)
    gamma[used] = rows.mean(model.variogram(rows.vectors))
    return replace(noise, table=noise.table.assign(gamma=gamma))


def ellipsoid(major, scale=1.0):
    return Ellipsoid(major, 0.5 * major * scale, 0.2 * major, *ANGLES)


@pytest.mark.parametrize("weighting", WEIGHTINGS)
@pytest.mark.parametrize("kind", ["spherical", "exponential", "gaussian", "cubic"])
def test_a_model_is_recovered_from_its_own_variogram(kind, weighting):
    truth = Covariance(0.8, (Structure(kind, 5.0, ellipsoid(70.0)),))
    found = fit(exact(truth), FitRules((kind,), ANGLES, weighting=weighting))
    assert_allclose(found.covariance.nugget, 0.8, rtol=1e-5)
    structure = found.covariance.structures[0]
    assert_allclose(structure.sill, 5.0, rtol=1e-5)
    reaches = (structure.ranges.major_m, structure.ranges.semi_m, structure.ranges.minor_m)
    assert_allclose(reaches, (70.0, 35.0, 14.0), rtol=1e-5)
    assert found.at_bounds == ()
    assert_allclose(found.table["residual"], 0.0, atol=1e-5)


@settings(max_examples=8, deadline=None)
@given(st.floats(0.1, 2), st.floats(1, 4), st.floats(2, 8), st.floats(15, 28), st.floats(55, 95))
def test_two_structures_are_told_apart(nugget, near, far, short, long):
    truth = Covariance(
        nugget,
        (
            Structure("spherical", near, ellipsoid(short)),
            Structure("spherical", far, ellipsoid(long)),
        ),
    )
    found = fit(exact(truth), FitRules(("spherical", "spherical"), ANGLES)).covariance
    assert_allclose(found.nugget, nugget, rtol=1e-3)
    assert_allclose([s.sill for s in found.structures], [near, far], rtol=1e-3)
    assert_allclose([s.ranges.major_m for s in found.structures], [short, long], rtol=1e-3)


@pytest.mark.parametrize("noise", [NOISE, NOISE_ALL], ids=["directions", "omnidirectional"])
@pytest.mark.parametrize("weighting", WEIGHTINGS)
def test_a_fit_is_never_worse_than_its_starts(noise, weighting):
    kinds = ("exponential", "spherical")
    found = fit(noise, FitRules(kinds, ANGLES, weighting=weighting, starts=3))
    assert found.objective <= found.start_objective
    residual = found.table["residual"]
    if weighting == "cressie":
        residual = residual / found.table["model"]
    assert_allclose(np.sum(found.table["weight"] * residual**2), found.objective, rtol=1e-6)


def test_the_linear_part_agrees_with_bounded_linear_least_squares():
    fixed = FitRules(
        ("spherical", "spherical"), anisotropy="isotropic", ranges_m=((20.0, 20.0), (60.0, 60.0))
    )
    found = fit(NOISE_ALL, fixed)
    table = found.table
    basis = [np.ones(len(table))]
    for reach in (20.0, 60.0):
        near = np.minimum(table["distance_m"] / reach, 1.0)
        basis.append(1.5 * near - 0.5 * near**3)
    root = np.sqrt(table["weight"].to_numpy())
    best = lsq_linear(np.column_stack(basis) * root[:, None], table["gamma"] * root, (0, 3))
    assert_allclose(found.objective, 2 * best.cost, rtol=1e-6)
    sills = [found.covariance.nugget, *(s.sill for s in found.covariance.structures)]
    assert_allclose(sills, best.x, atol=1e-3)


def test_the_total_sill_is_kept_exactly():
    rules = FitRules(("spherical", "exponential"), ANGLES, total_sill=1.7)
    assert_allclose(fit(NOISE, rules).covariance.sill, 1.7, rtol=1e-12)


def test_no_sill_can_push_the_total_beyond_what_is_stated():
    rules = FitRules(("spherical", "exponential"), ANGLES, total_sill=0.1)
    assert_allclose(fit(NOISE, rules).covariance.sill, 0.1, rtol=1e-12)


def test_weights_of_lags_by_hand():
    pairs, distance = (NOISE_ALL.table[name][1:] for name in ("n_pairs", "distance_m"))
    for weighting, raw in (
        ("pairs_over_distance_squared", pairs / distance**2),
        ("pairs", pairs),
        ("cressie", pairs),
        ("equal", 1.0 + 0.0 * pairs),
    ):
        rules = FitRules(anisotropy="isotropic", weighting=weighting, starts=1)
        assert_allclose(fit(NOISE_ALL, rules).table["weight"], raw / raw.sum(), rtol=1e-12)


def test_bounds_are_kept_and_named():
    truth = Covariance(0.5, (Structure("spherical", 5.0, ellipsoid(70.0)),))
    rules = FitRules(
        ("spherical",), ANGLES, nugget=(1.0, 2.0), sills=((0.0, 4.0),), ranges_m=((10.0, 50.0),)
    )
    found = fit(exact(truth), rules)
    structure = found.covariance.structures[0]
    assert 1.0 <= found.covariance.nugget <= 2.0
    assert structure.sill <= 4.0 * (1 + 1e-12)
    assert structure.ranges.major_m <= 50.0 * (1 + 1e-12)
    assert "range of structure 1 at its upper bound" in found.at_bounds


def test_all_can_be_held():
    rules = FitRules(
        anisotropy="isotropic", nugget=(0.4, 0.4), sills=((0.6, 0.6),), ranges_m=((30.0, 30.0),)
    )
    found = fit(NOISE_ALL, rules)
    assert_allclose(found.covariance.sill, 1.0)
    assert_allclose(found.covariance.structures[0].ranges.major_m, 30.0)
    assert found.at_bounds == ()
    assert found.objective == found.start_objective


def test_an_orientation_is_found_from_many_directions():
    truth = Covariance(0.3, (Structure("spherical", 2.0, ellipsoid(70.0)),))
    cones = [Cone(a, d) for a in (0, 45, 90, 135, 180, 225, 270, 315) for d in (0, -35, -70)]
    found = fit(exact(truth, scatter(cones)), FitRules(("spherical",), (40, -30, 0), 25.0))
    ranges = found.covariance.structures[0].ranges
    assert_allclose(ranges.axes(), AXES.axes(), atol=1e-4)
    assert not any("fix an orientation" in warning for warning in found.warnings)


def test_three_directions_do_not_fix_an_orientation():
    found = fit(NOISE, FitRules(("spherical",), ANGLES, 10.0))
    assert any("do not fix an orientation" in warning for warning in found.warnings)


def test_a_planar_model_has_one_range_in_the_plane():
    truth = Covariance(0.3, (Structure("spherical", 2.0, Ellipsoid(60, 60, 12, *ANGLES)),))
    found = fit(exact(truth), FitRules(("spherical",), ANGLES, anisotropy="planar"))
    ranges = found.covariance.structures[0].ranges
    assert_allclose((ranges.major_m, ranges.semi_m, ranges.minor_m), (60, 60, 12), rtol=1e-5)


def test_fits_are_repeatable():
    rules = FitRules(("spherical", "exponential"), ANGLES)
    assert fit(NOISE, rules).covariance == fit(NOISE, rules).covariance


def test_a_simulated_field_gives_its_range_back():
    rng = np.random.default_rng(7)
    points = rng.uniform(0, 100, (500, 3)) * [1, 1, 0]
    truth = Covariance(0.2, (Structure("spherical", 0.8, isotropic(35.0)),))
    lags = (points[:, None] - points).reshape(-1, 3)
    root = np.linalg.cholesky(truth.at(lags).reshape(500, 500))
    found = []
    for _ in range(20):
        field = root @ rng.normal(size=500)
        one = experimental_variogram(points, field, [omnidirectional()], Lags(15, 4.0))
        found.append(fit(one, FitRules(anisotropy="isotropic", ranges_m=((5.0, 100.0),))))
    reach = np.median([f.covariance.structures[0].ranges.major_m for f in found])
    nugget = np.median([f.covariance.nugget for f in found])
    assert_allclose(reach, 35.0, rtol=0.15)
    assert_allclose(nugget, 0.2, atol=0.06)


def test_a_starter_takes_the_nugget_from_the_hole():
    truth = Covariance(0.8, (Structure("spherical", 5.0, isotropic(70.0)),))
    rng = np.random.default_rng(4)
    hole = np.repeat(np.arange(8), 100)
    depths = np.tile(np.arange(100.0), 8)
    down = exact(
        Covariance(1.2, (Structure("spherical", 4.0, isotropic(50.0)),)),
        downhole_variogram(depths, rng.normal(size=800), hole, Lags(40, 1.0)),
    )
    rules = FitRules(anisotropy="isotropic")
    found = fit_starter([exact(truth, NOISE_ALL)], down, rules).covariance
    assert_allclose(found.nugget, 1.2, rtol=1e-3)
    alone = fit_starter([exact(truth, NOISE_ALL)], None, rules).covariance
    assert_allclose(alone.nugget, 0.8, rtol=1e-3)
    assert len(alone.structures) == 1


def test_a_starter_takes_two_structures_where_they_help():
    parts = (
        Structure("spherical", 3.0, isotropic(15.0)),
        Structure("spherical", 5.0, isotropic(90.0)),
    )
    found = fit_starter(
        [exact(Covariance(0.5, parts), NOISE_ALL)], None, FitRules(anisotropy="isotropic")
    )
    assert len(found.covariance.structures) == 2


def test_equal_grades_are_not_fitted():
    flat = replace(NOISE, table=NOISE.table.assign(gamma=0.0))
    with pytest.raises(DataError, match="constant has no variogram"):
        fit(flat)


def test_no_pairs_are_not_fitted():
    far = experimental_variogram([[0, 0, 0], [100, 0, 0]], [1, 2], [Cone(90.0)], Lags(2, 1.0))
    with pytest.raises(DataError, match="no lag"):
        fit(far)


def test_what_the_pairs_cannot_tell_is_said():
    points = np.arange(5.0)[:, None] * [10.0, 0, 0]
    few = experimental_variogram(points, [0, 1, 2, 3, 4], [Cone(90.0)], Lags(3, 10.0))
    found = fit(few, FitRules(("spherical", "spherical")))
    text = " ".join(found.warnings)
    assert "not unique" in text
    assert "fewer than 30 pairs" in text
    assert "beyond the longest lag" in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"kinds": ()},
        {"ranges_m": ((0.0, 10.0),)},
        {"ranges_m": ((20.0, 10.0),)},
        {"ranges_m": ((1.0, math.inf),)},
        {"ranges_m": ((1.0, 2.0), (1.0, 2.0))},
        {"ratios": (0.0, 1.0)},
        {"nugget": (-1.0, 1.0)},
        {"sills": ((2.0, 1.0),)},
        {"sills": ((0.0, 1.0),), "total_sill": 2.0},
        {"total_sill": 0.0},
        {"nugget": (2.0, 3.0), "total_sill": 1.0},
        {"starts": 0},
    ],
)
def test_rules_no_model_can_keep_are_refused(wrong):
    with pytest.raises(ValueError):
        FitRules(**wrong)
