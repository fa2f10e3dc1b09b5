"""Are continuous walls along strike the best of all that may be, and is the bound honest?"""

import itertools
import math
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.stope_mine import RULES, small_mine
from support.stopes_small import Small, all_stopes, cells_of, small_frame

from deposits.errors import DataError
from planning.limits.stopes import continuity
from planning.limits.stopes.chains import Kept, best_chain
from planning.limits.stopes.continuity import lay_out_continuous
from planning.limits.stopes.layout_rules import LayoutRules
from planning.limits.stopes.rules import StopeRules, StopeValue
from planning.verification.layout import verify_continuity
from planning.verification.stopes import verify_stopes

SKINNED = StopeRules(
    least_width_m=2.0, most_width_m=5.0, near_skin_m=0.5, wall_dip_deg=(50.0, 100.0)
)


def brute(frame, worth, rules, layout, shift):
    """The best of all choices of one stope or none in each panel."""
    best_levels = []
    one = small_frame(frame.n_steps)
    none = np.zeros(one.shape)
    for level in range(frame.n_levels):
        offers = []
        for section in range(frame.n_sections):
            barred = layout.excluded is not None and layout.excluded[level, section]
            small = Small(one, rules, worth[level, section][None, None], (), none)
            found = [] if barred else [s for s in all_stopes(small) if s[2] > 1e-9]
            offers.append([None, *found])
        best = 0.0
        for combination in itertools.product(*offers):
            text = "".join("." if stope is None else "x" for stope in combination)
            runs = [run for run in text.split(".") if run]
            if any(len(r) < layout.least_run or len(r) > (layout.most_run or 99) for r in runs):
                continue
            pairs = [(a, b) for a, b in itertools.pairwise(combination) if a and b]
            if any(
                abs(a[wall][end] - b[wall][end]) > shift + 1e-9
                for a, b in pairs
                for wall in (0, 1)
                for end in (0, 1)
            ):
                continue
            best = max(best, sum(stope[2] for stope in combination if stope))
        best_levels.append(best)
    costs = layout.costs(frame.n_levels)
    total = 0.0
    for opened in itertools.product((False, True), repeat=frame.n_levels):
        if layout.needs_above and any(a and not b for a, b in itertools.pairwise(opened)):
            continue
        total = max(
            total, sum(w - c for w, c, o in zip(best_levels, costs, opened, strict=True) if o)
        )
    return total


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from([0.0, 2.0, 4.0]),
    st.sampled_from([1, 3, 1000]),
    st.integers(1, 3),
    st.booleans(),
    st.sampled_from([1, 200]),
)
def test_the_value_is_the_best_of_all_or_the_bound_says_so(seed, shift, most, least, cut, first):
    longest = max(2, least) if cut else None
    rng = np.random.default_rng(seed)
    frame = small_frame(4, panels=(2, 3))
    worth = rng.integers(-4, 7, frame.shape).astype(float)
    excluded = rng.random((2, 3)) < 0.1
    layout = LayoutRules(
        level_cost=float(rng.integers(0, 8)), needs_above=bool(rng.integers(2)),
        least_run=least, most_run=longest, excluded=excluded,
    )  # fmt: skip
    best = brute(frame, worth, SKINNED, layout, shift)
    cells, value = cells_of(frame), StopeValue(worth)
    with mock.patch.object(continuity, "FIRST", first):
        found = lay_out_continuous(cells, value, (SKINNED, layout), shift, most)
    assert found.value <= best + 1e-9 <= found.bound + 2e-9 * max(1.0, best) + 1e-9
    if most == 1000 or found.status == "proven":
        assert found.value == pytest.approx(best, abs=1e-6)
    if most == 1000:
        assert found.status == "proven"
    assert verify_continuity(found.stopes, shift) == ()
    assert not verify_stopes(cells, value, SKINNED, found.stopes).violations


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 2.0]))
def test_every_end_of_a_wall_is_held(seed, shift):
    # Walls of many dips, so that one end alone moves too far.
    rng = np.random.default_rng(seed)
    frame = small_frame(4, panels=(1, 2))
    rules = StopeRules(least_width_m=1.5, wall_dip_deg=(40.0, 140.0))
    worth = rng.integers(-5, 6, frame.shape).astype(float)
    best = brute(frame, worth, rules, LayoutRules(), shift)
    found = lay_out_continuous(
        cells_of(frame), StopeValue(worth), (rules, LayoutRules()), shift, 10_000
    )
    assert found.value == pytest.approx(best, abs=1e-6) and found.status == "proven"
    assert verify_continuity(found.stopes, shift) == ()


def test_leaving_out_stopes_that_lose_too_much_changes_nothing(by_shift, monkeypatch):
    _, cells, value, _ = small_mine()
    rules = (RULES, LayoutRules(least_run=2))
    monkeypatch.setattr(continuity, "FIRST", 1500)
    for shift in (0.0, 1.0):
        whole = lay_out_continuous(cells, value, rules, shift, 1500)
        assert whole.value == pytest.approx(by_shift[shift].value, rel=1e-12)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 3))
def test_a_chain_of_few_stopes_is_enough_when_the_others_lose_too_much(seed, least):
    rng = np.random.default_rng(seed)
    row = []
    for _ in range(4):
        worths = np.sort(rng.integers(1, 40, 30).astype(float))[::-1].copy()
        row.append(Kept(rng.integers(0, 4, (30, 4)).astype(float), worths, -math.inf))
    rules = LayoutRules(least_run=least)
    with mock.patch.object(continuity, "FIRST", 3):
        found = continuity._chain(row, rules, 1.0)
    assert found.worth == best_chain(row, rules, 1.0).worth
    picked = [row[s].worths[n] for s, n in enumerate(found.chosen) if n >= 0]
    assert math.fsum(picked) == found.worth


@pytest.fixture(scope="module")
def by_shift():
    _, cells, value, _ = small_mine()
    rules = (RULES, LayoutRules(least_run=2))
    return {s: lay_out_continuous(cells, value, rules, s) for s in (0.0, 1.0, 2.0, 50.0)}


def test_freer_walls_are_worth_no_less(by_shift):
    values = [layout.value for layout in by_shift.values()]
    assert values == sorted(values) and values[0] < values[-1]
    for shift, layout in by_shift.items():
        assert layout.status == "proven" and layout.gap < 1e-7
        assert verify_continuity(layout.stopes, shift) == ()
        assert f"more than {shift:g} m" in layout.certificate()
    assert verify_continuity(by_shift[50.0].stopes, 1.0) != ()


def test_fewer_stopes_kept_give_a_looser_bound_never_a_wrong_one(by_shift):
    _, cells, value, _ = small_mine()
    rules = (RULES, LayoutRules(least_run=2))
    few = lay_out_continuous(cells, value, rules, 0.0, 20)
    best = by_shift[0.0].value
    assert few.value <= best * (1 + 1e-12) and few.bound >= best
    assert few.status == "feasible" and few.gap > 0.001


def test_needs_of_stopes_are_kept():
    frame = small_frame(6, panels=(1, 3))
    rng = np.random.default_rng(4)
    worth, need = rng.integers(-2, 6, (2, *frame.shape)).astype(float)
    need -= 2.5
    value = StopeValue(worth, (need,))
    found = lay_out_continuous(cells_of(frame), value, (SKINNED, LayoutRules()), 20.0)
    free = lay_out_continuous(cells_of(frame), StopeValue(worth), (SKINNED, LayoutRules()), 20.0)
    assert found.value < free.value
    assert not verify_stopes(cells_of(frame), value, SKINNED, found.stopes).violations


def test_two_stopes_in_a_panel_and_a_jump_are_seen():
    stopes = small_mine()[3].stopes
    faults = verify_continuity(stopes, 1e9)
    assert any("more than one stope" in text for text in faults)
    assert any("a wall moves by" in text for text in verify_continuity(stopes, 0.0))


@pytest.mark.parametrize(
    ("layout", "shift", "most", "word"),
    [
        (LayoutRules(), -1.0, 10, "no length"),
        (LayoutRules(), math.nan, 10, "no length"),
        (LayoutRules(), 1.0, 0, "1 or more"),
        (LayoutRules(most_levels=2), 1.0, 10, "sill"),
        (LayoutRules(level_cost=np.ones(9)), 1.0, 10, "shape"),
    ],
)
def test_what_is_not_offered_is_refused(layout, shift, most, word):
    _, cells, value, _ = small_mine()
    with pytest.raises(DataError, match=word):
        lay_out_continuous(cells, value, (RULES, layout), shift, most)
