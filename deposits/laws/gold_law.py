"""If gold is loosely tied to the antimony, how much gold does ore above a cut-off carry?

Gold is jointly lognormal with the grade that is cut on and is not cut off itself. Nothing is known
of the tie between them in most fields, so the correlation is an assumption wherever it is used.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError, Problem
from deposits.laws.grade_law import GradeLaw, log_share


def sigma_from_cv(cv: ArrayLike) -> NDArray[np.float64]:
    """Return the standard deviation of the logarithm of a whole lognormal law with this CV.

    Parameters
    ----------
    cv : array_like of float
        Coefficient of variation, 0 or more.

    Returns
    -------
    ndarray of float
        sqrt(ln(1 + cv^2)).

    Raises
    ------
    DataError
        If a CV is negative or not a number.

    Examples
    --------
    >>> float(sigma_from_cv(1.0).round(4))
    0.8326
    """
    v = np.asarray(cv, float)
    if not np.all(v >= 0.0):
        raise DataError([Problem("CV is negative or not a number", allowed="0 or more")])
    return np.asarray(np.sqrt(np.log1p(v**2)))[()]


def gold_factor(
    law: GradeLaw, cutoff_pct: ArrayLike, rho: ArrayLike, sigma_au: ArrayLike
) -> NDArray[np.float64]:
    """Mean gold grade of the ore above a cut-off, over that of all the ore described.

    Parameters
    ----------
    law : GradeLaw
        Law of the grade that is cut on, any shape.
    cutoff_pct : array_like of float
        Cut-offs on that grade [%] that broadcast with the laws one by one.
    rho : array_like of float, broadcasting with the law
        Correlation of the two logarithms before the cuts, in [-1, 1].
    sigma_au : array_like of float, broadcasting with the law
        Standard deviation of the logarithm of gold (see ``sigma_from_cv``).

    Returns
    -------
    ndarray of float, of the broadcast shape
        1 at or below the law's lower cut; NaN where nothing lies above the cut-off.

    Raises
    ------
    DataError
        If a correlation is outside [-1, 1] or a sigma is negative.

    Notes
    -----
    With a, b and a0 as in ``tonnage_share`` and d = rho sigma_au,
    {[Phi(b - d) - Phi(a - d)] / [Phi(b) - Phi(a)]} times
    {[Phi(b) - Phi(a0)] / [Phi(b - d) - Phi(a0 - d)]}.
    """
    r, s = np.asarray(rho, float), np.asarray(sigma_au, float)
    problems = []
    if not np.all(np.abs(r) <= 1.0):
        problems.append(Problem("correlation of gold out of range", allowed="-1 to 1"))
    if not np.all(s >= 0.0):
        problems.append(Problem("sigma of gold is negative or not a number", allowed="0 or more"))
    if problems:
        raise DataError(problems)
    tonnes = log_share(law, cutoff_pct, np.zeros(law.mu.shape))
    with np.errstate(invalid="ignore"):
        return np.asarray(np.exp(log_share(law, cutoff_pct, r * s) - tonnes))[()]
