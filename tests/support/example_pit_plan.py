"""A plan of a pit in the example mine, block by block; SYNTHETIC, no result.

A cone of blocks is dug from the top down, its eastern half two periods later than its western one;
the lowest bench stays.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from support import example_drilling, example_plan

from deposits.blockmodel import About, BlockWriter
from deposits.grid import Grid

GRID = Grid((468_000.0, 4_336_000.0, 860.0), (10.0, 10.0, 5.0), (24, 16, 20), 30.0)
ROCK_T = 10.0 * 10.0 * 5.0 * 2.7


def blocks() -> pd.DataFrame:
    """Return the blocks of the pit: bench, period (0 for what stays), rock and ore."""
    index = np.arange(GRID.n_blocks)
    i, j, k = GRID.ijk(index)
    near = np.hypot(i - 11.5, j - 7.5) <= 1.0 + 0.9 * (k - 12)
    inside = near & (k >= 12)
    period = 1 + (19 - k) // 2 + np.where(i > 11, 2, 0)
    table = pd.DataFrame({"block": index, "bench": k, "period": period})[inside]
    table["period"] = table["period"].where(table["bench"] > 12, 0)
    table["ore_t"] = np.where(table["bench"] % 3 == 0, ROCK_T, 0.0)
    table["waste_t"] = ROCK_T - table["ore_t"]
    return table


def plan() -> dict[str, Any]:
    """Return key ``plan`` of a summary: units of a bench, a period and a class of rock."""
    told = example_plan.plan("pit")
    periods = {p["period"]: p for p in told["periods"]}
    at = ("period", "year", "from_years", "to_years", "from_date", "to_date")
    rows = []
    for (bench, period), own in blocks().groupby(["bench", "period"]):
        when = {key: periods[period][key] if period else None for key in at}
        floor = GRID.origin_m[2] + GRID.size_m[2] * bench
        # Two units of each class of rock, as squares of a bench are.
        for kind in ("ore_t", "ore_t", "waste_t", "waste_t"):
            if own[kind].sum():
                amounts = {"ore_t": 0.0, "waste_t": 0.0, kind: float(own[kind].sum()) / 2}
                rows.append(
                    {
                        "activity": f"{floor:g} {kind} {period}", "kind": "block", "stope": None,
                        "title": f"bench {floor:g} m, {kind}", "level": int(bench), "part": 1,
                        "section": None, "sb_pct": 3.0 if kind == "ore_t" else None,
                        "destination": "plant" if kind == "ore_t" else "waste",
                        "shares": {}, **amounts, **when,
                    }
                )  # fmt: skip
    return {**told, "activities": rows, "stopes": []}


def summary() -> dict[str, Any]:
    """Return a summary of the example study with its mine and the plan of its pit."""
    return {**example_plan.summary("pit"), "plan": plan()}


def layers() -> dict[str, Any]:
    """Return the layers of the example mine; stopes are no part of the plan."""
    from support import example_mine

    return {**example_drilling.layers(), **example_mine.layers()}


def write(folder: Path) -> Path:
    """Leave the blocks that the plan digs, as a study does."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "synthetic_plan_blocks.parquet"
    told = blocks()[["block", "period"]].rename(columns={"period": "plan_period"})
    told["plan_year"] = told["plan_period"]
    with BlockWriter(path, GRID, About("pit", True, {}, "EPSG:32642")) as writer:
        writer.write(told)
    return path
