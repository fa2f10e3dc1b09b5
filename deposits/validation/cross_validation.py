"""How well does the estimator find samples that it is not shown?

Leaving out one sample leaves its neighbours down the same hole, centimetres away, and flatters
every model; leaving out the whole drillhole is the honest test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from deposits.estimation.covariance import Covariance
from deposits.estimation.kriging import Estimates, ExternalDrift, Method, Ordinary, Simple, krige
from deposits.estimation.kriging_targets import Targets
from deposits.estimation.samples import Samples
from deposits.estimation.search import Search

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: A standardised error within this many standard deviations is within the 95 % of the normal law.
TWO_SIGMA = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is hidden at a time.

    Parameters
    ----------
    out : {"hole", "sample", "folds"}
        Each drillhole, each sample, or several drillholes together.
    folds : int
        Number of groups of drillholes for "folds", at least 2.
    seed : int
        Of the draw of holes into folds; the same seed gives the same folds.
    """

    out: Literal["hole", "sample", "folds"] = "hole"
    folds: int = 10
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what hides nothing."""
        if self.out not in ("hole", "sample", "folds"):
            raise ValueError(f"leave out hole, sample or folds, not {self.out!r}")
        if self.out == "folds" and self.folds < 2:
            raise ValueError(f"folds must be at least 2, given {self.folds}")


def cross_validate(
    samples: Samples,
    covariance: Covariance,
    passes: tuple[Search, ...],
    leaving: Leaving = Leaving(),
    method: Method = Ordinary(),
) -> pd.DataFrame:
    """Estimate every sample from the others.

    Parameters
    ----------
    samples : Samples
        Of one domain; call once per domain and put the tables together.
    covariance : Covariance
        Of the elements up to a factor. Standardised errors are right only for the element whose
        variogram it is: pass ``samples.only((element,))`` and its own model.
    passes : tuple of Search
        As in the estimate.
    leaving : Leaving
    method : Ordinary, Simple, Universal or ExternalDrift

    Returns
    -------
    pandas.DataFrame
        One row a sample with a grade and element: ``sample`` (row in *samples*), ``hole``,
        ``element``, ``easting, northing, elevation`` [m], ``true``, ``estimate``, ``error``
        (estimate less true), ``variance``, ``standardised_error``, ``n_samples``; NaN where no
        estimate could be made.

    Raises
    ------
    DataError
        As :func:`deposits.estimation.kriging.krige`.
    """
    tables = []
    for number, element in enumerate(samples.elements):
        rows = np.flatnonzero(np.isfinite(samples.values[:, number]))
        if rows.size == 0:
            continue
        part = samples.only((element,)).take(rows)
        own = _of_rows(method, rows, number)
        estimate, variance, count = _hidden(part, covariance, passes, leaving, own)
        tables.append(_table(part, rows, estimate, variance, count))
    columns = _table(samples.take([0]).only(samples.elements[:1]), *_nothing()).columns
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


def _nothing() -> tuple[IntArray, FloatArray, FloatArray, IntArray]:
    """One empty answer, for the names of the columns."""
    return np.zeros(1, np.int64), np.zeros(1), np.ones(1), np.zeros(1, np.int64)


def _of_rows(method: Method, rows: IntArray, element: int) -> Method:
    """Keep of a method what concerns some samples and one element."""
    if isinstance(method, ExternalDrift):
        return ExternalDrift(np.asarray(method.at_samples, dtype=np.float64)[rows])
    return Simple((method.means[element],)) if isinstance(method, Simple) else method


def _hidden(
    samples: Samples,
    covariance: Covariance,
    passes: tuple[Search, ...],
    leaving: Leaving,
    method: Method,
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Estimate, kriging variance and number of informing samples of each sample."""
    external = np.empty((0, 0))
    if isinstance(method, ExternalDrift):
        external = np.asarray(method.at_samples, dtype=np.float64)
    if leaving.out == "folds":
        return _folds(samples, covariance, passes, leaving, method)
    by_hole = leaving.out == "hole"
    targets = Targets(
        points=samples.points,
        external=external,
        without_sample=None if by_hole else np.arange(samples.n),
        without_hole=samples.hole if by_hole else None,
    )
    return _answers(krige(samples, targets, covariance, passes, method))


def _folds(
    samples: Samples,
    covariance: Covariance,
    passes: tuple[Search, ...],
    leaving: Leaving,
    method: Method,
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Estimate each group of drillholes from the others."""
    label = fold_of(samples.hole, leaving.folds, leaving.seed)
    estimate, variance = np.full(samples.n, np.nan), np.full(samples.n, np.nan)
    count = np.zeros(samples.n, np.int64)
    for fold in np.unique(label):
        away, rest = np.flatnonzero(label == fold), np.flatnonzero(label != fold)
        if rest.size == 0:
            continue
        own, external = method, np.empty((0, 0))
        if isinstance(method, ExternalDrift):
            at = np.asarray(method.at_samples, dtype=np.float64)
            own, external = ExternalDrift(at[rest]), at[away]
        targets = Targets(points=samples.points[away], external=external)
        found = krige(samples.take(rest), targets, covariance, passes, own)
        estimate[away], variance[away], count[away] = _answers(found)
    return estimate, variance, count


def fold_of(hole: ArrayLike, folds: int, seed: int) -> IntArray:
    """Return the fold, from 0, of each sample: holes are drawn into folds of equal numbers."""
    different, which = np.unique(np.asarray(hole, dtype=np.int64), return_inverse=True)
    order = np.random.default_rng(seed).permutation(different.size)
    return np.asarray((order % folds)[which.reshape(-1)], dtype=np.int64)


def _answers(found: Estimates) -> tuple[FloatArray, FloatArray, IntArray]:
    """Those parts of the estimates that are needed."""
    return found.values[:, 0], found.variance, found.n_samples


def _table(
    samples: Samples,
    rows: IntArray,
    estimate: FloatArray,
    variance: FloatArray,
    count: IntArray,
) -> pd.DataFrame:
    """One row a sample."""
    true = samples.values[:, 0]
    error = estimate - true
    positive = np.where(variance > 0, variance, np.nan)
    return pd.DataFrame(
        {
            "sample": rows,
            "hole": samples.hole,
            "element": samples.elements[0],
            "easting": samples.points[:, 0],
            "northing": samples.points[:, 1],
            "elevation": samples.points[:, 2],
            "true": true,
            "estimate": estimate,
            "error": error,
            "variance": variance,
            "standardised_error": error / np.sqrt(positive),
            "n_samples": count,
        }
    )


def summarise(table: pd.DataFrame, by: tuple[str, ...] = ("element",)) -> pd.DataFrame:
    """Summarise a cross-validation.

    Parameters
    ----------
    table : pandas.DataFrame
        From :func:`cross_validate`, with further columns (a domain) as wanted.
    by : tuple of str
        Columns to group by.

    Returns
    -------
    pandas.DataFrame
        One row a group: ``n``, ``n_estimated``, ``mean_true``, ``mean_estimate``, ``mean_error``,
        ``mean_relative_error`` [fraction of the mean], ``mean_squared_error``, ``correlation``,
        ``slope`` (regression of true on estimate; 1 is best), ``standardised_mean`` (0 is best),
        ``standardised_variance`` (1 is best), ``share_within_95`` [fraction], ``remark``.
    """
    rows = []
    for key, part in table.groupby(list(by), sort=True):
        names = key if isinstance(key, tuple) else (key,)
        rows.append(dict(zip(by, names, strict=True)) | _summary(part))
    return pd.DataFrame(rows)


def _summary(part: pd.DataFrame) -> dict[str, object]:
    """Numbers of one group; NaN where they have no meaning."""
    true, estimate = (part[name].to_numpy(np.float64) for name in ("true", "estimate"))
    kept = np.isfinite(true) & np.isfinite(estimate)
    true, estimate = true[kept], estimate[kept]
    standard = part["standardised_error"].to_numpy(np.float64)[kept]
    standard = standard[np.isfinite(standard)]
    n = true.size
    error = estimate - true
    nan = float("nan")
    # A spread that is rounding alone is none: its correlation would be an accident.
    flat = [bool(np.ptp(v) <= 1e-9 * np.abs(v).max()) if n else True for v in (true, estimate)]
    spread = float(np.var(estimate)) if n else nan
    together = float(np.mean((true - true.mean()) * (estimate - estimate.mean()))) if n else nan
    remark = ""
    if n == 0:
        remark = "no sample could be estimated from the others"
    elif flat[0]:
        remark = "true grades do not vary"
    elif flat[1]:
        remark = "estimates do not vary"
    return {
        "n": len(part),
        "n_estimated": n,
        "mean_true": float(true.mean()) if n else nan,
        "mean_estimate": float(estimate.mean()) if n else nan,
        "mean_error": float(error.mean()) if n else nan,
        "mean_relative_error": float(error.mean() / true.mean()) if n and true.mean() else nan,
        "mean_squared_error": float((error**2).mean()) if n else nan,
        "correlation": nan if any(flat) else together / float(np.sqrt(spread * np.var(true))),
        "slope": nan if flat[1] else together / spread,
        "standardised_mean": float(standard.mean()) if standard.size else nan,
        "standardised_variance": float(standard.var(ddof=1)) if standard.size > 1 else nan,
        "share_within_95": float((np.abs(standard) <= TWO_SIGMA).mean()) if standard.size else nan,
        "remark": remark,
    }
