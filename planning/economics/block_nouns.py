"""With which numbers is a block valued, who says so, and which of them are still missing?

Nothing that the study does not state is taken as 0. Gold alone may be left out, and the terms then
say so (`BlockTerms.gold_missing`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from deposits.errors import DataError, Problem
from deposits.stated import Kind, softest
from planning.economics.nsr import Terms
from planning.economics.plant import Amounts
from planning.economics.recovery import Curve

#: What can be asked of the terms.
Need = Literal["nsr", "gold", "ore", "rock", "stope", "lane"]
#: Elements that a buyer of antimony concentrate asks for; where the blocks hold their grades, the
#: study must state their penalty, be it 0.
PENALISED = ("hg", "as")
#: Tables of the two ways of mining; a study need not plan both.
MINING_TABLES = ("value.mining", "value.stoping")
#: How the keys begin of what a return does not rest on.
NOT_OF_RETURN = (
    *(f"value.{table}" for table in ("mining", "stoping", "lane", "ore_haulage")),
    *(f"economics.{cost}" for cost in ("mining", "processing", "general", "sustaining")),
    *(f"economics.{own}" for own in ("initial_capital", "discount_rate", "tax")),
)
TERMS_OF_NSR = ("sb_price", "sb_payability", "treatment", "transport", "royalty")
TERMS_OF_ORE = ("processing", "general", "sustaining")


@dataclass(frozen=True, slots=True)
class Statement:
    """One input as it stands in the study, for tables and reports.

    Parameters
    ----------
    key : str
        Dotted key.
    label, unit : str
        What it is, and in what.
    value : float or str
        A number, or the points of a curve in words.
    kind : {"reported", "derived", "assumed"}
        How it is known.
    source : str
        Who says so.
    """

    key: str
    label: str
    unit: str
    value: float | str
    kind: Kind
    source: str


@dataclass(frozen=True, slots=True)
class Penalty:
    """What an unwanted element in the concentrate costs.

    Parameters
    ----------
    element, column : str
        For example "hg" and "hg_pct".
    recovery : float
        Part of the element in the ore that reaches the concentrate.
    free_pct, step_pct : float
        Content that costs nothing, and content for which one step is charged [% by mass].
    usd_per_step : float
        [USD/t of dry concentrate]
    reject_above_pct : float or None
        Content above which the concentrate is refused; None is not known.
    """

    element: str
    column: str
    recovery: float
    free_pct: float
    step_pct: float
    usd_per_step: float
    reject_above_pct: float | None


@dataclass(frozen=True, slots=True, eq=False)
class DepthCost:
    """A mining cost by elevation and zone, as plain numbers.

    Parameters
    ----------
    cost, haulage : float
        Mining cost before the zone's factor, and haulage at the reference elevation [USD/t].
    below, above : float
        Haulage added for each metre below and above it [USD/t/m].
    reference_m : float
        Reference elevation [m].
    zone_field : str
        Field that names the zone; "" where cost does not depend on it.
    zones : mapping of str to float
        Factor on the mining cost by zone.
    """

    cost: float
    haulage: float
    below: float
    above: float
    reference_m: float
    zone_field: str = ""
    zones: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class YearLimits:
    """What a year can take, and what it costs whatever is mined.

    Parameters
    ----------
    mine_t, plant_t, market_t_sb : float or None
        Rock out of the mine [t/yr], ore into the plant [t/yr], antimony in concentrate sold
        [t/yr]; None does not bind.
    fixed_usd : float or None
        [USD/yr]; None is not known.
    """

    mine_t: float | None = None
    plant_t: float | None = None
    market_t_sb: float | None = None
    fixed_usd: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class BlockTerms:
    """Prices, metallurgy, selling terms and costs by block, ready to reckon with.

    Parameters
    ----------
    base : Terms
        What [economics] and the plant's table state, one number each.
    fields : mapping of str to str
        Field of the blocks by element; the first is antimony.
    sb_recovery, au_recovery, concentrate : Curve or None
        By head grade of antimony [% Sb], of gold [g/t], of antimony; a constant is a curve too.
    moisture, sb_refining, au_refining, ore_haulage, flat_penalty : float or None
        [fraction of the wet mass], [USD/t Sb], [USD/oz], [USD/t of ore], [USD/t of concentrate].
    penalties : tuple of Penalty
        One an element; empty where a flat penalty is stated.
    mining, stoping : DepthCost or None
        Pit and stopes.
    level_opening_usd : float or None
        Spent once for each level opened [USD].
    limits : YearLimits
        What a year can take, and what it costs whatever is mined.
    needed : mapping of str to tuple of str
        Keys still missing, by what needs them.
    statements : tuple of Statement
        Every input that is stated.
    price_factor : float
        On all metal prices; 1 is the study's own.
    """

    base: Terms
    fields: Mapping[str, str]
    sb_recovery: Curve | None = None
    au_recovery: Curve | None = None
    concentrate: Curve | None = None
    moisture: float | None = None
    sb_refining: float | None = None
    au_refining: float | None = None
    ore_haulage: float | None = None
    flat_penalty: float | None = None
    penalties: tuple[Penalty, ...] = ()
    mining: DepthCost | None = None
    stoping: DepthCost | None = None
    level_opening_usd: float | None = None
    limits: YearLimits = YearLimits()
    needed: Mapping[Need, tuple[str, ...]] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    price_factor: float = 1.0

    @property
    def sb_price(self) -> float | None:
        """Price of antimony with the factor [USD/t]; None is not known."""
        return _times(self.base.sb_price, self.price_factor)

    @property
    def au_price(self) -> float | None:
        """Price of gold with the factor [USD/troy oz]; None is not known."""
        return _times(self.base.au_price, self.price_factor)

    @property
    def kinds(self) -> dict[str, Kind]:
        """How each stated input is known, by key."""
        return {statement.key: statement.kind for statement in self.statements}

    @property
    def missing(self) -> tuple[str, ...]:
        """Keys without which a block has no value, but for gold and mining that is not planned."""
        asked: tuple[Need, ...] = ("nsr", "ore", "rock", "stope")
        keys = [key for need in asked for key in self.needed.get(need, ())]
        return tuple(dict.fromkeys(key for key in keys if key not in MINING_TABLES))

    @property
    def gold_missing(self) -> tuple[str, ...]:
        """Keys that keep gold out of the return."""
        return self.needed.get("gold", ())

    @property
    def counts_gold(self) -> bool:
        """Whether gold is in the return."""
        return not self.gold_missing

    @property
    def assumed(self) -> tuple[str, ...]:
        """Keys of the inputs that are assumptions."""
        return tuple(key for key, kind in self.kinds.items() if kind == "assumed")

    @property
    def kind(self) -> Kind:
        """The softest kind among the inputs; a calculation is at best derived."""
        return softest("derived", *self.kinds.values())

    @property
    def of_return(self) -> tuple[Statement, ...]:
        """The inputs that a return rests on: no costs of mine and plant, gold if it is counted."""
        return tuple(
            s
            for s in self.statements
            if not s.key.startswith(NOT_OF_RETURN) and (self.counts_gold or "au_" not in s.key)
        )

    @property
    def grade_fields(self) -> tuple[str, ...]:
        """Fields of the blocks that a return is worked out from."""
        used = [self.fields["sb"], *(penalty.column for penalty in self.penalties)]
        return tuple(dict.fromkeys([*used, *([self.fields["au"]] if self.counts_gold else [])]))

    def with_prices(self, factor: float) -> BlockTerms:
        """Multiply all metal prices.

        Parameters
        ----------
        factor : float
            On the study's own prices, 0 or more; it takes the place of an earlier factor.

        Returns
        -------
        BlockTerms

        Raises
        ------
        DataError
            If the factor is negative or not finite.
        """
        if not (np.isfinite(factor) and factor >= 0.0):
            fact = "a price factor cannot be right"
            raise DataError([Problem(fact, "prices", f"{factor}", "0 or more")])
        return replace(self, price_factor=float(factor))

    def require(self, *needs: Need) -> None:
        """Refuse to go on without what is needed.

        Raises
        ------
        DataError
            One problem for each missing key.
        """
        keys = dict.fromkeys(key for need in needs for key in self.needed.get(need, ()))
        if keys:
            remedy = "State it with its source; write 0 only where nothing is paid."
            raise DataError(Problem("not stated", f"key {key}", remedy=remedy) for key in keys)


def _times(price: Amounts | None, factor: float) -> float | None:
    return None if price is None else float(np.multiply(price, factor))
