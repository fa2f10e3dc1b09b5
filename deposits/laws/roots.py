"""Where do many increasing functions cross 0, each with its own root?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Equation: TypeAlias = Callable[[Array, NDArray[np.intp]], tuple[Array, Array]]


def increasing_root(equation: Equation, start: Array) -> Array:
    """Roots of many increasing functions by Newton's step, halving the bracket where it fails.

    Parameters
    ----------
    equation : callable
        Takes the points (m,) and the numbers (m,) of the functions they belong to; returns
        values (m,) and slopes (m,).
    start : ndarray of float, shape (n,)
        First guess; the bracket is found on the way.

    Returns
    -------
    ndarray of float, shape (n,)
    """
    x = np.array(start, dtype=float)
    low, high = np.full(x.shape, -np.inf), np.full(x.shape, np.inf)
    active = np.arange(x.size)
    for step in range(200):
        here = x[active]
        value, slope = equation(here, active)
        low[active] = np.where(value <= 0.0, here, low[active])
        high[active] = np.where(value >= 0.0, here, high[active])
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            there = here - value / slope
        below, above = low[active], high[active]
        # Without both ends a failed step goes out by powers of two instead of halving.
        far = np.where(value > 0.0, -1.0, 1.0) * (1.0 + np.abs(here)) * 2.0 ** min(step, 60)
        closed = np.isfinite(below) & np.isfinite(above)
        inside = np.isfinite(there) & (there >= below) & (there <= above)
        there = np.where(inside, there, np.where(closed, 0.5 * (below + above), here + far))
        x[active] = there
        moving = np.abs(there - here) > 2e-15 * np.abs(here) + 1e-16
        active = active[moving & (value != 0.0)]
        if active.size == 0:
            break
    return x
