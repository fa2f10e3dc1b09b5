"""Is this cell what a spreadsheet or a wrong encoding has made of a name, or is it another name?"""

from __future__ import annotations

import itertools
import math
import re

from planning.formats.plans.amounts import DATE, FAULTS, typed
from planning.formats.plans.cells import ENCODINGS

#: How names of months begin in the spreadsheets that are met here.
MONTH = (
    "(?:jan|feb|mar|mrz|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz]"
    "|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[^\\W\\d_]*"
)
#: Names that spreadsheets run as formulas, or make dates and numbers of: -4 level, 1-2, 007, May 3.
TEMPTING = re.compile(
    rf"[-+=@].*|[\d\s.,/:%e+-]+|{MONTH}[-/. ]?\d{{1,4}}|\d{{1,4}}[-/. ]?{MONTH}|true|false",
    re.IGNORECASE,
)
#: What stands for bytes without a letter.
NO_LETTER = re.compile("[\x80-\x9f\ufffd]")


def is_spoilt(cell: object, name: str) -> bool:
    """Say whether a cell may hold what was a name.

    Parameters
    ----------
    cell : object
        Text, number or date, which is not the name.
    name : str
        What was written.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_spoilt("2-Jan", "1-2"), is_spoilt("#NAME?", "=ST+3"), is_spoilt("????? 1", "Штрек 1")
    (True, True, True)
    >>> is_spoilt("L12.decline.X", "L12.decline.1"), is_spoilt("1-3", "1-2")
    (False, False)
    >>> is_spoilt("03.май", "May 3"), is_spoilt("Штрак 1", "Штрек 1")
    (True, False)
    """
    text = str(cell).strip()
    if not name.isascii() and _compared(text) in _in_wrong_letters(name):
        return True
    if not TEMPTING.fullmatch(name.strip()):
        return False
    if not isinstance(cell, str) or FAULTS.fullmatch(text) or DATE.fullmatch(text):
        return True
    number = typed(text)
    return math.isfinite(number.value) or number.evidence == "?"


def _in_wrong_letters(name: str) -> set[str]:
    """Return a name as it is read when it was written otherwise."""
    written = ("ascii", "utf-8", *ENCODINGS)
    return {
        _compared(name.encode(one, "replace").decode(other, "replace"))
        for one, other in itertools.product(written, written)
    }


def _compared(text: str) -> str:
    """Return a text without what is no letter."""
    return NO_LETTER.sub("", text).strip().casefold()
