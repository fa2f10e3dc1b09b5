"""What does one element's estimate gain from samples of others: the co-kriging system?

One target at a time, Gaussian elimination on the whole system as in
:mod:`deposits.kernels.kriging_general`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from deposits.kernels.covariance import correlation
from deposits.kernels.kriging_arrays import Answers, Supports
from deposits.kernels.kriging_general import CHUNK, eliminate

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class JointModel(NamedTuple):
    """A linear model of coregionalisation with the samples.

    nugget : (m, m); kinds : (s,); sills : (s, m, m); scalings : (s, 3, 3)
    metres : (n, 3) samples from the local origin; grades : (n, m), less *means*
    means : (m,) taken off the grades; primary : element to estimate
    constraints : (m,) number of the sum that each element's weights belong to, -1 for none
    """

    nugget: FloatArray
    kinds: IntArray
    sills: FloatArray
    scalings: FloatArray
    metres: FloatArray
    grades: FloatArray
    means: FloatArray
    primary: int
    constraints: IntArray


class Joint(NamedTuple):
    """Neighbours by element: sample numbers (m, n, most) and counts (m, n)."""

    neighbours: NDArray[np.int32]
    counts: IntArray


@njit(cache=True, nogil=True)
def _between(model: JointModel, a: int, b: int, x: float, y: float, z: float) -> float:
    """Cross-covariance of the structures (no nugget) at a lag [m]."""
    total = 0.0
    for s in range(model.kinds.size):
        h2 = 0.0
        for k in range(3):
            c = model.scalings[s, k]
            d = c[0] * x + c[1] * y + c[2] * z
            h2 += d * d
        total += model.sills[s, a, b] * correlation(model.kinds[s], math.sqrt(h2))
    return total


@njit(cache=True, nogil=True)
def _system(
    model: JointModel,
    supports: Supports,
    target: int,
    sample: IntArray,
    element: IntArray,
    matrix: FloatArray,
    right: FloatArray,
) -> None:
    """Fill covariances among samples and with the target."""
    offsets = supports.offsets[supports.size[target]]
    n, points = sample.size, offsets.shape[0]
    here = np.zeros(model.means.size)
    for i in range(n):
        lag = model.metres[sample[i]] - supports.metres[target]
        here[element[i]] += np.sum(lag * lag) < 1e-12
    for i in range(n):
        a = element[i]
        for j in range(i + 1):
            b = element[j]
            lag = model.metres[sample[i]] - model.metres[sample[j]]
            value = _between(model, a, b, lag[0], lag[1], lag[2])
            if i == j or (a != b and np.sum(lag * lag) < 1e-12):
                value += model.nugget[a, b]
            matrix[i, j] = value
            matrix[j, i] = value
        lag = model.metres[sample[i]] - supports.metres[target]
        right[i] = 0.0
        for p in range(points):
            o = offsets[p]
            right[i] += _between(
                model, a, model.primary, lag[0] - o[0], lag[1] - o[1], lag[2] - o[2]
            )
        right[i] /= points
        if points == 1 and np.sum(lag * lag) < 1e-12:
            right[i] += model.nugget[a, model.primary] / here[a]


@njit(cache=True, nogil=True)
def _constrain(
    model: JointModel, element: IntArray, scale: float, matrix: FloatArray, right: FloatArray
) -> int:
    """Border the system with the sums of weights; return how many there are."""
    n, extra = element.size, 0
    place = np.full(model.means.size, -1)
    for i in range(n):
        c = model.constraints[element[i]]
        if c >= 0 and place[c] < 0:
            place[c] = extra
            extra += 1
    for e in range(extra):
        right[n + e] = 0.0
        for j in range(n + extra):
            matrix[n + e, j] = 0.0
            matrix[j, n + e] = 0.0
    for i in range(n):
        c = model.constraints[element[i]]
        if c >= 0:
            matrix[n + place[c], i] = scale
            matrix[i, n + place[c]] = scale
    own = model.constraints[model.primary]
    if own >= 0:
        right[n + place[own]] = scale
    return extra


@njit(cache=True, nogil=True)
def _target(
    model: JointModel, supports: Supports, joint: Joint, target: int, answers: Answers
) -> None:
    """Co-krige one target."""
    m = model.means.size
    n = 0
    for e in range(m):
        n += joint.counts[e, target]
    sample, element = np.empty(n, np.int64), np.empty(n, np.int64)
    n = 0
    for e in range(m):
        for i in range(joint.counts[e, target]):
            sample[n] = joint.neighbours[e, target, i]
            element[n] = e
            n += 1
    matrix, solution = np.empty((n + m, n + m)), np.empty(n + m)
    _system(model, supports, target, sample, element, matrix, solution)
    scale = supports.variance[supports.size[target]]
    extra = _constrain(model, element, scale, matrix, solution)
    right = solution.copy()
    total = 0.0
    for i in range(n):
        lag = model.metres[sample[i]] - supports.metres[target]
        total += math.sqrt(np.sum(lag * lag))
    answers.distance[target] = total / n
    if not eliminate(matrix, solution, n + extra, scale):
        return
    covariance = multipliers = negative = whole = 0.0
    value = model.means[model.primary]
    for i in range(n):
        covariance += solution[i] * right[i]
        whole += abs(solution[i])
        negative += max(-solution[i], 0.0)
        value += solution[i] * model.grades[sample[i], element[i]]
    for f in range(n, n + extra):
        multipliers += solution[f] * right[f]
    answers.values[target, 0] = value
    answers.covariance[target] = covariance
    answers.spread[target] = covariance - multipliers
    answers.variance[target] = scale - covariance - multipliers
    answers.negative[target] = negative / whole if whole > 0 else 0.0


@njit(cache=True, nogil=True)
def _some(
    model: JointModel,
    supports: Supports,
    joint: Joint,
    rows: IntArray,
    answers: Answers,
    chunk: int,
) -> None:
    """Co-krige some targets one after another."""
    for r in range(chunk * CHUNK, min((chunk + 1) * CHUNK, rows.size)):
        _target(model, supports, joint, rows[r], answers)


@njit(cache=True, nogil=True, parallel=True)
def krige_together(
    model: JointModel, supports: Supports, joint: Joint, rows: IntArray, answers: Answers
) -> None:
    """Co-krige targets from their neighbours of every element.

    Parameters
    ----------
    model : JointModel
    supports : Supports
        Targets; its variance is that of the primary element.
    joint : Joint
        Each target of *rows* has at least one neighbour of the primary element.
    rows : int64
    answers : Answers
        Written for *rows*; values stay NaN where the system is singular.
    """
    for chunk in prange((rows.size + CHUNK - 1) // CHUNK):
        _some(model, supports, joint, rows, answers, chunk)
