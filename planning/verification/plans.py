"""Does a plan keep to its problem, and what is it worth?

Value and use are worked out again from the problem's own numbers, with the dates of the periods and
not with tables made for searching, and every rule is checked by itself:

===========  =======================================================================================
rule         broken where
===========  =======================================================================================
unknown      a period does not exist
fraction     a share is not between 0 and 1
shares       shares of what is done do not add up to 1, of what is not done to 0, or an activity
             that may not be shared is
forbidden    an activity goes to a destination that it may not go to
window       an activity is done before its first or after its last period
precedence   an activity is done without its predecessor, before it, or too soon after it
limit        a period uses more or less of a resource than its limits; so far, if it is cumulative:
             then told once, until it is kept again
flow         a flow is negative or more than the most
general      a sum over all periods is beyond its limits
mass         what is sent and what is left do not add up to what there was (with a table of it)
===========  =======================================================================================
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem
from planning.scheduling.plan import SchedulePlan
from planning.scheduling.problem import ScheduleProblem
from planning.verification.plan_contents import PlanContents, contents_of_plan, lost_and_found
from planning.verification.plan_words import Violation, table_of

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: How far a sum may pass its limit, as a share of the limit or of what was summed.
WITHIN = 1e-9
#: Dates closer than this are one [years].
SAME_DATE = 1e-9
#: When in its year money falls, as a part of the year.
FALLS = {"start_of_year": 0.0, "mid_year": 0.5, "end_of_year": 1.0}
RULES = (
    "unknown",
    "fraction",
    "shares",
    "forbidden",
    "window",
    "precedence",
    "limit",
    "flow",
    "general",
    "mass",
)


@dataclass(frozen=True, slots=True, eq=False)
class PlanCheck:
    """What a plan is worth, what it uses, and which rules it breaks.

    Parameters
    ----------
    name : str
        What is planned.
    value : float
        Discounted value of what is sent where it may go, and of all flows [currency].
    currency : str
        Its unit.
    n_done : int
        Activities that are done.
    violations : DataFrame
        One row each: rule, activity, predecessor, destination, resource, flow, constraint, period,
        until (all numbers from 0; absent where they mean nothing), amount, limit, says.
    use : ndarray of float, shape (r, t)
        Use of each resource in each period, so far where it is cumulative.
    contents : DataFrame or None
        Rock and metal sent to each destination in each period.
    """

    name: str
    value: float
    currency: str
    n_done: int
    violations: pd.DataFrame
    use: FloatArray
    contents: pd.DataFrame | None = None

    @property
    def feasible(self) -> bool:
        """Whether every rule is kept."""
        return self.violations.empty

    def counts(self) -> dict[str, int]:
        """Return how often each rule is broken; rules that are kept are not named."""
        found = self.violations["rule"].value_counts()
        return {rule: int(found[rule]) for rule in RULES if rule in found.index}

    def sentences(self, most: int | None = None) -> list[str]:
        """Say the first violations in words; periods are counted from 1."""
        rows = self.violations.head(most if most is not None else len(self.violations))
        return [str(sentence) for sentence in rows["says"]]

    def to_dict(self) -> dict[str, Any]:
        """Return value, feasibility and every violation; what a rule lacks is left out."""
        rows = []
        for record in self.violations.to_dict("records"):
            row = {str(k): v for k, v in record.items() if not _absent(v)}
            for name in ("period", "until"):
                if name in row:
                    row[f"{name}_from_1"] = row.pop(name) + 1
            rows.append(row)
        return {"value": self.value, "feasible": self.feasible, "violations": rows}

    def facts(self) -> list[Fact]:
        """List what a reader wants to know first."""
        broken = ", ".join(f"{rule}: {n:,}" for rule, n in self.counts().items())
        return [
            Fact(
                "Value" if self.feasible else "Value (rules are broken)",
                f"{self.value:,.2f} {self.currency}".strip(),
            ),
            Fact("Activities done", f"{self.n_done:,}"),
            Fact("Rules kept", "all" if self.feasible else f"no ({broken})"),
        ]

    def __str__(self) -> str:
        """Facts as plain text."""
        return as_text(f"{self.name}: plan, checked", self.facts())

    def _repr_html_(self) -> str:
        """Facts as HTML."""
        return as_html(f"{self.name}: plan, checked", self.facts())


def _absent(value: Any) -> bool:
    """Say whether a cell of the table of violations is empty or no finite number."""
    return bool(pd.isna(value)) or (isinstance(value, float) and not math.isfinite(value))


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """A plan as it can be summed: what is done, and shares and flows that are finite."""

    problem: ScheduleProblem
    period: IntArray
    done: BoolArray
    share: FloatArray
    flow: FloatArray
    within: float


def verify_plan(
    problem: ScheduleProblem,
    plan: SchedulePlan,
    *,
    contents: PlanContents | None = None,
    within: float = WITHIN,
) -> PlanCheck:
    """Check a plan against its problem.

    Parameters
    ----------
    problem : ScheduleProblem
        What was asked.
    plan : SchedulePlan
        What was answered.
    contents : PlanContents, optional
        What activities hold, so that rock and metal are accounted for.
    within : float
        How far a sum may pass its limit, as a share of the limit or of all that was summed; a plan
        written with few digits needs more.

    Returns
    -------
    PlanCheck
        Every violation of every rule.

    Raises
    ------
    DataError
        If the plan has not the shape of the problem.
    """
    _same_shapes(problem, plan, contents)
    period = np.asarray(plan.period, dtype=np.int64)
    done = (period >= 0) & (period < problem.n_periods)
    share = np.where(done[:, None] & np.isfinite(plan.share), plan.share, 0.0)
    told = _Told(problem, period, done, share, np.nan_to_num(plan.flow, posinf=0, neginf=0), within)
    use, beyond = _uses(told)
    found = [
        *_unknown(told),
        *_fractions(told, plan),
        *_shares(told, plan),
        *_forbidden(told),
        *_windows(told),
        *_precedence(told),
        *beyond,
        *_flows(told, plan),
        *_general(told),
    ]
    sent = None
    if contents is not None:
        sent = contents_of_plan(problem, plan, contents)
        for name, amount, there in lost_and_found(contents, sent, done):
            found.append(Violation("mass", amount=amount, limit=there, what=name))
    return PlanCheck(
        problem.name,
        _value(told),
        problem.names.currency,
        int(done.sum()),
        table_of(problem, found),
        use,
        sent,
    )


def _same_shapes(
    problem: ScheduleProblem, plan: SchedulePlan, contents: PlanContents | None
) -> None:
    """Refuse a plan of something else."""
    n = problem.n_activities
    wanted = {
        "period": (plan.period.shape, (n,)),
        "share": (plan.share.shape, (n, problem.n_destinations)),
        "flow": (plan.flow.shape, (problem.n_flows, problem.n_periods)),
    }
    if contents is not None:
        wanted["table of activities"] = ((len(contents.table),), (n,))
    fact, remedy = "the plan is not one of this problem", "Name the problem that was planned."
    wrong = [
        Problem(fact, place, f"shape {found}", f"{allowed}", remedy)
        for place, (found, allowed) in wanted.items()
        if found != allowed
    ]
    if wrong:
        raise DataError(wrong)


def _factors(problem: ScheduleProblem) -> FloatArray:
    """Return the discount factor of each period from the year it begins in, shape (t,)."""
    calendar = problem.calendar
    begins, factors = 0.0, []
    for length in calendar.length_years.tolist():
        year = math.floor(begins + SAME_DATE) + FALLS[calendar.discounting]
        factors.append((1.0 + calendar.discount_rate) ** -year)
        begins += length
    return np.array(factors)


def _value(told: _Told) -> float:
    """Return the discounted value of what goes where it may, and of all flows."""
    problem, factors = told.problem, _factors(told.problem)
    a, d = np.nonzero((told.share != 0) & np.isfinite(problem.value))
    money = problem.value[a, d] * told.share[a, d] * factors[told.period[a]]
    moved = problem.flows.value * told.flow * factors[None, :]
    return math.fsum([*money.tolist(), *moved.ravel().tolist()])


def _unknown(told: _Told) -> Iterator[Violation]:
    """Report periods that do not exist; the number of periods stands for never."""
    for a in np.flatnonzero(~told.done & (told.period != told.problem.n_periods)).tolist():
        amount = float(told.period[a])
        yield Violation("unknown", a, amount=amount, limit=float(told.problem.n_periods))


def _fractions(told: _Told, plan: SchedulePlan) -> Iterator[Violation]:
    """Report shares outside 0 to 1."""
    wrong = ~((plan.share >= -told.within) & (plan.share <= 1 + told.within))
    for a, d in np.argwhere(wrong).tolist():
        yield Violation("fraction", a, destination=d, period=_when(told, a),
                        amount=float(plan.share[a, d]), limit=1.0)  # fmt: skip


def _when(told: _Told, activity: int) -> int | None:
    """Return the period of an activity; None where it is not done."""
    return int(told.period[activity]) if told.done[activity] else None


def _shares(told: _Told, plan: SchedulePlan) -> Iterator[Violation]:
    """Report activities that are done in part, or twice, or shared where they may not be."""
    total = np.where(np.isfinite(plan.share), plan.share, 0.0).sum(axis=1)
    wanted = told.done.astype(np.float64)
    # Periods that do not exist are reported as such.
    looked_at = told.done | (told.period == told.problem.n_periods)
    for a in np.flatnonzero(looked_at & (np.abs(total - wanted) > told.within)).tolist():
        yield Violation("shares", a, period=_when(told, a), amount=float(total[a]),
                        limit=float(wanted[a]))  # fmt: skip
    if not told.problem.split:
        parted = (told.share > told.within) & (told.share < 1 - told.within)
        for a in np.flatnonzero(parted.sum(axis=1) > 1).tolist():
            yield Violation("shares", a, period=_when(told, a), what="shared",
                            amount=float(told.share[a].max()), limit=1.0)  # fmt: skip


def _forbidden(told: _Told) -> Iterator[Violation]:
    """Report activities that go where they may not."""
    for a, d in np.argwhere((told.share != 0) & ~np.isfinite(told.problem.value)).tolist():
        yield Violation("forbidden", a, destination=d, period=_when(told, a),
                        amount=float(told.share[a, d]), limit=0.0)  # fmt: skip


def _windows(told: _Told) -> Iterator[Violation]:
    """Report activities that are done outside their window."""
    first, last = told.problem.first, told.problem.last
    for a in np.flatnonzero(told.done & ((told.period < first) | (told.period > last))).tolist():
        early = told.period[a] < first[a]
        yield Violation("window", a, period=_when(told, a), amount=float(told.period[a]),
                        limit=float(first[a] if early else last[a]))  # fmt: skip


def _precedence(told: _Told) -> Iterator[Violation]:
    """Report arcs whose dates cannot be kept within the periods."""
    problem, calendar = told.problem, told.problem.calendar
    after = np.repeat(np.arange(problem.n_activities), np.diff(problem.precedence.indptr))
    before = np.asarray(problem.precedence.indices, dtype=np.int64)
    span = problem.spans_years[problem.span_class]
    keep = told.done[after]
    after, before, span = after[keep], before[keep], span[keep]
    ends = np.cumsum(calendar.length_years)
    starts = ends - calendar.length_years
    s, t = told.period[before], told.period[after]
    never = ~told.done[before]
    there = np.where(never, np.inf, ends[t] - starts[np.where(never, 0, s)])
    wrong = never | (s > t) | (there < span - SAME_DATE)
    for at in np.flatnonzero(wrong).tolist():
        time = math.nan if never[at] or s[at] > t[at] else float(there[at])
        yield Violation("precedence", int(after[at]), predecessor=int(before[at]),
                        period=int(t[at]), amount=time, limit=float(span[at]),
                        other=None if never[at] else int(s[at]))  # fmt: skip


def _uses(told: _Told) -> tuple[FloatArray, list[Violation]]:
    """Return the use of each resource in each period, and where it is beyond its limits."""
    problem, use, flows = told.problem, told.problem.use, told.problem.flows
    total = np.zeros((problem.n_resources, problem.n_periods))
    gross = np.zeros_like(total)
    here = told.done[use.activity]
    at = (use.resource[here], told.period[use.activity[here]])
    amount = (use.amount * told.share[use.activity, use.destination])[here]
    np.add.at(total, at, amount)
    np.add.at(gross, at, np.abs(amount))
    for f, r, each in zip(flows.flow, flows.resource, flows.amount, strict=True):
        total[r] += each * told.flow[f]
        gross[r] += np.abs(each * told.flow[f])
    running = np.asarray(problem.cumulative, dtype=bool)
    total[running] = np.cumsum(total[running], axis=1)
    gross[running] = np.cumsum(gross[running], axis=1)
    found: dict[tuple[int, int, bool], Violation] = {}
    for r, t, limit in _beyond(total, gross, (problem.lower, problem.upper), told.within):
        above = bool(total[r, t] > limit)
        earlier = found.pop((r, t - 1, above), None) if running[r] else None
        broken = Violation("limit", resource=r, period=t, amount=float(total[r, t]), limit=limit)
        found[r, t, above] = broken if earlier is None else replace(earlier, until=t)
    return total, list(found.values())


def _beyond(
    amount: FloatArray, gross: FloatArray, limits: tuple[FloatArray, FloatArray], within: float
) -> Iterator[tuple[int, int, float]]:
    """Yield where an amount lies beyond its limits, and the limit that it passes."""
    for limit, sign in zip(limits, (-1.0, 1.0), strict=True):
        finite = np.isfinite(limit)
        size = np.maximum(np.abs(np.where(finite, limit, 0.0)), gross)
        over = np.where(finite, sign * (amount - np.where(finite, limit, 0.0)), -np.inf)
        for row, column in np.argwhere(over > within * size).tolist():
            yield row, column, float(limit[row, column])


def _flows(told: _Told, plan: SchedulePlan) -> Iterator[Violation]:
    """Report flows that are negative, more than the most, or no number."""
    most = told.problem.flows.most
    moved = np.abs(told.flow).max(axis=1, initial=0.0)[:, None]
    slack = told.within * np.maximum(np.where(np.isfinite(most), most, 0.0), moved)
    wrong = ~np.isfinite(plan.flow) | (plan.flow < -slack) | (plan.flow > most + slack)
    for f, t in np.argwhere(wrong).tolist():
        amount = float(plan.flow[f, t])
        limit = 0.0 if amount < 0 else float(most[f, t])
        yield Violation("flow", flow=f, period=t, amount=amount, limit=limit)


def _general(told: _Told) -> Iterator[Violation]:
    """Report sums over all periods that are beyond their limits."""
    side, size = told.problem.general, len(told.problem.general.upper)
    here = told.period[side.block] == side.period
    weight = np.where(here, side.amount * told.share[side.block, side.destination], 0.0)
    total = np.bincount(side.constraint, weight, size).astype(np.float64)
    gross = np.bincount(side.constraint, np.abs(weight), size).astype(np.float64)
    limits = (side.lower[:, None], side.upper[:, None])
    for j, _, limit in _beyond(total[:, None], gross[:, None], limits, told.within):
        yield Violation("general", constraint=j, amount=float(total[j]), limit=limit)
