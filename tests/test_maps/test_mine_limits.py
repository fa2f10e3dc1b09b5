"""Stopes and pits on the map: classes, words, levels."""

import json
import re

import geopandas as gpd
import pytest
from shapely.geometry import LineString, Point
from support import example_drilling, example_mine
from support.colours import smallest_distance

from maps.config import MapSettings
from maps.drawings import mine_limits
from maps.drawings.benches import bench_grids
from maps.drawings.footprints import draw
from maps.drawings.grades import breaks_of
from maps.drawings.view import district
from maps.mine_words import COLUMNS, words_of
from maps.products.qml import qml_of_layer
from maps.products.web import page, page_data
from maps.style import CLASS_COLUMN, OUTLINES, PIT_OUTLINES
from maps.wording import words_for


@pytest.fixture(scope="module")
def told():
    return example_mine.summary()


@pytest.fixture(scope="module")
def drawn(told):
    layers = draw(told, {**example_drilling.layers(), **example_mine.layers()})
    return {layer.name: layer for layer in layers}


def test_stopes_have_the_grade_classes_of_blocks_and_drillholes(told, drawn):
    breaks = breaks_of(told, "sb_pct")
    stopes = drawn["stopes"]
    for grade, number in zip(stopes.features["sb_pct"], stopes.features[CLASS_COLUMN], strict=True):
        assert int(number) == sum(b <= grade for b in breaks)
    fills = {c.value: c.symbol.fill for c in stopes.style.classes}
    holes = {c.value: c.symbol.stroke for c in drawn["drillhole_traces"].style.classes}
    assert fills == holes


def test_pits_are_told_apart_by_line_as_well_as_colour(drawn):
    pits = drawn["pit_outline"].features
    kinds = dict(zip(pits["kind"], pits[CLASS_COLUMN], strict=True))
    assert kinds == {"ultimate pit": "ultimate", "pushback": "pushback"}
    lines = {(c.symbol.dash_px, c.symbol.width_px) for c in PIT_OUTLINES.classes}
    assert len(lines) == len(PIT_OUTLINES.classes)
    assert all(c.symbol.fill is None for c in PIT_OUTLINES.classes)
    # What ends in the pit's own crest lies on top of it, thinner.
    width = {c.value: c.symbol.width_px for c in PIT_OUTLINES.classes}
    assert 2 * width["pushback"] < width["ultimate"]


def test_no_pit_is_drawn_like_the_extent_of_the_blocks_on_the_page_or_in_qgis(drawn):
    (blocks,) = OUTLINES.classes
    pits = {c.value: c.symbol for c in PIT_OUTLINES.classes}
    for symbol in pits.values():
        assert symbol.stroke != blocks.symbol.stroke
        assert smallest_distance((symbol.stroke, blocks.symbol.stroke)) > 15
    assert pits["pushback"].dash_px == pits["ultimate"].dash_px == ()
    assert smallest_distance((pits["pushback"].stroke, pits["ultimate"].stroke)) > 20
    written = qml_of_layer(drawn["pit_outline"])
    red, green, blue = (int(pits["pushback"].stroke[i : i + 2], 16) for i in (1, 3, 5))
    assert f"{red},{green},{blue},255" in written


def test_numbers_of_sections_stand_beside_the_stopes_of_their_level(told, drawn):
    found = mine_limits.page_parts(drawn["stopes"], told)
    rows, stopes = found["sections"], drawn["stopes"].features
    assert set(rows) == {"all", *map(str, found["at"])}
    for level, row in rows.items():
        here = [level in ("all", str(at)) for at in found["at"]]
        own = stopes[here]
        assert (row["first"], row["last"]) == (own["section"].min(), own["section"].max())
        for section, shape in zip(own["section"], own.geometry, strict=True):
            share = (section - row["first"]) / max(1, row["last"] - row["first"])
            ends = [row[key] for key in ("from", "to", "back")]
            (x0, x1, x2), (y0, y1, y2) = metres(ends, stopes.crs)
            at = Point(x0 + share * (x1 - x0), y0 + share * (y1 - y0))
            # A number stands on the middle line of its section, beside every stope of it.
            line = LineString([at, (at.x + x2 - x0, at.y + y2 - y0)])
            assert line.distance(shape.centroid) < 0.2
            assert 5.5 < shape.distance(at) < line.length


def metres(places, crs):
    ground = gpd.GeoSeries([Point(lon, lat) for lat, lon in places], crs=4326).to_crs(crs)
    return list(ground.x), list(ground.y)


@pytest.mark.parametrize("frame", [None, {}, {"strike_deg": 30.0}, {"section_m": 20.0}])
def test_without_a_frame_sections_have_no_numbers_on_the_map(told, drawn, frame):
    stopes = {**told["mine"]["stopes"], "frame": frame}
    bare = {**told, "mine": {**told["mine"], "stopes": stopes}}
    assert mine_limits.page_parts(drawn["stopes"], bare)["sections"] is None


def test_a_section_with_a_name_has_no_number(told):
    layers = example_mine.layers()
    layers["stopes"] = layers["stopes"].astype({"section": object})
    layers["stopes"].loc[0, "section"] = "north"
    stopes = next(x for x in draw(told, layers) if x.name == "stopes")
    whole = mine_limits.page_parts(stopes, told)["sections"]["all"]
    assert whole["last"] == layers["stopes"]["section"][1:].max()
    layers["stopes"]["section"] = "north"
    stopes = next(x for x in draw(told, layers) if x.name == "stopes")
    assert mine_limits.page_parts(stopes, told)["sections"] is None


def test_a_shell_has_no_label_and_everything_in_a_synthetic_study_says_so(drawn):
    assert mine_limits.pit_label({"name": "Shell 0.8", "kind": "shell"}) is None
    assert mine_limits.pit_label({"name": "Pushback 1", "kind": "pushback"}) == "Pushback 1"
    for name in ("stopes", "pit_outline"):
        assert drawn[name].title.startswith("SYNTHETIC ")
        assert set(drawn[name].features["synthetic"]) == {"SYNTHETIC"}


def test_every_column_of_the_mine_has_words_and_a_unit_where_it_has_one(drawn):
    for name in ("stopes", "pit_outline"):
        for field in drawn[name].fields:
            assert "_" not in field.alias and field.alias != field.name
    units = {f.name: f.unit for f in drawn["stopes"].fields}
    assert units["nsr_usd_per_t"] == "USD/t ore" and units["value_usd"] == "USD"
    assert words_of("level")[0] == "Level, number" != words_for("level")[0]
    assert words_of("as_pct") == words_for("as_pct")
    assert all(words and words[0].isupper() for words, _ in COLUMNS.values())


def test_stopes_stand_on_the_level_of_their_elevations(told, drawn):
    levels, at = mine_limits.levels_of(drawn["stopes"], told)
    lows = [level["low"] for level in levels]
    assert lows == sorted(lows)
    for place, low in zip(at, drawn["stopes"].features["level_low_m"], strict=True):
        assert lows[place] == low
    counts = [at.count(i) for i in range(len(levels))]
    assert counts == [one["stopes"] for one in told["mine"]["stopes"]["levels"]]


def test_a_stope_without_elevations_is_on_no_single_level(told):
    layers = example_mine.layers()
    layers["stopes"].loc[0, ["level_low_m", "level_high_m"]] = float("nan")
    stopes = next(x for x in draw(told, layers) if x.name == "stopes")
    assert mine_limits.levels_of(stopes, told)[1][0] == -1


def test_stopes_without_any_elevation_are_drawn_without_a_chooser(told):
    layers = example_mine.layers()
    layers["stopes"] = layers["stopes"].drop(columns=["level_low_m", "level_high_m"])
    found = page_data(told, draw(told, layers), MapSettings())
    stopes = next(x for x in found["layers"] if x["name"] == "stopes")
    assert "levels" not in stopes and "level" not in stopes["features"][0]


def test_stopes_of_unknown_grade_are_a_class_of_their_own(told):
    layers = example_mine.layers()
    layers["stopes"]["sb_pct"] = float("nan")
    stopes = next(x for x in draw(told, layers) if x.name == "stopes")
    assert [(e.label, e.count) for e in stopes.legend if e.count] == [
        ("grade not known", len(stopes.features))
    ]
    assert "not known" in mine_limits.names(stopes)[0]


def test_a_study_without_drillholes_still_colours_stopes_by_antimony():
    bare = {"study": {"synthetic": False}, "fields": []}
    stopes = next(x for x in draw(bare, example_mine.layers()) if x.name == "stopes")
    assert sum(e.count for e in stopes.legend if e.label != "grade not known") == len(
        stopes.features
    )
    assert "% Sb" in stopes.legend[0].label


def test_facts_of_stopes_are_kept_as_rows_under_one_head(told, drawn):
    found = page_data(told, list(drawn.values()), MapSettings())
    stopes = next(x for x in found["layers"] if x["name"] == "stopes")
    assert all(len(f["row"]) == len(stopes["heads"]) for f in stopes["features"])
    assert stopes["heads"][0] == "Ore, diluted and recovered"
    assert re.fullmatch(r"[\d,]+ t at [\d.]+ % Sb", stopes["features"][0]["row"][0])
    assert len(json.dumps(stopes["features"])) < 600 * len(stopes["features"])


def test_holes_are_off_over_stopes_and_on_without_them(told, drawn):
    def off(layers):
        found = page_data(told, layers, MapSettings())["layers"]
        return {x["name"] for x in found if x.get("off")}

    assert off(list(drawn.values())) == {"composites", "collars", "drillhole_traces"}
    holes = [layer for name, layer in drawn.items() if name not in mine_limits.WORDS]
    assert off(holes) == {"composites"}


def test_the_map_opens_wide_enough_for_a_pit_beyond_the_blocks(told):
    layers = example_mine.layers()
    layers["pit_outline"].geometry = layers["pit_outline"].buffer(200.0)
    pit = layers["pit_outline"].to_crs(4326).total_bounds
    drawn = draw(told, {**example_drilling.layers(), **layers})
    west, south, east, north = district(drawn)
    assert west <= pit[0] and south <= pit[1] and east >= pit[2] and north >= pit[3]


def test_a_page_without_stopes_holds_nothing_of_the_chooser(told, drawn, tmp_path):
    blocks = example_drilling.write_blocks(tmp_path, example_mine.GRID)
    holes = [layer for name, layer in drawn.items() if name not in mine_limits.WORDS]
    without = page(told, holes, MapSettings(), bench_grids(blocks, told))
    assert "anzobLevels = (function" not in without
    whole = page(told, list(drawn.values()), MapSettings(), bench_grids(blocks, told))
    assert "anzobLevels = (function" in whole and "anzobBenches = (function" in whole
