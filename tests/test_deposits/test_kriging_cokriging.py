"""Co-kriging: the textbook system by numpy, what it must equal in special cases, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from deposits.errors import DataError
from deposits.estimation.coregionalisation import Coregionalisation
from deposits.estimation.covariance import Covariance
from deposits.estimation.kriging import Ordinary, Simple, Targets, krige
from deposits.estimation.kriging_cokriging import Standardised, cokrige
from deposits.estimation.samples import Samples
from deposits.estimation.search import Search
from deposits.orientation import Ellipsoid, isotropic

TILTED = Ellipsoid(60.0, 35.0, 15.0, 40.0, -25.0, 15.0)
MODEL = Coregionalisation(
    ("sb", "au"),
    ((0.3, 0.1), (0.1, 0.4)),
    (
        ("spherical", TILTED, ((1.0, 0.6), (0.6, 0.9))),
        ("exponential", isotropic(50.0), ((0.5, -0.2), (-0.2, 0.8))),
    ),
)
EVERYTHING = (Search(isotropic(1000.0), 1, 60),)


def case(seed=0, n=25, missing=True):
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 80, (n, 3)) * [1, 1, 0.4]
    values = rng.lognormal(size=(n, 2))
    if missing:
        values[::3, 1] = np.nan
        values[1::7, 0] = np.nan
    samples = Samples(points, values, ("sb", "au"), np.arange(n) // 3)
    return samples, rng.uniform(10, 70, (12, 3)) * [1, 1, 0.4]


def textbook(samples, points, primary, method):
    """All samples of both elements, by numpy's LU; *points* are those of the block."""
    where, element = np.nonzero(np.isfinite(samples.values))
    known, n = samples.points[where], where.size
    c = MODEL.at((known[:, None] - known[None]).reshape(-1, 3)).reshape(n, n, 2, 2)
    c = c[np.arange(n)[:, None], np.arange(n)[None], element[:, None], element[None]]
    d = len(points)
    right = MODEL.at((known[:, None] - points[None]).reshape(-1, 3)).reshape(n, d, 2, 2)
    right = right[np.arange(n), :, element, primary].mean(axis=1)
    block = MODEL.at((points[:, None] - points[None]).reshape(-1, 3)).reshape(d, d, 2, 2)
    block = block[:, :, primary, primary]
    if d > 1:
        block = block - MODEL.nugget[primary][primary] * np.eye(d)
    z = samples.values[where, element]
    if isinstance(method, Ordinary):
        f, at = np.eye(2)[element], np.eye(2)[primary]
        means = np.zeros(2)
    else:
        means = np.array(method.means)
        f = np.ones((n, 1)) if isinstance(method, Standardised) else np.empty((n, 0))
        at = np.ones(f.shape[1])
    system = np.block([[c, f], [f.T, np.zeros((f.shape[1], f.shape[1]))]])
    w = np.linalg.solve(system, np.concatenate([right, at]))[:n]
    estimate = means[primary] + w @ (z - means[element])
    return estimate, block.mean() - 2 * w @ right + w @ c @ w, (w @ right) / (w @ c @ w)


@pytest.mark.parametrize("method", [Ordinary(), Simple((1.2, 1.5)), Standardised((1.2, 1.5))])
@pytest.mark.parametrize("primary", [0, 1])
@pytest.mark.parametrize("size", [None, np.array([8.0, 6.0, 4.0])], ids=["point", "block"])
def test_cokriging_is_the_textbooks(method, primary, size):
    samples, points = case()
    discretisation = (1, 1, 1) if size is None else (2, 2, 2)
    targets = Targets(points=points, block_size_m=size, discretisation=discretisation)
    got = cokrige(samples, targets, MODEL, EVERYTHING, ("sb", "au")[primary], method)
    offsets = targets.offsets(targets.sizes()[0])[0]
    for t, point in enumerate(points):
        estimate, variance, slope = textbook(samples, point + offsets, primary, method)
        assert_allclose(got.values[t, 0], estimate, rtol=1e-9)
        assert_allclose(got.variance[t], variance, rtol=1e-9)
        assert_allclose(got.slope[t], slope, rtol=1e-8)


def test_without_cross_continuity_it_is_kriging():
    samples, points = case()
    apart = Coregionalisation(
        ("sb", "au"),
        ((0.3, 0.0), (0.0, 0.4)),
        (("spherical", TILTED, ((1.0, 0.0), (0.0, 0.9))),),
    )
    targets, passes = Targets(points=points), (Search(isotropic(40.0), 2, 8),)
    got = cokrige(samples, targets, apart, passes, "au")
    alone = krige(samples.only(("au",)), targets, apart.covariance(1, 1), passes)
    assert_allclose(got.values, alone.values, rtol=1e-9)
    assert_allclose(got.variance, alone.variance, rtol=1e-9)
    assert got.n_samples.tolist() == alone.n_samples.tolist()


def test_proportional_models_in_the_same_samples_are_kriging():
    samples, points = case(missing=False)
    one = np.array([[1.0, 0.5], [0.5, 0.8]])
    model = Coregionalisation(
        ("sb", "au"), (0.3 * one).tolist(), (("spherical", TILTED, one.tolist()),)
    )
    targets = Targets(points=points)
    got = cokrige(samples, targets, model, EVERYTHING, "sb")
    alone = krige(samples.only(("sb",)), targets, model.covariance(0, 0), EVERYTHING)
    assert_allclose(got.values, alone.values, rtol=1e-8)


def test_more_is_known_with_the_other_element():
    samples, points = case()
    targets = Targets(points=points)
    both = cokrige(samples, targets, MODEL, EVERYTHING, "au", Simple((1.0, 1.0)))
    with_au = Samples(
        samples.points, np.where([True, False], np.nan, samples.values), ("sb", "au"), samples.hole
    )
    alone = cokrige(with_au, targets, MODEL, EVERYTHING, "au", Simple((1.0, 1.0)))
    assert np.all(both.variance <= alone.variance + 1e-12)
    assert np.any(both.variance < alone.variance - 1e-3)


def test_points_at_samples_get_their_grade():
    samples, _ = case(missing=False)
    got = cokrige(samples, Targets(points=samples.points), MODEL, EVERYTHING, "sb")
    assert_allclose(got.values[:, 0], samples.values[:, 0], rtol=1e-8)
    assert_allclose(got.variance, 0.0, atol=1e-9)


def test_passes_follow_the_primary_element():
    samples, points = case(n=40)
    passes = (Search(isotropic(15.0), 3, 8), Search(isotropic(60.0), 2, 8))
    got = cokrige(samples, Targets(points=points), MODEL, passes, "au")
    alone = krige(samples.only(("au",)), Targets(points=points), Covariance(1.0), passes)
    assert got.pass_number.tolist() == alone.pass_number.tolist()
    assert set(got.pass_number) == {1, 2}


def test_what_cannot_be_cokriged_is_refused():
    samples, points = case()
    targets = Targets(points=points)
    with pytest.raises(ValueError, match="need the elements"):
        cokrige(samples, targets, MODEL, EVERYTHING, "hg")
    with pytest.raises(ValueError, match="one an element"):
        cokrige(samples, targets, MODEL, EVERYTHING, "sb", Simple((1.0,)))
    bare = Coregionalisation(("sb", "au"), np.zeros((2, 2)).tolist(), MODEL.structures)
    twice = Samples(np.zeros((2, 3)), np.ones((2, 2)), ("sb", "au"))
    with pytest.raises(DataError, match="share a position"):
        cokrige(twice, targets, bare, EVERYTHING, "sb")
