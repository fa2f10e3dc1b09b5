"""Are the blocks on the page in space those of the model, whole, in their places, and counted?"""

import json
import math

import numpy as np
import pandas as pd
import pytest
from support import example_drilling
from support.blocks import GRIDS, cut, regular
from support.unpacking import unpack

from deposits.blockmodel import About, BlockWriter, volumes_m3
from deposits.grid import Grid
from maps.drawings.bench_packing import FIRST
from maps.drawings.solids_blocks import block_boxes

SUMMARY = {
    "drilling": {"elements": [{"name": "sb_pct", "unit": "%", "label": "Antimony"}]},
    "tonnage": {
        "cut_field": "sb_pct",
        "base_cutoff": 1.0,
        "rows": [{"cutoff": c} for c in (0.5, 1.0, 2.5)],
        "whole": [{"cutoff": 1.0, "ore_t": 1.6e7, "sb_pct": 2.23}],
    },
}


def written(folder, grid, table):
    path = folder / "blocks.parquet"
    with BlockWriter(path, grid, About("test", crs="EPSG:32642")) as writer:
        writer.write(table)
    return path


def graded(grid, *, sub_blocked):
    """Half a grid of blocks, or sub-blocks of many sizes; some have no grade."""
    table = cut(grid).table if sub_blocked else regular(grid).table
    rng = np.random.default_rng(5)
    grade = np.where(rng.uniform(size=len(table)) < 0.2, np.nan, rng.lognormal(0, 1, len(table)))
    known = {"sb_pct": grade, "class": rng.choice(["Measured", "C2", ""], len(table))}
    return table.assign(**known, density_t_per_m3=rng.uniform(2.5, 3, len(table)))


def codes(packed, n):
    return unpack(packed["data"], (1, 1, n)).ravel().astype(int)


def read_back(drawn):
    """Middles, sizes and values of boxes, as the script of the page reads them."""
    n, edges = drawn["n"], [np.array(e) for e in drawn["edges"]]
    low = [codes(part, n) for part in drawn["low"]]
    high = [a + codes(part, n) for a, part in zip(low, drawn["long"], strict=True)]
    starts = np.column_stack([e[a] for e, a in zip(edges, low, strict=True)])
    ends = np.column_stack([e[a] for e, a in zip(edges, high, strict=True)])
    middle = (starts + ends) / 2
    across, along = np.array(drawn["x"]), np.array(drawn["y"])
    plan = middle[:, :1] * across + middle[:, 1:2] * along + np.array(drawn["origin"])[:2]
    height = middle[:, 2] + drawn["origin"][2]
    values = {f["name"]: codes(f, n) for f in drawn["fields"]}
    return np.column_stack([plan, height]), ends - starts, values


@pytest.mark.parametrize("grid", GRIDS, ids=lambda g: f"{g.azimuth_deg:g} degrees")
@pytest.mark.parametrize("sub_blocked", [False, True])
def test_every_estimated_block_is_a_box_in_its_place_and_of_its_size(tmp_path, grid, sub_blocked):
    table = graded(grid, sub_blocked=sub_blocked)
    drawn = block_boxes(written(tmp_path, grid, table), SUMMARY)
    known = table[table["sb_pct"].notna()].reset_index(drop=True)
    assert 0 < len(known) < len(table)
    assert (drawn["n"], drawn["all"]) == (len(known), len(known))
    assert drawn["unknown"] == len(table) - len(known)
    middle, size, values = read_back(drawn)
    if sub_blocked:
        wanted = known[["easting", "northing", "elevation"]].to_numpy()
        wide = known[["dx", "dy", "dz"]].to_numpy()
        assert len(np.unique(wide, axis=0)) > 1
    else:
        wanted = grid.centres(known["block"].to_numpy())
        wide = np.tile(grid.size_m, (len(known), 1))
    own, theirs = (np.lexsort(np.round(places, 2).T) for places in (middle, wanted))
    np.testing.assert_allclose(middle[own], wanted[theirs], atol=0.003)
    np.testing.assert_allclose(size[own], wide[theirs], atol=0.003)
    assert np.prod(size, axis=1).sum() == pytest.approx(volumes_m3(known, grid).sum(), rel=1e-3)
    field = next(f for f in drawn["fields"] if f["name"] == "sb_pct")
    grades = field["lo"] + (values["sb_pct"] - FIRST) * field["step"]
    np.testing.assert_allclose(
        grades[own], known["sb_pct"].to_numpy()[theirs], atol=field["step"] * 1.001
    )


def test_no_block_changes_its_side_of_a_limit(tmp_path):
    grid = GRIDS[1]
    table = graded(grid, sub_blocked=False)
    table.loc[table.index[:4], "sb_pct"] = [0.5, 1.0, 2.5, np.nextafter(1.0, 0.0)]
    drawn = block_boxes(written(tmp_path, grid, table), SUMMARY)
    field = drawn["fields"][0]
    found = codes(field, drawn["n"])
    assert [limit["number"] for limit in field["limits"]] == [0.5, 1.0, 2.5]
    for start, limit in zip(field["starts"], field["limits"], strict=True):
        assert (found >= start).sum() == (table["sb_pct"] >= limit["number"]).sum()


def test_codes_have_their_words_and_what_is_not_known_a_class_of_its_own(tmp_path):
    grid = GRIDS[0]
    table = graded(grid, sub_blocked=False)
    drawn = block_boxes(written(tmp_path, grid, table), SUMMARY)
    field = next(f for f in drawn["fields"] if f["name"] == "class")
    assert field["words"] == ["Measured", "C2"] and field["limits"] == []
    assert [c["label"] for c in field["classes"]] == ["Measured", "C2", "not known"]
    known = table[table["sb_pct"].notna()]
    assert (codes(field, drawn["n"]) == 1).sum() == (known["class"] == "").sum()


def test_the_poorest_blocks_are_left_out_first_and_the_page_can_say_so(tmp_path):
    grid = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 5.0), (20, 20, 5))
    # To two decimals, so that some lie at a limit itself.
    grade = np.round(np.random.default_rng(2).lognormal(0.5, 1, grid.n_blocks), 2)
    table = pd.DataFrame({"block": np.arange(grid.n_blocks), "sb_pct": grade})
    path = written(tmp_path, grid, table)
    whole = block_boxes(path, SUMMARY)
    assert (whole["n"], whole["floor"]) == (grid.n_blocks, "")
    for most in (1500, 900, 40):
        drawn = block_boxes(path, SUMMARY, most=most)
        floor = float(drawn["floor"].removesuffix(" % Sb"))
        assert drawn["n"] == (grade >= floor).sum() <= most
        assert most == 40 or (grade == floor).any()
        assert drawn["n"] > 0.9 * most - 2 and drawn["all"] == grid.n_blocks


def test_a_small_budget_drops_fields_of_the_second_rank_by_name_before_blocks(tmp_path):
    grid = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 5.0), (30, 30, 10))
    rng = np.random.default_rng(2)
    n = grid.n_blocks
    told = {"sb_pct": rng.lognormal(0, 1, n), "slope": rng.uniform(0, 1, n)}
    path = written(tmp_path, grid, pd.DataFrame({"block": np.arange(n), **told}))

    def size(drawn):
        return sum(len(p["data"]) for k in ("low", "long", "fields") for p in drawn[k])

    whole = block_boxes(path, SUMMARY)
    assert whole["without"] == []
    less = block_boxes(path, SUMMARY, budget=size(whole) - 6_000)
    assert less["n"] == n and size(less) <= size(whole) - 6_000
    assert less["without"] == ["Slope of regression"]
    least = block_boxes(path, SUMMARY, budget=3_000)
    assert 0 < least["n"] < n and size(least) <= 3_000 and least["floor"] != ""


def test_the_page_repeats_what_the_study_counts_above_a_limit(tmp_path):
    drawn = block_boxes(written(tmp_path, GRIDS[0], graded(GRIDS[0], sub_blocked=False)), SUMMARY)
    assert drawn["weighed"] == {"1": "16 Mt at 2.2 % Sb"} and drawn["base"] == 1.0


def test_a_model_without_a_grade_or_an_estimate_draws_nothing(tmp_path):
    grid = GRIDS[0]
    rows = pd.DataFrame({"block": [0, 1], "class": ["C1", "C2"]})
    assert block_boxes(written(tmp_path, grid, rows), SUMMARY) is None
    rows = pd.DataFrame({"block": [0, 1], "sb_pct": [math.nan, math.nan]})
    assert block_boxes(written(tmp_path, grid, rows), SUMMARY) is None


def test_texts_of_a_model_stay_texts(tmp_path):
    grid = GRIDS[0]
    rows = pd.DataFrame({"block": [0, 1], "sb_pct": [1.0, 2.0], "domain": ["<b>x</b>", "a&b"]})
    told = {**SUMMARY, "drilling": example_drilling.summary()["drilling"]}
    drawn = block_boxes(written(tmp_path, grid, rows), told)
    assert "<" not in json.dumps({k: v for k, v in drawn.items() if k == "fields"})
