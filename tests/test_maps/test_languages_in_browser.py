"""A map page in Russian as a reader meets it: Chromium, a file, no network."""

import re

import pytest
from support import example_drilling, example_plan, example_study
from support.browser import opened

from maps.config import MapSettings
from maps.drawings.benches import bench_grids
from maps.drawings.footprints import draw
from maps.products.web import page

pytestmark = pytest.mark.browser
SETTINGS = MapSettings(language="ru", online_tiles=False)
HOSTILE = "<img src=x onerror=\"document.title='run'\">"


@pytest.fixture(scope="module")
def russian(tmp_path_factory):
    folder = tmp_path_factory.mktemp("russian")
    told = example_plan.summary()
    grids = bench_grids(example_drilling.write_blocks(folder), told)
    path = folder / "synthetic_map.html"
    path.write_text(page(told, draw(told, example_plan.layers()), SETTINGS, grids), "utf-8")
    return path


def english(texts):
    """Texts with a word in small Latin letters, but for names and units that stay."""
    kept = {"anzob", "sb", "au", "as", "hg", "synthetic", "leaflet", "utm", "zone", "wgs"}
    words = {word for text in texts for word in re.findall(r"\b[a-z]{2,}\b", text)}
    return words - kept


def test_panels_of_the_page_speak_russian_and_follow_the_slider(chromium, russian):
    with opened(chromium, russian) as watched:
        shown = watched.page
        shown.wait_for_selector("html[data-level]", state="attached", timeout=15_000)
        assert shown.locator("html").get_attribute("lang") == "ru"
        panels = [shown.locator(f"#{x}-panel").inner_text() for x in ("layer", "level", "bench")]
        assert english(panels) == set()
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
