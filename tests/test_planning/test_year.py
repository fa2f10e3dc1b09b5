"""Does a year of a plan come out where its ore is rich, and where its years end?"""

import json

import pytest
from support.studies import NORTH, TABLES, write_study

from deposits.study import read_study
from planning.summary import summarise
from planning.verdict.scenarios import run_case
from planning.verdict.situation import supply_kind
from planning.workflow import load

NEUTRAL = (
    "mining_recovery_fraction = 1\ndilution_fraction = 0\ndilution_grade_sb_pct = 0\n"
    "mine_capacity_t_per_year = 1000000\n"
)
RICH = "[scenario.as_claimed.plan]\nrequired_head_grade_sb_pct = {claimed}\n"


def loaded(folder, *rows, old="", new="", **how):
    path = write_study(folder, *rows, **how)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return load(read_study(path, TABLES).or_raise()).or_raise()


def case(folder, *rows, scenario=None, **how):
    found = loaded(folder, *rows, **how)
    return run_case(found.study, found.ground, found.inputs, scenario)


def test_a_feed_as_rich_as_the_concentrate_has_no_concentrate_and_stops_nothing(tmp_path):
    found = loaded(tmp_path, more=RICH.format(claimed=60))
    base = run_case(found.study, found.ground, found.inputs, "as_claimed").base_case
    assert base["concentrate_t_per_year"] is None
    assert "as rich as the concentrate" in base["concentrate_note"]
    assert base["sb_in_ore_t_per_year"] == pytest.approx(60_000)
    summary = summarise(found.study, found.ground, found.inputs)
    json.dumps(summary, allow_nan=False)
    made = next(a for a in summary["inverse"] if "How much concentrate" in a["question"])
    assert made["value"] is None and "sold as it is" in made["answer"]


RANGE = "{{ low = 20, value = 50, high = 55 }}"


def test_draws_in_which_the_feed_is_as_rich_do_not_stop_the_others(tmp_path):
    wide = {"old": "concentrate_sb_pct = 50", "new": "concentrate_sb_pct = " + RANGE.format()}
    found = case(tmp_path, scenario="as_claimed", more=RICH.format(claimed=30), **wide)
    assert found.base_case["concentrate_t_per_year"] == pytest.approx(100_000 * 30 * 0.9 / 50)
    # Triangular 20 / 50 / 55: (30 - 20)^2 / (35 x 30) of it lies below 30.
    assert "in 9.6% of draws" in found.base_case["concentrate_note"]
    assert found.base_case["ranges"]["concentrate_t_per_year"]["p50"] is None


LINE = "concentrate_line_limit_t_per_year = {limit}\n"


@pytest.mark.parametrize(("claimed", "limit", "passes"), [(60, 1e4, None), (30, 1e4, False)])
def test_a_line_is_not_failed_by_concentrate_that_is_not_made(tmp_path, claimed, limit, passes):
    more = LINE.format(limit=limit) + RICH.format(claimed=claimed)
    tests = case(tmp_path, scenario="as_claimed", more=more).verdict.tests
    line = next(test for test in tests if test.name == "concentrate_line")
    assert line.passes is passes


def test_ore_that_lasts_exactly_so_many_years_fails_in_the_next(tmp_path):
    row = NORTH | {"ore_t": "500000"}
    assert case(tmp_path, row, plan=NEUTRAL).verdict.first_failing_year == 6
    row = NORTH | {"ore_t": "499999"}
    assert case(tmp_path, row, plan=NEUTRAL).verdict.first_failing_year == 5


def test_no_year_beyond_the_horizon_is_named(tmp_path):
    row = NORTH | {"ore_t": "1000000", "ore_t_low": "200000", "ore_t_high": "1001000"}
    verdict = case(tmp_path, row, plan=NEUTRAL).verdict
    assert verdict.holds is False and verdict.joined.binding == "ore_supply"
    assert verdict.first_failing_year is None
    assert "runs out" not in verdict.sentence


def test_a_broken_year_that_the_base_case_lasts_out_is_not_named_either(tmp_path):
    row = NORTH | {"ore_t": "960000", "ore_t_low": "100000", "ore_t_high": "961000"}
    verdict = case(tmp_path, row, plan=NEUTRAL + "horizon_years = 9.5\n").verdict
    assert verdict.holds is False and verdict.first_failing_year is None


def test_the_last_part_of_a_year_belongs_to_the_horizon(tmp_path):
    row = NORTH | {"ore_t": "910000"}
    verdict = case(tmp_path, row, plan=NEUTRAL + "horizon_years = 9.5\n").verdict
    assert verdict.first_failing_year == 10


def test_ore_that_runs_out_in_the_ramp_up_names_that_year(tmp_path):
    # 2 years of growth: 25 kt in the first, 75 kt in the second, 100 kt after them.
    row = NORTH | {"ore_t": "150000"}
    verdict = case(tmp_path, row, plan=NEUTRAL + "ramp_up_years = 2\n").verdict
    assert verdict.first_failing_year == 3


@pytest.mark.parametrize(
    ("kind", "law", "expected"),
    [("reported", "reported", "reported"), ("reported", "assumed", "assumed"),
     ("assumed", "reported", "assumed")],
)  # fmt: skip
def test_a_supply_is_as_soft_as_its_figures_and_its_law(tmp_path, kind, law, expected):
    cv = f'cv_at_selection_unit = {{{{ value = 0.8, kind = "{law}" }}}}'.format()
    unit = f'selection_unit_t = {{{{ value = 100, kind = "{law}" }}}}'.format()
    path = write_study(tmp_path, NORTH | {"kind": kind})
    text = path.read_text("utf-8")
    old = "cv_at_selection_unit = { low = 0.5, value = 1.0, high = 1.03 }"
    text = text.replace(old, cv).replace("selection_unit_t = 100", unit)
    path.write_text(text, "utf-8")
    found = load(read_study(path, TABLES).or_raise()).or_raise()
    situation = run_case(found.study, found.ground, found.inputs).situation
    assert supply_kind(situation.supply) == expected
