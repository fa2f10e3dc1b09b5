"""Coregionalisation: only possible models, recovered from their own values, referees by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import nnls

from deposits.errors import DataError
from deposits.estimation.coregionalisation import Coregionalisation, fit_coregionalisation
from deposits.estimation.covariance import Covariance, Structure
from deposits.estimation.variogram_directions import Lags, omnidirectional
from deposits.estimation.variogram_rows import lag_rows
from deposits.estimation.variography import variogram_matrix
from deposits.orientation import Ellipsoid, isotropic

NAMES = ("sb_pct", "au_gpt")
SHAPES = (("spherical", isotropic(20.0)), ("exponential", isotropic(70.0)))
MODEL = Coregionalisation(
    NAMES,
    ((1.0, 0.5), (0.5, 2.0)),
    (
        ("spherical", isotropic(20.0), ((4.0, -1.0), (-1.0, 3.0))),
        ("exponential", isotropic(70.0), ((2.0, 1.5), (1.5, 1.5))),
    ),
)


def noise(m=2, seed=1, n=300):
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 100, (n, 3))
    mixed = rng.normal(size=(n, m)) @ rng.normal(size=(m, m))
    return variogram_matrix(points, mixed, [omnidirectional()], Lags(15, 6.0))


def exact(model, shell):
    """The lags of a shell with the values of a model."""
    rows = lag_rows([shell[0, 0]])
    values = model.variogram(rows.vectors)
    found = {}
    for (i, j), one in shell.items():
        gamma = one.table["gamma"].to_numpy(copy=True)
        gamma[one.table["n_pairs"] > 0] = rows.mean(values[:, i, j])
        variance = float(model.sill[i, j])
        found[i, j] = replace(one, table=one.table.assign(gamma=gamma), variance=variance)
    return found


def matrix(eigenvalue, size=3.0):
    """A symmetric matrix with the eigenvalues size and *eigenvalue*."""
    turn = np.array([[0.8, -0.6], [0.6, 0.8]])
    return turn @ np.diag([size, eigenvalue]) @ turn.T


@pytest.mark.parametrize("eigenvalue", [0.0, 1e-3, 1e-10, -1e-10])
def test_matrices_without_negative_eigenvalues_are_taken(eigenvalue):
    for scale in (1e-6, 1.0, 1e6):
        Coregionalisation(NAMES, scale * matrix(eigenvalue))


@pytest.mark.parametrize("eigenvalue", [-1.0, -1e-3, -1e-7])
def test_matrices_no_grades_can_have_are_refused(eigenvalue):
    wrong = matrix(eigenvalue)
    for scale in (1e-6, 1.0, 1e6):
        with pytest.raises(ValueError, match="negative eigenvalue"):
            Coregionalisation(NAMES, scale * wrong)
        with pytest.raises(ValueError, match="structure 1 has a negative eigenvalue"):
            Coregionalisation(NAMES, np.eye(2), (("spherical", isotropic(1.0), scale * wrong),))


@pytest.mark.parametrize(
    ("names", "nugget", "structures"),
    [
        ((), np.empty((0, 0)), ()),
        (("sb_pct", "sb_pct"), np.eye(2), ()),
        (NAMES, np.eye(3), ()),
        (NAMES, [[1.0, 0.1], [0.2, 1.0]], ()),
        (NAMES, [[1.0, np.nan], [np.nan, 1.0]], ()),
        (NAMES, [[1.0, 0.0], [0.0, 0.0]], ()),
        (NAMES, np.eye(2), (("round", isotropic(1.0), np.eye(2)),)),
    ],
)
def test_what_is_no_model_is_refused(names, nugget, structures):
    with pytest.raises(ValueError):
        Coregionalisation(names, nugget, structures)


def test_every_entry_is_a_covariance_of_its_own():
    lags = np.random.default_rng(1).normal(0, 30, (40, 3))
    lags[0] = 0.0
    found = MODEL.at(lags)
    assert_array_equal(found[0], MODEL.sill)
    for i in range(2):
        assert_allclose(found[:, i, i], MODEL.covariance(i, i).at(lags), rtol=1e-14)
    shapes = [Covariance(0.0, (Structure(kind, 1.0, e),)).at(lags) for kind, e in SHAPES]
    cross = -1.0 * shapes[0] + 1.5 * shapes[1] + 0.5 * (np.arange(40) == 0)
    assert_allclose(found[:, 0, 1], cross, atol=1e-14)
    assert_allclose(MODEL.variogram(lags), MODEL.sill - found)
    with pytest.raises(ValueError, match="negative"):
        MODEL.covariance(0, 1)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_grades_at_any_places_have_a_possible_covariance_matrix(seed):
    points = np.random.default_rng(seed).uniform(0, 60, (12, 3))
    blocks = MODEL.at((points[:, None] - points).reshape(-1, 3)).reshape(12, 12, 2, 2)
    whole = blocks.transpose(0, 2, 1, 3).reshape(24, 24)
    assert np.linalg.eigvalsh(whole)[0] > -1e-9


def test_kernels_get_the_same_model():
    packed = MODEL.packed()
    assert packed.nugget.shape == (2, 2)
    assert packed.kinds.tolist() == [0, 1]
    assert packed.sills.shape == (2, 2, 2)
    assert_array_equal(packed.scalings[1], isotropic(70.0).scaling())
    bare = Coregionalisation(NAMES, np.eye(2)).packed()
    assert bare.sills.shape == (0, 2, 2)
    assert bare.scalings.shape == (0, 3, 3)


def test_models_compare_and_hash_by_value():
    again = Coregionalisation(NAMES, np.array(MODEL.nugget), MODEL.structures)
    assert again == MODEL
    assert hash(again) == hash(MODEL)


def test_a_model_is_recovered_from_its_own_values():
    found = fit_coregionalisation(exact(MODEL, noise()), NAMES, SHAPES)
    assert_allclose(found.model.nugget, MODEL.nugget, atol=2e-3)
    for ours, truth in zip(found.model.structures, MODEL.structures, strict=True):
        assert_allclose(ours.sills, truth.sills, atol=5e-3)
    assert_allclose(found.table["residual"], 0.0, atol=2e-3)
    assert len(found.table) == 3 * len(lag_rows([noise()[0, 0]]).table)


def test_one_element_agrees_with_nonnegative_least_squares():
    shell = noise(1)
    found = fit_coregionalisation(shell, ("sb_pct",), SHAPES, most_iterations=100_000)
    table, variance = found.table, shell[0, 0].variance
    lags = np.column_stack([table["distance_m"], np.zeros((len(table), 2))])
    unit = [Covariance(0.0, (Structure(kind, 1.0, e),)).variogram(lags) for kind, e in SHAPES]
    weights = (table["n_pairs"] / table["distance_m"] ** 2).to_numpy()
    root = np.sqrt(weights / weights.sum())
    basis = np.column_stack([np.ones(len(table)), *unit])
    _, missed = nnls(basis * root[:, None], table["gamma"].to_numpy() / variance * root)
    assert_allclose(found.objective, missed**2, rtol=1e-4)


@pytest.mark.parametrize("m", [2, 3, 4])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_fit_is_a_possible_model(m, seed):
    names = tuple(f"element_{k}" for k in range(m))
    found = fit_coregionalisation(noise(m, seed, 60), names, SHAPES)
    for sills in (found.model.nugget, *(s.sills for s in found.model.structures)):
        assert np.linalg.eigvalsh(np.array(sills))[0] >= -1e-9 * np.abs(sills).max()


def test_a_fit_does_not_mind_the_unit_of_an_element():
    shell = noise()
    factor = np.array([1.0, 1000.0])
    scaled = {
        (i, j): replace(
            one,
            table=one.table.assign(gamma=one.table["gamma"] * factor[i] * factor[j]),
            variance=one.variance * factor[i] * factor[j],
        )
        for (i, j), one in shell.items()
    }
    first = fit_coregionalisation(shell, NAMES, SHAPES).model
    other = fit_coregionalisation(scaled, NAMES, SHAPES).model
    assert_allclose(other.sill, first.sill * np.outer(factor, factor), rtol=1e-9)


def test_what_cannot_be_fitted_is_refused():
    shell = noise()
    with pytest.raises(ValueError, match="no experimental variogram of sb_pct-au_gpt"):
        fit_coregionalisation({k: v for k, v in shell.items() if k != (0, 1)}, NAMES, SHAPES)
    with pytest.raises(ValueError, match="other pairs"):
        fit_coregionalisation({**shell, (0, 1): noise(n=90)[0, 1]}, NAMES, SHAPES)
    with pytest.raises(DataError, match="au_gpt does not vary"):
        flat = replace(shell[1, 1], variance=0.0)
        fit_coregionalisation({**shell, (1, 1): flat}, NAMES, SHAPES)


def test_a_structure_that_is_not_there_is_named():
    truth = Coregionalisation(NAMES, np.eye(2), (("spherical", isotropic(20.0), np.eye(2)),))
    shapes = (SHAPES[0], ("spherical", Ellipsoid(1e4, 1e4, 1e4)))
    found = fit_coregionalisation(exact(truth, noise()), NAMES, shapes)
    assert any("structure 2 has no sill" in text for text in found.warnings)
