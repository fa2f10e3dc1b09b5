import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.verdict.rate_rules import (
    LONG_OPEN_PIT,
    LONG_UNDERGROUND,
    TAYLOR,
    TAYLOR_SHORT_LIFE,
    UNDERGROUND_RULES,
    rate_for_size,
    recalled_note,
    size_for_rate,
)

ALL_RULES = (TAYLOR, TAYLOR_SHORT_LIFE, LONG_UNDERGROUND, LONG_OPEN_PIT)


def test_700_kt_a_year_answers_to_about_6_to_7_million_tonnes():
    found = size_for_rate(700_000.0)
    assert found.low == pytest.approx(6.3e6, abs=0.05e6)
    assert found.high == pytest.approx(7.3e6, abs=0.05e6)
    assert found.unit == "t"


@pytest.mark.parametrize(
    ("ore", "taylor_kt", "long_kt"),
    [(4.74e6, 508, 596), (6.35e6, 632, 703), (10e6, 889, 907), (24e6, 1_714, 1_486)],
)
def test_the_rules_give_the_rates_of_the_evidence_page(ore, taylor_kt, long_kt):
    # facts_more.md 2.3, worked out there from the same recalled constants.
    assert round(TAYLOR.rate_t_per_year(ore) / 1e3) == taylor_kt
    assert round(LONG_UNDERGROUND.rate_t_per_year(ore) / 1e3) == long_kt


def test_taylor_is_a_life_of_a_fifth_of_the_fourth_root():
    ore = 6.35e6
    assert ore / TAYLOR.rate_t_per_year(ore) == pytest.approx(0.2 * ore**0.25)


def test_the_short_life_multiplier_is_four_years_for_a_million_tonnes():
    assert 1e6 / TAYLOR_SHORT_LIFE.rate_t_per_year(1e6) == pytest.approx(4.0)
    assert TAYLOR_SHORT_LIFE.ore_t(700_000.0) == pytest.approx(3.9e6, abs=0.05e6)


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.name)
@given(ore=st.floats(1e4, 1e9))
def test_size_and_rate_undo_each_other(rule, ore):
    assert rule.ore_t(rule.rate_t_per_year(ore)) == pytest.approx(ore)


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.name)
def test_capacity_grows_with_the_published_elasticity(rule):
    slope = np.log(rule.rate_t_per_year(2e6) / rule.rate_t_per_year(1e6)) / np.log(2)
    assert slope == pytest.approx(rule.published_exponent, abs=0.005)


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.name)
def test_recalled_constants_say_so_wherever_they_are_used(rule):
    assert rule.constant_is_recalled and "not checked against the paper" in rule.constant_note
    assert rule.days_per_year == 350
    for found in (size_for_rate(7e5, [rule]), rate_for_size(6e6, [rule])):
        assert "recalled" in found.sentence and "not a gate" in found.sentence
        assert rule.name in found.sentence
        assert found.low == found.high


def test_the_other_multiplier_in_use_is_not_kept_back():
    assert "up to 1.6 times Taylor's" in size_for_rate(700_000.0).sentence
    assert "1.6 times" not in size_for_rate(700_000.0, [LONG_UNDERGROUND]).sentence


def test_rules_that_were_checked_carry_no_note():
    from dataclasses import replace

    checked = replace(TAYLOR, constant_is_recalled=False)
    assert (
        recalled_note([checked]) == "" and "recalled" not in size_for_rate(7e5, [checked]).sentence
    )


def test_a_range_holds_every_rule():
    found = rate_for_size(6.35e6, ALL_RULES)
    answers = [number for _, number in found.by_rule]
    assert (found.low, found.high) == (min(answers), max(answers))
    assert len(found.by_rule) == 4 and found.unit == "t/yr"


def test_many_sizes_are_worked_out_together():
    ore = np.array([1e6, 1e7])
    for rule in UNDERGROUND_RULES:
        np.testing.assert_allclose(
            rule.rate_t_per_year(ore), [rule.rate_t_per_year(o) for o in ore]
        )
