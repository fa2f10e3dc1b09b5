"""Draws: what each input keeps, what ties them, and what is said of the results."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from deposits.errors import DataError
from deposits.evidence.draws import _hypercube_column, draw_inputs, missing_draws, percentiles
from deposits.stated import Stated

GRADE = Stated(low=2.0, value=2.5, high=4.2)
PRICE = Stated(low=12_000.0, high=25_000.0)
COST = Stated(low=30.0, value=50.0, high=55.0)
FIXED = Stated(value=700_000.0)
INPUTS = {"grade": GRADE, "price": PRICE, "cost": COST, "rate": FIXED}

numbers = hnp.arrays(float, st.integers(1, 40), elements=st.floats(-1e6, 1e6))


def scores(values: np.ndarray) -> np.ndarray:
    return stats.norm.ppf((stats.rankdata(values) - 0.5) / values.size)


def test_each_of_the_equal_parts_of_a_range_is_drawn_once():
    drawn = draw_inputs(INPUTS, draws=500, seed=3)
    assert_array_equal(np.sort((500 * (drawn["price"] - 12_000) / 13_000).astype(int)), range(500))
    share = stats.triang(0.5 / 2.2, 2.0, 2.2).cdf(drawn["grade"])
    assert_array_equal(np.sort((500 * share).astype(int)), range(500))
    assert set(drawn["rate"]) == {700_000.0}
    assert list(drawn) == list(INPUTS)


@given(st.text(max_size=8), st.integers(1, 3000), st.integers(0, 2**63))
@settings(max_examples=60)
def test_a_column_is_a_latin_hypercube_as_the_library_makes_one(name, draws, seed):
    ours = _hypercube_column(name, draws, seed)
    theirs = stats.qmc.LatinHypercube(1, rng=np.random.default_rng(seed)).random(draws)[:, 0]
    for column in (ours, theirs):
        assert column.shape == (draws,)
        # One point in each of the equal parts; the product may round up to the next part's edge.
        assert np.abs(np.sort(column) * draws - np.arange(draws) - 0.5).max() <= 0.5 + 1e-9
    assert ours.min() > 0.0 and ours.max() <= 1.0


def test_points_are_uniform_within_their_parts_and_the_parts_in_random_order():
    ours = _hypercube_column("grade", 20_000, 11)
    theirs = stats.qmc.LatinHypercube(1, rng=11).random(20_000)[:, 0]
    for column in (ours, theirs):
        part, within = np.divmod(column * 20_000, 1.0)
        # Critical values at one in ten thousand; a fixed seed makes the outcome the same each run.
        assert stats.kstest(within, "uniform").pvalue > 1e-4
        assert abs(np.corrcoef(part[:-1], part[1:])[0, 1]) < 3.9 / np.sqrt(20_000)
        assert abs(np.corrcoef(part, within)[0, 1]) < 3.9 / np.sqrt(20_000)
        assert abs(np.corrcoef(part, np.arange(20_000))[0, 1]) < 3.9 / np.sqrt(20_000)


def test_a_column_that_is_shared_cannot_be_written_to():
    column = _hypercube_column("grade", 50, 3)
    assert _hypercube_column("grade", 50, 3) is column
    with pytest.raises(ValueError, match="read-only"):
        column[0] = 0.0
    free = draw_inputs(INPUTS, draws=50, seed=3)
    draw_inputs(INPUTS, draws=50, seed=3, correlation={("grade", "cost"): 0.9})
    free["price"][:] = 0.0
    assert draw_inputs(INPUTS, draws=50, seed=3)["price"].min() > 12_000


def test_drawing_does_not_load_the_statistics_library():
    program = PROGRAM + "import sys; assert 'scipy.stats' not in sys.modules"
    setting = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", program], env=setting, check=True, capture_output=True)


def test_an_input_is_the_same_whatever_stands_beside_it():
    alone = draw_inputs({"grade": GRADE}, draws=100, seed=3)["grade"]
    turned = dict(reversed(INPUTS.items()))
    assert_array_equal(draw_inputs(INPUTS, draws=100, seed=3)["grade"], alone)
    assert_array_equal(draw_inputs(turned, draws=100, seed=3)["grade"], alone)
    tied = draw_inputs(INPUTS, draws=100, seed=3, correlation={("price", "cost"): 0.5})
    assert_array_equal(tied["grade"], alone)


def test_other_seeds_and_names_give_other_draws():
    one = draw_inputs({"a": PRICE, "b": PRICE}, draws=2000, seed=3)
    other = draw_inputs({"a": PRICE}, draws=2000, seed=4)
    assert not np.array_equal(one["a"], other["a"])
    # Independent: the standard error of a correlation of 2,000 draws is 0.022.
    assert abs(np.corrcoef(one["a"], one["b"])[0, 1]) < 0.09
    assert abs(np.corrcoef(one["a"], other["a"])[0, 1]) < 0.09


def test_tied_inputs_keep_their_values_and_take_the_correlation():
    free = draw_inputs(INPUTS, draws=4000, seed=5)
    tie = {("grade", "price"): 0.6, ("cost", "price"): -0.3}
    tied = draw_inputs(INPUTS, draws=4000, seed=5, correlation=tie)
    for name in INPUTS:
        assert_array_equal(np.sort(tied[name]), np.sort(free[name]))
    wanted = {**tie, ("grade", "cost"): 0.0}
    for (one, other), rho in wanted.items():
        found = np.corrcoef(scores(tied[one]), scores(tied[other]))[0, 1]
        assert found == pytest.approx(rho, abs=0.005)


@given(st.floats(-1, 1), st.integers(0, 2**40))
@settings(max_examples=30)
def test_any_single_correlation_is_taken(rho, seed):
    two = {"a": GRADE, "b": PRICE}
    tied = draw_inputs(two, draws=1000, seed=seed, correlation={("b", "a"): rho})
    assert np.corrcoef(scores(tied["a"]), scores(tied["b"]))[0, 1] == pytest.approx(rho, abs=0.01)


def test_full_correlation_orders_two_inputs_alike():
    two = {"a": GRADE, "b": PRICE}
    for rho in (1.0, -1.0):
        tied = draw_inputs(two, draws=200, seed=1, correlation={("a", "b"): rho})
        assert_array_equal(np.argsort(tied["a"]), np.argsort(rho * tied["b"]))


def test_one_draw_and_no_input_are_enough():
    assert draw_inputs({}, draws=5, seed=0) == {}
    assert 2.0 < draw_inputs({"grade": GRADE}, draws=1, seed=0)["grade"][0] < 4.2


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"draws": 0, "seed": 1}, "number of draws"),
        ({"draws": 9, "seed": -1}, "seed"),
        ({"draws": 9, "seed": 1, "correlation": {("grade", "gold"): 0.5}}, "gold is not an input"),
        ({"draws": 9, "seed": 1, "correlation": {("grade", "rate"): 0.5}}, "rate is not an input"),
        ({"draws": 9, "seed": 1, "correlation": {("grade", "price"): 1.1}}, "out of range"),
        ({"draws": 9, "seed": 1, "correlation": {("grade", "price"): np.nan}}, "out of range"),
        ({"draws": 9, "seed": 1, "correlation": {("grade", "grade"): 1.0}}, "with itself"),
        (
            {
                "draws": 9,
                "seed": 1,
                "correlation": {("grade", "price"): 0.1, ("price", "grade"): 0.2},
            },
            "twice",
        ),
        (
            {
                "draws": 99,
                "seed": 1,
                "correlation": {
                    ("grade", "price"): 0.9,
                    ("cost", "price"): 0.9,
                    ("cost", "grade"): -0.9,
                },
            },
            "contradict",
        ),
        ({"draws": 3, "seed": 1, "correlation": {("grade", "price"): 0.5}}, "too few draws"),
    ],
)
def test_what_cannot_be_drawn_is_refused(options, fault):
    with pytest.raises(DataError, match=fault):
        draw_inputs(INPUTS, **options)


PROGRAM = """
import hashlib
from deposits.evidence.draws import draw_inputs
from deposits.stated import Stated
some = {name: Stated(low=1.0, value=2.0, high=4.0) for name in "abcdef"}
tie = {("a", "b"): 0.5, ("c", "b"): -0.4, ("e", "f"): 0.9}
drawn = draw_inputs(some, draws=3000, seed=7, correlation=tie)
print(hashlib.sha256(b"".join(drawn[name].tobytes() for name in sorted(drawn))).hexdigest())
"""


def test_equal_seeds_give_equal_bytes_on_any_number_of_threads_and_any_hash_seed():
    seen = set()
    for threads, hash_seed in (("1", "0"), ("2", "1"), ("8", "2")):
        names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
        setting = {**os.environ, **dict.fromkeys(names, threads), "PYTHONHASHSEED": hash_seed}
        setting["PYTHONPATH"] = os.pathsep.join(sys.path)
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=setting, check=True, capture_output=True
        )
        seen.add(run.stdout)
    assert len(seen) == 1


@given(numbers)
def test_percentiles_lie_in_order_within_the_values(values):
    found = percentiles(values)
    assert values.min() <= found["p10"] <= found["p50"] <= found["p90"] <= values.max()
    mirrored = percentiles(-values)
    assert mirrored["p10"] == pytest.approx(-found["p90"], rel=1e-9, abs=1e-6)


@given(numbers, st.data())
def test_weights_share_out_the_draws_below_and_above(values, data):
    weights = data.draw(hnp.arrays(float, values.size, elements=st.floats(0.1, 4)))
    found = percentiles(values, weights)
    for name, p in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
        below, upto = weights[values < found[name]].sum(), weights[values <= found[name]].sum()
        half = 0.5 * weights.max() + 1e-9
        assert below - half <= p * weights.sum() <= upto + half


def test_a_weight_counts_like_so_many_draws():
    assert percentiles([1.0, 2.0, 5.0], [3.0, 1.0, 6.0])["p90"] == 5.0
    weighted = percentiles([1.0, 2.0, 5.0], [2.0, 4.0, 4.0])
    assert weighted["p50"] == pytest.approx(2.0 + 3.0 / 4.0)


def test_percentiles_of_many_draws_are_those_of_the_law():
    drawn = draw_inputs({"price": PRICE}, draws=10_000, seed=1)["price"]
    assert_allclose(list(percentiles(drawn).values()), [13_300, 18_500, 23_700], rtol=1e-4)
    assert_allclose(
        list(percentiles(drawn).values()), np.quantile(drawn, [0.1, 0.5, 0.9], method="hazen")
    )


def test_draws_without_weight_do_not_count():
    assert percentiles([1.0, 2.0, 99.0], [1.0, 1.0, 0.0]) == percentiles([1.0, 2.0])
    assert percentiles([1.0, 2.0, np.nan], [1.0, 1.0, 0.0])["p50"] == 1.5


def test_a_draw_that_is_not_estimated_leaves_no_percentile_and_is_counted():
    nothing = {"p10": None, "p50": None, "p90": None}
    values = np.arange(10_000.0)
    assert missing_draws(values) == ""
    values[[3, 5, 9]] = np.nan
    assert percentiles(values) == nothing
    assert missing_draws(values) == "not estimated in 3 of 10,000 draws"
    assert percentiles([]) == nothing
    assert missing_draws([]) == "no draws"


def test_infinite_lives_are_ordered_with_the_others():
    found = percentiles([1.0, 2.0, np.inf, np.inf, np.inf])
    assert found["p10"] == 1.0 and found["p90"] == np.inf


def test_weights_that_do_not_fit_are_refused():
    for weights in ([1.0], [1.0, -1.0], [1.0, np.nan]):
        with pytest.raises(DataError):
            percentiles([1.0, 2.0], weights)
