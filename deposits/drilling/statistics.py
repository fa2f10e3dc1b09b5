"""How are the grades of each domain distributed?

A weighted quantile is the grade where the cumulative share, counted to the middle of each
sample's weight as in GSLIB, reaches the share asked for; linear between, the ends beyond.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from deposits.drilling.capping import known_samples

FloatArray = NDArray[np.float64]
PERCENTILES = (5, 10, 25, 50, 75, 90, 95, 97.5, 99)


def weighted_quantile(
    values: ArrayLike, shares: ArrayLike, weights: ArrayLike | None = None
) -> FloatArray:
    """Return grades at shares (0 to 1) of the weight; NaN where there is no sample."""
    grades, weight = known_samples(values, weights)
    asked = np.asarray(shares, dtype=np.float64)
    if len(grades) == 0:
        return np.full(asked.shape, np.nan)
    order, middle = _cumulative(grades, weight)
    return np.asarray(np.interp(asked, middle, grades[order]))


def describe(values: ArrayLike, weights: ArrayLike | None = None) -> dict[str, float]:
    """Return n, weight, mean, sd, cv, skewness, min, percentiles and max of one population.

    Parameters
    ----------
    values : array, shape (n,)
        Grades; NaN left out.
    weights : array, shape (n,), optional
        Declustering weight x length; moments are divided by the sum of weights.
    """
    grades, weight = known_samples(values, weights)
    quantiles = weighted_quantile(grades, np.array(PERCENTILES) / 100, weight)
    total = float(weight.sum())
    mean = sd = cv = skewness = low = high = np.nan
    if total > 0:
        low, high = float(grades.min()), float(grades.max())
        mean = min(max(float((weight * grades).sum()) / total, low), high)
        sd = float(np.sqrt((weight * (grades - mean) ** 2).sum() / total))
        cv = sd / mean if mean > 0 else np.nan
        if sd > 0:
            skewness = float((weight * ((grades - mean) / sd) ** 3).sum()) / total
    row = {"n": float(len(grades)), "weight": total, "mean": mean, "sd": sd, "cv": cv}
    row |= {"skewness": skewness, "min": low}
    row |= {f"p{p:g}": float(q) for p, q in zip(PERCENTILES, quantiles, strict=True)}
    return row | {"max": high}


def summarise(
    samples: pd.DataFrame,
    elements: Sequence[str],
    domain: str = "domain",
    weight: str | None = None,
) -> pd.DataFrame:
    """Return `describe` by domain and element, with `n_missing`.

    Parameters
    ----------
    samples : DataFrame
        Samples with their domain, elements and weight.
    elements : sequence of str
        Columns of grades.
    domain : str
        Column of domains.
    weight : str, optional
        Column of weights.
    """
    rows = []
    for name, part in samples.groupby(domain, sort=True, dropna=False):
        weights = None if weight is None else part[weight].to_numpy()
        for element in elements:
            row: dict[str, object] = {"domain": name, "element": element}
            row["n_missing"] = int(part[element].isna().sum())
            rows.append(row | dict(describe(part[element], weights)))
    return pd.DataFrame(rows)


def histogram(
    values: ArrayLike, edges: ArrayLike, weights: ArrayLike | None = None
) -> pd.DataFrame:
    """Return `from`, `to`, `n`, `share` of the weight; open classes take what lies beyond edges."""
    grades, weight = known_samples(values, weights)
    inner = np.asarray(edges, dtype=np.float64)
    if inner.size < 1 or np.any(np.diff(inner) <= 0):
        raise ValueError("edges of a histogram must rise")
    bounds = np.concatenate(([-np.inf], inner, [np.inf]))
    classes = np.searchsorted(inner, grades, side="right")
    total = weight.sum()
    heavy = np.bincount(classes, weight, len(bounds) - 1)
    share = heavy / total if total > 0 else np.full(len(heavy), np.nan)
    n = np.bincount(classes, minlength=len(bounds) - 1)
    return pd.DataFrame({"from": bounds[:-1], "to": bounds[1:], "n": n, "share": share})


def log_probability(values: ArrayLike, weights: ArrayLike | None = None) -> pd.DataFrame:
    """Return `value`, `log10_value` (NaN at 0 or below), `cumulative_pct` and `normal_score`."""
    grades, weight = known_samples(values, weights)
    order, middle = _cumulative(grades, weight)
    value = grades[order]
    log = np.log10(value, out=np.full(len(value), np.nan), where=value > 0)
    columns = {"value": value, "log10_value": log, "cumulative_pct": 100 * middle}
    return pd.DataFrame(columns | {"normal_score": ndtri(middle)})


def quantile_pairs(
    first: tuple[ArrayLike, ArrayLike | None],
    second: tuple[ArrayLike, ArrayLike | None],
    shares: ArrayLike,
) -> pd.DataFrame:
    """Return the Q-Q table of two samples (values, weights): `share`, `first`, `second`."""
    asked = np.asarray(shares, dtype=np.float64)
    one, two = (weighted_quantile(v, asked, w) for v, w in (first, second))
    return pd.DataFrame({"share": asked, "first": one, "second": two})


def correlations(
    samples: pd.DataFrame,
    elements: Sequence[str],
    domain: str = "domain",
    weight: str | None = None,
) -> pd.DataFrame:
    """Return `domain, first, second, n, correlation` and `log_correlation` of all pairs.

    Each pair uses the samples that know both; logarithms those where both are above 0. NaN where
    one does not vary.
    """
    rows = []
    for name, part in samples.groupby(domain, sort=True, dropna=False):
        w = np.ones(len(part)) if weight is None else part[weight].to_numpy(np.float64)
        for number, first in enumerate(elements):
            for second in elements[number + 1 :]:
                x, y = part[first].to_numpy(np.float64), part[second].to_numpy(np.float64)
                both, above = np.isfinite(x) & np.isfinite(y), (x > 0) & (y > 0)
                log = _correlation(np.log(x[above]), np.log(y[above]), w[above])
                row = {"domain": name, "first": first, "second": second, "n": int(both.sum())}
                row |= {"correlation": _correlation(x[both], y[both], w[both])}
                rows.append(row | {"log_correlation": log})
    return pd.DataFrame(rows)


def contact_analysis(
    samples: pd.DataFrame, element: str, domains: tuple[str, str], edges_m: ArrayLike
) -> pd.DataFrame:
    """Return mean grades by distance along the hole from contacts of two domains.

    Parameters
    ----------
    samples : DataFrame
        `hole_id`, `from_m`, `to_m`, `domain` and the element, intervals or composites.
    element : str
        Column of grades, weighed by length.
    domains : tuple of str
        First and second; distances in the first are negative.
    edges_m : array
        Rising distances that bound the classes [m].

    Returns
    -------
    DataFrame
        `domain`, `from_m`, `to_m`, `n`, `length_m`, `mean`. A sample counts at its nearest contact.
    """
    table = samples.sort_values(["hole_id", "from_m"], kind="stable")
    distance = np.full(len(table), np.nan)
    rows_of = table.groupby("hole_id", sort=False).indices
    top, foot = table["from_m"].to_numpy(np.float64), table["to_m"].to_numpy(np.float64)
    name = table["domain"].to_numpy()
    for rows in rows_of.values():
        here = name[rows]
        touch = np.abs(foot[rows][:-1] - top[rows][1:]) < 1e-6
        change = np.array([{a, b} == set(domains) for a, b in pairwise(here)])
        contacts = foot[rows][:-1][touch & change.astype(np.bool_)]
        if contacts.size:
            middle = 0.5 * (top[rows] + foot[rows])
            distance[rows] = np.abs(middle[:, None] - contacts).min(axis=1)
    found = []
    edges, values = np.asarray(edges_m, dtype=np.float64), table[element].to_numpy(np.float64)
    for sign, domain in zip((-1, 1), domains, strict=True):
        for low, high in pairwise(edges):
            inside = (name == domain) & (distance >= low) & (distance < high) & np.isfinite(values)
            length = float((foot - top)[inside].sum())
            metal = float((values * (foot - top))[inside].sum())
            ends = sorted((sign * float(low), sign * float(high)))
            row = {"domain": domain, "from_m": ends[0], "to_m": ends[1], "n": int(inside.sum())}
            found.append(row | {"length_m": length, "mean": metal / length if length else np.nan})
    return pd.DataFrame(found).sort_values("from_m", kind="stable", ignore_index=True)


def _cumulative(values: FloatArray, weights: FloatArray) -> tuple[NDArray[np.int64], FloatArray]:
    """Return the order of values and the cumulative share to the middle of each weight."""
    order = np.argsort(values, kind="stable")
    share = weights[order] / weights.sum()
    return order, np.cumsum(share) - 0.5 * share


def _correlation(x: FloatArray, y: FloatArray, weights: FloatArray) -> float:
    """Return the weighted coefficient of correlation, NaN where one does not vary."""
    if len(x) < 2 or weights.sum() <= 0 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return np.nan
    share = weights / weights.sum()
    # Not dot products: BLAS rounds by its number of threads.
    dx, dy = x - (share * x).sum(), y - (share * y).sum()
    spread = np.sqrt((share * dx**2).sum() * (share * dy**2).sum())
    return float((share * dx * dy).sum() / spread)
