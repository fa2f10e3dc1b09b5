"""Which headers and tables does a MineLib problem file hold, and which does it lack?

A problem file is a list of ``KEYWORD: value`` lines and of tables, each under its ``KEYWORD:``, in
any order, and ``EOF``. Two of the library's own files lack the EOF (newman1.upit, zuck_small.upit):
that is forgiven, with a warning, where the file ends with a table whose rows can be counted; rows
that are missing there are an error of their own.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from deposits.errors import Problem
from planning.formats.minelib_text import SHOWN, at_lines
from planning.limits.minelib_problem import ProblemType

OBJECTIVE = "OBJECTIVE_FUNCTION"
USE, LIMITS = "RESOURCE_CONSTRAINT_COEFFICIENTS", "RESOURCE_CONSTRAINT_LIMITS"
SIDE_USE, SIDE_LIMITS = "GENERAL_CONSTRAINT_COEFFICIENTS", "GENERAL_CONSTRAINT_LIMITS"
TABLES = (OBJECTIVE, USE, LIMITS, SIDE_USE, SIDE_LIMITS)
#: Least value of each whole number in the head of a file.
COUNTS = {
    "NBLOCKS": 1,
    "NPERIODS": 1,
    "NDESTINATIONS": 1,
    "NRESOURCE_SIDE_CONSTRAINTS": 0,
    "NGENERAL_SIDE_CONSTRAINTS": 0,
}
HEADERS = ("NAME", "TYPE", *COUNTS, "DISCOUNT_RATE")
CPIT_HEADERS = (
    "NAME",
    "TYPE",
    "NBLOCKS",
    "NPERIODS",
    "NRESOURCE_SIDE_CONSTRAINTS",
    "DISCOUNT_RATE",
)
HEADERS_OF: dict[ProblemType, tuple[str, ...]] = {
    "upit": ("NAME", "TYPE", "NBLOCKS"),
    "cpit": CPIT_HEADERS,
    "pcpsp": HEADERS,
}
#: Most of any count: more is a slip of the pen, not a mine.
MOST = 2**31 - 1
KEYWORD = re.compile(rb"^ *([A-Za-z_][^ \n]*) *([^\n]*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Table:
    """The lines under one keyword.

    Parameters
    ----------
    text : bytes
        Whole lines.
    first_line : int
        Number of the first of them in the file.
    """

    text: bytes
    first_line: int


@dataclass(frozen=True, slots=True)
class Sections:
    """A problem file taken apart.

    Parameters
    ----------
    headers : mapping of str to (str, int)
        Value and line of each keyword that has one.
    tables : mapping of str to Table
        Tables in the order of the file.
    ended : bool
        Whether EOF was found.
    problems : tuple of Problem
        Unknown, repeated and misplaced lines.
    """

    headers: Mapping[str, tuple[str, int]]
    tables: Mapping[str, Table]
    ended: bool
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a problem file says.

    Parameters
    ----------
    name : str
        Name of the instance.
    kind : {"upit", "cpit", "pcpsp"}
        Type of problem.
    n_blocks, n_periods, n_destinations, n_resources, n_general : int
        Counts; 1 period, 1 destination and no limits where the type has none.
    discount_rate : float
        Rate a period [fraction]; 0 in upit.
    """

    name: str
    kind: ProblemType
    n_blocks: int
    n_periods: int
    n_destinations: int
    n_resources: int
    n_general: int
    discount_rate: float

    @property
    def tables(self) -> tuple[str, ...]:
        """Tables that such a file must hold."""
        return (
            OBJECTIVE,
            *((USE, LIMITS) if self.n_resources else ()),
            *((SIDE_USE, SIDE_LIMITS) if self.n_general else ()),
        )


def split(text: bytes, file: str) -> Sections:
    """Take a problem file apart.

    Parameters
    ----------
    text : bytes
        As `minelib_text.read_text` returns it.
    file : str
        Name for messages.

    Returns
    -------
    Sections
    """
    headers: dict[str, tuple[str, int]] = {}
    tables: dict[str, Table] = {}
    problems: list[Problem] = []
    marks = _marks(text)
    if marks and marks[0][1] > 0:
        problems += _stray(text[: marks[0][1]], 1, file)
    ended = not marks
    for (word, _, after, line, value), until in zip(marks, _ends(marks, text), strict=True):
        place = f"{file}, line {line}"
        ended = word == "EOF"
        body = text[after:until]
        if word in headers or word in tables:
            problems.append(Problem(f"{word} stands twice", place, remedy="Keep one of them."))
        elif word in TABLES:
            tables[word] = Table(body, line + 1)
            if value:
                fact, remedy = "rows begin on the line of the keyword", "Start a new line there."
                problems.append(Problem(fact, place, value[:60], remedy=remedy))
            continue
        elif word in HEADERS:
            headers[word] = (value, line)
        elif not ended:
            problems.append(_unknown(word, place))
        if ended:
            problems += _stray(text[after:], line + 1, file, "rows after EOF")
            break
        problems += _stray(body, line + 1, file)
    return Sections(headers, tables, ended and bool(marks), tuple(problems))


def _marks(text: bytes) -> list[tuple[str, int, int, int, str]]:
    """Find lines that begin with a word: the word, start, end, number of the line, its value."""
    marks, line, place = [], 1, 0
    for match in KEYWORD.finditer(text):
        line += text.count(b"\n", place, match.start())
        place = match.start()
        word, value = (match.group(i).decode("latin-1").strip() for i in (1, 2))
        marks.append((word, place, min(match.end() + 1, len(text)), line, value))
    return marks


def _ends(marks: list[tuple[str, int, int, int, str]], text: bytes) -> list[int]:
    """Return where the lines under each word end."""
    return [mark[1] for mark in marks[1:]] + [len(text)] if marks else []


def _stray(text: bytes, first_line: int, file: str, what: str = "rows") -> list[Problem]:
    """Report lines that belong to no table."""
    lines = [n for n, row in enumerate(text.split(b"\n"), first_line) if row.strip()]
    if not lines:
        return []
    rows = text.split(b"\n")
    words = [rows[n - first_line].strip().decode("latin-1")[:40] for n in lines[:SHOWN]]
    if what == "rows after EOF":
        return [at_lines("rows after EOF are not read", file, lines, words, remedy="Delete them.")]
    fact, remedy = "rows stand under no table", "Give them their keyword, or start them with %."
    return [at_lines(fact, file, lines, words, remedy=remedy)]


def _unknown(word: str, place: str) -> Problem:
    """Report a keyword that the specification does not know."""
    known = (*HEADERS, *TABLES, "EOF")
    near = difflib.get_close_matches(word.upper(), known, 1, 0.6)
    remedy = f"Did you mean {near[0]}?" if near else "Start comments with %."
    return Problem("unknown keyword", place, word[:60], "those of the specification", remedy)


def read_head(
    sections: Sections, kind: ProblemType, file: str
) -> tuple[Head | None, list[Problem]]:
    """Read and check the head of a problem file.

    Parameters
    ----------
    sections : Sections
        The file taken apart.
    kind : {"upit", "cpit", "pcpsp"}
        The type it is asked for as.
    file : str
        Name for messages.

    Returns
    -------
    head : Head or None
        None when a count is missing or cannot be right.
    problems : list of Problem
    """
    problems = [*_wrong_type(sections, kind, file), *_missing(sections, kind, file)]
    counts, rate = {}, 0.0
    for word in HEADERS_OF[kind]:
        if word in ("NAME", "TYPE") or not sections.headers.get(word, ("",))[0]:
            continue
        value, line = sections.headers[word]
        number, problem = _header_number(word, value, f"{file}, line {line}")
        problems += problem
        if number is not None and word == "DISCOUNT_RATE":
            rate = number
        elif number is not None:
            counts[word] = int(number)
    needed = {word for word in HEADERS_OF[kind] if word in COUNTS}
    if needed - counts.keys():
        return None, problems
    head = Head(
        sections.headers.get("NAME", ("", 0))[0],
        kind,
        counts["NBLOCKS"],
        counts.get("NPERIODS", 1),
        counts.get("NDESTINATIONS", 1),
        counts.get("NRESOURCE_SIDE_CONSTRAINTS", 0),
        counts.get("NGENERAL_SIDE_CONSTRAINTS", 0),
        rate,
    )
    problems += _tables_present(sections, head, file)
    return head, problems


def _wrong_type(sections: Sections, kind: ProblemType, file: str) -> list[Problem]:
    """Report a file of another type than was asked for."""
    if "TYPE" not in sections.headers:
        return []
    found, line = sections.headers["TYPE"]
    if found.upper() == kind.upper():
        return []
    remedy = f"Ask for --problem {found.lower()}." if found.lower() in HEADERS_OF else ""
    fact = "the file holds another type of problem"
    return [Problem(fact, f"{file}, line {line}", found, kind.upper(), remedy)]


def _missing(sections: Sections, kind: ProblemType, file: str) -> list[Problem]:
    """Report headers that are not there, and warn of those that such a file does not have."""
    needed = HEADERS_OF[kind]
    problems = [
        Problem(f"{word} is missing", file, "", f"{word}: and its value", "Is the file cut?")
        for word in needed
        if not sections.headers.get(word, ("",))[0]
    ]
    for word, (_, line) in sections.headers.items():
        if word not in needed:
            fact = f"{word} has no meaning in a {kind.upper()} file and is passed over"
            problems.append(Problem(fact, f"{file}, line {line}", severity="warning"))
    return problems


def _header_number(word: str, value: str, place: str) -> tuple[float | None, list[Problem]]:
    """Read one number of the head."""
    try:
        number = float("nan") if "_" in value else float(value)
    except ValueError:
        number = float("nan")
    if word == "DISCOUNT_RATE":
        good, allowed = -1 < number < float("inf"), "one number above -1, such as 0.08"
    else:
        least = COUNTS[word]
        good = least <= number <= MOST and number == int(number)
        allowed = f"one whole number, at least {least}"
    if good:
        return number, []
    return None, [Problem(f"{word} cannot be right", place, value or "nothing", allowed)]


def _tables_present(sections: Sections, head: Head, file: str) -> list[Problem]:
    """Report tables that are missing, and those that the head says nothing of."""
    problems = [
        Problem(f"the table {word} is missing", file, remedy="Is the file cut?")
        for word in head.tables
        if word not in sections.tables
    ]
    for word, table in sections.tables.items():
        if word not in head.tables and table.text.strip():
            place = f"{file}, line {table.first_line}"
            fact = f"the head says that there is no table {word}"
            remedy = "Correct the counts in the head, or take the table out."
            problems.append(Problem(fact, place, "rows", "none", remedy))
    return problems


def end_problem(sections: Sections, complete: bool, file: str) -> list[Problem]:
    """Say what a missing EOF means.

    Parameters
    ----------
    sections : Sections
        The file taken apart.
    complete : bool
        Whether the head and all tables were read without an error.
    file : str
        Name for messages.

    Returns
    -------
    list of Problem
        Nothing where EOF stands; a warning after a table whose rows can be counted, whatever else
        is wrong; an error where rows may be missing without a trace.
    """
    if sections.ended:
        return []
    last = list(sections.tables)[-1] if sections.tables else ""
    counted = last in (OBJECTIVE, LIMITS, SIDE_LIMITS)
    severity: Literal["error", "warning"] = "warning" if counted else "error"
    fact, remedy = "the file does not end with EOF", "Rows may be missing; get the whole file."
    if counted:
        remedy = "Rows that are missing are told apart from this."
    if counted and complete:
        remedy = "All rows are there; look whether the last number is whole."
    return [Problem(fact, file, remedy=remedy, severity=severity)]
