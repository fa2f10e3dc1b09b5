"""Where on the page do the cells of a block model lie, however large and however turned it is?

A page shows the world in Web Mercator, in which a straight line of the project grid is slightly
bent: over five kilometres by half a metre. So the grid is parted into pieces of so few cells that
a piece may be drawn as a parallelogram.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from maps.drawings.bench_reading import Lattice

FloatArray = NDArray[np.float64]

#: Most that a cell may lie beside its place [m]: half a pixel of the closest view is 0.06 m.
TOLERANCE_M = 0.03
#: Pieces along one axis at most; only a model across a whole zone would need more.
MOST_PIECES = 64
#: Decimals of degrees: 0.1 mm.
DECIMALS = 9
EARTH_M = 6_378_137.0


@dataclass(frozen=True, slots=True)
class Mesh:
    """Pieces of a grid of cells and where their corners lie.

    Parameters
    ----------
    columns, rows : tuple of int
        First column and row of each piece, and the number of all last.
    nodes : tuple of (float, float)
        Latitude and longitude [degrees, WGS 84] of the pieces' corners, columns fastest, from
        the grid's south-west corner.
    """

    columns: tuple[int, ...]
    rows: tuple[int, ...]
    nodes: tuple[tuple[float, float], ...]


def mesh_of(lattice: Lattice, crs: Any) -> Mesh:
    """Part a lattice into pieces that are parallelograms on the page.

    Parameters
    ----------
    lattice : Lattice
        Cells of a block model.
    crs : Any
        CRS of its grid, as pyproj takes it.

    Returns
    -------
    Mesh
        No cell of a piece lies further than `TOLERANCE_M` from where three corners put it.
    """
    import pyproj

    to_degrees = pyproj.Transformer.from_crs(crs, 4326, always_xy=True)
    pieces = 1
    while True:
        columns, rows = (_edges(count, pieces) for count in lattice.shape[:2])
        if pieces >= MOST_PIECES or _off(lattice, to_degrees, columns, rows) <= TOLERANCE_M:
            break
        pieces += 1
    longitude, latitude = to_degrees.transform(*_world(lattice, columns, rows).T)
    nodes = zip(latitude, longitude, strict=True)
    return Mesh(
        columns,
        rows,
        tuple((round(float(y), DECIMALS), round(float(x), DECIMALS)) for y, x in nodes),
    )


def _edges(count: int, pieces: int) -> tuple[int, ...]:
    return tuple(sorted({round(count * n / pieces) for n in range(pieces + 1)}))


def _world(lattice: Lattice, columns: Any, rows: Any) -> FloatArray:
    """Return eastings and northings of the corners of cells, columns fastest, shape (n, 2) [m]."""
    dx, dy = (size * lattice.blocks for size in lattice.grid.size_m[:2])
    x, y = (n * size for n, size in zip(lattice.first[:2], lattice.grid.size_m[:2], strict=True))
    i, j = np.meshgrid(np.asarray(columns, np.float64), np.asarray(rows, np.float64))
    local = np.column_stack([x + i.ravel() * dx, y + j.ravel() * dy, np.zeros(i.size)])
    found: FloatArray = lattice.grid.to_world(local)[:, :2]
    return found


def _off(lattice: Lattice, to_degrees: Any, columns: Any, rows: Any) -> float:
    """Return how far middles and last corners of pieces lie from their parallelogram [m]."""
    fine = [sorted({*e, *((a + b) / 2 for a, b in itertools.pairwise(e))}) for e in (columns, rows)]
    longitude, latitude = to_degrees.transform(*_world(lattice, *fine).T)
    shape = (len(fine[1]), len(fine[0]))
    phi = np.radians(latitude)
    # Mercator, brought back to metres on the ground.
    east = (EARTH_M * np.radians(longitude)).reshape(shape)
    north = (EARTH_M * np.arctanh(np.sin(phi))).reshape(shape)
    worst = 0.0
    for axis in (east, north):
        sw, se, nw = axis[:-2:2, :-2:2], axis[:-2:2, 2::2], axis[2::2, :-2:2]
        for up, right in ((1, 1), (0, 1), (1, 0), (2, 2), (1, 2), (2, 1)):
            there = axis[up : shape[0] - 2 + up : 2, right : shape[1] - 2 + right : 2]
            meant = sw + (se - sw) * right / 2 + (nw - sw) * up / 2
            worst = max(worst, float(np.abs(there - meant).max()))
    return worst * float(np.cos(phi).max())
