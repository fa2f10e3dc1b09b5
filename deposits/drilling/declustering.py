"""How much does each sample weigh, when rich ground was drilled more closely than the rest?

Cell declustering as in GSLIB's DECLUS (Deutsch & Journel 1998, section VI.2.1): a sample weighs
one over the number of samples in its cell; weights are averaged over shifted origins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError, Problem
from deposits.kernels import declustering as kernels

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Declustering:
    """Weights of samples and the curve from which the cell was chosen.

    Parameters
    ----------
    weights : ndarray, shape (n,)
        Sum to the number of samples with a value; 0 where the value is NaN.
    cell_m : tuple = (dx, dy, dz)
        The chosen cell [m].
    curve : DataFrame
        `cell_m` (along easting; 0 is the naive mean) and `mean`.
    n_missing : int
        Samples without a value, which weigh nothing.
    """

    weights: FloatArray
    cell_m: tuple[float, float, float]
    curve: pd.DataFrame
    n_missing: int


def cell_weights(
    points_m: ArrayLike, cell_m: tuple[float, float, float], n_offsets: int = 5
) -> FloatArray:
    """Return the weights of samples for one size of cell, which sum to their number.

    Parameters
    ----------
    points_m : array, shape (n, 3)
        Easting, northing, elevation [m].
    cell_m : tuple = (dx, dy, dz)
        Edges of a cell [m].
    n_offsets : int
        Origins over which weights are averaged.

    Raises
    ------
    DataError
        If there is no point or a coordinate is not finite.
    ValueError
        If the cell or the number of offsets describes nothing.
    """
    points = _points(points_m)
    cell = np.asarray(cell_m, dtype=np.float64)
    _require_cells(cell[None, :], n_offsets)
    return kernels.cell_weights(points, cell, n_offsets)


def decluster(
    points_m: ArrayLike,
    values: ArrayLike,
    sizes_m: Sequence[float],
    choose: Literal["least_mean", "most_mean"],
    ratios: tuple[float, float] = (1.0, 1.0),
    n_offsets: int = 5,
) -> Declustering:
    """Try sizes of cell, and weigh samples by the one with the least or the most mean.

    Parameters
    ----------
    points_m : array, shape (n, 3)
        Easting, northing, elevation [m].
    values : array, shape (n,)
        Grades; NaN weigh nothing.
    sizes_m : sequence of float
        Edges along easting to try [m].
    choose : {"least_mean", "most_mean"}
        Least where rich ground is drilled more closely, most where poor ground is.
    ratios : tuple = (northing, elevation)
        Edges of the cell along northing and elevation, over that along easting.
    n_offsets : int
        Origins over which weights are averaged.

    Raises
    ------
    DataError
        If no value is known or a coordinate is not finite.
    ValueError
        If sizes, ratios, offsets or the choice describe nothing.
    """
    if choose not in ("least_mean", "most_mean"):
        raise ValueError(f'choose is "least_mean" or "most_mean", given {choose!r}')
    grades = np.asarray(values, dtype=np.float64)
    places = np.asarray(points_m, dtype=np.float64)
    if grades.shape != (len(places),):
        raise ValueError(f"{len(places)} points but values of shape {grades.shape}")
    known = np.isfinite(grades)
    points = _points(places[known])
    sizes = np.asarray(sizes_m, dtype=np.float64)
    cells = sizes[:, None] * np.array([1.0, *ratios])
    _require_cells(cells, n_offsets)
    means = kernels.declustered_means(points, grades[known], cells, n_offsets)
    best = int(np.argmin(means) if choose == "least_mean" else np.argmax(means))
    weights = np.zeros(len(grades))
    weights[known] = kernels.cell_weights(points, cells[best], n_offsets)
    naive = float(grades[known].mean())
    curve = pd.DataFrame({"cell_m": [0.0, *sizes], "mean": [naive, *means]})
    dx, dy, dz = cells[best].tolist()
    return Declustering(weights, (dx, dy, dz), curve, int((~known).sum()))


def _points(points_m: ArrayLike) -> FloatArray:
    """Return points as an array, or refuse them."""
    points = np.ascontiguousarray(points_m, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 3:
        raise ValueError(f"points need the shape (n, 3), given {points.shape}")
    if len(points) == 0:
        raise DataError([Problem("there is no sample to decluster", remedy="Check the domain.")])
    bad = np.flatnonzero(~np.isfinite(points).all(axis=1))
    if bad.size:
        place = f"samples {', '.join(map(str, bad[:5]))}"
        fact = f"{bad.size} samples without a place"
        raise DataError([Problem(fact, place, remedy="Locate every sample first.")])
    return points


def _require_cells(cells: FloatArray, n_offsets: int) -> None:
    """Refuse cells without a volume."""
    if len(cells) == 0 or not np.all(np.isfinite(cells) & (cells > 0)):
        raise ValueError(f"cells need finite edges above 0 m, given {cells.tolist()}")
    if n_offsets < 1:
        raise ValueError(f"at least 1 origin is needed, given {n_offsets}")
