"""What is estimated in each block, and how does it reach the disk without filling the memory?

Blocks are cut at the bodies' boundaries, estimated domain by domain from the domain's own samples
(hard boundaries), and written level by level.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.blockmodel import SIZE_COLUMNS, About, BlockWriter, Inside, sub_block
from deposits.errors import DataError, Problem
from deposits.estimate.config import DrillConfig
from deposits.estimate.continuity import Continuity, axes_of
from deposits.estimate.sampling import DomainSamples
from deposits.estimate.tables import DomainTable, EstimationTable
from deposits.estimation.classification import drill_spacing
from deposits.estimation.coregionalisation import Coregionalisation
from deposits.estimation.inverse_distance import inverse_distance, nearest_neighbour
from deposits.estimation.kriging import Method, Ordinary, Simple, Targets, Universal, krige
from deposits.estimation.kriging_cokriging import cokrige
from deposits.estimation.kriging_estimates import QUALITIES
from deposits.estimation.search import Search
from deposits.evidence.density import ore_density
from deposits.grid import Grid
from deposits.units import STIBNITE_SB_PCT

FloatArray = NDArray[np.float64]
Progress = Callable[[int, int], None]
#: Cells of the lattice that judges boundaries, held at a time. A row of the table in hand, with its
#: copies on the way to the disk, takes about 700 bytes.
CELLS_AT_A_TIME = 500_000
#: Share of wild estimates above which a model is refused.
MOST_WILD = 0.005
PLACES = ["easting", "northing", "elevation"]
#: How columns are stored, where less than full precision is enough.
STORED = dict.fromkeys((*QUALITIES, "spacing_m"), "float32") | dict.fromkeys(
    ("n_samples", "n_holes", "pass_number"), "int16"
)


@dataclass(frozen=True, slots=True, eq=False)
class DomainPlan:
    """How the blocks of one domain are estimated.

    Parameters
    ----------
    name : str
        Identifier.
    table, rule : DomainTable, EstimationTable
        What the study says.
    samples : DomainSamples
        Composites.
    continuity : mapping of Continuity
        By element.
    coregionalised : mapping of (element, helper) to Coregionalisation
        Elements that are co-kriged.
    """

    name: str
    table: DomainTable
    rule: EstimationTable
    samples: DomainSamples
    continuity: Mapping[str, Continuity]
    coregionalised: Mapping[tuple[str, str], Coregionalisation] = field(default_factory=dict)

    def passes(self) -> tuple[Search, ...]:
        """Return the searches along the domain's axes."""
        return tuple(
            Search(
                axes_of(self.table, p.reach_m),
                p.least,
                p.most,
                p.most_per_hole,
                p.sectors,
                p.most_per_sector,
            )
            for p in self.rule.passes
        )

    def groups(self) -> list[tuple[str, ...]]:
        """Return elements that share a model, and so one set of weights; the owner first."""
        owners: dict[str, list[str]] = {}
        for element, model in self.continuity.items():
            owner = model.origin.removeprefix("same as ")
            owner = owner if owner in self.continuity else element
            owners.setdefault(owner, [] if owner == element else [owner]).append(element)
        return [tuple(dict.fromkeys(group)) for group in owners.values()]

    def method(self, elements: tuple[str, ...]) -> Method:
        """Return what is taken to be known of the means of some elements."""
        if self.rule.method == "universal":
            return Universal(self.rule.drift)
        if self.rule.method == "simple":
            return Simple(tuple(self.samples.mean(element) for element in elements))
        return Ordinary()


def estimate_domain(plan: DomainPlan, targets: Targets) -> pd.DataFrame:
    """Estimate blocks of one domain: every element, its checks and the qualities.

    Parameters
    ----------
    plan : DomainPlan
        Samples, models and searches.
    targets : Targets
        Blocks, n of them.

    Returns
    -------
    pandas.DataFrame
        n rows: element columns, ``ELEMENT_nn`` and ``ELEMENT_id``, then the qualities of the
        first element. NaN where no search found enough samples.
    """
    elements = plan.samples.samples.elements
    columns: dict[str, FloatArray] = {}
    passes, main = plan.passes(), elements[0]
    for group in plan.groups():
        # The main element first: the qualities, and so the classes, are of its own model.
        group = tuple(sorted(group, key=lambda name: name != main))
        known = plan.samples.samples.only(group)
        model = plan.continuity[group[0]].covariance
        with warnings.catch_warnings():
            # Blocks without an estimate are counted in the summary, batch by batch it is no news.
            warnings.filterwarnings("ignore", message="no target found")
            found = krige(known, targets, model, passes, plan.method(group))
        columns |= {name: found.values[:, i] for i, name in enumerate(group)}
        if main in group:
            columns |= {name: getattr(found, name) for name in QUALITIES}
    for (element, helper), joint in plan.coregionalised.items():
        known = plan.samples.samples.only((element, helper))
        columns[element] = cokrige(known, targets, joint, passes, element).values[:, 0]
    near = nearest_neighbour(plan.samples.samples, targets, passes)
    power = plan.rule.inverse_distance_power
    weighed = inverse_distance(plan.samples.samples, targets, passes, power)
    for i, name in enumerate(elements):
        columns[f"{name}_nn"] = near.values[:, i]
        columns[f"{name}_id"] = weighed.values[:, i]
    checks = [f"{name}{end}" for name in elements for end in ("_nn", "_id")]
    return pd.DataFrame(columns)[[*elements, *checks, *QUALITIES]]


def write_model(
    config: DrillConfig,
    grid: Grid,
    bodies: Mapping[str, Inside],
    plans: Mapping[str, DomainPlan],
    path: Path,
    on_progress: Progress | None = None,
) -> int:
    """Estimate all blocks and write them, level by level.

    Parameters
    ----------
    config : DrillConfig
        The study's tables.
    grid : Grid
        Parent blocks.
    bodies : mapping of callable
        Domain -> function of points that says which belong.
    plans : mapping of DomainPlan
        By domain.
    path : Path
        Parquet file; it has its name only when all is well.
    on_progress : callable, optional
        Called with (parent blocks done, in all).

    Returns
    -------
    int
        Estimates that negative weights had made negative and that were set to 0.

    Raises
    ------
    DataError
        If a domain has no block, none of its blocks found enough samples, or estimates run wild.
    """
    about = About(config.study.name, config.study.synthetic, units_of(config), config.study.crs)
    with BlockWriter(path, grid, about, stored_as=STORED) as writer:
        done = negatives = wild = n_known = 0
        found: dict[str, int] = {}
        for first, slab in slabs(grid, config.blocks.split):
            cut = sub_block(slab, bodies, config.blocks.split)
            cut["block"] += first
            if len(cut):
                whole = estimate_slab(config, grid, plans, cut)
                solved = whole["pass_number"].gt(0).groupby(whole["domain"]).sum()
                for name, count in solved.items():
                    found[str(name)] = found.get(str(name), 0) + int(count)
                grades = whole[list(config.samples.elements)]
                below = grades < 0
                negatives += int(below.to_numpy().sum())
                wild += wild_estimates(whole, plans)
                n_known += int(grades.notna().to_numpy().sum())
                writer.write(whole.assign(**grades.mask(below, 0.0)))
            done += slab.n_blocks
            if on_progress is not None:
                on_progress(done, grid.n_blocks)
        problems = [*_without_estimate(plans, found), *wild_problems(wild, n_known)]
        if problems:
            raise DataError(problems)
    return negatives


def wild_estimates(blocks: pd.DataFrame, plans: Mapping[str, DomainPlan]) -> int:
    """Count estimates farther beyond the samples than negative weights alone bring them.

    Parameters
    ----------
    blocks : pandas.DataFrame
        Column domain and the elements.
    plans : mapping of DomainPlan
        Samples by domain.

    Returns
    -------
    int
        Those below 0, or above the domain's highest composite, by half of the latter and more.
    """
    count = 0
    for name, rows in blocks.groupby("domain", sort=False):
        known = plans[str(name)].samples
        elements = list(known.samples.elements)
        highest = known.table[elements].max()
        beyond = (rows[elements] < -0.5 * highest) | (rows[elements] > 1.5 * highest)
        count += int(beyond.to_numpy().sum())
    return count


def wild_problems(wild: int, of: int) -> list[Problem]:
    """Refuse a model with many wild estimates: nothing that is made of it would mean anything."""
    if wild <= MOST_WILD * of:
        return []
    fact = "estimates lie far below 0 or far above the highest composite"
    found, allowed = f"{wild:,} of {of:,}", f"at most {MOST_WILD:.1%}"
    remedy = 'The samples found cannot carry a drift: take method "ordinary", or more samples.'
    return [Problem(fact, "key estimation", found, allowed, remedy)]


def _without_estimate(plans: Mapping[str, DomainPlan], found: Mapping[str, int]) -> list[Problem]:
    """Name domains without any block, and those none of whose blocks found enough samples."""
    problems = []
    for name in plans:
        if name not in found:
            remedy = "Another domain before it may hold them all; or the grid misses it."
            problems.append(Problem("the domain holds no block", name, remedy=remedy))
        elif not found[name]:
            fact = "no block of the domain found enough samples"
            remedy = "Widen reach_m, lower least, or check the coordinates of the domain."
            problems.append(Problem(fact, name, remedy=remedy))
    return problems


def estimate_slab(
    config: DrillConfig, grid: Grid, plans: Mapping[str, DomainPlan], cut: pd.DataFrame
) -> pd.DataFrame:
    """Estimate coded blocks and sub-blocks, each from the samples of its own domain.

    Parameters
    ----------
    config : DrillConfig
        The study's tables.
    grid : Grid
        Parent blocks.
    plans : mapping of DomainPlan
        By domain.
    cut : pandas.DataFrame
        As :func:`deposits.blockmodel.sub_block` gives it.

    Returns
    -------
    pandas.DataFrame
        The same rows with estimates, qualities, density_t_per_m3 [t/m3] and spacing_m [m].
    """
    parts = []
    for name, rows in cut.groupby("domain", sort=False):
        plan = plans[str(name)]
        targets = Targets(
            points=rows[PLACES].to_numpy(),
            block_size_m=rows[list(SIZE_COLUMNS)].to_numpy(),
            discretisation=plan.rule.discretisation,
            azimuth_deg=grid.azimuth_deg,
        )
        estimates = estimate_domain(plan, targets)
        estimates.index = rows.index
        estimates["density_t_per_m3"] = density(config, str(name), estimates)
        known = plan.samples.samples
        estimates["spacing_m"] = drill_spacing(known.points, known.hole, targets.points)
        parts.append(pd.concat([rows, estimates], axis=1))
    whole = pd.concat(parts).sort_index()
    if config.blocks.split == (1, 1, 1):
        whole = whole.drop(columns=list(SIZE_COLUMNS))
    return whole.reset_index(drop=True)


def density(config: DrillConfig, domain: str, estimates: pd.DataFrame) -> FloatArray:
    """Return the density of estimated blocks [t/m3], NaN where it rests on a missing estimate."""
    table = config.density_of(domain)
    if table.t_per_m3 is not None:
        return np.full(len(estimates), table.t_per_m3.base)
    if table.element is not None:
        return estimates[table.element].to_numpy()
    assert table.host_t_per_m3 is not None
    grade = np.maximum(estimates["sb_pct"].to_numpy(), 0.0)
    over = grade > STIBNITE_SB_PCT
    if over.any():
        found = f"{int(over.sum()):,} blocks, up to {np.nanmax(grade):.1f} % Sb"
        remedy = "A drift that runs on beyond the samples does this: take method ordinary."
        fact, allowed = "estimates above what pure stibnite holds", f"{STIBNITE_SB_PCT} % Sb"
        raise DataError([Problem(fact, f"domain {domain}, sb_pct", found, allowed, remedy)])
    return ore_density(grade, table.host_t_per_m3.base)


def slabs(grid: Grid, split: tuple[int, int, int]) -> Iterator[tuple[int, Grid]]:
    """Cut a grid into stacks of levels, or rows of one level, worked on at a time.

    Yields the number of the first block, and the grid of the part.
    """
    nx, ny, nz = grid.shape
    row = nx * int(np.prod(split))
    levels = max(1, min(nz, CELLS_AT_A_TIME // (row * ny)))
    rows = ny if row * ny <= CELLS_AT_A_TIME else max(1, CELLS_AT_A_TIME // row)
    for k in range(0, nz, levels):
        for j in range(0, ny, rows):
            corner = grid.to_world(np.array([0.0, j, k]) * grid.size_m)
            east, north, low = np.ravel(corner).tolist()
            shape = (nx, min(rows, ny - j), min(levels, nz - k))
            part = Grid((east, north, low), grid.size_m, shape, grid.azimuth_deg)
            yield (k * ny + j) * nx, part


def units_of(config: DrillConfig) -> dict[str, str]:
    """Return the units of the model's fields, by column."""
    found = {"density_t_per_m3": "t/m3", "mean_distance_m": "m", "spacing_m": "m"}
    suffixes = {"_pct": "%", "_gpt": "g/t", "_ppm": "ppm", "_ppb": "ppb", "_t_per_m3": "t/m3"}
    for element in config.samples.elements:
        unit = next((u for end, u in suffixes.items() if element.endswith(end)), "")
        found |= {element: unit, f"{element}_nn": unit, f"{element}_id": unit}
    return found
