"""In which direction do grades stay alike longest?

A variogram map gathers pairs by the cell of their lag vector, in a plane or in space, without
choosing directions first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError, Problem
from deposits.estimation.variogram_directions import angles_of
from deposits.estimation.variogram_pairs import HOLES, Pairing, prepare
from deposits.kernels import variography as kernel
from deposits.orientation import rotation_matrix

FloatArray = NDArray[np.float64]
Angles = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class MapFrame:
    """The cells of a variogram map.

    Parameters
    ----------
    cell_m : tuple of float
        Edges of a cell along the axes [m], above 0.
    half_cells : tuple of int
        Cells on each side of the middle one; 0 along the last axis makes a map of a plane, on
        which pairs lie within half a cell.
    orientation : tuple = (azimuth_deg, dip_deg, rake_deg)
        Of the axes, as for :class:`~deposits.orientation.Ellipsoid`; (90, 0, 0) is easting,
        northing, elevation. :func:`~deposits.orientation.in_plane` gives those of a plane.

    Raises
    ------
    ValueError
        If a cell has no size, or a number of cells is negative.
    """

    cell_m: tuple[float, float, float]
    half_cells: tuple[int, int, int]
    orientation: Angles = (90.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        """Refuse a map without cells."""
        if not all(0 < edge < math.inf for edge in self.cell_m):
            raise ValueError(f"edges of a cell must be above 0 m, given {self.cell_m}")
        if min(self.half_cells) < 0 or max(self.half_cells) < 1:
            raise ValueError(f"a map needs cells beside the middle, given {self.half_cells}")


@dataclass(frozen=True, slots=True)
class VariogramMap:
    """Semivariance by cell of the lag vector; symmetric about the middle.

    Parameters
    ----------
    frame : MapFrame
    gamma : ndarray, shape (2 half + 1 along each axis)
        Semivariance; NaN where there is no pair.
    n_pairs : int64 ndarray, same shape
        Different pairs; a pair shows in its cell and in the one opposite.
    variance : float
        Of the samples.
    n_dropped : int
        Samples left out for want of a value or a coordinate.
    """

    frame: MapFrame
    gamma: FloatArray = field(compare=False)
    n_pairs: NDArray[np.int64] = field(compare=False)
    variance: float
    n_dropped: int

    def lags(self) -> FloatArray:
        """Return the middles of cells along the axes of the map [m], gamma's shape and (3,)."""
        steps = [
            edge * np.arange(-half, half + 1)
            for edge, half in zip(self.frame.cell_m, self.frame.half_cells, strict=True)
        ]
        return np.stack(np.meshgrid(*steps, indexing="ij"), axis=-1)

    def as_frame(self) -> pd.DataFrame:
        """Return a row per cell: lag_1_m, lag_2_m, lag_3_m, lag_easting_m ..., n_pairs, gamma."""
        lags = self.lags().reshape(-1, 3)
        world = lags @ rotation_matrix(*self.frame.orientation)
        columns: dict[str, NDArray[np.generic]] = {f"lag_{k + 1}_m": lags[:, k] for k in range(3)}
        for k, name in enumerate(("easting", "northing", "elevation")):
            columns[f"lag_{name}_m"] = world[:, k]
        return pd.DataFrame(
            {**columns, "n_pairs": self.n_pairs.ravel(), "gamma": self.gamma.ravel()}
        )


@dataclass(frozen=True, slots=True)
class ContinuitySuggestion:
    """Directions in which a map says grades stay alike longest; to be judged by a geologist.

    Parameters
    ----------
    azimuth_deg, dip_deg, rake_deg : float
        Axes, as for :class:`~deposits.orientation.Ellipsoid`.
    steepness : tuple of float
        How fast gamma rises along major, semi-major and minor axes [per m squared]; NaN across
        a plane. The square root of a ratio is roughly the ratio of ranges.
    n_cells : int
        Cells it rests on.
    """

    azimuth_deg: float
    dip_deg: float
    rake_deg: float
    steepness: tuple[float, float, float]
    n_cells: int


def variogram_map(
    points: ArrayLike, values: ArrayLike, frame: MapFrame, pairing: Pairing = Pairing()
) -> VariogramMap:
    """Gather semivariances of all pairs by cell of the lag vector.

    Parameters
    ----------
    points : array, shape (n, 3)
        Easting, northing, elevation [m].
    values : array, shape (n,)
        Grades or normal scores; NaN = none.
    frame : MapFrame
    pairing : Pairing

    Returns
    -------
    VariogramMap

    Raises
    ------
    DataError
        If fewer than two samples have a value and coordinates.
    ValueError
        If shapes disagree.
    """
    where = np.asarray(points, dtype=np.float64)
    if where.ndim != 2 or where.shape[1] != 3:
        raise ValueError(f"points must be (n, 3), given {where.shape}")
    there = np.isfinite(where).all(axis=1)
    # Turned about a sample, not about the origin, so that large coordinates keep their digits.
    middle = where[there][0] if there.any() else np.zeros(3)
    axes = rotation_matrix(*frame.orientation)
    turned = (where - middle) @ axes.T
    prepared = prepare(turned, np.column_stack([values, values]), pairing, "semivariogram")
    half = np.array(frame.half_cells, dtype=np.int64)
    code = HOLES[pairing.same_hole]
    sums = kernel.map_sums(prepared.samples, np.array(frame.cell_m, dtype=np.float64), half, code)
    total = sums.sum(axis=0)
    both = total + total[::-1, ::-1, ::-1]
    centre = tuple(half)
    both[centre] = total[centre]
    with np.errstate(invalid="ignore", divide="ignore"):
        gamma = both[..., 2] / both[..., 1]
    pairs = both[..., 0].astype(np.int64)
    return VariogramMap(frame, gamma, pairs, prepared.variance, prepared.n_dropped)


def suggest_directions(map_: VariogramMap, least_pairs: int = 10) -> ContinuitySuggestion:
    """Suggest axes of continuity: those of the bowl that fits the map best near its middle.

    Parameters
    ----------
    map_ : VariogramMap
        Of a plane or of space.
    least_pairs : int
        Cells with fewer are left out.

    Returns
    -------
    ContinuitySuggestion

    Raises
    ------
    DataError
        If too few cells have pairs enough.

    Notes
    -----
    gamma = c + l' A l by least squares weighted with the number of pairs, over lags within the
    largest ball (or ellipse of cells) that the map holds; the axes are the eigenvectors of A.
    """
    half = np.array(map_.frame.half_cells)
    dims = np.flatnonzero(half > 0)
    lags = map_.lags().reshape(-1, 3)[:, dims]
    # The same reach all round: a box would favour its own diagonals.
    reach = np.min((half * np.array(map_.frame.cell_m))[dims])
    gamma, pairs = map_.gamma.ravel(), map_.n_pairs.ravel()
    used = (pairs >= max(least_pairs, 1)) & (np.linalg.norm(lags, axis=1) <= 1.000001 * reach)
    n_terms = 1 + dims.size * (dims.size + 1) // 2
    if int(used.sum()) < 2 * n_terms:
        fact = "too few cells of the variogram map have pairs enough"
        remedy = "Take larger cells, or fewer pairs."
        raise DataError([Problem(fact, "", f"{used.sum()}", f"{2 * n_terms} or more", remedy)])
    bowl = _bowl(lags[used] / reach, gamma[used], pairs[used].astype(np.float64)) / reach**2
    steepness, vectors = np.linalg.eigh(bowl)
    world = rotation_matrix(*map_.frame.orientation)[dims]
    axes = vectors.T @ world
    rises = [float(s) for s in steepness] + [math.nan] * (3 - dims.size)
    azimuth, dip, rake = _angles(axes[0], axes[1])
    return ContinuitySuggestion(azimuth, dip, rake, (rises[0], rises[1], rises[2]), int(used.sum()))


def _bowl(lags: FloatArray, gamma: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the symmetric matrix of the best quadratic form."""
    n = lags.shape[1]
    terms = [(a, b) for a in range(n) for b in range(a, n)]
    design = np.column_stack([np.ones(len(lags))] + [lags[:, a] * lags[:, b] for a, b in terms])
    root = np.sqrt(weights)
    found = np.linalg.lstsq(design * root[:, None], gamma * root, rcond=None)[0]
    bowl = np.zeros((n, n))
    for (a, b), value in zip(terms, found[1:], strict=True):
        bowl[a, b] += 0.5 * value
        bowl[b, a] += 0.5 * value
    return bowl


def _angles(major: FloatArray, semi: FloatArray) -> Angles:
    """Return angles [degrees] of two axes at right angles, the first one pointing down."""
    if major[2] > 0:
        major = -major
    azimuth, dip = angles_of(major)
    level = rotation_matrix(azimuth, dip, 0.0)
    rake = math.degrees(math.atan2(float(semi @ level[2]), float(semi @ level[1])))
    # An axis has two ends: the turn to the nearer one.
    rake = (rake + 90.0) % 180.0 - 90.0
    return azimuth % 360.0, dip, rake
