"""Comparison of means and the validation report: by hand, and plain enough for JSON."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from deposits.estimation.change_of_support import block_support, check_smoothing
from deposits.grid import Grid
from deposits.validation.comparison import Thresholds, compare_means
from deposits.validation.report import Evidence, validation_report
from deposits.validation.values import Graded, plain

GRID = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 10.0), (4, 1, 1))
CENTRES = GRID.centres(np.arange(4))
SAMPLES = Graded(
    name="samples",
    points=np.array([[1.0, 5, 5], [2, 5, 5], [25, 5, 5]]),
    values=np.array([4.0, 1.0, 2.0]),
    elements=("sb_pct",),
    weights=np.array([1.0, 3.0, 1.0]),
    domain=np.array(["A", "A", "B"]),
)
DOMAIN = np.array(["A", "A", "B", "C"])


def of_blocks(name: str, grades) -> Graded:
    """Four blocks, the second twice as heavy."""
    return Graded(
        name=name,
        points=CENTRES,
        values=np.array(grades, float),
        elements=("sb_pct",),
        weights=np.array([1.0, 2.0, 1.0, 1.0]),
        domain=DOMAIN,
    )


ESTIMATE = of_blocks("kriging", [1.5, 1.8, 2.5, np.nan])
NEAREST = of_blocks("nearest neighbour", [4.0, np.nan, 2.0, 7.0])


def row(table: pd.DataFrame, domain: str, reference: str) -> pd.Series:
    """Row of one domain and reference."""
    return table[(table["domain"] == domain) & (table["reference"] == reference)].iloc[0]


def test_means_are_weighted_by_tonnes_and_by_declustering():
    table = compare_means(SAMPLES, ESTIMATE, [NEAREST])
    first = row(table, "A", "declustered samples")
    assert_allclose([first["estimate"], first["reference_mean"]], [1.7, 1.75])
    assert_allclose(first["difference"], 1.7 / 1.75 - 1)
    assert first["verdict"] == "agrees"
    assert (first["n_samples"], first["n_blocks"]) == (2, 2)
    naive = row(table, "A", "samples")
    assert naive["reference_mean"] == 2.5
    assert naive["verdict"] == "differs"


def test_other_estimates_are_compared_in_the_blocks_that_both_have():
    nearest = row(compare_means(SAMPLES, ESTIMATE, [NEAREST]), "A", "nearest neighbour")
    assert (nearest["estimate"], nearest["reference_mean"]) == (1.5, 4.0)


def test_domains_without_samples_or_blocks_are_listed_and_not_judged():
    table = compare_means(SAMPLES, ESTIMATE)
    missing = row(table, "C", "declustered samples")
    assert missing["verdict"] == "cannot be compared"
    assert (missing["n_samples"], missing["n_blocks"]) == (0, 0)


def test_thresholds_belong_to_the_better_word():
    words = Thresholds(0.05, 0.10)
    assert [words.word(d) for d in (0.05, -0.05, 0.0501, -0.10, 0.11, np.nan)] == [
        "agrees",
        "agrees",
        "differs somewhat",
        "differs somewhat",
        "differs",
        "cannot be compared",
    ]
    with pytest.raises(ValueError, match="good <= fair"):
        Thresholds(0.2, 0.1)


def test_estimates_of_other_blocks_are_refused():
    other = Graded(name="other", points=CENTRES[:1], values=np.ones(1), elements=("sb_pct",))
    with pytest.raises(ValueError, match="same blocks"):
        compare_means(SAMPLES, ESTIMATE, [other])


def report(**evidence):
    """The validation of the four blocks."""
    return validation_report(GRID, SAMPLES, [ESTIMATE, NEAREST], Evidence(**evidence), 45.0)


def test_the_report_is_plain_json_without_numbers_that_are_none():
    support = block_support(SAMPLES.column("sb_pct"), SAMPLES.weights, 0.5)
    check = check_smoothing(support, ESTIMATE.column("sb_pct"), ESTIMATE.weights, [0.0, 9.0])
    text = json.dumps(report(smoothing={"sb_pct": check}).to_dict(), allow_nan=False)
    page = json.loads(text)
    assert page["smoothing"]["sb_pct"]["curves"][-1]["mean_above"] is None
    assert {"swaths", "means", "cross_validation", "suggestions"} <= set(page)
    assert any("mean of the estimate agrees with" in said for said in page["sentences"])
    assert any("cannot be compared" in said for said in page["sentences"])


def test_the_report_summarises_cross_validation_by_domain():
    table = pd.DataFrame(
        {
            "domain": ["A", "A", "B"],
            "element": "sb_pct",
            "true": [1.0, 2.0, 2.0],
            "estimate": [1.5, 1.8, np.nan],
            "error": [0.5, -0.2, np.nan],
            "standardised_error": [0.5, -0.2, np.nan],
        }
    )
    found = report(cross_validation=table)
    assert list(found.cross_validation["domain"]) == ["A", "B"]
    assert any("2 of 2 samples estimated" in said for said in found.sentences)
    assert any("could be estimated" in said for said in found.sentences)
    json.dumps(found.to_dict(), allow_nan=False)


def test_a_model_without_estimates_still_has_a_report():
    nothing = of_blocks("kriging", [np.nan] * 4)
    page = validation_report(GRID, SAMPLES, [nothing]).to_dict()
    assert all("cannot be compared" in said for said in page["sentences"])
    with pytest.raises(ValueError, match="needs an estimate"):
        validation_report(GRID, SAMPLES, [])


def test_values_become_plain():
    given = {"a": np.float64("nan"), "b": (np.int64(3), np.inf), "c": "text", "d": None}
    assert plain(given) == {"a": None, "b": [3, None], "c": "text", "d": None}
