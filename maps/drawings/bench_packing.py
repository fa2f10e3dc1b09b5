"""How do the values of a million blocks become a short text that a page can unfold?

Values become whole numbers of two bytes: 0 where there is no block, 1 where a block has no value,
and from 2 on steps of equal size. Differences to neighbours along all three axes, low bytes before
high bytes, deflate and base 64 do the rest. No value changes its class of the legend, and none is
off by more than a step.
"""

from __future__ import annotations

import base64
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Codes = NDArray[np.uint16]

NO_BLOCK, NO_VALUE, FIRST = 0, 1, 2
#: Steps that two bytes hold, with room for rounding at both ends.
MOST_STEPS = 65_000


@dataclass(frozen=True, slots=True, eq=False)
class Quantised:
    """Values as whole numbers.

    Parameters
    ----------
    codes : ndarray of uint16, shape (benches, rows, columns)
        0 no block, 1 no value, else ``lo + (code - 2) * step``.
    lo, step : float
        Value of code 2 and of each further one, in the unit of the values.
    starts : tuple of int
        First code of each class but the lowest.
    """

    codes: Codes
    lo: float
    step: float
    starts: tuple[int, ...]


def quantise(
    values: FloatArray, present: NDArray[np.bool_], breaks: Sequence[float], levels: int
) -> Quantised:
    """Write values as steps that keep every value in its class.

    Parameters
    ----------
    values : ndarray
        NaN where nothing is known.
    present : ndarray of bool
        Where there is a block; of the same shape.
    breaks : sequence of float
        Where classes begin, rising; a value at a break belongs above it.
    levels : int
        Steps between the smallest and the largest value, about; more where classes are narrow.

    Returns
    -------
    Quantised
        Off by a step at most; the step is 1, 2 or 5 times a power of ten where it can be.
    """
    known = present & np.isfinite(values)
    codes = np.where(present, NO_VALUE, NO_BLOCK).astype(np.uint16)
    if not known.any():
        return Quantised(codes, 0.0, 1.0, tuple(FIRST for _ in breaks))
    found = values[known]
    low, high = float(found.min()), float(found.max())
    step = _step(low, high, breaks, levels)
    lo = math.floor(low / step) * step
    starts = np.array([math.ceil((b - lo) / step - 1e-9) + FIRST for b in breaks], dtype=np.int64)
    number = np.searchsorted(np.asarray(breaks, dtype=np.float64), found, side="right")
    edges = np.concatenate(([FIRST], np.maximum(starts, FIRST), [np.iinfo(np.uint16).max + 1]))
    code = np.rint((found - lo) / step).astype(np.int64) + FIRST
    codes[known] = np.clip(code, edges[number], edges[number + 1] - 1)
    return Quantised(codes, lo, step, tuple(int(s) for s in starts))


def _step(low: float, high: float, breaks: Sequence[float], levels: int) -> float:
    """Choose the size of a step: round, and a quarter of the narrowest class at most."""
    span = high - low
    if not span > 0:
        return 1.0
    width = span / levels
    inside = [low, *(b for b in breaks if low < b < high), high]
    narrow = [b - a for a, b in pairwise(inside[1:-1])]
    width = min([width, *(n / 4 for n in narrow)])
    power = 10.0 ** math.floor(math.log10(width))
    step = max(s * power for s in (1, 2, 5) if s * power <= width * (1 + 1e-9))
    return max(step, span / MOST_STEPS)


def pack(codes: Codes) -> str:
    """Fold codes into base 64 text, which the page unfolds.

    Parameters
    ----------
    codes : ndarray of uint16, shape (benches, rows, columns)

    Returns
    -------
    str
        Differences along rows, columns and benches (modulo 65,536), all low bytes, then all high
        bytes, deflated.
    """
    steps: Codes = codes
    for axis in range(codes.ndim):
        zeros = np.zeros_like(np.take(codes, [0], axis))
        steps = np.asarray(np.diff(steps, axis=axis, prepend=zeros), dtype=np.uint16)
    planes = np.concatenate(((steps & 255).ravel(), (steps >> 8).ravel())).astype(np.uint8)
    return base64.b64encode(zlib.compress(planes.tobytes(), 6)).decode("ascii")
