"""Which rules hold between panels, and what is a choice of panels with its proof?

A panel is one section of one level. Levels are numbered upwards from the lowest, sections along
strike. These nouns know no solver: the checker reads them too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LayoutRules:
    """What holds between panels.

    Parameters
    ----------
    level_cost : float or ndarray, shape (L,)
        Fixed cost of opening a level, in the unit of the panels' worth, 0 or more.
    needs_above, needs_below : bool or ndarray of bool, shape (L,)
        Whether a level may be opened only when the one above, or below, is opened too; nothing is
        asked of a level that has no such neighbour.
    least_run : int
        Fewest neighbouring sections of a level that are mined together, at least 1.
    most_run : int or None
        Most neighbouring sections of a level that are mined before a whole section is left as a
        rib pillar; None: any number.
    most_levels : int or None
        Most levels of a section that are mined one above another before a whole level is left as
        a sill (crown) pillar; None: any number.
    excluded : ndarray of bool, shape (L, S), or None
        Panels that must not be mined.

    Raises
    ------
    DataError
        With all the rules that cannot be right.
    """

    level_cost: float | FloatArray = 0.0
    needs_above: bool | BoolArray = False
    needs_below: bool | BoolArray = False
    least_run: int = 1
    most_run: int | None = None
    most_levels: int | None = None
    excluded: BoolArray | None = None

    def __post_init__(self) -> None:
        """Refuse rules that cannot be right."""
        problems = _check(self)
        if problems:
            raise DataError(problems)

    def costs(self, n_levels: int) -> FloatArray:
        """Return the cost of opening each level, shape (L,)."""
        return np.broadcast_to(np.asarray(self.level_cost, np.float64), (n_levels,)).copy()

    def needs(self, n_levels: int) -> tuple[BoolArray, BoolArray]:
        """Return whether each level needs the one above, and the one below, each (L,).

        The highest level has none above it and the lowest none below.
        """
        above = np.broadcast_to(np.asarray(self.needs_above, np.bool_), (n_levels,)).copy()
        below = np.broadcast_to(np.asarray(self.needs_below, np.bool_), (n_levels,)).copy()
        above[-1], below[0] = False, False
        return above, below

    def barred(self, shape: tuple[int, int]) -> BoolArray:
        """Return which panels must not be mined, shape (L, S)."""
        if self.excluded is None:
            return np.zeros(shape, dtype=np.bool_)
        return np.asarray(self.excluded, dtype=np.bool_).copy()

    def check_shape(self, shape: tuple[int, int]) -> None:
        """Raise unless the rules fit L levels and S sections.

        Raises
        ------
        DataError
            With every array of another shape.
        """
        one_a_level = ("level_cost", "needs_above", "needs_below")
        problems = [
            Problem("shape does not fit the frame", name, str(found), str(wanted))
            for name, wanted in (*((n, shape[:1]) for n in one_a_level), ("excluded", shape))
            if (found := np.shape(getattr(self, name))) not in ((), wanted)
        ]
        if problems:
            raise DataError(problems)

    def words(self) -> str:
        """Return the rules in one line."""
        cost = np.asarray(self.level_cost, dtype=np.float64)
        said = []
        if cost.any():
            spread = f"{cost.min():,.10g} to {cost.max():,.10g}" if cost.ndim else f"{cost:,.10g}"
            said.append(f"opening a level costs {spread}")
        for name, word in (("needs_above", "above"), ("needs_below", "below")):
            needs = np.asarray(getattr(self, name))
            if needs.any():
                who = "a level" if needs.all() else f"{int(needs.sum())} levels"
                said.append(f"{who} may open only with the one {word}")
        if self.least_run > 1:
            said.append(f"at least {self.least_run} sections are mined together")
        if self.most_run is not None:
            said.append(f"a rib pillar after at most {self.most_run} sections")
        if self.most_levels is not None:
            said.append(f"a sill pillar after at most {self.most_levels} levels")
        if self.excluded is not None and np.any(self.excluded):
            said.append(f"{int(np.sum(self.excluded))} panels excluded")
        return "; ".join(said) or "no rule between panels"


def _check(rules: LayoutRules) -> list[Problem]:
    """List what cannot be right."""
    cost = np.asarray(rules.level_cost, dtype=np.float64)
    problems = []
    if not (np.isfinite(cost) & (cost >= 0)).all():
        problems.append(Problem("not a cost", "level_cost", str(rules.level_cost), "0 or more"))
    for name in ("least_run", "most_run", "most_levels"):
        number = getattr(rules, name)
        if number is None and name != "least_run":
            continue
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            problems.append(Problem("not a count", name, str(number), "1, 2, 3, ..."))
    if not problems and rules.most_run is not None and rules.least_run > rules.most_run:
        found = f"at least {rules.least_run}, at most {rules.most_run} sections"
        problems.append(Problem("no run fits", "least_run, most_run", found, "least <= most"))
    return problems


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PanelChoice:
    """Which panels are mined and which levels opened, with a proof.

    Parameters
    ----------
    mined : ndarray of bool, shape (L, S)
        Panels that are mined.
    opened : ndarray of bool, shape (L,)
        Levels that are opened.
    value : float
        Worth of the mined panels less the cost of the opened levels, rounded once.
    bound : float
        No choice that keeps the rules is worth more.
    relaxed_bound : float
        What mining every panel of positive worth would bring if levels opened on their own and no
        rule held along strike or upwards.
    status : {"proven", "feasible"}
        Proven when the bound meets the value: exactly (method "rows"), or to the solver's
        tolerance of 1e-9 (method "program").
    method : str
        "rows": each level apart, in whole numbers; "program": a mixed-integer program.
    solver : str
        Who solved the program; "" for rows.
    interrupted : bool
        Whether Ctrl-C stopped the search.
    seconds : float
        Wall time.
    """

    mined: BoolArray
    opened: BoolArray
    value: float
    bound: float
    relaxed_bound: float
    status: str
    method: str
    solver: str
    interrupted: bool
    seconds: float

    @property
    def gap(self) -> float:
        """(bound - value) / |bound| [fraction]."""
        if self.bound == self.value:
            return 0.0
        return (self.bound - self.value) / abs(self.bound) if self.bound else math.inf

    def facts(self) -> list[Fact]:
        """Return what a reader wants to know first."""
        return [
            Fact("panels mined", f"{int(self.mined.sum())} of {self.mined.size}"),
            Fact("levels opened", f"{int(self.opened.sum())} of {self.opened.size}"),
            Fact("value", self.value),
            Fact("bound", self.bound),
            Fact("bound without rules", self.relaxed_bound),
            Fact("gap", 100 * self.gap, "%"),
            Fact("status", self.status),
            Fact("method", self.method),
        ]

    def __str__(self) -> str:
        """Facts as text."""
        return as_text("Choice of panels", self.facts())

    def _repr_html_(self) -> str:
        """Facts as a table."""
        return as_html("Choice of panels", self.facts())
