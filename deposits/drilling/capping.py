"""What does a top-cut (cap) change, and where should it be set?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError, Problem

FloatArray = NDArray[np.float64]


def apply_caps(
    samples: pd.DataFrame,
    caps: Mapping[tuple[str, str], float],
    domain: str = "domain",
    weight: str | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return capped samples and the effect of each cap; the given table is not changed.

    Parameters
    ----------
    samples : DataFrame
        Samples with their domain and elements.
    caps : mapping of (domain, element) to float
        Highest grade that stands, above 0.
    domain : str
        Column of domains.
    weight : str, optional
        Column of lengths [m] (or other weights) by which metal is counted.

    Raises
    ------
    DataError
        If a domain, an element or a column is not there, or a cap is not above 0.
    """
    problems = _problems(samples, caps, domain, weight)
    if problems:
        raise DataError(problems)
    capped = samples.copy()
    effects = []
    for (name, element), cap in caps.items():
        here = (samples[domain].astype(str) == name).to_numpy()
        values = samples[element].to_numpy(np.float64)
        weights = np.ones(len(samples)) if weight is None else samples[weight].to_numpy(np.float64)
        capped[element] = np.where(here & (capped[element] > cap), cap, capped[element])
        effect = cap_effect(values[here], cap, weights[here])
        effects.append({"domain": name, "element": element, **effect})
    return capped, pd.DataFrame(effects)


def cap_effect(values: ArrayLike, cap: float, weights: ArrayLike | None = None) -> dict[str, float]:
    """Return what one cap does to one population.

    Parameters
    ----------
    values : array, shape (n,)
        Grades; NaN left out.
    cap : float
        Highest grade that stands.
    weights : array, shape (n,), optional
        Lengths [m].

    Returns
    -------
    dict
        `cap`, `n`, `n_capped`, `mean_before`, `mean_after`, `cv_before`, `cv_after`,
        `metal_removed_pct` and `percentile` (share by weight at or below the cap, %).
    """
    grades, weight = known_samples(values, weights)
    after = np.minimum(grades, cap)
    before_mean, before_cv = _mean_cv(grades, weight)
    after_mean, after_cv = _mean_cv(after, weight)
    metal = float((weight * grades).sum())
    removed = float((weight * (grades - after)).sum())
    total = float(weight.sum())
    return {
        "cap": float(cap),
        "n": float(len(grades)),
        "n_capped": float((grades > cap).sum()),
        "mean_before": before_mean,
        "mean_after": after_mean,
        "cv_before": before_cv,
        "cv_after": after_cv,
        "metal_removed_pct": 100.0 * removed / metal if metal > 0 else np.nan,
        "percentile": 100.0 * float(weight[grades <= cap].sum()) / total if total > 0 else np.nan,
    }


def cap_curve(
    values: ArrayLike, caps: Sequence[float], weights: ArrayLike | None = None
) -> pd.DataFrame:
    """Return the effect of each of several caps, one a row, to choose from."""
    return pd.DataFrame([cap_effect(values, cap, weights) for cap in caps])


def decile_analysis(values: ArrayLike, weights: ArrayLike | None = None) -> pd.DataFrame:
    """Return the metal of each tenth of the weight, and of each hundredth of the last tenth.

    Parrish (1997, Mining Engineering 49(4), 45-49): a top decile above 40 % of the metal, or a
    top percentile above 10 %, calls for a cap. Samples across a boundary are shared out.

    Parameters
    ----------
    values : array, shape (n,)
        Grades; NaN left out.
    weights : array, shape (n,), optional
        Lengths [m].
    """
    grades, weight = known_samples(values, weights)
    order = np.argsort(grades, kind="stable")
    total = float(weight.sum())
    if total <= 0:
        raise DataError([Problem("no grade is known", remedy="Check the element and domain.")])
    share = np.concatenate(([0.0], np.cumsum(weight[order]) / total))
    metal = np.concatenate(([0.0], np.cumsum(weight[order] * grades[order])))
    deciles, hundredths = np.linspace(0, 1, 11), np.linspace(0.9, 1, 11)
    low = np.concatenate((deciles[:-1], hundredths[:-1]))
    high = np.concatenate((deciles[1:], hundredths[1:]))
    part = np.interp(high, share, metal) - np.interp(low, share, metal)
    return pd.DataFrame(
        {
            "band": ["decile"] * 10 + ["percentile"] * 10,
            "from_pct": 100 * low,
            "to_pct": 100 * high,
            "mean": part / ((high - low) * total),
            "metal": part,
            "metal_pct": 100 * part / metal[-1] if metal[-1] > 0 else np.nan,
        }
    )


def known_samples(
    values: ArrayLike, weights: ArrayLike | None = None
) -> tuple[FloatArray, FloatArray]:
    """Return the grades that are known and weigh something, with their weights.

    Raises
    ------
    DataError
        If a weight of a known grade is negative or not finite.
    ValueError
        If shapes differ.
    """
    grades = np.asarray(values, dtype=np.float64)
    weight = np.ones(grades.shape) if weights is None else np.asarray(weights, dtype=np.float64)
    if grades.ndim != 1 or weight.shape != grades.shape:
        raise ValueError(f"values of shape {grades.shape}, weights of shape {weight.shape}")
    known = np.isfinite(grades)
    bad = np.flatnonzero(known & ~(np.isfinite(weight) & (weight >= 0)))
    if bad.size:
        place, found = f"samples {', '.join(map(str, bad[:5]))}", str(weight[bad[0]])
        fact = f"{bad.size} weights are negative or not finite"
        raise DataError([Problem(fact, place, found, "at least 0", "Correct the weights.")])
    used = known & (weight > 0)
    return grades[used], weight[used]


def _mean_cv(values: FloatArray, weights: FloatArray) -> tuple[float, float]:
    """Return the weighted mean and coefficient of variation, NaN without samples."""
    total = float(weights.sum())
    if total <= 0:
        return np.nan, np.nan
    mean = float((weights * values).sum()) / total
    sd = float(np.sqrt((weights * (values - mean) ** 2).sum() / total))
    return mean, sd / mean if mean > 0 else np.nan


def _problems(
    samples: pd.DataFrame,
    caps: Mapping[tuple[str, str], float],
    domain: str,
    weight: str | None,
) -> list[Problem]:
    """Find caps that cannot apply."""
    allowed = ", ".join(map(str, samples.columns))
    elements = {element for _, element in caps}
    asked = sorted({domain, *elements, *([weight] if weight else [])})
    gone = [name for name in asked if name not in samples]
    if gone:
        return [Problem("no such column", "samples", name, allowed) for name in gone]
    known = set(samples[domain].dropna().astype(str))
    problems = []
    for (name, element), cap in caps.items():
        place = f"cap of {element} in {name!r}"
        if name not in known:
            problems.append(Problem("no such domain", place, name, ", ".join(sorted(known))))
        if not cap > 0:
            problems.append(Problem("a cap must be above 0", place, str(cap), "above 0"))
    return problems
