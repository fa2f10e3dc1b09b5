"""Kriging whatever the data: exact at them, deaf to origin, order, turning and threads."""

from __future__ import annotations

import numba
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from deposits.blockmodel import BlockModel, regularise, volumes_m3
from deposits.drilling.compositing import CompositeRule, composite
from deposits.estimation.covariance import Covariance, Structure
from deposits.estimation.kriging import Ordinary, Targets, Universal, krige, weights_of
from deposits.estimation.samples import Samples
from deposits.estimation.search import Search
from deposits.grid import Grid
from deposits.orientation import Ellipsoid

SIZE, CELLS = np.array([8.0, 6.0, 4.0]), (3, 2, 2)
seeds = st.integers(0, 10**6)
turns = st.floats(0.0, 360.0)
kinds = st.sampled_from(["spherical", "exponential", "cubic"])
methods = st.sampled_from([Ordinary(), Universal(("x", "z"))])


def case(seed: int, kind: str, turn: float = 0.0):
    """Samples, a model with a nugget, a search; all turned clockwise about the vertical."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 100, (80, 3)) * [1, 1, 0.4]
    axes = Grid((0, 0, 0), (1, 1, 1), (1, 1, 1), turn).axes()
    samples = Samples(points @ axes, rng.lognormal(size=80))
    ranges = Ellipsoid(60.0, 35.0, 15.0, 40.0 + turn, -25.0, 15.0)
    model = Covariance(0.2, (Structure(kind, 1.3, ranges),))
    search = (Search(Ellipsoid(80.0, 60.0, 40.0, 40.0 + turn), 6, 17),)
    blocks = Targets(
        points=rng.uniform(10, 90, (12, 3)) * [1, 1, 0.4] @ axes,
        block_size_m=SIZE,
        discretisation=CELLS,
        azimuth_deg=turn,
    )
    return samples, model, search, blocks


@settings(max_examples=25, deadline=None)
@given(seeds, kinds, methods)
def test_at_a_sample_its_grade_is_found(seed, kind, method):
    samples, model, search, _ = case(seed, kind)
    got = krige(samples, Targets(points=samples.points), model, search, method)
    assert_allclose(got.values, samples.values, rtol=1e-7)
    assert_allclose(got.variance, 0.0, atol=1e-7)


@settings(max_examples=25, deadline=None)
@given(seeds, kinds, methods)
def test_weights_sum_to_one_and_give_the_estimate(seed, kind, method):
    samples, model, search, blocks = case(seed, kind)
    used = weights_of(samples, blocks, model, search, method)
    assert_allclose(used.groupby("target").weight.sum(), 1.0, atol=1e-8)
    grades = samples.values[used["sample"].to_numpy(), 0]
    estimate = (used.weight * grades).groupby(used.target).sum()
    got = krige(samples, blocks, model, search, method).values[:, 0]
    assert_allclose(got, estimate, rtol=1e-8, atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(seeds, kinds, st.tuples(*[st.integers(-(10**6), 10**6)] * 3))
def test_the_origin_of_coordinates_does_not_matter(seed, kind, shift):
    samples, model, search, blocks = case(seed, kind)
    moved = Samples(samples.points + shift, samples.values)
    there = Targets(points=blocks.points + shift, block_size_m=SIZE, discretisation=CELLS)
    first, second = krige(samples, blocks, model, search), krige(moved, there, model, search)
    assert_array_equal(second.n_samples, first.n_samples)
    assert_allclose(second.values, first.values, rtol=1e-7)
    assert_allclose(second.variance, first.variance, rtol=1e-7)


@settings(max_examples=25, deadline=None)
@given(seeds, kinds, turns)
def test_turning_data_model_and_blocks_together_changes_nothing(seed, kind, turn):
    first, second = (krige(s, b, m, p) for s, m, p, b in (case(seed, kind), case(seed, kind, turn)))
    assert_allclose(second.values, first.values, rtol=1e-7)
    assert_allclose(second.variance, first.variance, rtol=1e-7)


@settings(max_examples=25, deadline=None)
@given(seeds, kinds, methods)
def test_the_order_of_samples_does_not_matter(seed, kind, method):
    samples, model, search, blocks = case(seed, kind)
    mixed = samples.take(np.random.default_rng(seed).permutation(samples.n))
    first, second = (krige(s, blocks, model, search, method) for s in (samples, mixed))
    assert_allclose(second.values, first.values, rtol=1e-7, atol=1e-9)
    assert_allclose(second.variance, first.variance, rtol=1e-7)


@pytest.mark.skipif(numba.config.NUMBA_NUM_THREADS < 2, reason="there is one thread only")
@settings(max_examples=10, deadline=None)
@given(seeds, kinds, methods)
def test_one_thread_and_two_give_the_same_bits(seed, kind, method):
    samples, model, search, _ = case(seed, kind)
    grid = Grid((0.0, 0.0, 0.0), (5.0, 5.0, 5.0), (20, 20, 8), 20.0)
    targets = Targets.of_grid(grid, None, CELLS)
    frames, before = [], numba.get_num_threads()
    for threads in (1, 2):
        numba.set_num_threads(threads)
        frames.append(krige(samples, targets, model, search, method).as_frame().to_numpy())
    numba.set_num_threads(before)
    assert_array_equal(frames[0], frames[1])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 40), st.floats(0, 70)), min_size=1, max_size=30),
    st.floats(0.3, 8.0),
    st.sampled_from(["distribute", "keep", "merge"]),
)
def test_metal_survives_compositing(rows, length, residual):
    lengths, grades = (np.array(column, float) for column in zip(*rows, strict=True))
    to = np.cumsum(lengths)
    table = pd.DataFrame({"hole_id": "A", "from_m": to - lengths, "to_m": to, "sb_pct": grades})
    done = composite(table, ["sb_pct"], CompositeRule(length, residual)).table
    metal = (done["sb_pct"] * done["length_m"]).sum()
    assert_allclose(metal, lengths @ grades, rtol=1e-9, atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(seeds, st.tuples(*[st.integers(1, 4)] * 3), turns)
def test_metal_of_an_estimate_survives_reblocking(seed, factor, turn):
    samples, model, search, _ = case(seed, "spherical")
    grid = Grid((0.0, 0.0, 0.0), (9.0, 9.0, 7.0), (7, 6, 5), turn)
    sb = krige(samples, Targets.of_grid(grid), model, search).values[:, 0]
    density = 2.6 + 0.05 * np.arange(grid.n_blocks) % 7
    known = np.isfinite(sb)
    table = pd.DataFrame({"block": np.arange(grid.n_blocks), "sb_pct": sb})
    table = table.assign(density_t_per_m3=density)[known]

    def metal(one: BlockModel) -> float:
        tonnes = volumes_m3(one.table, one.grid) * one.table["density_t_per_m3"].to_numpy()
        return float(tonnes @ one.table["sb_pct"].to_numpy())

    whole = BlockModel(grid, table.reset_index(drop=True))
    assert_allclose(metal(regularise(whole, factor)), metal(whole), rtol=1e-9)
