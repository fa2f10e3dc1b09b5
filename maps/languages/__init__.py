"""In which language are labels written, and what happens to words that nobody has translated?

Words are written in English where they are made, and translated where they are shown: titles,
legends, headings, units, buttons. Names of places, sources and sentences of evidence stay as they
were given, and so does every label without a translation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from maps.languages.russian import RUSSIAN

Language = Literal["en", "ru"]
#: Takes a label in English, returns it in the language of the study.
Translate = Callable[[str], str]

LABELS: dict[Language, dict[str, str]] = {"en": {}, "ru": RUSSIAN}


def translator(language: Language) -> Translate:
    """Return what translates labels.

    Parameters
    ----------
    language : {"en", "ru"}
        Language of the study's labels.

    Returns
    -------
    callable
        A label in English -> the label; unknown ones stay as they are.

    Examples
    --------
    >>> translator("ru")("Sources"), translator("en")("Sources")
    ('Источники', 'Sources')
    """
    labels = LABELS[language]
    return lambda label: labels.get(label, label)
