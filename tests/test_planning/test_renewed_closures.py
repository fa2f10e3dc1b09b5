"""Does a forest that is renewed for other values find the closures that a new one finds?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.kernels.closure import certificate, left_over, retired
from planning.kernels.pseudoflow import EXCESS, FLOW, PARENT, begin
from planning.kernels.renewing import renew
from planning.limits.pit import new_forest, solve, ultimate_pit
from planning.limits.precedence import arc_precedence, kernel_arcs


@st.composite
def families(draw):
    """Arcs without a circle, and several vectors of values, some of them equal or all below 0."""
    n = draw(st.integers(1, 24))
    pairs = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1))
    arcs = [(max(p), min(p)) for p in draw(st.lists(pairs, max_size=3 * n)) if p[0] != p[1]]
    size = draw(st.sampled_from([1, 3, 50, 10**12]))
    vector = st.lists(st.integers(-size, size), min_size=n, max_size=n)
    return n, arcs, draw(st.lists(vector, min_size=1, max_size=6))


@settings(max_examples=150, deadline=None)
@given(families())
def test_renewed_forests_find_best_closed_sets(family):
    n, arcs, vectors = family
    precedence = arc_precedence(n, [a for a, _ in arcs], [b for _, b in arcs])
    kernel, units = kernel_arcs(precedence), np.zeros(n, dtype=np.int64)
    forest = new_forest(units)
    begin(forest)
    solve(kernel, forest)
    for values in vectors:
        new = np.array(values, dtype=np.int64)
        renew(forest, new - units)
        units = new
        solve(kernel, forest)
        held = retired(forest)
        assert all(held[b] for a, b in arcs if held[a])
        best = ultimate_pit(units.astype(float), precedence)
        assert units[held].sum() == left_over(forest) == best.value_units


@settings(max_examples=60, deadline=None)
@given(families())
def test_flows_of_a_renewed_forest_add_up(family):
    n, arcs, vectors = family
    precedence = arc_precedence(n, [a for a, _ in arcs], [b for _, b in arcs])
    kernel, units = kernel_arcs(precedence), np.zeros(n, dtype=np.int64)
    forest = new_forest(units)
    begin(forest)
    for values in vectors:
        new = np.array(values, dtype=np.int64)
        renew(forest, new - units)
        units = new
        solve(kernel, forest)
        tails, heads, amounts = certificate(forest)
        assert set(zip(tails.tolist(), heads.tolist(), strict=True)) <= set(arcs)
        assert (forest.amount[1:, FLOW][forest.link[1:, PARENT] > 0] >= 0).all()
        left = units - np.bincount(tails, amounts, n) + np.bincount(heads, amounts, n)
        np.testing.assert_array_equal(left, forest.amount[1:, EXCESS])
        # Only roots have anything left or are short of anything.
        assert not forest.amount[1:, EXCESS][forest.link[1:, PARENT] > 0].any()


@pytest.mark.parametrize("scale", [1, 10**9])
def test_values_that_swing_far_are_followed(scale):
    rng = np.random.default_rng(5)
    n = 400
    tails = np.repeat(np.arange(20, n), 3)
    heads = tails - rng.integers(1, 20, tails.size)
    precedence = arc_precedence(n, tails, heads)
    kernel, units = kernel_arcs(precedence), np.zeros(n, dtype=np.int64)
    forest = new_forest(units)
    begin(forest)
    for step in range(12):
        new = rng.integers(-100, 90 + 2 * step, n) * scale
        renew(forest, new - units)
        units = new
        solve(kernel, forest)
        best = ultimate_pit(units.astype(float), precedence)
        assert left_over(forest) == best.value_units == units[retired(forest)].sum()
