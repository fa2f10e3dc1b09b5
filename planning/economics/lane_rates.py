"""At a cut-off, how fast does a mine run, what limits it, and what does a mined tonne bring?

Lane's model: every tonne mined is a sample of the same distribution of grades. Of each tonne the
part at or above the cut-off goes to the plant, and what the plant makes is sold. Mine, plant and
market each have a limit; the tightest sets the pace, and a slow pace costs the time of all that is
still in the ground.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError, Problem

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class GradeTable:
    """Tonnes by class of the quantity that is cut on, and what a tonne of ore of each brings.

    Within a class tonnes are spread evenly, and every quantity runs straight from its value at
    the lower edge to that at the upper.

    Parameters
    ----------
    edges : ndarray of float, shape (k + 1,)
        Edges of the classes, rising, in the unit of the cut-off.
    tonnes : ndarray of float, shape (k,)
        Tonnes of rock in each [t].
    revenue : ndarray of float, shape (k, 2)
        Paid for a tonne of ore before the costs of mine and plant, at both edges [USD/t].
    product : ndarray of float, shape (k, 2)
        What counts against the limit of the market, per tonne of ore, at both edges.
    content : ndarray of float, shape (k, 2)
        Metal in a tonne of ore, at both edges, in the unit of a grade; only reported.
    unit : str
        Unit of the cut-off.

    Raises
    ------
    DataError
        If the table cannot be right; all at once.
    """

    edges: FloatArray
    tonnes: FloatArray
    revenue: FloatArray
    product: FloatArray
    content: FloatArray
    unit: str = "% Sb"

    def __post_init__(self) -> None:
        """Refuse classes that do not rise, tonnes below 0, shapes that do not fit, NaN."""
        problems = list(_table_problems(self))
        if problems:
            raise DataError(problems)

    @property
    def total_t(self) -> float:
        """All rock in it [t]."""
        return float(self.tonnes.sum())


@dataclass(frozen=True, slots=True)
class LaneTerms:
    """Costs and limits of a year.

    Parameters
    ----------
    mine_cost, plant_cost : float
        [USD/t mined], [USD/t of ore].
    fixed_cost : float
        Of a year, whatever is mined [USD/yr].
    discount_rate : float
        Real [fraction a year].
    mine_limit, plant_limit, market_limit : float
        [t mined/yr], [t ore/yr], [product/yr]; inf where there is none.

    Raises
    ------
    DataError
        If a figure cannot be right, or no limit is finite; all at once.
    """

    mine_cost: float
    plant_cost: float
    fixed_cost: float
    discount_rate: float
    mine_limit: float = math.inf
    plant_limit: float = math.inf
    market_limit: float = math.inf

    def __post_init__(self) -> None:
        """Refuse negative or NaN figures, limits of 0, and a mine without any limit."""
        problems = list(_terms_problems(self))
        if problems:
            raise DataError(problems)


@dataclass(frozen=True, slots=True)
class Rates:
    """What a mined tonne is and brings at one cut-off.

    Parameters
    ----------
    cutoff : float
        In the table's unit.
    ore : float
        Part of a mined tonne that goes to the plant.
    product, content : float
        Per tonne mined.
    cash : float
        Revenue less costs of mine and plant, without the cost of time [USD/t mined].
    years : float
        Time that a mined tonne takes at the tightest limit [yr/t].
    binding : str
        The limits that set the pace: "mine", "plant", "market", joined by "+" when they tie.
    """

    cutoff: float
    ore: float
    product: float
    content: float
    cash: float
    years: float
    binding: str


def linear_table(
    edges: ArrayLike, tonnes: ArrayLike, net_price: float, recovery: float, unit: str
) -> GradeTable:
    """Make the table of Lane's own model: revenue and product proportional to grade.

    Parameters
    ----------
    edges : array_like of float, shape (k + 1,)
        Class edges in units of product per tonne (kg/t, lb/t, per cent as t/100 t ...).
    tonnes : array_like of float, shape (k,)
        Tonnes of each class.
    net_price : float
        Price less the cost of marketing, per unit of product (p - k in Lane's letters).
    recovery : float
        Part of the metal that becomes product (y), (0, 1].
    unit : str
        Unit of the edges.

    Returns
    -------
    GradeTable
    """
    rims = np.asarray(edges, dtype=float)
    both = np.column_stack([rims[:-1], rims[1:]])
    product = recovery * both
    weights = np.asarray(tonnes, dtype=float)
    return GradeTable(rims, weights, net_price * product, product, both, unit)


def rates_at(cutoff: float, table: GradeTable, terms: LaneTerms) -> Rates:
    """Work out what a mined tonne is and brings at a cut-off.

    Parameters
    ----------
    cutoff : float
        In the table's unit; below the lowest edge all rock is ore, above the highest none.
    table : GradeTable
        The rock.
    terms : LaneTerms
        Costs and limits.

    Returns
    -------
    Rates
    """
    ore, revenue, product, content = above([cutoff], table)[:, 0].tolist()
    shares = {
        "mine": 1.0 / terms.mine_limit,
        "plant": ore / terms.plant_limit,
        "market": product / terms.market_limit,
    }
    slowest = max(shares.values())
    tied = [name for name, share in shares.items() if share >= slowest * (1.0 - 1e-9)]
    cash = revenue - terms.mine_cost - terms.plant_cost * ore
    return Rates(cutoff, ore, product, content, cash, slowest, "+".join(tied))


def above(cutoffs: ArrayLike, table: GradeTable) -> FloatArray:
    """Sum what lies at or above some cut-offs, per tonne of all rock.

    Parameters
    ----------
    cutoffs : array_like of float, shape (m,)
        In the table's unit.
    table : GradeTable
        The rock.

    Returns
    -------
    ndarray of float, shape (4, m)
        Ore [t/t], then revenue, product and content summed over the ore, per tonne mined.
    """
    cuts = np.asarray(cutoffs, dtype=float)
    j = np.clip(np.searchsorted(table.edges, cuts, side="right") - 1, 0, table.tonnes.size - 1)
    part = np.clip((table.edges[j + 1] - cuts) / (table.edges[j + 1] - table.edges[j]), 0.0, 1.0)
    mass = table.tonnes / table.total_t
    sums = [from_the_top(mass)[j + 1] + part * mass[j]]
    for values in (table.revenue, table.product, table.content):
        mean = values[j, 1] - 0.5 * part * (values[j, 1] - values[j, 0])
        richer = from_the_top(mass * 0.5 * (values[:, 0] + values[:, 1]))
        sums.append(richer[j + 1] + part * mass[j] * mean)
    return np.array(sums)


def from_the_top(per_class: FloatArray) -> FloatArray:
    """Sum a quantity over the classes that are richer than each edge.

    Parameters
    ----------
    per_class : ndarray of float, shape (k,)
        Poorest class first.

    Returns
    -------
    ndarray of float, shape (k + 1,)
        At each edge of the classes; 0 at the last.
    """
    sums = np.zeros(per_class.size + 1)
    np.cumsum(per_class[::-1], out=sums[-2::-1])
    return sums


def worth_at(
    cutoffs: ArrayLike, table: GradeTable, terms: LaneTerms, cost_of_time: float
) -> FloatArray:
    """Work out what mining a tonne adds, less what the time it takes costs.

    Parameters
    ----------
    cutoffs : array_like of float, shape (m,)
        In the table's unit.
    table, terms : GradeTable, LaneTerms
        Rock, costs and limits.
    cost_of_time : float
        F = f + d V [USD/yr].

    Returns
    -------
    ndarray of float, shape (m,)
        [USD/t mined]
    """
    ore, revenue, product, _ = above(cutoffs, table)
    years = years_of(ore, product, terms)
    worth: FloatArray = revenue - terms.mine_cost - terms.plant_cost * ore - years * cost_of_time
    return worth


def years_of(ore: FloatArray, product: FloatArray, terms: LaneTerms) -> FloatArray:
    """Work out the time that mined tonnes take at the tightest limit.

    Parameters
    ----------
    ore, product : ndarray of float, shape (m,)
        Ore and product of a mined tonne.
    terms : LaneTerms
        Limits.

    Returns
    -------
    ndarray of float, shape (m,)
        [yr/t mined]
    """
    years = np.maximum(ore / terms.plant_limit, product / terms.market_limit)
    slowest: FloatArray = np.maximum(years, 1.0 / terms.mine_limit)
    return slowest


def _table_problems(table: GradeTable) -> Iterator[Problem]:
    """Find what is wrong with a grade table."""
    k = table.tonnes.size
    shapes: dict[str, tuple[int, ...]] = {"edges": (k + 1,), "tonnes": (k,)}
    shapes |= {"revenue": (k, 2), "product": (k, 2), "content": (k, 2)}
    fitting = True
    for name, shape in shapes.items():
        values: FloatArray = getattr(table, name)
        if values.shape != shape or not k:
            fitting = False
            yield Problem("a row of the wrong length", name, f"{values.shape}", f"{shape}")
        elif not np.isfinite(values).all():
            yield Problem("a number that is not finite", f"grade table, {name}")
    if not fitting:
        return
    if not (np.diff(table.edges) > 0.0).all():
        yield Problem("the edges of the classes do not rise", "grade table, edges")
    if (table.tonnes < 0.0).any() or not table.tonnes.sum() > 0.0:
        found = f"{table.tonnes.min():g} t in a class, {table.tonnes.sum():g} t in all"
        yield Problem("tonnes are negative, or there are none", "grade table, tonnes", found)
    if (table.product < 0.0).any():
        yield Problem("a tonne of ore gives less than no product", "grade table, product")


def _terms_problems(terms: LaneTerms) -> Iterator[Problem]:
    """Find what is wrong with the terms."""
    names: Sequence[str] = ("mine_cost", "plant_cost", "fixed_cost", "discount_rate")
    for name in names:
        if not (math.isfinite(getattr(terms, name)) and getattr(terms, name) >= 0.0):
            yield Problem("not a cost or a rate", name, f"{getattr(terms, name)}", "0 or more")
    if terms.discount_rate > 0.99:
        remedy = f"{terms.discount_rate:g} is a per cent? Write it as a fraction."
        found = f"{terms.discount_rate:g}"
        yield Problem("the discount rate cannot be right", "discount_rate", found, remedy=remedy)
    limits = ("mine_limit", "plant_limit", "market_limit")
    for name in limits:
        if not getattr(terms, name) > 0.0:
            yield Problem("not a limit", name, f"{getattr(terms, name)}", "above 0, inf for none")
    if all(math.isinf(getattr(terms, name)) for name in limits):
        remedy = "State the limit of the plant: without one there is no cost of time."
        yield Problem("no limit is finite", ", ".join(limits), remedy=remedy)
