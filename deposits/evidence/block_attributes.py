"""What does each reserve block state of itself, and can it be right?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from deposits.errors import Problem
from deposits.stated import KINDS
from deposits.tables import Column, did_you_mean
from deposits.units import STIBNITE_SB_PCT

AreaBasis = Literal["plan", "longitudinal"]
AREA_BASES: tuple[AreaBasis, ...] = ("plan", "longitudinal")
NOT_STATED = "not stated"

#: Categories of the Soviet and post-Soviet systems; any other word is kept as it stands.
CATEGORIES = ("A", "B", "C1", "C2", "P1", "P2", "P3", NOT_STATED)

#: Cyrillic letters that look like the Latin ones of the categories.
LOOK_ALIKES = str.maketrans("АВСРасвр", "ABCPacbp")

#: Grades all below this are suspect of being fractions: as such they would be up to 50 % Sb.
FRACTION_LIKE_PCT = 0.5

#: Angle between plate and projection from which the area says too little, and from which it is
#: doubtful: at 60 degrees an error of 1 degree already moves the volume by 3 % [degrees].
REFUSED_DEG, DOUBTFUL_DEG = 80.0, 60.0

COLUMNS = (
    Column("block_id", required=True),
    Column("field", required=True),
    Column("category"),
    Column("area_basis", required=True, choices=AREA_BASES),
    Column("dip_deg", "number", required=True, low=0.0, high=90.0),
    Column("true_thickness_m", "number", required=True, low=0.01, high=1000.0),
    Column("sb_pct", "number", required=True, low=0.0, high=STIBNITE_SB_PCT),
    Column("au_gpt", "number", low=0.0, high=10_000.0),
    Column("cutoff_sb_pct", "number", low=0.0, high=STIBNITE_SB_PCT),
    Column("density_t_per_m3", "number", low=1.5, high=5.5),
    Column("area_m2", "number", low=1.0, high=1e9),
    Column("year", "integer", low=1900, high=2200),
    Column("kind", choices=KINDS),
    Column("source"),
)


def missing_columns(names: Iterable[str], place: str) -> list[Problem]:
    """Name every required column that is not there.

    Parameters
    ----------
    names : iterable of str
        Columns of the layer.
    place : str
        The layer, for the messages.

    Returns
    -------
    list of Problem
        One error for each missing column.
    """
    there = {str(name) for name in names}
    others = sorted(there - {column.name for column in COLUMNS})
    return [
        Problem(
            f'column "{column.name}" is missing',
            place,
            remedy=did_you_mean(column.name, others) or "Add it to the layer.",
        )
        for column in COLUMNS
        if column.required and column.name not in there
    ]


def read_attributes(record: Mapping[str, Any], spot: str) -> tuple[dict[str, Any], list[Problem]]:
    """Read one block's attributes.

    Parameters
    ----------
    record : mapping
        Values by column name, as the layer has them.
    spot : str
        The block, for the messages.

    Returns
    -------
    tuple of dict and list of Problem
        A value for each column (None for an absent number, "" for an absent text), and what is
        wrong with them.
    """
    cells: dict[str, Any] = {}
    problems = []
    for column in COLUMNS:
        value = record.get(column.name)
        blank = value is None or value != value or str(value).strip() == ""
        place = f"{spot}, column {column.name}"
        if blank:
            cells[column.name] = None if column.kind != "text" else ""
            if column.required:
                problems.append(Problem("the attribute is empty", place, remedy="Fill it."))
        elif column.kind == "text":
            text = str(value).strip()
            cells[column.name] = text
            if column.choices and text not in column.choices:
                allowed = ", ".join(column.choices)
                remedy = did_you_mean(text, column.choices)
                problems.append(Problem("unknown word", place, text, allowed, remedy))
        else:
            cells[column.name], wrong = _read_number(value, column, place)
            problems += wrong
    return cells, problems


def _read_number(value: object, column: Column, place: str) -> tuple[float, list[Problem]]:
    """Read a number in its range; a dip is asked for as a magnitude."""
    try:
        number = float(str(value))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        return number, [Problem("not a number", place, f'"{value}"')]
    if column.kind == "integer" and not number.is_integer():
        return number, [Problem("not a whole number", place, str(value))]
    if not column.low <= number <= column.high:
        allowed = f"{column.low:g} to {column.high:g}"
        remedy = ""
        if column.name == "dip_deg" and number < 0:
            remedy = "Here dip is a magnitude: write it without the sign."
        return number, [Problem("out of range", place, f"{number:g}", allowed, remedy)]
    return number, []


def category_of(text: str) -> str:
    """Write a reserve category in Latin letters; other words are kept, a blank is not stated.

    Examples
    --------
    >>> category_of("\u04211"), category_of("c2"), category_of(""), category_of("indicated")
    ('C1', 'C2', 'not stated', 'indicated')
    """
    latin = text.translate(LOOK_ALIKES).upper()
    if latin in CATEGORIES:
        return latin
    return text or NOT_STATED


def dip_problems(basis: AreaBasis, dip: float, spot: str) -> list[Problem]:
    """Refuse a plate seen edge-on, warn of one seen askew.

    Parameters
    ----------
    basis : {"plan", "longitudinal"}
        Projection that the area was measured on.
    dip : float
        Dip as a magnitude [degrees].
    spot : str
        The block, for the messages.

    Returns
    -------
    list of Problem
        One, or none.
    """
    apart = dip if basis == "plan" else 90.0 - dip
    place, found = f"{spot}, column dip_deg", f"{dip:g} degrees on a {basis} area"
    other = AREA_BASES[1] if basis == AREA_BASES[0] else AREA_BASES[0]
    if apart >= REFUSED_DEG:
        fact = "the plate is seen nearly edge-on, so this area cannot give its volume"
        return [Problem(fact, place, found, remedy=f"Give the {other} area of this block.")]
    if apart > DOUBTFUL_DEG:
        fact = "the plate is seen askew; one degree of dip moves the volume by 3 % or more"
        remedy = f"Prefer the {other} area of this block."
        return [Problem(fact, place, found, remedy=remedy, severity="warning")]
    return []


def cutoff_problems(sb_pct: float, cutoff: float | None, spot: str) -> list[Problem]:
    """Refuse a block poorer than its own outline allows.

    Parameters
    ----------
    sb_pct : float
        Mean grade [% Sb].
    cutoff : float or None
        Cut-off of the outline [% Sb]; None is not stated.
    spot : str
        The block, for the messages.

    Returns
    -------
    list of Problem
        One error, or none.
    """
    if cutoff is None or cutoff <= sb_pct:
        return []
    found = f"{sb_pct:g} % Sb, cut-off {cutoff:g} %"
    fact = "the mean grade is below the block's own cut-off"
    remedy = "Check both, and that the grade is per cent and not a fraction."
    return [Problem(fact, spot, found, remedy=remedy)]


def look_like_fractions(grades: Iterable[float], place: str) -> list[Problem]:
    """Warn when every grade is so low that it is probably a fraction.

    Parameters
    ----------
    grades : iterable of float
        Grades as they were read [% Sb].
    place : str
        The layer, for the message.

    Returns
    -------
    list of Problem
        One warning, or none.
    """
    every = list(grades)
    if not every or not max(every) < FRACTION_LIKE_PCT:
        return []
    found = f"{min(every):g} to {max(every):g}"
    fact = "every antimony grade is below 0.5 %; they may be fractions"
    remedy = f"If {max(every):g} means {max(every) * 100.0:g} % Sb, multiply the column by 100."
    return [Problem(fact, f"{place}, column sb_pct", found, "% Sb", remedy, "warning")]
