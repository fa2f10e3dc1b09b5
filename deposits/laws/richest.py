"""Which cut-off keeps the richest part of a body's tonnes, and what is their mean grade?

Shares broadcast with the laws one by one, as planning asks them draw by draw.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_ndtr, ndtri_exp

from deposits.errors import DataError, Problem
from deposits.laws import truncation
from deposits.laws.grade_law import GradeLaw, level_grade, standard_form
from deposits.laws.roots import increasing_root


def cutoff_of_richest(law: GradeLaw, share: ArrayLike) -> NDArray[np.float64]:
    """Cut-off above which the richest part of the tonnes lies.

    Parameters
    ----------
    law : GradeLaw
        Shape (n,) or ().
    share : array_like of float
        Shares of the tonnes, in (0, 1], that broadcast with the laws one by one.

    Returns
    -------
    ndarray of float
        Cut-offs [%] of the broadcast shape; the lower cut for the share 1.

    Raises
    ------
    DataError
        If a share is not in (0, 1].
    """
    sigma = standard_form(law)[2]
    w = _width_of_richest(law, share)
    upper = np.broadcast_to(law.upper_pct, w.shape)
    cut = np.where(np.isfinite(w), upper * np.exp(-sigma * np.where(np.isfinite(w), w, 0.0)), 0.0)
    whole = np.broadcast_to(np.asarray(share, float) == 1.0, w.shape)
    return np.where(law.sigma > 0.0, np.where(whole, law.lower_pct, cut), level_grade(law))[()]


def grade_of_richest(law: GradeLaw, share: ArrayLike) -> NDArray[np.float64]:
    """Mean grade of the richest part of the tonnes.

    Parameters
    ----------
    law : GradeLaw
        Shape (n,) or ().
    share : array_like of float
        Shares of the tonnes, in (0, 1], that broadcast with the laws one by one.

    Returns
    -------
    ndarray of float
        Mean grades [%] of the broadcast shape; the law's mean for the share 1.

    Raises
    ------
    DataError
        If a share is not in (0, 1].
    """
    top, _, sigma = standard_form(law)
    w = _width_of_richest(law, share)
    grade = law.upper_pct * np.exp(truncation.log_mean_over_top(top, w, sigma))
    return np.where(law.sigma > 0.0, grade, level_grade(law))[()]


def _width_of_richest(law: GradeLaw, share: ArrayLike) -> NDArray[np.float64]:
    """Width, from the upper cut down [standard deviations], that holds a share of the tonnes."""
    s = np.asarray(share, float)
    if not np.all((s > 0.0) & (s <= 1.0)):
        raise DataError(
            [Problem("share of the richest tonnes out of range", allowed="0 < share <= 1")]
        )
    top, width, s = np.broadcast_arrays(*standard_form(law)[:2], s)
    found = np.array(width, dtype=float)
    part = s < 1.0
    b, w0, log_s = top[part], width[part], np.log(s[part])
    whole = truncation.tilted_integral(b, w0, np.zeros_like(b))
    mass = log_s + whole - 0.5 * np.log(2.0 * np.pi)
    # Phi(a) = (1 - s) Phi(b) + s Phi(a0); past the middle the upper tail keeps more digits.
    below = np.logaddexp(np.log1p(-s[part]) + log_ndtr(b), log_s + log_ndtr(b - w0))
    above = -ndtri_exp(np.minimum(np.logaddexp(log_ndtr(-b), mass), 0.0))
    start = b - np.where(above > 0.0, above, ndtri_exp(np.minimum(below, 0.0)))

    def shortfall(
        x: NDArray[np.float64], i: NDArray[np.intp]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        w = np.exp(x)
        now = truncation.tilted_integral(b[i], w, np.zeros_like(w))
        none = np.zeros_like(w)
        missed = truncation.log_ratio(b[i], (w, none), (w0[i], none)) - log_s[i]
        return missed, w * np.exp(-0.5 * (b[i] - w) ** 2 - now)

    usable = np.isfinite(start) & (start > 0.0)
    guess = np.log(np.where(usable, start, 1.0))
    found[part] = np.minimum(np.exp(increasing_root(shortfall, guess)), w0)
    return found
