"""Which stopes, side by side across the strike, are worth the most in each section of each level?

Exactly solved for a frame, its step and the rules: among all sets of stopes whose straight walls
run from floor to roof with both ends on whole steps, no set is worth more (see `optimise_panels`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numba import get_num_threads
from numpy.typing import NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem
from planning.kernels.stope_panels import CHARGE, Walls, between, solve_panels
from planning.limits.interruptions import interruptible
from planning.limits.stopes.cells import StopeCells
from planning.limits.stopes.frame import StopeFrame
from planning.limits.stopes.rules import StopeRules, StopeValue
from planning.limits.stopes.stope import Stope, diluted_walls
from planning.limits.stopes.walls import WallLattice, wall_lattice

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: A cell of which more than this share is excluded may not be touched.
LEAST_BLOCKED = 1e-9
#: Panels that each thread solves before an interruption is heard.
PANELS = 8


@dataclass(frozen=True, slots=True)
class PanelOptimum:
    """The best stopes of one section of one level.

    Parameters
    ----------
    level, section : int
        The panel.
    value, bound : float
        Worth of its stopes; what no set of stopes can pass, rounding included.
    stopes : tuple of Stope
        From least w to most; () where nothing pays.
    """

    level: int
    section: int
    value: float
    bound: float
    stopes: tuple[Stope, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PanelSolutions:
    """The best stopes of every panel of a frame, each panel by itself.

    Parameters
    ----------
    frame, rules : StopeFrame, StopeRules
        What they are exact for.
    words, unit : str
        What was maximised, and its unit.
    values, bounds : ndarray, shape (L, S)
        Optimum of each panel; what no set of stopes can pass. They differ by rounding only.
    stopes : tuple of Stope
        By level, section, and position across.
    """

    frame: StopeFrame
    rules: StopeRules
    words: str
    unit: str
    values: FloatArray
    bounds: FloatArray
    stopes: tuple[Stope, ...]

    @property
    def value(self) -> float:
        """Sum of all panels that a stope fits."""
        return float(np.nansum(self.values))

    @property
    def bound(self) -> float:
        """What no layout of panels on this frame can pass."""
        return float(np.nansum(self.bounds))

    def optimum(self, level: int, section: int) -> PanelOptimum:
        """Return the optimum of one panel."""
        chosen = tuple(s for s in self.stopes if (s.level, s.section) == (level, section))
        value, bound = float(self.values[level, section]), float(self.bounds[level, section])
        return PanelOptimum(level, section, value, bound, chosen)

    def certificate(self) -> str:
        """Say what is proven, and for which frame, step and rules."""
        frame, rules = self.frame, self.rules
        place = "{:.10g} E {:.10g} N {:.10g} m".format(*frame.origin_m)
        dips = "{:g} to {:g} degrees".format(*rules.wall_dip_deg)
        return (
            f"Maximised: {self.words}. Optimal in every panel among all sets of stopes with "
            f"straight walls from floor to roof, both ends on steps of {frame.step_m:g} m, "
            f"dipping {dips}, {rules.least_width_m:g} to {rules.most_width_m:g} m of true width, "
            f"{rules.clearance_m:g} m of pillar, skins of {rules.near_skin_m:g} and "
            f"{rules.far_skin_m:g} m within the frame; levels of {frame.level_m:g} m in "
            f"{frame.n_sublevels} slices and sections of {frame.section_m:g} m from {place} along "
            f"{frame.strike_deg:g} degrees. Stopes of part of a level, bent walls and other frames "
            "are not covered."
        )

    def facts(self) -> list[Fact]:
        """Return the optimum in a few lines."""
        return [
            Fact("stopes", str(len(self.stopes))),
            Fact("value", self.value, self.unit),
            Fact("bound", self.bound, self.unit),
            Fact("panels with stopes", str(len({(s.level, s.section) for s in self.stopes}))),
            Fact("panels", str(self.values.size)),
            Fact("certificate", self.certificate()),
        ]

    def __str__(self) -> str:
        """Lay the facts out as text."""
        return as_text("Stopes by panel", self.facts())

    def _repr_html_(self) -> str:
        """Lay the facts out for a notebook."""
        return as_html("Stopes by panel", self.facts())


@interruptible()
def optimise_panels(
    cells: StopeCells, value: StopeValue, rules: StopeRules, *, even_at_a_loss: bool = False
) -> PanelSolutions:
    r"""Choose the stopes of every panel exactly.

    Parameters
    ----------
    cells : StopeCells
        Frame and exclusions: neither a stope nor its skins touch a cell that is blocked in part.
        Skins must stay inside the frame, where the rock is known.
    value : StopeValue
        Worth and needs of the cells; the needs hold for every diluted stope.
    rules : StopeRules
        Widths, pillars, skins, dips.
    even_at_a_loss : bool
        Whether a panel must have a stope although none pays, as a layout may want it for the sake
        of its neighbours; a panel in which none fits is then worth NaN.

    Returns
    -------
    PanelSolutions
        The optimum of each panel, 0 and no stopes where nothing pays. Of several optima the one
        with the fewest stopes is taken; then, from the last stope back, the one whose far wall has
        its foot at the least w; then the one with the least run of that wall; then the narrowest at
        its floor; then the one with the least run of the near wall.

    Raises
    ------
    DataError
        If value and frame do not fit, or rules cannot be kept on this frame.

    Notes
    -----
    Let n be a near wall and m a far wall, each a foot and a run. As grades are uniform within a
    cell, the worth below a wall, integrated over w, is piecewise linear in w and its mean along a
    straight wall is a sum of trapezoids; what lies between two walls with their skins is

    .. math:: v(n, m) = F(m) - N(n),

    F and N being that integral up to the outer side of each skin. With :math:`f_q(x)` the best
    worth of stopes the last of which has a far wall of run q and a foot at x or less,

    .. math:: f_q(x) = \max \Bigl( f_q(x - 1), \max_{n} F(x, q) - N(n) + \max(0, \max_{q'}
              f_{q'}(\min(i, i - r + q') - p(q', r))) \Bigr)

    over near walls n of foot i and run r that stand at a permitted width from (x, q) and whose
    stope meets its needs. Stopes of one panel reach from floor to roof, so they stand in a row, and
    a far wall of foot y and run q' clears the near wall at floor and roof just when
    :math:`y \le i - p` and :math:`y - q' \le i - r - p`.

    F and N are rounded to a power of two that is at least twice what floats lose in them, about
    1e-12 of the panel's sum of absolute worths. Sums of them are exact, so that ties are ties. A
    stope is charged two such units, so that none is mined for a worth that is nothing but rounding.
    The bound gives back the charge and adds as much for each stope that fits a panel: one unit for
    the rounding of F and N, one for what floats lost before it.
    """
    _fit(cells, value, rules)
    walls = wall_lattice(cells.frame, rules)
    n_levels, n_sections, _, n_steps = cells.frame.shape
    barred = -(cells.blocked > LEAST_BLOCKED).astype(np.float64)
    arrays = [value.value, *value.needs, *([barred] if barred.any() else [])]
    sums = np.stack([cumulative(array) for array in arrays], axis=1)
    least = int(np.min(walls.least[walls.least <= walls.most]))
    room = n_steps // least + 1
    least_worth = -np.inf if even_at_a_loss else 0.0
    chosen, counts, optima, units = _solve(sums, as_kernel(walls), room, least_worth)
    stopes = _stopes(cells.frame, rules, value, chosen, counts)
    values = np.zeros((n_levels, n_sections))
    for stope in stopes:
        values[stope.level, stope.section] += stope.value
    bounds = (optima + 2 * CHARGE * room * units).reshape(n_levels, n_sections)
    nowhere = np.isneginf(bounds)
    values[nowhere], bounds[nowhere] = np.nan, np.nan
    return PanelSolutions(cells.frame, rules, value.words, value.unit, values, bounds, stopes)


def _solve(
    sums: FloatArray, walls: Walls, room: int, least: float
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Solve panels some at a time; between them an interruption is heard."""
    some = PANELS * get_num_threads()
    parts = [
        solve_panels(sums[first : first + some], walls, room, least)
        for first in range(0, max(len(sums), 1), some)
    ]
    chosen, counts, optima, units = (np.concatenate(column) for column in zip(*parts, strict=True))
    return chosen, counts, optima, units


def cumulative(array: FloatArray) -> FloatArray:
    """Return sums of cells below each step, panel by panel.

    Parameters
    ----------
    array : ndarray, shape (L, S, K, J)
        An additive quantity of the cells.

    Returns
    -------
    ndarray, shape (L * S, K, J + 1)
        Cumulative across; 0 at the first edge.
    """
    n_levels, n_sections, n_slices, n_steps = array.shape
    sums = np.zeros((n_levels * n_sections, n_slices, n_steps + 1))
    np.cumsum(array.reshape(-1, n_slices, n_steps), axis=2, out=sums[:, :, 1:])
    return sums


def as_kernel(walls: WallLattice) -> Walls:
    """Return walls as the kernel takes them."""
    return Walls(walls.runs, walls.least, walls.most, walls.pillar, walls.near_skin, walls.far_skin)


@interruptible()
def sums_between(array: FloatArray, frame: StopeFrame, stopes: Sequence[Stope]) -> FloatArray:
    """Return the sum of an additive quantity of the cells over each stope, walls as they stand.

    Parameters
    ----------
    array : ndarray, shape (L, S, K, J)
        Volume, tonnes, metal, worth ...
    frame : StopeFrame
        Of the cells.
    stopes : sequence of Stope
        n stopes; give those of `diluted_walls` for what is broken.

    Returns
    -------
    ndarray, shape (n,)
        Exact for grades uniform within a cell; 0 stopes give an empty array.

    Raises
    ------
    DataError
        If the array does not fit the frame.
    """
    if array.shape != frame.shape:
        found, allowed = str(array.shape), str(frame.shape)
        raise DataError([Problem("quantity does not fit the frame", "stopes", found, allowed)])
    panels = [stope.level * frame.n_sections + stope.section for stope in stopes]
    walls = np.array([stope.walls_m for stope in stopes]).reshape(-1, 4) / frame.step_m
    return between(cumulative(array), np.array(panels, dtype=np.int64), walls)


def _fit(cells: StopeCells, value: StopeValue, rules: StopeRules) -> None:
    """Refuse worths of another frame, or of another mining recovery."""
    problems = []
    if value.value.shape != cells.frame.shape:
        found, allowed = str(value.value.shape), str(cells.frame.shape)
        problems.append(Problem("worth does not fit the frame", "stopes", found, allowed))
    if value.mining_recovery != rules.mining_recovery:
        found = f"{value.mining_recovery:g} in the worth, {rules.mining_recovery:g} in the rules"
        problems.append(
            Problem("mining recovery differs", "stopes", found, remedy="Give both the same.")
        )
    if problems:
        raise DataError(problems)


def _stopes(
    frame: StopeFrame,
    rules: StopeRules,
    value: StopeValue,
    chosen: IntArray,
    counts: IntArray,
) -> tuple[Stope, ...]:
    """Turn the walls of all panels from steps into metres, and work out their worth."""
    bare = [
        Stope(
            int(panel) // frame.n_sections,
            int(panel) % frame.n_sections,
            float(chosen[panel, n, 0]) * frame.step_m,
            float(chosen[panel, n, 1]) * frame.step_m,
            float(chosen[panel, n, 2]) * frame.step_m,
            float(chosen[panel, n, 3]) * frame.step_m,
            0.0,
        )
        for panel in np.flatnonzero(counts)
        for n in range(counts[panel])
    ]
    diluted = [diluted_walls(stope, frame, rules) for stope in bare]
    worths = sums_between(value.value, frame, diluted)
    return tuple(
        replace(stope, value=float(worth)) for stope, worth in zip(bare, worths, strict=True)
    )
