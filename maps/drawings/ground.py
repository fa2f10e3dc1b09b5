"""Is the user's raster fit to be the ground of this study, and what is it in the project's CRS?"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from deposits.errors import Problem
from deposits.gis.rasters import read_raster_info
from maps.config import MapSettings, TerrainSettings
from maps.drawings.terrain import Terrain

if TYPE_CHECKING:
    from deposits.study import StudyFile

Box = tuple[float, float, float, float]

#: Elevations that ground has [m]: below the shore of the Dead Sea to above Everest. What lies
#: outside is a missing value that the file does not declare, or another unit.
LOWEST_M, HIGHEST_M = -500.0, 9_000.0
#: Cells of the ground at most; a larger raster is read in larger cells.
MOST_CELLS = 4_000_000
#: Pixels along an edge that are looked at when a raster is checked.
LOOKED_AT = 600
METRES = ("", "m", "metre", "metres", "meter", "meters")
#: Intervals of contours that people expect [m], and how many lines there should be at most.
INTERVALS_M, MOST_LEVELS = (1, 2, 5, 10, 20, 50, 100, 200), 25


def terrain_files(settings: MapSettings, folder: Path) -> list[Path]:
    """Return the files of the ground, for the list of a study's inputs.

    Parameters
    ----------
    settings : MapSettings
        The study's ``[map]`` table.
    folder : Path
        Folder of the study file.

    Returns
    -------
    list of Path
        One file, or none where no ground is stated.
    """
    return [] if settings.terrain is None else [folder / settings.terrain.path]


def check_terrain(settings: MapSettings | None, study: StudyFile) -> list[Problem]:
    """Look at the raster of the ground before any work is done.

    Parameters
    ----------
    settings : MapSettings, optional
        The study's ``[map]`` table; None where it is wrong itself.
    study : StudyFile
        For its folder and extent.

    Returns
    -------
    list of Problem
        Everything that is wrong at once: no such file, no raster, no CRS, a picture, another unit
        than metres, elevations that no ground has, no overlap with the extent.
    """
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning, RasterioIOError

    if settings is None or settings.terrain is None:
        return []
    place = f"{study.path.name}, key map.terrain"
    path = study.folder / settings.terrain.path
    # Whether it is a raster with a place is asked as of every raster; its nodata value further on.
    told = [p for p in read_raster_info(path).problems if p.severity == "error"]
    problems = [
        Problem(p.fact, f"{place}.path", p.found or settings.terrain.path, p.allowed, p.remedy)
        for p in told
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        try:
            with rasterio.open(path) as raster:
                problems += _of_system(raster, place, _extent(study))
                problems += _of_values(raster, place)
        except RasterioIOError:
            return problems
    return problems


def _extent(study: StudyFile) -> Box | None:
    """Return the study's extent [degrees], None where it is wrong itself."""
    given = study.tree.get("study", {})
    box = given.get("extent") if isinstance(given, dict) else None
    sides = ("west", "south", "east", "north")
    try:
        west, south, east, north = (float(box[side]) for side in sides)  # type: ignore[index]
    except (TypeError, KeyError, ValueError):
        return None
    return west, south, east, north


def _of_system(raster: Any, place: str, extent: Box | None) -> list[Problem]:
    """Find what is wrong with where a raster lies, and in which units."""
    from pyproj import CRS

    if raster.crs is None:
        return []
    crs = CRS.from_user_input(raster.crs)
    problems = []
    upward = [a.unit_name for a in crs.axis_info if a.direction == "up"]
    units = [u for u in ((raster.units[0] or "").strip(), *upward) if u.lower() not in METRES]
    if units:
        remedy = "Convert it to metres, e.g. with the raster calculator of QGIS."
        fact = "elevations are not in metres"
        problems.append(Problem(fact, f"{place}.path", ", ".join(units), "metres", remedy))
    covered = _in_degrees(raster)
    if covered is None or extent is None:
        return problems
    apart = covered[0] >= extent[2] or covered[2] <= extent[0]
    if apart or covered[1] >= extent[3] or covered[3] <= extent[1]:
        fact = "the raster does not reach the study's extent"
        remedy = "Give a raster of this district, or mend its CRS or study.extent."
        found, allowed = (f"{_told(b)} degrees" for b in (covered, extent))
        problems.append(Problem(fact, f"{place}.path", found, f"a part of {allowed}", remedy))
    return problems


def _in_degrees(raster: Any) -> Box | None:
    """Return the box of a raster in longitude and latitude, None where it has none there."""
    from rasterio.errors import CRSError
    from rasterio.warp import transform_bounds

    try:
        west, south, east, north = transform_bounds(raster.crs, 4326, *raster.bounds)
    except CRSError:
        return None
    return west, south, east, north


def _of_values(raster: Any, place: str) -> list[Problem]:
    """Find what is wrong with the elevations themselves, looking at every n-th pixel."""
    if raster.count >= 3 and raster.dtypes[0] == "uint8":
        fact, remedy = "the raster is a picture, not elevations", "Give one band of elevations."
        return [Problem(fact, f"{place}.path", f"{raster.count} bands of bytes", remedy=remedy)]
    shape = min(LOOKED_AT, raster.height), min(LOOKED_AT, raster.width)
    read = raster.read(1, out_shape=shape, masked=True).astype(np.float64).filled(np.nan)
    seen = (read * raster.scales[0] + raster.offsets[0])[np.isfinite(read)]
    if not seen.size:
        remedy = "Give a raster that holds elevations."
        return [Problem("the raster holds no elevation at all", f"{place}.path", remedy=remedy)]
    problems = []
    low, high = float(seen.min()), float(seen.max())
    if low < LOWEST_M or high > HIGHEST_M:
        fact = "there are elevations that no ground has"
        remedy = "Declare the nodata value of the file (gdal_edit -a_nodata), or mend its unit."
        allowed = f"{LOWEST_M:,.0f} to {HIGHEST_M:,.0f} m"
        found = f"{low:,.6g} to {high:,.6g} m"
        problems.append(Problem(fact, f"{place}.path", found, allowed, remedy))
    share = float((seen == 0.0).mean())
    if raster.nodata is None and high > 50 and 0.01 < share < 1:
        fact = f"{share:.0%} of the ground lie at exactly 0 m, and no nodata value is declared"
        remedy = "If they are missing values, declare it: gdal_edit -a_nodata 0."
        problems.append(Problem(fact, f"{place}.path", remedy=remedy, severity="warning"))
    return problems


def _told(box: Any) -> str:
    return ", ".join(f"{side:.6g}" for side in box)


def read_ground(settings: TerrainSettings, folder: Path, crs: str, extent: Box) -> Terrain | None:
    """Read a raster of elevations within the study's extent, in the project CRS.

    Parameters
    ----------
    settings : TerrainSettings
        The table ``[map.terrain]``.
    folder : Path
        Folder of the study file.
    crs : str
        Project CRS, in metres.
    extent : tuple of float
        West, south, east, north of the study [degrees, WGS 84].

    Returns
    -------
    Terrain or None
        Square cells, of the size of the raster's pixels or larger. A north-up raster in the
        project CRS with square pixels keeps its very cells. None where no elevation lies in the
        extent.
    """
    import rasterio
    from rasterio.vrt import WarpedVRT

    with rasterio.open(folder / settings.path) as raster:
        frame = _frame(raster, crs, extent)
        if frame is None:
            return None
        transform, width, height, method = frame
        with WarpedVRT(
            raster,
            crs=crs,
            transform=transform,
            width=width,
            height=height,
            resampling=method,
            dtype="float32",
            nodata=float("nan"),
            tolerance=0.01,
        ) as warped:
            read: NDArray[np.float32] = warped.read(1, masked=True).filled(np.nan)
        # Stated in the file: elevation = scale x pixel + offset.
        heights = read * raster.scales[0] + raster.offsets[0] + settings.offset_m
    if not np.isfinite(heights).any():
        return None
    return Terrain(
        elevations_m=heights.astype(np.float32),
        west_m=transform.c,
        north_m=transform.f,
        cell_m=transform.a,
        crs=crs,
        vertical_datum=settings.vertical_datum,
        contour_m=settings.contour_m or _interval_m(heights),
        source=settings.source,
    )


def _frame(raster: Any, crs: str, extent: Box) -> tuple[Any, int, int, Any] | None:
    """Return transform, width, height and resampling of the ground; None without an overlap."""
    from pyproj import CRS
    from rasterio.enums import Resampling
    from rasterio.transform import from_origin
    from rasterio.warp import calculate_default_transform, transform_bounds

    own = tuple(raster.transform)[:6]
    kept = CRS.from_user_input(raster.crs) == CRS.from_user_input(crs)
    kept = kept and own[1] == own[3] == 0.0 and own[0] == -own[4]
    if kept:
        cell, west, north = own[0], own[2], own[5]
        sides = raster.bounds
    else:
        size = raster.crs, crs, raster.width, raster.height, *raster.bounds
        cell, west, north = (tuple(calculate_default_transform(*size)[0])[i] for i in (0, 2, 5))
        sides = transform_bounds(raster.crs, crs, *raster.bounds)
    inside = transform_bounds(4326, crs, *extent)
    low = [max(a, b) for a, b in zip(sides[:2], inside[:2], strict=True)]
    high = [min(a, b) for a, b in zip(sides[2:], inside[2:], strict=True)]
    if low[0] >= high[0] or low[1] >= high[1]:
        return None
    # Whole cells counted from the raster's own corner, so that none is resampled without need.
    first, top = int(np.floor((low[0] - west) / cell)), int(np.floor((north - high[1]) / cell))
    columns = max(1, round((high[0] - west) / cell - first))
    rows = max(1, round((north - low[1]) / cell - top))
    n = int(np.ceil(np.sqrt(rows * columns / MOST_CELLS)))
    corner = west + first * cell, north - top * cell
    method = Resampling.average if n > 1 else Resampling.bilinear
    shape = max(1, columns // n), max(1, rows // n)
    return from_origin(*corner, cell * n, cell * n), *shape, method


def _interval_m(heights: NDArray[Any]) -> float:
    """Choose a round interval of contours that draws few enough of them."""
    relief = float(np.nanmax(heights) - np.nanmin(heights))
    fits = (step for step in INTERVALS_M if relief / step <= MOST_LEVELS)
    return float(next(fits, INTERVALS_M[-1]))
