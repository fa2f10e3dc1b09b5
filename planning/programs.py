"""What is a mixed-integer program, and what is known of its answer?

Nouns alone: no solver is imported here. `planning.solver` answers programs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: What rounding may leave of a price, as a share of its parts.
NOISE = 1e-9


class SolveStatus(StrEnum):
    """What is known about an answer."""

    PROVEN = "proven"
    FEASIBLE = "feasible"
    NO_PLAN_YET = "no plan yet"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MixedIntegerProgram:
    """Maximise gain . x with rows within limits and some x whole.

    Parameters
    ----------
    gain : ndarray, shape (n,)
        Worth of a unit of each variable.
    lower, upper : ndarray, shape (n,)
        Limits of the variables; infinite where there is none.
    whole : ndarray of bool, shape (n,)
        Which variables must be whole numbers.
    indptr : ndarray of int, shape (m + 1,)
        Row r has the entries ``indptr[r]:indptr[r + 1]``.
    columns : ndarray of int, shape (k,)
        Variable of each entry, once a row.
    entries : ndarray, shape (k,)
        Coefficient of each entry.
    row_lower, row_upper : ndarray, shape (m,)
        Limits of the rows.

    Raises
    ------
    DataError
        With all that is wrong with the numbers.
    """

    gain: FloatArray
    lower: FloatArray
    upper: FloatArray
    whole: NDArray[np.bool_]
    indptr: IntArray
    columns: IntArray
    entries: FloatArray
    row_lower: FloatArray
    row_upper: FloatArray

    def __post_init__(self) -> None:
        """Refuse a program that cannot be read."""
        for name, kind in (("indptr", np.int64), ("columns", np.int64), ("whole", np.bool_)):
            object.__setattr__(self, name, np.ascontiguousarray(getattr(self, name), kind))
        for name in ("gain", "lower", "upper", "entries", "row_lower", "row_upper"):
            object.__setattr__(self, name, np.ascontiguousarray(getattr(self, name), np.float64))
        problems = _problems(self)
        if problems:
            raise DataError(problems)

    @property
    def n_variables(self) -> int:
        """Number of variables."""
        return len(self.gain)

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.row_lower)

    def row_values(self, solution: ArrayLike) -> FloatArray:
        """Return what each row adds up to, shape (m,)."""
        x = np.asarray(solution, dtype=np.float64)
        parts: FloatArray = self.entries * x[self.columns]
        total = np.bincount(self.row_of_entry(), parts, self.n_rows)
        return total.astype(np.float64)

    def row_of_entry(self) -> IntArray:
        """Return the row of each entry, shape (k,)."""
        return np.repeat(np.arange(self.n_rows), np.diff(self.indptr))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SolveReport:
    """An answer with what is known about it.

    Parameters
    ----------
    status : SolveStatus
        PROVEN: no better answer to the solver's tolerance; FEASIBLE: stopped before a proof.
    value : float or None
        Gain of the solution, added up again; None when there is none.
    bound : float or None
        No answer is worth more; None when not known.
    solution : ndarray, shape (n,), or None
        The variables; whole ones are whole.
    duals : ndarray, shape (m,), or None
        Gain of a unit more of each row's limit; of programs without whole variables.
    interrupted : bool
        Whether Ctrl-C stopped the search.
    seconds : float
        Wall time in the solver.
    solver, version : str
        Who answered.
    nodes, steps : int
        Nodes of the search tree and steps of the simplex method: the same every time, as seconds
        are not.
    """

    status: SolveStatus
    value: float | None
    bound: float | None
    solution: FloatArray | None
    duals: FloatArray | None
    interrupted: bool
    seconds: float
    solver: str
    version: str
    nodes: int = 0
    steps: int = 0

    @property
    def gap(self) -> float | None:
        """(bound - value) / |bound| [fraction]; None when either is not known."""
        if self.value is None or self.bound is None:
            return None
        if self.bound == self.value:
            return 0.0
        return (self.bound - self.value) / abs(self.bound) if self.bound else math.inf

    def facts(self) -> list[Fact]:
        """Return what a reader wants to know first."""
        stopped = ", interrupted" if self.interrupted else ""
        gap = None if self.gap is None else 100 * self.gap
        return [Fact("status", self.status + stopped), Fact("value", self.value),
                Fact("bound", self.bound), Fact("gap", gap, "%"),
                Fact("solver", f"{self.solver} {self.version}")]  # fmt: skip

    def __str__(self) -> str:
        """Facts as text."""
        return as_text("Solver's answer", self.facts())

    def _repr_html_(self) -> str:
        """Facts as a table."""
        return as_html("Solver's answer", self.facts())


def _problems(program: MixedIntegerProgram) -> list[Problem]:
    """List what is wrong with a program's numbers."""
    n, m = len(program.gain), len(program.row_lower)
    sizes = {"lower": n, "upper": n, "whole": n, "indptr": m + 1, "row_upper": m,
             "entries": len(program.columns)}  # fmt: skip
    wrong = [
        Problem("wrong length", name, str(len(getattr(program, name))), str(size))
        for name, size in sizes.items()
        if getattr(program, name).shape != (size,)
    ]
    if wrong:
        return wrong
    inner, columns = program.indptr, program.columns
    if inner[0] != 0 or inner[-1] != len(columns) or (np.diff(inner) < 0).any():
        wrong.append(Problem("rows do not follow one another", "indptr"))
    if len(columns) and (columns.min() < 0 or columns.max() >= n):
        wrong.append(Problem("no such variable", "columns", allowed=f"0 to {n - 1}"))
    for name in ("gain", "entries"):
        count = int((~np.isfinite(getattr(program, name))).sum())
        if count:
            wrong.append(Problem("not finite", name, f"{count} numbers"))
    for low, high in (("lower", "upper"), ("row_lower", "row_upper")):
        count = int((~(getattr(program, low) <= getattr(program, high))).sum())
        if count:
            fact = "lower limits are above upper ones, or not numbers"
            wrong.append(Problem(fact, f"{low}, {high}", f"{count} pairs"))
    return wrong


def dual_bound(program: MixedIntegerProgram, duals: ArrayLike) -> float:
    """Return what no answer exceeds, by weak duality, whatever the *duals*.

    Parameters
    ----------
    program : MixedIntegerProgram
        m rows.
    duals : array_like, shape (m,)
        Price y of a unit of each row.

    Returns
    -------
    float
        sum of max(row_lower y, row_upper y) + sum of max(lower d, upper d), d = gain - A' y.
        What rounding leaves of a price (1e-9 of its parts) counts as 0 where a limit is infinite.
    """
    y = np.asarray(duals, dtype=np.float64)
    priced = program.entries * y[program.row_of_entry()]
    rest = program.gain - np.bincount(program.columns, priced, program.n_variables)
    size = np.abs(program.gain)
    size = size + np.bincount(program.columns, np.abs(priced), program.n_variables)
    largest = float(np.abs(y).max(initial=0.0))
    terms: list[float] = []
    for price, low, high, parts in (
        (y, program.row_lower, program.row_upper, largest),
        (rest, program.lower, program.upper, size),
    ):
        limit = np.where(price > 0, high, low)
        noise = ~np.isfinite(limit) & (np.abs(price) <= NOISE * parts)
        counts = (price != 0) & ~noise
        terms += (price[counts] * limit[counts]).tolist()
    return math.fsum(terms) if all(map(math.isfinite, terms)) else math.inf
