"""Which normal law, cut off at its ends, has the wanted mean and spread once it is exponentiated?

Arrays in, arrays out: no units, no validation. With Z the standard normal, y = mu + sigma Z kept
on [y_low, y_high] and X = exp(y), every moment and every share of X is a ratio of *tilted
integrals* over an interval of Z that ends at b and is w wide,

    J(d) = ln of the integral of phi(z) exp(d (z - b)) dz over [b - w, b],

so that ln E[(X / X_high)^k] = J(k sigma) - J(0). J is written with the scaled complementary error
function wherever the interval lies in a tail, because a law close to its largest possible spread
has b far below -100, where Phi(b) is 0 in floating point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfcx, log_ndtr, ndtr

from deposits.laws.roots import increasing_root

Array: TypeAlias = NDArray[np.float64]

ROOT_TWO = np.sqrt(2.0)
HALF_ROOT_TWO_PI = np.sqrt(np.pi / 2.0)

#: Beyond so many standard deviations a cut takes nothing off in double precision.
UNTOUCHED = 8.5


def tilted_integral(b: Array, width: Array, tilt: Array) -> Array:
    """Logarithm of the integral of exp(-z^2/2 + tilt (z - b)) over [b - width, b].

    Parameters
    ----------
    b : ndarray of float
        Upper end, in standard deviations from the normal law's mean.
    width : ndarray of float
        Width of the interval [standard deviations], > 0; ``inf`` reaches down to minus infinity.
    tilt : ndarray of float
        Coefficient d of the exponential, any sign; broadcasts with the other two.

    Returns
    -------
    ndarray of float
        J(d) + ln sqrt(2 pi).

    Notes
    -----
    Completing the square makes it an integral of the plain normal density over an interval that
    ends at t = b - tilt. Three forms, each where it loses no digits: the interval below 0, above
    0, or across 0. In the first, exp(-b^2/2) stands apart, so differences in *tilt* cancel it
    exactly.
    """
    pieces = _pieces(*np.broadcast_arrays(b, width, tilt))
    return pieces[0] + pieces[1]


def _pieces(b: Array, width: Array, tilt: Array) -> tuple[Array, Array]:
    """Split the tilted integral into the large exact exponent and the logarithm of the rest."""
    upper = b - tilt
    lower = upper - width
    below, above = upper <= 0.0, lower >= 0.0
    exponent = np.where(below, -0.5 * b**2, tilt * (0.5 * tilt - b))
    rest = log_ndtr(np.where(below, 0.0, upper)) + np.log(2.0 * HALF_ROOT_TWO_PI)
    tail = np.where(below, -upper, 0.0)
    scaled = erfcx(tail / ROOT_TWO)
    cut = np.isfinite(width)
    if not np.any(cut):
        return exponent, np.where(below, np.log(HALF_ROOT_TWO_PI * scaled), rest)
    w = np.where(cut, width, 1.0)
    tail = np.where(above & cut, lower, tail)
    # The far end of the interval, seen from the end next to 0.
    far = np.where(cut, np.exp(-w * (tail + 0.5 * w)) * erfcx((tail + w) / ROOT_TWO), 0.0)
    scaled = HALF_ROOT_TWO_PI * (erfcx(tail / ROOT_TWO) - far)
    with np.errstate(divide="ignore"):
        across = np.log(ndtr(upper) - ndtr(lower)) + np.log(2.0 * HALF_ROOT_TWO_PI)
        in_tail = np.log(np.maximum(scaled, 0.0))
    above = above & cut
    exponent = np.where(above, -tilt * w - 0.5 * np.where(above, b - w, 0.0) ** 2, exponent)
    return exponent, np.where(below | above, in_tail, np.where(cut, across, rest))


def log_ratio(b: Array, one: tuple[Array, Array], other: tuple[Array, Array]) -> Array:
    """Logarithm of the ratio of two tilted integrals with the same upper end.

    Parameters
    ----------
    b : ndarray of float
        Upper end of both intervals.
    one, other : tuple of ndarray of float
        Width and tilt of each, as in ``tilted_integral``.

    Returns
    -------
    ndarray of float
        Without the rounding that two logarithms of b^2/2 would leave.
    """
    first, second = (_pieces(*np.broadcast_arrays(b, *pair)) for pair in (one, other))
    return (first[0] - second[0]) + (first[1] - second[1])


def log_mean_over_top(b: Array, width: Array, sigma: Array) -> Array:
    """Logarithm of E[X] / X_high: minus infinity to 0."""
    return log_ratio(b, (width, sigma), (width, np.zeros_like(sigma)))


def log_square_over_squared_mean(b: Array, width: Array, sigma: Array) -> Array:
    """Logarithm of E[X^2] / E[X]^2, that is ln(1 + CV^2)."""
    parts = [_pieces(*np.broadcast_arrays(b, width, k * sigma)) for k in (0.0, 1.0, 2.0)]
    return _second_difference(parts, b, width, sigma)


def _second_difference(
    parts: Sequence[tuple[Array, Array]], b: Array, width: Array, sigma: Array
) -> Array:
    """J(2 sigma) - 2 J(sigma) + J(0), from the pieces of each."""
    # Where the interval stays across 0 the exponents are k sigma (k sigma/2 - b): their second
    # difference is sigma^2 exactly, and would be lost to rounding for a small sigma.
    across = (b - 2.0 * sigma > 0.0) & (b - width < 0.0)
    exponent = parts[2][0] - 2.0 * parts[1][0] + parts[0][0]
    return np.where(across, sigma**2, exponent) + (parts[2][1] - 2.0 * parts[1][1] + parts[0][1])


def steepest_power(log_mean: Array, log_width: Array) -> Array:
    """Exponent a of the density x^(a - 1) on [X_low, X_high] whose mean is wanted.

    Parameters
    ----------
    log_mean : ndarray of float, shape (n,)
        ln(E[X] / X_high), < 0.
    log_width : ndarray of float, shape (n,)
        ln(X_high / X_low); ``inf`` when X_low is 0.

    Returns
    -------
    ndarray of float, shape (n,)
        a, any sign when X_low > 0, positive when it is 0.
    """
    closed = np.exp(log_mean) / -np.expm1(log_mean)
    cut = np.isfinite(log_width)
    if not np.any(cut):
        return closed
    w, target = log_width[cut], log_mean[cut]

    def mean_at(a: Array, index: NDArray[np.intp]) -> tuple[Array, Array]:
        first, zeroth = _log_uniform(a + 1.0, w[index]), _log_uniform(a, w[index])
        return first[0] - zeroth[0] - target[index], first[1] - zeroth[1]

    found = np.array(closed, dtype=float)
    found[cut] = increasing_root(mean_at, np.zeros_like(w))
    return found


def power_log_moment(a: Array, log_width: Array, k: float) -> Array:
    """Logarithm of E[(X / X_high)^k] for the density x^(a - 1) on [X_low, X_high]."""
    return _log_uniform(a + k, log_width)[0] - _log_uniform(a, log_width)[0]


def _log_uniform(a: Array, width: Array) -> tuple[Array, Array]:
    """Logarithm of the integral of exp(a y) over [-width, 0], and its derivative in a."""
    cut = np.isfinite(width)
    w = np.where(cut, width, 1.0)
    z = np.abs(a) * w
    small = z < 1e-4
    safe = np.where(small, 1.0, z)
    value = np.where(small, -0.5 * z + z**2 / 24.0, np.log(-np.expm1(-safe) / safe))
    # d/dz ln((1 - exp(-z)) / z) = 1/(exp(z) - 1) - 1/z
    slope = np.where(small, -0.5 + z / 12.0, np.exp(-safe) / -np.expm1(-safe) - 1.0 / safe)
    negative = a < 0.0
    inside = np.where(negative, z + value, value) + np.log(w)
    inside_slope = w * np.where(negative, -1.0 - slope, slope)
    positive = np.where(cut, 1.0, a)
    return np.where(cut, inside, -np.log(positive)), np.where(cut, inside_slope, -1.0 / positive)


def solve_normal(
    log_mean: Array, log_width: Array, spread: Array, most: Array
) -> tuple[Array, Array]:
    """Find the normal law on an interval whose exponential has a given mean and spread.

    Parameters
    ----------
    log_mean : ndarray of float, shape (n,)
        ln(E[X] / X_high).
    log_width : ndarray of float, shape (n,)
        ln(X_high / X_low); ``inf`` when X_low is 0.
    spread : ndarray of float, shape (n,)
        ln(1 + CV^2), > 0 and below *most*.
    most : ndarray of float, shape (n,)
        ln(1 + CV^2) of the power law, the limit of infinite sigma.

    Returns
    -------
    mu : ndarray of float, shape (n,)
        Mean of the uncut normal law, counted from ln E[X].
    sigma : ndarray of float, shape (n,)
        Its standard deviation.

    Notes
    -----
    In y = ln(X / E[X]) the density is proportional to exp(p y - q y^2 / 2) with q = 1/sigma^2 and
    p = mu/sigma^2; the power law is q = 0, p its exponent. Newton's method in (p, q) on the mean
    and on 1/spread - 1/most, which is nearly linear in q. What has not arrived is solved one
    inside the other, which cannot fail: for a given q the mean grows with p; and among laws of
    one mean a larger q means a smaller spread, since two such densities cross twice (convex
    order).
    """
    sigma = np.sqrt(spread)
    mu = -0.5 * spread
    top = -log_mean
    bottom = top - log_width
    cut = ((top - mu) / sigma - 2.0 * sigma < UNTOUCHED) | ((mu - bottom) / sigma < UNTOUCHED)
    rows = np.flatnonzero(cut)
    if rows.size == 0:
        return mu, sigma
    goal = _Goal(log_mean[rows], log_width[rows], spread[rows], most[rows])
    steepest = steepest_power(goal.log_mean, goal.log_width)
    p, q, arrived = _newton_in_both(goal, steepest)
    left = np.flatnonzero(~arrived)
    if left.size:
        p[left], q[left] = _one_inside_the_other(goal.only(left), steepest[left])
    mu[rows], sigma[rows] = p / q, 1.0 / np.sqrt(q)
    return mu, sigma


@dataclass(frozen=True, slots=True, eq=False)
class _Goal:
    """Wanted mean and spread, and the interval; all of shape (n,)."""

    log_mean: Array
    log_width: Array
    spread: Array
    most: Array

    def only(self, rows: NDArray[np.intp]) -> _Goal:
        """Return the goals of some rows."""
        return _Goal(self.log_mean[rows], self.log_width[rows], self.spread[rows], self.most[rows])

    @property
    def wanted(self) -> Array:
        """Value that 1/spread - 1/most of the law must take: 0 for the power law."""
        return 1.0 / self.spread - 1.0 / self.most

    @property
    def tolerance(self) -> Array:
        """What rounding leaves of 1/spread."""
        return np.maximum(1e-11, 8e-15 / self.spread) / self.spread


def _newton_in_both(goal: _Goal, steepest: Array) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Newton's method in p and q together; the third array says which rows arrived."""
    q = goal.wanted.copy()
    # Between the uncut lognormal law, p = -1/2, and the power law.
    p = np.where(q * goal.spread > 0.5, -0.5, steepest)
    arrived = np.zeros(q.shape, dtype=bool)
    active = np.arange(q.size)
    for _ in range(25):
        some = goal.only(active)
        with np.errstate(all="ignore"):
            values, slopes = _misses(some, p[active], q[active])
            (f, g), ((f_p, f_q), (g_p, g_q)) = values, slopes
            determinant = f_p * g_q - f_q * g_p
            step_p = -(f * g_q - g * f_q) / determinant
            step_q = np.clip(-(g * f_p - f * g_p) / determinant, -0.75 * q[active], 3.0 * q[active])
        done = (np.abs(f) < 1e-11) & (np.abs(g) <= some.tolerance)
        arrived[active[done]] = True
        usable = ~done & np.isfinite(step_p) & np.isfinite(step_q)
        active = active[usable]
        if active.size == 0:
            break
        p[active] += step_p[usable]
        q[active] += step_q[usable]
    return p, q, arrived


def _misses(goal: _Goal, p: Array, q: Array) -> tuple[tuple[Array, Array], Any]:
    """By how much mean and spread are missed, and the slopes in p and q."""
    s = 1.0 / np.sqrt(q)
    b, w = -goal.log_mean / s - p * s, goal.log_width / s
    parts = [_pieces(*np.broadcast_arrays(b, w, k * s)) for k in (0.0, 1.0, 2.0)]
    spread = _second_difference(parts, b, w, s)
    f = (parts[1][0] - parts[0][0]) + (parts[1][1] - parts[0][1]) - goal.log_mean
    g = 1.0 / spread - 1.0 / goal.most - goal.wanted
    first, second = [], []
    for k, part in enumerate(parts):
        one, two = _distance_moments(b, w, k * s, part[0] + part[1])
        y, y2 = s * one, s**2 * two
        first.append(y)
        second.append(-0.5 * (y2 - 2.0 * goal.log_mean * y))
    scale = -1.0 / spread**2
    slopes = []
    for m in (first, second):
        slopes.append((m[1] - m[0], scale * (m[2] - 2.0 * m[1] + m[0])))
    return (f, g), ((slopes[0][0], slopes[1][0]), (slopes[0][1], slopes[1][1]))


def _distance_moments(
    b: Array, width: Array, tilt: Array, log_integral: Array
) -> tuple[Array, Array]:
    """First two moments of z - b in the density exp(-z^2/2 + tilt (z - b)) on the interval."""
    t = b - tilt
    at_top = np.exp(-0.5 * b**2 - log_integral)
    cut = np.isfinite(width)
    w = np.where(cut, width, 0.0)
    at_bottom = np.where(cut, np.exp(-0.5 * (b - w) ** 2 - tilt * w - log_integral), 0.0)
    first = at_bottom - at_top - t
    second = 1.0 - t * first - w * at_bottom
    return first, second


def _one_inside_the_other(goal: _Goal, steepest: Array) -> tuple[Array, Array]:
    """Solve for p and q by a bracketed secant in q around a Newton solve in p."""
    q, p = goal.wanted.copy(), steepest.copy()
    low, high = np.zeros_like(q), np.full_like(q, np.inf)
    miss_low, miss_high = -goal.wanted, np.full_like(q, np.nan)
    side = np.zeros(q.size)
    active = np.arange(q.size)
    for _ in range(200):
        here, some = q[active], goal.only(active)
        p[active], spread = _spread_at(some, here, p[active])
        miss = 1.0 / spread - 1.0 / some.most - some.wanted
        under = miss < 0.0
        for which, rows in ((-1.0, under), (1.0, ~under)):
            chosen = active[rows]
            ends, other = (low, miss_high) if which < 0 else (high, miss_low)
            ends[chosen] = here[rows]
            (miss_low if which < 0 else miss_high)[chosen] = miss[rows]
            # Illinois: an end that stays twice has its weight halved.
            other[chosen[side[chosen] == which]] *= 0.5
            side[chosen] = which
        narrow = high[active] - low[active] <= 1e-15 * here
        active = active[(np.abs(miss) > some.tolerance) & ~narrow]
        if active.size == 0:
            break
        q[active] = _next_guess(low[active], high[active], miss_low[active], miss_high[active])
    return p, q


def _next_guess(low: Array, high: Array, miss_low: Array, miss_high: Array) -> Array:
    """Secant inside a bracket; four times as far while there is no upper end."""
    closed = np.isfinite(high)
    top = np.where(closed, high, 4.0 * low)
    ends = np.where(closed, miss_high, 1.0)
    inside = (low * ends - top * miss_low) / (ends - miss_low)
    good = closed & (inside > low) & (inside < top)
    return np.where(good, inside, np.where(closed, 0.5 * (low + top), top))


def _spread_at(goal: _Goal, q: Array, guess: Array) -> tuple[Array, Array]:
    """For each q the p that gives the mean, and the spread ln(1 + CV^2) there."""
    sigma = 1.0 / np.sqrt(q)
    width = goal.log_width / sigma

    def mean_at(p: Array, index: NDArray[np.intp]) -> tuple[Array, Array]:
        s, w = sigma[index], width[index]
        b = -goal.log_mean[index] / s - p * s
        zeroth, first = tilted_integral(b, w, np.zeros_like(s)), tilted_integral(b, w, s)
        # d ln E[X] / dp is the difference of the means of y in the tilted and the plain law.
        slope = s * (
            _distance_moments(b, w, s, first)[0]
            - _distance_moments(b, w, np.zeros_like(s), zeroth)[0]
        )
        return log_mean_over_top(b, w, s) - goal.log_mean[index], slope

    p = increasing_root(mean_at, guess)
    b = -goal.log_mean / sigma - p * sigma
    return p, log_square_over_squared_mean(b, width, sigma)
