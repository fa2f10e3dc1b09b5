"""Is this pit closed, worth what it says, and can no pit be worth more?

Nothing here knows how pits are found. The precedence is read anew from its noun, with slices of the
grid instead of a neighbour function; every arc of the certificate must be one of it, and the bound
follows from the flow alone: whatever flows from blocks down onto the blocks they need, no closed
set is worth more than the sum over all blocks of max(0, value - outflow + inflow).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.display import Fact, as_html, as_text
from planning.limits.answers import FlowCertificate, NestedShells, UltimatePit
from planning.limits.precedence import ArcPrecedence, ConePrecedence, Precedence

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
FlagArray = NDArray[np.bool_]
#: Flows beyond this are not believed: no sum of block values reaches it.
LARGEST_SUM = 2**62
#: Blocks or arcs that a sentence names.
SHOWN = 5
#: Rounding of the sum of roundings that is put up with, as a part of it.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PitProof:
    """What was added up again, and everything found wrong.

    Parameters
    ----------
    value_units, bound_units : int
        Worth of the pit and bound from the flow, both added up here [units].
    scale : int
        Units in one unit of currency.
    n_arcs : int
        Arcs of the certificate.
    violations : tuple of str
        Sentences; none when the proof holds.
    """

    value_units: int
    bound_units: int
    scale: int
    n_arcs: int
    violations: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the pit is proven optimal for its values in units."""
        return not self.violations and self.value_units == self.bound_units

    def facts(self) -> list[Fact]:
        """Say what a reader wants to know first."""
        return [
            Fact("proven optimal", "yes" if self.holds else "no"),
            Fact("value, added up again", f"{self.value_units / self.scale:,.2f}"),
            Fact("bound, from the flow", f"{self.bound_units / self.scale:,.2f}"),
            Fact("arcs with a flow", f"{self.n_arcs:,}"),
            *(Fact("violation", sentence) for sentence in self.violations),
        ]

    def __str__(self) -> str:
        return as_text("Proof of the pit", self.facts())

    def _repr_html_(self) -> str:
        return as_html("Proof of the pit", self.facts())


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NestedProof:
    """Proofs of nested pits, one a factor.

    Parameters
    ----------
    pits : tuple of PitProof
        In the order of the factors.
    violations : tuple of str
        What is wrong between pits, and between the pits and the shells.
    """

    pits: tuple[PitProof, ...]
    violations: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every pit is proven, each lies in the next, and the shells say the same."""
        return not self.violations and all(pit.holds for pit in self.pits)

    def facts(self) -> list[Fact]:
        """Say what a reader wants to know first."""
        proven = sum(pit.holds for pit in self.pits)
        return [
            Fact("nested and proven", "yes" if self.holds else "no"),
            Fact("pits proven", f"{proven} of {len(self.pits)}"),
            *(Fact("violation", sentence) for sentence in self.violations),
        ]

    def __str__(self) -> str:
        return as_text("Proof of the shells", self.facts())

    def _repr_html_(self) -> str:
        return as_html("Proof of the shells", self.facts())


def verify_pit(values: ArrayLike, precedence: Precedence, pit: UltimatePit) -> PitProof:
    """Prove a pit from its values, its precedence and its flow.

    Parameters
    ----------
    values : array, shape (n_blocks,)
        Block values [currency], as they were given to whatever found the pit.
    precedence : ArcPrecedence or ConePrecedence
        Which blocks must be mined before which.
    pit : UltimatePit
        The pit with its certificate.

    Returns
    -------
    PitProof
        Value and bound added up here; violations of closure, of the flow, or of what the pit says
        of itself. `holds` is true when nothing is wrong and value equals bound.

    Notes
    -----
    That *free* blocks make the largest optimal pit is proven as far as that they are worth 0
    together and leave the pit closed.
    """
    floats = np.asarray(values, dtype=np.float64)
    n = precedence.n_blocks
    if not floats.shape == pit.mined.shape == pit.free.shape == (n,):
        sentence = f"{floats.size:,} values and {pit.mined.size:,} marks for {n:,} blocks"
        return _nothing(pit, (sentence,))
    units = np.rint(floats * pit.scale).astype(np.int64)
    flow = pit.certificate
    violations = [
        *_open(precedence, pit.mined, "the pit"),
        *_open(precedence, pit.mined | pit.free, "the pit with its free blocks"),
        *_wrong_flows(precedence, flow),
    ]
    if violations and not _can_be_added(n, flow):
        return _nothing(pit, tuple(violations))
    left = units.copy()
    np.subtract.at(left, flow.tail, flow.amount)
    np.add.at(left, flow.head, flow.amount)
    value, bound = _sum(units[pit.mined]), _sum(left[left > 0])
    rounding = float(np.abs(floats - units / pit.scale).sum())
    violations += _wrong_words(pit, (value, bound, rounding), _sum(units[pit.free]))
    return PitProof(
        value_units=value,
        bound_units=bound,
        scale=pit.scale,
        n_arcs=int(flow.amount.size),
        violations=tuple(violations),
    )


def verify_nested(
    values_of: Callable[[float], FloatArray],
    precedence: Precedence,
    shells: NestedShells,
    pits: Iterable[UltimatePit],
) -> NestedProof:
    """Prove nested shells pit by pit.

    Parameters
    ----------
    values_of : callable
        Gives the block values at a factor [currency], shape (n_blocks,).
    precedence : ArcPrecedence or ConePrecedence
        Which blocks must be mined before which.
    shells : NestedShells
        What is to be proven.
    pits : iterable of UltimatePit
        The pit of each factor with its certificate; taken one by one, so a generator will do.

    Returns
    -------
    NestedProof
        The proof of every pit; violations where a pit does not hold the one before, or where the
        shells disagree with the pits.
    """
    proofs: list[PitProof] = []
    violations: list[str] = []
    inside = np.zeros(precedence.n_blocks, dtype=bool)
    for number, pit in enumerate(pits):
        if number >= len(shells.factors):
            violations.append(f"there are more pits than the {len(shells.factors)} factors")
            break
        factor = float(shells.factors[number])
        proofs.append(verify_pit(values_of(factor), precedence, pit))
        lost = np.flatnonzero(inside & ~pit.mined)
        if lost.size:
            violations.append(f"the pit of factor {factor:g} lacks {_some(lost)} of the one before")
        other = np.flatnonzero((shells.shell <= number) != pit.mined)
        if other.size:
            violations.append(
                f"the shells differ from the pit of factor {factor:g} in {_some(other)}"
            )
        said = shells.value_units[number], shells.bound_units[number]
        if said != (pit.value_units, pit.bound_units) or shells.scale != pit.scale:
            violations.append(f"the shells give another value or bound at factor {factor:g}")
        inside = pit.mined
    if len(proofs) < len(shells.factors):
        violations.append(f"{len(proofs)} pits for {len(shells.factors)} factors")
    return NestedProof(pits=tuple(proofs), violations=tuple(violations))


def _open(precedence: Precedence, mined: FlagArray, name: str) -> Iterator[str]:
    """Say which blocks are mined without a block they need."""
    if isinstance(precedence, ArcPrecedence):
        tails = np.repeat(np.arange(precedence.n_blocks), np.diff(precedence.indptr))
        wrong = np.flatnonzero(mined[tails] & ~mined[precedence.indices])
        hanging = [tails[wrong]]
    else:
        hanging = list(_hanging(precedence, mined))
    blocks = np.unique(np.concatenate(hanging)) if hanging else np.zeros(0, np.int64)
    if blocks.size:
        yield f"{name} mines {_some(blocks)} without all they need"


def _hanging(cone: ConePrecedence, mined: FlagArray) -> Iterator[IntArray]:
    """Blocks of a grid that are mined without the block at an offset, offset by offset."""
    nx, ny, nz = cone.shape
    dug = mined.reshape(nz, ny, nx)
    numbers = np.arange(mined.size).reshape(nz, ny, nx)
    for zone, pattern in enumerate(cone.patterns):
        own = dug if cone.zone is None else dug & (cone.zone == zone).reshape(nz, ny, nx)
        for offset in pattern.tolist():
            here, there = _slices(cone.shape, offset)
            wrong = own[here] & ~dug[there]
            if wrong.any():
                yield numbers[here][wrong]


def _slices(
    shape: tuple[int, int, int], offset: list[int]
) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    """Return where in a grid blocks have a block at an offset, and where those lie."""
    here, there = [], []
    for length, move in zip(shape[::-1], offset[::-1], strict=True):
        low, high = max(0, -move), max(max(0, -move), min(length, length - move))
        here.append(slice(low, high))
        there.append(slice(low + move, high + move) if high > low else slice(0, 0))
    return tuple(here), tuple(there)


def _wrong_flows(precedence: Precedence, flow: FlowCertificate) -> Iterator[str]:
    """Say which arcs of a certificate are none, or carry what cannot be."""
    n = precedence.n_blocks
    if not flow.tail.shape == flow.head.shape == flow.amount.shape:
        yield "the certificate's tails, heads and amounts are not equally many"
        return
    ends = np.concatenate([flow.tail, flow.head])
    if ends.size and not 0 <= int(ends.min()) <= int(ends.max()) < n:
        yield f"the certificate names blocks outside 0 to {n - 1:,}"
        return
    if flow.amount.dtype.kind != "i" or np.any(flow.amount <= 0):
        yield "the certificate has amounts that are not whole and above 0"
    if not _can_be_added(n, flow):
        yield "the certificate sends more than all values together"
    if isinstance(precedence, ArcPrecedence):
        real = _listed(precedence, flow)
    else:
        real = _in_patterns(precedence, flow)
    if not real.all():
        wrong = np.flatnonzero(~real)
        arcs = ", ".join(f"{flow.tail[at]} to {flow.head[at]}" for at in wrong[:SHOWN])
        yield f"{wrong.size:,} arcs with a flow are no precedence: {arcs}"


def _can_be_added(n: int, flow: FlowCertificate) -> bool:
    """Tell whether sums over a certificate fit 64 bits, and its blocks exist."""
    if not flow.tail.shape == flow.head.shape == flow.amount.shape:
        return False
    ends = np.concatenate([flow.tail, flow.head])
    if ends.size and not 0 <= int(ends.min()) <= int(ends.max()) < n:
        return False
    sizes = np.abs(flow.amount.astype(np.float64))
    sums = np.bincount(flow.tail, sizes, n), np.bincount(flow.head, sizes, n)
    return all(bool(np.all(through < LARGEST_SUM)) for through in sums)


def _listed(arcs: ArcPrecedence, flow: FlowCertificate) -> FlagArray:
    """Tell which arcs of a certificate stand in a list."""
    n = arcs.n_blocks
    tails = np.repeat(np.arange(n, dtype=np.int64), np.diff(arcs.indptr))
    keys = tails * n + arcs.indices
    wanted = flow.tail.astype(np.int64) * n + flow.head
    return np.isin(wanted, keys)


def _in_patterns(cone: ConePrecedence, flow: FlowCertificate) -> FlagArray:
    """Tell which arcs of a certificate have an offset of their block's pattern."""
    nx, ny, _ = cone.shape
    tail, head = flow.tail.astype(np.int64), flow.head.astype(np.int64)
    di, dj = head % nx - tail % nx, head // nx % ny - tail // nx % ny
    dk = head // (nx * ny) - tail // (nx * ny)
    zone = np.zeros(tail.size, np.int64) if cone.zone is None else cone.zone[tail].astype(np.int64)
    real = np.zeros(tail.size, dtype=bool)
    for number, pattern in enumerate(cone.patterns):
        for i, j, k in pattern.tolist():
            real |= (zone == number) & (di == i) & (dj == j) & (dk == k)
    return real


def _wrong_words(pit: UltimatePit, found: tuple[int, int, float], free: int) -> Iterator[str]:
    """Say where a pit's own figures differ from those added up here."""
    value, bound, rounding = found
    if pit.value_units != value:
        yield f"the pit says it is worth {pit.value_units:,} units; its blocks are worth {value:,}"
    if pit.bound_units != bound:
        yield f"the pit says its bound is {pit.bound_units:,} units; its flow gives {bound:,}"
    if not pit.rounding_bound >= rounding * (1 - ROUNDING):
        yield f"rounding took {rounding:.6g}, more than the {pit.rounding_bound:.6g} stated"
    if np.any(pit.mined & pit.free):
        yield "blocks are both mined and free"
    if free != 0:
        yield f"the free blocks are worth {free:,} units, not 0"


def _sum(units: IntArray) -> int:
    """Add in two halves, so that no sum overflows whatever the flow."""
    return (int((units >> 32).sum()) << 32) + int((units & 0xFFFFFFFF).sum())


def _some(blocks: IntArray) -> str:
    """Name the first few of many blocks."""
    shown = ", ".join(f"{block}" for block in blocks[:SHOWN])
    more = f" and {blocks.size - SHOWN:,} more" if blocks.size > SHOWN else ""
    return f"block{'s' if blocks.size > 1 else ''} {shown}{more}"


def _nothing(pit: UltimatePit, violations: tuple[str, ...]) -> PitProof:
    """Return a proof that could not be worked out: no value, and no bound."""
    return PitProof(
        value_units=0, bound_units=LARGEST_SUM, scale=pit.scale, n_arcs=0, violations=violations
    )
