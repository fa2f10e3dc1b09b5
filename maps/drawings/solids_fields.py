"""By which numbers and codes are bodies, samples and blocks in space coloured?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from maps import palettes
from maps.drawings.bench_packing import FIRST, pack, quantise
from maps.drawings.benches import MOST_WORDS, round_breaks
from maps.drawings.grades import breaks_of, class_number, label_of, main_element, unit_of
from maps.drawings.tables import text
from maps.layers import Layer
from maps.mine_words import words_of
from maps.style import class_words
from maps.wording import NOT_KNOWN

Row = Mapping[str, Any]
FloatArray = NDArray[np.float64]


def elements_of(layer: Layer, summary: Row, otherwise: str) -> list[str]:
    """Return the grades that a layer holds, the one that is cut on first."""
    known = (summary.get("drilling") or {}).get("elements") or []
    names = [main_element(summary) or otherwise, *(str(e.get("name")) for e in known)]
    return [name for name in dict.fromkeys(names) if name in layer.features.columns]


def layer_field(layer: Layer, name: str, summary: Row) -> dict[str, Any]:
    """Colour features by a number: the class of each, and what the classes are called."""
    values = np.asarray(layer.features[name].astype(float), dtype=np.float64)
    unit = unit_of(summary, name) or words_of(name)[1]
    breaks = breaks_of(summary, name)
    if breaks is None:
        breaks = round_breaks(values[np.isfinite(values)])
    titles = class_words(breaks, unit)
    fills = palettes.sequence(len(titles))
    classes = [{"label": text(t), "colour": c} for t, c in zip(titles, fills, strict=True)]
    known = [math.isfinite(v) for v in values]
    if not all(known):
        classes.append({"label": text(NOT_KNOWN), "colour": palettes.ABSENT})
    return {
        "name": name,
        "label": text(words_of(name)[0]),
        "classes": classes,
        "of": [
            class_number(float(v), breaks) if there else len(titles)
            for v, there in zip(values, known, strict=True)
        ],
    }


def number_field(name: str, summary: Row, values: FloatArray, levels: int) -> dict[str, Any]:
    """Write numbers of blocks as codes, with their classes and where those begin.

    Parameters
    ----------
    name : str
        Column.
    summary : mapping
        The study's ``summary.json``.
    values : ndarray, shape (n,)
        NaN is not known.
    levels : int
        Steps between the smallest and the largest value, about.

    Returns
    -------
    dict
        Of the shape of `maps.drawings.benches.BenchField`, and ``limits``: the limit between
        classes each, with its unit, as far as there is one.
    """
    breaks = breaks_of(summary, name)
    if breaks is None:
        breaks = round_breaks(values[np.isfinite(values)])
    found = quantise(values, np.ones(len(values), dtype=np.bool_), breaks, levels)
    unit = unit_of(summary, name)
    titles = class_words(breaks, unit)
    return {
        "name": name,
        "label": text(label_of(summary, name)),
        "unit": text(unit),
        "decimals": max(0, -math.floor(math.log10(found.step) + 1e-9)),
        "lo": found.lo,
        "step": found.step,
        "starts": found.starts,
        "limits": [{"number": b, "label": text(f"{b:g} {unit}".strip())} for b in breaks],
        "classes": _classes(titles, palettes.sequence(len(titles)), found.codes),
        "words": [],
        "data": pack(found.codes),
    }


def coded_field(
    name: str, summary: Row, words: tuple[str, ...], codes: NDArray[np.int64]
) -> dict[str, Any]:
    """Write codes of blocks: those beyond the colours share the colour of the last.

    Parameters
    ----------
    name : str
        Column.
    summary : mapping
        The study's ``summary.json``.
    words : tuple of str
        What each code from `FIRST` on is called.
    codes : ndarray of int, shape (n,)
        One below `FIRST` is no code.

    Returns
    -------
    dict
        Of the shape of `maps.drawings.benches.BenchField`.
    """
    titles = [f"pass {w}" if name == "pass_number" else w for w in words]
    shown = titles[:MOST_WORDS]
    if len(titles) > MOST_WORDS:
        shown[-1] = f"one of {len(titles) - MOST_WORDS + 1} others"
    return {
        "name": name,
        "label": text(label_of(summary, name)),
        "unit": "",
        "decimals": 0,
        "lo": 0.0,
        "step": 1.0,
        "starts": tuple(range(FIRST + 1, FIRST + len(shown))),
        "limits": [],
        "classes": _classes(shown, palettes.NAMED[: len(shown)], codes),
        "words": [text(t) for t in titles],
        "data": pack(codes.astype(np.uint16)),
    }


def _classes(
    titles: list[str] | tuple[str, ...], fills: tuple[str, ...], codes: NDArray[Any]
) -> list[dict[str, str]]:
    """Return classes from low to high; where something is not known, that is the last."""
    found = [{"label": text(t), "colour": c} for t, c in zip(titles, fills, strict=True)]
    if (codes < FIRST).any():
        found.append({"label": text(NOT_KNOWN), "colour": palettes.ABSENT})
    return [{"label": str(c["label"]), "colour": str(c["colour"])} for c in found]
