"""What does the summary say of a pit: proof, tonnes, shells, pushbacks, years?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from deposits.display import round_for_reading as shown
from planning.mine.pit_results import PitResult
from planning.mine.rejection import rejection_sentences
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
#: Columns of the table of benches that stand in the summary, beside the grades.
BENCH_KEYS = ("elevation_m", "rock_t", "ore_t", "waste_t", "sb_t", "value_usd")
#: Error of a slope that is worth a sentence [degrees].
TOLD_DEG = 1.0
#: Part of its rate below which the plant is short of ore in a year.
SHORT = 0.98


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
        "licence": _licence(result),
        "asked_pushbacks": result.asked.pushbacks,
        "asked_width_m": result.asked.least_width_m,
        "rejected": {row.element: row.to_dict() for row in result.rejected},
        "rejection_words": rejection_sentences(result.rejected, "the pit"),
        **_depth(result),
        "slopes": _slopes(result),
        "proof": proof(result),
        "shells": _rows(result.shell_table, SHELL_KEYS, result),
        "pushbacks": _records(result.pushback_table),
        "benches": _rows(result.bench_table, BENCH_KEYS, result),
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


def _depth(result: PitResult) -> dict[str, float | None]:
    """Return the floor of the lowest bench, and its depth under the highest one's roof [m]."""
    nx, ny, _ = result.grid.shape
    levels = np.flatnonzero(result.dug) // (nx * ny)
    if not levels.size:
        return {"bottom_m": None, "depth_m": None}
    height = result.grid.size_m[2]
    bottom = result.grid.origin_m[2] + int(levels.min()) * height
    return {"bottom_m": bottom, "depth_m": (int(levels.max()) - int(levels.min()) + 1) * height}


def _licence(result: PitResult) -> dict[str, float] | None:
    """Say how much rock lies outside the licence [t], and what it costs the pit [USD]."""
    barred, rock = result.prepared.barred, result.prepared.rock
    if not barred.size:
        return None
    cost = result.answer.licence_cost_usd
    return {
        "rock_outside_t": float(np.sum(rock.tonnes[barred])),
        "counted_outside_t": float(np.sum(rock.counted_t[barred])),
        "counted_t": float(np.sum(rock.counted_t)),
        "cost_usd": cost,
        "bounds_the_pit": cost > result.answer.pit.rounding_bound,
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
        return [f"No pit pays under the stated prices, costs and slopes.{_outside(pit['licence'])}"]
    proven = "proven optimal" if pit["status"] == "optimal" else "not proven optimal"
    said = [
        f"Pit: {shown(pit['ore_t'])} t of ore at {shown(pit['sb_pct'])} % Sb under "
        f"{shown(pit['waste_t'])} t of waste (strip ratio {shown(pit['strip_ratio'])}), down to "
        f"{pit['bottom_m']:g} m, worth {shown(pit['value_usd'])} USD undiscounted; {proven}."
    ]
    said += _plan_sentences(pit)
    said += pit["rejection_words"]
    steep = pit["slopes"]["most_too_steep_deg"]
    if steep > TOLD_DEG:
        said.append(
            f"Whole blocks stand up to {steep:.1f} degrees steeper than the stated slopes: the pit "
            "is too good by that; raise pit.slope_levels."
        )
    if pit["reaches_edge"]:
        said.append("The pit reaches the edge of its rock: it could be larger; raise pit.margin_m.")
    if pit["licence"] is not None and pit["licence"]["bounds_the_pit"]:
        lost = shown(pit["licence"]["cost_usd"])
        said.append(f"The licence bounds the pit and costs {lost} USD.{_outside(pit['licence'])}")
    return said


def _outside(licence: dict[str, Any] | None) -> str:
    """Say how much of what may be ore the licence leaves out."""
    if licence is None or not licence["counted_outside_t"] > 0.0:
        return ""
    share = licence["counted_outside_t"] / licence["counted_t"]
    return f" {shown(100 * share)} % of the rock that may be ore lies outside pit.within."


def _plan_sentences(pit: dict[str, Any]) -> list[str]:
    """Say how the pit would be dug, and when the plant has ore."""
    plan, made, asked = pit["plan"], len(pit["pushbacks"]), pit["asked_pushbacks"]
    if plan is None:
        return ["Its discounted worth is not known: economics.discount_rate_fraction."]
    count = f"{made} pushback{'s' if made > 1 else ''}"
    said = [
        f"Dug in {count} over {shown(plan['life_years'])} years, at most "
        f"{shown(plan['ore_t_per_year'])} t of ore and {shown(plan['rock_t_per_year'])} t of rock "
        f"a year, it is worth {shown(plan['npv_usd'])} USD at "
        f"{100 * plan['discount_rate']:.3g} % a year, before capital and tax."
    ]
    if made < asked:
        width = pit["asked_width_m"]
        why = f"the width of {width:g} m leaves no room for more" if width else "shells coincide"
        said.append(f"{asked} pushbacks were asked for: {why}.")
    ore = [(int(row["year"]), row["ore_t"]) for row in plan["years"]]
    with_ore = [year for year, tonnes in ore if tonnes > 0.0]
    lean = [y for y, t in ore[:-1] if t < SHORT * plan["ore_t_per_year"] and y > with_ore[0]]
    if with_ore[0] > 1 or lean:
        late = (
            f"The first ore comes in year {with_ore[0]}" if with_ore[0] > 1 else "Ore comes at once"
        )
        short = f"; the plant is short of ore in years {_years(lean)}" if lean else ""
        said.append(f"{late}{short}. This order is a rule, not an optimised schedule.")
    return said


def _years(years: list[int]) -> str:
    """Write rising years as runs: 4, 14 to 16."""
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]} to {r[-1]}" for r in runs)
