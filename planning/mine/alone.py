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
    absent : int
        Blocks of the grid that the model does not hold; they are dug free, as air is.
    faults : tuple of str
        What an independent check found wrong; () when all holds.
    """

    pit: UltimatePit
    precedence: ConePrecedence
    absent: int
    faults: tuple[str, ...]

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
            "absent_blocks": self.absent,
            "proven_by_check": not self.faults,
            "seconds": pit.seconds,
        }


def pit_of(model: BlockModel, value_field: str, slope_deg: float, levels: int = 8) -> PitAlone:
    """Find the pit of a block model whose rows state their worth.

    Parameters
    ----------
    model : BlockModel
        With the worth of each row [currency per row, not per tonne].
    value_field : str
        Field that holds it; costs are negative.
    slope_deg : float
        Overall slope angle, the same all around [degrees].
    levels : int
        Benches over which the slope is followed before its pattern repeats.

    Returns
    -------
    PitAlone

    Raises
    ------
    DataError
        If the field is missing or holds what is no number, or the slope cannot be right.
    """
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
    precedence = cone_precedence(model.grid, {0: uniform_slope(slope_deg)}, None, levels)
    pit = ultimate_pit(values, precedence)
    proof = verify_pit(values, precedence, pit)
    return PitAlone(pit, precedence, absent, tuple(map(str, proof.violations)))


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
    """

    solutions: PanelSolutions
    table: StopeTable
    faults: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return value, bound, status and what the stopes hold, for programs."""
        found = self.solutions
        return {
            "value": found.value,
            "bound": found.bound,
            "unit": found.unit,
            "status": "feasible" if self.faults else "optimal",
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
    skins = max(rules.near_skin_m, rules.far_skin_m)
    sublevels = max(1, round(intervals_m[1] / model.grid.size_m[2]))
    margin = 2.0 * skins + intervals_m[2]
    frame = frame_over(model.grid, strike_deg, intervals_m, sublevels, margin)
    cells = integrate(model, frame, [cut.grade], Surroundings(cut.host_density_t_per_m3))
    worth = cutoff_value(cells, cut.grade, cut.cutoff, rules.mining_recovery)
    solutions = optimise_panels(cells, worth, rules)
    table = stope_table(solutions.stopes, cells, rules, TableFields(grades=(cut.grade,)))
    proof = verify_stopes(cells, worth, rules, solutions.stopes)
    return StopesAlone(solutions, table, tuple(map(str, proof.violations)))


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
