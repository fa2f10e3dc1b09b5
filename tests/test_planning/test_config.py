"""Is what the study says of the plan, its plants and its money refused where it cannot be right?"""

import pytest
from support.studies import TABLES, write_study

from deposits.study import read_study, validate
from planning.config import read_config
from planning.economics.config import Economics, Plant


def read(folder, **how):
    return read_config(read_study(write_study(folder, **how), TABLES).or_raise())


@pytest.mark.parametrize(
    "horizons", ["[0]", "[-5]", "[[5]]", '["5"]', "true", "[true]", "[inf]", "[nan]", "[5, 201]"]
)
def test_horizons_are_numbers_of_years_above_0_and_up_to_200(tmp_path, horizons):
    checked = read(tmp_path, plan=f"horizons_years = {horizons}")
    assert checked.value is None
    assert "plan.horizons_years" in str(checked.problems[0])


def test_horizons_may_be_whole_or_broken_numbers(tmp_path):
    plan = read(tmp_path, plan="horizons_years = [5, 7.5, 200]").or_raise().plan
    assert plan.horizons_years == (5.0, 7.5, 200.0)


NOT_DRAWN = {
    "plan.horizon_years": (5, 10, 15),
    "plan.ramp_up_years": (1, 2, 3),
    "plan.required_head_grade_sb_pct": (10, 15, 20),
    "plan.cutoff_sb_pct": (1, 2, 3),
    "plan.most_dilution_fraction": (0.1, 0.2, 0.3),
    "plants.mill.hg_pct_of_ore": (0.01, 0.04, 0.1),
    "plants.mill.as_pct_of_ore": (0.01, 0.04, 0.1),
    "plants.mill.concentrate_design_t_per_year": (1e4, 2e4, 3e4),
}


@pytest.mark.parametrize("key", NOT_DRAWN)
def test_a_range_that_is_not_drawn_is_warned_of_with_the_figure_that_is_used(tmp_path, key):
    low, value, high = NOT_DRAWN[key]
    table, name = key.rsplit(".", 1)
    line = f"{name} = {{ low = {low}, value = {value}, high = {high} }}\n"
    where = {"plan": line} if table == "plan" else {"more": line}
    (problem,) = read(tmp_path, **where).problems
    assert problem.severity == "warning"
    assert f"the range of {key} is not drawn; its base figure is used" in str(problem)
    assert f"{value:g} is used" in str(problem)


def test_a_range_of_the_rate_is_warned_of_too(tmp_path):
    (problem,) = read(tmp_path, rate="{ low = 1e5, high = 2e5 }").problems
    assert "the range of plan.throughput_t_per_year is not drawn" in str(problem)
    assert "150000 is used" in str(problem)


def test_single_figures_and_ranges_that_are_drawn_raise_no_warning(tmp_path):
    more = "availability_fraction = { low = 0.8, high = 0.9 }\n"
    drawn = "mine_capacity_t_per_year = { low = 1e5, high = 2e5 }\ncutoff_sb_pct = 1\n"
    assert read(tmp_path, plan=drawn, more=more).problems == ()


REFUSED = [
    (Plant, "sb_recovery_fraction", 85, "found 85; allowed 0 to 1 (fraction). 85 is a per cent"),
    (Plant, "sb_recovery_fraction", 85, "write 0.85."),
    (Plant, "sb_recovery_fraction", 0, "allowed above 0, to 1"),
    (Plant, "sb_recovery_fraction", 850, "allowed above 0, to 1"),
    (Plant, "concentrate_sb_pct", 72, "allowed above 1, to 71.7 % Sb (pure stibnite"),
    (Plant, "concentrate_sb_pct", 0.5, "0.5 as a fraction is 50 % Sb"),
    (Plant, "concentrate_sb_pct", 1, "above 1"),
    (Plant, "nameplate_t_per_year", -700_000, "found -700000; allowed above 0"),
    (Plant, "nameplate_t_per_year", 0, "Leave the key out if the figure is not known"),
    (Plant, "hg_pct_of_ore", 101, "allowed 0 to 100 % of the ore"),
    (Plant, "hg_pct_of_ore", {"low": -1.0, "high": 2.0}, "found -1; allowed 0 to 100"),
    (Economics, "discount_rate_fraction", 8, "8 is a per cent; write 0.08"),
    (Economics, "discount_rate_fraction", -0.1, "found -0.1; allowed 0 to 0.99 (fraction)"),
    (Economics, "tax_fraction", 1.0, "allowed 0 to 0.99"),
    (Economics, "transport_usd_per_t_concentrate", -5, "found -5; allowed at least 0"),
    (Economics, "payability_grid", [0.6, 70], "70 is a per cent; write 0.7"),
    (Economics, "price_grid_usd_per_t", [0], "above 0"),
    (Economics, "exchange_rates", {"yuan": {"per_usd": 7, "date": "2025"}}, "pattern"),
    (Economics, "exchange_rates", {"CNY": {"per_usd": 0, "date": "2025"}}, "above 0"),
    (Economics, "exchange_rates", {"CNY": {"per_usd": 7}}, "the key is missing"),
]


@pytest.mark.parametrize(("model", "key", "value", "wording"), REFUSED)
def test_a_figure_that_cannot_be_is_refused_with_what_is_allowed_and_meant(
    model, key, value, wording
):
    given = {"name": "Mill", key: value} if model is Plant else {key: value}
    (problem,) = validate(model, given, "table", file="study.toml").problems
    assert wording in str(problem)
    assert f"study.toml, key table.{key}" in str(problem)


def test_the_ends_that_can_be_right_are_let_through():
    Plant(name="Mill", sb_recovery_fraction=1, concentrate_sb_pct=71.7, hg_pct_of_ore=0)
    Economics(tax_fraction=0, discount_rate_fraction=0, transport_usd_per_t_concentrate=0)
