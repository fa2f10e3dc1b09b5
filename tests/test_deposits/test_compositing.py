"""Compositing: no length or metal is lost, boundaries hold, ends of runs are as asked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from deposits.drilling.compositing import CompositeRule, composite
from deposits.errors import DataError


def hole(lengths, grades, domain=None, name="A"):
    to = np.cumsum(lengths)
    columns = {"hole_id": name, "from_m": to - lengths, "to_m": to, "sb_pct": grades}
    return pd.DataFrame(columns | {"rock": domain or ["v"] * len(to)})


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 40), st.one_of(st.none(), st.floats(0, 70)), st.sampled_from("vw")
        ),
        min_size=1,
        max_size=30,
    ),
    st.sampled_from(["distribute", "keep", "merge", "discard"]),
    st.floats(0.3, 8.0),
)
def test_length_and_metal_balance(rows, residual, length):
    lengths = np.array([row[0] for row in rows]) / 10
    grades = np.array([np.nan if row[1] is None else row[1] for row in rows])
    table = hole(lengths, grades, [row[2] for row in rows]).assign(density=2.5 + lengths)
    done = composite(table, ["sb_pct"], CompositeRule(length, residual), "rock", "density")
    balance = done.balance
    assert_allclose(balance[["length_m_difference", "metal_difference"]], 0, atol=1e-9)
    metal = np.nansum(grades * lengths * (2.5 + lengths))
    assert balance["metal_before"].sum() == pytest.approx(metal, abs=1e-9)
    if residual != "discard":
        assert done.table["length_m"].sum() == pytest.approx(lengths.sum())


@pytest.mark.parametrize(
    ("residual", "ends"),
    [("distribute", [2.45, 4.9]), ("keep", [2, 4, 4.9]), ("merge", [2, 4.9]), ("discard", [2, 4])],
)
def test_ends_of_runs(residual, ends):
    done = composite(hole([4.9], [1.0]), ["sb_pct"], CompositeRule(2.0, residual))
    assert_allclose(done.table["to_m"], ends)
    lost = 0.9 if residual == "discard" else 0.0
    assert done.balance["length_m_discarded"][0] == pytest.approx(lost)


def test_composites_stop_at_a_change_of_domain():
    table = hole([1.5, 1.5], [1.0, 9.0], ["v", "w"])
    done = composite(table, ["sb_pct"], CompositeRule(1.0, "keep"), "rock").table
    assert done["to_m"].tolist() == [1.0, 1.5, 2.5, 3.0]
    assert done["sb_pct"].tolist() == [1.0, 1.0, 9.0, 9.0]


def test_what_was_not_assayed_is_not_zero():
    table = hole([1.0, 1.0, 2.0], [4.0, np.nan, np.nan])
    done = composite(table, ["sb_pct"], CompositeRule(2.0))
    assert_allclose(done.table["sb_pct"], [4.0, np.nan])
    assert done.table["sb_pct_sampled_m"].tolist() == [1.0, 0.0]
    assert done.balance["n_rejected"][0] == 1


def test_long_gaps_part_runs():
    table = hole([1.0, 10.0, 1.0], [1.0, 2.0, 3.0]).drop(index=1)
    assert composite(table, ["sb_pct"], CompositeRule(1.0)).table["sb_pct"].tolist() == [1.0, 3.0]


def test_rows_in_any_order_give_the_same():
    table = pd.concat([hole([1.0] * 9, range(9), name=n) for n in "BA"], ignore_index=True)
    rule = CompositeRule(2.0)
    mixed = composite(table.sample(frac=1, random_state=1), ["sb_pct"], rule)
    pd.testing.assert_frame_equal(composite(table, ["sb_pct"], rule).table, mixed.table)


def test_overlaps_and_empty_lengths_are_refused_together():
    table = pd.DataFrame(
        {"hole_id": "A", "from_m": [0, 0, 5.0], "to_m": [2, 2, 5.0], "sb_pct": 1.0}
    )
    with pytest.raises(DataError) as error:
        composite(table, ["sb_pct"], CompositeRule(1.0))
    assert len(error.value.problems) == 2
