"""Which pit or stopes does any block model hold, without a study around it?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deposits.blockmodel import BlockModel
from deposits.errors import DataError, Problem
from planning.limits.answers import UltimatePit
from planning.limits.pit import ultimate_pit
from planning.limits.precedence import ConePrecedence
from planning.limits.slope_checks import zone_problems
from planning.limits.slope_fit import levels_for, slope_fit
from planning.limits.slopes import cone_precedence, uniform_slope
from planning.limits.stopes import (
    PanelSolutions,
    StopeRules,
    Surroundings,
    cutoff_value,
    frame_over,
    integrate,
    optimise_panels,
)
from planning.limits.stopes.table import StopeTable, TableFields, stope_table
from planning.mine.rock import DENSITY
from planning.mine.slopes import MOST_ERROR_DEG
from planning.verification.closures import verify_pit
from planning.verification.stopes import verify_stopes

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PitAlone:
    """The pit of a block model whose blocks state their worth.

    Parameters
    ----------
    pit : UltimatePit
        The answer.
    precedence : ConePrecedence
        Its slopes.
    model : BlockModel
        The blocks.
    absent : int
        Blocks of the grid that the model does not hold; they are dug free, as air is.
    steep_deg : float
        Most by which a wall of whole blocks is steeper than the slope [degrees].
    faults : tuple of str
        What an independent check found wrong; () when all holds.
    """

    pit: UltimatePit
    precedence: ConePrecedence
    model: BlockModel
    absent: int
    steep_deg: float
    faults: tuple[str, ...]

    @property
    def reaches_edge(self) -> bool:
        """Whether the pit touches a side of the grid: there nothing beyond has to be dug."""
        nx, ny, nz = self.model.grid.shape
        dug = self.pit.mined.reshape(nz, ny, nx)
        sides = (dug[:, 0], dug[:, -1], dug[:, :, 0], dug[:, :, -1])
        return any(bool(side.any()) for side in sides)

    def blocks(self) -> BlockModel:
        """Return the model with ``in_pit`` of every row."""
        block = self.model.table["block"].to_numpy()
        table = self.model.table.assign(in_pit=self.pit.mined[block])
        return BlockModel(self.model.grid, table, self.model.about)

    def sentences(self) -> list[str]:
        """Say what a reader must not miss."""
        said = []
        if self.absent:
            said.append(
                f"{self.absent:,} of {self.pit.n_blocks:,} blocks of the grid are not in the "
                "model; they are dug free, as air is."
            )
        if self.reaches_edge:
            said.append(
                "The pit reaches the edge of the model, beyond which nothing has to be dug: it is "
                "too good there. Give a model with rock around the ore."
            )
        if self.steep_deg > 1.0:
            said.append(
                f"Whole blocks stand up to {self.steep_deg:.1f} degrees steeper than the slope; "
                "raise --slope-levels."
            )
        return said

    def to_dict(self) -> dict[str, Any]:
        """Return value, bound, gap, status and size, for programs."""
        pit = self.pit
        return {
            "value": pit.value,
            "bound": pit.bound,
            "gap": pit.gap,
            "rounding_bound": pit.rounding_bound,
            "status": "optimal" if pit.value_units == pit.bound_units else "feasible",
            "blocks": int(pit.mined.sum()),
            "free_blocks": int(pit.free.sum()),
            "synthetic": self.model.about.synthetic,
            "absent_blocks": self.absent,
            "reaches_edge": self.reaches_edge,
            "most_too_steep_deg": self.steep_deg,
            "proven_by_check": not self.faults,
            "seconds": pit.seconds,
        }


def pit_of(
    model: BlockModel, value_field: str, slope_deg: float, levels: int | None = None
) -> PitAlone:
    """Find the pit of a block model whose rows state their worth.

    Parameters
    ----------
    model : BlockModel
        With the worth of each row [currency per row, not per tonne].
    value_field : str
        Field that holds it; costs are negative.
    slope_deg : float
        Overall slope angle, the same all around [degrees].
    levels : int, optional
        Benches over which the slope is followed before its pattern repeats; absent, as many as
        bring every wall within half a degree of it, or as near as the grid allows.

    Returns
    -------
    PitAlone

    Raises
    ------
    DataError
        If there are no rows, the field is missing or holds what is no number, or the slope cannot
        be right.
    """
    _refuse_empty(model)
    if value_field not in model.fields:
        allowed = ", ".join(model.fields)
        raise DataError([Problem("no such field", model.about.name, value_field, allowed)])
    worth = model.table[value_field].to_numpy(np.float64)
    bad = np.flatnonzero(~np.isfinite(worth))
    if bad.size:
        fact = f"{bad.size} of {len(worth)} rows have no worth"
        place = f"{model.about.name}, row {bad[0] + 1}, column {value_field}"
        raise DataError([Problem(fact, place, f"{worth[bad[0]]}", "a number", "Fill it first.")])
    block = model.table["block"].to_numpy()
    values = np.bincount(block, worth, model.grid.n_blocks)
    absent = int(model.grid.n_blocks - len(np.unique(block)))
    zones = {0: uniform_slope(slope_deg)}
    problems = zone_problems(zones, "slope", {0: ""})
    if problems:
        raise DataError(problems)
    followed = levels or levels_for(model.grid, zones, MOST_ERROR_DEG)
    precedence = cone_precedence(model.grid, zones, None, followed)
    pit = ultimate_pit(values, precedence)
    proof = verify_pit(values, precedence, pit)
    steep = float(slope_fit(model.grid, zones, followed).table["error_deg"].max())
    return PitAlone(pit, precedence, model, absent, max(steep, 0.0), proof.violations)


def _refuse_empty(model: BlockModel) -> None:
    """Refuse a model without rows: its optimum would be nothing, proven."""
    if not len(model.table):
        raise DataError([Problem("the block model has no rows", model.about.name)])


@dataclass(frozen=True, slots=True, eq=False)
class StopesAlone:
    """Stopes of a block model by a grade and its cut-off.

    Parameters
    ----------
    solutions : PanelSolutions
        The answer, panel by panel.
    table : StopeTable
        What the stopes hold.
    faults : tuple of str
        What an independent check found wrong; () when all holds.
    synthetic : bool
        Whether the model is made up.
    """

    solutions: PanelSolutions
    table: StopeTable
    faults: tuple[str, ...]
    synthetic: bool = False

    def sentences(self) -> list[str]:
        """Say what a reader must not miss."""
        rules, said = self.solutions.rules, []
        if rules.clearance_m > rules.pillar_m:
            said.append(
                f"Pillars are {rules.clearance_m:g} m, not {rules.pillar_m:g}: the skins of "
                "neighbours must not meet."
            )
        unknown = [k for k in self.table.totals if k.startswith("unknown_share_")]
        share = max((self.table.totals[k] for k in unknown), default=0.0)
        if share > 0.0:
            said.append(
                f"{100 * share:.2g} % of the stopes' tonnes have no grade; they count as 0."
            )
        return said

    def to_dict(self) -> dict[str, Any]:
        """Return value, bound, status and what the stopes hold, for programs."""
        found = self.solutions
        return {
            "value": found.value,
            "bound": found.bound,
            "unit": found.unit,
            "status": "feasible" if self.faults else "optimal",
            "synthetic": self.synthetic,
            "stopes": len(found.stopes),
            "totals": {k: None if v != v else v for k, v in self.table.totals.items()},
            "certificate": found.certificate(),
            "proven_by_check": not self.faults,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What stopes are cut by.

    Parameters
    ----------
    grade : str
        Field of the block model.
    cutoff : float
        Least diluted grade of a stope [unit of the field].
    host_density_t_per_m3 : float
        Density of rock outside the model [t/m3].
    """

    grade: str
    cutoff: float
    host_density_t_per_m3: float


def stopes_of(
    model: BlockModel,
    cut: Cut,
    strike_deg: float,
    intervals_m: tuple[float, float, float],
    rules: StopeRules,
) -> StopesAlone:
    """Find the stopes of a block model by one grade.

    Parameters
    ----------
    model : BlockModel
        With densities and the grade; NaN counts as barren and is told apart.
    cut : Cut
        Grade, cut-off and density of the host.
    strike_deg : float
        Azimuth along which sections follow each other [degrees].
    intervals_m : tuple = (section, level, step)
        Length of a section, height of a level, step of the walls [m].
    rules : StopeRules
        Of one stope.

    Returns
    -------
    StopesAlone
    """
    _refuse_empty(model)
    _refuse_grades(model, cut.grade)
    skins = max(rules.near_skin_m, rules.far_skin_m)
    sublevels = max(1, round(intervals_m[1] / model.grid.size_m[2]))
    margin = 2.0 * skins + intervals_m[2]
    frame = frame_over(model.grid, strike_deg, intervals_m, sublevels, margin)
    cells = integrate(model, frame, [cut.grade], Surroundings(cut.host_density_t_per_m3))
    worth = cutoff_value(cells, cut.grade, cut.cutoff, rules.mining_recovery)
    solutions = optimise_panels(cells, worth, rules)
    table = stope_table(solutions.stopes, cells, rules, TableFields(grades=(cut.grade,)))
    proof = verify_stopes(cells, worth, rules, solutions.stopes)
    faults = tuple(map(str, proof.violations))
    return StopesAlone(solutions, table, faults, model.about.synthetic)


def _refuse_grades(model: BlockModel, grade: str) -> None:
    """Refuse negative grades and rows whose tonnes are not known; a missing field is said later."""
    problems, place = [], model.about.name
    if DENSITY not in model.fields:
        remedy = "Add a column of densities [t/m3]; tonnes of ore are not guessed."
        problems.append(Problem("the block model has no density", place, DENSITY, remedy=remedy))
    if grade in model.fields and model.table[grade].dtype.kind in "iuf":
        wrong = np.flatnonzero(model.table[grade].to_numpy(np.float64) < 0)
        if wrong.size:
            fact = f"{wrong.size} of {len(model.table)} rows have a grade below 0"
            found = f"{model.table[grade].iloc[wrong[0]]:g}"
            remedy = "Leave a cell empty where the grade is not known."
            row = f"{place}, row {wrong[0] + 1}, column {grade}"
            problems.append(Problem(fact, row, found, "0 or more", remedy))
    if problems:
        raise DataError(problems)


def read_model(path: Path) -> BlockModel:
    """Read a block model: Parquet, or CSV with Datamine's fields.

    Parameters
    ----------
    path : Path
        Ending ``.parquet`` or ``.csv``.

    Returns
    -------
    BlockModel

    Raises
    ------
    DataError
        If the ending is another, or the file cannot be read.
    """
    from deposits.blockmodel import read_blocks
    from deposits.formats.csv_blocks import read_datamine

    ending = path.suffix.lower()
    if ending == ".parquet":
        return read_blocks(path)
    if ending == ".csv":
        return read_datamine(path)
    raise DataError([Problem("not a block model", str(path), ending, ".parquet, .csv")])
