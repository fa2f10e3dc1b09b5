"""Which command does this storey give: a plan, its scenarios, and whether they hold?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from deposits.study import StudyFile
    from planning.verdict.scenarios import Case

WORDS = {True: "holds", False: "does not hold", None: "not known"}
#: How the help of options begins that belong to a study of drillholes.
DRILLED = "Of a mine: "
COLOURS = {True: "green", False: "red", None: "yellow"}


def plan(
    context: typer.Context,
    study: Annotated[
        Path | None, typer.Argument(help="Study file (TOML); data/anzob.toml by default.")
    ] = None,
    throughput: Annotated[
        float | None, typer.Option(help="Ore to the plant, t a year.", show_default="the study's")
    ] = None,
    price: Annotated[
        float | None,
        typer.Option(
            help="Antimony price, USD per t, in money of the study's valuation_date.",
            show_default="the study's",
        ),
    ] = None,
    cutoff: Annotated[
        float | None, typer.Option(help="Cut-off of the feed, % Sb.", show_default="the study's")
    ] = None,
    scenario: Annotated[
        str | None, typer.Option(help="Name of a scenario of the study (no unit).")
    ] = None,
    all_scenarios: Annotated[
        bool, typer.Option("--all-scenarios", help="All scenarios side by side (no unit).")
    ] = False,
    fail_if_not_holding: Annotated[
        bool,
        typer.Option(
            "--fail-if-not-holding", help="Exit with 3 unless the plan is known to hold (no unit)."
        ),
    ] = False,
    finished: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="DIR",
            help=DRILLED + "folder of a finished study, whose block model is taken (no unit).",
            show_default="estimated first",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help=DRILLED + "folder for the plan's files (no unit).")
    ] = None,
    time_limit: Annotated[
        float | None,
        typer.Option(
            min=0.001,
            help=DRILLED + "seconds for each schedule.",
            show_default="the study's own rounds",
        ),
    ] = None,
    gap: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            help=DRILLED + "stop this close to the bound, fraction.",
            show_default="the study's",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object and nothing else (no unit).")
    ] = False,
) -> None:
    """Work out a plan: does it hold, on what does that rest, what is missing?

    Of published evidence: whether ore, plant and market agree with it. Of drillholes with a mine:
    its schedule, proven and checked, or all its scenarios side by side.
    """
    from deposits.study import read_study
    from planning.summary import scenario_summary

    source = read_study(study or context.obj.default_study, context.obj.tables).or_raise()
    source = override(source, throughput, price, cutoff)
    if scenario is not None and all_scenarios:
        raise typer.BadParameter("give one scenario or all of them", param_hint="--scenario")
    if scenario == "base" and "base" not in source.scenario_names:
        scenario = None  # as the study's own plan is called in every table of scenarios
    mine = {"--from": finished, "--out": out, "--time-limit": time_limit, "--gap": gap}
    if "drillholes" in source.tree:
        from planning.production.cli import Asked, plan_mines

        asked = Asked(scenario, all_scenarios, finished, out, time_limit, gap)
        answers = plan_mines(source, asked, as_json=as_json)
        if fail_if_not_holding and any(holds is not True for holds in answers):
            raise typer.Exit(3)
        return
    given = [name for name, value in mine.items() if value is not None]
    if given:
        said = "belongs to a study of drillholes; this one has published evidence"
        raise typer.BadParameter(said, param_hint=given[0])
    if all_scenarios:
        cases = run_cases(source, [None, *source.scenario_names])
        found: dict[str, Any] = {
            "study": source.tree["study"]["name"],
            "scenarios": [case.to_dict() for case in cases],
        }
    else:
        cases = run_cases(source, [scenario])
        found = scenario_summary(cases[0], source)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, allow_nan=False, default=str))
    else:
        _print_cases(cases, source)
    if fail_if_not_holding and any(case.verdict.holds is not True for case in cases):
        raise typer.Exit(3)


def override(
    study: StudyFile,
    throughput: float | None,
    price: float | None,
    cutoff: float | None,
) -> StudyFile:
    """Return the study with figures of the command line laid over it and over its scenarios.

    Parameters
    ----------
    study : StudyFile
        The study as written.
    throughput : float or None
        Ore to the plant [t/yr].
    price : float or None
        Antimony price [USD/t].
    cutoff : float or None
        Cut-off of the feed [% Sb].

    Returns
    -------
    StudyFile
        A scenario's own figures would hide those of the command line, so these go there as well.

    Raises
    ------
    ConfigError
        If a price is given and neither a valuation date nor a price of the study dates it.
    """
    from planning.study_keys import set_keys

    stated = {"kind": "assumed", "source": "the command line"}
    values: dict[tuple[str, ...], Any] = {}
    rate, cut = ("mine", "schedule") if "drillholes" in study.tree else ("plan", "plan")
    if throughput is not None:
        values[rate, "throughput_t_per_year"] = {"value": throughput, **stated}
    if cutoff is not None:
        values[cut, "cutoff_sb_pct"] = {"value": cutoff, **stated}
    if price is not None:
        values["economics", "sb_price"] = {
            "usd_per_t": {"value": price, **stated},
            "market": "the command line",
            "vat": "not stated",
            "date": _price_date(study),
            "source": "the command line",
        }
    names = study.scenario_names
    below = {("scenario", name, *path): v for name in names for path, v in values.items()}
    return set_keys(study, values | below)


def _price_date(study: StudyFile) -> str:
    """Date a price of the command line by the study, never by the day it happens to be run."""
    from deposits.errors import ConfigError, Problem

    economics = study.tree.get("economics", {})
    date = economics.get("valuation_date")
    if date is None:
        date = economics.get("sb_price", {}).get("date")
    if date is None:
        place = f"{study.path.name}, key economics.valuation_date"
        remedy = 'State it, for example valuation_date = "2026-01-01".'
        raise ConfigError([Problem("a price needs the date of its money", place, remedy=remedy)])
    return str(date)


def run_cases(study: StudyFile, names: Sequence[str | None]) -> list[Case]:
    """Read what a plan needs and work out the asked scenarios.

    Raises
    ------
    DataError
        With every problem of the study and its files.
    """
    from deposits.workflow import RESERVE_ROLES
    from planning.verdict.scenarios import run_case
    from planning.workflow import load

    loaded = load(study, roles=RESERVE_ROLES).or_raise()
    return [run_case(study, loaded.ground, loaded.inputs, name) for name in names]


def _print_cases(cases: Sequence[Case], study: StudyFile) -> None:
    """Print one plan with its tests, or several side by side."""
    from rich.console import Console

    from deposits.config import DISCLAIMER

    console = Console(highlight=False)
    if len(cases) > 1:
        console.print(scenario_table([case.to_dict() for case in cases]))
    else:
        console.print(case_text(cases[0].base_case))
        verdict = cases[0].verdict.to_dict()
        console.print(verdict_text(verdict))
        console.print("\nBeside it, deciding nothing:")
        context = [test for test in verdict["tests"] if test["role"] == "context"]
        console.print("\n".join(_context_line(test) for test in context))
    note = study.tree["study"].get("disclaimer", DISCLAIMER)
    console.print(f"[dim]{note}[/dim]")


def verdict_text(verdict: Mapping[str, Any]) -> str:
    """Say a verdict, its gates, what is missing and what it rests on, for the terminal."""
    from rich.markup import escape

    lines = [f"[bold {COLOURS[verdict['holds']]}]{escape(verdict['sentence'])}[/]"]
    lines += [_test_line(test) for test in verdict["tests"] if test["role"] == "gate"]
    if verdict["holds"] is None and verdict["missing"]:
        lines.append("  To know it, state:")
        lines += [f"    - {escape(key)}" for key in verdict["missing"]]
    if verdict["conditional_on"]:
        lines.append(f"  Assumed: {escape(', '.join(verdict['conditional_on']))}")
    return "\n".join(lines)


def _test_line(test: Mapping[str, Any]) -> str:
    """Say one test in one line."""
    from rich.markup import escape

    from deposits.display import round_for_reading

    marks = {True: "[green]passes[/]", False: "[red]fails [/]", None: "[yellow]open  [/]"}
    value = round_for_reading(test["value"], 3)
    limit = "" if test["limit"] is None else f", needs {test['sense']} {_limit(test['limit'])}"
    share = test["share_of_draws"]
    draws = "" if share is None else f", {share:.0%} of draws"
    kind = "" if test["value"] is None else f" ({test['kind']}{draws})"
    mark = marks[test["passes"]] if test["limit"] is not None else "       "
    return f"  {mark} {escape(test['title'])}: {value}{limit} {test['unit']}{kind}"


def _limit(value: float) -> str:
    from deposits.display import round_for_reading

    return round_for_reading(value, 3)


def _context_line(test: Mapping[str, Any]) -> str:
    """Say one comparison that decides nothing."""
    from rich.markup import escape

    from deposits.display import round_for_reading

    if test["value"] is None:
        return f"  {escape(test['title'])}: not known"
    unit = test["unit"]
    beside = "" if test["limit"] is None else f" beside {_limit(test['limit'])}"
    note = f"; {test['note']}" if test["note"] else ""
    figure = round_for_reading(test["value"], 3)
    return f"  {escape(test['title'])}: {figure}{beside} {unit} ({test['kind']}){escape(note)}"


def case_text(base_case: Mapping[str, Any]) -> str:
    """Say the deterministic run in a few lines."""
    from deposits.display import Fact, as_text

    facts = [
        Fact("ore to the plant", base_case["throughput_t_per_year"], "t/yr"),
        Fact("ore that there is", base_case["ore_available_t"], f"t, {base_case['ore_basis']}"),
        Fact("years it lasts", base_case["life_years"]),
        Fact("head grade", base_case["head_grade_sb_pct"], "% Sb"),
        Fact("which is", base_case["head_grade_basis"]),
        Fact("antimony in the ore", base_case["sb_in_ore_t_per_year"], "t/yr"),
        Fact("concentrate", base_case["concentrate_t_per_year"], "t/yr"),
        Fact("antimony price", base_case["sb_price_usd_per_t"], "USD/t"),
        Fact("highest cost the ore could bear", base_case["bearable_cost_usd_per_t_ore"], "USD/t"),
        Fact("NPV, real", base_case["npv_usd"], "USD"),
        Fact("which is", base_case["value_basis"]),
    ]
    return as_text("One deterministic run", facts)


def scenario_table(cases: Sequence[Mapping[str, Any]]) -> Table:
    """Lay out scenarios side by side, narrow enough for eighty columns."""
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    from deposits.display import round_for_reading

    title = "Scenarios side by side"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("Scenario", no_wrap=True)
    for name in ("Rate\nkt/yr", "Ore\nMt", "Life\nyears", "Head\n% Sb", "Bears\nUSD/t"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("NPV\nM USD", justify="right", no_wrap=True)
    table.add_column("Verdict", no_wrap=True)
    for case in cases:
        base, holds = case["base_case"], case["verdict"]["holds"]
        numbers = (
            (base["throughput_t_per_year"], 1e3),
            (base["ore_available_t"], 1e6),
            (base["life_years"], 1.0),
            (base["head_grade_sb_pct"], 1.0),
            (base["bearable_cost_usd_per_t_ore"], 1.0),
            (base["npv_usd"], 1e6),
        )
        figures = ["-" if n is None else round_for_reading(n / unit) for n, unit in numbers]
        table.add_row(escape(case["name"]), *figures, f"[{COLOURS[holds]}]{WORDS[holds]}[/]")
    return table


def print_scenarios(summary: Mapping[str, Any]) -> None:
    """Print the scenarios side by side."""
    from rich.console import Console

    console = Console(highlight=False)
    console.print()
    console.print(scenario_table(summary["scenarios"]))
    note = "-: not known. Head: claimed, or of the richest ore, or assumed where no ore is known. "
    note += "Bears: highest cost a tonne of ore could bear. NPV: on ASSUMED terms."
    console.print(f"[dim]{note}[/dim]")


def print_claims(summary: Mapping[str, Any]) -> None:
    """Print what is said in public and what follows; the sums stand in the map."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    if summary["claims"]:
        console.print("\n[bold]What is said in public[/bold] (each sum stands in the map)")
    for claim in summary["claims"]:
        console.print(f"  [bold]{claim['finding']:>14}[/]  {escape(claim['claim'])}")


def print_headline(summary: Mapping[str, Any], out: Path) -> None:
    """Print the answer last, where the reader's eye is, and where the files are."""
    from rich.console import Console
    from rich.markup import escape

    from planning.summary import CLAIMED

    console = Console(highlight=False)
    console.print(f"\n[bold]{escape(summary['study']['question'])}[/bold]\n")
    claimed = [c["verdict"] for c in summary["scenarios"] if c["name"] == CLAIMED]
    for verdict in (*claimed, summary["verdict"]):
        console.print(verdict_text(verdict))
        console.print()
    console.print(f"[dim]{escape(summary['study']['disclaimer'])}[/dim]\n")
    if summary["warnings"]:
        console.print(f"{len(summary['warnings'])} warnings stand in {out / 'manifest.json'}.")
    report, page, project, book = (
        out / next((name for name in summary["files"] if name.endswith(end)), "")
        for end in ("report.html", "map.html", "study.qgz", "scenarios.xlsx")
    )
    console.print(f"Open {report} and {page} in a browser,", soft_wrap=True)
    console.print(f"{project} in QGIS, {book} in a spreadsheet.", soft_wrap=True)
