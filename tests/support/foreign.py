"""Which words of a page in another language are English and were given by nobody?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

#: Keys of a summary whose texts a study, its layers or its sources gave: they stay as they are.
GIVEN = frozenset(
    {
        *("title", "question", "name", "id", "source", "sources", "note", "claim", "said_by"),
        *("arithmetic", "evidence", "model", "owner", "file", "files", "crs", "crs_found"),
        *("disclaimer", "category", "used_in", "stope", "field", "plant", "aliases", "missing"),
        *("conditional_on", "input", "hole_id", "kind_ru", "version", "hash", "scenario"),
        *("statement", "deck", "plan", "basis", "cutoff_basis"),
    }
)
#: Words that are written so in Russian too: signs of elements, codes of reporting, names of units.
SAME = frozenset(
    {
        *("Sb", "Au", "As", "Hg", "JORC", "NI", "GKZ", "SHA", "SYNTHETIC", "DEMO", "NSR", "EPSG"),
        *("WGS", "UTM", "GSLIB", "HiGHS", "anzob", "UTC", "CRS", "QGIS", "GeoPackage", "swath"),
        *("Measured", "Indicated", "Inferred", "MCS", "USGS", "DRAFT", "unsigned"),
    }
)
_UNREAD = re.compile(r"<(style|code|pre|script)\b.*?</\1>", re.DOTALL)
_SPOKEN = re.compile(r'\s(?:aria-label|title|alt)="([^"]*)"')
#: Names of files, codes, keys of a study in brackets, and what has digits in it.
_NAMED = re.compile(
    r"[\w./-]+\.(?:csv|json|toml|html|tif|parquet|geojson|obj|xlsx|md)\b|[A-Z]{2,}-[\w-]+"
    r"|\[[\w.]+\]|\b\w*[a-z]*_[a-z_]+\b|\b\w*\d\w*\b"
)
_SENTENCE = re.compile(r"(?<=[.?!]) (?=[A-Z\d])")


def texts_of(page: str) -> list[str]:
    """Return everything of a page that people read or hear."""
    bare = _UNREAD.sub(" ", page)
    spoken = _SPOKEN.findall(bare)
    return [" ".join(unescape(t).split()) for t in [*re.split(r"<[^<>]*>", bare), *spoken]]


def given(tree: Any, key: str = "") -> Iterator[str]:
    """Give the texts of a study that stay as they were given."""
    if isinstance(tree, Mapping):
        for name, value in tree.items():
            yield from given(value, str(name))
    elif isinstance(tree, list):
        for value in tree:
            yield from given(value, key)
    elif isinstance(tree, str) and key in GIVEN:
        yield " ".join(tree.split())


def english_left(page: str, summary: Any, more: list[str]) -> dict[str, list[str]]:
    """Return texts of a page with the English words in them that no study gave."""
    known = {g for g in [*given(summary), *more] if len(g) > 1}
    # A label may begin large or be cut at a word; a note may be put together sentence by sentence.
    spelt = {s for g in known for s in (g, g.replace("_", " "), *_SENTENCE.split(g))}
    names = sorted({s.casefold() for s in spelt if len(s) > 1}, key=len, reverse=True)
    found: dict[str, list[str]] = {}
    for text in dict.fromkeys(texts_of(page)):
        if not re.search(r"[A-Za-z]{2}", text):
            continue
        rest = text
        if text.endswith(" …") and any(n.startswith(text[:-2].casefold()) for n in names):
            continue
        for name in names:
            at = rest.casefold().find(name)
            while at >= 0:
                rest = f"{rest[:at]} {rest[at + len(name) :]}"
                at = rest.casefold().find(name)
        rest = _NAMED.sub(" ", rest)
        words = [w for w in re.findall(r"(?<!\w)[A-Za-z][A-Za-z'-]+", rest) if w not in SAME]
        if words:
            found[text] = words
    return found
