"""Into which classes do the cells fall before anything is priced?

Pits of falling prices on each resource in turn, each dug from each period on, are closed sets that
good plans resemble; what is in the same of them makes a class.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from planning.kernels.closure import retired
from planning.kernels.cones import Arcs, Box
from planning.kernels.periods import best_options, earliest_periods
from planning.kernels.pseudoflow import begin
from planning.kernels.renewing import renew
from planning.limits.pit import new_forest, solve
from planning.scheduling.network import Network

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ShortArray = NDArray[np.int32]
FlagArray = NDArray[np.bool_]
#: Pits of each resource, and the most classes to begin with.
PITS, MOST_CLASSES = 20, 3000
#: Prices closer than this share of the highest one are not told apart.
NARROW = 1e-3


def first_partition(network: Network) -> ShortArray:
    """Return the class of each cell, numbered from 0 without gaps."""
    if not network.n_cells:
        return np.zeros(0, np.int32)
    pits = PITS
    while True:
        group = _classes(network, _option_keys(network, pits))
        if group.max() < MOST_CLASSES or pits <= 1:
            return group
        pits //= 2


def _classes(network: Network, key: IntArray) -> ShortArray:
    """Return classes of cells from keys of options and the periods in which all can begin."""
    reduced, problem = network.reduced, network.problem
    whose, period, option = network.cell_tables()
    done = np.zeros(network.n_cells, dtype=np.int64)
    order = np.arange(reduced.n_activities)
    for t in range(problem.n_periods):
        earliest = earliest_periods(order, reduced.indptr, reduced.indices, reduced.span,
                                    reduced.latest, np.maximum(reduced.first, t),
                                    reduced.last)  # fmt: skip
        # One more for each start whose plan has done the activity, two when in a period before.
        done += earliest[whose] <= period
        done += earliest[whose] < period
    _, group = np.unique(key[option] * (2 * problem.n_periods + 1) + done, return_inverse=True)
    classes: ShortArray = group.astype(np.int32)
    return classes


def _option_keys(network: Network, pits: int) -> IntArray:
    """Return a number for each option, the same for those in the same pits."""
    reduced, problem = network.reduced, network.problem
    uses = np.zeros((problem.n_resources, len(network.value)))
    whose = np.repeat(np.arange(len(network.value)), np.diff(network.uses))
    np.add.at(uses, (network.resource, whose), network.amount)
    key = np.zeros(len(network.value), dtype=np.int64)
    for resource in range(problem.n_resources):
        if not np.isfinite(problem.upper[resource]).any() or not (uses[resource] > 0).any():
            continue
        for begin_at in _pits(network, uses[resource], pits):
            place = np.arange(len(key)) - np.repeat(reduced.option[:-1], np.diff(reduced.option))
            held = place >= np.repeat(begin_at, np.diff(reduced.option))
            _, key = np.unique(2 * key + held, return_inverse=True)
            key = key.astype(np.int64)
    return key


def _pits(network: Network, use: FloatArray, pits: int) -> list[IntArray]:
    """Return the option from which on each activity is in the pit, for one price after the other.

    The price is halved where two neighbouring pits use the most apart.
    """
    reduced = network.reduced
    n = reduced.n_activities
    start, none = np.arange(n + 1), np.zeros(n, np.int64)
    arcs = Arcs(Box(n, 0, 0, 0), np.zeros((0, 7), np.int64), np.zeros((0, 4), np.int64),
                np.zeros(0, np.uint8), reduced.indptr, reduced.indices)  # fmt: skip
    total = 1.0 + float(np.abs(network.value).sum())
    scale = 2.0**40 / total
    forest, units = new_forest(none), none
    begin(forest)
    many = np.diff(reduced.option)
    found: list[tuple[float, float, IntArray]] = []

    def dig(price: float) -> None:
        nonlocal units
        worth = np.maximum(network.value - price * use, -total)[:, None]
        best, choice = best_options(worth, reduced.option, start, none)
        weight = np.rint(best * scale).astype(np.int64)
        renew(forest, weight - units)
        units = weight
        solve(arcs, forest)
        held = retired(forest)
        chosen = reduced.option[:-1] + choice
        found.append((price, float(use[chosen[held]].sum()), np.where(held, choice, many)))
        found.sort(key=lambda pit: pit[0])

    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(use > 0, network.value / use, 0.0)
    dig(0.0)
    dig(float(ratio.max(initial=0.0)))
    narrow = found[-1][0] * NARROW
    while len(found) < pits:
        apart = [
            abs(low[1] - high[1]) if high[0] - low[0] > narrow else 0.0
            for low, high in pairwise(found)
        ]
        at = int(np.argmax(apart))
        if apart[at] == 0.0:
            break
        dig((found[at][0] + found[at + 1][0]) / 2)
    return [pit[2] for pit in found]
