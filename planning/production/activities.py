"""What are the activities of a mine's plan: what each moves, makes, earns and costs, and where?

A `ScheduleProblem` knows numbers only. `MineActivities` says what they stand for: which rows are
stopes and which headings, which destination is the plant, which limit is the concentrate line, and
of which kinds of money the value of an activity is made. The value of an activity at a destination
is the sum of its kinds of money there, each counted once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem
from deposits.tables import did_you_mean
from planning.scheduling.problem import ScheduleProblem

if TYPE_CHECKING:
    from planning.production.pit_units import PitUnits

FloatArray = NDArray[np.float64]
#: Kinds of activities, in the order in which a stope comes about.
KINDS = ("access", "development", "preparation", "stope", "fill", "block")
#: Where activities may go. "none" is for what leaves no rock to be treated: headings and fill.
DESTINATIONS = ("plant", "stockpile", "direct", "waste", "none")
#: Columns that every table of activities has; grades by field stand beside them.
COLUMNS = (
    "activity", "kind", "title", "parent", "stope", "level", "section", "part", "duration_years",
    "ore_t", "waste_t", "rock_t", "development_m", "fill_m3", "x", "y", "z",
)  # fmt: skip
#: What a plan is told in; each is an amount of `MineActivities.amounts`.
AMOUNTS = (
    "feed_t", "direct_t", "stocked_t", "concentrate_t", "recovered_sb_t", "payable_sb_t",
    "payable_au_oz",
)  # fmt: skip
#: Money in and out, by kind, as signs of `MineActivities.money`.
EARNED = ("antimony", "gold")
#: Values and sums of money agree within this part of the largest.
SAME_MONEY = 1e-9


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MineActivities:
    """A mine's plan as a problem, with the meaning of its numbers.

    Parameters
    ----------
    problem : ScheduleProblem
        n activities, d destinations, r resources, f flows, t periods.
    table : DataFrame
        A row an activity, in the order of the problem: ``activity`` (its name), ``kind`` (one of
        `KINDS`), ``title``, ``parent`` (stope or level it belongs to), ``stope`` ("" for none),
        ``level`` and ``section`` (-1 for none), ``part`` (from 1), ``duration_years``, ``ore_t``,
        ``waste_t``, ``rock_t`` (both), ``development_m``, ``fill_m3``, the middle ``x``, ``y``,
        ``z`` [m], and the diluted grade of each of *grades*, NaN where there is no ore.
    grades : tuple of str
        Columns of grades, the main one first; each name ends with its unit.
    destinations : tuple of str
        What each of the d destinations is, of `DESTINATIONS`.
    resources : tuple of str
        Key of each of the r resources, such as "plant", "stopes", "stock 1".
    money : mapping of str to ndarray, shape (n, d)
        Undiscounted cash of the whole activity at each destination by kind [USD]: what is earned
        is above 0, what is spent below; 0 where it may not go. Kinds add up to the value.
    amounts : mapping of str to ndarray, shape (n, d)
        What the whole activity delivers at each destination: all of `AMOUNTS`.
    flow_money, flow_amounts : mapping of str to ndarray, shape (f,)
        The same of one tonne that a flow moves.
    flow_grades : mapping of str to ndarray, shape (f,)
        Grades of what a flow moves, by column.
    target_t : ndarray, shape (t,)
        Ore the plant is to have in each period [t], its ramp-up in it.
    fixed_usd : ndarray, shape (t,)
        What each period costs whatever is done [USD]; in no value, 0 where nothing is stated.
    notes : tuple of str
        What was left out or assumed on the way, a sentence each.
    units : PitUnits, optional
        Blocks of a pit, in the order of the activities; None for stopes.

    Raises
    ------
    DataError
        If shapes do not agree, or kinds of money do not add up to the values.
    """

    problem: ScheduleProblem
    table: pd.DataFrame
    grades: tuple[str, ...]
    destinations: tuple[str, ...]
    resources: tuple[str, ...]
    money: Mapping[str, FloatArray]
    amounts: Mapping[str, FloatArray]
    flow_money: Mapping[str, FloatArray] = field(default_factory=dict)
    flow_amounts: Mapping[str, FloatArray] = field(default_factory=dict)
    flow_grades: Mapping[str, FloatArray] = field(default_factory=dict)
    target_t: FloatArray
    fixed_usd: FloatArray
    notes: tuple[str, ...] = ()
    units: PitUnits | None = None

    def __post_init__(self) -> None:
        """Refuse what does not belong together."""
        problems = [*_shapes(self)] or [*_sums(self)]
        if problems:
            raise DataError(problems)

    def destination(self, role: str) -> int | None:
        """Return the number of a destination; None where the plan has none of that kind."""
        return self.destinations.index(role) if role in self.destinations else None

    def resource(self, key: str) -> int | None:
        """Return the number of a resource; None where nothing limits it."""
        return self.resources.index(key) if key in self.resources else None

    def rows(self, kind: str) -> NDArray[np.int64]:
        """Return the numbers of all activities of a kind."""
        return np.flatnonzero((self.table["kind"] == kind).to_numpy()).astype(np.int64)

    def facts(self) -> list[Fact]:
        """Say what a reader wants to know first."""
        table = self.table
        counted = table["kind"].value_counts()
        kinds = [Fact(f"of kind {kind}", int(counted[kind])) for kind in KINDS if kind in counted]
        return [
            Fact("Activities", f"{len(table):,}"),
            *kinds,
            Fact("Ore", float(table["ore_t"].sum()), "t"),
            Fact("Development", float(table["development_m"].sum()), "m"),
            Fact("Fill", float(table["fill_m3"].sum()), "m3"),
            Fact("Destinations", ", ".join(self.destinations)),
            Fact("Limits", ", ".join(self.resources)),
            Fact("Years", float(self.problem.calendar.ends()[-1])),
        ]

    def __str__(self) -> str:
        """Facts as plain text."""
        return as_text(self.problem.name, self.facts())

    def _repr_html_(self) -> str:
        """Facts as HTML."""
        return as_html(self.problem.name, self.facts())


def _shapes(mine: MineActivities) -> Iterator[Problem]:
    """List tables and arrays that do not fit the problem, and words that mean nothing."""
    problem, table = mine.problem, mine.table
    n, d, f = problem.n_activities, problem.n_destinations, problem.n_flows
    columns = (*COLUMNS, *mine.grades)
    for name in columns:
        if name not in table.columns:
            allowed = did_you_mean(name, tuple(table.columns))
            yield Problem("the table of activities lacks a column", "table", name, remedy=allowed)
    counts = {
        "table": (len(table), n),
        "destinations": (len(mine.destinations), d),
        "resources": (len(mine.resources), problem.n_resources),
        "target_t": (len(mine.target_t), problem.n_periods),
        "fixed_usd": (len(mine.fixed_usd), problem.n_periods),
    }
    for place, (found, wanted) in counts.items():
        if found != wanted:
            yield Problem("wrong length", place, f"{found}", f"{wanted}")
    arrays = {**_named("money", mine.money, (n, d)), **_named("amounts", mine.amounts, (n, d))}
    for name in ("flow_money", "flow_amounts", "flow_grades"):
        arrays.update(_named(name, getattr(mine, name), (f,)))
    for place, (array, shape) in arrays.items():
        if array.shape != shape:
            yield Problem("wrong shape", place, f"{array.shape}", f"{shape}")
    known = {
        "kind": (table.get("kind", ()), KINDS),
        "destinations": (mine.destinations, DESTINATIONS),
    }
    for place, (words, allowed_words) in known.items():
        for word in sorted(set(words) - set(allowed_words)):
            yield Problem("no such kind", place, word, ", ".join(allowed_words))
    missing = [name for name in AMOUNTS if name not in mine.amounts]
    if missing:
        yield Problem("amounts are missing", "amounts", ", ".join(missing), ", ".join(AMOUNTS))


def _named(
    name: str, held: Mapping[str, FloatArray], shape: tuple[int, ...]
) -> dict[str, tuple[FloatArray, tuple[int, ...]]]:
    """Return the arrays of a mapping by their place in messages, with the shape they need."""
    return {f"{name}.{key}": (array, shape) for key, array in held.items()}


def _sums(mine: MineActivities) -> Iterator[Problem]:
    """List activities and flows whose kinds of money do not add up to their value."""
    problem = mine.problem
    allowed = problem.allowed
    value = np.where(allowed, problem.value, 0.0)
    total = np.where(allowed, sum(mine.money.values(), np.zeros(value.shape)), 0.0)
    room = SAME_MONEY * max(float(np.abs(value).max(initial=0.0)), 1.0)
    for row, column in np.argwhere(np.abs(value - total) > room)[:5].tolist():
        place = f"activity {mine.table['activity'].iloc[row]}, {mine.destinations[column]}"
        found, wanted = f"{total[row, column]:,.2f} USD", f"{value[row, column]:,.2f} USD"
        yield Problem("kinds of money do not add up to the value", place, found, wanted)
    moved = sum(mine.flow_money.values(), np.zeros(problem.n_flows))[:, None]
    if (
        problem.n_flows
        and (np.abs(problem.flows.value - moved) > SAME_MONEY * (1 + np.abs(moved))).any()
    ):
        yield Problem("kinds of money do not add up to the value of a flow", "flow_money")
