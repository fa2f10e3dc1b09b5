"""How does one make maps and exports again from a finished study, on the command line?"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from maps.errors import UnavailableFormat

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder that `anzob study` left.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, nothing else.")]


def map_command(
    context: typer.Context,
    folder: Folder,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for the page.")
    ] = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Only say whether the study or a file it names changed since; exit code 1 if so.",
        ),
    ] = False,
    study: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The study file, for --check, if it was moved."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make the map page of a finished study again, or say whether its inputs changed since."""
    if check and out is not None:
        raise typer.BadParameter("It writes nothing; leave --out away.", param_hint="--check")
    if study is not None and not check:
        raise typer.BadParameter("It goes with --check.", param_hint="--study")
    if check:
        _check(context, folder, study, as_json=as_json)
        return
    from maps.workflow import map_from_folder

    target = out or folder
    _run(lambda: map_from_folder(folder, out=target), target, as_json=as_json)


def _check(context: typer.Context, folder: Path, study: Path | None, *, as_json: bool) -> None:
    """Print what changed since a study was made; exit code 1 if anything did."""
    from maps.products.changes import changes_since

    version = getattr(context.obj, "version", None)
    found = changes_since(folder, version=version, study=study)
    if as_json:
        changes = [{"what": c.what, "name": c.name, "state": c.state} for c in found.changes]
        made = dict(asdict(found.stamp))
        answer = {"folder": str(folder), "same": not changes, "made": made, "changes": changes}
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        typer.echo(f"Made from: {found.stamp}")
        for change in found.changes:
            typer.echo(f"  {change}")
        same = f"Nothing changed since: {found.compared} files have the same bytes."
        typer.echo(found.remedy or same)
    if found.changes:
        raise typer.Exit(1)


def export_command(
    folder: Folder,
    file_format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="geojson, gpkg, qgis, csv, xlsx, fgb, dxf, omf, pdf (the report); of blocks: "
            "datamine, vulcan, gslib, vtk (no unit).",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder for the files; DIR/export by default."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the layers and tables of a finished study in another format."""
    from maps.workflow import export_from_folder

    target = out or folder / "export"
    _run(
        lambda: export_from_folder(folder, file_format, target),
        target,
        as_json=as_json,
    )


def _run(make: Callable[[], list[str]], out: Path, *, as_json: bool) -> None:
    """Run a job and print what it wrote; a format that is not there is wrong usage."""
    # Leave as after Ctrl-C, so that a file begun is taken away.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        names = make()
    except UnavailableFormat as error:
        raise typer.BadParameter(str(error), param_hint="--format") from error
    if as_json:
        typer.echo(json.dumps({"folder": str(out), "files": names}, ensure_ascii=False))
    else:
        typer.echo("\n".join(str(out / name) for name in names))
