"""When is each stope prepared, drawn and filled, level by level from the top down?

Bars lie in lanes: in one lane one stope follows the other. A bar covers the whole of each period in
which something is done; nothing finer is planned.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from maps import palettes
from maps.drawings.grades import breaks_of, class_number, unit_of
from maps.drawings.mine_limits import ELEMENT
from maps.drawings.mine_parts import part, rows_in
from maps.drawings.plan_axes import Time, drawing, span, told, words
from maps.drawings.tables import Html, text
from maps.mine_words import elevations, ore_at
from maps.plan_words import when
from maps.style import class_words

Row = Mapping[str, Any]

#: Heights of a lane and of what lies between levels; room for the names of levels [CSS px].
LANE, BETWEEN, LEFT = 8.0, 5.0, 72.0
#: What is drawn as a thin line in the lane of its stope, and for its level.
LINES = {"preparation": palettes.GREY, "fill": palettes.GREEN}
HEADINGS = ("access", "development")

SAID = (
    "Each bar is a stope while ore is drawn, coloured by its grade as on the map; the thin grey "
    "line before it is its preparation, the green one after it its backfill. The dark line over a "
    "level is its access and headings. Bars cover whole periods. Point at a bar to read it."
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One stope in time.

    Parameters
    ----------
    name : str
        Its name.
    level : object
        Its level.
    drawn : tuple of (float, float)
        Periods in which its ore is drawn [years].
    lines : tuple of (str, float, float)
        Kind, begin and end of what else is done for it [years].
    grade : float or None
        Of its ore.
    said : str
        What it says of itself.
    """

    name: str
    level: object
    drawn: tuple[tuple[float, float], ...]
    lines: tuple[tuple[str, float, float], ...]
    grade: float | None
    said: str

    @property
    def begin(self) -> float:
        """When anything is first done for it [years]."""
        return min(begins for begins, _ in (*self.drawn, *((b, e) for _, b, e in self.lines)))

    @property
    def end(self) -> float:
        """When all is done [years]."""
        return max(ends for _, ends in (*self.drawn, *((b, e) for _, b, e in self.lines)))


def gantt(summary: Row) -> Html:
    """Draw the stopes of a plan level by level.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json`` with its ``plan``.

    Returns
    -------
    Html
        A drawing with its words, its legend and a switch that lays it over the map; "" without
        stopes in the plan.
    """
    plan = summary.get("plan") or {}
    rows = [row for row in plan.get("activities") or [] if span(row) is not None]
    bars = bars_of(rows, plan.get("stopes") or [])
    if not bars:
        return Html("")
    breaks = breaks_of(summary, ELEMENT) or ()
    time = Time(_length(plan, rows), left=LEFT)
    levels = _levels(summary, bars)
    parts = [words(LEFT - 6.0, 12.0, "Level, m", "e")]
    top = 18.0
    for level, named in levels:
        own = [bar for bar in bars if bar.level == level]
        drawn, top = _level(named, own, _headings(rows, level), (time, top, breaks))
        parts += drawn
    parts = [*time.marks(14.0, top), *parts]
    parts.append(words((time.left + time.right) / 2, top + 27.0, "year of the plan", "m"))
    picture = drawing(parts, top + 32.0, "Stopes of the plan by level and year", "curve plan-gantt")
    return Html(
        '<div class="gantt"><label class="enlarge"><input type="checkbox" id="gantt-large">'
        "<span>Lay this drawing over the map</span></label>"
        f'<p class="note">{text(SAID)}</p>{_legend(breaks, unit_of(summary, ELEMENT))}'
        f'<div class="scroll" tabindex="0" role="group" aria-label="Stopes in time">{picture}'
        "</div></div>"
    )


def bars_of(rows: Sequence[Row], stopes: Sequence[Row]) -> list[Bar]:
    """Return a bar for each stope of which ore is drawn.

    Parameters
    ----------
    rows : sequence of mapping
        Activities that are done.
    stopes : sequence of mapping
        ``plan.stopes``.

    Returns
    -------
    list of Bar
        By their begin.
    """
    told_of = {str(row.get("stope")): row for row in stopes}
    own: dict[str, list[Row]] = {}
    for row in rows:
        if row.get("stope"):
            own.setdefault(str(row["stope"]), []).append(row)
    found = []
    for name, several in own.items():
        drawn = [_times(r) for r in several if r.get("kind") == "stope"]
        if not drawn:
            continue
        lines = tuple((str(r["kind"]), *_times(r)) for r in several if r.get("kind") in LINES)
        about = told_of.get(name, {})
        grade = about.get(ELEMENT)
        said = f"{name}: {ore_at(about)}, drawn in {when(about)}"
        level = next((r.get("level") for r in several if r.get("level") is not None), None)
        found.append(Bar(name, level, _joined(drawn), lines, grade, said))
    return sorted(found, key=lambda bar: (bar.begin, bar.end, bar.name))


def _times(row: Row) -> tuple[float, float]:
    return float(row["from_years"]), float(row["to_years"])


def _joined(times: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Join periods that touch."""
    found: list[tuple[float, float]] = []
    for begins, ends in sorted(set(times)):
        if found and begins <= found[-1][1] + 1e-9:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return tuple(found)


def lanes(bars: Sequence[Bar]) -> list[list[Bar]]:
    """Lay bars into as few lanes as they need, none over another.

    Parameters
    ----------
    bars : sequence of Bar
        By their begin.

    Returns
    -------
    list of list of Bar
        From the first lane on.
    """
    found: list[list[Bar]] = []
    for bar in bars:
        free = next((lane for lane in found if lane[-1].end <= bar.begin + 1e-9), None)
        if free is None:
            found.append([bar])
        else:
            free.append(bar)
    return found


def _length(plan: Row, rows: Sequence[Row]) -> float:
    ends = [float(row["to_years"]) for row in rows]
    planned = [float(r["to_years"]) for r in plan.get("years") or [] if span(r) is not None]
    return max([*ends, *planned])


def _levels(summary: Row, bars: Sequence[Bar]) -> list[tuple[object, str]]:
    """Return levels with bars and their names, the highest first."""
    about = {row.get("level"): row for row in rows_in(part(summary, "stopes"), "levels")}

    def height(level: object) -> float:
        low = (about.get(level) or {}).get("elevation_low_m")
        if low is not None:
            return float(low)
        return float(level) if isinstance(level, int | float) else -math.inf

    named = []
    for level in sorted({bar.level for bar in bars}, key=height, reverse=True):
        row = about.get(level) or {}
        ends = row.get("elevation_low_m"), row.get("elevation_high_m")
        known = ends[0] is not None and ends[1] is not None
        named.append((level, elevations(*ends) if known else f"level {level}"))
    return named


def _headings(rows: Sequence[Row], level: object) -> tuple[tuple[float, float], ...]:
    """Return when access and headings of a level are driven."""
    own = [r for r in rows if r.get("kind") in HEADINGS and r.get("level") == level]
    return _joined([_times(r) for r in own])


def _level(
    named: str,
    bars: Sequence[Bar],
    headings: Sequence[tuple[float, float]],
    place: tuple[Time, float, tuple[float, ...]],
) -> tuple[list[str], float]:
    """Draw one level, and return where the next begins."""
    time, top, breaks = place
    laid = lanes(bars)
    parts = [words(LEFT - 6.0, top + 10.0, named.removesuffix(" m"), "e")]
    if headings:
        said = told(f"Access and headings of {named}")
        path = "".join(f"M{time.x(b):.1f} {top + 1.5:.1f}H{time.x(e):.1f}" for b, e in headings)
        stroke = f'stroke="{palettes.INK}" stroke-width="2.5"'
        parts.append(f'<path d="{path}" {stroke}>{said}</path>')
    for i, lane in enumerate(laid):
        y = top + 4.0 + LANE * i
        for bar in lane:
            parts += _bar(bar, time, y, breaks)
    bottom = max(top + 4.0 + LANE * len(laid), top + 12.0) + BETWEEN
    parts.append(f'<path class="g" d="M4 {bottom - 2:.1f}H{time.right:.1f}"/>')
    return parts, bottom


def _bar(bar: Bar, time: Time, y: float, breaks: tuple[float, ...]) -> list[str]:
    fill = palettes.ABSENT
    if bar.grade is not None:
        fill = palettes.sequence(len(breaks) + 1)[class_number(float(bar.grade), breaks)]
    middle = y + LANE / 2 - 0.5
    whole = f'd="M{time.x(bar.begin):.1f} {middle:.1f}H{time.x(bar.end):.1f}"'
    parts = [f"<g>{told(bar.said)}", f'<path class="g" {whole}/>']
    for kind, begins, ends in bar.lines:
        parts.append(
            f'<path d="M{time.x(begins):.1f} {middle:.1f}H{time.x(ends):.1f}" '
            f'stroke="{LINES[kind]}" stroke-width="2"/>'
        )
    for begins, ends in bar.drawn:
        left, right = time.x(begins), time.x(ends)
        parts.append(
            f'<rect x="{left:.1f}" y="{y:.1f}" width="{max(right - left, 1.0):.1f}" '
            f'height="{LANE - 1.5:g}" fill="{fill}" stroke="{palettes.INK}" stroke-width=".5"/>'
        )
    return [*parts, "</g>"]


def _legend(breaks: tuple[float, ...], unit: str) -> str:
    said = class_words(breaks, unit)
    items = "".join(
        f'<li><span class="chip" style="background:{fill}"></span>{text(word)}</li>'
        for word, fill in zip(said, palettes.sequence(len(said)), strict=True)
    )
    return f'<ul class="keys" aria-label="Colours of the grade">{items}</ul>'
