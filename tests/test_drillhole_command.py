"""Does the drillhole route do what the README says, on the deposit whose truth is known?"""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from support.command import anzob, printed

from deposits.formats.csv_blocks import read_datamine

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "data" / "demo.toml"


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The SYNTHETIC study, run as the README says."""
    out = tmp_path_factory.mktemp("demo") / "results"
    found = anzob("study", DEMO, "--out", out, SOURCE_DATE_EPOCH="0")
    assert found.returncode == 0, found.stderr
    return out, found.stdout


@pytest.fixture(scope="module")
def summary(results):
    return json.loads((results[0] / "summary.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def blocks(results):
    return pd.read_parquet(results[0] / "synthetic_blocks.parquet")


def rows_at(summary, cutoff, **labels):
    rows = [r for r in summary["tonnage"]["rows"] if r["cutoff"] == cutoff]
    return [r for r in rows if all(r[k] == v for k, v in labels.items())]


def test_it_ends_with_the_tonnes_of_every_class_and_the_truth(results):
    said = results[1]
    assert "At or above 1 % Sb the block model holds Measured" in said
    assert "Inferred approximately" in said
    assert "The truth of this invented deposit" in said


def test_every_file_says_that_it_is_synthetic(results):
    names = [p.name for p in results[0].rglob("*") if p.is_file()]
    own = {"summary.json", "manifest.json"}
    assert own < set(names)
    assert [name for name in names if name not in own and not name.startswith("synthetic_")] == []
    assert {"synthetic_map.html", "synthetic_validation.html", "synthetic_blocks.parquet"} < set(
        names
    )


def test_every_row_and_layer_says_that_it_is_synthetic(results, blocks, tmp_path):
    out = results[0]
    assert blocks["synthetic"].all()
    for path in out.glob("*.csv"):
        assert pd.read_csv(path)["synthetic"].all(), path.name
    # A copy: GDAL leaves an .aux.xml beside a file whose metadata it has read.
    package = shutil.copy(out / "synthetic_layers.gpkg", tmp_path)
    for name, geometry in pyogrio.list_layers(package):
        if name == "layer_styles":
            continue
        assert str(name).startswith("synthetic_")
        if geometry is not None:
            assert "synthetic" in gpd.read_file(package, layer=name).columns, name
    for path in (out / "geojson").glob("*.geojson"):
        assert "synthetic" in gpd.read_file(path).columns, path.name
    for page in ("synthetic_map.html", "synthetic_validation.html"):
        assert "SYNTHETIC" in (out / page).read_text("utf-8")


def test_no_page_and_no_table_names_a_real_field(results):
    for path in results[0].rglob("*"):
        if path.suffix in (".html", ".json", ".csv", ".geojson"):
            text = path.read_text("utf-8").lower()
            assert not {"jijikrut", "konchoch"} & {w for w in ("jijikrut", "konchoch") if w in text}


def test_tonnes_of_the_table_are_those_of_the_blocks(summary, blocks):
    tonnes = blocks["dx"] * blocks["dy"] * blocks["dz"] * blocks["density_t_per_m3"]
    for name, part in blocks.assign(t=tonnes).groupby("class"):
        for cutoff in (0.0, 1.0, 5.0):
            (row,) = rows_at(summary, cutoff, **{"class": name})
            above = part[part["sb_pct"] >= cutoff]
            assert row["ore_t"] == pytest.approx(above["t"].sum(), rel=1e-9)
            metal = (above["t"] * above["sb_pct"]).sum() / 100
            assert row["sb_t"] == pytest.approx(metal, rel=1e-9)


def test_inferred_is_added_to_nothing(summary):
    classes = {row["class"] for row in summary["tonnage"]["rows"]}
    assert classes == {"Measured", "Indicated", "Measured + Indicated", "Inferred"}


def test_the_estimate_is_near_the_truth_where_it_must_be(summary):
    """All of the horizon within 1 %; its antimony within 10 %, which a campaign can miss."""
    whole = {r["cutoff"]: r for r in summary["tonnage"]["whole"]}
    truth = {r["cutoff"]: r for r in summary["tonnage"]["truth"]}
    assert whole[0.0]["ore_t"] == pytest.approx(truth[0.0]["ore_t"], rel=0.01)
    assert whole[0.0]["sb_t"] == pytest.approx(truth[0.0]["sb_t"], rel=0.10)
    # Kriging smooths: too many tonnes about the mean, too few of the rich.
    assert whole[1.0]["ore_t"] > truth[1.0]["ore_t"]
    assert whole[10.0]["ore_t"] < truth[10.0]["ore_t"]


def test_compositing_lost_no_metal(summary):
    for row in summary["drilling"]["balance"]:
        assert abs(row["metal_difference"]) < 1e-9 * max(1.0, row["metal_before"])
        assert abs(row["length_m_difference"]) < 1e-6


def test_the_summary_says_how_blocks_were_estimated(summary, blocks):
    model = summary["block_model"]
    assert model["rows"] == len(blocks)
    assert model["estimated"] + model["unestimated"] == len(blocks)
    assert sum(model["passes"].values()) == len(blocks)
    (domain,) = summary["domains"]
    assert [v["element"] for v in domain["variograms"]] == ["sb_pct", "au_gpt", "as_pct", "hg_pct"]
    solid = domain["volume_m3"]
    assert solid == pytest.approx((blocks["dx"] * blocks["dy"] * blocks["dz"]).sum(), rel=1e-9)


def test_blocks_of_one_element_share_weights_with_another_of_the_same_model(summary):
    origins = {v["element"]: v["origin"] for v in summary["domains"][0]["variograms"]}
    assert origins["as_pct"] == origins["hg_pct"] == "same as sb_pct"


def test_tonnage_of_the_file_is_that_of_the_study(results, summary):
    found = printed(
        "tonnage", results[0] / "synthetic_blocks.parquet", "--cutoffs", "1", "--by", "class",
        "--json",
    )  # fmt: skip
    mine = {r["class"]: r["ore_t"] for r in found["tonnage"]["above"]}
    study = {r["class"]: r["ore_t"] for r in rows_at(summary, 1.0)}
    assert mine == pytest.approx(study, rel=1e-12)


def test_equal_inputs_give_equal_bytes_on_one_thread_and_two(results, tmp_path):
    one = {"NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    again = tmp_path / "again"
    found = anzob("study", DEMO, "--out", again, SOURCE_DATE_EPOCH="0", **one)
    assert found.returncode == 0, found.stderr
    names = sorted(p.relative_to(results[0]) for p in results[0].rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    for name in names:
        if name.name != "manifest.json":
            assert (results[0] / name).read_bytes() == (again / name).read_bytes(), name


def test_the_map_is_made_again_from_the_folder(results, tmp_path):
    before = (results[0] / "synthetic_map.html").read_bytes()
    found = anzob("map", results[0], "--out", tmp_path)
    assert found.returncode == 0, found.stderr
    assert (tmp_path / "synthetic_map.html").read_bytes() == before


def test_a_drillhole_study_without_a_schedule_has_no_plan_and_says_so(tmp_path):
    text = DEMO.read_text("utf-8").replace('"demo/', f'"{(ROOT / "data/demo").as_posix()}/')
    bare = tmp_path / "bare.toml"
    bare.write_text(text[: text.index("[schedule]")] + text[text.index("[synthetic]") :], "utf-8")
    found = anzob("plan", bare)
    assert found.returncode == 1
    assert "the study has no table [schedule]" in found.stderr


def test_evidence_and_drillholes_are_never_one_study(tmp_path):
    text = DEMO.read_text("utf-8").replace('"demo/', f'"{(ROOT / "data/demo").as_posix()}/')
    mixed = tmp_path / "mixed.toml"
    mixed.write_text(text + '\n[evidence]\nstatements = "x.csv"\n', "utf-8")
    found = anzob("check", mixed)
    assert found.returncode == 1
    assert "published evidence or drillholes, never both" in found.stdout


def test_synthetic_files_are_refused_in_a_study_that_calls_itself_real(tmp_path):
    text = DEMO.read_text("utf-8").replace('"demo/', f'"{(ROOT / "data/demo").as_posix()}/')
    real = tmp_path / "real.toml"
    real.write_text(text.replace("synthetic = true", "synthetic = false"), "utf-8")
    found = anzob("check", real)
    assert found.returncode == 1
    assert "synthetic files in a study that is not called synthetic" in found.stdout


def test_the_demo_is_sound():
    found = anzob("check", DEMO)
    assert found.returncode == 0
    assert "0 errors" in found.stdout


def test_tables_of_the_package_hold_the_curves(results):
    with closing(sqlite3.connect(results[0] / "synthetic_layers.gpkg")) as base:
        tables = {r[0] for r in base.execute("SELECT table_name FROM gpkg_contents")}
    assert "synthetic_grade_tonnage" in tables
    assert {"synthetic_drillhole_traces", "synthetic_collars", "synthetic_composites"} < tables


@pytest.mark.parametrize("wanted", ["datamine", "vulcan", "gslib", "omf", "vtk"])
def test_the_model_goes_on_to_other_programs(results, tmp_path, wanted):
    found = anzob("export", results[0], "--format", wanted, "--out", tmp_path)
    assert found.returncode == 0, found.stderr
    # Formats without room for a word of their own have it in a file beside them.
    told = wanted in ("datamine", "vulcan")
    (path,) = (each for each in tmp_path.iterdir() if not each.stem.endswith("_about"))
    assert len(list(tmp_path.iterdir())) == 1 + told
    # One OMF project holds all there is; the others know blocks alone.
    assert path.stem == ("synthetic_study" if wanted == "omf" else f"synthetic_blocks_{wanted}")
    assert path.stat().st_size > 1e6


def test_another_program_reads_the_same_antimony(results, tmp_path, blocks):
    anzob("export", results[0], "--format", "datamine", "--out", tmp_path)
    back = read_datamine(tmp_path / "synthetic_blocks_datamine.csv").table
    volume = np.prod([back[edge].to_numpy() for edge in ("dx", "dy", "dz")], axis=0)
    mine = blocks["dx"] * blocks["dy"] * blocks["dz"]
    for table, cubic_metres in ((back, volume), (blocks, mine)):
        table["metal"] = cubic_metres * table["density_t_per_m3"] * table["sb_pct"]
    assert back["metal"].sum() == pytest.approx(blocks["metal"].sum(), rel=1e-9)


def test_host_rock_that_dilutes_the_ore_of_pit_and_stopes_stands_apart(summary):
    for held in (summary["mine"]["pit"], summary["mine"]["stopes"]["totals"]):
        parts = sum(value for key, value in held.items() if key.startswith("class_"))
        assert parts == pytest.approx(held["ore_t"]) and held["class_none_t"] > 0
