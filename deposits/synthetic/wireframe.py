"""Which closed body would a geologist draw around the SYNTHETIC horizon?

One body between each two faults, roof and floor joined by walls; coarser than the truth.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deposits.synthetic.shape import Shape

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Body(NamedTuple):
    """A closed triangulated body.

    vertices : float64 (n, 3), easting, northing, elevation [m]
    triangles : int64 (m, 3), numbers of vertices from 0, normals outward
    """

    vertices: FloatArray
    triangles: IntArray


def horizon_bodies(shape: Shape, spacing_m: float = 15.0) -> tuple[Body, ...]:
    """Draw the SYNTHETIC horizon, one closed body a fault block.

    Parameters
    ----------
    shape : Shape
        Roof, thickness, faults.
    spacing_m : float
        Of the nodes, about [m].

    Returns
    -------
    tuple of Body
        In order along strike.
    """
    design = shape.design
    x = np.linspace(0.0, design.width_m, max(2, round(design.width_m / spacing_m) + 1))
    traces = [np.zeros_like(x)]
    traces += [fault.along_m + fault.slope * x for fault in design.faults]
    traces.append(np.full_like(x, design.strike_length_m))
    dropped = np.concatenate([[0.0], np.cumsum([fault.throw_m for fault in design.faults])])
    bodies = []
    for start, end, drop in zip(traces[:-1], traces[1:], dropped, strict=True):
        rows = max(2, round(float(np.mean(end - start)) / spacing_m) + 1)
        share = np.linspace(0.0, 1.0, rows)[:, None]
        y = start + share * (end - start)
        bodies.append(_body(shape, np.broadcast_to(x, y.shape), y, float(drop)))
    return tuple(bodies)


def _body(shape: Shape, x: FloatArray, y: FloatArray, drop: float) -> Body:
    """Close one fault block; nodes are rows along x."""
    fall = math.cos(math.radians(shape.design.dip_deg))
    roof = shape.unfaulted_roof_m(x, y) - drop
    floor = roof - shape.thickness_m(x, y) / fall
    local = [np.column_stack([x.ravel(), y.ravel(), z.ravel()]) for z in (roof, floor)]
    n_rows, n_columns = x.shape
    number = np.arange(x.size).reshape(x.shape)
    top = _triangles(number)
    ring = np.concatenate(
        [number[0], number[1:, -1], number[-1, -2::-1], number[-2:0:-1, 0]]
    )  # counter-clockwise from above
    following = np.roll(ring, -1)
    below = n_rows * n_columns
    walls = np.vstack(
        [
            np.column_stack([ring, ring + below, following]),
            np.column_stack([following, ring + below, following + below]),
        ]
    )
    bottom = top[:, ::-1] + below
    return Body(shape.to_world(np.vstack(local)), np.vstack([top, bottom, walls]))


def _triangles(number: IntArray) -> IntArray:
    """Two triangles a cell of nodes, normals up."""
    a, b = number[:-1, :-1].ravel(), number[:-1, 1:].ravel()
    d, c = number[1:, :-1].ravel(), number[1:, 1:].ravel()
    return np.vstack([np.column_stack([a, b, c]), np.column_stack([a, c, d])])


def volume_m3(body: Body) -> float:
    """Return the volume a closed body encloses [m3]; positive when its normals point outward."""
    centred = body.vertices - body.vertices.mean(axis=0)
    a, b, c = (centred[body.triangles[:, i]] for i in range(3))
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6.0)
