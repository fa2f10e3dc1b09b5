"""Which files does the plan of a mine leave in the folder of the results?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from deposits.estimate.results import write_csv
from planning.formats.plans.folder import ScheduleFolder, write_folder
from planning.formats.plans.writing import write_plan
from planning.production.dug_blocks import write_dug_blocks
from planning.production.plan_rows import frames
from planning.production.solving import contents_of

if TYPE_CHECKING:
    from planning.production.workflow import MinePlan

#: Endings of the plan's own file: for programs, for anybody, and for whoever edits it.
ENDINGS = (".parquet", ".csv", ".xlsx")
PROBLEM = "plan_problem"


def write_plan_files(found: MinePlan, summary: Mapping[str, Any], out: Path) -> list[str]:
    """Write a plan, its problem, and its tables.

    Parameters
    ----------
    found : MinePlan
        The plan.
    summary : mapping
        Its key ``plan`` of ``summary.json``.
    out : Path
        Folder; it exists.

    Returns
    -------
    list of str
        Relative to the folder: plan.parquet, plan.csv and plan.xlsx, which `anzob plan-verify`
        reads again; plan_problem/*; plan_blocks.parquet of a pit; plan_years.csv and other
        tables. The names of a synthetic study start ``synthetic_``.
    """
    source, answer = found.source, found.planned.answer
    prefix, mine = source.prefix, found.planned.mine
    folder = ScheduleFolder(mine.problem, found.start, source.synthetic, contents_of(mine))
    inside = f"{prefix}{PROBLEM}"
    names = [f"{inside}/{name}" for name in write_folder(out / inside, folder)]
    if answer.plan is not None:
        for ending in ENDINGS:
            names.append(f"{prefix}plan{ending}")
            write_plan(out / names[-1], folder, answer.plan)
        if mine.units is not None:
            names.append(f"{prefix}plan_blocks.parquet")
            write_dug_blocks(out / names[-1], mine, answer.plan, source.drilled.config.study)
    for stem, table in frames(summary):
        names.append(f"{prefix}{stem}.csv")
        write_csv(marked(table, synthetic=source.synthetic), out / names[-1])
    return names


def marked(table: pd.DataFrame, *, synthetic: bool) -> pd.DataFrame:
    """Return a table whose every row says that it is synthetic, where it is."""
    return table.assign(synthetic=True) if synthetic else table
