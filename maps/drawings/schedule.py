"""When is each stope prepared, drawn and filled, as a layer that a GIS can play through time?

One feature is one kind of work in one stope in one period, with its first and last day. What draws
ore is coloured by its year, as on the map page; preparation and fill lie below it, so that all of a
plan together shows the year of the ore, and a moment of it shows all work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps import palettes
from maps.drawings.plan_years import year_classes
from maps.drawings.schedule_days import (
    BEGINS,
    ENDS,
    SCHEDULE,
    class_of_year,
    days_of,
    is_dated,
    typed,
    years_in_words,
)
from maps.drawings.schedule_pit import pit_schedule
from maps.finished import Finished
from maps.layers import Layer, fields_of
from maps.plan_words import DESTINATIONS, words_of_plan
from maps.style import CLASS_COLUMN, Style, StyleClass, Symbol
from maps.wording import SB_UNIT

Row = Mapping[str, Any]

#: Kinds of work that have a place on the map, and how they are called.
WORK = {
    "stope": "Ore is drawn",
    "preparation": "Stope is prepared",
    "fill": "Stope is filled",
}
NOTE = (
    "Work in stopes by period of the plan, in plan at mid height of the level; of stopes over each "
    "other the first to be drawn lies on top. Days are those of the period: the plan says no more."
)
WORDS = {
    BEGINS: ("First day of the period", ""),
    ENDS: ("Last day of the period", ""),
    "work": ("Work", ""),
    "stope": ("Stope", ""),
    "level_low_m": ("Level, floor", "m"),
    "level_high_m": ("Level, roof", "m"),
    "ore_t": ("Ore mined in the period", "t"),
    "sb_pct": ("Antimony grade of it", SB_UNIT),
    "synthetic": ("Data", ""),
    CLASS_COLUMN: ("Drawn as", ""),
    "map_label": ("Label", ""),
}


def schedule_layers(finished: Finished) -> list[Layer]:
    """Return the schedule of the stopes, or of the pit, as a layer.

    Parameters
    ----------
    finished : Finished
        A finished study.

    Returns
    -------
    list of Layer
        One layer named `SCHEDULE`; none without a dated plan.
    """
    import geopandas as gpd

    plan = finished.summary.get("plan") or {}
    if plan.get("of") == "pit":
        return pit_schedule(finished)
    stopes = next((x for x in finished.layers if x.name == "stopes"), None)
    if stopes is None or "stope" not in stopes.features.columns:
        return []
    places = {str(row["stope"]): row for _, row in stopes.features.iterrows()}
    rows = _rows(plan.get("activities") or [], places)
    if not rows:
        return []
    years = [int(row["year"]) for row in rows if row["kind"] == "stope"] or [1]
    runs = year_classes(min(years), max(years))
    for row in rows:
        row[CLASS_COLUMN] = _class(row, runs)
        row["work"] = finished.translate(WORK[row.pop("kind")])
        row["destination"] = row["destination"] and finished.translate(row["destination"])
        if finished.synthetic:
            row["synthetic"] = "SYNTHETIC"
    features = gpd.GeoDataFrame(rows, geometry="geometry", crs=stopes.features.crs)
    features["map_label"] = None
    return [_layer(typed(features), runs, synthetic=finished.synthetic)]


def _rows(activities: Sequence[Row], places: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Add activities up to one row a stope, kind of work and period."""
    found: dict[tuple[str, str, int], dict[str, Any]] = {}
    for one in activities:
        stope, kind = str(one.get("stope")), str(one.get("kind"))
        if kind not in WORK or stope not in places or not is_dated(one):
            continue
        row = found.setdefault((stope, kind, int(one["period"])), _row(one, places[stope]))
        ore, grade = float(one.get("ore_t") or 0.0), one.get("sb_pct")
        row["ore_t"] += ore
        row["metal"] = None if grade is None else (row["metal"] or 0.0) + ore * float(grade)
    for row in found.values():
        metal, ore = row.pop("metal"), row["ore_t"]
        row["sb_pct"] = metal / ore if metal is not None and ore > 0.0 else float("nan")
        # Work that draws no ore has none: not zero tonnes of a grade.
        row["ore_t"] = ore if row["kind"] == "stope" else float("nan")
    return sorted(found.values(), key=lambda r: (r["period"], r["stope"], r["kind"]))


def _row(one: Row, place: Any) -> dict[str, Any]:
    return {
        "work": "",
        "kind": str(one["kind"]),
        "stope": str(one["stope"]),
        "level": one.get("level"),
        "level_low_m": place.get("level_low_m"),
        "level_high_m": place.get("level_high_m"),
        "section": one.get("section"),
        "period": int(one["period"]),
        "year": one.get("year"),
        **days_of(one),
        "ore_t": 0.0,
        "sb_pct": float("nan"),
        "metal": 0.0,
        "destination": _goes(one),
        "geometry": place["geometry"],
    }


def _goes(one: Row) -> str | None:
    return DESTINATIONS.get(str(one.get("destination")), "") or None


def _class(row: Row, runs: Sequence[tuple[int, int]]) -> str:
    if row["kind"] != "stope":
        return str(row["kind"])
    return class_of_year(int(row["year"]), runs)


def _layer(features: Any, runs: Sequence[tuple[int, int]], *, synthetic: bool) -> Layer:
    title = "Schedule of the stopes"
    names = [str(c) for c in features.columns if c != "geometry"]
    return Layer(
        name=SCHEDULE,
        title=f"SYNTHETIC {title}" if synthetic else title,
        group="Mine limits",
        features=features,
        style=_style(runs),
        fields=fields_of(names, lambda name: WORDS.get(name) or words_of_plan(name)),
        note=NOTE,
    )


def _style(runs: Sequence[tuple[int, int]]) -> Style:
    """Return the years, the first on top, then preparation and fill."""
    fills = palettes.sequence(len(runs), palettes.YEARS)
    ink = palettes.INK
    years = [
        StyleClass(
            str(i),
            f"Ore is drawn, {years_in_words(*run)}",
            Symbol(shape="area", stroke=ink, fill=fill, width_px=0.8),
        )
        for i, (run, fill) in enumerate(zip(runs, fills, strict=True))
    ]
    dashed = Symbol(shape="area", stroke=palettes.BLUE, width_px=1.6, dash_px=(6, 4))
    filled = Symbol(shape="area", stroke=palettes.GREY, fill=palettes.ABSENT, width_px=0.8)
    return Style(
        (
            *years,
            StyleClass("preparation", WORK["preparation"], dashed),
            StyleClass("fill", WORK["fill"], filled),
        )
    )
