"""Who answers a problem of MineLib, and what of the answer may other programs rely on?

One object a problem: instance, problem, value, bound, gap, status, iterations. The gap is (bound -
value) / |bound| as a fraction; the status is optimal, feasible, infeasible or interrupted, and
interrupted with the value null where the time was up before there was any answer.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from planning.errors import PlanningError
from planning.limits.minelib_problem import MineLibProblem, MineLibSolution

if TYPE_CHECKING:
    from planning.limits.answers import UltimatePit
    from planning.scheduling.answers import Effort, Say, ScheduleAnswer


def solve_pit(problem: MineLibProblem, seconds: float | None) -> UltimatePit | None:
    """Solve the ultimate pit; None when the time is up first.

    Parameters
    ----------
    problem : MineLibProblem
        A upit.
    seconds : float or None
        Longest time [s]; None is no limit.

    Returns
    -------
    UltimatePit or None

    Raises
    ------
    DataError
        If values cannot be counted in 64 bits.
    """
    from planning.limits.pit import ultimate_pit

    if seconds is None:
        return ultimate_pit(problem.pit_values(), problem.precedence)
    if seconds <= 0.0:
        return None
    found: list[UltimatePit] = []
    failed: list[Exception] = []

    def work() -> None:
        try:
            found.append(ultimate_pit(problem.pit_values(), problem.precedence))
        except Exception as error:
            failed.append(error)

    # The kernel lets go of the interpreter; a thread left behind ends with the program.
    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(seconds)
    if failed:
        raise failed[0]
    return found[0] if found else None


def pit_result(problem: MineLibProblem, pit: UltimatePit | None) -> dict[str, Any]:
    """Return what others may rely on of a pit, without times.

    Parameters
    ----------
    problem : MineLibProblem
        What was asked.
    pit : UltimatePit or None
        The answer; None when the time was up, and then the bound is the sum of all gains.

    Returns
    -------
    dict
        instance, problem, value, bound, gap, status, iterations.
    """
    head = {"instance": problem.name, "problem": problem.kind}
    if pit is None:
        values = problem.pit_values()
        bound = float(values[values > 0.0].sum())
        return {**head, "value": None, "bound": bound, "gap": None, "status": "interrupted",
                "iterations": None}  # fmt: skip
    proven = pit.value_units == pit.bound_units
    status = "optimal" if proven else "feasible"
    return {**head, "value": pit.value, "bound": pit.bound, "gap": pit.gap, "status": status,
            "iterations": 1}  # fmt: skip


def solve_schedule(problem: MineLibProblem, effort: Effort, say: Say | None) -> ScheduleAnswer:
    """Look for the best plan of a cpit or pcpsp.

    Parameters
    ----------
    problem : MineLibProblem
        A cpit or pcpsp.
    effort : Effort
        When to stop.
    say : callable or None
        Hears of each step.

    Returns
    -------
    ScheduleAnswer
        Ctrl-C returns the best plan so far.
    """
    from planning.scheduling.from_minelib import schedule_problem
    from planning.scheduling.schedule import schedule

    return schedule(schedule_problem(problem), effort, say=say)


def checked_solution(problem: MineLibProblem, answer: ScheduleAnswer) -> MineLibSolution | None:
    """Return a plan as MineLib writes it, confirmed by the checker of such answers.

    Parameters
    ----------
    problem : MineLibProblem
        What was asked.
    answer : ScheduleAnswer
        What was found.

    Returns
    -------
    MineLibSolution or None
        None where there is no plan.

    Raises
    ------
    PlanningError
        If the checker finds a broken rule, or another value: then this program is wrong.
    """
    from planning.scheduling.from_minelib import minelib_solution
    from planning.verification.minelib import verify_solution

    if answer.plan is None or answer.value is None:
        return None
    solution = minelib_solution(answer.problem, answer.plan, problem.kind)
    check = verify_solution(problem, solution)
    if not check.feasible:
        broken = "; ".join(check.sentences(3))
        raise PlanningError(f"The plan of {problem.name} does not hold: {broken}.")
    if abs(check.value - answer.value) > 1e-9 * max(1.0, abs(answer.value)):
        fact = f"counted again {check.value:,.2f}, not {answer.value:,.2f}"
        raise PlanningError(f"The plan of {problem.name} is worth, {fact}.")
    return solution


def schedule_result(problem: MineLibProblem, answer: ScheduleAnswer) -> dict[str, Any]:
    """Return what others may rely on of a plan, without times.

    Parameters
    ----------
    problem : MineLibProblem
        What was asked.
    answer : ScheduleAnswer
        What was found.

    Returns
    -------
    dict
        instance, problem, value, bound, gap, status, iterations.
    """
    status = "interrupted" if answer.status == "no_plan" else answer.status
    relaxation = answer.relaxation
    return {
        "instance": problem.name,
        "problem": problem.kind,
        "value": answer.value,
        "bound": answer.bound,
        "gap": answer.gap,
        "status": status,
        "iterations": None if relaxation is None else relaxation.iterations,
    }
