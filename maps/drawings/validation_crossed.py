"""How well are samples estimated from the others, and is the estimate unbiased?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps import palettes
from maps.drawings.figures import ESTIMATE, MOST_POINTS, Said, dots, drawn, legend, thinned
from maps.drawings.figures_words import element_words, finite, listed, with_unit
from maps.drawings.tables import Html, table, text
from maps.drawings.validation import (
    absent,
    beside,
    count,
    heading,
    in_order,
    paragraph,
    part,
    per_cent,
    pictured,
    section,
    subheading,
    unit_of,
)
from maps.wording import number, share

Row = Mapping[str, Any]

#: A mean error within this share of the mean is called none [fraction]; the slope likewise.
UNBIASED, SLOPE = 0.05, 0.1
#: What the two figures are looked at for.
LINE = (
    "Points should lie evenly about the dashed line; flatter than it means that rich estimates are "
    "too rich."
)
LIMITS = "About 95 % should lie between the dashed lines, as many below 0 as above."
#: A standardised variance between these says that the kriging variance is about right.
RIGHT = (0.75, 1.33)


def crossed(summary: Row) -> Html:
    """Lay out the cross-validation of every domain and element.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    Html
        Section "cross-validation".
    """
    validation = part(summary, "validation")
    rows = listed(validation.get("cross_validation"))
    body: list[object] = []
    for row in in_order(summary, rows):
        body.append(subheading(heading(summary, row)))
        body.append(paragraph(in_words(row, unit_of(summary, row.get("element")))))
        body.append(_numbers(row, unit_of(summary, row.get("element"))))
        body.append(beside(_figures(summary, row, listed(validation.get("scatter")))))
    if not rows:
        body.append(absent("Cross-validation", "fewer than two holes, or it was not asked for"))
    return section("cross-validation", "3. Cross-validation", body)


def in_words(row: Row, unit: str = "") -> str:
    """Say whether the estimate is unbiased, and whether its variance can be trusted.

    Parameters
    ----------
    row : mapping
        A row of the cross-validation's summary.
    unit : str
        Of the grade.

    Returns
    -------
    str
        Sentences; what is not known says so.
    """
    if row.get("remark"):
        return f"Nothing can be said: {row['remark']}."
    relative, slope = finite(row.get("mean_relative_error")), finite(row.get("slope"))
    spread = finite(row.get("standardised_variance"))
    error = f"{number(finite(row.get('mean_error')), 2)} {unit}".strip()
    said = [f"Mean error {error} ({per_cent(relative)} of the mean):"]
    if relative is None:
        said.append("whether the estimate is biased is not known.")
    elif abs(relative) <= UNBIASED:
        said.append("unbiased over all samples, within 5 %.")
    else:
        said.append(f"biased: the estimate is too {'high' if relative > 0 else 'low'} on average.")
    said.append(_slope_words(slope))
    if spread is not None and not RIGHT[0] <= spread <= RIGHT[1]:
        more = "larger" if spread > 1 else "smaller"
        said.append(f"Errors are {more} than the kriging variance says.")
    elif spread is not None:
        said.append("Errors are about as large as the kriging variance says.")
    return " ".join(said)


def _slope_words(slope: float | None) -> str:
    if slope is None:
        return "The slope of true grade on estimate is not known."
    head = f"Slope of true grade on estimate {slope:.2f}:"
    if abs(slope - 1) <= SLOPE:
        return f"{head} no conditional bias to speak of."
    if slope < 1:
        return f"{head} high estimates are too high, low ones too low (conditional bias)."
    return f"{head} the estimate is smoother than need be."


def _numbers(row: Row, unit: str) -> Html:
    grade = f" {unit}" if unit else ""
    done = f"{count(row.get('n_estimated'))} of {count(row.get('n'))}"
    lines = [
        ("Samples estimated from the others", done, "all"),
        ("Mean of the true grades", number(finite(row.get("mean_true")), 3) + grade, ""),
        ("Mean of the estimates", number(finite(row.get("mean_estimate")), 3) + grade, ""),
        ("Mean error (estimate less true)", number(finite(row.get("mean_error"))) + grade, "0"),
        ("Mean squared error", number(finite(row.get("mean_squared_error")), 3), "small"),
        ("Correlation", number(finite(row.get("correlation"))), "1"),
        ("Slope of true grade on estimate", number(finite(row.get("slope")), 3), "1"),
        ("Mean of standardised errors", number(finite(row.get("standardised_mean"))), "0"),
        ("Variance of standardised errors", number(finite(row.get("standardised_variance"))), "1"),
        ("Errors within the 95 % limits", share(finite(row.get("share_within_95"))), "95 %"),
    ]
    return table(("What", "Found", "Best"), lines, "Cross-validation in figures")


def _figures(summary: Row, row: Row, scatter: Sequence[Row]) -> list[Html]:
    """Draw true against estimate, and the standardised errors."""
    element, domain = row.get("element"), row.get("domain")
    mine = [
        r
        for r in scatter
        if r.get("element") == element and (domain is None or r.get("domain") in (domain, None))
    ]
    points = [r for r in mine if None not in (finite(r.get("true")), finite(r.get("estimate")))]
    if len(points) < 2:
        return [absent("Scatter of true grade and estimate", "fewer than two samples estimated")]
    errors = [e for r in points if (e := finite(r.get("standardised_error"))) is not None]
    name = heading(summary, row)
    # The summary itself may hold every few samples of many.
    known = max(len(points), int(finite(row.get("n_estimated")) or 0))
    found = [_scatter(points, name, with_unit(element_words(summary, element)), known)]
    return [*found, _errors(errors, name, known)] if len(errors) > 1 else found


def _scatter(points: Sequence[Row], name: str, words: str, known: int) -> Html:
    kept = [points[i] for i in thinned(len(points))]
    top = max(max(float(r["true"]), float(r["estimate"])) for r in points)

    def paint(figure: Any) -> None:
        axes = figure.add_subplot()
        xs, ys = ([float(r[k]) for r in kept] for k in ("estimate", "true"))
        dots(axes, xs, ys, ESTIMATE)
        line = {"color": palettes.VERMILLION, "linestyle": (0, (5, 2))}
        axes.plot([0, top], [0, top], label="estimate = true grade", **line)
        axes.set(title=name, xlabel=f"estimate: {words}", ylabel=f"true: {words}")
        axes.set_aspect("equal")
        legend(figure, axes)

    caption = f"{name}: true grade of each sample against its estimate from the others. {LINE}"
    if len(kept) < known:
        caption += f" {len(kept):,} of {known:,} samples are drawn, evenly taken."
    said = Said(f"True grade against estimate, {name}", f"Scatter of {len(kept)} samples, {words}.")
    return pictured(drawn(paint, said, 390), caption, _lines(kept))


def _lines(points: Sequence[Row]) -> Html:
    """Write the points of a scatter as plain lines: a table of a thousand rows would weigh more."""
    lines = []
    for r in points:
        three = (number(finite(r.get(k)), 3) for k in ("estimate", "true", "standardised_error"))
        lines.append("; ".join([str(r.get("hole", "")), *three]))
    said = text("\n".join(lines))
    most = f"<p>At most {MOST_POINTS:,} samples; their source is summary.json.</p>"
    head = "<p>Drillhole; estimate; true grade; standardised error</p>"
    box = '<div class="points" tabindex="0" role="group" aria-label="Points">'
    return Html(f"{most}{head}{box}<pre>{said}</pre></div>")


def _errors(errors: Sequence[float], name: str, known: int) -> Html:
    """Draw standardised errors by half standard deviations; the ends take what lies beyond."""
    edges = [-4.0 + 0.5 * i for i in range(17)]
    counts = [0] * 16
    for error in errors:
        counts[min(15, max(0, int((error + 4.0) // 0.5)))] += 1
    shares = [100 * n / len(errors) for n in counts]

    def paint(figure: Any) -> None:
        axes = figure.add_subplot()
        axes.bar(
            edges[:-1], shares, 0.5, align="edge", color=palettes.BLUE, edgecolor=palettes.WHITE
        )
        for limit in (-1.96, 1.96):
            words = "95 % limits of the normal law" if limit > 0 else None
            style = {"color": palettes.VERMILLION, "linestyle": (0, (5, 2))}
            axes.axvline(limit, label=words, **style)
        axes.set(title=name, xlabel="error / kriging standard deviation", ylabel="samples, %")
        axes.grid(visible=False, axis="x")
        legend(figure, axes)

    cells = [
        [_class(i, low), number(100 * n / len(errors)) + " %", f"{n:,}"]
        for i, (low, n) in enumerate(zip(edges, counts, strict=False))
    ]
    said = Said(f"Standardised errors, {name}", "Histogram; the ends take what lies beyond.")
    caption = (
        f"{name}: standardised errors; the first and last bars take what lies beyond. {LIMITS}"
    )
    caption += f" {len(errors):,} of {known:,} samples are counted." if len(errors) < known else ""
    written = table(("Standardised error", "Share", "Samples"), cells)
    return pictured(drawn(paint, said, 390), caption, written)


def _class(number_of: int, low: float) -> str:
    if number_of == 0:
        return f"below {low + 0.5:g}"
    return f"{low:g} and more" if number_of == 15 else f"{low:g} to {low + 0.5:g}"
