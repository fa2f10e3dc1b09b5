"""Which cut-off policy suits the blocks of a pit or of a set of stopes?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError, Problem
from planning.economics.block_costs import ore_cost_usd_per_t
from planning.economics.block_nouns import BlockTerms
from planning.economics.block_nsr import BlockReturn
from planning.economics.lane import LanePolicy, lane_policy
from planning.economics.lane_rates import GradeTable, LaneTerms
from planning.economics.nsr import known

FloatArray = NDArray[np.float64]


def policy_of_blocks(
    paid: BlockReturn, sb_pct: ArrayLike, tonnes: ArrayLike, mine_cost: float, terms: BlockTerms
) -> LanePolicy:
    """Find the cut-offs over the life of a mine for blocks that are all to be mined.

    Parameters
    ----------
    paid : BlockReturn
        Returns of the n blocks.
    sb_pct : array_like of float, shape (n,)
        Their head grades [% Sb].
    tonnes : array_like of float, shape (n,)
        Tonnes of each that are mined [t]; blocks of 0 t are left out and may be NaN.
    mine_cost : float
        Mean cost of a mined tonne, for example of `rock_cost_usd_per_t` [USD/t].
    terms : BlockTerms
        With ``[value.lane]``, the discount rate and the costs of ore.

    Returns
    -------
    LanePolicy
        Cut on the return [USD/t of ore]; product is antimony in concentrate [t], content is
        % Sb x tonnes.

    Raises
    ------
    DataError
        If an input is not stated, or a mined block has no return.

    Notes
    -----
    Lane's model knows no place: it takes every mined tonne for a sample of the whole, while a real
    pit meets its grades in the order of its benches. It says how much a policy can bring and which
    limit binds, not what is mined where.
    """
    terms.require("ore", "lane")
    mined = np.asarray(tonnes, dtype=float) != 0.0
    recovered = paid.mass_pull[mined] * paid.concentrate_sb_pct[mined] / 100.0
    table = table_of_blocks(
        paid.nsr_usd_per_t[mined],
        np.asarray(tonnes, dtype=float)[mined],
        recovered,
        np.asarray(sb_pct, dtype=float)[mined],
    )
    limits = terms.limits
    year = LaneTerms(
        mine_cost=mine_cost,
        plant_cost=ore_cost_usd_per_t(terms),
        fixed_cost=float(known(limits.fixed_usd)),
        discount_rate=float(known(terms.base.discount_rate)),
        mine_limit=math.inf if limits.mine_t is None else limits.mine_t,
        plant_limit=float(known(limits.plant_t)),
        market_limit=math.inf if limits.market_t_sb is None else limits.market_t_sb,
    )
    return lane_policy(table, year)


def table_of_blocks(
    return_usd_per_t: ArrayLike,
    tonnes: ArrayLike,
    sb_recovered_t_per_t: ArrayLike,
    sb_pct: ArrayLike,
    classes: int = 200,
) -> GradeTable:
    """Make a table of blocks that are cut on their return.

    Parameters
    ----------
    return_usd_per_t : array_like of float, shape (n,)
        Return after royalty of each block, ore or waste [USD/t of ore].
    tonnes : array_like of float, shape (n,)
        [t]
    sb_recovered_t_per_t : array_like of float, shape (n,)
        Antimony in concentrate per tonne of the block: mass pull x grade of the concentrate / 100.
    sb_pct : array_like of float, shape (n,)
        Head grades [% Sb].
    classes : int
        At most so many, 3 or more.

    Returns
    -------
    GradeTable
        Cut on the return [USD/t]; tonnes, revenue, product and metal of every class are those of
        its blocks.

    Raises
    ------
    DataError
        If a number is NaN or the tonnes are negative or all 0.

    Notes
    -----
    A cut-off on the return, and not on a grade, is what decides where recovery, gold and
    penalties differ between blocks of one grade.

    Rock of no return is one class: no cut-off falls among it. The rock above is cut where another
    n-th of its tonnes or of its return is passed, n being about half of *classes*. So neither wide
    waste, nor a poor halo, nor a few very rich blocks take the classes away from where the cut-off
    is looked for. Within a class the return runs straight about the mean of its blocks, as steep as
    it may without leaving the edges: it never falls as the cut-off rises, and is nowhere below that
    of the poorest block.
    """
    value, weight, product, grade = (
        np.asarray(a, dtype=float) for a in (return_usd_per_t, tonnes, sb_recovered_t_per_t, sb_pct)
    )
    rows = np.vstack([value, weight, product, grade])
    if not (np.isfinite(rows).all() and (weight >= 0.0).all() and weight.sum() > 0.0):
        remedy = "Leave blocks that are not estimated out, and say how many they are."
        fact = "blocks without a return, tonnes or grade, or with tonnes below 0, or none at all"
        raise DataError([Problem(fact, "grade table", remedy=remedy)])
    order = np.argsort(value, kind="stable")
    value, weight, product, grade = rows[:, order]
    edges = _class_edges(value, weight, classes)
    place = np.clip(np.searchsorted(edges, value, side="right") - 1, 0, edges.size - 2)

    def summed(quantity: FloatArray) -> FloatArray:
        return np.asarray(np.bincount(place, quantity, edges.size - 1), dtype=float)

    mass = summed(weight)
    divisor = np.where(mass > 0.0, mass, 1.0)
    low, high = edges[:-1], edges[1:]
    mean = np.where(
        mass > 0.0, np.clip(summed(value * weight) / divisor, low, high), 0.5 * (low + high)
    )
    half = np.minimum(mean - low, high - mean)
    revenue = np.column_stack([mean - half, mean + half])
    sold, metal = (
        np.repeat((summed(a * weight) / divisor)[:, None], 2, axis=1) for a in (product, grade)
    )
    return GradeTable(edges, mass, revenue, sold, metal, "USD/t return")


def _class_edges(value: FloatArray, weight: FloatArray, classes: int) -> FloatArray:
    """Choose the edges of classes of return; *value* rises."""
    paying = value > 0.0
    good, mass = value[paying], weight[paying]
    shares = np.arange(1, (classes - 1) // 2) / ((classes - 1) // 2)
    cuts = [value[:1], good[:1], value[-1:]]
    for amount in (mass, mass * good):
        upto = np.cumsum(amount)
        if upto.size and upto[-1] > 0.0:
            cuts.append(good[np.searchsorted(upto, upto[-1] * shares)])
    top = np.nextafter(value[-1], np.inf)  # the very best keep a class of their own
    edges: FloatArray = np.unique(np.concatenate([*cuts, [top]]))
    return edges
