"""Is the plan of stopes what a planner would write down by hand: tonnes, limits, money?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.plan_mine import DIRECT, PLACES, SCHEDULE, STOCKPILE, bodies, dug, source
from support.schedules import breaches, naive_relaxation
from support.small_mine import ECONOMICS

from deposits.errors import DataError
from deposits.stated import Stated
from planning.economics.block_nsr import block_nsr
from planning.production.plant_limits import (
    concentrate_tonnes,
    plant_tonnes,
    target_tonnes,
)
from planning.production.underground import mine_activities
from planning.scheduling.plan import SchedulePlan, plan_value, resource_use
from planning.verification.plans import verify_plan

HG = """
[value.penalties.hg]
recovery_fraction = 0.5
free_up_to_pct = 0
step_pct = 0.01
usd_per_t_concentrate_per_step = 0
reject_above_pct = 0.1
"""
FLAT, ALONE = "penalties_usd_per_t_concentrate = 0\n", '{ sb = "sb_pct" }'
WITH_HG = ECONOMICS.replace(FLAT, "").replace(ALONE, '{ sb = "sb_pct", hg = "hg_pct" }') + HG
#: Money that is spent when ore is mined, wherever it goes.
MINED = ("mining", "fill", "development", "level", "ore_haulage")
RICH = SCHEDULE + STOCKPILE + DIRECT


def planned(schedule=RICH, places=PLACES, money=ECONOMICS):
    asked = source(schedule, money)
    return mine_activities(dug(places), asked, asked.config.schedule), asked


@pytest.fixture(scope="module")
def mine():
    return planned()[0]


def one_after_the_other(mine, role="plant"):
    """Every activity as early as its order allows, all ore to one place; limits may break."""
    problem = mine.problem
    latest, n = problem.latest(), problem.n_activities
    period = problem.first.copy()
    for _ in range(n):
        for later in range(n):
            span = slice(*problem.precedence.indptr[later : later + 2])
            for earlier, kind in zip(
                problem.precedence.indices[span], problem.span_class[span], strict=True
            ):
                while latest[kind, period[later]] < period[earlier]:
                    period[later] += 1
    share = np.zeros((n, problem.n_destinations))
    none, aim = mine.destination("none"), mine.destination(role)
    ore = mine.table["ore_t"].to_numpy() > 0
    share[~ore, none] = 1.0
    may = problem.allowed[:, aim] & ore
    share[may, aim] = 1.0
    share[ore & ~may, mine.destination("plant")] = 1.0
    return SchedulePlan(period, share, np.zeros((problem.n_flows, problem.n_periods)))


def test_no_tonne_metre_or_cube_is_lost_on_the_way(mine):
    table = mine.table
    assert table["ore_t"].sum() == pytest.approx(sum(b.ore_t for b in bodies()))
    assert table["fill_m3"].sum() == pytest.approx(0.9 * sum(b.void_m3 for b in bodies()))
    assert (table["rock_t"] == table["ore_t"] + table["waste_t"]).all()
    assert set(table["kind"]) == {"access", "development", "preparation", "stope", "fill"}
    stopes = table[table["kind"] == "stope"].groupby("stope")
    for stope, place in zip(bodies(), PLACES, strict=True):
        own = stopes.get_group(stope.name)
        assert own["ore_t"].sum() == pytest.approx(stope.ore_t)
        assert set(own["sb_pct"]) == {place[-1]}
    assert table.loc[table["kind"] != "stope", "sb_pct"].isna().all()
    assert table["duration_years"].max() <= 1 / 12 + 1e-12


def test_the_money_of_a_stope_is_that_of_the_hand():
    mine, asked = planned()
    table, aim = mine.table, mine.destination("plant")
    own = (table["stope"] == "L02-S03-1") & (table["kind"] == "stope")
    stope = next(b for b in bodies() if b.name == "L02-S03-1")
    nsr = float(block_nsr({"sb_pct": [2.0]}, asked.terms)[0])
    deep = 100.0 - 37.5  # portal to the middle of level 2
    mining = 20.0 + 1.0 + 0.01 * deep
    fill = stope.void_m3 * 0.9 * 20.0  # of an odd section: its even neighbours lay it bare
    hand = stope.ore_t * (nsr - (20.0 + 5.0 + 2.0 + 1.0) - mining) - fill
    assert mine.problem.value[own.to_numpy(), aim].sum() == pytest.approx(hand)
    assert mine.money["processing"][own.to_numpy(), aim].sum() == pytest.approx(-20.0 * stope.ore_t)


def test_headings_are_paid_by_the_metre_and_levels_once(mine):
    table, none = mine.table, mine.destination("none")
    access = (table["kind"] == "access").to_numpy()
    drives = (table["kind"] == "development").to_numpy()
    metres = table["development_m"].to_numpy()
    money = -mine.money["development"][:, none]
    assert money[access].sum() == pytest.approx(3000.0 * metres[access].sum())
    assert money[drives].sum() == pytest.approx(2000.0 * metres[drives].sum())
    assert mine.money["level"].sum() == pytest.approx(-2 * 100_000.0)
    value = mine.problem.value[~mine.problem.allowed[:, 0], none]
    assert value.sum() == pytest.approx(-money.sum() - 200_000.0)


def test_money_of_the_whole_plan_counts_each_cost_once(mine):
    plan = one_after_the_other(mine)
    factors = mine.problem.calendar.factors()[plan.period][:, None]
    by_kind = {k: float((v * plan.share * factors).sum()) for k, v in mine.money.items()}
    assert sum(by_kind.values()) == pytest.approx(plan_value(mine.problem, plan))
    ore = mine.table["ore_t"].to_numpy()[:, None] * plan.share * factors
    assert by_kind["general"] == pytest.approx(-5.0 * ore.sum())
    assert by_kind["ore_haulage"] == pytest.approx(-1.0 * ore.sum())


def test_only_rich_stopes_may_be_shipped_directly_and_poor_ones_are_not_stocked(mine):
    table, allowed = mine.table, mine.problem.allowed
    direct, stock = mine.destination("direct"), mine.destination("stockpile")
    assert set(table.loc[allowed[:, direct], "stope"]) == {"L02-S04-1"}
    assert set(table.loc[allowed[:, stock], "stope"]) == {b.name for b in bodies()}
    assert allowed[:, mine.destination("none")].sum() == (table["kind"] != "stope").sum()
    poor, _ = planned(RICH.replace("bins_sb_pct = [1.0, 3.0]", "bins_sb_pct = [2.5]"))
    stocked = poor.problem.allowed[:, poor.destination("stockpile")]
    assert "L02-S03-1" not in set(poor.table.loc[stocked, "stope"])


def test_shipped_ore_brings_what_its_buyer_pays_and_no_recovery(mine):
    own = mine.problem.allowed[:, mine.destination("direct")]
    place = mine.destination("direct")
    tonnes = mine.amounts["direct_t"][own, place].sum()
    assert tonnes == pytest.approx(12.0 * 500.0 * 2.8)
    assert mine.amounts["payable_sb_t"][own, place].sum() == pytest.approx(tonnes * 0.16 * 0.4)
    earned = mine.money["antimony"][own, place].sum()
    charges = mine.money["charges"][own, place].sum()
    assert earned == pytest.approx(tonnes * 0.16 * 0.4 * 20_000.0)
    assert charges == pytest.approx(-tonnes * (150.0 + 90.0 / 0.9))
    assert mine.money["royalty"][own, place].sum() == pytest.approx(-0.05 * (earned + charges))


def test_the_stockpile_gives_its_poorest_grade_and_never_more_tonnes_than_it_took(mine):
    assert mine.flow_grades["sb_pct"].tolist() == [2.0, 3.0]  # of 2 and 2.5, of 3 to 16
    tonnes = {place[-1]: (place[3] - place[2]) * 500.0 * 2.8 for place in PLACES}
    poor = tonnes[2.0] + tonnes[2.5]
    problem, plan = mine.problem, one_after_the_other(mine, "stockpile")
    last, row = problem.n_periods - 1, mine.resource("stock 1")
    assert resource_use(problem, plan)[row, last] == pytest.approx(poor)
    plan.flow[0, last] = poor
    assert resource_use(problem, plan)[row, last] == pytest.approx(0.0, abs=1e-9)
    assert problem.lower[row, last] == 0.0 and problem.cumulative[row]
    assert [key for key in mine.resources if key.startswith("stock")] == ["stock 1", "stock 2"]


def test_ore_off_the_stockpile_holds_the_least_antimony_and_the_most_mercury_of_its_bin():
    places = [(*place, hg) for place, hg in zip(PLACES, (0.02, 0, 0, 0, 0, 0), strict=True)]
    mine, _ = planned(places=places, money=WITH_HG)
    assert mine.flow_grades["sb_pct"].tolist() == pytest.approx([2.0, 3.0])
    assert mine.flow_grades["hg_pct"].tolist() == pytest.approx([0.0, 0.02])
    told = " ".join(mine.notes)
    assert "3 and more % Sb with antimony 3.00 %, mercury 0.0200 %" in told
    assert "_pct" not in told and "_gpt" not in told


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_nothing_is_gained_by_putting_ore_down_and_taking_other_ore_out(data):
    few = st.sampled_from((0.0, 0.002, 0.02, 0.2))
    shares = [data.draw(few) for _ in PLACES]
    places = [(*place, hg) for place, hg in zip(PLACES, shares, strict=True)]
    costly = WITH_HG.replace("concentrate_per_step = 0", "concentrate_per_step = 40")
    asked = RICH.replace("[schedule]\n", '[schedule]\nblend = "period"\n')
    mine, _ = planned(asked, places, costly)
    place, stock = mine.destination("plant"), mine.destination("stockpile")
    ore = mine.table["ore_t"].to_numpy()
    flows, held = mine.problem.flows, mine.problem.allowed[:, stock]
    for number in range(mine.problem.n_flows):
        row = mine.resource(f"stock {number + 1}")
        own = np.flatnonzero(held & (mine.problem.use.table(row, *held_shape(mine))[:, stock] > 0))
        assert own.size
        # All that is paid in the plant and not when the ore is mined, per tonne.
        at_once = sum(v[own, place] for k, v in mine.money.items() if k not in MINED) / ore[own]
        assert flows.value[number].max() <= at_once.min() - 1.5 + 1e-9 * abs(at_once).max()
        for name in ("recovered_sb_t", "payable_sb_t", "payable_au_oz"):
            given_t = mine.amounts[name][own, place] / ore[own]
            assert mine.flow_amounts[name][number] <= given_t.min() * (1 + 1e-12)
        for key in ("concentrate", "hg in concentrate", "plant"):
            limit = mine.resource(key)
            if limit is None:
                continue
            use = mine.problem.use.table(limit, *held_shape(mine))[own, place] / ore[own]
            taken = flows.amount[(flows.resource == limit) & (flows.flow == number)].sum()
            assert taken >= use.max() - 1e-12


def held_shape(mine):
    return mine.problem.n_activities, mine.problem.n_destinations


def test_a_tonne_off_the_stockpile_is_worth_its_return_less_rehandling():
    mine, asked = planned()
    head = mine.flow_grades["sb_pct"]
    nsr = block_nsr({"sb_pct": head}, asked.terms)
    assert mine.problem.flows.value[:, 3] == pytest.approx(nsr - 20.0 - 5.0 - 2.0 - 1.5)
    stocked = mine.destination("stockpile")
    own = mine.problem.allowed[:, stocked]
    placed = mine.money["stockpiling"][own, stocked].sum()
    assert placed == pytest.approx(-0.5 * mine.amounts["stocked_t"][own, stocked].sum())
    feed = mine.resource("plant")
    flows = mine.problem.flows
    assert flows.amount[(flows.resource == feed)].tolist() == [1.0, 1.0]


def test_limits_are_those_of_the_study(mine):
    problem, calendar = mine.problem, mine.problem.calendar
    years = calendar.length_years
    upper = {key: problem.upper[mine.resource(key)] for key in mine.resources}
    assert upper["plant"].tolist() == pytest.approx(
        [0.0] * 6 + (20_000.0 * years[6:]).tolist()
    )  # the ramp: nothing for half a year
    assert upper["development"] == pytest.approx(3_600.0 * years)
    assert upper["fill"] == pytest.approx(120_000.0 * years)
    assert upper["stopes"] == pytest.approx(3 * 365.25 * years)
    levels = upper["levels"]
    assert levels[:4].tolist() == [0.0, 0.0, 0.0, 1.0] and levels[11] == 3.0
    assert problem.cumulative[mine.resource("levels")]
    assert np.array_equal(mine.target_t, upper["plant"])  # no nameplate is stated
    use = problem.use.table(mine.resource("stopes"), problem.n_activities, problem.n_destinations)
    days = mine.table["duration_years"].to_numpy() * 365.25
    works = mine.table["kind"].isin(["preparation", "stope", "fill"]).to_numpy()
    merged = ((mine.table["kind"] == "stope") & (mine.table["fill_m3"] > 0)).to_numpy()
    extra = np.where(merged, mine.table["fill_m3"] / 500.0, 0.0)
    assert use[:, 0] == pytest.approx(np.where(works, days + extra, 0.0))


def test_a_plant_gives_no_more_than_its_nameplate_allows():
    asked = source(RICH)
    own = asked.config.plants["mill"].model_validate(
        {"name": "Mill", "nameplate_t_per_year": 20000, "availability_fraction": 0.9,
         "concentrate_line_limit_t_per_year": 900}
    )  # fmt: skip
    config = asked.config.model_copy(update={"plants": {"mill": own}})
    calendar = config.schedule.calendar(config.economics)
    feed = plant_tonnes(config, config.schedule, calendar)
    assert feed[-1] == pytest.approx(18_000.0)
    assert target_tonnes(config, config.schedule, calendar)[-1] == pytest.approx(18_000.0)
    slow = config.mine.model_copy(update={"throughput_t_per_year": Stated(value=15_000.0)})
    config = config.model_copy(update={"mine": slow})
    assert target_tonnes(config, config.schedule, calendar)[-1] == pytest.approx(15_000.0)
    assert plant_tonnes(config, config.schedule, calendar)[-1] == pytest.approx(18_000.0)
    line = concentrate_tonnes(config, config.schedule, calendar)
    assert line[:6].tolist() == [0.0] * 6 and line[-1] == pytest.approx(900.0)


def test_the_order_is_that_of_mining_and_the_plan_is_found_sound_by_others(mine):
    plan = one_after_the_other(mine)
    names = {name: n for n, name in enumerate(mine.table["activity"])}
    when = {name: plan.period[number] for name, number in names.items()}
    assert when["L03.decline.1"] == 0 and when["L03.decline.2"] > 0
    assert when["L02-S02-1.ore.1"] > when["L02-S03-1.fill"]  # the odd section, then the even
    assert when["L02-S04-1.ore"] > when["L02-S03-1.fill"]
    assert when["L03-S03-1.ore"] > when["L03-S03-2.fill"]  # the farther, then the nearer
    check = verify_plan(mine.problem, plan)
    broken = set(check.violations["rule"])
    assert "precedence" not in " ".join(broken) and "window" not in " ".join(broken)
    assert not any("before" in said for said in breaches(mine.problem, plan))


def test_stopes_that_lose_or_are_too_poor_stay_and_are_told():
    places = (*PLACES, (1, 4, 30.0, 34.0, 0.2))
    mine, _ = planned(RICH, places)
    assert "L02-S05-1" not in set(mine.table["stope"])
    assert any("1 stope" in note and "cost more than they bring" in note for note in mine.notes)
    cut = RICH.replace("[schedule]\n", "[schedule]\ncutoff_sb_pct = 2.5\n")
    mine, _ = planned(cut)
    assert "L02-S03-1" not in set(mine.table["stope"])
    assert any("cutoff_sb_pct" in note for note in mine.notes)
    nothing = RICH.replace("[schedule]\n", "[schedule]\ncutoff_sb_pct = 50\n")
    with pytest.raises(DataError, match="no stope pays for itself"):
        planned(nothing)


def test_a_plan_without_stockpile_and_shipping_has_neither():
    mine, _ = planned(SCHEDULE)
    assert mine.destinations == ("plant", "none") and mine.problem.n_flows == 0
    assert not any(key.startswith("stock") for key in mine.resources)
    assert mine.resource("haulage") is None
    hauled, _ = planned(SCHEDULE.replace("[schedule]\n", "[schedule]\nhaulage_t_per_year = 1e5\n"))
    row = hauled.problem.upper[hauled.resource("haulage")]
    assert row[-1] == pytest.approx(1e5)


def test_more_stopes_in_cycle_or_a_stockpile_never_make_the_bound_worse():
    short = SCHEDULE.replace("{ count = 12, per_year = 12 }, ", "").replace(
        "count = 4", "count = 8"
    )
    short = short.replace("draw_t_per_day = 600", "draw_t_per_day = 60")
    plain = naive_relaxation(planned(short)[0].problem)
    one = naive_relaxation(planned(short.replace("in_cycle = 3", "in_cycle = 1"))[0].problem)
    stocked = naive_relaxation(planned(short + STOCKPILE)[0].problem)
    assert one < plain * (1 - 1e-6) and plain <= stocked + 1e-6 * abs(stocked)


def test_stopes_that_stand_open_are_counted_from_their_preparation_until_they_are_filled(mine):
    plan, table = one_after_the_other(mine), mine.table
    rows = table.assign(period=plan.period)[table["stope"] != ""]
    opened = rows[rows["kind"] == "preparation"].groupby("stope")["period"].min()
    works = rows[rows["kind"].isin(["preparation", "stope", "fill"])]
    closed = works.groupby("stope")["period"].max()
    periods = np.arange(mine.problem.n_periods)
    hand = [int(((opened <= t) & (closed > t)).sum()) for t in periods]
    row = mine.resource("stopes_open")
    assert resource_use(mine.problem, plan)[row].tolist() == pytest.approx(hand, abs=1e-9)
    assert max(hand) > 1 and hand[-1] == 0
    assert mine.problem.upper[row].tolist() == [3.0] * periods.size
    assert any("stands open from its preparation until it is filled" in n for n in mine.notes)


def test_a_plan_that_leaves_too_many_stopes_open_is_refused(mine):
    plan, never = one_after_the_other(mine), mine.problem.n_periods
    late = mine.table["kind"].isin(["stope", "fill"]).to_numpy()
    plan.period[late] = never  # six stopes are prepared, none is drawn
    found = verify_plan(mine.problem, plan).violations
    row = mine.resource("stopes_open")
    over = found[found["resource"] == row]
    assert len(over) and over["amount"].max() > 3.0


def test_what_a_buyer_refuses_limits_the_concentrate_only_where_the_study_asks_for_it():
    shares = (0.02, 0.0, 0.0, 0.02, 0.0, 0.0)
    places = [(*place, hg) for place, hg in zip(PLACES, shares, strict=True)]
    free, _ = planned(SCHEDULE, places, WITH_HG)
    assert free.resource("hg in concentrate") is None
    asked = SCHEDULE.replace("[schedule]\n", '[schedule]\nblend = "period"\n')
    held, _ = planned(asked, places, WITH_HG)
    row, plant = held.resource("hg in concentrate"), held.destination("plant")
    use = held.problem.use.table(row, held.problem.n_activities, held.problem.n_destinations)
    own = (held.table["stope"] == "L02-S02-1").to_numpy()
    ore = held.table["ore_t"].to_numpy()[own].sum()
    concentrate = ore * 0.04 * 0.85 / 0.55
    assert use[own, plant].sum() == pytest.approx(ore * 0.0002 * 0.5 - 0.001 * concentrate)
    assert (held.problem.upper[row] == 0.0).all()
