import copy
import re

import pyogrio
import pytest
from support import example_drilling as example

from maps.config import MapSettings
from maps.drawings.drillhole_facts import samples
from maps.drawings.drilling import front, grade_tonnage, missed, sections, validation
from maps.drawings.footprints import draw
from maps.drawings.panel import side_panel
from maps.drawings.results import tables_of
from maps.drawings.validation_support import supports
from maps.drawings.view import opening_view
from maps.languages import translator
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


@pytest.mark.parametrize(
    ("ore", "metal", "said"),
    [
        (1.2, 1.088, "20 % more tonnes and 8.8 % more metal"),
        (0.96, 0.87, "4.0 % fewer tonnes and 13 % less metal"),
        (1.1, 0.9, "10 % more tonnes and 10 % less metal"),
    ],
)
def test_how_far_the_estimate_is_from_the_truth_is_said_at_the_base_cutoff(told, ore, metal, said):
    known = copy.deepcopy(told)
    tonnage = known["tonnage"]
    for found, truth in zip(tonnage["whole"], tonnage["truth"], strict=True):
        # At other cut-offs the estimate is right: only the base cut-off is told.
        at = found["cutoff"] == truth["cutoff"] == tonnage["base_cutoff"]
        found["ore_t"] = truth["ore_t"] * (ore if at else 1.0)
        found["sb_t"] = truth["sb_t"] * (metal if at else 1.0)
    where = "than the truth at or above 1 % Sb."
    sentence = f"SYNTHETIC: the estimate, all classes, holds {said} {where}"
    assert missed(known) == sentence
    assert sentence in plain(front(known)) and sentence in plain(validation(known))
    assert sentence in plain(supports(known))
    assert not re.search("[a-z]{3}", translator("ru")(sentence))


@pytest.mark.parametrize("lost", ["truth", "whole"])
def test_nothing_is_said_of_a_miss_without_a_truth(told, lost):
    real = {**told, "tonnage": {**told["tonnage"], lost: None}}
    assert missed(real) == "" and "than the truth" not in plain(front(real))


def test_what_was_drilled_and_not_assayed_stands_beside_the_metres(told):
    lengths = {"sb_pct": (100.0, 27.0), "au_gpt": (508.0, 0.0)}
    rows = [
        {"element": name, "length_m_before": long}
        for name, both in lengths.items()
        for long in both
    ]
    drilling = {**told["drilling"], "metres": 508.0, "balance": rows}
    said = " ".join(plain(samples({**told, "drilling": drilling})).split())
    # 508 m less 127 m with antimony.
    assert "Drilled 508 m of it without an assay 381 m (75 %)" in said
    assert "without an assay" not in plain(samples(told))
