"""Blocks, stages of the pit, fingers, keys and large letters on the page in space: Chromium."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from support import browser as clients
from support import example_drilling, example_mine, example_plan
from support.browser import opened
from support.example_model import finished, write_pit

from deposits.blockmodel import About, BlockWriter
from maps.drawings import solids_scene
from maps.drawings.terrain import Terrain
from maps.products.three_d import model_page

pytestmark = pytest.mark.browser

GRID = example_mine.GRID


def complaints(watched):
    """What the browser says, but for its own remarks that it draws without a graphics card."""
    return [said for said in watched.complaints if "GL Driver Message" not in said]


def grades():
    """A lens that is rich in its middle; every tenth block is not estimated."""
    numbers = np.arange(GRID.n_blocks)
    i, j, k = GRID.ijk(numbers)
    far = [(n - (m - 1) / 2) / m for n, m in zip((i, j, k), GRID.shape, strict=True)]
    grade = 12.0 * np.exp(-8.0 * sum(f * f for f in far))
    return np.where(numbers % 10 == 3, np.nan, grade)


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    """A mine with blocks, a pit dug in three pushbacks and by the years of a plan, and ground."""
    folder = tmp_path_factory.mktemp("parts")
    table = pd.DataFrame({"block": np.arange(GRID.n_blocks), "sb_pct": grades()})
    table["class"] = np.where(table["block"] % 2, "Measured", "Inferred")
    with BlockWriter(folder / "synthetic_blocks.parquet", GRID, About("lens")) as writer:
        writer.write(table)
    i, j, k = GRID.ijk(np.arange(GRID.n_blocks))
    dug = np.hypot(i - 12, j - 8) <= 1 + k / 3
    stage = np.where(dug, 1 + (i > 9) + (i > 13), 0)
    write_pit(folder / "pit_blocks.parquet", GRID, dug, pushback=stage)
    write_pit(folder / "plan_blocks.parquet", GRID, dug, plan_year=np.where(dug, 2 * stage, 0))
    told = example_plan.summary()
    told["plan"] = {**told["plan"], "of": "pit"}
    west, south = GRID.origin_m[:2]
    ground = Terrain(
        elevations_m=np.full((30, 30), 965.0, dtype=np.float32), west_m=west - 100.0,
        north_m=south + 400.0, cell_m=20.0, crs=example_drilling.CRS,
        vertical_datum="Baltic 1977", contour_m=5.0, source="a survey",
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solids_scene, "terrain_of", lambda _: ground)
        study = replace(finished(folder, told), blocks=folder / "synthetic_blocks.parquet")
        path = folder / "model.html"
        path.write_text(model_page(study), "utf-8")
    return path


def settle(page):
    page.evaluate("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")


def attribute(page, name, *, changed_from=None):
    """Wait until the page has drawn what was asked for, and return what it says of it."""
    page.wait_for_function(
        "([name, old]) => { const now = document.documentElement.getAttribute(name);"
        " return now !== null && now !== old; }",
        arg=[name, changed_from],
    )
    return document_attribute(page, name)


def document_attribute(page, name):
    return page.locator("html").get_attribute(name)


def set_slider(page, name, value):
    page.evaluate(
        "([name, value]) => { const s = document.getElementById(name); s.value = value;"
        " s.dispatchEvent(new Event('input')); }",
        [name, value],
    )
    settle(page)


def outer_faces(here):
    """Count the faces of blocks that no other block covers, in a grid of (x, y, z)."""
    solid = np.pad(here, 1).astype(int)
    return sum(int(np.abs(np.diff(solid, axis=axis)).sum()) for axis in range(3))


def test_blocks_are_off_at_first_and_drawn_at_or_above_the_chosen_cut_off(chromium, page_file):
    with opened(chromium, page_file) as watched:
        page, cube = watched.page, grades().reshape(GRID.shape, order="F")
        assert document_attribute(page, "data-blocks") is None
        page.locator("#show-blocks").check()
        base = int(attribute(page, "data-blocks"))
        assert base == np.nansum(cube >= 1.0)
        assert page.locator("#blocks-cut option:checked").inner_text() == "1 % Sb"
        with np.errstate(invalid="ignore"):
            assert int(document_attribute(page, "data-block-faces")) == outer_faces(cube >= 1.0)
        page.locator("#blocks-cut").select_option("")
        every = int(attribute(page, "data-blocks", changed_from=str(base)))
        assert every == np.isfinite(cube).sum() > base
        said = page.locator("#panel").inner_text()
        assert f"{every:,} of {every:,} estimated blocks are drawn." in said
        assert f"{np.isnan(cube).sum():,} blocks without an estimate are not drawn." in said
        assert complaints(watched) == []


def test_a_cut_by_elevation_goes_through_blocks_and_closes_them(chromium, page_file):
    with opened(chromium, page_file) as watched:
        page, cube = watched.page, grades().reshape(GRID.shape, order="F")
        page.locator("#show-blocks").check()
        faces = attribute(page, "data-block-faces")
        base, height = GRID.origin_m[2], GRID.size_m[2]
        middle = GRID.shape[2] // 2
        top = base + middle * height + 1.0
        set_slider(page, "cut-high", top)
        cut = attribute(page, "data-block-faces", changed_from=faces)
        with np.errstate(invalid="ignore"):
            left = (cube >= 1.0)[:, :, : middle + 1]
        assert int(cut) == outer_faces(left)
        assert left[:, :, -1].any()
        # What is counted is what is at or above the cut-off, cut or not.
        assert int(document_attribute(page, "data-blocks")) == np.nansum(cube >= 1.0)


def test_a_block_in_the_middle_tells_its_values_on_enter(chromium, page_file):
    with opened(chromium, page_file) as watched:
        page = watched.page
        page.locator("#show-blocks").check()
        attribute(page, "data-blocks")
        for name in ("stopes", "samples", "holes"):
            page.locator(f"#show-{name}").uncheck()
        page.locator("#view").focus()
        for _ in range(25):
            page.keyboard.press("Shift+ArrowLeft")
        settle(page)
        # Both keys before the next drawing: what is asked is what the new view shows.
        page.evaluate(
            "['p', 'Enter'].forEach(key => document.getElementById('view').dispatchEvent("
            "new KeyboardEvent('keydown', {key})))"
        )
        assert attribute(page, "data-picked") == "Block"
        told = page.locator("#facts").inner_text()
        size = " x ".join(f"{s:g}" for s in GRID.size_m)
        assert f"{size} m" in told and "% Sb" in told and "Elevation" in told
        assert "Measured" in told or "Inferred" in told
        high = float(told.split("Elevation\t")[1].split(" to ")[1].split(" m")[0].replace(",", ""))
        low = float(told.split("Elevation\t")[1].split(" to ")[0].replace(",", ""))
        assert high - low == pytest.approx(GRID.size_m[2])
        numbers = np.arange(GRID.n_blocks)
        centres = GRID.centres(numbers)
        east, north = (
            float(part.strip().removesuffix(" m").replace(",", ""))
            for part in told.split("north\t")[1].split("\n")[0].split(";")
        )
        own = np.argmin(np.linalg.norm(centres - [east, north, (low + high) / 2], axis=1))
        assert np.linalg.norm(centres[own] - [east, north, (low + high) / 2]) < 0.2
        # What was told of lies under the middle of the picture, which is that of the model.
        middle = GRID.to_world(np.array([GRID.shape]) * np.array(GRID.size_m) / 2)[0]
        assert np.abs(np.array([east, north]) - middle[:2]).max() < max(GRID.size_m[:2])
        said = float(told.split("% Sb")[0].split()[-1])
        assert said == pytest.approx(grades()[own], abs=0.01)
        facts, panel = (page.locator(f"#{n}").bounding_box() for n in ("facts", "panel"))
        assert facts["y"] < panel["y"] + panel["height"] - 40


def test_the_pit_is_dug_stage_by_stage_in_colours_with_a_legend(chromium, page_file):
    with opened(chromium, page_file) as watched:
        page = watched.page
        assert document_attribute(page, "data-pit-by") == "year"
        assert "years" in page.locator("#pit-by ~ .legend").first.inner_text() or (
            "year" in page.locator("#pit-by ~ .legend").first.inner_text()
        )
        # The plan is of the pit: the page begins with it, not with the other way to mine the ore.
        shown = {key: page.locator(f"#show-{key}").is_checked() for key in ("pit", "stopes")}
        assert shown == {"pit": True, "stopes": False}
        page.locator("#show-pit").uncheck()
        page.locator("#pit-by").select_option(label="Pushback")
        assert document_attribute(page, "data-pit-by") == "pushback"
        assert page.locator("#show-pit").is_checked()
        i, j, k = GRID.ijk(np.arange(GRID.n_blocks))
        dug = np.hypot(i - 12, j - 8) <= 1 + k / 3
        stage = 1 + (i > 9) + (i > 13)
        columns = {
            n: len(np.unique((i + GRID.shape[0] * j)[dug & (stage <= n)])) for n in (1, 2, 3)
        }
        for step in (1, 0):
            before = document_attribute(page, "data-pit-columns")
            set_slider(page, "pit-step", step)
            found = attribute(page, "data-pit-columns", changed_from=before)
            assert int(found) == columns[step + 1]
        assert page.locator("#pit-step").get_attribute("aria-valuetext") == "Pushback 1"
        assert page.locator("#pit-by ~ .legend li").count() == 3
        page.locator("#pit-play").click()
        page.wait_for_function(
            "() => document.getElementById('pit-step').value === '2'", timeout=8000
        )
        assert int(attribute(page, "data-pit-columns")) == columns[3]
        page.locator("#pit-by").select_option(label="Year of the plan")
        # Nothing is dug in the first year; the years are those of the plan.
        set_slider(page, "pit-step", 0)
        page.wait_for_function(
            "() => document.documentElement.getAttribute('data-pit-columns') === '0'"
        )
        assert complaints(watched) == []


def test_the_wall_of_the_pit_tells_bench_elevation_and_pushback(chromium, page_file):
    with opened(chromium, page_file) as watched:
        page = watched.page
        for name in ("stopes", "samples", "holes", "ground"):
            page.locator(f"#show-{name}").uncheck()
        page.locator("#pit-by").select_option(label="Pushback")
        page.locator("#view").focus()
        page.keyboard.press("p")
        settle(page)
        page.wait_for_timeout(200)
        page.keyboard.press("Enter")
        assert attribute(page, "data-picked") == "Pit"
        told = page.locator("#facts").inner_text()
        for word in ("Pushback\tPushback ", "Bench\t", "Elevation here\t", "Depth here\t"):
            assert word in told
        low, high = (
            float(v.replace(",", "")) for v in told.split("Bench\t")[1].split(" m")[0].split(" to ")
        )
        assert high - low == pytest.approx(GRID.size_m[2])
        assert (low - GRID.origin_m[2]) % GRID.size_m[2] == pytest.approx(0.0)


def test_the_ground_is_see_through_at_first_and_may_be_solid_or_gone(chromium, page_file):
    with opened(chromium, page_file) as watched:
        page = watched.page

        def seen():
            page.wait_for_timeout(150)
            return page.locator("#stage").screenshot()

        first = seen()
        set_slider(page, "ground-solid", 60)
        half = seen()
        set_slider(page, "ground-solid", 100)
        solid = seen()
        assert len({first, half, solid}) == 3
        assert page.locator("#ground-solid").get_attribute("aria-valuetext") == "100 %"
        page.locator("#show-ground").uncheck()
        assert len({first, solid, seen()}) == 3


def touch(client, kind, *points):
    spots = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
    client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})


def fingers(client, start, end, steps=6):
    """Move fingers from where they are put down to where they are lifted."""
    touch(client, "touchStart", *start)
    for n in range(1, steps + 1):
        part = n / steps
        at = [
            tuple(a + part * (b - a) for a, b in zip(one, other, strict=True))
            for one, other in zip(start, end, strict=True)
        ]
        touch(client, "touchMove", *at)
    touch(client, "touchEnd")


def scale_m(page):
    words = page.locator("#scale").inner_text().split(" m")[0].replace(",", "")
    return float(words) / page.locator("#scale i").bounding_box()["width"]


def test_one_finger_turns_two_move_and_pinch_and_a_tap_tells(chromium, page_file):
    with opened(chromium, page_file, width=390, height=844) as watched:
        page = watched.page
        client = page.context.new_cdp_session(page)
        client.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 5})
        frame = page.locator("#view").bounding_box()
        x, y = frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2
        fingers(client, [(x, y)], [(x + 50, y)])
        settle(page)
        # 50 px turn by 20 degrees, less what may still be a tap.
        turned = document_attribute(page, "data-view")
        azimuth, tilt = map(int, turned.split())
        assert -55 <= azimuth <= -50 and tilt == 28
        scrolled = page.evaluate("window.scrollY")
        before = scale_m(page)
        fingers(client, [(x - 30, y), (x + 30, y)], [(x - 90, y), (x + 90, y)])
        settle(page)
        assert scale_m(page) == pytest.approx(before / 3, rel=0.02)
        assert document_attribute(page, "data-view") == turned
        shot = page.locator("#stage").screenshot()
        fingers(client, [(x - 30, y), (x + 30, y)], [(x - 30, y + 80), (x + 30, y + 80)])
        settle(page)
        page.wait_for_timeout(100)
        assert page.locator("#stage").screenshot() != shot
        assert document_attribute(page, "data-view") == turned
        # The page stays where it is while fingers are on the model.
        assert page.evaluate("window.scrollY") == scrolled
        page.keyboard.press("Escape")
        page.locator("#view").focus()
        page.keyboard.press("Home")
        settle(page)
        for part in (0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65):
            spot = (frame["x"] + frame["width"] * part, y)
            touch(client, "touchStart", spot)
            touch(client, "touchMove", (spot[0] + 5, spot[1]))
            touch(client, "touchEnd")
            if document_attribute(page, "data-picked"):
                break
        assert document_attribute(page, "data-picked")
        assert complaints(watched) == []


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 720)])
def test_text_of_a_quarter_more_grows_and_nothing_is_cut_off(chromium, page_file, width, height):
    with opened(chromium, page_file, width=width, height=height) as watched:
        page = watched.page
        sizes = "[...document.querySelectorAll('summary, label, button, #key li, .note')]"
        read = f"{sizes}.map(e => parseFloat(getComputedStyle(e).fontSize))"
        before = page.evaluate(read)
        page.evaluate("document.documentElement.style.fontSize = '125%'")
        after = page.evaluate(read)
        assert np.allclose(np.array(after), 1.25 * np.array(before))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        wide = "document.getElementById('panel')"
        assert page.evaluate(f"{wide}.scrollWidth <= {wide}.clientWidth")
        stage = page.locator("#stage").bounding_box()
        key = page.locator("#key").bounding_box()
        assert stage["height"] > 400 and key["x"] + key["width"] <= stage["x"] + stage["width"]
        assert complaints(watched) == []


def test_every_control_is_reached_by_keys_and_what_is_there_is_said(chromium, page_file):
    with opened(chromium, page_file) as watched:
        page = watched.page
        wanted = set(
            page.evaluate(
                "[...document.querySelectorAll('#panel input, #panel select, #panel button')]"
                ".map((e, i) => { e.dataset.n = 'n' + i; return e.dataset.n; })"
            )
        )
        reached = set()
        for _ in range(3 * len(wanted)):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.dataset.n || ''"))
        assert wanted <= reached
        page.wait_for_function("() => document.getElementById('seen').textContent !== ''")
        said = page.locator("#seen").inner_text()
        assert "Pit, colour: Year of the plan" in said and "stopes" not in said
        assert "Looking north-west, 28 degrees down." in said
        described = page.locator("#view").get_attribute("aria-describedby")
        assert described == "seen"
        page.locator("#show-pit").uncheck()
        page.wait_for_function(
            "() => !document.getElementById('seen').textContent.includes('Pit, colour')"
        )
        assert "Pit, colour" not in page.locator("#key").inner_text()


def test_home_shows_all_of_what_is_shown(chromium, page_file):
    with opened(chromium, page_file) as watched:
        page = watched.page
        near = scale_m(page)
        page.locator("#show-blocks").check()
        attribute(page, "data-blocks")
        page.locator("#view").focus()
        page.keyboard.press("Home")
        settle(page)
        assert scale_m(page) != near
        shot = page.locator("#stage").screenshot()
        assert clients.colours(shot) > 50
