"""Does the kernel find maximum closures, smallest and largest, whatever the arcs look like?"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.closures import by_maximum_flow, cones, every_best, families, random_arcs

from planning.kernels.closure import left_over
from planning.kernels.pseudoflow import FLOW, PARENT, UPWARD, advance, begin, raise_values
from planning.limits.pit import new_forest, read_pit, solve, ultimate_pit
from planning.limits.precedence import ConePrecedence, arc_precedence, as_arcs, kernel_arcs

ROOT = Path(__file__).parents[2]
FAMILIES = sorted(families(0))


@st.composite
def small_problems(draw):
    """At most eight blocks in any order, small values with many ties."""
    n = draw(st.integers(1, 8))
    order = draw(st.permutations(range(n)))
    pairs = [(order[i], order[j]) for i in range(n) for j in range(i)]
    arcs = draw(st.lists(st.sampled_from(pairs), max_size=20)) if pairs else []
    values = draw(st.lists(st.integers(-3, 3), min_size=n, max_size=n))
    return np.array(values), arc_precedence(n, [a for a, _ in arcs], [b for _, b in arcs])


@settings(max_examples=400)
@given(small_problems())
def test_value_and_both_extreme_pits_agree_with_trying_every_set(problem):
    values, precedence = problem
    pit = ultimate_pit(values, precedence)
    best, smallest, largest = every_best(values, precedence)
    assert pit.value_units == pit.bound_units == best
    np.testing.assert_array_equal(pit.mined, smallest)
    np.testing.assert_array_equal(pit.mined | pit.free, largest)


@pytest.mark.parametrize("seed", range(20))
def test_sixteen_blocks_agree_with_trying_every_set(seed):
    rng = np.random.default_rng(seed)
    precedence = random_arcs(rng, 16, 0.12)
    values = rng.integers(-4, 5, 16)
    pit = ultimate_pit(values, precedence)
    best, smallest, largest = every_best(values, precedence)
    assert pit.value_units == pit.bound_units == best
    np.testing.assert_array_equal(pit.mined, smallest)
    np.testing.assert_array_equal(pit.mined | pit.free, largest)


@settings(max_examples=300)
@given(st.integers(0, 10**9), st.sampled_from([(4, 1, 4), (2, 2, 4), (3, 1, 5), (2, 2, 3)]))
def test_cones_of_two_zones_agree_with_trying_every_set(seed, shape):
    rng = np.random.default_rng(seed)
    patterns = [np.array([[i, 0, 1]]) for i in rng.permutation([-1, 0, 1])[:2]]
    n = int(np.prod(shape))
    cone = ConePrecedence(shape, tuple(patterns), rng.integers(0, 2, n).astype(np.uint8))
    values = rng.integers(-2, 3, n) * (rng.random(n) < 0.7)
    pit = ultimate_pit(values, cone)
    best, smallest, largest = every_best(values, as_arcs(cone))
    assert pit.value_units == pit.bound_units == best
    np.testing.assert_array_equal(pit.mined, smallest)
    np.testing.assert_array_equal(pit.mined | pit.free, largest)


@settings(max_examples=200)
@given(st.integers(0, 10**9))
def test_something_flows_on_every_arc_that_runs_up_to_a_parent(seed):
    # So retired blocks are the smallest pit, without another search.
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 60))
    arcs = kernel_arcs(random_arcs(rng, n, rng.uniform(0.02, 0.4)))
    forest = new_forest(rng.integers(-3, 4, n))
    begin(forest)
    for _ in range(3):
        solve(arcs, forest)
        upward = (forest.link[:, PARENT] > 0) & (forest.link[:, UPWARD] == 1)
        assert (forest.amount[upward, FLOW] > 0).all()
        raise_values(forest, rng.integers(0, 3, n))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_value_agrees_with_scipys_maximum_flow(family, seed):
    values, precedence = families(seed)[family]
    pit = ultimate_pit(values, precedence)
    arcs = as_arcs(precedence) if hasattr(precedence, "patterns") else precedence
    assert pit.value_units == pit.bound_units == by_maximum_flow(values, arcs)


@pytest.mark.parametrize("seed", range(5))
def test_patterns_and_their_listed_arcs_give_the_same_pits(seed):
    values, cone = families(seed)["cones"]
    implicit, listed = ultimate_pit(values, cone), ultimate_pit(values, as_arcs(cone))
    np.testing.assert_array_equal(implicit.mined, listed.mined)
    np.testing.assert_array_equal(implicit.free, listed.free)


@pytest.mark.parametrize("sign", [1, -1])
def test_values_of_one_sign_are_mined_all_or_not_at_all(sign):
    cone = cones((6, 5, 4))
    values = sign * np.random.default_rng(0).integers(1, 9, cone.n_blocks)
    pit = ultimate_pit(values, cone)
    assert pit.mined.sum() == (cone.n_blocks if sign > 0 else 0)
    assert pit.value_units == pit.bound_units == max(int(values.sum()), 0)
    assert not pit.free.any()


def test_blocks_worth_nothing_are_free_and_not_mined():
    cone = cones((4, 4, 3))
    pit = ultimate_pit(np.zeros(cone.n_blocks), cone)
    assert not pit.mined.any()
    assert pit.free.all()


@pytest.mark.parametrize("visits", [1, 7, 10**9])
def test_rounds_of_any_length_give_the_same_forest(visits):
    values, cone = families(4)["cones"]
    arcs, forest = kernel_arcs(cone), new_forest(values)
    begin(forest)
    rounds = 1
    while not advance(arcs, forest, visits):
        rounds += 1
    other = new_forest(values)
    begin(other)
    solve(arcs, other)
    assert rounds > 5 or visits > 10
    np.testing.assert_array_equal(forest.label, other.label)
    np.testing.assert_array_equal(forest.amount, other.amount)


def test_values_close_to_the_largest_sum_do_not_overflow():
    large = 2**60
    values = np.array([-large, large + 2**10, -large, large], dtype=np.int64)
    precedence = arc_precedence(4, [1, 3], [0, 2])
    arcs, forest = kernel_arcs(precedence), new_forest(values)
    begin(forest)
    solve(arcs, forest)
    pit = read_pit(arcs, forest, values, (1, 0.0, 0.0))
    assert pit.value_units == pit.bound_units == left_over(forest) == 2**10
    np.testing.assert_array_equal(pit.mined, [True, True, False, False])
    np.testing.assert_array_equal(pit.free, [False, False, True, True])


def test_labels_stay_below_the_number_that_means_retired():
    # A long chain drives labels up one by one until the queue has a gap.
    n = 300
    values = np.r_[np.full(n - 1, -1), n - 2]
    precedence = arc_precedence(n, np.arange(1, n), np.arange(n - 1))
    arcs, forest = kernel_arcs(precedence), new_forest(values)
    begin(forest)
    solve(arcs, forest)
    assert forest.label.max() <= n
    assert not ultimate_pit(values, precedence).mined.any()


PLAIN = """
import numpy as np
from support.closures import families
from planning.limits.pit import ultimate_pit
from planning.limits.shells import nested_pits
for name, (values, precedence) in families(7).items():
    if len(values) <= 200:
        pit = ultimate_pit(values, precedence)
        print(name, pit.value_units, pit.bound_units, np.packbits(pit.mined).tolist(),
              np.packbits(pit.free).tolist(), pit.certificate.amount.tolist())
        steps = [np.packbits(p.mined).tolist() for p in
                 nested_pits(lambda f: values + f * (values > 0), [0, 1, 2], precedence)]
        print(steps)
"""


def test_the_kernels_are_right_without_compilation_too():
    said = []
    for off in ("0", "1"):
        run = subprocess.run(
            [sys.executable, "-c", PLAIN],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env={"NUMBA_DISABLE_JIT": off, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        )
        said.append(run.stdout)
    assert said[0].count("\n") > 10
    assert said[0] == said[1]
