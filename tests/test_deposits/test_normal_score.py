"""Normal scores: GSLIB's own table, the way back, ties and bad weights."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from support.reference import geoeas, reference

from deposits.errors import DataError
from deposits.estimation.normal_score import from_scores, normal_scores


@pytest.mark.reference
def test_table_and_scores_are_those_of_gslib():
    rows = geoeas("geostat/gslib_outputs/nscore.out")[1]
    # GSLIB breaks ties at random: laid in its order, ours (the order of the data) must agree.
    rows = rows[np.argsort(rows[:, 5])]
    scores, table = normal_scores(rows[:, 2], rows[:, 4])
    assert_allclose(scores, rows[:, 5], atol=6e-6)
    theirs = np.loadtxt(reference("geostat/gslib_outputs/nscore.trn"))
    assert_allclose(np.column_stack([table.values, table.scores]), theirs, atol=6e-6)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=50))
def test_scores_turn_back_into_grades(values):
    scores, table = normal_scores(values)
    assert_allclose(from_scores(scores, table), values, atol=1e-9)


def test_tails_end_at_the_stated_ends():
    _, table = normal_scores([1.0, 2.0, 3.0], ends=(0.0, 10.0))
    assert_allclose(from_scores([-30.0, 0.0, 30.0], table), [0.0, 2.0, 10.0], atol=1e-12)
    assert np.all(np.diff(from_scores(np.linspace(-5, 5, 101), table)) > 0)


def test_unknown_stays_unknown_and_bad_weights_are_refused():
    scores, table = normal_scores([np.nan, 1.0])
    assert np.isnan(scores[0])
    assert scores[1] == pytest.approx(0.0)
    assert np.isnan(from_scores([np.nan], table))[0]
    with pytest.raises(DataError, match="negative"):
        normal_scores([1.0, 2.0], [1.0, -1.0])
