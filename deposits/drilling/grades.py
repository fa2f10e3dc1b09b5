"""What does each grade of an assay table stand for: a measurement, a limit, or no sample?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deposits.drilling.cells import ABOVE, BELOW, OddCells, limit_of, odd_findings
from deposits.drilling.config import DrillholesTable
from deposits.drilling.findings import Finding, Mistake, TableRows
from deposits.drilling.grade_units import conversion_factor, grade_unit, highest_possible

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Negative numbers that laboratories and databases write for "no sample".
ABSENT_LIKE = (-1.0, -9.0, -99.0, -999.0, -9999.0, -99999.0, -1e30)

SHARE_OF_LIMIT = {"half_limit": 0.5, "zero": 0.0, "limit": 1.0, "absent": math.nan}

UNDECIDED = Mistake(
    "below_detection",
    "grades below detection, and the study does not say what they become",
    remedy='State below_detection = "half_limit", "zero", "limit" or "absent" in [drillholes].',
)
UNDECIDED_ABOVE = Mistake(
    "above_detection",
    "grades above detection, and the study does not say what they become",
    remedy='Have them assayed again, or state above_detection = "limit" or "absent".',
)
ABSENT_CODE = Mistake("absent_code", "a code for no sample was read as absent", severity="warning")
UNLISTED_CODE = Mistake(
    "negative_grade",
    "a negative number that looks like a code for no sample",
    allowed="0 and above",
    remedy="State absent_codes in [drillholes], e.g. absent_codes = [-99].",
)
NEGATIVE = Mistake(
    "negative_grade",
    "the grade is negative",
    allowed="0 and above",
    remedy="Correct it, or list the code in absent_codes or below_detection_codes.",
)
NO_GRADE = Mistake("no_grade", "intervals without a grade", severity="warning")


@dataclass(frozen=True, slots=True)
class GradeColumn:
    """One column of grades.

    Parameters
    ----------
    ours, theirs : str
        Our name, whose end states our unit, and the file's.
    unit : str or None
        The file's unit; None when it is ours.
    decimal : str
        Decimal sign of the file.
    """

    ours: str
    theirs: str
    unit: str | None
    decimal: str


def read_grades(
    rows: TableRows, values: FloatArray, odd: OddCells, column: GradeColumn, study: DrillholesTable
) -> tuple[FloatArray, list[Finding]]:
    """Turn the cells of one column into grades in our unit.

    Parameters
    ----------
    rows : TableRows
        Rows of the table.
    values : ndarray of float, shape (n,)
        Plain numbers in the file's unit, NaN elsewhere.
    odd : OddCells
        What stands in the other filled cells.
    column : GradeColumn
        Which column.
    study : DrillholesTable
        Policies and codes.

    Returns
    -------
    grades : ndarray of float, shape (n,)
        In our unit; NaN where absent.
    findings : list of Finding
        Everything that was replaced, counted; everything that cannot be right.

    Notes
    -----
    A negative number that repeats, is no usual code for "no sample" and is no larger than the
    median of the positive grades is taken for the negative of a detection limit.
    """
    grades, findings = values.copy(), []
    at, words = odd.where(study.absent_words)
    findings += rows.tell(ABSENT_CODE, at, words, column=column.theirs)
    known = set(study.absent_words)
    limits = {w: limit_of(w, BELOW, column.decimal) for w in set(odd.words) - known}
    limits = {w: limit for w, limit in limits.items() if not math.isnan(limit)}
    tops = {w: limit_of(w, ABOVE, column.decimal) for w in set(odd.words) - known}
    tops = {w: limit for w, limit in tops.items() if not math.isnan(limit)}
    rest = odd.where(set(odd.words) - known - limits.keys() - tops.keys())
    findings += odd_findings(rows, OddCells(*rest), column.theirs, column.decimal)
    empty = np.isnan(values)
    empty[odd.at] = False
    findings += rows.tell(NO_GRADE, empty, column=column.theirs)
    absent = np.isin(values, study.absent_codes)
    findings += rows.tell(ABSENT_CODE, absent, values, column=column.theirs)
    grades[absent] = np.nan
    coded, negatives = _negatives(rows, grades, column, study)
    findings += negatives
    at, words = odd.where(limits)
    below = np.concatenate([at, np.flatnonzero(coded)])
    limit = np.concatenate([[limits[w] for w in words], -values[coded]])
    shown = [*words, *(f"{value:g}" for value in values[coded])]
    findings += _below(rows, below, shown, column, study)
    grades[below] = limit * SHARE_OF_LIMIT[study.below_detection or "absent"]
    at, words = odd.where(tops)
    findings += _above(rows, at, words, column, study)
    if study.above_detection == "limit":
        grades[at] = [tops[w] for w in words]
    grades *= conversion_factor(column.ours, column.unit)
    return grades, findings + _impossible(rows, grades, column)


def _negatives(
    rows: TableRows, grades: FloatArray, column: GradeColumn, study: DrillholesTable
) -> tuple[NDArray[np.bool_], list[Finding]]:
    """Tell negative detection limits from codes and from mistakes."""
    negative = grades < 0.0
    stated = np.isin(grades, [-abs(code) for code in study.below_detection_codes])
    rest = negative & ~stated
    if not rest.any():
        return stated, []
    positive = grades[grades > 0.0]
    middle = float(np.median(positive)) if positive.size else 0.0
    value, times = np.unique(grades[rest], return_counts=True)
    coded = value[(times > 1) & (-value <= middle) & ~np.isin(value, ABSENT_LIKE)]
    limits = rest & np.isin(grades, coded)
    codes = rest & np.isin(grades, ABSENT_LIKE)
    wrong = rest & ~limits & ~codes
    findings = rows.tell(UNLISTED_CODE, codes, grades, column=column.theirs)
    findings += rows.tell(NEGATIVE, wrong, grades, column=column.theirs)
    return stated | limits, findings


def _below(
    rows: TableRows, at: IntArray, words: list[str], column: GradeColumn, study: DrillholesTable
) -> list[Finding]:
    """Count what is below detection, or refuse it where no policy is stated."""
    if study.below_detection is None:
        return rows.tell(UNDECIDED, at, words, column=column.theirs)
    became = study.below_detection.replace("_", " the ")
    fact = f"grades below detection became {became}"
    counted = Mistake("below_detection", fact, severity="warning")
    return rows.tell(counted, at, words, column=column.theirs, note=f"{at.size:,} of them")


def _above(
    rows: TableRows,
    at: IntArray,
    words: tuple[str, ...],
    column: GradeColumn,
    study: DrillholesTable,
) -> list[Finding]:
    """Count what is above detection, or refuse it where no policy is stated."""
    if study.above_detection is None:
        return rows.tell(UNDECIDED_ABOVE, at, words, column=column.theirs)
    fact = f"grades above detection became {study.above_detection}"
    counted = Mistake("above_detection", fact, severity="warning")
    return rows.tell(counted, at, words, column=column.theirs)


def _impossible(rows: TableRows, grades: FloatArray, column: GradeColumn) -> list[Finding]:
    """Find grades above those of the pure mineral."""
    most, unit = highest_possible(column.ours), grade_unit(column.ours)
    mistake = Mistake(
        "impossible_grade",
        "the grade is higher than the mineral allows",
        allowed=f"at most {most:g} {unit}",
        remedy=f"Check the unit: units.{column.ours} says what the file holds.",
    )
    return rows.tell(mistake, grades > most, grades, column=column.theirs)


def suspicious_units(
    rows: TableRows, grades: FloatArray, column: GradeColumn, least: int = 5
) -> list[Finding]:
    """Find holes whose grades are about 1,000 or 10,000 times off those of all others.

    Parameters
    ----------
    rows : TableRows
        Rows of the table.
    grades : ndarray of float, shape (n,)
        Grades in our unit.
    column : GradeColumn
        Which column.
    least : int
        Fewest positive grades by which a hole is judged; there must be three such holes.

    Returns
    -------
    list of Finding
        One warning that lists the rows of those holes.
    """
    good = (grades > 0.0) & (rows.codes >= 0)
    codes, logs = rows.codes[good], np.log10(grades[good])
    order = np.lexsort((logs, codes))
    codes, logs = codes[order], logs[order]
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    size = np.diff(np.append(starts, codes.size))
    starts, size = starts[size >= least], size[size >= least]
    if starts.size < 3:
        return []
    medians = logs[starts + size // 2]
    off = np.abs(medians - np.median(medians))
    guilty = codes[starts[(np.abs(off - 3.0) < 0.35) | (np.abs(off - 4.0) < 0.35)]]
    mistake = Mistake(
        "suspicious_unit",
        "the median of the hole is about 1,000 or 10,000 times off the other holes",
        remedy="Its assays may be in another unit (ppb, g/t, ppm, %).",
        severity="warning",
    )
    return rows.tell(mistake, np.isin(rows.codes, guilty), column=column.theirs)
