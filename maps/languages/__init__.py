"""In which language are labels written, and what happens to words that nobody has translated?

Words are written in English where they are made, and translated where they are shown: titles,
legends, headings, units, buttons. Names of places, sources and sentences of evidence stay as they
were given, and so does every label without a translation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from maps.languages.russian import RUSSIAN
from maps.languages.wordbook import Wordbook

Language = Literal["en", "ru"]
#: Takes a label in English, returns it in the language of the study.
Translate = Callable[[str], str]

BOOKS: dict[Language, Wordbook] = {
    "en": Wordbook(labels={}),
    # A blank that breaks no line parts thousands, a comma decimals (GOST 8.417).
    "ru": Wordbook(labels=RUSSIAN, decimal=",", thousands="\u00a0", span="–"),
}


def translator(language: Language) -> Translate:
    """Return what translates labels.

    Parameters
    ----------
    language : {"en", "ru"}
        Language of the study's labels.

    Returns
    -------
    callable
        A label in English -> the label, its numbers in the manner of the language; unknown ones
        stay as they are, and so do blanks at the ends.

    Examples
    --------
    >>> translator("ru")("Sources"), translator("en")("Sources")
    ('Источники', 'Sources')
    >>> translator("ru")("2.5 to 10 Mt"), translator("ru")("Antimony grade, % Sb")
    ('2,5–10 млн т', 'Содержание сурьмы, % Sb')
    >>> translator("ru")("nobody knows this one")
    'nobody knows this one'
    """
    if language == "en":
        return str
    book = BOOKS[language]

    def translate(label: str) -> str:
        bare = label.strip()
        said = (book.say(bare) or book.passage(bare)) if bare else None
        return label if said is None else label.replace(bare, said, 1)

    return translate


def is_known(label: str, language: Language) -> bool:
    """Say whether a label reads right in a language: translated, or the same everywhere."""
    bare = label.strip()
    return language == "en" or not bare or BOOKS[language].say(bare) is not None
