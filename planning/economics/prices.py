"""What was the price, in which market, on what basis and when?

A price is a dated quote of one market on one tax basis in one currency. Nothing here carries a
price beyond the first or last quote, across markets, or from one tax basis to another, and CNY
stay CNY until an exchange rate is stated. Price decks are scenarios: there is no function that
averages them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import get_args

import pandas as pd

from deposits.errors import Problem
from deposits.stated import Kind, softest
from planning.economics.config import Vat
from planning.economics.dates import date_text, period_of
from planning.errors import QuoteError

#: Two quotes further apart than this are not joined by a line: the price tripled within 2024.
LONGEST_GAP_DAYS = 92

#: Columns of a table of quotes; `quotes_from` reads it.
QUOTE_COLUMNS = (
    *("date", "low", "high", "currency", "market", "vat"),
    *("basis", "kind", "source", "qualifier"),
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A published price of one tonne of metal.

    Parameters
    ----------
    start, end : date
        First and last day it stands for: one day, a month or a year (a mean).
    low, high : float
        Ends of the quoted range [currency/t]; equal for a single figure.
    currency : str
        Three letters: "USD", "CNY".
    market : str
        Where it was quoted.
    vat : {"included", "excluded", "not stated"}
        Whether value-added tax is in it.
    basis : str
        Product, delivery and averaging.
    kind : {"reported", "derived", "assumed"}
        "derived" once it was interpolated or converted.
    source : str
        Who published it.
    qualifier : str
        How sharp the figure is in the source's words: "about", "more than", or "".
    """

    start: dt.date
    end: dt.date
    low: float
    high: float
    currency: str
    market: str
    vat: Vat
    basis: str = ""
    kind: Kind = "reported"
    source: str = ""
    qualifier: str = ""

    def __post_init__(self) -> None:
        place = f"quote of {self.market}, {self.start}"
        if not 0 < self.low <= self.high:
            raise QuoteError(
                [
                    Problem(
                        "a price that is not above 0, or a range upside down",
                        place,
                        found=f"{self.low:g} to {self.high:g} {self.currency}/t",
                        remedy="Check the sign and the order.",
                    )
                ]
            )
        if self.end < self.start:
            raise QuoteError([Problem("a quote that ends before it starts", place, f"{self.end}")])

    @property
    def middle(self) -> float:
        """Middle of the range [currency/t]."""
        return (self.low + self.high) / 2.0

    @property
    def basis_key(self) -> tuple[str, str, str]:
        """Market, tax basis and currency: quotes that differ here are never mixed."""
        return (self.market, self.vat, self.currency)

    def __str__(self) -> str:
        """Price with its unit, market, tax basis and date."""
        price = f"{self.low:,.0f}" + (f" to {self.high:,.0f}" if self.high > self.low else "")
        price = f"{self.qualifier} {price}".strip()
        return f"{price} {self.currency}/t, {self.market}, VAT {self.vat}, {self.date}"

    @property
    def date(self) -> str:
        """Day, month or year, as it was quoted."""
        return date_text(self.start, self.end)


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """How many units of a currency one dollar bought.

    Parameters
    ----------
    currency : str
        The other currency.
    per_usd : float
        Units of it for 1 USD.
    kind : {"reported", "derived", "assumed"}
        How it is known.
    source : str
        Who says so.
    """

    currency: str
    per_usd: float
    kind: Kind = "assumed"
    source: str = ""


def quotes_from(table: pd.DataFrame, name: str = "prices") -> tuple[Quote, ...]:
    """Read quotes from a table.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns of `QUOTE_COLUMNS`, one quote a row. *date* is a year, month or day as text;
        an empty *high* means a single figure; columns from *basis* on may be absent.
    name : str
        What the table is called in messages.

    Returns
    -------
    tuple of Quote
        In order of time.

    Raises
    ------
    QuoteError
        With every row that cannot be right.
    """
    needed = [c for c in QUOTE_COLUMNS[:6] if c not in table.columns]
    if needed:
        remedy = "Add it; a price without market, tax basis and date means nothing."
        raise QuoteError([Problem(f'column "{c}" is missing', name, remedy=remedy) for c in needed])
    quotes: list[Quote] = []
    problems: list[Problem] = []
    for row, cells in table.iterrows():
        try:
            quotes.append(_quote(cells))
        except QuoteError as error:
            problems += [replace(p, place=f"{name}, row {row}, {p.place}") for p in error.problems]
        except (TypeError, ValueError) as error:
            problems.append(Problem(f"not a quote ({error})", f"{name}, row {row}"))
    if problems:
        raise QuoteError(problems)
    return tuple(sorted(quotes, key=lambda quote: (quote.start, quote.end)))


def price_at(
    quotes: Iterable[Quote], market: str, date: str | dt.date, *, vat: Vat | None = None
) -> Quote:
    """Read the price of a market on a date.

    Parameters
    ----------
    quotes : iterable of Quote
        Dated series of any number of markets.
    market : str
        The one asked for.
    date : date or str
        The day; a month or year stands for its middle.
    vat : {"included", "excluded", "not stated"}, optional
        Needed only where the market is quoted on several tax bases.

    Returns
    -------
    Quote
        The shortest quote whose period holds the date; between two quotes, the straight line in
        time between their nearer ends, kind "derived".

    Raises
    ------
    QuoteError
        If the market is not quoted, is quoted on several bases and none is chosen, the date lies
        before the first or after the last quote, two quotes of the date contradict each other, or
        the quotes on either side are more than `LONGEST_GAP_DAYS` apart.
    """
    series = one_basis(quotes, market, vat)
    start, end = period_of(date) if isinstance(date, str) else (date, date)
    day = start + (end - start) / 2
    holding = [q for q in series if q.start <= day <= q.end]
    if holding:
        return _shortest(holding, market, day)
    before = [q for q in series if q.end < day]
    after = [q for q in series if q.start > day]
    if not before or not after:
        first, last = min(q.start for q in series), max(q.end for q in series)
        raise _refusal("no price for that date", market, f"{day}", f"{first} to {last}")
    return _between(max(before, key=lambda q: q.end), min(after, key=lambda q: q.start), day)


def in_usd(quote: Quote, rate: ExchangeRate | None) -> Quote:
    """Convert a quote to dollars at a stated rate.

    Parameters
    ----------
    quote : Quote
        In any currency.
    rate : ExchangeRate or None
        Rate of its currency; not needed for USD.

    Returns
    -------
    Quote
        In USD/t; as soft as the softer of quote and rate.

    Raises
    ------
    QuoteError
        If the quote is in another currency and no rate, or the rate of a third currency, is given.

    Examples
    --------
    >>> day = dt.date(2025, 6, 27)
    >>> china = Quote(day, day, 180_500, 180_500, "CNY", "China domestic", "included")
    >>> round(in_usd(china, ExchangeRate("CNY", 7.16)).middle)
    25209
    """
    if quote.currency == "USD":
        return quote
    if rate is None or rate.currency != quote.currency:
        found = "none" if rate is None else f"a rate of {rate.currency}"
        fact = f"a price in {quote.currency} needs the exchange rate of {quote.currency}"
        remedy = f"State how many {quote.currency} one USD bought on {quote.start}."
        raise QuoteError([Problem(fact, str(quote), found=found, remedy=remedy)])
    if not rate.per_usd > 0:
        raise QuoteError([Problem("an exchange rate not above 0", str(quote), f"{rate.per_usd:g}")])
    return replace(
        quote,
        low=quote.low / rate.per_usd,
        high=quote.high / rate.per_usd,
        currency="USD",
        kind=softest("derived", quote.kind, rate.kind),
        source=f"{quote.source}; {rate.per_usd:g} {rate.currency}/USD {rate.source}".strip(),
    )


def without_vat(quote: Quote, vat_fraction: float) -> Quote:
    """Take value-added tax out of a quote that holds it.

    Parameters
    ----------
    quote : Quote
        With VAT "included"; one that is "excluded" is returned as it is.
    vat_fraction : float
        Rate of the tax [fraction], for example 0.13.

    Returns
    -------
    Quote
        Price / (1 + rate), VAT "excluded", at best "derived".

    Raises
    ------
    QuoteError
        If the quote does not say whether the tax is in it.
    """
    if quote.vat == "excluded":
        return quote
    if quote.vat == "not stated":
        remedy = "Find out whether VAT is in it; it is not guessed."
        raise QuoteError([Problem("the tax basis is not stated", str(quote), remedy=remedy)])
    if not 0 <= vat_fraction < 1:
        remedy = "Write it as a fraction: 0.13 for 13 %."
        raise QuoteError(
            [Problem("not a tax rate", str(quote), f"{vat_fraction:g}", remedy=remedy)]
        )
    share = 1.0 + vat_fraction
    kind = softest("derived", quote.kind)
    return replace(quote, low=quote.low / share, high=quote.high / share, vat="excluded", kind=kind)


def price_ratio(first: Quote, second: Quote) -> float:
    """Compare two markets.

    Parameters
    ----------
    first, second : Quote
        In one currency; their dates and tax bases are the reader's to judge and stand in both.

    Returns
    -------
    float
        Middle of the first / middle of the second.

    Raises
    ------
    QuoteError
        If the currencies differ, or one price holds VAT and the other does not.
    """
    if first.currency != second.currency:
        remedy = "Convert one of them at a stated rate."
        raise QuoteError([Problem("two currencies", f"{first} against {second}", remedy=remedy)])
    if {first.vat, second.vat} == {"included", "excluded"}:
        remedy = "Take the tax out of the one that holds it."
        raise QuoteError([Problem("two tax bases", f"{first} against {second}", remedy=remedy)])
    return first.middle / second.middle


def _quote(cells: pd.Series) -> Quote:
    """Turn one row of a table into a quote."""
    vat = str(cells["vat"])
    if vat not in get_args(Vat):
        raise QuoteError(
            [Problem("unknown tax basis", "column vat", vat or "nothing", ", ".join(get_args(Vat)))]
        )
    text = {c: str(cells[c]) for c in QUOTE_COLUMNS[6:] if c in cells and cells[c] != ""}
    start, end = period_of(str(cells["date"]))
    low = float(cells["low"])
    high = low if pd.isna(cells["high"]) or cells["high"] == "" else float(cells["high"])
    about = (str(cells["currency"]), str(cells["market"]), vat)
    return Quote(start, end, low, high, *about, **text)  # type: ignore[arg-type]


def one_basis(quotes: Iterable[Quote], market: str, vat: Vat | None = None) -> Sequence[Quote]:
    """Keep the quotes of one market on one basis, or say which there are.

    Raises
    ------
    QuoteError
        If the market is not quoted, or on several bases and none is chosen.
    """
    every = tuple(quotes)
    series = [q for q in every if q.market == market and (vat is None or q.vat == vat)]
    if not series:
        there = ", ".join(sorted({f"{q.market} (VAT {q.vat})" for q in every})) or "none"
        asked = market if vat is None else f"{market} (VAT {vat})"
        raise _refusal("no such market in the series", "prices", asked, there)
    bases = sorted({q.basis_key for q in series})
    if len(bases) > 1:
        listed = "; ".join(f"VAT {vat_basis}, {currency}" for _, vat_basis, currency in bases)
        raise _refusal("the market is quoted on several bases", market, listed, "one of them")
    return series


def _shortest(holding: Sequence[Quote], market: str, day: dt.date) -> Quote:
    """Choose the quote of the shortest period; two that contradict each other are refused."""
    length = min(q.end - q.start for q in holding)
    best = [q for q in holding if q.end - q.start == length]
    if len({(q.low, q.high) for q in best}) > 1:
        found = "; ".join(str(q) for q in best)
        raise _refusal("two quotes of one date differ", market, found, f"one for {day}")
    return best[0]


def _between(earlier: Quote, later: Quote, day: dt.date) -> Quote:
    """Read the straight line in time between two neighbouring quotes."""
    gap = (later.start - earlier.end).days
    if gap > LONGEST_GAP_DAYS:
        fact = f"the quotes on either side of {day} are {gap} days apart"
        allowed = f"up to {LONGEST_GAP_DAYS} days"
        raise _refusal(fact, earlier.market, f"{earlier.end} and {later.start}", allowed)
    weight = (day - earlier.end).days / gap
    return replace(
        earlier,
        start=day,
        end=day,
        low=earlier.low + weight * (later.low - earlier.low),
        high=earlier.high + weight * (later.high - earlier.high),
        kind=softest("derived", earlier.kind, later.kind),
        source=f"between {earlier.end} ({earlier.source}) and {later.start} ({later.source})",
    )


def _refusal(fact: str, place: str, found: str, allowed: str) -> QuoteError:
    """Word a refusal to guess."""
    remedy = "Choose among what is quoted, or add a quote; prices are not guessed."
    return QuoteError([Problem(fact, place, found, allowed, remedy)])
