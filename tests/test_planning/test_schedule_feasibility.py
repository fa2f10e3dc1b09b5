"""Does the quick check of a plan agree with the slow one, and hear of every rule?"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.limits.minelib_problem import SideConstraints
from planning.scheduling.calendar import equal_years
from planning.scheduling.feasibility import is_feasible, keeps_limits, keeps_order
from planning.scheduling.plan import SchedulePlan, empty_plan
from tests.support.schedules import ALL, FEATURES, breaches, naive_optimum, random_schedule


def random_plan(problem, rng) -> SchedulePlan:
    """Periods and shares as they come: mostly broken, now and then sound."""
    n, d, t = problem.n_activities, problem.n_destinations, problem.n_periods
    period = (
        np.sort(rng.integers(0, t + 1, n)) if rng.uniform() < 0.7 else rng.integers(0, t + 1, n)
    )
    period[rng.uniform(size=n) < 0.5] = t
    share = np.eye(d)[rng.integers(0, d, n)]
    if problem.split and rng.uniform() < 0.5:
        share = rng.dirichlet(np.ones(d), n)
    share[period == t] = 0.0
    flow = rng.uniform(0.0, 1.0, (problem.n_flows, t)) * (rng.uniform() < 0.5)
    return SchedulePlan(period.astype(np.int64), share, flow)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sets(st.sampled_from(FEATURES)))
def test_quick_and_slow_agree(seed, features):
    problem = random_schedule(seed, tuple(features), n=5)
    rng = np.random.default_rng(seed)
    for _ in range(8):
        plan = random_plan(problem, rng)
        assert is_feasible(problem, plan) == (not breaches(problem, plan))


@pytest.mark.parametrize("features", [("destinations", "lower"), ALL])
def test_best_plans_are_sound(features):
    found = [(p, naive_optimum(p)) for p in (random_schedule(s, features) for s in range(6))]
    plans = [(problem, best[1]) for problem, best in found if best is not None]
    assert plans
    assert all(is_feasible(problem, plan, within=1e-7) for problem, plan in plans)


def sound():
    """A problem with everything in it, and its best plan."""
    for seed in range(40):
        problem = random_schedule(seed, ALL - {"whole"}, n=8)
        best = naive_optimum(problem)
        if best is not None and (best[1].flow > 0).any() and best[0] > 0:
            return problem, best[1]
    raise AssertionError("no problem with a plan that moves flows")


def test_every_rule_is_heard():
    problem, plan = sound()
    t = problem.n_periods
    done = int(np.flatnonzero(plan.period < t)[0])
    assert is_feasible(problem, plan, within=1e-7)
    share = plan.share.copy()
    share[done] *= 0.5
    assert not is_feasible(problem, replace(plan, share=share), within=1e-7)
    period = plan.period.copy()
    period[done] = t + 1
    assert not is_feasible(problem, replace(plan, period=period), within=1e-7)
    first = problem.first.copy()
    first[done] = plan.period[done] + 1
    assert not is_feasible(replace(problem, first=first), plan, within=1e-7)
    value = problem.value.copy()
    value[done, plan.share[done] > 0] = -np.inf
    assert not is_feasible(replace(problem, value=value), plan, within=1e-7)
    assert not is_feasible(replace(problem, upper=problem.upper - 1e3,
                                   lower=problem.lower - 1e4), plan, within=1e-7)  # fmt: skip
    side = replace(problem.general, lower=np.full(2, 1e3), upper=np.full(2, 1e4))
    assert not is_feasible(replace(problem, general=side), plan, within=1e-7)
    flows = replace(problem.flows, most=np.zeros_like(problem.flows.most))
    assert not is_feasible(replace(problem, flows=flows), plan, within=1e-7)
    assert not is_feasible(problem, replace(plan, flow=plan.flow - 10.0), within=1e-7)


def test_whole_activities_are_not_shared():
    problem = random_schedule(0, ("destinations", "whole"), n=3)
    share = np.array([[0.5, 0.5], [0.0, 0.0], [0.0, 0.0]])
    plan = SchedulePlan(np.array([0, 3, 3]), share, np.zeros((0, 3)))
    assert not is_feasible(problem, plan)
    assert is_feasible(replace(problem, split=True), plan)
    assert keeps_limits(problem, empty_plan(problem))


def test_shares_and_flows_do_not_run_backwards():
    problem = random_schedule(0, ("flows",), n=2)
    never = np.full(2, 3)
    idle = SchedulePlan(never, np.zeros((2, 3)), np.zeros((1, 3)))
    assert is_feasible(problem, idle)
    flows = replace(problem.flows, amount=np.zeros(2))
    backwards = replace(idle, flow=np.array([[0.0, -0.5, 0.0]]))
    assert not is_feasible(replace(problem, flows=flows), backwards)
    first = np.array([0, 3])
    assert is_feasible(
        problem, replace(idle, period=first, share=np.array([[0.5, 0.5, 0], [0] * 3]))
    )
    more = np.array([[1.001, -0.001, 0.0], [0.0, 0.0, 0.0]])
    free = replace(problem, upper=np.full_like(problem.upper, np.inf))
    assert not is_feasible(free, replace(idle, period=first, share=more))


@pytest.mark.parametrize(("period", "kept"), [(0, True), (1, False), (3, True)])
def test_a_general_constraint_counts_only_the_period_that_it_names(period, kept):
    problem, none = random_schedule(0, n=2), np.zeros(1, dtype=np.int64)
    side = SideConstraints(
        none, none, none + 1, none, np.ones(1), np.array([-1.0]), np.array([0.5])
    )
    plan = SchedulePlan(np.array([period, 3]), np.array([[period < 3], [0]]) + 0.0,
                        np.zeros((0, 3)))  # fmt: skip
    assert is_feasible(replace(problem, general=side), plan) == kept


@pytest.mark.parametrize(("span", "sound_order"), [(0.0, True), (1.0, True), (1.5, False)])
def test_spans_are_kept(span, sound_order):
    problem = random_schedule(1, n=4)
    assert problem.precedence.n_arcs
    problem = replace(problem, spans_years=np.array([span]), calendar=equal_years(3, 0, "mid_year"),
                      span_class=np.zeros_like(problem.span_class))  # fmt: skip
    assert keeps_order(problem, np.zeros(4, dtype=np.int64)) == sound_order
    assert keeps_order(problem, np.full(4, 3))
