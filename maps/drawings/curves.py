"""What does a grade-tonnage table look like as a small curve inside a page?

The figures are plain SVG text: no plotting library, a few kilobytes, equal bytes for equal tables.
Each is a picture of a table that stands beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from maps import palettes
from maps.wording import central

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a figure.

    Parameters
    ----------
    label : str
        Words of the legend.
    points : tuple of (float, float)
        Abscissa and ordinate in the units of the axes.
    band : tuple of (float, float, float)
        Abscissa, low and high ordinate; () draws no band.
    assumed : bool
        Whether it is dashed, as every assumption is.
    """

    label: str
    points: tuple[Point, ...]
    band: tuple[tuple[float, float, float], ...] = ()
    assumed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One pair of axes.

    Parameters
    ----------
    title : str
        What the ordinate shows, with its unit.
    x_label : str
        What the abscissa shows, with its unit.
    curves : tuple of Curve
        The lines.
    log_x : bool
        Whether the abscissa is logarithmic.
    span : tuple of float
        Abscissas that lie within the axes whatever the lines reach, as those of a panel beside.
    """

    title: str
    x_label: str
    curves: tuple[Curve, ...]
    log_x: bool = False
    span: tuple[float, ...] = ()


WIDTH, HEIGHT = 184, 150
LEFT, RIGHT, TOP, BOTTOM = 34, 8, 20, 32


def grade_tonnage_curve(models: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """Draw ore and mean grade above the cut-off, one line for every model.

    Parameters
    ----------
    models : mapping of str to sequence
        Reading name of a model -> its grade-tonnage rows. Rows without a figure are left out of
        the line, not drawn at 0.

    Returns
    -------
    str
        An ``<svg>`` element, or "" when no model has two known points.
    """
    ore, grade = [], []
    for name, rows in models.items():
        if all(central(row.get("ore_t")) is None for row in rows):
            continue  # the table beside it says "not known"; a legend without a line says nothing
        assumed = any(row.get("role") == "bounding" for row in rows)
        ore.append(_curve(name, rows, "ore_t", 1e-6, assumed))
        grade.append(_curve(name, rows, "sb_pct", 1.0, assumed))
    if not any(len(curve.points) > 1 for curve in ore):
        return ""
    x_label = "cut-off, % Sb"
    return figure(
        (
            Panel(title="Ore above cut-off, Mt", x_label=x_label, curves=tuple(ore)),
            Panel(title="Mean grade above it, % Sb", x_label=x_label, curves=tuple(grade)),
        ),
        "Grade-tonnage curve",
    )


def support_curve(rows: Sequence[Mapping[str, Any]], cutoff_sb_pct: float) -> str:
    """Draw the share of tonnes and metal above a cut-off against the size of what is selected.

    Parameters
    ----------
    rows : sequence of mapping
        ``summary.support.rows``.
    cutoff_sb_pct : float
        Cut-off [% Sb].

    Returns
    -------
    str
        An ``<svg>`` element, or "" with fewer than two sizes.
    """
    sized = [r for r in rows if (r.get("selection_unit_t") or 0) > 0]
    sized.sort(key=lambda r: float(r["selection_unit_t"]))
    curves = []
    for key, label in (("metal_share", "of the metal"), ("tonnage_share", "of the tonnes")):
        points = [
            (float(r["selection_unit_t"]), 100.0 * float(r[key]))
            for r in sized
            if r.get(key) is not None
        ]
        curves.append(Curve(label, tuple(points), assumed=True))
    if not any(len(curve.points) > 1 for curve in curves):
        return ""
    title = f"Share at or above {cutoff_sb_pct:g} % Sb, %"
    panel = Panel(title=title, x_label="selection unit, t", curves=tuple(curves), log_x=True)
    return figure((panel,), title, panel_width=330)


def figure(panels: Sequence[Panel], title: str, panel_width: float = WIDTH) -> str:
    """Draw panels side by side with one legend under them.

    Parameters
    ----------
    panels : sequence of Panel
        From left to right; the same curves in the same order.
    title : str
        Name for readers who do not see it.
    panel_width : float
        Width of each panel [CSS px].

    Returns
    -------
    str
        An ``<svg>`` element with every text escaped.
    """
    labels = [(curve.label, curve.assumed) for curve in panels[0].curves]
    width, height = panel_width * len(panels), HEIGHT + 15 * len(labels)
    parts = [
        f'<svg class="curve" viewBox="0 0 {width:g} {height}" width="{width:g}" height="{height}"'
        f' role="img" aria-label="{escape(title, quote=True)}">'
    ]
    for i, panel in enumerate(panels):
        parts.append(f'<g transform="translate({i * panel_width:g} 0)">')
        parts += _panel(panel, panel_width)
        parts.append("</g>")
    for i, (label, assumed) in enumerate(labels):
        y = HEIGHT + 15 * i + 6
        parts.append(f'<path d="M{LEFT} {y}h22" {_stroke(i, assumed)}/>')
        parts.append(_text(LEFT + 28, y + 4, label))
    return "".join([*parts, "</svg>"])


def ticks(low: float, high: float, most: int = 4) -> list[float]:
    """Return round values from *low* to *high*, at most about *most* of them.

    Examples
    --------
    >>> ticks(0.0, 23.9), ticks(0.0, 0.0)
    ([0.0, 10.0, 20.0], [0.0])
    """
    if not high > low:
        return [low]
    raw = (high - low) / most
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(s * size for s in (1, 2, 2.5, 5, 10) if s * size >= raw * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    count = math.floor((high - first * step) / step + 1e-9)
    return [(first + i) * step for i in range(count + 1)]


def _curve(
    name: str, rows: Sequence[Mapping[str, Any]], key: str, scale: float, assumed: bool
) -> Curve:
    points, band = [], []
    for row in sorted(rows, key=lambda r: float(r.get("cutoff_sb_pct") or 0.0)):
        quantity, x = row.get(key) or {}, float(row.get("cutoff_sb_pct") or 0.0)
        middle = central(quantity)
        if middle is not None:
            points.append((x, middle * scale))
        if quantity.get("p10") is not None and quantity.get("p90") is not None:
            band.append((x, float(quantity["p10"]) * scale, float(quantity["p90"]) * scale))
    return Curve(name, tuple(points), tuple(band), assumed)


def _panel(panel: Panel, width: float) -> list[str]:
    xs = [x for c in panel.curves for x, _ in c.points]
    ys = [y for c in panel.curves for _, y in c.points]
    ys += [high for c in panel.curves for _, _, high in c.band]
    if not xs:
        return [_text(LEFT, 60, "not known")]
    lead = math.log10 if panel.log_x else float
    xs = [*xs, *panel.span]
    low, high = lead(min(xs)), lead(max(xs))
    # Money may be lost: an ordinate below 0 moves the foot of the axes, nothing else does.
    foot, top = min(0.0, *ys), max(0.0, *ys)
    top = top if top > foot else 1.0
    inner, tall = width - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def place(x: float, y: float) -> Point:
        along = (lead(x) - low) / (high - low) if high > low else 0.5
        return LEFT + inner * along, TOP + tall * (1.0 - (y - foot) / (top - foot))

    parts = [_text(4, 12, panel.title, "t")]
    for y in ticks(foot, top):
        height = place(min(xs), y)[1]
        parts.append(f'<path class="g" d="M{LEFT} {height:.1f}H{width - RIGHT:.1f}"/>')
        parts.append(_text(LEFT - 4, height + 3.5, f"{y:g}", "e"))
    for value in _x_ticks(panel, min(xs), max(xs)):
        along = place(value, 0.0)[0]
        parts.append(f'<path class="g" d="M{along:.1f} {HEIGHT - BOTTOM}v4"/>')
        label = f"{value:g}" if value < 1e4 else f"{value / 1e3:g}k"
        parts.append(_text(along, HEIGHT - BOTTOM + 14, label, "m"))
    parts.append(_text(LEFT + inner / 2, HEIGHT - 5, panel.x_label, "m"))
    for i, curve in enumerate(panel.curves):
        parts += _line(i, curve, place)
    return parts


def _x_ticks(panel: Panel, low: float, high: float) -> list[float]:
    if not panel.log_x:
        return ticks(low, high)
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    step = max(1, (last - first) // 4)
    return [10.0**power for power in range(first, last + 1, step)]


def _line(i: int, curve: Curve, place: Any) -> list[str]:
    parts = []
    if len(curve.band) > 1:
        upper = [place(x, high) for x, _, high in curve.band]
        lower = [place(x, low) for x, low, _ in reversed(curve.band)]
        colour = palettes.CURVES[i % len(palettes.CURVES)]
        parts.append(f'<path d="{_path([*upper, *lower])}Z" fill="{colour}" opacity="0.15"/>')
    if curve.points:
        drawn = [place(x, y) for x, y in curve.points]
        parts.append(f'<path d="{_path(drawn)}" {_stroke(i, curve.assumed)}/>')
        if len(drawn) == 1:
            x, y = drawn[0]
            colour = palettes.CURVES[i % len(palettes.CURVES)]
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>')
    return parts


def _stroke(i: int, assumed: bool) -> str:
    colour = palettes.CURVES[i % len(palettes.CURVES)]
    dash = ' stroke-dasharray="5 3"' if assumed else ""
    return f'stroke="{colour}" stroke-width="2" fill="none"{dash}'


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _text(x: float, y: float, text: str, style: str = "s") -> str:
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}">{escape(text, quote=True)}</text>'
