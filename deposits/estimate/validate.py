"""What speaks for and against the estimated model?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from deposits.blockmodel import SIZE_COLUMNS, scan_blocks, volumes_m3
from deposits.errors import DataError
from deposits.estimate.model import DomainPlan
from deposits.estimate.workflow import Estimated
from deposits.estimation.change_of_support import (
    SmoothingCheck,
    block_support,
    check_smoothing,
    variance_ratio,
)
from deposits.validation.cross_validation import Leaving, cross_validate
from deposits.validation.kna import Choice, Options, analyse_neighbourhoods, choose_test_blocks
from deposits.validation.report import Evidence, ValidationReport, validation_report
from deposits.validation.values import Graded

FloatArray = NDArray[np.float64]
PLACES = ["easting", "northing", "elevation"]
#: Ends of the columns that check an estimate, and what they are called.
ESTIMATES = {"": "estimate", "_nn": "nearest neighbour", "_id": "inverse distance"}
#: Most rows of the model that are held against the samples; of a larger one every n-th row is.
MOST_ROWS = 4_000_000
#: Rows of the model read at a time.
ROWS_AT_A_TIME = 250_000
Say = Callable[[str, int, int], None]


def validate(made: Estimated, say: Say = lambda *_: None) -> ValidationReport:
    """Cross-validate, compare, slice, and hold the model against theory.

    Parameters
    ----------
    made : Estimated
        The model on disk and what led to it.
    say : callable
        Called with (what is being done, done, in all).

    Returns
    -------
    ValidationReport
    """
    config = made.source.config
    blocks = _read(made)
    crossed, tried = [], []
    smoothing: dict[str, SmoothingCheck] = {}
    steps = len(made.plans)
    for number, plan in enumerate(made.plans.values()):
        say("Cross-validating", number, steps)
        crossed.append(_cross_validate(plan, config.validation.leave))
        say("Comparing neighbourhoods", number, steps)
        tried.append(_neighbourhoods(made, plan, blocks.block[blocks.domain == plan.name]))
        smoothing |= _smoothing(made, plan, blocks)
    say("Slicing the model", 0, 1)
    evidence = Evidence(
        cross_validation=pd.concat(crossed, ignore_index=True),
        smoothing=smoothing,
        neighbourhoods=pd.concat(tried, ignore_index=True),
    )
    graded = [_graded(made, blocks, end) for end in ESTIMATES]
    strike = config.validation.strike_deg
    report = validation_report(made.grid, _samples(made), graded, evidence, strike)
    step = step_of(made)
    if step == 1:
        return report
    said = f"Means, slices and smoothing are those of every {step}th row of the model."
    return replace(report, sentences=(*report.sentences, said))


def step_of(made: Estimated) -> int:
    """Return n where every n-th row of the model is looked at; 1 for all but very large ones."""
    return max(1, -(-int(pq.read_metadata(made.blocks).num_rows) // MOST_ROWS))


class _Blocks(NamedTuple):
    """Columns of the model that validation looks at, each in memory once."""

    block: NDArray[np.int64]
    points: FloatArray
    domain: NDArray[np.str_]
    tonnes: FloatArray
    #: Grades by end of the column name, shape (n, elements).
    values: dict[str, FloatArray]


def _read(made: Estimated) -> _Blocks:
    """Read the model batch by batch into arrays of their final size."""
    config = made.source.config
    elements, names = config.samples.elements, list(made.plans)
    columns = ["block", *PLACES, "domain", "density_t_per_m3"]
    # One element may be the density itself: no column is asked for twice.
    columns += [f"{e}{end}" for e in elements for end in ESTIMATES]
    if config.blocks.split != (1, 1, 1):
        columns += SIZE_COLUMNS
    step = step_of(made)
    n = -(-pq.read_metadata(made.blocks).num_rows // step)
    found = _Blocks(
        np.empty(n, np.int64),
        np.empty((n, 3)),
        np.empty(n, f"<U{max(map(len, names))}"),
        np.empty(n),
        {end: np.empty((n, len(elements))) for end in ESTIMATES},
    )
    start = n_known = passed = 0
    known = 0.0
    for whole in scan_blocks(made.blocks, list(dict.fromkeys(columns)), ROWS_AT_A_TIME):
        part = whole.iloc[-passed % step :: step]
        passed += len(whole)
        rows = slice(start, start + len(part))
        start += len(part)
        found.block[rows] = part["block"]
        found.points[rows] = part[PLACES]
        found.domain[rows] = part["domain"].astype(str)
        found.tonnes[rows] = volumes_m3(part, made.grid) * part["density_t_per_m3"].to_numpy()
        for end, values in found.values.items():
            values[rows] = part[[f"{e}{end}" for e in elements]]
        absent = part["density_t_per_m3"].isna().to_numpy()
        # Negative until the mean density is known.
        found.tonnes[rows][absent] = -volumes_m3(part, made.grid)[absent]
        known += float(part["density_t_per_m3"].sum())
        n_known += int((~absent).sum())
    absent = found.tonnes < 0
    found.tonnes[absent] *= -(known / n_known if n_known else np.nan)
    return found


def _graded(made: Estimated, blocks: _Blocks, end: str) -> Graded:
    """Return one kind of estimate of all blocks, weighed by tonnes."""
    return Graded(
        name=ESTIMATES[end],
        points=blocks.points,
        values=blocks.values[end],
        elements=made.source.config.samples.elements,
        weights=blocks.tonnes,
        domain=blocks.domain,
    )


def _samples(made: Estimated) -> Graded:
    """Return all composites, weighed by declustering and length."""
    plans = [plan.samples for plan in made.plans.values()]
    return Graded(
        name="declustered samples",
        points=np.vstack([p.samples.points for p in plans]),
        values=np.vstack([p.samples.values for p in plans]),
        elements=made.source.config.samples.elements,
        weights=np.concatenate([p.weights for p in plans]),
        domain=np.concatenate([np.full(p.samples.n, p.domain, dtype=object) for p in plans]),
    )


def _cross_validate(plan: DomainPlan, leave: str) -> pd.DataFrame:
    """Estimate every sample of a domain from the others, each element by its own model."""
    tables = []
    for element, model in plan.continuity.items():
        known = plan.samples.samples.only((element,))
        tables.append(
            cross_validate(
                known,
                model.covariance,
                plan.passes(),
                Leaving("hole" if leave == "hole" else "sample"),
                plan.method((element,)),
            )
        )
    return pd.concat(tables, ignore_index=True).assign(domain=plan.name)


def _neighbourhoods(made: Estimated, plan: DomainPlan, block: NDArray[np.int64]) -> pd.DataFrame:
    """Vary the neighbourhood of the main element at some well and some poorly informed blocks."""
    main = plan.samples.samples.elements[0]
    known = plan.samples.samples.only((main,))
    stated = made.source.config.validation.kna
    size = made.grid.size_m
    # The widest search, so that poorly informed blocks show something too.
    base = Choice(size, plan.passes()[-1], plan.rule.discretisation)
    options = Options(stated.block_sizes_m, stated.most_samples, (), stated.discretisations)
    chosen = choose_test_blocks(known, made.grid, np.unique(block))
    table = analyse_neighbourhoods(known, chosen, plan.continuity[main].covariance, base, options)
    return table.assign(domain=plan.name)


def _smoothing(made: Estimated, plan: DomainPlan, blocks: _Blocks) -> dict[str, SmoothingCheck]:
    """Hold the spread of the main element's blocks against the discrete Gaussian model."""
    main = plan.samples.samples.elements[0]
    values, weights = plan.samples.known(main)
    model = plan.continuity[main].covariance
    ratio = variance_ratio(model, made.grid.size_m, plan.rule.discretisation)
    grade = blocks.values[""][:, 0]
    known = (blocks.domain == plan.name) & np.isfinite(grade)
    try:
        support = block_support(values, weights, ratio * plan.samples.variance(main))
        cutoffs = [c for c in made.source.config.tonnage.cutoffs if c > 0]
        check = check_smoothing(support, grade[known], blocks.tonnes[known], cutoffs)
    except DataError:
        # All grades equal, a mean of 0, no block: nothing can be said of smoothing.
        return {}
    return {f"{main}, {plan.name}": check}
