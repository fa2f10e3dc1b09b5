"""Which part of the metal does the plant recover, and how rich is its concentrate, by head grade?

A curve is a row of points that are joined by straight lines; beyond its ends the last value holds.
A constant is a curve of one point, so that everything after it reads one noun.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.errors import Problem

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curve:
    """A quantity as a function of head grade.

    Parameters
    ----------
    heads : tuple of float, shape (k,)
        Head grades of the points, rising, in the unit of the grade it is read at.
    values : tuple of float, shape (k,)
        The quantity at each, in its own unit.

    Examples
    --------
    >>> recovery = Curve((0.5, 2.0, 5.0), (0.70, 0.84, 0.90))
    >>> recovery.at([0.1, 1.25, 3.5, 40.0]).round(3).tolist()
    [0.7, 0.77, 0.87, 0.9]
    """

    heads: tuple[float, ...]
    values: tuple[float, ...]

    @classmethod
    def constant(cls, value: float) -> Curve:
        """Make the curve that has one value at every head grade."""
        return cls((0.0,), (value,))

    @property
    def is_constant(self) -> bool:
        """Whether head grade makes no difference."""
        return len(set(self.values)) == 1

    @property
    def knots(self) -> tuple[float, ...]:
        """Head grades at which its slope may change."""
        return () if self.is_constant else self.heads

    def at(self, head: ArrayLike) -> FloatArray:
        """Read the curve.

        Parameters
        ----------
        head : array_like of float, shape (n,)
            Head grades, in the unit of `heads`; NaN is not known.

        Returns
        -------
        ndarray of float, shape (n,)
            NaN where the head grade is NaN, also of a constant: what is not known has no recovery.
        """
        grades = np.asarray(head, dtype=float)
        if self.is_constant:
            return np.where(np.isnan(grades), np.nan, self.values[0])
        read: FloatArray = np.interp(grades, self.heads, self.values)
        return read


def curve_problems(heads: tuple[float, ...], values: tuple[float, ...], what: str) -> list[Problem]:
    """Find what keeps two rows of numbers from being a curve.

    Parameters
    ----------
    heads, values : tuple of float
        As in `Curve`.
    what : str
        Name of the row of values, for the messages.

    Returns
    -------
    list of Problem
        Without a place; every fault at once.
    """
    found = []
    if len(heads) != len(values):
        counts = f"{len(heads)} head grades, {len(values)} of {what}"
        found.append(Problem("a curve needs one value for each head grade", found=counts))
    if len(heads) < 2:
        remedy = "State a constant in the plant's table instead."
        found.append(
            Problem("a curve needs at least two points", found=str(len(heads)), remedy=remedy)
        )
    falls = [f"{a:g} then {b:g}" for a, b in pairwise(heads) if not b > a]
    if falls:
        remedy = "Write the points from the leanest head to the richest."
        found.append(
            Problem("the head grades of a curve do not rise", found=falls[0], remedy=remedy)
        )
    if heads and min(heads) < 0.0:
        found.append(
            Problem("a head grade is negative", found=f"{min(heads):g}", allowed="0 or more")
        )
    return found
