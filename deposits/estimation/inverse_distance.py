"""What would the simplest estimators say: the nearest sample, or samples weighted by distance?

Both check kriging, not replace it. Distances are those of the search ellipsoid that found the
samples (anisotropic); blocks are taken at their centres.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deposits.estimation.kriging_estimates import Estimates, merge
from deposits.estimation.kriging_neighbours import (
    Neighbourhoods,
    PreparedPass,
    find_neighbours,
    local_origin,
    prepare_pass,
)
from deposits.estimation.kriging_targets import Targets
from deposits.estimation.samples import Samples
from deposits.estimation.search import Search
from deposits.kernels.neighbours import ROUNDING

FloatArray = NDArray[np.float64]
CHUNK = 50_000


def inverse_distance(
    samples: Samples, targets: Targets, passes: tuple[Search, ...], power: float = 2.0
) -> Estimates:
    """Estimate by weights that fall with a power of the distance.

    Parameters
    ----------
    samples, targets, passes
        As for :func:`deposits.estimation.kriging.krige`.
    power : float
        Above 0; 2 is the inverse square.

    Returns
    -------
    Estimates
        Variance, slope and efficiency are NaN. A target at samples' place gets their mean.

    Raises
    ------
    ValueError
        If the power is not above 0 or there is no search.

    Examples
    --------
    >>> from deposits.orientation import isotropic
    >>> known = Samples([[0, 0, 0], [3, 0, 0]], [1.0, 4.0], ("sb_pct",))
    >>> between = Targets(points=np.array([[1.0, 0.0, 0.0]]))
    >>> inverse_distance(known, between, (Search(isotropic(10.0)),)).values[0, 0].round(6)
    np.float64(1.6)
    """
    if not 0 < power < np.inf:
        raise ValueError(f"the power of the distance must be above 0, given {power}")
    if not passes:
        raise ValueError("inverse distance needs at least one search")
    parts = []
    for rows, columns in samples.groups():
        names = tuple(samples.elements[c] for c in columns)
        if rows.size == 0:
            parts.append(_joined(names, [_nothing(names, targets.n)]))
            continue
        part = Samples(
            samples.points[rows], samples.values[rows][:, columns], names, samples.hole[rows]
        )
        origin = local_origin(part)
        prepared = tuple(prepare_pass(part, search, origin) for search in passes)
        chunks = []
        for begin in range(0, targets.n, CHUNK):
            some = targets.part(begin, min(begin + CHUNK, targets.n)).among(rows)
            hood = find_neighbours(part, some, prepared, origin)
            chunks.append(_weigh(part, some, hood, prepared, power))
        parts.append(_joined(names, chunks or [_nothing(names, 0)]))
    return merge(samples.elements, parts)


def nearest_neighbour(samples: Samples, targets: Targets, passes: tuple[Search, ...]) -> Estimates:
    """Give every target the grade of its nearest sample, of the lower number among equals.

    Parameters
    ----------
    samples, targets, passes
        As for :func:`deposits.estimation.kriging.krige`; only the ellipsoids of the searches count.

    Returns
    -------
    Estimates
        Variance, slope and efficiency are NaN.
    """
    one = tuple(Search(search.ellipsoid, least=1, most=1) for search in passes)
    return inverse_distance(samples, targets, one)


def _weigh(
    samples: Samples,
    targets: Targets,
    hood: Neighbourhoods,
    passes: tuple[PreparedPass, ...],
    power: float,
) -> Estimates:
    """Weigh the neighbours of a chunk of targets."""
    used = np.arange(hood.neighbours.shape[1]) < hood.counts[:, None]
    lag = samples.points[hood.neighbours] - targets.points[:, None, :]
    far = np.sqrt((lag**2).sum(axis=2))
    squared = np.ones_like(far)
    for number, prepared in enumerate(passes, start=1):
        rows = hood.pass_number == number
        squared[rows] = ((lag[rows] @ prepared.scaling.T) ** 2).sum(axis=2)
    at_place = used & (squared < 1.0 / ROUNDING**2)
    with np.errstate(divide="ignore"):
        weight = np.where(used, squared ** (-0.5 * power), 0.0)
    here = at_place.any(axis=1)
    weight[here] = at_place[here]
    total = weight.sum(axis=1)
    known = hood.pass_number > 0
    estimates = _nothing(samples.elements, targets.n)
    total = np.where(known, total, np.nan)
    share = weight / total[:, None]
    values = (share[:, :, None] * samples.values[hood.neighbours]).sum(axis=1)
    count = np.where(known, hood.counts, np.nan)
    return replace(
        estimates,
        values=values,
        n_samples=hood.counts,
        n_holes=hood.holes,
        pass_number=hood.pass_number,
        mean_distance_m=np.where(used, far, 0.0).sum(axis=1) / count,
        negative_weight_share=np.where(known, 0.0, np.nan),
    )


def _nothing(names: tuple[str, ...], n: int) -> Estimates:
    """Estimates of targets that no sample informs."""
    nan, none = np.full(n, np.nan), np.zeros(n, np.int64)
    return Estimates(
        elements=names,
        values=np.full((n, len(names)), np.nan),
        variance=nan,
        slope=nan,
        efficiency=nan,
        n_samples=none,
        n_holes=none,
        mean_distance_m=nan,
        pass_number=none,
        negative_weight_share=nan,
    )


def _joined(names: tuple[str, ...], chunks: list[Estimates]) -> Estimates:
    """Put chunks end to end."""
    if len(chunks) == 1:
        return chunks[0]
    fields = (
        "values",
        "variance",
        "slope",
        "efficiency",
        "n_samples",
        "n_holes",
        "mean_distance_m",
        "pass_number",
        "negative_weight_share",
    )
    joined: dict[str, Any] = {
        name: np.concatenate([getattr(c, name) for c in chunks]) for name in fields
    }
    return Estimates(elements=names, **joined)
