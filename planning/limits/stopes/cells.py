"""How much rock, metal and unknown ground does each sub-cell of a stope frame hold?

Every row of a block model, block or sub-block, is shared out to the cells by the exact volume that
they have in common: in plan the area common to two rectangles at any angle, in elevation the
length common to two intervals. What the frame holds and what lies outside it add up to the model.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from deposits.blockmodel import PLACE_COLUMNS, SIZE_COLUMNS, BlockModel, Inside, volumes_m3
from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem
from planning.kernels.stope_cells import Lattice, Rows, share_out
from planning.limits.interruptions import interruptible
from planning.limits.stopes.frame import StopeFrame, turn

FloatArray = NDArray[np.float64]
DENSITY = "density_t_per_m3"
#: Cells whose sample points are asked for at once.
BATCH = 50_000
#: Rows that are shared out before an interruption is heard.
ROWS = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Totals:
    """Sums over some of the model's rock.

    Parameters
    ----------
    volume_m3, tonnes : float
        Volume [m3] and tonnes [t].
    metal : mapping = {field: float}
        Tonnes times grade.
    unknown : mapping = {field: float}
        Tonnes whose grade is not known; they count as grade 0 in `metal`.
    """

    volume_m3: float
    tonnes: float
    metal: Mapping[str, float]
    unknown: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """What lies where the model has no rows.

    Parameters
    ----------
    host_density_t_per_m3 : float
        Density of rock outside the model's rows, and of rows without one, above 0 [t/m3]. Such
        rock has grade 0 in every field.
    rock : callable, optional
        Takes points (n, 3) [m] and says which lie in rock rather than in air or in a void, such as
        `deposits.blockmodel.below(surface)`. None: rock everywhere.
    excluded : callable, optional
        Takes points (n, 3) [m] and says which no stope or skin may touch. None: nowhere.
    samples : tuple = (nu, nw, nz)
        Points of a cell at which both are asked, the middles of so many equal parts along each
        axis; a cell's share is the share of its points. A body smaller than a part can be missed.
    """

    host_density_t_per_m3: float
    rock: Inside | None = None
    excluded: Inside | None = None
    samples: tuple[int, int, int] = (4, 1, 4)

    def __post_init__(self) -> None:
        """Refuse what describes no rock."""
        problems = []
        density = self.host_density_t_per_m3
        if not 0.5 <= density <= 20:
            remedy = "State it in t/m3." if density > 20 else ""
            allowed = "0.5 to 20 t/m3"
            problems.append(
                Problem("density of host rock", "stopes", f"{density}", allowed, remedy)
            )
        if not all(isinstance(n, int) and n >= 1 for n in self.samples):
            problems.append(Problem("sample points", "stopes", f"{self.samples}", "1 or more each"))
        if problems:
            raise DataError(problems)


@dataclass(frozen=True, slots=True, eq=False)
class StopeCells:
    """A block model integrated over the sub-cells of a frame; arrays (L, S, K, J).

    Parameters
    ----------
    frame : StopeFrame
        Where the cells lie; axes levels, sections, slices of a level, steps across.
    volume_m3 : ndarray
        Rock in a cell [m3], the model's rows and the host between them; air is no rock.
    tonnes : ndarray
        All rock [t].
    host_m3 : ndarray
        What of it lies outside the model's rows [m3].
    metal : mapping = {field: ndarray}
        Tonnes times grade, 0 for host and for unknown grades.
    unknown : mapping = {field: ndarray}
        Tonnes of the model's rock whose grade in this field is NaN.
    blocked : ndarray
        Share of a cell that is excluded, 0 to 1.
    host_density_t_per_m3 : float
        Density of rock outside the rows, and of rows without one.
    outside : Totals
        The model's rows that lie outside the frame.
    without_density_m3 : float
        Volume of all rows whose density is not known; the host's stands for it.
    """

    frame: StopeFrame
    volume_m3: FloatArray
    tonnes: FloatArray
    host_m3: FloatArray
    metal: Mapping[str, FloatArray]
    unknown: Mapping[str, FloatArray]
    blocked: FloatArray
    host_density_t_per_m3: float
    outside: Totals
    without_density_m3: float = 0.0

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the integrated fields."""
        return tuple(self.metal)

    @property
    def host_tonnes(self) -> FloatArray:
        """What of a cell lies outside the model's rows [t]."""
        return self.host_m3 * self.host_density_t_per_m3

    def inside(self) -> Totals:
        """Return the sums over the model's rows within the frame, without the host."""
        return Totals(
            float(np.sum(self.volume_m3) - np.sum(self.host_m3)),
            float(np.sum(self.tonnes) - np.sum(self.host_tonnes)),
            {name: float(np.sum(array)) for name, array in self.metal.items()},
            {name: float(np.sum(array)) for name, array in self.unknown.items()},
        )

    def facts(self) -> list[Fact]:
        """Return how much rock the frame holds and what it leaves out."""
        inside, outside = self.inside(), self.outside
        whole = inside.tonnes + outside.tonnes
        facts = [
            Fact("model's rock within the frame", inside.tonnes, "t"),
            Fact("model's rock outside the frame", outside.tonnes, "t"),
            Fact("share of it outside", outside.tonnes / whole if whole else None),
            Fact("host rock within the frame", float(np.sum(self.host_tonnes)), "t"),
            Fact("rock without a density", self.without_density_m3, "m3"),
            Fact("cells touched by exclusions", int(np.count_nonzero(self.blocked > 0))),
        ]
        facts += [Fact(f"rock without {n}", v, "t") for n, v in inside.unknown.items()]
        return facts

    def __str__(self) -> str:
        """Lay the facts out as text."""
        return as_text("Block model over a frame of stopes", self.facts())

    def _repr_html_(self) -> str:
        """Lay the facts out for a notebook."""
        return as_html("Block model over a frame of stopes", self.facts())


def integrate(
    model: BlockModel,
    frame: StopeFrame,
    fields: Sequence[str],
    surroundings: Surroundings,
) -> StopeCells:
    """Share a block model out to the sub-cells of a frame.

    Parameters
    ----------
    model : BlockModel
        Rows of blocks and sub-blocks, `fraction` of whose volume counts; `density_t_per_m3` where
        it is known. A model without rows is all host rock.
    frame : StopeFrame
        Any azimuth against the model's grid.
    fields : sequence of str
        Grades, or anything else per tonne (a net smelter return), that adds up by tonnes.
    surroundings : Surroundings
        Density of host rock; where rock and where exclusions are.

    Returns
    -------
    StopeCells
        Cells and outside together hold what the model holds, to rounding.

    Raises
    ------
    DataError
        If a field is missing, is no number or infinite, or a density cannot be right.
    """
    problems = _check(model, fields)
    if problems:
        raise DataError(problems)
    size, n_levels, n_slices = np.array(frame.cell_m), frame.n_levels, frame.n_sublevels
    rows, without = _rows(model, frame, fields, surroundings.host_density_t_per_m3)
    cos, sin = turn(frame.strike_deg - model.grid.azimuth_deg)
    lattice = Lattice(size, frame.n_sections, frame.n_steps, n_levels * n_slices, cos, sin)
    n_q = rows.per_m3.shape[1]
    sums = np.zeros((n_levels * n_slices, frame.n_sections, frame.n_steps, n_q))
    outside = np.zeros(n_q)
    _share_out(rows, lattice, sums, outside)
    order = (n_levels, n_slices, frame.n_sections, frame.n_steps, n_q)
    parts = np.ascontiguousarray(np.moveaxis(sums.reshape(order), (4, 2), (0, 2)))
    rock, blocked = _sampled(frame, surroundings)
    host = np.maximum(rock * frame.cell_volume_m3 - parts[0], 0.0)
    # the host's own rounding beside full cells is no rock
    host[host < 1e-9 * frame.cell_volume_m3] = 0.0
    known, gaps = len(fields) + 2, _with_gaps(model, fields)
    unknown = dict.fromkeys(fields, np.zeros(frame.shape))
    unknown |= zip(gaps, parts[known:], strict=True)
    beyond = dict.fromkeys(fields, 0.0) | dict(zip(gaps, outside[known:].tolist(), strict=True))
    metal = dict(zip(fields, outside[2:known].tolist(), strict=True))
    return StopeCells(
        frame,
        parts[0] + host,
        parts[1] + host * surroundings.host_density_t_per_m3,
        host,
        MappingProxyType(dict(zip(fields, parts[2:known], strict=True))),
        MappingProxyType(unknown),
        blocked,
        surroundings.host_density_t_per_m3,
        Totals(float(outside[0]), float(outside[1]), metal, beyond),
        without,
    )


@interruptible()
def _share_out(rows: Rows, lattice: Lattice, sums: FloatArray, outside: FloatArray) -> None:
    """Share rows out some at a time; between them an interruption is heard."""
    for first in range(0, len(rows.centre), ROWS):
        some = slice(first, first + ROWS)
        part = Rows(rows.centre[some], rows.half[some], rows.per_m3[some])
        share_out(part, lattice, sums, outside)


def _with_gaps(model: BlockModel, fields: Sequence[str]) -> list[str]:
    """Return the fields in which some row has no grade: only these need sums of unknown rock."""
    return [name for name in fields if np.isnan(model.table[name].to_numpy(np.float64)).any()]


def _rows(
    model: BlockModel, frame: StopeFrame, fields: Sequence[str], host: float
) -> tuple[Rows, float]:
    """Return the boxes of a model in the frame's axes, and the volume that lacks a density."""
    table, n = model.table, len(model.table)
    half = np.tile(np.array(model.grid.size_m) / 2, (n, 1))
    if model.sub_blocked:
        half = table[list(SIZE_COLUMNS)].to_numpy(np.float64) / 2
    volume = volumes_m3(table, model.grid)
    counted = table["fraction"].to_numpy(np.float64) if "fraction" in table else np.ones(n)
    density = np.full(n, np.nan)
    if DENSITY in table:
        density = table[DENSITY].to_numpy(np.float64)
    absent = np.isnan(density)
    tonnes = counted * np.where(absent, host, density)
    grades = [table[name].to_numpy(np.float64) for name in fields]
    metal = [np.where(np.isnan(g), 0.0, g) * tonnes for g in grades]
    unknown = [np.isnan(g) * tonnes for g in grades if np.isnan(g).any()]
    columns = [counted, tonnes, *metal, *unknown]
    per_m3 = np.column_stack(columns).reshape(n, len(columns))
    centre = frame.to_frame(table[list(PLACE_COLUMNS)].to_numpy(np.float64))
    return Rows(centre, np.ascontiguousarray(half), per_m3), float(np.sum(volume[absent]))


def _sampled(frame: StopeFrame, surroundings: Surroundings) -> tuple[FloatArray, FloatArray]:
    """Return the shares of cells that are rock and that are excluded, (L, S, K, J) each."""
    n_cells = math.prod(frame.shape)
    shares = []
    for inside, default in ((surroundings.rock, 1.0), (surroundings.excluded, 0.0)):
        share = np.full(n_cells, default)
        if inside is not None:
            for start in range(0, n_cells, BATCH):
                cells = np.arange(start, min(start + BATCH, n_cells))
                points = _sample_points(frame, cells, surroundings.samples)
                found = np.asarray(inside(points), dtype=np.float64)
                share[cells] = np.sum(found.reshape(len(cells), -1), axis=1) / (
                    len(points) // len(cells)
                )
        shares.append(share.reshape(frame.shape))
    return shares[0], shares[1]


def _sample_points(
    frame: StopeFrame, cells: NDArray[np.int64], samples: tuple[int, int, int]
) -> FloatArray:
    """Return the middles of equal parts of cells [m], cell by cell, shape (n * parts, 3)."""
    level, section, part, step = np.unravel_index(cells, frame.shape)
    corner = np.column_stack([section, step, level * frame.n_sublevels + part])
    middles = [(np.arange(n) + 0.5) / n for n in samples]
    within = np.stack(np.meshgrid(*middles, indexing="ij"), axis=-1).reshape(-1, 3)
    places = (corner[:, None, :] + within[None, :, :]) * np.array(frame.cell_m)
    return frame.to_world(places.reshape(-1, 3))


def _check(model: BlockModel, fields: Sequence[str]) -> list[Problem]:
    """List what keeps a model from being integrated."""
    place, table = model.about.name or "block model", model.table
    problems = []
    for name in fields:
        if name not in model.fields:
            have = ", ".join(model.fields) or "none"
            problems.append(Problem("field is missing", place, name, have))
        elif table[name].dtype.kind not in "iuf":
            problems.append(Problem("field is not a column of numbers", f"{place}, {name}"))
        elif np.isinf(table[name].to_numpy(np.float64)).any():
            problems.append(Problem("grades are infinite", f"{place}, {name}"))
    if DENSITY in table:
        if table[DENSITY].dtype.kind not in "iuf":
            return [*problems, Problem("density is no number", f"{place}, {DENSITY}")]
        density = table[DENSITY].to_numpy(np.float64)
        wrong = np.flatnonzero(~np.isnan(density) & ~((density > 0) & (density <= 20)))
        if len(wrong):
            found = f"{len(wrong)} rows, first {density[wrong[0]]:g} in row {wrong[0] + 1}"
            remedy = "State density in t/m3."
            problems.append(
                Problem("density", f"{place}, {DENSITY}", found, "above 0, to 20 t/m3", remedy)
            )
    return problems
