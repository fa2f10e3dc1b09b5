"""Do anzob pit and anzob stopes do what they say, for a study and for any block model?"""

import json

import numpy as np
import pandas as pd
import pytest
from support.command import anzob, printed
from support.small_mine import estimated, write_mine

from deposits.blockmodel import About, BlockWriter
from deposits.grid import Grid

GRID = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 10.0), (9, 9, 4))


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A dyke of ore under waste, whose rows state what they are worth."""
    path = tmp_path_factory.mktemp("model") / "blocks.parquet"
    block = np.arange(GRID.n_blocks)
    i, _, k = GRID.ijk(block)
    ore = (i == 4) & (k < 3)
    table = pd.DataFrame({
        "block": block,
        "value_usd": np.where(ore, 5000.0, -300.0),
        "sb_pct": np.where(ore, 4.0, 0.1),
        "density_t_per_m3": 2.7,
    })  # fmt: skip
    with BlockWriter(path, GRID, About("dyke")) as writer:
        writer.write(table)
    return path


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    path = write_mine(folder)
    return path, estimated(path, folder / "model")


def test_the_pit_of_a_block_model_is_that_of_the_hand(model):
    found = printed("pit", model, "--value-field", "value_usd", "--slope", 45, "--json")
    # Every slice across the dyke: one block of ore at level 2 needs 3 above it (i = 3, 4, 5) and
    # those of the slices before and behind; deeper ones ask for more than they bring at the ends.
    assert found["status"] == "optimal" and found["value"] == found["bound"] > 0
    assert found["absent_blocks"] == 0 and found["proven_by_check"]
    assert found["blocks"] > 27


def test_the_answer_in_words_names_the_proof(model):
    said = anzob("pit", model, "--value-field", "value_usd", "--slope", 45).stdout
    assert "proven optimal" in said and "found nothing wrong" in said


def test_the_blocks_of_the_pit_are_written_and_the_edge_is_said(model, tmp_path):
    words = ("--value-field", "value_usd", "--slope", 45)
    found = anzob("pit", model, *words, "--out", tmp_path)
    assert "reaches the edge of the model" in found.stdout
    blocks = pd.read_parquet(tmp_path / "pit_blocks.parquet")
    value = printed("pit", model, *words, "--json")["value"]
    assert blocks.loc[blocks["in_pit"], "value_usd"].sum() == pytest.approx(value)


def test_options_that_would_be_ignored_are_refused(model, study):
    found = anzob("pit", study[0], "--slope", 45)
    assert found.returncode == 2 and "--slope cannot be used here" in found.stderr
    words = ("--value-field", "value_usd", "--slope", 45, "--scenario", "a")
    found = anzob("pit", model, *words)
    assert found.returncode == 2 and "--scenario cannot be used here" in found.stderr


def spoilt(model, tmp_path, change, *, synthetic=False):
    table = change(pd.read_parquet(model))
    path = tmp_path / f"{'synthetic_' if synthetic else ''}blocks.parquet"
    with BlockWriter(path, GRID, About("dyke", synthetic)) as writer:
        writer.write(table[["block", *table.columns.difference(
            ["block", "easting", "northing", "elevation"])]])  # fmt: skip
    return path


STOPE_WORDS = ("--grade", "sb_pct", "--cutoff", 2, "--strike", 0, "--host-density", 2.7,
               "--level", 10, "--section", 10)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.assign(sb_pct=-1.0), "a grade below 0"),
        (lambda t: t.drop(columns="density_t_per_m3"), "no density"),
        (lambda t: t.iloc[:0], "has no rows"),
    ],
)
def test_a_block_model_that_cannot_be_right_is_refused(model, tmp_path, change, said):
    found = anzob("stopes", spoilt(model, tmp_path, change), *STOPE_WORDS)
    assert found.returncode == 1 and said in found.stderr, found.stderr
    assert "Traceback" not in found.stderr


def test_what_stopes_leave_out_is_said(model, tmp_path):
    path = spoilt(model, tmp_path, lambda t: t.assign(
        sb_pct=t["sb_pct"].where(~(t["block"] % 9).isin([3, 5]))), synthetic=True)  # fmt: skip
    words = (*STOPE_WORDS, "--near-skin", 4, "--far-skin", 4, "--pillar", 1, "--cutoff", 1)
    found = anzob("stopes", path, *words)
    assert found.stdout.startswith("SYNTHETIC: ")
    assert "Pillars are 8 m, not 1" in found.stdout and "have no grade" in found.stdout


def test_a_block_model_alone_needs_its_worth_and_its_slope(model):
    found = anzob("pit", model)
    assert found.returncode == 2 and "--value-field, --slope" in found.stderr


def test_a_field_that_is_not_there_is_named_with_those_that_are(model):
    found = anzob("pit", model, "--value-field", "value", "--slope", 45)
    assert found.returncode == 1 and "value_usd" in found.stderr
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize("slope", [0, 90, -10])
def test_a_slope_that_is_none_is_refused(model, slope):
    found = anzob("pit", model, "--value-field", "value_usd", "--slope", slope)
    assert found.returncode == 1 and str(slope) in found.stderr


def test_stopes_of_a_block_model_follow_the_dyke(model, tmp_path):
    words = ("--grade", "sb_pct", "--cutoff", 2, "--strike", 0, "--host-density", 2.7)
    sizes = ("--level", 10, "--section", 10, "--least-width", 4, "--most-width", 12)
    found = printed("stopes", model, *words, *sizes, "--out", tmp_path, "--json")
    assert found["status"] == "optimal" and found["stopes"] == 27
    assert found["totals"]["recovered_t"] == pytest.approx(27 * 2700, rel=0.25)
    assert found["totals"]["diluted_sb_pct"] >= 2
    rows = pd.read_csv(tmp_path / "stopes.csv")
    assert len(rows) == 27 and (rows["diluted_sb_pct"] >= 2).all()


def test_stopes_need_what_a_study_would_state(model):
    found = anzob("stopes", model, "--grade", "sb_pct")
    assert found.returncode == 2 and "--cutoff, --strike, --host-density" in found.stderr


def test_one_limit_of_a_study_is_found_alone(study, tmp_path):
    path, blocks = study
    found = printed("pit", path, "--blocks", blocks, "--out", tmp_path, "--json")
    assert found["stopes"] is None and found["pit"]["status"] == "optimal"
    assert set(found["files"]) == {p.name for p in tmp_path.iterdir()}
    found = printed("stopes", path, "--blocks", blocks, "--json")
    assert found["pit"] is None and found["stopes"]["certificate"]["status"] == "optimal"


def test_a_study_is_estimated_first_where_no_model_is_given(study, tmp_path):
    found = anzob("stopes", study[0], "--out", tmp_path)
    assert found.returncode == 0, found.stderr
    assert (tmp_path / "blocks.parquet").is_file() and (tmp_path / "stopes.csv").is_file()
    assert "Stopes: " in found.stdout


def test_a_study_without_the_table_says_which(study):
    path = study[0].with_name("bare.toml")
    text = study[0].read_text("utf-8")
    path.write_text(text[: text.index("[pit]")] + text[text.index("[stopes]") :], "utf-8")
    found = anzob("pit", path)
    assert found.returncode == 1 and "no table [pit]" in found.stderr


def test_the_main_job_has_pit_and_stopes_on_map_and_in_the_package(study, tmp_path):
    found = anzob("study", study[0], "--out", tmp_path)
    assert found.returncode == 0, found.stderr
    summary = json.loads((tmp_path / "summary.json").read_text("utf-8"))
    assert summary["mine"]["pit"]["status"] == summary["mine"]["stopes"]["certificate"]["status"]
    assert {"stopes.csv", "pit_shells.csv", "geojson/stopes.geojson"} < set(summary["files"])
    assert all((tmp_path / name).is_file() for name in summary["files"])
    assert "Stopes: " in found.stdout and "Pit: " in found.stdout


def test_a_scenario_lies_over_the_study(study):
    path, blocks = study
    cheap = path.with_name("cheap.toml")
    more = "[scenario.cheap.economics.sb_price]\nusd_per_t = 9000\n"
    cheap.write_text(path.read_text("utf-8") + more, "utf-8")
    base, low = (
        printed("stopes", cheap, "--blocks", blocks, "--json", *words)
        for words in ((), ("--scenario", "cheap"))
    )
    assert (base["scenario"], low["scenario"]) == (None, "cheap")
    value = "value_usd"
    assert low["stopes"]["certificate"][value] < base["stopes"]["certificate"][value]
    found = anzob("stopes", cheap, "--blocks", blocks, "--scenario", "chaep")
    assert found.returncode == 1 and "cheap" in found.stderr
