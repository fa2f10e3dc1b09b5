"""If a body's mean grade and spread are believed, how much of it lies above a cut-off?

The grade law is a lognormal law cut off above at what the ore mineral can hold and, only where a
statement gives its own cut-off, below at that cut-off. Its mean and coefficient of variation (CV)
are those of the law as cut, weighted by tonnes, at one selection unit: a law for drill samples
says nothing about stopes (see ``support``). Its own richest part is read off in ``richest``.

Shares use the state convention ``grade >= cut-off``. Cut-offs of shape (k,) meet laws of shape
one by one; ``law.column`` against a ladder of cut-offs gives (n, k).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError, Problem
from deposits.laws import truncation
from deposits.units import STIBNITE_SB_PCT

#: A CV closer to the largest possible one than this is the power law itself, and is refused.
POWER_LAW_MARGIN = 1e-6


@dataclass(frozen=True, eq=False, slots=True)
class GradeLaw:
    """Lognormal grade laws cut off above, and below where a statement's own cut-off is known.

    Parameters
    ----------
    mu, sigma : ndarray of float, any shape
        Mean and standard deviation of ln(grade in %) before the cuts; sigma 0 puts all tonnes at
        exp(mu).
    lower_pct, upper_pct : ndarray of float, the same shape
        Where the law is cut off [%].

    Raises
    ------
    DataError
        If sigma is negative or not a number, or the cuts are out of order.
    """

    mu: NDArray[np.float64]
    sigma: NDArray[np.float64]
    lower_pct: NDArray[np.float64]
    upper_pct: NDArray[np.float64]

    def __post_init__(self) -> None:
        given = (self.mu, self.sigma, self.lower_pct, self.upper_pct)
        arrays = np.broadcast_arrays(*(np.asarray(value, dtype=float) for value in given))
        for name, array in zip(("mu", "sigma", "lower_pct", "upper_pct"), arrays, strict=True):
            object.__setattr__(self, name, array)
        if not np.all(self.sigma >= 0.0):
            raise DataError([Problem("sigma of a grade law is negative or not a number")])
        if not np.all((self.lower_pct >= 0.0) & (self.lower_pct < self.upper_pct)):
            raise DataError([Problem("a grade law needs 0 <= lower cut < upper cut")])

    @property
    def mean_pct(self) -> NDArray[np.float64]:
        """Mean grade of the law as cut [%], shape of the law."""
        top, width, sigma = standard_form(self)
        mean = self.upper_pct * np.exp(truncation.log_mean_over_top(top, width, sigma))
        return np.where(self.sigma > 0.0, mean, level_grade(self))[()]

    @property
    def column(self) -> GradeLaw:
        """The same laws with a last axis of one, to set against a ladder of cut-offs."""
        return GradeLaw(
            self.mu[..., None],
            self.sigma[..., None],
            self.lower_pct[..., None],
            self.upper_pct[..., None],
        )

    @property
    def cv(self) -> NDArray[np.float64]:
        """Coefficient of variation of the law as cut, shape of the law."""
        top, width, sigma = standard_form(self)
        spread = truncation.log_square_over_squared_mean(top, width, sigma)
        return np.where(self.sigma > 0.0, np.sqrt(np.expm1(spread)), 0.0)[()]


def largest_cv(
    mean_pct: ArrayLike, lower_pct: ArrayLike = 0.0, upper_pct: ArrayLike = STIBNITE_SB_PCT
) -> NDArray[np.float64]:
    """Say how variable a grade with this mean can be at most.

    Parameters
    ----------
    mean_pct : array_like of float
        Mean grade [%], between the cuts.
    lower_pct, upper_pct : array_like of float
        Cuts of the law [%].

    Returns
    -------
    ndarray of float
        The bound, which no lognormal law cut at these ends reaches; NaN where the mean does not
        lie between the cuts.

    Notes
    -----
    With a growing sigma and the mean held, the density tends to a power law x^(a - 1) on the
    interval. Without a lower cut a = m/(T - m), and CV^2 = 1/(a (a + 2)) =
    (T - m)^2/(m (2 T - m)), with T the upper cut. With one, a solves the mean numerically.

    Examples
    --------
    >>> float(largest_cv(15.0).round(3))
    1.292
    """
    m, low, high = np.broadcast_arrays(
        *(np.asarray(v, float) for v in (mean_pct, lower_pct, upper_pct))
    )
    inside = (m > low) & (m < high) & (low >= 0.0)
    log_mean, log_width = _log_position(m[inside], low[inside], high[inside])
    bound = np.full(m.shape, np.nan)
    bound[inside] = np.sqrt(np.expm1(_most(log_mean, log_width)))
    return bound[()]


def feasible(
    mean_pct: ArrayLike,
    cv: ArrayLike,
    lower_pct: ArrayLike = 0.0,
    upper_pct: ArrayLike = STIBNITE_SB_PCT,
) -> NDArray[np.bool_]:
    """Say whether a grade law with this mean and CV exists.

    Parameters
    ----------
    mean_pct, cv : array_like of float
        Mean grade [%] and coefficient of variation of the law as cut.
    lower_pct, upper_pct : array_like of float
        Cuts of the law [%].

    Returns
    -------
    ndarray of bool
        Broadcast shape. A CV of 0 needs only a mean between the cuts, ends included.
    """
    m, v, low, high = np.broadcast_arrays(
        *(np.asarray(value, float) for value in (mean_pct, cv, lower_pct, upper_pct))
    )
    bound = largest_cv(m, low, high) * (1.0 - POWER_LAW_MARGIN)
    level = (v == 0.0) & (m >= low) & (m <= high) & (low < high)
    return np.asarray(((v > 0.0) & (v <= bound)) | level)[()]


def fit_grade_law(
    mean_pct: ArrayLike,
    cv: ArrayLike,
    *,
    lower_pct: ArrayLike = 0.0,
    upper_pct: ArrayLike = STIBNITE_SB_PCT,
) -> GradeLaw:
    """Find the grade law that has this mean and CV after the cuts.

    Parameters
    ----------
    mean_pct, cv : array_like of float, shape (n,) or ()
        Mean grade [%] and coefficient of variation, tonne-weighted, at the selection unit.
    lower_pct : array_like of float
        The statement's own cut-off if it is stated, else 0 [%].
    upper_pct : array_like of float
        Highest grade the ore can have [%]; pure stibnite unless the study lowers it.

    Returns
    -------
    GradeLaw
        Of the broadcast shape; both moments are met to 1e-9 of their size.

    Raises
    ------
    DataError
        If a pair cannot be: the mean is not between the cuts, or the CV is at or above the largest
        one that the cuts allow.

    Examples
    --------
    >>> law = fit_grade_law(2.5, 1.5)
    >>> float(law.mean_pct.round(9)), float(law.cv.round(9))
    (2.5, 1.5)
    """
    m, v, low, high = np.broadcast_arrays(
        *(np.asarray(value, float) for value in (mean_pct, cv, lower_pct, upper_pct))
    )
    _refuse_infeasible(m, v, low, high)
    spread_out = v > 0.0
    log_mean, log_width = _log_position(m[spread_out], low[spread_out], high[spread_out])
    with np.errstate(divide="ignore"):
        mu = np.log(m)
    sigma = np.zeros(m.shape)
    offset, sigma[spread_out] = truncation.solve_normal(
        log_mean, log_width, np.log1p(v[spread_out] ** 2), _most(log_mean, log_width)
    )
    mu = np.array(mu)
    mu[spread_out] += offset
    return GradeLaw(mu, sigma, low, high)


def tonnage_share(law: GradeLaw, cutoff_pct: ArrayLike) -> NDArray[np.float64]:
    """Share of the described tonnes at or above a cut-off.

    Parameters
    ----------
    law : GradeLaw
        Any shape.
    cutoff_pct : array_like of float
        Cut-offs [%] that broadcast with the laws one by one; ``law.column`` against a ladder
        of k cut-offs gives every law at every cut-off, shape (n, k).

    Returns
    -------
    ndarray of float, of the broadcast shape
        Exactly 1 at or below the law's lower cut, exactly 0 at or above its upper cut.

    Notes
    -----
    With L(x) = (ln x - mu)/sigma, b = L(upper), a = L(cut-off) and a0 = L(lower) the share is
    [Phi(b) - Phi(a)] / [Phi(b) - Phi(a0)].
    """
    return np.exp(log_share(law, cutoff_pct, np.zeros(law.mu.shape)))


def metal_share(law: GradeLaw, cutoff_pct: ArrayLike) -> NDArray[np.float64]:
    """Share of the described metal that lies at or above a cut-off.

    Parameters
    ----------
    law : GradeLaw
        Any shape.
    cutoff_pct : array_like of float
        Cut-offs [%] that broadcast with the laws one by one; ``law.column`` against a ladder
        of k cut-offs gives every law at every cut-off, shape (n, k).

    Returns
    -------
    ndarray of float, of the broadcast shape
        [Phi(b - sigma) - Phi(a - sigma)] / [Phi(b - sigma) - Phi(a0 - sigma)], see
        ``tonnage_share``.
    """
    return np.exp(log_share(law, cutoff_pct, law.sigma))


def mean_above(law: GradeLaw, cutoff_pct: ArrayLike) -> NDArray[np.float64]:
    """Mean grade of what lies at or above a cut-off.

    Parameters
    ----------
    law : GradeLaw
        Any shape.
    cutoff_pct : array_like of float
        Cut-offs [%] that broadcast with the laws one by one; ``law.column`` against a ladder
        of k cut-offs gives every law at every cut-off, shape (n, k).

    Returns
    -------
    ndarray of float, of the broadcast shape
        [%]; NaN where the law has no tonnes at or above the cut-off.
    """
    cutoff = np.asarray(cutoff_pct, float)
    tonnes = log_share(law, cutoff, np.zeros(law.mu.shape))
    with np.errstate(invalid="ignore"):
        ratio = np.exp(log_share(law, cutoff, law.sigma) - tonnes)
    mean, upper = law.mean_pct, law.upper_pct
    # Rounding may put a mean just below the cut-off it lies above when little is left.
    above = np.clip(mean * ratio, np.minimum(np.maximum(cutoff, mean), upper), upper)
    return np.where(np.isneginf(tonnes), np.nan, above)[()]


def block_cv(sample_cv: ArrayLike, variance_ratio: ArrayLike) -> NDArray[np.float64]:
    """CV of blocks from that of samples, the law keeping its lognormal shape.

    Parameters
    ----------
    sample_cv : array_like of float
        CV at sample support.
    variance_ratio : array_like of float
        Block variance over sample variance, in (0, 1].

    Returns
    -------
    ndarray of float
        sample_cv sqrt(variance_ratio).

    Raises
    ------
    DataError
        If a ratio is not in (0, 1] or a CV is negative.
    """
    cv, ratio = np.asarray(sample_cv, float), np.asarray(variance_ratio, float)
    problems = []
    if not np.all((ratio > 0.0) & (ratio <= 1.0)):
        problems.append(
            Problem("block/sample variance ratio out of range", allowed="0 < ratio <= 1")
        )
    if not np.all(cv >= 0.0):
        problems.append(Problem("sample CV is negative or not a number", allowed="0 or more"))
    if problems:
        raise DataError(problems)
    return np.asarray(cv * np.sqrt(ratio))[()]


def log_share(law: GradeLaw, cutoff_pct: ArrayLike, tilt: ArrayLike) -> NDArray[np.float64]:
    """Logarithm of the share above a cut-off of whatever grows as exp(tilt z) with the grade.

    Parameters
    ----------
    law : GradeLaw
        Any shape.
    cutoff_pct : array_like of float
        Cut-offs [%] that broadcast with the laws one by one; ``law.column`` against a ladder
        of k cut-offs gives every law at every cut-off, shape (n, k).
    tilt : array_like of float, shape of the law
        0 for tonnes, sigma for the law's own metal, rho sigma_Au for gold tied to it.

    Returns
    -------
    ndarray of float, of the broadcast shape
        0 at or below the lower cut, minus infinity at or above the upper cut; NaN for NaN.
    """
    cutoff = np.asarray(cutoff_pct, float)
    top, width, sigma = standard_form(law)
    lower, upper, d = law.lower_pct, law.upper_pct, np.asarray(tilt, float)
    between = (cutoff > lower) & (cutoff < upper)
    inner = np.where(between, cutoff, 0.5 * (lower + upper))
    narrower = (np.log(upper) - np.log(inner)) / sigma
    part = truncation.log_ratio(top, (narrower, d), (width, d))
    share = np.where(between, np.minimum(part, 0.0), np.where(cutoff <= lower, 0.0, -np.inf))
    with np.errstate(divide="ignore"):
        # In logarithms as fitted, so that a cut-off equal to the one grade of the law keeps it.
        kept = np.log(np.maximum(cutoff, 0.0)) <= law.mu
    level = np.where(kept, 0.0, -np.inf)
    known = np.where(law.sigma > 0.0, share, level)
    return np.where(np.isnan(cutoff), np.nan, known)[()]


def _refuse_infeasible(
    mean: NDArray[np.float64],
    cv: NDArray[np.float64],
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
) -> None:
    """Raise for the first pair that cannot be, and say how many others cannot."""
    wrong = np.flatnonzero(~np.atleast_1d(feasible(mean, cv, lower, upper)))
    if wrong.size == 0:
        return
    m, v, low, high = (float(np.atleast_1d(a).flat[wrong[0]]) for a in (mean, cv, lower, upper))
    if v > 0.0 and low < m < high:
        fact = (
            f"a mean of {m:g} % and a CV of {v:g} cannot both hold between {low:g} and {high:g} %"
        )
        allowed = f"a CV below {float(largest_cv(m, low, high)):.4g} at this mean"
    else:
        fact = (
            f"no grade law between {low:g} and {high:g} % has a mean of {m:g} % and a CV of {v:g}"
        )
        allowed = "a mean between the two, and a CV of 0 or more"
    more = f" (and {wrong.size - 1:,} more pairs)" if wrong.size > 1 else ""
    remedy = "Lower the CV, or state the mean and the CV of the same selection unit."
    raise DataError(
        [Problem(fact + more, found=f"mean {m:g} %, CV {v:g}", allowed=allowed, remedy=remedy)]
    )


def level_grade(law: GradeLaw) -> NDArray[np.float64]:
    """Return the one grade of laws without spread [%]; 1 for the others."""
    return np.exp(np.where(law.sigma > 0.0, 0.0, law.mu))


def standard_form(
    law: GradeLaw,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Upper cut and width in standard deviations, and sigma; 1 stands in for a sigma of 0."""
    sigma = np.where(law.sigma > 0.0, law.sigma, 1.0)
    mu = np.where(law.sigma > 0.0, law.mu, 0.0)
    with np.errstate(divide="ignore"):
        width = (np.log(law.upper_pct) - np.log(law.lower_pct)) / sigma
    return (np.log(law.upper_pct) - mu) / sigma, width, sigma


def _log_position(
    mean: NDArray[np.float64], lower: NDArray[np.float64], upper: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and width of the interval on the logarithmic scale, counted from the upper cut."""
    with np.errstate(divide="ignore"):
        return np.log(mean / upper), np.log(upper) - np.log(lower)


def _most(log_mean: NDArray[np.float64], log_width: NDArray[np.float64]) -> NDArray[np.float64]:
    """ln(1 + CV^2) of the power law with this mean."""
    a = truncation.steepest_power(log_mean, log_width)
    moment = truncation.power_log_moment
    return moment(a, log_width, 2.0) - 2.0 * moment(a, log_width, 1.0)
