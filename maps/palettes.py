"""Which colours stay apart for every eye, and how is that checked?

The hues are Okabe and Ito's set for colour-blind readers [1]_. No colour carries a meaning alone:
every class also has its own shape or dash, every verdict its own sign and word.

References
----------
.. [1] Okabe, M. and Ito, K. (2008), *Color Universal Design*.
.. [2] Machado, G. M., Oliveira, M. M. and Fernandes, L. A. F. (2009), "A physiologically-based
   model for simulation of color vision deficiency", IEEE TVCG 15 (6).
.. [3] Smith, N. and van der Walt, S. (2015), *A better default colormap for Matplotlib* (CC0).
"""

from __future__ import annotations

BLACK = "#000000"
ORANGE = "#e69f00"
SKY = "#56b4e9"
GREEN = "#009e73"
YELLOW = "#f0e442"
BLUE = "#0072b2"
VERMILLION = "#d55e00"
PURPLE = "#cc79a7"

#: The hue of vermillion at a third of its light: told from it by every eye.
DARK_VERMILLION = "#7a2e00"

INK = "#1b1f24"
GREY = "#6b7280"
ROAD = "#b5a692"
CONTOUR = "#7d6650"
WHITE = "#ffffff"
#: Greys of fills and grid lines, from dark to light.
FAINT = ("#aab2bd", "#b8bec6", "#d0d0d0", "#e3e6ea")
#: Rock of a pit whose periods nobody chose, and what is dug after the chosen one.
ROCK, LATER = "#cdbfae", "#f6dca6"
#: Cells of a workbook: what one may change and its rim, what is in error, heads light and dark.
INPUT, INPUT_RIM, WRONG, HEADS = "#fff2a8", "#b8a24a", "#a3195b", ("#e8eef4", "#d5dee8")
#: How full a limit is, from empty to full: one hue.
FULNESS = ("#f0f3f7", "#0b3a66")

#: Verdicts and findings: blue and vermillion stay apart for every eye, grey is "not known".
GOOD, BAD, UNKNOWN, CAUTION, OTHER = BLUE, VERMILLION, GREY, ORANGE, PURPLE

#: Curves of one figure, in the order in which they are given out.
CURVES = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, INK)

#: Grades from low to high: viridis [3]_ at six even steps, light to dark. Six is as many as every
#: eye tells apart at a glance; any part of them stays as far apart.
SEQUENCE = ("#fde725", "#7ad151", "#22a884", "#2a788e", "#414487", "#440154")

#: Years of a plan from the first to the last: one hue that darkens, which nobody takes for a grade.
YEARS = ("#fff3c4", "#fecb63", "#f59423", "#d15f0a", "#943a06", "#4a1c04")

#: Named classes without an order, such as domains, in the order in which they are given out.
NAMED = (SKY, VERMILLION, GREEN, YELLOW, PURPLE, BLUE)

#: What has a place but no number.
ABSENT = "#d7dade"

Matrix = tuple[tuple[float, float, float], ...]

#: Full dichromacy in linear RGB [2]_, severity 1.0.
DEFICIENCIES: dict[str, Matrix] = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}

#: Linear RGB to XYZ relative to the D65 white point, rows X/Xn, Y/Yn, Z/Zn (IEC 61966-2-1).
TO_RELATIVE_XYZ: Matrix = (
    (0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505),
    (0.2126, 0.7152, 0.0722),
    (0.0193 / 1.0890, 0.1192 / 1.0890, 0.9505 / 1.0890),
)


def sequence(count: int, colours: tuple[str, ...] = SEQUENCE) -> tuple[str, ...]:
    """Return colours from low to high, spread evenly.

    Parameters
    ----------
    count : int
        Number of classes, 1 to 6.
    colours : tuple of str
        `SEQUENCE` of grades or `YEARS`.

    Returns
    -------
    tuple of str
        ``#rrggbb``, each once.

    Raises
    ------
    ValueError
        If more classes are asked for than can be told apart.
    """
    most = len(colours)
    if not 1 <= count <= most:
        raise ValueError(f"1 to {most} classes can be told apart, not {count}")
    return tuple(colours[round(i * (most - 1) / max(1, count - 1))] for i in range(count))


def linear_rgb(colour: str) -> tuple[float, ...]:
    """Return the three linear components [fraction] of a ``#rrggbb`` colour."""
    shares = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return tuple(s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)


def as_seen(colour: str, deficiency: str | None = None) -> tuple[float, ...]:
    """Return a colour as CIELAB, as somebody with a colour vision deficiency sees it.

    Parameters
    ----------
    colour : str
        ``#rrggbb``.
    deficiency : str, optional
        A key of `DEFICIENCIES`; None is ordinary vision.

    Returns
    -------
    tuple of float
        Lightness, a, b.
    """
    rgb = linear_rgb(colour)
    if deficiency is not None:
        rgb = tuple(min(max(c, 0.0), 1.0) for c in _apply(DEFICIENCIES[deficiency], rgb))
    x, y, z = (_cube_root(c) for c in _apply(TO_RELATIVE_XYZ, rgb))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours as WCAG 2 defines it (1 to 21)."""
    weights = TO_RELATIVE_XYZ[1]
    light = [sum(w * c for w, c in zip(weights, linear_rgb(x), strict=True)) for x in (one, other)]
    return (max(light) + 0.05) / (min(light) + 0.05)


def _apply(matrix: Matrix, vector: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sum(m * v for m, v in zip(row, vector, strict=True)) for row in matrix)


def _cube_root(t: float) -> float:
    return t ** (1 / 3) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29
