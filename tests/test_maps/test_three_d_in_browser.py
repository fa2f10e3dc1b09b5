"""The page in three dimensions as a reader meets it: Chromium, a file, no network."""

import shutil

import numpy as np
import pytest
from support import browser as clients
from support import example_drilling, example_mine, example_plan
from support.browser import opened
from support.example_model import HOSTILE, finished, write_pit

from maps.drawings import solids_scene
from maps.drawings.terrain import Terrain
from maps.products.three_d import model_page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    path = folder / "model.html"
    path.write_text(model_page(finished(folder)), "utf-8")
    return path


def complaints(watched):
    """What the browser says, but for its own remark that it draws without a graphics card."""
    return [said for said in watched.complaints if "GL Driver Message" not in said]


def picture(page):
    page.wait_for_timeout(120)
    return page.locator("#stage").screenshot()


def test_the_page_draws_in_space_and_asks_nobody(chromium, page_file):
    with opened(chromium, page_file) as watched:
        root = watched.page.locator("html")
        assert root.get_attribute("data-webgl") == "yes"
        assert root.get_attribute("data-stopes") == str(len(example_plan.layers()["stopes"]))
        assert clients.colours(picture(watched.page)) > 50
        assert watched.requests == [] and complaints(watched) == []


def test_keys_turn_the_model_and_choose_views(chromium, page_file):
    with opened(chromium, page_file) as watched:
        page, root = watched.page, watched.page.locator("html")
        page.locator("#view").focus()
        seen = {picture(page)}
        for key, view in (("p", "0 90"), ("n", "0 0"), ("e", "90 0"), ("o", "-35 28")):
            page.keyboard.press(key)
            seen.add(picture(page))
            assert root.get_attribute("data-view") == view
        page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(120)
        assert root.get_attribute("data-view") == "-43 28"
        page.keyboard.press("+")
        seen.add(picture(page))
        page.keyboard.press("Shift+ArrowUp")
        seen.add(picture(page))
        assert len(seen) == 6 and complaints(watched) == []


def test_the_sliders_cut_the_model_and_run_through_the_plan(chromium, page_file):
    with opened(chromium, page_file) as watched:
        page, root = watched.page, watched.page.locator("html")
        whole = picture(page)
        page.locator("#cut-high").focus()
        for _ in range(30):
            page.keyboard.press("ArrowLeft")
        assert picture(page) != whole
        assert page.locator("#cut-high").get_attribute("aria-valuetext").endswith(" m")
        page.locator("#plan-year").focus()
        page.keyboard.press("ArrowRight")
        years = example_plan.layers()["stopes"]["plan_year"]
        assert root.get_attribute("data-stopes") == str(int((years <= 2).sum()))
        page.locator("#plan-mode").select_option("left")
        last = example_plan.layers()["stopes"]["plan_last_year"]
        later = int(root.get_attribute("data-stopes"))
        assert later == int(((last > 2) | last.isna()).sum())
        page.locator("#plan-mode").select_option("all")
        assert 0 < later < int(root.get_attribute("data-stopes")) == len(years)
        assert complaints(watched) == []


def test_a_stope_is_chosen_by_key_and_by_a_click_on_it(chromium, page_file):
    with opened(chromium, page_file) as watched:
        page, root = watched.page, watched.page.locator("html")
        page.locator("#choose-stopes").select_option(index=4)
        chosen = page.locator("#choose-stopes option").nth(4).inner_text()
        assert root.get_attribute("data-picked") == chosen
        assert "% Sb" in page.locator("#facts").inner_text()
        for name in ("samples", "holes"):
            page.locator(f"#show-{name}").uncheck()
        page.keyboard.press("Escape")
        before = picture(page)
        frame = page.locator("#view").bounding_box()
        wide, high = frame["width"], frame["height"]
        for part in (0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65):
            page.mouse.click(frame["x"] + wide * part, frame["y"] + high * 0.5)
            if root.get_attribute("data-picked") != chosen:
                break
        assert root.get_attribute("data-picked").startswith("Stope ")
        assert root.get_attribute("data-picked") != chosen
        assert picture(page) != before and complaints(watched) == []


def test_dragging_turns_and_the_wheel_zooms(chromium, page_file):
    with opened(chromium, page_file) as watched:
        page = watched.page
        frame = page.locator("#view").bounding_box()
        page.mouse.move(frame["x"] + 300, frame["y"] + 200)
        before = picture(page)
        page.mouse.wheel(0, -300)
        near = picture(page)
        page.mouse.down()
        page.mouse.move(frame["x"] + 400, frame["y"] + 200, steps=4)
        page.mouse.up()
        turned = picture(page)
        assert len({before, near, turned}) == 3
        assert watched.page.locator("html").get_attribute("data-view") == "-75 28"


def test_colours_follow_the_field_that_is_chosen(chromium, page_file):
    with opened(chromium, page_file) as watched:
        page = watched.page
        before = picture(page)
        page.locator("#stopes-by").select_option(label="Year of the plan")
        assert page.locator("html").get_attribute("data-stopes-by") == "year"
        assert picture(page) != before
        assert "year" in page.locator("#stopes-by + .legend").inner_text()


def test_pit_and_ground_are_shown_and_taken_away(chromium, tmp_path, monkeypatch):
    grid = example_mine.GRID
    i, j, k = grid.ijk(np.arange(grid.n_blocks))
    write_pit(tmp_path / "pit_blocks.parquet", grid, np.hypot(i - 12, j - 8) <= k / 3)
    west, south = grid.origin_m[:2]
    ground = Terrain(
        elevations_m=np.full((30, 30), 965.0, dtype=np.float32), west_m=west - 100.0,
        north_m=south + 400.0, cell_m=20.0, crs=example_drilling.CRS,
        vertical_datum="Baltic <b>1977</b>", contour_m=5.0, source="a survey",
    )  # fmt: skip
    monkeypatch.setattr(solids_scene, "terrain_of", lambda _: ground)
    path = tmp_path / "model.html"
    path.write_text(model_page(finished(tmp_path)), "utf-8")
    with opened(chromium, path) as watched:
        page = watched.page
        seen = [picture(page)]
        assert "Baltic <b>1977</b>" in page.locator("#panel").inner_text()
        assert not page.locator("#show-pit").is_checked()
        for name in ("ground", "pit"):
            page.locator(f"#show-{name}").click()
            seen.append(picture(page))
        assert len(set(seen)) == 3 and complaints(watched) == []


def test_a_phone_shows_all_of_it_without_scrolling_sideways(chromium, page_file):
    with opened(chromium, page_file, width=390, height=844) as watched:
        page = watched.page
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.evaluate("document.documentElement.style.fontSize = '125%'")
        assert page.locator("#stage").bounding_box()["height"] > 400
        assert complaints(watched) == []


def test_hostile_names_stay_names(chromium, tmp_path):
    layers = example_drilling.layers()
    for name in ("drillhole_traces", "composites", "collars"):
        layers[name]["hole_id"] = HOSTILE
    study = finished(tmp_path, example_drilling.summary(), layers)
    path = tmp_path / "model.html"
    path.write_text(model_page(study), "utf-8")
    with opened(chromium, path) as watched:
        watched.page.locator("#choose-holes").select_option(index=1)
        assert "onerror" in watched.page.locator("#facts").inner_text()
        watched.page.locator("#tables summary").first.click()
        watched.page.wait_for_timeout(100)
        assert watched.page.title() != "run" and complaints(watched) == []


def test_a_browser_without_webgl_says_so_and_shows_tables(page_file):
    program = shutil.which("chromium")
    clients.need(program, "Chromium")
    # One driver of browsers runs at a time in a process: this one only prints the page.
    import subprocess

    found = subprocess.run(
        [program, "--headless", "--no-sandbox", *clients.FLAGS, "--disable-3d-apis",
         "--virtual-time-budget=3000", "--dump-dom", page_file.as_uri()],
        capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    assert 'data-webgl="no"' in found and 'data-ready="yes"' in found
    body = found.split("<body>")[1]
    assert '<p id="no-webgl" role="alert">' in body
    tables = body.split('id="tables"')[1]
    names = example_plan.layers()["stopes"]["stope"]
    assert all(f"Stope {name}" in tables for name in names)
