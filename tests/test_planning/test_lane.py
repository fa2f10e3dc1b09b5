"""Is Lane's policy the best there is: by hand, by the book, and by trying everything else?"""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.block_values import CURVES, terms

from deposits.errors import DataError
from planning.economics.block_facts import policy_rows
from planning.economics.block_nsr import block_return
from planning.economics.lane import best_constant, constant_value, lane_policy
from planning.economics.lane_blocks import policy_of_blocks, table_of_blocks
from planning.economics.lane_cutoffs import lane_cutoffs
from planning.economics.lane_rates import (
    GradeTable,
    LaneTerms,
    above,
    linear_table,
    rates_at,
    worth_at,
)

#: Ten classes of 100 t, 0 to 1 lb/t: the example of Hustrulid and Kuchta, "Open Pit Mine Planning
#: and Design", section on Lane's algorithm (from p. 526 of the third edition). Its figures were
#: not at hand in print; they are set down as remembered and each is worked out again by hand here.
TEXTBOOK = linear_table(np.linspace(0, 1, 11), np.full(10, 100.0), 20.0, 1.0, "lb/t")
YEAR = LaneTerms(1.0, 2.0, 300.0, 0.15, 100.0, 50.0, 40.0)


def test_limiting_cutoffs_of_lanes_uranium_example():
    """K. F. Lane, "The Economic Definition of Ore", 1988, p. 116, as worked in the notes of course
    GLQ3401, Polytechnique Montreal (github.com/Danlauz/glq3401-3651, Chapitres/Chap3/C3_Limite.md):
    0.065 (printed 0.65 there, a slip: 3.41 / 52.2), 0.198 and 0.131 kg/t."""
    table = linear_table(np.linspace(0, 1, 5), np.ones(4), 60.0, 0.87, "kg/t")
    year = LaneTerms(1.32, 3.41, 11.9e6, 0.1, 12e6, 3.9e6, 0.9e6)
    found = lane_cutoffs(table, year, value_usd=152e6)
    assert [round(g, 3) for g in (found.mine, found.plant, found.market)] == [0.065, 0.198, 0.131]


def test_a_balancing_cutoff_of_a_lognormal_deposit_read_off_a_published_figure():
    """Mean 1.5 %, variance 4: with M = 10 and H = 2.2 the plant is full at about 2.00 % (the same
    notes, C3_Equilibre.md); the grades above 1 % of mean 1.3, variance 3 average 2.5088."""
    from scipy.stats import norm

    def deposit(mean, variance):
        sigma = math.sqrt(math.log1p(variance / mean**2))
        edges = np.concatenate([[0.0], np.geomspace(0.01, 2000.0, 4000)])
        upto = norm.cdf((np.log(edges[1:]) - math.log(mean)) / sigma + sigma / 2)
        return linear_table(edges, np.diff(np.concatenate([[0.0], upto])), 1.0, 1.0, "%")

    table = deposit(1.5, 4.0)
    assert lane_cutoffs(table, LaneTerms(0, 0, 0, 0, 10.0, 2.2)).mine_plant == pytest.approx(
        2, abs=0.05
    )
    ore, _, metal, _ = above([1.0], deposit(1.3, 3.0))[:, 0]
    assert ore == pytest.approx(0.4030, abs=7e-5)  # printed from a normal score of four digits
    assert metal / ore == pytest.approx(2.5088, abs=5e-4)


def test_the_six_cutoffs_of_the_textbook_by_hand():
    """h/(p-k) = 2/20; (2 + 300/50)/20; 2/(20 - 300/40); half the rock is ore at 0.5; the mean of
    the ore is 0.8 = 40/50 at 0.6; 100 t give 50 (1 - g^2) = 40 lb at the root of 0.2."""
    found = lane_cutoffs(TEXTBOOK, YEAR)
    assert found.mine == pytest.approx(0.10)
    assert found.plant == pytest.approx(0.40)
    assert found.market == pytest.approx(0.16)
    assert found.mine_plant == pytest.approx(0.50)
    assert found.plant_market == pytest.approx(0.60)
    assert found.mine_market == pytest.approx(math.sqrt(0.2))
    assert found.optimum == found.by_lanes_rule == pytest.approx(0.40)


def test_the_first_rounds_of_the_textbook_by_hand():
    """At 0.40 the plant takes 50 t of 0.7 lb from 83.3 t: 700 - 83.3 - 100 - 300 = 216.7 a year for
    12 years, 1174.5 at 15 %. With that value (2 + (300 + 176.2)/50)/20 = 0.576 exceeds the balance
    of 0.50, where mine and plant are full: 250 a year for 10 years, 1254.7."""
    rates = rates_at(0.4, TEXTBOOK, YEAR)
    assert 1 / rates.years == pytest.approx(1000 / 12)
    assert (rates.cash / rates.years - 300.0) == pytest.approx(700 - 1000 / 12 - 100 - 300)
    first = constant_value(0.4, TEXTBOOK, YEAR)
    assert first == pytest.approx(216.6667 * (1 - 1.15**-12) / 0.15, rel=1e-6)
    again = lane_cutoffs(TEXTBOOK, YEAR, first)
    assert again.plant == pytest.approx((2 + (300 + 0.15 * first) / 50) / 20)
    assert again.optimum == pytest.approx(0.50)
    assert constant_value(0.5, TEXTBOOK, YEAR) == pytest.approx(250 * (1 - 1.15**-10) / 0.15)


def test_the_policy_of_the_textbook_begins_at_the_balance_and_ends_at_the_cost_of_a_year():
    policy = lane_policy(TEXTBOOK, YEAR)
    assert policy.years[0].cutoff == pytest.approx(0.50)
    assert policy.years[0].binding == "mine+plant"
    assert policy.years[-1].cutoff_at_end == pytest.approx(0.40)
    assert 1254.7 < policy.value_usd < 1260.0
    assert (policy.constant_cutoff, policy.constant_value_usd) == pytest.approx(
        (0.50, 1254.692), rel=1e-5
    )


def test_the_years_add_up_to_the_deposit_and_their_cash_to_its_value():
    policy = lane_policy(TEXTBOOK, YEAR)
    assert math.fsum(y.mined_t for y in policy.years) == pytest.approx(1000.0)
    assert math.fsum(y.duration for y in policy.years) == pytest.approx(policy.life_years)
    assert [y.duration for y in policy.years[:-1]] == pytest.approx([1.0] * (len(policy.years) - 1))
    for now, after in zip(policy.years[:6], policy.years[1:7], strict=True):  # steady years
        assert now.value_usd == pytest.approx((now.cash_usd + after.value_usd) / 1.15, rel=1e-6)
    cutoffs = [y.cutoff for y in policy.years]
    assert cutoffs == sorted(cutoffs, reverse=True)
    for y in policy.years:
        assert y.mined_t <= 100.0 + 1e-9
        assert y.ore_t <= 50.0 + 1e-9
        assert y.product <= 40.0 + 1e-9


def best_by_dynamic_programming(table, year, grid=400, cuts=200):
    """Referee: a constant cut-off each year, all tried, over a grid of what is left; V is concave
    and read along straight lines, so it is never too high."""
    left = np.linspace(0.0, table.total_t, grid + 1)
    tried = [rates_at(g, table, year) for g in np.linspace(table.edges[0], table.edges[-1], cuts)]
    tried = [r for r in tried if r.years > 0.0]
    d, worth = year.discount_rate, np.zeros(grid + 1)
    for i in range(1, grid + 1):
        best = 0.0
        for r in tried:
            pace, cash = 1.0 / r.years, r.cash / r.years - year.fixed_cost
            if pace >= left[i]:
                value = cash * (1.0 - (1.0 + d) ** -(left[i] / pace)) / d
            else:
                rest = left[i] - pace
                value = (cash + np.interp(rest, left[:i], worth[:i])) / (1.0 + d)
            best = max(best, value)
        worth[i] = best
    return worth[-1]


@pytest.mark.parametrize(
    "year",
    [
        YEAR,
        LaneTerms(1.0, 2.0, 300.0, 0.15, math.inf, 50.0, math.inf),
        LaneTerms(1.0, 4.0, 100.0, 0.08, 100.0, 60.0, 25.0),
    ],
)
def test_no_yearly_plan_found_by_dynamic_programming_is_worth_more(year):
    found = lane_policy(TEXTBOOK, year).value_usd
    referee = best_by_dynamic_programming(TEXTBOOK, year)
    assert referee <= found * (1.0 + 1e-6)
    assert referee >= found * 0.99


LIMITS = st.tuples(st.floats(0.05, 1.0), st.floats(0.02, 0.6), st.floats(0.02, 0.6))


@st.composite
def deposits(draw):
    """A table and terms; now and then a limit that does not bind."""
    widths = draw(st.lists(st.floats(0.05, 1.0), min_size=2, max_size=6))
    tonnes = draw(st.lists(st.floats(0.1, 1.0), min_size=len(widths), max_size=len(widths)))
    edges = np.concatenate([[0.0], np.cumsum(widths)])
    price, recovery = draw(st.floats(5.0, 50.0)), draw(st.floats(0.3, 1.0))
    mine, plant, market = draw(LIMITS)
    absent = draw(st.sampled_from(["", "", "mine", "plant", "market"]))
    limits = {"mine": mine, "plant": plant, "market": market * edges[-1]}
    limits |= {absent: math.inf} if absent else {}
    costs = [draw(st.floats(0.0, top)) for top in (3.0, 10.0, 5.0)]
    rate = draw(st.sampled_from([0.0, 0.05, 0.15]))
    table = linear_table(edges, tonnes, price, recovery, "x")
    return table, LaneTerms(*costs, rate, *(limits[k] for k in ("mine", "plant", "market")))


#: The plant never binds, and the market's own cut-off is above all grades.
TIGHT = linear_table([0.0, 1.0, 2.0], [1.0, 1.0], 5.0, 1.0, "x")


@given(deposits(), st.floats(0.0, 100.0))
@example((TIGHT, LaneTerms(0.0, 0.0, 1.0, 0.0, mine_limit=1.0, market_limit=0.125)), 0.0)
@settings(deadline=None)
def test_the_optimum_is_the_best_of_all_cutoffs_and_lanes_rule_finds_it(deposit, value):
    table, year = deposit
    found = lane_cutoffs(table, year, value)
    of_time = year.fixed_cost + year.discount_rate * value
    everywhere = worth_at(np.linspace(0.0, table.edges[-1], 2_001), table, year, of_time)
    best, by_rule = worth_at([found.optimum, found.by_lanes_rule], table, year, of_time)
    close = 1e-9 * max(1.0, np.abs(everywhere).max())
    assert best >= everywhere.max() - close
    assert by_rule == pytest.approx(best, abs=close)


@given(deposits())
@settings(deadline=None, max_examples=15)
def test_no_constant_cutoff_is_worth_more_than_the_policy(deposit):
    table, year = deposit
    found = lane_policy(table, year)
    tried = np.linspace(0.0, table.edges[-1], 60)[:-1]
    best = max(constant_value(g, table, year) for g in [*tried, best_constant(table, year)[0]])
    assert found.value_usd >= best - 1e-6 * max(1.0, abs(best))


def test_cash_of_a_mine_without_discount_is_its_value():
    year = LaneTerms(1.0, 2.0, 300.0, 0.0, 100.0, 50.0, 40.0)
    policy = lane_policy(TEXTBOOK, year)
    assert math.fsum(y.cash_usd for y in policy.years) == pytest.approx(policy.value_usd)
    assert {round(y.cutoff, 6) for y in policy.years} == {0.4}  # nothing waits at interest


def test_a_mine_that_never_pays_is_not_run():
    policy = lane_policy(TEXTBOOK, LaneTerms(50.0, 2.0, 300.0, 0.15, 100.0, 50.0))
    assert (policy.years, policy.value_usd) == ((), 0.0)
    assert "no cut-off pays" in str(policy)
    assert policy_rows(policy)["years"] == []


def test_a_return_that_bends_is_cut_where_it_pays():
    """Revenue 0 up to 1, then 10 a unit: (2 + 4) is earned at 1.6."""
    both = np.array([[0.0, 1.0], [1.0, 2.0]])
    revenue = np.array([[0.0, 0.0], [0.0, 10.0]])
    table = GradeTable(np.array([0.0, 1.0, 2.0]), np.ones(2), revenue, both, both)
    found = lane_cutoffs(table, LaneTerms(0.0, 2.0, 4.0, 0.1, plant_limit=1.0))
    assert (found.mine, found.plant) == pytest.approx((1.2, 1.6))
    step = GradeTable(
        np.array([0.0, 1.0, 2.0]), np.ones(2), np.array([[0, 1.0], [5, 6]]), both, both
    )
    assert lane_cutoffs(step, LaneTerms(0.0, 2.0, 0.0, 0.1, plant_limit=1.0)).mine == 1.0


def blocks(n=4_000, seed=1):
    rng = np.random.default_rng(seed)
    sb = np.minimum(rng.lognormal(0.0, 1.0, n), 40.0)
    rows = {"sb_pct": sb, "au_gpt": rng.uniform(0, 1, n), "hg_pct": 0.01 * sb, "as_pct": 0.05 * sb}
    return rows, rng.uniform(1_000.0, 6_000.0, n)


def test_the_classes_of_blocks_hold_what_the_blocks_hold():
    rows, tonnes = blocks()
    paid = block_return(rows, terms({"value": CURVES}))
    recovered = paid.mass_pull * paid.concentrate_sb_pct / 100.0
    table = table_of_blocks(paid.nsr_usd_per_t, tonnes, recovered, rows["sb_pct"], classes=37)
    assert table.tonnes.size <= 37
    ore, revenue, product, content = above([table.edges[0]], table)[:, 0] * tonnes.sum()
    assert ore == pytest.approx(tonnes.sum())
    assert revenue == pytest.approx(np.sum(paid.nsr_usd_per_t * tonnes))
    assert product == pytest.approx(np.sum(recovered * tonnes))
    assert content == pytest.approx(np.sum(rows["sb_pct"] * tonnes))
    cut = table.edges[20]
    kept = paid.nsr_usd_per_t >= cut
    assert above([cut], table)[1, 0] * tonnes.sum() == pytest.approx(
        np.sum((paid.nsr_usd_per_t * tonnes)[kept])
    )


def test_the_policy_of_blocks_keeps_the_limits_of_the_study():
    rows, tonnes = blocks()
    own = terms({"value": CURVES})
    policy = policy_of_blocks(block_return(rows, own), rows["sb_pct"], tonnes, 20.0, own)
    shown = policy_rows(policy)
    assert policy.value_usd >= policy.constant_value_usd
    assert sum(y["mined_t"] for y in shown["years"]) == pytest.approx(tonnes.sum())
    for y in shown["years"]:
        assert y["ore_t"] <= 700_000 + 1 and y["mined_t"] <= 1_400_000 + 1
        assert y["sb_recovered_t"] <= 15_000 + 1
        assert 0.5 < y["sb_pct"] < 5.0


def test_blocks_that_are_not_mined_may_be_unknown_and_mined_ones_may_not():
    rows, tonnes = blocks(500)
    rows["sb_pct"][0] = np.nan
    own = terms()
    paid = block_return(rows, own)
    with pytest.raises(DataError, match="blocks without a return"):
        policy_of_blocks(paid, rows["sb_pct"], tonnes, 20.0, own)
    tonnes[0] = 0.0
    assert policy_of_blocks(paid, rows["sb_pct"], tonnes, 20.0, own).value_usd > 0.0


def test_blocks_of_one_return_make_one_class():
    table = table_of_blocks([5.0, 5.0], [1.0, 2.0], [0.1, 0.1], [1.0, 1.0])
    assert table.tonnes.tolist() == [3.0]
    assert above([4.0], table)[1, 0] == pytest.approx(5.0)


@pytest.mark.parametrize("key", ["value.lane", "economics.discount_rate_fraction"])
def test_a_policy_asks_for_its_limits_and_its_rate(key):
    rows, tonnes = blocks(50)
    own = terms(None, key)
    with pytest.raises(DataError, match=f"key {key}"):
        policy_of_blocks(block_return(rows, own), rows["sb_pct"], tonnes, 20.0, own)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"mine_cost": -1.0}, "mine_cost: not a cost"),
        ({"plant_cost": math.nan}, "plant_cost: not a cost"),
        ({"discount_rate": 15.0}, "per cent"),
        ({"plant_limit": 0.0}, "plant_limit: not a limit"),
        ({"plant_limit": math.nan}, "plant_limit: not a limit"),
        ({"plant_limit": math.inf}, "no limit is finite"),
    ],
)
def test_terms_that_cannot_be_right_are_refused(change, words):
    sound = {"mine_cost": 1.0, "plant_cost": 2.0, "fixed_cost": 3.0, "discount_rate": 0.1}
    with pytest.raises(DataError, match=words):
        LaneTerms(**{**sound, "plant_limit": 50.0, **change})


@pytest.mark.parametrize(
    ("edges", "tonnes", "words"),
    [
        ([0.0, 2.0, 1.0], [1.0, 1.0], "do not rise"),
        ([0.0, 1.0, 2.0], [1.0, -1.0], "negative"),
        ([0.0, 1.0, 2.0], [0.0, 0.0], "there are none"),
        ([0.0, math.nan, 2.0], [1.0, 1.0], "not finite"),
        ([0.0, 1.0, 2.0], [1.0], "wrong length"),
    ],
)
def test_tables_that_cannot_be_right_are_refused(edges, tonnes, words):
    with pytest.raises(DataError, match=words):
        linear_table(edges, tonnes, 20.0, 0.9, "%")


def test_all_that_is_wrong_with_terms_comes_at_once():
    with pytest.raises(DataError) as caught:
        LaneTerms(-1.0, -1.0, math.nan, 15.0, 0.0)
    assert len(caught.value.problems) == 5
