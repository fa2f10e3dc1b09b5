"""What does this raster cover, in which system, and what does it hold at given points?"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from deposits.display import Fact
from deposits.errors import Checked, DataError, MissingCRS, Problem
from deposits.gis.georeference import crs_label, extent_around, find_operation, parse_crs
from deposits.tables import did_you_mean

#: Elevations [m] at positions (easting, northing), shape (n, 2).
Surface = Callable[[NDArray[np.float64]], NDArray[np.float64]]

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


@dataclass(frozen=True, slots=True)
class RasterInfo:
    """What a raster says of itself.

    Parameters
    ----------
    path : Path
        The file.
    crs : str
        Its coordinate system, by code and name.
    width, height, bands : int
        Columns, rows and bands [count].
    bounds : tuple of float
        West, south, east, north in its own system.
    pixel : tuple of float
        Size of a pixel along columns and rows, in the units of its system.
    nodata : float or None
        Value that means "nothing here"; None if none is declared.
    """

    path: Path
    crs: str
    width: int
    height: int
    bands: int
    bounds: tuple[float, float, float, float]
    pixel: tuple[float, float]
    nodata: float | None

    def facts(self) -> list[Fact]:
        """List what a reader wants to know first."""
        west, south, east, north = self.bounds
        return [
            Fact("raster", self.path.name),
            Fact("found in", self.crs),
            Fact("columns, rows, bands", f"{self.width}, {self.height}, {self.bands}"),
            Fact("bounds", f"{west:.6g}, {south:.6g}, {east:.6g}, {north:.6g}"),
            Fact("pixel", f"{self.pixel[0]:.6g} x {self.pixel[1]:.6g}"),
            Fact("nodata", "not declared" if self.nodata is None else f"{self.nodata:g}"),
        ]


def read_raster_info(path: Path | str) -> Checked[RasterInfo]:
    """Read what a raster says of itself, without its pixels.

    Parameters
    ----------
    path : Path or str
        Any raster that GDAL reads.

    Returns
    -------
    Checked of RasterInfo
        A raster without a CRS is an error; one without a nodata value a warning.
    """
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning, RasterioIOError

    file = Path(path)
    if not file.exists():
        there = [other.name for other in file.parent.glob("*")] if file.parent.is_dir() else []
        remedy = did_you_mean(file.name, there) or "Check the path; it is relative to the study."
        return Checked(None, (Problem("the file does not exist", str(file), remedy=remedy),))
    try:
        with warnings.catch_warnings():
            # What lacks a place is told below, as a problem.
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(file) as raster:
                wkt = raster.crs.to_wkt() if raster.crs else None
                shape = (raster.width, raster.height, raster.count)
                bounds, pixel, nodata = tuple(raster.bounds), tuple(raster.res), raster.nodata
    except RasterioIOError:
        remedy = "Export it as GeoTIFF."
        fact = "the file is damaged, or in a format that GDAL does not read"
        return Checked(None, (Problem(fact, file.name, remedy=remedy),))
    if wkt is None:
        remedy = "Assign its CRS in QGIS or with gdal_edit; a picture without one has no place."
        fact = "the raster does not say which coordinate system (CRS) it is in"
        return Checked(None, (Problem(fact, file.name, f"bounds {bounds}", remedy=remedy),))
    crs = parse_crs(wkt, file.name)
    if crs.value is None:
        return Checked(None, crs.problems)
    problems = []
    if nodata is None:
        fact = "no nodata value is declared; every pixel counts as measured"
        problems.append(Problem(fact, file.name, severity="warning"))
    info = RasterInfo(file, crs_label(crs.value), *shape, bounds, pixel, nodata)
    return Checked(info, tuple(problems))


def sample_raster(path: Path | str, points: GeoDataFrame, band: int = 1) -> NDArray[np.float64]:
    """Read the pixel under each point.

    Parameters
    ----------
    path : Path or str
        A raster with a CRS.
    points : geopandas.GeoDataFrame
        n points with a CRS, which may differ from the raster's.
    band : int
        Band, counted from 1.

    Returns
    -------
    ndarray of float, shape (n,)
        Value of the pixel that holds the point; NaN outside the raster, at nodata, and for a
        feature that is no point. No interpolation.

    Raises
    ------
    MissingCRS
        If points or raster do not say which system they are in.
    DataError
        If the raster cannot be read or has no such band.
    """
    import rasterio

    info = read_raster_info(path).or_raise()
    if points.crs is None:
        raise MissingCRS([Problem("the points have no CRS", remedy="Set it before sampling.")])
    if not 1 <= band <= info.bands:
        problem = Problem("no such band", info.path.name, str(band), f"1 to {info.bands}")
        raise DataError([problem])
    values = np.full(len(points), np.nan)
    is_point = (points.geometry.geom_type == "Point").to_numpy() & ~points.is_empty.to_numpy()
    if not is_point.any():
        return values
    spots = points.geometry[is_point]
    xy = np.column_stack([spots.x, spots.y])
    with rasterio.open(info.path) as raster:
        to_raster = find_operation(points.crs, raster.crs.to_wkt(), extent_around(xy, points.crs))
        there = to_raster(xy)
        # Written out, because affine is changing the operator that applies a transform.
        a, b, c, d, e, f = tuple(~raster.transform)[:6]
        column = a * there[:, 0] + b * there[:, 1] + c
        row = d * there[:, 0] + e * there[:, 1] + f
        on_raster = (column >= 0) & (column < info.width) & (row >= 0) & (row < info.height)
        rows, columns = (np.floor(index[on_raster]).astype(int) for index in (row, column))
        values[np.flatnonzero(is_point)[on_raster]] = _pixels(raster, band, rows, columns)
    return values


def _pixels(
    raster: Any, band: int, rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Read pixels, shape (n,), through the smallest window that holds them; NaN at nodata."""
    from rasterio.windows import Window

    if not rows.size:
        return np.empty(0)
    top, left = int(rows.min()), int(columns.min())
    window = Window(left, top, int(columns.max()) - left + 1, int(rows.max()) - top + 1)
    read = raster.read(band, window=window, masked=True).astype(float).filled(np.nan)
    return np.asarray(read[rows - top, columns - left])


def read_surface(
    path: Path | str, crs: str
) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """Read a raster as a surface between whose pixel centres elevations run bilinearly.

    Parameters
    ----------
    path : Path or str
        Elevations [m] with a CRS, unrotated; band 1.
    crs : str
        CRS of the positions that will be asked.

    Returns
    -------
    callable
        Takes positions (easting, northing), shape (n, 2), and returns elevations [m], shape (n,);
        NaN outside the raster and next to nodata. Within the outer half pixel the nearest centre
        counts.

    Raises
    ------
    MissingCRS
        If the raster does not say which system it is in.
    """
    import rasterio
    from pyproj import CRS, Transformer
    from scipy.ndimage import map_coordinates

    with rasterio.open(path) as raster:
        if raster.crs is None:
            raise MissingCRS([Problem("the raster has no CRS", Path(path).name)])
        heights = raster.read(1, masked=True).astype(np.float64).filled(np.nan)
        to_pixel, own = ~raster.transform, CRS.from_user_input(raster.crs)
    asked = CRS.from_user_input(crs)
    move = None if own == asked else Transformer.from_crs(asked, own, always_xy=True)

    def elevation_at(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = xy[:, 0], xy[:, 1]
        if move is not None:
            x, y = move.transform(x, y)
        column, row = to_pixel * (np.asarray(x), np.asarray(y))
        rows, columns = heights.shape
        inside = (column >= 0) & (column <= columns) & (row >= 0) & (row <= rows)
        places = np.array([np.clip(row - 0.5, 0, rows - 1), np.clip(column - 0.5, 0, columns - 1)])
        found = map_coordinates(heights, places, order=1, mode="nearest")
        return np.where(inside, found, np.nan)

    return elevation_at
