"""Numerics of cut normal laws: quadrature and finite differences as referees."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import integrate

from deposits.laws import truncation
from deposits.laws.roots import increasing_root


@given(st.floats(-30, 8), st.floats(0.01, 30), st.floats(-6, 30))
def test_tilted_integrals_agree_with_quadrature(b, width, tilt):
    # Counted from where the integrand is largest, so that nothing underflows.
    peak = np.clip(tilt, b - width, b)
    height = -0.5 * peak**2 + tilt * (peak - b)

    def f(z):
        return np.exp(-0.5 * z**2 + tilt * (z - b) - height)

    near = [e for e in (peak - 9, peak - 1, peak, peak + 1, peak + 9) if b - width < e < b]
    edges = [b - width, *near, b]
    area = sum(
        integrate.quad(f, one, two, epsabs=0, epsrel=1e-12)[0]
        for one, two in itertools.pairwise(edges)
    )
    found = truncation.tilted_integral(np.array([b]), np.array([width]), np.array([tilt]))
    assert_allclose(found[0], np.log(area) + height, rtol=1e-9, atol=1e-9)


@given(st.floats(-200, 12), st.floats(0.001, 200))
def test_a_wide_interval_is_as_good_as_one_without_a_lower_end(b, tilt):
    arrays = np.array([b]), np.array([tilt])
    wide = truncation.tilted_integral(arrays[0], np.array([1e4]), arrays[1])
    endless = truncation.tilted_integral(arrays[0], np.array([np.inf]), arrays[1])
    assert_allclose(wide, endless, rtol=1e-12, atol=1e-12)


def test_an_interval_far_below_the_mean_keeps_its_digits():
    # exp(-b^2/2) is 0 here; to first order in 1/b the law is exponential with the rate -b.
    b, tilt = np.array([-1e4]), np.array([0.01])
    found = truncation.log_mean_over_top(b, np.array([np.inf]), tilt)
    assert_allclose(found, np.log(1e4 / (1e4 + 0.01)), rtol=1e-7)


def goal(width: float) -> truncation._Goal:
    """Six pairs of mean and spread on one interval."""
    log_mean = np.log([0.02, 0.1, 0.3, 0.02, 0.1, 0.3])
    log_width = np.full(6, width)
    a = truncation.steepest_power(log_mean, log_width)
    moment = truncation.power_log_moment
    most = moment(a, log_width, 2.0) - 2.0 * moment(a, log_width, 1.0)
    return truncation._Goal(
        log_mean, log_width, np.array([0.3, 0.3, 0.3, 0.8, 0.8, 0.8]) * most, most
    )


@pytest.mark.parametrize("width", [np.inf, 6.0])
def test_slopes_of_the_misses_are_those_of_finite_differences(width):
    wanted = goal(width)
    p, q, step = np.linspace(-0.3, 0.1, 6), np.linspace(0.1, 1.0, 6), 1e-5
    _, slopes = truncation._misses(wanted, p, q)
    for axis, (dp, dq) in enumerate(((step, 0.0), (0.0, step))):
        after = truncation._misses(wanted, p + dp, q + dq)[0]
        before = truncation._misses(wanted, p - dp, q - dq)[0]
        for row in (0, 1):
            assert_allclose(slopes[row][axis], (after[row] - before[row]) / (2 * step), rtol=1e-5)


@pytest.mark.parametrize("width", [np.inf, 6.0])
def test_both_ways_of_solving_find_the_same_law(width):
    wanted = goal(width)
    steepest = truncation.steepest_power(wanted.log_mean, wanted.log_width)
    p, q, arrived = truncation._newton_in_both(wanted, steepest)
    assert arrived.all(), "ordinary cases never need the slow way"
    slow_p, slow_q = truncation._one_inside_the_other(wanted, steepest)
    assert_allclose(slow_p, p, rtol=1e-7)
    assert_allclose(slow_q, q, rtol=1e-7)


@given(st.floats(-50, 50), st.floats(-50, 50))
def test_roots_are_found_where_newton_alone_runs_away(root, start):
    found = increasing_root(
        lambda x, _: (np.arctan(x - root), 1 / (1 + (x - root) ** 2)), np.array([start])
    )
    assert_allclose(found, root, rtol=1e-9, atol=1e-9)
