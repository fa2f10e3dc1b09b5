"""Do the inputs of a tornado move where they should, and the ground only when it must?"""

import pytest
from support.studies import NORTH, TABLES, write_study

from deposits.study import read_study
from planning.study_keys import set_keys
from planning.summary import summarise
from planning.tornado_cases import tornado_of
from planning.verdict.scenarios import ground_of, run_case
from planning.workflow import load

FACTORS = (
    "mining_recovery_fraction = 0.9\ndilution_fraction = 0.25\ndilution_grade_sb_pct = 0\n"
    "mine_capacity_t_per_year = 150000\n"
)
MONEY = """
[economics]
sb_payability_fraction = 0.7
price_grid_usd_per_t = [25000, 12000, 55000]
[economics.sb_price]
usd_per_t = 20000
market = "Rotterdam"
vat = "excluded"
date = "2026-01"
"""
BOUND = NORTH | {"statement_id": "N-BOUND", "role": "bounding", "ore_t": "2000000"}


def loaded(folder, *rows, replaced=(), **how):
    path = write_study(folder, *rows, **how)
    text = path.read_text("utf-8")
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    return load(read_study(path, TABLES).or_raise()).or_raise()


def bars(found):
    case = run_case(found.study, found.ground, found.inputs)
    rows = tornado_of(found.study, found.ground, found.inputs, case)
    return case, {row["input"]: row for row in rows}


def test_the_price_moves_over_the_decks_and_not_a_fifth_to_either_side(tmp_path):
    case, rows = bars(loaded(tmp_path, plan=FACTORS, more=MONEY))
    price = rows["economics.sb_price.usd_per_t"]
    assert (price["low_label"], price["high_label"]) == ("12,000", "55,000")
    bears = case.base_case["bearable_cost_usd_per_t_ore"]
    assert price["base"] == pytest.approx(bears)
    assert price["low"] == pytest.approx(bears * 12 / 20)
    assert price["high"] == pytest.approx(bears * 55 / 20)


def test_without_decks_the_price_moves_a_fifth(tmp_path):
    more = MONEY.replace("price_grid_usd_per_t = [25000, 12000, 55000]\n", "")
    price = bars(loaded(tmp_path, plan=FACTORS, more=more))[1]["economics.sb_price.usd_per_t"]
    assert (price["low_label"], price["high_label"]) == ("16,000", "24,000")


def test_the_rate_moves_from_the_actual_average_to_the_nameplate(tmp_path):
    # Left of [economics], so it belongs to the plant.
    more = "actual_average_t_per_year = 60000\n" + MONEY
    found = loaded(tmp_path, NORTH | {"ore_t": "3000000"}, plan=FACTORS, more=more)
    rate = bars(found)[1]["plan.throughput_t_per_year"]
    assert (rate["low_label"], rate["high_label"]) == ("60,000", "200,000")


def test_an_identifier_with_a_dot_is_moved_too(tmp_path):
    dots = [("[plants.mill]", '[plants."mill.a"]'), ('plant = "mill"', 'plant = "mill.a"')]
    rows = bars(loaded(tmp_path, plan=FACTORS, more=MONEY, replaced=dots))[1]
    assert "plants.mill.a.sb_recovery_fraction" in rows


def test_the_base_of_every_bar_is_that_of_the_run(tmp_path):
    found = loaded(tmp_path, NORTH | {"ore_t_low": "900000", "ore_t_high": "1300000"},
                   plan=FACTORS, more=MONEY)  # fmt: skip
    case, rows = bars(found)
    bears = case.base_case["bearable_cost_usd_per_t_ore"]
    assert all(row["base"] == pytest.approx(bears, rel=1e-12) for row in rows.values())


def test_an_assumed_grade_of_a_field_without_tonnes_moves_the_metal(tmp_path):
    bare = {k: v for k, v in NORTH.items() if k not in ("primary", "ore_t", "sb_pct")}
    grade = 'name = "North"\nhead_grade_sb_pct = { low = 1.5, value = 2.5, high = 3.5 }'
    found = loaded(tmp_path, bare, plan=FACTORS, replaced=[('name = "North"', grade)])
    row = bars(found)[1]["fields.north.head_grade_sb_pct"]
    metal = [100_000 * grade / 100 * 0.9 for grade in (1.5, 2.5, 3.5)]
    assert [row[end] for end in ("low", "base", "high")] == pytest.approx(metal)


def ground_with(found, **keys):
    changed = set_keys(found.study, {tuple(k.split("__")): v for k, v in keys.items()})
    return ground_of(changed, found.ground)


def test_the_same_rock_is_not_worked_out_again(tmp_path):
    found = loaded(tmp_path, NORTH, BOUND)
    assert ground_with(found) is found.ground
    chosen = ground_with(found, fields__north__bounding_case="N-BOUND")
    assert chosen.resources is found.ground.resources
    assert [s.statement_id for r in chosen.chosen("north") for s in r.statements] == ["N-BOUND"]
    headed = ground_with(found, fields__north__head_grade_sb_pct=2)
    assert headed.resources is found.ground.resources


@pytest.mark.parametrize(
    "keys",
    [
        {"fields__north__grade_law__cv_at_selection_unit": 0.5},
        {"study__seed": 7},
        {"study__draws": 100},
    ],
)
def test_other_rock_is_worked_out_again(tmp_path, keys):
    found = loaded(tmp_path, NORTH | {"ore_t_low": "900000", "ore_t_high": "1300000"})
    ground = ground_with(found, **keys)
    assert ground.resources is not found.ground.resources
    (old,), (new,) = found.ground.resources, ground.resources
    same_ore = (old.parts[0].ore_t.shape == new.parts[0].ore_t.shape) and bool(
        (old.parts[0].ore_t == new.parts[0].ore_t).all()
    )
    assert same_ore == ("fields__north__grade_law__cv_at_selection_unit" in keys)


def test_a_scenario_describes_itself_and_a_year_is_kept(tmp_path):
    more = '[scenario.a]\ntitle = "A"\n[scenario.a.plan]\nthroughput_t_per_year = 90000\n'
    found = loaded(tmp_path, plan=FACTORS, more=more)
    case = run_case(found.study, found.ground, found.inputs, "a")
    assert (case.title, case.year.horizon_years) == ("A", 10.0)
    rows = summarise(found.study, found.ground, found.inputs)["horizons"]
    assert [row["horizon_years"] for row in rows] == [5.0, 10.0, 15.0, 20.0]
