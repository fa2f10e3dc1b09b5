"""How sure is each block's estimate: Measured, Indicated, Inferred, or none of them?

Criteria are stated, not found: a block takes the surest class all of whose criteria it meets. The
result is a suggestion for the Competent Person, who answers for the classification.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import uniform_filter
from scipy.spatial import cKDTree

from deposits.errors import DataError, Problem

FloatArray = NDArray[np.float64]
ClassArray = NDArray[np.int8]

#: Criterion -> column of the block table it is tested on.
COLUMN_OF = {
    "most_spacing_m": "spacing_m",
    "least_slope": "slope",
    "most_pass": "pass_number",
    "most_variance_ratio": "variance_ratio",
    "least_holes": "n_holes",
    "least_samples": "n_samples",
    "most_mean_distance_m": "mean_distance_m",
}
#: Blocks whose neighbours are looked up at once.
CHUNK = 50_000
#: Criterion in words, for a statement.
WORDS = {
    "most_spacing_m": "drill spacing up to {:g} m",
    "least_slope": "slope of regression at least {:g}",
    "most_pass": "search pass up to {:g}",
    "most_variance_ratio": "kriging variance up to {:g} of the sill",
    "least_holes": "at least {:g} drillholes",
    "least_samples": "at least {:g} samples",
    "most_mean_distance_m": "mean distance of samples up to {:g} m",
}
#: Code of what has no class.
UNCLASSIFIED = -1


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a block must meet to be in a class; None is not asked. All that is asked must hold.

    Parameters
    ----------
    name : str
        Class, such as "Measured".
    most_spacing_m : float or None
        Widest drill spacing [m], see `drill_spacing`; column spacing_m.
    least_slope : float or None
        Least slope of regression of true on estimated grade; column slope. Rules of thumb are
        0.85 for Measured and 0.6 for Indicated (Mining Plus, Drillhole Spacing Studies, 2021).
    most_pass : int or None
        Last search pass; column pass_number, 0 is not estimated.
    most_variance_ratio : float or None
        Largest kriging variance as a part of the sill (or of the block variance, if that is what
        the column holds); column variance_ratio.
    least_holes, least_samples : int or None
        Columns n_holes, n_samples.
    most_mean_distance_m : float or None
        Largest mean distance to the samples used [m]; column mean_distance_m.
    """

    name: str
    most_spacing_m: float | None = None
    least_slope: float | None = None
    most_pass: int | None = None
    most_variance_ratio: float | None = None
    least_holes: int | None = None
    least_samples: int | None = None
    most_mean_distance_m: float | None = None

    def asked(self) -> dict[str, float]:
        """Return what is asked, by the name of the parameter."""
        found = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "name"}
        return {name: value for name, value in found.items() if value is not None}

    def __str__(self) -> str:
        """One line for the statement."""
        words = [WORDS[name].format(value) for name, value in self.asked().items()]
        return f"{self.name}: {', '.join(words) or 'every estimated block'}"


@dataclass(frozen=True, slots=True, eq=False)
class Classified:
    """Blocks with their classes.

    Parameters
    ----------
    names : tuple of str
        Classes from the surest to the least sure.
    codes : int8 (n,)
        Place in *names*, -1 for unclassified.
    """

    names: tuple[str, ...]
    codes: ClassArray

    @property
    def labels(self) -> NDArray[np.object_]:
        """Name of each block's class, shape (n,); "" is unclassified."""
        table = np.array([*self.names, ""], dtype=object)
        return np.asarray(table[self.codes])

    def counts(self) -> dict[str, int]:
        """Count the blocks of each class, "" for unclassified."""
        found = {name: int(np.sum(self.codes == code)) for code, name in enumerate(self.names)}
        return found | {"": int(np.sum(self.codes == UNCLASSIFIED))}


def classify(
    blocks: pd.DataFrame, criteria: Sequence[Criterion], *, estimated: ArrayLike | None = None
) -> Classified:
    """Give each block the surest class whose criteria it meets.

    Parameters
    ----------
    blocks : DataFrame
        The columns that the criteria ask for, see `COLUMN_OF`; NaN meets nothing.
    criteria : sequence of Criterion
        From the surest class to the least sure; each may ask no more than the one before.
    estimated : array_like of bool (n,), optional
        Blocks that have an estimate; the others are unclassified. By default those with
        pass_number above 0, where there is such a column.

    Returns
    -------
    Classified

    Raises
    ------
    DataError
        If a column is missing, or a less sure class asks for more than a surer one.
    """
    problems = _refusals(blocks, criteria)
    if problems:
        raise DataError(problems)
    n = len(blocks)
    codes = np.full(n, UNCLASSIFIED, dtype=np.int8)
    open_ = np.ones(n, dtype=bool) if estimated is None else np.array(estimated, dtype=bool)
    if estimated is None and "pass_number" in blocks:
        open_ &= blocks["pass_number"].to_numpy() > 0
    for code, criterion in enumerate(criteria):
        met = open_.copy()
        for name, limit in criterion.asked().items():
            values = blocks[COLUMN_OF[name]].to_numpy(dtype=float)
            met &= values >= limit if name.startswith("least") else values <= limit
        codes[met] = code
        open_ &= ~met
    return Classified(tuple(c.name for c in criteria), codes)


def _refusals(blocks: pd.DataFrame, criteria: Sequence[Criterion]) -> list[Problem]:
    """List missing columns and criteria that cross."""
    asked = dict.fromkeys(COLUMN_OF[name] for c in criteria for name in c.asked())
    shown = ", ".join(str(name) for name in blocks.columns)
    problems = [
        Problem("a criterion needs this column", "blocks", name, shown)
        for name in asked
        if name not in blocks
    ]
    names = [criterion.name for criterion in criteria]
    if len(set(names)) < len(names) or not names:
        problems.append(Problem("class named twice or none named", "criteria", ", ".join(names)))
    for surer, looser in pairwise(criteria):
        for name, limit in looser.asked().items():
            before = surer.asked().get(name)
            sign = -1.0 if name.startswith("least") else 1.0
            if before is None or sign * before > sign * limit:
                fact = f"{looser.name} asks for more than {surer.name}"
                shown = "nothing" if before is None else f"{before:g}"
                where, found = f"criteria, {name}", f"{limit:g} after {shown}"
                problems.append(Problem(fact, where, found, remedy="Order the criteria"))
    return problems


def drill_spacing(
    hole_points: ArrayLike, holes: ArrayLike, blocks: ArrayLike, *, nearest: int = 3
) -> FloatArray:
    """Work out the drill spacing around each block.

    Parameters
    ----------
    hole_points : array_like (n, 3)
        Points along the holes, such as sample centres [m].
    holes : array_like (n,)
        Hole of each point; only a hole's nearest point counts.
    blocks : array_like (m, 3)
        Block centres [m].
    nearest : int
        Number of holes.

    Returns
    -------
    ndarray (m,)
        [m]; NaN where there are fewer holes than *nearest*.

    Notes
    -----
    sqrt(2) x mean distance to the three nearest holes. At the middle of a cell of a square grid
    of spacing S all of the nearest holes stand at S / sqrt(2), so a square grid gives S there
    (derived here); elsewhere in the cell the measure is a little less, to 0.94 S at a hole.
    """
    points, targets = np.asarray(hole_points, dtype=float), np.asarray(blocks, dtype=float)
    numbers = pd.factorize(np.asarray(holes))[0]
    n_holes = int(numbers.max(initial=-1)) + 1
    if n_holes < nearest:
        return np.full(len(targets), np.nan)
    tree = cKDTree(points)
    found = np.full(len(targets), np.nan)
    for start in range(0, len(targets), CHUNK):
        rows, k = np.arange(start, min(start + CHUNK, len(targets))), 8 * nearest
        while rows.size:
            k = min(k, len(points))
            distance, point = tree.query(targets[rows], k=k)
            mean = _mean_of_holes(distance, numbers[point], nearest)
            found[rows] = math.sqrt(2.0) * mean
            # Many samples of the same two holes came first: look farther.
            rows, k = rows[np.isnan(mean)], 4 * k
    return found


def _mean_of_holes(distance: FloatArray, holes: NDArray[np.int64], nearest: int) -> FloatArray:
    """Mean distance to the nearest distinct holes, rows sorted by distance; NaN if too few."""
    rows = np.arange(len(distance))
    other, total = np.ones(distance.shape, dtype=bool), np.zeros(len(distance))
    for _ in range(nearest):
        first = other.argmax(axis=1)
        total += np.where(other[rows, first], distance[rows, first], np.nan)
        other &= holes != holes[rows, first][:, None]
    return total / nearest


@dataclass(frozen=True, slots=True, eq=False)
class Smoothed:
    """Classes after smoothing, and what moved.

    Parameters
    ----------
    classified : Classified
    moved : DataFrame
        from, to, n_blocks, tonnes: one row for each pair of classes between which blocks moved;
        tonnes is NaN when no tonnes were given.
    """

    classified: Classified
    moved: pd.DataFrame


def smooth_classes(
    classified: Classified,
    shape: tuple[int, int, int],
    index: ArrayLike,
    *,
    radius: tuple[int, int, int] = (1, 1, 1),
    tonnes: ArrayLike | None = None,
) -> Smoothed:
    """Remove spots: each block takes the commonest class of the blocks around it.

    Parameters
    ----------
    classified : Classified
    shape : tuple = (nx, ny, nz)
        Blocks of the grid.
    index : array_like of int (n,)
        Grid number of each block (`deposits.grid`: easting fastest); no block twice.
    radius : tuple of int
        Half-width of the window in blocks along easting, northing, elevation.
    tonnes : array_like (n,), optional
        Of each block [t], for the account.

    Returns
    -------
    Smoothed

    Notes
    -----
    One pass over the classes as given, so the order of blocks does not matter; classes equally
    common go to the block's own class, else to the less sure one. A block moves up by one class
    at most, and down as far as its surroundings; unclassified blocks stay unclassified and have
    no vote.
    """
    nx, ny, nz = shape
    place = np.asarray(index, dtype=np.int64)
    if np.bincount(place, minlength=1).max() > 1:
        raise ValueError("a block comes twice; smoothing needs one class a grid block")
    size = tuple(2 * r + 1 for r in reversed(radius))
    window = float(math.prod(size))
    own = classified.codes
    most = np.full(place.size, -1, dtype=np.int32)
    chosen = np.zeros(place.size, dtype=np.int8)
    for code in range(len(classified.names)):
        grid = np.zeros(nx * ny * nz)
        grid[place[own == code]] = window
        around = uniform_filter(grid.reshape(nz, ny, nx), size=size, mode="constant")
        # Ties: half a vote to the block's own class, else the less sure one, which comes later.
        votes = 2 * np.rint(around.ravel()[place]).astype(np.int32) + (own == code)
        chosen[votes >= most] = code
        np.maximum(most, votes, out=most)
    chosen = np.maximum(chosen, own - 1)
    codes = np.where(own != UNCLASSIFIED, chosen, UNCLASSIFIED).astype(np.int8)
    found = Classified(classified.names, codes)
    return Smoothed(found, _moved(classified, found, tonnes))


def _moved(before: Classified, after: Classified, tonnes: ArrayLike | None) -> pd.DataFrame:
    """Account for the blocks that changed class."""
    amount = np.full(before.codes.size, np.nan) if tonnes is None else np.asarray(tonnes, float)
    changed = before.codes != after.codes
    table = pd.DataFrame(
        {
            "from": before.labels[changed],
            "to": after.labels[changed],
            "n_blocks": 1,
            "tonnes": amount[changed],
        }
    )
    return table.groupby(["from", "to"], as_index=False).sum(min_count=1)
