"""CSV for Datamine and Vulcan: round trips, layouts by hand, what cannot be right is said."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal
from support.blocks import GRIDS, cut, grids, regular

from deposits.blockmodel import About, BlockModel
from deposits.errors import DataError
from deposits.formats.csv_blocks import read_datamine, read_vulcan, write_datamine, write_vulcan
from deposits.grid import Grid

PLACES = ["easting", "northing", "elevation"]


def assert_same(back: BlockModel, model: BlockModel, apart: float = 0.0) -> None:
    """Fields to the last digit; places too, but for what turning them takes."""
    others = [name for name in model.table.columns if name not in PLACES]
    assert_frame_equal(back.table[others], model.table[others])
    assert_allclose(back.table[PLACES], model.table[PLACES], rtol=0, atol=apart)


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Rows by block and place, to the micrometre."""
    return table.round(6).sort_values(["block", *PLACES]).reset_index(drop=True)


@settings(max_examples=30)
@given(grids, st.integers(0, 9))
def test_regular_models_come_back(grid, seed):
    model = regular(grid, seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.csv"
        write_datamine(path, model)
        back = read_datamine(path)
        assert back.grid == grid
        assert_same(back, model, 1e-8 if grid.azimuth_deg else 0.0)
        write_vulcan(path, model)
        assert_same(read_vulcan(path, grid), model)


@pytest.mark.parametrize("grid", GRIDS)
def test_sub_blocked_models_come_back(grid, tmp_path):
    model = cut(grid)
    for name in ("datamine", "vulcan"):
        path = tmp_path / f"{name}.csv"
        {"datamine": write_datamine, "vulcan": write_vulcan}[name](path, model)
        back = read_datamine(path) if name == "datamine" else read_vulcan(path, grid)
        assert_frame_equal(in_order(back.table)[model.table.columns], in_order(model.table))


def test_the_grid_of_a_vulcan_file_is_found_from_its_centroids(tmp_path):
    grid = GRIDS[1]
    model = BlockModel(grid, pd.DataFrame({"block": np.arange(grid.n_blocks), "sb_pct": 1.5}))
    write_vulcan(tmp_path / "v.csv", model)
    found = read_vulcan(tmp_path / "v.csv", azimuth_deg=30.0).grid
    assert found.shape == grid.shape
    assert_allclose(found.origin_m, grid.origin_m, atol=1e-4)


def test_the_datamine_layout_is_the_one_by_hand(tmp_path):
    grid = Grid((100.0, 200.0, 50.0), (10.0, 20.0, 5.0), (2, 3, 4))
    model = BlockModel(grid, pd.DataFrame({"block": [0, 1, 2, 6], "sb_pct": [1, 2, 3, np.nan]}))
    write_datamine(tmp_path / "d.csv", model)
    with (tmp_path / "d.csv").open() as file:
        rows = list(csv.DictReader(file))
    # IJK = I NY NZ + J NZ + K: block 6 is one level up, block 2 one row north, block 1 one east.
    assert [row["IJK"] for row in rows] == ["0", "1", "4", "12"]
    assert [row["sb_pct"] for row in rows] == ["1.0", "-", "3.0", "2.0"]
    assert rows[3] | {"XC": "115.0", "YC": "210.0", "ZC": "52.5"} == rows[3]
    assert (rows[0]["XMORIG"], rows[0]["NZ"], "ANGLE1" in rows[0]) == ("100.0", "4", False)


def test_a_rotated_datamine_model_has_local_centres_and_a_clockwise_angle(tmp_path):
    grid = Grid((100.0, 200.0, 50.0), (10.0, 20.0, 5.0), (2, 3, 4), 30.0)
    write_datamine(tmp_path / "d.csv", BlockModel(grid, pd.DataFrame({"block": [1]})))
    with (tmp_path / "d.csv").open() as file:
        row = next(csv.DictReader(file))
    assert (row["X0"], row["ANGLE1"], row["ROTAXIS1"], row["XMORIG"]) == (
        "100.0",
        "30.0",
        "3",
        "0.0",
    )
    assert_allclose([float(row[name]) for name in ("XC", "YC", "ZC")], [15.0, 10.0, 2.5])


def test_a_rotated_datamine_model_with_another_local_corner_is_placed(tmp_path):
    text = ("XC,YC,ZC,XINC,YINC,ZINC,IJK,XMORIG,YMORIG,ZMORIG,NX,NY,NZ,X0,Y0,Z0,"
            "ANGLE1,ANGLE2,ANGLE3,ROTAXIS1,ROTAXIS2,ROTAXIS3,AU\n"
            "1005,2005,2.5,10,10,5,0,1000,2000,0,1,1,1,100,200,50,90,0,0,3,1,3,1.5\n")  # fmt: skip
    (tmp_path / "d.csv").write_text(text)
    model = read_datamine(tmp_path / "d.csv")
    # Turned clockwise by 90 degrees, the model's X runs south and its Y east.
    assert_allclose(model.table[PLACES], [[105.0, 195.0, 52.5]])


def test_the_vulcan_layout_is_the_one_by_hand(tmp_path):
    grid = Grid((100.0, 200.0, 50.0), (10.0, 20.0, 5.0), (2, 3, 4))
    table = pd.DataFrame({"block": [0, 1], "sb_pct": [1 / 3, np.nan], "rock": ["a", "b"]})
    write_vulcan(tmp_path / "v.csv", BlockModel(grid, table, About(units={"sb_pct": "%"})))
    assert (tmp_path / "v.csv").read_text().splitlines() == [
        "centroid_x,centroid_y,centroid_z,dim_x,dim_y,dim_z,volume,sb_pct,rock",
        "variable descriptions:,,,,,,,%,",
        "variable types:,,,,,,,double,name",
        "variable defaults:,,,,,,,-99.0,",
        "105.0,210.0,52.5,10.0,20.0,5.0,1000.0,0.3333333333333333,a",
        "115.0,210.0,52.5,10.0,20.0,5.0,1000.0,-99.0,b",
    ]


@pytest.mark.parametrize("write", [write_datamine, write_vulcan])
@pytest.mark.parametrize("text", ["=1+1", "@x", "+x", "-x", " ", "a\nb"])
def test_text_that_would_be_a_formula_is_refused(write, text, tmp_path):
    model = BlockModel(GRIDS[0], pd.DataFrame({"block": [0], "rock": [text]}))
    with pytest.raises(DataError, match="formula"):
        write(tmp_path / "m.csv", model)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("write", "name"), [(write_datamine, "xc"), (write_vulcan, "Volume")])
def test_a_field_may_not_be_called_as_one_of_the_format(write, name, tmp_path):
    with pytest.raises(DataError, match="one of the format's own"):
        write(tmp_path / "m.csv", BlockModel(GRIDS[0], pd.DataFrame({"block": [0], name: [1.0]})))


def test_a_value_equal_to_the_default_is_refused(tmp_path):
    model = BlockModel(GRIDS[0], pd.DataFrame({"block": [0], "sb_pct": [-99.0]}))
    with pytest.raises(DataError, match="no data"):
        write_vulcan(tmp_path / "m.csv", model)


def test_synthetic_models_need_a_name_that_says_so(tmp_path):
    model = BlockModel(GRIDS[0], pd.DataFrame({"block": [0]}), About(synthetic=True))
    with pytest.raises(DataError, match="synthetic_"):
        write_datamine(tmp_path / "m.csv", model)


BROKEN = {
    "missing": "XC,YC,ZC\n1,2,3\n",
    "another number of cells": "XC,YC,ZC,XINC,YINC,ZINC\n1,2,3\n",
    "is not that of the centre": "XC,YC,ZC,XINC,YINC,ZINC,IJK,XMORIG,YMORIG,ZMORIG,NX,NY,NZ\n"
    "5,5,5,10,10,10,1,0,0,0,2,2,2\n",
    "off the grid": "XC,YC,ZC,XINC,YINC,ZINC,XMORIG,YMORIG,ZMORIG,NX,NY,NZ\n"
    "50,5,5,10,10,10,0,0,0,2,2,2\n",
    "tilted": "XC,YC,ZC,XINC,YINC,ZINC,XMORIG,YMORIG,ZMORIG,NX,NY,NZ,X0,Y0,Z0,"
    "ANGLE1,ANGLE2,ANGLE3,ROTAXIS1,ROTAXIS2,ROTAXIS3\n5,5,5,10,10,10,0,0,0,2,2,2,0,0,0,30,10,0,3,1,0\n",
}


@pytest.mark.parametrize("message", BROKEN)
def test_a_datamine_file_that_cannot_be_right_is_refused(message, tmp_path):
    (tmp_path / "d.csv").write_text(BROKEN[message])
    with pytest.raises(DataError, match=message):
        read_datamine(tmp_path / "d.csv")


def test_a_file_that_is_not_vulcan_s_is_refused(tmp_path):
    (tmp_path / "v.csv").write_text("hole,from,to\nA,0,1\n")
    with pytest.raises(DataError, match="not a Vulcan CSV"):
        read_vulcan(tmp_path / "v.csv")
