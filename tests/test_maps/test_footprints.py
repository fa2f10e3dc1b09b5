import geopandas as gpd
import pytest
from shapely.geometry import Point, Polygon
from support import example_drilling, example_study

from maps.config import MapSettings
from maps.drawings.cards import feature_facts
from maps.drawings.footprints import draw
from maps.drawings.view import opening_view
from maps.errors import UnusableLayer


@pytest.fixture(scope="module")
def drawn(summary):
    return {layer.name: layer for layer in draw(summary, example_study.layers())}


def test_no_feature_is_lost_or_moved(drawn):
    for role, given in example_study.layers().items():
        assert len(drawn[role].features) == len(given)
        assert drawn[role].features.geometry.geom_equals(given.geometry).all()


def test_every_attribute_has_words(drawn):
    for layer in drawn.values():
        assert {f.name for f in layer.fields} == set(layer.features.columns) - {"geometry"}
        assert not any("_" in field.alias for field in layer.fields)


def test_analogues_and_other_records_are_told_from_the_fields_of_the_study(drawn):
    classes = drawn["deposits"].features.set_index("id")["drawn_as"]
    assert classes["jijikrut"] == "field"
    assert classes["chore"] == "record"
    assert classes["kadamzhai"] == "analogue"
    assert classes["usgs_1850"] == classes["usgs_1848"] == "candidate"
    discs = drawn["location_uncertainty"].features.set_index("id")["drawn_as"]
    assert discs["jijikrut"] == "field" and discs["usgs_1848"] == "candidate"


def test_a_record_that_may_be_the_field_tells_its_own_facts_and_names_the_field(drawn):
    record = drawn["deposits"].features.set_index("id").loc["usgs_1848"]
    assert record["map_label"] == "Dzhizhikrut (1848): Hg"
    assert record["may_be_field"] == "Jijikrut"
    assert not any(isinstance(record[one], str) for one in ("field_resource", "field_missing"))
    facts = dict(
        zip(drawn["deposits"].features["id"], feature_facts(drawn["deposits"]), strict=True)
    )
    assert "May be the field" in facts["usgs_1848"][1] and "Jijikrut" in facts["usgs_1848"][1]
    assert "May be the field" not in facts["jijikrut"][1]


def test_a_lone_published_record_stands_for_its_field(summary):
    layers = example_study.layers()
    records = layers["deposits"]
    layers["deposits"] = records[records["id"] == "usgs_1850"]
    (found,) = [one for one in draw(summary, layers) if one.name == "deposits"]
    assert list(found.features["drawn_as"]) == ["field"]


def test_the_deposit_of_a_drillhole_study_is_its_own_and_drilled():
    summary = example_drilling.summary()
    name = summary["study"]["name"]
    deposits = gpd.GeoDataFrame(
        {"id": [name], "name": ["A"], "kind": ["deposit"]},
        geometry=[Point(171_700, 5_700)],
        crs=example_study.CRS,
    )
    (own,) = draw(summary, {"deposits": deposits})
    assert list(own.features["drawn_as"]) == ["drilled"]
    assert "published" not in own.note and "drilled" in own.note
    (other,) = draw(summary, {"deposits": deposits.assign(id="elsewhere")})
    assert list(other.features["drawn_as"]) == ["record"]
    outline = example_drilling.layers()["block_model_outline"]
    (extent,) = draw(summary, {"block_model_outline": outline})
    assert extent.group == "Block model"


def test_one_label_a_field_and_one_a_disc(drawn):
    labels = drawn["deposits"].features["map_label"].dropna().tolist()
    assert labels.count("Jijikrut") == 1
    assert labels.count("Konchoch") == 1
    discs = drawn["location_uncertainty"].features["map_label"].dropna().tolist()
    assert sorted(discs) == [
        "Jijikrut, ±4 km: where the deposit may lie, not its outline",
        "Konchoch, ±15 km: where the deposit may lie, not its outline",
    ]


def test_features_of_a_field_open_its_card_and_others_none(drawn):
    cards = dict(zip(drawn["deposits"].features["id"], drawn["deposits"].cards, strict=True))
    assert cards["jijikrut"] == "field:jijikrut"
    assert cards["usgs_1848"] == cards["usgs_1850"] == ""
    assert cards["kadamzhai"] == ""
    assert set(drawn["location_uncertainty"].cards) == {"field:jijikrut", "field:konchoch", ""}
    assert list(drawn["plants"].cards) == ["plant", ""]


def test_headline_results_ride_on_their_features(drawn):
    plant = drawn["plants"].features.set_index("id").loc["anzob"]
    assert plant["plan_as_claimed"] == "does not hold"
    assert plant["plan_as_planned"] == "not known"
    assert plant["plan_target_t_per_year"] == 700_000
    deposit = drawn["deposits"].features.set_index("id").loc["konchoch"]
    assert "24 Mt" in deposit["field_resource"]


def test_drawing_what_was_drawn_changes_nothing(summary, drawn):
    again = {
        layer.name: layer
        for layer in draw(summary, {name: layer.features for name, layer in drawn.items()})
    }
    for name, layer in drawn.items():
        assert (
            again[name]
            .features.drop(columns="geometry")
            .equals(layer.features.drop(columns="geometry"))
        )
        assert again[name].cards == layer.cards


def test_a_disc_of_a_plant_is_not_called_one_of_a_deposit(summary):
    layers = example_study.layers()
    discs = layers["plants"].copy()
    discs["geometry"] = discs.geometry.buffer(2000)
    discs["kind"] = "location_uncertainty"
    discs["geometry_meaning"] = "where the deposit may lie, not its outline"
    layers["location_uncertainty"] = discs
    found = {layer.name: layer for layer in draw(summary, layers)}["location_uncertainty"]
    assert set(found.features["drawn_as"]) == {"plant"}
    assert not found.features["geometry_meaning"].str.contains("deposit").any()


def test_reserve_blocks_keep_their_own_tonnes_and_take_their_category(summary):
    corners = [(468000, 4334000), (468100, 4334000), (468100, 4334100), (468000, 4334100)]
    blocks = gpd.GeoDataFrame(
        {"field": ["jijikrut"] * 3, "category": ["C1", "P2", "x"], "ore_t": [1.0, 2.0, 3.0]},
        geometry=[Polygon(corners)] * 3,
        crs=example_study.CRS,
    )
    (layer,) = draw(summary, {"reserve_blocks": blocks})
    assert list(layer.features["ore_t"]) == [1.0, 2.0, 3.0]
    assert list(layer.features["drawn_as"]) == ["C1", "P", "other"]


def test_an_unknown_layer_is_drawn_plainly_and_awkward_columns_are_told_apart(summary):
    geometry = [Point(468000, 4334000)]
    extra = gpd.GeoDataFrame(
        {"Name": ["x"], "name": ["y"], "fid": [7], "map_label": ["old"]},
        geometry=geometry,
        crs=example_study.CRS,
    ).rename_geometry("geom")
    (layer,) = draw(summary, {"soil_samples": extra})
    assert layer.title == "Soil samples"
    assert len({str(c).casefold() for c in layer.features.columns}) == layer.features.shape[1]
    assert layer.features["fid_2"].tolist() == [7]


def test_a_layer_without_a_crs_is_refused(summary):
    layers = {"places": gpd.GeoDataFrame({"name": ["x"]}, geometry=[Point(0, 0)])}
    with pytest.raises(UnusableLayer, match="places"):
        draw(summary, layers)


def test_an_empty_layer_is_kept(summary):
    empty = example_study.layers()["places"].iloc[:0]
    (layer,) = draw(summary, {"places": empty})
    assert len(layer.features) == 0


def test_a_synthetic_study_says_so_in_every_row_and_title():
    summary = example_study.summary(synthetic=True)
    for layer in draw(summary, example_study.layers()):
        assert layer.title.startswith("SYNTHETIC")
        assert set(layer.features["synthetic"]) == {"SYNTHETIC"}


def test_the_map_opens_on_the_district_and_not_on_far_analogues(summary, drawn):
    view = opening_view(summary, tuple(drawn.values()), MapSettings())
    (south, west), (north, east) = view["bounds"]
    assert 68.1 < west < 68.4 and 68.7 < east < 68.9
    assert 38.9 < south < 39.1 and 39.2 < north < 39.4


def test_the_study_may_choose_what_the_map_opens_on(summary, drawn):
    layers = tuple(drawn.values())
    only = opening_view(summary, layers, MapSettings(open_on=("jijikrut",)))
    assert only["bounds"][0][1] > 68.5
    fixed = opening_view(summary, layers, MapSettings(centre=(68.6, 39.2), zoom=12))
    assert fixed == {"centre": [39.2, 68.6], "zoom": 12}
    assert opening_view(summary, (), MapSettings())["bounds"] == [[38.5, 67.0], [40.5, 72.5]]
