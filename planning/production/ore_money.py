"""What is ore worth in the plant, or sold as it is, by kind of money, and what comes of it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.units import GRAMS_PER_TROY_OUNCE
from planning.economics.block_config import PER_CENT, unit_of
from planning.economics.block_nouns import BlockTerms
from planning.economics.block_nsr import block_return
from planning.economics.nsr import known
from planning.mine.schedule_config import DirectTable
from planning.production.activities import AMOUNTS

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class OreMoney:
    """Money and products of ore at one destination.

    Parameters
    ----------
    money : mapping of str to ndarray, shape (n,)
        By kind [USD]: earned above 0, spent below.
    amounts : mapping of str to ndarray, shape (n,)
        All of `planning.production.activities.AMOUNTS`.
    contents_t : mapping of str to ndarray, shape (n,)
        Penalised elements in the concentrate by element [t].
    """

    money: Mapping[str, FloatArray]
    amounts: Mapping[str, FloatArray]
    contents_t: Mapping[str, FloatArray]

    @property
    def value(self) -> FloatArray:
        """All kinds of money together [USD], shape (n,)."""
        total: FloatArray = np.sum(list(self.money.values()), axis=0, dtype=np.float64)
        return total


def plant_money(grades: Mapping[str, ArrayLike], tonnes: ArrayLike, terms: BlockTerms) -> OreMoney:
    """Work out what ore earns and costs in the plant, each parcel at its own head.

    Parameters
    ----------
    grades : mapping of str to array_like of float, shape (n,)
        Diluted grades by field.
    tonnes : array_like of float, shape (n,)
        Ore of each parcel [t].
    terms : BlockTerms
        Prices, metallurgy, selling terms, costs of a tonne of ore.

    Returns
    -------
    OreMoney
        Kinds antimony, gold; charges, penalties, royalty, processing, general, sustaining and
        ore_haulage. What it costs to mine the ore is not among them.

    Raises
    ------
    DataError
        If a price, term or cost is not stated.
    """
    terms.require("nsr", "ore")
    mass = np.asarray(tonnes, dtype=np.float64)
    paid, own = block_return(grades, terms), terms.base
    money = {
        "antimony": paid.antimony_usd_per_t * mass,
        "gold": paid.gold_usd_per_t * mass,
        "charges": -paid.charges_usd_per_t * mass,
        "penalties": -paid.penalties_usd_per_t * mass,
        "royalty": -paid.royalty_usd_per_t * mass,
        "processing": -float(known(own.processing)) * mass,
        "general": -float(known(own.general)) * mass,
        "sustaining": -float(known(own.sustaining)) * mass,
        "ore_haulage": -float(known(terms.ore_haulage)) * mass,
    }
    concentrate = paid.mass_pull * mass
    recovered = concentrate * paid.concentrate_sb_pct / 100.0
    amounts = _amounts(
        mass.size,
        feed_t=mass,
        concentrate_t=concentrate,
        recovered_sb_t=recovered,
        payable_sb_t=recovered * float(known(own.sb_payability)),
        payable_au_oz=_payable_ounces(grades, mass, terms),
    )
    contents = {
        element: np.where(concentrate > 0.0, np.nan_to_num(content) * concentrate / 100.0, 0.0)
        for element, content in paid.contents_pct.items()
    }
    return OreMoney(money, amounts, contents)


def direct_money(
    grades: Mapping[str, ArrayLike], tonnes: ArrayLike, terms: BlockTerms, table: DirectTable
) -> OreMoney:
    """Work out what ore earns and costs that is sold as it is mined.

    Parameters
    ----------
    grades, tonnes, terms
        As in `plant_money`.
    table : DirectTable
        Terms of its buyer.

    Returns
    -------
    OreMoney
        Kinds antimony; charges (treatment, transport), royalty, processing (crushing and
        loading), general, sustaining and ore_haulage. Gold in it is not paid.
    """
    terms.require("nsr", "ore")
    mass, own = np.asarray(tonnes, dtype=np.float64), terms.base
    payable = _metal_t(grades, "sb", mass, terms) * table.sb_payability_fraction.base
    shipping = table.transport_usd_per_t.base / (1.0 - table.moisture_fraction.base)
    antimony = payable * float(known(terms.sb_price))
    charges = (table.treatment_usd_per_t.base + shipping) * mass
    royalty = np.maximum(antimony - charges, 0.0) * float(known(own.royalty))
    money = {
        "antimony": antimony,
        "charges": -charges,
        "royalty": -royalty,
        "processing": -table.crushing_usd_per_t.base * mass,
        "general": -float(known(own.general)) * mass,
        "sustaining": -float(known(own.sustaining)) * mass,
        "ore_haulage": -float(known(terms.ore_haulage)) * mass,
    }
    return OreMoney(money, _amounts(mass.size, direct_t=mass, payable_sb_t=payable), {})


def sold_directly(
    grades: Mapping[str, ArrayLike], terms: BlockTerms, table: DirectTable
) -> NDArray[np.bool_]:
    """Return which parcels the buyer of direct-shipping ore takes, shape (n,)."""
    taken = _in_pct(grades, "sb", terms) >= table.least_sb_pct
    for element, most in (("as", table.most_as_pct), ("hg", table.most_hg_pct)):
        if most is not None and element in terms.fields:
            taken &= _in_pct(grades, element, terms) <= most
    return taken


def _amounts(n: int, **given: FloatArray) -> dict[str, FloatArray]:
    """Return all amounts, 0 where none is given."""
    return {name: given.get(name, np.zeros(n)) for name in AMOUNTS}


def _in_pct(grades: Mapping[str, ArrayLike], element: str, terms: BlockTerms) -> FloatArray:
    """Return the grade of an element [% by mass], shape (n,)."""
    column = terms.fields[element]
    return np.asarray(grades[column], dtype=np.float64) * PER_CENT[unit_of(column)]


def _metal_t(
    grades: Mapping[str, ArrayLike], element: str, mass: FloatArray, terms: BlockTerms
) -> FloatArray:
    """Return the metal of each parcel [t]."""
    return _in_pct(grades, element, terms) / 100.0 * mass


def _payable_ounces(
    grades: Mapping[str, ArrayLike], mass: FloatArray, terms: BlockTerms
) -> FloatArray:
    """Return the gold that is paid [troy oz]; 0 where gold is not counted."""
    if not terms.counts_gold or terms.au_recovery is None:
        return np.zeros(mass.size)
    head_gpt = _in_pct(grades, "au", terms) * 1e4
    recovered = head_gpt * terms.au_recovery.at(head_gpt) * float(known(terms.base.au_payability))
    return recovered * mass / GRAMS_PER_TROY_OUNCE
