"""Which commands does this storey give: a new study, and its grade-tonnage table?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from deposits.config import EvidenceTable
    from deposits.errors import Problem
    from deposits.grade_tonnage import Quantity, Row
    from deposits.study import StudyFile

STARTER = Path(__file__).parent / "starter"
DRILLHOLE_STARTER = Path(__file__).parent / "starter_drillholes"

StudyArgument = Annotated[
    Path | None, typer.Argument(help="Study file (TOML); data/anzob.toml by default.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def new(
    folder: Annotated[Path, typer.Argument(help="Folder to write into; made if it is not there.")],
    drillholes: Annotated[
        bool,
        typer.Option(
            "--drillholes", help="Start from drillholes, not from published evidence (no unit)."
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write a commented study with sample tables to start from."""
    from deposits.errors import DataError, Problem

    starter = DRILLHOLE_STARTER if drillholes else STARTER
    files = sorted(path for path in starter.iterdir() if path.is_file())
    there = [path.name for path in files if (folder / path.name).exists()]
    if there:
        remedy = "Name another folder; nothing was written."
        raise DataError([Problem("would overwrite", str(folder), ", ".join(there), remedy=remedy)])
    folder.mkdir(parents=True, exist_ok=True)
    for path in files:
        (folder / path.name).write_bytes(path.read_bytes())
    study = folder / "study.toml"
    if as_json:
        typer.echo(json.dumps({"folder": str(folder), "files": [path.name for path in files]}))
        return
    typer.echo(f"Wrote {', '.join(path.name for path in files)} in {folder}.")
    commands = [f"anzob study {study} --out {folder / 'results'}"]
    if drillholes:
        commands.insert(0, f"anzob check {study}")
    typer.echo("\n    ".join([f"Open {study}, and type next:\n", *commands]))


def tonnage(
    context: typer.Context,
    study: StudyArgument = None,
    cutoffs: Annotated[
        str, typer.Option(help="Cut-offs, % Sb, separated by commas; the study's by default.")
    ] = "",
    by: Annotated[
        str,
        typer.Option(
            help="Break down by field, model, category (no unit). Without model only the models "
            "that enter totals; without field the totals. Categories are never added up. Of a "
            "block model: any of its fields, class by default.",
            show_default="field,model,category",
        ),
    ] = "",
    field: Annotated[
        str, typer.Option(help="Block model: field to cut on (no unit); the first grade.")
    ] = "",
    elements: Annotated[
        str, typer.Option(help="Block model: grade columns (no unit), e.g. SB_OK=%,au_gpt.")
    ] = "",
    density: Annotated[
        str, typer.Option(help="Block model: density column (no unit), or one density, t/m3.")
    ] = "",
    block_m3: Annotated[
        float | None, typer.Option(help="Block model: volume of every block, m3.")
    ] = None,
    absent: Annotated[
        str,
        typer.Option(help='Block model: a missing grade is "error" or "unestimated" (no unit).'),
    ] = "unestimated",
    as_json: JsonOption = False,
) -> None:
    """Print the grade-tonnage table of a study, or of a block model (Parquet, CSV)."""
    if study is not None and study.suffix.lower() in (".parquet", ".csv", ".txt"):
        from deposits.tonnage.cli import Asked, print_tonnage

        asked = Asked(cutoffs, by, field, elements, density, block_m3, absent)
        print_tonnage(study, asked, as_json=as_json)
        return
    from deposits.config import read_config
    from deposits.study import read_study
    from deposits.workflow import RESERVE_ROLES, read_inputs, work_out

    source = read_study(study or context.obj.default_study, context.obj.tables).or_raise()
    _refuse_drillholes(source)
    config = read_config(source).or_raise()
    if cutoffs:
        config = config.model_copy(update={"evidence": _with_cutoffs(config.evidence, cutoffs)})
    inputs = read_inputs(source, config, roles=RESERVE_ROLES).or_raise()
    rows = pick_rows(work_out(config, inputs), by or "field,model,category")
    if as_json:
        found = {"study": config.study.name, "grade_tonnage": [row.to_dict() for row in rows]}
        typer.echo(json.dumps(found, ensure_ascii=False, allow_nan=False))
        return
    from rich.console import Console

    console = Console(highlight=False)
    console.print(f"[bold]Grade-tonnage[/bold], {rows[0].heading.lower() if rows else ''}")
    console.print("[dim]?: not known. Ranges: P10 to P90 under the stated assumptions.[/dim]")
    for table in grade_tonnage_tables(rows):
        console.print(table)
    console.print(f"[dim]{config.study.disclaimer}[/dim]")


def _refuse_drillholes(source: StudyFile) -> None:
    """Say what to type instead for a study whose tonnes are in a block model."""
    from deposits.errors import DataError, Problem

    if "drillholes" in source.tree:
        fact = "the tonnes of a drillhole study are in its block model"
        made = source.tree.get("study", {})
        mark = "synthetic_" if isinstance(made, dict) and made.get("synthetic") else ""
        blocks = f"results/{mark}blocks.parquet"
        remedy = f"Type: anzob estimate {source.path}, then: anzob tonnage {blocks} --cutoffs 0,1"
        raise DataError([Problem(fact, source.path.name, remedy=remedy)])


def pick_rows(ground: Any, by: str) -> tuple[Row, ...]:
    """Return the rows of the table at the asked breakdown.

    Raises
    ------
    DataError
        If the breakdown names something else than field, model, category.
    """
    from deposits.errors import DataError, Problem
    from deposits.grade_tonnage import tabulate_evidence
    from deposits.workflow import tabulate

    keys = {key.strip() for key in by.split(",") if key.strip()}
    unknown = keys - {"field", "model", "category"}
    if unknown or not keys:
        found = ", ".join(sorted(unknown)) or "nothing"
        raise DataError([Problem("unknown breakdown", "--by", found, "field, model, category")])
    rows = tabulate(ground)
    if "model" in keys:
        return rows
    if "field" not in keys:
        return tuple(row for row in rows if row.role == "total")
    chosen = [r for field in ground.config.fields for r in ground.chosen(field)]
    synthetic = ground.config.study.synthetic
    return tabulate_evidence(chosen, ground.config.evidence.cutoffs_sb_pct, synthetic=synthetic)


def _with_cutoffs(evidence: EvidenceTable, text: str) -> EvidenceTable:
    """Read cut-offs from the command line, under the rules of the study file."""
    from dataclasses import replace

    from deposits.errors import DataError, Problem
    from deposits.study import validate

    place = "--cutoffs"
    try:
        cutoffs = tuple(float(part) for part in text.split(",") if part.strip())
    except ValueError:
        cutoffs = ()
    if not cutoffs:
        remedy = "Write for example 0,1.5,15."
        raise DataError([Problem("this is not a list of numbers", place, text, "% Sb", remedy)])
    given = {**dict(evidence), "cutoffs_sb_pct": cutoffs}
    checked = validate(type(evidence), given, "evidence", file=place)
    if checked.value is None:
        raise DataError([replace(problem, place=place) for problem in checked.problems])
    return checked.value


def grade_tonnage_tables(rows: Sequence[Row]) -> list[Table]:
    """Lay out rows for the terminal, one table a model, the range under each figure."""
    from itertools import groupby

    blocks = groupby(rows, key=lambda r: (r.field, r.model, r.category, r.role, r.statement))
    return [_block_table(list(block)) for _, block in blocks]


def _block_table(rows: Sequence[Row]) -> Table:
    """Lay out the cut-offs of one model."""
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    first = rows[0]
    bounding = "ASSUMED bounding case, not an estimate: " if first.role == "bounding" else ""
    title = f"{first.field}: {bounding}{first.model}, category {first.category}"
    style = {"title_justify": "left", "title_style": "bold", "padding": (0, 1, 0, 0)}
    table = Table(title=escape(title), box=SIMPLE_HEAD, **style)  # type: ignore[arg-type]
    for name in ("At or above\n% Sb", "Ore\nkt", "Grade\n% Sb", "Antimony\nt", "Gold\ng/t"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("Gold\noz", justify="right", no_wrap=True)
    table.add_column("Kind", no_wrap=True)
    for row in rows:
        amounts = [row.amounts[n] for n in ("ore_t", "sb_pct", "sb_t", "au_gpt", "au_oz")]
        scales = (1e3, 1.0, 1.0, 1.0, 1.0)
        figures = [_figure(a, scale) for a, scale in zip(amounts, scales, strict=True)]
        if row.note.startswith("< 1 mining unit"):
            figures = ["< 1 unit", *[""] * 4]
        table.add_row(f"{row.cutoff_sb_pct:g}", *figures, row.kind)
    return table


def _figure(amount: Quantity, scale: float) -> str:
    """Write a quantity to two figures, its range under it."""
    from deposits.display import round_for_reading

    if amount.value is None:
        return "?"
    text = round_for_reading(amount.value / scale, 2 if amount.p10 is not None else 3)
    if amount.p10 is None or amount.p90 is None:
        return text
    span = f"{round_for_reading(amount.p10 / scale)} - {round_for_reading(amount.p90 / scale)}"
    return f"{text}\n[dim]{span}[/dim]"


def print_rows(summary: Mapping[str, Any]) -> None:
    """Print what every field holds in a few lines, and what is missing."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    rows = summary["grade_tonnage"]
    heading = rows[0]["heading"].lower() if rows else ""
    console.print(f"[bold]What the fields hold[/bold], {heading}")
    console.print("[dim]in brackets: P10 to P90, the range under the stated assumptions[/dim]")
    for field in summary["fields"]:
        console.print(f"\n[bold]{escape(field['name'])}[/bold]")
        for whole in rows:
            if whole["field"] == field["id"] and whole["cutoff_sb_pct"] == rows[0]["cutoff_sb_pct"]:
                lines = _row_lines(whole, _spread_line(summary["headline_cutoff"], whole))
                console.print("\n".join(f"  {escape(line)}" for line in lines))


def _row_lines(whole: Mapping[str, Any], rich: str) -> list[str]:
    """Say one row of the table, and the rich part of it, in words."""
    label = f"{whole['model']}, category {whole['category']} ({whole['kind']})"
    if whole["role"] == "bounding":
        label = f"ASSUMED bounding case, not an estimate: {whole['model']}"
    if whole["ore_t"]["value"] is None:
        return [f"{label}: not known; state {', '.join(whole['missing'][:2])}"]
    return [
        f"{label}:",
        f"  {_said(whole['ore_t'], 't')} of ore at {_said(whole['sb_pct'], '% Sb')}, "
        f"{_said(whole['sb_t'], 't Sb')}, gold {_said(whole['au_oz'], 'oz')}",
        *([f"  {rich}"] if rich else []),
    ]


def _spread_line(headline: Mapping[str, Any], whole: Mapping[str, Any]) -> str:
    """Say what lies above the headline cut-off, from the least to the most spread assumed."""
    from deposits.display import round_for_reading

    alike = [
        row
        for row in headline["rows"]
        if row["field"] == whole["field"] and row["model"] == whole["model"] and row["feasible"]
    ]
    if not alike or alike[0]["ore_t"] is None:
        return ""
    least, most = alike[0], alike[-1]
    unit = least["selection_unit_t"]
    few = unit is not None and least["ore_t"] < unit
    low = "less than one mining unit" if few else f"{round_for_reading(least['ore_t'])} t"
    return (
        f"at {headline['cutoff_sb_pct']:g} % Sb and above, assumed: {low} (CV {least['cv']:g}) to "
        f"{round_for_reading(most['ore_t'])} t of ore (CV {most['cv']:g})"
    )


def _said(amount: Mapping[str, float | None], unit: str) -> str:
    """Write a quantity of the summary with its range, large ones in millions."""
    from deposits.display import round_for_reading

    value, low, high = amount["value"], amount["p10"], amount["p90"]
    if value is None:
        return "not known"
    large = abs(value) >= 1e6
    scale, word = (1e6, "million ") if large else (1.0, "")
    if low is None or high is None:
        # A stated figure, or one that follows from stated figures alone.
        return f"{round_for_reading(value / scale, 3)} {word}{unit}"
    text = round_for_reading(value / scale)
    span = f"{round_for_reading(low / scale)} - {round_for_reading(high / scale)}"
    return f"{text} ({span}) {word}{unit}"


def print_problems(problems: Sequence[Problem], path: Path, *, as_json: bool) -> None:
    """Print what is wrong with a study, errors first."""
    errors = [problem for problem in problems if problem.severity == "error"]
    warnings = [problem for problem in problems if problem.severity != "error"]
    if as_json:
        found = {"study": str(path), "problems": [asdict(problem) for problem in problems]}
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for title, listed in (("Errors", errors), ("Warnings", warnings)):
        if listed:
            typer.echo(f"{title}:")
            typer.echo("\n".join(f"  - {problem}" for problem in listed))
    counts = f"{len(errors)} errors, {len(warnings)} warnings"
    verdict = "cannot be used yet" if errors else "can be used"
    typer.echo(f"{path}: {counts}; the study {verdict}.")
