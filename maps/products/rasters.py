"""How do the ground and the benches of a block model become rasters that a GIS opens in place?

All are GeoTIFFs with their own overviews (COG). Benches are bands, the lowest first, each named by
its elevations. A rotated model keeps its very blocks: the file's transform is rotated, nothing is
resampled. QGIS turns such a file by its nearest pixels when it draws, which would take a block for
its neighbour; so a block of a rotated model is several pixels wide. Equal results give equal bytes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from maps import palettes
from maps.drawings import bench_reading as reading
from maps.drawings.grades import breaks_of, label_of, main_element, unit_of
from maps.drawings.relief import hillshade
from maps.drawings.terrain import ELEVATIONS, Terrain, terrain_of
from maps.finished import Finished, put, write_text
from maps.languages import Translate
from maps.products.qml import signed
from maps.products.raster_qml import Coloured, qml_of_benches
from maps.style import class_words

#: The shaded ground, and the folder of the benches.
SHADE, FOLDER = "terrain.tif", "rasters"
#: What stands where there is no value; codes count from 1.
NODATA, NO_CODE = -9999.0, 0
#: Cells of a field at most; a larger model is written in cells of 2 x 2, 3 x 3, ... blocks.
MOST_CELLS = 10_000_000
#: Pixels along the edge of a block of a rotated model, finest first, and pixels of a field at most.
FINE, MOST_PIXELS = (4, 3, 2), 40_000_000
#: Codes that are written too, and the most words of one.
CODES, MOST_WORDS = ("class", "domain"), 200


def write_elevations(terrain: Terrain, path: Path, disclaimer: str = "") -> None:
    """Write the elevations of the ground, as `maps.drawings.terrain.read_terrain` reads them.

    Parameters
    ----------
    terrain : Terrain
        The ground.
    path : Path
        File to write.
    disclaimer : str
        Sentence that goes with it.
    """
    told = {"UNIT": "m", "CONTOUR_M": f"{terrain.contour_m:g}"}
    heights = np.where(np.isfinite(terrain.elevations_m), terrain.elevations_m, NODATA)
    bands = {"elevation, m": heights.astype(np.float32)}
    shape = terrain.transform, terrain.crs
    _write(path, bands, shape, {**_of_ground(terrain), **told, "DISCLAIMER": disclaimer}, NODATA)


def write_terrain(finished: Finished) -> list[str]:
    """Write the shaded ground.

    Parameters
    ----------
    finished : Finished
        A finished study.

    Returns
    -------
    list of str
        Names of the files, relative to ``finished.out``: the shade, and the elevations that the
        study left; none without a ground.
    """
    terrain, kept = terrain_of(finished), finished.left(ELEVATIONS)
    if terrain is None or kept is None:
        return []
    name = finished.named(SHADE)
    told = {**_of_ground(terrain), "DISCLAIMER": finished.provenance}
    shape = terrain.transform, terrain.crs
    shade = {finished.translate("Shaded ground"): hillshade(terrain)}
    put(finished.out / name, lambda path: _write(path, shade, shape, told, 0))
    return [name, *([kept.name] if finished.out == finished.folder else [])]


def _of_ground(terrain: Terrain) -> dict[str, str]:
    return {"VERTICAL_DATUM": terrain.vertical_datum, "SOURCE": terrain.source}


def write_benches(finished: Finished) -> list[str]:
    """Write the block model, a raster a field and a band a bench, with a QGIS style beside each.

    Parameters
    ----------
    finished : Finished
        A finished study.

    Returns
    -------
    list of str
        Names of the files, relative to ``finished.out``; none without a block model.
    """
    blocks = finished.blocks
    lattice = None if blocks is None else reading.lattice_of(blocks, MOST_CELLS)
    if lattice is None:
        return []
    opens_on, names = _opens_on(lattice, finished.summary), []
    for field in _fields(finished.summary, lattice):
        path = finished.out / FOLDER / finished.named(f"blocks_{field}.tif")
        if field in CODES:
            words = reading.words_in(lattice, field)
            if not words or len(words) > MOST_WORDS:
                continue
            found = reading.largest_shares(lattice, field, words) + 1
            values: NDArray[Any] = found.astype(np.uint8)
            nodata: float = NO_CODE
        else:
            words, nodata = [], NODATA
            means = reading.means(lattice, field)
            values = np.where(np.isfinite(means), means, NODATA).astype(np.float32)
        told = {**_about(finished, lattice, field), **_codes(words)}
        bands = dict(_bands(lattice, lattice.shaped(values), finished.translate))
        shape = _placed(finished.summary, lattice)
        put(path, partial(_write, bands=bands, shape=shape, told=told, nodata=nodata))
        classes = _classes(finished.summary, field, words, finished.translate)
        style = signed(qml_of_benches(classes, opens_on + 1), finished.provenance)
        write_text(style, path.with_suffix(".qml"))
        names += [f"{FOLDER}/{path.with_suffix(end).name}" for end in (".tif", ".qml")]
    return names


def _fields(summary: Mapping[str, Any], lattice: reading.Lattice) -> list[str]:
    elements = [str(e.get("name")) for e in (summary.get("drilling") or {}).get("elements") or []]
    wanted = dict.fromkeys([main_element(summary), *elements, *CODES])
    return [name for name in wanted if name in lattice.columns]


def _opens_on(lattice: reading.Lattice, summary: Mapping[str, Any]) -> int:
    """Choose the bench with most ore above the base cut-off, else the one with most blocks."""
    field, base = main_element(summary), (summary.get("tonnage") or {}).get("base_cutoff")
    if base is not None and field in lattice.columns:
        ore = reading.ore_by_bench(lattice, field, float(base))
        if ore.max() > 0:
            return int(ore.argmax())
    counts = lattice.shaped(reading.occupied(lattice)).astype(np.int64).sum(axis=(1, 2))
    return int(counts.argmax())


def _about(finished: Finished, lattice: reading.Lattice, field: str) -> dict[str, str]:
    say, n = finished.translate, lattice.blocks
    label, unit = (of(finished.summary, field) for of in (label_of, unit_of))
    cell = "one block" if n == 1 else f"mean of {n} x {n} blocks"
    pixels = _pixels_per_cell(lattice)
    return {
        "FIELD": say(label),
        "UNIT": say(unit),
        "CELL": say(f"{cell}, {pixels} x {pixels} pixels" if pixels > 1 else cell),
        "BANDS": say("benches, the lowest first"),
        "DISCLAIMER": finished.provenance,
    }


def _codes(words: Sequence[str]) -> dict[str, str]:
    """Say what codes mean, as the file's own metadata: CODE_1=Measured."""
    return {f"CODE_{number}": word for number, word in enumerate(words, start=1)}


def _bands(
    lattice: reading.Lattice, shaped: NDArray[Any], say: Translate
) -> Iterator[tuple[str, NDArray[np.float32 | np.uint8]]]:
    """Yield the name of every bench and its values, the northernmost row of the grid first."""
    n = _pixels_per_cell(lattice)
    for (low, high), values in zip(lattice.elevations_m(), shaped, strict=True):
        pixels = values[::-1].repeat(n, axis=0).repeat(n, axis=1)
        yield say(f"{low:g} to {high:g} m"), pixels


def _pixels_per_cell(lattice: reading.Lattice) -> int:
    """Return the number of pixels along the edge of a cell."""
    if lattice.grid.azimuth_deg % 360 == 0:
        return 1
    return next((n for n in FINE if n * n * lattice.n_cells <= MOST_PIXELS), 1)


def _placed(
    summary: Mapping[str, Any], lattice: reading.Lattice
) -> tuple[tuple[float, ...], str | None]:
    """Return the affine transform from column and row, and the CRS, None where it is not known."""
    from deposits.blockmodel import read_about

    nx, ny, _ = lattice.shape
    south_west, south_east, north_west = lattice.corners_m()
    n = _pixels_per_cell(lattice)
    along = (south_east - south_west) / (nx * n)
    down = (south_west - north_west) / (ny * n)
    transform = along[0], down[0], north_west[0], along[1], down[1], north_west[1]
    crs = read_about(lattice.path)[1].crs or (summary.get("study") or {}).get("crs")
    return tuple(float(x) for x in transform), crs


def _classes(
    summary: Mapping[str, Any], field: str, words: Sequence[str], say: Translate
) -> list[Coloured]:
    """Return the colours of a field, from low to high, as map and legend have them."""
    if words:
        fills = palettes.NAMED
        return [
            Coloured(label=say(word), colour=fills[min(i, len(fills) - 1)], code=i + 1)
            for i, word in enumerate(words)
        ]
    breaks = breaks_of(summary, field) or ()
    titles = class_words(breaks, unit_of(summary, field))
    tops = (*breaks, math.inf)
    return [
        Coloured(label=say(title), colour=fill, below=top)
        for title, fill, top in zip(titles, palettes.sequence(len(titles)), tops, strict=True)
    ]


def _write(
    path: Path,
    bands: Mapping[str, NDArray[Any]],
    shape: tuple[tuple[float, ...], str | None],
    told: Mapping[str, str],
    nodata: float,
) -> None:
    """Write bands of one shape as a cloud-optimised GeoTIFF."""
    import rasterio
    from rasterio.transform import Affine

    transform, crs = shape
    first = next(iter(bands.values()))
    height, width = first.shape
    size = {"width": width, "height": height, "count": len(bands), "dtype": first.dtype.name}
    codes = first.dtype == np.uint8 and len(bands) > 1
    options = {"compress": "deflate", "predictor": "no" if codes else "yes", "level": 6}
    # Tiles hold all bands: wide ones would be mostly padding, and slow to write and to read.
    options |= {"blocksize": 128 if len(bands) > 1 else 512}
    options |= {"overview_resampling": "nearest" if codes else "average", "num_threads": 1}
    placed = {"crs": crs, "transform": Affine(*transform), "nodata": nodata}
    with rasterio.open(path, "w", driver="COG", **size, **placed, **options) as raster:
        raster.update_tags(**{key: value for key, value in told.items() if value})
        for number, (name, values) in enumerate(bands.items(), start=1):
            raster.write(values, number)
            raster.set_band_description(number, name)
