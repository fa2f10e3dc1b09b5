"""Anamorphosis: orthogonal polynomials, the variance they hold, closed forms, gstlearn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.special import eval_hermitenorm, factorial, ndtr

from deposits.errors import DataError
from deposits.estimation.anamorphosis import fit_anamorphosis, hermite, series_coefficient
from deposits.laws.block_law import coefficient

grades = st.lists(st.floats(0.0, 50.0), min_size=2, max_size=30)


def test_polynomials_are_those_of_scipy_divided_by_the_root_of_the_factorial():
    y = np.linspace(-3, 3, 7)
    expected = [eval_hermitenorm(n, y) / np.sqrt(factorial(n)) for n in range(13)]
    assert_allclose(hermite(y, 12), expected, rtol=1e-10, atol=1e-12)


def test_polynomials_are_orthonormal_under_the_normal_law():
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    h = hermite(nodes, 12)
    assert_allclose((h * weights / np.sqrt(2 * np.pi)) @ h.T, np.eye(13), atol=1e-10)


@settings(max_examples=50, deadline=None)
@given(grades)
def test_more_terms_hold_more_of_the_variance_and_never_all(values):
    few, many = (fit_anamorphosis(values, terms=n) for n in (5, 80))
    assert few.variance <= many.variance * (1 + 1e-12)
    assert many.variance <= many.law.variance * (1 + 1e-9)
    assert_allclose(many.mean, np.mean(values), rtol=1e-12, atol=1e-300)


def test_weights_count_like_repeated_samples():
    weighted = fit_anamorphosis([1.0, 2.0, 7.0], [3.0, 1.0, 2.0])
    repeated = fit_anamorphosis([1.0, 1.0, 1.0, 2.0, 7.0, 7.0])
    assert_allclose(weighted.coefficients, repeated.coefficients, rtol=1e-12, atol=1e-15)


def test_coefficients_of_a_lognormal_law_are_the_closed_form():
    # phi(y) = exp(s y - s^2/2): coefficient n is s^n / sqrt(n!).
    # Classes of equal width in the score reach far enough into the tails for the higher orders.
    s, edges = 0.6, np.linspace(-9.0, 9.0, 20_001)
    middle = 0.5 * (edges[:-1] + edges[1:])
    fitted = fit_anamorphosis(np.exp(s * middle - s * s / 2), np.diff(ndtr(edges)), terms=6)
    orders = np.arange(7)
    assert_allclose(fitted.coefficients, s**orders / np.sqrt(factorial(orders)), rtol=1e-5)


def test_grades_go_to_scores_and_back():
    values = np.random.default_rng(1).lognormal(size=200)
    fitted = fit_anamorphosis(values)
    assert_allclose(fitted.grade(fitted.score(values)), values, rtol=1e-12)


def test_scores_of_samples_have_the_spread_of_a_normal_law():
    fitted = fit_anamorphosis(np.random.default_rng(1).lognormal(size=2000))
    scores = fitted.score(fitted.law.grade)
    assert_allclose([scores.mean(), scores.std()], [0.0, 1.0], atol=3e-3)


def test_the_series_comes_near_the_steps_away_from_the_ends():
    values = np.random.default_rng(2).lognormal(sigma=0.5, size=3000)
    fitted = fit_anamorphosis(values)
    y = np.linspace(-1.5, 1.5, 31)
    assert_allclose(fitted.series(y), fitted.grade(y), atol=0.08)


def test_equal_grades_are_a_constant():
    fitted = fit_anamorphosis([2.0, 2.0])
    assert fitted.variance == 0.0
    assert np.isnan(fitted.held_share)
    assert_allclose(fitted.grade([-3.0, 3.0]), 2.0)


def test_one_sample_is_a_constant():
    assert fit_anamorphosis([1.3]).mean == 1.3


def test_an_empty_series_and_bad_grades_are_refused():
    with pytest.raises(ValueError, match="at least 1 term"):
        fit_anamorphosis([1.0, 2.0], terms=0)
    with pytest.raises(DataError, match="finite"):
        fit_anamorphosis([1.0, np.nan])
    with pytest.raises(ValueError, match="above 0"):
        series_coefficient(fit_anamorphosis([1.0, 2.0]), 0.0)


@pytest.fixture(scope="module")
def rival():
    """gstlearn's anamorphosis of the same samples."""
    gl = pytest.importorskip("gstlearn")
    values = np.round(np.random.default_rng(3).lognormal(0.0, 0.8, 400), 4)
    anam = gl.AnamHermite.create(40)
    anam.fitFromArray(gl.VectorDouble(values.tolist()))
    return values, anam


def test_gstlearn_finds_the_same_coefficients_but_for_the_sign_of_odd_ones(rival):
    values, anam = rival
    psi = np.array(anam.getPsiHns())
    ours = fit_anamorphosis(values, terms=psi.size - 1).coefficients
    signs = (-1.0) ** np.arange(psi.size)
    assert_allclose(ours * signs, psi, atol=2e-3 * values.std())


def test_gstlearn_finds_the_same_change_of_support(rival):
    values, anam = rival
    ours = fit_anamorphosis(values, terms=len(anam.getPsiHns()) - 1)
    for share in (0.3, 0.6, 0.9):
        wanted = share * ours.variance
        squared = anam.invertVariance(wanted)
        assert_allclose(series_coefficient(ours, wanted) ** 2, squared, atol=2e-3)
        # The steps hold the variance that the series leaves out.
        assert_allclose(coefficient(ours.law, wanted) ** 2, squared, atol=0.02)
