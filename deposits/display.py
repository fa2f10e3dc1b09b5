"""How is a number or a list of facts shown, the same way everywhere?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Fact:
    """One line a reader wants to know first.

    Parameters
    ----------
    label : str
        What it is.
    value : str, int, float or None
        The value; None prints "not known".
    unit : str
        Unit, or "" for a pure number or a text.
    """

    label: str
    value: str | int | float | None
    unit: str = ""

    def __str__(self) -> str:
        """Value and unit, rounded for reading."""
        if isinstance(self.value, str):
            return self.value
        if self.value is None:
            return "not known"
        return f"{round_for_reading(self.value)} {self.unit}".strip()


def round_for_reading(value: float | None, figures: int = 2) -> str:
    """Write an estimate with so many significant figures and thousands separated.

    Parameters
    ----------
    value : float or None
        The number; None and NaN are "not known".
    figures : int
        Significant figures kept; digits left of the point beyond them become 0.

    Returns
    -------
    str
        For example "105,000", "0.27", "not known".

    Examples
    --------
    >>> round_for_reading(24_038_461.5), round_for_reading(0.0), round_for_reading(1.3333, 3)
    ('24,000,000', '0', '1.33')
    >>> round_for_reading(None), round_for_reading(-0.0271)
    ('not known', '-0.027')
    """
    if value is None or not math.isfinite(value):
        return "not known"
    if value == 0:
        return "0"
    digits = figures - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, digits)
    # 9.96 rounds up to 10.0: count the digits again, or one figure too many is shown.
    digits = figures - 1 - math.floor(math.log10(abs(rounded)))
    return f"{rounded:,.{max(digits, 0)}f}"


def as_text(title: str, facts: Sequence[Fact]) -> str:
    """Lay out facts as aligned plain text under an underlined title."""
    width = max((len(fact.label) for fact in facts), default=0)
    lines = [title, "-" * len(title)]
    return "\n".join(lines + [f"{fact.label:<{width}}  {fact}" for fact in facts])


def as_html(title: str, facts: Sequence[Fact]) -> str:
    """Lay out facts as a small HTML table; every text is escaped."""
    rows = "".join(
        f"<tr><th>{escape(fact.label)}</th><td>{escape(str(fact))}</td></tr>" for fact in facts
    )
    return f"<table><caption>{escape(title)}</caption>{rows}</table>"
