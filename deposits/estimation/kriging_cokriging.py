"""What do samples of antimony say about gold: co-kriging?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deposits.estimation.coregionalisation import Coregionalisation
from deposits.estimation.kriging_estimates import Estimates
from deposits.estimation.kriging_methods import Ordinary, Simple
from deposits.estimation.kriging_neighbours import (
    PreparedPass,
    find_neighbours,
    local_origin,
    prepare_pass,
)
from deposits.estimation.kriging_prepared import refuse_duplicates
from deposits.estimation.kriging_targets import Targets
from deposits.estimation.samples import Samples
from deposits.estimation.search import Search
from deposits.kernels.kriging_arrays import Answers, Supports
from deposits.kernels.kriging_cokriging import Joint, JointModel, krige_together
from deposits.kernels.kriging_general import block_variance

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
CHUNK = 50_000


@dataclass(frozen=True, slots=True)
class Standardised:
    """One sum of weights, over all elements, is one; each element's mean is known.

    Secondary grades are moved to the primary's mean first (Deutsch and Journel, 1998, GSLIB,
    program ``cokb3d``: standardised ordinary co-kriging); variances stay those of the model.

    Parameters
    ----------
    means : tuple of float
        One an element of the model, in its unit.
    """

    means: tuple[float, ...]


class _Element(NamedTuple):
    """One element's samples, ready to be searched."""

    samples: Samples
    rows: IntArray
    passes: tuple[PreparedPass, ...]


def cokrige(
    samples: Samples,
    targets: Targets,
    model: Coregionalisation,
    passes: tuple[Search, ...],
    primary: str | None = None,
    method: Ordinary | Simple | Standardised = Ordinary(),
) -> Estimates:
    """Estimate one element from samples of all elements of a model of coregionalisation.

    Elements need not be assayed in the same samples. Each search is made for every element by
    itself; a pass serves a target where it finds enough samples of the primary element.

    Parameters
    ----------
    samples : Samples
        With at least the model's elements; NaN where not assayed.
    targets : Targets
        Points or blocks to estimate, n of them.
    model : Coregionalisation
    passes : tuple of Search
        As for :func:`deposits.estimation.kriging.krige`.
    primary : str, optional
        The element to estimate; without it the model's first.
    method : Ordinary, Simple or Standardised
        Ordinary: weights of the primary sum to one, those of every other element to zero.

    Returns
    -------
    Estimates
        Of the primary element; counts of samples and holes are those of the primary, distance
        and negative weights those of all samples used.

    Raises
    ------
    ValueError
        If an element is unknown, a mean is missing, there is no search or the model is unbounded.
    DataError
        If samples of an element share a position and it has no nugget.
    """
    primary = model.elements[0] if primary is None else primary
    means, constraints = _stated(samples, model, primary, method)
    if not passes:
        raise ValueError("co-kriging needs at least one search")
    if not model.is_bounded:
        raise ValueError("co-kriging needs a bounded model; a linear structure has no sill")
    chosen, origin = samples.only(model.elements), local_origin(samples)
    elements = [_element(chosen, e, model, passes, origin) for e in range(len(model.elements))]
    packed, number = model.packed(), model.elements.index(primary)
    joint_model = JointModel(
        packed.nugget,
        packed.kinds,
        packed.sills,
        packed.scalings,
        chosen.points - origin,
        np.where(np.isnan(chosen.values), 0.0, chosen.values - means),
        means,
        number,
        constraints,
    )
    n = targets.n
    answers = Answers(np.full((n, 1), np.nan), *(np.full(n, np.nan) for _ in range(5)))
    counts = np.zeros((3, n), np.int64)
    for begin in range(0, n, CHUNK):
        here = slice(begin, min(begin + CHUNK, n))
        out = Answers(*(array[here] for array in answers))
        part = targets.part(here.start, here.stop)
        counts[:, here] = _chunk(elements, joint_model, part, origin, out)
    return _estimates(primary, answers, counts, targets, joint_model)


def _stated(
    samples: Samples,
    model: Coregionalisation,
    primary: str,
    method: Ordinary | Simple | Standardised,
) -> tuple[FloatArray, IntArray]:
    """Means to take off the grades, and which sum the weights of each element belong to."""
    missing = [e for e in (*model.elements, primary) if e not in samples.elements]
    if missing or primary not in model.elements:
        raise ValueError(f"samples and model need the elements {(*model.elements, primary)}")
    m = len(model.elements)
    if isinstance(method, Ordinary):
        # Each sum of weights is fixed: taking a mean off changes nothing but rounding.
        return np.zeros(m), np.arange(m)
    if len(method.means) != m:
        raise ValueError("co-kriging with known means needs one an element of the model")
    means = np.array(method.means, dtype=np.float64)
    return means, np.full(m, -1 if isinstance(method, Simple) else 0)


def _element(
    samples: Samples,
    e: int,
    model: Coregionalisation,
    passes: tuple[Search, ...],
    origin: FloatArray,
) -> _Element:
    """Prepare the searches of one element."""
    rows = np.flatnonzero(np.isfinite(samples.values[:, e]))
    if rows.size == 0:
        return _Element(samples, rows, ())
    some = samples.take(rows)
    refuse_duplicates(some, model.nugget[e][e] > 0)
    return _Element(some, rows, tuple(prepare_pass(some, p, origin) for p in passes))


def _chunk(
    elements: list[_Element],
    model: JointModel,
    targets: Targets,
    origin: FloatArray,
    out: Answers,
) -> IntArray:
    """Search and solve for some targets; return samples, holes and pass of each."""
    first = elements[model.primary]
    if not first.passes:
        return np.zeros((3, targets.n), np.int64)
    hood = find_neighbours(first.samples, targets.among(first.rows), first.passes, origin)
    most = hood.neighbours.shape[1]
    neighbours = np.zeros((len(elements), targets.n, most), np.int32)
    counts = np.zeros((len(elements), targets.n), np.int64)
    for e, element in enumerate(elements):
        for number, prepared in enumerate(element.passes, start=1):
            rows = np.flatnonzero(hood.pass_number == number)
            if rows.size == 0:
                continue
            # A secondary element informs wherever it can: one sample is enough.
            least = prepared.search.least if e == model.primary else 1
            open_pass = replace(prepared, search=replace(prepared.search, least=least))
            wanted = _rows_of(targets, rows).among(element.rows)
            near = find_neighbours(element.samples, wanted, (open_pass,), origin)
            width = near.neighbours.shape[1]
            neighbours[e, rows, :width] = element.rows[near.neighbours]
            counts[e, rows] = near.counts
    supports = _supports(targets, origin, model)
    rows = np.flatnonzero(hood.pass_number > 0)
    krige_together(model, supports, Joint(neighbours, counts), rows, out)
    return np.stack([hood.counts, hood.holes, hood.pass_number])


def _rows_of(targets: Targets, rows: IntArray) -> Targets:
    """Positions of some targets, as the search needs them."""
    return Targets(
        points=targets.points[rows],
        without_sample=None if targets.without_sample is None else targets.without_sample[rows],
        without_hole=None if targets.without_hole is None else targets.without_hole[rows],
    )


def _supports(targets: Targets, origin: FloatArray, model: JointModel) -> Supports:
    """Targets as the kernel takes them."""
    sizes, which = targets.sizes()
    offsets = targets.offsets(sizes)
    sills = np.ascontiguousarray(model.sills[:, model.primary, model.primary])
    if offsets.shape[1] == 1:
        whole = sills.sum() + model.nugget[model.primary, model.primary]
        variance = np.full(len(offsets), whole)
    else:
        one = [block_variance(model.kinds, sills, model.scalings, o) for o in offsets]
        variance = np.array(one)
    nothing, none = np.empty((0, 0, 3)), np.empty((0, 0, 0, 3))
    return Supports(targets.points - origin, nothing, which, offsets, none, variance)


def _estimates(
    primary: str, answers: Answers, counts: IntArray, targets: Targets, model: JointModel
) -> Estimates:
    """Put the answers together."""
    supports = _supports(targets, np.zeros(3), model)
    block = supports.variance[supports.size]
    slope = np.full(targets.n, np.nan)
    enough = answers.spread > 1e-12 * block
    np.divide(answers.covariance, answers.spread, out=slope, where=enough)
    return Estimates(
        elements=(primary,),
        values=answers.values,
        variance=answers.variance,
        slope=slope,
        efficiency=(block - answers.variance) / block,
        n_samples=counts[0],
        n_holes=counts[1],
        mean_distance_m=answers.distance,
        pass_number=counts[2],
        negative_weight_share=answers.negative,
    )
