"""How are activities and their order written down, and which pairs must a calendar keep apart?"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deposits.errors import DataError, Problem
from planning.kernels.spans import keep_spans
from planning.limits.precedence import ArcPrecedence, arc_precedence
from planning.scheduling.calendar import SAME_DATE, Calendar

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
DAYS_PER_YEAR = 365.25
#: Columns that are shared out among the parts of an activity.
SHARED = (
    "ore_t", "waste_t", "development_m", "fill_m3", "duration_years", "stope_days", "spent_usd",
    "level_usd", "fill_usd",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chain:
    """Parts of one piece of work, each after the one before.

    Parameters
    ----------
    first, last : int
        Numbers of the first and the last part; those between follow each other.
    """

    first: int
    last: int


@dataclass(slots=True, eq=False)
class Ledger:
    """Activities as they are thought of, before they have numbers in a problem.

    Parameters
    ----------
    longest_years : float
        Longest part; longer work is done in equal parts [years].
    rows : list of dict
        What is known of each activity.
    arcs : list of tuple = (predecessor, activity, lag [years])
        Which comes before which, and what passes between.
    """

    longest_years: float
    rows: list[dict[str, Any]] = field(default_factory=list)
    arcs: list[tuple[int, int, float]] = field(default_factory=list)

    def add(self, name: str, days: float, **facts: Any) -> Chain:
        """Write down a piece of work, in as many equal parts as its time needs.

        Parameters
        ----------
        name : str
            Identifier; parts are numbered behind it.
        days : float
            How long it takes [days].
        **facts
            Columns of the table; those of `SHARED` are for the whole.

        Returns
        -------
        Chain
        """
        years = days / DAYS_PER_YEAR
        parts = max(1, math.ceil(years / self.longest_years - SAME_DATE))
        start, title = len(self.rows), facts.pop("title", name)
        whole = {"duration_years": years, **facts}
        shared = {key: whole[key] / parts for key in SHARED if key in whole}
        for part in range(1, parts + 1):
            tail, words = (f".{part}", f", part {part} of {parts}") if parts > 1 else ("", "")
            own = {"activity": f"{name}{tail}", "title": f"{title}{words}", "part": part}
            self.rows.append({**whole, **shared, **own})
            if part > 1:
                self.arcs.append((len(self.rows) - 2, len(self.rows) - 1, 0.0))
        return Chain(start, start + parts - 1)

    def after(self, earlier: Chain, later: Chain, lag_days: float = 0.0) -> None:
        """Say that a piece of work begins after the end of another, and a lag [days]."""
        self.arcs.append((earlier.last, later.first, lag_days / DAYS_PER_YEAR))

    def waited_for(self) -> set[int]:
        """Return the numbers of the activities that another one waits for."""
        return {earlier for earlier, _, _ in self.arcs}


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """Precedence as a problem of scheduling needs it.

    Parameters
    ----------
    precedence : ArcPrecedence
        Pairs of activities.
    span_class : ndarray of int, shape (n_arcs,)
        Number of the span of each.
    spans_years : ndarray of float, shape (k,)
        Spans; no two of them mean the same in the calendar.
    first, last : ndarray of int, shape (n,)
        Periods in which each activity may be done: not before all that leads to it can have been;
        a last before the first where that takes longer than the calendar.
    """

    precedence: ArcPrecedence
    span_class: IntArray
    spans_years: FloatArray
    first: IntArray
    last: IntArray


def order_of(ledger: Ledger, calendar: Calendar) -> Order:
    """Work out which pairs of activities the calendar must keep apart.

    Parameters
    ----------
    ledger : Ledger
        Activities, and which comes before which.
    calendar : Calendar
        Periods.

    Returns
    -------
    Order
        Enough pairs that dates exist for a plan that keeps them; those that follow from others
        are left out.

    Raises
    ------
    DataError
        If activities wait for each other in a circle.
    """
    n = len(ledger.rows)
    order = _sorted(ledger)
    place = np.empty(n, np.int64)
    place[order] = np.arange(n)
    durations = np.array([row["duration_years"] for row in ledger.rows])[order]
    indptr, indices, lags = _predecessors(ledger, place)
    starts, ends = calendar.starts(), calendar.ends()
    pairs, spans = keep_spans(indptr, indices, lags, durations, starts, ends, SAME_DATE)
    earlier, later = order[pairs[:, 0]], order[pairs[:, 1]]
    precedence = arc_precedence(n, later, earlier)
    listed = np.lexsort((earlier, later))
    rows = calendar.latest_before(spans[listed])
    _, first, classes = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    span_class = classes.reshape(-1).astype(np.int64)
    ready = _earliest_end(ledger, order)
    begins = np.searchsorted(ends + SAME_DATE, ready).astype(np.int64)
    last = np.where(begins < calendar.n_periods, calendar.n_periods - 1, -1).astype(np.int64)
    begins = np.minimum(begins, calendar.n_periods - 1)
    return Order(precedence, span_class, spans[listed][first], begins, last)


def _earliest_end(ledger: Ledger, order: IntArray) -> FloatArray:
    """Return when each activity can end if nothing but its predecessors holds it up [years]."""
    waits: dict[int, list[tuple[int, float]]] = {}
    for earlier, later, lag in ledger.arcs:
        waits.setdefault(later, []).append((earlier, lag))
    ends = np.zeros(len(ledger.rows))
    for number in order.tolist():
        ready = max((ends[before] + lag for before, lag in waits.get(number, ())), default=0.0)
        ends[number] = ready + ledger.rows[number]["duration_years"]
    return ends


def _sorted(ledger: Ledger) -> IntArray:
    """Return the activities in an order in which none comes before what it waits for."""
    waits: dict[int, list[int]] = {number: [] for number in range(len(ledger.rows))}
    for earlier, later, _ in ledger.arcs:
        waits[later].append(earlier)
    try:
        return np.fromiter(TopologicalSorter(waits).static_order(), np.int64, len(waits))
    except CycleError as error:
        names = " -> ".join(str(ledger.rows[number]["activity"]) for number in error.args[1])
        fact, remedy = "activities wait for each other in a circle", "Change the sequence."
        raise DataError([Problem(fact, "key schedule.stoping", names, remedy=remedy)]) from error


def _predecessors(ledger: Ledger, place: IntArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Return where the predecessors of each sorted activity begin, who they are, and the lags."""
    later = np.array([place[arc[1]] for arc in ledger.arcs], dtype=np.int64)
    earlier = np.array([place[arc[0]] for arc in ledger.arcs], dtype=np.int64)
    lags = np.array([arc[2] for arc in ledger.arcs], dtype=np.float64)
    order = np.lexsort((earlier, later))
    counts = np.bincount(later, minlength=place.size)
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return indptr, earlier[order], lags[order]
