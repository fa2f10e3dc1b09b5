"""How does a table become a figure inside a page: the same bytes every time, for every eye?

Figures are SVG drawn by matplotlib's own objects, one pair of axes each, so that they stay readable
side by side on a screen and one under another on a telephone. Texts stay texts. A line differs
from the next by colour, by dash and by marker.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from maps import palettes
from maps.drawings.tables import Html

#: Most points of a scatter; of more, evenly spread ones are drawn, and the page says so.
MOST_POINTS = 1000
WIDTH, HEIGHT = 420, 300

#: Room between axes and the edge of the figure [inch].
PAD = 0.06

#: Matplotlib's settings; everything else is at its default, whatever stands in a user's own file.
SETTINGS: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "anzob",
    "font.family": ["DejaVu Sans"],
    "font.size": 11,
    "axes.titlesize": 11,
    "axes.labelsize": 11,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "legend.fontsize": 10,
    "legend.frameon": False,
    "text.parse_math": False,
    "axes.formatter.useoffset": False,
    "axes.unicode_minus": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": palettes.GREY,
    "axes.labelcolor": palettes.INK,
    "text.color": palettes.INK,
    "xtick.color": palettes.INK,
    "ytick.color": palettes.INK,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": palettes.FAINT[3],
    "grid.linewidth": 0.8,
    "xtick.bottom": False,
    "ytick.left": False,
    "path.simplify": False,
    "axes.xmargin": 0.03,
}


@dataclass(frozen=True, slots=True)
class Look:
    """How one line or one cloud of points is told from the others.

    Parameters
    ----------
    colour : str
        ``#rrggbb`` of the palette.
    dash : str or tuple
        Line style of matplotlib; "" draws markers alone.
    marker : str
        Marker of matplotlib; "" draws a line alone.
    """

    colour: str
    dash: Any
    marker: str

    def options(self) -> dict[str, Any]:
        """Return the look as keywords of ``Axes.plot``."""
        return {
            "color": self.colour,
            "linestyle": self.dash or "none",
            "marker": self.marker or "none",
            "markersize": 4.5,
            "linewidth": 1.8,
        }


#: Looks of one figure in the order in which they are given out; each differs in all three ways.
LOOKS = (
    Look(palettes.BLUE, "-", "o"),
    Look(palettes.VERMILLION, (0, (5, 2)), "s"),
    Look(palettes.GREEN, (0, (6, 2, 1, 2)), "^"),
    Look(palettes.PURPLE, (0, (1, 1.5)), "D"),
    Look(palettes.ORANGE, (0, (3, 1, 1, 1, 1, 1)), "v"),
    Look(palettes.INK, (0, (8, 3)), "P"),
)
ESTIMATE, NEAREST, INVERSE, TRUTH, OTHER, SAMPLES = LOOKS


def look_of(source: str, number: int = 0) -> Look:
    """Return the look of a source by its name, the same in every figure of the page.

    Examples
    --------
    >>> look_of("nearest neighbour") is NEAREST, look_of("declustered samples") is SAMPLES
    (True, True)
    """
    name = source.lower()
    for word, look in (
        ("sample", SAMPLES),
        ("nearest", NEAREST),
        ("gaussian", NEAREST),
        ("inverse", INVERSE),
        ("affine", INVERSE),
        ("truth", TRUTH),
    ):
        if word in name:
            return look
    return ESTIMATE if number == 0 else OTHER


@dataclass(frozen=True, slots=True)
class Said:
    """What a figure says to a reader who does not see it.

    Parameters
    ----------
    title : str
        Its name.
    described : str
        What it shows.
    """

    title: str
    described: str


def drawn(paint: Callable[[Any], None], said: Said, height: float = HEIGHT) -> Html:
    """Draw one figure.

    Parameters
    ----------
    paint : callable
        Is given a ``matplotlib.figure.Figure`` and draws on it; the title stands above already.
    said : Said
        Title and description.
    height : float
        Height [CSS px].

    Returns
    -------
    Html
        An ``<svg>`` with title and description; ids in it become unique by `numbered`.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    with mpl.rc_context(), warnings.catch_warnings():
        # Letters that the measuring font lacks are drawn by the reader's own fonts.
        warnings.simplefilter("ignore")
        mpl.rcdefaults()
        settings: Any = mpl.rcParams
        settings.update(SETTINGS)
        layout = ConstrainedLayoutEngine(w_pad=PAD, h_pad=PAD)
        figure = Figure(figsize=(WIDTH / 72, height / 72), layout=layout)
        paint(figure)
        written = io.StringIO()
        blank = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(written, format="svg", metadata=blank, transparent=True)
    return _inline(written.getvalue(), said)


def legend(figure: Any, axes: Any, columns: int = 2) -> None:
    """Put the legend under the axes, where it covers no data."""
    lines, labels = axes.get_legend_handles_labels()
    if lines:
        figure.legend(lines, labels, loc="outside lower left", ncols=columns, handlelength=2.6)


def dots(axes: Any, xs: Sequence[float], ys: Sequence[float], look: Look, label: str = "") -> None:
    """Draw a cloud of round dots as one path: a tenth of the bytes of as many markers."""
    nan = float("nan")
    axes.plot(
        [v for x in xs for v in (x, x, nan)],
        [v for y in ys for v in (y, y, nan)],
        color=look.colour,
        linewidth=4,
        alpha=0.75,
        solid_capstyle="round",
        label=label or None,
    )


def thinned(count: int, most: int = MOST_POINTS) -> list[int]:
    """Return at most *most* row numbers of *count*, evenly spread, the same every time.

    Examples
    --------
    >>> thinned(3), thinned(10, 4)
    ([0, 1, 2], [1, 3, 6, 8])
    """
    if count <= most:
        return list(range(count))
    return [int((i + 0.5) * count / most) for i in range(most)]


def numbered(page: str) -> str:
    """Make the ids of every figure its own: a page may hold each id once.

    Parameters
    ----------
    page : str
        HTML with figures of `drawn`.

    Returns
    -------
    str
        The same with the figures' numbers before their ids.
    """
    count = 0

    def renamed(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        mine = f"f{count}-"
        svg = re.sub(r' id="', f' id="{mine}', found[0])
        svg = svg.replace("url(#", f"url(#{mine}").replace(' href="#', f' href="#{mine}')
        return svg.replace('aria-labelledby="t d"', f'aria-labelledby="{mine}t {mine}d"')

    return re.sub(r'<svg class="drawn".*?</svg>', renamed, page, flags=re.DOTALL)


def _inline(svg: str, said: Said) -> Html:
    """Turn matplotlib's file into an element of a page: only what is drawn, in few bytes."""
    body = svg[svg.index("<svg") :]
    box = re.search(r'viewBox="([^"]+)"', body)
    body = body[body.index(">") + 1 : body.rindex("</svg>")]
    for unwanted in (r"<!--.*?-->", r"<metadata>.*?</metadata>", r"<style .*?</style>"):
        body = re.sub(unwanted, "", body, flags=re.DOTALL)
    used = set(re.findall(r'(?:url\(|href=")#([^)"]+)', body))
    body = re.sub(r"<[^>]+>", lambda tag: _spare(tag[0], used), body)
    body = re.sub(r"\s*\n\s*", "\n", _without_empty_groups(body)).strip()
    size = box[1] if box else f"0 0 {WIDTH} {HEIGHT}"
    high = size.split()[3]
    return Html(
        f'<svg class="drawn" role="img" aria-labelledby="t d" viewBox="{size}" width="{WIDTH}" '
        f'height="{float(high):.0f}"><title id="t">{escape(said.title)}</title>'
        f'<desc id="d">{escape(said.described)}</desc>{body}</svg>'
    )


def _spare(tag: str, used: set[str]) -> str:
    """Write one tag without what the page's style says already; texts are not touched."""
    tag = tag.replace("xlink:href", "href").replace("font-family: 'DejaVu Sans'; ", "")
    tag = re.sub(r' transform="rotate\(-0 [^"]*"', "", tag)
    tag = re.sub(r' id="([^"]*)"', lambda m: m[0] if m[1] in used else "", tag)
    tag = re.sub(r"(?<![#\w.])(\d+)\.(\d+)", _shorter, tag)
    return re.sub(r"\s*\n\s*", " ", tag).replace(' "', '"')


def _without_empty_groups(body: str) -> str:
    """Drop the groups that carry no attribute."""
    kept: list[bool] = []

    def told(found: re.Match[str]) -> str:
        if found[0].startswith("</"):
            return found[0] if kept.pop() else ""
        kept.append(found[0] != "<g>")
        return found[0] if kept[-1] else ""

    body = re.sub(r"<g(?: [^>]*)?>|</g>", told, body)
    return re.sub(r"<defs>\s*</defs>", "", body)


def _shorter(found: re.Match[str]) -> str:
    """Keep two decimals: a hundredth of a pixel."""
    return f"{float(found[0]):.2f}".rstrip("0").rstrip(".")
