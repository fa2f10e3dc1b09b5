"""Are the stopes of a panel the best there are?"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numba
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.stopes_small import (
    Small,
    all_stopes,
    brute_force,
    cells_of,
    small_frame,
    small_problems,
)

from deposits.errors import DataError
from planning.limits.stopes import (
    Stope,
    StopeRules,
    StopeValue,
    cutoff_value,
    diluted_walls,
    optimise_panels,
    sums_between,
)
from planning.limits.stopes.walls import wall_lattice
from planning.verification.stopes import verify_stopes

ONE_SLICE = st.lists(st.integers(-5, 5).map(float), min_size=4, max_size=12)


def solved(problem: Small):
    try:
        return optimise_panels(problem.cells, problem.worth, problem.rules)
    except DataError:  # no wall or width fits: then there is no stope either
        assert not all_stopes(problem)
        assume(False)
        raise


def row(values, **rules):
    """One panel of one slice with upright walls, steps of 2 m unless said."""
    frame = small_frame(len(values))
    worth = StopeValue(np.array(values, float).reshape(frame.shape))
    return optimise_panels(cells_of(frame), worth, StopeRules(**rules))


@settings(max_examples=200)
@given(small_problems())
def test_no_set_of_stopes_is_worth_more(problem):
    found, best = solved(problem), brute_force(problem)
    # 5 units for each of 8 stopes, a unit being 2**-45 of all worths, rounded up to a power of two
    rounding = 40 * 2.0**-44 * np.abs(problem.value).sum()
    assert best - rounding - 1e-12 <= found.value <= best + 1e-12 + rounding
    assert found.value - 1e-12 <= found.bound <= found.value + rounding + 1e-12
    assert best <= found.bound + 1e-12


@pytest.mark.parametrize(("near", "far", "pillar"), [(0.0, 1.8, 0.0), (1.8, 0.0, 0.0), (0, 1, 2)])
def test_no_set_is_worth_more_where_skins_differ_and_walls_lean_both_ways(near, far, pillar):
    frame = small_frame(8, 2, level_m=2.0, step_m=1.0)
    rules = StopeRules(
        least_width_m=0.7,
        most_width_m=2.0,
        pillar_m=pillar,
        near_skin_m=near,
        far_skin_m=far,
        wall_dip_deg=(45.0, 90.0),
    )
    for seed in range(15):
        value = np.random.default_rng(seed).integers(-2, 9, frame.shape).astype(float)
        problem = Small(frame, rules, value, (), np.zeros(frame.shape))
        assert solved(problem).value == pytest.approx(brute_force(problem), abs=1e-9)


@settings(max_examples=100)
@given(small_problems(most_steps=12))
def test_stopes_keep_their_rules_and_are_worth_what_they_say(problem):
    found = solved(problem)
    claimed = found.value, found.bound
    proof = verify_stopes(
        problem.cells, problem.worth, problem.rules, found.stopes, claimed=claimed
    )
    assert proof.holds, str(proof)


@settings(max_examples=100)
@given(small_problems(most_steps=10))
def test_a_mirrored_section_has_the_mirrored_worth(problem):
    assert solved(problem.mirrored()).value == pytest.approx(solved(problem).value, abs=1e-9)


@settings(max_examples=60)
@given(small_problems(most_steps=10), st.integers(0, 2**32 - 1))
def test_a_mirrored_section_has_the_mirrored_stopes_where_there_are_no_ties(problem, seed):
    # one stope and two whose skins touch hold the same, and so do walls that lean to either side
    # in a single slice: wider pillars, more slices
    rules = problem.rules
    wide = rules.pillar_m + rules.near_skin_m + rules.far_skin_m + 0.5
    cut = lambda a: np.repeat(a, 2, axis=2)  # noqa: E731
    problem = Small(
        replace(problem.frame, n_sublevels=2 * problem.frame.n_sublevels),
        replace(rules, pillar_m=wide),
        cut(problem.value) + np.random.default_rng(seed).normal(size=cut(problem.value).shape),
        tuple(map(cut, problem.needs)),
        cut(problem.blocked),
    )
    width = problem.frame.n_steps * problem.frame.step_m
    here = [stope.walls_m for stope in solved(problem).stopes]
    there = [stope.walls_m for stope in solved(problem.mirrored()).stopes]
    back = [(width - fb, width - ft, width - nb, width - nt) for nb, nt, fb, ft in there]
    assert sorted(back) == here


@settings(max_examples=60)
@given(small_problems(most_steps=10), st.integers(1, 4))
def test_empty_steps_in_front_move_the_stopes(problem, by):
    pad = [(0, 0)] * 3 + [(by, 0)]
    value = np.pad(problem.value, pad, constant_values=-1.0)
    frame = replace(problem.frame, n_steps=problem.frame.n_steps + by)
    barred = np.pad(problem.blocked, pad, constant_values=1.0)
    needs = tuple(np.pad(need, pad) for need in problem.needs)
    moved = solved(Small(frame, problem.rules, value, needs, barred))
    shift = by * frame.step_m
    # an excluded margin and the frame's end are the same thing, but for skins that touch a corner
    assert moved.value == pytest.approx(solved(problem).value, abs=1e-9)
    for here, there in zip(solved(problem).stopes, moved.stopes, strict=True):
        assert np.allclose(np.array(here.walls_m) + shift, there.walls_m)


@settings(max_examples=80)
@given(
    small_problems(most_steps=9, plain=True),
    st.sampled_from(["pillar_m", "least_width_m"]),
    st.sampled_from([0.5, 2.0]),
)
def test_a_thicker_pillar_or_a_greater_least_width_never_gains(problem, name, more):
    stricter = getattr(problem.rules, name) + more
    assume(name != "least_width_m" or stricter <= problem.rules.most_width_m)
    rules = replace(problem.rules, **{name: stricter})
    assert solved(replace(problem, rules=rules)).value <= solved(problem).value + 1e-9


@given(
    ONE_SLICE, st.sampled_from(["near_skin_m", "far_skin_m"]), st.integers(0, 2), st.integers(1, 2)
)
def test_a_thicker_skin_never_gains_where_stopes_could_be_as_wide(values, name, skin, more):
    # what a thicker skin takes, a wider stope could have taken; so no most width, no pillar
    thin, thick = (
        row(values, least_width_m=2.0, **{name: 2.0 * n}).value for n in (skin, skin + more)
    )
    assert thick <= thin + 1e-9


@settings(max_examples=60)
@given(small_problems(most_steps=6), st.integers(2, 3))
def test_a_step_that_divides_the_step_never_loses(problem, parts):
    finer = replace(
        problem.frame,
        n_steps=problem.frame.n_steps * parts,
        step_m=problem.frame.step_m / parts,
    )
    cut = lambda a: np.repeat(a, parts, axis=3)  # noqa: E731
    needs = tuple(cut(need) / parts for need in problem.needs)
    fine = Small(finer, problem.rules, cut(problem.value) / parts, needs, cut(problem.blocked))
    assert solved(fine).value >= solved(problem).value - 1e-9


@settings(max_examples=60)
@given(small_problems(most_steps=10, plain=True), st.integers(2, 3))
def test_slices_of_equal_grade_change_nothing(problem, parts):
    frame = replace(problem.frame, n_sublevels=problem.frame.n_sublevels * parts)
    value = np.repeat(problem.value, parts, axis=2) / parts
    blocked = np.repeat(problem.blocked, parts, axis=2)
    cut = Small(frame, problem.rules, value, (), blocked)
    assert solved(cut).value == pytest.approx(solved(problem).value, abs=1e-9)


@given(ONE_SLICE, st.sampled_from([0.0, 1.0, 2.0]), st.sampled_from([0.0, 0.5]))
def test_a_higher_cutoff_never_gains_and_every_stope_reaches_it(grades, low, more):
    frame = small_frame(len(grades))
    tonnes = np.arange(1, len(grades) + 1) % 3 + 1.0
    cells = cells_of(frame, tonnes, sb=np.abs(grades) * tonnes)
    rules = StopeRules(least_width_m=2.0, most_width_m=6.0, near_skin_m=0.7, far_skin_m=0.2)
    found = [optimise_panels(cells, cutoff_value(cells, "sb", c), rules) for c in (low, low + more)]
    assert found[1].value <= found[0].value + 1e-9
    for cutoff, panels in zip((low, low + more), found, strict=True):
        broken = [diluted_walls(stope, frame, rules) for stope in panels.stopes]
        metal, rock = (sums_between(a, frame, broken) for a in (cells.metal["sb"], cells.tonnes))
        assert (metal / rock >= cutoff - 1e-9).all() if broken else True


@given(ONE_SLICE, st.floats(1.0, 3.0))
def test_a_higher_price_never_loses(revenue, factor):
    frame = small_frame(len(revenue))
    price = np.abs(revenue).reshape(frame.shape)
    rules = StopeRules(least_width_m=2.0, pillar_m=2.0)
    cheap, dear = (
        optimise_panels(cells_of(frame), StopeValue(price * f - 2.0), rules).value
        for f in (1.0, factor)
    )
    assert dear >= cheap - 1e-9


@settings(max_examples=60)
@given(small_problems(most_steps=10))
def test_stopes_and_rest_add_up_to_the_section(problem):
    found, end = solved(problem), problem.frame.extent_m[1]
    edges = [(0.0, 0.0, 0.0, 0.0), *(s.walls_m for s in found.stopes), (end, end, end, end)]
    rest = [
        Stope(0, 0, before[2], before[3], after[0], after[1], 0.0)
        for before, after in pairwise(edges)
    ]
    parts = sums_between(problem.value, problem.frame, [*found.stopes, *rest])
    assert math.fsum(parts) == pytest.approx(problem.value.sum(), abs=1e-9)


def test_one_thread_and_many_give_the_same_bytes():
    frame = small_frame(60, 3, panels=(4, 5))
    worth = StopeValue(np.random.default_rng(5).normal(size=frame.shape))
    rules = StopeRules(least_width_m=3, pillar_m=2, near_skin_m=0.3, wall_dip_deg=(60, 100))
    threads = numba.get_num_threads()
    found = []
    for n in (1, threads):
        numba.set_num_threads(n)
        found.append(optimise_panels(cells_of(frame), worth, rules))
    numba.set_num_threads(threads)
    assert found[0].stopes == found[1].stopes
    assert found[0].values.tobytes() == found[1].values.tobytes()
    assert found[0].bounds.tobytes() == found[1].bounds.tobytes()


def test_all_waste_has_no_stopes_and_that_is_an_answer():
    found = row([-1, -2, -1], least_width_m=2.0)
    assert (found.value, found.bound, found.stopes) == (0.0, 0.0, ())


def test_all_ore_is_mined_at_most_width_with_pillars_between():
    found = row([1] * 11, least_width_m=2.0, most_width_m=6.0, pillar_m=2.0)
    walls = [stope.walls_m for stope in found.stopes]
    assert walls == [(0, 0, 6, 6), (8, 8, 14, 14), (16, 16, 22, 22)]
    assert found.value == pytest.approx(9)


def test_of_equal_sets_the_one_with_fewest_stopes_is_taken():
    found = row([2, 0, 2], least_width_m=2.0)
    assert found.value == 4.0
    assert [stope.walls_m for stope in found.stopes] == [(0, 0, 6, 6)]


def test_of_equal_stopes_the_lowest_is_taken_and_then_the_narrowest():
    assert [s.walls_m for s in row([3, 0, 3], least_width_m=2, pillar_m=9).stopes] == [(0, 0, 6, 6)]
    found = row([3, -1, -3, 3], least_width_m=2, most_width_m=4, pillar_m=9)
    assert [s.walls_m for s in found.stopes] == [(0, 0, 2, 2)]
    assert [s.walls_m for s in row([0, 3, 0], least_width_m=2).stopes] == [(2, 2, 4, 4)]


def test_of_equal_leaning_stopes_the_lowest_foot_then_the_least_run_is_taken():
    frame = small_frame(5, level_m=2.0)
    worth = StopeValue(np.array([0.0, 0, 5, 0, 0]).reshape(frame.shape))
    rules = StopeRules(least_width_m=1.0, wall_dip_deg=(45.0, 135.0))
    found = optimise_panels(cells_of(frame), worth, rules)
    # a far wall from 8 to 6 m would hold all the ore too, and so would a near wall from 2 to 4 m
    assert [stope.walls_m for stope in found.stopes] == [(4, 4, 6, 8)]


def test_a_stope_worth_nothing_is_not_mined():
    assert row([1, -1], least_width_m=4.0).stopes == ()


def test_a_stope_worth_nothing_but_rounding_is_not_mined():
    # 0.1 + 0.2 is 4e-17 above 0.3
    assert row([0.1, 0.2, -0.3, -5, -7], least_width_m=6.0).stopes == ()
    assert row([0.7, -0.3, -0.3, -0.1], least_width_m=8.0, far_skin_m=0).stopes == ()
    assert len(row([0.1, 0.2, -0.3 + 1e-9], least_width_m=6.0).stopes) == 1


def test_neighbours_never_share_a_skin():
    skins = {"least_width_m": 2, "most_width_m": 2, "near_skin_m": 2, "far_skin_m": 2}
    found = row([-1, 6, -1, -1, 6, -1], **skins)
    assert [stope.walls_m for stope in found.stopes] == [(2, 2, 4, 4), (8, 8, 10, 10)]
    assert found.value == 8
    # one step nearer and the rock between would be counted with both
    assert len(row([-1, 6, -1, 6, -1], **skins).stopes) == 1


def test_a_skin_may_reach_the_end_of_the_frame_and_no_farther():
    near = row([0, 5], least_width_m=2, near_skin_m=2.0)
    assert [stope.walls_m for stope in near.stopes] == [(2, 2, 4, 4)]
    assert row([0, 5], least_width_m=2, near_skin_m=2.001).stopes == ()
    far = row([5, 0], least_width_m=2, far_skin_m=2.0)
    assert [stope.walls_m for stope in far.stopes] == [(0, 0, 2, 2)]
    assert row([5, 0], least_width_m=2, far_skin_m=2.001).stopes == ()


@pytest.mark.parametrize("share", [1e-8, 0.5, 1.0])
def test_a_cell_excluded_in_part_is_not_touched(share):
    frame = small_frame(3)
    cells = cells_of(frame, blocked=[0, share, 0])
    worth = StopeValue(np.array([1.0, 9.0, 1.5]).reshape(frame.shape))
    found = optimise_panels(cells, worth, StopeRules(least_width_m=2))
    assert [stope.walls_m for stope in found.stopes] == [(0, 0, 2, 2), (4, 4, 6, 6)]
    skin = StopeRules(least_width_m=2, near_skin_m=0.1)
    assert optimise_panels(cells, worth, skin).value == 0.0


def test_a_need_keeps_out_a_stope_that_would_pay():
    frame = small_frame(2)
    worth = StopeValue(
        np.array([5.0, 1.0]).reshape(frame.shape), (np.array([-1.0, 1.0]).reshape(frame.shape),)
    )
    found = optimise_panels(cells_of(frame), worth, StopeRules(least_width_m=2))
    assert [stope.walls_m for stope in found.stopes] == [(0, 0, 4, 4)]
    narrow = optimise_panels(cells_of(frame), worth, StopeRules(least_width_m=2, most_width_m=2))
    assert narrow.value == 1.0


def test_true_widths_and_pillars_are_square_to_inclined_walls():
    # walls of 45 degrees: 4 m across are 2.83 m square to them
    frame = small_frame(12, level_m=2.0)
    lattice = wall_lattice(
        frame, StopeRules(least_width_m=2.8, pillar_m=1.5, wall_dip_deg=(45, 45))
    )
    assert lattice.runs.tolist() == [1]
    assert (lattice.least[0, 0], lattice.pillar[0, 0]) == (2, 2)
    exact = StopeRules(least_width_m=math.sqrt(8), pillar_m=math.sqrt(2), wall_dip_deg=(45.0, 45.0))
    lattice = wall_lattice(frame, exact)
    assert (lattice.least[0, 0], lattice.pillar[0, 0]) == (2, 1)


def test_a_stope_that_follows_a_dip_is_found():
    frame = small_frame(6, 4, level_m=8.0)
    value = np.full(frame.shape, -1.0)
    for k in range(4):
        value[0, 0, k, 3 - k : 5 - k] = 3.0
    worth = StopeValue(value)
    leaning = StopeRules(least_width_m=1.0, wall_dip_deg=(45.0, 90.0))
    found = optimise_panels(cells_of(frame), worth, leaning)
    assert [stope.walls_m for stope in found.stopes] == [(6.0, 0.0, 12.0, 4.0)]
    upright = optimise_panels(cells_of(frame), worth, StopeRules(least_width_m=1.0))
    assert found.value > upright.value


def test_stopes_at_a_loss_are_given_where_they_are_asked_for():
    frame = small_frame(3, panels=(1, 2))
    value = StopeValue(np.array([[-4.0, -1.0, -3.0], [2.0, -1.0, 2.0]]).reshape(frame.shape))
    rules = StopeRules(least_width_m=2)
    found = optimise_panels(cells_of(frame), value, rules, even_at_a_loss=True)
    assert found.values.tolist() == [[-1.0, 4.0]]
    assert (found.bounds >= found.values).all()
    assert found.optimum(0, 0).stopes[0].walls_m == (2, 2, 4, 4)
    barred = cells_of(frame, blocked=[1, 1, 1, 0, 0, 0])
    nowhere = optimise_panels(barred, value, rules, even_at_a_loss=True)
    assert np.isnan(nowhere.values[0, 0]) and nowhere.value == 4.0


def test_panels_come_by_level_section_and_place():
    frame = small_frame(4, panels=(2, 3))
    values = np.tile([1.0, -1, -1, 1], (2, 3, 1, 1))
    found = optimise_panels(cells_of(frame), StopeValue(values), StopeRules(least_width_m=2))
    places = [(s.level, s.section, s.near_bottom_m) for s in found.stopes]
    assert places == sorted(places) and len(places) == 12
    assert found.values.sum() == found.value == 12
    assert found.optimum(1, 2).stopes == found.stopes[-2:]


def test_the_certificate_names_step_frame_and_rules():
    text = row([1, 1], least_width_m=2.0, pillar_m=3.0).certificate()
    for part in ("steps of 2 m", "3 m of pillar", "90 to 90 degrees", "1000 E 2000 N 300 m"):
        assert part in text
    assert "certificate" in str(row([1, 1], least_width_m=2.0))


def test_a_worth_of_another_frame_or_recovery_is_refused():
    frame = small_frame(3)
    other = StopeValue(np.ones((1, 1, 1, 4)))
    with pytest.raises(DataError, match="does not fit the frame"):
        optimise_panels(cells_of(frame), other, StopeRules(least_width_m=2))
    with pytest.raises(DataError, match="recovery differs"):
        optimise_panels(
            cells_of(frame),
            StopeValue(np.ones(frame.shape)),
            StopeRules(least_width_m=2, mining_recovery=0.9),
        )
    with pytest.raises(DataError, match="quantity does not fit"):
        sums_between(np.ones((1, 1, 1, 4)), frame, [])
    assert sums_between(np.ones(frame.shape), frame, []).shape == (0,)


def test_a_lattice_that_no_wall_or_width_fits_is_refused():
    frame = small_frame(6)
    with pytest.raises(DataError, match="no wall fits the dips"):
        optimise_panels(
            cells_of(frame),
            StopeValue(np.ones(frame.shape)),
            StopeRules(least_width_m=2, wall_dip_deg=(70.0, 80.0)),
        )
    with pytest.raises(DataError, match="no stope fits the widths"):
        row([1, 1, 1], least_width_m=2.5, most_width_m=3.5)
