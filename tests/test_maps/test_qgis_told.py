"""What the box of a printed sheet says is what summary, map and report say."""

from pathlib import Path

import pytest
from support import example_drilling, example_plan, example_study

from maps.config import MapSettings
from maps.drawings.footprints import draw
from maps.drawings.results import claimed_verdict, resource_of_field
from maps.finished import Finished
from maps.products import qgis_told
from maps.products.qgis import _sources_line
from maps.products.qgis_told import told_of


def finished_of(summary, layers, language="en"):
    return Finished(
        summary=summary,
        layers=draw(summary, layers),
        settings=MapSettings(online_tiles=False, language=language),
        folder=Path("nowhere"),
        out=Path("nowhere"),
    )


@pytest.fixture(scope="module")
def evidence():
    layers = example_study.layers()
    layers["plants"] = layers["plants"].assign(feeds=["jijikrut", None])
    return finished_of(example_study.summary(), layers)


def test_the_resource_sheet_says_what_the_map_says_of_each_field(evidence):
    told = told_of(evidence, "Resource")
    for field in ("jijikrut", "konchoch"):
        for model in resource_of_field(evidence.summary, field).split(" | "):
            assert model in told


def test_the_resource_sheet_of_evidence_is_not_about_the_plan(evidence):
    summary = {**evidence.summary, "study": {**evidence.summary["study"], "headline": "A plan."}}
    assert "A plan." not in told_of(finished_of(summary, example_study.layers()), "Resource")


def test_the_plan_sheet_has_both_verdicts_and_who_feeds_whom(evidence):
    told = told_of(evidence, "Plan")
    for verdict in (claimed_verdict(evidence.summary), evidence.summary["verdict"]):
        assert verdict["sentence"] in told
    assert told.endswith("Anzob plant is fed by Jijikrut.")


def test_the_geology_sheet_names_records_and_says_that_there_are_no_holes(evidence):
    lines = told_of(evidence, "Geology").split("\n")
    assert lines == [
        qgis_told.NO_HOLES,
        "Jezhikrut (USGS 1850): a record that may be Jijikrut.",
        "Dzhizhikrut (1848): a record that may be Jijikrut.",
    ]


def test_a_drilled_mine_says_its_holes_its_headline_and_its_plan():
    mine = finished_of(example_plan.summary(), example_drilling.layers())
    holes = mine.summary["drilling"]["holes"]
    assert told_of(mine, "Geology").startswith(f"Drillholes: {holes}; drilled ")
    assert told_of(mine, "Resource") == mine.summary["study"]["headline"]
    assert told_of(mine, "Plan") == mine.summary["plan"]["verdict"]["sentence"]


def test_a_study_without_figures_or_plan_says_so():
    bare = finished_of({"study": {"name": "a"}, "fields": []}, example_study.layers())
    assert told_of(bare, "Resource") == qgis_told.NO_RESOURCE
    assert told_of(bare, "Plan") == qgis_told.NO_PLAN


def test_what_has_no_room_is_cut_after_a_sentence(evidence):
    verdict = {**evidence.summary["verdict"], "sentence": "It is so. " * 200}
    long = finished_of({**evidence.summary, "verdict": verdict}, example_study.layers())
    told = told_of(long, "Plan")
    assert len(told) < qgis_told.ROOM + 60 and told.endswith(f"so. {qgis_told.THE_REST}")


def test_all_that_a_sheet_says_itself_is_russian(evidence):
    russian = finished_of(evidence.summary, example_study.layers(), "ru")
    for theme in ("Geology", "Resource", "Plan"):
        assert told_of(russian, theme) != told_of(evidence, theme)
    for said in (
        *(qgis_told.NO_HOLES, qgis_told.NO_RESOURCE, qgis_told.NO_PLAN, qgis_told.THE_REST),
        *("Drillholes: 98; drilled 29,892 m.", "A: a record that may be B.", "A is fed by B."),
        *("A: 22 Mt at 1.2 % Sb (derived)", "tonnage not known"),
    ):
        assert russian.translate(said) != said


def test_sources_name_no_file_that_is_not_among_the_results(evidence):
    rows = [{"source": "data/SOURCES.md"}, {"source": "A survey, 2020"}]
    of = finished_of(
        {**evidence.summary, "layers": rows}, {"places": example_study.layers()["places"]}
    )
    line = _sources_line(of, {"places"})
    assert "SOURCES.md" not in line and line.startswith("A survey, 2020; ")
    assert line.endswith("all of them: chapter 2 of report.html, table Sources of layers.gpkg")
    whole = finished_of({**of.summary, "layers": rows[1:]}, {"places": of.layers[0].features})
    assert _sources_line(whole, set()) == "A survey, 2020"
