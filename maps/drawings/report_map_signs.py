"""How do a symbol of a style, the names beside it and its legend look on the map of a report?"""

from __future__ import annotations

from collections.abc import Sequence

from maps.drawings.plan_axes import words
from maps.drawings.report_map_frame import Frame, overlaps
from maps.drawings.view import Box
from maps.style import Symbol

#: The map page is wider: signs and lines of a report are drawn smaller by this.
SMALLER = 0.7
#: Width of a letter, height of a line [CSS px].
LETTER, LINE = 5.9, 12.0


def line_of(symbol: Symbol, path: str) -> str:
    """Draw a line or an area."""
    dash = " ".join(f"{d * SMALLER:g}" for d in symbol.dash_px)
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    fill, opaque = "none", ""
    if symbol.shape == "area" and symbol.fill:
        fill, opaque = symbol.fill, f' fill-opacity="{symbol.opacity:g}"'
    return (
        f'<path d="{path}" fill="{fill}"{opaque} stroke="{symbol.stroke}" '
        f'stroke-width="{symbol.width_px * SMALLER:.2g}"{dashed}/>'
    )


def point_of(symbol: Symbol, x: float, y: float) -> str:
    """Draw a point by its shape."""
    r = symbol.size_px * SMALLER / 2
    look = f'fill="{symbol.fill or "none"}" stroke="{symbol.stroke}"'
    look += f' stroke-width="{symbol.width_px * SMALLER:.2g}"'
    if symbol.shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" {look}/>'
    ways = {
        "square": f"M{x - r:.1f} {y - r:.1f}h{2 * r:.1f}v{2 * r:.1f}h{-2 * r:.1f}Z",
        "triangle": f"M{x:.1f} {y - r:.1f}L{x + r:.1f} {y + r:.1f}L{x - r:.1f} {y + r:.1f}Z",
    }
    corners = f"M{x:.1f} {y - r:.1f}L{x + r:.1f} {y:.1f}L{x:.1f} {y + r:.1f}L{x - r:.1f} {y:.1f}Z"
    return f'<path d="{ways.get(symbol.shape, corners)}" {look}/>'


def labelled(names: Sequence[tuple[tuple[float, float], str, float]], frame: Frame) -> list[str]:
    """Write names beside their points, none over another; one without room is left out.

    Parameters
    ----------
    names : sequence of (tuple, str, float)
        Place [CSS px], name and size of the sign [CSS px]; the first have the choice.
    frame : Frame
        Names stay inside it.

    Returns
    -------
    list of str
        Elements; the table under the map has every name.
    """
    half = SMALLER / 2
    taken: list[Box] = [
        (x - r, y - r, x + r, y + r) for (x, y), _, size in names for r in (size * half,)
    ]
    # North and scale keep their corners.
    right, foot = frame.left + frame.wide, frame.top + frame.high
    taken += [(right - 50, frame.top, right, frame.top + 54)]
    taken += [(frame.left, foot - 34, frame.left + 0.3 * frame.wide + 40, foot)]
    parts = []
    for (x, y), name, size in names:
        wide, gap = LETTER * len(name), size * SMALLER / 2 + 3.0
        for left, base in (
            (x + gap, y + 4.0),
            (x - gap - wide, y + 4.0),
            (x - wide / 2, y - gap - 1.0),
            (x - wide / 2, y + gap + LINE - 2.0),
        ):
            box = (left, base - LINE + 2.0, left + wide, base + 3.0)
            inside = frame.left < box[0] and box[2] < right and frame.top < box[1] and box[3] < foot
            if inside and not overlaps(box, taken):
                taken.append(box)
                parts.append(words(left, base, name, "s h"))
                break
    return parts


def legend_rows(entries: Sequence[tuple[str, Symbol]], frame: Frame) -> tuple[list[str], float]:
    """Draw the legend under the frame, line after line, and return the height of the drawing."""
    x, y = frame.left, frame.top + frame.high + 34.0
    parts: list[str] = []
    for label, symbol in dict(entries).items():
        wide = 34.0 + LETTER * len(label)
        if x > frame.left and x + wide > frame.left + frame.wide:
            x, y = frame.left, y + 17.0
        middle = y - 4.0
        if symbol.shape == "line":
            parts.append(line_of(symbol, f"M{x:.1f} {middle:.1f}h18"))
        elif symbol.shape == "area":
            parts.append(line_of(symbol, f"M{x:.1f} {middle - 5:.1f}h18v10h-18Z"))
        else:
            parts.append(point_of(symbol, x + 9.0, middle))
        parts.append(words(x + 23.0, y, label))
        x += wide
    return parts, y + 8.0
