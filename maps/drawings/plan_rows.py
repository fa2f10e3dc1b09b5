"""Which flat tables does the plan of a mine add to the GeoPackage and the CSV files?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]
Titled = tuple[str, list[dict[str, Any]]]

#: Key of the plan -> title of its table.
TABLES = {
    "years": "Plan of the mine, year by year",
    "periods": "Plan of the mine, period by period",
    "binding": "Limits of the plan, period by period",
    "bottlenecks": "Limits of the plan by what they hold back",
    "activities": "Activities of the plan",
    "stopes": "Stopes of the plan",
    "balance": "Where ore and metal of the plan go",
    "cutoffs": "Leanest ore of the plant by year, and Lane's cut-off",
    "relief": "What would help the plan",
    "policies": "The plan and other ways of choosing",
    "scenarios": "Scenarios of the plan",
}
#: Names in files that are not those of the keys.
NAMES = {"binding": "plan_limits", "scenarios": "plan_scenarios"}
#: Amounts that are numbers here, not quantities: unknown is NaN, which files write as null.
AMOUNTS = frozenset({"ore_t", "sb_pct", "au_gpt", "sb_t", "au_kg", "au_oz"})


def plan_tables(summary: Row) -> dict[str, Titled]:
    """Collect the tables of the plan of a mine.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``; ``plan`` may be absent.

    Returns
    -------
    dict of (str, list)
        Name in files, which starts ``plan_``, -> title and rows; {} without a plan. Rows of a
        SYNTHETIC study say so.
    """
    plan = summary.get("plan")
    if not isinstance(plan, Mapping):
        return {}
    synthetic = bool((summary.get("study") or {}).get("synthetic"))
    found = {"plan_certificate": ("What the plan is worth, and what is proven", [_scalars(plan)])}
    for key, title in TABLES.items():
        rows = [row for row in plan.get(key) or [] if isinstance(row, Mapping)]
        found[NAMES.get(key, f"plan_{key}")] = (title, [dict(row) for row in rows])
    return {
        name: (title, [_numbers(row, synthetic) for row in rows])
        for name, (title, rows) in found.items()
    }


def _scalars(plan: Row) -> dict[str, Any]:
    """Make one row of what is no table itself, with the rate and the verdict spread out."""
    row = {k: v for k, v in plan.items() if not isinstance(v, list | Mapping)}
    for key in ("rate", "verdict"):
        tree = plan.get(key)
        if isinstance(tree, Mapping):
            kept = {k: v for k, v in tree.items() if not isinstance(v, list | Mapping)}
            row |= {f"{key}_{name}": value for name, value in kept.items()}
    return row


def _numbers(row: Row, synthetic: bool) -> dict[str, Any]:
    known = {k: math.nan if v is None and k in AMOUNTS else v for k, v in row.items()}
    return {**known, "synthetic": "SYNTHETIC"} if synthetic else known
