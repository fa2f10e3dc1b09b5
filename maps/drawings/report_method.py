"""How were the figures of a report made, what do they leave out, and what would a code ask for?"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from maps.drawings.drilling import is_drilled
from maps.drawings.grades import without_columns
from maps.drawings.mine_parts import part as mine_part
from maps.drawings.plan_panel import plan_of
from maps.drawings.report_mine import proof
from maps.drawings.report_parts import folded, heading, items, paragraph
from maps.drawings.tables import Html, table, text
from maps.drawings.validation import count, part
from maps.languages import Translate
from maps.wording import number, texts

Row = Mapping[str, Any]

#: The skeleton, as data: another edition is another file.
TEMPLATE = Path(__file__).parents[1] / "assets" / "table_1.toml"
DRAFT = "DRAFT - unsigned"

METHOD = (
    "Every published number carries its source, year and kind: reported, derived or assumed. What "
    "depends on an assumed number is assumed.",
    "What the study does not know is absent, never 0; what depends on it is said to be not known, "
    "with the key that would have to be stated.",
    "Percentiles are of the quantity itself: P10 of metal is not the metal at P10 grade. P10 is "
    "low, P90 high.",
    "A share of draws counts draws under the stated assumptions. It is not the probability that "
    "the plan holds.",
    "Money is real and before tax, unless the study states otherwise.",
    "Figures on this page are rounded for reading; the files keep them unrounded.",
)


def method(summary: Row, say: Translate) -> list[object]:
    """Lay out how the figures were made, on which assumptions, and what they leave out."""
    study = part(summary, "study")
    verdicts = [summary.get("verdict") or {}, plan_of(summary).get("verdict") or {}]
    keys = list(dict.fromkeys(k for v in verdicts for k in texts(v.get("conditional_on"))))
    codes = ", ".join(f"<code>{text(key)}</code>" for key in keys)
    body: list[object] = [
        items([say(line) for line in METHOD]),
        *proof(summary, say),
        heading(say("Limits of this report")),
        paragraph(study.get("disclaimer"), "disclaimer"),
    ]
    if codes:
        title = f"{say('Assumptions the verdicts rest on')} ({len(keys)})"
        body.append(folded(title, Html(f"<p>{codes}</p>")))
    # What the checks of the drilling found stands in its chapter.
    warnings = [w for w in texts(summary.get("warnings")) if w not in _checks(summary)]
    listed = "".join(f'<li class="warning">{text(w)}</li>' for w in warnings)
    if listed:
        body += [heading(say("Warnings")), Html(f'<ul class="remarks">{listed}</ul>')]
    return body


@cache
def template() -> dict[str, Any]:
    """Return the skeleton of Table 1 as it stands in its file."""
    return tomllib.loads(TEMPLATE.read_text("utf-8"))


def table_1(summary: Row, say: Translate) -> list[object]:
    """Lay out the skeleton of JORC Table 1, filled with what the study knows.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.
    say : callable
        Writes labels in the language of the study.

    Returns
    -------
    list
        A mark that nobody has signed, then a table a section of the template.
    """
    found = template()
    body: list[object] = [
        Html(f'<p class="draft"><b>{text(DRAFT)}</b> {text(say(str(found["note"])))}</p>')
    ]
    for section in found["section"]:
        rows: list[list[object]] = []
        for row in section["row"]:
            told = FILL.get(str(row.get("fill") or ""), _nothing)(summary)
            said = items(told, "plain") if told else text(say("Not stated in the study."))
            asked = f"{text(say(row['criterion']))}<small>{text(say(row['asks']))}</small>"
            rows.append([Html(asked), said])
        caption = Html(f"{text(say(section['title']))}<small>{text(DRAFT)}</small>")
        body.append(table([say("Criterion"), say("What the study knows")], rows, caption))
    return body


def _nothing(_: Row) -> list[str]:
    return []


def _drilling(summary: Row) -> list[str]:
    found = part(summary, "drilling")
    if found.get("holes") is None:
        return []
    holes, metres, assays = (count(found.get(k)) for k in ("holes", "metres", "assays"))
    return [f"{holes} drillholes, {metres} m, {assays} assayed intervals."]


def _checks(summary: Row) -> list[str]:
    return [str(f.get("said")) for f in part(summary, "drilling").get("findings") or []]


def _checked(summary: Row) -> list[str]:
    n = len(_checks(summary))
    return [f"{n} findings of the checks stand under the quality of assay data."] if n else []


def _compositing(summary: Row) -> list[str]:
    found = part(summary, "drilling")
    length = found.get("composite_length_m")
    if length is None:
        return []
    said = [f"{count(found.get('composites'))} composites of {number(length, 3)} m."]
    for domain in summary.get("domains") or []:
        for cap in domain.get("caps") or []:
            name = cap.get("element")
            said.append(f"Top-cut {_element(summary, name)}: {number(cap.get('cap'), 3)}.")
    return said


def _element(summary: Row, name: object) -> str:
    from maps.drawings.grades import label_of, unit_of

    return f"{label_of(summary, str(name))}, {unit_of(summary, str(name))}"


def _place(summary: Row) -> list[str]:
    crs = part(summary, "study").get("crs")
    return [f"Coordinates in {crs}; layers and their sources are in chapter 2."] if crs else []


def _owners(summary: Row) -> list[str]:
    """Name owners as published: whether they hold the right to the ground is not known."""
    return [
        f"{f.get('name')}: {f['owner']} (owner as published; tenure not checked)"
        for f in _fields(summary)
        if f.get("owner")
    ]


def _drawn(summary: Row) -> list[str]:
    if not summary.get("layers"):
        return []
    return ["The map of chapter 2; layers and sections are in the map page and the QGIS project."]


def _fields(summary: Row) -> list[Row]:
    return [f for f in summary.get("fields") or [] if isinstance(f, Mapping)]


def _geology(summary: Row) -> list[str]:
    return [f"Domain: {d.get('title') or d.get('id')}." for d in summary.get("domains") or []]


def _history(summary: Row) -> list[str]:
    """Tell what was published, then apart from it what the study assumes to bound the unknown."""
    rows = [(f, r) for f in _fields(summary) for r in f.get("statements") or []]
    told = [_told(field, row) for field, row in rows if row.get("role") != "bounding"]
    apart = [_told(field, row) for field, row in rows if row.get("role") == "bounding"]
    return [*told, text("Bounding cases, assumed; not found by others:"), *apart] if apart else told


def _told(field: Row, row: Row) -> str:
    """Tell of which field a statement is, what it is called, its kind and its source."""
    named = str(row.get("model") or row.get("id"))
    year = f", {row['year']}" if row.get("year") else ""
    source = "; ".join(texts(row.get("source")))
    head = f"{text(field.get('name'))}: {text(named + year)}"
    # The kind is a label of its own, what stands beside it was given.
    return Html(f"{head} (<i>{text(row.get('kind'))}</i>). {text(source)}")


def _statement(summary: Row) -> list[str]:
    return texts(part(summary, "tonnage").get("statement"))


def _like(*starts: str) -> Callable[[Row], list[str]]:
    """Return what picks the lines of the statement that begin in certain words."""

    def chosen(summary: Row) -> list[str]:
        lines = (line.removeprefix("SYNTHETIC: ") for line in _statement(summary))
        return [line for line in lines if line.startswith(starts)]

    return chosen


def _estimation(summary: Row) -> list[str]:
    if not is_drilled(summary):
        return []
    grid = part(summary, "block_model", "grid")
    size = " x ".join(f"{float(s):g}" for s in grid.get("size_m") or [])
    said = [f"Parent blocks of {size} m."] if size else []
    for domain in summary.get("domains") or []:
        passes = len(domain.get("search") or [])
        if domain.get("method"):
            name = domain.get("title") or domain.get("id")
            said.append(f"{name}: {domain['method']} kriging in {passes} search passes.")
    return said


def _validated(summary: Row) -> list[str]:
    said = texts(part(summary, "validation").get("sentences"))
    return [without_columns(summary, sentence) for sentence in said]


def _mining(summary: Row) -> list[str]:
    found = part(summary, "mine")
    names = (("stopes", "stopes under ground"), ("pit", "an open pit"))
    ways = [name for key, name in names if mine_part(summary, key)]
    said = [f"Laid out as {' and as '.join(ways)}."] if ways else []
    return said + texts(found.get("sentences"))[:2]


def _economics(summary: Row) -> list[str]:
    rows = mine_part(summary, "economics").get("rows") or []
    said: list[str] = []
    for row in rows:
        if row.get("value") is not None and len(said) < 12:
            value = f"{_written(row['value'])} {row.get('unit') or ''}".strip()
            kind = f"(<i>{text(row.get('kind'))}</i>)"
            # Name, amount and kind are labels of their own.
            said.append(
                Html(f"<span>{text(row.get('label'))}</span>: <span>{text(value)}</span> {kind}")
            )
    return said


def _written(value: Any) -> str:
    return value if isinstance(value, str) else number(value, 4)


def _schedule(summary: Row) -> list[str]:
    return texts(plan_of(summary).get("words"))[:3]


def _verdict(summary: Row) -> list[str]:
    found = [summary.get("verdict") or {}, plan_of(summary).get("verdict") or {}]
    return [str(v["sentence"]) for v in found if v.get("sentence")]


def _missing(summary: Row) -> list[str]:
    keys = [*texts(part(summary, "verdict").get("missing"))]
    keys += [k for f in _fields(summary) for k in texts(f.get("missing"))]
    return [Html(f"<code>{text(key)}</code>") for key in dict.fromkeys(keys)]


def _disclaimer(summary: Row) -> list[str]:
    return texts(part(summary, "study").get("disclaimer"))


#: Name of a filling in the template -> what writes it.
FILL: dict[str, Callable[[Row], list[str]]] = {
    "drilling": _drilling,
    "checks": _checks,
    "checked": _checked,
    "compositing": _compositing,
    "place": _place,
    "owners": _owners,
    "drawn": _drawn,
    "geology": _geology,
    "history": _history,
    "density": _like("Density"),
    "classification": _like("Classification", "Competent Person", "Effective date"),
    "cutoff": _like("The cut-off rests on", "Prices", "Recoveries", "Costs", "Exchange rate"),
    "prospects": _like("Reasonable prospects"),
    "result": _like("In situ", "Measured", "Indicated", "Inferred"),
    "estimation": _estimation,
    "validated": _validated,
    "mining": _mining,
    "economics": _economics,
    "schedule": _schedule,
    "verdict": _verdict,
    "missing": _missing,
    "disclaimer": _disclaimer,
}
