"""Are the shares and flows the best there are for given periods?"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.scheduling.destinations import best_destination, choose_destinations
from planning.scheduling.feasibility import is_feasible
from planning.scheduling.plan import plan_value
from planning.scheduling.problem import ActivityUse
from tests.support.schedules import ALL, best_shares, breaches, orders, random_schedule

MIXES = (
    (),
    ("destinations",),
    ("destinations", "forbidden", "signed"),
    ("destinations", "lower", "calendar"),
    ("flows", "windows"),
    ("flows", "cumulative", "lower"),
    ("destinations", "general"),
    ("destinations", "whole", "signed"),
    tuple(sorted(ALL - {"whole"})),
    tuple(sorted(ALL)),
)


@pytest.mark.parametrize("features", MIXES, ids=lambda mix: "+".join(sorted(mix)) or "cpit")
def test_shares_are_the_referees(features):
    for seed in range(3):
        problem = random_schedule(seed, features, n=6)
        sound = orders(problem)
        for period in [sound[i] for i in range(0, len(sound), max(len(sound) // 12, 1))]:
            plan, best = choose_destinations(problem, period), best_shares(problem, period)
            assert (plan is None) == (best is None)
            if plan is not None and best is not None:
                assert plan_value(problem, plan) == pytest.approx(best[0], abs=1e-6)
                assert breaches(problem, plan) == []
                assert is_feasible(problem, plan)
                assert (plan.period == period).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_prices_are_a_short_cut_to_a_plan_within_the_limits(seed, other):
    problem = random_schedule(seed, ("destinations", "signed"), n=5)
    sound = orders(problem)
    period = sound[other % len(sound)]
    rng = np.random.default_rng(other)
    prices = rng.uniform(0.0, 4.0, (problem.n_resources, problem.n_periods))
    plan, best = choose_destinations(problem, period, prices), choose_destinations(problem, period)
    assert (plan is None) == (best is None)
    if plan is not None and best is not None:
        assert breaches(problem, plan) == []
        assert plan_value(problem, plan) <= plan_value(problem, best) + 1e-9


def test_prices_of_a_sum_so_far_are_paid_by_all_that_runs_into_it():
    problem = random_schedule(1, ("cumulative", "destinations"), n=4)
    row = int(np.flatnonzero(problem.cumulative)[0])
    prices = np.zeros((problem.n_resources, problem.n_periods))
    prices[row, -1] = 1e6
    assert problem.cumulative[row]
    early = np.zeros(4, dtype=np.int64)
    assert (best_destination(problem, early, prices) == 1).all()
    assert (best_destination(problem, early, None) != 1).any()


def test_what_may_go_nowhere_cannot_be_done():
    problem = random_schedule(3, ("destinations",), n=6)
    problem.value[2] = -np.inf
    period = np.full(6, problem.n_periods)
    assert choose_destinations(problem, period) is not None
    period[2] = 0
    assert choose_destinations(problem, period) is None


def test_of_two_the_earlier_is_worth_more():
    problem = random_schedule(0, ("destinations", "cumulative"), n=2)
    row = int(np.flatnonzero(problem.cumulative)[0])
    upper = np.full_like(problem.upper, np.inf)
    upper[row] = 1.0
    use = ActivityUse(np.arange(2), np.zeros(2, int), np.full(2, row), np.ones(2))
    value = np.array([[10.0, 0.0], [11.0, 0.0]])
    problem = replace(problem, upper=upper, use=use, value=value)
    plan = choose_destinations(problem, np.array([0, 1]))
    assert plan is not None and plan.share.tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert plan_value(problem, plan) == pytest.approx(10.0)
