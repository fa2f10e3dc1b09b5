"""Which tables of the study stand in the workbook as values, and how are they headed?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from deposits.units import LESS_THAN_A_UNIT
from maps.palettes import CURVES
from maps.products.workbook_book import Book
from maps.products.workbook_inputs import INPUTS
from maps.products.workbook_names import names_of
from maps.wording import finding_word, is_less_than_a_unit, words_for

#: Marks on the curves of the chart, as many as they have colours.
MARKS = ("circle", "square", "diamond", "triangle", "x", "plus")

Row = Mapping[str, Any]

HEAD_ROW = 4
QUANTITIES = ("ore_t", "sb_pct", "sb_t", "au_gpt", "au_kg")
ABOUT = ("field", "domain", "model", "role", "category", "kind", "cutoff_sb_pct")
#: Columns that hold words of ours; names of fields and models stay as the study has them.
TRANSLATED = ("role", "category", "kind")
#: Signs beside those of the repeated columns that a printed page holds in full size.
READABLE = 140
PARTS = {"value": "", "p10": "P10", "p50": "P50", "p90": "P90"}


def write_grade_tonnage(book: Book, rows: Sequence[Row]) -> None:
    """Write the grade-tonnage table, percentiles marked as values, and a chart of its models.

    Parameters
    ----------
    book : Book
        The workbook.
    rows : sequence of mapping
        ``summary.grade_tonnage``.
    """
    if not rows:
        return
    about = [name for name in ABOUT if any(row.get(name) is not None for row in rows)]
    shown = [
        (name, part)
        for name in QUANTITIES
        for part in PARTS
        if any((row.get(name) or {}).get(part) is not None for row in rows)
    ]
    note = (
        "Values of the study, nothing is recalculated. P10, P50, P90: percentiles of the quantity "
        "itself over the draws under the stated assumptions; they cannot be added."
    )
    named = [{"field": 12, "model": 28, "category": 16}.get(name, 10) for name in about]
    widths = (*named, *(12 for _ in shown), 100)
    sheet = book.sheet("Grade-tonnage", note, widths)
    # As large as it is on the screen: every page repeats what the figures are of.
    sheet.fit_to_pages(-(-int(sum(widths)) // READABLE), 0)
    heads = [_head(book, name) for name in about]
    for name, part in shown:
        mark = f" {PARTS[part]} ({book.say('value')})" if PARTS[part] else ""
        heads.append(f"{_head(book, name)}{mark}")
    book.heads(sheet, HEAD_ROW, [*heads, "Source"])
    for line, row in enumerate(rows, HEAD_ROW + 1):
        for column, name in enumerate(about):
            value = row.get(name)
            told = book.say(str(value)) if name in TRANSLATED and value is not None else value
            book.put(sheet, line, column, told)
        _write_amounts(book, sheet, (line, len(about)), row, shown)
        source = str(row.get("source") or "")
        book.put(sheet, line, len(about) + len(shown), source or None)
        book.tall(sheet, line, max(source, str(row.get("model") or "") * 4, key=len), 104)
    end = HEAD_ROW + len(rows)
    sheet.autofilter(HEAD_ROW, 0, end, len(heads))
    book.table(sheet, HEAD_ROW, min(2, len(about)))
    _chart(book, sheet, rows, about)


def _write_amounts(
    book: Book, sheet: Any, at: tuple[int, int], row: Row, shown: Sequence[tuple[str, str]]
) -> None:
    """Write the quantities of a row; of less than one mining unit none is told, as elsewhere."""
    line, first = at
    if is_less_than_a_unit(row):
        book.put(sheet, line, first, book.say(LESS_THAN_A_UNIT), "value")
        return
    for column, (name, part) in enumerate(shown, first):
        value = (row.get(name) or {}).get(part)
        if value is not None:
            sheet.write_number(line, column, value, book.look("value", words_for(name)[1]))


def _head(book: Book, name: str) -> str:
    words, unit = words_for(name)
    return f"{book.say(words)}, {book.say(unit)}" if unit else book.say(words)


def _chart(book: Book, sheet: Any, rows: Sequence[Row], about: Sequence[str]) -> None:
    """Draw ore over cut-off for every run of rows that belongs together, on a page of its own."""
    chart = book.workbook.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
    groups: dict[tuple[Any, ...], list[int]] = {}
    for line, row in enumerate(rows, HEAD_ROW + 1):
        told = (row.get("ore_t") or {}).get("value") is not None and not is_less_than_a_unit(row)
        if told:
            key = tuple(str(row[n]) for n in about if n != "cutoff_sb_pct" and row.get(n))
            groups.setdefault(key, []).append(line)
    cut, ore = about.index("cutoff_sb_pct"), len(about)
    for key, lines in groups.items():
        if lines[-1] - lines[0] + 1 != len(lines) or len(lines) < 2:
            continue
        name = ", ".join(dict.fromkeys(key))
        chart.add_series(
            {
                "name": name[:100],
                "categories": [sheet.name, lines[0], cut, lines[-1], cut],
                "values": [sheet.name, lines[0], ore, lines[-1], ore],
                **_drawn(len(chart.series)),
            }
        )
    if not chart.series:
        return
    mark = "SYNTHETIC: " if book.finished.synthetic else ""
    chart.set_title({"name": f"{mark}{book.say('Ore at or above the cut-off')}"})
    chart.set_legend({"position": "bottom"})
    chart.set_x_axis({"name": book.say("Cut-off, % Sb")})
    chart.set_y_axis({"name": book.say("Ore, t"), "num_format": "#,##0", "min": 0})
    chart.set_size({"width": 1000, "height": 540})
    page = book.sheet("Grade-tonnage chart", "A picture of the sheet before it.", (12,) * 12)
    page.fit_to_pages(1, 1)
    page.insert_chart(HEAD_ROW, 0, chart)


def _drawn(number: int) -> dict[str, Any]:
    """Return colour, mark and line of a series, so that no two differ by colour alone."""
    colour = CURVES[number % len(CURVES)]
    dash = ("solid", "dash", "square_dot")[number // len(CURVES) % 3]
    fill = {"color": colour}
    marker = {"type": MARKS[number % len(MARKS)], "size": 6, "fill": fill, "border": fill}
    return {"line": {"color": colour, "width": 1.75, "dash_type": dash}, "marker": marker}


def write_claims(book: Book, rows: Sequence[Row]) -> None:
    """Write what is said in public and what stands against it, with sources.

    Parameters
    ----------
    book : Book
        The workbook.
    rows : sequence of mapping
        ``summary.claims``.
    """
    if not rows:
        return
    note = "What is said in public, held against published figures. Texts as they were written."
    sheet = book.sheet("Claims", note, (18, 40, 28, 60, 60, 60))
    names = ("finding", "claim", "said_by", "arithmetic", "evidence", "sources")
    book.heads(sheet, HEAD_ROW, [words_for(name)[0] for name in names])
    for line, row in enumerate(rows, HEAD_ROW + 1):
        longest = max((_told(row.get(n)) for n in names[3:]), key=len)
        book.tall(sheet, line, longest, 62)
        word = finding_word(str(row.get("finding") or ""))
        sheet.write_string(line, 0, f"{word.sign} {book.say(word.text)}", book.look("text"))
        for column, name in enumerate(names[1:], 1):
            book.put(sheet, line, column, _told(row.get(name)) or None)
    sheet.autofilter(HEAD_ROW, 0, HEAD_ROW + len(rows), len(names) - 1)
    book.table(sheet, HEAD_ROW, 1)


def _told(value: Any) -> str:
    """Return a text, or several as one."""
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")


def write_input_sources(book: Book, cases: Sequence[Row]) -> None:
    """Write every input that is stated, with key, kind and source.

    Parameters
    ----------
    book : Book
        The workbook.
    cases : sequence of mapping
        Scenarios of the summary that say their workings.
    """
    note = "How each input is known. Reported: published; derived: from it; assumed: chosen here."
    sheet = book.sheet("Inputs and sources", note, (46, 34, 16, 18, 12, 48, 90))
    heads = ("Input", "Value", "Unit", "Kind", "Key in the study", "Source")
    book.heads(sheet, HEAD_ROW, ["Scenario", *heads])
    line = HEAD_ROW + 1
    for case, name in zip(cases, names_of(cases), strict=True):
        for each in (i for _, group in INPUTS for i in group):
            told = case["workings"]["inputs"][each.name]
            if told["value"] is None:
                continue
            book.put(sheet, line, 0, name)
            book.put(sheet, line, 1, book.say(each.label))
            sheet.write_number(line, 2, told["value"], book.look("value", each.unit))
            book.put(sheet, line, 3, book.say(each.unit))
            book.put(sheet, line, 4, book.say(str(told["kind"])))
            book.put(sheet, line, 5, told["key"])
            book.put(sheet, line, 6, told["source"])
            book.tall(sheet, line, str(told["source"]), 84)
            line += 1
    sheet.autofilter(HEAD_ROW, 0, line - 1, 6)
    book.table(sheet, HEAD_ROW, 2)


def write_mine_inputs(book: Book, summary: Row) -> None:
    """Write the prices, terms and costs behind a mine, with kinds and sources.

    Parameters
    ----------
    book : Book
        The workbook.
    summary : mapping
        The study's summary; without a mine nothing is written.
    """
    rows = ((summary.get("mine") or {}).get("economics") or {}).get("rows") or []
    if not rows:
        return
    note = "How each input is known. Reported: published; derived: from it; assumed: chosen here."
    sheet = book.sheet("Inputs and sources", note, (44, 22, 26, 12, 48, 80))
    heads = ("Input", "Value", "Unit", "Kind", "Key in the study", "Source")
    book.heads(sheet, HEAD_ROW, heads)
    names = ("label", "value", "unit", "kind", "key", "source")
    for line, row in enumerate(rows, HEAD_ROW + 1):
        for column, name in enumerate(names):
            value = row.get(name)
            told = book.say(value) if name in ("label", "unit", "kind") and value else value
            book.put(sheet, line, column, told[:1].upper() + told[1:] if column == 0 else told)
    book.table(sheet, HEAD_ROW, 1)
