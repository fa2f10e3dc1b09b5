"""How much better does a plan get when parts of it are planned again, each as well as can be?

Large-neighbourhood search: some activities may move between some periods, HiGHS plans them again
with the plan as its start, and what is better is kept. Two neighbourhoods that do not touch are
searched at once, one a thread. Every plan that is kept has been checked against all rules.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from planning.programs import SolveReport, SolveStatus
from planning.scheduling.answers import Effort, Progress, Relaxation, Say, relative_gap
from planning.scheduling.destinations import choose_destinations
from planning.scheduling.feasibility import is_feasible
from planning.scheduling.local_search import wander
from planning.scheduling.merging import Merger, merge
from planning.scheduling.neighbourhoods import Chooser, Kind, chooser
from planning.scheduling.penalties import limit_penalties, worth_within_limits
from planning.scheduling.plan import SchedulePlan, empty_plan, plan_value
from planning.scheduling.problem import ScheduleProblem
from planning.scheduling.windows import Window, WindowMaker
from planning.solver import SearchLimits, solve_together

FloatArray = NDArray[np.float64]
#: Rounds without any gain after which the search ends, where nothing else ends it.
IDLE_ROUNDS = 100
#: Nodes of one search, of one that merges plans, and the longest time of both where there is a time
#: limit at all [s].
NODES, MERGING_NODES, LONGEST_S = 150, 100, 10.0
#: What is not worth a proof, as a part of the bound.
MISSING = 4e-6
#: Simplex steps that stand for all that a search does before them.
STEPS_BEFORE = 100
#: Moves of a walk, moves a candidate at least and at most, and what a move counts in entries of a
#: program times steps.
MOVES, LEAST_MOVES, MOST_MOVES, WORK_OF_A_MOVE = 300_000, 20, 300, 25.0
#: What a round counts beside that, and for each arc.
WORK_OF_A_ROUND, WORK_OF_AN_ARC = 1e6, 4.0
#: How many walked plans are merged at once, and into how many groups at most.
POOL, MOST_GROUPS = 3, 3000
#: Walks of different seeds have different numbers.
SEEDS_APART = 1_000_003
#: A gain below this part of the value is none.
NO_GAIN = 1e-9
#: How often windows are made anew that turn out too small.
TRIES = 4
#: A proof came easily when it took less than this part of the nodes.
EASY = 0.3


def improve(
    problem: ScheduleProblem,
    relaxation: Relaxation,
    plan: SchedulePlan | None,
    effort: Effort,
    *,
    until: float | None = None,
    say: Say | None = None,
) -> SchedulePlan | None:
    """Return the best plan found from a first one.

    Parameters
    ----------
    problem : ScheduleProblem
        What is planned.
    relaxation : Relaxation
        Its bound, and when the relaxed problem does what.
    plan : SchedulePlan or None
        Where to begin; None, or a plan that breaks limits: the first part of the work is to find
        one that does not.
    effort : Effort
        Seed, rounds, and the gap that is good enough. Its time limit is not looked at.
    until : float, optional
        When to stop, by `time.perf_counter` [s].
    say : callable, optional
        Hears of each better plan; "interrupted" when Ctrl-C ended the search.

    Returns
    -------
    SchedulePlan or None
        Feasible, and never worth less than a feasible *plan*; None where none was found.
    """
    search = Search(problem, relaxation, plan, effort.seed)
    rounds, search.until = effort.rounds, until
    try:
        while not search.ends(effort.gap) and (rounds is None or search.rounds < rounds):
            left = math.inf if until is None else until - time.perf_counter()
            if left < 0.5:
                break
            gained = search.once(None if until is None else min(left, LONGEST_S))
            if gained and say is not None:
                say(Progress(search.seconds, search.what, search.value, relaxation.bound))
            if search.interrupted:
                break
    except KeyboardInterrupt:
        search.interrupted = True
    if search.interrupted and say is not None:
        say(Progress(search.seconds, "interrupted", search.value, relaxation.bound))
    return search.best


class Search:
    """A search under way."""

    def __init__(
        self, problem: ScheduleProblem, relaxation: Relaxation, plan: SchedulePlan | None, seed: int
    ) -> None:
        """Begin from a plan."""
        self.began = time.perf_counter()
        self.problem, self.relaxation = problem, relaxation
        self.penalty = limit_penalties(problem, relaxation)
        self.maker = WindowMaker(problem, self.penalty)
        self.chooser: Chooser = chooser(self.maker.rules, relaxation, seed)
        self.seed, self.pool = seed, list[SchedulePlan]()
        self.current = self.maker.tidy(empty_plan(problem) if plan is None else plan)
        self.score = self._worth(self.current)
        self.rounds, self.idle, self.what, self.interrupted = 0, 0, "", False
        #: When all must be done, by `time.perf_counter`, and how long the last walks took [s].
        self.until: float | None = None
        self.walked = 0.0
        self.value: float | None = None
        self.best: SchedulePlan | None = None
        if plan is not None and is_feasible(problem, plan):
            self.best, self.value = plan, plan_value(problem, plan)
        elif is_feasible(problem, self.current):
            self.best, self.value = self.current, self.score

    @property
    def seconds(self) -> float:
        """Wall time since the beginning [s]."""
        return time.perf_counter() - self.began

    def ends(self, gap: float) -> bool:
        """Tell whether nothing is left to do."""
        found = relative_gap(self.value, self.relaxation.bound)
        return self.idle >= IDLE_ROUNDS or (found is not None and found <= max(gap, 1e-12))

    def once(self, seconds: float | None) -> bool:
        """Search once, in one way or another; tell whether the best plan got better."""
        kind, before = self.chooser.kind(), self.score
        made: list[Window | Merger] = []
        found, work = self._windows(kind) if kind.step else self._walks(kind)
        made.extend(found)
        reports = self._solve(made, seconds)
        for program, report in zip(made, reports, strict=True):
            self._take(program, report)
        gain = self.score - before
        work += sum(
            (report.steps + STEPS_BEFORE) * (each.program.n_rows + each.program.n_variables)
            for report, each in zip(reports, made, strict=True)
        )
        work += WORK_OF_A_ROUND + WORK_OF_AN_ARC * self.problem.precedence.n_arcs
        kind.learn(max(gain, 0.0), float(work), _came_easily(reports))
        self.rounds += 1
        self.idle = 0 if gain > NO_GAIN * abs(self.score) else self.idle + 1
        self.what = f"{kind}, round {self.rounds}"
        return self._keep()

    def _walks(self, kind: Kind) -> tuple[list[Merger], float]:
        """Let two walks find other plans, and make the program that merges the latest ones."""
        among, begun = self.chooser.walkers(self.current, kind), time.perf_counter()
        too_late = self.until is not None and begun + self.walked > self.until
        if not among.size or too_late:
            return [], 1.0
        moves = min(max(MOVES // among.size, LEAST_MOVES), MOST_MOVES)
        first = 2 * self.rounds + SEEDS_APART * self.seed

        def walk(seed: int) -> SchedulePlan | None:
            effort = Effort(seed=seed, rounds=moves)
            return wander(self.maker.rules, self.relaxation, self.current, effort,
                          warmth=kind.warmth, among=among)  # fmt: skip

        with ThreadPoolExecutor(2) as threads:
            found = list(threads.map(walk, (first, first + 1)))
        self.walked = time.perf_counter() - begun
        self.pool += [self.maker.tidy(plan) for plan in found if plan is not None]
        self.pool = self.pool[-POOL:]
        merger = merge(self.maker, [self.current, *self.pool])
        while merger is not None and merger.program.n_variables > MOST_GROUPS and self.pool:
            self.pool = self.pool[1:]
            merger = merge(self.maker, [self.current, *self.pool])
        work = 2.0 * WORK_OF_A_MOVE * moves * among.size
        return [] if merger is None else [merger], work

    def _windows(self, kind: Kind) -> tuple[list[Window], float]:
        """Make windows of the size that a kind should have."""
        made: list[Window] = []
        for _ in range(TRIES):
            freedoms = self.chooser.pair(self.current, kind)
            windows = [self.maker.window(self.current, freedom) for freedom in freedoms]
            made = [window for window in windows if window is not None]
            largest = max((window.columns.n_by for window in made), default=0)
            kind.fit(largest)
            if largest >= 0.5 * kind.size:
                break
        return made, 1.0

    def _solve(
        self, windows: Sequence[Window | Merger], seconds: float | None
    ) -> list[SolveReport]:
        """Plan windows again."""
        if not windows:
            return []
        size = abs(self.relaxation.bound)
        missing = MISSING * size if math.isfinite(size) else 0.0
        merging = any(isinstance(each, Merger) for each in windows)
        limits = SearchLimits(seconds, MERGING_NODES if merging else NODES, 1e-9, missing)
        programs, starts = [w.program for w in windows], [w.start for w in windows]
        reports = solve_together(programs, starts, limits)
        self.interrupted = any(report.interrupted for report in reports)
        return reports

    def _take(self, program: Window | Merger, report: SolveReport) -> None:
        """Go on from an answer if that is better, with the changes of others in it."""
        if report.solution is None:
            return
        window = program.window if isinstance(program, Merger) else program
        found, made = program.answer(report.solution), window.plan
        free = window.columns.free
        if made is not self.current:
            period, share = self.current.period.copy(), self.current.share.copy()
            period[free], share[free] = found.period[free], found.share[free]
            flow = self.current.flow + (found.flow - made.flow)
            found = SchedulePlan(period, share, np.maximum(flow, 0.0))
        was_whole = self.best is not None
        if was_whole and not is_feasible(self.problem, found):
            chosen = choose_destinations(self.problem, found.period)
            if chosen is None or not is_feasible(self.problem, chosen):
                return
            found = self.maker.tidy(chosen)
        score = self._worth(found)
        if score > self.score:
            self.current, self.score = found, score

    def _keep(self) -> bool:
        """Remember the plan if it is the best that keeps to all rules."""
        if self.value is not None and self.score <= self.value:
            return False
        if self.best is None and not is_feasible(self.problem, self.current):
            chosen = choose_destinations(self.problem, self.current.period)
            if chosen is None or not is_feasible(self.problem, chosen):
                return False
            self.current = self.maker.tidy(chosen)
            self.score = self._worth(self.current)
        self.best, self.value = self.current, plan_value(self.problem, self.current)
        return True

    def _worth(self, plan: SchedulePlan) -> float:
        """Return what a plan is worth, broken limits counted against it."""
        return worth_within_limits(self.problem, plan, self.penalty)


def _came_easily(reports: Sequence[SolveReport]) -> bool:
    """Tell whether all searches were proven with few nodes."""
    return all(
        report.status is SolveStatus.PROVEN and report.nodes < EASY * NODES for report in reports
    )
