"""Which stopes does the plan draw in which year, for a slider that runs through them?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from maps.drawings.plan_years import YEAR
from maps.drawings.tables import text
from maps.languages import Translate
from maps.layers import Layer
from maps.mine_words import ore_at
from maps.plan_words import days

Row = Mapping[str, Any]

#: Column of the last year of a stope's ore.
LAST_YEAR = "plan_last_year"
#: What a year does that has any work.
WORK = ("ore_t", "waste_t", "development_m", "feed_t", "direct_t")


def year_steps(layer: Layer, summary: Row, translate: Translate = str) -> dict[str, Any]:
    """Return the years of a plan and the stopes drawn in each, {} where there is no plan.

    Parameters
    ----------
    layer : Layer
        Drawn stopes.
    summary : mapping
        The study's ``summary.json``: what the plan does in each year.
    translate : callable
        What writes labels in the study's language.

    Returns
    -------
    dict
        ``steps``: ``name`` and ``said`` (feed of the plant and its grade) of every year, escaped;
        ``drawn``: first and last place in it of each feature, shape (n,), None for a stope that
        the plan leaves.
    """
    if YEAR not in layer.features.columns:
        return {}
    first = [_whole(value) for value in layer.features[YEAR]]
    ends = layer.features[LAST_YEAR] if LAST_YEAR in layer.features.columns else first
    last = [_whole(value) for value in ends]
    known = [year for year in (*first, *last) if year is not None]
    if not known:
        return {}
    found = plan_years(summary, range(min(known), max(known) + 1), translate)
    place = {year: i for i, year in enumerate(found)}
    steps = list(found.values())
    drawn = [
        None if a is None else [place[a], place[a if b is None else b]]
        for a, b in zip(first, last, strict=True)
    ]
    return {"steps": steps, "drawn": drawn}


def plan_years(
    summary: Row, years: Iterable[int], translate: Translate = str
) -> dict[int, dict[str, str]]:
    """Return what the plan does in each year up to its last work, by year, rising.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.
    years : iterable of int
        Years that must be there, whether the plan tells of them or not.
    translate : callable
        What writes labels in the study's language.

    Returns
    -------
    dict
        Year -> ``name`` and ``said``, escaped.
    """
    told = {int(row["year"]): row for row in (summary.get("plan") or {}).get("years") or []}
    needed = {*years, *(year for year, row in told.items() if any(row.get(k) for k in WORK))}
    # A plan may be given more years than it has work for.
    shown = {*needed, *(year for year in told if year <= max(needed, default=0))}
    return {year: _step(year, told.get(year, {}), translate) for year in sorted(shown)}


def _step(year: int, row: Row, translate: Translate) -> dict[str, str]:
    dated = days(row) if row.get("from_date") and row.get("to_date") else ""
    feed = row.get("feed_t")
    said = ""
    if feed is not None:
        ore = {"ore_t": feed, "sb_pct": row.get("sb_pct")}
        said = f"{translate('To the plant')}: {ore_at(ore) if feed else translate('nothing')}"
    name = f"{translate('Year')} {year}{f', {dated}' if dated else ''}"
    return {"name": str(text(name)), "said": str(text(said))}


def _whole(value: Any) -> int | None:
    missing = value is None or str(value) in ("<NA>", "nan")
    return None if missing else int(value)
