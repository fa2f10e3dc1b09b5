"""Do claims about trade, prices, ranks and shares stand beside the market tables?

Every comparison of two editions of one statistic says so in its text.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pandas as pd
from pydantic import Field, model_validator

from deposits.units import STIBNITE_SB_PCT
from planning.economics.dates import Day
from planning.economics.prices import Quote, one_basis, quotes_from
from planning.errors import QuoteError
from planning.verdict._claim_basis import (
    Answer,
    ClaimFacts,
    Finding,
    Parameters,
    editions_note,
    per_cent,
    sentence,
    sources_of,
    whole,
)


class UnitValues(Parameters):
    """Exports of several periods set side by side."""

    periods: list[str]


def unit_values(asked: UnitValues, facts: ClaimFacts) -> Answer:
    """Ask whether periods can be compared at all, and if so against the stibnite ceiling."""
    table = facts.market.customs
    rows = table[table["period"].isin(asked.periods)]
    ceiling = STIBNITE_SB_PCT / 100.0
    lines, ratios, used = [], [], []
    for _, row in rows.iterrows():
        value = row["value_usd"] / row["gross_t"]
        price = _yearly_price(facts.market.sb_yearly, int(row["year"]))
        line = f"{row['period']}: {whole(value)} USD/t gross ({row['product_words']})"
        if price is not None:
            ratios.append(value / price["price_usd_per_t"])
            used.append(price["source"])
            mean = f"{whole(price['price_usd_per_t'])} USD/t ({price['edition']})"
            part = "" if _is_whole_year(row) else ", a part of the year against the whole year's"
            line += f" = {ratios[-1]:.2f} of the metal's yearly mean of {mean}{part}"
        lines.append(line)
    words = list(dict.fromkeys(rows["product_words"]))
    above = sum(ratio > ceiling for ratio in ratios)
    ceiling_text = (
        f"Only if all of it were concentrate: pure stibnite holds {STIBNITE_SB_PCT:g} % Sb, so no "
        f"concentrate is worth more than {ceiling:.3f} of the metal price a tonne for its antimony;"
        f" {above} of {len(ratios)} periods lie above that, which then means metal or payable gold "
        "in the tonnes."
    )
    sources = sources_of(rows["source"], used)
    arithmetic = "; ".join(lines) + "."
    if rows["product_class"].nunique() > 1:
        notes = [f"{r['period']}: {r['note'].lower()}." for _, r in rows.iterrows() if r["note"]]
        differ = f"The product words differ ({'; '.join(words)})."
        evidence = sentence(differ, ceiling_text, *notes)
        return Answer(arithmetic, evidence, "not comparable", sources)
    if not ratios:
        return Answer(arithmetic, "No price of these years.", "not checkable", sources)
    return Answer(arithmetic, ceiling_text, "inconsistent" if above else "consistent", sources)


class Rank(Parameters):
    """A country's place in a table of countries."""

    country: str
    measure: str
    year: int
    rank: int
    edition: str = ""
    values_t: dict[str, float] = Field(default_factory=dict)
    world: str = "World"


def rank(asked: Rank, facts: ClaimFacts) -> Answer:
    """Find a country's place in each edition that gives the year."""
    usgs = facts.market.usgs
    of_year = usgs[(usgs["year"] == asked.year) & (usgs["country"] != asked.world)]
    measured = of_year[of_year["measure"] == asked.measure]
    shown = measured if len(measured) else of_year[of_year["measure"] == "production"]
    places: dict[str, int] = {}
    lines = []
    for edition, table in shown.groupby("edition"):
        ordered = table.set_index("country")["value_t_sb"].dropna()
        if asked.country in ordered.index:
            place = int((ordered > ordered[asked.country]).sum()) + 1
            places[str(edition)] = place
            named = ", ".join(f"{n} {whole(v)} t" for n, v in ordered.nlargest(place + 1).items())
            closed = _closed(table, usgs, ordered[asked.country], asked)
            lines.append(f"{edition}: place {place} ({named}){closed}")
    sources = sources_of(shown.loc[shown["country"] == asked.country, "source"])
    evidence = sentence("; ".join(lines) + "." if lines else "", editions_note(list(places)))
    if measured.empty:
        needed = f"No table of {asked.measure} by country for {asked.year} is among the data."
        beside = f"Beside it, mine production: {evidence}" if lines else ""
        return Answer(needed, beside, "not checkable", sources)
    judged = {k: v for k, v in places.items() if asked.edition in ("", k)}
    finding: Finding = "consistent" if set(judged.values()) == {asked.rank} else "inconsistent"
    arithmetic = f"Claimed: place {asked.rank} in {asked.year}"
    arithmetic += f", judged by {asked.edition}, the edition of its day." if asked.edition else "."
    for country, value in asked.values_t.items():
        arithmetic += f" {country} {whole(value)} t."
        said = shown.loc[
            (shown["country"] == country) & shown["edition"].isin(judged), "value_t_sb"
        ]
        if not (said == value).any():
            finding = "inconsistent"
    return Answer(arithmetic, evidence, finding, sources)


class PriceMove(Parameters):
    """A price said to have moved because of a dated event."""

    event_date: Day
    announced_date: Day | None = None
    from_usd_per_t: float = Field(gt=0, allow_inf_nan=False)
    to_usd_per_t: float = Field(gt=0, allow_inf_nan=False)
    markets: list[str]

    @model_validator(mode="after")
    def _it_moved(self) -> PriceMove:
        if self.from_usd_per_t == self.to_usd_per_t:
            raise ValueError("from_usd_per_t and to_usd_per_t are equal: that is no move")
        return self


def price_move(asked: PriceMove, facts: ClaimFacts) -> Answer:
    """Ask how much of a price move was done before the event that is said to have caused it."""
    quotes = [q for q in quotes_from(facts.market.prices) if q.currency == "USD"]
    step = asked.to_usd_per_t - asked.from_usd_per_t
    sums, shares, ends, used, refused = [], [], [], [], []
    for market in asked.markets:
        try:
            series = one_basis(quotes, market)
        except QuoteError as error:
            refused += [f"{p.place}: {p.fact} ({p.found})." for p in error.problems]
            continue
        before = sorted((q for q in series if q.end < asked.event_date), key=lambda q: q.end)
        after = [q for q in series if q.start >= asked.event_date]
        if not before or not after:
            continue
        last, following = before[-1], after[0]
        shares.append((last.middle - asked.from_usd_per_t) / step)
        ends.append((following.middle - asked.from_usd_per_t) / step)
        sums.append(
            f"{market}: ({whole(last.middle)} - {whole(asked.from_usd_per_t)}) / {whole(step)} "
            f"= {per_cent(shares[-1])} of the move was done {_lead(last.end, asked)}"
        )
        near = [q for q in before if abs(q.middle / asked.from_usd_per_t - 1) <= 0.05]
        used += [*near[-1:], last, following]
    if not shares:
        none = sentence("No quotes on both sides of the event.", *refused)
        return Answer("", none, "not checkable")
    finding: Finding = "consistent"
    if min(shares) >= 0.5:
        finding = "mistimed"
    elif max(ends) < 0.5:
        finding = "inconsistent"
    listed = "; ".join(f"{q.date}: {_quoted(q)}" for q in used) + "."
    sources = sources_of(q.source for q in used)
    return Answer("; ".join(sums) + ".", sentence(listed, *refused), finding, sources)


class ImportShare(Parameters):
    """A share of a country's imports, said in a year."""

    country: str
    product: str
    share_pct: float
    said_in: int


def import_share(asked: ImportShare, facts: ClaimFacts) -> Answer:
    """Compare a share with each edition and window of the import sources."""
    table = facts.market.import_shares
    rows = table[(table["country"] == asked.country) & (table["product"] == asked.product)]
    lines = "; ".join(
        f"{row['share_pct']:g} % ({row['edition']}, window {row['window'] or 'not retrieved'})"
        for _, row in rows.iterrows()
    )
    others = table[(table["country"] == asked.country) & (table["product"] != asked.product)]
    classes = "; ".join(f"{r['product']} {r['share_pct']:g} %" for _, r in others.iterrows())
    in_time = rows[rows["year"] <= asked.said_in]
    arithmetic = f"{asked.share_pct:g} % of {asked.product} said in {asked.said_in}; found {lines}."
    evidence = sentence(
        f"By product the share differs: {classes}." if classes else "",
        editions_note(list(rows["edition"])),
        *[f"{note}." for note in dict.fromkeys(in_time["note"]) if note],
    )
    if in_time.empty:
        return Answer(arithmetic, evidence, "not checkable", sources_of(rows["source"]))
    agrees = (in_time["share_pct"] - asked.share_pct).abs().min() <= 0.5
    finding: Finding = "consistent" if agrees else "inconsistent"
    return Answer(arithmetic, evidence, finding, sources_of(rows["source"]))


class WorldShare(Parameters):
    """A share of the world's reserves said to lie in a country."""

    country: str
    share_pct: float
    world: str = "World"


def world_share(asked: WorldShare, facts: ClaimFacts) -> Answer:
    """Turn a share of world reserves into tonnes and compare with what the country itself says.

    The rows of a table that is only quoted in part add up to no world.
    """
    usgs = facts.market.usgs
    table = usgs[(usgs["measure"] == "reserves") & (usgs["country"] != asked.world)]
    table = table[table["table"] == "complete"]
    sums = table.groupby("edition")["value_t_sb"].sum()
    own = _national(facts, asked.country)
    if sums.empty or own.empty:
        return Answer("", "No reserves to compare with.", "not checkable")
    implied = sums * asked.share_pct / 100.0
    arithmetic = "; ".join(
        f"{asked.share_pct:g} % of {whole(sums[e])} t ({e}, sum of rows) = {whole(implied[e])} t"
        for e in sums.index
    )
    most = own.iloc[-1]
    evidence = sentence(
        f"Highest national figure: {whole(most['sb_t'])} t ({most['said_by']}, "
        f"{most['year']:.0f}), {per_cent(most['sb_t'] / implied.max())} of that.",
        editions_note(list(sums.index)),
    )
    finding: Finding = "inconsistent" if most["sb_t"] < implied.min() else "consistent"
    return Answer(arithmetic + ".", evidence, finding, sources_of(table["source"], own["source"]))


class ReserveRank(Parameters):
    """A country's place in the world by reserves, judged by *edition*, that of its day."""

    country: str
    rank: int
    edition: str
    world: str = "World"


def reserve_rank(asked: ReserveRank, facts: ClaimFacts) -> Answer:
    """Find a country's place in the edition of the day: by its own row, and by its own figure.

    A place that only the country's own figure gives is not checked by anything.
    """
    usgs = facts.market.usgs
    table = usgs[(usgs["measure"] == "reserves") & (usgs["country"] != asked.world)]
    table = table[table["value_t_sb"].notna()]
    of_day, own = table[table["edition"] == asked.edition], _national(facts, asked.country)
    if of_day.empty or own.empty:
        return Answer("", "No reserves of that day to compare with.", "not checkable")
    most = own.iloc[-1]
    said = f"{whole(most['sb_t'])} t ({most['said_by']}, {most['year']:.0f})"
    lines = [
        _reserve_place(str(edition), rows.set_index("country")["value_t_sb"], most["sb_t"], asked)
        for edition, rows in table.groupby("edition")
    ]
    held = of_day.set_index("country")["value_t_sb"]
    others = held.drop(asked.country, errors="ignore")
    finding: Finding = "not checkable"
    why = f"{asked.edition} as it was read gives no figure for {asked.country}: the place rests on "
    why += f"{said} alone."
    if int((others > most["sb_t"]).sum()) + 1 > asked.rank:
        finding, why = "inconsistent", ""
    elif asked.country in held.index:
        place = int((others > held[asked.country]).sum()) + 1
        finding, why = ("consistent" if place <= asked.rank else "inconsistent"), ""
    arithmetic = f"Claimed: place {asked.rank}, judged by {asked.edition}, the edition of its day; "
    arithmetic += f"with its own highest figure of {said}: {'; '.join(lines)}."
    sources = sources_of(of_day["source"], own["source"], table["source"])
    evidence = sentence(why, editions_note(sorted(table["edition"])))
    return Answer(arithmetic, evidence, finding, sources)


def _reserve_place(edition: str, held: pd.Series, own_t: float, asked: ReserveRank) -> str:
    """Say a country's place in one edition with its own figure, and with its row if it has one."""
    others = held.drop(asked.country, errors="ignore")
    above = others[others > own_t].index
    line = f"{edition}: place {len(above) + 1} beside {len(others)} listed countries"
    line += f", behind {', '.join(above)}" if len(above) else ""
    if asked.country in held.index:
        own_row = held[asked.country]
        line += f", place {int((others > own_row).sum()) + 1} with its row of {whole(own_row)} t"
    return line


class ValueChain(Parameters):
    """A gain in value along a chain of products."""

    products: list[str]


def value_chain(asked: ValueChain, facts: ClaimFacts) -> Answer:
    """Compare the value of a tonne of antimony in each product, as far as prices are known."""
    table = facts.market.product_values
    rows = table[table["product"].isin(asked.products) & table["ratio_low"].notna()]
    lines = "; ".join(
        f"{product}: {known['ratio_low'].min():.2f} to {known['ratio_high'].max():.2f} of the metal"
        if known["ratio_low"].min() != known["ratio_high"].max()
        else f"{product}: {known['ratio_low'].min():g} of the metal"
        for product, known in rows.groupby("product", sort=False)
    )
    missing = [p for p in asked.products if p not in set(rows["product"])]
    among = " and ".join(filter(None, (", ".join(missing[:-1]), *missing[-1:])))
    notes = " ".join(f"{note}." for note in dict.fromkeys(rows["note"]) if note)
    arithmetic = f"Value of a tonne of contained antimony: {lines}."
    if missing:
        evidence = f"No price beside the metal's of the same day found for {among}. {notes}"
        return Answer(arithmetic, evidence, "not checkable", sources_of(rows["source"]))
    ordered = [rows.loc[rows["product"] == p, "ratio_low"].min() for p in asked.products]
    rising = all(a <= b for a, b in pairwise(ordered))
    return Answer(
        arithmetic, notes, "consistent" if rising else "inconsistent", sources_of(rows["source"])
    )


class NotPublished(Parameters):
    """A claim that no published figure can be held against."""

    needed: list[str]


def not_published(asked: NotPublished, facts: ClaimFacts) -> Answer:
    """List what would have to be published, and how plans were kept so far."""
    history = facts.evidence.output_history
    both = history[history["plan"].notna() & history["actual"].notna()]
    kept = "; ".join(
        f"{row['entity']}, {row['quantity']}, {row['period']}: "
        f"{per_cent(row['actual'] / row['plan'])}"
        for _, row in both.iterrows()
    )
    evidence = f"Not published: {', '.join(asked.needed)}."
    evidence += f" Delivered of what was planned, where both are known: {kept}." if kept else ""
    return Answer(
        "No figure to calculate with.", evidence, "not checkable", sources_of(both["source"])
    )


def _quoted(quote: Quote) -> str:
    """Write a quote with its market and tax basis; its date is written before it."""
    price = whole(quote.low) + (f" to {whole(quote.high)}" if quote.high > quote.low else "")
    return (
        f"{quote.qualifier} {price}".strip()
        + f" {quote.currency}/t ({quote.market}, VAT {quote.vat})"
    )


def _lead(end: dt.date, asked: PriceMove) -> str:
    """Say how long before the event, and before its announcement, a quote stands."""
    text = f"by {end}, {(asked.event_date - end).days} days before the event"
    if asked.announced_date is not None:
        lead = (asked.announced_date - end).days
        text += f" ({lead} before its announcement)" if lead > 0 else " (after its announcement)"
    return text


def _national(facts: ClaimFacts, country: str) -> pd.DataFrame:
    """Return the national reserve figures that are in tonnes, the highest last."""
    table = facts.evidence.national_reserves
    return table[(table["entity"] == country) & table["sb_t"].notna()].sort_values("sb_t")


def _yearly_price(table: pd.DataFrame, year: int) -> pd.Series | None:
    """Return the row of the yearly mean in the latest edition, or None."""
    rows = table[table["year"] == year].sort_values("edition")
    return None if rows.empty else rows.iloc[-1]


def _is_whole_year(row: pd.Series) -> bool:
    """Whether a customs period runs from January to December of its year."""
    return bool(row["start"] == f"{row['year']:.0f}-01" and row["end"] == f"{row['year']:.0f}-12")


def _closed(table: pd.DataFrame, usgs: pd.DataFrame, own: float, asked: Rank) -> str:
    """Say whether a table quoted in part leaves room for another country above."""
    if not (table["table"] == "quoted").any():
        return ""
    edition = table["edition"].iloc[0]
    total = usgs[
        (usgs["edition"] == edition)
        & (usgs["year"] == asked.year)
        & (usgs["country"] == asked.world)
        & (usgs["measure"] == table["measure"].iloc[0])
    ]
    if total.empty:
        return ", quoted in part"
    rest = float(total["value_t_sb"].iloc[0]) - float(table["value_t_sb"].sum())
    room = "no other country can be" if rest < own else "another country could be"
    return f", quoted in part: {whole(rest)} t are left for all others, so {room} above"
