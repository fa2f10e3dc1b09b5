"""Which surface do a pit and the ground have, seen from the side?

A pit is drawn through the floors of its columns of blocks. It is the shape that was optimised, no
design with ramps.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from maps.drawings.terrain import Terrain

#: Columns of blocks and cells of the ground that a page draws at most.
MOST_COLUMNS, MOST_CELLS = 60_000, 30_000


def pit_columns(path: Path) -> dict[str, Any] | None:
    """Return the floor and the top of every column of blocks that a pit digs.

    Parameters
    ----------
    path : Path
        ``pit_blocks.parquet`` of a study.

    Returns
    -------
    dict or None
        ``origin`` (easting, northing [m]) of the first column's outer corner, ``x`` and ``y``
        (steps along both axes of the grid, east and north [m]), ``nx``, ``ny``, ``floor`` and
        ``top`` [m] of each column, the first axis fastest, None where nothing is dug; ``base``
        and ``height`` of the benches [m]. None where the pit is empty. Large pits are drawn in
        larger columns, as deep as their deepest block.
    """
    from deposits.blockmodel import read_about, scan_blocks

    grid, _ = read_about(path)
    nx, ny, nz = grid.shape
    low, high = np.full(nx * ny, nz), np.full(nx * ny, -1)
    for table in scan_blocks(path, ["block", "in_pit"], 500_000):
        i, j, k = grid.ijk(table.loc[table["in_pit"].astype(bool), "block"].to_numpy())
        np.minimum.at(low, i + nx * j, k)
        np.maximum.at(high, i + nx * j, k)
    if (high < 0).all():
        return None
    floor, top = low.reshape(ny, nx), high.reshape(ny, nx)
    n = _side(nx, ny)
    floor, top = _joined(floor, n, nz), -_joined(-top, n, 1)
    base, height = grid.origin_m[2], grid.size_m[2]
    dug = (top >= 0).ravel()
    corners = grid.to_world(
        [[0.0, 0.0, 0.0], [n * grid.size_m[0], 0.0, 0.0], [0.0, n * grid.size_m[1], 0.0]]
    )[:, :2]
    return {
        "origin": corners[0],
        "x": corners[1] - corners[0],
        "y": corners[2] - corners[0],
        "nx": floor.shape[1],
        "ny": floor.shape[0],
        "floor": _listed(base + height * floor.ravel(), dug),
        "top": _listed(base + height * (top.ravel() + 1), dug),
        "base": base,
        "height": height,
    }


def pit_stages(path: Path, column: str, blocks: Path | None = None) -> dict[str, Any] | None:
    """Return how deep every column of a pit is after each of its stages.

    Parameters
    ----------
    path : Path
        ``pit_blocks.parquet`` of a study: grid, and which blocks are dug.
    column : str
        What numbers the stages, from 1: ``pushback``, ``plan_year``.
    blocks : Path, optional
        The block model that holds *column*, where *path* does not.

    Returns
    -------
    dict or None
        ``numbers`` of the stages, rising, and ``floors``: for each stage the number of the
        deepest bench that is dug by its end, counted from 1 at the grid's lowest, 0 where nothing
        is dug yet; shape (stages, ny, nx) in the columns of `pit_columns`. None without stages.
    """
    from deposits.blockmodel import read_about, scan_blocks

    grid, _ = read_about(path)
    nx, ny, nz = grid.shape
    deepest: dict[int, NDArray[np.int64]] = {}
    wanted = ["block", column, *(() if blocks else ("in_pit",))]
    for table in scan_blocks(blocks or path, wanted, 500_000):
        stage = table[column].to_numpy(np.float64)
        there = stage >= 1 if blocks else table["in_pit"].to_numpy(bool)
        # Rock of the pit that no pushback counts is dug with the first.
        stage = np.maximum(np.nan_to_num(stage), 1).astype(np.int64)
        for number in np.unique(stage[there]).tolist():
            i, j, k = grid.ijk(table.loc[there & (stage == number), "block"].to_numpy())
            low = deepest.setdefault(number, np.full(nx * ny, nz))
            np.minimum.at(low, i + nx * j, k)
    if not deepest:
        return None
    numbers = sorted(deepest)
    n = _side(nx, ny)
    joined = [_joined(deepest[number].reshape(ny, nx), n, nz) for number in numbers]
    floors = np.minimum.accumulate(np.stack(joined), axis=0)
    return {"numbers": numbers, "floors": np.where(floors < nz, floors + 1, 0)}


def _side(nx: int, ny: int) -> int:
    """Return how many columns of blocks along an edge are drawn as one."""
    return max(1, math.ceil(math.sqrt(nx * ny / MOST_COLUMNS)))


def _joined(values: NDArray[Any], n: int, absent: int) -> NDArray[Any]:
    """Return the least of n x n columns; what does not fill one is padded."""
    rows, columns = values.shape
    padded = np.pad(values, ((0, -rows % n), (0, -columns % n)), constant_values=absent)
    parts = padded.reshape(padded.shape[0] // n, n, padded.shape[1] // n, n)
    return np.asarray(parts.min(axis=(1, 3)))


def _listed(values: NDArray[Any], known: NDArray[np.bool_]) -> list[float | None]:
    return [
        round(float(value), 2) if there else None
        for value, there in zip(values, known, strict=True)
    ]


def ground_cells(terrain: Terrain) -> dict[str, Any]:
    """Return the ground as points of a net.

    Parameters
    ----------
    terrain : Terrain
        Elevations in the project CRS.

    Returns
    -------
    dict
        ``east``, ``north`` [m] of the middle of the first cell, ``cell`` [m], ``nx``, ``ny``,
        ``z`` [m] of every cell, the northernmost row first, None where it is not known;
        ``datum`` and ``source``.
    """
    from maps.drawings.terrain import thinned

    small = thinned(terrain, MOST_CELLS)
    heights = small.elevations_m.ravel()
    return {
        "east": float(small.eastings_m()[0]),
        "north": float(small.northings_m()[0]),
        "cell": float(small.cell_m),
        "nx": small.elevations_m.shape[1],
        "ny": small.elevations_m.shape[0],
        "z": [round(float(z), 1) if math.isfinite(z) else None for z in heights],
        "datum": small.vertical_datum,
        "source": small.source,
    }


def off_ground_m(points_m: NDArray[np.float64], terrain: Terrain) -> NDArray[np.float64]:
    """Return how far points lie above the ground.

    Parameters
    ----------
    points_m : ndarray, shape (n, 3)
        Easting, northing, elevation [m].
    terrain : Terrain
        Elevations in the same CRS, straight between the middles of cells.

    Returns
    -------
    ndarray, shape (n,)
        Metres, below 0 under it; NaN beside the ground or where it is not known.
    """
    heights = terrain.elevations_m.astype(np.float64)
    ny, nx = heights.shape
    column = (points_m[:, 0] - terrain.eastings_m()[0]) / terrain.cell_m
    row = (terrain.northings_m()[0] - points_m[:, 1]) / terrain.cell_m
    inside = (column >= 0) & (column <= nx - 1) & (row >= 0) & (row <= ny - 1)
    i = np.clip(np.floor(column), 0, nx - 2).astype(int)
    j = np.clip(np.floor(row), 0, ny - 2).astype(int)
    a, b = column - i, row - j
    north = (1 - a) * heights[j, i] + a * heights[j, i + 1]
    south = (1 - a) * heights[j + 1, i] + a * heights[j + 1, i + 1]
    found: NDArray[np.float64] = points_m[:, 2] - ((1 - b) * north + b * south)
    return np.where(inside, found, np.nan)
