"""How does one scenario's cash flow read by year, and how do scenarios compare in pictures?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps.products.workbook_book import Book, reference
from maps.products.workbook_scenarios import FIRST, HEAD_ROW, Sheets
from maps.products.workbook_years import COLUMNS, FIRST_COLUMN, Years

#: Columns of the workings that no reader asks for.
HIDDEN = ("profit", "taxed")
CHOICE_ROW = 3
#: Commas at the end of a number format divide by a thousand each.
MILLIONS = "#,##0,,"


def write_cash_flow(book: Book, sheets: Sheets, cases: Sequence[Mapping[str, Any]]) -> None:
    """Write the sheet that shows the years of one scenario, chosen in its yellow cell.

    Parameters
    ----------
    book : Book
        The workbook.
    sheets : Sheets
        Where the scenarios and their years stand.
    cases : sequence of mapping
        Scenarios of the summary; the first with a value is shown at the beginning.
    """
    names = [str(case["name"]) for case in cases]
    valued = [
        str(case["name"]) for case in cases if (case["base_case"] or {}).get("npv_usd") is not None
    ]
    shown = [name for name in COLUMNS if name not in HIDDEN]
    note = "Live: choose a scenario in the yellow cell. Money is real, of the valuation date."
    sheet = book.sheet("Cash flow", note, (14, *(16 for _ in shown)))
    sheet.write_string(CHOICE_ROW, 0, book.say("Scenario"), book.look("head"))
    chosen = valued[0] if valued else names[0]
    sheet.write_string(CHOICE_ROW, 1, chosen, book.look("input"))
    source = reference(sheets.scenarios, _header(len(names)))
    sheet.data_validation(
        CHOICE_ROW, 1, CHOICE_ROW, 1, {"validate": "list", "source": f"={source}"}
    )
    book.workbook.define_name("cash_flow_scenario", f"={reference(sheet, f'$B${CHOICE_ROW + 1}')}")
    heads = [f"{book.say(COLUMNS[n][0])}, {book.say(COLUMNS[n][1])}" for n in shown]
    book.heads(sheet, HEAD_ROW, [book.say("Year"), *heads])
    case = cases[names.index(chosen)]
    kept = (case["base_case"] or {}).get("cash_flow")
    _write_rows(book, sheet, sheets.years, shown, kept or [])
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    _chart(book, sheet, sheets.years.count, shown)


def _header(count: int) -> str:
    from xlsxwriter.utility import xl_range_abs

    text: str = xl_range_abs(HEAD_ROW, FIRST, HEAD_ROW, FIRST + count - 1)
    return text


def _write_rows(
    book: Book, sheet: Any, years: Years, shown: Sequence[str], kept: Sequence[Mapping[str, Any]]
) -> None:
    """Write the years of the chosen scenario, read from its block."""
    from maps.products.workbook_years import CACHED

    names = list(COLUMNS)
    every = reference(years.sheet, "$A:$A")
    for k in range(years.count + 1):
        row = HEAD_ROW + 1 + k
        sheet.write_number(row, 0, k, book.look("plain"))
        for column, name in enumerate(shown, 1):
            letter = _letter(FIRST_COLUMN + names.index(name))
            source = reference(years.sheet, f"${letter}:${letter}")
            found = f"INDEX({source},MATCH($B${CHOICE_ROW + 1},{every},0)+{k})"
            value = kept[k].get(CACHED.get(name, "")) if k < len(kept) else None
            look = book.look("live", COLUMNS[name][1])
            sheet.write_formula(row, column, f"={found}", look, "" if value is None else value)


def _letter(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    name: str = xl_col_to_name(column)
    return name


def _chart(book: Book, sheet: Any, count: int, shown: Sequence[str]) -> None:
    """Draw cash flow as bars and its sum as a line."""
    bars = book.workbook.add_chart({"type": "column"})
    line = book.workbook.add_chart({"type": "line"})
    first, last = HEAD_ROW + 1, HEAD_ROW + 1 + count
    for chart, name, colour in ((bars, "cash", "#4477AA"), (line, "sum", "#AA3377")):
        column = 1 + list(shown).index(name)
        chart.add_series(
            {
                "name": book.say(COLUMNS[name][0]),
                "categories": [sheet.name, first, 0, last, 0],
                "values": [sheet.name, first, column, last, column],
                "fill": {"color": colour},
                "line": {"color": colour},
            }
        )
    bars.combine(line)
    bars.set_title({"name": book.say("Cash flow of the chosen scenario")})
    bars.set_x_axis({"name": book.say("Year"), "label_position": "low"})
    bars.set_y_axis({"name": book.say("million USD"), "num_format": MILLIONS})
    bars.set_legend({"position": "bottom"})
    bars.set_size({"width": 900, "height": 380})
    sheet.insert_chart(last + 2, 0, bars)


def write_charts(book: Book, sheets: Sheets, count: int) -> None:
    """Draw the scenarios beside each other: concentrate, grade, years of ore, value.

    Parameters
    ----------
    book : Book
        The workbook.
    sheets : Sheets
        Where the scenarios stand.
    count : int
        Number of scenarios.
    """
    note = "Live pictures of the sheet of scenarios. A scenario without a bar is not known."
    sheet = book.sheet("Charts", note, (12,))
    drawn = (
        ("head", "Head grade, % Sb", "0.0"),
        ("concentrate", "Concentrate of a full year, t/yr", "#,##0"),
        ("life", "Years the ore lasts", "0"),
        ("npv", "Net present value, million USD", MILLIONS),
    )
    for place, (name, title, number) in enumerate(drawn):
        chart = book.workbook.add_chart({"type": "bar"})
        row = sheets.rows[name]
        chart.add_series(
            {
                "name": book.say(title),
                "categories": [sheets.scenarios.name, HEAD_ROW, FIRST, HEAD_ROW, FIRST + count - 1],
                "values": [sheets.scenarios.name, row, FIRST, row, FIRST + count - 1],
                "fill": {"color": "#4477AA"},
                "data_labels": {"value": True, "num_format": number},
            }
        )
        chart.set_title({"name": book.say(title), "name_font": {"size": 12}})
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"num_format": number, "label_position": "high"})
        chart.set_legend({"none": True})
        chart.set_size({"width": 620, "height": 380})
        sheet.insert_chart(HEAD_ROW + 20 * (place // 2), 11 * (place % 2), chart)
