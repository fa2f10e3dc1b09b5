"""How much better does a plan get when activities are moved, a million times a second?

A walk of small moves (`planning.kernels.moves`) that accepts losses while it is warm and none when
it is cold. What a move uses is charged at the prices of the relaxed problem, and what strays from a
full use of a limit that has a price is charged the more the further the walk has come: so whole
parts of a mine can change places, each of which alone would break limits. From time to time all is
packed again in the order the walk has reached, within all limits; the best such plan is kept.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.kernels import ledgers, moves
from planning.kernels.ledgers import AIM, CURVE, HIGH, LOW, PRICE, SLACK, USED, WEIGHT
from planning.kernels.moves import Walk
from planning.kernels.packing import Dates
from planning.limits.interruptions import interruptible
from planning.scheduling.answers import Effort, Progress, Relaxation, Say
from planning.scheduling.feasibility import is_feasible
from planning.scheduling.packing import Wanted, finished, packed
from planning.scheduling.plan import SchedulePlan, plan_value
from planning.scheduling.problem import ScheduleProblem
from planning.scheduling.search_rules import SearchRules, search_rules

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: A part of an activity below this is none [fraction].
NOTHING = 1e-6
#: Moves of one call of the kernel: short enough for a deadline and Ctrl-C.
PIECE = 20_000
#: Temperature at the beginning of a leg, in values of a mean activity.
WARM = 0.2
#: How the cost of passing a limit changes with each piece in which it is passed or kept, and how
#: far it may go.
HARDER, EASIER, STIFFEST = 1.2, 0.95, 1000.0
#: What passing a limit without a price costs, in what a limit's use brings on average.
DEAR = 4.0


class Mood(NamedTuple):
    """How a leg of a walk goes.

    cold : temperature at its end, in values of a mean activity
    loose, tight : what straying from a priced limit costs at the beginning and at the end: this
        many times price x limit x (distance / limit) squared
    hard : what passing a priced limit costs beside that at the end, in prices; it rises with the
        square of the part that is over
    """

    cold: float
    loose: float
    tight: float
    hard: float


#: Legs take turns. Where activities are small beside limits the first is the better mood, since
#: packing again costs little; where they are large, the second, which ends within the limits.
MOODS = (Mood(0.01, 0.2, 100.0, 0.0), Mood(0.003, 1.0, 100.0, 4.0))
#: All is packed again after each of these parts of a leg.
SETTLED = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
#: The same in a walk that looks for another plan, not for the best one.
SETTLED_SHORT = (0.8, 1.0)
#: Legs of a walk where there are flows, which are chosen anew after each.
LEGS = 3
#: Part of a walk that its first leg takes, and most moves a candidate in one of the others.
FIRST, LEG = 0.1, 1000.0
#: What is said when Ctrl-C ended the work.
INTERRUPTED = "interrupted"
#: Rounds when neither they nor a time limit are stated.
ROUNDS = 300
SHORT = Effort(rounds=ROUNDS)


def search_locally(
    problem: ScheduleProblem,
    relaxation: Relaxation,
    plan: SchedulePlan,
    effort: Effort = SHORT,
    *,
    say: Say | None = None,
) -> SchedulePlan | None:
    """Return the best plan that a walk from one finds.

    Parameters
    ----------
    problem : ScheduleProblem
        n activities.
    relaxation : Relaxation
        Which activities are wanted, and the prices of limits.
    plan : SchedulePlan
        Where the walk begins; it may break limits but not the order of activities.
    effort : Effort
        When to stop. A round is one move proposed for each activity that is wanted: as many give
        the same plan every time. With a time limit the walk cools as time goes by, and rounds do
        not count.
    say : callable, optional
        Hears of each better plan, and of Ctrl-C, which ends the walk.

    Returns
    -------
    SchedulePlan or None
        Never worse than the plan it begins from; None where that and all others break limits.
    """
    began = time.perf_counter()
    limit, rounds = effort.time_limit_s, effort.rounds
    deadline = None if limit is None else began + limit
    work = float(ROUNDS if rounds is None else rounds)
    walker = _Walker(search_rules(problem), relaxation, plan, np.random.default_rng(effort.seed))
    best = plan if is_feasible(problem, plan) else None
    most = plan_value(problem, plan) if best is not None else -np.inf
    try:
        for part, until in _legs(walker, work, deadline):
            walker.go(part, until)
            found = walker.best()
            if found is None:
                continue
            walker.begin(found)
            value = plan_value(problem, found)
            if value > most:
                best, most = found, value
                if say is not None:
                    say(Progress(time.perf_counter() - began, "local search", value))
            if relaxation.bound - most <= effort.gap * abs(relaxation.bound):
                break
    except KeyboardInterrupt:
        if say is not None:
            say(Progress(time.perf_counter() - began, INTERRUPTED))
    return best


def wander(
    rules: SearchRules,
    relaxation: Relaxation,
    plan: SchedulePlan,
    effort: Effort = SHORT,
    *,
    warmth: float = WARM,
    among: IntArray | None = None,
) -> SchedulePlan | None:
    """Return the best plan of a walk without the plan it begins from: another good plan.

    Parameters
    ----------
    rules : SearchRules
        The problem.
    relaxation : Relaxation
        Which activities are wanted, and the prices of limits.
    plan : SchedulePlan
        Where the walk begins; it may break limits but not the order of activities.
    effort : Effort
        As in `search_locally`; a walk of one leg.
    warmth : float
        Temperature at the beginning, in values of a mean activity: the warmer, the less of the
        first plan is left.
    among : ndarray of int, optional
        Activities that moves begin with; by default all that are wanted or done.

    Returns
    -------
    SchedulePlan or None
        None where no plan within all limits was found.
    """
    limit = effort.time_limit_s
    until = math.inf if limit is None else time.perf_counter() + limit
    walker = _Walker(rules, relaxation, plan, np.random.default_rng(effort.seed))
    walker.warmth, walker.forgets = warmth, True
    if among is not None:
        walker.candidates = np.asarray(among, dtype=np.int64)
    walker.go(float(ROUNDS if effort.rounds is None else effort.rounds), until)
    return walker.best()


def _legs(walker: _Walker, work: float, deadline: float | None) -> Iterator[tuple[float, float]]:
    """Yield the work of each leg, and until when it may last; inf: as long as it takes.

    The first leg is short, so that there is soon a better plan; it shows how fast the walk is.
    """
    began, least = time.perf_counter(), LEGS if walker.flow.size else 1
    if deadline is None:
        yield FIRST * work, math.inf
        left = (1.0 - FIRST) * work
    else:
        yield 0.0, began + FIRST * (deadline - began)
        now = time.perf_counter()
        left = walker.proposed * (deadline - now) / max(now - began, 1e-9)
        left /= max(len(walker.candidates), 1)
    legs = max(least, round(left / LEG))
    for leg in range(legs):
        walker.mood = MOODS[leg % len(MOODS)]
        now = time.perf_counter()
        if deadline is None:
            yield left / legs, math.inf
        elif now < deadline:
            yield 0.0, now + (deadline - now) / (legs - leg)


class _Walker:
    """A walk under way."""

    def __init__(
        self,
        rules: SearchRules,
        relaxation: Relaxation,
        plan: SchedulePlan,
        rng: np.random.Generator,
    ) -> None:
        problem = rules.problem
        self.rules, self.rng, self.relaxation = rules, rng, relaxation
        self.proposed, self.warmth, self.forgets, self.mood = 0, WARM, False, MOODS[0]
        wanted = relaxation.fraction.sum(axis=(1, 2)) > NOTHING
        done = plan.period < problem.n_periods
        self.candidates = np.flatnonzero(wanted | done).astype(np.int64)
        worth = abs(relaxation.bound) if np.isfinite(relaxation.bound) else 1.0
        self.scale = worth / max(len(self.candidates), 1)
        self.charged = rules.cell_prices(relaxation.prices, relaxation.general_prices)
        self.limits = _priced(rules, relaxation, worth)
        self.begin(plan)

    def begin(self, plan: SchedulePlan) -> None:
        """Stand at a plan; nothing is known of better ones."""
        rules = self.rules
        n, t = rules.problem.n_activities, rules.problem.n_periods
        self.flow, self.dates = plan.flow, rules.dates(plan)
        self.cells = self.limits.copy()
        self.stress = np.ones(len(self.cells))
        hint = np.minimum(self.relaxation.expected_period(), t - 1).astype(np.int64)
        best = np.column_stack([self.dates.period, self.dates.option])
        scratch = np.zeros((max(n, moves.MOST + 1), moves.SCRATCH_COLUMNS), dtype=np.int64)
        self.walk = Walk(best, hint, np.zeros(moves.SLOTS), scratch)
        self.walk.total[moves.BEST] = -np.inf
        self.count_up()
        self.keep(self.dates, self.walk.total[moves.VALUE], self.walk.total[moves.BROKEN] == 0)

    def go(self, work: float, until: float) -> None:
        """Walk from warm to cold, with so many moves a candidate, or until a time."""
        timed, total = math.isfinite(until), max(int(work * len(self.candidates)), 1)
        proposed, settled, part = 0, 0, 0.0
        marks = SETTLED_SHORT if self.forgets else SETTLED
        began = time.perf_counter()
        while part < 1.0 and len(self.candidates):
            piece = PIECE if timed else min(PIECE, max(total // 100, 1000))
            self.step(part, piece)
            proposed += piece
            part = proposed / total
            if self.forgets and settled == 0:
                self.walk.total[moves.BEST] = -np.inf
            if timed:
                part = (time.perf_counter() - began) / max(until - began, 1e-9)
            while settled < len(marks) and part >= marks[settled]:
                settled += 1
                if settled == len(marks) or part < marks[settled]:
                    self.settle()

    @interruptible()
    def step(self, part: float, piece: int) -> None:
        """Propose a piece of moves, as warm as this part of the walk is."""
        rules, cells = self.rules, self.cells
        self.proposed += piece
        self.count_up()
        mood = self.mood
        cells[:, CURVE] = self.limits[:, CURVE] * mood.loose * (mood.tight / mood.loose) ** part
        rise = mood.hard * part**2 * np.abs(self.limits[:, PRICE])
        passed = (cells[:, USED] > cells[:, HIGH] + cells[:, SLACK]) | (
            cells[:, USED] < cells[:, LOW] - cells[:, SLACK]
        )
        self.stress = np.clip(self.stress * np.where(passed, HARDER, EASIER), 1.0, STIFFEST)
        cells[:, WEIGHT] = self.stress * (self.limits[:, WEIGHT] + rise)
        heat = self.scale * self.warmth * (mood.cold / self.warmth) ** part
        moves.anneal(
            rules.uses, cells, rules.order, rules.options, self.dates, self.walk,
            self.candidates, self.rng.random((piece, 6)), np.array([heat, heat]),
        )  # fmt: skip

    def count_up(self) -> None:
        """Book all that is done afresh, and count limits that are passed."""
        cells, dates, total = self.cells, self.dates, self.walk.total
        cells[:, USED] = self.rules.cells(self.flow)[:, USED]
        self.book(cells, dates)
        total[moves.VALUE] = self.worth(dates)
        total[moves.BROKEN] = self.broken(cells)

    def book(self, cells: FloatArray, dates: Dates) -> None:
        """Book all that is done."""
        done = np.flatnonzero(dates.option >= 0)
        t = self.rules.problem.n_periods
        ledgers.book_all(self.rules.uses, cells, t, dates.option[done], dates.period[done])

    def worth(self, dates: Dates) -> float:
        """Return the discounted value of dates, flows left out [currency]."""
        done = np.flatnonzero(dates.option >= 0)
        options = self.rules.options
        return float((options.factor[dates.period[done]] * options.value[dates.option[done]]).sum())

    def broken(self, cells: FloatArray) -> int:
        """Return how many limits are passed."""
        used, slack = cells[:, USED], cells[:, SLACK]
        return int(((used > cells[:, HIGH] + slack) | (used < cells[:, LOW] - slack)).sum())

    def keep(self, dates: Dates, worth: float, within: bool) -> None:
        """Keep dates that are within all limits and the best so far."""
        total = self.walk.total
        if within and worth > total[moves.BEST]:
            total[moves.BEST] = worth
            self.walk.best[:, 0], self.walk.best[:, 1] = dates.period, dates.option

    def settle(self) -> Dates:
        """Pack all that is done again within all limits, in the order of its periods."""
        rules, dates = self.rules, self.dates
        value = np.where(dates.option >= 0, rules.options.value[dates.option], -np.inf)
        earning = np.flatnonzero(value > 0.0)
        order = earning[np.lexsort((-value[earning], dates.period[earning]))].astype(np.int64)
        only, found = dates.option.copy(), dates
        most = -np.inf
        for floor in (np.zeros_like(only), np.where(dates.option >= 0, dates.period, 0)):
            cells = rules.cells(self.flow)
            packing = packed(rules, cells, self.charged, Wanted(order, only, floor))
            worth = self.worth(packing)
            self.keep(packing, worth, self.broken(cells) == 0)
            if worth > most:
                found, most = packing, worth
        return found

    def best(self) -> SchedulePlan | None:
        """Return the best plan of all, with the shares and flows that suit it best."""
        rules, walk, prices = self.rules, self.walk, self.relaxation.prices
        dates = []
        if walk.total[moves.BEST] > -np.inf:
            dates.append(Dates(walk.best[:, 0].copy(), walk.best[:, 1].copy()))
        if rules.problem.n_flows or not dates:
            dates += [self.settle(), self.dates]
        plans = [finished(rules, each, self.flow, prices) for each in dates]
        kept = [plan for plan in plans if plan is not None]
        return max(kept, key=lambda plan: plan_value(rules.problem, plan), default=None)


def _priced(rules: SearchRules, relaxation: Relaxation, worth: float) -> FloatArray:
    """Return the limits with what walks are charged: prices, aims, and what passing them costs.

    What has no price is charged only beyond its limits, as if its limits alone brought the worth.
    """
    cells, problem = rules.limits.copy(), rules.problem
    price = np.concatenate([relaxation.prices.ravel(), relaxation.general_prices])
    limit = np.where(price < 0.0, cells[:, LOW], cells[:, HIGH])
    price = np.where(np.isfinite(limit), price, 0.0)
    cells[:, AIM] = np.where(price == 0.0, 0.0, limit)
    size = _sizes(rules, relaxation)
    cells[:, PRICE], cells[:, CURVE] = price, np.abs(price) / size
    mean = 0.2 * worth / (problem.n_periods * size)
    cells[:, WEIGHT] = np.where(price == 0.0, DEAR * mean, 0.0)
    return cells


def _sizes(rules: SearchRules, relaxation: Relaxation) -> FloatArray:
    """Return how large the use of each limit is: the limit, or what the relaxed plan uses."""
    problem, use, t = rules.problem, rules.problem.use, rules.problem.n_periods
    part = relaxation.fraction.sum(axis=2)[use.activity, use.destination]
    moved = np.bincount(use.resource, np.abs(use.amount) * part, problem.n_resources) / t
    usual = np.concatenate([np.repeat(moved, t), np.ones(len(problem.general.upper))])
    low, high = rules.limits[:, LOW], rules.limits[:, HIGH]
    stated = np.maximum(
        np.where(np.isfinite(low), np.abs(low), 0.0), np.where(np.isfinite(high), np.abs(high), 0.0)
    )
    size: FloatArray = np.maximum(np.where(stated > 0.0, stated, usual), 1e-9)
    return size
