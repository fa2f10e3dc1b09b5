"""The summary of an invented drillhole study, made with the validation report's own code.

Grades are drawn by lot and follow no deposit. Nothing here is a result.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from deposits.estimation.change_of_support import SmoothingCheck
from deposits.grid import Grid
from deposits.validation.report import Evidence, validation_report
from deposits.validation.values import Graded

ELEMENTS = ("sb_pct", "au_gpt")
CUTOFFS = (0.0, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0)


def summary(domains: int = 2, n: int = 300) -> dict[str, Any]:
    """Return a summary with every part of the validation page, SYNTHETIC."""
    names = ["stockwork", "lode", "halo"][:domains]
    return {
        "study": {
            "title": "Example drillholes",
            "route": "drillholes",
            "synthetic": True,
            "disclaimer": "Not a Mineral Resource or Ore Reserve.",
            "headline": "12 Mt at 1.9 % Sb above 0.5 % Sb.",
        },
        "drilling": {
            "elements": [
                {"name": "sb_pct", "label": "antimony grade", "unit": "% Sb"},
                {"name": "au_gpt", "label": "gold grade", "unit": "g/t Au"},
            ]
        },
        "domains": [_domain(name, n, i) for i, name in enumerate(names)],
        "block_model": {"rows": 9000, "parents": 8000, "estimated": 8800, "unestimated": 200},
        "tonnage": {
            "cut_field": "sb_pct",
            "unit": "% Sb",
            "by": ["class"],
            "rows": [_ton(c, k) for k in ("Indicated", "Inferred") for c in CUTOFFS],
            "truth": [
                {"cutoff": c, "ore_t": 2e7 * np.exp(-c / 1.6), "sb_pct": 1.6 + c} for c in CUTOFFS
            ],
        },
        "validation": _validation(names, n),
        "warnings": ["Two holes lack a survey."],
    }


def _ton(cutoff: float, name: str) -> dict[str, Any]:
    ore = 1e7 * float(np.exp(-cutoff / 1.4))
    row = {"class": name, "cutoff": cutoff, "n_blocks": int(ore / 2500), "ore_t": ore}
    return row | {"sb_pct": 1.6 + 0.9 * cutoff}


def _domain(name: str, n: int, seed: int) -> dict[str, Any]:
    values = np.sort(np.random.default_rng(seed).lognormal(0.2, 0.9, n))
    shares = (np.arange(n) + 0.5) / n
    scores = np.sqrt(2) * np.array([_inverse_error(2 * s - 1) for s in shares])
    counts, edges = np.histogram(values, bins=20, range=(0, 10))
    found: dict[str, list[dict[str, Any]]] = {
        key: [] for key in ("statistics", "caps", "histogram", "log_probability", "variograms")
    }
    for e in ELEMENTS:
        found["statistics"].append(
            {"element": e, "n": n, "mean": 1.9, "declustered_mean": 1.7, "sd": 1.8, "cv": 0.95}
            | {"minimum": 0.01, "q25": 0.6, "median": 1.2, "q75": 2.3, "maximum": 17.4}
        )
        found["caps"].append(
            {"element": e, "cap": 12.0, "n_capped": 3, "mean_before": 1.95, "mean_after": 1.9}
            | {"metal_removed_pct": 2.4}
        )
        found["histogram"] += [
            {"element": e, "low": float(a), "high": float(b), "share": float(k / n)}
            for a, b, k in zip(edges[:-1], edges[1:], counts, strict=True)
        ]
        found["log_probability"] += [
            {"element": e, "value": float(v), "cumulative_pct": 100 * s, "normal_score": z}
            for v, s, z in zip(values, shares.tolist(), scores.tolist(), strict=True)
        ]
        found["variograms"].append(_variogram(e))
    search = [
        {"pass": p, "major_m": 60.0 * p, "semi_m": 40.0 * p, "minor_m": 10.0 * p, "least": 4}
        | {"most": 24, "most_per_hole": 4, "sectors": None, "blocks": 3000 // p}
        for p in (1, 2)
    ]
    head = {"id": name, "title": name.capitalize(), "composites": n, "metres": 2.0 * n}
    return head | {"volume_m3": 1e7, "search": search, **found}


def _inverse_error(x: float) -> float:
    from scipy.special import erfinv

    return float(erfinv(x))


def _variogram(element: str) -> dict[str, Any]:
    reach = {"major": 90.0, "semi": 60.0, "minor": 15.0}
    model, measured = [], []
    for axis, a in reach.items():
        for d in np.linspace(0, 1.5 * a, 60).tolist():
            h = min(d / a, 1.0)
            gamma = 0.4 + 1.6 * (1.5 * h - 0.5 * h**3) if d else 0.0
            model.append({"direction": axis, "distance_m": d, "gamma": gamma})
        for i, point in enumerate(model[-54::6]):
            row = {**point, "pairs": 20 + 90 * i, "gamma": point["gamma"] * (1 + 0.1 * (-1) ** i)}
            measured.append(row)
    ranges = {f"{axis}_m": a for axis, a in reach.items()}
    return {
        "element": element,
        "origin": "fitted" if element == "sb_pct" else "same as sb_pct",
        "on": "grades",
        "nugget": 0.4,
        "sill": 2.0,
        "structures": [{"kind": "spherical", "sill": 1.6, **ranges}],
        "azimuth_deg": 50.0,
        "dip_deg": -30.0,
        "rake_deg": 12.0,
        "experimental": measured,
        "modelled": model,
        "warnings": ["at its bound: nugget"],
    }


def _validation(names: list[str], n: int) -> dict[str, Any]:
    draw = np.random.default_rng(7)
    grid = Grid((400000.0, 4300000.0, 1800.0), (20.0, 20.0, 10.0), (20, 16, 12), 0.0)
    centres = grid.centres(np.arange(grid.n_blocks))
    low, high = centres.min(axis=0), centres.max(axis=0)
    domain = draw.choice(names, n)
    points = draw.uniform(low, high, (n, 3))
    values = draw.lognormal(0.2, 0.7, (n, 2))
    blocks = 1.6 + 0.5 * np.sin((centres[:, :1] - low[0]) / 90.0) * np.array([[1.0, 0.8]])
    where = draw.choice(names, grid.n_blocks)
    estimates = [
        Graded(name=name, points=centres, values=blocks + s, elements=ELEMENTS, domain=where)
        for name, s in (("kriging", 0.0), ("nearest neighbour", 0.1), ("inverse distance", -0.1))
    ]
    samples = Graded(
        name="declustered samples", points=points, values=values, elements=ELEMENTS, domain=domain
    )
    checks = {f"{e}, {name}": _check() for e in ELEMENTS for name in names}
    evidence = Evidence(
        cross_validation=_crossed(values, domain, draw),
        smoothing=checks,
        neighbourhoods=_neighbourhoods(),
    )
    return validation_report(grid, samples, estimates, evidence, 50.0).to_dict()


def _crossed(values: Any, domain: Any, draw: Any) -> pd.DataFrame:
    tables = []
    for number, element in enumerate(ELEMENTS):
        true = values[:, number]
        estimate = 0.6 * true + 0.4 * true.mean() + draw.normal(0, 0.4, len(true))
        error = estimate - true
        columns = {"element": element, "domain": domain, "true": true, "estimate": estimate}
        columns |= {"error": error, "standardised_error": error / 0.6, "n_samples": 12}
        hole = [f"DH-{i % 30:03d}" for i in range(len(true))]
        tables.append(pd.DataFrame(columns | {"hole": hole}))
    return pd.concat(tables, ignore_index=True)


def _check() -> SmoothingCheck:
    rows = [
        (curve, c, float(np.exp(-c / k)), float(np.exp(-c / k)), k + c if c < 8 else None)
        for curve, k in (("samples", 2.0), ("discrete Gaussian", 1.6), ("affine", 1.5))
        for c in CUTOFFS
    ]
    rows += [
        ("model", c, float(np.exp(-c / 1.3)), 0.5, 1.3 + c if c < 5 else None) for c in CUTOFFS
    ]
    table = pd.DataFrame(
        rows, columns=["curve", "cutoff", "tonnage_share", "metal_share", "mean_above"]
    )
    said = "Variance of the model's blocks is 62 % of that foretold for blocks: smoother."
    return SmoothingCheck(table, 0.62, 1.1, 0.68, said, ())


def _neighbourhoods() -> pd.DataFrame:
    tried = (
        ("block size", ("10 x 10 x 5 m", "20 x 20 x 10 m", "40 x 40 x 10 m")),
        ("most samples", ("8", "12", "16", "24", "32", "48")),
        ("discretisation", ("1 x 1 x 1", "2 x 2 x 2", "3 x 3 x 3", "4 x 4 x 4")),
    )
    rows = []
    for varied, options in tried:
        for i, option in enumerate(options):
            for group in ("all", "well informed", "poorly informed"):
                row = {"varied": varied, "option": option, "blocks": group, "n": 50}
                row |= {"n_estimated": 50, "slope": 0.95 - 0.3 * 0.5**i, "variance": 0.5}
                row |= {"efficiency": 0.8 - 0.3 * 0.5**i, "negative_weight_share": 0.02 * i}
                row |= {"share_of_blocks_with_negative_weights": 0.1 * i, "n_samples": 12.0}
                rows.append(row | {"block_variance": 1.0 + 0.3**i})
    return pd.DataFrame(rows)
