"""What can be typed into the sheet of scenarios, in which unit and within which limits?"""

from __future__ import annotations

from dataclasses import dataclass

from maps.products.workbook_limits import (
    CONCENTRATE,
    COST,
    DILUTION,
    GRADE,
    OF_ORE,
    PART,
    PART_FROM_ZERO,
    PRICE,
    RAMP_UP,
    RATE,
    YEARS,
    Limits,
)
from maps.wording import SB_UNIT


@dataclass(frozen=True, slots=True)
class Input:
    """A yellow cell.

    Parameters
    ----------
    name, label, unit : str
        Its name in the workings, its words and its unit.
    limits : Limits
        What the study accepts for it.
    empty : str
        What it means that nothing stands in it.
    """

    name: str
    label: str
    unit: str
    limits: Limits
    empty: str = "Empty: not known."


#: What an empty cell means where the study has a way of its own.
OWN = "Empty: the grade that the ore has."
UNCUT = "Empty: no cut-off."
UNMINED = "Empty: ore in situ, before mining loss and dilution."
WASTE = "Goes with the waste above it: both or neither. Barren waste is 0."
NO_GOLD = "Empty: gold is not counted."
NO_TAX = "Empty: before tax."

INPUTS: tuple[tuple[str, tuple[Input, ...]], ...] = (
    (
        "Plan",
        (
            Input("throughput_t_per_year", "Ore to the plant", "t/yr", RATE),
            Input("horizon_years", "Years the plan must hold", "yr", YEARS),
            Input("ramp_up_years", "Years until the full rate", "yr", RAMP_UP),
            Input("required_head_grade_sb_pct", "Head grade the plan claims", SB_UNIT, GRADE, OWN),
            Input("cutoff_sb_pct", "Cut-off of the feed", SB_UNIT, GRADE, UNCUT),
            Input("mining_recovery_fraction", "Ore recovered in mining", "fraction", PART, UNMINED),
            Input("dilution_fraction", "Waste for a tonne of ore", "fraction", DILUTION, UNMINED),
            Input("dilution_grade_sb_pct", "Grade of that waste", SB_UNIT, GRADE, WASTE),
            Input("head_grade_sb_pct", "Head grade taken without tonnage", SB_UNIT, GRADE),
        ),
    ),
    (
        "Plant",
        (
            Input("sb_recovery", "Antimony recovery", "fraction", PART),
            Input("concentrate_sb_pct", "Grade of the concentrate", SB_UNIT, CONCENTRATE),
            Input("au_recovery", "Gold recovery", "fraction", PART, NO_GOLD),
            Input("hg_pct_of_ore", "Mercury in the ore", "% Hg", OF_ORE),
            Input("as_pct_of_ore", "Arsenic in the ore", "% As", OF_ORE),
        ),
    ),
    (
        "Prices and terms",
        (
            Input("sb_price", "Price of antimony", "USD/t Sb", PRICE),
            Input("sb_payability", "Antimony paid for", "fraction", PART),
            Input("treatment", "Treatment charge", "USD/t concentrate", COST),
            Input("transport", "Transport", "USD/t concentrate", COST),
            Input("penalties", "Penalties", "USD/t concentrate", COST),
            Input("royalty", "Royalty on a positive return", "fraction", PART_FROM_ZERO),
            Input("au_price", "Price of gold", "USD/troy oz", PRICE, NO_GOLD),
            Input("au_payability", "Gold paid for", "fraction", PART, NO_GOLD),
        ),
    ),
    (
        "Costs and money",
        (
            Input("mining", "Mining", "USD/t ore", COST),
            Input("processing", "Processing", "USD/t ore", COST),
            Input("general", "General and administration", "USD/t ore", COST),
            Input("sustaining", "Sustaining capital", "USD/t ore", COST),
            Input("initial_capital", "Initial capital", "USD", COST),
            Input("discount_rate", "Discount rate, real", "fraction", PART_FROM_ZERO),
            Input("tax", "Tax on cash profit", "fraction", PART_FROM_ZERO, NO_TAX),
        ),
    ),
)
#: When a year's money comes: name -> words.
CONVENTIONS = {
    "end_of_year": "end of year",
    "mid_year": "middle of year",
    "start_of_year": "start of year",
}
#: Inputs that one cell sets for all scenarios, as options of ``anzob plan`` do.
FOR_ALL = ("throughput_t_per_year", "sb_price", "cutoff_sb_pct")
NSR_TERMS = (
    "price",
    "sb_payability",
    "sb_recovery",
    "concentrate_sb_pct",
    "treatment",
    "transport",
    "penalties",
    "royalty",
)
COSTS = ("mining", "processing", "general", "sustaining")
GOLD = ("au_price", "au_payability", "au_recovery")
