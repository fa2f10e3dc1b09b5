"""Do the nouns of scheduling refuse what is none, and say, use and weigh what they should?"""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.plans import small_mine, small_plan
from support.schedules import ALL, random_schedule

from deposits.errors import DataError
from planning.economics.discounting import net_present_value
from planning.limits.minelib_problem import SideConstraints
from planning.limits.precedence import ArcPrecedence
from planning.scheduling.calendar import Calendar, equal_years, mixed_calendar
from planning.scheduling.plan import SchedulePlan, empty_plan, plan_value, resource_use
from planning.scheduling.problem import ScheduleNames, no_flows

MONTHS = mixed_calendar([(24, 12), (24, 4), (7, 1)], 0.08, "mid_year")


def refused(call):
    """The sentences of what a noun refuses."""
    with pytest.raises(DataError) as error:
        call()
    return [str(problem) for problem in error.value.problems]


def test_a_calendar_of_months_quarters_and_years_ends_where_the_years_do():
    assert MONTHS.n_periods == 55
    assert MONTHS.ends()[[11, 23, 27, 54]] == pytest.approx([1, 2, 3, 15], rel=1e-12)
    assert MONTHS.starts()[0] == 0
    np.testing.assert_allclose(MONTHS.starts()[1:], MONTHS.ends()[:-1], atol=1e-12)
    years = MONTHS.years()
    assert [int((years == year).sum()) for year in range(15)] == [12, 12, *[4] * 6, *[1] * 7]


@pytest.mark.parametrize("convention", ["end_of_year", "mid_year", "start_of_year"])
def test_a_plan_by_months_is_worth_what_a_spreadsheet_makes_of_its_years(convention):
    calendar = replace(MONTHS, discounting=convention)
    money = np.linspace(5.0, -3.0, 55)
    yearly = np.bincount(calendar.years(), money)
    worth = float((money * calendar.factors()).sum())
    assert worth == pytest.approx(float(net_present_value(yearly, 0.08, convention)), rel=1e-12)


@given(
    st.lists(st.floats(0.05, 3.0), min_size=1, max_size=8),
    st.lists(st.floats(0.0, 6.0), min_size=1, max_size=5),
)
def test_the_latest_predecessor_is_the_last_one_whose_dates_fit(lengths, spans):
    calendar = Calendar(np.array(lengths), 0.1, "mid_year")
    latest = calendar.latest_before(spans)
    starts, ends = calendar.starts(), calendar.ends()
    assert latest.shape == (len(spans), len(lengths))
    for k, span in enumerate(spans):
        for t in range(len(lengths)):
            fits = [s for s in range(t + 1) if starts[s] + span <= ends[t] + 1e-9]
            assert latest[k, t] == max(fits, default=-1)
            assert latest[k, t] <= t
            assert t == 0 or latest[k, t] >= latest[k, t - 1], "a predecessor once in time stays so"


def test_spans_that_meet_a_period_to_the_day_fit():
    assert equal_years(4, 0.1, "mid_year").latest_before([0, 1, 2, 2.5]).tolist() == [
        [0, 1, 2, 3], [0, 1, 2, 3], [-1, 0, 1, 2], [-1, -1, 0, 1],
    ]  # fmt: skip
    month = 1 / 12
    twelve = mixed_calendar([(12, 12)], 0.1, "mid_year").latest_before([12 * month, 3 * month])
    assert twelve[0].tolist() == [-1] * 11 + [0]
    assert twelve[1].tolist() == [-1, -1, *range(10)]
    assert equal_years(3, 0.1, "mid_year").latest_before([]).shape == (0, 3)


WRONG_CALENDARS = {
    "no period": (([], 0.1, "mid_year"), ["a plan needs periods"]),
    "two dimensions": (([[1.0]], 0.1, "mid_year"), ["a plan needs periods"]),
    "no length": (([1.0, 0.0], 0.1, "mid_year"), ["a period has no length; found [0.]"]),
    "backwards": (([-1.0], 0.1, "mid_year"), ["a period has no length; found [-1.]"]),
    "for ever": (([1.0, math.inf], 0.1, "mid_year"), ["a period has no length; found [inf]"]),
    "unknown": (([math.nan], 0.1, "mid_year"), ["a period has no length; found [nan]"]),
    "all lost": (([1.0], -1.0, "mid_year"), ["no discount rate; found -1.0; allowed above -1"]),
    "no rate": (([1.0], math.nan, "mid_year"), ["no discount rate; found nan"]),
    "no end of rates": (([1.0], math.inf, "mid_year"), ["no discount rate; found inf"]),
    "all at once": (
        ([], -2.0, "midyear"),
        ["a plan needs periods", "no convention of discounting; found midyear; allowed "
         "end_of_year, mid_year, start_of_year", "no discount rate; found -2.0"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG_CALENDARS)
def test_what_is_no_calendar_is_refused(what):
    (lengths, rate, convention), words = WRONG_CALENDARS[what]
    said = refused(lambda: Calendar(np.array(lengths), rate, convention))
    assert len(said) == len(words)
    for sentence, part in zip(said, words, strict=True):
        assert part in sentence


MINE = small_mine()
SIDE = MINE.general


def use(**changes):
    return {"use": replace(MINE.use, **changes)}


def flows(**changes):
    return {"flows": replace(MINE.flows, **changes)}


def side(**changes):
    return {"general": replace(SIDE, **changes)}


def names(**changes):
    return {"names": replace(MINE.names, **changes)}


def with_one(array, place, value):
    """A copy of an array with one number changed."""
    changed = array.astype(float) if isinstance(value, float) else array.copy()
    changed[place] = value
    return changed


WRONG_PROBLEMS = {
    "values in a row": ({"value": np.zeros(5)}, "value: values need a row an activity"),
    "an activity too many": ({"value": np.zeros((6, 3))}, "precedence: wrong shape; found (6,)"),
    "limits of fewer periods": ({"lower": MINE.lower[:, :3]}, "lower: wrong shape; found (3, 3)"),
    "a limit too few": ({"upper": MINE.upper[:2]}, "lower: wrong shape"),
    "one flag too many": ({"cumulative": np.zeros(4, bool)}, "cumulative: wrong shape"),
    "first of fewer": ({"first": MINE.first[:4]}, "first: wrong shape; found (4,); allowed (5,)"),
    "last of fewer": ({"last": MINE.last[:4]}, "last: wrong shape"),
    "flows of fewer periods": (flows(most=np.ones((1, 3))), "flows.most: wrong shape"),
    "a flow without a name": (flows(names=()), "flows.value: wrong shape"),
    "arcs without spans": ({"span_class": MINE.span_class[:2]}, "span_class: wrong shape"),
    "a span that is not there": ({"spans_years": np.zeros(2)}, "span_class: does not exist; found"),
    "a negative number": (use(activity=with_one(MINE.use.activity, 0, -1)), "use.activity: does"),
    "another destination": (use(destination=with_one(MINE.use.destination, 0, 3)),
                            "use.destination: does not exist; found [3]; allowed 0 to 2"),
    "another resource": (use(resource=with_one(MINE.use.resource, 0, 3)), "use.resource: does not"),
    "another flow": (flows(flow=np.array([0, 1])), "flows.flow: does not exist"),
    "a flow of no resource": (flows(resource=np.array([0, 3])), "flows.resource: does not exist"),
    "an arc to nowhere": (
        {"precedence": ArcPrecedence(MINE.precedence.indptr, np.array([0, 1, 0, 5], np.int32))},
        "precedence.indices: does not exist; found [5]; allowed 0 to 4",
    ),
    "uses of unequal length": (use(amount=MINE.use.amount[:-1]), "use: the columns are not equal"),
    "flows of unequal length": (flows(amount=np.ones(3)), "flows: the columns are not equally"),
    "weights of unequal length": (side(amount=np.ones(3)), "general: the columns are not equally"),
    "general limits of unequal length": (side(lower=np.zeros(2)), "general limits: the columns"),
    "a weight of nobody": (side(block=np.array([0, 5])), "general.block: does not exist"),
    "a weight of nowhere": (side(destination=np.array([0, 3])), "general.destination: does not"),
    "a weight of never": (side(period=np.array([0, 4])), "general.period: does not exist"),
    "a weight of nothing": (side(constraint=np.array([0, 1])), "general.constraint: does not"),
    "a value that is none": ({"value": with_one(MINE.value, (1, 0), math.nan)}, "value: a value"),
    "a value without end": ({"value": with_one(MINE.value, (1, 0), math.inf)}, "a value is no"),
    "a use without end": (use(amount=with_one(MINE.use.amount, 0, math.inf)),
                          "use.amount: not finite; found 1 numbers"),
    "a flow's value that is none": (flows(value=np.full((1, 4), math.nan)), "flows.value: not fin"),
    "a flow's use that is none": (flows(amount=np.array([1, math.nan])), "flows.amount: not fin"),
    "a weight that is none": (side(amount=np.array([1, math.nan])), "general.amount: not finite"),
    "a span without end": ({"spans_years": np.array([0, 0.5, math.inf])}, "spans_years: not fin"),
    "a span backwards": ({"spans_years": np.array([0, 0.5, -1.0])}, "a span runs backwards"),
    "a flow backwards": (flows(most=np.full((1, 4), -1.0)), "flows.most: a flow runs backwards"),
    "a flow of no amount": (flows(most=np.full((1, 4), math.nan)), "a flow runs backwards"),
    "a limit upside down": (
        {"lower": with_one(MINE.lower, (1, 2), 1201.0)},
        "limits of feed, period 3: the lower limit is above the upper one; found 1201 and 1200",
    ),
    "a limit that is none": ({"upper": with_one(MINE.upper, (2, 3), math.nan)}, "found 0 and nan"),
    "a limit without end": (
        {"lower": with_one(MINE.lower, (1, 2), math.inf),
         "upper": with_one(MINE.upper, (1, 2), math.inf)}, "found inf and inf",
    ),
    "a general limit upside down": (side(lower=np.array([1.0])), "general constraint 1: the lower"),
    "a use stated twice": (
        {"use": type(MINE.use)(*(np.repeat(column, 2) for column in
                                 (MINE.use.activity, MINE.use.destination, MINE.use.resource,
                                  MINE.use.amount)))},
        "use: a use is stated twice; found 14 rows",
    ),
    "an activity without a name": (names(activities=("a",)), "names of activities: there is not"),
    "a destination without": (names(destinations=("a",)), "names of destinations: there is not"),
    "a resource without": (names(resources=("a",)), "names of resources: there is not one each"),
    "a unit too many": (names(units=("t",) * 4), "names of units: there is not one each; found 4"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG_PROBLEMS)
def test_what_is_no_problem_is_refused(what):
    changes, words = WRONG_PROBLEMS[what]
    said = refused(lambda: small_mine(**changes))
    assert any(words in sentence for sentence in said), said


def test_all_mistakes_of_a_kind_are_told_at_once():
    changes = use(destination=with_one(MINE.use.destination, 0, 3)) | {"first": MINE.first[:4]}
    assert len(refused(lambda: small_mine(**changes, span_class=MINE.span_class - 9))) == 3
    changes = {"spans_years": np.array([0, math.nan, -1.0])} | flows(most=np.full((1, 4), -1.0))
    assert len(refused(lambda: small_mine(**changes))) == 3


def test_many_wrong_limits_are_counted():
    calendar = equal_years(30, 0.1, "mid_year")
    lower, upper = np.ones((3, 30)), np.zeros((3, 30))
    changes = {"calendar": calendar, "lower": lower, "upper": upper, "flows": no_flows(30)}
    said = refused(lambda: small_mine(**changes))
    assert len(said) == 21
    assert said[-1].startswith("limits: the lower limit is above the upper one; found 70 more")


def test_a_problem_says_what_it_is():
    assert (MINE.n_activities, MINE.n_destinations, MINE.n_resources) == (5, 3, 3)
    assert (MINE.n_periods, MINE.n_flows) == (4, 1)
    assert MINE.allowed.sum() == 8
    assert "Activities" in str(MINE)
    assert "Small mine" in MINE._repr_html_()
    assert "0.1 a year, mid_year" in str(MINE.calendar)
    assert MINE.latest().tolist() == MINE.calendar.latest_before([0.0, 0.5, 1.0]).tolist()
    table = MINE.use.table(1, 5, 3)
    assert table[:, 0].tolist() == [0, 1000, 2000, 1500, 800]
    assert not table[:, 1:].any()


def test_what_has_no_name_has_a_number():
    assert ScheduleNames().activity(3) == "activity 3"
    assert ScheduleNames().destination(0) == "destination 0"
    assert ScheduleNames().resource(2) == "resource 2"
    assert MINE.names.activity(3) == "ST-12"
    assert MINE.names.destination(1) == "stockpile"
    assert MINE.names.resource(2) == "stock"


def test_a_problem_of_nothing_is_one():
    none = np.zeros(0, np.int64)
    problem = small_mine(
        value=np.zeros((0, 1)), precedence=ArcPrecedence(np.zeros(1, np.int64), none.astype("i4")),
        span_class=none, spans_years=np.zeros(0), use=type(MINE.use)(none, none, none, np.zeros(0)),
        lower=np.zeros((0, 4)), upper=np.zeros((0, 4)), cumulative=np.zeros(0, bool),
        flows=no_flows(4), first=none, last=none, names=ScheduleNames(),
        general=SideConstraints(none, none, none, none, *[np.zeros(0)] * 3),
    )  # fmt: skip
    plan = empty_plan(problem)
    assert plan_value(problem, plan) == 0.0
    assert resource_use(problem, plan).shape == (0, 4)
    assert problem.latest().shape == (0, 4)


def test_a_plan_is_worth_and_uses_what_its_numbers_say():
    assert plan_value(MINE, small_plan()) == pytest.approx(
        90 / 1.1**0.5 + 111 / 1.1**1.5 + 10 / 1.1**2.5, rel=1e-13
    )
    np.testing.assert_array_equal(
        resource_use(MINE, small_plan()),
        [[0, 1000, 2000, 0], [0, 1000, 1100, 500], [0, 0, 900, 400]],
    )
    assert small_plan().done(4).tolist() == [True, True, True, False, False]
    nothing = empty_plan(MINE)
    assert not nothing.done(4).any()
    assert plan_value(MINE, nothing) == 0.0
    assert not resource_use(MINE, nothing).any()


@pytest.mark.parametrize("seed", range(6))
def test_value_and_use_are_those_of_loops(seed):
    problem = random_schedule(seed, tuple(sorted(ALL)), 7, 4)
    rng = np.random.default_rng(seed)
    period = rng.integers(0, 5, 7)
    share = rng.dirichlet(np.ones(problem.n_destinations), 7)
    share[~problem.allowed] = 0.0
    share[period == 4] = 0.0
    plan = SchedulePlan(period, share, rng.uniform(0, 2, (problem.n_flows, 4)))
    factor = problem.calendar.factors()
    worth, total = 0.0, np.zeros((problem.n_resources, 4))
    for a, d in np.argwhere(share > 0).tolist():
        worth += problem.value[a, d] * share[a, d] * factor[period[a]]
    for use in zip(*(getattr(problem.use, n) for n in ("activity", "destination", "resource",
                                                       "amount")), strict=True):  # fmt: skip
        a, d, r, amount = use
        if period[a] < 4:
            total[r, period[a]] += amount * share[a, d]
    for f in range(problem.n_flows):
        worth += float((plan.flow[f] * problem.flows.value[f] * factor).sum())
    for f, r, amount in zip(problem.flows.flow, problem.flows.resource, problem.flows.amount,
                            strict=True):  # fmt: skip
        total[r] += amount * plan.flow[f]
    for r in np.flatnonzero(problem.cumulative):
        total[r] = np.cumsum(total[r])
    assert plan_value(problem, plan) == pytest.approx(worth, rel=1e-12)
    np.testing.assert_allclose(resource_use(problem, plan), total, rtol=1e-12, atol=1e-12)


def test_what_goes_where_it_may_not_has_no_value_of_minus_infinity():
    plan = small_plan()
    plan.share[1] = [1.0, 0.0, 0.0]
    assert math.isfinite(plan_value(MINE, plan)), "0 times minus infinity is no number"
