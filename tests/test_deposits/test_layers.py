"""Layers as geologists send them: every format, and every way of getting it wrong."""

import json
import os
import sqlite3
import subprocess
import sys
import zipfile

import geopandas as gpd
import numpy as np
import numpy.testing as npt
import pytest
import rasterio
from shapely import LineString, MultiPolygon, Point, Polygon, box, set_srid, to_wkb

from deposits.errors import DataError, MissingCRS, MissingPackage
from deposits.gis.encodings import misread_encoding
from deposits.gis.georeference import find_operation
from deposits.layers import (
    Extent,
    LayerSource,
    check_together,
    fit_mine_grid,
    read_layer,
    read_raster_info,
    sample_raster,
)

DISTRICT = Extent(67.5, 38.5, 70.0, 40.0)
PROJECT = "EPSG:32642"
SETTLEMENT = (68 + 37 / 60 + 46 / 3600, 39 + 10 / 60 + 26 / 3600)
IN_UTM = (467991.6, 4336138.9)
IN_GK12 = (12468041.5, 4337935.5)
DRIVERS = {"kml": {"driver": "KML"}, "geojson": {"driver": "GeoJSON", "RFC7946": "YES"}}
NAMES = ["Джижикрут", "Рудный Выход № 4"]


@pytest.fixture
def places():
    points = [Point(*SETTLEMENT), Point(68.65, 39.15)]
    return gpd.GeoDataFrame({"id": ["a", "b"], "name": NAMES}, geometry=points, crs="EPSG:4326")


def read(path, **stated):
    return read_layer(LayerSource("places", path, **stated), crs=PROJECT, extent=DISTRICT)


def xy(layer, row=0):
    return layer.table.geometry[row].coords[0][:2]


def write_zip(path, table, folder="", leave_out=(), **how):
    """Write a zipped Shapefile, without some of its parts."""
    inside = path.parent / f"{path.stem}_parts"
    inside.mkdir()
    table.to_file(inside / "points.shp", **how)
    with zipfile.ZipFile(path, "w") as archive:
        for part in sorted(inside.iterdir()):
            if part.suffix not in leave_out:
                archive.write(part, folder + part.name)
    return path


def geojson(path, *features, **members):
    content = {"type": "FeatureCollection", **members, "features": list(features)}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def feature(shape, **properties):
    kind, coordinates = shape
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "fgb", "kml", "gml"])
def test_every_vector_format_arrives_at_the_same_place(tmp_path, places, ending):
    path = tmp_path / f"places.{ending}"
    places.to_file(path, **DRIVERS.get(ending, {}))
    layer = read(path).or_raise()
    rows = layer.table.set_index("id").loc[["a", "b"]]
    npt.assert_allclose(rows.geometry["a"].coords[0][:2], IN_UTM, rtol=0, atol=0.06)
    assert list(rows["name"]) == NAMES
    assert layer.table.crs == PROJECT
    assert (layer.accuracy_m, layer.outside) == (0.0, 0)


def test_geojson_and_kml_are_wgs84_by_definition(tmp_path, places):
    for ending in ("geojson", "kml"):
        path = tmp_path / f"p.{ending}"
        places.to_file(path, **DRIVERS.get(ending, {}))
        assert "crs" not in path.read_text().lower()
        assert read(path).or_raise().crs_found == "EPSG:4326 (WGS 84)"


def test_an_old_crs_member_is_honoured_with_a_warning(tmp_path):
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32642"}}
    path = geojson(tmp_path / "old.geojson", feature(("Point", IN_UTM), id="a"), crs=named)
    checked = read(path)
    npt.assert_allclose(xy(checked.or_raise()), IN_UTM)
    assert "RFC 7946" in str(checked.problems[0])


def test_the_operation_and_its_accuracy_are_recorded(tmp_path, places):
    places.to_crs("EPSG:28412").to_file(tmp_path / "gk.gpkg")
    layer = read(tmp_path / "gk.gpkg").or_raise()
    assert "Pulkovo 1942 to WGS 84 (16)" in layer.operation
    assert layer.accuracy_m == 4.5
    assert layer.crs_found.startswith("EPSG:28412")
    assert "4.5 m" in str(layer)


@pytest.mark.parametrize("folder", ["", "export/2023/"])
@pytest.mark.parametrize("encoding", ["cp1251", "utf-8"])
def test_a_zipped_shapefile_is_read_in_the_encoding_it_declares(tmp_path, places, encoding, folder):
    path = write_zip(tmp_path / "z.zip", places, folder, encoding=encoding)
    assert list(read(path).or_raise().table["name"]) == NAMES


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8", "cp866", "koi8-r"])
def test_garbled_letters_are_reported_with_the_encoding_to_state(tmp_path, places, encoding):
    plain = places.assign(name=["Джижикрут", "Кончоч"])
    path = write_zip(tmp_path / "z.zip", plain, leave_out=(".cpg",), encoding=encoding)
    (problem,) = read(path).errors
    assert f'encoding = "{encoding}"' in problem.remedy and "column name" in problem.place
    assert list(read(path, encoding=encoding).or_raise().table["name"]) == ["Джижикрут", "Кончоч"]


def test_a_cpg_that_lies_is_an_error_with_the_remedy(tmp_path, places):
    folder = tmp_path / "s"
    folder.mkdir()
    places.assign(name="Анзоб").to_file(folder / "p.shp", encoding="cp1251")
    (folder / "p.cpg").write_text("UTF-8")
    assert 'encoding = "cp1251"' in str(read(folder / "p.shp").errors[0])
    assert read(folder / "p.shp", encoding="cp1251").or_raise().table["name"][0] == "Анзоб"


def test_a_wrongly_stated_encoding_is_a_question_not_a_refusal(tmp_path, places):
    path = write_zip(tmp_path / "z.zip", places.assign(name="Анзоб"), encoding="utf-8")
    checked = read(path, encoding="ISO-8859-1")
    assert checked.errors == () and 'encoding = "utf-8"' in str(checked.problems[0])


def test_western_names_are_not_taken_for_garbled_ones():
    assert misread_encoding(["Müller", "Élan", "São Paulo", "naïve café", "Zürich"]) == ""


def test_names_that_a_shapefile_cut_are_restored(tmp_path, places):
    path = write_zip(tmp_path / "z.zip", places.assign(uncertainty_m=3000.0))
    checked = read(path)
    assert list(checked.or_raise().table["uncertainty_m"]) == [3000.0, 3000.0]
    assert "uncertaint as uncertainty_m" in str(checked.problems[0])


def test_a_shapefile_without_its_parts_names_them(tmp_path, places):
    path = write_zip(tmp_path / "z.zip", places, leave_out=(".dbf", ".shx"))
    assert ".shx and .dbf" in str(read(path).errors[0])


def test_a_zip_with_two_shapefiles_asks_which(tmp_path, places):
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        for name in ("one", "two"):
            places.to_file(tmp_path / f"{name}.shp")
            for part in tmp_path.glob(f"{name}.*"):
                archive.write(part, part.name)
    assert "one, two" in str(read(tmp_path / "z.zip").errors[0])
    assert len(read(tmp_path / "z.zip", layer="two").or_raise().table) == 2


def test_several_layers_without_a_choice_are_listed(tmp_path, places):
    path = tmp_path / "g.gpkg"
    places.to_file(path, layer="mines")
    places.iloc[:1].to_file(path, layer="roads")
    assert "mines, roads" in str(read(path).errors[0])
    assert len(read(path, layer="roads").or_raise().table) == 1
    assert 'Did you mean "roads"?' in str(read(path, layer="raods").errors[0])


def test_a_csv_is_read_by_its_stated_columns(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("id;имя;lon;lat;n;code\na;Анзоб;68,62944;39,17389;1,5;007\n", encoding="cp1251")
    stated = {"x": "lon", "y": "lat", "crs": "EPSG:4326", "encoding": "cp1251"}
    checked = read(path, delimiter=";", decimal=",", **stated)
    layer = checked.or_raise()
    npt.assert_allclose(xy(layer), IN_UTM, rtol=0, atol=0.5)
    assert checked.problems == ()
    row = layer.table.iloc[0]
    assert (row["имя"], row["n"], row["code"]) == ("Анзоб", 1.5, "007")


def test_a_csv_without_stated_columns_names_candidates(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("id,Longitude,Latitude,depth\na,68.6,39.1,3\n")
    assert 'x = "Longitude" and y = "Latitude"' in str(read(path).errors[0])


def test_a_stated_column_that_is_not_there_is_named(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("id,lon,lat\na,68.6,39.1\n")
    text = str(read(path, x="long", y="lat", crs="EPSG:4326").errors[0])
    assert "column long is not there" in text and 'x = "lon"' in text


def test_an_encoding_that_nobody_knows_is_refused(tmp_path, places):
    places.to_file(tmp_path / "p.gpkg")
    assert "unknown encoding" in str(read(tmp_path / "p.gpkg", encoding="cp12511").errors[0])


def test_a_csv_with_another_delimiter_says_so(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("id;x;y\na;1;2\n")
    assert "wrong delimiter" in str(read(path).errors[0])
    assert "wrong delimiter" in str(read(path, x="x", y="y").errors[0])


def test_a_csv_lists_every_bad_coordinate_with_its_row(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text('id,x,y\na,,39\nb,"68,6",39\nc,68.6,39\n')
    errors = read(path, x="x", y="y", crs="EPSG:4326").errors
    assert [e.place.split(", ")[1] for e in errors] == ["row 2", "row 3"]


def csv(path, *rows):
    lines = ["id,x,y", *(f"f{n},{x},{y}" for n, (x, y) in enumerate(rows))]
    path.write_text("\n".join(lines))
    return path


@pytest.mark.parametrize(
    ("spot", "words"),
    [
        (SETTLEMENT, ['crs = "EPSG:4326"']),
        (IN_UTM, ["EPSG:32642", "EPSG:2502", "EPSG:2598", "The choice matters"]),
        (IN_GK12, ['crs = "EPSG:28412"']),
        ((23468041.5, 4337935.5), ['crs = "EPSG:2539"']),
        ((1234.0, 567.0), ["mine grid"]),
    ],
)
def test_a_layer_without_crs_names_what_its_coordinates_allow(tmp_path, spot, words):
    checked = read(csv(tmp_path / "p.csv", spot), x="x", y="y")
    assert checked.value is None
    (problem,) = checked.errors
    assert "does not say which coordinate system" in problem.fact
    for word in words:
        assert word in str(problem)


@pytest.mark.parametrize("crs", ["EPSG:2502", "EPSG:2598"])
def test_zoneless_eastings_land_where_the_prefixed_ones_do(tmp_path, crs):
    zoneless = (IN_GK12[0] - 12e6, IN_GK12[1])
    layer = read(csv(tmp_path / "p.csv", zoneless), x="x", y="y", crs=crs).or_raise()
    npt.assert_allclose(xy(layer), IN_UTM, rtol=0, atol=0.1)
    assert layer.accuracy_m == 4.5


@pytest.mark.parametrize(
    ("crs", "spot", "words"),
    [
        ("EPSG:4326", SETTLEMENT[::-1], "axes are exchanged"),
        ("EPSG:32642", IN_UTM[::-1], "On Russian and Soviet plans X is the northing"),
        ("EPSG:32642", IN_GK12, "carry the zone number 12"),
        ("EPSG:28412", (IN_GK12[0] - 12e6, IN_GK12[1]), "lack the zone number 12"),
    ],
)
def test_misplaced_layers_are_explained(tmp_path, crs, spot, words):
    checked = read(csv(tmp_path / "p.csv", spot), x="x", y="y", crs=crs)
    assert checked.value is None and words in str(checked.errors[0])


def test_one_exchanged_row_is_named(tmp_path):
    path = csv(tmp_path / "p.csv", SETTLEMENT, SETTLEMENT[::-1], SETTLEMENT)
    (problem,) = read(path, x="x", y="y", crs="EPSG:4326").errors
    assert "(f1)" in problem.fact


def test_analogues_may_lie_outside_the_extent(tmp_path):
    here = feature(("Point", SETTLEMENT), id="a", kind="deposit")
    kadamzhai = feature(("Point", [71.71738, 40.13153]), id="k", kind="analogue")
    checked = read(geojson(tmp_path / "d.geojson", here, kadamzhai))
    assert checked.problems == () and checked.or_raise().outside == 1
    kadamzhai["properties"]["kind"] = "deposit"
    (problem,) = read(geojson(tmp_path / "e.geojson", here, kadamzhai)).problems
    assert problem.severity == "warning" and "(k)" in problem.fact


def test_the_study_overrules_the_file_with_a_warning(tmp_path, places):
    wrong = places.to_crs("EPSG:28412").set_crs("EPSG:2502", allow_override=True)
    wrong.to_file(tmp_path / "w.gpkg")
    checked = read(tmp_path / "w.gpkg", crs="EPSG:28412")
    npt.assert_allclose(xy(checked.or_raise()), IN_UTM, rtol=0, atol=0.1)
    assert "the study is followed" in str(checked.problems[0])


def test_all_problems_of_a_layer_come_at_once(tmp_path):
    bowtie = [[[68.6, 39.1], [68.7, 39.2], [68.7, 39.1], [68.6, 39.2], [68.6, 39.1]]]
    features = (
        feature(("Polygon", bowtie), id="x"),
        feature(("Point", SETTLEMENT[::-1]), id="x"),
        {"type": "Feature", "properties": {"id": ""}, "geometry": None},
    )
    text = "\n".join(map(str, read(geojson(tmp_path / "bad.geojson", *features)).problems))
    for words in ("identifier repeats", "identifier is empty", "without geometry"):
        assert words in text
    assert "Self-intersection" in text and "axes are exchanged" in text


def test_invalid_geometry_is_repaired_only_when_the_study_says_so(tmp_path):
    bowtie = [[[68.6, 39.1], [68.7, 39.2], [68.7, 39.1], [68.6, 39.2], [68.6, 39.1]]]
    path = geojson(tmp_path / "b.geojson", feature(("Polygon", bowtie), id="x"))
    assert "Self-intersection" in str(read(path).errors[0])
    layer = read(path, repair=True).or_raise()
    assert layer.geometry.repaired == 1 and layer.table.geometry[0].is_valid


def test_heights_and_parts_survive(tmp_path):
    two = MultiPolygon([box(68.6, 39.1, 68.61, 39.11), box(68.62, 39.1, 68.63, 39.11)])
    shapes = [Point(*SETTLEMENT, 1950.0), two, LineString([(68.6, 39.1, 5), (68.7, 39.2, 7)])]
    table = gpd.GeoDataFrame({"id": list("abc")}, geometry=shapes, crs="EPSG:4326")
    table.to_file(tmp_path / "m.geojson")
    layer = read(tmp_path / "m.geojson").or_raise()
    assert layer.table.geometry[0].z == 1950.0
    assert (layer.geometry.with_z, layer.geometry.multi_part) == (2, 1)


def test_features_without_ids_are_numbered_under_the_layers_name(tmp_path, places):
    places.drop(columns="id").to_file(tmp_path / "n.gpkg")
    checked = read(tmp_path / "n.gpkg")
    assert list(checked.or_raise().table["id"]) == ["places-1", "places-2"]
    assert "numbered" in str(checked.problems[0])


def test_a_column_of_blank_ids_counts_as_none(tmp_path):
    spots = (feature(("Point", SETTLEMENT), id=None), feature(("Point", [68.65, 39.15]), id=""))
    checked = read(geojson(tmp_path / "b.geojson", *spots))
    assert list(checked.or_raise().table["id"]) == ["places-1", "places-2"]


def test_another_id_column_may_be_stated(tmp_path, places):
    places.rename(columns={"id": "HOLE"}).assign(HOLE=[7.0, 8.0]).to_file(tmp_path / "n.gpkg")
    layer = read(tmp_path / "n.gpkg", id_column="hole").or_raise()
    assert list(layer.table["id"]) == ["7", "8"]


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "the file is empty"), (b"nonsense", "damaged"), (None, "does not")]
)
def test_a_file_with_nothing_in_it_is_an_error(tmp_path, content, words):
    path = tmp_path / "x.gpkg"
    if content is not None:
        path.write_bytes(content)
    assert words in str(read(path).errors[0])


def test_a_misspelt_path_is_suggested(tmp_path, places):
    places.to_file(tmp_path / "places.gpkg")
    assert 'Did you mean "places.gpkg"?' in str(read(tmp_path / "palces.gpkg").errors[0])


def test_a_layer_without_features_is_a_warning(tmp_path):
    checked = read(geojson(tmp_path / "none.geojson"))
    assert checked.errors == () and len(checked.or_raise().table) == 0


def test_a_mine_grid_brings_local_coordinates_home(tmp_path):
    local = np.array([[0, 0], [1000, 0], [1000, 800], [0, 800]], float)
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    grid = fit_mine_grid(np.hstack([local, local @ turn.T + IN_UTM]))
    layer = read(csv(tmp_path / "p.csv", (100, 20)), x="x", y="y", mine_grid=grid).or_raise()
    npt.assert_allclose(xy(layer), [IN_UTM[0] - 20, IN_UTM[1] + 100], atol=1e-6)
    assert layer.crs_found == "local mine grid" and layer.accuracy_m == pytest.approx(0, abs=1e-6)


def test_a_mine_grid_of_three_points_claims_no_accuracy(tmp_path):
    grid = fit_mine_grid(
        [[0, 0, *IN_UTM], [9, 0, IN_UTM[0] + 9, IN_UTM[1]], [0, 9, IN_UTM[0], IN_UTM[1] + 9]]
    )
    checked = read(csv(tmp_path / "p.csv", (100, 20)), x="x", y="y", mine_grid=grid)
    assert checked.or_raise().accuracy_m is None
    assert "nothing tests them" in str(checked.problems[0])


def one(tmp_path, layer, spot, crs, **properties):
    table = gpd.GeoDataFrame({k: [v] for k, v in properties.items()}, geometry=[Point(*spot)])
    table.set_crs(crs).to_file(tmp_path / f"{layer}.gpkg")
    source = LayerSource(layer, tmp_path / f"{layer}.gpkg")
    return read_layer(source, crs=PROJECT, extent=DISTRICT).or_raise()


def test_the_silent_mix_up_shows_between_two_layers(tmp_path):
    right = one(tmp_path, "right", IN_UTM, PROJECT, id="a", name="Зеравшан")
    bare = (IN_GK12[0] - 12e6, IN_GK12[1])
    wrong = one(tmp_path, "wrong", bare, PROJECT, id="b", name="Zeravshan")
    (problem,) = check_together([right, wrong], DISTRICT)
    assert problem.severity == "warning"
    assert "EPSG:28412" in problem.fact and "suspect the second" in problem.fact


def test_one_id_in_two_layers_is_an_error(tmp_path):
    first = one(tmp_path, "first", IN_UTM, PROJECT, id="a", name="A")
    second = one(tmp_path, "second", IN_UTM, PROJECT, id="a", name="B")
    (problem,) = check_together([first, second], DISTRICT)
    assert problem.severity == "error" and problem.found == "a"


def test_duplicates_are_found_across_layers(tmp_path):
    shared = {"kind": "deposit", "field": "j", "uncertainty_m": 4000.0}
    first = one(tmp_path, "first", IN_UTM, PROJECT, id="a", name="A", **shared)
    second = one(tmp_path, "second", (470000, 4336000), PROJECT, id="b", name="B", **shared)
    (problem,) = check_together([first, second], DISTRICT)
    assert "probably one deposit" in problem.fact


def test_a_database_without_its_packages_names_the_install_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    with pytest.raises(MissingPackage, match=r"anzob\[postgis\]"):
        read("postgresql://user:secret@host/base", layer="places")


def test_a_database_password_never_reaches_a_message():
    place = LayerSource("p", "postgresql://user:secret@host/base", layer="t").place
    assert "secret" not in place


def test_a_database_table_is_found_by_name_and_placed(monkeypatch, tmp_path, places):
    """A stand-in for PostGIS: SQLite with the same view, reached through the real code."""
    sqlalchemy = pytest.importorskip("sqlalchemy")
    base = sqlite3.connect(tmp_path / "base.sqlite")
    base.execute("create table geometry_columns (f_table_schema, f_table_name, f_geometry_column)")
    base.execute("insert into geometry_columns values ('main', 'odd \"name', 'geom')")
    base.execute('create table "odd ""name" (id, name, geom)')
    hexes = to_wkb(set_srid(places.geometry.to_numpy(), 4326), hex=True, include_srid=True)
    rows = list(zip(places["id"], places["name"], hexes, strict=True))
    base.executemany('insert into "odd ""name" values (?, ?, ?)', rows)
    base.commit()
    base.close()
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'base.sqlite'}")
    monkeypatch.setattr(sqlalchemy, "create_engine", lambda url: engine)
    layer = read("postgresql://user@host/base", layer='odd "name').or_raise()
    npt.assert_allclose(xy(layer), IN_UTM, rtol=0, atol=0.06)
    assert layer.table.geometry.name == "geometry"
    (problem,) = read("postgresql://user@host/base", layer="other").errors
    assert "no such table" in problem.fact


@pytest.fixture
def dem(tmp_path):
    path = tmp_path / "dem.tif"
    heights = np.arange(12, dtype="float32").reshape(3, 4) + 2000
    heights[0, 0] = -9999
    corner = rasterio.transform.from_origin(467000, 4337000, 500, 500)
    profile = {"driver": "GTiff", "width": 4, "height": 3, "count": 1, "dtype": "float32"}
    with rasterio.open(path, "w", **profile, crs=PROJECT, transform=corner, nodata=-9999) as file:
        file.write(heights, 1)
    return path


def test_a_raster_says_what_it_covers(dem):
    info = read_raster_info(dem).or_raise()
    assert info.crs.startswith("EPSG:32642") and info.nodata == -9999
    assert info.bounds == (467000, 4335500, 469000, 4337000)
    assert (info.width, info.height, info.bands) == (4, 3, 1)


@pytest.mark.parametrize("crs", [PROJECT, "EPSG:4326", "EPSG:28412"])
def test_pixels_are_read_under_points_in_any_system(dem, crs):
    spots = [(467250, 4336750), (467750, 4336750), (468750, 4335750), (466999, 4336750)]
    points = gpd.GeoSeries([Point(*s) for s in spots] + [Point()], crs=PROJECT).to_crs(crs)
    values = sample_raster(dem, gpd.GeoDataFrame(geometry=points))
    npt.assert_array_equal(values, [np.nan, 2001, 2011, np.nan, np.nan])


def test_a_raster_without_crs_is_an_error(tmp_path):
    path = tmp_path / "scan.tif"
    with rasterio.open(path, "w", driver="GTiff", width=2, height=2, count=1, dtype="uint8") as f:
        f.write(np.zeros((1, 2, 2), "uint8"))
    assert "does not say which coordinate system" in str(read_raster_info(path).errors[0])


def test_sampling_asks_for_a_crs_and_a_band(dem):
    points = gpd.GeoDataFrame(geometry=[Point(467250, 4336750)])
    with pytest.raises(MissingCRS):
        sample_raster(dem, points)
    with pytest.raises(DataError, match="no such band"):
        sample_raster(dem, points.set_crs(PROJECT), band=2)


def test_polygons_keep_their_area_on_the_way(tmp_path):
    square = Polygon([(467000, 4336000), (468000, 4336000), (468000, 4337000), (467000, 4337000)])
    table = gpd.GeoDataFrame({"id": ["s"]}, geometry=[square], crs=PROJECT)
    table.to_crs("EPSG:28412").to_file(tmp_path / "s.gpkg")
    assert read(tmp_path / "s.gpkg").or_raise().table.area[0] == pytest.approx(1e6, rel=1e-6)


SPOTS = """
import sys
from types import SimpleNamespace
import geopandas as gpd
from shapely import Point
from deposits.layers import _spots
table = gpd.GeoDataFrame({"id": [f"i{n}" for n in range(8)], "name": [f"n{n}" for n in range(8)]},
                         geometry=[Point(n, n) for n in range(8)], crs="EPSG:32642")
print(list(_spots(SimpleNamespace(table=table))))
"""


def test_spots_stand_in_the_order_of_the_layer_whatever_the_hash_seed():
    seen = set()
    for seed in ("0", "1"):
        setting = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        run = subprocess.run(
            [sys.executable, "-c", SPOTS], env=setting, check=True, capture_output=True
        )
        seen.add(run.stdout)
    assert len(seen) == 1


def test_one_operation_serves_all_things_that_stand_in_two_layers(tmp_path, monkeypatch):
    names = ["Rudny", "Ravat", "Zerafshan"]
    bare = (IN_GK12[0] - 12e6, IN_GK12[1])

    def named(name, x, y, start):
        points = [Point(x + 500 * number, y) for number in range(3)]
        ids = [f"{start}{number}" for number in range(3)]
        table = gpd.GeoDataFrame({"id": ids, "name": names}, geometry=points, crs=PROJECT)
        table.to_file(tmp_path / f"{name}.gpkg")
        return read(tmp_path / f"{name}.gpkg").or_raise()

    right, wrong = named("right", *IN_UTM, "a"), named("wrong", *bare, "b")
    asked = []

    def counting(*systems):
        asked.append(systems)
        return find_operation(*systems)

    monkeypatch.setattr("deposits.layers.find_operation", counting)
    found = check_together([right, wrong], DISTRICT)
    assert [problem.fact.split()[0] for problem in found] == names
    assert all("suspect the second" in problem.fact for problem in found)
    assert len(asked) == 1
