"""Stopes and pits as a reader meets them: Chromium, a file, no network."""

import copy

import pytest
from support import example_mine as example
from support.browser import opened

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def mined(tmp_path_factory):
    return example.finished(tmp_path_factory.mktemp("mined"))


def ready(watched):
    watched.page.wait_for_selector("html[data-bench]", state="attached", timeout=15_000)
    return watched.page


def drawn(page):
    """Stopes that stand on the map."""
    return page.locator("path.path-stopes").count()


def on_level(number):
    return sum(row["level"] == number for row in example.rows())


def test_the_map_opens_on_the_level_with_most_ore_and_shows_no_other(chromium, mined):
    levels = example.mine()["stopes"]["levels"]
    most = max(levels, key=lambda one: one["ore_t"])
    with opened(chromium, mined) as watched:
        page = ready(watched)
        assert page.locator("html").get_attribute("data-level") == str(levels.index(most))
        assert drawn(page) == most["stopes"]
        assert f"Level {most['level']}:" in page.locator("#level-name").inner_text()
        assert watched.requests == [] and watched.complaints == []


def test_the_keyboard_chooses_a_level_and_the_bench_follows(chromium, mined):
    with opened(chromium, mined) as watched:
        page = ready(watched)
        slider = page.locator("#level-slider")
        slider.focus()
        page.keyboard.press("End")
        assert drawn(page) == on_level(5)
        assert slider.get_attribute("aria-valuetext") == "Level 5: 940 to 960 m"
        bench = page.locator("#bench-name").inner_text()
        assert bench in {"Bench 945 to 950 m", "Bench 950 to 955 m"}
        page.keyboard.press("ArrowLeft")
        assert drawn(page) == on_level(4) != on_level(5)
        said = page.locator("#level-said").inner_text()
        assert said.startswith(f"{on_level(4)} stopes, ") and said.endswith("% Sb")
        page.locator("#level-panel button").press("Enter")
        assert not page.locator("#level-list").is_visible()
        assert watched.complaints == []


def test_the_level_follows_the_bench_but_not_while_all_levels_are_shown(chromium, mined):
    with opened(chromium, mined) as watched:
        page = ready(watched)
        bench = page.locator("#bench-slider")
        bench.focus()
        page.keyboard.press("End")
        assert page.locator("html").get_attribute("data-level") == "4"
        assert page.locator("#bench-name").inner_text() == "Bench 955 to 960 m"
        page.locator("#level-all").check()
        bench.focus()
        page.keyboard.press("Home")
        assert page.locator("html").get_attribute("data-level") == "all"
        assert page.locator("#bench-name").inner_text() == "Bench 860 to 865 m"
        assert drawn(page) == len(example.rows())


def test_all_levels_are_shown_by_key_and_one_again_by_moving_the_slider(chromium, mined):
    with opened(chromium, mined) as watched:
        page = ready(watched)
        page.locator("#level-all").press("Space")
        assert drawn(page) == len(example.rows())
        said = page.locator("#level-said").inner_text()
        assert f"{len(example.rows())} stopes" in said and "5 levels" in said
        page.locator("#level-slider").focus()
        page.keyboard.press("ArrowRight")
        assert drawn(page) == on_level(2)
        assert not page.locator("#level-all").is_checked()


def test_a_class_of_grade_that_is_off_stays_off_on_every_level(chromium, mined):
    with opened(chromium, mined) as watched:
        page = ready(watched)
        boxes = page.locator("#layer-list input[data-key^='stopes:']")
        for i in range(boxes.count()):
            boxes.nth(i).uncheck()
        assert drawn(page) == 0
        page.locator("#level-all").check()
        assert drawn(page) == 0
        page.locator("#layer-list input[data-key='stopes']").check()
        assert drawn(page) == len(example.rows())


def test_a_stope_tells_its_ore_in_words_and_units(chromium, mined):
    with opened(chromium, mined) as watched:
        page = ready(watched)
        path = page.locator("path.path-stopes").first
        path.hover(force=True)
        tip = page.locator(".leaflet-tooltip:not(.label)").inner_text()
        assert tip.startswith("Stope L") and tip.endswith("% Sb")
        path.click(force=True)
        said = page.locator(".leaflet-popup-content").inner_text()
        assert "Ore, diluted and recovered" in said and " t at " in said
        assert "Net smelter return" in said and "USD/t ore" in said
        for raw in ("_t", "sb_pct", "level_low", "drawn_as", "near_dip", "nsr"):
            assert raw not in said
        assert watched.complaints == []


def test_pits_are_outlined_with_a_legend_and_hide_nothing(chromium, mined):
    with opened(chromium, mined) as watched:
        page = ready(watched)
        outlines = page.locator("path.path-pit_outline")
        assert outlines.count() == 4
        assert {outlines.nth(i).get_attribute("fill") for i in range(4)} == {"none"}
        legend = page.locator("#layer-list").inner_text()
        assert "Ultimate pit, crest" in legend and "Pushback, crest" in legend
        page.locator("input[data-key='pit_outline']").uncheck()
        assert outlines.count() == 0


def test_the_table_of_levels_and_sections_can_be_laid_over_the_map(chromium, mined):
    with opened(chromium, mined) as watched:
        page = ready(watched)
        page.get_by_text("Stopes by level and section").first.click()
        before = page.locator(".heat").bounding_box()["width"]
        page.locator("#heat-large").press("Space")
        assert page.locator(".heat").bounding_box()["width"] > 2.5 * before
        page.locator("#heat-large").press("Space")
        assert page.locator(".heat").bounding_box()["width"] == before
        assert watched.complaints == []


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_sticks_out_at_any_width(chromium, mined, width):
    with opened(chromium, mined, width=width, height=844) as watched:
        page = ready(watched)
        page.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        inner = page.evaluate(
            """() => { const main = document.querySelector(innerWidth > 760 ? 'main' : 'body');
               const edge = main.getBoundingClientRect().left + main.clientWidth + 1;
               return [...document.querySelectorAll('.front *, .backing *')].filter(n =>
                 !n.closest('.scroll') && n.getBoundingClientRect().right > edge).length; }"""
        )
        assert inner == 0
        if width < 560:
            page.locator("#level-panel button").click()
        assert page.locator("#level-slider").is_visible()
        assert watched.requests == [] and watched.complaints == []


def test_hostile_texts_of_a_mine_do_not_run(chromium, tmp_path):
    hostile = "<img src=x onerror=\"document.title='ran'\"></script>`'\""
    told = copy.deepcopy(example.summary())
    mine = told["mine"]
    for row in mine["economics"]["rows"]:
        row |= dict.fromkeys(("key", "label", "unit", "kind", "source"), hostile)
    for cut in mine["economics"]["cutoffs"]:
        cut |= {"name": hostile, "meaning": hostile}
    mine["economics"]["missing"] = [hostile]
    mine["pit"] |= {"proof": hostile, "status": hostile}
    mine["pit"]["pushbacks"][0]["number"] = hostile
    stopes = mine["stopes"]
    stopes["certificate"]["words"] = hostile
    stopes["sensitivity"]["direct_shipping"]["words"] = hostile
    stopes["levels"][0]["level"] = hostile
    stopes["sections"][0]["section"] = hostile
    stopes["rows"][0] |= {"stope": hostile, "level": hostile, "section": hostile}
    stopes["offsets"][0][hostile] = 1.0
    layers = example.layers()
    layers["stopes"] = layers["stopes"].astype({"section": object, "level": object})
    layers["stopes"][["stope", "section", "level"]] = hostile
    layers["pit_outline"][["name", "kind"]] = hostile
    page_file = example.finished(tmp_path, told, layers)
    with opened(chromium, page_file) as watched:
        page = ready(watched)
        page.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true; })")
        page.locator("#level-all").check()
        page.locator("path.path-stopes").first.click(force=True)
        page.locator("path.path-pit_outline").first.click(force=True)
        page.wait_for_timeout(200)
        assert page.title() != "ran" and page.locator("img").count() == 0
        assert watched.complaints == [] and watched.requests == []
