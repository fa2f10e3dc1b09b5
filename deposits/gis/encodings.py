"""Was this text read in the encoding it was written in?

Tables beside Shapefiles often do not say how their letters are coded. Read wrongly, Cyrillic turns
into other letters (mojibake), and a field's name is no longer found. The encoding is named to
the reader, not applied: what a file means is stated in the study.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

#: Encodings in which Cyrillic tables come, and those through which they are misread.
WRITTEN = ("utf-8", "cp1251", "cp866", "koi8-r")
MISREAD_AS = ("latin-1", "cp1252", "cp1251")

#: What share of the letters outside ASCII must become plausible Cyrillic to believe a re-reading.
BELIEVABLE = 0.9

#: Words as Russian writes them: small letters, perhaps after one capital, or capitals only. A wrong
#: reading mixes case within words or leaves signs that are no letters.
WORD = re.compile(r"[А-ЯЁ]?[а-яё]+|[А-ЯЁ]+")
LONG_RUN = re.compile(r"[А-ЯЁа-яё]{4}")

#: Signs that stand beside words in good texts too.
SIGNS = "№«»„“”—–…°×²³\u00a0"


def misread_encoding(texts: Iterable[str]) -> str:
    """Find the encoding in which garbled texts would be plausible Cyrillic.

    Parameters
    ----------
    texts : iterable of str
        Texts as they were read.

    Returns
    -------
    str
        Name of the encoding they were probably written in; "" when they are plausible as they
        are, or in no encoding tried.

    Examples
    --------
    >>> misread_encoding(["Äæèæèêðóò"]), misread_encoding(["Джижикрут"]), misread_encoding(["Zürs"])
    ('cp1251', '', '')
    """
    joined = " ".join(texts)
    if joined.isascii() or _plausible(joined) >= BELIEVABLE:
        return ""
    best, score = "", BELIEVABLE
    for written in WRITTEN:
        for through in MISREAD_AS:
            again = _reread(joined, through, written)
            # Western names have single accented letters; garbled Cyrillic has whole words of them.
            if LONG_RUN.search(again) and _plausible(again) > score:
                best, score = written, _plausible(again)
    return best


def _reread(text: str, through: str, written: str) -> str:
    """Undo a reading and read the bytes again; "" where that is impossible."""
    try:
        return text.encode(through).decode(written)
    except UnicodeError:
        return ""


def _plausible(text: str) -> float:
    """Share of the characters outside ASCII that stand in plausible Cyrillic words."""
    runs = [run.strip(SIGNS) for run in re.findall(r"[^\x00-\x7f]+", text)]
    good = sum(len(run) for run in runs if WORD.fullmatch(run))
    every = sum(map(len, runs))
    return good / every if every else 0.0
