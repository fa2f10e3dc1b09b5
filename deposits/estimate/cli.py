"""Which commands take drillholes to a block model, and cut any block model?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from deposits.estimate.results import Results
    from deposits.estimate.workflow import DrillStudy, Say


def estimate(
    context: typer.Context,
    study: Annotated[Path, typer.Argument(help="Study file (TOML) with a table [drillholes].")],
    out: Annotated[
        Path, typer.Option(help="Folder for the block model and tables (no unit).")
    ] = Path("results"),
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object and nothing else (no unit).")
    ] = False,
) -> None:
    """Estimate a block model from drillholes: composites, variograms, kriging, classes, tonnes."""
    from deposits.errors import DataError, Problem
    from deposits.estimate.config import is_of_drillholes
    from deposits.estimate.workflow import load
    from deposits.study import read_study

    source = read_study(study, context.obj.tables).or_raise()
    if not is_of_drillholes(source):
        remedy = "Published evidence has no blocks; try: anzob tonnage"
        raise DataError([Problem("the study has no table [drillholes]", study.name, remedy=remedy)])
    results = work(load(source).or_raise(), out)
    if as_json:
        found = {"study": results.name, **results.summary, "files": list(results.files)}
        typer.echo(json.dumps(found, ensure_ascii=False, allow_nan=False))
        return
    print_results(results.summary, results.headline)
    typer.echo(f"Wrote {', '.join(results.files)} in {out}.")


def work(source: DrillStudy, out: Path) -> Results:
    """Estimate, cut and validate, with progress on stderr."""
    from deposits.estimate.results import produce

    with progress() as say:
        return produce(source, out, say)


@contextmanager
def progress() -> Iterator[Say]:
    """Show what is being done on stderr, with a bar where its end is known."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading", total=1)

        def say(what: str, done: int, whole: int) -> None:
            bar.update(task, description=what, completed=done, total=whole)

        yield say


def print_results(summary: Mapping[str, Any], headline: str) -> None:
    """Print what the drillholes came to: blocks, tonnes by class, validation."""
    from rich.console import Console

    console = Console(highlight=False)
    drilling, blocks = summary["drilling"], summary["block_model"]
    typer.echo(
        f"{drilling['holes']} holes, {drilling['metres']:,.0f} m, {drilling['assays']:,} assays, "
        f"{drilling['composites']:,} composites of {drilling['composite_length_m']:g} m."
    )
    typer.echo(
        f"{blocks['rows']:,} blocks and sub-blocks, {blocks['estimated']:,} estimated, "
        f"{blocks['unestimated']:,} not: too few samples."
    )
    console.print(tonnage_table(summary["tonnage"]))
    typer.echo("Validation:")
    typer.echo("\n".join(f"  {said}" for said in summary["validation"]["sentences"]))
    typer.echo(f"\n{headline}")


def tonnage_table(tonnage: Mapping[str, Any]) -> Any:
    """Lay out tonnes and grades by class at every cut-off for the terminal."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from deposits.display import round_for_reading

    grades = [k for k in tonnage["rows"][0] if k.endswith(("_pct", "_gpt", "_ppm", "_ppb"))]
    units = {"pct": "%", "gpt": "g/t", "ppm": "ppm", "ppb": "ppb"}
    by = list(tonnage["by"])
    table = Table(title="In situ, before loss and dilution", box=SIMPLE_HEAD, title_justify="left")
    for name in by:
        table.add_column(name.capitalize())
    table.add_column(f"At or above\n{tonnage['unit']}", justify="right")
    table.add_column("Ore\nt", justify="right")
    for grade in grades:
        stem, unit = grade.rsplit("_", 1)
        table.add_column(f"{stem.capitalize()}\n{units[unit]}", justify="right")
    for row in tonnage["rows"]:
        mark = " (base case)" if row["cutoff"] == tonnage["base_cutoff"] else ""
        style = "bold" if mark else ""
        figures = [round_for_reading(row["ore_t"]) if row["ore_t"] else "0"]
        figures += [
            "-" if row[grade] is None else round_for_reading(row[grade]) for grade in grades
        ]
        names = [str(row[name]) for name in by]
        table.add_row(*names, f"{row['cutoff']:g}{mark}", *figures, style=style)
    return table
