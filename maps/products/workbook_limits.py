"""Between which limits must a yellow cell lie, and how is that told to whoever types into it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from deposits.units import STIBNITE_SB_PCT

#: The most that spreadsheets show of a title and of a message beside a cell.
LONGEST_TITLE, LONGEST_MESSAGE = 32, 255


@dataclass(frozen=True, slots=True)
class Limits:
    """What a study accepts for an input, in the unit of the input.

    Parameters
    ----------
    low : float
        The least that can be right.
    high : float, optional
        The most; None is no limit.
    above : float, optional
        What every figure must exceed, where the low end cannot be right.

    Examples
    --------
    >>> Limits(1.0, 1e9).words(), Limits(0.0, above=0.0).words(), Limits(0.0).words()
    ('1 to 1,000,000,000', 'above 0', '0 or more')
    >>> Limits(0.0, 1.0, above=0.0).test("$B$2")
    'AND(ISNUMBER($B$2),$B$2>0,$B$2<=1)'
    """

    low: float
    high: float | None = None
    above: float | None = None

    def words(self) -> str:
        """Say the limits in English."""
        if self.above is not None:
            begins = f"above {_figure(self.above)}"
            return begins if self.high is None else f"{begins}, at most {_figure(self.high)}"
        if self.high is None:
            return f"{_figure(self.low)} or more"
        return f"{_figure(self.low)} to {_figure(self.high)}"

    def test(self, cell: str) -> str:
        """Return the condition, as formulas write it, that a cell holds a number within them."""
        begins = f"{cell}>={self.low:g}" if self.above is None else f"{cell}>{self.above:g}"
        ends = "" if self.high is None else f",{cell}<={self.high:.15g}"
        return f"AND(ISNUMBER({cell}),{begins}{ends})"


def _figure(number: float) -> str:
    return f"{number:,.15g}"


RATE = Limits(1.0, 1e9)
YEARS = Limits(1.0, 200.0)
RAMP_UP = Limits(0.0, 50.0)
GRADE = Limits(0.0, STIBNITE_SB_PCT)
CONCENTRATE = Limits(1.0, STIBNITE_SB_PCT, above=1.0)
PART = Limits(0.0, 1.0, above=0.0)
PART_FROM_ZERO = Limits(0.0, 0.99)
DILUTION = Limits(0.0, 5.0)
OF_ORE = Limits(0.0, 100.0)
PRICE = Limits(0.0, above=0.0)
COST = Limits(0.0)


def guard(sheet: Any, at: Sequence[int], limits: Limits, told: tuple[str, str, str]) -> None:
    """Refuse what cannot be right in yellow cells, and say beside them what can.

    Parameters
    ----------
    sheet : Worksheet
        Where they stand.
    at : sequence of int
        First row, first column, last row, last column, from 0.
    limits : Limits
        What is accepted; an empty cell always is.
    told : tuple of str
        Title, message and refusal, in the language of the study.
    """
    from xlsxwriter.utility import xl_rowcol_to_cell

    title, message, refusal = told
    sheet.data_validation(
        *at,
        {
            "validate": "custom",
            "value": f"={limits.test(xl_rowcol_to_cell(at[0], at[1]))}",
            "input_title": title[:LONGEST_TITLE],
            "input_message": message[:LONGEST_MESSAGE],
            "error_title": title[:LONGEST_TITLE],
            "error_message": refusal[:LONGEST_MESSAGE],
        },
    )


def mark(sheet: Any, at: Sequence[int], wrong: str, look: Any) -> None:
    """Mark the cells in which something stands that cannot be right, typed or pasted.

    Parameters
    ----------
    sheet : Worksheet
        Where they stand.
    at : sequence of int
        First row, first column, last row, last column, from 0.
    wrong : str
        The condition, written for the first of them.
    look : Format
        Of the mark; its letters tell it apart as well as its colour.
    """
    sheet.conditional_format(*at, {"type": "formula", "criteria": f"={wrong}", "format": look})
