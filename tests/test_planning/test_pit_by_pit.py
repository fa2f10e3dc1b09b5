"""What does each shell add, and what are its best, specified and worst case worth?"""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.pits import below, cones, drawn, grid_of, nested, rock, shells_of

from deposits.errors import DataError
from planning.limits.pit_blocks import MineRates, PitBlocks
from planning.limits.pit_by_pit import best_case, pit_by_pit, specified_case, worst_case
from planning.limits.pushback_plan import PushbackRules
from planning.limits.pushbacks import make_pushbacks
from planning.limits.shells import nested_shells

RATES = st.builds(
    MineRates,
    rock_t_per_year=st.sampled_from([77.0, 1000.0, math.inf]),
    ore_t_per_year=st.sampled_from([50.0, 400.0]),
    discount_rate=st.sampled_from([0.0, 0.08, 0.3]),
    discounting=st.sampled_from(["end_of_year", "mid_year", "start_of_year"]),
)


def stack(values, rock_t=1.0, ore_t=1.0):
    """Return one column of blocks, the first value on top, with its shells of one bench each."""
    n = len(values)
    grid = grid_of(1, 1, n)
    worth = np.array(values, dtype=float)[::-1].copy()
    blocks = PitBlocks(
        grid=grid,
        rock_t=np.full(n, rock_t),
        ore_t=np.full(n, ore_t),
        value_usd=worth,
        grades={"sb_pct": np.arange(n, 0, -1.0), "au_gpt": np.full(n, 2.0)},
    )
    pits = [np.arange(n) >= n - 1 - i for i in range(n)]
    return blocks, shells_of(pits)


def test_two_benches_a_year_are_discounted_as_a_spreadsheet_does():
    blocks, shells = stack([10, 20, 30, 40])
    rates = MineRates(rock_t_per_year=2.0, discount_rate=0.1)
    found = best_case(shells, blocks, rates, last=3)
    assert found.npv_usd == pytest.approx(30 / 1.1 + 70 / 1.1**2)
    assert found.life_years == 2.0
    assert found.years["value_usd"].tolist() == [30.0, 70.0]
    assert found.years["sb_pct"].tolist() == [1.5, 3.5]
    assert found.years["sb_t"].tolist() == [0.03, 0.07]
    assert found.years["au_kg"].tolist() == [0.004, 0.004]
    start = dataclasses.replace(rates, discounting="start_of_year")
    assert best_case(shells, blocks, start, 3).npv_usd == pytest.approx(30 + 70 / 1.1)
    middle = dataclasses.replace(rates, discounting="mid_year")
    assert best_case(shells, blocks, middle, 3).npv_usd == pytest.approx(
        30 / 1.1**0.5 + 70 / 1.1**1.5
    )


def test_a_bench_is_shared_between_years_and_the_last_year_is_part_used():
    blocks, shells = stack([10, 20, 30, 40])
    rates = MineRates(rock_t_per_year=1.6, discount_rate=0.5)
    found = best_case(shells, blocks, rates, last=3)
    flows = [10 + 0.6 * 20, 0.4 * 20 + 30 + 0.2 * 40, 0.8 * 40]
    assert found.years["value_usd"].tolist() == pytest.approx(flows)
    assert found.life_years == pytest.approx(2.5)
    assert found.npv_usd == pytest.approx(sum(f / 1.5 ** (y + 1) for y, f in enumerate(flows)))


def test_the_first_rate_reached_ends_the_year():
    blocks, shells = stack([-1, -1, 8, 8])
    blocks = dataclasses.replace(blocks, ore_t=np.array([1.0, 1.0, 0.0, 0.0]))
    both = MineRates(rock_t_per_year=3.0, ore_t_per_year=1.0, discount_rate=0.0)
    found = best_case(shells, blocks, both, last=3)
    assert found.years["rock_t"].tolist() == [3.0, 1.0]
    assert found.years["ore_t"].tolist() == [1.0, 1.0]
    plant = MineRates(ore_t_per_year=0.5, discount_rate=0.0)
    assert best_case(shells, blocks, plant, 3).years["rock_t"].tolist() == [2.5, 0.5, 0.5, 0.5]
    mine = MineRates(rock_t_per_year=1.0, discount_rate=0.0)
    assert best_case(shells, blocks, mine, 3).life_years == 4.0
    plant = MineRates(rock_t_per_year=100.0, ore_t_per_year=0.8, discount_rate=0.0)
    assert best_case(shells, blocks, plant, 3).life_years == pytest.approx(2.5)


@settings(max_examples=120, deadline=None)
@given(case=nested(), rates=RATES, seed=st.integers(0, 99), air=st.sampled_from([0.0, 0.4]))
def test_tonnes_metal_and_worth_are_kept_whatever_the_order(case, rates, seed, air):
    grid, precedence, pits = drawn(case)
    blocks, shells = rock(grid, seed, air), shells_of(pits)
    last = len(pits) - 1
    made = make_pushbacks(shells, blocks, precedence, PushbackRules(count=2, most_lag=1))
    table = pit_by_pit(shells, blocks, rates).table
    row = table.iloc[-1]
    known = np.isfinite(blocks.grades["sb_pct"]) & pits[-1]
    metal = float((blocks.ore_t * blocks.grades["sb_pct"])[known].sum()) / 100
    assert row["sb_t"] == pytest.approx(metal)
    for found in (
        best_case(shells, blocks, rates, last),
        worst_case(shells, blocks, rates, last),
        specified_case(made, blocks, rates),
    ):
        for column in ("rock_t", "ore_t", "waste_t", "value_usd", "sb_t", "au_kg"):
            assert found.years[column].sum() == pytest.approx(row[column], abs=1e-6)
        assert (found.years["rock_t"] <= rates.rock_t_per_year * (1 + 1e-8)).all()
        assert (found.years["ore_t"] <= rates.ore_t_per_year * (1 + 1e-8)).all()
        if rates.discount_rate == 0.0:
            assert found.npv_usd == pytest.approx(row["value_usd"], abs=1e-6)
    best, worst = (f(shells, blocks, rates, last) for f in (best_case, worst_case))
    assert row["best_npv_usd"] == pytest.approx(best.npv_usd, abs=1e-6)
    assert row["worst_npv_usd"] == pytest.approx(worst.npv_usd, abs=1e-6)
    if row["rock_t"] > 0:
        assert row["best_years"] == pytest.approx(best.life_years)
        assert row["worst_years"] == pytest.approx(worst.life_years)
    if rates.discount_rate == 0.0:
        assert table["best_npv_usd"].tolist() == pytest.approx(table["value_usd"].tolist())
        assert table["worst_npv_usd"].tolist() == pytest.approx(table["value_usd"].tolist())


@settings(max_examples=60, deadline=None)
@given(
    density=st.lists(st.integers(-5, 9), min_size=2, max_size=5),
    benches=st.integers(1, 4),
    count=st.integers(1, 4),
    rate=st.sampled_from([5.0, 13.0, 40.0]),
)
def test_where_inner_shells_are_richer_on_every_bench_best_is_above_specified_above_worst(
    density, benches, count, rate
):
    """Upright shells, alike on every bench, whose worth per tonne falls outwards.

    A pushback of several shells then earns their mean first, and the whole bench the mean of all:
    both put off what is richer.
    """
    rich = sorted(density, reverse=True)
    k = len(rich)
    grid = grid_of(k, 1, benches)
    column = grid.ijk(np.arange(grid.n_blocks))[0]
    worth = np.array(rich, dtype=float)[column] * 10.0
    blocks = PitBlocks(grid=grid, rock_t=np.full(grid.n_blocks, 10.0),
                       ore_t=np.zeros(grid.n_blocks), value_usd=worth)  # fmt: skip
    precedence = cones(grid, (np.array([[0, 0, 1]]),))
    shells = shells_of([column <= i for i in range(k)])
    rates = MineRates(rock_t_per_year=rate, discount_rate=0.2)
    made = make_pushbacks(shells, blocks, precedence, PushbackRules(count=count))
    best = best_case(shells, blocks, rates, k - 1).npv_usd
    worst = worst_case(shells, blocks, rates, k - 1).npv_usd
    between = specified_case(made, blocks, rates).npv_usd
    assert best >= between - 1e-9
    assert between >= worst - 1e-9
    if count >= k:
        assert between == pytest.approx(best)
    if count == 1:
        assert between == pytest.approx(worst)


def test_the_best_case_is_no_law_and_where_it_fails_is_counted():
    """A first shell that pays only in its last bench, beside a second that pays at once."""
    grid = grid_of(2, 1, 2)
    value = np.array([9.0, -1.0, -8.0, 5.0])  # bottom west, bottom east, top west, top east
    blocks = PitBlocks(grid=grid, rock_t=np.ones(4), ore_t=np.zeros(4), value_usd=value)
    shells = shells_of([np.arange(4) % 2 == 0, np.ones(4, dtype=bool)])
    found = pit_by_pit(shells, blocks, MineRates(rock_t_per_year=1.0, discount_rate=0.5))
    last = found.table.iloc[-1]
    assert last["worst_npv_usd"] > last["best_npv_usd"]
    assert "Shells whose worst case beats the best  1" in str(found)


def test_shells_of_rising_prices_make_a_table_that_rises():
    grid = grid_of(9, 9, 5)
    precedence = cones(grid)
    rng = np.random.default_rng(3)
    ore_t = np.where(rng.random(grid.n_blocks) < 0.3, 100.0, 0.0)
    sb = rng.uniform(0.5, 6.0, grid.n_blocks)

    def values_of(factor):
        return -200.0 + np.maximum(0.0, factor * ore_t * sb * 4.0 - 300.0) * (ore_t > 0)

    factors = np.array([0.3, 0.5, 0.75, 1.0, 1.5])
    shells = nested_shells(values_of, factors, precedence)
    blocks = PitBlocks(grid=grid, rock_t=np.full(grid.n_blocks, 100.0), ore_t=ore_t,
                       value_usd=values_of(1.0), grades={"sb_pct": sb})  # fmt: skip
    found = pit_by_pit(shells, blocks, MineRates(rock_t_per_year=2000.0, discount_rate=0.1))
    table = found.table
    assert table["factor"].tolist() == factors.tolist()
    for column in ("rock_t", "ore_t", "sb_t", "best_years", "worst_years"):
        assert (np.diff(table[column]) >= 0).all()
    # The pit of factor 1 has the largest undiscounted worth, whatever else is dug.
    assert table["value_usd"].idxmax() == 3
    assert table["value_usd"][3] == pytest.approx(shells.values[3])
    assert table["strip_ratio"].to_numpy() == pytest.approx(
        (table["waste_t"] / table["ore_t"]).to_numpy(), nan_ok=True
    )
    assert "Most valuable, best case" in found._repr_html_()


def test_grades_that_are_not_known_are_told_and_not_averaged():
    blocks, shells = stack([1, 1, 1])
    blocks = dataclasses.replace(blocks, grades={"sb_pct": np.array([np.nan, 4.0, 2.0])})
    table = pit_by_pit(shells, blocks, MineRates(rock_t_per_year=1.0, discount_rate=0.1)).table
    assert table["sb_pct"].tolist() == [2.0, 3.0, 3.0]
    assert table["sb_t"].tolist() == pytest.approx([0.02, 0.06, 0.06])
    assert table["sb_pct_unknown_ore_t"].tolist()[-1] == 1.0
    year = MineRates(rock_t_per_year=2.0, discount_rate=0.1)
    years = best_case(shells, blocks, year, 2).years
    assert years["sb_pct"][0] == 3.0
    assert math.isnan(years["sb_pct"][1])
    whole = MineRates(rock_t_per_year=3.0, discount_rate=0.1)
    assert best_case(shells, blocks, whole, 2).years["sb_pct"].tolist() == [3.0]


def test_a_shell_without_ore_has_no_strip_ratio_and_no_grade():
    blocks, shells = stack([-1, 5])
    blocks = dataclasses.replace(blocks, ore_t=np.array([1.0, 0.0]))
    row = pit_by_pit(shells, blocks, MineRates(rock_t_per_year=1.0, discount_rate=0.0)).table.iloc[
        0
    ]
    assert (row["waste_t"], row["ore_t"]) == (1.0, 0.0)
    assert math.isnan(row["strip_ratio"])
    assert math.isnan(row["sb_pct"])


def test_a_pit_of_nothing_is_worth_nothing():
    blocks, _ = stack([1, 1])
    nothing = shells_of([np.zeros(2, dtype=bool)])
    rates = MineRates(ore_t_per_year=1.0, discount_rate=0.1)
    row = pit_by_pit(nothing, blocks, rates).table.iloc[0]
    assert (row["rock_t"], row["value_usd"], row["best_npv_usd"], row["worst_years"]) == (0,) * 4
    made = make_pushbacks(nothing, blocks, cones(blocks.grid), PushbackRules())
    found = specified_case(made, blocks, rates)
    assert (found.npv_usd, found.life_years) == (0.0, 0.0)
    assert "specified" in str(found)


def test_a_cone_dug_by_pushbacks_lies_between_its_cases():
    grid = grid_of(15, 15, 7)
    precedence = cones(grid)
    pits = [below(precedence, grid.shape, int(grid.index(7, 7, k))) for k in (4, 2, 0)]
    distance = np.hypot(*(np.array(grid.ijk(np.arange(grid.n_blocks))[:2]) - 7))
    value = np.where(distance < 1.5, 60.0, -2.0)
    blocks = PitBlocks(grid=grid, rock_t=np.full(grid.n_blocks, 100.0),
                       ore_t=np.where(distance < 1.5, 100.0, 0.0), value_usd=value)  # fmt: skip
    shells = shells_of(pits)
    rates = MineRates(rock_t_per_year=5000.0, discount_rate=0.15)
    made = make_pushbacks(shells, blocks, precedence, PushbackRules(count=2))
    best = best_case(shells, blocks, rates, 2).npv_usd
    worst = worst_case(shells, blocks, rates, 2).npv_usd
    assert best > specified_case(made, blocks, rates).npv_usd > worst


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ({}, "nothing limits the digging"),
        ({"rock_t_per_year": 0.0}, "rock_t_per_year is no rate"),
        ({"ore_t_per_year": -1.0}, "ore_t_per_year is no rate"),
        ({"ore_t_per_year": math.nan}, "ore_t_per_year is no rate"),
        ({"ore_t_per_year": 1.0, "discount_rate": -1.0}, "no discount rate"),
        ({"ore_t_per_year": 1.0, "discount_rate": math.nan}, "no discount rate"),
    ],
)
def test_rates_that_cannot_be_right_are_refused(what, says):
    with pytest.raises(DataError, match=says):
        MineRates(**({"discount_rate": 0.1} | what))


def test_a_rate_in_the_wrong_unit_is_refused():
    blocks, shells = stack([1, 1], rock_t=1e6, ore_t=0.0)
    with pytest.raises(DataError, match=r"digging takes too long.*2,000,000 years"):
        pit_by_pit(shells, blocks, MineRates(rock_t_per_year=1.0, discount_rate=0.1))


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ({"rock_t": np.array([1.0, -1.0])}, "negative or not finite; found 1 blocks, such as 1"),
        ({"rock_t": np.array([1.0, np.nan])}, "negative or not finite"),
        ({"rock_t": np.array([np.inf, 1.0])}, "negative or not finite"),
        ({"ore_t": np.array([1.0, 1.5])}, "more than the rock"),
        ({"ore_t": np.array([1.0, np.nan])}, "more than the rock"),
        ({"value_usd": np.array([1.0, np.nan])}, "the worth is not finite"),
        ({"value_usd": np.ones(3)}, r"value_usd is not one number a block.*\(3,\).*\(2,\)"),
        ({"grades": {"sb": np.ones(2)}}, "says no unit; found sb"),
        ({"grades": {"pct": np.ones(2)}}, "says no unit"),
    ],
)
def test_blocks_that_cannot_be_right_are_refused(what, says):
    blocks, _ = stack([1, 1])
    with pytest.raises(DataError, match=says):
        dataclasses.replace(blocks, **what)


def test_shells_of_another_model_are_refused():
    blocks, _ = stack([1, 1])
    _, shells = stack([1, 1, 1])
    rates = MineRates(rock_t_per_year=1.0, discount_rate=0.1)
    for work in (pit_by_pit, lambda s, b, r: best_case(s, b, r, 0),
                 lambda s, b, r: worst_case(s, b, r, 0)):  # fmt: skip
        with pytest.raises(DataError, match="not of one model"):
            work(shells, blocks, rates)
