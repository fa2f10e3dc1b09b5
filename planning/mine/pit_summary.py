"""What does the summary say of a pit: proof, tonnes, shells, pushbacks, years?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from deposits.display import round_for_reading as shown
from planning.mine.pit_results import PitResult
from planning.mine.stope_summary import plain

#: Columns of the table of shells that stand in the summary, beside the grades.
SHELL_KEYS = (
    "factor",
    "rock_t",
    "ore_t",
    "waste_t",
    "strip_ratio",
    "sb_t",
    "value_usd",
    "best_npv_usd",
    "worst_npv_usd",
    "best_years",
    "worst_years",
)


def summarise_pit(result: PitResult) -> dict[str, Any]:
    """Return what the summary says of the pit.

    Parameters
    ----------
    result : PitResult
        Pit, shells and pushbacks.

    Returns
    -------
    dict
        status, worth and its bound, tonnes and grades, proof, shells, pushbacks, years of the
        specified case; unknown is None.
    """
    pit, totals = result.answer.pit, result.totals(result.dug)
    proven = pit.value_units == pit.bound_units and not result.faults
    held = {
        key: plain(value) for key, value in totals.items() if key not in ("blocks", "value_usd")
    }
    plan = result.plan
    return {
        "status": "optimal" if proven else "feasible",
        "value_usd": pit.value,
        "bound_usd": pit.bound,
        "gap": pit.gap,
        "rounding_usd": pit.rounding_bound,
        **held,
        "blocks": int(totals["blocks"]),
        "free_blocks": int((pit.free & (result.blocks.rock_t > 0.0)).sum()),
        "reaches_edge": _reaches_edge(result),
        "slopes": _slopes(result),
        "proof": proof(result),
        "shells": _rows(result.shell_table, SHELL_KEYS, result),
        "pushbacks": _records(result.pushback_table),
        "plan": None if plan is None else _plan(result),
    }


def proof(result: PitResult) -> str:
    """Say in words what proves the pit, and what it leaves out."""
    pit = result.answer.pit
    same = "equals" if pit.value_units == pit.bound_units else "falls short of"
    check = (
        f"a check without the solver found: {'; '.join(result.faults[:5])}"
        if result.faults
        else "a check without the solver confirmed slopes, flow and sums"
    )
    slopes = _slopes(result)
    return (
        f"The worth of the pit {same} the bound that its flow proves for every pit, to the unit "
        f"of {1 / pit.scale:g} USD; rounding to units can hide at most {pit.rounding_bound:.2g} "
        f"USD; {check}. Whole blocks follow the stated slopes within "
        f"{slopes['mean_error_deg']:.1f} degrees on average, at most "
        f"{slopes['most_too_steep_deg']:.1f} too steep and "
        f"{slopes['most_too_flat_deg']:.1f} too flat (a steep sector flattens beside a flat one). "
        "Whole blocks are ore or waste; ramps are in the overall slope angle."
    )


def _rows(table: pd.DataFrame, keys: tuple[str, ...], result: PitResult) -> list[dict[str, Any]]:
    """Return some columns of a table and its grades, as plain rows."""
    kept = [name for name in (*keys, *result.blocks.grades) if name in table.columns]
    return [{name: plain(row[name]) for name in kept} for _, row in table[kept].iterrows()]


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table as plain rows; counts stay whole."""
    return [
        {str(name): plain(value) for name, value in row.items()}
        for row in table.to_dict(orient="records")
    ]


def _plan(result: PitResult) -> dict[str, Any]:
    """Return the specified case: pushbacks dug in their order."""
    plan = result.plan
    assert plan is not None
    years = plan.years
    return {
        "npv_usd": plan.npv_usd,
        "life_years": plan.life_years,
        "discount_rate": plan.rates.discount_rate,
        "discounting": plan.rates.discounting,
        "rock_t_per_year": plan.rates.rock_t_per_year,
        "ore_t_per_year": plan.rates.ore_t_per_year,
        "years": _records(years),
    }


def _slopes(result: PitResult) -> dict[str, Any]:
    """Return how far the slopes of whole blocks are from the stated ones [degrees]."""
    table = result.slopes.table
    errors = table["error_deg"]
    return {
        "mean_error_deg": float(errors.abs().mean()),
        "most_too_steep_deg": max(float(errors.max()), 0.0),
        "most_too_flat_deg": max(-float(errors.min()), 0.0),
        "offsets": int(table["offsets"].max()),
    }


def _reaches_edge(result: PitResult) -> bool:
    """Whether the pit touches a side of its rock: then it is cut off, and could be larger."""
    nx, ny, nz = result.grid.shape
    dug = result.dug.reshape(nz, ny, nx)
    sides = (dug[:, 0], dug[:, -1], dug[:, :, 0], dug[:, :, -1])
    return any(bool(side.any()) for side in sides)


def pit_sentences(pit: dict[str, Any]) -> list[str]:
    """Say what the pit comes to, how it would be dug, and what to look at.

    Parameters
    ----------
    pit : dict
        Of `summarise_pit`.

    Returns
    -------
    list of str
    """
    if not pit["ore_t"]:
        return ["No pit pays under the stated prices, costs and slopes."]
    proven = "proven optimal" if pit["status"] == "optimal" else "not proven optimal"
    said = [
        f"Pit: {shown(pit['ore_t'])} t of ore at {shown(pit['sb_pct'])} % Sb under "
        f"{shown(pit['waste_t'])} t of waste (strip ratio {shown(pit['strip_ratio'])}), worth "
        f"{shown(pit['value_usd'])} USD undiscounted; {proven}."
    ]
    plan = pit["plan"]
    if plan is None:
        said.append("Its discounted worth is not known: economics.discount_rate_fraction.")
    else:
        said.append(
            f"Dug in {len(pit['pushbacks'])} pushbacks over {shown(plan['life_years'])} years at "
            f"{shown(plan['ore_t_per_year'])} t of ore a year it is worth {shown(plan['npv_usd'])} "
            f"USD at {100 * plan['discount_rate']:.3g} % a year, before capital and tax."
        )
    if pit["reaches_edge"]:
        said.append("The pit reaches the edge of its rock: it could be larger; raise pit.margin_m.")
    return said
