"""The page as a reader meets it: Chromium, a file, no network."""

import copy
import json

import pyproj
import pytest
from support import example_study
from support.browser import colours, opened

pytestmark = pytest.mark.browser

HOSTILE = (
    "<img src=x onerror=\"document.title='ran'\"><script>document.title='ran'</script>"
    "</script>${document.title='ran'}`'\" {{ 7*7 }} \u2028"
)


def clean(watched):
    assert watched.requests == []
    assert watched.complaints == []


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_the_page_renders_without_a_request_or_a_complaint(chromium, finished, width, height):
    with opened(chromium, finished / "map.html", width=width, height=height) as watched:
        page = watched.page
        assert colours(page.screenshot()) > 100
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0
        drawn = page.locator(".leaflet-container")
        assert drawn.bounding_box()["width"] >= min(width, 900)
        assert drawn.bounding_box()["height"] > 500
        clean(watched)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_verdicts_and_disclaimer_are_in_view_when_the_page_opens(chromium, finished, width, height):
    with opened(chromium, finished / "map.html", width=width, height=height) as watched:
        for words in ("Does not hold", "Not known", "Not a Mineral Resource"):
            box = watched.page.get_by_text(words).first.bounding_box()
            assert box["y"] >= 0 and box["y"] + box["height"] <= height


def test_a_layer_switch_takes_features_off_the_map_and_puts_them_back(chromium, finished):
    with opened(chromium, finished / "map.html") as watched:
        page = watched.page
        dashed = page.locator("path.leaflet-interactive[stroke-dasharray]")
        before, labels = dashed.count(), page.locator(".label-location_uncertainty").count()
        assert before == 6 and labels == 2
        switch = page.locator("input[data-key='location_uncertainty']")
        switch.uncheck()
        assert dashed.count() == 0
        page.locator(".label-location_uncertainty").first.wait_for(state="detached")
        assert page.locator(".label-location_uncertainty").count() == 0
        switch.check()
        assert dashed.count() == before
        clean(watched)


def test_one_class_of_a_layer_can_be_switched_alone(chromium, finished):
    with opened(chromium, finished / "map.html") as watched:
        page = watched.page
        signs = page.locator(".leaflet-marker-icon.point")
        before = signs.count()
        # Two records that may be the field are of this class.
        page.locator("input[data-key='deposits:2']").uncheck()
        assert signs.count() == before - 2
        whole = page.locator("input[data-key='deposits']")
        assert whole.evaluate("box => box.indeterminate") is True
        clean(watched)


def test_switching_a_layer_changes_the_picture(chromium, finished):
    with opened(chromium, finished / "map.html") as watched:
        page = watched.page
        before = page.locator(".leaflet-container").screenshot()
        page.locator("input[data-key='plants']").uncheck()
        assert page.locator(".leaflet-container").screenshot() != before


def test_the_popup_of_a_field_holds_curve_tables_and_bounding_cases(chromium, finished):
    with opened(chromium, finished / "map.html") as watched:
        page = watched.page
        page.locator(".leaflet-marker-icon[aria-label='Jijikrut ore field']").click()
        popup = page.locator(".leaflet-popup-content")
        popup.wait_for()
        said = popup.inner_text()
        assert "any cut-off" in said and "not known" in said
        assert "ASSUMED: National reserve of 1998-99" in said
        assert popup.locator("svg.curve path[stroke-dasharray]").count() >= 4
        assert "± 4 km" in said
        clean(watched)


def test_the_popup_of_the_plant_holds_both_verdicts_with_their_tests(chromium, finished):
    with opened(chromium, finished / "map.html") as watched:
        page = watched.page
        page.locator(".leaflet-marker-icon[aria-label='Anzob plant']").press("Enter")
        popup = page.locator(".leaflet-popup-content")
        popup.wait_for()
        said = popup.inner_text()
        assert "Does not hold" in said and "Not known" in said
        assert "Gates: each must pass" in said and "Ore supply" in said


def test_a_popup_does_not_hide_behind_the_layer_panel(chromium, finished):
    with opened(chromium, finished / "map.html") as watched:
        page = watched.page
        page.locator(".leaflet-marker-icon[aria-label='Anzob village']").press("Enter")
        page.wait_for_timeout(600)
        popup = page.locator(".leaflet-popup").bounding_box()
        panel = page.locator("#layer-panel").bounding_box()
        assert popup["x"] + popup["width"] <= panel["x"]


def test_the_keyboard_alone_reaches_switches_a_layer_and_opens_a_popup(chromium, finished):
    with opened(chromium, finished / "map.html") as watched:
        page = watched.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "layer-panel"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
        page.keyboard.press("Tab")
        key = page.evaluate("document.activeElement.dataset.key")
        page.keyboard.press("Space")
        assert page.locator(f"input[data-key='{key}']").is_checked() is False
        page.locator(".leaflet-marker-icon[aria-label='Konchoch mill']").focus()
        page.keyboard.press("Enter")
        page.locator(".leaflet-popup-content").wait_for()
        assert "leaflet-popup-content" in page.evaluate("document.activeElement.className")
        page.keyboard.press("Escape")
        page.locator(".leaflet-popup-content").wait_for(state="detached")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Konchoch mill"
        clean(watched)


def test_the_panel_folds_away_and_comes_back(chromium, finished):
    with opened(chromium, finished / "map.html") as watched:
        fold = watched.page.locator("#layer-panel button")
        fold.press("Enter")
        assert fold.get_attribute("aria-expanded") == "false"
        assert not watched.page.locator("#layer-list").is_visible()
        fold.press("Enter")
        assert watched.page.locator("#layer-list").is_visible()


def test_sections_open_by_keyboard(chromium, finished):
    with opened(chromium, finished / "map.html") as watched:
        claims = watched.page.locator("summary", has_text="Claims of the public story")
        claims.press("Enter")
        assert watched.page.get_by_text("mistimed").is_visible()


@pytest.mark.parametrize("zoom", [0, -2])
def test_no_two_labels_overlap(chromium, finished, zoom):
    with opened(chromium, finished / "map.html") as watched:
        watched.page.evaluate(
            "by => anzobMap.map.setZoom(anzobMap.map.getZoom() + by, {animate: false})", zoom
        )
        boxes = watched.page.evaluate(
            """[...document.querySelectorAll('.leaflet-tooltip.label')]
               .filter(e => getComputedStyle(e).visibility === 'visible')
               .map(e => { const b = e.getBoundingClientRect();
                           return [b.left, b.top, b.right, b.bottom]; })"""
        )
        assert len(boxes) >= 3
        for i, (left, top, right, bottom) in enumerate(boxes):
            for other in boxes[:i]:
                apart = (
                    right <= other[0] or left >= other[2] or bottom <= other[1] or top >= other[3]
                )
                assert apart


def test_metres_at_the_cursor_agree_with_proj(chromium, finished):
    to_utm = pyproj.Transformer.from_crs(4326, 32642, always_xy=True)
    places = [(68.62944, 39.17389), (66.1, 36.7), (71.9, 41.0), (69.0, 0.001)]
    with opened(chromium, finished / "map.html") as watched:
        for longitude, latitude in places:
            found = watched.page.evaluate(
                "([x, y]) => anzobMap.utm({lng: x, lat: y}, {zone: 42, south: false})",
                [longitude, latitude],
            )
            easting, northing = to_utm.transform(longitude, latitude)
            assert found["easting"] == pytest.approx(easting, abs=0.001)
            assert found["northing"] == pytest.approx(northing, abs=0.001)


def test_the_cursor_shows_both_systems(chromium, finished):
    with opened(chromium, finished / "map.html") as watched:
        watched.page.mouse.move(800, 500)
        said = watched.page.locator("#cursor").inner_text()
        assert "WGS 84)" in said and "UTM zone 42N" in said


def test_online_tiles_are_asked_for_only_when_switched_on_and_fail_quietly(chromium, finished):
    with opened(chromium, finished / "map.html") as watched:
        page = watched.page
        page.wait_for_timeout(300)
        assert watched.requests == []
        page.locator("input[data-key='Background map from the internet']").check()
        page.get_by_text("cannot be reached").wait_for()
        assert watched.requests
        assert all("tile.opentopomap.org" in url for url in watched.requests)
        assert colours(page.screenshot()) > 100


def hostile_study(folder):
    """A study in which every text tries to run."""
    from maps.workflow import write_products

    summary = copy.deepcopy(example_study.summary())
    summary["study"] |= dict.fromkeys(("title", "question", "headline", "disclaimer"), HOSTILE)
    for field in summary["fields"]:
        field |= {"name": HOSTILE, "owner": HOSTILE, "note": HOSTILE, "aliases": [HOSTILE]}
    for row in summary["grade_tonnage"]:
        row |= {"model": HOSTILE, "source": HOSTILE, "note": HOSTILE, "missing": [HOSTILE]}
    for claim in summary["claims"]:
        claim |= {"claim": HOSTILE, "finding": HOSTILE, "sources": [HOSTILE]}
    layers = example_study.layers()
    for table in layers.values():
        for column in ("name", "source", "note"):
            if column in table.columns:
                table[column] = HOSTILE
    layers[HOSTILE] = layers["roads"].copy()
    write_products(summary, {k: v for k, v in layers.items() if k != HOSTILE}, folder)
    return folder / "map.html"


def test_hostile_texts_are_shown_and_do_not_run(chromium, tmp_path):
    with opened(chromium, hostile_study(tmp_path)) as watched:
        page = watched.page
        for key in ("field", "plant"):
            layer = "deposits" if key == "field" else "plants"
            page.evaluate(
                """name => { const group = anzobMap.groups[name][0];
                   let done = false;
                   group.eachLayer(one => one.eachLayer(part => {
                     if (!done) { part.openPopup(); done = true; } })); }""",
                layer,
            )
            assert "<img src=x" in page.locator(".leaflet-popup-content").last.inner_text()
        page.locator("summary").first.click()
        page.wait_for_timeout(200)
        assert page.title() != "ran"
        assert page.title().startswith("<img src=x")
        assert page.locator("img").count() == 0
        clean(watched)


def test_the_policy_stops_a_script_that_got_in_anyway(chromium, finished, tmp_path):
    """Sabotage: what if an escape were forgotten one day?"""
    text = (finished / "map.html").read_text("utf-8")
    broken = tmp_path / "map.html"
    hole = "<img src=x onerror=\"document.title='ran'\"><script>document.title='ran'</script>"
    broken.write_text(text.replace("<footer", f"{hole}<footer", 1), "utf-8")
    with opened(chromium, broken) as watched:
        watched.page.wait_for_timeout(200)
        assert watched.page.title() != "ran"
        assert any("Content Security Policy" in said for said in watched.complaints)


def test_printing_opens_every_section_and_closes_it_again(chromium, finished):
    with opened(chromium, finished / "map.html") as watched:
        page = watched.page
        closed = page.locator("details:not([open])").count()
        assert closed > 5
        paper = page.pdf()
        assert paper.count(b"/Type /Page\n") >= 3
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert page.locator("details:not([open])").count() == 0
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert page.locator("details:not([open])").count() == closed
        assert page.evaluate("document.body.className") == ""


def test_the_synthetic_banner_is_in_view_on_a_phone(chromium, tmp_path):
    from maps.workflow import write_products

    summary = example_study.summary(synthetic=True)
    names = write_products(summary, example_study.layers(), tmp_path)
    with opened(chromium, tmp_path / names[0], width=390, height=844) as watched:
        box = watched.page.get_by_text("SYNTHETIC: an invented deposit").bounding_box()
        assert 0 <= box["y"] < 100


def test_the_data_block_is_sound_json(chromium, finished):
    with opened(chromium, finished / "map.html") as watched:
        text = watched.page.locator("#study").text_content()
        assert {layer["name"] for layer in json.loads(text)["layers"]} >= {"deposits", "plants"}
