"""What do the samples of each domain look like, and what did the top-cut take from them?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps import palettes
from maps.drawings.figures import ESTIMATE, Said, dots, drawn, thinned
from maps.drawings.figures_words import element_words, finite, listed, with_unit
from maps.drawings.tables import Html, table, text
from maps.drawings.validation import (
    absent,
    beside,
    columns,
    count,
    domains,
    heading,
    paragraph,
    pictured,
    section,
    subheading,
)
from maps.wording import number

Row = Mapping[str, Any]

STATISTICS = (
    ("n", "Samples"),
    ("mean", "Mean"),
    ("declustered_mean", "Declustered mean"),
    ("sd", "Standard deviation"),
    ("cv", "Coefficient of variation"),
    ("minimum", "Lowest"),
    ("q25", "Lower quartile"),
    ("median", "Median"),
    ("q75", "Upper quartile"),
    ("maximum", "Highest"),
)
#: Colour of bars; classes this many times wider than the narrowest are gathered tails.
BAR, WIDE = palettes.BLUE, 3.0
#: What a histogram is looked at for.
LOOK_AT_HISTOGRAM = "Look for one hump: two speak for two populations, a long tail for top-cuts."
#: A line of probability every so many per cent, as on probability paper.
SHARES = {1: -2.326, 10: -1.2816, 50: 0.0, 90: 1.2816, 99: 2.326}


def samples(summary: Row) -> Html:
    """Lay out the statistics, distributions and top-cuts of every domain and element.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    Html
        Section "samples".
    """
    body: list[object] = []
    for domain in domains(summary):
        held = count(domain.get("composites"))
        metres = number(finite(domain.get("metres")), 3)
        statistics = listed(domain.get("statistics"))
        body.append(subheading(heading(summary, {"domain": domain.get("id")})))
        body.append(paragraph(f"Composites: {held}; metres drilled in it: {metres}."))
        body.append(_statistics(summary, statistics, listed(domain.get("caps"))))
        figures: list[Html] = []
        for one in statistics:
            element = one.get("element")
            figures += _distribution(summary, domain, element)
        body.append(beside(figures))
        body.append(_caps(summary, listed(domain.get("caps"))))
    if not body:
        body.append(absent("Samples", "the study names no domain"))
    return section("samples", "1. Samples", body)


def _statistics(summary: Row, rows: Sequence[Row], caps: Sequence[Row]) -> Html:
    if not rows:
        return absent("Statistics", "no composite lies in the domain")
    cut = {one.get("element"): finite(one.get("cap")) for one in caps if one.get("n_capped")}
    cells: list[list[object]] = []
    for row in rows:
        top = finite(row.get("maximum"))
        told = cut.get(row.get("element"))
        mark = "<small>top-cut</small>" if None not in (told, top) and told == top else ""
        cells.append(
            [
                *(with_unit(element_words(summary, row.get("element"))), count(row.get("n"))),
                *(number(finite(row.get(key)), 3) for key, _ in STATISTICS[1:-1]),
                Html(f"{text(number(top, 3))}{mark}"),
            ]
        )
    head = ["Grade", *(words for _, words in STATISTICS)]
    return table(head, cells, "Composites used in the estimate")


def _caps(summary: Row, rows: Sequence[Row]) -> Html:
    if not rows:
        return paragraph("No top-cut (cap) was applied.", "note")
    cells = []
    for row in rows:
        words, unit = element_words(summary, row.get("element"))
        cells.append(
            [
                words,
                f"{number(finite(row.get('cap')), 3)} {unit}".strip(),
                count(row.get("n_capped")),
                number(finite(row.get("mean_before")), 3),
                number(finite(row.get("mean_after")), 3),
                f"{number(finite(row.get('metal_removed_pct')))} %",
            ]
        )
    head = ("Grade", "Top-cut", "Samples cut", "Mean before", "Mean after", "Metal removed")
    return table(head, cells, "Effect of the top-cuts (caps)")


def _distribution(summary: Row, domain: Row, element: object) -> list[Html]:
    """Draw the histogram and the log-probability plot of one element."""
    name = heading(summary, {"domain": domain.get("id"), "element": element})
    words = with_unit(element_words(summary, element))
    found = []
    bars = [r for r in listed(domain.get("histogram")) if r.get("element") == element]
    if any(finite(r.get("share")) is not None for r in bars):
        found.append(_histogram(bars, name, words))
    line = [r for r in listed(domain.get("log_probability")) if r.get("element") == element]
    line = [r for r in line if (finite(r.get("value")) or 0) > 0 and _score(r) is not None]
    if len(line) > 1:
        found.append(_log_probability(line, name, words))
    return found or [absent(f"Histogram and log-probability of {name}", "too few samples")]


def _histogram(rows: Sequence[Row], name: str, words: str) -> Html:
    """Draw shares by class; an open class has no width and stands in the table alone."""
    bars = [
        (low, high, 100 * (finite(r.get("share")) or 0.0))
        for r in rows
        if (low := finite(r.get("low"))) is not None and (high := finite(r.get("high"))) is not None
    ]

    narrow = min((high - low for low, high, _ in bars), default=1.0)
    wide = [low for low, high, _ in bars if high - low > WIDE * narrow]

    def paint(figure: Any) -> None:
        axes = figure.add_subplot()
        for low, high, share in bars:
            # A class that gathers a long tail would look heavy at its own width.
            tail = low in wide
            style = {"hatch": "///", "facecolor": palettes.SKY} if tail else {"facecolor": BAR}
            width = narrow if tail else high - low
            axes.bar(low, share, width, align="edge", edgecolor=palettes.WHITE, **style)
        axes.set(title=name, xlabel=words, ylabel="share of the samples, %")
        axes.grid(visible=False, axis="x")

    cells = [
        [
            f"{number(finite(r.get('low')), 3)} to {number(finite(r.get('high')), 3)}",
            f"{number(100 * (finite(r.get('share')) or 0.0))} %",
        ]
        for r in rows
    ]
    left = len(rows) - len(bars)
    caption = f"Histogram of {name}, declustered where weights are known."
    caption += f" {LOOK_AT_HISTOGRAM}"
    caption += f" {left} open classes are in the table alone." if left else ""
    for low in wide:
        caption += f" The hatched bar at {number(low, 3)} takes the whole tail from there on."
    said = Said(f"Histogram of {name}", f"Share of the samples by classes of {words}.")
    return pictured(drawn(paint, said), caption, table((words, "Share"), cells))


def _score(row: Row) -> float | None:
    return finite(row.get("normal_score"))


def _log_probability(rows: Sequence[Row], name: str, words: str) -> Html:
    """Draw grades on a logarithmic axis against probability; a lognormal law is a straight line."""
    kept = [rows[i] for i in thinned(len(rows), 300)]

    def paint(figure: Any) -> None:
        axes = figure.add_subplot()
        axes.set_xscale("log")
        dots(
            axes, [float(r["value"]) for r in kept], [float(_score(r) or 0) for r in kept], ESTIMATE
        )
        axes.set_yticks(list(SHARES.values()), [f"{share}" for share in SHARES])
        axes.xaxis.set_major_formatter("{x:g}")
        # Over less than a decade matplotlib would label these too, in raw mathematical text.
        axes.xaxis.set_minor_formatter("")
        axes.set(title=name, xlabel=f"{words} (log scale)", ylabel="samples below, %")

    said = Said(f"Log-probability plot of {name}", f"Cumulative share of samples against {words}.")
    caption = f"Log-probability plot of {name}: a lognormal grade lies on a straight line."
    caption += " A bend or a gap speaks for mixed populations."
    caption += f" {len(kept)} of {len(rows)} samples are drawn." if len(kept) < len(rows) else ""
    written = columns(kept, (("value", words), ("cumulative_pct", "Samples below, %")))
    return pictured(drawn(paint, said), caption, written)
