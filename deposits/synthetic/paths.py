"""Where do the SYNTHETIC holes start, and along which curve do they run?

Stations are rounded as a survey file prints them; the path is the minimum-curvature path through
the rounded ones, so that a study that reads the files finds the true positions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.synthetic.design import STEP_M, Campaign
from deposits.synthetic.shape import Shape

FloatArray = NDArray[np.float64]

#: Holes go on below the floor of the horizon by about this much [m].
TAIL_M = 12.0
#: Nearness to the rich core from which infill is drilled.
CORE = 0.4
#: Holes numbered by a multiple of this have one survey, at the collar.
SINGLE_SURVEY_EVERY = 23


@dataclass(frozen=True, slots=True, eq=False)
class HolePath:
    """One SYNTHETIC hole.

    Parameters
    ----------
    hole_id : str
        SYN-001 and so on.
    collar_m : tuple = (easting, northing, elevation)
        [m].
    depth_m : float
        Length of the hole [m].
    stations : ndarray, shape (n, 3)
        Depth [m], azimuth, dip (negative down) [degrees].
    """

    hole_id: str
    collar_m: tuple[float, float, float]
    depth_m: float
    stations: FloatArray

    def collar(self) -> dict[str, str | float]:
        """Return the row of the collar table."""
        east, north, up = self.collar_m
        return {
            "hole_id": self.hole_id,
            "easting": east,
            "northing": north,
            "elevation": up,
            "depth_m": self.depth_m,
        }

    def survey_table(self) -> pd.DataFrame:
        """Return the rows of the survey table."""
        table = pd.DataFrame(self.stations, columns=["depth_m", "azimuth_deg", "dip_deg"])
        return table.assign(hole_id=self.hole_id)


def plan_holes(shape: Shape, pattern: Campaign) -> list[HolePath]:
    """Lay out the holes: sections across strike, and infill in the rich core.

    Parameters
    ----------
    shape : Shape
        Ground and horizon.
    pattern : Campaign
        Spacings.

    Returns
    -------
    list of HolePath
        Section by section; targets stand on the middle of the horizon.
    """
    design = shape.design
    along = _between(design.strike_length_m, pattern.section_spacing_m)
    across = _between(design.width_m, pattern.hole_spacing_m)
    targets = [(x, y) for y in along for x in across]
    near = pattern.infill_spacing_m
    fine = [
        (x, y)
        for y in _between(design.strike_length_m, near)
        for x in _between(design.width_m, near)
        if shape.core(x, y) > CORE
    ]
    spaced = [t for t in fine if all(math.dist(t, other) > 0.6 * near for other in targets)]
    holes = []
    for number, target in enumerate([*targets, *spaced], start=1):
        random = np.random.default_rng([design.seed, pattern.seed, 3, number])
        holes.append(_lay_out(shape, pattern, (number, *target), random))
    return holes


def _between(length_m: float, spacing_m: float) -> list[float]:
    """Positions at a spacing, centred in a length."""
    n = max(1, round(length_m / spacing_m))
    return [(i + 0.5) * length_m / n for i in range(n)]


def _lay_out(
    shape: Shape,
    pattern: Campaign,
    target: tuple[int, float, float],
    random: np.random.Generator,
) -> HolePath:
    """Set one collar so that the hole, before it deviates, meets its target."""
    number, x, y = target
    x, y = x + random.normal(0.0, 3.0), y + random.normal(0.0, 3.0)
    middle = 0.5 * float(shape.roof_m(x, y) + shape.floor_m(x, y))
    dip = math.radians(pattern.hole_dip_deg)
    back = np.arange(0.0, 900.0, 1.0)
    # The hole runs against the dip direction, so its collar stands down the dip.
    height = middle - math.sin(dip) * back - shape.ground_m(x + math.cos(dip) * back, y)
    rise = float(np.interp(0.0, height, back))
    x_collar = x + math.cos(dip) * rise
    ground = float(shape.ground_m(x_collar, y))
    world = shape.to_world([[x_collar, y, ground]])[0]
    collar = (round(float(world[0]), 2), round(float(world[1]), 2), round(float(world[2]), 2))
    planned = 2.5 * rise + 100.0
    stations = _stations(pattern, shape.design.strike_deg - 90.0, planned, random)
    if number % SINGLE_SURVEY_EVERY == 0:
        stations = stations[:1]
    hole = HolePath(f"SYN-{number:03d}", collar, round(planned), stations)
    points = shape.to_local(trace(hole))
    under = points[:, 2] >= shape.floor_m(points[:, 0], points[:, 1])
    deepest = float(np.flatnonzero(under)[-1]) * STEP_M
    depth = float(math.ceil(deepest + TAIL_M))
    # Nothing is known below the last station of a hole: there it runs straight on.
    return HolePath(hole.hole_id, collar, depth, stations[stations[:, 0] <= depth])


def _stations(
    pattern: Campaign, azimuth_deg: float, depth_m: float, random: np.random.Generator
) -> FloatArray:
    """Let a hole turn right and flatten as it deepens, and wander a little."""
    depth = np.arange(0.0, depth_m + pattern.station_m, pattern.station_m)
    n = len(depth)
    wander = np.cumsum(random.normal(0.0, 0.25, (n, 2)), axis=0)
    azimuth = (azimuth_deg + random.normal(0.0, 1.0) + 0.015 * depth + wander[:, 0]) % 360.0
    dip = pattern.hole_dip_deg + random.normal(0.0, 0.5) + 0.010 * depth + wander[:, 1]
    rounded = [depth, np.round(azimuth, 1) % 360.0, np.clip(np.round(dip, 1), -89.9, -10.0)]
    return np.column_stack(rounded)


def trace(hole: HolePath) -> FloatArray:
    """Follow a hole by minimum curvature.

    Parameters
    ----------
    hole : HolePath
        With its stations; beyond the last one it runs straight on.

    Returns
    -------
    ndarray, shape (n + 1, 3)
        Easting, northing, elevation [m] every 0.1 m from the collar.
    """
    depth = ((np.arange(round(hole.depth_m / STEP_M)) + 0.5) * STEP_M).astype(np.float64)
    steps = _directions(hole.stations, depth) * STEP_M
    points: FloatArray = np.vstack([np.zeros(3), np.cumsum(steps, axis=0)])
    points += np.asarray(hole.collar_m)
    return points


def _directions(stations: FloatArray, depth: FloatArray) -> FloatArray:
    """Work out unit vectors at depths; between stations the direction turns evenly along an arc."""
    azimuth, dip = np.radians(stations[:, 1]), np.radians(stations[:, 2])
    vectors = np.column_stack(
        [np.cos(dip) * np.sin(azimuth), np.cos(dip) * np.cos(azimuth), np.sin(dip)]
    )
    last = np.clip(np.searchsorted(stations[:, 0], depth, side="right") - 1, 0, len(stations) - 1)
    following = np.minimum(last + 1, len(stations) - 1)
    span = np.where(following > last, stations[following, 0] - stations[last, 0], 1.0)
    share = np.where(following > last, (depth - stations[last, 0]) / span, 0.0)
    first, second = vectors[last], vectors[following]
    apart = np.linalg.norm(first - second, axis=1) / np.linalg.norm(first + second, axis=1)
    angle = 2.0 * np.arctan(apart)
    bent = angle > 1e-9
    sine = np.where(bent, np.sin(angle), 1.0)
    start = np.where(bent, np.sin((1.0 - share) * angle) / sine, 1.0 - share)
    end = np.where(bent, np.sin(share * angle) / sine, share)
    turned: FloatArray = start[:, None] * first + end[:, None] * second
    return turned
