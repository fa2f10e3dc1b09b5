"""What does ``summary.json`` say of the ground, the statements and the layers?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from deposits.district import layer_summary
from deposits.evidence.headline import headline_tables, support_table
from deposits.evidence.resources import Resource
from deposits.evidence.statements import (
    QUANTITIES,
    Statement,
    consistency_factor,
    is_inconsistent,
)
from deposits.grade_tonnage import NOT_KNOWN, Quantity, quantity
from deposits.workflow import Ground, tabulate


def summarise(ground: Ground) -> dict[str, Any]:
    """Return this storey's part of ``summary.json``.

    Parameters
    ----------
    ground : Ground
        What is in the ground.

    Returns
    -------
    dict
        Under fields, grade_tonnage, headline_cutoff, support, layers.
    """
    rows = tabulate(ground)
    return {
        "fields": [_field_summary(ground, field) for field in ground.config.fields],
        "grade_tonnage": [row.to_dict() for row in rows],
        "headline_cutoff": headline_tables(ground.resources, ground.config),
        "support": support_table(ground.config.evidence),
        "layers": [layer_summary(layer) for layer in ground.inputs.layers.values()],
    }


def _field_summary(ground: Ground, field: str) -> dict[str, Any]:
    """Return what the summary says of one field."""
    table = ground.config.fields[field]
    own = [s for s in ground.inputs.statements if s.field == field]
    missing: list[str] = []
    for resource in ground.chosen(field):
        if not resource.is_known:
            missing += [f"evidence.statements: {s.statement_id}.ore_t" for s in resource.statements]
    head = table.head_grade_sb_pct
    return {
        "id": field,
        "name": table.name,
        "aliases": list(table.aliases),
        "plant": next((s.plant for s in own if s.plant), ""),
        "owner": next((s.owner for s in own if s.owner), ""),
        "synthetic": ground.config.study.synthetic,
        "known": not missing,
        "missing": missing,
        "note": table.note,
        "head_grade_sb_pct": None if head is None else head.model_dump(),
        "statements": [statement_summary(s, ground.resources) for s in own],
    }


def statement_summary(statement: Statement, resources: Sequence[Resource]) -> dict[str, Any]:
    """Return a statement as plain JSON values, its quantities drawn where it is in the table.

    Parameters
    ----------
    statement : Statement
        The statement as read.
    resources : sequence of Resource
        Where its drawn quantities stand, if it enters the table.

    Returns
    -------
    dict
        The statement's own words and numbers, its quantities, and how consistent they are.
    """
    factor = consistency_factor(statement)
    problems = []
    if is_inconsistent(factor):
        problems.append(f"ore x grade is {factor:.2g} times the stated metal")
    amounts = _amounts(statement, resources)
    return {
        "id": statement.statement_id,
        "model": statement.model,
        "category": statement.category,
        "role": statement.role,
        "year": statement.year,
        "kind": statement.kind,
        "basis": statement.basis,
        "statement_cutoff_sb_pct": statement.cutoff_sb_pct,
        **{name: asdict(amounts[name]) for name in QUANTITIES},
        "primary": list(statement.primary),
        "owner": statement.owner,
        "plant": statement.plant,
        "source": statement.source,
        "note": statement.note,
        "consistency_factor": factor,
        "problems": problems,
    }


def _amounts(statement: Statement, resources: Sequence[Resource]) -> dict[str, Quantity]:
    """Return the five quantities: drawn in the table, the base case beside it."""
    for resource in resources:
        for own, part in zip(resource.statements, resource.parts, strict=False):
            if own is statement:
                sb_t = part.ore_t * part.sb_pct / 100.0
                gold = part.au_gpt
                return {
                    "ore_t": quantity(part.ore_t),
                    "sb_pct": quantity(part.sb_pct),
                    "sb_t": quantity(sb_t),
                    "au_gpt": NOT_KNOWN if gold is None else quantity(gold),
                    "au_kg": NOT_KNOWN if gold is None else quantity(part.ore_t * gold / 1000.0),
                }
    base = statement.base()
    return {
        name: Quantity(
            base[name]
            if base[name] is not None
            else statement.stated[name].base
            if name in statement.stated
            else None
        )
        for name in QUANTITIES
    }
