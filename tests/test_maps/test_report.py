"""Does the report give its answer first, and a caption and a table with every figure?"""

import copy
import itertools
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from support import example_drilling, example_mine, example_plan, example_study, example_validation
from support.browser import opened

from maps.config import MapSettings
from maps.drawings import figures, report_ground, report_method, report_mine
from maps.drawings.report_charts import INPUTS, tornado
from maps.finished import Finished
from maps.languages import is_known
from maps.products.report import CHAPTERS, report_page

HOSTILE = "<script>document.title='ran'</script></svg></style>\"' onload=x"
#: Rows of a tornado and of a frontier, of which the example study has none.
BARS = [
    {"scenario": "base", "input": "fields.a.head_grade_sb_pct", "low_label": "1.5"}
    | {"high_label": "3.5", "output": "antimony in concentrate", "unit": "t Sb/yr"}
    | {"low": 9000.0, "base": 15000.0, "high": 21000.0},
    {"scenario": "base", "input": "plants.a.sb_recovery_fraction", "low_label": "0.8"}
    | {"high_label": "0.9", "output": "antimony in concentrate", "unit": "t Sb/yr"}
    | {"low": 14000.0, "base": 15000.0, "high": 16000.0},
]
POINTS = [
    {"scenario": "base", "ore_t": 5e6, "rate_t_per_year": rate, "life_years": 5e6 / rate}
    | {"usual": rate < 1e6}
    for rate in (3.5e5, 7e5, 1.4e6)
]


def evidence():
    return {**example_study.summary(), "tornado": BARS, "frontier": POINTS}


def validated():
    told = example_validation.summary(1, 40)
    return {**example_plan.summary(), "validation": told["validation"], "domains": told["domains"]}


STUDIES = {
    "evidence": evidence,
    "drillholes": example_drilling.summary,
    "mine": example_mine.summary,
    "plan": example_plan.summary,
    "plan of a pit": lambda: example_plan.summary("pit"),
    "validated plan": validated,
}


def finished(summary, language="en"):
    nowhere = Path("nowhere")
    settings = MapSettings(language=language)
    return Finished(summary=summary, layers=(), settings=settings, folder=nowhere, out=nowhere)


@pytest.fixture(scope="module", params=list(STUDIES))
def study(request):
    return STUDIES[request.param]()


@pytest.fixture(scope="module")
def page(study):
    return report_page(finished(study))


def section(page, key):
    found = re.search(rf'<section id="{key}">(.*?)(?=<section id="|</main>)', page, re.DOTALL)
    return found[1] if found else ""


def bare(html):
    return re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)


def test_every_figure_has_a_number_a_caption_and_a_table(page):
    whole = re.findall(r"<figure>(.*?)</figure>", page, re.DOTALL)
    assert len(whole) == page.count("<figure")
    for number, one in enumerate(whole, 1):
        caption = re.search(
            r"<figcaption><b>Figure (\d+)\.</b> (.{30,}?)<(?:/figcaption|details)", one, re.S
        )
        assert caption and int(caption[1]) == number
        assert "<svg" in one and re.search("<table|<pre", one[one.index("<details>") :])
    outside = re.sub(r"<figure>.*?</figure>", "", page, flags=re.DOTALL)
    assert "<svg" not in outside


def test_the_answer_comes_first_and_chapters_are_numbered_without_gaps(page):
    heads = re.findall(r'<section id="([\w-]+)"><h2>(\d+)\. ', page)
    assert heads[0] == ("answer", "1")
    assert [int(n) for _, n in heads] == list(range(1, len(heads) + 1))
    assert [k for k, _ in heads] == re.findall(r'<li><a href="#([\w-]+)">', page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_no_script_no_request_and_no_switch_of_the_map(page):
    assert "default-src 'none'" in page
    assert not re.search(r"<script|<link|<img|@import|src=|https?://|<input", page)


def test_headings_never_skip_a_level(page):
    levels = [int(n) for n in re.findall(r"<h([1-6])\b", page)]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_a_synthetic_study_says_so_first(study, page):
    invented = bool(study["study"].get("synthetic"))
    assert ('<div class="synthetic" role="alert">SYNTHETIC' in page) is invented
    name = finished(study).named("report.html")
    assert name.startswith("synthetic_") is invented


def test_both_verdicts_with_what_decides_and_what_is_missing():
    text = section(report_page(finished(evidence())), "answer")
    assert text.count('<section class="verdict"') == 2
    assert "As claimed" in text and "As a planner reads it" in text
    for line in ("Share of draws", "Binding test", "What is missing", "What would change it"):
        assert text.count(f"<dt>{line}</dt>") == 2
    assert "<code>" in text
    assert "Moves most: Head grade, % Sb 1.5 to 3.5" in text


def test_the_certificate_of_a_plan_is_on_the_first_page():
    told = example_plan.summary()
    text = section(report_page(finished(told)), "answer")
    assert "The plan: <span" in text and "what holds it back most:" in text
    assert re.search(r"at most \+[\d.]+ million USD, \+[\d,]+ t/yr", text)


def test_the_tornado_is_sorted_by_swing_and_keeps_every_bar():
    drawn = tornado(list(reversed(BARS)), str)
    assert drawn.index("Head grade, % Sb<") < drawn.index("Antimony recovery, fraction<")
    assert drawn.count("<rect") == 2 * len(BARS) + 2
    widths = [float(w) for w in re.findall(r'<rect [^>]*width="([\d.]+)" height="13', drawn)]
    assert widths[0] == pytest.approx(6 * widths[2], rel=0.01)


def test_the_skeleton_is_marked_and_what_nobody_knows_is_said_to_be_unknown(page, study):
    text = section(page, "table-1")
    sections = report_method.template()["section"]
    asked = sum(len(s["row"]) for s in sections)
    assert text.count("DRAFT - unsigned") == len(sections) + 1
    assert text.count('<tr><th scope="row">') == asked
    silent = sum("fill" not in r for s in sections for r in s["row"])
    assert text.count("Not stated in the study.") >= silent
    if study["study"].get("route") == "drillholes":
        assert "drillholes," in text


def test_every_filling_of_the_skeleton_has_a_writer_and_every_writer_is_used():
    named = {
        r["fill"] for s in report_method.template()["section"] for r in s["row"] if "fill" in r
    }
    assert named == set(report_method.FILL)


def test_no_raw_column_name_reaches_the_reader(page):
    said = re.sub(r"<code>.*?</code>", "", page, flags=re.DOTALL)
    shown = re.sub(r"<details class=.fold.*?</details>", "", said, flags=re.DOTALL)
    columns = r"\b(?:sb_pct|au_gpt|ore_t|npv_usd|head_grade_sb_pct|from_years|nsr_usd_per_t)\b"
    assert not re.findall(columns, bare(shown))


def hostile(tree):
    """The same tree with a hostile text at the end of every text that is shown."""
    marked = ("title", "label", "headline", "note", "source", "claim", "said", "what", "name")
    marked += ("model", "question", "answer", "sentence", "owner", "called", "disclaimer", "words")
    if isinstance(tree, dict):
        return {
            k: f"{v}{HOSTILE}" if k in marked and isinstance(v, str) else hostile(v)
            for k, v in tree.items()
        }
    return [hostile(v) for v in tree] if isinstance(tree, list) else tree


def test_texts_of_files_are_escaped_everywhere(study):
    page = report_page(finished(hostile(study)))
    assert "<script" not in page and "&lt;script&gt;" in page
    assert page.count("<svg ") == page.count("</svg>")


def test_equal_studies_give_equal_bytes(study, page):
    assert report_page(finished(json.loads(json.dumps(study)))) == page


PARTS = ("validation", "mine", "plan", "fields", "tornado", "frontier", "claims", "scenarios")
PARTS += ("verdict", "tonnage", "drilling", "domains", "support", "inverse", "horizons", "layers")
PARTS += ("economics", "grade_tonnage", "headline_cutoff", "block_model", "warnings")


@pytest.mark.parametrize("change", ["null", "missing"])
@pytest.mark.parametrize("gone", PARTS)
def test_a_study_with_parts_missing_still_makes_a_report(gone, change, monkeypatch):
    # Each figure of the validation is drawn by one call of matplotlib: seconds, not needed here.
    from maps.drawings import validation_crossed, validation_swaths

    for module in (validation_crossed, validation_swaths):
        monkeypatch.setattr(module, "drawn", lambda *_: figures.Html("<svg></svg>"))
    for make in (evidence, validated):
        tree = copy.copy(make())
        if gone == "fields" and tree.get("study", {}).get("route") != "drillholes":
            tree["grade_tonnage"] = []
        if change == "null" and gone in tree:
            tree[gone] = None
        tree = {k: v for k, v in tree.items() if change == "null" or k != gone}
        page = report_page(finished(tree))
        assert '<section id="answer">' in page and "DRAFT - unsigned" in page


def test_next_to_nothing_makes_a_report_that_says_so():
    page = report_page(finished({"study": {"name": "bare"}, "fields": []}))
    assert "No plan is stated, so none is tested." in page
    assert "<figure" not in page


def test_labels_are_known_in_russian():
    labels = [title for _, title, _ in CHAPTERS] + list(INPUTS.values())
    labels += ["Manifest", "Table behind this figure", "Share of draws", "Binding test"]
    labels += ["What is missing", "What would change it", "report", "Figure 1"]
    assert [one for one in labels if not is_known(one, "ru")] == []
    page = report_page(finished(evidence(), "ru"))
    assert '<html lang="ru"' in page and "1. Ответ</h2>" in page and "<b>Рисунок 1.</b>" in page


def test_captions_say_what_to_see_and_fit_a_label():
    said = [*report_mine.SAID.values(), report_ground.SAID_CURVES, report_ground.SAID_SUPPORT]
    assert all(40 < len(words) <= 240 for words in said)


def test_a_report_is_a_product_and_has_its_stamp(tmp_path):
    from maps.products.report import write_report

    kept = replace(finished(evidence()), out=tmp_path)
    assert write_report(kept) == ["report.html"]
    text = (tmp_path / "report.html").read_text("utf-8")
    assert kept.stamp.hash in text and f"anzob {kept.stamp.version}" in text


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_the_report_renders_without_a_request_or_a_complaint(chromium, tmp_path, width):
    path = tmp_path / "report.html"
    for told in (evidence(), validated()):
        path.write_text(report_page(finished(told)), "utf-8")
        with opened(chromium, path, width=width) as watched:
            over = "document.documentElement.scrollWidth - window.innerWidth"
            assert watched.page.evaluate(over) <= 0
            # Every folded table opens by keyboard alone.
            first = watched.page.locator("figure summary").first
            first.focus()
            watched.page.keyboard.press("Enter")
            assert watched.page.locator("figure details[open] table").first.is_visible()
            watched.page.add_style_tag(content=":root { font-size: 125% } body { font-size: 19px }")
            assert watched.page.evaluate(over) <= 0
            assert watched.requests == [] and watched.complaints == []


@pytest.mark.browser
def test_hostile_texts_do_nothing_in_a_browser(chromium, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(report_page(finished(hostile(evidence()))), "utf-8")
    with opened(chromium, path) as watched:
        assert watched.page.title() != "ran"
        assert watched.complaints == [] and watched.requests == []
