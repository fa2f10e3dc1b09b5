"""What does the SYNTHETIC deposit really hold at a point?

The support of the true field is a cell of the unfolded simulation (4 x 4 x 2 m by default). Below
it the grade has a micro-structure whose mean over a cell is taken as the cell's own, exactly:
samples scatter about the cell, blocks are sums of cells.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from deposits.display import Fact, as_html, as_text
from deposits.grid import Grid
from deposits.synthetic import mixture
from deposits.synthetic.blocks import true_blocks
from deposits.synthetic.design import NAME, DepositDesign
from deposits.synthetic.gaussian import embed, simulate
from deposits.synthetic.mixture import CellFields
from deposits.synthetic.shape import (
    BRECCIA,
    FAULT,
    JASPEROID,
    LIMESTONE,
    ROCKS,
    SHALE,
    Shape,
    make_shape,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Grade of "rich ore" in the facts [% Sb].
RICH_SB_PCT = 15.0


@dataclass(frozen=True, eq=False)
class TrueDeposit:
    """A SYNTHETIC deposit with its true field.

    Parameters
    ----------
    design : DepositDesign
        What it was made from.
    shape : Shape
        Ground, horizon and faults.
    cells : Grid
        Unfolded cells: easting is down dip, northing along strike, elevation the depth under the
        roof [m].
    fields : CellFields
        Gaussians at cell support, in the one order of blocks.
    held : mapping of ndarray
        Per cell: density [t/m3] and density x grade of every element.
    barren : ndarray of bool
        Cells that are jasperoid by majority.
    """

    design: DepositDesign
    shape: Shape
    cells: Grid
    fields: CellFields
    held: Mapping[str, FloatArray]
    barren: NDArray[np.bool_]

    @property
    def elements(self) -> tuple[str, ...]:
        """Names of the grade columns."""
        return ("sb_pct", *(companion.column for companion in self.design.companions))

    def cell_of(self, local_m: FloatArray) -> IntArray:
        """Return the unfolded cell of local points; -1 outside the horizon and the volume."""
        x, y, _ = local_m.T
        depth = self.shape.depth_under_roof_m(local_m)
        fall = math.cos(math.radians(self.design.dip_deg))
        inside = (depth >= 0) & (depth <= self.shape.thickness_m(x, y))
        inside &= self.shape.in_volume(local_m)
        cell = np.full(len(local_m), -1, dtype=np.int64)
        cell[inside] = self.cells.locate(np.column_stack([x / fall, y, depth])[inside])
        return cell

    def rock(self, local_m: FloatArray, cell: IntArray) -> IntArray:
        """Return the rock number of local points, given their cells (see ``ROCKS``)."""
        above = self.shape.depth_under_roof_m(local_m) < 0
        code = np.where(above, SHALE, LIMESTONE)
        code = np.where(cell >= 0, np.where(self.barren[cell], JASPEROID, BRECCIA), code)
        return np.where(self.shape.in_fault(local_m), FAULT, code).astype(np.int64)

    def at(self, points_m: ArrayLike) -> pd.DataFrame:
        """Return the true field at points, at cell support.

        Parameters
        ----------
        points_m : array_like, shape (n, 3)
            Easting, northing, elevation [m].

        Returns
        -------
        DataFrame
            ``rock``, ``in_horizon``, ``density_t_per_m3``, a column per element, ``synthetic``.
        """
        local = self.shape.to_local(points_m)
        cell = self.cell_of(local)
        rock = self.rock(local, cell)
        held = self.mass(cell, rock)
        density = held.pop("density_t_per_m3")
        columns = {name: mass / density for name, mass in held.items()}
        return pd.DataFrame(
            {
                "rock": np.asarray(ROCKS)[rock],
                "in_horizon": cell >= 0,
                "density_t_per_m3": density,
                **columns,
                "synthetic": True,
            }
        )

    def mass(self, cell: IntArray, rock: IntArray) -> dict[str, FloatArray]:
        """Return density [t/m3] and density x grade where the rock is known."""
        ore = (rock == JASPEROID) | (rock == BRECCIA)
        design = self.design
        by_rock = np.array(
            [
                design.shale_density_t_per_m3,
                design.limestone_density_t_per_m3,
                design.fault_density_t_per_m3,
                np.nan,
                np.nan,
            ]
        )
        wall = {"sb_pct": design.wall_rock_sb_pct}
        wall |= {companion.column: companion.wall_rock for companion in design.companions}
        density = np.where(ore, self.held["density_t_per_m3"][cell], by_rock[rock])
        found = {"density_t_per_m3": density}
        for name, grade in wall.items():
            found[name] = np.where(ore, self.held[name][cell], density * grade)
        return found

    def facts(self, smu_m: tuple[float, float, float] = (10.0, 10.0, 5.0)) -> list[Fact]:
        """List what is true of the deposit at points, cells and a selection unit.

        Parameters
        ----------
        smu_m : tuple = (across, along strike, high)
            Selection unit [m].
        """
        blocks = true_blocks(self, self.grid(smu_m), part="horizon")
        tonnes, sb = blocks["tonnage_t"].to_numpy(), blocks["sb_pct"].to_numpy()
        cells, point = self._of_horizon()
        above = sb >= 1.0
        smu = " x ".join(f"{size:g}" for size in smu_m) + " m"
        return [
            Fact("deposit", NAME),
            Fact("horizon", tonnes.sum(), "t"),
            Fact("mean", np.average(sb, weights=tonnes), "% Sb"),
            Fact("share of tonnes at or above 1 % Sb, " + smu, tonnes[above].sum() / tonnes.sum()),
            Fact(
                "mean at or above 1 % Sb, " + smu,
                np.average(sb[above], weights=tonnes[above]),
                "% Sb",
            ),
            Fact("standard deviation, points", point["sd"], "% Sb"),
            Fact("standard deviation, cells", cells["sd"], "% Sb"),
            Fact("standard deviation, " + smu, _spread(sb, tonnes), "% Sb"),
            *(Fact(f"share of {name}", point[name]) for name in mixture.POPULATIONS),
            Fact(f"share at or above {RICH_SB_PCT:g} % Sb, points", point["rich"]),
            Fact(f"share at or above {RICH_SB_PCT:g} % Sb, cells", cells["rich"]),
            Fact(
                f"share at or above {RICH_SB_PCT:g} % Sb, {smu}",
                tonnes[sb >= RICH_SB_PCT].sum() / tonnes.sum(),
            ),
        ]

    def __str__(self) -> str:
        """Facts as text."""
        return as_text(NAME, self.facts())

    def _repr_html_(self) -> str:
        return as_html(NAME, self.facts())

    def grid(self, size_m: tuple[float, float, float] = (5.0, 5.0, 2.5)) -> Grid:
        """Return blocks of a size that hold the whole horizon, turned to its strike."""
        design = self.design
        x, y = np.meshgrid(
            np.linspace(0, design.width_m, 61), np.linspace(0, design.strike_length_m, 121)
        )
        low = math.floor(float(self.shape.floor_m(x, y).min()) / 10.0 - 1.0) * 10.0
        high = math.ceil(float(self.shape.roof_m(x, y).max()) / 10.0 + 1.0) * 10.0
        lengths = (design.width_m, design.strike_length_m, high - low)
        nx, ny, nz = (math.ceil(a / b - 1e-9) for a, b in zip(lengths, size_m, strict=True))
        return Grid((*design.corner_m, low), size_m, (nx, ny, nz), design.strike_deg)

    def horizon_cells(self) -> NDArray[np.bool_]:
        """Say which unfolded cells lie, by their centres, in the horizon, fault zones left out."""
        depth_down, along, depth = self.cells.centres(np.arange(self.cells.n_blocks)).T
        fall = math.cos(math.radians(self.design.dip_deg))
        across = depth_down * fall
        inside = depth <= self.shape.thickness_m(across, along)
        crushed = self.shape.in_fault(np.column_stack([across, along, depth]))
        return np.asarray(inside & ~crushed, dtype=bool)

    def _of_horizon(self) -> tuple[dict[str, float], dict[str, float]]:
        """Statistics by volume of the horizon's cells and of the points in them."""
        kept = self.horizon_cells()
        fields = CellFields(self.fields.level[kept], self.fields.grade[kept], ())
        sb = self.held["sb_pct"][kept] / self.held["density_t_per_m3"][kept]
        square = mixture.point_square(self.design, fields)
        # The point mean by volume is a little below the cell's grade by mass.
        part = mixture.shares(self.design, fields.level)
        mean = float(np.mean(mixture.point_mean(self.design, fields)))
        point = {
            "sd": math.sqrt(float(np.mean(square)) - mean**2),
            "rich": float(np.mean(mixture.point_share_above(self.design, fields, RICH_SB_PCT))),
        }
        point |= dict(zip(mixture.POPULATIONS, map(float, part.mean(axis=1)), strict=True))
        return {"sd": float(sb.std()), "rich": float(np.mean(sb >= RICH_SB_PCT))}, point


def make_deposit(design: DepositDesign) -> TrueDeposit:
    """Make a SYNTHETIC deposit.

    Parameters
    ----------
    design : DepositDesign
        What it is like; equal designs give equal deposits.

    Returns
    -------
    TrueDeposit
        With its true field at cell support.
    """
    shape = make_shape(design)
    fall = math.cos(math.radians(design.dip_deg))
    reach = (design.width_m / fall, design.strike_length_m, design.thickness_m[2])
    size = design.cell_m
    counts = tuple(math.ceil(a / b) for a, b in zip(reach, size, strict=True))
    cells = Grid((0.0, 0.0, 0.0), size, (counts[0], counts[1], counts[2]))
    random = np.random.default_rng([design.seed, 2])
    torus = embed(design.continuity, cells.shape, size)
    known = math.sqrt(design.cell_share)
    level = _trend(shape, cells) + known * simulate(torus, random).ravel()
    grade = simulate(torus, random).ravel()
    companions = tuple(simulate(torus, random).ravel() for _ in design.companions)
    fields = CellFields(level, grade, companions)
    barren = mixture.shares(design, level)[0] > 0.5
    return TrueDeposit(design, shape, cells, fields, mixture.cell_mass(design, fields), barren)


def _trend(shape: Shape, cells: Grid) -> FloatArray:
    """Trend of X: richer towards the core and under the shale cap [standard deviations]."""
    nx, ny, nz = cells.shape
    plan = cells.centres(np.arange(nx * ny))
    fall = math.cos(math.radians(shape.design.dip_deg))
    in_plan = 0.9 * shape.core(plan[:, 0] * fall, plan[:, 1]) - 0.2
    depth = (np.arange(nz) + 0.5) * cells.size_m[2]
    trend: FloatArray = (0.35 - 0.008 * depth)[:, None] + in_plan
    return trend.ravel()


def _spread(values: FloatArray, weights: FloatArray) -> float:
    """Weighted standard deviation."""
    mean = np.average(values, weights=weights)
    return math.sqrt(float(np.average((values - mean) ** 2, weights=weights)))
