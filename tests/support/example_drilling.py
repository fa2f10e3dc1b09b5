"""A finished SYNTHETIC drillhole study, small but of the shape that ``summary.json`` has.

A rotated grid whose middle is sub-blocked; grades rise along it. Nothing here is a result.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import LineString, Point, Polygon

from deposits.blockmodel import About, BlockWriter
from deposits.grid import Grid

CRS = "EPSG:32642"
GRID = Grid((468_000.0, 4_336_000.0, 940.0), (10.0, 10.0, 5.0), (24, 16, 4), 30.0)
CUTOFFS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0)
BASE = 1.0


def block_table(grid: Grid = GRID) -> pd.DataFrame:
    """Blocks with gaps, some without an estimate; every fifth is cut into two unequal halves."""
    number = np.arange(grid.n_blocks)
    i, j, k = grid.ijk(number)
    kept = (i + j > 2) & (i < grid.shape[0] - 2) & ~((i == 10) & (j == 8))
    number, i, j, k = number[kept], i[kept], j[kept], k[kept]
    whole = pd.DataFrame({"block": number, "share": 1.0, "shift": 0.0, "part": 0})
    first = whole[number % 5 == 0].assign(share=0.25, shift=-0.375)
    second = first.assign(share=0.75, shift=0.125, part=1)
    rows = pd.concat([whole[number % 5 != 0], first, second])
    rows = rows.sort_values(["block", "part"], kind="stable").reset_index(drop=True)
    i, j, k = grid.ijk(rows["block"].to_numpy())
    size = np.asarray(grid.size_m)
    local = (np.column_stack([i, j, k]) + 0.5) * size
    local[:, 0] += rows["shift"].to_numpy() * size[0]
    place = grid.to_world(local)
    part = rows["part"].to_numpy()
    grade = 0.05 + 7.0 * (i / grid.shape[0]) ** 2 * (1 + 0.5 * np.sin(j)) * (1 + 0.3 * k) / 2 + part
    unknown = (i < 3) & (j > 10)
    code = np.digitize(i, (7, 14))
    return pd.DataFrame(
        {
            "block": rows["block"],
            **dict(zip(("easting", "northing", "elevation"), place.T, strict=True)),
            "dx": rows["share"] * size[0],
            "dy": size[1],
            "dz": size[2],
            "domain": np.where(part == 1, "halo", "lode"),
            "class": np.where(
                unknown, "", np.array(["Inferred", "Indicated", "Measured"], dtype=object)[code]
            ),
            "density_t_per_m3": 2.6 + 0.4 * part,
            "sb_pct": np.where(unknown, np.nan, grade),
            "au_gpt": np.where(unknown, np.nan, 0.2 + grade / 3),
            "slope": np.where(unknown, np.nan, np.clip(i / grid.shape[0], 0, 1)),
            "pass_number": np.where(unknown, 0, 1 + code % 2),
        }
    )


def write_blocks(folder: Path, grid: Grid = GRID, table: pd.DataFrame | None = None) -> Path:
    """Write the block model, as a study leaves it."""
    path = folder / "synthetic_blocks.parquet"
    with BlockWriter(path, grid, About("demo", synthetic=True, crs=CRS)) as writer:
        writer.write(block_table(grid) if table is None else table)
    return path


def layers() -> dict[str, gpd.GeoDataFrame]:
    """Holes on two lines, one of them vertical, with composites, and the outline of the grid."""
    ids = [f"DH-{n:02d}" for n in range(1, 9)]
    starts = GRID.to_world([[20.0 + 28 * n, 30.0 + 60 * (n % 2), 60.0] for n in range(8)])
    lean = np.array([[25.0, 15.0, -60.0] if n else [0.0, 0.0, -60.0] for n in range(8)])
    grades = [0.3, 0.7, 1.2, 1.7, 2.4, 4.0, 9.0, None]
    traces = gpd.GeoDataFrame(
        {
            "hole_id": ids,
            "depth_m": [60.0 + n for n in range(8)],
            "domain_length_m": 20.0,
            "sb_pct": [None if g is None else g / 2 for g in grades],
            "best_sb_pct": grades,
        },
        geometry=[LineString([s, s + d]) for s, d in zip(starts, lean, strict=True)],
        crs=CRS,
    )
    traces[["sb_pct", "best_sb_pct"]] = traces[["sb_pct", "best_sb_pct"]].astype(float)
    collars = gpd.GeoDataFrame(
        {
            "hole_id": ids,
            "depth_m": traces["depth_m"],
            "elevation": starts[:, 2],
            "azimuth_deg": 60.0,
            "dip_deg": -64.0,
        },
        geometry=[Point(s) for s in starts],
        crs=CRS,
    )
    steps = np.linspace(0.02, 0.98, 45)
    middle = [s + t * d for s, d in zip(starts, lean, strict=True) for t in steps]
    composites = gpd.GeoDataFrame(
        {
            "hole_id": np.repeat(ids, len(steps)),
            "from_m": np.tile(steps * 60, 8).round(1),
            "to_m": np.tile(steps * 60 + 1, 8).round(1),
            "domain": "lode",
            "sb_pct": np.tile(np.linspace(0.1, 6, len(steps)), 8),
            "au_gpt": 0.5,
        },
        geometry=[Point(p) for p in middle],
        crs=CRS,
    )
    outline = gpd.GeoDataFrame(
        {"name": ["Block model"], "file": ["synthetic_blocks.parquet"], "bottom_m": [940.0]},
        geometry=[Polygon(GRID.outline())],
        crs=CRS,
    )
    return {
        "block_model_outline": outline,
        "drillhole_traces": traces,
        "collars": collars,
        "composites": composites,
    }


def _rows(word: str | None, ore: float, level: str = "group") -> list[dict[str, Any]]:
    rows = []
    for cutoff in CUTOFFS:
        share = float(np.exp(-cutoff / 2))
        grade = cutoff + 1.6
        row: dict[str, Any] = {"class": word} if word else {}
        row |= {"level": level, "cutoff": cutoff, "n_blocks": int(600 * share)}
        row |= {"volume_m3": ore * share / 2.7, "ore_t": ore * share, "share_of_tonnes": share}
        row |= {"sb_pct": grade, "sb_t": ore * share * grade / 100}
        row |= {"au_gpt": 0.2 + grade / 3, "au_kg": ore * share * (0.2 + grade / 3) / 1000}
        rows.append(row)
    return rows


def summary() -> dict[str, Any]:
    """What ``summary.json`` of the study holds."""
    elements = [
        {"name": "sb_pct", "label": "Antimony", "unit": "%", "decimals": 2},
        {"name": "au_gpt", "label": "Gold", "unit": "g/t", "decimals": 2},
    ]
    statistics = {
        "n": 360,
        "missing": 0,
        "mean": 2.1,
        "declustered_mean": 1.9,
        "sd": 2.4,
        "cv": 1.1,
    }
    statistics |= {"minimum": 0.01, "q25": 0.6, "median": 1.4, "q75": 2.3, "maximum": 34.0}
    structure = {"kind": "spherical", "sill": 3.9, "major_m": 60.0, "semi_m": 45.0, "minor_m": 8.0}
    variogram = {
        "element": "sb_pct",
        "origin": "fitted",
        "on": "normal_scores",
        "nugget": 1.1,
        "sill": 5.0,
        "structures": [structure],
        "azimuth_deg": 30.0,
        "dip_deg": 0.0,
        "rake_deg": 40.0,
        "experimental": [{"direction": "major", "distance_m": 10.0, "pairs": 44, "gamma": 2.0}],
        "modelled": [{"direction": "major", "distance_m": 0.0, "gamma": 1.1}],
        "warnings": ["1 of 30 lags has fewer than 30 pairs"],
    }
    search = {"pass": 1, "major_m": 60.0, "semi_m": 50.0, "minor_m": 20.0, "least": 8, "most": 24}
    search |= {"most_per_hole": 5, "sectors": 1, "blocks": 1400}
    cap = {"element": "sb_pct", "cap": 25.0, "n": 360, "n_capped": 3, "mean_before": 2.2}
    cap |= {"mean_after": 2.1, "metal_removed_pct": 4.5}
    domain = {
        "id": "lode",
        "title": "Main lode",
        "composites": 360,
        "metres": 360.0,
        "volume_m3": 7.1e5,
        "statistics": [{"element": "sb_pct", **statistics}],
        "caps": [cap],
        "histogram": [],
        "log_probability": [],
        "variograms": [variogram],
        "method": "ordinary",
        "search": [search],
        "unestimated": 37,
    }
    curve = {"curve": "samples", "cutoff": 0.5, "tonnage_share": 0.8, "mean_above": 2.4}
    return {
        "study": {
            "name": "drilled",
            "title": "Drilled demonstration (SYNTHETIC)",
            "crs": CRS,
            "question": "How much antimony do the drillholes show?",
            "extent": None,
            "headline": "SYNTHETIC: 9.1 Mt at 2.4 % Sb are Measured + Indicated above 1 % Sb.",
            "synthetic": True,
            "route": "drillholes",
            "hash": "0" * 64,
            "file": "demo.toml",
            "disclaimer": "Not a Mineral Resource.",
            "map": {"online_tiles": False},
        },
        "fields": [],
        "claims": [],
        "scenarios": [],
        "verdict": None,
        "grade_tonnage": [],
        "drilling": {
            "holes": 8,
            "metres": 508.0,
            "assays": 540,
            "composites": 360,
            "composite_length_m": 1.0,
            "outside_domains": 12,
            "elements": elements,
            "findings": [{"severity": "warning", "said": "collars.csv, row 3: depth is short."}],
        },
        "domains": [domain],
        "block_model": {
            "file": "synthetic_blocks.parquet",
            "crs": CRS,
            "rows": 1600,
            "parents": 1300,
            "estimated": 1563,
            "unestimated": 37,
            "volume_m3": 7.1e5,
            "fields": elements,
            "grid": {
                "origin_m": list(GRID.origin_m),
                "size_m": list(GRID.size_m),
                "shape": list(GRID.shape),
                "azimuth_deg": 30.0,
            },
        },
        "tonnage": {
            "cut_field": "sb_pct",
            "unit": "%",
            "base_cutoff": BASE,
            "by": ["class"],
            "basis": "a round figure",
            "diluted": None,
            "between": [],
            "gkz": [],
            "rows": [
                *_rows("Measured", 5.5e6),
                *_rows("Indicated", 4.2e6),
                *_rows("Measured + Indicated", 9.7e6, "together"),
                *_rows("Inferred", 6.9e6),
            ],
            "whole": _rows(None, 16.6e6, "total"),
            "truth": _rows(None, 16.1e6, "total"),
            "statement": ["SYNTHETIC: In situ, above 1 % Sb.", "SYNTHETIC: Prices: not stated."],
        },
        "validation": {
            "cross_validation": [{"element": "sb_pct", "n": 360, "slope": 0.9, "remark": ""}],
            "smoothing": {
                "sb_pct, lode": {
                    "ratio": 0.6,
                    "sentence": "Blocks vary too little.",
                    "warnings": [],
                    "curves": [curve],
                }
            },
            "sentences": ["sb_pct, domain lode: the mean of the estimate agrees (-1.2 %)."],
        },
        "layers": [{"name": "synthetic_collars", "source": "SYNTHETIC", "features": 8}],
        "warnings": ["SYNTHETIC throughout."],
        "version": "0",
        "generated": "never",
    }
