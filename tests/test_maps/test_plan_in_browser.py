"""The plan of a mine as a reader meets it: Chromium, a file, no network."""

import pytest
from support import example_plan
from support.browser import opened

from maps import palettes
from maps.config import MapSettings
from maps.drawings.footprints import draw
from maps.products.web import page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    told = example_plan.summary()
    path = tmp_path_factory.mktemp("planned") / "synthetic_map.html"
    drawn = draw(told, example_plan.layers())
    path.write_text(page(told, drawn, MapSettings(online_tiles=False)), "utf-8")
    return path


def fills(shown):
    return set(
        shown.eval_on_selector_all(
            "path.path-stopes", "all => all.map(p => p.getAttribute('fill'))"
        )
    )


def test_stopes_change_from_grade_to_year_and_back(chromium, planned):
    with opened(chromium, planned) as watched:
        shown = watched.page
        shown.wait_for_selector("html[data-level]", state="attached", timeout=15_000)
        shown.locator("#level-all").check()
        by_grade = fills(shown)
        assert by_grade <= {*palettes.SEQUENCE, palettes.ABSENT}
        assert shown.locator("#year-legend").is_hidden()
        shown.locator("#year-colours").check()
        assert fills(shown) == {*palettes.sequence(3, palettes.YEARS), palettes.ABSENT}
        assert shown.locator("#year-legend li").all_inner_texts()[0].strip() == "year 1"
        shown.locator("#year-colours").uncheck()
        assert fills(shown) == by_grade
        assert watched.requests == [] and watched.complaints == []


def test_the_drawing_of_stopes_in_time_can_be_laid_over_the_map(chromium, planned):
    with opened(chromium, planned) as watched:
        shown = watched.page
        shown.wait_for_selector("html[data-level]", state="attached", timeout=15_000)
        shown.get_by_text("Stopes of the plan in time").click()
        small = shown.locator(".plan-gantt").bounding_box()
        shown.locator("#gantt-large").check()
        large = shown.locator(".plan-gantt").bounding_box()
        assert large["width"] > 1.5 * small["width"]
        assert watched.requests == [] and watched.complaints == []
