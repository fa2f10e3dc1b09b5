"""What blocks does a MineLib instance have, and what must be mined before each of them?

``NAME.blocks`` holds one line a block, ``id x y z f1 ... fk``: x, y, z are whole numbers of blocks,
z = 0 the deepest bench, z upwards; what the k further columns mean is told by each instance's own
page. ``NAME.prec`` holds one line a block, ``b n p1 ... pn``.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from deposits.display import Fact, as_html, as_text
from deposits.errors import Checked, DataError, Problem
from planning.formats.minelib_text import (
    BLANK,
    NEWLINE,
    SHOWN,
    IntArray,
    Rows,
    at_lines,
    of_length,
    read_text,
    repeated,
    rows_of,
    whole,
    without_header,
)
from planning.limits.precedence import ArcPrecedence, arc_precedence

PLACES = ("id", "x", "y", "z")


@dataclass(frozen=True, slots=True, eq=False)
class MineLibBlocks:
    """The blocks of an instance.

    Parameters
    ----------
    table : DataFrame
        One row a block in the order of ids, with id, x, y, z and the free columns f1, f2, ... (or
        as a header calls them): numbers where every block has one, text elsewhere.
    """

    table: pd.DataFrame

    def facts(self) -> list[Fact]:
        """List what a reader wants to know first."""
        free = [name for name in self.table.columns if name not in PLACES]
        sizes = [int(np.ptp(self.table[axis])) + 1 for axis in ("x", "y", "z")]
        return [
            Fact("Blocks", f"{len(self.table):,}"),
            Fact("Extent", " x ".join(map(str, sizes)), "blocks"),
            Fact("Columns", ", ".join(free)),
        ]

    def __str__(self) -> str:
        """Facts as plain text."""
        return as_text("MineLib blocks", self.facts())

    def _repr_html_(self) -> str:
        """Facts as HTML."""
        return as_html("MineLib blocks", self.facts())


def read_precedence(path: Path, n_blocks: int) -> Checked[ArcPrecedence]:
    """Read a .prec file.

    Parameters
    ----------
    path : Path
        The file.
    n_blocks : int
        Number of blocks of the instance.

    Returns
    -------
    Checked of ArcPrecedence
        Arcs in any order of rows; a predecessor named twice in a row counts once, with a warning.
    """
    file = path.name
    try:
        text, first_line, _, problems = without_header(read_text(path), file)
    except DataError as error:
        return Checked(None, error.problems)
    rows, words = rows_of(text, file, first_line)
    problems += words
    rows = _counted(rows, file, problems)
    block, right, wrong = whole(rows, 0, n_blocks, "block", file)
    problems += [*wrong, *_one_row_each(block[right], rows.line[right], n_blocks, file)]
    owner, predecessor = _arcs(rows, block, n_blocks, file, problems)
    if any(p.severity == "error" for p in problems):
        return Checked(None, tuple(problems))
    try:
        return Checked(arc_precedence(n_blocks, owner, predecessor), tuple(problems))
    except DataError as error:
        found = [
            Problem(p.fact, ", ".join(filter(None, (file, p.place))), p.found, p.allowed, p.remedy)
            for p in error.problems
        ]
        return Checked(None, (*problems, *found))


def _counted(rows: Rows, file: str, problems: list[Problem]) -> Rows:
    """Keep rows that hold as many predecessors as they say."""
    long = rows.count >= 2
    said = np.full(len(rows), np.nan)
    said[long] = rows.values[rows.first[long] + 1]
    wrong = np.flatnonzero(said != rows.count - 2)
    if not len(wrong):
        return rows
    few = [
        f"says {said[i]:.15g}, holds {rows.count[i] - 2}" if long[i] else "one number"
        for i in wrong[:SHOWN]
    ]
    fact, remedy = "a row holds another number of predecessors than it says", "Is the line cut?"
    problems.append(at_lines(fact, file, rows.line[wrong], few, "b n p1 ... pn", remedy))
    return rows.keep(said == rows.count - 2)


def _one_row_each(block: IntArray, line: IntArray, n_blocks: int, file: str) -> list[Problem]:
    """Report blocks with two rows, and blocks with none."""
    problems = []
    again = repeated(block)
    if len(again):
        few = [f"block {block[i]}" for i in again[:SHOWN]]
        remedy = "Keep one of the rows."
        problems.append(at_lines("a block has two rows", file, line[again], few, "", remedy))
    missing = n_blocks - len(np.unique(block))
    if missing:
        absent = np.setdiff1d(np.arange(n_blocks), block)[:SHOWN]
        few = [f"{missing:,} of {n_blocks:,}, such as {', '.join(map(str, absent))}"]
        fact, remedy = "blocks have no row", "Is the file cut? A block without any is written b 0."
        problems.append(Problem(fact, file, few[0], "one row a block", remedy))
    return problems


def _arcs(
    rows: Rows, block: IntArray, n_blocks: int, file: str, problems: list[Problem]
) -> tuple[IntArray, IntArray]:
    """Return the arcs of rows, and report those that lead nowhere."""
    n_arcs = rows.count - 2
    row = np.repeat(np.arange(len(rows)), n_arcs)
    within = np.arange(len(row)) - np.repeat(np.cumsum(n_arcs) - n_arcs, n_arcs)
    places = rows.first[row] + 2 + within
    ones = np.ones(len(row), dtype=np.int64)
    arcs = Rows(rows.values, places, ones, rows.line[row])
    predecessor, right, wrong = whole(arcs, 0, n_blocks, "block", file)
    problems += wrong
    owner = block[row]
    own = np.flatnonzero((owner == predecessor) & right)
    if len(own):
        few = [f"block {owner[i]}" for i in own[:SHOWN]]
        remedy = "Take it out; no block waits for itself."
        fact = "a block is its own predecessor"
        problems.append(at_lines(fact, file, arcs.line[own], few, "", remedy))
    again = repeated(owner * np.int64(n_blocks) + predecessor)
    if len(again) and not wrong:
        few = [f"{predecessor[i]} before {owner[i]}" for i in again[:SHOWN]]
        twice = at_lines("a predecessor stands twice; it counts once", file, arcs.line[again], few)
        problems.append(Problem(twice.fact, twice.place, twice.found, severity="warning"))
    return owner, predecessor


def read_blocks(path: Path) -> Checked[MineLibBlocks]:
    """Read a .blocks file.

    Parameters
    ----------
    path : Path
        The file; a first line of column names, as some mirrors have it, names the columns.

    Returns
    -------
    Checked of MineLibBlocks
        Ids 0 to n - 1, each once, in any order of lines.
    """
    file = path.name
    try:
        text, first_line, names, problems = without_header(read_text(path), file)
    except DataError as error:
        return Checked(None, error.problems)
    numbers, wide = _lines(text, first_line, file, problems)
    if wide == 0:
        return Checked(None, tuple(problems))
    words = pd.read_csv(
        io.BytesIO(text), sep=r"\s+", header=None, na_filter=False, dtype=str,
        encoding="latin-1", quoting=csv.QUOTE_NONE,
    )  # fmt: skip
    table = words.apply(_typed)
    problems += _check_places(table, numbers, file)
    named = names if len(names) == wide and names[:4] == PLACES else ()
    table.columns = pd.Index(named or [*PLACES, *(f"f{i + 1}" for i in range(wide - 4))])
    if any(p.severity == "error" for p in problems):
        return Checked(None, tuple(problems))
    table = table.astype(dict.fromkeys(PLACES, np.int64))
    ordered = table.sort_values("id", ignore_index=True)
    return Checked(MineLibBlocks(ordered), tuple(problems))


def _typed(words: pd.Series) -> pd.Series:
    """Turn a column into numbers where every word is one; numpy rounds each correctly."""
    try:
        if any("_" in word for word in words):
            return words
        return pd.Series(np.array(words.tolist(), dtype=np.str_).astype(np.float64), words.index)
    except ValueError:
        return words


def _lines(
    text: bytes, first_line: int, file: str, problems: list[Problem]
) -> tuple[IntArray, int]:
    """Return the numbers of filled lines and how many words each has; 0 words when they differ."""
    rows = Rows(np.zeros(0), *_words(text))
    if not len(rows):
        problems.append(Problem("there are no blocks", file, remedy="Is the file cut?"))
        return rows.line, 0
    wide = int(np.bincount(rows.count).argmax())
    placed = Rows(rows.values, rows.first, rows.count, rows.line + first_line)
    form = "id x y z and the same further columns on every line"
    _, wrong = of_length(placed, wide, form, file)
    if wide < len(PLACES):
        wrong = [Problem("a block has no place", file, f"{wide} columns", "id x y z ...")]
    problems += wrong
    return placed.line, 0 if wrong else wide


def _words(text: bytes) -> tuple[IntArray, IntArray, IntArray]:
    """Return first word, number of words and line (from 0) of each filled line."""
    letters = np.frombuffer(text, dtype=np.uint8)
    filled = (letters != BLANK) & (letters != NEWLINE)
    begins = filled.copy()
    begins[1:] &= ~filled[:-1]
    places = np.flatnonzero(begins)
    lines = np.searchsorted(np.flatnonzero(letters == NEWLINE), places)
    line, first, count = np.unique(lines, return_index=True, return_counts=True)
    return first.astype(np.int64), count.astype(np.int64), line.astype(np.int64)


def _check_places(table: pd.DataFrame, line: IntArray, file: str) -> list[Problem]:
    """Report ids and places that are not whole, ids that are not 0 to n - 1, shared places."""
    problems = []
    for column, name in enumerate(PLACES):
        values = pd.to_numeric(table[column], errors="coerce").to_numpy(np.float64)
        whole_ones = np.isfinite(values) & (values == np.floor(values))
        wrong = np.flatnonzero(~whole_ones | ((values < 0) | (values >= len(table)) if column == 0
                                              else np.zeros(len(table), dtype=bool)))  # fmt: skip
        if len(wrong):
            few = [str(table[column].iloc[i]) for i in wrong[:SHOWN]]
            allowed = f"0 to {len(table) - 1}, each once" if column == 0 else "whole numbers"
            fact = f"{name} cannot be right"
            problems.append(at_lines(fact, file, line[wrong], few, allowed))
    if problems:
        return problems
    for columns, fact in (([0], "an id stands twice"), ([1, 2, 3], "two blocks share a place")):
        again = np.flatnonzero(table.duplicated(columns).to_numpy())
        if len(again):
            few = [" ".join(str(v) for v in table.iloc[i, :4]) for i in again[:SHOWN]]
            problems.append(at_lines(fact, file, line[again], few, "", "Keep one of the lines."))
    return problems
