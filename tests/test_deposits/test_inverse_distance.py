"""Inverse distance and nearest neighbour: by hand, invariants, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from deposits.estimation.inverse_distance import inverse_distance, nearest_neighbour
from deposits.estimation.kriging_targets import Targets
from deposits.estimation.samples import Samples
from deposits.estimation.search import Search
from deposits.orientation import Ellipsoid, isotropic

TILTED = Ellipsoid(60.0, 35.0, 15.0, 40.0, -25.0, 15.0)


def scattered(seed=0, n=120, m=2):
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 100, (n, 3)) * [1, 1, 0.4]
    return Samples(points, rng.lognormal(size=(n, m)), ("sb", "au")[:m], rng.integers(0, 9, n))


def nodes(seed=1, n=50):
    return Targets(points=np.random.default_rng(seed).uniform(0, 100, (n, 3)) * [1, 1, 0.4])


@pytest.mark.parametrize("power", [1.0, 2.0, 3.0])
def test_weights_fall_with_the_distance_in_the_ellipsoid(power):
    samples, targets = scattered(), nodes()
    got = inverse_distance(samples, targets, (Search(TILTED, 2, 9),), power)
    for t, point in enumerate(targets.points):
        far = np.linalg.norm((samples.points - point) @ TILTED.scaling().T, axis=1)
        rows = np.argsort(far)[:9]
        rows = rows[far[rows] <= 1]
        if rows.size < 2:
            assert np.isnan(got.values[t]).all() and got.pass_number[t] == 0
            continue
        weights = far[rows] ** -power
        expected = weights @ samples.values[rows] / weights.sum()
        assert_allclose(got.values[t], expected, rtol=1e-10)
        assert got.n_samples[t] == rows.size
        assert got.n_holes[t] == len(set(samples.hole[rows]))
        metres = np.linalg.norm(samples.points[rows] - point, axis=1).mean()
        assert got.mean_distance_m[t] == pytest.approx(metres)
    assert np.isnan(got.variance).all() and np.isnan(got.slope).all()


def test_the_nearest_sample_gives_its_grade():
    samples, targets = scattered(), nodes()
    got = nearest_neighbour(samples, targets, (Search(isotropic(200.0), 5, 24),))
    far = np.linalg.norm(samples.points[:, None] - targets.points, axis=2)
    assert_array_equal(got.values, samples.values[far.argmin(axis=0)])


def test_of_samples_equally_near_the_lower_number_wins():
    samples = Samples([[1, 0, 0], [-1, 0, 0], [0, 1, 0]], [5.0, 6.0, 7.0])
    got = nearest_neighbour(samples, Targets(points=np.zeros((1, 3))), (Search(isotropic(2.0)),))
    assert got.values[0, 0] == 5.0


def test_a_target_at_samples_gets_their_mean():
    samples = Samples([[0, 0, 0], [0, 0, 0], [3, 0, 0]], [1.0, 2.0, 9.0])
    got = inverse_distance(samples, Targets(points=np.zeros((1, 3))), (Search(isotropic(5.0)),))
    assert got.values[0, 0] == 1.5


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.5, 4.0))
def test_estimates_stay_between_the_grades(seed, power):
    samples, targets = scattered(seed), nodes(seed + 1)
    got = inverse_distance(samples, targets, (Search(isotropic(300.0)),), power)
    assert np.all(got.values >= samples.values.min(axis=0) - 1e-12)
    assert np.all(got.values <= samples.values.max(axis=0) + 1e-12)


def test_elements_use_the_samples_that_have_them():
    samples, targets = scattered(), nodes()
    values = samples.values.copy()
    values[::2, 1] = np.nan
    mixed = Samples(samples.points, values, samples.elements, samples.hole)
    passes = (Search(isotropic(30.0), 1, 5), Search(isotropic(90.0), 1, 5))
    got = inverse_distance(mixed, targets, passes)
    odd = np.arange(samples.n) % 2 == 1
    alone = inverse_distance(mixed.take(odd).only(("au",)), targets, passes)
    assert_allclose(got.values[:, 1], alone.values[:, 0])
    assert got.apart[0].elements == ("au",)
    values[:, 1] = np.nan
    got = inverse_distance(Samples(samples.points, values, ("sb", "au")), targets, passes)
    assert np.isnan(got.values[:, 1]).all() and np.isfinite(got.values[:, 0]).all()


def test_leaving_a_sample_out_is_possible():
    samples = scattered()
    targets = Targets(points=samples.points, without_sample=np.arange(samples.n))
    got = nearest_neighbour(samples, targets, (Search(isotropic(300.0)),))
    far = np.linalg.norm(samples.points[:, None] - samples.points, axis=2)
    np.fill_diagonal(far, np.inf)
    assert_array_equal(got.values, samples.values[far.argmin(axis=0)])


def test_a_power_that_cannot_be_is_refused():
    for power in (0.0, -1.0, np.inf, np.nan):
        with pytest.raises(ValueError, match="power"):
            inverse_distance(scattered(), nodes(), (Search(isotropic(1.0)),), power)
    with pytest.raises(ValueError, match="at least one search"):
        inverse_distance(scattered(), nodes(), ())
