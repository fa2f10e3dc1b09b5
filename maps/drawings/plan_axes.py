"""Where on a drawing of a plan does a year stand, and what marks its axes?

All drawings of a plan share one axis of time, so that one can be read under the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from maps.drawings.curves import ticks

Row = Mapping[str, Any]

#: Width of a drawing and room beside its axes [CSS px].
WIDE, LEFT, RIGHT = 396.0, 52.0, 8.0
#: Most years that are numbered along an axis.
MOST_NUMBERS = 12


@dataclass(frozen=True, slots=True)
class Time:
    """The axis of time.

    Parameters
    ----------
    years : float
        Its length [years].
    left, right : float
        Where it begins and ends [CSS px].
    """

    years: float
    left: float = LEFT
    right: float = WIDE - RIGHT

    def x(self, years: float) -> float:
        """Return where a time stands [CSS px]."""
        whole = max(self.years, 1e-9)
        return self.left + (self.right - self.left) * min(max(years / whole, 0.0), 1.0)

    def marks(self, top: float, bottom: float) -> list[str]:
        """Draw where years begin, and number them under the axis."""
        count = int(self.years + 1e-9)
        every = next(k for k in (1, 2, 5, 10, 20, 50, 100) if count / k <= MOST_NUMBERS)
        lines = [
            f"M{self.x(year):.1f} {top:.1f}V{bottom:.1f}"
            for year in range(count + 1)
            if year % every == 0
        ]
        parts = [f'<path class="g" d="{"".join(lines)}"/>']
        for year in range(1, count + 1):
            if year % every == 0 or (year == 1 and every > 2):
                middle = (self.x(year - 1) + self.x(year)) / 2
                parts.append(words(middle, bottom + 12.0, f"{year}", "m"))
        return parts


@dataclass(frozen=True, slots=True)
class Up:
    """An axis of amounts.

    Parameters
    ----------
    low, high : float
        Amounts at its foot and head.
    top, bottom : float
        Where these stand [CSS px].
    """

    low: float
    high: float
    top: float
    bottom: float

    def y(self, amount: float) -> float:
        """Return where an amount stands [CSS px]."""
        tall = max(self.high - self.low, 1e-12)
        return self.bottom - (self.bottom - self.top) * (amount - self.low) / tall

    def marks(self, time: Time, most: int = 4) -> list[str]:
        """Draw round amounts as lines across, with their numbers."""
        parts = []
        for amount in ticks(self.low, self.high, most):
            y = self.y(amount)
            parts.append(f'<path class="g" d="M{time.left:.1f} {y:.1f}H{time.right:.1f}"/>')
            parts.append(words(time.left - 4.0, y + 3.5, f"{amount:,.6g}", "e"))
        return parts


def axis_of(amounts: Iterable[float], top: float, bottom: float) -> Up:
    """Return an axis that holds amounts and 0."""
    known = [0.0, *amounts]
    low, high = min(known), max(known)
    return Up(low, high if high > low else low + 1.0, top, bottom)


def words(x: float, y: float, said: str, style: str = "s") -> str:
    """Write words on a drawing, escaped."""
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}">{escape(said, quote=True)}</text>'


def told(said: str) -> str:
    """Say what a shape is to those who point at it, escaped."""
    return f"<title>{escape(said, quote=True)}</title>"


def drawing(parts: Sequence[str], height: float, title: str, name: str = "curve") -> str:
    """Put parts together as one drawing.

    Parameters
    ----------
    parts : sequence of str
        Elements.
    height : float
        [CSS px]
    title : str
        Name for readers who do not see it.
    name : str
        Class of the element.

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    label = escape(title, quote=True)
    return (
        f'<svg class="{name}" viewBox="0 0 {WIDE:g} {height:g}" width="{WIDE:g}" '
        f'height="{height:g}" role="img" aria-label="{label}">{"".join(parts)}</svg>'
    )


def key(x: float, y: float, colour: str, said: str) -> list[str]:
    """Draw one line of a legend: a square of a colour and its words."""
    square = f'<rect x="{x:.1f}" y="{y - 8:.1f}" width="12" height="9" fill="{colour}"/>'
    return [square, words(x + 17.0, y, said)]


def span(row: Row) -> tuple[float, float] | None:
    """Return when a row begins and ends [years], None where it does not say."""
    begins, ends = row.get("from_years"), row.get("to_years")
    return None if begins is None or ends is None else (float(begins), float(ends))


def spans(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Return when rows begin and end; those that do not say are left out."""
    return [found for found in map(span, rows) if found is not None]


def amount(row: Row, key_: str) -> float:
    """Return an amount, 0 where there is none."""
    found = row.get(key_)
    return 0.0 if found is None else float(found)
