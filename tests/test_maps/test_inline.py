import hashlib
import json
import re

import folium
import pytest

from maps.errors import UnknownAsset
from maps.products import inline
from maps.products.web import json_for_script


def vendored():
    return json.loads((inline.ASSETS / "hashes.json").read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(vendored()))
def test_a_vendored_file_is_the_one_that_was_published(name):
    written = vendored()[name]["sha256"]
    assert hashlib.sha256((inline.ASSETS / name).read_bytes()).hexdigest() == written


def test_every_foreign_file_has_its_hash_and_its_licence():
    ours = {
        "anzob_map.js",
        "anzob_benches.js",
        "anzob_levels.js",
        "anzob_sections.js",
        "anzob_cuts.js",
        "anzob_pit.js",
        "anzob_tools.js",
        "anzob_words.js",
        "anzob_map.css",
        "anzob_validation.css",
    }
    ours |= {"anzob_model.js", "anzob_model_blocks.js", "anzob_model_pit.js", "anzob_model.css"}
    ours |= {"anzob_model_shapes.js", "anzob_model_controls.js", "anzob_model_hands.js"}
    ours |= {"anzob_model_print.js"}
    ours |= {"anzob_report.css", "table_1.toml"}
    ours |= {"hashes.json"}
    files = {p.name for p in inline.ASSETS.iterdir() if p.is_file()}
    assert files - ours == set(vendored())
    for package in {entry["package"].split()[0] for entry in vendored().values()}:
        assert (inline.ASSETS / f"{package}.LICENSE.txt").is_file()


def page_of(view):
    return inline.render_alone(view.get_root(), "anzob_map.css")


def test_a_folium_map_has_no_outside_link_left():
    page = page_of(folium.Map(tiles=None))
    assert not re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=", page)
    assert "Leaflet 1.9.4" in page


def test_equal_maps_have_equal_bytes():
    assert page_of(folium.Map(tiles=None)) == page_of(folium.Map(tiles=None))


def test_a_plugin_that_wants_an_unknown_file_is_refused():
    from folium.plugins import Fullscreen

    view = folium.Map(tiles=None)
    Fullscreen().add_to(view)
    with pytest.raises(UnknownAsset, match="vendor the file"):
        page_of(view)


def test_pictures_of_style_sheets_stand_inside_them():
    sheet = inline.asset("leaflet.css")
    assert "images/" not in sheet
    assert sheet.count("data:image/png;base64,") == 3


def test_an_asset_that_is_not_there_is_refused():
    with pytest.raises(UnknownAsset, match=r"no such\.js"):
        inline.asset("no such.js")


def test_braces_in_a_text_are_not_run_as_a_template():
    view = folium.Map(tiles=None)
    view.get_root().html.add_child(inline.raw("{{ 7 * 7 }}{% raw %}"))
    assert "{{ 7 * 7 }}{% raw %}" in page_of(view)


def test_the_policy_allows_exactly_the_scripts_of_the_page():
    page = inline.secured("<head></head><script>one()</script><script>two()</script>")
    assert page.count("'sha256-") == 2
    assert "img-src data:;" in page
    assert "unsafe-inline'; img" in page.split("style-src")[1]
    assert "script-src 'unsafe" not in page


def test_the_policy_opens_only_the_host_of_the_tiles():
    page = inline.secured("<head></head>", "https://{s}.tiles.example/{z}/{x}/{y}.png")
    assert "img-src data: https://*.tiles.example;" in page


def test_json_cannot_close_its_script_or_break_its_line():
    hostile = {"</script><script>": "<!--\u2028\u2029]]>&'\"`${x}\\"}
    written = json_for_script(hostile)
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == hostile


def test_json_refuses_numbers_that_json_does_not_have():
    with pytest.raises(ValueError, match="JSON"):
        json_for_script(float("nan"))
