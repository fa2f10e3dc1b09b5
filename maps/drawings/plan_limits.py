"""Which limits of a mine's plan are full, and when, as a picture of its table?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps import palettes
from maps.drawings.plan_axes import Time, drawing, span, told, words
from maps.mine_words import money
from maps.wording import number

Row = Mapping[str, Any]

#: Where the legend of the shades begins [CSS px].
FIRST = 146.0
#: Room for the names of limits [CSS px].
LEFT = 182.0
#: Longest name that has room.
LONGEST = 36


def limits(binding: Sequence[Row]) -> str:
    """Draw how full each limit is over time, one strip a limit.

    Parameters
    ----------
    binding : sequence of mapping
        ``plan.binding``.

    Returns
    -------
    str
        An ``<svg>`` element, "" where there are no limits. A line under a strip says when a unit
        more of the limit would be worth something.
    """
    rows = [row for row in binding if span(row) is not None and row.get("full") is not None]
    named = list(dict.fromkeys(_name(row) for row in rows))
    if not named:
        return ""
    time = Time(max(float(row["to_years"]) for row in rows), left=LEFT)
    parts = [words(4.0, 12.0, "How full each limit is", "t")]
    for i, name in enumerate(named):
        top = 22.0 + 20.0 * i
        parts.append(
            words(4.0, top + 11.0, name if len(name) < LONGEST else f"{name[: LONGEST - 2]}…")
        )
        own = [row for row in rows if _name(row) == name]
        parts += [_cell(row, time, top) for row in own]
        full = [row for row in own if row.get("binds")]
        path = "".join(
            f"M{time.x(float(r['from_years'])):.1f} {top + 15.5:.1f}"
            f"H{time.x(float(r['to_years'])):.1f}"
            for r in full
        )
        if path:
            parts.append(f'<path d="{path}" stroke="{palettes.VERMILLION}" stroke-width="3"/>')
    bottom = 22.0 + 20.0 * len(named)
    parts += time.marks(bottom, bottom + 4.0)
    parts.append(words((time.left + time.right) / 2, bottom + 26.0, "year of the plan", "m"))
    parts += _shades(bottom + 44.0)
    return drawing(parts, bottom + 68.0, "How full each limit is, period by period")


def _name(row: Row) -> str:
    """Return what a limit is called, without an article."""
    said = str(row.get("called") or row.get("resource") or "")
    return said.removeprefix("the ")


def shade(fraction: float) -> str:
    """Return a grey-blue that darkens from empty to full, for every eye.

    Examples
    --------
    >>> shade(0.0), shade(1.0), shade(7.0) == shade(1.0)
    ('#f0f3f7', '#0b3a66', True)
    """
    low, high = ([int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in palettes.FULNESS)
    part = min(max(fraction, 0.0), 1.0)
    mixed = (round(a + part * (b - a)) for a, b in zip(low, high, strict=True))
    return "#" + "".join(f"{c:02x}" for c in mixed)


def _cell(row: Row, time: Time, top: float) -> str:
    left, right = time.x(float(row["from_years"])), time.x(float(row["to_years"]))
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="14" '
        f'fill="{shade(float(row["full"]))}">{told(_limit_words(row))}</rect>'
    )


def _limit_words(row: Row) -> str:
    unit = str(row.get("unit") or "")
    at = row.get("name") or f"period {row.get('period')}"
    used, most = row.get("used"), row.get("limit")
    amounts = ""
    if used is not None and most is not None:
        amounts = f", {number(used, 3)} of {number(most, 3)} {unit}".rstrip()
    worth = row.get("price_usd")
    priced = f"; a unit more is worth {money(float(worth))} then" if worth else ""
    return f"{_name(row)}, {at}: {100.0 * float(row['full']):.0f} %{amounts}{priced}"


def _shades(y: float) -> list[str]:
    """Draw the legend of the strips."""
    parts = []
    for i, fraction in enumerate((0.0, 0.25, 0.5, 0.75, 1.0)):
        parts.append(
            f'<rect x="{FIRST + 34 * i:g}" y="{y - 9:.1f}" width="34" height="9" '
            f'fill="{shade(fraction)}"/>'
        )
        parts.append(words(FIRST + 34 * i + 17, y + 11.0, f"{100 * fraction:.0f} %", "m"))
    line = f'<path d="M326 {y - 4:.1f}h14" stroke="{palettes.VERMILLION}" stroke-width="3"/>'
    return [*parts, line, words(344.0, y, "a price")]
