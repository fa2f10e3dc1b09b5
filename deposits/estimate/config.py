"""Can this study of drillholes be right, all its tables taken together?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import Field

from deposits.config import LayerTable, StudyTable, crs_problems
from deposits.drilling.config import DrillholesTable
from deposits.errors import Checked, Problem
from deposits.estimate.block_tables import (
    BlocksTable,
    ClassificationTable,
    DensityTable,
    SyntheticTable,
    TonnageTable,
    ValidationTable,
)
from deposits.estimate.tables import DomainTable, EstimationTable, SamplesTable
from deposits.estimation.kriging_estimates import QUALITIES
from deposits.study import StudyFile, validate
from deposits.study_values import Table
from deposits.tables import did_you_mean
from deposits.units import STIBNITE_SB_PCT

DISCLAIMER = (
    "Not a Mineral Resource or Ore Reserve under JORC, NI 43-101 or GKZ: classes follow stated "
    "criteria, nobody has signed for them, and reasonable prospects are not assessed."
)
#: Every synthetic file says so at the start of its name.
SYNTHETIC_PREFIX = "synthetic_"


class DrillConfig(Table):
    """The tables of a study that goes from drillholes to a block model."""

    study: StudyTable
    drillholes: DrillholesTable
    samples: SamplesTable
    domains: dict[str, DomainTable] = Field(min_length=1)
    estimation: EstimationTable
    blocks: BlocksTable
    density: DensityTable
    tonnage: TonnageTable
    classification: ClassificationTable = ClassificationTable()
    validation: ValidationTable = ValidationTable()
    synthetic: SyntheticTable | None = None
    layers: dict[str, LayerTable] = Field(default_factory=dict)

    def estimation_of(self, domain: str) -> EstimationTable:
        """Return the search and method of a domain: its own, else the study's."""
        return self.domains[domain].estimation or self.estimation

    def density_of(self, domain: str) -> DensityTable:
        """Return the density of a domain: its own, else the study's."""
        return self.domains[domain].density or self.density


def is_of_drillholes(study: StudyFile) -> bool:
    """Say whether a study goes the drillhole route, from its tables."""
    return "drillholes" in study.tree


def read_config(study: StudyFile) -> Checked[DrillConfig]:
    """Fill the models of a drillhole study and word every mistake.

    Parameters
    ----------
    study : StudyFile
        A study with a table ``[drillholes]``.

    Returns
    -------
    Checked of DrillConfig
        With every problem within one table and between two.
    """
    file = study.path.name
    problems = _mixed(study)
    owned = {key: study.tree[key] for key in DrillConfig.model_fields if key in study.tree}
    if isinstance(owned.get("study"), dict):
        owned["study"] = {"disclaimer": DISCLAIMER, **owned["study"]}
    checked = validate(DrillConfig, owned, "", file=file)
    problems += checked.problems
    if checked.value is not None:
        config = checked.value
        problems += crs_problems(config.study, file)
        for fact, key, found, allowed in _contradictions(config):
            near = did_you_mean(found, allowed)
            listed = ", ".join(allowed)
            problems.append(Problem(fact, f"{file}, key {key}", found, listed, near))
        problems += _surprises(config, file)
    broken = any(problem.severity == "error" for problem in problems)
    return Checked(None if broken else checked.value, tuple(problems))


def _mixed(study: StudyFile) -> list[Problem]:
    """Refuse a study that mixes drillholes with published evidence and its plan."""
    others = [key for key in ("evidence", "fields", "plan", "claims") if key in study.tree]
    if not others:
        return []
    remedy = "Keep published evidence and its plan in a study of their own."
    fact = "a study is either published evidence or drillholes, never both"
    return [Problem(fact, study.path.name, ", ".join(f"[{key}]" for key in others), "", remedy)]


Contradiction = tuple[str, str, str, tuple[str, ...]]


def _contradictions(config: DrillConfig) -> Iterator[Contradiction]:
    """List keys that name something which the study does not have."""
    tables = tuple(config.drillholes.intervals)
    elements = config.samples.elements
    yield from _unknown([config.samples.table], tables, "samples.table", "no such interval table")
    assays = config.drillholes.intervals.get(config.samples.table)
    columns = tuple(assays.columns) if assays is not None else ()
    yield from _unknown(elements, columns, "samples.elements", "no such column of the assays")
    rasters = tuple(name for name, layer in config.layers.items() if layer.role == "raster")
    if config.blocks.topography is not None:
        given = [config.blocks.topography]
        yield from _unknown(given, rasters, "blocks.topography", "no such raster layer")
    for name, domain in config.domains.items():
        key = f"domains.{name}"
        yield from _unknown(domain.caps, elements, f"{key}.caps", "no such element")
        yield from _unknown(elements, tuple(domain.variograms), f"{key}.variograms", "no variogram")
        yield from _unknown(domain.variograms, elements, f"{key}.variograms", "no such element")
        if domain.codes is not None:
            given = [domain.codes.table]
            yield from _unknown(given, tables, f"{key}.codes.table", "no such interval table")
        if domain.polygon is not None:
            layers = tuple(config.layers)
            yield from _unknown([domain.polygon], layers, f"{key}.polygon", "no such layer")
        for element, variogram in domain.variograms.items():
            if variogram.same_as is not None:
                own = tuple(e for e, v in domain.variograms.items() if v.same_as is None)
                place = f"{key}.variograms.{element}.same_as"
                yield from _unknown([variogram.same_as], own, place, "no model of its own there")
    given = [*config.tonnage.by, config.tonnage.cut_field or elements[0]]
    yield from _unknown(given, block_fields(config), "tonnage", "no such field of the block model")
    for name in config.domains:
        density = config.density_of(name).element
        if density is not None:
            yield from _unknown([density], elements, "density.element", "no such element")
        pairs = config.estimation_of(name).cokrige
        words = [*pairs, *pairs.values()]
        yield from _unknown(words, elements, "estimation.cokrige", "no such element")


def block_fields(config: DrillConfig) -> tuple[str, ...]:
    """Return the names of the fields that the block model will have."""
    elements = config.samples.elements
    checks = [f"{element}{end}" for element in elements for end in ("_nn", "_id")]
    gkz = ("gkz",) if config.classification.gkz else ()
    own = ("domain", "class", "density_t_per_m3", "spacing_m")
    return (*own, *gkz, *elements, *checks, *QUALITIES)


def _unknown(
    given: Iterable[str], known: tuple[str, ...], key: str, fact: str
) -> Iterator[Contradiction]:
    """List names that are not among the known ones."""
    for name in dict.fromkeys(given):
        if name not in known:
            yield fact, key, name, known


def _surprises(config: DrillConfig, file: str) -> Iterator[Problem]:
    """List what contradicts the label SYNTHETIC, and caps that cap nothing."""
    if (config.synthetic is not None) and not config.study.synthetic:
        fact = "an invented deposit in a study that is not called synthetic"
        remedy = "State study.synthetic = true, or leave [synthetic] out."
        yield Problem(fact, f"{file}, key synthetic", remedy=remedy)
    drilled = config.drillholes
    tables = (drilled.collars, drilled.surveys, *drilled.intervals.values())
    paths = [table.path for table in tables if table is not None]
    paths += [layer.path for layer in config.layers.values()]
    paths += [domain.solid for domain in config.domains.values() if domain.solid is not None]
    marked = [path for path in paths if Path(path).name.lower().startswith(SYNTHETIC_PREFIX)]
    if marked and not config.study.synthetic:
        fact = "synthetic files in a study that is not called synthetic"
        remedy = "State study.synthetic = true, or name your own files."
        yield Problem(fact, f"{file}, key study.synthetic", ", ".join(marked[:3]), remedy=remedy)
    for name, domain in config.domains.items():
        for element, cap in domain.caps.items():
            if not cap > 0 or (element == "sb_pct" and cap > STIBNITE_SB_PCT):
                found, allowed = f"{cap:g}", "above 0, at most the pure mineral"
                place = f"{file}, key domains.{name}.caps.{element}"
                yield Problem("no possible top-cut", place, found, allowed)
