"""The schedule of the stopes as a layer: what it holds is what the plan says."""

import datetime as dt
from pathlib import Path

import pytest
from support import example_drilling, example_plan

from maps.config import MapSettings
from maps.drawings.footprints import draw
from maps.drawings.schedule import BEGINS, ENDS, SCHEDULE, WORK, schedule_layers
from maps.finished import Finished


def finished(summary, language="en"):
    layers = draw(summary, {**example_drilling.layers(), **example_plan.layers()})
    settings = MapSettings(language=language)
    return Finished(summary=summary, layers=layers, settings=settings, folder=Path(), out=Path())


@pytest.fixture(scope="module")
def summary():
    return example_plan.summary()


@pytest.fixture(scope="module")
def layer(summary):
    (found,) = schedule_layers(finished(summary))
    return found


def test_ore_and_metal_are_those_of_the_plan(layer, summary):
    own = [a for a in summary["plan"]["activities"] if a["kind"] == "stope" and a["period"]]
    drawn = layer.features[layer.features["work"] == WORK["stope"]]
    assert drawn["ore_t"].sum() == pytest.approx(sum(a["ore_t"] for a in own))
    metal = sum(a["ore_t"] * a["sb_pct"] for a in own)
    assert (drawn["ore_t"] * drawn["sb_pct"]).sum() == pytest.approx(metal)


def test_one_feature_is_one_kind_of_work_in_one_stope_in_one_period(layer, summary):
    own = {
        (a["stope"], WORK[a["kind"]], a["period"])
        for a in summary["plan"]["activities"]
        if a["kind"] in WORK and a["period"]
    }
    rows = layer.features
    assert set(zip(rows["stope"], rows["work"], rows["period"], strict=True)) == own
    assert len(rows) == len(own)


def test_days_are_days_of_the_period_and_shapes_those_of_the_stope(layer, summary):
    periods = {p["period"]: p for p in summary["plan"]["periods"]}
    shapes = example_plan.layers()["stopes"].set_index("stope").geometry
    for _, row in layer.features.iterrows():
        period = periods[row["period"]]
        assert row[BEGINS] == dt.date.fromisoformat(period["from_date"])
        assert row[ENDS] == dt.date.fromisoformat(period["to_date"])
        assert row.geometry.equals(shapes[row["stope"]])


def test_work_without_ore_has_no_ore_rather_than_none_of_it(layer):
    rest = layer.features[layer.features["work"] != WORK["stope"]]
    assert len(rest) and rest["ore_t"].isna().all() and rest["sb_pct"].isna().all()


def test_every_feature_has_a_class_and_says_synthetic(layer):
    values = {c.value for c in layer.style.classes}
    assert set(layer.features["drawn_as"]) <= values
    assert set(layer.features["synthetic"]) == {"SYNTHETIC"}
    assert layer.title.startswith("SYNTHETIC") and layer.name == SCHEDULE


def test_columns_are_in_words(layer):
    raw = [f.name for f in layer.fields if f.alias == f.name]
    assert raw == []


def test_labels_are_russian_in_a_russian_study(summary):
    (found,) = finished(summary, "ru").marked(schedule_layers(finished(summary, "ru")))
    assert found.title == "SYNTHETIC График отработки камер"
    assert set(found.features["work"]) == {"Выпуск руды", "Подготовка камеры", "Закладка камеры"}
    assert all(not c.label.isascii() for c in found.style.classes)


@pytest.mark.parametrize("of", ["pit", "undated", "none"])
def test_no_dated_plan_of_stopes_makes_no_schedule(summary, of):
    changed = {**summary, "plan": example_plan.plan("pit" if of == "pit" else "stopes")}
    if of == "undated":
        changed["plan"]["activities"] = [
            {**a, "from_date": None, "to_date": None} for a in changed["plan"]["activities"]
        ]
    if of == "none":
        del changed["plan"]
    assert schedule_layers(finished(changed)) == []
