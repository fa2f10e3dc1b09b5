"""What is each column, unit, number and verdict called, so that nobody reads a raw name?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deposits.display import round_for_reading
from deposits.units import LESS_THAN_A_UNIT
from maps import drillhole_words, palettes

NOT_KNOWN = "not known"
#: Units of grades.
SB_UNIT, AU_UNIT = "% Sb", "g/t Au"

#: Column -> (words, unit). Files keep the short column names and carry these as aliases.
COLUMNS: dict[str, tuple[str, str]] = {
    "id": ("Identifier", ""),
    "name": ("Name", ""),
    "name_ru": ("Name in Russian", ""),
    "aliases": ("Other spellings", ""),
    "kind": ("Kind", ""),
    "field": ("Ore field", ""),
    "plant": ("Plant", ""),
    "owner": ("Owner", ""),
    "uncertainty_m": ("Uncertainty of the position", "m"),
    "geometry_meaning": ("What the drawing means", ""),
    "statement_kind": ("How the position is known", ""),
    "confidence": ("Confidence", ""),
    "source": ("Source", ""),
    "year": ("Year", ""),
    "note": ("Note", ""),
    "drawn_as": ("Drawn as", ""),
    "synthetic": ("Synthetic", ""),
    "map_label": ("Label on the map", ""),
    "field_resource": ("Ore of the field, as stated", ""),
    "may_be_field": ("May be the field", ""),
    "field_missing": ("Not known of the field: state these keys", ""),
    "field_ore_t": ("Ore of the field", "t"),
    "field_sb_pct": ("Antimony grade of the field", SB_UNIT),
    "field_sb_t": ("Antimony metal of the field", "t Sb"),
    "field_au_gpt": ("Gold grade of the field", AU_UNIT),
    "field_au_kg": ("Gold metal of the field", "kg Au"),
    "plan_as_claimed": ("Plan as claimed", ""),
    "plan_as_planned": ("Plan as a planner reads it", ""),
    "plan_target_t_per_year": ("Ore the plan asks for", "t/yr"),
    "plan_horizon_years": ("Years the plan must hold", "yr"),
    "plan_missing": ("Not known of the plan: state these keys", ""),
    "missing": ("Not known: state these keys", ""),
    "ore_t": ("Ore", "t"),
    "sb_pct": ("Antimony grade", SB_UNIT),
    "sb_t": ("Antimony metal", "t Sb"),
    "au_gpt": ("Gold grade", AU_UNIT),
    "au_kg": ("Gold metal", "kg Au"),
    "au_oz": ("Gold metal", "troy oz Au"),
    "target_t_per_year": ("Ore the plan asks for", "t/yr"),
    "horizon_years": ("Years the plan must hold", "yr"),
    "category": ("Category", ""),
    "thickness_m": ("True thickness", "m"),
    "density_t_per_m3": ("Density", "t/m3"),
    "dip_deg": ("Dip", "degrees"),
    "area_m2": ("Area", "m2"),
    "cutoff_sb_pct": ("Cut-off", SB_UNIT),
    "statement_cutoff_sb_pct": ("Cut-off of the statement", SB_UNIT),
    "model": ("Model", ""),
    "route": ("Route", ""),
    "role": ("Role", ""),
    "statement": ("Statement", ""),
    "n_draws": ("Draws", ""),
    "claim": ("Claim, in our words", ""),
    "said_by": ("Said by", ""),
    "arithmetic": ("Arithmetic", ""),
    "evidence": ("Evidence beside it", ""),
    "finding": ("Finding", ""),
    "sources": ("Sources", ""),
    "reading": ("Reading", ""),
    "scenario": ("Scenario", ""),
    "value": ("Value", ""),
    "limit": ("Limit", ""),
    "sense": ("Must be", ""),
    "unit": ("Unit", ""),
    "margin": ("Margin, positive when it passes", ""),
    "passes": ("Passes", ""),
    "share_of_draws": ("Share of draws that pass", "fraction"),
    "title": ("Title", ""),
    "based_on": ("Based on", ""),
    "changes": ("Changes", ""),
    "holds": ("Holds", ""),
    "binding": ("Binding test", ""),
    "first_failing_year": ("First year that fails", ""),
    "basis": ("Basis", ""),
    "primary": ("Stated quantities; the rest is derived", ""),
    "consistency_factor": ("Factor by which the stated figures disagree", ""),
    "used_in": ("Used in", ""),
}

#: Ends of column names that are units, with how they are read.
UNITS = {
    "_t_per_m3": "t/m3",
    "_t_per_year": "t/yr",
    "_usd_per_t": "USD/t",
    "_pct": "%",
    "_gpt": "g/t",
    "_kg": "kg",
    "_oz": "troy oz",
    "_km": "km",
    "_m2": "m2",
    "_m": "m",
    "_t": "t",
    "_deg": "degrees",
}

PERCENTILES = {"_p10": "P10", "_p50": "P50", "_p90": "P90"}


def words_for(column: str) -> tuple[str, str]:
    """Return the words and the unit of a column, also of one never met before.

    Parameters
    ----------
    column : str
        Name as it stands in the file.

    Returns
    -------
    tuple of str
        Words and unit; the unit is "" for texts and pure numbers.

    Examples
    --------
    >>> words_for("sb_t_p10"), words_for("depth_to_m"), words_for("strike")
    (('Antimony metal, P10', 't Sb'), ('Depth to', 'm'), ('Strike', ''))
    """
    known = COLUMNS.get(column) or drillhole_words.COLUMNS.get(column)
    if known:
        return known
    for ending, word in drillhole_words.OTHERWISE.items():
        if column.endswith(ending) and column.removesuffix(ending) != "hole":
            words, unit = words_for(column.removesuffix(ending))
            return f"{words} {word}", unit
    if column.startswith(drillhole_words.BEST):
        words, unit = words_for(column.removeprefix(drillhole_words.BEST))
        return f"Best composite, {words[:1].lower()}{words[1:]}", unit
    for ending, word in PERCENTILES.items():
        if column.endswith(ending):
            words, unit = words_for(column.removesuffix(ending))
            return f"{words}, {word}", unit
    for ending, unit in UNITS.items():
        if column.endswith(ending):
            return _readable(column.removesuffix(ending)), unit
    return _readable(column), ""


def _readable(column: str) -> str:
    words = column.replace("_", " ").strip()
    return words[:1].upper() + words[1:] if words else column


@dataclass(frozen=True, slots=True)
class Word:
    """A verdict or a finding: never a colour alone, always a sign and a word with it."""

    text: str
    sign: str
    colour: str


VERDICTS: dict[bool | None, Word] = {
    True: Word("holds", "✓", palettes.GOOD),
    False: Word("does not hold", "✗", palettes.BAD),
    None: Word(NOT_KNOWN, "?", palettes.UNKNOWN),
}

TESTS: dict[bool | None, Word] = {
    True: Word("passes", "✓", palettes.GOOD),
    False: Word("fails", "✗", palettes.BAD),
    None: Word(NOT_KNOWN, "?", palettes.UNKNOWN),
}

FINDINGS: dict[str, Word] = {
    "consistent": Word("consistent", "✓", palettes.GOOD),
    "inconsistent": Word("inconsistent", "✗", palettes.BAD),
    "mistimed": Word("mistimed", "↺", palettes.CAUTION),
    "not comparable": Word("not comparable", "≠", palettes.OTHER),
    "not checkable": Word("not checkable", "?", palettes.UNKNOWN),
}


def finding_word(finding: str) -> Word:
    """Return sign and colour of a claim's finding; an unlisted one gets the neutral ones."""
    return FINDINGS.get(finding, Word(finding or NOT_KNOWN, "·", palettes.UNKNOWN))


def number(value: object, figures: int = 2) -> str:
    """Write a number for reading, "not known" for null and NaN, and a text as it is."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or isinstance(value, int | float):
        return round_for_reading(value, figures)
    return str(value)


def mass(tonnes: float | None, of: str = "", figures: int = 2) -> str:
    """Write tonnes in the unit that needs the fewest zeros.

    Parameters
    ----------
    tonnes : float or None
        Mass [t].
    of : str
        What it is the mass of, such as "Sb".
    figures : int
        Significant figures.

    Returns
    -------
    str
        Such as "24 Mt", "260 kt Sb", "not known".

    Examples
    --------
    >>> mass(24_038_461), mass(264_616, "Sb"), mass(999_600), mass(0.0), mass(None)
    ('24 Mt', '260 kt Sb', '1.0 Mt', '0 t', 'not known')
    """
    if tonnes is None or not math.isfinite(tonnes):
        return NOT_KNOWN
    size = 0.0 if tonnes == 0 else float(f"{abs(tonnes):.{figures - 1}e}")
    scale, unit = next((s for s in ((1e6, "Mt"), (1e3, "kt")) if size >= s[0]), (1.0, "t"))
    return f"{round_for_reading(tonnes / scale, figures)} {unit} {of}".strip()


def gold(kilograms: float | None) -> str:
    """Write kilograms of gold; from one tonne on, in tonnes."""
    if kilograms is not None and math.isfinite(kilograms) and 0 < abs(kilograms) < 1000:
        return f"{round_for_reading(kilograms)} kg Au"
    return mass(None if kilograms is None else kilograms / 1000, "Au")


def share(fraction: float | None) -> str:
    """Write a fraction as per cent, small ones not as 0.

    Examples
    --------
    >>> share(0.0312), share(0.00004), share(1.0), share(None)
    ('3.1 %', '< 0.01 %', '100 %', 'not known')
    """
    if fraction is None or not math.isfinite(fraction):
        return NOT_KNOWN
    if 0 < fraction < 1e-4:
        return "< 0.01 %"
    return f"{round_for_reading(fraction * 100)} %"


def central(quantity: Mapping[str, Any] | None) -> float | None:
    """Return the figure to lead with: the value, else the median; None when neither is known."""
    if not quantity:
        return None
    value = quantity.get("value")
    found = value if value is not None else quantity.get("p50")
    return None if found is None else float(found)


def is_less_than_a_unit(row: Mapping[str, Any]) -> bool:
    """Whether a grade-tonnage row holds less than can be mined at once: no tonnage is told then."""
    return str(row.get("note") or "").startswith(LESS_THAN_A_UNIT)


def texts(several: object) -> list[str]:
    """Return a list of texts, whether one text, several or none were given."""
    if several is None or several == "":
        return []
    if isinstance(several, Sequence) and not isinstance(several, str):
        return [str(one) for one in several]
    return [str(several)]
