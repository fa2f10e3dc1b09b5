"""Stopes and pits as QGIS meets them: Debian's PyQGIS, headless."""

import json
from pathlib import Path

import pytest
from support import example_drilling, example_mine
from support.in_qgis import run_in_qgis

from maps.drawings.footprints import draw
from maps.drawings.results import tables_of

pytestmark = pytest.mark.qgis

CHECK = Path(__file__).parents[1] / "support" / "qgis_check.py"
LAYERS = ("stopes", "pit_outline")


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("qgis mine")
    example_mine.finished(folder)
    files = [folder / "synthetic_layers.gpkg"]
    files += [folder / "geojson" / f"synthetic_{name}.geojson" for name in LAYERS]
    result = run_in_qgis(CHECK, folder / "map.png", *files, folder=folder)
    return json.loads(result.stdout)


def test_stopes_and_pits_are_valid_complete_and_signed_as_on_the_web_map(seen):
    drawn = draw(example_mine.summary(), {**example_drilling.layers(), **example_mine.layers()})
    for layer in (x for x in drawn if x.name in LAYERS):
        name = f"synthetic_{layer.name}"
        for file in ("synthetic_layers.gpkg", f"{name}.geojson"):
            one = seen["layers"][f"{file}:{name}"]
            assert one["valid"] and one["all_geometries_valid"]
            assert one["count"] == len(layer.features)
            assert one["classes"] == [c.label for c in layer.style.classes]
            for field in layer.fields:
                assert one["aliases"][field.name] == field.label
    assert seen["messages"] == []


def test_tables_of_the_mine_are_read_with_words_and_units(seen):
    for table in tables_of(example_mine.summary()):
        one = seen["layers"][f"synthetic_layers.gpkg:synthetic_{table.name}"]
        assert one["count"] == len(table.rows)
    stopes = seen["layers"]["synthetic_layers.gpkg:synthetic_stope_list"]["aliases"]
    assert stopes["ore_t"] == "Ore, diluted and recovered, t"
    assert stopes["near_dip_deg"] == "Dip of the near wall, degrees"


def test_the_picture_shows_grades_and_outlines(seen):
    assert seen["colours"] > 20
