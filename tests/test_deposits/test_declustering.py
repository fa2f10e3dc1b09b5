"""Cell declustering: brute force, GSLIB's own output and limits."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from support.reference import geoeas, reference

from deposits.drilling.declustering import cell_weights, decluster
from deposits.errors import DataError


def cluster():
    rows = geoeas("geostat/gslib/cluster.dat")[1]
    return np.column_stack([rows[:, :2], np.zeros(len(rows))]), rows[:, 2]


@pytest.mark.reference
def test_the_curve_of_means_is_that_of_gslib():
    points, values = cluster()
    curve = decluster(points, values, np.arange(1.0, 26.0), "least_mean").curve
    lines = reference("geostat/gslib_outputs/declus.sum").read_text().splitlines()[4:]
    theirs = np.array([[float(x) for x in line.split()] for line in lines if line.strip()])
    assert_allclose(curve.to_numpy()[: len(theirs)], theirs, atol=6e-4)
    told = json.loads(reference("geostat/reference_answers.json").read_text())["gslib_cluster"]
    means = dict(zip(curve["cell_m"], curve["mean"], strict=True))
    for size, mean in told["declus_cell_mean"].items():
        assert means[float(size)] == pytest.approx(mean, abs=6e-4)


@pytest.mark.reference
def test_the_weights_are_those_of_gslib():
    points, values = cluster()
    found = decluster(points, values, np.arange(1.0, 26.0), "least_mean")
    assert found.cell_m == (5.0, 5.0, 5.0)
    theirs = geoeas("geostat/gslib_outputs/declus.out")[1][:, -1]
    assert_allclose(found.weights, theirs, atol=6e-6)


def by_brute_force(points, cell, n_offsets):
    total = np.zeros(len(points))
    low = points.min(axis=0) - 0.01
    step = np.minimum(np.array(cell) / n_offsets, 0.5 * np.ptp(points, axis=0))
    for k in range(n_offsets):
        keys = [tuple(row) for row in np.floor((points - low + k * step) / cell)]
        share = np.array([1.0 / keys.count(key) for key in keys])
        total += share / share.sum()
    return total * len(points) / n_offsets


@given(st.integers(1, 60), st.integers(1, 6), st.floats(0.5, 80.0), st.integers(0, 1000))
def test_weights_agree_with_brute_force_and_sum_to_n(n, offsets, size, seed):
    points = np.random.default_rng(seed).uniform(0, 100, (n, 3))
    cell = (size, 2 * size, 0.5 * size)
    weights = cell_weights(points, cell, offsets)
    assert_allclose(weights, by_brute_force(points, cell, offsets), rtol=1e-12)
    assert weights.sum() == pytest.approx(n)


def test_unknown_grades_weigh_nothing_and_bad_places_are_refused():
    found = decluster([[0, 0, 0], [1, 1, 1]], [1.0, np.nan], [5.0], "most_mean")
    assert found.weights.tolist() == [1.0, 0.0]
    assert found.n_missing == 1
    with pytest.raises(DataError, match="without a place"):
        cell_weights([[0.0, np.nan, 0.0]], (1, 1, 1))
