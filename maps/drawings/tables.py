"""How do results become HTML tables that a reader can trust, every text in them escaped?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from deposits.units import LESS_THAN_A_UNIT
from maps.drawings.results import by_model, model_name
from maps.wording import (
    NOT_KNOWN,
    TESTS,
    VERDICTS,
    Word,
    central,
    finding_word,
    gold,
    is_less_than_a_unit,
    mass,
    number,
    share,
    texts,
)

Row = Mapping[str, Any]


class Html(str):
    """Text that is already HTML; anything else that enters a table is escaped."""

    __slots__ = ()


def text(value: object) -> Html:
    """Escape anything but `Html`; null is "not known"."""
    if isinstance(value, Html):
        return value
    return Html(escape(NOT_KNOWN if value is None else str(value), quote=True))


def badge(word: Word) -> Html:
    """Write a verdict as sign, colour and word."""
    return Html(
        f'<span class="badge" style="--c:{word.colour}"><b aria-hidden="true">{word.sign}</b> '
        f"{text(word.text)}</span>"
    )


def table(head: Sequence[object], rows: Sequence[Sequence[object]], caption: object = "") -> Html:
    """Lay out cells as a table whose first column names the row.

    Parameters
    ----------
    head : sequence
        Headings; texts are escaped.
    rows : sequence of sequence
        Cells; texts are escaped, None is "not known".
    caption : object
        What the table shows.

    Returns
    -------
    Html
        A ``<table>`` in a scrolling frame, "" without rows.
    """
    if not rows:
        return Html("")
    top = "".join(f'<th scope="col">{text(h)}</th>' for h in head)
    body = "".join(
        f'<tr><th scope="row">{text(row[0])}</th>'
        + "".join(f"<td>{text(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    title = f"<caption>{text(caption)}</caption>" if caption else ""
    return Html(
        f'<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>{title}'
        f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def keys(missing: Sequence[str]) -> Html:
    """Name the keys a study would have to state."""
    codes = ", ".join(f"<code>{text(key)}</code>" for key in missing)
    return Html(f'<p class="missing">To know it, state in the study: {codes}.</p>' if codes else "")


def spread(quantity: Row | None, write: Any) -> Html:
    """Write a quantity: the figure to lead with, under it the range of the draws."""
    middle = central(quantity)
    if middle is None or quantity is None:
        return text(None)
    lines = text(write(middle))
    if quantity.get("p10") is not None and quantity.get("p90") is not None:
        low, high = write(quantity["p10"]), write(quantity["p90"])
        if low != high:
            lines = Html(f"{lines}<small>{text(between(low, high))}</small>")
    return lines


def between(low: str, high: str) -> str:
    """Write a range, naming a unit that both ends share once.

    Examples
    --------
    >>> between("20 Mt", "24 Mt"), between("920 kt", "1.7 Mt"), between("1.1", "1.3")
    ('20 to 24 Mt', '920 kt to 1.7 Mt', '1.1 to 1.3')
    """
    figure, _, unit = low.partition(" ")
    shared = unit and unit == high.partition(" ")[2]
    return f"{figure} to {high}" if shared else f"{low} to {high}"


def fold(title: str, body: object) -> Html:
    """Fold a long remark away under a word."""
    return Html(
        f'<details class="fold"><summary>{text(title)}</summary>{text(body)}</details>'
        if body
        else ""
    )


def grade_tonnage(rows: Sequence[Row]) -> Html:
    """Lay out the grade-tonnage rows of one field: models first, bounding cases right under them.

    Parameters
    ----------
    rows : sequence of mapping
        Grade-tonnage rows of the summary, of one field.

    Returns
    -------
    Html
        One table for every model; where nothing is known at any cut-off one row says so, with
        the missing keys under it. Bounding cases are headed ASSUMED.
    """
    groups = by_model(rows)
    models = [r for (role, _), r in groups.items() if role != "bounding"]
    bounds = [r for (role, _), r in groups.items() if role == "bounding"]
    parts: list[str] = [_model(group) for group in models]
    if bounds:
        parts.append(
            '<p class="assumed"><b>ASSUMED, for comparison only.</b> Bounding cases: what if the '
            "field were as below? They are no estimate and enter no total.</p>"
        )
        parts += [_model(group) for group in bounds]
    return Html("".join(parts))


def _model(rows: Sequence[Row]) -> Html:
    first = rows[0]
    assumed = first.get("role") == "bounding"
    kind = "assumed" if assumed else str(first.get("kind") or "")
    title = f"{'ASSUMED: ' if assumed else ''}{model_name(rows)}"
    lacking = list(dict.fromkeys(k for row in rows for k in texts(row.get("missing"))))
    cells: list[list[object]]
    if all(central(row.get("ore_t")) is None for row in rows):
        cells = [["any cut-off", None, None, None, None]]
    else:
        kinds = {str(row.get("kind") or "") for row in rows}
        # Cutting rests on the assumed spread of grades: then each row says how far it is known.
        several, kind = len(kinds) > 1, kind if len(kinds) == 1 else ""
        cells = [_cut(row, str(row.get("kind") or "") if several else "") for row in rows]
    head = ("Cut-off, % Sb", "Ore", "Grade, % Sb", "Sb metal", "Gold")
    heading = str(first.get("heading") or "")
    if any((row.get("ore_t") or {}).get("p10") is not None for row in rows):
        heading += f"; {RANGE_WORDS}"
    known = any(central(row.get("ore_t")) is not None for row in rows)
    caption = Html(
        text(title)
        + (f' <span class="kind">{text(kind)}</span>' if known and kind else "")
        + (f"<small>{text(heading)}</small>" if heading else "")
    )
    return Html(
        f'<div class="{"bounding" if assumed else "model"}">{table(head, cells, caption)}'
        f"{keys(lacking)}{_known_part(rows, head)}{remarks(rows)}</div>"
    )


def _known_part(rows: Sequence[Row], head: Sequence[str]) -> Html:
    """Lay out what is known of a total that as a whole is not."""
    parts = [(row, row["known_part"]) for row in rows if row.get("known_part")]
    if not parts:
        return Html("")
    cells = [_cut({**part, "cutoff_sb_pct": row.get("cutoff_sb_pct")}) for row, part in parts]
    return table(head, cells, f"Known part ({parts[0][1].get('fields') or 'of it'})")


def _cut(row: Row, kind: str = "") -> list[object]:
    cutoff = f"{float(row.get('cutoff_sb_pct') or 0):g}"
    first = Html(f"{cutoff}<small>{text(kind)}</small>") if kind else text(cutoff)
    ore: object = spread(row.get("ore_t"), mass)
    if is_less_than_a_unit(row):
        # Metal and gold of less than can be mined at once would only look like a find.
        return [first, LESS_THAN_A_UNIT, "–", "–", "–"]
    grade, au = spread(row.get("sb_pct"), number), row.get("au_gpt")
    gold_cell = spread(au, lambda grams: f"{number(grams)} g/t")
    if central(row.get("au_kg")) is not None:
        gold_cell = Html(f"{gold_cell}<small>{text(gold(central(row['au_kg'])))}</small>")
    return [first, ore, grade, spread(row.get("sb_t"), mass), gold_cell]


def remarks(rows: Sequence[Row]) -> Html:
    """Write warnings, notes and sources of grade-tonnage rows, each once."""
    said = list(dict.fromkeys(w for row in rows for w in texts(row.get("warnings"))))
    notes = list(dict.fromkeys(n for row in rows for n in texts(row.get("note"))))
    notes = [n for n in notes if not n.startswith(LESS_THAN_A_UNIT)]
    lines = [f'<li class="warning">{text(w)}</li>' for w in said]
    lines += [f"<li>{text(n)}</li>" for n in notes]
    sources = list(dict.fromkeys(s for row in rows for s in texts(row.get("source"))))
    lines += [f"<li>Source: {text(s)}</li>" for s in sources]
    return Html(f'<ul class="remarks">{"".join(lines)}</ul>' if lines else "")


def verdict_tests(verdict: Row) -> Html:
    """Lay out the tests of a verdict: gates first, then what is only context."""
    tests = list(verdict.get("tests") or [])
    gates = [t for t in tests if t.get("role") == "gate"]
    context = [t for t in tests if t.get("role") != "gate"]
    head = ("Test", "Finds", "Needs", "Result")
    codes = ", ".join(f"<code>{text(key)}</code>" for key in texts(verdict.get("conditional_on")))
    return Html(
        table(head, [_test(t) for t in gates], "Gates: each must pass")
        + table(("Figure", "Finds", "Beside", ""), [_test(t) for t in context], CONTEXT_CAPTION)
        + (f'<p class="note">Rests on the assumptions {codes}.</p>' if codes else "")
    )


RANGE_WORDS = "ranges are P10 to P90 under the stated assumptions"
CONTEXT_CAPTION = "Context: never decides"
#: A test that decides nothing is not said to pass or fail.
IN_CONTEXT = {True: "in line", False: "out of line", None: "–"}


def _test(test: Row) -> list[object]:
    unit = str(test.get("unit") or "")
    title = test.get("title") or str(test.get("name") or "").replace("_", " ")
    source = fold("source", "; ".join([*texts(test.get("source")), *texts(test.get("note"))]))
    kind = text(test.get("kind") or "")
    name = Html(f"{text(title)}<small>{kind}</small>{source}")
    gate = test.get("role") == "gate"
    sense = {">=": "≥ ", "<=": "≤ "}.get(str(test.get("sense")), "") if gate else ""
    limit = test.get("limit")
    needs = f"{sense}{number(limit, 3)} {unit}".strip() if limit is not None else "–"
    passes = test.get("passes")
    if not gate:
        note = str(test.get("note") or "")
        result = text(note) if passes is None and len(note) < 20 else Html(IN_CONTEXT[passes])
    else:
        result = badge(TESTS.get(passes, TESTS[None]))
    if test.get("share_of_draws") is not None:
        result = Html(f"{result}<small>in {text(share(test['share_of_draws']))} of draws</small>")
    value = test.get("value")
    found = value if isinstance(value, Mapping) else {"value": value}
    shown = spread(found, lambda v: f"{number(v, 3)} {unit}".strip())
    return [name, shown, needs, result]


def claims(rows: Sequence[Row]) -> Html:
    """Lay out the claims of the public story, the finding beside each."""
    cells = [
        [
            badge(finding_word(str(c.get("finding") or ""))),
            Html(
                f"<b>{text(c.get('claim') or '')}</b>"
                + _line("Said by", c.get("said_by"))
                + _line("Arithmetic", c.get("arithmetic"))
                + _line("Evidence", c.get("evidence"))
                + fold(_counted(len(texts(c.get("sources")))), "; ".join(texts(c.get("sources"))))
            ),
        ]
        for c in rows
    ]
    return table(("Finding", "Claim and what stands against it"), cells)


def _counted(sources_: int) -> str:
    return "1 source" if sources_ == 1 else f"{sources_} sources"


def _line(label: str, value: object) -> str:
    return f'<span class="line"><i>{label}:</i> {text(value)}</span>' if value else ""


def scenarios(rows: Sequence[Row]) -> Html:
    """Lay out the scenarios side by side with their verdicts."""
    cells = []
    for row in rows:
        verdict = row.get("verdict") or {}
        lacking = texts(verdict.get("missing"))
        why = binding_title(verdict) or (f"lacks {', '.join(lacking)}" if lacking else "–")
        name = Html(
            f"{text(row.get('title') or row.get('name'))}"
            f"<small>{text(verdict.get('reading') or '')}{text(_run(row.get('base_case') or {}))}"
            "</small>"
        )
        result = badge(VERDICTS.get(verdict.get("holds"), VERDICTS[None]))
        if verdict.get("share_of_draws") is not None:
            drawn = text(share(verdict["share_of_draws"]))
            result = Html(f"{result}<small>in {drawn} of draws</small>")
        cells.append([name, result, why])
    return table(("Scenario", "Verdict", "Binding, or missing"), cells)


def _run(base: Row) -> str:
    """Say rate, ore, life, head grade and value of a deterministic run, as far as known."""
    ore, life, head = (base.get(k) for k in ("ore_available_t", "life_years", "head_grade_sb_pct"))
    rate, npv = base.get("throughput_t_per_year"), base.get("npv_usd")
    parts = [f"{mass(rate)} a year"] if rate is not None else []
    parts += [f"ore {mass(ore)}, {number(life)} years"] if ore is not None else []
    parts += [f"head {number(head)} % Sb"] if head is not None else []
    parts += (
        [f"NPV {number(npv / 1e6)} million USD, {base['money_kind']}"] if npv is not None else []
    )
    return "; " + "; ".join(parts) if parts else ""


def binding_title(verdict: Row) -> str:
    """Return the reading name of the test that binds, "" when none does."""
    name = verdict.get("binding")
    tests = verdict.get("tests") or []
    found: Row = next((t for t in tests if t.get("name") == name), {})
    return str(found.get("title") or str(name or "").replace("_", " "))


def horizons(rows: Sequence[Row]) -> Html:
    """Lay out the verdicts for several horizons."""
    readings = list(dict.fromkeys(r for row in rows for r in (row.get("readings") or {})))
    cells = [
        [
            f"{float(row.get('horizon_years') or 0):g} years",
            *(
                badge(VERDICTS[((row.get("readings") or {}).get(r) or {}).get("holds")])
                if r in (row.get("readings") or {})
                else "–"
                for r in readings
            ),
        ]
        for row in rows
    ]
    heads = [f"{r[:1].upper()}{r[1:]}" for r in readings]
    return table(("For", *heads), cells, "If the plan must hold for")


def answers(rows: Sequence[Row]) -> Html:
    """Lay out the inverse answers: question, answer, what would be needed to know."""
    items = []
    for row in rows:
        answer = str(row.get("answer") or "not known")
        unsaid = [key for key in texts(row.get("missing")) if key not in answer]
        items.append(f"<dt>{text(row.get('question'))}</dt><dd>{text(answer)}{keys(unsaid)}</dd>")
    return Html(f"<dl>{''.join(items)}</dl>" if items else "")


def sources(rows: Sequence[Row]) -> Html:
    """List the sources, each with what it is used for."""
    items = "".join(
        f"<li>{text(row['source'])}<small>{text(row['used_in'])}</small></li>" for row in rows
    )
    return Html(f'<ul class="remarks">{items}</ul>' if items else "")
