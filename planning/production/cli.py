"""How is the plan of a mine asked for and told on the command line?"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from deposits.study import StudyFile
    from planning.mine.study import MineStudy
    from planning.production.laying import Layouts
    from planning.production.scenarios import PlanCase
    from planning.production.solving import Say
    from planning.production.workflow import MinePlan
    from planning.scheduling.answers import Effort

WORDS = {True: "holds", False: "no", None: "open"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks of a plan.

    Parameters
    ----------
    scenario : str or None
        One scenario instead of the study itself.
    all_scenarios : bool
        The study and all its scenarios.
    finished : Path or None
        Folder of a finished study, whose block model is used.
    out : Path or None
        Folder for the plan's files.
    time_limit_s, gap : float or None
        When to stop; None leaves it to the study.
    """

    scenario: str | None
    all_scenarios: bool
    finished: Path | None
    out: Path | None
    time_limit_s: float | None
    gap: float | None


def plan_mines(study: StudyFile, asked: Asked, *, as_json: bool) -> list[bool | None]:
    """Plan the mine of a drillhole study, or all its scenarios side by side, and tell it.

    Parameters
    ----------
    study : StudyFile
        As written, with figures of the command line laid over it.
    asked : Asked
        What is wanted.
    as_json : bool
        Print one JSON object and nothing else.

    Returns
    -------
    list of (bool or None)
        Whether each plan holds.
    """
    from deposits.estimate.workflow import load as load_drilled
    from deposits.study import apply_scenario
    from planning.mine.study import load

    if asked.scenario is not None:
        study = apply_scenario(study, asked.scenario)
    source = load(load_drilled(study).or_raise()).or_raise()
    _needs_schedule(source)
    with tempfile.TemporaryDirectory() as folder, progress() as say:
        out = asked.out or Path(folder)
        out.mkdir(parents=True, exist_ok=True)
        layouts = _layouts(source, asked.finished, out, say)
        if asked.all_scenarios:
            cases = _all_cases(source, layouts, _effort(source, asked), say)
            return _tell_cases(source, cases, asked.out, as_json=as_json)
        found = _one(source, layouts, _effort(source, asked), say)
        summary = found.summary()
        files = [] if asked.out is None else _write(found, summary, asked.out)
    if as_json:
        about = {"study": source.drilled.config.study.name, "scenario": asked.scenario}
        _echo({**about, "plan": summary, "files": files})
    else:
        print_plan(summary)
        _wrote(files, asked.out)
    return [summary["verdict"]["holds"]]


def _needs_schedule(source: MineStudy) -> None:
    """Refuse a study that plans nothing."""
    from deposits.errors import DataError, Problem

    if source.config.schedule is None:
        remedy = "State [schedule]; data/demo.toml is an example."
        place = source.drilled.study.path.name
        raise DataError([Problem("the study has no table [schedule]", place, remedy=remedy)])


def _effort(source: MineStudy, asked: Asked) -> Effort | None:
    """Return the work the command line asks for; None leaves it to each study."""
    from dataclasses import replace

    from planning.production.scenarios import ROUNDS
    from planning.production.workflow import effort_of

    own = effort_of(source)
    if asked.time_limit_s is None and asked.gap is None:
        return None
    few = asked.all_scenarios
    rounds = None if asked.time_limit_s is not None else ROUNDS if few else own.rounds
    gap = own.gap if asked.gap is None else asked.gap
    return replace(own, time_limit_s=asked.time_limit_s, rounds=rounds, gap=gap)


def _layouts(source: MineStudy, finished: Path | None, out: Path, say: Say) -> Layouts:
    """Read the block model of a finished study, or estimate it."""
    from deposits.errors import DataError, Problem
    from deposits.estimate.workflow import estimate
    from planning.production.laying import frame_of, layouts_of

    if finished is None:
        made = estimate(source.drilled, out, lambda what, *_: say(what, None))
        return layouts_of(made.blocks)
    blocks, told = finished / f"{source.prefix}blocks.parquet", finished / "summary.json"
    missing = [path.name for path in (blocks, told) if not path.is_file()]
    if missing:
        remedy = "Run: anzob study STUDY --out DIR"
        raise DataError([Problem("not a finished study", str(finished), "no " + ", ".join(missing),
                                 remedy=remedy)])  # fmt: skip
    summary = json.loads(told.read_text("utf-8"))
    if summary["study"]["hash"] != source.drilled.study.digest:
        typer.echo(
            f"{source.drilled.study.path.name} has changed since {finished} was made; its block "
            "model is taken as it is there.",
            err=True,
        )
    return layouts_of(blocks, frame_of(summary))


def _one(source: MineStudy, layouts: Layouts, effort: Effort | None, say: Say) -> MinePlan:
    """Plan one study in full."""
    from planning.production.laying import dig_for_plan
    from planning.production.workflow import plan_mine

    dug = dig_for_plan(source, layouts, lambda what, *_: say(what, None))
    return plan_mine(dug, source, effort, say)


def _all_cases(
    source: MineStudy, layouts: Layouts, effort: Effort | None, say: Say
) -> list[PlanCase]:
    """Plan the study and every scenario; Ctrl-C keeps those that are done."""
    from planning.production.scenarios import plan_cases

    names = source.drilled.study.scenario_names
    cases: list[PlanCase] = []
    try:
        for case in plan_cases(source, layouts, names, effort, say):
            cases.append(case)
    except KeyboardInterrupt:
        typer.echo(f"Stopped after {len(cases)} of {len(names) + 1} cases.", err=True)
    return cases


def _tell_cases(
    source: MineStudy, cases: Sequence[PlanCase], out: Path | None, *, as_json: bool
) -> list[bool | None]:
    """Print the cases side by side, and write their table."""
    import pandas as pd

    from deposits.estimate.results import write_csv
    from planning.production.files import marked
    from planning.production.scenarios import side_by_side

    names = source.drilled.study.scenario_names
    rows, files = side_by_side(cases, names), list[str]()
    if out is not None and rows:
        files.append(f"{source.prefix}plan_scenarios.csv")
        write_csv(marked(pd.DataFrame(rows), synthetic=source.synthetic), out / files[-1])
    if as_json:
        about = {"study": source.drilled.config.study.name, "synthetic": source.synthetic}
        _echo({**about, "scenarios": rows, "files": files})
    else:
        print_cases(rows, synthetic=source.synthetic)
        _wrote(files, out)
    return [row["holds"] for row in rows]


def _write(found: MinePlan, summary: Mapping[str, Any], out: Path) -> list[str]:
    from planning.production.files import write_plan_files

    return write_plan_files(found, summary, out)


def _wrote(files: Sequence[str], out: Path | None) -> None:
    if out is not None and files:
        inside = [name for name in files if "/" not in name]
        typer.echo(f"Wrote {', '.join(inside)} and its problem in {out}.")


def _echo(found: Mapping[str, Any]) -> None:
    typer.echo(json.dumps(found, ensure_ascii=False, allow_nan=False, default=str))


@contextmanager
def progress() -> Iterator[Say]:
    """Show on one line of stderr what is done, with bound and value of the schedule."""
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("Reading") as line:

        def say(what: str, report: Any = None) -> None:
            line.update(what if report is None else f"{what}: {_report(report)}")

        yield say


def _report(report: Any) -> str:
    """Say a progress report in half a line."""
    parts = [report.what]
    if report.value is not None:
        parts.append(f"plan {report.value / 1e6:,.1f} M")
    if report.bound is not None:
        parts.append(f"none above {report.bound / 1e6:,.1f} M")
    return ", ".join(parts)


def mine_with_progress(
    source: MineStudy, blocks: Path, out: Path
) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """Find pit and stopes of a study and plan them, as far as it asks; progress on stderr.

    Parameters
    ----------
    source : MineStudy
        The study.
    blocks : Path
        Its block model.
    out : Path
        Folder; it exists.

    Returns
    -------
    tuple of (dict, dict, list of str)
        Keys ``mine`` and ``plan`` of the summary (a plan that cannot be made is None, and the mine
        says why), layers by role, names of files.
    """
    from deposits.errors import DataError
    from planning.mine.cli import dig_with_progress
    from planning.production.workflow import plan_mine

    dug = dig_with_progress(source, blocks, out)
    parts, layers, files = {"mine": dug.summary}, dug.layers(), [*dug.files]
    if source.config.schedule is None:
        return parts, layers, files
    try:
        with progress() as say:
            found = plan_mine(dug, source, None, say)
            parts["plan"] = found.summary()
            files += _write(found, parts["plan"], out)
        return parts, found.layers(layers), files
    except DataError as error:
        mark = "SYNTHETIC: " if source.synthetic else ""
        why = [f"{mark}The mine has no plan: {problem}" for problem in error.problems]
        mine = {**dug.summary, "sentences": [*dug.summary["sentences"], *why]}
        return {"mine": mine, "plan": None}, layers, files


def print_mined(summary: Mapping[str, Any]) -> None:
    """Print what a study says of its mine: pit and stopes, and their plan."""
    from planning.mine.cli import print_mine

    print_mine(summary["mine"])
    if summary.get("plan") is not None:
        print_plan(summary["plan"])


def print_plan(plan: Mapping[str, Any]) -> None:
    """Print a plan: sentences first, then its years."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    verdict = plan["verdict"]["holds"]
    colour = {True: "green", False: "red", None: "yellow"}[verdict]
    first, *others = plan["words"]
    console.print(f"\n[bold {colour}]{escape(first)}[/]")
    for sentence in others:
        console.print(escape(sentence))
    if plan["years"]:
        console.print(year_table(plan))
    for note in plan["notes"]:
        console.print(f"[dim]{escape(note)}[/dim]")


def year_table(plan: Mapping[str, Any]) -> Table:
    """Lay the years of a plan out, narrow enough for eighty columns.

    Parameters
    ----------
    plan : mapping
        Key ``plan`` of ``summary.json``.

    Returns
    -------
    rich.table.Table
    """
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    mark = "SYNTHETIC: " if plan["synthetic"] else ""
    table = Table(title=f"{mark}The plan year by year", title_justify="left", box=SIMPLE_HEAD,
                  padding=(0, 1, 0, 0))  # fmt: skip
    main = next(key for key in plan["years"][0] if key.endswith("_pct"))
    head = f"{main.removesuffix('_pct').capitalize()}\n%"
    heads = ("Year", "Ore\nkt", "Feed\nkt", "Asked\nkt", head, "Conc.\nkt", "Stock\nkt",
             "Drives\nm", "Paid\nM USD", "Cost\nM USD", "Cash\nM USD")  # fmt: skip
    for name in heads:
        table.add_column(name, justify="right", no_wrap=True)
    last = max((row["year"] for row in plan["years"] if row["feed_t"] > 0), default=0)
    for row in plan["years"]:
        head = "-" if row[main] is None else f"{row[main]:.2f}"
        kt = [row[k] / 1e3 for k in ("ore_t", "feed_t")]
        asked = f"{row['target_t'] / 1e3:,.0f}" if row["year"] <= last else "-"
        usd = [row[k] / 1e6 for k in ("revenue_usd", "cost_usd", "cash_usd")]
        day = row["from_date"] or ""
        table.add_row(
            f"{row['year']} {day[:4]}".strip(), *(f"{v:,.0f}" for v in kt), asked, head,
            f"{row['concentrate_t'] / 1e3:.1f}", f"{row['stock_t'] / 1e3:,.0f}",
            f"{row['development_m']:,.0f}", *(f"{v:,.1f}" for v in usd),
        )  # fmt: skip
    return table


def print_cases(rows: Sequence[Mapping[str, Any]], *, synthetic: bool) -> None:
    """Print scenarios side by side, and what each changes."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    console.print(case_table(rows, synthetic=synthetic))
    for row in rows:
        what = row["why"] or row["changes"]
        if what:
            console.print(f"  [bold]{escape(row['scenario'])}[/]: {escape(what)}", soft_wrap=False)
    note = (
        "Each case has the same work, less than the plan of the study alone has. Holds: whether "
        "the plant has its rate in each year asked of it (open: neither found nor excluded). Held: "
        "lowest year of the best plan found. Most: no plan holds more, proven. NPV: before the "
        "fixed cost of a year, capital and tax; gap: how far the best there is may be above it."
    )
    console.print(f"[dim]{note}[/dim]")


def case_table(rows: Sequence[Mapping[str, Any]], *, synthetic: bool) -> Table:
    """Lay scenarios out side by side, narrow enough for eighty columns.

    Parameters
    ----------
    rows : sequence of mapping
        From `side_by_side`.
    synthetic : bool
        Whether the study is.

    Returns
    -------
    rich.table.Table
    """
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    mark = "SYNTHETIC: " if synthetic else ""
    table = Table(title=f"{mark}Plans side by side", title_justify="left", box=SIMPLE_HEAD,
                  padding=(0, 1, 0, 0))  # fmt: skip
    table.add_column("Scenario", no_wrap=True)
    for name in ("Holds", "Held\nkt/yr", "Most\nkt/yr", "Ore\nMt", "% Sb", "Life\nyr",
                 "NPV\nM USD", "Gap\n%"):  # fmt: skip
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        numbers = (
            (row["held_t_per_year"], 1e3, 0), (row["impossible_above_t_per_year"], 1e3, 0),
            (row["ore_t"], 1e6, 2), (row["sb_pct"], 1.0, 2), (row["life_years"], 1.0, 1),
            (row["npv_usd"], 1e6, 0), (row["gap"], 0.01, 2),
        )  # fmt: skip
        figures = ["-" if n is None else f"{n / unit:,.{d}f}" for n, unit, d in numbers]
        holds = "-" if row["npv_usd"] is None else WORDS[row["holds"]]
        table.add_row(escape(row["scenario"]), holds, *figures)
    return table
