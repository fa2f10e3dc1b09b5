"""The map of the report: is everything where its coordinates say, and is it the map's own style?"""

import math
import re
from dataclasses import replace
from html import unescape

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point
from support import example_drilling, example_mine, example_plan, example_study
from test_maps.test_report import HOSTILE, finished

from maps.drawings.footprints import draw
from maps.drawings.report_map import map_figure
from maps.drawings.report_map_frame import bar_length, degrees, frame_of, graticule, scale_bar
from maps.drawings.report_map_signs import labelled
from maps.products.report import report_page

STUDIES = {
    "evidence": (example_study.summary, example_study.layers),
    "drillholes": (example_drilling.summary, example_drilling.layers),
    "plan": (example_plan.summary, example_plan.layers),
}
BOX = (68.2, 39.0, 68.8, 39.3)


def drawn(study):
    told, ground = STUDIES[study]
    return map_figure(draw(told(), ground()), (), str)


@pytest.fixture(scope="module", params=list(STUDIES))
def figure(request):
    return drawn(request.param)


def test_it_has_north_a_scale_in_km_numbers_of_the_grid_a_caption_and_a_table(figure):
    said = [unescape(t) for t in re.findall(r"<text[^>]*>([^<]*)</text>", figure)]
    assert "North" in said and any(re.fullmatch(r"[\d.]+ km", t) for t in said)
    assert sum("°" in t for t in said) >= 4
    assert "<figcaption>" in figure and "<table" in figure and "EPSG:32642" in figure
    assert figure.count("<svg") == figure.count("</svg>") == 1


@given(st.floats(-170, 170), st.floats(-60, 70), st.floats(0.002, 2), st.floats(0.002, 2))
def test_the_frame_holds_the_box_and_keeps_its_scale_in_both_directions(west, south, wide, high):
    frame = frame_of((west, south, west + wide, south + high), gpd.GeoSeries(crs=4326).crs)
    corners = gpd.GeoSeries([Point(west, south), Point(west + wide, south + high)], crs=4326)
    for x, y in (frame.at(p) for p in corners.to_crs(frame.crs)):
        assert frame.left <= x <= frame.left + frame.wide
        assert frame.top <= y <= frame.top + frame.high + 0.1
    assert frame.high / (frame.north - frame.south) == pytest.approx(frame.scale, rel=1e-3)
    assert 300 < frame.high < 600


def test_a_mile_on_the_bar_is_a_mile_on_the_map():
    # An independent referee: the distance on the ellipsoid, along the middle of the frame.
    from pyproj import Geod

    frame = frame_of(BOX, gpd.GeoSeries(crs=32642).crs)
    middle = (frame.south + frame.north) / 2
    ends = gpd.GeoSeries([Point(frame.west, middle), Point(frame.east, middle)], crs=32642)
    (a, b) = ends.to_crs(4326)
    metres = Geod(ellps="WGS84").inv(a.x, a.y, b.x, b.y)[2]
    said = "".join(scale_bar(frame, str))
    bar = sum(float(w) for w in re.findall(r'width="([\d.]+)" height="5"', said))
    (km,) = re.findall(r">([\d.]+) km<", said)
    assert bar * metres / frame.wide == pytest.approx(1000 * float(km), rel=2e-3)


def test_lines_of_the_grid_stand_where_their_numbers_say():
    frame = frame_of(BOX, gpd.GeoSeries(crs=32642).crs)
    parts = graticule(frame)
    lines = [p for p in parts if p.startswith("<path")]
    numbers = re.findall(
        r'<text class="(m|e)" x="([\d.-]+)" y="([\d.-]+)">(\d+)°(\d+)′', "".join(parts)
    )
    assert len(lines) == len(numbers) >= 6
    for (side, x, y, whole, minutes), path in zip(numbers, lines, strict=True):
        value = int(whole) + int(minutes) / 60
        first = [float(v) for v in re.search(r"M([\d.-]+) ([\d.-]+)", path).groups()]
        easting = frame.west + (first[0] - frame.left) / frame.scale
        northing = frame.north - (first[1] - frame.top) / frame.scale
        place = gpd.GeoSeries([Point(easting, northing)], crs=frame.crs).to_crs(4326)[0]
        assert (place.x if side == "m" else place.y) == pytest.approx(value, abs=2e-3)
        assert float(x if side == "m" else y) == pytest.approx(
            first[0 if side == "m" else 1], abs=4
        )


def test_a_point_is_drawn_where_it_lies_in_the_sign_of_its_layer():
    layers = draw(example_study.summary(), example_study.layers())
    plants = next(layer for layer in layers if layer.name == "plants")
    from maps.drawings.view import district

    frame = frame_of(district(layers), layers[0].features.crs)
    figure = map_figure(layers, (), str)
    symbol = plants.style.classes[0].symbol
    for point in plants.features.to_crs(frame.crs).geometry:
        x, y = frame.at(point)
        half = symbol.size_px * 0.7 / 2
        assert f'd="M{x - half:.1f} {y - half:.1f}h' in figure
    assert f'fill="{symbol.fill}"' in figure


def test_every_field_and_plant_is_named_in_the_table_with_its_coordinates():
    layers = draw(example_study.summary(), example_study.layers())
    figure = unescape(map_figure(layers, (), str))
    table = figure[figure.index("<table") :]
    for layer in layers:
        if layer.name in ("deposits", "plants"):
            ground = layer.features.to_crs(4326)
            for name, kind, point in zip(
                ground["name"], ground["drawn_as"], ground.geometry, strict=True
            ):
                if kind in ("field", "plant"):
                    row = re.search(rf'<th scope="row">{re.escape(name)}</th>.*?</tr>', table)[0]
                    assert f"<td>{point.y:.3f}</td>" in row or f"<td>{point.y:.5f}</td>" in row
    assert "circle is where a thing may lie" in figure


def test_a_drilled_deposit_shows_collars_blocks_and_mine_and_says_synthetic():
    layers = draw(example_plan.summary(), {**example_drilling.layers(), **example_mine.layers()})
    figure = map_figure(layers, (), str)
    legend = "".join(re.findall(r"<text[^>]*>([^<]*)</text>", figure))
    for words in ("Collar", "Extent of the block model", "Stopes: "):
        assert words in legend, words
    collars = next(layer for layer in layers if layer.name == "collars")
    assert figure.count("<circle") == len(collars.features) + 1  # and the sign of the legend
    marked = example_plan.summary()["study"].get("synthetic")
    assert (">SYNTHETIC</text>" in figure) is bool(marked)


def test_names_never_lie_over_one_another():
    frame = frame_of(BOX, gpd.GeoSeries(crs=32642).crs)
    places = [((200 + 9 * i, 150 + 3 * (i % 4)), f"Place number {i}", 8.0) for i in range(20)]
    boxes = []
    for part in labelled(places, frame):
        x, y, said = re.search(r'x="([\d.]+)" y="([\d.]+)">([^<]+)<', part).groups()
        boxes.append((float(x), float(y) - 9, float(x) + 5.9 * len(said), float(y) + 2))
    assert 2 < len(boxes) < len(places)
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_hostile_names_stay_texts():
    ground = example_study.layers()
    ground["plants"] = ground["plants"].assign(name=HOSTILE)
    told = example_study.summary()
    kept = replace(finished(told), layers=draw(told, ground))
    page = report_page(kept)
    assert "<script" not in page and page.count("<svg ") == page.count("</svg>")


def test_without_a_field_or_a_hole_there_is_no_map():
    layers = draw(example_study.summary(), example_study.layers())
    assert map_figure([x for x in layers if x.name in ("roads", "rivers")], (), str) == ""
    assert 'class="curve plan-map"' not in report_page(finished(example_study.summary()))


def test_angles_are_written_for_people():
    assert [degrees(s) for s in (0, 59, 60, 3600 * 68 + 1800, -90)] == [
        *("0°00′", "0°00′59″", "0°01′", "68°30′", "-0°01′30″"),
    ]
    lengths = [bar_length(10.0**k) for k in range(1, 6)]
    assert all(math.log10(v / 2) % 1 == pytest.approx(0, abs=1e-9) for v in lengths)
