"""What does the study state about the plants, and about prices, terms, costs and money?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from deposits.errors import Problem
from deposits.stated import Stated, bounded
from deposits.units import STIBNITE_SB_PCT
from planning.economics.dates import Day, QuotedDate

Vat = Literal["included", "excluded", "not stated"]
Discounting = Literal["end_of_year", "mid_year", "start_of_year"]


def _not_a_per_cent(stated: Stated) -> Stated:
    """Word the usual slip with the figure that was meant."""
    for number in (stated.value, stated.low, stated.high):
        if number is not None and 1 < number <= 100:
            remedy = f"{number:g} is a per cent; write {number / 100:g}."
            about = {"found": f"{number:g}", "allowed": "0 to 1 (fraction)", "remedy": remedy}
            raise PydanticCustomError("out_of_range", "the number cannot be right", about)
    return stated


def _one_number(stated: Stated) -> Stated:
    if stated.value is None or stated.is_range:
        raise ValueError("a grid takes single numbers; each is a scenario, not a distribution")
    return stated


UNIT = "in the unit of the key"
NOT_KNOWN = "Leave the key out if the figure is not known."
SLIP = "A concentrate of 0.5 as a fraction is 50 % Sb."
Positive = Annotated[Stated, bounded(0.0, math.inf, UNIT, NOT_KNOWN, above=0.0)]
NotNegative = Annotated[Stated, bounded(0.0, math.inf, UNIT, NOT_KNOWN)]
PerCentSlip = AfterValidator(_not_a_per_cent)
Fraction = Annotated[Stated, PerCentSlip, bounded(0.0, 1.0, "(fraction)", NOT_KNOWN, above=0.0)]
#: A rate, tax or royalty; one that takes everything leaves nothing to reckon with.
FractionFromZero = Annotated[Stated, PerCentSlip, bounded(0.0, 0.99, "(fraction)", NOT_KNOWN)]
ConcentrateGrade = Annotated[
    Stated,
    bounded(1.0, STIBNITE_SB_PCT, f"% Sb (pure stibnite holds {STIBNITE_SB_PCT} %)", SLIP, above=1),
]
ShareOfOre = Annotated[Stated, bounded(0.0, 100.0, "% of the ore")]
PriceStep = Annotated[Positive, AfterValidator(_one_number)]
FractionStep = Annotated[Fraction, AfterValidator(_one_number)]
Word = Annotated[str, Field(min_length=1)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Price(BaseModel):
    """One price and the basis without which it means nothing.

    Parameters
    ----------
    usd_per_t, usd_per_oz : Stated, optional
        The price [USD/t of metal] or [USD/troy oz]; exactly one of the two.
    market : str
        Where it was quoted ("Rotterdam", "China domestic"); there is no default, because in 2025
        two markets differed by more than a factor of two.
    vat : {"included", "excluded", "not stated"}
        Whether value-added tax is in it.
    date : str
        Year, month or day of the quote.
    basis : str
        Product, delivery and averaging, in the source's terms.
    source : str
        Who published it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    usd_per_t: Positive | None = None
    usd_per_oz: Positive | None = None
    market: Word
    vat: Vat
    date: QuotedDate
    basis: str = ""
    source: str = ""

    @model_validator(mode="after")
    def _has_one_unit(self) -> Price:
        if (self.usd_per_t is None) == (self.usd_per_oz is None):
            raise ValueError("give either usd_per_t or usd_per_oz, one of the two")
        return self


class StatedRate(BaseModel):
    """What one US dollar bought of another currency, at a time.

    Parameters
    ----------
    per_usd : Stated
        Units of the currency for 1 USD.
    date : str
        Year, month or day; prices of another time are not converted with it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    per_usd: Positive
    date: QuotedDate


class Plant(BaseModel):
    """An ore plant: what feeds it, what it can take, and what it makes of the ore.

    Parameters
    ----------
    name, owner : str
        As people call them.
    feeds : tuple of str
        Identifiers of the fields whose ore it treats.
    nameplate_t_per_year, actual_average_t_per_year : Stated, optional
        Ore it was built for, and ore it treated [t/yr].
    concentrate_design_t_per_year : Stated, optional
        Design output [t/yr of concentrate]; context, not a limit.
    concentrate_line_limit_t_per_year : Stated, optional
        The most its concentrate line can take [t/yr]; absent means there is no such gate.
    availability_fraction : Stated, optional
        Part of the year it runs at nameplate.
    sb_recovery_fraction, au_recovery_fraction : Stated, optional
        Part of the metal in the ore that reaches the antimony concentrate. Gold is stated on its
        own: it does not follow stibnite.
    concentrate_sb_pct : Stated, optional
        Grade of the concentrate [% Sb].
    hg_pct_of_ore, as_pct_of_ore : Stated, optional
        Mercury and arsenic in the ore [%]; absent means not known.
    source : str
        Who says so.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: Word
    owner: str = ""
    feeds: Annotated[tuple[str, ...], Field(strict=False)] = ()
    nameplate_t_per_year: Positive | None = None
    actual_average_t_per_year: Positive | None = None
    concentrate_design_t_per_year: Positive | None = None
    concentrate_line_limit_t_per_year: Positive | None = None
    availability_fraction: Fraction | None = None
    sb_recovery_fraction: Fraction | None = None
    concentrate_sb_pct: ConcentrateGrade | None = None
    au_recovery_fraction: Fraction | None = None
    hg_pct_of_ore: ShareOfOre | None = None
    as_pct_of_ore: ShareOfOre | None = None
    source: str = ""


class Economics(BaseModel):
    """Prices, selling terms, costs and the money they are counted in; absent is not known.

    Parameters
    ----------
    valuation_date : date, optional
        Day to which cash flows are discounted and in whose money they are counted.
    discounting : {"end_of_year", "mid_year", "start_of_year"}
        When in its year a cash flow falls; `end_of_year` is a spreadsheet's NPV().
    money : "real"
        Constant money of the valuation date; nothing else is worked with.
    discount_rate_fraction : Stated, optional
        Real rate a year.
    exchange_rates : dict of str to StatedRate
        Dated rates by the three letters of the currency; a price in a currency that is not
        listed stays in it.
    sb_price, au_price : Price, optional
        Antimony [USD/t] and gold [USD/troy oz].
    sb_payability_fraction, au_payability_fraction : Stated, optional
        Part of the price paid for metal in concentrate.
    treatment_charge_usd_per_t_concentrate, transport_usd_per_t_concentrate, \
penalties_usd_per_t_concentrate : Stated, optional
        Deductions [USD/t of concentrate]; write 0 where there is none.
    royalty_fraction_of_nsr : Stated, optional
        Part of a positive net smelter return.
    mining_cost_usd_per_t_ore, processing_cost_usd_per_t_ore, general_cost_usd_per_t_ore, \
sustaining_capital_usd_per_t_ore : Stated, optional
        Costs [USD/t of ore].
    initial_capital_usd : Stated, optional
        Spent at the valuation date [USD]; write 0 for a plant that stands.
    tax_fraction : Stated, optional
        Of cumulative cash profit; absent means that results are pre-tax.
    payability_grid, price_grid_usd_per_t, cost_grid_usd_per_t_ore : tuple of Stated
        Steps of the tables that need no terms. They are scenarios, not a distribution.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    valuation_date: Day | None = None
    discounting: Discounting = "end_of_year"
    money: Literal["real"] = "real"
    discount_rate_fraction: FractionFromZero | None = None
    exchange_rates: dict[Currency, StatedRate] = Field(default_factory=dict)
    sb_price: Price | None = None
    au_price: Price | None = None
    sb_payability_fraction: Fraction | None = None
    au_payability_fraction: Fraction | None = None
    treatment_charge_usd_per_t_concentrate: NotNegative | None = None
    transport_usd_per_t_concentrate: NotNegative | None = None
    penalties_usd_per_t_concentrate: NotNegative | None = None
    royalty_fraction_of_nsr: FractionFromZero | None = None
    mining_cost_usd_per_t_ore: NotNegative | None = None
    processing_cost_usd_per_t_ore: NotNegative | None = None
    general_cost_usd_per_t_ore: NotNegative | None = None
    initial_capital_usd: NotNegative | None = None
    sustaining_capital_usd_per_t_ore: NotNegative | None = None
    tax_fraction: FractionFromZero | None = None
    payability_grid: Annotated[tuple[FractionStep, ...], Field(strict=False)] = ()
    price_grid_usd_per_t: Annotated[tuple[PriceStep, ...], Field(strict=False)] = ()
    cost_grid_usd_per_t_ore: Annotated[tuple[PriceStep, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _prices_have_their_unit(self) -> Economics:
        if self.sb_price is not None and self.sb_price.usd_per_t is None:
            raise ValueError("sb_price is stated per ounce; antimony is priced in usd_per_t")
        if self.au_price is not None and self.au_price.usd_per_oz is None:
            raise ValueError("au_price is stated per tonne; gold is priced in usd_per_oz")
        return self


#: Antimony prices outside this range [USD/t] are more often a unit slip than a market.
USUAL_SB_PRICE = (1_000.0, 200_000.0)
#: Plants outside this range [t of ore a year] are more often a unit slip than a plant.
USUAL_PLANT = (5_000.0, 100_000_000.0)


def surprises(economics: Economics, plants: Mapping[str, Plant]) -> tuple[Problem, ...]:
    """Warn of figures that can be right but are more often a slip.

    Parameters
    ----------
    economics : Economics
        Table ``[economics]``.
    plants : mapping of str to Plant
        Tables ``[plants.NAME]`` by NAME.

    Returns
    -------
    tuple of Problem
        Warnings only, each with its key path.
    """
    found: list[Problem] = []
    price = economics.sb_price
    if price is not None and price.usd_per_t is not None:
        low, high = USUAL_SB_PRICE
        if not low <= price.usd_per_t.base <= high:
            remedy = "Prices are in USD per metric ton; 1 USD/lb is 2,205 USD/t."
            key = "key economics.sb_price.usd_per_t"
            found.append(
                _odd("an unusual antimony price", key, price.usd_per_t, USUAL_SB_PRICE, remedy)
            )
        if price.vat == "included":
            fact, key = "the price includes value-added tax", "key economics.sb_price.vat"
            remedy = "A seller abroad does not receive it; state the price without it."
            found.append(Problem(fact, key, remedy=remedy, severity="warning"))
    for name, plant in plants.items():
        found += _plant_surprises(plant, f"key plants.{name}")
    return tuple(found)


def _plant_surprises(plant: Plant, key: str) -> list[Problem]:
    """Warn of plant figures of an odd magnitude or against each other."""
    found: list[Problem] = []
    nameplate = plant.nameplate_t_per_year
    for field in ("nameplate_t_per_year", "actual_average_t_per_year"):
        stated: Stated | None = getattr(plant, field)
        if stated is not None and not USUAL_PLANT[0] <= stated.base <= USUAL_PLANT[1]:
            remedy = "The key is in tonnes a year; 700 thousand tonnes is written 700000."
            found.append(
                _odd("an unusual size of plant", f"{key}.{field}", stated, USUAL_PLANT, remedy)
            )
    if nameplate is None:
        return found
    for field, what in (
        ("actual_average_t_per_year", "treats more ore than its nameplate"),
        ("concentrate_design_t_per_year", "makes more concentrate than it takes ore"),
        ("concentrate_line_limit_t_per_year", "makes more concentrate than it takes ore"),
    ):
        stated = getattr(plant, field)
        if stated is not None and stated.base > nameplate.base:
            found.append(
                Problem(
                    f"the plant {what}",
                    f"{key}.{field}",
                    found=f"{stated.base:,.0f} t/yr",
                    allowed=f"up to {nameplate.base:,.0f} t/yr",
                    remedy="Check the two figures and their units.",
                    severity="warning",
                )
            )
    return found


def _odd(fact: str, place: str, stated: Stated, usual: tuple[float, float], remedy: str) -> Problem:
    """Word a warning about an odd magnitude."""
    low, high = usual
    return Problem(
        fact,
        place,
        found=f"{stated.base:g}",
        allowed=f"usually {low:,.0f} to {high:,.0f}",
        remedy=remedy,
        severity="warning",
    )
