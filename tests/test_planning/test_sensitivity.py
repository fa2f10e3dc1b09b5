import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.verdict.rate_rules import LONG_UNDERGROUND, TAYLOR
from planning.verdict.sensitivity import rate_life_frontier, tornado


def revenue(inputs):
    return inputs["grade"] / 100 * inputs["recovery"] * inputs["price"]


BASE = {"grade": 2.5, "recovery": 0.875, "price": 25_000.0}
RANGES = {"grade": (1.5, 3.5), "recovery": (0.8, 0.92), "price": (12_000.0, 55_000.0)}


def test_the_widest_bar_stands_first_and_the_others_stay_at_their_base():
    bars = tornado(revenue, BASE, RANGES)
    assert [bar.input for bar in bars] == ["price", "grade", "recovery"]
    price = bars[0]
    assert price.low == pytest.approx(0.025 * 0.875 * 12_000)
    assert price.high == pytest.approx(0.025 * 0.875 * 55_000)
    assert price.base == pytest.approx(0.025 * 0.875 * 25_000)
    assert price.swing == pytest.approx(0.025 * 0.875 * 43_000)


@given(st.lists(st.tuples(st.floats(-10, 10), st.floats(-10, 10)), min_size=1, max_size=6))
def test_a_linear_answer_moves_as_far_as_its_inputs(pairs):
    base = {str(i): 0.0 for i in range(len(pairs))}
    ranges = {str(i): pair for i, pair in enumerate(pairs)}
    bars = tornado(lambda inputs: sum(inputs.values()), base, ranges)
    for bar in bars:
        ends = (*ranges[bar.input], 0.0)
        assert bar.swing == pytest.approx(max(ends) - min(ends))
    swings = [bar.swing for bar in bars]
    assert swings == sorted(swings, reverse=True)


def test_the_base_counts_where_both_ends_lie_on_one_side_of_it():
    (bar,) = tornado(lambda inputs: inputs["x"] ** 2, {"x": 0.0}, {"x": (-2.0, 2.0)})
    assert bar.swing == 4.0


def test_an_answer_that_is_not_known_stands_last_and_is_null():
    def partly(inputs):
        return None if inputs["grade"] < 2 else revenue(inputs)

    bars = tornado(partly, BASE, RANGES)
    assert bars[-1].input == "grade" and bars[-1].low is None and bars[-1].swing is None
    row = bars[-1].as_row("default", "revenue", "USD/t of ore")
    assert row["low"] is None and row["high"] is not None and row["low_label"] == "1.50"
    assert set(row) == {
        "scenario", "input", "low_label", "high_label", "output", "unit", "low", "base", "high"
    }  # fmt: skip


def test_an_answer_beyond_all_bounds_is_null_in_the_summary():
    (bar,) = tornado(lambda inputs: inputs["x"], {"x": 1.0}, {"x": (1.0, math.inf)})
    assert bar.swing is None and bar.as_row("s", "o", "u")["high"] is None


def test_without_ranges_there_are_no_bars():
    assert tornado(revenue, BASE, {}) == []


def test_the_base_is_not_changed_by_the_evaluation():
    def careless(inputs):
        inputs["price"] = 0.0
        return 1.0

    base = dict(BASE)
    tornado(careless, base, RANGES)
    assert base == BASE


def test_life_is_ore_over_rate_and_the_rule_stands_beside_it():
    points = rate_life_frontier(6.35e6, [350_000.0, 700_000.0, 2_000_000.0])
    assert [p.life_years for p in points] == pytest.approx([18.143, 9.0714, 3.175], abs=1e-3)
    middle = points[1]
    assert middle.rule_rate_low == pytest.approx(TAYLOR.rate_t_per_year(6.35e6))
    assert middle.rule_rate_high == pytest.approx(LONG_UNDERGROUND.rate_t_per_year(6.35e6))
    assert middle.ratio_low < 1.0 < middle.ratio_high
    assert [p.usual for p in points] == [True, True, False]


@pytest.mark.parametrize(
    ("times", "usual"), [(0.499, False), (0.501, True), (1.999, True), (2.001, False)]
)
def test_half_and_twice_the_rule_are_the_ends_of_the_usual(times, usual):
    rate = times * float(TAYLOR.rate_t_per_year(1e7))
    assert rate_life_frontier(1e7, [rate], [TAYLOR])[0].usual is usual


@given(ore=st.floats(1e5, 1e8), rate=st.floats(1e4, 1e7), more=st.floats(1.1, 3.0))
def test_a_higher_rate_never_lasts_longer(ore, rate, more):
    slow, fast = rate_life_frontier(ore, [rate, rate * more])
    assert fast.life_years < slow.life_years
    assert slow.life_years * slow.rate_t_per_year == pytest.approx(ore)


def test_ore_that_is_not_known_has_no_life_and_no_rule():
    (point,) = rate_life_frontier(None, [700_000.0])
    assert point.life_years is None and point.usual is None and point.ratio_low is None
    (empty,) = rate_life_frontier(0.0, [700_000.0])
    assert empty.life_years == 0.0 and empty.usual is None


def test_a_rate_of_0_is_refused():
    with pytest.raises(ValueError, match="above 0"):
        rate_life_frontier(1e6, [0.0])
