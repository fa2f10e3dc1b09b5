"""The QGIS project as a file: what can be said of it without QGIS."""

import datetime as dt
import json
import math
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pyproj
import pytest
from support import example_drilling, example_plan, example_study

from deposits import config as evidence
from deposits.estimate import config as drilled
from maps.config import MapSettings
from maps.drawings.footprints import draw
from maps.drawings.results import tables_of
from maps.finished import Finished
from maps.languages import translator
from maps.products.qgis_scale import MAP, SCALES, shaped, true_north_deg
from maps.workflow import (
    _write_geojson_folder,
    _write_geopackage,
    _write_qgis,
    _write_rasters,
    export_from_folder,
    write_products,
)

PAYLOAD = '<b>[% layer_property("x") %]&"\'</b>'


def planned(folder: Path, language: str = "en") -> Path:
    """Leave what the project needs of the SYNTHETIC example with stopes, pit and plan."""
    summary = example_plan.summary()
    layers = {**example_drilling.layers(), **example_plan.layers()}
    settings = MapSettings(title="A mine", online_tiles=False, language=language)
    finished = Finished(
        summary=summary,
        layers=draw(summary, layers),
        settings=settings,
        folder=folder,
        out=folder,
        blocks=example_drilling.write_blocks(folder),
    )
    for write in (_write_geopackage, _write_geojson_folder, _write_rasters, _write_qgis):
        write(finished)
    kept = {**summary, "study": {**summary["study"], "map": settings.model_dump(mode="json")}}
    (folder / "summary.json").write_text(json.dumps(kept), "utf-8")
    return folder


def project(path: Path) -> ET.Element:
    with zipfile.ZipFile(path) as archive:
        (name,) = archive.namelist()
        assert name == path.with_suffix(".qgs").name
        return ET.fromstring(archive.read(name))


@pytest.fixture(scope="module")
def mine(tmp_path_factory) -> Path:
    return planned(tmp_path_factory.mktemp("planned"))


def test_paths_are_relative_and_files_are_there(mine):
    root = project(mine / "synthetic_study.qgz")
    sources = [node.text for node in root.iter("datasource")]
    assert sources
    for source in sources:
        assert source.startswith("./")
        assert (mine / source.partition("|")[0]).is_file()
    assert str(mine) not in ET.tostring(root, encoding="unicode")


def test_every_layer_and_table_is_in_the_project_once(mine):
    root = project(mine / "synthetic_study.qgz")
    ids = [node.findtext("id") for node in root.iter("maplayer")]
    assert len(set(ids)) == len(ids)
    tree = root.find("layer-tree-group")
    assert sorted(x.get("id") for x in tree.iter("layer-tree-layer")) == sorted(ids)
    assert sorted(x.text for x in tree.iter("item")) == sorted(ids)
    summary = example_plan.summary()
    assert sum(x.get("wkbType") == "NoGeometry" for x in root.iter("maplayer")) == len(
        tables_of(summary)
    )


def test_a_synthetic_study_says_so_on_every_line_and_sheet(mine):
    root = project(mine / "synthetic_study.qgz")
    for node in root.iter("maplayer"):
        assert node.findtext("layername").startswith("SYNTHETIC")
    assert "SYNTHETIC" in root.findtext("title")
    sheets = list(root.iter("Layout"))
    assert len(sheets) == 3
    for sheet in sheets:
        said = {i.get("id"): i.get("labelText") for i in sheet.iter("LayoutItem")}
        assert "SYNTHETIC" in said["title"] and "SYNTHETIC" in said["foot"]


def test_equal_results_give_equal_bytes(mine, tmp_path):
    again = planned(tmp_path)
    for name in ("synthetic_study.qgz", "synthetic_layers.gpkg"):
        assert (again / name).read_bytes() == (mine / name).read_bytes()


def test_texts_of_a_study_are_texts(tmp_path):
    summary = example_study.summary()
    settings = MapSettings(title=PAYLOAD)
    write_products(summary, example_study.layers(), tmp_path, settings=settings)
    root = project(tmp_path / "study.qgz")
    assert root.findtext("title") == PAYLOAD
    titles = [i.get("labelText") for i in root.iter("LayoutItem") if i.get("id") == "title"]
    # A label of QGIS works out what stands in [% %].
    assert titles and all("[%" not in title and "<b>" in title for title in titles)


def test_a_russian_study_has_russian_headings(tmp_path):
    root = project(planned(tmp_path, "ru") / "synthetic_study.qgz")
    groups = {x.get("name") for x in root.find("layer-tree-group").findall("layer-tree-group")}
    assert {translator("ru")("Mine limits"), "Таблицы"} <= groups
    assert "Mine limits" not in groups
    assert {x.get("name") for x in root.iter("visibility-preset")} == {
        "Геология",
        "Запасы и ресурсы",
        "План",
    }


@pytest.mark.parametrize("said", [evidence.DISCLAIMER, drilled.DISCLAIMER])
def test_what_warns_of_a_study_warns_in_its_language(said, tmp_path):
    summary = {**example_plan.summary(), "study": {"synthetic": True, "disclaimer": said}}
    settings = MapSettings(language="ru")
    study = Finished(summary=summary, layers=(), settings=settings, folder=tmp_path, out=tmp_path)
    assert study.provenance.startswith("SYNTHETIC: вымышленное месторождение. Не ")
    assert "Resource" not in study.provenance and said in study.disclaimer


def test_the_schedule_is_in_the_geopackage_with_days_and_in_geojson(mine):
    import pyogrio

    about = pyogrio.read_info(mine / "synthetic_layers.gpkg", layer="synthetic_plan_schedule")
    types = dict(zip(about["fields"], about["ogr_types"], strict=True))
    assert types["begins"] == types["ends"] == "OFTDate"
    written = json.loads((mine / "geojson" / "synthetic_plan_schedule.geojson").read_text("utf-8"))
    assert len(written["features"]) == about["features"]
    days = {f["properties"]["begins"] for f in written["features"]}
    assert days and all(dt.date.fromisoformat(day) for day in days)


def test_the_project_is_exported_with_all_it_needs(mine, tmp_path):
    names = export_from_folder(mine, "qgis", tmp_path)
    assert {"synthetic_layers.gpkg", "synthetic_study.qgz"} <= set(names)
    root = project(tmp_path / "synthetic_study.qgz")
    files = {node.text.partition("|")[0][2:] for node in root.iter("datasource")}
    assert files <= set(names)
    # Made again from the folder, the schedule is drawn once, from the plan.
    lines = [x for x in root.iter("maplayer") if "plan_schedule" in x.findtext("datasource")]
    assert len(lines) == 1


@pytest.mark.parametrize("box", [(0, 0, 100, 10), (0, 0, 1, 900), (5, 5, 5, 5)])
def test_the_map_of_a_sheet_keeps_its_shape_and_all_of_the_box(box):
    west, south, east, north = shaped(box)
    assert (east - west) / (north - south) == pytest.approx(MAP[2] / MAP[3])
    assert west < box[0] and south < box[1] and east > box[2] and north > box[3]
    scale = (east - west) / MAP[2] * 1000.0
    assert float(f"{scale:.6e}".partition("e")[0]) in SCALES


def test_true_north_leans_as_the_textbook_says():
    """On a transverse Mercator grid it is atan(tan(longitude off the middle) sin(latitude))."""
    crs = pyproj.CRS(32642)
    to_map = pyproj.Transformer.from_crs(4326, crs, always_xy=True)
    for longitude in (67.0, 68.6, 70.5):
        place = to_map.transform(longitude, 39.0)
        off = math.radians(longitude - 69.0)
        # Grid north lies this far clockwise of true north, so true north as far the other way.
        lean = math.degrees(math.atan(math.tan(off) * math.sin(math.radians(39.0))))
        assert true_north_deg(crs, place) == pytest.approx(-lean, abs=1e-3)
