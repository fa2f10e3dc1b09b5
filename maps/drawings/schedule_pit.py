"""Which part of each bench of a pit is dug when, as a layer that a GIS can play through time?

One feature is what the plan digs of one bench in one period: the blocks as they lie, joined. All of
a plan together shows the ground as it is left, each place in the colour of the year in which its
deepest block was dug.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maps import palettes
from maps.drawings.plan_years import year_classes
from maps.drawings.schedule_days import (
    BEGINS,
    ENDS,
    SCHEDULE,
    class_of_year,
    days_of,
    is_dated,
    typed,
    years_in_words,
)
from maps.finished import Finished
from maps.layers import Layer, fields_of
from maps.plan_words import ore_and_waste, words_of_plan
from maps.style import CLASS_COLUMN, Style, StyleClass, Symbol
from maps.wording import SB_UNIT

if TYPE_CHECKING:
    from deposits.grid import Grid

Row = Mapping[str, Any]
#: Bench, counted from the lowest, and period of the plan.
Place = tuple[int, int]

BLOCKS = "plan_blocks.parquet"
#: Blocks that are read at a time.
ROWS = 500_000
NOTE = (
    "What the plan digs of each bench in each period, as the blocks lie; no design with ramps. "
    "Lower benches lie over higher ones. Days are those of the period: the plan says no more."
)
WORDS = {
    BEGINS: ("First day of the period", ""),
    ENDS: ("Last day of the period", ""),
    "bench": ("Bench", ""),
    "level_low_m": ("Bench, floor", "m"),
    "level_high_m": ("Bench, top", "m"),
    "rock_t": ("Rock dug in the period", "t"),
    "ore_t": ("Ore in it", "t"),
    "waste_t": ("Waste in it", "t"),
    "sb_pct": ("Antimony grade of the ore", SB_UNIT),
    "synthetic": ("Data", ""),
    CLASS_COLUMN: ("Drawn as", ""),
}


def pit_schedule(finished: Finished) -> list[Layer]:
    """Return the schedule of a pit as a layer.

    Parameters
    ----------
    finished : Finished
        A finished study.

    Returns
    -------
    list of Layer
        One layer named `SCHEDULE`; none without a dated plan of a pit and the blocks it digs.
    """
    import geopandas as gpd
    import pyproj

    from deposits.blockmodel import read_about

    path = finished.left(BLOCKS)
    plan = finished.summary.get("plan") or {}
    if path is None or plan.get("of") != "pit":
        return []
    grid, about = read_about(path)
    amounts = _amounts(plan.get("activities") or [])
    shapes = bench_shapes(path, grid)
    rows = [
        _row(amounts[place], place, grid, shapes[place])
        for place in sorted(set(amounts) & {*shapes})
    ]
    crs = about.crs or (finished.layers[0].features.crs if finished.layers else None)
    if not rows or crs is None:
        return []
    years = [int(row["year"]) for row in rows]
    runs = year_classes(min(years), max(years))
    for row in rows:
        row[CLASS_COLUMN] = class_of_year(int(row["year"]), runs)
        row["bench"] = finished.translate(row["bench"])
        if finished.synthetic:
            row["synthetic"] = "SYNTHETIC"
    crs = pyproj.CRS.from_user_input(crs)
    features = typed(gpd.GeoDataFrame(rows, geometry="geometry", crs=crs))
    return [_layer(features, runs, synthetic=finished.synthetic)]


def bench_shapes(path: Path, grid: Grid) -> dict[Place, Any]:
    """Return what is dug of each bench in each period, seen from above.

    Parameters
    ----------
    path : Path
        Block model with ``block`` and ``plan_period``, 0 for what stays.
    grid : Grid
        Of that model.

    Returns
    -------
    dict
        Bench and period -> polygons in the units of the project.
    """
    import numpy as np
    import pandas as pd
    import shapely

    from deposits.blockmodel import scan_blocks

    parts = []
    for table in scan_blocks(path, ["block", "plan_period"], ROWS):
        i, j, k = grid.ijk(table["block"].to_numpy())
        parts.append(pd.DataFrame({"i": i, "j": j, "k": k, "period": table["plan_period"]}))
    dug = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    if dug.empty:
        return {}
    dx, dy, _ = grid.size_m

    def in_project(local: Any) -> Any:
        flat = np.column_stack([local[:, 0] * dx, local[:, 1] * dy, np.zeros(len(local))])
        return grid.to_world(flat)[:, :2]

    found: dict[Place, Any] = {}
    place: Any
    for place, own in dug[dug["period"] > 0].groupby(["k", "period"]):
        # Whole numbers of blocks are joined exactly, and turned into place afterwards.
        i, j = own["i"].to_numpy(np.float64), own["j"].to_numpy(np.float64)
        joined = shapely.union_all(shapely.box(i, j, i + 1, j + 1))
        found[int(place[0]), int(place[1])] = shapely.transform(joined, in_project)
    return found


def _amounts(activities: Sequence[Row]) -> dict[Place, dict[str, Any]]:
    """Add units of rock up to one row a bench and period."""
    found: dict[Place, dict[str, Any]] = {}
    for one in activities:
        if one.get("level") is None or not is_dated(one):
            continue
        place = int(one["level"]), int(one["period"])
        row = found.setdefault(
            place,
            {"year": int(one["year"]), **days_of(one), "ore_t": 0.0, "waste_t": 0.0, "metal": 0.0},
        )
        ore, waste = ore_and_waste(one)
        row["ore_t"] += ore
        row["waste_t"] += waste
        row["metal"] += ore * float(one.get("sb_pct") or 0.0)
    return found


def _row(amounts: Row, place: Place, grid: Grid, shape: Any) -> dict[str, Any]:
    bench, period = place
    height = grid.size_m[2]
    low = grid.origin_m[2] + bench * height
    ore = float(amounts["ore_t"])
    return {
        "bench": f"{low:g} to {low + height:g} m",
        "level_low_m": low,
        "level_high_m": low + height,
        "period": period,
        "year": amounts["year"],
        BEGINS: amounts[BEGINS],
        ENDS: amounts[ENDS],
        "rock_t": ore + float(amounts["waste_t"]),
        "ore_t": ore,
        "sb_pct": float(amounts["metal"]) / ore if ore > 0.0 else float("nan"),
        "waste_t": float(amounts["waste_t"]),
        "geometry": shape,
    }


def _layer(features: Any, runs: Sequence[tuple[int, int]], *, synthetic: bool) -> Layer:
    title = "Schedule of the pit"
    names = [str(c) for c in features.columns if c != "geometry"]
    return Layer(
        name=SCHEDULE,
        title=f"SYNTHETIC {title}" if synthetic else title,
        group="Mine limits",
        features=features,
        style=_style(runs),
        fields=fields_of(names, lambda name: WORDS.get(name) or words_of_plan(name)),
        note=NOTE,
    )


def _style(runs: Sequence[tuple[int, int]]) -> Style:
    fills = palettes.sequence(len(runs), palettes.YEARS)
    classes = tuple(
        StyleClass(
            str(i),
            f"Dug, {years_in_words(*run)}",
            Symbol(shape="area", stroke=palettes.GREY, fill=fill, width_px=0.4),
        )
        for i, (run, fill) in enumerate(zip(runs, fills, strict=True))
    )
    return Style(classes, on_top="last")
