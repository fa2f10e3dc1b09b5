"""Which part of the study file says what is in the ground?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from deposits.errors import Checked, Problem
from deposits.names import name_key
from deposits.study import StudyFile, validate
from deposits.study_values import (
    Correlation,
    Cv,
    Density,
    FileTable,
    Fraction,
    HeadlineCorrelation,
    HeadlineCv,
    SbGrade,
    Table,
    Tonnes,
)
from deposits.units import DENSITY_RANGE_T_PER_M3, PER_CENT_SLIP, STIBNITE_SB_PCT

DISCLAIMER = (
    "Not a Mineral Resource or Ore Reserve under JORC, NI 43-101 or GKZ; published and historical "
    "figures, not verified by a Competent or Qualified Person; reasonable prospects not assessed."
)


class ExtentTable(Table):
    """The district's box for sanity checks [degrees, WGS 84]."""

    west: float = Field(ge=-180, le=180)
    south: float = Field(ge=-90, le=90)
    east: float = Field(ge=-180, le=180)
    north: float = Field(ge=-90, le=90)

    @model_validator(mode="after")
    def _is_a_box(self) -> ExtentTable:
        if not (self.west < self.east and self.south < self.north):
            raise ValueError("the extent is empty; west must be below east and south below north")
        return self


class StudyTable(Table):
    """``[study]``: what is asked, where, and how it is drawn.

    Parameters
    ----------
    crs : str
        The one projected reference system of every result, e.g. "EPSG:32642".
    draws : int
        Latin-hypercube draws of every range [count].
    seed : int
        Equal seeds give equal draws.
    synthetic : bool
        True for a demonstration deposit; nothing real may stand in such a study.
    """

    name: str = Field(min_length=1)
    title: str = ""
    question: str = ""
    crs: str
    extent: ExtentTable
    seed: int = Field(default=1, ge=0)
    draws: int = Field(default=10_000, ge=100, le=1_000_000)
    synthetic: bool = False
    language: Literal["en"] = "en"
    disclaimer: str = DISCLAIMER


class PopulationTable(Table):
    """One grade population of the rock at sample support."""

    name: str
    share: float = Field(gt=0, le=1)
    mean_sb_pct: float = Field(ge=0, lt=STIBNITE_SB_PCT)
    cv: float = Field(ge=0, le=10)


class StructureTable(Table):
    """One nested structure of the spatial covariance; the practical range of an exponential."""

    kind: Literal["spherical", "exponential"]
    sill_share: float = Field(gt=0, le=1)
    range_m: float = Field(gt=0)


class SupportTable(Table):
    """``[evidence.support]``: the mixture that shows what the selection unit does to rich ore.

    Parameters
    ----------
    units_t : dict of float
        Named selection units and their mass [t].
    nugget_share : float
        Share of the variance without spatial continuity; it vanishes at block support.
    density_t_per_m3 : float
        Turns a unit's mass into the cube it is averaged over [t/m3].
    sample_t : float
        Mass of the samples that the populations describe [t].
    """

    populations: tuple[PopulationTable, ...] = Field(min_length=1)
    structures: tuple[StructureTable, ...] = Field(min_length=1)
    nugget_share: float = Field(default=0.0, ge=0, le=1)
    density_t_per_m3: float = Field(ge=DENSITY_RANGE_T_PER_M3[0], le=DENSITY_RANGE_T_PER_M3[1])
    sample_t: float = Field(default=0.005, gt=0)
    units_t: dict[str, float] = Field(min_length=1)
    source: str


class MetalCeiling(Table):
    """The largest metal that anybody has published for an area that holds the fields.

    Parameters
    ----------
    sb_t : Stated
        Contained antimony [t]; a bound for every field in the area, never an estimate of one.
    wording : str
        How the bound is named in a sentence.
    note : str
        What else should be known of it.
    """

    sb_t: Tonnes
    wording: str
    note: str = ""


class EvidenceTable(Table):
    """``[evidence]``: published statements and how they are cut.

    Parameters
    ----------
    statements : FileTable
        Resource statements, one a row.
    cutoffs_sb_pct : tuple of float
        Cut-offs of the grade-tonnage table [% Sb].
    headline_cutoff_sb_pct : float
        The cut-off that the headline tables are about [% Sb].
    headline_cvs, headline_gold_correlations : tuple of float
        Assumptions that the headline tables tabulate [ratio, above 0 to 10; -0.99 to 0.99].
    """

    statements: FileTable
    cutoffs_sb_pct: tuple[float, ...] = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 5.0, 10.0, 15.0)
    headline_cutoff_sb_pct: float = Field(default=15.0, gt=0, lt=STIBNITE_SB_PCT)
    headline_cvs: tuple[HeadlineCv, ...] = (0.5, 1.0, 1.5, 2.0)
    headline_gold_correlations: tuple[HeadlineCorrelation, ...] = (-0.3, 0.0, 0.3, 0.6)
    field_correlation: float = Field(default=0.0, ge=0, le=0.99)
    metal_ceiling: MetalCeiling | None = None
    support: SupportTable | None = None

    @model_validator(mode="after")
    def _cutoffs_can_be_right(self) -> EvidenceTable:
        wrong = [c for c in self.cutoffs_sb_pct if not 0 <= c < STIBNITE_SB_PCT]
        if wrong:
            raise ValueError(f"cut-offs outside 0 to {STIBNITE_SB_PCT} % Sb: {wrong}")
        if list(self.cutoffs_sb_pct) != sorted(set(self.cutoffs_sb_pct)):
            raise ValueError("cut-offs must rise and not repeat")
        return self


class GradeLawTable(Table):
    """``[fields.ID.grade_law]``: how grades spread within what a statement describes.

    Parameters
    ----------
    selection_unit_t : Stated
        Mass that is sent one way or the other at once [t].
    cv_at_selection_unit : Stated, optional
        Coefficient of variation of Sb among selection units; or, instead,
    sample_cv, block_variance_ratio : Stated, optional
        CV at sample support and variance(units)/variance(samples), fraction.
    upper_sb_pct : float
        Largest grade a unit can have [% Sb].
    au_cv, sb_au_correlation : Stated, optional
        Spread of gold and its correlation with Sb (of the logarithms).
    """

    selection_unit_t: Tonnes
    cv_at_selection_unit: Cv | None = None
    sample_cv: Cv | None = None
    block_variance_ratio: Fraction | None = None
    upper_sb_pct: float = Field(default=STIBNITE_SB_PCT, gt=0, le=STIBNITE_SB_PCT)
    au_cv: Cv | None = None
    sb_au_correlation: Correlation | None = None

    @model_validator(mode="after")
    def _one_way_to_the_cv(self) -> GradeLawTable:
        samples = self.sample_cv is not None and self.block_variance_ratio is not None
        if samples == (self.cv_at_selection_unit is not None):
            raise ValueError(
                "state cv_at_selection_unit, or sample_cv with block_variance_ratio, one of the two"
            )
        return self


class FieldTable(Table):
    """``[fields.ID]``: one ore field.

    Parameters
    ----------
    aliases : tuple of str
        Other spellings, in any script.
    total_model : str, optional
        Which of several competing models enters totals and plans; needed when there are several.
    bounding_case : str, optional
        Identifier of a bounding statement to stand in for the field (for scenarios).
    head_grade_sb_pct : Stated, optional
        Run-of-mine grade to plan with while no tonnage is known [% Sb].
    """

    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    note: str = ""
    total_model: str | None = None
    bounding_case: str | None = None
    head_grade_sb_pct: SbGrade | None = None
    grade_law: GradeLawTable | None = None


class LayerTable(Table):
    """``[layers.NAME]``: one GIS layer.

    Parameters
    ----------
    path : str
        File relative to the study, or a PostGIS URL (``layer`` is then the table).
    role : str
        What the layer is for; "reserve_blocks" polygons become resource statements.
    crs : str, optional
        Reference system of a file that does not say; coordinates of GeoJSON and KML are WGS 84.
    x, y : str, optional
        Coordinate columns of a CSV.
    id_column : str
        Column that identifies features.
    repair : bool
        Whether invalid geometry may be repaired.
    control_points : FileTable, optional
        Pairs local_x, local_y, easting, northing that tie a local mine grid to the study's CRS.
    host_density_t_per_m3 : Stated, optional
        Density of the barren host of reserve blocks; stibnite is added by its share [t/m3].
    cv_within_block : float
        Spread of selection units within a reserve block; 0 takes each block as one unit.
    """

    path: str
    role: Literal[
        "places", "deposits", "plants", "roads", "rivers", "reserve_blocks", "raster", "other"
    ] = "other"
    title: str = ""
    source: str = ""
    crs: str | None = None
    layer: str | None = None
    encoding: str | None = None
    x: str | None = None
    y: str | None = None
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    decimal: Literal[".", ","] = "."
    id_column: str = "id"
    repair: bool = False
    control_points: FileTable | None = None
    host_density_t_per_m3: Density | None = None
    cv_within_block: float = Field(default=0.0, ge=0, le=10)


class DepositConfig(Table):
    """The tables of the study that this storey owns."""

    study: StudyTable
    evidence: EvidenceTable
    fields: dict[str, FieldTable]
    layers: dict[str, LayerTable] = Field(default_factory=dict)

    def aliases(self) -> dict[str, tuple[str, ...]]:
        """All spellings of each field, its identifier first."""
        return {key: (key, field.name, *field.aliases) for key, field in self.fields.items()}


def read_config(study: StudyFile) -> Checked[DepositConfig]:
    """Fill this storey's models from the study and word every mistake.

    Parameters
    ----------
    study : StudyFile
        The study, with or without a scenario merged in.

    Returns
    -------
    Checked of DepositConfig
        With warnings for numbers that can be right but rarely are.
    """
    owned = {key: study.tree[key] for key in DepositConfig.model_fields if key in study.tree}
    checked = validate(DepositConfig, owned, "", file=study.path.name)
    problems = list(checked.problems)
    if checked.value is not None:
        problems += crs_problems(checked.value.study, study.path.name)
        problems += _shared_names(checked.value, study.path.name)
        problems += _suspicions(owned, study.path.name)
    broken = any(p.severity == "error" for p in problems)
    return Checked(None if broken else checked.value, tuple(problems))


def _shared_names(config: DepositConfig, file: str) -> list[Problem]:
    """Refuse a spelling that stands for two fields: nobody could say which is meant."""
    owners: dict[str, str] = {}
    problems = []
    for field, names in config.aliases().items():
        for name in names:
            owner = owners.setdefault(name_key(name), field)
            if owner != field:
                fact = f"the name stands for two fields, {owner} and {field}"
                remedy = "Keep it at one of them."
                place = f"{file}, key fields.{field}.aliases"
                problems.append(Problem(fact, place, name, remedy=remedy))
    return list(dict.fromkeys(problems))


def crs_problems(study: StudyTable, file: str) -> list[Problem]:
    """Refuse a study CRS that PROJ does not know, that is not in metres, or is for elsewhere."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    place = f"{file}, key study.crs"
    remedy = 'Give a projected one in metres, e.g. "EPSG:32642".'
    try:
        crs = CRS.from_user_input(study.crs)
    except CRSError:
        return [Problem("PROJ does not know this CRS", place, study.crs, remedy=remedy)]
    if not crs.is_projected:
        return [Problem("the study's CRS is not projected", place, crs.name, remedy=remedy)]
    units = {axis.unit_name for axis in crs.axis_info}
    if units != {"metre"}:
        fact = "the study's CRS is not in metres"
        return [Problem(fact, place, ", ".join(sorted(units)), "metre", remedy)]
    used, box = crs.area_of_use, study.extent
    if used is None:
        return []
    across = box.east < used.west or box.west > used.east
    apart = across or box.north < used.south or box.south > used.north
    if apart:
        fact = "the CRS is for another part of the world than the extent"
        found = f"{crs.name}, {used.west:g} to {used.east:g} E, {used.south:g} to {used.north:g} N"
        return [Problem(fact, place, found, remedy=remedy)]
    return []


def _suspicions(tree: Mapping[str, Any], file: str) -> list[Problem]:
    """Warn of grades that look like fractions."""
    problems = []
    for field, table in tree.get("fields", {}).items():
        grade = table.get("head_grade_sb_pct")
        figures = grade.values() if isinstance(grade, dict) else [grade]
        small = [g for g in figures if isinstance(g, int | float) and 0 < g < 0.1]
        if small:
            place = f"{file}, key fields.{field}.head_grade_sb_pct"
            fact = "the grade is very low for antimony ore; it may be a fraction"
            problems.append(
                Problem(fact, place, f"{small[0]:g} % Sb", "", PER_CENT_SLIP, "warning")
            )
    return problems
