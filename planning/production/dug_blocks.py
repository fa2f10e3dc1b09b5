"""In which year does the plan of a pit dig each of its blocks?

A unit of the plan is many blocks; whoever draws a pit year by year needs them one by one.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from deposits.blockmodel import About, BlockWriter
from planning.production.activities import MineActivities
from planning.scheduling.plan import SchedulePlan

if TYPE_CHECKING:
    from deposits.config import StudyTable


def dug_blocks(mine: MineActivities, plan: SchedulePlan) -> pd.DataFrame:
    """Return the blocks of a pit with the period and year in which a plan digs them.

    Parameters
    ----------
    mine : MineActivities
        Of a pit: with its units.
    plan : SchedulePlan
        Their plan.

    Returns
    -------
    pandas.DataFrame
        ``block``, ``plan_period`` and ``plan_year``, both from 1; 0 for rock that the plan leaves.
    """
    assert mine.units is not None
    calendar = mine.problem.calendar
    block = np.flatnonzero(mine.units.unit >= 0)
    period = plan.period[mine.units.unit[block]]
    done = period < calendar.n_periods
    year = calendar.years()[np.where(done, period, 0)] + 1
    return pd.DataFrame(
        {
            "block": block,
            "plan_period": np.where(done, period + 1, 0).astype(np.int64),
            "plan_year": np.where(done, year, 0).astype(np.int64),
        }
    )


def write_dug_blocks(
    path: Path, mine: MineActivities, plan: SchedulePlan, study: StudyTable
) -> None:
    """Write `dug_blocks` as a block model.

    Parameters
    ----------
    path : Path
        A Parquet file.
    mine : MineActivities
        Of a pit.
    plan : SchedulePlan
        Their plan.
    study : StudyTable
        Name, CRS, and whether it is synthetic.
    """
    assert mine.units is not None
    about = About(f"{study.name} plan of the pit", study.synthetic, {}, study.crs)
    with BlockWriter(path, mine.units.grid, about) as writer:
        writer.write(dug_blocks(mine, plan))
