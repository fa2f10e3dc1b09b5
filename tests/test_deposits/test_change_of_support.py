"""Change of support: variances and means kept, GCOS, Walker Lake's exhaustive truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from support.reference import reference

from deposits.errors import DataError
from deposits.estimation.change_of_support import (
    BlockSupport,
    affine_curve,
    block_curve,
    block_support,
    check_smoothing,
    discrete_gaussian_curve,
    indirect_lognormal_curve,
    sample_curve,
    variance_ratio,
)
from deposits.estimation.covariance import Covariance, Structure
from deposits.laws.block_law import recovered, solve_change_of_support, stepped_law
from deposits.orientation import isotropic

LOGNORMAL = np.random.default_rng(4).lognormal(0.0, 0.9, 500)
CURVES = (discrete_gaussian_curve, affine_curve, indirect_lognormal_curve)


@pytest.mark.parametrize("curve", CURVES)
def test_every_correction_keeps_the_mean(curve):
    support = block_support(LOGNORMAL, None, 0.4 * LOGNORMAL.var())
    whole = curve(support, [0.0]).iloc[0]
    assert_allclose([whole.tonnage_share, whole.metal_share], 1.0)
    assert_allclose(whole.mean_above, LOGNORMAL.mean(), rtol=1e-9)


@pytest.mark.parametrize("curve", CURVES)
def test_tonnes_and_metal_fall_and_grade_rises_with_the_cutoff(curve):
    support = block_support(LOGNORMAL, None, 0.4 * LOGNORMAL.var())
    table = curve(support, np.linspace(0, 6, 25)).dropna()
    assert (np.diff(table.tonnage_share) <= 1e-12).all()
    assert (np.diff(table.metal_share) <= 1e-12).all()
    assert (np.diff(table.mean_above) >= -1e-9).all()
    assert_allclose(
        table.metal_share, table.tonnage_share * table.mean_above / LOGNORMAL.mean(), rtol=1e-9
    )


@pytest.mark.parametrize("curve", CURVES)
def test_blocks_as_variable_as_samples_have_their_curve(curve):
    support = block_support(LOGNORMAL, None, LOGNORMAL.var())
    cutoffs = [0.313, 1.017, 3.003]
    ours, theirs = curve(support, cutoffs), sample_curve(support.law, cutoffs)
    assert_allclose(ours.tonnage_share, theirs.tonnage_share, atol=1e-9)
    assert_allclose(ours.mean_above, theirs.mean_above, rtol=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.05, 0.95))
def test_the_affine_curve_integrates_to_the_stated_variance(share):
    support = block_support(LOGNORMAL, None, share * LOGNORMAL.var())
    law = support.law
    moved = law.mean + np.sqrt(support.variance_ratio) * (law.grade - law.mean)
    table = affine_curve(support, moved)
    # The tonnes lost from one class to the next are the share of that class.
    shares = -np.diff(np.append(table.tonnage_share, 0.0))
    assert_allclose(shares @ moved, law.mean, rtol=1e-9)
    assert_allclose(shares @ (moved - law.mean) ** 2, support.block_variance, rtol=1e-9)


def test_the_coefficient_is_that_of_the_grade_laws():
    weights = np.linspace(1, 3, LOGNORMAL.size)
    law = stepped_law(LOGNORMAL, weights)
    support = block_support(LOGNORMAL, weights, 0.5 * law.variance)
    assert support.r == solve_change_of_support(LOGNORMAL, weights, 0.5 * law.variance)
    row = discrete_gaussian_curve(support, [1.5]).iloc[0]
    part = recovered(law, support.r, 1.5)
    assert (row.tonnage_share, row.mean_above) == (part.tonnage_share, part.mean_above)


def test_simulated_blocks_of_the_model_have_the_foretold_curve():
    # A block of the model: E[phi(rY + sqrt(1-r2)U) | Y], by the samples' own steps.
    support = block_support(LOGNORMAL, None, 0.5 * LOGNORMAL.var())
    law, r = support.law, support.r
    y, u = np.random.default_rng(8).standard_normal((2, 4000))
    score = r * y[:, None] + np.sqrt(1 - r * r) * u[None, :]
    blocks = law.grade[np.searchsorted(law.edge, score)].mean(axis=1)
    ours = discrete_gaussian_curve(support, [1.0, 2.0])
    theirs = block_curve(blocks, None, [1.0, 2.0])
    assert_allclose(ours.tonnage_share, theirs.tonnage_share, atol=0.025)
    assert_allclose(ours.mean_above, theirs.mean_above, rtol=0.03)


def test_the_indirect_lognormal_correction_is_exact_for_lognormal_grades():
    from scipy.special import ndtri

    s = 0.5
    z = np.exp(s * ndtri((np.arange(20_000) + 0.5) / 20_000))
    support = block_support(z, None, 0.4 * z.var())
    block_s = np.sqrt(np.log1p(0.4 * z.var() / z.mean() ** 2))
    cutoff = z.mean() * np.exp(-(block_s**2) / 2)  # the median of the blocks
    table = indirect_lognormal_curve(support, [cutoff])
    assert_allclose(table.tonnage_share, 0.5, atol=2e-3)


def test_a_spike_at_the_least_grade_is_warned_of():
    spiky = np.concatenate([np.zeros(20), np.arange(1, 81)])
    assert "20 % of the samples" in block_support(spiky, None, 100.0).warnings[0]
    assert block_support(LOGNORMAL, None, 0.5).warnings == ()


def test_absent_grades_are_counted():
    support = block_support([1.0, np.nan, 3.0], None, 0.5)
    assert "1 samples without a grade" in support.warnings[0]
    assert support.law.mean == 2.0


def test_equal_grades_are_a_step_and_say_so():
    support = block_support([2.0, 2.0, 2.0], None, 0.5)
    assert np.isnan(support.r)
    assert "there is no change of support" in support.warnings[0]
    for curve in CURVES:
        assert curve(support, [1.0, 2.0, 3.0]).tonnage_share.tolist() == [1.0, 1.0, 0.0]
    check = check_smoothing(support, [2.0], None, [1.0])
    assert "cannot be checked" in check.sentence


def test_bad_input_is_refused():
    with pytest.raises(DataError, match="no sample"):
        block_support([np.nan], None, 1.0)
    with pytest.raises(DataError, match="block variance out of range"):
        block_support(LOGNORMAL, None, 2 * LOGNORMAL.var())
    with pytest.raises(DataError, match="one length"):
        block_support([1.0, 2.0], [1.0], 0.1)
    with pytest.raises(DataError, match="cut-off"):
        block_curve([1.0], None, [np.nan])
    with pytest.raises(DataError, match="one tonnage each"):
        block_curve([1.0], [1.0, 2.0], [0.0])


def test_the_variance_ratio_is_of_the_whole_sill():
    model = Covariance(4.0, (Structure("spherical", 6.0, isotropic(50.0)),))
    assert_allclose(variance_ratio(model, (1e-6, 1e-6, 1e-6), (2, 2, 2)), 0.6, rtol=1e-6)
    assert variance_ratio(model, (20.0, 20.0, 10.0), (4, 4, 4)) < 0.6


@pytest.mark.parametrize(
    ("factor", "words"),
    [(0.5, "smoother than theory"), (1.0, "about as smooth"), (1.5, "varies more than theory")],
)
def test_the_check_says_whether_the_model_is_smoother(factor, words):
    support = block_support(LOGNORMAL, None, 0.5 * LOGNORMAL.var())
    spread = np.sqrt(factor * support.block_variance)
    blocks = LOGNORMAL.mean() + spread * np.array([-1.0, 1.0])
    check = check_smoothing(support, np.append(blocks, np.nan), [2.0, 2.0, 9.0], [0.5, 1.0])
    assert_allclose(check.ratio, factor, rtol=1e-12)
    assert words in check.sentence
    assert set(check.table.curve) == {"samples", "discrete Gaussian", "affine", "model"}
    assert len(check.table) == 8


def test_tonnes_weigh_the_blocks_of_the_model():
    table = block_curve([1.0, 3.0], [3.0, 1.0], [2.0])
    assert_allclose(table.iloc[0, 2:].astype(float), [0.25, 0.5, 3.0])


def test_a_model_without_estimates_cannot_be_checked():
    support = block_support(LOGNORMAL, None, 0.5)
    check = check_smoothing(support, [np.nan, np.nan], None, [1.0])
    assert "No block is estimated" in check.sentence
    assert np.isnan(check.ratio)


# --- Walker Lake: the truth of all blocks ---------------------------------------------------------


@pytest.fixture(scope="module")
def walker():
    """V of all cells, grades of all blocks, and the reference's curves."""
    table = np.genfromtxt(
        reference("geostat/walker_lake/Exhaustive_set.csv"), delimiter=",", skip_header=1
    )
    field = np.zeros((300, 260))
    field[table[:, 1].astype(int) - 1, table[:, 0].astype(int) - 1] = table[:, 3]
    blocks = {b: field.reshape(300 // b, b, 260 // b, b).mean((1, 3)).ravel() for b in (5, 10, 20)}
    curves = np.genfromtxt(
        reference("geostat/walker_lake/change_of_support_V.csv"), delimiter=",", skip_header=1
    )
    return table[:, 3], blocks, curves


@pytest.mark.reference
@pytest.mark.parametrize("size", [5, 10, 20])
def test_walker_lakes_affine_curves_are_those_of_the_reference(walker, size):
    values, blocks, curves = walker
    part = curves[curves[:, 0] == size]
    ours = affine_curve(block_support(values, None, float(blocks[size].var())), part[:, 1])
    assert_allclose(ours.tonnage_share, part[:, 6], atol=2e-6)
    assert_allclose(ours.mean_above, part[:, 7], atol=1e-4)
    true = block_curve(blocks[size], None, part[:, 1])
    assert_allclose(true.tonnage_share, part[:, 2], atol=1e-6)


@pytest.mark.reference
def test_the_references_printed_r_is_the_square_of_the_coefficient(walker):
    values, blocks, _ = walker
    support = block_support(values, None, float(blocks[10].var()))
    assert_allclose(support.r, 0.87536, atol=1e-5)
    assert_allclose(support.r**2, 0.7663, atol=2e-3)


@pytest.mark.reference
def test_taken_as_r_the_square_gives_the_references_curve_to_2_per_cent(walker):
    values, _, curves = walker
    part = curves[(curves[:, 0] == 10) & (curves[:, 1] <= 700)]
    wrong = BlockSupport(stepped_law(values), 0.0, 0.76626)
    ours = discrete_gaussian_curve(wrong, part[:, 1])
    assert_allclose(ours.tonnage_share, part[:, 4], rtol=0.02)
    assert_allclose(ours.mean_above, part[:, 5], rtol=0.02)


@pytest.mark.reference
@pytest.mark.parametrize("size", [5, 10, 20])
def test_the_right_coefficient_is_nearer_to_the_true_blocks(walker, size):
    values, blocks, curves = walker
    part = curves[(curves[:, 0] == size) & (curves[:, 1] > 0)]
    support = block_support(values, None, float(blocks[size].var()))
    right = discrete_gaussian_curve(support, part[:, 1])
    apart, theirs = np.abs(right.tonnage_share - part[:, 2]), np.abs(part[:, 4] - part[:, 2])
    assert np.sqrt((apart**2).mean()) < 0.6 * np.sqrt((theirs**2).mean())
    assert "at the least grade, 0" in support.warnings[0]
