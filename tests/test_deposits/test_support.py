"""Size of the selection unit: mean kept, variance as wanted, shares against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import norm

from deposits.errors import DataError
from deposits.laws.block_law import block_grade, coefficient
from deposits.laws.grade_law import fit_grade_law, metal_share, tonnage_share
from deposits.laws.mixture import (
    Mixture,
    Population,
    Structure,
    point_shares,
    stepped_mixture,
)
from deposits.laws.support import (
    average_correlation,
    support_curve,
    support_line,
    variance_ratio,
)

POPULATIONS = (
    Population("barren host", 0.40, 0.10, 1.5),
    Population("disseminated", 0.55, 2.4, 0.45),
    Population("pockets", 0.05, 22.8, 0.4),
)
STRUCTURES = (
    Structure("spherical", 0.55, 1.0),
    Structure("spherical", 0.15, 8.0),
    Structure("spherical", 0.05, 60.0),
)
ORE = Mixture(POPULATIONS, STRUCTURES, nugget_share=0.25, density_t_per_m3=2.8)
UNITS = {"sample": 0.005, "a little more": 0.0052, "lump lot": 0.5, "slice": 500.0, "stope": 2e4}

#: Mean distance between two random points of a unit cube (D. P. Robbins, 1978), in closed form.
ROBBINS = (
    4
    + 17 * np.sqrt(2)
    - 6 * np.sqrt(3)
    + 21 * np.log(1 + np.sqrt(2))
    + 42 * np.log(2 + np.sqrt(3))
    - 7 * np.pi
) / 105


def mixture(pocket_share: float, pocket_mean: float, cv: float) -> Mixture:
    """Ore with pockets in barren rock that holds nothing at all."""
    rest = 1.0 - pocket_share
    populations = (
        Population("barren", 0.5 * rest, 0.0, 0.0),
        Population("disseminated", 0.5 * rest, 2.0, 0.5),
        Population("pockets", pocket_share, pocket_mean, cv),
    )
    return Mixture(populations, (Structure("exponential", 0.9, 3.0),), 0.1, 2.8)


mixtures = st.builds(mixture, st.floats(0.01, 0.3), st.floats(10.0, 40.0), st.floats(0.05, 0.45))


def test_the_mean_distance_in_a_cube_is_that_of_robbins():
    assert_allclose(ROBBINS, 0.6617071822, rtol=1e-9)
    edge = 1e-5
    for kind, slope in (("spherical", 1.5), ("exponential", 3.0)):
        lost = 1.0 - average_correlation(kind, (edge,) * 3)
        assert_allclose(lost / edge, slope * ROBBINS, rtol=1e-4)


@pytest.mark.parametrize("kind", ["spherical", "exponential"])
@pytest.mark.parametrize("edges", [(0.3, 0.3, 0.3), (1.0, 1.0, 1.0), (2.0, 0.5, 0.05), (6, 6, 6)])
def test_average_correlation_agrees_with_pairs_drawn_at_random(kind, edges):
    rng = np.random.default_rng(7)
    apart = (rng.random((600_000, 3)) - rng.random((600_000, 3))) * edges
    h = np.linalg.norm(apart, axis=1)
    near = np.minimum(h, 1)
    drawn = np.exp(-3 * h) if kind == "exponential" else 1 - 1.5 * near + 0.5 * near**3
    error = drawn.std() / np.sqrt(drawn.size)
    assert abs(average_correlation(kind, edges) - drawn.mean()) < 4 * error


@pytest.mark.parametrize("kind", ["spherical", "exponential"])
@pytest.mark.parametrize("edge", [0.2, 1.0, 5.0])
def test_average_correlation_agrees_with_a_grid_of_points(kind, edge):
    def on_grid(n):
        x = (np.arange(n) + 0.5) / n
        d, count = np.unique(np.round(np.abs(x[:, None] - x), 12), return_counts=True)
        w = count / count.sum()
        h = edge * np.sqrt(d[:, None, None] ** 2 + d[:, None] ** 2 + d**2)
        near = np.minimum(h, 1)
        like = np.exp(-3 * h) if kind == "exponential" else 1 - 1.5 * near + 0.5 * near**3
        return np.einsum("i,j,k,ijk->", w, w, w, like)

    # A grid of n points errs by its spacing squared: extrapolated to spacing 0.
    coarse, fine = on_grid(30), on_grid(60)
    limit = fine + (fine - coarse) / 3
    assert_allclose(average_correlation(kind, (edge,) * 3), limit, rtol=2e-3)


def test_variance_falls_from_all_of_it_as_units_grow():
    masses = np.geomspace(0.005, 1e6, 60)
    ratios = np.array([variance_ratio(ORE, float(m)) for m in masses])
    assert ratios[0] == 1.0
    assert np.all(np.diff(ratios) < 0) and ratios[-1] > 0


def test_a_pure_nugget_is_gone_in_blocks():
    nothing_shared = Mixture(POPULATIONS, (), nugget_share=1.0, density_t_per_m3=2.8)
    assert_allclose(variance_ratio(nothing_shared, 0.5), 0.01)
    (stope,) = support_curve(nothing_shared, {"stope": 500.0}, 15.0)
    assert stope.variance_ratio == 1e-5
    assert stope.tonnage_share == 0.0
    assert stope.mean_above_pct is None
    (low,) = support_curve(nothing_shared, {"stope": 500.0}, 1.0)
    assert_allclose([low.tonnage_share, low.mean_above_pct], [1.0, ORE.mean_pct], rtol=1e-6)


def test_samples_are_the_mixture_itself():
    laws = [fit_grade_law(p.mean_pct, p.cv) for p in POPULATIONS]
    shares = np.array([p.share for p in POPULATIONS])
    metal = np.array([p.share * p.mean_pct for p in POPULATIONS])
    for cutoff in (0.5, 2.0, 15.0, 40.0):
        (point,) = support_curve(ORE, {"sample": 0.005}, cutoff)
        tonnes = sum(shares * [tonnage_share(law, cutoff) for law in laws])
        held = sum(metal * [metal_share(law, cutoff) for law in laws]) / metal.sum()
        assert point.r == point.variance_ratio == 1.0
        assert_allclose([point.tonnage_share, point.metal_share], [tonnes, held], rtol=1e-12)
        assert_allclose(point.mean_above_pct, 2.5 * held / tonnes, rtol=1e-12)
    assert_allclose(ORE.mean_pct, 2.5)
    assert_allclose(point.cv, ORE.cv)


def test_units_a_little_larger_than_samples_are_a_little_different():
    for cutoff in (2.0, 15.0):
        sample, more = support_curve(ORE, {"sample": 0.005, "more": 0.005001}, cutoff)
        assert more.r < 1.0
        assert_allclose(more.tonnage_share, sample.tonnage_share, rtol=1e-3)
        assert_allclose(more.metal_share, sample.metal_share, rtol=1e-3)


@pytest.mark.parametrize("mass", list(UNITS.values())[1:])
def test_units_keep_the_mean_and_have_the_wanted_variance(mass):
    law = stepped_mixture(ORE)
    ratio = variance_ratio(ORE, mass)
    (unit,) = support_curve(ORE, {"unit": mass}, 15.0)
    y = np.linspace(-8.5, 8.5, 8001)
    weight = norm.pdf(y) / norm.pdf(y).sum()
    grade = block_grade(law, unit.r, y)
    mean = weight @ grade
    assert_allclose(mean, ORE.mean_pct, rtol=1e-6)
    assert_allclose(weight @ (grade - mean) ** 2, ratio * ORE.variance, rtol=1e-4)
    above = grade >= 15.0
    # The rule counts whole steps of 0.002 in the score, a few thousandths of the share each.
    assert_allclose(unit.tonnage_share, weight[above].sum(), rtol=0.03)
    assert_allclose(unit.metal_share, weight[above] @ grade[above] / 2.5, rtol=0.03)


def test_units_agree_with_smoothing_the_mixture_draw_by_draw():
    rng = np.random.default_rng(11)
    fine = np.sort(np.concatenate([drawn(p, 400_000, rng) for p in POPULATIONS]))
    (unit,) = support_curve(ORE, {"face": 50.0}, 5.0)
    y, u = rng.standard_normal((2, 2000)), rng.standard_normal((400, 1))
    score = norm.cdf(unit.r * y[0] + np.sqrt(1 - unit.r**2) * u)
    blocks = fine[(score * fine.size).astype(int)].mean(axis=0)
    above = blocks >= 5.0
    error = above.std() / np.sqrt(above.size)
    assert abs(above.mean() - unit.tonnage_share) < 4 * error


def drawn(population: Population, count: int, rng: np.random.Generator) -> np.ndarray:
    """Samples of one population, as many as its share of a number."""
    law = fit_grade_law(population.mean_pct, population.cv)
    z = rng.standard_normal(int(population.share * count) * 2)
    grade = np.exp(law.mu + law.sigma * z)
    return grade[grade < 71.7][: int(population.share * count)]


@given(mixtures, st.floats(0.006, 5e4))
@settings(max_examples=25, deadline=None)
def test_classes_keep_the_mixture(ore, mass):
    law = stepped_mixture(ore)
    assert_allclose(law.share.sum(), 1.0, rtol=1e-12)
    assert np.all(np.diff(law.grade) > 0) and np.all(np.diff(law.edge) > 0)
    assert_allclose(law.mean, ore.mean_pct, rtol=1e-9)
    assert_allclose(law.variance, ore.variance, rtol=5e-5)
    (unit,) = support_curve(ore, {"unit": mass}, 15.0)
    assert_allclose(unit.r, coefficient(law, unit.variance_ratio * ore.variance), rtol=1e-9)
    assert 0 <= unit.tonnage_share <= unit.metal_share <= 1


@given(mixtures, st.floats(15.0, 60.0))
@settings(max_examples=15, deadline=None)
def test_rich_ore_grows_scarce_as_units_grow(ore, cutoff):
    line = support_line(ore, cutoff, 2e4, 12)
    tonnes = np.array([p.tonnage_share for p in line])
    metal = np.array([p.metal_share for p in line])
    if cutoff > 1.5 * ore.mean_pct and cutoff < ore.populations[2].mean_pct:
        assert np.all(np.diff(metal) <= 1e-6)
        assert tonnes[-1] <= tonnes[0] * (1 + 1e-6)
    assert line[0].selection_unit_t == ore.sample_t and line[0].r == 1.0
    assert len(line) == 12 and line[-1].selection_unit_t == pytest.approx(2e4)


def test_rich_samples_do_not_make_a_rich_stope():
    sample, lump, face, stope = support_curve(
        ORE, {"sample": 0.005, "lump": 0.05, "face": 50.0, "stope": 5000.0}, 15.0
    )
    assert 0.35 < sample.metal_share < 0.45
    assert sample.metal_share > lump.metal_share > 10 * face.metal_share > face.metal_share
    assert stope.metal_share < 1e-4


def test_more_classes_change_nothing(monkeypatch):
    coarse = support_curve(ORE, {"face": 50.1, "lump": 0.051}, 15.0)
    monkeypatch.setattr("deposits.laws.mixture.CLASSES", 4000)
    # Other masses and another share would do as well: the point is that nothing is remembered.
    again = Mixture((*POPULATIONS,), (*STRUCTURES,), 0.25, 2.8, sample_t=0.005 * (1 + 1e-12))
    fine = support_curve(again, {"face": 50.1, "lump": 0.051}, 15.0)
    for one, other in zip(coarse, fine, strict=True):
        assert_allclose(one.tonnage_share, other.tonnage_share, rtol=1e-4)
        assert_allclose(one.metal_share, other.metal_share, rtol=1e-4)


def test_every_fault_of_a_mixture_is_named_at_once():
    with pytest.raises(DataError) as caught:
        Mixture(
            (Population("host", 0.5, 2.0, 1.0), Population("pockets", 0.4, 40.0, 3.0)),
            (Structure("spherical", 0.5, 1.0),),
            nugget_share=0.4,
            density_t_per_m3=-1.0,
        )
    text = str(caught.value)
    for fault in ("populations do not sum", "sill shares do not sum", "density", "pockets"):
        assert fault in text
    assert len(caught.value.problems) == 4


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Population("host", 0.0, 1.0, 1.0),
        lambda: Population("host", 1.1, 1.0, 1.0),
        lambda: Structure("spherical", 0.0, 1.0),
        lambda: Structure("spherical", 0.5, 0.0),
        lambda: Structure("linear", 0.5, 1.0),
        lambda: Mixture((), (), 1.0, 2.8),
        lambda: Mixture((Population("host", 1.0, 0.0, 0.0),), (), 1.0, 2.8),
        lambda: Mixture((Population("host", 1.0, 2.0, 0.0),), (), 1.0, 2.8),
        lambda: Mixture((Population("host", 1.0, 0.0, 1.0),), (), 1.0, 2.8),
        lambda: variance_ratio(ORE, 0.004),
        lambda: variance_ratio(ORE, np.nan),
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(DataError):
        wrong()


def test_one_population_of_barren_and_ore_is_allowed():
    half = Mixture(
        (Population("barren", 0.5, 0.0, 0.0), Population("ore", 0.5, 4.0, 0.0)),
        (Structure("spherical", 1.0, 5.0),),
        0.0,
        2.8,
    )
    assert point_shares(half, 4.0) == (0.5, 1.0)
    assert point_shares(half, 4.001) == (0.0, 0.0)
    (unit,) = support_curve(half, {"slice": 50.0}, 3.0)
    assert 0 < unit.tonnage_share < 0.5
