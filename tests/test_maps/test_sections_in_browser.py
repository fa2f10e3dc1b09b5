"""What a vertical section cuts, against cuts of the same bodies made another way: Chromium."""

import math
import re

import numpy as np
import pyproj
import pytest
import shapely
from support import example_cuts, example_mine
from support.browser import colours, opened

pytestmark = pytest.mark.browser

TO_DEGREES = pyproj.Transformer.from_crs(example_cuts.CRS, 4326, always_xy=True)
TO_METRES = pyproj.Transformer.from_crs(4326, example_cuts.CRS, always_xy=True)
EARTH = pyproj.Geod(ellps="WGS84")
#: Lines through the stopes of the example, along the axes of its grid [m].
LOCAL = {
    "across": ((-15.0, 70.0), (255.0, 90.0)),
    "along": ((108.0, -15.0), (123.0, 175.0)),
    "aslant": ((-12.0, 15.0), (252.0, 145.0)),
}
#: The same in the project CRS [m].
LINES = {
    name: [tuple(example_mine.GRID.to_world([[x, y, 0.0]])[0, :2].tolist()) for x, y in ends]
    for name, ends in LOCAL.items()
}


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    return example_cuts.write(tmp_path_factory.mktemp("cuts"))


def ready(watched):
    watched.page.wait_for_selector("html[data-bench]", state="attached", timeout=15_000)
    return watched.page


def cut(shown, ends):
    """Open a section through two points of the project CRS, and wait for its surfaces."""
    degrees = [TO_DEGREES.transform(*end) for end in ends]
    shown.evaluate("e => anzobSections.cut(...e.map(p => ({lng: p[0], lat: p[1]})))", degrees)
    shown.wait_for_selector("html[data-nets='ground pit']", state="attached", timeout=15_000)
    return degrees


def clean(watched):
    assert watched.requests == [] and watched.complaints == []


def level_slice(row, z):
    """The stope at one height, from its walls and their dips: no corner of a body is used."""
    low, high = row["level_low_m"], row["level_high_m"]
    up = (low + high) / 2 - z
    near = row["near_m"] + up / math.tan(math.radians(row["near_dip_deg"]))
    far = row["far_m"] + up / math.tan(math.radians(row["far_dip_deg"]))
    start, end = (example_mine.SECTION_M * (row["section"] - n) for n in (1, 0))
    corners = [(near, start, 0), (far, start, 0), (far, end, 0), (near, end, 0)]
    return shapely.Polygon(example_mine.GRID.to_world(np.array(corners, dtype=float))[:, :2])


def spans(row, line, z, first):
    """From where to where a line runs through a stope at one height [m from A], or None."""
    shared = level_slice(row, z).intersection(shapely.LineString(line))
    if shared.is_empty or shared.length < 0.5:
        return None
    ends = [TO_DEGREES.transform(*point) for point in shared.coords]
    return sorted(EARTH.inv(*first, *end)[2] for end in ends)


def crossings(outline, z):
    """Where a height crosses a closed outline, from the left."""
    found = []
    for (s0, z0), (s1, z1) in zip(outline, [*outline[1:], outline[0]], strict=True):
        if (z0 > z) != (z1 > z):
            found.append(s0 + (s1 - s0) * (z - z0) / (z1 - z0))
    return sorted(found)


@pytest.mark.parametrize("name", LINES)
def test_a_stope_in_a_section_is_the_cut_of_its_body(chromium, mine, name):
    line = LINES[name]
    with opened(chromium, mine) as watched:
        shown = ready(watched)
        degrees = cut(shown, line)
        asked = "anzobSections.rows().stopes.map(s => [s.feature.title, s.outline])"
        found = dict(shown.evaluate(asked))
        compared = slanted = 0
        hit = set()
        for row in example_mine.rows():
            own = found.get(f"Stope {row['stope']}")
            for share in np.linspace(0.01, 0.99, 29):
                z = row["level_low_m"] + share * example_mine.LEVEL_M
                if level_slice(row, z).intersects(shapely.LineString(line)):
                    hit.add(f"Stope {row['stope']}")
                span = spans(row, line, z, degrees[0])
                if span is None:
                    continue
                assert own is not None, row["stope"]
                assert crossings(own, z) == pytest.approx(span, abs=0.02)
                compared += 1
                box = [p[0] for p in own]
                slanted += max(box) - min(box) > span[1] - span[0] + 3
        assert hit == set(found) and compared > 60
        assert slanted > (0 if name == "along" else 30)
        assert "upright" not in shown.locator("#section-said").inner_text()
        clean(watched)


def test_a_body_of_any_shape_is_cut_as_its_hull_is(chromium, mine):
    """Leaning bodies at random; the referee cuts the hull of points strewn on their edges."""
    rng = np.random.default_rng(11)
    with opened(chromium, mine) as watched:
        shown = ready(watched)
        for _ in range(40):
            wide, long, high = rng.uniform(2, 30, 3)
            box = np.array([[0, 0], [wide, 0], [wide, long], [0, long]]) - [wide / 2, long / 2]
            turn = rng.uniform(0, 2 * np.pi)
            turned = box @ [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]
            lean, size = rng.uniform(-20, 20, 2), rng.uniform(0.4, 1.6)
            floor = np.column_stack([turned, np.zeros(4)])
            roof = np.column_stack([turned * size + lean, np.full(4, high)])
            shift = np.array([*rng.uniform(-5, 5, 2), 0.0])
            body = np.vstack([floor, roof]) + shift
            outline = shown.evaluate(
                "c => anzobCuts.body(c.map(p => ({s: p[0], d: p[1], z: p[2]})))", body.tolist()
            )
            pairs = [(a, b) for a in body for b in body if a[1] < 0 <= b[1]]
            points = [(a + (b - a) * a[1] / (a[1] - b[1]))[[0, 2]] for a, b in pairs]
            hull = shapely.MultiPoint(points).convex_hull
            if hull.area < 1e-6:
                assert len(outline) < 3 or shapely.Polygon(outline).area < 1e-6
                continue
            drawn = shapely.Polygon(outline)
            assert drawn.is_valid
            assert drawn.symmetric_difference(hull).area < 1e-6 * hull.area
        clean(watched)


def test_the_ground_of_a_section_is_that_of_the_raster(chromium, mine):
    from scipy.interpolate import RegularGridInterpolator

    terrain = example_cuts.ground()
    known = RegularGridInterpolator(
        (terrain.northings_m()[::-1], terrain.eastings_m()),
        terrain.elevations_m[::-1].astype(float),
    )
    with opened(chromium, mine) as watched:
        shown = ready(watched)
        (a, b) = cut(shown, LINES["aslant"])
        rows = shown.evaluate("anzobSections.rows()")
        (run,) = rows["ground"]
        assert len(run) > 60
        long = rows["frame"]["long"]
        for s, z in run:
            place = [a[i] + (b[i] - a[i]) * s / long for i in (0, 1)]
            east, north = TO_METRES.transform(*place)
            # Steps of 0.2 m; the net lies right to 3 cm, on slopes of one half at most.
            assert z == pytest.approx(float(known((north, east))), abs=0.13)
        said = shown.locator("#section-said").inner_text()
        assert "Elevations of the ground count from: an invented zero." in said
        legend = shown.locator("#section-legend").inner_text()
        assert "ground, from cells of 9 m" in legend and "pit as optimised" in legend
        clean(watched)


def test_the_pit_of_a_section_is_that_of_its_columns(chromium, mine):
    grid, table = example_cuts.PIT, example_cuts.dug()
    height = grid.size_m[2]
    lowest = table.groupby(["i", "j"])["k"].min()
    highest = table.groupby(["i", "j"])["k"].max()
    with opened(chromium, mine) as watched:
        shown = ready(watched)
        (a, b) = cut(shown, LINES["aslant"])
        rows = shown.evaluate("anzobSections.rows()")
        dug = empty = 0
        for one in rows["pit"]:
            # A sliver of half a metre may be passed over, and lies in the column beside it.
            if one["to"] - one["from"] < 1.2:
                continue
            for s in (one["from"] + 0.55, (one["from"] + one["to"]) / 2, one["to"] - 0.55):
                t = s / rows["frame"]["long"]
                place = TO_METRES.transform(*(a[i] + (b[i] - a[i]) * t for i in (0, 1)))
                i, j = (grid.to_local([[*place, 0.0]])[0, :2] // grid.size_m[:2]).astype(int)
                if (i, j) not in lowest.index:
                    assert one["floor"] is None
                    empty += 1
                    continue
                floor = grid.origin_m[2] + height * lowest[i, j]
                top = grid.origin_m[2] + height * (highest[i, j] + 1)
                assert (one["floor"], one["top"]) == (pytest.approx(floor), pytest.approx(top))
                dug += 1
        assert dug > 30 and empty > 3
        clean(watched)


def test_the_cursor_tells_ground_and_floor_of_the_pit(chromium, mine):
    with opened(chromium, mine) as watched:
        shown = ready(watched)
        cut(shown, LINES["aslant"])
        canvas = shown.locator("#section-canvas").bounding_box()
        shown.mouse.move(canvas["x"] + canvas["width"] / 2, canvas["y"] + canvas["height"] / 2)
        said = shown.locator("#section-value").inner_text()
        ground = float(re.search(r"ground at ([\d.]+) m", said)[1])
        floor = float(re.search(r"floor of the pit at ([\d.]+) m", said)[1])
        assert 880 <= floor < ground < 1020
        clean(watched)


def test_an_open_section_is_printed_on_a_second_sheet_with_its_caption(chromium, mine):
    with opened(chromium, mine) as watched:
        shown = ready(watched)
        shown.evaluate("anzobTools.sheet()")
        assert shown.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
        cut(shown, LINES["across"])
        shown.locator("#section-width").select_option("50")
        shown.evaluate("anzobTools.sheet()")
        two = shown.locator("#paper-two")
        said = two.inner_text()
        east, north = LINES["across"][0]
        assert f"E {east:,.0f} m, N {north:,.0f} m" in said
        assert "A: " in said and "B: " in said and "bearing 1" in said
        assert "within 50 m" in said and "No vertical exaggeration." in said
        assert "SYNTHETIC: an invented deposit" in said and "stope, in the colour" in said
        assert "not estimated" in said and "pit as optimised" in said
        # Both are whole: the map is not pressed flat by what lies below it.
        assert shown.locator(".leaflet-container").bounding_box()["height"] > 600
        bottom = two.bounding_box()["y"] + two.bounding_box()["height"]
        assert bottom <= shown.evaluate("document.documentElement.scrollHeight") + 1
        assert colours(two.locator("#paper-section > canvas").screenshot()) > 20
        # Chromium says "after print" itself, and the page is as it was.
        assert shown.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 2
        assert shown.locator("#paper-two").count() == 0
        assert shown.locator("#section-panel").is_visible()
        clean(watched)


@pytest.mark.parametrize(
    "told",
    [
        "39.16,68.62,39.16,68.62,25",  # no length
        "39.16,68.62,40.16,68.62,25",  # 111 km
        "39.16,68.62,39.165,68.63,7",  # a width that is not offered
        "39.16,68.62,39.165,25",
        "1e999,68.62,39.165,68.63,25",
        ",,,,25",
        "89,68.62,39.165,68.63,25",
        "39.16,9999,39.165,9999.01,25",
        "39.16,68.62,39.165,<b>,25",
    ],
)
def test_a_link_with_an_impossible_section_opens_the_map_without_it(chromium, mine, told):
    with opened(chromium, mine) as watched:
        shown = ready(watched)
        shown.evaluate("s => { location.hash = '#s=' + encodeURIComponent(s); }", told)
        shown.wait_for_timeout(200)
        assert shown.locator("#section-panel").is_hidden()
        assert shown.locator("#tool-section").get_attribute("aria-pressed") == "false"
        clean(watched)


def test_a_link_with_a_section_brings_it_back(chromium, mine):
    with opened(chromium, mine) as watched:
        shown = ready(watched)
        cut(shown, LINES["along"])
        shown.wait_for_timeout(300)
        said = shown.locator("#section-said").inner_text()
        other = shown.context.new_page()
        other.goto(shown.evaluate("location.href"))
        other.wait_for_selector("html[data-nets='ground pit']", state="attached", timeout=15_000)
        assert other.locator("#section-said").inner_text() == said
        clean(watched)


def test_skipping_to_the_layers_leaves_an_open_section_and_switched_layers(chromium, mine):
    with opened(chromium, mine) as watched:
        shown = ready(watched)
        cut(shown, LINES["along"])
        shown.locator("input[data-key='collars']").click()
        before = shown.locator("input[data-key='collars']").is_checked()
        shown.locator("a.skip").press("Enter")
        shown.wait_for_timeout(300)
        assert shown.evaluate("document.activeElement.id") == "layer-panel"
        assert shown.locator("#section-panel").is_visible()
        assert shown.locator("input[data-key='collars']").is_checked() == before
        assert "s=" in shown.evaluate("location.hash")
        clean(watched)


def test_in_russian_the_section_and_its_sheet_are_russian(chromium, tmp_path):
    with opened(chromium, example_cuts.write(tmp_path, language="ru")) as watched:
        shown = ready(watched)
        cut(shown, LINES["across"])
        shown.evaluate("anzobTools.sheet()")
        said = shown.locator("#paper-two").inner_text()
        assert "Вертикальный масштаб не увеличен." in said and "карьер по расчёту" in said
        left = re.findall(r"\b(?:stope|ground|pit|holes|samples|bearing)\b", said)
        assert left == []
        clean(watched)
