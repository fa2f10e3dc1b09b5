"""How unlike are two samples that lie so far apart in this direction?

Experimental variograms in three dimensions with GSLIB's tolerances or cones, along the hole,
between two elements, and normalised. Values may be normal scores: nothing here minds the unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError, Problem
from deposits.estimation.variogram_directions import (
    Cone,
    Direction,
    Lags,
    names_of,
    omnidirectional,
)
from deposits.estimation.variogram_directions import pack as pack_directions
from deposits.estimation.variogram_pairs import HOLES, Pairing, Prepared, prepare
from deposits.kernels import variography as kernel

FloatArray = NDArray[np.float64]
Measure = Literal[
    "semivariogram",
    "covariance",
    "correlogram",
    "general_relative",
    "pairwise_relative",
    "madogram",
]

_SUMMED: dict[str, int] = {
    "semivariogram": kernel.SEMIVARIOGRAM,
    "covariance": kernel.COVARIANCE,
    "correlogram": kernel.COVARIANCE,
    "general_relative": kernel.SEMIVARIOGRAM,
    "pairwise_relative": kernel.PAIRWISE,
    "madogram": kernel.MADOGRAM,
}


@dataclass(frozen=True, slots=True)
class ExperimentalVariogram:
    """What pairs of samples say, by direction and lag.

    Parameters
    ----------
    measure : str
        What ``gamma`` is.
    elements : tuple of str
        One name, or tail and head of a cross-variogram.
    directions : tuple of Direction or Cone
    lags : Lags
    table : pandas.DataFrame
        One row per direction and lag: direction, lag (0 = coincident samples), lag_m, distance_m
        (mean), n_pairs (different pairs, each once), gamma, tail_mean, head_mean, tail_variance,
        head_variance. NaN where there is no pair.
    variance : float
        (Weighted) variance of the samples; covariance of a cross-variogram.
    n_samples, n_dropped : int
        Samples used, and those left out for want of a value or a coordinate.

    Notes
    -----
    ``gamma`` always rises from 0 with unlikeness: a covariance is given as variance - C(h), a
    correlogram as 1 - r(h). Formulas: Deutsch and Journel (1998), GSLIB, pp. 44-46; general
    relative is the semivariance over the squared mean of heads and tails.
    """

    measure: str
    elements: tuple[str, ...]
    directions: tuple[Direction | Cone, ...]
    lags: Lags
    table: pd.DataFrame = field(compare=False)
    variance: float
    n_samples: int
    n_dropped: int


def experimental_variogram(
    points: ArrayLike,
    values: ArrayLike,
    directions: Sequence[Direction | Cone],
    lags: Lags,
    measure: Measure = "semivariogram",
    pairing: Pairing = Pairing(),
) -> ExperimentalVariogram:
    """Compare all pairs of samples in several directions at once.

    Parameters
    ----------
    points : array, shape (n, 3)
        Easting, northing, elevation [m].
    values : array, shape (n,)
        Grades or normal scores; NaN = none.
    directions : sequence of Direction or Cone
    lags : Lags
    measure : str
        One of ``Measure``.
    pairing : Pairing

    Returns
    -------
    ExperimentalVariogram

    Raises
    ------
    DataError
        If fewer than two samples have a value and coordinates, or a weight is negative.
    ValueError
        If shapes disagree, there is no direction or the measure is unknown.
    """
    if measure not in _SUMMED:
        raise ValueError(f"measure must be one of {', '.join(_SUMMED)}, not {measure!r}")
    prepared = prepare(points, np.column_stack([values, values]), pairing, measure)
    table = _run(prepared, directions, lags, measure, pairing)
    return _result(prepared, ("value",), (directions, lags, measure), table)


def cross_variogram(
    points: ArrayLike,
    values: ArrayLike,
    directions: Sequence[Direction | Cone],
    lags: Lags,
    measure: Literal["semivariogram", "covariance", "correlogram"] = "semivariogram",
    pairing: Pairing = Pairing(),
) -> ExperimentalVariogram:
    """Compare two elements: half the mean product of their differences.

    Parameters
    ----------
    points : array, shape (n, 3)
        Easting, northing, elevation [m].
    values : array, shape (n, 2)
        Tail and head element; the cross-semivariogram uses samples that have both, a
        cross-covariance or -correlogram any pair with a tail and a head.
    directions, lags, pairing
        As for :func:`experimental_variogram`.
    measure : {"semivariogram", "covariance", "correlogram"}

    Returns
    -------
    ExperimentalVariogram

    Raises
    ------
    DataError, ValueError
        As for :func:`experimental_variogram`.
    """
    if measure not in ("semivariogram", "covariance", "correlogram"):
        raise ValueError(f"no {measure!r} between two elements")
    what = "cross" if measure == "semivariogram" else measure
    prepared = prepare(points, np.asarray(values, dtype=np.float64), pairing, what)
    table = _run(prepared, directions, lags, what, pairing)
    return _result(prepared, ("tail", "head"), (directions, lags, measure), table)


def downhole_variogram(
    depths_m: ArrayLike,
    values: ArrayLike,
    holes: ArrayLike,
    lags: Lags,
    measure: Measure = "semivariogram",
) -> ExperimentalVariogram:
    """Compare samples of the same hole by the difference of their depths; shows the nugget.

    Parameters
    ----------
    depths_m : array, shape (n,)
        Depth of the middle of each sample along its hole [m].
    values : array, shape (n,)
        Grades; NaN = none.
    holes : array of int or str, shape (n,)
        Hole of each sample.
    lags : Lags
    measure : str
        One of ``Measure``.

    Returns
    -------
    ExperimentalVariogram
        With one direction, "downhole".

    Raises
    ------
    DataError, ValueError
        As for :func:`experimental_variogram`.
    """
    depths = np.asarray(depths_m, dtype=np.float64)
    points = np.zeros((depths.size, 3))
    points[:, 2] = -depths
    along = (omnidirectional("downhole"),)
    return experimental_variogram(points, values, along, lags, measure, Pairing(holes, "only"))


def variogram_matrix(
    points: ArrayLike,
    values: ArrayLike,
    directions: Sequence[Direction | Cone],
    lags: Lags,
    pairing: Pairing = Pairing(),
) -> dict[tuple[int, int], ExperimentalVariogram]:
    """Return all variograms and cross-variograms, on the samples that have every element.

    Parameters
    ----------
    points : array, shape (n, 3)
        Easting, northing, elevation [m].
    values : array, shape (n, m)
        One column per element; a sample that lacks one is left out of all and counted.
    directions, lags, pairing
        As for :func:`experimental_variogram`.

    Returns
    -------
    dict
        (i, j) with i <= j, for ``fit_coregionalisation``.

    Raises
    ------
    DataError, ValueError
        As for :func:`experimental_variogram`.
    """
    grades = np.array(values, dtype=np.float64)
    grades[np.any(np.isnan(grades), axis=1)] = np.nan
    m = grades.shape[1]
    return {
        (i, j): cross_variogram(points, grades[:, [i, j]], directions, lags, pairing=pairing)
        for i in range(m)
        for j in range(i, m)
    }


def standardised(experimental: ExperimentalVariogram) -> ExperimentalVariogram:
    """Return the variogram with ``gamma`` over the variance of the samples, so that it levels at 1.

    Raises
    ------
    DataError
        If the variance is 0.
    """
    if not experimental.variance > 0:
        raise DataError([Problem("values do not vary, so there is no variance to divide by")])
    table = experimental.table.assign(gamma=experimental.table["gamma"] / experimental.variance)
    return replace(experimental, table=table, variance=1.0)


def _run(
    prepared: Prepared,
    directions: Sequence[Direction | Cone],
    lags: Lags,
    measure: str,
    pairing: Pairing,
) -> pd.DataFrame:
    """Sum pairs and lay the table out."""
    if len(directions) == 0:
        raise ValueError("a variogram needs at least one direction")
    names = names_of(directions)
    code = kernel.CROSS if measure == "cross" else _SUMMED[measure]
    packed, rows = lags.packed(), pack_directions(directions)
    chunks = kernel.direction_sums(prepared.samples, rows, packed, code, HOLES[pairing.same_hole])
    sums = chunks.sum(axis=0).reshape(-1, kernel.N_SUMS)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = sums / sums[:, [kernel.WEIGHT]]
    gamma, variances = _gamma(means, prepared, measure)
    n_lags = lags.count + 2
    number = np.tile(np.arange(n_lags), len(names))
    return pd.DataFrame(
        {
            "direction": np.repeat(np.array(names, dtype=object), n_lags),
            "lag": number,
            "lag_m": np.maximum(number - 1, 0) * lags.size_m,
            "distance_m": means[:, kernel.DISTANCE],
            "n_pairs": sums[:, kernel.N_PAIRS].astype(np.int64),
            "gamma": gamma,
            "tail_mean": means[:, kernel.TAIL] + prepared.centre[0],
            "head_mean": means[:, kernel.HEAD] + prepared.centre[1],
            "tail_variance": variances[0],
            "head_variance": variances[1],
        }
    )


def _gamma(
    means: FloatArray, prepared: Prepared, measure: str
) -> tuple[FloatArray, tuple[FloatArray, FloatArray]]:
    """Turn mean sums into the measure; also the variances of tails and heads."""
    tail, head = means[:, kernel.TAIL], means[:, kernel.HEAD]
    tail_variance = np.maximum(means[:, kernel.TAIL_SQUARED] - tail**2, 0.0)
    head_variance = np.maximum(means[:, kernel.HEAD_SQUARED] - head**2, 0.0)
    gamma = means[:, kernel.GAMMA]
    with np.errstate(invalid="ignore", divide="ignore"):
        if measure == "covariance":
            gamma = prepared.variance - (gamma - tail * head)
        elif measure == "correlogram":
            gamma = 1.0 - (gamma - tail * head) / np.sqrt(tail_variance * head_variance)
        elif measure == "general_relative":
            gamma = gamma / (0.5 * (tail + head) + 0.5 * sum(prepared.centre)) ** 2
    return gamma, (tail_variance, head_variance)


def _result(
    prepared: Prepared,
    elements: tuple[str, ...],
    asked: tuple[Sequence[Direction | Cone], Lags, str],
    table: pd.DataFrame,
) -> ExperimentalVariogram:
    directions, lags, measure = asked
    n = prepared.samples.points.shape[0]
    return ExperimentalVariogram(
        measure, elements, tuple(directions), lags, table, prepared.variance, n, prepared.n_dropped
    )
