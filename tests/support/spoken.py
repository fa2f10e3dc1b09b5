"""What a page in Russian still says in English: all that people see or hear, but for names.

Names, codes and sentences of a study stay as they were given. They are taken from the study's own
data, never from a list that could hide a forgotten label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from maps.languages import is_known

#: Signs of elements, units, systems, programs, keys: the same in Russian texts.
STAY = frozenset(
    (
        *("Sb", "Au", "As", "Hg", "P10", "P50", "P90", "NPV", "NSR", "SYNTHETIC", "UTC", "Mm"),
        *("WGS", "UTM", "EPSG", "zone", "SHA", "anzob", "JORC", "NI", "GKZ", "MCS", "USGS", "CC"),
        *("Measured", "Indicated", "Inferred", "swath", "GSLIB", "WebGL", "Leaflet", "GeoPackage"),
        *("summary", "json", "DRAFT", "Enter", "Escape", "Backspace", "Home", "Shift", "Tab"),
    )
)

COLLECT = """() => {
  const found = [], spoken = ["aria-label", "aria-valuetext", "aria-description", "title", "alt",
                              "placeholder"];
  const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const at = node.parentElement;
    if (at.closest("script, style, code, noscript")) { continue; }
    if (node.textContent.trim()) { found.push([at.tagName, node.textContent]); }
  }
  for (const at of document.querySelectorAll("*")) {
    for (const name of spoken) {
      if (at.getAttribute(name)) { found.push([name, at.getAttribute(name)]); }
    }
  }
  return found;
}"""


def texts_of(page: Any) -> list[tuple[str, str]]:
    """Return what a page shows or says, each with its element or attribute."""
    return [(where, " ".join(text.split())) for where, text in page.evaluate(COLLECT)]


def given(*things: Any) -> list[str]:
    """Return the texts of a study's own data that no wordbook translates, the longest first."""
    found = {" ".join(text.split()) for thing in things for text in _texts(thing)}
    names = {text for text in found if re.search("[A-Za-z]{2}", text) and not is_known(text, "ru")}
    return sorted(names, key=len, reverse=True)


def _texts(thing: Any) -> Iterator[str]:
    if isinstance(thing, str):
        yield thing
        yield thing.replace("_", " ")
        yield thing.removesuffix(" (SYNTHETIC)")
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from (*_texts(value), *_texts(key))
    elif hasattr(thing, "columns"):
        for name in set(thing.columns) - {"geometry"}:
            yield from _texts(thing[name].tolist())
    elif isinstance(thing, Iterable):
        for one in thing:
            yield from _texts(one)


def english(texts: Iterable[tuple[str, str]], names: Iterable[str]) -> list[str]:
    """Return the texts with words in Latin letters that are no names and no signs that stay.

    Parameters
    ----------
    texts : iterable of (str, str)
        From `texts_of`.
    names : iterable of str
        From `given`.

    Returns
    -------
    list of str
        Where and what, each once.
    """
    left: dict[str, None] = {}
    patterns = [
        re.compile(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", re.IGNORECASE) for name in names
    ]
    for where, text in dict.fromkeys(texts):
        rest = text
        for pattern in patterns:
            if not _latin(rest):
                break
            rest = pattern.sub(" ", rest)
        if _latin(rest):
            left[f"{where}: {text}"] = None
    return list(left)


def _latin(text: str) -> list[str]:
    # A link, a file and a code such as JIJ-BOUND-147 are read by no word.
    plain = re.sub(r"https?://\S+|\b[\w-]+\.(?:json|csv|tif|gpkg|html|toml|parquet)\b", " ", text)
    words = re.findall(r"(?<![\w-])[A-Za-z]{2,}(?![\w-]*\d)", plain)
    return [word for word in words if word not in STAY]
