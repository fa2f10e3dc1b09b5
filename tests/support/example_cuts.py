"""A small mine with ground, pit and a plan of the pit, for what sections and years show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from support import example_drilling, example_mine, example_plan

from deposits.blockmodel import About, BlockWriter
from deposits.grid import Grid
from maps.drawings.terrain import Terrain

CRS = example_drilling.CRS
#: Blocks of the pit: turned as the model is, on a corner and a size of its own.
PIT = Grid((467_950.0, 4_335_970.0, 880.0), (12.0, 15.0, 8.0), (26, 19, 12), 30.0)
YEARS = 4


def ground(cell_m: float = 9.0) -> Terrain:
    """Hills around the example, of square cells."""
    rows, columns = 70, 80
    empty = Terrain(
        elevations_m=np.zeros((rows, columns), dtype=np.float32),
        west_m=467_800.0, north_m=4_336_450.0, cell_m=cell_m, crs=CRS,
        vertical_datum="an invented zero", contour_m=10.0, source="a test",
    )  # fmt: skip
    x, y = np.meshgrid(empty.eastings_m() - 468_100, empty.northings_m() - 4_336_100)
    heights = 985 + 14 * np.sin(x / 61) * np.cos(y / 83) + 0.05 * x - 0.03 * y
    from dataclasses import replace

    return replace(empty, elevations_m=heights.astype(np.float32))


def dug() -> pd.DataFrame:
    """Return ``block``, ``i``, ``j``, ``k`` and ``year`` (0: left) of the blocks of the pit."""
    nx, ny, nz = PIT.shape
    k, j, i = np.meshgrid(np.arange(nz), np.arange(ny), np.arange(nx), indexing="ij")
    floor = np.hypot((i - 12) / 11.0, (j - 9) / 8.5) * nz * 0.9 + (3 * i + 5 * j) % 3 - 1
    inside = (k >= floor) & (np.hypot((i - 12) / 11.0, (j - 9) / 8.5) < 1)
    place = [n[inside] for n in (i, j, k)]
    year = np.clip(YEARS - place[2] * YEARS // nz + (place[0] % 5 == 0), 1, YEARS)
    year[(place[2] == 0) | (place[0] == 12)] = 0
    block = PIT.index(*place)
    return pd.DataFrame({"block": block, **dict(zip("ijk", place, strict=True)), "year": year})


def plan() -> dict[str, Any]:
    """Return a plan of the pit: what `summary["plan"]` holds of its years."""
    told = example_plan.plan()
    rows = [
        {
            **told["years"][0], "year": year, "from_years": year - 1.0, "to_years": float(year),
            "from_date": None, "to_date": None, "ore_t": 1e5 * year, "waste_t": 2e6,
            "feed_t": 9e4 * year, "sb_pct": 2.5,
        }
        for year in range(1, YEARS + 1)
    ]  # fmt: skip
    return {**told, "of": "pit", "stopes": [], "activities": [], "years": rows}


def write(folder: Path, *, of: str = "stopes", language: str = "en") -> Path:
    """Write the finished study and its map page; return the page."""
    from maps.config import MapSettings, TerrainSettings
    from maps.drawings.benches import bench_grids
    from maps.drawings.cuts import under_sections
    from maps.drawings.footprints import draw
    from maps.finished import Finished
    from maps.products.rasters import write_elevations
    from maps.products.web import page

    table = dug()
    about = About("pit", synthetic=True, crs=CRS)
    names = {"pit_blocks": {"in_pit": True}, "plan_blocks": {}}
    for name, beside in names.items():
        own = pd.DataFrame({"block": table["block"]}).assign(**beside)
        if name == "plan_blocks":
            if of != "pit":
                continue
            own = own.assign(plan_period=table["year"], plan_year=table["year"])
        with BlockWriter(folder / f"synthetic_{name}.parquet", PIT, about) as writer:
            writer.write(own)
    write_elevations(ground(), folder / "synthetic_terrain_elevations.tif", "SYNTHETIC")
    told = example_plan.summary()
    layers = {**example_drilling.layers(), **example_plan.layers()}
    if of == "pit":
        told["plan"] = plan()
        layers |= example_mine.layers()
    terrain = TerrainSettings(path="a.tif", vertical_datum="an invented zero", source="a test")
    settings = MapSettings(online_tiles=False, terrain=terrain, language=language)
    blocks = example_drilling.write_blocks(folder)
    finished = Finished(
        summary=told, layers=draw(told, layers), settings=settings, folder=folder, out=folder,
        blocks=blocks,
    )  # fmt: skip
    made = bench_grids(blocks, told)
    text = page(told, finished.layers, settings, made, (), under_sections(finished))
    path = folder / "synthetic_map.html"
    path.write_text(text, "utf-8")
    (folder / "summary.json").write_text(json.dumps(told), "utf-8")
    return path
