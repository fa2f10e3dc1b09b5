"""For how long would ore last at each rate, and where among them does the plan stand?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from maps import palettes
from maps.drawings.curves import ticks
from maps.drawings.plan_axes import told, words
from maps.languages import Translate
from maps.wording import number

Row = Mapping[str, Any]
Points = tuple[tuple[float, float], ...]

#: The frame and the room around it [CSS px].
WIDE, LEFT, RIGHT, TOP, FOOT = 540.0, 44.0, 528.0, 34.0, 250.0
#: Characters of a name that have room under the drawing; a longer one goes on in the next line.
LONGEST = 84
#: The same behind the words that it lies on another's line.
JOINED = 64
#: Years that are numbered on an axis on which each doubling takes as much room.
YEARS = (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
#: Lines are told apart by colour, dash and the sign at their points.
LOOKS = (
    (palettes.BLUE, "", "circle"),
    (palettes.VERMILLION, "7 3", "square"),
    (palettes.GREEN, "2 3", "diamond"),
    (palettes.PURPLE, "9 3 2 3", "circle"),
    (palettes.INK, "4 2", "square"),
)


@dataclass(frozen=True, slots=True)
class Axes:
    """Rate across, years up; the years on a logarithmic scale.

    Parameters
    ----------
    most_kt : float
        Rate at the right end [kt a year].
    low, high : float
        Years at foot and head.
    """

    most_kt: float
    low: float
    high: float

    def x(self, rate_kt: float) -> float:
        """Return where a rate stands [CSS px]."""
        return LEFT + (RIGHT - LEFT) * rate_kt / self.most_kt

    def y(self, years: float) -> float:
        """Return where a number of years stands [CSS px]."""
        part = math.log(years / self.low) / math.log(self.high / self.low)
        return FOOT - (FOOT - TOP) * part


def frontier(
    points: Sequence[Row], titles: Mapping[str, str], plan: Row, say: Translate = str
) -> str:
    """Draw for how long ore would last at each rate, a line a case, the plan's demand across.

    Parameters
    ----------
    points : sequence of mapping
        ``summary.frontier``.
    titles : mapping of str to str
        Scenario -> what it is called.
    plan : mapping
        A verdict: target_t_per_year and horizon_years; {} draws no demand.
    say : callable
        Writes labels in the language of the study.

    Returns
    -------
    str
        An ``<svg>`` element, "" without two known points of one case.
    """
    lines = _lines(points, titles)
    if not any(len(found) > 1 for found in lines):
        return ""
    years = [y for found in lines for _, y in found]
    wanted = plan.get("horizon_years"), plan.get("target_t_per_year")
    years += [float(wanted[0])] if wanted[0] else []
    low = max((y for y in YEARS if y <= min(years)), default=min(years))
    high = min((y for y in YEARS if y >= max(years) and y > low), default=2 * max(years))
    axes = Axes(max(x for found in lines for x, _ in found) * 1.03, low, high)
    title = say("Years the ore would last")
    parts = [words(4.0, 12.0, title, "t"), *_grid(axes, say), *_demand(wanted, axes, say)]
    y = FOOT + 52.0
    for i, (found, names) in enumerate(lines.items()):
        look = LOOKS[i % len(LOOKS)]
        parts += _line(found, look, axes, say("; ".join(names)))
        for k, name in enumerate(names):
            same = f"{say('on the same line:')} " if k else ""
            for n, line in enumerate(wrap(say(name), JOINED if k else LONGEST)):
                parts += _key(y, look if k == n == 0 else None, f"{same if n == 0 else ''}{line}")
                y += 14.0
    height = y - 4.0
    return (
        f'<svg class="curve wide" viewBox="0 0 {WIDE:g} {height:g}" width="{WIDE:g}" '
        f'height="{height:g}" role="img" aria-label="{title}">{"".join(parts)}</svg>'
    )


def _lines(points: Sequence[Row], titles: Mapping[str, str]) -> dict[Points, list[str]]:
    """Return known points, lines that lie on one another joined, with the names of their cases."""
    own: dict[str, list[tuple[float, float]]] = {}
    for row in points:
        rate, life = row.get("rate_t_per_year"), row.get("life_years")
        if rate is not None and life is not None and float(life) > 0.0:
            place = (float(rate) * 1e-3, float(life))
            own.setdefault(str(row.get("scenario")), []).append(place)
    lines: dict[Points, list[str]] = {}
    for name, places in own.items():
        lines.setdefault(tuple(sorted(places)), []).append(titles.get(name, name))
    return lines


def _grid(axes: Axes, say: Translate) -> list[str]:
    parts = []
    for value in ticks(0.0, axes.most_kt):
        x = axes.x(value)
        parts.append(f'<path class="g" d="M{x:.1f} {TOP:g}V{FOOT + 4:g}"/>')
        parts.append(words(x, FOOT + 16.0, f"{value:,.6g}", "m"))
    for value in YEARS:
        if axes.low <= value <= axes.high:
            y = axes.y(value)
            parts.append(f'<path class="g" d="M{LEFT:g} {y:.1f}H{RIGHT:g}"/>')
            parts.append(words(LEFT - 5.0, y + 3.5, f"{value:g}", "e"))
    parts.append(words((LEFT + RIGHT) / 2, FOOT + 32.0, say("rate, kt of ore a year"), "m"))
    return parts


def _demand(wanted: tuple[Any, Any], axes: Axes, say: Translate) -> list[str]:
    """Draw the rate and the years that the plan asks for."""
    years, rate = wanted
    ink = f'stroke="{palettes.INK}" stroke-width="1.2" fill="none"'
    parts = []
    if rate and float(rate) * 1e-3 <= axes.most_kt:
        x = axes.x(float(rate) * 1e-3)
        parts.append(f'<path d="M{x:.1f} {TOP - 6:g}V{FOOT:g}" {ink}/>')
        said = say(f"the plan: {float(rate) * 1e-3:,.6g} kt a year")
        parts.append(words(x, TOP - 10.0, said, "m"))
    if years:
        y = axes.y(float(years))
        parts.append(f'<path d="M{LEFT:g} {y:.1f}H{RIGHT:g}" {ink}/>')
        parts.append(words(RIGHT - 2.0, y - 4.0, say(f"the plan: {float(years):g} years"), "e h"))
    return parts


def _line(points: Points, look: tuple[str, str, str], axes: Axes, said: str) -> list[str]:
    colour, dash, _ = look
    path = "M" + "L".join(f"{axes.x(x):.1f} {axes.y(y):.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    shape = f'fill="none" stroke="{colour}" stroke-width="1.8"{dashed}'
    parts = [f'<path d="{path}" {shape}>{told(said)}</path>']
    for x, y in points:
        value = told(f"{number(x, 3)} kt: {number(y)}")
        parts.append(_sign(look, axes.x(x), axes.y(y), value))
    return parts


def _sign(look: tuple[str, str, str], x: float, y: float, inside: str = "") -> str:
    colour, _, shape = look
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}">{inside}</circle>'
    ways = {"square": "m-3 -3h6v6h-6Z", "diamond": "m0 -4l4 4l-4 4l-4 -4Z"}
    return f'<path d="M{x:.1f} {y:.1f}{ways[shape]}" fill="{colour}">{inside}</path>'


def _key(y: float, look: tuple[str, str, str] | None, said: str) -> list[str]:
    """Write one case under the drawing; a line of two cases has its sign once."""
    if look is None:
        return [words(LEFT + 34.0, y, said)]
    colour, dash, _ = look
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    stroke = f'stroke="{colour}" stroke-width="1.8"{dashed}'
    return [
        f'<path d="M{LEFT:g} {y - 4:.1f}h28" {stroke}/>',
        _sign(look, LEFT + 14.0, y - 4.0),
        words(LEFT + 34.0, y, said),
    ]
