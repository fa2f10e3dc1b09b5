"""What would be left above a rich cut-off, under each assumption about the spread of grades?

No coefficient of variation of these ores is published. So the headline is not one number but a
table of what each assumption implies, and beside it what the size of the selection unit does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from deposits.config import DepositConfig, EvidenceTable, GradeLawTable
from deposits.evidence.resources import Resource
from deposits.laws.gold_law import gold_factor, sigma_from_cv
from deposits.laws.grade_law import feasible, fit_grade_law, metal_share, tonnage_share
from deposits.laws.mixture import Mixture, Population, Structure
from deposits.laws.support import SupportPoint, support_curve, support_line
from deposits.units import STIBNITE_SB_PCT


def headline_tables(resources: Sequence[Resource], config: DepositConfig) -> dict[str, Any]:
    """Cut every resource at the headline cut-off under each assumed spread.

    Parameters
    ----------
    resources : sequence of Resource
        Models and bounding cases.
    config : DepositConfig
        Headline cut-off, CVs and gold correlations.

    Returns
    -------
    dict
        Under cutoff_sb_pct, title, rows (antimony) and gold, gold_title; plain JSON values. A
        field without tonnes has shares of its rock at the head grades assumed for it, no tonnes.
    """
    evidence = config.evidence
    cutoff = evidence.headline_cutoff_sb_pct
    rows: list[dict[str, Any]] = []
    gold: list[dict[str, Any]] = []
    for resource in resources:
        law = config.fields[resource.field].grade_law
        upper = law.upper_sb_pct if law is not None else STIBNITE_SB_PCT
        for mean, ore_t in _means(resource, config):
            rows += [_row(resource, mean, ore_t, cv, cutoff, upper) for cv in evidence.headline_cvs]
        gold += _gold_rows(resource, law, evidence)
    return {
        "cutoff_sb_pct": cutoff,
        "title": f"At {cutoff:g} % Sb and above: what each assumed spread of grades implies, "
        "not what is there",
        "rows": rows,
        "gold_title": f"Gold in ore of {cutoff:g} % Sb and above, by assumed correlation with Sb",
        "gold": gold,
    }


def _means(resource: Resource, config: DepositConfig) -> Iterable[tuple[float, float | None]]:
    """Return mean grades to tabulate, with the tonnes they belong to, None where not known."""
    mean = resource.mean_sb_pct()
    if mean is not None:
        return [(mean, sum(float(part.ore_t[0]) for part in resource.parts))]
    head = config.fields[resource.field].head_grade_sb_pct
    if head is None:
        return []
    grades = [grade for grade in (head.low, head.value, head.high) if grade is not None]
    return [(grade, None) for grade in dict.fromkeys(grades)]


def _row(
    resource: Resource,
    mean: float,
    ore_t: float | None,
    cv: float,
    cutoff: float,
    upper: float,
) -> dict[str, Any]:
    """Cut one mean grade under one CV; a pair that no law can have says so."""
    lower = resource.cutoff_sb_pct or 0.0
    possible = bool(feasible(mean, cv, lower_pct=lower, upper_pct=upper))
    tonnage = metal = None
    if possible:
        law = fit_grade_law(mean, cv, lower_pct=lower, upper_pct=upper)
        tonnage = float(tonnage_share(law, cutoff))
        metal = float(metal_share(law, cutoff))
    known = ore_t is not None and tonnage is not None and metal is not None
    return {
        "field": resource.field,
        "model": resource.model,
        "role": resource.role,
        "label": resource.model if ore_t is not None else "tonnes not known: shares of the rock",
        "mean_sb_pct": mean,
        "cv": cv,
        "selection_unit_t": resource.selection_unit_t,
        "feasible": possible,
        "tonnage_share": tonnage,
        "metal_share": metal,
        "ore_t": ore_t * tonnage if known else None,  # type: ignore[operator]
        "sb_t": ore_t * mean / 100.0 * metal if known else None,  # type: ignore[operator]
        "kind": "assumed",
    }


def _gold_rows(
    resource: Resource, law: GradeLawTable | None, evidence: EvidenceTable
) -> list[dict[str, Any]]:
    """Tabulate gold above the cut-off under each assumed correlation, in the base case."""
    parts = [part for part in resource.parts if part.law is not None and part.au_gpt is not None]
    if not parts or len(parts) < len(resource.parts) or law is None or law.au_cv is None:
        return []
    cutoff = evidence.headline_cutoff_sb_pct
    sigma = sigma_from_cv(np.array([law.au_cv.base]))
    rows = []
    for rho in evidence.headline_gold_correlations:
        ore = grams = 0.0
        for part in parts:
            assert part.law is not None
            assert part.au_gpt is not None
            above = float(part.ore_t[0] * np.ravel(tonnage_share(part.law, cutoff))[0])
            factor = np.ravel(gold_factor(part.law, cutoff, np.array([rho]), sigma))[0]
            ore += above
            grams += above * float(part.au_gpt[0]) * float(np.nan_to_num(factor))
        rows.append(
            {
                "field": resource.field,
                "model": resource.model,
                "rho": rho,
                "ore_t": ore,
                "au_gpt": grams / ore if ore > 0 else None,
                "au_kg": grams / 1000.0,
                "kind": "assumed",
            }
        )
    return rows


def support_table(evidence: EvidenceTable) -> dict[str, Any] | None:
    """Show what the size of the selection unit does to the share of rich ore.

    Parameters
    ----------
    evidence : EvidenceTable
        With or without a mixture under ``support``.

    Returns
    -------
    dict or None
        Under title, note, cutoff_sb_pct, rows (the study's named units) and curve (25 units for
        drawing); None without a mixture.
    """
    table = evidence.support
    if table is None:
        return None
    mixture = Mixture(
        populations=tuple(
            Population(p.name, p.share, p.mean_sb_pct, p.cv) for p in table.populations
        ),
        structures=tuple(Structure(**s.model_dump()) for s in table.structures),
        nugget_share=table.nugget_share,
        density_t_per_m3=table.density_t_per_m3,
        sample_t=table.sample_t,
    )
    cutoff = evidence.headline_cutoff_sb_pct
    return {
        "title": f"Share of tonnes and metal at {cutoff:g} % Sb and above, by selection unit",
        "note": f"Kind: assumed. {table.source}",
        "cutoff_sb_pct": cutoff,
        "populations": [p.model_dump() for p in table.populations],
        "rows": [_point(point) for point in support_curve(mixture, table.units_t, cutoff)],
        "curve": [_point(p) for p in support_line(mixture, cutoff, max(table.units_t.values()))],
    }


def _point(point: SupportPoint) -> dict[str, Any]:
    """Return one selection unit as plain JSON values."""
    return {
        "name": point.name,
        "selection_unit_t": point.selection_unit_t,
        "variance_ratio": point.variance_ratio,
        "cv": point.cv,
        "tonnage_share": point.tonnage_share,
        "metal_share": point.metal_share,
        "mean_above_sb_pct": point.mean_above_pct,
    }
