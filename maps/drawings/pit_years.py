"""In which year does the plan of a pit dig each block, for a slider that runs through them?"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from deposits.blockmodel import read_about, scan_blocks
from maps.drawings.bench_packing import FIRST, NO_BLOCK, NO_VALUE, Codes
from maps.drawings.bench_reading import ROWS, Lattice, lattice_of
from maps.drawings.nets import net_of_codes
from maps.drawings.plan_steps import plan_years
from maps.finished import Finished
from maps.mine_words import tonnes

#: Cells of a pit that a page holds at most.
MOST_CELLS = 2_000_000
#: What the planner leaves of it: blocks with the year in which they are dug, 0 for never.
BLOCKS, YEAR = "plan_blocks.parquet", "plan_year"


def pit_years(finished: Finished) -> dict[str, Any]:
    """Return the blocks of a pit by the year in which they are dug, and the words of each year.

    Parameters
    ----------
    finished : Finished
        A finished study.

    Returns
    -------
    dict
        ``net``: a plane a bench, from the lowest up; code 1 is left by the plan, code 2 the first
        year of ``steps`` (``name``, ``said``, escaped). ``low`` and ``height`` of the benches [m];
        ``blocks``: blocks along the edge of a cell, of which the first to be dug tells the year.
        {} for a study that plans no pit.
    """
    plan, path = finished.summary.get("plan") or {}, finished.left(BLOCKS)
    if plan.get("of") != "pit" or path is None:
        return {}
    lattice = lattice_of(path, MOST_CELLS)
    _, about = read_about(path)
    crs = about.crs or (finished.summary.get("study") or {}).get("crs")
    if lattice is None or not crs:
        return {}
    codes = _codes(lattice)
    rock = {int(row["year"]): row for row in plan.get("years") or []}
    words = plan_years(finished.summary, range(1, int(codes.max())), finished.translate)
    return {
        "net": net_of_codes(lattice, crs, codes, (1.0, 1.0)).to_dict(),
        "low": lattice.elevations_m()[0][0],
        "height": lattice.grid.size_m[2],
        "blocks": lattice.blocks,
        "steps": [_with_rock(words[year], rock.get(year, {}), finished) for year in words],
    }


def _codes(lattice: Lattice) -> Codes:
    """Return year + 1 of every cell, 1 for one that is left, 0 for one without a block."""
    never = np.iinfo(np.uint16).max
    first = np.full(lattice.n_cells, never, dtype=np.uint16)
    here = np.zeros(lattice.n_cells, dtype=np.bool_)
    for table in scan_blocks(lattice.path, ["block", YEAR], ROWS):
        cell, year = lattice.cell(table["block"].to_numpy()), table[YEAR].to_numpy()
        here[cell] = True
        dug = year > 0
        np.minimum.at(first, cell[dug], (year[dug] + FIRST - 1).astype(np.uint16))
    left = np.where(here, NO_VALUE, NO_BLOCK)
    codes: Codes = np.asarray(np.where(first < never, first, left), dtype=np.uint16)
    return np.asarray(lattice.shaped(codes), dtype=np.uint16)


def _with_rock(words: dict[str, str], row: Any, finished: Finished) -> dict[str, str]:
    """Put the rock that is dug before what the plant is fed."""
    rock = [row.get("ore_t"), row.get("waste_t")]
    known = [float(t) for t in rock if t is not None and math.isfinite(float(t))]
    if not known:
        return words
    said = f"{finished.translate('Rock dug')}: {finished.translate(tonnes(sum(known)))}"
    return {**words, "said": f"{said}. {words['said']}" if words["said"] else said}
