"""What we export as QGIS meets it: Debian's PyQGIS, headless."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from support import example_study
from support.browser import need

from maps.drawings.footprints import draw
from maps.drawings.results import tables_of
from maps.style import NOT_AN_OUTLINE

pytestmark = pytest.mark.qgis

PYTHON = Path("/usr/bin/python3")
CHECK = Path(__file__).parents[1] / "support" / "qgis_check.py"


def run(*arguments, folder):
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(folder),
        "LC_ALL": "C.UTF-8",
    }
    return subprocess.run(
        [PYTHON, *arguments], capture_output=True, text=True, env=environment, timeout=180
    )


@pytest.fixture(scope="module")
def found(finished, tmp_path_factory):
    folder = tmp_path_factory.mktemp("qgis")
    has_qgis = PYTHON.exists() and run("-c", "import qgis.core", folder=folder).returncode == 0
    need(has_qgis, "PyQGIS in /usr/bin/python3")
    files = [finished / "layers.gpkg", *sorted((finished / "geojson").glob("*.geojson"))]
    result = run(CHECK, folder / "map.png", *files, folder=folder)
    assert result.returncode == 0, result.stderr
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
