"""Does a MineLib problem keep its meaning as a scheduling problem, and its answers as plans?"""

import numpy as np
import pytest

from deposits.errors import DataError
from planning.formats.minelib import read_instance
from planning.formats.minelib_solutions import read_solution
from planning.limits.minelib_problem import MineLibSolution
from planning.scheduling.feasibility import is_feasible
from planning.scheduling.from_minelib import (
    minelib_solution,
    plan_of_solution,
    schedule_problem,
)
from planning.scheduling.plan import SchedulePlan, plan_value
from planning.verification.minelib import verify_solution
from tests.support.minelib import instance
from tests.support.reference import reference
from tests.support.schedules import best_by_enumeration, random_schedule

#: Values of the library's own answers, worked out by its documents and by `minelib-verify`.
OFFICIAL = {
    ("newman1", "cpit"): 23_483_671,
    ("newman1", "pcpsp"): 23_658_230,
    ("zuck_small", "cpit"): 788_652_600,
    ("marvin", "cpit"): 820_726_048,
}


@pytest.mark.parametrize("kind", ["cpit", "pcpsp"])
def test_the_best_plan_of_the_tiny_instance_is_a_sound_answer(tmp_path, kind):
    asked = read_instance(instance(tmp_path), kind).or_raise()
    problem = schedule_problem(asked)
    best = best_by_enumeration(problem)
    assert best is not None
    answer = minelib_solution(problem, best[1], kind)
    check = verify_solution(asked, answer)
    assert check.feasible, check.sentences(5)
    assert check.value == pytest.approx(best[0], abs=1e-9)
    again = plan_of_solution(problem, answer)
    assert (again.period == best[1].period).all()
    assert again.share == pytest.approx(best[1].share)
    # By hand: blocks 0, 1 and 3 in period 0 are worth 3, and earlier is better than later.
    assert kind == "pcpsp" or best[0] == pytest.approx(3.0)


def test_marks_of_the_library_are_no_values(tmp_path):
    asked = read_instance(instance(tmp_path), "pcpsp").or_raise()
    problem = schedule_problem(asked)
    assert np.isneginf(problem.value[0, 1]) and np.isfinite(problem.value).sum() == 9
    assert problem.calendar.factors().tolist() == [1.0, 0.8]
    assert problem.split and not schedule_problem(
        read_instance(tmp_path, "cpit").or_raise()
    ).split  # fmt: skip


@pytest.mark.parametrize(("name", "kind"), OFFICIAL)
def test_official_answers_are_plans_of_the_same_worth(name, kind):
    folder = reference(f"minelib/{name}")
    asked = read_instance(folder, kind).or_raise()
    problem = schedule_problem(asked)
    answer = read_solution(folder / f"{name}_{kind}_gmunoz120723.sol", kind).or_raise()
    plan = plan_of_solution(problem, answer)
    assert plan_value(problem, plan) == pytest.approx(
        verify_solution(asked, answer).value, rel=1e-6
    )
    assert plan_value(problem, plan) == pytest.approx(OFFICIAL[name, kind], abs=500)
    assert is_feasible(problem, plan, within=2e-5)


def test_rounded_fractions_are_the_whole_block(tmp_path):
    problem = schedule_problem(read_instance(instance(tmp_path), "pcpsp").or_raise())
    rows = np.array([3, 3]), np.array([0, 1]), np.array([1, 1])
    plan = plan_of_solution(problem, MineLibSolution("pcpsp", *rows, np.array([0.5, 0.4999996])))
    assert plan.share[3].sum() == pytest.approx(1.0, abs=1e-15)
    assert plan.period.tolist() == [2, 2, 2, 1, 2]


def test_what_is_no_plan_is_refused_with_all_that_is_wrong(tmp_path):
    problem = schedule_problem(read_instance(instance(tmp_path), "cpit").or_raise())
    whole = np.ones(2)
    rows = np.array([0, 9]), np.array([0, 1]), np.array([-1, 0])
    with pytest.raises(DataError) as caught:
        plan_of_solution(problem, MineLibSolution("cpit", *rows, whole))
    assert len(caught.value.problems) == 3
    rows = np.array([0, 0, 1]), np.zeros(3, np.int64), np.array([0, 1, 0])
    with pytest.raises(DataError, match="several periods") as caught:
        plan_of_solution(problem, MineLibSolution("cpit", *rows, np.array([0.5, 0.5, 0.25])))
    assert "in part" in str(caught.value)


def test_flows_have_no_place_in_the_library():
    problem = random_schedule(0, ("flows",), n=2)
    idle = SchedulePlan(np.full(2, 3), np.zeros((2, 3)), np.zeros((1, 3)))
    assert minelib_solution(problem, idle, "pcpsp").block.size == 0
    busy = SchedulePlan(idle.period, idle.share, np.ones((1, 3)))
    with pytest.raises(DataError, match=r"\.sol"):
        minelib_solution(problem, busy, "pcpsp")
