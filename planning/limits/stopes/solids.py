"""Which closed body is a stope?

A prism: a section long, between floor and roof, its near and far walls two planes. Its eight
corners, in this order: near wall foot, far wall foot, far wall head, near wall head at the
section's start, then the same four at its end.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from deposits.errors import DataError, Problem
from deposits.formats.meshes import Mesh
from planning.limits.stopes.frame import StopeFrame
from planning.limits.stopes.stope import Stope

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: Corners of the six faces, counter-clockwise seen from outside. The frame's own axes are
#: left-handed (strike, to the right of it, up).
FACES: IntArray = np.array(
    [[0, 1, 2, 3], [7, 6, 5, 4], [4, 5, 1, 0], [3, 2, 6, 7], [4, 0, 3, 7], [1, 5, 6, 2]]
)
TRIANGLES: IntArray = np.concatenate([FACES[:, [0, 1, 2]], FACES[:, [0, 2, 3]]])


def corners(frame: StopeFrame, stopes: Sequence[Stope]) -> FloatArray:
    """Return the corners of stopes in world coordinates.

    Parameters
    ----------
    frame : StopeFrame
        Where the stopes lie.
    stopes : sequence of Stope
        n stopes; give those of `stope.diluted_walls` for the bodies that are broken.

    Returns
    -------
    ndarray, shape (n, 8, 3)
        Easting, northing, elevation [m], in the order of this module's first lines.

    Raises
    ------
    DataError
        If a stope lies outside the frame's panels, or its walls cross.
    """
    problems = [problem for stope in stopes for problem in _faults(frame, stope)]
    if problems:
        raise DataError(problems)
    local = np.empty((len(stopes), 8, 3))
    for n, stope in enumerate(stopes):
        near_foot, near_head, far_foot, far_head = stope.walls_m
        low, high = stope.level * frame.level_m, (stope.level + 1) * frame.level_m
        ring = [[near_foot, low], [far_foot, low], [far_head, high], [near_head, high]]
        local[n, :4, 1:] = local[n, 4:, 1:] = ring
        local[n, :4, 0] = stope.section * frame.section_m
        local[n, 4:, 0] = (stope.section + 1) * frame.section_m
    return frame.to_world(local.reshape(-1, 3)).reshape(-1, 8, 3)


def solid(frame: StopeFrame, stope: Stope, name: str = "") -> Mesh:
    """Return a stope as a closed mesh of 12 triangles that look outwards.

    Parameters
    ----------
    frame : StopeFrame
        Where it lies.
    stope : Stope
        With or without its skins.
    name : str
        What it is called.

    Returns
    -------
    Mesh
        8 vertices; its volume is that of `volume_m3`.

    Raises
    ------
    DataError
        If the stope lies outside the frame's panels, or its walls cross.
    """
    return Mesh(corners(frame, [stope])[0], TRIANGLES, name)


def volume_m3(frame: StopeFrame, stope: Stope) -> float:
    """Return the volume of a stope: the trapezoid of its section times the section's length [m3].

    Parameters
    ----------
    frame : StopeFrame
        Lengths of a section and a level.
    stope : Stope
        With or without its skins.

    Returns
    -------
    float
        Volume [m3].

    Examples
    --------
    >>> frame = StopeFrame(origin_m=(0.0, 0.0, 0.0), strike_deg=0.0, section_m=20.0, level_m=30.0,
    ...                    step_m=1.0, n_sections=1, n_levels=1, n_steps=20)
    >>> volume_m3(frame, Stope(0, 0, 4.0, 2.0, 9.0, 6.0, 0.0))
    2700.0
    """
    near_foot, near_head, far_foot, far_head = stope.walls_m
    width = ((far_foot - near_foot) + (far_head - near_head)) / 2.0
    return width * frame.level_m * frame.section_m


def _faults(frame: StopeFrame, stope: Stope) -> list[Problem]:
    """List why a stope has no body."""
    place = f"stope in level {stope.level + 1}, section {stope.section + 1}"
    inside = 0 <= stope.level < frame.n_levels and 0 <= stope.section < frame.n_sections
    if not inside:
        allowed = f"{frame.n_levels} levels of {frame.n_sections} sections"
        return [Problem("no such panel in the frame", place, allowed=allowed)]
    near_foot, near_head, far_foot, far_head = stope.walls_m
    if not (near_foot < far_foot and near_head < far_head):
        found = f"near {near_foot:g} to {near_head:g} m, far {far_foot:g} to {far_head:g} m"
        return [Problem("walls of the stope cross or touch", place, found, "near below far")]
    return []
