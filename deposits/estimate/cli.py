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
    study: Annotated[Path, typer.Argument(help="Study file (TOML) that names drillhole tables.")],
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

    from deposits.tonnage.cli import rich_table

    console = Console(highlight=False)
    drilling, blocks = summary["drilling"], summary["block_model"]
    typer.echo(
        f"{drilling['holes']} holes, {drilling['metres']:,.0f} m, {drilling['assays']:,} assays, "
        f"{drilling['composites']:,} composites of {drilling['composite_length_m']:g} m."
    )
    split = blocks["rows"] > blocks["parents"]
    parts = f" and sub-blocks of {blocks['parents']:,} whole ones" if split else ""
    typer.echo(
        f"{blocks['rows']:,} blocks{parts}, {blocks['estimated']:,} estimated, "
        f"{blocks['unestimated']:,} not: too few samples within the searches."
    )
    cut = summary["tonnage"]
    unit = f"{cut['unit']} {cut['cut_field'].split('_')[0].capitalize()}".strip()
    console.print("\n[bold]Grade-tonnage[/bold], in situ, before loss and dilution")
    console.print(rich_table(cut["rows"], cut["by"], unit, cut["base_cutoff"]))
    typer.echo("Validation:")
    typer.echo("\n".join(f"  {said}" for said in summary["validation"]["sentences"]))
    typer.echo(f"\n{headline}")
