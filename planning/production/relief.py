"""What relieves the bottleneck: one more stope in cycle, more development, a higher price?

Prices of the relaxed problem bound every gain: price times what is added, summed over the periods.
Where that is nothing, a change is proven to be of no use without further work; where it is much,
the relaxed problem is solved again with the change, warm-started. A whole plan of the changed mine
would gain about as much; it is not made here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planning.production.activities import MineActivities
from planning.production.bottleneck import called, unit_of
from planning.production.ledger import DAYS_PER_YEAR
from planning.production.rates import Window, rate_problem
from planning.production.solving import is_known
from planning.scheduling.answers import Relaxation
from planning.scheduling.relaxation import relax

FloatArray = NDArray[np.float64]
#: Part by which limits and prices are raised.
STEP = 0.1
#: Limits of stopes: work in them and how many stand open; one more stope raises both.
WORK, OPEN, ONE_MORE = "stopes", "stopes_open", "one more stope in cycle"
#: Unit in which the work of one stope all year is `DAYS_PER_YEAR`; in others it is 1.
DAYS = "stope days"
#: Keys of limits that no manager buys more of, by how they begin.
LEFT_OUT = ("stock",)
#: How near bound and fractional plan must come [fraction], and gains below which are no gains.
WITHIN, NOISE = 2e-4, 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """A changed mine.

    Parameters
    ----------
    what : str
        In words.
    resource : str or None
        Key of the limit that is raised.
    mine : MineActivities
        With the change.
    """

    what: str
    resource: str | None
    mine: MineActivities


def changes(
    mine: MineActivities, priced: Callable[[float], MineActivities] | None = None
) -> Iterator[Change]:
    """Return the changes that are tried.

    Parameters
    ----------
    mine : MineActivities
        The mine.
    priced : callable, optional
        Returns the same mine with all metal prices multiplied by a factor.

    Yields
    ------
    Change
        A tenth more of each limit, one more stope in cycle; a tenth more for the metals.
    """
    for number, key in enumerate(mine.resources):
        upper = mine.problem.upper[number]
        if key.startswith(LEFT_OUT) or not (np.isfinite(upper) & (upper > 0.0)).any():
            continue
        if key == WORK:
            yield Change(ONE_MORE, key, _one_more(mine))
        elif key != OPEN:
            what = f"{100 * STEP:g} % more of {called(mine, number)}"
            yield Change(what, key, _with_upper(mine, {number: STEP * upper}))
    if priced is not None:
        what = f"{100 * STEP:g} % higher metal prices"
        yield Change(what, None, priced(1.0 + STEP))


def _one_more(mine: MineActivities) -> MineActivities:
    """Return the mine with one more stope in cycle: its work, and the room to stand open."""
    work, standing = mine.resource(WORK), mine.resource(OPEN)
    assert work is not None
    unit = DAYS_PER_YEAR if unit_of(mine, work) == DAYS else 1.0
    more = {work: unit * mine.problem.calendar.length_years}
    if standing is not None:
        more[standing] = np.ones(mine.problem.n_periods)
    return _with_upper(mine, more)


def _with_upper(mine: MineActivities, more: Mapping[int, FloatArray]) -> MineActivities:
    """Return the mine with so much more of some limits."""
    upper = mine.problem.upper.copy()
    for number, amount in more.items():
        limited = np.isfinite(upper[number])
        upper[number] = np.where(limited, upper[number] + np.where(limited, amount, 0.0), np.inf)
    return replace(mine, problem=replace(mine.problem, upper=upper))


@dataclass(frozen=True, slots=True)
class Relief:
    """What a change brings.

    Parameters
    ----------
    what : str
        In words.
    resource : str or None
        Key of the limit that is raised.
    gain_usd : float
        What the best fractional plan gains [discounted USD]; 0 where the prices prove that it is
        next to nothing.
    most_gain_usd : float or None
        No plan can gain more on the bound, by the prices [discounted USD]; None for prices of
        metals.
    rate_gain_t_per_year, most_rate_gain_t_per_year : float or None
        The same of the rate that can be held [t/yr]; None where it was not asked.
    """

    what: str
    resource: str | None
    gain_usd: float
    most_gain_usd: float | None
    rate_gain_t_per_year: float | None
    most_rate_gain_t_per_year: float | None

    def as_row(self) -> dict[str, Any]:
        """Return it as plain values; no whole plan is made, so that ``npv_usd`` is not known."""
        return {
            "what": self.what,
            "resource": self.resource,
            "npv_usd": None,
            "gain_usd": self.gain_usd,
            "most_gain_usd": self.most_gain_usd,
            "rate_gain_t_per_year": self.rate_gain_t_per_year,
            "most_rate_gain_t_per_year": self.most_rate_gain_t_per_year,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """What is known of the mine as it is.

    Parameters
    ----------
    mine : MineActivities
        Without any change.
    relaxation : Relaxation
        Of its plan.
    rate : Relaxation or None
        Of the rate it can hold.
    window : Window or None
        The years of that.
    most_t_per_year : float
        As in `rate_problem`.
    """

    mine: MineActivities
    relaxation: Relaxation
    rate: Relaxation | None
    window: Window | None
    most_t_per_year: float


def relieve(change: Change, held: Held) -> Relief | None:
    """Work out what a change brings.

    Parameters
    ----------
    change : Change
        The changed mine.
    held : Held
        What is known of it without the change.

    Returns
    -------
    Relief or None
        None where Ctrl-C came before it was known.
    """
    base, problem = held.relaxation, change.mine.problem
    most = None if change.resource is None else _priced(change, held.mine, base)
    gain = 0.0
    if most is None or most > NOISE * abs(base.bound):
        better = relax(problem, within=WITHIN, start=base)
        if not is_known(better):
            return None
        gain = max(better.value - base.value, 0.0)
        gain = gain if most is None else min(gain, most)
    rate, most_rate = _rate_gain(change, held)
    return Relief(change.what, change.resource, _told(gain, base), most, rate, most_rate)


def _rate_gain(change: Change, held: Held) -> tuple[float | None, float | None]:
    """Return what the rate gains that can be held, and what it cannot pass."""
    if held.rate is None or held.window is None or change.resource is None:
        return None, None
    most = _priced(change, held.mine, held.rate)
    if most <= NOISE * abs(held.rate.bound):
        return 0.0, most
    asked = rate_problem(change.mine, held.window, held.most_t_per_year)
    better = relax(asked, within=WITHIN, start=held.rate)
    if not is_known(better):
        return None, most
    gain = min(max(better.value - held.rate.value, 0.0), most)
    return _told(gain, held.rate), most


def _priced(change: Change, mine: MineActivities, relaxation: Relaxation) -> float:
    """Return price times what is added to the limits: by weak duality no bound rises more."""
    r = mine.problem.n_resources
    before, after = mine.problem.upper, change.mine.problem.upper
    limited = np.isfinite(before)
    added = np.where(limited, np.where(limited, after, 0.0) - np.where(limited, before, 0.0), 0.0)
    return float((np.maximum(relaxation.prices[:r], 0.0) * added).sum())


def _told(gain: float, base: Relaxation) -> float:
    """Return a gain, 0 where it is within the tolerance of two relaxations."""
    return gain if gain > NOISE * abs(base.bound) else 0.0
