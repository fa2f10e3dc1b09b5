"""What does a reader learn who opens one feature of the map?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from maps.drawings.curves import grade_tonnage_curve
from maps.drawings.headline import verdict_card
from maps.drawings.results import by_model, claimed_verdict, model_name, rows_of_field
from maps.drawings.tables import Html, grade_tonnage, text, verdict_tests
from maps.layers import Layer
from maps.wording import NOT_KNOWN, texts

Summary = Mapping[str, Any]

#: Attributes that a popup leaves out: keys, drawing, and what the result card says better.
HIDDEN = {
    *("id", "name", "drawn_as", "map_label", "field", "plant", "synthetic"),
    *("field_resource", "field_missing", "field_ore_t", "field_sb_pct", "field_sb_t"),
    *("field_au_gpt", "field_au_kg", "plan_as_claimed", "plan_as_planned", "plan_missing"),
    *("plan_target_t_per_year", "plan_horizon_years"),
}

KINDS_OF_KNOWING = {
    "reported": "reported: somebody published it",
    "derived": "derived from published figures",
    "assumed": "assumed: nobody published it",
}


def result_cards(summary: Summary) -> dict[str, Html]:
    """Make one card for every field and one for the plant under test.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    dict of Html
        Under "field:ID" and "plant", the keys that layers carry in ``cards``.
    """
    cards = {f"field:{field['id']}": field_card(summary, field) for field in summary["fields"]}
    return {**cards, "plant": plant_card(summary)}


def field_card(summary: Summary, field: Mapping[str, Any]) -> Html:
    """Lay out a field: owner, curve, grade-tonnage tables with bounding cases, note."""
    rows = rows_of_field(summary, str(field["id"]))
    models = {
        ("ASSUMED: " if role == "bounding" else "") + model_name(group): group
        for (role, _), group in by_model(rows).items()
    }
    lines = [("Owner", field.get("owner")), ("Plant", plant_name(field))]
    facts = "".join(
        f"<tr><th scope='row'>{text(label)}</th><td>{text(value or None)}</td></tr>"
        for label, value in lines
    )
    aliases = "; ".join(texts(field.get("aliases")))
    spelt = f"<p><small>Also spelt {text(aliases)}.</small></p>" if aliases else ""
    note = f'<p class="note">{text(field["note"])}</p>' if field.get("note") else ""
    checks = "".join(_check(s) for s in field.get("statements", []))
    return Html(
        f"{spelt}<table class='facts'>{facts}</table>{note}"
        f"{grade_tonnage_curve(models)}{grade_tonnage(rows)}"
        + (f'<ul class="remarks">{checks}</ul>' if checks else "")
    )


def plant_name(field: Mapping[str, Any]) -> str:
    """Write a plant's identifier for reading."""
    name = str(field.get("plant") or "").replace("_", " ")
    return name[:1].upper() + name[1:]


def _check(statement: Mapping[str, Any]) -> str:
    """Word what is wrong with a statement, such as a grade that does not fit the metal."""
    problems = texts(statement.get("problems"))
    named = text(str(statement.get("id") or "").replace("_", " "))
    return "".join(f'<li class="warning">{named}: {text(p)}</li>' for p in problems)


def plant_card(summary: Summary) -> Html:
    """Lay out the verdicts on the plan with their tests."""
    parts = []
    for verdict in (claimed_verdict(summary), summary.get("verdict")):
        if verdict:
            parts.append(verdict_card(verdict) + verdict_tests(verdict))
    return Html("".join(parts))


def feature_facts(layer: Layer) -> list[tuple[Html, Html]]:
    """Write the name and the attributes of every feature.

    Parameters
    ----------
    layer : Layer
        A drawn layer.

    Returns
    -------
    list of (Html, Html)
        One pair a feature: its name, and a small table of attributes with words and units.
    """
    heads, rows = feature_rows(layer)
    facts = []
    for name, row in zip(names_of(layer), rows, strict=True):
        lines = "".join(
            f"<tr><th scope='row'>{head}</th><td>{cell}</td></tr>"
            for head, cell in zip(heads, row, strict=True)
            if cell is not None
        )
        body = f"<table class='facts'>{lines}</table>" if lines else ""
        facts.append((name or text(layer.title), Html(body)))
    return facts


def feature_rows(layer: Layer) -> tuple[list[Html], list[list[Html | None]]]:
    """Return the words of the attributes that are shown, and a row of cells for every feature."""
    shown = [field for field in layer.fields if field.name not in HIDDEN]
    columns = [(field, list(layer.features[field.name])) for field in shown]
    rows = []
    for i in range(len(layer.features)):
        cells = [attribute(field.name, values[i], field.unit) for field, values in columns]
        rows.append([None if cell is None else text(cell) for cell in cells])
    return [text(field.alias) for field in shown], rows


def names_of(layer: Layer) -> list[Html]:
    """Return what each feature is called, "" where it has no name."""
    column = next((c for c in ("name", "hole_id") if c in layer.features.columns), None)
    if column is None:
        return [Html("")] * len(layer.features)
    return [text(n) if _known(n) else Html("") for n in layer.features[column]]


def attribute(name: str, value: Any, unit: str) -> str | None:
    """Write one attribute of a feature as it was given; None when there is nothing to say."""
    if not _known(value):
        return None
    if name == "uncertainty_m":
        metres = float(value)
        return f"± {metres / 1000:g} km" if metres >= 1000 else f"± {metres:g} m"
    if name == "statement_kind":
        return KINDS_OF_KNOWING.get(str(value), str(value))
    written = f"{value:,.10g}" if isinstance(value, float) else str(value)
    return f"{written} {unit}".strip()


def _known(value: Any) -> bool:
    return not (
        value is None or value != value or str(value) in {"", "<NA>", "NaT", NOT_KNOWN, "nan"}
    )
