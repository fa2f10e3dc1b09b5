"""Can people with a screen reader, a keyboard or weak eyes use the pages?"""

import pytest
from support import browser as clients
from support import example_plan, example_validation
from support.axe import grave_findings

from maps.config import MapSettings
from maps.drawings.footprints import draw
from maps.products.localised import localised
from maps.products.validation_page import validation_page
from maps.products.web import page

pytestmark = pytest.mark.browser

EVIDENCE = ("map.html", "report.html")
DRILLED = ("synthetic_map.html", "synthetic_report.html", "synthetic_model.html")
#: Wide screens and telephones.
WIDTHS = (1440, 390)

OPEN_ALL = "for (const d of document.querySelectorAll('details')) d.open = true"
#: Tools of the map that open a box of their own, by what stands on their buttons.
TOOLS = ("Section", "Measure", "Разрез", "Измерить")
#: Whether the element with the focus shows that it has it.
FOCUS = """() => {
  const at = document.activeElement, style = getComputedStyle(at);
  const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return [at === document.body ? "" : at.outerHTML.slice(0, 120), ringed];
}"""


def check(browser, path, width):
    with clients.opened(browser, path, width=width) as watched:
        watched.page.evaluate(OPEN_ALL)
        for words in TOOLS:
            for button in watched.page.locator(f"button:has-text('{words}')").all()[:1]:
                button.dispatch_event("click")
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


@pytest.fixture(scope="module")
def validated(tmp_path_factory):
    """The validation page in both languages."""
    folder = tmp_path_factory.mktemp("validated")
    html = validation_page(example_validation.summary(domains=1, n=40))
    for language in ("en", "ru"):
        (folder / f"{language}.html").write_text(localised(html, language), "utf-8")
    return folder


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_validation_page_has_no_serious_finding(chromium, validated, language, width):
    check(chromium, validated / f"{language}.html", width)


@pytest.fixture(scope="module")
def russian(tmp_path_factory):
    """The map of a mine in Russian, whose words are longer."""
    path, told = tmp_path_factory.mktemp("russian") / "map.html", example_plan.summary()
    settings = MapSettings(language="ru", online_tiles=False)
    path.write_text(page(told, draw(told, example_plan.layers()), settings), "utf-8")
    return path


@pytest.mark.parametrize("width", WIDTHS)
def test_a_map_in_russian_has_no_serious_finding(chromium, russian, width):
    check(chromium, russian, width)


def unringed(browser, path, steps=40):
    """Elements that the Tab key reaches without a sign that they have the focus."""
    with clients.opened(browser, path) as watched:
        seen = []
        for _ in range(steps):
            watched.page.keyboard.press("Tab")
            seen.append(watched.page.evaluate(FOCUS))
    reached = {html for html, _ in seen if html}
    assert len(reached) > 5
    return [html for html, ringed in seen if html and not ringed]


def test_the_focus_is_seen_wherever_the_keyboard_goes(chromium, drilled, validated):
    for path in (*(drilled / name for name in DRILLED), validated / "en.html"):
        assert unringed(chromium, path) == [], path.name


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
