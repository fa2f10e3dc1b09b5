"""How do grades of blocks spread, once those of samples and the blocks' variance are known?

The discrete Gaussian model: a sample's grade is phi(Y) with Y standard normal; a block's grade is
phi_r(Y) = E[phi(r Y + sqrt(1 - r^2) U)], U standard normal and independent of Y. The coefficient
r, 1 for samples and 0 for a block as large as the deposit, is the one that gives the block
variance. The mean is kept, and no block is richer than the richest sample.

phi is held as steps, one per class of samples, and smoothed exactly: a series of Hermite
polynomials serves only to find r, since cut short it would swing at both ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_ndtr, ndtr, ndtri

from deposits.errors import DataError, Problem
from deposits.laws.roots import increasing_root

Array = NDArray[np.float64]

#: Terms of the Hermite series; what is left of the variance is lumped into one more.
HERMITE_TERMS = 500
#: Laws of few, and so of high, steps need more of them: a single step leaves 4 % above order 500.
FEW_STEPS, TERMS_OF_FEW = 100, 8000
NODES, WEIGHTS = np.polynomial.legendre.leggauss(8)
ROOT_TWO_PI = np.sqrt(2.0 * np.pi)


@dataclass(frozen=True, eq=False, slots=True)
class SteppedLaw:
    """Grades of samples as classes, from poor to rich.

    Parameters
    ----------
    grade : ndarray of float, shape (k,)
        Mean grade of each class, strictly increasing.
    share : ndarray of float, shape (k,)
        Share of the tonnes in each class, > 0, summing to 1.
    edge : ndarray of float, shape (k - 1,)
        Normal scores between the classes: Phi(edge) is the share of all poorer classes.
    """

    grade: Array
    share: Array
    edge: Array

    @property
    def mean(self) -> float:
        """Mean grade."""
        # Not a dot product: BLAS rounds by its number of threads.
        return float((self.share * self.grade).sum())

    @property
    def variance(self) -> float:
        """Variance between the classes."""
        return float((self.share * (self.grade - self.mean) ** 2).sum())


@dataclass(frozen=True, slots=True)
class Recovered:
    """What lies at or above a cut-off.

    Parameters
    ----------
    tonnage_share, metal_share : float
        Shares of all tonnes and of all metal, 0 to 1.
    mean_above : float or None
        Mean grade of that part, in the unit of the law; None where there is none.
    """

    tonnage_share: float
    metal_share: float
    mean_above: float | None


def stepped_law(values: ArrayLike, weights: ArrayLike | None = None) -> SteppedLaw:
    """Order samples into a stepped law.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        Grades of samples of one support.
    weights : array_like of float, shape (n,), optional
        Declustering weights, 0 or more; equal without.

    Returns
    -------
    SteppedLaw
        One class per different value.

    Raises
    ------
    DataError
        If nothing is given, or a value or weight cannot be used.
    """
    z = np.asarray(values, float)
    w = np.ones(z.shape) if weights is None else np.asarray(weights, float)
    if z.ndim != 1 or w.shape != z.shape or not np.all(np.isfinite(z)):
        raise DataError([Problem("samples and weights must be finite and of one length")])
    if not np.all(w >= 0.0) or not w.sum() > 0.0:
        raise DataError([Problem("weights are negative or all 0", allowed="0 or more, some above")])
    grade, number = np.unique(z[w > 0.0], return_inverse=True)
    share = np.bincount(number, weights=w[w > 0.0]) / w.sum()
    poorer, richer = np.cumsum(share)[:-1], np.cumsum(share[::-1])[::-1][1:]
    edge = np.where(poorer < 0.5, ndtri(np.minimum(poorer, 0.5)), -ndtri(np.minimum(richer, 0.5)))
    return SteppedLaw(grade, share, edge)


def solve_change_of_support(
    values: ArrayLike, weights: ArrayLike | None, block_variance: float
) -> float:
    """Find the change-of-support coefficient r of the discrete Gaussian model.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        Grades of samples.
    weights : array_like of float, shape (n,), or None
        Declustering weights.
    block_variance : float
        Variance of the true block grades, in the unit of *values* squared.

    Returns
    -------
    float
        r in (0, 1]. Some programs print its square.

    Raises
    ------
    DataError
        If the block variance is not above 0 and at most the variance of the samples.
    """
    return coefficient(stepped_law(values, weights), block_variance)


def coefficient(law: SteppedLaw, block_variance: float) -> float:
    """Find r for a stepped law, see ``solve_change_of_support``."""
    if not 0.0 < block_variance <= law.variance * (1.0 + 1e-12):
        raise DataError(
            [
                Problem(
                    "block variance out of range",
                    found=f"{block_variance:g}",
                    allowed=f"above 0 and at most the variance of the samples, {law.variance:g}",
                )
            ]
        )
    return coefficient_from(hermite_variances(law), block_variance)


def hermite_variances(law: SteppedLaw) -> Array:
    """Split the variance by order of the Hermite series.

    Parameters
    ----------
    law : SteppedLaw
        Grades of samples.

    Returns
    -------
    ndarray of float, shape (HERMITE_TERMS + 1,), or (TERMS_OF_FEW + 1,) for few steps
        Squared coefficients of the orders 1, 2, ...; the last holds all higher ones. Their sum is
        the law's variance.

    Notes
    -----
    For steps, the coefficient of the normalised polynomial h_n is the sum over the edges of
    (step) h_(n-1)(edge) g(edge)/sqrt(n), with g the normal density.
    """
    step = np.diff(law.grade)
    before, now = np.zeros_like(law.edge), np.exp(-0.5 * law.edge**2) / ROOT_TWO_PI
    terms = TERMS_OF_FEW if law.edge.size <= FEW_STEPS else HERMITE_TERMS
    variances = np.empty(terms + 1)
    for n in range(1, terms + 1):
        variances[n - 1] = (step * now).sum() ** 2 / n
        before, now = now, (law.edge * now - np.sqrt(n - 1.0) * before) / np.sqrt(n)
    variances[-1] = max(law.variance - variances[:-1].sum(), 0.0)
    return variances


def coefficient_from(variances: Array, block_variance: float) -> float:
    """Find r with sum of variances r^(2n) = block variance."""
    power = 2.0 * np.arange(1.0, variances.size + 1.0)
    if block_variance >= variances.sum():
        return 1.0

    def excess(log_r: Array, _: NDArray[np.intp]) -> tuple[Array, Array]:
        terms = variances * np.exp(power * np.minimum(log_r, 0.0)[:, None])
        return terms.sum(axis=1) - block_variance, (power * terms).sum(axis=1)

    # The first order alone gives an r that is too large only if the law is a straight line.
    start = 0.5 * np.log(block_variance / variances.sum())
    return float(np.exp(np.minimum(increasing_root(excess, np.array([start])), 0.0))[0])


def block_grade(law: SteppedLaw, r: float, score: ArrayLike) -> Array:
    """Grade of the block at a normal score: the smoothed steps.

    Parameters
    ----------
    law : SteppedLaw
        Grades of samples.
    r : float
        Change-of-support coefficient in (0, 1].
    score : array_like of float, shape (m,)
        Normal scores of blocks.

    Returns
    -------
    ndarray of float, shape (m,)
        In the unit of the law, rising with the score.
    """
    y = np.asarray(score, float)
    rest = np.sqrt((1.0 - r) * (1.0 + r))
    if rest == 0.0:
        return np.asarray(law.grade[np.searchsorted(law.edge, y, side="right")])
    rise: Array = ndtr((r * y[:, None] - law.edge) / rest) @ np.diff(law.grade)
    return np.asarray(law.grade[0] + rise)


def recovered(law: SteppedLaw, r: float, cutoff: float) -> Recovered:
    """Say what part of the blocks lies at or above a cut-off.

    Parameters
    ----------
    law : SteppedLaw
        Grades of samples.
    r : float
        Change-of-support coefficient in (0, 1].
    cutoff : float
        In the unit of the law.

    Returns
    -------
    Recovered
    """
    if cutoff <= law.grade[0]:
        return Recovered(1.0, 1.0, law.mean)
    if r == 1.0:
        above = law.grade >= cutoff
        tonnes = float(law.share[above].sum())
        metal = float((law.share * law.grade)[above].sum())
        return Recovered(tonnes, metal / law.mean, metal / tonnes if tonnes else None)
    if cutoff >= law.grade[-1]:
        return Recovered(0.0, 0.0, None)
    score = _score_of(law, r, cutoff)
    tonnes = float(ndtr(-score))
    mean = max(_mean_beyond(law, r, score), cutoff)
    # What is too little for a floating-point number is nothing.
    return Recovered(tonnes, min(tonnes * mean / law.mean, 1.0), mean if tonnes > 0.0 else None)


def _score_of(law: SteppedLaw, r: float, cutoff: float) -> float:
    """Find the normal score at which blocks have the grade of a cut-off."""
    rest = np.sqrt((1.0 - r) * (1.0 + r))
    step = np.diff(law.grade)

    def excess(y: Array, _: NDArray[np.intp]) -> tuple[Array, Array]:
        away = (r * y[:, None] - law.edge) / rest
        slope = np.exp(-0.5 * away**2) @ step * r / (rest * ROOT_TWO_PI)
        return law.grade[0] + ndtr(away) @ step - cutoff, slope

    return float(increasing_root(excess, np.zeros(1))[0])


def _mean_beyond(law: SteppedLaw, r: float, score: float) -> float:
    """Mean grade of the blocks beyond a normal score."""
    begin = max(score, -9.0)
    # Beyond this reach the normal density has fallen by exp(-40).
    reach = np.sqrt(begin**2 + 80.0) - begin if begin > 0.0 else 9.0 - begin
    # Grades turn over a distance of rest/r: a panel of the rule spans two of them.
    rest = np.sqrt((1.0 - r) * (1.0 + r))
    panels = int(np.clip(np.ceil(0.5 * reach * r / rest), 12, 100))
    middle = begin + reach * (np.arange(panels) + 0.5) / panels
    y = (middle[:, None] + 0.5 * reach / panels * NODES).ravel()
    weight = np.tile(WEIGHTS, panels) * np.exp(-0.5 * y**2 - log_ndtr(-begin))
    return float(weight @ block_grade(law, r, y) / weight.sum())
