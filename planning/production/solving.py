"""How is a mine's plan found and proven: schedule, check, outcome, and the rate it can hold?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from planning.production.activities import MineActivities
from planning.production.outcome import Outcome, outcome_of
from planning.production.rates import (
    Window,
    first_full_year,
    held_rate,
    rate_problem,
    whole_years,
)
from planning.scheduling.answers import Effort, Progress, Relaxation, ScheduleAnswer
from planning.scheduling.plan import SchedulePlan
from planning.scheduling.relaxation import relax
from planning.scheduling.schedule import schedule
from planning.verification.plan_contents import PlanContents
from planning.verification.plans import PlanCheck, verify_plan

Say = Callable[[str, Progress | None], None]
#: A rate that no window can hold is looked for below this many times the target.
ABOVE_TARGET = 4.0
#: Part of the target that the sums of a year may lack: rounding of sums, nothing else.
TARGET_WITHIN = 1e-9
#: How near the bound on a rate must come to what a fractional plan holds [fraction].
RATE_WITHIN = 5e-4
#: A bound is refuted by a plan that passes it by more than this [fraction].
REFUTED = 1e-6
#: Sums of a plan that miss each other by more than this are a fault [fraction].
CLOSED = 1e-6
PAYS_BEST, RULE = "the plan that pays best", "a simple rule"
HOLDS = "the plan that pays best and holds the rate"


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """A plan with its proof, an independent check, and what it brings.

    Parameters
    ----------
    mine : MineActivities
        What was planned.
    answer : ScheduleAnswer
        Plan, value, bound.
    check : PlanCheck or None
        From the raw problem, without the scheduler; None where there is no plan.
    outcome : Outcome or None
        Likewise.
    """

    mine: MineActivities
    answer: ScheduleAnswer
    check: PlanCheck | None
    outcome: Outcome | None

    @property
    def faults(self) -> tuple[str, ...]:
        """What the check found wrong, and sums that do not close; () when all holds."""
        if self.check is None or self.outcome is None:
            return ()
        found = tuple(self.check.sentences())
        if self.outcome.closed > CLOSED:
            share = f"{self.outcome.closed:.2g}"
            found += (f"Sums of ore, metal or money miss each other by {share} of the whole.",)
        return found


def contents_of(mine: MineActivities) -> PlanContents:
    """Return what activities hold, for whoever checks a plan.

    Parameters
    ----------
    mine : MineActivities
        The mine.

    Returns
    -------
    PlanContents
        Ore, waste and metres; metal where a grade has a unit.
    """
    amounts = ("ore_t", "waste_t", "development_m")
    table = mine.table[["activity", "kind", "stope", "level", *amounts, *mine.grades]]
    return PlanContents(table, amounts, dict.fromkeys(mine.grades, "ore_t"))


def plan_activities(
    mine: MineActivities,
    effort: Effort,
    start: dt.date | None = None,
    *,
    known: ScheduleAnswer | SchedulePlan | None = None,
    say: Say | None = None,
) -> Planned:
    """Find the plan of a mine that pays best, check it, and add up what it brings.

    Parameters
    ----------
    mine : MineActivities
        The mine.
    effort : Effort
        When to stop.
    start : date, optional
        First day of the first period.
    known : ScheduleAnswer or SchedulePlan, optional
        To begin from; an answer to a problem of another shape is passed over.
    say : callable, optional
        Called with (what is being done, progress).

    Returns
    -------
    Planned
    """
    heard = None if say is None else lambda report: say("Scheduling", report)
    other = isinstance(known, ScheduleAnswer) and not same_shape(known, mine)
    answer = schedule(mine.problem, effort, start=None if other else known, say=heard)
    return checked(mine, answer, start)


def same_shape(known: ScheduleAnswer, mine: MineActivities) -> bool:
    """Say whether an answer is to a problem with as many activities, destinations and periods."""
    a, b = known.problem, mine.problem
    sizes = [(p.n_activities, p.n_destinations, p.n_periods, p.n_flows) for p in (a, b)]
    return sizes[0] == sizes[1]


def checked(mine: MineActivities, answer: ScheduleAnswer, start: dt.date | None) -> Planned:
    """Check an answer from the raw problem, and add up what its plan brings."""
    if answer.plan is None:
        return Planned(mine, answer, None, None)
    check = verify_plan(mine.problem, answer.plan, contents=contents_of(mine))
    return Planned(mine, answer, check, outcome_of(mine, answer.plan, start))


@dataclass(frozen=True, slots=True, eq=False)
class Rate:
    """The rate that can be held over a window of years.

    Parameters
    ----------
    window : Window
        Which years.
    target_t_per_year : float
        What is asked [t/yr].
    held : mapping of str to float
        Lowest feed of a year in each plan that was found [t/yr].
    relaxation : Relaxation
        Its bound is a rate that no plan can pass [t/yr]; prices are t/yr for a unit of a limit.
    most_t_per_year : float
        As in `rate_problem`.
    """

    window: Window
    target_t_per_year: float
    held: Mapping[str, float]
    relaxation: Relaxation
    most_t_per_year: float

    @property
    def impossible_above(self) -> float:
        """No plan holds more than this [t/yr]."""
        return self.relaxation.bound

    @property
    def faults(self) -> tuple[str, ...]:
        """Plans that refute the bound: one of them is wrong; () when none does."""
        most = self.relaxation.bound * (1.0 + REFUTED)
        return tuple(
            f"{name} holds {rate:,.0f} t/yr, above the proven bound of {most:,.0f} t/yr."
            for name, rate in self.held.items()
            if rate > most
        )

    @property
    def by(self) -> str:
        """Which plan is meant: one that pays, where it holds the target, else what holds most."""
        paying = [name for name in (HOLDS, PAYS_BEST) if self.reaches(self.held.get(name, 0.0))]
        return paying[0] if paying else max(self.held, key=lambda name: self.held[name])

    @property
    def achieved(self) -> float:
        """The rate that this plan holds [t/yr]."""
        return self.held[self.by]

    def reaches(self, rate: float) -> bool:
        """Say whether a rate is the target, but for rounding."""
        return rate >= self.target_t_per_year * (1.0 - TARGET_WITHIN)

    @property
    def holds(self) -> bool | None:
        """Whether the target can be held: by a plan, or by none, or not known."""
        if self.reaches(self.achieved):
            return True
        return None if self.reaches(self.relaxation.bound) else False

    def with_plan(self, mine: MineActivities, name: str, plan: SchedulePlan) -> Rate:
        """Return the rate with a plan more beside it."""
        return replace(self, held={**self.held, name: held_by(mine, plan, self.window)})


def is_known(relaxation: Relaxation) -> bool:
    """Say whether a relaxation came to an answer before it was stopped."""
    return bool(np.isfinite(relaxation.bound)) and not relaxation.interrupted


def held_by(mine: MineActivities, plan: SchedulePlan, window: Window) -> float:
    """Return the lowest feed of a year in a window [t/yr]; 0 for a plan that breaks a rule."""
    if not verify_plan(mine.problem, plan).feasible:
        return 0.0
    return held_rate(outcome_of(mine, plan).years, window)


def target_rate(mine: MineActivities) -> float:
    """Return the ore that is asked of a whole year after the ramp-up [t/yr]."""
    rate = float((mine.target_t / mine.problem.calendar.length_years).max())
    return round(rate, 6)  # a sum of twelfths may miss the figure that was stated


def window_of(mine: MineActivities, years: int) -> Window | None:
    """Return the years in which the rate must be held; None where the plan ends before."""
    first = first_full_year(mine)
    if first is None or first + years - 1 > whole_years(mine):
        return None
    return Window(first, years)


def find_rate(
    mine: MineActivities,
    window: Window,
    plans: Mapping[str, SchedulePlan],
    known: Rate | None = None,
) -> Rate | None:
    """Prove which rate cannot be held over some years, beside what plans hold.

    Parameters
    ----------
    mine : MineActivities
        The mine.
    window : Window
        Which years.
    plans : mapping of str to SchedulePlan
        Plans by what they are called, at least one; one that breaks a rule holds nothing.
    known : Rate, optional
        That of a like mine, to begin from where the problems are of one shape.

    Returns
    -------
    Rate or None
        None where Ctrl-C came before the bound was known.
    """
    target = target_rate(mine)
    most = ABOVE_TARGET * target
    held = {name: held_by(mine, plan, window) for name, plan in plans.items()}
    problem = rate_problem(mine, window, most)
    shape = (problem.n_activities, problem.n_destinations, problem.n_periods)
    like = known is not None and known.relaxation.fraction.shape == shape
    start = known.relaxation if known is not None and like else None
    relaxation = relax(problem, within=RATE_WITHIN, start=start)
    if not is_known(relaxation):
        return None
    return Rate(window, target, held, relaxation, most)
