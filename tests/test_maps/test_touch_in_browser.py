"""The map page under a finger and under the cursor: Chromium, no network."""

import math
import re

import numpy as np
import pyproj
import pytest
from support import example_cuts, example_drilling
from support.browser import opened

pytestmark = pytest.mark.browser

TO_DEGREES = pyproj.Transformer.from_crs(example_cuts.CRS, 4326, always_xy=True)
TO_METRES = pyproj.Transformer.from_crs(4326, example_cuts.CRS, always_xy=True)


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    return example_cuts.write(tmp_path_factory.mktemp("cuts"))


def ready(watched):
    watched.page.wait_for_selector("html[data-bench]", state="attached", timeout=15_000)
    return watched.page


def clean(watched):
    assert watched.requests == [] and watched.complaints == []


@pytest.mark.parametrize("text", ["16px", "20px"])
def test_on_a_phone_one_tap_leads_to_the_map_and_back_and_tools_work_by_touch(chromium, mine, text):
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    shown = context.new_page()
    complaints = []
    shown.on("pageerror", lambda error: complaints.append(str(error)))
    shown.goto(mine.resolve().as_uri())
    shown.wait_for_selector("html[data-bench]", state="attached", timeout=15_000)
    shown.evaluate("size => { document.documentElement.style.fontSize = size; }", text)
    shown.evaluate("window.scrollTo(0, 40)")
    shown.wait_for_timeout(200)
    jump = shown.locator("#jump")
    assert jump.inner_text() == "To the map"
    jump.tap()
    shown.wait_for_timeout(200)
    frame = shown.locator(".leaflet-container").bounding_box()
    banner = shown.locator("body > .synthetic").bounding_box()
    foot = shown.locator("body > .disclaimer").bounding_box()
    assert frame["y"] >= banner["y"] + banner["height"] - 1
    assert frame["y"] + frame["height"] <= foot["y"] + 1
    # Measuring, by two taps where nothing lies over the map.
    shown.locator("#tool-measure").tap()
    middle = frame["y"] + frame["height"] * 0.62
    shown.touchscreen.tap(150, middle)
    shown.touchscreen.tap(230, middle)
    assert "Distance" in shown.locator("#measure-said").inner_text()
    shown.locator("#tool-measure").tap()
    # A section along a line of two taps, and its value under a finger.
    shown.locator("#tool-section").tap()
    shown.locator("#section-draw").tap()
    shown.wait_for_timeout(100)
    panel = shown.locator("#section-panel").bounding_box()
    assert panel["height"] < frame["height"] / 2
    shown.touchscreen.tap(60, frame["y"] + frame["height"] * 0.55)
    shown.touchscreen.tap(330, frame["y"] + frame["height"] * 0.50)
    shown.wait_for_timeout(200)
    said = shown.locator("#section-said").inner_text()
    assert said.startswith("From A to B ")
    canvas = shown.locator("#section-canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    shown.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert "m from A, elevation" in shown.locator("#section-value").inner_text()
    shown.locator("#section-close").tap()
    # Search and layers, and back to the text.
    shown.locator("#search").tap()
    shown.locator("#search").fill("dh-04")
    shown.locator("#search-list li").first.tap()
    shown.locator(".leaflet-popup-content").wait_for()
    shown.evaluate("anzobMap.map.closePopup()")
    shown.locator("#layer-panel button").first.tap()
    assert shown.locator("#layer-list").is_visible()
    jump.tap()
    shown.wait_for_timeout(200)
    assert jump.inner_text() == "To the map" or shown.evaluate("window.scrollY") < 60
    assert shown.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert complaints == []
    context.close()


def test_the_cursor_has_the_value_of_a_turned_sub_blocked_model_to_half_a_pixel(chromium, mine):
    grid, table = example_drilling.GRID, example_drilling.block_table()
    weight = table["dx"] * table["dy"] * table["dz"] * table["density_t_per_m3"]
    sums = table.assign(w=weight, m=weight * table["sb_pct"]).groupby("block")[["w", "m"]]
    sums = sums.sum(min_count=1)
    nx = grid.shape[0]
    with opened(chromium, mine) as watched:
        shown = ready(watched)
        bench = int(shown.locator("#bench-slider").input_value())
        step = shown.evaluate("anzobBenches.model.fields[0].step")
        rng, compared, edges = np.random.default_rng(3), 0, 0
        for i, j in ((12, 8), (9, 11)):
            corner = grid.to_world([[i * 10.0, j * 10.0, 0.0]])[0, :2]
            x, y = TO_DEGREES.transform(*corner)
            shown.evaluate("c => anzobMap.map.setView(c, 20, {animate: false})", [y, x])
            frame = shown.locator(".leaflet-container").bounding_box()
            half = 0.5 * 156_543.03392804097 * math.cos(math.radians(y)) / 2**20
            for dx, dy in rng.integers(-60, 60, (60, 2)):
                at = [frame["width"] / 2 + int(dx), frame["height"] / 2 + int(dy)]
                at = [math.floor(v) for v in at]
                place = shown.evaluate(
                    "p => { const g = anzobMap.map.containerPointToLatLng(p);"
                    " return [g.lng, g.lat]; }",
                    at,
                )
                local = grid.to_local([[*TO_METRES.transform(*place), 0.0]])[0, :2]
                off = np.abs(local - 10.0 * np.rint(local / 10.0)).min()
                block = int(grid.index(*(local // 10.0).astype(int), bench))
                known = block in sums.index and math.isfinite(sums.loc[block, "m"])
                if off < half or not known or not 0 <= local[0] < nx * 10:
                    continue
                shown.mouse.move(frame["x"] + at[0], frame["y"] + at[1])
                said = shown.locator("#bench-value").inner_text()
                told = re.search(r"At the cursor: ([\d.]+) % Sb", said)
                if told is None:
                    assert table.loc[table["block"] == block, "sb_pct"].isna().any()
                    continue
                mean = sums.loc[block, "m"] / sums.loc[block, "w"]
                assert float(told[1]) == pytest.approx(mean, abs=step * 1.001)
                compared += 1
                edges += off < 4 * half
        assert compared > 60 and edges > 2
        clean(watched)
