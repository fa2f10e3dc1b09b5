"""Can these collars be right: each hole once, somewhere, and of some length?"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from deposits.drilling.findings import Finding, Mistake, TableRows

FloatArray = NDArray[np.float64]

#: Collars nearer than this are one place [m].
SAME_PLACE_M = 0.01

NO_ID = Mistake("no_hole_id", "the hole id is empty", remedy="Fill it.")
TWICE = Mistake("duplicate_id", "the hole stands in more than one row", remedy="Make it unique.")
VARIANT = Mistake(
    "similar_id",
    "ids that differ only in case, blanks or dashes",
    remedy="If they are one hole, write one id.",
    severity="warning",
)
NO_LENGTH = Mistake(
    "no_depth",
    "the hole has no depth; that of its deepest interval or survey is taken",
    severity="warning",
)
NOT_LONG = Mistake("depth_not_positive", "the depth of the hole is not positive", "above 0 m")
ONE_PLACE = Mistake("same_collar", "several holes begin at one place", severity="warning")
DEGREES = Mistake(
    "degrees",
    "the coordinates look like degrees",
    "easting and northing in metres",
    "Give coordinates of the study's projected system.",
    severity="warning",
)


def id_key(name: str) -> str:
    """Reduce a hole id to what two spellings of it share.

    Examples
    --------
    >>> id_key("SYN-001") == id_key("syn 001"), id_key("101.0") == id_key("101")
    (True, True)
    """
    bare = name[:-2] if name.endswith(".0") and name[:-2].isdigit() else name
    kept = "".join(letter for letter in bare.casefold() if letter.isalnum())
    return kept or bare


def check_ids(rows: TableRows) -> list[Finding]:
    """Find ids that are empty, repeat, or are probably spellings of one."""
    codes = rows.codes
    findings = rows.tell(NO_ID, codes < 0)
    times = np.bincount(codes[codes >= 0], minlength=len(rows.names))
    findings += rows.tell(TWICE, (codes >= 0) & (np.append(times, 0)[codes] > 1))
    groups = defaultdict(list)
    for code, name in enumerate(rows.names):
        groups[id_key(name)].append(code)
    alike = [code for group in groups.values() if len(group) > 1 for code in group]
    return findings + rows.tell(VARIANT, np.isin(codes, alike))


def check_places(rows: TableRows, points: FloatArray) -> list[Finding]:
    """Find collars in degrees, or several at one place.

    Parameters
    ----------
    rows : TableRows
        Rows of the collar table.
    points : ndarray of float, shape (n, 3)
        Easting, northing, elevation [m].
    """
    known = np.isfinite(points).all(axis=1)
    findings: list[Finding] = []
    flat = np.abs(points[known, :2])
    # A local grid may be small; degrees have parts, and no grid is that small with them.
    if flat.size and (flat[:, 0] <= 180.0).all() and (flat[:, 1] <= 90.0).all():
        spread = float(np.ptp(points[known, :2], axis=0).max())
        if spread < 1.0 and len(flat) > 1:
            findings += rows.tell(DEGREES, np.asarray(known))
    cells = np.round(points / SAME_PLACE_M)
    _, inverse, times = np.unique(cells[known], axis=0, return_inverse=True, return_counts=True)
    same = np.zeros(known.size, dtype=bool)
    same[known] = times[inverse.reshape(-1)] > 1
    return findings + rows.tell(ONE_PLACE, same)


def check_depths(rows: TableRows, depth: FloatArray) -> list[Finding]:
    """Find depths that are missing, shape (n,) [m], or not positive."""
    findings = rows.tell(NO_LENGTH, np.isnan(depth))
    return findings + rows.tell(NOT_LONG, depth <= 0.0, depth)
