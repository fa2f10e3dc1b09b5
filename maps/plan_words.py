"""What are the columns of a mine's plan, its limits and its kinds of money called?

These words stand before those of `maps.mine_words` in everything about the plan: its ore is that of
a year, and its periods are those of the schedule.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from maps.mine_words import words_of

#: Column -> (words, unit).
COLUMNS: dict[str, tuple[str, str]] = {
    "period": ("Period, number", ""),
    "last_period": ("Last period, number", ""),
    "year": ("Year of the plan", ""),
    "last_year": ("Last year of the plan", ""),
    "name": ("Period", ""),
    "from_years": ("From, years after the beginning", "yr"),
    "to_years": ("To, years after the beginning", "yr"),
    "from_date": ("Begins", ""),
    "to_date": ("Ends", ""),
    "part_of_year": ("Length", "yr"),
    "target_t": ("Ore the plant is to have", "t"),
    "target_t_per_year": ("Ore the plant is to have", "t/yr"),
    "ore_t": ("Ore mined", "t"),
    "waste_t": ("Waste", "t"),
    "development_m": ("Headings driven", "m"),
    "feed_t": ("Ore to the plant", "t"),
    "direct_t": ("Ore sold as mined", "t"),
    "stocked_t": ("Ore laid on stock", "t"),
    "reclaimed_t": ("Ore taken off stock", "t"),
    "stock_t": ("Ore on stock at the end", "t"),
    "concentrate_t": ("Concentrate, dry", "t"),
    "sb_t": ("Antimony in concentrate", "t Sb"),
    "payable_sb_t": ("Antimony paid for", "t Sb"),
    "payable_au_oz": ("Gold paid for", "troy oz Au"),
    "revenue_usd": ("Revenue: metals paid for", "USD"),
    "cost_usd": ("Costs and charges", "USD"),
    "cash_usd": ("Cash, undiscounted", "USD"),
    "discounted_usd": ("Cash, discounted", "USD"),
    "npv_usd": ("Net present value", "USD"),
    "bound_usd": ("No plan is worth more than", "USD"),
    "gap": ("Unproven part of the value", "fraction"),
    "gain_usd": ("Adds to the worth, at most", "USD"),
    "resource": ("Limit", ""),
    "used": ("Used", ""),
    "limit": ("Limit", ""),
    "full": ("Part of the limit that is used", "fraction"),
    "binds": ("Full", ""),
    "price_usd": ("Worth of a unit more, then", "USD"),
    "price_discounted_usd": ("Worth of a unit more, discounted", "USD"),
    "activity": ("Activity", ""),
    "title": ("What it is", ""),
    "part": ("Part", ""),
    "destination": ("Goes to", ""),
    "direct_fraction": ("Part sold as mined", "fraction"),
    "policy": ("Way of choosing", ""),
    "what": ("What", ""),
    "scenario": ("Scenario", ""),
}

#: Kinds of cost as `cost_KIND_usd` names them.
COSTS: dict[str, str] = {
    "charges": "Treatment, refining, transport",
    "penalties": "Penalties",
    "royalty": "Royalty",
    "processing": "Processing",
    "general": "General and administration",
    "sustaining": "Sustaining capital",
    "ore_haulage": "Haulage of ore to the plant",
    "mining": "Mining",
    "development": "Headings",
    "fill": "Backfill",
    "stockpiling": "Ore laid on stock",
    "rehandling": "Ore taken off stock",
    "level": "Opening of levels",
}

#: Kinds of activities, one and several.
KINDS: dict[str, tuple[str, str]] = {
    "access": ("access", "accesses"),
    "development": ("heading", "headings"),
    "preparation": ("preparation of a stope", "preparations of stopes"),
    "stope": ("drawing of a stope", "parts of stopes drawn"),
    "fill": ("backfill of a stope", "backfills of stopes"),
    "block": ("unit of rock", "units of rock"),
}

#: Where ore goes.
DESTINATIONS: dict[str, str] = {
    "plant": "to the plant",
    "stockpile": "on stock",
    "direct": "sold as mined",
    "waste": "to the dump",
    "none": "",
}


def words_of_plan(column: str) -> tuple[str, str]:
    """Return the words and the unit of a column of the plan.

    Parameters
    ----------
    column : str
        Name as it stands in the file.

    Returns
    -------
    tuple of str
        Words and unit, "" where there is none.

    Examples
    --------
    >>> words_of_plan("feed_t"), words_of_plan("cost_fill_usd"), words_of_plan("hg_pct")
    (('Ore to the plant', 't'), ('Cost: backfill', 'USD'), ('Mercury grade', '% Hg'))
    """
    if column in COLUMNS:
        return COLUMNS[column]
    if column.startswith("cost_") and column.endswith("_usd"):
        kind = column.removeprefix("cost_").removesuffix("_usd")
        name = COSTS.get(kind, kind.replace("_", " "))
        return f"Cost: {name[:1].lower()}{name[1:]}", "USD"
    return words_of(column)


def ore_and_waste(row: Mapping[str, Any]) -> tuple[float, float]:
    """Return the ore and the waste of a piece of work as the years of its plan count them.

    Parameters
    ----------
    row : mapping
        ``ore_t``, ``waste_t`` and ``shares``: which part of the ore goes where.

    Returns
    -------
    tuple of float
        Ore that is kept and rock that is dumped [t]: ore that a plan dumps is waste.

    Examples
    --------
    >>> ore_and_waste({"ore_t": 100.0, "waste_t": 7.0, "shares": {"plant": 0.75, "waste": 0.25}})
    (75.0, 32.0)
    """
    ore, waste = (float(row.get(name) or 0.0) for name in ("ore_t", "waste_t"))
    dumped = ore * float((row.get("shares") or {}).get("waste") or 0.0)
    return ore - dumped, waste + dumped


def days(row: Mapping[str, Any]) -> str:
    """Write first and last day as short as they allow, "" where they are not known.

    Examples
    --------
    >>> days({"from_date": "2027-01-01", "to_date": "2027-12-31"})
    '2027'
    >>> days({"from_date": "2027-01-01", "to_date": "2027-03-31"})
    '2027-01 to 2027-03'
    >>> days({"from_date": "2027-02-01", "to_date": "2027-02-28"}), days({})
    ('2027-02', '')
    >>> days({"from_date": "2027-01-15", "to_date": "2028-01-14"})
    '2027-01-15 to 2028-01-14'
    """
    begins, ends = str(row.get("from_date") or ""), str(row.get("to_date") or "")
    if not begins or not ends:
        return ""
    if begins[4:] == "-01-01" and ends == f"{begins[:4]}-12-31":
        return begins[:4]
    if begins[8:] == "01" and _last_of_month(ends):
        first, last = begins[:7], ends[:7]
        return first if first == last else f"{first} to {last}"
    return f"{begins} to {ends}"


def _last_of_month(day: str) -> bool:
    try:
        return (dt.date.fromisoformat(day) + dt.timedelta(days=1)).day == 1
    except ValueError:
        return False


def when(row: Mapping[str, Any]) -> str:
    """Say in which years something is done, with its days where they are known.

    Examples
    --------
    >>> when({"year": 3, "last_year": 4}), when({"year": 2}), when({"year": None})
    ('years 3 to 4', 'year 2', 'not in this plan')
    >>> when({"year": 1, "from_date": "2027-01-01", "to_date": "2027-03-31"})
    'year 1 (2027-01 to 2027-03)'
    """
    first, last = row.get("year"), row.get("last_year")
    if first is None:
        return "not in this plan"
    last = first if last is None else last
    said = f"year {first:g}" if first == last else f"years {first:g} to {last:g}"
    return f"{said} ({days(row)})" if days(row) else said
