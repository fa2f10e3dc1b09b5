"""Are shells the pits of their factors, nested, and refused when values fall?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.closures import cones, every_best, minelib_pit, random_arcs

from deposits.errors import DataError
from planning.limits.pit import ultimate_pit
from planning.limits.precedence import arc_precedence, as_arcs
from planning.limits.shells import nested_pits, nested_shells, priced_values, revenue_values
from planning.verification.closures import verify_nested

FACTORS = [0.3, 0.5, 0.75, 1.0, 1.2, 2.0, 5.0]


def body(seed=0, shape=(8, 7, 5)):
    """A cone problem with revenue in some blocks and a cost in all."""
    rng = np.random.default_rng(seed)
    cone = cones(shape, seed)
    revenue = np.where(rng.random(cone.n_blocks) < 0.2, rng.gamma(2, 12, cone.n_blocks), 0.0)
    return cone, revenue_values(revenue, rng.uniform(1, 4, cone.n_blocks))


@pytest.mark.parametrize("seed", range(6))
def test_each_shell_is_the_pit_solved_from_nothing(seed):
    cone, values_of = body(seed)
    for precedence in (cone, as_arcs(cone)):
        shells = nested_shells(values_of, FACTORS, precedence)
        for number, factor in enumerate(FACTORS):
            alone = ultimate_pit(values_of(factor), precedence)
            np.testing.assert_array_equal(shells.pit(number), alone.mined)
            assert shells.value_units[number] == shells.bound_units[number]
            assert shells.values[number] == pytest.approx(alone.value, abs=1e-3)
    assert shells.blocks()[0] < shells.blocks()[-1]


@settings(max_examples=150)
@given(st.integers(0, 10**9), st.integers(2, 9), st.floats(0.1, 0.8))
def test_warm_pits_agree_with_trying_every_set(seed, n, density):
    rng = np.random.default_rng(seed)
    precedence = random_arcs(rng, n, density)
    steps = np.cumsum(rng.integers(0, 3, (4, n)) * (rng.random((4, n)) < 0.5), axis=0)
    family = rng.integers(-4, 4, n) + steps
    pits = list(nested_pits(lambda f: family[int(f)].astype(float), range(4), precedence))
    for values, pit in zip(family, pits, strict=True):
        best, smallest, largest = every_best(values, precedence)
        assert pit.value == pit.bound == best
        np.testing.assert_array_equal(pit.mined, smallest)
        np.testing.assert_array_equal(pit.mined | pit.free, largest)


def test_shells_are_nested_and_proven_without_the_solver():
    cone, values_of = body(11)
    shells = nested_shells(values_of, FACTORS, cone)
    proof = verify_nested(values_of, cone, shells, nested_pits(values_of, FACTORS, cone))
    assert proof.holds
    assert len(proof.pits) == len(FACTORS)


@pytest.mark.reference
def test_twenty_shells_of_marvin_are_nested_and_proven():
    values, precedence, _, _ = minelib_pit("marvin")
    gain = np.where(values > 0, values, 0.0)
    values_of = revenue_values(gain, gain - values)
    factors = np.linspace(0.3, 1.0, 20).tolist()
    shells = nested_shells(values_of, factors, precedence)
    assert round(shells.values[-1]) == 1_415_655_436
    assert shells.blocks()[-1] == 8_516
    assert verify_nested(
        values_of, precedence, shells, nested_pits(values_of, factors, precedence)
    ).holds


def test_a_falling_price_of_a_resource_lets_the_pit_grow():
    cone, values_of = body(2)
    tonnes = np.random.default_rng(2).uniform(0.5, 2.0, cone.n_blocks)
    family = priced_values(values_of(1.2), tonnes)
    shells = nested_shells(family, [-4.0, -2.0, -1.0, -0.5, 0.0], cone)
    np.testing.assert_array_equal(shells.pit(4), ultimate_pit(values_of(1.2), cone).mined)
    np.testing.assert_array_equal(family(-2.0), values_of(1.2) - 2.0 * tonnes)
    assert shells.blocks()[0] < shells.blocks()[-1]


def test_values_that_fall_are_refused_with_factors_and_blocks():
    falling = revenue_values([5.0, -1.0], [1.0, 1.0])
    with pytest.raises(DataError, match="from factor 1 to 2: values fall") as caught:
        nested_shells(falling, [1.0, 2.0], arc_precedence(2, [0], [1]))
    assert "-2 to -3 in block 1" in str(caught.value)


def test_a_fall_in_the_middle_is_seen_though_the_ends_rise():
    family = {0.0: [1.0], 1.0: [0.5], 2.0: [3.0]}
    with pytest.raises(DataError, match="values fall"):
        nested_shells(lambda f: np.array(family[f]), [0.0, 1.0, 2.0], arc_precedence(1, [], []))


@pytest.mark.parametrize("factors", [[], [1.0, 1.0], [2.0, 1.0], [1.0, np.nan], [[1.0, 2.0]]])
def test_factors_that_do_not_rise_are_refused(factors):
    with pytest.raises(DataError, match="factors"):
        nested_shells(lambda f: np.zeros(1), factors, arc_precedence(1, [], []))


def test_one_factor_and_no_blocks_are_a_family_too():
    empty = nested_shells(lambda f: np.zeros(0), [1.0], arc_precedence(0, [], []))
    assert empty.n_blocks == 0
    assert empty.blocks().tolist() == [0]
    one = nested_shells(lambda f: np.array([f]), [-1.0, 0.0, 1.0], arc_precedence(1, [], []))
    assert one.shell.tolist() == [2]
    assert one.blocks().tolist() == [0, 0, 1]


def test_a_value_that_is_no_number_at_one_factor_is_refused():
    with pytest.raises(DataError, match="block 0"):
        nested_shells(
            lambda f: np.array([np.nan if f == 1 else f]), [0, 1, 2], arc_precedence(1, [], [])
        )


def test_shells_show_themselves():
    cone, values_of = body(1)
    shells = nested_shells(values_of, FACTORS, cone)
    assert "7, 0.3 to 5" in str(shells)
    assert "<table>" in shells._repr_html_()
