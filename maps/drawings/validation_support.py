"""Is the model as smooth as blocks of its size should be?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps.drawings.drilling import missed
from maps.drawings.figures import Said, drawn, legend, look_of
from maps.drawings.figures_words import (
    capital,
    curve_words,
    element_words,
    finite,
    listed,
    readable,
    with_unit,
)
from maps.drawings.tables import Html
from maps.drawings.validation import (
    absent,
    beside,
    columns,
    domains,
    grouped,
    paragraph,
    part,
    pictured,
    section,
    subheading,
    warned,
)
from maps.drawings.validation_means import groups_of
from maps.wording import number

Row = Mapping[str, Any]
#: Sources of one figure by name -> rows with "cutoff" and what is drawn.
Curves = Mapping[str, Sequence[Row]]

TRUTH = "the truth (SYNTHETIC)"
#: What the curves are looked at for.
LOOK_AT_BLOCKS = "The model's line should follow the theory of blocks, not that of samples."
LOOK_AT_TRUTH = "The model's line should follow the truth."
READING = (
    "Grades of large blocks vary less than grades of samples. The discrete Gaussian model and the "
    "affine correction foretell by how much; a model that is smoother still understates the "
    "tonnes and the grade above a high cut-off."
)


def supports(summary: Row) -> Html:
    """Lay out tonnage and grade curves: samples, theory at block support, the model, the truth.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    Html
        Section "support".
    """
    validation = part(summary, "validation")
    checks = part(validation, "smoothing") or part(validation, "change_of_support")
    body: list[object] = [paragraph(READING, "note")]
    for name, check in checks.items():
        if isinstance(check, Mapping):
            body += _check(summary, str(name), check)
    if not checks:
        body = [absent("Change of support", "it needs samples and estimated blocks of a domain")]
    body.append(_truth(summary))
    return section("support", "6. Change of support", body)


def _check(summary: Row, name: str, check: Row) -> list[object]:
    """Say how smooth the model of one element is, then draw it."""
    title, words = _named(summary, name)
    body: list[object] = [subheading(title)]
    body.append(paragraph(check.get("sentence") or "Smoothing was not judged."))
    both = (number(finite(check.get(k)), 3) for k in ("model_variance", "block_variance"))
    body.append(paragraph("Variance of the model's blocks {}; foretold {}.".format(*both), "note"))
    body.append(warned(check.get("warnings")))
    rows = listed(check.get("curves"))
    found = {curve_words(key[0]): group for key, group in grouped(rows, "curve").items()}
    if not found:
        return [*body, absent("Tonnage and grade curves")]
    shares = _curves(found, ("tonnage_share", "share of tonnes above it, %", 100.0), title, words)
    grades = _curves(found, ("mean_above", f"mean above it, {_lower(words)}", 1.0), title, words)
    return [*body, beside([shares, grades])]


def _named(summary: Row, name: str) -> tuple[str, str]:
    """Return title and grade of a check that is named by element, or by domain and element."""
    drilling = listed(part(summary, "drilling").get("elements"))
    known = [str(one.get("name")) for one in drilling]
    known += [
        str(one.get("element")) for d in domains(summary) for one in listed(d.get("statistics"))
    ]
    element = next((e for e in sorted(set(known), key=len, reverse=True) if e in name), None)
    if element is None:
        return capital(readable(name)), "grade"
    left = name.replace(element, "").strip(" ,:/_-").removeprefix("domain").strip()
    titles = {str(d.get("id")): str(d.get("title") or d.get("id")) for d in domains(summary)}
    words = element_words(summary, element)
    where = titles.get(left, readable(left)) if left else "all domains"
    return f"{capital(where)}: {words[0]}", with_unit(words)


def _curves(found: Curves, what: tuple[str, str, float], name: str, words: str) -> Html:
    """Draw one quantity of every source against the cut-off; "" when nothing is known."""
    key, ordinate, scale = what
    lines = {source: _known(rows, key, scale) for source, rows in found.items()}
    if not any(lines.values()):
        return Html("")

    def paint(figure: Any) -> None:
        axes = figure.add_subplot()
        for source, points in lines.items():
            style = look_of(source).options()
            if points:
                axes.plot(*zip(*points, strict=True), label=capital(source), **style)
        axes.set(title=name, xlabel=f"cut-off, {_lower(words)}", ylabel=ordinate)
        axes.set_ylim(bottom=0)
        legend(figure, axes, 1)

    rows = [
        {"curve": capital(source), "cutoff": x, "found": y}
        for source, points in lines.items()
        for x, y in points
    ]
    heads = (("curve", "Curve"), ("cutoff", f"Cut-off, {words}"), ("found", capital(ordinate)))
    said = Said(f"{name}: {ordinate}", f"Against the cut-off: {', '.join(lines)}.")
    caption = f"{name}: {ordinate}. {LOOK_AT_TRUTH if TRUTH in lines else LOOK_AT_BLOCKS}"
    return pictured(drawn(paint, said, 360), caption, columns(rows, heads))


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _known(rows: Sequence[Row], key: str, scale: float) -> list[tuple[float, float]]:
    found = [(finite(row.get("cutoff")), finite(row.get(key))) for row in rows]
    return sorted((x, y * scale) for x, y in found if x is not None and y is not None)


def _truth(summary: Row) -> Html:
    """Draw the model's tonnes and grade against those of an invented deposit."""
    tonnage = part(summary, "tonnage")
    truth = listed(tonnage.get("truth"))
    if not truth:
        return Html("")
    field = str(tonnage.get("cut_field") or "")
    words = with_unit(element_words(summary, field))
    found: dict[str, list[Row]] = {
        "blocks of the model": _added(groups_of(tonnage), field),
        TRUTH: _added(truth, field),
    }
    name = "Whole model against the truth (SYNTHETIC)"
    ore = _curves(found, ("ore_t", "ore above it, Mt", 1e-6), name, words)
    grade = _curves(found, ("grade", f"mean above it, {_lower(words)}", 1.0), name, words)
    about = "The deposit is invented, so that its true blocks are known; a real one has no truth."
    by = paragraph(missed(summary)) if missed(summary) else ""
    return Html(subheading(name) + paragraph(about) + by + beside([ore, grade]))


def _added(rows: Sequence[Row], field: str) -> list[Row]:
    """Add up groups by cut-off; a grade is the mean weighted by ore."""
    found: list[Row] = []
    for group in grouped(rows, "cutoff").values():
        pairs = [(finite(r.get("ore_t")), _grade(r, field)) for r in group]
        ore = sum(t for t, _ in pairs if t is not None)
        known = [(t, g) for t, g in pairs if t is not None and g is not None]
        tonnes = sum(t for t, _ in known)
        mean = sum(t * g for t, g in known) / tonnes if tonnes > 0 else None
        found.append({"cutoff": group[0].get("cutoff"), "ore_t": ore, "grade": mean})
    return found


def _grade(row: Row, field: str) -> float | None:
    """Return a grade that stands in the row itself or under its grades."""
    return finite(row.get(field, part(row, "grades").get(field)))
