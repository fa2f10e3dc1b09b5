"""Which value does each cell of a bench have, whatever the size of the block model?

Blocks are read in batches and a field at a time: what must be held is one number a cell. Sub-blocks
are brought back to their parents: grades by tonnage (by volume without a density), densities by
volume, codes by the largest share of the volume. A parent that is estimated in one part has the
mean of that part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.blockmodel import SIZE_COLUMNS, read_about, scan_blocks, volumes_m3
from deposits.grid import Grid

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
DENSITY = "density_t_per_m3"
ROWS = 500_000


@dataclass(frozen=True, slots=True)
class Lattice:
    """The part of a grid that holds blocks, in cells of one or more blocks.

    Parameters
    ----------
    path : Path
        The block model.
    grid : Grid
        All of its grid.
    columns : tuple of str
        Columns of the file.
    first, shape : tuple of int
        First block along the grid's axes, and numbers of cells from there.
    blocks : int
        Blocks along each edge of a cell in plan.
    """

    path: Path
    grid: Grid
    columns: tuple[str, ...]
    first: tuple[int, int, int]
    shape: tuple[int, int, int]
    blocks: int = 1

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        nx, ny, nz = self.shape
        return nx * ny * nz

    def cell(self, block: IntArray) -> IntArray:
        """Return the number of the cell of each block, columns fastest, then rows."""
        i, j, k = (n - f for n, f in zip(self.grid.ijk(block), self.first, strict=True))
        nx, ny, _ = self.shape
        return i // self.blocks + nx * (j // self.blocks + ny * k)

    def corners_m(self) -> FloatArray:
        """Return the south-west, south-east and north-west corners (easting, northing) [m]."""
        nx, ny, _ = self.shape
        dx, dy = (size * self.blocks for size in self.grid.size_m[:2])
        x, y, _ = (n * size for n, size in zip(self.first, self.grid.size_m, strict=True))
        local = [[x, y, 0.0], [x + nx * dx, y, 0.0], [x, y + ny * dy, 0.0]]
        return self.grid.to_world(local)[:, :2]

    def elevations_m(self) -> list[tuple[float, float]]:
        """Return the lower and upper edge of every bench [m], from the lowest up."""
        base, height = self.grid.origin_m[2], self.grid.size_m[2]
        levels = range(self.first[2], self.first[2] + self.shape[2])
        return [(base + k * height, base + (k + 1) * height) for k in levels]

    def shaped(self, cells: NDArray[np.generic]) -> NDArray[np.generic]:
        """Return cells as (benches, rows, columns)."""
        nx, ny, nz = self.shape
        return cells.reshape(nz, ny, nx)


def lattice_of(path: Path, most_cells: int, blocks: int = 1) -> Lattice | None:
    """Find the box of the blocks of a model, and cells that are few enough.

    Parameters
    ----------
    path : Path
        A block model of ours.
    most_cells : int
        Cells at most; larger models are drawn in cells of 2 x 2, 3 x 3, ... blocks.
    blocks : int
        Blocks along the edge of a cell, at least.

    Returns
    -------
    Lattice or None
        None for a model without blocks.
    """
    import pyarrow.parquet as pq

    grid, _ = read_about(path)
    low, high = np.full(3, np.iinfo(np.int64).max), np.full(3, -1)
    for table in scan_blocks(path, ["block"], ROWS):
        if len(table):
            numbers = np.column_stack(grid.ijk(table["block"].to_numpy()))
            low, high = np.minimum(low, numbers.min(axis=0)), np.maximum(high, numbers.max(axis=0))
    if high[0] < 0:
        return None
    counts = high - low + 1
    while True:
        nx, ny = (-(-int(n) // blocks) for n in counts[:2])
        if nx * ny * int(counts[2]) <= most_cells or nx * ny == 1:
            break
        blocks += 1
    i, j, k = (int(n) for n in low)
    columns = tuple(pq.read_schema(path).names)
    return Lattice(path, grid, columns, (i, j, k), (nx, ny, int(counts[2])), blocks)


def occupied(lattice: Lattice) -> NDArray[np.bool_]:
    """Return which cells hold a block, shape (n_cells,)."""
    found = np.zeros(lattice.n_cells, dtype=np.bool_)
    for table in scan_blocks(lattice.path, ["block"], ROWS):
        found[lattice.cell(table["block"].to_numpy())] = True
    return found


def means(lattice: Lattice, field: str) -> FloatArray:
    """Return the mean of a number in every cell, NaN where it is not known, shape (n_cells,)."""
    sums, weights = np.zeros(lattice.n_cells), np.zeros(lattice.n_cells)
    for table, cell, volume in _batches(lattice, (field,), by_tonnage=field != DENSITY):
        values = table[field].to_numpy(np.float64)
        weight = volume
        if field != DENSITY and DENSITY in table.columns:
            weight = volume * table[DENSITY].to_numpy(np.float64)
        known = np.isfinite(values) & np.isfinite(weight)
        used = np.where(known, weight, 0.0)
        sums += np.bincount(cell, used * np.where(known, values, 0.0), lattice.n_cells)
        weights += np.bincount(cell, used, lattice.n_cells)
    empty = np.full(lattice.n_cells, np.nan)
    found: FloatArray = np.divide(sums, weights, out=empty, where=weights > 0)
    return found


def words_in(lattice: Lattice, field: str) -> list[str]:
    """Return the different codes of a field, as texts; nothing and 0 are no code."""
    found: set[str] = set()
    for table in scan_blocks(lattice.path, [field], ROWS):
        found |= {coded(value) for value in pd.unique(table[field])}
    return sorted(found - {""})


def coded(value: object) -> str:
    """Write a code as text: numbers without a fraction, "" for nothing and for 0."""
    if value is None or value != value:
        return ""
    if isinstance(value, int | float | np.number):
        number = float(value)
        return f"{number:g}" if number else ""
    return str(value)


def largest_shares(lattice: Lattice, field: str, words: Sequence[str]) -> IntArray:
    """Return the place in *words* of the code with the largest volume in every cell, -1 for none.

    One pass a code, so that only two numbers a cell are held; of equal shares the first in order.
    """
    best, chosen = np.zeros(lattice.n_cells), np.full(lattice.n_cells, -1)
    for place, word in enumerate(words):
        share = np.zeros(lattice.n_cells)
        for table, cell, volume in _batches(lattice, (field,)):
            codes, values = pd.factorize(table[field], use_na_sentinel=False)
            ours = np.array([coded(value) == word for value in values])[codes]
            share += np.bincount(cell[ours], volume[ours], lattice.n_cells)
        # A hair is no larger share: sums in another order must not change the code.
        larger = share > best * (1 + 1e-9)
        best[larger], chosen[larger] = share[larger], place
    return chosen


def ore_by_bench(lattice: Lattice, field: str, cutoff: float) -> FloatArray:
    """Return the tonnes (without a density: m3) at or above a cut-off on every bench."""
    found = np.zeros(lattice.shape[2])
    nx, ny, nz = lattice.shape
    for table, cell, volume in _batches(lattice, (field,), by_tonnage=True):
        weight = volume
        if DENSITY in table.columns:
            weight = volume * np.nan_to_num(table[DENSITY].to_numpy(np.float64))
        with np.errstate(invalid="ignore"):
            rich = table[field].to_numpy(np.float64) >= cutoff
        found += np.bincount(cell[rich] // (nx * ny), weight[rich], nz)
    return found


def _batches(
    lattice: Lattice, fields: Sequence[str], *, by_tonnage: bool = False
) -> Iterator[tuple[pd.DataFrame, IntArray, FloatArray]]:
    """Yield rows, their cells and their volumes [m3]."""
    beside = [*SIZE_COLUMNS, "fraction", *([DENSITY] if by_tonnage else [])]
    wanted = [name for name in beside if name in lattice.columns]
    columns = list(dict.fromkeys(["block", *wanted, *fields]))
    for table in scan_blocks(lattice.path, columns, ROWS):
        yield table, lattice.cell(table["block"].to_numpy()), volumes_m3(table, lattice.grid)
