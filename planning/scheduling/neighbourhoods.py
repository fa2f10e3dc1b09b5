"""Which activities of a plan may move next, and between which periods?

A neighbourhood is a run of periods, a step that activities may move at most, and a size. Where a
run holds more activities than fit, those nearest to one of them along the arcs are taken: a cone of
a pit, a part of a level. Runs are sought where the plan earns less than the relaxed problem says.
What proves most useful for its work is tried most often.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from planning.kernels.windows import neighbours
from planning.scheduling.answers import Relaxation
from planning.scheduling.plan import SchedulePlan
from planning.scheduling.search_rules import SearchRules
from planning.scheduling.windows import Freedom

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
#: A part of an activity below this is none [fraction].
NOTHING = 1e-6
#: Columns of a window at the beginning, at least and at most.
FIRST_SIZE, LEAST_SIZE, MOST_SIZE = 400, 60, 12_000
#: By how much a size grows where proofs come easily, and shrinks where they do not come.
GROWS, SHRINKS = 1.4, 0.7
#: Most activities beside one that is left free, for the others are held by fixed ones.
MOST_SPREAD = 20.0
#: How fast old winnings are forgotten.
MEMORY = 0.6
#: Part of the tries that does not look at winnings, and chance of runs that look good [fraction].
CURIOUS, EVEN = 0.2, 0.15
#: How often what the relaxed problem does not do may be done, where it does more than the half.
UNWANTED = 0.3
#: Activities that moves of a walk begin with, at most.
MOST_WALKERS = 6000
#: Shapes of neighbourhoods: periods in a run and step; a run of 0 stands for all.
SHAPES = ((2, 1), (3, 2), (4, 3), (6, 1), (8, 3), (0, 1), (0, 3))
#: Warmth of walks, and the part of the periods that they look at.
WALKS = ((0.05, 0.4), (0.2, 1.0), (0.02, 1.0), (0.1, 1.0), (0.2, 0.4))


@dataclass(slots=True, eq=False)
class Kind:
    """One kind of search, and what it has won so far.

    Parameters
    ----------
    run : int
        Number of periods, one after the other.
    step : int
        How far an activity may move [periods]; 0 where walks look for plans to merge.
    warmth : float
        How warm walks are.
    size : float
        Columns "done by" that a window of this kind should have.
    spread : float
        Columns that activities have on their own, for one that is left beside fixed ones.
    won : float
        Winnings for work, old ones forgotten by and by.
    tried : int
        How often it was tried.
    """

    run: int
    step: int = 0
    warmth: float = 0.0
    size: float = FIRST_SIZE
    spread: float = 1.0
    won: float = 0.0
    tried: int = 0

    def __str__(self) -> str:
        """Return what it does."""
        if self.step:
            return f"window of {self.run} periods, step {self.step}"
        return f"merged walks, {self.run} periods, warmth {self.warmth:g}"

    def fit(self, columns: float) -> None:
        """Take note of how many columns a window of activities chosen for this size has."""
        if columns < self.size:
            ratio = self.size / max(columns, 0.25 * self.size)
            self.spread = min(self.spread * ratio, MOST_SPREAD)
        else:
            self.spread = max(self.spread * self.size / columns, 0.25)

    def learn(self, gain: float, work: float, proven: bool) -> None:
        """Take note of what a try won, and what it took."""
        rate = gain / max(work, 1.0)
        self.won = rate if not self.tried else MEMORY * self.won + (1 - MEMORY) * rate
        self.tried += 1
        size = self.size * (GROWS if proven else SHRINKS)
        self.size = min(max(size, LEAST_SIZE), MOST_SIZE)


def kinds_of(n_periods: int) -> list[Kind]:
    """Return the kinds of search for a number of periods, in the order in which to try them."""
    walks = {(max(round(part * n_periods), 1), warmth): None for warmth, part in WALKS}
    runs = {
        (min(run or n_periods + 1, n_periods + 1), min(step, n_periods)): None
        for run, step in SHAPES
    }
    return [
        *(Kind(run, warmth=warmth) for run, warmth in walks),
        *(Kind(run, step) for run, step in runs if run > 1),
    ]


@dataclass(slots=True, eq=False)
class Chooser:
    """Chooses what to search next.

    Parameters
    ----------
    rules : SearchRules
        The problem.
    first : ndarray of int, shape (n,)
        First period in which the relaxed problem does anything of each activity; the number of
        periods where it does nothing.
    worth : ndarray of float, shape (t,)
        What each period of the relaxed problem is worth [discounted currency].
    rng : numpy.random.Generator
        Of all random choices.
    kinds : list of Kind
        What there is to choose.
    """

    rules: SearchRules
    first: IntArray
    worth: FloatArray
    rng: np.random.Generator
    kinds: list[Kind] = field(default_factory=list)

    def kind(self) -> Kind:
        """Return the kind to try: new ones first, then mostly what won most for its work."""
        fresh = [kind for kind in self.kinds if not kind.tried]
        if fresh:
            return fresh[0]
        won = np.array([kind.won for kind in self.kinds])
        even = np.full(len(won), 1.0 / len(won))
        share = won / won.sum() if won.sum() > 0 else even
        chance = (1.0 - CURIOUS) * share + CURIOUS * even
        return self.kinds[int(self.rng.choice(len(won), p=chance / chance.sum()))]

    def walkers(self, plan: SchedulePlan, kind: Kind) -> IntArray:
        """Return the activities that the moves of a walk begin with."""
        never = self.rules.problem.n_periods
        begin = self._begins(plan, kind.run, 1)[0]
        end = begin + kind.run
        planned = (plan.period >= begin) & (plan.period < end)
        missing = (plan.period == never) & (self.first < end)
        member = planned | missing
        if member.sum() > MOST_WALKERS:
            width = np.ones(len(member), dtype=np.int64)
            member = self._part(member, width, plan.period, (MOST_WALKERS, 1))
        return np.flatnonzero(member)

    def pair(self, plan: SchedulePlan, kind: Kind) -> list[Freedom]:
        """Return one or two neighbourhoods that can be searched at once."""
        taken = np.zeros(len(plan.period), dtype=np.bool_)
        begins = self._begins(plan, kind.run, 2)
        room = 1.0 if abs(begins[0] - begins[1]) >= kind.run else 0.5
        found = [self._freedom(plan, kind, begin, taken, room) for begin in begins]
        return [freedom for freedom in found if freedom is not None]

    def _begins(self, plan: SchedulePlan, run: int, count: int) -> list[int]:
        """Choose first periods of runs, far from one another where that can be."""
        problem, never = self.rules.problem, self.rules.problem.n_periods
        done = plan.period < never
        used = int(plan.period[done].max()) + 1 if done.any() else 0
        starts = np.arange(0, max(used + 2 - run, 1))
        value = np.where(plan.share > 0, problem.value, 0.0) * plan.share
        earned = np.bincount(plan.period[done], value[done].sum(axis=1), never)
        lost = np.abs(self.worth - earned * problem.calendar.factors())
        total = np.append(0.0, np.cumsum(lost))
        chance = total[np.minimum(starts + run, never)] - total[starts]
        chance = chance + EVEN * max(float(chance.mean()), 1e-300)
        begins: list[int] = []
        for _ in range(count):
            apart = np.ones(len(starts), dtype=np.bool_)
            for begin in begins:
                apart &= np.abs(starts - begin) >= run
            if not apart.any():
                begins.append(begins[0])
                continue
            likely = np.where(apart, chance, 0.0)
            begins.append(int(self.rng.choice(starts, p=likely / likely.sum())))
        return begins

    def _freedom(
        self, plan: SchedulePlan, kind: Kind, begin: int, taken: BoolArray, room: float
    ) -> Freedom | None:
        """Let activities of a run of periods move."""
        period, never = plan.period, self.rules.problem.n_periods
        end = min(begin + kind.run - 1, never)
        low = np.maximum(period - kind.step, begin)
        high = np.minimum(period + kind.step, end)
        inside = (period >= begin) & (period <= end) & (period < never)
        # What the relaxed problem does in the run, and the plan never, may be done.
        missing = (period == never) & (self.first <= end)
        earliest = self.first - kind.step
        if self.rng.random() < UNWANTED * (2 * np.count_nonzero(self.first < never) > len(period)):
            missing, earliest = period == never, np.zeros_like(period)
        low = np.where(missing, np.maximum(earliest, begin), low)
        used = int(period[period < never].max(initial=-1))
        high = np.where(missing | (inside & (end > used)), never, high)
        member = (inside | missing) & (low < high) & ~taken
        width = np.where(member, np.minimum(high, max(used + 1, end)) - low, 0)
        if not member.any():
            return None
        size = kind.size * kind.spread
        if width.sum() > size:
            member = self._part(member, width, period, (size, 2 * kind.step - 1))
        taken |= member
        low, high = np.where(member, low, period), np.where(member, high, period)
        return Freedom(low, high, room=room)

    def _part(
        self, member: BoolArray, width: IntArray, period: IntArray, most: tuple[float, int]
    ) -> BoolArray:
        """Return members near to one of them; where they do not suffice, near to another too.

        most : total width, and arcs over more periods than that are not followed
        """
        order, left, (room, reach) = self.rules.order, member.copy(), most
        while room > 0 and left.any():
            seed = int(self.rng.choice(np.flatnonzero(left)))
            near = neighbours(
                order.before_start, order.before, order.after_start, order.after, left, period,
                reach, seed,
            )  # fmt: skip
            near = near[: max(int(np.searchsorted(np.cumsum(width[near]), room)), 1)]
            left[near] = False
            room -= float(width[near].sum())
        return member & ~left


def chooser(rules: SearchRules, relaxation: Relaxation, seed: int) -> Chooser:
    """Return what chooses neighbourhoods of a problem.

    Parameters
    ----------
    rules : SearchRules
        The problem.
    relaxation : Relaxation
        When the relaxed problem does what.
    seed : int
        Of all random choices.

    Returns
    -------
    Chooser
    """
    problem, never = rules.problem, rules.problem.n_periods
    some = relaxation.fraction.sum(axis=1) > NOTHING
    first = np.where(some.any(axis=1), some.argmax(axis=1), never)
    value = np.where(problem.allowed, problem.value, 0.0)
    worth = np.einsum("ad,adt->t", value, relaxation.fraction) * problem.calendar.factors()
    return Chooser(rules, first, worth, np.random.default_rng(seed), kinds_of(never))
