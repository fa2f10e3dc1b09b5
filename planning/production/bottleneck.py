"""Which limit holds a plan back: how full is each, and what would a unit more of it be worth?

Prices come from the relaxed problem: what the worth of the best fractional plan gains when one
limit of one period is a unit higher. They hold for small changes; `planning.production.relief`
works larger ones out. A limit can be full in the plan and still have no price, where something
else is short at the same time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planning.production.activities import MineActivities
from planning.scheduling.answers import Relaxation
from planning.scheduling.plan import SchedulePlan, resource_use

FloatArray = NDArray[np.float64]
#: A limit is called full from this part of it.
FULL = 0.995
#: Prices below this part of the highest worth of a limit are what rounding leaves.
NOISE = 1e-9
#: What limits are called in sentences, by key; others go by the problem's own name.
CALLED = {
    "plant": "the plant",
    "concentrate": "the concentrate line",
    "stopes": "the days of work in stopes",
    "stopes_open": "the number of stopes that stand open",
    "development": "the development",
    "fill": "the backfill",
    "haulage": "the haulage",
    "levels": "the opening of levels",
    "mine": "the moving of rock",
}


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """What one limit is worth over the life of a plan.

    Parameters
    ----------
    key, called, unit : str
        Identifier, words for it, and its unit.
    worth_usd : float
        What the limit as a whole is worth at the margin: sum of price times limit [discounted
        USD]. The shares of all limits say where the worth of the plan is held back.
    share : float
        Part of the worth of all limits [fraction].
    mean_full : float
        Mean of use over limit in the periods that have one, in the plan [fraction].
    periods_full, periods : int
        Periods in which it is full in the plan, of those that have such a limit.
    price_usd : float
        Highest undiscounted price of a unit in a period [USD per unit].
    """

    key: str
    called: str
    unit: str
    worth_usd: float
    share: float
    mean_full: float
    periods_full: int
    periods: int
    price_usd: float


def called(mine: MineActivities, resource: int) -> str:
    """Return what sentences call a limit."""
    key = mine.resources[resource]
    return CALLED.get(key, mine.problem.names.resource(resource))


def unit_of(mine: MineActivities, resource: int) -> str:
    """Return the unit of a limit; "" where it is not known."""
    units = mine.problem.names.units
    return units[resource] if units else ""


def limit_rows(
    mine: MineActivities, plan: SchedulePlan, relaxation: Relaxation
) -> list[dict[str, Any]]:
    """Return one row for each period of each limit: use, limit, and what a unit more is worth.

    Parameters
    ----------
    mine : MineActivities
        With upper limits; rows without one are left out.
    plan : SchedulePlan
        Whose use is shown.
    relaxation : Relaxation
        Whose prices are shown.

    Returns
    -------
    list of dict
        resource (key), called, unit, period and year from 1, from_years, to_years, used, limit,
        full, binds (a unit more is worth something), price_usd, price_discounted_usd.
    """
    problem = mine.problem
    used, factors = resource_use(problem, plan), problem.calendar.factors()
    begins, ends, years = (
        problem.calendar.starts(), problem.calendar.ends(), problem.calendar.years()
    )  # fmt: skip
    least = NOISE * float(np.abs(_worth(mine, relaxation)).max(initial=0.0))
    rows = []
    for r, t in np.argwhere(np.isfinite(problem.upper)).tolist():
        limit, price = float(problem.upper[r, t]), max(float(relaxation.prices[r, t]), 0.0)
        if price * max(abs(limit), 1.0) <= least:
            price = 0.0
        rows.append({
            "resource": mine.resources[r],
            "called": called(mine, r),
            "unit": unit_of(mine, r),
            "period": t + 1,
            "year": int(years[t]) + 1,
            "from_years": float(begins[t]),
            "to_years": float(ends[t]),
            "used": float(used[r, t]),
            "limit": limit,
            "full": float(used[r, t]) / limit if limit > 0 else None,
            "binds": price > 0.0,
            "price_usd": price / float(factors[t]),
            "price_discounted_usd": price,
        })  # fmt: skip
    return rows


def _worth(mine: MineActivities, relaxation: Relaxation) -> FloatArray:
    """Return price times limit, 0 where there is no limit, shape (r, t)."""
    upper = mine.problem.upper
    priced = np.maximum(relaxation.prices, 0.0)
    found: FloatArray = np.where(
        np.isfinite(upper), priced * np.where(np.isfinite(upper), upper, 0.0), 0.0
    )
    return found


def bottlenecks(
    mine: MineActivities, plan: SchedulePlan, relaxation: Relaxation
) -> tuple[Bottleneck, ...]:
    """Rank limits by what they are worth over the life of a plan.

    Parameters
    ----------
    mine : MineActivities
        With upper limits.
    plan : SchedulePlan
        Whose use is told.
    relaxation : Relaxation
        Whose prices are added up.

    Returns
    -------
    tuple of Bottleneck
        The one that holds most back first; keys of stock and the like that limit nothing are left
        out. With no price at all, in the order of how full they are.
    """
    problem, worth = mine.problem, _worth(mine, relaxation)
    factors, used = problem.calendar.factors(), resource_use(problem, plan)
    total, found = float(worth.sum()), []
    for r, key in enumerate(mine.resources):
        limited = np.isfinite(problem.upper[r]) & (problem.upper[r] > 0.0)
        if not limited.any():
            continue
        full = used[r, limited] / problem.upper[r, limited]
        own = float(worth[r].sum())
        prices = np.maximum(relaxation.prices[r], 0.0) / factors
        found.append(Bottleneck(
            key=key, called=called(mine, r), unit=unit_of(mine, r), worth_usd=own,
            share=own / total if total > 0 else 0.0, mean_full=float(full.mean()),
            periods_full=int((full >= FULL).sum()), periods=int(limited.sum()),
            price_usd=float(prices.max()),
        ))  # fmt: skip
    return tuple(sorted(found, key=lambda b: (-b.share, -b.mean_full)))


def as_row(found: Bottleneck) -> Mapping[str, Any]:
    """Return a bottleneck as plain values."""
    return {
        "resource": found.key,
        "called": found.called,
        "unit": found.unit,
        "worth_usd": found.worth_usd,
        "share_of_all_limits": found.share,
        "mean_full": found.mean_full,
        "periods_full": found.periods_full,
        "periods": found.periods,
        "highest_price_usd": found.price_usd,
    }
