"""How are the years, limits, comparisons and scenarios of a mine's plan laid out as tables?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps.drawings.mine_parts import count, dollars, kept_together, rounded
from maps.drawings.tables import Html, badge, fold, table, text
from maps.mine_words import money, tonnes
from maps.plan_words import COSTS, days
from maps.wording import VERDICTS, number, share

Row = Mapping[str, Any]

#: Columns of the table of years: heading, key, unit.
YEARS = (
    ("Ore mined, kt", "ore_t", 1e-3),
    ("Feed, kt", "feed_t", 1e-3),
    ("Off stock, kt", "reclaimed_t", 1e-3),
    ("Sold as mined, kt", "direct_t", 1e-3),
    ("Sb, %", "sb_pct", 1.0),
    ("Au, g/t", "au_gpt", 1.0),
    ("Hg, %", "hg_pct", 1.0),
    ("As, %", "as_pct", 1.0),
    ("Concentrate, kt", "concentrate_t", 1e-3),
    ("Sb in it, t", "sb_t", 1.0),
    ("Waste, kt", "waste_t", 1e-3),
    ("Headings, m", "development_m", 1.0),
    ("Stock, kt", "stock_t", 1e-3),
    ("Revenue, M USD", "revenue_usd", 1e-6),
    ("Costs, M USD", "cost_usd", 1e-6),
    ("Cash, M USD", "cash_usd", 1e-6),
)
#: Parts of the largest amount of a column below which another is rounding.
NOISE = 1e-9
#: Of these, what a narrow page shows first.
FIRST = ("feed_t", "sb_pct", "sb_t", "cash_usd")


def by_year(years: Sequence[Row]) -> Html:
    """Lay out the years: the few columns a narrow page has room for, all of them folded away.

    Parameters
    ----------
    years : sequence of mapping
        ``plan.years``.

    Returns
    -------
    Html
        "" without years.
    """
    short = [column for column in YEARS if column[1] in FIRST]
    title = "All columns of the years"
    return Html(
        f"{_amounts(years, short, 'Year', 'Plan by year')}"
        f"{fold(title, _amounts(years, YEARS, 'Year', title))}"
    )


def months(periods: Sequence[Row], years: Sequence[Row]) -> Html:
    """Fold away the periods where they are finer than years."""
    if len(periods) <= len(years):
        return Html("")
    fine = [row for row in periods if (row.get("part_of_year") or 1.0) < 1.0 - 1e-9]
    title = f"Periods shorter than a year ({len(fine)})"
    return fold(title, _amounts(fine, YEARS, "Period", title))


def _amounts(
    rows: Sequence[Row], columns: Sequence[tuple[str, str, float]], first: str, title: str
) -> Html:
    """Lay out amounts; a column that nobody knows or that is 0 throughout is left out."""
    kept = [c for c in columns if any(row.get(c[1]) for row in rows)]
    least = {
        key: NOISE * max(abs(float(row.get(key) or 0.0)) for row in rows) for _, key, _ in kept
    }
    body: list[list[object]] = [
        [_when(row), *(_amount(row.get(key), scale, least[key]) for _, key, scale in kept)]
        for row in rows
    ]
    return table((first, *(head for head, _, _ in kept)), body, title)


def unbroken(said: str) -> str:
    """Keep days on one line: no blank and no hyphen of them ends it."""
    return kept_together(said).replace("-", "\u2011")


def _when(row: Row) -> Html:
    name = kept_together(str(row["name"])) if row.get("name") else count(row.get("year"))
    small = f"<small>{text(unbroken(days(row)))}</small>" if days(row) else ""
    return Html(f"{text(name)}{small}")


def _amount(value: Any, scale: float, least: float = 0.0) -> str:
    """Write an amount to three figures; a dash where there is none, as a grade without feed."""
    if value is None:
        return "–"
    return number(0.0 if abs(float(value)) < least else float(value) * scale, 3)


def costs(years: Sequence[Row]) -> Html:
    """Fold away revenue and each kind of cost over the whole plan.

    Parameters
    ----------
    years : sequence of mapping
        ``plan.years``.

    Returns
    -------
    Html
        "" where no cost is told.
    """
    total: dict[str, float] = {}
    for row in years:
        for name, value in row.items():
            if name.startswith("cost_") and name.endswith("_usd") and name != "cost_usd":
                kind = name.removeprefix("cost_").removesuffix("_usd")
                total[kind] = total.get(kind, 0.0) + float(value or 0.0)
    feed = sum(float(row.get("feed_t") or 0.0) for row in years)
    body: list[list[object]] = [
        [COSTS.get(kind, kind.replace("_", " ")), money(value), _per_tonne(value, feed)]
        for kind, value in sorted(total.items(), key=lambda item: -item[1])
        if value
    ]
    title = "Costs and charges of the whole plan"
    heads = ("Kind", "Undiscounted", "USD/t of feed")
    return fold(title, table(heads, body, title) if body else None)


def _per_tonne(usd: float, feed_t: float) -> str:
    return number(usd / feed_t, 3) if feed_t > 0.0 else "–"


def limits_by_worth(plan: Row) -> Html:
    """Lay out the limits by what they hold back, of worth and of rate."""
    body: list[list[object]] = []
    rates = {row.get("resource"): row for row in plan.get("rate_bottlenecks") or []}
    for row in plan.get("bottlenecks") or []:
        own = rates.get(row.get("resource")) or {}
        body.append(
            [
                str(row.get("called") or row.get("resource") or "").removeprefix("the "),
                share(row.get("share_of_all_limits")),
                share(own.get("share_of_all_limits")) if own else "–",
                share(row.get("mean_full")),
                _price(row.get("highest_price_usd"), row.get("unit")),
            ]
        )
    caption = Html(
        "Limits by what they hold back<small>parts of what all limits are worth at the margin, and "
        "of what they take from the rate; worth of a unit more in its best period</small>"
    )
    heads = ("Limit", "Of the worth", "Of the rate", "Full, mean", "A unit more, USD")
    return table(heads, body, caption)


def _price(usd: Any, unit: Any) -> object:
    if not usd:
        return "0" if usd is not None else None
    small = f"<small>{text(f'per {unit}')}</small>" if unit else ""
    return Html(f"{text(rounded(usd))}{small}")


def reliefs(plan: Row) -> Html:
    """Lay out what a higher limit or price would add, at most."""
    body: list[list[object]] = [
        [
            row.get("what"),
            money(float(row["gain_usd"])) if row.get("gain_usd") is not None else None,
            _rate(row.get("rate_gain_t_per_year")),
        ]
        for row in plan.get("relief") or []
    ]
    caption = Html(
        "What would help<small>bound with the change less bound without it: no plan gains "
        "more</small>"
    )
    return table(("Change", "Worth", "Rate, t/yr"), body, caption)


def _rate(value: Any) -> object:
    return "–" if value is None else f"{float(value):+,.0f}"


def policies(plan: Row) -> Html:
    """Lay out what other ways of choosing come to."""
    body: list[list[object]] = []
    for row in plan.get("policies") or []:
        words = f"<small>{text(row['words'])}</small>" if row.get("words") else ""
        body.append(
            [
                Html(f"{text(row.get('policy'))}{words}"),
                dollars(row.get("npv_usd")),
                dollars(row.get("npv_after_fixed_usd")),
                number(row.get("life_years")),
                tonnes(row.get("ore_t")),
            ]
        )
    heads = ("Chosen by", "NPV", "After fixed cost", "Years", "Ore")
    return table(heads, body, "The same mine, chosen in other ways")


def cutoffs(plan: Row) -> Html:
    """Lay out the leanest ore of each year beside Lane's cut-off."""
    rows = plan.get("cutoffs") or []
    body: list[list[object]] = [
        [
            count(row.get("year")),
            *(_amount(row.get(key), 1.0) for key in CUTOFF_KEYS),
        ]
        for row in rows
        if any(row.get(key) is not None for key in CUTOFF_KEYS)
    ]
    heads = ("Year", "Least, USD/t", "Least, % Sb", "Lane, USD/t", "Lane, % Sb")
    title = "Leanest ore that goes to the plant, and Lane's cut-off"
    return fold(title, table(heads, body, title) if body else None)


CUTOFF_KEYS = (
    "least_return_usd_per_t",
    "least_sb_pct",
    "lane_cutoff_usd_per_t",
    "lane_cutoff_sb_pct",
)


def scenarios(rows: Sequence[Row]) -> Html:
    """Lay out scenarios of the plan side by side."""
    body: list[list[object]] = []
    for row in rows:
        name = row.get("title") or row.get("scenario") or row.get("name")
        gap = row.get("gap")
        beside = "" if gap is None else f"<small>bound {share(gap)} above</small>"
        rate = row.get("achieved_t_per_year")
        if rate is None:
            rate = row.get("mean_feed_t")
        body.append(
            [
                str(name or "").removeprefix("SYNTHETIC: "),
                badge(VERDICTS.get(row.get("holds"), VERDICTS[None])) if "holds" in row else "–",
                Html(f"{text(dollars(row.get('npv_usd')))}{beside}"),
                "–" if rate is None else kept_together(f"{float(rate):,.0f}"),
                number(row.get("life_years")),
            ]
        )
    return table(("Scenario", "Holds", "NPV", "Rate, t/yr", "Years"), body, "Plans side by side")
