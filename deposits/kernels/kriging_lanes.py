"""What do ordinary and simple kriging give for eight blocks at once?

Each block sits in one lane of a vector register: all arrays end in an axis of eight lanes. One
Cholesky factorisation in panels of four columns serves the whole group; the right-hand sides ride
along as two further rows, which is their forward substitution. Neighbourhoods are padded to a
multiple of four with rows of the identity matrix.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from deposits.kernels.covariance import CUBIC, EXPONENTIAL, GAUSSIAN, SPHERICAL
from deposits.kernels.kriging_arrays import Answers, Model, Supports
from deposits.kernels.kriging_vectors import (
    LANES,
    add_product,
    at_most_one,
    divide,
    exponential,
    fill,
    less_product,
    load1,
    load2,
    multiply,
    nan_unless_above,
    root,
    store1,
    store2,
    subtract,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

PANEL = 4
GROUPS = 16
#: A pivot below this share of the variance: the system is as good as singular.
TINY = 1e-12


class Scratch(NamedTuple):
    """Work arrays of one thread; the last axis is the lane."""

    matrix: FloatArray
    places: FloatArray
    squared: FloatArray
    right: FloatArray
    used: FloatArray
    row: FloatArray


@njit(cache=True, nogil=True, error_model="numpy")
def add_structure(kind: int, sill: float, squared: FloatArray, n: int, out: FloatArray) -> None:
    """Add sill times the correlation at squared lags (units of the range) to the first n rows."""
    c = fill(sill)
    if kind == SPHERICAL:
        for i in range(n):
            h = at_most_one(root(load1(squared, i)))
            bracket = less_product(fill(1.5), multiply(fill(0.5), h), h)
            store1(out, i, add_product(load1(out, i), c, less_product(fill(1.0), h, bracket)))
    elif kind == EXPONENTIAL:
        for i in range(n):
            value = exponential(multiply(fill(-3.0), root(load1(squared, i))))
            store1(out, i, add_product(load1(out, i), c, value))
    elif kind == GAUSSIAN:
        for i in range(n):
            value = exponential(multiply(fill(-3.0), load1(squared, i)))
            store1(out, i, add_product(load1(out, i), c, value))
    elif kind == CUBIC:
        for i in range(n):
            s = at_most_one(load1(squared, i))
            h = root(s)
            inner = less_product(fill(3.5), fill(0.75), s)
            inner = less_product(fill(8.75), s, inner)
            inner = less_product(fill(7.0), h, inner)
            store1(out, i, add_product(load1(out, i), c, less_product(fill(1.0), s, inner)))
    else:
        for i in range(n):
            value = subtract(fill(1.0), root(load1(squared, i)))
            store1(out, i, add_product(load1(out, i), c, value))


@njit(cache=True, nogil=True, error_model="numpy")
def _squared_lags(
    places: FloatArray, n: int, other: FloatArray, i: int, squared: FloatArray
) -> None:
    """Write the squared lags of the first n places from one place."""
    x, y, z = load2(other, 0, i), load2(other, 1, i), load2(other, 2, i)
    for j in range(n):
        dx = subtract(load2(places, 0, j), x)
        dy = subtract(load2(places, 1, j), y)
        dz = subtract(load2(places, 2, j), z)
        total = add_product(add_product(multiply(dx, dx), dy, dy), dz, dz)
        store1(squared, j, total)


@njit(cache=True, nogil=True, error_model="numpy")
def _assemble(
    model: Model,
    supports: Supports,
    rows: IntArray,
    neighbours: NDArray[np.int32],
    size: int,
    work: Scratch,
) -> None:
    """Write the covariances of a group: matrix below the diagonal, right-hand side in *right*."""
    places, squared = work.places, work.squared
    n_points = supports.offsets.shape[1]
    inside = min(size, neighbours.shape[1])
    for s in range(model.kinds.size):
        kind, sill = model.kinds[s], model.sills[s]
        for w in range(LANES):
            target = rows[w]
            for i in range(inside):
                sample = neighbours[target, i]
                for a in range(3):
                    places[a, i, w] = model.scaled[s, sample, a] - supports.scaled[s, target, a]
        for i in range(1, size):
            _squared_lags(places, i, places, i, squared)
            add_structure(kind, sill, squared, i, work.matrix[i])
        for d in range(n_points):
            for w in range(LANES):
                for a in range(3):
                    work.row[a, 0, w] = supports.scaled_offsets[supports.size[rows[w]], s, d, a]
            _squared_lags(places, size, work.row, 0, squared)
            add_structure(kind, sill / n_points, squared, size, work.right)


@njit(cache=True, nogil=True, fastmath={"contract"}, error_model="numpy")
def _frame(
    model: Model,
    supports: Supports,
    rows: IntArray,
    neighbours: NDArray[np.int32],
    counts: IntArray,
    size: int,
    work: Scratch,
    answers: Answers,
) -> None:
    """Complete the system: diagonal, padding, nugget at a sample's own place, mean distances."""
    matrix, right = work.matrix, work.right
    point = supports.offsets.shape[1] == 1
    for w in range(LANES):
        target = rows[w]
        n = counts[target]
        total, at_place = 0.0, 0
        for i in range(n):
            sample = neighbours[target, i]
            d2 = 0.0
            for a in range(3):
                d = model.metres[sample, a] - supports.metres[target, a]
                d2 += d * d
            total += math.sqrt(d2)
            work.squared[i, w] = d2
            at_place += d2 < 1e-12
        answers.distance[target] = total / n
        if point and at_place > 0:
            for i in range(n):
                if work.squared[i, w] < 1e-12:
                    right[i, w] += model.nugget / at_place
        for i in range(n):
            work.used[i, w] = 1.0
            matrix[i, i, w] = model.variance + model.shift
        for i in range(n, size):
            for j in range(i):
                matrix[i, j, w] = 0.0
            matrix[i, i, w] = 1.0
            right[i, w] = 0.0
            work.used[i, w] = 0.0


@njit(cache=True, nogil=True, error_model="numpy")
def _panel(matrix: FloatArray, k: int, size: int, tiny: float) -> None:
    """Factorise four columns that all columns before have been taken from."""
    for j in range(k, k + PANEL):
        pivot = nan_unless_above(load2(matrix, j, j), tiny)
        inverse = divide(fill(1.0), root(pivot))
        store2(matrix, j, j, inverse)
        for i in range(j + 1, size + 2):
            store2(matrix, i, j, multiply(load2(matrix, i, j), inverse))
        for c in range(j + 1, k + PANEL):
            factor = load2(matrix, c, j)
            for i in range(c, size + 2):
                value = less_product(load2(matrix, i, c), load2(matrix, i, j), factor)
                store2(matrix, i, c, value)


@njit(cache=True, nogil=True, error_model="numpy")
def _factor(matrix: FloatArray, size: int, tiny: float) -> None:
    """Factorise the first *size* rows (Cholesky) and carry two further rows along.

    The diagonal comes out inverted; it is NaN from a pivot on that is not above *tiny*.
    """
    for k in range(0, size, PANEL):
        _panel(matrix, k, size, tiny)
        for i in range(k + PANEL, size + 2, 2):
            a0, a1 = load2(matrix, i, k), load2(matrix, i, k + 1)
            a2, a3 = load2(matrix, i, k + 2), load2(matrix, i, k + 3)
            b0, b1 = load2(matrix, i + 1, k), load2(matrix, i + 1, k + 1)
            b2, b3 = load2(matrix, i + 1, k + 2), load2(matrix, i + 1, k + 3)
            for j in range(k + PANEL, min(i + 2, size)):
                c0, c1 = load2(matrix, j, k), load2(matrix, j, k + 1)
                c2, c3 = load2(matrix, j, k + 2), load2(matrix, j, k + 3)
                upper = less_product(load2(matrix, i, j), a0, c0)
                upper = less_product(upper, a1, c1)
                upper = less_product(upper, a2, c2)
                upper = less_product(upper, a3, c3)
                lower = less_product(load2(matrix, i + 1, j), b0, c0)
                lower = less_product(lower, b1, c1)
                lower = less_product(lower, b2, c2)
                lower = less_product(lower, b3, c3)
                store2(matrix, i, j, upper)
                store2(matrix, i + 1, j, lower)


@njit(cache=True, nogil=True, error_model="numpy")
def _weights(work: Scratch, size: int, ordinary: float, multiplier: FloatArray) -> None:
    """Turn the factorised group into weights (into *squared*) and Lagrange multipliers."""
    matrix, weights = work.matrix, work.squared
    cross, ones = fill(-1.0), fill(0.0)
    for i in range(size):
        one = load2(matrix, size + 1, i)
        cross = add_product(cross, load2(matrix, size, i), one)
        ones = add_product(ones, one, one)
    lagrange = multiply(fill(ordinary), divide(cross, ones))
    store1(multiplier, 0, lagrange)
    for i in range(size):
        one = load2(matrix, size + 1, i)
        store1(weights, i, less_product(load2(matrix, size, i), lagrange, one))
    for k in range(size - PANEL, -1, -PANEL):
        for i in range(k + PANEL - 1, k - 1, -1):
            weight = multiply(load1(weights, i), load2(matrix, i, i))
            store1(weights, i, weight)
            for j in range(k, i):
                value = less_product(load1(weights, j), load2(matrix, i, j), weight)
                store1(weights, j, value)
        w0, w1 = load1(weights, k), load1(weights, k + 1)
        w2, w3 = load1(weights, k + 2), load1(weights, k + 3)
        for j in range(k):
            value = less_product(load1(weights, j), load2(matrix, k, j), w0)
            value = less_product(value, load2(matrix, k + 1, j), w1)
            value = less_product(value, load2(matrix, k + 2, j), w2)
            value = less_product(value, load2(matrix, k + 3, j), w3)
            store1(weights, j, value)


@njit(cache=True, nogil=True, fastmath={"contract"}, error_model="numpy")
def _write(
    model: Model,
    supports: Supports,
    grades: FloatArray,
    means: FloatArray,
    rows: IntArray,
    last: int,
    neighbours: NDArray[np.int32],
    counts: IntArray,
    work: Scratch,
    multiplier: FloatArray,
    answers: Answers,
) -> None:
    """Sum up estimates and their qualities, lane by lane."""
    for w in range(last):
        target = rows[w]
        n = counts[target]
        covariance = negative = whole = total = 0.0
        for i in range(n):
            weight = work.squared[i, w]
            covariance += weight * work.right[i, w]
            whole += abs(weight)
            negative += max(-weight, 0.0)
            total += weight
        spread = covariance - multiplier[0, w]
        answers.covariance[target] = covariance
        answers.spread[target] = spread
        block = supports.variance[supports.size[target]]
        answers.variance[target] = block - covariance - multiplier[0, w]
        answers.negative[target] = negative / whole if whole > 0 else 0.0
        for e in range(grades.shape[1]):
            value = means[e]
            for i in range(n):
                value += work.squared[i, w] * (grades[neighbours[target, i], e] - means[e])
            answers.values[target, e] = value if whole == whole else math.nan


@njit(cache=True, nogil=True, error_model="numpy")
def _batch(
    model: Model,
    supports: Supports,
    grades: FloatArray,
    means: FloatArray,
    ordinary: float,
    rows: IntArray,
    neighbours: NDArray[np.int32],
    counts: IntArray,
    answers: Answers,
    batch: int,
) -> None:
    """Krige some groups of eight with one set of work arrays."""
    most = (neighbours.shape[1] + PANEL - 1) // PANEL * PANEL
    work = Scratch(
        np.zeros((most + 2, most, LANES)),
        np.zeros((3, most, LANES)),
        np.zeros((most, LANES)),
        np.zeros((most, LANES)),
        np.zeros((most, LANES)),
        np.zeros((3, 1, LANES)),
    )
    multiplier = np.zeros((1, LANES))
    group = np.zeros(LANES, np.int64)
    n_groups = (rows.size + LANES - 1) // LANES
    for g in range(batch * GROUPS, min((batch + 1) * GROUPS, n_groups)):
        last = min(LANES, rows.size - g * LANES)
        size = 0
        for w in range(LANES):
            group[w] = rows[g * LANES + min(w, last - 1)]
            size = max(size, counts[group[w]])
        size = (size + PANEL - 1) // PANEL * PANEL
        start = fill(model.shift)
        for i in range(size):
            for j in range(i):
                store2(work.matrix, i, j, start)
            store1(work.right, i, start)
        _assemble(model, supports, group, neighbours, size, work)
        _frame(model, supports, group, neighbours, counts, size, work, answers)
        for i in range(size):
            store2(work.matrix, size, i, load1(work.right, i))
            store2(work.matrix, size + 1, i, load1(work.used, i))
        _factor(work.matrix, size, TINY * model.variance)
        _weights(work, size, ordinary, multiplier)
        _write(
            model,
            supports,
            grades,
            means,
            group,
            last,
            neighbours,
            counts,
            work,
            multiplier,
            answers,
        )


@njit(cache=True, nogil=True, parallel=True)
def krige_lanes(
    model: Model,
    supports: Supports,
    grades: FloatArray,
    means: FloatArray,
    ordinary: float,
    rows: IntArray,
    neighbours: NDArray[np.int32],
    counts: IntArray,
    answers: Answers,
) -> None:
    """Krige targets from their neighbours.

    Parameters
    ----------
    model : Model
    supports : Supports
        The targets; rows of *neighbours*, *counts* and *answers*.
    grades : float64 (n_samples, m)
    means : float64 (m,)
        Known means of simple kriging; of ordinary kriging anything near the grades.
    ordinary : float
        1: weights sum to one; 0: simple kriging.
    rows : int64
        Which targets to estimate; each has at least one neighbour.
    neighbours : int32 (n, most); counts : int64 (n,)
    answers : Answers
        Written for *rows*; values are NaN where the system is singular.
    """
    n_groups = (rows.size + LANES - 1) // LANES
    for batch in prange((n_groups + GROUPS - 1) // GROUPS):
        _batch(model, supports, grades, means, ordinary, rows, neighbours, counts, answers, batch)
