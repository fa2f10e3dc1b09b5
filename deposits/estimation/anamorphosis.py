"""Which function turns a standard normal variable into the grades of samples?

The function phi is held twice: as the steps of the samples themselves (exact, see
``deposits.laws.block_law``) and as coefficients of Hermite polynomials, which split the variance by
order. The series swings at both ends when cut short; grades are therefore read from the steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from deposits.laws.block_law import ROOT_TWO_PI, SteppedLaw, coefficient_from, stepped_law

FloatArray = NDArray[np.float64]

#: Terms kept by default; programmes of the field keep 30 to 100.
TERMS = 100


@dataclass(frozen=True, slots=True, eq=False)
class Anamorphosis:
    """Grades of samples as a function of a standard normal variable.

    Parameters
    ----------
    law : SteppedLaw
        The samples' grades with their (declustering) shares.
    coefficients : ndarray of float, shape (terms + 1,)
        Of the normalised polynomials h_0, h_1, ... [grade unit]; the first is the mean. Some
        programmes give every second one the other sign (their h_1 is -y).
    """

    law: SteppedLaw
    coefficients: FloatArray

    @property
    def mean(self) -> float:
        """Mean grade."""
        return float(self.coefficients[0])

    @property
    def variance(self) -> float:
        """Variance that the series holds [grade unit squared]; below that of the samples."""
        return float((self.coefficients[1:] ** 2).sum())

    @property
    def held_share(self) -> float:
        """Share of the samples' variance that the series holds; NaN where grades do not vary."""
        return self.variance / self.law.variance if self.law.variance > 0 else float("nan")

    def series(self, score: ArrayLike, r: float = 1.0) -> FloatArray:
        """Grade at normal scores by the series, of blocks where r < 1, shape (m,)."""
        y = np.asarray(score, dtype=np.float64)
        damped = self.coefficients * r ** np.arange(self.coefficients.size)
        return damped @ hermite(y, self.coefficients.size - 1)

    def grade(self, score: ArrayLike) -> FloatArray:
        """Grade of samples at normal scores by the steps, shape (m,)."""
        place = np.searchsorted(self.law.edge, np.asarray(score, np.float64), side="right")
        return np.asarray(self.law.grade[place], dtype=np.float64)

    def score(self, grade: ArrayLike) -> FloatArray:
        """Return normal scores of grades: the middle of each class, linear between classes.

        NaN where the grade is; grades beyond the samples get the score of the outermost class.
        """
        middle = ndtri(np.cumsum(self.law.share) - 0.5 * self.law.share)
        scores: FloatArray = np.interp(np.asarray(grade, np.float64), self.law.grade, middle)
        return scores


def hermite(score: ArrayLike, terms: int) -> FloatArray:
    """Return the normalised Hermite polynomials h_0 ... h_terms, shape (terms + 1, m).

    Notes
    -----
    ``h_(n+1) = (y h_n - sqrt(n) h_(n-1)) / sqrt(n + 1)``, h_0 = 1, h_1 = y; their mean product
    under the normal law is 1 for equal orders and 0 otherwise (Wackernagel, 2003, Multivariate
    Geostatistics, chapter 33).
    """
    y = np.atleast_1d(np.asarray(score, dtype=np.float64))
    out = np.empty((terms + 1, y.size))
    out[0] = 1.0
    for n in range(terms):
        before = np.sqrt(n) * out[n - 1] if n else 0.0
        out[n + 1] = (y * out[n] - before) / np.sqrt(n + 1.0)
    return out


def fit_anamorphosis(
    values: ArrayLike, weights: ArrayLike | None = None, terms: int = TERMS
) -> Anamorphosis:
    """Fit the empirical anamorphosis of samples.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        Grades of samples of one support; one sample, or all equal, gives a constant.
    weights : array_like of float, shape (n,), optional
        Declustering weights, 0 or more.
    terms : int
        Highest order of the polynomials.

    Returns
    -------
    Anamorphosis

    Raises
    ------
    DataError
        If nothing is given, or a value or weight cannot be used.
    ValueError
        If there is no term.

    Notes
    -----
    For steps the coefficient of h_n is ``sum (step) h_(n-1)(edge) g(edge) / sqrt(n)``, g the normal
    density: the integral of phi h_n g by parts (Chiles and Delfiner, 2012, section 6.2).
    """
    if terms < 1:
        raise ValueError(f"an anamorphosis needs at least 1 term, given {terms}")
    law = stepped_law(values, weights)
    density = np.exp(-0.5 * law.edge**2) / ROOT_TWO_PI
    orders = np.sqrt(np.arange(1.0, terms + 1.0))
    rise = (hermite(law.edge, terms - 1) @ (np.diff(law.grade) * density)) / orders
    return Anamorphosis(law, np.concatenate([[law.mean], rise]))


def series_coefficient(anamorphosis: Anamorphosis, block_variance: float) -> float:
    """Find the change-of-support coefficient r from the series alone.

    Parameters
    ----------
    anamorphosis : Anamorphosis
    block_variance : float
        Variance of block grades [grade unit squared].

    Returns
    -------
    float
        r with ``sum coefficient_n^2 r^(2n) = block variance``, 1 where the series holds no more
        than that. Use ``deposits.estimation.change_of_support`` unless the series is wanted.

    Raises
    ------
    ValueError
        If the block variance is not above 0.
    """
    if not block_variance > 0.0:
        raise ValueError(f"the block variance must be above 0, given {block_variance}")
    return coefficient_from(anamorphosis.coefficients[1:] ** 2, block_variance)
