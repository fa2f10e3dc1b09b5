"""How are the problems of the public library MineLib solved, and answers to them checked?"""

from __future__ import annotations

import json
import tempfile
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

if TYPE_CHECKING:
    from deposits.errors import Problem
    from planning.limits.minelib_problem import MineLibProblem, MineLibSolution

#: Violations that are printed; --json holds them all.
SHOWN = 20
#: Least time that a schedule is given [s].
SHORTEST = 0.01


class ProblemName(StrEnum):
    """The library's three problems."""

    upit = "upit"
    cpit = "cpit"
    pcpsp = "pcpsp"


Folder = Annotated[Path, typer.Argument(help="Folder with one instance: NAME.upit, NAME.prec ...")]
Problems = Annotated[ProblemName, typer.Option(help="Which of the instance's problems (no unit).")]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON object and nothing else (no unit).")
]


def minelib(
    folder: Folder,
    problem: Problems,
    time_limit: Annotated[
        float | None,
        typer.Option(
            help="Stop after so long, s; compiling is not counted.",
            show_default="none: a fixed amount of work",
            min=0.0,
        ),
    ] = None,
    gap: Annotated[
        float, typer.Option(help="Of a schedule: good enough, fraction of the bound.", min=0.0)
    ] = 0.0,
    rounds: Annotated[
        int | None,
        typer.Option(
            help="Of a schedule: rounds of improvement; the same plan every time (count).",
            show_default="as the time allows",
            min=0,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of a schedule: of random choices (no unit).")] = 0,
    write: Annotated[
        Path | None, typer.Option(help="Write the answer as a .sol file (no unit).")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Solve a problem of the public library MineLib, with the proof of how good the answer is."""
    if write is not None:
        _refuse_unwritable(write)
    from planning.formats.minelib import read_instance

    began = time.perf_counter()
    read = read_instance(folder, problem.value)
    asked = read.or_raise()
    warm = _compile(problem)
    left = None if time_limit is None else time_limit - (time.perf_counter() - began - warm)
    left = None if left is None else max(left, 0.0)
    answer: Answer
    if problem is ProblemName.upit:
        answer = _dig(asked, left)
    else:
        answer = _schedule(asked, (left, gap, rounds, seed))
    answer.found["seconds"] = time.perf_counter() - began
    answer.found["compile_seconds"] = warm
    if write is not None and answer.solution is not None:
        _write(write, answer.solution)
    if as_json:
        typer.echo(json.dumps(answer.found, ensure_ascii=False, allow_nan=False))
    else:
        _warn(read.problems)
        _print_answer(answer)
        if write is not None:
            typer.echo(f"Wrote {write}." if answer.solution else f"{write} is not written.")
    if answer.found["status"] == "infeasible":
        raise typer.Exit(3)


class Answer(NamedTuple):
    """What a problem's solver has to say.

    Parameters
    ----------
    found : dict
        What --json prints.
    solution : MineLibSolution or None
        What --write writes; None where there is no answer.
    lines : list of str
        What else is told in words.
    """

    found: dict[str, Any]
    solution: MineLibSolution | None
    lines: list[str]


def _dig(asked: MineLibProblem, seconds: float | None) -> Answer:
    """Find the best pit."""
    from planning.formats.minelib_answers import pit_result, solve_pit
    from planning.limits.minelib_problem import pit_solution

    pit = solve_pit(asked, seconds)
    if pit is None:
        return Answer(pit_result(asked, None), None, ["No pit within the time."])
    lines = [f"{int(pit.mined.sum()):,} blocks; rounding at most {pit.rounding_bound:.2g}.",
             f"{pit.seconds:.2f} s solving."]  # fmt: skip
    return Answer(pit_result(asked, pit), pit_solution(pit.mined), lines)


def _schedule(asked: MineLibProblem, wanted: tuple[float | None, float, int | None, int]) -> Answer:
    """Find a good schedule, with its bound, and have it checked."""
    from planning.formats.minelib_answers import checked_solution, schedule_result, solve_schedule
    from planning.formats.progress_line import progress_line
    from planning.scheduling.answers import Effort

    left, gap, rounds, seed = wanted
    limit = None if left is None else max(left, SHORTEST)
    effort = Effort(seed=seed, time_limit_s=limit, rounds=rounds, gap=gap)
    with progress_line(f"{asked.name}, {asked.kind}") as say:
        answer = solve_schedule(asked, effort, say)
    solution, lines = checked_solution(asked, answer), []
    if answer.plan is not None:
        done = int(answer.plan.done(asked.n_periods).sum())
        lines = [f"{done:,} blocks mined; every rule checked again."]
    elif answer.status == "infeasible" and answer.relaxation is not None:
        from planning.scheduling.collisions import explain

        lines = [*explain(answer.problem, answer.relaxation)]
    return Answer(schedule_result(asked, answer), solution, lines)


def _refuse_unwritable(path: Path) -> None:
    """Refuse, before hours of work, a file that could not be written after them."""
    fact = ""
    if path.is_dir():
        fact = f"{path} is a folder, not a file"
    elif not path.parent.is_dir():
        fact = f"there is no folder {path.parent}"
    else:
        try:
            # Rights alone do not tell: a medium may be read-only, or full of rules of its own.
            with tempfile.TemporaryFile(dir=path.parent):
                pass
        except OSError as error:
            fact = f"nothing can be written into {path.parent} ({error.strerror})"
    if fact:
        remedy = "name a file in a folder of your own"
        raise typer.BadParameter(f"{fact}; {remedy}.", param_hint="--write")


def _compile(problem: ProblemName) -> float:
    """Solve something tiny, so that compiled code is there, and say how long that took [s]."""
    if problem is not ProblemName.upit:
        from planning.scheduling.warm_up import warm_up

        return warm_up()
    from planning.limits.pit import ultimate_pit
    from planning.limits.precedence import arc_precedence

    began = time.perf_counter()
    ultimate_pit([3.0, -1.0], arc_precedence(2, [0], [1]))
    return time.perf_counter() - began


def _write(path: Path, solution: MineLibSolution) -> None:
    """Write an answer; what stops it is told of the file that was asked for."""
    from deposits.errors import DataError, Problem
    from planning.formats.minelib_writing import write_solution

    try:
        write_solution(path, solution)
    except OSError as error:
        fact, remedy = "the file cannot be written", "Make room, or name another file."
        problem = Problem(fact, f"{path}", error.strerror or "", remedy=remedy)
        raise DataError([problem]) from error


def _print_answer(answer: Answer) -> None:
    """Print an answer."""
    found = answer.found
    typer.echo(f"{found['instance']}, {found['problem']}: {found['status']}")
    if found["value"] is not None:
        bound = "not known" if found["bound"] is None else f"{found['bound']:,.2f}"
        gap = "" if not found["gap"] else f", {100 * found['gap']:.4f} % apart"
        typer.echo(f"Value {found['value']:,.2f}, bound {bound}{gap}.")
    elif found["bound"] is not None:
        typer.echo(f"Nothing is worth more than {found['bound']:,.2f}.")
    for line in answer.lines:
        typer.echo(line)
    typer.echo(f"{found['seconds']:.2f} s, of which {found['compile_seconds']:.2f} s compiling.")


def minelib_verify(
    folder: Folder,
    problem: Problems,
    solution: Annotated[
        Path, typer.Option(help="Solution file: .sol, .LPcpit, .LPpcpsp (no unit).")
    ],
    relaxed: Annotated[
        bool, typer.Option("--relaxed", help="Blocks may be mined in parts (no unit).")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check an answer to a problem of MineLib: its value, and every rule that it breaks."""
    from deposits.errors import DataError
    from planning.formats.minelib import read_instance
    from planning.formats.minelib_solutions import read_solution
    from planning.verification.minelib import verify_solution

    asked, answer = read_instance(folder, problem.value), read_solution(solution, problem.value)
    problems = (*asked.problems, *answer.problems)
    if asked.value is None or answer.value is None:
        raise DataError(problems)
    check = verify_solution(asked.value, answer.value, relaxed=relaxed)
    if as_json:
        typer.echo(json.dumps(check.to_dict(), ensure_ascii=False, allow_nan=False))
    else:
        _warn(problems)
        typer.echo(str(check))
        for sentence in check.sentences(SHOWN):
            typer.echo(f"- {sentence}")
        more = len(check.violations) - SHOWN
        if more > 0:
            typer.echo(f"and {more:,} more, which --json lists")
    if not check.feasible:
        raise typer.Exit(3)


def _warn(problems: tuple[Problem, ...]) -> None:
    """Print what was forgiven, apart from results."""
    for problem in problems:
        typer.echo(f"Warning: {problem}", err=True)
