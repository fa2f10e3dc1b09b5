"""Which blocks are most worth digging, if every block needs what lies above it?

The ultimate pit is the closed set of blocks of the largest value: a block comes only with all its
predecessors. It is found exactly, in whole units of value, and comes with a flow that proves it
(`planning.verification.closures.verify_pit` checks that without the solver).

What is not rock still has its place: *air* blocks above the topography have the value 0 and are
dug free, so a regular grid serves an irregular surface. Blocks that must never be mined get a
cost larger than all gains. Where several pits are worth the same, `UltimatePit.mined` is the
smallest of them and `free` holds what the largest has beyond it; air that nothing profitable needs
lies in `free`.
"""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError
from planning.kernels.arcs import transpose
from planning.kernels.closure import certificate, left_over, retired, short
from planning.kernels.cones import Arcs
from planning.kernels.pseudoflow import Forest, advance, begin
from planning.limits.answers import FlowCertificate, NestedShells, UltimatePit
from planning.limits.interruptions import interruptible
from planning.limits.precedence import Precedence, kernel_arcs, too_many
from planning.limits.whole_units import checked_values, choose_scale, to_units

__all__ = ["FlowCertificate", "NestedShells", "UltimatePit", "ultimate_pit"]

IntArray = NDArray[np.int64]
ShortArray = NDArray[np.int32]
FlagArray = NDArray[np.bool_]
#: Nodes the solver looks at before it lets Python react to an interruption, about 0.2 s.
ROUND = 2_000_000


@interruptible()
def ultimate_pit(values: ArrayLike, precedence: Precedence) -> UltimatePit:
    """Find the pit of the largest value, and prove it.

    Parameters
    ----------
    values : array, shape (n_blocks,)
        What each block is worth when mined [currency], costs negative; air 0.
    precedence : ArcPrecedence or ConePrecedence
        Which blocks must be mined before which.

    Returns
    -------
    UltimatePit
        The smallest optimal pit, what is free beyond it, value, bound and flow. A model without
        blocks has an empty pit of value 0.

    Raises
    ------
    DataError
        If values are missing, not finite, or so large that their sums overflow 64 bits.

    Notes
    -----
    Values are rounded to whole units: of 1 when all are whole, otherwise of the smallest power of
    ten down to a millionth that keeps the sum of all sizes below 2^62. The pit is exact for the
    rounded values; `rounding_bound` says how far that can be from the unrounded ones. The solution
    is highest-label pseudoflow [1]_; it can be interrupted (Ctrl-C).

    References
    ----------
    .. [1] Hochbaum, D. S. (2008), The pseudoflow algorithm: a new algorithm for the maximum-flow
       problem, Operations Research 56(4), 992-1009.

    Examples
    --------
    >>> from planning.limits.precedence import arc_precedence
    >>> above = arc_precedence(5, [3, 3, 4, 4], [0, 1, 1, 2])
    >>> pit = ultimate_pit([-2, -2, -2, 7, 2], above)
    >>> pit.mined, pit.value, pit.bound
    (array([ True,  True, False,  True, False]), 3.0, 3.0)
    >>> pit.free
    array([False, False,  True, False,  True])
    """
    started = time.perf_counter()
    problems = too_many(precedence.n_blocks)
    if problems:
        raise DataError(problems)
    floats = checked_values(values, precedence.n_blocks)
    scale = choose_scale(np.abs(floats))
    units, rounding = to_units(floats, scale)
    arcs, forest = kernel_arcs(precedence), new_forest(units)
    begin(forest)
    solve(arcs, forest)
    return read_pit(arcs, forest, units, (scale, rounding, started))


def new_forest(units: IntArray) -> Forest:
    """Return single nodes with the blocks' values, in memory that is taken as it is touched."""
    n = units.size
    amount = np.zeros((n + 1, 2), np.int64)
    amount[1:, 0] = units
    link, label = np.zeros((n + 1, 7), np.int32), np.zeros(n + 1, np.int32)
    queue, population = np.zeros(n + 2, np.int32), np.zeros(n + 2, np.int32)
    return Forest(link, amount, label, queue, population, np.zeros(3, np.int64))


def solve(arcs: Arcs, forest: Forest) -> None:
    """Work in rounds until no strong root is left; between rounds an interruption is heard."""
    while not advance(arcs, forest, ROUND):
        pass


def read_pit(
    arcs: Arcs, forest: Forest, units: IntArray, known: tuple[int, float, float]
) -> UltimatePit:
    """Read pit and proof from a finished forest; *known*: scale, rounding bound, time of start."""
    scale, rounding, started = known
    mined: FlagArray = retired(forest)
    needed, users = np.zeros(0, np.int64), np.zeros(0, np.int32)
    if arcs.box.nx == 0:
        needed, users = transpose(arcs.indptr, arcs.indices)
    outside = short(arcs, forest, needed, users)
    return UltimatePit(
        mined=mined,
        free=~(mined | outside),
        value_units=int(units[mined].sum()),
        bound_units=int(left_over(forest)),
        scale=scale,
        rounding_bound=rounding,
        certificate=FlowCertificate(*certificate(forest)),
        seconds=time.perf_counter() - started,
    )
