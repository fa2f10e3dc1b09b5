"""What was found wrong with the drillhole tables, in which rows, and does it stop the work?

Thousands of rows with one mistake are one line to read (the first rows and how many follow) and a
full list to work through (``Findings.as_frame``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.errors import Problem, Severity
from deposits.names import listed

IntArray = NDArray[np.int64]

COLUMNS = ["table", "file", "row", "hole_id", "check", "column", "severity", "found", "allowed"]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that can be wrong, worded once.

    Parameters
    ----------
    check : str
        Short name, for the full list.
    fact, allowed, remedy : str
        As in a Problem.
    severity : {"error", "warning"}
        Whether work stops.
    """

    check: str
    fact: str
    allowed: str = ""
    remedy: str = ""
    severity: Severity = "error"


@dataclass(frozen=True, eq=False, slots=True)
class Finding:
    """One mistake and every row of one table that has it.

    Parameters
    ----------
    mistake : Mistake
        What is wrong.
    table, file : str
        Table of the study and the name of its file.
    rows : ndarray of int, shape (n,)
        Row numbers as the file counts them.
    hole_ids, found : tuple of str, length n
        Hole of each row and what stands there.
    column : str
        The file's column, where one cell is at fault.
    note : str
        What the rows come to together, such as the metres of all gaps.
    """

    mistake: Mistake
    table: str
    file: str
    rows: IntArray
    hole_ids: tuple[str, ...]
    found: tuple[str, ...]
    column: str = ""
    note: str = ""

    def problem(self) -> Problem:
        """Word it in one line."""
        number = len(self.rows)
        which = f"{'row' if number == 1 else 'rows'} {listed(self.rows.tolist(), 4)}"
        place = f"{self.file}, {which}" if number else self.file
        place += f", column {self.column}" if self.column else ""
        holes = [name for name in dict.fromkeys(self.hole_ids) if name]
        said = listed(dict.fromkeys(text for text in self.found if text), 3)
        about = f"{'hole' if len(holes) == 1 else 'holes'} {listed(holes, 3)}" if holes else ""
        found = ": ".join(part for part in (about, said) if part)
        fact = self.mistake.fact + (f" ({self.note})" if self.note else "")
        mistake = self.mistake
        return Problem(fact, place, found, mistake.allowed, mistake.remedy, mistake.severity)

    def as_frame(self) -> pd.DataFrame:
        """Return one row per row of the file."""
        return pd.DataFrame(
            {
                "table": self.table,
                "file": self.file,
                "row": self.rows,
                "hole_id": list(self.hole_ids),
                "check": self.mistake.check,
                "column": self.column,
                "severity": self.mistake.severity,
                "found": list(self.found),
                "allowed": self.mistake.allowed,
            },
            columns=COLUMNS,
        )


@dataclass(frozen=True, eq=False, slots=True)
class TableRows:
    """Which rows a table has and whose they are: all that a finding needs.

    Parameters
    ----------
    table, file : str
        Table of the study and the name of its file.
    rows : ndarray of int, shape (n,)
        Row numbers as the file counts them.
    codes : ndarray of int, shape (n,)
        Number of each row's hole among *names*; -1 where no hole is named.
    names : tuple of str
        Holes in the order in which the table names them first.
    """

    table: str
    file: str
    rows: IntArray
    codes: IntArray
    names: tuple[str, ...]

    def tell(
        self,
        mistake: Mistake,
        where: NDArray[np.bool_] | IntArray,
        found: Sequence[str] | NDArray[np.float64] | None = None,
        *,
        column: str = "",
        note: str = "",
    ) -> list[Finding]:
        """Make the finding of a mistake; none when no row has it.

        Parameters
        ----------
        mistake : Mistake
            What is wrong.
        where : ndarray of bool, shape (n,), or of int, shape (k,)
            Rows that have it, as a mask or as positions.
        found : sequence of str or ndarray of float, length k or n
            What stands there: for each position or, with a mask, for every row of the table.
        column, note : str
            As in Finding.

        Returns
        -------
        list of Finding
            One or none.
        """
        marked = np.asarray(where)
        at = np.flatnonzero(marked) if marked.dtype == np.bool_ else marked
        if not at.size:
            return []
        words: tuple[str, ...] = ("",) * at.size
        if found is not None:
            chosen = found if len(found) == at.size else [found[i] for i in at]
            words = tuple(c if isinstance(c, str) else f"{c:.6g}" for c in chosen)
        holes = tuple(self.names[code] if code >= 0 else "" for code in self.codes[at])
        return [Finding(mistake, self.table, self.file, self.rows[at], holes, words, column, note)]


@dataclass(frozen=True, eq=False, slots=True)
class Findings:
    """Everything found in all tables.

    Parameters
    ----------
    items : tuple of Finding
        In the order of the checks.
    """

    items: tuple[Finding, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Those that stop the work."""
        return tuple(item for item in self.items if item.mistake.severity == "error")

    def problems(self) -> tuple[Problem, ...]:
        """Word each finding in one line."""
        return tuple(item.problem() for item in self.items)

    def count(self, check: str) -> int:
        """Count the rows with a mistake of this name."""
        return sum(len(item.rows) for item in self.items if item.mistake.check == check)

    def as_frame(self) -> pd.DataFrame:
        """Return the full list: one row per finding and row of a file.

        Returns
        -------
        pandas.DataFrame
            Columns table, file, row, hole_id, check, column, severity, found, allowed.
        """
        frames = [item.as_frame() for item in self.items]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS)
