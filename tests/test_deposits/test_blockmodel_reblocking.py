"""Larger blocks: volume, tonnage and metal are conserved; averages by hand; gaps are not hidden."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from support.blocks import cut, grids, regular

from deposits.blockmodel import BlockModel, regularise, volumes_m3
from deposits.errors import DataError
from deposits.grid import Grid

GRID = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 5.0), (3, 1, 1))
factors = st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))


def totals(model: BlockModel) -> tuple[float, float, float]:
    volume = volumes_m3(model.table, model.grid)
    tonnes = volume * model.table["density_t_per_m3"].to_numpy()
    return volume.sum(), tonnes.sum(), (tonnes * model.table["sb_pct"].to_numpy()).sum()


@settings(max_examples=40)
@given(grids, factors, st.integers(0, 3), st.booleans())
def test_volume_tonnage_and_metal_are_conserved(grid, factor, seed, sub_blocked):
    model = cut(grid) if sub_blocked else regular(grid, seed)
    rng = np.random.default_rng(seed)
    fields = {"sb_pct": rng.lognormal(size=len(model.table)),
              "density_t_per_m3": rng.uniform(2, 4, len(model.table))}  # fmt: skip
    model = BlockModel(grid, model.table.assign(**fields))
    assert_allclose(totals(regularise(model, factor)), totals(model), rtol=1e-9)


def three(**fields) -> BlockModel:
    return BlockModel(GRID, pd.DataFrame({"block": [0, 1, 2], **fields}))


def test_averages_are_those_by_hand():
    model = three(sb_pct=[1.0, 4.0, 7.0], density_t_per_m3=[2.0, 4.0, 3.0], rock=["a", "b", "b"])
    found = regularise(model, (2, 1, 1)).table
    assert_allclose(found["density_t_per_m3"], [3.0, 3.0])
    assert_allclose(found["sb_pct"], [(2 * 1 + 4 * 4) / 6, 7.0])
    assert_allclose(found["fraction"], [1.0, 0.5])
    assert list(found["rock"]) == ["a", "b"]


def test_without_density_grades_are_weighted_by_volume():
    found = regularise(three(sb_pct=[1.0, 4.0, 7.0], fraction=[1.0, 0.5, 0.1]), (3, 1, 1)).table
    assert_allclose(found["sb_pct"], [(1 + 2 + 0.7) / 1.6])
    assert_allclose(found["fraction"], [1.6 / 3])


def test_numbers_known_in_part_are_refused_unless_it_is_said_what_they_become():
    model = three(sb_pct=[1.0, np.nan, np.nan])
    with pytest.raises(DataError, match="1 of 2 larger blocks"):
        regularise(model, (2, 1, 1))
    unknown = regularise(model, (2, 1, 1), absent="unknown").table["sb_pct"]
    assert unknown.isna().all()
    part = regularise(model, (2, 1, 1), absent="known_part").table["sb_pct"]
    assert part.iloc[0] == 1.0
    assert np.isnan(part.iloc[1])


def test_blocks_of_the_same_size_stay_as_they_are():
    model = regular(Grid((5.0, 6.0, 7.0), (1.0, 2.0, 3.0), (4, 4, 4), 30.0))
    found = regularise(model).table
    for name in model.table.columns.drop(["sb_pct"]):
        if model.table[name].dtype.kind == "f":
            assert_allclose(found[name], model.table[name])
        else:
            assert list(found[name]) == list(model.table[name])
    assert_allclose(found["sb_pct"], model.table["sb_pct"])


@pytest.mark.parametrize("wrong", [(0, 1, 1), (1.5, 1, 1)])
def test_blocks_are_joined_by_whole_numbers(wrong):
    with pytest.raises(ValueError, match="whole numbers"):
        regularise(three(), wrong)


@pytest.mark.parametrize(("fractions", "code"), [([0.3, 1.0, 1.0], "b"), ([1.0, 0.3, 0.3], "a")])
def test_a_code_goes_to_the_larger_volume(fractions, code):
    model = three(rock=["a", "b", "b"], fraction=fractions)
    assert regularise(model, (3, 1, 1)).table["rock"].tolist() == [code]
