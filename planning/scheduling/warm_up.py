"""How long does it take to compile what schedules need, before any time is counted?

Compiled code is kept between runs, so that this is much the first time on a machine and little
afterwards.
"""

from __future__ import annotations

import time

import numpy as np

from planning.limits.precedence import arc_precedence
from planning.scheduling.answers import Effort
from planning.scheduling.calendar import equal_years
from planning.scheduling.problem import ActivityUse, Flows, ScheduleProblem, no_flows
from planning.scheduling.schedule import schedule


def warm_up() -> float:
    """Plan two tiny mines, so that all compiled code is there.

    Returns
    -------
    float
        Wall time that it took [s].
    """
    began = time.perf_counter()
    for destinations in (1, 2):
        schedule(_tiny(destinations), Effort(rounds=2))
    return time.perf_counter() - began


def _tiny(destinations: int) -> ScheduleProblem:
    """Six activities in two columns and three years; with two destinations also a stockpile."""
    n, t = 6, 3
    values = np.array([-1.0, -1.0, 4.0, 5.0, 3.0, 6.0])
    value = np.column_stack([values, np.full(n, -1.0)])[:, :destinations]
    precedence = arc_precedence(n, [2, 3, 3, 4, 5, 5], [0, 0, 1, 2, 2, 3])
    activity = np.repeat(np.arange(n), destinations)
    destination = np.tile(np.arange(destinations), n)
    pile = destination == 1
    stocked = int(destinations > 1)
    use = ActivityUse(
        activity=np.concatenate([activity, activity[pile]]),
        destination=np.concatenate([destination, destination[pile]]),
        resource=np.concatenate([np.zeros(len(activity)), np.ones(int(pile.sum()))]).astype(int),
        amount=np.ones(len(activity) + int(pile.sum())),
    )
    none = np.zeros(1, dtype=np.int64)
    reclaim = Flows(
        ("reclaim",), np.full((1, t), 0.5), np.ones((1, t)), none, none + 1, -np.ones(1)
    )
    return ScheduleProblem(
        name="warm-up",
        calendar=equal_years(t, 0.1, "start_of_year"),
        value=value,
        precedence=precedence,
        span_class=np.zeros(precedence.n_arcs, dtype=np.int64),
        spans_years=np.zeros(1),
        use=use,
        lower=np.vstack([np.full(t, -np.inf), np.zeros((stocked, t))]),
        upper=np.vstack([np.full(t, 2.0), np.full((stocked, t), 3.0)]),
        cumulative=np.array([False, True][: 1 + stocked]),
        flows=reclaim if stocked else no_flows(t),
        first=np.zeros(n, dtype=np.int64),
        last=np.full(n, t - 1, dtype=np.int64),
    )
