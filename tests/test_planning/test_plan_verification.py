"""Does the checker of plans find each broken rule, only that one, and the value of a sound plan?"""

import ast
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.plans import FEED, MINED, NOWHERE, PILE, PLANT, small_contents, small_mine, small_plan
from support.reference import reference
from support.schedules import ALL, FEATURES, breaches, naive_optimum, random_schedule

import planning.verification
from deposits.errors import DataError
from planning.formats.minelib import read_instance
from planning.formats.minelib_solutions import read_solution
from planning.limits.minelib_problem import SideConstraints
from planning.scheduling.calendar import mixed_calendar
from planning.scheduling.plan import SchedulePlan, empty_plan, plan_value
from planning.scheduling.problem import no_flows
from planning.verification.plan_contents import PlanContents
from planning.verification.plans import verify_plan


def changed(period=(), share=(), flow=()):
    """The sound plan with some of its numbers changed."""
    plan = small_plan()
    for a, t in dict(period).items():
        plan.period[a] = t
    for a, row in dict(share).items():
        plan.share[a] = row
    for (f, t), amount in dict(flow).items():
        plan.flow[f, t] = amount
    return plan


def told(plan, problem=None, **how):
    return verify_plan(problem or small_mine(), plan, **how)


def test_a_sound_plan_is_worth_what_a_calculator_says():
    check = told(small_plan(), contents=small_contents())
    assert check.feasible, check.sentences()
    assert check.value == pytest.approx(90 / 1.1**0.5 + 111 / 1.1**1.5 + 10 / 1.1**2.5, rel=1e-13)
    assert check.n_done == 3
    np.testing.assert_array_equal(
        check.use, [[0, 1000, 2000, 0], [0, 1000, 1100, 500], [0, 0, 900, 400]]
    )
    assert check.to_dict() == {"value": check.value, "feasible": True, "violations": []}
    assert "189.90 kUSD" in str(check)
    assert "all" in check._repr_html_()


def test_rock_and_metal_go_where_the_plan_sends_them():
    sent = told(small_plan(), contents=small_contents()).contents.set_index(
        ["period", "destination"]
    )
    assert sent["ore_t"].to_dict() == {
        (0, NOWHERE): 0, (1, PLANT): 1000, (2, PLANT): 1000, (2, PILE): 1000,
    }  # fmt: skip
    assert sent["metres"].sum() == 120
    assert sent["sb_t"].tolist() == pytest.approx([0, 20, 30, 30])


BROKEN = {
    "period that does not exist": (
        {"period": {4: 7}}, "unknown", "-4 level: period 8 does not exist, the last is 4",
    ),
    "period before all": ({"period": {4: -1}}, "unknown", "-4 level: period 0 does not exist"),
    "negative share": (
        {"share": {2: [1.5, -0.5, 0]}}, "fraction",
        "=ST+3 in period 3: the share of plant is 1.5, not 0 to 1",
    ),
    "only a negative share": (
        {"share": {2: [0.6, -0.1, 0.5]}}, "fraction", "the share of stockpile is -0.1, not 0 to 1",
    ),
    "share that is no number": (
        {"share": {1: [1, math.nan, 0]}}, "fraction", "the share of stockpile is nan",
    ),
    "done in part": (
        {"share": {2: [0.5, 0.4, 0]}}, "shares",
        "=ST+3 in period 3: its shares add up to 0.9, not 1",
    ),
    "done twice": ({"share": {0: [0, 0, 2]}}, "shares", "add up to 2, not 1"),
    "sent but not done": (
        {"share": {3: [1, 0, 0]}}, "shares",
        "ST-12 is not done: its shares add up to 1, not 0",
    ),
    "not allowed there": (
        {"share": {1: [0, 0, 1]}}, "forbidden",
        "1-2 in period 2 may not go to none (share 1)",
    ),
    "too early": (
        {"period": {0: 0, 2: 0}}, "window",
        "=ST+3 in period 1 is too early: it can be done in periods 2 to 4 only",
    ),
    "too late": (
        {"period": {3: 3}, "share": {3: [0, 0.4, 0.6]}}, "window",
        "ST-12 in period 4 is too late: it can be done in periods 1 to 3 only",
    ),
    "predecessor never done": (
        {"period": {0: 4}, "share": {0: [0, 0, 0]}}, "precedence",
        "1-2 in period 2 needs Штрек 1, which is never done",
    ),
    "predecessor in no period that exists": (
        {"period": {0: -1}}, "precedence", "1-2 in period 2 needs Штрек 1, which is never done",
    ),
    "predecessor in the next period, without a span": (
        {"period": {3: 3, 4: 2}, "share": {3: [0, 1, 0], 4: [1, 0, 0]}}, "precedence",
        "-4 level in period 3 comes before ST-12, which is done in period 4 and must come first",
    ),
    "predecessor later": (
        {"period": {1: 3}}, "precedence",
        "=ST+3 in period 3 comes before 1-2, which is done in period 4 and must come first",
    ),
    "too soon": (
        {"period": {2: 1}}, "precedence",
        "=ST+3 in period 2 comes too soon after 1-2 in period 2: at most 0.5 years lie between "
        "the beginning of that and the end of this, 1 are needed",
    ),
    "too much": (
        {"share": {2: [0.6, 0.4, 0]}}, "limit",
        "feed in period 3: 1,300 t is 100 t above the upper limit of 1,200 t",
    ),
    "too little": (
        {"share": {1: [0, 1, 0]}}, "limit",
        "feed in period 2: 0 t is 200 t below the lower limit of 200 t",
    ),
    "stock that is not there": (
        {"flow": {(0, 0): 100.0}}, "limit",
        "stock in period 1 so far: -100 t is 100 t below the lower limit of 0 t, and it stays "
        'below until period 2; take less in the rows of flow "reclaim" until then, or send more to '
        "stockpile",
    ),
    "flow too large": (
        {"flow": {(0, 3): 501.0}}, "flow", 'flow "reclaim" in period 4: 501 is above 500',
    ),
    "flow backwards": (
        {"flow": {(0, 2): -1.0}}, "flow", 'flow "reclaim" in period 3: -1 is below 0',
    ),
    "flow that is not known": ({"flow": {(0, 2): math.nan}}, "flow", "nan is no amount"),
    "flow without end": ({"flow": {(0, 2): math.inf}}, "flow", "inf is no amount"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_each_broken_rule_is_told_with_names_and_amounts(what):
    change, rule, sentence = BROKEN[what]
    check = told(changed(**change))
    assert not check.feasible
    said = {row.rule: row.says for row in check.violations[::-1].itertuples()}
    assert rule in said, said
    assert sentence in said[rule], said
    assert check.counts()[rule] >= 1
    assert math.isfinite(check.value)
    as_json = json.loads(json.dumps(check.to_dict(), allow_nan=False))
    assert as_json["feasible"] is False
    assert len(as_json["violations"]) == len(check.violations)


def test_rules_that_are_kept_are_not_reported_with_those_that_are_broken():
    assert told(changed(flow={(0, 3): 501.0})).counts() == {"flow": 1}
    assert told(changed(share={2: [0.6, 0.4, 0]})).counts() == {"limit": 1}
    assert told(changed(period={4: 7})).counts() == {"unknown": 1}
    late = changed(period={0: 4}, share={0: [0, 0, 0]})
    assert told(late).counts() == {"precedence": 1}


def test_windows_of_one_period_or_none_are_said():
    mine = small_mine()
    for last, words in ((1, "is too late: it can be done in period 2 only"),
                        (0, "can be done in no period")):  # fmt: skip
        check = told(small_plan(), small_mine(last=np.where(np.arange(5) == 2, last, mine.last)))
        assert check.sentences() == [f"=ST+3 in period 3 {words}"]


def test_a_stock_gone_negative_is_told_once_until_it_is_there_again():
    plan = changed(flow={(0, 0): 100.0, (0, 3): 0.0})
    found = told(plan).violations
    assert found[["period", "until", "amount"]].values.tolist() == [[0, 1, -100.0]]
    again = changed(flow={(0, 0): 100.0, (0, 2): 0.0, (0, 3): 500.0})
    upper = np.array([[1500.0, 2000, 2500, 2500], [1200.0] * 4, [1000, 1000, 800, 1000]])
    check = told(again, small_mine(upper=upper))
    assert [(v["period_from_1"], v.get("until_from_1")) for v in check.to_dict()["violations"]] == [
        (1, 2), (3, None),
    ]  # fmt: skip
    assert check.sentences()[1] == (
        "stock in period 3 so far: 900 t is 100 t above the upper limit of 800 t; take more in "
        'the rows of flow "reclaim" until then, or send less to stockpile'
    )


def test_limits_of_single_periods_are_told_in_each():
    check = told(changed(), small_mine(upper=np.array([[900.0] * 4, [1200.0] * 4, [1e9] * 4])))
    assert check.violations["period"].tolist() == [1, 2]
    assert check.violations["until"].isna().all()


def test_the_value_of_a_broken_plan_is_not_said_as_that_of_a_sound_one():
    broken = str(told(changed(flow={(0, 3): 501.0})))
    assert "Value (rules are broken)" in broken
    assert "broken" not in str(told(small_plan()))


def test_a_general_limit_is_summed_over_all_periods():
    plan = changed(period={3: 2, 4: 3}, share={3: [0, 1, 0], 4: [1, 0, 0]})
    said = [row.says for row in told(plan).violations.itertuples() if row.rule == "general"]
    assert said == ["side constraint 0: 1 is above 0.9"]
    low = SideConstraints(*[np.zeros(1, int)] * 4, np.ones(1), np.array([0.5]), np.array([np.inf]))
    check = told(small_plan(), small_mine(general=low))
    assert [row.says for row in check.violations.itertuples()] == [
        "side constraint 0: 0 is below 0.5"
    ]


def test_what_may_not_be_shared_is_not():
    check = told(small_plan(), small_mine(split=False))
    assert check.sentences() == ["=ST+3 in period 3 is shared among destinations, and may not be"]


def test_a_sum_may_be_off_by_rounding_and_no_more():
    feed = 1200.0
    for over, feasible in ((0.9e-9, True), (1.1e-9, False)):
        plan = changed(flow={(0, 2): 100 + 100 + feed * over, (0, 3): 400.0})
        assert told(plan).feasible is feasible
    plan = changed(flow={(0, 2): 200.001, (0, 3): 400.0})
    assert not told(plan).feasible
    assert told(plan, within=1e-6).feasible


def test_rounding_is_measured_against_what_was_summed_where_the_limit_is_zero():
    mine = small_mine()
    flows = replace(mine.flows, most=np.full((1, 4), 1000.0))
    problem = small_mine(flows=flows, upper=2.0 * mine.upper)
    for over, broken in ((0.9e-9, {}), (1.1e-9, {"limit": 1})):
        # 2,000 t pass through the stock, which then holds a little less than nothing.
        plan = changed(flow={(0, 2): 500.0, (0, 3): 500.0 + 2000.0 * over})
        assert told(plan, problem).counts() == broken


def test_lost_rock_is_missed_even_where_no_limit_looks():
    check = told(changed(share={2: [0.5, 0.4, 0]}), contents=small_contents())
    masses = check.violations[check.violations["rule"] == "mass"]["says"].tolist()
    assert masses == [
        "ore_t: 5,100 is accounted for of 5,300 that there was",
        "sb_t: 93 is accounted for of 99 that there was",
    ]


def test_metal_of_an_unknown_grade_is_unknown_and_of_no_rock_is_none():
    contents = small_contents()
    table = contents.table.assign(sb_pct=[math.nan, 2.0, math.nan, 1.0, 0.5])
    check = told(small_plan(), contents=replace(contents, table=table))
    assert check.feasible
    assert check.contents["sb_t"].isna().tolist() == [False, False, True, True]


def test_metal_stands_in_the_unit_of_its_grade():
    table = pd.DataFrame({"ore_t": [1000.0], "sb_pct": [2.5], "au_gpt": [3.0], "hg_ppm": [40.0]})
    grades = dict.fromkeys(("sb_pct", "au_gpt", "hg_ppm"), "ore_t")
    held = PlanContents(table, ("ore_t",), grades).columns()
    assert {name: float(amount[0]) for name, amount in held.items()} == pytest.approx(
        {"ore_t": 1000.0, "sb_t": 25.0, "au_kg": 3.0, "hg_kg": 40.0}
    )


def test_contents_are_refused_with_all_their_mistakes():
    table = small_contents().table.assign(name="x")
    with pytest.raises(DataError) as error:
        PlanContents(
            table.assign(metres=math.nan),
            ("or_t", "metres", "name"),
            {"sb": "ore_t", "sb_pct": "ore"},
        )
    said = str(error.value)
    assert 'column "or_t" is missing. Did you mean "ore_t"?' in said
    assert "column metres: an amount is missing" in said
    assert "column name: the column holds no numbers" in said
    assert "a grade does not say its unit; found sb" in said
    assert said.count("\n") == 5


def test_a_plan_of_something_else_is_refused():
    plan = SchedulePlan(np.zeros(4, int), np.zeros((5, 2)), np.zeros((1, 3)))
    with pytest.raises(DataError) as error:
        told(plan, contents=PlanContents(small_contents().table.iloc[:3], ("ore_t",)))
    assert len(error.value.problems) == 4
    assert "shape (4,); allowed (5,)" in str(error.value)


def test_twenty_four_months_are_two_years():
    calendar = mixed_calendar([(25, 12)], 0.1, "start_of_year")
    mine = small_mine()
    problem = small_mine(
        calendar=calendar, lower=np.full((3, 25), -np.inf), upper=np.full((3, 25), np.inf),
        flows=no_flows(25), first=mine.first * 0, last=mine.first * 0 + 24,
    )  # fmt: skip
    plan = empty_plan(problem)
    plan.period[[0, 1]], plan.share[0, NOWHERE], plan.share[1, PLANT] = [0, 24], 1.0, 1.0
    check = told(plan, problem)
    assert check.feasible
    assert check.value == pytest.approx(-10 + 100 / 1.1**2, rel=1e-13)
    assert plan_value(problem, plan) == pytest.approx(check.value, rel=1e-13)


def test_doing_nothing_keeps_all_but_lower_limits():
    assert told(empty_plan(small_mine())).counts() == {"limit": 1}
    assert told(empty_plan(small_mine())).value == 0.0


@pytest.mark.parametrize(
    "features", [(), *((name,) for name in FEATURES), tuple(sorted(ALL))], ids=str
)
def test_best_plans_of_others_are_sound_and_worth_what_they_say(features):
    found = 0
    for seed in range(4):
        problem = random_schedule(seed, features, 6, 3)
        best = naive_optimum(problem)
        if best is not None:
            check = verify_plan(problem, best[1], within=1e-7)
            assert check.feasible, check.sentences()
            assert check.value == pytest.approx(best[0], rel=1e-7, abs=1e-7)
            found += 1
    assert found


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.data())
def test_any_plan_is_judged_as_the_other_checker_judges_it(seed, data):
    problem = random_schedule(seed, tuple(sorted(ALL)), 5, 3)
    n, d, t = problem.n_activities, problem.n_destinations, problem.n_periods
    period = np.array(data.draw(st.lists(st.integers(0, t), min_size=n, max_size=n)))
    where = data.draw(st.lists(st.integers(0, d - 1), min_size=n, max_size=n))
    share = np.zeros((n, d))
    share[np.arange(n), where] = 1.0
    share[period == t] = 0.0
    plan = SchedulePlan(period, share, np.zeros((problem.n_flows, t)))
    assert verify_plan(problem, plan, within=1e-7).feasible == (not breaches(problem, plan))


@pytest.mark.reference
@pytest.mark.parametrize("kind", ["cpit", "pcpsp"])
def test_the_published_plans_of_newman1_keep_to_it(kind):
    from planning.scheduling.from_minelib import plan_of_solution, schedule_problem
    from planning.verification.minelib import verify_solution

    asked = read_instance(reference("minelib/newman1"), kind).or_raise()
    path = reference(f"minelib/newman1/newman1_{kind}_gmunoz120723.sol")
    answer = read_solution(path, kind).or_raise()
    problem = schedule_problem(asked)
    check = verify_plan(problem, plan_of_solution(problem, answer))
    assert check.feasible, check.sentences()
    assert check.value == pytest.approx(verify_solution(asked, answer).value, rel=1e-12)


def test_the_checker_imports_nothing_that_searches():
    allowed = {"plan", "problem"}
    for path in Path(planning.verification.__file__).parent.glob("plan*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert not name.startswith(("planning.kernels", "planning.solver")), path
                if name.startswith("planning.scheduling."):
                    assert name.split(".")[2] in allowed, path


def test_limits_name_the_resource_where_no_unit_is_known():
    names = replace(small_mine().names, units=(), resources=())
    check = told(changed(share={2: [0.6, 0.4, 0]}), small_mine(names=names))
    assert check.sentences() == [
        f"resource {FEED} in period 3: 1,300 is 100 above the upper limit of 1,200"
    ]
    assert MINED == 0
