"""How alike are two points at a lag that is given in units of the range?"""

from __future__ import annotations

import math

from numba import njit

SPHERICAL, EXPONENTIAL, GAUSSIAN, CUBIC, LINEAR = 0, 1, 2, 3, 4


@njit(cache=True, nogil=True, inline="always")
def correlation(kind: int, h: float) -> float:
    """Return the correlation of one structure at lag *h*, in units of its (practical) range.

    At h = 1 the exponential and the Gaussian have fallen to exp(-3), the others to 0. LINEAR is
    unbounded (1 - h): only for weights that sum to one.
    """
    if kind == SPHERICAL:
        if h >= 1.0:
            return 0.0
        return 1.0 - h * (1.5 - 0.5 * h * h)
    if kind == EXPONENTIAL:
        return math.exp(-3.0 * h)
    if kind == GAUSSIAN:
        return math.exp(-3.0 * h * h)
    if kind == CUBIC:
        if h >= 1.0:
            return 0.0
        h2 = h * h
        return 1.0 - h2 * (7.0 - h * (8.75 - h2 * (3.5 - 0.75 * h2)))
    return 1.0 - h
