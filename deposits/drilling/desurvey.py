"""Where in space is a depth down a hole?

::

    traces = desurvey(holes, "minimum_curvature")
    traces.at(["SYN-001"], [120.0])      # easting, northing, elevation, shape (1, 3)
    locate_intervals(traces, holes.intervals["assays"])
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from deposits.drilling.holes import Drillholes, hole_numbers
from deposits.drilling.survey_checks import unit_vectors
from deposits.kernels import desurvey as kernels

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

Method = Literal["minimum_curvature", "balanced_tangential"]
TableMethod = Literal[
    "minimum_curvature",
    "balanced_tangential",
    "average_tangential",
    "low_tangential",
    "high_tangential",
    "radius_of_curvature",
]
CODES = {
    "minimum_curvature": kernels.MINIMUM_CURVATURE,
    "balanced_tangential": kernels.BALANCED_TANGENTIAL,
    "average_tangential": kernels.AVERAGE_TANGENTIAL,
    "low_tangential": kernels.LOW_TANGENTIAL,
    "high_tangential": kernels.HIGH_TANGENTIAL,
    "radius_of_curvature": kernels.RADIUS_OF_CURVATURE,
}


@dataclass(frozen=True, eq=False, slots=True)
class Traces:
    """The courses of all holes.

    Parameters
    ----------
    hole_ids : pandas.Index
        Ids, in the order of the collar table.
    stations : Stations
        Depths, unit directions and positions (easting, northing, elevation) of the stations [m];
        every hole has one at depth 0, its collar.
    depth_m : ndarray of float, shape (holes,)
        Depth of each hole [m].
    method : {"minimum_curvature", "balanced_tangential"}
        How holes run between stations.
    """

    hole_ids: pd.Index
    stations: kernels.Stations
    depth_m: FloatArray
    method: Method

    def at(self, hole_id: ArrayLike, depth_m: ArrayLike) -> FloatArray:
        """Return positions at depths down holes.

        Parameters
        ----------
        hole_id : array-like of str, shape (n,)
            Ids; one id alone stands for all depths.
        depth_m : array-like, shape (n,)
            Depths along the hole [m]; below the last station holes go straight on.

        Returns
        -------
        ndarray of float, shape (n, 3)
            Easting, northing, elevation [m]; NaN for a NaN depth.

        Raises
        ------
        ValueError
            For a hole that is not there.
        """
        return self._locate(hole_id, depth_m)[0]

    def direction_at(self, hole_id: ArrayLike, depth_m: ArrayLike) -> FloatArray:
        """Return unit vectors (easting, northing, elevation) at depths, shape (n, 3)."""
        return self._locate(hole_id, depth_m)[1]

    def polyline(self, hole_id: str, spacing_m: float = 5.0) -> FloatArray:
        """Return points along one hole from collar to end, for drawing.

        Parameters
        ----------
        hole_id : str
            Its id.
        spacing_m : float
            Largest distance between points on a bend [m]; straight parts have none between.

        Returns
        -------
        ndarray of float, shape (k, 3)
            Easting, northing, elevation [m]; every station above the end is among them.
        """
        if not spacing_m > 0.0:
            raise ValueError(f"spacing_m is {spacing_m}; it must be positive")
        number = int(self._numbers([hole_id])[0])
        own = slice(*self.stations.starts[number : number + 2])
        end = self.depth_m[number]
        depth, direction = self.stations.depth[own], self.stations.direction[own]
        depths = [depth[depth < end], [end]]
        for upper, lower, u, v in zip(
            depth[:-1], depth[1:], direction[:-1], direction[1:], strict=True
        ):
            if np.linalg.norm(u - v) > 1e-9:
                parts = int(np.ceil((lower - upper) / spacing_m))
                between = np.linspace(upper, lower, 2 * ((parts + 1) // 2) + 1)
                depths.append(between[between < end])
        every = np.unique(np.concatenate(depths))
        return self.at(np.full(every.size, hole_id, dtype=object), every)

    def _locate(self, hole_id: ArrayLike, depth_m: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Look positions and directions up."""
        depth = np.atleast_1d(np.asarray(depth_m, dtype=float))
        holes = self._numbers(hole_id)
        if holes.size == 1 != depth.size:
            holes = np.repeat(holes, depth.size)
        if holes.size != depth.size:
            raise ValueError(f"{holes.size} holes and {depth.size} depths; they must be as many")
        located = kernels.locate(self.stations, holes, depth, CODES[self.method])
        return located[0], located[1]

    def _numbers(self, hole_id: ArrayLike) -> IntArray:
        """Say which holes these are; all must be there."""
        ids = [hole_id] if isinstance(hole_id, str) else hole_id
        holes = hole_numbers(self.hole_ids, ids)
        if (holes < 0).any():
            unknown = pd.Series(ids)[holes < 0].iloc[0]
            raise ValueError(f"there is no hole {unknown} in the collar table")
        return holes


def desurvey(holes: Drillholes, method: Method = "minimum_curvature") -> Traces:
    """Work out the courses of all holes from their surveys.

    Parameters
    ----------
    holes : Drillholes
        Every hole with at least one station.
    method : {"minimum_curvature", "balanced_tangential"}
        How a hole runs between two stations: along the arc that turns evenly from one direction
        to the other, or straight along each for half the leg.

    Returns
    -------
    Traces
        Beginning at the collars. Above a first station that lies deeper, and below the last one,
        holes are straight.

    Raises
    ------
    ValueError
        For an unknown method or a hole without a station.

    Notes
    -----
    Minimum curvature: Sawaryn and Thorogood (2005), A compendium of directional calculations based
    on the minimum curvature method, SPE Drilling & Completion 20(1), pp. 24-36: a leg of length L
    and dogleg a has the chord L/2 * tan(a/2)/(a/2) * (u + v); within it directions turn on the
    great circle.
    """
    if method not in get_args(Method):
        raise ValueError(f"method is {method}; allowed {', '.join(get_args(Method))}")
    surveys = holes.surveys
    hole = holes.hole_numbers(surveys["hole_id"])
    depth = surveys["depth_m"].to_numpy(float)
    vectors = unit_vectors(
        surveys["azimuth_deg"].to_numpy(float), surveys["dip_deg"].to_numpy(float)
    )
    known = hole >= 0
    order = np.flatnonzero(known)[np.lexsort((depth[known], hole[known]))]
    hole, depth, vectors = hole[order], depth[order], vectors[order]
    without = np.setdiff1d(np.arange(holes.n_holes), hole)
    if without.size:
        name = holes.collars["hole_id"].iloc[int(without[0])]
        raise ValueError(f"hole {name} has no survey; reading gives every hole one")
    first = np.searchsorted(hole, np.arange(holes.n_holes))
    late = first[depth[first] > 0.0]
    depth, vectors = np.insert(depth, late, 0.0), np.insert(vectors, late, vectors[late], axis=0)
    counts = np.bincount(np.insert(hole, late, hole[late]), minlength=holes.n_holes)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    collars = holes.collars[["easting", "northing", "elevation"]].to_numpy(float)
    depth, vectors = np.ascontiguousarray(depth), np.ascontiguousarray(vectors)
    position = kernels.trace(starts, depth, vectors, np.ascontiguousarray(collars), CODES[method])
    stations = kernels.Stations(starts, depth, vectors, position)
    ids = pd.Index(holes.collars["hole_id"])
    return Traces(ids, stations, holes.collars["depth_m"].to_numpy(float), method)


def locate_intervals(traces: Traces, table: pd.DataFrame) -> pd.DataFrame:
    """Place the middle of every interval.

    Parameters
    ----------
    traces : Traces
        Courses of the holes.
    table : pandas.DataFrame
        With hole_id, from_m, to_m [m]; or hole_id, depth_m for points.

    Returns
    -------
    pandas.DataFrame
        The table with easting, northing, elevation [m] of the middle, measured along the hole.
    """
    if "from_m" in table:
        middle = 0.5 * (table["from_m"].to_numpy(float) + table["to_m"].to_numpy(float))
    else:
        middle = table["depth_m"].to_numpy(float)
    points = traces.at(table["hole_id"], middle)
    return table.assign(easting=points[:, 0], northing=points[:, 1], elevation=points[:, 2])


def survey_positions(
    depth: ArrayLike, azimuth_deg: ArrayLike, dip_deg: ArrayLike, method: TableMethod
) -> FloatArray:
    """Return the stations of one hole by any of the methods in use, for comparison.

    Parameters
    ----------
    depth : array-like, shape (n,)
        Depths in rising order [any unit].
    azimuth_deg, dip_deg : array-like, shape (n,)
        Clockwise from north; negative downwards [degrees].
    method : str
        Besides those of ``desurvey``: low_tangential and high_tangential take the direction of the
        upper and of the lower station for the whole leg; average_tangential that of the mean
        angles; radius_of_curvature an arc on a vertical cylinder. The mean azimuth goes the shorter
        way round.

    Returns
    -------
    ndarray of float, shape (n, 3)
        Easting, northing, elevation from the first station [unit of depth].
    """
    along = np.ascontiguousarray(depth, dtype=float)
    code = CODES[method]
    if method in ("average_tangential", "radius_of_curvature"):
        inclination = np.radians(90.0 + np.asarray(dip_deg, dtype=float))
        azimuth = np.radians(np.asarray(azimuth_deg, dtype=float))
        steps = kernels.angle_steps(along, inclination, azimuth, code)
        flipped = np.cumsum(steps, axis=0) * [1.0, 1.0, -1.0]
        return np.vstack([np.zeros((1, 3)), flipped])
    vectors = unit_vectors(azimuth_deg, dip_deg)
    starts = np.array([0, along.size], dtype=np.int64)
    return np.asarray(kernels.trace(starts, along, vectors, np.zeros((1, 3)), code))
