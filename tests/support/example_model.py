"""Studies whose bodies the page in three dimensions shows: small, large and hostile; SYNTHETIC."""

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import LineString, Point, Polygon
from support import example_drilling, example_mine, example_plan

from deposits.blockmodel import About, BlockWriter
from maps.config import MapSettings
from maps.drawings.footprints import draw
from maps.finished import Finished

HOSTILE = (
    "</script><script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
)


def finished(folder, summary=None, layers=None, **settings):
    summary = example_plan.summary() if summary is None else summary
    layers = {**example_drilling.layers(), **example_plan.layers()} if layers is None else layers
    return Finished(
        summary=summary,
        layers=draw(summary, layers),
        settings=MapSettings(online_tiles=False, **settings),
        folder=folder,
        out=folder,
    )


def many(stopes, samples):
    """A made-up study as large as a large mine: grades differ from stope to stope."""
    draw_from = np.random.default_rng(1)
    row = example_mine.rows()[0]
    table = [
        {**{k: v for k, v in row.items() if k not in example_mine.KEPT_BACK}, "stope": f"S{i:04d}"}
        for i in range(stopes)
    ]
    for one in table:
        for name in ("sb_pct", "au_gpt", "nsr_usd_per_t", "value_usd", "ore_t", "width_m"):
            one[name] *= draw_from.lognormal(0, 0.5)
    places = draw_from.uniform(0, 900, (stopes, 2))
    shapes = [Polygon([(x, y), (x + 9, y), (x + 9, y + 20), (x, y + 20)]) for x, y in places]
    holes = 200
    starts = draw_from.uniform(0, 900, (holes, 2))
    courses = [LineString([(x, y, 900 + 7 * k % 31) for k in range(60)]) for x, y in starts]
    ids = [f"DH-{n:03d}" for n in range(holes)]
    n = samples // holes
    points = [Point(x, y, 900 - 2 * k) for x, y in starts for k in range(n)]
    told = {"hole_id": np.repeat(ids, n), "from_m": np.tile(2.0 * np.arange(n), holes)}
    told["to_m"] = told["from_m"] + 2.0
    told |= {name: draw_from.lognormal(0, 1, len(points)) for name in ("sb_pct", "au_gpt")}
    make = {"crs": example_drilling.CRS}
    return {
        "stopes": gpd.GeoDataFrame(table, geometry=shapes, **make),
        "drillhole_traces": gpd.GeoDataFrame({"hole_id": ids}, geometry=courses, **make),
        "composites": gpd.GeoDataFrame({**told, "domain": "lode"}, geometry=points, **make),
    }


def write_pit(path, grid, dug, **columns):
    """Blocks of a pit, as a study leaves them; *columns* such as ``pushback`` beside."""
    table = pd.DataFrame({"block": np.arange(grid.n_blocks), "in_pit": dug, **columns})
    with BlockWriter(path, grid, About("a pit", crs=example_drilling.CRS)) as writer:
        writer.write(table)
    return path
