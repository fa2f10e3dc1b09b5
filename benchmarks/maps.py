"""How large is a map page of a block model, and how soon is it drawn, against folium's own layer?

Runs alone: ``python benchmarks/maps.py [--json] [--blocks N ...] [--folium N ...]``. The blocks are
made up: a smooth field with noise on ten benches of a turned grid, one grade a block. Ours is the
page of ``anzob map`` with a slider over all benches. The peer is plain ``folium.GeoJson`` with a
style function, one polygon a block, drawn on a canvas, with the same scripts inlined so that both
work without a network. Both are opened in the same Chromium, one after the other, in one run.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import pandas as pd

CRS = "EPSG:32642"
BENCHES = 10
FLAGS = ("--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
#: Milliseconds from the start of the page's navigation until its blocks stand on the screen.
DRAWN = """async ready => {
    while (!(ready === 'ours' ? document.documentElement.dataset.bench
             : document.querySelector('canvas.leaflet-zoom-animated, path.leaflet-interactive'))) {
        await new Promise(go => setTimeout(go, 5));
    }
    await new Promise(go => requestAnimationFrame(() => setTimeout(go, 0)));
    return performance.now();
}"""
#: Milliseconds to draw everything anew: another bench, or the same blocks at another zoom.
AGAIN = """async ready => {
    const start = performance.now();
    if (ready === 'ours') {
        const slider = document.getElementById('bench-slider');
        slider.value = (Number(slider.value) + 1) % 10;
        slider.dispatchEvent(new Event('input', {bubbles: true}));
    } else {
        const map = Object.values(window).find(one => one instanceof L.Map);
        map.setZoom(map.getZoom() + 1, {animate: false});
    }
    await new Promise(go => requestAnimationFrame(() => setTimeout(go, 0)));
    return performance.now() - start;
}"""


def blocks_of(count: int, folder: Path) -> tuple[Path, Any, pd.DataFrame]:
    """Write a block model of about so many blocks, and return it with its grid."""
    from deposits.blockmodel import About, BlockWriter
    from deposits.grid import Grid

    side = max(1, round((count / BENCHES) ** 0.5))
    grid = Grid((468_000.0, 4_336_000.0, 900.0), (10.0, 10.0, 5.0), (side, side, BENCHES), 30.0)
    number = np.arange(grid.n_blocks)
    i, j, k = (n.astype(float) for n in grid.ijk(number))
    noise = np.random.default_rng(1).lognormal(0.0, 0.05, len(number))
    grade = (1.2 + np.sin(i / 17) * np.cos(j / 23) + 0.1 * k) * noise
    place = dict(zip(("easting", "northing", "elevation"), grid.centres(number).T, strict=True))
    table = pd.DataFrame({"block": number, **place, "sb_pct": np.maximum(grade, 0.01)})
    path = folder / "synthetic_blocks.parquet"
    with BlockWriter(path, grid, About("benchmark", synthetic=True, crs=CRS)) as writer:
        writer.write(table)
    return path, grid, table


def summary_of(grid: Any) -> dict[str, Any]:
    """The least of a summary that the page needs."""
    return {
        "study": {"name": "benchmark", "title": "SYNTHETIC blocks", "synthetic": True, "crs": CRS},
        "fields": [],
        "grade_tonnage": [],
        "block_model": {"crs": CRS, "blocks": grid.n_blocks},
        "drilling": {"elements": [{"name": "sb_pct", "label": "Antimony", "unit": "%"}]},
        "tonnage": {"field": "sb_pct", "base_cutoff": 1.0, "cutoffs": [0.0, 0.5, 1.0, 2.0, 3.0]},
    }


def our_page(count: int, folder: Path) -> tuple[Path, float, int]:
    """Write our page; return it, the seconds and the blocks."""
    import geopandas as gpd
    from shapely.geometry import Polygon

    from maps.config import MapSettings
    from maps.drawings.benches import bench_grids
    from maps.drawings.footprints import draw
    from maps.products.web import page

    path, grid, _ = blocks_of(count, folder)
    told = summary_of(grid)
    outline = gpd.GeoDataFrame({"name": ["Blocks"]}, geometry=[Polygon(grid.outline())], crs=CRS)
    start = time.perf_counter()
    layers = draw(told, {"block_model_outline": outline})
    settings = MapSettings(online_tiles=False)
    out = folder / "ours.html"
    out.write_text(page(told, layers, settings, bench_grids(path, told)), "utf-8")
    return out, time.perf_counter() - start, grid.n_blocks


def folium_page(count: int, folder: Path) -> tuple[Path, float, int]:
    """Write one polygon a block of all benches with plain folium."""
    import folium
    import geopandas as gpd
    import shapely

    from maps import palettes
    from maps.products.inline import render_alone

    _, grid, table = blocks_of(count, folder)
    start = time.perf_counter()
    half = np.array([[-5.0, -5.0], [5.0, -5.0], [5.0, 5.0], [-5.0, 5.0]])
    turn = np.radians(-grid.azimuth_deg)
    half = half @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    rings = table[["easting", "northing"]].to_numpy()[:, None, :] + half
    shapes = gpd.GeoDataFrame(
        {"sb_pct": table["sb_pct"].round(2)}, geometry=list(shapely.polygons(rings)), crs=CRS
    ).to_crs(4326)

    def style(feature: dict[str, Any]) -> dict[str, Any]:
        grade = feature["properties"]["sb_pct"]
        fill = palettes.SEQUENCE[int(np.searchsorted([0.5, 1.0, 2.0, 3.0], grade, side="right"))]
        return {"fillColor": fill, "fillOpacity": 0.8, "weight": 0}

    view = folium.Map(tiles=None, prefer_canvas=True)
    folium.GeoJson(shapes, style_function=style).add_to(view)
    west, south, east, north = shapes.total_bounds
    view.fit_bounds([[south, west], [north, east]])
    out = folder / "folium.html"
    out.write_text(render_alone(view.get_root(), "anzob_map.css"), "utf-8")
    return out, time.perf_counter() - start, grid.n_blocks


def opened(browser: Any, path: Path, whose: str) -> dict[str, float]:
    """Open a page thrice and take the middle of the times."""
    runs = []
    for _ in range(3 if whose == "ours" or path.stat().st_size < 1e7 else 1):
        context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
        shown = context.new_page()
        shown.set_default_timeout(600_000)
        shown.goto(path.resolve().as_uri(), wait_until="commit", timeout=600_000)
        drawn = shown.evaluate(DRAWN, whose)
        shown.wait_for_load_state("load", timeout=600_000)
        again = shown.evaluate(AGAIN, whose)
        heap = shown.evaluate("performance.memory.usedJSHeapSize / 1e6")
        runs.append((drawn / 1000, again / 1000, heap))
        context.close()
    drawn, again, heap = (float(np.median([run[i] for run in runs])) for i in range(3))
    return {"drawn_seconds": drawn, "drawn_again_seconds": again, "heap_mb": heap}


def measured(browser: Any, whose: str, count: int) -> dict[str, float]:
    """Write and open one page."""
    with tempfile.TemporaryDirectory() as folder:
        make = our_page if whose == "ours" else folium_page
        path, seconds, blocks = make(count, Path(folder))
        data = path.read_bytes()
        sizes = {"page_mb": len(data) / 1e6, "gzip_mb": len(gzip.compress(data, 6)) / 1e6}
        return {
            "blocks": blocks,
            **sizes,
            "write_seconds": seconds,
            **opened(browser, path, whose),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.add_argument("--blocks", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--folium", type=int, nargs="*", default=[10_000, 100_000])
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS), chromium_sandbox=False
        )
        ours = {str(n): measured(browser, "ours", n) for n in options.blocks}
        peer = {str(n): measured(browser, "folium", n) for n in options.folium}
        version = browser.version
        browser.close()
    largest = ours[str(max(options.blocks))]
    result = {
        "subject": "maps",
        "chromium": version,
        "sizes": {"benches": BENCHES, "fields": 1},
        "ours": ours,
        "peers": {"folium GeoJson with a style function, on a canvas": peer},
        "ratios": {
            n: {
                key: peer[n][key] / ours[n][key]
                for key in ("page_mb", "write_seconds", "drawn_seconds", "heap_mb")
            }
            for n in peer
            if n in ours
        },
        "within_2_mb_and_1_s": largest["page_mb"] < 2 and largest["drawn_seconds"] < 1,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    if options.json:
        print(json.dumps(result))
        return
    for name, value in result.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
