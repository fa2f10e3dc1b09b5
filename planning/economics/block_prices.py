"""What are blocks worth at the price of a certain day in a certain market?

A price scenario by factor is `BlockTerms.with_prices`. Here the price of antimony is taken from a
dated series (`planning.economics.prices.price_at`), with its market, date and source.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from deposits.errors import Problem
from deposits.tables import TableFile, read_table
from planning.economics.block_nouns import BlockTerms, Statement
from planning.economics.market_tables import MARKET_FILES, per_tonne
from planning.economics.prices import ExchangeRate, Quote, in_usd, quotes_from
from planning.errors import QuoteError

#: Key of the price that a quote takes the place of.
SB_PRICE = "economics.sb_price"


def with_quote(terms: BlockTerms, quote: Quote, rate: ExchangeRate | None = None) -> BlockTerms:
    """Value blocks at a quoted price of antimony.

    Parameters
    ----------
    terms : BlockTerms
        Everything else; its price of gold and its price factor stay.
    quote : Quote
        From a dated series; the middle of its range is taken.
    rate : ExchangeRate, optional
        Needed for a quote that is not in dollars.

    Returns
    -------
    BlockTerms
        Its statement of the price names market, date and source.

    Raises
    ------
    QuoteError
        If value-added tax is in the quote, or a rate is missing.

    Examples
    --------
    >>> import datetime as dt
    >>> from planning.economics.nsr import Terms
    >>> day = dt.date(2026, 6, 30)
    >>> quote = Quote(day, day, 24_000, 26_000, "USD", "Rotterdam", "excluded", source="a paper")
    >>> blank = BlockTerms(Terms(), {"sb": "sb_pct"}, needed={"nsr": (SB_PRICE,)})
    >>> priced = with_quote(blank, quote)
    >>> priced.sb_price, priced.missing, priced.statements[0].source
    (25000.0, (), 'Rotterdam, 2026-06-30, VAT excluded; a paper')
    """
    if quote.vat == "included":
        remedy = "Take it out with planning.economics.prices.without_vat, at a stated rate."
        raise QuoteError([Problem("the price includes value-added tax", str(quote), remedy=remedy)])
    dollars = in_usd(quote, rate)
    about = f"{quote.market}, {quote.date}, VAT {quote.vat}; {dollars.source}".rstrip("; ")
    price = Statement(SB_PRICE, "price of antimony", "USD/t", dollars.middle, dollars.kind, about)
    others = tuple(s for s in terms.statements if s.key != SB_PRICE)
    needed = {need: tuple(k for k in keys if k != SB_PRICE) for need, keys in terms.needed.items()}
    kinds = {**terms.base.kinds, "sb_price": dollars.kind}
    base = replace(terms.base, sb_price=dollars.middle, kinds=kinds)
    return replace(terms, base=base, needed=needed, statements=(price, *others))


def read_quotes(path: Path) -> tuple[Quote, ...]:
    """Read and check one table of dated prices, in any folder.

    Parameters
    ----------
    path : Path
        Columns as those of ``antimony_prices.csv`` in `MARKET_FILES`.

    Returns
    -------
    tuple of Quote
        Per tonne, in their own currencies.

    Raises
    ------
    DataError
        If the file is missing or a cell cannot be right; every problem is listed.
    """
    table = read_table(TableFile(path), MARKET_FILES["prices"][1], unique="id").or_raise()
    return quotes_from(per_tonne(table), path.name)
