"""Which benches of a pit are dug in which year, and where does the ore lie among them?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps import palettes
from maps.drawings.plan_axes import Time, amount, drawing, span, told, words
from maps.drawings.plan_limits import shade
from maps.drawings.tables import Html, text
from maps.mine_words import ore_at, tonnes
from maps.plan_words import ore_and_waste

Row = Mapping[str, Any]

#: Height of a bench, and room for its elevation [CSS px].
BENCH, LEFT = 7.0, 84.0
#: Every so many benches are named.
NAMED = 5

SAID = (
    "Rock dug on each bench, from the top down: the darker, the larger the part of the bench that "
    "is dug in that year. The orange line is the year's part of the bench's ore, as a length. "
    "Point at a cell to read it."
)


def benches(plan: Row) -> Html:
    """Draw the benches of a pit over the years of its plan.

    Parameters
    ----------
    plan : mapping
        ``plan`` of the summary, of a pit.

    Returns
    -------
    Html
        A drawing with its words, "" without activities that are done.
    """
    done = [r for r in plan.get("activities") or [] if span(r) is not None]
    if not done:
        return Html("")
    found = by_bench(done)
    time = Time(max(float(r["to_years"]) for r in [*done, *_dated(plan)]), left=LEFT)
    parts: list[str] = []
    levels = sorted({level for level, _ in found}, reverse=True)
    for i, level in enumerate(levels):
        own = {at: row for (bench, at), row in found.items() if bench == level}
        y = 6.0 + BENCH * i
        if i % NAMED == 0:
            name = next(iter(own.values()))["name"].removeprefix("bench ")
            parts.append(words(LEFT - 6.0, y + 7.0, name, "e"))
        parts += _cells(own, time, y)
    bottom = 6.0 + BENCH * len(levels)
    parts = [*parts, *time.marks(bottom, bottom + 4.0)]
    parts.append(words((time.left + time.right) / 2, bottom + 27.0, "year of the plan", "m"))
    picture = drawing(parts, bottom + 32.0, "Rock of each bench by year")
    return Html(
        f'<div class="gantt"><label class="enlarge"><input type="checkbox" id="gantt-large">'
        "<span>Lay this drawing over the map</span></label>"
        f'<p class="note">{text(SAID)}</p>'
        f'<div class="scroll" tabindex="0" role="group" aria-label="Benches in time">{picture}'
        "</div></div>"
    )


def by_bench(rows: Sequence[Row]) -> dict[tuple[int, tuple[float, float]], dict[str, Any]]:
    """Add up rock and ore by bench and period.

    Parameters
    ----------
    rows : sequence of mapping
        Activities of a pit that are done.

    Returns
    -------
    dict
        (bench, (begin, end)) -> ``name``, ``rock_t``, ``ore_t``, ``sb_pct`` (None without ore).
    """
    found: dict[tuple[int, tuple[float, float]], dict[str, Any]] = {}
    for row in rows:
        at = float(row["from_years"]), float(row["to_years"])
        place = int(row.get("level") or 0), at
        name = str(row.get("title") or "").partition(",")[0]
        one = found.setdefault(place, {"name": name, "rock_t": 0.0, "ore_t": 0.0, "metal": 0.0})
        ore, waste = ore_and_waste(row)
        one["rock_t"] += ore + waste
        one["ore_t"] += ore
        one["metal"] += ore * amount(row, "sb_pct")
    for one in found.values():
        metal = one.pop("metal")
        one["sb_pct"] = metal / one["ore_t"] if one["ore_t"] > 0.0 else None
    return found


def _dated(plan: Row) -> list[Row]:
    return [row for row in plan.get("years") or [] if span(row) is not None]


def _cells(own: Mapping[tuple[float, float], Row], time: Time, y: float) -> list[str]:
    """Draw one bench."""
    rock = sum(row["rock_t"] for row in own.values()) or 1.0
    ore = sum(row["ore_t"] for row in own.values()) or 1.0
    parts = []
    for (begins, ends), row in sorted(own.items()):
        left, right = time.x(begins), time.x(ends)
        grade = f", {ore_at(row)}" if row["ore_t"] > 0.0 else ", no ore"
        said = f"{row['name'].capitalize()}, year {begins + 1:g}: {tonnes(row['rock_t'])}{grade}"
        parts.append(
            f'<g>{told(said)}<rect x="{left:.1f}" y="{y:.1f}" width="{right - left:.1f}" '
            f'height="{BENCH - 0.6:g}" fill="{shade(row["rock_t"] / rock)}"/>'
        )
        if row["ore_t"] > 0.0:
            long = (right - left) * row["ore_t"] / ore
            path = f'd="M{left:.1f} {y + BENCH / 2:.1f}h{long:.1f}"'
            parts.append(f'<path {path} stroke="{palettes.ORANGE}" stroke-width="2.2"/>')
        parts.append("</g>")
    return parts
