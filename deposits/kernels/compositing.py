"""What does each piece of a hole hold of the intervals that it cuts?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Cut(NamedTuple):
    """Intervals and pieces, both in order down the runs; run r has starts[r]:starts[r + 1]."""

    from_m: FloatArray
    to_m: FloatArray
    first_interval: IntArray
    piece_from_m: FloatArray
    piece_to_m: FloatArray
    first_piece: IntArray


@njit(cache=True, nogil=True, parallel=True)
def cut_intervals(
    cut: Cut, values: FloatArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return per piece: covered length, and per element sampled length, support and metal.

    Support is length x weight where the element is known; metal is its product with the grade.
    """
    n, m = cut.piece_from_m.size, values.shape[1]
    covered = np.zeros(n)
    sampled, support, metal = np.zeros((n, m)), np.zeros((n, m)), np.zeros((n, m))
    for run in prange(cut.first_interval.size - 1):
        i, last = cut.first_interval[run], cut.first_interval[run + 1]
        for piece in range(cut.first_piece[run], cut.first_piece[run + 1]):
            top, foot = cut.piece_from_m[piece], cut.piece_to_m[piece]
            while i < last and cut.to_m[i] <= top:
                i += 1
            j = i
            while j < last and cut.from_m[j] < foot:
                length = min(foot, cut.to_m[j]) - max(top, cut.from_m[j])
                covered[piece] += length
                for e in range(m):
                    grade = values[j, e]
                    if not np.isnan(grade):
                        sampled[piece, e] += length
                        support[piece, e] += length * weights[j]
                        metal[piece, e] += length * weights[j] * grade
                j += 1
    return covered, sampled, support, metal
