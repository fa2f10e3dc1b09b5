import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps.drawings.results import QUANTITIES
from maps.wording import central, finding_word, gold, mass, number, share, texts, words_for


@given(st.floats(min_value=0.5, max_value=1e11))
def test_a_mass_reads_back_within_its_two_figures(tonnes):
    figure, unit = mass(tonnes).split()
    read = float(figure.replace(",", "")) * {"t": 1.0, "kt": 1e3, "Mt": 1e6}[unit]
    assert read == pytest.approx(tonnes, rel=0.051)


@given(st.floats(min_value=1e-9, max_value=1.0))
def test_a_share_above_nothing_never_reads_as_nothing(fraction):
    assert not share(fraction).startswith("0 ")


@pytest.mark.parametrize("unknown", [None, math.nan, math.inf])
def test_what_is_not_known_is_said_and_never_zero(unknown):
    assert mass(unknown) == share(unknown) == gold(unknown) == number(unknown) == "not known"


def test_zero_is_zero_and_not_unknown():
    assert mass(0.0) == "0 t"
    assert number(0) == "0"


def test_rounding_up_changes_the_unit_too():
    assert mass(999_600) == "1.0 Mt"
    assert mass(999.6) == "1.0 kt"


def test_gold_below_a_tonne_is_in_kilograms():
    assert gold(12.0) == "12 kg Au"
    assert gold(49_900.0) == "50 t Au"


def test_a_quantity_leads_with_its_value_and_else_with_its_median():
    assert central({"value": 3.0, "p50": 2.0}) == 3.0
    assert central({"value": None, "p50": 2.0}) == 2.0
    assert central({"value": 0.0, "p50": 2.0}) == 0.0
    assert central(None) is None


def test_an_unlisted_finding_keeps_its_word():
    assert finding_word("half true").text == "half true"
    assert finding_word("").text == "not known"


def test_one_text_several_or_none_become_a_list():
    assert texts("a") == ["a"]
    assert texts(["a", "b"]) == ["a", "b"]
    assert texts(None) == texts("") == []


@pytest.mark.parametrize("name", QUANTITIES)
@pytest.mark.parametrize("end", ["", "_p10", "_p50", "_p90"])
def test_no_quantity_is_shown_under_its_raw_name(name, end):
    words, unit = words_for(name + end)
    assert "_" not in words
    assert unit
