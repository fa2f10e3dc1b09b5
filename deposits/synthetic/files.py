"""Which files does a SYNTHETIC study start from?

Every name starts ``synthetic_``, every row and feature says ``synthetic`` true.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from deposits.synthetic.campaign import SyntheticTables, drill
from deposits.synthetic.design import NAME, PREFIX, Campaign, DepositDesign
from deposits.synthetic.shape import ROCK_NAMES, Shape
from deposits.synthetic.truth import TrueDeposit, make_deposit
from deposits.synthetic.wireframe import horizon_bodies

#: Pixel of the terrain [m]; the ground is smooth.
PIXEL_M = 10.0
#: Reach of licence and terrain beyond the modelled volume: a pit spreads all around [m].
LICENCE_MARGIN_M, TERRAIN_MARGIN_M = 360.0, 500.0
#: Decimals of every column that is a number.
DECIMALS = {
    "easting": 2,
    "northing": 2,
    "elevation": 2,
    "depth_m": 1,
    "azimuth_deg": 1,
    "dip_deg": 1,
    "from_m": 1,
    "to_m": 1,
    "density_t_per_m3": 2,
}


def write_demo(
    folder: str | Path, design: DepositDesign, campaign: Campaign | None = None
) -> tuple[Path, ...]:
    """Write the tables and layers of a SYNTHETIC study.

    Parameters
    ----------
    folder : str or Path
        Made if it is not there; files of the same names are replaced.
    design : DepositDesign
        The deposit.
    campaign : Campaign, optional
        The default campaign if absent.

    Returns
    -------
    tuple of Path
        synthetic_collars.csv, synthetic_surveys.csv, synthetic_assays.csv,
        synthetic_lithology.csv, synthetic_horizon.obj, synthetic_licence.geojson,
        synthetic_deposits.geojson, synthetic_topography.tif, synthetic_README.md. Equal designs
        give equal bytes, but for the GeoTIFF, whose header is GDAL's.
    """
    deposit = make_deposit(design)
    tables = drill(deposit, campaign or Campaign())
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    texts = table_texts(tables)
    texts["horizon.obj"] = _mesh_text(deposit.shape)
    texts["licence.geojson"], texts["deposits.geojson"] = _layer_texts(deposit.shape)
    texts["README.md"] = _readme(deposit, tables)
    written = [place / (PREFIX + name) for name in texts]
    for path, text in zip(written, texts.values(), strict=True):
        path.write_text(text, "utf-8", newline="\n")
    terrain = place / (PREFIX + "topography.tif")
    _write_terrain(deposit.shape, terrain)
    return (*written, terrain)


def table_texts(tables: SyntheticTables) -> dict[str, str]:
    """Return the CSV texts of a SYNTHETIC campaign by file name without its prefix."""
    named = {
        "collars.csv": tables.collars,
        "surveys.csv": tables.surveys,
        "assays.csv": tables.assays,
        "lithology.csv": tables.lithology,
    }
    return {name: _csv(table) for name, table in named.items()}


def _csv(table: pd.DataFrame) -> str:
    """Print a table with the same digits everywhere."""
    printed = table.copy()
    for name in printed.columns.intersection(list(DECIMALS)):
        printed[name] = [f"{value:.{DECIMALS[name]}f}" for value in printed[name]]
    printed["synthetic"] = "true"
    text: str = printed.to_csv(index=False, lineterminator="\n")
    return text


def _mesh_text(shape: Shape) -> str:
    """Print the horizon's wireframe as OBJ."""
    lines = [f"# {NAME}: wireframe of the breccia horizon, {shape.design.crs}, metres"]
    first = 1
    for number, body in enumerate(horizon_bodies(shape), start=1):
        lines.append(f"o {PREFIX}horizon_{number}")
        lines += [f"v {x:.2f} {y:.2f} {z:.2f}" for x, y, z in body.vertices]
        lines += [f"f {a} {b} {c}" for a, b, c in body.triangles + first]
        first += len(body.vertices)
    return "\n".join(lines) + "\n"


def _layer_texts(shape: Shape) -> tuple[str, str]:
    """Print the licence and the deposit's point as GeoJSON, in longitude and latitude."""
    from pyproj import Transformer

    design = shape.design
    low = -LICENCE_MARGIN_M
    far, wide = design.strike_length_m - low, design.width_m - low
    local = [[low, low, 0], [wide, low, 0], [wide, far, 0], [low, far, 0], [low, low, 0]]
    local.append([0.45 * design.width_m, 0.52 * design.strike_length_m, 0])
    move = Transformer.from_crs(design.crs, "EPSG:4326", always_xy=True)
    world = shape.to_world(local)
    lon, lat = move.transform(world[:, 0], world[:, 1])
    points = [[round(float(x), 7), round(float(y), 7)] for x, y in zip(lon, lat, strict=True)]
    about = {"name": NAME, "field": "demo", "synthetic": True}
    note = "SYNTHETIC: made by a computer at a fictitious place; nothing is there."
    return (
        _geojson(
            {"type": "Polygon", "coordinates": [points[:-1]]},
            {"id": "synthetic_licence", **about, "name": NAME + " licence", "note": note},
        ),
        _geojson(
            {"type": "Point", "coordinates": points[-1]},
            {"id": "synthetic_demo", **about, "kind": "deposit", "commodity": "Sb", "note": note},
        ),
    )


def _geojson(geometry: dict[str, Any], properties: dict[str, Any]) -> str:
    """Print one feature as a collection."""
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    collection = {"type": "FeatureCollection", "features": [feature]}
    return json.dumps(collection, indent=1) + "\n"


def _write_terrain(shape: Shape, path: Path) -> None:
    """Write the ground as a north-up GeoTIFF, rounded to centimetres."""
    import rasterio
    from rasterio.transform import from_origin

    design = shape.design
    low, far = -TERRAIN_MARGIN_M, design.strike_length_m + TERRAIN_MARGIN_M
    wide = design.width_m + TERRAIN_MARGIN_M
    corners = shape.to_world([[low, low, 0], [wide, low, 0], [wide, far, 0], [low, far, 0]])
    west, south = np.floor(corners[:, :2].min(axis=0) / PIXEL_M) * PIXEL_M
    east, north = np.ceil(corners[:, :2].max(axis=0) / PIXEL_M) * PIXEL_M
    x = np.arange(west + PIXEL_M / 2, east, PIXEL_M)
    y = np.arange(north - PIXEL_M / 2, south, -PIXEL_M)
    grid = np.stack([*np.meshgrid(x, y), np.zeros((len(y), len(x)))], axis=-1)
    local = shape.to_local(grid.reshape(-1, 3))
    ground = np.round(shape.ground_m(local[:, 0], local[:, 1]), 2).reshape(len(y), len(x))
    profile = {
        "driver": "GTiff",
        "width": len(x),
        "height": len(y),
        "count": 1,
        "dtype": "float32",
        "crs": design.crs,
        "transform": from_origin(west, north, PIXEL_M, PIXEL_M),
        "compress": "deflate",
        "predictor": 3,
    }
    with rasterio.open(path, "w", **profile) as raster:
        raster.write(ground.astype(np.float32), 1)
        raster.set_band_description(1, PREFIX + "elevation_m")
        raster.update_tags(SYNTHETIC="true", TIFFTAG_IMAGEDESCRIPTION=f"{NAME}: ground, m")


def _readme(deposit: TrueDeposit, tables: SyntheticTables) -> str:
    """Say what the folder holds and what is true of the deposit."""
    design = deposit.design
    lines = [
        f"# {NAME}",
        "",
        "Everything in this folder is SYNTHETIC: made by `deposits.synthetic.write_demo`, at a",
        "fictitious place near 0 N 0 E in the Gulf of Guinea. No deposit is there, and no figure",
        "here says anything about a real one. Only the type is the published one.",
        "",
        f"Seed {design.seed}, {design.crs}. {len(tables.collars)} holes, "
        f"{tables.collars['depth_m'].sum():,.0f} m, {len(tables.assays):,} samples.",
        "",
        "| rock | meaning |",
        "|---|---|",
        *(f"| {code} | {meaning} |" for code, meaning in ROCK_NAMES.items()),
        "",
        "## What is true of it",
        "",
        "By tonnes; at points by volume. Cells are the support of the true field.",
        "",
        "| fact | value |",
        "|---|---|",
        *(f"| {fact.label} | {fact} |" for fact in deposit.facts()),
    ]
    return "\n".join(lines) + "\n"
