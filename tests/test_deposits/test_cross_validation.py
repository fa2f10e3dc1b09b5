"""Cross-validation: against samples really removed, by hand, and where it must say it cannot."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from deposits.estimation.covariance import Covariance, Structure
from deposits.estimation.kriging import ExternalDrift, Ordinary, Simple, krige
from deposits.estimation.kriging_targets import Targets
from deposits.estimation.samples import Samples
from deposits.estimation.search import Search
from deposits.orientation import isotropic
from deposits.validation.cross_validation import Leaving, cross_validate, fold_of, summarise

MODEL = Covariance(0.1, (Structure("spherical", 0.9, isotropic(60.0)),))
PASSES = (Search(isotropic(200.0), least=1, most=12),)


@pytest.fixture(scope="module")
def samples() -> Samples:
    """Ten vertical drillholes of six samples; two elements, one not assayed everywhere."""
    rng = np.random.default_rng(11)
    collars = rng.uniform(0, 100, (10, 2))
    points = np.array([[x, y, -5.0 * k] for x, y in collars for k in range(6)])
    values = rng.lognormal(size=(60, 2))
    values[::7, 1] = np.nan
    return Samples(points, values, ("sb_pct", "au_gpt"), np.repeat(np.arange(10) + 100, 6))


def removed(samples: Samples, kept, target, method=Ordinary()):
    """Krige one place from some samples alone."""
    found = krige(
        samples.take(kept), Targets(points=samples.points[[target]]), MODEL, PASSES, method
    )
    return found.values[0, 0], found.variance[0]


@pytest.mark.parametrize("out", ["hole", "sample"])
@pytest.mark.parametrize("element", ["sb_pct", "au_gpt"])
def test_each_estimate_is_that_without_the_sample_or_its_hole(samples, out, element):
    one = samples.only((element,))
    table = cross_validate(one, MODEL, PASSES, Leaving(out))
    assert len(table) == np.isfinite(one.values).sum()
    for _, row in table.iloc[::9].iterrows():
        number = int(row["sample"])
        others = np.arange(one.n) != number if out == "sample" else one.hole != row["hole"]
        estimate, variance = removed(one, others & np.isfinite(one.values[:, 0]), number)
        assert_allclose([row["estimate"], row["variance"]], [estimate, variance], rtol=1e-9)
        assert_allclose(row["error"], row["estimate"] - one.values[number, 0])


def test_folds_leave_out_all_their_holes(samples):
    one = samples.only(("sb_pct",))
    table = cross_validate(one, MODEL, PASSES, Leaving("folds", folds=3, seed=5))
    label = fold_of(one.hole, 3, 5)
    for number in (0, 25, 59):
        estimate, _ = removed(one, label != label[number], number)
        assert_allclose(table["estimate"][number], estimate, rtol=1e-9)


def test_as_many_folds_as_holes_are_leaving_out_holes(samples):
    folds = cross_validate(samples, MODEL, PASSES, Leaving("folds", folds=10))
    holes = cross_validate(samples, MODEL, PASSES, Leaving("hole"))
    assert_allclose(folds["estimate"], holes["estimate"], rtol=1e-9)


def test_folds_are_drawn_alike_each_time_and_in_equal_numbers():
    hole = np.repeat(np.arange(20), 3)
    assert (fold_of(hole, 5, 1) == fold_of(hole, 5, 1)).all()
    assert (fold_of(hole, 5, 1) != fold_of(hole, 5, 2)).any()
    assert (np.bincount(fold_of(hole, 5, 1)) == 12).all()
    by_hole = [np.unique(fold_of(hole, 5, 1)[hole == h]).size for h in range(20)]
    assert by_hole == [1] * 20


@pytest.mark.parametrize("out", ["hole", "sample", "folds"])
def test_simple_and_external_drift_kriging_keep_their_rows(samples, out):
    drift = samples.points[:, :1]
    simple = cross_validate(samples, MODEL, PASSES, Leaving(out), Simple((1.0, 2.0)))
    external = cross_validate(samples, MODEL, PASSES, Leaving(out), ExternalDrift(drift))
    assert len(simple) == len(external) == np.isfinite(samples.values).sum()
    au = samples.only(("au_gpt",))
    alone = cross_validate(au, MODEL, PASSES, Leaving(out), Simple((2.0,)))
    assert_allclose(simple[simple.element == "au_gpt"]["estimate"], alone["estimate"])
    assert np.isfinite(external["estimate"]).mean() > 0.9


def test_a_linear_drift_is_found_again(samples):
    drift = samples.points[:, :1]
    exact = Samples(samples.points, 3.0 + 0.1 * drift, ("sb_pct",), samples.hole)
    table = cross_validate(exact, MODEL, PASSES, Leaving("hole"), ExternalDrift(drift))
    assert_allclose(table["error"], 0.0, atol=1e-8)
    assert_allclose(summarise(table)["slope"], 1.0, rtol=1e-8)


def test_numbers_of_the_summary_are_those_of_numpy():
    rng = np.random.default_rng(0)
    true, estimate = rng.lognormal(size=(2, 50))
    error = estimate - true
    table = pd.DataFrame(
        {
            "element": "sb_pct",
            "true": true,
            "estimate": estimate,
            "error": error,
            "standardised_error": error / 0.7,
        }
    )
    row = summarise(table).iloc[0]
    assert_allclose(row["slope"], np.polyfit(estimate, true, 1)[0])
    assert_allclose(row["correlation"], np.corrcoef(true, estimate)[0, 1])
    assert_allclose(row["mean_error"], error.mean())
    assert_allclose(row["mean_relative_error"], error.mean() / true.mean())
    assert_allclose(row["mean_squared_error"], (error**2).mean())
    assert_allclose(row["standardised_variance"], np.var(error / 0.7, ddof=1))
    assert_allclose(row["share_within_95"], (np.abs(error / 0.7) <= 1.96).mean())


def test_standardised_errors_of_a_gaussian_field_have_variance_one():
    rng = np.random.default_rng(3)
    points = rng.uniform(0, 200, (400, 3)) * [1, 1, 0]
    lags = points[:, None, :] - points[None, :, :]
    matrix = MODEL.at(lags.reshape(-1, 3)).reshape(400, 400)
    values = np.linalg.cholesky(matrix) @ rng.standard_normal(400) + 10.0
    table = cross_validate(Samples(points, values), MODEL, PASSES, Leaving("sample"))
    row = summarise(table).iloc[0]
    assert_allclose(row["standardised_variance"], 1.0, atol=0.2)
    assert_allclose(row["slope"], 1.0, atol=0.15)
    assert_allclose(row["share_within_95"], 0.95, atol=0.04)


def test_one_hole_cannot_be_estimated_from_the_others(samples):
    one = samples.take(samples.hole == 100)
    with pytest.warns(UserWarning, match="no target"):
        row = summarise(cross_validate(one, MODEL, PASSES)).iloc[0]
    assert row["n_estimated"] == 0
    assert row["remark"] == "no sample could be estimated from the others"


@pytest.mark.filterwarnings("ignore:no target")
@pytest.mark.parametrize("out", ["hole", "sample", "folds"])
def test_one_sample_is_estimated_from_nothing(out):
    table = cross_validate(Samples([[0.0, 0, 0]], [1.0]), MODEL, PASSES, Leaving(out))
    assert table["estimate"].isna().all()


def test_equal_grades_have_no_slope_and_say_so(samples):
    flat = Samples(samples.points, np.full(60, 2.0), ("sb_pct",), samples.hole)
    row = summarise(cross_validate(flat, MODEL, PASSES)).iloc[0]
    assert row["remark"] == "true grades do not vary"
    assert np.isnan(row["slope"])
    assert_allclose(row["mean_error"], 0.0, atol=1e-12)


def test_elements_without_any_assay_give_no_rows():
    table = cross_validate(Samples([[0.0, 0, 0]], [np.nan]), MODEL, PASSES)
    assert len(table) == 0
    assert {"true", "estimate", "error"} <= set(table.columns)
    assert len(summarise(table)) == 0


def test_what_hides_nothing_is_refused():
    with pytest.raises(ValueError, match="hole, sample or folds"):
        Leaving("block")
    with pytest.raises(ValueError, match="at least 2"):
        Leaving("folds", folds=1)
