import copy
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps.drawings.cards import attribute, result_cards
from maps.drawings.headline import headline_cutoff, support, verdict_card
from maps.drawings.panel import side_panel
from maps.drawings.results import rows_of_field
from maps.drawings.tables import Html, claims, grade_tonnage, table, text, verdict_tests
from maps.wording import mass

HOSTILE = "<img src=x onerror=alert(1)></script>${1+1}`'\"&"


class Tags(HTMLParser):
    """Collects the tags and the text of a page."""

    def __init__(self):
        super().__init__()
        self.tags, self.words, self.open = [], "", []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in {"br", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data):
        self.words += data


def parsed(html):
    found = Tags()
    found.feed(html)
    found.close()
    assert found.open == []
    return found


def hostile_everywhere(
    tree, keep=("finding", "role", "kind", "reading", "sense", "field", "plant")
):
    """The same tree with every free text replaced by something that would run."""
    if isinstance(tree, dict):
        return {
            k: v if k in keep or k == "id" else hostile_everywhere(v, keep) for k, v in tree.items()
        }
    if isinstance(tree, list):
        return [hostile_everywhere(v, keep) for v in tree]
    return HOSTILE if isinstance(tree, str) else tree


@given(st.text())
def test_any_text_reads_back_as_itself_and_makes_no_tag(value):
    found = parsed(f"<p>{text(value)}</p>")
    assert found.tags == ["p"]
    assert found.words.replace("\r\n", "\n") == value.replace("\r\n", "\n")


def test_finished_html_is_not_escaped_twice():
    assert text(Html("<b>x</b>")) == "<b>x</b>"
    assert text("<b>") == "&lt;b&gt;"


def test_unknown_cells_say_so():
    assert "<td>not known</td>" in table(("a", "b"), [("x", None)])


def test_the_whole_panel_is_well_formed_and_hostile_texts_stay_texts(summary):
    tame = parsed(side_panel(summary))
    wild = parsed(side_panel(hostile_everywhere(summary)))
    assert "img" not in wild.tags and "script" not in wild.tags
    assert HOSTILE in wild.words
    assert set(wild.tags) <= set(tame.tags)


def test_every_card_is_well_formed(summary):
    cards = result_cards(summary)
    assert set(cards) == {"field:jijikrut", "field:konchoch", "plant"}
    for card in cards.values():
        parsed(card)


def test_a_field_without_tonnage_says_so_once_and_names_the_key(summary):
    words = parsed(grade_tonnage(rows_of_field(summary, "jijikrut"))).words
    assert words.count("any cut-off") == 1
    assert "evidence.statements: jijikrut_published.ore_t" in words


def test_bounding_cases_stand_right_under_what_is_not_known_labelled_assumed(summary):
    words = parsed(grade_tonnage(rows_of_field(summary, "jijikrut"))).words
    unknown, said, case = (
        words.index("any cut-off"),
        words.index("ASSUMED, for comparison only"),
        words.index("ASSUMED: National reserve of 1998-99"),
    )
    assert unknown < said < case
    assert "4.7 Mt" in words[case:]


def test_no_table_shows_a_raw_column_name(summary):
    words = parsed(re.sub(r"<code>.*?</code>", "", side_panel(summary))).words
    assert not re.findall(r"\b\w+_(?:t|pct|kg|gpt|oz)\b", words)


def test_ranges_are_printed_under_the_figure(summary):
    words = parsed(grade_tonnage(rows_of_field(summary, "konchoch"))).words
    assert "24 Mt20 to 28 Mt" in words


def test_less_than_a_mining_unit_is_said_in_words(summary):
    rows = copy.deepcopy(rows_of_field(summary, "konchoch"))
    rows[9]["note"] = "< 1 mining unit (5,000 t)"
    assert "< 1 mining unit" in parsed(grade_tonnage(rows)).words


def test_a_known_part_of_less_than_a_mining_unit_is_said_in_words_too(summary):
    rows = copy.deepcopy(rows_of_field(summary, "all"))
    figure = mass(rows[9]["known_part"]["ore_t"]["value"])
    assert figure in parsed(grade_tonnage(rows)).words
    rows[9]["known_part"]["note"] = "< 1 mining unit (500 t)"
    words = parsed(grade_tonnage(rows)).words
    assert "< 1 mining unit" in words and figure not in words


def test_a_total_with_an_unknown_part_is_not_known_with_the_known_part_beside_it(summary):
    words = parsed(grade_tonnage(rows_of_field(summary, "all"))).words
    assert "any cut-off" in words
    assert "Known part (konchoch)" in words and "24 Mt" in words


def test_both_verdicts_are_said_in_words(summary):
    words = parsed(side_panel(summary)).words
    assert "As claimed" in words and "Does not hold" in words
    assert "As a planner reads it" in words and "Not known" in words


@pytest.mark.parametrize(
    ("holds", "word"), [(True, "Holds"), (False, "Does not hold"), (None, "Not known")]
)
def test_a_verdict_has_sign_and_word(holds, word):
    card = verdict_card(
        {"holds": holds, "reading": "as claimed", "sentence": "s", "missing": ["k"]}
    )
    assert word in parsed(card).words
    assert ("k" in re.findall(r"<code>(.*?)</code>", card)) == (holds is None)


def test_an_assumed_horizon_is_owned_beside_the_verdict():
    verdict = {"holds": False, "reading": "as claimed", "sentence": "s", "horizon_years": 10.0}
    assumed = {**verdict, "conditional_on": ["plan.horizon_years"]}
    assert "The 10 years are assumed" in parsed(verdict_card(assumed)).words
    assert "assumed" not in parsed(verdict_card(verdict)).words


def test_a_share_of_draws_is_never_called_a_probability(summary):
    words = parsed(side_panel(summary)).words
    assert "in 86 % of draws" in words
    assert "probability" not in words.lower() and "chance" not in words.lower()


def test_what_cannot_be_is_said_and_not_computed(summary):
    words = parsed(headline_cutoff(summary)).words
    assert "cannot be" in words
    assert "CV 0.5" in words and "CV 2" in words
    assert "not known" in words  # gold of Jijikrut


def test_every_claim_has_its_finding(summary):
    words = parsed(claims(summary["claims"])).words
    for claim in summary["claims"]:
        assert claim["claim"] in words and claim["finding"] in words


def test_the_support_table_stands_beside_its_curve(summary):
    html = support(summary)
    assert html.count("<svg") == 1 and html.count("<table") == 1
    assert "5.0 kg" in html or "5 kg" in html


@pytest.mark.parametrize(
    ("name", "value", "unit", "said"),
    [
        ("year", 1998, "", "1998"),
        ("uncertainty_m", 15000.0, "m", "± 15 km"),
        ("uncertainty_m", 500.0, "m", "± 500 m"),
        ("thickness_m", 12.25, "m", "12.25 m"),
        ("note", None, "", None),
        ("note", "", "", None),
        ("note", float("nan"), "", None),
    ],
)
def test_attributes_are_shown_as_given(name, value, unit, said):
    assert attribute(name, value, unit) == said


def test_a_bare_summary_still_makes_a_panel():
    parsed(side_panel({"study": {"title": "Bare"}, "fields": []}))


def test_gold_is_printed_with_its_unit_and_its_metal(summary):
    rows = copy.deepcopy(rows_of_field(summary, "konchoch"))
    rows[0]["au_gpt"] = {"value": 2.3, "p10": 2.1, "p50": 2.3, "p90": 2.5}
    assert "2.3 g/t2.1 to 2.5 g/t50 t Au" in parsed(grade_tonnage(rows)).words


def test_each_row_says_how_far_it_is_known_when_rows_differ(summary):
    words = parsed(grade_tonnage(rows_of_field(summary, "konchoch"))).words
    assert "0derived" in words and "15assumed" in words


def test_the_test_that_binds_is_named_in_words():
    verdict = {
        "holds": False,
        "binding": "ore_supply",
        "tests": [{"name": "ore_supply", "title": "Ore for the whole horizon"}],
    }
    words = parsed(verdict_card(verdict)).words
    assert "Ore for the whole horizon" in words and "ore_supply" not in words


def test_context_is_never_said_to_pass_or_fail(summary):
    verdict = {"tests": [{"name": "n", "role": "context", "value": 2, "limit": 1, "passes": False}]}
    words = parsed(verdict_tests(verdict)).words
    assert "out of line" in words and "fails" not in words
