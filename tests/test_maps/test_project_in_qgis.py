"""The QGIS project as QGIS meets it: Debian's PyQGIS, headless."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from support import example_drilling, example_plan, example_study
from support.browser import need

from maps.config import MapSettings
from maps.drawings.footprints import draw
from maps.drawings.results import tables_of
from maps.finished import Finished
from maps.workflow import _write_geopackage, _write_qgis, _write_rasters

pytestmark = pytest.mark.qgis

PYTHON = Path("/usr/bin/python3")
CHECK = Path(__file__).parents[1] / "support" / "qgis_project.py"
PARTS = {"map": 1, "legend": 1, "scale": 1, "north": 1, "label": 5}


def run(*arguments, folder):
    folder.chmod(0o700)
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(folder),
        "LC_ALL": "C.UTF-8",
        # East of Greenwich, where a day that is kept as a moment would begin the day before.
        "TZ": "Asia/Dushanbe",
    }
    return subprocess.run(
        [PYTHON, *arguments], capture_output=True, text=True, env=environment, timeout=240
    )


def opened(summary, layers, folder, blocks=None):
    """Write what the project needs, move it away, and open it there."""
    has_qgis = PYTHON.exists() and run("-c", "import qgis.core", folder=folder).returncode == 0
    need(has_qgis, "PyQGIS in /usr/bin/python3")
    made, moved = folder / "made", folder / "moved away"
    finished = Finished(
        summary=summary,
        layers=draw(summary, layers),
        settings=MapSettings(online_tiles=False),
        folder=made,
        out=made,
        blocks=blocks,
    )
    for write in (_write_geopackage, _write_rasters):
        write(finished)
    (name,) = _write_qgis(finished)
    made.rename(moved)
    result = run(CHECK, moved / name, folder, "40", folder=folder)
    assert result.returncode == 0, result.stderr
    return {**json.loads(result.stdout), "finished": finished}


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evidence")
    return opened(example_study.summary(), example_study.layers(), folder)


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mine")
    layers = {**example_drilling.layers(), **example_plan.layers()}
    layers["licence"] = layers["block_model_outline"][["geometry"]]
    blocks = example_drilling.write_blocks(folder)
    return opened(example_plan.summary(), layers, folder, blocks)


@pytest.fixture(params=["evidence", "mine"])
def seen(request):
    return request.getfixturevalue(request.param)


def test_it_opens_without_a_message_and_every_layer_is_valid(seen):
    assert seen["read"] and seen["error"] == "" and seen["messages"] == []
    assert seen["layers"] and all(layer["valid"] for layer in seen["layers"].values())
    assert seen["crs"] == "EPSG:32642" and seen["view"] and seen["relative"] == "false"
    for layer in seen["layers"].values():
        if layer["raster"] or layer["spatial"]:
            assert layer["crs"] == "EPSG:32642"


def test_layers_have_their_features_signs_and_words(seen):
    of = {layer["name"]: layer for layer in seen["layers"].values()}
    finished = seen["finished"]
    for layer in finished.marked(finished.layers):
        found = of[layer.title]
        assert found["count"] == len(layer.features)
        if [c.value for c in layer.style.classes] != ["feature"]:
            assert found["classes"] == [c.label for c in layer.style.classes]
        assert {f.name: f.label for f in layer.fields}.items() <= found["aliases"].items()
    for table in finished.marked(tables_of(finished.summary)):
        found = of[table.title]
        assert found["count"] == len(table.rows) and not found["spatial"]
        assert {f.name: f.label for f in table.fields}.items() <= found["aliases"].items()


def test_nobody_sees_a_column_without_words(seen):
    for layer in (x for x in seen["layers"].values() if not x["raster"]):
        shown = {n: a for n, a in layer["aliases"].items() if n not in layer["hidden"]}
        assert all(shown.values()), layer["name"]


def test_the_tree_holds_every_layer_under_a_heading(seen):
    names = sorted(layer["name"] for layer in seen["layers"].values())
    assert sorted(name for group in seen["tree"].values() for name in group) == names
    assert not any(seen["tree"]["Tables"].values())


def test_themes_show_what_they_are_called_after(mine, evidence):
    assert set(mine["themes"]) == set(evidence["themes"]) == {"Geology", "Resource", "Plan"}
    assert "SYNTHETIC Drillhole traces" in mine["themes"]["Geology"]
    assert "SYNTHETIC Schedule of the stopes" in mine["themes"]["Plan"]
    assert not any("Schedule" in name for name in mine["themes"]["Resource"])
    rasters = {x["name"] for x in mine["layers"].values() if x["raster"]}
    assert len(rasters & set(mine["themes"]["Resource"])) == 1
    assert "Ore plants" in evidence["themes"]["Plan"]


def test_points_are_drawn_over_areas_and_grades_under_no_veil(mine):
    # QGIS lists what a theme shows from the top down.
    drilled, order = mine["themes"]["Geology"], mine["themes"]["Resource"]
    grades = next(x["name"] for x in mine["layers"].values() if x["raster"] and x["name"] in order)
    assert drilled.index("SYNTHETIC Collars") < drilled.index("SYNTHETIC Block model")
    assert order.index("SYNTHETIC Block model") < order.index(grades)
    assert order.index(grades) < order.index("SYNTHETIC Licence")


def test_every_sheet_is_printed_with_all_its_parts(seen):
    assert set(seen["sheets"]) == set(seen["themes"])
    for name, sheet in seen["sheets"].items():
        assert sheet["exported"] == [True, True] and sheet["theme"] == name
        assert sheet["items"] == PARTS
        assert set(sheet["legend"]) <= set(seen["themes"][name])
        assert Path(sheet["pdf"]).read_bytes().startswith(b"%PDF")
        assert Path(sheet["png"]).read_bytes().startswith(b"\x89PNG")
        texts = " ".join(sheet["texts"])
        assert "Sources: " in texts and "WGS 84 / UTM zone 42N" in texts
        rooms = [(x, y, x + wide, y + high) for _, x, y, wide, high in sheet["room"]]
        assert all(x >= 0 and y >= 0 and e <= 420 and s <= 297 for x, y, e, s in rooms)


def test_what_is_invented_says_so_on_every_sheet(mine):
    for sheet in mine["sheets"].values():
        assert sum("SYNTHETIC" in text for text in sheet["texts"]) >= 2  # title and foot
    assert "SYNTHETIC" in mine["title"] and "SYNTHETIC" in mine["abstract"]


def test_the_schedule_plays_its_years_and_nothing_outside_them(mine):
    (layer,) = [x for x in mine["layers"].values() if x.get("temporal")]
    assert (layer["start"], layer["end"]) == ("begins", "ends")
    assert layer["types"]["begins"] == layer["types"]["ends"] == "Date"
    time = mine["time"]
    assert time["all"] > 0 and time["before"] == time["after"] == 0
    assert all(0 < drawn < time["all"] for drawn in time["years"])


def test_a_study_without_a_plan_plays_nothing(evidence):
    assert evidence["time"] is None
