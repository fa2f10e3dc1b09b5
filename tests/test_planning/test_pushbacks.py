"""Are pushbacks closed, wide enough and in an order that keeps the lag, at the least cost?"""

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.pits import CROSS, below, cones, drawn, grid_of, nested, rock, shells_of

from deposits.errors import DataError
from planning.limits.bench_width import (
    Room,
    element_of,
    largest_roomy,
    narrow_between,
    smallest_roomy,
)
from planning.limits.closing import largest_closed, smallest_closed
from planning.limits.pit_blocks import PitBlocks
from planning.limits.precedence import ArcPrecedence, arc_precedence, as_arcs
from planning.limits.pushback_choice import equal_shares, rock_of, spread, stated_shells
from planning.limits.pushback_plan import PushbackRules
from planning.limits.pushbacks import make_pushbacks, pushback_table
from planning.verification.pushbacks import verify_pushbacks

RULES = st.builds(
    PushbackRules,
    count=st.integers(1, 4),
    least_width_m=st.sampled_from([0.0, 5.0, 10.0, 20.0, 25.0, 30.0, 40.0]),
    element=st.sampled_from(["disc", "square"]),
    merge=st.sampled_from(["best", "previous", "next"]),
    trim=st.booleans(),
    least_lag=st.integers(0, 2),
    most_lag=st.sampled_from([None, 3, 5]),
)


def choose_shells(shells, rock_t, rules):
    """Choose shells by rock alone."""
    numbers = stated_shells(shells, rock_t, rules)
    if rules.factors or not numbers:
        return numbers
    narrow = np.zeros((len(numbers) + 1, len(numbers)))
    return equal_shares(numbers, rock_of(numbers, shells, rock_t), rules.count, narrow)


def all_rock(grid):
    n = grid.n_blocks
    return PitBlocks(grid=grid, rock_t=np.ones(n), ore_t=np.zeros(n), value_usd=np.ones(n))


def arcs_of(precedence):
    arcs = precedence if isinstance(precedence, ArcPrecedence) else as_arcs(precedence)
    owner = np.repeat(np.arange(arcs.n_blocks), np.diff(arcs.indptr))
    return list(zip(owner.tolist(), arcs.indices.tolist(), strict=True))


def closed(pit, precedence):
    return all(pit[above] or not pit[block] for block, above in arcs_of(precedence))


def unequal(made, rock_t, asked):
    rock_of_each = np.bincount(made.number, weights=rock_t, minlength=asked + 1)[1:]
    share = rock_of_each.sum() / asked
    return float(((rock_of_each - share) ** 2).sum()) / max(share, 1.0) ** 2


def refused_as_too_wide(shells, blocks, precedence, rules):
    """Tell whether no bench is as wide as machines, and see that such a width is refused."""
    numbers = stated_shells(shells, blocks.rock_t, rules)
    sizes = [
        (np.ptp(np.argwhere(bench), axis=0) + 1) * np.array(blocks.grid.size_m[1::-1])
        for number in numbers[-1:]
        for bench in shells.pit(number).reshape(blocks.grid.shape[::-1])
        if bench.any()
    ]
    if not sizes or any((size >= rules.least_width_m).all() for size in sizes):
        return False
    with pytest.raises(DataError, match="nowhere so wide"):
        make_pushbacks(shells, blocks, precedence, rules)
    return True


@settings(max_examples=80, deadline=None)
@given(case=nested(), count=st.integers(1, 4), share=st.sampled_from([0.05, 0.2, 0.9]))
def test_a_tolerated_share_of_narrow_blocks_only_makes_pushbacks_more_equal(case, count, share):
    grid, precedence, pits = drawn(case)
    blocks, shells = rock(grid, 1, 0.0), shells_of(pits)
    strict = PushbackRules(count=count, least_width_m=20.0)
    if refused_as_too_wide(shells, blocks, precedence, strict):
        return
    kept = make_pushbacks(shells, blocks, precedence, strict)
    loose = dataclasses.replace(strict, most_narrow_share=share)
    eased = make_pushbacks(shells, blocks, precedence, loose)
    assert verify_pushbacks(eased, blocks, precedence).holds
    missing = [int((made.narrow - made.hopeless).sum()) for made in (kept, eased)]
    allowed = int(share * np.count_nonzero((eased.number > 0) & (blocks.rock_t > 0)))
    assert missing[1] <= max(allowed, missing[0])
    if missing[0] <= allowed:
        first, second = (unequal(made, blocks.rock_t, count) for made in (kept, eased))
        assert second <= first + 1e-9


def test_a_tolerated_share_keeps_a_pushback_that_a_few_blocks_would_undo():
    grid = grid_of(26, 14, 5)
    precedence = cones(grid)

    def trench(first, last):
        floor = [i + 26 * (j + 14) for i in range(first, last + 1) for j in range(5, 9)]
        return np.any([below(precedence, grid.shape, block) for block in floor], axis=0)

    inner = trench(6, 8)
    outer = inner | trench(6, 12) | below(precedence, grid.shape, 6 + 26 * (10 + 14 * 2))
    shells = shells_of([inner, outer])
    made = [
        make_pushbacks(shells, all_rock(grid), precedence, PushbackRules(
            count=2, least_width_m=30.0, most_narrow_share=share))
        for share in (0.0, 0.03, 0.1)
    ]  # fmt: skip
    assert [each.count for each in made] == [1, 1, 2]
    assert int((made[2].narrow - made[2].hopeless).sum()) == 10


@pytest.mark.parametrize("share", [-0.1, 1.0, float("nan")])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(DataError, match="no share of blocks"):
        PushbackRules(most_narrow_share=share)


@settings(max_examples=150, deadline=None)
@given(case=nested(), rules=RULES, seed=st.integers(0, 99), air=st.sampled_from([0.0, 0.3]))
def test_pushbacks_of_any_pit_hold_when_they_are_looked_at_again(case, rules, seed, air):
    grid, precedence, pits = drawn(case)
    blocks = rock(grid, seed, air)
    if refused_as_too_wide(shells_of(pits), blocks, precedence, rules):
        return
    made = make_pushbacks(shells_of(pits), blocks, precedence, rules)
    check = verify_pushbacks(made, blocks, precedence)
    assert check.holds, check.violations
    assert np.array_equal(check.narrow, made.narrow)
    dug = (made.number > 0) & (blocks.rock_t > 0)
    wanted = pits[-1] & (blocks.rock_t > 0)
    assert not (dug & ~wanted).any()
    assert int((wanted & ~dug).sum()) == made.left
    if not rules.trim:
        assert made.left == 0
        if made.count:
            assert made.width_cost_usd[-1] == pytest.approx(0.0, abs=1e-6)
    # What could have room has it, but for the end pushback of the second pass.
    free = slice(1, None) if made.rules.merge == "next" else slice(None, -1)
    assert (made.narrow >= made.hopeless).all()
    assert np.array_equal(made.narrow[free], made.hopeless[free])
    assert not (rules.trim and made.hopeless.any())
    assert len(made.sequence) == len({(n, b // (grid.shape[0] * grid.shape[1])) for b, n in
                                      enumerate(made.number.tolist()) if dug[b]})  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(case=nested(most=1), seed=st.integers(0, 2**16))
def test_closing_gives_the_largest_and_the_smallest_closed_set(case, seed):
    grid, precedence, _ = drawn(case)
    blocks = np.random.default_rng(seed).random(grid.n_blocks) < 0.7
    inside, around = largest_closed(blocks, precedence), smallest_closed(blocks, precedence)
    assert closed(inside, precedence)
    assert closed(around, precedence)
    # A referee that only knows arcs: what needs a lost block is lost, what is needed comes.
    lost, come = ~blocks, blocks.copy()
    arcs, before = arcs_of(precedence), -1
    while before != (before := int(lost.sum()) + int(come.sum())):
        for block, above in arcs:
            lost[block] |= lost[above]
            come[above] |= come[block]
    assert np.array_equal(inside, ~lost)
    assert np.array_equal(around, come)


@settings(max_examples=100, deadline=None)
@given(
    shape=st.tuples(st.integers(1, 8), st.integers(1, 8)),
    width=st.sampled_from([10.0, 15.0, 20.0, 30.0, 40.0, 50.0]),
    element=st.sampled_from(["disc", "square"]),
    seed=st.integers(0, 2**16),
)
def test_room_is_what_an_element_inside_the_bench_covers(shape, width, element, seed):
    grid = grid_of(*shape, 2, (10.0, 8.0, 10.0))
    places = np.argwhere(element_of(width, grid, element))
    mask = (np.random.default_rng(seed).random(grid.n_blocks) < 0.85).reshape(2, *shape[::-1])
    covered = np.zeros_like(mask)
    for level, row, column in itertools.product(range(2), range(shape[1]), range(shape[0])):
        at = places + np.array([row, column])
        if (at < shape[::-1]).all() and mask[level, at[:, 0], at[:, 1]].all():
            covered[level, at[:, 0], at[:, 1]] = True
    room = Room(grid, np.ones(grid.n_blocks, dtype=bool), element_of(width, grid, element),
                cones(grid))  # fmt: skip
    assert np.array_equal(room.roomy(mask.reshape(-1)), covered.reshape(-1))


@settings(max_examples=60, deadline=None)
@given(
    shape=st.tuples(st.integers(1, 3), st.integers(1, 2), st.integers(1, 2)),
    width=st.sampled_from([10.0, 20.0]),
    data=st.data(),
)
def test_pits_with_room_are_the_largest_and_the_smallest_of_all(shape, width, data):
    """Every closed pit between two others is tried."""
    grid = grid_of(*shape)
    precedence = cones(grid)
    n = grid.n_blocks
    air = data.draw(st.lists(st.integers(0, n - 1), max_size=2))
    solid = np.ones(n, dtype=bool)
    solid[air] = False
    outer = np.zeros(n, dtype=bool)
    for bottom in data.draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=4)):
        outer |= below(precedence, shape, bottom)
    members = np.flatnonzero(outer)
    inner = np.zeros(n, dtype=bool)
    for bottom in data.draw(st.lists(st.sampled_from(members.tolist()), max_size=2)):
        inner |= below(precedence, shape, bottom)
    room = Room(grid, solid, element_of(width, grid, "square"), precedence)

    def roomy(ring):
        return not (ring & ~room.roomy(ring)).any()

    between = []
    for choice in itertools.product([False, True], repeat=len(members)):
        pit = np.zeros(n, dtype=bool)
        pit[members] = choice
        if (pit >= inner).all() and closed(pit, precedence):
            between.append(pit)
    largest = max((p for p in between if roomy(p & ~inner)), key=np.sum)
    smallest = min((p for p in between if roomy(outer & ~p)), key=np.sum)
    assert np.array_equal(largest_roomy(inner, outer, room), largest)
    assert np.array_equal(smallest_roomy(inner, outer, room), smallest)


@pytest.mark.parametrize(
    ("width", "size", "shape"),
    [(0.0, 10.0, (1, 1)), (10.0, 10.0, (1, 1)), (10.0001, 10.0, (2, 2)), (30.0, 10.0, (3, 3)),
     (0.3, 0.1, (3, 3)), (29.9999999999, 10.0, (3, 3))],
)  # fmt: skip
def test_an_element_has_the_fewest_blocks_that_reach_the_width(width, size, shape):
    assert element_of(width, grid_of(2, 2, 2, (size, size, 1.0)), "square").shape == shape


def test_an_element_follows_unequal_blocks():
    grid = grid_of(4, 4, 1, (10.0, 5.0, 10.0))
    assert element_of(20.0, grid, "square").shape == (4, 2)


def test_a_narrow_strip_goes_to_the_pushback_inside_it_and_costs_what_it_is_worth():
    grid = grid_of(9, 9, 1)
    inner = np.zeros((9, 9), dtype=bool)
    inner[3:6, 3:8] = True  # one column is left to the east
    outer = np.ones((9, 9), dtype=bool)
    value = np.where(np.arange(81) % 9 == 8, -5.0, 1.0)
    blocks = dataclasses.replace(all_rock(grid), value_usd=value)
    shells = shells_of([inner.reshape(-1), outer.reshape(-1)])
    rules = PushbackRules(count=2, least_width_m=30.0, element="square")
    made = make_pushbacks(shells, blocks, cones(grid), rules)
    assert made.ring(1).reshape(9, 9)[3:6, 3:9].all()
    assert made.ring(1).sum() == 18
    assert made.moved.tolist() == [3, 0]
    assert made.width_cost_usd.tolist() == [15.0, 0.0]
    table = pushback_table(made, blocks)
    assert table["width_cost_usd"].tolist() == [15.0, 0.0]
    assert table["rock_t"].tolist() == [18.0, 63.0]


def test_a_lowest_point_too_narrow_is_counted_or_left():
    grid = grid_of(5, 5, 3)
    precedence = cones(grid)
    cone = below(precedence, grid.shape, int(grid.index(2, 2, 0)))
    blocks = all_rock(grid)
    rules = PushbackRules(count=1, least_width_m=20.0, element="square")
    kept = make_pushbacks(shells_of([cone]), blocks, precedence, rules)
    # Benches of 1, 5 (a cross) and 13 blocks; squares of 2 x 2 fit into the top bench only.
    assert (kept.narrow.tolist(), kept.hopeless.tolist(), kept.left) == ([10], [10], 0)
    trim = dataclasses.replace(rules, trim=True)
    less = make_pushbacks(shells_of([cone]), blocks, precedence, trim)
    assert (less.narrow.tolist(), less.left) == ([0], 10)
    assert less.width_cost_usd.tolist() == [10.0]
    assert verify_pushbacks(less, blocks, precedence).holds


def test_a_pushback_without_room_anywhere_is_merged_whole():
    grid = grid_of(6, 6, 1)
    inner = np.zeros((6, 6), dtype=bool)
    inner[1:5, 1:5] = True
    shells = shells_of([inner.reshape(-1), np.ones(36, dtype=bool)])
    for merge in ("best", "previous", "next"):
        rules = PushbackRules(count=2, least_width_m=20.0, element="square", merge=merge)
        made = make_pushbacks(shells, all_rock(grid), cones(grid), rules)
        assert made.count == 1
        assert made.ring(1).all()
        assert made.factors.tolist() == [1.0]


def test_shells_are_chosen_for_equal_rock():
    pits = [np.arange(20) < n for n in (1, 2, 9, 10, 11, 20)]
    shells = shells_of(pits)
    assert choose_shells(shells, np.ones(20), PushbackRules(count=2)) == [3, 5]
    assert choose_shells(shells, np.ones(20), PushbackRules(count=1)) == [5]
    assert choose_shells(shells, np.ones(20), PushbackRules(count=9)) == [0, 1, 2, 3, 4, 5]


@settings(max_examples=100, deadline=None)
@given(added=st.lists(st.integers(0, 9), min_size=1, max_size=7), count=st.integers(1, 4))
def test_no_other_choice_of_shells_has_more_equal_rock(added, count):
    ends = np.cumsum(added)
    n = int(ends[-1]) or 1
    shells = shells_of([np.arange(n) < end for end in ends])
    chosen = choose_shells(shells, np.ones(n), PushbackRules(count=count))
    different = [i for i, more in enumerate(added) if more]
    count = min(count, len(different))
    assert len(chosen) == count
    if not different:
        return

    def unequal(numbers):
        shares = np.diff([0, *ends[list(numbers)]])
        return float(((shares - ends[-1] / count) ** 2).sum())

    choices = itertools.combinations(different[:-1], count - 1)
    assert unequal(chosen) == pytest.approx(min(unequal([*c, different[-1]]) for c in choices))


def test_stated_factors_end_pushbacks_and_others_are_refused():
    pits = [np.arange(8) < n for n in (2, 4, 4, 8)]
    shells = shells_of(pits, [0.4, 0.6, 0.8, 1.0])
    ones = np.ones(8)
    assert choose_shells(shells, ones, PushbackRules(factors=(0.4, 0.8))) == [0, 1, 3]
    assert choose_shells(shells, ones, PushbackRules(factors=(0.6, 1.0))) == [1, 3]
    assert choose_shells(shells, ones, PushbackRules(count=9, last_factor=0.6)) == [0, 1]
    with pytest.raises(DataError, match=r"no shell has this factor.*0\.5"):
        choose_shells(shells, ones, PushbackRules(factors=(0.5,)))
    with pytest.raises(DataError, match="beyond the pit"):
        choose_shells(shells, ones, PushbackRules(factors=(0.4, 0.8), last_factor=0.6))
    with pytest.raises(DataError, match="no shell has this factor"):
        choose_shells(shells, ones, PushbackRules(last_factor=1.2))


def two_columns():
    """Return two pushbacks side by side, six benches deep."""
    grid = grid_of(2, 1, 6, (10.0, 10.0, 12.0))
    west = np.arange(12) % 2 == 0
    precedence = cones(grid, (np.array([[0, 0, 1]]),))
    return grid, precedence, shells_of([west, np.ones(12, dtype=bool)])


@pytest.mark.parametrize(
    ("least", "most", "order"),
    [
        (0, None, "111111222222"),
        (5, None, "111111222222"),
        (0, 1, "121212121212"),
        (0, 2, "112121212122"),
        (1, 2, "112121212122"),
        (2, 3, "111212121222"),
    ],
)
def test_benches_wait_for_each_other(least, most, order):
    grid, precedence, shells = two_columns()
    rules = PushbackRules(count=2, least_lag=least, most_lag=most)
    blocks = all_rock(grid)
    made = make_pushbacks(shells, blocks, precedence, rules)
    found = "".join(map(str, made.sequence["pushback"]))
    assert found == order
    assert verify_pushbacks(made, blocks, precedence).holds
    first = made.sequence.iloc[0]
    assert (first["bench"], first["elevation_m"]) == (5, 60.0)


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ({"count": 0}, "no pushback"),
        ({"factors": (0.5, 0.4)}, "factors do not rise"),
        ({"factors": (0.5, 0.5)}, "factors do not rise"),
        ({"least_width_m": -1.0}, "no width"),
        ({"least_width_m": float("nan")}, "no width"),
        ({"least_lag": -1}, "a lag is negative"),
        ({"least_lag": 2, "most_lag": 2}, "no pushback could ever move"),
    ],
)
def test_rules_that_cannot_be_kept_are_refused(what, says):
    with pytest.raises(DataError, match=says):
        PushbackRules(**what)
    PushbackRules(least_lag=2, most_lag=3)


def test_models_of_different_sizes_are_refused():
    _, precedence, shells = two_columns()
    other = all_rock(grid_of(3, 1, 6))
    with pytest.raises(DataError, match="shells, blocks and precedence differ"):
        make_pushbacks(shells, other, precedence, PushbackRules())


def test_a_width_that_no_bench_has_is_refused_before_any_work(monkeypatch):
    grid = grid_of(9, 7, 3)
    pits = [np.zeros(grid.n_blocks, dtype=bool) for _ in range(2)]
    rows, columns = np.divmod(np.arange(grid.n_blocks), 9)
    # 6 by 4 blocks of 10 m on the top bench, 2 by 2 below it.
    pits[1][(rows >= 14) & (rows < 18) & (columns < 6)] = True
    pits[1][(rows >= 7) & (rows < 9) & (columns < 2)] = True
    pits[0] = pits[1] & (columns < 3)
    shells, blocks = shells_of(pits), all_rock(grid)
    make_pushbacks(shells, blocks, cones(grid), PushbackRules(least_width_m=40.0))
    monkeypatch.setattr("planning.limits.pushbacks.element_of", None)
    for width in (40.001, 3000.0, 1e12):
        with pytest.raises(DataError) as caught:
            make_pushbacks(shells, blocks, cones(grid), PushbackRules(least_width_m=width))
        (problem,) = caught.value.problems
        assert str(problem) == (
            f"pushbacks, key least_width_m: the pit is nowhere so wide; found {width:,.15g} m; "
            "allowed up to 40 m, its widest bench. State a smaller width."
        )


def test_a_pit_of_nothing_has_no_pushback():
    grid = grid_of(3, 3, 2)
    nothing = shells_of([np.zeros(18, dtype=bool)])
    made = make_pushbacks(nothing, all_rock(grid), cones(grid), PushbackRules(least_width_m=20.0))
    assert made.count == 0
    assert verify_pushbacks(made, all_rock(grid), cones(grid)).holds
    assert len(pushback_table(made, all_rock(grid))) == 0
    assert "Pushbacks" in str(made)


def spoil(made, blocks):
    """Yield pushbacks with one thing wrong each, and what should be said of it."""
    number = made.number.copy()
    deepest = np.flatnonzero(number == 1)[0]
    number[deepest] = 2
    above = np.flatnonzero((number == 1) & (np.arange(number.size) > deepest))[-1]
    opened = made.number.copy()
    opened[above] = 2
    yield dataclasses.replace(made, number=opened), "arcs are not kept"
    gone = made.number.copy()
    gone[above] = 0
    yield dataclasses.replace(made, number=gone), "arcs are not kept"
    yield dataclasses.replace(made, narrow=made.narrow + 1), "blocks without room:"
    never = dataclasses.replace(made, hopeless=made.hopeless + 1)
    yield never, "blocks without room in the whole pit"
    yield dataclasses.replace(made, value_usd=made.value_usd + 1.0), "worth"
    steps = made.sequence
    yield dataclasses.replace(made, sequence=steps.iloc[:-1]), "1 benches are never dug"
    yield dataclasses.replace(made, sequence=steps.iloc[::-1]), "comes before"
    twice = steps.iloc[[0, *range(len(steps))]]
    yield dataclasses.replace(made, sequence=twice), "there is nothing to dig"
    outer = steps.sort_values(["pushback", "step"], ascending=[False, True])
    yield dataclasses.replace(made, sequence=outer), "pushback 1 still has bench"
    near = dataclasses.replace(made.rules, most_lag=made.rules.least_lag + 1)
    yield dataclasses.replace(made, rules=near), "lags behind"
    assert blocks.rock_t.all()


def test_each_broken_rule_is_found():
    grid = grid_of(9, 9, 4)
    precedence = cones(grid)
    pits = [below(precedence, grid.shape, int(grid.index(i, 4, 0))) for i in (4, 3)]
    blocks = rock(grid)
    shells = shells_of([pits[0], pits[0] | pits[1]])
    made = make_pushbacks(shells, blocks, precedence, PushbackRules(count=2))
    for used in (precedence, as_arcs(precedence)):
        assert verify_pushbacks(made, blocks, used).holds
        for wrong, says in spoil(made, blocks):
            check = verify_pushbacks(wrong, blocks, used)
            assert not check.holds
            assert says in " ".join(check.violations)
    assert "<table>" in verify_pushbacks(made, blocks, precedence)._repr_html_()


def test_zones_keep_their_own_slopes():
    grid = grid_of(6, 5, 4)
    zone = (grid.ijk(np.arange(grid.n_blocks))[0] >= 3).astype(np.uint8)
    steep = np.array([[0, 0, 1]])
    precedence = cones(grid, (CROSS, steep), zone)
    for i, size in ((1, 1 + 5 + 12 + 17), (4, 4)):
        one = np.zeros(grid.n_blocks, dtype=bool)
        one[grid.index(i, 2, 0)] = True
        found = smallest_closed(one, precedence)
        assert found.sum() == below(precedence, grid.shape, int(grid.index(i, 2, 0))).sum()
        assert found.sum() == size or i == 1


def test_a_floor_too_narrow_for_any_pushback_changes_none():
    """Two cones of one slope, a ring of three blocks all round, and the lowest points narrow."""
    grid = grid_of(21, 21, 10)
    precedence = cones(grid)
    pits = [below(precedence, grid.shape, int(grid.index(10, 10, k))) for k in (5, 1)]
    blocks = all_rock(grid)
    rules = PushbackRules(count=2, least_width_m=20.0, element="square")
    plain = make_pushbacks(shells_of(pits), blocks, precedence, PushbackRules(count=2))
    made = make_pushbacks(shells_of(pits), blocks, precedence, rules)
    assert made.count == 2
    assert made.hopeless.sum() > 0
    # The outer cone still goes to the second pushback, but for what the first one's floor gives up.
    assert made.ring(1).sum() <= plain.ring(1).sum()
    assert made.ring(2).sum() < pits[1].sum()
    assert verify_pushbacks(made, blocks, precedence).holds


@settings(max_examples=60, deadline=None)
@given(case=nested(), rules=RULES, seed=st.integers(0, 99))
def test_of_all_ways_the_one_with_most_room_and_then_the_most_equal_is_kept(case, rules, seed):
    grid, precedence, pits = drawn(case)
    blocks, shells = rock(grid, seed), shells_of(pits)
    if refused_as_too_wide(shells, blocks, precedence, rules):
        return

    def faults(made):
        shares = [blocks.rock_t[made.ring(p)].sum() for p in range(1, made.count + 1)]
        share = sum(shares) / rules.count
        unequal = sum((s - share) ** 2 for s in shares) + (rules.count - made.count) * share**2
        return int((made.narrow - made.hopeless).sum()), unequal

    best = make_pushbacks(shells, blocks, precedence, dataclasses.replace(rules, merge="best"))
    wide = element_of(rules.least_width_m, grid, rules.element).size > 1
    for merge in ("previous", "next"):
        other = dataclasses.replace(rules, merge=merge)
        (least, unequal), (found, more) = (
            faults(best),
            faults(make_pushbacks(shells, blocks, precedence, other)),
        )
        assert least < found or (least == found and unequal <= more * (1 + 1e-6))
    assert best.count == 0 or (best.rules.merge == "best") != wide


def test_what_the_width_leaves_of_a_pushback_is_joined_when_it_is_next_to_nothing():
    grid = grid_of(30, 3, 1)
    pits = [np.tile(np.arange(30) < end, 3) for end in (14, 15, 16, 29, 30)]
    blocks = all_rock(grid)

    def ends(width, factors):
        rules = PushbackRules(factors=factors, least_width_m=width, element="square")
        made = make_pushbacks(shells_of(pits), blocks, cones(grid), rules)
        return [int(made.ring(p).sum()) // 3 for p in range(1, made.count + 1)]

    assert ends(0.0, (0.2, 0.4, 0.8)) == [14, 1, 14, 1]
    assert ends(10.0, (0.2, 0.4, 0.8)) == [14, 1, 14, 1]
    # One column has no room for two; what is left is less than a tenth of 90 / 4.
    assert ends(20.0, (0.2, 0.8)) == [14, 16]
    assert ends(20.0, (0.2, 0.4)) in ([14, 16], [15, 15], [16, 14])


def rows_of_blocks(n_columns, n_levels, arcs):
    """Return a room of two blocks in a single row of columns, with arcs of one's own."""
    grid = grid_of(n_columns, 1, n_levels, (10.0, 20.0, 10.0))
    owner, above = zip(*arcs, strict=True)
    precedence = arc_precedence(grid.n_blocks, owner, above)
    solid = np.ones(grid.n_blocks, dtype=bool)
    return grid, Room(grid, solid, element_of(20.0, grid, "square"), precedence)


def blocks_of(grid, top, bottom):
    found = np.zeros(grid.n_blocks, dtype=bool)
    found[[*bottom, *(grid.shape[0] + i for i in top)]] = True
    return found


def test_what_becomes_narrow_when_something_else_has_gone_goes_too():
    """Top 5 is narrow; bottom 1 needs it; without bottom 1, bottom 0 is narrow."""
    grid, room = rows_of_blocks(6, 2, [(0, 6), (1, 7), (1, 11)])
    outer = blocks_of(grid, (0, 1, 5), (0, 1))
    found = largest_roomy(np.zeros_like(outer), outer, room)
    assert np.array_equal(found, blocks_of(grid, (0, 1), ()))


def test_what_becomes_narrow_when_something_else_was_taken_in_comes_too():
    """Bottom 3 is narrow; it needs top 1; without top 1, top 0 is narrow."""
    grid, room = rows_of_blocks(6, 2, [(3, 7)])
    outer = blocks_of(grid, (0, 1), (3,))
    assert smallest_roomy(np.zeros_like(outer), outer, room).sum() == 3


def test_shells_that_lie_too_close_are_not_chosen():
    grid = grid_of(12, 2, 1)
    pits = [np.tile(np.arange(12) < end, 2) for end in (3, 5, 6, 12)]
    blocks, shells = all_rock(grid), shells_of(pits)
    rules = PushbackRules(count=3, least_width_m=20.0, element="square")
    made = make_pushbacks(shells, blocks, cones(grid), rules)
    plain = make_pushbacks(
        shells, blocks, cones(grid), dataclasses.replace(rules, least_width_m=0.0)
    )
    assert plain.factors.tolist() == [0.25, 0.75, 1.0]
    assert [int(made.ring(p).sum()) // 2 for p in (1, 2, 3)] == [3, 3, 6]
    narrow = narrow_between(pits, blocks.rock_t, Room(grid, np.ones(24, dtype=bool),
                            element_of(20.0, grid, "square"), cones(grid)))  # fmt: skip
    assert narrow.tolist() == [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 2, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert equal_shares([0, 1, 2, 3], np.array([6.0, 10, 12, 24]), 3, narrow) == [0, 2, 3]
    narrow[1, 1] = 3.0
    close = np.array([6.0, 12, 13, 18])
    assert equal_shares([0, 1, 2, 3], close, 3, 0.0 * narrow) == [0, 1, 3]
    assert equal_shares([0, 1, 2, 3], close, 3, narrow) == [0, 2, 3]
    assert equal_shares([0, 1, 2, 3], close, 4, narrow) == [0, 1, 2, 3]


def test_many_shells_are_spread_by_rock():
    pits = [np.arange(1000) < end for end in range(10, 1001, 10)]
    few = spread(range(100), shells_of(pits), np.ones(1000))
    assert few == list(range(4, 100, 5))


def in_a_row(*pits, n_columns=10):
    """Return pits of one bench, two blocks of width long, by their columns."""
    grid = grid_of(n_columns, 1, 1, (10.0, 20.0, 10.0))
    masks = [np.isin(np.arange(n_columns), pit) for pit in pits]
    return grid, masks


def test_narrow_rock_goes_first_where_the_rules_say():
    """Column 3 lies apart in the first pit: it is too narrow, and leaves 2 and 4 too narrow."""
    grid, pits = in_a_row([0, 1, 3], [0, 1, 2, 3, 4])
    for merge, sizes in (("previous", [5]), ("next", [2, 3]), ("best", [2, 3])):
        rules = PushbackRules(count=2, least_width_m=20.0, element="square", merge=merge)
        made = make_pushbacks(shells_of(pits), all_rock(grid), cones(grid), rules)
        assert np.bincount(made.number)[1:].tolist() == sizes


def test_what_has_no_room_in_the_whole_pit_keeps_no_shell_from_being_chosen():
    grid, pits = in_a_row([0, 1], [0, 1, 3], [0, 1, 3, 5, 6, 7])
    room = Room(grid, np.ones(10, dtype=bool), element_of(20.0, grid, "square"), cones(grid))
    assert not narrow_between(pits, np.ones(10), room).any()
    wider = [*pits[:2], np.arange(10) < 8]
    assert narrow_between(wider, np.ones(10), room).tolist() == [
        [0, 1, 0],
        [0, 1, 0],
        [0, 0, 1],
        [0, 0, 0],
    ]


def test_room_for_all_is_dearer_than_equal_pushbacks():
    """Bottom 2 needs top 5, which lies apart: whichever of the two goes, something is narrow."""
    grid, room = rows_of_blocks(6, 2, [(0, 6), (1, 7), (2, 8), (2, 11)])
    pits = [blocks_of(grid, (0, 1, 2, 5), (0, 1, 2)), blocks_of(grid, range(6), (0, 1, 2))]
    rules = PushbackRules(count=2, least_width_m=20.0, element="square")
    for merge in ("previous", "next"):
        one = dataclasses.replace(rules, merge=merge)
        made = make_pushbacks(shells_of(pits), all_rock(grid), room.precedence, one)
        assert (made.count, made.narrow.sum(), made.hopeless.sum()) == (2, 1, 0)
    best = make_pushbacks(shells_of(pits), all_rock(grid), room.precedence, rules)
    assert (best.count, best.narrow.sum()) == (1, 0)


def test_a_sliver_with_room_is_joined_to_the_pushback_around_it():
    grid, pits = in_a_row(range(28), range(30), range(60), n_columns=60)
    for width, sizes in ((0.0, [28, 2, 30]), (20.0, [28, 32])):
        rules = PushbackRules(factors=(1 / 3, 2 / 3), least_width_m=width, element="square")
        made = make_pushbacks(shells_of(pits), all_rock(grid), cones(grid), rules)
        assert np.bincount(made.number)[1:].tolist() == sizes


@pytest.mark.parametrize("seed", range(12))
def test_cones_and_the_same_arcs_give_the_same_pushbacks(seed):
    """Cones are cut down to the pit first, arcs are not."""
    rng = np.random.default_rng(seed)
    grid = grid_of(11, 10, 5)
    zone = rng.integers(0, 2, grid.n_blocks).astype(np.uint8)
    precedence = cones(grid, (CROSS, np.array([[0, 0, 1]])), zone)
    deep = [int(grid.index(i, j, k)) for i, j, k in ((6, 5, 3), (7, 6, 2), (6, 6, 1), (8, 6, 2))]
    pits, pit = [], np.zeros(grid.n_blocks, dtype=bool)
    for block in deep:
        pit = pit | below(precedence, grid.shape, block)
        pits.append(pit)
    blocks, rules = rock(grid, seed), PushbackRules(count=3, least_width_m=20.0)
    one, other = (
        make_pushbacks(shells_of(pits), blocks, used, rules)
        for used in (precedence, as_arcs(precedence))
    )
    assert np.array_equal(one.number, other.number)
    assert one.sequence.equals(other.sequence)


def test_the_last_factor_is_a_pushback_whether_stated_or_not():
    for factors, asked in (((), 3), ((0.5,), 2), ((0.5, 1.0), 2), ((1.0,), 1)):
        assert PushbackRules(count=3, factors=factors).asked == asked
