"""What speaks for and against the estimated model?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

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

PLACES = ["easting", "northing", "elevation"]
#: Ends of the columns that check an estimate, and what they are called.
CHECKS = {"_nn": "nearest neighbour", "_id": "inverse distance"}
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
    blocks = _blocks(made)
    crossed, tried = [], []
    smoothing: dict[str, SmoothingCheck] = {}
    steps = len(made.plans)
    for number, plan in enumerate(made.plans.values()):
        say("Cross-validating", number, steps)
        crossed.append(_cross_validate(plan, config.validation.leave))
        say("Comparing neighbourhoods", number, steps)
        tried.append(_neighbourhoods(made, plan, blocks[blocks["domain"] == plan.name]))
        smoothing |= _smoothing(made, plan, blocks[blocks["domain"] == plan.name])
    say("Slicing the model", 0, 1)
    evidence = Evidence(
        cross_validation=pd.concat(crossed, ignore_index=True),
        smoothing=smoothing,
        neighbourhoods=pd.concat(tried, ignore_index=True),
    )
    graded = [_graded(made, blocks, "estimate", "")]
    graded += [_graded(made, blocks, name, end) for end, name in CHECKS.items()]
    strike = config.validation.strike_deg
    return validation_report(made.grid, _samples(made), graded, evidence, strike)


def _blocks(made: Estimated) -> pd.DataFrame:
    """Read the columns of the model that validation looks at."""
    elements = made.source.config.samples.elements
    columns = ["block", *PLACES, "domain", "density_t_per_m3"]
    columns += [f"{e}{end}" for e in elements for end in ("", *CHECKS)]
    if made.source.config.blocks.split != (1, 1, 1):
        columns += SIZE_COLUMNS
    table = pd.concat(list(scan_blocks(made.blocks, columns)), ignore_index=True)
    table["domain"] = table["domain"].astype(str)
    density = table["density_t_per_m3"].fillna(table["density_t_per_m3"].mean())
    return table.assign(tonnes=volumes_m3(table, made.grid) * density.to_numpy())


def _graded(made: Estimated, blocks: pd.DataFrame, name: str, end: str) -> Graded:
    """Return one kind of estimate of all blocks, weighed by tonnes."""
    elements = made.source.config.samples.elements
    return Graded(
        name=name,
        points=blocks[PLACES].to_numpy(np.float64),
        values=blocks[[f"{e}{end}" for e in elements]].to_numpy(np.float64),
        elements=elements,
        weights=blocks["tonnes"].to_numpy(np.float64),
        domain=blocks["domain"].to_numpy(),
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


def _neighbourhoods(made: Estimated, plan: DomainPlan, blocks: pd.DataFrame) -> pd.DataFrame:
    """Vary the neighbourhood of the main element at some well and some poorly informed blocks."""
    main = plan.samples.samples.elements[0]
    known = plan.samples.samples.only((main,))
    stated = made.source.config.validation.kna
    size = made.grid.size_m
    # The widest search, so that poorly informed blocks show something too.
    base = Choice(size, plan.passes()[-1], plan.rule.discretisation)
    options = Options(stated.block_sizes_m, stated.most_samples, (), stated.discretisations)
    chosen = choose_test_blocks(known, made.grid, np.unique(blocks["block"].to_numpy()))
    table = analyse_neighbourhoods(known, chosen, plan.continuity[main].covariance, base, options)
    return table.assign(domain=plan.name)


def _smoothing(
    made: Estimated, plan: DomainPlan, blocks: pd.DataFrame
) -> dict[str, SmoothingCheck]:
    """Hold the spread of the main element's blocks against the discrete Gaussian model."""
    main = plan.samples.samples.elements[0]
    values, weights = plan.samples.known(main)
    model = plan.continuity[main].covariance
    ratio = variance_ratio(model, made.grid.size_m, plan.rule.discretisation)
    known = blocks[blocks[main].notna()]
    try:
        support = block_support(values, weights, ratio * plan.samples.variance(main))
        cutoffs = [c for c in made.source.config.tonnage.cutoffs if c > 0]
        check = check_smoothing(
            support, known[main].to_numpy(), known["tonnes"].to_numpy(), cutoffs
        )
    except DataError:
        # All grades equal, a mean of 0, no block: nothing can be said of smoothing.
        return {}
    return {f"{main}, {plan.name}": check}
