"""What are the grades of larger blocks made of these blocks or sub-blocks?

Volume, tonnage and metal are those of the parts: density is weighted by volume, other numbers by
tonnage (by volume where there is no density), and what is text or a code goes to the larger volume.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.blockmodel.model import BlockModel, volumes_m3
from deposits.errors import DataError, Problem
from deposits.grid import Grid

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Absent = Literal["refuse", "unknown", "known_part"]


class _Groups(NamedTuple):
    """Rows gathered by the larger block they fall in."""

    number: IntArray
    total: int
    volume: FloatArray


def regularise(
    model: BlockModel,
    factor: tuple[int, int, int] = (1, 1, 1),
    density: str = "density_t_per_m3",
    absent: Absent = "refuse",
) -> BlockModel:
    """Gather sub-blocks into their blocks, or blocks into larger ones.

    Parameters
    ----------
    model : BlockModel
        Blocks or sub-blocks.
    factor : tuple = (along easting, northing, elevation)
        Blocks that become one, at least 1 each; the last may be only partly filled.
    density : str
        Field with the density [t/m3]; grades are weighted by tonnage when it is there.
    absent : {"refuse", "unknown", "known_part"}
        What becomes of a larger block with a number known in one part only: stop; no number (NaN);
        or the number of the part that has one, which does not conserve metal.

    Returns
    -------
    BlockModel
        One row a larger block, with the ``fraction`` of it that the parts fill.

    Raises
    ------
    DataError
        If numbers are absent from parts of blocks and *absent* is "refuse".
    ValueError
        If the factor is not of whole numbers.
    """
    if not all(isinstance(n, int) and n >= 1 for n in factor):
        raise ValueError(f"blocks are joined by whole numbers, given {factor}")
    grid = _larger(model.grid, factor)
    i, j, k = model.grid.ijk(model.table["block"].to_numpy())
    target = grid.index(i // factor[0], j // factor[1], k // factor[2])
    block, number = np.unique(target, return_inverse=True)
    volume = volumes_m3(model.table, model.grid)
    groups = _Groups(number, len(block), volume)
    filled = np.bincount(number, volume, len(block)) / grid.block_volume_m3
    # Sums of many parts may pass 1 by a rounding error.
    columns: dict[str, object] = {"block": block, "fraction": np.minimum(filled, 1.0)}
    centres = grid.centres(block)
    columns |= {name: centres[:, n] for n, name in enumerate(("easting", "northing", "elevation"))}
    problems: list[Problem] = []
    for name in model.fields:
        column = model.table[name]
        if column.dtype.kind != "f":
            columns[name] = _largest_share(column, groups)
            continue
        values = column.to_numpy(np.float64)
        weight = volume
        if name != density and density in model.fields:
            weight = volume * model.table[density].to_numpy(np.float64)
        columns[name] = _mean(values, weight, groups, absent)
        if absent == "refuse":
            problems += _partly_known(name, values, groups)
    if problems:
        raise DataError(problems)
    return BlockModel(grid, pd.DataFrame(columns), replace(model.about))


def _larger(grid: Grid, factor: tuple[int, int, int]) -> Grid:
    """Return the grid of larger blocks on the same corner."""
    nx, ny, nz = (-(-n // by) for n, by in zip(grid.shape, factor, strict=True))
    dx, dy, dz = (size * by for size, by in zip(grid.size_m, factor, strict=True))
    return grid.with_shape((nx, ny, nz), (dx, dy, dz))


def _mean(values: FloatArray, weight: FloatArray, groups: _Groups, absent: Absent) -> FloatArray:
    """Return weighted means by group; NaN where nothing, or not enough, is known."""
    known = np.isfinite(values) & np.isfinite(weight)
    used = np.where(known, weight, 0.0)
    total = np.bincount(groups.number, used, groups.total)
    sums = np.bincount(groups.number, used * np.where(known, values, 0.0), groups.total)
    means: FloatArray = np.divide(sums, total, out=np.full(groups.total, np.nan), where=total > 0)
    if absent == "unknown":
        unknown = np.bincount(groups.number, ~known, groups.total) > 0
        means[unknown] = np.nan
    return means


def _partly_known(name: str, values: FloatArray, groups: _Groups) -> list[Problem]:
    """Word the larger blocks in which a field is known in one part only."""
    known = np.bincount(groups.number, np.isfinite(values), groups.total)
    parts = np.bincount(groups.number, minlength=groups.total)
    partly = int(((known > 0) & (known < parts)).sum())
    if not partly:
        return []
    fact = f"{partly} of {groups.total} larger blocks have a number in one part only"
    remedy = 'Fill the field first, or state absent="unknown" or absent="known_part".'
    return [Problem(fact, f"column {name}", remedy=remedy)]


def _largest_share(column: pd.Series, groups: _Groups) -> pd.Series:
    """Return the code with the largest volume in each group; of equal ones the first in order."""
    codes, words = pd.factorize(column, sort=True, use_na_sentinel=False)
    shares = pd.DataFrame({"group": groups.number, "code": codes, "volume": groups.volume})
    summed = shares.groupby(["group", "code"], sort=True)["volume"].sum().reset_index()
    # A hair is no larger share: sums in another order must not change the code.
    best = summed.groupby("group")["volume"].transform("max")
    first = summed[summed["volume"] >= best * (1 - 1e-9)].groupby("group")["code"].min()
    return pd.Series(words.take(first.to_numpy())).astype(column.dtype)
