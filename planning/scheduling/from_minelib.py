"""What does a problem of MineLib look like as a scheduling problem, and its answer as a plan?

The library's cpit and pcpsp are `ScheduleProblem`s of whole years without spans, flows and windows.
A year of the library is any period; its period 0 is not discounted, as `start_of_year` says.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deposits.errors import DataError, Problem
from planning.limits.minelib_problem import (
    DISCOUNTING,
    MineLibProblem,
    MineLibSolution,
    ProblemType,
    ResourceUse,
)
from planning.scheduling.calendar import equal_years
from planning.scheduling.plan import SchedulePlan
from planning.scheduling.problem import ActivityUse, ScheduleProblem, no_flows

IntArray = NDArray[np.int64]
#: Wrong rows that one message names.
SHOWN = 5
#: Fractions of a block that add up to within this of 1 are the whole block.
WHOLE_WITHIN = 1e-6


def schedule_problem(asked: MineLibProblem) -> ScheduleProblem:
    """Return a problem of MineLib as a scheduling problem.

    Parameters
    ----------
    asked : MineLibProblem
        A cpit or pcpsp; a upit becomes one period without limits.

    Returns
    -------
    ScheduleProblem
        Activity b is block b. Values at or below the library's mark for "not allowed" are -inf.
    """
    n, t = asked.n_blocks, asked.n_periods
    return ScheduleProblem(
        name=asked.name,
        calendar=equal_years(t, asked.discount_rate, DISCOUNTING),
        value=np.where(asked.forbidden, -np.inf, asked.objective),
        precedence=asked.precedence,
        span_class=np.zeros(asked.precedence.n_arcs, dtype=np.int64),
        spans_years=np.zeros(1),
        use=_use(asked.use, asked.n_destinations, asked.n_resources),
        lower=asked.lower,
        upper=asked.upper,
        cumulative=np.zeros(asked.n_resources, dtype=np.bool_),
        flows=no_flows(t),
        first=np.zeros(n, dtype=np.int64),
        last=np.full(n, t - 1, dtype=np.int64),
        general=asked.general,
        split=asked.kind == "pcpsp",
    )


def _use(use: ResourceUse, n_destinations: int, n_resources: int) -> ActivityUse:
    """Return uses with amounts of the same place added up, and none that is 0."""
    width = max(n_resources, 1)
    cell = (use.block * n_destinations + use.destination) * width + use.resource
    cells, place = np.unique(cell, return_inverse=True)
    amount = np.bincount(place, use.amount, len(cells)).astype(np.float64)
    kept = amount != 0.0
    where, resource = np.divmod(cells[kept], width)
    activity, destination = np.divmod(where, n_destinations)
    return ActivityUse(activity, destination, resource, amount[kept])


def minelib_solution(
    problem: ScheduleProblem, plan: SchedulePlan, kind: ProblemType
) -> MineLibSolution:
    """Return a plan as an answer that MineLib can read.

    Parameters
    ----------
    problem : ScheduleProblem
        What was planned.
    plan : SchedulePlan
        The answer; what its flows move has no place in MineLib.
    kind : {"upit", "cpit", "pcpsp"}
        Which problem it answers.

    Returns
    -------
    MineLibSolution
        One row a block and destination that takes part of it, by block; what is never done has
        none.

    Raises
    ------
    DataError
        If the plan moves flows.
    """
    if (plan.flow != 0.0).any():
        remedy = "Write it as a plan of its own: MineLib has no stockpiles."
        found = f"{int((plan.flow != 0.0).any(axis=1).sum())} flows"
        raise DataError([Problem("flows cannot stand in a .sol file", "plan", found, "none",
                                 remedy)])  # fmt: skip
    share = np.where(plan.done(problem.n_periods)[:, None], plan.share, 0.0)
    block, destination = np.nonzero(share)
    block, destination = block.astype(np.int64), destination.astype(np.int64)
    period, fraction = plan.period[block].astype(np.int64), share[block, destination]
    return MineLibSolution(kind, block, destination, period, fraction)


def plan_of_solution(problem: ScheduleProblem, solution: MineLibSolution) -> SchedulePlan:
    """Return an answer to a problem of MineLib as a plan.

    Parameters
    ----------
    problem : ScheduleProblem
        What was asked.
    solution : MineLibSolution
        Whole blocks, each in one period; whether they keep to the limits is not looked at.

    Returns
    -------
    SchedulePlan
        Shares made to add up to 1 exactly.

    Raises
    ------
    DataError
        If a row names what does not exist, or a block is done in parts or in several periods; all
        at once.
    """
    n, d, t = problem.n_activities, problem.n_destinations, problem.n_periods
    problems = _unknown(problem, solution)
    if problems:
        raise DataError(problems)
    share = np.zeros((n, d))
    np.add.at(share, (solution.block, solution.destination), solution.fraction)
    mined = solution.fraction != 0.0
    first, last = np.full(n, t, dtype=np.int64), np.full(n, -1, dtype=np.int64)
    np.minimum.at(first, solution.block[mined], solution.period[mined])
    np.maximum.at(last, solution.block[mined], solution.period[mined])
    total = share.sum(axis=1)
    done = first < t
    torn = np.flatnonzero(done & (first != last))
    parts = np.flatnonzero(done & ~(np.abs(total - 1.0) <= WHOLE_WITHIN))
    remedy = "A plan mines whole blocks; fractions are answers to the relaxed problem."
    if torn.size:
        problems.append(_problem("blocks are mined in several periods", torn, remedy))
    if parts.size:
        problems.append(_problem("blocks are mined in part", parts, remedy))
    if problems:
        raise DataError(problems)
    share[done] /= total[done, None]
    share[~done] = 0.0
    return SchedulePlan(first, share, np.zeros((problem.n_flows, t)))


def _unknown(problem: ScheduleProblem, solution: MineLibSolution) -> list[Problem]:
    """List rows whose numbers name nothing."""
    problems = []
    for noun, numbers, count in (
        ("block", solution.block, problem.n_activities),
        ("destination", solution.destination, problem.n_destinations),
        ("period", solution.period, problem.n_periods),
    ):
        wrong = np.flatnonzero((numbers < 0) | (numbers >= count))
        if wrong.size:
            found = ", ".join(str(numbers[row]) for row in wrong[:SHOWN].tolist())
            fact = f"{wrong.size:,} rows name no {noun}"
            problems.append(Problem(fact, "solution", found, f"0 to {count - 1:,}"))
    return problems


def _problem(fact: str, blocks: IntArray, remedy: str) -> Problem:
    """Say what is wrong with some blocks, naming a few."""
    few = ", ".join(str(block) for block in blocks[:SHOWN].tolist())
    return Problem(f"{blocks.size:,} {fact}", "solution", few, "whole blocks, once", remedy)
