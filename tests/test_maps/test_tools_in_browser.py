"""Search, measuring, links, sections, print and years of the map page: Chromium, no network."""

import copy
import re

import numpy as np
import pyproj
import pytest
from support import example_drilling, example_plan
from support.browser import opened

from maps.config import MapSettings
from maps.drawings.benches import bench_grids
from maps.drawings.footprints import draw
from maps.products.web import page

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=\"document.title='ran'\"></script>`'\""


def written(folder, told, layers):
    blocks = example_drilling.write_blocks(folder)
    path = folder / "synthetic_map.html"
    settings = MapSettings(online_tiles=False)
    text = page(told, draw(told, layers), settings, bench_grids(blocks, told))
    path.write_text(text, "utf-8")
    return path


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """A study with holes, blocks, stopes and a plan."""
    layers = {**example_drilling.layers(), **example_plan.layers()}
    return written(tmp_path_factory.mktemp("tools"), example_plan.summary(), layers)


def ready(watched):
    watched.page.wait_for_selector("html[data-bench]", state="attached", timeout=15_000)
    return watched.page


def clean(watched):
    assert watched.requests == [] and watched.complaints == []


def test_lengths_and_areas_agree_with_proj(chromium, planned):
    earth = pyproj.Geod(ellps="WGS84")
    around = [(3.0, 39.0), (3.012, 39.001), (3.010, 39.011), (2.998, 39.007)]
    with opened(chromium, planned) as watched:
        for a, b in [((68.6, 39.1), (68.7, 39.3)), ((0, 0), (0.01, 0)), ((-70, -33), (151, -34))]:
            found = watched.page.evaluate(
                "([a, b]) => anzobTools.geodesic({lng: a[0], lat: a[1]}, {lng: b[0], lat: b[1]})",
                [a, b],
            )
            bearing, _, metres = earth.inv(*a, *b)
            assert found["metres"] == pytest.approx(metres, rel=1e-9)
            assert found["bearing"] == pytest.approx(bearing % 360, abs=1e-6)
        found = watched.page.evaluate(
            "p => anzobTools.area(p.map(q => ({lng: q[0], lat: q[1]})))", around
        )
        area = abs(earth.polygon_area_perimeter(*zip(*around, strict=True))[0])
        assert found == pytest.approx(area, rel=1e-5)


def test_measuring_by_click_and_by_key_says_metres(chromium, planned):
    with opened(chromium, planned) as watched:
        shown = ready(watched)
        shown.locator("#tool-measure").click()
        shown.mouse.click(900, 500)
        shown.mouse.click(960, 500)
        said = shown.locator("#measure-said").inner_text()
        assert re.match(r"Distance [\d,.]+ m; last leg [\d,.]+ m, bearing 90\.\d°", said)
        assert shown.locator(".leaflet-popup").count() == 0
        shown.keyboard.press("Enter")
        assert "Area" in shown.locator("#measure-said").inner_text()
        shown.keyboard.press("Backspace")
        assert shown.locator("#measure-said").inner_text().strip() == said.strip()
        shown.keyboard.press("Escape")
        assert shown.locator("#tool-measure").get_attribute("aria-pressed") == "false"
        assert shown.locator("#measure").is_hidden()
        clean(watched)


def test_a_hole_is_found_by_key_shown_and_told(chromium, planned):
    with opened(chromium, planned) as watched:
        shown = ready(watched)
        box = shown.locator("#search")
        box.focus()
        shown.keyboard.type("dh-04")
        assert shown.locator("#search-list li").first.inner_text().startswith("DH-04")
        for odd in (".*", "(((", "\\", "constructor", "e" * 500):
            box.fill(odd)
            assert shown.locator("#search-list").inner_text() == "Nothing of that name"
        # A blank, a line or wide letters find the same hole.
        for alike in ("dh 04", "DH_04", "  ｄｈ-04 "):
            box.fill(alike)
            assert shown.locator("#search-list li").first.inner_text().startswith("DH-04")
        shown.keyboard.press("Enter")
        shown.locator(".leaflet-popup-content").wait_for()
        assert "DH-04" in shown.locator(".leaflet-popup-content h3").inner_text()
        assert shown.locator("input[data-key='collars']").is_checked()
        clean(watched)


def test_a_stope_is_found_on_its_level(chromium, planned):
    with opened(chromium, planned) as watched:
        shown = ready(watched)
        name = shown.evaluate(
            """() => { const l = JSON.parse(document.getElementById('study').textContent).layers
                 .find(x => x.name === 'stopes'); const now = Number(document.documentElement
                 .dataset.level); return l.features.find(f => f.level !== now).title; }"""
        )
        shown.locator("#search").fill(name)
        shown.keyboard.press("Enter")
        shown.locator(".leaflet-popup-content").wait_for()
        assert name in shown.locator(".leaflet-popup-content h3").inner_text()
        shown.locator("#search").fill("no such thing")
        assert shown.locator("#search-list").inner_text() == "Nothing of that name"
        clean(watched)


def test_a_link_brings_back_view_layers_bench_field_level_and_year(chromium, planned):
    with opened(chromium, planned) as watched:
        shown = ready(watched)
        shown.evaluate("anzobMap.map.setZoom(anzobMap.map.getZoom() + 1, {animate: false})")
        shown.locator("input[data-key='collars']").click()
        shown.locator("#bench-field").select_option(label="Class")
        shown.locator("#step-on").check()
        shown.locator("#step-slider").focus()
        shown.keyboard.press("ArrowRight")
        shown.locator("#bench-slider").focus()
        shown.keyboard.press("Home")
        shown.locator("#tool-section").click()
        shown.locator("#section-on").click()
        shown.wait_for_timeout(300)
        address = shown.evaluate("location.href")
        asked = """() => ({zoom: anzobMap.map.getZoom(), lat: anzobMap.map.getCenter().lat,
            collars: document.querySelector("input[data-key='collars']").checked,
            field: document.getElementById('bench-field').selectedIndex,
            bench: document.getElementById('bench-name').textContent,
            year: document.getElementById('step-name').textContent,
            by: document.documentElement.dataset.stopesBy,
            level: document.documentElement.dataset.level,
            section: document.getElementById('section-said').textContent})"""
        before = shown.evaluate(asked)
        assert before["by"] == "step 1" and before["level"] == "all"
        other = shown.context.new_page()
        other.goto(address)
        other.wait_for_selector("html[data-bench^='2:']", state="attached", timeout=15_000)
        after = other.evaluate(asked)
        assert after.pop("lat") == pytest.approx(before.pop("lat"), abs=1e-5)
        assert after == before
        clean(watched)


@pytest.mark.parametrize(
    "end",
    [
        "#v=1,2&l=%&b=x&f=<img src=x onerror=alert(1)>&y=99&h=&s=1,2,3",
        "#v=NaN,0,3&s=%3Cscript%3E&o=-4&k=7&c=year%22&%%%=1",
    ],
)
def test_a_broken_or_hostile_link_opens_the_map_as_it_is(chromium, planned, end):
    with opened(chromium, planned) as watched:
        shown = ready(watched)
        before = shown.evaluate("anzobMap.map.getCenter().lat")
        shown.evaluate("end => { location.hash = end; }", end)
        shown.wait_for_timeout(300)
        assert shown.evaluate("anzobMap.map.getCenter().lat") == pytest.approx(before, abs=1e-5)
        assert shown.locator("img").count() == 0
        clean(watched)


def test_a_section_has_the_values_of_the_blocks_and_tells_what_it_cuts(chromium, planned):
    grid = example_drilling.GRID
    table = example_drilling.block_table()
    to_degrees = pyproj.Transformer.from_crs(example_drilling.CRS, 4326, always_xy=True)
    with opened(chromium, planned) as watched:
        shown = ready(watched)
        ends = [to_degrees.transform(*grid.to_world([[125.0, y, 0.0]])[0][:2]) for y in (1, 159)]
        shown.evaluate("e => anzobSections.cut(...e.map(p => ({lng: p[0], lat: p[1]})))", ends)
        rows = table[grid.ijk(table["block"].to_numpy())[0] == 12]
        weight = rows["dx"] * rows["density_t_per_m3"]
        sums = rows.assign(w=weight, m=weight * rows["sb_pct"]).groupby("block")[["w", "m"]].sum()
        step = shown.evaluate("anzobBenches.model.fields[0].step")
        for block in sums.index[3::17]:
            east, north, level = grid.centres([block])[0]
            x, y = to_degrees.transform(east, north)
            said = shown.evaluate(
                "([x, y, z]) => anzobBenches.told({lng: x, lat: y}, z)", [x, y, float(level)]
            )
            mean = sums.loc[block, "m"] / sums.loc[block, "w"]
            assert float(said.split()[0]) == pytest.approx(mean, abs=step * 1.001)
        told = shown.locator("#section-said").inner_text()
        assert "From A to B 158 m, bearing 30°" in told and "stopes cut" in told
        assert shown.evaluate("document.documentElement.dataset.section").split(":")[1] != "0"
        canvas = shown.locator("#section-canvas")
        before = canvas.screenshot()
        shown.locator("#section-turn").press("Enter")
        assert canvas.screenshot() != before
        box = canvas.bounding_box()
        shown.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        assert "m from A, elevation" in shown.locator("#section-value").inner_text()
        shown.locator("#section-close").click()
        assert shown.locator("#section-panel").is_hidden()
        clean(watched)


def test_stopes_whose_walls_are_not_known_are_upright_boxes_on_the_line(chromium, tmp_path):
    import shapely

    layers, told = example_plan.layers(), copy.deepcopy(example_plan.summary())
    del told["mine"]["stopes"]["frame"]["strike_deg"]
    stopes = layers["stopes"].to_crs(4326)
    middle = stopes.union_all().centroid
    line = shapely.LineString(
        [(middle.x - 0.002, middle.y - 0.001), (middle.x + 0.002, middle.y + 0.0013)]
    )
    path = written(tmp_path, told, {**example_drilling.layers(), **layers})
    with opened(chromium, path) as watched:
        shown = ready(watched)
        shown.evaluate(
            "e => anzobSections.cut(...e.map(p => ({lng: p[0], lat: p[1]})))", list(line.coords)
        )
        said = shown.locator("#section-said").inner_text()
        found = shown.evaluate(
            "anzobSections.rows().stopes.map(s => [s.feature.title, s.to-s.from])"
        )
        earth = pyproj.Geod(ellps="WGS84")
        own = {
            f"Stope {name}": earth.geometry_length(shape.intersection(line))
            for name, shape in zip(stopes["stope"], stopes.geometry, strict=True)
            if shape.intersects(line)
        }
        assert {name for name, _ in found} == set(own) and own
        assert f"{len(own)} of them as upright boxes" in said
        for name, length in found:
            assert length == pytest.approx(own[name], abs=0.3)


def test_the_slider_of_years_shows_what_is_drawn_when(chromium, planned):
    plan = example_plan.plan()
    first = min(row["year"] for row in plan["years"])
    with opened(chromium, planned) as watched:
        shown = ready(watched)
        shown.locator("#step-on").check()
        slider = shown.locator("#step-slider")
        slider.focus()
        seen = set()
        for k in range(len(plan["years"])):
            year = first + k
            own = [s for s in plan["stopes"] if s["year"] <= year <= s["last_year"]]
            said = shown.locator("#step-said").inner_text()
            assert said.startswith(f"{len(own)} stopes drawn")
            assert f"Year {year}" in slider.get_attribute("aria-valuetext")
            orange = shown.locator("path.path-stopes[fill='#d55e00']").count()
            assert orange == len(own)
            seen.add(shown.locator(".leaflet-container").screenshot())
            shown.keyboard.press("ArrowRight")
        assert len(seen) > 2
        shown.locator("#step-on").uncheck()
        assert shown.locator("path.path-stopes[fill='#d55e00']").count() == 0
        clean(watched)


def test_the_printed_map_has_title_legend_scale_north_and_sources(chromium, planned):
    with opened(chromium, planned) as watched:
        shown = ready(watched)
        shown.evaluate("anzobTools.sheet()")
        paper = shown.locator("#paper").inner_text()
        assert "True north. Scale about 1 : " in paper and "Legend" in paper
        assert "Bench " in paper and "not estimated" in paper
        assert shown.get_by_text("SYNTHETIC: an invented deposit").is_visible()
        assert shown.locator(".leaflet-control-scale").is_visible()
        assert not shown.locator("#tools").is_visible()
        assert shown.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
        shown.evaluate("anzobTools.close()")
        assert shown.locator("#tools").is_visible() and shown.locator("#paper").count() == 0
        clean(watched)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
@pytest.mark.parametrize("text", ["16px", "20px"])
def test_tools_are_reached_and_nothing_sticks_out(chromium, planned, width, height, text):
    with opened(chromium, planned, width=width, height=height) as watched:
        shown = ready(watched)
        shown.evaluate("size => { document.documentElement.style.fontSize = size; }", text)
        shown.wait_for_timeout(100)
        assert shown.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        sizes = {"16px": 14, "20px": 17.5}
        assert shown.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == sizes[text]
        frame = shown.locator(".leaflet-container").bounding_box()
        for name in ("search", "tool-measure", "tool-section", "tool-print", "tool-link"):
            box = shown.locator(f"#{name}").bounding_box()
            assert box["x"] >= frame["x"]
            assert box["x"] + box["width"] <= frame["x"] + frame["width"]
            top = shown.evaluate(
                """id => { const n = document.getElementById(id);
                   n.scrollIntoView({block: 'center'}); const b = n.getBoundingClientRect();
                   return document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2).id; }""",
                name,
            )
            assert top == name
        shown.locator("#tool-section").click()
        box = shown.locator("#section-panel").bounding_box()
        assert box["x"] >= frame["x"] and box["x"] + box["width"] <= width
        clean(watched)


def test_hostile_names_are_found_and_shown_as_text(chromium, tmp_path):
    told, layers = copy.deepcopy(example_plan.summary()), {**example_drilling.layers()}
    layers |= example_plan.layers()
    layers["collars"]["hole_id"] = layers["drillhole_traces"]["hole_id"] = HOSTILE
    layers["stopes"]["stope"] = HOSTILE
    with opened(chromium, written(tmp_path, told, layers)) as watched:
        shown = ready(watched)
        shown.locator("#search").fill("img")
        assert "<img src=x" in shown.locator("#search-list li").first.inner_text()
        shown.keyboard.press("Enter")
        shown.locator("#tool-section").click()
        shown.evaluate("anzobTools.sheet()")
        shown.wait_for_timeout(200)
        assert shown.title() != "ran" and shown.locator("img").count() == 0
        clean(watched)


def test_a_large_turned_model_lies_right_to_half_a_pixel(chromium, tmp_path):
    import pandas as pd

    from deposits.grid import Grid

    grid = Grid((560_000.0, 4_336_000.0, 0.0), (25.0, 25.0, 10.0), (300, 200, 1), 30.0)
    number = np.arange(grid.n_blocks)
    place = grid.centres(number)
    table = pd.DataFrame(
        {
            "block": number,
            **dict(zip(("easting", "northing", "elevation"), place.T, strict=True)),
            "dx": 25.0, "dy": 25.0, "dz": 10.0,
            "density_t_per_m3": 2.7,
            "sb_pct": (number % 97) / 10.0,
        }
    )  # fmt: skip
    blocks = example_drilling.write_blocks(tmp_path, grid, table)
    told = example_drilling.summary()
    benches = bench_grids(blocks, told, ["sb_pct"])
    assert len(benches.mesh.columns) > 2
    path = tmp_path / "synthetic_map.html"
    layers = draw(told, example_drilling.layers())
    path.write_text(page(told, layers, MapSettings(online_tiles=False), benches), "utf-8")
    to_degrees = pyproj.Transformer.from_crs(example_drilling.CRS, 4326, always_xy=True)
    rng = np.random.default_rng(5)
    some = rng.choice(grid.n_blocks, 300, replace=False)
    # A tenth of a metre inside each block's own corner: at zoom 20 less than a pixel.
    i, j, _ = grid.ijk(some)
    near = rng.choice([0.06, 24.94], (len(some), 2))
    local = np.column_stack([i * 25.0 + near[:, 0], j * 25.0 + near[:, 1], np.zeros(len(some))])
    x, y = to_degrees.transform(*grid.to_world(local)[:, :2].T)
    with opened(chromium, path) as watched:
        shown = ready(watched)
        shown.evaluate("c => anzobMap.map.setView(c, 20, {animate: false})", [y[0], x[0]])
        found = shown.evaluate(
            "p => p.map(q => anzobBenches.layer.cell(L.latLng(q[1], q[0])))",
            [[float(a), float(b)] for a, b in zip(x, y, strict=True)],
        )
        assert found == [int(n) for n in some]
        clean(watched)


@pytest.mark.parametrize(
    ("kept", "asks"),
    [
        (("collars",), "Find a hole or place"),
        (("stopes",), "Find a stope or place"),
        (("collars", "stopes"), "Find a hole, stope or place"),
    ],
)
def test_the_search_asks_for_what_the_study_has(chromium, tmp_path, kept, asks):
    layers = {**example_drilling.layers(), **example_plan.layers()}
    few = {name: layers[name] for name in kept}
    with opened(chromium, written(tmp_path, example_plan.summary(), few)) as watched:
        assert ready(watched).get_attribute("#search", "placeholder") == asks
        clean(watched)
