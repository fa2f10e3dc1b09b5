"""Labels in Russian: is any forgotten, does a number change its worth, do names stay?"""

import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import example_drilling, example_plan, example_study, example_validation

from maps import drillhole_words, mine_words, plan_words, wording
from maps import style as styles
from maps.config import MapSettings
from maps.drawings.footprints import draw
from maps.drawings.results import tables_of
from maps.finished import Finished
from maps.languages import BOOKS, is_known, translator
from maps.languages.russian import RUSSIAN
from maps.products import web_words
from maps.products.localised import localised
from maps.products.qml import qml_of_layer
from maps.products.validation_page import validation_page
from maps.products.web import page

SAY = translator("ru")
RUSSIAN_MAP = MapSettings(language="ru", online_tiles=False)
STUDIES = {
    "evidence": (example_study.summary, example_study.layers),
    "drillholes": (example_drilling.summary, example_drilling.layers),
    "mine and plan": (example_plan.summary, example_plan.layers),
}


def read_back(written: str) -> float:
    """Read a number as a Russian reader does."""
    return float(written.replace("\u00a0", "").replace(",", ".").replace("−", "-"))


@given(st.floats(-1e9, 1e9), st.integers(0, 6))
def test_a_number_keeps_its_worth(value, decimals):
    english = f"{value:,.{decimals}f}"
    assert read_back(SAY(f"{english} kt").removesuffix(" тыс. т")) == float(
        english.replace(",", "")
    )


@given(st.integers(0, 10_000))
def test_a_range_keeps_both_ends(low):
    for unit, russian in (("m", " м"), ("Mt", " млн т")):
        said = SAY(f"{low:,} to {low + 1:,} {unit}").removesuffix(russian)
        assert [read_back(end) for end in said.split("–")] == [low, low + 1]


@pytest.mark.parametrize(
    ("years", "word"),
    [
        *((1, "год"), (2, "года"), (4, "года"), (5, "лет"), (11, "лет"), (12, "лет")),
        *((21, "год"), (22, "года"), (100, "лет"), (101, "год"), (111, "лет"), ("2.5", "года")),
    ],
)
def test_a_unit_takes_the_form_that_goes_with_its_number(years, word):
    assert SAY(f"{years} years").split()[1] == word


@pytest.mark.parametrize(
    "label",
    [
        "2027-01 to 2027-03",
        "year 3 (2027-01-15)",
        "L12-S21-1",
        "EPSG:32642",
        "anzob 0.5.1",
        "JIJ-BOUND-147",
        "1.2.3",
    ],
)
def test_days_and_codes_are_no_numbers(label):
    said = SAY(label)
    assert re.findall(r"\d+", said) == re.findall(r"\d+", label) and "\u00a0" not in said


def test_what_nobody_translated_stays_as_it_is_with_its_numbers():
    sentence = "Sources, of which ore x grade is 3.8 times the stated metal of 264,616 t"
    assert SAY(sentence) == sentence and not is_known(sentence, "ru")
    assert translator("en")(sentence) == sentence and SAY("") == "" and SAY("  ") == "  "


def test_a_translation_has_the_holes_of_its_label():
    def holes(text):
        return sorted(re.findall(r"\{\w*\}", text))

    wrong = [key for key, said in RUSSIAN.items() if holes(said) != holes(key)]
    assert wrong == []
    assert [key for key, said in RUSSIAN.items() if said != said.strip() or not said] == []


def labels_of(thing):
    """Everything of a layer or a table that people read and that is no value."""
    fields = [word for field in thing.fields for word in (field.alias, field.unit)]
    if not hasattr(thing, "style"):
        return [thing.title, *fields]
    return [thing.title, thing.group, thing.note, *fields, *(c.label for c in thing.style.classes)]


@pytest.mark.parametrize("study", STUDIES)
def test_every_label_of_layers_and_tables_has_its_russian(study):
    told, ground = STUDIES[study]
    told = told()
    things = [*draw(told, ground()), *tables_of(told)]
    labels = {label for thing in things for label in labels_of(thing)}
    assert {label for label in labels if not is_known(label, "ru")} == set()


def test_every_word_of_columns_and_legends_has_its_russian():
    rooms = (wording, drillhole_words, mine_words, plan_words)
    words = {word for room in rooms for pair in room.COLUMNS.values() for word in pair}
    words |= set(wording.UNITS.values()) | set(plan_words.COSTS.values())
    drawn = [style for style in vars(styles).values() if isinstance(style, styles.Style)]
    words |= {one.label for style in drawn for one in style.classes}
    assert {word for word in words if not is_known(word, "ru")} == set()


def test_every_word_of_the_scripts_has_its_russian():
    scripts = (*web_words.ALWAYS, web_words.BENCHES, web_words.LEVELS, web_words.PIT)
    assert [word for word in web_words.labels_in(scripts) if not is_known(word, "ru")] == []


class Labels(HTMLParser):
    """Collects what heads, buttons, captions and axes of a page say."""

    WHERE = frozenset(
        (
            *("th", "caption", "summary", "h2", "h3", "h4", "button", "label", "legend"),
            *("text", "figcaption", "option"),
        )
    )
    EMPTY = frozenset(
        (
            *("br", "img", "input", "meta", "link", "hr", "path", "rect", "line", "circle"),
            *("polyline", "polygon"),
        )
    )

    def __init__(self):
        super().__init__()
        self.open, self.found = [], set()

    def handle_starttag(self, tag, attributes):
        self.found |= {v for k, v in attributes if k == "aria-label" and v}
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        while tag in self.open and self.open.pop() != tag:
            pass

    def handle_data(self, text):
        if self.open and self.open[-1] in self.WHERE and text.strip():
            self.found.add(" ".join(text.split()))


def labels_in(html):
    parser = Labels()
    parser.feed(html)
    return {label for label in parser.found if re.search("[a-z]{2}", label)}


def lacking(html, told):
    """Labels of a page without Russian that are no names, titles or sentences of the study."""
    own = json.dumps(told, ensure_ascii=False).replace("_", " ").replace("\\", "").casefold()

    def is_given(label):
        return label.casefold() in own or all(p in own for p in label.casefold().split(", "))

    return {x for x in labels_in(html) if not is_known(x, "ru") and not is_given(x)}


@pytest.mark.parametrize("study", STUDIES)
def test_every_label_of_the_map_page_has_its_russian(study):
    told, ground = STUDIES[study]
    told = told()
    html = page(told, draw(told, ground()), MapSettings(online_tiles=False))
    assert lacking(html, told) == set()


def test_every_label_of_the_validation_page_has_its_russian():
    told = example_validation.summary(domains=1, n=60)
    html = validation_page(told)
    assert lacking(html, told) == set()
    assert "Оглавление" in localised(html, "ru") and '<html lang="ru"' in localised(html, "ru")


def test_english_pages_are_left_alone():
    html = "<html><body><th>Sources</th> 1.234 kt</body></html>"
    assert localised(html, "en") == html


def test_only_texts_are_translated_and_they_stay_texts():
    html = (
        '<html lang="en"><style>th { content: "Sources" }</style><code>Sources</code>'
        '<script>say("Sources")</script><!-- Sources --><th class="Sources" title="Sources">'
        " Sources\n</th><td>&lt;b&gt; 2.5 kt</td><td>2.5 kt</td>"
    )
    said = localised(html, "ru")
    assert said == (
        '<html lang="ru"><style>th { content: "Sources" }</style><code>Sources</code>'
        '<script>say("Sources")</script><!-- Sources --><th class="Sources" title="Источники">'
        " Источники\n</th><td>&lt;b&gt; 2.5 kt</td><td>2,5 тыс. т</td>"
    )


def test_data_keep_what_scripts_know_things_by():
    tree = {"panel": ["places"], "name": "stopes", "key": "Sources", "at": [1.5, 2]}
    tree |= {"row": ["not known", "2.5 kt", "Zeravshan"]}
    html = f'<script type="application/json" id="study">{json.dumps(tree)}</script>'
    found = re.search(r">(.*)<", localised(html, "ru"))
    assert json.loads(found[1]) == tree | {"row": ["неизвестно", "2,5 тыс. т", "Zeravshan"]}


@given(st.text(alphabet="<>&\"'ab {}x1.,", max_size=40))
def test_no_text_becomes_markup(text):
    from html import escape

    label = escape(f"Source: {text}", quote=True)
    said = localised(f"<p>{label}</p>", "ru")
    assert re.findall(r"<[^>]*>", said) == ["<p>", "</p>"]


def test_a_layer_in_russian_keeps_its_features_and_its_codes():
    told = example_study.summary()
    layer = next(x for x in draw(told, example_study.layers()) if x.name == "deposits")
    said = layer.translated(SAY)
    given = [c for c in layer.features.columns if c != layer.label_field]
    assert said.features[given].equals(layer.features[given]) and said.name == layer.name
    assert [c.value for c in said.style.classes] == [c.value for c in layer.style.classes]
    assert [f.name for f in said.fields] == [f.name for f in layer.fields]
    qml = ET.fromstring(qml_of_layer(said).split("\n", 1)[1])
    named = [node.get("label") for node in qml.iter("category")]
    assert named[0].startswith("Рудное поле этого исследования")
    assert "Погрешность положения, м" in {node.get("name") for node in qml.iter("alias")}


def test_products_get_layers_in_the_language_of_the_study(tmp_path):
    told = example_plan.summary()
    drawn = draw(told, example_plan.layers())
    study = Finished(
        summary=told, layers=drawn, settings=RUSSIAN_MAP, folder=tmp_path, out=tmp_path
    )
    groups = {layer.group for layer in study.marked(drawn)}
    assert groups <= set(BOOKS["ru"].labels.values()) and groups
    assert all(layer.name.startswith("synthetic_") for layer in study.marked(drawn))
