"""What drillholes does this study have, and what is wrong with their tables?

::

    report = inspect_drillholes(config.drillholes, folder)
    report.findings.as_frame()     # every finding and its row
    holes = read_drillholes(config.drillholes, folder).or_raise()
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.drilling import collar_checks, survey_checks
from deposits.drilling.config import (
    COLLAR_COLUMNS,
    INTERVAL_COLUMNS,
    METRES,
    POINT_COLUMNS,
    SURVEY_COLUMNS,
    DrillholesTable,
    DrillTable,
)
from deposits.drilling.findings import Finding, Findings, Mistake, TableRows
from deposits.drilling.holes import Drillholes
from deposits.drilling.interval_reading import Downhole, read_downhole
from deposits.drilling.links import link, without_rows
from deposits.drilling.raw_tables import RawTable, read_raw
from deposits.drilling.survey_checks import Shots
from deposits.drilling.typed_tables import EMPTY, check_columns, named, numbers, table_rows
from deposits.errors import Checked, Problem

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

UNSURVEYED = Mistake(
    "no_survey",
    "the hole has no survey",
    remedy="Survey it, map azimuth_deg and dip_deg of the collars, or set assume_vertical = true.",
)
FROM_COLLAR = Mistake(
    "no_survey", "holes without a survey go as their collar says", severity="warning"
)
VERTICAL = Mistake("no_survey", "holes without a survey are taken as vertical", severity="warning")
NO_LENGTH = Mistake("no_depth", "nothing says how deep the hole is", remedy="Fill its depth.")


@dataclass(frozen=True, eq=False, slots=True)
class DrillholeReport:
    """Drillholes and everything found on the way to them.

    Parameters
    ----------
    holes : Drillholes or None
        None when there is an error.
    files : tuple of Problem
        What is wrong with files, headers and settings.
    findings : Findings
        What is wrong with rows.
    """

    holes: Drillholes | None
    files: tuple[Problem, ...]
    findings: Findings

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All in words: files first, then one line for each mistake in a table."""
        return self.files + self.findings.problems()


def read_drillholes(study: DrillholesTable, folder: Path) -> Checked[Drillholes]:
    """Read and check all tables of a campaign.

    Parameters
    ----------
    study : DrillholesTable
        The study's table ``[drillholes]``.
    folder : Path
        Folder of the study.

    Returns
    -------
    Checked of Drillholes
        With every problem; rows with one mistake are one problem that counts them.

    Raises
    ------
    MissingPackage
        If a table stands in a database and the packages for that are not installed.
    """
    report = inspect_drillholes(study, folder)
    return Checked(report.holes, report.problems)


def inspect_drillholes(study: DrillholesTable, folder: Path) -> DrillholeReport:
    """Read and check all tables of a campaign, keeping every finding with its row.

    Parameters
    ----------
    study : DrillholesTable
        The study's table ``[drillholes]``.
    folder : Path
        Folder of the study.

    Returns
    -------
    DrillholeReport
        Drillholes, or None and why not.

    Raises
    ------
    MissingPackage
        If a table stands in a database and the packages for that are not installed.
    """
    raws: dict[str, RawTable] = {}
    problems: list[Problem] = []
    for name, source, needed in _sources(study):
        read = read_raw(source, folder)
        problems += read.problems
        if read.value is not None:
            problems += check_columns(read.value, source, needed)
            raws[name] = read.value
    if "collars" in raws and not raws["collars"].rows.size:
        problems.append(Problem("there is no hole", study.collars.label, remedy="Add the collars."))
    if any(problem.severity == "error" for problem in problems):
        # Rows of a table that was not understood would all be in doubt.
        return DrillholeReport(None, tuple(problems), Findings())
    collars = _read_collars(raws["collars"], study)
    findings = list(collars.findings)
    shots = _read_surveys(raws, collars, study, findings)
    tables = _read_tables(raws, collars, study, findings)
    depth = _deepest(collars, shots, tables)
    findings += collars.rows.tell(NO_LENGTH, np.isnan(depth[collars.rows.codes]))
    findings += survey_checks.check_each(shots, depth)
    kept, seen = survey_checks.check_stations(shots)
    findings += seen
    holes_kept = shots.holes[kept]
    findings += _unsurveyed(collars, holes_kept, study)
    for table in tables.values():
        findings += table.check(depth)
    every = Findings(tuple(findings))
    if every.errors:
        return DrillholeReport(None, tuple(problems), every)
    frame = collars.frame(depth)
    surveys = _survey_frame(collars, shots, kept)
    order = {name: table.frame(collars.rows.names) for name, table in tables.items()}
    intervals = {name: order[name] for name in study.intervals}
    points = {name: order[name] for name in study.points}
    return DrillholeReport(Drillholes(frame, surveys, intervals, points), tuple(problems), every)


@dataclass(frozen=True, eq=False, slots=True)
class _Collars:
    """Collars as read; arrays by row, dips negative downwards, azimuths as in the file."""

    rows: TableRows
    points: FloatArray
    depth: FloatArray
    azimuth: FloatArray
    dip: FloatArray
    correction: float
    findings: tuple[Finding, ...]

    def by_hole(self, values: FloatArray) -> FloatArray:
        """Take the value of each hole from its first row."""
        result = np.full(len(self.rows.names), np.nan)
        known = np.flatnonzero(self.rows.codes >= 0)[::-1]
        result[self.rows.codes[known]] = values[known]
        return result

    def frame(self, depth: FloatArray) -> pd.DataFrame:
        """Return the collar table; every hole has one row now."""
        east, north, up = self.points.T
        return pd.DataFrame(
            {
                "hole_id": named(self.rows.names, self.rows.codes),
                "row": self.rows.rows,
                "easting": east,
                "northing": north,
                "elevation": up,
                "depth_m": depth,
            }
        )


def _sources(study: DrillholesTable) -> Iterator[tuple[str, DrillTable, tuple[str, ...]]]:
    """List the tables with the columns that each must have."""
    yield "collars", study.collars, COLLAR_COLUMNS
    if study.surveys is not None:
        yield "surveys", study.surveys, SURVEY_COLUMNS
    for name, table in study.intervals.items():
        yield name, table, INTERVAL_COLUMNS
    for name, table in study.points.items():
        yield name, table, POINT_COLUMNS


def _read_collars(raw: RawTable, study: DrillholesTable) -> _Collars:
    """Read the collar table and check it alone."""
    source = study.collars
    rows = table_rows("collars", raw, source)
    findings = collar_checks.check_ids(rows)
    axes = [numbers(raw, rows, source.theirs(name), findings) for name in COLLAR_COLUMNS[1:]]
    points = np.column_stack(axes)
    findings += collar_checks.check_places(rows, points)
    extras = {}
    for name in ("depth_m", "azimuth_deg", "dip_deg"):
        absent = source.theirs(name) not in raw.columns
        extras[name] = (
            np.full(rows.rows.size, np.nan)
            if absent
            else numbers(raw, rows, source.theirs(name), findings, required=False)
        )
    depth = extras["depth_m"] * METRES[study.length_unit]
    findings += collar_checks.check_depths(rows, depth)
    dip = extras["dip_deg"] * (-1.0 if study.dip == "positive_down" else 1.0)
    azimuth = _azimuth(extras["azimuth_deg"], dip)
    shots = Shots(rows, rows.codes, np.zeros(dip.size), azimuth, dip)
    findings += survey_checks.check_each(shots, np.full(len(rows.names), np.nan))
    correction = study.azimuth_correction_deg or 0.0
    return _Collars(rows, points, depth, azimuth, dip, correction, tuple(findings))


def _azimuth(azimuth: FloatArray, dip: FloatArray) -> FloatArray:
    """Give vertical directions, which need no azimuth, one."""
    return np.where(np.isnan(azimuth) & (np.abs(dip) == 90.0), 0.0, azimuth)


def _read_surveys(
    raws: Mapping[str, RawTable],
    collars: _Collars,
    study: DrillholesTable,
    findings: list[Finding],
) -> Shots:
    """Read the survey table, if there is one."""
    if study.surveys is None:
        nothing, none = np.empty(0), np.empty(0, dtype=np.int64)
        rows = TableRows("surveys", "no survey table", none, none, ())
        return Shots(rows, none, nothing, nothing, nothing)
    raw, source = raws["surveys"], study.surveys
    rows = table_rows("surveys", raw, source)
    holes, seen = link(rows, collars.rows)
    findings += seen
    depth = numbers(raw, rows, source.theirs("depth_m"), findings) * METRES[study.length_unit]
    dip = numbers(raw, rows, source.theirs("dip_deg"), findings)
    dip *= -1.0 if study.dip == "positive_down" else 1.0
    heading = source.theirs("azimuth_deg")
    already = len(findings)
    azimuth = numbers(raw, rows, heading, findings, required=False)
    told = np.concatenate([f.rows for f in findings[already:]] or [rows.rows[:0]])
    azimuth = _azimuth(azimuth, dip)
    empty = np.isnan(azimuth) & ~np.isin(rows.rows, told)
    findings += rows.tell(EMPTY, empty, column=heading)
    return Shots(rows, holes, depth, azimuth, dip)


def _read_tables(
    raws: Mapping[str, RawTable],
    collars: _Collars,
    study: DrillholesTable,
    findings: list[Finding],
) -> dict[str, Downhole]:
    """Read the tables of intervals and points."""
    tables = {}
    for name, source in (*study.intervals.items(), *study.points.items()):
        rows = table_rows(name, raws[name], source)
        holes, seen = link(rows, collars.rows)
        findings += [*seen, *without_rows(holes, name, collars.rows)]
        tables[name] = read_downhole(raws[name], rows, holes, source, study)
        findings += tables[name].findings
    return tables


def _deepest(collars: _Collars, shots: Shots, tables: Mapping[str, Downhole]) -> FloatArray:
    """Return the depth of every hole: the collar's or, where it lacks one, the deepest row's."""
    depth = collars.by_hole(collars.depth)
    deepest = np.full(depth.size + 1, -np.inf)
    for holes, ends in (
        (shots.holes, shots.depth_m),
        *((t.holes, t.to_m) for t in tables.values()),
    ):
        known = np.isfinite(ends)
        np.maximum.at(deepest, holes[known], ends[known])
    found = np.where(deepest[:-1] > 0.0, deepest[:-1], np.nan)
    return np.where(np.isnan(depth), found, depth)


def _unsurveyed(collars: _Collars, surveyed: IntArray, study: DrillholesTable) -> list[Finding]:
    """Say what becomes of holes without a survey."""
    rows = collars.rows
    bare = (rows.codes >= 0) & ~np.isin(rows.codes, surveyed)
    stated = np.isfinite(collars.azimuth + collars.dip)
    findings = rows.tell(FROM_COLLAR, bare & stated)
    return findings + rows.tell(VERTICAL if study.assume_vertical else UNSURVEYED, bare & ~stated)


def _survey_frame(collars: _Collars, shots: Shots, kept: IntArray) -> pd.DataFrame:
    """Return the stations of all holes, those without a survey included."""
    bare = np.setdiff1d(np.arange(len(collars.rows.names)), shots.holes[kept])
    dip = np.nan_to_num(collars.by_hole(collars.dip)[bare], nan=-90.0)
    azimuth = np.nan_to_num(collars.by_hole(collars.azimuth)[bare], nan=0.0)
    hole = np.concatenate([shots.holes[kept], bare])
    measured = np.concatenate([shots.azimuth_deg[kept], azimuth])
    order = np.argsort(hole, kind="stable")
    columns = {
        "row": np.concatenate([shots.rows.rows[kept], np.zeros(bare.size, dtype=np.int64)]),
        "depth_m": np.concatenate([shots.depth_m[kept], np.zeros(bare.size)]),
        "azimuth_deg": np.mod(measured + collars.correction, 360.0),
        "dip_deg": np.concatenate([shots.dip_deg[kept], dip]),
    }
    frame = pd.DataFrame({name: values[order] for name, values in columns.items()})
    frame.insert(0, "hole_id", named(collars.rows.names, hole[order]))
    return frame
