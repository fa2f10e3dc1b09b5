"""How are a thousand wrong cells told in a page, and none of them left out?

Cells with the same fault in the same column are one problem that names all their rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from deposits.errors import Problem

#: Wrong cells of one kind that are told one by one.
ONE_BY_ONE = 5


def row_ranges(rows: Sequence[int]) -> str:
    """Write row numbers, runs of them as ranges.

    Examples
    --------
    >>> row_ranges([7, 2, 3, 4, 9]), row_ranges([12])
    ('rows 2-4, 7, 9', 'row 12')
    """
    parts: list[list[int]] = []
    for row in sorted(set(rows)):
        if parts and row == parts[-1][-1] + 1:
            parts[-1][1:] = [row]
        else:
            parts.append([row])
    words = ", ".join("-".join(map(str, part)) for part in parts)
    return f"row{'s' if len(set(rows)) > 1 else ''} {words}"


def counted(number: int, one: str, more: str) -> str:
    """Write a number of things.

    Examples
    --------
    >>> counted(1, "row", "rows"), counted(1200, "row", "rows")
    ('1 row', '1,200 rows')
    """
    return f"{number:,} {one if number == 1 else more}"


class Faults:
    """What is wrong with a file, gathered cell by cell.

    Parameters
    ----------
    file : str
        How messages name it.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        #: Rows whose activity cannot be told: nobody knows which has none.
        self.lost = 0
        #: Activities whose shares were scaled by what rounding had taken.
        self.scaled = 0
        self._cells: list[tuple[str, list[int], str, str, str, str]] = []
        self._warnings: list[Problem] = []

    def add(
        self,
        fact: str,
        rows: int | Sequence[int],
        column: str,
        found: str = "",
        *,
        allowed: str = "",
        remedy: str = "",
    ) -> None:
        """Note a wrong cell, or one thing wrong in several rows."""
        at = [rows] if isinstance(rows, int) else [*rows]
        self._cells.append((fact, at, column, found, allowed, remedy))

    def warn(self, fact: str, found: str = "", remedy: str = "") -> None:
        """Note what does not stop work."""
        self._warnings.append(Problem(fact, self.file, found, "", remedy, "warning"))

    def problems(self) -> list[Problem]:
        """Return all of it, errors first, in the order of the rows."""
        groups: dict[tuple[str, str, str, str], list[tuple[list[int], str]]] = {}
        for fact, rows, column, found, allowed, remedy in self._cells:
            groups.setdefault((fact, column, allowed, remedy), []).append((rows, found))
        told: list[tuple[int, Problem]] = []
        for (fact, column, allowed, remedy), cells in groups.items():
            joined = [cells] if len(cells) > ONE_BY_ONE else [[cell] for cell in cells]
            for group in joined:
                rows = [row for some, _ in group for row in some]
                place = f"{self.file}, {row_ranges(rows)}, column {column}"
                examples = list(dict.fromkeys(found for _, found in group if found))
                found = ", ".join(examples[:3]) + (", ..." if len(examples) > 3 else "")
                told.append((min(rows), Problem(fact, place, found, allowed, remedy)))
        told.sort(key=lambda pair: pair[0])
        warnings = [*self._warnings]
        if self.scaled:
            of = counted(self.scaled, "activity", "activities")
            fact = f"shares of {of} miss 1 by rounding and were scaled"
            warnings.append(Problem(fact, self.file, severity="warning"))
        return [*(problem for _, problem in told), *warnings]
