"""How does one scenario's cash flow read by year, and how do scenarios compare in pictures?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps import palettes
from maps.products.workbook_book import Book, reference
from maps.products.workbook_names import names_of
from maps.products.workbook_scenarios import FIRST, HEAD_ROW, Sheets
from maps.products.workbook_years import CACHED, COLUMNS, FIRST_COLUMN

#: Columns of the workings that no reader asks for.
HIDDEN = ("profit", "taxed")
CHOICE_ROW = 3
#: Beside the choice stand its number among the scenarios, 0 for none, and what is valued of it.
NUMBER, SAID = "$C$4", 3
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
    names = names_of(cases)
    shown = [name for name in COLUMNS if name not in HIDDEN]
    note = "Live: choose a scenario in the yellow cell. Money is real, of the valuation date."
    sheet = book.sheet("Cash flow", note, (14, 46, *(16 for _ in shown[1:])))
    sheet.write_string(CHOICE_ROW, 0, book.say("Scenario"), book.look("head"))
    chosen = names[_first_valued(cases)]
    sheet.write_string(CHOICE_ROW, 1, chosen, book.look("input"))
    source = reference(sheets.scenarios, _across(HEAD_ROW, len(names)))
    sheet.data_validation(
        CHOICE_ROW, 1, CHOICE_ROW, 1, {"validate": "list", "source": f"={source}"}
    )
    book.workbook.define_name("cash_flow_scenario", f"={reference(sheet, f'$B${CHOICE_ROW + 1}')}")
    _write_choice(book, sheet, sheets, source)
    heads = [f"{book.say(COLUMNS[n][0])}, {book.say(_unit(n))}" for n in shown]
    book.heads(sheet, HEAD_ROW, [book.say("Year"), *heads])
    case = cases[names.index(chosen)]
    kept = (case["base_case"] or {}).get("cash_flow")
    _write_rows(book, sheet, sheets, shown, kept or [])
    book.table(sheet, HEAD_ROW, 1)
    _chart(book, sheet, sheets.years.count, shown)


def _first_valued(cases: Sequence[Mapping[str, Any]]) -> int:
    """Return the first scenario with a value, better of ore with its loss and dilution stated."""
    factors = ("mining_recovery_fraction", "dilution_fraction")

    def rank(number: int) -> tuple[bool, bool]:
        inputs = cases[number]["workings"]["inputs"]
        stated = all(inputs[name]["value"] is not None for name in factors)
        return (cases[number]["base_case"] or {}).get("npv_usd") is None, not stated

    return min(range(len(cases)), key=rank)


def _unit(name: str) -> str:
    """Return the unit in which a column of the years is shown: money in millions."""
    unit = COLUMNS[name][1]
    return "million USD" if unit == "USD" else unit


def _write_choice(book: Book, sheet: Any, sheets: Sheets, names: str) -> None:
    """Write which scenario is chosen, by its whole name, and what of it is valued."""
    # Not MATCH: it would read * and ? in a name as signs for any letters.
    chosen = f"$B${CHOICE_ROW + 1}"
    place = f"=SUMPRODUCT(EXACT({names},{chosen})*(COLUMN({names})-{FIRST}))"
    sheet.write_formula(CHOICE_ROW, 2, place, book.look("limits", ""), "")
    told, counted, worth = (
        f"INDEX({reference(sheets.scenarios, _across(sheets.rows[name], sheets.count))},{NUMBER})"
        for name in ("basis", "counted", "npv")
    )
    asked = book.say("choose a scenario of the list")
    both = f'IF(ISNUMBER({worth}),{told}&"; "&{counted},{told})'
    said = f'=IF({NUMBER}=0,"{asked}",{both})'
    sheet.write_formula(CHOICE_ROW, SAID, said, book.look("plain"), "")


def _across(row: int, count: int) -> str:
    """Return a row of all scenarios as a range, even where there is one."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    ends = (xl_rowcol_to_cell(row, c, True, True) for c in (FIRST, FIRST + count - 1))
    return ":".join(ends)


def _write_rows(
    book: Book, sheet: Any, sheets: Sheets, shown: Sequence[str], kept: Sequence[Mapping[str, Any]]
) -> None:
    """Write the years of the chosen scenario, read from its block."""
    from xlsxwriter.utility import xl_range_abs

    years, names = sheets.years, list(COLUMNS)
    first, last = years.first(0), years.first(sheets.count - 1) + years.count
    for k in range(years.count + 1):
        row = HEAD_ROW + 1 + k
        sheet.write_number(row, 0, k, book.look("plain"))
        for column, name in enumerate(shown, 1):
            place = FIRST_COLUMN + names.index(name)
            source = reference(years.sheet, xl_range_abs(first, place, last, place))
            found = f"INDEX({source},({NUMBER}-1)*{years.count + 2}+{k + 1})"
            value = kept[k].get(CACHED.get(name, "")) if k < len(kept) else None
            look = book.look("live", _unit(name))
            shows = f'=IF({NUMBER}=0,"",{found})'
            sheet.write_formula(row, column, shows, look, "" if value is None else value)


def _chart(book: Book, sheet: Any, count: int, shown: Sequence[str]) -> None:
    """Draw cash flow as bars and its sum as a line."""
    bars = book.workbook.add_chart({"type": "column"})
    line = book.workbook.add_chart({"type": "line"})
    first, last = HEAD_ROW + 1, HEAD_ROW + 1 + count
    for chart, name, colour in ((bars, "cash", palettes.BLUE), (line, "sum", palettes.VERMILLION)):
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
    mark = "SYNTHETIC: " if book.finished.synthetic else ""
    # The title says of which scenario, and on what ore it rests.
    title = book.say("Cash flow of the chosen scenario").replace('"', '""')
    said = f'="{mark}{title}: "&$B${CHOICE_ROW + 1}&" ("&$D${CHOICE_ROW + 1}&")"'
    sheet.write_formula(last + 1, 1, said, book.look("plain"), "")
    bars.set_title({"name": f"={reference(sheet, f'$B${last + 2}')}", "name_font": {"size": 12}})
    bars.set_x_axis({"name": book.say("Year"), "label_position": "low"})
    bars.set_y_axis({"name": book.say("million USD"), "num_format": MILLIONS})
    bars.set_legend({"position": "bottom"})
    bars.set_size({"width": 900, "height": 380})
    sheet.insert_chart(last + 3, 1, bars)


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
    sheet = book.sheet("Charts", note, (10,) * 20)
    sheet.fit_to_pages(1, 0)
    # A bar and its name need some 18 dots; a spreadsheet leaves out names that do not fit.
    height = max(380, 120 + 22 * count)
    drawn = (
        ("head", "Head grade, % Sb", "0.0"),
        ("concentrate", "Concentrate of a full year, t/yr", "#,##0"),
        ("life", "Years the ore lasts", "0"),
        ("npv", "Net present value, million USD", MILLIONS),
    )
    for place, (name, title, number) in enumerate(drawn):
        chart = book.workbook.add_chart({"type": "bar"})
        row, named = sheets.rows[name], sheets.rows["shown" if name == "npv" else "name"]
        chart.add_series(
            {
                "name": book.say(title),
                "categories": [sheets.scenarios.name, named, FIRST, named, FIRST + count - 1],
                "values": [sheets.scenarios.name, row, FIRST, row, FIRST + count - 1],
                "fill": {"color": palettes.BLUE},
                "data_labels": {"value": True, "num_format": number},
            }
        )
        mark = "SYNTHETIC: " if book.finished.synthetic else ""
        chart.set_title({"name": f"{mark}{book.say(title)}", "name_font": {"size": 12}})
        chart.set_y_axis({"reverse": True})
        axis = {"name": book.say(title), "num_format": number, "label_position": "high"}
        chart.set_x_axis(axis)
        chart.set_legend({"none": True})
        # The names with their remarks stand in a folded row.
        chart.show_hidden_data()
        chart.set_size({"width": 720, "height": height})
        below = (height // 20 + 2) * (place // 2)
        sheet.insert_chart(HEAD_ROW + below, 10 * (place % 2), chart)
