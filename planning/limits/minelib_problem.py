"""What does an open-pit problem of MineLib ask, and what does an answer to it say?

Three problems, each with more limits than the one before::

    upit    which blocks pay for themselves and for what lies above them?
    cpit    ... and in which period is each of them mined, within what can be mined and milled?
    pcpsp   ... and to which destination does it go?

With x[b, d, t] the fraction of block b sent to destination d in period t = 0, 1, ...::

    most    sum of (1 + rate)^-t value[b, d] x[b, d, t]
    so that sum over d, t of x[b, d, t] <= 1                               each block at most once
            mined by t of b <= mined by t of each of its predecessors
            lower[r, t] <= sum of use[b, d, r] x[b, d, t] <= upper[r, t]
            lower[j] <= sum of amount[b, d, t, j] x[b, d, t] <= upper[j]   general side constraints

A block is mined whole in one period; in pcpsp it may be shared between destinations there. Period
0 is not discounted: `planning.economics.discounting` calls that ``start_of_year``.

References
----------
Espinoza, Goycoolea, Moreno, Newman (2013), *MineLib: a library of open pit mining problems*, Annals
of Operations Research 206, 93-114.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from deposits.display import Fact, as_html, as_text
from planning.economics.config import Discounting
from planning.economics.discounting import discount_factors
from planning.limits.precedence import ArcPrecedence

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
ProblemType = Literal["upit", "cpit", "pcpsp"]

#: When in its period a value falls: at its start, so that period 0 is not discounted.
DISCOUNTING: Discounting = "start_of_year"
#: A value at or below this [currency] is no money but a mark: the block may not go there. The
#: files write -1E+16 times the tonnes; no mine is worth so much.
FORBIDDEN = -1e15


@dataclass(frozen=True, slots=True, eq=False)
class ResourceUse:
    """What blocks take of each resource, only where it is not 0.

    Parameters
    ----------
    block, destination, resource : ndarray of int, shape (m,)
        Whose use it is; destination 0 throughout in cpit.
    amount : ndarray of float, shape (m,)
        Use by the whole block [unit of the resource].
    """

    block: IntArray
    destination: IntArray
    resource: IntArray
    amount: FloatArray

    def table(self, resource: int, n_blocks: int, n_destinations: int) -> FloatArray:
        """Return the use of one resource, shape (n_blocks, n_destinations)."""
        use = np.zeros((n_blocks, n_destinations))
        mine = self.resource == resource
        use[self.block[mine], self.destination[mine]] = self.amount[mine]
        return use


@dataclass(frozen=True, slots=True, eq=False)
class SideConstraints:
    """Limits on any weighted sum of fractions, over all periods.

    Parameters
    ----------
    block, destination, period, constraint : ndarray of int, shape (m,)
        Which fraction of which constraint.
    amount : ndarray of float, shape (m,)
        Its weight.
    lower, upper : ndarray of float, shape (j,)
        Limits of each constraint; -inf and inf where there is none.
    """

    block: IntArray
    destination: IntArray
    period: IntArray
    constraint: IntArray
    amount: FloatArray
    lower: FloatArray
    upper: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class MineLibProblem:
    """One problem: what is it worth to mine each block, and what stands in the way.

    Parameters
    ----------
    name : str
        Name of the instance.
    kind : {"upit", "cpit", "pcpsp"}
        Which of the three problems.
    objective : ndarray of float, shape (n, d)
        Undiscounted value of block b at destination d [currency]; one destination in upit and
        cpit. At or below `FORBIDDEN` the block may not go there.
    precedence : ArcPrecedence
        What must be mined before, or in the same period as, each block.
    n_periods : int
        Number of periods; 1 in upit.
    discount_rate : float
        Rate a period [fraction]; 0 in upit.
    use : ResourceUse
        What blocks take of the resources.
    lower, upper : ndarray of float, shape (r, t)
        Limits of each resource in each period [unit of the resource]; -inf, inf: none.
    general : SideConstraints
        General side constraints; none in upit and cpit.

    Raises
    ------
    ValueError
        If shapes do not agree.
    """

    name: str
    kind: ProblemType
    objective: FloatArray
    precedence: ArcPrecedence
    n_periods: int
    discount_rate: float
    use: ResourceUse
    lower: FloatArray
    upper: FloatArray
    general: SideConstraints

    def __post_init__(self) -> None:
        """Refuse shapes that do not agree."""
        if self.objective.ndim != 2 or len(self.precedence.indptr) != len(self.objective) + 1:
            raise ValueError("values and precedence do not speak of the same blocks")
        if self.lower.shape != self.upper.shape or self.lower.shape[1:] != (self.n_periods,):
            raise ValueError("limits are not one a resource and period")

    @property
    def n_blocks(self) -> int:
        """Number of blocks."""
        return len(self.objective)

    @property
    def n_destinations(self) -> int:
        """Number of destinations."""
        return int(self.objective.shape[1])

    @property
    def n_resources(self) -> int:
        """Number of resources."""
        return len(self.upper)

    @property
    def forbidden(self) -> BoolArray:
        """Where a block may not go, shape (n, d)."""
        return self.objective <= FORBIDDEN

    def discount_factors(self) -> FloatArray:
        """Return what one unit of money of each period is worth at the start, shape (t,)."""
        return discount_factors(self.discount_rate, self.n_periods, DISCOUNTING)

    def pit_values(self) -> FloatArray:
        """Return each block's value at its best destination [currency], shape (n,).

        A block that may go nowhere is worth one less than minus all that the others could earn:
        no pit that holds it is worth more than 0, and so no best pit needs it. The sum of a
        pit stays exact, which it would not with the -1E+16 t of the files.
        """
        allowed = np.where(self.forbidden, -np.inf, self.objective)
        best: FloatArray = allowed.max(axis=1)
        nowhere = np.isneginf(best)
        best[nowhere] = -(np.ceil(best[best > 0].sum()) + 1.0)
        return best

    def facts(self) -> list[Fact]:
        """List what a reader wants to know first."""
        return [
            Fact("Problem", self.kind.upper()),
            Fact("Blocks", f"{self.n_blocks:,}"),
            Fact("Precedence arcs", f"{len(self.precedence.indices):,}"),
            Fact("Periods", f"{self.n_periods:,}"),
            Fact("Destinations", f"{self.n_destinations:,}"),
            Fact("Resources", f"{self.n_resources:,}"),
            Fact("General side constraints", f"{len(self.general.upper):,}"),
            Fact("Discount rate", f"{self.discount_rate:g} a period, period 0 not discounted"),
            Fact("Forbidden block-destinations", f"{int(self.forbidden.sum()):,}"),
        ]

    def __str__(self) -> str:
        """Facts as plain text."""
        return as_text(self.name, self.facts())

    def _repr_html_(self) -> str:
        """Facts as HTML."""
        return as_html(self.name, self.facts())


@dataclass(frozen=True, slots=True, eq=False)
class MineLibSolution:
    """An answer: which fraction of which block goes where, and when.

    Numbers stand as they were read; whether such blocks exist is for verification to say.

    Parameters
    ----------
    kind : {"upit", "cpit", "pcpsp"}
        Which of the three problems it answers.
    block, destination, period : ndarray of int, shape (m,)
        Destination and period are 0 throughout in upit.
    fraction : ndarray of float, shape (m,)
        Fraction of the block; 1 throughout in upit.
    """

    kind: ProblemType
    block: IntArray
    destination: IntArray
    period: IntArray
    fraction: FloatArray

    def facts(self) -> list[Fact]:
        """List what a reader wants to know first."""
        return [
            Fact("Problem", self.kind.upper()),
            Fact("Rows", f"{len(self.block):,}"),
            Fact("Blocks", f"{len(np.unique(self.block)):,}"),
            Fact("Periods used", f"{len(np.unique(self.period)):,}"),
        ]

    def __str__(self) -> str:
        """Facts as plain text."""
        return as_text("Solution", self.facts())

    def _repr_html_(self) -> str:
        """Facts as HTML."""
        return as_html("Solution", self.facts())


def pit_solution(mined: BoolArray) -> MineLibSolution:
    """Return the answer to a upit problem that mines these blocks.

    Parameters
    ----------
    mined : ndarray of bool, shape (n,)
        Blocks of the pit.

    Returns
    -------
    MineLibSolution
        One row a block, in rising order.
    """
    block = np.flatnonzero(mined).astype(np.int64)
    zero = np.zeros(len(block), dtype=np.int64)
    return MineLibSolution("upit", block, zero, zero, np.ones(len(block)))


def no_use() -> ResourceUse:
    """Return the use of no resource."""
    none = np.zeros(0, dtype=np.int64)
    return ResourceUse(none, none, none, np.zeros(0))


def no_side_constraints() -> SideConstraints:
    """Return no side constraint."""
    none, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
    return SideConstraints(none, none, none, none, nothing, nothing, nothing)
