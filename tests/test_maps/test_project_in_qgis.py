"""The QGIS project as QGIS meets it: Debian's PyQGIS, headless."""

import html
import json
from pathlib import Path

import pytest
from support import example_drilling, example_pit_plan, example_plan, example_study
from support.in_qgis import run_in_qgis

from maps.config import MapSettings
from maps.drawings.footprints import draw
from maps.drawings.results import claimed_verdict, tables_of
from maps.finished import Finished
from maps.products.qgis_sheet import TOLD
from maps.workflow import _write_geojson_folder, _write_geopackage, _write_qgis, _write_rasters

pytestmark = pytest.mark.qgis

CHECK = Path(__file__).parents[1] / "support" / "qgis_project.py"
#: Heads that are the same in both languages.
SAME = {"id", "npv"}
PARTS = {"map": 1, "legend": 1, "scale": 2, "north": 1, "label": 6}


def opened(summary, layers, folder, blocks=None, language="en"):
    """Write what the project needs, move it to a name that a mine may give, open it there."""
    made, moved = folder / "made", folder / "Рудник № 2, moved away"
    finished = Finished(
        summary=summary,
        layers=draw(summary, layers),
        settings=MapSettings(online_tiles=False, language=language),
        folder=made,
        out=made,
        blocks=blocks,
    )
    for write in (_write_geopackage, _write_geojson_folder, _write_rasters):
        write(finished)
    (name,) = _write_qgis(finished)
    made.rename(moved)
    result = run_in_qgis(CHECK, moved / name, folder, "40", folder=folder)
    return {**json.loads(result.stdout), "finished": finished, "moved": moved}


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evidence")
    return opened(example_study.summary(), example_study.layers(), folder)


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mine")
    blocks = example_drilling.write_blocks(folder)
    return opened(example_plan.summary(), mine_layers(), folder, blocks)


def mine_layers():
    layers = {**example_drilling.layers(), **example_plan.layers()}
    layers["licence"] = layers["block_model_outline"][["geometry"]]
    return layers


@pytest.fixture(scope="module")
def russian(tmp_path_factory):
    folder = tmp_path_factory.mktemp("russian")
    blocks = example_drilling.write_blocks(folder)
    return opened(example_plan.summary(), mine_layers(), folder, blocks, "ru")


@pytest.fixture(scope="module")
def russian_evidence(tmp_path_factory):
    folder = tmp_path_factory.mktemp("russian evidence")
    return opened(example_study.summary(), example_study.layers(), folder, language="ru")


@pytest.fixture(scope="module")
def pit(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pit")
    example_pit_plan.write(folder / "made")
    return opened(example_pit_plan.summary(), example_pit_plan.layers(), folder)


@pytest.fixture(params=["evidence", "mine", "pit"])
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
    shown = {name: set(layers) for name, layers in evidence["themes"].items()}
    assert len(set(map(frozenset, shown.values()))) == 3
    # A point without its circle looks surveyed.
    assert all("Uncertainty of position" in layers for layers in shown.values())
    assert {"Rivers", "Roads"} <= shown["Geology"] and not {"Rivers", "Roads"} & shown["Resource"]


def test_the_sheets_print_words_of_their_own(evidence, russian_evidence):
    for seen in (evidence, russian_evidence):
        own = [set(sheet["texts"]) for sheet in seen["sheets"].values()]
        boxes = [one - own[i - 1] - own[i - 2] for i, one in enumerate(own)]
        assert all(boxes) and all("nan" not in text for box in boxes for text in box)
    resource = " ".join(evidence["sheets"]["Resource"]["texts"])
    assert "24 Mt at" in resource and "Jijikrut: " in resource
    told = example_study.summary()
    plan = " ".join(evidence["sheets"]["Plan"]["texts"])
    for verdict in (claimed_verdict(told), told["verdict"]):
        assert verdict["sentence"] in plan


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


@pytest.mark.parametrize("of", ["mine", "pit"])
def test_the_schedule_plays_its_years_and_nothing_outside_them(of, request):
    seen = request.getfixturevalue(of)
    (layer,) = [x for x in seen["layers"].values() if x.get("temporal")]
    assert (layer["start"], layer["end"]) == ('to_datetime("begins")', 'to_datetime("ends")')
    assert layer["types"]["begins"] == layer["types"]["ends"] == "Date"
    time = seen["time"]
    assert time["all"] > 0 and time["before"] == time["after"] == 0
    assert all(0 < drawn <= time["all"] for drawn in time["years"])
    assert min(time["years"]) < time["all"]
    assert time["step"][0] == 1.0


@pytest.mark.parametrize("of", ["mine", "pit"])
def test_a_year_shows_the_work_of_that_year_alone(of, request):
    seen = request.getfixturevalue(of)
    shown = seen["time"]["shown"]
    first = shown[0][0]
    assert shown == [[first + number] for number in range(len(shown))]


def test_the_pit_s_schedule_stands_in_theme_sheet_and_legend_of_the_plan(pit):
    name = "SYNTHETIC Schedule of the pit"
    assert name in pit["themes"]["Plan"] and name in pit["sheets"]["Plan"]["legend"]
    order = pit["themes"]["Plan"]
    assert order.index("SYNTHETIC Pits") < order.index(name)
    assert "SYNTHETIC Stopes" not in order


def test_every_sheet_is_at_a_scale_of_a_scale_rule(seen):
    for sheet in seen["sheets"].values():
        first = float(f"{sheet['scale_shown']:.4e}".partition("e")[0])
        assert first in (1.0, 1.25, 2.0, 2.5, 4.0, 5.0, 7.5)
        assert any("EPSG:32642" in t and "grid north" in t for t in sheet["texts"])


@pytest.mark.parametrize("of", ["evidence", "mine", "russian", "russian_evidence"])
def test_no_legend_runs_over_the_edge_of_its_sheet(of, request):
    for sheet in request.getfixturevalue(of)["sheets"].values():
        (legend,) = [room for room in sheet["room"] if room[0] == "legend"]
        assert legend[1] + legend[3] <= 412.0 and legend[2] + legend[4] <= TOLD[1]


@pytest.mark.parametrize("of", ["mine", "russian"])
def test_tables_and_forms_show_words_for_codes(of, request):
    seen = request.getfixturevalue(of)
    finished = seen["finished"]
    of_title = {layer["name"]: layer for layer in seen["layers"].values()}
    for layer in finished.marked(finished.layers):
        codes = of_title[layer.title]["codes"]
        words = {c.value: c.label for c in layer.style.classes}
        assert codes["drawn_as"].items() <= words.items()
        assert not any(said.startswith("(") for told in codes.values() for said in told.values())
    (pits,) = [x for x in finished.marked(finished.layers) if x.name == "synthetic_pit_outline"]
    kinds = of_title[pits.title]["codes"].get("kind", {})
    assert kinds.get("pushback") == ("этап" if of == "russian" else None)


def test_benches_are_named_by_elevation_and_the_main_grade_stands_first(mine, russian):
    for seen, dash in ((mine, " to "), (russian, "–")):
        rasters = [x for x in seen["layers"].values() if x["raster"] and x["bands"] > 1]
        assert rasters and all(dash in band for x in rasters for band in x["band_names"])
    first = next(iter(mine["tree"]["Block model by bench"]))
    assert first == "SYNTHETIC Antimony, % Sb"


def test_a_russian_project_says_what_the_tool_says_in_russian(russian):
    plan = russian["sheets"]["План"]
    own = [t for t in plan["texts"] if not t.startswith(("Источники", russian["title"]))]
    for words in ("Crests", "Lines of", "Work in", "grid north", "Study"):
        assert not any(words in text for text in own), words
    assert any("Стрелка" in text for text in own)
    for layer in (x for x in russian["layers"].values() if not x["raster"]):
        shown = [a for n, a in layer["aliases"].items() if n not in layer["hidden"]]
        assert not [a for a in shown if a.isascii() and a.casefold() not in SAME], layer["name"]


def test_a_study_without_a_plan_plays_nothing(evidence):
    assert evidence["time"] is None


def test_geojson_of_a_schedule_plays_too(pit):
    path = pit["moved"] / "geojson" / "synthetic_plan_schedule.geojson"
    told = json.loads(path.read_text("utf-8"))["features"]
    assert all(len(f["properties"]["begins"]) == 10 for f in told)
    assert 'to_datetime("begins")' in html.unescape(path.with_suffix(".qml").read_text("utf-8"))
