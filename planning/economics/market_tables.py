"""Do the market and evidence tables say what the verdict needs, with source and kind in every row?

Each table is a plain CSV file with an identifier in its first column. Figures stand as they were
published; what is converted here (a price per pound) becomes "derived".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from deposits.errors import Checked, Problem
from deposits.stated import KINDS
from deposits.tables import Column, TableFile, check_folder, read_table
from deposits.units import STIBNITE_SB_PCT, usd_per_pound_to_usd_per_tonne
from planning.economics.prices import quotes_from
from planning.errors import QuoteError

CONFIDENCES = ("high", "medium", "low")
VAT = ("included", "excluded", "not stated")
#: Printed world totals are rounded; rows that miss them by more than this hide a slip.
ROW_SUM_TOLERANCE = 0.05

_ID = Column("id", required=True)
_YEAR = Column("year", "integer", low=1900, high=2100)
_PROVENANCE = (
    Column("kind", required=True, choices=KINDS),
    Column("confidence", required=True, choices=CONFIDENCES),
    Column("source", required=True),
    Column("note"),
)


def _number(name: str, *, required: bool = False, high: float = np.inf) -> Column:
    return Column(name, "number", required=required, low=0.0, high=high)


USGS_COLUMNS = (
    _ID,
    Column("country", required=True),
    Column("edition", required=True),
    _YEAR,
    Column("measure", required=True, choices=("production", "reserves")),
    _number("value_t_sb", high=1e8),
    Column("qualifier", choices=("more than", "")),
    Column("estimated", "flag", required=True),
    Column("sentinel", choices=("withheld", "not available", "")),
    Column("table", required=True, choices=("complete", "quoted")),
    *_PROVENANCE,
)
PRICE_COLUMNS = (
    _ID,
    Column("date", required=True),
    Column("precision", required=True, choices=("day", "week", "month", "year")),
    _number("low", required=True, high=1e7),
    _number("high", high=1e7),
    Column("qualifier", choices=("more than", "about", "")),
    Column("currency", required=True, choices=("USD", "CNY", "EUR")),
    Column("unit", required=True, choices=("t", "lb")),
    Column("market", required=True),
    Column("vat", required=True, choices=VAT),
    Column("product", required=True),
    Column("basis", required=True),
    *_PROVENANCE,
)
SB_YEARLY_COLUMNS = (
    _ID,
    Column("year", "integer", required=True, low=1900, high=2100),
    Column("edition", required=True),
    _number("price_usd_per_lb", required=True, high=1e4),
    _number("us_apparent_consumption_t"),
    _number("us_imports_ore_t"),
    _number("us_imports_oxide_t"),
    _number("us_imports_metal_t"),
    _number("us_net_import_reliance_pct", high=100.0),
    Column("estimated", "flag", required=True),
    *_PROVENANCE,
)
GOLD_COLUMNS = (
    _ID,
    Column("period", required=True),
    Column("precision", required=True, choices=("day", "month", "year")),
    _number("usd_per_oz", required=True, high=1e6),
    Column("year", "integer", required=True, low=1900, high=2100),
    *_PROVENANCE,
)
CUSTOMS_COLUMNS = (
    _ID,
    Column("period", required=True),
    Column("start", required=True),
    Column("end", required=True),
    Column("product_words", required=True),
    Column("product_class", required=True),
    _number("gross_t", required=True, high=1e8),
    _number("value_usd", required=True),
    Column("qualifier", choices=("about", "")),
    Column("year", "integer", required=True, low=1900, high=2100),
    *_PROVENANCE,
)
IMPORT_SHARE_COLUMNS = (
    _ID,
    Column("edition", required=True),
    Column("window"),
    Column("year", "integer", required=True, low=1900, high=2100),
    Column("product", required=True),
    Column("country", required=True),
    _number("share_pct", required=True, high=100.0),
    *_PROVENANCE,
)
PRODUCT_VALUE_COLUMNS = (
    _ID,
    Column("product", required=True, choices=("ore", "concentrate", "metal", "oxide")),
    _number("value_low"),
    _number("value_high"),
    Column("currency"),
    Column("per", required=True),
    Column("relative_to"),
    _number("ratio_low"),
    _number("ratio_high"),
    Column("date"),
    Column("market"),
    Column("vat", choices=(*VAT, "")),
    Column("year", "integer", required=True, low=1900, high=2100),
    *_PROVENANCE,
)
GRADE_COLUMNS = (
    _ID,
    Column("field", required=True),
    Column("subject", required=True),
    Column(
        "support",
        required=True,
        choices=(
            "sample",
            "run of mine",
            "mill feed",
            "recovered",
            "deposit mean",
            "deposit range",
            "national average",
            "not stated",
        ),
    ),
    _number("sb_pct_low", required=True, high=STIBNITE_SB_PCT),
    _number("sb_pct_high", high=STIBNITE_SB_PCT),
    Column("tonnes_stated", "flag", required=True),
    Column("year", "integer", required=True, low=1900, high=2100),
    *_PROVENANCE,
)
RESERVE_COLUMNS = (
    _ID,
    Column("entity", required=True),
    Column("said_by", required=True),
    Column("year", "integer", required=True, low=1900, high=2100),
    _number("sb_t", high=1e8),
    _number("grade_sb_pct", high=STIBNITE_SB_PCT),
    Column("wording", required=True),
    *_PROVENANCE,
)
OUTPUT_COLUMNS = (
    _ID,
    Column("entity", required=True),
    Column("period", required=True),
    Column("year", "integer", required=True, low=1900, high=2100),
    Column("quantity", required=True),
    Column("unit", required=True),
    _number("months", required=True, high=120.0),
    _number("plan"),
    _number("actual"),
    *_PROVENANCE,
)
PLANT_COLUMNS = (
    _ID,
    Column("plant", required=True),
    Column("fact", required=True),
    _number("value"),
    Column("unit"),
    Column("text"),
    Column("year", "integer", required=True, low=1900, high=2100),
    *_PROVENANCE,
)
ANALOGUE_COLUMNS = (
    _ID,
    Column("deposit", required=True),
    Column("country", required=True),
    Column("type", required=True),
    _number("ore_t"),
    _number("sb_pct_low", high=STIBNITE_SB_PCT),
    _number("sb_pct_high", high=STIBNITE_SB_PCT),
    _number("au_gpt", high=5e3),
    _number("rate_t_per_year"),
    Column("year", "integer", required=True, low=1900, high=2100),
    *_PROVENANCE,
)


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """The market tables of a study, one row a published figure.

    Parameters
    ----------
    usgs : pandas.DataFrame
        Mine production and reserves by country, year and edition [t Sb].
    prices : pandas.DataFrame
        Dated antimony quotes, all per tonne [currency/t]; rows converted from pounds are
        "derived". `planning.economics.prices.quotes_from` reads it.
    sb_yearly : pandas.DataFrame
        Yearly means by edition; *price_usd_per_t* is derived from the printed USD/lb.
    gold : pandas.DataFrame
        Gold means [USD/troy oz].
    customs : pandas.DataFrame
        Exports as the customs reported them: gross tonnes, value, product words.
    import_shares : pandas.DataFrame
        Import sources by edition, window and product [%].
    product_values : pandas.DataFrame
        What a tonne of antimony is worth in each product, as far as published.
    """

    usgs: pd.DataFrame
    prices: pd.DataFrame
    sb_yearly: pd.DataFrame
    gold: pd.DataFrame
    customs: pd.DataFrame
    import_shares: pd.DataFrame
    product_values: pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """The evidence tables that claims are held against.

    Parameters
    ----------
    grade_reports, national_reserves, output_history, plants, analogues : pandas.DataFrame
        Who published which grade at which support; which reserve; what was planned and what was
        made; facts of the plants; other deposits with numbers.
    """

    grade_reports: pd.DataFrame
    national_reserves: pd.DataFrame
    output_history: pd.DataFrame
    plants: pd.DataFrame
    analogues: pd.DataFrame


MARKET_FILES = {
    "usgs": ("usgs_antimony.csv", USGS_COLUMNS),
    "prices": ("antimony_prices.csv", PRICE_COLUMNS),
    "sb_yearly": ("sb_yearly_usgs.csv", SB_YEARLY_COLUMNS),
    "gold": ("gold_prices.csv", GOLD_COLUMNS),
    "customs": ("customs.csv", CUSTOMS_COLUMNS),
    "import_shares": ("us_import_shares.csv", IMPORT_SHARE_COLUMNS),
    "product_values": ("product_values.csv", PRODUCT_VALUE_COLUMNS),
}
EVIDENCE_FILES = {
    "grade_reports": ("grade_reports.csv", GRADE_COLUMNS),
    "national_reserves": ("national_reserves.csv", RESERVE_COLUMNS),
    "output_history": ("output_history.csv", OUTPUT_COLUMNS),
    "plants": ("plants.csv", PLANT_COLUMNS),
    "analogues": ("analogues.csv", ANALOGUE_COLUMNS),
}


def read_market(folder: Path, world: str = "World") -> Checked[Market]:
    """Read and check every market table of a folder.

    Parameters
    ----------
    folder : Path
        Holds the files of `MARKET_FILES`.
    world : str
        Name of the row that holds the printed total of a country table.

    Returns
    -------
    Checked of Market
        None when a file is missing or a cell cannot be right; every problem is listed.
    """
    tables, problems = _read(folder, MARKET_FILES)
    if "usgs" in tables:
        problems += row_sum_problems(tables["usgs"], world)
    if "prices" in tables:
        tables["prices"] = per_tonne(tables["prices"])
        problems += _quote_problems(tables["prices"])
    if "sb_yearly" in tables:
        per_t = tables["sb_yearly"]["price_usd_per_lb"].map(usd_per_pound_to_usd_per_tonne)
        tables["sb_yearly"] = tables["sb_yearly"].assign(price_usd_per_t=per_t)
    broken = any(problem.severity == "error" for problem in problems)
    return Checked(None if broken else Market(**tables), tuple(problems))


def read_evidence(folder: Path) -> Checked[Evidence]:
    """Read and check every evidence table that claims are held against.

    Parameters
    ----------
    folder : Path
        Holds the files of `EVIDENCE_FILES`.

    Returns
    -------
    Checked of Evidence
        None when a file is missing or a cell cannot be right; every problem is listed.
    """
    tables, problems = _read(folder, EVIDENCE_FILES)
    broken = any(problem.severity == "error" for problem in problems)
    return Checked(None if broken else Evidence(**tables), tuple(problems))


def per_tonne(prices: pd.DataFrame) -> pd.DataFrame:
    """Put every quote on one tonne.

    Parameters
    ----------
    prices : pandas.DataFrame
        Quotes as published; columns of `PRICE_COLUMNS`.

    Returns
    -------
    pandas.DataFrame
        A copy with *unit* "t" throughout; converted rows are of kind "derived".
    """
    table = prices.copy()
    pounds = table["unit"] == "lb"
    for end in ("low", "high"):
        table.loc[pounds, end] = table.loc[pounds, end].map(usd_per_pound_to_usd_per_tonne)
    table.loc[pounds, "kind"] = "derived"
    table["unit"] = "t"
    return table


def row_sum_problems(usgs: pd.DataFrame, world: str) -> list[Problem]:
    """Compare the rows of each country table with its printed total.

    Parameters
    ----------
    usgs : pandas.DataFrame
        Columns of `USGS_COLUMNS`.
    world : str
        Name of the row with the printed total.

    Returns
    -------
    list of Problem
        An error for each complete table whose rows miss the total by more than
        `ROW_SUM_TOLERANCE`, or whose rows exceed it although the table is only quoted in part. A
        total printed as "more than" is a lower limit.
    """
    problems = []
    by = usgs.assign(when=usgs["year"].fillna(0)).groupby(["edition", "when", "measure"])
    for (edition, when, measure), table in by:
        total = table[table["country"] == world]
        if total.empty:
            continue
        printed = float(total["value_t_sb"].iloc[0])
        rows = float(table.loc[table["country"] != world, "value_t_sb"].sum())
        too_low = rows < printed * (1 - ROW_SUM_TOLERANCE) and total["table"].iloc[0] == "complete"
        too_high = rows > printed * (1 + ROW_SUM_TOLERANCE) and total["qualifier"].iloc[0] == ""
        if too_low or too_high:
            year = f" of {when:.0f}" if when else ""
            problems.append(
                Problem(
                    f"the countries of {edition} do not add up to the printed world total",
                    f"{measure}{year}",
                    found=f"{rows:,.0f} t",
                    allowed=f"{printed:,.0f} t within {ROW_SUM_TOLERANCE:.0%}",
                    remedy="Look for a slip in one of its rows.",
                )
            )
    return problems


def _read(
    folder: Path, files: dict[str, tuple[str, tuple[Column, ...]]]
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Read the files of a folder, collecting every problem."""
    tables: dict[str, pd.DataFrame] = {}
    if problems := check_folder(folder):
        return tables, problems
    for name, (file, columns) in files.items():
        checked = read_table(TableFile(folder / file), columns, unique="id")
        problems += checked.problems
        if checked.value is not None:
            tables[name] = checked.value
    return tables, problems


def _quote_problems(prices: pd.DataFrame) -> Iterable[Problem]:
    """Find rows that are no quote in any currency: no date, no price, a range upside down."""
    try:
        quotes_from(prices, MARKET_FILES["prices"][0])
    except QuoteError as error:
        return error.problems
    return ()
