from xml.etree import ElementTree as ET

from support import example_study

from maps.drawings.footprints import draw
from maps.layers import Field
from maps.products.qml import qml_of_layer, qml_of_table


def parsed(text):
    return ET.fromstring(text.split("\n", 1)[1])


def test_the_style_of_a_layer_is_sound_xml_with_a_symbol_for_every_class(summary):
    for layer in draw(summary, example_study.layers()):
        root = parsed(qml_of_layer(layer))
        values = [c.get("value") for c in root.iter("category")]
        assert values == [c.value for c in layer.style.classes]
        assert len(list(root.iter("symbol"))) == len(values)


def test_every_column_has_its_alias(summary):
    for layer in draw(summary, example_study.layers()):
        aliases = {a.get("field"): a.get("name") for a in parsed(qml_of_layer(layer)).iter("alias")}
        assert aliases == {f.name: f.label for f in layer.fields}


def test_hostile_words_stay_words():
    text = qml_of_table([Field("a", '<b a="1">&]]>')])
    (alias,) = parsed(text).iter("alias")
    assert alias.get("name") == '<b a="1">&]]>'
