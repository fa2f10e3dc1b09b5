"""Is the choice of panels the best of all choices that keep the rules?"""

import itertools
import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.stope_mine import RULES, small_mine
from support.stopes_small import Small, all_stopes, cells_of, clear, small_frame

from deposits.errors import DataError
from planning.limits.stopes.cells import Surroundings, integrate
from planning.limits.stopes.layout import choose_panels, lay_out
from planning.limits.stopes.layout_program import panel_program
from planning.limits.stopes.layout_rules import LayoutRules
from planning.limits.stopes.panels import optimise_panels
from planning.limits.stopes.rules import StopeRules, StopeValue, cutoff_value
from planning.limits.stopes.search import search_frames
from planning.programs import SolveStatus
from planning.solver import solve
from planning.verification.layout import verify_choice, verify_layout


def keeps(mined, opened, rules):
    """The rules, said slowly and without our code."""
    n_levels, n_sections = mined.shape
    if (mined.any(axis=1) & ~opened).any():
        return False
    for level in range(n_levels):
        if opened[level] and rules.needs_above and level + 1 < n_levels and not opened[level + 1]:
            return False
        if opened[level] and rules.needs_below and level and not opened[level - 1]:
            return False
        text = "".join("x" if m else "." for m in mined[level])
        for run in filter(None, text.split(".")):
            if len(run) < rules.least_run or len(run) > (rules.most_run or n_sections):
                return False
    for section in range(n_sections):
        text = "".join("x" if m else "." for m in mined[:, section])
        if any(len(run) > (rules.most_levels or n_levels) for run in text.split(".")):
            return False
    return rules.excluded is None or not (mined & rules.excluded).any()


def brute(values, rules):
    """The best worth of all choices of panels and levels, exactly."""
    n_levels = len(values)
    best = Fraction(0)
    costs = [Fraction(c) for c in rules.costs(n_levels).tolist()]
    worths = [None if math.isnan(v) else Fraction(v) for v in values.ravel().tolist()]
    for bits in itertools.product((False, True), repeat=values.size):
        if any(bit and worth is None for bit, worth in zip(bits, worths, strict=True)):
            continue
        mined = np.array(bits).reshape(values.shape)
        gain = sum(worth for bit, worth in zip(bits, worths, strict=True) if bit)
        if gain <= best:
            continue
        for levels in itertools.product((False, True), repeat=n_levels):
            opened = np.array(levels)
            total = gain - sum(c for c, o in zip(costs, levels, strict=True) if o)
            if total > best and keeps(mined, opened, rules):
                best = total
    return best


worth = st.one_of(
    st.integers(-4, 9).map(float),
    st.floats(-3, 9, allow_subnormal=False),
    st.just(math.nan),
    st.just(0.0),
)


@st.composite
def cases(draw, sizes=((1, 8), (2, 5), (3, 3), (4, 2), (5, 2), (6, 1))):
    n_levels, n_sections = draw(st.sampled_from(sizes))
    n = n_levels * n_sections
    values = np.array(draw(st.lists(worth, min_size=n, max_size=n)))
    least = draw(st.integers(1, 3))
    most = draw(st.one_of(st.none(), st.integers(least, 5)))
    cost = st.one_of(st.integers(0, 12).map(float), st.floats(0, 6, allow_subnormal=False))
    costs = np.array(draw(st.lists(cost, min_size=n_levels, max_size=n_levels)))
    excluded = draw(st.lists(st.sampled_from([False] * 5 + [True]), min_size=n, max_size=n))
    shape = (n_levels, n_sections)
    rules = LayoutRules(
        level_cost=costs if draw(st.booleans()) else float(costs[0]),
        needs_above=draw(st.booleans()),
        needs_below=draw(st.booleans()),
        least_run=least,
        most_run=most,
        most_levels=draw(st.one_of(st.none(), st.integers(1, 4))),
        excluded=np.array(excluded).reshape(shape) if draw(st.booleans()) else None,
    )
    return values.reshape(shape), rules


@settings(max_examples=150, deadline=None)
@given(cases())
def test_the_choice_is_the_best_of_all_subsets(case):
    values, rules = case
    choice, best = choose_panels(values, rules), brute(values, rules)
    assert choice.status == "proven"
    proof = verify_choice(values, rules, choice)
    assert proof.holds, proof.violations
    assert keeps(choice.mined, choice.opened, rules)
    tolerance = 1e-9 * max(1.0, float(best)) if choice.method == "program" else 0.0
    assert choice.value == pytest.approx(float(best), rel=0, abs=tolerance)
    assert choice.bound >= float(best)


def random_case(seed, shape=(6, 30), **rules):
    rng = np.random.default_rng(seed)
    values = np.round(rng.lognormal(0, 1.2, shape) * 10 - 8, 3)
    values[rng.random(shape) < 0.1] = math.nan
    return values, LayoutRules(level_cost=40.0, **rules)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "rules",
    [
        {},
        {"needs_above": True},
        {"needs_below": True, "least_run": 3},
        {"least_run": 2, "most_run": 4, "needs_above": True},
    ],
)
def test_rows_and_program_agree_on_larger_layouts(seed, rules):
    values, kept = random_case(seed, **rules)
    choice = choose_panels(values, kept)
    assert choice.method == "rows" and choice.value == choice.bound and choice.gap == 0.0
    report = solve(panel_program(values, kept))
    assert report.status is SolveStatus.PROVEN
    assert report.value == pytest.approx(choice.value, rel=1e-9)


def test_a_sill_pillar_goes_to_the_program_and_is_proven():
    values, rules = random_case(3, least_run=2, most_run=5, most_levels=2)
    choice = choose_panels(values, rules)
    assert choice.method == "program" and choice.status == "proven" and "HiGHS" in choice.solver
    assert verify_choice(values, rules, choice).holds
    free = choose_panels(values, replace(rules, most_levels=None))
    assert choice.value < choice.bound * (1 + 1e-9) <= free.value * (1 + 1e-9)
    again = choose_panels(values, rules)
    assert (again.mined == choice.mined).all() and again.value == choice.value


def test_a_sill_that_nothing_breaks_needs_no_program():
    values = np.array([[5.0, 1.0], [math.nan, 2.0], [4.0, -1.0]])
    choice = choose_panels(values, LayoutRules(most_levels=2))
    assert choice.method == "rows" and choice.value == 12.0


def test_a_stopped_program_keeps_a_choice_and_an_honest_bound():
    rng = np.random.default_rng(5)
    values = np.round(rng.lognormal(0, 1.2, (40, 120)) * 10 - 8, 3)
    rules = LayoutRules(level_cost=150.0, least_run=4, most_run=9, most_levels=3, needs_above=True)
    choice = choose_panels(values, rules, time_limit_s=0.2)
    assert choice.status == "feasible" and 0 < choice.gap < 0.5
    proof = verify_choice(values, rules, choice)
    assert proof.holds, proof.violations
    assert choice.bound <= choose_panels(values, replace(rules, most_levels=None)).value


@settings(max_examples=50, deadline=None)
@given(cases(sizes=((3, 5), (4, 4))), st.floats(0, 5))
def test_dearer_levels_and_more_rules_are_never_worth_more(case, more):
    values, rules = case
    free = replace(rules, most_levels=None)
    first = choose_panels(values, free)
    assert choose_panels(
        values, replace(free, level_cost=free.costs(len(values)) + more)
    ).value <= (first.value)
    assert choose_panels(values, rules).value <= first.value * (1 + 1e-9)
    assert choose_panels(values, replace(free, least_run=1)).value >= first.value
    assert first.relaxed_bound >= first.bound


@settings(max_examples=50, deadline=None)
@given(cases(sizes=((2, 6), (3, 4))))
def test_mirrored_layouts_are_worth_the_same(case):
    values, rules = case
    rules = replace(rules, excluded=None, level_cost=3.5)
    turned = replace(rules, needs_above=rules.needs_below, needs_below=rules.needs_above)
    value = choose_panels(values, rules).value
    close = pytest.approx(value, rel=1e-9, abs=1e-9)
    assert choose_panels(values[:, ::-1], rules).value == close
    assert choose_panels(values[::-1], turned).value == close


def test_a_level_that_does_not_pay_stays_closed_unless_it_leads_to_one_that_does():
    values = np.array([[30.0, 20.0], [1.0, math.nan], [9.0, 9.0]])
    free = choose_panels(values, LayoutRules(level_cost=10.0))
    assert free.opened.tolist() == [True, False, True] and free.value == 48.0
    down = choose_panels(values, LayoutRules(level_cost=10.0, needs_above=True))
    assert down.opened.all() and down.value == 39.0
    assert down.mined.tolist() == [[True, True], [True, False], [True, True]]
    dear = choose_panels(values, LayoutRules(level_cost=30.0, needs_above=True))
    assert not dear.opened.any() and dear.value == 0.0
    up = choose_panels(values, LayoutRules(level_cost=30.0, needs_below=True))
    assert up.opened.tolist() == [True, False, False] and up.value == 20.0


def test_a_poor_panel_is_mined_only_to_bridge_a_run():
    values = np.array([[5.0, -1.0, 4.0, math.nan, 3.0]])
    assert choose_panels(values, LayoutRules()).mined.tolist() == [[True, False, True, False, True]]
    bridged = choose_panels(values, LayoutRules(least_run=3))
    assert bridged.mined.tolist() == [[True, True, True, False, False]] and bridged.value == 8.0
    assert choose_panels(values, LayoutRules(least_run=4)).value == 0.0
    ribs = choose_panels(np.ones((1, 7)), LayoutRules(least_run=2, most_run=2))
    assert ribs.value == 4.0


@pytest.mark.parametrize("value", [-1.0, 0.0, math.nan])
def test_nothing_worth_mining_opens_nothing(value):
    choice = choose_panels(np.full((3, 4), value), LayoutRules(least_run=2, most_levels=1))
    assert not choice.mined.any() and not choice.opened.any()
    assert choice.value == choice.bound == choice.relaxed_bound == 0.0


def test_sums_are_exact_where_floats_are_not():
    values = np.array([[1e16, 1.0, 1.0, 0.1, 0.1, 0.1]])
    assert choose_panels(values, LayoutRules(level_cost=1e16)).value == float(
        Fraction(2) + 3 * Fraction(0.1)
    )


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"mined": (0, 3)}, "no stope fits"),
        ({"mined": (1, 0)}, "not opened"),
        ({"mined": (2, 1)}, "excluded"),
        ({"opened": 1}, "worth"),
        ({"value": 1e9}, "worth"),
        ({"bound": -1.0}, "below the value"),
        ({"relaxed_bound": 1.0}, "without rules"),
        ({"bound": 99.0}, "called proven"),
    ],
)
def test_the_checker_sees_every_kind_of_lie(change, word):
    values = np.array([[5.0, 4.0, 3.0, math.nan], [-1.0, -2.0, -1.0, 1.0], [9.0, 9.0, 7.0, 8.0]])
    excluded = np.zeros((3, 4), dtype=bool)
    excluded[2, 1] = True
    rules = LayoutRules(level_cost=2.0, excluded=excluded)
    choice = choose_panels(values, rules)
    assert verify_choice(values, rules, choice).holds
    for name, what in change.items():
        if name in ("mined", "opened"):
            array = getattr(choice, name).copy()
            array[what] = True
            choice = replace(choice, **{name: array})
        else:
            choice = replace(choice, **{name: what})
    proof = verify_choice(values, rules, choice)
    assert not proof.holds and any(word in text for text in proof.violations), proof.violations


@pytest.mark.parametrize(
    ("rules", "word"),
    [
        ({"least_run": 3}, "at least 3"),
        ({"most_run": 1}, "at most 1"),
        ({"most_levels": 1}, "without a sill"),
        ({"needs_above": True}, "the one above is not"),
        ({"needs_below": np.array([False, True, False])}, "the one below is not"),
    ],
)
def test_the_checker_sees_every_broken_rule(rules, word):
    values = np.array([[1.0, 1.0, -1.0], [1.0, -1.0, -1.0], [-1.0, -1.0, -1.0]])
    choice = choose_panels(values, LayoutRules())
    if "needs_below" in rules:
        opened = np.array([False, True, False])
        choice = replace(choice, opened=opened, mined=choice.mined & opened[:, None], value=1.0)
    proof = verify_choice(values, LayoutRules(**rules), choice)
    assert any(word in text for text in proof.violations), proof.violations


@pytest.mark.parametrize(
    ("rules", "word"),
    [
        ({"level_cost": -1.0}, "level_cost"),
        ({"level_cost": math.nan}, "level_cost"),
        ({"least_run": 0}, "least_run"),
        ({"least_run": True}, "least_run"),
        ({"most_run": 0}, "most_run"),
        ({"most_levels": 1.5}, "most_levels"),
        ({"least_run": 3, "most_run": 2}, "no run fits"),
    ],
)
def test_rules_that_cannot_be_right_are_refused(rules, word):
    with pytest.raises(DataError, match=word):
        LayoutRules(**rules)


def test_what_does_not_fit_the_frame_is_refused():
    values = np.ones((2, 3))
    with pytest.raises(DataError, match="excluded") as caught:
        rules = LayoutRules(excluded=np.zeros((3, 2), dtype=bool), level_cost=np.ones(3))
        choose_panels(values, rules)
    assert len(caught.value.problems) == 2
    with pytest.raises(DataError, match="infinite"):
        choose_panels(np.array([[math.inf]]), LayoutRules())
    for wrong in (np.ones(3), np.ones((0, 3))):
        with pytest.raises(DataError, match="levels and sections"):
            choose_panels(wrong, LayoutRules())


def test_rules_say_themselves():
    rules = LayoutRules(
        level_cost=5e5, needs_above=True, least_run=2, most_run=4, most_levels=3,
        excluded=np.array([[True, False]]),
    )  # fmt: skip
    assert rules.words() == (
        "opening a level costs 500,000; a level may open only with the one above; at least 2"
        " sections are mined together; a rib pillar after at most 4 sections; a sill pillar after"
        " at most 3 levels; 1 panels excluded"
    )
    assert LayoutRules().words() == "no rule between panels"
    assert "proven" in str(choose_panels([[1.0]], LayoutRules()))


def sets_of_stopes(problem):
    """Every set of stopes of one panel that keeps the panel's rules, as its worth."""
    stopes = all_stopes(problem)
    found = [0.0]
    grown = [(stope, stope[2]) for stope in stopes]
    while grown:
        found += [worth for _, worth in grown]
        grown = [(then, worth + then[2]) for last, worth in grown for then in stopes
                 if clear(last, then, problem)]  # fmt: skip
    return found


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 3.0, 8.0]), st.booleans(), st.booleans())
def test_no_layout_of_any_stopes_is_worth_more(seed, cost, downwards, sill):
    # Two levels of two sections: every combination of every set of stopes in every panel.
    rng = np.random.default_rng(seed)
    frame = small_frame(3, panels=(2, 2))
    panel_rules = StopeRules(least_width_m=2.0, pillar_m=2.0, near_skin_m=0.5, far_skin_m=0.5)
    worth = rng.integers(-5, 7, frame.shape).astype(float)
    rules = LayoutRules(
        level_cost=cost, needs_above=downwards, least_run=int(rng.integers(1, 3)),
        most_levels=1 if sill else None,
    )  # fmt: skip
    one = small_frame(3)
    none = np.zeros(one.shape)
    sets = [
        sets_of_stopes(Small(one, panel_rules, worth[level, section][None, None], (), none))
        for level in range(2)
        for section in range(2)
    ]
    best = 0.0
    for combination in itertools.product(*(sorted(set(s)) for s in sets)):
        # A panel without stopes is worth 0; one with stopes may be as well, and gains nothing.
        for levels in itertools.product((False, True), repeat=2):
            mined = np.array(combination).reshape(2, 2) > 0
            if min(combination) < 0 or not keeps(mined, np.array(levels), rules):
                continue
            best = max(best, sum(combination) - cost * sum(levels))
    panels = optimise_panels(cells_of(frame), StopeValue(worth), panel_rules)
    layout = lay_out(panels, rules)
    assert layout.value == pytest.approx(best, abs=1e-9)
    assert layout.bound >= best - 1e-9


def values_of(panels):
    held = np.zeros(panels.values.shape, dtype=bool)
    for stope in panels.stopes:
        held[stope.level, stope.section] = True
    return np.where(held, panels.values, math.nan)


def test_without_rules_the_layout_is_every_panels_best():
    panels = small_mine()[3]
    layout = lay_out(panels, LayoutRules())
    assert layout.stopes == panels.stopes and layout.status == "proven"
    assert layout.value == pytest.approx(panels.value, rel=1e-12)
    assert layout.value <= layout.bound <= layout.value * (1 + 1e-9)
    assert layout.choice.relaxed_bound == layout.choice.bound
    poor = small_mine(99.0)[3]
    nothing = lay_out(poor, LayoutRules(level_cost=1.0))
    assert nothing.stopes == () and nothing.value == 0.0 == nothing.gap


def test_a_layout_with_every_rule_is_proven_and_checked():
    panels = small_mine()[3]
    cost = float(np.sort(panels.values.sum(axis=1))[0] * 0.4)
    rules = LayoutRules(level_cost=cost, needs_above=True, least_run=2, most_run=4, most_levels=2)
    layout = lay_out(panels, rules)
    assert layout.status == "proven" and layout.gap < 1e-8 and layout.choice.method == "program"
    proof = verify_layout(values_of(panels), rules, layout.choice, layout.stopes)
    assert proof.holds, proof.violations
    worth = math.fsum(s.value for s in layout.stopes) - cost * len(layout.opened)
    assert layout.value == pytest.approx(worth, rel=1e-12)
    lost = verify_layout(values_of(panels), rules, layout.choice, layout.stopes[1:])
    assert not lost.holds
    first = layout.stopes[0]
    emptied = [s for s in layout.stopes if (s.level, s.section) != (first.level, first.section)]
    bare = verify_layout(values_of(panels), rules, layout.choice, emptied)
    assert any("holds no stope" in text for text in bare.violations)
    more = verify_layout(values_of(panels), rules, layout.choice, panels.stopes)
    assert any("is not mined" in text for text in more.violations)


def test_the_certificate_names_step_frame_offsets_and_rules():
    panels = small_mine()[3]
    layout = lay_out(panels, LayoutRules(level_cost=5.0, least_run=2))
    words = layout.certificate()
    for word in ("steps of 1 m", "levels of 20 m", "sections of 10 m", "1021.5", "110 degrees",
                 "opening a level costs 5", "at least 2 sections", "value", "bound", "gap",
                 "no offsets were tried"):  # fmt: skip
        assert word in words, word
    assert "Best of 3" in layout.with_offsets("Best of 3.").certificate()
    assert layout.with_offsets("x").value == layout.value and "proven" in str(layout)


def test_offsets_of_the_frame_are_searched_with_the_whole_layout():
    model, cells, _, _ = small_mine()

    def solve_on(frame):
        moved = integrate(model, frame, ("sb_pct",), Surroundings(2.7))
        worth = cutoff_value(moved, "sb_pct", 1.5, RULES.mining_recovery)
        return lay_out(optimise_panels(moved, worth, RULES), LayoutRules(least_run=2))

    search = search_frames(cells.frame, solve_on, (1, 1, 2))
    assert len(search.offsets) == 2
    assert search.best.value == search.offsets["value"].max()
    assert "Best of 2" in search.best.with_offsets(search.certificate()).certificate()
