"""From a study file to a verdict, a map and exports: the front door of the three storeys."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import deposits
import maps
import planning
from deposits import estimate as drillholes
from deposits.cli import JsonOption, StudyArgument, new, print_problems, print_rows, tonnage
from deposits.errors import Checked, DepositError
from deposits.estimate.cli import estimate, print_results, work
from maps.cli import export_command, map_command
from maps.errors import MapError
from planning import mine as mines
from planning.cli import plan, print_claims, print_headline, print_scenarios
from planning.errors import PlanningError
from planning.formats.cli import minelib, minelib_verify
from planning.formats.plans.cli import plan_verify
from planning.mine.cli import pit, stopes

if TYPE_CHECKING:
    from deposits.estimate.workflow import DrillStudy
    from maps.config import MapSettings
    from planning.mine.study import MineStudy
    from planning.workflow import Loaded

__version__ = "0.1.0"


@dataclass(frozen=True, slots=True)
class House:
    """What the sub-commands share: the default study and the tables that somebody reads."""

    default_study: Path = Path(__file__).parent / "data" / "anzob.toml"
    version: str = __version__
    tables: tuple[str, ...] = (
        *deposits.STUDY_TABLES,
        *drillholes.STUDY_TABLES,
        *planning.STUDY_TABLES,
        *mines.STUDY_TABLES,
        *maps.STUDY_TABLES,
    )


def read_everything(
    path: Path, house: House
) -> Checked[tuple[Loaded | DrillStudy | MineStudy, MapSettings]]:
    """Read a study for all storeys that its route needs, and list every problem at once."""
    from deposits.estimate.workflow import load as load_drilled
    from deposits.study import read_study, validate
    from maps.config import MapSettings
    from maps.drawings.ground import check_terrain
    from planning.mine.config import asks_for_mine
    from planning.mine.study import load as load_mine
    from planning.workflow import load

    opened = read_study(path, house.tables)
    if opened.value is None:
        return Checked(None, opened.problems)
    drilled = "drillholes" in opened.value.tree
    loaded: Checked[Any] = load_drilled(opened.value) if drilled else load(opened.value)
    if asks_for_mine(opened.value) and drilled and loaded.value is not None:
        mine = load_mine(loaded.value)
        loaded = Checked(mine.value, (*loaded.problems, *mine.problems))
    drawn = validate(MapSettings, opened.value.tree.get("map", {}), "map", file=path.name)
    ground = check_terrain(drawn.value, opened.value)
    problems = (*opened.problems, *loaded.problems, *drawn.problems, *ground)
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
    """Do the main job of a study: grade-tonnage, verdict or block model, map and exports."""
    from rich.console import Console

    from deposits.estimate.workflow import DrillStudy
    from maps.drawings.gather import gather_layers
    from maps.finishing import finish, heading
    from planning.mine.study import MineStudy
    from planning.production.cli import mine_with_progress, print_mined

    began = time.perf_counter()
    path = study or context.obj.default_study
    with Console(stderr=True).status("Reading and checking every input ..."):
        read = read_everything(path, context.obj)
        loaded, settings = read.or_raise()
    warnings = [str(problem) for problem in read.problems]
    mine, loaded = (loaded, loaded.drilled) if isinstance(loaded, MineStudy) else (None, loaded)
    if isinstance(loaded, DrillStudy):
        results = work(loaded, out)
        about = {"headline": results.headline, "route": "drillholes"}
        head = heading(loaded.config.study, about, loaded.study, settings, __version__)
        summary = {**head, **results.summary, "warnings": warnings, "files": [*results.files]}
        layers = {**gather_layers(loaded.inputs.layers.values()), **results.layers()}
        blocks: Path | None = results.made.blocks
        if mine is not None:
            parts, dug, files = mine_with_progress(mine, results.made.blocks, out)
            summary, layers = {**summary, **parts}, {**layers, **dug}
            summary["files"] += files
    else:
        with Console(stderr=True).status("Working out tonnes, verdicts, claims and scenarios ..."):
            summary = summarise(loaded, settings, warnings)
        layers, blocks = gather_layers(loaded.ground.inputs.layers.values()), None
    with Console(stderr=True).status("Drawing the map and writing the layers ..."):
        inputs = (loaded if mine is None else mine).input_files()
        finish(summary, layers, blocks, (path, inputs, began), out)
    if as_json:
        typer.echo(json.dumps(summary, ensure_ascii=False, allow_nan=False))
    elif isinstance(loaded, DrillStudy):
        print_results(summary, summary["study"]["headline"])
        if mine is not None:
            print_mined(summary)
        typer.echo(f"\nWrote {', '.join(summary['files'])} in {out}.")
    else:
        print_rows(summary)
        print_scenarios(summary)
        print_claims(summary)
        print_headline(summary, out)


def summarise(loaded: Loaded, settings: MapSettings, warnings: list[str]) -> dict[str, Any]:
    """Put an evidence study's ``summary.json`` together, in the order of the design."""
    from deposits.summary import summarise as summarise_ground
    from maps.finishing import heading
    from planning.summary import summarise as summarise_plan

    ground = summarise_ground(loaded.ground)
    money = summarise_plan(loaded.study, loaded.ground, loaded.inputs)
    more = {"headline": money.pop("headline")}
    head = heading(loaded.ground.config.study, more, loaded.study, settings, __version__)
    return {**head, **ground, **money, "warnings": warnings, "files": []}


app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for command in (study, new, check, tonnage, estimate, plan, plan_verify, pit, stopes, minelib,
                minelib_verify):  # fmt: skip
    app.command()(command)
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
