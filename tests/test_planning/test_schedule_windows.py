"""Is a window the problem itself, for all that may move, and nothing else?"""

import numpy as np
import pytest

from planning.programs import SolveStatus
from planning.scheduling.answers import Effort, Progress
from planning.scheduling.feasibility import is_feasible, keeps_order
from planning.scheduling.improvement import improve
from planning.scheduling.merging import merge
from planning.scheduling.neighbourhoods import chooser
from planning.scheduling.options import moved_shares, useful_options
from planning.scheduling.penalties import limit_penalties, worth_within_limits
from planning.scheduling.plan import SchedulePlan, empty_plan, plan_value
from planning.scheduling.relaxation import relax
from planning.scheduling.rounding import pack
from planning.scheduling.windows import Freedom, WindowMaker
from planning.solver import SearchLimits, solve, solve_together
from tests.support.schedules import ALL, FEATURES, naive_optimum, random_schedule

SETS = [(), *((feature,) for feature in FEATURES), ("destinations", "lower", "general", "whole"),
        tuple(sorted(ALL))]  # fmt: skip
PACKED = ("calendar", "destinations", "windows", "spans")


def all_free(problem):
    n = problem.n_activities
    return Freedom(np.zeros(n, dtype=np.int64), np.full(n, problem.n_periods, dtype=np.int64))


def maker_of(problem):
    return WindowMaker(problem, np.full(problem.n_resources + len(problem.general.upper), 1e5))


def packed(problem, seed):
    """A feasible plan in some order."""
    return pack(problem, np.random.default_rng(seed).permutation(problem.n_activities))


@pytest.mark.parametrize("features", SETS, ids="-".join)
@pytest.mark.parametrize("seed", range(2))
def test_a_window_of_everything_is_the_problem(features, seed):
    problem = random_schedule(seed, features, n=8, t=3)
    window = maker_of(problem).window(empty_plan(problem), all_free(problem))
    best = naive_optimum(problem)
    report = solve(window.program, start=window.start)
    found = window.answer(report.solution)
    if best is None:
        assert not is_feasible(problem, found, within=1e-7)
        return
    assert is_feasible(problem, found, within=1e-7)
    assert plan_value(problem, found) == pytest.approx(best[0], rel=1e-7, abs=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_outside_a_window_nothing_moves_and_inside_it_gets_no_worse(seed):
    problem = random_schedule(seed, PACKED, n=30, t=6)
    maker = maker_of(problem)
    plan = maker.tidy(packed(problem, seed))
    assert is_feasible(problem, plan)
    free = (plan.period >= 1) & (plan.period <= 3)
    low, high = np.where(free, 1, plan.period), np.where(free, 3, plan.period)
    window = maker.window(plan, Freedom(low, high))
    program = window.program
    rows = program.row_values(window.start)
    assert (rows <= program.row_upper + 1e-9).all() and (rows >= program.row_lower - 1e-9).all()
    again = window.answer(window.start)
    assert (again.period == plan.period).all() and again.share == pytest.approx(plan.share)
    found = window.answer(solve(program, start=window.start).solution)
    assert is_feasible(problem, found, within=1e-8)
    assert plan_value(problem, found) >= plan_value(problem, plan) - 1e-9
    assert (found.period[~free] == plan.period[~free]).all()
    assert ((found.period[free] >= 1) & (found.period[free] <= 3)).all()
    # The gain of the program is the gain of the plan.
    gained = program.gain @ solve(program).solution - program.gain @ window.start
    assert plan_value(problem, found) - plan_value(problem, plan) == pytest.approx(gained, abs=1e-6)


def test_two_windows_share_what_limits_leave():
    problem = random_schedule(3, (), n=30, t=4)
    maker, plan = maker_of(problem), empty_plan(problem)
    half = np.arange(30) < 15
    for room in (0.5, 0.25):
        freedom = Freedom(np.where(half, 0, 4), np.full(30, 4), room=room)
        window = maker.window(plan, freedom)
        found = window.answer(solve(window.program).solution)
        cut = problem.upper * room
        used = np.zeros_like(cut)
        own = found.period[problem.use.activity] < 4
        use = problem.use
        np.add.at(used, (use.resource[own], found.period[use.activity[own]]), use.amount[own])
        assert (used <= cut + 1e-9).all() and used.any()


@pytest.mark.parametrize("seed", range(6))
def test_merged_plans_are_no_worse_than_each_and_made_of_their_parts(seed):
    problem = random_schedule(seed, PACKED, n=40, t=6)
    maker = maker_of(problem)
    plans = [maker.tidy(packed(problem, 10 * seed + k)) for k in range(4)]
    plans.sort(key=lambda plan: -plan_value(problem, plan))
    merger = merge(maker, plans)
    assert merger.program.n_variables < merger.window.program.n_variables
    report = solve(merger.program, start=merger.start)
    assert report.status is SolveStatus.PROVEN
    found = merger.answer(report.solution)
    assert is_feasible(problem, found, within=1e-8)
    assert plan_value(problem, found) >= plan_value(problem, plans[0]) - 1e-9
    periods = np.array([plan.period for plan in plans])
    low, high = periods.min(axis=0), periods.max(axis=0)
    assert ((found.period >= low) & (found.period <= high)).all()
    # What all plans do in the same period stays there.
    same = low == high
    assert (found.period[same] == low[same]).all()
    assert merge(maker, plans[:1] * 2) is None


def test_destinations_that_another_beats_are_left_out():
    problem = random_schedule(5, ("destinations",), n=40, t=4)
    options = useful_options(problem)
    chosen = {*zip(options.activity.tolist(), options.destination.tolist(), strict=True)}
    tables = [problem.use.table(r, 40, 2) for r in range(problem.n_resources)]
    dropped = 0
    for activity in range(40):
        for loser, winner in ((0, 1), (1, 0)):
            kept = (activity, loser) in chosen or options.base[activity] == loser
            better = problem.value[activity, winner] >= problem.value[activity, loser]
            no_more = all(t[activity, winner] <= t[activity, loser] for t in tables)
            if not kept:
                assert better and no_more and options.instead[activity, loser] == winner
                dropped += 1
    assert 0 < dropped < 40
    share = np.full((40, 2), 0.5)
    moved = moved_shares(options, share)
    assert moved.sum(axis=1) == pytest.approx(np.ones(40))
    assert (moved == 1.0).any(axis=1).sum() == dropped


@pytest.mark.parametrize("features", [(), ("destinations", "signed"), ("cumulative", "flows")])
def test_improvement_comes_near_the_best_plan(features):
    problem = random_schedule(1, features, n=14, t=4)
    relaxation, best = relax(problem), naive_optimum(problem)
    said = []
    effort = Effort(seed=3, rounds=16)
    found = improve(problem, relaxation, empty_plan(problem), effort, say=said.append)
    assert is_feasible(problem, found)
    value = plan_value(problem, found)
    assert 0.97 * best[0] <= value <= best[0] * (1 + 1e-9)
    values = [progress.value for progress in said]
    assert values == sorted(values) and values[-1] == pytest.approx(value)
    assert all(isinstance(progress, Progress) for progress in said)
    again = improve(problem, relaxation, empty_plan(problem), effort)
    assert (again.period == found.period).all() and (again.share == found.share).all()


@pytest.mark.parametrize("features", [("lower",), ("general", "lower"), ("lower", "destinations")])
def test_a_plan_that_breaks_limits_is_mended(features):
    problem = random_schedule(2, features, n=12, t=3)
    best = naive_optimum(problem)
    assert best is not None and not is_feasible(problem, empty_plan(problem))
    found = improve(problem, relax(problem), None, Effort(rounds=40))
    assert found is not None and is_feasible(problem, found)
    assert plan_value(problem, found) <= best[0] + 1e-6


def test_no_gain_is_worth_a_broken_limit():
    problem = random_schedule(6, ("destinations",), n=30, t=4)
    relaxation = relax(problem)
    penalty = limit_penalties(problem, relaxation)
    share = np.zeros((30, 2))
    share[np.arange(30), useful_options(problem).base] = 1.0
    flow = np.zeros((0, 4))
    crowded = SchedulePlan(np.zeros(30, dtype=np.int64), share, flow)
    assert not is_feasible(problem, crowded) and plan_value(problem, crowded) > 0
    assert worth_within_limits(problem, crowded, penalty) < 0
    kept = packed(problem, 0)
    assert worth_within_limits(problem, kept, penalty) == plan_value(problem, kept)


def test_no_round_gives_the_plan_back():
    problem = random_schedule(4, (), n=20, t=4)
    plan = packed(problem, 0)
    assert improve(problem, relax(problem), plan, Effort(rounds=0)) is plan


def test_neighbourhoods_hold_the_plan():
    problem = random_schedule(7, PACKED, n=60, t=8)
    plan, rules = packed(problem, 1), maker_of(problem).rules
    choose = chooser(rules, relax(problem), 0)
    moving = 0
    for kind in choose.kinds:
        if not kind.step:
            members = choose.walkers(plan, kind)
            assert len(np.unique(members)) == len(members)
            continue
        kind.size = 12
        pair = choose.pair(plan, kind)
        for freedom in pair:
            assert (freedom.low <= plan.period).all() and (plan.period <= freedom.high).all()
            assert (freedom.high - freedom.low <= problem.n_periods).all()
            moving += int((freedom.low < freedom.high).sum())
        if len(pair) == 2:
            both = (pair[0].low < pair[0].high) & (pair[1].low < pair[1].high)
            assert not both.any()
    assert moving


def test_programs_solved_together_have_the_answers_they_have_alone():
    programs = []
    for seed in range(3):
        problem = random_schedule(seed, ("destinations",), n=15, t=4)
        programs.append(maker_of(problem).window(empty_plan(problem), all_free(problem)).program)
    together = solve_together(programs, [None] * 3, SearchLimits())
    for program, report in zip(programs, together, strict=True):
        assert report.value == solve(program).value and report.steps > 0
    few = solve_together(programs[:1], [None], SearchLimits(missing=1e9))[0]
    assert few.status is SolveStatus.PROVEN and few.value <= together[0].value


def test_an_order_that_is_kept_stays_kept():
    problem = random_schedule(9, ("spans", "calendar"), n=25, t=6)
    maker = maker_of(problem)
    window = maker.window(empty_plan(problem), all_free(problem))
    found: SchedulePlan = window.answer(solve(window.program).solution)
    assert keeps_order(problem, found.period)
