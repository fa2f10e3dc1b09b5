"""Does Lane's policy stay the best of all where nearly all rock is waste and a little is very rich?

A deposit is not spread evenly over its grades as the textbook's is: nine tenths of a pit bring
nothing, some blocks bring exactly the same, and the best bring a hundred times the cut-off.
"""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from deposits.errors import DataError
from planning.economics.lane import constant_values, lane_policy
from planning.economics.lane_blocks import table_of_blocks
from planning.economics.lane_cutoffs import lane_cutoffs
from planning.economics.lane_rates import GradeTable, LaneTerms, above, linear_table, worth_at

ROWS = ("value", "tonnes", "product", "grade")


def pit(waste=0.93, n=4_000, halo=0.0, ties=0, seed=3):
    """Blocks of a pit by row: *waste* of them bring *halo*, the others are lognormal [USD/t]."""
    rng = np.random.default_rng(seed)
    value = np.where(rng.uniform(size=n) < waste, halo, 120.0 * rng.lognormal(0.0, 1.2, n))
    if ties:
        value = np.where(value > halo, np.ceil(value / ties) * ties, value)
    grade = np.maximum(value, 0.0) / 70.0
    return dict(
        zip(ROWS, (value, rng.uniform(800.0, 1_300.0, n), 0.006 * grade, grade), strict=True)
    )


def year_of(blocks, mine=10.0, plant=100.0, market=60.0, rate=0.1):
    """Terms whose limits take so many years for all rock, all paying rock and all product."""
    ore = max(1.0, np.sum(blocks["tonnes"][blocks["value"] > 1.0]))
    sold = max(1.0, np.sum(blocks["tonnes"] * blocks["product"]))
    total = np.sum(blocks["tonnes"])
    return LaneTerms(
        1.0,
        40.0,
        0.1 * total,
        rate,
        total / mine,
        ore / plant,
        np.inf if not market else sold / market,
    )


def exact_table(blocks):
    """Referee: every distinct return is a class of its own, so a cut-off takes whole blocks."""
    returns, place = np.unique(blocks["value"], return_inverse=True)
    mass = np.bincount(place, blocks["tonnes"])

    def mean(row):
        each = np.bincount(place, blocks[row] * blocks["tonnes"]) / mass
        return np.repeat(each[:, None], 2, axis=1)

    edges = np.append(returns, np.nextafter(returns[-1], np.inf))
    return GradeTable(edges, mass, mean("value"), mean("product"), mean("grade"))


def everywhere(table, steps=16):
    """Cut-offs at and between all edges, so that wide classes do not swallow them."""
    k = table.edges.size
    return np.interp(np.linspace(0, k - 1, steps * (k - 1) + 1), np.arange(k), table.edges)


PITS = st.builds(
    pit,
    waste=st.sampled_from([0.0, 0.5, 0.9, 0.93, 0.99]),
    n=st.sampled_from([40, 300, 2_000]),
    halo=st.sampled_from([-5.0, 0.0, 0.01, 0.9]),
    ties=st.sampled_from([0, 0, 50, 400]),
    seed=st.integers(0, 10_000),
)
YEARS = st.tuples(
    st.floats(2.0, 15.0), st.floats(2.0, 60.0), st.sampled_from([0.0, 8.0, 20.0]),
    st.sampled_from([0.0, 0.05, 0.15]),
)  # fmt: skip


@given(PITS, YEARS, st.sampled_from([3, 20, 200]))
@settings(deadline=None, max_examples=12)
def test_no_constant_cutoff_of_a_skewed_pit_is_worth_more_than_the_policy(blocks, years, classes):
    table = table_of_blocks(*blocks.values(), classes=classes)
    year = year_of(blocks, *years)
    found = lane_policy(table, year)
    best = float(constant_values(everywhere(table), table, year).max())
    close = 1e-7 * max(1.0, abs(best))
    assert found.constant_value_usd >= best - close
    assert found.value_usd >= found.constant_value_usd - close


@pytest.mark.parametrize(
    ("blocks", "market"),
    [
        (pit(), 0.0),
        (pit(), 8.0),
        (pit(waste=0.97, n=20_000), 0.0),
        (pit(halo=0.5), 0.0),
        (pit(halo=-4.0), 5.0),
        (pit(ties=25), 0.0),
    ],
)
def test_the_classes_of_a_skewed_pit_are_worth_what_its_single_blocks_are(blocks, market):
    year = year_of(blocks, mine=4.0, plant=25.0, market=market)
    found = lane_policy(table_of_blocks(*blocks.values()), year)
    referee = lane_policy(exact_table(blocks), year)
    assert found.value_usd == pytest.approx(referee.value_usd, rel=1e-4)
    assert found.value_usd > 1.001 * found.constant_value_usd
    cuts = [y.cutoff for y in found.years]
    assert cuts == sorted(cuts, reverse=True)
    assert cuts[-1] < 0.7 * cuts[0]


@given(PITS, st.sampled_from([3, 20, 200]))
@settings(deadline=None)
def test_the_return_of_a_table_never_falls_and_stays_within_its_classes(blocks, classes):
    table = table_of_blocks(*blocks.values(), classes=classes)
    assert table.tonnes.size <= classes
    assert (np.diff(table.revenue.ravel()) >= -1e-9).all()
    assert (table.revenue[:, 0] >= table.edges[:-1] - 1e-9).all()
    assert (table.revenue[:, 1] <= table.edges[1:] + 1e-9).all()
    for cut in table.edges:
        kept = blocks["value"] >= cut
        sums = [np.sum((row * blocks["tonnes"])[kept]) for row in (1.0, blocks["value"])]
        assert above([cut], table)[:2, 0] * table.total_t == pytest.approx(sums, rel=1e-9, abs=1e-6)


@given(PITS, st.sampled_from([9, 20, 200]))
@settings(deadline=None)
def test_no_class_but_one_of_equals_holds_much_of_the_ore_or_of_its_return(blocks, classes):
    table = table_of_blocks(*blocks.values(), classes=classes)
    paying = blocks["value"] > 0.0
    value, mass = blocks["value"][paying], blocks["tonnes"][paying]
    unequal = ~np.isin(value, table.edges)
    place = np.searchsorted(table.edges, value, side="right") - 1
    for amount in (mass, mass * value):
        held = np.bincount(place[unequal], amount[unequal], table.edges.size)
        assert held.max() <= amount.sum() / ((classes - 1) // 2) * (1.0 + 1e-9)


@st.composite
def crooked_tables(draw):
    """Returns and products that rise and fall at will, some below 0, and classes without rock."""
    k = draw(st.integers(2, 7))
    numbers = st.integers(0, 100)

    def row(size):
        return np.array(draw(st.lists(numbers, min_size=size, max_size=size)), dtype=float)

    edges = np.concatenate([[0.0], np.cumsum(1.0 + row(k))])
    tonnes = row(k)
    tonnes[draw(st.integers(0, k - 1))] += 1.0
    revenue, product = 4.0 * row(2 * k).reshape(k, 2) - 100.0, row(2 * k).reshape(k, 2)
    return GradeTable(edges, tonnes, revenue, product, product)


def crooked(tonnes, revenue, product):
    edges = np.arange(len(tonnes) + 1.0)
    rows = [np.array(values, dtype=float) for values in (revenue, product)]
    return GradeTable(edges, np.array(tonnes, dtype=float), *rows, rows[1])


#: The best cut-off is where plant and market are full at once, but not where a bisection ends.
SECOND_MEETING = crooked([3, 2, 2], [[80, 20], [60, 160], [180, 80]], [[2, 0], [5, 4], [0, 3]])
#: The best cut-off is where the margin of one limit rises through 0, below that limit's own best.
LESSER_TOP = crooked([3, 1, 2], [[120, 80], [-60, 100], [40, 120]], [[5, 3], [1, 4], [1, 2]])


@given(
    crooked_tables(),
    st.tuples(st.floats(0.1, 2.0), st.floats(0.1, 1.0), st.floats(0.5, 50.0)),
    st.floats(0.0, 500.0),
)
@example(SECOND_MEETING, (4.0, 1.0, 2.0), 70.0)
@example(LESSER_TOP, (1.0, 0.5, 1.0), 20.0)
@settings(deadline=None, max_examples=150)
def test_no_cutoff_of_a_crooked_table_adds_more_than_the_optimum(table, limits, of_time):
    year = LaneTerms(0.0, 20.0, of_time, 0.0, *limits)
    found = lane_cutoffs(table, year)
    worth = worth_at(everywhere(table, 64), table, year, of_time)
    close = 1e-9 * max(1.0, np.abs(worth).max())
    assert worth_at([found.optimum], table, year, of_time)[0] >= worth.max() - close


@given(crooked_tables(), st.floats(0.0, 300.0))
@settings(deadline=None)
def test_a_limiting_cutoff_is_the_best_where_only_its_limit_binds(table, of_time):
    """The plant's alone, and the mine's, for which time is no matter of the cut-off."""
    alone = LaneTerms(0.0, 20.0, of_time, 0.0, plant_limit=0.5)
    found = lane_cutoffs(table, alone)
    for cutoff, time in ((found.plant, of_time), (found.mine, 0.0)):
        worth = worth_at(everywhere(table, 64), table, alone, time)
        close = 1e-9 * max(1.0, np.abs(worth).max())
        assert worth_at([cutoff], table, alone, time)[0] >= worth.max() - close


def test_a_second_top_between_two_losing_classes_is_found():
    """Class 2 earns 300 a tonne, 1 and 3 lose, 4 earns 1: the best cut-off is at 1, by hand:
    (300 - 50 + 1) / 4 and not 1 / 4 from 3 on."""
    flat = [[-50, -50], [300, 300], [-50, -50], [1, 1]]
    table = crooked([1, 1, 1, 1], flat, np.zeros((4, 2)))
    found = lane_cutoffs(table, LaneTerms(0.0, 0.0, 0.0, 0.1, plant_limit=1.0))
    assert (found.mine, found.plant, found.optimum) == (1.0, 1.0, 1.0)


def test_a_life_of_millennia_is_worth_its_perpetuity_and_a_longer_one_is_refused():
    """Ore of one kind at 0.4 t a year: 0.4 (19 - 3) - 0.003 a year, for ever, at 99 %."""
    table = linear_table([0.949, 0.951], [1_000.0], 20.0, 1.0, "lb/t")
    found = lane_policy(table, LaneTerms(1.0, 2.0, 0.003, 0.99, plant_limit=0.4))
    assert found.life_years == pytest.approx(1_000.0 / 0.4, rel=0.01)
    assert found.value_usd == pytest.approx(6.397 / 0.99, rel=1e-3)
    assert found.value_usd >= found.constant_value_usd * (1.0 - 1e-9)
    with pytest.raises(DataError, match="too low for so much rock; found 16,667 years"):
        lane_policy(table, LaneTerms(1.0, 2.0, 0.003, 0.5, plant_limit=0.06))
