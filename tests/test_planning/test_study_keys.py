"""Do figures of the command line reach the keys they are meant for, and nothing else?"""

import datetime as dt

import pytest
from support.studies import TABLES, write_study

from deposits.errors import ConfigError
from deposits.study import apply_scenario, read_study
from planning.cli import override, run_cases
from planning.study_keys import set_keys

DOTTED = '[scenario."deck.12.000".plan]\nthroughput_t_per_year = 140000\n'
DATED = '[economics]\nvaluation_date = "2026-01-01"\n'


def study(folder, **how):
    return read_study(write_study(folder, **how), TABLES).or_raise()


def test_keys_are_set_in_a_copy_and_tables_on_the_way_are_made(tmp_path):
    before = study(tmp_path)
    after = set_keys(before, {("plan", "horizon_years"): 5, ("economics", "a", "b"): 1})
    assert after.tree["plan"]["horizon_years"] == 5 and after.tree["economics"] == {"a": {"b": 1}}
    assert "horizon_years" not in before.tree["plan"] and "economics" not in before.tree
    assert after.tree["plants"] == before.tree["plants"]


def test_a_number_on_the_way_to_a_key_is_no_table(tmp_path):
    with pytest.raises(ConfigError, match=r"key plan\.name: a table is needed here"):
        set_keys(study(tmp_path), {("plan", "name", "x"): 1})


def test_a_scenario_with_dots_in_its_name_is_overridden_as_a_whole(tmp_path):
    given = override(study(tmp_path, more=DOTTED), 120_000, None, 1.0)
    assert set(given.tree["scenario"]) == {"deck.12.000"}
    plan = apply_scenario(given, "deck.12.000").tree["plan"]
    assert plan["throughput_t_per_year"]["value"] == 120_000
    assert plan["cutoff_sb_pct"]["value"] == 1.0
    base, named = run_cases(given, [None, "deck.12.000"])
    assert named.base_case["throughput_t_per_year"] == 120_000
    assert base.base_case["throughput_t_per_year"] == 120_000


def test_without_figures_the_study_is_left_alone(tmp_path):
    assert override(study(tmp_path, more=DOTTED), None, None, None).tree == study(
        tmp_path, more=DOTTED
    ).tree  # fmt: skip


def test_a_price_is_dated_by_the_study_and_not_by_the_day_of_the_run(tmp_path):
    price = override(study(tmp_path, more=DATED), None, 25_000, None).tree["economics"]["sb_price"]
    assert price["date"] == "2026-01-01"
    own = '[economics.sb_price]\nusd_per_t = 1\nmarket = "m"\nvat = "excluded"\ndate = "2025-06"\n'
    price = override(study(tmp_path, more=own), None, 25_000, None).tree["economics"]["sb_price"]
    assert price["date"] == "2025-06" and price["usd_per_t"]["value"] == 25_000
    assert dt.date.today().isoformat() not in str(price)


def test_a_price_of_no_date_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"economics\.valuation_date: a price needs the date"):
        override(study(tmp_path), None, 25_000, None)
