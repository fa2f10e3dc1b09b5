import json
import re
import shutil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import example_drilling as example
from support.unpacking import unpack

from deposits.blockmodel import BlockModel, regularise
from deposits.grid import Grid
from maps.drawings.bench_packing import FIRST, NO_BLOCK, NO_VALUE, pack, quantise
from maps.drawings.benches import bench_grids
from maps.drawings.grades import breaks_of
from maps.style import class_words, most_breaks


@pytest.fixture(scope="module")
def blocks(tmp_path_factory):
    return example.write_blocks(tmp_path_factory.mktemp("blocks"))


@pytest.fixture(scope="module")
def benches(blocks):
    return bench_grids(blocks, example.summary())


def decoded(benches, name):
    field = next(f for f in benches.fields if f.name == name)
    codes = unpack(field.data, (len(benches.benches), benches.ny, benches.nx)).astype(int)
    values = field.lo + (codes - FIRST) * field.step
    return field, codes, np.where(codes >= FIRST, values, np.nan)


numbers = st.floats(0, 1e4).map(lambda v: round(v, 4))
grids = st.lists(st.one_of(st.none(), numbers, st.just(float("nan"))), min_size=1, max_size=40)
cuts = st.lists(st.floats(0.01, 9e3).map(lambda v: round(v, 2)), max_size=5, unique=True)


@given(grids, cuts.map(sorted), st.sampled_from([10, 250, 5000]))
def test_no_value_changes_its_class_and_none_is_off_by_more_than_a_step(cells, breaks, levels):
    present = np.array([c is not None for c in cells])[None, None]
    values = np.array([np.nan if c is None else c for c in cells])[None, None]
    wide = [b for i, b in enumerate(breaks) if i == 0 or b - breaks[i - 1] > 1.0]
    found = quantise(values, present, wide, levels)
    assert (found.codes[~present] == NO_BLOCK).all()
    assert (found.codes[present & np.isnan(values)] == NO_VALUE).all()
    known = present & np.isfinite(values)
    codes = found.codes[known].astype(int)
    assert (np.abs(found.lo + (codes - FIRST) * found.step - values[known]) <= found.step).all()
    classes = np.searchsorted(found.starts, codes, side="right")
    assert (classes == np.searchsorted(wide, values[known], side="right")).all()


@given(st.lists(st.integers(0, 65535), min_size=12, max_size=12))
def test_what_is_packed_comes_back(cells):
    codes = np.array(cells, dtype=np.uint16).reshape(2, 2, 3)
    assert (unpack(pack(codes), codes.shape) == codes).all()


def test_values_are_those_of_the_model_brought_back_to_its_parents(benches, blocks):
    table = pd.read_parquet(blocks).drop(columns="synthetic")
    model = BlockModel(example.GRID, table)
    parents = regularise(model, (1, 1, 1), absent="known_part").table
    field, _, values = decoded(benches, "sb_pct")
    i, j, k = example.GRID.ijk(parents["block"].to_numpy())
    expected = np.full(values.shape, np.nan)
    expected[k - k.min(), j - j.min(), i - i.min()] = parents["sb_pct"]
    assert (np.isnan(values) == np.isnan(expected)).all()
    assert np.nanmax(np.abs(values - expected)) <= field.step


def test_only_what_holds_blocks_is_kept_and_placed_by_three_corners(benches):
    import pyproj

    nx, ny, nz = example.GRID.shape
    assert (benches.nx, benches.ny, len(benches.benches)) == (nx - 2, ny, nz)
    back = pyproj.Transformer.from_crs(4326, example.CRS, always_xy=True)
    found = [back.transform(lon, lat) for lat, lon in benches.corners]
    local = example.GRID.to_local([[*p, 0.0] for p in found])[:, :2]
    assert local == pytest.approx(np.array([[0, 0], [(nx - 2) * 10, 0], [0, ny * 10]]), abs=1e-3)
    assert [(b["low"], b["high"]) for b in benches.benches][:2] == [(940, 945), (945, 950)]


def test_the_first_bench_shown_has_most_ore_above_the_base_cutoff(benches):
    table = example.block_table()
    rich = table[table["sb_pct"] >= example.BASE]
    tonnes = rich["dx"] * rich["dy"] * rich["dz"] * rich["density_t_per_m3"]
    by_bench = tonnes.groupby(example.GRID.ijk(rich["block"].to_numpy())[2]).sum()
    assert benches.opens_on == by_bench.idxmax()
    ore = [b["ore_t"] for b in benches.benches]
    assert ore == pytest.approx(by_bench.to_list(), rel=1e-3)


def test_a_code_is_that_of_the_largest_share_and_classes_go_from_the_surest_down(benches):
    field, codes, _ = decoded(benches, "domain")
    table = example.block_table()
    first = table[table["block"] == table.loc[table["dx"] < 5, "block"].iloc[0]]
    i, j, k = (int(n) for n in example.GRID.ijk(first["block"].iloc[0]))
    assert field.words[codes[k, j, i] - FIRST] == first.sort_values("dx")["domain"].iloc[-1]
    classes = next(f for f in benches.fields if f.name == "class")
    assert classes.words == ("Measured", "Indicated", "Inferred")


def test_a_model_beyond_the_budget_is_drawn_in_larger_cells_and_says_so(blocks):
    small = bench_grids(blocks, example.summary(), ["sb_pct"], budget=300)
    n = int(re.search(r"mean of (\d+) x \1 blocks", small.note)[1])
    assert n > 1 and (small.nx, small.ny) == (-(-22 // n), -(-16 // n))
    assert sum(len(f.data) for f in small.fields) <= 300


def test_a_hostile_word_is_escaped(tmp_path):
    grid = Grid((468_000.0, 4_336_000.0, 0.0), (10.0, 10.0, 5.0), (2, 1, 1))
    table = pd.DataFrame({"block": [0, 1], "sb_pct": [1.0, 2.0], "domain": "<img src=x>"})
    path = example.write_blocks(tmp_path, grid, table)
    told = json.dumps(bench_grids(path, example.summary()).to_dict())
    assert "<img" not in told and "&lt;img" in told


def test_breaks_are_the_cutoffs_of_the_study_with_the_base_kept():
    breaks = breaks_of(example.summary(), "sb_pct")
    assert breaks is not None and len(breaks) <= 5
    assert example.BASE in breaks and set(breaks) <= set(example.CUTOFFS)
    assert 6 in most_breaks([1, 2, 3, 4, 5, 6, 7], 6) and len(most_breaks(range(9), 6)) == 5
    assert class_words((1.0,), "%") == ("below 1 %", "1 % and more")


def test_the_page_made_again_from_the_folder_is_the_same_page(drilled, tmp_path):
    from maps.workflow import map_from_folder

    for name in ("summary.json", "synthetic_layers.gpkg", "synthetic_blocks.parquet"):
        shutil.copy(drilled / name, tmp_path)
    assert map_from_folder(tmp_path) == ["synthetic_map.html"]
    name = "synthetic_map.html"
    assert (tmp_path / name).read_bytes() == (drilled / name).read_bytes()


def test_a_value_at_a_break_belongs_above_it():
    values = np.array([[[0.0, 0.999, 1.0, 1.001, 9.0]]])
    found = quantise(values, np.ones(values.shape, dtype=bool), (1.0,), 250)
    above = found.codes[0, 0] >= found.starts[0]
    assert list(above) == [False, False, True, True, True]
