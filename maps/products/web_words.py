"""Which scripts does a map page need, and how do their words reach it in another language?

Words stand in the scripts in English, as ``say("...")``; they are found there, so that no list of
them can fall behind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from maps.languages import Language, translator
from maps.layers import Layer
from maps.products.inline import asset

#: Scripts of every page, in the order in which they are read.
ALWAYS = (
    *("anzob_words.js", "anzob_map.js", "anzob_cuts.js", "anzob_tools.js"),
    "anzob_sections.js",
)
BENCHES, LEVELS, PIT = "anzob_benches.js", "anzob_levels.js", "anzob_pit.js"

#: Words that are chosen in the scripts, or stand in a list there.
CHOSEN = (
    *("N", "S", "E", "W", "t", "kt", "Mt"),
    *("drawn in this year", "drawn before", "still in the ground"),
    *("dug in this year", "dug before", "dug later", "left by the plan"),
)


def scripts_of(
    layers: Sequence[Layer], *, with_benches: bool, with_years: bool = False
) -> tuple[str, ...]:
    """Return the names of the scripts that a page of these layers needs.

    Parameters
    ----------
    layers : sequence of Layer
        Drawn layers.
    with_benches : bool
        Whether it shows a block model.
    with_years : bool
        Whether it shows a pit by year of its plan.

    Returns
    -------
    tuple of str
        In the order in which they are read.
    """
    found = [*ALWAYS, *([BENCHES] if with_benches or with_years else [])]
    if any(layer.name == "stopes" for layer in layers):
        found.append(LEVELS)
    return (*found, *([PIT] if with_years else []))


def labels_in(scripts: Sequence[str]) -> list[str]:
    """Return the English words of some scripts, each once, in order.

    Parameters
    ----------
    scripts : sequence of str
        Names in ``maps/assets``.

    Returns
    -------
    list of str
        Labels; ``{0}``, ``{1}`` ... stand for values.
    """
    found = [label for name in scripts for label in re.findall(r'\bsay\("([^"]*)"', asset(name))]
    return list(dict.fromkeys([*found, *CHOSEN]))


def words_of(scripts: Sequence[str], language: Language) -> dict[str, Any]:
    """Return what the page's scripts read of their language.

    Parameters
    ----------
    scripts : sequence of str
        Names in ``maps/assets``.
    language : {"en", "ru"}
        Language of the study's labels.

    Returns
    -------
    dict
        ``language``, and ``labels``: those that read otherwise than in English.
    """
    translate = translator(language)
    labels = {label: translate(label) for label in labels_in(scripts)}
    return {"language": language, "labels": {k: v for k, v in labels.items() if k != v}}
