"""Kriging: invariants, textbook systems solved by numpy as referee, refusals."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from deposits.errors import DataError
from deposits.estimation import kriging as room
from deposits.estimation.covariance import KINDS, Covariance, Structure
from deposits.estimation.kriging import (
    ExternalDrift,
    Ordinary,
    Simple,
    Targets,
    Universal,
    krige,
    weights_of,
)
from deposits.estimation.samples import Samples
from deposits.estimation.search import Search
from deposits.grid import Grid
from deposits.orientation import Ellipsoid, isotropic, rotation_matrix

TILTED = Ellipsoid(60.0, 35.0, 15.0, 40.0, -25.0, 15.0)
MODEL = Covariance(0.3, (Structure("spherical", 1.7, TILTED),))
NESTED = Covariance(
    0.2,
    (
        Structure("spherical", 0.5, TILTED),
        Structure("exponential", 0.7, Ellipsoid(90.0, 70.0, 30.0, 10.0)),
        Structure("cubic", 0.4, isotropic(80.0)),
    ),
)
WIDE = (Search(Ellipsoid(80.0, 60.0, 40.0, 40.0), 3, 17),)
SIZE = np.array([8.0, 6.0, 4.0])


def scattered(seed=0, n=150, m=1):
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 100, (n, 3)) * [1, 1, 0.4]
    return Samples(
        points, rng.lognormal(size=(n, m)), tuple(f"e{i}" for i in range(m)), rng.integers(0, 15, n)
    )


def blocks(seed=1, n=60, azimuth=25.0, discretisation=(3, 2, 2)):
    points = np.random.default_rng(seed).uniform(10, 90, (n, 3)) * [1, 1, 0.4]
    return Targets(
        points=points, block_size_m=SIZE, discretisation=discretisation, azimuth_deg=azimuth
    )


def nodes(seed=1, n=60):
    return Targets(points=blocks(seed, n).points)


def smooth(model, a, b):
    """Covariances of the structures without the nugget between two sets of points."""
    lags = (a[:, None, :] - b[None, :, :]).reshape(-1, 3)
    whole = model.at(lags) - np.where(np.all(lags == 0, axis=1), model.nugget, 0.0)
    return whole.reshape(len(a), len(b))


def textbook(samples, table, target, model, functions=None, mean=None):
    """One target by numpy's LU: estimate, variance, slope and weights from the samples used.

    *target* is the array of its discretisation points; *functions* gives drift terms of points.
    """
    rows = table["sample"].to_numpy()
    known = samples.points[rows]
    c = smooth(model, known, known) + model.nugget * np.eye(rows.size)
    right = smooth(model, known, target).mean(axis=1)
    block = smooth(model, target, target).mean()
    if len(target) == 1:
        block += model.nugget
        right = right + model.nugget * np.all(known == target, axis=1)
    f = np.empty((rows.size, 0)) if functions is None else functions(known)
    at = np.empty(0) if functions is None else functions(target).mean(axis=0)
    system = np.block([[c, f], [f.T, np.zeros((f.shape[1], f.shape[1]))]])
    weights = np.linalg.solve(system, np.concatenate([right, at]))[: rows.size]
    values = samples.values[rows, 0]
    estimate = weights @ values if mean is None else mean + weights @ (values - mean)
    variance = block - 2 * weights @ right + weights @ c @ weights
    return estimate, variance, (weights @ right) / (weights @ c @ weights), weights


def compare(samples, targets, model, method, functions=None, mean=None, passes=WIDE):
    """Hold every quality of every target against the textbook."""
    got = krige(samples, targets, model, passes, method)
    used = weights_of(samples, targets, model, passes, method)
    offsets = targets.offsets(targets.sizes()[0])
    size = targets.sizes()[1]
    for t in range(targets.n):
        table = used[used.target == t]
        points = targets.points[t] + offsets[size[t]]
        local = None
        if functions is not None:
            local = lambda p, t=t: functions(p - targets.points[t], t)  # noqa: E731
        estimate, variance, slope, weights = textbook(samples, table, points, model, local, mean)
        assert_allclose(table.weight, weights, atol=1e-8)
        assert_allclose(got.values[t, 0], estimate, rtol=1e-8, atol=1e-9)
        assert_allclose(got.variance[t], variance, rtol=1e-8, atol=1e-9)
        assert_allclose(got.slope[t], slope, rtol=1e-7)
        block = room.block_variances(targets, model)[t]
        assert_allclose(got.efficiency[t], (block - variance) / block, atol=1e-8)
        negative = -weights[weights < 0].sum() / np.abs(weights).sum()
        assert_allclose(got.negative_weight_share[t], negative, atol=1e-9)
        assert_allclose(got.mean_distance_m[t], table.distance_m.mean())
        assert got.n_holes[t] == table.hole.nunique()
    return got


@pytest.mark.parametrize("targets", [nodes(), blocks()], ids=["point", "block"])
@pytest.mark.parametrize("model", [MODEL, NESTED], ids=["one", "nested"])
def test_ordinary_kriging_is_the_textbooks(targets, model):
    compare(scattered(), targets, model, Ordinary(), lambda p, t: np.ones((len(p), 1)))


@pytest.mark.parametrize("targets", [nodes(), blocks()], ids=["point", "block"])
def test_simple_kriging_is_the_textbooks(targets):
    compare(scattered(), targets, NESTED, Simple((1.3,)), mean=1.3)


@pytest.mark.parametrize("targets", [nodes(), blocks()], ids=["point", "block"])
def test_universal_kriging_is_the_textbooks(targets):
    def functions(p, t):
        x, y, z = p.T / 80
        return np.column_stack([np.ones(len(p)), x, y, z, x * y, x**2])

    compare(scattered(), targets, MODEL, Universal(("x", "y", "z", "xy", "x2")), functions)


def test_external_drift_is_the_textbooks():
    samples, plain = scattered(), blocks()
    drift = lambda p: np.sin(p[:, 0] / 30) + p[:, 2] / 10  # noqa: E731
    targets = Targets(
        points=plain.points,
        block_size_m=SIZE,
        discretisation=(3, 2, 2),
        azimuth_deg=25.0,
        external=drift(plain.points),
    )

    def functions(p, t):
        # The block's own drift is the value given for it, whatever it is at its points.
        inside = p.shape[0] == 12
        outer = drift(p + plain.points[t]) - drift(plain.points[t : t + 1])
        return np.column_stack([np.ones(len(p)), 0 * outer if inside else outer])

    passes = (Search(isotropic(80.0), 3, 17),)
    compare(samples, targets, MODEL, ExternalDrift(drift(samples.points)), functions, passes=passes)


@pytest.mark.parametrize(
    "search",
    [
        Search(isotropic(60.0), 4, 13, most_per_hole=2),
        Search(TILTED, 2, 16, sectors=8, most_per_sector=2),
        Search(isotropic(40.0), 2, 16, sectors=4, most_per_sector=3, sector_axes="world"),
    ],
)
def test_limits_change_the_samples_not_the_system(search):
    ones = lambda p, t: np.ones((len(p), 1))  # noqa: E731
    compare(scattered(), nodes(), MODEL, Ordinary(), ones, passes=(search, *WIDE))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("targets", [nodes(), blocks()], ids=["point", "block"])
def test_both_ways_of_solving_agree(kind, targets, monkeypatch):
    model = Covariance(0.1, (Structure(kind, 1.0, TILTED), Structure("spherical", 0.5, TILTED)))
    samples = scattered(3, m=2)
    lanes = krige(samples, targets, model, WIDE)
    monkeypatch.setattr(room, "krige_lanes", lambda *a: None)  # all is left to the general way
    general = krige(samples, targets, model, WIDE)
    assert np.isfinite(lanes.values).all()
    for name in ("values", "variance", "slope", "efficiency", "negative_weight_share"):
        assert_allclose(getattr(lanes, name), getattr(general, name), rtol=1e-9, atol=1e-10)


def test_subblocks_of_several_sizes_are_each_their_own():
    plain, samples = nodes(), scattered()
    sizes = np.where(np.arange(60)[:, None] % 2, SIZE, SIZE / 2)
    targets = Targets(points=plain.points, block_size_m=sizes, discretisation=(2, 2, 2))
    both = compare(samples, targets, MODEL, Ordinary(), lambda p, t: np.ones((len(p), 1)))
    assert both.efficiency.shape == (60,)


def test_point_kriging_is_exact_at_samples():
    samples = scattered(5, m=2)
    got = krige(samples, Targets(points=samples.points), NESTED, WIDE)
    assert_allclose(got.values, samples.values, rtol=1e-9)
    assert_allclose(got.variance, 0.0, atol=1e-9)


def test_point_kriging_with_a_drift_is_exact_at_samples():
    samples = scattered(5, m=2)
    got = krige(samples, Targets(points=samples.points), NESTED, WIDE, Universal(("x", "z")))
    assert_allclose(got.values, samples.values, rtol=1e-8)
    assert_allclose(got.variance, 0.0, atol=1e-8)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.floats(-50, 50), st.floats(0.01, 100))
def test_a_constant_and_a_factor_pass_through(seed, constant, factor):
    samples, targets = scattered(seed), blocks(seed + 1, 20)
    first = krige(samples, targets, MODEL, WIDE)
    other = Samples(samples.points, samples.values * factor + constant, samples.elements)
    second = krige(other, targets, MODEL.scaled(factor**2), WIDE)
    assert_allclose(second.values, first.values * factor + constant, rtol=1e-7, atol=1e-6)
    assert_allclose(second.variance, first.variance * factor**2, rtol=1e-7)
    assert_allclose(second.slope, first.slope, rtol=1e-7)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_weights_sum_to_one(seed):
    table = weights_of(scattered(seed), blocks(seed + 1, 20), NESTED, WIDE)
    assert_allclose(table.groupby("target").weight.sum(), 1.0, atol=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_the_order_of_samples_and_targets_does_not_matter(seed):
    samples, targets = scattered(seed), nodes(seed + 1)
    rng = np.random.default_rng(seed)
    rows, order = rng.permutation(samples.n), rng.permutation(targets.n)
    first = krige(samples, targets, MODEL, WIDE)
    second = krige(samples.take(rows), Targets(points=targets.points[order]), MODEL, WIDE)
    assert_allclose(second.values, first.values[order], rtol=1e-9)
    assert_allclose(second.variance, first.variance[order], rtol=1e-9)


@pytest.mark.parametrize("shift", [[1e6, -2e6, 500.0], [1e9, 1e9, 0.0]])
def test_the_origin_does_not_matter(shift):
    samples, targets = scattered(), blocks()
    moved = Samples(samples.points + shift, samples.values, samples.elements, samples.hole)
    there = Targets(
        points=targets.points + shift, block_size_m=SIZE, discretisation=(3, 2, 2), azimuth_deg=25.0
    )
    first, second = (krige(s, t, MODEL, WIDE) for s, t in ((samples, targets), (moved, there)))
    assert_allclose(second.values, first.values, rtol=1e-6)
    assert_array_equal(second.n_samples, first.n_samples)


@pytest.mark.parametrize("turn", [30.0, 90.0, 211.0])
def test_turning_everything_changes_nothing(turn):
    samples, targets = scattered(), blocks(azimuth=0.0)
    axes = Grid((0, 0, 0), (1, 1, 1), (1, 1, 1), turn).axes()
    ranges = Ellipsoid(60.0, 35.0, 15.0, 40.0 + turn, -25.0, 15.0)
    turned = Covariance(0.3, (Structure("spherical", 1.7, ranges),))
    passes = (Search(Ellipsoid(80.0, 60.0, 40.0, 40.0 + turn), 3, 17),)
    there = Targets(
        points=targets.points @ axes, block_size_m=SIZE, discretisation=(3, 2, 2), azimuth_deg=turn
    )
    first = krige(samples, targets, MODEL, WIDE)
    second = krige(Samples(samples.points @ axes, samples.values), there, turned, passes)
    assert_allclose(second.values, first.values, rtol=1e-8)
    assert_allclose(second.variance, first.variance, rtol=1e-8)
    assert rotation_matrix(turn, 0, 0)[0] @ axes[1] == pytest.approx(1.0)


def test_threads_chunks_and_company_change_no_bit(monkeypatch):
    samples, targets = scattered(n=400), blocks(n=500)
    first = krige(samples, targets, NESTED, WIDE).as_frame()
    before = numba.get_num_threads()
    numba.set_num_threads(1)
    monkeypatch.setattr(room, "CHUNK", 37)
    second = krige(samples, targets, NESTED, WIDE).as_frame()
    numba.set_num_threads(before)
    assert_array_equal(first.to_numpy(), second.to_numpy())


def test_elements_of_the_same_samples_share_weights_and_others_stand_apart():
    samples, targets = scattered(m=3), nodes()
    values = samples.values.copy()
    values[::3, 1] = np.nan
    mixed = Samples(samples.points, values, samples.elements, samples.hole)
    got = krige(mixed, targets, MODEL, WIDE)
    for i in range(3):
        rows = np.isfinite(values[:, i])
        alone = krige(mixed.take(rows).only((f"e{i}",)), targets, MODEL, WIDE)
        assert_allclose(got.values[:, i], alone.values[:, 0], rtol=1e-12)
    assert [part.elements for part in got.apart] == [("e1",)]
    assert "e1_variance" in got.as_frame().columns


def test_what_is_not_found_is_nan_and_counted():
    samples = scattered()
    targets = Targets(points=np.array([[50.0, 50, 20], [1e6, 0, 0]]))
    got = krige(samples, targets, MODEL, WIDE)
    assert got.counts() == {"pass 1": 1, "not found": 1, "singular": 0}
    assert np.isnan(got.values[1]).all() and got.pass_number[1] == 0 and got.n_samples[1] == 0
    with pytest.warns(UserWarning, match="no target found enough"):
        krige(samples, Targets(points=np.full((2, 3), 1e6)), MODEL, WIDE)


def test_an_element_without_any_assay_is_nan():
    samples = scattered(m=2)
    values = samples.values.copy()
    values[:, 1] = np.nan
    got = krige(Samples(samples.points, values, samples.elements), nodes(), MODEL, WIDE)
    assert np.isfinite(got.values[:, 0]).all() and np.isnan(got.values[:, 1]).all()


def test_equal_grades_give_that_grade_and_the_variance_of_any_others():
    samples, targets = scattered(), blocks()
    flat = Samples(samples.points, np.full(samples.n, 2.5), ("sb_pct",))
    got, other = krige(flat, targets, MODEL, WIDE), krige(samples, targets, MODEL, WIDE)
    assert_array_equal(got.values, 2.5)
    assert_array_equal(got.variance, other.variance)


def test_one_sample_gives_its_grade():
    one = Samples([[0.0, 0, 0]], [3.2])
    targets = Targets(points=np.array([[10.0, 0, 0]]))
    got = krige(one, targets, MODEL, (Search(isotropic(50.0), 1, 8),))
    assert got.values[0, 0] == pytest.approx(3.2)
    lag = MODEL.at([[10.0, 0, 0]])[0]
    assert got.variance[0] == pytest.approx(2 * (MODEL.sill - lag))


def test_samples_at_one_place_without_a_nugget_are_refused_by_name():
    twice = Samples([[0, 0, 0], [5, 0, 0], [0, 0, 0]], [1.0, 2.0, 3.0])
    bare = Covariance(0.0, MODEL.structures)
    with pytest.raises(DataError, match=r"samples 0, 2 at .* 2 samples share a position"):
        krige(twice, nodes(), bare, WIDE)
    at = Targets(points=np.zeros((1, 3)))
    got = krige(twice, at, MODEL, (Search(isotropic(50.0)),))
    assert 1.0 < got.values[0, 0] < 3.0 and got.variance[0] > 0


def test_a_drift_that_the_samples_cannot_resolve_is_counted_as_singular():
    line = Samples(np.column_stack([np.arange(20.0), np.zeros((20, 2))]), np.arange(20.0))
    targets = Targets(points=np.array([[7.3, 0, 0]]))
    got = krige(line, targets, MODEL, (Search(isotropic(9.0), 3, 8),), Universal(("x", "y")))
    assert np.isnan(got.values).all() and got.counts()["singular"] == 1
    fine = krige(line, targets, MODEL, (Search(isotropic(9.0), 3, 8),), Universal(("x",)))
    assert fine.values[0, 0] == pytest.approx(7.3)


def test_simple_kriging_of_an_unbounded_model_is_refused():
    line = Covariance(0.0, (Structure("linear", 1.0, isotropic(10.0)),))
    with pytest.raises(ValueError, match="bounded"):
        krige(scattered(), nodes(), line, WIDE, Simple((1.0,)))
    with pytest.raises(ValueError, match="at least one search"):
        krige(scattered(), nodes(), MODEL, ())


def test_external_drift_must_be_known_everywhere():
    samples = scattered()
    drift = np.ones(samples.n)
    drift[3] = np.nan
    targets = Targets(points=nodes().points, external=np.ones(60))
    with pytest.raises(DataError, match="no finite value"):
        krige(samples, targets, MODEL, WIDE, ExternalDrift(drift))
    with pytest.raises(DataError, match="differs in shape"):
        krige(samples, nodes(), MODEL, WIDE, ExternalDrift(drift))


def test_progress_is_told_chunk_by_chunk(monkeypatch):
    monkeypatch.setattr(room, "CHUNK", 25)
    told = []
    krige(scattered(), nodes(), MODEL, WIDE, Ordinary(), lambda done, of: told.append((done, of)))
    assert told == [(25, 60), (50, 60), (60, 60)]


def test_drift_terms_that_are_none_are_refused():
    for terms in (("q",), ("x", "x"), ("",), ("2x",)):
        with pytest.raises(ValueError, match="drift term"):
            Universal(terms)
