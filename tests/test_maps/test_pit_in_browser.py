"""A pit on the map page: dug year by year, its crests and their names: Chromium, no network."""

import numpy as np
import pytest
import shapely
from support import example_cuts, example_mine
from support.browser import opened

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    return example_cuts.write(tmp_path_factory.mktemp("cuts"))


@pytest.fixture(scope="module")
def pit(tmp_path_factory):
    return example_cuts.write(tmp_path_factory.mktemp("pit"), of="pit")


def ready(watched):
    watched.page.wait_for_selector("html[data-bench]", state="attached", timeout=15_000)
    return watched.page


def clean(watched):
    assert watched.requests == [] and watched.complaints == []


def expected_states(table, year, bench):
    """What each column shows: 0 dug now, 1 before, 2 later, 3 left, -1 nothing."""
    first = (int(table["i"].min()), int(table["j"].min()))
    shape = (int(table["i"].max()) - first[0] + 1, int(table["j"].max()) - first[1] + 1)
    found = np.full((shape[1], shape[0]), -1)
    for row in table.itertuples():
        if bench is not None and row.k - int(table["k"].min()) != bench:
            continue
        state = 3 if row.year == 0 else 0 if row.year == year else 1 if row.year < year else 2
        at = row.j - first[1], row.i - first[0]
        if found[at] < 0 or state < found[at]:
            found[at] = state
    return found.ravel().tolist()


def test_the_slider_of_years_shows_what_a_pit_plan_digs(chromium, pit):
    table = example_cuts.dug()
    height, base = example_cuts.PIT.size_m[2], example_cuts.PIT.origin_m[2]
    with opened(chromium, pit) as watched:
        shown = ready(watched)
        shown.locator("#pit-on").check()
        shown.wait_for_selector("html[data-pit='0:all']", state="attached", timeout=15_000)
        slider = shown.locator("#pit-slider")
        slider.focus()
        seen = set()
        for year in range(1, example_cuts.YEARS + 1):
            assert f"Year {year}" in slider.get_attribute("aria-valuetext")
            found = list(shown.evaluate("Object.values(anzobPit.states())"))
            assert found == expected_states(table, year, None)
            own = table[table["year"] == year]["k"]
            said = shown.locator("#pit-said").inner_text()
            low, high = base + height * own.min(), base + height * (own.max() + 1)
            assert said.startswith(f"Dug between {low:g} and {high:g} m. Rock dug: 2.")
            assert "To the plant: " in said
            seen.add(shown.locator(".leaflet-container").screenshot())
            shown.keyboard.press("ArrowRight")
        assert len(seen) == example_cuts.YEARS
        shown.locator("#pit-bench").select_option("7")
        found = list(shown.evaluate("Object.values(anzobPit.states())"))
        assert found == expected_states(table, example_cuts.YEARS, 7)
        shown.wait_for_timeout(300)
        address = shown.evaluate("location.href")
        other = shown.context.new_page()
        other.goto(address)
        other.wait_for_selector("html[data-pit='3:7']", state="attached", timeout=15_000)
        shown.locator("#pit-on").uncheck()
        assert shown.locator("html").get_attribute("data-pit") is None
        clean(watched)


@pytest.mark.parametrize("told", ["99,all", "-1,all", ",", "1", "NaN,all", "<b>,<i>"])
def test_a_link_with_an_impossible_year_of_the_pit_opens_without_it(chromium, pit, told):
    with opened(chromium, pit) as watched:
        shown = ready(watched)
        shown.evaluate("s => { location.hash = '#p=' + encodeURIComponent(s); }", told)
        shown.wait_for_timeout(200)
        assert not shown.locator("#pit-on").is_checked()
        clean(watched)


def test_a_plan_of_stopes_has_no_panel_of_the_pit(chromium, mine):
    with opened(chromium, mine) as watched:
        assert ready(watched).locator("#pit-panel").count() == 0


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_names_of_pits_stand_on_their_own_crests_and_clear_of_one_another(
    chromium, mine, width, height
):
    with opened(chromium, mine, width=width, height=height) as watched:
        shown = ready(watched)
        for by in (0, -1, 2):
            shown.evaluate(
                "by => anzobMap.map.setZoom(anzobMap.map.getZoom() + by, {animate: false})", by
            )
            shown.wait_for_timeout(100)
            found = shown.evaluate(
                """() => [...document.querySelectorAll('.label-pit_outline')]
                   .filter(n => n.style.visibility !== 'hidden').map(n => {
                     const b = n.getBoundingClientRect();
                     return [n.textContent, b.left, b.top, b.right, b.bottom]; })"""
            )
            if by == 0 and width > 1000:
                assert {one[0] for one in found} >= {"Ultimate pit", "Pushback 1"}
            for n, (_, left, top, right, bottom) in enumerate(found):
                for _, left2, top2, right2, bottom2 in found[n + 1 :]:
                    apart = left >= right2 or right <= left2 or top >= bottom2 or bottom <= top2
                    assert apart
        clean(watched)


def test_each_offered_place_of_a_name_lies_on_its_crest_and_far_from_others():
    import geopandas as gpd
    from support import example_plan

    from maps.drawings.footprints import draw

    outlines = example_mine.layers()["pit_outline"]
    # Rings begin in the east: there a smaller one all but touches the larger.
    large, small = shapely.Point(468_000, 4_336_000), shapely.Point(468_035, 4_336_000)
    rings = [large.buffer(100), small.buffer(60)]
    nested = gpd.GeoDataFrame(
        outlines.iloc[:2].drop(columns="geometry"), geometry=rings, crs=outlines.crs
    )
    for given in (outlines, nested):
        places_of_names(draw(example_plan.summary(), {"pit_outline": given})[0])


def places_of_names(layer):
    import geopandas as gpd

    from maps.drawings.pit_labels import label_spots

    crests = [shape.exterior for shape in layer.features.geometry]
    for i, spots in enumerate(label_spots(layer)):
        ground = gpd.points_from_xy(*zip(*[(x, y) for y, x in spots], strict=True), crs=4326)
        for point in ground.to_crs(example_cuts.CRS):
            far = [crest.distance(point) for crest in crests]
            assert far[i] < 1.0
        first = ground.to_crs(example_cuts.CRS)[0]
        others = [crest for j, crest in enumerate(crests) if j != i]
        steps = [crests[i].interpolate(n / 400, normalized=True) for n in range(400)]
        best = max(min(crest.distance(step) for crest in others) for step in steps)
        west, south, east, north = crests[i].bounds
        best = min(best, max(east - west, north - south) / 3)
        # The last pushback ends where the pit does: no place of it is its own.
        assert min(crest.distance(first) for crest in others) > 0.9 * best


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_the_panel_of_years_is_seen_whole_and_covers_no_other_control(
    chromium, tmp_path, language, width, height
):
    path = example_cuts.write(tmp_path, of="pit", language=language)
    with opened(chromium, path, width=width, height=height) as watched:
        shown = ready(watched)
        if shown.locator("#pit-list").is_hidden():
            shown.locator("#pit-panel > button").click()
        shown.locator("#pit-on").check()
        shown.wait_for_selector("html[data-pit='0:all']", state="attached", timeout=15_000)
        shown.wait_for_timeout(300)
        assert (
            shown.evaluate(
                "() => { const p = document.querySelector('#pit-panel');"
                " return p.scrollHeight - p.clientHeight; }"
            )
            <= 1
        )
        top = shown.locator("#pit-panel").bounding_box()["y"]
        for other in ("#tool-link", "#layer-panel") if width < 700 else ("#tool-link",):
            box = shown.locator(other).bounding_box()
            assert box["y"] + box["height"] <= top
        clean(watched)
