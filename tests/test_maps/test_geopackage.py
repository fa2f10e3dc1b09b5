import contextlib
import sqlite3
import time

import geopandas as gpd
import pyogrio
import pytest
from shapely.geometry import LineString, MultiPoint, Point
from support import example_study

from maps.drawings.footprints import draw
from maps.drawings.results import tables_of
from maps.products import geopackage
from maps.products.geopackage import read_layers, write_geopackage


def ask(path, question):
    with contextlib.closing(sqlite3.connect(path)) as base:
        return base.execute(question).fetchall()


@pytest.fixture(scope="module")
def package(finished):
    return finished / "layers.gpkg"


def test_the_version_is_one_that_qgis_reads_without_a_warning(package):
    assert ask(package, "PRAGMA user_version") == [(10300,)]
    assert ask(package, "PRAGMA application_id") == [(0x47504B47,)]
    assert ask(package, "PRAGMA integrity_check") == [("ok",)]


def test_layers_are_in_the_project_crs_and_complete(package):
    for name, given in example_study.layers().items():
        info = pyogrio.read_info(package, layer=name)
        assert info["crs"] == "EPSG:32642"
        assert info["features"] == len(given)


def test_tables_without_geometry_hold_unrounded_numbers(package, summary):
    rows = pyogrio.read_dataframe(package, layer="grade_tonnage", read_geometry=False)
    assert len(rows) == len(summary["grade_tonnage"])
    assert rows["ore_t"].max() == 23.99e6
    assert rows.loc[rows["model"] == "published", "ore_t"].isna().all()
    names = {name for name, _ in pyogrio.list_layers(package)}
    assert {"claims", "verdict_tests", "scenarios", "statements", "sources"} <= names


def test_every_layer_and_table_has_a_default_style(package):
    named = {row[0] for row in ask(package, "SELECT f_table_name FROM layer_styles")}
    tables = ask(package, "SELECT table_name FROM gpkg_contents WHERE table_name<>'layer_styles'")
    assert named == {row[0] for row in tables}
    assert ask(package, "SELECT DISTINCT useAsDefault FROM layer_styles") == [(1,)]


def test_words_and_units_stand_where_every_program_may_find_them(package):
    question = (
        "SELECT title, description FROM gpkg_data_columns "
        "WHERE table_name='grade_tonnage' AND column_name='sb_t_p90'"
    )
    assert ask(package, question) == [("Antimony metal, P90, t Sb", "t Sb")]


def test_the_disclaimer_is_in_the_metadata(package, summary):
    (text,) = ask(package, "SELECT metadata FROM gpkg_metadata")[0]
    assert summary["study"]["disclaimer"] in text


def write(path, summary):
    write_geopackage(
        draw(summary, example_study.layers()), tables_of(summary), path, description="said"
    )
    return path.read_bytes()


def test_equal_results_give_equal_bytes_at_different_times(tmp_path, summary):
    first = write(tmp_path / "one.gpkg", summary)
    time.sleep(1.1)
    assert write(tmp_path / "two.gpkg", summary) == first


def test_the_number_of_transactions_leaves_no_mark_on_the_file(tmp_path, summary, monkeypatch):
    first = write(tmp_path / "one.gpkg", summary)
    fix = geopackage._fix_dates

    def in_two_transactions(base):
        fix(base)
        base.commit()
        fix(base)

    monkeypatch.setattr(geopackage, "_fix_dates", in_two_transactions)
    assert write(tmp_path / "two.gpkg", summary) == first


def test_the_day_is_that_of_source_date_epoch(tmp_path, summary, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    write(tmp_path / "dated.gpkg", summary)
    days = ask(tmp_path / "dated.gpkg", "SELECT DISTINCT last_change FROM gpkg_contents")
    assert days == [("2023-11-14T22:13:20.000Z",)]


def test_what_was_written_is_read_back(package):
    back = read_layers(package)
    for name, given in example_study.layers().items():
        assert back[name].crs == given.crs
        assert back[name].geometry.geom_equals_exact(given.geometry, 1e-6).all()
    assert "grade_tonnage" not in back


@pytest.mark.parametrize(
    "shapes",
    [
        pytest.param([Point(468000, 4334000, 2000.0)], id="3-D"),
        pytest.param([MultiPoint([(468000, 4334000), (1, 1)]), Point(2, 2)], id="multi"),
        pytest.param([Point(468000, 4334000), LineString([(0, 0), (1, 1)])], id="mixed"),
        pytest.param([Point(468000, 4334000), None], id="no geometry"),
        pytest.param([], id="empty"),
    ],
)
def test_awkward_geometries_are_written_without_a_warning(tmp_path, summary, shapes, recwarn):
    table = gpd.GeoDataFrame(
        {"name": [f"n{i}" for i in range(len(shapes))]}, geometry=shapes, crs=example_study.CRS
    )
    layers = draw(summary, {"awkward": table})
    write_geopackage(layers, (), tmp_path / "a.gpkg")
    assert pyogrio.read_info(tmp_path / "a.gpkg", layer="awkward")["features"] == len(shapes)
    assert [str(w.message) for w in recwarn] == []
