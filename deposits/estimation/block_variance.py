"""How much do grades vary within a block, and so how much less between blocks?

The mean covariance of two points of a block, C(v, v); its sill less it is GSLIB's gammabar. For the
law of grades of blocks without a drillhole model see ``deposits.laws.support``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from deposits.estimation.covariance import Covariance

FloatArray = NDArray[np.float64]


def block_points(size_m: Sequence[float], discretisation: Sequence[int]) -> FloatArray:
    """Return the middles of equal cells of a block about its centre.

    Parameters
    ----------
    size_m : sequence of 3 float
        Edges along easting, northing, elevation [m].
    discretisation : sequence of 3 int
        Cells along each edge.

    Returns
    -------
    ndarray, shape (product of discretisation, 3)
        Easting fastest [m].

    Raises
    ------
    ValueError
        If an edge is negative or not finite, or there is no cell.
    """
    _check(size_m, discretisation)
    x, y, z = (
        (np.arange(n) + 0.5) * edge / n - 0.5 * edge
        for edge, n in zip(size_m, discretisation, strict=True)
    )
    grid = np.meshgrid(z, y, x, indexing="ij")
    return np.column_stack([axis.ravel() for axis in reversed(grid)])


def block_variance(
    covariance: Covariance, size_m: Sequence[float], discretisation: Sequence[int]
) -> float:
    """Variance of block grades, C(v, v): the mean covariance of all pairs of cells of a block.

    Parameters
    ----------
    covariance : Covariance
        Of points.
    size_m : sequence of 3 float
        Edges of the block [m].
    discretisation : sequence of 3 int
        Cells along each edge; 4 to 6 do for kriging.

    Returns
    -------
    float
        Grade unit squared. The nugget counts as nothing: it averages out over any volume. (GSLIB's
        kt3d instead leaves it to the n pairs of a cell with itself; see :func:`gammabar`.)

    Raises
    ------
    ValueError
        If the model is unbounded, an edge is negative or there is no cell.

    Notes
    -----
    Journel and Huijbregts (1978), Mining Geostatistics, chapter II. Cells paired with themselves
    count with C(0), so it falls to its limit from above as cells get smaller. Pairs at one lag are
    counted, not repeated: n cells need about 8 n evaluations, not n squared.
    """
    _check(size_m, discretisation)
    if not covariance.is_bounded:
        raise ValueError("an unbounded model has no block variance")
    lags, shares = _lags(size_m, discretisation)
    without_nugget = covariance.at(lags)
    without_nugget[~np.any(lags != 0.0, axis=1)] -= covariance.nugget
    return float(without_nugget @ shares)


def gammabar(
    covariance: Covariance, size_m: Sequence[float], discretisation: Sequence[int]
) -> float:
    """Mean semivariance within a block as GSLIB's program ``gammabar`` means it.

    Parameters
    ----------
    covariance, size_m, discretisation
        As for :func:`block_variance`.

    Returns
    -------
    float
        A cell paired with itself has semivariance 0, nugget and all.

    Raises
    ------
    ValueError
        As for :func:`block_variance`.
    """
    _check(size_m, discretisation)
    if not covariance.is_bounded:
        raise ValueError("an unbounded model has no block variance")
    lags, shares = _lags(size_m, discretisation)
    return float(covariance.variogram(lags) @ shares)


def _lags(size_m: Sequence[float], discretisation: Sequence[int]) -> tuple[FloatArray, FloatArray]:
    """Lags between cells of a block, and the share of pairs at each."""
    steps, counts = [], []
    for edge, n in zip(size_m, discretisation, strict=True):
        k = np.arange(1 - n, n)
        steps.append(k * (edge / n))
        counts.append((n - np.abs(k)) / n**2)
    grid = np.meshgrid(*steps, indexing="ij")
    shares = counts[0][:, None, None] * counts[1][:, None] * counts[2]
    return np.column_stack([axis.ravel() for axis in grid]), shares.ravel()


def _check(size_m: Sequence[float], discretisation: Sequence[int]) -> None:
    """Refuse what is not a block."""
    if len(size_m) != 3 or not all(0 <= edge < np.inf for edge in size_m):
        raise ValueError(f"a block has three edges of 0 m or more, given {tuple(size_m)}")
    if len(discretisation) != 3 or min(discretisation) < 1:
        raise ValueError(f"a block needs 1 cell or more each way, given {tuple(discretisation)}")
