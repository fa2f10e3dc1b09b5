"""What was published stands apart from what was assumed, and figures say what they do not."""

import copy
import re

import pytest
from support import example_drilling, example_plan

from maps.drawings.plan_limits import limits
from maps.drawings.report_frontier import frontier
from maps.drawings.report_ground import evidence
from maps.drawings.report_method import table_1
from maps.drawings.report_mine import schedule
from maps.drawings.tables import claims
from maps.drawings.validation_samples import samples
from maps.languages import translator

STATED = {"model": "no published tonnage", "role": "model", "kind": "reported", "year": 2026}
ASSUMED = {"model": "national total", "role": "bounding", "kind": "assumed", "year": 1999}
HEAD = "Bounding cases, assumed: nobody published these tonnages of the deposit"


def plain(body):
    return " ".join(re.sub(r"<[^>]+>", " ", "".join(str(each) for each in body)).split())


def field(*rows):
    told = [{"category": "not stated", "source": "a page", **row} for row in rows]
    return {"study": {}, "fields": [{"id": "a", "name": "A", "statements": told}]}


def test_bounding_cases_have_a_table_of_their_own(say=str):
    said = plain(evidence(field(ASSUMED, STATED), say))
    published, assumed = said.split(HEAD)
    assert "Published statements" in published and "no published tonnage" in published
    assert "national total" in assumed and "national total" not in published
    assert "category not stated, 1999" in assumed
    assert HEAD not in plain(evidence(field(STATED), say))


def test_table_1_tells_assumed_cases_after_a_heading_of_their_own():
    said = plain(table_1(field(ASSUMED, STATED), str))
    assert (
        said.index("no published tonnage")
        < said.index("Bounding cases, assumed; not found by others:")
        < said.index("national total")
    )
    assert "Bounding" not in plain(table_1(field(STATED), str))


def test_the_feed_tells_the_years_before_the_ramp_up_ends_and_no_others():
    told = copy.deepcopy(example_plan.summary())
    years = told["plan"]["years"]
    feeds = [(0.0, 0.0), (542_499.9, 387_835.0), (700e3, 700e3), (700e3, 0.0)]
    for row, (asked, fed) in zip(years, feeds, strict=False):
        row["target_t"], row["feed_t"] = asked, fed
    said = plain(schedule(told, str))
    assert f"Year {years[1]['year']:g}: 388 of 542 kt." in said
    assert said.count(" kt.") == 1
    assert "no shortfall of the verdict's years" in said.replace("&#x27;", "'")


def test_a_maximum_that_is_the_top_cut_says_so():
    told = copy.deepcopy(example_drilling.summary())
    domain = told["domains"][0]
    row = domain["statistics"][0]
    row["maximum"] = 25.0
    domain["caps"] = [{"element": row["element"], "cap": 25.0, "n_capped": 6}]
    assert "25.0<small>top-cut</small>" in str(samples(told))
    domain["caps"][0]["n_capped"] = 0
    assert "<small>top-cut</small>" not in str(samples(told))


def test_long_names_of_cases_are_whole_and_those_of_one_line_say_so():
    names = {"a": "first " * 30 + "end of first", "b": "second case"}
    rows = [
        {"scenario": s, "rate_t_per_year": r, "life_years": 7e6 / r}
        for s in names
        for r in (1e5, 7e5)
    ]
    drawn = frontier(rows, names, {})
    assert "end of first" in drawn and "…" not in drawn
    assert "on the same line: second case" in drawn


@pytest.mark.parametrize(
    "name", ["stockpile of 0.7 to 1.3 % Sb", "the number of stopes that stand open"]
)
def test_names_of_limits_are_not_cut(name):
    row = {"called": name, "full": 0.5, "from_years": 0.0, "to_years": 1.0}
    assert f">{name.removeprefix('the ')}</text>" in limits([row])


@pytest.mark.parametrize(("sources", "said"), [(["x"], "1 source<"), (["x", "y"], "2 sources<")])
def test_one_source_is_one_source(sources, said):
    assert said in str(claims([{"claim": "c", "sources": sources}]))


@pytest.mark.parametrize(
    "words",
    [
        *(HEAD, "Bounding cases, assumed; not found by others:", "category not stated"),
        *("Year 2: 388 of 542 kt.", "on the same line:", "1 source", "of it without an assay"),
        "not split",
    ],
)
def test_new_words_have_their_russian(words):
    assert not re.search("[a-z]{3}", translator("ru")(words))
