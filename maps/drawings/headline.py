"""What does a reader see first: both verdicts in words, and what 15 % would mean?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps.drawings.curves import support_curve
from maps.drawings.results import claimed_verdict, rows_of_field
from maps.drawings.tables import Html, binding_title, keys, table, text
from maps.wording import VERDICTS, central, gold, mass, number, share, texts

Row = Mapping[str, Any]


def verdicts(summary: Row) -> Html:
    """Lay out the verdict cards, the plan as claimed before the plan as a planner reads it."""
    found = [claimed_verdict(summary), summary.get("verdict")]
    cards = "".join(verdict_card(verdict) for verdict in found if verdict)
    return Html(f'<div class="verdicts">{cards}</div>' if cards else "")


def known(summary: Row) -> Html:
    """Say in a line a model what each field holds, before anybody clicks.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    Html
        Models only; bounding cases and cut-offs stand in their section.
    """
    lines = []
    for field in summary.get("fields", []):
        rows = [r for r in rows_of_field(summary, field["id"]) if r.get("role") != "bounding"]
        name = text(field.get("name") or field["id"])
        found = [_known_line(r) for r in rows if r["cutoff_sb_pct"] == rows[0]["cutoff_sb_pct"]]
        lines += [f"<li><b>{name}</b>{text(line)}</li>" for line in found]
    if not lines:
        return Html("")
    head = "What the fields hold, in situ"
    return Html(f'<section class="known"><h2>{head}</h2><ul>{"".join(lines)}</ul></section>')


def _known_line(row: Row) -> str:
    """Say tonnes, grade, metal and gold of one model."""
    ore, grade = central(row.get("ore_t")), central(row.get("sb_pct"))
    if ore is None or grade is None:
        return ": tonnes, grade and gold not known; nothing is published"
    metal, au = central(row.get("sb_t")), central(row.get("au_kg"))
    held = f"{mass(ore)} at {number(grade)} % Sb, {mass(metal, 'Sb')}, gold {gold(au)}"
    return f", {row.get('model')}: {held} ({row.get('kind')})"


def verdict_card(verdict: Row) -> Html:
    """Lay out one verdict: sign, word, sentence, what binds it, what is missing.

    Parameters
    ----------
    verdict : mapping
        A verdict object of the summary.

    Returns
    -------
    Html
        A ``<section>``; its colour repeats what sign and word already say.
    """
    holds = verdict.get("holds")
    word = VERDICTS.get(holds, VERDICTS[None])
    reading = str(verdict.get("reading") or "The plan")
    parts = [
        f'<section class="verdict" style="--c:{word.colour}">',
        f"<h2>{text(reading[:1].upper() + reading[1:])}</h2>",
        f'<p class="word"><b aria-hidden="true">{word.sign}</b> {text(word.text.capitalize())}</p>',
        f"<p>{text(verdict.get('sentence') or plan_sentence(verdict))}</p>",
    ]
    if verdict.get("binding"):
        parts.append(f"<p>Binding test: <b>{text(binding_title(verdict))}</b>.</p>")
    if verdict.get("share_of_draws") is not None:
        drawn = text(share(verdict["share_of_draws"]))
        parts.append(f"<p>Holds in {drawn} of draws under the stated assumptions.</p>")
    years = verdict.get("horizon_years")
    if years is not None and "plan.horizon_years" in texts(verdict.get("conditional_on")):
        parts.append(f"<p>The {years:g} years are assumed: a test, not part of the claim.</p>")
    if holds is None:
        parts.append(keys(texts(verdict.get("missing"))))
    return Html("".join([*parts, "</section>"]))


def plan_sentence(verdict: Row) -> str:
    """Say what the plan asks for when the verdict brings no sentence of its own."""
    rate, years = verdict.get("target_t_per_year"), verdict.get("horizon_years")
    if rate is None:
        return str(verdict.get("plan") or "")
    span = f" for {years:g} years" if isinstance(years, int | float) else ""
    return f"{number(rate, 3)} t of ore a year{span}."


def headline_cutoff(summary: Row) -> Html:
    """Lay out what an assumed spread of grades implies above the headline cut-off.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    Html
        One table of tonnes and metal against CV and mean grade for every field and model, then
        gold against its correlation with antimony; "" when the summary has none.
    """
    found = summary.get("headline_cutoff") or {}
    cutoff = f"{float(found.get('cutoff_sb_pct') or 0):g} % Sb"
    parts = [f"<p>{text(found['title'])}</p>"] if found.get("title") else []
    if found.get("rows"):
        parts.append(
            '<p class="note">Columns: the assumed spread of grades among selection units, as '
            "coefficient of variation (CV). Rows: the mean grade. Cells: shares of all ore and of "
            f"all its antimony that lie at or above {text(cutoff)}.</p>"
        )
    for (field, model), rows in _grouped(found.get("rows") or []).items():
        assumed = "ASSUMED: " if rows[0].get("role") == "bounding" else ""
        name = f"{assumed}{_field_name(summary, field)}, {_words(model)}"
        parts.append(_spread_table(rows, name))
    gold_rows = found.get("gold") or []
    if gold_rows:
        parts.append(f"<p>{text(found.get('gold_title') or 'Gold above the cut-off')}</p>")
    for (field, model), rows in _grouped(gold_rows).items():
        parts.append(_gold_table(rows, f"{_field_name(summary, field)}, {_words(model)}", cutoff))
    return Html("".join(parts))


def _words(model: str) -> str:
    return model.replace("_", " ")


def _field_name(summary: Row, field: str) -> str:
    known = {str(f.get("id")): str(f.get("name")) for f in summary.get("fields", [])}
    return known.get(field, field)


def _grouped(rows: Sequence[Row]) -> dict[tuple[str, str], list[Row]]:
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        key = (str(row.get("field") or ""), str(row.get("model") or ""))
        groups.setdefault(key, []).append(row)
    return groups


def _spread_table(rows: Sequence[Row], name: str) -> Html:
    cvs = sorted({float(r["cv"]) for r in rows if r.get("cv") is not None})
    means = sorted({float(r["mean_sb_pct"]) for r in rows if r.get("mean_sb_pct") is not None})
    at = {(r.get("mean_sb_pct"), r.get("cv")): r for r in rows}
    body: list[list[object]] = [
        [f"{mean:.3g} %", *(_above(at.get((mean, cv))) for cv in cvs)] for mean in means
    ]
    kinds = ", ".join(dict.fromkeys(str(r.get("kind")) for r in rows if r.get("kind")))
    caption = Html(f'{text(name)} <span class="kind">{text(kinds)}</span>')
    return table(("Mean Sb", *(f"CV {cv:g}" for cv in cvs)), body, caption)


def _above(row: Row | None) -> Html:
    if row is None:
        return Html("–")
    if row.get("feasible") is False:
        return Html("cannot be")
    lines = [
        f"{text(share(row.get('tonnage_share')))} of ore",
        f"{text(share(row.get('metal_share')))} of metal",
    ]
    ore, metal = _figure(row.get("ore_t")), _figure(row.get("sb_t"))
    unit = row.get("selection_unit_t")
    if ore is not None and unit is not None and ore < float(unit):
        lines.append("<small>&lt; 1 mining unit</small>")
    elif ore is not None:
        lines.append(f"<small>{text(mass(ore))} with {text(mass(metal, 'Sb'))}</small>")
    return Html("<br>".join(lines[:2]) + "".join(lines[2:]))


def _figure(value: Any) -> float | None:
    found = value.get("value") if isinstance(value, Mapping) else value
    return None if found is None else float(found)


def _gold_table(rows: Sequence[Row], name: str, cutoff: str) -> Html:
    ordered = sorted(rows, key=lambda r: float(r.get("rho") or 0.0))
    body: list[list[object]] = []
    for row in ordered:
        grade, metal = _figure(row.get("au_gpt")), _figure(row.get("au_kg"))
        known = grade is not None
        body.append(
            [
                f"{float(row.get('rho') or 0):g}",
                f"{number(grade)} g/t" if known else None,
                gold(metal) if metal is not None else None,
            ]
        )
    caption = Html(
        f"{text(name)}<small>gold at or above {text(cutoff)}, by its correlation with "
        "antimony</small>"
    )
    return table(("Correlation", "Gold grade", "Gold metal"), body, caption)


def support(summary: Row) -> Html:
    """Draw and tabulate how the share of rich ore depends on the size of what is selected."""
    found = summary.get("support") or {}
    rows = found.get("rows") or []
    if not rows:
        return Html("")
    cutoff = float(found.get("cutoff_sb_pct") or 0.0)
    body: list[list[object]] = [
        [
            Html(f"{text(r.get('name'))}<small>{text(_unit(r.get('selection_unit_t')))}</small>"),
            share(r.get("tonnage_share")),
            share(r.get("metal_share")),
            _per_cent(r.get("mean_above_sb_pct")),
        ]
        for r in rows
    ]
    title = f"<p>{text(found['title'])}</p>" if found.get("title") else ""
    note = f'<p class="note">{text(found["note"])}</p>' if found.get("note") else ""
    head = ("Selection unit", "Tonnes", "Metal", "Mean grade above")
    caption = Html(f'Share at or above {cutoff:g} % Sb <span class="kind">assumed</span>')
    return Html(f"{title}{support_curve(rows, cutoff)}{table(head, body, caption)}{note}")


def _per_cent(value: Any) -> str | None:
    return None if value is None else f"{number(float(value))} % Sb"


def _unit(tonnes: Any) -> str:
    if tonnes is None:
        return "size not stated"
    value = float(tonnes)
    return f"{number(value * 1000)} kg" if value < 1 else f"{number(value)} t"
