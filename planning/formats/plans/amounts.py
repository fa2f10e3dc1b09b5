"""What number did somebody type, and is its comma a decimal sign or a separator of thousands?

Nothing is guessed from one cell. "0,5" and "1 234,5" can only have a decimal comma, "0.5" and
"1,234,567" only a decimal point, and "1,234" is left open: the other numbers of the file tell, or
the reader is told.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

Sign = Literal[".", ","]
Evidence = Literal[".", ",", "?", ""]

#: Blanks and apostrophes that separate thousands: 1 234, 1'234.
GROUPS = re.compile(r"(?<=\d)[ \u00a0\u202f\u2009'\u2019](?=\d{3}(?!\d))")
PLAIN = re.compile(r"[-+]?\d+")
#: One sign, three digits after it, no leading zero: thousands, or decimals.
OPEN = re.compile(r"([-+]?[1-9]\d{0,2})([.,])(\d{3})")
DECIMAL = re.compile(r"([-+]?\d*)([.,])(\d*)")
THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d*)?")
POWER = re.compile(r"(.*\d.*)[eE]([-+]?\d{1,3})")
#: What spreadsheets write where there is no number.
FAULTS = re.compile(r"#+|#[A-Z0-9/!?]+")
DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}.*|.*\d.*[^\W\d_]{3,}.*|[^\W\d_]{3,}.*\d.*")


@dataclass(frozen=True, slots=True)
class Typed:
    """A cell of text as a number.

    Parameters
    ----------
    value : float
        What it is; NaN where it is no number, or left open.
    evidence : {".", ",", "?", ""}
        Which decimal sign it must have been written with; "?" is left open, "" does not tell.
    """

    value: float
    evidence: Evidence = ""


NO_NUMBER = Typed(math.nan)


def typed(text: str, decimal: Sign | None = None, *, small: bool = False) -> Typed:
    """Read a number as people and spreadsheets write it.

    Parameters
    ----------
    text : str
        A cell; thousands may be separated, ``50 %`` is 0.5.
    decimal : {".", ","} or None
        Decimal sign where the cell leaves it open; None: not known.
    small : bool
        Whether only a number below 1,000 can be meant, so that one sign is a decimal sign.

    Returns
    -------
    Typed

    Examples
    --------
    >>> typed("0,5"), typed("1 234,5").value, typed("1,234").evidence, typed("1,234", ",").value
    (Typed(value=0.5, evidence=','), 1234.5, '?', 1.234)
    >>> typed("1.234.567"), typed("25 %").value, typed("1,2E+05", ",").value
    (Typed(value=1234567.0, evidence=','), 0.25, 120000.0)
    """
    body = GROUPS.sub("", text.strip().replace("\u2212", "-").removeprefix("'"))
    scale = 1.0
    if body.endswith("%"):
        body, scale = body[:-1].rstrip(), 100.0
    power = POWER.fullmatch(body)
    end = ""
    if power:
        body, end = power[1], f"e{power[2]}"
    found = _plain(body, decimal, small, end)
    return found if scale == 1.0 else Typed(found.value / scale, found.evidence)


def _plain(body: str, decimal: Sign | None, small: bool, end: str) -> Typed:
    """Read a number without a power and blanks."""
    if PLAIN.fullmatch(body):
        return Typed(float(body + end))
    parts = OPEN.fullmatch(body)
    # A spreadsheet writes a power after one digit and decimals: 1,234E+05.
    if parts and not small and not end:
        if decimal is None:
            return Typed(math.nan, "?")
        return Typed(float(f"{parts[1]}{'.' if parts[2] == decimal else ''}{parts[3]}"), "?")
    parts = DECIMAL.fullmatch(body)
    if parts and (parts[1].strip("+-") or parts[3]):
        return Typed(float(f"{parts[1]}.{parts[3]}{end}"), "," if parts[2] == "," else ".")
    parts = THOUSANDS.fullmatch(body)
    if parts:
        sign: Sign = "." if parts[1] == "," else ","
        return Typed(float(body.replace(parts[1], "").replace(sign, ".") + end), sign)
    return NO_NUMBER


def remedy_for(text: str) -> str:
    """Say what to do about a cell that is no number.

    Examples
    --------
    >>> remedy_for("#REF!"), remedy_for("03.May"), remedy_for("soon")
    ('A formula failed, or the column was too narrow: write the number.', \
'The spreadsheet made a date of it: write the number again, in a cell of the format Number.', '')
    """
    if FAULTS.fullmatch(text):
        return "A formula failed, or the column was too narrow: write the number."
    if DATE.fullmatch(text):
        return (
            "The spreadsheet made a date of it: write the number again, in a cell of the format "
            "Number."
        )
    if text.startswith("="):
        return "A formula was saved without its result: write the number."
    return ""
