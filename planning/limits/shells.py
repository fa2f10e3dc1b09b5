"""Which pits are optimal as prices rise, each inside the next?

When no block's value falls as a factor rises, the optimal pits are nested, and what one factor
found out serves the next: the forest, its flows and its labels stay right, only the increases of
the values are sent through it. Twenty shells so cost little more than one pit.

Two families are common: `revenue_values` (revenue times a factor, less cost) and `priced_values`
(value less a price on some resource, tonnes of rock say, the price falling).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError, Problem
from planning.kernels.closure import left_over, retired
from planning.kernels.cones import Arcs
from planning.kernels.pseudoflow import Forest, begin, raise_values
from planning.limits.answers import NestedShells, UltimatePit
from planning.limits.interruptions import interruptible
from planning.limits.pit import new_forest, read_pit, solve
from planning.limits.precedence import Precedence, kernel_arcs, too_many
from planning.limits.whole_units import checked_values, choose_scale, to_units

__all__ = ["NestedShells", "nested_pits", "nested_shells", "priced_values", "revenue_values"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ValuesOf = Callable[[float], FloatArray]
#: Shells are numbered in 16 bits.
MOST_FACTORS = 2**15 - 2
#: Wrong rows that one message names.
SHOWN = 5


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """A factor's finished forest, with the values in units and what rounding took."""

    arcs: Arcs
    forest: Forest
    units: IntArray
    scale: int
    rounding_bound: float


@interruptible()
def nested_shells(
    values_of: ValuesOf, factors: Sequence[float], precedence: Precedence
) -> NestedShells:
    """Find the optimal pits of a rising factor, each inside the next.

    Parameters
    ----------
    values_of : callable
        Gives the block values [currency], shape (n_blocks,), at a factor; none may fall as the
        factor rises.
    factors : sequence of float, length k
        Factors, strictly rising; at most 32,766.
    precedence : ArcPrecedence or ConePrecedence
        Which blocks must be mined before which.

    Returns
    -------
    NestedShells
        The smallest factor whose (smallest optimal) pit holds each block; value and bound of every
        pit.

    Raises
    ------
    DataError
        If the factors do not rise, a value falls as the factor rises, or values cannot be used
        (see `planning.limits.pit.ultimate_pit`).

    Notes
    -----
    All factors share one scale, chosen from the first and the last values as in `ultimate_pit`;
    whole values are not looked for.

    Examples
    --------
    >>> from planning.limits.precedence import arc_precedence
    >>> above = arc_precedence(5, [3, 3, 4, 4], [0, 1, 1, 2])
    >>> gains = revenue_values([0.0, 0.0, 0.0, 7.0, 2.0], [2.0, 2.0, 2.0, 0.0, 0.0])
    >>> shells = nested_shells(gains, [0.5, 1.0, 2.0], above)
    >>> shells.shell, shells.values
    (array([1, 1, 2, 1, 2], dtype=int16), array([ 0.,  3., 12.]))
    """
    started = time.perf_counter()
    shell = np.full(precedence.n_blocks, len(factors), dtype=np.int16)
    values: list[int] = []
    bounds: list[int] = []
    roundings: list[float] = []
    scale = 1
    for number, step in enumerate(_family(values_of, factors, precedence)):
        mined = retired(step.forest)
        shell[mined & (shell == len(factors))] = number
        values.append(int(step.units[mined].sum()))
        bounds.append(int(left_over(step.forest)))
        roundings.append(step.rounding_bound)
        scale = step.scale
    return NestedShells(
        factors=np.asarray(factors, dtype=np.float64),
        shell=shell,
        value_units=tuple(values),
        bound_units=tuple(bounds),
        scale=scale,
        rounding_bounds=np.array(roundings),
        seconds=time.perf_counter() - started,
    )


def nested_pits(
    values_of: ValuesOf, factors: Sequence[float], precedence: Precedence
) -> Iterator[UltimatePit]:
    """Find the same pits one after the other, each with its own flow as proof.

    Parameters
    ----------
    values_of, factors, precedence
        As in `nested_shells`.

    Yields
    ------
    UltimatePit
        The pit of each factor in turn; its seconds are those of that factor alone.

    Raises
    ------
    DataError
        As in `nested_shells`.
    """
    started = time.perf_counter()
    with interruptible():
        for step in _family(values_of, factors, precedence):
            known = step.scale, step.rounding_bound, started
            yield read_pit(step.arcs, step.forest, step.units, known)
            started = time.perf_counter()


def revenue_values(revenue: ArrayLike, cost: ArrayLike) -> ValuesOf:
    """Return the family factor * revenue - cost, which rises with the factor.

    Parameters
    ----------
    revenue : array, shape (n_blocks,)
        What each block brings at factor 1 [currency], none below 0.
    cost : array, shape (n_blocks,)
        What mining and treating it costs [currency].

    Returns
    -------
    callable
        Block values at a revenue factor.
    """
    brings, costs = np.asarray(revenue, np.float64), np.asarray(cost, np.float64)
    return lambda factor: factor * brings - costs


def priced_values(values: ArrayLike, resource: ArrayLike) -> ValuesOf:
    """Return the family value - price * resource, for the factor -price: it rises as prices fall.

    Parameters
    ----------
    values : array, shape (n_blocks,)
        Block values without the price [currency].
    resource : array, shape (n_blocks,)
        What each block uses, none below 0: tonnes of rock, hours of the mill.

    Returns
    -------
    callable
        Block values at a factor; ask for -price, from the highest price to the lowest.
    """
    worth, uses = np.asarray(values, np.float64), np.asarray(resource, np.float64)
    return lambda factor: worth + factor * uses


def _family(
    values_of: ValuesOf, factors: Sequence[float], precedence: Precedence
) -> Iterator[_Step]:
    """Solve factor after factor in one forest."""
    problems = [*too_many(precedence.n_blocks), *_factor_problems(factors)]
    if problems:
        raise DataError(problems)
    n = precedence.n_blocks
    last = np.abs(checked_values(values_of(factors[-1]), n))
    values = checked_values(values_of(factors[0]), n)
    scale = choose_scale(np.maximum(np.abs(values), last), whole=False)
    del last
    arcs = kernel_arcs(precedence)
    units, rounding = to_units(values, scale)
    forest = new_forest(units)
    begin(forest)
    for number, factor in enumerate(factors):
        if number:
            higher = checked_values(values_of(factor), n)
            _refuse_falls(values, higher, (factors[number - 1], factor))
            raised, rounding = to_units(higher, scale)
            raise_values(forest, raised - units)
            values, units = higher, raised
        solve(arcs, forest)
        yield _Step(arcs, forest, units, scale, rounding)


def _factor_problems(factors: Sequence[float]) -> list[Problem]:
    """Return what is wrong with the factors."""
    numbers = np.asarray(factors, dtype=np.float64)
    if numbers.ndim != 1 or not 1 <= numbers.size <= MOST_FACTORS:
        found = f"{numbers.size:,}"
        return [Problem("a family needs factors", "factors", found, f"1 to {MOST_FACTORS:,}")]
    if not np.all(np.isfinite(numbers)):
        return [Problem("factors must be numbers", "factors", f"{factors}", "finite")]
    falls = np.flatnonzero(np.diff(numbers) <= 0)
    if falls.size:
        first = falls[0]
        found = f"{numbers[first]:g} and then {numbers[first + 1]:g}"
        place = f"factors, number {first + 2}"
        remedy = "Sort them and drop those that come twice."
        return [Problem("factors must rise", place, found, "strictly rising", remedy)]
    return []


def _refuse_falls(lower: FloatArray, higher: FloatArray, factors: tuple[float, float]) -> None:
    """Raise when a value falls as the factor rises: pits would not be nested."""
    rows = np.flatnonzero(higher < lower)
    if not rows.size:
        return
    shown = ", ".join(
        f"{lower[row]:g} to {higher[row]:g} in block {row}" for row in rows[:SHOWN].tolist()
    )
    more = f" and {rows.size - SHOWN:,} more" if rows.size > SHOWN else ""
    place = f"values from factor {factors[0]:g} to {factors[1]:g}"
    remedy = "A revenue below 0 belongs into the cost; a resource is never below 0."
    raise DataError(
        [Problem("values fall as the factor rises", place, shown + more, "none that falls", remedy)]
    )
