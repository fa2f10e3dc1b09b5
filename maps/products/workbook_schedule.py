"""What does the plan of a mine dig, feed and earn in each of its periods?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps.plan_words import words_of_plan
from maps.products.workbook_book import Book
from maps.products.workbook_plan_years import put_of_plan, write_plan_years

Row = Mapping[str, Any]

HEAD_ROW = 4
PERIODS = (
    "name",
    "from_date",
    "to_date",
    "target_t",
    "feed_t",
    "sb_pct",
    "au_gpt",
    "as_pct",
    "hg_pct",
    "ore_t",
    "waste_t",
    "development_m",
    "stock_t",
    "concentrate_t",
    "sb_t",
    "payable_sb_t",
    "payable_au_oz",
    "revenue_usd",
    "cost_usd",
    "cash_usd",
    "fixed_usd",
    "cash_after_fixed_usd",
)
#: Amounts of periods and years that can be added up.
ADDED = (
    "target_t",
    "feed_t",
    "ore_t",
    "waste_t",
    "development_m",
    "concentrate_t",
    "sb_t",
    "payable_sb_t",
    "payable_au_oz",
    "revenue_usd",
    "cost_usd",
    "cash_usd",
    "fixed_usd",
    "cash_after_fixed_usd",
)
#: Grades, whose mean is by the ore fed.
MEANS = ("sb_pct", "au_gpt", "as_pct", "hg_pct")


def write_schedule(book: Book, summary: Row) -> None:
    """Write the schedule of a mine: its periods as values, its years with live money.

    Parameters
    ----------
    book : Book
        The workbook.
    summary : mapping
        The study's summary; without a plan nothing is written.
    """
    plan = summary.get("plan") or {}
    if not plan.get("years"):
        return
    write_plan_years(book, summary)
    periods = plan.get("periods") or []
    note = "Values of the plan, period by period; nothing here is recalculated."
    shown = [name for name in PERIODS if any(row.get(name) is not None for row in periods)]
    sheet = book.sheet("Schedule", note, (20, 12, 12, *(15 for _ in shown[3:])))
    book.heads(sheet, HEAD_ROW, [_head(book, name) for name in shown])
    for line, row in enumerate(periods, HEAD_ROW + 1):
        for column, name in enumerate(shown):
            put_of_plan(book, sheet, (line, column), row.get(name), name)
    if periods:
        _write_sums(book, sheet, shown, len(periods))
    book.table(sheet, HEAD_ROW, 1)


def _write_sums(book: Book, sheet: Any, shown: Sequence[str], count: int) -> None:
    """Write the sums of all periods, and the mean grades of the ore fed."""
    from xlsxwriter.utility import xl_range

    first, last = HEAD_ROW + 1, HEAD_ROW + count
    spans = {name: xl_range(first, i, last, i) for i, name in enumerate(shown)}
    sheet.write_string(last + 1, 0, book.say("All periods"), book.look("total"))
    for column, name in enumerate(shown[1:], 1):
        text = ""
        if name in ADDED:
            text = f"=SUM({spans[name]})"
        elif name in MEANS and "feed_t" in spans:
            feed = spans["feed_t"]
            text = f'=IF(SUM({feed})>0,SUMPRODUCT({feed},{spans[name]})/SUM({feed}),"")'
        look = book.look("total", words_of_plan(name)[1])
        if text:
            sheet.write_formula(last + 1, column, text, look, "")
        else:
            sheet.write_blank(last + 1, column, None, look)


def _head(book: Book, name: str) -> str:
    words, unit = words_of_plan(name)
    return f"{book.say(words)}, {book.say(unit)}" if unit else book.say(words)
