"""How are MineLib's files written, so that they read back the same?

Numbers are written with as many digits as tell them apart, whole ones without a point. A file takes
its name only when it is whole.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from deposits.formats.files import whole_file
from planning.formats.minelib_model import MineLibBlocks
from planning.formats.minelib_sections import LIMITS, OBJECTIVE, SIDE_LIMITS, SIDE_USE, USE
from planning.limits.minelib_problem import (
    FloatArray,
    IntArray,
    MineLibProblem,
    MineLibSolution,
)
from planning.limits.precedence import ArcPrecedence


def write_problem(path: Path, problem: MineLibProblem) -> None:
    """Write a .upit, .cpit or .pcpsp file.

    Parameters
    ----------
    path : Path
        Where to; its ending says the type to other programs.
    problem : MineLibProblem
        Its precedence goes into a file of its own: `write_precedence`.

    Raises
    ------
    ValueError
        If the name of the instance would not read back: it is one line without ``%``.
    """
    name = " ".join(problem.name.replace(":", " ").split())
    if name != problem.name or "%" in name or not name.isascii():
        raise ValueError(f"the name {problem.name!r} cannot stand in a MineLib file")
    _write(path, _problem_lines(problem))


def _problem_lines(problem: MineLibProblem) -> Iterator[str]:
    """Say a problem line by line, in the order of the library's own files."""
    yield f"NAME: {problem.name}"
    yield f"TYPE: {problem.kind.upper()}"
    yield f"NBLOCKS: {problem.n_blocks}"
    if problem.kind != "upit":
        yield f"NPERIODS: {problem.n_periods}"
        if problem.kind == "pcpsp":
            yield f"NDESTINATIONS: {problem.n_destinations}"
        yield f"NRESOURCE_SIDE_CONSTRAINTS: {problem.n_resources}"
        if problem.kind == "pcpsp":
            yield f"NGENERAL_SIDE_CONSTRAINTS: {len(problem.general.upper)}"
        yield f"DISCOUNT_RATE: {_number(problem.discount_rate)}"
    if problem.n_resources:
        yield f"{LIMITS}:"
        for (r, t), low in np.ndenumerate(problem.lower):
            yield from _limit(f"{r} {t}", float(low), float(problem.upper[r, t]))
    yield f"{OBJECTIVE}:"
    for b, values in enumerate(problem.objective.tolist()):
        yield " ".join([str(b), *map(_number, values)])
    if problem.n_resources:
        use = problem.use
        several = [use.destination] if problem.kind == "pcpsp" else []
        yield f"{USE}:"
        yield from _sparse([use.block, *several, use.resource], use.amount)
    if len(problem.general.upper):
        side = problem.general
        columns = [side.block, side.destination, side.period, side.constraint]
        yield f"{SIDE_USE}:"
        yield from _sparse(columns, side.amount)
        yield f"{SIDE_LIMITS}:"
        for j, (low, high) in enumerate(zip(side.lower, side.upper, strict=True)):
            yield from _limit(str(j), float(low), float(high))
    yield "EOF"


def _limit(key: str, low: float, high: float) -> Iterator[str]:
    """Say one limit; none where there is none."""
    if np.isfinite(low) and np.isfinite(high):
        yield f"{key} I {_number(low)} {_number(high)}"
    elif np.isfinite(high):
        yield f"{key} L {_number(high)}"
    elif np.isfinite(low):
        yield f"{key} G {_number(low)}"


def _sparse(columns: Sequence[IntArray], amount: FloatArray) -> Iterator[str]:
    """Say sparse rows."""
    for *ids, value in zip(*(c.tolist() for c in columns), amount.tolist(), strict=True):
        yield f"{' '.join(map(str, ids))} {_number(value)}"


def _number(value: float) -> str:
    """Write a number so that it reads back the same."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def write_precedence(path: Path, precedence: ArcPrecedence) -> None:
    """Write a .prec file, one line a block.

    Parameters
    ----------
    path : Path
        Where to.
    precedence : ArcPrecedence
        Predecessors of each block.
    """
    indptr, indices = precedence.indptr.tolist(), precedence.indices.tolist()
    _write(
        path,
        (
            " ".join(map(str, (b, to - start, *indices[start:to])))
            for b, (start, to) in enumerate(itertools.pairwise(indptr))
        ),
    )


def write_blocks(path: Path, blocks: MineLibBlocks) -> None:
    """Write a .blocks file without a header.

    Parameters
    ----------
    path : Path
        Where to.
    blocks : MineLibBlocks
        In the order of ids.

    Raises
    ------
    ValueError
        If a text could not be read back as one column.
    """
    columns = [_texts(blocks.table[name]) for name in blocks.table.columns]
    _write(path, (" ".join(row) for row in zip(*columns, strict=True)))


def _texts(column: pd.Series) -> list[str]:
    """Write one column of blocks."""
    if pd.api.types.is_float_dtype(column):
        return [_number(value) for value in column.tolist()]
    texts = [str(value) for value in column.tolist()]
    for text in texts:
        if len(text.split()) != 1 or any(sign in text for sign in ":%"):
            raise ValueError(f"the text {text!r} cannot stand in a .blocks file")
    return texts


def write_solution(path: Path, solution: MineLibSolution) -> None:
    """Write a .sol file: ids of mined blocks (upit), else rows ``b d t fraction``.

    Parameters
    ----------
    path : Path
        Where to.
    solution : MineLibSolution
        In the order in which it is to stand.
    """
    if solution.kind == "upit":
        _write(path, map(str, solution.block.tolist()))
        return
    ids = (solution.block, solution.destination, solution.period)
    _write(path, _sparse(ids, solution.fraction))


def _write(path: Path, lines: Iterable[str]) -> None:
    """Write lines under a temporary name that becomes the file's own when all is well."""
    with whole_file(path) as file:
        file.writelines(f"{line}\n".encode("latin-1") for line in lines)
