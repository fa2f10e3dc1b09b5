"""The benches as a reader meets them: Chromium, a file, no network."""

import copy
import re

import numpy as np
import pytest
from support import example_drilling as example
from support.browser import opened

pytestmark = pytest.mark.browser

PAGE = "synthetic_map.html"


def ready(watched):
    watched.page.wait_for_selector("html[data-bench]", state="attached", timeout=15_000)
    return watched.page


def parent_means(bench):
    """Centre and mean grade of parents of one bench, straight from the table of blocks."""
    table = example.block_table()
    table = table[example.GRID.ijk(table["block"].to_numpy())[2] == bench]
    weight = table["dx"] * table["dy"] * table["dz"] * table["density_t_per_m3"]
    table = table.assign(weight=weight, metal=weight * table["sb_pct"])
    sums = table.groupby("block")[["weight", "metal"]].sum(min_count=1)
    return {
        int(b): float(m / w)
        for b, w, m in sums.itertuples()
        if np.isfinite(table.loc[table["block"] == b, "sb_pct"]).all()
    }


def pixel(page, block):
    """Where the middle of a block lies on the screen."""
    import pyproj

    east, north, _ = example.GRID.centres([block])[0]
    to_degrees = pyproj.Transformer.from_crs(example.CRS, 4326, always_xy=True)
    longitude, latitude = to_degrees.transform(east, north)
    return page.evaluate(
        """([x, y]) => { const p = anzobMap.map.latLngToContainerPoint([y, x]);
           const b = anzobMap.map.getContainer().getBoundingClientRect();
           return [p.x + b.left, p.y + b.top]; }""",
        [longitude, latitude],
    )


def test_the_value_at_the_cursor_is_that_of_the_block_table(chromium, drilled):
    with opened(chromium, drilled / PAGE) as watched:
        page = ready(watched)
        bench = int(page.locator("#bench-slider").input_value())
        means = parent_means(bench)
        step = page.evaluate("anzobBenches.model.fields[0].step")
        for block in list(means)[7::31]:
            page.mouse.move(*pixel(page, block))
            said = page.locator("#bench-value").inner_text()
            assert said.startswith("At the cursor")
            value = float(re.search(r"([\d.]+) % Sb", said)[1])
            assert value == pytest.approx(means[block], abs=step * 1.001)
        assert watched.requests == [] and watched.complaints == []


def test_a_block_without_an_estimate_and_a_place_without_a_block_are_told_apart(chromium, drilled):
    with opened(chromium, drilled / PAGE) as watched:
        page = ready(watched)
        page.mouse.move(*pixel(page, int(example.GRID.index(1, 13, 0))))
        assert "not estimated" in page.locator("#bench-value").inner_text()
        page.mouse.move(*pixel(page, int(example.GRID.index(10, 8, 0))))
        assert "no block here" in page.locator("#bench-value").inner_text()


def test_the_pixel_under_a_block_has_the_colour_of_its_class(chromium, drilled):
    with opened(chromium, drilled / PAGE) as watched:
        page = ready(watched)
        bench = int(page.locator("#bench-slider").input_value())
        means = parent_means(bench)
        for block in list(means)[5::53]:
            x, y = pixel(page, block)
            found = page.evaluate(
                """([x, y]) => { const c = document.querySelector('canvas.benches');
                   const b = c.getBoundingClientRect(), f = c.width / b.width;
                   const d = c.getContext('2d')
                     .getImageData((x - b.left) * f, (y - b.top) * f, 1, 1).data;
                   const h = '#' + [d[0], d[1], d[2]]
                     .map(v => v.toString(16).padStart(2, '0')).join('');
                   return anzobBenches.model.fields[0].classes.findIndex(k => k.colour === h); }""",
                [x, y],
            )
            starts = example_breaks()
            assert found == int(np.searchsorted(starts, means[block], side="right"))


def example_breaks():
    from maps.drawings.grades import breaks_of

    return breaks_of(example.summary(), "sb_pct")


def test_a_corner_of_the_grid_is_drawn_right_to_half_a_pixel_at_every_zoom(chromium, drilled):
    with opened(chromium, drilled / PAGE) as watched:
        page = ready(watched)
        for by in (0, 1.25, 1):
            page.evaluate(
                "by => anzobMap.map.setZoom(anzobMap.map.getZoom() + by, {animate: false})", by
            )
            off = page.evaluate(
                """() => { const l = anzobBenches.layer, m = l.pieces()[0].to;
                   const o = l.options.model, map = anzobMap.map;
                   const at = (i, j) => [m[0]*i + m[2]*j + m[4], m[1]*i + m[3]*j + m[5]];
                   return [[0, 0], [o.nx, 0], [0, o.ny]].map((c, n) => {
                     const p = map.project(o.corners[n]).subtract(map.getPixelOrigin());
                     const q = at(c[0], c[1]); return Math.hypot(p.x - q[0], p.y - q[1]); }); }"""
            )
            assert max(off) < 0.01
            block = int(example.GRID.index(18, 8, 0))
            x, y = pixel(page, block)
            place = page.evaluate(
                """([x, y]) => { const b = anzobMap.map.getContainer().getBoundingClientRect();
                   const g = anzobMap.map.containerPointToLatLng([x - b.left, y - b.top]);
                   return anzobBenches.layer.cell(g); }""",
                [x, y],
            )
            assert place == 8 * (example.GRID.shape[0] - 2) + 18


def test_the_keyboard_moves_the_bench_and_a_screen_reader_is_told(chromium, drilled):
    with opened(chromium, drilled / PAGE) as watched:
        page = ready(watched)
        slider = page.locator("#bench-slider")
        slider.focus()
        page.keyboard.press("Home")
        assert slider.get_attribute("aria-valuetext") == "Bench 940 to 945 m"
        page.keyboard.press("ArrowRight")
        assert slider.get_attribute("aria-valuetext") == "Bench 945 to 950 m"
        assert page.locator("html").get_attribute("data-bench") == "0:1"
        assert "base cut-off of 1 % Sb" in page.locator("#bench-ore").inner_text()
        page.locator("#bench-panel button").press("Enter")
        assert not page.locator("#bench-list").is_visible()
        assert watched.complaints == []


def test_another_field_has_its_own_legend(chromium, drilled):
    with opened(chromium, drilled / PAGE) as watched:
        page = ready(watched)
        page.locator("#bench-field").select_option(label="Class")
        page.wait_for_selector("html[data-bench^='2:']", state="attached")
        legend = page.locator("#bench-legend").inner_text().split("\n")
        assert legend == ["Measured", "Indicated", "Inferred", "not estimated"]
        assert watched.complaints == []


def test_blocks_can_be_switched_off(chromium, drilled):
    with opened(chromium, drilled / PAGE) as watched:
        page = ready(watched)
        page.locator("#bench-on").uncheck()
        assert page.locator("canvas.benches").count() == 0
        page.locator("#bench-on").check()
        assert page.locator("canvas.benches").count() == 1


def test_on_a_phone_the_benches_are_reached_and_nothing_sticks_out(chromium, drilled):
    with opened(chromium, drilled / PAGE, width=390, height=844) as watched:
        page = ready(watched)
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        page.locator("#bench-panel button").first.click()
        assert page.locator("#bench-slider").is_visible()
        assert watched.requests == [] and watched.complaints == []


def test_composites_cost_nothing_until_they_are_switched_on(chromium, drilled):
    with opened(chromium, drilled / PAGE) as watched:
        page = ready(watched)
        dots = page.locator("path.path-composites")
        assert dots.count() == 0
        page.locator("input[data-key='composites']").check()
        assert dots.count() == 360
        page.evaluate("anzobMap.groups.composites[3].getLayers()[0].getLayers()[0].openPopup()")
        said = page.locator(".leaflet-popup-content").inner_text()
        assert "From" in said and "Antimony grade" in said and "sb_pct" not in said
        assert watched.complaints == []


def test_hostile_texts_of_a_drillhole_study_do_not_run(chromium, tmp_path):
    from maps.workflow import write_products

    hostile = "<img src=x onerror=\"document.title='ran'\"></script>`'\""
    told = copy.deepcopy(example.summary())
    told["study"] |= dict.fromkeys(("title", "question", "headline"), hostile)
    told["drilling"]["findings"][0]["said"] = hostile
    told["drilling"]["elements"][0]["label"] = hostile
    told["domains"][0] |= {"title": hostile, "method": hostile}
    told["tonnage"]["statement"] = [hostile]
    for row in told["tonnage"]["rows"]:
        row["class"] = hostile
    layers = example.layers()
    layers["collars"]["hole_id"] = hostile
    layers["composites"]["domain"] = hostile
    blocks = example.write_blocks(tmp_path, table=example.block_table().assign(domain=hostile))
    names = write_products(told, layers, tmp_path, blocks=blocks)
    with opened(chromium, tmp_path / names[0]) as watched:
        page = ready(watched)
        page.locator("#bench-field").select_option(label="Domain")
        page.locator("input[data-key='composites']").check()
        page.wait_for_timeout(200)
        assert page.title() != "ran" and page.locator("img").count() == 0
        assert watched.complaints == [] and watched.requests == []
