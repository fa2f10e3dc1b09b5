"""Without published terms: what may a tonne of ore cost, and what must a tonne of antimony bring?

Antimony only. Gold is not counted, and no charge, royalty or capital is in these tables: they
bound what selling terms and costs may come to, they are not a value of the plan.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from deposits.stated import Stated, softest
from planning.economics.plant import Amounts

BEARABLE_COLUMNS = (
    "sb_pct",
    "recovery",
    "payability",
    "price_usd_per_t",
    "net_price_usd_per_t",
    "revenue_usd_per_t_ore",
    "kind",
    "source",
)
REQUIRED_COLUMNS = (
    "sb_pct",
    "recovery",
    "cost_usd_per_t_ore",
    "required_net_price_usd_per_t",
    "kind",
    "source",
)


def bearable_cost(
    sb_pct: Amounts, recovery: Amounts, payability: Amounts, price_usd_per_t: Amounts
) -> Amounts:
    """Work out the highest cost that a tonne of ore could bear.

    Parameters
    ----------
    sb_pct : float or ndarray
        Head grade [% Sb].
    recovery : float or ndarray
        Antimony recovery [fraction].
    payability : float or ndarray
        Part of the price that is paid [fraction].
    price_usd_per_t : float or ndarray
        Price of antimony [USD/t].

    Returns
    -------
    float or ndarray
        [USD/t of ore]

    Notes
    -----
    sb_pct / 100 x recovery x payability x price: all that the antimony of one tonne of ore brings,
    before any charge.

    Examples
    --------
    >>> round(float(bearable_cost(2.5, 0.875, 0.7, 25_000.0)), 1)
    382.8
    """
    revenue: Amounts = np.multiply(sb_pct, recovery) / 100.0 * payability * price_usd_per_t
    return revenue


def required_net_price(cost_usd_per_t_ore: Amounts, sb_pct: Amounts, recovery: Amounts) -> Amounts:
    """Work out what a recovered tonne of antimony must bring to pay for its ore.

    Parameters
    ----------
    cost_usd_per_t_ore : float or ndarray
        All costs [USD/t of ore].
    sb_pct : float or ndarray
        Head grade [% Sb].
    recovery : float or ndarray
        Antimony recovery [fraction].

    Returns
    -------
    float or ndarray
        Price after payability and all charges [USD/t of Sb recovered]; inf without antimony.

    Notes
    -----
    cost / (sb_pct / 100 x recovery).

    Examples
    --------
    >>> round(float(required_net_price(100.0, 2.5, 0.875)))
    4571
    """
    recovered = np.multiply(sb_pct, recovery) / 100.0
    with np.errstate(divide="ignore"):
        price: Amounts = np.divide(cost_usd_per_t_ore, recovered)
    return price


def bearable_cost_table(
    sb_pct: ArrayLike,
    recovery: float | None,
    payabilities: Sequence[Stated],
    prices: Sequence[Stated],
) -> pd.DataFrame:
    """Lay out the highest cost a tonne of ore could bear over payability and price.

    Parameters
    ----------
    sb_pct : array_like of float
        One or more head grades [% Sb]; NaN is not known.
    recovery : float or None
        Antimony recovery [fraction]; None is not known.
    payabilities, prices : sequence of Stated
        Steps of the table [fraction], [USD/t]; scenarios, in the order given.

    Returns
    -------
    pandas.DataFrame
        Columns `BEARABLE_COLUMNS`, one row for each grade, payability and price;
        *net_price_usd_per_t* is payability x price, *revenue_usd_per_t_ore* the highest bearable
        cost, NaN where a grade or the recovery is not known.
    """
    part = np.nan if recovery is None else recovery
    rows = []
    for grade in np.atleast_1d(np.asarray(sb_pct, dtype=float)):
        for payability in payabilities:
            for price in prices:
                revenue = bearable_cost(grade, part, payability.base, price.base)
                net = payability.base * price.base
                kind = softest("derived", payability.kind, price.kind)
                about = (payability.base, price.base, net, float(revenue), kind, price.source)
                rows.append((float(grade), part, *about))
    return pd.DataFrame(rows, columns=list(BEARABLE_COLUMNS))


def required_net_price_table(
    sb_pct: ArrayLike, recovery: float | None, costs: Sequence[Stated]
) -> pd.DataFrame:
    """Lay out the price a recovered tonne of antimony must bring, over head grade and cost.

    Parameters
    ----------
    sb_pct : array_like of float
        One or more head grades [% Sb]; NaN is not known.
    recovery : float or None
        Antimony recovery [fraction]; None is not known.
    costs : sequence of Stated
        All costs [USD/t of ore]: one when costs are stated, else the steps of a grid.

    Returns
    -------
    pandas.DataFrame
        Columns `REQUIRED_COLUMNS`, one row for each grade and cost; the price is after payability
        and all charges, NaN where a grade or the recovery is not known.
    """
    part = np.nan if recovery is None else recovery
    rows = []
    for grade in np.atleast_1d(np.asarray(sb_pct, dtype=float)):
        for cost in costs:
            price = float(required_net_price(cost.base, grade, part))
            kind = softest("derived", cost.kind)
            rows.append((float(grade), part, cost.base, price, kind, cost.source))
    return pd.DataFrame(rows, columns=list(REQUIRED_COLUMNS))
