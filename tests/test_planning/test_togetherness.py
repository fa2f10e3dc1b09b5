"""Do stopes that few may stand open get packed one after the other, each to its end?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.limits.precedence import arc_precedence
from planning.scheduling.calendar import equal_years
from planning.scheduling.plan import plan_value
from planning.scheduling.problem import ActivityUse, ScheduleProblem, no_flows
from planning.scheduling.rounding import pack
from planning.scheduling.togetherness import sets_of, together
from planning.verification.plans import verify_plan

STOPES = 4


def stopes(most=1.0, periods=12):
    """Stopes of three activities: opened for 1, ore for 10, filled for nothing; few stand open."""
    n = 3 * STOPES
    opens, ore, fill = (np.arange(STOPES) * 3 + k for k in range(3))
    value = np.zeros((n, 1))
    value[opens], value[ore] = -1.0, 10.0
    counted = np.concatenate([opens, fill])
    none = np.zeros(counted.size, np.int64)
    amount = np.repeat([1.0, -1.0], STOPES)
    order = arc_precedence(n, np.concatenate([ore, fill]), np.concatenate([opens, ore]))
    return ScheduleProblem(
        name="stopes", calendar=equal_years(periods, 0.1, "end_of_year"), value=value,
        precedence=order, span_class=np.zeros(order.n_arcs, np.int64), spans_years=np.full(1, 2.0),
        use=ActivityUse(counted, none, none, amount), lower=np.full((1, periods), -np.inf),
        upper=np.full((1, periods), most), cumulative=np.ones(1, bool), flows=no_flows(periods),
        first=np.zeros(n, np.int64), last=np.full(n, periods - 1),
    )  # fmt: skip


def test_a_set_is_what_lies_between_opening_and_closing():
    assert sets_of(stopes()).tolist() == [2, 2, 2, 5, 5, 5, 8, 8, 8, 11, 11, 11]
    free = stopes(np.inf)
    assert (sets_of(free) == -1).all()
    ore = np.array([4, 1])
    assert together(ore, sets_of(free)).tolist() == [4, 1]


def test_all_stopes_are_packed_though_one_only_may_stand_open():
    problem = stopes()
    plan = pack(problem, np.array([1, 4, 7, 10]))
    assert plan is not None and verify_plan(problem, plan).feasible
    assert plan.done(problem.n_periods).all()
    # One opens in the period in which the one before is filled: every second year.
    assert sorted(plan.period[[1, 4, 7, 10]].tolist()) == [1, 3, 5, 7]
    factors = problem.calendar.factors()
    hand = sum(10 * factors[t + 1] - factors[t] for t in (0, 2, 4, 6))
    assert plan_value(problem, plan) == pytest.approx(hand)


@given(order=st.permutations([1, 4, 7, 10, 0, 3, 6, 9]))
def test_an_order_loses_nothing_and_ends_each_set_with_what_gives_back(order):
    sets = sets_of(stopes())
    found = together(np.array(order), sets).tolist()
    assert sorted(found) == list(range(3 * STOPES))
    for closing in (2, 5, 8, 11):
        own = [place for place, activity in enumerate(found) if sets[activity] == closing]
        assert own == list(range(own[0], own[0] + 3)) and found[own[-1]] == closing
