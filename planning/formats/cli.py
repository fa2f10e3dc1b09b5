"""How are the problems of the public library MineLib solved, and answers to them checked?"""

from __future__ import annotations

import json
import tempfile
import threading
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from deposits.errors import Problem
    from planning.limits.answers import UltimatePit
    from planning.limits.minelib_problem import MineLibProblem, MineLibSolution

#: Violations that are printed; --json holds them all.
SHOWN = 20


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
        float | None, typer.Option(help="Stop after so long, s.", show_default="none", min=0.0)
    ] = None,
    write: Annotated[
        Path | None, typer.Option(help="Write the answer as a .sol file (no unit).")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Solve a problem of the public library MineLib, with the proof of how good the answer is."""
    if problem is not ProblemName.upit:
        fact = f"scheduling ({problem.value}) is not done yet: anzob solves upit"
        remedy = "`anzob minelib-verify` checks answers to all three problems"
        raise typer.BadParameter(f"{fact}; {remedy}.", param_hint="--problem")
    if write is not None:
        _refuse_unwritable(write)
    from planning.formats.minelib import read_instance
    from planning.limits.minelib_problem import pit_solution

    began = time.perf_counter()
    read = read_instance(folder, "upit")
    asked = read.or_raise()
    warm = _compile()
    left = None if time_limit is None else max(time_limit - (time.perf_counter() - began), 0.0)
    pit = solve_pit(asked, left)
    found = result(asked, pit)
    found["seconds"] = time.perf_counter() - began
    found["compile_seconds"] = warm
    if write is not None and pit is not None:
        _write(write, pit_solution(pit.mined))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, allow_nan=False))
        return
    _warn(read.problems)
    _print_pit(found, pit)
    if write is not None:
        typer.echo(f"Wrote {write}." if pit is not None else f"{write} is not written.")


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


def _compile() -> float:
    """Solve a pit of two blocks, so that compiled code is there, and say how long that took [s]."""
    from planning.limits.pit import ultimate_pit
    from planning.limits.precedence import arc_precedence

    began = time.perf_counter()
    ultimate_pit([3.0, -1.0], arc_precedence(2, [0], [1]))
    return time.perf_counter() - began


def solve_pit(problem: MineLibProblem, seconds: float | None) -> UltimatePit | None:
    """Solve the ultimate pit; None when the time is up first.

    Parameters
    ----------
    problem : MineLibProblem
        A upit.
    seconds : float or None
        Longest time [s]; None is no limit.

    Returns
    -------
    UltimatePit or None

    Raises
    ------
    DataError
        If values cannot be counted in 64 bits.
    """
    from planning.limits.pit import ultimate_pit

    if seconds is None:
        return ultimate_pit(problem.pit_values(), problem.precedence)
    found: list[UltimatePit] = []
    failed: list[Exception] = []

    def work() -> None:
        try:
            found.append(ultimate_pit(problem.pit_values(), problem.precedence))
        except Exception as error:
            failed.append(error)

    # The kernel lets go of the interpreter; a thread left behind ends with the program.
    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(seconds)
    if failed:
        raise failed[0]
    return found[0] if found else None


def result(problem: MineLibProblem, pit: UltimatePit | None) -> dict[str, Any]:
    """Return what others may rely on, without times.

    Parameters
    ----------
    problem : MineLibProblem
        What was asked.
    pit : UltimatePit or None
        The answer; None when the time was up, and then the bound is the sum of all gains.

    Returns
    -------
    dict
        instance, problem, value, bound, gap, status, iterations.
    """
    head = {"instance": problem.name, "problem": problem.kind}
    if pit is None:
        values = problem.pit_values()
        bound = float(values[values > 0.0].sum())
        return {**head, "value": None, "bound": bound, "gap": None, "status": "interrupted",
                "iterations": None}  # fmt: skip
    proven = pit.value_units == pit.bound_units
    status = "optimal" if proven else "feasible"
    return {**head, "value": pit.value, "bound": pit.bound, "gap": pit.gap, "status": status,
            "iterations": 1}  # fmt: skip


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


def _print_pit(found: dict[str, Any], pit: UltimatePit | None) -> None:
    """Print an answer."""
    typer.echo(f"{found['instance']}, {found['problem']}: {found['status']}")
    if pit is None:
        typer.echo(f"No pit within the time; none is worth more than {found['bound']:,.2f}.")
        return
    typer.echo(f"Value {found['value']:,.2f}, bound {found['bound']:,.2f} (rounding at most "
               f"{pit.rounding_bound:.2g}), {int(pit.mined.sum()):,} blocks.")  # fmt: skip
    typer.echo(f"{found['seconds']:.2f} s, of which {found['compile_seconds']:.2f} s compiling "
               f"and {pit.seconds:.2f} s solving.")  # fmt: skip


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
