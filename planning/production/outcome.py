"""What does a plan bring, period by period and year by year: ore, feed, metal, money?

Everything is added up from the plan and from what its activities hold, not taken from the
optimiser; `closed` says by how much the sums miss each other, which is rounding. Money is
undiscounted unless its name says otherwise. A year here is the one in which a period begins, as the
discounting has it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.limits.stopes.stope_sums import metal_of
from planning.production.activities import EARNED, MineActivities
from planning.production.dates import days_of, period_name
from planning.scheduling.plan import SchedulePlan, plan_value

FloatArray = NDArray[np.float64]
#: Columns of periods that say when, and are not added up.
WHEN = ("period", "name", "year", "from_years", "to_years", "from_date", "to_date")
#: Tonnes of a stock below this are what rounding leaves; digits of times [years].
RESIDUE_T, TIME_DIGITS = 1e-3, 9
#: Levels at the end of a period: a year has those of its last period.
LEVELS = ("stock_t",)
#: Amounts of activities and flows -> columns of the table.
DELIVERED = {
    "feed_t": "feed_t",
    "direct_t": "direct_t",
    "concentrate_t": "concentrate_t",
    "recovered_sb_t": "sb_t",
    "payable_sb_t": "payable_sb_t",
    "payable_au_oz": "payable_au_oz",
}


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a plan comes to.

    Parameters
    ----------
    periods : pandas.DataFrame
        One row a period: when, ``ore_t`` mined, ``feed_t`` to the plant (reclaimed ore in it),
        ``direct_t`` shipped, ``stocked_t``, ``reclaimed_t``, ``stock_t`` at the end, head grades
        of the feed (NaN without feed), ``concentrate_t``, metal in it, ``revenue_usd``,
        ``cost_KIND_usd``, ``cost_usd`` (their sum), ``cash_usd``; ``fixed_usd`` apart, for as
        long as the mine works, and ``cash_after_fixed_usd``; ``discounted_usd`` before it.
    years : pandas.DataFrame
        The same by year.
    balance : pandas.DataFrame
        One row for ore and one a metal: mined, to the plant at once, shipped, wasted, stocked,
        reclaimed at the grade of its bin, and left in stock or not counted by that grade; below 0
        for what buyers deduct for, of which the most is counted.
    value_usd : float
        Discounted worth of the plan [USD].
    closed : float
        Largest part by which a sum misses its parts: ore, metal, money, discounted money
        [fraction].
    """

    periods: pd.DataFrame
    years: pd.DataFrame
    balance: pd.DataFrame
    value_usd: float
    closed: float


def outcome_of(mine: MineActivities, plan: SchedulePlan, start: dt.date | None = None) -> Outcome:
    """Add up what a plan brings.

    Parameters
    ----------
    mine : MineActivities
        What activities hold, cost and bring.
    plan : SchedulePlan
        When each is done, and where it goes.
    start : date, optional
        First day of the first period.

    Returns
    -------
    Outcome
    """
    periods = _when(mine, start)
    physical, metals = _physical(mine, plan)
    money = _money(mine, plan)
    columns: dict[str, FloatArray] = {**physical, **money}
    periods = periods.assign(**columns)
    metal = pd.DataFrame(metals)
    grades = list(mine.grades)
    years = _by_year(periods, metal, grades)
    periods = _with_grades(periods, metal, grades)
    balance = _balance(mine, plan)
    value = plan_value(mine.problem, plan)
    closed = max(_money_gap(periods, value), float(balance["unexplained_fraction"].max()))
    return Outcome(periods, years, balance, value, closed)


def _when(mine: MineActivities, start: dt.date | None) -> pd.DataFrame:
    """Return when each period begins and ends, and the feed that is asked of it."""
    calendar = mine.problem.calendar
    begins, ends, days = calendar.starts(), calendar.ends(), days_of(calendar, start)
    rows = {
        "period": np.arange(1, calendar.n_periods + 1),
        "name": [period_name(b, e) for b, e in zip(begins, ends, strict=True)],
        "year": calendar.years() + 1,
        "from_years": begins.round(TIME_DIGITS),
        "to_years": ends.round(TIME_DIGITS),
        "from_date": [first for first, _ in days],
        "to_date": [last for _, last in days],
        "part_of_year": calendar.length_years,
        "target_t": mine.target_t,
    }
    return pd.DataFrame(rows)


def moved(mine: MineActivities, plan: SchedulePlan, amount: FloatArray) -> FloatArray:
    """Add up by period what activities deliver at the destinations a plan sends them to.

    Parameters
    ----------
    mine : MineActivities
        Of the plan.
    plan : SchedulePlan
        The plan.
    amount : ndarray of float, shape (n, d)
        Of the whole activity at each destination.

    Returns
    -------
    ndarray of float, shape (t,)
    """
    t = mine.problem.n_periods
    done = np.flatnonzero(plan.done(t))
    share = plan.share[done]
    given = np.where(share > 0.0, amount[done] * share, 0.0).sum(axis=1)
    return np.bincount(plan.period[done], given, t).astype(np.float64)


def _physical(
    mine: MineActivities, plan: SchedulePlan
) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Return tonnes and metres by period, and the metal in the feed."""
    table, kinds = mine.table, np.array(mine.destinations)
    wasted = (kinds == "waste")[None, :]
    ore, waste, metres = (
        np.nan_to_num(table[name].to_numpy(np.float64))[:, None]
        for name in ("ore_t", "waste_t", "development_m")
    )
    found = {
        "ore_t": moved(mine, plan, np.where(wasted, 0.0, ore)),
        "waste_t": moved(mine, plan, waste + np.where(wasted, ore, 0.0)),
        "development_m": moved(mine, plan, np.broadcast_to(metres, plan.share.shape)),
    }
    for given, name in DELIVERED.items():
        found[name] = moved(mine, plan, mine.amounts[given])
        found[name] += _flowed(mine.flow_amounts, given, plan.flow)
    found["stocked_t"] = moved(mine, plan, mine.amounts["stocked_t"])
    found["reclaimed_t"] = plan.flow.sum(axis=0)
    stock = np.cumsum(found["stocked_t"] - found["reclaimed_t"])
    found["stock_t"] = np.where(np.abs(stock) < RESIDUE_T, 0.0, stock)
    metals = {}
    for grade in mine.grades:
        held = mine.amounts["feed_t"] * np.nan_to_num(table[grade].to_numpy(np.float64))[:, None]
        metals[grade] = moved(mine, plan, held) + _flowed(mine.flow_grades, grade, plan.flow)
    return found, metals


def worked_periods(mine: MineActivities, plan: SchedulePlan) -> NDArray[np.bool_]:
    """Return which periods come no later than the last in which anything is done or moved.

    Parameters
    ----------
    mine : MineActivities
        Of the plan.
    plan : SchedulePlan
        The plan.

    Returns
    -------
    ndarray of bool, shape (t,)
    """
    t = mine.problem.n_periods
    last = int(plan.period[plan.period < t].max(initial=-1))
    if plan.flow.size:
        last = max(last, int(np.flatnonzero(plan.flow.sum(axis=0) > 0.0).max(initial=-1)))
    return np.arange(t) <= last


def _flowed(per_unit: Mapping[str, FloatArray], name: str, flow: FloatArray) -> FloatArray:
    """Add up what flows deliver by period."""
    if name not in per_unit:
        return np.zeros(flow.shape[1])
    return np.asarray(per_unit[name] @ flow, dtype=np.float64)


def _money(mine: MineActivities, plan: SchedulePlan) -> dict[str, FloatArray]:
    """Return revenue, each kind of cost (as positive numbers), and cash by period."""
    t = mine.problem.n_periods
    by_kind = {name: moved(mine, plan, amount) for name, amount in mine.money.items()}
    for name, per_unit in mine.flow_money.items():
        by_kind[name] = by_kind.get(name, np.zeros(t)) + per_unit @ plan.flow
    none = np.zeros(t)
    revenue = sum((by_kind[name] for name in EARNED if name in by_kind), none)
    costs = {f"cost_{k}_usd": -v for k, v in by_kind.items() if k not in EARNED}
    total = sum(costs.values(), none)
    cash = revenue - total
    fixed = np.where(worked_periods(mine, plan), mine.fixed_usd, 0.0)
    return {
        "revenue_usd": revenue,
        **{name: np.where(cost == 0.0, 0.0, cost) for name, cost in costs.items()},
        "cost_usd": total,
        "cash_usd": cash,
        "fixed_usd": fixed,
        "cash_after_fixed_usd": cash - fixed,
        "discounted_usd": cash * mine.problem.calendar.factors(),
    }


def _with_grades(table: pd.DataFrame, metal: pd.DataFrame, grades: list[str]) -> pd.DataFrame:
    """Put head grades beside the feed; NaN where nothing was fed."""
    feed = table["feed_t"].to_numpy(np.float64)
    heads = {
        name: np.divide(metal[name].to_numpy(), feed, out=np.full(feed.shape, np.nan),
                        where=feed > 0.0)
        for name in grades
    }  # fmt: skip
    place = table.columns.get_loc("feed_t")
    assert isinstance(place, int)
    before, after = table.iloc[:, : place + 1], table.iloc[:, place + 1 :]
    return pd.concat([before, pd.DataFrame(heads, index=table.index), after], axis=1)


def _by_year(periods: pd.DataFrame, metal: pd.DataFrame, grades: list[str]) -> pd.DataFrame:
    """Add periods up to years."""
    added = [n for n in periods.columns if n not in (*WHEN, *LEVELS)]
    groups = periods.groupby("year", sort=True)
    sums = groups[added].sum().reset_index()
    edges = pd.DataFrame({
        "from_years": groups["from_years"].first().to_numpy(),
        "to_years": groups["to_years"].last().to_numpy(),
        "from_date": groups["from_date"].first().to_numpy(),
        "to_date": groups["to_date"].last().to_numpy(),
    })  # fmt: skip
    years = pd.concat([sums[["year"]], edges, sums.drop(columns="year")], axis=1)
    for name in LEVELS:
        years[name] = groups[name].last().to_numpy()
    years = years[[n for n in periods.columns if n in years.columns]]
    return _with_grades(years, metal.groupby(periods["year"]).sum().reset_index(drop=True), grades)


def _balance(mine: MineActivities, plan: SchedulePlan) -> pd.DataFrame:
    """Follow ore and each metal from the stopes to where it went."""
    t, table = mine.problem.n_periods, mine.table
    done = plan.done(t)
    tonnes = np.nan_to_num(table["ore_t"].to_numpy(np.float64))
    rows = [_balance_row("ore_t", mine, plan, (tonnes, 1.0, None), done)]
    for grade in mine.grades:
        named = metal_of(grade)
        if named is not None:
            held = tonnes * np.nan_to_num(table[grade].to_numpy(np.float64)) / named[1]
            parts = (held, named[1], grade)
            rows.append(_balance_row(named[0], mine, plan, parts, done))
    return pd.DataFrame(rows)


def _balance_row(
    name: str,
    mine: MineActivities,
    plan: SchedulePlan,
    parts: tuple[FloatArray, float, str | None],
    done: NDArray[np.bool_],
) -> dict[str, object]:
    """Return one row of the balance; *parts* is (held, divisor of tonnes x grade, grade)."""
    held, divisor, grade = parts
    kinds = np.array(mine.destinations)
    went = {
        kind: float((plan.share[:, kinds == kind].sum(axis=1) * held)[done].sum())
        for kind in ("plant", "direct", "waste", "stockpile")
    }
    moved_t = plan.flow.sum(axis=1)
    in_bins = mine.flow_grades.get(grade) if grade else np.ones(moved_t.size)
    reclaimed = 0.0 if in_bins is None else float(np.sum(moved_t * in_bins)) / divisor
    mined = float(held[done].sum())
    missing = mined - sum(went.values())
    return {
        "what": name,
        "mined": mined,
        "to_plant_at_once": went["plant"],
        "shipped": went["direct"],
        "wasted": went["waste"],
        "stocked": went["stockpile"],
        "reclaimed_at_bin_grade": reclaimed,
        "left_or_not_counted": went["stockpile"] - reclaimed,
        "unexplained_fraction": abs(missing) / mined if mined > 0.0 else 0.0,
    }


def _money_gap(periods: pd.DataFrame, value: float) -> float:
    """Return by what part the cash flow misses the worth that the problem gives the plan."""
    return abs(float(periods["discounted_usd"].sum()) - value) / max(abs(value), 1.0)
