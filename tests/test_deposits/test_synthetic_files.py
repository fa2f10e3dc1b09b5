"""Can anybody who meets one exported file of the demonstration mistake it for a real one?"""

import functools
import json
import re
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from deposits.synthetic import Campaign, DepositDesign, drill, make_deposit, write_demo
from deposits.synthetic.files import table_texts

DATA = Path(__file__).parents[2] / "data"
TABLES = ("collars", "surveys", "assays", "lithology")
REAL = re.compile("anzob|jijikrut|konchoch|tajik|sughd|zeravshan", re.IGNORECASE)


@functools.cache
def read(name):
    return pd.read_csv(DATA / f"demo/synthetic_{name}.csv", keep_default_na=False)


@functools.cache
def deposit():
    return make_deposit(DepositDesign())


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_demo(tmp_path_factory.mktemp("demo"), DepositDesign())


def test_every_committed_file_comes_out_again(written):
    assert {p.name for p in written} == {p.name for p in (DATA / "demo").iterdir()}
    for path in written:
        if path.suffix != ".tif":
            assert path.read_bytes() == (DATA / "demo" / path.name).read_bytes(), path.name


def test_the_ground_comes_out_again(written):
    import rasterio

    paths = [next(p for p in written if p.suffix == ".tif"), DATA / "demo/synthetic_topography.tif"]
    grounds = []
    for path in paths:
        with rasterio.open(path) as raster:
            grounds.append(raster.read(1))
            assert raster.tags()["SYNTHETIC"] == "true"
            assert raster.crs.to_epsg() == 32631
    assert np.array_equal(*grounds)


def test_every_name_and_row_says_synthetic():
    for path in (DATA / "demo").iterdir():
        assert path.name.startswith("synthetic_")
    for name in TABLES:
        assert read(name)["synthetic"].astype(str).str.lower().eq("true").all()
    for path in (DATA / "demo").glob("*.geojson"):
        for feature in json.loads(path.read_text())["features"]:
            assert feature["properties"]["synthetic"] is True
            assert "SYNTHETIC" in feature["properties"]["name"]
    first = (DATA / "demo/synthetic_horizon.obj").read_text().splitlines()[0]
    assert "SYNTHETIC" in first


def test_no_real_name_stands_in_the_demonstration():
    for path in [DATA / "demo.toml", *(DATA / "demo").iterdir()]:
        if path.suffix != ".tif":
            assert not REAL.search(path.read_text("utf-8")), path.name


def test_the_real_study_holds_no_synthetic_input():
    text = (DATA / "anzob.toml").read_text("utf-8")
    assert "demo/" not in text and "synthetic_" not in text


def test_the_study_names_files_that_are_there():
    study = tomllib.loads((DATA / "demo.toml").read_text("utf-8"))
    assert study["study"]["synthetic"] is True
    assert all(name.startswith("synthetic_") for name in study["layers"])
    holes = study["drillholes"]
    tables = [holes["collars"], holes["surveys"], *holes["intervals"].values()]
    for table in [*tables, *study["layers"].values()]:
        assert (DATA / table["path"]).is_file()


def test_the_place_is_near_nought_north_nought_east():
    for path in (DATA / "demo").glob("*.geojson"):
        coordinates = json.loads(path.read_text())["features"][0]["geometry"]["coordinates"]
        numbers = np.array(coordinates).ravel()
        assert (np.abs(numbers) < 0.1).all()


def test_holes_are_numbered_syn():
    holes = read("collars")["hole_id"]
    assert list(holes) == [f"SYN-{n:03d}" for n in range(1, len(holes) + 1)]
    assert 60 <= len(holes) <= 120
    for name in TABLES[1:]:
        assert set(read(name)["hole_id"]) == set(holes)


@pytest.mark.parametrize("name", ["assays", "lithology"])
def test_intervals_neither_overlap_nor_leave_the_hole(name):
    depth = read("collars").set_index("hole_id")["depth_m"]
    for hole, rows in read(name).groupby("hole_id"):
        assert (rows["from_m"] < rows["to_m"]).all()
        assert (rows["from_m"].to_numpy()[1:] >= rows["to_m"].to_numpy()[:-1]).all()
        assert rows["from_m"].min() >= 0 and rows["to_m"].max() <= depth[hole]


def test_logs_cover_the_whole_hole():
    depth = read("collars").set_index("hole_id")["depth_m"]
    lengths = read("lithology").eval("length = to_m - from_m").groupby("hole_id")["length"].sum()
    assert lengths.sub(depth).abs().max() < 1e-6


def test_samples_are_short_and_cross_no_contact():
    contacts = {(r.hole_id, r.from_m) for r in read("lithology").itertuples()}
    samples = read("assays")
    length = (samples["to_m"] - samples["from_m"]).round(1)
    assert length.min() >= 0.2 and length.max() <= 2.0 and length.nunique() > 8
    for row in samples.itertuples():
        inner = np.round(np.arange(row.from_m + 0.1, row.to_m - 0.05, 0.1), 1)
        assert not any((row.hole_id, depth) in contacts for depth in inner)


def test_real_imperfections_are_there():
    samples, surveys = read("assays"), read("surveys")
    assert samples["sb_pct"].eq("<0.01").sum() > 50
    follows = samples["hole_id"].eq(samples["hole_id"].shift())
    gaps = follows & samples["from_m"].gt(samples["to_m"].shift())
    assert gaps.sum() > 10
    assert (surveys.groupby("hole_id").size() == 1).sum() >= 2


def test_holes_bend_and_stations_begin_at_the_collar():
    surveys = read("surveys")
    assert (surveys.groupby("hole_id")["depth_m"].min() == 0).all()
    assert surveys["azimuth_deg"].between(0, 359.999).all()
    assert surveys["dip_deg"].between(-90, -10).all()
    bent = surveys.groupby("hole_id")["dip_deg"].agg(lambda dips: abs(dips.iloc[-1] - dips.iloc[0]))
    assert bent.median() > 1.0


def test_collars_stand_on_the_ground():
    import rasterio

    collars = read("collars")
    with rasterio.open(DATA / "demo/synthetic_topography.tif") as raster:
        places = zip(collars["easting"], collars["northing"], strict=True)
        ground = np.array([value[0] for value in raster.sample(places)])
    assert np.abs(ground - collars["elevation"]).max() < 2.0


def test_the_rich_core_is_drilled_closer_so_that_the_plain_mean_is_too_high():
    exact = drill(deposit(), Campaign()).exact
    rock = deposit().at(exact[["easting", "northing", "elevation"]].to_numpy())["in_horizon"]
    weights = (exact["to_m"] - exact["from_m"])[rock]
    true = next(f.value for f in deposit().facts() if f.label == "mean")
    assert np.average(exact["sb_pct"][rock], weights=weights) > 1.1 * true


def test_the_tables_are_small():
    assert sum(p.stat().st_size for p in (DATA / "demo").iterdir()) < 1_000_000


def test_laboratory_digits_do_not_hang_on_the_last_bit():
    texts = table_texts(drill(deposit(), Campaign()))
    row = texts["assays.csv"].splitlines()[1]
    assert row.startswith("SYN-001,") and row.endswith(",true")
    assert max(len(part.partition(".")[2]) for part in row.split(",")) <= 4


def test_holes_start_within_the_licence():
    import shapely
    from pyproj import Transformer

    feature = json.loads((DATA / "demo/synthetic_licence.geojson").read_text())["features"][0]
    move = Transformer.from_crs("EPSG:4326", "EPSG:32631", always_xy=True)
    outline = np.array(feature["geometry"]["coordinates"][0])
    licence = shapely.Polygon(np.column_stack(move.transform(*outline.T)))
    collars = read("collars")
    assert shapely.contains_xy(licence, collars["easting"], collars["northing"]).all()
