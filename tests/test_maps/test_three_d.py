"""What stands on the page in three dimensions, how large is it, and in which words?"""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from support import example_drilling, example_plan, example_study
from support.example_model import HOSTILE, finished, many

from maps.config import MapSettings
from maps.drawings.solids_scene import scene
from maps.languages import is_known
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
    assert page.count("<script>") == page.count("<!--\nthree.js") * 3


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
