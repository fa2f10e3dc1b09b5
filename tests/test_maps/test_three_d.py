"""What stands on the page in three dimensions, how large is it, and in which words?"""

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString
from support import example_drilling, example_mine, example_plan, example_study
from support.colours import smallest_distance
from support.example_model import HOSTILE, finished, many, write_pit

from deposits.blockmodel import About, BlockWriter
from deposits.grid import Grid
from maps.config import MapSettings
from maps.drawings import solids_scene
from maps.drawings.solids_scene import scene
from maps.drawings.terrain import Terrain
from maps.languages import is_known
from maps.products.inline import ASSETS
from maps.products.three_d import CANVAS, HOW, PARTS, SCRIPTS, model_page
from maps.products.web_words import CHOSEN, labels_in
from maps.workflow import PRODUCTS

WRITE_MODEL = next(write for write in PRODUCTS if write.__name__ == "_write_model")


def test_a_large_mine_stays_below_six_megabytes(tmp_path):
    study = finished(tmp_path, layers=many(2_000, 20_000))
    page = model_page(study)
    assert len(page.encode()) < 6_000_000
    data = json.loads(re.search(r'id="model">(.*?)</script>', page)[1])
    assert len(data["stopes"]["corners"]) == 2_000
    assert len(data["samples"]["ends"]) == 6 * 20_000


def test_a_large_mine_with_its_blocks_stays_below_six_megabytes(tmp_path):
    grid = Grid((0.0, 0.0, 700.0), (9.0, 9.0, 5.0), (100, 100, 30), 20.0)
    draw_from = np.random.default_rng(3)
    grade = draw_from.lognormal(0.6, 0.8, grid.n_blocks)
    told = {"sb_pct": grade, "au_gpt": draw_from.lognormal(0, 1, grid.n_blocks)}
    told |= {name: draw_from.uniform(0, 90, grid.n_blocks) for name in ("slope", "spacing_m")}
    table = pd.DataFrame({"block": np.arange(grid.n_blocks), **told})
    with BlockWriter(tmp_path / "blocks.parquet", grid, About("many")) as writer:
        writer.write(table)
    study = finished(tmp_path, layers=many(2_000, 20_000))
    page = model_page(replace(study, blocks=tmp_path / "blocks.parquet"))
    assert len(page.encode()) < 6_000_000
    blocks = json.loads(re.search(r'id="model">(.*?)</script>', page)[1])["blocks"]
    parts = [p for key in ("low", "long", "fields") for p in blocks[key]]
    assert sum(len(part["data"]) for part in parts) <= 1_500_000
    assert blocks["without"] != []
    # Noise packs worst of all: a model of rock holds more.
    assert blocks["n"] >= 100_000 and blocks["all"] == grid.n_blocks
    assert blocks["n"] == (grade >= float(blocks["floor"].split()[0])).sum()


def test_a_pit_has_stages_by_pushback_and_by_year_only_where_the_plan_is_of_a_pit(tmp_path):
    grid = example_mine.GRID
    i, j, k = grid.ijk(np.arange(grid.n_blocks))
    dug = np.hypot(i - 12, j - 8) <= k / 3
    stage = np.where(dug, 1 + (i > 12), 0)
    write_pit(tmp_path / "pit_blocks.parquet", grid, dug, pushback=stage)
    write_pit(tmp_path / "plan_blocks.parquet", grid, dug, plan_year=2 * stage)
    told = example_plan.summary()
    assert [s["name"] for s in scene(finished(tmp_path, told))["pit"]["sets"]] == ["pushback"]
    told["plan"] = {**told["plan"], "of": "pit"}
    year, pushback = scene(finished(tmp_path, told))["pit"]["sets"]
    assert (year["name"], year["numbers"]) == ("year", [2, 4])
    assert [step["at"] for step in year["steps"]][:4] == [-1, 0, 0, 1]
    assert len(year["steps"]) >= len(told["plan"]["years"])
    assert "Year 1" in year["steps"][0]["name"]
    assert [step["name"] for step in pushback["steps"]] == ["Pushback 1", "Pushback 2"]
    assert [c["label"] for c in pushback["classes"]] == ["pushback 1", "pushback 2"]
    colours = [c["colour"] for c in pushback["classes"]]
    assert smallest_distance(tuple(colours)) > 20


@pytest.mark.parametrize("by", [0.0, 26.0])
def test_the_page_knows_how_far_drillholes_begin_off_the_ground(tmp_path, monkeypatch, by):
    layers = example_drilling.layers()
    tops = [line.coords[0] for line in layers["drillhole_traces"].geometry]
    # A plane through no collar but below all of them as the study says.
    west, south = min(t[0] for t in tops) - 50.0, min(t[1] for t in tops) - 50.0
    cell, n = 10.0, 60
    east = west + cell * (np.arange(n) + 0.5)
    north = south + cell * n - cell * (np.arange(n) + 0.5)
    slope = 0.2 * (east[None, :] - west) + 0.1 * (north[:, None] - south)
    ground = Terrain(
        elevations_m=slope.astype(np.float32), west_m=west, north_m=south + cell * n, cell_m=cell,
        crs=example_drilling.CRS, vertical_datum="Baltic 1977", contour_m=5.0, source="a survey",
    )  # fmt: skip
    placed = [
        LineString([(x, y, 0.2 * (x - west) + 0.1 * (y - south) + by), (x, y, -90.0)])
        for x, y, _ in tops
    ]
    layers["drillhole_traces"] = layers["drillhole_traces"].set_geometry(placed, crs=ground.crs)
    monkeypatch.setattr(solids_scene, "terrain_of", lambda _: ground)
    found = scene(finished(tmp_path, example_drilling.summary(), layers))["ground"]["collars"]
    assert found == {"most_m": by, "middle_m": by, "n": len(tops)}


def test_published_evidence_has_no_page_in_three_dimensions(tmp_path):
    study = finished(tmp_path, example_study.summary(), example_study.layers())
    assert model_page(study) is None
    assert WRITE_MODEL(study) == [] and list(tmp_path.iterdir()) == []


def test_equal_studies_have_equal_pages_that_ask_nobody(tmp_path):
    page = model_page(finished(tmp_path))
    assert page == model_page(finished(tmp_path))
    assert "default-src 'none'" in page.split("<style>")[0]
    shown = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.findall(r"(?:src|href)=", shown)
    told = shown[shown.index("<!--") :]
    assert (ASSETS / "three.LICENSE.txt").read_text("utf-8").strip() in told
    assert "Agafonkin" not in page


def test_a_synthetic_study_says_so_and_every_page_carries_its_stamp(tmp_path):
    told = example_plan.summary()
    page = model_page(finished(tmp_path, told))
    assert told["study"]["synthetic"] and 'class="synthetic"' in page
    assert str(finished(tmp_path, told).stamp) in page
    real = {**told, "study": {**told["study"], "synthetic": False}}
    assert 'class="synthetic"' not in model_page(finished(tmp_path, real))


def test_bodies_have_the_colours_that_the_map_gives_them(tmp_path):
    study = finished(tmp_path)
    drawn = scene(study)
    layers = {layer.name: layer for layer in study.layers}
    for part, name in (("stopes", "stopes"), ("samples", "composites")):
        field = drawn[part]["fields"][0]
        layer = layers[name]
        numbers = layer.class_numbers
        wanted = [layer.style.classes[n].symbol.fill for n in numbers]
        assert field["name"] == "sb_pct"
        assert [field["classes"][k]["colour"] for k in field["of"]] == wanted
        assert [field["classes"][k]["label"] for k in field["of"]] == [
            layer.style.classes[n].label for n in numbers
        ]


def test_what_is_not_known_has_a_class_of_its_own_and_is_never_zero(tmp_path):
    layers = {**example_drilling.layers(), **example_plan.layers()}
    layers["composites"].loc[3, "sb_pct"] = np.nan
    drawn = scene(finished(tmp_path, layers=layers))["samples"]
    field = drawn["fields"][0]
    assert field["classes"][field["of"][3]]["label"] == "not known"
    column = next(c for c in drawn["columns"] if c["label"] == "Antimony grade")
    assert column["values"][3] is None and column["unit"] == "% Sb"


def test_a_study_with_holes_alone_has_a_page_of_holes(tmp_path):
    layers = example_drilling.layers()
    drawn = scene(finished(tmp_path, example_drilling.summary(), layers))
    assert drawn["stopes"] is None and drawn["pit"] is None
    assert len(drawn["holes"]["paths"]) == len(layers["drillhole_traces"])


def test_stopes_without_elevations_are_counted(tmp_path):
    layers = example_plan.layers()
    layers["stopes"].loc[[0, 2], "level_low_m"] = np.nan
    drawn = scene(finished(tmp_path, layers=layers))["stopes"]
    assert drawn["left_out"] == 2
    assert len(drawn["names"]) == len(drawn["rows"]) == len(layers["stopes"]) - 2


def test_texts_of_a_study_stay_texts(tmp_path):
    layers = example_drilling.layers()
    for name in ("drillhole_traces", "composites", "collars"):
        layers[name]["hole_id"] = HOSTILE
    told = example_drilling.summary()
    told["study"] = {**told["study"], "title": HOSTILE, "disclaimer": HOSTILE}
    page = model_page(finished(tmp_path, told, layers))
    assert "<script>document" not in page and "<img" not in page
    assert page.count("<script>") == 1 + len(SCRIPTS)


def test_every_word_of_the_page_has_its_russian(tmp_path):
    said = [
        *PARTS.values(),
        *HOW,
        *re.findall(r">([^<>]+)<", CANVAS),
        *re.findall(r'aria-label="([^"]+)"', CANVAS),
        *("In three dimensions", "How to turn it", "Optimised shapes, no mine design."),
        *("What is shown", "Tables"),
        *(label for label in labels_in(SCRIPTS) if label not in CHOSEN),
    ]
    assert [label for label in said if not is_known(label, "ru")] == []
    page = model_page(finished(tmp_path, language="ru"))
    assert '<html lang="ru">' in page and "Как управлять" in page


@pytest.mark.parametrize("name", ["model.html", "synthetic_model.html"])
def test_the_page_is_a_product_under_its_own_name(tmp_path, name):
    told = example_drilling.summary()
    told["study"] = {**told["study"], "synthetic": name.startswith("synthetic_")}
    assert WRITE_MODEL(finished(tmp_path, told, example_drilling.layers())) == [name]
    assert (tmp_path / name).is_file()


def test_the_settings_title_comes_first(tmp_path):
    study = finished(tmp_path)
    named = replace(study, settings=MapSettings(title="A & B", online_tiles=False))
    assert "<title>A &amp; B</title>" in model_page(named)
