"""How rich and how many are the blocks that samples foretell, and is the model smoother than that?

Three corrections of the samples' law to block support: the discrete Gaussian model (see
``deposits.laws.block_law``), the affine and the indirect lognormal one. All keep the mean and give
the blocks the stated variance. Held against the blocks of a model they are the global check of
change of support. For selection on estimates (information effect) pass the variance of the
estimates, block variance less kriging variance, as that of the blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError, Problem
from deposits.estimation.block_variance import block_variance
from deposits.estimation.covariance import Covariance
from deposits.laws.block_law import SteppedLaw, coefficient, recovered, stepped_law

FloatArray = NDArray[np.float64]

COLUMNS = ["curve", "cutoff", "tonnage_share", "metal_share", "mean_above"]
#: Share of the samples at their least grade from which the models of this file warn.
SPIKE = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class BlockSupport:
    """The law of samples and what makes it one of blocks.

    Parameters
    ----------
    law : SteppedLaw
        Grades of samples with declustering shares.
    block_variance : float
        Variance of block grades [grade unit squared].
    r : float
        Change-of-support coefficient, 0 to 1, not its square; NaN where grades do not vary.
    warnings : tuple of str
        What makes the answer doubtful, in sentences.
    """

    law: SteppedLaw
    block_variance: float
    r: float
    warnings: tuple[str, ...] = ()

    @property
    def variance_ratio(self) -> float:
        """Variance of blocks over that of samples; NaN where grades do not vary."""
        return self.block_variance / self.law.variance if self.law.variance > 0 else float("nan")


def variance_ratio(
    covariance: Covariance, size_m: Sequence[float], discretisation: Sequence[int]
) -> float:
    """Return the share of the variance that is left between blocks, 0 to 1.

    Times the declustered variance of the samples it is the block variance to use, as the sill of
    a fitted model need not be that variance. Parameters and errors as for
    :func:`deposits.estimation.block_variance.block_variance`.
    """
    return block_variance(covariance, size_m, discretisation) / covariance.sill


def block_support(
    values: ArrayLike, weights: ArrayLike | None, block_variance: float
) -> BlockSupport:
    """Bring the law of samples to block support.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        Grades of samples; rows with NaN are left out and counted in the warnings.
    weights : array_like of float, shape (n,), or None
        Declustering weights.
    block_variance : float
        Variance of block grades [grade unit squared], above 0 and at most that of the samples.

    Returns
    -------
    BlockSupport

    Raises
    ------
    DataError
        If no value can be used, or the block variance is out of range. Grades that do not vary
        are no error: every curve is then a step at their value.
    """
    z = np.asarray(values, dtype=np.float64)
    w = np.ones(z.shape) if weights is None else np.asarray(weights, dtype=np.float64)
    if w.shape != z.shape:
        found = f"{w.shape} weights, {z.shape} values"
        raise DataError([Problem("samples and weights must be of one length", found=found)])
    absent = np.isnan(z)
    if absent.all():
        raise DataError([Problem("no sample has a grade", remedy="Check the domain.")])
    law = stepped_law(z[~absent], w[~absent])
    warnings = _warnings(law, int(absent.sum()))
    if law.variance == 0.0:
        return BlockSupport(law, 0.0, float("nan"), warnings)
    return BlockSupport(law, float(block_variance), coefficient(law, block_variance), warnings)


def _warnings(law: SteppedLaw, absent: int) -> tuple[str, ...]:
    """Say what makes a change of support doubtful."""
    said = []
    if absent:
        said.append(f"{absent} samples without a grade are left out.")
    if law.variance == 0.0:
        said.append(f"All samples have the grade {law.grade[0]:g}: there is no change of support.")
    elif law.share[0] > SPIKE:
        said.append(
            f"{100 * law.share[0]:.0f} % of the samples lie at the least grade, {law.grade[0]:g}: "
            "curves of blocks are unreliable at low cut-offs."
        )
    return tuple(said)


def sample_curve(law: SteppedLaw, cutoffs: ArrayLike) -> pd.DataFrame:
    """Return tonnage, metal and grade of samples above cut-offs, shape (m rows).

    Returns
    -------
    pandas.DataFrame
        Columns ``curve, cutoff, tonnage_share, metal_share, mean_above``; a grade equal to the
        cut-off is above it, and mean_above is NaN where nothing is.
    """
    return _frame("samples", [(c, *_above(law.grade, law.share, c)) for c in _numbers(cutoffs)])


def discrete_gaussian_curve(support: BlockSupport, cutoffs: ArrayLike) -> pd.DataFrame:
    """Return the curve of blocks by the discrete Gaussian model, columns as `sample_curve`."""
    if np.isnan(support.r):
        return sample_curve(support.law, cutoffs).assign(curve="discrete Gaussian")
    rows = []
    for cutoff in _numbers(cutoffs):
        if support.law.mean <= 0.0:
            raise DataError([Problem("the mean of the samples is not above 0")])
        part = recovered(support.law, support.r, cutoff)
        mean = np.nan if part.mean_above is None else part.mean_above
        rows.append((cutoff, part.tonnage_share, part.metal_share, mean))
    return _frame("discrete Gaussian", rows)


def affine_curve(support: BlockSupport, cutoffs: ArrayLike) -> pd.DataFrame:
    """Return the curve of blocks by the affine correction, columns as `sample_curve`.

    Notes
    -----
    Every grade keeps its rank and moves to ``m + sqrt(f) (z - m)``, f the variance ratio (Isaaks
    and Srivastava, 1989, p. 471). The least block grade is then above that of samples.
    """
    law = support.law
    factor = np.sqrt(support.variance_ratio) if law.variance > 0 else 1.0
    moved = law.mean + factor * (law.grade - law.mean)
    return _frame("affine", [(c, *_above(moved, law.share, c)) for c in _numbers(cutoffs)])


def indirect_lognormal_curve(support: BlockSupport, cutoffs: ArrayLike) -> pd.DataFrame:
    """Return the curve of blocks by the indirect lognormal correction.

    Notes
    -----
    ``a z^b``, then scaled to keep the mean (Isaaks and Srivastava, 1989, pp. 472-473); the variance
    is met exactly for lognormal grades only. Grades must not be negative.
    """
    law = support.law
    if law.grade[0] < 0.0 or law.mean <= 0.0:
        fact = "the indirect lognormal correction needs grades of 0 or more, some above"
        raise DataError([Problem(fact, found=f"{law.grade[0]:g}")])
    moved = law.grade
    if law.variance > 0:
        squared = law.variance / law.mean**2
        power = np.sqrt(np.log1p(support.variance_ratio * squared) / np.log1p(squared))
        moved = law.grade**power
        moved = moved * law.mean / float((law.share * moved).sum())
    rows = [(c, *_above(moved, law.share, c)) for c in _numbers(cutoffs)]
    return _frame("indirect lognormal", rows)


def block_curve(
    grades: ArrayLike, tonnes: ArrayLike | None, cutoffs: ArrayLike, name: str = "model"
) -> pd.DataFrame:
    """Return the curve of a model's own blocks, columns as `sample_curve`.

    Parameters
    ----------
    grades : array_like of float, shape (n,)
        NaN where a block is not estimated: left out.
    tonnes : array_like of float, shape (n,), or None
        Weights of the blocks; equal without.
    cutoffs : array_like of float
    name : str
        What to call the curve.
    """
    grade, share = _estimated(grades, tonnes)
    return _frame(name, [(c, *_above(grade, share, c)) for c in _numbers(cutoffs)])


@dataclass(frozen=True, slots=True, eq=False)
class SmoothingCheck:
    """A model's blocks held against what change of support foretells.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns as `sample_curve`; curves "samples", "discrete Gaussian", "affine", "model".
    ratio : float
        Variance of the model's blocks over the theoretical one; NaN where either is missing.
    block_variance, model_variance : float
        Both [grade unit squared].
    sentence : str
        Whether the model is smoother than theory.
    warnings : tuple of str
    """

    table: pd.DataFrame
    ratio: float
    block_variance: float
    model_variance: float
    sentence: str
    warnings: tuple[str, ...]


def check_smoothing(
    support: BlockSupport,
    grades: ArrayLike,
    tonnes: ArrayLike | None,
    cutoffs: ArrayLike,
    tolerance: float = 0.1,
) -> SmoothingCheck:
    """Hold the blocks of a model against the samples brought to block support.

    Parameters
    ----------
    support : BlockSupport
        From :func:`block_support`.
    grades, tonnes
        As for :func:`block_curve`.
    cutoffs : array_like of float, shape (m,)
        In the grade unit.
    tolerance : float
        Relative difference of variances that counts as none [fraction].

    Returns
    -------
    SmoothingCheck
    """
    grade, share = _estimated(grades, tonnes)
    # Not dot products: BLAS rounds by its number of threads.
    mean = float((share * grade).sum()) if grade.size else float("nan")
    spread = float((share * (grade - mean) ** 2).sum()) if grade.size else float("nan")
    ratio = spread / support.block_variance if support.block_variance > 0 else float("nan")
    curves = [
        sample_curve(support.law, cutoffs),
        discrete_gaussian_curve(support, cutoffs),
        affine_curve(support, cutoffs),
        block_curve(grades, tonnes, cutoffs),
    ]
    return SmoothingCheck(
        pd.concat(curves, ignore_index=True),
        ratio,
        support.block_variance,
        spread,
        _verdict(ratio, tolerance, grade.size),
        support.warnings,
    )


#: What too smooth a model does to a grade-tonnage curve.
SMOOTH = (
    "tonnes are overstated and grades understated at cut-offs below the mean, and metal is "
    "understated at high ones"
)


def _verdict(ratio: float, tolerance: float, n: int) -> str:
    """Say in words whether a model is smoother than theory."""
    if n == 0:
        return "No block is estimated: smoothing cannot be checked."
    if np.isnan(ratio):
        return "Grades of the samples do not vary: smoothing cannot be checked."
    said = f"Variance of the model's blocks is {100 * ratio:.0f} % of that foretold for blocks"
    if ratio < 1.0 - tolerance:
        return f"{said}: the model is smoother than theory; {SMOOTH}."
    if ratio > 1.0 + tolerance:
        return f"{said}: the model varies more than theory; high cut-offs may be overstated."
    return f"{said}: the model is about as smooth as theory."


def _estimated(grades: ArrayLike, tonnes: ArrayLike | None) -> tuple[FloatArray, FloatArray]:
    """Grades and shares of the tonnes of blocks that have both."""
    z = np.asarray(grades, dtype=np.float64).reshape(-1)
    w = np.ones(z.shape) if tonnes is None else np.asarray(tonnes, dtype=np.float64).reshape(-1)
    if w.shape != z.shape:
        found = f"{w.size} tonnes, {z.size} grades"
        raise DataError([Problem("blocks need one tonnage each", found=found)])
    kept = np.isfinite(z) & np.isfinite(w) & (w > 0)
    return z[kept], w[kept] / w[kept].sum() if kept.any() else w[kept]


def _above(grade: FloatArray, share: FloatArray, cutoff: float) -> tuple[float, float, float]:
    """Tonnage share, metal share and mean grade at or above a cut-off."""
    if grade.size == 0:
        return np.nan, np.nan, np.nan
    above = grade >= cutoff
    tonnes = float(share[above].sum())
    metal, whole = float((share * grade)[above].sum()), float((share * grade).sum())
    return (
        tonnes,
        metal / whole if whole > 0 else np.nan,
        metal / tonnes if tonnes > 0 else np.nan,
    )


def _numbers(cutoffs: ArrayLike) -> list[float]:
    """Cut-offs as numbers."""
    values = np.atleast_1d(np.asarray(cutoffs, dtype=np.float64))
    if not np.isfinite(values).all():
        raise DataError([Problem("a cut-off is not finite")])
    return [float(value) for value in values]


def _frame(name: str, rows: list[tuple[float, float, float, float]]) -> pd.DataFrame:
    """Rows of one curve as a table."""
    return pd.DataFrame([(name, *row) for row in rows], columns=COLUMNS)
