"""Is every block of a pit given the year in which the plan digs its unit, and no other?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from support.small_mine import estimated, loaded, write_mine

from deposits.blockmodel import read_blocks
from planning.mine.study import MineStudy
from planning.mine.workflow import Dug, dig
from planning.production.dug_blocks import dug_blocks
from planning.production.files import write_plan_files
from planning.production.pit_schedule import pit_activities
from planning.production.workflow import plan_mine
from planning.scheduling.plan import empty_plan

SCHEDULE = """
[schedule]
of = "pit"
periods = [{ count = 1, per_year = 1 }]
pit_most_units = 40
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tuple[Dug, MineStudy]:
    folder = tmp_path_factory.mktemp("pit")
    path = write_mine(folder, stopes=SCHEDULE)
    blocks = estimated(path, folder / "model")
    source = loaded(path).or_raise().only("pit")
    return dig(source, blocks, folder), source


def test_blocks_of_a_year_weigh_what_its_units_weigh(study: tuple[Dug, MineStudy]) -> None:
    dug, source = study
    assert source.config.schedule is not None and dug.pit is not None
    mine = pit_activities(dug, source, source.config.schedule)
    assert mine.units is not None
    periods = mine.problem.n_periods
    plan = empty_plan(mine.problem)
    # Any plan will do; some units are never dug.
    plan.period[:] = np.random.default_rng(3).integers(0, periods + 1, plan.period.size)
    plan.period[::7] = periods
    found = dug_blocks(mine, plan)
    assert found["block"].is_unique and (found["plan_year"] == 0).any()
    rock = dug.pit.blocks.rock_t[found["block"].to_numpy()]
    years = mine.problem.calendar.years() + 1
    for period in range(periods):
        own = found["plan_period"] == period + 1
        wanted = mine.table["rock_t"].to_numpy()[plan.period == period].sum()
        assert rock[own].sum() == pytest.approx(wanted)
        assert (found["plan_year"][own] == years[period]).all()
    left = mine.table["rock_t"].to_numpy()[plan.period == periods].sum()
    assert rock[found["plan_period"] == 0].sum() == pytest.approx(left)


def test_a_study_that_plans_a_pit_leaves_its_blocks(
    study: tuple[Dug, MineStudy], tmp_path: Path
) -> None:
    dug, source = study
    found = plan_mine(dug, source)
    summary = found.summary()
    name = f"{source.prefix}plan_blocks.parquet"
    assert name in write_plan_files(found, summary, tmp_path)
    model = read_blocks(tmp_path / name)
    assert dug.pit is not None
    rock = dug.pit.blocks.rock_t[model.table["block"].to_numpy()]
    by_year = pd.Series(rock).groupby(model.table["plan_year"].to_numpy()).sum()
    for row in summary["years"]:
        wanted = (row["ore_t"] or 0.0) + (row["waste_t"] or 0.0)
        assert by_year.get(row["year"], 0.0) == pytest.approx(wanted, rel=1e-6, abs=1e-6)
