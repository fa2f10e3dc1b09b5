"""Where are the grades known, and from which drillhole does each come?"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError, Problem

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Grades at points.

    Parameters
    ----------
    points : array, shape (n, 3)
        Easting, northing, elevation [m].
    values : array, shape (n, m) or (n,)
        Grades, one column an element, in the unit of the element's name; NaN where not assayed.
    elements : tuple of str
        Names of the m elements.
    hole : array of int, shape (n,), optional
        Number of each sample's drillhole; without it every sample is its own hole.

    Raises
    ------
    DataError
        If there are no samples, shapes differ, or a coordinate or grade is infinite; all at once.

    Examples
    --------
    >>> known = Samples([[0, 0, 0], [10, 0, 0]], [1.2, 0.4], ("sb_pct",))
    >>> known.n
    2
    """

    points: FloatArray
    values: FloatArray
    elements: tuple[str, ...] = ("grade",)
    hole: IntArray = field(default_factory=lambda: np.empty(0, np.int64))

    def __init__(
        self,
        points: ArrayLike,
        values: ArrayLike,
        elements: tuple[str, ...] = ("grade",),
        hole: ArrayLike | None = None,
    ) -> None:
        places = np.array(points, dtype=np.float64, ndmin=2)
        grades = np.array(values, dtype=np.float64)
        grades = grades[:, None] if grades.ndim == 1 else grades
        number = np.arange(places.shape[0]) if hole is None else np.array(hole, dtype=np.int64)
        problems = list(_problems(places, grades, tuple(elements), number))
        if problems:
            raise DataError(problems)
        for array in (places, grades, number):
            array.flags.writeable = False
        object.__setattr__(self, "points", places)
        object.__setattr__(self, "values", grades)
        object.__setattr__(self, "elements", tuple(elements))
        object.__setattr__(self, "hole", number)

    @property
    def n(self) -> int:
        """Number of samples."""
        return int(self.points.shape[0])

    def take(self, rows: ArrayLike) -> Samples:
        """Return the samples of some rows (numbers or a mask)."""
        chosen = np.asarray(rows)
        return Samples(self.points[chosen], self.values[chosen], self.elements, self.hole[chosen])

    def only(self, elements: tuple[str, ...]) -> Samples:
        """Return the same samples with some of the elements."""
        columns = [self.elements.index(name) for name in elements]
        return Samples(self.points, self.values[:, columns], elements, self.hole)

    def groups(self) -> list[tuple[IntArray, tuple[int, ...]]]:
        """Return elements assayed in the very same samples: (sample rows, element columns)."""
        known = np.isfinite(self.values)
        groups: dict[bytes, list[int]] = {}
        for column in range(known.shape[1]):
            groups.setdefault(known[:, column].tobytes(), []).append(column)
        return [
            (np.flatnonzero(known[:, columns[0]]), tuple(columns)) for columns in groups.values()
        ]


def _problems(
    points: FloatArray, values: FloatArray, elements: tuple[str, ...], hole: IntArray
) -> list[Problem]:
    """Everything that keeps the arrays from being samples."""
    n = points.shape[0]
    if n == 0 or points.size == 0:
        return [Problem("there are no samples", remedy="Check the domain and the assays.")]
    if points.ndim != 2 or points.shape[1] != 3:
        return [Problem("points of samples need three columns", found=str(points.shape))]
    found = []
    if values.shape != (n, len(elements)):
        wanted = str((n, len(elements)))
        found.append(Problem("grades of samples have another shape", "", str(values.shape), wanted))
    if hole.shape != (n,):
        found.append(Problem("drillhole numbers need one a sample", "", str(hole.shape), f"({n},)"))
    for what, wrong in (
        ("a sample has no finite position", ~np.isfinite(points).all(axis=1)),
        ("a grade is infinite", np.isinf(values).any(axis=1)),
    ):
        rows = np.flatnonzero(wrong)
        if rows.size:
            listed = ", ".join(str(row) for row in rows[:10])
            found.append(Problem(what, f"samples {listed}", f"{rows.size} of {n}"))
    return found
