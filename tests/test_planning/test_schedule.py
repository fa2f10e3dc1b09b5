"""Does the chain of bound, first plan and improvement find the best plan, or say how far it is?"""

from dataclasses import replace

import numpy as np
import pytest

from planning.errors import PlanningError
from planning.scheduling import schedule as chain
from planning.scheduling import whole
from planning.scheduling.answers import Effort, Progress
from planning.scheduling.plan import SchedulePlan, empty_plan, plan_value
from planning.scheduling.schedule import schedule
from planning.scheduling.warm_up import warm_up
from tests.support.schedules import (
    ALL,
    breaches,
    checked_value,
    naive_optimum,
    random_schedule,
)

WORK = Effort(rounds=20)
EASY = ((), ("calendar", "windows"), ("destinations", "forbidden"), ("spans",), ("cumulative",))
HARD = (
    ("destinations", "whole"),
    ("destinations", "lower"),
    ("destinations", "signed"),
    ("flows",),
    ("general",),
    tuple(sorted(ALL - {"whole"})),
    tuple(sorted(ALL)),
)


@pytest.fixture
def large(monkeypatch):
    """Take every problem for too large to be planned in one piece."""
    monkeypatch.setattr(chain, "plan_whole", lambda *_: (None, None))


def told(mix):
    return "+".join(sorted(mix)) or "cpit"


@pytest.mark.parametrize("features", EASY + HARD, ids=told)
def test_small_problems_are_solved_to_their_optimum(features):
    for seed in range(3):
        problem = random_schedule(seed, features, n=6)
        # Enumeration agrees with this program, says test_schedule_referees; it takes longer.
        best, answer = naive_optimum(problem), schedule(problem, WORK)
        if best is None:
            assert answer.plan is None
            assert answer.status in ("infeasible", "no_plan")
            continue
        assert answer.plan is not None and answer.value is not None and answer.bound is not None
        assert breaches(problem, answer.plan) == []
        assert answer.value == plan_value(problem, answer.plan)
        assert answer.bound >= best[0] - 1e-9
        assert answer.value == pytest.approx(best[0], abs=1e-6)
        assert answer.status == "optimal"


@pytest.mark.parametrize("features", [(), ("destinations", "calendar"), ("flows", "spans")])
def test_larger_problems_end_near_their_optimum(features):
    for seed in range(2):
        problem = random_schedule(seed, features, n=16, t=4)
        best, answer = naive_optimum(problem), schedule(problem, WORK)
        assert best is not None and answer.plan is not None and answer.bound is not None
        assert checked_value(problem, answer.plan) >= 0.99 * best[0]
        assert answer.bound >= best[0] - 1e-6


def test_a_search_that_is_cut_short_still_bounds_all_plans(monkeypatch):
    monkeypatch.setattr(whole, "NODES", 0)
    monkeypatch.setattr(chain, "improve", lambda _, __, plan, *___, **____: plan)
    short = 0
    for seed in range(4):
        problem = random_schedule(seed, ("calendar",), n=14, t=4)
        best, answer = naive_optimum(problem), schedule(problem, WORK)
        assert best is not None and answer.bound is not None and answer.value is not None
        assert answer.bound >= best[0] - 1e-6 and answer.value <= best[0] + 1e-6
        short += answer.value < best[0] - 1e-6
    assert short


def test_equal_work_gives_equal_plans():
    problem = random_schedule(5, ("destinations", "calendar"), n=14, t=4)
    first, second = schedule(problem, WORK).plan, schedule(problem, WORK).plan
    assert first is not None and second is not None
    assert (first.period == second.period).all()
    assert (first.share == second.share).all()


def test_the_story_is_told_and_never_gets_worse():
    problem, heard = random_schedule(2, ("destinations",), n=20), list[Progress]()
    answer = schedule(problem, WORK, say=heard.append)
    assert tuple(heard) == answer.trace
    values = [p.value for p in heard if p.value is not None]
    bounds = [p.bound for p in heard if p.bound is not None]
    assert values == sorted(values) and values[-1] == answer.value
    assert bounds == sorted(bounds, reverse=True)
    assert answer.bound == max(bounds[-1], values[-1])
    seconds = [p.seconds for p in heard]
    assert seconds == sorted(seconds) and seconds[-1] <= answer.seconds
    assert "bound" in {p.what for p in heard}


def test_limits_that_collide_are_told():
    problem = random_schedule(0, ("destinations",), n=6)
    lower = problem.lower.copy()
    lower[1, 0] = problem.upper[1, 0] + 0.0
    upper = problem.upper.copy()
    upper[0, 0] = 0.5 * lower[1, 0]
    answer = schedule(replace(problem, lower=lower, upper=upper), WORK)
    assert (answer.status, answer.plan, answer.value) == ("infeasible", None, None)
    assert answer.relaxation is not None and answer.relaxation.collisions
    assert {c.period for c in answer.relaxation.collisions} == {0}


def test_a_gap_that_is_good_enough_ends_the_work(monkeypatch):
    monkeypatch.setattr(chain, "improve", lambda *_, **__: pytest.fail("it went on"))
    answer = schedule(random_schedule(0, n=20), Effort(rounds=5, gap=1.0))
    assert answer.plan is not None and answer.status in ("feasible", "optimal")


def test_no_time_is_enough_for_an_answer():
    answer = schedule(random_schedule(0, n=20), Effort(time_limit_s=1e-9))
    assert answer.status in ("feasible", "no_plan", "optimal")
    assert answer.plan is None or breaches(answer.problem, answer.plan) == []


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("step", ["relax", "round_plan", "improve"])
def test_an_interruption_leaves_the_best_so_far(monkeypatch, step):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(chain, step, stop)
    problem = random_schedule(2, ("destinations",), n=20)
    answer = schedule(problem, WORK)
    assert answer.status == "interrupted"
    assert (answer.plan is not None) == (step == "improve")
    assert (answer.bound is not None) == (step != "relax")


@pytest.mark.usefixtures("large")
def test_an_interruption_that_a_step_heard_is_told(monkeypatch):
    def heard(problem, relaxation, plan, effort, *, until, say):
        say(Progress(0.0, chain.INTERRUPTED))
        return plan

    monkeypatch.setattr(chain, "improve", heard)
    answer = schedule(random_schedule(2, ("destinations",), n=20), WORK)
    assert answer.status == "interrupted" and answer.plan is not None


@pytest.mark.usefixtures("large")
def test_what_is_worse_is_not_kept(monkeypatch):
    def worse(problem, relaxation, plan, effort, *, until, say):
        say(Progress(0.0, "a worse plan", value=-5.0, bound=1e12))
        return empty_plan(problem)

    monkeypatch.setattr(chain, "improve", worse)
    problem = random_schedule(2, n=20)
    answer = schedule(problem, WORK)
    assert answer.value is not None and answer.value > 0.0
    assert answer.plan is not None and checked_value(problem, answer.plan) == answer.value
    assert answer.bound is not None and answer.bound < 1e6
    assert answer.trace[-1].value == answer.value and answer.trace[-1].bound == answer.bound


@pytest.mark.usefixtures("large")
def test_a_plan_that_breaks_a_rule_is_not_believed(monkeypatch):
    def wrong(problem, *_, **__):
        every = np.zeros(problem.n_activities, dtype=np.int64)
        return SchedulePlan(every, np.ones((problem.n_activities, 1)), empty_plan(problem).flow)

    problem = random_schedule(0, n=20)
    for step in ("round_plan", "improve"):
        with monkeypatch.context() as patched, pytest.raises(PlanningError, match="breaks a rule"):
            patched.setattr(chain, step, wrong)
            schedule(problem, WORK)


@pytest.mark.usefixtures("large")
def test_where_no_first_plan_is_found_doing_nothing_may_be_one(monkeypatch):
    monkeypatch.setattr(chain, "round_plan", lambda *_, **__: None)
    monkeypatch.setattr(chain, "improve", lambda _, __, plan, *___, **____: plan)
    answer = schedule(random_schedule(0, n=20), WORK)
    assert (answer.status, answer.value) == ("feasible", 0.0)
    fed = random_schedule(1, ("lower", "destinations"), n=20)
    assert (fed.lower > 0).any()
    answer = schedule(fed, WORK)
    assert (answer.status, answer.value) == ("no_plan", None)


@pytest.mark.usefixtures("large")
def test_an_answer_is_a_start_for_another_problem(monkeypatch):
    problem = random_schedule(3, ("destinations",), n=12)
    before = schedule(problem, WORK)
    assert before.plan is not None
    monkeypatch.setattr(chain, "round_plan", lambda *_, **__: None)
    monkeypatch.setattr(chain, "improve", lambda _, __, plan, *___, **____: plan)
    for start in (before, before.plan):
        again = schedule(problem, WORK, start=start)
        assert again.value == before.value
    dearer = replace(problem, value=problem.value * 1.1)
    after = schedule(dearer, WORK, start=before)
    assert after.value is not None and before.value is not None and after.value > before.value
    # A plant half as large: the shares are chosen anew, or the plan is dropped for doing nothing.
    tight = replace(problem, upper=problem.upper * np.array([[1.0], [0.5]]))
    fitted = schedule(tight, WORK, start=before)
    assert fitted.plan is not None and breaches(tight, fitted.plan) == []
    assert fitted.plan.period.tolist() == before.plan.period.tolist()
    other = schedule(random_schedule(3, n=12), WORK, start=before.plan)
    assert other.value == 0.0


def test_compiled_code_is_made_apart():
    assert warm_up() > 0.0
