"""What does the summary say of stopes: frame, proof, totals, levels, sections, each stope?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planning.mine.rejection import rejection_sentences
from planning.mine.stope_results import StopesResult
from planning.mine.study import MineStudy

#: Columns of a stope table -> keys of a summary, for a stope, a level, a section and the mine.
KEYS: Mapping[str, str] = {
    "stopes": "stopes",
    "recovered_t": "ore_t",
    "in_situ_t": "in_situ_t",
    "nsr_usd_per_t": "nsr_usd_per_t",
    "nsr_at_head_usd_per_t": "nsr_at_head_usd_per_t",
}
STATUS = {"proven": "optimal"}


def summarise_stopes(result: StopesResult, source: MineStudy) -> dict[str, Any]:
    """Return what the summary says of the stopes.

    Parameters
    ----------
    result : StopesResult
        Stopes and what they hold.
    source : MineStudy
        What was asked.

    Returns
    -------
    dict
        frame, certificate, totals, levels, sections, rows, offsets, sensitivity; unknown is None.
    """
    table, worth = result.table, worth_key(result)
    levels = [
        {
            "level": int(row["level"]),
            "elevation_low_m": float(row["floor_m"]),
            "elevation_high_m": float(row["roof_m"]),
            **figures(row, worth),
        }
        for _, row in table.levels.iterrows()
    ]
    sections = [
        {"section": int(r["section"]), **figures(r, worth)} for _, r in table.sections.iterrows()
    ]
    return {
        "frame": _frame(result),
        "certificate": certificate(result),
        "totals": totals_of(result),
        "levels": levels,
        "sections": sections,
        "rows": [stope_row(row, worth) for _, row in table.rows.iterrows()],
        "offsets": [
            {
                "along_m": float(row["u_m"]),
                "across_m": float(row["w_m"]),
                "up_m": float(row["z_m"]),
                worth: float(row["value"]),
            }
            for _, row in result.search.offsets.iterrows()
        ],
        "rejected": {row.element: row.to_dict() for row in result.rejected},
        "rejection_words": rejection_sentences(result.rejected, "the stopes"),
        "sensitivity": {
            "cutoff": result.cutoff_rows,
            "price": result.price_rows,
            "direct_shipping": {
                **result.rich,
                "throughput_t_per_year": source.config.mine.throughput_t_per_year.base,
            },
        },
    }


def worth_key(result: StopesResult) -> str:
    """Return what the worth of a stope is called: money only where money was maximised."""
    return "value_usd" if result.solved.worth.unit == "USD" else "value"


def totals_of(result: StopesResult) -> dict[str, Any]:
    """Return the sums over all stopes; their worth is net of opening levels, and before it."""
    worth = worth_key(result)
    found = figures(pd.Series(dict(result.table.totals)), worth)
    before = worth.replace("value", "value_before_levels")
    return {**found, before: found[worth], worth: result.layout.value}


def figures(row: pd.Series, worth: str) -> dict[str, Any]:
    """Return ore that reaches the mill with its grades, metal, classes, return and worth.

    Parameters
    ----------
    row : pandas.Series
        Of a table of stopes.
    worth : str
        From `worth_key`.

    Returns
    -------
    dict
        Unknown is None.
    """
    here = {name: key for name, key in KEYS.items() if name in row.index}
    found: dict[str, Any] = {key: plain(row[name]) for name, key in here.items()}
    found[worth] = plain(row["value"])
    if "stopes" in found:
        found["stopes"] = int(found["stopes"])
    for name in map(str, row.index):
        value = plain(row[name])
        if name.startswith("diluted_") and name.endswith(("_pct", "_gpt", "_ppm")):
            found[name.removeprefix("diluted_")] = value
        elif name.startswith("recovered_") and name != "recovered_t":
            found[name.removeprefix("recovered_")] = value
        elif name.startswith("class_"):
            found[name] = value
        elif name == "dilution_pct":
            found["dilution_fraction"] = None if value is None else value / 100.0
    return found


def stope_row(row: pd.Series, worth: str) -> dict[str, Any]:
    """Return what the summary says of one stope; its worth stands under the key *worth*."""
    main = next(str(n) for n in row.index if str(n).startswith("in_situ_") and n != "in_situ_t")
    grade = main.removeprefix("in_situ_")
    place = {
        "stope": str(row["id"]),
        "level": int(row["level"]),
        "level_low_m": float(row["floor_m"]),
        "level_high_m": float(row["roof_m"]),
        "section": int(row["section"]),
    }
    shape = {
        "width_m": float(row["true_width_floor_m"] + row["true_width_roof_m"]) / 2.0,
        "near_dip_deg": float(row["near_dip_deg"]),
        "far_dip_deg": float(row["far_dip_deg"]),
        main: plain(row[main]),
        "unknown_fraction": plain(row[f"unknown_share_{grade}"]),
    }
    own = {key: value for key, value in figures(row, worth).items() if key != "stopes"}
    return {**place, **own, **shape}


def certificate(result: StopesResult) -> dict[str, Any]:
    """Return the worth of the stopes, what none can pass, and what exactly is proven."""
    solved, layout = result.solved, result.layout
    choice, money = layout.choice, layout.unit == "USD"
    check = (
        f"An independent check found: {'; '.join(result.faults[:5])}."
        if result.faults
        else "An independent check of every stope, rule and sum found nothing wrong."
    )
    return {
        "value_usd": layout.value if money else None,
        "bound_usd": layout.bound if money else None,
        "value": layout.value,
        "bound": layout.bound,
        "unit": layout.unit,
        "gap": layout.gap,
        "status": "optimal" if result.proven else "feasible",
        "maximised": solved.worth.words,
        "levels_opened": int(choice.opened.sum()),
        "panels_mined": int(choice.mined.sum()),
        "panels": int(choice.mined.size),
        "solver": choice.solver,
        "words": f"{layout.certificate()} {check}",
    }


def _frame(result: StopesResult) -> dict[str, Any]:
    frame = result.solved.cells.frame
    return {
        "origin_m": list(frame.origin_m),
        "strike_deg": frame.strike_deg,
        "level_m": frame.level_m,
        "section_m": frame.section_m,
        "step_m": frame.step_m,
        "sublevels": frame.n_sublevels,
        "levels": frame.n_levels,
        "sections": frame.n_sections,
        "steps": frame.n_steps,
    }


def plain(value: Any) -> Any:
    """Turn numpy's numbers into Python's; NaN is None."""
    number = value.item() if hasattr(value, "item") else value
    return None if isinstance(number, float) and number != number else number
