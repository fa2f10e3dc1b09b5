"""In which unit does a file hold a grade, and which number is it in the unit of our column?"""

from __future__ import annotations

from deposits.units import GRAMS_PER_TROY_OUNCE, STIBNITE_SB_PCT

#: Grams in a short ton: 2,000 lb of 453.59237 g.
GRAMS_PER_SHORT_TON = 2000.0 * 453.59237

#: What one unit of a file is as a fraction of mass, by the ways in which it is written.
FRACTION_OF_MASS = {
    "%": 1e-2,
    "pct": 1e-2,
    "wt%": 1e-2,
    "kg/t": 1e-3,
    "g/t": 1e-6,
    "gpt": 1e-6,
    "ppm": 1e-6,
    "mg/kg": 1e-6,
    "ppb": 1e-9,
    "mg/t": 1e-9,
    # Assayers' ounces to the ton: troy ounces in a short ton of 2,000 lb.
    "oz/t": GRAMS_PER_TROY_OUNCE / GRAMS_PER_SHORT_TON,
    "opt": GRAMS_PER_TROY_OUNCE / GRAMS_PER_SHORT_TON,
}

#: Unit that the end of a column's name states.
UNIT_OF_SUFFIX = {
    "_pct": "%",
    "_kgpt": "kg/t",
    "_gpt": "g/t",
    "_ppm": "ppm",
    "_ppb": "ppb",
    "_ozpt": "oz/t",
}

#: Ends of names that hold numbers but no grades.
OTHER_NUMBERS = ("_m", "_deg", "_t_per_m3", "_g_per_cm3", "_kg", "_fraction", "_number")

#: Highest grades that a mineral allows, by column; any other column ends at the pure metal.
PURE_MINERAL = {"sb_pct": STIBNITE_SB_PCT}


def grade_unit(column: str) -> str | None:
    """Return the unit of grade that a column's name states; None when it is no grade.

    Examples
    --------
    >>> grade_unit("au_gpt"), grade_unit("core_recovery_fraction")
    ('g/t', None)
    """
    return next((u for end, u in UNIT_OF_SUFFIX.items() if column.lower().endswith(end)), None)


def is_number(column: str) -> bool:
    """Say whether a column holds numbers, from the unit in its name; others hold text.

    Examples
    --------
    >>> is_number("sb_pct"), is_number("alpha_deg"), is_number("code")
    (True, True, False)
    """
    return grade_unit(column) is not None or column.lower().endswith(OTHER_NUMBERS)


def conversion_factor(column: str, unit: str | None) -> float:
    """Return what a number of a file is multiplied with, to stand in *column*.

    Parameters
    ----------
    column : str
        Our name, whose end states our unit (``au_gpt``).
    unit : str or None
        The file's unit, a key of ``FRACTION_OF_MASS``; None when it is ours.

    Returns
    -------
    float
        Our number of one unit of the file.

    Raises
    ------
    ValueError
        If the column is no grade or the unit is not known.

    Examples
    --------
    >>> round(conversion_factor("au_gpt", "ppb"), 12), conversion_factor("sb_pct", None)
    (0.001, 1.0)
    >>> round(conversion_factor("au_gpt", "oz/t"), 4)
    34.2857
    """
    ours = grade_unit(column)
    if unit is None or unit == ours:
        return 1.0
    if ours is None:
        raise ValueError(f"{column} states no unit of grade at its end")
    if unit not in FRACTION_OF_MASS:
        raise ValueError(f"{unit} is no known unit of grade")
    return FRACTION_OF_MASS[unit] / FRACTION_OF_MASS[ours]


def highest_possible(column: str) -> float:
    """Return the grade that no sample can exceed, in the unit of *column*.

    Examples
    --------
    >>> highest_possible("sb_pct"), highest_possible("au_gpt")
    (71.7, 1000000.0)
    """
    unit = grade_unit(column)
    if unit is None:
        raise ValueError(f"{column} states no unit of grade at its end")
    return PURE_MINERAL.get(column.lower(), round(1.0 / FRACTION_OF_MASS[unit], 6))
