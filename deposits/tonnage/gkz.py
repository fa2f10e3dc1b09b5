"""How does the same ore stand in a reserve table by blocks, categories and conditions (GKZ)?

The table of a State Commission lists each reserve block with its category, area, mean thickness,
volume, density, ore, grades and metal, beside the conditions (konditsii) it was outlined by. It is
a layout, not an approval; categories come through a mapping that somebody has decided on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from deposits.errors import DataError, Problem
from deposits.tonnage.categories import UNCLASSIFIED, to_gkz
from deposits.tonnage.table import TonnageTable

BALANCE, OFF_BALANCE = "balance", "off-balance"
#: Grid axis across the plane of projection -> the two axes in it.
PLANE: Mapping[str, tuple[str, str]] = {
    "elevation": ("easting", "northing"),
    "northing": ("easting", "elevation"),
    "easting": ("northing", "elevation"),
}


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions a reserve block was outlined by; None is not stated.

    Parameters
    ----------
    cutoff : float
        Cut-off grade of a sample (bortovoe soderzhanie), in the unit of the cut field.
    least_block_grade : float or None
        Minimum industrial grade of a block, in the same unit: below it a block is off-balance.
    least_thickness_m : float or None
        Minimum thickness of ore [m].
    least_grade_thickness : float or None
        Minimum metre-per cent (metre-gram) where the thickness is less, in grade unit x m.
    most_waste_m : float or None
        Widest band of waste taken into the outline [m].
    grade_cap : float or None
        Cap of exceptional grades (uragannye), in the unit of the cut field.
    source : str
        Protocol that approved them, with its date; "" is not approved.

    Notes
    -----
    The cut-off, the block grade and the thickness are tested here; waste bands and caps belong
    to the samples and are only carried along.
    """

    cutoff: float
    least_block_grade: float | None = None
    least_thickness_m: float | None = None
    least_grade_thickness: float | None = None
    most_waste_m: float | None = None
    grade_cap: float | None = None
    source: str = ""


def panel_geometry(blocks: pd.DataFrame, panel: str, across: str = "elevation") -> pd.DataFrame:
    """Measure the area and mean thickness of panels made of grid blocks.

    Parameters
    ----------
    blocks : DataFrame
        Centres ``easting``, ``northing``, ``elevation`` [m], edges ``dx``, ``dy``, ``dz`` [m]
        along them, and optionally ``fraction``; only the blocks that belong to the reserve.
    panel : str
        Column with the number of the reserve block.
    across : {"elevation", "northing", "easting"}
        Axis across the plane of projection: elevation for flat bodies (area in plan).

    Returns
    -------
    DataFrame
        Indexed by panel: area_m2 projected on the plane, mean_thickness_m = volume / area along
        *across* (not the true thickness of an inclined body), volume_m3.
    """
    size = {"easting": "dx", "northing": "dy", "elevation": "dz"}
    first, second = PLANE[across]
    fraction = blocks.get("fraction", 1.0)
    volume = blocks["dx"] * blocks["dy"] * blocks["dz"] * fraction
    cells = blocks.assign(area=blocks[size[first]] * blocks[size[second]])
    cells = cells.drop_duplicates([panel, first, second])
    found = pd.DataFrame(
        {
            "area_m2": cells.groupby(panel)["area"].sum(),
            "volume_m3": volume.groupby(blocks[panel]).sum(),
        }
    )
    return found.assign(mean_thickness_m=found["volume_m3"] / found["area_m2"])


def gkz_table(
    table: TonnageTable,
    conditions: Conditions,
    mapping: Mapping[str, str],
    *,
    panel: str,
    geometry: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Lay out reserve blocks the GKZ way.

    Parameters
    ----------
    table : TonnageTable
        Broken down by *panel* and by category, with the conditions' cut-off on its ladder.
    conditions : Conditions
    mapping : mapping of str to str
        Category to GKZ category; see `deposits.tonnage.categories.SUGGESTED_GKZ`.
    panel : str
        Breakdown field with the number of the reserve block.
    geometry : DataFrame or None
        area_m2 by panel, as `panel_geometry` gives it or as measured in the plane of the vein.

    Returns
    -------
    DataFrame
        block, category, area_m2, mean_thickness_m (volume / area), volume_m3, density_t_per_m3,
        ore_kt, grade and metals of each element, standing ("balance", "off-balance",
        "unclassified") and why.
        The area is left out of panels that hold several categories. C1 and C2 are not added.

    Raises
    ------
    DataError
        If the table is not broken down so, the cut-off is not on its ladder, or a category has
        no counterpart.
    """
    problems = _refusals(table, conditions, panel)
    if problems:
        raise DataError(problems)
    above = table.above
    chosen = above[(above["level"] == "group") & (above["cutoff"] == conditions.cutoff)]
    chosen = chosen[chosen["n_blocks"] > 0].reset_index(drop=True)
    category = to_gkz(chosen[table.category], mapping)
    names = [name for e in table.request.elements for name in (e.grade_column, *e.metals)]
    rows = pd.DataFrame({"block": chosen[panel], "category": [c or "" for c in category]})
    sums = ["volume_m3", "ore_t", *(m for e in table.request.elements for m in e.metals)]
    rows[sums] = chosen[sums]
    for element in table.request.elements:
        rows[element.grade_column] = chosen[element.grade_column] * chosen["ore_t"]
    weights = [e.grade_column for e in table.request.elements]
    # Two categories may become one: their ore is then one reserve block.
    rows = rows.groupby(["block", "category"], sort=False, as_index=False).sum(min_count=1)
    rows[weights] = rows[weights].div(rows["ore_t"], axis=0)
    several = rows["block"].duplicated(keep=False)
    area = np.nan if geometry is None else rows["block"].map(geometry["area_m2"])
    rows["area_m2"] = pd.Series(area, index=rows.index).where(~several)
    rows["mean_thickness_m"] = rows["volume_m3"] / rows["area_m2"]
    rows["density_t_per_m3"] = rows["ore_t"] / rows["volume_m3"]
    rows["ore_kt"] = rows["ore_t"] / 1000.0
    rows["standing"], rows["why"] = _standing(rows, table, conditions)
    first = ["block", "category", "area_m2", "mean_thickness_m", "volume_m3", "density_t_per_m3"]
    found = rows[[*first, "ore_kt", *names, "standing", "why"]]
    if table.synthetic:
        found.insert(0, "synthetic", True)
    return found


def _refusals(table: TonnageTable, conditions: Conditions, panel: str) -> list[Problem]:
    """List what keeps the table from being laid out."""
    found = []
    by = ", ".join(table.request.by) or "nothing"
    if not table.category:
        found.append(Problem("reserve blocks need categories", "by", by))
    if set(table.request.by) != {panel, table.category}:
        wanted = f"{panel} and the category"
        found.append(Problem("broken down by other fields", "by", by, wanted))
    if conditions.cutoff not in table.request.cutoffs:
        ladder = ", ".join(f"{step:g}" for step in table.request.cutoffs)
        place = "conditions.cutoff"
        found.append(Problem("not on the ladder", place, f"{conditions.cutoff:g}", ladder))
    return found


def _standing(
    rows: pd.DataFrame, table: TonnageTable, conditions: Conditions
) -> tuple[list[str], list[str]]:
    """Test each reserve block against the conditions; what cannot be tested is not failed."""
    named = [e.grade_column for e in table.request.elements if e.column == table.request.cut_field]
    grade = rows[named[0]] if named else pd.Series(np.nan, index=rows.index)
    thickness = rows["mean_thickness_m"]
    why = []
    for g, m in zip(grade, thickness, strict=True):
        reasons = []
        if conditions.least_block_grade is not None and g < conditions.least_block_grade:
            reasons.append("grade below the minimum industrial grade")
        thin = conditions.least_thickness_m is not None and m < conditions.least_thickness_m
        product = conditions.least_grade_thickness
        if thin and not (product is not None and g * m >= product):
            reasons.append("thinner than the minimum, metre-grade not reached")
        why.append("; ".join(reasons))
    standing = [OFF_BALANCE if reasons else BALANCE for reasons in why]
    classed = rows["category"] != ""
    return [s if c else UNCLASSIFIED for s, c in zip(standing, classed, strict=True)], why
