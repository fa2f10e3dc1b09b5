"""Which flat tables does a drillhole study add to its GeoPackage and its CSV files?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]
Titled = tuple[str, list[Row]]

#: List within a domain -> name and title of its table.
OF_DOMAINS = {
    "statistics": ("domain_statistics", "Statistics of composites by domain"),
    "caps": ("top_cuts", "Top-cuts"),
    "histogram": ("histograms", "Histograms of composites"),
    "log_probability": ("log_probability", "Log-probability of composites"),
    "search": ("searches", "Searches of the estimation"),
}

#: List within a variogram -> name and title of its table.
OF_VARIOGRAMS = {
    "structures": ("variogram_structures", "Structures of the variogram models"),
    "experimental": ("experimental_variograms", "Experimental variograms"),
    "modelled": ("modelled_variograms", "Variogram models drawn out"),
}

#: List of the tonnage -> name and title of its table.
OF_TONNAGE = {
    "rows": ("tonnage", "Tonnage of the block model above cut-offs"),
    "between": ("tonnage_between", "Tonnage of the block model between cut-offs"),
    "diluted": ("tonnage_diluted", "Tonnage with dilution and loss"),
    "whole": ("tonnage_whole", "Tonnage of all blocks, for comparison only"),
    "truth": ("tonnage_truth", "The truth (SYNTHETIC) above cut-offs"),
    "gkz": ("tonnage_gkz", "Tonnage by GKZ category"),
    "unestimated": ("tonnage_unestimated", "Blocks without an estimate"),
}

#: Key of the validation -> title of its table.
OF_VALIDATION = {
    "cross_validation": "Cross-validation",
    "scatter": "Cross-validation, sample by sample",
    "swaths": "Swaths",
    "means": "Mean of the estimate against other means",
    "neighbourhoods": "Kriging neighbourhood analysis",
    "suggestions": "Neighbourhoods that the analysis suggests",
}


def drillhole_tables(summary: Row) -> dict[str, Titled]:
    """Collect the tables of a drillhole study.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    dict of (str, list)
        Name in files -> title and rows; {} for another route. Rows of a domain or an element name
        it.
    """
    if (summary.get("study") or {}).get("route") != "drillholes":
        return {}
    drilling, tonnage = summary.get("drilling") or {}, summary.get("tonnage") or {}
    found: dict[str, Titled] = {
        name: (title, [_numbers(row) for row in _rows(tonnage.get(key))])
        for key, (name, title) in OF_TONNAGE.items()
    }
    found["drilling_findings"] = ("Findings on the drilling", _rows(drilling.get("findings")))
    found["compositing_balance"] = ("Balance of compositing", _rows(drilling.get("balance")))
    found |= _of_domains(summary.get("domains") or [])
    return found | _of_validation(summary.get("validation") or {})


def _rows(found: Any) -> list[Row]:
    """Return a list of records; anything else is none."""
    several = found if isinstance(found, list) else []
    return [row for row in several if isinstance(row, Mapping)]


def _numbers(row: Row) -> Row:
    """Write a grade that is not known as NaN: here amounts are numbers, not quantities."""
    return {key: math.nan if value is None else value for key, value in row.items()}


def _of_domains(domains: Iterable[Row]) -> dict[str, Titled]:
    tables: dict[str, Titled] = {name: (title, []) for name, title in OF_DOMAINS.values()}
    models: list[Row] = []
    tables["variograms"] = ("Variogram models", models)
    tables |= {name: (title, []) for name, title in OF_VARIOGRAMS.values()}
    for domain in domains:
        head = {"domain": domain.get("id")}
        for key, (name, _) in OF_DOMAINS.items():
            tables[name][1].extend({**head, **row} for row in _rows(domain.get(key)))
        for model in _rows(domain.get("variograms")):
            told = {k: v for k, v in model.items() if k not in OF_VARIOGRAMS}
            models.append({**head, **told})
            own = {**head, "element": model.get("element")}
            for key, (name, _) in OF_VARIOGRAMS.items():
                tables[name][1].extend({**own, **row} for row in _rows(model.get(key)))
    return tables


def _of_validation(validation: Row) -> dict[str, Titled]:
    tables: dict[str, Titled] = {
        f"validation_{key}": (title, _rows(validation.get(key)))
        for key, title in OF_VALIDATION.items()
    }
    checks: list[Row] = []
    curves: list[Row] = []
    for name, check in (validation.get("smoothing") or {}).items():
        told = {k: v for k, v in check.items() if k != "curves"}
        checks.append({"of": name, **told})
        curves.extend({"of": name, **row} for row in _rows(check.get("curves")))
    tables["validation_smoothing"] = ("Smoothing of the estimate", checks)
    tables["validation_smoothing_curves"] = ("Grade-tonnage curves of the smoothing check", curves)
    return tables
