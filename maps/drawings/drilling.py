"""What does a reader of a drillhole study see beside the map: how much, how rich, how known?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps.drawings.curves import Curve, Panel, figure
from maps.drawings.drillhole_facts import domains, estimation, samples
from maps.drawings.grades import label_of, main_element, unit_of, without_columns
from maps.drawings.tables import Html, table, text
from maps.wording import gold, mass, number, share, texts, words_for

Row = Mapping[str, Any]

TRUTH = "the truth (SYNTHETIC)"


def is_drilled(summary: Row) -> bool:
    """Say whether a study is one of drillholes."""
    return bool((summary.get("study") or {}).get("route") == "drillholes")


def front(summary: Row) -> Html:
    """Lay out the answer: the headline, and tonnage by class at the base cut-off.

    Parameters
    ----------
    summary : mapping
        The ``summary.json`` of a drillhole study.

    Returns
    -------
    Html
        A sentence and a small table.
    """
    study, tonnage = summary.get("study") or {}, summary.get("tonnage") or {}
    headline = f'<p class="answer">{text(study["headline"])}</p>' if study.get("headline") else ""
    headline += f'<p class="note">{text(missed(summary))}</p>' if missed(summary) else ""
    base, truth = tonnage.get("base_cutoff"), tonnage.get("truth") or []
    rows = [r for r in tonnage.get("rows") or [] if r.get("cutoff") == base]
    named = [(_group(summary, r), r) for r in rows]
    named += [(TRUTH, r) for r in truth if r.get("cutoff") == base]
    if not named:
        return Html(headline)
    elements = _elements(summary, rows)
    title = f"At or above {_cut(summary, base)}, the base cut-off; in situ"
    body = [[name, *_amounts(row, elements[:2])] for name, row in named]
    heads = ("Class", "Ore", *(_head(summary, e) for e in elements[:2]))
    return Html(f'{headline}<section class="known">{table(heads, body, title)}</section>')


def missed(summary: Row) -> str:
    """Say how far the estimate of an invented deposit is from its truth at the base cut-off.

    Parameters
    ----------
    summary : mapping
        The ``summary.json`` of a drillhole study.

    Returns
    -------
    str
        A sentence about all classes together, as the truth has none; "" where no truth is known.
    """
    tonnage = summary.get("tonnage") or {}
    base, main = tonnage.get("base_cutoff"), main_element(summary)
    metal = f"{main.rpartition('_')[0]}_{'kg' if main.endswith('_gpt') else 't'}"
    found, truth = (_at(tonnage.get(key) or [], base) for key in ("whole", "truth"))
    if base is None or not all(r.get(k) for r in (found, truth) for k in ("ore_t", metal)):
        return ""
    ore, held = (float(found[k]) / float(truth[k]) - 1.0 for k in ("ore_t", metal))
    said = f"{_more(ore, 'fewer')} tonnes and {_more(held, 'less')} metal"
    where = _cut(summary, base)
    return f"SYNTHETIC: the estimate, all classes, holds {said} than the truth at or above {where}."


def _at(rows: Sequence[Row], cutoff: object) -> Row:
    """Return the row of a cut-off, {} without one."""
    return next((row for row in rows if row.get("cutoff") == cutoff), {})


def _more(difference: float, lower: str) -> str:
    return f"{share(abs(difference))} {lower if difference < 0.0 else 'more'}"


def sections(summary: Row) -> list[tuple[str, Html]]:
    """Return what backs the answer, title by title; those without a body are left out."""
    return [
        ("Grade and tonnage above cut-offs", grade_tonnage(summary)),
        ("On what the figures rest", statement(summary)),
        ("Drilling and samples", samples(summary)),
        (f"Domains ({len(summary.get('domains') or [])})", domains(summary)),
        ("How the blocks were estimated", estimation(summary)),
        ("Validation", validation(summary)),
    ]


def grade_tonnage(summary: Row) -> Html:
    """Lay out curves and tables of tonnage above cut-offs, with the truth where it is known.

    Parameters
    ----------
    summary : mapping
        The ``summary.json`` of a drillhole study.

    Returns
    -------
    Html
        Curves of every class, and of all blocks beside the truth; a table for each, the base
        cut-off marked.
    """
    tonnage = summary.get("tonnage") or {}
    groups: dict[str, list[Row]] = {}
    for row in tonnage.get("rows") or []:
        groups.setdefault(_group(summary, row), []).append(row)
    if not groups:
        return Html("")
    apart = {n: rows for n, rows in groups.items() if rows[0].get("level") != "together"}
    parts = [_curves(summary, apart, "Grade and tonnage by class")]
    truth, whole = tonnage.get("truth") or [], tonnage.get("whole") or []
    if truth:
        pair = {"the estimate, all classes": whole or [], TRUTH: truth}
        known = {name: rows for name, rows in pair.items() if rows}
        said = "All classes are put together here only to be held against the truth."
        parts.append(_curves(summary, known, "The estimate beside the truth"))
        parts.append(f'<p class="note">{said}</p>' if whole else "")
        groups |= {TRUTH: truth}
    parts += [_cut_table(summary, name, rows) for name, rows in groups.items()]
    diluted = tonnage.get("diluted") or []
    if diluted:
        parts.append(_cut_table(summary, "With dilution and ore loss", diluted))
    return Html("".join(parts))


def statement(summary: Row) -> Html:
    """Lay out the lines of the statement and the conversion to GKZ categories, if there is one."""
    tonnage = summary.get("tonnage") or {}
    parts = [f"<p>{text(line)}</p>" for line in texts(tonnage.get("statement"))]
    base = tonnage.get("base_cutoff")
    rows = [r for r in tonnage.get("gkz") or [] if r.get("cutoff") == base and r.get("gkz")]
    if rows:
        body: list[list[object]] = [
            [r.get("gkz"), _group(summary, r), mass(r.get("ore_t"))] for r in rows
        ]
        title = "GKZ categories, as the study converts them; no State Commission approved them"
        parts.append(table(("GKZ", "Class", "Ore at the base cut-off"), body, title))
    return Html("".join(parts))


def validation(summary: Row) -> Html:
    """Lay out what the checks say, and name the page that holds them."""
    found = summary.get("validation") or {}
    synthetic = bool((summary.get("study") or {}).get("synthetic"))
    smoothing = (found.get("smoothing") or {}).values()
    said = [*texts(found.get("sentences")), *(str(c.get("sentence") or "") for c in smoothing)]
    warned = [w for c in smoothing for w in texts(c.get("warnings"))]
    said.insert(0, missed(summary))
    lines = [f"<li>{text(without_columns(summary, s))}</li>" for s in dict.fromkeys(said) if s]
    lines += [f'<li class="warning">{text(w)}</li>' for w in dict.fromkeys(warned)]
    if not lines:
        return Html("")
    page = "synthetic_validation.html" if synthetic else "validation.html"
    link = f'<p><a href="{page}">Tables and figures of the validation</a> (a file beside this).</p>'
    return Html(f'{link}<ul class="remarks">{"".join(lines)}</ul>')


def _group(summary: Row, row: Row) -> str:
    """Name a row of the table by its class, or by what it is broken down by."""
    by = (summary.get("tonnage") or {}).get("by") or ["class"]
    named = [str(row.get(name)) for name in by if row.get(name) not in (None, "")]
    return ", ".join(named) or "All blocks"


def _elements(summary: Row, rows: Sequence[Row]) -> list[str]:
    """Return elements that the rows hold grades of, the one that is cut on first."""
    known = (summary.get("drilling") or {}).get("elements") or []
    names = [main_element(summary), *(str(e.get("name")) for e in known)]
    return [n for n in dict.fromkeys(names) if any(n in row for row in rows)]


def _head(summary: Row, element: str) -> str:
    return f"{label_of(summary, element)}, {unit_of(summary, element)}"


def _cut(summary: Row, cutoff: object) -> str:
    if not isinstance(cutoff, int | float):
        return "the cut-off"
    return f"{cutoff:g} {unit_of(summary, main_element(summary))}".strip()


def _metal(row: Row, element: str) -> str:
    """Return the metal of an element in a row, "" where it has none."""
    stem, _, unit = element.rpartition("_")
    if unit == "gpt" and row.get(f"{stem}_kg") is not None:
        kilograms = float(row[f"{stem}_kg"])
        return gold(kilograms) if stem == "au" else f"{number(kilograms)} kg"
    tonnes = row.get(f"{stem}_t")
    if tonnes is None or stem == "":
        return ""
    return mass(float(tonnes), words_for(f"{stem}_t")[1].removeprefix("t").strip())


def _amounts(row: Row, elements: Sequence[str]) -> list[object]:
    """Write ore, and grade over metal of each element; nothing above a cut-off is a dash."""
    ore = row.get("ore_t")
    if ore == 0:
        return ["0 t", *("–" for _ in elements)]
    cells: list[object] = [mass(None if ore is None else float(ore))]
    for element in elements:
        metal = _metal(row, element)
        small = f"<small>{text(metal)}</small>" if metal else ""
        cells.append(Html(f"{text(number(row.get(element)))}{small}"))
    return cells


def _cut_table(summary: Row, name: str, rows: Sequence[Row]) -> Html:
    """Lay out one class above every cut-off; the base cut-off is marked by word and colour."""
    base = (summary.get("tonnage") or {}).get("base_cutoff")
    elements = _elements(summary, rows)
    body: list[list[object]] = []
    for row in sorted(rows, key=lambda r: float(r.get("cutoff") or 0.0)):
        cutoff = f"{float(row.get('cutoff') or 0.0):g}"
        marked = Html(f"<b>{cutoff}</b><small>base cut-off</small>")
        first = marked if row.get("cutoff") == base else text(cutoff)
        body.append([first, *_amounts(row, elements)])
    unit = unit_of(summary, main_element(summary))
    heads = (f"Cut-off, {unit}", "Ore", *(_head(summary, e) for e in elements))
    laid = table(heads, body, name[:1].upper() + name[1:])
    mark = '<tr><th scope="row"><b>'
    return Html(laid.replace(mark, mark.replace("<tr>", '<tr class="base">')))


def _curves(summary: Row, groups: Mapping[str, Sequence[Row]], title: str) -> str:
    """Draw ore and mean grade above the cut-off, a line for every group."""
    element = main_element(summary)
    unit = unit_of(summary, element)
    ore, grade = [], []
    for name, rows in groups.items():
        known = sorted(
            (r for r in rows if r.get("cutoff") is not None), key=lambda r: float(r["cutoff"])
        )
        truth = name == TRUTH
        tonnes = [(float(r["cutoff"]), float(r["ore_t"]) / 1e6) for r in known if _is(r, "ore_t")]
        mean = [(float(r["cutoff"]), float(r[element])) for r in known if _is(r, element)]
        ore.append(Curve(name, tuple(tonnes), assumed=truth))
        grade.append(Curve(name, tuple(mean), assumed=truth))
    if not any(len(curve.points) > 1 for curve in ore):
        return ""
    label = f"cut-off, {unit}"
    return figure(
        (
            Panel(title="Ore above cut-off, Mt", x_label=label, curves=tuple(ore)),
            Panel(title=f"Mean grade above it, {unit}", x_label=label, curves=tuple(grade)),
        ),
        title,
    )


def _is(row: Row, key: str) -> bool:
    return isinstance(row.get(key), int | float)
