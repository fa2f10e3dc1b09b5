"""What does the schedule of a mine bring at another rate, price or cost, the plan itself unchanged?

Tonnes, metals and costs of each period are values: a planner would dig otherwise at another price.
Discounting, price and costs are live on the years of that one plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps.plan_words import words_of_plan
from maps.products.workbook_book import Book, reference

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
#: Yellow cells of the live sheet: name, words, unit.
SETTINGS = (
    ("schedule_discount_rate", "Discount rate, real", "fraction"),
    ("schedule_sb_price_usd_per_t", "Price of antimony", "USD/t Sb"),
    ("schedule_target_t_per_year", "Ore the plant is to have", "t/yr"),
    ("schedule_cost_factor", "Costs, times those of the plan", ""),
    ("schedule_initial_capital_usd", "Initial capital; empty is not known", "USD"),
)
#: Names of the cells that say what the plan is worth under them.
WORTH = ("schedule_npv", "schedule_npv_after_fixed", "schedule_npv_after_capital")
EARLY = {"end_of_year": 0.0, "mid_year": 0.5, "start_of_year": 1.0}
CONVENTION = {"end_of_year": "end", "mid_year": "middle", "start_of_year": "start"}


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
    _write_years(book, summary, plan)
    periods = plan.get("periods") or []
    note = "Values of the plan, period by period; nothing here is recalculated."
    shown = [name for name in PERIODS if any(row.get(name) is not None for row in periods)]
    sheet = book.sheet("Schedule", note, (20, 12, 12, *(15 for _ in shown[3:])))
    book.heads(sheet, HEAD_ROW, [_head(book, name) for name in shown])
    for line, row in enumerate(periods, HEAD_ROW + 1):
        for column, name in enumerate(shown):
            _put(book, sheet, (line, column), row.get(name), name)
    sheet.freeze_panes(HEAD_ROW + 1, 1)


def _head(book: Book, name: str) -> str:
    words, unit = words_of_plan(name)
    return f"{book.say(words)}, {book.say(unit)}" if unit else book.say(words)


def _put(book: Book, sheet: Any, at: tuple[int, int], value: Any, name: str) -> None:
    """Write a value with the number format of its unit."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(*at, value, book.look("value", words_of_plan(name)[1]))
    else:
        book.put(sheet, *at, book.say(str(value)) if value is not None else None)


def _write_years(book: Book, summary: Row, plan: Row) -> None:
    """Write the years of the plan with the money that follows from the yellow cells."""
    years = plan["years"]
    note = (
        "Live money on one plan: change a yellow cell. Tonnes and metals are values and stay; "
        "at another price a planner would choose other ore."
    )
    sheet = book.sheet("Schedule by year", note, (36, *(17 for _ in range(16))))
    price, royalty = _of(summary, "sb_price"), _of(summary, "royalty_fraction_of_nsr")
    given = (plan.get("discount_rate"), price, plan.get("target_t_per_year"), 1.0, None)
    _write_settings(book, sheet, given)
    first = HEAD_ROW + len(SETTINGS) + 6
    columns = _columns(plan, price, royalty)
    book.heads(sheet, first - 1, [book.say("Year"), *(_titled(book, c) for c in columns)])
    for line, row in enumerate(years, first):
        sheet.write_number(line, 0, row["year"], book.look("plain"))
        for column, (name, (_, unit, source)) in enumerate(columns.items(), 1):
            if source.startswith("="):
                text = source.format_map(_cells(columns, line))
                kept = row.get("discounted_usd" if name == "present" else source[1:], "")
                sheet.write_formula(line, column, text, book.look("live", unit), kept)
            else:
                _put(book, sheet, (line, column), row.get(source), source)
    _write_totals(book, sheet, columns, (first, first + len(years) - 1), plan)
    _chart(book, sheet, columns, (first, first + len(years) - 1))


Columns = dict[str, tuple[str, str, str]]


def _convention(plan: Row) -> str:
    """Return when in its year money comes; a spreadsheet's own way where the plan is silent."""
    said = str(plan.get("discounting"))
    return said if said in EARLY else "end_of_year"


def _columns(plan: Row, price: float | None, royalty: float | None) -> Columns:
    """Lay out the columns: name -> words, unit, key of the plan or formula."""
    early = EARLY[_convention(plan)]
    kept = 1.0 - (royalty or 0.0)
    moved = (
        f"{{payable_sb}}*({{schedule_sb_price_usd_per_t}}-{price!r})*{kept!r}"
        if price is not None
        else "0"
    )
    return {
        "target": ("Ore the plant is to have", "t", "target_t"),
        "feed": ("Ore to the plant", "t", "feed_t"),
        "used": (
            "Part of the target fed",
            "fraction",
            "=IF({schedule_target_t_per_year}>0,{feed}/{schedule_target_t_per_year},0)",
        ),
        "sb_pct": ("Antimony grade", "% Sb", "sb_pct"),
        "concentrate": ("Concentrate, dry", "t", "concentrate_t"),
        "payable_sb": ("Antimony paid for", "t Sb", "payable_sb_t"),
        "revenue": ("Revenue in the plan", "USD", "revenue_usd"),
        "costs": ("Costs and charges in the plan", "USD", "cost_usd"),
        "fixed": ("Fixed cost of the year", "USD", "fixed_usd"),
        "moved": ("More by the price, after royalty", "USD", f"={moved}"),
        "cash": (
            "Cash flow",
            "USD",
            "={revenue}+{moved}-{costs}*{schedule_cost_factor}",
        ),
        "after": ("Cash flow after fixed cost", "USD", "={cash}-{fixed}*{schedule_cost_factor}"),
        "factor": (
            "Discount factor",
            "fraction",
            f"=(1+{{schedule_discount_rate}})^-({{year}}-{early!r})",
        ),
        "present": ("Present value", "USD", "={cash}*{factor}"),
        "present_after": ("Present value after fixed cost", "USD", "={after}*{factor}"),
    }


def _titled(book: Book, name: str) -> str:
    """Return the heading of a live column."""
    words, unit, _ = _WORDS[name]
    return f"{book.say(words)}, {book.say(unit)}"


_WORDS = _columns({"discounting": "end_of_year"}, None, None)


def _cells(columns: Columns, line: int) -> dict[str, str]:
    """Return what each name stands for in the formulas of one year."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    names = {name: xl_rowcol_to_cell(line, column) for column, name in enumerate(columns, 1)}
    settings = {name: f"$B${HEAD_ROW + 1 + i}" for i, (name, _, _) in enumerate(SETTINGS)}
    return names | settings | {"year": xl_rowcol_to_cell(line, 0)}


def _write_settings(book: Book, sheet: Any, given: Sequence[float | None]) -> None:
    """Write the yellow cells and give them names."""
    for i, ((name, words, unit), value) in enumerate(zip(SETTINGS, given, strict=True)):
        row = HEAD_ROW + i
        sheet.write_string(row, 0, book.say(words), book.look("plain"))
        look = book.look("input", "fraction" if name.endswith("rate") else unit)
        if value is None:
            sheet.write_blank(row, 1, None, look)
        else:
            sheet.write_number(row, 1, value, look)
        sheet.write_string(row, 2, book.say(unit), book.look("plain"))
        book.workbook.define_name(name, f"={reference(sheet, f'$B${row + 1}')}")


def _write_totals(
    book: Book, sheet: Any, columns: Columns, span: tuple[int, int], plan: Row
) -> None:
    """Write what the plan is worth under the yellow cells, and what the planner found."""
    from xlsxwriter.utility import xl_range_abs

    row = HEAD_ROW + len(SETTINGS)

    def total(name: str) -> str:
        column = 1 + list(columns).index(name)
        return f"SUM({xl_range_abs(span[0], column, span[1], column)})"

    capital = f"$B${HEAD_ROW + len(SETTINGS)}"
    policy: Row = next(iter(plan.get("policies") or []), {})
    unknown = f'"{book.unknown}"'
    after = total("present_after")
    lines = (
        ("Net present value, before fixed cost", total("present"), plan.get("npv_usd")),
        ("Net present value, after fixed cost", after, policy.get("npv_after_fixed_usd")),
        (
            "Net present value, after fixed cost and capital",
            f"IF(ISNUMBER({capital}),{after}-{capital},{unknown})",
            book.unknown,
        ),
    )
    for i, (words, formula, kept) in enumerate(lines):
        sheet.write_string(row + i, 0, book.say(words), book.look("plain"))
        shown = "" if kept is None else kept
        sheet.write_formula(row + i, 1, f"={formula}", book.look("lead", "USD"), shown)
        sheet.write_string(row + i, 2, book.say("USD"), book.look("plain"))
        cell = reference(sheet, f"$B${row + i + 1}")
        book.workbook.define_name(WORTH[i], f"={cell}")
    sheet.write_string(row + 3, 0, book.say("When a year's money comes"), book.look("plain"))
    when = f"{CONVENTION[_convention(plan)]} of year"
    sheet.write_string(row + 3, 1, book.say(when), book.look("value"))


def _of(summary: Row, key: str) -> float | None:
    """Return a stated figure of the mine's economics."""
    rows = ((summary.get("mine") or {}).get("economics") or {}).get("rows") or []
    wanted = f"economics.{key}"
    found = next((row.get("value") for row in rows if row.get("key") == wanted), None)
    return float(found) if isinstance(found, int | float) else None


def _chart(book: Book, sheet: Any, columns: Columns, span: tuple[int, int]) -> None:
    """Draw the feed of every year against its target, and the cash flow."""
    names, last = list(columns), span[1]
    feed = book.workbook.add_chart({"type": "column"})
    line = book.workbook.add_chart({"type": "line"})
    money = book.workbook.add_chart({"type": "column"})
    drawn = (
        (feed, "feed", "#4477AA"),
        (line, "target", "#AA3377"),
        (money, "after", "#228833"),
    )
    for chart, name, colour in drawn:
        column = 1 + names.index(name)
        chart.add_series(
            {
                "name": _titled(book, name),
                "categories": [sheet.name, span[0], 0, last, 0],
                "values": [sheet.name, span[0], column, last, column],
                "fill": {"color": colour},
                "line": {"color": colour},
            }
        )
    feed.combine(line)
    for place, (chart, title) in enumerate(
        (
            (feed, "Ore to the plant against its target"),
            (money, "Cash flow after fixed cost, million USD"),
        )
    ):
        mark = "SYNTHETIC: " if book.finished.synthetic else ""
        chart.set_title({"name": f"{mark}{book.say(title)}", "name_font": {"size": 12}})
        chart.set_x_axis({"name": book.say("Year"), "label_position": "low"})
        money = "million" in title
        chart.set_y_axis({"num_format": "#,##0,," if money else "#,##0"})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 620, "height": 360})
        sheet.insert_chart(last + 2, 5 * place, chart)


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
            book.put(sheet, line, column, row.get(name))
    sheet.freeze_panes(HEAD_ROW + 1, 1)
