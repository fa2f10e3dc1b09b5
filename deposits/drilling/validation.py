"""Do the collars lie where the district and its terrain are?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from deposits.drilling.findings import Finding, Findings, Mistake, TableRows
from deposits.drilling.holes import Drillholes

FloatArray = NDArray[np.float64]

OUTSIDE = Mistake(
    "outside_extent",
    "collars lie outside the district",
    remedy="Check coordinates and the coordinate system.",
)
SWAPPED = Mistake(
    "swapped_axes",
    "collars lie outside the district, and inside it when easting and northing are exchanged",
    remedy="Exchange the two in the mapping of the collars.",
)
OFF_TERRAIN = Mistake(
    "outside_terrain", "collars lie where the terrain model has no height", severity="warning"
)


def check_against(
    holes: Drillholes,
    box: tuple[float, float, float, float] | None = None,
    elevation_at: Callable[[FloatArray], FloatArray] | None = None,
    tolerance_m: float = 10.0,
) -> Findings:
    """Compare collars with the district's box and with a terrain model.

    Parameters
    ----------
    holes : Drillholes
        The campaign.
    box : tuple of float, optional
        West, south, east, north in the study's projected system [m].
    elevation_at : callable, optional
        Takes points, shape (n, 2) [m], returns heights, shape (n,) [m], NaN off the model.
    tolerance_m : float
        Difference in height that is no finding [m].

    Returns
    -------
    Findings
        Errors for collars outside the box; warnings for those off the terrain, above or below it.
    """
    collars = holes.collars
    number = len(collars)
    names = tuple(map(str, collars["hole_id"]))
    rows = collars["row"].to_numpy(np.int64)
    table = TableRows("collars", "collars", rows, np.arange(number), names)
    points = collars[["easting", "northing", "elevation"]].to_numpy(float)
    findings: list[Finding] = []
    if box is not None:
        out, other = ~_inside(points, box), _inside(points[:, [1, 0]], box)
        words = [f"{x:.1f}, {y:.1f}" for x, y in points[:, :2]]
        findings += table.tell(SWAPPED, out & other, words)
        findings += table.tell(OUTSIDE, out & ~other, words)
    if elevation_at is not None:
        heights = np.asarray(elevation_at(points[:, :2]), dtype=float)
        findings += table.tell(OFF_TERRAIN, np.isnan(heights))
        findings += _off(table, points[:, 2] - heights, tolerance_m)
    return Findings(tuple(findings))


def _inside(points: FloatArray, box: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    """Whether points lie in a box or on its sides."""
    west, south, east, north = box
    x, y = points[:, 0], points[:, 1]
    return np.asarray((x >= west) & (x <= east) & (y >= south) & (y <= north))


def _off(table: TableRows, difference: FloatArray, tolerance_m: float) -> list[Finding]:
    """Find collars above or below the terrain; many by one height hint at two datums."""
    off = np.abs(difference) > tolerance_m
    known = difference[np.isfinite(difference)]
    note = ""
    if known.size > 2:
        middle = float(np.median(known))
        if abs(middle) > tolerance_m and float(np.std(known)) < 0.5 * abs(middle):
            note = f"all by about {middle:+.1f} m: two height datums?"
    mistake = Mistake(
        "off_terrain",
        "collars are above or below the terrain",
        allowed=f"within {tolerance_m:g} m",
        remedy="Check elevations; collars underground are in order.",
        severity="warning",
    )
    return table.tell(mistake, off, [f"{value:+.1f} m" for value in difference], note=note)
