import pytest
from pydantic import ValidationError

from maps.config import MapSettings


def test_every_setting_has_a_default_that_needs_no_network():
    settings = MapSettings()
    assert settings.open_on == ()
    assert settings.tile_url.startswith("https://")


def test_arrays_of_a_toml_file_are_accepted():
    settings = MapSettings.model_validate({"open_on": ["jijikrut"], "bounds": [68.0, 39, 69.0, 40]})
    assert settings.open_on == ("jijikrut",)
    assert settings.bounds == (68.0, 39.0, 69.0, 40.0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"opens_on": ["jijikrut"]},
        {"title": 7},
        {"bounds": [69.0, 39.0, 68.0, 40.0]},
        {"bounds": [68.0, 40.0, 69.0, 39.0]},
        {"centre": [39.0, 168.0]},
        {"centre": [68.0, 39.0], "bounds": [68.0, 39.0, 69.0, 40.0]},
        {"tile_url": "http://tiles.example/{z}/{x}/{y}.png"},
        {"tile_url": "https://tiles.example/{z}/{x}.png"},
        {"tile_url": "https://tiles.example/{z}/{x}/{y}.png; script-src *"},
        {"language": "xx"},
        {"zoom": 42},
    ],
)
def test_a_setting_that_cannot_be_right_is_refused(wrong):
    with pytest.raises(ValidationError):
        MapSettings.model_validate(wrong)


def test_longitude_before_latitude_at_both_ends():
    assert MapSettings.model_validate({"centre": [180.0, 90.0]}).centre == (180.0, 90.0)
    assert MapSettings.model_validate({"centre": [-180.0, -90.0]}).centre == (-180.0, -90.0)
