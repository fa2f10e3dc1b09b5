"""Russian words and numbers: is each label said once, is a number told from a code or a day?"""

import ast
from collections import Counter
from pathlib import Path

import pytest

from maps import languages
from maps.languages import translator
from maps.languages.russian import RUSSIAN
from maps.languages.wordbook import NUMBER

SAY = translator("ru")
FILES = sorted((Path(languages.__file__).parent / "russian").glob("[!_]*.py"))


def keys_of(path):
    """Every label that a file of words translates, as often as it stands there."""
    tree = ast.parse(path.read_text("utf-8"))
    books = [node for node in ast.walk(tree) if isinstance(node, ast.Dict)]
    return [key.value for book in books for key in book.keys if isinstance(key, ast.Constant)]


def test_no_label_stands_in_two_files_of_words_or_twice_in_one():
    places = {path.stem: keys_of(path) for path in FILES}
    counted = Counter(key for keys in places.values() for key in keys)
    twice = {k: [name for name, keys in places.items() if k in keys] for k in counted}
    assert {k: names for k, names in twice.items() if counted[k] > 1} == {}
    # Whatever stands in a file reaches the wordbook.
    assert set(counted) == set(RUSSIAN) and len(counted) > 1500


def test_a_label_reads_alike_with_a_large_and_a_small_first_letter():
    pairs = ((k, k[0].lower() + k[1:]) for k in RUSSIAN)
    both = [(k, small) for k, small in pairs if small != k and small in RUSSIAN]
    # A unit has forms for its numbers, which no heading has.
    plain = [(k, small) for k, small in both if "|" not in RUSSIAN[small]]
    unlike = [k for k, small in plain if RUSSIAN[k].casefold() != RUSSIAN[small].casefold()]
    assert unlike == [] and len(plain) > 10


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        # Numbers with thousands, decimals, a sign, an exponent.
        ("0.5", ["0.5"]),
        ("1,234,567.8 t", ["1,234,567.8"]),
        ("12,345 and 2027", ["12,345", "2027"]),
        ("-3.0 %, +1.5 %, −2 %", ["-3.0", "+1.5", "−2"]),
        ("±15 km, <0.01, ~-4, (-5), (6)", ["15", "0.01", "-4", "-5", "6"]),
        ("1.5e-05 and 2e6", ["1.5e-05", "2e6"]),
        ("<-7, ±+8, %-9", ["-7", "+8"]),
        ("from 3.", ["3"]),
        ("1, 2 and 3", ["1", "2", "3"]),
        ("100-200", ["100"]),
        # Days and months are one thing, whole.
        ("2027-01-15", ["2027-01-15"]),
        ("2027-01 to 2027-03", ["2027-01", "2027-03"]),
        # Codes, versions, powers, and what is written in another way.
        ("L12-S21-1", []),
        ("SYN-001", []),
        ("EPSG:32642", ["32642"]),
        ("1.2.3", []),
        ("anzob 0.5.1", []),
        ("1,2", []),
        ("1,23", []),
        ("1,2345", []),
        ("1234,567", []),
        ("12,3456.7", []),
        ("1.234,5", []),
        ("42N", []),
        ("C1", []),
        ("x^2, 10^6", []),
        ("sb_2", []),
        ("2_000", []),
        ("WGS84", []),
    ],
)
def test_what_of_a_label_is_a_number(text, numbers):
    assert NUMBER.findall(text) == numbers


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("2027-01 to 2027-03", "2027-01–2027-03"),
        ("year 3 (2027-01-15)", "год 3 (2027-01-15)"),
        ("2,027 t", "2\u00a0027 т"),
        ("Level 1,250 to 1,275.5 m", "Горизонт 1\u00a0250–1\u00a0275,5 м"),
        ("(5.5)", "(5,5)"),
        ("C1 (1,234.5)", "C1 (1\u00a0234,5)"),
        ("NI 43-101", "NI 43-101"),
        ("L12-S21-1 (2.5)", "L12-S21-1 (2,5)"),
        ("1.2.3", "1.2.3"),
        ("-3.0 %", "-3,0 %"),
    ],
)
def test_numbers_are_written_the_russian_way_and_days_and_codes_as_they_are(label, said):
    assert SAY(label) == said


@pytest.mark.parametrize(
    ("unit", "said"),
    [("years", "лет"), ("yr", "лет"), ("days", "дней"), ("draws", "розыгрышей")],
)
def test_a_unit_without_a_number_shows_no_forms(unit, said):
    assert SAY(unit) == said


@pytest.mark.parametrize(("number", "word"), [("1", "год"), ("3", "года"), ("2.5", "года")])
def test_a_short_unit_takes_the_form_of_its_number(number, word):
    assert SAY(f"{number} yr").split()[1] == word


def test_no_form_reaches_a_reader():
    shown = [SAY(key) for key in RUSSIAN if "{" not in key]
    assert [text for text in shown if "|" in text] == []
