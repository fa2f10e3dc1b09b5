"""What is the best plan that can be found, and how far may it be from the best there is?

Three steps, each of which leaves something that holds when the next is cut short: the relaxed
problem (a bound that no plan passes, prices, when each activity is wanted), a first plan made from
it, and its improvement until the gap, the time or the work is used up; what is small enough is
planned in one piece, and so to its optimum. Whatever a step returns is
checked against the problem before it is believed.
"""

from __future__ import annotations

import math
import threading
import time
from dataclasses import replace

from planning.errors import PlanningError
from planning.scheduling.answers import (
    OPTIMAL_WITHIN,
    Effort,
    Progress,
    Relaxation,
    Say,
    ScheduleAnswer,
    ScheduleStatus,
    relative_gap,
)
from planning.scheduling.destinations import choose_destinations
from planning.scheduling.feasibility import is_feasible
from planning.scheduling.improvement import improve
from planning.scheduling.plan import SchedulePlan, empty_plan, plan_value
from planning.scheduling.problem import ScheduleProblem
from planning.scheduling.relaxation import relax
from planning.scheduling.rounding import round_plan
from planning.scheduling.whole import plan_whole

#: Parts of the time that bound and first plan may take, so that something is left for the rest.
BOUND_PART, ROUNDING_PART = 0.6, 0.1
#: The relaxed problem is solved to this gap, or to this part of a wider gap that is good enough.
TIGHT, BOUND_SHARE = 1e-6, 0.25
#: By how much a plan may pass the bound when both are right, as a part of them.
ROUNDING = 1e-8
#: What `schedule` does when nothing is asked of it: a fixed amount of work.
ROUNDS = 60
AS_IT_COMES = Effort(rounds=ROUNDS)
#: What a step says when Ctrl-C ended it.
INTERRUPTED = "interrupted"


def schedule(
    problem: ScheduleProblem,
    effort: Effort = AS_IT_COMES,
    *,
    start: ScheduleAnswer | SchedulePlan | None = None,
    say: Say | None = None,
) -> ScheduleAnswer:
    """Find the best plan that the effort allows, with a bound.

    Parameters
    ----------
    problem : ScheduleProblem
        What is to be planned.
    effort : Effort
        When to stop. Without a time limit equal problems get equal plans; without a number of
        rounds as well, `ROUNDS` is the work.
    start : ScheduleAnswer or SchedulePlan, optional
        An answer to a problem of the same shape to begin from. A plan whose shares do not keep to
        these limits gets new ones; it is dropped where none do.
    say : callable, optional
        Hears of each step: best value and least bound so far, never a worse one.

    Returns
    -------
    ScheduleAnswer
        Ctrl-C returns the best plan so far, with the status "interrupted".

    Raises
    ------
    PlanningError
        If a step returns a plan that breaks a rule.
    """
    if effort.time_limit_s is None and effort.rounds is None:
        effort = replace(effort, rounds=ROUNDS)
    log = _Log(problem, say)
    until = None if effort.time_limit_s is None else log.began + effort.time_limit_s
    known = start.relaxation if isinstance(start, ScheduleAnswer) else None
    try:
        limit = None if effort.time_limit_s is None else BOUND_PART * effort.time_limit_s
        log.relaxation = relax(
            problem,
            within=max(TIGHT, BOUND_SHARE * effort.gap),
            time_limit_s=limit,
            start=known,
            say=log.hear_bound,
        )
        _plan(log, effort, start, until)
    except KeyboardInterrupt:
        log.interrupted = True
    return _answer(log)


def _plan(
    log: _Log, effort: Effort, start: ScheduleAnswer | SchedulePlan | None, until: float | None
) -> None:
    """Go from the bound to the best plan that time and work allow."""
    problem, relaxation = log.problem, log.relaxation
    if relaxation is None or relaxation.status == "infeasible":
        return
    log.hear(Progress(0.0, "bound", None, relaxation.bound))
    given = start.plan if isinstance(start, ScheduleAnswer) else start
    if given is not None:
        log.take(_fitted(problem, given), "plan to begin from")
    if relaxation.interrupted:
        log.interrupted = True
        return
    now = time.perf_counter()
    first_until = None if until is None else now + ROUNDING_PART * max(until - now, 0.0)
    log.take(
        round_plan(problem, relaxation, seed=effort.seed, say=log.hear, deadline=first_until),
        "first plan",
    )
    if log.plan is None and is_feasible(problem, empty_plan(problem)):
        log.take(empty_plan(problem), "nothing done")
    if log.ends(effort.gap, until):
        return
    better, bound = plan_whole(problem, relaxation, log.plan, until)
    log.take(better, "all at once")
    if bound is not None:
        log.hear(Progress(0.0, "bound", None, bound))
    if log.ends(effort.gap, until):
        return
    better = improve(problem, relaxation, log.plan, effort, until=until, say=log.hear)
    log.take(better, "improvement")


class _Log:
    """The best plan and the least bound so far, and all that was said on the way."""

    def __init__(self, problem: ScheduleProblem, say: Say | None) -> None:
        self.problem = problem
        self.began = time.perf_counter()
        self.relaxation: Relaxation | None = None
        self.plan: SchedulePlan | None = None
        self.value: float | None = None
        self.bound: float | None = None
        self.interrupted = False
        self.trace: list[Progress] = []
        self._say = say
        self._lock = threading.Lock()
        self._said: float | None = None

    def ends(self, gap: float, until: float | None) -> bool:
        """Say whether the plan is good enough, the time is up, or Ctrl-C came."""
        found = relative_gap(self.value, self.bound)
        late = until is not None and time.perf_counter() >= until
        good = found is not None and found <= max(gap, OPTIMAL_WITHIN)
        return self.interrupted or late or good

    def hear(self, progress: Progress) -> None:
        """Pass a step's report on, with this clock and the best that was ever said."""
        with self._lock:
            self.interrupted = self.interrupted or progress.what == INTERRUPTED
            self._said = max(_known(self._said, progress.value), default=None)
            self.bound = min(_known(self.bound, progress.bound), default=None)
            seconds = time.perf_counter() - self.began
            report = Progress(seconds, progress.what, self._said, self.bound)
            self.trace.append(report)
        if self._say is not None:
            self._say(report)

    def hear_bound(self, progress: Progress) -> None:
        """Pass on what the relaxation says: its value is no plan's."""
        self.hear(replace(progress, value=None))

    def take(self, plan: SchedulePlan | None, what: str) -> None:
        """Keep a plan if it is the best so far."""
        if plan is None:
            return
        if not is_feasible(self.problem, plan):
            raise PlanningError(f"{what}: the plan breaks a rule of {self.problem.name}.")
        value = plan_value(self.problem, plan)
        if self.value is None or value > self.value:
            self.plan, self.value = plan, value
            self.hear(Progress(0.0, what, value))


def _known(*figures: float | None) -> list[float]:
    """Return those figures that are known."""
    return [figure for figure in figures if figure is not None and math.isfinite(figure)]


def _fitted(problem: ScheduleProblem, plan: SchedulePlan) -> SchedulePlan | None:
    """Return a plan with shares that keep to the limits of this problem, None where none do."""
    shape = (problem.n_activities, problem.n_destinations)
    if plan.share.shape != shape or plan.flow.shape != (problem.n_flows, problem.n_periods):
        return None
    if is_feasible(problem, plan):
        return plan
    if (plan.period > problem.n_periods).any():
        return None
    chosen = choose_destinations(problem, plan.period)
    return chosen if chosen is not None and is_feasible(problem, chosen) else None


def _answer(log: _Log) -> ScheduleAnswer:
    """Put together what is known at the end."""
    status: ScheduleStatus = "feasible"
    value, bound = log.value, log.bound
    if value is not None and bound is not None:
        if value > bound + ROUNDING * max(abs(value), abs(bound)):
            fact = f"{log.problem.name}: a plan is worth {value:,.6g}, more than the bound"
            raise PlanningError(f"{fact} of {bound:,.6g}; one of them is wrong.")
        bound = max(value, bound)
    gap = relative_gap(value, bound)
    if log.relaxation is not None and log.relaxation.status == "infeasible":
        status = "infeasible"
    elif gap is not None and gap <= OPTIMAL_WITHIN:
        status = "optimal"
    elif log.interrupted:
        status = "interrupted"
    elif log.plan is None:
        status = "no_plan"
    return ScheduleAnswer(
        problem=log.problem,
        plan=log.plan,
        value=value,
        bound=bound,
        status=status,
        relaxation=log.relaxation,
        trace=tuple(log.trace),
        seconds=time.perf_counter() - log.began,
    )
