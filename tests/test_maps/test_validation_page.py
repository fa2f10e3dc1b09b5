"""The validation page: what it says, that it asks nobody for anything, and what it does without."""

import copy
import itertools
import re

import pytest
from support import example_validation
from support.browser import opened
from support.colours import smallest_distance

from maps.drawings import figures
from maps.drawings.figures_words import orientation
from maps.products.validation_page import CONTENTS, validation_page

HOSTILE = "<script>document.title='ran'</script><!-- $x_1$ </svg></style>\"' onload=x"


@pytest.fixture(scope="module")
def study():
    return example_validation.summary()


@pytest.fixture(scope="module")
def page(study):
    return validation_page(study)


def test_every_section_is_there_and_in_the_contents(page):
    for name, title in CONTENTS:
        assert f'<section id="{name}"><h2>{title}</h2>' in page
        assert f'href="#{name}"' in page
    assert "not worked out" not in page


@pytest.mark.parametrize(
    "words",
    [
        "SYNTHETIC: an invented deposit",
        "Not a Mineral Resource",
        "practical range",
        "50° (north-east) and plunges 30° downwards",
        "Nugget 0.400 (% Sb)², 20 % of the sill",
        "the same as that of antimony grade",
        "at its bound: nugget",
        "Slope of true grade on estimate",
        "Suggestions, no verdicts",
        "the truth (SYNTHETIC)",
        "smoother",
        "Inverse distance",
        "Distance along azimuth 50 degrees",
        "Not estimated: no grade, no tonnes",
    ],
)
def test_the_page_says(page, words):
    assert words in page


def test_the_plane_of_continuity_is_said_as_a_geologist_would():
    assert "semi-major axis is level" in orientation(0.0, 0.0, 0.0)
    # Major axis north, semi-major axis 40 degrees down to the east.
    assert "dips 40° towards 90° (east)" in orientation(0.0, 0.0, 40.0)
    assert "dips 40° towards 270° (west)" in orientation(0.0, 0.0, -40.0)
    assert "dips 40° towards 120° (south-east)" in orientation(30.0, 0.0, -140.0)


def test_a_class_that_gathers_the_tail_is_drawn_narrow_and_says_so(study):
    tree = copy.deepcopy(study)
    tree["domains"][0]["histogram"].append(
        {"element": "sb_pct", "low": 10.0, "high": 40.0, "share": 0.02}
    )
    assert "hatched bar at 10.0 takes the whole tail" in validation_page(tree)


def test_classes_count_the_blocks_of_the_model(page):
    assert re.search(r"Indicated</th><td>4,000</td><td>50 %", page)


def test_samples_that_the_summary_left_out_are_counted(study):
    tree = copy.deepcopy(study)
    for row in tree["validation"]["cross_validation"]:
        row["n_estimated"] = 9999
    assert "of 9,999 samples are drawn" in validation_page(tree)


def test_no_raw_column_name_reaches_the_reader(page):
    shown = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
    assert not re.findall(r"\b(?:sb_pct|au_gpt|distance_m|mean_above|normal_score)\b", shown)


def test_equal_summaries_give_equal_bytes(study, page):
    assert validation_page(copy.deepcopy(study)) == page


def test_every_id_stands_once_and_every_reference_finds_its_own(page):
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:url\(|href=")#([^)"]+)', page)) <= set(ids)


def test_every_figure_has_a_name_a_description_and_its_table(page):
    n = page.count('<svg class="drawn" role="img"')
    assert n > 30
    assert page.count("<desc ") == n == page.count("<summary>Its table</summary>")
    assert not re.search(r"<summary>Its table</summary></details>", page)


def test_three_domains_of_two_elements_stay_under_a_megabyte_and_a_half():
    assert len(validation_page(example_validation.summary(3, 2500)).encode()) < 1_500_000


def test_a_large_scatter_is_thinned_and_says_so():
    page = validation_page(example_validation.summary(1, 2500))
    assert "1,000 of 2,500 samples are drawn" in page


def hostile(tree):
    """The same tree with a hostile text at the end of every title, warning and hole."""
    if isinstance(tree, dict):
        marked = ("title", "label", "unit", "hole", "headline", "remark", "option", "sentence")
        return {
            k: f"{v}{HOSTILE}" if k in marked and isinstance(v, str) else hostile(v)
            for k, v in tree.items()
        }
    if isinstance(tree, list):
        return [f"{v}{HOSTILE}" if isinstance(v, str) else hostile(v) for v in tree]
    return tree


def test_texts_of_files_are_escaped_everywhere(study):
    page = validation_page(hostile(study))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert page.count("<svg ") == page.count("</svg>")


def test_no_script_no_link_and_a_policy_that_forbids_all(page):
    assert "default-src 'none'" in page
    assert not re.search(r"<script|<link|<img|@import|https?://", page)


@pytest.mark.parametrize("empty", [{}, {"domains": None, "validation": None, "study": None}])
def test_an_empty_summary_says_that_nothing_was_worked_out(empty):
    page = validation_page(empty)
    assert page.count("not worked out") >= len(CONTENTS)


def places(tree, path=()):
    """Paths of every key of a tree; of lists the first entry stands for all."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield (*path, key)
            yield from places(value, (*path, key))
    elif isinstance(tree, list) and tree:
        yield from places(tree[0], (*path, 0))


def small():
    """Return the summary with the lists that are long cut short, so that many pages are quick."""

    def cut(tree):
        if isinstance(tree, dict):
            return {k: cut(v) for k, v in tree.items()}
        return [cut(v) for v in tree[:2]] if isinstance(tree, list) else tree

    return cut(example_validation.summary(1, 40))


@pytest.mark.parametrize("change", ["null", "missing"])
def test_no_absent_part_breaks_the_page(change, monkeypatch):
    # Figures are drawn by one call each; without it four hundred pages take seconds.
    for module in _drawing_modules():
        monkeypatch.setattr(module, "drawn", lambda *_: figures.Html("<svg></svg>"))
    whole = small()
    for path in places(whole):
        tree = copy.deepcopy(whole)
        inner = tree
        for key in path[:-1]:
            inner = inner[key]
        if change == "null":
            inner[path[-1]] = None
        else:
            del inner[path[-1]]
        assert "</html>" in validation_page(tree), path


def _drawing_modules():
    from maps.drawings import (
        validation_crossed,
        validation_neighbours,
        validation_samples,
        validation_support,
        validation_swaths,
        validation_variograms,
    )

    return (
        validation_crossed,
        validation_neighbours,
        validation_samples,
        validation_support,
        validation_swaths,
        validation_variograms,
    )


def test_every_key_may_be_null_at_once_in_the_rows_that_are_drawn():
    def hollow(tree, names=("element", "domain", "direction", "id", "source", "curve", "varied")):
        if isinstance(tree, dict):
            return {k: v if k in names else hollow(v, names) for k, v in tree.items()}
        return [hollow(v, names) for v in tree] if isinstance(tree, list) else None

    assert "not worked out" in validation_page(hollow(small()))


def test_lines_of_a_figure_stay_apart_for_every_eye_and_without_colour():
    assert smallest_distance(tuple(look.colour for look in figures.LOOKS)) > 15
    for one, other in itertools.combinations(figures.LOOKS, 2):
        assert one.dash != other.dash and one.marker != other.marker


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (360, 740)])
def test_the_page_renders_without_a_request_or_a_complaint(chromium, tmp_path, page, width, height):
    path = tmp_path / "validation.html"
    path.write_text(page, "utf-8")
    with opened(chromium, path, width=width, height=height) as watched:
        over = watched.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert over <= 0
        sizes = watched.page.evaluate(
            "[...document.querySelectorAll('.drawn text')].map(t => t.getBoundingClientRect())"
            ".filter(b => b.right > window.innerWidth + 1 || b.left < -1).length"
        )
        assert sizes == 0
        scale = watched.page.evaluate(
            "Math.min(...[...document.querySelectorAll('.drawn')].map("
            "s => s.getBoundingClientRect().width / s.viewBox.baseVal.width))"
        )
        assert scale > 0.75
        assert watched.requests == [] and watched.complaints == []
