from dataclasses import fields
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.verdict.answers import Given, WorldOutput
from planning.verdict.inverse import (
    blend_share,
    ceiling_grade,
    highest_rate,
    metal_a_year,
    ore_needed,
    rate_answering_to,
    rock_needed,
    share_of_world,
    size_answering_to,
)
from planning.verdict.inverse_plant import concentrate_a_year, design_head_grade, ore_to_fill_line

RATE = Given(700_000.0, "plan.throughput_t_per_year")
CLAIMED = Given(15.0, "plan.required_head_grade_sb_pct")
RECOVERY = Given(0.875, "plants.mill.sb_recovery_fraction", "assumed")
PRODUCT = Given(50.0, "plants.mill.concentrate_sb_pct")
DESIGN = Given(30_000.0, "plants.mill.concentrate_design_t_per_year")

#: USGS Mineral Commodity Summaries, world mine output by edition (facts_more.md 0.1).
WORLD = (
    WorldOutput("MCS 2024", 2023, 83_000.0),
    WorldOutput("MCS 2025", 2023, 106_000.0),
    WorldOutput("MCS 2025", 2024, 100_000.0),
    WorldOutput("MCS 2026", 2024, 119_000.0),
    WorldOutput("MCS 2026", 2025, 110_000.0),
)


def unknown(key="some.key"):
    return Given(None, key)


def test_the_ore_binds_where_it_lasts_shortest():
    found = highest_rate(Given(4.74e6, "ore"), 10.0, Given(7e5, "plant"), Given(1e6, "mine"))
    assert found.value == pytest.approx(474_000.0) and found.unit == "t/yr"
    assert "the ore binds" in found.answer and "474,000 t" in found.answer
    assert found.missing == () and found.kind == "derived"


@pytest.mark.parametrize(
    ("plant", "mine", "name", "rate"),
    [(7e5, 8e5, "the plant", 7e5), (7e5, 5e5, "the mine", 5e5), (5e5, 5e5, "the plant", 5e5)],
)
def test_a_capacity_binds_where_it_is_lowest(plant, mine, name, rate):
    found = highest_rate(Given(9e6, "ore"), 10.0, Given(plant, "plant"), Given(mine, "mine"))
    assert found.value == rate and f"{name} binds" in found.answer


def test_a_capacity_that_is_not_known_makes_the_rate_an_upper_bound():
    found = highest_rate(Given(4.74e6, "ore"), 10.0, Given(7e5, "plant"), unknown("mine"))
    assert found.value == pytest.approx(474_000.0) and found.missing == ("mine",)
    assert found.answer.startswith("At most") and "capacity of the mine" in found.answer


def test_ore_that_is_not_known_leaves_no_rate_but_what_the_plant_allows():
    found = highest_rate(unknown("ore"), 10.0, Given(7e5, "plant"), unknown("mine"))
    assert found.value is None and found.missing == ("ore", "mine")
    assert "Not known" in found.answer and "the plant allows at most 700,000 t" in found.answer
    nothing = highest_rate(unknown("ore"), 10.0, unknown("plant"), unknown("mine"))
    assert nothing.value is None and nothing.answer == "Not known, because the ore is not."


@given(
    ore=st.floats(1e5, 1e8),
    years=st.floats(1.0, 50.0),
    plant=st.floats(1e4, 1e7),
    mine=st.floats(1e4, 1e7),
)
def test_the_highest_rate_is_within_every_limit_and_touches_one(ore, years, plant, mine):
    rate = highest_rate(Given(ore, "o"), years, Given(plant, "p"), Given(mine, "m")).value
    slack = [ore - rate * years, plant - rate, mine - rate]
    assert min(slack) == pytest.approx(0.0, abs=1e-9 * ore)
    assert all(s >= -1e-9 * ore for s in slack)


def test_ten_years_at_700_kt_need_7_million_tonnes_of_ore():
    assert ore_needed(RATE, 10.0).value == 7e6
    assert "7,000,000 t" in ore_needed(RATE, 10.0).answer


def test_the_rock_in_situ_is_what_recovery_and_dilution_make_of_the_ore():
    found = rock_needed(RATE, 10.0, Given(0.9, "recovery"), Given(0.1, "dilution"))
    assert found.value == pytest.approx(7e6 / 0.99)
    assert found.value * 0.9 + found.value * 0.9 * 0.1 == pytest.approx(7e6)
    assert "90 % mining recovery" in found.answer and "10 % dilution" in found.answer


def test_114_kt_of_15_per_cent_ore_fill_the_line():
    found = ore_to_fill_line(DESIGN, PRODUCT, RECOVERY, CLAIMED)
    assert round(found.value) == 114_286
    assert found.kind == "assumed" and "15 % ore" in found.question


def test_ore_without_antimony_fills_no_line():
    found = ore_to_fill_line(DESIGN, PRODUCT, RECOVERY, Given(0.0, "grade"))
    assert found.value is None and "No amount" in found.answer


def test_5_18_per_cent_of_15_per_cent_ore_lift_2_45_to_3_1():
    found = blend_share(Given(2.45, "f"), Given(15.0, "r"), Given(3.1, "t"), RATE)
    assert round(found.value, 2) == 5.18
    assert "36,300 t a year" in found.answer and found.unit == "% of the blend"


@given(feed=st.floats(0.1, 5.0), rise=st.floats(0.01, 5.0), more=st.floats(0.0, 40.0))
def test_the_blend_has_the_wanted_grade(feed, rise, more):
    target, rich = feed + rise, feed + rise + more
    found = blend_share(Given(feed, "f"), Given(rich, "r"), Given(target, "t"), RATE)
    share = found.value / 100.0
    assert 0.0 < share <= 1.0 + 1e-9
    assert share * rich + (1 - share) * feed == pytest.approx(target)


@pytest.mark.parametrize(
    ("feed", "rich", "target", "value", "wording"),
    [
        (3.1, 15.0, 2.45, 0.0, "that rich already"),
        (3.1, 15.0, 3.1, 0.0, "that rich already"),
        (2.45, 15.0, 16.0, None, "poorer than the wanted grade"),
        (2.45, 2.0, 3.1, None, "poorer than the wanted grade"),
    ],
)
def test_a_blend_that_is_not_needed_or_not_possible_is_said(feed, rich, target, value, wording):
    found = blend_share(Given(feed, "f"), Given(rich, "r"), Given(target, "t"), RATE)
    assert found.value == value and wording in found.answer


def test_a_blend_without_a_rate_has_a_share_but_no_tonnes():
    found = blend_share(Given(2.45, "f"), Given(15.0, "r"), Given(3.1, "t"), unknown("rate"))
    assert round(found.value, 2) == 5.18 and found.missing == ("rate",)
    assert "tonnes are not known" in found.answer


def test_the_claim_means_105_kt_of_antimony_and_184_kt_of_concentrate():
    assert metal_a_year(RATE, CLAIMED).value == 105_000.0
    found = concentrate_a_year(RATE, CLAIMED, RECOVERY, PRODUCT, DESIGN)
    assert found.value == 183_750.0
    assert "6.12 times the design output of 30,000 t" in found.answer
    without = concentrate_a_year(RATE, CLAIMED, RECOVERY, PRODUCT, unknown())
    assert without.value == 183_750.0 and "design" not in without.answer


def test_the_claim_means_88_to_127_per_cent_of_the_world_by_edition():
    found = share_of_world(RATE, CLAIMED, WORLD)
    assert round(found.low) == 88 and round(found.high) == 127
    assert round(found.value) == 95
    for word in ("MCS 2026", "2024", "MCS 2024", "2023", "editions differ"):
        assert word in found.answer


def test_one_edition_is_one_share_without_a_word_on_editions():
    found = share_of_world(RATE, CLAIMED, WORLD[:1])
    assert found.low == found.high == found.value
    assert "differ" not in found.answer and " to " not in found.answer


def test_without_statistics_the_share_is_not_known():
    found = share_of_world(RATE, CLAIMED, [])
    assert found.value is None and found.low is None and found.missing == ("market.folder",)


@pytest.mark.parametrize(
    ("metal", "years", "grade"), [(147e3, 10, 2.1), (197e3, 15, 1.876), (600e3, 10, 8.571)]
)
def test_a_ceiling_grade_spreads_all_the_metal_and_says_that_it_is_a_ceiling(metal, years, grade):
    found = ceiling_grade(Given(metal, "m"), RATE, years)
    assert found.value == pytest.approx(grade, abs=5e-4)
    assert "a ceiling and not a head grade" in found.answer


def test_the_rules_answer_in_a_range_and_say_that_constants_are_recalled():
    size = size_answering_to(RATE)
    assert size.value is None and 6e6 < size.low < size.high < 7.5e6
    assert "recalled" in size.answer and size.kind == "assumed" and size.unit == "t"
    rate = rate_answering_to(Given(6.35e6, "ore"))
    assert 6.2e5 < rate.low < rate.high < 7.1e5 and rate.unit == "t/yr"


QUESTIONS = {
    "ore_needed": partial(ore_needed, years=10.0),
    "rock_needed": partial(rock_needed, years=10.0),
    "ore_to_fill_line": ore_to_fill_line,
    "design_head_grade": design_head_grade,
    "metal_a_year": metal_a_year,
    "share_of_world": partial(share_of_world, world=WORLD),
    "ceiling_grade": partial(ceiling_grade, years=10.0),
    "size_answering_to": size_answering_to,
    "rate_answering_to": rate_answering_to,
}
INPUTS = {
    "ore_needed": ("rate",),
    "rock_needed": ("rate", "recovery", "dilution"),
    "ore_to_fill_line": ("line", "concentrate_sb_pct", "recovery", "sb_pct"),
    "design_head_grade": ("design", "ore", "recovery", "concentrate_sb_pct"),
    "metal_a_year": ("rate", "sb_pct"),
    "share_of_world": ("rate", "sb_pct"),
    "ceiling_grade": ("metal", "rate"),
    "size_answering_to": ("rate",),
    "rate_answering_to": ("ore",),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_input_that_is_not_known_is_named_and_nothing_is_put_in_its_place(name):
    for absent in INPUTS[name]:
        inputs = {i: Given(None if i == absent else 0.5, f"key.{i}") for i in INPUTS[name]}
        found = QUESTIONS[name](**inputs)
        assert found.value is None and found.low is None and found.high is None
        assert found.missing == (f"key.{absent}",)
        assert found.answer.startswith("Not known") and f"key.{absent}" in found.answer


@pytest.mark.parametrize("absent", range(3))
def test_a_blend_of_unknown_grades_is_not_known(absent):
    grades = [Given(g, f"key.{i}") for i, g in enumerate((2.45, 15.0, 3.1))]
    grades[absent] = unknown(f"key.{absent}")
    found = blend_share(*grades, RATE)
    assert found.value is None and found.missing == (f"key.{absent}",)


@pytest.mark.parametrize("absent", range(4))
def test_concentrate_of_unknown_ore_is_not_known(absent):
    inputs = [RATE, CLAIMED, RECOVERY, PRODUCT]
    inputs[absent] = unknown("absent")
    found = concentrate_a_year(*inputs, DESIGN)
    assert found.value is None and found.missing == ("absent",)


def test_an_answer_is_as_soft_as_its_softest_known_input():
    assert metal_a_year(RATE, CLAIMED).kind == "derived"
    assert metal_a_year(RATE, Given(15.0, "g", "assumed")).kind == "assumed"


def test_the_design_stands_for_a_head_grade_of_2_45_per_cent():
    found = design_head_grade(DESIGN, RATE, RECOVERY, PRODUCT)
    assert round(found.value, 2) == 2.45 and found.unit == "% Sb" and found.kind == "assumed"
    assert "30,000 t of 50 % concentrate from 700,000 t of ore" in found.answer
    again = concentrate_a_year(RATE, Given(found.value, "g"), RECOVERY, PRODUCT, unknown())
    assert again.value == pytest.approx(30_000.0)


def test_ore_as_rich_as_the_concentrate_is_not_concentrated():
    for grade in (50.0, 60.0):
        rich = Given(grade, "g")
        assert concentrate_a_year(RATE, rich, RECOVERY, PRODUCT, DESIGN).value is None
        assert ore_to_fill_line(DESIGN, PRODUCT, RECOVERY, rich).value is None
    lean = Given(49.9, "g")
    assert concentrate_a_year(RATE, lean, RECOVERY, PRODUCT, DESIGN).value < 700_000.0


def test_an_answer_names_the_sources_of_what_it_was_worked_out_from():
    rate = Given(7e5, "rate", source="A")
    assert metal_a_year(rate, Given(15.0, "g", source="B")).sources == ("A", "B")
    assert metal_a_year(rate, Given(15.0, "g", source="A")).sources == ("A",)
    assert metal_a_year(rate, Given(15.0, "g")).sources == ("A",)
    assert metal_a_year(rate, Given(None, "g", source="B")).sources == ("A",)
    bounded = highest_rate(Given(4e6, "o", source="O"), 10.0, rate, unknown())
    assert bounded.sources == ("O", "A") and bounded.as_row()["sources"] == ["O", "A"]
    world = WorldOutput("MCS 2024", 2023, 83_000.0, "USGS")
    assert "USGS" in share_of_world(rate, CLAIMED, [world]).sources
    assert any("Taylor" in source for source in rate_answering_to(rate).sources)


def test_the_ore_of_a_case_is_named_in_the_question():
    found = rate_answering_to(Given(6.35e6, "ore"), case="the whole national reserve")
    assert found.question.endswith("usually answer to (the whole national reserve)?")


def test_a_row_of_the_summary_has_the_keys_others_rely_on():
    row = metal_a_year(RATE, CLAIMED).as_row()
    assert {"question", "answer", "value", "unit", "kind", "missing"} <= set(row)
    assert row["missing"] == [] and set(row) == {
        f.name for f in fields(metal_a_year(RATE, CLAIMED))
    }


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_answer_is_a_sentence(name):
    found = QUESTIONS[name](**{i: Given(0.5, i) for i in INPUTS[name]})
    assert found.question.endswith("?") and found.answer.endswith(".")
    assert found.answer[0].isupper() or found.answer[0].isdigit()
