"""Are prices of limits, reliefs and comparisons of a mine's plan what independent sums say?"""

from dataclasses import replace

import numpy as np
import pytest
from support.schedules import breaches, checked_value, naive_optimum, naive_relaxation
from support.small_plan import small_mine, small_plan

from planning.economics.discounting import TIME_BEFORE_YEAR_END
from planning.production.bottleneck import bottlenecks, limit_rows
from planning.production.comparisons import (
    cutoff_rows,
    greedy_plan,
    lane_of,
    return_per_tonne,
    richest_first,
    run_in_years,
    worth_of_plan,
)
from planning.production.ending import stop_in_time
from planning.production.rates import Window, rate_problem
from planning.production.relief import Held, changes, relieve
from planning.scheduling.destinations import choose_destinations
from planning.scheduling.plan import empty_plan, plan_value
from planning.scheduling.relaxation import relax

TIGHT = {"feed_t": 8_000.0, "stopes": 0.6}


@pytest.fixture(scope="module")
def tight():
    mine = small_mine(**TIGHT)
    return mine, relax(mine.problem)


def test_a_price_is_what_the_relaxed_problem_gains_by_a_unit(tight):
    mine, relaxation = tight
    plan = empty_plan(mine.problem)
    priced = [row for row in limit_rows(mine, plan, relaxation) if row["binds"]]
    assert priced
    for row in priced:
        r, t, step = mine.resources.index(row["resource"]), row["period"] - 1, 1e-3 * row["limit"]
        upper = mine.problem.upper.copy()
        upper[r, t] += step
        more = naive_relaxation(replace(mine.problem, upper=upper))
        gain = (more - relaxation.value) / step
        assert gain <= row["price_discounted_usd"] * (1 + 1e-6) + 1e-3
        factor = mine.problem.calendar.factors()[t]
        assert row["price_usd"] == pytest.approx(row["price_discounted_usd"] / factor)


def test_the_bottleneck_is_the_limit_that_is_worth_most_and_others_have_no_price(tight):
    mine, relaxation = tight
    ranked = bottlenecks(mine, empty_plan(mine.problem), relaxation)
    assert ranked[0].share == max(b.share for b in ranked) > 0
    assert sum(b.share for b in ranked) == pytest.approx(1.0)
    roomy = small_mine(feed_t=1e6, stopes=1e3)
    free = bottlenecks(roomy, empty_plan(roomy.problem), relax(roomy.problem))
    assert {b.key for b in free if b.share > 0} <= {"development"}


def test_a_full_limit_is_counted_in_the_plan_that_is_shown():
    mine, plan = small_mine(), small_plan()
    relaxation = relax(mine.problem)
    rows = {(r["resource"], r["period"]): r for r in limit_rows(mine, plan, relaxation)}
    assert rows["plant", 2]["used"] == 10_000 and rows["plant", 2]["limit"] == 6_000
    assert rows["stopes", 4]["full"] == pytest.approx(1.5 / 1.5)
    told = {b.key: b for b in bottlenecks(mine, plan, relaxation)}
    assert told["stopes"].periods_full == 1 and told["plant"].periods_full == 1


def test_a_relief_is_what_the_changed_mine_is_worth_more(tight):
    mine, relaxation = tight
    window = Window(2, 3)
    rate = relax(rate_problem(mine, window, 1e5))
    held = Held(mine, relaxation, rate, window, 1e5)
    found = {c.what: (c, relieve(c, held)) for c in changes(mine)}
    assert set(found) == {"one more stope in cycle", "10 % more of the plant",
                          "10 % more of the development"}  # fmt: skip
    for change, relief in found.values():
        gain = naive_relaxation(change.mine.problem) - naive_relaxation(mine.problem)
        assert relief.gain_usd == pytest.approx(gain, abs=2e-3 * relaxation.bound)
        assert gain <= relief.most_gain_usd + 1e-6 * relaxation.bound
        faster = naive_relaxation(rate_problem(change.mine, window, 1e5)) - rate.value
        assert relief.rate_gain_t_per_year == pytest.approx(faster, abs=2e-3 * rate.bound)
    assert any(relief.gain_usd > 0 for _, relief in found.values())


def test_a_higher_price_is_worth_its_part_of_the_metal(tight):
    mine, relaxation = tight
    held = Held(mine, relaxation, None, None, 0.0)
    dear = next(c for c in changes(mine, lambda f: small_mine(**TIGHT, price=100 * f))
                if c.resource is None)  # fmt: skip
    relief = relieve(dear, held)
    gain = naive_relaxation(small_mine(**TIGHT, price=110).problem) - relaxation.value
    assert relief.gain_usd == pytest.approx(gain, rel=1e-2)
    assert relief.rate_gain_t_per_year is None and relief.as_row()["npv_usd"] is None


def test_the_simple_rule_takes_the_best_stope_first_and_before_it_what_it_needs():
    mine = small_mine()
    order = richest_first(mine).tolist()
    place = {a: i for i, a in enumerate(order)}
    # C at 16 % is the best and needs both headings; then A, B and D by their grades.
    assert order == [0, 3, 4, 1, 2, 5]
    for a in order:
        assert all(place[p] < place[a] for p in mine.problem.precedence.predecessors(a).tolist())


@pytest.mark.parametrize("stopes", [0.5, 1.5])
def test_the_simple_rule_keeps_all_limits_and_is_no_better_than_the_best_plan(stopes):
    mine = small_mine(feed_t=12_500, stopes=stopes)
    plan = greedy_plan(mine)
    assert plan is not None and breaches(mine.problem, plan) == []
    best = naive_optimum(mine.problem)
    assert 0 < plan_value(mine.problem, plan) <= best[0] * (1 + 1e-9)
    assert checked_value(mine.problem, best[1]) == pytest.approx(best[0])


def test_fixed_costs_run_until_the_last_period_in_which_anything_is_done():
    mine, plan = small_mine(), small_plan()
    worth = worth_of_plan(mine, plan, "p", "")
    factors = mine.problem.calendar.factors()
    assert worth.fixed_usd == pytest.approx(float((mine.fixed_usd * factors).sum()))
    assert worth.life_years == 4.0  # the stockpile is reclaimed in year 4
    plan.flow[:] = 0.0
    early = worth_of_plan(mine, plan, "p", "")
    assert early.life_years == 3.0 and early.fixed_usd < worth.fixed_usd
    assert early.ore_t == 10_000 + 9_000 + 9_000
    nothing = worth_of_plan(mine, empty_plan(mine.problem), "p", "")
    assert (nothing.fixed_usd, nothing.life_years, nothing.npv_usd) == (0.0, 0.0, 0.0)


def test_lane_of_equal_ore_is_an_annuity_of_its_yearly_cash():
    mine = small_mine()
    ore = np.flatnonzero(np.isfinite(return_per_tonne(mine)))
    plant, paid = mine.destination("plant"), 200.0
    value = mine.problem.value.copy()
    tonnes = mine.table["ore_t"].to_numpy()
    value[ore, plant] = paid * tonnes[ore]
    same = replace(mine, problem=replace(mine.problem, value=value),
                   money={"all": np.where(np.isfinite(value), value, 0.0)})  # fmt: skip
    lane = lane_of(same)
    others = 4000.0 * 180 / tonnes.sum()
    years, d = tonnes.sum() / 12_000.0, 0.1
    annuity = (1 - (1 + d) ** -years) / d
    after = (12_000.0 * (paid - others) - 10_000.0) * annuity
    # The first half has 10,000 t a year of 12,000: a twelfth of a year is lost.
    delay, shift = 1 / 12, TIME_BEFORE_YEAR_END["mid_year"]
    assert run_in_years(mine) == pytest.approx(delay) and shift == 0.5
    later, waited = 1.1 ** (shift - delay), 10_000 * delay * 1.1**-0.5
    assert lane.worth.after_fixed_usd == pytest.approx(after * later - waited, rel=1e-6)
    assert lane.worth.life_years == pytest.approx(years + delay, rel=1e-6)
    assert lane.worth.fixed_usd == pytest.approx(10_000 * annuity * later + waited, rel=0.01)


def test_last_years_that_do_not_earn_their_fixed_cost_are_left_out():
    mine, plan = small_mine(feed_t=24_000.0, stopes=4.0), small_plan()
    upper = mine.problem.upper.copy()
    upper[3] = 1_000.0
    mine = replace(mine, problem=replace(mine.problem, upper=upper))
    assert breaches(mine.problem, plan) == []
    dear = replace(mine, fixed_usd=mine.fixed_usd * 100)  # a million a year
    ending = stop_in_time(dear, plan)
    full = choose_destinations(mine.problem, plan.period)
    whole = worth_of_plan(dear, full, "", "").after_fixed_usd
    left = worth_of_plan(dear, ending.plan, "", "").after_fixed_usd
    # Year 4 brings at most 14,000 t at 57 USD, 798,000 USD, and costs a million.
    assert ending.last_year == 3 and left > whole
    assert ending.gain_usd == pytest.approx(left - whole, abs=1.0)
    assert breaches(mine.problem, ending.plan) == [] and not ending.plan.flow[:, 4].any()
    assert stop_in_time(dear, plan, not_before=4).last_year is None
    assert stop_in_time(replace(mine, fixed_usd=np.zeros(5)), plan).plan is plan
    plan.period[5] = 4  # the last stope in the last year earns 10,000
    assert stop_in_time(mine, plan).last_year is None


def test_one_more_stope_is_a_whole_one_in_days_too():
    mine = small_mine()
    names = replace(mine.problem.names, units=("t", "stope days", "t", "m"))
    days = replace(mine, problem=replace(mine.problem, names=names))
    more = next(c for c in changes(days) if c.resource == "stopes").mine.problem.upper[1]
    added = more - mine.problem.upper[1]
    assert added.tolist() == pytest.approx((365.25 * mine.problem.calendar.length_years).tolist())
    one = next(c for c in changes(mine) if c.resource == "stopes").mine.problem.upper[1]
    assert (one - mine.problem.upper[1]).tolist() == [0.5, 0.5, 1.0, 1.0, 1.0]


def test_ctrl_c_leaves_a_relief_unknown_and_not_nothing(tight, monkeypatch):
    mine, relaxation = tight
    stopped = replace(relaxation, value=-np.inf, bound=np.inf, interrupted=True)
    monkeypatch.setattr("planning.production.relief.relax", lambda *_, **__: stopped)
    held = Held(mine, relaxation, None, None, 0.0)
    plant = next(c for c in changes(mine) if c.resource == "plant")
    assert relieve(plant, held) is None


def test_cutoffs_stand_beside_those_of_lane():
    mine, plan = small_mine(), small_plan()
    rows = cutoff_rows(mine, plan, lane_of(mine))
    assert [row["year"] for row in rows] == [1, 2, 3, 4]
    assert rows[0]["least_sb_pct"] == 4.0 and rows[2]["least_sb_pct"] == 2.0
    assert rows[0]["least_return_usd_per_t"] == pytest.approx(4 * 90 - 80)
    assert rows[1]["least_sb_pct"] is None and rows[0]["lane_cutoff_usd_per_t"] > 0
