"""From a study file to a verdict, a map and exports: the front door of the three storeys."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import deposits
import maps
import planning
from deposits.cli import JsonOption, StudyArgument, new, print_problems, print_rows, tonnage
from deposits.errors import Checked, DepositError
from maps.cli import export_command, map_command
from maps.errors import MapError
from planning.cli import plan, print_claims, print_headline, print_scenarios
from planning.errors import PlanningError

if TYPE_CHECKING:
    from maps.config import MapSettings
    from planning.workflow import Loaded

__version__ = "0.1.0"


@dataclass(frozen=True, slots=True)
class House:
    """What the sub-commands share: the default study and the tables that somebody reads."""

    default_study: Path = Path(__file__).parent / "data" / "anzob.toml"
    tables: tuple[str, ...] = (
        *deposits.STUDY_TABLES,
        *planning.STUDY_TABLES,
        *maps.STUDY_TABLES,
    )


def read_everything(path: Path, house: House) -> Checked[tuple[Loaded, MapSettings]]:
    """Read a study for all three storeys, and list every problem at once."""
    from deposits.study import read_study, validate
    from maps.config import MapSettings
    from planning.workflow import load

    opened = read_study(path, house.tables)
    if opened.value is None:
        return Checked(None, opened.problems)
    loaded = load(opened.value)
    drawn = validate(MapSettings, opened.value.tree.get("map", {}), "map", file=path.name)
    problems = (*opened.problems, *loaded.problems, *drawn.problems)
    if any(p.severity == "error" for p in problems) or not (loaded.value and drawn.value):
        return Checked(None, problems)
    return Checked((loaded.value, drawn.value), problems)


def check(context: typer.Context, study: StudyArgument = None, as_json: JsonOption = False) -> None:
    """Read and validate every input of a study, and print all problems at once."""
    path = study or context.obj.default_study
    read = read_everything(path, context.obj)
    print_problems(read.problems, path, as_json=as_json)
    if read.value is None:
        raise typer.Exit(1)


def study(
    context: typer.Context,
    study: StudyArgument = None,
    out: Annotated[
        Path, typer.Option(help="Folder for the results; made if it is not there (no unit).")
    ] = Path("results"),
    as_json: JsonOption = False,
) -> None:
    """Do the main job: layers, grade-tonnage, verdict, claims, scenarios, map and exports."""
    from rich.console import Console

    from maps.drawings.gather import gather_layers
    from maps.products.manifest import as_json as to_text
    from maps.products.manifest import manifest
    from maps.workflow import write_products, write_text

    began = time.perf_counter()
    progress = Console(stderr=True)
    path = study or context.obj.default_study
    with progress.status("Reading and checking every input ..."):
        read = read_everything(path, context.obj)
        loaded, settings = read.or_raise()
    with progress.status("Working out tonnes, verdicts, claims and scenarios ..."):
        summary = summarise(loaded, settings, [str(problem) for problem in read.problems])
    with progress.status("Drawing the map and writing the layers ..."):
        layers = gather_layers(loaded.ground.inputs.layers.values())
        files = write_products(summary, layers, out, settings=settings)
        summary["files"] = [*files, "summary.json", "manifest.json"]
        write_text(to_text(summary), out / "summary.json")
        made_with = manifest(summary, path, loaded.input_files(), began)
        write_text(to_text(made_with), out / "manifest.json")
    if as_json:
        typer.echo(to_text(summary))
        return
    print_rows(summary)
    print_scenarios(summary)
    print_claims(summary)
    print_headline(summary, out)


def summarise(loaded: Loaded, settings: MapSettings, warnings: list[str]) -> dict[str, Any]:
    """Put the parts of ``summary.json`` together, in the order of the design."""
    from deposits.summary import summarise as summarise_ground
    from maps.products.manifest import timestamp
    from planning.summary import summarise as summarise_plan

    config = loaded.ground.config.study
    ground = summarise_ground(loaded.ground)
    money = summarise_plan(loaded.study, loaded.ground, loaded.inputs)
    box = config.extent
    about = {
        **config.model_dump(exclude={"extent"}),
        "extent": [box.west, box.south, box.east, box.north],
        "headline": money.pop("headline"),
        "file": loaded.study.path.name,
        "hash": loaded.study.digest,
        "map": settings.model_dump(mode="json"),
    }
    head = {"study": about, "version": __version__, "generated": timestamp()}
    return {**head, **ground, **money, "warnings": warnings, "files": []}


app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command()(study)
app.command()(new)
app.command()(check)
app.command()(tonnage)
app.command()(plan)
app.command("map")(map_command)
app.command("export")(export_command)


@app.callback()
def front_door(context: typer.Context) -> None:
    """From layers and published evidence to a grade-tonnage table, a verdict and a map.

    Wrong input ends in sentences and exit code 1; --debug anywhere shows the traceback.
    """
    context.obj = House()


def main() -> None:
    """Run the command; wrong input ends in sentences and exit code 1, not in a traceback."""
    debug = "--debug" in sys.argv
    sys.argv = [word for word in sys.argv if word != "--debug"]
    try:
        app()
    except (DepositError, PlanningError, MapError) as error:
        if debug:
            raise
        print(error, file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        if debug:
            raise
        place = f"{error.filename}: " if error.filename else ""
        print(f"{place}{error.strerror or error}. Nothing was left half written.", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
