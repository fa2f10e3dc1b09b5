"""What does a vertical section cut beside blocks and holes: bodies of stopes, ground and pit?

A stope is told by the eight corners of its body, so that the page cuts the body itself. The ground
is that of the study's terrain around what lies in space, a pit the columns of blocks it digs, as on
the page in three dimensions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deposits.blockmodel import read_about
from deposits.grid import Grid
from maps.drawings.nets import Net, net_of
from maps.drawings.pit_years import pit_years
from maps.drawings.solids import stope_bodies
from maps.drawings.solids_pit import pit_columns
from maps.drawings.tables import text
from maps.drawings.terrain import Terrain, terrain_of, thinned
from maps.finished import Finished
from maps.layers import Layer

FloatArray = NDArray[np.float64]

#: Steps of a degree that corners of bodies are told in: 1 mm.
CORNER_DEG = 1e-8
#: Cells of the ground that a page holds at most, and steps of its elevations and of a pit's [m].
MOST_CELLS, GROUND_M, PIT_M = 25_000, 0.2, 0.05
#: What lies in space, and how far beyond it the ground is told, as a part of its longer side.
IN_SPACE = ("block_model_outline", "stopes", "pit_outline", "drillhole_traces")
BEYOND = 0.2


def bodies_of(layer: Layer, summary: Mapping[str, Any]) -> dict[str, Any]:
    """Return the corners of the bodies of stopes as small whole numbers.

    Parameters
    ----------
    layer : Layer
        Drawn stopes.
    summary : mapping
        The study's ``summary.json``: the strike of their frame.

    Returns
    -------
    dict
        ``from`` (longitude, latitude [degrees, WGS 84]) and ``corners``: eastwards and northwards
        from there in steps of `CORNER_DEG`, four corners of the floor, then of the roof, of every
        stope, shape (n,); None for one whose body is not known. {} where none is.
    """
    frame = ((summary.get("mine") or {}).get("stopes") or {}).get("frame") or {}
    strike = frame.get("strike_deg")
    bodies = stope_bodies(layer, None if strike is None else float(strike))
    known = np.asarray(np.isfinite(bodies).all(axis=(1, 2)), dtype=np.bool_)
    if strike is None or not known.any():
        return {}
    import pyproj

    to_degrees = pyproj.Transformer.from_crs(layer.features.crs, 4326, always_xy=True)
    degrees = np.stack(to_degrees.transform(bodies[..., 0], bodies[..., 1]), axis=-1)
    first = np.round(degrees[known].reshape(-1, 2).min(axis=0), 4)
    steps = np.zeros(degrees.shape, dtype=np.int64)
    steps[known] = np.rint((degrees[known] - first) / CORNER_DEG)
    return {
        "from": [float(v) for v in first],
        "corners": [steps[i].ravel().tolist() if there else None for i, there in enumerate(known)],
    }


def under_sections(finished: Finished) -> dict[str, Any]:
    """Return the surfaces that a section shows.

    Parameters
    ----------
    finished : Finished
        A finished study.

    Returns
    -------
    dict
        ``ground``: its net with ``cell_m``, ``datum`` and ``source``, escaped; ``pit``: a net of
        two planes, floor and top of its columns; ``years``: see :func:`pit_years`. Only what
        the study has; elevations [m].
    """
    found: dict[str, Any] = {}
    terrain, blocks = terrain_of(finished), finished.left("pit_blocks.parquet")
    near = None if terrain is None else around(terrain, finished.layers)
    if near is not None:
        told = {"datum": text(near.vertical_datum), "source": text(near.source)}
        found["ground"] = {**_ground(near).to_dict(), "cell_m": round(near.cell_m, 2), **told}
    pit = None if blocks is None else _pit(blocks)
    if pit is not None:
        found["pit"] = pit.to_dict()
    years = pit_years(finished)
    return {**found, "years": years} if years else found


def around(terrain: Terrain, layers: tuple[Layer, ...]) -> Terrain | None:
    """Cut out the ground around what lies in space, in cells that are few enough.

    Parameters
    ----------
    terrain : Terrain
        The ground.
    layers : tuple of Layer
        Drawn layers, in the same CRS.

    Returns
    -------
    Terrain or None
        Whole cells of the ground; None where nothing lies in space, or none of it on the ground.
    """
    boxes = [x.features.total_bounds for x in layers if x.name in IN_SPACE and len(x.features)]
    known = [box for box in boxes if np.isfinite(box).all()]
    if not known:
        return None
    west, south = np.min(known, axis=0)[:2]
    east, north = np.max(known, axis=0)[2:]
    more = BEYOND * max(east - west, north - south) + terrain.cell_m
    rows, columns = terrain.elevations_m.shape
    first = max(0, math.floor((west - more - terrain.west_m) / terrain.cell_m))
    last = min(columns, math.ceil((east + more - terrain.west_m) / terrain.cell_m))
    top = max(0, math.floor((terrain.north_m - north - more) / terrain.cell_m))
    bottom = min(rows, math.ceil((terrain.north_m - south + more) / terrain.cell_m))
    if first >= last or top >= bottom:
        return None
    part = replace(
        terrain,
        elevations_m=terrain.elevations_m[top:bottom, first:last],
        west_m=terrain.west_m + first * terrain.cell_m,
        north_m=terrain.north_m - top * terrain.cell_m,
    )
    return thinned(part, MOST_CELLS) if np.isfinite(part.elevations_m).any() else None


def _ground(terrain: Terrain) -> Net:
    west, south, _, _ = terrain.bounds_m
    rows, columns = terrain.elevations_m.shape
    size = (terrain.cell_m, terrain.cell_m, 1.0)
    grid = Grid((west, south, 0.0), size, (columns, rows, 1), 0.0)
    northwards = terrain.elevations_m[::-1].astype(np.float64)
    return net_of(grid, terrain.crs, northwards[None], GROUND_M)


def _pit(path: Path) -> Net | None:
    columns = pit_columns(path)
    _, about = read_about(path)
    if columns is None or not about.crs:
        return None
    (x, y), shape = (columns[axis] for axis in "xy"), (columns["ny"], columns["nx"])
    east, north = (float(v) for v in columns["origin"])
    size = (float(np.hypot(*x)), float(np.hypot(*y)), 1.0)
    turned = math.degrees(math.atan2(y[0], y[1]))
    grid = Grid((east, north, 0.0), size, (columns["nx"], columns["ny"], 1), turned)
    planes = [np.asarray(columns[key], dtype=np.float64).reshape(shape) for key in ("floor", "top")]
    return net_of(grid, about.crs, np.stack(planes), PIT_M)
