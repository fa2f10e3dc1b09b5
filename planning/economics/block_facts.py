"""What does the summary say of money: inputs with their sources, what is missing, cut-offs?"""

from __future__ import annotations

import math
from dataclasses import asdict, replace
from typing import Any

from deposits.drilling.grade_units import grade_unit
from planning.economics.block_nouns import BlockTerms, Statement
from planning.economics.cutoffs import Cutoff, Cutoffs
from planning.economics.lane import LanePolicy

#: Keys whose figures a price factor changes.
PRICES = ("economics.sb_price", "economics.au_price")


def economics_summary(
    terms: BlockTerms, found: Cutoffs, policy: LanePolicy | None = None
) -> dict[str, Any]:
    """Gather ``summary.mine.economics``.

    Parameters
    ----------
    terms : BlockTerms
        Inputs.
    found : Cutoffs
        From `planning.economics.cutoffs.cutoffs`.
    policy : LanePolicy, optional
        Lane's policy; absent leaves *lane* null.

    Returns
    -------
    dict
        *rows*, *missing*, *notes*, *cutoffs*, *lane*; numbers as they are, unknown is None.
    """
    return {
        "rows": input_rows(terms),
        "missing": list(terms.missing),
        "notes": notes(terms, found),
        "cutoffs": [cutoff_row(row) for row in found.rows],
        "lane": None if policy is None else policy_rows(policy),
    }


def input_rows(terms: BlockTerms) -> list[dict[str, Any]]:
    """List every stated input: key, label, value, unit, kind, source.

    Parameters
    ----------
    terms : BlockTerms
        Inputs; with a price factor the prices are shown with it, and the source says so.

    Returns
    -------
    list of dict
    """
    return [asdict(_priced(statement, terms.price_factor)) for statement in terms.statements]


def notes(terms: BlockTerms, found: Cutoffs) -> list[str]:
    """Say in sentences what the figures leave out and rest on.

    Parameters
    ----------
    terms, found : BlockTerms, Cutoffs
        Inputs and cut-offs.

    Returns
    -------
    list of str
    """
    lines = [
        "The return is worked out block by block, each at its own head grade; a blend is paid at "
        "the head grade of the blend."
    ]
    if terms.gold_missing:
        lines.append(f"Gold is not counted; missing: {', '.join(terms.gold_missing)}.")
    unlimited = [p.element.capitalize() for p in terms.penalties if p.reject_above_pct is None]
    if unlimited:
        lines.append(f"No limit of rejection is known for {', '.join(unlimited)}.")
    for column, rule in found.beside.items():
        lines.append(
            f"The grades of the cut-offs hold with {_grade(column)} = {rule.at_0:.4g} + "
            f"{rule.per_pct_sb:.4g} x % Sb beside the antimony."
        )
    if terms.kind == "assumed":
        lines.append(f"{len(terms.assumed)} of {len(terms.statements)} inputs are assumed.")
    return lines


def _grade(column: str) -> str:
    """Return what people call a column of grades: its unit and the sign of its element."""
    return f"{grade_unit(column) or ''} {column.partition('_')[0].capitalize()}".strip()


def cutoff_row(row: Cutoff) -> dict[str, Any]:
    """Return one cut-off for the summary.

    Parameters
    ----------
    row : Cutoff
        One of `Cutoffs.rows`.

    Returns
    -------
    dict
        A grade that does not exist is None, and *meaning* says that no ore pays.
    """
    never = row.sb_pct is not None and math.isinf(row.sb_pct)
    return {
        "name": row.name,
        "sb_pct": None if never else row.sb_pct,
        "nsr_usd_per_t": row.nsr_usd_per_t,
        "meaning": row.meaning + ("; no ore up to pure stibnite does" if never else ""),
        "missing": list(row.missing),
    }


def policy_rows(policy: LanePolicy) -> dict[str, Any]:
    """Return Lane's policy for the summary.

    Parameters
    ----------
    policy : LanePolicy
        Of blocks, cut on their return.

    Returns
    -------
    dict
        Values, life, and one row a year; the mean grade is that of the ore of the year.
    """
    return {
        "value_usd": policy.value_usd,
        "life_years": policy.life_years,
        "constant_cutoff_usd_per_t": policy.constant_cutoff,
        "constant_value_usd": policy.constant_value_usd,
        "years": [
            {
                "year": year.year,
                "part_of_year": year.duration,
                "cutoff_usd_per_t": year.cutoff,
                "mined_t": year.mined_t,
                "ore_t": year.ore_t,
                "sb_pct": year.content / year.ore_t if year.ore_t > 0.0 else None,
                "sb_recovered_t": year.product,
                "cash_usd": year.cash_usd,
                "value_left_usd": year.value_usd,
                "binding": year.binding,
            }
            for year in policy.years
        ],
    }


def _priced(statement: Statement, factor: float) -> Statement:
    """Show a price with its factor."""
    if factor == 1.0 or statement.key not in PRICES or isinstance(statement.value, str):
        return statement
    source = f"{statement.value:,.10g} x {factor:g} (price scenario); {statement.source}"
    return replace(statement, value=statement.value * factor, source=source)
