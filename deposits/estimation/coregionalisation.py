"""How do several elements vary together: antimony, gold, and what one says about the other?

A linear model of coregionalisation: every element and every pair shares the same nested structures,
only the sills differ. It is a possible model when each matrix of sills has no negative eigenvalue;
cross-sills themselves may be negative.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError, Problem
from deposits.estimation.covariance import KINDS, Covariance, Structure, StructureKind
from deposits.estimation.variogram_rows import LagRows, lag_rows
from deposits.estimation.variography import ExperimentalVariogram
from deposits.orientation import Ellipsoid

FloatArray = NDArray[np.float64]
Matrix = tuple[tuple[float, ...], ...]

#: Smallest eigenvalue that counts as rounding, over the largest.
ROUNDING = 1e-9


class SharedStructure(NamedTuple):
    """One nested structure of all elements.

    kind : as for :class:`~deposits.estimation.covariance.Structure`
    ranges : Ellipsoid, practical ranges
    sills : (m, m), symmetric, no negative eigenvalue
    """

    kind: StructureKind
    ranges: Ellipsoid
    sills: Matrix


class PackedCoregionalisation(NamedTuple):
    """A model as kernels take it.

    nugget : float64 (m, m); kinds : int64 (s,); sills : float64 (s, m, m);
    scalings : float64 (s, 3, 3), lag [m] to range units
    """

    nugget: FloatArray
    kinds: NDArray[np.int64]
    sills: FloatArray
    scalings: FloatArray


@dataclass(frozen=True, slots=True)
class Coregionalisation:
    """Nugget and nested structures of several elements.

    Parameters
    ----------
    elements : tuple of str
        Names, m of them, in the order of rows and columns.
    nugget : tuple of tuple of float, (m, m)
        Variances and covariances without continuity; arrays and lists are taken too.
    structures : tuple of SharedStructure
        Or plain (kind, ranges, sills).

    Raises
    ------
    ValueError
        If a matrix is not (m, m), not finite, not symmetric, or has a negative eigenvalue, an
        element has no variance, or a name repeats.

    Examples
    --------
    >>> from deposits.orientation import isotropic
    >>> model = Coregionalisation(
    ...     ("sb_pct", "au_gpt"),
    ...     ((1.0, 0.5), (0.5, 2.0)),
    ...     (("spherical", isotropic(40.0), ((4.0, -1.0), (-1.0, 3.0))),),
    ... )
    >>> model.sill
    array([[ 5. , -0.5],
           [-0.5,  5. ]])
    >>> model.covariance(0, 0).sill
    5.0
    """

    elements: tuple[str, ...]
    nugget: Matrix
    structures: tuple[SharedStructure, ...] = ()

    def __post_init__(self) -> None:
        """Refuse matrices that no grades can have."""
        m = len(self.elements)
        if m == 0 or len(set(self.elements)) < m:
            raise ValueError(f"elements must be named once each, given {self.elements}")
        object.__setattr__(self, "elements", tuple(self.elements))
        object.__setattr__(self, "nugget", _checked(self.nugget, m, "the nugget"))
        shared = []
        for number, (kind, ranges, sills) in enumerate(self.structures, start=1):
            if kind not in KINDS:
                names = ", ".join(KINDS)
                raise ValueError(f"structure kind must be one of {names}, not {kind!r}")
            checked = _checked(sills, m, f"sills of structure {number}")
            shared.append(SharedStructure(kind, ranges, checked))
        object.__setattr__(self, "structures", tuple(shared))
        for name, variance in zip(self.elements, np.diag(self.sill), strict=True):
            if not variance > 0:
                raise ValueError(f"{name} has neither a nugget nor a structure above 0")

    @property
    def sill(self) -> FloatArray:
        """Whole variances and covariances, shape (m, m)."""
        total: FloatArray = np.array(self.nugget, dtype=np.float64)
        for structure in self.structures:
            total = total + np.array(structure.sills)
        return total

    @property
    def is_bounded(self) -> bool:
        """Whether all variograms level out."""
        return all(structure.kind != "linear" for structure in self.structures)

    def at(self, lags_m: ArrayLike) -> FloatArray:
        """Return covariances at lags [m], shape (n, 3), as (n, m, m); even cross-covariances."""
        lags = np.atleast_2d(np.asarray(lags_m, dtype=np.float64))
        here = np.where(np.any(lags != 0.0, axis=1), 0.0, 1.0)
        total: FloatArray = here[:, None, None] * np.array(self.nugget)
        for kind, ranges, sills in self.structures:
            shape = Covariance(0.0, (Structure(kind, 1.0, ranges),)).at(lags)
            total = total + shape[:, None, None] * np.array(sills)
        return total

    def variogram(self, lags_m: ArrayLike) -> FloatArray:
        """Return semivariances and cross-semivariances at lags [m], shape (n, m, m)."""
        unlike: FloatArray = self.sill - self.at(lags_m)
        return unlike

    def covariance(self, i: int, j: int) -> Covariance:
        """Return the model of one element (i = j), or of one pair when no sill of it is negative.

        Parameters
        ----------
        i, j : int
            Places in *elements*.

        Returns
        -------
        Covariance

        Raises
        ------
        ValueError
            If a cross-sill is negative or all are 0; :meth:`at` gives such covariances.
        """
        parts = tuple(Structure(s.kind, s.sills[i][j], s.ranges) for s in self.structures)
        return Covariance(self.nugget[i][j], parts)

    def packed(self) -> PackedCoregionalisation:
        """Return the model as kernels take it."""
        m = len(self.elements)
        return PackedCoregionalisation(
            np.array(self.nugget),
            np.array([KINDS[s.kind] for s in self.structures], dtype=np.int64),
            np.array([s.sills for s in self.structures], dtype=np.float64).reshape(-1, m, m),
            np.array([s.ranges.scaling() for s in self.structures]).reshape(-1, 3, 3),
        )


@dataclass(frozen=True, slots=True)
class FittedCoregionalisation:
    """A model of coregionalisation and how well it fits.

    Parameters
    ----------
    model : Coregionalisation
    table : pandas.DataFrame
        tail, head, direction, lag, distance_m, n_pairs, gamma, model, residual.
    objective : float
        Weighted mean of squared residuals, each over the product of both standard deviations.
    n_iterations : int
        Rounds until the objective fell no more.
    warnings : tuple of str
        What a reader should know before using the model.
    """

    model: Coregionalisation
    table: pd.DataFrame = field(compare=False)
    objective: float
    n_iterations: int
    warnings: tuple[str, ...]


def fit_coregionalisation(
    experimentals: Mapping[tuple[int, int], ExperimentalVariogram],
    elements: Sequence[str],
    shapes: Sequence[tuple[StructureKind, Ellipsoid]],
    most_iterations: int = 2000,
) -> FittedCoregionalisation:
    """Fit matrices of nuggets and sills to all variograms and cross-variograms at once.

    Parameters
    ----------
    experimentals : mapping of (i, j), i <= j, to ExperimentalVariogram
        Semivariograms on the same directions, lags and samples, as ``variogram_matrix`` gives.
    elements : sequence of str
        Names, in the order of i and j.
    shapes : sequence of (kind, Ellipsoid)
        Structures that all elements share, with practical ranges; the fit keeps them.
    most_iterations : int
        Rounds after which it stops.

    Returns
    -------
    FittedCoregionalisation

    Raises
    ------
    DataError
        If no lag has a pair, or an element does not vary.
    ValueError
        If a pair of elements is missing or lags differ between them.

    Notes
    -----
    Goulard and Voltz (1992), Mathematical Geology 24(3), pp. 269-286: one matrix after another is
    set to its least-squares value, its negative eigenvalues to 0. Weights are pairs over squared
    distance; elements are scaled to unit variance for the fit.
    """
    m = len(elements)
    rows, gamma = _matrices(experimentals, elements)
    scale = np.sqrt([experimentals[i, i].variance for i in range(m)])
    gamma = gamma / np.outer(scale, scale)
    units = [Covariance(0.0, (Structure(kind, 1.0, ranges),)) for kind, ranges in shapes]
    columns = [rows.mean(unit.sill - unit.at(rows.vectors)) for unit in units]
    basis = np.column_stack([np.ones(len(rows.table)), *columns])
    weights = (rows.table["n_pairs"] / rows.table["distance_m"] ** 2).to_numpy(dtype=np.float64)
    matrices, objective, rounds = _alternate(gamma, basis, weights / weights.sum(), most_iterations)
    back = matrices * np.outer(scale, scale)
    shared = tuple(
        SharedStructure(kind, ranges, _tuples(sills))
        for (kind, ranges), sills in zip(shapes, back[1:], strict=True)
    )
    model = Coregionalisation(tuple(elements), _tuples(back[0]), shared)
    fitted = np.einsum("ku,uij->kij", basis, back)
    warnings = []
    if rounds >= most_iterations:
        warnings.append(f"the fit was still improving after {rounds} rounds")
    for number, matrix in enumerate(matrices[1:], start=1):
        if np.abs(matrix).max() < 1e-3:
            warnings.append(f"structure {number} has no sill to speak of: leave it out")
    table = _long_table(experimentals, elements, fitted)
    return FittedCoregionalisation(model, table, objective, rounds, tuple(warnings))


def _matrices(
    experimentals: Mapping[tuple[int, int], ExperimentalVariogram], elements: Sequence[str]
) -> tuple[LagRows, FloatArray]:
    """Gather lags and, for each, the matrix of semivariances, shape (lags, m, m)."""
    m = len(elements)
    wanted = [(i, j) for i in range(m) for j in range(i, m)]
    missing = [f"{elements[i]}-{elements[j]}" for i, j in wanted if (i, j) not in experimentals]
    if missing:
        raise ValueError(f"no experimental variogram of {', '.join(missing)}")
    problems = [
        Problem(f"{elements[i]} does not vary", found="variance 0", remedy="Leave it out.")
        for i in range(m)
        if not experimentals[i, i].variance > 0
    ]
    if problems:
        raise DataError(problems)
    rows = lag_rows([experimentals[0, 0]])
    gamma = np.empty((len(rows.table), m, m))
    for i, j in wanted:
        other = lag_rows([experimentals[i, j]]).table
        if not other[["direction", "lag", "n_pairs"]].equals(
            rows.table[["direction", "lag", "n_pairs"]]
        ):
            raise ValueError(f"lags of {elements[i]}-{elements[j]} rest on other pairs")
        gamma[:, i, j] = gamma[:, j, i] = other["gamma"]
    return rows, gamma


def _alternate(
    gamma: FloatArray, basis: FloatArray, weights: FloatArray, most: int
) -> tuple[FloatArray, float, int]:
    """Improve one matrix after another until the objective falls no more."""
    n_basis, m = basis.shape[1], gamma.shape[1]
    matrices = np.zeros((n_basis, m, m))
    left = gamma.copy()
    objective = float(np.einsum("k,kij->", weights, left**2))
    for rounds in range(1, most + 1):
        for u in range(n_basis):
            left += basis[:, u, None, None] * matrices[u]
            size = float(weights @ basis[:, u] ** 2)
            best = np.einsum("k,kij->ij", weights * basis[:, u], left) / max(size, 1e-300)
            values, vectors = np.linalg.eigh(best)
            matrices[u] = (vectors * np.maximum(values, 0.0)) @ vectors.T
            left -= basis[:, u, None, None] * matrices[u]
        now = float(np.einsum("k,kij->", weights, left**2))
        if objective - now <= 1e-14 + 1e-10 * now:
            return matrices, now, rounds
        objective = now
    return matrices, objective, most


def _long_table(
    experimentals: Mapping[tuple[int, int], ExperimentalVariogram],
    elements: Sequence[str],
    fitted: FloatArray,
) -> pd.DataFrame:
    """List every pair of elements, lag by lag."""
    tables = []
    for (i, j), experimental in sorted(experimentals.items()):
        rows = lag_rows([experimental]).table
        table = rows[["direction", "lag", "distance_m", "n_pairs", "gamma"]].copy()
        table.insert(0, "head", elements[j])
        table.insert(0, "tail", elements[i])
        table["model"] = fitted[:, i, j]
        table["residual"] = table["gamma"] - table["model"]
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _tuples(matrix: FloatArray) -> Matrix:
    return tuple(tuple(float(x) for x in row) for row in matrix)


def _checked(matrix: ArrayLike, m: int, name: str) -> Matrix:
    """Return a symmetric matrix without negative eigenvalues as tuples."""
    array = np.asarray(matrix, dtype=np.float64)
    if array.shape != (m, m):
        raise ValueError(f"{name} must have {m} rows and {m} columns, given shape {array.shape}")
    if not np.all(np.isfinite(array)):
        raise ValueError(f"{name} must be finite")
    size = float(np.max(np.abs(array)))
    if np.max(np.abs(array - array.T)) > ROUNDING * size:
        raise ValueError(f"{name} must be symmetric")
    symmetric = 0.5 * (array + array.T)
    smallest = float(np.linalg.eigvalsh(symmetric)[0])
    if smallest < -ROUNDING * size:
        raise ValueError(f"{name} has a negative eigenvalue {smallest:.6g}: no grades vary so")
    return _tuples(symmetric)
