"""Which command checks a plan, also one that was changed in a spreadsheet?"""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

#: Violations that are printed; --json holds them all.
SHOWN = 50


class DecimalSign(StrEnum):
    """How numbers may be written."""

    point = "."
    comma = ","


def plan_verify(
    folder: Annotated[
        Path, typer.Argument(help="Folder with problem.json, or with the results of a study.")
    ],
    plan: Annotated[
        Path | None,
        typer.Option(
            help="The plan, .csv, .xlsx, .parquet or .sol (no unit).",
            show_default="plan.parquet in the folder or beside it",
        ),
    ] = None,
    decimal: Annotated[
        DecimalSign | None,
        typer.Option(
            help="Decimal sign of numbers such as 1,234 that can be read in two ways (no unit).",
            show_default="as the file's other numbers tell",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object and nothing else (no unit).")
    ] = False,
) -> None:
    """Check a plan, also one changed in a spreadsheet: its value, and every rule that it breaks."""
    from planning.formats.plans.checking import check_plan

    comma = decimal is DecimalSign.comma
    found = check_plan(folder, plan, None if decimal is None else "," if comma else ".")
    if as_json:
        typer.echo(json.dumps(found.to_dict(), ensure_ascii=False, allow_nan=False))
    else:
        for problem in found.warnings:
            typer.echo(f"Warning: {problem}", err=True)
        if found.folder.synthetic:
            typer.echo("SYNTHETIC: this plan is of a made-up deposit.")
        typer.echo(str(found))
        for sentence in found.sentences(SHOWN):
            typer.echo(f"- {sentence}")
        more = len(found.check.violations) - SHOWN
        if more > 0:
            typer.echo(f"and {more:,} more, which --json lists")
    if not found.check.feasible:
        raise typer.Exit(3)
