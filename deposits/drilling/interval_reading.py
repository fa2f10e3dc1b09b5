"""What was found down the holes, row by row: intervals with grades and codes, or points?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from deposits.drilling.cells import read_numbers
from deposits.drilling.config import METRES, DrillholesTable, IntervalTable
from deposits.drilling.findings import Finding, TableRows
from deposits.drilling.grade_units import grade_unit, is_number
from deposits.drilling.grades import GradeColumn, read_grades, suspicious_units
from deposits.drilling.interval_checks import Spans, check_each, check_neighbours, check_points
from deposits.drilling.raw_tables import RawTable
from deposits.drilling.typed_tables import as_series, named, numbers, texts

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Downhole:
    """One table of intervals or points as read.

    Parameters
    ----------
    rows : TableRows
        Rows of the table.
    holes : ndarray of int, shape (n,)
        Number of each row's hole; -1 for an orphan.
    from_m, to_m : ndarray of float, shape (n,)
        Ends [m]; equal for points.
    values : dict of str to array
        Our other columns: float64, or text of pyarrow.
    points : bool
        Whether rows are points.
    findings : tuple of Finding
        What was seen in the cells.
    """

    rows: TableRows
    holes: IntArray
    from_m: FloatArray
    to_m: FloatArray
    values: dict[str, Any]
    points: bool
    findings: tuple[Finding, ...]

    def check(self, depth: FloatArray) -> list[Finding]:
        """Find what is wrong with the rows' depths, given those of the holes, shape (holes,)."""
        spans = Spans(self.rows, self.holes, self.from_m, self.to_m)
        if self.points:
            return check_points(spans, depth)
        return check_each(spans, depth) + check_neighbours(spans, depth)

    def frame(self, names: tuple[str, ...]) -> pd.DataFrame:
        """Return the table by hole and depth; *names* are the holes'."""
        order = np.lexsort((self.to_m, self.from_m, self.holes))
        taken = pa.array(order)
        ends = (
            {"depth_m": self.from_m} if self.points else {"from_m": self.from_m, "to_m": self.to_m}
        )
        columns = {"hole_id": named(names, self.holes[order]), "row": self.rows.rows[order]}
        columns |= {name: values[order] for name, values in ends.items()}
        for name, values in self.values.items():
            is_text = not isinstance(values, np.ndarray)
            columns[name] = as_series(values.take(taken)) if is_text else values[order]
        return pd.DataFrame(columns)


def read_downhole(
    raw: RawTable, rows: TableRows, holes: IntArray, source: IntervalTable, study: DrillholesTable
) -> Downhole:
    """Read the cells of a table of intervals or points.

    Parameters
    ----------
    raw : RawTable
        The table.
    rows : TableRows
        Its rows.
    holes : ndarray of int, shape (n,)
        Number of each row's hole; -1 for an orphan.
    source : IntervalTable
        What the study says of the table.
    study : DrillholesTable
        Units, codes and policies.

    Returns
    -------
    Downhole
        Columns whose name ends in a unit as numbers, all others as text.
    """
    findings: list[Finding] = []
    points = rows.table in study.points
    scale = METRES[study.length_unit]
    ends = ("depth_m",) if points else ("from_m", "to_m")
    read = [numbers(raw, rows, source.theirs(name), findings) * scale for name in ends]
    values: dict[str, Any] = {}
    for ours, theirs in source.columns.items():
        if ours in ("hole_id", *ends):
            continue
        if grade_unit(ours) is not None:
            column = GradeColumn(ours, theirs, source.units.get(ours), raw.decimal)
            cells, odd = read_numbers(raw.columns[theirs], raw.decimal)
            values[ours], seen = read_grades(rows, cells, odd, column, study)
            findings += [*seen, *suspicious_units(rows, values[ours], column)]
        elif is_number(ours):
            values[ours] = numbers(raw, rows, theirs, findings, required=False)
        else:
            values[ours] = texts(raw, rows, theirs, findings)
    return Downhole(rows, holes, read[0], read[-1], values, points, tuple(findings))
