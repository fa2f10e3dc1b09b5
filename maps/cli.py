"""How does one make maps and exports again from a finished study, on the command line?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from maps.errors import UnavailableFormat

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder that `anzob study` left.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, nothing else.")]


def map_command(
    folder: Folder,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for the page.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make the map page of a finished study again."""
    from maps.workflow import map_from_folder

    target = out or folder
    _run(lambda: map_from_folder(folder, out=target), target, as_json=as_json)


def export_command(
    folder: Folder,
    file_format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="geojson, gpkg, csv; of blocks: datamine, vulcan, gslib, omf, vtk (no unit).",
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
    try:
        names = make()
    except UnavailableFormat as error:
        raise typer.BadParameter(str(error), param_hint="--format") from error
    if as_json:
        typer.echo(json.dumps({"folder": str(out), "files": names}, ensure_ascii=False))
    else:
        typer.echo("\n".join(str(out / name) for name in names))
