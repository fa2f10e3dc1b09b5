"""How is each broken rule of a plan said, and how do all of them stand in a table?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planning.scheduling.problem import ScheduleProblem

NUMBERS = (
    "activity",
    "predecessor",
    "destination",
    "resource",
    "flow",
    "constraint",
    "period",
    "until",
)
COLUMNS = ("rule", *NUMBERS, "amount", "limit", "says")


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule broken once; numbers count from 0, None where they mean nothing.

    Parameters
    ----------
    rule : str
        Which rule.
    activity, predecessor, destination, resource, flow, constraint, period : int or None
        Where.
    until : int or None
        Last period in a row in which a limit on all so far is passed.
    amount, limit : float
        What was found, and what it should have kept to.
    other : int or None
        Period of the predecessor.
    what : str
        Which of several wordings, or the quantity.
    """

    rule: str
    activity: int | None = None
    predecessor: int | None = None
    destination: int | None = None
    resource: int | None = None
    flow: int | None = None
    constraint: int | None = None
    period: int | None = None
    until: int | None = None
    amount: float = math.nan
    limit: float = math.nan
    other: int | None = None
    what: str = ""


def table_of(problem: ScheduleProblem, found: Sequence[Violation]) -> pd.DataFrame:
    """Put violations into a table with a sentence each.

    Parameters
    ----------
    problem : ScheduleProblem
        Whose names the sentences use.
    found : sequence of Violation
        In the order of the table.

    Returns
    -------
    DataFrame
        With columns rule, activity, predecessor, destination, resource, flow, constraint, period,
        until, amount, limit, says.
    """
    columns: dict[str, object] = {"rule": pd.Series([v.rule for v in found], dtype="str")}
    for name in NUMBERS:
        columns[name] = pd.array([getattr(v, name) for v in found], dtype="Int64")
    columns["amount"] = np.array([v.amount for v in found], dtype=np.float64)
    columns["limit"] = np.array([v.limit for v in found], dtype=np.float64)
    columns["says"] = pd.Series([_sentence(problem, v) for v in found], dtype="str")
    return pd.DataFrame(columns)


def _sentence(problem: ScheduleProblem, v: Violation) -> str:
    """Say one violation; periods are counted from 1."""
    names = problem.names
    when = "" if v.period is None else f" in period {v.period + 1}"
    if v.rule == "limit":
        return _limit(problem, v)
    if v.rule == "flow":
        flow, side = problem.flows.names[v.flow or 0], "above" if v.amount > v.limit else "below"
        if not math.isfinite(v.amount):
            return f'flow "{flow}"{when}: {v.amount} is no amount'
        return f'flow "{flow}"{when}: {number(v.amount)} is {side} {number(v.limit)}'
    if v.rule == "general":
        side = "above" if v.amount > v.limit else "below"
        return f"side constraint {v.constraint}: {number(v.amount)} is {side} {number(v.limit)}"
    if v.rule == "mass":
        told = f"{number(v.amount)} is accounted for of {number(v.limit)} that there was"
        return f"{v.what}: {told}"
    who = f"{names.activity(v.activity or 0)}{when}"
    where = "" if v.destination is None else names.destination(v.destination)
    if v.rule == "unknown":
        return f"{who}: period {v.amount + 1:.0f} does not exist, the last is {v.limit:.0f}"
    if v.rule == "fraction":
        return f"{who}: the share of {where} is {number(v.amount)}, not 0 to 1"
    if v.rule == "shares" and v.what:
        return f"{who} is shared among destinations, and may not be"
    if v.rule == "shares":
        return f"{who}{' is not done:' if v.period is None else ':'} its shares add up to " \
               f"{number(v.amount)}, not {v.limit:.0f}"  # fmt: skip
    if v.rule == "forbidden":
        return f"{who} may not go to {where} (share {number(v.amount)})"
    if v.rule == "window":
        return f"{who} {_window(problem, v)}"
    return f"{who} {_before(problem, v)}"


def _window(problem: ScheduleProblem, v: Violation) -> str:
    """Say when an activity can be done that is done in another period."""
    first, last = problem.first[v.activity or 0] + 1, problem.last[v.activity or 0] + 1
    if first > last:
        return "can be done in no period"
    periods = f"periods {first} to {last}" if first < last else f"period {first}"
    return f"is too {'early' if v.amount < v.limit else 'late'}: it can be done in {periods} only"


def _limit(problem: ScheduleProblem, v: Violation) -> str:
    """Say that a limit is passed."""
    row = v.resource or 0
    unit = problem.names.units[row] if problem.names.units else ""
    so_far = " so far" if problem.cumulative[row] else ""
    side = "above the upper" if v.amount > v.limit else "below the lower"
    lasting = "" if v.until is None else f", and it stays {side[:5]} until period {v.until + 1}"
    return (
        f"{problem.names.resource(row)} in period {(v.period or 0) + 1}{so_far}: "
        f"{number(v.amount, unit)} is {number(abs(v.amount - v.limit), unit)} {side} limit of "
        f"{number(v.limit, unit)}{lasting}{_remedy(problem, v)}"
    )


def _remedy(problem: ScheduleProblem, v: Violation) -> str:
    """Say what mends a stock: what flows take out of it, and where it is filled from."""
    row = v.resource or 0
    flows, use = problem.flows, problem.use
    out = flows.flow[(flows.resource == row) & (flows.amount < 0)]
    filled = use.destination[(use.resource == row) & (use.amount > 0)]
    if not problem.cumulative[row] or not out.size:
        return ""
    take, send = ("more", "less") if v.amount > v.limit else ("less", "more")
    names = " or ".join(f'"{flows.names[f]}"' for f in np.unique(out).tolist())
    where = " or ".join(problem.names.destination(d) for d in np.unique(filled).tolist())
    more = f", or send {send} to {where}" if where else ""
    return f"; take {take} in the rows of flow {names} until then{more}"


def _before(problem: ScheduleProblem, v: Violation) -> str:
    """Say how a predecessor is missed."""
    name = problem.names.activity(v.predecessor or 0)
    if v.other is None:
        return f"needs {name}, which is never done"
    if math.isnan(v.amount):
        return f"comes before {name}, which is done in period {v.other + 1} and must come first"
    return (
        f"comes too soon after {name} in period {v.other + 1}: at most {number(v.amount)} years "
        f"lie between the beginning of that and the end of this, {number(v.limit)} are needed"
    )


def number(amount: float, unit: str = "") -> str:
    """Write an amount so that it can be compared with another.

    Examples
    --------
    >>> number(1234567.25, "t"), number(0.1)
    ('1,234,567.25 t', '0.1')
    """
    return f"{amount:,.10g} {unit}".strip()
