"""What rock is in each block, below the ground and around the model, and which may be called ore?

A whole block is ore or waste: rock of other classes and host rock inside it are its dilution.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.blockmodel import BlockModel, volumes_m3
from deposits.blockmodel.boundaries import Surface
from deposits.errors import DataError, Problem
from deposits.grid import Grid
from deposits.tables import did_you_mean
from planning.mine.config import MineTable

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
DENSITY = "density_t_per_m3"
#: Places per block edge at which the ground's elevation is read.
PLACES = (0.25, 0.75)


@dataclass(frozen=True, slots=True, eq=False)
class ValuedRows:
    """Rows of a block model with the grades that may be counted.

    Parameters
    ----------
    tonnes : ndarray, shape (n,)
        Rock of each row [t].
    grades : mapping of str to ndarray, shape (n,)
        Grade by field, in its own unit; 0 where the class is not counted or nothing is known.
    classes : mapping of str to ndarray of bool, shape (n,)
        Rows of each class of the model.
    counted : ndarray of bool, shape (n,)
        Rows whose class may be ore and whose main grade is known.
    unestimated_t : float
        Rock without an estimate of the main grade [t]; it counts as waste.
    """

    tonnes: FloatArray
    grades: Mapping[str, FloatArray]
    classes: Mapping[str, BoolArray]
    counted: BoolArray
    unestimated_t: float


def value_rows(model: BlockModel, mine: MineTable, grades: Mapping[str, str]) -> ValuedRows:
    """Tell rows that may be ore from the others.

    Parameters
    ----------
    model : BlockModel
        With a density, the class field and the grades.
    mine : MineTable
        Which classes count.
    grades : mapping of str to str
        Element -> field; the first is the main one.

    Returns
    -------
    ValuedRows

    Raises
    ------
    DataError
        If fields or classes are missing, all named at once.
    """
    table = model.table
    problems = _missing(model, mine, grades)
    if problems:
        raise DataError(problems)
    words = np.asarray(table[mine.class_field].astype(str), dtype=np.str_)
    classes = {name: words == name for name in _ordered(mine, words)}
    main = table[next(iter(grades.values()))].to_numpy(np.float64)
    counted = np.isin(words, mine.classes) & np.isfinite(main)
    tonnes = volumes_m3(table, model.grid) * table[DENSITY].to_numpy(np.float64)
    kept = {
        name: np.where(counted, np.nan_to_num(table[name].to_numpy(np.float64)), 0.0)
        for name in grades.values()
    }
    unknown = float(tonnes[~np.isfinite(main)].sum())
    return ValuedRows(tonnes, kept, classes, counted, unknown)


def _ordered(mine: MineTable, words: NDArray[np.str_]) -> list[str]:
    """Put the classes that count first, in the study's order, then the others."""
    others = [str(word) for word in np.unique(words) if word not in mine.classes]
    return [*mine.classes, *others]


def _missing(model: BlockModel, mine: MineTable, grades: Mapping[str, str]) -> list[Problem]:
    """List fields that the model lacks, and a study none of whose classes it has."""
    place = model.about.name
    problems = [
        Problem("the block model lacks a field", place, name, ", ".join(model.fields))
        for name in dict.fromkeys((DENSITY, mine.class_field, *grades.values()))
        if name not in model.fields
    ]
    if problems:
        return problems
    if model.table[DENSITY].isna().any():
        n = int(model.table[DENSITY].isna().sum())
        fact = f"{n} of {len(model.table)} rows have no density"
        problems.append(Problem(fact, place, remedy="Fill it; tonnes cannot be told without."))
    known = sorted(set(model.table[mine.class_field].astype(str)))
    absent = [name for name in mine.classes if name not in known]
    if len(model.table) and absent:
        fact = "no block has this class"
        allowed, near = ", ".join(known), did_you_mean(absent[0], known)
        place = f"{place}, key mine.classes"
        problems.append(Problem(fact, place, ", ".join(absent), allowed, near))
    return problems


@dataclass(frozen=True, slots=True, eq=False)
class RockBlocks:
    """All rock a pit may dig, block by block.

    Parameters
    ----------
    grid : Grid
        Wider than the block model's.
    tonnes : ndarray, shape (n,)
        Rock [t]; 0 is air.
    grades : mapping of str to ndarray, shape (n,)
        Grades of whole blocks by field, diluted by what is not counted; 0 where there is none.
    classes : mapping of str to ndarray, shape (n,)
        Rock of each class of the model [t].
    counted_t : ndarray, shape (n,)
        Rock of the classes that may be ore [t].
    zone : ndarray of uint8, shape (n,)
        0 for host rock, else 1 + number of the slope zone named in the study.
    """

    grid: Grid
    tonnes: FloatArray
    grades: Mapping[str, FloatArray]
    classes: Mapping[str, FloatArray]
    counted_t: FloatArray
    zone: NDArray[np.uint8]


def widen(grid: Grid, margin_m: float, ground: Surface) -> Grid:
    """Return a grid that reaches the ground and a margin all around, on the same blocks.

    Parameters
    ----------
    grid : Grid
        The block model's.
    margin_m : float
        Reach beyond it in plan [m].
    ground : callable
        Elevation [m] at positions, shape (n, 2).

    Returns
    -------
    Grid
        Wider by whole blocks in plan and upwards; its bottom stays.

    Raises
    ------
    DataError
        If the ground is not known everywhere above it.
    """
    dx, dy, dz = grid.size_m
    nx, ny, nz = grid.shape
    more_x, more_y = math.ceil(margin_m / dx), math.ceil(margin_m / dy)
    corner = grid.to_world([[-more_x * dx, -more_y * dy, 0.0]])[0]
    east, north, low = (float(v) for v in corner)
    wide = Grid(
        (east, north, low), grid.size_m, (nx + 2 * more_x, ny + 2 * more_y, nz), grid.azimuth_deg
    )
    top = float(np.max(_ground_of(wide, ground)))
    levels = max(nz, math.ceil((top - low) / dz - 1e-9))
    return wide.with_shape((wide.shape[0], wide.shape[1], levels), grid.size_m)


def _ground_of(grid: Grid, ground: Surface) -> FloatArray:
    """Read the ground at `PLACES` of every column, shape (4, ny, nx) [m]."""
    nx, ny, _ = grid.shape
    found = []
    for v in PLACES:
        for u in PLACES:
            rows, columns = np.meshgrid(np.arange(ny) + v, np.arange(nx) + u, indexing="ij")
            local = np.stack(
                [columns * grid.size_m[0], rows * grid.size_m[1], np.zeros_like(rows)], axis=-1
            )
            xy = grid.to_world(local.reshape(-1, 3))[:, :2]
            found.append(np.asarray(ground(np.ascontiguousarray(xy))).reshape(ny, nx))
    heights = np.stack(found)
    off = int(np.isnan(heights).any(axis=0).sum())
    if off:
        fact = f"the topography does not reach {off} of {nx * ny} columns of the pit's rock"
        remedy = "Give a larger topography, or a smaller pit.margin_m."
        raise DataError([Problem(fact, "key blocks.topography", remedy=remedy)])
    return heights


def rock_share(grid: Grid, ground: Surface) -> FloatArray:
    """Return the part of each block that lies below the ground, shape (n,) [fraction].

    Notes
    -----
    The ground is read at four places of each column; between floor and roof of a block the part
    is exact for these.
    """
    heights = _ground_of(grid, ground)
    floors = grid.origin_m[2] + grid.size_m[2] * np.arange(grid.shape[2])
    share = np.zeros((grid.shape[2], grid.shape[1], grid.shape[0]))
    for height in heights:
        share += np.clip((height - floors[:, None, None]) / grid.size_m[2], 0.0, 1.0)
    return share.reshape(-1) / len(heights)


def gather_rock(
    model: BlockModel, rows: ValuedRows, wide: Grid, share: FloatArray, host_t_per_m3: float
) -> RockBlocks:
    """Sum the rows of a model, and the host rock around them, into the blocks of a wider grid.

    Parameters
    ----------
    model : BlockModel
        The rows.
    rows : ValuedRows
        What may be counted of them.
    wide : Grid
        From `widen`.
    share : ndarray, shape (n,)
        Part of each block of the wide grid below the ground.
    host_t_per_m3 : float
        Density of rock that no row holds [t/m3].

    Returns
    -------
    RockBlocks
        Tonnes and metal of the rows are kept; where rows fill more than the ground's share of a
        block (their own ground was read elsewhere), the rows count.
    """
    i, j, k = model.grid.ijk(model.table["block"].to_numpy())
    x = round((wide.shape[0] - model.grid.shape[0]) / 2)
    y = round((wide.shape[1] - model.grid.shape[1]) / 2)
    target, n = wide.index(i + x, j + y, k), wide.n_blocks
    filled = np.bincount(target, volumes_m3(model.table, model.grid), n)
    inside = np.bincount(target, rows.tonnes, n)
    host = np.maximum(share * wide.block_volume_m3 - filled, 0.0) * host_t_per_m3
    tonnes = inside + host
    grades = {}
    for name, grade in rows.grades.items():
        metal = np.bincount(target, rows.tonnes * grade, n)
        grades[name] = np.divide(metal, tonnes, out=np.zeros(n), where=tonnes > 0)
    classes = {
        name: np.asarray(np.bincount(target, rows.tonnes * own, n), dtype=np.float64)
        for name, own in rows.classes.items()
    }
    counted = np.asarray(np.bincount(target, rows.tonnes * rows.counted, n), dtype=np.float64)
    return RockBlocks(wide, tonnes, grades, classes, counted, _zones(model, target, n))


def _zones(model: BlockModel, target: NDArray[np.int64], n: int) -> NDArray[np.uint8]:
    """Return the number of the domain with most volume in each block; 0 for host rock."""
    zone = np.zeros(n, np.uint8)
    if "domain" not in model.fields:
        return zone
    codes, words = pd.factorize(model.table["domain"].astype(str), sort=True)
    volume = volumes_m3(model.table, model.grid)
    most = np.zeros(n)
    for number in range(len(words)):
        own = np.bincount(target, volume * (codes == number), n)
        zone[own > most] = number + 1
        most = np.maximum(most, own)
    return zone


def domain_names(model: BlockModel) -> tuple[str, ...]:
    """Return the names of the domains, in the order of their zone numbers 1, 2, ..."""
    if "domain" not in model.fields:
        return ()
    return tuple(sorted(set(model.table["domain"].astype(str))))
