"""How is each kind of feature drawn, the same way on the web map, in QGIS and in every legend?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from maps import palettes as colours

Shape = Literal["circle", "square", "diamond", "triangle", "line", "area"]

#: The column that says to which class of its layer's style a feature belongs.
CLASS_COLUMN = "drawn_as"


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """One sign of the legend.

    Parameters
    ----------
    shape : str
        Point shapes, "line" or "area".
    stroke : str
        Colour of the line or rim, ``#rrggbb``.
    fill : str, optional
        Colour inside; None leaves the inside empty.
    width_px : float
        Width of the line or rim [CSS px].
    size_px : float
        Diameter of a point [CSS px].
    dash_px : tuple of float
        Lengths of dash and gap [CSS px]; () is an unbroken line.
    opacity : float
        Opacity of the fill [fraction].
    """

    shape: Shape
    stroke: str
    fill: str | None = None
    width_px: float = 1.5
    size_px: float = 10.0
    dash_px: tuple[float, ...] = ()
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class StyleClass:
    """One class of a layer: its value in `CLASS_COLUMN`, its words in the legend, its sign."""

    value: str
    label: str
    symbol: Symbol


@dataclass(frozen=True, slots=True)
class Style:
    """How one layer is drawn.

    Parameters
    ----------
    classes : tuple of StyleClass
        One or more; the last takes every feature that no other takes.
    on_top : {"first", "last"}
        Class that lies on top of the others.
    """

    classes: tuple[StyleClass, ...]
    on_top: Literal["first", "last"] = "first"

    def __post_init__(self) -> None:
        values = [c.value for c in self.classes]
        if not values or len(set(values)) != len(values):
            raise ValueError(f"a style needs one or more classes of different values, not {values}")

    def index(self, value: object) -> int:
        """Return the number of the class of *value*; the last takes what no other does."""
        values = [c.value for c in self.classes]
        return values.index(value) if value in values else len(values) - 1


def _dashed(colour: str, dash_px: tuple[float, float] = (7, 5)) -> Symbol:
    return Symbol(shape="area", stroke=colour, width_px=2.0, dash_px=dash_px)


def _point(shape: Shape, fill: str | None, size_px: float, stroke: str = colours.INK) -> Symbol:
    return Symbol(shape=shape, stroke=stroke, fill=fill, size_px=size_px)


#: Never an outline: these words stand in legend, tooltip, popup and attribute.
NOT_AN_OUTLINE = "where the deposit may lie, not its outline"

PLACES = Style(
    (
        StyleClass("settlement", "Settlement", _point("circle", colours.WHITE, 8)),
        StyleClass("tunnel", "Tunnel", _point("triangle", colours.WHITE, 11)),
        StyleClass(
            "admin",
            "District name (label point only)",
            _point("circle", None, 7, stroke=colours.GREY),
        ),
        StyleClass("other", "Other place", _point("circle", colours.GREY, 7)),
    )
)

DEPOSITS = Style(
    (
        StyleClass(
            "field",
            "Ore field of this study (best guess or published point)",
            _point("diamond", colours.VERMILLION, 14),
        ),
        StyleClass(
            "drilled", "Deposit of this study (drilled)", _point("diamond", colours.VERMILLION, 16)
        ),
        StyleClass(
            "candidate",
            "Record that may be this field",
            _point("diamond", colours.WHITE, 11, stroke=colours.VERMILLION),
        ),
        StyleClass("record", "Other deposit on record", _point("diamond", colours.ORANGE, 11)),
        StyleClass(
            "analogue", "Analogue elsewhere", _point("diamond", None, 11, stroke=colours.GREY)
        ),
    )
)

PLANTS = Style((StyleClass("plant", "Ore plant", _point("square", colours.BLUE, 17)),))

DISCS = Style(
    (
        StyleClass("field", f"Ore field: {NOT_AN_OUTLINE}", _dashed(colours.VERMILLION)),
        StyleClass("plant", "Plant: where it may stand", _dashed(colours.BLUE, (2, 5))),
        StyleClass(
            "candidate",
            "Record that may be this field: where it may lie",
            _dashed(colours.VERMILLION, (2, 4)),
        ),
        StyleClass("record", "Other record: where it may lie", _dashed(colours.GREY)),
    )
)

ROADS = Style(
    (StyleClass("road", "Road", Symbol(shape="line", stroke=colours.ROAD, width_px=4.5)),)
)

RIVERS = Style(
    (StyleClass("river", "River", Symbol(shape="line", stroke=colours.SKY, width_px=2.2)),)
)

#: Lines of equal elevation: thin, every fifth thick, in the brown of topographic sheets.
CONTOURS = Style(
    (
        StyleClass(
            "index",
            "Every fifth contour",
            Symbol(shape="line", stroke=colours.CONTOUR, width_px=1.6),
        ),
        StyleClass(
            "contour", "Contour", Symbol(shape="line", stroke=colours.CONTOUR, width_px=0.6)
        ),
    )
)

#: Categories of the State commission on reserves, from the surest to the least sure.
CATEGORIES = ("A", "B", "C1", "C2", "P")
_CATEGORY_COLOURS = (
    colours.BLUE,
    colours.SKY,
    colours.GREEN,
    colours.YELLOW,
    colours.PURPLE,
)


def _block(colour: str) -> Symbol:
    return Symbol(shape="area", stroke=colours.INK, fill=colour, width_px=1.0, opacity=0.6)


BLOCKS = Style(
    (
        *(
            StyleClass(category, f"Reserve block, category {category}", _block(colour))
            for category, colour in zip(CATEGORIES, _CATEGORY_COLOURS, strict=True)
        ),
        StyleClass("other", "Reserve block, other category", _block(colours.FAINT[2])),
    )
)


COLLARS = Style((StyleClass("collar", "Collar", _point("circle", colours.WHITE, 8)),))

OUTLINES = Style(
    (
        StyleClass(
            "outline",
            "Extent of the block model",
            Symbol(shape="area", stroke=colours.INK, width_px=1.6, dash_px=(8, 4)),
        ),
    )
)

#: Crests of pits, told apart by their line, not by colour alone; the last pushback ends in the
#: pit's own crest, where its thin dark line lies within the wide one. None is dashed as the extent
#: of the blocks is.
PIT_OUTLINES = Style(
    (
        StyleClass(
            "pushback",
            "Pushback, crest",
            Symbol(shape="area", stroke=colours.DARK_VERMILLION, width_px=1.0),
        ),
        StyleClass(
            "ultimate",
            "Ultimate pit, crest",
            Symbol(shape="area", stroke=colours.VERMILLION, width_px=3.2),
        ),
        StyleClass(
            "shell",
            "Shell of a revenue factor, crest",
            Symbol(shape="area", stroke=colours.GREY, width_px=1.5, dash_px=(2, 4)),
        ),
    )
)

#: Value of the class of what was not assayed or not estimated.
NO_VALUE = "none"


def most_breaks(breaks: Sequence[float], keep: float | None = None) -> tuple[float, ...]:
    """Thin breaks to as many as colours can be told apart, one of them kept.

    Parameters
    ----------
    breaks : sequence of float
        Such as the cut-offs of a study, in any order.
    keep : float, optional
        The base cut-off.

    Returns
    -------
    tuple of float
        Rising, at most 5, all above 0: 0 divides nothing.
    """
    rising = sorted({float(b) for b in breaks if b > 0})
    most = len(colours.SEQUENCE) - 1
    if len(rising) <= most:
        return tuple(rising)
    places = {round(i * (len(rising) - 1) / (most - 1)) for i in range(most)}
    chosen = {rising[i] for i in places}
    if keep in rising and keep not in chosen:
        inner = [b for b in chosen if b not in (rising[0], rising[-1])]
        chosen.discard(min(inner, key=lambda b: abs(b - float(keep or 0.0))))
        chosen.add(float(keep or 0.0))
    return tuple(sorted(chosen))


def class_words(breaks: Sequence[float], unit: str) -> tuple[str, ...]:
    """Name the classes that breaks make, from low to high.

    Examples
    --------
    >>> class_words((0.5, 1.0), "% Sb")
    ('below 0.5 % Sb', '0.5 to 1 % Sb', '1 % Sb and more')
    """
    if not breaks:
        return ("all values",)
    inner = [f"{a:g} to {b:g} {unit}" for a, b in pairwise(breaks)]
    named = [f"below {breaks[0]:g} {unit}", *inner, f"{breaks[-1]:g} {unit} and more"]
    return tuple(words.strip() for words in named)


def by_value(shape: Shape, breaks: Sequence[float], unit: str, absent: str) -> Style:
    """Return the style of features that are told apart by a grade.

    Parameters
    ----------
    shape : str
        "circle", "line" or "area".
    breaks : sequence of float
        Rising; a value at a break belongs to the class above it.
    unit : str
        Unit of the breaks.
    absent : str
        Words for features without a value.

    Returns
    -------
    Style
        The richest class first, on top; values of classes are "0", "1", ... from low to high.
    """
    words = class_words(breaks, unit)
    fills = colours.sequence(len(words))

    def sign(colour: str) -> Symbol:
        if shape == "line":
            return Symbol(shape="line", stroke=colour, width_px=3.5)
        if shape == "area":
            return Symbol(shape="area", stroke=colours.INK, fill=colour, width_px=1.2, opacity=0.9)
        return Symbol(shape=shape, stroke=colours.INK, fill=colour, width_px=0.7, size_px=7)

    classes = [StyleClass(str(i), words[i], sign(fills[i])) for i in range(len(words))]
    return Style((*reversed(classes), StyleClass(NO_VALUE, absent, sign(colours.ABSENT))))


def plain(shape: Shape) -> Style:
    """Return the style of a layer that this project has no rule for.

    Parameters
    ----------
    shape : str
        "circle" for points, "line" or "area".

    Returns
    -------
    Style
        One grey class.
    """
    symbol = Symbol(
        shape=shape,
        stroke=colours.GREY,
        fill=None if shape == "line" else colours.FAINT[1],
        opacity=0.35 if shape == "area" else 1.0,
    )
    return Style((StyleClass("feature", "Feature", symbol),))
