import csv
import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps.products.spreadsheet import RISKY, cell, written


@pytest.mark.parametrize("sign", RISKY)
def test_a_text_that_looks_like_a_formula_is_quoted(sign):
    assert cell(f"{sign}cmd|' /C calc'!A0") == f"'{sign}cmd|' /C calc'!A0"


@pytest.mark.parametrize("number", ["-2.5", "+3", "-1e-5", "-.5"])
def test_numbers_keep_their_sign(number):
    assert cell(number) == number


@given(st.text())
def test_no_cell_of_text_begins_with_a_formula_sign_unless_it_is_a_number(value):
    found = cell(value)
    if found.startswith(RISKY):
        assert math.isfinite(float(found))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_written_unrounded(value):
    assert float(cell(value)) == value


@pytest.mark.parametrize("unknown", [None, math.nan, math.inf])
def test_unknown_is_empty_and_never_zero(unknown):
    assert cell(unknown) == ""


@given(st.lists(st.tuples(st.text(alphabet="a,\"'\n;ж"), st.integers()), max_size=5))
def test_what_is_written_reads_back(rows):
    text = written(["said", "count"], rows)
    back = list(csv.reader(io.StringIO(text)))[1:]
    assert [(a.removeprefix("'"), b) for a, b in back] == [
        (cell(a).removeprefix("'"), str(b)) for a, b in rows
    ]


def test_headings_are_guarded_too():
    assert written(["=x"], []) == "'=x\n"
