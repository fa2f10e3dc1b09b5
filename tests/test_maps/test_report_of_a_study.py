"""The report beside the study it was made from: numbers of page one, words, inputs."""

import hashlib
import itertools
import json
import re
from dataclasses import replace
from textwrap import wrap

import pytest
from support import example_drilling, example_mine, example_study
from support.command import ROOT, anzob
from support.foreign import english_left, texts_of
from support.page_numbers import expected, shown
from support.page_numbers import texts_of as strings
from test_maps.test_report import STUDIES, finished, section

from maps.drawings.footprints import draw
from maps.drawings.grades import without_columns
from maps.drawings.report_charts import tornado
from maps.drawings.report_frontier import frontier
from maps.products.manifest import inputs_of
from maps.products.report import report_page
from maps.workflow import _read

GROUND = {
    "evidence": example_study.layers,
    "drillholes": example_drilling.layers,
    "mine": example_mine.layers,
}


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """The study of the real evidence, as the command leaves it."""
    out = tmp_path_factory.mktemp("real") / "out"
    made = anzob("study", "--out", out, SOURCE_DATE_EPOCH="0")
    assert made.returncode == 0, made.stderr
    return _read(out, out)


def answer(page):
    return section(page, "answer").partition("<nav")[0]


def test_every_number_of_page_one_is_the_summary_s(real):
    page = answer(report_page(real))
    assert shown(page, real.summary) == expected(real.summary)
    assert sum(shown(page, real.summary).values()) > 12


@pytest.mark.parametrize("name", ["evidence", "mine", "plan"])
def test_every_number_of_page_one_of_an_example_is_the_summary_s(name):
    told = STUDIES[name]()
    found = shown(answer(report_page(finished(told))), told)
    assert found == expected(told) and found


def test_a_wrong_number_on_page_one_would_be_seen(real):
    page = answer(report_page(real))
    for true, false in (("4,000,000 t", "5,000,000 t"), ("22 Mt", "32 Mt"), ("1.2 %", "2.1 %")):
        assert true in page
        assert shown(page.replace(true, false, 1), real.summary) != expected(real.summary)


def cards(page):
    """The words of each verdict's card, claimed first."""
    return re.findall(r'<section class="verdict".*?</section>', answer(page), re.S)


def test_the_years_that_nobody_claimed_are_owned_beside_the_verdict(real):
    claimed, planned = (" ".join(strings(card)) for card in cards(report_page(real)))
    for card in (claimed, planned):
        assert "Horizon, years: 10 (a usual test of a rate; no mine life is published)" in card
    assert "Over 5 years instead of 10: not known" in claimed
    assert "Over" not in planned


def test_what_is_missing_is_not_said_to_turn_what_a_failed_test_decides(real):
    claimed, planned = (" ".join(strings(card)) for card in cards(report_page(real)))
    assert "does not turn it while a test fails" in claimed and "either way" not in claimed
    assert "it can turn the answer either way" in planned


def names_of(layers):
    columns = ("name", "aliases", "map_label")
    return [
        str(v) for x in layers for c in columns if c in x.features.columns for v in x.features[c]
    ]


def test_no_english_of_this_tool_is_left_in_the_russian_report_of_the_real_study(real):
    russian = replace(real, settings=real.settings.model_copy(update={"language": "ru"}))
    # The scenario of a price deck is called by its month.
    titles = [str(case["title"]) for case in real.summary["scenarios"]]
    # A long name of a case goes on in the next line under its drawing.
    lines = [line for name in titles for room in (84, 64) for line in wrap(name, room)]
    given = [*names_of(real.layers), *lines, "mid-2026"]
    assert english_left(report_page(russian), real.summary, given) == {}


@pytest.mark.parametrize("name", STUDIES)
def test_no_english_of_this_tool_is_left_in_a_russian_report(name):
    told = STUDIES[name]()
    layers = draw(told, GROUND[name]()) if name in GROUND else ()
    russian = replace(finished(told, "ru"), layers=layers)
    page = report_page(russian)
    # Sentences of an example were put there by hand: here only the words of the report count.
    by_hand = [t.removeprefix("SYNTHETIC: ") for t in strings(told) if " " in t or t == "never"]
    by_hand += [without_columns(told, text) for text in by_hand]
    assert english_left(page, told, [*names_of(layers), *by_hand]) == {}
    assert sum(bool(re.search("[а-яё]{4}", text)) for text in texts_of(page)) > 100


def test_english_that_is_left_is_found(real):
    page = '<p>Слова</p><td title="Sources here">Jijikrut: 5 kt</td><text>two lines</text>'
    found = english_left(page, real.summary, [])
    assert found == {
        "Jijikrut: 5 kt": ["kt"],
        "two lines": ["two", "lines"],
        "Sources here": ["Sources", "here"],
    }


def test_the_manifest_chapter_has_the_hash_of_every_input(real):
    kept = json.loads((real.folder / "manifest.json").read_text("utf-8"))
    text = section(report_page(real), "manifest")
    rows = re.findall(r'<th scope="row">([^<]+)</th><td>([\d,]+)</td><td>(\w{12})</td>', text)
    assert {name: head for name, _, head in rows} == {
        name: whole[:12] for name, whole in kept["inputs_sha256"].items()
    }
    for name, size, head in rows:
        raw = (ROOT / "data" / name).read_bytes()
        assert len(raw) == int(size.replace(",", ""))
        assert hashlib.sha256(raw).hexdigest().startswith(head)
    # The report on the disk is the one that is made again from its folder.
    assert (real.folder / "report.html").read_text("utf-8") == report_page(real)


def test_inputs_are_listed_once_with_folders_opened(tmp_path):
    (tmp_path / "market").mkdir()
    for name in ("a.csv", "market/b.csv", "market/.hidden"):
        (tmp_path / name).write_text(name, "utf-8")
    found = inputs_of([tmp_path / "a.csv", tmp_path / "market", tmp_path / "a.csv"], tmp_path)
    assert [row["file"] for row in found] == ["a.csv", "market/b.csv"]
    assert [row["bytes"] for row in found] == [5, 12]


BAR = {"scenario": "x", "output": "net present value", "unit": "t", "low_label": "a"}
BAR |= {"high_label": "b"}


@pytest.mark.parametrize(("low", "dashed"), [(-50.0, True), (50.0, False)])
def test_a_tornado_shows_nought_only_where_it_lies_within(low, dashed):
    bar = {**BAR, "input": "a.b", "low": low, "base": 100.0, "high": 200.0}
    drawn = tornado([bar], str)
    assert ("stroke-dasharray" in drawn) is dashed and ">base 100</text>" in drawn


def points(scenario, ore, rates=(1e5, 2e5, 4e5, 8e5)):
    rows = [{"scenario": scenario, "rate_t_per_year": r, "life_years": ore / r} for r in rates]
    return [{**row, "ore_t": ore} for row in rows]


def test_the_frontier_halves_evenly_and_joins_cases_that_lie_on_one_another():
    plan = {"target_t_per_year": 4e5, "horizon_years": 10}
    rows = [*points("a", 4e6), *points("b", 4e6), *points("c", 8e6)]
    drawn = frontier(rows, {"a": "First", "b": "Second", "c": "Third"}, plan, str)
    lines = re.findall(r'<path d="M([^"]+)" fill="none" stroke="#\w+" stroke-width="1.8"', drawn)
    assert len(lines) == 2 and all(
        f">{n}<" in drawn for n in ("First", "on the same line: Second", "Third")
    )
    heights = [[float(p.split()[1]) for p in line.split("L")] for line in lines]
    steps = [b - a for one in heights for a, b in itertools.pairwise(one)]
    # Twice the rate is half the years, wherever: steps are equal on this axis.
    assert max(steps) - min(steps) < 0.21 and min(steps) > 5
    # 4 Mt at 400 kt a year last 10 years: the point lies where the lines of the plan cross.
    across = float(re.search(r'd="M([\d.]+) [\d.]+V', drawn[drawn.index("the plan") - 400 :])[1])
    level = float(re.search(r'd="M[\d.]+ ([\d.]+)H528" stroke="#1b1f24"', drawn)[1])
    x, y = (float(v) for v in lines[0].split("L")[2].split())
    assert (x, y) == pytest.approx((across, level), abs=0.11)
    assert frontier(points("a", 4e6, (1e5,)), {}, plan) == ""
