"""What is known of the best plan of a problem: a plan, a bound that no plan passes, and the prices?

The nouns alone: `planning.scheduling.relaxation` makes a `Relaxation`, `planning.scheduling.
schedule` a `ScheduleAnswer`; both are read by verification without what made them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem
from planning.scheduling.plan import SchedulePlan
from planning.scheduling.problem import ScheduleProblem

FloatArray = NDArray[np.float64]
Side = Literal["lower", "upper"]
RelaxationStatus = Literal["converged", "feasible", "infeasible"]
ScheduleStatus = Literal["optimal", "feasible", "infeasible", "interrupted", "no_plan"]
#: A plan this close to its bound is called optimal [fraction].
OPTIMAL_WITHIN = 1e-9


def relative_gap(value: float | None, bound: float | None) -> float | None:
    """Return (bound - value) / |bound| [fraction]; None when either is not known."""
    if value is None or bound is None or not (math.isfinite(value) and math.isfinite(bound)):
        return None
    if bound == value:
        return 0.0
    return (bound - value) / abs(bound) if bound else math.inf


@dataclass(frozen=True, slots=True, eq=False)
class Collision:
    """One limit that has to give way for any plan to exist, among the fewest that have to.

    Parameters
    ----------
    resource : int
        Number of the resource; that of a general constraint where *period* is -1.
    period : int
        Period of the limit, counted from 0; -1 for a general constraint.
    side : {"lower", "upper"}
        Which of its limits.
    limit : float
        The limit as it stands [unit of the resource].
    missing : float
        By how much it must move for the fractional plan nearest to all limits, above 0.
    """

    resource: int
    period: int
    side: Side
    limit: float
    missing: float

    def sentence(self, problem: ScheduleProblem) -> str:
        """Say it with the problem's names and units."""
        if self.period < 0:
            place, unit = f"general constraint {self.resource + 1}", ""
        else:
            names = problem.names
            place = f"{names.resource(self.resource)} in period {self.period + 1}"
            unit = f" {names.units[self.resource]}" if names.units else ""
        way = "less than its lower" if self.side == "lower" else "more than its upper"
        return f"{place}: {self.missing:,.6g}{unit} {way} limit of {self.limit:,.6g}{unit}"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Relaxation:
    """The best fractional plan, what no plan can pass, and the price of each limit.

    Parameters
    ----------
    value : float
        Worth of the fractional plan [discounted currency]; -inf when there is none.
    bound : float
        No plan, whole or fractional, is worth more [discounted currency]; inf when not known.
    fraction : ndarray of float, shape (n, d, t)
        Part of each activity done in each period at each destination.
    flow : ndarray of float, shape (f, t)
        What each flow moves.
    prices : ndarray of float, shape (r, t)
        Discounted worth of a unit more of each limit [currency a unit]: 0 or more where the upper
        limit binds, below 0 where the lower one does.
    general_prices : ndarray of float, shape (j,)
        The same of the general constraints.
    status : {"converged", "feasible", "infeasible"}
        "feasible": stopped before value and bound met; both still hold.
    collisions : tuple of Collision
        Of an infeasible problem: which limits collide.
    iterations : int
        How often the master program was solved.
    classes : int
        Parts into which all (activity, period, destination) fell.
    seconds : float
        Wall time [s].
    interrupted : bool
        Whether Ctrl-C stopped the work.
    warm : object
        What `relax` needs to begin from this answer; None when there is nothing.
    """

    value: float
    bound: float
    fraction: FloatArray
    flow: FloatArray
    prices: FloatArray
    general_prices: FloatArray
    status: RelaxationStatus
    collisions: tuple[Collision, ...] = ()
    iterations: int = 0
    classes: int = 0
    seconds: float = 0.0
    interrupted: bool = False
    warm: object = field(default=None, repr=False)

    @property
    def gap(self) -> float | None:
        """(bound - value) / |bound| [fraction]; None when either is not known."""
        return relative_gap(self.value, self.bound)

    def done(self) -> FloatArray:
        """Return the part of each activity done by the end of each period, shape (n, t)."""
        by: FloatArray = np.cumsum(self.fraction.sum(axis=1), axis=1)
        return np.minimum(by, 1.0)

    def expected_period(self) -> FloatArray:
        """Return the mean period of each activity, what is left undone in period t, shape (n,)."""
        mean: FloatArray = (1.0 - self.done()).sum(axis=1)
        return mean

    def facts(self) -> list[Fact]:
        """Say what a reader wants to know first."""
        gap = self.gap
        stopped = ", interrupted" if self.interrupted else ""
        return [
            Fact("Status", self.status + stopped),
            Fact("Value", f"{self.value:,.0f}" if math.isfinite(self.value) else None),
            Fact("Bound", f"{self.bound:,.0f}" if math.isfinite(self.bound) else None),
            Fact("Gap", None if gap is None else f"{100 * gap:.6f} %"),
            Fact("Iterations", f"{self.iterations:,}"),
            Fact("Classes", f"{self.classes:,}"),
            Fact("Collisions", f"{len(self.collisions):,}"),
        ]

    def __str__(self) -> str:
        """Facts as plain text."""
        return as_text("Relaxation", self.facts())

    def _repr_html_(self) -> str:
        """Facts as HTML."""
        return as_html("Relaxation", self.facts())


@dataclass(frozen=True, slots=True)
class Progress:
    """One report on the way to a plan.

    Parameters
    ----------
    seconds : float
        Wall time since the work began [s].
    what : str
        What was done: "bound", "first plan", "window 3 of 19".
    value, bound : float or None
        Best plan and least bound so far [discounted currency]; None where there is none yet.
    """

    seconds: float
    what: str
    value: float | None = None
    bound: float | None = None


Say = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much work a plan is worth.

    Parameters
    ----------
    seed : int
        Of all random choices.
    time_limit_s : float or None
        When to stop [s], above 0; answers may then differ between runs.
    rounds : int or None
        Work limit of the improvement, 0 or more: the same plan every time.
    gap : float
        Stop when (bound - value) / |bound| is not above this [fraction], 0 or more.

    Raises
    ------
    DataError
        If a limit is out of its range; all at once.
    """

    seed: int = 0
    time_limit_s: float | None = None
    rounds: int | None = None
    gap: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no effort."""
        problems = []
        if self.time_limit_s is not None and not self.time_limit_s > 0:
            found = f"{self.time_limit_s} s"
            problems.append(Problem("no time to plan", "time limit", found, "above 0 s"))
        if self.rounds is not None and self.rounds < 0:
            problems.append(Problem("no number of rounds", "rounds", f"{self.rounds}", "0 or more"))
        if not self.gap >= 0:
            problems.append(Problem("no gap", "gap", f"{self.gap}", "0 or more"))
        if problems:
            raise DataError(problems)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ScheduleAnswer:
    """The best plan found, with the bound that says how far it may be from the best there is.

    Parameters
    ----------
    problem : ScheduleProblem
        What was asked.
    plan : SchedulePlan or None
        The best plan found; None where none was.
    value : float or None
        Its worth [discounted currency], added up from the plan.
    bound : float or None
        No plan is worth more [discounted currency]; None when not known.
    status : {"optimal", "feasible", "infeasible", "interrupted", "no_plan"}
        "optimal": value and bound agree within 1e-9; "no_plan": neither found nor excluded.
    relaxation : Relaxation or None
        Bound, fractional plan and prices.
    trace : tuple of Progress
        Value and bound against time.
    seconds : float
        Wall time [s].
    """

    problem: ScheduleProblem
    plan: SchedulePlan | None
    value: float | None
    bound: float | None
    status: ScheduleStatus
    relaxation: Relaxation | None
    trace: tuple[Progress, ...] = ()
    seconds: float = 0.0

    @property
    def gap(self) -> float | None:
        """(bound - value) / |bound| [fraction]; None when either is not known."""
        return relative_gap(self.value, self.bound)

    def facts(self) -> list[Fact]:
        """Say what a reader wants to know first."""
        gap = self.gap
        done = None if self.plan is None else int(self.plan.done(self.problem.n_periods).sum())
        return [
            Fact("Problem", self.problem.name),
            Fact("Status", self.status),
            Fact("Activities done", None if done is None else f"{done:,}"),
            Fact("Value", None if self.value is None else f"{self.value:,.0f}"),
            Fact("Bound", None if self.bound is None else f"{self.bound:,.0f}"),
            Fact("Gap", None if gap is None else f"{100 * gap:.4f} %"),
            Fact("Time", self.seconds, "s"),
        ]

    def __str__(self) -> str:
        """Facts as plain text."""
        return as_text("Schedule", self.facts())

    def _repr_html_(self) -> str:
        """Facts as HTML."""
        return as_html("Schedule", self.facts())
