"""Grade laws: invariants, numerical integration and Monte Carlo as referees, limits by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import integrate, stats

from deposits.errors import DataError
from deposits.laws.gold_law import gold_factor, sigma_from_cv
from deposits.laws.grade_law import (
    GradeLaw,
    block_cv,
    feasible,
    fit_grade_law,
    largest_cv,
    mean_above,
    metal_share,
    tonnage_share,
)
from deposits.laws.richest import cutoff_of_richest, grade_of_richest

TOP = 71.7
#: mean %, CV, lower cut %, upper cut %
CASES = [
    (1.1, 0.5, 0.0, TOP),
    (1.33, 2.0, 0.0, TOP),
    (2.5, 1.5, 0.0, TOP),
    (4.2, 1.0, 0.0, 40.0),
    (15.0, 0.5, 0.0, TOP),
    (15.0, 1.2, 0.0, TOP),
    (15.0, 1.28, 0.0, TOP),
    (4.2, 1.0, 1.5, TOP),
    (3.1, 1.4, 1.0, TOP),
    (1.6, 0.68, 1.0, TOP),
    (60.0, 0.16, 1.0, TOP),
]
GOLD = [(-0.3, 1.0), (0.0, 0.8), (0.6, 1.2)]

means = st.floats(0.2, 60.0)
parts = st.floats(0.02, 0.9995)
cutoffs = st.lists(st.floats(0.0, 80.0), min_size=2, max_size=8)


def density(law: GradeLaw):
    """Integrate the law's density times any power, sharing no code with it."""
    mu, sigma = float(law.mu), float(law.sigma)
    high = np.log(float(law.upper_pct))
    low = np.log(law.lower_pct) if law.lower_pct > 0 else -5000.0
    # Counted from the top, so that a law with mu far above the cut does not underflow.
    top = (high - mu) / sigma

    def moment(power: float, start: float, tilt: float = 0.0) -> float:
        def f(y: float) -> float:
            z = (y - mu) / sigma
            return np.exp(power * y - 0.5 * (z - top) * (z + top) + tilt * (z - top))

        begin = max(low, np.log(start)) if start > 0 else low
        return in_pieces(f, begin, high)

    return moment


def in_pieces(f, begin, end):
    """Integrate what may sit close to the end of a very long interval."""
    steps = end - np.array([0, 0.3, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048])
    edges = [begin, *sorted(steps[steps > begin])]
    pairs = itertools.pairwise(edges)
    return sum(integrate.quad(f, *pair, epsabs=1e-14, epsrel=1e-11, limit=200)[0] for pair in pairs)


@pytest.mark.parametrize(("mean", "cv", "lower", "upper"), CASES)
def test_moments_and_shares_agree_with_numerical_integration(mean, cv, lower, upper):
    law = fit_grade_law(mean, cv, lower_pct=lower, upper_pct=upper)
    moment = density(law)
    whole = moment(0, 0)
    assert_allclose(moment(1, 0) / whole, mean, rtol=1e-9)
    assert_allclose(np.sqrt(moment(2, 0) * whole / moment(1, 0) ** 2 - 1), cv, rtol=1e-8)
    for cutoff in (0.5, 2.0, 5.0, 15.0, 35.0):
        tonnes = moment(0, cutoff) / whole
        assert_allclose(tonnage_share(law, cutoff), tonnes, rtol=1e-8)
        assert_allclose(metal_share(law, cutoff), moment(1, cutoff) / moment(1, 0), rtol=1e-8)
        assert_allclose(mean_above(law, cutoff), moment(1, cutoff) / moment(0, cutoff), rtol=1e-8)


@pytest.mark.parametrize(("mean", "cv", "lower", "upper"), CASES)
@pytest.mark.parametrize(("rho", "sigma_au"), GOLD)
def test_gold_above_a_cut_off_agrees_with_numerical_integration(
    mean, cv, lower, upper, rho, sigma_au
):
    law = fit_grade_law(mean, cv, lower_pct=lower, upper_pct=upper)
    moment, tilt = density(law), rho * sigma_au
    for cutoff in (0.5, 5.0, 15.0):
        above = moment(0, cutoff, tilt) / moment(0, cutoff)
        whole = moment(0, 0, tilt) / moment(0, 0)
        assert_allclose(gold_factor(law, cutoff, rho, sigma_au), above / whole, rtol=1e-8)


@pytest.mark.parametrize("number", range(len(CASES)))
def test_drawing_grades_and_gold_gives_the_same_shares(number):
    mean, cv, lower, upper = CASES[number]
    law = fit_grade_law(mean, cv, lower_pct=lower, upper_pct=upper)
    rng = np.random.default_rng(20261123 + number)
    n, rho, sigma_au = 400_000, (-0.3, 0.0, 0.6)[number % 3], 1.0
    ends = [(np.log(x) - law.mu) / law.sigma if x > 0 else -np.inf for x in (lower, upper)]
    z = stats.truncnorm.rvs(*ends, size=n, random_state=rng)
    grade = np.exp(law.mu + law.sigma * z)
    gold = np.exp(sigma_au * (rho * z + np.sqrt(1 - rho**2) * rng.standard_normal(n)))
    assert_within(grade, mean)
    for cutoff in (2.0, 5.0, 15.0):
        above = grade >= cutoff
        if 100 < above.sum() < n - 100:
            assert_within(above.astype(float), tonnage_share(law, cutoff))
            assert_within(grade[above], mean_above(law, cutoff))
            factor = gold_factor(law, cutoff, rho, sigma_au)
            assert_within(gold[above] / gold.mean(), factor)


def assert_within(drawn, expected):
    """Five standard errors of the mean: one false alarm in two million."""
    error = drawn.std() / np.sqrt(drawn.size)
    assert abs(drawn.mean() - expected) <= 5 * error + 1e-12


@given(means, parts, st.sampled_from([0.0, 0.02, 0.5]))
def test_mean_and_cv_are_given_back(mean, part, of_mean):
    lower = of_mean * mean
    cv = part * float(largest_cv(mean, lower))
    law = fit_grade_law(mean, cv, lower_pct=lower)
    assert_allclose(law.mean_pct, mean, rtol=1e-9)
    assert_allclose(law.cv, cv, rtol=1e-9)


@given(means, parts, cutoffs)
def test_shares_fall_with_the_cut_off_and_the_mean_above_rises(mean, part, cutoffs):
    law = fit_grade_law(mean, part * float(largest_cv(mean)))
    ladder = np.sort(cutoffs)
    tonnes, metal, grade = (f(law, ladder) for f in (tonnage_share, metal_share, mean_above))
    assert np.all(np.diff(tonnes) <= 1e-12)
    assert np.all(np.diff(metal) <= 1e-12)
    assert np.all(metal >= tonnes - 1e-12), "ore above a cut-off is never poorer than the whole"
    assert np.all(np.diff(grade[ladder < TOP]) >= -1e-9 * TOP)
    assert np.all(grade[ladder < TOP] >= ladder[ladder < TOP])
    assert np.all((tonnes >= 0) & (tonnes <= 1) & (metal >= 0) & (metal <= 1))


@given(means, parts, st.lists(st.floats(0.01, 71.0), min_size=1, max_size=6, unique=True))
def test_classes_between_cut_offs_keep_tonnes_and_metal(mean, part, edges):
    law = fit_grade_law(mean, part * float(largest_cv(mean)))
    ladder = np.array([0.0, *sorted(edges), TOP])
    tonnes, metal = -np.diff(tonnage_share(law, ladder)), -np.diff(metal_share(law, ladder))
    assert_allclose(tonnes.sum(), 1.0, rtol=1e-12)
    assert_allclose(metal.sum(), 1.0, rtol=1e-12)
    held = mean * metal
    assert np.all(held <= tonnes * ladder[1:] + 1e-8), "no class is richer than its upper edge"
    assert np.all(held >= tonnes * ladder[:-1] - 1e-8), "no class is poorer than its lower edge"


@given(means, parts, st.floats(0.01, 1.3))
def test_scaling_mean_and_cuts_together_changes_no_share(mean, part, scale):
    cv = part * float(largest_cv(mean))
    law = fit_grade_law(mean, cv)
    other = fit_grade_law(scale * mean, cv, upper_pct=scale * TOP)
    ladder = np.array([0.1, 1.0, 5.0, 15.0])
    assert_allclose(tonnage_share(other, scale * ladder), tonnage_share(law, ladder), atol=1e-8)
    assert_allclose(metal_share(other, scale * ladder), metal_share(law, ladder), atol=1e-8)


@given(means, parts, st.floats(1e-6, 1.0))
def test_the_richest_tonnes_are_those_above_their_cut_off(mean, part, share):
    law = fit_grade_law(mean, part * float(largest_cv(mean)))
    cutoff = cutoff_of_richest(law, share)
    # Less than 1e-280 % apart from nothing is nothing: a power law of a small exponent goes there.
    if cutoff > 1e-280:
        assert_allclose(tonnage_share(law, cutoff), share, rtol=1e-8)
        assert_allclose(grade_of_richest(law, share), mean_above(law, cutoff), rtol=1e-7)


def test_the_richest_of_many_laws_go_one_by_one():
    law = fit_grade_law(np.array([2.5, 4.2]), np.array([1.0, 1.5]))
    both = grade_of_richest(law, np.array([0.2, 1.0]))
    assert both.shape == (2,)
    assert_allclose(both[1], 4.2, rtol=1e-9)
    assert_allclose(both[0], grade_of_richest(fit_grade_law(2.5, 1.0), 0.2))
    assert cutoff_of_richest(law, 1.0).tolist() == [0.0, 0.0]
    bounded = fit_grade_law(4.2, 1.0, lower_pct=1.5)
    assert cutoff_of_richest(bounded, 1.0) == 1.5
    for wrong in (0.0, -0.1, 1.1, np.nan):
        with pytest.raises(DataError, match="share"):
            grade_of_richest(law, wrong)


@given(means, st.sampled_from([0.0, 0.02, 0.5]))
@settings(max_examples=40)
def test_the_largest_cv_parts_what_is_fitted_from_what_is_refused(mean, of_mean):
    lower = of_mean * mean
    bound = float(largest_cv(mean, lower))
    below, above = bound * (1 - 2e-6), bound * (1 + 1e-9)
    law = fit_grade_law(mean, below, lower_pct=lower)
    assert_allclose(law.cv, below, rtol=1e-9)
    assert_allclose(law.mean_pct, mean, rtol=1e-9)
    assert feasible(mean, below, lower) and not feasible(mean, above, lower)
    with pytest.raises(DataError, match=r"mean of .* CV of .* CV below"):
        fit_grade_law(mean, above, lower_pct=lower)


@pytest.mark.parametrize("lower", [0.0, 0.5])
def test_the_largest_cv_is_that_of_a_power_law(lower):
    for mean in (1.1, 2.5, 15.0, 60.0):
        a = float(
            bisected(lambda a, m=mean: power_moment(a, 1, lower) / power_moment(a, 0, lower) - m)
        )
        cv = np.sqrt(power_moment(a, 2, lower) / power_moment(a, 0, lower) / mean**2 - 1)
        assert_allclose(largest_cv(mean, lower), cv, rtol=1e-7)
    assert_allclose(largest_cv(15.0), np.sqrt((TOP - 15) ** 2 / (15 * (2 * TOP - 15))))


def power_moment(a, k, lower):
    """Integral of x^(a - 1 + k) over the interval, in ln x for the singularity at 0."""
    low = np.log(lower / TOP) if lower > 0 else -5000.0
    return TOP**k * in_pieces(lambda y: np.exp((a + k) * y), low, 0.0)


def bisected(f):
    """Bisect on the exponent."""
    low, high = (1e-2, 30.0) if f(1e-2) < 0 else (-30.0, 1e-2)
    for _ in range(80):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if f(middle) < 0 else (low, middle)
    return low


def test_largest_cv_is_not_a_number_where_the_mean_is_outside_the_cuts():
    assert np.isnan(largest_cv([0.0, TOP, 80.0, np.nan])).all()
    assert np.isnan(largest_cv(0.5, 1.0))


@pytest.mark.parametrize(
    ("mean", "cv"), [(0.0, 1.0), (TOP, 0.5), (80.0, 0.0), (-1.0, 0.5), (np.nan, 1.0), (2.5, -0.1)]
)
def test_a_pair_that_cannot_be_is_refused(mean, cv):
    with pytest.raises(DataError):
        fit_grade_law(mean, cv)
    with pytest.raises(DataError, match="1 more"):
        fit_grade_law([mean, 2.5, mean], [cv, 1.0, cv])


def test_without_spread_all_ore_has_the_mean_grade():
    law = fit_grade_law(3.1, 0.0)
    assert tonnage_share(law, [0.0, 3.1, np.nextafter(3.1, 4), 71.7]).tolist() == [1, 1, 0, 0]
    assert metal_share(law, 3.1) == 1
    assert_allclose([law.mean_pct, law.cv], [3.1, 0.0])
    assert_allclose(mean_above(law, [1.0, 3.1, 4.0]), [3.1, 3.1, np.nan])
    assert_allclose(gold_factor(law, [1.0, 4.0], 0.6, 1.0), [1.0, np.nan])
    assert_allclose(grade_of_richest(law, 0.1), 3.1)


def test_a_small_cv_is_the_plain_normal_law():
    law = fit_grade_law(2.5, 1e-4)
    assert_allclose(law.cv, 1e-4, rtol=1e-9)
    assert_allclose(tonnage_share(law, 2.5), 0.5, atol=1e-4)


def test_cut_offs_outside_the_law_take_all_or_nothing():
    law = fit_grade_law(4.2, 1.0, lower_pct=1.5)
    ladder = [0.0, 1.0, 1.5, TOP, 80.0]
    assert tonnage_share(law, ladder).tolist() == [1, 1, 1, 0, 0]
    assert metal_share(law, ladder).tolist() == [1, 1, 1, 0, 0]
    assert_allclose(mean_above(law, ladder), [4.2, 4.2, 4.2, np.nan, np.nan])
    assert_allclose(gold_factor(law, ladder, 0.6, 1.0), [1, 1, 1, np.nan, np.nan])


def test_an_unknown_cut_off_gives_an_unknown_share():
    for cv in (0.0, 1.0):
        law = fit_grade_law(4.2, cv)
        assert np.isnan(tonnage_share(law, np.nan)) and np.isnan(mean_above(law, np.nan))


def test_laws_meet_their_own_cut_offs_or_a_whole_ladder():
    law = fit_grade_law(np.array([1.1, 2.5, 4.2]), 1.0)
    ladder = np.array([0.0, 1.0, 5.0, 15.0])
    assert tonnage_share(law.column, ladder).shape == (3, 4)
    assert tonnage_share(law, 5.0).shape == (3,)
    assert gold_factor(law.column, ladder, np.array([[0.0], [0.3], [0.6]]), 1.0).shape == (3, 4)
    one = fit_grade_law(2.5, 1.0)
    assert_allclose(tonnage_share(law.column, ladder)[1], tonnage_share(one, ladder))
    own = np.array([1.0, 5.0, 15.0])
    assert_allclose(tonnage_share(law, own), np.diag(tonnage_share(law.column, own)))
    empty = fit_grade_law(np.array([]), np.array([]))
    assert tonnage_share(empty.column, ladder).shape == (0, 4)


def test_gold_is_untouched_by_the_cut_off_without_correlation():
    law = fit_grade_law(2.5, 1.5)
    assert_allclose(gold_factor(law, [1.0, 5.0, 15.0], 0.0, 1.0), 1.0, rtol=1e-12)
    with_it, against_it = (gold_factor(law, 15.0, rho, 1.0) for rho in (0.6, -0.3))
    assert with_it > 1 > against_it


@given(means, parts, st.floats(-1, 1), st.floats(0, 1.5), cutoffs)
def test_gold_of_the_ore_above_a_cut_off_is_part_of_all_gold(mean, part, rho, sigma_au, some):
    law = fit_grade_law(mean, part * float(largest_cv(mean)))
    ladder = np.sort([c for c in some if c < TOP])
    factor = gold_factor(law, ladder, rho, sigma_au)
    held = tonnage_share(law, ladder) * factor
    assert np.all((held >= 0) & (held <= 1 + 1e-12))
    assert np.all(np.diff(held) <= 1e-12)
    rises = np.sign(rho * sigma_au) * np.diff(factor)
    assert np.all(rises >= -1e-9 * (1 + factor[1:])), (
        "richer ore has more gold where rho is positive"
    )


def test_wrong_gold_inputs_are_refused():
    law = fit_grade_law(2.5, 1.0)
    for rho, sigma in ((1.01, 1.0), (-1.01, 1.0), (0.0, -0.1), (np.nan, 1.0)):
        with pytest.raises(DataError):
            gold_factor(law, 1.0, rho, sigma)
    with pytest.raises(DataError):
        sigma_from_cv(-0.5)


def test_sigma_of_gold_gives_its_cv_back():
    sigma = sigma_from_cv([0.0, 0.5, 1.5])
    assert_allclose(np.sqrt(np.expm1(sigma**2)), [0.0, 0.5, 1.5])


def test_the_cv_of_blocks_falls_with_the_root_of_the_variance_ratio():
    assert_allclose(block_cv(2.0, [1.0, 0.25]), [2.0, 1.0])
    for ratio in (0.0, 1.01, -0.1, np.nan):
        with pytest.raises(DataError, match="ratio"):
            block_cv(1.0, ratio)
    with pytest.raises(DataError, match="CV"):
        block_cv(-1.0, 0.5)


def test_a_law_with_cuts_out_of_order_cannot_be_built():
    with pytest.raises(DataError):
        GradeLaw(0.0, 1.0, 5.0, 5.0)
    with pytest.raises(DataError):
        GradeLaw(0.0, -1.0, 0.0, 5.0)
