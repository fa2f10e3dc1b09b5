"""Are packed, rounded and searched plans within all rules, and as good as they can be?"""

import numpy as np
import pytest

from planning.formats.minelib import read_instance
from planning.kernels import ledgers, moves
from planning.limits.precedence import arc_precedence
from planning.scheduling.answers import Effort
from planning.scheduling.calendar import equal_years
from planning.scheduling.from_minelib import schedule_problem
from planning.scheduling.local_search import search_locally
from planning.scheduling.plan import plan_value, resource_use
from planning.scheduling.problem import ActivityUse, ScheduleProblem, no_flows
from planning.scheduling.relaxation import relax
from planning.scheduling.rounding import pack, round_plan
from planning.scheduling.search_rules import search_rules
from tests.support.reference import reference
from tests.support.schedules import (
    ALL,
    FEATURES,
    checked_value,
    naive_optimum,
    random_schedule,
)

SOME = ["calendar", "destinations", "spans", "windows", "cumulative"]


def line(value, pairs, limit, periods=3, rate=0.5):
    """One destination, each activity uses 1 of one resource."""
    n = len(value)
    every = np.arange(n)
    after, before = zip(*pairs, strict=True) if pairs else ((), ())
    none = np.zeros(n, dtype=np.int64)
    return ScheduleProblem(
        name="line",
        calendar=equal_years(periods, rate, "start_of_year"),
        value=np.array(value, dtype=float)[:, None],
        precedence=arc_precedence(n, after, before),
        span_class=np.zeros(len(pairs), dtype=np.int64),
        spans_years=np.zeros(1),
        use=ActivityUse(every, none, none, np.ones(n)),
        lower=np.full((1, periods), -np.inf),
        upper=np.full((1, periods), float(limit)),
        cumulative=np.zeros(1, dtype=np.bool_),
        flows=no_flows(periods),
        first=none,
        last=np.full(n, periods - 1),
    )


class TestPack:
    def test_takes_activities_in_the_order_wanted(self):
        problem = line([5.0, 4.0, 3.0], [], 1)
        assert pack(problem, np.array([2, 0, 1])).period.tolist() == [1, 2, 0]

    def test_what_is_needed_comes_before_though_nobody_asked(self):
        problem = line([-1.0, 9.0], [(1, 0)], 1)
        assert pack(problem, np.array([1])).period.tolist() == [0, 1]

    def test_costs_are_delayed_until_they_are_needed(self):
        problem = line([-1.0, 9.0, 5.0], [(1, 0)], 2)
        assert pack(problem, np.array([0, 2, 1])).period.tolist() == [1, 1, 0]

    def test_waste_that_nothing_needs_is_left(self):
        problem = line([-1.0, 9.0], [], 2)
        assert pack(problem, np.array([0, 1])).period.tolist() == [3, 0]

    def test_what_cannot_be_done_stops_what_needs_it(self):
        problem = line([1.0, 9.0], [(1, 0)], 0.5)
        assert pack(problem, np.array([1])).period.tolist() == [3, 3]

    def test_an_activity_without_a_destination_is_never_done(self):
        problem = line([-np.inf, 9.0, 4.0], [(1, 0)], 1)
        assert pack(problem, np.array([0, 1, 2])).period.tolist() == [3, 3, 0]


@pytest.mark.parametrize("features", [(), *[(each,) for each in FEATURES], tuple(sorted(ALL))])
def test_rounded_plans_keep_all_rules_and_none_beats_the_best(features):
    found = possible = 0
    for seed in range(2):
        problem = random_schedule(seed, features)
        best = naive_optimum(problem)
        relaxation = relax(problem)
        plan = round_plan(problem, relaxation)
        packed = pack(problem, np.arange(problem.n_activities))
        possible += best is not None
        for each in (plan, packed):
            if each is not None:
                assert checked_value(problem, each) <= best[0] + 1e-6 * max(abs(best[0]), 1.0)
        found += plan is not None
    if not {"lower", "general", "blending"} & set(features):
        assert found == possible


@pytest.mark.parametrize("features", [(), *[(each,) for each in SOME]])
def test_small_problems_are_solved_to_the_optimum_nearly_always(features):
    short = 0
    for seed in range(6):
        problem = random_schedule(seed, features)
        best, relaxation = naive_optimum(problem), relax(problem)
        plan = round_plan(problem, relaxation)
        if best is not None and plan is not None:
            short += plan_value(problem, plan) < best[0] - 1e-6 * abs(best[0])
    assert short <= 1


@pytest.fixture(scope="module")
def case():
    """Forty activities in six periods, their relaxed plan and a poor plan."""
    problem = random_schedule(5, ("destinations",), n=40, t=6)
    return problem, relax(problem), pack(problem, np.arange(problem.n_activities))


class TestSearch:
    def test_the_same_seed_gives_the_same_plan(self, case):
        one, other = (search_locally(*case, Effort(seed=3, rounds=50)) for _ in range(2))
        assert (one.period == other.period).all()
        assert (one.share == other.share).all()

    def test_it_never_ends_below_its_beginning_and_never_above_the_bound(self, case):
        problem, relaxation, poor = case
        better = search_locally(*case, Effort(rounds=100))
        assert plan_value(problem, poor) < checked_value(problem, better)
        assert plan_value(problem, better) <= relaxation.bound * (1 + 1e-9)
        assert search_locally(problem, relaxation, better, Effort(rounds=0)) is not None

    def test_hardly_any_time_still_gives_a_plan(self, case):
        problem, relaxation, poor = case
        again = search_locally(problem, relaxation, poor, Effort(time_limit_s=1e-6))
        assert plan_value(problem, again) >= plan_value(problem, poor)

    def test_each_better_plan_is_told(self, case):
        said = []
        plan = search_locally(*case, Effort(rounds=100), say=said.append)
        assert said[-1].value == pytest.approx(plan_value(case[0], plan))
        assert [each.value for each in said] == sorted(each.value for each in said)


class TestInterruption:
    def test_the_walk_gives_the_best_plan_so_far(self, case, monkeypatch):
        def stop(*_):
            raise KeyboardInterrupt

        monkeypatch.setattr(moves, "anneal", stop)
        said = []
        plan = search_locally(*case, say=said.append)
        assert plan is case[2]
        assert said[-1].what == "interrupted"

    def test_rounding_gives_the_best_plan_so_far(self, case, monkeypatch):
        problem, relaxation, _ = case

        def orders():
            yield np.arange(problem.n_activities)
            raise KeyboardInterrupt

        said = []
        plan = round_plan(problem, relaxation, orders=orders(), say=said.append)
        assert checked_value(problem, plan) == said[0].value
        assert said[-1].what == "interrupted"


def test_newman1_is_planned_close_to_its_proven_optimum():
    """24,176,864.82: Gurobi 13, gap 1e-9 (AMPL's MineLib notebook)."""
    folder = reference("minelib/newman1")
    problem = schedule_problem(read_instance(folder, "cpit").value)
    relaxation = relax(problem)
    first = round_plan(problem, relaxation)
    plan = search_locally(problem, relaxation, first, Effort(rounds=1500))
    value = checked_value(problem, plan)
    assert 24_100_000 < value < 24_176_865
    assert plan_value(problem, first) > 0.97 * relaxation.bound


@pytest.mark.parametrize("seed", range(6))
def test_ledgers_agree_with_the_plan(seed):
    problem = random_schedule(seed, tuple(sorted(ALL)), n=12, t=4)
    rules, rng = search_rules(problem), np.random.default_rng(seed)
    dates = rules.nothing_done()
    start = rules.options.start
    for activity in np.flatnonzero(np.diff(start)):
        dates.period[activity] = rng.integers(problem.n_periods)
        dates.option[activity] = rng.integers(start[activity], start[activity + 1])
    flow = rng.uniform(0.0, 3.0, (problem.n_flows, problem.n_periods))
    cells, plan = rules.cells(flow), rules.plan(dates, flow)
    done = np.flatnonzero(dates.option >= 0)
    ledgers.book_all(rules.uses, cells, problem.n_periods, dates.option[done], dates.period[done])
    wanted = resource_use(problem, plan)
    assert cells[: wanted.size, ledgers.USED] == pytest.approx(wanted.ravel())
    side = problem.general
    part = plan.share[side.block, side.destination] * (plan.period[side.block] == side.period)
    counted = np.bincount(side.constraint, side.amount * part, len(side.upper))
    assert cells[wanted.size :, ledgers.USED] == pytest.approx(counted)
    again = rules.dates(plan)
    assert (again.option == dates.option).all()
