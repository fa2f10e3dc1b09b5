"""Is the feed what is left when rock is sorted by grade, one tonne after the other?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from deposits.evidence.parts import Part
from deposits.evidence.resources import Resource, cut
from deposits.laws.grade_law import fit_grade_law
from planning.verdict.supply import (
    Factors,
    Supply,
    feed_of_all,
    feed_of_richest,
    run_of_mine,
    tonnes_at_grade,
)
from planning.verdict.workings import _curve

NEUTRAL = Factors(np.ones(1), np.zeros(1), np.zeros(1), ("loss",))


def resource(*parts):
    return Resource("f", "m", "C1", "model", "reported", "assumed", None, 100.0, (), parts)


def part(ore_t, sb_pct, cv, au_gpt=None, gold=None):
    ore, sb = np.atleast_1d(np.asarray(ore_t, float)), np.atleast_1d(np.asarray(sb_pct, float))
    gold = None if gold is None else tuple(np.atleast_1d(np.asarray(g, float)) for g in gold)
    au = None if au_gpt is None else np.atleast_1d(np.asarray(au_gpt, float))
    return Part(ore, sb, au, fit_grade_law(sb, cv), gold)


def supply(*parts, factors=NEUTRAL):
    return Supply((resource(*parts),), (), factors, ())


def sorted_rock(parts, n=100_000):
    """Every part cut into equal slivers by quantile of its own law, richest first."""
    grades, tonnes = [], []
    for each in parts:
        law = each.law
        if law.sigma[0] == 0:
            grade = np.full(n, each.sb_pct[0])
        else:
            mu, sigma, top = law.mu[0], law.sigma[0], np.log(law.upper_pct[0])
            rising = (np.arange(n) + 0.5) / n
            z = stats.truncnorm.ppf(rising, -np.inf, (top - mu) / sigma)
            grade = np.exp(mu + sigma * z)
        grades.append(grade)
        tonnes.append(np.full(n, each.ore_t[0] / n))
    grade, tonne = np.concatenate(grades), np.concatenate(tonnes)
    order = np.argsort(-grade, kind="stable")
    return grade[order], tonne[order]


MIXES = [
    [(1e6, 3.0, 1.0)],
    [(1e6, 3.0, 1.0), (5e5, 8.0, 0.5)],
    [(1e6, 3.0, 0.0), (5e5, 8.0, 0.0)],
    [(1e6, 3.0, 1.2), (5e5, 6.0, 0.0)],
]


@pytest.mark.parametrize("mix", MIXES)
@pytest.mark.parametrize("need", [1e4, 4e5, 9e5])
def test_the_richest_feed_is_that_of_sorted_rock(mix, need):
    parts = [part(*each) for each in mix]
    grade, tonne = sorted_rock(parts)
    taken = np.minimum(tonne, np.maximum(need - np.concatenate([[0], np.cumsum(tonne)[:-1]]), 0))
    expected = (grade * taken).sum() / taken.sum()
    assert feed_of_richest(supply(*parts), need).sb_pct[0] == pytest.approx(expected, rel=2e-4)


@pytest.mark.parametrize("mix", MIXES)
@pytest.mark.parametrize("asked", [2.0, 5.0, 7.0, 15.0])
def test_tonnes_at_a_grade_are_those_of_sorted_rock(mix, asked):
    parts = [part(*each) for each in mix]
    grade, tonne = sorted_rock(parts)
    mean = np.cumsum(grade * tonne) / np.cumsum(tonne)
    expected = np.cumsum(tonne)[mean >= asked].max(initial=0.0)
    # Slivers are 10 t; where grades step the mean crosses inside the step.
    assert tonnes_at_grade(supply(*parts), asked)[0] == pytest.approx(expected, rel=2e-3, abs=20.0)


def test_too_little_ore_has_no_grade():
    assert np.isnan(feed_of_richest(supply(part(1e6, 3.0, 1.0)), 1.1e6).sb_pct[0])
    assert feed_of_richest(supply(part(1e6, 3.0, 1.0)), 1e6).sb_pct[0] == pytest.approx(3.0)


def test_each_case_has_its_own_cut_off():
    ore = np.array([1e6, 2e6, 5e5])
    together = feed_of_richest(supply(part(ore, np.full(3, 3.0), 1.0)), 6e5)
    for i in range(2):
        alone = feed_of_richest(supply(part(ore[i], 3.0, 1.0)), 6e5)
        assert together.sb_pct[i] == pytest.approx(alone.sb_pct[0], rel=1e-9)
    assert np.isnan(together.sb_pct[2])


@given(
    recovery=st.floats(0.5, 1.0), dilution=st.floats(0, 0.5), waste=st.floats(0, 1),
    need=st.floats(0.01, 0.99),
)  # fmt: skip
def test_loss_and_dilution_conserve_metal(recovery, dilution, waste, need):
    factors = Factors(*(np.array([v]) for v in (recovery, dilution, waste)))
    diluted = supply(part(1e6, 3.0, 1.0), factors=factors)
    ore, metal = run_of_mine(diluted)
    mined = 1e6 * recovery
    assert ore[0] == pytest.approx(mined * (1 + dilution))
    assert metal[0] == pytest.approx(mined * 0.03 + mined * dilution * waste / 100)
    assert feed_of_all(diluted).sb_pct[0] == pytest.approx(metal[0] / ore[0] * 100)
    rich = feed_of_richest(diluted, need * ore[0]).sb_pct[0]
    assert rich >= feed_of_all(diluted).sb_pct[0] - 1e-9


def test_gold_follows_its_correlation_and_not_the_waste():
    factors = Factors(np.ones(1), np.array([0.25]), np.zeros(1))
    tied = part(1e6, 3.0, 1.0, au_gpt=2.0, gold=(0.8, 0.6))
    free = part(1e6, 3.0, 1.0, au_gpt=2.0, gold=(0.8, 0.0))
    assert feed_of_all(supply(free, factors=factors)).au_gpt[0] == pytest.approx(2.0 / 1.25)
    assert feed_of_richest(supply(free), 2e5).au_gpt[0] == pytest.approx(2.0)
    assert feed_of_richest(supply(tied), 2e5).au_gpt[0] > 2.2
    assert feed_of_richest(supply(part(1e6, 3.0, 1.0)), 2e5).au_gpt is None


@given(recovery=st.floats(0.3, 1.0), dilution=st.floats(0.0, 0.5), need=st.floats(0.05, 0.95))
def test_gold_lost_in_mining_is_lost_with_its_ore(recovery, dilution, need):
    """Ore left behind takes its gold with it: the grade fed depends on the waste alone."""
    factors = Factors(*(np.array([v]) for v in (recovery, dilution, 0.0)))
    mined = supply(part(1e6, 3.0, 1.0, au_gpt=2.0, gold=(0.8, 0.0)), factors=factors)
    ore = run_of_mine(mined)[0][0]
    assert feed_of_all(mined).au_gpt[0] == pytest.approx(2.0 / (1 + dilution))
    assert feed_of_richest(mined, need * ore).au_gpt[0] == pytest.approx(2.0 / (1 + dilution))


@given(st.floats(0.0, 71.0), st.sampled_from([0.0, 0.4, 1.2]), st.booleans())
def test_a_table_of_grades_the_supply_and_the_workbook_cut_the_same_rock(cutoff, cv, tied):
    each = part(1e6, 3.0, cv, au_gpt=1.5, gold=(0.8, 0.3) if tied or cv == 0.0 else None)
    rock = supply(each)
    table, feed = cut(resource(each), cutoff), feed_of_all(rock, cutoff)
    ore, metal = run_of_mine(rock, cutoff)
    assert (table.ore_t[0], table.sb_t[0]) == (ore[0], metal[0])
    row = _curve(rock)
    at = int(np.searchsorted(row["cutoff_sb_pct"], cutoff))
    ore, metal = run_of_mine(rock, row["cutoff_sb_pct"][at])
    assert (row["ore_t"][at], row["sb_t"][at]) == (ore[0], metal[0])
    if table.au_kg is None:
        assert feed.au_gpt is None
    elif ore[0] > 0 and table.ore_t[0] > 0:
        assert feed.au_gpt[0] * table.ore_t[0] / 1000.0 == pytest.approx(table.au_kg[0], rel=1e-12)
