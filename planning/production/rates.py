"""Which rate can a mine hold year after year: which is reached by a plan, which is proven too high?

The bound comes from a fractional plan that does nothing but feed the plant: every plan in which
each of N years has at least R tonnes is among its answers, so that no R above it can be held. What
is reached comes from whole plans, counted year by year.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.limits.precedence import ArcPrecedence
from planning.production.activities import MineActivities
from planning.scheduling.problem import ActivityUse, Flows, ScheduleNames, ScheduleProblem

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: Parts of a tonne that the sums of a year may lack: rounding of float64 sums, nothing else.
ROUNDING = 1e-9
#: Rate at which tonnes count less when they are fed earlier [fraction a year].
LATER_COUNTS = -0.05


@dataclass(frozen=True, slots=True)
class Window:
    """The years a rate has to be held.

    Parameters
    ----------
    first : int
        First year of it, from 1: the first with the full target from its beginning.
    years : int
        How many.
    """

    first: int
    years: int

    @property
    def last(self) -> int:
        """Last year of it, from 1."""
        return self.first + self.years - 1


def first_full_year(mine: MineActivities) -> int | None:
    """Return the first year (from 1) that has its highest target from its beginning.

    Parameters
    ----------
    mine : MineActivities
        With the ramp-up in its targets.

    Returns
    -------
    int or None
        None where the plan ends before there is one.
    """
    calendar = mine.problem.calendar
    rate = mine.target_t / calendar.length_years
    short = rate < rate.max() * (1.0 - ROUNDING)
    years = calendar.years() + 1
    full = np.setdiff1d(years, years[short])
    return int(full[0]) if full.size else None


def whole_years(mine: MineActivities) -> int:
    """Return how many whole years the periods of a plan make up."""
    return int(np.floor(mine.problem.calendar.ends()[-1] + ROUNDING))


def held_rate(years: pd.DataFrame, window: Window) -> float:
    """Return the lowest feed of a year in a window.

    Parameters
    ----------
    years : pandas.DataFrame
        Of an outcome.
    window : Window
        Which years.

    Returns
    -------
    float
        [t/yr]; 0 where a year of it is not planned.
    """
    own = years[(years["year"] >= window.first) & (years["year"] <= window.last)]
    whole = own["part_of_year"].to_numpy(np.float64) > 1.0 - ROUNDING
    if len(own) < window.years or not whole.all():
        return 0.0
    return float(own["feed_t"].min())


def feed_problem(mine: MineActivities) -> ScheduleProblem:
    """Return the problem of feeding the plant as early as can be, whatever it costs.

    Parameters
    ----------
    mine : MineActivities
        With all its limits.

    Returns
    -------
    ScheduleProblem
        The same activities, order and limits; values are tonnes fed, discounted as money is, so
        that a tonne now counts more than one later.
    """
    problem = mine.problem
    feed = np.where(problem.allowed, mine.amounts["feed_t"], -np.inf)
    flows = problem.flows
    per_unit = np.asarray(mine.flow_amounts.get("feed_t", np.zeros(problem.n_flows)))
    value = np.repeat(per_unit[:, None], problem.n_periods, axis=1)
    names = replace(problem.names, currency="t")
    return replace(
        problem, name=f"{problem.name}, feed first", value=feed, names=names,
        flows=replace(flows, value=value),
    )  # fmt: skip


def window_problem(mine: MineActivities, window: Window) -> ScheduleProblem:
    """Return the problem of feeding the plant until the end of some years, whatever it costs.

    Parameters
    ----------
    mine : MineActivities
        With all its limits.
    window : Window
        Years in which the plant should be full.

    Returns
    -------
    ScheduleProblem
        As `feed_problem`, but nothing is fed after the window, and a tonne counts more the later it
        is fed: what is fed before the window is ore that it may lack.
    """
    problem, plant = feed_problem(mine), mine.resource("plant")
    late = problem.calendar.years() + 1 > window.last
    upper = problem.upper.copy()
    if plant is not None:
        upper[plant, late] = np.maximum(problem.lower[plant, late], 0.0)
    calendar = replace(problem.calendar, discount_rate=LATER_COUNTS)
    return replace(problem, upper=upper, calendar=calendar)


def with_held(mine: MineActivities, window: Window) -> MineActivities:
    """Return a mine whose plant must have its target in every period of some years.

    Parameters
    ----------
    mine : MineActivities
        With a limit of the plant.
    window : Window
        Which years.

    Returns
    -------
    MineActivities
        The same, with a lower limit of the plant.
    """
    plant, problem = mine.resource("plant"), mine.problem
    if plant is None:
        return mine
    years = problem.calendar.years() + 1
    own = (years >= window.first) & (years <= window.last)
    lower = problem.lower.copy()
    lower[plant, own] = np.minimum(mine.target_t, problem.upper[plant])[own]
    return replace(mine, problem=replace(problem, lower=lower))


def rate_problem(mine: MineActivities, window: Window, most_t_per_year: float) -> ScheduleProblem:
    """Return the problem whose bound is a rate that no plan can hold longer than a window.

    Parameters
    ----------
    mine : MineActivities
        With all its limits.
    window : Window
        Years that the rate has to be held.
    most_t_per_year : float
        A rate that is surely above it [t/yr].

    Returns
    -------
    ScheduleProblem
        Worth of a plan [t/yr] discounted to time 0 by no rate: value and bound are rates.

    Notes
    -----
    A row more counts the feed since the window began, a flow takes away what was fed before it.
    For each year of it an activity asks for *most* tonnes more; the part of it that is done is the
    rate over *most*, it may only fall from year to year, and only the last one is worth anything.
    A plan that feeds R in each year feeds k R by the end of the k-th, which is all that is asked.
    """
    problem = feed_problem(mine)
    calendar = replace(problem.calendar, discount_rate=0.0)
    n, d = problem.n_activities, problem.n_destinations
    years = calendar.years() + 1
    ends = [int(np.flatnonzero(years == y)[-1]) for y in range(window.first, window.last + 1)]
    before = np.flatnonzero(years < window.first)
    value = np.full((n + window.years, d), -np.inf)
    value[:n] = np.where(problem.allowed, 0.0, -np.inf)
    value[n:, 0] = 0.0
    value[-1, 0] = most_t_per_year
    dates = np.array(ends, dtype=np.int64)
    lower, upper = _limits(problem, ends, before)
    if (plant := mine.resource("plant")) is not None:
        lower[plant] = -np.inf  # the rate is what is asked for, not what must be held
    arcs, classes, spans = _chain(problem, window.years)
    return replace(
        problem, name=f"{mine.problem.name}, rate of {window.years} years", calendar=calendar,
        value=value, use=_asked(mine, window, most_t_per_year), lower=lower, upper=upper,
        precedence=arcs, span_class=classes, spans_years=spans,
        flows=_with_before(mine, before),
        cumulative=np.append(problem.cumulative, [True, False]),
        first=np.append(problem.first, dates), last=np.append(problem.last, dates),
        general=problem.general, names=ScheduleNames(currency="t a year"),
    )  # fmt: skip


def _asked(mine: MineActivities, window: Window, most: float) -> ActivityUse:
    """Return all uses, with the feed counted and what each year of the window asks for."""
    problem, use = mine.problem, mine.problem.use
    feed = np.where(problem.allowed, mine.amounts["feed_t"], 0.0)
    a, d = np.nonzero(feed)
    r, n = problem.n_resources, problem.n_activities
    own = np.arange(n, n + window.years)
    nothing = np.zeros(window.years, dtype=np.int64)
    counted = np.full(a.size, r)
    return ActivityUse(
        np.concatenate([use.activity, a, a, own]),
        np.concatenate([use.destination, d, d, nothing]),
        np.concatenate([use.resource, counted, counted + 1, nothing + r]),
        np.concatenate([use.amount, feed[a, d], feed[a, d], np.full(window.years, -most)]),
    )


def _with_before(mine: MineActivities, before: IntArray) -> Flows:
    """Return the flows, with one that takes away what was fed before the window."""
    problem, flows = mine.problem, mine.problem.flows
    f, t, r = problem.n_flows, problem.n_periods, problem.n_resources
    feed = np.asarray(mine.flow_amounts.get("feed_t", np.zeros(f)))
    most = np.zeros(t)
    most[before] = np.inf
    old = np.arange(f)
    return Flows(
        names=(*flows.names, "fed before"),
        value=np.zeros((f + 1, t)),
        most=np.vstack([flows.most, most]),
        flow=np.concatenate([flows.flow, old, old, [f, f]]),
        resource=np.concatenate([flows.resource, np.full(f, r), np.full(f, r + 1), [r, r + 1]]),
        amount=np.concatenate([flows.amount, feed, feed, [-1.0, -1.0]]),
    )


def _limits(
    problem: ScheduleProblem, ends: list[int], before: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Return all limits: by the end of each year of the window enough is fed."""
    t = problem.n_periods
    lower, upper = np.full((2, t), -np.inf), np.full((2, t), np.inf)
    lower[0, ends] = 0.0
    lower[1, before] = upper[1, before] = 0.0
    return np.vstack([problem.lower, lower]), np.vstack([problem.upper, upper])


def _chain(problem: ScheduleProblem, years: int) -> tuple[ArcPrecedence, IntArray, FloatArray]:
    """Return all arcs: each year of the window needs the one before it.

    The arcs of the old activities keep their places, those of the new ones follow.
    """
    old, more = problem.precedence, np.arange(years)
    arcs = ArcPrecedence(
        np.concatenate([old.indptr, old.indptr[-1] + more]).astype(np.int64),
        np.concatenate([old.indices, problem.n_activities + more[:-1]]).astype(np.int32),
    )
    spans = np.append(problem.spans_years, 0.0)
    classes = np.append(problem.span_class, np.full(years - 1, spans.size - 1, dtype=np.int64))
    return arcs, classes, spans
