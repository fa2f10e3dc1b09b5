"""Statistics: by hand, weights as repeats, one sample and equal grades."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from deposits.drilling import statistics as s


def test_a_weight_of_two_is_a_sample_twice():
    one, two = s.describe([1.0, 2.0, 5.0], [1, 2, 1]), s.describe([1.0, 2.0, 2.0, 5.0])
    for name in ("weight", "mean", "sd", "cv", "skewness", "min", "max"):
        assert one[name] == pytest.approx(two[name])


def test_one_sample_equal_grades_and_none():
    assert s.describe([3.0])["p50"] == 3.0
    equal = s.describe([0.1] * 7)
    assert (equal["sd"], np.isnan(equal["skewness"])) == (0.0, True)
    assert np.isnan(s.describe([np.nan])["mean"])


def test_tables():
    table = s.histogram([1.0, 2.0, 9.0], [0, 2, 4])
    assert table["n"].tolist() == [0, 1, 1, 1]
    assert_allclose(s.log_probability([1.0, 10.0])["cumulative_pct"], [25, 75])
    pairs = s.quantile_pairs(([1.0, 2.0], None), ([2.0, 4.0], None), [0.5])
    assert pairs.iloc[0].tolist() == [0.5, 1.5, 3.0]


def test_correlation_and_contacts():
    table = pd.DataFrame({"domain": "v", "a": [1.0, 2.0, 3.0], "b": [2.0, 4.0, 6.0]})
    assert s.correlations(table, ["a", "b"])["correlation"][0] == pytest.approx(1.0)
    depth = np.arange(4.0)
    hole = pd.DataFrame({"hole_id": "A", "from_m": depth, "to_m": depth + 1, "g": [1.0, 2, 8, 9]})
    hole["domain"] = ["w", "w", "v", "v"]
    found = s.contact_analysis(hole, "g", ("w", "v"), [0, 1, 2])
    assert found["mean"].tolist() == [1.0, 2.0, 8.0, 9.0]
