"""How do MineLib's text files become rows of numbers, with the line of each mistake?

The files are ASCII. ``%`` starts a comment. Blank, tab and colon separate, and many of them
separate once. Numbers may be in E notation. Nothing is read token by token in Python: a section of
a million numbers is one call, and only a section with a word in it is looked at again.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deposits.errors import Problem
from deposits.formats.files import read_bytes

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: Mistakes of one kind that are shown; the others are counted.
SHOWN = 5
COMMENT = re.compile(rb"%[^\n]*")
SEPARATORS = bytes.maketrans(b"\t:\r\v\f", b"     ")
NEWLINE, BLANK = 10, 32


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of numbers of unequal length.

    Parameters
    ----------
    values : ndarray of float, shape (m,)
        All numbers in the order of the file; NaN where a word stood.
    first, count : ndarray of int, shape (r,)
        Place of a row's first number among the values; how many there are.
    line : ndarray of int, shape (r,)
        Line of the file, counted from 1.
    """

    values: FloatArray
    first: IntArray
    count: IntArray
    line: IntArray

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.line)

    def column(self, number: int) -> FloatArray:
        """Return one number of each row; every row must be that long."""
        return self.values[self.first + number]

    def keep(self, which: BoolArray) -> Rows:
        """Return some of the rows."""
        return Rows(self.values, self.first[which], self.count[which], self.line[which])


def read_text(path: Path) -> bytes:
    """Read a file with comments gone and every separator a blank; lines keep their numbers.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    bytes
        Lines end with LF, whatever they ended with.

    Raises
    ------
    DataError
        If it is missing or empty.
    """
    raw = read_bytes(path).removeprefix(b"\xef\xbb\xbf")
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"%" in raw:
        raw = COMMENT.sub(b"", raw)
    return raw.translate(SEPARATORS)


def rows_of(text: bytes, file: str, first_line: int = 1) -> tuple[Rows, list[Problem]]:
    """Turn lines of numbers into rows.

    Parameters
    ----------
    text : bytes
        Whole lines as `read_text` returns them; empty ones are passed over.
    file : str
        Name for messages.
    first_line : int
        Number of the first line in the file.

    Returns
    -------
    rows : Rows
        NaN stands for what is no number.
    problems : list of Problem
        Every word that is no number, NaN itself among them.
    """
    letters = np.frombuffer(text, dtype=np.uint8)
    filled = (letters != BLANK) & (letters != NEWLINE)
    begins = filled.copy()
    begins[1:] &= ~filled[:-1]
    places = np.flatnonzero(begins)
    if not len(places):
        none = np.zeros(0, dtype=np.int64)
        return Rows(np.zeros(0), none, none, none), []
    line_of = np.searchsorted(np.flatnonzero(letters == NEWLINE), places).astype(np.int64)
    first = np.flatnonzero(np.concatenate([[True], line_of[1:] != line_of[:-1]]))
    count = np.diff(np.append(first, len(places)))
    values = _numbers(text, len(places))
    problems = []
    bad = np.flatnonzero(np.isnan(values))
    if len(bad):
        few = [_word(text, int(places[i])) for i in bad[:SHOWN]]
        remedy = "Write a number, with a decimal point, or start a comment with %."
        lines = line_of[bad] + first_line
        problems = [at_lines("this is not a number", file, lines, few, "numbers", remedy)]
    return Rows(values, first, count, line_of[first] + first_line), problems


def _numbers(text: bytes, n_words: int) -> FloatArray:
    """Read all words as numbers at once, or one by one when that fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = np.fromstring(text, dtype=np.float64, sep=" ")
        except (DeprecationWarning, ValueError):
            found = np.zeros(0)
    if len(found) == n_words:
        return found
    return np.array([_number(word) for word in text.split()], dtype=np.float64)


def _number(word: bytes) -> float:
    """Read one number; NaN when it is a word. Python would also take 1_000."""
    try:
        return float("nan") if b"_" in word else float(word)
    except ValueError:
        return float("nan")


def _word(text: bytes, place: int) -> str:
    """Return the word that begins at a place."""
    return text[place : place + 40].split(None, 1)[0].decode("latin-1")


def at_lines(
    fact: str,
    file: str,
    lines: Sequence[int] | IntArray,
    found: Sequence[str] = (),
    allowed: str = "",
    remedy: str = "",
) -> Problem:
    """Say one kind of mistake once, with its first few lines shown and the others counted.

    Parameters
    ----------
    fact : str
        What is wrong.
    file : str
        Where.
    lines : sequence of int
        Every line with the mistake.
    found : sequence of str
        What stands in the first few of them.
    allowed, remedy : str
        What may stand there; what to do.

    Returns
    -------
    Problem
    """
    place = f"{file}, line {int(lines[0])}"
    if len(lines) > 1:
        place += f" and {len(lines) - 1:,} more"
    words = list(found[:SHOWN])
    if len(lines) > 1:
        words = [f"{w} (line {int(n)})" for w, n in zip(words, lines, strict=False)]
    text = ", ".join(words)
    if words and len(lines) > len(words):
        text += f" and {len(lines) - len(words):,} more"
    return Problem(fact, place, text, allowed, remedy)


def whole(
    rows: Rows, number: int, most: int, noun: str, file: str
) -> tuple[IntArray, BoolArray, list[Problem]]:
    """Return a column of ids counted from 0, and where they are right.

    Parameters
    ----------
    rows : Rows
        Each longer than *number*.
    number : int
        Which column.
    most : int
        How many ids there are.
    noun : str
        What they count, for messages.
    file : str
        Name for messages.

    Returns
    -------
    ids : ndarray of int, shape (r,)
        0 where the number is none of them.
    right : ndarray of bool, shape (r,)
        Where it is one.
    problems : list of Problem
    """
    values = rows.column(number)
    right = (values >= 0) & (values < most) & (values == np.floor(values))
    wrong = np.flatnonzero(~right & ~np.isnan(values))
    problems = []
    if len(wrong):
        few = [f"{values[i]:.15g}" for i in wrong[:SHOWN]]
        fact, remedy = f"there is no such {noun}", "Ids are whole and start at 0."
        allowed = f"0 to {most - 1}"
        problems = [at_lines(fact, file, rows.line[wrong], few, allowed, remedy)]
    return np.where(right, values, 0).astype(np.int64), right, problems


def of_length(rows: Rows, length: int, form: str, file: str) -> tuple[Rows, list[Problem]]:
    """Keep rows of one length, and report the others.

    Parameters
    ----------
    rows : Rows
        Of any length.
    length : int
        Numbers that a row should hold.
    form : str
        What they are, for messages.
    file : str
        Name for messages.

    Returns
    -------
    rows : Rows
        Those of that length.
    problems : list of Problem
    """
    wrong = np.flatnonzero(rows.count != length)
    if not len(wrong):
        return rows, []
    few = [f"{rows.count[i]} numbers" for i in wrong[:SHOWN]]
    fact, remedy = "a row has too few or too many numbers", "Is the line cut or joined to another?"
    allowed = f"{length} numbers: {form}"
    problem = at_lines(fact, file, rows.line[wrong], few, allowed, remedy)
    return rows.keep(rows.count == length), [problem]


def repeated(*columns: IntArray) -> IntArray:
    """Return the places of rows that stood before, in the order of the file.

    Parameters
    ----------
    *columns : ndarray of int, shape (r,)
        A row is one number of each.

    Returns
    -------
    ndarray of int
        Without the first of each.
    """
    order = np.lexsort(columns)
    same = np.ones(max(len(order) - 1, 0), dtype=bool)
    for column in columns:
        ranked = column[order]
        same &= ranked[1:] == ranked[:-1]
    return np.sort(order[1:][same]).astype(np.int64)


def without_header(text: bytes, file: str) -> tuple[bytes, int, tuple[str, ...], list[Problem]]:
    """Take off a first line of column names, which some mirrors of the library add.

    Parameters
    ----------
    text : bytes
        As `read_text` returns it.
    file : str
        Name for messages.

    Returns
    -------
    text : bytes
        The lines after it.
    first_line : int
        Number of the first of them.
    names : tuple of str
        Its words; empty where the first line holds numbers.
    problems : list of Problem
        A warning that a header was passed over.
    """
    start = len(text) - len(text.lstrip(b" \n"))
    end = text.find(b"\n", start)
    words = text[start : end if end >= 0 else len(text)].split()
    if not words or any(not np.isnan(_number(word)) or word == b"nan" for word in words):
        return text, 1, (), []
    line = text.count(b"\n", 0, start) + 1
    names = tuple(word.decode("latin-1") for word in words)
    fact = "the first line names columns, which the specification does not know; it is passed over"
    warning = Problem(fact, f"{file}, line {line}", " ".join(names)[:60], severity="warning")
    return (text[end + 1 :] if end >= 0 else b""), line + 1, names, [warning]
