"""What is there to know of one domain: its samples, top-cuts, variograms and searches?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from deposits.blockmodel import scan_blocks, volumes_m3
from deposits.drilling.statistics import describe, histogram, log_probability, weighted_quantile
from deposits.estimate.config import DrillConfig
from deposits.estimate.continuity import AXES, Continuity
from deposits.estimate.model import DomainPlan, units_of
from deposits.estimate.workflow import Estimated

#: Classes of a histogram and rows of a log-probability plot.
CLASSES, PLOTTED = 24, 120
NAMES = {"sb": "Antimony", "au": "Gold", "as": "Arsenic", "hg": "Mercury", "ag": "Silver"}
QUALITY_WORDS = {
    "density_t_per_m3": ("Density", "t/m3", 2),
    "class": ("Class", "", 0),
    "domain": ("Domain", "", 0),
    "slope": ("Slope of regression", "", 2),
    "efficiency": ("Kriging efficiency", "", 2),
    "variance": ("Kriging variance", "", 2),
    "n_samples": ("Samples used", "", 0),
    "n_holes": ("Drillholes used", "", 0),
    "mean_distance_m": ("Mean distance to samples", "m", 0),
    "spacing_m": ("Drill spacing", "m", 0),
    "pass_number": ("Search pass", "", 0),
}


def field_words(config: DrillConfig) -> list[dict[str, Any]]:
    """Return the fields of the model with words, units and decimals, elements first."""
    units = units_of(config)
    found = []
    for element in config.samples.elements:
        stem = element.split("_")[0]
        label = NAMES.get(stem, stem.capitalize())
        ends = {"": "", "_nn": ", nearest neighbour", "_id": ", inverse distance"}
        decimals = 2 if units[element] in ("%", "g/t", "t/m3") else 1
        found += [
            {
                "name": f"{element}{end}",
                "label": f"{label}{words}",
                "unit": units[element],
                "decimals": decimals,
            }
            for end, words in ends.items()
        ]
    found += [
        {"name": name, "label": label, "unit": unit, "decimals": decimals}
        for name, (label, unit, decimals) in QUALITY_WORDS.items()
        if name not in units or name not in config.samples.elements
    ]
    if config.classification.gkz:
        found.append({"name": "gkz", "label": "GKZ category", "unit": "", "decimals": 0})
    return found


def domain_summary(made: Estimated, name: str) -> dict[str, Any]:
    """Return what the summary says of one domain.

    Parameters
    ----------
    made : Estimated
        The model and what led to it.
    name : str
        The domain.

    Returns
    -------
    dict
        id, title, composites, metres, volume_m3, statistics, caps, histogram, log_probability,
        variograms, search; unknown is None.
    """
    plan, table = made.plans[name], made.source.config.domains[name]
    elements = plan.samples.samples.elements
    caps = made.sampled.caps
    own = caps[caps["domain"] == name] if len(caps) else caps
    counts, volume = _blocks_of(made, name)
    return {
        "id": name,
        "title": table.title or name,
        "composites": len(plan.samples.table),
        "metres": float(plan.samples.table["length_m"].sum()),
        "volume_m3": volume,
        "statistics": [_statistics(plan, element) for element in elements],
        "caps": [{k: _plain(v) for k, v in row.items()} for row in own.to_dict("records")],
        "histogram": [row for element in elements for row in _histogram(plan, element)],
        "log_probability": [row for element in elements for row in _log_plot(plan, element)],
        "variograms": [_variogram(model) for model in plan.continuity.values()],
        "method": plan.rule.method,
        "discretisation": list(plan.rule.discretisation),
        "search": [
            {
                "pass": number,
                "major_m": p.reach_m[0],
                "semi_m": p.reach_m[1],
                "minor_m": p.reach_m[2],
                "least": p.least,
                "most": p.most,
                "most_per_hole": p.most_per_hole,
                "sectors": p.sectors,
                "blocks": counts.get(number, 0),
            }
            for number, p in enumerate(plan.rule.passes, start=1)
        ],
        "unestimated": counts.get(0, 0),
    }


def _blocks_of(made: Estimated, name: str) -> tuple[Mapping[int, int], float]:
    """Count blocks by pass, and their volume [m3]."""
    columns = ["block", "domain", "pass_number"]
    columns += ["dx", "dy", "dz"] if made.source.config.blocks.split != (1, 1, 1) else []
    counts: dict[int, int] = {}
    volume = 0.0
    for part in scan_blocks(made.blocks, columns):
        own = part[part["domain"].astype(str) == name]
        volume += float(volumes_m3(own, made.grid).sum())
        for number, count in own["pass_number"].value_counts().items():
            counts[int(str(number))] = counts.get(int(str(number)), 0) + int(count)
    return counts, volume


def _statistics(plan: DomainPlan, element: str) -> dict[str, Any]:
    """Return naive and declustered statistics of an element."""
    table = plan.samples.table
    naive = describe(table[element].to_numpy(np.float64), table["length_m"].to_numpy(np.float64))
    values, weights = plan.samples.known(element)
    low, middle, high = weighted_quantile(values, [0.25, 0.5, 0.75], weights)
    spread = math.sqrt(plan.samples.variance(element)) if len(values) else math.nan
    mean = plan.samples.mean(element)
    found = {
        "n": len(values),
        "missing": int(table[element].isna().sum()),
        "mean": naive["mean"],
        "declustered_mean": mean,
        "sd": spread,
        "cv": spread / mean if mean > 0 else math.nan,
        "minimum": float(values.min()) if len(values) else math.nan,
        "q25": float(low),
        "median": float(middle),
        "q75": float(high),
        "maximum": float(values.max()) if len(values) else math.nan,
    }
    return {"element": element, **{k: _plain(v) for k, v in found.items()}}


def _histogram(plan: DomainPlan, element: str) -> list[dict[str, Any]]:
    """Return classes up to the 99th percentile; the last is open."""
    values, weights = plan.samples.known(element)
    if not len(values):
        return []
    top = float(weighted_quantile(values, [0.99], weights)[0])
    low = float(values.min())
    if not top > low:
        return [{"element": element, "low": low, "high": low, "share": 1.0}]
    edges = np.linspace(low, top, CLASSES + 1)
    table = histogram(values, edges[1:], weights)
    rows = table.to_dict("records")
    bounds = [*edges, float(values.max())]
    return [
        {"element": element, "low": float(a), "high": float(b), "share": float(row["share"])}
        for a, b, row in zip(bounds[:-1], bounds[1:], rows, strict=True)
    ]


def _log_plot(plan: DomainPlan, element: str) -> list[dict[str, Any]]:
    """Return at most PLOTTED rows of the log-probability table, evenly by rank."""
    values, weights = plan.samples.known(element)
    if not len(values):
        return []
    table = log_probability(values, weights)
    rows = np.unique(np.linspace(0, len(table) - 1, PLOTTED).astype(int))
    kept = table.iloc[rows][["value", "cumulative_pct", "normal_score"]]
    return [
        {"element": element, **{str(k): _plain(v) for k, v in row.items()}}
        for row in kept.to_dict("records")
    ]


def _variogram(model: Continuity) -> dict[str, Any]:
    """Return the model of an element and the points it was fitted to."""
    measured = model.experimental
    if len(measured):
        measured = measured[(measured["n_pairs"] > 0) & (measured["lag"] > 0)]
    reach = {axis: _reach(model, measured, axis, number) for number, axis in enumerate(AXES)}
    drawn = model.modelled(reach)
    return {
        "element": model.element,
        "origin": model.origin,
        "on": model.on,
        "nugget": model.covariance.nugget,
        "sill": model.covariance.sill,
        "structures": [
            {
                "kind": s.kind,
                "sill": s.sill,
                "major_m": s.ranges.major_m,
                "semi_m": s.ranges.semi_m,
                "minor_m": s.ranges.minor_m,
            }
            for s in model.covariance.structures
        ],
        "azimuth_deg": model.axes.azimuth_deg,
        "dip_deg": model.axes.dip_deg,
        "rake_deg": model.axes.rake_deg,
        "experimental": [
            {
                "direction": str(row["direction"]),
                "distance_m": float(row["distance_m"]),
                "pairs": int(row["n_pairs"]),
                "gamma": _plain(row["gamma"]),
            }
            for row in measured.to_dict("records")
        ],
        "modelled": drawn.to_dict("records"),
        "warnings": list(model.warnings),
    }


def _reach(model: Continuity, measured: pd.DataFrame, axis: str, number: int) -> float:
    """Return how far a curve is drawn: as far as was measured, else beyond the longest range."""
    if len(measured):
        own = measured.loc[measured["direction"] == axis, "distance_m"]
        if len(own):
            return float(own.max())
    structures = model.covariance.structures
    ranges = [(s.ranges.major_m, s.ranges.semi_m, s.ranges.minor_m)[number] for s in structures]
    return 1.3 * max(ranges, default=1.0)


def _plain(value: Any) -> Any:
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
