"""How is the ground shaded and contoured, in metres of the project's own system?

Hillshade after Horn [1]_ with the light in the north-west, 45 degrees high, as atlases have it.
It is worked out in metres and warped as a picture, never worked out on degrees.

References
----------
.. [1] Horn, B. K. P. (1981), "Hill shading and the reflectance map", Proc. IEEE 69 (1).
"""

from __future__ import annotations

import base64
import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from maps.drawings.pictures import Picture
from maps.drawings.terrain import Terrain, terrain_of, thinned
from maps.finished import Finished
from maps.languages import Translate

if TYPE_CHECKING:
    import geopandas as gpd

#: Direction the light comes from, clockwise from north, and its height [degrees].
AZIMUTH_DEG, ALTITUDE_DEG = 315.0, 45.0
#: Cells of the picture on the map page, and vertices of all contours, at most.
PICTURE_CELLS, MOST_VERTICES = 700_000, 60_000
#: Cells that are contoured, at most.
CONTOURED_CELLS = 250_000
#: Every so manieth contour is drawn thick.
INDEX_EVERY = 5
#: A picture on the page is no darker than this, so that what lies over it can be read.
DARKEST = 70


def hillshade(terrain: Terrain) -> NDArray[np.uint8]:
    """Shade the ground.

    Parameters
    ----------
    terrain : Terrain
        The ground.

    Returns
    -------
    ndarray of uint8, shape (rows, columns)
        1 for no light to 255 for full light; 0 where the elevation is not known.
    """
    heights = terrain.elevations_m.astype(np.float64)
    east, north = _gradients(heights, terrain.cell_m)
    azimuth, altitude = math.radians(AZIMUTH_DEG), math.radians(ALTITUDE_DEG)
    light = math.cos(altitude) * (-east * math.sin(azimuth) - north * math.cos(azimuth))
    light = (light + math.sin(altitude)) / np.sqrt(1.0 + east**2 + north**2)
    shade = np.round(1.0 + 254.0 * np.clip(light, 0.0, 1.0))
    return np.where(np.isfinite(heights), np.nan_to_num(shade), 0.0).astype(np.uint8)


def _gradients(
    heights: NDArray[np.float64], cell_m: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the rise per metre eastwards and northwards, by Horn's weights on 3 x 3 cells.

    Beyond the edge the slope goes on as it was; an unknown neighbour counts as level.
    """
    wide = _continued(_continued(heights).T).T
    rows, columns = heights.shape

    def at(down: int, right: int) -> NDArray[np.float64]:
        part = wide[1 + down : 1 + down + rows, 1 + right : 1 + right + columns]
        return np.where(np.isfinite(part), part, heights)

    east = at(-1, 1) + 2 * at(0, 1) + at(1, 1) - at(-1, -1) - 2 * at(0, -1) - at(1, -1)
    south = at(1, -1) + 2 * at(1, 0) + at(1, 1) - at(-1, -1) - 2 * at(-1, 0) - at(-1, 1)
    return east / (8 * cell_m), -south / (8 * cell_m)


def _continued(heights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add a row above and below that goes on as the two before it."""
    if len(heights) < 2:
        return np.concatenate([heights[:1], heights, heights[-1:]])
    above, below = 2 * heights[:1] - heights[1:2], 2 * heights[-1:] - heights[-2:-1]
    return np.concatenate([above, heights, below])


def contours(terrain: Terrain) -> gpd.GeoDataFrame:
    """Draw lines of equal elevation.

    Parameters
    ----------
    terrain : Terrain
        The ground; its interval is kept, its cells are made larger where lines would be too many.

    Returns
    -------
    GeoDataFrame
        One row a level, from the lowest up, in the project CRS: ``name``,
        ``elevation_m``, ``kind`` ("index" for every fifth, else "contour"), ``geometry_meaning``,
        ``vertical_datum``, ``source`` and lines.
    """
    import geopandas as gpd
    import shapely

    cells = CONTOURED_CELLS
    while True:
        drawn = thinned(terrain, cells)
        found = _lines(drawn)
        count = sum(len(part) for parts in found.values() for part in parts)
        if count <= MOST_VERTICES or cells < 100:
            break
        cells = int(drawn.elevations_m.size * min(0.9, MOST_VERTICES / count))
    # A fiftieth of a cell is far below what the ground is known to.
    joined = [shapely.MultiLineString(list(_strings(parts))) for parts in found.values()]
    lines = [line.simplify(drawn.cell_m / 50) for line in joined]
    levels = list(found)
    kinds = ["contour" if round(z / terrain.contour_m) % INDEX_EVERY else "index" for z in levels]
    meaning = (
        f"lines of equal elevation every {terrain.contour_m:g} m, "
        f"counted from: {terrain.vertical_datum}"
    )
    told = {"name": [f"{z:g} m" for z in levels], "elevation_m": levels, "kind": kinds}
    table = gpd.GeoDataFrame(told, geometry=lines, crs=terrain.crs)
    return table.assign(
        geometry_meaning=meaning, vertical_datum=terrain.vertical_datum, source=terrain.source
    )


def _lines(terrain: Terrain) -> dict[float, list[NDArray[np.float64]]]:
    """Return the vertices of the lines of every level that has any, from the lowest up."""
    import contourpy

    heights = np.ma.masked_invalid(terrain.elevations_m.astype(np.float64))
    if min(heights.shape) < 2 or not heights.count():
        return {}
    step = terrain.contour_m
    maker = contourpy.contour_generator(terrain.eastings_m(), terrain.northings_m(), heights)
    first, last = (math.floor(float(z) / step) for z in (heights.min(), heights.max()))
    levels = (number * step for number in range(first + 1, last + 1))
    found = {z: [np.asarray(part) for part in maker.lines(z) if len(part) > 1] for z in levels}
    return {z: parts for z, parts in found.items() if parts}


def _strings(parts: list[NDArray[np.float64]]) -> NDArray[Any]:
    import shapely

    owner = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return np.asarray(shapely.linestrings(np.concatenate(parts), indices=owner))


def pictures_of(finished: Finished) -> tuple[Picture, ...]:
    """Return what lies under the map page: the shaded ground, where there is one.

    Parameters
    ----------
    finished : Finished
        A finished study.

    Returns
    -------
    tuple of Picture
        One or none.
    """
    terrain = terrain_of(finished)
    if terrain is None:
        return ()
    return (shaded(terrain, finished.translate, "SYNTHETIC " if finished.synthetic else ""),)


def shaded(terrain: Terrain, translate: Translate = str, mark: str = "") -> Picture:
    """Make the shaded ground a picture in Web Mercator.

    Parameters
    ----------
    terrain : Terrain
        The ground.
    translate : callable
        Writes labels in the study's language.
    mark : str
        What stands before the title of an invented ground.

    Returns
    -------
    Picture
        Grey with transparency where nothing is known; its note states the vertical datum.
    """
    grey, bounds = _in_mercator(thinned(terrain, PICTURE_CELLS))
    note = (
        f"{translate('Light from the north-west.')} "
        f"{translate('Elevations count from')}: {terrain.vertical_datum}. "
        f"{translate('Source')}: {terrain.source}."
    )
    return Picture(
        name="terrain",
        title=f"{mark}{translate('Shaded ground')}",
        note=note.replace("..", "."),
        uri=_png(grey),
        bounds=bounds,
        opacity=0.7,
    )


def _in_mercator(terrain: Terrain) -> tuple[NDArray[np.uint8], tuple[float, float, float, float]]:
    """Return the shade in Web Mercator, 0 for nothing, and its box [degrees]."""
    from rasterio.transform import Affine
    from rasterio.warp import Resampling, calculate_default_transform, reproject, transform_bounds

    shade, own = hillshade(terrain).astype(np.float32), Affine(*terrain.transform)
    rows, columns = shade.shape
    frame = calculate_default_transform(terrain.crs, 3857, columns, rows, *terrain.bounds_m)
    placed, width, height = frame
    made = np.zeros((height, width), dtype=np.float32)
    reproject(
        shade,
        made,
        src_transform=own,
        src_crs=terrain.crs,
        src_nodata=0.0,
        dst_transform=placed,
        dst_crs=3857,
        dst_nodata=0.0,
        resampling=Resampling.bilinear,
    )
    edges = placed.c, placed.f + placed.e * height, placed.c + placed.a * width, placed.f
    west, south, east, north = transform_bounds(3857, 4326, *edges)
    return np.round(made).astype(np.uint8), (west, south, east, north)


def _png(shade: NDArray[np.uint8]) -> str:
    """Write a shade as a grey PNG with transparency, as a data URI."""
    import warnings

    from rasterio.errors import NotGeoreferencedWarning
    from rasterio.io import MemoryFile

    grey = np.maximum(shade, DARKEST)
    # Steps of four grey tones cannot be seen under a map, and halve the page.
    bands = np.stack([grey // 4 * 4, np.where(shade > 0, 255, 0)]).astype(np.uint8)
    height, width = shade.shape
    with warnings.catch_warnings():
        # A picture on a page is placed by its box, not by a transform of its own.
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with MemoryFile() as memory:
            size = {"width": width, "height": height, "count": 2, "dtype": "uint8"}
            with memory.open(driver="PNG", zlevel=9, **size) as picture:
                picture.write(bands)
            written = bytes(memory.getbuffer())
    return f"data:image/png;base64,{base64.b64encode(written).decode('ascii')}"
