"""The model page on paper: what stands on the screen is printed, with its key and legends."""

import re
import shutil
import subprocess

import numpy as np
import pytest
from support.browser import need, opened
from support.example_model import finished

from maps.products.three_d import model_page

pytestmark = pytest.mark.browser

#: Resolution of the looked-at pages [dpi].
DPI = 60


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("paper") / "model.html"
    path.write_text(model_page(finished(path.parent)), "utf-8")
    return path


def pixels(path):
    """Pages of a PDF as one array of colours."""
    raw = subprocess.run(
        ["pdftoppm", "-r", str(DPI), "-f", "1", "-l", "1", str(path)],
        check=True,
        capture_output=True,
    ).stdout
    head = re.match(rb"P6\s+(\d+) (\d+)\s+255\s", raw)
    wide, high = int(head[1]), int(head[2])
    return np.frombuffer(raw[head.end() :], np.uint8).reshape(high, wide, 3).astype(int)


def coloured(image):
    """How many pixels are neither grey nor paper, as the bodies of the model are."""
    return int((np.ptp(image, axis=2) > 60).sum())


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_the_picture_on_the_screen_is_printed(chromium, page_file, tmp_path, width, height):
    need(shutil.which("pdftoppm"), "poppler-utils")
    with opened(chromium, page_file, width=width, height=height) as watched:
        page = watched.page
        page.pdf(path=tmp_path / "shown.pdf", format="A4", margin=dict.fromkeys(SIDES, "10mm"))
        assert page.locator("#printed").count() == 0
        # After printing the page is drawn as before.
        after = page.evaluate("document.getElementById('view').clientWidth")
        assert after == page.evaluate("document.getElementById('stage').clientWidth") > 0
        for name in page.locator("[id^=show-]").all():
            if name.is_checked():
                name.evaluate("e => e.click()")
        page.pdf(path=tmp_path / "bare.pdf", format="A4", margin=dict.fromkeys(SIDES, "10mm"))
        assert watched.complaints == [c for c in watched.complaints if "GL Driver" in c]
    shown, bare = (coloured(pixels(tmp_path / f"{name}.pdf")) for name in ("shown", "bare"))
    assert shown - bare > 1500, (shown, bare)
    said = subprocess.run(
        ["pdftotext", str(tmp_path / "shown.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "North" in said and " stopes" in said and re.search(r"\d m\b", said)


SIDES = ("top", "bottom", "left", "right")
