"""Where do the drillhole tables of a study stand, and what do their numbers mean?

::

    [drillholes]
    dip = "negative_down"              # what the survey file means
    azimuth = "grid_north"             # "true_north", "magnetic": with azimuth_correction_deg
    below_detection = "half_limit"     # needed when "<0.01" or -0.005 is found
    [drillholes.collars]
    path = "collars.csv"
    columns = { hole_id = "BHID", easting = "X", northing = "Y", elevation = "Z", depth_m = "EOH" }
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from deposits.drilling.grade_units import FRACTION_OF_MASS, grade_unit
from deposits.study_values import Table
from deposits.tables import did_you_mean

Policy = Literal["half_limit", "zero", "limit", "absent"]
DATABASE = re.compile(r"^(postgresql|postgres|postgis|sqlite)(\+\w+)?:/{1,3}", re.IGNORECASE)

#: Our columns of each kind of table: those it cannot do without, and those it may have.
COLLAR_COLUMNS = ("hole_id", "easting", "northing", "elevation")
COLLAR_EXTRAS = ("depth_m", "azimuth_deg", "dip_deg")
SURVEY_COLUMNS = ("hole_id", "depth_m", "azimuth_deg", "dip_deg")
INTERVAL_COLUMNS = ("hole_id", "from_m", "to_m")
POINT_COLUMNS = ("hole_id", "depth_m")

#: Metres in the units of depths.
METRES = {"m": 1.0, "ft": 0.3048}

#: Names that reading and desurveying give themselves.
RESERVED = ("row", "easting", "northing", "elevation")


class DrillTable(Table):
    """One table of the campaign and how it is written.

    Parameters
    ----------
    path : str
        Relative to the study: csv, txt, xlsx, parquet, gpkg; or the URL of a database.
    sheet, layer : str, optional
        Sheet of a workbook; layer of a GeoPackage, table of a database.
    delimiter, decimal, encoding : str
        How a text table is written.
    columns : dict of str to str
        Our names = the file's; a column that is left out has our name.
    """

    path: str
    sheet: str | None = None
    layer: str | None = None
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    decimal: Literal[".", ","] = "."
    encoding: str = "utf-8-sig"
    columns: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_of_each(self) -> DrillTable:
        twice = sorted(
            {c for c in self.columns.values() if list(self.columns.values()).count(c) > 1}
        )
        if twice:
            raise ValueError(f"columns: {', '.join(twice)} is taken for two of our columns")
        return self

    @property
    def is_database(self) -> bool:
        """Whether *path* is the URL of a database."""
        return DATABASE.match(self.path) is not None

    @property
    def label(self) -> str:
        """How messages name it; a database URL is left out, for it may hold a password."""
        if self.is_database:
            return f"database table {self.layer}"
        part = self.sheet or self.layer
        return Path(self.path).name + (f", {part}" if part else "")

    def theirs(self, name: str) -> str:
        """Return the file's name of one of our columns."""
        return self.columns.get(name, name)


class CollarTable(DrillTable):
    """Collars: where each hole begins, in metres of the study's system, and how long it is."""

    @model_validator(mode="after")
    def _known_columns(self) -> CollarTable:
        _only_known(self.columns, (*COLLAR_COLUMNS, *COLLAR_EXTRAS))
        return self


class SurveyTable(DrillTable):
    """Survey stations: depth down the hole, azimuth, dip."""

    @model_validator(mode="after")
    def _known_columns(self) -> SurveyTable:
        _only_known(self.columns, SURVEY_COLUMNS)
        return self


class IntervalTable(DrillTable):
    """Intervals with what was found in them.

    Parameters
    ----------
    units : dict of str to str
        Unit in which the file holds a grade, by our column, where it is not the unit in our name.
    """

    units: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known_units(self) -> IntervalTable:
        for column in self.columns:
            if column in RESERVED:
                raise ValueError(f"columns: {column} is a name that reading gives itself")
        for column, unit in self.units.items():
            if column not in self.columns:
                near = did_you_mean(column, self.columns)
                raise ValueError(f"units: {column} is not among the columns. {near}".strip())
            if grade_unit(column) is None:
                raise ValueError(
                    f"units: {column} says no unit at its end; call it {column}_pct, _gpt or _ppm"
                )
            if unit not in FRACTION_OF_MASS:
                known = ", ".join(FRACTION_OF_MASS)
                raise ValueError(f"units: {unit} is no known unit of grade; allowed {known}")
        return self


class DrillholesTable(Table):
    """The study's table ``[drillholes]``.

    Parameters
    ----------
    dip : {"negative_down", "positive_down"}
        What the files mean by a dip.
    azimuth : {"grid_north", "true_north", "magnetic"}
        From where azimuths are counted; the last two need *azimuth_correction_deg*.
    azimuth_correction_deg : float, optional
        Added to every azimuth [degrees].
    length_unit : {"m", "ft"}
        Unit of depths; collars are always in metres.
    desurvey : {"minimum_curvature", "balanced_tangential"}
        Method.
    below_detection : {"half_limit", "zero", "limit", "absent"}, optional
        What a grade below detection becomes; must be stated when any is found.
    above_detection : {"limit", "absent"}, optional
        What ">100" becomes; must be stated when any is found.
    below_detection_codes, absent_codes : tuple of float
        Numbers that are no grades, in the file's unit, in every interval table.
    absent_words : tuple of str
        Texts in number columns that mean: not sampled.
    assume_vertical : bool
        Whether holes without any survey may be taken as vertical.
    """

    dip: Literal["negative_down", "positive_down"]
    azimuth: Literal["grid_north", "true_north", "magnetic"]
    azimuth_correction_deg: float | None = Field(default=None, ge=-180.0, le=180.0)
    length_unit: Literal["m", "ft"] = "m"
    desurvey: Literal["minimum_curvature", "balanced_tangential"] = "minimum_curvature"
    below_detection: Policy | None = None
    above_detection: Literal["limit", "absent"] | None = None
    below_detection_codes: tuple[float, ...] = ()
    absent_codes: tuple[float, ...] = ()
    absent_words: tuple[str, ...] = ()
    assume_vertical: bool = False
    collars: CollarTable
    surveys: SurveyTable | None = None
    intervals: dict[str, IntervalTable] = Field(min_length=1)
    points: dict[str, IntervalTable] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _north_is_known(self) -> DrillholesTable:
        if self.azimuth != "grid_north" and self.azimuth_correction_deg is None:
            raise ValueError(
                f'azimuth = "{self.azimuth}" needs azimuth_correction_deg, the angle to add to '
                "reach grid north (meridian convergence, declination); 0 if there is none"
            )
        both = sorted({"collars", "surveys"} & (self.intervals.keys() | self.points.keys()))
        both += sorted(self.intervals.keys() & self.points.keys())
        if both:
            raise ValueError(f"{', '.join(both)} names two tables")
        return self


def _only_known(columns: dict[str, str], known: tuple[str, ...]) -> None:
    """Refuse a mapping to a column that this kind of table does not have."""
    for name in columns:
        if name not in known:
            near = did_you_mean(name, known) or f"Allowed: {', '.join(known)}."
            raise ValueError(f"columns: no such column of ours as {name}. {near}")
