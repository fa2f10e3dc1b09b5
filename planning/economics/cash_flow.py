"""What does the plan earn year by year, and is that worth the capital?

Money is real and pre-tax unless a tax is stated. Initial capital is spent at the valuation date
and is row 0 of the table; when the flow of a year falls is written in `discounting`. Tax is a part
of cumulative cash profit: capital counts when it is spent, losses are carried forward without
limit or interest. Depreciation schedules are not modelled.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from deposits.display import Fact, as_html, as_text
from deposits.stated import Kind
from planning.economics.config import Discounting
from planning.economics.discounting import (
    discount_factors,
    internal_rate_of_return,
    net_present_value,
    payback,
)
from planning.economics.nsr import (
    COST_TERMS,
    GOLD_TERMS,
    MONEY_TERMS,
    NSR_TERMS,
    NetSmelterReturn,
    Terms,
    known,
    net_smelter_return,
)
from planning.economics.plant import Amounts, concentrate_t, metal_t


@dataclass(frozen=True, slots=True, eq=False)
class Production:
    """What is dug and milled in each year.

    Parameters
    ----------
    ore_t : ndarray of float, shape (years,) or (draws, years)
        Ore milled [t]; 0 after the last.
    sb_pct : ndarray of float, shape broadcasting with *ore_t*
        Head grade [% Sb].
    au_gpt : ndarray of float or None
        Gold in the ore [g/t]; None is not known.
    """

    ore_t: NDArray[np.float64]
    sb_pct: NDArray[np.float64]
    au_gpt: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class CashFlow:
    """A plan in money; None is not known, and the reason stands beside it.

    Parameters
    ----------
    table : pandas.DataFrame or None
        One row a year from 0, units in the column names.
    npv_usd : float or None
        Net present value [USD].
    irr_fraction, payback_years : float or None
        Internal rate of return [fraction a year] and years to payback of initial capital,
        undiscounted, money coming evenly within each year.
    irr_reason, payback_reason : str
        Why there is none, else "".
    discounting : str
        Convention used.
    valuation_date : date or None
        Day of time 0.
    pre_tax : bool
        Whether no tax is stated.
    kind : {"derived", "assumed"}
        As soft as the softest term.
    conditional_on, missing, gold_missing : tuple of str
        Keys of assumed terms, of those that block the result, of those that keep gold out.
    """

    table: pd.DataFrame | None
    npv_usd: float | None
    irr_fraction: float | None
    irr_reason: str
    payback_years: float | None
    payback_reason: str
    discounting: Discounting
    valuation_date: dt.date | None
    pre_tax: bool
    kind: Kind
    conditional_on: tuple[str, ...]
    missing: tuple[str, ...]
    gold_missing: tuple[str, ...]

    def facts(self) -> list[Fact]:
        """Return the headline figures with their conventions."""
        taxed = "pre-tax" if self.pre_tax else "after tax"
        gold = ", gold not counted" if self.gold_missing else ""
        irr = None if self.irr_fraction is None else 100.0 * self.irr_fraction
        return [
            Fact(f"NPV ({self.discounting}, real, {taxed}{gold})", self.npv_usd, "USD"),
            Fact("IRR", self.irr_reason or irr, "% a year"),
            Fact("payback", self.payback_reason or self.payback_years, "years"),
            Fact("valuation date", str(self.valuation_date or "not known")),
            *([Fact("missing", ", ".join(self.missing))] if self.missing else []),
        ]

    def __str__(self) -> str:
        """Plain text."""
        return as_text("Cash flow", self.facts())

    def _repr_html_(self) -> str:
        return as_html("Cash flow", self.facts())


def ramp_up_shares(ramp_up_years: float, years: int) -> NDArray[np.float64]:
    """Return the share of the full rate in each year while the rate grows linearly from 0.

    Parameters
    ----------
    ramp_up_years : float
        Time until full rate [years]; 0 starts at full rate.
    years : int
        Years wanted.

    Returns
    -------
    ndarray of float, shape (years,)
        Mean of min(t / ramp_up_years, 1) over each year [fraction].

    Examples
    --------
    >>> ramp_up_shares(2, 4)
    array([0.25, 0.75, 1.  , 1.  ])
    """
    if not ramp_up_years > 0:
        return np.ones(years)
    edges = np.arange(years + 1, dtype=float)
    growing = np.minimum(edges, ramp_up_years)
    return np.diff(growing**2 / (2.0 * ramp_up_years) + (edges - growing))


def life_years(ore_t: float, rate_t_per_year: float, ramp_up_years: float = 0.0) -> float:
    """Return how long ore lasts at a rate that grows linearly from 0 during ramp-up.

    Parameters
    ----------
    ore_t : float
        Ore that will be milled [t].
    rate_t_per_year : float
        Full rate [t/yr].
    ramp_up_years : float
        Time until full rate [years].

    Returns
    -------
    float
        Life [years].

    Examples
    --------
    >>> life_years(1_750_000.0, 700_000.0), life_years(1_750_000.0, 700_000.0, 2.0)
    (2.5, 3.5)
    """
    if not rate_t_per_year > 0:
        raise ValueError(f"the rate is {rate_t_per_year:g} t/yr; it must be above 0")
    at_full_rate = ore_t / rate_t_per_year
    if ramp_up_years > 0 and at_full_rate < ramp_up_years / 2.0:
        return math.sqrt(2.0 * ramp_up_years * at_full_rate)
    return at_full_rate + max(ramp_up_years, 0.0) / 2.0


def yearly_ore(
    ore_t: ArrayLike, rate_t_per_year: float, ramp_up_years: float = 0.0
) -> NDArray[np.float64]:
    """Spread ore over years at a rate, the last year taking the rest.

    Parameters
    ----------
    ore_t : array_like of float, shape () or (draws,)
        Ore that will be milled [t].
    rate_t_per_year : float
        Full rate [t/yr].
    ramp_up_years : float
        Time until full rate [years].

    Returns
    -------
    ndarray of float, shape (years,) or (draws, years)
        Ore of each year [t]; each row adds up to its ore.

    Examples
    --------
    >>> yearly_ore(1_750_000.0, 700_000.0)
    array([700000., 700000., 350000.])
    """
    ore = np.asarray(ore_t, dtype=float)
    if not np.all(np.isfinite(ore) & (ore >= 0)):
        raise ValueError("ore to be milled must be known and not below 0 in every draw")
    # A float just above a whole number of years must not add a year with a gram of ore in it.
    longest = life_years(float(np.max(ore, initial=0.0)), rate_t_per_year, ramp_up_years)
    years = max(1, math.ceil(longest - 1e-9))
    reached = rate_t_per_year * np.cumsum(ramp_up_shares(ramp_up_years, years))
    reached[-1] = np.inf
    milled = np.minimum(ore[..., None], reached)
    return np.diff(milled, axis=-1, prepend=0.0)


def yearly_flows(production: Production, terms: Terms) -> NDArray[np.float64]:
    """Work out the flow of each year after royalty, costs, sustaining capital and tax.

    Parameters
    ----------
    production : Production
        Ore and grade of each year.
    terms : Terms
        Everything stated but gold and tax, which may be absent; scalars or shape (draws,).

    Returns
    -------
    ndarray of float, shape (years,) or (draws, years)
        [USD], years from 1. NaN throughout if a term is missing.
    """
    by_year = _by_year(terms)
    if by_year.missing((*NSR_TERMS, *COST_TERMS, *MONEY_TERMS)):
        return np.full(np.shape(production.ore_t), np.nan)
    before_tax = _operating(production, by_year)[1]
    return before_tax - _tax(before_tax, by_year)


def npv_of(production: Production, terms: Terms, discounting: Discounting) -> Amounts:
    """Work out the net present value, of every draw at once where there are draws.

    Parameters
    ----------
    production : Production
        Ore and grade of each year, shape (years,) or (draws, years).
    terms : Terms
        Scalars or shape (draws,).
    discounting : {"end_of_year", "mid_year", "start_of_year"}
        When in its year a flow falls.

    Returns
    -------
    float or ndarray, shape () or (draws,)
        [USD]; NaN if a term is missing.
    """
    if terms.initial_capital is None or terms.discount_rate is None:
        return np.full(np.shape(production.ore_t)[:-1], np.nan)[()]
    flows = yearly_flows(production, terms)
    at_start = -np.asarray(terms.initial_capital, dtype=float)
    return net_present_value(flows, terms.discount_rate, discounting, at_start)


def cash_flow(
    production: Production,
    terms: Terms,
    discounting: Discounting,
    valuation_date: dt.date | None,
) -> CashFlow:
    """Put one deterministic plan in money.

    Parameters
    ----------
    production : Production
        Ore and grade of each year, shape (years,).
    terms : Terms
        Scalars.
    discounting : {"end_of_year", "mid_year", "start_of_year"}
        When in its year a flow falls.
    valuation_date : date or None
        Day of time 0; without it there is no value.

    Returns
    -------
    CashFlow
        All None, with the keys, if a term is missing.
    """
    used = (*NSR_TERMS, *COST_TERMS, *MONEY_TERMS)
    missing = terms.missing(used)
    missing += () if valuation_date is not None else ("economics.valuation_date",)
    gold_missing = terms.missing(GOLD_TERMS)
    gold_missing += () if production.au_gpt is not None else ("gold grade of the ore",)
    counted = (*used, "tax", *(() if gold_missing else GOLD_TERMS))
    about: dict[str, Any] = {
        "discounting": discounting,
        "valuation_date": valuation_date,
        "pre_tax": terms.tax is None,
        "kind": terms.kind(counted),
        "conditional_on": terms.assumed(counted),
        "missing": missing,
        "gold_missing": gold_missing,
    }
    if missing or terms.initial_capital is None or terms.discount_rate is None:
        reason = "not known; missing: " + ", ".join(missing)
        return CashFlow(None, None, None, reason, None, reason, **about)
    table = _table(production, terms, discounting)
    capital, flows = -float(terms.initial_capital), table["cash_flow_usd"].to_numpy()[1:]
    npv = float(net_present_value(flows, terms.discount_rate, discounting, capital))
    irr = internal_rate_of_return(capital, flows, discounting)
    return CashFlow(table, npv, *irr, *payback(capital, flows), **about)


def _by_year(terms: Terms) -> Terms:
    """Give draws a last axis for the years to run along."""
    names = (f.name for f in fields(terms) if f.name not in ("plant", "kinds"))
    values = {name: getattr(terms, name) for name in names}
    drawn: dict[str, Any] = {n: v[..., None] for n, v in values.items() if np.ndim(v)}
    return replace(terms, **drawn)


def _operating(
    production: Production, terms: Terms
) -> tuple[NetSmelterReturn, NDArray[np.float64]]:
    """Return per tonne, and flow of each year before tax [USD]."""
    paid = net_smelter_return(production.sb_pct, terms, production.au_gpt)
    costs = sum(np.asarray(getattr(terms, name), dtype=float) for name in COST_TERMS)
    return paid, np.asarray(production.ore_t * (known(paid.net) - costs), dtype=float)


def _tax(before_tax: NDArray[np.float64], terms: Terms) -> NDArray[np.float64]:
    """Tax of each year: its part of the growth of the highest cumulative profit so far [USD]."""
    if terms.tax is None:
        return np.zeros(before_tax.shape)
    capital = np.asarray(terms.initial_capital, dtype=float)
    profit = np.cumsum(before_tax, axis=-1) - capital
    taxed = np.maximum.accumulate(np.maximum(profit, 0.0), axis=-1)
    return np.asarray(np.diff(taxed, axis=-1, prepend=0.0) * terms.tax, dtype=float)


def _table(production: Production, terms: Terms, discounting: Discounting) -> pd.DataFrame:
    """Lay the years out, row 0 holding initial capital alone."""
    ore = production.ore_t
    grade = np.broadcast_to(production.sb_pct, ore.shape)
    paid, before_tax = _operating(production, terms)
    tax = _tax(before_tax, terms)
    recovery, product_grade = known(terms.sb_recovery), known(terms.concentrate_sb_pct)
    metal_paid = known(paid.antimony) + (0.0 if paid.gold is None else paid.gold)
    columns: dict[str, Amounts] = {
        "ore_t": ore,
        "sb_pct": grade,
        "concentrate_t": concentrate_t(ore, grade, recovery, product_grade),
        "sb_in_concentrate_t": metal_t(ore, grade) * recovery,
        "payable_metal_usd": ore * metal_paid,
        "charges_usd": ore * known(paid.charges),
        "royalty_usd": ore * known(paid.royalty),
    }
    for name in COST_TERMS:
        columns[f"{name}_usd"] = ore * getattr(terms, name)
    columns |= {"initial_capital_usd": np.zeros(ore.shape), "tax_usd": tax}
    columns["cash_flow_usd"] = before_tax - tax
    years = pd.DataFrame(columns, index=range(1, ore.size + 1))
    capital = float(known(terms.initial_capital))
    spent = {"sb_pct": np.nan, "initial_capital_usd": capital, "cash_flow_usd": -capital}
    start = pd.DataFrame({name: [spent.get(name, 0.0)] for name in columns}, index=[0])
    table = pd.concat([start, years]).rename_axis("year").reset_index()
    factors = discount_factors(np.asarray(terms.discount_rate), ore.size, discounting)
    table["discount_factor"] = np.concatenate([[1.0], factors])
    table["present_value_usd"] = table["cash_flow_usd"] * table["discount_factor"]
    return table
