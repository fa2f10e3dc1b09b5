import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from deposits.errors import DataError
from planning.economics.config import Economics, Plant, surprises
from planning.economics.plant import (
    concentrate_t,
    implied_head_grade_pct,
    mass_balance,
    metal_t,
    throughput_t_per_year,
)
from planning.errors import BalanceError, PlanningError

tonnes = st.floats(1.0, 1e7)
head = st.floats(0.1, 20.0)
recovery = st.floats(0.1, 1.0)
product = st.floats(25.0, 71.7)


def test_the_claimed_grade_asks_for_183750_t_of_concentrate():
    balance = mass_balance(700_000.0, 15.0, 0.875, 50.0, hg_pct=0.04)
    assert float(balance.sb_in_ore_t) == 105_000.0
    assert float(balance.concentrate_t) == 183_750.0
    assert float(balance.hg_in_ore_t) == pytest.approx(280.0)


def test_the_design_of_30_kt_of_concentrate_stands_for_2_45_per_cent_ore():
    grade = implied_head_grade_pct(30_000.0, 700_000.0, 0.875, 50.0)
    assert float(grade) == pytest.approx(2.449, abs=5e-4)
    assert float(concentrate_t(700_000.0, grade, 0.875, 50.0)) == pytest.approx(30_000.0)


def test_half_rate_at_3_1_per_cent_and_85_per_cent_recovery_makes_9_2_kt_of_antimony():
    balance = mass_balance(350_000.0, 3.1, 0.85)
    assert float(balance.sb_in_concentrate_t) == pytest.approx(9_222.5)


@given(ore=tonnes, sb=head, part=recovery, grade=product)
def test_mass_and_metal_are_kept(ore, sb, part, grade):
    balance = mass_balance(ore, sb, part, grade, hg_pct=0.04, as_pct=0.2)
    assert balance.concentrate_t + balance.tailings_t == pytest.approx(ore)
    metal = balance.sb_in_concentrate_t + balance.sb_to_tailings_t
    assert metal == pytest.approx(balance.sb_in_ore_t)
    assert balance.concentrate_t * grade / 100 == pytest.approx(balance.sb_in_concentrate_t)
    assert balance.missing == ()


@given(ore=tonnes, sb=head, part=recovery, grade=product)
def test_the_implied_head_grade_undoes_the_concentrate(ore, sb, part, grade):
    made = concentrate_t(ore, sb, part, grade)
    assert implied_head_grade_pct(made, ore, part, grade) == pytest.approx(sb)


def test_draws_are_worked_out_together():
    sb, part = np.array([1.5, 2.5, 3.5]), np.array([0.8, 0.87, 0.92])
    together = mass_balance(700_000.0, sb, part, 50.0).concentrate_t
    alone = [
        mass_balance(700_000.0, s, p, 50.0).concentrate_t for s, p in zip(sb, part, strict=True)
    ]
    np.testing.assert_allclose(together, alone)


def test_what_is_not_known_stays_none_and_is_named():
    balance = mass_balance(700_000.0, 2.5)
    assert balance.concentrate_t is None and balance.hg_in_ore_t is None
    assert balance.sb_to_tailings_t is None and balance.tailings_t is None
    assert balance.missing == (
        "sb_recovery_fraction",
        "concentrate_sb_pct",
        "hg_pct_of_ore",
        "as_pct_of_ore",
    )
    assert "not known" in str(balance)
    assert float(mass_balance(700_000.0, 2.5, 0.875).sb_in_concentrate_t) == 15_312.5


def test_ore_without_mercury_is_not_ore_with_unknown_mercury():
    assert float(mass_balance(1000.0, 2.5, hg_pct=0.0).hg_in_ore_t) == 0.0
    assert mass_balance(1000.0, 2.5).hg_in_ore_t is None


@pytest.mark.parametrize(
    ("arguments", "wording"),
    [
        ((1000.0, 2.5, 0.875, 71.8), "concentrate is richer than stibnite"),
        ((1000.0, 71.8, 0.875, 50.0), "ore is richer than stibnite"),
        ((1000.0, 60.0, 0.9, 50.0), "would weigh more than its ore"),
        ((1000.0, 2.5, 87.5, 50.0), "0.875 for 87.5 %"),
        ((1000.0, 2.5, 0.0, 50.0), "recovery outside"),
        ((1000.0, -2.5, 0.9, 50.0), "grade below 0"),
        ((1000.0, 2.5, 0.9, 0.0), "no grade above 0"),
    ],
)
def test_an_impossible_balance_is_refused_with_its_reason(arguments, wording):
    with pytest.raises(BalanceError, match=wording):
        concentrate_t(*arguments)
    with pytest.raises(BalanceError, match=wording):
        mass_balance(*arguments)


def test_the_limits_themselves_are_allowed():
    assert float(concentrate_t(1000.0, 71.7, 1.0, 71.7)) == pytest.approx(1000.0)
    assert float(concentrate_t(1000.0, 0.0, 0.9, 50.0)) == 0.0


def test_all_impossibilities_are_listed_at_once_and_draws_are_counted():
    with pytest.raises(BalanceError) as refusal:
        concentrate_t(1000.0, np.array([2.0, 80.0, 90.0]), 2.0, 72.0)
    assert len(refusal.value.problems) == 3
    assert "80 and 1 more of 3" in str(refusal.value)
    assert isinstance(refusal.value, DataError) and isinstance(refusal.value, PlanningError)


def test_a_draw_without_a_grade_is_not_an_impossibility():
    made = concentrate_t(1000.0, np.array([2.0, np.nan]), 0.9, 50.0)
    assert np.isnan(made[1]) and made[0] == pytest.approx(36.0)


def test_a_plant_takes_its_nameplate_while_it_runs():
    assert throughput_t_per_year(700_000.0, 0.5) == 350_000.0
    assert throughput_t_per_year(700_000.0, None) == 700_000.0
    assert throughput_t_per_year(None, 0.5) is None


def test_metal_is_tonnes_times_grade():
    assert float(metal_t(14_200_000.0, 0.42)) == pytest.approx(59_640.0)


def test_a_plant_is_read_as_a_study_file_gives_it():
    plant = Plant.model_validate(
        {"name": "Mill", "feeds": ["north", "south"], "nameplate_t_per_year": 700_000}
    )
    assert plant.feeds == ("north", "south")
    assert plant.nameplate_t_per_year.base == 700_000.0
    assert plant.concentrate_line_limit_t_per_year is None


@pytest.mark.parametrize(
    ("key", "value", "wording"),
    [
        ("nameplate_t_per_year", "700000", "valid"),
        ("nameplate", 700_000, "Extra inputs"),
    ],
)
def test_a_plant_that_cannot_be_is_refused_in_words(key, value, wording):
    with pytest.raises(ValidationError, match=wording):
        Plant.model_validate({"name": "Mill", key: value})


def test_odd_magnitudes_of_a_plant_are_warned_of_with_their_reason():
    plant = Plant.model_validate(
        {
            "name": "Mill",
            "nameplate_t_per_year": 700,
            "actual_average_t_per_year": 350_000,
            "concentrate_design_t_per_year": 30_000,
        }
    )
    found = surprises(Economics(), {"mill": plant})
    assert [p.severity for p in found] == ["warning"] * 3
    assert "700 thousand tonnes is written 700000" in str(found[0])
    assert "key plants.mill.actual_average_t_per_year" in str(found[1])
    assert "more concentrate than it takes ore" in str(found[2])


def test_a_plant_of_usual_size_raises_no_warning():
    plant = Plant.model_validate({"name": "Mill", "nameplate_t_per_year": 700_000})
    assert surprises(Economics(), {"mill": plant}) == ()
