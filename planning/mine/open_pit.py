"""Which pit should be dug around a block model, in which shells, and what proves it?

A whole block is ore or waste. Ore pays its processing; whether it also pays for the rock above it
is what the pit decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deposits.blockmodel import BlockModel, Inside, Surface
from planning.economics.block_costs import ore_cost_usd_per_t, rock_cost_usd_per_t
from planning.economics.block_nsr import block_nsr
from planning.economics.block_terms import BlockTerms
from planning.limits.answers import NestedShells, UltimatePit
from planning.limits.pit import ultimate_pit
from planning.limits.precedence import ConePrecedence
from planning.limits.shells import nested_pits, nested_shells
from planning.mine.rock import (
    RockBlocks,
    ValuedRows,
    domain_names,
    gather_rock,
    rock_share,
    widen,
)
from planning.mine.study import MineStudy
from planning.verification.closures import verify_nested, verify_pit

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
HOST = "host"
#: Largest factor on prices that a study may state.
MOST_FACTOR = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class PitRock:
    """All rock a pit may dig, and what digging and treating it costs and returns.

    Parameters
    ----------
    rock : RockBlocks
        Rock and grades by block.
    terms : BlockTerms
        Prices and costs at the study's own prices.
    dig_usd : ndarray, shape (n,)
        Cost of digging each block [USD]; 0 for air.
    candidates : ndarray of int, shape (m,)
        Blocks that hold rock of a class that may be ore.
    recovery : float
        Part of the ore that reaches the plant [fraction].
    barred : ndarray of int, shape (b,)
        Blocks of rock that must stay, outside the licence.
    """

    rock: RockBlocks
    terms: BlockTerms
    dig_usd: FloatArray
    candidates: NDArray[np.int64]
    recovery: float
    barred: NDArray[np.int64]

    def gain_usd_per_t(self, price_factor: float = 1.0) -> FloatArray:
        """Return return less cost of each candidate as ore [USD/t of ore at the plant], (m,)."""
        grades = {name: grade[self.candidates] for name, grade in self.rock.grades.items()}
        nsr = block_nsr(grades, self.terms.with_prices(price_factor))
        return nsr - ore_cost_usd_per_t(self.terms)

    def values_usd(self, price_factor: float = 1.0) -> FloatArray:
        """Return what each block is worth when it is dug [USD], shape (n,).

        Notes
        -----
        -dig x t, and for ore + recovery x t x (NSR - ore cost) where that is above 0. A block that
        must stay costs more than all ore could bring at ten times the prices, so no pit holds it.
        """
        values = self.free_values_usd(price_factor)
        if self.barred.size:
            most = np.maximum(self.gain_usd_per_t(MOST_FACTOR), 0.0)
            values[self.barred] = -float(np.sum(self.rock.tonnes[self.candidates] * most)) - 1.0
        return values

    def free_values_usd(self, price_factor: float = 1.0) -> FloatArray:
        """Return what each block would be worth without a licence [USD], shape (n,)."""
        values = -self.dig_usd
        gain = np.maximum(self.gain_usd_per_t(price_factor), 0.0)
        values[self.candidates] += self.recovery * self.rock.tonnes[self.candidates] * gain
        return values

    def ore(self, price_factor: float = 1.0) -> BoolArray:
        """Return the blocks that pay for their treatment once they are dug, shape (n,)."""
        found = np.zeros(self.rock.grid.n_blocks, dtype=np.bool_)
        found[self.candidates] = self.gain_usd_per_t(price_factor) > 0.0
        return found


def prepare_pit(source: MineStudy, model: BlockModel, rows: ValuedRows, ground: Surface) -> PitRock:
    """Put together the rock around a block model, with its costs.

    Parameters
    ----------
    source : MineStudy
        With a table ``[pit]``, and terms complete for returns, ore and rock.
    model : BlockModel
        The block model.
    rows : ValuedRows
        What of it may be ore.
    ground : callable
        Elevation of the ground [m].

    Returns
    -------
    PitRock

    Raises
    ------
    DataError
        If the ground is not known over the pit's margin, or a zone has no cost.
    """
    config, terms, pit = source.config, source.terms, source.config.pit
    assert pit is not None
    wide = widen(model.grid, pit.margin_m, ground)
    share = rock_share(wide, ground)
    host = config.mine.host_density_t_per_m3.base
    rock = gather_rock(model, rows, wide, share, host)
    heights = wide.origin_m[2] + wide.size_m[2] * (np.arange(wide.shape[2]) + 0.5)
    height = np.repeat(heights, wide.shape[0] * wide.shape[1])
    zones = None
    if terms.mining is not None and terms.mining.zones:
        zones = np.array([HOST, *domain_names(model)], dtype=object)[rock.zone]
    dig = rock.tonnes * rock_cost_usd_per_t(height, zones, terms)
    candidates = np.flatnonzero(rock.counted_t > 0.0)
    recovery = pit.mining_recovery_fraction.base
    return PitRock(rock, terms, dig, candidates, recovery, _barred(rock, source.licence()))


def _barred(rock: RockBlocks, licence: Inside | None) -> NDArray[np.int64]:
    """Return the blocks of rock whose centres lie outside the licence."""
    if licence is None:
        return np.empty(0, dtype=np.int64)
    nx, ny, nz = rock.grid.shape
    outside = ~licence(rock.grid.centres(np.arange(nx * ny)))
    return np.flatnonzero(np.tile(outside, nz) & (rock.tonnes > 0.0))


@dataclass(frozen=True, slots=True, eq=False)
class PitAnswer:
    """The pit at the study's prices, the shells around it, and the checks they passed.

    Parameters
    ----------
    pit : UltimatePit
        At factor 1.
    shells : NestedShells
        At every revenue factor.
    licence_cost_usd : float
        Worth of the pit without its licence, less that of the pit [USD].
    faults : tuple of str
        What an independent check found wrong; () when all holds.
    """

    pit: UltimatePit
    shells: NestedShells
    licence_cost_usd: float
    faults: tuple[str, ...]


def find_pit(prepared: PitRock, precedence: ConePrecedence, factors: Sequence[float]) -> PitAnswer:
    """Find the pit and its shells, and prove them.

    Parameters
    ----------
    prepared : PitRock
        Rock, costs and returns.
    precedence : ConePrecedence
        Slopes.
    factors : sequence of float
        Rising factors on the metal prices.

    Returns
    -------
    PitAnswer
    """
    values = prepared.values_usd()
    pit = ultimate_pit(values, precedence)
    shells = nested_shells(prepared.values_usd, factors, precedence)
    proof = verify_pit(values, precedence, pit)
    again = nested_pits(prepared.values_usd, factors, precedence)
    nested = verify_nested(prepared.values_usd, precedence, shells, again)
    faults = [*proof.violations, *nested.violations]
    for each in nested.pits:
        faults += each.violations
    if not (proof.holds and nested.holds):
        faults = faults or ["a pit's worth falls short of its bound"]
    cost = 0.0
    if prepared.barred.size:
        cost = ultimate_pit(prepared.free_values_usd(), precedence).value - pit.value
    return PitAnswer(pit, shells, cost, tuple(dict.fromkeys(faults)))
