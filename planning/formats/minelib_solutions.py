"""Which answer does a MineLib solution file give?

``upit``: one id of a mined block a line. ``cpit`` and ``pcpsp``, and the ``.LPcpit`` and
``.LPpcpsp`` files of relaxed problems: rows ``b d t fraction``; in cpit the destination is 0.
What is not written is not mined. Whether the answer keeps to the problem is for
`planning.verification.minelib` to say: here only numbers are read.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from deposits.errors import Checked, DataError, Problem
from planning.formats.minelib_text import (
    SHOWN,
    IntArray,
    Rows,
    at_lines,
    of_length,
    read_text,
    rows_of,
    without_header,
)
from planning.limits.minelib_problem import MineLibSolution, ProblemType

FORMS: dict[ProblemType, str] = {"upit": "b", "cpit": "b d t fraction", "pcpsp": "b d t fraction"}


def read_solution(path: Path, kind: ProblemType) -> Checked[MineLibSolution]:
    """Read a solution file.

    Parameters
    ----------
    path : Path
        The file.
    kind : {"upit", "cpit", "pcpsp"}
        Which problem it answers; the file does not say.

    Returns
    -------
    Checked of MineLibSolution
        An empty list of blocks is an answer: nothing is mined.
    """
    file = path.name
    if path.is_file() and path.stat().st_size == 0:
        text, first_line, problems = b"", 1, list[Problem]()
    else:
        try:
            text, first_line, _, problems = without_header(read_text(path), file)
        except DataError as error:
            return Checked(None, error.problems)
    rows, words = rows_of(text, file, first_line)
    width = len(FORMS[kind].split())
    rows, lengths = of_length(rows, width, FORMS[kind], file)
    problems += [*words, *lengths]
    zero = np.zeros(len(rows), dtype=np.int64)
    block = _ids(rows, 0, "block", file, problems)
    destination, period, fraction = zero, zero, np.ones(len(rows))
    if width > 1:
        destination = _ids(rows, 1, "destination", file, problems)
        period = _ids(rows, 2, "period", file, problems)
        fraction = rows.column(3)
        infinite = np.flatnonzero(np.isinf(fraction))
        if len(infinite):
            fact = "a fraction is infinite"
            problems.append(at_lines(fact, file, rows.line[infinite], (), "0 to 1"))
    if any(p.severity == "error" for p in problems):
        return Checked(None, tuple(problems))
    return Checked(MineLibSolution(kind, block, destination, period, fraction), tuple(problems))


def _ids(rows: Rows, number: int, noun: str, file: str, problems: list[Problem]) -> IntArray:
    """Return a column of whole numbers; verification says whether they name anything."""
    values = rows.column(number)
    right = (np.abs(values) < 2**53) & (values == np.floor(values))
    wrong = np.flatnonzero(~right & ~np.isnan(values))
    if len(wrong):
        few = [f"{values[i]:.15g}" for i in wrong[:SHOWN]]
        fact = f"a {noun} is no whole number"
        problems.append(at_lines(fact, file, rows.line[wrong], few, "ids from 0"))
    return np.where(right, values, 0).astype(np.int64)
