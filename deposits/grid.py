"""Where does each block of a regular, possibly rotated, grid lie, and in which order?

The one order of blocks: easting fastest, then northing, then elevation, from the lowest
south-west corner. In a rotated grid "easting" and "northing" are the grid's own axes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Grid:
    """A regular grid of blocks.

    Parameters
    ----------
    origin_m : tuple = (easting, northing, elevation)
        Outer lowest south-west corner of the first block [m]; the grid turns about it.
    size_m : tuple = (dx, dy, dz)
        Edge lengths of a block along the grid's axes [m], above 0.
    shape : tuple = (nx, ny, nz)
        Numbers of blocks along the grid's axes, at least 1.
    azimuth_deg : float
        Direction of the grid's own northing axis, clockwise from north [degrees].

    Raises
    ------
    ValueError
        If a size, a number or the origin cannot be right.

    Examples
    --------
    >>> grid = Grid((0.0, 0.0, 100.0), (10.0, 10.0, 5.0), (4, 3, 2))
    >>> grid.n_blocks
    24
    >>> grid.centres([0, 23])
    array([[  5. ,   5. , 102.5],
           [ 35. ,  25. , 107.5]])
    """

    origin_m: tuple[float, float, float]
    size_m: tuple[float, float, float]
    shape: tuple[int, int, int]
    azimuth_deg: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what describes no grid."""
        if not all(0 < size < math.inf for size in self.size_m):
            raise ValueError(f"block sizes must be above 0 m, given {self.size_m}")
        if not all(isinstance(n, int) and n >= 1 for n in self.shape):
            raise ValueError(f"numbers of blocks must be whole and at least 1, given {self.shape}")
        if not all(math.isfinite(value) for value in (*self.origin_m, self.azimuth_deg)):
            raise ValueError("origin and azimuth of a grid must be finite")

    @property
    def n_blocks(self) -> int:
        """Number of blocks."""
        nx, ny, nz = self.shape
        return nx * ny * nz

    @property
    def block_volume_m3(self) -> float:
        """Volume of one block [m3]."""
        dx, dy, dz = self.size_m
        return dx * dy * dz

    def axes(self) -> FloatArray:
        """Return the grid's axes as unit vectors in rows, shape (3, 3)."""
        turn = math.radians(self.azimuth_deg)
        cos, sin = math.cos(turn), math.sin(turn)
        return np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])

    def index(self, i: ArrayLike, j: ArrayLike, k: ArrayLike) -> IntArray:
        """Return block numbers from numbers along the axes (no bounds check)."""
        nx, ny, _ = self.shape
        column, row, level = (np.asarray(v, dtype=np.int64) for v in (i, j, k))
        return column + nx * (row + ny * level)

    def ijk(self, index: ArrayLike) -> tuple[IntArray, IntArray, IntArray]:
        """Return numbers along the axes from block numbers."""
        nx, ny, _ = self.shape
        number = np.asarray(index, dtype=np.int64)
        return number % nx, number // nx % ny, number // (nx * ny)

    def centres(self, index: ArrayLike) -> FloatArray:
        """Return the centres (easting, northing, elevation) of blocks [m], shape (n, 3)."""
        numbers = np.column_stack(self.ijk(index)).astype(np.float64)
        return self.to_world((numbers + 0.5) * np.asarray(self.size_m))

    def to_world(self, local_m: ArrayLike) -> FloatArray:
        """Turn positions along the grid's axes from its origin [m] into coordinates, (n, 3)."""
        local = np.asarray(local_m, dtype=np.float64)
        world: FloatArray = self._turned(local, self.axes()) + np.asarray(self.origin_m)
        return world

    def to_local(self, points_m: ArrayLike) -> FloatArray:
        """Turn coordinates [m] into positions along the grid's axes from its origin, (n, 3)."""
        moved: FloatArray = np.asarray(points_m, dtype=np.float64) - np.asarray(self.origin_m)
        return self._turned(moved, self.axes().T)

    def _turned(self, points: FloatArray, axes: FloatArray) -> FloatArray:
        """Multiply rows by the axes, term by term: BLAS rounds by the number of rows."""
        if self.azimuth_deg == 0.0:
            return points
        x, y, z = points[..., 0:1], points[..., 1:2], points[..., 2:3]
        turned: FloatArray = x * axes[0] + y * axes[1] + z * axes[2]
        return turned

    def locate(self, points_m: ArrayLike) -> IntArray:
        """Return the number of the block that holds each point, -1 outside.

        Lower faces belong to a block, upper ones to the next; the grid's outermost upper faces
        are outside.
        """
        local = self.to_local(points_m) / np.asarray(self.size_m)
        numbers = np.floor(local)
        inside = np.all((numbers >= 0) & (numbers < np.asarray(self.shape)), axis=1)
        cells = np.where(inside[:, None], numbers, 0).astype(np.int64)
        return np.where(inside, self.index(cells[:, 0], cells[:, 1], cells[:, 2]), -1)

    def outline(self) -> FloatArray:
        """Return the plan corners (easting, northing) [m], counter-clockwise, shape (4, 2)."""
        length, width = self.shape[0] * self.size_m[0], self.shape[1] * self.size_m[1]
        corners = np.array([[0, 0, 0], [length, 0, 0], [length, width, 0], [0, width, 0]])
        return self.to_world(corners)[:, :2]

    def with_shape(self, shape: tuple[int, int, int], size_m: tuple[float, float, float]) -> Grid:
        """Return another grid on the same corner and azimuth."""
        return Grid(self.origin_m, size_m, shape, self.azimuth_deg)
