"""What does the summary say of a drillhole study, from the drilling to the validation?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from deposits.blockmodel import scan_blocks, volumes_m3
from deposits.display import round_for_reading
from deposits.district import layer_summary
from deposits.errors import Problem
from deposits.estimate.describe import domain_summary, field_words
from deposits.estimate.inputs import shapes_of
from deposits.estimate.plausibility import outside_problems
from deposits.estimate.tabulate import Tabulated
from deposits.estimate.workflow import Estimated
from deposits.grade_tonnage import AMOUNTS, HEADING
from deposits.tonnage.table import TonnageTable
from deposits.units import GRAMS_PER_TROY_OUNCE
from deposits.validation.report import ValidationReport

#: Most samples of one element in the scatter of cross-validation; the CSV file has all.
SCATTERED = 400
NOTHING = {"value": None, "p10": None, "p50": None, "p90": None}


def summarise(made: Estimated, cut: Tabulated, checked: ValidationReport) -> dict[str, Any]:
    """Return this storey's part of ``summary.json`` for a drillhole study.

    Parameters
    ----------
    made : Estimated
        The model on disk and what led to it.
    cut : Tabulated
        Its grade-tonnage tables.
    checked : ValidationReport
        What speaks for and against it.

    Returns
    -------
    dict
        Under route, fields, grade_tonnage, drilling, domains, block_model, tonnage, validation,
        layers; unknown is None.
    """
    source = made.source
    return {
        "route": "drillholes",
        "fields": [],
        "grade_tonnage": grade_tonnage_rows(made, cut),
        "drilling": _drilling(made),
        "domains": [domain_summary(made, name) for name in made.plans],
        "block_model": _block_model(made),
        "tonnage": _tonnage(made, cut),
        "validation": _validation(checked),
        "layers": [layer_summary(layer) for layer in source.inputs.layers.values()],
    }


def headline(made: Estimated, cut: Tabulated) -> str:
    """Say the result at the base cut-off, class by class: Inferred is never added to the others."""
    config = made.source.config
    base = config.tonnage.base_cutoff
    unit = next((e.unit for e in cut.whole.request.elements if e.column == _cut(cut)), "")
    table = cut.table if cut.table.category else cut.whole
    rows = table.above[table.above["cutoff"] == base]
    for by in _others(table):
        rows = rows[rows[by] == "all"]
    parts = []
    for _, row in rows[rows["ore_t"] > 0].iterrows():
        name = f"{row[table.category]} " if table.category else ""
        about = "approximately " if name == "Inferred " else ""
        parts.append(f"{name}{about}{_amount(row, cut)}")
    held = "; ".join(parts) or "nothing"
    said = f"At or above {base:g} {unit} {_word(cut)} the block model holds {held}."
    if cut.truth is not None:
        true = cut.truth.above
        row = true[true["cutoff"] == base].iloc[0]
        said += f" The truth of this invented deposit, all of it, is {_amount(row, cut)}."
    return f"SYNTHETIC: {said}" if config.study.synthetic else said


def _amount(row: Any, cut: Tabulated) -> str:
    """Write tonnes and the grade of the main element, rounded for reading."""
    main = next((e for e in cut.whole.request.elements if e.metals), None)
    grade = ""
    if main is not None:
        grade = f" at {round_for_reading(row[main.grade_column])} {main.unit}"
    return f"{round_for_reading(row['ore_t'])} t{grade}"


def _word(cut: Tabulated) -> str:
    """Return the name of the cut field for a sentence."""
    return _cut(cut).split("_")[0].capitalize()


def grade_tonnage_rows(made: Estimated, cut: Tabulated) -> list[dict[str, Any]]:
    """Return rows of the one grade-tonnage table of the house, as ``summary.grade_tonnage``.

    Only when the model is cut on antimony, in whose per cent that table counts.
    """
    if _cut(cut) != "sb_pct":
        return []
    tables = [("block model", cut.table)]
    tables += [("the truth (SYNTHETIC)", cut.truth)] if cut.truth is not None else []
    rows = []
    for model, table in tables:
        for record in plain_records(table.above):
            amounts = _amounts(record)
            category = str(record.get(table.category) or "all") if table.category else "all"
            if any(record.get(by) not in (None, "all") for by in _others(table)):
                continue
            rows.append(
                {
                    "field": made.source.config.study.name,
                    "model": model,
                    "role": "model",
                    "category": category,
                    "kind": "derived",
                    "statement_cutoff_sb_pct": None,
                    "cutoff_sb_pct": record["cutoff"],
                    **amounts,
                    "n_draws": 0,
                    "source": made.blocks.name if model == "block model" else "the true field",
                    "statement": "",
                    "missing": [],
                    "known_part": None,
                    "warnings": [],
                    "note": "",
                    "route": "drillholes",
                    "synthetic": made.source.config.study.synthetic,
                    "heading": HEADING,
                }
            )
    return rows


def _others(table: TonnageTable) -> list[str]:
    """Return breakdown fields beside the category."""
    return [name for name in table.request.by if name != table.category]


def _amounts(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the six amounts of a row as quantities without a range."""
    gold = record.get("au_kg")
    known = {
        "ore_t": record["ore_t"],
        "sb_pct": record.get("sb_pct"),
        "au_gpt": record.get("au_gpt"),
        "sb_t": record.get("sb_t"),
        "au_kg": gold,
        "au_oz": None if gold is None else gold * 1000.0 / GRAMS_PER_TROY_OUNCE,
    }
    return {name: NOTHING | {"value": known[name]} for name in AMOUNTS}


def _cut(cut: Tabulated) -> str:
    return cut.whole.request.cut_field


def plain_records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as plain JSON values; what is not finite is None."""
    return [{str(k): _plain(v) for k, v in row.items()} for row in table.to_dict("records")]


def _plain(value: Any) -> Any:
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _drilling(made: Estimated) -> dict[str, Any]:
    """Return the facts of the campaign and its samples."""
    config, inputs = made.source.config, made.source.inputs
    words = field_words(config)
    composites = made.sampled.composites
    outside = outside_problems(
        composites[["easting", "northing", "elevation"]].to_numpy(float),
        composites["domain"].to_numpy(object),
        shapes_of(config, inputs),
    )
    return {
        "holes": inputs.holes.n_holes,
        "metres": inputs.holes.drilled_m,
        "assays": len(inputs.holes.intervals[config.samples.table]),
        "composites": len(made.sampled.composites),
        "composite_length_m": config.samples.length_m,
        "outside_domains": int((made.sampled.composites["domain"] == "").sum()),
        "findings": findings((*inputs.warnings, *outside)),
        "balance": plain_records(made.sampled.balance),
        "elements": [w for w in words if w["name"] in config.samples.elements],
    }


def findings(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Return what reading found, in words."""
    return [{"severity": p.severity, "said": str(p)} for p in problems]


def _block_model(made: Estimated) -> dict[str, Any]:
    """Return what the model is and how many of its blocks were estimated."""
    config, grid = made.source.config, made.grid
    main = config.samples.elements[0]
    columns = ["block", main, "pass_number", "class"]
    columns += ["dx", "dy", "dz"] if config.blocks.split != (1, 1, 1) else []
    rows = pd.concat(list(scan_blocks(made.blocks, columns)), ignore_index=True)
    known = rows[main].notna()
    passes = rows["pass_number"].value_counts().sort_index()
    return {
        "file": made.blocks.name,
        "crs": config.study.crs,
        "grid": {
            "origin_m": list(map(float, grid.origin_m)),
            "size_m": list(map(float, grid.size_m)),
            "shape": list(map(int, grid.shape)),
            "azimuth_deg": float(grid.azimuth_deg),
        },
        "rows": len(rows),
        "parents": int(rows["block"].nunique()),
        "estimated": int(known.sum()),
        "unestimated": int((~known).sum()),
        "volume_m3": float(volumes_m3(rows, grid).sum()),
        "passes": {f"pass {n}" if n else "none": int(c) for n, c in passes.items()},
        "negative_estimates_set_to_0": made.negatives,
        "classes_smoothed": plain_records(made.moved),
        "fields": field_words(config),
    }


def _tonnage(made: Estimated, cut: Tabulated) -> dict[str, Any]:
    """Return the tables, the statement, the GKZ names and the truth."""
    config, table = made.source.config, cut.table
    gkz = config.classification.gkz
    return {
        "cut_field": _cut(cut),
        "unit": next((e.unit for e in table.request.elements if e.column == _cut(cut)), ""),
        "base_cutoff": config.tonnage.base_cutoff,
        "basis": config.tonnage.basis,
        "by": list(table.request.by),
        "category": table.category,
        "rows": plain_records(table.above),
        "between": plain_records(table.between),
        "unestimated": plain_records(table.unestimated),
        "balance": {k: _plain(v) for k, v in table.balance.items()},
        "whole": plain_records(cut.whole.above),
        "statement": [] if cut.statement is None else cut.statement.text.splitlines(),
        "rounded": [] if cut.statement is None else plain_records(cut.statement.rounded),
        "gkz": gkz_rows(table, gkz) if gkz and table.category else [],
        "truth": None if cut.truth is None else plain_records(cut.truth.above),
    }


def gkz_rows(table: TonnageTable, mapping: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the table under GKZ names, beside the CRIRSCO ones; none is added to another."""
    rows = []
    for record in plain_records(table.above):
        name = record.get(table.category)
        if name in mapping:
            rows.append({"gkz": mapping[str(name)], **record})
    return rows


def _validation(checked: ValidationReport) -> dict[str, Any]:
    """Return the report, its scatter thinned to what a figure can show."""
    found: dict[str, Any] = dict(checked.to_dict())
    by_element: dict[str, list[Any]] = {}
    for row in found["scatter"]:
        by_element.setdefault(f"{row.get('domain')} {row.get('element')}", []).append(row)
    thinned: list[Any] = []
    for rows in by_element.values():
        step = max(1, -(-len(rows) // SCATTERED))
        thinned += rows[::step]
    return found | {"scatter": thinned, "scatter_of": len(found["scatter"])}
