"""Can people with a screen reader, a keyboard or weak eyes use the pages?"""

import pytest
from support import browser as clients
from support import example_validation
from support.axe import grave_findings

from maps.products.validation_page import validation_page

pytestmark = pytest.mark.browser

EVIDENCE = ("map.html", "report.html")
DRILLED = ("synthetic_map.html", "synthetic_report.html", "synthetic_model.html")
#: Wide screens and telephones.
WIDTHS = (1440, 390)

OPEN_ALL = "for (const d of document.querySelectorAll('details')) d.open = true"


def check(browser, path, width):
    with clients.opened(browser, path, width=width) as watched:
        watched.page.evaluate(OPEN_ALL)
        findings = grave_findings(watched.page)
    assert not findings, "\n".join(findings)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", EVIDENCE)
def test_pages_of_published_evidence_have_no_serious_finding(finished, chromium, name, width):
    check(chromium, finished / name, width)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", DRILLED)
def test_pages_of_drillholes_have_no_serious_finding(drilled, chromium, name, width):
    check(chromium, drilled / name, width)


def test_the_validation_page_has_no_serious_finding(chromium, tmp_path):
    path = tmp_path / "validation.html"
    path.write_text(validation_page(example_validation.summary(domains=1, n=40)), "utf-8")
    check(chromium, path, 390)


def test_a_page_that_nobody_can_read_is_found(chromium, tmp_path):
    path = tmp_path / "bad.html"
    path.write_text(
        '<!DOCTYPE html><html data-ready="yes"><head><title>Bad</title></head><body><main>'
        '<button></button><p style="color:#ccc;background:#fff">pale</p></main></body></html>',
        "utf-8",
    )
    with clients.opened(chromium, path) as watched:
        findings = "\n".join(grave_findings(watched.page))
    for rule in ("button-name", "color-contrast", "html-has-lang"):
        assert rule in findings
