"""How do the coordinates of a local mine grid come into the project's system, and how well?

A mine grid is tied to the project by control points known in both. The affine fit has six
parameters and every point gives two equations, so three points always fit exactly and say nothing
about their own errors: only from the fourth on do residuals test the control.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem

#: Columns of a control table, in the order of a row.
CONTROL_COLUMNS = ("local_x", "local_y", "easting", "northing")

#: Control whose width is less than this part of its length hardly fixes the direction across it.
LEAST_WIDTH = 1e-3

#: A scale further from 1 than this is not a surveyed grid in metres on both sides.
USUAL_SCALE_ERROR = 0.01

#: A scale further from 1 than this would put features where nothing of theirs is.
GROSS_SCALE_ERROR = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class MineGrid:
    """An affine tie between a local mine grid and the project's coordinate system.

    Parameters
    ----------
    linear : ndarray of float, shape (2, 2)
        Easting and northing per unit of local x and y.
    local_origin, project_origin : ndarray of float, shape (2,)
        A point in both systems: the mean of the control [local unit], [m].
    residuals_m : ndarray of float, shape (n, 2)
        Fitted minus given easting and northing of each control point [m].
    """

    linear: NDArray[np.float64]
    local_origin: NDArray[np.float64]
    project_origin: NDArray[np.float64]
    residuals_m: NDArray[np.float64]

    @property
    def points(self) -> int:
        """Number of control points."""
        return int(self.residuals_m.shape[0])

    @property
    def redundancy(self) -> int:
        """Equations beyond those that the six parameters use up; 0 for three points."""
        return 2 * self.points - 6

    @property
    def rms_m(self) -> float:
        """Root mean square of the control points' distances from where they should be [m]."""
        return float(np.sqrt((self.residuals_m**2).sum(axis=1).mean()))

    @property
    def scale(self) -> tuple[float, float]:
        """Metres per unit along local x, and across it; the second is negative if mirrored."""
        along = math.hypot(self.linear[0, 0], self.linear[1, 0])
        return along, float(np.linalg.det(self.linear)) / along

    @property
    def rotation_deg(self) -> float:
        """Angle from the project's east to local x, anticlockwise [degrees]."""
        return math.degrees(math.atan2(self.linear[1, 0], self.linear[0, 0]))

    @property
    def shear_deg(self) -> float:
        """How far local y leans from the perpendicular to local x, towards x [degrees]."""
        along, across = self.scale
        lean = float(self.linear[:, 0] @ self.linear[:, 1]) / along
        return math.degrees(math.atan2(lean, abs(across)))

    def to_project(self, x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
        """Bring local coordinates, each shape (n,), to easting and northing [m], shape (n, 2)."""
        local = np.column_stack([np.atleast_1d(x), np.atleast_1d(y)]).astype(float)
        moved = (local - self.local_origin) @ self.linear.T + self.project_origin
        return np.asarray(moved)

    def to_local(self, easting: ArrayLike, northing: ArrayLike) -> NDArray[np.float64]:
        """Bring easting and northing [m], each shape (n,), to local coordinates, shape (n, 2)."""
        project = np.column_stack([np.atleast_1d(easting), np.atleast_1d(northing)]).astype(float)
        back = np.linalg.solve(self.linear, (project - self.project_origin).T).T
        return np.asarray(back + self.local_origin)

    def problems(self, place: str = "mine grid") -> tuple[Problem, ...]:
        """Say what is surprising about the fit; a grossly wrong scale is an error."""
        along, across = self.scale
        found = []
        if not self.redundancy:
            fact = "three control points fit exactly by construction; nothing tests them"
            found.append((fact, "no redundancy", "Add a fourth control point."))
        if across < 0:
            fact = "the grid is mirrored: one pair of axes runs the other way round"
            remedy = "Check whether local x is the northing (exchange the two columns)."
            found.append((fact, f"scale {across:.4f} across", remedy))
        if max(abs(along - 1.0), abs(abs(across) - 1.0)) > USUAL_SCALE_ERROR:
            fact = "the grid's unit is not a metre, or a control point is wrong"
            remedy = "Check the control points and their unit."
            found.append((fact, f"scales {along:.4f} and {abs(across):.4f}", remedy))
        wrong = max(abs(along - 1.0), abs(abs(across) - 1.0)) > GROSS_SCALE_ERROR
        return tuple(
            Problem(f, place, v, "", r, "error" if wrong and v.startswith("scales") else "warning")
            for f, v, r in found
        )

    def facts(self) -> list[Fact]:
        """List what a reader wants to know first."""
        along, across = self.scale
        error = f"{self.rms_m:.3f} m" if self.redundancy else "not tested: no redundancy"
        worst = float(np.hypot(*self.residuals_m.T).max())
        return [
            Fact("control points", self.points),
            Fact("redundancy", f"{self.redundancy} equations"),
            Fact("RMS residual", error),
            Fact("largest residual", f"{worst:.3f} m" if self.redundancy else error),
            Fact("rotation", f"{self.rotation_deg:.4f} degrees"),
            Fact("scale along, across", f"{along:.6f}, {across:.6f}"),
            Fact("shear", f"{self.shear_deg:.4f} degrees"),
        ]

    def __str__(self) -> str:
        """Facts as text."""
        return as_text("Mine grid", self.facts())

    def _repr_html_(self) -> str:
        return as_html("Mine grid", self.facts())


def fit_mine_grid(control: pd.DataFrame | ArrayLike, place: str = "mine grid") -> MineGrid:
    """Fit an affine tie to control points by least squares.

    Parameters
    ----------
    control : pandas.DataFrame or array of float, shape (n, 4)
        Columns local_x, local_y [local unit], easting, northing [m, project CRS].
    place : str
        Where the control stands, for the messages.

    Returns
    -------
    MineGrid
        The tie, with the residual of every point.

    Raises
    ------
    DataError
        If fewer than three points are given, one is not a number, or they lie on a line in
        either system.

    Notes
    -----
    Minimises the sum of squared residuals in easting and northing, about the means of both sets
    so that large false eastings cost no digits.

    Examples
    --------
    >>> grid = fit_mine_grid([[0, 0, 500, 900], [100, 0, 500, 1000], [0, 100, 400, 900]])
    >>> grid.to_project(10, 0).round(6), round(grid.rotation_deg, 6), grid.redundancy
    (array([[500., 910.]]), 90.0, 0)
    """
    points = _control_points(control, place)
    local, project = points[:, :2], points[:, 2:]
    means = local.mean(axis=0), project.mean(axis=0)
    about_local, about_project = local - means[0], project - means[1]
    for about, system in ((about_local, "the local grid"), (about_project, "the project CRS")):
        widths = np.linalg.svd(about, compute_uv=False)
        if not widths[1] > LEAST_WIDTH * widths[0]:
            problem = Problem(
                f"the control points lie on one line, or on one spot, in {system}",
                place,
                found=f"{widths[1]:.3g} wide for {widths[0]:.3g} long",
                remedy="Add a control point well off that line.",
            )
            raise DataError([problem])
    linear = np.linalg.lstsq(about_local, about_project, rcond=None)[0].T
    residuals = about_local @ linear.T - about_project
    return MineGrid(linear, means[0], means[1], residuals)


def _control_points(control: pd.DataFrame | ArrayLike, place: str) -> NDArray[np.float64]:
    """Take the four columns as numbers, or raise with everything that is wrong."""
    if isinstance(control, pd.DataFrame):
        absent = [name for name in CONTROL_COLUMNS if name not in control.columns]
        if absent:
            needed = ", ".join(CONTROL_COLUMNS)
            raise DataError(
                [Problem(f'column "{n}" is missing', place, "", needed) for n in absent]
            )
        control = control[list(CONTROL_COLUMNS)].to_numpy(dtype=float)
    points = np.asarray(control, dtype=float)
    if points.ndim != 2 or points.shape[1] != len(CONTROL_COLUMNS):
        shape = " x ".join(map(str, points.shape))
        raise DataError([Problem("control points have four numbers each", place, shape, "n x 4")])
    problems = [
        Problem("a coordinate is not a number", f"{place}, control point {row}")
        for row, whole in enumerate(np.isfinite(points).all(axis=1), start=1)
        if not whole
    ]
    if len(points) < 3:
        few = Problem("too few control points", place, f"{len(points)}", "at least 3, better 5")
        problems.append(few)
    if problems:
        raise DataError(problems)
    return points
