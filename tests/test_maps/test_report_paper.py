"""The report on paper: what does every sheet say, what is cut, and where is the rest?"""

import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from support.browser import need
from test_maps.test_report import HOSTILE, STUDIES, evidence, finished, section, validated
from test_maps.test_report_pdf import pages

from maps.drawings.report_mine import _binding
from maps.drawings.report_parts import LONG, ON_PAPER, cut_on_paper, whole_on_paper
from maps.drawings.tables import table
from maps.products import pdf
from maps.products.inline import asset
from maps.products.paper import page_marks
from maps.products.report import report_page


def rows(count):
    return table(("Name", "Amount"), [[f"row {i}", i] for i in range(count)], "Amounts")


def test_a_long_table_keeps_its_rows_and_says_where_they_are_on_paper():
    summary = {"study": {"synthetic": True}, "files": ["synthetic_plan_limits.csv"]}
    made = cut_on_paper(rows(LONG + 1), summary, str, "plan_limits.csv")
    assert made.count('<th scope="row">') == LONG + 1
    assert '<table class="long">' in made
    said = re.search(r'<p class="paper">(.*?)</p>', made)[1]
    assert f"the first {ON_PAPER} of {LONG + 1} rows" in said
    assert "synthetic_report.html; synthetic_plan_limits.csv" in said
    # A file that the study did not leave is not promised.
    other = cut_on_paper(rows(LONG + 1), {"study": {}, "files": []}, str, "plan_limits.csv")
    assert "report.html." in other and "plan_limits" not in other
    assert cut_on_paper(rows(LONG), summary, str) == rows(LONG)
    assert "paper" not in cut_on_paper(whole_on_paper(rows(99)), summary, str)


def test_the_style_sheet_cuts_where_the_sentence_says():
    style = asset("anzob_report.css")
    assert f"table.long tbody tr:nth-child(n+{ON_PAPER + 1}), .points {{ display: none; }}" in style
    screen, _, paper = style.partition("@media print")
    assert ".paper { display: none; }" in screen and "table.long" not in screen
    assert ".paper { display: block;" in paper


@pytest.mark.parametrize("study", STUDIES)
def test_no_row_is_left_out_on_a_screen(study):
    page = report_page(finished(STUDIES[study]()))
    kept = re.sub(r'<section id="validation">.*?(?=<section id=)', "", page, flags=re.DOTALL)
    assert not re.search(r"one in \d+ of", kept)


def test_what_a_solver_left_of_nothing_is_no_amount():
    noise = {"called": "stockpile", "year": 4, "used": -6.4e-12, "limit": 5e4, "unit": "t"}
    true = {**noise, "called": "plant", "used": 7e5, "limit": 7.1e5, "full": 0.986}
    dear = {**true, "called": "haulage", "price_usd": 9.0}
    made = _binding({}, [{**noise, "full": -1.3e-16}, true, dear], str)
    assert "e-" not in made and "-0" not in made and "0.00000" not in made
    assert made.index("haulage") < made.index("stockpile") < made.index("plant")


def test_every_sheet_says_what_it_belongs_to_and_no_text_ends_the_style():
    told = evidence()
    told["study"] = {
        **told["study"],
        "disclaimer": f"Not a Resource. {HOSTILE}\n",
        "synthetic": True,
    }
    marks = page_marks(finished(told))
    assert "SYNTHETIC: an invented deposit" in marks and "Not a Resource." in marks
    assert "counter(page)" in marks and "counter(pages)" in marks
    assert "DRAFT - unsigned" in marks.partition("@page draft")[2]
    assert "<" not in marks and "\n" not in marks
    # Six strings of CSS, none of them ended from inside.
    assert marks.count('"') == 2 * len(re.findall(r'"[^"]*"', marks)) == 10


def test_table_1_is_drawn_on_sheets_of_its_own():
    style = asset("anzob_report.css").partition("@media print")[2]
    assert "#table-1 { page: draft; }" in style


class Heads(HTMLParser):
    """Collects what headings and captions say."""

    def __init__(self):
        super().__init__()
        self.inside, self.found = "", []

    def handle_starttag(self, tag, attributes):
        if tag in ("h2", "h3", "h4"):
            self.inside = tag
            self.found.append("")

    def handle_endtag(self, tag):
        if tag == self.inside:
            self.inside = ""

    def handle_data(self, data):
        if self.inside:
            self.found[-1] += data


def squeezed(text):
    return re.sub(r"\W+", "", text)


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("make", [evidence, validated])
def test_sheets_are_numbered_marked_and_end_with_no_heading(make, language, tmp_path, monkeypatch):
    need(shutil.which("chromium"), "Chromium")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    told = make()
    kept = replace(finished(told, language), out=tmp_path)
    (name,) = pdf.write_pdf(kept)
    sheets = [sheet for sheet in pages(tmp_path / name) if sheet.strip()]
    heads = Heads()
    heads.feed(report_page(kept))
    titles = {squeezed(head) for head in heads.found}
    page_word = {"en": "Page", "ru": "Лист"}[language]
    for number, sheet in enumerate(sheets, 1):
        assert f"{page_word} {number} / {len(sheets)}" in sheet
        # The foot of the sheet is its last line.
        lines = [line for line in sheet.splitlines() if line.strip()]
        assert squeezed(lines[-2]) not in titles, (number, lines[-2])
        if told["study"].get("synthetic"):
            assert "SYNTHETIC" in "\n".join(lines[:3])
        if told["study"].get("disclaimer"):
            said = squeezed(kept.translate(told["study"]["disclaimer"]))
            assert said[:14] in squeezed("".join(lines[:4]))
    first = sheets[0]
    for words in ("1. The answer", "Share of draws", "Binding test", "What is missing"):
        assert kept.translate(words.removeprefix("1. ")).split()[0] in first
    second = kept.translate("Evidence and sources")
    assert f"2. {second}" not in first and any(f"2. {second}" in s for s in sheets[1:3])
    draft = kept.translate("DRAFT - unsigned").split()[0]
    drafts = [s for s in sheets if draft in s]
    asked = [s for s in sheets if kept.translate("Criterion") in s]
    assert drafts and asked and set(asked) <= set(drafts)
    whole = "\n".join(sheets)
    assert kept.translate("On paper the first 12 of 40 rows stand.").split("12")[0] in whole or (
        '<table class="long">' not in report_page(kept)
    )


def test_table_1_claims_only_what_the_study_says():
    bare = section(report_page(finished({"study": {"name": "bare"}, "fields": []})), "table-1")
    assert bare.count("Not stated in the study.") == bare.count('<tr><th scope="row">')
    told = {
        "study": {"name": "x", "crs": "EPSG:32642"},
        "fields": [{"id": "a", "name": "A", "owner": "B"}],
    }
    text = section(report_page(finished(told)), "table-1")
    cells = re.findall(r'<th scope="row">(.*?)<small>.*?</th><td>(.*?)</td>', text, re.DOTALL)
    rows_ = dict(cells)
    assert "EPSG:32642" in rows_["Location of data points"]
    assert "owner" not in rows_["Location of data points"]
    assert "tenure not checked" in rows_["Mineral tenement and land tenure"]
    assert "Not stated" in rows_["Diagrams"]
