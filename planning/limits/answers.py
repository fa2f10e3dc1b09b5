"""What is known of an optimal pit or of nested shells, and what proves it?

The nouns alone, so that `planning.verification` reads them without what found them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deposits.display import Fact, as_html, as_text

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ShortArray = NDArray[np.int32]
FlagArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class FlowCertificate:
    """A flow of value from blocks down onto the blocks they need: it bounds every pit.

    Whatever flows, no closed set of blocks is worth more than the sum over all blocks of
    max(0, value - outflow + inflow).

    Parameters
    ----------
    tail : array of int, shape (m,)
        Blocks that need another one.
    head : array of int, shape (m,)
        The block each of them needs.
    amount : array of int, shape (m,)
        What flows from tail to head [value units], above 0.
    """

    tail: ShortArray
    head: ShortArray
    amount: IntArray


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class UltimatePit:
    """The blocks most worth digging, with the proof that no others are worth more.

    Values are counted in whole *units*, 1/scale of the currency, so that sums are exact.

    Parameters
    ----------
    mined : array of bool, shape (n_blocks,)
        The smallest optimal pit.
    free : array of bool, shape (n_blocks,)
        Blocks of the largest optimal pit that the smallest lacks: together no gain and no loss.
    value_units, bound_units : int
        Worth of *mined*, and the least bound on any pit [units]; equal when the pit is optimal.
    scale : int
        Units in one unit of currency.
    rounding_bound : float
        Sum of the sizes of all roundings to units [currency]: the worth of any pit with unrounded
        values differs from that in units by at most this.
    certificate : FlowCertificate
        The flow that gives *bound_units*.
    seconds : float
        Time of the solution, without reading and compiling [s].
    """

    mined: FlagArray
    free: FlagArray
    value_units: int
    bound_units: int
    scale: int
    rounding_bound: float
    certificate: FlowCertificate
    seconds: float

    @property
    def n_blocks(self) -> int:
        """Number of blocks of the model."""
        return int(self.mined.size)

    @property
    def value(self) -> float:
        """Worth of the pit [currency]."""
        return self.value_units / self.scale

    @property
    def bound(self) -> float:
        """What no pit is worth more than [currency]."""
        return self.bound_units / self.scale

    @property
    def gap(self) -> float:
        """Unproven part of the bound [fraction]; 0 when the pit is optimal."""
        return (self.bound_units - self.value_units) / max(abs(self.bound_units), 1)

    def facts(self) -> list[Fact]:
        """Say what a reader wants to know first."""
        return [
            Fact("blocks mined", f"{int(self.mined.sum()):,} of {self.n_blocks:,}"),
            Fact("blocks free to mine or leave", f"{int(self.free.sum()):,}"),
            Fact("value", f"{self.value:,.2f} in the values' currency"),
            Fact("bound", f"{self.bound:,.2f} in the values' currency"),
            Fact("proven optimal", "yes" if self.value_units == self.bound_units else "no"),
            Fact("rounding, at most", f"{self.rounding_bound:.2g} in the values' currency"),
            Fact("time", self.seconds, "s"),
        ]

    def __str__(self) -> str:
        return as_text("Ultimate pit", self.facts())

    def _repr_html_(self) -> str:
        return as_html("Ultimate pit", self.facts())


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NestedShells:
    """Optimal pits of a rising factor, each inside the next.

    Parameters
    ----------
    factors : array, shape (k,)
        Factors, rising.
    shell : array of int16, shape (n_blocks,)
        Number, from 0, of the smallest factor whose pit holds the block; k where none does.
    value_units, bound_units : tuple of int, k each
        Worth of each pit at its own values, and the bound on it [units]; equal when proven.
    scale : int
        Units in one unit of currency, the same for all factors.
    rounding_bounds : array, shape (k,)
        Sum of the sizes of all roundings to units, for each factor [currency].
    seconds : float
        Time of all factors, the values' own computation included [s].
    """

    factors: FloatArray
    shell: NDArray[np.int16]
    value_units: tuple[int, ...]
    bound_units: tuple[int, ...]
    scale: int
    rounding_bounds: FloatArray
    seconds: float

    @property
    def n_blocks(self) -> int:
        """Number of blocks of the model."""
        return int(self.shell.size)

    @property
    def values(self) -> FloatArray:
        """Worth of each pit at its own values [currency], shape (k,)."""
        return np.array([units / self.scale for units in self.value_units])

    @property
    def bounds(self) -> FloatArray:
        """What no pit is worth more than at each factor [currency], shape (k,)."""
        return np.array([units / self.scale for units in self.bound_units])

    def pit(self, number: int) -> FlagArray:
        """Return the blocks of the smallest optimal pit at a factor, shape (n_blocks,)."""
        pit: FlagArray = self.shell <= number
        return pit

    def blocks(self) -> IntArray:
        """Return how many blocks each pit has, shape (k,)."""
        added = np.bincount(self.shell, minlength=len(self.factors) + 1)
        return np.cumsum(added[:-1]).astype(np.int64)

    def facts(self) -> list[Fact]:
        """Say what a reader wants to know first."""
        blocks = self.blocks()
        proven = self.value_units == self.bound_units
        return [
            Fact("factors", f"{len(self.factors)}, {self.factors[0]:g} to {self.factors[-1]:g}"),
            Fact("blocks, first and last pit", f"{blocks[0]:,} and {blocks[-1]:,}"),
            Fact("pits that differ", f"{len(np.unique(blocks[blocks > 0])):,}"),
            Fact("all proven optimal", "yes" if proven else "no"),
            Fact("time", self.seconds, "s"),
        ]

    def __str__(self) -> str:
        return as_text("Nested shells", self.facts())

    def _repr_html_(self) -> str:
        return as_html("Nested shells", self.facts())
