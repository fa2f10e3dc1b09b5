"""How does a study become a workbook in which a planner tries another rate or another price?

Sheets of scenarios and years are formulas from yellow cells; percentiles, schedules and claims are
values and say so. Texts from files are never formulas.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from maps.drawings.headline import plan_sentence
from maps.drawings.results import claimed_verdict
from maps.finished import Finished, put
from maps.products.workbook_book import Book
from maps.products.workbook_lists import (
    write_claims,
    write_grade_tonnage,
    write_input_sources,
    write_mine_inputs,
)
from maps.products.workbook_scenarios import write_scenarios
from maps.products.workbook_schedule import write_schedule
from maps.products.workbook_values import fill
from maps.products.workbook_view import write_cash_flow, write_charts
from maps.wording import VERDICTS

#: What each sheet shows; the first sheet lists those that there are.
CONTENTS = {
    "Scenarios": "All scenarios side by side. Yellow cells are inputs; figures follow at once.",
    "Cash flow": "The years of one scenario, chosen in its yellow cell, with a chart.",
    "Charts": "Grade, concentrate, years of ore and value of the scenarios.",
    "Schedule by year": "The plan of the mine with live discounting, price and costs.",
    "Schedule": "The plan of the mine, period by period; values.",
    "Grade-tonnage": "Ore, grade and metal over cut-offs; values with percentiles.",
    "Grade-tonnage chart": "The same as a picture.",
    "Claims": "What is said in public, and what stands against it, with sources.",
    "Inputs and sources": "Every stated input with its kind, its key in the study and its source.",
    "Years": "Workings: the years of every scenario.",
    "Half-years": "Workings: cash flows from which the rate of return is found.",
    "Ore by cut-off": "Workings: the ore of each scenario at or above rising cut-offs; values.",
}
HOW = (
    "Yellow cells are inputs. Change one and the workbook recalculates; nothing else is needed.",
    "Grey cells are values of the study. Percentiles (P10, P50, P90) are values: they are not "
    "recalculated, because they come from the draws of the study.",
    "Each yellow cell says its unit and its limits when it is chosen. What is not right is marked, "
    "and nothing is worked out from it.",
    "An empty yellow cell is not known, which is not 0, unless its note says otherwise. What "
    "depends on it reads: not known.",
    "Nothing is locked: every formula can be read and changed.",
)
#: What is said beside that where a sheet is there.
HOW_OF = {
    "Scenarios": (
        "Column C of the scenarios sets throughput, price or cut-off for all of them at once, as "
        "anzob plan --throughput, --price and --cutoff do.",
        "Names for formulas: throughput_t_per_year, sb_price_usd_per_t, cutoff_sb_pct; in_* inputs "
        "and out_* figures, a column a scenario; cash_flow_scenario.",
        "Figures agree with the base case that anzob plan --json prints for the same setting "
        "within 0.1 %: between two cut-offs of the sheet a smooth curve stands in for the grade "
        "law.",
    ),
    "Schedule by year": ("Names for formulas: schedule_*.",),
}


def write_workbook(finished: Finished) -> list[str]:
    """Write ``scenarios.xlsx``.

    Parameters
    ----------
    finished : Finished
        The study.

    Returns
    -------
    list of str
        Name of the file; of a synthetic study it says so.
    """
    name = finished.named("scenarios.xlsx")
    put(finished.out / name, partial(_write, finished))
    return [name]


def _write(finished: Finished, path: Path) -> None:
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties(_properties(finished))
        book = Book(workbook, finished)
        first = book.sheet("Read me", "What this workbook holds, and how to use it.", (34, 120))
        _write_sheets(book, finished.summary)
        _write_contents(book, first)
        fill(workbook)


def _properties(finished: Finished) -> dict[str, Any]:
    """Return title and date of the file; the date is that of the study, so equal bytes follow."""
    study = finished.summary.get("study") or {}
    made = _moment(finished.stamp.generated)
    return {
        "title": str(study.get("title") or study.get("name") or ""),
        "subject": finished.translate("Scenarios"),
        "comments": finished.provenance,
        "created": made,
    }


def _moment(written: str) -> dt.datetime:
    """Return a time without its zone, as spreadsheets keep it; their first day when not known."""
    try:
        given = dt.datetime.fromisoformat(written)
    except ValueError:
        return dt.datetime(1980, 1, 1)
    return given.astimezone(dt.UTC).replace(tzinfo=None) if given.tzinfo else given


def _write_sheets(book: Book, summary: Mapping[str, Any]) -> None:
    """Write every sheet that the study has something for."""
    cases = [case for case in summary.get("scenarios") or [] if case.get("workings")]
    if cases:
        sheets = write_scenarios(book, cases)
        write_cash_flow(book, sheets, cases)
        write_charts(book, sheets, len(cases))
    write_schedule(book, summary)
    write_grade_tonnage(book, summary.get("grade_tonnage") or [])
    write_claims(book, summary.get("claims") or [])
    if cases:
        write_input_sources(book, cases)
    else:
        write_mine_inputs(book, summary)
    order = [book.say(name)[:31] for name in ("Read me", *CONTENTS)]
    # Sheets are read in the order of the contents, whichever was written first.
    book.workbook.worksheets_objs.sort(key=lambda sheet: order.index(sheet.name))
    for place, sheet in enumerate(book.workbook.worksheets()):
        sheet.index = place


def _answers(book: Book) -> list[tuple[str, str]]:
    """Return what the study answers: its verdicts in words, else its headline."""
    summary = book.finished.summary
    found = [claimed_verdict(summary), summary.get("verdict")]
    found.append((summary.get("plan") or {}).get("verdict"))
    said: list[tuple[str, str]] = []
    for verdict in filter(None, found):
        word = VERDICTS.get(verdict.get("holds"), VERDICTS[None])
        reading = book.say(str(verdict.get("reading") or "the plan"))
        sentence = str(verdict.get("sentence") or plan_sentence(verdict))
        told = f"{word.sign} {book.say(word.text).upper()}. {book.say(sentence)}"
        said.append((f"{book.say('Answer')}, {reading}", told))
    headline = str((summary.get("study") or {}).get("headline") or "")
    sentences = [str(verdict.get("sentence")) for verdict in filter(None, found)]
    if headline and not any(each in headline for each in sentences):
        said.append((book.say("Answer"), book.say(headline)))
    return said


def _write_contents(book: Book, sheet: Any) -> None:
    """Write the first sheet: the study, how to use the workbook, and what it holds."""
    study = book.finished.summary.get("study") or {}
    row = 4
    facts = [("Title", study.get("title")), ("Question", study.get("question"))]
    facts += _answers(book)
    facts += list(book.finished.stamp.facts())
    for label, value in facts:
        if value:
            sheet.write_string(row, 0, book.say(label), book.look("head"))
            book.put(sheet, row, 1, str(value))
            book.tall(sheet, row, str(value), 110)
            row += 1
    there = {each.name for each in book.workbook.worksheets()}
    more = [
        line for name, lines in HOW_OF.items() if book.say(name)[:31] in there for line in lines
    ]
    for line in (*HOW, *more):
        book.put(sheet, row + 1, 1, book.say(line))
        book.tall(sheet, row + 1, book.say(line), 118)
        row += 1
    row += 2
    for name, shows in CONTENTS.items():
        if (title := book.say(name)[:31]) in there:
            link = f"internal:'{title}'!A1"
            sheet.write_url(row, 0, link, book.look("text"), string=title)
            book.put(sheet, row, 1, book.say(shows))
            row += 1
