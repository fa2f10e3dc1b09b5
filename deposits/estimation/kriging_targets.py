"""What is to be estimated: points, or blocks of which size and turned how far?"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError, Problem
from deposits.grid import Grid

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Targets:
    """Points or blocks to estimate.

    Parameters
    ----------
    points : array, shape (n, 3)
        Points or centres of blocks: easting, northing, elevation [m].
    block_size_m : array, shape (3,) or (n, 3), optional
        Edge lengths along the grid's axes [m]; of each block its own with sub-blocks. Without it
        the targets are points.
    discretisation : tuple = (nx, ny, nz)
        Points that stand for a block along its edges; (1, 1, 1) treats a block as its centre.
    azimuth_deg : float
        Direction of the grid's northing axis, clockwise from north [degrees]; blocks and their
        discretisation turn with it.
    external : array, shape (n, q), optional
        External drift at the targets (mean over the block).
    without_sample, without_hole : array of int, shape (n,), optional
        Number of a sample, or of a drillhole, that must not inform the target (-1: none), for
        cross-validation.

    Raises
    ------
    DataError
        If a shape, a coordinate or a size cannot be right.

    Examples
    --------
    >>> import numpy as np
    >>> block = Targets(points=np.zeros((1, 3)), block_size_m=np.array([8.0, 8.0, 4.0]),
    ...                 discretisation=(2, 2, 1))
    >>> block.offsets(block.sizes()[0])[0]
    array([[-2., -2.,  0.],
           [ 2., -2.,  0.],
           [-2.,  2.,  0.],
           [ 2.,  2.,  0.]])
    """

    points: FloatArray
    block_size_m: FloatArray | None = None
    discretisation: tuple[int, int, int] = (1, 1, 1)
    azimuth_deg: float = 0.0
    external: FloatArray = field(default_factory=lambda: np.empty((0, 0)))
    without_sample: IntArray | None = None
    without_hole: IntArray | None = None

    def __post_init__(self) -> None:
        """Bring the arrays to their shapes, refuse what describes no target."""
        points = np.array(self.points, dtype=np.float64, ndmin=2)
        object.__setattr__(self, "points", points)
        n = points.shape[0]
        external = np.array(self.external, dtype=np.float64)
        external = external[:, None] if external.ndim == 1 else external
        object.__setattr__(self, "external", external if external.size else np.empty((n, 0)))
        if self.block_size_m is not None:
            object.__setattr__(self, "block_size_m", np.array(self.block_size_m, dtype=np.float64))
        for name in ("without_sample", "without_hole"):
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, np.array(value, dtype=np.int64))
        problems = list(self._problems())
        if problems:
            raise DataError(problems)

    def _problems(self) -> list[Problem]:
        """List what keeps these from being targets."""
        if self.points.ndim != 2 or self.points.shape[1] != 3:
            return [Problem("targets need three columns", "", str(self.points.shape))]
        n, found = self.n, []
        if not np.isfinite(self.points).all():
            rows = np.flatnonzero(~np.isfinite(self.points).all(axis=1))
            found.append(Problem("targets have no finite position", f"rows {rows[:10].tolist()}"))
        size = self.block_size_m
        if size is not None and size.shape not in ((3,), (n, 3)):
            found.append(Problem("block sizes have another shape", "", str(size.shape), "(3,)"))
        elif size is not None and not ((size > 0) & np.isfinite(size)).all():
            found.append(Problem("block sizes must be above 0 m", "", str(float(size.min()))))
        if min(self.discretisation) < 1 or len(self.discretisation) != 3:
            found.append(
                Problem("discretisation needs 3 counts of at least 1", "", str(self.discretisation))
            )
        if max(self.discretisation) > 1 and size is None:
            found.append(
                Problem(
                    "discretisation of blocks without a size",
                    "",
                    str(self.discretisation),
                    "",
                    "Give block_size_m.",
                )
            )
        if self.external.shape[0] != n:
            found.append(
                Problem("external drift needs one row a target", "", str(self.external.shape))
            )
        for name in ("without_sample", "without_hole"):
            value = getattr(self, name)
            if value is not None and value.shape != (n,):
                found.append(Problem(f"{name} needs one number a target", "", str(value.shape)))
        if not math.isfinite(self.azimuth_deg):
            found.append(Problem("azimuth of the blocks is not finite"))
        return found

    @property
    def n(self) -> int:
        """Number of targets."""
        return int(self.points.shape[0])

    @classmethod
    def of_grid(
        cls,
        grid: Grid,
        index: ArrayLike | None = None,
        discretisation: tuple[int, int, int] = (1, 1, 1),
    ) -> Targets:
        """Return the blocks of a grid, all or those of some numbers."""
        numbers = np.arange(grid.n_blocks) if index is None else np.asarray(index, dtype=np.int64)
        return cls(
            points=grid.centres(numbers),
            block_size_m=np.array(grid.size_m),
            discretisation=discretisation,
            azimuth_deg=grid.azimuth_deg,
        )

    def part(self, begin: int, end: int) -> Targets:
        """Return the targets of some consecutive rows."""
        size = self.block_size_m
        return Targets(
            points=self.points[begin:end],
            block_size_m=size if size is None or size.ndim == 1 else size[begin:end],
            discretisation=self.discretisation,
            azimuth_deg=self.azimuth_deg,
            external=self.external[begin:end],
            without_sample=None if self.without_sample is None else self.without_sample[begin:end],
            without_hole=None if self.without_hole is None else self.without_hole[begin:end],
        )

    def among(self, sample_rows: IntArray) -> Targets:
        """Return the targets with left-out samples numbered among some (sorted) samples."""
        if self.without_sample is None:
            return self
        place = np.searchsorted(sample_rows, self.without_sample)
        place = np.minimum(place, sample_rows.size - 1)
        number = np.where(sample_rows[place] == self.without_sample, place, -1)
        return replace(self, without_sample=number)

    def sizes(self) -> tuple[FloatArray, IntArray]:
        """Return the different block sizes [m], shape (k, 3), and which one each target has."""
        if self.block_size_m is None:
            return np.zeros((1, 3)), np.zeros(self.n, np.int64)
        if self.block_size_m.ndim == 1:
            return self.block_size_m[None, :], np.zeros(self.n, np.int64)
        different, which = np.unique(self.block_size_m, axis=0, return_inverse=True)
        return different, which.reshape(-1).astype(np.int64)

    def offsets(self, sizes_m: FloatArray) -> FloatArray:
        """Return discretisation points from the centre [m], shape (k, nx*ny*nz, 3)."""
        steps = [(np.arange(n) + 0.5) / n - 0.5 for n in self.discretisation]
        z, y, x = np.meshgrid(steps[2], steps[1], steps[0], indexing="ij")
        unit = np.column_stack([x.ravel(), y.ravel(), z.ravel()])
        axes = Grid((0, 0, 0), (1, 1, 1), (1, 1, 1), self.azimuth_deg).axes()
        local = unit[None, :, :] * sizes_m[:, None, :]
        turned: FloatArray = np.ascontiguousarray(local @ axes) if self.azimuth_deg else local
        return turned + 0.0
