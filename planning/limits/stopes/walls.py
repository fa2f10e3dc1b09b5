"""Which straight walls fit the rules on a frame's steps, and how far apart must two of them stand?

A wall runs from its foot on a panel's floor to its head on the roof, both ends on whole steps; its
run is foot minus head, above 0 where the wall dips towards +w.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deposits.errors import DataError, Problem
from planning.limits.stopes.frame import StopeFrame
from planning.limits.stopes.rules import TOLERANCE, StopeRules

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class WallLattice:
    """The walls that fit rules and frame, and what pairs of them ask for, in steps.

    A wall runs straight from its foot on a panel's floor to its head on the roof, both on the step
    lattice; its run is foot minus head, above 0 where it dips towards +w.

    Parameters
    ----------
    runs : ndarray of int, shape (R,)
        Runs within the limits of dip, rising [steps].
    dip_deg : ndarray, shape (R,)
        Their dips [degrees], falling.
    least, most : ndarray of int, shape (R, R)
        Least and most steps between the feet of a near wall (row) and a far wall (column) so that
        the true width fits at floor and roof; least above most where no width fits.
    pillar : ndarray of int, shape (R, R)
        Least steps between a far wall (row) and the next near wall (column), at floor and roof.
    near_skin, far_skin : ndarray, shape (R,)
        Horizontal thickness of the skin on a near and on a far wall of each run [steps].
    """

    runs: IntArray
    dip_deg: FloatArray
    least: IntArray
    most: IntArray
    pillar: IntArray
    near_skin: FloatArray
    far_skin: FloatArray


def wall_lattice(frame: StopeFrame, rules: StopeRules) -> WallLattice:
    """Turn rules into whole steps of a frame.

    Horizontal distance is true distance over the sine of the dip. A pillar lies between a far wall
    and a near wall that may differ in dip: each wall carries its skin and half of what the pillar
    has beyond the skins, and the two shares, measured square to their own walls, must not meet.
    Between parallel walls the pillar is then exactly as thick as the rules say.

    Parameters
    ----------
    frame : StopeFrame
        Height of a level and step across.
    rules : StopeRules
        True widths, pillar, skins and dips.

    Returns
    -------
    WallLattice
        Widths rounded inwards and pillars outwards to whole steps.

    Raises
    ------
    DataError
        If no wall on the lattice dips within the limits, or no two walls stand apart as they must.
    """
    tallest = frame.level_m / frame.step_m
    runs = _runs(tallest, rules.wall_dip_deg, frame.n_steps)
    place = f"a step of {frame.step_m:g} m in a level of {frame.level_m:g} m"
    if not len(runs):
        found = "no wall with both ends on steps"
        may = "a dip between {:g} and {:g} degrees".format(*rules.wall_dip_deg)
        raise DataError([Problem("no wall fits the dips", place, found, may, "Refine the step.")])
    slope = np.hypot(tallest, runs) / tallest  # 1 / sin of the dip
    mean = np.hypot(tallest, (runs[:, None] + runs[None, :]) / 2) / tallest
    skew = runs[None, :] - runs[:, None]  # a far wall that runs more opens towards the floor
    lean = np.maximum(skew, 0), np.minimum(skew, 0)
    least_m, most_m = rules.least_width_m / frame.step_m, rules.most_width_m / frame.step_m
    least = np.maximum(np.ceil(least_m * mean - TOLERANCE), 1.0) + lean[0]
    widest = float(frame.n_steps + 1 + np.abs(runs).max() * 2)
    most = np.minimum(np.floor(most_m * mean + TOLERANCE), widest) + lean[1]
    if not (least <= most).any():
        found = f"no whole number of steps of {frame.step_m:g} m"
        may = f"{rules.least_width_m:g} to {rules.most_width_m:g} m"
        fact = "no stope fits the widths"
        raise DataError([Problem(fact, place, found, may, "Refine the step.")])
    spare = (rules.clearance_m - rules.near_skin_m - rules.far_skin_m) / 2
    far_share = (rules.far_skin_m + spare) / frame.step_m * slope
    near_share = (rules.near_skin_m + spare) / frame.step_m * slope
    pillar = np.ceil(far_share[:, None] + near_share[None, :] - TOLERANCE)
    return WallLattice(
        runs,
        np.degrees(np.arctan2(tallest, runs)),
        least.astype(np.int64),
        most.astype(np.int64),
        np.minimum(pillar, frame.n_steps + 1).astype(np.int64),
        rules.near_skin_m / frame.step_m * slope,
        rules.far_skin_m / frame.step_m * slope,
    )


def _runs(tallest: float, dips: tuple[float, float], n_steps: int) -> IntArray:
    """Return all runs, in steps, of walls that dip within limits and fit between both ends."""
    # the cotangent falls as the dip rises, through 0 at 90 degrees
    steepest, flattest = (_cotangent(dip) * tallest for dip in (dips[1], dips[0]))
    first = max(math.ceil(steepest - TOLERANCE), -n_steps)
    last = min(math.floor(flattest + TOLERANCE), n_steps)
    return np.arange(first, last + 1, dtype=np.int64)


def _cotangent(dip_deg: float) -> float:
    """Return the run of a wall over its height, exactly 0 for an upright one."""
    if dip_deg == 90.0:
        return 0.0
    angle = math.radians(dip_deg)
    return math.cos(angle) / math.sin(angle)
