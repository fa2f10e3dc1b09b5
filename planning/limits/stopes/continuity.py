r"""Which stopes are worth the most when their walls may move only so far from section to section?

Asked of one stope a panel at most: between neighbouring mined sections of a level, none of the four
ends of the walls moves by more than the shift. Panels then depend on their neighbours along strike,
and the optimum of a panel by itself no longer serves. Each level is solved as a chain through its
sections over the stopes that lose least against their panel's best.

Why the bound holds. Without the rule the level is worth at most U, the best choice of its panels'
best single stopes. A layout with a stope that loses d against its panel's best is worth at most
U - d. So the level's best layout is either among the stopes that were kept, and found by the chain,
or worth at most U less the least loss of a stope that was not kept. (Stopes that lose more than U
less the value of a first chain cannot be in a better one, and are left out of the second.) Where
the chain's value reaches that, it is optimal; otherwise value and bound are both stated.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from deposits.errors import DataError, Problem
from planning.kernels.stope_states import integrals, stopes_above
from planning.limits.interruptions import interruptible
from planning.limits.stopes.cells import StopeCells
from planning.limits.stopes.chains import Chain, Kept, best_chain
from planning.limits.stopes.layout import StopeLayout, choose_panels
from planning.limits.stopes.layout_rows import best_levels, best_row, in_units
from planning.limits.stopes.layout_rules import LayoutRules, PanelChoice
from planning.limits.stopes.panels import LEAST_BLOCKED, as_kernel, cumulative, sums_between
from planning.limits.stopes.rules import StopeRules, StopeValue
from planning.limits.stopes.stope import Stope, diluted_walls
from planning.limits.stopes.walls import WallLattice, wall_lattice

FloatArray = NDArray[np.float64]
#: Stopes kept of each panel, and what rounding may hide, as a share of the bound without the rule.
MOST_KEPT, ROUNDING = 10_000, 1e-9
#: Stopes of each panel with which a chain is first tried.
FIRST = 200


def lay_out_continuous(
    cells: StopeCells,
    value: StopeValue,
    rules: tuple[StopeRules, LayoutRules],
    shift_m: float,
    most_kept: int = MOST_KEPT,
) -> StopeLayout:
    """Choose at most one stope a panel so that walls are continuous along strike.

    Parameters
    ----------
    cells : StopeCells
        Frame and exclusions.
    value : StopeValue
        Worth and needs of the cells.
    rules : tuple = (StopeRules, LayoutRules)
        Rules of a stope, and between panels; a sill pillar is not offered together with this.
    shift_m : float
        How far each end of a wall may move between neighbouring mined sections [m], 0 or more.
    most_kept : int
        Stopes kept of each panel, 1 or more; more make the bound tighter, and take longer.

    Returns
    -------
    StopeLayout
        Value and bound; "proven" when they meet, else "feasible".

    Raises
    ------
    DataError
        If the shift is no length, a sill is asked for, or the rules do not fit the frame.
    """
    began = time.perf_counter()
    _check(cells, value, rules, (shift_m, most_kept))
    stope_rules, between = rules
    kept = _kept(cells, value, rules, most_kept)
    best = np.array([[p.worths[0] if len(p.worths) else np.nan for p in row] for row in kept])
    relaxed = choose_panels(best, between)
    chains = [_chain(row, between, shift_m / cells.frame.step_m) for row in kept]
    opened = _opened([chain.worth for chain in chains], between)
    stopes = _stopes(cells, value, stope_rules, kept, chains)
    stopes = tuple(stope for stope in stopes if opened[stope.level])
    mined = np.zeros(best.shape, dtype=np.bool_)
    for stope in stopes:
        mined[stope.level, stope.section] = True
    costs = between.costs(len(kept))
    worth = math.fsum([*(s.value for s in stopes), *(-costs[opened]).tolist()])
    limit, rounding = _bound(kept, chains, between)
    bound = max(worth, min(limit, relaxed.bound))
    proven = bound - worth <= 2 * rounding
    choice = PanelChoice(
        mined=mined, opened=opened, value=worth, bound=bound, relaxed_bound=relaxed.relaxed_bound,
        status="proven" if proven else "feasible", method="chains", solver="", interrupted=False,
        seconds=time.perf_counter() - began,
    )  # fmt: skip
    said = (
        f"Maximised: {value.words}. At most one stope a panel; no end of a wall moves by more than "
        f"{shift_m:g} m between neighbouring mined sections. Between panels: {between.words()}. "
        f"Chains over the {most_kept} best stopes of each panel, on steps of "
        f"{cells.frame.step_m:g} m: value {worth:.10g}, bound {bound:.10g} {value.unit}."
    )
    return StopeLayout(
        frame=cells.frame, rules=stope_rules, layout_rules=between, stopes=stopes, choice=choice,
        value=worth, bound=bound, unit=value.unit, words=said,
    )  # fmt: skip


def _check(
    cells: StopeCells,
    value: StopeValue,
    rules: tuple[StopeRules, LayoutRules],
    limits: tuple[float, int],
) -> None:
    """Refuse what is not offered."""
    shift_m, most_kept = limits
    problems = []
    if not (shift_m >= 0 and math.isfinite(shift_m)):
        problems.append(
            Problem("shift of walls is no length", "stopes", f"{shift_m}", "0 m or more")
        )
    if most_kept < 1:
        problems.append(Problem("stopes kept of a panel", "stopes", str(most_kept), "1 or more"))
    if rules[1].most_levels is not None:
        remedy = "Leave out one of the two."
        problems.append(Problem("continuous walls and sill pillars are not offered together",
                                "stopes", remedy=remedy))  # fmt: skip
    if value.value.shape != cells.frame.shape:
        found, allowed = str(value.value.shape), str(cells.frame.shape)
        problems.append(Problem("worth does not fit the frame", "stopes", found, allowed))
    if problems:
        raise DataError(problems)
    rules[1].check_shape(cells.frame.shape[:2])


def _kept(
    cells: StopeCells, value: StopeValue, rules: tuple[StopeRules, LayoutRules], most: int
) -> list[list[Kept]]:
    """Return the best single stopes of every panel."""
    frame, walls = cells.frame, wall_lattice(cells.frame, rules[0])
    closed = -(cells.blocked > LEAST_BLOCKED).astype(np.float64)
    arrays = [value.value, *value.needs, *([closed] if closed.any() else [])]
    sums = np.stack([cumulative(array) for array in arrays], axis=1)
    barred = rules[1].barred(frame.shape[:2])
    return [
        [
            _best_of(sums[level * frame.n_sections + section], walls, most)
            if not barred[level, section]
            else Kept(np.empty((0, 4)), np.empty(0), -math.inf)
            for section in range(frame.n_sections)
        ]
        for level in range(frame.n_levels)
    ]


@interruptible()
def _best_of(sums: FloatArray, walls: WallLattice, most: int) -> Kept:
    """Return the best single stopes of one panel; of equals those listed first."""
    pairs = as_kernel(walls)
    far, near = integrals(sums, pairs)
    # Needs are met when rounding alone keeps them from it.
    slack = 1e-9 * np.abs(np.diff(sums, axis=2)).sum(axis=(1, 2))
    least = np.concatenate([[0.0], -slack[1:]])
    found = np.empty((0, 5))
    room = stopes_above(far, near, pairs, least, found)
    found = np.empty((room, 5))
    stopes_above(far, near, pairs, least, found)
    order = np.argsort(-found[:, 4], kind="stable")
    rest = float(found[order[most], 4]) if room > most else -math.inf
    chosen = found[order[:most]]
    return Kept(np.ascontiguousarray(chosen[:, :4]), chosen[:, 4].copy(), rest)


def _opened(worths: list[float], rules: LayoutRules) -> NDArray[np.bool_]:
    """Return the levels that are best opened."""
    table = np.column_stack([worths, rules.costs(len(worths))])
    numbers, _ = in_units(table)
    net = [(row[0] or 0) - (row[1] or 0) for row in numbers]
    return best_levels(net, *rules.needs(len(worths)))


def _free(row: list[Kept], rules: LayoutRules) -> float:
    """Return the worth of the best panels of a level when walls need not be continuous."""
    best = np.array([[p.worths[0] if len(p.worths) else np.nan for p in row]])
    numbers, unit = in_units(best)
    return best_row(numbers[0], rules).worth / unit


def _chain(row: list[Kept], rules: LayoutRules, shift: float) -> Chain:
    """Return the best chain of a level: of a few stopes, then of all that may still be better."""
    first = best_chain([_cut(panel, FIRST) for panel in row], rules, shift)
    spare = (_free(row, rules) - first.worth) * (1 + ROUNDING)
    near = [_cut(p, int(np.sum(p.worths >= p.worths[:1] - spare))) for p in row]
    if all(len(panel.worths) <= FIRST for panel in near):
        return first
    second = best_chain(near, rules, shift)
    return second if second.worth > first.worth else first


def _cut(panel: Kept, most: int) -> Kept:
    """Return a panel with its best stopes only."""
    if most >= len(panel.worths):
        return panel
    return Kept(panel.walls[:most], panel.worths[:most], float(panel.worths[most]))


def _bound(kept: list[list[Kept]], chains: list[Chain], rules: LayoutRules) -> tuple[float, float]:
    """Return what no layout can pass, and how much of it allows for rounding."""
    limits, rounding = [], []
    for row, chain in zip(kept, chains, strict=True):
        free = _free(row, rules)
        loss = min((p.worths[0] - p.next_worth for p in row if len(p.worths)), default=math.inf)
        rounding.append(ROUNDING * free)
        limits.append(max(chain.worth, free - loss) + rounding[-1])
    opened = _opened(limits, rules)
    costs = rules.costs(len(kept))
    bound = math.fsum([*np.array(limits)[opened].tolist(), *(-costs[opened]).tolist()])
    return bound, math.fsum(rounding)


def _stopes(
    cells: StopeCells,
    value: StopeValue,
    rules: StopeRules,
    kept: list[list[Kept]],
    chains: list[Chain],
) -> tuple[Stope, ...]:
    """Return the stopes of all chains with their worth."""
    bare = []
    for level, chain in enumerate(chains):
        for section, n in enumerate(chain.chosen):
            if n >= 0:
                ends = (kept[level][section].walls[n] * cells.frame.step_m).tolist()
                near_foot, near_head, far_foot, far_head = ends
                bare.append(Stope(level, section, near_foot, near_head, far_foot, far_head, 0.0))
    diluted = [diluted_walls(stope, cells.frame, rules) for stope in bare]
    worths = sums_between(value.value, cells.frame, diluted).tolist()
    return tuple(replace(stope, value=worth) for stope, worth in zip(bare, worths, strict=True))
