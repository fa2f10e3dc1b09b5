import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pyogrio
import pytest
from pyogrio.errors import FeatureError
from support import example_study

from maps import workflow
from maps.config import MapSettings
from maps.errors import UnavailableFormat, UnfinishedStudy, UnusableLayer, UnwritableFile
from maps.finished import put


def files(folder):
    return sorted(p.relative_to(folder).as_posix() for p in Path(folder).rglob("*") if p.is_file())


def test_the_names_returned_are_the_files_that_are_there(tmp_path, summary):
    names = workflow.write_products(summary, example_study.layers(), tmp_path / "new" / "out")
    assert sorted(names) == files(tmp_path / "new" / "out")
    assert names[:2] == ["map.html", "layers.gpkg"]


def test_writing_twice_gives_equal_bytes_whatever_the_clock(tmp_path, summary, monkeypatch):
    for out in ("one", "two"):
        workflow.write_products(summary, example_study.layers(), tmp_path / out)
        monkeypatch.setattr("time.time", lambda: 2e9)
    for name in files(tmp_path / "one"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_the_page_made_again_from_the_folder_is_the_same_page(finished, tmp_path):
    for name in ("summary.json", "layers.gpkg"):
        shutil.copy(finished / name, tmp_path)
    assert workflow.map_from_folder(tmp_path) == ["map.html"]
    assert (tmp_path / "map.html").read_bytes() == (finished / "map.html").read_bytes()
    assert files(tmp_path) == ["layers.gpkg", "map.html", "summary.json"]


def test_the_page_made_again_keeps_the_settings_of_the_study(tmp_path, summary):
    kept = MapSettings(title="Chosen title", online_tiles=False)
    summary = {**summary, "study": {**summary["study"], "map": kept.model_dump(mode="json")}}
    workflow.write_products(summary, example_study.layers(), tmp_path, settings=kept)
    (tmp_path / "summary.json").write_text(json.dumps(summary), "utf-8")
    before = (tmp_path / "map.html").read_bytes()
    workflow.map_from_folder(tmp_path)
    assert (tmp_path / "map.html").read_bytes() == before


@pytest.mark.parametrize("file_format", ["geojson", "gpkg"])
def test_an_export_made_again_is_the_same_file(finished, tmp_path, file_format):
    names = workflow.export_from_folder(finished, file_format, tmp_path)
    assert sorted(names) == files(tmp_path)
    original = finished / ("geojson" if file_format == "geojson" else "")
    for name in names:
        if name.endswith(".gpkg"):
            continue
        assert (tmp_path / name).read_bytes() == (original / name).read_bytes()


def test_csv_holds_every_table_and_layer_with_positions(finished, tmp_path, summary):
    names = workflow.export_from_folder(finished, "CSV", tmp_path)
    assert {"grade_tonnage.csv", "claims.csv", "deposits.csv", "roads.csv"} <= set(names)
    with (tmp_path / "deposits.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert float(rows[0]["longitude"]) == pytest.approx(68.64, abs=1e-6)
    with (tmp_path / "roads.csv").open(encoding="utf-8") as lines:
        assert next(csv.DictReader(lines))["wkt_wgs84"].startswith("LINESTRING")
    with (tmp_path / "grade_tonnage.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == len(summary["grade_tonnage"])
    assert rows[0]["ore_t"] == ""


def test_an_unknown_format_is_refused_with_those_that_are_known(finished, tmp_path):
    with pytest.raises(UnavailableFormat, match=r"not a format.*geojson.*gpkg.*qgis.*csv"):
        workflow.export_from_folder(finished, "shp", tmp_path / "unused")
    assert not (tmp_path / "unused").exists()


def test_a_folder_without_results_is_refused_with_the_command_to_run(tmp_path):
    with pytest.raises(UnfinishedStudy, match=r"summary\.json and layers\.gpkg.*anzob study"):
        workflow.map_from_folder(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", '{"study": {}}', "\ufeff"])
def test_a_broken_summary_is_refused_in_one_sentence(finished, tmp_path, text):
    shutil.copy(finished / "layers.gpkg", tmp_path)
    (tmp_path / "summary.json").write_text(text, "utf-8")
    with pytest.raises(UnfinishedStudy, match=r"summary\.json"):
        workflow.map_from_folder(tmp_path)


def test_a_broken_geopackage_is_refused_in_one_sentence(finished, tmp_path):
    shutil.copy(finished / "summary.json", tmp_path)
    (tmp_path / "layers.gpkg").write_bytes(b"not a database")
    with pytest.raises(UnfinishedStudy, match=r"layers\.gpkg cannot be read"):
        workflow.map_from_folder(tmp_path)


def test_an_interrupted_run_leaves_no_half_file_and_the_old_one_whole(
    tmp_path, summary, monkeypatch
):
    workflow.write_products(summary, example_study.layers(), tmp_path)
    before = (tmp_path / "layers.gpkg").read_bytes()

    def interrupted(layers, tables, path, *, description):
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr("maps.products.geopackage.write_geopackage", interrupted)
    with pytest.raises(KeyboardInterrupt):
        workflow.write_products(summary, example_study.layers(), tmp_path)
    assert (tmp_path / "layers.gpkg").read_bytes() == before
    assert not [name for name in files(tmp_path) if ".half" in name]


def test_a_reader_of_the_old_file_keeps_it_whole(tmp_path, summary):
    workflow.write_products(summary, example_study.layers(), tmp_path)
    (tmp_path / "still open").hardlink_to(tmp_path / "map.html")
    before = (tmp_path / "map.html").read_bytes()
    workflow.write_products({**summary, "version": "9"}, example_study.layers(), tmp_path)
    assert (tmp_path / "still open").read_bytes() == before
    assert (tmp_path / "map.html").read_bytes() != before


def test_a_layer_that_cannot_be_placed_stops_the_run_before_any_file(tmp_path, summary):
    layers = example_study.layers()
    layers["places"] = layers["places"].set_crs(None, allow_override=True)
    with pytest.raises(UnusableLayer):
        workflow.write_products(summary, layers, tmp_path)
    assert files(tmp_path) == []


def test_a_synthetic_study_says_so_in_every_file_name_and_comes_back(tmp_path):
    summary = example_study.summary(synthetic=True)
    names = workflow.write_products(summary, example_study.layers(), tmp_path)
    assert all(Path(name).name.startswith("synthetic_") for name in names)
    (tmp_path / "summary.json").write_text(json.dumps(summary), "utf-8")
    assert workflow.map_from_folder(tmp_path) == ["synthetic_map.html"]
    inside = [str(name) for name, _ in pyogrio.list_layers(tmp_path / "synthetic_layers.gpkg")]
    assert set(inside) - {"layer_styles"} and all(
        name.startswith("synthetic_") for name in inside if name != "layer_styles"
    )


def test_a_study_with_results_and_no_layer_still_has_its_products(tmp_path, summary):
    names = workflow.write_products(summary, {}, tmp_path)
    assert names == ["map.html", "layers.gpkg", "scenarios.xlsx", "report.html"]


@pytest.mark.parametrize("file_format", ["geojson", "gpkg", "fgb"])
def test_a_full_disk_is_told_in_one_sentence_and_leaves_no_half_file(
    finished, tmp_path, monkeypatch, file_format
):
    def full(frame, path, **options):
        Path(path).write_bytes(b"half")
        raise FeatureError("Cannot write feature")

    monkeypatch.setattr("pyogrio.write_dataframe", full)
    with pytest.raises(UnwritableFile, match=r"cannot be written.*disk full.*half written"):
        workflow.export_from_folder(finished, file_format, tmp_path / "out")
    assert files(tmp_path / "out") == []


def test_what_is_no_error_of_gdal_keeps_its_own_words(tmp_path):
    def fails(path):
        raise RuntimeError("own words")

    with pytest.raises(RuntimeError, match="own words"):
        put(tmp_path / "a", fails)


KILLED = """
import os, signal, sys, time
from maps import cli, workflow
from maps.finished import put
from pathlib import Path

def slow(path):
    path.write_text("half")
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(60)

cli._run(lambda: put(Path(sys.argv[1]) / "file", slow), Path(), as_json=False)
"""


def test_a_command_that_is_ended_takes_its_half_file_away(tmp_path):
    root = Path(__file__).parents[2]
    ended = subprocess.run([sys.executable, "-c", KILLED, tmp_path], cwd=root, capture_output=True)
    assert ended.returncode == 143, ended.stderr
    assert files(tmp_path) == []
