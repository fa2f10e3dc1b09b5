"""Is a cut-off the grade at which the return meets the cost, bends and all?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.block_values import CURVES, terms

from deposits.errors import DataError
from planning.economics.block_facts import cutoff_row
from planning.economics.cutoffs import (
    Beside,
    beside_antimony,
    cutoffs,
    grade_that_pays,
    return_at,
)
from planning.economics.nsr import break_even_grade

BESIDE = {"au_gpt": Beside(0.1, 0.2), "hg_pct": Beside(0.0, 0.012)}
FREE = {"hg_pct": Beside()}


def rows(own, beside=BESIDE, elevation=None):
    return {row.name: row for row in cutoffs(own, beside, elevation).rows}


def test_the_costs_of_the_four_questions_add_up():
    """Plant 20 + 10 + 5 + 3; pit 2 + 0.6, stopes 30 + 3, mean mining 40 on top."""
    found = {name: row.nsr_usd_per_t for name, row in rows(terms()).items()}
    assert found == {
        "marginal (mill)": 38.0,
        "mine, open pit": 40.6,
        "mine, stopes": 71.0,
        "break-even": 78.0,
    }
    deep = rows(terms(), elevation=700.0)
    assert deep["mine, open pit"].nsr_usd_per_t == pytest.approx(41.0)
    assert deep["mine, stopes"].nsr_usd_per_t == pytest.approx(73.0)
    assert "at 700 m" in deep["mine, stopes"].meaning


@pytest.mark.parametrize("changes", [None, {"value": CURVES}])
def test_a_cutoff_is_the_root_of_return_less_cost(changes):
    own = terms(changes)
    for row in cutoffs(own, BESIDE).rows:
        at = return_at([row.sb_pct], own, BESIDE)[0]
        below = return_at([row.sb_pct - 1e-9], own, BESIDE)[0]
        assert at == pytest.approx(row.nsr_usd_per_t, abs=1e-9)
        assert below < row.nsr_usd_per_t <= at + 1e-9


@given(st.floats(1.0, 500.0))
def test_with_constants_it_is_the_break_even_grade_of_the_evidence_route(cost):
    changes = {
        "economics": {"mining_cost_usd_per_t_ore": cost, "penalties_usd_per_t_concentrate": 60},
        "value": {"moisture_fraction": 0, "ore_haulage_usd_per_t_ore": 0},
    }
    own = terms(changes, "value.penalties", "economics.au_price")
    expected = float(break_even_grade(own.base).sb_pct)
    assert rows(own, {})["break-even"].sb_pct == pytest.approx(expected, rel=1e-12)


@given(st.floats(1.0, 400.0), st.floats(1.0, 400.0))
def test_a_dearer_question_never_asks_a_lower_grade(one, other):
    own = terms({"value": CURVES})
    low, high = sorted((one, other))
    assert grade_that_pays(low, own, BESIDE) <= grade_that_pays(high, own, BESIDE)


def test_better_prices_and_gold_beside_the_antimony_lower_the_cutoff():
    own = terms({"value": CURVES})
    grade = grade_that_pays(80.0, own, FREE)
    assert grade_that_pays(80.0, own.with_prices(1.2), FREE) < grade
    assert grade_that_pays(80.0, own, {**FREE, "au_gpt": Beside(1.0)}) < grade


def test_where_the_return_falls_for_a_while_only_what_pays_for_good_is_ore():
    """Recovery of nothing between two good ranges: 1 % pays, 2 % does not, from there on it does
    again. The cut-off is the last crossing."""
    curve = {"head_sb_pct": [1.0, 1.5, 2.0, 2.5], "fraction": [0.8, 0.1, 0.1, 0.9]}
    own = terms({"value": {"sb_recovery": curve}})
    assert return_at([1.0], own, FREE)[0] > 100.0 > return_at([2.0], own, FREE)[0]
    found = grade_that_pays(100.0, own, FREE)
    assert 2.0 < found < 2.5
    assert return_at([found], own, FREE)[0] == pytest.approx(100.0)
    assert (return_at(np.linspace(found, 71.7, 999), own, FREE) >= 100.0 - 1e-9).all()


def test_a_cutoff_on_a_knot_of_the_curve_is_found():
    own = terms({"value": CURVES})
    cost = float(return_at([2.0], own, FREE)[0])
    assert grade_that_pays(cost, own, FREE) == pytest.approx(2.0, abs=1e-12)


def test_rock_that_gold_pays_for_has_a_cutoff_of_0_and_rock_that_nothing_pays_for_has_none():
    own = terms()
    assert grade_that_pays(38.0, own, {**FREE, "au_gpt": Beside(50.0)}) == 0.0
    assert grade_that_pays(1e6, own, FREE) == np.inf
    (row, *_) = cutoffs(own.with_prices(0.0), FREE).rows
    shown = cutoff_row(row)
    assert row.sb_pct == np.inf
    assert shown["sb_pct"] is None and "no ore up to pure stibnite" in shown["meaning"]
    assert "no grade pays" in str(cutoffs(own.with_prices(0.0), FREE))


def test_a_penalised_element_whose_grade_is_not_given_leaves_the_grades_unknown():
    found = cutoffs(terms())
    assert {row.sb_pct for row in found.rows} == {None}
    assert found.rows[0].missing == ("grade of hg_pct beside the antimony",)
    assert found.rows[0].nsr_usd_per_t == 38.0
    with pytest.raises(DataError, match="grade of hg_pct"):
        grade_that_pays(38.0, terms(), {})


@pytest.mark.parametrize(
    ("key", "lost"),
    [
        ("economics.sb_price", {"marginal (mill)", "mine, open pit", "mine, stopes", "break-even"}),
        ("value.stoping.cost_usd_per_t_ore", {"mine, stopes"}),
        ("economics.mining_cost_usd_per_t_ore", {"break-even"}),
    ],
)
def test_what_is_missing_stops_what_needs_it_and_nothing_else(key, lost):
    found = rows(terms(None, key))
    assert {name for name, row in found.items() if row.sb_pct is None} == lost
    assert all(key in found[name].missing for name in lost)


def test_a_way_of_mining_that_is_not_planned_has_no_row():
    assert "mine, open pit" not in rows(terms(None, "value.mining"))


def test_zones_do_not_move_the_cutoffs():
    zones = {"mining": {"zone_field": "rock", "zones": {"jasperoid": 3.0}}}
    assert rows(terms({"value": zones}))["mine, open pit"].nsr_usd_per_t == 40.6


def test_other_elements_are_taken_in_the_proportion_of_the_deposit():
    blocks = {
        "sb_pct": [1.0, 3.0, np.nan],
        "au_gpt": [1.0, 1.0, 9.0],
        "hg_pct": [0.01, 0.05, 9.0],
        "as_pct": [0.0, 0.4, 9.0],
    }
    found = beside_antimony(blocks, [3.0, 1.0, 5.0], terms())
    assert found["au_gpt"].per_pct_sb == pytest.approx(4.0 / 6.0)
    assert found["hg_pct"].per_pct_sb == pytest.approx(0.08 / 6.0)
    assert beside_antimony(blocks, [0.0, 0.0, 1.0], terms()) == {}
