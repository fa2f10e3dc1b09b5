"""Which limits cannot hold together, by how much, in which period, and can that be seen at once?

`limit_problems` looks for what no plan can meet before anything is solved: it only adds up. What it
finds is certain; that it finds nothing proves nothing. `explain` says what the linear program found
of the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from deposits.errors import Problem
from planning.scheduling.answers import Collision, Relaxation
from planning.scheduling.earliest import earliest_periods
from planning.scheduling.problem import ScheduleProblem

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
#: Less than this share of what is compared is rounding.
WITHIN = 1e-9
#: Activities, periods or ranges of periods that a message names.
SHOWN = 5


def explain(problem: ScheduleProblem, relaxation: Relaxation) -> tuple[str, ...]:
    """Say in sentences why no plan keeps to all limits.

    Parameters
    ----------
    problem : ScheduleProblem
        What was asked.
    relaxation : Relaxation
        Its relaxation; one that has an answer needs no explanation.

    Returns
    -------
    tuple of str
        What is certain by adding up, then which limits must give way at least, those of the same
        resource and side together; () when the relaxation is not infeasible.
    """
    if relaxation.status != "infeasible":
        return ()
    seen = [str(p) for p in limit_problems(problem) if p.severity == "error"]
    rows = _groups(relaxation.collisions)
    sentences = [_group(problem, row) for row in rows]
    if sentences:
        lead = "No plan keeps to all limits, not even one that does activities in parts"
        sentences.insert(0, f"{lead}. The least that must give way:")
    elif not seen:
        sentences = ["No plan keeps to all limits; which of them collide is not known."]
    return (*seen, *sentences)


def _groups(collisions: Sequence[Collision]) -> list[list[Collision]]:
    """Put the collisions of a resource and side together, those that miss most first."""
    rows: dict[tuple[int, str, bool], list[Collision]] = {}
    for c in collisions:
        rows.setdefault((c.resource, c.side, c.period < 0), []).append(c)
    groups = [sorted(row, key=lambda c: c.period) for row in rows.values()]
    return sorted(groups, key=lambda row: -max(_part(c) for c in row))


def _part(collision: Collision) -> float:
    """Return how much is missing, as a share of the limit."""
    return collision.missing / max(abs(collision.limit), 1e-300)


def _group(problem: ScheduleProblem, row: Sequence[Collision]) -> str:
    """Say what is missing of one resource, period by period or in all."""
    if len(row) <= SHOWN or row[0].period < 0:
        return "; ".join(collision.sentence(problem) for collision in row) + "."
    worst = max(row, key=lambda collision: collision.missing)
    name, unit = problem.names.resource(worst.resource), _unit(problem, worst.resource)
    way = "less than its lower" if worst.side == "lower" else "more than its upper"
    total = "" if problem.cumulative[worst.resource] else (
        f", {sum(c.missing for c in row):,.6g}{unit} in all"
    )  # fmt: skip
    first, last = row[0].period + 1, row[-1].period + 1
    return (
        f"{name}: {way} limit in {len(row)} periods from {first} to {last}{total}; most in period "
        f"{worst.period + 1}, {worst.missing:,.6g}{unit} of {worst.limit:,.6g}{unit}."
    )


def _unit(problem: ScheduleProblem, resource: int) -> str:
    """Return the unit of a resource with a blank before it."""
    return f" {problem.names.units[resource]}" if problem.names.units else ""


def limit_problems(problem: ScheduleProblem) -> tuple[Problem, ...]:
    """List what no plan can meet, as far as adding up shows it.

    Parameters
    ----------
    problem : ScheduleProblem
        Any problem.

    Returns
    -------
    tuple of Problem
        Errors: limits that cannot be kept, each with its period and what could be reached;
        warnings: activities that can never be done.
    """
    earliest = earliest_periods(problem)
    able = earliest <= np.minimum(problem.last, problem.n_periods - 1)
    able &= problem.allowed.any(axis=1)
    return (
        *_never(problem, earliest, able),
        *_out_of_reach(problem, earliest, able),
        *_contradictions(problem, able),
        *_competitions(problem, able),
        *_general(problem, earliest, able),
    )


def _never(problem: ScheduleProblem, earliest: IntArray, able: BoolArray) -> Iterator[Problem]:
    """Warn of activities that no plan can hold, by what shuts them out."""
    shut = problem.first > problem.last
    nowhere = ~problem.allowed.any(axis=1) & ~shut
    late = ~able & ~shut & ~nowhere
    if late.any():
        a = int(np.flatnonzero(late)[0])
        end = min(int(problem.last[a]), problem.n_periods - 1) + 1
        soon = f"can be done in period {earliest[a] + 1} at the earliest, after all before it"
        soon = soon if earliest[a] < problem.n_periods else "has no period left after all before it"
        found = f"{problem.names.activity(a)} {soon}, its last period is {end}"
        remedy = "Give it, or what comes before it, more time, or leave it out."
        yield _warning(problem, late, "windows and spans of predecessors shut out", found, remedy)
    if nowhere.any():
        yield _warning(problem, nowhere, "no destination is allowed to", "", "")


def _warning(
    problem: ScheduleProblem, which: BoolArray, fact: str, found: str, remedy: str
) -> Problem:
    """Word activities that are never done, the first ones by name."""
    numbers = np.flatnonzero(which)
    few = ", ".join(problem.names.activity(a) for a in numbers[:SHOWN].tolist())
    more = f" and {numbers.size - SHOWN:,} more" if numbers.size > SHOWN else ""
    count = "an activity" if numbers.size == 1 else f"{numbers.size:,} activities"
    return Problem(f"{fact} {count}", few + more, found, remedy=remedy, severity="warning")


def _most(problem: ScheduleProblem, resource: int, sign: float) -> tuple[FloatArray, FloatArray]:
    """Return the most that each activity, and all flows in each period, add to a resource.

    With sign -1 it is the most that they take away.
    """
    use, flows = problem.use, problem.flows
    own = (use.resource == resource) & problem.allowed[use.activity, use.destination]
    activity = np.zeros(problem.n_activities)
    np.maximum.at(activity, use.activity[own], sign * use.amount[own])
    flow = np.zeros(problem.n_periods)
    for f, r, amount in zip(flows.flow, flows.resource, flows.amount, strict=True):
        if r == resource and sign * amount > 0:
            flow += sign * amount * flows.most[f]
    return activity, flow


def _out_of_reach(
    problem: ScheduleProblem, earliest: IntArray, able: BoolArray
) -> Iterator[Problem]:
    """Find limits above what all activities that can be done by then would use together."""
    for r in range(problem.n_resources):
        for limits, sign in ((problem.lower[r], 1.0), (-problem.upper[r], -1.0)):
            if (limits > 0).any():
                most, flow = _most(problem, r, sign)
                args = (r, limits, sign)
                yield from _reach(problem, args, (most * able, flow), earliest)


def _reach(
    problem: ScheduleProblem,
    limit: tuple[int, FloatArray, float],
    most: tuple[FloatArray, FloatArray],
    earliest: IntArray,
) -> Iterator[Problem]:
    """Compare one side of a resource's limits with what runs of periods can reach."""
    resource, limits, sign = limit
    t = problem.n_periods
    activity, flow = most
    cumulative = bool(problem.cumulative[resource])
    last = np.minimum(problem.last, t - 1)
    worst: tuple[float, int, int, float, float] | None = None
    for start in range(1 if cumulative else t):
        open_still = last >= start
        reach = np.bincount(np.minimum(earliest, t)[open_still], activity[open_still], t + 1)
        by = np.cumsum(reach)[start:t] + np.cumsum(flow[start:])
        need = limits[start:] if cumulative else np.cumsum(np.maximum(limits[start:], 0.0))
        missing = np.where(np.isfinite(need), need - by, -np.inf)
        at = int(missing.argmax())
        # Of runs that miss as much, the shortest: the last to begin.
        least = WITHIN * max(abs(need[at]), 1e-300) if worst is None else worst[0] * (1 - WITHIN)
        if missing[at] > least:
            worst = (float(missing[at]), start, start + at, float(need[at]), float(by[at]))
    if worst is not None:
        yield _unreachable(problem, resource, sign, worst)


def _unreachable(
    problem: ScheduleProblem,
    resource: int,
    sign: float,
    worst: tuple[float, int, int, float, float],
) -> Problem:
    """Word a limit that is out of reach."""
    missing, start, end, need, by = worst
    unit = _unit(problem, resource)
    run, several = f"period {end + 1}", start < end
    if problem.cumulative[resource]:
        run, several = f"all up to period {end + 1}", False
    elif several:
        run = f"periods {start + 1} to {end + 1}"
    side = "lower" if sign > 0 else "upper"
    does = "use" if sign > 0 else "give"
    return Problem(
        f"the {side} limit{'s' if several else ''} cannot be met, {missing:,.6g}{unit} are missing",
        f"{problem.names.resource(resource)}, {run}",
        f"{sign * need:,.6g}{unit}, where all that can be done by then {does}s at most "
        f"{by:,.6g}{unit}",
        remedy=f"Lower it by {missing:,.6g}{unit}, or let activities be done earlier."
        if sign > 0
        else f"Raise it by {missing:,.6g}{unit}.",
    )


def _contradictions(problem: ScheduleProblem, able: BoolArray) -> Iterator[Problem]:
    """Find sums so far that must be high early and low later, where nothing takes away."""
    for r in np.flatnonzero(problem.cumulative).tolist():
        lower, upper = problem.lower[r], problem.upper[r]
        gives, taken = _most(problem, r, -1.0)
        if (gives * able).any() or taken.any():
            continue
        over = np.where(np.isfinite(upper), np.maximum.accumulate(lower) - upper, -np.inf)
        t = int(over.argmax())
        if over[t] > WITHIN * max(abs(float(upper[t])), 1e-300):
            s, unit = int(lower[: t + 1].argmax()), _unit(problem, r)
            yield Problem(
                f"a sum so far must shrink by {over[t]:,.6g}{unit}, and nothing is given back",
                f"{problem.names.resource(r)}, periods {s + 1} and {t + 1}",
                f"at least {lower[s]:,.6g}{unit} by period {s + 1}, at most "
                f"{upper[t]:,.6g}{unit} by period {t + 1}",
                remedy="Lower the first limit, or raise the second.",
            )


def _competitions(problem: ScheduleProblem, able: BoolArray) -> Iterator[Problem]:
    """Find lower limits for which more of another resource is needed than its upper limit."""
    lows = [r for r in range(problem.n_resources) if (problem.lower[r] > 0).any()]
    for r in lows:
        for q in range(problem.n_resources):
            # What a period needs is within what was used so far, and not the other way round.
            comparable = problem.cumulative[q] or not problem.cumulative[r]
            if q != r and comparable and np.isfinite(problem.upper[q]).any():
                each = _needed(problem, r, q, able)
                if each > 0.0:
                    yield from _competition(problem, (r, q), each)


def _needed(problem: ScheduleProblem, wanted: int, taken: int, able: BoolArray) -> float:
    """Return the least of one resource that a unit of another costs; 0 where it may cost none."""
    use, flows = problem.use, problem.flows
    if (use.amount[use.resource == taken] < 0).any():
        return 0.0
    if (flows.amount[flows.resource == taken] < 0).any():
        return 0.0
    cell = use.activity * problem.n_destinations + use.destination
    cost = np.zeros(problem.n_activities * problem.n_destinations)
    cost[cell[use.resource == taken]] = use.amount[use.resource == taken]
    get = (use.resource == wanted) & (use.amount > 0) & able[use.activity]
    get &= problem.allowed[use.activity, use.destination]
    ratios = (cost[cell[get]] / use.amount[get]).tolist()
    for f, r, amount in zip(flows.flow, flows.resource, flows.amount, strict=True):
        if r == wanted and amount > 0:
            same = (flows.flow == f) & (flows.resource == taken)
            ratios.append(float(flows.amount[same].sum()) / amount)
    return min(ratios, default=0.0)


def _competition(problem: ScheduleProblem, pair: tuple[int, int], each: float) -> Iterator[Problem]:
    """Compare a lower limit with the upper limit of what it takes, period by period."""
    r, q = pair
    need = np.maximum(problem.lower[r], 0.0) * each
    over = np.where(np.isfinite(problem.upper[q]), need - problem.upper[q], -np.inf)
    wrong = np.flatnonzero(over > WITHIN * need)
    if not wrong.size:
        return
    t = int(over.argmax())
    unit, other = _unit(problem, r), _unit(problem, q)
    periods = ", ".join(str(p + 1) for p in wrong[:SHOWN].tolist())
    more = f" and {wrong.size - SHOWN} more" if wrong.size > SHOWN else ""
    names = problem.names
    yield Problem(
        f"limits of {names.resource(r)} and {names.resource(q)} collide, "
        f"{over[t]:,.6g}{other} are missing in period {t + 1}",
        f"period{'s' if wrong.size > 1 else ''} {periods}{more}",
        f"at least {problem.lower[r, t]:,.6g}{unit} of {names.resource(r)}, which take at least "
        f"{need[t]:,.6g}{other} of {names.resource(q)}",
        f"{problem.upper[q, t]:,.6g}{other}",
        f"Raise the upper limit of {names.resource(q)}, or lower the lower limit of "
        f"{names.resource(r)}.",
    )


def _general(problem: ScheduleProblem, earliest: IntArray, able: BoolArray) -> Iterator[Problem]:
    """Find sums over all periods that cannot reach their limits."""
    side = problem.general
    if not len(side.upper):
        return
    a = side.block
    fits = able[a] & (side.period >= earliest[a]) & (side.period <= problem.last[a])
    fits &= problem.allowed[a, side.destination]
    for limits, sign, word in ((side.lower, 1.0, "lower"), (-side.upper, -1.0, "upper")):
        weight = np.where(fits, sign * side.amount, 0.0)
        keys = side.constraint * problem.n_activities + a
        unique, place = np.unique(keys, return_inverse=True)
        best = np.zeros(unique.size)
        np.maximum.at(best, place, weight)
        reach = np.bincount(unique // problem.n_activities, best, len(limits))
        for j in np.flatnonzero(limits - reach > WITHIN * np.abs(limits)).tolist():
            found = f"{sign * limits[j]:,.6g}, where all together reach {sign * reach[j]:,.6g}"
            fact = f"the {word} limit cannot be met, {limits[j] - reach[j]:,.6g} are missing"
            yield Problem(fact, f"general constraint {j + 1}", found)
