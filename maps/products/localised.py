"""How does a finished page speak the language of its study?

Pages are laid out in English. Here every text of a page that is a label, wherever it stands, is
replaced by its translation: between tags, in the words that screen readers say, in the data that
scripts draw. Whatever is not known to the wordbook stays, such as names and sentences of sources.
Words of the scripts themselves are no business of this room: see `maps.products.web_words`.
A page is translated once; a second time 1,234 would be read as thousands.
"""

from __future__ import annotations

import json
import re
from html import escape, unescape
from typing import Any

from maps.languages import Language, Translate, translator
from maps.products.inline import json_for_script

#: Attributes that people see or hear.
_SPOKEN = "aria-label|aria-valuetext|aria-description|title|alt|placeholder"
#: What is no text for people: left alone whole.
_KEPT = re.compile(
    r"(<!--.*?-->|<!DOCTYPE[^>]*>|<style\b.*?</style>|<code\b.*?</code>|<pre\b.*?</pre>"
    r"|<script\b[^>]*>.*?</script>)",
    re.DOTALL | re.IGNORECASE,
)
_DATA = re.compile(r'(<script type="application/json"[^>]*>)(.*?)(</script>)', re.DOTALL)
#: Data that speak the language already.
_WORDS = 'id="words"'
_TAG = re.compile(r"(<[^<>]*>)")
_ATTRIBUTE = re.compile(rf"""(\s(?:{_SPOKEN})=)("[^"]*"|'[^']*')""")

#: Keys of data that hold addresses and packed numbers, never words for reading.
_NAMES = frozenset(
    {
        "key",
        "id",
        "url",
        "uri",
        "card",
        "data",
        "colour",
        "fill",
        "stroke",
        "shape",
        "value",
    }
)
#: What scripts know things by.
_IDENTIFIER = re.compile(r"[a-z0-9_:.-]*")


def localised(page: str, language: Language) -> str:
    """Write the labels of a page in a language.

    Parameters
    ----------
    page : str
        HTML in English, before its content security policy is written.
    language : {"en", "ru"}
        Language of the study; English leaves the page as it is.

    Returns
    -------
    str
        HTML whose root names its language.
    """
    if language == "en":
        return page
    translate = translator(language)
    parts = [
        _data(part, translate) if i % 2 else fragment(part, translate)
        for i, part in enumerate(_KEPT.split(page))
    ]
    return re.sub(r"<html(?: lang=\"\w+\")?", f'<html lang="{language}"', "".join(parts), count=1)


def fragment(html: str, translate: Translate) -> str:
    """Translate the texts of a piece of HTML, whole or cut out of one.

    Examples
    --------
    >>> from maps.languages import translator
    >>> fragment('<th title="Sources">Source</th><td>2.5 kt</td>', translator("ru"))
    '<th title="Источники">Источник</th><td>2,5 тыс. т</td>'
    """

    def tag(part: str) -> str:
        return _ATTRIBUTE.sub(lambda m: _attribute(m, translate), part)

    parts = enumerate(_TAG.split(html))
    return "".join(tag(part) if i % 2 else _text(part, translate) for i, part in parts)


def _text(text: str, translate: Translate) -> str:
    if not text.strip():
        return text
    plain = unescape(text)
    said = translate(" ".join(plain.split()))
    if said == " ".join(plain.split()):
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{escape(said, quote=True)}{after}"


def _attribute(found: re.Match[str], translate: Translate) -> str:
    quote = found[2][0]
    return f"{found[1]}{quote}{_text(found[2][1:-1], translate)}{quote}"


def _data(part: str, translate: Translate) -> str:
    found = _DATA.fullmatch(part)
    if not found or _WORDS in found[1]:
        return part
    tree = _tree(json.loads(found[2]), translate)
    return f"{found[1]}{json_for_script(tree)}{found[3]}"


def _tree(tree: Any, translate: Translate) -> Any:
    """Translate the texts of data, escaped HTML all; lists of numbers are passed through."""
    if isinstance(tree, str):
        return tree if _IDENTIFIER.fullmatch(tree) else fragment(tree, translate)
    if isinstance(tree, dict):
        named = {k for k, v in tree.items() if k in _NAMES and isinstance(v, str)}
        return {k: v if k in named else _tree(v, translate) for k, v in tree.items()}
    if isinstance(tree, list) and tree and not isinstance(tree[0], int | float):
        return [_tree(one, translate) for one in tree]
    return tree
