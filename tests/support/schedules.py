"""Small scheduling problems of every kind, and their best plans, found without our own code.

`random_schedule` draws a problem; `FEATURES` says what may be in it. Three referees answer it:

* `best_by_enumeration` tries every way to give each activity a period (or none), and leaves only
  shares and flows to an LP: for problems of about six activities;
* `naive_optimum` states the whole problem as one MILP: for about thirty;
* `naive_relaxation` states its LP: for hundreds.

The last two answer None where nothing keeps to the limits. All use SciPy's HiGHS, not
`planning.solver`, and matrices that are written down here row by row from the problem's docstring.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, lil_array

from planning.limits.minelib_problem import SideConstraints, no_side_constraints
from planning.limits.precedence import arc_precedence
from planning.scheduling.calendar import Calendar, equal_years, mixed_calendar
from planning.scheduling.plan import SchedulePlan, plan_value, resource_use
from planning.scheduling.problem import (
    ActivityUse,
    Flows,
    ScheduleProblem,
    no_flows,
)

#: What `random_schedule` can put into a problem, each on its own or together.
FEATURES = (
    "calendar",  # half years first, then years
    "destinations",  # plant, waste; shares among them
    "whole",  # split=False: one destination an activity
    "forbidden",  # some destinations are not allowed, some activities may go nowhere
    "lower",  # a least feed in some periods
    "signed",  # a grade limit: amounts of both signs
    "cumulative",  # a limit on the sum so far
    "flows",  # a stockpile (cumulative) that activities fill and a flow empties
    "windows",  # first and last periods
    "spans",  # time between predecessor and successor
    "general",  # a limit on a weighted sum over all periods
)
ALL = frozenset(FEATURES)
#: Limits are kept within this share of their size by the referees' plans.
WITHIN = 1e-7


def random_schedule(
    seed: int, features: frozenset[str] | tuple[str, ...] = (), n: int = 6, t: int = 3
) -> ScheduleProblem:
    """Draw a problem of n activities and t periods; without features it is a CPIT.

    Resource 0 is rock moved (upper limit), resource 1 is feed of destination 0, the plant. Amounts
    and values are short decimals. Equal arguments give equal problems.
    """
    wanted = frozenset(features)
    assert wanted <= ALL, wanted - ALL
    rng = np.random.default_rng(seed)
    calendar = _calendar(t, wanted)
    d = 3 if "flows" in wanted else 2 if "destinations" in wanted else 1
    tonnes = np.round(rng.uniform(1.0, 4.0, n), 1)
    value = _values(rng, tonnes, d)
    tails, heads = _arcs(rng, n)
    precedence = arc_precedence(n, tails, heads)
    spans = np.array([0.0])
    if "spans" in wanted:
        shortest = float(calendar.length_years.min())
        spans = np.array([0.0, 1.5 * shortest, 2.0 * shortest])
    rows = _Rows(n, d, t)
    _limits(rng, rows, tonnes, wanted, calendar)
    flows = _stockpile(rng, rows, tonnes, calendar) if "flows" in wanted else no_flows(t)
    first, last = np.zeros(n, dtype=np.int64), np.full(n, t - 1, dtype=np.int64)
    if "windows" in wanted:
        first[rng.uniform(size=n) < 0.3] = 1
        last[rng.uniform(size=n) < 0.3] -= 1
    if "forbidden" in wanted:
        value[rng.uniform(size=value.shape) < 0.2] = -np.inf
    return ScheduleProblem(
        name=f"random {seed}",
        calendar=calendar,
        value=value,
        precedence=precedence,
        span_class=rng.integers(0, len(spans), precedence.n_arcs),
        spans_years=spans,
        use=rows.use(),
        lower=np.array(rows.lower).reshape(-1, t),
        upper=np.array(rows.upper).reshape(-1, t),
        cumulative=np.array(rows.cumulative, dtype=np.bool_),
        flows=flows,
        first=first,
        last=last,
        general=_general(rng, n, d, t) if "general" in wanted else no_side_constraints(),
        split="whole" not in wanted,
    )


def _calendar(t: int, wanted: frozenset[str]) -> Calendar:
    """Whole years, or half years before years."""
    if "calendar" not in wanted or t < 2:
        return equal_years(t, 0.15, "start_of_year")
    halves = 2 * max(t // 4, 1)
    return mixed_calendar([(halves, 2), (t - halves, 1)], 0.15, "end_of_year")


def _values(rng: np.random.Generator, tonnes: np.ndarray, d: int) -> np.ndarray:
    """Gains of all signs; waste costs money, so that not all is worth doing."""
    ore = np.round(tonnes * rng.uniform(-4.0, 8.0, tonnes.size), 1)
    if d == 1:
        return ore[:, None]
    value = np.round(np.column_stack([ore] + [-1.0 * tonnes] * (d - 1)), 1)
    return value.astype(np.float64)


def _arcs(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Each activity needs up to two of the few before it."""
    pairs = [
        (a, p)
        for a in range(1, n)
        for p in set(rng.integers(max(0, a - 4), a, rng.integers(0, 3)).tolist())
    ]
    arcs = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return arcs[:, 0], arcs[:, 1]


class _Rows:
    """Resources as they are added one by one."""

    def __init__(self, n: int, d: int, t: int) -> None:
        self.n, self.d, self.t = n, d, t
        self.cells: list[tuple[int, int, int, float]] = []
        self.lower: list[np.ndarray] = []
        self.upper: list[np.ndarray] = []
        self.cumulative: list[bool] = []

    def add(
        self, amounts: dict[int, np.ndarray], lower: object, upper: object, cumulative: bool = False
    ) -> int:
        """Add a resource of which each destination named takes its amounts."""
        r = len(self.lower)
        for d, column in amounts.items():
            self.cells += [(a, d, r, v) for a, v in enumerate(column.tolist()) if v]
        self.lower.append(np.broadcast_to(np.asarray(lower, dtype=float), (self.t,)))
        self.upper.append(np.broadcast_to(np.asarray(upper, dtype=float), (self.t,)))
        self.cumulative.append(cumulative)
        return r

    def use(self) -> ActivityUse:
        """Return all amounts."""
        cells = list(zip(*self.cells, strict=True)) or [(), (), (), ()]
        whole = [np.array(part, dtype=np.int64) for part in cells[:3]]
        return ActivityUse(*whole, np.array(cells[3], dtype=np.float64))


def _limits(
    rng: np.random.Generator,
    rows: _Rows,
    tonnes: np.ndarray,
    wanted: frozenset[str],
    calendar: Calendar,
) -> None:
    """Rock moved and feed, with a least feed, a grade and a sum so far where they are wanted."""
    year, total = calendar.length_years, float(tonnes.sum())
    share = year / year.sum()
    rock = np.maximum(np.round(0.9 * total * share, 1), 4.0)
    rows.add(dict.fromkeys(range(rows.d), tonnes), -np.inf, rock)
    feed = np.maximum(np.round(0.5 * total * share, 1), 4.0)
    least = np.full(rows.t, -np.inf)
    if "lower" in wanted:
        least[: max(rows.t - 1, 1)] = np.round(0.3 * feed[: max(rows.t - 1, 1)], 1)
    # With one destination only some activities feed the plant.
    fed = tonnes if rows.d > 1 else np.where(rng.uniform(size=rows.n) < 0.7, tonnes, 0.0)
    rows.add({0: fed}, least, feed)
    if "signed" in wanted:
        grade = rng.uniform(0.0, 2.0, rows.n)
        rows.add({0: np.round(fed * (grade - 1.1), 2)}, -np.inf, 0.0)
    if "cumulative" in wanted:
        so_far = np.round(np.cumsum(0.6 * total * share), 1)
        rows.add({0: tonnes}, -np.inf, np.maximum(so_far, 4.0), cumulative=True)


def _stockpile(
    rng: np.random.Generator, rows: _Rows, tonnes: np.ndarray, calendar: Calendar
) -> Flows:
    """Destination 2 fills a pile that a flow empties into the plant, at a cost."""
    pile = rows.add({2: tonnes}, 0.0, np.round(0.4 * tonnes.sum(), 1), cumulative=True)
    worth = np.full((1, rows.t), round(float(rng.uniform(1.0, 4.0)), 1))
    most = np.round(0.5 * tonnes.sum() * calendar.length_years[None, :], 1)
    own = np.zeros(2, dtype=np.int64)
    return Flows(
        ("reclaim",), worth, most, own, np.array([pile, 1], dtype=np.int64), np.array([-1.0, 1.0])
    )


def _general(rng: np.random.Generator, n: int, d: int, t: int) -> SideConstraints:
    """At most so much of a few things in all, and a least of another."""
    cells = np.argwhere(rng.uniform(size=(n, d, t)) < 0.4)
    amount = np.round(rng.uniform(0.5, 2.0, len(cells)), 1)
    return SideConstraints(
        block=cells[:, 0],
        destination=cells[:, 1],
        period=cells[:, 2],
        constraint=rng.integers(0, 2, len(cells)),
        amount=amount,
        lower=np.array([-np.inf, 0.3]),
        upper=np.array([round(0.15 * float(amount.sum()), 1) + 1.0, np.inf]),
    )


@dataclass(frozen=True, eq=False)
class Naive:
    """The problem as matrices: columns x[a, d, t], then z[f, t], then done[a, t]."""

    gain: np.ndarray
    upper: np.ndarray
    matrix: csr_array
    row_lower: np.ndarray
    row_upper: np.ndarray
    whole: np.ndarray
    shape: tuple[int, int, int, int]

    def plan(self, x: np.ndarray) -> SchedulePlan:
        """Read a plan off the columns of a MILP's answer."""
        n, d, t, f = self.shape
        fraction = x[: n * d * t].reshape(n, d, t)
        done = x[n * d * t + f * t :].reshape(n, t) > 0.5
        period = np.where(done.any(axis=1), done.argmax(axis=1), t).astype(np.int64)
        share = np.where(done.any(axis=1)[:, None], fraction.sum(axis=2), 0.0)
        share = np.clip(share, 0.0, 1.0)
        total = share.sum(axis=1, keepdims=True)
        share = np.divide(share, total, out=np.zeros_like(share), where=total > 0)
        flow = np.maximum(x[n * d * t : n * d * t + f * t].reshape(f, t), 0.0)
        return SchedulePlan(period, share, flow)


def naive(problem: ScheduleProblem) -> Naive:
    """Write the problem down, one column for every activity, destination and period."""
    n, d, t, f = (
        problem.n_activities,
        problem.n_destinations,
        problem.n_periods,
        problem.n_flows,
    )
    n_x, n_z = n * d * t, f * t
    columns = n_x + n_z + n * t
    rows: list[tuple[dict[int, float], float, float]] = []

    def x(a: int, b: int, s: int) -> int:
        return (a * d + b) * t + s

    def done(a: int, s: int) -> int:
        return n_x + n_z + a * t + s

    for a in range(n):
        rows.append(({done(a, s): 1.0 for s in range(t)}, 0.0, 1.0))
        for s in range(t):
            parts = {x(a, b, s): 1.0 for b in range(d)} | {done(a, s): -1.0}
            rows.append((parts, 0.0, 0.0))
    rows += _naive_order(problem, done)
    rows += _naive_limits(problem, x, n_x)
    matrix = lil_array((len(rows), columns))
    for number, (parts, _, _) in enumerate(rows):
        for column, amount in parts.items():
            matrix[number, column] = amount
    factor = problem.calendar.factors()
    worth = np.where(problem.allowed, problem.value, 0.0)[:, :, None] * factor
    gain = np.concatenate([worth.ravel(), (problem.flows.value * factor).ravel(), np.zeros(n * t)])
    period = np.arange(t)
    open_ = (period >= problem.first[:, None]) & (period <= problem.last[:, None])
    may = problem.allowed[:, :, None] & open_[:, None, :]
    upper = np.concatenate([may.ravel(), problem.flows.most.ravel(), open_.ravel()]).astype(float)
    whole = np.zeros(columns, dtype=np.int64)
    whole[n_x + n_z :] = 1
    if not problem.split:
        whole[:n_x] = 1
    low, high = np.array([r[1] for r in rows]), np.array([r[2] for r in rows])
    return Naive(gain, upper, csr_array(matrix), low, high, whole, (n, d, t, f))


def _naive_order(problem: ScheduleProblem, done) -> list[tuple[dict[int, float], float, float]]:
    """Done of a by s <= done of p by the latest period for s."""
    latest, indptr, rows = problem.latest(), problem.precedence.indptr, []
    for a in range(problem.n_activities):
        for arc in range(indptr[a], indptr[a + 1]):
            p = int(problem.precedence.indices[arc])
            for s in range(problem.n_periods):
                parts = {done(a, u): 1.0 for u in range(s + 1)}
                before = latest[problem.span_class[arc], s]
                parts |= {done(p, u): -1.0 for u in range(before + 1)}
                rows.append((parts, -np.inf, 0.0))
    return rows


def _naive_limits(
    problem: ScheduleProblem, x, n_x: int
) -> list[tuple[dict[int, float], float, float]]:
    """Uses by activities and flows within their limits, and general side constraints."""
    t, use, flows, rows = problem.n_periods, problem.use, problem.flows, []
    for r in range(problem.n_resources):
        for s in range(t):
            parts: dict[int, float] = {}
            for u in range(s + 1) if problem.cumulative[r] else [s]:
                for k in np.flatnonzero(use.resource == r):
                    parts[x(use.activity[k], use.destination[k], u)] = use.amount[k]
                for k in np.flatnonzero(flows.resource == r):
                    column = n_x + int(flows.flow[k]) * t + u
                    parts[column] = parts.get(column, 0.0) + flows.amount[k]
            rows.append((parts, problem.lower[r, s], problem.upper[r, s]))
    side = problem.general
    for j in range(len(side.upper)):
        parts = {}
        for k in np.flatnonzero(side.constraint == j):
            column = x(side.block[k], side.destination[k], side.period[k])
            parts[column] = parts.get(column, 0.0) + side.amount[k]
        rows.append((parts, side.lower[j], side.upper[j]))
    return rows


def _solve(
    form: Naive, whole: np.ndarray, upper: np.ndarray, lower: np.ndarray | float = 0.0
) -> tuple[float, np.ndarray] | None:
    """Ask SciPy; None where nothing keeps to the limits."""
    answer = milp(
        -form.gain,
        integrality=whole,
        bounds=Bounds(lower, upper),
        constraints=LinearConstraint(form.matrix, form.row_lower, form.row_upper),
        options={"mip_rel_gap": 0.0},
    )
    if answer.status == 2:
        return None
    assert answer.status == 0, answer.message
    return float(-answer.fun), answer.x


def naive_relaxation(problem: ScheduleProblem) -> float | None:
    """Return the LP's value: no plan is worth more."""
    form = naive(problem)
    found = _solve(form, np.zeros_like(form.whole), form.upper)
    return None if found is None else found[0]


def naive_optimum(problem: ScheduleProblem) -> tuple[float, SchedulePlan] | None:
    """Return the best plan's value and the plan, by one MILP."""
    form = naive(problem)
    found = _solve(form, form.whole, form.upper)
    return None if found is None else (found[0], form.plan(found[1]))


def orders(problem: ScheduleProblem) -> list[np.ndarray]:
    """Return every way to give each activity a period in its window, or none, in sequence."""
    t, latest, indptr = problem.n_periods, problem.latest(), problem.precedence.indptr
    choices = [
        [*range(max(0, lo), min(t - 1, hi) + 1), t]
        for lo, hi in zip(problem.first.tolist(), problem.last.tolist(), strict=True)
    ]
    sound = []
    for periods in itertools.product(*choices):
        held = all(
            periods[a] == t
            or periods[problem.precedence.indices[arc]]
            <= latest[problem.span_class[arc], periods[a]]
            for a in range(len(periods))
            for arc in range(indptr[a], indptr[a + 1])
        )
        if held:
            sound.append(np.array(periods, dtype=np.int64))
    return sound


def best_shares(
    problem: ScheduleProblem, period: np.ndarray, form: Naive | None = None
) -> tuple[float, SchedulePlan] | None:
    """Return the best value and plan with these periods; None where limits forbid them."""
    form = form or naive(problem)
    n, d, t, _ = form.shape
    here = period[:, None] == np.arange(t)
    upper, lower = form.upper.copy(), np.zeros_like(form.upper)
    upper[-n * t :] = np.minimum(upper[-n * t :], here.ravel())
    lower[-n * t :] = here.ravel()
    if (lower > upper).any():
        return None
    upper[: n * d * t] *= np.repeat(here, d, axis=0).ravel()
    whole = form.whole if not problem.split else np.zeros_like(form.whole)
    found = _solve(form, whole, upper, lower)
    return None if found is None else (found[0], replace(form.plan(found[1]), period=period))


def best_by_enumeration(problem: ScheduleProblem) -> tuple[float, SchedulePlan] | None:
    """Return the best plan's value and the plan: each sound order, the hopeful ones first."""
    form, factor = naive(problem), problem.calendar.factors()
    worth = np.append(factor, 0.0)
    most = np.where(problem.allowed.any(axis=1), problem.value.max(axis=1), 0.0)
    moved = float((np.maximum(problem.flows.value * factor, 0.0) * problem.flows.most).sum())
    hopes = [(float((most * worth[p]).sum()) + moved, p) for p in orders(problem)]
    best: tuple[float, SchedulePlan] | None = None
    for hope, period in sorted(hopes, key=lambda pair: -pair[0]):
        if best is not None and hope <= best[0] + 1e-9:
            break
        found = best_shares(problem, period, form)
        if found is not None and (best is None or found[0] > best[0]):
            best = found
    return best


def breaches(problem: ScheduleProblem, plan: SchedulePlan) -> list[str]:
    """List the rules that a plan breaks, checked one by one in plain loops."""
    t, latest, broken = problem.n_periods, problem.latest(), []
    for a, s in enumerate(plan.period.tolist()):
        total = float(plan.share[a].sum())
        if abs(total - float(s < t)) > WITHIN or (plan.share[a] < 0).any():
            broken.append(f"shares of {a}: {plan.share[a]}")
        if (plan.share[a] > 0)[~problem.allowed[a]].any():
            broken.append(f"destination of {a}")
        if not problem.split and ((plan.share[a] > 0) & (plan.share[a] < 1)).any():
            broken.append(f"{a} is split")
        if s < t and not problem.first[a] <= s <= problem.last[a]:
            broken.append(f"window of {a}: {s}")
        for arc in range(problem.precedence.indptr[a], problem.precedence.indptr[a + 1]):
            before = plan.period[problem.precedence.indices[arc]]
            if s < t and before > latest[problem.span_class[arc], s]:
                broken.append(f"{a} in {s} before {problem.precedence.indices[arc]} in {before}")
    used = resource_use(problem, plan)
    room = WITHIN * (1.0 + np.abs(used))
    over = (used > problem.upper + room) | (used < problem.lower - room)
    broken += [f"resource {r}, period {s}: {used[r, s]}" for r, s in np.argwhere(over)]
    if (plan.flow < 0).any() or (plan.flow > problem.flows.most + WITHIN).any():
        broken.append(f"flows {plan.flow}")
    side = problem.general
    done_then = plan.period[side.block] == side.period
    part = side.amount * plan.share[side.block, side.destination] * done_then
    total_ = np.bincount(side.constraint, part, len(side.upper))
    off = (total_ > side.upper + WITHIN) | (total_ < side.lower - WITHIN)
    return broken + [f"general {j}: {total_[j]}" for j in np.flatnonzero(off)]


def checked_value(problem: ScheduleProblem, plan: SchedulePlan) -> float:
    """Return a plan's value after asserting that it breaks no rule."""
    assert breaches(problem, plan) == []
    return plan_value(problem, plan)
