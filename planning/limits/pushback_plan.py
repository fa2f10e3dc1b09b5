"""Which pushbacks is a pit dug in, bench by bench, and what did their width cost?

The nouns alone, so that `planning.verification` reads them without what made them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem
from deposits.grid import Grid

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Element = Literal["disc", "square"]
Direction = Literal["best", "previous", "next"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PushbackRules:
    """What pushbacks are asked for, and what each of them must keep to.

    Parameters
    ----------
    count : int
        Number of pushbacks of about equal rock; not used when factors are given.
    factors : tuple of float
        Revenue factors whose shells end the pushbacks, rising; () lets `count` choose.
    last_factor : float
        Revenue factor of the pit that is dug.
    least_width_m : float
        On each bench, room for machines of this width [m]: what a pushback mines there is covered
        by discs (or squares) of that size that lie wholly within it. 0 asks nothing.
    element : {"disc", "square"}
        Shape of that room; a square lies along the grid's axes.
    merge : {"best", "previous", "next"}
        Where rock goes first that is too narrow: to the pushback inside it, which is dug
        before, or to the one around it. "best" tries both, and with `count` fewer pushbacks too,
        and keeps those that leave least without room, then the most equal ones.
    most_narrow_share : float
        Part of the pit's blocks that may miss the width where it could be kept, if that leaves
        more pushbacks or more equal ones [fraction, 0 to below 1]; 0 keeps the width first.
    trim : bool
        Whether what is too narrow in the whole pit, such as its lowest point, stays unmined.
    least_lag : int
        Benches that a pushback must stay above the one before it, at least [count].
    most_lag : int or None
        Benches that it may stay above it, at most [count]; above *least_lag*. None: any number.

    Raises
    ------
    DataError
        If a rule cannot be kept, all at once.
    """

    count: int = 3
    factors: tuple[float, ...] = ()
    last_factor: float = 1.0
    least_width_m: float = 0.0
    element: Element = "disc"
    merge: Direction = "best"
    most_narrow_share: float = 0.0
    trim: bool = False
    least_lag: int = 0
    most_lag: int | None = None

    @property
    def asked(self) -> int:
        """Number of pushbacks that are asked for."""
        return (
            len(self.factors) + (self.last_factor not in self.factors)
            if self.factors
            else self.count
        )

    def __post_init__(self) -> None:
        """Refuse rules that cannot be kept."""
        problems = []
        place = "pushback rules"
        if self.count < 1:
            problems.append(Problem("no pushback", place, str(self.count), "at least 1"))
        if list(self.factors) != sorted(set(self.factors)):
            found = ", ".join(map(str, self.factors))
            problems.append(Problem("factors do not rise", place, found))
        if not 0.0 <= self.least_width_m < float("inf"):
            found = f"{self.least_width_m} m"
            problems.append(Problem("no width", place, found, "0 m or more"))
        if not 0.0 <= self.most_narrow_share < 1.0:
            found = str(self.most_narrow_share)
            problems.append(Problem("no share of blocks", place, found, "0 to below 1"))
        if self.least_lag < 0:
            found = str(self.least_lag)
            problems.append(Problem("a lag is negative", place, found, "0 benches or more"))
        if self.most_lag is not None and self.most_lag <= self.least_lag:
            allowed = f"above the least lag of {self.least_lag}"
            fact = "no pushback could ever move"
            problems.append(Problem(fact, place, f"most lag {self.most_lag}", allowed))
        if problems:
            raise DataError(problems)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Pushbacks:
    """A pit cut into pushbacks, and the order in which their benches are dug.

    Parameters
    ----------
    grid : Grid
        n blocks.
    rules : PushbackRules
        What they were made to keep; `PushbackRules.merge` is the way that was kept.
    number : ndarray of int16, shape (n,)
        Pushback that mines the block, from 1; 0 is not mined.
    factors : ndarray of float, shape (p,)
        Revenue factor of the shell each one was made from.
    narrow : ndarray of int, shape (p,)
        Blocks of rock that miss the width all the same [count].
    hopeless : ndarray of int, shape (p,)
        Of these, blocks that would miss it even if the whole pit were one pushback [count].
    moved : ndarray of int, shape (p,)
        Blocks of rock that the width brought in or took away [count].
    value_before_usd, value_usd : ndarray of float, shape (p,)
        Undiscounted worth of all blocks up to each pushback, by shells alone and as they are now
        [USD]; the difference is what the width cost by then.
    left : int
        Blocks of rock of the pit that stay unmined for the width [count].
    sequence : DataFrame
        One row a step, in the order of digging: ``step`` from 0, ``pushback``, ``bench`` (number
        of the level in the grid, 0 the lowest), ``elevation_m`` of its floor.
    """

    grid: Grid
    rules: PushbackRules
    number: NDArray[np.int16]
    factors: FloatArray
    narrow: IntArray
    hopeless: IntArray
    moved: IntArray
    value_before_usd: FloatArray
    value_usd: FloatArray
    left: int
    sequence: pd.DataFrame

    @property
    def count(self) -> int:
        """Number of pushbacks."""
        return len(self.factors)

    def pit(self, number: int) -> BoolArray:
        """Return the blocks of all pushbacks up to one, shape (n,)."""
        pit: BoolArray = (self.number >= 1) & (self.number <= number)
        return pit

    def ring(self, number: int) -> BoolArray:
        """Return the blocks of one pushback, shape (n,)."""
        ring: BoolArray = self.number == number
        return ring

    @property
    def width_cost_usd(self) -> FloatArray:
        """Return what the width cost up to each pushback, undiscounted [USD], shape (p,)."""
        return self.value_before_usd - self.value_usd

    def facts(self) -> list[Fact]:
        """List what a reader wants to know first."""
        width, lag = self.rules.least_width_m, self.rules.most_lag
        most = "any" if lag is None else str(lag)
        return [
            Fact("Pushbacks", str(self.count)),
            Fact("Revenue factors", ", ".join(f"{f:g}" for f in self.factors)),
            Fact("Least width", f"{width:g} m ({self.rules.element})"),
            Fact("Blocks that miss the width", f"{int(self.narrow.sum()):,}"),
            Fact("... in the whole pit too", f"{int(self.hopeless.sum()):,}"),
            Fact("Blocks left unmined for the width", f"{self.left:,}"),
            Fact("Undiscounted cost of the width in the end", self._end_cost(), "USD"),
            Fact("Benches between pushbacks", f"{self.rules.least_lag} to {most}"),
            Fact("Steps", f"{len(self.sequence):,}"),
        ]

    def _end_cost(self) -> float:
        """Return what the width cost in the end; 0 of a pit without blocks."""
        return float(self.width_cost_usd[-1]) if self.count else 0.0

    def __str__(self) -> str:
        """Facts as plain text."""
        return as_text("Pushbacks", self.facts())

    def _repr_html_(self) -> str:
        """Facts as HTML."""
        return as_html("Pushbacks", self.facts())
