from maps.languages import translator
from maps.products import web_words
from maps.products.inline import ASSETS

OURS = (*web_words.ALWAYS, web_words.BENCHES, web_words.LEVELS, web_words.PIT)


def test_every_word_of_the_scripts_has_its_russian():
    say = translator("ru")
    left = [label for label in web_words.labels_in(OURS) if say(label) == label]
    assert left == ["km²", "m²"] or not left


def test_a_translation_keeps_the_places_of_all_values():
    say = translator("ru")
    for label in web_words.labels_in(OURS):
        for hole in ("{0}", "{1}", "{2}"):
            assert (hole in label) == (hole in say(label)), label


def test_an_english_page_brings_no_words():
    assert web_words.words_of(OURS, "en") == {"language": "en", "labels": {}}


def test_no_script_writes_words_without_saying_them():
    import re

    for name in OURS:
        text = (ASSETS / name).read_text("utf-8")
        spoken = re.findall(r'textContent = "([A-Z][^"]+)"', text)
        assert not spoken, (name, spoken)
