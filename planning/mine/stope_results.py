"""What do the chosen stopes come to, is that proven, and how does it hang on cut-off and price?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from deposits.blockmodel import BlockModel
from planning.economics.block_nsr import block_nsr
from planning.limits.stopes import (
    FrameSearch,
    Stope,
    StopeCells,
    StopeValue,
    Surroundings,
    diluted_walls,
    integrate,
)
from planning.limits.stopes.layout import StopeLayout
from planning.limits.stopes.sensitivity import (
    Row,
    SensitivityRules,
    by_cutoff,
    by_price,
    direct_shipping,
)
from planning.limits.stopes.table import StopeTable, TableFields, stope_table
from planning.mine.config import MineTable
from planning.mine.rejection import Rejection, rejections
from planning.mine.rock import ValuedRows
from planning.mine.stoping import CLASS_SHARE, NSR, Say, Solved, Stoping, money_of
from planning.verification.layout import verify_continuity, verify_layout
from planning.verification.stope_cells import verify_cells
from planning.verification.stopes import verify_stopes


@dataclass(frozen=True, slots=True, eq=False)
class StopesResult:
    """Stopes of the best frame, what they hold, and the checks they passed.

    Parameters
    ----------
    stoping : Stoping
        What they were found from.
    search : FrameSearch of Solved
        Every frame tried, and the best.
    table : StopeTable
        What stopes, levels and sections hold.
    cutoff_rows, price_rows : list of dict
        Stopes found again for each cut-off and price factor, without the continuity of walls; no
        rows of prices where none is stated.
    rich : dict
        What of the ore lies in stopes that reach the rich cut-off.
    rejected : tuple of Rejection
        What a buyer would refuse of the ore, one an element with a limit.
    faults : tuple of str
        What an independent check found wrong; () when all holds.
    """

    stoping: Stoping
    search: FrameSearch[Solved]
    table: StopeTable
    cutoff_rows: list[Row]
    price_rows: list[Row]
    rich: Row
    rejected: tuple[Rejection, ...]
    faults: tuple[str, ...]

    @property
    def solved(self) -> Solved:
        """The answer on the best frame."""
        return self.search.best

    @property
    def diluted(self) -> list[Stope]:
        """The stopes with their skins: what is broken."""
        frame, rules = self.solved.cells.frame, self.stoping.rules
        return [diluted_walls(stope, frame, rules) for stope in self.solved.layout.stopes]

    @property
    def layout(self) -> StopeLayout:
        """The stopes with their proof, and the frames that were tried."""
        return self.solved.layout.with_offsets(self.search.certificate())

    @property
    def sensitivity(self) -> pd.DataFrame:
        """All cases of cut-off and price in one table."""
        cases = [{"case": "cut-off", **row} for row in self.cutoff_rows]
        return pd.DataFrame(cases + [{"case": "price", **row} for row in self.price_rows])

    @property
    def proven(self) -> bool:
        """Whether value and bound meet but for rounding, and the check found nothing."""
        return self.solved.layout.status == "proven" and not self.faults


def gather(
    stoping: Stoping, search: FrameSearch[Solved], rows: ValuedRows, mine: MineTable, say: Say
) -> StopesResult:
    """Work out what the stopes hold, check them without the optimiser, and vary what they rest on.

    Parameters
    ----------
    stoping : Stoping
        What they were found from.
    search : FrameSearch of Solved
        The frames tried.
    rows : ValuedRows
        What of the model may be ore.
    mine : MineTable
        Rate of the plant and the rich cut-off.
    say : callable
        Called with (what is being done, done, in all).

    Returns
    -------
    StopesResult
    """
    best = search.best
    stopes, table = best.layout.stopes, stoping.table
    fields = table_fields(stoping, tuple(rows.classes))
    held = stope_table(stopes, best.cells, stoping.rules, fields)
    held, rejected = at_diluted_head(held, stoping)
    say("Checking the stopes without the optimiser", 0, 1)
    faults, between = check_stopes(stoping, best), best.layout.layout_rules
    kept = SensitivityRules(stopes=stoping.rules, layout=between, grade=stoping.fields[0])
    say("Finding stopes for each cut-off and price", 0, 1)
    by_grade = by_cutoff(best.cells, kept, table.sensitivity_cutoffs_sb_pct)
    by_money = price_rows(stoping, best.cells, rows, kept)
    rate = mine.throughput_t_per_year.base
    rich = direct_shipping(stopes, best.cells, kept, mine.rich_cutoff_sb_pct, rate)
    return StopesResult(stoping, search, held, by_grade, by_money, rich, rejected, faults)


def at_diluted_head(held: StopeTable, stoping: Stoping) -> tuple[StopeTable, tuple[Rejection, ...]]:
    """Work out what stopes are paid at their own diluted head, and what a buyer would refuse.

    Parameters
    ----------
    held : StopeTable
        What the stopes hold.
    stoping : Stoping
        With or without complete terms.

    Returns
    -------
    tuple of (StopeTable, tuple of Rejection)
        The table with ``nsr_at_head_usd_per_t`` in its rows and totals; as it was, and (), where
        prices or terms are not stated.

    Notes
    -----
    The optimum adds returns of blocks at their own heads, as it must; a plant sees the stope. The
    difference is what adding leaves out where recovery bends.
    """
    terms, rows = stoping.terms, held.rows
    if terms is None or rows.empty:
        return held, ()
    grades = {name: rows[f"diluted_{name}"].to_numpy(np.float64) for name in terms.grade_fields}
    tonnes = rows["recovered_t"].to_numpy(np.float64)
    paid = block_nsr(grades, terms)
    mean = float(np.sum(paid * tonnes) / np.sum(tonnes))
    told = replace(
        held,
        rows=rows.assign(nsr_at_head_usd_per_t=paid),
        totals={**held.totals, "nsr_at_head_usd_per_t": mean},
    )
    return told, rejections(grades, tonnes, terms)


def check_stopes(stoping: Stoping, best: Solved) -> tuple[str, ...]:
    """List what a check that shares no code with the optimiser finds wrong; () when all holds."""
    stopes, shift = best.layout.stopes, stoping.table.most_wall_shift_m
    shapes = verify_stopes(best.cells, best.worth, stoping.rules, stopes)
    found = tuple(str(violation) for violation in shapes.violations)
    found += verify_cells(stoping.model, best.cells).violations
    if shift is not None:
        return (*found, *verify_continuity(stopes, shift))
    layout = best.layout
    proof = verify_layout(best.panel_values, layout.layout_rules, layout.choice, stopes)
    return (*found, *proof.violations)


def price_rows(
    stoping: Stoping, cells: StopeCells, rows: ValuedRows, kept: SensitivityRules
) -> list[Row]:
    """Find the stopes again for each factor on the metal prices, on the same frame.

    Parameters
    ----------
    stoping : Stoping
        With or without complete terms.
    cells : StopeCells
        The model over the frame.
    rows : ValuedRows
        Grades of the model's rows.
    kept : SensitivityRules
        Rules that stay.

    Returns
    -------
    list of dict
        [] where prices or costs are not stated, or the objective is a grade.
    """
    terms, table = stoping.terms, stoping.table
    if terms is None or table.objective == "grade":
        return []
    floor = None if table.cutoff_sb_pct is None else table.cutoff_sb_pct.base
    model = stoping.model

    def case_of(factor: float) -> tuple[StopeCells, StopeValue]:
        nsr = np.where(rows.counted, block_nsr(rows.grades, terms.with_prices(factor)), 0.0)
        priced = BlockModel(model.grid, model.table.assign(**{NSR: nsr}), model.about)
        held = integrate(priced, cells.frame, [NSR], Surroundings(stoping.host_t_per_m3))
        changed = replace(cells, metal={**cells.metal, NSR: held.metal[NSR]})
        return changed, money_of(stoping, changed, floor)

    found = by_price(case_of, kept, table.sensitivity_price_factors)
    price = terms.sb_price
    return [
        {**row, "sb_price_usd_per_t": None if price is None else price * row["factor"]}
        for row in found
    ]


def table_fields(stoping: Stoping, classes: Sequence[str]) -> TableFields:
    """Return how the cells' fields are read: grades, return, share of each class."""
    shares = {name: CLASS_SHARE.format(name) for name in classes}
    grades = tuple(name for name in stoping.fields if name.endswith(("_pct", "_gpt", "_ppm")))
    return TableFields(grades=grades, nsr=NSR if NSR in stoping.fields else None, classes=shares)
