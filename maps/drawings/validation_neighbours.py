"""Which search, block and discretisation does the kriging itself suggest?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps import palettes
from maps.drawings.figures import LOOKS, NEAREST, Said, drawn, legend
from maps.drawings.figures_words import VARIED, capital, finite, listed, readable
from maps.drawings.tables import Html, table
from maps.drawings.validation import (
    absent,
    beside,
    count,
    grouped,
    heading,
    in_order,
    paragraph,
    part,
    pictured,
    section,
    subheading,
)
from maps.wording import number, share

Row = Mapping[str, Any]

READING = (
    "Kriging neighbourhood analysis: test blocks are kriged with one choice varied at a time. What "
    "is marked is a suggestion of a rule, not a verdict; the study's own choice stands in its file."
)
LOOK_AT = (
    "Slope and efficiency should be high, negative weights few; where the lines level off, more "
    "brings nothing."
)
QUALITIES = (
    ("slope", "slope", LOOKS[0]),
    ("efficiency", "efficiency", NEAREST),
    ("negative_weight_share", "share of negative weights", LOOKS[2]),
)


def neighbours(summary: Row) -> Html:
    """Lay out the neighbourhood analysis of every domain that has one.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    Html
        Section "neighbourhoods".
    """
    validation = part(summary, "validation")
    rows = listed(validation.get("neighbourhoods") or validation.get("kna"))
    advised = listed(validation.get("suggestions"))
    body: list[object] = [paragraph(READING, "note")]
    for group in grouped(in_order(summary, rows), "domain", "element").values():
        first = group[0]
        body.append(subheading(heading(summary, first)))
        mine = [
            s
            for s in advised
            if all(s.get(k) in (None, first.get(k)) for k in ("domain", "element"))
        ]
        ways = grouped(group, "varied")
        body.append(_suggestions(mine))
        body.append(beside([_tried(way, mine, heading(summary, first)) for way in ways.values()]))
    if not rows:
        body = [absent("Neighbourhood analysis", "it was not asked for, or no block is estimated")]
    return section("neighbourhoods", "7. Kriging neighbourhood analysis", body)


def _suggestions(rows: Sequence[Row]) -> Html:
    cells = [
        [
            VARIED.get(str(row.get("varied")), capital(readable(row.get("varied")))),
            "none" if row.get("option") is None else str(row["option"]),
            str(row.get("reason") or ""),
        ]
        for row in rows
    ]
    return table(("What is varied", "Suggestion", "Why"), cells, "Suggestions, no verdicts")


def _tried(rows: Sequence[Row], advised: Sequence[Row], name: str) -> Html:
    """Draw slope, efficiency and negative weights over the options of one choice."""
    varied = str(rows[0].get("varied"))
    words = VARIED.get(varied, capital(readable(varied)))
    whole = [row for row in rows if row.get("blocks") in (None, "all")]
    options = [str(row.get("option")) for row in whole]
    chosen = next((str(s.get("option")) for s in advised if s.get("varied") == varied), None)
    if not any(finite(row.get("slope")) is not None for row in whole):
        return absent(f"{name}, {words}", "no test block was estimated")

    def paint(figure: Any) -> None:
        axes = figure.add_subplot()
        for key, label, look in QUALITIES:
            ys = [_or_gap(row.get(key)) for row in whole]
            axes.plot(range(len(ys)), ys, label=capital(label), **look.options())
        if chosen in options:
            place = options.index(chosen)
            style = {"color": palettes.GREY, "linestyle": (0, (2, 2)), "linewidth": 1.5}
            axes.axvline(place, label=f"Suggestion: {chosen}", **style)
        axes.set_xticks(range(len(options)), options)
        if max(map(len, options)) > 5:
            axes.set_xticks(range(len(options)), options, rotation=20, ha="right")
        axes.set(title=words, xlabel=words, ylabel="mean over test blocks, fraction")
        legend(figure, axes)

    said = Said(f"{name}, {words}", "Slope, efficiency and negative weights by option.")
    caption = f"{name}: {words[:1].lower() + words[1:]}, all test blocks together. {LOOK_AT}"
    return pictured(drawn(paint, said, 330), caption, _written(rows, words))


def _or_gap(value: object) -> float:
    found = finite(value)
    return float("nan") if found is None else found


def _written(rows: Sequence[Row], words: str) -> Html:
    cells = [
        [
            str(row.get("option")),
            readable(row.get("blocks") or "all"),
            f"{count(row.get('n_estimated'))} of {count(row.get('n'))}",
            number(finite(row.get("slope")), 3),
            number(finite(row.get("efficiency")), 3),
            share(finite(row.get("negative_weight_share"))),
            number(finite(row.get("n_samples"))),
        ]
        for row in rows
    ]
    head = (words, "Test blocks", "Estimated", "Slope", "Efficiency", "Negative weights", "Samples")
    return table(head, cells)
