"""What is the grade of each block, and how sure is it?

Ordinary, simple, universal (drift) and external-drift kriging of points or blocks from a moving
neighbourhood. Coordinates are taken from a local origin; work goes in chunks that can be
interrupted.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.estimation.covariance import Covariance
from deposits.estimation.kriging_estimates import Estimates, merge
from deposits.estimation.kriging_methods import (
    ExternalDrift,
    Method,
    Ordinary,
    Simple,
    Universal,
)
from deposits.estimation.kriging_neighbours import (
    Neighbourhoods,
    find_neighbours,
)
from deposits.estimation.kriging_prepared import Task, block_variances, prepare, supports_of
from deposits.estimation.kriging_targets import Targets
from deposits.estimation.samples import Samples
from deposits.estimation.search import Search
from deposits.kernels.kriging_arrays import Answers
from deposits.kernels.kriging_general import krige_general
from deposits.kernels.kriging_lanes import krige_lanes

__all__ = [
    "Estimates",
    "ExternalDrift",
    "Method",
    "Ordinary",
    "Simple",
    "Targets",
    "Universal",
    "block_variances",
    "krige",
    "weights_of",
]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Progress = Callable[[int, int], None]

CHUNK = 50_000
EMPTY = np.empty((0, 0))


def krige(
    samples: Samples,
    targets: Targets,
    covariance: Covariance,
    passes: tuple[Search, ...],
    method: Method = Ordinary(),
    on_progress: Progress | None = None,
) -> Estimates:
    """Estimate grades of points or blocks by kriging.

    Elements assayed in the same samples share one set of weights; others are estimated apart.

    Parameters
    ----------
    samples : Samples
        Where the grades are known.
    targets : Targets
        Points or blocks to estimate, n of them.
    covariance : Covariance
        Model of continuity [grade unit squared]; of all elements up to a factor.
    passes : tuple of Search
        Searches in order; each serves the targets for which the ones before found too few.
    method : Ordinary, Simple, Universal or ExternalDrift
        What is known of the mean.
    on_progress : callable, optional
        Called with (targets done, targets in all) after every chunk, of all groups of elements.

    Returns
    -------
    Estimates
        NaN where no search found enough samples or the system is singular; ``counts()`` says
        how many.

    Raises
    ------
    DataError
        If samples share a position and the model has no nugget, or the external drift lacks
        values.
    ValueError
        If there is no pass, or simple kriging is asked of an unbounded model.

    Notes
    -----
    Weights l and multiplier m solve ``sum_j C_ij l_j + m = C_iV``, ``sum_j l_j = 1``; the kriging
    variance is ``C_VV - sum_i l_i C_iV - m`` (Isaaks and Srivastava, 1989, chapters 12 and 13).
    The nugget is part of C_ij only for i = j, and of C_iV
    only for a point target at the sample's place (shared among samples at that place); blocks
    lose it in C_iV and C_VV, as in GSLIB's kt3d.
    """
    _check(covariance, passes, method)
    parts, done = [], 0
    groups = samples.groups()
    for rows, columns in groups:
        names = tuple(samples.elements[c] for c in columns)
        part = (
            Samples(
                samples.points[rows],
                samples.values[rows][:, columns],
                names,
                samples.hole[rows],
            )
            if rows.size
            else None
        )
        answers, near = _empty(targets, len(columns), max(p.most for p in passes))
        if part is not None:
            task = prepare(part, covariance, passes, _of_rows(method, rows, columns), targets)
            for begin in range(0, targets.n, CHUNK):
                end = min(begin + CHUNK, targets.n)
                _chunk(task, targets.part(begin, end), rows, begin, answers, near)
                done += end - begin
                if on_progress is not None:
                    on_progress(done, targets.n * len(groups))
        parts.append(_estimates(names, answers, near, targets, covariance))
    estimates = merge(samples.elements, parts)
    if targets.n and not (estimates.pass_number > 0).any():
        warnings.warn("no target found enough samples: all estimates are NaN", stacklevel=2)
    return estimates


class Qualities(NamedTuple):
    """What the search says of each target."""

    counts: IntArray
    holes: IntArray
    pass_number: IntArray


def _check(covariance: Covariance, passes: tuple[Search, ...], method: Method) -> None:
    """Refuse what no programme should ask for."""
    if not passes:
        raise ValueError("kriging needs at least one search")
    if isinstance(method, Simple) and not covariance.is_bounded:
        raise ValueError("simple kriging needs a bounded model; a linear structure has no sill")


def _of_rows(method: Method, rows: IntArray, columns: tuple[int, ...]) -> Method:
    """Keep of a method what concerns some samples and elements."""
    if isinstance(method, ExternalDrift):
        at = np.array(method.at_samples, dtype=np.float64)
        return ExternalDrift((at[:, None] if at.ndim == 1 else at)[rows])
    if isinstance(method, Simple):
        return Simple(tuple(method.means[c] for c in columns))
    return method


def _empty(targets: Targets, m: int, most: int) -> tuple[Answers, Qualities]:
    """Answers before the work."""
    n = targets.n
    answers = Answers(np.full((n, m), np.nan), *(np.full(n, np.nan) for _ in range(5)))
    return answers, Qualities(*(np.zeros(n, np.int64) for _ in range(3)))


def _chunk(
    task: Task, part: Targets, sample_rows: IntArray, begin: int, answers: Answers, near: Qualities
) -> None:
    """Search and solve for some consecutive targets."""
    here = slice(begin, begin + part.n)
    hood = find_neighbours(task.samples, part.among(sample_rows), task.passes, task.origin)
    near.counts[here], near.holes[here] = hood.counts, hood.holes
    near.pass_number[here] = hood.pass_number
    out = Answers(*(array[here] for array in answers))
    supports = supports_of(task, part)
    rows = np.flatnonzero(hood.pass_number > 0)
    if isinstance(task.method, Ordinary | Simple):
        krige_lanes(
            task.model,
            supports,
            task.samples.values,
            task.means,
            float(isinstance(task.method, Ordinary)),
            rows,
            hood.neighbours,
            hood.counts,
            out,
        )
        rows = rows[np.isnan(out.values[rows, 0])]
    if rows.size:
        drift = task.drift._replace(targets=task.drift.targets[here])
        krige_general(
            task.model,
            supports,
            drift,
            task.samples.values,
            task.means,
            rows,
            hood.neighbours,
            hood.counts,
            out,
            EMPTY,
        )


def _estimates(
    names: tuple[str, ...],
    answers: Answers,
    near: Qualities,
    targets: Targets,
    covariance: Covariance,
) -> Estimates:
    """Put the answers of one group of elements together."""
    block = block_variances(targets, covariance)
    slope = np.full(targets.n, np.nan)
    if covariance.is_bounded:
        np.divide(
            answers.covariance,
            answers.spread,
            out=slope,
            where=answers.spread > 1e-12 * covariance.sill,
        )
    # A pure nugget leaves no variance between blocks: there is no efficiency to speak of.
    efficiency = np.full(targets.n, np.nan)
    np.divide(block - answers.variance, block, out=efficiency, where=block > 0)
    return Estimates(
        elements=names,
        values=answers.values,
        variance=answers.variance,
        slope=slope,
        efficiency=efficiency,
        n_samples=near.counts,
        n_holes=near.holes,
        mean_distance_m=answers.distance,
        pass_number=near.pass_number,
        negative_weight_share=answers.negative,
    )


def weights_of(
    samples: Samples,
    targets: Targets,
    covariance: Covariance,
    passes: tuple[Search, ...],
    method: Method = Ordinary(),
) -> pd.DataFrame:
    """Return the weights behind the estimates, for an audit of single blocks.

    Parameters
    ----------
    samples, targets, covariance, passes, method
        As for :func:`krige`; every sample must have every element.

    Returns
    -------
    DataFrame
        One row a target and sample used: target, sample (row numbers), hole, distance_m, weight,
        then the sample's grades. Targets without an estimate have no row.
    """
    _check(covariance, passes, method)
    if not np.isfinite(samples.values).all():
        raise ValueError("weights are told for samples with every element; choose with only()")
    chosen = _of_rows(method, np.arange(samples.n), tuple(range(len(samples.elements))))
    task = prepare(samples, covariance, passes, chosen, targets)
    hood: Neighbourhoods = find_neighbours(samples, targets, task.passes, task.origin)
    answers, _ = _empty(targets, len(samples.elements), hood.neighbours.shape[1])
    weights = np.full(hood.neighbours.shape, np.nan)
    rows = np.flatnonzero(hood.pass_number > 0)
    krige_general(
        task.model,
        supports_of(task, targets),
        task.drift,
        samples.values,
        task.means,
        rows,
        hood.neighbours,
        hood.counts,
        answers,
        weights,
    )
    target, place = np.nonzero(np.isfinite(weights))
    sample = hood.neighbours[target, place].astype(np.int64)
    lag = samples.points[sample] - targets.points[target]
    table = pd.DataFrame(
        {
            "target": target,
            "sample": sample,
            "hole": samples.hole[sample],
            "distance_m": np.linalg.norm(lag, axis=1),
            "weight": weights[target, place],
        }
    )
    for column, name in enumerate(samples.elements):
        table[name] = samples.values[sample, column]
    return table
