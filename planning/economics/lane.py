"""Which cut-off, year by year, makes the ore in the ground worth most: Lane's policy?

While better ore waits, poor ore in the plant costs more than its treatment: it costs the time of
everything behind it. Lane's cut-off charges each tonne for that time, F = f + d V, with the fixed
cost f of a year, the discount rate d and the present value V of what is left. V falls as the
deposit is mined out, and the cut-off falls with it.

Two differences from the usual spreadsheet: the return may be any function of grade (curves,
penalties), and V(Q) of the rock Q that is left is integrated from the empty mine upwards, so that
no guess of V is iterated: each cut-off meets the exact value of what lies behind it.

References: K. F. Lane, "Choosing the optimum cut-off grade", Colorado School of Mines Quarterly 59
(1964), 811-829; K. F. Lane, "The Economic Definition of Ore" (Mining Journal Books, 1988).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem
from planning.economics.lane_cutoffs import Balance, balance_of, cutoffs_at
from planning.economics.lane_rates import GradeTable, LaneTerms, Rates, above, rates_at, years_of

FloatArray = NDArray[np.float64]

#: Steps from the empty mine to the full one; the error of the value falls with their 4th power.
STEPS = 400
#: Most that the time of a step may be charged for, as part of the value: far within stability.
MOST_CHARGED = 1.0
#: A longer life is a limit in the wrong unit.
LONGEST_YEARS = 10_000.0
#: Constant cut-offs tried in each class, and then between the neighbours of the best of them.
IN_CLASS, TRIED = 8, 401


@dataclass(frozen=True, slots=True)
class LaneYear:
    """One year of the policy; the last may be shorter.

    Parameters
    ----------
    year : int
        From 1.
    duration : float
        Part of the year that is worked.
    cutoff, cutoff_at_end : float
        At its beginning and end, in the table's unit.
    mined_t, ore_t : float
        Rock mined and ore treated [t].
    product, content : float
        Product sold and metal in the ore treated, in the table's units times tonnes.
    cash_usd : float
        Revenue less all costs, the fixed among them [USD].
    value_usd : float
        Present value at its beginning of all that is left [USD].
    binding : str
        The limits that set the pace at its beginning.
    """

    year: int
    duration: float
    cutoff: float
    cutoff_at_end: float
    mined_t: float
    ore_t: float
    product: float
    content: float
    cash_usd: float
    value_usd: float
    binding: str


@dataclass(frozen=True, slots=True, eq=False)
class LanePolicy:
    """Cut-offs over the life of a mine.

    Parameters
    ----------
    years : tuple of LaneYear
        Empty when no cut-off pays.
    value_usd : float
        Present value of the whole [USD]; 0 when no cut-off pays.
    life_years : float
        Time to the last tonne [yr].
    constant_cutoff, constant_value_usd : float
        The best cut-off that never changes, and its present value [USD].
    unit : str
        Unit of the cut-offs.
    """

    years: tuple[LaneYear, ...]
    value_usd: float
    life_years: float
    constant_cutoff: float
    constant_value_usd: float
    unit: str

    def facts(self) -> list[Fact]:
        """Return value, life and the cut-offs at both ends of it."""
        if not self.years:
            return [Fact("present value", "no cut-off pays the costs of a year")]
        return [
            Fact("present value", self.value_usd, "USD"),
            Fact("life", self.life_years, "years"),
            Fact("cut-off at the start", self.years[0].cutoff, self.unit),
            Fact("cut-off at the end", self.years[-1].cutoff_at_end, self.unit),
            Fact("best constant cut-off", self.constant_cutoff, self.unit),
            Fact("its present value", self.constant_value_usd, "USD"),
        ]

    def __str__(self) -> str:
        """Plain text."""
        return as_text("Lane's cut-off policy", self.facts())

    def _repr_html_(self) -> str:
        return as_html("Lane's cut-off policy", self.facts())


def constant_value(cutoff: float, table: GradeTable, terms: LaneTerms) -> float:
    """Value a cut-off that never changes.

    Parameters
    ----------
    cutoff : float
        In the table's unit.
    table, terms : GradeTable, LaneTerms
        Rock, costs and limits.

    Returns
    -------
    float
        P (1 - (1 + d)^-T) / d, with the cash flow P of a year and the life T [USD].
    """
    return float(constant_values([cutoff], table, terms)[0])


def constant_values(cutoffs: ArrayLike, table: GradeTable, terms: LaneTerms) -> FloatArray:
    """Value some cut-offs that never change, as `constant_value` does one.

    Parameters
    ----------
    cutoffs : array_like of float, shape (m,)
        In the table's unit.
    table, terms : GradeTable, LaneTerms
        Rock, costs and limits.

    Returns
    -------
    ndarray of float, shape (m,)
        [USD]
    """
    ore, revenue, product, _ = above(cutoffs, table)
    cash = (revenue - terms.mine_cost - terms.plant_cost * ore) * table.total_t
    life = table.total_t * years_of(ore, product, terms)
    never = life == 0.0
    yearly = cash / np.where(never, 1.0, life) - terms.fixed_cost
    worth: FloatArray = np.where(never, cash, yearly * _annuity(life, terms.discount_rate))
    return worth


def best_constant(table: GradeTable, terms: LaneTerms) -> tuple[float, float]:
    """Find the cut-off that is worth most if it never changes.

    Parameters
    ----------
    table, terms : GradeTable, LaneTerms
        Rock, costs and limits.

    Returns
    -------
    tuple = (cutoff, value)
        In the table's unit, and its present value [USD]. Searched over `IN_CLASS` steps of every
        class, then `TRIED` between the neighbours of the best of them.
    """
    edges = table.edges
    at = np.linspace(0.0, edges.size - 1.0, IN_CLASS * (edges.size - 1) + 1)
    rough = np.interp(at, np.arange(edges.size), edges)
    best = int(np.argmax(constant_values(rough, table, terms)))
    near = rough[max(best - 1, 0) : best + 2]
    tried = np.append(rough[best], np.linspace(near[0], near[-1], TRIED))
    values = constant_values(tried, table, terms)
    first = int(np.argmax(values))
    return float(tried[first]), float(values[first])


def lane_policy(table: GradeTable, terms: LaneTerms) -> LanePolicy:
    """Find the cut-offs over the life of a mine that make its present value greatest.

    Parameters
    ----------
    table : GradeTable
        The rock; each tonne mined is a sample of it.
    terms : LaneTerms
        Costs and limits.

    Returns
    -------
    LanePolicy
        Worth as much as the best constant cut-off, or more.

    Raises
    ------
    DataError
        If the limits are so low that the rock lasts for more than `LONGEST_YEARS`.

    Notes
    -----
    Cash comes evenly and a steady year's is worth P / (1 + d): the annuity of a spreadsheet, for
    parts of a year too. Then dV/dQ = (ln(1 + d) / d) max over g of (cash(g) - time(g) (f + d V)),
    the maximum by Lane's rule, integrated from V(0) = 0 by Runge and Kutta's fourth order. So
    the policy is the best of all, constant or changing at any time, within the model; a plan that
    may change its cut-off only once a year comes a little short of it.
    """
    balance = balance_of(table, terms)
    left = np.linspace(0.0, table.total_t, _steps(table, terms, balance) + 1)
    worth = _integrate(left, table, terms, balance)
    about = (*best_constant(table, terms), table.unit)
    if not worth[-1] > 0.0:
        return LanePolicy((), 0.0, 0.0, *about)
    path = [
        rates_at(cutoffs_at(table, terms, balance, float(v)).optimum, table, terms) for v in worth
    ]
    clock = _accumulate(np.array([r.years for r in path]), left)
    years = tuple(_by_year(left, worth, path, clock, terms))
    return LanePolicy(years, float(worth[-1]), float(clock[-1]), *about)


def _annuity(years: FloatArray, rate: float) -> FloatArray:
    """Present value of 1 a year for so many years."""
    if rate == 0.0:
        return years
    worth: FloatArray = -np.expm1(-years * math.log1p(rate)) / rate
    return worth


def _steps(table: GradeTable, terms: LaneTerms, balance: Balance) -> int:
    """Choose the number of steps; the pace is slowest where nothing is left behind."""
    poorest = rates_at(cutoffs_at(table, terms, balance, 0.0).optimum, table, terms)
    life = poorest.years * table.total_t
    if life > LONGEST_YEARS:
        remedy = "Is a limit in thousands of tonnes? Write tonnes a year."
        fact = "the limits are too low for so much rock"
        raise DataError(
            [Problem(fact, "Lane's policy", f"{life:,.0f} years", f"{LONGEST_YEARS:,.0f}", remedy)]
        )
    return max(STEPS, math.ceil(life * math.log1p(terms.discount_rate) / MOST_CHARGED))


def _integrate(
    left: FloatArray, table: GradeTable, terms: LaneTerms, balance: Balance
) -> FloatArray:
    """Value of what is left, from the empty mine upwards."""
    rate = terms.discount_rate
    scale = 1.0 if rate == 0.0 else math.log1p(rate) / rate

    def slope(value: float) -> float:
        return scale * cutoffs_at(table, terms, balance, value).worth

    worth = np.zeros(left.size)
    step = left[1] - left[0]
    for i in range(left.size - 1):
        v = float(worth[i])
        first = slope(v)
        second = slope(v + 0.5 * step * first)
        third = slope(v + 0.5 * step * second)
        last = slope(v + step * third)
        worth[i + 1] = v + step * (first + 2.0 * second + 2.0 * third + last) / 6.0
    return worth


def _accumulate(per_tonne: FloatArray, left: FloatArray) -> FloatArray:
    """Sum a quantity per tonne from the empty mine upwards, by trapezoids."""
    pieces = 0.5 * (per_tonne[1:] + per_tonne[:-1]) * np.diff(left)
    return np.concatenate([[0.0], np.cumsum(pieces)])


def _by_year(
    left: FloatArray,
    worth: FloatArray,
    path: list[Rates],
    clock: FloatArray,
    terms: LaneTerms,
) -> list[LaneYear]:
    """Cut the path at the ends of its years; *clock* is the time that is left."""
    life = float(clock[-1])
    count = max(1, math.ceil(life - 1e-9))
    ends = np.append(life - np.arange(count), 0.0)  # time left at each boundary, falling
    rows = {
        name: _accumulate(np.array([getattr(r, name) for r in path]), left)
        for name in ("ore", "product", "content", "cash")
    }
    cuts = np.array([r.cutoff for r in path])

    def at(values: FloatArray) -> FloatArray:
        read: FloatArray = np.interp(ends, clock, values)
        return read

    rock, value, cutoff = at(left), at(worth), at(cuts)
    sums = {name: -np.diff(at(values)) for name, values in rows.items()}
    spans = -np.diff(ends)
    starts = np.searchsorted(clock, ends[:-1])
    return [
        LaneYear(
            year=i + 1,
            duration=float(spans[i]),
            cutoff=float(cutoff[i]),
            cutoff_at_end=float(cutoff[i + 1]),
            mined_t=float(rock[i] - rock[i + 1]),
            ore_t=float(sums["ore"][i]),
            product=float(sums["product"][i]),
            content=float(sums["content"][i]),
            cash_usd=float(sums["cash"][i] - terms.fixed_cost * spans[i]),
            value_usd=float(value[i]),
            binding=path[min(int(starts[i]), len(path) - 1)].binding,
        )
        for i in range(count)
    ]
