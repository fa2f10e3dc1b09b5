"""Does the check of stopes see every rule that is broken, and only those?"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.blocks import GRIDS, cut, regular
from support.stopes_small import all_stopes, cells_of, clear, small_frame, small_problems

from deposits.blockmodel import BlockModel
from planning.limits.stopes import (
    Stope,
    StopeRules,
    StopeValue,
    Surroundings,
    frame_over,
    integrate,
)
from planning.verification.stope_cells import verify_cells
from planning.verification.stopes import verify_stopes

VALUE = np.array([1.0, 4.0, 2.0, -1.0, 3.0, 5.0, -2.0, 1.0])


def checked(stopes, rules, needs=(), blocked=None, claimed=None, value=VALUE, level_m=4.0):
    frame = small_frame(len(value), level_m=level_m)
    needs = tuple(np.array(need, float).reshape(frame.shape) for need in needs)
    worth = StopeValue(np.array(value).reshape(frame.shape), needs)
    cells = cells_of(frame, blocked=blocked, sb=np.arange(len(value)))
    return verify_stopes(cells, worth, rules, stopes, claimed=claimed)


def words(proof):
    return " ".join(map(str, proof.violations))


PLAIN = StopeRules(least_width_m=2.0, most_width_m=6.0, pillar_m=2.0)
GOOD = (Stope(0, 0, 2, 2, 6, 6, 6.0), Stope(0, 0, 8, 8, 12, 12, 8.0))


def test_stopes_that_keep_all_rules_pass_and_are_counted_again():
    proof = checked(GOOD, PLAIN, claimed=(14.0, 14.0))
    assert proof.holds and proof.value == 14.0
    assert proof.table["tonnes"].tolist() == [2.0, 2.0]
    assert proof.table["sb"].tolist() == [1.5 / 1, 4.5]
    assert proof.table["volume_m3"].tolist() == [2 * 5 * 2 * 4.0] * 2
    assert checked((), PLAIN, claimed=(0.0, 0.0)).holds
    assert "violations" in str(proof)


@pytest.mark.parametrize(
    ("stope", "rules", "fact", "amount"),
    [
        (Stope(0, 1, 2, 2, 6, 6, 6.0), {}, "in no panel", 1.0),
        (Stope(-1, 0, 2, 2, 6, 6, 6.0), {}, "in no panel", 1.0),
        (Stope(0, 0, -1, 2, 6, 6, 6.0), {}, "a wall leaves", 1.0),
        (Stope(0, 0, 12, 12, 16, 18, 6.0), {}, "a wall leaves", 2.0),
        (Stope(0, 0, math.nan, 2, 6, 6, 6.0), {}, "a wall leaves", math.inf),
        (Stope(0, 0, 2, 2, 6.5, 6.5, 5.5), {}, "between two steps", 0.5),
        (Stope(0, 0, 2, 2, 6, 6, 6.0), {"least_width_m": 5.0}, "narrow at its floor", 1.0),
        (Stope(0, 0, 2, 2, 6, 6, 6.0), {"most_width_m": 3.5}, "wide at its roof", 0.5),
        (Stope(0, 0, 2, 2, 6, 6, 6.1), {}, "not worth what it says", 0.1),
        (Stope(0, 0, 2, 2, 6, 6, 5.9), {}, "not worth what it says", 0.1),
        (Stope(0, 0, 2, 2, 6, 6, 6.5), {"near_skin_m": 2.25}, "skin leaves the frame", 0.25),
        (Stope(0, 0, 2, 2, 6, 6, 7.0), {"far_skin_m": 11.0}, "skin leaves the frame", 1.0),
        (Stope(0, 0, 6, 2, 10, 6, 7.0), {}, "near wall dips beyond", 45.0),
        (Stope(0, 0, 2, 2, 6, 10, 7.0), {}, "far wall dips beyond", 45.0),
    ],
)
def test_each_broken_rule_is_named_with_its_amount(stope, rules, fact, amount):
    proof = checked([stope], replace(PLAIN, **rules))
    found = [v for v in proof.violations if fact in v.rule]
    assert found, words(proof)
    assert found[0].amount == pytest.approx(amount)
    assert (found[0].level, found[0].section) == (stope.level, stope.section)


def test_a_pillar_too_thin_and_skins_that_overlap_are_told_apart():
    pair = (GOOD[0], Stope(0, 0, 8, 8, 12, 12, 8.0))
    thin = checked(pair, replace(PLAIN, pillar_m=3.0))
    assert [(v.rule, v.amount) for v in thin.violations] == [
        ("the pillar between neighbours is too thin", 1.0)
    ]
    skins = replace(PLAIN, pillar_m=0.0, near_skin_m=1.5, far_skin_m=1.0)
    assert "skins of neighbours overlap, or the stopes themselves, by 0.5 m" in words(
        checked(pair, skins)
    )
    assert "overlap" in words(checked([GOOD[0], replace(GOOD[0])], replace(PLAIN, pillar_m=0.0)))


def test_stopes_may_come_in_any_order():
    assert checked(GOOD[::-1], PLAIN).holds


@pytest.mark.parametrize(("least", "most", "short"), [(3.0, 9.0, True), (1.0, 2.5, False)])
def test_widths_are_square_to_walls_that_lean(least, most, short):
    # 4 m across between walls of 45 degrees are 2.83 m square to them
    rules = StopeRules(least_width_m=least, most_width_m=most, wall_dip_deg=(45.0, 45.0))
    proof = checked([Stope(0, 0, 6, 2, 10, 6, 0.0)], rules)
    word, amount = ("narrow", 3.0 - math.sqrt(8)) if short else ("wide", math.sqrt(8) - 2.5)
    found = [v for v in proof.violations if "too" in v.rule]
    assert len(found) == 2
    assert all(word in v.rule and v.amount == pytest.approx(amount) for v in found)


def test_exclusions_and_needs_are_seen_with_their_amounts():
    blocked = [0, 0, 0.1, 0, 0, 0, 0, 0]
    touched = checked(GOOD, PLAIN, blocked=blocked).violations
    assert [(v.rule, v.amount, v.unit) for v in touched] == [
        ("the diluted stope touches an exclusion", 40.0, "m3")
    ]
    need = [0, -1, 0, 0, 1, 2, 0, 0]
    unmet = checked(GOOD, PLAIN, needs=[need]).violations
    assert [(v.rule, v.amount) for v in unmet] == [("need 1 is not met", 1.0)]


@pytest.mark.parametrize(
    ("claimed", "fact"),
    [
        ((14.1, 15.0), "not worth what is claimed"),
        ((13.9, 15.0), "not worth what is claimed"),
        ((14.0, 13.9), "more than their bound"),
        ((math.nan, 15.0), "not worth what is claimed"),
        ((14.0, math.nan), "more than their bound"),
    ],
)
def test_claims_that_do_not_hold_are_seen(claimed, fact):
    assert fact in words(checked(GOOD, PLAIN, claimed=claimed))
    assert checked(GOOD, PLAIN, claimed=(14.0, 14.0)).holds


@settings(max_examples=150)
@given(small_problems(most_steps=5), st.data())
def test_any_stope_or_pair_passes_just_when_it_keeps_the_rules(problem, data):
    frame = problem.frame
    kept = {(*near, *far): worth for near, far, worth in all_stopes(problem)}
    place = st.integers(0, frame.n_steps).map(lambda n: n * frame.step_m)
    wall = st.tuples(place, place, place, place)
    if kept:
        wall |= st.sampled_from(sorted(kept))
    walls = [data.draw(wall) for _ in range(data.draw(st.integers(1, 2)))]
    stopes = [Stope(0, 0, *w, kept.get(w, 0.0)) for w in walls]
    proof = verify_stopes(problem.cells, problem.worth, problem.rules, stopes)
    fine = all(w in kept for w in walls)
    if len(walls) == 2 and fine:
        pair = sorted(((w[:2], w[2:]) for w in walls), key=lambda s: sum(s[0]) + sum(s[1]))
        fine = clear(pair[0], pair[1], problem)
    assert proof.holds == fine, words(proof)


def integrated(strike, seed=4):
    model = cut(GRIDS[1]) if seed % 2 else regular(GRIDS[1], seed)
    grid = model.grid
    frame = frame_over(grid, strike, (11.0, 4.0, 3.0), 2).moved(5.0, -2.0, 1.0)
    return model, integrate(model, frame, ["sb_pct"], Surroundings(2.6))


@pytest.mark.parametrize("strike", [0.0, 30.0, 77.0, -120.0])
@pytest.mark.parametrize("seed", [3, 4])
def test_cells_agree_with_the_rows_they_were_made_of(strike, seed):
    model, cells = integrated(strike, seed)
    proof = verify_cells(model, cells)
    assert proof.holds and proof.n_cells > 20, str(proof)
    assert "cells worked out again" in str(proof)


@pytest.mark.parametrize("name", ["volume_m3", "tonnes", "metal", "unknown"])
def test_a_cell_with_other_contents_is_seen(name):
    model, cells = integrated(77.0)
    held = np.argmax(cells.volume_m3 - cells.host_m3)
    array = getattr(cells, name)
    changed = (array if isinstance(array, np.ndarray) else array["sb_pct"]).copy()
    changed.flat[held] += 1e-3 * max(1.0, changed.flat[held])
    whole = changed if isinstance(array, np.ndarray) else {"sb_pct": changed}
    other = replace(cells, **{name: whole})
    proof = verify_cells(model, other, cells.volume_m3.size)
    assert any("inside and outside" in text for text in proof.violations)
    assert any("worked out again" in text for text in proof.violations)


def test_rock_in_the_wrong_cell_is_seen_although_sums_agree():
    model, cells = integrated(77.0)
    turned = cells.metal["sb_pct"][:, ::-1, :, ::-1].copy()
    proof = verify_cells(model, replace(cells, metal={"sb_pct": turned}))
    assert not any("inside and outside" in text for text in proof.violations)
    assert len(proof.violations) > 20


def test_an_empty_model_has_no_cells_to_work_out_again():
    model, _ = integrated(0.0)
    empty = BlockModel(model.grid, model.table.iloc[:0])
    cells = integrate(empty, small_frame(), ["sb_pct"], Surroundings(2.6))
    assert verify_cells(empty, cells).holds and verify_cells(empty, cells).n_cells == 0
