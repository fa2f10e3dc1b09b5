"""How much of each block lies inside a boundary, and how is a block cut where one passes?

Blocks are judged at the centres of a regular lattice of cells within them. A body thinner than a
cell can be missed; :func:`volume_balance` shows by how much blocks and bodies differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.blockmodel.boundaries import Inside
from deposits.blockmodel.model import PLACE_COLUMNS, SIZE_COLUMNS, volumes_m3
from deposits.grid import Grid
from deposits.kernels.sub_blocks import merge_cells

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Splits = tuple[int, int, int]
#: Points judged at a time: 24 bytes each.
MOST_POINTS = 2_000_000


def proportions(grid: Grid, inside: Inside, splits: Splits = (4, 4, 4)) -> FloatArray:
    """Return the share of each block that lies inside a boundary.

    Parameters
    ----------
    grid : Grid
        The blocks.
    inside : callable
        Takes points, shape (n, 3) [m], and says which are inside.
    splits : tuple = (along easting, northing, elevation)
        Cells a block is judged by, at least 1 each.

    Returns
    -------
    ndarray, shape (n_blocks,)
        Fractions 0 to 1, in steps of one cell.
    """
    shares = np.empty(grid.n_blocks)
    for block, points in _lattice(grid, splits):
        found = np.asarray(inside(points), dtype=np.bool_)
        shares[block] = found.reshape(len(block), -1).mean(axis=1)
    return shares


def sub_block(
    grid: Grid,
    boundaries: Mapping[str, Inside],
    splits: Splits = (4, 4, 4),
    elsewhere: str = "",
) -> pd.DataFrame:
    """Code blocks by the body they lie in, and cut those in which bodies meet.

    Parameters
    ----------
    grid : Grid
        The parent blocks.
    boundaries : mapping = {name: callable}
        Bodies; where two overlap the first named has it.
    splits : tuple = (along easting, northing, elevation)
        Cells a block is judged and cut by, at least 1 each.
    elsewhere : str
        Code of what lies in no body; "" leaves it out of the table.

    Returns
    -------
    pandas.DataFrame
        ``block, easting, northing, elevation, dx, dy, dz, domain``. A block all of one body is one
        row; in others cells of one body, side by side, are joined into boxes. Volumes of a block's
        rows never exceed the block.

    Raises
    ------
    ValueError
        If there are no boundaries or one is called as what lies elsewhere.
    """
    names = list(boundaries)
    if not names or elsewhere in names or "" in names:
        raise ValueError("bodies need names, none of them that of what lies elsewhere")
    nx, ny, nz = splits
    parts = []
    for block, points in _lattice(grid, splits):
        codes = np.full(len(points), len(names) if elsewhere else -1, dtype=np.int64)
        # The last first, so that those before it write over it.
        for number in reversed(range(len(names))):
            codes[boundaries[names[number]](points)] = number
        boxes = merge_cells(codes.reshape(len(block), nz, ny, nx))
        parts.append(_box_table(grid, block, boxes, splits))
    table = pd.concat(parts, ignore_index=True)
    words = np.array([*names, elsewhere], dtype=object)
    return table.assign(domain=words[table.pop("code").to_numpy()].astype(str))


def _box_table(grid: Grid, block: IntArray, boxes: IntArray, splits: Splits) -> pd.DataFrame:
    """Place boxes of cells, shape (m, 8), in their blocks."""
    cell = np.asarray(grid.size_m) / splits
    number = block[boxes[:, 0]]
    corner = np.column_stack(grid.ijk(number)) * np.asarray(grid.size_m)
    size = boxes[:, 4:7] * cell
    # A whole block keeps the exact edges of the grid.
    size = np.where(boxes[:, 4:7] == splits, np.asarray(grid.size_m), size)
    centres = grid.to_world(corner + boxes[:, 1:4] * cell + size / 2)
    columns = {"block": number}
    columns |= dict(zip(PLACE_COLUMNS, centres.T, strict=True))
    columns |= dict(zip(SIZE_COLUMNS, size.T, strict=True))
    return pd.DataFrame(columns | {"code": boxes[:, 7]})


def _lattice(grid: Grid, splits: Splits) -> Iterator[tuple[IntArray, FloatArray]]:
    """Yield blocks some at a time, with the centres of their cells, easting fastest."""
    if not all(isinstance(n, int) and n >= 1 for n in splits):
        raise ValueError(f"a block is split into whole numbers of cells, given {splits}")
    nx, ny, nz = splits
    within = Grid((0.0, 0.0, 0.0), (1.0 / nx, 1.0 / ny, 1.0 / nz), splits)
    offsets = within.centres(np.arange(nx * ny * nz))
    rows = max(1, MOST_POINTS // len(offsets))
    for start in range(0, grid.n_blocks, rows):
        block = np.arange(start, min(start + rows, grid.n_blocks))
        cells = np.column_stack(grid.ijk(block))[:, None, :] + offsets
        yield block, grid.to_world((cells * np.asarray(grid.size_m)).reshape(-1, 3))


def volume_balance(
    table: pd.DataFrame, grid: Grid, expected_m3: Mapping[str, float], column: str = "domain"
) -> pd.DataFrame:
    """Compare the volumes of bodies with those of the blocks that stand for them.

    Parameters
    ----------
    table : pandas.DataFrame
        Blocks or sub-blocks with a code in *column*.
    grid : Grid
        The parent blocks.
    expected_m3 : mapping = {code: volume}
        Volumes of the bodies themselves [m3], as ``mesh.volume_m3``.
    column : str
        Where the code stands.

    Returns
    -------
    pandas.DataFrame
        ``code, body_m3, blocks_m3, difference_m3, difference_fraction``, one row a body; the
        fraction is of the body's volume, NaN when that is 0.
    """
    found = pd.Series(volumes_m3(table, grid)).groupby(table[column].to_numpy()).sum()
    rows = []
    for code, body in expected_m3.items():
        blocks = float(found.get(code, 0.0))
        share = (blocks - body) / body if body else float("nan")
        rows.append((code, body, blocks, blocks - body, share))
    names = ["code", "body_m3", "blocks_m3", "difference_m3", "difference_fraction"]
    return pd.DataFrame(rows, columns=names)
