"""Which normal value stands at the same rank as a grade, and which grade at a normal value?

As in GSLIB's NSCORE and BACKTR (Deutsch & Journel 1998, sections VI.2.4 and VI.2.7): the
cumulative share of a datum is that of the data below it plus half its own weight. Ties are broken
by the order of the data, so equal inputs give equal scores.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from deposits.errors import DataError, Problem

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class NormalScore:
    """A table of grades and their normal scores, with the ends of the distribution.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Grades, never falling.
    scores : ndarray, shape (n,)
        Their normal scores, rising.
    least, most : float
        Ends of the distribution; tails are linear in the cumulative share up to them.
    """

    values: FloatArray
    scores: FloatArray
    least: float
    most: float

    def table(self) -> pd.DataFrame:
        """Return `value`, `cumulative` (0 to 1) and `score`."""
        return pd.DataFrame(
            {"value": self.values, "cumulative": ndtr(self.scores), "score": self.scores}
        )


def normal_scores(
    values: ArrayLike,
    weights: ArrayLike | None = None,
    ends: tuple[float, float] | None = None,
) -> tuple[FloatArray, NormalScore]:
    """Return the normal score of every datum and the table that turns scores back.

    Parameters
    ----------
    values : array, shape (n,)
        Grades; NaN keeps NaN and stands in no table.
    weights : array, shape (n,), optional
        Declustering weights, at least 0; a datum of weight 0 gets a score but no row of the table.
    ends : tuple = (least, most), optional
        Ends of the distribution for the way back; those of the data unless stated.

    Raises
    ------
    DataError
        If no datum is known and has a weight, or a weight is negative or not finite.
    ValueError
        If shapes differ or the ends lie within the data.
    """
    data = np.asarray(values, dtype=np.float64)
    weight = np.ones(data.shape) if weights is None else np.asarray(weights, dtype=np.float64)
    if data.ndim != 1 or weight.shape != data.shape:
        raise ValueError(f"values of shape {data.shape}, weights of shape {weight.shape}")
    used = _used(data, weight)
    order = used[np.argsort(data[used], kind="stable")]
    share = weight[order] / weight[order].sum()
    sorted_scores = ndtri(np.cumsum(share) - 0.5 * share)
    least, most = (data[order[0]], data[order[-1]]) if ends is None else ends
    if not (least <= data[order[0]] and data[order[-1]] <= most):
        raise ValueError(f"the ends {least} to {most} leave out some of the data")
    table = NormalScore(data[order], sorted_scores, float(least), float(most))
    scores = to_scores(data, table)
    scores[order] = sorted_scores
    return scores, table


def to_scores(values: ArrayLike, table: NormalScore) -> FloatArray:
    """Return normal scores of any grades by the table; beyond it, those of its ends.

    Parameters
    ----------
    values : array
        Grades, NaN kept.
    table : NormalScore
        From the data; among tied grades the middle score stands.
    """
    grades, first = np.unique(table.values, return_index=True)
    last = np.append(first[1:], len(table.values)) - 1
    middle = 0.5 * (table.scores[first] + table.scores[last])
    data = np.asarray(values, dtype=np.float64)
    return np.where(np.isnan(data), np.nan, np.interp(data, grades, middle))


def from_scores(scores: ArrayLike, table: NormalScore) -> FloatArray:
    """Turn normal scores back into grades, linear between the rows of the table.

    Parameters
    ----------
    scores : array
        Normal scores, NaN kept.
    table : NormalScore
        Beyond its rows, grades run to its ends linearly in the cumulative share.
    """
    normal = np.asarray(scores, dtype=np.float64)
    grades = np.interp(normal, table.scores, table.values)
    low, high = float(ndtr(table.scores[0])), float(ndtr(-table.scores[-1]))
    below, above = normal < table.scores[0], normal > table.scores[-1]
    first, last = table.values[0], table.values[-1]
    lower = table.least + (first - table.least) * ndtr(normal) / low
    upper = table.most - (table.most - last) * ndtr(-normal) / high
    return np.where(
        below, lower, np.where(above, upper, np.where(np.isnan(normal), np.nan, grades))
    )


def _used(data: FloatArray, weight: FloatArray) -> NDArray[np.int64]:
    """Return the rows that are known and weigh something, or refuse the weights."""
    bad = np.flatnonzero(~(np.isfinite(weight) & (weight >= 0)))
    problems = []
    if bad.size:
        place = f"samples {', '.join(map(str, bad[:5]))}"
        fact = f"{bad.size} weights are negative or not finite"
        problems.append(Problem(fact, place, str(weight[bad[0]]), "at least 0"))
    used = np.flatnonzero(np.isfinite(data) & (weight > 0))
    if used.size == 0:
        fact = "no datum is known and has a weight"
        problems.append(Problem(fact, remedy="Check the element and the domain."))
    if problems:
        raise DataError(problems)
    return used
