"""Is precedence read right, in both kinds, and is what cannot be refused in sentences?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.closures import arcs_of, cones

from deposits.errors import DataError
from planning.errors import CyclicPrecedence, PlanningError
from planning.limits.precedence import (
    ArcPrecedence,
    ConePrecedence,
    arc_precedence,
    as_arcs,
    kernel_arcs,
    too_many,
)


@st.composite
def arc_lists(draw):
    """Arcs between some blocks, circles included."""
    n = draw(st.integers(1, 9))
    block = st.integers(0, n - 1)
    return n, draw(st.lists(st.tuples(block, block), max_size=25))


def runs_in_a_circle(n, arcs):
    """Whether some block reaches itself (transitive closure, slow and obvious)."""
    reach = np.zeros((n, n), dtype=bool)
    for tail, head in arcs:
        reach[tail, head] = True
    for middle in range(n):
        reach |= np.outer(reach[:, middle], reach[middle])
    return bool(reach.diagonal().any())


@given(arc_lists())
def test_arcs_come_back_once_each_or_their_circle_is_shown(case):
    n, arcs = case
    tails, heads = [a for a, _ in arcs], [b for _, b in arcs]
    if not runs_in_a_circle(n, arcs):
        found = arc_precedence(n, tails, heads)
        assert arcs_of(found) == sorted(set(arcs))
        assert found.n_blocks == n
        assert found.n_arcs == len(set(arcs))
        return
    with pytest.raises(CyclicPrecedence) as caught:
        arc_precedence(n, tails, heads)
    cycle = caught.value.cycle
    assert len(set(cycle)) == len(cycle) >= 1
    assert all(pair in arcs for pair in zip(cycle, cycle[1:] + cycle[:1], strict=True))


def test_a_circle_is_shown_in_order_with_a_place_and_a_remedy():
    with pytest.raises(CyclicPrecedence) as caught:
        arc_precedence(9, [0, 4, 7, 9 - 1], [4, 7, 8, 4])
    error = caught.value
    assert isinstance(error, PlanningError)
    assert isinstance(error, DataError)
    turned = error.cycle.index(4)
    assert error.cycle[turned:] + error.cycle[:turned] == (4, 7, 8)
    assert "4 needs 7" in str(error)
    assert error.problems[0].place == "precedence"
    assert error.problems[0].remedy


def test_a_block_that_needs_itself_is_a_circle_of_one():
    with pytest.raises(CyclicPrecedence) as caught:
        arc_precedence(3, [1], [1])
    assert caught.value.cycle == (1,)


def test_a_long_circle_is_cut_short_in_the_message_only():
    n = 1000
    with pytest.raises(CyclicPrecedence, match="1,000 blocks in all") as caught:
        arc_precedence(n, np.arange(n), np.roll(np.arange(n), 1))
    assert len(caught.value.cycle) == n
    assert len(str(caught.value)) < 500


def test_blocks_that_do_not_exist_are_all_named():
    with pytest.raises(DataError) as caught:
        arc_precedence(3, [0, 3], [-1, 2])
    text = str(caught.value)
    assert "3 in arc 1" in text
    assert "-1 in arc 0" in text
    assert len(caught.value.problems) == 2


def test_fractions_and_unequal_lengths_are_refused():
    with pytest.raises(DataError, match="whole"):
        arc_precedence(3, [0.5], [1])
    with pytest.raises(DataError, match="two ends"):
        arc_precedence(3, [0, 1], [2])


def test_no_blocks_and_no_arcs_are_precedence_too():
    assert arc_precedence(0, [], []).n_blocks == 0
    assert arc_precedence(2, [], []).n_arcs == 0
    assert len(too_many(2**31)) == 1
    assert not too_many(2**31 - 2)


def test_cones_list_the_arcs_that_stay_inside_the_grid():
    cone = cones((5, 4, 6))
    nx, ny, nz = cone.shape
    expected = []
    for b in range(cone.n_blocks):
        i, j, k = b % nx, b // nx % ny, b // (nx * ny)
        for di, dj, dk in cone.patterns[cone.zone[b]].tolist():
            x, y, z = i + di, j + dj, k + dk
            if 0 <= x < nx and 0 <= y < ny and z < nz:
                expected.append((b, x + nx * (y + ny * z)))
    assert arcs_of(as_arcs(cone)) == sorted(expected)
    assert cone.n_arcs == len(expected)


def test_one_pattern_counts_its_arcs_without_listing_them():
    cone = ConePrecedence((5, 4, 6), (np.array([[0, 0, 1], [-2, 3, 2], [9, 0, 1]]),))
    assert cone.n_arcs == as_arcs(cone).n_arcs == 5 * 4 * 5 + 3 * 1 * 4


def test_a_pattern_that_points_down_and_zones_without_a_pattern_are_refused_together():
    with pytest.raises(DataError) as caught:
        ConePrecedence((2, 2, 2), (np.array([[0, 0, -1]]),), np.full(8, 3, dtype=np.uint8))
    assert len(caught.value.problems) == 2
    with pytest.raises(DataError, match="one zone a block"):
        ConePrecedence((2, 2, 2), (np.array([[0, 0, 1]]),), np.zeros(7, dtype=np.uint8))
    with pytest.raises(DataError, match="byte"):
        ConePrecedence((2, 2, 2), ())
    with pytest.raises(DataError, match="whole offsets"):
        ConePrecedence((2, 2, 2), (np.array([[0.5, 0, 1]]),))


def test_listed_arcs_reach_the_kernels_uncopied():
    arcs = as_arcs(cones((4, 4, 4)))
    assert np.shares_memory(kernel_arcs(arcs).indices, arcs.indices)
    assert np.shares_memory(kernel_arcs(arcs).indptr, arcs.indptr)


def test_precedence_shows_itself():
    cone = cones((4, 4, 4))
    assert "64" in str(cone)
    assert "<table>" in cone._repr_html_()
    assert isinstance(as_arcs(cone), ArcPrecedence)
    assert "arcs" in str(as_arcs(cone))
