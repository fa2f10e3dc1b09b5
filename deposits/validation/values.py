"""Which grades are compared: where do they lie, and what does each count?"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.errors import DataError, Problem

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Graded:
    """Grades of one origin: samples, or blocks of one estimate.

    Parameters
    ----------
    name : str
        What they are, in words for a legend: "samples", "kriging", "nearest neighbour".
    points : array, shape (n, 3)
        Easting, northing, elevation [m].
    values : array, shape (n, m) or (n,)
        Grades, one column an element, NaN where there is none.
    elements : tuple of str
        Names of the m elements.
    weights : array, shape (n,), optional
        Tonnes or volumes of blocks, declustering weights of samples; equal without.
    domain : array of str, shape (n,), optional
        Domain of each row; all "all" without.

    Raises
    ------
    DataError
        If shapes differ or a weight is negative or not finite; all at once.
    """

    name: str
    points: FloatArray
    values: FloatArray
    elements: tuple[str, ...]
    weights: FloatArray | None = None
    domain: NDArray[Any] | None = None

    def __post_init__(self) -> None:
        """Bring the arrays to their shapes, refuse what does not belong together."""
        points = np.asarray(self.points, dtype=np.float64).reshape(-1, 3)
        n = points.shape[0]
        values = np.asarray(self.values, dtype=np.float64)
        values = values[:, None] if values.ndim == 1 else values
        weights = np.ones(n) if self.weights is None else np.asarray(self.weights, np.float64)
        domain = np.full(n, "all") if self.domain is None else np.asarray(self.domain)
        # Several estimates of the same blocks share one array of domains.
        domain = domain if domain.dtype.kind == "U" else domain.astype(str)
        problems = []
        if values.shape != (n, len(self.elements)):
            wanted = str((n, len(self.elements)))
            problems.append(
                Problem("grades have another shape", self.name, f"{values.shape}", wanted)
            )
        for what, shape in (("weights", weights.shape), ("domains", domain.shape)):
            if shape != (n,):
                problems.append(Problem(f"{what} need one a row", self.name, f"{shape}", f"({n},)"))
        if not (np.isfinite(weights) & (weights >= 0)).all():
            problems.append(Problem("a weight is negative or not finite", self.name))
        if problems:
            raise DataError(problems)
        for field, array in zip(
            ("points", "values", "weights", "domain"),
            (points, values, weights, domain),
            strict=True,
        ):
            object.__setattr__(self, field, array)

    @property
    def n(self) -> int:
        """Number of rows."""
        return int(self.points.shape[0])

    def column(self, element: str) -> FloatArray:
        """Return the grades of one element, shape (n,)."""
        return self.values[:, self.elements.index(element)]

    def mean(self, element: str, rows: NDArray[np.bool_]) -> float:
        """Return the weighted mean of an element in some rows; NaN where there is none."""
        weights = np.asarray(self.weights)
        grade = self.column(element)
        kept = rows & np.isfinite(grade) & (weights > 0)
        total = float(weights[kept].sum())
        # Not a dot product: BLAS rounds by its number of threads.
        return float((weights[kept] * grade[kept]).sum()) / total if total > 0 else math.nan


def records(table: pd.DataFrame) -> list[dict[str, object]]:
    """Return rows as JSON takes them: plain numbers and texts, null for what is not finite."""
    return [
        {str(name): plain(value) for name, value in row.items()}
        for row in table.to_dict(orient="records")
    ]


def plain(value: object) -> object:
    """Return a value as JSON takes it; numbers that are not finite become None."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [plain(part) for part in value]
    return value
