"""What limits the plan of a mine under ground in each period, and what is used of it?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.economics.block_nouns import BlockTerms
from planning.mine.config import MineConfig
from planning.mine.schedule_config import ScheduleTable
from planning.production.ledger import DAYS_PER_YEAR
from planning.production.limit_rows import LimitRow
from planning.production.ore_money import OreMoney
from planning.production.plant_limits import concentrate_tonnes, plant_tonnes
from planning.production.stockpile import Stockpile, stock_rows
from planning.production.taken_ore import most_per_t
from planning.scheduling.calendar import SAME_DATE, Calendar

FloatArray = NDArray[np.float64]
MONTHS = 12.0


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Draft:
    """A plan's activities with what they deliver, before its limits are known.

    Parameters
    ----------
    config : MineConfig
        Plant and rate.
    table : ScheduleTable
        Rates and limits.
    calendar : Calendar
        Periods.
    terms : BlockTerms
        What a buyer refuses.
    rows : DataFrame
        A row an activity.
    grades : tuple of str
        Its columns of grades.
    destinations : tuple of str
        Roles.
    amounts : mapping of str to ndarray, shape (n, d)
        What activities deliver.
    plant : OreMoney
        All activities' ore in the plant.
    stock : Stockpile, optional
        Bins.
    """

    config: MineConfig
    table: ScheduleTable
    calendar: Calendar
    terms: BlockTerms
    rows: pd.DataFrame
    grades: tuple[str, ...]
    destinations: tuple[str, ...]
    amounts: dict[str, FloatArray]
    plant: OreMoney
    stock: Stockpile | None

    def column(self, name: str) -> FloatArray:
        """Return a column of the activities, shape (n,)."""
        return self.rows[name].to_numpy(np.float64)

    def everywhere(self, name: str) -> FloatArray:
        """Return a column as a use that does not depend on the destination, shape (n, d)."""
        return np.repeat(self.column(name)[:, None], len(self.destinations), axis=1)

    def taken(self, name: str) -> FloatArray | None:
        """Return an amount of a tonne off the stockpile by bin; None without one."""
        return None if self.stock is None else self.stock.ore.amounts[name]


def limit_rows(draft: Draft) -> list[LimitRow]:
    """List the limits of a plan under ground.

    Parameters
    ----------
    draft : Draft
        Activities.

    Returns
    -------
    list of LimitRow
        plant, concentrate, stopes (days of work in them), stopes_open (how many stand open),
        development, fill, haulage, levels, the bins of the stockpile, and, where the study asks
        for it, what a buyer refuses of the concentrate; only what is stated, or can bind.
    """
    return [*_plant(draft), *_crews(draft), *_levels(draft), *_bins(draft), *_refused(draft)]


def _plant(draft: Draft) -> Iterator[LimitRow]:
    """Ore into the plant and concentrate out of it."""
    upper = plant_tonnes(draft.config, draft.table, draft.calendar)
    yield LimitRow(
        key="plant", title="feed of the plant", unit="t", use=draft.amounts["feed_t"],
        upper=upper, flow_use=draft.taken("feed_t"),
    )  # fmt: skip
    line = concentrate_tonnes(draft.config, draft.table, draft.calendar)
    if line is not None:
        yield LimitRow(
            key="concentrate", title="concentrate line", unit="t",
            use=draft.amounts["concentrate_t"], upper=line,
            flow_use=None if draft.stock is None else draft.stock.line_t,
        )  # fmt: skip


def _crews(draft: Draft) -> Iterator[LimitRow]:
    """Stopes in cycle, headings, fill and haulage."""
    table, years = draft.table, draft.calendar.length_years
    assert table.stoping is not None and table.development is not None and table.fill is not None
    yield LimitRow(
        key="stopes", title="days of work in stopes", unit="stope days",
        use=draft.everywhere("stope_days"),
        upper=table.stoping.in_cycle.base * DAYS_PER_YEAR * years,
    )  # fmt: skip
    yield LimitRow(
        key="stopes_open", title="stopes standing open at the end", unit="stopes",
        use=draft.everywhere("stands_open"), cumulative=True,
        upper=np.full(years.size, np.floor(table.stoping.in_cycle.base + SAME_DATE)),
    )  # fmt: skip
    yield LimitRow(
        key="development", title="development", unit="m", use=draft.everywhere("development_m"),
        upper=table.development.m_per_month.base * MONTHS * years,
    )  # fmt: skip
    yield LimitRow(
        key="fill", title="fill", unit="m3", use=draft.everywhere("fill_m3"),
        upper=table.fill.m3_per_month.base * MONTHS * years,
    )  # fmt: skip
    if table.haulage_t_per_year is not None:
        yield LimitRow(
            key="haulage", title="haulage of ore and waste", unit="t",
            use=draft.everywhere("rock_t"), upper=table.haulage_t_per_year.base * years,
        )  # fmt: skip


def open_notes(table: ScheduleTable) -> Iterator[str]:
    """Say what the two limits on stopes mean.

    Parameters
    ----------
    table : ScheduleTable
        With stoping.
    """
    assert table.stoping is not None
    most = table.stoping.in_cycle.base
    yield (
        f"A stope stands open from its preparation until it is filled. No more than {most:g} stand "
        "open at the end of any period, and no more days are worked in stopes than as many have "
        "in it; what stands open within a long period is held by the days alone."
    )


def _levels(draft: Draft) -> Iterator[LimitRow]:
    """Levels opened so far: whole ones, as many as the years that have passed allow."""
    assert draft.table.access is not None
    rate = draft.table.access.levels_per_year
    if rate is not None:
        yield LimitRow(
            key="levels", title="levels opened", unit="levels", use=draft.everywhere("opens"),
            upper=np.floor(rate.base * draft.calendar.ends() + SAME_DATE), cumulative=True,
        )  # fmt: skip


def _bins(draft: Draft) -> list[LimitRow]:
    """Say what the bins can hold, and that nothing leaves them that is not there."""
    if draft.stock is None or draft.table.stockpile is None:
        return []
    capacity = np.full(draft.calendar.n_periods, draft.table.stockpile.capacity_t.base)
    return stock_rows(draft.stock, draft.amounts["stocked_t"], capacity)


def _refused(draft: Draft) -> Iterator[LimitRow]:
    """Say what a buyer takes of the concentrate of a period, where some ore's own is above it."""
    place = draft.destinations.index("plant")
    fed = draft.amounts["concentrate_t"][:, place]
    for penalty in draft.terms.penalties:
        if penalty.reject_above_pct is None or draft.table.blend == "none":
            continue
        most = penalty.reject_above_pct / 100.0
        use = np.zeros(draft.amounts["feed_t"].shape)
        use[:, place] = draft.plant.contents_t[penalty.element] - most * fed
        flow = None
        if draft.stock is not None:
            flow = most_per_t(use[:, place], draft.column("ore_t"), draft.stock.bin)
        if (use > 0).any() or (flow is not None and (flow > 0).any()):
            yield LimitRow(
                key=f"{penalty.element} in concentrate", unit="t", use=use, flow_use=flow,
                title=f"{penalty.element} in the concentrate above what its buyer takes",
                upper=np.zeros(draft.calendar.n_periods),
            )  # fmt: skip
