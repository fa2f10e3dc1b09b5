"""What is left of a convex polygon beside a line, and how large is it?

Sutherland and Hodgman (1974), one side at a time; the checkers share it with no optimiser.
"""

from __future__ import annotations

import math

Point = tuple[float, float]


def keep_side(polygon: list[Point], axis: int, bound: float, side: float) -> list[Point]:
    """Keep the part of a convex polygon on one side of a line square to an axis.

    Parameters
    ----------
    polygon : list of Point
        Corners in order; [] is nothing.
    axis : int
        0 or 1, the axis that the line is square to.
    bound : float
        Where the line cuts that axis.
    side : float
        1 keeps what lies above it, -1 what lies below.

    Returns
    -------
    list of Point
        Corners in order.

    Examples
    --------
    >>> keep_side([(0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (0.0, 1.0)], 0, 1.5, 1.0)
    [(1.5, 0.0), (2.0, 0.0), (2.0, 1.0), (1.5, 1.0)]
    """
    kept: list[Point] = []
    for here, there in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        a, b = side * (here[axis] - bound), side * (there[axis] - bound)
        if a >= 0:
            kept.append(here)
        if a * b < 0:
            t = a / (a - b)
            kept.append((here[0] + t * (there[0] - here[0]), here[1] + t * (there[1] - here[1])))
    return kept


def area(polygon: list[Point]) -> float:
    """Return the area of a polygon, by the shoelace formula from its first corner.

    Parameters
    ----------
    polygon : list of Point
        Corners in order; [] has no area.

    Returns
    -------
    float
        In the square of the corners' unit.
    """
    if not polygon:
        return 0.0
    u, w = polygon[0]
    moved = [(a - u, b - w) for a, b in polygon]
    pairs = zip(moved, moved[1:] + moved[:1], strict=True)
    return abs(math.fsum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2
