"""From a study of drillholes to a block model on disk: what is done, in which order?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from deposits.errors import Checked, DataError
from deposits.estimate.classes import write_classes
from deposits.estimate.config import SYNTHETIC_PREFIX, DrillConfig, read_config
from deposits.estimate.continuity import coregionalise, model_continuity
from deposits.estimate.inputs import DrillInputs, bodies_of, grid_of, read_inputs
from deposits.estimate.model import DomainPlan, write_model
from deposits.estimate.plausibility import size_problems
from deposits.estimate.sampling import Sampled, sample_domains
from deposits.grid import Grid
from deposits.study import StudyFile

Say = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class DrillStudy:
    """A drillhole study, read and found sound.

    Parameters
    ----------
    study : StudyFile
        As written.
    config : DrillConfig
        Its tables.
    inputs : DrillInputs
        Its files.
    """

    study: StudyFile
    config: DrillConfig
    inputs: DrillInputs

    def input_files(self) -> list[Path]:
        """Files the study names; what comes from a database is left out."""
        config, layers = self.config, self.config.layers
        drilled = config.drillholes
        tables = (drilled.collars, drilled.surveys, *drilled.intervals.values())
        every = (*tables, *drilled.points.values())
        names = [t.path for t in every if t is not None and not t.is_database]
        names += [layer.path for layer in layers.values() if "://" not in layer.path]
        control = (layer.control_points for layer in layers.values())
        names += [table.path for table in control if table is not None]
        for domain in config.domains.values():
            # A surface is a layer by its name, else a file.
            surfaces = [name for name in (domain.under, domain.over) if name not in layers]
            names += [name for name in (domain.solid, *surfaces) if name is not None]
        return [self.study.folder / name for name in names]


@dataclass(frozen=True, slots=True, eq=False)
class Estimated:
    """A block model on disk and all that led to it.

    Parameters
    ----------
    source : DrillStudy
        What was read.
    sampled : Sampled
        Composites.
    plans : mapping of DomainPlan
        Samples, models and searches by domain.
    grid : Grid
        Parent blocks.
    blocks : Path
        The block model.
    negatives : int
        Estimates below 0 that were set to 0.
    moved : pandas.DataFrame
        Blocks whose class was smoothed away.
    """

    source: DrillStudy
    sampled: Sampled
    plans: Mapping[str, DomainPlan]
    grid: Grid
    blocks: Path
    negatives: int
    moved: pd.DataFrame


def load(study: StudyFile) -> Checked[DrillStudy]:
    """Read a drillhole study with every file it names, and list every problem at once."""
    config = read_config(study)
    if config.value is None:
        return Checked(None, config.problems)
    inputs = read_inputs(study, config.value)
    problems = (*config.problems, *inputs.problems)
    if inputs.value is None:
        return Checked(None, problems)
    return Checked(DrillStudy(study, config.value, inputs.value), problems)


def estimate(source: DrillStudy, out: Path, say: Say = lambda *_: None) -> Estimated:
    """Composite, model continuity, estimate and classify; the block model is left in a folder.

    Parameters
    ----------
    source : DrillStudy
        A sound study.
    out : Path
        Folder; made if it is not there.
    say : callable
        Called with (what is being done, done, in all) as the work goes on.

    Returns
    -------
    Estimated

    Raises
    ------
    DataError
        If a domain has no samples or a variogram cannot be fitted.
    """
    config, inputs = source.config, source.inputs
    say("Placing and compositing samples", 0, 1)
    sampled = sample_domains(config, inputs)
    plans = {}
    for number, name in enumerate(config.domains):
        say("Measuring and fitting variograms", number, len(config.domains))
        plans[name] = plan_domain(config, sampled, name)
    grid = grid_of(config, sampled.composites[["easting", "northing", "elevation"]].to_numpy())
    too_many = size_problems(config, grid.shape, source.study.path.name)
    if too_many:
        raise DataError(too_many)
    prefix = SYNTHETIC_PREFIX if config.study.synthetic else ""
    out.mkdir(parents=True, exist_ok=True)
    # The name of a synthetic file says so even while it is half done.
    unclassed = out / f"{prefix}.estimated-blocks.parquet"
    final = out / f"{prefix}blocks.parquet"
    try:
        negatives = write_model(
            config, grid, bodies_of(config, inputs), plans, unclassed,
            lambda done, whole: say("Estimating blocks", done, whole),
        )  # fmt: skip
        say("Classifying blocks", 0, 1)
        main = config.samples.elements[0]
        sills = {name: plan.continuity[main].covariance.sill for name, plan in plans.items()}
        moved = write_classes(config, sills, unclassed, final)
    finally:
        unclassed.unlink(missing_ok=True)
    return Estimated(source, sampled, plans, grid, final, negatives, moved)


def plan_domain(config: DrillConfig, sampled: Sampled, name: str) -> DomainPlan:
    """Model the continuity of a domain and gather what estimating its blocks needs."""
    table, rule, samples = config.domains[name], config.estimation_of(name), sampled.domains[name]
    continuity = model_continuity(table, samples)
    joint = {}
    for element, helper in rule.cokrige.items():
        joint[element, helper] = coregionalise(table, samples, continuity, (element, helper))
    return DomainPlan(name, table, rule, samples, continuity, joint)
