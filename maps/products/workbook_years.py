"""How do the years of every scenario's cash flow stand in the sheet, and which are shown?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from maps.products.workbook_book import Book, reference
from maps.wording import SB_UNIT

#: Column -> (words, unit, formula of year k). Year 0 holds initial capital alone.
COLUMNS: Mapping[str, tuple[str, str, str]] = {
    "ore": ("Ore milled", "t", "MIN({valued},{rate}*{now})-MIN({valued},{rate}*{before})"),
    "sb_pct": ("Head grade", SB_UNIT, 'IF({ore_k}>0,{milled_sb},"")'),
    "concentrate": (
        "Concentrate",
        "t",
        "{ore_k}*{milled_sb}*{sb_recovery}/{concentrate_sb_pct}",
    ),
    "sb": ("Antimony in concentrate", "t Sb", "{ore_k}*{milled_sb}/100*{sb_recovery}"),
    "metal": ("Payable metals", "USD", "{ore_k}*{milled_metal}"),
    "charges": ("Treatment, transport, penalties", "USD", "{ore_k}*{milled_charges}"),
    "royalty": ("Royalty", "USD", "{ore_k}*{milled_royalty}"),
    "mining": ("Mining", "USD", "{ore_k}*{mining}"),
    "processing": ("Processing", "USD", "{ore_k}*{processing}"),
    "general": ("General and administration", "USD", "{ore_k}*{general}"),
    "sustaining": ("Sustaining capital", "USD", "{ore_k}*{sustaining}"),
    "capital": ("Initial capital", "USD", "0"),
    "tax": ("Tax", "USD", "({taxed_k}-{taxed_before})*N({tax})"),
    "cash": (
        "Cash flow",
        "USD",
        "{metal_k}-{charges_k}-{royalty_k}-{mining_k}-{processing_k}-{general_k}-{sustaining_k}"
        "-{tax_k}",
    ),
    "factor": ("Discount factor", "fraction", "(1+{discount_rate})^-({k}-{early})"),
    "present_value": ("Present value", "USD", "{cash_k}*{factor_k}"),
    "sum": ("Cash flow, summed", "USD", "{sum_before}+{cash_k}"),
    "profit": (
        "Profit before tax, summed",
        "USD",
        "{profit_before}+{metal_k}-{charges_k}-{royalty_k}-{mining_k}-{processing_k}-{general_k}"
        "-{sustaining_k}",
    ),
    "taxed": ("Highest profit so far", "USD", "MAX({taxed_before},{profit_k},0)"),
}
START = {
    "capital": "{initial_capital}",
    "cash": "-{initial_capital}",
    "factor": "1",
    "present_value": "-{initial_capital}",
    "sum": "-{initial_capital}",
    "profit": "-{initial_capital}",
}
#: Columns of `base_case.cash_flow` that are the same figures.
CACHED = {
    "ore": "ore_t",
    "sb_pct": "sb_pct",
    "concentrate": "concentrate_t",
    "sb": "sb_in_concentrate_t",
    "metal": "payable_metal_usd",
    "charges": "charges_usd",
    "royalty": "royalty_usd",
    "mining": "mining_usd",
    "processing": "processing_usd",
    "general": "general_usd",
    "sustaining": "sustaining_usd",
    "capital": "initial_capital_usd",
    "tax": "tax_usd",
    "cash": "cash_flow_usd",
    "factor": "discount_factor",
    "present_value": "present_value_usd",
}
NAMES = tuple(COLUMNS)
FIRST_ROW, FIRST_COLUMN = 5, 2
NOTE = "Live: one block a scenario, from its column of the scenarios. Row 0 is initial capital."


@dataclass(frozen=True, slots=True, eq=False)
class Years:
    """Where the years of the scenarios stand.

    Parameters
    ----------
    sheet : Worksheet
        All blocks, one below the other.
    half_years : Worksheet
        The same flows by half-years, a row a scenario, for the rate of return.
    count : int
        Years laid out, without year 0.
    """

    sheet: Any
    half_years: Any
    count: int

    def first(self, scenario: int) -> int:
        """Return the row of year 0 of a scenario, from 0."""
        return FIRST_ROW + scenario * (self.count + 2)

    def block(self, scenario: int, name: str) -> str:
        """Return the years of one column, as formulas of other sheets name them."""
        from xlsxwriter.utility import xl_range_abs

        row, column = self.first(scenario), FIRST_COLUMN + NAMES.index(name)
        return reference(self.sheet, xl_range_abs(row, column, row + self.count, column))

    def last(self, scenario: int, name: str) -> str:
        """Return the last year of one column."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        row, column = self.first(scenario) + self.count, FIRST_COLUMN + NAMES.index(name)
        return reference(self.sheet, xl_rowcol_to_cell(row, column, True, True))

    def halves(self, scenario: int) -> str:
        """Return the flows of a scenario by half-years."""
        from xlsxwriter.utility import xl_range_abs

        row = FIRST_ROW + scenario
        return reference(self.half_years, xl_range_abs(row, 1, row, 1 + 2 * self.count))


def years_laid_out(workings: Sequence[Mapping[str, Any]]) -> int:
    """Return for how many years the sheet has room: those of the plans, and some more."""
    spans = [(each["inputs"]["horizon_years"] or {}).get("value") or 0.0 for each in workings]
    return max(20, -(-int(max(spans, default=0.0) * 10) // 10) + 5)


def write_years(
    book: Book, years: Years, scenario: int, cells: Mapping[str, str], case: Mapping[str, Any]
) -> None:
    """Write the years of one scenario.

    Parameters
    ----------
    book : Book
        The workbook.
    years : Years
        Where they stand.
    scenario : int
        Number of the scenario, from 0.
    cells : mapping of str to str
        Cells of the scenario's rows, as formulas name them.
    case : mapping
        The scenario, as in the summary, with the name it is ``shown`` by.
    """
    from xlsxwriter.utility import xl_rowcol_to_cell

    first, table = years.first(scenario), (case.get("base_case") or {}).get("cash_flow") or []
    for k in range(years.count + 1):
        row = first + k
        book.put(years.sheet, row, 0, str(case["shown"]), "plain")
        book.put(years.sheet, row, 1, k, "plain")
        here = {f"{n}_k": xl_rowcol_to_cell(row, FIRST_COLUMN + i) for i, n in enumerate(NAMES)}
        past = {
            f"{n}_before": xl_rowcol_to_cell(row - 1, FIRST_COLUMN + i) for i, n in enumerate(NAMES)
        }
        words = {**cells, **here, **past, "k": str(k), "early": _early(cells)}
        words |= {"now": _reached(k, cells), "before": _reached(k - 1, cells)}
        for column, (name, (_, unit, formula)) in enumerate(COLUMNS.items(), FIRST_COLUMN):
            text = formula if k else START.get(name, '""' if name == "sb_pct" else "0")
            shown = f'=IF(ISNUMBER({cells["valued"]}),{text.format_map(words)},"")'
            kept = table[k].get(CACHED.get(name, "")) if k < len(table) else None
            look = book.look("live", unit)
            years.sheet.write_formula(row, column, shown, look, "" if kept is None else kept)
    _write_halves(book, years, scenario, cells, str(case["shown"]))


def _early(cells: Mapping[str, str]) -> str:
    """Years by which a flow falls before the end of its year."""
    when = cells["discounting"]
    return f"IF({when}={cells['mid_year']},0.5,IF({when}={cells['start_of_year']},1,0))"


def _reached(k: int, cells: Mapping[str, str]) -> str:
    """Years at full rate that the ore of the first *k* years answers to."""
    ramp = cells["ramp_up_years"]
    grown = f"MIN({k},{ramp})^2/(2*{ramp})+{k}-MIN({k},{ramp})"
    return f"IF(N({ramp})>0,{grown},{k})" if k > 0 else "0"


def _write_halves(
    book: Book, years: Years, scenario: int, cells: Mapping[str, str], name: str
) -> None:
    """Lay the flows out by half-years: then a rate of return knows every convention."""
    row, flows = FIRST_ROW + scenario, years.block(scenario, "cash")
    book.put(years.half_years, row, 0, name, "plain")
    for half in range(2 * years.count + 1):
        year = f"({half}+2*{_early(cells)})/2"
        falls = f"AND({year}>=1,{year}<={years.count},{year}=INT({year}))"
        flow = f"IF({falls},INDEX({flows},{year}+1),0)"
        text = f"-{cells['initial_capital']}+{flow}" if half == 0 else flow
        shown = f'=IF(ISNUMBER({cells["valued"]}),{text},"")'
        years.half_years.write_formula(row, 1 + half, shown, book.look("live", "USD"), "")
