"""What does a plan need to know of each stope: ore, void, walls and neighbours?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from planning.limits.stopes.frame import StopeFrame
from planning.limits.stopes.stope import Stope
from planning.mine.stope_results import StopesResult

FloatArray = NDArray[np.float64]
#: Walls that come nearer than this touch [m].
TOUCH_M = 1e-6


@dataclass(frozen=True, slots=True)
class StopeBody:
    """One stope with its skins.

    Parameters
    ----------
    name : str
        Its id in the table of stopes.
    row : int
        Its row there.
    shape : Stope
        Walls of what is broken.
    ore_t : float
        Ore drawn, diluted [t].
    void_m3 : float
        What is left empty [m3].
    middle : tuple = (x, y, z)
        [m]
    """

    name: str
    row: int
    shape: Stope
    ore_t: float
    void_m3: float
    middle: tuple[float, float, float]

    @property
    def level(self) -> int:
        """Level, counted from 0 upwards."""
        return self.shape.level

    @property
    def section(self) -> int:
        """Section along strike, counted from 0."""
        return self.shape.section

    @property
    def numbers(self) -> tuple[int, int]:
        """Level and section as tables of stopes count them, from 1."""
        return self.shape.level + 1, self.shape.section + 1

    @property
    def labels(self) -> tuple[str, str]:
        """Level and section as the stope's name says them, such as ("L07", "S15")."""
        level, section, _ = self.name.split("-", 2)
        return level, section

    @property
    def floor_m(self) -> tuple[float, float]:
        """Walls on the floor [m across strike]."""
        return self.shape.near_bottom_m, self.shape.far_bottom_m

    @property
    def roof_m(self) -> tuple[float, float]:
        """Walls on the roof [m across strike]."""
        return self.shape.near_top_m, self.shape.far_top_m

    @property
    def width_m(self) -> float:
        """Mean horizontal width [m]."""
        (near, far), (top_near, top_far) = self.floor_m, self.roof_m
        return (far - near + top_far - top_near) / 2.0

    @property
    def reach_m(self) -> tuple[float, float]:
        """Least and greatest distance across strike of any of its walls [m]."""
        return min(self.floor_m[0], self.roof_m[0]), max(self.floor_m[1], self.roof_m[1])


def bodies_of(result: StopesResult) -> tuple[StopeBody, ...]:
    """Return the stopes of a study as a plan needs them.

    Parameters
    ----------
    result : StopesResult
        Stopes of the best frame.

    Returns
    -------
    tuple of StopeBody
        In the order of their table.
    """
    frame, rows = result.solved.cells.frame, result.table.rows
    names, ore = rows["id"].tolist(), rows["recovered_t"].to_numpy(np.float64)
    return tuple(
        StopeBody(str(names[row]), row, shape, float(ore[row]), *_void_and_middle(shape, frame))
        for row, shape in enumerate(result.diluted)
    )


def _void_and_middle(shape: Stope, frame: StopeFrame) -> tuple[float, tuple[float, float, float]]:
    """Return the volume [m3] and the middle [m] of a stope."""
    walls = shape.walls_m
    width = (shape.far_bottom_m - shape.near_bottom_m + shape.far_top_m - shape.near_top_m) / 2.0
    local = [
        (shape.section + 0.5) * frame.section_m,
        sum(walls) / 4.0,
        (shape.level + 0.5) * frame.level_m,
    ]
    x, y, z = (float(v) for v in frame.to_world([local])[0])
    return width * frame.section_m * frame.level_m, (x, y, z)


def beside(bodies: Sequence[StopeBody]) -> list[tuple[int, int]]:
    """Return pairs of stopes that share a wall along strike, the lesser section first."""
    return _pairs(bodies, 0, 1, 0.0)


def above(bodies: Sequence[StopeBody], pillar_m: float) -> list[tuple[int, int]]:
    """Return pairs of stopes of one section, a level apart and above each other, the lower first.

    Parameters
    ----------
    bodies : sequence of StopeBody
        Stopes.
    pillar_m : float
        The roof of one and the floor of the other count as above each other when less than this
        lies between them across strike [m].

    Returns
    -------
    list of tuple
        Places in *bodies*.
    """
    return _pairs(bodies, 1, 0, pillar_m)


def across(bodies: Sequence[StopeBody]) -> list[tuple[int, int]]:
    """Return pairs of stopes that follow each other across a panel, the nearer first."""
    panels: dict[tuple[int, int], list[int]] = {}
    for number, body in enumerate(bodies):
        panels.setdefault((body.level, body.section), []).append(number)
    found = []
    for panel in panels.values():
        panel.sort(key=lambda number: bodies[number].reach_m)
        found += list(pairwise(panel))
    return found


def _pairs(
    bodies: Sequence[StopeBody], up: int, along: int, room_m: float
) -> list[tuple[int, int]]:
    """Return pairs so many levels and sections apart whose walls overlap across strike."""
    panels: dict[tuple[int, int], list[int]] = {}
    for number, body in enumerate(bodies):
        panels.setdefault((body.level, body.section), []).append(number)
    found = []
    for number, body in enumerate(bodies):
        for other in panels.get((body.level + up, body.section + along), ()):
            mine = body.roof_m if up else body.reach_m
            near, far = bodies[other].floor_m if up else bodies[other].reach_m
            if min(mine[1], far) - max(mine[0], near) + room_m > TOUCH_M:
                found.append((number, other))
    return found
