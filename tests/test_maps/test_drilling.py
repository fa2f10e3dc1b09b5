import copy
import re

import pyogrio
import pytest
from support import example_drilling as example

from maps.config import MapSettings
from maps.drawings.drilling import front, grade_tonnage, sections, validation
from maps.drawings.footprints import draw
from maps.drawings.panel import side_panel
from maps.drawings.results import tables_of
from maps.drawings.view import opening_view
from maps.wording import words_for


@pytest.fixture(scope="module")
def told():
    return example.summary()


def plain(html):
    return re.sub(r"<[^>]+>", " ", str(html))


def test_the_answer_comes_first_by_class_with_the_truth_beside_it(told):
    said = plain(front(told))
    assert told["study"]["headline"] in said
    for word in ("Measured", "Indicated", "Inferred", "the truth (SYNTHETIC)", "1 % Sb"):
        assert word in said


def test_there_is_no_verdict_no_claim_and_no_empty_section(told):
    page = str(side_panel(told))
    assert "verdict" not in page and "Claims" not in page and "<div></div>" not in page
    assert "Not known" not in plain(front(told))
    bare = {**told, "domains": [], "validation": {}, "tonnage": {}, "drilling": {}}
    assert [name for name, body in sections({**bare, "block_model": {}}) if body] == []


def test_the_base_cutoff_is_marked_once_in_every_table(told):
    tables = str(grade_tonnage(told)).split("<table>")[1:]
    assert len(tables) == 5
    for table in tables:
        assert table.count('class="base"') == table.count("base cut-off") == 1


def test_the_truth_is_dashed_beside_the_estimate_and_absent_without_one(told):
    with_truth = str(grade_tonnage(told))
    assert with_truth.count("<svg") == 2 and "stroke-dasharray" in with_truth
    real = copy.deepcopy(told)
    real["tonnage"]["truth"] = None
    without = str(grade_tonnage(real))
    assert without.count("<svg") == 1 and "truth" not in without


def test_classes_are_drawn_apart_and_never_with_the_sum_that_holds_them(told):
    drawn = re.search(r"<svg.*?</svg>", str(grade_tonnage(told)))[0]
    assert "Inferred" in drawn and "Measured + Indicated" not in drawn


def test_figures_of_the_panel_are_those_of_the_summary(told):
    row = next(
        r for r in told["tonnage"]["rows"] if r["class"] == "Measured" and r["cutoff"] == 1.0
    )
    assert row["ore_t"] == pytest.approx(3.336e6, rel=1e-3)
    assert "3.3 Mt" in plain(front(told))


def test_samples_domains_and_searches_are_told_in_words(told):
    said = plain(side_panel(told))
    for words in (
        "Drillholes 8",
        "collars.csv, row 3",
        "Main lode",
        "Nugget 1.10 (22 % of the sill)",
        "Spherical 3.90: 60 x 45 x 8.0 m",
        "azimuth 30, dip 0, rake 40",
        "60.0 x 50.0 x 20.0",
        "not estimated",
    ):
        assert words in re.sub(r"\s+", " ", said), words


def test_the_validation_is_a_file_beside_the_page(told):
    assert 'href="synthetic_validation.html"' in validation(told)
    real = {**told, "study": {**told["study"], "synthetic": False}}
    assert 'href="validation.html"' in validation(real)


def test_the_map_opens_on_the_block_model(told):
    layers = draw(told, example.layers())
    (south, west), (north, east) = opening_view(told, layers, MapSettings())["bounds"]
    box = example.layers()["block_model_outline"].to_crs(4326).total_bounds
    assert (west, south, east, north) == pytest.approx(tuple(box))


def test_traces_and_composites_have_the_breaks_of_the_blocks(told):
    layers = {layer.name: layer for layer in draw(told, example.layers())}
    traces = layers["drillhole_traces"]
    assert list(traces.features["drawn_as"]) == ["0", "1", "2", "2", "3", "4", "5", "none"]
    assert traces.style.classes[0].label == "8 % Sb and more"
    words = [c.label for c in traces.style.classes][:-1]
    assert words == [c.label for c in layers["composites"].style.classes][:-1]


def test_no_column_of_layers_and_tables_is_shown_under_its_raw_name(told):
    fields = [f for layer in draw(told, example.layers()) for f in layer.fields]
    fields += [f for table in tables_of(told) for f in table.fields]
    assert not [f.name for f in fields if "_" in f.alias]
    assert words_for("sb_pct_nn") == ("Antimony grade by nearest neighbour", "% Sb")
    assert words_for("best_sb_pct") == ("Best composite, antimony grade", "% Sb")
    assert words_for("hole_id") == ("Drillhole", "")


def test_depth_is_kept_in_the_geopackage(drilled):
    for name in ("drillhole_traces", "collars", "composites"):
        found = pyogrio.read_info(drilled / "synthetic_layers.gpkg", layer=f"synthetic_{name}")
        assert found["geometry_type"].endswith(" Z")


def test_tables_of_the_geopackage_hold_every_row_of_the_summary(told):
    tables = {table.name: table for table in tables_of(told)}
    rows = told["tonnage"]["rows"]
    assert tables["tonnage"].rows["ore_t"].sum() == pytest.approx(sum(r["ore_t"] for r in rows))
    assert len(tables["variograms"].rows) == len(tables["searches"].rows) == 1
    assert list(tables["variogram_structures"].rows["domain"]) == ["lode"]
    assert {"domain_statistics", "top_cuts", "validation_cross_validation"} <= set(tables)
    assert all(table.title.startswith("SYNTHETIC ") for table in tables.values())
