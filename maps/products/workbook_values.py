"""What does each formula of the workbook come to before a spreadsheet opens it?

Readers that work nothing out (previews, protected view, other programs) show the value that stands
in the file. Only what our own formulas use is understood here; LibreOffice is the referee.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+\.?\d*(?:E[-+]?\d+)?)
    |(?P<text>"(?:[^"]|"")*")
    |(?P<cell>(?:'(?:[^']|'')*'!)?\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?(?![\w(]))
    |(?P<word>[A-Z]+)
    |(?P<sign><=|>=|<>|[-+*/^&=<>(),]))""",
    re.VERBOSE | re.IGNORECASE,
)
#: Signs from the loosest to the tightest, as spreadsheets bind them.
BINDING = (("=", "<>", "<=", ">=", "<", ">"), ("&",), ("+", "-"), ("*", "/"), ("^",))
#: Texts stand above numbers, and truth above texts.
RANKS: Mapping[type, int] = {float: 0, str: 1, bool: 2}

Thunk = Callable[[], Any]


class Fault(Exception):
    """What a spreadsheet would show as an error, such as #DIV/0!."""


@dataclass(slots=True, eq=False)
class Values:
    """The cells of a workbook that is being written, and what they come to.

    Parameters
    ----------
    tables : mapping of str to mapping
        Cells of each sheet by row and column, as xlsxwriter keeps them.
    texts : sequence of str
        The texts that cells point to.
    """

    tables: Mapping[str, Any]
    texts: Sequence[str]
    _found: dict[tuple[str, int, int], Any] = field(default_factory=dict)

    def at(self, sheet: str, row: int, column: int) -> Any:
        """Return a number, text, truth, or None for an empty cell.

        Raises
        ------
        Fault
            If a spreadsheet would show an error.
        """
        key = (sheet, row, column)
        if key not in self._found:
            cell = self.tables[sheet].get(row, {}).get(column)
            try:
                self._found[key] = self._of(sheet, cell)
            except (Fault, ZeroDivisionError) as error:
                self._found[key] = Fault(str(error))
        found = self._found[key]
        if isinstance(found, Fault):
            raise found
        return found

    def _of(self, sheet: str, cell: Any) -> Any:
        kind = type(cell).__name__
        if kind in ("Number", "Datetime"):
            return float(cell.number)
        if kind == "String":
            return self.texts[cell.string]
        if kind != "Formula":
            return None
        if cell.value != "":
            return float(cell.value) if type(cell.value) is int else cell.value
        return single(_Reader(self, sheet, cell.formula).whole()())


def fill(workbook: Any) -> list[str]:
    """Give every formula of an open workbook that has no value the one that it comes to.

    Parameters
    ----------
    workbook : xlsxwriter.Workbook
        All of whose cells are written.

    Returns
    -------
    list of str
        Cells that a spreadsheet would show as an error; they stay empty.
    """
    known = workbook.str_table.string_table
    sheets = {sheet.name: sheet for sheet in workbook.worksheets()}
    values = Values({name: sheet.table for name, sheet in sheets.items()}, list(known))
    faults = []
    for name, sheet in sheets.items():
        for row in sorted(sheet.table):
            for column, cell in sheet.table[row].items():
                if type(cell).__name__ != "Formula" or cell.value != "":
                    continue
                try:
                    found = values.at(name, row, column)
                except Fault:
                    faults.append(f"{name} {row + 1} {column + 1} {cell.formula}")
                    continue
                sheet.table[row][column] = cell._replace(value=0.0 if found is None else found)
    return faults


class _Reader:
    """Reads one formula into functions that work it out."""

    def __init__(self, values: Values, sheet: str, formula: str) -> None:
        self.values, self.sheet = values, sheet
        found = TOKEN.finditer(formula.removeprefix("="))
        self.tokens = [(str(each.lastgroup), each[str(each.lastgroup)]) for each in found]
        self.place = 0

    def whole(self) -> Thunk:
        read = self._level(0)
        if self.place != len(self.tokens):
            raise ValueError(f"not understood at part {self.place}: {self.tokens[self.place]}")
        return read

    def _next(self, *signs: str) -> str:
        """Return and pass the next sign if it is one of these, else ""."""
        if self.place < len(self.tokens):
            kind, text = self.tokens[self.place]
            if kind == "sign" and text in signs:
                self.place += 1
                return text
        return ""

    def _level(self, level: int) -> Thunk:
        if level == len(BINDING):
            return self._unary()
        left = self._level(level + 1)
        while sign := self._next(*BINDING[level]):
            left = _joined(sign, left, self._level(level + 1))
        return left

    def _unary(self) -> Thunk:
        if not self._next("-"):
            return self._first()
        of = self._unary()
        return lambda: spread(lambda a: -number(a), of())

    def _first(self) -> Thunk:
        if self._next("("):
            inner = self._level(0)
            self._next(")")
            return inner
        kind, text = self.tokens[self.place]
        self.place += 1
        if kind == "number":
            constant = float(text)
            return lambda: constant
        if kind == "text":
            said = text[1:-1].replace('""', '"')
            return lambda: said
        if kind == "cell":
            return self._cells(text)
        if not self._next("("):
            return lambda: text == "TRUE"
        given: list[Thunk] = []
        while not self._next(")"):
            given.append(self._level(0))
            self._next(",")
        work = FUNCTIONS[text]
        return lambda: work(given)

    def _cells(self, text: str) -> Thunk:
        from xlsxwriter.utility import xl_cell_to_rowcol

        sheet, _, cells = text.rpartition("!")
        name = sheet[1:-1].replace("''", "'") if sheet else self.sheet
        first, _, last = cells.replace("$", "").partition(":")
        top, left = xl_cell_to_rowcol(first)
        if not last:
            return lambda: self.values.at(name, top, left)
        bottom, right = xl_cell_to_rowcol(last)
        places = [(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)]
        return lambda: Cells(lambda i: self.values.at(name, *places[i]), len(places), left)


class Cells(Sequence[Any]):
    """Values of a range, one row or one column, each worked out when it is asked for.

    Parameters
    ----------
    of : callable
        Place in the range -> its value.
    size, left : int
        Number of cells, and of their first column from 0.
    """

    def __init__(self, of: Callable[[int], Any], size: int, left: int = 0) -> None:
        self.of, self.size, self.left = of, size, left

    def __len__(self) -> int:
        """Return the number of cells."""
        return self.size

    def __getitem__(self, place: Any) -> Any:
        """Return the value at a place."""
        if place >= self.size:
            raise IndexError(place)
        return self.of(place)


def number(value: Any) -> float:
    """Return a value as a number; empty counts as 0, as spreadsheets have it."""
    if isinstance(value, str):
        raise Fault("#VALUE!")
    return 0.0 if value is None else float(value)


def single(value: Any) -> Any:
    """Return a value that is no range."""
    if isinstance(value, Cells):
        raise Fault("#VALUE!")
    return value


def spread(work: Callable[..., Any], *given: Any) -> Any:
    """Work on values, place by place where one of them is a range."""
    longest = max((len(each) for each in given if isinstance(each, Cells)), default=None)
    if longest is None:
        return work(*given)
    rows = [each if isinstance(each, Cells) else [each] * longest for each in given]
    found = [work(*row) for row in zip(*rows, strict=True)]
    return Cells(found.__getitem__, longest)


def ordered(one: Any, other: Any) -> tuple[tuple[int, Any], tuple[int, Any]]:
    """Return two values so that they can be compared; an empty one is 0 or ""."""
    pair = []
    for value, beside in ((one, other), (other, one)):
        told = ("" if isinstance(beside, str) else 0.0) if value is None else value
        told = float(told) if type(told) is int else told
        pair.append((RANKS[type(told)], told.casefold() if isinstance(told, str) else told))
    return pair[0], pair[1]


def _written(value: Any) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value or "")


SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: number(a) + number(b),
    "-": lambda a, b: number(a) - number(b),
    "*": lambda a, b: number(a) * number(b),
    "/": lambda a, b: number(a) / number(b),
    "^": lambda a, b: number(a) ** number(b),
    "&": lambda a, b: _written(a) + _written(b),
    "=": lambda a, b: (lambda p: p[0] == p[1])(ordered(a, b)),
    "<>": lambda a, b: (lambda p: p[0] != p[1])(ordered(a, b)),
    "<": lambda a, b: (lambda p: p[0] < p[1])(ordered(a, b)),
    ">": lambda a, b: (lambda p: p[0] > p[1])(ordered(a, b)),
    "<=": lambda a, b: (lambda p: p[0] <= p[1])(ordered(a, b)),
    ">=": lambda a, b: (lambda p: p[0] >= p[1])(ordered(a, b)),
}


def _joined(sign: str, left: Thunk, right: Thunk) -> Thunk:
    work = SIGNS[sign]
    return lambda: spread(work, left(), right())


def _flat(given: Sequence[Thunk]) -> list[Any]:
    found: list[Any] = []
    for each in given:
        value = each()
        found += list(value) if isinstance(value, Cells) else [value]
    return found


def _numbers(given: Sequence[Thunk]) -> list[float]:
    return [v for v in _flat(given) if isinstance(v, float) and not isinstance(v, bool)]


def _if(given: Sequence[Thunk]) -> Any:
    return given[1 if number(single(given[0]())) else 2]()


def _is_number(given: Sequence[Thunk]) -> bool:
    try:
        return type(given[0]()) is float
    except (Fault, ZeroDivisionError):
        return False


def _or_else(given: Sequence[Thunk]) -> Any:
    try:
        return given[0]()
    except (Fault, ZeroDivisionError):
        return given[1]()


def _match(given: Sequence[Thunk]) -> float:
    """Place of the last that is not above, in rising order."""
    wanted = number(given[0]())
    below = sum(1 for value in given[1]() if number(value) <= wanted)
    if not below:
        raise Fault("#N/A")
    return float(below)


def _index(given: Sequence[Thunk]) -> Any:
    cells, place = given[0](), int(number(single(given[1]())))
    if not 1 <= place <= len(cells):
        raise Fault("#REF!")
    return cells[place - 1]


def _count_if(given: Sequence[Thunk]) -> float:
    sign, limit = str(given[1]())[0], float(str(given[1]())[1:])
    return float(sum(1 for v in _numbers(given[:1]) if SIGNS[sign](v, limit)))


def _root(given: Sequence[Thunk]) -> float:
    value = number(single(given[0]()))
    if value < 0:
        raise Fault("#NUM!")
    return math.sqrt(value)


def _columns(given: Sequence[Thunk]) -> Any:
    cells = given[0]()
    return Cells(lambda i: float(cells.left + 1 + i), len(cells))


FUNCTIONS: Mapping[str, Callable[[Sequence[Thunk]], Any]] = {
    "IF": _if,
    "IFERROR": _or_else,
    "AND": lambda given: all(number(v) != 0 for v in _flat(given)),
    "OR": lambda given: any(number(v) != 0 for v in _flat(given)),
    "NOT": lambda given: not number(single(given[0]())),
    "ISNUMBER": _is_number,
    "N": lambda given: v if isinstance(v := given[0](), float | bool) else 0.0,
    "COUNT": lambda given: float(len(_numbers(given))),
    "SUM": lambda given: math.fsum(_numbers(given)),
    "MIN": lambda given: min(_numbers(given), default=0.0),
    "MAX": lambda given: max(_numbers(given), default=0.0),
    "ABS": lambda given: abs(number(single(given[0]()))),
    "INT": lambda given: float(math.floor(number(single(given[0]())))),
    "SQRT": _root,
    "ROWS": lambda given: float(len(given[0]())),
    "COLUMN": _columns,
    "EXACT": lambda given: spread(lambda a, b: _written(a) == _written(b), *(g() for g in given)),
    "SUMPRODUCT": lambda given: math.fsum(
        map(number, spread(lambda *v: math.prod(map(number, v)), *(g() for g in given)))
    ),
    "MATCH": _match,
    "INDEX": _index,
    "COUNTIF": _count_if,
}
