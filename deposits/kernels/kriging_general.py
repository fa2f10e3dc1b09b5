"""What does kriging give under any drift, one target at a time?

Slower than :mod:`deposits.kernels.kriging_lanes`, and shares only the covariance shapes with it:
Gaussian elimination with partial pivoting on the whole system, drift terms included.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from deposits.kernels.covariance import correlation
from deposits.kernels.kriging_arrays import Answers, Model, Supports

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: A pivot below this share of the variance: the system is as good as singular.
SINGULAR = 1e-11
CHUNK = 64


class Drift(NamedTuple):
    """Functions whose weighted sum the mean is taken to be.

    powers : (p, 3) of easting, northing and elevation from the target, one row a monomial
    reach : float [m], the unit of those coordinates
    samples : (n, q), targets : (n, q) external drift, in units of its spread
    """

    powers: IntArray
    reach: float
    samples: FloatArray
    targets: FloatArray


@njit(cache=True, nogil=True)
def covariance_between(
    kinds: IntArray, sills: FloatArray, scalings: FloatArray, dx: float, dy: float, dz: float
) -> float:
    """Return the covariance of the structures (no nugget) at a lag [m]."""
    total = 0.0
    for s in range(kinds.size):
        h2 = 0.0
        for a in range(3):
            d = scalings[s, a, 0] * dx + scalings[s, a, 1] * dy + scalings[s, a, 2] * dz
            h2 += d * d
        total += sills[s] * correlation(kinds[s], math.sqrt(h2))
    return total


@njit(cache=True, nogil=True)
def block_variance(
    kinds: IntArray, sills: FloatArray, scalings: FloatArray, offsets: FloatArray
) -> float:
    """Return the mean covariance (no nugget) between all pairs of discretisation points.

    A point is paired with itself too, without the nugget: GSLIB's convention (kt3d).
    """
    n = offsets.shape[0]
    total = 0.0
    for i in range(n):
        for j in range(n):
            total += covariance_between(
                kinds,
                sills,
                scalings,
                offsets[i, 0] - offsets[j, 0],
                offsets[i, 1] - offsets[j, 1],
                offsets[i, 2] - offsets[j, 2],
            )
    return float(total / (n * n))


@njit(cache=True, nogil=True)
def eliminate(matrix: FloatArray, right: FloatArray, n: int, scale: float) -> bool:
    """Solve in place by Gaussian elimination with partial pivoting; False when singular."""
    for k in range(n):
        best = k
        for i in range(k + 1, n):
            if abs(matrix[i, k]) > abs(matrix[best, k]):
                best = i
        if not abs(matrix[best, k]) > SINGULAR * scale:
            return False
        if best != k:
            for j in range(k, n):
                matrix[k, j], matrix[best, j] = matrix[best, j], matrix[k, j]
            right[k], right[best] = right[best], right[k]
        for i in range(k + 1, n):
            factor = matrix[i, k] / matrix[k, k]
            if factor != 0.0:
                for j in range(k + 1, n):
                    matrix[i, j] -= factor * matrix[k, j]
                right[i] -= factor * right[k]
    for k in range(n - 1, -1, -1):
        total = right[k]
        for j in range(k + 1, n):
            total -= matrix[k, j] * right[j]
        right[k] = total / matrix[k, k]
    return True


@njit(cache=True, nogil=True)
def power(x: float, n: int) -> float:
    """Return x to a small whole power."""
    out = 1.0
    for _ in range(n):
        out *= x
    return out


@njit(cache=True, nogil=True)
def _monomial(powers: IntArray, dx: float, dy: float, dz: float) -> float:
    return power(dx, powers[0]) * power(dy, powers[1]) * power(dz, powers[2])


@njit(cache=True, nogil=True)
def _add_drift(
    drift: Drift,
    model: Model,
    supports: Supports,
    target: int,
    near: NDArray[np.int32],
    n: int,
    matrix: FloatArray,
    right: FloatArray,
) -> int:
    """Border the system with the drift functions; return how many there are."""
    p, q = drift.powers.shape[0], drift.samples.shape[1]
    offsets = supports.offsets[supports.size[target]]
    for f in range(p + q):
        column = n + f
        for i in range(n):
            if f < p:
                value = _monomial(
                    drift.powers[f],
                    (model.metres[near[i], 0] - supports.metres[target, 0]) / drift.reach,
                    (model.metres[near[i], 1] - supports.metres[target, 1]) / drift.reach,
                    (model.metres[near[i], 2] - supports.metres[target, 2]) / drift.reach,
                )
            else:
                value = drift.samples[near[i], f - p] - drift.targets[target, f - p]
            matrix[i, column] = value * model.variance
            matrix[column, i] = matrix[i, column]
        right[column] = 0.0
        if f < p:
            for d in range(offsets.shape[0]):
                o = offsets[d] / drift.reach
                term = _monomial(drift.powers[f], o[0], o[1], o[2])
                right[column] += term * model.variance / offsets.shape[0]
        for g in range(p + q):
            matrix[column, n + g] = 0.0
    return int(p + q)


@njit(cache=True, nogil=True)
def _add_covariances(
    model: Model,
    supports: Supports,
    target: int,
    near: NDArray[np.int32],
    n: int,
    matrix: FloatArray,
    right: FloatArray,
) -> float:
    """Fill covariances among samples and with the target; return the mean distance [m]."""
    offsets = supports.offsets[supports.size[target]]
    total, at_place = 0.0, 0
    for i in range(n):
        a = model.metres[near[i]] - supports.metres[target]
        for j in range(i):
            d = model.metres[near[i]] - model.metres[near[j]]
            value = covariance_between(model.kinds, model.sills, model.scalings, d[0], d[1], d[2])
            matrix[i, j] = value
            matrix[j, i] = value
        matrix[i, i] = model.variance
        right[i] = 0.0
        for p in range(offsets.shape[0]):
            right[i] += covariance_between(
                model.kinds,
                model.sills,
                model.scalings,
                a[0] - offsets[p, 0],
                a[1] - offsets[p, 1],
                a[2] - offsets[p, 2],
            )
        right[i] /= offsets.shape[0]
        lag2 = a[0] * a[0] + a[1] * a[1] + a[2] * a[2]
        total += math.sqrt(lag2)
        at_place += lag2 < 1e-12
    if offsets.shape[0] == 1 and at_place > 0:
        for i in range(n):
            a = model.metres[near[i]] - supports.metres[target]
            if a[0] * a[0] + a[1] * a[1] + a[2] * a[2] < 1e-12:
                right[i] += model.nugget / at_place
    return total / n


@njit(cache=True, nogil=True)
def _target(
    model: Model,
    supports: Supports,
    drift: Drift,
    grades: FloatArray,
    means: FloatArray,
    target: int,
    near: NDArray[np.int32],
    n: int,
    answers: Answers,
    weights: FloatArray,
) -> None:
    """Krige one target."""
    room = n + drift.powers.shape[0] + drift.samples.shape[1]
    matrix, solution = np.empty((room, room)), np.empty(room)
    answers.distance[target] = _add_covariances(model, supports, target, near, n, matrix, solution)
    extra = _add_drift(drift, model, supports, target, near, n, matrix, solution)
    right = solution.copy()
    if extra > n or not eliminate(matrix, solution, n + extra, model.variance):
        return
    covariance = negative = whole = 0.0
    for i in range(n):
        covariance += solution[i] * right[i]
        whole += abs(solution[i])
        negative += max(-solution[i], 0.0)
        if weights.shape[0] > 0:
            weights[target, i] = solution[i]
    multipliers = 0.0
    for f in range(n, n + extra):
        multipliers += solution[f] * right[f]
    block = supports.variance[supports.size[target]] - model.shift
    answers.covariance[target] = covariance
    answers.spread[target] = covariance - multipliers
    answers.variance[target] = block - covariance - multipliers
    answers.negative[target] = negative / whole if whole > 0 else 0.0
    for e in range(grades.shape[1]):
        value = means[e]
        for i in range(n):
            value += solution[i] * (grades[near[i], e] - means[e])
        answers.values[target, e] = value


@njit(cache=True, nogil=True)
def _some(
    model: Model,
    supports: Supports,
    drift: Drift,
    grades: FloatArray,
    means: FloatArray,
    rows: IntArray,
    neighbours: NDArray[np.int32],
    counts: IntArray,
    answers: Answers,
    weights: FloatArray,
    chunk: int,
) -> None:
    """Krige some targets one after another."""
    for r in range(chunk * CHUNK, min((chunk + 1) * CHUNK, rows.size)):
        row = rows[r]
        _target(
            model,
            supports,
            drift,
            grades,
            means,
            row,
            neighbours[row],
            counts[row],
            answers,
            weights,
        )


@njit(cache=True, nogil=True, parallel=True)
def krige_general(
    model: Model,
    supports: Supports,
    drift: Drift,
    grades: FloatArray,
    means: FloatArray,
    rows: IntArray,
    neighbours: NDArray[np.int32],
    counts: IntArray,
    answers: Answers,
    weights: FloatArray,
) -> None:
    """Krige targets from their neighbours under a drift.

    Parameters
    ----------
    model, supports, grades, rows, neighbours, counts, answers
        As for :func:`deposits.kernels.kriging_lanes.krige_lanes`.
    drift : Drift
        No function at all is simple kriging; the monomial of powers 0 alone is ordinary kriging.
    means : float64 (m,)
        Known means of simple kriging; under a drift anything near the grades.
    weights : float64 (n, most) or (0, 0)
        Written with the weights of the neighbours unless empty.
    """
    for chunk in prange((rows.size + CHUNK - 1) // CHUNK):
        _some(
            model, supports, drift, grades, means, rows, neighbours, counts, answers, weights, chunk
        )
