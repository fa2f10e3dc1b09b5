"""Which domain does each sample or block belong to?

Domains are tried in the order given: the first that holds wins. "" is unassigned. Places that
more than one domain holds are counted as warnings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError, Problem

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Holds = Callable[[FloatArray], BoolArray]


class Body(Protocol):
    """A closed mesh, or not."""

    @property
    def is_closed(self) -> bool:
        """Whether it has an inside."""

    def contains(self, points_m: Any, /) -> BoolArray:
        """Tell which points lie inside."""


class Sheet(Protocol):
    """A surface that has at most one elevation at each place."""

    def elevation_at(self, xy: Any, /) -> FloatArray:
        """Return elevations [m], NaN off the surface."""


@dataclass(frozen=True, slots=True, eq=False)
class Domains:
    """Domains of places.

    Parameters
    ----------
    names : ndarray of str, shape (n,)
        "" where none holds.
    counts : DataFrame
        `domain`, `n` (assigned) and `n_held` (inside, whoever won); the last row is "".
    warnings : tuple of Problem
        Overlaps.
    """

    names: NDArray[np.object_]
    counts: pd.DataFrame
    warnings: tuple[Problem, ...]


def in_polygon(polygon: BaseGeometry) -> Holds:
    """Return what tells which points lie in a polygon in plan (its outline included)."""
    import shapely

    def holds(points_m: FloatArray) -> BoolArray:
        shapely.prepare(polygon)
        return np.asarray(shapely.intersects_xy(polygon, points_m[:, 0], points_m[:, 1]))

    return holds


def between(upper: Sheet, lower: Sheet) -> Holds:
    """Return what tells which points lie below *upper* and at or above *lower*.

    Nothing lies between where either surface has no elevation.
    """

    def holds(points_m: FloatArray) -> BoolArray:
        high, low = upper.elevation_at(points_m[:, :2]), lower.elevation_at(points_m[:, :2])
        return (points_m[:, 2] < high) & (points_m[:, 2] >= low)

    return holds


def in_mesh(mesh: Body, name: str = "mesh") -> Holds:
    """Return what tells which points lie in a closed mesh.

    Raises
    ------
    DataError
        If the mesh is open: it has no inside.
    """
    if not mesh.is_closed:
        remedy = "Close it, or use it as a surface."
        raise DataError([Problem("the mesh is open: it has no inside", name, remedy=remedy)])
    return mesh.contains


def assign(points_m: ArrayLike, domains: Mapping[str, Holds]) -> Domains:
    """Assign places to domains; the first that holds wins.

    Parameters
    ----------
    points_m : array, shape (n, 3)
        Easting, northing, elevation [m] of midpoints of samples or centres of blocks.
    domains : mapping of str to callable
        From `in_polygon`, `between` or `in_mesh`, in order of precedence.
    """
    points = np.asarray(points_m, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 3:
        raise ValueError(f"points need the shape (n, 3), given {points.shape}")
    names = np.full(len(points), "", dtype=object)
    held = np.zeros((len(points), len(domains)), dtype=np.bool_)
    for column, (name, holds) in enumerate(domains.items()):
        held[:, column] = holds(points)
        names[held[:, column] & (names == "")] = name
    return Domains(names, _counts(names, held, list(domains)), _overlaps(held, list(domains)))


def split_by_codes(
    intervals: pd.DataFrame, codes: pd.DataFrame, column: str, name: str = "domain"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split intervals where a logged code changes, and write the code to each part.

    Parameters
    ----------
    intervals, codes : DataFrame
        `hole_id`, `from_m`, `to_m`; *codes* has the column of codes too.
    column : str
        Column of *codes*.
    name : str
        Column to write; "" where nothing is logged.

    Returns
    -------
    table, counts : DataFrame
        Parts in the order of the intervals, every other column repeated, `row` the number of the
        interval; `domain, n, length_m` by code.

    Raises
    ------
    DataError
        If a column is missing or codes overlap or have no length.
    """
    from deposits.drilling.compositing_checks import check_intervals

    problems = check_intervals(codes, [], column, None) + check_intervals(intervals, [], None, None)
    if problems:
        raise DataError(problems)
    logs = dict(list(codes.sort_values("from_m").groupby("hole_id")))
    rows, tops, feet, names = [], [], [], []
    spans = zip(intervals["hole_id"], intervals["from_m"], intervals["to_m"], strict=True)
    arrays = {h: (p["from_m"].to_numpy(), p["to_m"].to_numpy(), p[column]) for h, p in logs.items()}
    for row, (hole, top, foot) in enumerate(spans):
        for start, end, code in _parts(arrays.get(hole), float(top), float(foot)):
            rows.append(row)
            tops.append(start)
            feet.append(end)
            names.append(code)
    table = intervals.iloc[rows].reset_index(drop=True)
    table["from_m"], table["to_m"] = np.array(tops, float), np.array(feet, float)
    table[name], table["row"] = np.array(names, dtype=object), np.array(rows, dtype=np.int64)
    lengths = (table["to_m"] - table["from_m"]).groupby(table[name])
    counts = lengths.agg(n="size", length_m="sum").rename_axis("domain").reset_index()
    return table, counts


def _parts(
    log: tuple[FloatArray, FloatArray, pd.Series] | None, top: float, foot: float
) -> list[tuple[float, float, str]]:
    """Return the parts of one interval with their codes, gaps with "" among them."""
    if log is None:
        return [(top, foot, "")]
    parts: list[tuple[float, float, str]] = []
    at = top
    begin = int(np.searchsorted(log[1], top, side="right"))
    for i in range(begin, len(log[0])):
        start, end = max(float(log[0][i]), at), min(float(log[1][i]), foot)
        if start >= foot:
            break
        if start > at:
            parts.append((at, start, ""))
        code = log[2].iloc[i]
        if end > start:
            parts.append((start, end, "" if pd.isna(code) else str(code)))
            at = end
    if at < foot:
        parts.append((at, foot, ""))
    return parts


def _counts(names: NDArray[np.object_], held: BoolArray, domains: list[str]) -> pd.DataFrame:
    """Return how many places each domain got and holds."""
    n = [int((names == name).sum()) for name in [*domains, ""]]
    inside = [*held.sum(axis=0).tolist(), n[-1]]
    return pd.DataFrame({"domain": [*domains, ""], "n": n, "n_held": inside})


def _overlaps(held: BoolArray, domains: list[str]) -> tuple[Problem, ...]:
    """Return a warning for each pair of domains that share places."""
    problems = []
    for a, first in enumerate(domains):
        for b in range(a + 1, len(domains)):
            both = int((held[:, a] & held[:, b]).sum())
            if both:
                fact = f"{both} places lie in both {first} and {domains[b]}; {first} has them"
                remedy = "Mend the outlines or the order of the domains."
                problems.append(Problem(fact, "domains", remedy=remedy, severity="warning"))
    return tuple(problems)
