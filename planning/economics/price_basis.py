"""What was paid in one market against another at the same time, and on which basis?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

from deposits.stated import Kind, softest
from planning.economics.config import StatedRate
from planning.economics.dates import period_of
from planning.economics.prices import LONGEST_GAP_DAYS, ExchangeRate, Quote, in_usd, price_ratio
from planning.errors import QuoteError

#: Quotes further apart than this are not held against each other [days].
NEAR_DAYS = 7
#: Means over a longer time are not of one moment [days].
LONGEST_MEAN_DAYS = 31
#: What the table of quotes writes where a source does not name its market.
NO_MARKET = "not stated"


@dataclass(frozen=True, slots=True)
class PriceBasis:
    """Two markets at one time.

    Parameters
    ----------
    market, against : str
        The two markets.
    quote, against_quote : str
        What was quoted in each: price, currency, tax basis, date.
    basis, against_basis : str
        Product, delivery and averaging of each.
    days_apart : int
        Days between the two; 0 where they overlap.
    ratio : float or None
        Price in *market* / price in *against*; None is not known.
    kind : {"derived", "assumed"}
        As soft as the softer quote and the exchange rate.
    note : str
        The exchange rate, what is not stated of the taxes, or why there is no ratio.
    missing : tuple of str
        Study keys without which there is no ratio.
    sources : tuple of str
        Who published the quotes.
    """

    market: str
    against: str
    quote: str
    against_quote: str
    basis: str
    against_basis: str
    days_apart: int
    ratio: float | None
    kind: Kind
    note: str
    missing: tuple[str, ...]
    sources: tuple[str, ...]

    def as_row(self) -> dict[str, Any]:
        """Return it as a row of ``summary.economics.price_basis``."""
        return {**asdict(self), "missing": list(self.missing), "sources": list(self.sources)}


def price_basis(quotes: Iterable[Quote], rates: Mapping[str, StatedRate]) -> list[PriceBasis]:
    """Hold every pair of markets against each other in the last month in which both were quoted.

    Parameters
    ----------
    quotes : iterable of Quote
        Dated series of any number of markets.
    rates : mapping of str to StatedRate
        Exchange rates by the three letters of the currency.

    Returns
    -------
    list of PriceBasis
        Only markets with names, and quotes within `NEAR_DAYS` of each other.
    """
    series: dict[str, list[Quote]] = {}
    for quote in quotes:
        if quote.market != NO_MARKET and (quote.end - quote.start).days < LONGEST_MEAN_DAYS:
            series.setdefault(quote.market, []).append(quote)
    found = []
    for first, second in combinations(series, 2):
        near = [
            (f"{min(a.end, b.end):%Y-%m}", -_days_apart(a, b), a, b)
            for a in series[first]
            for b in series[second]
            if _days_apart(a, b) <= NEAR_DAYS
        ]
        if near:
            _, days, one, other = max(near, key=lambda pair: pair[:2])
            found.append(_compare(one, other, -days, rates))
    return found


def _days_apart(one: Quote, other: Quote) -> int:
    """Return the days between two periods, 0 where they overlap."""
    return max(0, (other.start - one.end).days, (one.start - other.end).days)


def _rates_of(
    pair: tuple[Quote, Quote], rates: Mapping[str, StatedRate]
) -> dict[str, ExchangeRate | None]:
    """Return the rate that each currency of a pair needs; None is not stated for its time."""
    if pair[0].currency == pair[1].currency:
        return {}
    found: dict[str, ExchangeRate | None] = {}
    for quote in pair:
        if quote.currency == "USD":
            continue
        found[quote.currency] = None
        rate = rates.get(quote.currency)
        if rate is not None:
            start, end = period_of(rate.date)
            gap = max(0, (quote.start - end).days, (start - quote.end).days)
            if gap <= LONGEST_GAP_DAYS:
                stated = rate.per_usd
                source = f"{stated.source}, {rate.date}"
                found[quote.currency] = ExchangeRate(
                    quote.currency, stated.base, stated.kind, source
                )
    return found


def _compare(one: Quote, other: Quote, days: int, rates: Mapping[str, StatedRate]) -> PriceBasis:
    """Compare two quotes, in dollars at the stated rate only."""
    needed = _rates_of((one, other), rates)
    missing = tuple(f"economics.exchange_rates.{c}" for c, rate in needed.items() if rate is None)
    notes = [
        f"no exchange rate of {currency} is stated for that time"
        if rate is None
        else f"{rate.per_usd:g} {currency}/USD, {rate.kind} ({rate.source})"
        for currency, rate in needed.items()
    ]
    unclear = [quote.market for quote in (one, other) if quote.vat == "not stated"]
    if unclear:
        notes.append(f"whether value-added tax is in it is not stated: {', '.join(unclear)}")
    ratio = None
    try:
        if not missing:
            ratio = price_ratio(_dollars(one, needed), _dollars(other, needed))
    except QuoteError as error:
        notes += [problem.fact for problem in error.problems]
    return PriceBasis(
        market=one.market,
        against=other.market,
        quote=str(one),
        against_quote=str(other),
        basis=one.basis,
        against_basis=other.basis,
        days_apart=days,
        ratio=ratio,
        kind=softest("derived", one.kind, other.kind, *(r.kind for r in needed.values() if r)),
        note="; ".join(notes),
        missing=missing,
        sources=tuple(dict.fromkeys((one.source, other.source))),
    )


def _dollars(quote: Quote, needed: Mapping[str, ExchangeRate | None]) -> Quote:
    """Convert a quote at the stated rate; two quotes in one currency need none."""
    return in_usd(quote, needed[quote.currency]) if quote.currency in needed else quote
