"""How do stopes, drillholes, pit and ground become one page that can be turned about in space?

The page carries three.js and all it draws; it makes no request. Where a browser draws no three
dimensions, the page says so and shows its tables.
"""

from __future__ import annotations

from html import escape
from typing import Any

from maps.drawings.solids_scene import scene
from maps.drawings.tables import Html, text
from maps.finished import INVENTED, Finished
from maps.products.inline import asset, json_for_script, licences, secured
from maps.products.localised import localised
from maps.products.web_words import words_of

#: Scripts of this page whose words are translated.
#: In the order in which they are read.
SCRIPTS = (
    *("anzob_words.js", "anzob_model_blocks.js", "anzob_model_pit.js", "anzob_model_shapes.js"),
    *("anzob_model_controls.js", "anzob_model_hands.js", "anzob_model_print.js"),
    "anzob_model.js",
)
#: What a page shows -> how it is called in the sentence under the title.
PARTS = {
    "stopes": "bodies of stopes",
    "holes": "drillholes",
    "samples": "samples by grade",
    "blocks": "blocks of the model",
    "pit": "the pit",
    "ground": "the ground",
}
SYNTHETIC = f'<div class="synthetic" role="note">{INVENTED}</div>'
CANVAS = (
    '<div id="stage"><canvas id="view" tabindex="0" role="application" '
    'aria-label="Model in three dimensions; arrow keys turn it" aria-describedby="seen"></canvas>'
    '<span id="cross" aria-hidden="true"></span><ul id="key" aria-hidden="true"></ul>'
    '<p id="seen" class="spoken" role="status"></p>'
    '<div id="scale" aria-hidden="true"></div>'
    '<svg id="compass" width="112" height="112" viewBox="-56 -56 112 112" aria-hidden="true">'
    '</svg><p id="no-webgl" role="alert" hidden>This browser draws nothing in three dimensions '
    "(WebGL is off or missing). The tables below hold the same figures.</p></div>"
)
HOW = (
    "Drag: turn. Shift and drag, right button or two fingers: move. Wheel or pinch: zoom. "
    "Click: facts.",
    "Keys: arrows turn, shift and arrows move, + and - zoom, Home shows all, Enter tells of the "
    "middle.",
    "Keys for views: P plan, N looking north, E looking east, O oblique.",
)


def model_page(finished: Finished) -> str | None:
    """Write the page of a study in three dimensions.

    Parameters
    ----------
    finished : Finished
        A study.

    Returns
    -------
    str or None
        HTML that makes no request; equal input gives equal text. None where the study holds
        nothing in space: published evidence has no bodies.
    """
    drawn = scene(finished)
    if drawn is None:
        return None
    study = finished.summary.get("study", {})
    title = str(finished.settings.title or study.get("title") or study.get("name") or "Study")
    scripts = ("three.min.js", *SCRIPTS)
    own = "".join(f"<script>{asset(name)}</script>\n" for name in scripts)
    words = json_for_script(words_of(SCRIPTS, finished.settings.language))
    body = (
        f"{SYNTHETIC if finished.synthetic else ''}{_head(title, drawn)}"
        f'<main>{CANVAS}<div id="panel" role="group" aria-label="What is shown"></div></main>'
        f'<section id="tables" aria-label="Tables"></section>'
        f'<footer><p>{escape(finished.disclaimer)}</p><p class="stamp">'
        f"{escape(finished.stamp.line(finished.translate))}</p></footer>"
        f'<script type="application/json" id="model">{json_for_script(drawn)}</script>\n'
        f'<script type="application/json" id="words">{words}</script>\n'
        f"<!--\n{licences(scripts)}\n-->\n{own}"
    )
    page = (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{asset('anzob_model.css')}</style>\n</head>\n"
        f"<body>\n{body}</body>\n</html>\n"
    )
    return secured(localised(page, finished.settings.language))


def _head(title: str, drawn: dict[str, Any]) -> Html:
    """Say what the page shows, from what the study has, and how it is handled."""
    there = [words for key, words in PARTS.items() if drawn[key] is not None]
    how = "".join(f"<p>{text(line)}</p>" for line in HOW)
    listed = text(", ".join(there))
    return Html(
        f"<header><h1>{text(title)}</h1><p><span>In three dimensions: {listed}</span>. "
        "<span>Optimised shapes, no mine design.</span></p>"
        f'<details><summary>How to turn it</summary><div id="how">{how}</div></details></header>'
    )
