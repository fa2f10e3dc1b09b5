"""What is a row of yearly flows worth today, at what rate does it break even, when is it paid back?

Conventions, written once
-------------------------
- Time 0 is the valuation date; what is spent there is undiscounted under every convention.
- The flow of year k = 1, 2, ... falls at k (`end_of_year`, a spreadsheet's NPV()), k - 1/2
  (`mid_year`) or k - 1 (`start_of_year`, so that year 1 is not discounted). A last year that is
  only partly worked keeps the time of a whole one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from planning.economics.config import Discounting
from planning.economics.plant import Amounts

#: Time of the flow of year k is k minus this [years].
TIME_BEFORE_YEAR_END: dict[Discounting, float] = {
    "end_of_year": 0.0,
    "mid_year": 0.5,
    "start_of_year": 1.0,
}


def discount_factors(rate: ArrayLike, years: int, discounting: Discounting) -> NDArray[np.float64]:
    """Return what one dollar of each year is worth at time 0.

    Parameters
    ----------
    rate : array_like of float, shape () or (draws,)
        Real rate a year [fraction], above -1.
    years : int
        Number of years, without year 0.
    discounting : {"end_of_year", "mid_year", "start_of_year"}
        When in its year a flow falls.

    Returns
    -------
    ndarray of float, shape (years,) or (draws, years)
        (1 + rate)^-(k - s), k = 1 ... years, s = 0, 1/2 or 1.
    """
    times = np.arange(1, years + 1) - TIME_BEFORE_YEAR_END[discounting]
    factors: NDArray[np.float64] = (1.0 + np.asarray(rate, dtype=float)[..., None]) ** -times
    return factors


def net_present_value(
    flows: ArrayLike, rate: ArrayLike, discounting: Discounting, at_start: ArrayLike = 0.0
) -> Amounts:
    """Discount yearly flows to time 0.

    Parameters
    ----------
    flows : array_like of float, shape (years,) or (draws, years)
        Flows of year 1, 2, ... [USD].
    rate : array_like of float, shape () or (draws,)
        Real rate a year [fraction].
    discounting : {"end_of_year", "mid_year", "start_of_year"}
        When in its year a flow falls.
    at_start : array_like of float, shape () or (draws,)
        Flow at time 0 [USD]; capital is negative.

    Returns
    -------
    float or ndarray, shape () or (draws,)
        Net present value [USD].

    Examples
    --------
    >>> round(float(net_present_value([-10_000, 3_000, 4_200, 6_800], 0.1, "end_of_year")), 2)
    1188.44
    """
    yearly = np.asarray(flows, dtype=float)
    factors = discount_factors(rate, yearly.shape[-1], discounting)
    total: Amounts = (yearly * factors).sum(axis=-1) + np.asarray(at_start, dtype=float)
    return total


def internal_rate_of_return(
    at_start: float, flows: ArrayLike, discounting: Discounting
) -> tuple[float | None, str]:
    """Find the rate at which the net present value is 0.

    Parameters
    ----------
    at_start : float
        Flow at time 0 [USD]; initial capital is negative.
    flows : array_like of float, shape (years,)
        Flows of year 1, 2, ... [USD].
    discounting : {"end_of_year", "mid_year", "start_of_year"}
        When in its year a flow falls.

    Returns
    -------
    rate : float or None
        [fraction a year]
    reason : str
        Why there is none, else "".

    Notes
    -----
    Flows that change sign exactly once have exactly one rate above -1 (Descartes' rule of signs
    in 1/(1 + rate), which needs no more than increasing times). Found in ln(1 + rate).
    """
    if not at_start < 0:
        return None, "no initial capital is spent, so there is no rate of return on it"
    times = np.arange(1, np.size(flows) + 1) - TIME_BEFORE_YEAR_END[discounting]
    amounts = np.concatenate([[at_start], np.asarray(flows, dtype=float)])
    times = np.concatenate([[0.0], times])
    if times.size > 1 and times[1] == 0.0:
        amounts, times = np.concatenate([[amounts[0] + amounts[1]], amounts[2:]]), times[1:]
    signs = np.sign(amounts[amounts != 0.0])
    changes = int(np.count_nonzero(np.diff(signs)))
    if changes != 1 or signs[0] > 0:
        return (
            None,
            f"the flows change sign {changes} times; one change, from minus to plus, is needed",
        )
    scaled = amounts / np.abs(amounts).max()

    def value(log_growth: float) -> float:
        return float(np.sum(scaled * np.exp(-log_growth * times)))

    from scipy.optimize import brentq  # 0.3 s to load, and few runs state the terms for a rate

    reach = 1.0
    while value(-reach) <= 0.0 or value(reach) >= 0.0:
        reach *= 2.0
        if reach > 64.0:
            return None, "the rate is beyond any that can be written down"
    return float(np.expm1(brentq(value, -reach, reach, xtol=1e-14, rtol=1e-14))), ""


def payback(at_start: float, flows: ArrayLike) -> tuple[float | None, str]:
    """Find when cumulative undiscounted flows have paid initial capital back for good.

    Parameters
    ----------
    at_start : float
        Flow at time 0 [USD].
    flows : array_like of float, shape (years,)
        Flows of year 1, 2, ... [USD], coming evenly within each year.

    Returns
    -------
    years : float or None
        From time 0.
    reason : str
        Why there is none, else "".

    Examples
    --------
    >>> payback(-100.0, [40.0, 40.0, 40.0])
    (2.5, '')
    """
    if not at_start < 0:
        return None, "no initial capital is spent, so there is nothing to pay back"
    cumulative = at_start + np.concatenate([[0.0], np.cumsum(np.asarray(flows, dtype=float))])
    if cumulative[-1] < 0:
        return None, "initial capital is not paid back"
    last_debt = int(np.flatnonzero(cumulative < 0)[-1])
    earned = cumulative[last_debt + 1] - cumulative[last_debt]
    return float(last_debt - cumulative[last_debt] / earned), ""
