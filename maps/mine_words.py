"""What are the columns of stopes, pits, their costs and their tables called?

A level of a mine is not the level of a table row, and a pit's number is not a count: these words
stand before those of `maps.wording` in everything about the mine.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from maps.wording import NOT_KNOWN, SB_UNIT, mass, number, words_for

#: Column -> (words, unit).
COLUMNS: dict[str, tuple[str, str]] = {
    "stope": ("Stope", ""),
    "stopes": ("Stopes", ""),
    "level": ("Level, number", ""),
    "level_low_m": ("Level, from elevation", "m"),
    "level_high_m": ("Level, to elevation", "m"),
    "elevation_low_m": ("From elevation", "m"),
    "elevation_high_m": ("To elevation", "m"),
    "section": ("Section, number", ""),
    "ore_t": ("Ore, diluted and recovered", "t"),
    "in_situ_t": ("Ore in situ", "t"),
    "diluted_t": ("Ore, diluted", "t"),
    "waste_t": ("Waste", "t"),
    "rock_t": ("Rock, ore and waste", "t"),
    "strip_ratio": ("Strip ratio, waste to ore", "t/t"),
    "nsr_usd_per_t": ("Net smelter return", "USD/t ore"),
    "value_usd": ("Value after costs, undiscounted", "USD"),
    "value_before_levels_usd": ("Value before opening levels, undiscounted", "USD"),
    "value_before_levels": ("Value before opening levels", ""),
    "nsr_at_head_usd_per_t": ("Net smelter return at the diluted head", "USD/t ore"),
    "bottom_m": ("Elevation of the bottom", "m"),
    "depth_m": ("Depth below the highest bench", "m"),
    "elevation_m": ("Elevation", "m"),
    "asked_pushbacks": ("Pushbacks asked for", ""),
    "slopes_mean_error_deg": ("Walls off the stated slopes, on average", "degrees"),
    "slopes_most_too_steep_deg": ("Walls too steep by at most", "degrees"),
    "slopes_most_too_flat_deg": ("Walls too flat by at most", "degrees"),
    "slopes_offsets": ("Blocks that each block rests on", ""),
    "licence_rock_outside_t": ("Rock outside the licence", "t"),
    "licence_counted_outside_t": ("Rock that may be ore, outside the licence", "t"),
    "licence_counted_t": ("Rock that may be ore", "t"),
    "licence_cost_usd": ("What the licence costs the pit", "USD"),
    "licence_bounds_the_pit": ("The licence bounds the pit", ""),
    "element": ("Element", ""),
    "limit_pct": ("Limit of the buyer in concentrate", "%"),
    "blend_pct": ("Content of the concentrate of all ore mixed", "%"),
    "rejection_words": ("What a buyer would refuse", ""),
    "bound_usd": ("Proven upper bound of the value", "USD"),
    "rounding_usd": ("Bound of rounding", "USD"),
    "gap": ("Unproven part of the value", "fraction"),
    "status": ("Status of the optimum", ""),
    "words": ("What is proven", ""),
    "proof": ("What is proven", ""),
    "best_npv_usd": ("NPV, best case (shell after shell)", "USD"),
    "worst_npv_usd": ("NPV, worst case (bench after bench)", "USD"),
    "width_m": ("True width", "m"),
    "near_dip_deg": ("Dip of the near wall", "degrees"),
    "far_dip_deg": ("Dip of the far wall", "degrees"),
    "dilution_fraction": ("Dilution", "fraction"),
    "unknown_fraction": ("Rock without an estimate", "fraction"),
    "least_width_m": ("Least width", "m"),
    "number": ("Number", ""),
    "kind": ("Kind", ""),
    "factor": ("Factor on the metal prices", ""),
    "sb_price_usd_per_t": ("Antimony price", "USD/t Sb"),
    "share_of_sb": ("Share of the antimony in rock that may be ore", "fraction"),
    "share_of_ore": ("Share of the ore", "fraction"),
    "years_at_rate": ("Years of feed at the stated rate", "yr"),
    "throughput_t_per_year": ("Rate of the plant", "t/yr"),
    "value": ("Value", ""),
    "bound": ("Proven upper bound", ""),
    "free_blocks": ("Blocks that change no worth", ""),
    "reaches_edge": ("Reaches the edge of its rock", ""),
    "npv_usd": ("Net present value", "USD"),
    "life_years": ("Years of digging", "yr"),
    "best_years": ("Years of digging, best case", "yr"),
    "worst_years": ("Years of digging, worst case", "yr"),
    "discount_rate": ("Discount rate", "fraction"),
    "discounted_usd": ("Discounted cash", "USD"),
    "rock_t_per_year": ("Rate of digging", "t/yr"),
    "ore_t_per_year": ("Rate of the plant", "t/yr"),
    "blocks_moved_for_width": ("Blocks moved for the least width", ""),
    "narrow_blocks": ("Blocks narrower than the least width", ""),
    "maximised": ("What is maximised", ""),
    "limit": ("Limit of the mine", ""),
    "part_of_year": ("Part of the year", "fraction"),
    "cutoff_usd_per_t": ("Cut-off on the return", "USD/t ore"),
    "constant_cutoff_usd_per_t": ("One cut-off throughout, on the return", "USD/t ore"),
    "constant_value_usd": ("Value with one cut-off throughout, discounted", "USD"),
    "value_left_usd": ("Value left, discounted", "USD"),
    "sb_recovered_t": ("Antimony recovered", "t Sb"),
    "richest_sb_pct": ("Richest stope", SB_UNIT),
    "counted_t": ("Rock that may be ore", "t"),
    "not_counted_t": ("Rock of other classes", "t"),
    "unestimated_t": ("Rock without an estimate", "t"),
    "by_class_t": ("Rock by class", "t"),
    "levels_opened": ("Levels opened", ""),
    "panels": ("Panels of the frame", ""),
    "panels_mined": ("Panels mined", ""),
    "solver": ("Solver between panels", ""),
    "key": ("Key of the study", ""),
    "label": ("Figure", ""),
    "meaning": ("What it means", ""),
    "blocks": ("Blocks", ""),
    "along_m": ("Shift of the frame along strike", "m"),
    "across_m": ("Shift of the frame across strike", "m"),
    "up_m": ("Shift of the frame upwards", "m"),
    "plan_year": ("Plan: year of the first ore", ""),
    "plan_last_year": ("Plan: year of the last ore", ""),
    "plan_period": ("Plan: period of the first ore", ""),
    "plan_last_period": ("Plan: period of the last ore", ""),
    "plan_from_years": ("Plan: from, years after the beginning", "yr"),
    "plan_to_years": ("Plan: to, years after the beginning", "yr"),
    "plan_from": ("Plan: from", ""),
    "plan_to": ("Plan: to", ""),
    "plan_destination": ("Plan: ore goes to", ""),
}

#: What is called otherwise in an open pit: whole blocks are ore there.
OF_PITS = {"ore_t": ("Ore to the plant", "t")}

#: Start of names of what stands between the walls, before dilution and loss.
IN_SITU = "in_situ_"

#: Ends of names that have units of their own here.
UNITS = {"_usd": "USD", "_m3": "m3", "_fraction": "fraction", "_usd_per_t": "USD/t"}


def words_of(column: str) -> tuple[str, str]:
    """Return the words and the unit of a column of the mine.

    Parameters
    ----------
    column : str
        Name as it stands in the file.

    Returns
    -------
    tuple of str
        Words and unit, "" where there is none.

    Examples
    --------
    >>> words_of("level_low_m"), words_of("haulage_usd"), words_of("hg_pct")
    (('Level, from elevation', 'm'), ('Haulage', 'USD'), ('Mercury grade', '% Hg'))
    >>> words_of("in_situ_sb_pct"), words_of("class_inferred_t")
    (('In situ: antimony grade', '% Sb'), ('Of it Inferred', 't'))
    >>> words_of("class_none_t")
    ('Of it rock outside the model', 't')
    """
    if column in COLUMNS:
        return COLUMNS[column]
    if column.startswith(IN_SITU):
        words, unit = words_of(column.removeprefix(IN_SITU))
        return f"In situ: {words[:1].lower()}{words[1:]}", unit
    if class_in(column):
        return f"Of it {class_in(column)}", "t"
    ending = next((e for e in UNITS if column.endswith(e)), "")
    if ending:
        return words_for(column.removesuffix(ending))[0], UNITS[ending]
    return words_for(column)


def class_in(column: str) -> str:
    """Return the resource class whose tonnes a column holds, "" where it holds none.

    Examples
    --------
    >>> class_in("class_measured_t"), class_in("class_none_t"), class_in("ore_t")
    ('Measured', 'rock outside the model', '')
    """
    if not (column.startswith("class_") and column.endswith("_t")):
        return ""
    name = column.removeprefix("class_").removesuffix("_t").replace("_", " ")
    return "rock outside the model" if name == "none" else name.capitalize()


def words_of_pit(column: str) -> tuple[str, str]:
    """Return the words and the unit of a column of a pit, a shell or a pushback."""
    return OF_PITS.get(column) or words_of(column)


def money(usd: float | None) -> str:
    """Write dollars for reading.

    Examples
    --------
    >>> money(1_234_000.0), money(-56_780.0), money(None)
    ('1.2 million USD', '-57,000 USD', 'not known')
    """
    if usd is None:
        return NOT_KNOWN
    if abs(usd) >= 999_500:
        return f"{number(usd / 1e6)} million USD"
    return f"{number(usd)} USD"


def elevations(low: float | None, high: float | None) -> str:
    """Write the two elevations of a level.

    Examples
    --------
    >>> elevations(700.0, 720.0), elevations(None, 720.0)
    ('700 to 720 m', 'not known')
    """
    if low is None or high is None:
        return NOT_KNOWN
    return f"{low:,.6g} to {high:,.6g} m"


def tonnes(amount: float | None, figures: int = 2) -> str:
    """Write tonnes in full below a million.

    Examples
    --------
    >>> tonnes(21_034.0), tonnes(3_233_489.0), tonnes(None)
    ('21,000 t', '3.2 Mt', 'not known')
    """
    if amount is None or abs(amount) >= 999_500:
        return mass(amount, figures=figures)
    return f"{number(amount, figures)} t"


def ore_at(row: Mapping[str, Any], figures: int = 2) -> str:
    """Write ore and its antimony grade.

    Examples
    --------
    >>> ore_at({"ore_t": 21_034.0, "sb_pct": 2.91}), ore_at({"ore_t": 0.0})
    ('21,000 t at 2.9 % Sb', 'no ore')
    """
    ore, grade = row.get("ore_t"), row.get("sb_pct")
    if ore is None:
        return NOT_KNOWN
    if ore == 0:
        return "no ore"
    return f"{tonnes(float(ore), figures)} at {number(grade, figures)} % Sb"


def stopes_of(row: Mapping[str, Any]) -> str:
    """Write a number of stopes.

    Examples
    --------
    >>> stopes_of({"stopes": 1}), stopes_of({"stopes": 1200}), stopes_of({})
    ('1 stope', '1,200 stopes', 'stopes not known')
    """
    count = row.get("stopes")
    if count is None:
        return f"stopes {NOT_KNOWN}"
    return "1 stope" if count == 1 else f"{count:,.0f} stopes"


def by_class(row: Mapping[str, Any]) -> str:
    """Write the ore of each class, never added up; "" where classes are not told apart.

    Examples
    --------
    >>> by_class({"class_measured_t": 2.1e6, "class_inferred_t": 4e5, "class_none_t": 0.0})
    'Measured 2.1 Mt, Inferred 400,000 t'
    """
    known = [(class_in(key), value) for key, value in row.items() if class_in(key)]
    parts = [f"{name} {tonnes(value)}" for name, value in known if value != 0]
    return ", ".join(parts)
