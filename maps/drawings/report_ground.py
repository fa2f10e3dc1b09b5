"""What does a report say of the ground: on which evidence, how much, how rich, how well checked?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps.drawings.curves import grade_tonnage_curve, support_curve
from maps.drawings.drillhole_facts import domains, estimation, samples
from maps.drawings.drilling import grade_tonnage as drilled_tonnage
from maps.drawings.drilling import is_drilled, missed
from maps.drawings.grades import label_of, main_element, unit_of, without_columns
from maps.drawings.headline import headline_cutoff
from maps.drawings.headline import support as supports
from maps.drawings.report_parts import (
    bare_section,
    beside,
    figure,
    folded,
    heading,
    items,
    paragraph,
    pictures,
    without_pictures,
)
from maps.drawings.results import by_model, model_name, rows_of_field, tables_of
from maps.drawings.tables import Html, claims, grade_tonnage, sources, spread, table, text
from maps.drawings.validation import columns, count, part
from maps.drawings.validation_crossed import crossed
from maps.drawings.validation_means import means
from maps.drawings.validation_swaths import swath_plots
from maps.languages import Translate
from maps.wording import gold, mass, number, texts

Row = Mapping[str, Any]

SAID_CURVES = (
    "Left: ore left above a rising cut-off; right: its mean grade. Read across at a cut-off: what "
    "is richer is less. Shaded: P10 to P90 of the draws; dashed: ASSUMED cases."
)
#: What stands over cases that nobody published of the deposit.
BOUNDING = "Bounding cases, assumed: nobody published these tonnages of the deposit"
SAID_SUPPORT = (
    "The larger the piece that is mined as one, the less of the ore reaches the cut-off: rich "
    "samples and a lean feed are both true."
)


def evidence(summary: Row, say: Translate) -> list[object]:
    """Lay out statements or drilling, layers, and sources with what each is used for."""
    body: list[object] = []
    if is_drilled(summary):
        body += [samples(summary), domains(summary), heading(say("How the blocks were estimated"))]
        body.append(estimation(summary))
    for field in summary.get("fields") or []:
        body.append(heading(field.get("name") or field.get("id")))
        body.append(paragraph(field.get("note"), "note"))
        body.append(_statements(field, say))
    body.append(_layers(summary, say))
    found = next((t for t in tables_of(summary) if t.name == "sources"), None)
    if found is not None:
        rows = [{str(k): v for k, v in row.items()} for row in found.rows.to_dict("records")]
        listed = Html(f'<div class="sources">{sources(rows)}</div>')
        body.append(folded(f"{say('Sources')} ({len(rows)})", listed))
    return body


def _statements(field: Row, say: Translate) -> Html:
    heads = ("Statement", "Ore", "Grade, % Sb", "Sb metal", "Gold", "Kind", "Source")
    rows = field.get("statements") or []
    apart = [row for row in rows if row.get("role") == "bounding"]
    told = [row for row in rows if row.get("role") != "bounding"]
    both = ((told, "Published statements; unknown is not known"), (apart, BOUNDING))
    named = [say(h) for h in heads]
    return Html(
        "".join(
            table(named, [_statement(r, say) for r in each], say(title)) for each, title in both
        )
    )


def _statement(row: Row, say: Translate) -> list[object]:
    """Lay out one statement; a category that is not stated is said to be one."""
    name = str(row.get("model") or row.get("id") or "").replace("_", " ")
    category = str(row.get("category") or "")
    category = say("category not stated") if category == "not stated" else category
    beside_ = ", ".join(str(each) for each in (category, row.get("year")) if each)
    return [
        Html(f"{text(name)}<small>{text(beside_)}</small>"),
        spread(row.get("ore_t"), mass),
        spread(row.get("sb_pct"), number),
        spread(row.get("sb_t"), mass),
        spread(row.get("au_kg"), gold),
        row.get("kind"),
        "; ".join(texts(row.get("source"))) or None,
    ]


def _layers(summary: Row, say: Translate) -> Html:
    heads = ("Layer", "Features", "Stated in", "Source")
    body: list[list[object]] = [
        [
            row.get("title") or row.get("name"),
            say("raster") if row.get("role") == "raster" else count(row.get("features")),
            row.get("crs_found"),
            row.get("source"),
        ]
        for row in summary.get("layers") or []
    ]
    return table([say(h) for h in heads], body, say("Layers of the map"))


def public_claims(summary: Row, say: Translate) -> list[object]:
    """Lay out the claims of the public story, the finding beside each."""
    rows = summary.get("claims") or []
    if not rows:
        return []
    counted: dict[str, int] = {}
    for row in rows:
        name = str(row.get("finding") or "")
        counted[name] = counted.get(name, 0) + 1
    said = ", ".join(f"{n} {say(name)}" for name, n in counted.items())
    return [paragraph(f"{len(rows)} {say('claims checked')}: {said}."), claims(rows)]


def tonnage(summary: Row, say: Translate) -> list[object]:
    """Lay out grade and tonnage above cut-offs: pictures, P10 to P90, tables."""
    if is_drilled(summary):
        return _drilled(summary, say)
    body: list[object] = []
    named = [(str(f["id"]), f.get("name") or f["id"]) for f in summary.get("fields") or []]
    for name, title in [*named, ("all", say("All fields together"))]:
        rows = rows_of_field(summary, name)
        if not rows:
            continue
        models = {
            ("ASSUMED: " if role == "bounding" else "") + model_name(group): group
            for (role, _), group in by_model(rows).items()
        }
        drawn = grade_tonnage_curve(models)
        laid = grade_tonnage(rows)
        body.append(heading(title))
        caption = f"{title}. {say(SAID_CURVES)}"
        body.append(beside([figure(drawn, caption, laid, say)]) if drawn else laid)
    body.append(_rich(summary, say))
    rows = part(summary, "support").get("rows") or []
    if rows:
        body.append(heading(say("Why rich samples and a lean feed are both true")))
        cutoff = float(part(summary, "support").get("cutoff_sb_pct") or 0.0)
        laid = without_pictures(supports(summary))
        caption = f"{cutoff:g} % Sb. {say(SAID_SUPPORT)} {say('Kind: assumed.')}"
        body.append(beside([figure(support_curve(rows, cutoff), caption, laid, say)]))
    return body


def _rich(summary: Row, say: Translate) -> Html:
    laid = headline_cutoff(summary)
    title = say("What ore above the headline cut-off would mean")
    return Html(f"{heading(title)}{laid}") if laid else Html("")


def _drilled(summary: Row, say: Translate) -> list[object]:
    found = part(summary, "tonnage")
    laid = drilled_tonnage(summary)
    drawn = pictures(laid)
    truth = found.get("truth") or []
    said = (
        "By class. Left: ore above a rising cut-off; right: its mean grade. One estimate: the "
        "blocks were not simulated, so no P10 to P90 is shown.",
        "The estimate beside the truth that only an invented deposit has. Where the lines part, "
        "the estimate is smoother than the ground.",
    )
    behind = [_cuts(summary, found.get("rows") or [], say)]
    whole = [{"class": say("the estimate, all classes"), **r} for r in found.get("whole") or []]
    marked = [{**r, "class": say("the truth (SYNTHETIC)")} for r in truth]
    behind.append(_cuts(summary, [*whole, *marked], say))
    figures = [
        figure(svg, say(caption), rows, say)
        for svg, caption, rows in zip(drawn, said, behind, strict=False)
    ]
    title = say("Tables of every class at every cut-off")
    return [beside(figures), folded(title, without_pictures(laid))] if laid else []


def _cuts(summary: Row, rows: Sequence[Row], say: Translate) -> Html:
    element = main_element(summary)
    stem = element.rpartition("_")[0]
    wanted = (
        ("class", say("Class")),
        ("cutoff", f"{say('Cut-off')}, {unit_of(summary, element)}"),
        ("ore_t", say("Ore, t")),
        (element, f"{label_of(summary, element)}, {unit_of(summary, element)}"),
        (f"{stem}_t", f"{label_of(summary, element)}, t"),
    )
    return columns(rows, wanted, say("Above each cut-off"))


def validation(summary: Row, say: Translate) -> list[object]:
    """Lay out what the checks of an estimate say, with pictures of its main element."""
    found = part(summary, "validation")
    if not found:
        return []
    smoothing = [c for c in part(found, "smoothing").values() if isinstance(c, Mapping)]
    said = [
        missed(summary),
        *texts(found.get("sentences")),
        *(str(c.get("sentence") or "") for c in smoothing),
    ]
    warned = [w for c in smoothing for w in texts(c.get("warnings"))]
    element = main_element(summary)
    chosen = {
        **found,
        **{
            key: [r for r in found.get(key) or [] if r.get("element") == element]
            for key in ("swaths", "cross_validation", "means", "scatter")
        },
    }
    one = {**summary, "validation": chosen}
    page = "synthetic_validation.html" if part(summary, "study").get("synthetic") else ""
    link = f'<a href="{page or "validation.html"}">{text(say("validation page"))}</a>'
    more = text(say("Every element and check is on the"))
    return [
        items([without_columns(summary, s) for s in dict.fromkeys(said) if s]),
        Html("".join(f'<p class="warning">{text(w)}</p>' for w in dict.fromkeys(warned))),
        bare_section(means(one)) if chosen["means"] else "",
        heading(say("Swaths")) if chosen["swaths"] else "",
        bare_section(swath_plots(one)) if chosen["swaths"] else "",
        heading(say("Cross-validation")) if chosen["cross_validation"] else "",
        bare_section(crossed(one)) if chosen["cross_validation"] else "",
        Html(f'<p class="note">{more} {link}.</p>'),
    ]
