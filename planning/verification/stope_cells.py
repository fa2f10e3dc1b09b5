"""Do the cells of a stope frame hold just the rock that the block model has there?

All rows are summed again and held against inside and outside together; and some cells are worked
out again from the rows around them, by cutting polygons in plain Python.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deposits.blockmodel import PLACE_COLUMNS, SIZE_COLUMNS, BlockModel
from deposits.display import Fact, as_html, as_text
from planning.limits.stopes.cells import DENSITY, StopeCells
from planning.limits.stopes.frame import StopeFrame
from planning.verification.clipping import Point, area, keep_side

FloatArray = NDArray[np.float64]
#: What sums may be off, as a share of them, and the volume of a cell, as a share of the cell.
SUMS, CELL = 1e-9, 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class CellsProof:
    """What was worked out again, and what does not agree.

    Parameters
    ----------
    n_cells : int
        Cells worked out again.
    violations : tuple of str
        Sums and cells that differ, with both figures; () when all agree.
    """

    n_cells: int
    violations: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether all agrees."""
        return not self.violations

    def facts(self) -> list[Fact]:
        """Return what was checked and the first of what does not agree."""
        facts = [
            Fact("cells worked out again", str(self.n_cells)),
            Fact("violations", str(len(self.violations))),
        ]
        return facts + [Fact("violation", text) for text in self.violations[:20]]

    def __str__(self) -> str:
        """Lay the facts out as text."""
        return as_text("Check of cells", self.facts())

    def _repr_html_(self) -> str:
        """Lay the facts out for a notebook."""
        return as_html("Check of cells", self.facts())


def verify_cells(model: BlockModel, cells: StopeCells, n_cells: int = 100) -> CellsProof:
    """Check cells against the block model that they were integrated from.

    Parameters
    ----------
    model : BlockModel
        The model.
    cells : StopeCells
        What it was shared out to.
    n_cells : int
        How many cells are worked out again, evenly taken from those that hold rows of the model.

    Returns
    -------
    CellsProof
        With everything that differs.
    """
    per_m3, volume = _contents(model, cells)
    found = _compare_sums(per_m3, volume, cells)
    held = np.flatnonzero((cells.volume_m3 - cells.host_m3).ravel() > 0)
    evenly = np.linspace(0, max(len(held) - 1, 0), n_cells).astype(np.int64)
    picked = held[np.unique(evenly)] if len(held) else held
    plans, centre, half_m = _boxes(model, cells.frame)
    for cell in picked:
        level, section, part, step = map(int, np.unravel_index(cell, cells.frame.shape))
        place = f"level {level}, section {section}, slice {part}, step {step}"
        corner = (section, step, level * cells.frame.n_sublevels + part)
        shared = _shared(corner, cells.frame, plans, (centre, half_m))
        for name, array in _arrays(cells).items():
            again = math.fsum(shared[row] * per_m3[name][row] for row in shared)
            largest = max((abs(per_m3[name][row]) for row in shared), default=0.0)
            given = float(array.ravel()[cell])
            if not abs(again - given) <= CELL * cells.frame.cell_volume_m3 * (largest + 1e-300):
                found.append(f"{place}: {name} is {given:.9g}, worked out again {again:.9g}")
    return CellsProof(len(picked), tuple(found))


def _arrays(cells: StopeCells) -> dict[str, FloatArray]:
    """Return what the rows alone bring to each cell, without the host."""
    arrays = {"volume": cells.volume_m3 - cells.host_m3, "tonnes": cells.tonnes - cells.host_tonnes}
    arrays |= {f"metal of {name}": array for name, array in cells.metal.items()}
    return arrays | {f"tonnes without {name}": array for name, array in cells.unknown.items()}


def _contents(model: BlockModel, cells: StopeCells) -> tuple[dict[str, FloatArray], FloatArray]:
    """Return what a cubic metre of each row holds, named as in `_arrays`, and the rows' volumes."""
    table, n = model.table, len(model.table)
    volume = np.full(n, model.grid.block_volume_m3)
    if model.sub_blocked:
        volume = np.prod([table[name].to_numpy(np.float64) for name in SIZE_COLUMNS], axis=0)
    share = table["fraction"].to_numpy(np.float64) if "fraction" in table else np.ones(n)
    density = table[DENSITY].fillna(cells.host_density_t_per_m3) if DENSITY in table else None
    tonnes = share * (cells.host_density_t_per_m3 if density is None else density.to_numpy())
    per_m3 = {"volume": share, "tonnes": tonnes}
    for name in cells.metal:
        grade = table[name].to_numpy(np.float64)
        per_m3[f"metal of {name}"] = tonnes * np.nan_to_num(grade, nan=0.0)
        per_m3[f"tonnes without {name}"] = np.where(np.isnan(grade), tonnes, 0.0)
    return per_m3, volume


def _compare_sums(
    per_m3: dict[str, FloatArray], volume: FloatArray, cells: StopeCells
) -> list[str]:
    """List sums over all rows that inside and outside together do not give."""
    outside = {"volume": cells.outside.volume_m3, "tonnes": cells.outside.tonnes}
    outside |= {f"metal of {name}": value for name, value in cells.outside.metal.items()}
    outside |= {f"tonnes without {name}": value for name, value in cells.outside.unknown.items()}
    found = []
    for name, array in _arrays(cells).items():
        rows = per_m3[name] * volume
        model, both = math.fsum(rows), math.fsum([*array.ravel(), outside[name]])
        if not abs(model - both) <= SUMS * math.fsum(np.abs(rows)) + 1e-12:
            found.append(f"{name} inside and outside is {both:.12g}, of the model {model:.12g}")
    return found


def _boxes(model: BlockModel, frame: StopeFrame) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Plan corners (n, 4, 2), centres (n, 3) and half extents (n, 3) of rows, along u, w, z."""
    table, n = model.table, len(model.table)
    size = np.tile(model.grid.size_m, (n, 1))
    if model.sub_blocked:
        size = table[list(SIZE_COLUMNS)].to_numpy(np.float64)
    world = table[list(PLACE_COLUMNS)].to_numpy(np.float64) - np.asarray(frame.origin_m)
    azimuth, strike = math.radians(model.grid.azimuth_deg), math.radians(frame.strike_deg)
    along = np.array([math.sin(strike), math.cos(strike)])
    across = np.array([math.cos(strike), -math.sin(strike)])

    def in_frame(plan: FloatArray) -> FloatArray:
        turned = [np.sum(plan * axis, axis=-1) for axis in (along, across)]
        return np.stack(turned, axis=-1)

    column = in_frame(np.array([math.cos(azimuth), -math.sin(azimuth)]))
    row = in_frame(np.array([math.sin(azimuth), math.cos(azimuth)]))
    centre = np.column_stack([in_frame(world[:, :2]), world[:, 2]])
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    plans = np.stack(
        [centre[:, :2] + (a * size[:, :1] * column + b * size[:, 1:2] * row) / 2 for a, b in signs],
        axis=1,
    )
    reach = np.abs(plans - centre[:, None, :2]).max(axis=1)
    return plans, centre, np.column_stack([reach, size[:, 2] / 2])


def _shared(
    corner: tuple[int, int, int],
    frame: StopeFrame,
    plans: FloatArray,
    boxes: tuple[FloatArray, FloatArray],
) -> dict[int, float]:
    """Return the volume that a cell shares with each row near it [m3]."""
    size = np.array(frame.cell_m)
    low, high = np.array(corner) * size, (np.array(corner) + 1) * size
    centre, half_m = boxes
    near = np.flatnonzero(((centre + half_m > low) & (centre - half_m < high)).all(axis=1))
    shared = {}
    for row in near:
        plan: list[Point] = [(float(u), float(w)) for u, w in plans[row]]
        for axis in (0, 1):
            plan = keep_side(keep_side(plan, axis, low[axis], 1.0), axis, high[axis], -1.0)
        top = min(high[2], centre[row, 2] + half_m[row, 2])
        tall = top - max(low[2], centre[row, 2] - half_m[row, 2])
        shared[int(row)] = area(plan) * tall
    return shared
