"""The schedule of a pit as a layer: every block once, at its place and in its time."""

import datetime as dt

import geopandas as gpd
import pytest
from support import example_pit_plan as example

from maps.config import MapSettings
from maps.drawings.footprints import draw
from maps.drawings.schedule import schedule_layers
from maps.drawings.schedule_days import BEGINS, ENDS, SCHEDULE
from maps.finished import Finished


def finished(summary, folder, language="en"):
    settings = MapSettings(language=language)
    layers = draw(summary, example.layers())
    return Finished(summary=summary, layers=layers, settings=settings, folder=folder, out=folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("pit plan")
    example.write(made)
    return made


@pytest.fixture(scope="module")
def layer(folder):
    (found,) = schedule_layers(finished(example.summary(), folder))
    return found


def test_one_feature_is_what_one_bench_gives_in_one_period(layer):
    dug = example.blocks().query("period > 0")
    own = {
        (860.0 + 5.0 * bench, period)
        for bench, period in zip(dug["bench"], dug["period"], strict=True)
    }
    rows = layer.features
    assert set(zip(rows["level_low_m"], rows["period"], strict=True)) == own
    assert len(rows) == len(own) and layer.name == SCHEDULE


def test_every_block_that_is_dug_lies_in_its_own_feature_and_no_other(layer):
    dug = example.blocks().query("period > 0")
    points = example.GRID.centres(dug["block"].to_numpy())
    centres = gpd.GeoSeries.from_xy(points[:, 0], points[:, 1])
    for row in layer.features.itertuples():
        bench = dug["bench"] == round((row.level_low_m - 860.0) / 5.0)
        own = (bench & (dug["period"] == row.period)).to_numpy()
        assert (centres.within(row.geometry).to_numpy() == own)[bench.to_numpy()].all()
        assert row.geometry.area == pytest.approx(100.0 * own.sum())
        assert row.geometry.is_valid


def test_rock_ore_and_metal_are_those_of_the_plan(layer):
    done = [a for a in example.plan()["activities"] if a["period"]]
    rows = layer.features
    assert rows["ore_t"].sum() == pytest.approx(sum(a["ore_t"] for a in done))
    assert rows["waste_t"].sum() == pytest.approx(sum(a["waste_t"] for a in done))
    assert (rows["rock_t"] == rows["ore_t"] + rows["waste_t"]).all()
    assert rows["rock_t"].to_numpy() == pytest.approx(rows.area.to_numpy() * 5.0 * 2.7)
    metal = (rows["ore_t"] * rows["sb_pct"].fillna(0.0)).sum()
    assert metal == pytest.approx(sum(a["ore_t"] * (a["sb_pct"] or 0.0) for a in done))
    assert rows.loc[rows["ore_t"] == 0.0, "sb_pct"].isna().all()


def test_days_are_those_of_the_period(layer):
    periods = {p["period"]: p for p in example.plan()["periods"]}
    for _, row in layer.features.iterrows():
        period = periods[row["period"]]
        assert row[BEGINS] == dt.date.fromisoformat(period["from_date"])
        assert row[ENDS] == dt.date.fromisoformat(period["to_date"])
        assert row["year"] == period["year"]


def test_what_is_dug_last_lies_on_top_and_says_synthetic_in_words(layer):
    assert layer.style.on_top == "last"
    assert set(layer.features["drawn_as"]) <= {c.value for c in layer.style.classes}
    assert set(layer.features["synthetic"]) == {"SYNTHETIC"}
    assert [f.name for f in layer.fields if f.alias == f.name] == []


def test_labels_are_russian_in_a_russian_study(folder):
    study = finished(example.summary(), folder, "ru")
    (found,) = study.marked(schedule_layers(study))
    words = [found.title.removeprefix("SYNTHETIC "), found.note, *found.features["bench"]]
    words += [c.label for c in found.style.classes] + [f.alias for f in found.fields]
    assert [w for w in words if w.isascii()] == []


@pytest.mark.parametrize("lacks", ["blocks", "days", "activities"])
def test_no_dated_plan_or_no_blocks_make_no_schedule(folder, tmp_path, lacks):
    told = example.summary()
    if lacks == "days":
        rows = [{**a, "from_date": None} for a in told["plan"]["activities"]]
        told["plan"]["activities"] = rows
    if lacks == "activities":
        del told["plan"]["activities"]
    where = tmp_path if lacks == "blocks" else folder
    assert schedule_layers(finished(told, where)) == []
