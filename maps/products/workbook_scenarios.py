"""How do the scenarios stand side by side, each recalculated from its own yellow cells?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from maps.products.workbook_book import Book, reference
from maps.products.workbook_inputs import CONVENTIONS, FOR_ALL, INPUTS, Input
from maps.products.workbook_limits import guard, mark
from maps.products.workbook_money import A_TONNE, SAID, VALUE
from maps.products.workbook_names import names_of
from maps.products.workbook_rows import CHECK, ORE, PLANT, Live
from maps.products.workbook_years import COLUMNS, NOTE, Years, write_years, years_laid_out
from maps.wording import SB_UNIT, VERDICTS, share

Row = Mapping[str, Any]

ALL, ALLOWED, FIRST = 2, 3, 4
HEAD_ROW = 4
LIVE: tuple[tuple[str, tuple[Live, ...]], ...] = (
    ("Ore: recalculated", (*CHECK, *ORE)),
    ("Plant: recalculated", PLANT),
    ("A tonne of ore: recalculated", A_TONNE),
    ("Value: recalculated", VALUE),
)
#: What the study found that no cell changes.
GROUND = (
    ("is_known", "Whether the ore is known, 1 or 0", ""),
    ("has_laws", "Whether its spread of grades is stated, 1 or 0", ""),
    ("ground_ore", "All ore in situ", "t"),
    ("ground_sb", "All antimony in situ", "t Sb"),
    ("ceiling", "Largest antimony published for the area", "t Sb"),
)
#: The figures people look for first; they stand above the inputs, too.
LEADING = (
    "checked",
    "rate",
    "ore",
    "life",
    "head",
    "concentrate",
    "nsr",
    "npv",
    "irr",
    "payback",
    "counted",
    "basis",
)
WORDS = ("basis", "checked", "counted", "shown")
#: Steps of the reckoning are folded; this is none, though the planner has no such figure.
OPEN = "counted"
TOP = "top_"
#: Names of the cells that set an input for all scenarios at once.
NAMED = {
    "throughput_t_per_year": "throughput_t_per_year",
    "sb_price": "sb_price_usd_per_t",
    "cutoff_sb_pct": "cutoff_sb_pct",
}
SHEET_NOTE = (
    "Yellow cells are inputs: change one, and every figure below follows. Column C sets an input "
    "for all scenarios; empty, each keeps its own. Grey cells are values that stay. Steps between "
    "are folded: open them with the signs at the left."
)


@dataclass(frozen=True, slots=True, eq=False)
class Sheets:
    """The sheets that the scenarios reach over.

    Parameters
    ----------
    scenarios, curves : Worksheet
        Side by side, and the ore at or above rising cut-offs.
    years : Years
        Cash flows of all scenarios.
    rows : dict of str to int
        Row of each name in *scenarios*, from 0.
    count : int
        Number of scenarios.
    """

    scenarios: Any
    curves: Any
    years: Years
    rows: dict[str, int]
    count: int


def write_scenarios(book: Book, cases: Sequence[Row]) -> Sheets:
    """Write all that is recalculated, and what it is recalculated from.

    Parameters
    ----------
    book : Book
        The workbook.
    cases : sequence of mapping
        Scenarios of the summary that say their workings.

    Returns
    -------
    Sheets
    """
    widths = (50, 18, 16, 22, *(22 for _ in cases))
    sheet = book.sheet("Scenarios", SHEET_NOTE, widths)
    rows = _labels(book, sheet)
    count = years_laid_out([case["workings"] for case in cases])
    flows = book.sheet("Years", NOTE, (22, 6, *(15 for _ in COLUMNS)))
    heads = [f"{book.say(words)}, {book.say(unit)}" for words, unit, _ in COLUMNS.values()]
    book.heads(flows, HEAD_ROW, ["Scenario", "Year", *heads])
    note = "Live: the cash flows by half-years, from which the rate of return is found."
    halves = book.sheet("Half-years", note, (22, *(12 for _ in range(2 * count + 1))))
    book.heads(halves, HEAD_ROW, ["Scenario", *(f"{h / 2:g}" for h in range(2 * count + 1))])
    curves = book.sheet(
        "Ore by cut-off",
        "Values: ore at or above a cut-off, in situ, base case. A straight line joins two rows.",
        [16] * (4 * len(cases)),
    )
    sheets = Sheets(sheet, curves, Years(flows, halves, count), rows, len(cases))
    _name_inputs(book, sheets, len(cases))
    for each in (i for _, group in INPUTS for i in group):
        _guard_input(book, sheets, each, len(cases))
    known: dict[str, dict[str, str]] = {}
    names = names_of(cases)
    for number, case in enumerate(cases):
        case = {**case, "shown": names[number]}
        cells = _cells(book, sheets, number)
        cells |= _curve(book, sheets, case, known)
        _write_case(book, sheets, number, case, cells)
        write_years(book, sheets.years, number, cells, case)
    for made, kept in ((sheet, 2), (flows, 2), (halves, 1), (curves, 1)):
        book.table(made, HEAD_ROW, kept)
    for workings in (flows, halves, curves):
        # Nobody reads these on paper: a few small pages rather than many.
        workings.fit_to_pages(1, 0)
    return sheets


def _labels(book: Book, sheet: Any) -> dict[str, int]:
    """Write names and units down the left, and return the row of each name."""
    rows: dict[str, int] = {"name": HEAD_ROW, "title": HEAD_ROW + 1, "key": HEAD_ROW + 2}
    sheet.write_string(rows["key"], 0, book.say("Key in the study"), book.look("text"))
    row = HEAD_ROW + 3
    lines = {r.name: r for _, group in LIVE for r in group}
    top = [(f"{TOP}{name}", lines[name].label, lines[name].unit) for name in LEADING]
    parts: list[tuple[str, Sequence[tuple[str, str, str]]]] = [("At a glance: recalculated", top)]
    parts += [(title, [(i.name, i.label, i.unit) for i in inputs]) for title, inputs in INPUTS]
    money = [*parts[-1][1], ("discounting", "When a year's money comes", "")]
    parts[-1] = (parts[-1][0], [*money, ("valuation_date", "Valuation date", "")])
    parts.append(("What is in the ground: values", GROUND))
    parts += [(title, [(r.name, r.label, r.unit) for r in lines]) for title, lines in LIVE]
    verdict = [("holds", "Holds", ""), ("share", "In draws of the study", "")]
    parts.append(("Verdict of the study: values, not recalculated", verdict))
    steps = {r.name for r in lines.values() if not r.base_case and r.name != OPEN}
    for title, told in parts:
        sheet.write_string(row, 0, book.say(title), book.look("section"))
        sheet.write_blank(row, 1, None, book.look("section"))
        row += 1
        for name, label, unit in told:
            sheet.write_string(row, 0, book.say(label), book.look("text"))
            sheet.write_string(row, 1, book.say(unit), book.look("plain"))
            if name in steps:
                sheet.set_row(row, None, None, {"level": 1, "hidden": True})
            elif name in ("title", *(f"{top}{word}" for word in WORDS for top in ("", TOP))):
                sheet.set_row(row, 48)
            else:
                book.tall(sheet, row, book.say(label), 52)
            rows[name], row = row, row + 1
    sheet.set_row(rows["title"], 78)
    return rows


def _name_inputs(book: Book, sheets: Sheets, count: int) -> None:
    """Name inputs and figures, and make the cells that set an input for all scenarios."""
    from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

    sheet = sheets.scenarios
    book.heads(sheet, HEAD_ROW, ["Figure", "Unit", "Set for all", "Allowed"])
    for name in FOR_ALL:
        row = sheets.rows[name]
        unit = next(i.unit for _, group in INPUTS for i in group if i.name == name)
        sheet.write_blank(row, ALL, None, book.look("input", unit))
        cell = xl_rowcol_to_cell(row, ALL, True, True)
        book.workbook.define_name(NAMED[name], f"={reference(sheet, cell)}")
    wanted = {i.name: f"in_{i.name}" for _, group in INPUTS for i in group}
    wanted |= {r.name: f"out_{r.base_case}" for _, lines in LIVE for r in lines if r.base_case}
    for each, name in wanted.items():
        row = sheets.rows[each]
        cells = xl_range_abs(row, FIRST, row, FIRST + count - 1)
        book.workbook.define_name(name, f"={reference(sheet, cells)}")


def _guard_input(book: Book, sheets: Sheets, each: Input, count: int) -> None:
    """Say what a yellow cell takes, refuse the rest, and mark what came in all the same."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    sheet, row = sheets.scenarios, sheets.rows[each.name]
    allowed = book.say(each.limits.words())
    sheet.write_string(row, ALLOWED, allowed, book.look("limits"))
    unit = f"{book.say('Unit')}: {book.say(each.unit)}. {book.say('Allowed')}: {allowed}."
    refusal = f"{book.say('This cannot be right.')} {unit}"
    spans = [(FIRST, FIRST + count - 1, each.empty)]
    if each.name in FOR_ALL:
        spans.append((ALL, ALL, "Empty: each scenario keeps its own."))
    for first, last, empty in spans:
        at, cell = (row, first, row, last), xl_rowcol_to_cell(row, first)
        guard(sheet, at, each.limits, (book.say(each.label), f"{unit} {book.say(empty)}", refusal))
        wrong = f'AND({cell}<>"",NOT({each.limits.test(cell)}))'
        if each.name == "dilution_grade_sb_pct":
            other = xl_rowcol_to_cell(sheets.rows["dilution_fraction"], first)
            wrong = f"OR({wrong},COUNT({cell})<>COUNT({other}))"
        mark(sheet, at, wrong, book.look("wrong"))


def _cells(book: Book, sheets: Sheets, number: int) -> dict[str, str]:
    """Return what each name stands for in the formulas of one scenario."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    def at(name: str, column: int) -> str:
        cell = xl_rowcol_to_cell(sheets.rows[name], column, True, True)
        return reference(sheets.scenarios, cell)

    cells = {name: at(name, FIRST + number) for name in sheets.rows}
    cells |= {f"all_{name}": at(name, ALL) for name in FOR_ALL}
    cells |= {name: f'"{book.say(words)}"' for name, words in (SAID | CONVENTIONS).items()}
    cells |= {"unknown": f'"{book.unknown}"', "years": str(sheets.years.count)}
    block, last = sheets.years.block, sheets.years.last
    cells |= {f"flow_{name}": block(number, name) for name in ("cash", "present_value", "sum")}
    cells |= {"flow_last": last(number, "sum"), "half_years": sheets.years.halves(number)}
    first = f"MAX(INDEX({cells['flow_cash']},2),0)"
    return cells | {"guess": f"SQRT(1+{first}/{cells['initial_capital']})-1"}


def _curve(
    book: Book, sheets: Sheets, case: Row, known: dict[str, dict[str, str]]
) -> dict[str, str]:
    """Write the ore of a scenario once, and return how formulas name its columns."""
    from xlsxwriter.utility import xl_range_abs

    curve = case["workings"]["ore"]["curve"]
    if not curve:
        return {}
    names = {"curve_cutoff": "cutoff_sb_pct", "curve_ore": "ore_t", "curve_sb": "sb_t"}
    names |= {"curve_au": "au_kg"}
    key = str(curve)
    if key in known:
        return known[key]
    left, first = 4 * len(known), HEAD_ROW + 1
    sheets.curves.write_string(HEAD_ROW - 1, left, case["shown"], book.look("section"))
    labels = ("Cut-off, % Sb", "Ore, t", "Antimony, t Sb", "Gold, kg Au")
    units = (SB_UNIT, "t", "t Sb", "kg Au")
    known[key] = {}
    for column, (name, source) in enumerate(names.items(), left):
        heading = book.say(labels[column - left])
        sheets.curves.write_string(HEAD_ROW, column, heading, book.look("head"))
        look = book.look("value", units[column - left])
        for row, value in enumerate(curve[source], first):
            if value is not None:
                sheets.curves.write_number(row, column, value, look)
        cells = xl_range_abs(first, column, first + len(curve[source]) - 1, column)
        known[key][name] = reference(sheets.curves, cells)
    return known[key]


def _write_case(
    book: Book, sheets: Sheets, number: int, case: Row, cells: Mapping[str, str]
) -> None:
    """Write one column: its inputs, what is in the ground, what follows, and the verdict."""
    sheet, rows, column = sheets.scenarios, sheets.rows, FIRST + number
    sheet.write_string(HEAD_ROW, column, case["shown"], book.look("head"))
    sheet.write_string(rows["key"], column, str(case["name"]), book.look("limits"))
    book.put(sheet, rows["title"], column, str(case.get("title") or ""))
    _write_inputs(book, sheets, column, case["workings"])
    base = case.get("base_case") or {}
    for line in (r for _, lines in LIVE for r in lines):
        if line.of_ore and "curve_ore" not in cells:
            for name in (line.name, f"{TOP}{line.name}"):
                if name in rows:
                    sheet.write_string(rows[name], column, book.unknown, book.look("value"))
            continue
        kept, look = _kept(book, base, line), "told" if line.name in WORDS else "live"
        text = _guarded(line, cells)
        sheet.write_formula(rows[line.name], column, f"={text}", book.look(look, line.unit), kept)
        if line.name in LEADING:
            shown = book.look("told" if line.name in WORDS else "lead", line.unit)
            source = f"={cells[line.name]}"
            sheet.write_formula(rows[f"{TOP}{line.name}"], column, source, shown, kept)
    verdict = case.get("verdict") or {}
    word = VERDICTS.get(verdict.get("holds"), VERDICTS[None])
    sheet.write_string(
        rows["holds"], column, f"{word.sign} {book.say(word.text)}", book.look("value")
    )
    drawn = share(verdict.get("share_of_draws"))
    sheet.write_string(rows["share"], column, book.say(drawn), book.look("value"))


def _guarded(line: Live, cells: Mapping[str, str]) -> str:
    """Return the formula of a row, which tells nothing while an input cannot be right."""
    text = line.formula.format_map(cells)
    if line in CHECK:
        return text
    asked = [f"{cells['faults']}=0"]
    if line.needs:
        asked.append(f"COUNT({','.join(cells[name] for name in line.needs)})={len(line.needs)}")
    condition = asked[0] if len(asked) == 1 else f"AND({','.join(asked)})"
    return f"IF({condition},{text},{line.otherwise.format_map(cells)})"


def _kept(book: Book, base: Row, line: Live) -> Any:
    """Return what the cell shows before anything recalculates it: the planner's own figure.

    A step on the way has none of the planner's; `workbook_values` works it out.
    """
    if not line.base_case:
        return ""
    value = base.get(line.base_case)
    if isinstance(value, bool):
        return book.say("yes" if value else "no")
    if isinstance(value, str):
        return book.say(value)
    return book.unknown if value is None else value


def _write_inputs(book: Book, sheets: Sheets, column: int, workings: Row) -> None:
    """Write the yellow cells of a scenario and what is in its ground."""
    sheet, rows = sheets.scenarios, sheets.rows
    for each in (i for _, group in INPUTS for i in group):
        value = workings["inputs"][each.name]["value"]
        look = book.look("input", each.unit)
        if value is None:
            sheet.write_blank(rows[each.name], column, None, look)
        else:
            sheet.write_number(rows[each.name], column, value, look)
    words = [book.say(word) for word in CONVENTIONS.values()]
    chosen = book.say(CONVENTIONS[workings["discounting"]])
    sheet.write_string(rows["discounting"], column, chosen, book.look("input"))
    choice = {"validate": "list", "source": words, "input_message": "; ".join(words)}
    sheet.data_validation(rows["discounting"], column, rows["discounting"], column, choice)
    row, date = rows["valuation_date"], workings["valuation_date"]
    if date:
        sheet.write_string(row, column, date, book.look("input"))
    else:
        sheet.write_blank(row, column, None, book.look("input"))
    message = book.say("Year-month-day. Empty: not known, and then there is no value.")
    sheet.data_validation(row, column, row, column, {"validate": "any", "input_message": message})
    ore = workings["ore"]
    curve = ore["curve"] or {"ore_t": [None], "sb_t": [None]}
    found: dict[str, float | None] = {name: int(ore[name]) for name in ("is_known", "has_laws")}
    found |= {"ground_ore": curve["ore_t"][0], "ground_sb": curve["sb_t"][0]}
    found |= {"ceiling": ore["ceiling_sb_t"]}
    for name, _, unit in GROUND:
        value = found[name]
        if value is None:
            sheet.write_string(rows[name], column, book.unknown, book.look("value"))
        else:
            sheet.write_number(rows[name], column, value, book.look("value", unit))
