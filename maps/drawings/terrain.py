"""What is the ground like, as every product may draw it?

A `Terrain` lies on a grid of square cells in the project's own system, north up, whatever the
user's file was. The study leaves it as ``terrain_elevations.tif``, so that a map can be made again
without the file it came from.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from maps.finished import Finished

#: What the study leaves of the ground: elevations in the project CRS.
ELEVATIONS = "terrain_elevations.tif"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Terrain:
    """Elevations of the ground on a grid of square cells in the project CRS, north up.

    Parameters
    ----------
    elevations_m : ndarray of float32, shape (rows, columns)
        Elevation of the middle of every cell [m], the northernmost row first, the westernmost
        column first; NaN where it is not known.
    west_m, north_m : float
        Outer corner in the north-west, easting and northing [m].
    cell_m : float
        Edge of a cell [m].
    crs : str
        Project CRS, such as "EPSG:32642".
    vertical_datum : str
        What elevations count from, as the study states it.
    contour_m : float
        Interval of contours [m].
    source : str
        Whose elevations they are.
    """

    elevations_m: NDArray[np.float32]
    west_m: float
    north_m: float
    cell_m: float
    crs: str
    vertical_datum: str
    contour_m: float
    source: str

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """Outer edges: west, south, east, north [m]."""
        rows, columns = self.elevations_m.shape
        east, south = self.west_m + columns * self.cell_m, self.north_m - rows * self.cell_m
        return self.west_m, south, east, self.north_m

    @property
    def transform(self) -> tuple[float, float, float, float, float, float]:
        """Affine transform (a, b, c, d, e, f): column and row to easting and northing [m]."""
        return self.cell_m, 0.0, self.west_m, 0.0, -self.cell_m, self.north_m

    def eastings_m(self) -> NDArray[np.float64]:
        """Return the easting of the middle of every column [m], shape (columns,)."""
        columns = np.arange(self.elevations_m.shape[1])
        return np.asarray(self.west_m + (columns + 0.5) * self.cell_m)

    def northings_m(self) -> NDArray[np.float64]:
        """Return the northing of the middle of every row [m], falling, shape (rows,)."""
        rows = np.arange(self.elevations_m.shape[0])
        return np.asarray(self.north_m - (rows + 0.5) * self.cell_m)


def terrain_of(finished: Finished) -> Terrain | None:
    """Return the ground of a finished study.

    Parameters
    ----------
    finished : Finished
        A study that has left its elevations in its folder.

    Returns
    -------
    Terrain or None
        None where the study states no ground, or it was not left.
    """
    path = finished.left(ELEVATIONS)
    if finished.settings.terrain is None or path is None:
        return None
    return read_terrain(path)


def read_terrain(path: Path) -> Terrain:
    """Read elevations that a study left.

    Parameters
    ----------
    path : Path
        ``terrain_elevations.tif``: one band on square cells, north up, metres.

    Returns
    -------
    Terrain
        As written.
    """
    import rasterio

    with rasterio.open(path) as raster:
        heights = raster.read(1, masked=True).astype(np.float32).filled(np.nan)
        cell, _, west, _, _, north = tuple(raster.transform)[:6]
        said = raster.tags()
        code = raster.crs.to_epsg()
        crs = f"EPSG:{code}" if code else raster.crs.to_wkt()
    return Terrain(
        elevations_m=heights,
        west_m=west,
        north_m=north,
        cell_m=cell,
        crs=crs,
        vertical_datum=said.get("VERTICAL_DATUM", "not known"),
        contour_m=float(said["CONTOUR_M"]),
        source=said.get("SOURCE", ""),
    )


def thinned(terrain: Terrain, most_cells: int) -> Terrain:
    """Make cells larger until there are few enough.

    Parameters
    ----------
    terrain : Terrain
        The ground.
    most_cells : int
        Cells at most.

    Returns
    -------
    Terrain
        Means of n x n cells, those that are not known left out; what does not fill a cell at the
        south or east edge is dropped. The same object if it is small enough already.
    """
    rows, columns = terrain.elevations_m.shape
    n = max(1, math.ceil(math.sqrt(rows * columns / most_cells)))
    n = min(n, rows, columns)
    if n == 1:
        return terrain
    kept = terrain.elevations_m[: rows // n * n, : columns // n * n].astype(np.float64)
    parts = kept.reshape(rows // n, n, columns // n, n)
    known = np.isfinite(parts)
    counts = known.sum(axis=(1, 3))
    sums = np.where(known, parts, 0.0).sum(axis=(1, 3))
    means = np.divide(sums, counts, out=np.full(counts.shape, np.nan), where=counts > 0)
    return replace(terrain, elevations_m=means.astype(np.float32), cell_m=terrain.cell_m * n)
