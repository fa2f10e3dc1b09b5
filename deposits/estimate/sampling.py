"""Which composites does each domain have, where do they lie, and what do they weigh?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.blockmodel import Inside
from deposits.drilling.capping import apply_caps
from deposits.drilling.compositing import CompositeRule, composite
from deposits.drilling.declustering import cell_weights
from deposits.drilling.desurvey import Traces, desurvey, locate_intervals
from deposits.drilling.domaining import split_by_codes
from deposits.drilling.unsampled import fill_unsampled
from deposits.errors import DataError, Problem
from deposits.estimate.config import DrillConfig
from deposits.estimate.inputs import DrillInputs, shapes_of
from deposits.estimate.tables import CodesTable
from deposits.estimation.anamorphosis import fit_anamorphosis
from deposits.estimation.normal_score import normal_scores
from deposits.estimation.samples import Samples

FloatArray = NDArray[np.float64]
PLACES = ["easting", "northing", "elevation"]
#: Ends of column names of which zero, and contained metal, mean something.
GRADES = ("_pct", "_gpt", "_ppm", "_ppb")


@dataclass(frozen=True, slots=True, eq=False)
class DomainSamples:
    """The composites of one domain.

    Parameters
    ----------
    domain : str
        Identifier.
    table : pandas.DataFrame
        Composites with hole_id, from_m, to_m, length_m, easting, northing, elevation [m] and the
        capped elements; those without any grade are left out.
    samples : Samples
        The same as arrays.
    weights : array, shape (n,)
        Declustering x length; mean 1.
    length_m : float
        Length of a composite as the study states it [m].
    """

    domain: str
    table: pd.DataFrame
    samples: Samples
    weights: FloatArray
    length_m: float

    @property
    def mid_depth_m(self) -> FloatArray:
        """Depths of the composites' middles down their holes [m]."""
        return self.table["depth_m"].to_numpy(np.float64)

    def known(self, element: str) -> tuple[FloatArray, FloatArray]:
        """Return the grades of an element that are known, and their weights."""
        values = self.table[element].to_numpy(np.float64)
        there = np.isfinite(values)
        return values[there], self.weights[there]

    def mean(self, element: str) -> float:
        """Return the declustered mean [unit of the element]."""
        values, weights = self.known(element)
        return float(np.average(values, weights=weights)) if weights.sum() > 0 else np.nan

    def variance(self, element: str) -> float:
        """Return the declustered variance [unit squared]."""
        values, weights = self.known(element)
        if not weights.sum() > 0:
            return np.nan
        middle = np.average(values, weights=weights)
        return float(np.average((values - middle) ** 2, weights=weights))

    def normal_scores(self, element: str) -> FloatArray:
        """Return normal scores, NaN where the grade is not known, shape (n,)."""
        values = self.table[element].to_numpy(np.float64)
        return normal_scores(values, self.weights)[0]

    def hermite(self, element: str) -> FloatArray:
        """Return the Hermite coefficients of the distribution of grades, the mean first."""
        values, weights = self.known(element)
        return np.asarray(fit_anamorphosis(values, weights).coefficients)


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """What compositing made of the assays.

    Parameters
    ----------
    traces : Traces
        Courses of the holes.
    composites : pandas.DataFrame
        All composites with their places and domains ("" in none), capped.
    balance : pandas.DataFrame
        Lengths and metal before and after, by domain and element.
    caps : pandas.DataFrame
        Effect of every top-cut; empty without any.
    domains : mapping of DomainSamples
        By identifier, in the order of the study.
    uncapped : mapping of pandas.DataFrame
        Composites before top-cuts, by domain.
    """

    traces: Traces
    composites: pd.DataFrame
    balance: pd.DataFrame
    caps: pd.DataFrame
    domains: Mapping[str, DomainSamples]
    uncapped: Mapping[str, pd.DataFrame] = field(default_factory=dict)


def sample_domains(config: DrillConfig, inputs: DrillInputs) -> Sampled:
    """Place the assays, give them domains, composite and cap them.

    Parameters
    ----------
    config : DrillConfig
        The study's tables.
    inputs : DrillInputs
        Its files.

    Returns
    -------
    Sampled

    Raises
    ------
    DataError
        If a domain has no sample.
    """
    rule = config.samples
    traces = desurvey(inputs.holes, config.drillholes.desurvey)
    assays = _with_domains(config, inputs, traces)
    made = composite(
        assays,
        rule.elements,
        CompositeRule(rule.length_m, rule.residual, rule.least_length_m, rule.least_sampled_share),
        "domain",
    )
    placed = locate_intervals(traces, made.table)
    caps = {(d, e): c for d, table in config.domains.items() for e, c in table.caps.items()}
    empty = [name for name in config.domains if not (placed["domain"] == name).any()]
    if empty:
        remedy = "Check its codes or its solid, and the coordinates of the collars."
        raise DataError(
            [Problem("the domain holds no sample", name, remedy=remedy) for name in empty]
        )
    capped, effects = apply_caps(placed, caps, weight="length_m")
    domains = {name: _domain_samples(config, inputs, capped, name) for name in config.domains}
    before = {name: placed[placed["domain"] == name] for name in config.domains}
    return Sampled(traces, capped, made.balance, effects, domains, before)


def _with_domains(config: DrillConfig, inputs: DrillInputs, traces: Traces) -> pd.DataFrame:
    """Give every assay its domain: the first of the study that holds it."""
    assays = inputs.holes.intervals[config.samples.table]
    if config.samples.unsampled == "zero":
        collars = inputs.holes.collars
        depths = dict(zip(collars["hole_id"].astype(str), collars["depth_m"], strict=True))
        grades = [e for e in config.samples.elements if e.endswith(GRADES)]
        assays = fill_unsampled(assays, depths, grades, config.samples.length_m)
    for domain in config.domains.values():
        if domain.codes is not None:
            log = inputs.holes.intervals[domain.codes.table]
            column = _code_column(domain.codes)
            if column not in assays:
                assays = split_by_codes(assays, log, domain.codes.column, column)[0]
    placed = locate_intervals(traces, assays)
    points = placed[PLACES].to_numpy(np.float64)
    shapes: Mapping[str, Inside] = shapes_of(config, inputs)
    names = np.full(len(placed), "", dtype=object)
    for name, domain in reversed(config.domains.items()):
        if domain.codes is not None:
            codes = placed[_code_column(domain.codes)].astype(str)
            held = codes.isin(domain.codes.values).to_numpy()
        else:
            held = shapes[name](points)
        names[held] = name
    return placed.assign(domain=names)


def _code_column(codes: CodesTable) -> str:
    """Name the column in which a log's code is kept beside the assays."""
    return f"{codes.table}.{codes.column}"


def _domain_samples(
    config: DrillConfig, inputs: DrillInputs, composites: pd.DataFrame, name: str
) -> DomainSamples:
    """Take the composites of one domain and weigh them."""
    elements = config.samples.elements
    own = composites[composites["domain"] == name]
    own = own[own[list(elements)].notna().any(axis=1)].reset_index(drop=True)
    points = own[PLACES].to_numpy(np.float64)
    weights = own["length_m"].to_numpy(np.float64).copy()
    if config.samples.declustering_cell_m is not None and len(own):
        weights *= cell_weights(points, config.samples.declustering_cell_m)
    hole = inputs.holes.hole_numbers(own["hole_id"])
    samples = Samples(points, own[list(elements)].to_numpy(np.float64), elements, hole)
    return DomainSamples(name, own, samples, weights / weights.mean(), config.samples.length_m)
