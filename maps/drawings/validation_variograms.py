"""How far do grades run on in each direction, measured and modelled?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps import palettes
from maps.drawings.figures import INVERSE, LOOKS, NEAREST, Look, Said, drawn, legend
from maps.drawings.figures_words import (
    AXES,
    capital,
    element_words,
    finite,
    listed,
    orientation,
    readable,
    squared,
    structure_words,
)
from maps.drawings.tables import Html
from maps.drawings.validation import (
    absent,
    beside,
    columns,
    domains,
    heading,
    paragraph,
    pictured,
    section,
    subheading,
    warned,
)
from maps.wording import number

Row = Mapping[str, Any]

CONVENTION = (
    "Ranges are practical ranges: where a spherical or cubic model reaches its sill, and an "
    "exponential or Gaussian one 95 % of it. Variograms are semivariances. The area of a marker "
    "grows with the number of pairs; a marker on few pairs says little."
)
DRAWN: dict[str, Look] = {"major": LOOKS[0], "semi": NEAREST, "minor": INVERSE}


def variograms(summary: Row) -> Html:
    """Lay out the variogram of every domain and element.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    Html
        Section "variograms".
    """
    body: list[object] = []
    for domain in domains(summary):
        found = listed(domain.get("variograms"))
        if not found:
            name = heading(summary, {"domain": domain.get("id")})
            body.append(absent(f"Variograms of {name}", "no variogram is stated or fitted"))
        for one in found:
            body += _variogram(summary, domain, one)
    if not body:
        body.append(absent("Variograms", "the study names no domain"))
    return section("variograms", "2. Variograms", [paragraph(CONVENTION, "note"), *body])


def _variogram(summary: Row, domain: Row, one: Row) -> list[object]:
    """Say the model of one element, then draw it in its three directions."""
    name = heading(summary, {"domain": domain.get("id"), "element": one.get("element")})
    unit = element_words(summary, one.get("element"))[1]
    figures = [_direction(one, axis, name, unit) for axis in AXES]
    drawn_ones = [figure for figure in figures if figure]
    body: list[object] = [subheading(name), paragraph(model_words(summary, one))]
    body.append(paragraph(orientation(*(one.get(f"{a}_deg") for a in ("azimuth", "dip", "rake")))))
    body.append(warned(one.get("warnings")))
    body.append(beside(drawn_ones) if drawn_ones else absent("Figure", "no pair and no model"))
    return body


def model_words(summary: Row, one: Row) -> str:
    """Say in words where a model comes from, its nugget, sill and ranges.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.
    one : mapping
        A variogram of it.

    Returns
    -------
    str
        A sentence or two.
    """
    unit = element_words(summary, one.get("element"))[1]
    structures = listed(one.get("structures"))
    parts = "; ".join(structure_words(structure, unit) for structure in structures)
    nugget, sill = finite(one.get("nugget")), finite(one.get("sill"))
    share = f", {100 * nugget / sill:.0f} % of the sill" if nugget is not None and sill else ""
    # "same as au_gpt" names a column; the reader gets its words.
    origin = readable(one.get("origin"))
    if str(one.get("origin") or "").startswith("same as "):
        other = element_words(summary, str(one["origin"]).removeprefix("same as "))[0]
        origin = f"the same as that of {other[:1].lower() + other[1:]}, scaled to its own variance"
    on = "normal scores, brought back to grades" if one.get("on") == "normal_scores" else "grades"
    return (
        f"The model is {origin}; measured on {on}. "
        f"Nugget {number(nugget, 3)}{squared(unit)}{share}; "
        f"total sill {number(sill, 3)}{squared(unit)}. "
        + (f"Structures (ranges along the three axes): {parts}." if parts else "No structure.")
    )


def _direction(one: Row, axis: str, name: str, unit: str) -> Html:
    """Draw what was measured and the model along one axis; "" when there is neither."""
    measured = _points(one.get("experimental"), axis)
    model = _points(one.get("modelled"), axis)
    if not measured and len(model) < 2:
        return Html("")
    sill = finite(one.get("sill"))
    look = DRAWN[axis]

    def paint(figure: Any) -> None:
        axes = figure.add_subplot()
        pairs = [finite(r.get("pairs")) or 0.0 for r in measured]
        most = max(pairs, default=1.0) or 1.0
        if measured:
            axes.scatter(
                [r["distance_m"] for r in measured],
                [r["gamma"] for r in measured],
                [12 + 78 * p / most for p in pairs],
                color=look.colour,
                marker=look.marker,
                alpha=0.8,
                linewidths=0,
                label="measured (size: pairs)",
            )
        if model:
            # At 0 a variogram is 0; just beyond it stands at its nugget, and is drawn from there.
            distances, gammas = ([r[k] for r in model] for k in ("distance_m", "gamma"))
            gammas[0] = max(gammas[0], finite(one.get("nugget")) or 0.0)
            axes.plot(distances, gammas, color=palettes.INK, linewidth=1.8, label="model")
        if sill:
            axes.axhline(sill, color=palettes.GREY, linestyle=(0, (2, 3)), label="total sill")
        axes.set(title=capital(AXES[axis]), xlabel="distance, m")
        axes.set_ylabel("semivariance" + (f", ({unit})²" if unit else ""))
        axes.set_xlim(left=0)
        axes.set_ylim(bottom=0)
        legend(figure, axes, 3)

    title = f"Variogram of {name} along the {AXES[axis]}"
    said = Said(title, "Semivariance against distance: measured points and the model.")
    return pictured(drawn(paint, said), _caption(name, axis, measured), _written(measured, model))


def _caption(name: str, axis: str, measured: Sequence[Row]) -> str:
    said = f"{name}, {AXES[axis]}."
    if not measured:
        return f"{said} Nothing was measured along it; the model alone is drawn."
    pairs = [int(finite(r.get("pairs")) or 0) for r in measured]
    return f"{said} Pairs a marker: {min(pairs):,} to {max(pairs):,}."


def _written(measured: Sequence[Row], model: Sequence[Row]) -> Html:
    heads = (("distance_m", "Distance, m"), ("pairs", "Pairs"), ("gamma", "Semivariance"))
    return Html(
        columns(measured, heads, "Measured")
        + columns(model[:: max(1, len(model) // 12)], (heads[0], heads[2]), "Model, some points")
    )


def _points(rows: object, axis: str) -> list[Row]:
    return [
        row
        for row in listed(rows)
        if row.get("direction") == axis
        and finite(row.get("distance_m")) is not None
        and finite(row.get("gamma")) is not None
    ]
