"""What do the kriging kernels need of samples, model and targets, and is it sound?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deposits.errors import DataError, Problem
from deposits.estimation.covariance import Covariance
from deposits.estimation.kriging_methods import ExternalDrift, Method, Simple, Universal
from deposits.estimation.kriging_neighbours import PreparedPass, local_origin, prepare_pass
from deposits.estimation.kriging_targets import Targets
from deposits.estimation.samples import Samples
from deposits.estimation.search import Search
from deposits.kernels.kriging_arrays import Model, Supports
from deposits.kernels.kriging_general import Drift, block_variance
from deposits.kernels.neighbours import scale

FloatArray = NDArray[np.float64]


class Task(NamedTuple):
    """All that is the same for every chunk of one group of elements."""

    samples: Samples
    method: Method
    passes: tuple[PreparedPass, ...]
    origin: FloatArray
    model: Model
    means: FloatArray
    drift: Drift


def prepare(
    samples: Samples,
    covariance: Covariance,
    passes: tuple[Search, ...],
    method: Method,
    targets: Targets,
) -> Task:
    """Bring samples, model and drift into the form that kernels take, checked.

    Raises
    ------
    DataError
        As :func:`krige`.
    """
    refuse_duplicates(samples, covariance.nugget > 0)
    origin = local_origin(samples)
    packed = covariance.packed()
    model = Model(
        packed.nugget,
        covariance.sill,
        packed.kinds,
        packed.sills,
        packed.scalings,
        samples.points - origin,
        _scaled(samples.points, origin, packed.scalings),
        _shift(covariance, passes),
    )
    means = _means(method, samples)
    prepared = tuple(prepare_pass(samples, search, origin) for search in passes)
    drift = _drift(method, samples, targets, passes[0])
    return Task(samples, method, prepared, origin, model, means, drift)


def _shift(covariance: Covariance, passes: tuple[Search, ...]) -> float:
    """Return what makes covariances of unbounded structures positive within any search."""
    shift = 0.0
    for structure in covariance.structures:
        if structure.kind == "linear":
            scaling = structure.ranges.scaling()
            reaches = [scaling @ np.linalg.inv(p.ellipsoid.scaling()) for p in passes]
            shift += structure.sill * 2.0 * max(float(np.linalg.norm(r, 2)) for r in reaches)
    return shift


def _means(method: Method, samples: Samples) -> FloatArray:
    """Return known means, or where means are unknown the samples' (it steadies the sums)."""
    if not isinstance(method, Simple):
        average: FloatArray = samples.values.mean(axis=0)
        return average
    means = np.array(method.means, dtype=np.float64)
    if means.shape != (len(samples.elements),):
        raise ValueError("simple kriging needs one mean an element")
    return means


def refuse_duplicates(samples: Samples, has_nugget: bool) -> None:
    """Raise when samples share a position and nothing tells them apart.

    Raises
    ------
    DataError
        Naming the samples.
    """
    if has_nugget:
        return
    different, which, n = np.unique(samples.points, axis=0, return_inverse=True, return_counts=True)
    places = np.flatnonzero(n > 1)
    if places.size == 0:
        return
    problems = []
    for place in places[:10]:
        rows = np.flatnonzero(which.reshape(-1) == place)
        at = ", ".join(f"{c:.2f}" for c in different[place])
        problems.append(
            Problem(
                f"{rows.size} samples share a position and the covariance has no nugget",
                f"samples {', '.join(str(r) for r in rows[:6])} at ({at}) m",
                remedy="Give the model a nugget, or average the samples.",
            )
        )
    if places.size > 10:
        problems.append(Problem(f"and {places.size - 10} more such positions"))
    raise DataError(problems)


def _scaled(points: FloatArray, origin: FloatArray, scalings: FloatArray) -> FloatArray:
    """Points in the metric of every structure, shape (s, n, 3)."""
    out = [scale(points, origin, scaling) for scaling in scalings]
    return np.array(out).reshape(len(out), points.shape[0], 3)


def _drift(method: Method, samples: Samples, targets: Targets, search: Search) -> Drift:
    """Drift functions of a method as kernels take them."""
    reach = search.ellipsoid.major_m
    nothing = Drift(np.zeros((1, 3), np.int64), reach, np.empty((samples.n, 0)), targets.external)
    if isinstance(method, Simple):
        return nothing._replace(powers=np.zeros((0, 3), np.int64))
    if isinstance(method, Universal):
        return nothing._replace(powers=method.powers())
    if isinstance(method, ExternalDrift):
        known = np.asarray(method.at_samples, dtype=np.float64)
        wanted = targets.external
        if known.shape[0] != samples.n or known.shape[1] != wanted.shape[1]:
            found = f"{known.shape} at the samples, {wanted.shape} at the targets"
            raise DataError([Problem("external drift differs in shape", "", found)])
        problems = [
            Problem("external drift has no finite value", what, f"{int(bad.sum())} rows")
            for what, values in (("samples", known), ("targets", wanted))
            if (bad := ~np.isfinite(values).all(axis=1)).any()
        ]
        if problems:
            raise DataError(problems)
        spread = known.std(axis=0)
        spread[spread == 0] = 1.0
        middle = known.mean(axis=0)
        return nothing._replace(
            samples=(known - middle) / spread, targets=(wanted - middle) / spread
        )
    return nothing


def supports_of(task: Task, part: Targets) -> Supports:
    """Return targets as kernels take them."""
    sizes, which = part.sizes()
    offsets = part.offsets(sizes)
    scalings = task.model.scalings
    return Supports(
        part.points - task.origin,
        _scaled(part.points, task.origin, scalings),
        which,
        offsets,
        np.array([[o @ s.T for s in scalings] for o in offsets]).reshape(
            len(offsets), len(scalings), offsets.shape[1], 3
        ),
        _variances(offsets, task.model) + task.model.shift,
    )


def _variances(offsets: FloatArray, model: Model) -> FloatArray:
    """C_VV of every block size; of points C(0) with the nugget."""
    if offsets.shape[1] == 1:
        return np.full(offsets.shape[0], model.variance)
    one = [block_variance(model.kinds, model.sills, model.scalings, o) for o in offsets]
    return np.array(one)


def block_variances(targets: Targets, covariance: Covariance) -> FloatArray:
    """Return the variance of every target within an infinite domain, shape (n,).

    Of a point it is the sill; of a block the mean covariance between all pairs of its
    discretisation points without the nugget (GSLIB's convention); NaN for an unbounded model.
    """
    if not covariance.is_bounded:
        return np.full(targets.n, np.nan)
    sizes, which = targets.sizes()
    offsets = targets.offsets(sizes)
    if offsets.shape[1] == 1:
        return np.full(targets.n, covariance.sill)
    packed = covariance.packed()
    one = [block_variance(packed.kinds, packed.sills, packed.scalings, o) for o in offsets]
    return np.array(one)[which]
