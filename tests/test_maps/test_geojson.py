import json

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import Polygon
from support import example_study

from maps.drawings.footprints import draw
from maps.products.geojson import write_geojson


def collection(finished, name):
    return json.loads((finished / "geojson" / f"{name}.geojson").read_text("utf-8"))


def numbers(tree):
    if isinstance(tree, list):
        for part in tree:
            yield from numbers(part)
    else:
        yield tree


@pytest.mark.parametrize("name", ["deposits", "location_uncertainty", "plants", "roads"])
def test_a_file_keeps_to_rfc_7946(finished, name):
    found = collection(finished, name)
    assert "crs" not in found
    for feature in found["features"]:
        for value in numbers(feature["geometry"]["coordinates"]):
            assert value == round(value, 7)
            assert 38 < value < 73
        if feature["geometry"]["type"] == "Polygon":
            assert shapely.LinearRing(feature["geometry"]["coordinates"][0]).is_ccw


def test_clockwise_rings_are_turned(tmp_path, summary):
    ring = [(468000, 4334000), (468000, 4334100), (468100, 4334100), (468100, 4334000)]
    block = gpd.GeoDataFrame(
        {"name": ["x"], "tags": [["a", "b"]]}, geometry=[Polygon(ring)], crs=example_study.CRS
    )
    assert not Polygon(ring).exterior.is_ccw
    (layer,) = draw(summary, {"blocks": block})
    write_geojson(layer, tmp_path / "blocks.geojson")
    found = json.loads((tmp_path / "blocks.geojson").read_text("utf-8"))
    assert shapely.LinearRing(found["features"][0]["geometry"]["coordinates"][0]).is_ccw


def test_results_ride_along_and_the_disclaimer_stands_in_the_file(finished, summary):
    found = collection(finished, "deposits")
    assert found["description"].startswith(summary["study"]["disclaimer"])
    konchoch = next(f for f in found["features"] if f["properties"]["id"] == "konchoch")
    assert "24 Mt at 1.1 % Sb" in konchoch["properties"]["field_resource"]
    assert konchoch["properties"]["field_ore_t"] is None


def test_positions_survive_the_way_out_and_back(finished):
    back = gpd.read_file(finished / "geojson" / "places.geojson").to_crs(example_study.CRS)
    apart = back.geometry.distance(example_study.layers()["places"].geometry)
    assert apart.max() < 0.02


def test_every_file_has_its_style_beside_it(finished):
    files = {p.name for p in (finished / "geojson").iterdir()}
    stems = {name.removesuffix(".geojson") for name in files if name.endswith(".geojson")}
    assert {f"{stem}.qml" for stem in stems} | {f"{stem}.geojson" for stem in stems} == files
