"""Which commands find mine limits alone: a pit, or stopes?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from planning.mine.alone import PitAlone, StopesAlone
    from planning.mine.study import MineStudy
    from planning.mine.workflow import Dug

Subject = Annotated[
    Path,
    typer.Argument(help="Study (.toml) that states the mine, or a block model (.parquet, .csv)."),
]
Model = Annotated[
    Path | None,
    typer.Option(help="Block model of the study, .parquet.", show_default="estimated first"),
]
Scenario = Annotated[
    str | None, typer.Option(help="Of a study: name of its scenario to lay over it (no unit).")
]
Out = Annotated[Path | None, typer.Option(help="Folder for tables and bodies (no unit).")]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON object and nothing else (no unit).")
]
LEADING = "Of a block model: "


def pit(
    context: typer.Context,
    subject: Subject,
    blocks: Model = None,
    scenario: Scenario = None,
    value_field: Annotated[
        str | None, typer.Option(help=LEADING + "field with each row's worth, currency per row.")
    ] = None,
    slope: Annotated[
        float | None, typer.Option(help=LEADING + "overall slope angle, degrees.")
    ] = None,
    slope_levels: Annotated[
        int | None,
        typer.Option(
            min=1,
            help=LEADING + "benches over which the slope is followed (count).",
            show_default="as many as it takes",
        ),
    ] = None,
    out: Out = None,
    as_json: JsonOption = False,
) -> None:
    """Find the ultimate pit, exactly and with its proof; of a study also shells and pushbacks."""
    own = {"--value-field": value_field, "--slope": slope}
    if subject.suffix.lower() == ".toml":
        _refused({**own, "--slope-levels": slope_levels}, "a study states its own")
        _study_limits(context, subject, (blocks, scenario, out), "pit", as_json)
        return
    _needed(own)
    _refused({"--blocks": blocks, "--scenario": scenario}, "they belong to a study")
    from planning.mine.alone import pit_of, read_model

    found = pit_of(read_model(subject), str(value_field), float(slope or 0.0), slope_levels)
    written = [] if out is None else [_write_pit(found, out)]
    if as_json:
        _echo({**found.to_dict(), "files": written})
        return
    _mark(synthetic=found.model.about.synthetic)
    typer.echo(str(found.pit))
    _say(found.sentences(), found.faults, written, out)


def stopes(
    context: typer.Context,
    subject: Subject,
    blocks: Model = None,
    scenario: Scenario = None,
    grade: Annotated[
        str | None, typer.Option(help=LEADING + "field of the grade (its unit).")
    ] = None,
    cutoff: Annotated[
        float | None, typer.Option(help=LEADING + "least diluted grade, unit of the field.")
    ] = None,
    host_density: Annotated[
        float | None, typer.Option(help=LEADING + "density of rock around it, t/m3.")
    ] = None,
    strike: Annotated[
        float | None, typer.Option(help=LEADING + "azimuth along strike, degrees.")
    ] = None,
    level: Annotated[float, typer.Option(help=LEADING + "height of a level, m.")] = 20.0,
    section: Annotated[float, typer.Option(help=LEADING + "length of a section, m.")] = 20.0,
    step: Annotated[float, typer.Option(help=LEADING + "step of the walls, m.")] = 1.0,
    least_width: Annotated[float, typer.Option(help=LEADING + "least true width, m.")] = 3.0,
    most_width: Annotated[float, typer.Option(help=LEADING + "most true width, m.")] = 30.0,
    pillar: Annotated[float, typer.Option(help=LEADING + "pillar between stopes, m.")] = 5.0,
    near_skin: Annotated[float, typer.Option(help=LEADING + "overbreak, near wall, m.")] = 0.0,
    far_skin: Annotated[float, typer.Option(help=LEADING + "overbreak, far wall, m.")] = 0.0,
    least_dip: Annotated[float, typer.Option(help=LEADING + "least dip of walls, deg.")] = 90.0,
    most_dip: Annotated[float, typer.Option(help=LEADING + "most dip of walls, deg.")] = 90.0,
    out: Out = None,
    as_json: JsonOption = False,
) -> None:
    """Find the best stopes of every level and section, exactly and with their proof."""
    own = {"--grade": grade, "--cutoff": cutoff, "--strike": strike, "--host-density": host_density}
    if subject.suffix.lower() == ".toml":
        _refused(own, "a study states its own")
        _study_limits(context, subject, (blocks, scenario, out), "stopes", as_json)
        return
    _needed(own)
    _refused({"--blocks": blocks, "--scenario": scenario}, "they belong to a study")
    from planning.limits.stopes import StopeRules
    from planning.mine.alone import Cut, read_model, stopes_of

    rules = StopeRules(
        least_width_m=least_width,
        most_width_m=most_width,
        pillar_m=pillar,
        near_skin_m=near_skin,
        far_skin_m=far_skin,
        wall_dip_deg=(least_dip, most_dip),
    )
    cut = Cut(
        grade=str(grade),
        cutoff=float(cutoff or 0.0),
        host_density_t_per_m3=float(host_density or 0.0),
    )
    model = read_model(subject)
    found = stopes_of(model, cut, float(strike or 0.0), (section, level, step), rules)
    written = [] if out is None else [_write_stopes(found, out)]
    if as_json:
        _echo({**found.to_dict(), "files": written})
        return
    _mark(synthetic=found.synthetic)
    typer.echo(str(found.table))
    typer.echo(str(found.solutions))
    _say(found.sentences(), found.faults, written, out)


def _study_limits(
    context: typer.Context,
    subject: Path,
    given: tuple[Path | None, str | None, Path | None],
    limit: str,
    as_json: bool,
) -> None:
    """Find one kind of limit of a study, estimating its block model first where none is given."""
    import tempfile

    from deposits.errors import DataError, Problem
    from deposits.estimate.cli import work
    from deposits.estimate.workflow import load as load_drilled
    from deposits.study import apply_scenario, read_study
    from planning.mine.config import asks_for_mine
    from planning.mine.study import load

    blocks, scenario, out = given
    source = read_study(subject, context.obj.tables).or_raise()
    if not asks_for_mine(source) or limit not in source.tree:
        remedy = f"State [mine], [value] and [{limit}]; data/demo.toml is an example."
        raise DataError([Problem(f"the study has no table [{limit}]", subject.name, remedy=remedy)])
    if scenario is not None:
        source = apply_scenario(source, scenario)
    mine = load(load_drilled(source).or_raise()).or_raise().only(limit)
    with tempfile.TemporaryDirectory() as folder:
        place = out or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        model = blocks or work(mine.drilled, place).made.blocks
        dug = dig_with_progress(mine, model, place)
    if as_json:
        about = {"study": mine.drilled.config.study.name, "scenario": scenario}
        _echo({**about, **dug.summary, "files": dug.files})
        return
    print_mine(dug.summary)
    if out is not None:
        typer.echo(f"Wrote {', '.join(dug.files)} in {out}.")


def dig_with_progress(source: MineStudy, blocks: Path, out: Path) -> Dug:
    """Find pit and stopes of a study with progress on stderr."""
    from deposits.estimate.cli import progress
    from planning.mine.workflow import dig

    with progress() as say:
        return dig(source, blocks, out, say)


def _needed(options: Mapping[str, object]) -> None:
    """Refuse a block model without what a study would state."""
    missing = [name for name, value in options.items() if value is None]
    if missing:
        said = f"a block model alone needs {', '.join(missing)}; a study states all of it"
        raise typer.BadParameter(said)


def _refused(options: Mapping[str, object], why: str) -> None:
    """Refuse options that would be ignored."""
    given = [name for name, value in options.items() if value is not None]
    if given:
        raise typer.BadParameter(f"{', '.join(given)} cannot be used here: {why}")


def _echo(found: Mapping[str, Any]) -> None:
    typer.echo(json.dumps(found, ensure_ascii=False, allow_nan=False))


def _mark(*, synthetic: bool) -> None:
    """Say first of all that figures are made up."""
    if synthetic:
        typer.echo("SYNTHETIC: every figure below is of an invented deposit.\n")


def _say(
    sentences: list[str], faults: tuple[str, ...], written: list[str], out: Path | None
) -> None:
    """Say what to look at, what the independent check came to, and where the files are."""
    typer.echo("\n".join(sentences) + "\n" if sentences else "", nl=False)
    if not faults:
        typer.echo("An independent check of every rule and sum found nothing wrong.")
    for fault in faults[:20]:
        typer.echo(f"The check found: {fault}")
    if written:
        typer.echo(f"Wrote {', '.join(written)} in {out}.")


def _write_pit(found: PitAlone, out: Path) -> str:
    """Write the blocks with what of them lies in the pit; return the file's name."""
    from deposits.blockmodel import BlockWriter

    out.mkdir(parents=True, exist_ok=True)
    model = found.blocks()
    name = f"{'synthetic_' if model.about.synthetic else ''}pit_blocks.parquet"
    with BlockWriter(out / name, model.grid, model.about) as writer:
        writer.write(model.table)
    return name


def _write_stopes(found: StopesAlone, out: Path) -> str:
    """Write the table of stopes; return the file's name."""
    from deposits.estimate.results import write_csv

    out.mkdir(parents=True, exist_ok=True)
    rows = found.table.rows.assign(synthetic=True) if found.synthetic else found.table.rows
    name = f"{'synthetic_' if found.synthetic else ''}stopes.csv"
    write_csv(rows, out / name)
    return name


def print_mine(summary: Mapping[str, Any]) -> None:
    """Print pit and stopes: what they hold, what proves them, what is missing."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    for sentence in summary["sentences"]:
        console.print(escape(sentence))
