"""What do the files of a drillhole study hold, and do they belong together?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from deposits.blockmodel import Inside, Surface, all_of, below, in_polygon
from deposits.district import read_layers
from deposits.drilling.holes import Drillholes
from deposits.drilling.reading import read_drillholes
from deposits.errors import Checked, DataError, Problem
from deposits.estimate.config import DrillConfig
from deposits.estimate.plausibility import (
    collar_problems,
    grade_problems,
    outline_problems,
    size_problems,
)
from deposits.formats.meshes import Mesh, read_mesh
from deposits.grid import Grid
from deposits.study import StudyFile

if TYPE_CHECKING:
    from deposits.layers import Layer

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class DrillInputs:
    """Everything a drillhole study names, read and found sound.

    Parameters
    ----------
    holes : Drillholes
        The campaign.
    solids : mapping of str to Mesh
        Closed meshes by domain.
    layers : mapping of str to Layer
        Vector layers by name, in the study's CRS.
    surfaces : mapping of callable
        Elevations [m] of the surfaces that bound domains, by the name in the study.
    topography : Path, optional
        Raster of the surface.
    warnings : tuple of Problem
        What can be right but is worth a look.
    """

    holes: Drillholes
    solids: Mapping[str, Mesh]
    layers: Mapping[str, Layer]
    surfaces: Mapping[str, Surface]
    topography: Path | None
    warnings: tuple[Problem, ...]


def read_inputs(study: StudyFile, config: DrillConfig) -> Checked[DrillInputs]:
    """Read every file of a drillhole study, and list all problems at once.

    Parameters
    ----------
    study : StudyFile
        Where the files are.
    config : DrillConfig
        What they are.

    Returns
    -------
    Checked of DrillInputs
        With the findings of every table.
    """
    drilled = read_drillholes(config.drillholes, study.folder)
    drawn = read_layers(study, config.layers, config.study)
    problems = [*drilled.problems, *drawn.problems, *outline_problems(config, study.path.name)]
    solids = {}
    for name, domain in config.domains.items():
        if domain.solid is None:
            continue
        try:
            solids[name] = read_mesh(study.folder / domain.solid)
            solids[name].require_closed()
        except DataError as error:
            problems += error.problems
    topography = _topography(study, config)
    surfaces = _surfaces(study, config, problems)
    sound = not any(problem.severity == "error" for problem in problems)
    if sound and drilled.value is not None:
        problems += _codes_problems(config, drilled.value, study.path.name)
        problems += _grid_problems(config, solids, study.path.name)
        ground = _ground(config, topography)
        problems += collar_problems(config, drilled.value, ground)
        problems += grade_problems(config, drilled.value, study.path.name)
    if drilled.value is None or any(problem.severity == "error" for problem in problems):
        return Checked(None, tuple(problems))
    layers = drawn.value or {}
    found = DrillInputs(drilled.value, solids, layers, surfaces, topography, tuple(problems))
    return Checked(found, tuple(problems))


def grid_of(config: DrillConfig, points_m: FloatArray) -> Grid:
    """Return the grid of blocks: the one that a study states, else one over all samples.

    Parameters
    ----------
    config : DrillConfig
        The study's tables.
    points_m : array, shape (n, 3)
        Samples [m], at least one.

    Returns
    -------
    Grid
        A grid that is made begins at whole multiples of the block's edges where it is not turned.
    """
    blocks = config.blocks
    if blocks.origin_m is not None and blocks.shape is not None:
        return Grid(blocks.origin_m, blocks.size_m, blocks.shape, blocks.azimuth_deg)
    size = np.asarray(blocks.size_m)
    frame = Grid((0.0, 0.0, 0.0), blocks.size_m, (1, 1, 1), blocks.azimuth_deg)
    local = frame.to_local(points_m)
    first = np.floor((local.min(axis=0) - blocks.margin_m) / size)
    counts = np.ceil((local.max(axis=0) + blocks.margin_m) / size) - first
    east, north, low = frame.to_world(first * size).tolist()
    nx, ny, nz = (max(1, int(n)) for n in counts)
    return Grid((east, north, low), blocks.size_m, (nx, ny, nz), blocks.azimuth_deg)


def shapes_of(config: DrillConfig, inputs: DrillInputs) -> dict[str, Inside]:
    """Return what says whether a place lies in the solid or polygon of each domain.

    Parameters
    ----------
    config : DrillConfig
        The study's tables.
    inputs : DrillInputs
        Its solids and layers.

    Returns
    -------
    dict of callable
        Domain -> function of points, shape (n, 3) [m], in their order of precedence; a domain
        without either takes every place.
    """
    found: dict[str, Inside] = {}
    for name, domain in config.domains.items():
        if name in inputs.solids:
            found[name] = inputs.solids[name].contains
        elif domain.polygon is not None:
            found[name] = in_polygon(inputs.layers[domain.polygon].table.geometry.union_all())
        else:
            found[name] = _everywhere
        for sheet, sign in ((domain.under, -1.0), (domain.over, 1.0)):
            if sheet is not None:
                found[name] = all_of(found[name], _beside(inputs.surfaces[sheet], sign))
    return found


def _beside(surface: Surface, sign: float) -> Inside:
    """Take what lies above (1) or below (-1) a surface; nothing where it does not reach."""

    def inside(points: FloatArray) -> NDArray[np.bool_]:
        heights = np.asarray(surface(np.ascontiguousarray(points[:, :2])))
        return np.asarray(sign * (points[:, 2] - heights) >= 0.0)

    return inside


def bodies_of(config: DrillConfig, inputs: DrillInputs) -> dict[str, Inside]:
    """Return the shapes of the domains as far as they are rock: nothing above the topography."""
    shapes = shapes_of(config, inputs)
    surface = surface_of(config, inputs)
    if surface is None:
        return shapes
    return {name: all_of(inside, below(surface)) for name, inside in shapes.items()}


def surface_of(config: DrillConfig, inputs: DrillInputs) -> Surface | None:
    """Return the elevation of the ground [m] at plan positions, if the study has a topography."""
    return _ground(config, inputs.topography)


def _ground(config: DrillConfig, topography: Path | None) -> Surface | None:
    """Read the raster of the ground, if there is one."""
    if topography is None:
        return None
    from deposits.gis.rasters import read_surface

    return read_surface(topography, config.study.crs)


def _everywhere(points: FloatArray) -> NDArray[np.bool_]:
    """Take every place."""
    return np.ones(len(points), dtype=np.bool_)


def _surfaces(study: StudyFile, config: DrillConfig, problems: list[Problem]) -> dict[str, Surface]:
    """Read the surfaces that bound domains: raster layers by their name, else mesh files."""
    from deposits.gis.rasters import read_surface

    found: dict[str, Surface] = {}
    for domain in config.domains.values():
        for name in (domain.under, domain.over):
            if name is None or name in found:
                continue
            try:
                if name in config.layers:
                    path = study.folder / config.layers[name].path
                    found[name] = read_surface(path, config.study.crs)
                else:
                    found[name] = read_mesh(study.folder / name).elevation_at
            except DataError as error:
                problems += error.problems
    return found


def _topography(study: StudyFile, config: DrillConfig) -> Path | None:
    """Return the file of the topography, if one is named."""
    name = config.blocks.topography
    return None if name is None else study.folder / config.layers[name].path


def _codes_problems(config: DrillConfig, holes: Drillholes, file: str) -> list[Problem]:
    """Find codes that no interval has: a misspelt one would leave its domain without samples."""
    problems = []
    for name, domain in config.domains.items():
        if domain.codes is None:
            continue
        table = holes.intervals[domain.codes.table]
        key = f"{file}, key domains.{name}.codes"
        if domain.codes.column not in table:
            allowed = ", ".join(map(str, table.columns))
            problems.append(Problem("no such column", key, domain.codes.column, allowed))
            continue
        known = sorted(set(table[domain.codes.column].astype(str)))
        missing = [code for code in domain.codes.values if code not in known]
        if missing:
            found, allowed = ", ".join(missing), ", ".join(known)
            problems.append(Problem("no interval has this code", key, found, allowed))
    return problems


def _grid_problems(config: DrillConfig, solids: Mapping[str, Mesh], file: str) -> list[Problem]:
    """Find grids that miss a solid, wholly or in part."""
    # Without a stated grid only the discretisation is judged here, the grid once it is made.
    problems = size_problems(config, config.blocks.shape or (1, 1, 1), file)
    if config.blocks.origin_m is None:
        return problems
    grid = grid_of(config, np.empty((0, 3)))
    for name, mesh in solids.items():
        local = grid.to_local(mesh.vertices)
        slack = 0.01 * np.asarray(grid.size_m)
        high = np.asarray(grid.shape) * np.asarray(grid.size_m) + slack
        outside = float(np.mean(np.any((local < -slack) | (local > high), axis=1)))
        if outside > 0:
            fact = f"{outside:.0%} of the vertices of the solid of {name} lie outside the grid"
            low, top = mesh.bounds()
            found = " to ".join(f"({e:.0f}, {n:.0f}, {z:.0f})" for e, n, z in (low, top))
            remedy = "What lies outside is not estimated; move or enlarge [blocks]."
            problems.append(
                Problem(
                    fact,
                    f"{file}, key blocks",
                    found,
                    "",
                    remedy,
                    "error" if outside == 1.0 else "warning",
                )
            )
    return problems
