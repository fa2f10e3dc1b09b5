"""Kriging neighbourhood analysis: the same blocks every time, rows that krige itself gives."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from deposits.errors import DataError
from deposits.estimation.block_variance import block_variance
from deposits.estimation.covariance import Covariance, Structure
from deposits.estimation.kriging import krige
from deposits.estimation.kriging_targets import Targets
from deposits.estimation.samples import Samples
from deposits.estimation.search import Search
from deposits.grid import Grid
from deposits.orientation import isotropic
from deposits.validation.kna import (
    Choice,
    Options,
    analyse_neighbourhoods,
    choose_test_blocks,
    suggest,
)

MODEL = Covariance(0.2, (Structure("spherical", 0.8, isotropic(80.0)),))
GRID = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 10.0), (20, 20, 2))
BASE = Choice((10.0, 10.0, 10.0), Search(isotropic(300.0), least=4, most=16), (2, 2, 2))
OPTIONS = Options(
    block_sizes_m=((5.0, 5.0, 5.0), (20.0, 20.0, 10.0)),
    most_samples=(2, 8, 16, 24),
    search_factors=(0.5, 1.0),
    discretisations=((1, 1, 1), (2, 2, 2), (4, 4, 4)),
)


@pytest.fixture(scope="module")
def samples() -> Samples:
    """Samples in the west of the grid only."""
    rng = np.random.default_rng(2)
    return Samples(rng.uniform(0, 1, (120, 3)) * [80, 200, 20], rng.lognormal(size=120))


@pytest.fixture(scope="module")
def table(samples) -> pd.DataFrame:
    """The analysis with all options."""
    blocks = choose_test_blocks(samples, GRID, count=10)
    return analyse_neighbourhoods(samples, blocks, MODEL, BASE, OPTIONS)


def test_well_informed_blocks_lie_among_the_samples_and_poorly_informed_ones_far_away(samples):
    blocks = choose_test_blocks(samples, GRID, count=10)
    well = blocks.group == "well informed"
    assert well.sum() == (~well).sum() == 10
    assert blocks.centres[well, 0].max() < 90 < blocks.centres[~well, 0].min()


def test_the_same_blocks_are_chosen_every_time_and_only_of_the_domain(samples):
    inside = np.arange(0, GRID.n_blocks, 3)
    one, two = (choose_test_blocks(samples, GRID, inside, 7) for _ in range(2))
    assert (one.centres == two.centres).all()
    assert np.isin(GRID.locate(one.centres), inside).all()


def test_every_row_is_what_kriging_gives(samples, table):
    blocks = choose_test_blocks(samples, GRID, count=10)
    row = table[(table.varied == "most samples") & (table.option == "8")].iloc[0]
    targets = Targets(
        points=blocks.centres, block_size_m=np.full(3, 10.0), discretisation=(2, 2, 2)
    )
    found = krige(samples, targets, MODEL, (Search(isotropic(300.0), least=4, most=8),))
    assert_allclose(row["slope"], found.slope.mean())
    assert_allclose(row["efficiency"], found.efficiency.mean())
    assert_allclose(row["variance"], found.variance.mean())
    assert_allclose(row["negative_weight_share"], found.negative_weight_share.mean())
    assert row["n_samples"] == 8
    assert_allclose(row["block_variance"], block_variance(MODEL, (10, 10, 10), (2, 2, 2)))


def test_each_option_has_a_row_for_all_well_and_poorly_informed_blocks(table):
    assert len(table) == 3 * (2 + 4 + 2 + 3)
    well = table[table.blocks == "well informed"]["slope"].to_numpy()
    poor = table[table.blocks == "poorly informed"]["slope"].to_numpy()
    assert (well > poor).all()


def test_fewest_samples_give_way_to_a_smaller_most(table):
    row = table[(table.varied == "most samples") & (table.option == "2")].iloc[0]
    assert row["n_estimated"] == row["n"] == 20


def test_turned_blocks_have_the_block_variance_of_unturned_ones_in_an_isotropic_model(samples):
    grid = Grid(GRID.origin_m, GRID.size_m, GRID.shape, 25.0)
    blocks = choose_test_blocks(samples, grid, count=5)
    options = Options(most_samples=(8,), discretisations=())
    found = analyse_neighbourhoods(samples, blocks, MODEL, BASE, options)
    assert_allclose(found["block_variance"], block_variance(MODEL, (10, 10, 10), (2, 2, 2)))


def made(varied: str, **columns) -> pd.DataFrame:
    """Rows of one thing varied."""
    n = len(columns["slope"])
    rows = {"varied": varied, "option": [str(i) for i in range(n)], "blocks": "all"}
    rows |= {"n_estimated": 5, "efficiency": 0.5, "block_variance": 1.0}
    return pd.DataFrame(rows | columns)


def test_the_first_option_that_no_later_one_betters_is_suggested():
    slopes = [0.7, 0.85, 0.9, 0.905, 0.908]
    assert suggest(made("most samples", slope=slopes))["option"][0] == "2"
    # A slow climb of small steps is a gain all the same.
    assert suggest(made("most samples", slope=[0.9, 0.908, 0.916, 0.924]))["option"][0] == "2"


def test_the_first_discretisation_near_the_finest_is_suggested():
    found = suggest(made("discretisation", slope=[0.9] * 4, block_variance=[0.9, 0.7, 0.605, 0.6]))
    assert found["option"][0] == "2"


def test_the_block_size_of_best_slope_and_efficiency_is_suggested():
    found = suggest(made("block size", slope=[0.8, 0.95, 0.9], efficiency=[0.5, 0.6, 0.61]))
    assert found["option"][0] == "1"


def test_nothing_is_suggested_where_nothing_was_estimated(samples):
    near = Choice((10.0, 10.0, 10.0), Search(isotropic(0.001), least=4), (2, 2, 2))
    blocks = choose_test_blocks(samples, GRID, count=5)
    with pytest.warns(UserWarning, match="no target"):
        found = analyse_neighbourhoods(samples, blocks, MODEL, near, Options())
    assert (found["n_estimated"] == 0).all()
    assert found["slope"].isna().all()
    assert suggest(found)["option"].isna().all()


def test_one_sample_and_no_block():
    one = Samples([[5.0, 5, 5]], [1.0])
    base = Choice((10.0, 10.0, 10.0), Search(isotropic(500.0)), (2, 2, 2))
    found = analyse_neighbourhoods(one, choose_test_blocks(one, GRID), MODEL, base)
    assert (found["n_samples"] == 1).all()
    with pytest.raises(DataError, match="no block"):
        choose_test_blocks(one, GRID, [])
