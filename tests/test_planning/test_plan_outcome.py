"""Does the outcome of a plan add up to its activities, its money and its worth?"""

import datetime as dt

import numpy as np
import pytest
from support.small_plan import BIN_SB_PCT, small_mine, small_plan

from planning.production.dates import period_name
from planning.production.outcome import outcome_of
from planning.scheduling.plan import plan_value


@pytest.fixture(scope="module")
def outcome():
    return outcome_of(small_mine(), small_plan(), dt.date(2026, 1, 1))


def test_ore_feed_and_stock_are_those_of_the_hand(outcome):
    rows = outcome.periods
    assert rows["ore_t"].tolist() == [0, 10_000, 0, 32_000, 0]
    assert rows["feed_t"].tolist() == [0, 10_000, 0, 9_000, 8_000]
    assert rows["stocked_t"].tolist() == [0, 0, 0, 14_000, 0]
    assert rows["stock_t"].tolist() == [0, 0, 0, 14_000, 6_000]
    assert rows["direct_t"].tolist() == [0, 0, 0, 9_000, 0]
    assert rows["development_m"].tolist() == [100, 0, 80, 0, 0]


def test_head_grades_are_those_of_the_feed_and_unknown_without_feed(outcome):
    head = outcome.periods["sb_pct"]
    assert head.isna().tolist() == [True, False, True, False, False]
    assert head.dropna().tolist() == pytest.approx([4.0, 2.0, BIN_SB_PCT])


def test_years_add_their_periods_up(outcome):
    years, periods = outcome.years, outcome.periods
    assert years["year"].tolist() == [1, 2, 3, 4]
    assert years["feed_t"].tolist() == [10_000, 0, 9_000, 8_000]
    assert years["stock_t"].tolist() == [0, 0, 14_000, 6_000]
    assert years["target_t"].tolist() == [11_000, 12_000, 12_000, 12_000]
    for name in ("ore_t", "revenue_usd", "cost_usd", "cash_usd", "discounted_usd", "sb_t"):
        assert years[name].sum() == pytest.approx(periods[name].sum())
    assert years["from_date"].tolist() == ["2026-01-01", "2027-01-01", "2028-01-01", "2029-01-01"]
    assert years["to_date"].tolist()[0] == "2026-12-31"


def test_money_is_the_worth_that_the_problem_gives_the_plan(outcome):
    mine, plan = small_mine(), small_plan()
    rows = outcome.periods
    assert rows["discounted_usd"].sum() == pytest.approx(plan_value(mine.problem, plan))
    assert rows["cash_usd"].tolist() == pytest.approx(rows["revenue_usd"] - rows["cost_usd"])
    kinds = [n for n in rows.columns if n.startswith("cost_") and n != "cost_usd"]
    assert rows[kinds].sum(axis=1).tolist() == pytest.approx(rows["cost_usd"].tolist())
    assert (rows[kinds] >= 0).all(axis=None)
    assert rows["cost_stockpiling_usd"].tolist() == [0, 0, 0, 0, 24_000]
    assert outcome.closed < 1e-12
    after = (rows["cash_usd"] - rows["fixed_usd"]).tolist()
    assert rows["cash_after_fixed_usd"].tolist() == pytest.approx(after)
    assert rows["fixed_usd"].tolist() == [5_000, 5_000, 10_000, 10_000, 10_000]


def test_ore_and_metal_are_followed_to_where_they_went(outcome):
    ore, sb, gold = outcome.balance.to_dict("records")
    assert ore["mined"] == 42_000 and ore["to_plant_at_once"] == 19_000
    assert ore["shipped"] == 9_000 and ore["stocked"] == 14_000
    assert ore["reclaimed_at_bin_grade"] == 8_000 and ore["left_or_not_counted"] == 6_000
    assert sb["what"] == "sb_t" and sb["mined"] == pytest.approx(400 + 240 + 1440 + 110)
    assert sb["reclaimed_at_bin_grade"] == pytest.approx(80)
    assert gold["what"] == "au_kg" and gold["mined"] == pytest.approx(10 + 6 + 18 + 2.2)


def test_a_share_that_goes_nowhere_is_told(outcome):
    plan = small_plan()
    plan.share[1, 0] = 0.5
    assert outcome_of(small_mine(), plan).closed == pytest.approx(5.0 / 36.2)
    assert outcome.closed < 1e-12


def test_an_empty_plan_is_worth_nothing_and_has_no_grades():
    from planning.scheduling.plan import empty_plan

    mine = small_mine()
    found = outcome_of(mine, empty_plan(mine.problem))
    assert found.value_usd == 0.0 and found.closed == 0.0
    assert found.years["sb_pct"].isna().all() and not found.years["feed_t"].any()
    assert found.years["from_date"].isna().all()


def test_every_period_of_a_mixed_calendar_has_its_own_name():
    ends = np.cumsum([1 / 12] * 24 + [0.25] * 8 + [1.0] * 3)
    names = [period_name(e - w, e) for e, w in zip(
        ends, [1 / 12] * 24 + [0.25] * 8 + [1.0] * 3, strict=True)]  # fmt: skip
    assert len(set(names)) == len(names)
    assert names[11] == "year 1, month 12" and names[24] == "year 3, quarter 1"
    assert names[-1] == "year 7"
