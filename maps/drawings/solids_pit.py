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
        ``top`` [m] of each column, the first axis fastest, None where nothing is dug. None where
        the pit is empty. Large pits are drawn in larger columns, as deep as their deepest block.
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
    n = max(1, math.ceil(math.sqrt(nx * ny / MOST_COLUMNS)))
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
    }


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
