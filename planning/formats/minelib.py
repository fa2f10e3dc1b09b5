"""What does a MineLib instance ask, read from its own files?

An instance is a folder with ``NAME.blocks``, ``NAME.prec`` and one file a problem: ``NAME.upit``,
``NAME.cpit``, ``NAME.pcpsp``. Ids start at 0. Rows are, in any order,

======================================  =========================================================
.prec                                   ``b n p1 ... pn``: p is mined before, or together with, b
OBJECTIVE_FUNCTION                      ``b v1 ... vd``: value at each destination, undiscounted
RESOURCE_CONSTRAINT_COEFFICIENTS        ``b r v`` (cpit), ``b d r v`` (pcpsp); the others are 0
RESOURCE_CONSTRAINT_LIMITS              ``r t L v``, ``r t G v`` or ``r t I v1 v2``
GENERAL_CONSTRAINT_COEFFICIENTS         ``b d t j v``
GENERAL_CONSTRAINT_LIMITS               ``j L v``, ``j G v`` or ``j I v1 v2``
======================================  =========================================================

where L is at most, G at least, I between. A value of -1E+16 a tonne or so is no money but a mark
that the block may not go there (`planning.limits.minelib_problem.FORBIDDEN`).

References
----------
MineLib, *File format*, V1.0 of 23 July 2012; Espinoza et al. (2013), Annals of Operations Research
206, 93-114.
"""

from __future__ import annotations

from pathlib import Path

from deposits.errors import Checked, DataError, Problem
from planning.formats.minelib_model import read_precedence
from planning.formats.minelib_sections import end_problem, read_head, split
from planning.formats.minelib_tables import read_tables
from planning.formats.minelib_text import SHOWN, read_text
from planning.limits.minelib_problem import MineLibProblem, ProblemType


def read_instance(folder: Path, kind: ProblemType) -> Checked[MineLibProblem]:
    """Read one problem of an instance, with its precedence.

    Parameters
    ----------
    folder : Path
        Holds one file of that type and one .prec file, or several with the same name before the
        dot as one .prec file.
    kind : {"upit", "cpit", "pcpsp"}
        Which problem.

    Returns
    -------
    Checked of MineLibProblem
        With every problem of both files.
    """
    if not folder.is_dir():
        remedy = "Name the folder that holds the instance."
        return Checked(None, (Problem("there is no such folder", str(folder), remedy=remedy),))
    asked, missing = _file(folder, kind)
    arcs, no_arcs = _file(folder, "prec", asked.stem if asked else "")
    if asked is None or arcs is None:
        return Checked(None, (*missing, *no_arcs))
    return read_problem(asked, arcs, kind)


def _file(folder: Path, ending: str, stem: str = "") -> tuple[Path | None, list[Problem]]:
    """Find the file of one type in a folder."""
    found = sorted(p for p in folder.iterdir() if p.suffix.lower() == f".{ending}")
    if len(found) > 1 and any(p.stem == stem for p in found):
        found = [p for p in found if p.stem == stem]
    if len(found) == 1:
        return found[0], []
    fact = f"there is no .{ending} file" if not found else f"there are several .{ending} files"
    words = ", ".join(p.name for p in found[:SHOWN])
    remedy = "Keep one instance a folder." if found else "An instance is NAME.prec and NAME.upit."
    return None, [Problem(fact, str(folder), words, "one", remedy)]


def read_problem(path: Path, arcs: Path, kind: ProblemType) -> Checked[MineLibProblem]:
    """Read a problem file and its precedence file.

    Parameters
    ----------
    path, arcs : Path
        The problem file and the .prec file.
    kind : {"upit", "cpit", "pcpsp"}
        The type of problem it should hold.

    Returns
    -------
    Checked of MineLibProblem
        None with an error; warnings name what was forgiven.
    """
    file = path.name
    try:
        sections = split(read_text(path), file)
    except DataError as error:
        return Checked(None, error.problems)
    head, wrong = read_head(sections, kind, file)
    problems = [*sections.problems, *wrong]
    if head is None:
        problems += end_problem(sections, False, file)
        return Checked(None, tuple(problems))
    tables, more = read_tables(sections, head, file)
    problems += more
    problems += end_problem(sections, not more and not _errors(problems), file)
    precedence = read_precedence(arcs, head.n_blocks)
    problems += precedence.problems
    if tables is None or precedence.value is None or _errors(problems):
        return Checked(None, tuple(problems))
    found = MineLibProblem(
        name=head.name,
        kind=kind,
        objective=tables.objective,
        precedence=precedence.value,
        n_periods=head.n_periods,
        discount_rate=head.discount_rate,
        use=tables.use,
        lower=tables.lower,
        upper=tables.upper,
        general=tables.general,
    )
    return Checked(found, tuple(problems))


def _errors(problems: list[Problem]) -> bool:
    """Say whether work must stop."""
    return any(problem.severity == "error" for problem in problems)
