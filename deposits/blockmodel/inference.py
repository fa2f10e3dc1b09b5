"""Which regular grid do these block centres stand on, when the file does not say?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.blockmodel.model import PLACE_COLUMNS, SIZE_COLUMNS
from deposits.errors import DataError, Problem
from deposits.grid import Grid

#: How far a centre may be off its place, as a share of the block's edge: files round coordinates.
TOLERANCE = 0.01
#: Blocks that one grid may have; a wrong azimuth asks for more.
MOST_BLOCKS = 10_000_000_000


def infer_grid(table: pd.DataFrame, azimuth_deg: float = 0.0, name: str = "") -> Grid:
    """Work out the grid that centres stand on.

    Parameters
    ----------
    table : pandas.DataFrame
        ``easting, northing, elevation`` of centres [m]; ``dx, dy, dz`` [m] when sizes differ: then
        the largest is the parent block's, and a block of that size fixes the corner.
    azimuth_deg : float
        Azimuth of the grid [degrees], which centres alone do not give away.
    name : str
        File, for the place of a problem.

    Returns
    -------
    Grid
        The smallest that holds all centres; the edge along an axis is the smallest step between
        two centres. Along an axis with one centre only the edge must be given (``dx, dy, dz``).

    Raises
    ------
    DataError
        If centres are missing, not finite, or off any regular grid by more than 1 % of an edge.
    """
    missing = [column for column in PLACE_COLUMNS if column not in table.columns]
    if missing or not len(table):
        fact = f"columns {', '.join(missing)} are missing" if missing else "there are no blocks"
        raise DataError([Problem(fact, name, remedy="Name them with columns=.")])
    centres = table[list(PLACE_COLUMNS)].to_numpy(np.float64)
    if not np.isfinite(centres).all():
        raise DataError([Problem("centres are not finite", name, allowed="numbers in metres")])
    turn = Grid((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (1, 1, 1), azimuth_deg)
    local = turn.to_local(centres)
    sized = set(SIZE_COLUMNS) <= set(table.columns)
    starts, sizes, counts = [], [], []
    for axis, (label, column) in enumerate(zip(PLACE_COLUMNS, SIZE_COLUMNS, strict=True)):
        edges = table[column].to_numpy(np.float64) if sized else None
        start, size, count = _axis(local[:, axis], edges, f"{name}, column {label}")
        starts.append(start)
        sizes.append(size)
        counts.append(count)
    if float(np.prod([float(count) for count in counts])) > MOST_BLOCKS:
        found = " x ".join(str(count) for count in counts)
        remedy = "The grid is turned: state its azimuth."
        raise DataError([Problem("centres ask for too many blocks", name, found, "", remedy)])
    east, north, up = (float(v) + 0.0 for v in turn.to_world(np.array([starts]))[0])
    shape = (counts[0], counts[1], counts[2])
    return Grid((east, north, up), (sizes[0], sizes[1], sizes[2]), shape, azimuth_deg)


def _axis(
    centres: NDArray[np.float64], edges: NDArray[np.float64] | None, place: str
) -> tuple[float, float, int]:
    """Return the outer corner, the edge and the number of blocks along one axis."""
    if edges is not None:
        size = float(edges.max())
        whole = centres[edges >= size * (1 - TOLERANCE)]
        first = float(whole.min())
    else:
        values = np.unique(centres)
        steps = np.diff(values)
        # Rounded coordinates and rotation leave hairs between equal centres.
        steps = steps[steps > 1e-6 * max(1.0, float(np.ptp(values)))]
        if not len(steps):
            remedy = "Add the columns dx, dy, dz with the edges of the blocks."
            raise DataError([Problem("one centre only: no edge to be seen", place, remedy=remedy)])
        first = float(values[0])
        size = float(np.median(steps[steps < 1.5 * steps.min()]))
        # Over the whole length, so that rounding does not build up.
        size = float(np.ptp(values)) / max(round(float(np.ptp(values)) / size), 1)
    number = (centres - first) / size
    if edges is None:
        apart = np.abs(number - np.round(number))
        if apart.max() > TOLERANCE:
            found = f"a centre {apart.max() * size:.4g} m off a grid of {size:.6g} m"
            remedy = "Add dx, dy, dz if there are sub-blocks, or state the azimuth of the grid."
            raise DataError([Problem("no regular grid", place, found, "1 % of the edge", remedy)])
    cell = np.floor(number + 0.5)
    low = float(cell.min())
    return first + (low - 0.5) * size, size, int(cell.max() - low) + 1
