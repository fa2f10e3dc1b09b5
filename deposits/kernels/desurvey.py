"""Where does a hole run between its survey stations, and where on it is a depth?

Directions are unit vectors (east, north, up). Stations of hole *h* are rows starts[h] to
starts[h + 1] - 1, sorted by depth, the first at depth 0.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MINIMUM_CURVATURE, BALANCED_TANGENTIAL, AVERAGE_TANGENTIAL = 0, 1, 2
LOW_TANGENTIAL, HIGH_TANGENTIAL, RADIUS_OF_CURVATURE = 3, 4, 5

#: Below this half angle tan(a)/a is its series; the next term is below 1e-17.
SMALL = 1e-4


class Stations(NamedTuple):
    """Survey stations of all holes.

    starts : int64 (h + 1,); depth : float64 (n,); direction : float64 (n, 3), unit;
    position : float64 (n, 3)
    """

    starts: IntArray
    depth: FloatArray
    direction: FloatArray
    position: FloatArray


@njit(cache=True, nogil=True, inline="always")
def _angle(u: FloatArray, v: FloatArray) -> float:
    """Return the angle between unit vectors, stable for nearly parallel ones."""
    apart = math.sqrt((u[0] - v[0]) ** 2 + (u[1] - v[1]) ** 2 + (u[2] - v[2]) ** 2)
    together = math.sqrt((u[0] + v[0]) ** 2 + (u[1] + v[1]) ** 2 + (u[2] + v[2]) ** 2)
    return 2.0 * math.atan2(apart, together)


@njit(cache=True, nogil=True, inline="always")
def _ratio_factor(angle: float) -> float:
    """Return tan(a/2)/(a/2), continued smoothly to 1 at a = 0."""
    half = 0.5 * angle
    if half < SMALL:
        return 1.0 + half * half / 3.0
    return math.tan(half) / half


@njit(cache=True, nogil=True)
def doglegs(starts: IntArray, direction: FloatArray) -> FloatArray:
    """Return the angle [rad] from the station above, shape (n,); 0 at the first of a hole."""
    angles = np.zeros(direction.shape[0])
    for hole in range(starts.size - 1):
        for i in range(starts[hole] + 1, starts[hole + 1]):
            angles[i] = _angle(direction[i - 1], direction[i])
    return angles


@njit(cache=True, nogil=True, inline="always")
def _factors(method: int, length: float, u: FloatArray, v: FloatArray) -> tuple[float, float]:
    """Return what the two directions of a leg are multiplied with to give its step."""
    if method == MINIMUM_CURVATURE:
        reach = 0.5 * length * _ratio_factor(_angle(u, v))
        return reach, reach
    if method == BALANCED_TANGENTIAL:
        return 0.5 * length, 0.5 * length
    if method == LOW_TANGENTIAL:
        return length, 0.0
    return 0.0, length


@njit(cache=True, nogil=True)
def trace(
    starts: IntArray, depth: FloatArray, direction: FloatArray, collars: FloatArray, method: int
) -> FloatArray:
    """Return the positions of all stations, shape (n, 3), every hole beginning at its collar."""
    position = np.empty_like(direction)
    for hole in range(starts.size - 1):
        first = starts[hole]
        for axis in range(3):
            position[first, axis] = collars[hole, axis]
        for i in range(first + 1, starts[hole + 1]):
            length = depth[i] - depth[i - 1]
            above, below = _factors(method, length, direction[i - 1], direction[i])
            for axis in range(3):
                step = above * direction[i - 1, axis] + below * direction[i, axis]
                position[i, axis] = position[i - 1, axis] + step
    return position


@njit(cache=True, nogil=True, inline="always")
def _mean_of_sine(a: float, b: float) -> float:
    """Return the mean of sin between a and b: sin of the middle times sin(d)/d of the half gap."""
    half = 0.5 * (b - a)
    shrink = 1.0 - half * half / 6.0 if abs(half) < SMALL else math.sin(half) / half
    return math.sin(0.5 * (a + b)) * shrink


@njit(cache=True, nogil=True)
def angle_steps(
    depth: FloatArray, inclination: FloatArray, azimuth: FloatArray, method: int
) -> FloatArray:
    """Return east-north-down steps of the methods that average angles, shape (n - 1, 3).

    *inclination* from the vertical and *azimuth* in radians; AVERAGE_TANGENTIAL or
    RADIUS_OF_CURVATURE, whose limits of equal angles are taken smoothly. The azimuth turns the
    shorter way.
    """
    n = depth.size
    steps = np.empty((max(n - 1, 0), 3))
    for i in range(n - 1):
        length = depth[i + 1] - depth[i]
        upper, lower = inclination[i], inclination[i + 1]
        whole = 2.0 * math.pi
        turn = azimuth[i + 1] - azimuth[i]
        turn -= whole * math.floor(turn / whole + 0.5)
        if method == AVERAGE_TANGENTIAL:
            middle, heading = 0.5 * (upper + lower), azimuth[i] + 0.5 * turn
            steps[i, 0] = length * math.sin(middle) * math.sin(heading)
            steps[i, 1] = length * math.sin(middle) * math.cos(heading)
            steps[i, 2] = length * math.cos(middle)
        else:
            quarter = 0.5 * math.pi
            out = length * _mean_of_sine(upper, lower)
            begin, end = azimuth[i], azimuth[i] + turn
            steps[i, 0] = out * _mean_of_sine(begin, end)
            steps[i, 1] = out * _mean_of_sine(begin + quarter, end + quarter)
            steps[i, 2] = length * _mean_of_sine(upper + quarter, lower + quarter)
    return steps


@njit(cache=True, nogil=True, inline="always")
def _leg(stations: Stations, hole: int, depth: float) -> int:
    """Return the last station of a hole that is not below *depth*."""
    low, high = int(stations.starts[hole]), int(stations.starts[hole + 1])
    while high - low > 1:
        middle = (low + high) // 2
        if stations.depth[middle] <= depth:
            low = middle
        else:
            high = middle
    return low


@njit(cache=True, nogil=True)
def locate(
    stations: Stations, hole: IntArray, depth: FloatArray, method: int
) -> tuple[FloatArray, FloatArray]:
    """Return positions and directions at depths down holes, each shape (n, 3).

    MINIMUM_CURVATURE goes along the arc between stations, BALANCED_TANGENTIAL along the upper
    direction to the middle of the leg and along the lower one from there. Beyond the last station
    holes go straight on. NaN for a negative hole number or a NaN depth.
    """
    position = np.full((depth.size, 3), np.nan)
    direction = np.full((depth.size, 3), np.nan)
    for row in range(depth.size):
        if hole[row] < 0 or math.isnan(depth[row]):
            continue
        i = _leg(stations, hole[row], depth[row])
        along = depth[row] - stations.depth[i]
        u = stations.direction[i]
        origin = stations.position[i]
        if i + 1 == stations.starts[hole[row] + 1] or along <= 0.0:
            for axis in range(3):
                direction[row, axis] = u[axis]
                position[row, axis] = origin[axis] + along * u[axis]
            continue
        v = stations.direction[i + 1]
        length = stations.depth[i + 1] - stations.depth[i]
        if method == BALANCED_TANGENTIAL:
            upper = min(along, 0.5 * length)
            for axis in range(3):
                direction[row, axis] = u[axis] if along < 0.5 * length else v[axis]
                position[row, axis] = origin[axis] + upper * u[axis] + (along - upper) * v[axis]
            continue
        angle = _angle(u, v)
        part = along / length
        if angle < 2.0 * SMALL:
            above, below = 1.0 - part, part
        else:
            above = math.sin((1.0 - part) * angle) / math.sin(angle)
            below = math.sin(part * angle) / math.sin(angle)
        reach = 0.5 * along * _ratio_factor(part * angle)
        for axis in range(3):
            direction[row, axis] = above * u[axis] + below * v[axis]
            position[row, axis] = origin[axis] + reach * (u[axis] + direction[row, axis])
    return position, direction
