"""Is the ultimate pit the published one, exact, and clear about what it cannot use?"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.closures import PUBLISHED, cones, families, minelib_pit

from deposits.errors import DataError
from deposits.grid import Grid
from planning.limits.pit import ultimate_pit
from planning.limits.precedence import ConePrecedence, arc_precedence
from planning.limits.slopes import cone_precedence, uniform_slope
from planning.limits.whole_units import LARGEST_SUM, choose_scale, to_units
from planning.verification.closures import verify_pit

ABOVE = arc_precedence(5, [3, 3, 4, 4], [0, 1, 1, 2])


@pytest.mark.reference
@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_minelibs_optima_come_out_to_the_unit_with_the_official_pit(name):
    values, precedence, _, official = minelib_pit(name)
    pit = ultimate_pit(values, precedence)
    assert pit.value_units == pit.bound_units
    assert round(pit.value) == PUBLISHED[name]
    # In all three the optimum is unique: the smallest pit is the largest, and the official one.
    np.testing.assert_array_equal(pit.mined, official)
    assert not pit.free.any()
    assert abs(values[official].sum() - PUBLISHED[name]) < 10
    assert pit.rounding_bound < 0.01
    assert verify_pit(values, precedence, pit).holds


@pytest.mark.reference
def test_marvins_pit_is_the_same_in_a_grid_with_air():
    values, _, places, official = minelib_pit("marvin")
    shape = tuple(int(n) for n in places.max(axis=0) + 1)
    grid = Grid((0.0, 0.0, 0.0), (30.0, 30.0, 30.0), shape)
    at = grid.index(*places.T)
    full = np.zeros(grid.n_blocks)
    full[at] = values
    pit = ultimate_pit(full, cone_precedence(grid, {0: uniform_slope(45.0)}))
    assert round(pit.value) == PUBLISHED["marvin"]
    np.testing.assert_array_equal(pit.mined[at], official)
    assert not pit.free[at].any()


def test_air_is_dug_free_and_only_where_it_is_needed():
    cone = ConePrecedence((5, 1, 3), (np.array([[-1, 0, 1], [0, 0, 1], [1, 0, 1]]),))
    values = np.zeros((3, 5))
    values[0, 2] = 10.0
    values[1] = -1.0
    pit = ultimate_pit(values.ravel(), cone)
    assert pit.value == 7.0
    np.testing.assert_array_equal(pit.mined.reshape(3, 5).sum(axis=1), [1, 3, 5])
    nothing = ultimate_pit(np.where(values > 0, 0, values).ravel(), cone)
    assert nothing.value == 0.0
    assert not nothing.mined.any()
    np.testing.assert_array_equal(nothing.free.reshape(3, 5).sum(axis=1), [0, 0, 5])


def test_the_order_of_blocks_does_not_matter():
    values, precedence = families(3)["random arcs"]
    order = np.random.default_rng(1).permutation(len(values))
    tails = np.repeat(np.arange(len(values)), np.diff(precedence.indptr))
    turned = arc_precedence(len(values), order[tails], order[precedence.indices])
    shuffled = np.empty(len(values))
    shuffled[order] = values
    pit, other = ultimate_pit(values, precedence), ultimate_pit(shuffled, turned)
    np.testing.assert_array_equal(pit.mined, other.mined[order])
    np.testing.assert_array_equal(pit.free, other.free[order])


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(1, 20))
def test_a_pit_only_grows_when_one_value_rises(seed, more):
    rng = np.random.default_rng(seed)
    cone = cones((4, 4, 3), seed)
    values = rng.integers(-6, 6, cone.n_blocks)
    better = values.copy()
    better[rng.integers(cone.n_blocks)] += more
    pit, grown = ultimate_pit(values, cone), ultimate_pit(better, cone)
    assert not np.any(pit.mined & ~grown.mined)
    assert pit.value_units <= grown.value_units <= pit.value_units + more


def test_a_model_without_blocks_has_an_empty_pit():
    for empty in (arc_precedence(0, [], []), ConePrecedence((0, 0, 0), (np.array([[0, 0, 1]]),))):
        pit = ultimate_pit([], empty)
        assert pit.n_blocks == pit.value_units == pit.bound_units == 0
        assert pit.gap == 0
        assert verify_pit([], empty, pit).holds


@pytest.mark.parametrize("value", [3.5, 0.0, -3.5])
def test_one_block_is_mined_when_it_is_worth_something(value):
    pit = ultimate_pit([value], arc_precedence(1, [], []))
    assert pit.mined.tolist() == [value > 0]
    assert pit.free.tolist() == [value == 0]
    assert pit.value == max(value, 0.0)


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf])
def test_values_that_are_no_numbers_are_refused_with_their_blocks(wrong):
    values = np.array([-2.0, wrong, -2.0, 7.0, wrong])
    with pytest.raises(DataError, match=f"{wrong} in block 1, {wrong} in block 4") as caught:
        ultimate_pit(values, ABOVE)
    assert "air the value 0" in str(caught.value)


def test_many_wrong_values_are_counted():
    with pytest.raises(DataError, match="and 3 more"):
        ultimate_pit(np.full(8, np.nan), arc_precedence(8, [], []))


def test_too_few_and_too_many_values_are_refused():
    for count in (4, 6):
        with pytest.raises(DataError, match="one value a block"):
            ultimate_pit(np.zeros(count), ABOVE)
    with pytest.raises(DataError, match="one value a block"):
        ultimate_pit(np.array(["a"] * 5), ABOVE)


def test_a_sum_of_values_that_would_overflow_is_refused_and_just_less_is_exact():
    limit = float(LARGEST_SUM)
    for large in (limit, limit / 4, -limit / 4, 5.36e19):
        with pytest.raises(DataError, match="too large"):
            ultimate_pit(np.full(5, large), ABOVE)
    pit = ultimate_pit(np.array([-1.0, -1.0, -1.0, 0.9, 0.05]) * limit / 4, ABOVE)
    assert pit.value_units == pit.bound_units == 0
    rich = ultimate_pit(np.array([-0.2, -0.2, -0.2, 0.9, 0.9]) * limit / 4, ABOVE)
    assert rich.value_units == rich.bound_units > 2**59


def test_whole_numbers_that_a_float_cannot_hold_are_refused():
    with pytest.raises(DataError, match="2\\^53"):
        ultimate_pit(np.array([2**53 + 1, 0, 0, 0, 0]), ABOVE)
    assert ultimate_pit(np.array([2**53, 0, 0, 0, 0]), ABOVE).value_units == 2**53


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([1.0, -2.0, 3e9], 1),
        ([0.5], 10**6),
        ([4.5e12 + 0.5], 10**6),
        ([4.7e12 + 0.5], 10**5),
        ([-4.7e12 - 0.5], 10**5),
        ([4.5e17, 0.5], 10),
        ([4.6e18, 0.5], 1),
        ([], 1),
    ],
)
def test_the_scale_is_the_largest_power_of_ten_that_cannot_overflow(values, scale):
    assert choose_scale(np.abs(np.array(values))) == scale


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=20))
def test_the_rounding_bound_is_what_rounding_took(values):
    floats = np.array(values)
    scale = choose_scale(np.abs(floats))
    units, off = to_units(floats, scale)
    again = math.fsum(abs(v - int(q) / scale) for v, q in zip(values, units, strict=True))
    assert off == pytest.approx(again, abs=1e-12)
    assert off <= 0.5001 * len(values) / scale + 1e-6


def test_the_unrounded_worth_differs_by_no_more_than_the_rounding_bound():
    rng = np.random.default_rng(5)
    cone = cones((6, 6, 4))
    values = rng.normal(size=cone.n_blocks) * 1e8 / 3
    values[0] = 4e12
    pit = ultimate_pit(values, cone)
    assert pit.rounding_bound > 0
    assert abs(math.fsum(values[pit.mined]) - pit.value) <= pit.rounding_bound


def test_fractions_are_counted_in_millionths():
    pit = ultimate_pit([-2.25, -2.0, -2.0, 7.0, 2.000001], ABOVE)
    assert pit.scale == 10**6
    assert pit.value_units == 2_750_001
    assert pit.value == 2.750001


def test_a_pit_shows_itself():
    pit = ultimate_pit([-2, -2, -2, 7, 2], ABOVE)
    assert "3 of 5" in str(pit)
    assert "2" in [str(fact) for fact in pit.facts()]
    assert "proven optimal" in pit._repr_html_()
