"""Where along the strike and at what depth does the ore in stopes lie: a table like a section?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from maps import palettes
from maps.drawings.grades import breaks_of, class_number, unit_of
from maps.drawings.mine_limits import ELEMENT
from maps.drawings.tables import Html, text
from maps.mine_words import elevations, money, ore_at, stopes_of
from maps.style import class_words
from maps.wording import number

Row = Mapping[str, Any]
Cell = tuple[object, object]

#: Columns that the narrowest page has room for.
MOST_COLUMNS = 7

SAID = (
    "Kilotonnes of ore, diluted and recovered, in each panel; colour: grade as on the map. "
    "Levels from the top down, sections along strike, as on a longitudinal section; the last "
    "column and row are totals."
)


def panels(summary: Row, stopes: Row) -> Html:
    """Lay out ore by level and section, coloured by grade.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``: breaks of the grade.
    stopes : mapping
        Its ``mine.stopes``.

    Returns
    -------
    Html
        A table whose cells say all in words to those who point at them, with a legend and a
        switch that lays it over the map; "" without stopes.
    """
    rows = [r for r in stopes.get("rows") or [] if _placed(r)]
    if not rows:
        return Html("")
    cells: dict[Cell, list[Row]] = {}
    for row in rows:
        cells.setdefault((row["level"], row["section"]), []).append(row)
    levels = _levels(stopes, rows)
    named = {section for _, section in cells}
    sections = sorted(named, key=_natural)
    whole = {r.get("section"): r for r in stopes.get("sections") or []}
    breaks = breaks_of(summary, ELEMENT) or ()
    # Empty sections between others stay: a gap along strike is a fact.
    sections = _without_gaps(sections)
    head = "".join(f'<th scope="col">{text(_named(s))}</th>' for s in sections)
    body = "".join(_line(level, sections, cells, breaks) for level in levels)
    foot = "".join(f"<td>{_kilotonnes(whole.get(s, {}).get('ore_t'))}</td>" for s in sections)
    total = (stopes.get("totals") or {}).get("ore_t")
    return Html(
        '<div class="heat"><label class="enlarge"><input type="checkbox" id="heat-large">'
        "<span>Lay this table over the map</span></label>"
        f'<p class="note">{text(SAID)}</p>{_legend(breaks, unit_of(summary, ELEMENT))}'
        f"{_sideways(len(sections) + 2)}"
        '<div class="scroll" tabindex="0" role="group" aria-label="Ore by level and section">'
        "<table><caption>Ore by level and section, kt</caption>"
        f'<thead><tr><th scope="col">Level, m</th>{head}<th scope="col">all</th></tr></thead>'
        f"<tbody>{body}</tbody>"
        f'<tfoot><tr><th scope="row">all</th>{foot}<td>{_kilotonnes(total)}</td></tr></tfoot>'
        "</table></div></div>"
    )


def _sideways(columns: int) -> str:
    """Say that there is more beyond the edge, where a narrow page has no room for all columns."""
    if columns <= MOST_COLUMNS:
        return ""
    words = f"{columns} columns: scroll the table sideways to see them all"
    return f'<p class="sideways">{text(words)} <span aria-hidden="true">⟷</span></p>'


def _placed(row: Any) -> bool:
    keys = ("level", "section", "ore_t")
    return isinstance(row, Mapping) and all(row.get(key) is not None for key in keys)


def _levels(stopes: Row, rows: Sequence[Row]) -> list[Row]:
    """Return the levels with stopes, the highest first, with what is known of each."""
    told = {r.get("level"): r for r in stopes.get("levels") or []}
    found: dict[object, Row] = {}
    for row in rows:
        own = {
            "level": row["level"],
            "elevation_low_m": row.get("level_low_m"),
            "elevation_high_m": row.get("level_high_m"),
        }
        found.setdefault(row["level"], told.get(row["level"]) or own)

    def height(one: Row) -> tuple[float, tuple[int, float, str]]:
        low = one.get("elevation_low_m")
        return -math.inf if low is None else float(low), _natural(one.get("level"))

    return sorted(found.values(), key=height, reverse=True)


def _natural(name: object) -> tuple[int, float, str]:
    try:
        return 0, float(str(name)), ""
    except ValueError:
        return 1, 0.0, str(name)


def _without_gaps(sections: Sequence[object]) -> list[object]:
    whole = all(isinstance(s, int) for s in sections)
    numbers = [int(str(s)) for s in sections] if whole else []
    if not numbers or numbers[-1] - numbers[0] > 200:
        return list(sections)
    return list(range(numbers[0], numbers[-1] + 1))


def _line(
    level: Row, sections: Sequence[object], cells: Mapping[Cell, Sequence[Row]], breaks: Any
) -> str:
    low, high = level.get("elevation_low_m"), level.get("elevation_high_m")
    name = elevations(low, high) if low is not None else f"level {_named(level.get('level'))}"
    drawn = "".join(
        _cell(cells.get((level["level"], section)), f"Level {name}, section {section}", breaks)
        for section in sections
    )
    short = f"{low:,.6g}" if low is not None else _named(level.get("level"))
    ends = Html(f"{text(short)}<small>to {high:,.6g}</small>") if high is not None else text(short)
    return f'<tr><th scope="row">{ends}</th>{drawn}<td>{_kilotonnes(level.get("ore_t"))}</td></tr>'


def _cell(rows: Sequence[Row] | None, place: str, breaks: tuple[float, ...]) -> str:
    if not rows:
        return '<td class="none"></td>'
    one = together(rows)
    grade = one["sb_pct"]
    fill = palettes.ABSENT
    if grade is not None:
        fill = palettes.sequence(len(breaks) + 1)[class_number(grade, breaks)]
    ink = max((palettes.WHITE, palettes.INK), key=lambda colour: palettes.contrast(colour, fill))
    worth = f", {money(one['value_usd'])}" if one["value_usd"] is not None else ""
    said = f"{place}: {stopes_of(one)}, {ore_at(one)}{worth}"
    shown = _kilotonnes(one["ore_t"])
    return f'<td style="background:{fill};color:{ink}" title="{text(said)}">{shown}</td>'


def together(rows: Sequence[Row]) -> dict[str, Any]:
    """Add up the stopes of one panel for its cell; what one of them lacks is not known.

    Parameters
    ----------
    rows : sequence of mapping
        Rows of ``mine.stopes.rows``.

    Returns
    -------
    dict
        ``stopes``, ``ore_t`` [t], ``sb_pct`` [% Sb, by tonnage], ``value_usd``.
    """
    ore = math.fsum(float(r["ore_t"]) for r in rows)
    graded = all(r.get(ELEMENT) is not None for r in rows) and ore > 0
    metal = math.fsum(float(r["ore_t"]) * float(r[ELEMENT]) for r in rows) if graded else 0.0
    priced = all(r.get("value_usd") is not None for r in rows)
    return {
        "stopes": len(rows),
        "ore_t": ore,
        "sb_pct": metal / ore if graded else None,
        "value_usd": math.fsum(float(r["value_usd"]) for r in rows) if priced else None,
    }


def _legend(breaks: tuple[float, ...], unit: str) -> str:
    words = class_words(breaks, unit)
    fills = palettes.sequence(len(words))
    items = "".join(
        f'<li><span class="chip" style="background:{fill}"></span>{text(word)}</li>'
        for word, fill in zip(words, fills, strict=True)
    )
    return f'<ul class="keys" aria-label="Colours of the grade">{items}</ul>'


def _kilotonnes(tonnes: object) -> Html:
    if not isinstance(tonnes, int | float):
        return Html("")
    return text(number(float(tonnes) / 1e3))


def _named(name: object) -> str:
    return f"{name:g}" if isinstance(name, float) else str(name)
