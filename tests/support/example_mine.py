"""Mine limits of a finished SYNTHETIC drillhole study, of the shape that ``summary.json`` has.

Stopes follow a plane that dips 40 degrees to the grid's x axis. Nothing here is a result: grades
and widths are waves along it, and the optima of pits are smooth curves.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
from shapely.geometry import Polygon
from support import example_drilling as drilling

from deposits.grid import Grid

GRID = Grid((468_000.0, 4_336_000.0, 860.0), (10.0, 10.0, 5.0), (24, 16, 20), 30.0)
LEVEL_M, SECTION_M = 20.0, 20.0
OPENING_USD = 1e6
SOURCE = "SYNTHETIC: an invented figure"
CUTOFFS = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.5, 10.0, 15.0)
PRICES = (0.4, 0.6, 0.8, 1.0, 1.2, 1.5, 2.0)


def rows(grid: Grid = GRID, start_m: float = 190.0) -> list[dict[str, Any]]:
    """One row a stope, with its walls at mid height [m from the grid's west side]."""
    levels = int(grid.shape[2] * grid.size_m[2] // LEVEL_M)
    sections = int(grid.shape[1] * grid.size_m[1] // SECTION_M)
    found: list[dict[str, Any]] = []
    for level in range(1, levels + 1):
        for section in range(1, sections + 1):
            wave = math.sin(0.55 * section + 0.4 * level) + 0.6 * math.sin(0.21 * section * level)
            rich = 2.6 + 1.7 * wave + (6.0 if (level * section) % 23 == 7 else 0.0)
            middle = start_m - LEVEL_M * (level - 0.5) / math.tan(math.radians(40))
            if rich < 1.6 or not 12 < middle < grid.shape[0] * grid.size_m[0] - 12:
                continue
            found.append(_row(grid, level, section, rich, middle))
            if (level + section) % 9 == 0:  # a second stope of the same panel
                found.append(_row(grid, level, section, 0.7 * rich + 0.6, middle + 24.0, "b"))
    return found


def _row(
    grid: Grid, level: int, section: int, grade: float, middle: float, mark: str = ""
) -> dict[str, Any]:
    across = 7.0 + 1.9 * grade
    ore = LEVEL_M * SECTION_M * across * 2.74 * 0.95
    nsr = 104.0 * grade
    low = grid.origin_m[2] + LEVEL_M * (level - 1)
    return {
        "stope": f"L{level:02d}-S{section:02d}{mark}",
        "level": level,
        "level_low_m": low,
        "level_high_m": low + LEVEL_M,
        "section": section,
        "ore_t": ore,
        "sb_pct": grade,
        "au_gpt": 0.2 + 0.18 * grade,
        "sb_t": ore * grade / 100.0,
        "nsr_usd_per_t": nsr,
        "value_usd": ore * (nsr - 118.0),
        "width_m": across * math.sin(math.radians(40)),
        "near_dip_deg": 38.0 + section % 5,
        "far_dip_deg": 38.0 + level % 5,
        "in_situ_t": ore / 0.95 / 1.14,
        "in_situ_sb_pct": grade * 1.13,
        "dilution_fraction": 0.14,
        "class_measured_t": 0.6 * ore,
        "class_indicated_t": 0.3 * ore,
        "class_none_t": 0.1 * ore,
        "unknown_fraction": 0.01,
        "near_m": middle - across / 2,
        "far_m": middle + across / 2,
    }


def layers(grid: Grid = GRID, start_m: float = 190.0) -> dict[str, gpd.GeoDataFrame]:
    """Plan polygons of stopes at mid height, and crests of pits."""
    listed = rows(grid, start_m)
    shapes = [_plan(grid, r) for r in listed]
    told = [{k: v for k, v in r.items() if k not in KEPT_BACK} for r in listed]
    stopes = gpd.GeoDataFrame(told, geometry=shapes, crs=drilling.CRS)
    stopes["synthetic"] = "SYNTHETIC"
    return {"stopes": stopes, "pit_outline": _pits(grid)}


CLASSES = ("class_measured_t", "class_indicated_t", "class_none_t")
KEPT_BACK = (
    "near_m",
    "far_m",
    "sb_t",
    "in_situ_t",
    "in_situ_sb_pct",
    "dilution_fraction",
    *CLASSES,
)


def _plan(grid: Grid, row: dict[str, Any]) -> Polygon:
    start, end = SECTION_M * (row["section"] - 1), SECTION_M * row["section"]
    corners = [(row["near_m"], start), (row["far_m"], start), (row["far_m"], end)]
    corners.append((row["near_m"], end))
    height = (row["level_low_m"] + row["level_high_m"]) / 2 - grid.origin_m[2]
    return Polygon(grid.to_world([[x, y, height] for x, y in corners])[:, :2])


def _pits(grid: Grid) -> gpd.GeoDataFrame:
    wide, long = (grid.shape[i] * grid.size_m[i] for i in (0, 1))
    kinds = [("Ultimate pit", "ultimate pit", 0, 1.0, 1.0)]
    kinds += [(f"Pushback {n}", "pushback", n, 0.4 + 0.2 * n, 0.4 + 0.2 * n) for n in (1, 2, 3)]
    turn = np.linspace(0, 2 * math.pi, 73)[:-1]
    made = []
    for name, kind, number, factor, size in kinds:
        x = wide * (0.42 + (0.30 + 0.26 * size) * np.cos(turn) * size)
        y = long * (0.5 + 0.62 * size * np.sin(turn))
        shape = Polygon(grid.to_world(np.column_stack([x, y, 0 * x]))[:, :2])
        rock = 4.1e7 * size**2
        made.append(
            {
                "name": name,
                "kind": kind,
                "number": number,
                "factor": factor,
                "rock_t": rock,
                "ore_t": rock / 7.3,
                "strip_ratio": 6.3,
                "synthetic": "SYNTHETIC",
                "geometry": shape,
            }
        )
    return gpd.GeoDataFrame(made, crs=drilling.CRS)


def _economics() -> dict[str, Any]:
    stated = [
        ("economics.sb_price_usd_per_t", "Antimony price", 14_500.0, "USD/t", "assumed"),
        ("economics.au_price_usd_per_oz", "Gold price", 2_300.0, "USD/oz", "assumed"),
        ("economics.royalty_fraction", "Royalty", 0.06, "fraction", "reported"),
        ("plants.demo.sb_recovery", "Recovery of antimony", "0.72 to 0.90", "fraction", "assumed"),
        ("value.mining.cost_usd_per_t", "Open-pit mining", 2.9, "USD/t rock", "assumed"),
        ("value.stoping.cost_usd_per_t", "Stoping", 62.0, "USD/t ore", "assumed"),
        ("economics.processing_usd_per_t", "Processing", 38.0, "USD/t ore", "assumed"),
        ("economics.g_and_a_usd_per_t", "General costs", 18.0, "USD/t ore", "derived"),
    ]
    keys = ("key", "label", "value", "unit", "kind")
    cuts = [
        ("break-even, stopes", 1.13, 118.0, "pays for stoping, processing and general costs"),
        ("marginal (mill)", 0.54, 56.0, "pays for processing and general costs only"),
        ("pit", 0.57, 58.9, "pays for mining as ore, processing and general costs"),
    ]
    return {
        "rows": [dict(zip(keys, row, strict=True)) | {"source": SOURCE} for row in stated],
        "missing": [],
        "notes": ["No limit of rejection is known for Hg."],
        "lane": _lane(),
        "cutoffs": [
            dict(zip(("name", "sb_pct", "nsr_usd_per_t", "meaning"), cut, strict=True))
            for cut in cuts
        ],
    }


def _lane() -> dict[str, Any]:
    years = [
        {
            "year": year,
            "part_of_year": 1.0,
            "cutoff_usd_per_t": 96.0 - 10.0 * year,
            "mined_t": 4.0e6,
            "ore_t": 7.0e5,
            "sb_pct": 3.1 - 0.2 * year,
            "sb_recovered_t": 1.7e4,
            "cash_usd": 6.4e7 - 5e6 * year,
            "value_left_usd": 2.1e8 - 4e7 * year,
            "binding": "mill",
        }
        for year in (1, 2, 3, 4)
    ]
    return {
        "value_usd": 2.1e8,
        "life_years": 4.0,
        "constant_cutoff_usd_per_t": 56.0,
        "constant_value_usd": 1.8e8,
        "years": years,
    }


def _pit() -> dict[str, Any]:
    shells = []
    for step in range(14):
        factor = 0.4 + 0.1 * step
        ore = 5.6e6 * (1 - math.exp(-2.2 * (factor - 0.3)))
        strip = 2.1 + 4.2 * (factor - 0.3)
        value = ore * 130.0 - ore * strip * 2.9 - ore * 55.0
        worst = value * (0.86 - 0.32 * factor) - 9e7 * max(0.0, factor - 1.1)
        shells.append(
            {
                "factor": round(factor, 2),
                "rock_t": ore * (1 + strip),
                "ore_t": ore,
                "waste_t": ore * strip,
                "strip_ratio": strip,
                "sb_pct": 3.1 - 0.6 * factor,
                "sb_t": ore * (3.1 - 0.6 * factor) / 100,
                "value_usd": value,
                "best_npv_usd": value * 0.78,
                "worst_npv_usd": worst,
            }
        )
    chosen = shells[6]
    pushbacks = [
        {
            "number": n,
            "ore_t": chosen["ore_t"] / 3,
            "waste_t": chosen["waste_t"] * n / 6,
            "strip_ratio": chosen["strip_ratio"] * n / 2,
            "sb_pct": 2.9 - 0.2 * n,
            "least_width_m": 30.0,
        }
        for n in (1, 2, 3)
    ]
    kept = ("ore_t", "waste_t", "strip_ratio", "sb_pct", "sb_t", "value_usd")
    return {
        "status": "optimal",
        "bound_usd": chosen["value_usd"],
        "rounding_usd": 0.4,
        "blocks": 41_230,
        "au_gpt": 0.61,
        **{key: chosen[key] for key in kept},
        "gap": 0.0,
        "reaches_edge": False,
        "licence": None,
        "asked_pushbacks": 5,
        "bottom_m": 880.0,
        "depth_m": 80.0,
        "slopes": {
            "mean_error_deg": 0.62,
            "most_too_steep_deg": 0.94,
            "most_too_flat_deg": 3.4,
            "offsets": 118,
        },
        "rejected": {
            "hg": {"limit_pct": 0.3, "share_of_ore": 0.114, "blend_pct": 0.214},
            "as": {"limit_pct": 0.5, "share_of_ore": 0.67, "blend_pct": 0.81},
        },
        "rejection_words": ["Concentrate of 11 % of the ore of the pit would exceed a limit."],
        "benches": [
            {"elevation_m": 880.0 + 20.0 * n, "rock_t": 4e6 * (n + 1), "ore_t": 9e5, "sb_pct": 2.2}
            for n in (3, 2, 1, 0)
        ],
        "plan": {
            "npv_usd": 2.1e8,
            "life_years": 2.0,
            "discount_rate": 0.1,
            "years": [
                {
                    "year": year,
                    "rock_t": 1.2e7,
                    "ore_t": 7e5 * (year - 1),
                    "sb_pct": 2.4 if year > 1 else None,
                    "value_usd": 9e7 * (year - 1) - 3.7e7,
                    "discounted_usd": 8e7 * (year - 1) - 3.5e7,
                }
                for year in (1, 2)
            ],
        },
        "proof": "Value equals the bound read from the flow: no other pit is worth more.",
        "shells": shells,
        "pushbacks": pushbacks,
    }


def _together(listed: list[dict[str, Any]]) -> dict[str, Any]:
    ore = math.fsum(r["ore_t"] for r in listed)

    def mean(key: str) -> float | None:
        return math.fsum(r["ore_t"] * r[key] for r in listed) / ore if ore else None

    return {
        "stopes": len(listed),
        "ore_t": ore,
        "sb_pct": mean("sb_pct"),
        "au_gpt": mean("au_gpt"),
        "sb_t": math.fsum(r["sb_t"] for r in listed),
        "nsr_usd_per_t": mean("nsr_usd_per_t"),
        "value_usd": math.fsum(r["value_usd"] for r in listed),
        **{key: math.fsum(r[key] for r in listed) for key in CLASSES},
    }


def _sensitivity(listed: list[dict[str, Any]]) -> dict[str, Any]:
    whole = _together(listed)
    cuts = []
    for cutoff in CUTOFFS:
        found = _together([r for r in listed if r["sb_pct"] >= cutoff])
        keys = ("stopes", "ore_t", "sb_pct", "sb_t")
        share = found["sb_t"] / whole["sb_t"]
        cuts.append({"cutoff_sb_pct": cutoff, **{k: found[k] for k in keys}, "share_of_sb": share})
    prices = []
    for factor in PRICES:
        found = _together([r for r in listed if r["sb_pct"] >= 1.9 / factor])
        keys = ("stopes", "ore_t", "sb_pct", "sb_t")
        prices.append(
            {
                "factor": factor,
                "sb_price_usd_per_t": 14_500.0 * factor,
                **{k: found[k] for k in keys},
                "value_usd": found["value_usd"] * factor,
            }
        )
    rich = {
        "cutoff_sb_pct": 15.0,
        "ore_t": 22_400.0,
        "sb_pct": 17.2,
        "share_of_ore": 22_400.0 / whole["ore_t"],
        "years_at_rate": 0.032,
        "throughput_t_per_year": 700_000.0,
    }
    return {"cutoff": cuts, "price": prices, "direct_shipping": rich}


def mine(grid: Grid = GRID, start_m: float = 190.0) -> dict[str, Any]:
    """What ``summary["mine"]`` holds."""
    listed = rows(grid, start_m)
    levels, sections = [], []
    for level in sorted({r["level"] for r in listed}):
        own = [r for r in listed if r["level"] == level]
        low, high = own[0]["level_low_m"], own[0]["level_high_m"]
        place = {"level": level, "elevation_low_m": low, "elevation_high_m": high}
        levels.append({**place, **_together(own)})
    for section in sorted({r["section"] for r in listed}):
        own = [r for r in listed if r["section"] == section]
        sections.append({"section": section, **_together(own)})
    gross = math.fsum(r["value_usd"] for r in listed)
    value = gross - OPENING_USD * len(levels)
    totals = {**_together(listed), "value_before_levels_usd": gross, "value_usd": value}
    return {
        "ore": {
            "classes": ["Measured", "Indicated"],
            "counted_t": 1.2e7,
            "not_counted_t": 7e6,
            "unestimated_t": 0.0,
            "by_class_t": {"Measured": 6.8e6, "Indicated": 5.5e6},
            "throughput_t_per_year": 700_000.0,
        },
        "sentences": ["SYNTHETIC: Only Measured and Indicated rock is valued."],
        "missing": {},
        "economics": _economics(),
        "pit": _pit(),
        "stopes": {
            "frame": {
                "origin_m": list(grid.origin_m),
                "strike_deg": 30.0,
                "level_m": LEVEL_M,
                "section_m": SECTION_M,
                "step_m": 1.0,
            },
            "certificate": {
                "value_usd": value,
                "bound_usd": value + 0.4,
                "value": value,
                "bound": value + 0.4,
                "unit": "USD",
                "gap": 0.4 / value,
                "levels_opened": len(levels),
                "status": "optimal",
                "words": "Proven optimal for steps of 1 m in this frame; other frames may do more.",
            },
            "totals": totals | {"nsr_at_head_usd_per_t": 0.97 * totals["nsr_usd_per_t"]},
            "rejected": {"hg": {"limit_pct": 0.3, "share_of_ore": 0.08, "blend_pct": 0.19}},
            "rejection_words": [],
            "levels": levels,
            "sections": sections,
            "rows": [{k: v for k, v in r.items() if k not in ("near_m", "far_m")} for r in listed],
            "offsets": [
                {"along_m": 0.0, "across_m": 0.0, "up_m": u, "value_usd": value - 2e5 * u}
                for u in (0.0, 5.0, 10.0)
            ],
            "sensitivity": _sensitivity(listed),
        },
    }


def summary(grid: Grid = GRID) -> dict[str, Any]:
    """A drillhole study's summary with its mine."""
    told = drilling.summary()
    told["block_model"]["grid"] = {
        "origin_m": list(grid.origin_m),
        "size_m": list(grid.size_m),
        "shape": list(grid.shape),
        "azimuth_deg": 30.0,
    }
    return {**told, "mine": mine(grid)}


def finished(
    folder: Path,
    told: dict[str, Any] | None = None,
    mine_layers: dict[str, gpd.GeoDataFrame] | None = None,
) -> Path:
    """Write the finished study with its mine, and return its page."""
    from maps.config import MapSettings
    from maps.workflow import write_products

    told = told or summary()
    drawn = {**drilling.layers(), **(layers() if mine_layers is None else mine_layers)}
    blocks = drilling.write_blocks(folder, GRID)
    settings = MapSettings(online_tiles=False)
    names = write_products(told, drawn, folder, settings=settings, blocks=blocks)
    (folder / "summary.json").write_text(json.dumps(told), "utf-8")
    return folder / names[0]
