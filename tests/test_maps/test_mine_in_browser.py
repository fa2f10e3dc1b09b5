"""Stopes and pits as a reader meets them: Chromium, a file, no network."""

import copy

import geopandas as gpd
import pytest
from support import example_mine as example
from support.browser import opened

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def mined(tmp_path_factory):
    """A finished study whose licence lies around everything, as a filled area."""
    layers = example.layers()
    around = layers["pit_outline"].union_all().buffer(300.0).envelope
    licence = gpd.GeoDataFrame(
        {"name": ["A licence"]}, geometry=[around], crs=layers["pit_outline"].crs
    )
    folder = tmp_path_factory.mktemp("mined")
    return example.finished(folder, mine_layers={**layers, "licence": licence})


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


def pixel(page, longitude, latitude):
    """Where a place lies in the window [CSS px]."""
    return page.evaluate(
        """([lat, lng]) => { const p = anzobMap.map.latLngToContainerPoint([lat, lng]);
           const box = anzobMap.map.getContainer().getBoundingClientRect();
           return [box.left + p.x, box.top + p.y]; }""",
        [latitude, longitude],
    )


def within(number, beyond):
    """A place inside one outline, outside the next smaller one and outside every stope."""
    layers = example.layers()
    pits = layers["pit_outline"].set_index("name").geometry
    free = pits[number].buffer(-4.0)
    free = free.difference(pits[beyond].buffer(8.0)) if beyond else free
    free = free.difference(layers["stopes"].union_all().buffer(8.0))
    place = gpd.GeoSeries([free], crs=layers["pit_outline"].crs).explode(index_parts=False)
    largest = place.iloc[[int(place.area.argmax())]].representative_point().to_crs(4326).iloc[0]
    return largest.x, largest.y


def outside():
    """A place in the licence, close to the pit."""
    pits = example.layers()["pit_outline"]
    ring = pits.union_all().buffer(30.0).difference(pits.union_all().buffer(15.0))
    place = gpd.GeoSeries([ring], crs=pits.crs).representative_point().to_crs(4326).iloc[0]
    return place.x, place.y


def clicked(page, place):
    page.evaluate("anzobMap.map.closePopup()")
    page.wait_for_timeout(300)
    page.mouse.click(*pixel(page, *place))
    page.wait_for_timeout(300)
    return page.locator(".leaflet-popup-content h3").last.inner_text()


def beside_panels(page):
    """Fold what stands over the map away, so that every place of it can be clicked."""
    for panel in ("#layer-panel", "#level-panel", "#bench-panel"):
        page.locator(f"{panel} button").first.click()


def test_a_click_inside_a_pit_is_about_the_innermost_pit_not_about_the_licence(chromium, mined):
    with opened(chromium, mined) as watched:
        page = ready(watched)
        assert page.locator("path.path-licence").count() == 1
        beside_panels(page)
        places = {
            "Pushback 1": within("Pushback 1", ""),
            "Pushback 2": within("Pushback 2", "Pushback 1"),
            "Ultimate pit": within("Ultimate pit", "Pushback 2"),
        }
        for name, place in places.items():
            assert clicked(page, place) == name
        page.locator("#layer-panel button").first.click()
        for key in ("pit_outline", "pit_outline", "stopes", "stopes"):
            page.locator(f"input[data-key='{key}']").click()
        page.locator("#layer-panel button").first.click()
        # Switched off and on again, all lie as they lay.
        for name, place in places.items():
            assert clicked(page, place) == name
        page.evaluate("anzobMap.map.closePopup()")
        page.wait_for_timeout(300)
        stope = page.locator("path.path-stopes").first.bounding_box()
        page.mouse.click(stope["x"] + stope["width"] / 2, stope["y"] + stope["height"] / 2)
        assert page.locator(".leaflet-popup-content h3").last.inner_text().startswith("Stope")
        page.locator("#layer-panel button").first.click()
        page.locator("input[data-key='pit_outline']").uncheck()
        page.locator("#layer-panel button").first.click()
        assert clicked(page, places["Pushback 1"]) == "A licence"
        assert watched.complaints == []


def test_no_frame_is_drawn_around_what_is_clicked_but_keys_still_show_where_they_are(
    chromium, mined
):
    with opened(chromium, mined) as watched:
        page = ready(watched)
        beside_panels(page)
        assert clicked(page, outside()) == "A licence"
        focused = page.evaluate(
            """() => { const one = document.activeElement, style = getComputedStyle(one);
               return [one.tagName, one.matches(':focus-visible'), style.outlineStyle]; }"""
        )
        assert focused[0] == "path" and focused[1:] == [False, "none"]
        page.locator("#layer-panel button").first.focus()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.matches(':focus-visible')")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"


NUMBERS = ".section-number:not(.head) span"


def shown_numbers(page):
    return [int(text) for text in page.locator(NUMBERS).all_text_contents()]


def test_numbers_of_sections_follow_the_level_the_zoom_and_the_reader(chromium, mined):
    with opened(chromium, mined) as watched:
        page = ready(watched)
        rows = example.rows()
        slider = page.locator("#level-slider")
        slider.focus()
        for key, level in (("Home", 1), ("End", 5)):
            page.keyboard.press(key)
            own = {row["section"] for row in rows if row["level"] == level}
            numbers = shown_numbers(page)
            assert numbers and set(numbers) <= set(range(min(own), max(own) + 1))
        page.evaluate("anzobMap.map.setZoom(anzobMap.map.getZoom() + 2, {animate: false})")
        assert shown_numbers(page) == list(range(min(own), max(own) + 1))
        page.evaluate("anzobMap.map.setZoom(anzobMap.map.getZoom() - 4, {animate: false})")
        assert len(shown_numbers(page)) < max(own) - min(own) + 1
        page.locator("#section-numbers").uncheck()
        assert shown_numbers(page) == [] and page.locator(".section-number").count() == 0
        page.locator("#section-numbers").check()
        assert shown_numbers(page)
        page.locator("input[data-key='stopes']").uncheck()
        page.wait_for_timeout(50)
        assert page.locator(".section-number").count() == 0
        page.locator("input[data-key='stopes']").check()
        page.wait_for_timeout(50)
        assert shown_numbers(page)
        assert watched.complaints == []


TOUCHING = """() => { const seen = n => n.style.visibility !== 'hidden';
    const all = s => [...document.querySelectorAll(s)].filter(seen);
    const nodes = [...all('.section-number span'), ...all('.leaflet-tooltip.label')];
    const boxes = nodes.map(n => n.getBoundingClientRect());
    const found = [];
    boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b, j) => {
      if (a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top) {
        found.push(nodes[i].innerText + ' | ' + nodes[i + 1 + j].innerText); } }));
    return found; }"""


@pytest.mark.parametrize("further", [-2, 0, 2])
def test_numbers_of_sections_do_not_touch_each_other_or_names(chromium, mined, further):
    with opened(chromium, mined) as watched:
        page = ready(watched)
        page.evaluate(
            f"anzobMap.map.setZoom(anzobMap.map.getZoom() + {further}, {{animate: false}})"
        )
        for level in range(5):
            page.locator("#level-slider").fill(str(level))
            page.wait_for_timeout(50)
            assert page.evaluate(TOUCHING) == []
        page.locator("#level-all").check()
        page.wait_for_timeout(50)
        assert page.evaluate(TOUCHING) == []
        page.evaluate("anzobMap.map.panBy([40, -30], {animate: false})")
        page.wait_for_timeout(50)
        assert page.evaluate(TOUCHING) == []


def test_a_phone_is_told_that_the_table_of_sections_scrolls(chromium, mined):
    with opened(chromium, mined, width=390, height=844) as watched:
        page = ready(watched)
        page.get_by_text("Stopes by level and section").first.click()
        hint, frame = page.locator(".sideways"), page.locator(".heat .scroll")
        assert "scroll the table sideways" in hint.inner_text()
        box = hint.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390
        assert box["y"] < frame.bounding_box()["y"]
        assert frame.evaluate("n => n.scrollWidth > n.clientWidth")


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
