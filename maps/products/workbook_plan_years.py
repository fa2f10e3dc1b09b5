"""What does the plan of a mine bring at another rate, price or cost, the plan itself unchanged?

Tonnes, metals and costs of each year are values: a planner would dig otherwise at another price.
Discounting, price and costs are live on the years of that one plan.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from maps import palettes
from maps.plan_words import words_of_plan
from maps.products.workbook_book import Book, reference
from maps.products.workbook_limits import COST, PART_FROM_ZERO, PRICE, RATE, Limits, guard, mark
from maps.wording import SB_UNIT

Row = Mapping[str, Any]

HEAD_ROW = 4
#: Yellow cells of the live sheet: name, words, unit, limits.
SETTINGS: tuple[tuple[str, str, str, Limits], ...] = (
    ("schedule_discount_rate", "Discount rate, real", "fraction", PART_FROM_ZERO),
    ("schedule_sb_price_usd_per_t", "Price of antimony", "USD/t Sb", PRICE),
    ("schedule_target_t_per_year", "Ore the plant is to have", "t/yr", RATE),
    ("schedule_cost_factor", "Costs, times those of the plan", "times", COST),
    ("schedule_initial_capital_usd", "Initial capital; empty is not known", "USD", COST),
)
#: Names of the cells that say what the plan is worth under them.
WORTH = ("schedule_npv", "schedule_npv_after_fixed", "schedule_npv_after_capital")
EARLY = {"end_of_year": 0.0, "mid_year": 0.5, "start_of_year": 1.0}
CONVENTION = {"end_of_year": "end", "mid_year": "middle", "start_of_year": "start"}


def write_plan_years(book: Book, summary: Row) -> None:
    """Write the years of the plan with the money that follows from the yellow cells.

    Parameters
    ----------
    book : Book
        The workbook.
    summary : mapping
        The study's summary, with a plan.
    """
    plan: Row = summary["plan"]
    years = plan["years"]
    note = (
        "Live money on one plan: change a yellow cell. Tonnes and metals are values and stay; "
        "at another price a planner would choose other ore."
    )
    sheet = book.sheet("Schedule by year", note, (44, *(17 for _ in range(16))))
    price, royalty = _of(summary, "sb_price"), _of(summary, "royalty_fraction_of_nsr")
    given = (plan.get("discount_rate"), price, plan.get("target_t_per_year"), 1.0, None)
    _write_settings(book, sheet, given)
    if price is None:
        place = HEAD_ROW + 1
        sheet.write_string(place, 1, book.unknown, book.look("value"))
    first = HEAD_ROW + len(SETTINGS) + 6
    columns = _columns(plan, price, royalty)
    book.heads(sheet, first - 1, [book.say("Year"), *(_titled(book, columns, c) for c in columns)])
    for line, row in enumerate(years, first):
        sheet.write_number(line, 0, row["year"], book.look("plain"))
        for column, (_, unit, source) in enumerate(columns.values(), 1):
            if source.startswith("="):
                text = source.format_map(_cells(columns, line, book.unknown))
                sheet.write_formula(line, column, text, book.look("live", unit), "")
            else:
                put_of_plan(book, sheet, (line, column), row.get(source), source)
    _write_totals(book, sheet, columns, (first, first + len(years) - 1), plan)
    book.table(sheet, first - 1, 1)
    _chart(book, sheet, columns, (first, first + len(years) - 1))


Columns = dict[str, tuple[str, str, str]]


def _convention(plan: Row) -> str:
    """Return when in its year money comes; a spreadsheet's own way where the plan is silent."""
    said = str(plan.get("discounting"))
    return said if said in EARLY else "end_of_year"


def _columns(plan: Row, price: float | None, royalty: float | None) -> Columns:
    """Lay out the columns: name -> words, unit, key of the plan or formula."""
    kept = 1.0 - (royalty or 0.0)
    moved = f"{{payable_sb}}*({{schedule_sb_price_usd_per_t}}-{price!r})*{kept!r}"
    factor = "{schedule_cost_factor}"
    target = "{schedule_target_t_per_year}"
    costs, royalties = f"{{costs}}*{factor}", {}
    if any(row.get("cost_royalty_usd") is not None for row in plan["years"]):
        # A royalty is a part of the return: it does not follow the costs.
        costs = f"({{costs}}-{{royalty}})*{factor}+{{royalty}}"
        royalties = {"royalty": ("Royalty among them", "USD", "cost_royalty_usd")}
    return {
        "target": ("Ore the plant is to have", "t", "target_t"),
        "feed": ("Ore to the plant", "t", "feed_t"),
        "used": (
            "Part of the target fed",
            "fraction",
            f"={_where(RATE.test(target), f'{{feed}}/{target}')}",
        ),
        "sb_pct": ("Antimony grade", SB_UNIT, "sb_pct"),
        "concentrate": ("Concentrate, dry", "t", "concentrate_t"),
        "payable_sb": ("Antimony paid for", "t Sb", "payable_sb_t"),
        "revenue": ("Revenue in the plan", "USD", "revenue_usd"),
        "costs": ("Costs and charges in the plan", "USD", "cost_usd"),
        **royalties,
        "fixed": ("Fixed cost of the year", "USD", "fixed_usd"),
        **_live(plan, costs, None if price is None else moved),
    }


def _live(plan: Row, costs: str, moved: str | None) -> Columns:
    """Lay out the columns of money, which tell nothing while an input is not right."""
    early = EARLY[_convention(plan)]
    rate, factor = "{schedule_discount_rate}", "{schedule_cost_factor}"
    money = f"AND({COST.test(factor)},ISNUMBER({{moved}}))"
    priced = _where(PRICE.test("{schedule_sb_price_usd_per_t}"), moved or "0")
    return {
        "moved": (
            "More by the price, after royalty",
            "USD",
            "=0" if moved is None else f"={priced}",
        ),
        "cash": (
            "Cash flow",
            "USD",
            f"={_where(money, f'{{revenue}}+{{moved}}-({costs})')}",
        ),
        "after": (
            "Cash flow after fixed cost",
            "USD",
            f"={_where('ISNUMBER({cash})', f'{{cash}}-{{fixed}}*{factor}')}",
        ),
        "factor": (
            "Discount factor",
            "fraction",
            f"={_where(PART_FROM_ZERO.test(rate), f'(1+{rate})^-({{year}}-{early!r})')}",
        ),
        "present": ("Present value", "USD", f"={_where(_BOTH.format('cash'), '{cash}*{factor}')}"),
        "present_after": (
            "Present value after fixed cost",
            "USD",
            f"={_where(_BOTH.format('after'), '{after}*{factor}')}",
        ),
    }


_BOTH = "COUNT({{{}}},{{factor}})=2"


def _where(condition: str, text: str) -> str:
    """Return a formula that tells nothing while what it needs is not there or not right."""
    return f"IF({condition},{text},{{unknown}})"


def _titled(book: Book, columns: Columns, name: str) -> str:
    """Return the heading of a live column."""
    words, unit, _ = columns[name]
    return f"{book.say(words)}, {book.say(unit)}"


def _cells(columns: Columns, line: int, unknown: str) -> dict[str, str]:
    """Return what each name stands for in the formulas of one year."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    names = {name: xl_rowcol_to_cell(line, column) for column, name in enumerate(columns, 1)}
    settings = {each[0]: f"$B${HEAD_ROW + 1 + i}" for i, each in enumerate(SETTINGS)}
    return names | settings | {"year": xl_rowcol_to_cell(line, 0), "unknown": f'"{unknown}"'}


def _write_settings(book: Book, sheet: Any, given: Sequence[float | None]) -> None:
    """Write the yellow cells and give them names."""
    for i, ((name, words, unit, limits), value) in enumerate(zip(SETTINGS, given, strict=True)):
        row = HEAD_ROW + i
        sheet.write_string(row, 0, book.say(words), book.look("plain"))
        look = book.look("input", unit)
        if value is None:
            sheet.write_blank(row, 1, None, look)
        else:
            sheet.write_number(row, 1, value, look)
        allowed = book.say(limits.words())
        sheet.write_string(row, 2, f"{book.say(unit)}; {allowed}", book.look("limits"))
        told = f"{book.say('Unit')}: {book.say(unit)}. {book.say('Allowed')}: {allowed}."
        empty = book.say("Empty: not known.")
        refusal = f"{book.say('This cannot be right.')} {told}"
        at = (row, 1, row, 1)
        guard(sheet, at, limits, (book.say(words), f"{told} {empty}", refusal))
        cell = f"$B${row + 1}"
        mark(sheet, at, f'AND({cell}<>"",NOT({limits.test(cell)}))', book.look("wrong"))
        book.workbook.define_name(name, f"={reference(sheet, cell)}")


def _spans(columns: Columns, span: tuple[int, int]) -> dict[str, str]:
    """Return the years of each column, as formulas name them."""
    from xlsxwriter.utility import xl_range_abs

    return {n: xl_range_abs(span[0], i, span[1], i) for i, n in enumerate(columns, 1)}


def _sum(cells: str, unknown: str) -> str:
    """Return a sum that is told only where every year is known."""
    return f'IF(COUNT({cells})=ROWS({cells}),SUM({cells}),"{unknown}")'


def _write_totals(
    book: Book, sheet: Any, columns: Columns, span: tuple[int, int], plan: Row
) -> None:
    """Write what the plan is worth under the yellow cells, and what the planner found."""
    row, spans = HEAD_ROW + len(SETTINGS), _spans(columns, span)
    unknown = f'"{book.unknown}"'
    capital = f"$B${HEAD_ROW + len(SETTINGS)}"
    before, after = (_sum(spans[n], book.unknown) for n in ("present", "present_after"))
    worth = f"$B${row + 2}"
    lines = (
        ("Net present value, before fixed cost", before),
        ("Net present value, after fixed cost", after),
        (
            "Net present value, after fixed cost and capital",
            f"IF(AND(ISNUMBER({worth}),{COST.test(capital)}),{worth}-{capital},{unknown})",
        ),
    )
    for i, (words, formula) in enumerate(lines):
        sheet.write_string(row + i, 0, book.say(words), book.look("plain"))
        sheet.write_formula(row + i, 1, f"={formula}", book.look("lead", "USD"), "")
        sheet.write_string(row + i, 2, book.say("USD"), book.look("plain"))
        cell = reference(sheet, f"$B${row + i + 1}")
        book.workbook.define_name(WORTH[i], f"={cell}")
    sheet.write_string(row + 3, 0, book.say("When a year's money comes"), book.look("plain"))
    when = f"{CONVENTION[_convention(plan)]} of year"
    sheet.write_string(row + 3, 1, book.say(when), book.look("value"))
    _write_sums(book, sheet, columns, span)


def _write_sums(book: Book, sheet: Any, columns: Columns, span: tuple[int, int]) -> None:
    """Write the sums of all years, and the mean grade of the ore fed."""
    spans, end = _spans(columns, span), span[1] + 1
    sheet.write_string(end, 0, book.say("All years"), book.look("total"))
    for column, (name, (_, unit, _)) in enumerate(columns.items(), 1):
        look = book.look("total", unit)
        if name in ("used", "factor"):
            sheet.write_blank(end, column, None, look)
        elif name == "sb_pct":
            feed = spans["feed"]
            mean = f'IF(SUM({feed})>0,SUMPRODUCT({feed},{spans[name]})/SUM({feed}),"")'
            sheet.write_formula(end, column, f"={mean}", look, "")
        else:
            sheet.write_formula(end, column, f"={_sum(spans[name], book.unknown)}", look, "")


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
        (feed, "feed", palettes.BLUE),
        (line, "target", palettes.VERMILLION),
        (money, "after", palettes.GREEN),
    )
    for chart, name, colour in drawn:
        column = 1 + names.index(name)
        chart.add_series(
            {
                "name": _titled(book, columns, name),
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
        warned = "SYNTHETIC: " if book.finished.synthetic else ""
        chart.set_title({"name": f"{warned}{book.say(title)}", "name_font": {"size": 12}})
        chart.set_x_axis({"name": book.say("Year"), "label_position": "low"})
        is_money = "million" in title
        unit = book.say("million USD" if is_money else "t")
        chart.set_y_axis({"name": unit, "num_format": "#,##0,," if is_money else "#,##0"})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 680, "height": 360})
        sheet.insert_chart(last + 3 + 20 * place, 1, chart)


def put_of_plan(book: Book, sheet: Any, at: tuple[int, int], value: Any, name: str) -> None:
    """Write a value of a plan with the number format of its unit, days as days.

    Parameters
    ----------
    book : Book
        The workbook.
    sheet : Worksheet
        Where it goes.
    at : tuple of int
        Row and column, from 0.
    value : object
        None leaves the cell empty.
    name : str
        Its column in the plan.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(*at, value, book.look("value", words_of_plan(name)[1]))
    elif name.endswith("_date") and value is not None:
        sheet.write_datetime(*at, dt.datetime.fromisoformat(str(value)), book.look("day"))
    else:
        book.put(sheet, *at, book.say(str(value)) if value is not None else None)
