"""Is a pit planned over time the ultimate pit where time is free, and does it keep its slopes?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.small_mine import estimated, loaded, write_mine

from deposits.errors import DataError
from deposits.grid import Grid
from planning.limits.pit import ultimate_pit
from planning.limits.precedence import ConePrecedence, as_arcs
from planning.mine.study import MineStudy
from planning.mine.workflow import Dug, dig
from planning.production.activities import AMOUNTS, MineActivities
from planning.production.ore_money import OreMoney
from planning.production.outcome import outcome_of
from planning.production.pit_activities import PitOre, pit_mine
from planning.production.pit_limits import PitRates, PitStock
from planning.production.pit_schedule import grade_edges, pit_activities, pit_calendar
from planning.production.pit_units import WASTE, DugRock, PitUnits, pit_units
from planning.scheduling.answers import Effort
from planning.scheduling.calendar import equal_years
from planning.scheduling.plan import SchedulePlan, plan_value, resource_use
from planning.scheduling.schedule import schedule
from planning.verification.plans import verify_plan

CROSS = np.array([[0, 0, 1], [1, 0, 1], [-1, 0, 1], [0, 1, 1], [0, -1, 1]])
#: Earned by a tonne for each per cent, and what a tonne costs to treat and to dig [USD].
PAID, TREATED, DUG = 10.0, 6.0, 2.0


def _money(ore_t: np.ndarray, sb_pct: np.ndarray) -> OreMoney:
    """Work out what ore brings in a plant that recovers everything."""
    money = {"antimony": PAID * sb_pct * ore_t, "processing": -TREATED * ore_t}
    metal = ore_t * sb_pct / 100.0
    amounts = dict.fromkeys(AMOUNTS, np.zeros(ore_t.size))
    amounts |= {"feed_t": ore_t, "concentrate_t": 2.0 * metal, "recovered_sb_t": metal}
    return OreMoney(money, amounts, {})


def _ore(rock_t: np.ndarray, ore_t: np.ndarray, sb_pct: np.ndarray) -> PitOre:
    sold = np.zeros(rock_t.size, dtype=bool)
    return PitOre(
        rock_t=rock_t, ore_t=ore_t, dig_usd=DUG * rock_t, grades={"sb_pct": sb_pct},
        plant=_money(ore_t, sb_pct), direct=None, sold=sold,
    )  # fmt: skip


def _rates(years: int, rate: float = 0.0, **given: object) -> PitRates:
    """Return limits of equal years, none where none is given."""
    none = np.full(years, np.inf)
    whole = {name: np.full(years, v) for name, v in given.items() if name.endswith("_t")}
    limits = {"rock_t": none, "plant_t": none, "concentrate_t": none} | whole
    return PitRates(
        calendar=equal_years(years, rate, "end_of_year"), target_t=limits["plant_t"],
        fixed_usd=np.zeros(years), stock=given.get("stock"), **limits,
    )  # fmt: skip


def _stock(capacity_t: float, placing: float, rehandling: float) -> PitStock:
    return PitStock(
        names=("poor", "rich"),
        bin_of_kind=(-1, 0, 1),
        capacity_t=capacity_t,
        placing_usd_per_t=placing,
        rehandling_usd_per_t=rehandling,
    )


def _deposit(seed: int) -> tuple[DugRock, PitOre, ConePrecedence, np.ndarray]:
    """Draw all rock under an uneven ground, ore in it, and what each block is worth."""
    rng = np.random.default_rng(seed)
    grid = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 5.0), (5, 4, 4))
    n, (nx, ny, nz) = grid.n_blocks, grid.shape
    cone = ConePrecedence(grid.shape, (CROSS,))
    ground = rng.integers(2, nz + 1, (ny, nx))
    under = (np.arange(nz)[:, None, None] < ground[None]).reshape(-1)
    rock = np.where(under, rng.uniform(90.0, 110.0, n), 0.0)
    is_ore = under & (rng.uniform(size=n) < 0.35)
    sb_pct = np.where(is_ore, rng.uniform(0.7, 3.0, n), 0.0)
    ore = np.where(is_ore, 0.95 * rock, 0.0)
    value = np.where(is_ore, ore * (PAID * sb_pct - TREATED), 0.0) - DUG * rock
    kind = np.where(is_ore, 1 + (sb_pct > 1.5), WASTE)
    every = np.ones(n, dtype=bool)
    phase = np.ones(n, dtype=np.int64)
    dug = DugRock(grid, every, rock, kind.astype(np.int64), phase)
    return dug, _ore(rock, ore, sb_pct), cone, value


def _block_periods(units: PitUnits, plan: SchedulePlan, never: int) -> np.ndarray:
    """Return the period of each block; air is dug before all else."""
    return np.where(units.unit >= 0, plan.period[units.unit], -1)


def _steepest(units: PitUnits, cone: ConePrecedence, period: np.ndarray) -> bool:
    """Whether each block of rock comes no sooner than all rock above it, through air too."""
    arcs, latest = as_arcs(cone), period.copy()
    for block in reversed(range(cone.n_blocks)):
        above = max((latest[b] for b in arcs.predecessors(block).tolist()), default=-1)
        if units.unit[block] >= 0 and period[block] < above:
            return False
        latest[block] = max(latest[block], above)
    return True


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_without_limits_and_interest_the_plan_is_the_ultimate_pit(seed: int) -> None:
    rock, ore, cone, value = _deposit(seed)
    pit = ultimate_pit(value, cone)
    units = pit_units(rock, cone, rock.grid.n_blocks)
    mine = pit_mine("pit", units, ore, _rates(2))
    answer = schedule(mine.problem, Effort(rounds=1))
    assert answer.plan is not None
    assert answer.value == pytest.approx(pit.value, abs=1e-5)
    # The bound is rounded to the safe side.
    assert pit.value - 1e-5 <= answer.bound <= pit.value * (1 + 1e-6)
    dug = (units.unit >= 0) & (answer.plan.period[units.unit] < 2)
    assert np.array_equal(dug, pit.mined & (rock.rock_t > 0.0))


@pytest.mark.parametrize(("seed", "most"), [(1, 12), (2, 30), (3, 1000)])
def test_a_plan_under_limits_keeps_slopes_and_is_worth_what_it_says(seed: int, most: int) -> None:
    rock, ore, cone, value = _deposit(seed)
    units = pit_units(rock, cone, most)
    stock = PitStock(
        names=("poor", "rich"),
        bin_of_kind=(-1, 0, 1),
        capacity_t=500.0,
        placing_usd_per_t=0.1,
        rehandling_usd_per_t=0.3,
    )
    rates = _rates(4, 0.1, rock_t=1800.0, plant_t=450.0, stock=stock)
    mine = pit_mine("pit", units, ore, rates)
    answer = schedule(mine.problem, Effort(rounds=1))
    assert answer.plan is not None
    check = verify_plan(mine.problem, answer.plan)
    assert check.feasible, str(check.violations)
    assert check.value == pytest.approx(answer.value, rel=1e-9)
    assert answer.value <= answer.bound * (1 + 1e-9) + 1e-6
    # Time and limits cost: nothing is worth more than the pit where both are free.
    assert answer.bound <= ultimate_pit(value, cone).value + 1e-5
    period = _block_periods(units, answer.plan, 4)
    assert _steepest(units, cone, period)
    told = outcome_of(mine, answer.plan)
    assert told.closed <= 1e-9
    assert told.periods["feed_t"].max() <= 450.0 * (1 + 1e-9)
    moved = told.periods["ore_t"] + told.periods["waste_t"]
    assert moved.max() <= 1800.0 * (1 + 1e-9)


def _column() -> tuple[MineActivities, PitUnits]:
    """Three benches of one block: waste, poor ore, rich ore; a plant for one bench a year."""
    grid = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 5.0), (1, 1, 4))
    rock = np.array([100.0, 100.0, 100.0, 0.0])
    sb_pct = np.array([3.0, 1.0, 0.0, 0.0])
    kind = np.array([2, 1, WASTE, WASTE])
    dug = DugRock(grid, np.ones(4, dtype=bool), rock, kind, np.ones(4, dtype=np.int64))
    units = pit_units(dug, ConePrecedence(grid.shape, (np.array([[0, 0, 1]]),)), 4)
    stock = PitStock(
        names=("poor", "rich"),
        bin_of_kind=(-1, 0, 1),
        capacity_t=80.0,
        placing_usd_per_t=1.0,
        rehandling_usd_per_t=2.0,
    )
    rates = _rates(2, 1.0, plant_t=100.0, stock=stock)
    return pit_mine(
        "column", units, _ore(rock, np.where(kind > 0, rock, 0.0), sb_pct), rates
    ), units


def test_a_column_by_hand() -> None:
    mine, units = _column()
    assert mine.destinations == ("waste", "plant", "stockpile")
    assert mine.resources == ("plant", "stock 1", "stock 2")
    assert units.n_units == 3  # air is no unit
    order = [str(name) for name in mine.table["activity"]]
    assert order == ["0-R0-C0-ore2", "5-R0-C0-ore1", "10-R0-C0-waste"]
    # Rich ore in year 1: the poor ore above it fills 80 t of stock and 20 t are lost, or less.
    share = np.zeros((3, 3))
    share[0, 1], share[1, 2], share[1, 0], share[2, 0] = 1.0, 0.8, 0.2, 1.0
    flow = np.zeros((2, 2))
    flow[0, 1] = 80.0
    plan = SchedulePlan(np.zeros(3, dtype=np.int64), share, flow)
    year1 = 100 * (30.0 - 6.0) - 3 * 200.0 - 80.0 * 1.0
    year2 = 80.0 * (10.0 - 6.0 - 2.0)
    assert plan_value(mine.problem, plan) == pytest.approx(0.5 * year1 + 0.25 * year2)
    assert verify_plan(mine.problem, plan).feasible
    use = resource_use(mine.problem, plan)
    assert use[0].tolist() == [100.0, 80.0]
    assert use[1].tolist() == [80.0, 0.0]
    told = outcome_of(mine, plan).periods
    assert told["sb_pct"].tolist() == pytest.approx([3.0, 1.0])
    assert told["ore_t"].tolist() == [180.0, 0.0]
    assert told["waste_t"].tolist() == [120.0, 0.0]


def test_no_more_comes_off_a_bin_than_was_laid_down() -> None:
    mine, _ = _column()
    share = np.zeros((3, 3))
    share[0, 2], share[0, 0], share[1, 2], share[1, 0] = 0.5, 0.5, 0.5, 0.5
    share[2, 0] = 1.0
    flow = np.zeros((2, 2))
    flow[0, 1] = 60.0
    plan = SchedulePlan(np.zeros(3, dtype=np.int64), share, flow)
    broken = verify_plan(mine.problem, plan).violations
    assert [mine.resources[row] for row in broken["resource"]] == ["stock 1"]
    assert broken["amount"].tolist() == pytest.approx([-10.0])


def test_what_comes_off_a_bin_is_as_poor_as_its_poorest_ore() -> None:
    rock, ore, cone, _ = _deposit(3)
    units = pit_units(rock, cone, rock.grid.n_blocks)
    mine = pit_mine("pit", units, ore, _rates(2, stock=_stock(500.0, 0.1, 0.3)))
    for number, kind in enumerate((1, 2)):
        least = ore.grades["sb_pct"][rock.kind == kind].min()
        assert mine.flow_grades["sb_pct"][number] == pytest.approx(least)
        worth = PAID * least - TREATED - 0.3
        assert mine.problem.flows.value[number] == pytest.approx(worth)
        assert mine.flow_amounts["recovered_sb_t"][number] == pytest.approx(least / 100.0)


@pytest.mark.parametrize("seed", [1, 3, 8])
def test_no_tonne_off_a_bin_is_better_than_any_ore_of_it(seed: int) -> None:
    rock, ore, cone, _ = _deposit(seed)
    rng = np.random.default_rng(seed)
    # A deduction that has nothing to do with the grade, as for mercury, and gold likewise.
    size = ore.ore_t.size
    money = dict(ore.plant.money)
    money["penalties"] = -rng.uniform(0.0, 20.0, size) * ore.ore_t
    money["gold"] = rng.uniform(0.0, 5.0, size) * ore.ore_t
    ore = replace(ore, plant=OreMoney(money, ore.plant.amounts, {}))
    units = pit_units(rock, cone, 40)
    rates = _rates(2, concentrate_t=100.0, stock=_stock(500.0, 0.1, 0.3))
    mine = pit_mine("pit", units, ore, rates)
    plant, stock = (mine.destinations.index(role) for role in ("plant", "stockpile"))
    flows, held = mine.problem.flows, np.isfinite(mine.problem.value[:, stock])
    tonnes = mine.table["ore_t"].to_numpy()
    line = mine.resources.index("concentrate")
    for number in range(mine.problem.n_flows):
        own = np.flatnonzero(held & (units.kind == number + 1))
        paid = sum(v[own, plant] for k, v in mine.money.items() if k != "mining") / tonnes[own]
        assert flows.value[number].max() <= paid.min() - 0.3 + 1e-9
        metal = mine.amounts["recovered_sb_t"][own, plant] / tonnes[own]
        assert mine.flow_amounts["recovered_sb_t"][number] <= metal.min() * (1 + 1e-12)
        gives = mine.amounts["concentrate_t"][own, plant] / tonnes[own]
        taken = flows.amount[(flows.resource == line) & (flows.flow == number)]
        assert taken.tolist() == pytest.approx([gives.max()])


def test_waste_goes_nowhere_but_to_the_dump() -> None:
    mine, units = _column()
    waste = int(np.flatnonzero(units.kind == WASTE)[0])
    assert np.isfinite(mine.problem.value[waste]).tolist() == [True, False, False]


def test_only_ore_that_a_buyer_takes_is_sold_as_mined() -> None:
    rock, ore, cone, _ = _deposit(3)
    sold = ore.grades["sb_pct"] > 1.5
    direct = OreMoney(
        {"antimony": 25.0 * ore.ore_t}, dict(_money(ore.ore_t, ore.grades["sb_pct"]).amounts), {}
    )
    direct.amounts["feed_t"] = np.zeros(ore.ore_t.size)
    direct.amounts["direct_t"] = ore.ore_t
    units = pit_units(rock, cone, 40)
    mine = pit_mine("pit", units, replace(ore, direct=direct, sold=sold), _rates(2))
    column = mine.destinations.index("direct")
    allowed = np.isfinite(mine.problem.value[:, column])
    assert np.array_equal(allowed, units.kind == 2)
    assert np.all(mine.amounts["direct_t"][~allowed, column] == 0.0)
    assert mine.amounts["direct_t"][allowed, column].sum() == pytest.approx(ore.ore_t[sold].sum())


SCHEDULE = """
[schedule]
of = "pit"
periods = [{ count = 1, per_year = 1 }]
pit_most_units = 60
[schedule.stockpile]
bins_sb_pct = [1.0, 2.0]
capacity_t = 5000
placing_usd_per_t = 0.2
rehandling_usd_per_t = 0.5
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tuple[Dug, MineStudy]:
    folder = tmp_path_factory.mktemp("pit")
    path = write_mine(folder, stopes=SCHEDULE)
    blocks = estimated(path, folder / "model")
    source = loaded(path).or_raise().only("pit")
    return dig(source, blocks, folder), source


def test_a_study_plans_its_whole_pit(study: tuple[Dug, MineStudy]) -> None:
    dug, source = study
    table, pit = source.config.schedule, dug.pit
    assert table is not None and pit is not None
    mine = pit_activities(dug, source, table)
    held = pit.totals(pit.dug)
    assert mine.table["rock_t"].sum() == pytest.approx(held["rock_t"])
    assert mine.table["ore_t"].sum() == pytest.approx(held["ore_t"])
    assert len(mine.table) <= 60 and "put together" in mine.notes[0]
    # Without discounting, limits and loss, all units bring what the pit is worth.
    problem = mine.problem
    best = np.where(problem.allowed, problem.value, -np.inf).max(axis=1)
    assert best.sum() == pytest.approx(pit.answer.pit.value, rel=1e-9)
    assert mine.resources[:2] == ("mine", "plant")
    assert problem.upper[0].tolist() == [200_000.0] * problem.n_periods
    assert problem.upper[1].tolist() == [20_000.0] * problem.n_periods
    years = max(held["rock_t"] / 200_000.0, held["ore_t"] / 20_000.0)
    assert problem.n_periods == min(int(np.ceil(1.2 * years)), 100)


def test_classes_of_ore_end_at_the_bins_and_know_them(study: tuple[Dug, MineStudy]) -> None:
    dug, source = study
    table, pit = source.config.schedule, dug.pit
    assert table is not None and pit is not None
    assert grade_edges(pit, table) == (1.0, 2.0)
    free = table.model_copy(update={"stockpile": None})
    edges = grade_edges(pit, free)
    ore = pit.dug & (pit.blocks.ore_t > 0.0)
    assert len(edges) == 2 and edges[0] < edges[1]
    grade, tonnes = pit.blocks.grades["sb_pct"][ore], pit.blocks.ore_t[ore]
    parts = [tonnes[grade < edges[0]].sum(), tonnes[grade >= edges[1]].sum()]
    assert max(parts) <= 0.5 * tonnes.sum()
    mine = pit_activities(dug, source, table)
    stocked = mine.amounts["stocked_t"].sum(axis=1) > 0.0
    poor = mine.table["sb_pct"].to_numpy() < 1.0
    assert not (stocked & poor).any()
    assert stocked[~poor & (mine.table["ore_t"].to_numpy() > 0.0)].all()


def test_years_may_be_stated(study: tuple[Dug, MineStudy]) -> None:
    _, source = study
    table = source.config.schedule
    assert table is not None
    stated = table.model_copy(update={"pit_years": 7})
    assert pit_calendar((1e6, 1e5), source.config, stated).n_periods == 7
    assert pit_calendar((1e6, 1e5), source.config, table).n_periods == 6  # 5 of plant and mine
    endless = pit_calendar((1e12, 1e5), source.config, table)
    assert endless.n_periods == 100


def test_a_plan_that_ends_before_its_pit_says_so(study: tuple[Dug, MineStudy]) -> None:
    dug, source = study
    table = source.config.schedule
    assert table is not None
    short = pit_activities(dug, source, table.model_copy(update={"pit_years": 2}))
    assert any("2 are planned" in note for note in short.notes)


def test_a_study_without_a_pit_is_refused(study: tuple[Dug, MineStudy]) -> None:
    dug, source = study
    assert source.config.schedule is not None
    with pytest.raises(DataError, match="there is no pit to plan"):
        pit_activities(replace(dug, pit=None), source, source.config.schedule)
