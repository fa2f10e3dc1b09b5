"""A plan of the example mine, of the shape that ``summary.json`` has; SYNTHETIC, no result.

Four months, then years: stopes are drawn in the order of their names, some feed is off the stock
and some is sold as mined.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
from support import example_mine

LENGTHS = (0.25, 0.25, 0.25, 0.25, 1.0, 1.0, 1.0, 1.0)
LIMITS = ("plant", "stopes", "development")
TARGET = 90_000.0


def _periods() -> list[dict[str, Any]]:
    rows, begins = [], 0.0
    for number, length in enumerate(LENGTHS):
        year = int(begins + 1e-9) + 1
        first = f"{2026 + year}-{1 + round(12 * (begins - year + 1)):02d}-01"
        name = f"year {year}" if length == 1.0 else f"year {year}, quarter {number + 1}"
        rows.append(
            {
                "period": number + 1,
                "name": name,
                "year": year,
                "from_years": begins,
                "to_years": begins + length,
                "from_date": first,
                "to_date": f"{2026 + year}-12-31",
                "part_of_year": length,
            }
        )
        begins += length
    return rows


def _amounts(row: dict[str, Any], number: int) -> dict[str, Any]:
    part = row["part_of_year"]
    feed = part * TARGET * min(1.0, 0.2 * (number + 1))
    grade = 2.0 + 0.3 * number
    revenue, cost = 260.0 * feed, 140.0 * feed + (4e6 if number == 0 else 0.0)
    return {
        "target_t": part * TARGET,
        "ore_t": feed * 1.05,
        "waste_t": 0.3 * feed,
        "development_m": 900.0 * part,
        "feed_t": feed,
        "sb_pct": grade,
        "au_gpt": 0.5,
        "as_pct": 0.18,
        "hg_pct": 0.03,
        "direct_t": 900.0 * part if number > 3 else 0.0,
        "concentrate_t": feed * 0.04,
        "sb_t": feed * grade * 0.008,
        "stocked_t": 0.05 * feed,
        "reclaimed_t": 0.1 * feed if number > 4 else 0.0,
        "stock_t": 2_000.0,
        "revenue_usd": revenue,
        "cost_processing_usd": 24.0 * feed,
        "cost_development_usd": cost - 24.0 * feed,
        "cost_usd": cost,
        "cash_usd": revenue - cost,
        "discounted_usd": (revenue - cost) * 0.9 ** row["year"],
    }


def _together(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add periods up to years."""
    found = []
    for year in sorted({row["year"] for row in rows}):
        own = [row for row in rows if row["year"] == year]
        one = {k: v for k, v in own[0].items() if k not in ("period", "name")}
        for key in one:
            if key.endswith(("_t", "_m", "_usd")) or key == "part_of_year":
                one[key] = sum(row[key] for row in own)
        one |= {"to_years": own[-1]["to_years"], "to_date": own[-1]["to_date"]}
        found.append(one)
    return found


def _at(period: dict[str, Any] | None) -> dict[str, Any]:
    keys = ("period", "year", "from_years", "to_years", "from_date", "to_date")
    return dict.fromkeys(keys) if period is None else {key: period[key] for key in keys}


def _activities(periods: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Prepare, draw in two parts and fill every stope but the last, after its level's access."""
    stopes, rows = example_mine.rows(), []
    for level in sorted({s["level"] for s in stopes}):
        rows.append(
            {
                "activity": f"access {level}", "kind": "access", "title": f"access of {level}",
                "stope": None, "level": level, "section": None, "part": 1, "ore_t": 0.0,
                "waste_t": 9e3, "development_m": 220.0, "sb_pct": None, "destination": "none",
                "shares": {"none": 1.0}, **_at(periods[min(level - 1, 3)]),
            }
        )  # fmt: skip
    for number, stope in enumerate(stopes):
        start = 1 + number * (len(periods) - 4) // len(stopes)
        kinds = (("preparation", 0), ("stope", 1), ("stope", 2), ("fill", 3))
        for part, (kind, later) in enumerate(kinds):
            done = None if number == len(stopes) - 1 else periods[start + later]
            ore = stope["ore_t"] / 2 if kind == "stope" else 0.0
            rows.append(
                {
                    "activity": f"{stope['stope']} {kind} {part}", "kind": kind,
                    "title": f"{kind} of {stope['stope']}", "stope": stope["stope"],
                    "level": stope["level"], "section": stope["section"], "part": max(part, 1),
                    "ore_t": ore, "waste_t": 0.0, "development_m": 0.0,
                    "sb_pct": stope["sb_pct"] if ore else None,
                    "destination": "plant" if ore else "none", "shares": {"plant": 1.0},
                    **_at(done),
                }
            )  # fmt: skip
    return rows


def _stopes(activities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for stope in example_mine.rows()[:-1]:
        own = [r for r in activities if r["stope"] == stope["stope"] and r["kind"] == "stope"]
        first, last = own[0], own[-1]
        found.append(
            {
                "stope": stope["stope"], "level": stope["level"], "period": first["period"],
                "last_period": last["period"], "year": first["year"], "last_year": last["year"],
                "from_years": first["from_years"], "to_years": last["to_years"],
                "from_date": first["from_date"], "to_date": last["to_date"],
                "ore_t": stope["ore_t"], "sb_pct": stope["sb_pct"], "destination": "plant",
                "direct_fraction": 0.0,
            }
        )  # fmt: skip
    return found


def _binding(periods: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for i, key in enumerate(LIMITS):
        for number, period in enumerate(periods):
            full = min(1.0, 0.15 * (number + 1) + 0.3 * i)
            price = 40.0 if full == 1.0 and key == "stopes" else 0.0
            rows.append(
                {
                    "resource": key, "called": f"the {key}", "unit": "t", **_at(period),
                    "used": full * 100.0, "limit": 100.0, "full": full, "binds": price > 0.0,
                    "price_usd": price, "price_discounted_usd": price / 2,
                }
            )  # fmt: skip
    return rows


def plan(of: str = "stopes") -> dict[str, Any]:
    """Return key ``plan`` of a summary."""
    periods = [{**row, **_amounts(row, n)} for n, row in enumerate(_periods())]
    activities = _activities(periods)
    sentence = "SYNTHETIC: 90,000 t of ore a year in years 2 to 4: not known."
    return {
        "of": of,
        "synthetic": True,
        "status": "feasible",
        "npv_usd": 31.4e6,
        "bound_usd": 31.6e6,
        "gap": 0.0064,
        "verdict": {
            "holds": None, "sentence": sentence, "tests": [], "missing": [], "binding": None,
        },
        "words": [sentence, "SYNTHETIC: What holds its worth back is the number of stopes."],
        "statement_of_value": "Before capital and tax.",
        "proof": "The bound is the worth of the best fractional plan.",
        "aggregation": None,
        "notes": ["A note of the activities."],
        "target_t_per_year": TARGET,
        "discount_rate": 0.1,
        "discounting": "mid_year",
        "start": "2027-01-01",
        "years": _together(periods),
        "periods": periods,
        "binding": _binding(periods),
        "activities": activities,
        "stopes": _stopes(activities),
        "balance": [{"what": "ore_t", "mined": 4e5, "unexplained_fraction": 0.0}],
        "cutoffs": [
            {"year": 1, "least_return_usd_per_t": 120.0, "mean_return_usd_per_t": 200.0,
             "least_sb_pct": 1.6, "lane_cutoff_usd_per_t": 99.0, "lane_cutoff_sb_pct": 1.2},
        ],
        "rate": {
            "years": 3, "first_year": 2, "last_year": 4, "target_t_per_year": TARGET,
            "achieved_t_per_year": 81_000.0, "by": "the plan that pays best",
            "impossible_above_t_per_year": 93_000.0, "holds": None,
        },
        "bottlenecks": [
            {"resource": "stopes", "called": "the number of stopes in cycle", "unit": "stope years",
             "worth_usd": 1e6, "share_of_all_limits": 0.8, "mean_full": 0.9, "periods_full": 4,
             "highest_price_usd": 40.0},
        ],
        "rate_bottlenecks": [
            {"resource": "stopes", "share_of_all_limits": 0.6, "t_per_year_for_a_unit": 100.0},
        ],
        "relief": [
            {"what": "one more stope in cycle", "npv_usd": None, "bound_usd": 33e6,
             "gain_usd": 1.4e6, "rate_gain_t_per_year": 5_000.0},
        ],
        "policies": [
            {"policy": "this plan", "words": "pays best", "npv_usd": 31.4e6, "fixed_usd": 2e6,
             "npv_after_fixed_usd": 29.4e6, "life_years": 5.0, "ore_t": 4e5},
        ],
        "scenarios": [
            {"scenario": "low_price", "title": "SYNTHETIC: a low price", "npv_usd": 3e6,
             "bound_usd": 3.1e6, "gap": 0.03, "holds": False, "life_years": 4.0,
             "achieved_t_per_year": 60_000.0},
        ],
        "check": [],
    }  # fmt: skip


def summary(of: str = "stopes") -> dict[str, Any]:
    """Return a summary of the example study with its mine and the plan of it."""
    return {**example_mine.summary(), "plan": plan(of)}


def layers() -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of the example mine with the plan in that of the stopes."""
    from planning.production.layers import with_plan

    return with_plan(example_mine.layers(), plan())
