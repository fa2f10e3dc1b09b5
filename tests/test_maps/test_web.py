import re

from support import example_study

from maps.config import MapSettings
from maps.drawings.footprints import draw
from maps.products.web import page, page_data


def test_the_page_is_one_small_file_that_asks_nobody_for_anything(finished):
    text = (finished / "map.html").read_text("utf-8")
    assert (finished / "map.html").stat().st_size < 1_500_000
    assert not re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)\s*=", text)
    assert not re.findall(r"url\((?!data:|#)", text)


def test_equal_results_give_equal_bytes(summary, finished):
    again = page(summary, draw(summary, example_study.layers()), MapSettings())
    assert again == (finished / "map.html").read_text("utf-8")


def test_the_page_carries_disclaimer_language_and_licences(summary, finished):
    text = (finished / "map.html").read_text("utf-8")
    assert f'<footer class="disclaimer">{summary["study"]["disclaimer"]}</footer>' in text
    assert '<html lang="en">' in text
    assert "user-scalable=no" not in text
    assert "Vladimir Agafonkin" in text
    # Nothing of ours uses jQuery, so no page carries it.
    assert "OpenJS Foundation" not in text and "jQuery" not in text
    assert "three.js authors" not in text


def test_figures_are_unrounded_in_files_and_readable_on_the_page(finished):
    text = (finished / "map.html").read_text("utf-8")
    assert "23.99" not in text and "24 Mt" in text


def test_without_online_tiles_no_address_is_allowed(summary):
    layers = draw(summary, example_study.layers())
    text = page(summary, layers, MapSettings(online_tiles=False))
    assert "opentopomap" not in text
    assert "img-src data:;" in text


def test_a_synthetic_study_carries_its_banner():
    summary = example_study.summary(synthetic=True)
    text = page(summary, draw(summary, example_study.layers()), MapSettings())
    assert '<div class="synthetic" role="alert">SYNTHETIC' in text


def test_a_study_without_layers_still_has_a_page(summary):
    text = page(summary, (), MapSettings(title="Only results"))
    assert "<title>Only results</title>" in text


def test_every_feature_is_on_the_page_once(summary):
    layers = draw(summary, example_study.layers())
    data = page_data(summary, layers, MapSettings())
    for drawn, layer in zip(data["layers"], layers, strict=True):
        assert len(drawn["features"]) == len(layer.features)
    assert sorted(data["panel"]) == sorted(layer.name for layer in layers)


def test_the_project_grid_is_named_only_when_it_is_utm_on_wgs_84(summary):
    def grid(crs):
        layers = {name: t.to_crs(crs) for name, t in example_study.layers().items()}
        return page_data(summary, draw(summary, layers), MapSettings())["grid"]

    assert grid("EPSG:32642") == {"name": "WGS 84 / UTM zone 42N", "zone": 42, "south": False}
    assert grid("EPSG:28412") is None
    assert grid("EPSG:4326") is None
