import geopandas as gpd
import pytest
from shapely.geometry import Point

from maps.errors import UnusableLayer
from maps.layers import Layer, fields_of
from maps.style import DEPOSITS, Style


def features(crs="EPSG:32642", **columns):
    points = [Point(468000 + i, 4334000) for i in range(3)]
    drawn = {"drawn_as": ["field", "record", "something else"]}
    return gpd.GeoDataFrame({**drawn, **columns}, geometry=points, crs=crs)


def layer(table, **more):
    given = {"name": "deposits", "title": "Deposits", "group": "Ore fields", "style": DEPOSITS}
    return Layer(features=table, fields=fields_of(["drawn_as"]), **given, **more)


def test_a_layer_without_a_crs_is_refused_with_the_remedy():
    with pytest.raises(UnusableLayer, match="State its CRS"):
        layer(features(crs=None))


def test_a_layer_without_its_class_column_is_refused():
    with pytest.raises(UnusableLayer, match="drawn_as"):
        layer(features().drop(columns="drawn_as"))


def test_a_layer_without_its_label_column_is_refused():
    with pytest.raises(UnusableLayer, match="map_label"):
        layer(features(), label_field="map_label")


def test_cards_that_do_not_match_the_features_are_refused():
    with pytest.raises(UnusableLayer, match="3 features and 1 cards"):
        layer(features(), cards=("field:jijikrut",))


def test_the_legend_counts_every_feature_once_and_unknown_classes_last():
    legend = layer(features()).legend
    assert [entry.count for entry in legend] == [1, 0, 0, 1, 1]
    assert legend[-1].label == "Analogue elsewhere"


def test_a_style_without_classes_is_refused():
    with pytest.raises(ValueError, match="one or more classes"):
        Style(())


def test_fields_carry_words_and_units():
    (field,) = fields_of(["sb_t_p90"])
    assert field.label == "Antimony metal, P90, t Sb"
