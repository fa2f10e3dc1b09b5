"""What does the plan of a mine feed and earn, year by year, in pictures of its tables?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from maps import palettes
from maps.drawings.plan_axes import (
    Time,
    Up,
    amount,
    axis_of,
    drawing,
    key,
    span,
    told,
    words,
)
from maps.mine_words import money, tonnes
from maps.wording import number

Row = Mapping[str, Any]
Part = tuple[str, str, str]

#: Parts of a year's feed: key, colour, words; what is not in a plan is not in its legend.
FED = (
    ("straight_t", palettes.BLUE, "ore to the plant, straight from the mine"),
    ("reclaimed_t", palettes.SKY, "ore to the plant, off the stockpile"),
    ("direct_t", palettes.ORANGE, "ore sold as mined, past the plant"),
)
#: Part of a bar's room that stays free beside it.
ROOM = 0.12
#: Where the two pairs of axes end [CSS px].
FEED_FOOT, GRADE_FOOT = 150.0, 240.0
#: How the target is drawn.
ASKED = f'stroke="{palettes.INK}" stroke-width="2" fill="none" stroke-dasharray="6 3"'


def feed(years: Sequence[Row]) -> str:
    """Draw the feed of each year against what the plant is to have, and its grade under it.

    Parameters
    ----------
    years : sequence of mapping
        ``plan.years``.

    Returns
    -------
    str
        An ``<svg>`` element, "" where no year says when it is.
    """
    rows = [_parts_of_feed(row) for row in years if span(row) is not None]
    if not rows:
        return ""
    time = Time(max(row["to_years"] for row in rows))
    kept = [one for one in FED if any(row[one[0]] > 0.0 for row in rows)]
    parts = [*_fed(rows, kept, time), *_graded(rows, time)]
    middle = (time.left + time.right) / 2
    parts.append(words(middle, GRADE_FOOT + 26.0, "year of the plan", "m"))
    y = GRADE_FOOT + 44.0
    for _, colour, said in kept:
        parts += key(time.left, y, colour, said)
        y += 15.0
    parts.append(f'<path d="M{time.left:.1f} {y - 4:.1f}h12" {ASKED}/>')
    parts.append(words(time.left + 17.0, y, _asked(rows)))
    return drawing(parts, y + 8.0, "Feed of each year against its target, and its grade")


def _fed(rows: Sequence[Row], kept: Sequence[Part], time: Time) -> list[str]:
    """Draw the bars and the target over them."""
    most = [sum(row[name] for name, _, _ in FED) * 1e-3 for row in rows]
    up = axis_of([*most, *(row["target"] * 1e-3 for row in rows)], 22.0, FEED_FOOT)
    bars = [part for row in rows for part in _stacked(row, kept, time, up)]
    return [
        words(4.0, 12.0, "Feed of a year, kt", "t"),
        *up.marks(time),
        *bars,
        _target(rows, time, up),
        *time.marks(FEED_FOOT, FEED_FOOT + 4.0),
    ]


def _graded(rows: Sequence[Row], time: Time) -> list[str]:
    """Draw the head grade as a line."""
    known = [(row["middle"], float(row["sb_pct"])) for row in rows if row["sb_pct"] is not None]
    up = axis_of([value for _, value in known], FEED_FOOT + 40.0, GRADE_FOOT)
    return [
        words(4.0, FEED_FOOT + 32.0, "Head grade of the feed, % Sb", "t"),
        *up.marks(time, 3),
        *_line(known, time, up),
        *time.marks(GRADE_FOOT, GRADE_FOOT + 4.0),
    ]


def _parts_of_feed(row: Row) -> dict[str, Any]:
    begins, ends = span(row) or (0.0, 0.0)
    fed, back = amount(row, "feed_t"), amount(row, "reclaimed_t")
    return {
        **row,
        "from_years": begins,
        "to_years": ends,
        "middle": (begins + ends) / 2,
        "reclaimed_t": min(back, fed),
        "straight_t": fed - min(back, fed),
        "direct_t": amount(row, "direct_t"),
        "target": amount(row, "target_t"),
        "sb_pct": row.get("sb_pct"),
    }


def _stacked(row: Row, kept: Sequence[Part], time: Time, up: Up) -> list[str]:
    """Draw one year as a bar of parts, which says itself in words."""
    left, right = _edges(row, time)
    foot, parts = 0.0, []
    for name, colour, _ in kept:
        head = foot + row[name] * 1e-3
        if head > foot:
            y, tall = up.y(head), up.y(foot) - up.y(head)
            parts.append(
                f'<rect x="{left:.1f}" y="{y:.1f}" width="{right - left:.1f}" '
                f'height="{tall:.1f}" fill="{colour}"/>'
            )
        foot = head
    grade = "" if row["sb_pct"] is None else f" at {number(row['sb_pct'])} % Sb"
    named = "; ".join(f"{said} {tonnes(row[name])}" for name, _, said in kept if row[name] > 0.0)
    asked = f"; asked for {tonnes(row['target'])}" if row["target"] > 0.0 else ""
    said = f"Year {_year(row)}: {named or 'no feed'}{grade}{asked}"
    return [f"<g>{told(said)}", *parts, "</g>"]


def _year(row: Row) -> str:
    return f"{float(row['year']):g}" if row.get("year") is not None else "?"


def _edges(row: Row, time: Time) -> tuple[float, float]:
    left, right = time.x(row["from_years"]), time.x(row["to_years"])
    return left + ROOM * (right - left) / 2, right - ROOM * (right - left) / 2


def _target(rows: Sequence[Row], time: Time, up: Up) -> str:
    """Draw what the plant is to have as steps over the bars."""
    steps = "".join(
        f"{'M' if i == 0 else 'L'}{time.x(row['from_years']):.1f} {up.y(row['target'] * 1e-3):.1f}"
        f"H{time.x(row['to_years']):.1f}"
        for i, row in enumerate(rows)
    )
    return f'<path d="{steps}" {ASKED}/>'


def _asked(rows: Sequence[Row]) -> str:
    most = max(row["target"] for row in rows)
    return f"what the plant is to have: {most:,.0f} t in a full year"


def _line(points: Sequence[tuple[float, float]], time: Time, up: Up) -> list[str]:
    """Draw a line with a dot at each of its points."""
    placed = [(time.x(at), up.y(value)) for at, value in points]
    if not placed:
        return [words(time.left + 4.0, (up.top + up.bottom) / 2, "not known")]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in placed)
    colour = palettes.VERMILLION
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.4"/>' for x, y in placed)
    return [
        f'<path d="{path}" stroke="{colour}" stroke-width="2" fill="none"/>',
        f'<g fill="{colour}">{dots}</g>',
    ]


def cash(years: Sequence[Row]) -> str:
    """Draw the cash of each year, and under it what has come in so far, discounted.

    Parameters
    ----------
    years : sequence of mapping
        ``plan.years``.

    Returns
    -------
    str
        An ``<svg>`` element, "" where no year states its cash.
    """
    rows = [row for row in years if span(row) is not None and row.get("cash_usd") is not None]
    if not rows:
        return ""
    time = Time(max(float(row["to_years"]) for row in rows))
    parts = [*_bars_of_cash(rows, time), *_cash_so_far(rows, time)]
    parts.append(words((time.left + time.right) / 2, 258.0, "year of the plan", "m"))
    return drawing(parts, 264.0, "Cash of each year, and discounted cash so far")


def _bars_of_cash(rows: Sequence[Row], time: Time) -> list[str]:
    """Draw a bar a year, upwards what comes in, downwards what goes out."""
    up = axis_of((amount(row, "cash_usd") * 1e-6 for row in rows), 22.0, 120.0)
    parts = [words(4.0, 12.0, "Cash of a year, million USD, undiscounted", "t"), *up.marks(time)]
    for row in rows:
        left, right = _edges(row, time)
        value = amount(row, "cash_usd") * 1e-6
        y, tall = up.y(max(value, 0.0)), abs(up.y(value) - up.y(0.0))
        colour = palettes.BLUE if value >= 0.0 else palettes.VERMILLION
        parts.append(
            f'<rect x="{left:.1f}" y="{y:.1f}" width="{right - left:.1f}" height="{tall:.1f}" '
            f'fill="{colour}">{told(_cash_words(row))}</rect>'
        )
    return [*parts, _zero(time, up), *time.marks(120.0, 124.0)]


def _cash_so_far(rows: Sequence[Row], time: Time) -> list[str]:
    """Draw the sum of discounted cash: where it ends is the worth of the plan."""
    sums = list(accumulate(amount(row, "discounted_usd") * 1e-6 for row in rows))
    up = axis_of(sums, 162.0, 232.0)
    ends = [float(row["to_years"]) for row in rows]
    return [
        words(4.0, 154.0, "Discounted cash so far, million USD", "t"),
        *up.marks(time, 3),
        *_line([(0.0, 0.0), *zip(ends, sums, strict=True)], time, up),
        _zero(time, up),
        *time.marks(232.0, 236.0),
    ]


def _zero(time: Time, up: Up) -> str:
    if up.low >= 0.0:
        return ""
    return f'<path d="M{time.left:.1f} {up.y(0.0):.1f}H{time.right:.1f}" stroke="{palettes.INK}"/>'


def _cash_words(row: Row) -> str:
    parts = [("revenue", "revenue_usd"), ("costs and charges", "cost_usd"), ("cash", "cash_usd")]
    said = [f"{name} {money(float(row[k]))}" for name, k in parts if row.get(k) is not None]
    return f"Year {_year(row)}: {', '.join(said)}"
