"""Does the estimate follow the samples slice by slice across the deposit?

Slices are those of the model's own grid, turned with it, or of any horizontal direction. A slice
holds its lower face; the last one holds its upper face too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from deposits.grid import Grid
from deposits.validation.values import Graded

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Axis = Literal["easting", "northing", "elevation"]
COLUMNS = (
    "direction",
    "slice",
    "from_m",
    "to_m",
    "centre_m",
    "source",
    "element",
    "n",
    "weight",
    "mean",
)
AXES: dict[str, int] = {"easting": 0, "northing": 1, "elevation": 2}
#: Positions this close to a face [m] lie on it: rotation and large coordinates round off.
ON_FACE_M = 1e-6
#: Points placed at a time.
CHUNK = 250_000


@dataclass(frozen=True, slots=True)
class Slices:
    """Parallel slices of equal width.

    Parameters
    ----------
    name : str
        What the position is measured along, in words for an axis.
    direction : tuple of 3 float
        Unit vector across the slices (easting, northing, elevation).
    origin_m : tuple of 3 float
        A point on the face that *start_m* is measured from.
    start_m : float
        Position of the first face [m].
    width_m : float
        Of a slice [m], above 0.
    count : int
        Number of slices, at least 1.
    offset_m : float
        Added to positions in tables, so that unturned axes show coordinates [m].
    """

    name: str
    direction: tuple[float, float, float]
    origin_m: tuple[float, float, float]
    start_m: float
    width_m: float
    count: int
    offset_m: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what slices nothing."""
        if not 0 < self.width_m < math.inf or self.count < 1:
            raise ValueError(f"slices need a width and a count, given {self.width_m}, {self.count}")
        if not math.isclose(math.hypot(*self.direction), 1.0, rel_tol=1e-9):
            raise ValueError("the direction of slices must be a unit vector")

    def place(self, points_m: ArrayLike) -> IntArray:
        """Return the number of the slice that holds each point, -1 outside."""
        points = np.asarray(points_m, np.float64).reshape(-1, 3)
        found = np.empty(len(points), dtype=np.int64)
        for start in range(0, len(points), CHUNK):
            part = slice(start, start + CHUNK)
            moved = points[part] - np.asarray(self.origin_m)
            # Not a matrix product: BLAS rounds by its number of threads.
            along = (moved * np.asarray(self.direction)).sum(axis=1) - self.start_m
            number = np.floor((along + ON_FACE_M) / self.width_m)
            end = self.width_m * self.count
            number = np.where(np.abs(along - end) <= ON_FACE_M, self.count - 1, number)
            inside = (number >= 0) & (number < self.count)
            found[part] = np.where(inside, number, -1)
        return found

    def faces(self) -> FloatArray:
        """Return positions of the faces as tables show them [m], shape (count + 1,)."""
        return np.asarray(
            self.offset_m + self.start_m + self.width_m * np.arange(self.count + 1.0), np.float64
        )


def axis_slices(grid: Grid, axis: Axis, blocks: int = 1) -> Slices:
    """Slices of a grid's own axis, each some blocks wide.

    Parameters
    ----------
    grid : Grid
    axis : {"easting", "northing", "elevation"}
        Of the grid, turned with it.
    blocks : int
        Blocks in the width of a slice, at least 1.

    Returns
    -------
    Slices
        Positions are coordinates in a grid that is not turned, and for elevation; otherwise
        distances from the grid's corner.

    Raises
    ------
    ValueError
        If there is no such axis or no block.
    """
    if axis not in AXES:
        raise ValueError(f"axis must be one of {', '.join(AXES)}, not {axis!r}")
    if blocks < 1:
        raise ValueError(f"a slice needs at least 1 block, given {blocks}")
    number = AXES[axis]
    turned = axis != "elevation" and grid.azimuth_deg % 360.0 != 0.0
    name = f"distance along the grid's {axis} axis" if turned else axis
    e, n, z = grid.axes()[number]
    count = -(-grid.shape[number] // blocks)
    offset = 0.0 if turned else grid.origin_m[number]
    width = blocks * grid.size_m[number]
    return Slices(name, (float(e), float(n), float(z)), grid.origin_m, 0.0, width, count, offset)


def azimuth_slices(grid: Grid, azimuth_deg: float, width_m: float | None = None) -> Slices:
    """Vertical slices across a horizontal direction, covering a grid.

    Parameters
    ----------
    grid : Grid
    azimuth_deg : float
        Direction along which positions run, clockwise from north [degrees]: the strike, or
        90 more for across it.
    width_m : float, optional
        Of a slice [m]; without it, twice the longer plan edge of a block.

    Returns
    -------
    Slices
        Positions are distances from the first corner of the grid met in that direction.
    """
    turn = math.radians(azimuth_deg)
    direction = np.array([math.sin(turn), math.cos(turn), 0.0])
    along = (grid.outline() - np.asarray(grid.origin_m[:2])) @ direction[:2]
    width = 2.0 * max(grid.size_m[:2]) if width_m is None else width_m
    count = max(1, math.ceil((along.max() - along.min()) / width - 1e-9))
    e, n, z = (float(v) for v in direction)
    start = float(along.min())
    name = f"distance along azimuth {azimuth_deg:g} degrees"
    return Slices(name, (e, n, z), grid.origin_m, start, width, count, -start)


def swath(slices: Slices, sources: Sequence[Graded]) -> pd.DataFrame:
    """Return weighted mean grades by slice, source and element.

    Parameters
    ----------
    slices : Slices
    sources : sequence of Graded
        Samples with declustering weights, blocks with tonnes or volumes.

    Returns
    -------
    pandas.DataFrame
        One row a slice, source and element: ``direction``, ``slice`` (from 0), ``from_m``,
        ``to_m``, ``centre_m``, ``source``, ``element``, ``n`` (rows with a grade), ``weight``
        (their sum), ``mean`` (NaN where n is 0).
    """
    faces = slices.faces()
    tables = []
    for source in sources:
        place = slices.place(source.points)
        weights = np.asarray(source.weights)
        for element in source.elements:
            grade = source.column(element)
            kept = (place >= 0) & np.isfinite(grade) & (weights > 0)
            where, w = place[kept], weights[kept]
            total = np.bincount(where, weights=w, minlength=slices.count)
            metal = np.bincount(where, weights=w * grade[kept], minlength=slices.count)
            mean = np.full(slices.count, np.nan)
            np.divide(metal, total, out=mean, where=total > 0)
            tables.append(
                pd.DataFrame(
                    {
                        "direction": slices.name,
                        "slice": np.arange(slices.count),
                        "from_m": faces[:-1],
                        "to_m": faces[1:],
                        "centre_m": 0.5 * (faces[:-1] + faces[1:]),
                        "source": source.name,
                        "element": element,
                        "n": np.bincount(where, minlength=slices.count),
                        "weight": total,
                        "mean": mean,
                    }
                )
            )
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(COLUMNS))


def swaths(
    grid: Grid, sources: Sequence[Graded], strike_deg: float | None = None, blocks: int = 1
) -> pd.DataFrame:
    """Return swaths along the grid's three axes and, given a strike, along and across it.

    Parameters
    ----------
    grid : Grid
    sources : sequence of Graded
    strike_deg : float, optional
        Azimuth of the strike [degrees].
    blocks : int
        Blocks in the width of a slice of the grid's axes.

    Returns
    -------
    pandas.DataFrame
        As :func:`swath`, one direction after another.
    """
    all_slices = [
        axis_slices(grid, "easting", blocks),
        axis_slices(grid, "northing", blocks),
        axis_slices(grid, "elevation", blocks),
    ]
    if strike_deg is not None:
        all_slices += [azimuth_slices(grid, strike_deg), azimuth_slices(grid, strike_deg + 90.0)]
    return pd.concat([swath(slices, sources) for slices in all_slices], ignore_index=True)
