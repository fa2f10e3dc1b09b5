"""Does a stated number keep its range, its kind and its source?"""

import math
from typing import Annotated

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from scipy import stats

from deposits.stated import Stated, bounded, softest

sizes = st.floats(0.01, 1e6)


def test_a_bare_number_is_an_assumption():
    assert Stated.model_validate(5).kind == "assumed"
    assert Stated.model_validate(5).base == 5.0


@pytest.mark.parametrize(
    "given_",
    [
        {},
        {"low": 1.0},
        {"low": 2.0, "high": 1.0},
        {"value": 3.0, "low": 1.0, "high": 2.0},
        True,
        "x",
        math.nan,
        math.inf,
        {"value": math.nan},
        {"low": 0.0, "high": math.inf},
        {"value": 1.0, "low": -math.inf, "high": math.nan},
    ],
)
def test_what_says_nothing_or_contradicts_itself_is_refused(given_):
    with pytest.raises(ValidationError):
        Stated.model_validate(given_)


@given(low=sizes, rise=sizes, fall=sizes, p=st.floats(0, 1))
def test_the_triangular_quantile_is_scipys(low, rise, fall, p):
    mode, high = low + rise, low + rise + fall
    ours = Stated(low=low, value=mode, high=high).quantile(np.array([p]))[0]
    theirs = stats.triang(c=rise / (rise + fall), loc=low, scale=rise + fall).ppf(p)
    assert ours == pytest.approx(theirs, rel=1e-9)


@pytest.mark.parametrize("mode", [1.0, 3.0])
def test_a_mode_at_an_end_stays_inside(mode):
    drawn = Stated(low=1.0, value=mode, high=3.0).quantile(np.linspace(0, 1, 101))
    assert drawn.min() == 1.0
    assert drawn.max() == 3.0
    assert np.all(np.diff(drawn) >= 0)


def test_a_range_without_a_value_is_uniform_and_its_base_the_middle():
    stated = Stated(low=2.0, high=4.0)
    assert stated.base == 3.0
    np.testing.assert_allclose(stated.quantile(np.array([0.0, 0.25, 1.0])), [2.0, 2.5, 4.0])


def test_a_number_without_a_range_is_the_same_in_every_draw():
    np.testing.assert_array_equal(Stated(value=7.0).quantile(np.array([0.1, 0.9])), [7.0, 7.0])


def test_what_rests_on_an_assumption_is_assumed():
    assert softest("reported", "derived") == "derived"
    assert softest("assumed", "reported") == "assumed"
    assert softest() == "reported"


def says(limit, figure):
    """What a validator says of a figure; nothing where it can be right."""
    try:
        TypeAdapter(Annotated[Stated, limit]).validate_python(figure)
    except ValidationError as error:
        return error.errors()[0]["ctx"]["allowed"]
    return None


def test_a_closed_range_holds_its_ends_and_an_open_one_does_not():
    closed, opened = bounded(0.0, 1.0, "(fraction)"), bounded(0.0, 1.0, "(fraction)", above=0.0)
    assert says(closed, 0) is None and says(closed, 1) is None and says(opened, 1) is None
    assert says(opened, 0) == says(opened, -1) == "above 0, to 1 (fraction)"
    assert says(closed, 1.01) == "0 to 1 (fraction)"
    assert says(opened, {"low": 0.0, "high": 1.0}) is not None


def test_a_range_without_an_upper_end_says_where_it_begins():
    assert says(bounded(2.0, math.inf, "t"), 1) == "at least 2 t"
    assert says(bounded(2.0, math.inf, "t", above=2.0), 2) == "above 2 t"
