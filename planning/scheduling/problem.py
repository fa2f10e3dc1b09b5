"""What is to be scheduled: which activities, in what order, within which limits, for what value?

One type holds the problems of MineLib, blocks of a pit, and the headings and stopes of a mine under
ground. With x[a, d, t] the part of activity a done in period t and sent to destination d, z[f, t]
what a flow moves in period t, and factor[t] from the calendar::

    most    sum of factor[t] (value[a, d] x[a, d, t] + flow value[f, t] z[f, t])
    so that sum over d, t of x[a, d, t] <= 1, and t from first[a] to last[a]
            done of a by t <= done of each predecessor by latest(span of the arc, t)
            lower[r, t] <= use of r in t <= upper[r, t]                 (in 0 ... t if cumulative)
            lower[j] <= sum of amount[a, d, t, j] x[a, d, t] <= upper[j]
            0 <= z[f, t] <= most[f, t]

An activity is done whole in one period; where destinations may be split it is shared among them
there. Uses may be negative: a bound on a grade is a row of t (grade - limit) with the upper limit
0, and a stockpile is a cumulative resource, with the capacity as its upper limit and 0 as its
lower, that activities fill (+ t) and a flow empties (- t).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem
from planning.limits.minelib_problem import SideConstraints, no_side_constraints
from planning.limits.precedence import ArcPrecedence
from planning.scheduling.calendar import Calendar

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
#: Wrong limits that are told one by one.
MOST_TOLD = 20


@dataclass(frozen=True, slots=True, eq=False)
class ActivityUse:
    """What activities take of each resource, only where it is not 0; each place named once.

    Parameters
    ----------
    activity, destination, resource : ndarray of int, shape (m,)
        Whose use it is, if it goes to that destination.
    amount : ndarray of float, shape (m,)
        Use by the whole activity [unit of the resource]; negative where it gives.
    """

    activity: IntArray
    destination: IntArray
    resource: IntArray
    amount: FloatArray

    def table(self, resource: int, n_activities: int, n_destinations: int) -> FloatArray:
        """Return the use of one resource, shape (n_activities, n_destinations)."""
        use = np.zeros((n_activities, n_destinations))
        own = self.resource == resource
        use[self.activity[own], self.destination[own]] = self.amount[own]
        return use


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """What may move in any period without being an activity: rock off a stockpile.

    Parameters
    ----------
    names : tuple of str
        Names of the f flows.
    value : ndarray of float, shape (f, t)
        Undiscounted value of a unit [currency].
    most : ndarray of float, shape (f, t)
        Most that moves in a period [unit of the flow]; inf where nothing limits it.
    flow, resource : ndarray of int, shape (k,)
        Which flow uses which resource.
    amount : ndarray of float, shape (k,)
        Use by a unit of the flow [unit of the resource].
    """

    names: tuple[str, ...]
    value: FloatArray
    most: FloatArray
    flow: IntArray
    resource: IntArray
    amount: FloatArray


def no_flows(n_periods: int) -> Flows:
    """Return no flow, over a number of periods."""
    none, nothing = np.zeros(0, dtype=np.int64), np.zeros((0, n_periods))
    return Flows((), nothing, nothing, none, none, np.zeros(0))


@dataclass(frozen=True, slots=True, eq=False)
class ScheduleNames:
    """What messages and files call activities, destinations and resources.

    Parameters
    ----------
    activities, destinations, resources : tuple of str
        Names; () stands for numbers.
    units : tuple of str
        Unit of each resource; () where they are not known.
    currency : str
        Unit of all values.
    """

    activities: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    currency: str = ""

    def activity(self, number: int) -> str:
        """Return the name of an activity."""
        return self.activities[number] if self.activities else f"activity {number}"

    def destination(self, number: int) -> str:
        """Return the name of a destination."""
        return self.destinations[number] if self.destinations else f"destination {number}"

    def resource(self, number: int) -> str:
        """Return the name of a resource."""
        return self.resources[number] if self.resources else f"resource {number}"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ScheduleProblem:
    """Activities, their order, what they use and bring, and the limits of every period.

    Parameters
    ----------
    name : str
        What is planned.
    calendar : Calendar
        Its t periods.
    value : ndarray of float, shape (n, d)
        Undiscounted value of the whole activity at each destination [currency]; -inf where it may
        not go.
    precedence : ArcPrecedence
        Which activities come before each of the n.
    span_class : ndarray of int, shape (n_arcs,)
        Number of each arc's span, in the order of ``precedence.indices``.
    spans_years : ndarray of float, shape (k,)
        Least time from a predecessor's beginning to its successor's end [years]; 0 allows both in
        one period.
    use : ActivityUse
        What activities take of the r resources.
    lower, upper : ndarray of float, shape (r, t)
        Limits of each resource in each period; -inf, inf: none.
    cumulative : ndarray of bool, shape (r,)
        Whether a resource's limits hold for the sum of all periods so far.
    flows : Flows
        What moves beside the activities.
    first, last : ndarray of int, shape (n,)
        Periods in which an activity may be done, both included; a last before the first: never.
    general : SideConstraints
        Limits on weighted sums over all periods; its ``block`` is the activity.
    split : bool
        Whether an activity may be shared among destinations.
    names : ScheduleNames
        For messages and files.

    Raises
    ------
    DataError
        If shapes do not agree, numbers are missing or cannot be used; all at once.
    """

    name: str
    calendar: Calendar
    value: FloatArray
    precedence: ArcPrecedence
    span_class: IntArray
    spans_years: FloatArray
    use: ActivityUse
    lower: FloatArray
    upper: FloatArray
    cumulative: BoolArray
    flows: Flows
    first: IntArray
    last: IntArray
    general: SideConstraints = field(default_factory=no_side_constraints)
    split: bool = True
    names: ScheduleNames = field(default_factory=ScheduleNames)

    def __post_init__(self) -> None:
        """Refuse what is no problem."""
        problems = [*_shapes(self)] or [*_numbers(self)]
        if problems:
            raise DataError(problems)

    @property
    def n_activities(self) -> int:
        """Number of activities."""
        return len(self.value)

    @property
    def n_destinations(self) -> int:
        """Number of destinations."""
        return int(self.value.shape[1])

    @property
    def n_resources(self) -> int:
        """Number of resources."""
        return len(self.upper)

    @property
    def n_periods(self) -> int:
        """Number of periods."""
        return self.calendar.n_periods

    @property
    def n_flows(self) -> int:
        """Number of flows."""
        return len(self.flows.names)

    @property
    def allowed(self) -> BoolArray:
        """Where activities may go, shape (n, d)."""
        return np.isfinite(self.value)

    def latest(self) -> IntArray:
        """Return the last period of a predecessor, for each span and successor's period, (k, t)."""
        return self.calendar.latest_before(self.spans_years)

    def facts(self) -> list[Fact]:
        """Say what a reader wants to know first."""
        return [
            Fact("Activities", f"{self.n_activities:,}"),
            Fact("Precedence arcs", f"{self.precedence.n_arcs:,}"),
            Fact("Periods", f"{self.n_periods:,}"),
            Fact("Destinations", f"{self.n_destinations:,}"),
            Fact("Resources", f"{self.n_resources:,}"),
            Fact("Flows", f"{self.n_flows:,}"),
            Fact("Discount rate", f"{self.calendar.discount_rate:g} a year, "
                 f"{self.calendar.discounting}"),
        ]  # fmt: skip

    def __str__(self) -> str:
        """Facts as plain text."""
        return as_text(self.name, self.facts())

    def _repr_html_(self) -> str:
        """Facts as HTML."""
        return as_html(self.name, self.facts())


def _shapes(problem: ScheduleProblem) -> Iterator[Problem]:
    """List arrays whose shapes do not agree, and numbers of things that do not exist."""
    if problem.value.ndim != 2:
        yield Problem("values need a row an activity", "value", f"{problem.value.shape}", "(n, d)")
        return
    n, d, t = problem.n_activities, problem.n_destinations, problem.n_periods
    r, use, flows = len(problem.upper), problem.use, problem.flows
    wanted: dict[str, tuple[NDArray[np.generic], tuple[int, ...]]] = {
        "precedence": (problem.precedence.indptr, (n + 1,)),
        "span_class": (problem.span_class, (problem.precedence.n_arcs,)),
        "lower": (problem.lower, (r, t)),
        "upper": (problem.upper, (r, t)),
        "cumulative": (problem.cumulative, (r,)),
        "first": (problem.first, (n,)),
        "last": (problem.last, (n,)),
        "flows.value": (flows.value, (len(flows.names), t)),
        "flows.most": (flows.most, (len(flows.names), t)),
    }
    for place, (array, shape) in wanted.items():
        if array.shape != shape:
            yield Problem("wrong shape", place, f"{array.shape}", f"{shape}")
    yield from _lengths(problem)
    numbered: dict[str, tuple[IntArray, int]] = {
        "precedence.indices": (problem.precedence.indices.astype(np.int64), n),
        "span_class": (problem.span_class, len(problem.spans_years)),
        "use.activity": (use.activity, n),
        "use.destination": (use.destination, d),
        "use.resource": (use.resource, r),
        "flows.flow": (flows.flow, len(flows.names)),
        "flows.resource": (flows.resource, r),
        "general.block": (problem.general.block, n),
        "general.destination": (problem.general.destination, d),
        "general.period": (problem.general.period, t),
        "general.constraint": (problem.general.constraint, len(problem.general.upper)),
    }
    for place, (numbers, count) in numbered.items():
        wrong = numbers[(numbers < 0) | (numbers >= count)]
        if wrong.size:
            yield Problem("does not exist", place, f"{wrong[:5]}", f"0 to {count - 1}")


def _lengths(problem: ScheduleProblem) -> Iterator[Problem]:
    """List columns of one table that are not equally long, and names that are not one each."""
    use, flows, side, names = problem.use, problem.flows, problem.general, problem.names
    tables: dict[str, tuple[NDArray[np.generic], ...]] = {
        "use": (use.activity, use.destination, use.resource, use.amount),
        "flows": (flows.flow, flows.resource, flows.amount),
        "general": (side.block, side.destination, side.period, side.constraint, side.amount),
        "general limits": (side.lower, side.upper),
    }
    for place, columns in tables.items():
        if len({column.shape for column in columns}) > 1:
            found = ", ".join(f"{column.shape}" for column in columns)
            yield Problem("the columns are not equally long", place, found)
    for what, given, count in (
        ("activities", names.activities, problem.n_activities),
        ("destinations", names.destinations, problem.n_destinations),
        ("resources", names.resources, len(problem.upper)),
        ("units", names.units, len(problem.upper)),
    ):
        if len(given) not in (0, count):
            yield Problem("there is not one each", f"names of {what}", f"{len(given)}", f"{count}")


def _numbers(problem: ScheduleProblem) -> Iterator[Problem]:
    """List numbers that cannot be used."""
    if np.isnan(problem.value).any() or np.isposinf(problem.value).any():
        yield Problem("a value is no amount", "value", allowed="finite, or -inf: not allowed")
    for place, numbers in (
        ("use.amount", problem.use.amount),
        ("flows.value", problem.flows.value),
        ("flows.amount", problem.flows.amount),
        ("spans_years", problem.spans_years),
        ("general.amount", problem.general.amount),
    ):
        if not np.isfinite(numbers).all():
            yield Problem("not finite", place, f"{int((~np.isfinite(numbers)).sum())} numbers")
    if (problem.spans_years < 0).any():
        yield Problem("a span runs backwards", "spans_years", allowed="0 years or more")
    if not (problem.flows.most >= 0).all():
        yield Problem("a flow runs backwards", "flows.most", allowed="0 or more")
    yield from _upside_down(problem)
    cell = problem.use.activity * problem.n_destinations + problem.use.destination
    cell = cell * max(problem.n_resources, 1) + problem.use.resource
    if np.unique(cell).size < cell.size:
        yield Problem("a use is stated twice", "use", f"{cell.size - np.unique(cell).size} rows")


def _upside_down(problem: ScheduleProblem) -> Iterator[Problem]:
    """List limits that leave nothing between them; the first ones one by one."""
    side, names = problem.general, problem.names
    places = [
        (f"limits of {names.resource(r)}, period {t + 1}", problem.lower[r, t], problem.upper[r, t])
        for r, t in np.argwhere(~_leaves_room(problem.lower, problem.upper)).tolist()
    ]
    places += [
        (f"general constraint {j + 1}", side.lower[j], side.upper[j])
        for j in np.flatnonzero(~_leaves_room(side.lower, side.upper)).tolist()
    ]
    fact = "the lower limit is above the upper one"
    for place, low, high in places[:MOST_TOLD]:
        yield Problem(fact, place, f"{low:g} and {high:g}")
    if len(places) > MOST_TOLD:
        yield Problem(fact, "limits", f"{len(places) - MOST_TOLD:,} more")


def _leaves_room(lower: FloatArray, upper: FloatArray) -> BoolArray:
    """Whether some amount keeps to both limits."""
    room: BoolArray = (lower <= upper) & (lower < np.inf) & (upper > -np.inf)
    return room
