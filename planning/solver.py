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
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """When a search stops before its proof.

    Parameters
    ----------
    time_limit_s : float or None
        Wall time [s], above 0; answers may then differ between runs.
    nodes : int or None
        Nodes of the search tree, 0 or more: the same answer every time.
    gap : float
        (bound - value) / |bound| [fraction].
    missing : float
        bound - value [unit of the gains]: what more is not worth the search.
    """

    time_limit_s: float | None = None
    nodes: int | None = None
    gap: float = 0.0
    missing: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no limit."""
        if self.time_limit_s is not None and not self.time_limit_s > 0:
            found = f"{self.time_limit_s} s"
            raise DataError([Problem("time limit", found=found, allowed="above 0 s")])


#: Standard output is turned away and back by one thread at a time, or it would stay away.
_ALONE = threading.Lock()


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
    limits = SearchLimits(time_limit_s=time_limit_s, gap=gap)
    return solve_together([program], [start], limits)[0]


def solve_together(
    programs: Sequence[MixedIntegerProgram],
    starts: Sequence[ArrayLike | None],
    limits: SearchLimits,
) -> list[SolveReport]:
    """Answer several programs at once, each in a thread of its own.

    Parameters
    ----------
    programs : sequence of MixedIntegerProgram
        Programs.
    starts : sequence of array_like or None
        A known answer of each, NaN where a variable is left open.
    limits : SearchLimits
        When each search stops.

    Returns
    -------
    list of SolveReport
        The same answers as one after the other, unless a time limit stops a search. Ctrl-C stops
        all of them and returns the best answers so far, marked as interrupted.

    Raises
    ------
    MissingPackage
        If highspy is not installed.
    SolverFailed
        If ortools is loaded in this process, or an answer breaks a row.
    """
    began = time.perf_counter()
    loaded = [_load(one, start) for one, start in zip(programs, starts, strict=True)]
    for highs, worth in loaded:
        _limit(highs, limits, worth)
    interrupted = _run([highs for highs, _ in loaded])
    again = [h for h, _ in loaded if h.getModelStatus().name == "kUnboundedOrInfeasible"]
    for highs in again:
        highs.setOptionValue("presolve", "off")
    if again:
        interrupted = _run(again) or interrupted
    return [
        _report(highs, program, (worth, interrupted, began))
        for program, (highs, worth) in zip(programs, loaded, strict=True)
    ]


def _report(
    highs: Any, program: MixedIntegerProgram, run: tuple[float, bool, float]
) -> SolveReport:
    """Put HiGHS's answer in our words."""
    worth, interrupted, began = run
    status, info = highs.getModelStatus().name, highs.getInfo()
    found, value, bound, solution, duals = _answer(highs, program, status, worth)
    return SolveReport(status=found, value=value, bound=bound, solution=solution, duals=duals,
                       interrupted=interrupted, seconds=time.perf_counter() - began,
                       solver="HiGHS", version=highs.version(), nodes=int(info.mip_node_count),
                       steps=int(info.simplex_iteration_count))  # fmt: skip


def _limit(highs: Any, limits: SearchLimits, worth: float) -> None:
    """Tell HiGHS when to stop."""
    highs.setOptionValue("mip_rel_gap", float(limits.gap))
    highs.setOptionValue("mip_abs_gap", float(limits.missing * worth))
    if limits.time_limit_s is not None:
        highs.setOptionValue("time_limit", float(limits.time_limit_s))
    if limits.nodes is not None:
        highs.setOptionValue("mip_max_nodes", int(limits.nodes))


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
    with _ALONE, _no_banner():
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


def _run(every: Sequence[Any]) -> bool:
    """Run HiGHS beside this thread, so that Ctrl-C is heard; say whether it was."""
    interrupted = False
    for highs in every:
        highs.HandleUserInterrupt = True
    # highspy's own startSolve runs one solver a process at a time. An event, not the thread, says
    # when a search is over: an interrupted join may take a running thread for an ended one.
    waiting = [(highs, threading.Event()) for highs in every]
    for pair in waiting:
        threading.Thread(target=_search, args=pair, daemon=True).start()
    while waiting:
        try:
            waiting[0][1].wait(0.1)
            waiting = [pair for pair in waiting if not pair[1].is_set()]
        except KeyboardInterrupt:
            interrupted = True
            for highs in every:
                highs.cancelSolve()
    return interrupted


def _search(highs: Any, over: threading.Event) -> None:
    """Search, and say when that is over, however it ends."""
    try:
        highs.solve()
    finally:
        over.set()


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
    factor: FloatArray = np.where(largest > 0, np.ldexp(1.0, -np.frexp(largest)[1]), 1.0)
    return factor


def _check(program: MixedIntegerProgram, x: FloatArray) -> None:
    """Raise when an answer misses a row by more than the tolerance."""
    factor, total = _row_factors(program), program.row_values(x)
    missed = np.maximum(program.row_lower - total, total - program.row_upper) * factor
    size = np.maximum(1.0, np.abs(total) * factor)
    if (missed > FEASIBLE_WITHIN * size).any():
        row = int(np.argmax(missed))
        raise SolverFailed(f"HiGHS's answer misses row {row} by {missed[row] / factor[row]:.3g}.")
