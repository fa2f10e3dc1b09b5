"""Block models and their Parquet: what is written is read, what does not fit is said."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from pandas.testing import assert_frame_equal
from support.blocks import GRIDS, cut, grids, regular

from deposits.blockmodel import (
    About,
    BlockModel,
    BlockWriter,
    block_batches,
    infer_grid,
    read_about,
    read_blocks,
    scan_blocks,
    volumes_m3,
)
from deposits.errors import DataError

GRID = GRIDS[1]
ABOUT = About("lode", units={"sb_pct": "%"}, crs="EPSG:32642", note="by hand")


def write(path: Path, model: BlockModel, rows: int = 5) -> None:
    with BlockWriter(path, model.grid, model.about) as writer:
        for start in range(0, len(model.table), rows):
            writer.write(model.table.iloc[start : start + rows])


@settings(max_examples=25)
@given(grids, st.integers(0, 5), st.integers(1, 30))
def test_a_model_comes_back_as_it_was_written(grid, seed, rows):
    model = dataclasses.replace(regular(grid, seed), about=ABOUT)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "blocks.parquet"
        write(path, model, rows)
        back = read_blocks(path)
        batches = list(scan_blocks(path, rows_per_batch=7))
    assert back.grid == grid
    assert back.about == ABOUT
    assert_frame_equal(back.table, model.table)
    assert_frame_equal(pd.concat(batches, ignore_index=True), model.table)
    assert max(len(batch) for batch in batches) <= 7


@pytest.mark.parametrize("grid", GRIDS)
def test_sub_blocks_come_back_as_they_were_written(grid, tmp_path):
    model = cut(grid)
    write(tmp_path / "cut.parquet", model, 11)
    back = read_blocks(tmp_path / "cut.parquet")
    assert back.sub_blocked
    assert_frame_equal(back.table, model.table)


def test_equal_models_give_equal_bytes(tmp_path):
    for name in ("a", "b"):
        write(tmp_path / name, regular(GRID))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_what_is_interrupted_leaves_nothing(error, tmp_path):
    path = tmp_path / "blocks.parquet"
    with pytest.raises(error), BlockWriter(path, GRID, About()) as writer:
        writer.write(pd.DataFrame({"block": [0]}))
        raise error
    assert list(tmp_path.iterdir()) == []


def test_what_is_interrupted_leaves_the_file_that_was_there(tmp_path):
    path = tmp_path / "blocks.parquet"
    write(path, regular(GRID))
    before = path.read_bytes()
    with pytest.raises(RuntimeError), BlockWriter(path, GRID, About()) as writer:
        writer.write(pd.DataFrame({"block": [0]}))
        raise RuntimeError
    assert path.read_bytes() == before


def test_synthetic_blocks_say_so_in_every_row_and_in_the_name(tmp_path):
    with pytest.raises(DataError, match="synthetic_"):
        BlockWriter(tmp_path / "blocks.parquet", GRID, About(synthetic=True))
    path = tmp_path / "synthetic_blocks.parquet"
    with BlockWriter(path, GRID, About(synthetic=True)) as writer:
        writer.write(pd.DataFrame({"block": [1, 2]}))
    assert read_blocks(path).table["synthetic"].all()
    assert read_about(path)[1].synthetic


def test_every_row_of_a_synthetic_model_says_so():
    model = BlockModel(GRID, pd.DataFrame({"block": [1, 2]}), About(synthetic=True))
    assert model.table["synthetic"].all()


def test_a_model_without_blocks_can_be_written(tmp_path):
    with BlockWriter(tmp_path / "none.parquet", GRID, About()):
        pass
    assert len(read_blocks(tmp_path / "none.parquet").table) == 0


def test_columns_and_types_are_those_of_the_first_batch(tmp_path):
    with (
        pytest.raises(DataError, match=r"extra \['y'\]"),
        BlockWriter(tmp_path / "a", GRID, About()) as w,
    ):
        w.write(pd.DataFrame({"block": [0], "x": [1.0]}))
        w.write(pd.DataFrame({"block": [1], "x": [1.0], "y": [1.0]}))
    with (
        pytest.raises(DataError, match="other types"),
        BlockWriter(tmp_path / "a", GRID, About()) as w,
    ):
        w.write(pd.DataFrame({"block": [0], "x": [1.0]}))
        w.write(pd.DataFrame({"block": [1], "x": ["text"]}))


def test_blocks_go_up_from_batch_to_batch(tmp_path):
    with (
        pytest.raises(DataError, match="repeat"),
        BlockWriter(tmp_path / "a", GRID, About()) as w,
    ):
        w.write(pd.DataFrame({"block": [0, 3]}))
        w.write(pd.DataFrame({"block": [3]}))


def test_columns_can_be_stored_as_smaller_types(tmp_path):
    with BlockWriter(tmp_path / "a", GRID, About(), {"sb_pct": "float32"}) as writer:
        writer.write(pd.DataFrame({"block": [0], "sb_pct": [0.1]}))
    found = next(scan_blocks(tmp_path / "a", ["sb_pct"]))
    assert found["sb_pct"].dtype == np.float32
    assert list(found.columns) == ["sb_pct"]


def test_a_column_that_is_not_there_is_named(tmp_path):
    write(tmp_path / "a", regular(GRID))
    with pytest.raises(DataError, match="au_gpt"):
        next(scan_blocks(tmp_path / "a", ["au_gpt"]))


BAD = {
    "off the grid": {"block": [0, 24]},
    "repeat or are not in the order": {"block": [1, 1]},
    "not in the order": {"block": [2, 1]},
    "not a column of numbers": {"block": ["a", "b"]},
    "not whole": {"block": [0.0, 1.0]},
    '"block" is missing': {"sb_pct": [1.0]},
    '"northing" is missing': {"block": [0], "easting": [1.0]},
    "fractions": {"block": [0, 1], "fraction": [0.0, 1.0]},
    "2 of 2 rows: fractions": {"block": [0, 1], "fraction": [-0.1, np.nan]},
}


@pytest.mark.parametrize("message", BAD)
def test_a_table_that_does_not_fit_its_grid_is_refused(message):
    with pytest.raises(DataError, match=message):
        BlockModel(GRID, pd.DataFrame(BAD[message]))


@pytest.mark.parametrize("shift", [0.01, -0.01, np.nan])
def test_a_centre_off_its_place_is_refused(shift):
    table = regular(GRID).table.copy()
    table.loc[0, "northing"] += shift
    with pytest.raises(DataError, match="1 of"):
        BlockModel(GRID, table)


@pytest.mark.parametrize(
    ("column", "by", "message"),
    [
        ("dx", 2.0, "overlap|leave"),
        ("dz", 0.0, "sizes"),
        ("dy", -1.0, "sizes"),
        ("dx", 9.0, "sizes"),
    ],
)
def test_sub_blocks_that_do_not_fit_are_refused(column, by, message):
    table = cut(GRID).table.copy()
    row = int((table["dx"] < GRID.size_m[0]).argmax())
    table.loc[row, column] *= by
    with pytest.raises(DataError, match=message):
        BlockModel(GRID, table)


def test_a_sub_block_that_stands_twice_is_refused():
    table = cut(GRID).table
    row = int((table["dx"] < GRID.size_m[0]).argmax())
    twice = pd.concat([table.iloc[: row + 1], table.iloc[row:]])
    with pytest.raises(DataError, match="sub-blocks overlap"):
        BlockModel(GRID, twice)


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_a_sub_block_that_leaves_its_block_is_refused(side):
    table = cut(GRID).table.iloc[:1].assign(dx=5.0, dy=5.0, dz=2.5)
    places = ["easting", "northing", "elevation"]
    table[places] = GRID.centres([0]) + side * 2.51 * GRID.axes()[0]
    with pytest.raises(DataError, match="sub-blocks leave"):
        BlockModel(GRID, table)
    table[places] = GRID.centres([0]) + side * 2.5 * GRID.axes()[0]
    BlockModel(GRID, table)


@pytest.mark.parametrize("grid", GRIDS)
def test_volumes_of_a_cut_model_fill_the_grid(grid):
    model = cut(grid)
    by_block = pd.Series(volumes_m3(model.table, grid)).groupby(model.table["block"]).sum()
    assert_allclose(by_block, grid.block_volume_m3, rtol=1e-12)
    assert len(by_block) == grid.n_blocks


@given(grids, st.integers(1, 50))
def test_batches_are_all_blocks_in_order(grid, rows):
    batches = pd.concat(block_batches(grid, rows))
    assert_array_equal(batches["block"], np.arange(grid.n_blocks))
    places = batches[["easting", "northing", "elevation"]].to_numpy()
    assert_allclose(places, grid.centres(np.arange(grid.n_blocks)), rtol=1e-15, atol=1e-9)


@settings(max_examples=40)
@given(grids)
def test_a_grid_is_found_from_all_its_centres(grid):
    centres = grid.centres(np.arange(grid.n_blocks))
    table = pd.DataFrame(centres, columns=["easting", "northing", "elevation"])
    for axis, name in enumerate(("dx", "dy", "dz")):
        table[name] = grid.size_m[axis]
    found = infer_grid(table, grid.azimuth_deg)
    assert found.shape == grid.shape
    assert_allclose(found.size_m, grid.size_m)
    assert_allclose(found.origin_m, grid.origin_m, atol=1e-6)
    if min(grid.shape) > 1:
        found = infer_grid(table[["easting", "northing", "elevation"]], grid.azimuth_deg)
        assert found.shape == grid.shape
        assert_allclose(found.origin_m, grid.origin_m, atol=1e-4)


def test_a_file_that_is_not_ours_is_read_by_its_centres(tmp_path):
    model = regular(GRIDS[0])
    theirs = model.table.rename(columns={"easting": "X", "northing": "Y", "elevation": "Z"})
    pq.write_table(pa.Table.from_pandas(theirs.drop(columns="block")[::-1]), tmp_path / "t.parquet")
    names = {"easting": "X", "northing": "Y", "elevation": "Z"}
    back = read_blocks(tmp_path / "t.parquet", names)
    assert_allclose(np.sort(back.table["easting"]), np.sort(model.table["easting"]))
    with pytest.raises(DataError, match="does not say its grid"):
        read_about(tmp_path / "t.parquet")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"easting": [0.0, 1.0, 2.3]}, "no regular grid"),
        ({"easting": [0.0, 0.0, 0.0]}, "one centre only"),
        ({"easting": [0.0, np.nan, 1.0]}, "not finite"),
    ],
)
def test_centres_on_no_grid_are_refused(table, message):
    other = {"northing": [0.0, 1.0, 2.0], "elevation": [0.0, 1.0, 2.0]}
    with pytest.raises(DataError, match=message):
        infer_grid(pd.DataFrame(table | other))


def test_a_file_that_is_missing_or_no_parquet_is_named(tmp_path):
    with pytest.raises(DataError, match="does not exist"):
        read_blocks(tmp_path / "absent.parquet")
    (tmp_path / "text.parquet").write_text("no")
    with pytest.raises(DataError, match="not a sound Parquet"):
        read_blocks(tmp_path / "text.parquet")
