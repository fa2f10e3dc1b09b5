"""When is each activity done, when is each stope drawn, and where does its ore go?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from planning.mine.stope_summary import plain
from planning.production.activities import MineActivities
from planning.production.dates import days_of
from planning.scheduling.plan import SchedulePlan

#: Columns of the table of activities that stand in a row as they are.
KEPT = ("activity", "kind", "title", "stope", "level", "section", "part", "ore_t", "waste_t")


def activity_rows(
    mine: MineActivities, plan: SchedulePlan, start: dt.date | None
) -> list[dict[str, Any]]:
    """Return one row an activity, done or not.

    Parameters
    ----------
    mine : MineActivities
        The activities.
    plan : SchedulePlan
        Their plan.
    start : date or None
        First day of the first period.

    Returns
    -------
    list of dict
        Unknown is None: the period of what is never done, the stope of a heading.
    """
    when, kinds = _when(mine, start), mine.destinations
    main, share = mine.grades[0], plan.share
    rows = []
    table = mine.table.to_dict("records")
    for number, (record, period) in enumerate(zip(table, plan.period.tolist(), strict=True)):
        row: dict[str, Any] = {name: plain(record[name]) for name in KEPT if name in record}
        row |= {name: plain(record[name]) for name in ("development_m",) if name in record}
        row[main] = plain(record[main])
        row["stope"] = row["stope"] or None
        row["level"], row["section"] = (
            None if row[name] is None or row[name] < 0 else int(row[name])
            for name in ("level", "section")
        )
        row |= when[period] if period < len(when) else dict.fromkeys(when[0])
        parts = {kinds[d]: float(share[number, d]) for d in np.flatnonzero(share[number])}
        row["destination"] = max(parts, key=lambda k: parts[k]) if parts else None
        row["shares"] = parts
        rows.append(row)
    return rows


def _when(mine: MineActivities, start: dt.date | None) -> list[dict[str, Any]]:
    """Return what a row says of each period."""
    calendar = mine.problem.calendar
    days = days_of(calendar, start)
    parts = zip(calendar.years(), calendar.starts(), calendar.ends(), days, strict=True)
    return [
        {
            "period": number + 1,
            "year": int(year) + 1,
            "from_years": float(begins),
            "to_years": float(ends),
            "from_date": first,
            "to_date": last,
        }
        for number, (year, begins, ends, (first, last)) in enumerate(parts)
    ]


def stope_rows(rows: list[dict[str, Any]], main: str) -> list[dict[str, Any]]:
    """Return one row a stope of which ore is drawn.

    Parameters
    ----------
    rows : list of dict
        Of `activity_rows`.
    main : str
        Column of the main grade.

    Returns
    -------
    list of dict
        First and last period of its ore, tonnes, grade, where most of it goes.
    """
    drawn = [r for r in rows if r["stope"] and r["period"] and r["ore_t"]]
    found: dict[str, list[dict[str, Any]]] = {}
    for row in drawn:
        found.setdefault(row["stope"], []).append(row)
    return [_stope(name, parts, main) for name, parts in found.items()]


def _stope(name: str, parts: list[dict[str, Any]], main: str) -> dict[str, Any]:
    """Return the row of one stope."""
    first = min(parts, key=lambda r: r["period"])
    last = max(parts, key=lambda r: r["period"])
    tonnes = sum(r["ore_t"] for r in parts)
    to: dict[str, float] = {}
    for row in parts:
        for kind, share in row["shares"].items():
            to[kind] = to.get(kind, 0.0) + share * row["ore_t"]
    return {
        "stope": name,
        "level": first["level"],
        "period": first["period"],
        "last_period": last["period"],
        "year": first["year"],
        "last_year": last["year"],
        "from_years": first["from_years"],
        "to_years": last["to_years"],
        "from_date": first["from_date"],
        "to_date": last["to_date"],
        "ore_t": tonnes,
        main: sum(r["ore_t"] * r[main] for r in parts) / tonnes,
        "destination": max(to, key=lambda k: to[k]) if to else None,
        "direct_fraction": to.get("direct", 0.0) / tonnes,
    }


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table as plain rows; NaN is None.

    Parameters
    ----------
    table : pandas.DataFrame
        Any.

    Returns
    -------
    list of dict
    """
    return [_plain(row) for row in table.to_dict(orient="records")]


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): plain(value) for name, value in row.items()}


def frames(summary: Mapping[str, Any]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Return the tables of a plan that are written as files of their own, by stem.

    Parameters
    ----------
    summary : mapping
        Key ``plan`` of ``summary.json``.

    Yields
    ------
    tuple of (str, pandas.DataFrame)
    """
    tables = {
        "plan_years": summary["years"],
        "plan_periods": summary["periods"],
        "plan_limits": summary["binding"],
        "plan_stopes": summary["stopes"],
        "plan_balance": summary["balance"],
        "plan_scenarios": summary.get("scenarios", []),
    }
    for stem, rows in tables.items():
        if rows:
            yield stem, pd.DataFrame(rows)
