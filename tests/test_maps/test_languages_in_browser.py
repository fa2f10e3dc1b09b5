"""A map page in Russian as a reader meets it: Chromium, a file, no network."""

import re

import pytest
from support import example_drilling, example_model, example_plan, example_study, example_validation
from support.browser import opened
from support.spoken import english, given, texts_of

from maps.config import MapSettings
from maps.drawings.benches import bench_grids
from maps.drawings.footprints import draw
from maps.drawings.grades import without_columns
from maps.products.localised import localised
from maps.products.three_d import model_page
from maps.products.validation_page import validation_page
from maps.products.web import page

pytestmark = pytest.mark.browser
SETTINGS = MapSettings(language="ru", online_tiles=False)
HOSTILE = "<img src=x onerror=\"document.title='run'\">"


@pytest.fixture(scope="module")
def russian(tmp_path_factory):
    folder = tmp_path_factory.mktemp("russian")
    told = example_plan.summary() | {"generated": "2026-11-28T02:18:11+00:00", "version": "0.1.0"}
    grids = bench_grids(example_drilling.write_blocks(folder), told)
    path = folder / "synthetic_map.html"
    path.write_text(page(told, draw(told, example_plan.layers()), SETTINGS, grids), "utf-8")
    return path


OPEN_ALL = "for (const d of document.querySelectorAll('details')) d.open = true"


def test_panels_of_the_page_speak_russian_and_follow_the_slider(chromium, russian):
    with opened(chromium, russian) as watched:
        shown = watched.page
        shown.wait_for_selector("html[data-level]", state="attached", timeout=15_000)
        assert shown.locator("html").get_attribute("lang") == "ru"
        panels = [shown.locator(f"#{x}-panel").inner_text() for x in ("layer", "level", "bench")]
        assert all(re.search("[а-я]{3}", panel) for panel in panels)
        shown.locator("#bench-slider").focus()
        shown.keyboard.press("Home")
        before = shown.locator("#bench-name").inner_text()
        shown.keyboard.press("ArrowRight")
        after = shown.locator("#bench-name").inner_text()
        assert before != after and re.fullmatch(r"Уступ [\d\u00a0,]+–[\d\u00a0,]+ м", after)
        assert watched.requests == [] and watched.complaints == []


def test_hostile_names_are_as_inert_in_russian(chromium, tmp_path):
    told = example_study.summary()
    told["fields"][0]["name"] = HOSTILE
    told["study"]["title"] = HOSTILE
    ground = example_study.layers()
    for layer in ground.values():
        if "name" in layer:
            layer["name"] = HOSTILE
    path = tmp_path / "map.html"
    path.write_text(page(told, draw(told, ground), SETTINGS), "utf-8")
    with opened(chromium, path) as watched:
        shown = watched.page
        for sign in shown.locator(".leaflet-marker-icon").all()[:3]:
            sign.dispatch_event("click")
            shown.locator(".leaflet-popup").last.wait_for()
        assert shown.locator("img[src=x]").count() == 0 and shown.title() != "run"
        assert watched.requests == [] and watched.complaints == []


def left_in_english(browser, path, names, *, click=()):
    """What a Russian page says in English, everything unfolded and some buttons pressed."""
    with opened(browser, path) as watched:
        shown = watched.page
        shown.evaluate(OPEN_ALL)
        for place in click:
            shown.locator(place).first.dispatch_event("click")
        shown.evaluate(OPEN_ALL)
        found = texts_of(shown)
        assert shown.locator("html").get_attribute("lang") == "ru" and len(found) > 50
        assert not [said for said in watched.complaints if "GL Driver Message" not in said]
    return english(found, names)


def test_the_map_of_a_mine_says_nothing_in_english(chromium, russian):
    told = example_plan.summary()
    # Sentences of the study, as the page gives them: with words for the names of columns.
    sentences = [without_columns(told, text) for text in given(told)]
    names = given(told, sentences, *example_plan.layers().values())
    click = ("button:has-text('Измерить')", "button:has-text('Разрез')", ".leaflet-marker-icon")
    assert left_in_english(chromium, russian, names, click=click) == []


def test_the_map_of_published_evidence_says_nothing_in_english(chromium, tmp_path):
    told, layers, path = example_study.summary(), example_study.layers(), tmp_path / "map.html"
    path.write_text(page(told, draw(told, layers), SETTINGS), "utf-8")
    names = given(told, *layers.values())
    assert left_in_english(chromium, path, names, click=(".leaflet-marker-icon",)) == []


def test_the_validation_page_says_nothing_in_english(chromium, tmp_path):
    told, path = example_validation.summary(), tmp_path / "validation.html"
    path.write_text(localised(validation_page(told), "ru"), "utf-8")
    assert left_in_english(chromium, path, given(told)) == []


def test_the_page_in_three_dimensions_says_nothing_in_english(chromium, tmp_path):
    study, path = example_model.finished(tmp_path, language="ru"), tmp_path / "model.html"
    path.write_text(model_page(study), "utf-8")
    names = given(study.summary, *(layer.features for layer in study.layers))
    assert left_in_english(chromium, path, names) == []


def test_a_forgotten_label_is_found_and_a_name_is_not():
    texts = [("P", "Содержание: Konchoch mill, 2,5 % Sb"), ("title", "Zoom in"), ("TD", "JIJ-12")]
    assert english(texts, given({"name": "Konchoch mill"})) == ["title: Zoom in"]
    # A word that the wordbook knows is no name, even where the study's data hold it.
    assert english([("TH", "Sources")], given({"kind": "Sources"})) == ["TH: Sources"]
