"""Which arrays go into the kriging kernels, and which come out?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Model(NamedTuple):
    """A covariance model with the samples in its metrics.

    nugget, variance : float, the nugget and C(0)
    kinds, sills : (s,) of the structures; scalings : (s, 3, 3)
    metres : (n, 3) samples from the local origin; scaled : (s, n, 3) in units of each range
    shift : float, added to every covariance so that unbounded models factorise
    """

    nugget: float
    variance: float
    kinds: IntArray
    sills: FloatArray
    scalings: FloatArray
    metres: FloatArray
    scaled: FloatArray
    shift: float


class Supports(NamedTuple):
    """What is estimated.

    metres : (n, 3) centres from the local origin; scaled : (s, n, 3)
    size : (n,) which of the sizes each has
    offsets : (n_sizes, d, 3) discretisation points from the centre [m]
    scaled_offsets : (n_sizes, s, d, 3); variance : (n_sizes,) of a block
    """

    metres: FloatArray
    scaled: FloatArray
    size: IntArray
    offsets: FloatArray
    scaled_offsets: FloatArray
    variance: FloatArray


class Answers(NamedTuple):
    """What the solvers write, NaN before.

    values : (n, m); variance, covariance, spread : (n,) kriging variance, covariance of estimate
    and truth, variance of the estimate; distance : (n,) [m]; negative : (n,) share of weights
    """

    values: FloatArray
    variance: FloatArray
    covariance: FloatArray
    spread: FloatArray
    distance: FloatArray
    negative: FloatArray
