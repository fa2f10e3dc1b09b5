"""Which plan does a mixed-integer program prefer, and how far may it be from the best?

The only file that knows HiGHS. One thread and a fixed seed: equal programs get equal answers unless
a time limit or Ctrl-C stops the search. Costs and rows are scaled by powers of two, which loses no
digit; the value is added up again from the answer. ``highspy`` and ``ortools`` share symbols and
may not live in one process.
"""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError, MissingPackage, Problem
from planning.errors import PlanningError
from planning.programs import MixedIntegerProgram, SolveReport, SolveStatus, dual_bound

FloatArray = NDArray[np.float64]
INSTALL = "Mixed-integer programs need HiGHS: pip install highspy."
#: How far a scaled row or bound may be missed, and what the search calls equal.
FEASIBLE_WITHIN, SEARCH_TOLERANCE = 1e-6, 1e-9
OPTIONS: dict[str, Any] = {
    "output_flag": False, "threads": 1, "parallel": "off", "random_seed": 0, "mip_abs_gap": 0.0,
    "mip_feasibility_tolerance": SEARCH_TOLERANCE, "primal_feasibility_tolerance": SEARCH_TOLERANCE,
    "dual_feasibility_tolerance": SEARCH_TOLERANCE,
}  # fmt: skip


class SolverFailed(PlanningError):
    """The solver gave no answer that can be used."""


def solve(
    program: MixedIntegerProgram,
    *,
    start: ArrayLike | None = None,
    time_limit_s: float | None = None,
    gap: float = 0.0,
) -> SolveReport:
    """Find the best answer of a program, or a good one with a bound.

    Parameters
    ----------
    program : MixedIntegerProgram
        n variables.
    start : array_like, shape (n,), optional
        A known answer, NaN where a variable is left open.
    time_limit_s : float, optional
        When to stop [s], above 0; answers may then differ between runs.
    gap : float
        Stop when (bound - value) / |bound| is not above this [fraction].

    Returns
    -------
    SolveReport
        Ctrl-C stops the search and returns the best answer so far, marked as interrupted.

    Raises
    ------
    MissingPackage
        If highspy is not installed.
    SolverFailed
        If ortools is loaded in this process, or the answer breaks a row.
    """
    started = time.perf_counter()
    if time_limit_s is not None and not time_limit_s > 0:
        raise DataError([Problem("time limit", found=f"{time_limit_s} s", allowed="above 0 s")])
    highs, worth = _load(program, start)
    highs.setOptionValue("mip_rel_gap", float(gap))
    if time_limit_s is not None:
        highs.setOptionValue("time_limit", float(time_limit_s))
    interrupted = _run(highs)
    status = highs.getModelStatus().name
    if status == "kUnboundedOrInfeasible":
        highs.setOptionValue("presolve", "off")
        interrupted = _run(highs)
        status = highs.getModelStatus().name
    found, value, bound, solution, duals = _answer(highs, program, status, worth)
    return SolveReport(status=found, value=value, bound=bound, solution=solution, duals=duals,
                       interrupted=interrupted, seconds=time.perf_counter() - started,
                       solver="HiGHS", version=highs.version())  # fmt: skip


def _power_of_two(largest: float) -> float:
    """Return the power of two that brings a number into [0.5, 1); 1 for 0."""
    return math.ldexp(1.0, -math.frexp(largest)[1]) if largest else 1.0


def _load(program: MixedIntegerProgram, start: ArrayLike | None) -> tuple[Any, float]:
    """Hand a scaled program to HiGHS; return it and the factor of its gains."""
    if "ortools" in sys.modules:
        fact = "HiGHS and OR-tools clash in one process; run OR-tools in a process of its own."
        raise SolverFailed(fact)
    try:
        import highspy
    except ImportError as error:
        raise MissingPackage(INSTALL) from error
    worth = 1024.0 * _power_of_two(float(np.abs(program.gain).max(initial=0.0)))
    factor, row = _row_factors(program), program.row_of_entry()
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = program.n_variables, program.n_rows
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = program.gain * worth, program.lower, program.upper
    lp.row_lower_, lp.row_upper_ = program.row_lower * factor, program.row_upper * factor
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = program.n_variables, program.n_rows
    lp.a_matrix_.start_, lp.a_matrix_.index_ = program.indptr, program.columns
    lp.a_matrix_.value_ = program.entries * factor[row]
    if program.whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(whole)] for whole in program.whole]
    with _no_banner():
        highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, setting in OPTIONS.items():
        highs.setOptionValue(name, setting)
    if highs.passModel(lp) == highspy.HighsStatus.kError:
        raise SolverFailed("HiGHS refuses the program; is a variable named twice in one row?")
    if start is not None:
        _begin_from(highs, program, np.asarray(start, dtype=np.float64))
    return highs, worth


@contextmanager
def _no_banner() -> Iterator[None]:
    """Keep the first instance's banner off standard output: HiGHS has no option for it."""
    sys.stdout.flush()
    try:
        kept = os.dup(1)
    except OSError:  # there is no standard output
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(nowhere)
        os.close(kept)


def _begin_from(highs: Any, program: MixedIntegerProgram, start: FloatArray) -> None:
    """Tell HiGHS a known answer."""
    if start.shape != (program.n_variables,):
        allowed = f"({program.n_variables},)"
        raise DataError([Problem("wrong shape", "start", str(start.shape), allowed)])
    given = np.flatnonzero(np.isfinite(start)).astype(np.int32)
    if len(given):
        highs.setSolution(len(given), given, start[given])


def _run(highs: Any) -> bool:
    """Run HiGHS beside this thread, so that Ctrl-C is heard; say whether it was."""
    highs.HandleUserInterrupt = True
    highs.startSolve()
    interrupted = False
    while True:
        try:
            if highs.wait(0.1)[0]:
                return interrupted
        except KeyboardInterrupt:
            interrupted = True
            highs.cancelSolve()


Answer = tuple[SolveStatus, float | None, float | None, FloatArray | None, FloatArray | None]


def _answer(highs: Any, program: MixedIntegerProgram, status: str, worth: float) -> Answer:
    """Translate HiGHS's answer: status, value, bound, solution, duals."""
    if status == "kInfeasible":
        return SolveStatus.INFEASIBLE, None, None, None, None
    if status in ("kUnbounded", "kUnboundedOrInfeasible"):
        return SolveStatus.UNBOUNDED, None, math.inf, None, None
    stopped = ("kTimeLimit", "kInterrupt", "kIterationLimit", "kSolutionLimit", "kHighsInterrupt")
    if status not in ("kOptimal", "kModelEmpty", *stopped):
        raise SolverFailed(f"HiGHS stopped with {status}.")
    info, mixed = highs.getInfo(), bool(program.whole.any())
    bound, duals = float(info.mip_dual_bound) / worth, None
    if not mixed:
        duals = np.asarray(highs.getSolution().row_dual, dtype=np.float64)
        duals = duals / worth if len(duals) == program.n_rows else np.zeros(program.n_rows)
        duals = duals * _row_factors(program)
        bound = dual_bound(program, duals)
    known = None if not math.isfinite(bound) else bound
    if info.primal_solution_status != 2 and status != "kModelEmpty":
        return SolveStatus.NO_PLAN_YET, None, known, None, None
    x = np.asarray(highs.getSolution().col_value, dtype=np.float64)
    x = np.where(program.whole, np.round(x), x) + 0.0
    x = np.clip(x, program.lower, program.upper)
    _check(program, x)
    value = math.fsum((program.gain * x).tolist())
    found = SolveStatus.FEASIBLE if status in stopped else SolveStatus.PROVEN
    return found, value, None if known is None else max(known, value), x, duals


def _row_factors(program: MixedIntegerProgram) -> FloatArray:
    """Return the factor by which each row is scaled, a power of two."""
    largest = np.zeros(program.n_rows)
    np.maximum.at(largest, program.row_of_entry(), np.abs(program.entries))
    return np.array([_power_of_two(v) for v in largest.tolist()])


def _check(program: MixedIntegerProgram, x: FloatArray) -> None:
    """Raise when an answer misses a row by more than the tolerance."""
    factor, total = _row_factors(program), program.row_values(x)
    missed = np.maximum(program.row_lower - total, total - program.row_upper) * factor
    size = np.maximum(1.0, np.abs(total) * factor)
    if (missed > FEASIBLE_WITHIN * size).any():
        row = int(np.argmax(missed))
        raise SolverFailed(f"HiGHS's answer misses row {row} by {missed[row] / factor[row]:.3g}.")
