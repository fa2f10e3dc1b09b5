"""Where do the levels, the sections and the steps across the strike lie, within which stopes fit?

The frame has its own axes: u runs along strike, w across it, horizontally, to the right of strike
(so a body that dips by the right-hand rule dips towards +w), z straight up. All three are metres
from the frame's origin, its lowest corner. Levels are numbered upwards, sections along u, steps
along w. A panel is one section of one level: as long as a section, as high as a level.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem
from deposits.grid import Grid

FloatArray = NDArray[np.float64]
#: More sub-cells than this are a slip of units rather than a mine.
MOST_CELLS = 20_000_000
LENGTHS = ("section_m", "level_m", "step_m")
COUNTS = ("n_sections", "n_levels", "n_steps", "n_sublevels")


@dataclass(frozen=True, slots=True, kw_only=True)
class StopeFrame:
    """Levels, sections and steps: the lattice on which stopes are laid out.

    Parameters
    ----------
    origin_m : tuple = (easting, northing, elevation)
        The corner with the least u, w and z [m]; the frame turns about it.
    strike_deg : float
        Azimuth of u, clockwise from north, within -360 to 360 [degrees]; w points to strike + 90.
    section_m, level_m, step_m : float
        Length of a section along strike, height of a level, step of the walls across [m], above 0.
    n_sections, n_levels, n_steps : int
        How many of each, at least 1.
    n_sublevels : int
        Equal slices of a level within which grades are uniform, at least 1.

    Raises
    ------
    DataError
        With all that describes no frame.

    Examples
    --------
    >>> frame = StopeFrame(
    ...     origin_m=(500.0, 800.0, 1000.0), strike_deg=90.0,
    ...     section_m=20.0, level_m=25.0, step_m=0.5, n_sections=3, n_levels=2, n_steps=40,
    ... )
    >>> frame.to_world([[10.0, 4.0, 25.0]])  # ten metres east, four south, one level up
    array([[ 510.,  796., 1025.]])
    >>> frame.to_frame([[510.0, 796.0, 1025.0]])
    array([[10.,  4., 25.]])
    """

    origin_m: tuple[float, float, float]
    strike_deg: float
    section_m: float
    level_m: float
    step_m: float
    n_sections: int
    n_levels: int
    n_steps: int
    n_sublevels: int = 1

    def __post_init__(self) -> None:
        """Refuse what describes no frame."""
        problems = _check(self)
        if problems:
            raise DataError(problems)

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Numbers of levels, sections, sub-levels in a level, steps: the order of all arrays."""
        return self.n_levels, self.n_sections, self.n_sublevels, self.n_steps

    @property
    def extent_m(self) -> tuple[float, float, float]:
        """Size of the whole frame along u, w, z [m]."""
        return (
            self.n_sections * self.section_m,
            self.n_steps * self.step_m,
            self.n_levels * self.level_m,
        )

    @property
    def cell_m(self) -> tuple[float, float, float]:
        """Size of a sub-cell along u, w, z [m]."""
        return self.section_m, self.step_m, self.level_m / self.n_sublevels

    @property
    def cell_volume_m3(self) -> float:
        """Volume of a sub-cell [m3]."""
        return math.prod(self.cell_m)

    def floor_elevation_m(self, level: int) -> float:
        """Return the elevation of a level's floor [m]; that of `n_levels` is the frame's roof."""
        return self.origin_m[2] + level * self.level_m

    def axes(self) -> FloatArray:
        """Return u, w and z as unit vectors (easting, northing, elevation) in rows, (3, 3).

        Frames along the points of the compass have axes of exact zeros and ones.
        """
        cos, sin = turn(self.strike_deg)
        return np.array([[sin, cos, 0.0], [cos, -sin, 0.0], [0.0, 0.0, 1.0]])

    def to_world(self, points_m: ArrayLike) -> FloatArray:
        """Turn (u, w, z) from the frame's origin [m] into coordinates [m], shape (n, 3)."""
        world: FloatArray = _turned(_points(points_m), self.axes()) + np.asarray(self.origin_m)
        return world

    def to_frame(self, points_m: ArrayLike) -> FloatArray:
        """Turn coordinates [m] into (u, w, z) from the frame's origin [m], shape (n, 3)."""
        return _turned(_points(points_m) - np.asarray(self.origin_m), self.axes().T)

    def moved(self, u_m: float, w_m: float, z_m: float) -> StopeFrame:
        """Return the frame shifted along its own axes [m]."""
        corner = self.to_world([[u_m, w_m, z_m]])[0]
        return replace(self, origin_m=(float(corner[0]), float(corner[1]), float(corner[2])))

    def facts(self) -> list[Fact]:
        """Return where the frame lies and how it is cut."""
        easting, northing, elevation = self.origin_m
        return [
            Fact("origin", f"{easting:.10g} E, {northing:.10g} N, {elevation:.10g} m"),
            Fact("strike", f"{self.strike_deg:g} degrees"),
            Fact("levels", f"{self.n_levels} of {self.level_m:g} m"),
            Fact("sections along strike", f"{self.n_sections} of {self.section_m:g} m"),
            Fact("steps across", f"{self.n_steps} of {self.step_m:g} m"),
            Fact("slices in a level", f"{self.n_sublevels} of {self.cell_m[2]:g} m"),
        ]

    def __str__(self) -> str:
        """Lay the facts out as text."""
        return as_text("Frame of stopes", self.facts())

    def _repr_html_(self) -> str:
        """Lay the facts out for a notebook."""
        return as_html("Frame of stopes", self.facts())


def turn(azimuth_deg: float) -> tuple[float, float]:
    """Return cosine and sine of an azimuth, exact at whole quarter turns.

    Parameters
    ----------
    azimuth_deg : float
        Any azimuth [degrees].

    Returns
    -------
    tuple of float
        Cosine and sine.

    Examples
    --------
    >>> turn(450.0), turn(-90.0)
    ((0.0, 1.0), (0.0, -1.0))
    """
    quarters, rest = divmod(azimuth_deg, 90.0)
    if rest == 0.0:
        return ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[int(quarters) % 4]
    angle = math.radians(azimuth_deg)
    return math.cos(angle), math.sin(angle)


def frame_over(
    grid: Grid,
    strike_deg: float,
    intervals_m: tuple[float, float, float],
    n_sublevels: int = 1,
    margin_m: float = 0.0,
) -> StopeFrame:
    """Lay the smallest frame of given intervals over a grid of blocks.

    Parameters
    ----------
    grid : Grid
        The blocks to cover.
    strike_deg : float
        Azimuth along strike [degrees].
    intervals_m : tuple = (section, level, step)
        Length of a section, height of a level, step across [m].
    n_sublevels : int
        Slices of a level.
    margin_m : float
        Room left on both sides across strike [m], so that dilution skins stay inside the frame.

    Returns
    -------
    StopeFrame
        Its lowest floor and its first section are those of the grid; what does not divide the
        grid's extent sticks out on the far side.

    Raises
    ------
    DataError
        If intervals or margin describe no frame.
    """
    if not (margin_m >= 0 and math.isfinite(margin_m)):
        found = f"{margin_m} m"
        raise DataError([Problem("margin is not a length", "frame", found, "0 m or more")])
    section, level, step = intervals_m
    first = StopeFrame(
        origin_m=grid.origin_m,
        strike_deg=strike_deg,
        section_m=section,
        level_m=level,
        step_m=step,
        n_sections=1,
        n_levels=1,
        n_steps=1,
        n_sublevels=n_sublevels,
    )
    corners = np.column_stack([grid.outline(), np.full(4, grid.origin_m[2])])
    within = first.to_frame(corners)
    low, high = within.min(axis=0), within.max(axis=0)
    low[1], high[1] = low[1] - margin_m, high[1] + margin_m
    high[2] = low[2] + grid.shape[2] * grid.size_m[2]
    return replace(
        first.moved(float(low[0]), float(low[1]), float(low[2])),
        n_sections=_steps(high[0] - low[0], section),
        n_steps=_steps(high[1] - low[1], step),
        n_levels=_steps(high[2] - low[2], level),
    )


def _steps(length: float, step: float) -> int:
    """How many steps cover a length; a hair of rounding starts no new one."""
    return max(1, math.ceil(length / step - 1e-9))


def _points(points_m: ArrayLike) -> FloatArray:
    """Points as an array of shape (n, 3)."""
    return np.asarray(points_m, dtype=np.float64).reshape(-1, 3)


def _turned(points: FloatArray, axes: FloatArray) -> FloatArray:
    """Multiply rows by axes term by term: BLAS rounds by the number of rows."""
    x, y, z = points[:, 0:1], points[:, 1:2], points[:, 2:3]
    turned: FloatArray = x * axes[0] + y * axes[1] + z * axes[2]
    return turned


def _check(frame: StopeFrame) -> list[Problem]:
    """List all that describes no frame."""
    problems = []
    if len(frame.origin_m) != 3 or not all(map(math.isfinite, frame.origin_m)):
        found = str(frame.origin_m)
        problems.append(
            Problem("origin of the frame is no point", "frame, origin_m", found, "three numbers")
        )
    if not -360.0 <= frame.strike_deg <= 360.0:
        problems.append(
            Problem(
                "strike is not an azimuth",
                "frame, strike_deg",
                f"{frame.strike_deg}",
                "-360 to 360 degrees",
                "State it clockwise from north, in degrees.",
            )
        )
    for name in LENGTHS:
        length = getattr(frame, name)
        if not 0 < length < math.inf:
            problems.append(
                Problem("interval is not a length", f"frame, {name}", f"{length}", "above 0 m")
            )
    counts = [getattr(frame, name) for name in COUNTS]
    for name, count in zip(COUNTS, counts, strict=True):
        if isinstance(count, bool) or not isinstance(count, Integral) or count < 1:
            problems.append(
                Problem("number is not a count", f"frame, {name}", f"{count}", "1, 2, 3, ...")
            )
    if not problems and math.prod(counts) > MOST_CELLS:
        found = f"{math.prod(counts):,} sub-cells"
        remedy = "Check the units of the intervals, or widen them."
        problems.append(
            Problem("frame is too fine to work on", "frame", found, f"{MOST_CELLS:,}", remedy)
        )
    return problems
