"""Which samples can be paired, in which order, and what does each pair count for?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError, Problem
from deposits.kernels import variography as kernel

FloatArray = NDArray[np.float64]
SameHole = Literal["all", "only", "without"]

HOLES: dict[str, int] = {
    "all": kernel.ANY_HOLE,
    "only": kernel.SAME_HOLE,
    "without": kernel.OTHER_HOLE,
}


@dataclass(frozen=True, slots=True)
class Pairing:
    """Which pairs are compared, and what each counts for.

    Parameters
    ----------
    holes : array of int or str, optional
        Hole of each sample, shape (n,).
    same_hole : {"all", "only", "without"}
        Pairs of all samples, only of the same hole, or only of different holes.
    weights : array, optional
        Declustering weight of each sample, shape (n,), not negative; a pair counts for the product.

    Raises
    ------
    ValueError
        If holes are needed and not given.
    """

    holes: ArrayLike | None = None
    same_hole: SameHole = "all"
    weights: ArrayLike | None = None

    def __post_init__(self) -> None:
        """Refuse a rule about holes that are not given."""
        if self.same_hole not in HOLES:
            raise ValueError(f"same_hole must be one of {', '.join(HOLES)}")
        if self.same_hole != "all" and self.holes is None:
            raise ValueError(f'same_hole = "{self.same_hole}" needs the hole of each sample')


class Prepared(NamedTuple):
    """Sorted samples for the kernel, with what was taken off the values."""

    samples: kernel.PairSamples
    centre: tuple[float, float]
    variance: float
    n_dropped: int


def prepare(points: ArrayLike, values: FloatArray, pairing: Pairing, measure: str) -> Prepared:
    """Drop what has no value or place, sort along the longest axis, centre.

    Parameters
    ----------
    points : array, shape (n, 3)
        Easting, northing, elevation [m].
    values : float64, shape (n, 2)
        Tail and head; the same twice for one element.
    pairing : Pairing
    measure : str
        "cross" needs both values of a sample, "pairwise_relative" leaves them uncentred.

    Returns
    -------
    Prepared

    Raises
    ------
    DataError
        If fewer than two samples are left, or a weight is negative.
    ValueError
        If shapes disagree.
    """
    where = np.asarray(points, dtype=np.float64)
    n = where.shape[0]
    if where.shape != (n, 3) or values.shape != (n, 2):
        raise ValueError(f"points {where.shape} and values {values.shape} must be (n, 3) and (n,)")
    weights = np.ones(n) if pairing.weights is None else np.asarray(pairing.weights, np.float64)
    holes = np.zeros(n, dtype=np.int64)
    if pairing.holes is not None:
        holes = pd.factorize(np.asarray(pairing.holes))[0].astype(np.int64)
    if weights.shape != (n,) or holes.shape != (n,):
        raise ValueError(f"holes and weights must have {n} rows")
    missing = ~np.isfinite(values)
    no_value = missing.any(axis=1) if measure == "cross" else missing.all(axis=1)
    kept = ~no_value & np.isfinite(where).all(axis=1) & np.isfinite(weights) & (holes >= 0)
    _check_samples(int(kept.sum()), n, weights[kept])
    where, weights, holes = where[kept], weights[kept], holes[kept]
    grades = np.where(missing[kept], np.nan, values[kept])
    axis = int(np.argmax(np.ptp(where, axis=0)))
    order = np.argsort(where[:, axis], kind="stable")
    where, weights, holes, grades = where[order], weights[order], holes[order], grades[order]
    centre = tuple(_mean(grades[:, k], weights) for k in (0, 1))
    spread = (grades[:, 0] - centre[0]) * (grades[:, 1] - centre[1])
    variance = _mean(spread, weights)
    if measure == "pairwise_relative":
        centre = (0.0, 0.0)
    samples = kernel.PairSamples(
        np.ascontiguousarray(where),
        np.ascontiguousarray(grades[:, 0] - centre[0]),
        np.ascontiguousarray(grades[:, 1] - centre[1]),
        weights,
        holes,
        axis,
    )
    return Prepared(samples, (centre[0], centre[1]), variance, n - int(kept.sum()))


def _check_samples(n_kept: int, n: int, weights: FloatArray) -> None:
    """Refuse what makes no pair."""
    problems = []
    if n_kept < 2:
        found = f"{n_kept} of {n}"
        fact = "a variogram needs two samples with a value, a place and a weight"
        problems.append(Problem(fact, found=found, allowed="2 or more"))
    elif np.any(weights < 0) or not weights.sum() > 0:
        fact = "declustering weights must not be negative, nor all 0"
        problems.append(Problem(fact, found=f"{weights.min():g}", allowed="0 or more"))
    if problems:
        raise DataError(problems)


def _mean(values: FloatArray, weights: FloatArray) -> float:
    """Weighted mean of what is there; 0 when nothing is."""
    there = ~np.isnan(values)
    total = float(weights[there].sum())
    return float(np.sum(values[there] * weights[there]) / total) if total > 0 else 0.0
