"""Which samples inform each target, pass by pass?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deposits.estimation.kriging_targets import Targets
from deposits.estimation.samples import Samples
from deposits.estimation.search import Search
from deposits.kernels.neighbours import Cells, Found, Wanted, find_nearest, scale
from deposits.kernels.search_sectors import NOBODY, Limits, find_limited

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Samples in a cell of the search grid, about.
PER_CELL = 3.0
#: Most targets of a tile.
LONGEST_TILE = 128
MOST_CELLS = 4_000_000


class Neighbourhoods(NamedTuple):
    """Neighbours of every target.

    neighbours : int32 (n, most), sample numbers in rising order; count, holes : (n,)
    pass_number : (n,), from 1; 0 where no pass found enough
    """

    neighbours: NDArray[np.int32]
    counts: IntArray
    holes: IntArray
    pass_number: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class PreparedPass:
    """A search with the samples sorted for it."""

    search: Search
    scaling: FloatArray
    cells: Cells
    guess: float


def local_origin(samples: Samples) -> FloatArray:
    """Return a whole-metre corner below all samples, so that large coordinates keep precision."""
    corner: FloatArray = np.floor(samples.points.min(axis=0))
    return corner


def prepare_pass(samples: Samples, search: Search, origin: FloatArray) -> PreparedPass:
    """Sort samples into the grid of cells of one search."""
    scaling = search.ellipsoid.scaling()
    points = scale(samples.points, origin, scaling)
    corner, top = points.min(axis=0), points.max(axis=0)
    extent = np.maximum(top - corner, 1e-6)
    wide = extent > 1e-3 * extent.max()
    density = samples.n / float(np.prod(extent[wide]))
    edge = (PER_CELL / density) ** (1.0 / wide.sum())
    edge = max(edge, float(extent.max()) / 1000.0)
    while np.prod(np.floor(extent / edge) + 1) > MOST_CELLS:
        edge *= 1.3
    shape = (np.floor(extent / edge) + 1).astype(np.int64)
    place = np.minimum(((points - corner) / edge).astype(np.int64), shape - 1)
    cell = place[:, 0] + shape[0] * (place[:, 1] + shape[1] * place[:, 2])
    order = np.argsort(cell, kind="stable").astype(np.int64)
    start = np.searchsorted(cell[order], np.arange(int(np.prod(shape)) + 1)).astype(np.int64)
    hole = np.unique(samples.hole, return_inverse=True)[1].reshape(-1).astype(np.int64)
    crowded = float(np.mean(np.diff(start)[cell])) / edge**3
    guess = (0.3 * search.most / crowded) ** (1.0 / 3.0)
    cells = Cells(points, hole, start, order, corner, shape, float(edge))
    return PreparedPass(search, scaling, cells, float(min(guess, 1.0)))


def find_neighbours(
    samples: Samples, targets: Targets, passes: tuple[PreparedPass, ...], origin: FloatArray
) -> Neighbourhoods:
    """Search for every target, pass after pass for those that found too few.

    Parameters
    ----------
    samples : Samples
    targets : Targets
    passes : tuple of PreparedPass
        From :func:`prepare_pass` with the same samples and origin.
    origin : array, shape (3,)
        From :func:`local_origin` [m].

    Returns
    -------
    Neighbourhoods
    """
    n, most = targets.n, max(p.search.most for p in passes)
    found = Found(np.zeros((n, most), np.int32), np.zeros(n, np.int64), np.zeros(n, np.int64))
    pass_number = np.zeros(n, np.int64)
    pending = np.arange(n)
    holes = np.unique(samples.hole)
    for number, prepared in enumerate(passes, start=1):
        if pending.size == 0:
            break
        _search(prepared, targets, pending, origin, holes, found)
        search = prepared.search
        enough = (found.counts[pending] >= search.least) & (
            found.holes[pending] >= search.least_holes
        )
        pass_number[pending[enough]] = number
        pending = pending[~enough]
        found.counts[pending] = 0
        found.holes[pending] = 0
    return Neighbourhoods(found.neighbours, found.counts, found.holes, pass_number)


def _search(
    prepared: PreparedPass,
    targets: Targets,
    rows: IntArray,
    origin: FloatArray,
    holes: IntArray,
    found: Found,
) -> None:
    """Run one pass for some rows."""
    points = scale(targets.points[rows], origin, prepared.scaling)
    order, tiles = tiles_of(points, 0.5 * prepared.guess)
    without = targets.without_sample, _hole_numbers(targets.without_hole, holes)
    left_out = [np.full(rows.size, -1) if w is None else w[rows][order] for w in without]
    wanted = Wanted(np.ascontiguousarray(points[order]), rows[order], *left_out)
    search = prepared.search
    if not search.needs_limits and all(w is None for w in without):
        most = min(search.most, found.neighbours.shape[1])
        find_nearest(prepared.cells, wanted, tiles, most, prepared.guess, found)
        return
    world = np.linalg.inv(prepared.scaling).astype(np.float64)
    own: FloatArray = np.eye(3)
    limits = Limits(
        search.most,
        search.most_per_hole or NOBODY,
        search.sectors,
        search.most_per_sector or NOBODY,
        search.least_sectors,
        own if search.sector_axes == "ellipsoid" else world,
    )
    find_limited(prepared.cells, wanted, tiles, limits, found)


def _hole_numbers(without: IntArray | None, holes: IntArray) -> IntArray | None:
    """Turn the caller's drillhole numbers into those from 0 that the cells hold."""
    if without is None:
        return None
    place = np.minimum(np.searchsorted(holes, without), holes.size - 1)
    return np.where(holes[place] == without, place, -1)


def tiles_of(points: FloatArray, edge: float) -> tuple[IntArray, IntArray]:
    """Return an order of points by cubes of an edge, and where each tile begins (and the end)."""
    cube = np.floor((points - points.min(axis=0)) / edge).astype(np.int64)
    span = cube.max(axis=0) + 1
    key = cube[:, 0] + span[0] * (cube[:, 1] + span[1] * cube[:, 2])
    order = np.argsort(key, kind="stable").astype(np.int64)
    begins = np.flatnonzero(np.diff(key[order], prepend=-1))
    ends = np.append(begins[1:], points.shape[0])
    cuts = [np.arange(b, e, LONGEST_TILE) for b, e in zip(begins, ends, strict=True)]
    return order, np.append(np.concatenate(cuts), points.shape[0]).astype(np.int64)
