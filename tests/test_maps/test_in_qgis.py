"""What we export as QGIS meets it: Debian's PyQGIS, headless."""

import json
from pathlib import Path

import pytest
from support import example_drilling, example_study
from support.in_qgis import run_in_qgis

from maps.drawings.footprints import draw
from maps.drawings.results import tables_of
from maps.style import NOT_AN_OUTLINE

pytestmark = pytest.mark.qgis

CHECK = Path(__file__).parents[1] / "support" / "qgis_check.py"


@pytest.fixture(scope="module")
def found(finished, tmp_path_factory):
    folder = tmp_path_factory.mktemp("qgis")
    files = [finished / "layers.gpkg", *sorted((finished / "geojson").glob("*.geojson"))]
    result = run_in_qgis(CHECK, folder / "map.png", *files, folder=folder)
    return {**json.loads(result.stdout), "stderr": result.stderr}


def test_every_layer_and_table_is_valid_and_complete(found, summary):
    layers, tables = example_study.layers(), tables_of(summary)
    counts = {f"layers.gpkg:{name}": len(table) for name, table in layers.items()}
    counts |= {f"layers.gpkg:{table.name}": len(table.rows) for table in tables}
    counts |= {f"{name}.geojson:{name}": len(table) for name, table in layers.items()}
    assert {name: seen["count"] for name, seen in found["layers"].items()} == counts
    assert all(seen["valid"] for seen in found["layers"].values())
    assert all(seen["all_geometries_valid"] for seen in found["layers"].values())


def test_reference_systems_are_recognised(found):
    for name in example_study.layers():
        assert found["layers"][f"layers.gpkg:{name}"]["crs"] == "EPSG:32642"
        assert found["layers"][f"{name}.geojson:{name}"]["crs"] == "EPSG:4326"


def test_columns_are_shown_in_words_with_units(found, summary):
    for layer in draw(summary, example_study.layers()):
        for file in ("layers.gpkg", f"{layer.name}.geojson"):
            aliases = found["layers"][f"{file}:{layer.name}"]["aliases"]
            for field in layer.fields:
                assert aliases[field.name] == field.label
    tables = found["layers"]["layers.gpkg:grade_tonnage"]["aliases"]
    assert tables["sb_t_p90"] == "Antimony metal, P90, t Sb"


def test_signs_are_those_of_the_web_map(found, summary):
    for layer in draw(summary, example_study.layers()):
        for file in ("layers.gpkg", f"{layer.name}.geojson"):
            seen = found["layers"][f"{file}:{layer.name}"]
            assert seen["renderer"] == "categorizedSymbol"
            assert seen["classes"] == [c.label for c in layer.style.classes]


def test_discs_are_empty_and_say_that_they_are_no_outline(found):
    seen = found["layers"]["layers.gpkg:location_uncertainty"]
    assert seen["brushes"] and all(seen["brushes"])
    assert NOT_AN_OUTLINE in seen["classes"][0]


def test_qgis_has_nothing_to_say_against_the_files(found):
    assert found["messages"] == []
    for word in ("warning", "GPKG version", "user_version", "error"):
        assert word.lower() not in found["stderr"].lower()


def test_the_picture_is_not_blank(found):
    assert found["colours"] > 100


@pytest.fixture(scope="module")
def found_drilled(drilled, tmp_path_factory):
    folder = tmp_path_factory.mktemp("qgis drilled")
    files = [drilled / "synthetic_layers.gpkg", *sorted((drilled / "geojson").glob("*.geojson"))]
    result = run_in_qgis(CHECK, folder / "map.png", *files, folder=folder)
    return {**json.loads(result.stdout), "stderr": result.stderr}


def test_drillholes_and_their_tables_are_valid_complete_and_styled(found_drilled):
    summary = example_drilling.summary()
    seen = found_drilled["layers"]
    assert all(one["valid"] for one in seen.values())
    for layer in draw(summary, example_drilling.layers()):
        name = f"synthetic_{layer.name}"
        for file in ("synthetic_layers.gpkg", f"{name}.geojson"):
            one = seen[f"{file}:{name}"]
            assert one["count"] == len(layer.features)
            assert one["classes"] == [c.label for c in layer.style.classes]
            assert one["aliases"] == {f.name: f.label for f in layer.fields} | (
                {"fid": ""} if file.endswith(".gpkg") else {}
            )
        # A vertical hole is a point in plan, which the plane geometry of GEOS calls invalid.
        assert one["all_geometries_valid"] or layer.name == "drillhole_traces"
    for table in tables_of(summary):
        assert seen[f"synthetic_layers.gpkg:synthetic_{table.name}"]["count"] == len(table.rows)


def test_depths_are_three_dimensional_in_qgis(found_drilled):
    for name in ("drillhole_traces", "collars", "composites"):
        assert found_drilled["layers"][f"synthetic_layers.gpkg:synthetic_{name}"]["has_z"]
    assert found_drilled["messages"] == []


def test_drillholes_and_blocks_make_a_picture(found_drilled):
    assert found_drilled["colours"] > 20
