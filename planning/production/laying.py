"""Which stopes does a plan start from, and when must they be laid out again for a scenario?

What the stopes hang on is compared, not the study's text: two scenarios that give every tonne the
same return, cost and rules share one layout. A scenario keeps the frame of the study, where its
levels and sections are as large; the frame is searched for the study alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from deposits.blockmodel import BlockModel, read_blocks
from planning.economics.block_costs import ore_cost_usd_per_t
from planning.limits.stopes import FrameSearch, StopeFrame
from planning.limits.stopes.table import stope_table
from planning.mine.rock import ValuedRows, value_rows
from planning.mine.stope_results import StopesResult, at_diluted_head, check_stopes, table_fields
from planning.mine.stoping import Say, Solved, Stoping, find_stopes, first_frame, solve
from planning.mine.study import MineStudy
from planning.mine.workflow import Dug, find_pit_of, stoping_of

#: Sizes of a frame that a scenario must share to keep it.
SIZES = ("strike_deg", "level_m", "section_m", "step_m")


@dataclass(frozen=True, slots=True, eq=False)
class Layouts:
    """The block model of a study, and every layout that was found on it so far.

    Parameters
    ----------
    path : Path
        Where the block model is.
    model : BlockModel
        Estimated blocks.
    stated : StopeFrame or None
        The frame the study found best, where it is known.
    found : dict
        Results by what they hang on, in the order in which they were found.
    """

    path: Path
    model: BlockModel
    stated: StopeFrame | None = None
    found: dict[str, StopesResult] = field(default_factory=dict)

    @property
    def frame(self) -> StopeFrame | None:
        """The study's own frame: that of the finished study, else that of the first layout."""
        first = next(iter(self.found.values()), None)
        return self.stated if first is None or self.stated else first.search.frame


def layouts_of(blocks: Path, frame: StopeFrame | None = None) -> Layouts:
    """Read the block model of a study.

    Parameters
    ----------
    blocks : Path
        Its block model.
    frame : StopeFrame, optional
        The frame the study found best.

    Returns
    -------
    Layouts
    """
    return Layouts(blocks, read_blocks(blocks), frame)


def frame_of(summary: Mapping[str, Any]) -> StopeFrame | None:
    """Return the frame of the stopes of a finished study.

    Parameters
    ----------
    summary : mapping
        Its ``summary.json``.

    Returns
    -------
    StopeFrame or None
        None where it has no stopes.
    """
    told = ((summary.get("mine") or {}).get("stopes") or {}).get("frame")
    if told is None:
        return None
    east, north, height = (float(x) for x in told["origin_m"])
    return StopeFrame(
        origin_m=(east, north, height),
        **{name: float(told[name]) for name in SIZES},
        n_sections=int(told["sections"]),
        n_levels=int(told["levels"]),
        n_steps=int(told["steps"]),
        n_sublevels=int(told["sublevels"]),
    )


def dig_for_plan(source: MineStudy, layouts: Layouts, say: Say = lambda *_: None) -> Dug:
    """Find the pit or the stopes that a study plans, without what only their own tables need.

    Parameters
    ----------
    source : MineStudy
        With a table ``[schedule]``, whatever scenario is merged in.
    layouts : Layouts
        Block model, frame and what was found so far; what is found is kept there.
    say : callable
        Called with (what is being done, done, in all).

    Returns
    -------
    Dug
        Without files.
    """
    rows = value_rows(layouts.model, source.config.mine, source.config.value.grades)
    schedule = source.config.schedule
    if schedule is not None and schedule.of == "pit":
        return Dug(source, find_pit_of(source, layouts.model, rows, say), None, {}, [])
    return Dug(source, None, _stopes(source, layouts, rows, say), {}, [])


def _stopes(source: MineStudy, layouts: Layouts, rows: ValuedRows, say: Say) -> StopesResult | None:
    """Find the stopes, or take those that hang on the same figures."""
    stoping = stoping_of(source, layouts.model, rows)
    if stoping is None:
        return None
    key = hangs_on(stoping)
    if key not in layouts.found:
        search = _search(stoping, layouts, say)
        layouts.found[key] = _result(stoping, search, tuple(rows.classes))
    return layouts.found[key]


def hangs_on(stoping: Stoping) -> str:
    """Return a digest of all that a layout of stopes hangs on.

    Parameters
    ----------
    stoping : Stoping
        Everything stopes are found from.

    Returns
    -------
    str
        Equal for equal fields, rules and costs, whatever the study calls them.
    """
    digest = hashlib.sha256()
    for name in stoping.fields:
        digest.update(
            np.ascontiguousarray(stoping.model.table[name].to_numpy(np.float64)).tobytes()
        )
    terms, table = stoping.terms, stoping.table.model_dump(mode="json")
    # How far the frame is searched and what is varied afterwards changes no layout.
    own = {k: v for k, v in table.items() if not k.startswith(("search", "sensitivity"))}
    costs = None if terms is None else (ore_cost_usd_per_t(terms), terms.level_opening_usd)
    rest = (own, stoping.rules, stoping.between, stoping.host_t_per_m3, costs)
    digest.update(repr(rest).encode())
    return digest.hexdigest()


def _search(stoping: Stoping, layouts: Layouts, say: Say) -> FrameSearch[Solved]:
    """Lay the stopes out on the study's frame, on one of their own, or search for the frame."""
    if layouts.frame is None:
        return find_stopes(stoping, say)
    say("Finding stopes on the frame of the study", 0, 1)
    own = first_frame(stoping)
    same = all(getattr(own, n) == getattr(layouts.frame, n) for n in (*SIZES, "n_sublevels"))
    frame = layouts.frame if same else own
    best = solve(stoping, frame)
    row = {"u_m": 0.0, "w_m": 0.0, "z_m": 0.0, "value": best.value, "bound": best.bound}
    return FrameSearch(pd.DataFrame([{**row, "best": True}]), frame, best)


def _result(
    stoping: Stoping, search: FrameSearch[Solved], classes: tuple[str, ...]
) -> StopesResult:
    """Return stopes with what they hold and their check, not varied over cut-offs and prices."""
    best = search.best
    held = stope_table(
        best.layout.stopes, best.cells, stoping.rules, table_fields(stoping, classes)
    )
    held, rejected = at_diluted_head(held, stoping)
    return StopesResult(stoping, search, held, [], [], {}, rejected, check_stopes(stoping, best))
