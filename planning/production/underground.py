"""How do the stopes of a study become the activities of a plan, with limits and money?

Every cost is counted once. In the plant, ore has the return at the diluted head of its own stope,
less processing, general cost, sustaining capital and haulage to the plant. Breaking and drawing,
haulage by depth as in ``[value.stoping]``, and fill are spent with the ore; headings by the metre,
and what equips a level, where they are driven. ``value.stoping.cost_usd_per_t_ore`` and
``level_opening_usd``, and ``economics.mining_cost_usd_per_t_ore``, hold these together and are not
used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.errors import DataError, Problem
from planning.economics.block_nouns import BlockTerms
from planning.mine.schedule_config import ScheduleTable
from planning.mine.study import MineStudy
from planning.production.activities import AMOUNTS, COLUMNS, MineActivities
from planning.production.headings import Site, write_headings
from planning.production.ledger import Ledger, Order, order_of
from planning.production.limit_rows import gather_limits
from planning.production.mine_limits import Draft, limit_rows, open_notes
from planning.production.ore_money import OreMoney, direct_money, plant_money, sold_directly
from planning.production.plant_limits import target_tonnes
from planning.production.sequence import waits_of
from planning.production.stockpile import Stockpile, stock_of
from planning.production.stope_bodies import bodies_of
from planning.production.stope_choice import Choice, choose_stopes, mining_usd_per_t, stope_grades
from planning.production.stope_work import write_stopes
from planning.production.taken_ore import taken_notes
from planning.scheduling.calendar import Calendar
from planning.scheduling.problem import ScheduleNames, ScheduleProblem, no_flows

if TYPE_CHECKING:
    from planning.mine.workflow import Dug

FloatArray = NDArray[np.float64]
#: Destinations in words.
WORDS = {
    "plant": "plant",
    "stockpile": "stockpile",
    "direct": "direct shipping",
    "none": "none",
}
#: Columns of figures that an activity has only where it says so.
FIGURES = (
    "ore_t", "waste_t", "development_m", "fill_m3", "stope_days", "stands_open",
    "opens", "spent_usd", "level_usd", "fill_usd",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Ore:
    """What each activity's ore is worth, at every destination of the plan.

    Parameters
    ----------
    destinations : tuple of str
        Roles.
    allowed : ndarray of bool, shape (n, d)
        Where each activity may go.
    money, amounts : mapping of str to ndarray, shape (n, d)
        As in `MineActivities`.
    plant : OreMoney
        All ore in the plant.
    stock : Stockpile, optional
        Bins.
    """

    destinations: tuple[str, ...]
    allowed: NDArray[np.bool_]
    money: dict[str, FloatArray]
    amounts: dict[str, FloatArray]
    plant: OreMoney
    stock: Stockpile | None


def mine_activities(dug: Dug, source: MineStudy, table: ScheduleTable) -> MineActivities:
    """Make the activities of a mine under ground out of its stopes.

    Parameters
    ----------
    dug : Dug
        With stopes.
    source : MineStudy
        Prices, costs and plant; a scenario may have others than the stopes were found with.
    table : ScheduleTable
        Calendar, rates, sequence, costs of headings and fill.

    Returns
    -------
    MineActivities

    Raises
    ------
    DataError
        If there are no stopes, none pays, or a price or cost is not stated.
    """
    if dug.stopes is None:
        remedy = "State [stopes] and all prices and costs it needs."
        raise DataError([Problem("a plan of stopes without stopes", "schedule", remedy=remedy)])
    calendar = table.calendar(source.config.economics)
    grades = stope_grades(dug.stopes)
    choice = choose_stopes(bodies_of(dug.stopes), grades, source.terms, table)
    if not choice.bodies:
        remedy = "Look at prices, costs and schedule.cutoff_sb_pct."
        raise DataError([Problem("no stope pays for itself", "schedule", remedy=remedy)])
    frame = dug.stopes.solved.cells.frame
    host = source.config.mine.host_density_t_per_m3.base
    site = Site(frame, table, choice.bodies, host)
    ledger = _ledger(site, calendar, source)
    rows = _table(ledger, grades, _mining_usd(choice, source, table))
    ore = _ore(rows, tuple(grades), source, table)
    draft = Draft(
        config=source.config, table=table, calendar=calendar, terms=source.terms, rows=rows,
        grades=tuple(grades), destinations=ore.destinations, amounts=ore.amounts,
        plant=ore.plant, stock=ore.stock,
    )  # fmt: skip
    notes = [*choice.notes(), *_cost_notes(choice, ore, source.terms), *_stream_notes(ore, table)]
    notes += open_notes(table)
    title = source.drilled.config.study.title
    return _gather(draft, ore, order_of(ledger, calendar), title, notes)


def _ledger(site: Site, calendar: Calendar, source: MineStudy) -> Ledger:
    """Write down all headings and stopes, and what waits for what."""
    assert site.table.stoping is not None
    stopes = source.config.stopes
    pillar = 0.0 if stopes is None else stopes.pillar_m
    ledger = Ledger(float(calendar.length_years.min()))
    headings = write_headings(ledger, site)
    waits = waits_of(site.bodies, site.table.stoping, site.middle_section, pillar)
    write_stopes(ledger, site, headings, waits)
    return ledger


def _mining_usd(choice: Choice, source: MineStudy, table: ScheduleTable) -> dict[int, float]:
    """Return what it costs to mine a tonne, by the row of the stope [USD/t]."""
    assert table.stoping is not None
    costs = mining_usd_per_t(choice.bodies, source.terms, table.stoping.usd_per_t_ore.base)
    return {body.row: float(usd) for body, usd in zip(choice.bodies, costs, strict=True)}


def _table(
    ledger: Ledger, grades: Mapping[str, FloatArray], mining: Mapping[int, float]
) -> pd.DataFrame:
    """Return the activities as a table, with the diluted grades of their ore."""
    rows = pd.DataFrame(ledger.rows)
    for name in FIGURES:
        rows[name] = rows[name].fillna(0.0) if name in rows else 0.0
    rows["stope"] = rows["stope"].fillna("")
    rows["rock_t"] = rows["ore_t"] + rows["waste_t"]
    stope = rows["body"].fillna(-1).to_numpy(np.int64)
    holds = rows["ore_t"].to_numpy() > 0
    for name, grade in grades.items():
        rows[name] = np.where(holds, grade[stope], np.nan)
    rows["mining_usd"] = rows["ore_t"] * [mining.get(row, 0.0) for row in stope.tolist()]
    own = ("stope_days", "stands_open", "opens", "spent_usd", "level_usd", "fill_usd")
    return rows[[*COLUMNS, *grades, *own, "mining_usd"]]


def _ore(rows: pd.DataFrame, fields: Sequence[str], source: MineStudy, table: ScheduleTable) -> Ore:
    """Work out money and products of all activities at all destinations."""
    terms, ore_t = source.terms, rows["ore_t"].to_numpy(np.float64)
    holds = ore_t > 0
    grades = {name: rows[name].to_numpy(np.float64) for name in fields}
    plain = {name: np.where(holds, grade, 0.0) for name, grade in grades.items()}
    plant, stock = plant_money(plain, ore_t, terms), None
    found = {"plant": (plant, holds)}
    if table.stockpile is not None:
        stock = stock_of(grades, ore_t, plant, terms, table.stockpile)
        found["stockpile"] = (_stocked(plant, ore_t, table), stock.bin >= 0)
    if table.direct_shipping is not None:
        direct = direct_money(plain, ore_t, terms, table.direct_shipping)
        taken = holds & sold_directly(plain, terms, table.direct_shipping)
        found["direct"] = (direct, taken)
    nothing = OreMoney({}, {name: np.zeros(len(rows)) for name in AMOUNTS}, {})
    found["none"] = (nothing, ~holds)
    roles, allowed = tuple(found), np.stack([may for _, may in found.values()], axis=1)
    kinds = dict.fromkeys(kind for own, _ in found.values() for kind in own.money)
    zeros = np.zeros(len(rows))
    money = {
        kind: np.stack([own.money.get(kind, zeros) for own, _ in found.values()], axis=1) * allowed
        for kind in kinds
    }
    spent = {"mining": "mining_usd", "fill": "fill_usd", "development": "spent_usd",
             "level": "level_usd"}  # fmt: skip
    for kind, column in spent.items():
        money[kind] = -rows[column].to_numpy(np.float64)[:, None] * allowed
    amounts = {
        name: np.stack([own.amounts[name] for own, _ in found.values()], axis=1) * allowed
        for name in AMOUNTS
    }
    return Ore(roles, allowed, money, amounts, plant, stock)


def _stocked(plant: OreMoney, ore_t: FloatArray, table: ScheduleTable) -> OreMoney:
    """Return what it costs to put ore on the stockpile; its haulage is paid then, and once."""
    assert table.stockpile is not None
    money = {
        "ore_haulage": plant.money["ore_haulage"],
        "stockpiling": -table.stockpile.placing_usd_per_t.base * ore_t,
    }
    amounts = {name: np.zeros(ore_t.size) for name in AMOUNTS}
    return OreMoney(money, {**amounts, "stocked_t": ore_t}, {})


def _gather(
    draft: Draft, ore: Ore, order: Order, name: str, notes: Sequence[str]
) -> MineActivities:
    """Put the problem and the meaning of its numbers together."""
    periods, stock = draft.calendar.n_periods, ore.stock
    limits = gather_limits(limit_rows(draft), periods)
    moved = (limits.flow, limits.resource, limits.amount)
    total = np.sum(list(ore.money.values()), axis=0)
    places = tuple(WORDS[role] for role in ore.destinations)
    labels = tuple(draft.rows["activity"])
    names = ScheduleNames(labels, places, limits.titles, limits.units, "USD")
    problem = ScheduleProblem(
        name=name,
        calendar=draft.calendar,
        value=np.where(ore.allowed, total, -np.inf),
        precedence=order.precedence,
        span_class=order.span_class,
        spans_years=order.spans_years,
        use=limits.use,
        lower=limits.lower,
        upper=limits.upper,
        cumulative=limits.cumulative,
        flows=no_flows(periods) if stock is None else stock.flows(periods, moved),
        first=order.first,
        last=order.last,
        names=names,
    )
    fixed = draft.terms.limits.fixed_usd or 0.0
    return MineActivities(
        problem=problem,
        table=draft.rows,
        grades=draft.grades,
        destinations=ore.destinations,
        resources=limits.keys,
        money=ore.money,
        amounts=ore.amounts,
        flow_money={} if stock is None else stock.ore.money,
        flow_amounts={} if stock is None else stock.ore.amounts,
        flow_grades={} if stock is None else stock.grades,
        target_t=target_tonnes(draft.config, draft.table, draft.calendar),
        fixed_usd=fixed * draft.calendar.length_years,
        notes=tuple(notes),
    )


def _cost_notes(choice: Choice, ore: Ore, terms: BlockTerms) -> Iterator[str]:
    """Say what a tonne costs in the plan, and what the stopes were laid out with."""
    assert terms.stoping is not None
    mass = np.array([body.ore_t for body in choice.bodies])
    spent = {kind: -float(ore.money[kind][:, -1].sum()) for kind in ("development", "level")}
    spent.update({kind: -float(ore.money[kind][:, 0].sum()) for kind in ("mining", "fill")})
    per_t = {kind: usd / float(mass.sum()) for kind, usd in spent.items()}
    laid_out = float(mining_usd_per_t(choice.bodies, terms, terms.stoping.cost) @ mass)
    laid_out += (terms.level_opening_usd or 0.0) * len({body.level for body in choice.bodies})
    yield (
        f"A tonne of ore costs {sum(per_t.values()):,.1f} USD to mine: {per_t['mining']:,.1f} to "
        f"break, draw and haul, {per_t['fill']:,.1f} to fill, "
        f"{per_t['development'] + per_t['level']:,.1f} for headings and levels. The stopes were "
        f"laid out with {laid_out / float(mass.sum()):,.1f} USD/t ([value.stoping]), in which "
        "these stand together and which the plan does not use."
    )


def _stream_notes(ore: Ore, table: ScheduleTable) -> Iterator[str]:
    """Say what is not evident of fill, stockpile and direct shipping."""
    yield (
        "Fill that no other stope waits for is counted with the ore, part by part; all fill is "
        "paid for with the ore."
    )
    if ore.stock is not None:
        yield from taken_notes(ore.stock.names, ore.stock.grades, ore.stock.penalised)
    if table.direct_shipping is not None:
        tonnes = float(ore.amounts["direct_t"].sum())
        least = table.direct_shipping.least_sb_pct
        if tonnes == 0.0:
            yield f"No stope reaches {least:g} % Sb after dilution: nothing is shipped directly."
        else:
            yield f"{tonnes:,.0f} t of ore may be shipped directly: {least:g} % Sb and more."
