"""Which blocks of the model does the page in space draw, and how do they fit into it?

Every estimated block is a box of its own: sub-blocks as they are cut, grids turned as they are.
Where they are too many for a page, the poorest are left out first, and what was left out is
counted. A box is written as numbers of its edges along the axes of the grid, its values as codes
(see :mod:`maps.drawings.bench_packing`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.blockmodel import SIZE_COLUMNS, read_about, scan_blocks
from deposits.grid import Grid
from maps.drawings import benches
from maps.drawings.bench_packing import FIRST, pack
from maps.drawings.bench_reading import ROWS, coded
from maps.drawings.grades import breaks_of, label_of, main_element, unit_of
from maps.drawings.solids_fields import coded_field, number_field
from maps.drawings.tables import text
from maps.mine_words import ore_at

Row = Mapping[str, Any]
FloatArray = NDArray[np.float64]

#: Blocks that a page draws at most, and characters that they may take.
MOST_BLOCKS, BUDGET = 250_000, 1_500_000
#: Edges along one axis that two bytes number.
MOST_EDGES = 65_535
#: Edges closer together than this are one [m].
SAME_EDGE_M = 0.002
PLACE = ("easting", "northing", "elevation")


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """Blocks as boxes along the axes of their grid, from the lowest bench up.

    Parameters
    ----------
    grid : Grid
        The grid.
    edges_m : tuple of ndarray
        Where boxes begin and end along each axis, from the grid's origin [m], rising.
    low, high : ndarray of int, shape (n, 3)
        Places in *edges_m*.
    table : DataFrame
        Their values, in the same order.
    """

    grid: Grid
    edges_m: tuple[FloatArray, FloatArray, FloatArray]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    table: pd.DataFrame


def cut_field(columns: Sequence[str], summary: Row) -> str:
    """Return the grade by which blocks are chosen, "" where a model holds none."""
    known = (summary.get("drilling") or {}).get("elements") or []
    names = [main_element(summary), *(str(e.get("name")) for e in known)]
    return next((name for name in names if name and name in columns), "")


def boxes_of(path: Path, fields: Sequence[str], field: str, floor: float) -> Boxes:
    """Read the blocks whose grade is known and at or above a floor.

    Parameters
    ----------
    path : Path
        A block model of ours: regular or sub-blocked, rotated or not.
    fields : sequence of str
        Columns to keep.
    field : str
        The grade.
    floor : float
        In its unit; -inf keeps all that are estimated.

    Returns
    -------
    Boxes
        Sub-blocks are boxes of their own.
    """
    import pyarrow.parquet as pq

    grid, _ = read_about(path)
    columns = pq.read_schema(path).names
    sized = set(SIZE_COLUMNS) <= set(columns)
    wanted = ["block", *((*PLACE, *SIZE_COLUMNS) if sized else ()), field, *fields]
    kept = []
    for table in scan_blocks(path, list(dict.fromkeys(wanted)), ROWS):
        with np.errstate(invalid="ignore"):
            kept.append(table[table[field].to_numpy(np.float64) >= floor])
    table = pd.concat(kept, ignore_index=True)
    if sized:
        middle = grid.to_local(table[list(PLACE)].to_numpy(np.float64))
        half = table[list(SIZE_COLUMNS)].to_numpy(np.float64) / 2
        starts, ends = middle - half, middle + half
    else:
        starts = np.column_stack(grid.ijk(table["block"].to_numpy())) * np.asarray(grid.size_m)
        ends = starts + np.asarray(grid.size_m)
    return _ordered(grid, starts, ends, table)


def _ordered(grid: Grid, starts: FloatArray, ends: FloatArray, table: pd.DataFrame) -> Boxes:
    """Give the edges of boxes numbers, and put boxes in the one order of blocks."""
    n = len(table)
    edges, low, high = [], np.zeros((n, 3), np.int64), np.zeros((n, 3), np.int64)
    for axis in range(3):
        found = np.unique(np.concatenate([starts[:, axis], ends[:, axis]]))
        new = np.diff(found, prepend=-np.inf) > SAME_EDGE_M
        edges.append(found[new])
        number = np.cumsum(new) - 1
        low[:, axis] = number[np.searchsorted(found, starts[:, axis])]
        high[:, axis] = number[np.searchsorted(found, ends[:, axis])]
    order = np.lexsort((low[:, 0], low[:, 1], low[:, 2]))
    told = table.iloc[order].reset_index(drop=True)
    return Boxes(grid, (edges[0], edges[1], edges[2]), low[order], high[order], told)


def block_boxes(
    path: Path, summary: Row, *, most: int = MOST_BLOCKS, budget: int = BUDGET
) -> dict[str, Any] | None:
    """Write the estimated blocks of a model for a page.

    Parameters
    ----------
    path : Path
        ``blocks.parquet`` of a study.
    summary : mapping
        Its ``summary.json``: words, units, cut-offs.
    most : int
        Blocks at most.
    budget : int
        Characters at most. Above it steps of values become coarser, then fields of the second
        rank and the poorest blocks are left out.

    Returns
    -------
    dict or None
        Packed boxes: ``n``, ``edges``, ``low``, ``long``, ``fields`` and what a reader must know
        (``all``, ``unknown``, ``floor``, ``without``, ``weighed``, ``base``). None without a grade
        or blocks.
    """
    import pyarrow.parquet as pq

    columns = pq.read_schema(path).names
    field = cut_field(columns, summary)
    grades = _grades(path, field) if field else np.empty(0)
    known = np.sort(grades[np.isfinite(grades)])
    if not len(known):
        return None
    names = benches.fields_of(summary, columns, None)
    needed = [field, *(n for n in names if n not in benches.OPTIONAL and n != field)]
    more = [n for n in names if n in benches.OPTIONAL]
    for floor in _floors(known, breaks_of(summary, field) or (), most):
        boxes = boxes_of(path, names, field, floor)
        for levels in benches.LEVELS:
            packed = _packed(boxes, needed, summary, levels)
            if packed is not None and _size(packed) <= budget:
                _add(packed, boxes, more, summary, budget)
                kept = {f["name"] for f in packed["fields"]}
                left_out = [text(label_of(summary, n)) for n in names if n not in kept]
                told: dict[str, Any] = {"all": len(known), "unknown": len(grades) - len(known)}
                told |= {"floor": _limit(floor, field, summary), "without": left_out}
                base = (summary.get("tonnage") or {}).get("base_cutoff")
                return packed | told | {"weighed": _weighed(summary, field), "base": base}
    return None


def _grades(path: Path, field: str) -> FloatArray:
    parts = [t[field].to_numpy(np.float64) for t in scan_blocks(path, [field], ROWS)]
    return np.concatenate([np.empty(0), *parts])


def _floors(known: FloatArray, breaks: Sequence[float], most: int) -> list[float]:
    """Return floors to try: none, the limits of classes, then what leaves half, a quarter, ..."""
    floors = [-np.inf, *(b for b in breaks if b > known[0])]
    rank = min(most, len(known))
    while rank >= 1:
        # Equal grades stay together: where they are too many, the next higher one is the floor.
        place = len(known) - rank
        tied = place > 0 and known[place - 1] == known[place]
        place = int(np.searchsorted(known, known[place], side="right")) if tied else place
        if place < len(known):
            floors.append(_round_up(float(known[place])))
        rank //= 2
    count = [len(known) - int(np.searchsorted(known, floor)) for floor in floors]
    found = [f for f, n in zip(floors, count, strict=True) if 0 < n <= most]
    return sorted(dict.fromkeys(found))


def _round_up(value: float) -> float:
    """Return the next number of three figures: what a page says of its floor is then exact."""
    if value == 0:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(abs(value))) - 2)
    found = float(f"{math.ceil(value / step - 1e-9) * step:.3g}")
    return found if found >= value else float(f"{found + step:.3g}")


def _packed(boxes: Boxes, names: Sequence[str], summary: Row, levels: int) -> dict[str, Any] | None:
    """Write boxes and their values; None where they have more edges than two bytes number."""
    if max(len(e) for e in boxes.edges_m) > MOST_EDGES:
        return None
    grid = boxes.grid
    origin, x, y = grid.to_world([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    return {
        "n": len(boxes.table),
        "origin": origin,
        "x": [float(v) for v in (x - origin)[:2]],
        "y": [float(v) for v in (y - origin)[:2]],
        "edges": [[round(float(v), 3) for v in edges] for edges in boxes.edges_m],
        "low": [{"data": _codes(boxes.low[:, axis])} for axis in range(3)],
        "long": [{"data": _codes(boxes.high[:, axis] - boxes.low[:, axis])} for axis in range(3)],
        "fields": [_field(boxes.table[name], name, summary, levels) for name in names],
    }


def _codes(numbers: NDArray[np.int64]) -> str:
    return pack(numbers.astype(np.uint16))


def _add(
    packed: dict[str, Any], boxes: Boxes, more: Sequence[str], summary: Row, budget: int
) -> None:
    """Add fields of the second rank while there is room."""
    for name in more:
        field = _field(boxes.table[name], name, summary, benches.LEVELS[-1])
        if _size(packed) + len(field["data"]) <= budget:
            packed["fields"].append(field)


def _size(packed: Row) -> int:
    parts = (*packed["low"], *packed["long"], *packed["fields"])
    return sum(len(part["data"]) for part in parts)


def _field(values: pd.Series, name: str, summary: Row, levels: int) -> dict[str, Any]:
    """Write one field: codes and what they mean, with the limits that blocks may be cut at."""
    if name in benches.CODES or values.dtype.kind not in "fiu":
        places, found = pd.factorize(values, use_na_sentinel=False)
        said = [coded(v) for v in found]
        words = sorted(dict.fromkeys(w for w in said if w), key=benches.natural_order)
        at = {word: FIRST + i for i, word in enumerate(words)}
        codes = np.array([at.get(w, FIRST - 1) for w in said], dtype=np.int64)[places]
        return coded_field(name, summary, tuple(words), codes)
    return number_field(name, summary, values.to_numpy(np.float64), levels)


def _limit(floor: float, field: str, summary: Row) -> str:
    """Write a floor with its unit, "" for none."""
    return "" if np.isinf(floor) else text(f"{floor:.3g} {unit_of(summary, field)}".strip())


def _weighed(summary: Row, field: str) -> dict[str, str]:
    """Return what the study says of all blocks at or above its cut-offs: limit -> ore and grade."""
    tonnage = summary.get("tonnage") or {}
    if field != tonnage.get("cut_field"):
        return {}
    return {
        f"{float(row['cutoff']):g}": text(ore_at(row))
        for row in tonnage.get("whole") or []
        if row.get("ore_t") is not None and row.get("cutoff") is not None
    }
