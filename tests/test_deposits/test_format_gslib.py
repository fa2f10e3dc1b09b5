"""GSLIB grids: round trips, order by hand, a third-party file."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from support.blocks import GRIDS, cut, grids, regular
from support.reference import reference

from deposits.blockmodel import BlockModel
from deposits.errors import DataError
from deposits.formats.gslib import read_gslib, write_gslib
from deposits.grid import Grid


@settings(max_examples=30)
@given(grids, st.integers(0, 9), st.sampled_from([-1.0e21, -999.0]))
def test_regular_models_come_back(grid, seed, no_data):
    model = regular(grid, seed, text=False)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.dat"
        write_gslib(path, model, no_data)
        back = read_gslib(path, no_data=no_data)
    assert back.grid.shape == grid.shape
    assert back.grid.azimuth_deg == grid.azimuth_deg
    assert_allclose(back.grid.origin_m, grid.origin_m, rtol=1e-14, atol=1e-9)
    for name in model.fields:
        assert_array_equal(back.table[name], model.table[name].astype(float))
    assert_array_equal(back.table["block"], model.table["block"])


def test_the_layout_is_the_one_by_hand(tmp_path):
    grid = Grid((0.0, 10.0, 20.0), (1.0, 2.0, 4.0), (2, 1, 2))
    model = BlockModel(grid, pd.DataFrame({"block": [1, 2], "sb_pct": [0.5, np.nan]}))
    write_gslib(tmp_path / "g.dat", model)
    assert (tmp_path / "g.dat").read_text().splitlines() == [
        "block model; grid 2 0.5 1.0 1 11.0 2.0 2 22.0 4.0 azimuth 0.0",
        "1",
        "sb_pct",
        *["-1e+21", "0.5", "-1e+21", "-1e+21"],
    ]


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (cut(GRIDS[0]), "no sub-blocks"),
        (regular(GRIDS[0]), "numbers only"),
        (BlockModel(GRIDS[0], pd.DataFrame({"block": [0], "x": [-1e21]})), "number for no data"),
    ],
)
def test_what_the_format_cannot_hold_is_refused(model, message, tmp_path):
    with pytest.raises(DataError, match=message):
        write_gslib(tmp_path / "g.dat", model)


BROKEN = {
    "not a GSLIB file": "title\nx\n",
    "does not say its grid": "title\n1\nsb\n1.0\n",
    "lines are not as many": "t; grid 2 0.5 1.0 1 0.5 1.0 1 0.5 1.0 azimuth 0.0\n1\nsb\n1.0\n",
    "not lines of numbers": "t; grid 1 0.5 1.0 1 0.5 1.0 1 0.5 1.0 azimuth 0.0\n1\nsb\nx\n",
    "do not fit the names": "t; grid 1 0.5 1.0 1 0.5 1.0 1 0.5 1.0 azimuth 0.0\n1\nsb\n1 2\n",
}


@pytest.mark.parametrize("message", BROKEN)
def test_a_file_that_cannot_be_right_is_refused(message, tmp_path):
    (tmp_path / "g.dat").write_text(BROKEN[message])
    with pytest.raises(DataError, match=message):
        read_gslib(tmp_path / "g.dat")


@pytest.mark.reference
def test_the_exhaustive_grid_of_gslib_is_read_in_its_order():
    # true.dat: 50 x 50 nodes of 1 ft, the first at 0.5, east fastest (Deutsch and Journel 1998).
    path = reference("geostat/gslib/true.dat")
    grid = Grid((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (50, 50, 1))
    model = read_gslib(path, grid)
    values = np.loadtxt(path, skiprows=4, ndmin=2)
    assert len(model.table) == 2500
    assert_array_equal(model.table[model.fields[0]], values[:, 0])
    assert_allclose(model.table["easting"].head(3), [0.5, 1.5, 2.5])
