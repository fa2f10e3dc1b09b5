"""Can collars, grades and grid of a drillhole study be right, before an hour is spent on them?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from deposits.drilling.holes import Drillholes
from deposits.drilling.validation import check_against
from deposits.errors import Problem
from deposits.estimate.config import DrillConfig

FloatArray = NDArray[np.float64]

#: More blocks than this take days, and more than any deposit needs.
MOST_BLOCKS = 500_000_000
#: Cells of one level of the lattice that cuts blocks at boundaries; it is held in memory.
MOST_CELLS = 20_000_000
#: Points that stand for one block; a kriging system needs no more.
MOST_POINTS = 1_000


def collar_problems(
    config: DrillConfig,
    holes: Drillholes,
    elevation_at: Callable[[FloatArray], FloatArray] | None,
) -> tuple[Problem, ...]:
    """Find collars outside the study's extent, and those off the ground.

    Parameters
    ----------
    config : DrillConfig
        The study's tables.
    holes : Drillholes
        The campaign.
    elevation_at : callable, optional
        Takes positions, shape (n, 2) [m], returns the elevation of the ground, shape (n,) [m].

    Returns
    -------
    tuple of Problem
    """
    from pyproj import Transformer

    box = config.study.extent
    to_metres = Transformer.from_crs("EPSG:4326", config.study.crs, always_xy=True)
    bounds = to_metres.transform_bounds(box.west, box.south, box.east, box.north)
    return check_against(holes, bounds, elevation_at).problems()


def size_problems(config: DrillConfig, shape: tuple[int, int, int], file: str) -> list[Problem]:
    """Find grids, lattices and blocks of so many parts that no memory or patience is enough.

    Parameters
    ----------
    config : DrillConfig
        The study's tables.
    shape : tuple of int
        Numbers of blocks along the grid's axes.
    file : str
        Name of the study file.

    Returns
    -------
    list of Problem
    """
    problems = []
    blocks, cells = math.prod(shape), math.prod((*shape[:2], *config.blocks.split))
    counted = " x ".join(f"{n:,}" for n in shape)
    if blocks > MOST_BLOCKS:
        found, allowed = f"{counted} = {blocks:,} blocks", f"at most {MOST_BLOCKS:,}"
        remedy = "Take larger blocks (size_m) or a smaller grid."
        problems.append(
            Problem("too many blocks", f"{file}, key blocks", found, allowed, remedy),
        )
    elif cells > MOST_CELLS:
        found, allowed = f"{cells:,} sub-blocks in one level", f"at most {MOST_CELLS:,}"
        remedy = "State a smaller split, larger blocks or a smaller grid."
        problems.append(
            Problem("too many sub-blocks", f"{file}, key blocks.split", found, allowed, remedy)
        )
    for key, points in _points(config):
        if points > MOST_POINTS:
            found, allowed = f"{points:,} points a block", f"at most {MOST_POINTS:,}"
            remedy = "4 x 4 x 2 is enough for most blocks."
            fact = "too fine a discretisation"
            problems.append(Problem(fact, f"{file}, key {key}", found, allowed, remedy))
    return problems


def grade_problems(config: DrillConfig, holes: Drillholes, file: str) -> list[Problem]:
    """Find elements of which no interval has a grade.

    Parameters
    ----------
    config : DrillConfig
        The study's tables.
    holes : Drillholes
        The campaign.
    file : str
        Name of the study file.

    Returns
    -------
    list of Problem
    """
    assays = holes.intervals[config.samples.table]
    remedy = "Fill the column, or leave the element out of [samples]."
    return [
        Problem(f"no interval has a grade of {element}", f"{file}, key samples.elements",
                f"{len(assays)} intervals in {config.samples.table}", remedy=remedy)
        for element in config.samples.elements
        if not assays[element].notna().any()
    ]  # fmt: skip


def outline_problems(config: DrillConfig, file: str) -> list[Problem]:
    """Find domains that an earlier one leaves without a block, and those without an outline.

    Parameters
    ----------
    config : DrillConfig
        The study's tables.
    file : str
        Name of the study file.

    Returns
    -------
    list of Problem
    """
    problems = []
    before: dict[tuple[str | None, ...], str] = {}
    everywhere = (None, None, None, None)
    for name, domain in config.domains.items():
        outline = (domain.solid, domain.polygon, domain.under, domain.over)
        place = f"{file}, key domains.{name}"
        first = before.get(outline, before.get(everywhere))
        if first is not None:
            fact = f"the domain gets no block: {first}, which comes first, has them all"
            remedy = "Codes choose samples only; give each domain a solid, polygon or surface."
            problems.append(Problem(fact, place, remedy=remedy))
        elif outline == everywhere:
            fact = "the domain has no outline: every block that a search reaches is taken for it"
            remedy = "State a solid, a polygon or surfaces, or expect tonnes that nobody drilled."
            problems.append(Problem(fact, place, remedy=remedy, severity="warning"))
        before.setdefault(outline, name)
    return problems


def outside_problems(
    points_m: FloatArray,
    domain: NDArray[np.object_],
    shapes: Mapping[str, Callable[[FloatArray], NDArray[np.bool_]]],
) -> list[Problem]:
    """Find composites that a code put into a domain although they lie outside its outline.

    Parameters
    ----------
    points_m : array, shape (n, 3)
        Middles of composites [m].
    domain : array of str, shape (n,)
        Their domains, "" for none.
    shapes : mapping of callable
        Domain -> function of points that says which its outline holds.

    Returns
    -------
    list of Problem
    """
    problems = []
    for name, inside in shapes.items():
        own = points_m[domain == name]
        outside = int((~inside(own)).sum()) if len(own) else 0
        if outside > 0.01 * len(own):
            fact = f"{outside} of {len(own)} composites of the domain lie outside its outline"
            remedy = "They inform its blocks all the same; check codes against the outline."
            problems.append(Problem(fact, f"domain {name}", remedy=remedy, severity="warning"))
    return problems


def _points(config: DrillConfig) -> Iterator[tuple[str, int]]:
    """List how many points stand for a block, by key."""
    yield "estimation.discretisation", math.prod(config.estimation.discretisation)
    for name, domain in config.domains.items():
        if domain.estimation is not None:
            key = f"domains.{name}.estimation.discretisation"
            yield key, math.prod(domain.estimation.discretisation)
    for triple in config.validation.kna.discretisations:
        yield "validation.kna.discretisations", math.prod(triple)
