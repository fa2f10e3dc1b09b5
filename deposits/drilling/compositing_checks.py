"""Can these intervals be cut into composites?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.errors import Problem

#: Rows named in a message.
SHOWN = 5
#: Overlaps below this are rounding of logs [m].
OVERLAP_M = 1e-6


def check_intervals(
    table: pd.DataFrame, elements: Sequence[str], domain: str | None, weight: str | None
) -> list[Problem]:
    """Return everything that keeps intervals from being composited.

    Parameters
    ----------
    table : DataFrame
        Intervals of holes.
    elements : sequence of str
        Columns of grades.
    domain, weight : str, optional
        Columns of domains and of densities or recoveries.
    """
    asked = ["hole_id", "from_m", "to_m", *elements, *(c for c in (domain, weight) if c)]
    missing = [name for name in asked if name not in table]
    if missing:
        allowed = ", ".join(map(str, table.columns))
        return [Problem("no such column", "intervals", name, allowed) for name in missing]
    numbers = ["from_m", "to_m", *elements, *([weight] if weight else [])]
    text = [name for name in numbers if not pd.api.types.is_numeric_dtype(table[name])]
    if text:
        return [Problem("not a column of numbers", f"intervals, {name}") for name in text]
    problems = _lengths(table)
    grades = table[list(elements)].to_numpy(np.float64)
    remedy = "Say NaN where there is no assay."
    problems += _rows("a grade is infinite", table, np.isinf(grades).any(axis=1), remedy)
    problems += _rows("no hole_id", table, table["hole_id"].isna().to_numpy(), "Name the hole.")
    if weight:
        heavy = table[weight].to_numpy(np.float64)
        bad = np.isfinite(grades).any(axis=1) & ~(np.isfinite(heavy) & (heavy > 0))
        remedy = "Give every assayed interval a weight above 0."
        problems += _rows(f"{weight} is missing or not above 0", table, bad, remedy)
    return problems


def _lengths(table: pd.DataFrame) -> list[Problem]:
    """Find intervals without a length and overlaps."""
    top, foot = table["from_m"].to_numpy(np.float64), table["to_m"].to_numpy(np.float64)
    bad = ~(np.isfinite(top) & np.isfinite(foot) & (foot > top))
    problems = _rows(
        "to_m is not below from_m in the hole", table, bad, "Correct or drop the interval."
    )
    hole = pd.factorize(table["hole_id"].astype(str))[0]
    order = np.lexsort((top, hole))
    close = np.diff(hole[order]) == 0
    over = close & (foot[order][:-1] - top[order][1:] > OVERLAP_M)
    overlap = np.zeros(len(table), dtype=np.bool_)
    overlap[order[1:][over]] = True
    remedy = "Metal would count twice: drop the duplicate or correct the depths."
    return problems + _rows("an interval overlaps the one above it", table, overlap, remedy)


def _rows(fact: str, table: pd.DataFrame, bad: NDArray[np.bool_], remedy: str) -> list[Problem]:
    """Return one problem that names the first of the rows."""
    rows = np.flatnonzero(bad)
    if rows.size == 0:
        return []
    first = table.iloc[rows[:SHOWN]]
    found = "; ".join(
        f"{row.hole_id} {row.from_m} to {row.to_m} m" for row in first.itertuples(index=False)
    )
    numbers = ", ".join(map(str, rows[:SHOWN]))
    return [Problem(f"{fact} ({rows.size} rows)", f"intervals, rows {numbers}", found, "", remedy)]
