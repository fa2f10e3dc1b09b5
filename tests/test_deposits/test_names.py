"""Spellings of one name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deposits.names import listed, name_key, resolve_field, same_name, suggest_field

FIELDS = {
    "jijikrut": ("Jijikrut", "Джижикрут", "Dzhizhikrut", "Jizhikrut", "Jezhikrut"),
    "konchoch": ("Konchoch", "Kanchoch", "Konchok", "Кончоч"),
}


@pytest.mark.parametrize(
    "spelling",
    [
        "Джижикрут",
        "ДЖИЖИКРУТ",
        "Dzhizhikrut",
        "Jizhikrut",
        "Jezhikrut",
        "Jijikrut",
        "Ҷиҷикрут",
        "jijikrut",
        " Jijikrut ",
        "Jezhikrut (Sb)",
    ],
)
def test_every_listed_spelling_resolves(spelling):
    assert resolve_field(spelling, FIELDS) == "jijikrut"


@pytest.mark.parametrize("spelling", ["Kanchoch", "KONCHOK", "кончоч"])
def test_the_other_field_resolves_too(spelling):
    assert resolve_field(spelling, FIELDS) == "konchoch"


@pytest.mark.parametrize("spelling", ["Jijikurt", "Dzhidzhikrut", "Жижикрут"])
def test_an_unlisted_near_spelling_is_suggested_not_taken(spelling):
    assert resolve_field(spelling, FIELDS) is None
    assert "jijikrut" in suggest_field(spelling, FIELDS)


def test_a_far_name_gets_no_suggestion():
    assert suggest_field("Mushiston", FIELDS) == ""


def test_a_name_of_two_fields_is_nobodys():
    assert resolve_field("Chore", {"a": ("Chore",), "b": ("CHORE",)}) is None


def test_blank_names_match_nothing():
    assert resolve_field("", {"a": ("",)}) is None
    assert not same_name("", "")
    assert not same_name("()", " ")


def test_a_name_in_another_script_keeps_its_letters():
    assert name_key("康桥奇") == "康桥奇"


@settings(deadline=None)
@given(st.text())
def test_the_key_is_its_own_key(text):
    key = name_key(text)
    assert name_key(key) == key


@settings(deadline=None)
@given(st.text(), st.text())
def test_sameness_has_no_order(a, b):
    assert same_name(a, b) == same_name(b, a)


def test_long_lists_are_cut_and_counted():
    assert listed([]) == "" and listed([1]) == "1"
    assert listed(range(5)) == "0, 1, 2, 3, 4"
    assert listed(range(6)) == "0, 1, 2, 3, 4 and 1 more"
