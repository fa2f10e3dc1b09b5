"""Do three-valued gates join as they should, draw by draw?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.verdict.gates import Subject, Thresholds, compare, join

LIMITS = Thresholds(0.2, 0.8)


def gate(value, limit=10.0, *, name="g", sense=">=", role="gate", missing=()):
    subject = Subject(name, name, "t", role=role, sense=sense)
    return compare(subject, value, limit, thresholds=LIMITS, missing=missing)


def draws(share_passing, n=1000):
    """A base case that passes and draws of which so many pass."""
    passing = round(share_passing * n)
    return np.concatenate([[10.5], np.full(passing, 11.0), np.full(n - passing, 9.0)])


@pytest.mark.parametrize(
    ("share", "passes"),
    [
        (0.0, False),
        (0.2, False),
        (0.201, None),
        (0.5, None),
        (0.799, None),
        (0.8, True),
        (1.0, True),
    ],
)
def test_shares_at_both_ends_of_both_thresholds(share, passes):
    test = gate(draws(share))
    assert test.passes is passes
    assert test.share_of_draws == pytest.approx(share)


@pytest.mark.parametrize(
    ("value", "passes", "margin"), [(11.0, True, 1.0), (9.0, False, -1.0), (10.0, True, 0.0)]
)
def test_a_single_figure_passes_or_fails_without_a_share(value, passes, margin):
    test = gate(value)
    assert (test.passes, test.margin, test.share_of_draws) == (passes, margin, None)


def test_the_margin_is_positive_when_it_passes_in_either_sense():
    assert gate(8.0, sense="<=").margin == 2.0
    assert gate(12.0, sense="<=").margin == -2.0


def test_a_missing_input_leaves_a_gate_open():
    test = gate(None, missing=["key"])
    assert test.passes is None
    assert join([test], LIMITS).holds is None
    assert join([test], LIMITS).missing == ("key",)


def test_a_bound_can_fail_and_cannot_pass():
    assert gate(9.0, missing=["loss"]).passes is False
    assert gate(11.0, missing=["loss"]).passes is None


def test_an_open_gate_blocks_true_and_never_makes_false():
    good, open_, bad = gate(11.0), gate(None, missing=["key"]), gate(9.0, name="bad")
    assert join([good], LIMITS).holds is True
    assert join([good, open_], LIMITS).holds is None
    assert join([good, open_, bad], LIMITS).holds is False


def test_context_never_decides():
    assert join([gate(11.0), gate(1.0, role="context")], LIMITS).holds is True
    assert join([gate(1.0, role="context")], LIMITS).holds is None


def test_gates_join_in_the_same_draws():
    """Each passes in 80 %, together in 60 %: jointly it is open."""
    first = np.concatenate([[11.0], np.full(800, 11.0), np.full(200, 9.0)])
    second = np.concatenate([[11.0], np.full(200, 9.0), np.full(800, 11.0)])
    joined = join([gate(first), gate(second)], LIMITS)
    assert joined.share_of_draws == pytest.approx(0.6)
    assert joined.holds is None
    assert join([gate(first), gate(first)], LIMITS).holds is True


def test_the_binding_gate_has_the_lowest_share_then_the_smallest_margin():
    nearly, hardly = gate(draws(0.2), name="nearly"), gate(draws(0.1), name="hardly")
    assert join([nearly, hardly], LIMITS).binding == "hardly"
    near, far = gate(9.0, name="near"), gate(2.0, name="far")
    assert join([near, far], LIMITS).binding == "far"
    # The margin is relative: 5 of 10 is nearer to failing outright than 90 of 1000 short.
    large = gate(910.0, 1000.0, name="large")
    assert join([gate(5.0, name="small"), large], LIMITS).binding == "small"
    assert join([gate(11.0)], LIMITS).binding is None


def test_the_share_of_draws_binds_before_the_margin_of_the_base_case():
    """One fails in more draws, the other by a wider margin: the draws decide."""
    rarely = gate(draws(0.1), name="rarely")
    far = np.concatenate([[2.0], np.full(200, 11.0), np.full(800, 9.0)])
    widely = gate(far, name="widely")
    assert widely.margin < rarely.margin
    assert join([widely, rarely], LIMITS).binding == "rarely"
    assert join([rarely, widely], LIMITS).binding == "rarely"


def test_draws_that_move_nothing_give_no_share():
    assert gate(np.full(11, 9.0)).share_of_draws is None
    assert gate(np.full(11, 9.0)).passes is False


def test_no_gate_says_nothing():
    joined = join([], LIMITS)
    assert (joined.holds, joined.share_of_draws, joined.binding) == (None, None, None)


@given(st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=6))
def test_the_join_is_kleenes_and(outcomes):
    value = {True: 11.0, False: 9.0, None: None}
    gates = [gate(value[o], missing=["k"] if o is None else []) for o in outcomes]
    expected = False if False in outcomes else None if None in outcomes else True
    assert join(gates, LIMITS).holds is expected
    assert join(gates[::-1], LIMITS).holds is expected


def test_a_test_becomes_json_without_its_draws():
    plain = gate(draws(0.5)).to_dict()
    assert "cases" not in plain
    assert {"name", "role", "value", "limit", "sense", "unit", "margin", "passes"} <= plain.keys()
    assert {"share_of_draws", "kind", "source"} <= plain.keys()
