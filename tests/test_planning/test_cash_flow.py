import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planning.economics.cash_flow import (
    Production,
    cash_flow,
    life_years,
    npv_of,
    ramp_up_shares,
    yearly_flows,
    yearly_ore,
)
from planning.economics.discounting import (
    discount_factors,
    internal_rate_of_return,
    net_present_value,
    payback,
)
from planning.economics.nsr import COST_TERMS, MONEY_TERMS, NSR_TERMS, TERM_KEYS, Terms

DAY = dt.date(2026, 1, 1)

#: 2.5 % ore brings 315 - 13.5 = 301.5 USD/t, less 5 % royalty 286.425, less 86.425 costs: 200.
TERMS = Terms(
    sb_price=20_000.0,
    sb_payability=0.7,
    sb_recovery=0.9,
    concentrate_sb_pct=50.0,
    treatment=100.0,
    transport=150.0,
    penalties=50.0,
    royalty=0.05,
    mining=50.0,
    processing=20.0,
    general=10.0,
    sustaining=6.425,
    initial_capital=200e6,
    discount_rate=0.1,
)
PLAN = Production(yearly_ore(1_750_000.0, 700_000.0), np.array([2.5]))

rates = st.floats(0.0, 0.5)
incomes = st.lists(st.floats(1.0, 1e6), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("rate", "flows", "published"),
    [
        # Adobe, FormCalc user reference, function NPV, its three examples; the last is monthly.
        (0.065, [5_000], 4694.83568075117),
        (0.10, [500, 1_500, 4_000, 10_000], 11529.60863329007),
        (0.0275 / 12, [50, 60, 40, 100, 25], 273.14193838457),
        # Greytrout, spreadsheet user guide, function NPV: 9.5 %, six flows of 65.
        (0.095, [65] * 6, 287.29),
    ],
)
def test_end_of_year_is_the_npv_of_published_spreadsheets(rate, flows, published):
    found = float(net_present_value(flows, rate, "end_of_year"))
    digits = len(str(published).split(".")[1])
    assert round(found, min(digits, 8)) == round(published, min(digits, 8))


@pytest.mark.parametrize(
    ("flows", "published"),
    [
        # numpy 1.12 reference, numpy.irr, after Gitman, Principles of Managerial Finance.
        ([-100, 39, 59, 55, 20], 0.28095),
        ([-100, 0, 0, 74], -0.0955),
    ],
)
def test_the_rate_of_return_is_that_of_published_examples(flows, published):
    rate, reason = internal_rate_of_return(flows[0], flows[1:], "end_of_year")
    assert round(rate, 5) == published and reason == ""


@given(flows=st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=20), rate=rates)
def test_the_three_conventions_differ_by_half_a_year_each(flows, rate):
    end, mid, start = (
        float(net_present_value(flows, rate, c))
        for c in ("end_of_year", "mid_year", "start_of_year")
    )
    scale = sum(map(abs, flows)) * 1e-12
    assert mid == pytest.approx(end * (1 + rate) ** 0.5, abs=scale)
    assert start == pytest.approx(end * (1 + rate), abs=scale)


@pytest.mark.parametrize(
    ("convention", "first"),
    [("end_of_year", 1 / 1.1), ("mid_year", 1.1**-0.5), ("start_of_year", 1)],
)
def test_the_first_year_is_discounted_as_its_convention_says(convention, first):
    assert discount_factors(0.1, 3, convention)[0] == pytest.approx(first)


@given(capital=st.floats(1.0, 1e6), flows=incomes, low=rates, step=st.floats(0.001, 0.5))
def test_value_falls_with_the_rate_where_capital_is_spent_first(capital, flows, low, step):
    cheap, dear = (
        float(net_present_value(flows, r, "end_of_year", -capital)) for r in (low, low + step)
    )
    assert dear <= cheap


@given(
    times=st.floats(0.01, 10.0),
    flows=incomes,
    convention=st.sampled_from(["end_of_year", "mid_year", "start_of_year"]),
)
def test_the_value_at_the_rate_of_return_is_0(times, flows, convention):
    # Capital of at most ten times the income: nearer to -1 a float cannot hold 1 + rate.
    capital = times * sum(flows)
    rate, reason = internal_rate_of_return(-capital, flows, convention)
    if rate is None:
        assert convention == "start_of_year" or "beyond" in reason
        return
    assume(rate < 1e6)
    value = float(net_present_value(flows, rate, convention, -capital))
    assert value == pytest.approx(0.0, abs=1e-6 * max(capital, *flows))


@pytest.mark.parametrize(
    ("capital", "flows", "wording"),
    [
        (0.0, [10.0, 10.0], "no initial capital"),
        (-10.0, [30.0, -25.0], "change sign 2 times"),
        (-10.0, [-5.0, -5.0], "change sign 0 times"),
        (-10.0, [0.0, 0.0], "change sign 0 times"),
    ],
)
def test_a_rate_of_return_that_does_not_exist_has_its_reason(capital, flows, wording):
    rate, reason = internal_rate_of_return(capital, flows, "end_of_year")
    assert rate is None and wording in reason


def test_flows_of_0_between_do_not_count_as_a_change_of_sign():
    rate, _ = internal_rate_of_return(-100.0, [0.0, -10.0, 0.0, 200.0], "end_of_year")
    assert rate is not None


def test_at_the_start_of_the_year_the_first_flow_meets_the_capital():
    rate, _ = internal_rate_of_return(-100.0, [40.0, 66.0], "start_of_year")
    assert rate == pytest.approx(0.1)
    rate, reason = internal_rate_of_return(-100.0, [120.0, 10.0], "start_of_year")
    assert rate is None and "0 times" in reason


@pytest.mark.parametrize(
    ("flows", "years"),
    [([40.0, 40.0, 40.0], 2.5), ([100.0], 1.0), ([200.0], 0.5), ([150.0, -80.0, 60.0], 2.5)],
)
def test_payback_is_when_the_debt_ends_for_good(flows, years):
    assert payback(-100.0, flows) == (pytest.approx(years), "")


def test_payback_that_never_comes_has_its_reason():
    assert payback(-100.0, [40.0, 40.0])[0] is None
    assert "not paid back" in payback(-100.0, [40.0, 40.0])[1]
    assert "nothing to pay back" in payback(0.0, [40.0])[1]


@given(
    ore=st.floats(0.0, 1e8),
    rate=st.floats(1e5, 5e6),
    ramp=st.floats(0.0, 12.0),
)
def test_the_years_hold_all_the_ore_and_none_exceeds_its_rate(ore, rate, ramp):
    found = yearly_ore(ore, rate, ramp)
    assert found.sum() == pytest.approx(ore)
    shares = ramp_up_shares(ramp, found.size)
    assert np.all(found <= rate * shares * (1 + 1e-6)) and np.all(found >= 0)
    assert found.size == 1 or found[-1] > 0


@given(
    ore=st.floats(1.0, 1e8),
    rate=st.floats(1e5, 5e6),
    ramp=st.floats(0.0, 12.0),
)
def test_the_life_ends_in_the_last_year_worked(ore, rate, ramp):
    years = yearly_ore(ore, rate, ramp).size
    assert years - 1 - 1e-6 <= life_years(ore, rate, ramp) <= years + 1e-6


def test_the_last_year_takes_the_rest():
    np.testing.assert_allclose(yearly_ore(1_750_000.0, 700_000.0), [7e5, 7e5, 3.5e5])
    np.testing.assert_allclose(yearly_ore(1_400_000.0, 700_000.0), [7e5, 7e5])
    np.testing.assert_allclose(yearly_ore(0.0, 700_000.0), [0.0])


def test_a_tenth_three_times_does_not_open_a_fourth_year():
    assert yearly_ore(0.1 + 0.2, 0.1).size == 3


def test_a_ramp_up_grows_linearly():
    np.testing.assert_allclose(ramp_up_shares(2, 4), [0.25, 0.75, 1.0, 1.0])
    np.testing.assert_allclose(ramp_up_shares(1.5, 2), [1 / 3, 11 / 12])
    np.testing.assert_allclose(ramp_up_shares(0, 2), [1.0, 1.0])
    np.testing.assert_allclose(yearly_ore(1_400_000.0, 700_000.0, 2), [175e3, 525e3, 7e5])


@given(ramp=st.floats(0.01, 12.0), years=st.integers(1, 30))
def test_a_ramp_up_holds_back_half_its_length_of_full_rate(ramp, years):
    done = float(ramp_up_shares(ramp, years).sum())
    expected = years - ramp / 2 if years >= ramp else years**2 / (2 * ramp)
    assert done == pytest.approx(expected)


def test_a_mine_that_ends_during_its_ramp_up_has_no_empty_years():
    np.testing.assert_allclose(yearly_ore(100.0, 700.0, 10), [35.0, 65.0])
    assert life_years(100.0, 700.0, 10) == pytest.approx((2 * 10 / 7) ** 0.5)


def test_a_rate_of_0_and_unknown_ore_are_refused():
    with pytest.raises(ValueError, match="must be above 0"):
        yearly_ore(100.0, 0.0)
    with pytest.raises(ValueError, match="must be known"):
        yearly_ore([100.0, np.nan], 10.0)


def test_each_draw_has_its_own_years():
    found = yearly_ore([350.0, 1_400.0], 700.0)
    np.testing.assert_allclose(found, [[350.0, 0.0], [700.0, 700.0]])


def test_the_cash_flow_is_what_a_hand_calculation_gives():
    found = cash_flow(PLAN, TERMS, "end_of_year", DAY)
    np.testing.assert_allclose(found.table["cash_flow_usd"], [-200e6, 140e6, 140e6, 70e6])
    assert found.npv_usd == pytest.approx(-200e6 + 140e6 / 1.1 + 140e6 / 1.21 + 70e6 / 1.331)
    assert found.payback_years == pytest.approx(1 + 60 / 140)
    assert net_present_value(
        [140e6, 140e6, 70e6], found.irr_fraction, "end_of_year", -200e6
    ) == pytest.approx(0.0, abs=1.0)
    assert found.pre_tax and found.missing == () and "pre-tax" in str(found)


def test_the_table_adds_up_to_the_value():
    found = cash_flow(PLAN, replace(TERMS, tax=0.2), "mid_year", DAY)
    table = found.table
    assert table["present_value_usd"].sum() == pytest.approx(found.npv_usd)
    parts = table["payable_metal_usd"] - table["charges_usd"] - table["royalty_usd"]
    for name in COST_TERMS:
        parts = parts - table[f"{name}_usd"]
    parts = parts - table["initial_capital_usd"] - table["tax_usd"]
    np.testing.assert_allclose(parts, table["cash_flow_usd"], rtol=1e-12, atol=1e-6)
    np.testing.assert_allclose(table["ore_t"], [0.0, 7e5, 7e5, 3.5e5])
    np.testing.assert_allclose(table["sb_in_concentrate_t"], 0.0225 * table["ore_t"])
    np.testing.assert_allclose(table["concentrate_t"], 0.045 * table["ore_t"])
    assert np.isnan(table["sb_pct"][0])


def test_tax_waits_until_the_capital_is_earned_back():
    found = cash_flow(PLAN, replace(TERMS, tax=0.2), "end_of_year", DAY)
    # Cumulative profit: -60, +80, +150 million.
    np.testing.assert_allclose(found.table["tax_usd"], [0.0, 0.0, 16e6, 14e6])
    assert not found.pre_tax and "after tax" in str(found)


@given(
    grades=st.lists(st.floats(0.0, 10.0), min_size=1, max_size=12),
    tax=st.floats(0.0, 0.9),
    capital=st.floats(0.0, 1e9),
)
def test_tax_never_exceeds_its_part_of_the_best_cumulative_profit(grades, tax, capital):
    terms = replace(TERMS, initial_capital=capital)
    production = Production(np.full(len(grades), 7e5), np.array(grades))
    before = yearly_flows(production, terms)
    paid = before - yearly_flows(production, replace(terms, tax=tax))
    best = max(0.0, float(np.max(np.cumsum(before) - capital)))
    assert np.all(paid >= -1e-3)
    assert paid.sum() == pytest.approx(tax * best, abs=1e-3)


@pytest.mark.parametrize("name", [*NSR_TERMS, *COST_TERMS, *MONEY_TERMS])
def test_each_missing_term_makes_the_value_not_known(name):
    found = cash_flow(PLAN, replace(TERMS, **{name: None}), "end_of_year", DAY)
    assert found.npv_usd is None and found.table is None
    assert found.irr_fraction is None and found.payback_years is None
    assert found.missing == (TERM_KEYS[name].format(plant="NAME"),)
    assert found.missing[0] in found.irr_reason and "not known" in str(found)


def test_without_a_valuation_date_there_is_no_value():
    found = cash_flow(PLAN, TERMS, "end_of_year", None)
    assert found.npv_usd is None and found.missing == ("economics.valuation_date",)


def test_a_plant_that_stands_has_a_value_but_no_rate_of_return():
    found = cash_flow(PLAN, replace(TERMS, initial_capital=0.0), "end_of_year", DAY)
    assert found.npv_usd > 0 and found.irr_fraction is None
    assert "no initial capital" in found.irr_reason and "nothing to pay" in found.payback_reason


def test_gold_is_counted_only_with_its_grade_and_its_terms():
    golden = replace(TERMS, au_price=3_110.34768, au_payability=0.75, au_recovery=0.3)
    plan = replace(PLAN, au_gpt=np.array([2.0]))
    bare, unpriced, counted = (
        cash_flow(p, t, "end_of_year", DAY)
        for p, t in ((PLAN, golden), (plan, TERMS), (plan, golden))
    )
    assert bare.npv_usd == unpriced.npv_usd
    assert "gold not counted" in str(bare) and len(unpriced.gold_missing) == 3
    # 45 USD/t of gold less 5 % royalty.
    gained = counted.table["cash_flow_usd"][1] - bare.table["cash_flow_usd"][1]
    assert gained == pytest.approx(7e5 * 45 * 0.95) and counted.gold_missing == ()


def test_draws_are_valued_together_as_they_are_alone():
    prices, capital = np.array([12e3, 25e3, 55e3]), np.array([1e8, 2e8, 3e8])
    grade, tax = np.array([1.5, 2.5, 3.5]), np.array([0.0, 0.1, 0.2])
    terms = replace(TERMS, sb_price=prices, initial_capital=capital, tax=tax)
    ore = yearly_ore([7e5, 2e6, 5e6], 7e5)
    together = npv_of(Production(ore, grade[:, None]), terms, "mid_year")
    alone = [
        cash_flow(
            Production(ore[i], grade[i : i + 1]),
            replace(TERMS, sb_price=prices[i], initial_capital=capital[i], tax=tax[i]),
            "mid_year",
            DAY,
        ).npv_usd
        for i in range(3)
    ]
    np.testing.assert_allclose(together, alone)


def test_a_missing_term_gives_no_number_in_any_draw():
    ore = yearly_ore([7e5, 2e6], 7e5)
    for name in ("sb_price", "initial_capital"):
        found = npv_of(Production(ore, np.array([2.5])), replace(TERMS, **{name: None}), "mid_year")
        assert np.shape(found) == (2,) and np.all(np.isnan(found))
