"""The pictures of the README's section "In QGIS": printed here, and looked at in every run.

With ANZOB_PICTURES they are made again, of the finished studies in its folders: a folder for the
pictures, then that of the real study, then that of the SYNTHETIC one, parted by colons, as in
``ANZOB_PICTURES=data/pictures:results:results_demo pytest -k pictures_in_qgis``
"""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support import example_study
from support.in_qgis import run_in_qgis
from test_maps.test_project_in_qgis import CHECK, opened

from maps.products.qgis_scale import MAP
from maps.products.qgis_sheet import HIGH, LEGEND, TOLD, WIDE

pytestmark = pytest.mark.qgis

COMMITTED = Path(__file__).parents[2] / "data" / "pictures"
#: Picture -> number of its sheet; what is SYNTHETIC says so in its name.
PICTURES = {"qgis_geology.png": 0, "synthetic_qgis_resource.png": 1, "synthetic_qgis_plan.png": 2}
DPI = 60
#: Part of a frame's length that is dark, and part of a place that holds some ink, at least.
FRAME, INK = 0.97, 0.01
#: Left, top, width and height of what every sheet has [mm].
PLACES = {
    "title": (10.0, 8.0, 100.0, 10.0),
    "legend": (LEGEND[0], LEGEND[1], 60.0, 30.0),
    "words of its own": (TOLD[0] + 1.0, TOLD[1] + 1.0, 90.0, 5.0),
    "north": (304.0, 219.0, 12.0, 20.0),
    "scale as a figure": (320.0, 217.5, 30.0, 5.0),
    "scale bar": (320.0, 224.0, 40.0, 12.0),
    "reference system and north": (320.0, 238.0, 60.0, 8.0),
    "sources": (304.0, 250.0, 60.0, 6.0),
    "foot": (10.0, 280.0, 100.0, 6.0),
}


def darkness(path):
    """Return a picture as shares of black, a row a line of pixels."""
    return 1.0 - np.asarray(Image.open(path).convert("L")) / 255.0


def part(image, place):
    """Return the pixels of a place given in mm from the upper left."""
    left, top, wide, high = place
    x, y = image.shape[1] / WIDE, image.shape[0] / HIGH
    return image[
        round(top * y) : round((top + high) * y), round(left * x) : round((left + wide) * x)
    ]


def parts_of(path):
    """Say which parts of a sheet a picture shows."""
    image = darkness(path)
    found = {name for name, place in PLACES.items() if (part(image, place) > 0.4).mean() > INK}
    left, top, wide, high = MAP
    sides = {
        "upper": part(image, (left, top - 1.0, wide, 2.0)).max(axis=0),
        "lower": part(image, (left, top + high - 1.0, wide, 2.0)).max(axis=0),
        "left": part(image, (left - 1.0, top, 2.0, high)).max(axis=1),
        "right": part(image, (left + wide - 1.0, top, 2.0, high)).max(axis=1),
    }
    return found | {side for side, line in sides.items() if (line > 0.4).mean() > FRAME}


def printed(project, folder):
    """Print the sheets of a project; return where they lie."""
    folder.mkdir()
    result = run_in_qgis(CHECK, project, folder, str(DPI), folder=folder)
    told = json.loads(result.stdout)
    assert told["messages"] == [] and told["error"] == ""
    return [folder / f"sheet{number}.png" for number in range(3)]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """One sheet, printed now."""
    folder = tmp_path_factory.mktemp("fresh")
    seen = opened(example_study.summary(), example_study.layers(), folder)
    (project,) = seen["moved"].glob("*.qgz")
    return printed(project, folder / "sheets")[0]


@pytest.fixture(scope="module", autouse=True)
def made(tmp_path_factory):
    """Make the pictures again where ANZOB_PICTURES asks for it."""
    asked = os.environ.get("ANZOB_PICTURES")
    if not asked:
        return
    target, real, demo = (Path(name) for name in asked.split(os.pathsep))
    projects = {"": real / "study.qgz", "synthetic_": demo / "synthetic_study.qgz"}
    for number, (mark, project) in enumerate(projects.items()):
        sheets = printed(project.resolve(), tmp_path_factory.mktemp("made") / str(number))
        for name, sheet in PICTURES.items():
            if name.startswith("synthetic_") == bool(mark):
                few = Image.open(sheets[sheet]).convert("RGB").quantize(256)
                few.save(target / name, optimize=True)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_the_readme_is_a_sheet_as_it_is_printed_now(name, fresh):
    picture = COMMITTED / name
    assert Image.open(picture).size == Image.open(fresh).size
    assert parts_of(picture) == parts_of(fresh) == {*PLACES, "upper", "lower", "left", "right"}
    assert picture.stat().st_size < 200_000


def test_an_empty_sheet_shows_nothing_of_this(tmp_path):
    Image.new("RGB", (992, 701), "white").save(tmp_path / "white.png")
    assert parts_of(tmp_path / "white.png") == set()
