"""Can these surveys be right, and which way does every hole go from its collar?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.drilling.findings import Finding, Mistake, TableRows
from deposits.drilling.interval_checks import BEYOND_M
from deposits.kernels.desurvey import doglegs

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: A hole that bends more than this is probably a slip of the pen [degrees in 30 m].
KINK_DEG = 20.0
KINK_LENGTH_M = 30.0

#: A leg that turns back on itself has no arc of least curvature [degrees].
TURNED_BACK_DEG = 175.0

DEPTH = Mistake("negative_depth", "the depth is negative", "0 m and below")
AZIMUTH = Mistake(
    "angle_out_of_range", "the azimuth is out of range", "0 to 360 degrees", "Correct it."
)
DIP = Mistake("angle_out_of_range", "the dip is out of range", "-90 to 90 degrees", "Correct it.")
CONFLICT = Mistake(
    "conflicting_surveys",
    "two surveys at one depth differ",
    remedy="Keep the better one.",
)
REPEATED = Mistake("duplicate_survey", "the survey stands twice; one is used", severity="warning")
BEYOND = Mistake(
    "beyond_depth",
    "the survey lies beyond the depth of the hole; it is used",
    f"at most {BEYOND_M:g} m beyond",
    severity="warning",
)
LATE = Mistake(
    "first_survey_below_collar",
    "the first survey lies below the collar; its direction is taken from the collar on",
    severity="warning",
)
SINGLE = Mistake("single_survey", "holes with one survey are straight", severity="warning")
KINK = Mistake(
    "kink",
    "the hole bends sharply",
    f"at most {KINK_DEG:g} degrees in {KINK_LENGTH_M:g} m",
    "Check azimuth and dip.",
    severity="warning",
)
TURNED = Mistake("turns_back", "the hole turns back on itself", remedy="Check azimuth and dip.")
UPWARDS = Mistake(
    "dip_sign",
    "every hole goes upwards as the study states the dip",
    remedy='If they go down, change dip to the other of "negative_down" and "positive_down".',
    severity="warning",
)


def unit_vectors(azimuth_deg: ArrayLike, dip_deg: ArrayLike) -> FloatArray:
    """Return directions as unit vectors.

    Parameters
    ----------
    azimuth_deg : array-like, shape (n,)
        Clockwise from grid north [degrees].
    dip_deg : array-like, shape (n,)
        Negative downwards [degrees].

    Returns
    -------
    ndarray of float, shape (n, 3)
        Easting, northing, elevation.

    Examples
    --------
    >>> unit_vectors([45.0], [-75.0]).round(4)
    array([[ 0.183 ,  0.183 , -0.9659]])
    """
    azimuth, dip = np.radians(np.asarray(azimuth_deg)), np.radians(np.asarray(dip_deg))
    flat = np.cos(dip)
    return np.column_stack([flat * np.sin(azimuth), flat * np.cos(azimuth), np.sin(dip)])


@dataclass(frozen=True, eq=False, slots=True)
class Shots:
    """Surveys of one table, dips negative downwards.

    Parameters
    ----------
    rows : TableRows
        Rows of the table.
    holes : ndarray of int, shape (n,)
        Number of each row's hole; -1 for an orphan.
    depth_m, azimuth_deg, dip_deg : ndarray of float, shape (n,)
        As measured, in metres and degrees.
    """

    rows: TableRows
    holes: IntArray
    depth_m: FloatArray
    azimuth_deg: FloatArray
    dip_deg: FloatArray

    def in_order(self) -> IntArray:
        """Positions of the sound rows by hole and depth."""
        sound = np.isfinite(self.depth_m + self.azimuth_deg + self.dip_deg) & (self.holes >= 0)
        at = np.flatnonzero(sound)
        return np.asarray(at[np.lexsort((self.depth_m[at], self.holes[at]))])


def check_each(shots: Shots, depth: FloatArray) -> list[Finding]:
    """Find what is wrong with a survey alone.

    Parameters
    ----------
    shots : Shots
        The surveys.
    depth : ndarray of float, shape (holes,)
        Depth of every hole [m]; NaN where not known.
    """
    rows = shots.rows
    most = np.append(depth, np.nan)[shots.holes]
    findings: list[Finding] = []
    for mistake, wrong, found in (
        (DEPTH, shots.depth_m < 0.0, shots.depth_m),
        (AZIMUTH, (shots.azimuth_deg < 0.0) | (shots.azimuth_deg > 360.0), shots.azimuth_deg),
        (DIP, np.abs(shots.dip_deg) > 90.0, shots.dip_deg),
        (BEYOND, shots.depth_m > most + BEYOND_M, shots.depth_m),
    ):
        findings += rows.tell(mistake, wrong, found)
    known = shots.dip_deg[np.isfinite(shots.dip_deg)]
    if known.size and (known > 0.0).all():
        findings += rows.tell(UPWARDS, shots.dip_deg > 0.0, shots.dip_deg)
    return findings


def check_stations(shots: Shots) -> tuple[IntArray, list[Finding]]:
    """Find repeated stations, and holes that begin late or bend beyond belief.

    Parameters
    ----------
    shots : Shots
        The surveys.

    Returns
    -------
    kept : ndarray of int, shape (k,)
        Positions of the stations to use, by hole and depth.
    findings : list of Finding
        What was seen.
    """
    rows, order = shots.rows, shots.in_order()
    hole, depth = shots.holes[order], shots.depth_m[order]
    vectors = unit_vectors(shots.azimuth_deg[order], shots.dip_deg[order])
    again = np.zeros(order.size, dtype=bool)
    again[1:] = (hole[1:] == hole[:-1]) & (depth[1:] == depth[:-1])
    # Azimuth says nothing of a vertical hole: directions are compared, not angles.
    alike = np.ones(order.size, dtype=bool)
    alike[1:] = np.linalg.norm(np.diff(vectors, axis=0), axis=1) < 1e-6
    conflict, repeat = order[again & ~alike], order[again & alike]
    findings = rows.tell(CONFLICT, conflict, shots.depth_m[conflict])
    findings += rows.tell(REPEATED, repeat, shots.depth_m[repeat])
    kept, vectors = order[~again], vectors[~again]
    hole, depth = hole[~again], depth[~again]
    first = np.flatnonzero(np.diff(hole, prepend=-1))
    count = np.diff(np.append(first, hole.size))
    late = kept[first][depth[first] > 0.0]
    findings += rows.tell(LATE, late, [f"at {shots.depth_m[i]:g} m" for i in late])
    findings += rows.tell(SINGLE, kept[first[count == 1]])
    return kept, findings + _bends(shots, kept, vectors, first)


def _bends(shots: Shots, kept: IntArray, vectors: FloatArray, first: IntArray) -> list[Finding]:
    """Find legs that bend sharply or turn back."""
    if not kept.size:
        return []
    starts = np.append(first, kept.size).astype(np.int64)
    angle = np.degrees(doglegs(starts, vectors))
    length = np.diff(shots.depth_m[kept], prepend=0.0)
    turned = angle > TURNED_BACK_DEG
    # A short leg is judged as if it were a metre long: dips are written in whole degrees.
    bend = angle / np.maximum(length, 1.0) * KINK_LENGTH_M
    sharp = (angle > 0.0) & (bend > KINK_DEG) & ~turned
    findings = shots.rows.tell(TURNED, kept[turned], [f"{a:.0f} degrees" for a in angle[turned]])
    words = [f"{b:.0f} degrees in 30 m" for b in bend[sharp]]
    return findings + shots.rows.tell(KINK, kept[sharp], words)
