"""Is the problem small enough to be planned in one piece, and what is then the best plan?

One program with everything free finds the best plan and proves it, where HiGHS can: hundreds of
activities and a few periods. Larger problems are for `planning.scheduling.improvement`, which plans
part after part.
"""

from __future__ import annotations

import math
import time

import numpy as np

from planning.scheduling.answers import Relaxation
from planning.scheduling.destinations import choose_destinations
from planning.scheduling.feasibility import is_feasible
from planning.scheduling.penalties import limit_penalties
from planning.scheduling.plan import SchedulePlan, empty_plan
from planning.scheduling.problem import ScheduleProblem
from planning.scheduling.windows import Freedom, WindowMaker
from planning.solver import SearchLimits, solve_together

#: Columns of a program that is tried at all, and nodes of its search.
MOST_COLUMNS, NODES = 2_500, 1_000
#: Part of the time that is left which it may take [fraction].
PART = 0.3
#: What more is not worth the search, as a part of the bound.
MISSING = 1e-10


def plan_whole(
    problem: ScheduleProblem,
    relaxation: Relaxation,
    plan: SchedulePlan | None,
    until: float | None = None,
) -> tuple[SchedulePlan | None, float | None]:
    """Plan everything at once.

    Parameters
    ----------
    problem : ScheduleProblem
        n activities, t periods.
    relaxation : Relaxation
        Its bound.
    plan : SchedulePlan or None
        A plan to begin from.
    until : float, optional
        When all must be done, by `time.perf_counter` [s].

    Returns
    -------
    (SchedulePlan or None, float or None)
        The best plan found, None where none was; what no plan is worth more than [discounted
        currency], None where nothing was learnt. (None, None) where the problem is too large.
    """
    n, never = problem.n_activities, problem.n_periods
    if n * never > MOST_COLUMNS:
        return None, None
    maker = WindowMaker(problem, limit_penalties(problem, relaxation))
    begin = maker.tidy(empty_plan(problem) if plan is None else plan)
    window = maker.window(begin, Freedom(np.zeros(n, np.int64), np.full(n, never, np.int64)))
    if window is None or window.program.n_variables > MOST_COLUMNS:
        return None, None
    left = None if until is None else PART * (until - time.perf_counter())
    if left is not None and left <= 0.0:
        return None, None
    size = abs(relaxation.bound) if math.isfinite(relaxation.bound) else 0.0
    limits = SearchLimits(left, NODES, 0.0, MISSING * size)
    report = solve_together([window.program], [window.start], limits)[0]
    if report.interrupted:
        raise KeyboardInterrupt
    found = None if report.solution is None else window.answer(report.solution)
    if found is not None and not is_feasible(problem, found):
        found = choose_destinations(problem, found.period)
        found = None if found is None or not is_feasible(problem, found) else found
    # A plan that breaks limits is the start of a program that may break them too, at a price: its
    # bound holds for plans that do not, as well.
    return found, report.bound
