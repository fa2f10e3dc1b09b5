"""Which stopes should be mined from a block model, on which frame, and what proves it?"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from deposits.blockmodel import PLACE_COLUMNS, SIZE_COLUMNS, BlockModel, Inside, Surface, below
from planning.economics.block_costs import ore_cost_usd_per_t, stope_cost_usd_per_t
from planning.economics.block_nsr import block_nsr
from planning.economics.block_terms import BlockTerms
from planning.limits.stopes import (
    FrameSearch,
    PanelSolutions,
    StopeCells,
    StopeCosts,
    StopeFrame,
    StopeRules,
    StopeValue,
    Surroundings,
    cutoff_value,
    frame_over,
    integrate,
    nsr_value,
    optimise_panels,
    search_frames,
)
from planning.limits.stopes.continuity import lay_out_continuous
from planning.limits.stopes.layout import StopeLayout, lay_out
from planning.limits.stopes.layout_rules import LayoutRules
from planning.mine.config import MineConfig, StopesTable
from planning.mine.rock import DENSITY, ValuedRows

FloatArray = NDArray[np.float64]
#: Additive fields of the cells beside the grades.
NSR, COST, COUNTED = "nsr_usd_per_t", "stope_cost_usd_per_t", "counted_share"
#: Field of the rock of one class in a cell, t per t.
CLASS_SHARE = "share_of_{}"
#: Zone of rock outside the model's rows, for costs by zone.
HOST = "host"
#: Parts of a cell, along u, w and z, at which the ground and exclusions are asked.
SAMPLES = (4, 1, 4)
Say = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """Stopes of one frame.

    Parameters
    ----------
    cells : StopeCells
        The model over the frame.
    worth : StopeValue
        What was maximised.
    panels : PanelSolutions
        Best stopes of each panel by itself.
    layout : StopeLayout
        The stopes that are mined, with their proof.
    """

    cells: StopeCells
    worth: StopeValue
    panels: PanelSolutions
    layout: StopeLayout

    @property
    def value(self) -> float:
        """Worth of the layout, less the cost of its levels."""
        return self.layout.value

    @property
    def bound(self) -> float:
        """No layout on this frame is worth more."""
        return self.layout.bound

    @property
    def panel_values(self) -> FloatArray:
        """Worth of each panel, NaN where no stopes pay, shape (L, S)."""
        held = np.zeros(self.panels.values.shape, dtype=np.bool_)
        for stope in self.panels.stopes:
            held[stope.level, stope.section] = True
        return np.where(held, self.panels.values, np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class Stoping:
    """Everything stopes are found from, prepared once.

    Parameters
    ----------
    table : StopesTable
        Table ``[stopes]``.
    model : BlockModel
        Rows with the counted grades, classes, and what is earned and spent by the tonne.
    fields : tuple of str
        Fields that are integrated.
    surroundings : Surroundings
        Host rock, ground and exclusions.
    rules : StopeRules
        Of one stope.
    between : LayoutRules
        Of panels against each other, without the cost of levels.
    terms : BlockTerms, optional
        Prices and costs; None where the objective is a grade and they are not all stated.
    """

    table: StopesTable
    model: BlockModel
    fields: tuple[str, ...]
    surroundings: Surroundings
    rules: StopeRules
    between: LayoutRules
    terms: BlockTerms | None

    @property
    def host_t_per_m3(self) -> float:
        """Density of rock outside the model [t/m3]."""
        return self.surroundings.host_density_t_per_m3


def prepare(
    model: BlockModel,
    rows: ValuedRows,
    config: MineConfig,
    terms: BlockTerms | None,
    around: tuple[Surface | None, Inside | None],
) -> Stoping:
    """Put together what finding stopes needs.

    Parameters
    ----------
    model : BlockModel
        The block model.
    rows : ValuedRows
        What of it may be ore.
    config : MineConfig
        With a table ``[stopes]``.
    terms : BlockTerms or None
        Complete for returns, ore and stopes; None finds stopes by grade alone.
    around : tuple = (ground, excluded)
        Elevation of the ground, and what must stay; None where there is neither.

    Returns
    -------
    Stoping
    """
    table = config.stopes
    assert table is not None
    ready, fields = _with_fields(model, rows, terms)
    ground, excluded = around
    surroundings = Surroundings(
        config.mine.host_density_t_per_m3.base,
        None if ground is None else below(ground),
        _kept(ground, table.crown_m, excluded),
        SAMPLES,
    )
    rules = StopeRules(
        least_width_m=table.least_width_m,
        most_width_m=table.most_width_m,
        pillar_m=table.pillar_m,
        near_skin_m=table.near_skin_m.base,
        far_skin_m=table.far_skin_m.base,
        wall_dip_deg=table.wall_dip_deg,
        mining_recovery=table.mining_recovery_fraction.base,
    )
    between = LayoutRules(
        needs_above=table.opening == "downwards",
        needs_below=table.opening == "upwards",
        least_run=table.least_run,
        most_run=table.most_run,
        most_levels=table.most_levels,
    )
    return Stoping(table, ready, fields, surroundings, rules, between, terms)


def _with_fields(
    model: BlockModel, rows: ValuedRows, terms: BlockTerms | None
) -> tuple[BlockModel, tuple[str, ...]]:
    """Return the rows with every additive field, and the names of these."""
    kept = ["block", *PLACE_COLUMNS, *SIZE_COLUMNS, "fraction", DENSITY]
    table = model.table[[name for name in kept if name in model.table.columns]].copy()
    added: dict[str, FloatArray] = dict(rows.grades)
    for name, own in rows.classes.items():
        added[CLASS_SHARE.format(name)] = own.astype(np.float64)
    added[COUNTED] = rows.counted.astype(np.float64)
    if terms is not None:
        added[NSR] = np.where(rows.counted, block_nsr(rows.grades, terms), 0.0)
        zone = None
        if terms.stoping is not None and terms.stoping.zone_field:
            zone = model.table[terms.stoping.zone_field].to_numpy(dtype=object)
        height = model.table["elevation"].to_numpy(np.float64)
        added[COST] = stope_cost_usd_per_t(height, zone, terms)
    for name, values in added.items():
        table[name] = values
    return BlockModel(model.grid, table, model.about), tuple(added)


def _kept(ground: Surface | None, crown_m: float, excluded: Inside | None) -> Inside | None:
    """Join the crown under the ground to the rock that must stay."""
    if ground is None or crown_m <= 0:
        return excluded
    known = ground

    def inside(points: FloatArray) -> NDArray[np.bool_]:
        heights = np.asarray(known(np.ascontiguousarray(points[:, :2])))
        # Where the ground is not known nothing is opened: neither rock nor air is guessed.
        crown = ~(points[:, 2] < heights - crown_m)
        return crown if excluded is None else crown | excluded(points)

    return inside


def first_frame(stoping: Stoping) -> StopeFrame:
    """Lay the study's frame over the block model, with room for skins and leaning walls."""
    table, rules = stoping.table, stoping.rules
    skins = max(rules.near_skin_m, rules.far_skin_m)
    steepest = min(table.wall_dip_deg[0], 180.0 - table.wall_dip_deg[1], 89.9)
    room = skins / math.sin(math.radians(max(steepest, 1.0))) + table.step_m
    intervals = (table.section_m, table.level_m, table.step_m)
    return frame_over(stoping.model.grid, table.strike_deg, intervals, table.sublevels, room)


def worth_of(stoping: Stoping, cells: StopeCells) -> StopeValue:
    """Return what the cells are worth under the study's objective.

    Parameters
    ----------
    stoping : Stoping
        Objective, terms, recovery.
    cells : StopeCells
        The model over a frame.

    Returns
    -------
    StopeValue
    """
    table, recovery = stoping.table, stoping.rules.mining_recovery
    main = stoping.fields[0]
    floor = None if table.cutoff_sb_pct is None else table.cutoff_sb_pct.base
    if table.objective == "grade" or stoping.terms is None:
        return cutoff_value(cells, main, floor or 0.0, recovery)
    return money_of(stoping, cells, floor)


def money_of(stoping: Stoping, cells: StopeCells, floor: float | None) -> StopeValue:
    """Return what the cells are worth in money.

    Parameters
    ----------
    stoping : Stoping
        With complete terms.
    cells : StopeCells
        The model over a frame.
    floor : float or None
        Grade every diluted stope must reach [unit of the main grade].

    Returns
    -------
    StopeValue
    """
    assert stoping.terms is not None
    main, recovery = stoping.fields[0], stoping.rules.mining_recovery
    costs = StopeCosts(
        mining_usd_per_t=_broken_cost(stoping, cells),
        ore_usd_per_t=ore_cost_usd_per_t(stoping.terms),
    )
    needs = {} if floor is None else {main: floor}
    return nsr_value(cells, NSR, costs, recovery, needs)


def _broken_cost(stoping: Stoping, cells: StopeCells) -> FloatArray:
    """Return the cost of breaking a tonne in each cell, its rows and the host beside them."""
    assert stoping.terms is not None
    frame = cells.frame
    slices = frame.n_levels * frame.n_sublevels
    middles = frame.origin_m[2] + frame.cell_m[2] * (np.arange(slices) + 0.5)
    stoped = stoping.terms.stoping
    zone = np.full(slices, HOST) if stoped is not None and stoped.zones else None
    host = stope_cost_usd_per_t(middles, zone, stoping.terms)
    by_slice = host.reshape(frame.n_levels, 1, frame.n_sublevels, 1)
    spent = cells.metal[COST] + cells.host_tonnes * by_slice
    plain = np.broadcast_to(by_slice, frame.shape).copy()
    return np.divide(spent, cells.tonnes, out=plain, where=cells.tonnes > 0)


def solve(stoping: Stoping, frame: StopeFrame) -> Solved:
    """Find the best stopes on one frame.

    Parameters
    ----------
    stoping : Stoping
        Model, rules, objective.
    frame : StopeFrame
        Levels and sections.

    Returns
    -------
    Solved
    """
    cells = integrate(stoping.model, frame, stoping.fields, stoping.surroundings)
    return choose(stoping, cells, worth_of(stoping, cells))


def choose(stoping: Stoping, cells: StopeCells, worth: StopeValue) -> Solved:
    """Find the best stopes of cells whose worth is known, and the panels to mine."""
    panels = optimise_panels(cells, worth, stoping.rules)
    cost = 0.0
    if worth.unit == "USD" and stoping.terms is not None:
        cost = stoping.terms.level_opening_usd or 0.0
    between, shift = replace(stoping.between, level_cost=cost), stoping.table.most_wall_shift_m
    if shift is None:
        layout = lay_out(panels, between)
    else:
        layout = lay_out_continuous(cells, worth, (stoping.rules, between), shift)
    return Solved(cells, worth, panels, layout)


def find_stopes(stoping: Stoping, say: Say = lambda *_: None) -> FrameSearch[Solved]:
    """Find the best stopes over all places of the frame that the study tries.

    Parameters
    ----------
    stoping : Stoping
        Model, rules, objective.
    say : callable
        Called with (what is being done, done, in all).

    Returns
    -------
    FrameSearch of Solved
    """
    search = stoping.table.search
    parts = (search.along, search.across, search.up)
    done = 0

    def tried(frame: StopeFrame) -> Solved:
        nonlocal done
        say("Finding stopes on frame after frame", done, math.prod(parts))
        done += 1
        return solve(stoping, frame)

    return search_frames(first_frame(stoping), tried, parts)
