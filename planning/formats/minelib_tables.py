"""Which values, uses and limits do the tables of a MineLib problem file hold?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deposits.errors import Problem
from planning.formats.minelib_sections import (
    LIMITS,
    OBJECTIVE,
    SIDE_LIMITS,
    SIDE_USE,
    USE,
    Head,
    Sections,
    Table,
)
from planning.formats.minelib_text import (
    SHOWN,
    FloatArray,
    IntArray,
    Rows,
    at_lines,
    of_length,
    repeated,
    rows_of,
    whole,
)
from planning.limits.minelib_problem import (
    ResourceUse,
    SideConstraints,
    no_side_constraints,
    no_use,
)

EMPTY = Table(b"", 0)
#: Most limits that a file may state: resources times periods, or side constraints.
MOST_LIMITS = 10_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """The tables of a problem file.

    Parameters
    ----------
    objective : ndarray of float, shape (n, d)
        Values [currency].
    use : ResourceUse
        Uses of resources.
    lower, upper : ndarray of float, shape (r, t)
        Limits of resources.
    general : SideConstraints
        General side constraints.
    """

    objective: FloatArray
    use: ResourceUse
    lower: FloatArray
    upper: FloatArray
    general: SideConstraints


@dataclass(frozen=True, slots=True)
class _Ids:
    """One kind of id: its noun and how many there are."""

    noun: str
    most: int


def read_tables(sections: Sections, head: Head, file: str) -> tuple[Tables | None, list[Problem]]:
    """Read every table that the head speaks of.

    Parameters
    ----------
    sections : Sections
        The file taken apart.
    head : Head
        What its head says.
    file : str
        Name for messages.

    Returns
    -------
    tables : Tables or None
        None when an error leaves one of them unusable.
    problems : list of Problem
    """
    if max(head.n_resources * head.n_periods, head.n_general) > MOST_LIMITS:
        found = f"{head.n_resources} resources, {head.n_periods} periods, {head.n_general} general"
        return None, [Problem("too many limits", file, found, f"{MOST_LIMITS:,} in all")]
    problems: list[Problem] = []
    objective = _objective(sections, head, file, problems)
    use, general = no_use(), no_side_constraints()
    lower, upper = np.zeros((0, head.n_periods)), np.zeros((0, head.n_periods))
    if head.n_resources:
        use = _use(sections, head, file, problems)
        ids = (_Ids("resource", head.n_resources), _Ids("period", head.n_periods))
        flat = _limits(sections.tables.get(LIMITS, EMPTY), ids, file, problems)
        lower, upper = (side.reshape(head.n_resources, head.n_periods) for side in flat)
    if head.n_general:
        general = _general(sections, head, file, problems)
    if objective is None or any(p.severity == "error" for p in problems):
        return None, problems
    return Tables(objective, use, lower, upper, general), problems


def _rows(table: Table, form: str, file: str, problems: list[Problem]) -> Rows:
    """Read the rows of a table that are as long as they should be."""
    rows, words = rows_of(table.text, file, table.first_line)
    kept, lengths = of_length(rows, len(form.split()), form, file)
    problems += [*words, *lengths]
    return kept


def _amounts(rows: Rows, number: int, file: str, problems: list[Problem]) -> FloatArray:
    """Return a column of finite numbers."""
    values = rows.column(number)
    wrong = np.flatnonzero(np.isinf(values))
    if len(wrong):
        fact, few = "a number is infinite", [str(values[i]) for i in wrong[:SHOWN]]
        problems.append(at_lines(fact, file, rows.line[wrong], few, "finite numbers"))
    return values


def _ids(rows: Rows, kinds: tuple[_Ids, ...], file: str, problems: list[Problem]) -> list[IntArray]:
    """Return columns of ids; report ids that do not exist and repeated rows."""
    columns, good = [], np.ones(len(rows), dtype=bool)
    for number, ids in enumerate(kinds):
        column, right, wrong = whole(rows, number, ids.most, ids.noun, file)
        problems += wrong
        good &= right
        columns.append(column)
    # A row whose ids are wrong has been reported; it is no repetition of another.
    places = np.flatnonzero(good)
    again = places[repeated(*(column[places] for column in columns))]
    if len(again):
        named = [
            ", ".join(f"{k.noun} {c[i]}" for k, c in zip(kinds, columns, strict=True))
            for i in again[:SHOWN]
        ]
        remedy = "Keep one of the rows."
        problems.append(at_lines("a row stands twice", file, rows.line[again], named, "", remedy))
    return columns


def _objective(
    sections: Sections, head: Head, file: str, problems: list[Problem]
) -> FloatArray | None:
    """Read the value of each block at each destination."""
    table = sections.tables.get(OBJECTIVE, EMPTY)
    form = " ".join(["b", *(f"v{d + 1}" for d in range(min(head.n_destinations, 99)))])
    rows = _rows(table, form, file, problems)
    (block,) = _ids(rows, (_Ids("block", head.n_blocks),), file, problems)
    if OBJECTIVE not in sections.tables:
        return None
    missing = head.n_blocks - len(np.unique(block)) if len(rows) else head.n_blocks
    if missing > 0:
        absent = _absent(block, head.n_blocks)
        fact, found = "blocks have no value", f"{missing:,} of {head.n_blocks:,}, such as {absent}"
        remedy = "Is the file cut, or NBLOCKS wrong?"
        problems.append(Problem(fact, f"{file}, {OBJECTIVE}", found, "one row a block", remedy))
        return None
    values = np.empty((head.n_blocks, head.n_destinations))
    for d in range(head.n_destinations):
        values[block, d] = _amounts(rows, d + 1, file, problems)
    return values


def _absent(block: IntArray, n_blocks: int) -> str:
    """Name the first few blocks that are not there."""
    # Among so many numbers as there are rows, and a few more, the first absent ones must be.
    reach = min(n_blocks, len(block) + SHOWN)
    seen = np.zeros(reach, dtype=bool)
    seen[block[block < reach]] = True
    return ", ".join(str(b) for b in np.flatnonzero(~seen)[:SHOWN])


def _use(sections: Sections, head: Head, file: str, problems: list[Problem]) -> ResourceUse:
    """Read what blocks take of the resources; cpit knows no destinations."""
    several = head.kind == "pcpsp"
    form = "b d r v" if several else "b r v"
    rows = _rows(sections.tables.get(USE, EMPTY), form, file, problems)
    destinations = (_Ids("destination", head.n_destinations),) if several else ()
    kinds = (_Ids("block", head.n_blocks), *destinations, _Ids("resource", head.n_resources))
    columns = _ids(rows, kinds, file, problems)
    amount = _amounts(rows, len(kinds), file, problems)
    destination = columns[1] if several else np.zeros(len(rows), dtype=np.int64)
    return ResourceUse(columns[0], destination, columns[-1], amount)


def _general(sections: Sections, head: Head, file: str, problems: list[Problem]) -> SideConstraints:
    """Read the general side constraints."""
    rows = _rows(sections.tables.get(SIDE_USE, EMPTY), "b d t j v", file, problems)
    kinds = (
        _Ids("block", head.n_blocks),
        _Ids("destination", head.n_destinations),
        _Ids("period", head.n_periods),
        _Ids("side constraint", head.n_general),
    )
    columns = _ids(rows, kinds, file, problems)
    amount = _amounts(rows, len(kinds), file, problems)
    ids = (_Ids("side constraint", head.n_general),)
    lower, upper = _limits(sections.tables.get(SIDE_LIMITS, EMPTY), ids, file, problems)
    block, destination, period, number = columns
    return SideConstraints(block, destination, period, number, amount, lower, upper)


def _limits(
    table: Table, kinds: tuple[_Ids, ...], file: str, problems: list[Problem]
) -> tuple[FloatArray, FloatArray]:
    """Read limits, one a line; there are few of them, so lines are read one by one."""
    size = int(np.prod([ids.most for ids in kinds]))
    lower, upper = np.full(size, -np.inf), np.full(size, np.inf)
    seen: dict[int, int] = {}
    for number, row in enumerate(table.text.split(b"\n"), table.first_line):
        words = row.decode("latin-1").split()
        if not words:
            continue
        place = f"{file}, line {number}"
        key, wrong = _limit_key(words[: len(kinds)], kinds, place)
        bounds, more = _limit_values(words[len(kinds) :], place)
        problems += [*wrong, *more]
        if key is None or bounds is None:
            continue
        if key in seen:
            fact = f"the limit of line {seen[key]} is stated again"
            problems.append(Problem(fact, place, " ".join(words), remedy="Keep one of the rows."))
            continue
        seen[key] = number
        lower[key], upper[key] = bounds
    if len(seen) < size and table.first_line:
        fact, found = "limits are not stated and taken as none", f"{size - len(seen)} of {size}"
        place = f"{file}, table at line {table.first_line - 1}"
        problems.append(Problem(fact, place, found, severity="warning"))
    return lower, upper


def _limit_key(
    words: list[str], kinds: tuple[_Ids, ...], place: str
) -> tuple[int | None, list[Problem]]:
    """Read which limit a row states."""
    key, problems = 0, []
    if len(words) < len(kinds):
        return None, [Problem("a row is cut", place, " ".join(words))]
    for word, ids in zip(words, kinds, strict=True):
        number = int(word) if word.isascii() and word.isdigit() else -1
        if not 0 <= number < ids.most:
            allowed = f"0 to {ids.most - 1}"
            problems.append(Problem(f"there is no such {ids.noun}", place, word, allowed))
        key = key * ids.most + number
    return None if problems else key, problems


def _limit_values(words: list[str], place: str) -> tuple[tuple[float, float] | None, list[Problem]]:
    """Read L, G or I and the numbers after it."""
    sense, numbers = (words[0] if words else ""), []
    for word in words[1:]:
        try:
            numbers.append(float("nan") if "_" in word else float(word))
        except ValueError:
            numbers.append(float("nan"))
    wanted = {"L": 1, "G": 1, "I": 2}.get(sense)
    forms = "L v (at most), G v (at least) or I v1 v2 (between)"
    if wanted is None or len(numbers) != wanted or any(n != n for n in numbers):
        return None, [Problem("this is no limit", place, " ".join(words) or "nothing", forms)]
    low = -np.inf if sense == "L" else numbers[0]
    high = np.inf if sense == "G" else numbers[-1]
    if low > high or low == np.inf or high == -np.inf:
        fact, remedy = "no amount lies within the limit", "Write the lesser number first."
        return None, [Problem(fact, place, " ".join(words), forms, remedy)]
    return (low, high), []
