"""How does a surface or a body of cells reach the page with its place to the centimetre?

A net is a grid of cells, turned or not, that the page can look into at any point: the ground along
a section, the floor of a pit, the year in which a block is dug. Its place is told by pieces that
are straight on the page (see :mod:`maps.drawings.bench_mesh`), its numbers as those of the
benches are (see :mod:`maps.drawings.bench_packing`).
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deposits.grid import Grid
from maps.drawings.bench_mesh import Mesh, mesh_of
from maps.drawings.bench_packing import FIRST, MOST_STEPS, NO_BLOCK, Codes, pack
from maps.drawings.bench_reading import Lattice

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """Numbers on a grid of cells, as the page unfolds them.

    Parameters
    ----------
    mesh : Mesh
        Pieces of the grid that are straight on the page.
    nx, ny, nz : int
        Columns, rows and planes of cells.
    lo, step : float
        Number of code 2 and size of a step; code 0 is nothing.
    data : str
        Codes, packed.
    """

    mesh: Mesh
    nx: int
    ny: int
    nz: int
    lo: float
    step: float
    data: str

    def to_dict(self) -> dict[str, Any]:
        """Return what the page reads: numbers and packed text, nothing of anybody's."""
        return asdict(self)


def net_of(grid: Grid, crs: Any, values: FloatArray, step: float) -> Net:
    """Pack numbers of the columns of a grid.

    Parameters
    ----------
    grid : Grid
        Its first two axes are those of the net.
    crs : Any
        Its CRS, as pyproj takes it.
    values : ndarray, shape (planes, rows, columns)
        Rows northwards along the grid's own axis; NaN where there is nothing.
    step : float
        Numbers are told to half of it; larger where two bytes would not hold them.

    Returns
    -------
    Net
    """
    known = np.isfinite(values)
    codes = np.full(values.shape, NO_BLOCK, dtype=np.uint16)
    lo = 0.0
    if known.any():
        low, high = float(values[known].min()), float(values[known].max())
        step = max(step, (high - low) / MOST_STEPS)
        lo = math.floor(low / step) * step
        codes[known] = np.rint((values[known] - lo) / step).astype(np.int64) + FIRST
    planes, rows, columns = values.shape
    lattice = Lattice(Path(), grid, (), (0, 0, 0), (columns, rows, planes))
    return net_of_codes(lattice, crs, codes, (lo, step))


def net_of_codes(lattice: Lattice, crs: Any, codes: Codes, scale: tuple[float, float]) -> Net:
    """Pack codes of the cells of a lattice.

    Parameters
    ----------
    lattice : Lattice
        Where the cells lie.
    crs : Any
        CRS of its grid.
    codes : ndarray of uint16, shape (planes, rows, columns)
        0 for nothing.
    scale : tuple = (lo, step)
        Number of code 2 and size of a step.

    Returns
    -------
    Net
    """
    planes, rows, columns = codes.shape
    return Net(
        mesh=mesh_of(lattice, crs),
        nx=columns,
        ny=rows,
        nz=planes,
        lo=scale[0],
        step=scale[1],
        data=pack(codes),
    )
