"""Does the estimate follow the samples from slice to slice through the ground?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps import palettes
from maps.drawings.figures import Said, drawn, legend, look_of
from maps.drawings.figures_words import (
    capital,
    direction_words,
    element_words,
    finite,
    listed,
    readable,
    with_unit,
)
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
    position,
    section,
    subheading,
)
from maps.wording import number

Row = Mapping[str, Any]

READING = (
    "Mean grades of slices through the model. The estimate should run through the middle of the "
    "declustered samples and be smoother; where bars are short, few samples speak."
)


def swath_plots(summary: Row) -> Html:
    """Lay out the swaths of every element, and domain where they are told apart.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    Html
        Section "swaths".
    """
    rows = listed(part(summary, "validation").get("swaths"))
    body: list[object] = [paragraph(READING, "note")]
    for group in grouped(in_order(summary, rows), "domain", "element").values():
        body.append(subheading(heading(summary, group[0])))
        words = with_unit(element_words(summary, group[0].get("element")))
        ways = grouped(group, "direction").values()
        body.append(beside([_swath(way, heading(summary, way[0]), words) for way in ways]))
    if not rows:
        body = [absent("Swaths", "no block is estimated")]
    return section("swaths", "4. Swaths", body)


def _swath(rows: Sequence[Row], name: str, words: str) -> Html:
    """Draw the means of each source along one direction, samples in each slice under them."""
    sources = grouped(rows, "source")
    way = direction_words(rows[0].get("direction"))
    if not any(finite(row.get("mean")) is not None for row in rows):
        return absent(f"{name}, {way}", "no slice holds a grade")

    def paint(figure: Any) -> None:
        over, under = figure.subplots(2, 1, sharex=True, height_ratios=(3.2, 1))
        for i, ((source,), lines) in enumerate(sources.items()):
            style = look_of(source, i - 1).options()
            places, means = _line(lines)
            # A lone sample mean is seen by its marker alone; of the others every few suffice.
            every = 1 if "sample" in source.lower() else max(1, len(places) // 12)
            over.plot(places, means, markevery=every, label=capital(readable(source)), **style)
        for low, high, n in _bars(sources):
            under.bar(
                low, n, high - low, align="edge", color=palettes.FAINT[0], edgecolor=palettes.WHITE
            )
        over.set(title=way, ylabel=words)
        over.set_ylim(bottom=0)
        under.set(xlabel=f"{way}, m", ylabel="samples")
        under.locator_params(axis="x", nbins=5)
        under.locator_params(axis="y", nbins=3, integer=True)
        under.xaxis.set_major_formatter("{x:,.0f}")
        legend(figure, over)

    said = Said(f"Swath of {name}, {way}", f"{words} of each source by slice; samples as bars.")
    caption = f"{name}, {way}: mean of each slice; bars count the samples in it."
    return pictured(drawn(paint, said, 380), caption, _written(rows, sources, way))


def _line(rows: Sequence[Row]) -> tuple[list[float], list[float]]:
    """Places and means along a swath; a slice without a grade leaves a gap, not a bridge."""
    nan = float("nan")
    placed = [(c, finite(r.get("mean"))) for r in rows if (c := _centre(r)) is not None]
    return [c for c, _ in placed], [nan if mean is None else mean for _, mean in placed]


def _centre(row: Row) -> float | None:
    return finite(row.get("centre_m"))


def _bars(sources: Mapping[tuple[Any, ...], Sequence[Row]]) -> list[tuple[float, float, float]]:
    """Slices and numbers of samples in them, of the first source that is called samples."""
    for (source,), rows in sources.items():
        if "sample" in source.lower():
            return [
                (low, high, finite(r.get("n")) or 0.0)
                for r in rows
                if (low := finite(r.get("from_m"))) is not None
                and (high := finite(r.get("to_m"))) is not None
            ]
    return []


def _written(
    rows: Sequence[Row], sources: Mapping[tuple[Any, ...], Sequence[Row]], way: str
) -> Html:
    """Write one row a slice with a grade, one column a source."""
    cells: list[list[object]] = []
    by_place = grouped(rows, "centre_m")
    for group in by_place.values():
        if all(finite(row.get("mean")) is None for row in group):
            continue
        found = {str(row.get("source")): row for row in group}
        line: list[object] = [position(group[0].get("centre_m"))]
        for (source,) in sources:
            mean = finite(found.get(source, {}).get("mean"))
            line.append("–" if mean is None else number(mean, 3))
        counted = [r for (source, r) in found.items() if "sample" in source.lower()]
        line.append(count(counted[0].get("n")) if counted else None)
        cells.append(line)
    names = [capital(readable(source)) for (source,) in sources]
    return table([f"{way}, m", *names, "Samples"], cells, "Middle of each slice that has a grade")
