"""Does a whole plan come out as a planner would work it out by hand?"""

import pytest
from support.studies import NORTH, TABLES, write_study

from deposits.errors import DataError
from deposits.study import read_study
from planning.summary import summarise
from planning.verdict.scenarios import run_case
from planning.workflow import load

FACTORS = (
    "mining_recovery_fraction = 0.9\ndilution_fraction = 0.25\ndilution_grade_sb_pct = 0\n"
    "mine_capacity_t_per_year = 150000\n"
)


def loaded(folder, *rows, **how):
    return load(read_study(write_study(folder, *rows, **how), TABLES).or_raise()).or_raise()


def case(folder, *rows, scenario=None, **how):
    found = loaded(folder, *rows, **how)
    return run_case(found.study, found.ground, found.inputs, scenario)


def gate(verdict, name):
    return next(test for test in verdict.tests if test.name == name)


def test_in_situ_ore_bounds_the_plan_and_cannot_pass_it(tmp_path):
    verdict = case(tmp_path).verdict
    supply = gate(verdict, "ore_supply")
    # 1 Mt in situ and the most dilution that would still be called mining, 25 %.
    assert (supply.value, supply.limit, supply.passes) == (1.25e6, 1e6, None)
    assert verdict.holds is None
    assert {"plan.mining_recovery_fraction", "plan.dilution_fraction"} <= set(
        verdict.joined.missing
    )
    assert "plan.most_dilution_fraction" in verdict.conditional_on


def test_in_situ_ore_that_dilution_could_fill_up_fails_nothing(tmp_path):
    supply = gate(case(tmp_path, rate=110_000).verdict, "ore_supply")
    assert supply.passes is None
    assert "dilution of 10% would fill it" in supply.note


def test_in_situ_ore_that_is_too_little_with_any_dilution_fails_the_plan(tmp_path):
    verdict = case(tmp_path, rate=130_000).verdict
    assert verdict.holds is False
    assert verdict.joined.binding == "ore_supply"
    assert verdict.first_failing_year == 10
    assert verdict.joined.share_of_draws is None


def test_with_dilution_stated_and_loss_not_the_bound_is_the_diluted_ore(tmp_path):
    plan = "dilution_fraction = 0.1\ndilution_grade_sb_pct = 0\n"
    supply = gate(case(tmp_path, rate=115_000, plan=plan).verdict, "ore_supply")
    assert (supply.value, supply.passes) == (pytest.approx(1.1e6), False)


def test_a_known_part_that_is_enough_passes_and_one_that_is_not_stays_open(tmp_path):
    bare = {k: v for k, v in NORTH.items() if k not in ("primary", "ore_t", "sb_pct")}
    rows = NORTH, bare | {"statement_id": "S1", "field": "south"}
    south = (
        '[fields.south]\nname = "South"\n[scenario.both.plants.mill]\nfeeds = ["north", "south"]\n'
    )
    enough = case(tmp_path, *rows, scenario="both", plan=FACTORS, more=south).verdict
    assert gate(enough, "ore_supply").passes is True
    short = case(tmp_path, *rows, scenario="both", plan=FACTORS, more=south, rate=120_000).verdict
    assert gate(short, "ore_supply").passes is None
    assert "known part: 1.1 Mt" in gate(short, "ore_supply").note


def test_ore_that_is_not_there_has_no_value(tmp_path):
    bare = {k: v for k, v in NORTH.items() if k not in ("primary", "ore_t", "sb_pct")}
    base = case(tmp_path, bare, plan=FACTORS, more=MONEY).base_case
    assert base["npv_usd"] is None
    assert "not known" in base["value_basis"]
    claimed = case(tmp_path, scenario="as_claimed", plan=FACTORS, more=CLAIMED + MONEY).base_case
    assert claimed["npv_usd"] is None


def test_ore_that_falls_short_is_valued_at_its_own_grade(tmp_path):
    base = case(tmp_path, plan=FACTORS, more=MONEY, rate=140_000).base_case
    assert base["head_grade_sb_pct"] is None
    assert base["npv_usd"] is not None
    milled = [year for year in base["cash_flow"] if (year["ore_t"] or 0) > 0]
    assert sum(year["ore_t"] for year in milled) == pytest.approx(1.125e6)
    assert milled[0]["sb_pct"] == pytest.approx(3 / 1.25)


def test_run_of_mine_ore_can_pass_the_plan(tmp_path):
    found = case(tmp_path, plan=FACTORS)
    # 1 Mt x 0.9 x 1.25 = 1.125 Mt for 10 years at 100 kt.
    assert gate(found.verdict, "ore_supply").value == pytest.approx(1.125e6)
    assert found.verdict.holds is True
    assert found.base_case["life_years"] == pytest.approx(11.25)
    assert found.base_case["mean_grade_of_all_ore_sb_pct"] == pytest.approx(3 / 1.25)


def test_a_capacity_below_the_rate_fails_from_the_first_year(tmp_path):
    verdict = case(tmp_path, plan=FACTORS, rate=160_000).verdict
    assert verdict.holds is False
    assert verdict.first_failing_year == 1


def test_a_ramp_up_needs_less_ore(tmp_path):
    found = case(tmp_path, plan=FACTORS + "ramp_up_years = 2\n")
    assert gate(found.verdict, "ore_supply").limit == pytest.approx(9e5)


def test_the_head_grade_is_that_of_the_richest_ore(tmp_path):
    found = case(tmp_path, plan=FACTORS)
    head, mean = (found.base_case[k] for k in ("head_grade_sb_pct", "mean_grade_of_all_ore_sb_pct"))
    assert mean < head < mean * 1.125
    assert found.base_case["sb_in_ore_t_per_year"] == pytest.approx(head * 1000)
    made = found.base_case["concentrate_t_per_year"]
    assert made * 0.5 == pytest.approx(head * 1000 * 0.9)


def test_ranges_of_tonnes_give_a_share_of_draws(tmp_path):
    row = NORTH | {"ore_t_low": "800000", "ore_t_high": "1200000"}
    supply = gate(case(tmp_path, row, plan=FACTORS).verdict, "ore_supply")
    # Triangular 0.8 / 1.0 / 1.2 Mt; 1 Mt run of mine needs 0.8889 Mt in situ.
    below = (1e6 / 1.125 - 8e5) ** 2 / (4e5 * 2e5)
    assert supply.share_of_draws == pytest.approx(1 - below, abs=2 / 500)
    assert supply.passes is True


def test_a_field_without_tonnes_leaves_the_plan_open_and_names_the_key(tmp_path):
    bare = {k: v for k, v in NORTH.items() if k not in ("primary", "ore_t", "sb_pct")}
    found = case(tmp_path, bare, plan=FACTORS)
    assert found.verdict.holds is None
    assert found.verdict.joined.missing == ("evidence.statements: N1.ore_t",)
    for key in ("ore_available_t", "life_years", "head_grade_sb_pct", "sb_in_ore_t_per_year"):
        assert found.base_case[key] is None


CLAIMED = "[scenario.as_claimed.plan]\nrequired_head_grade_sb_pct = 15\n"
CEILING = (
    '[evidence.metal_ceiling]\nwording = "all there is"\n'
    'sb_t = { value = 120000, kind = "reported", source = "x" }\n'
)


def test_a_claimed_grade_is_held_against_the_most_metal_published(tmp_path):
    bare = {k: v for k, v in NORTH.items() if k not in ("primary", "ore_t", "sb_pct")}
    found = case(tmp_path, bare, scenario="as_claimed", plan=FACTORS, more=CLAIMED + CEILING)
    supply = gate(found.verdict, "ore_supply")
    assert supply.value == pytest.approx(800_000)
    assert (supply.passes, supply.share_of_draws) == (False, None)
    assert found.verdict.reading == "as claimed"
    # With enough metal the bound cannot pass the plan either.
    larger = CEILING.replace("120000", "180000")
    again = case(tmp_path, bare, scenario="as_claimed", plan=FACTORS, more=CLAIMED + larger)
    assert again.verdict.holds is None


def test_a_claimed_grade_counts_only_ore_that_reaches_it(tmp_path):
    found = case(tmp_path, scenario="as_claimed", plan=FACTORS, more=CLAIMED)
    supply = gate(found.verdict, "ore_supply")
    assert 0 < supply.value < 1e5
    assert found.verdict.holds is False


def test_a_cut_off_leaves_less_ore(tmp_path):
    found = case(tmp_path, plan=FACTORS + "cutoff_sb_pct = 2\n")
    assert gate(found.verdict, "ore_supply").value < 1.125e6 * 0.6


MONEY = """
[economics]
valuation_date = "2026-01-01"
discount_rate_fraction = 0.1
sb_payability_fraction = 0.7
treatment_charge_usd_per_t_concentrate = 100
transport_usd_per_t_concentrate = 50
penalties_usd_per_t_concentrate = 0
royalty_fraction_of_nsr = 0.05
mining_cost_usd_per_t_ore = 40
processing_cost_usd_per_t_ore = 20
general_cost_usd_per_t_ore = 5
sustaining_capital_usd_per_t_ore = 5
initial_capital_usd = 10000000
[economics.sb_price]
usd_per_t = 20000
market = "Rotterdam"
vat = "excluded"
date = "2026-01"
"""


def test_the_value_is_a_spreadsheets(tmp_path):
    found = case(tmp_path, plan=FACTORS, more=MONEY)
    base = found.base_case
    g = base["head_grade_sb_pct"] / 100
    nsr = g * 0.9 * 0.7 * 20_000 - g * 0.9 / 0.5 * 150
    assert base["nsr_usd_per_t_ore"] == pytest.approx(nsr)
    flow = (nsr * 0.95 - 70) * 100_000
    npv = -1e7 + sum(flow / 1.1**year for year in range(1, 11))
    assert base["npv_usd"] == pytest.approx(npv)
    assert gate(found.verdict, "head_grade").passes is True


def test_a_price_that_is_missing_is_named_and_nothing_is_made_up(tmp_path):
    money = MONEY[: MONEY.index("[economics.sb_price]")]
    base = case(tmp_path, plan=FACTORS, more=money).base_case
    assert base["npv_usd"] is None
    assert "economics.sb_price" in base["missing"]


def test_a_price_too_low_fails_the_head_grade(tmp_path):
    found = case(tmp_path, plan=FACTORS, more=MONEY.replace("20000", "3000"))
    assert gate(found.verdict, "head_grade").passes is False
    assert found.verdict.holds is False


def test_a_scenario_changes_only_what_it_says(tmp_path):
    more = "[scenario.fast.plan]\nthroughput_t_per_year = 140000\n"
    fast = case(tmp_path, scenario="fast", plan=FACTORS, more=more)
    assert fast.changes == {"plan.throughput_t_per_year": 140000}
    assert fast.base_case["throughput_t_per_year"] == 140_000
    assert case(tmp_path, plan=FACTORS, more=more).base_case["throughput_t_per_year"] == 100_000


def test_the_summary_of_a_plan_is_complete(tmp_path):
    found = loaded(tmp_path, plan=FACTORS, more=CLAIMED + MONEY)
    summary = summarise(found.study, found.ground, found.inputs)
    assert [row["horizon_years"] for row in summary["horizons"]] == [5, 10, 15, 20]
    held = [row["readings"]["as a planner reads it"]["holds"] for row in summary["horizons"]]
    assert held == [True, True, False, False]
    assert summary["verdict"]["holds"] is True
    assert {bar["input"] for bar in summary["tornado"]} >= {
        "economics.sb_price.usd_per_t", "plants.mill.sb_recovery_fraction",
    }  # fmt: skip
    lives = [point["life_years"] for point in summary["frontier"] if point["scenario"] == "base"]
    assert lives == sorted(lives, reverse=True)


def test_every_wrong_scenario_is_named_before_anything_runs(tmp_path):
    more = (
        "[scenario.a.plan]\nthroughput = 5\n"
        '[scenario.b]\nbased_on = "c"\n'
        "[scenario.d.plans]\nx = 1\n"
        "[scenario.e.plan]\nthroughput_t_per_year = -5\n"
    )
    with pytest.raises(DataError) as error:
        loaded(tmp_path, more=more)
    text = str(error.value)
    assert 'scenario.a.plan.throughput: unknown key. Did you mean "throughput_t_per_year"?' in text
    assert "scenario.b.based_on" in text or "unknown scenario" in text
    assert "scenario.d.plans" in text
    assert "scenario.e.plan.throughput_t_per_year" in text


def test_a_plant_that_nothing_feeds_is_an_error(tmp_path):
    path = write_study(tmp_path)
    path.write_text(path.read_text().replace('feeds = ["north"]', "feeds = []"))
    with pytest.raises(DataError, match="no field feeds the plan's plant"):
        load(read_study(path, TABLES).or_raise()).or_raise()
