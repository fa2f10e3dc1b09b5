"""Are limits that no plan can meet told with their period and amount, and none that one can?"""

from dataclasses import replace

import numpy as np
import pytest
from support.plans import FEED, small_mine
from support.schedules import ALL, best_by_enumeration, naive_relaxation, random_schedule

from planning.limits.minelib_problem import SideConstraints
from planning.scheduling.answers import Collision, Relaxation
from planning.scheduling.collisions import explain, limit_problems
from planning.scheduling.earliest import earliest_periods
from planning.scheduling.relaxation import relax


def sentences(problem, severity="error"):
    return [str(p) for p in limit_problems(problem) if p.severity == severity]


def limits(resource, lower=None, upper=None):
    """The small mine with other limits of one resource."""
    mine = small_mine()
    low, high = mine.lower.copy(), mine.upper.copy()
    if lower is not None:
        low[resource] = lower
    if upper is not None:
        high[resource] = upper
    return small_mine(lower=low, upper=high)


def test_a_sound_problem_has_nothing_to_tell():
    assert limit_problems(small_mine()) == ()


def test_more_than_all_activities_together_is_told_with_the_period():
    problem = limits(FEED, lower=[-np.inf, -np.inf, 1.0, 1200.0], upper=[1200, 1200, 1200, 1200])
    assert sentences(problem) == []
    # In period 1 no stope but "1-2" and "ST-12" can be done: 2,500 t; no reclaim is forbidden.
    problem = limits(FEED, lower=[3100, -np.inf, -np.inf, -np.inf], upper=[9e9] * 4)
    assert sentences(problem)[0] == (
        "feed, period 1: the lower limit cannot be met, 100 t are missing; found 3,100 t, where "
        "all that can be done by then uses at most 3,000 t. Lower it by 100 t, or let activities "
        "be done earlier."
    )


def test_a_run_of_periods_shares_what_there_is():
    # 5,300 t of rock and 500 t a period off the stock: 7,300 t in all four periods.
    lower = [1500.0, 1500.0, 2000.0, 2350.0]
    problem = limits(FEED, lower=lower, upper=[9e9] * 4)
    said = sentences(problem)
    assert said[0].startswith(
        "feed, periods 1 to 4: the lower limits cannot be met, 50 t are missing; found 7,350 t"
    )
    assert not [s for s in sentences(limits(FEED, [1500, 1500, 2000, 2300], [9e9] * 4)) if
                "cannot be met" in s]  # fmt: skip


def test_windows_count_for_what_can_be_reached():
    # By period 2 "=ST+3" (2,000 t) may be mined, the last stope (800 t) not yet.
    problem = limits(0, lower=[-np.inf, 4600.0, -np.inf, -np.inf], upper=[9e9] * 4)
    assert "100 t are missing" in sentences(problem)[0]
    # In period 4 the time of "ST-12" is over; 500 t come off the stock.
    problem_4 = limits(FEED, lower=[-np.inf, -np.inf, -np.inf, 4350.0], upper=[9e9] * 4)
    assert "feed, period 4: the lower limit cannot be met, 50 t" in sentences(problem_4)[0]
    late = small_mine(first=np.array([0, 0, 2, 0, 2]))
    problem = replace(problem, first=late.first)
    assert "2,100 t are missing" in sentences(problem)[0]


def test_what_is_shut_out_counts_for_nothing():
    shut = small_mine(first=np.array([1, 0, 1, 0, 2]), last=np.array([3, 0, 3, 2, 3]))
    lower = limits(0, [0.0, 1600.0, 0.0, 0.0]).lower
    problem = replace(shut, lower=lower, cumulative=np.array([True, False, True]))
    said = sentences(problem)[0]
    assert "mined, all up to period 2: the lower limit cannot be met, 100 t are" in said


def test_a_grade_limit_that_cannot_be_reached_is_told_from_above():
    mine = small_mine()
    use = mine.use
    signed = replace(use, amount=np.where(use.resource == FEED, -use.amount, use.amount))
    flows = replace(mine.flows, amount=np.array([0.0, -1.0]))
    problem = small_mine(
        use=signed, flows=flows,
        lower=np.full((3, 4), -np.inf), upper=np.array([[9e9] * 4, [-6000.0] * 4, [9e9] * 4]),
    )  # fmt: skip
    said = sentences(problem)[0]
    assert said.startswith("feed, periods 1 to 4: the upper limits cannot be met, 18,700 t are")
    assert "found -24,000 t, where all that can be done by then gives at most 5,300 t" in said


def test_what_must_grow_and_may_not_is_a_contradiction():
    mine = small_mine()
    problem = small_mine(
        cumulative=np.array([True, False, True]),
        lower=np.array([[0, 3000.0, 0, 0], [-np.inf] * 4, [0] * 4]),
        upper=np.array([[9e9, 9e9, 9e9, 2500.0], [9e9] * 4, [9e9] * 4]),
    )
    assert sentences(problem) == [
        "mined, periods 2 and 4: a sum so far must shrink by 500 t, and nothing is given back; "
        "found at least 3,000 t by period 2, at most 2,500 t by period 4. Lower the first limit, "
        "or raise the second."
    ]
    giving = replace(mine.flows, amount=np.array([1.0, -1.0]), resource=np.array([FEED, 0]))
    assert sentences(replace(problem, flows=giving)) == [], "a flow gives back"


def test_sums_so_far_are_compared_with_what_can_be_done_by_then():
    flag = np.array([True, False, True])
    lower = small_mine().lower.copy()
    lower[0], lower[1] = [1000.0, 2000.0, 3000.0, 5300.0], -np.inf
    problem = replace(limits(0, upper=[9e9] * 4), cumulative=flag, lower=lower)
    assert sentences(problem) == []
    lower = lower.copy()
    lower[0, [1, 3]] = 4500.0, 5400.0
    assert sentences(replace(problem, lower=lower)) == [
        "mined, all up to period 4: the lower limit cannot be met, 100 t are missing; found "
        "5,400 t, where all that can be done by then uses at most 5,300 t. Lower it by 100 t, or "
        "let activities be done earlier."
    ]
    lower = lower.copy()
    lower[0, 1] = 4700.0
    assert "mined, all up to period 2: the lower limit cannot be met, 200 t" in sentences(
        replace(problem, lower=lower)
    )[0]  # fmt: skip


def test_two_limits_that_compete_are_told_with_both_names():
    # Nothing comes off the stock, so that a tonne of feed takes a tonne that is mined.
    mine = small_mine()
    flows = replace(mine.flows, amount=np.array([0.0, -1.0]))
    problem = replace(limits(FEED, [-np.inf, 1500.0, 1200.0, -np.inf], [9e9] * 4), flows=flows)
    problem = replace(problem, upper=np.array([[1500.0, 1400, 1190, 2500], *problem.upper[1:]]))
    assert sentences(problem) == [
        "periods 2, 3: limits of feed and mined collide, 100 t are missing in period 2; found at "
        "least 1,500 t of feed, which take at least 1,500 t of mined; allowed 1,400 t. Raise the "
        "upper limit of mined, or lower the lower limit of feed."
    ]
    assert sentences(replace(problem, flows=mine.flows)) == [], "the stock may feed the plant"
    use = mine.use
    piled = (use.resource == 0) & (use.destination == 1)
    giving = replace(use, amount=np.where(piled, -use.amount, use.amount))
    assert sentences(replace(problem, use=giving)) == [], "an activity may give room to mine"


def test_a_period_competes_with_a_sum_so_far_and_not_the_other_way_round():
    mine = small_mine()
    flows = replace(mine.flows, amount=np.array([0.0, -1.0]))
    problem = replace(limits(FEED, [-np.inf, -np.inf, 1500.0, -np.inf], [9e9] * 4), flows=flows)
    so_far = replace(problem, cumulative=np.array([True, False, True]),
                     upper=np.array([[400.0, 900, 1400, 9e9], *problem.upper[1:]]))  # fmt: skip
    assert "feed and mined collide, 100 t are missing in period 3" in sentences(so_far)[0]
    each = replace(problem, cumulative=np.array([False, True, True]),
                   upper=np.array([[400.0, 900, 1400, 9e9], *problem.upper[1:]]))  # fmt: skip
    assert sentences(each) == []


def test_general_limits_out_of_reach_are_told():
    side = replace(small_mine().general, lower=np.array([1.5]), upper=np.array([9.0]))
    assert sentences(small_mine(general=side)) == [
        "general constraint 1: the lower limit cannot be met, 0.5 are missing; found 1.5, where "
        "all together reach 1."
    ]
    side = replace(side, amount=-side.amount, lower=np.array([-9.0]), upper=np.array([-1.5]))
    assert "the upper limit cannot be met, 0.5 are missing; found -1.5" in sentences(
        small_mine(general=side)
    )[0]  # fmt: skip
    forbidden = SideConstraints(
        np.array([1]), np.array([2]), np.array([1]), np.array([0]),
        np.ones(1), np.array([0.5]), np.ones(1),
    )  # fmt: skip
    assert "found 0.5, where all together reach 0" in sentences(small_mine(general=forbidden))[0]
    none = SideConstraints(*[np.zeros(0, int)] * 4, np.zeros(0), np.ones(1), np.ones(1))
    assert len(sentences(small_mine(general=none))) == 1


def test_activities_that_are_shut_out_are_warned_of():
    mine = small_mine(last=np.array([3, 0, 1, 2, 3]), first=np.array([1, 0, 1, 0, 2]))
    assert sentences(mine, "warning") == [
        "1-2, =ST+3: windows and spans of predecessors shut out 2 activities; found 1-2 can be "
        "done in period 2 at the earliest, after all before it, its last period is 1. Give it, or "
        "what comes before it, more time, or leave it out."
    ]
    value = small_mine().value.copy()
    value[3] = -np.inf
    said = sentences(small_mine(value=value), "warning")
    assert said[0].startswith("-4 level: windows and spans of predecessors shut out an activity")
    assert "has no period left after all before it" in said[0]
    assert said[1] == "ST-12: no destination is allowed to an activity."


def test_the_earliest_period_follows_windows_precedence_and_spans():
    assert earliest_periods(small_mine()).tolist() == [0, 0, 1, 0, 2]
    assert earliest_periods(small_mine(first=np.array([1, 0, 0, 0, 0]))).tolist() == [1, 1, 2, 1, 1]
    shut = small_mine(first=np.array([3, 0, 0, 0, 0]), last=np.array([2, 3, 3, 3, 3]))
    assert earliest_periods(shut).tolist() == [4] * 5
    missed = small_mine(first=np.array([1, 0, 1, 0, 2]), last=np.array([3, 0, 3, 2, 3]))
    assert earliest_periods(missed).tolist() == [1, 1, 4, 1, 2], "what comes too late opens nothing"


@pytest.mark.parametrize("seed", range(12))
def test_no_plan_does_anything_before_its_earliest_period(seed):
    problem = random_schedule(seed, ("windows", "spans", "calendar", "forbidden"), 5, 3)
    earliest = earliest_periods(problem)
    # Values that make every activity worth doing as early as it can be.
    eager = replace(problem, value=np.where(problem.allowed, 1.0, -np.inf),
                    upper=np.full_like(problem.upper, np.inf))  # fmt: skip
    _, plan = best_by_enumeration(eager)
    able = earliest <= np.minimum(problem.last, problem.n_periods - 1)
    able &= problem.allowed.any(axis=1)
    assert plan.period[able].tolist() == earliest[able].tolist()
    assert (plan.period[~able] == problem.n_periods).all()


@pytest.mark.parametrize(
    "features",
    [tuple(sorted(ALL)), ("lower", "windows", "spans"), ("lower", "signed", "cumulative"),
     ("general", "forbidden", "windows"), ("lower", "destinations", "flows")],
    ids=str,
)  # fmt: skip
def test_whatever_is_told_is_true(features):
    told = 0
    for seed in range(25):
        problem = random_schedule(seed, features, 6, 3)
        if sentences(problem):
            told += 1
            assert naive_relaxation(problem) is None, (seed, sentences(problem))
    assert told or "lower" not in features or "flows" in features


def relaxed(status, *collisions):
    """A relaxation that says no more than its status and collisions."""
    mine = small_mine()
    nothing = np.zeros((3, 4))
    return Relaxation(
        value=-np.inf, bound=-np.inf, fraction=np.zeros((5, 3, 4)), flow=np.zeros((1, 4)),
        prices=nothing, general_prices=np.zeros(1), status=status, collisions=collisions,
    ), mine  # fmt: skip


def test_collisions_are_put_together_by_resource_worst_first():
    some = [Collision(FEED, t, "lower", 1000.0, 10.0 + t) for t in range(2)]
    relaxation, mine = relaxed("infeasible", *some, Collision(2, 3, "upper", 100.0, 50.0))
    assert explain(mine, relaxation) == (
        "No plan keeps to all limits, not even one that does activities in parts. The least that "
        "must give way:",
        "stock in period 4: 50 t more than its upper limit of 100 t.",
        "feed in period 1: 10 t less than its lower limit of 1,000 t; "
        "feed in period 2: 11 t less than its lower limit of 1,000 t.",
    )


def test_many_periods_are_one_sentence():
    mine = small_mine()
    long = [Collision(FEED, t, "lower", 1000.0, 1.0 + t) for t in range(9)]
    relaxation, _ = relaxed("infeasible", *long)
    assert explain(mine, relaxation)[1] == (
        "feed: less than its lower limit in 9 periods from 1 to 9, 45 t in all; most in period 9, "
        "9 t of 1,000 t."
    )
    stock = [Collision(2, t, "upper", 1000.0, 1.0 + t) for t in range(9)]
    relaxation, _ = relaxed("infeasible", *stock)
    assert "in all" not in explain(mine, relaxation)[1], "sums so far do not add up"


def test_general_collisions_and_unknown_ones_are_said():
    relaxation, mine = relaxed("infeasible", Collision(0, -1, "upper", 0.9, 0.1))
    assert "general constraint 1: 0.1 more than its upper limit of 0.9." in explain(
        mine, relaxation
    )
    relaxation, _ = relaxed("infeasible")
    assert explain(mine, relaxation) == (
        "No plan keeps to all limits; which of them collide is not known.",
    )
    assert explain(mine, relaxed("converged")[0]) == ()


def test_what_adds_up_is_said_before_what_was_solved():
    relaxation, _ = relaxed("infeasible", Collision(FEED, 0, "lower", 3100.0, 100.0))
    problem = limits(FEED, lower=[3100, -np.inf, -np.inf, -np.inf], upper=[9e9] * 4)
    said = explain(problem, relaxation)
    assert said[0].startswith("feed, period 1: the lower limit cannot be met, 100 t are missing")
    assert said[-1].startswith("feed in period 1: 100 t less than its lower limit")


@pytest.mark.parametrize("features", [("lower", "windows", "spans"), ("lower", "signed")], ids=str)
def test_limits_that_give_way_as_explained_leave_room_for_a_plan(features):
    found = 0
    for seed in range(40):
        problem = random_schedule(seed, features, 6, 3)
        if found < 4 and naive_relaxation(problem) is None:
            found += 1
            relaxation = relax(problem)
            said = explain(problem, relaxation)
            lower, upper = problem.lower.copy(), problem.upper.copy()
            for c in relaxation.collisions:
                moved = c.missing * (1 + 1e-6) + 1e-9
                if c.side == "lower":
                    lower[c.resource, c.period] -= moved
                else:
                    upper[c.resource, c.period] += moved
                assert f"{c.missing:,.6g}" in " ".join(said)
            assert naive_relaxation(replace(problem, lower=lower, upper=upper)) is not None
    assert found == 4
