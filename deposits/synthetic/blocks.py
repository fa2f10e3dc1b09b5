"""What does the SYNTHETIC deposit really hold in a block, and above a cut-off?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.grid import Grid

if TYPE_CHECKING:
    from deposits.synthetic.truth import TrueDeposit

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Points of the truth that a block is averaged over stand no further apart than this [m].
POINT_SPACING_M = 2.6
#: Points worked on at once.
BATCH = 400_000


def true_blocks(
    deposit: TrueDeposit, grid: Grid, *, part: Literal["block", "horizon"] = "block"
) -> pd.DataFrame:
    """Average the SYNTHETIC truth over blocks.

    Parameters
    ----------
    deposit : TrueDeposit
        The deposit.
    grid : Grid
        Any grid; blocks that hold nothing of the horizon are left out.
    part : {"block", "horizon"}
        Whether tonnes and grades are of the whole block, wall rock included, or of what of it
        lies within the horizon.

    Returns
    -------
    DataFrame
        ``block`` (grid number), ``easting, northing, elevation`` of its centre [m],
        ``horizon_fraction`` of its volume, ``volume_m3`` and ``tonnage_t`` of the part,
        ``density_t_per_m3``, a column per element by mass, ``synthetic``.

    Notes
    -----
    Regular points no further than 2.6 m apart; what lies outside the modelled plan counts as
    wall rock.
    """
    repeats = tuple(max(1, math.ceil(size / POINT_SPACING_M)) for size in grid.size_m)
    offsets = np.stack(
        np.meshgrid(*((np.arange(n) + 0.5) / n - 0.5 for n in repeats), indexing="ij"), axis=-1
    ).reshape(-1, 3) * np.asarray(grid.size_m)
    near = _near_horizon(deposit, grid)
    turned = offsets @ grid.axes()
    rows = max(1, BATCH // len(offsets))
    parts = [
        _average(deposit, grid, near[start : start + rows], (turned, part))
        for start in range(0, len(near), rows)
    ]
    columns = {name: np.concatenate([p[name] for p in parts]) for name in parts[0]} if parts else {}
    table = pd.DataFrame(columns)
    table = table[table["horizon_fraction"] > 0].reset_index(drop=True) if parts else table
    return table.assign(synthetic=True)


def _near_horizon(deposit: TrueDeposit, grid: Grid) -> IntArray:
    """Numbers of the blocks that may hold some of the horizon."""
    shape, half = deposit.shape, 0.5 * float(np.linalg.norm(grid.size_m))
    slope = math.tan(math.radians(deposit.design.dip_deg)) + 0.5
    throw = sum(abs(fault.throw_m) for fault in deposit.design.faults)
    kept = []
    for start in range(0, grid.n_blocks, BATCH):
        numbers = np.arange(start, min(start + BATCH, grid.n_blocks))
        x, y, z = shape.to_local(grid.centres(numbers)).T
        reach = half * (1.0 + slope) + throw
        close = (z <= shape.roof_m(x, y) + reach) & (z >= shape.floor_m(x, y) - reach)
        close &= (x >= -half) & (x <= deposit.design.width_m + half)
        close &= (y >= -half) & (y <= deposit.design.strike_length_m + half)
        kept.append(numbers[close])
    return np.concatenate(kept)


def _average(
    deposit: TrueDeposit, grid: Grid, numbers: IntArray, how: tuple[FloatArray, str]
) -> dict[str, FloatArray]:
    """Average the truth over some blocks."""
    offsets, part = how
    centres = grid.centres(numbers)
    local = deposit.shape.to_local((centres[:, None, :] + offsets).reshape(-1, 3))
    cell = deposit.cell_of(local)
    inside = (cell >= 0).reshape(len(numbers), -1)
    counted = inside if part == "horizon" else np.ones_like(inside)
    held = deposit.mass(cell, deposit.rock(local, cell))
    n_points = len(offsets)
    sums = {
        name: np.where(counted, mass.reshape(inside.shape), 0.0).sum(axis=1)
        for name, mass in held.items()
    }
    volume = counted.mean(axis=1) * grid.block_volume_m3
    weight = sums.pop("density_t_per_m3")
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "block": numbers,
            **dict(zip(("easting", "northing", "elevation"), centres.T, strict=True)),
            "horizon_fraction": inside.mean(axis=1),
            "volume_m3": volume,
            "tonnage_t": weight / n_points * grid.block_volume_m3,
            "density_t_per_m3": weight / counted.sum(axis=1),
            **{name: total / weight for name, total in sums.items()},
        }


def true_grade_tonnage(blocks: pd.DataFrame, cutoffs_sb_pct: Sequence[float]) -> pd.DataFrame:
    """Cut the SYNTHETIC truth: the curve an estimate on the same blocks is judged by.

    Parameters
    ----------
    blocks : DataFrame
        From :func:`true_blocks`.
    cutoffs_sb_pct : sequence of float
        Cut-offs [% Sb]; a block at the cut-off counts.

    Returns
    -------
    DataFrame
        ``cutoff_sb_pct, ore_t, sb_t`` [t], mean grades by mass (NaN where nothing is left),
        ``synthetic``.
    """
    grades = [name for name in blocks.columns if name.endswith(("_pct", "_gpt", "_ppm"))]
    rows = []
    for cutoff in cutoffs_sb_pct:
        ore = blocks[blocks["sb_pct"] >= cutoff]
        tonnes = float(ore["tonnage_t"].sum())
        means = {
            name: float((ore[name] * ore["tonnage_t"]).sum()) / tonnes if tonnes else math.nan
            for name in grades
        }
        metal = tonnes * means["sb_pct"] / 100.0 if tonnes else 0.0
        rows.append(
            {"cutoff_sb_pct": float(cutoff), "ore_t": tonnes, "sb_t": metal, **means}
            | {"synthetic": True}
        )
    return pd.DataFrame(rows)
