"""How do stopes and pits appear on the map: by level and grade, named, in words of a mine?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from maps.drawings.mine_sections import rows_of_numbers
from maps.drawings.plan_years import year_colours
from maps.drawings.tables import Html, text
from maps.layers import Layer
from maps.mine_words import elevations, money, ore_at, stopes_of, tonnes, words_of, words_of_pit
from maps.plan_words import DESTINATIONS, when
from maps.wording import number

Row = Mapping[str, Any]

#: Layers of the mine and how their columns are called.
WORDS: dict[str, Callable[[str], tuple[str, str]]] = {
    "stopes": words_of,
    "pit_outline": words_of_pit,
}

#: What stopes are coloured by where the study names no element.
ELEMENT = "sb_pct"

NOTES = {
    "stopes": "In plan at mid height of their level; colour: grade, diluted.",
    "pit_outline": "Crests of optimal pits for the stated prices, costs and slopes; no design.",
}

#: Columns that a popup says in one line, or never.
SAID = frozenset(
    {
        *("drawn_as", "map_label", "synthetic", "id", "name", "stope", "field"),
        *("level", "level_low_m", "level_high_m", "section", "ore_t", "sb_pct"),
        *("kind", "number"),
        *("plan_year", "plan_last_year", "plan_period", "plan_last_period", "plan_from_years"),
        *("plan_to_years", "plan_from", "plan_to", "plan_destination"),
    }
)

#: What stands beside the features of a layer on the page.
BESIDE = ("heads", "levels", "all_levels", "opens_on", "sections", "years")


def pit_class(row: Row) -> str:
    """Return the class of a pit's outline by its kind; what is neither pit nor pushback is a shell.

    Parameters
    ----------
    row : mapping
        Attributes of the outline.

    Returns
    -------
    str
        "ultimate", "pushback" or "shell".
    """
    kind = str(row.get("kind") or "").casefold()
    if "ultimate" in kind:
        return "ultimate"
    return "pushback" if "pushback" in kind else "shell"


def pit_label(row: Row) -> str | None:
    """Return what is written beside an outline: shells would only crowd each other."""
    name = row.get("name")
    return str(name) if name and pit_class(row) != "shell" else None


def stope_name(row: Row) -> str:
    """Name a stope, "" where nothing names it."""
    name = row.get("stope") if row.get("stope") is not None else row.get("name")
    if name is None:
        return ""
    written = f"{name:g}" if isinstance(name, float) else str(name)
    return written if written.casefold().startswith("stope") else f"Stope {written}"


def names(layer: Layer) -> list[Html]:
    """Return what each feature says under the cursor, escaped.

    Parameters
    ----------
    layer : Layer
        A layer of `WORDS`.

    Returns
    -------
    list of Html
        A stope's name with its ore and grade, a pit's name.
    """
    if layer.name != "stopes":
        return [text(row.get("name") or layer.title) for row in rows_of(layer)]
    return [text(f"{stope_name(r) or layer.title}: {ore_at(r)}") for r in rows_of(layer)]


def titles(layer: Layer) -> list[Html]:
    """Return the heading of each feature's popup, escaped."""
    if layer.name != "stopes":
        return names(layer)
    return [text(stope_name(row) or layer.title) for row in rows_of(layer)]


def facts(layer: Layer) -> tuple[list[Html], list[list[Html | None]]]:
    """Return the words of what a popup tells, and a row of cells for every feature.

    Parameters
    ----------
    layer : Layer
        A layer of `WORDS`.

    Returns
    -------
    tuple
        Heads, and cells of each feature; None where there is nothing to say. All escaped.
    """
    lines = _stope_lines if layer.name == "stopes" else _pit_lines
    told = [lines(row) for row in rows_of(layer)]
    rest = [f for f in layer.fields if f.name not in SAID]
    heads = [head for head, _ in told[0]] if told else []
    cells = [
        [*(cell for _, cell in lead), *(written(row.get(f.name), f.unit) for f in rest)]
        for lead, row in zip(told, rows_of(layer), strict=True)
    ]
    return (
        [text(head) for head in (*heads, *(f.alias for f in rest))],
        [[None if c is None else text(c) for c in row] for row in cells],
    )


def _stope_lines(row: Row) -> list[tuple[str, str | None]]:
    level = elevations(row.get("level_low_m"), row.get("level_high_m"))
    if row.get("level") is not None:
        level += f" (level {row['level']:g})" if _is_number(row["level"]) else ""
    return [
        ("Ore, diluted and recovered", ore_at(row)),
        ("Level", level),
        ("Section, number", written(row.get("section"), "")),
        ("In the plan", _planned(row)),
    ]


def _planned(row: Row) -> str | None:
    """Say when the plan draws a stope and where its ore goes, None where there is no plan."""
    if row.get("plan_destination") is None:
        return None
    dated = {"from_date": row.get("plan_from"), "to_date": row.get("plan_to")}
    said = when({"year": row.get("plan_year"), "last_year": row.get("plan_last_year"), **dated})
    goes = DESTINATIONS.get(str(row["plan_destination"]), "")
    return f"{said}, {goes}" if goes else said


def _pit_lines(row: Row) -> list[tuple[str, str | None]]:
    kind = str(row.get("kind") or "")
    number_said = f" {row['number']:g}" if _is_number(row.get("number")) and row["number"] else ""
    ore = row.get("ore_t")
    grade = row.get("sb_pct")
    return [
        ("Kind", f"{kind}{number_said}" if kind else None),
        ("Ore to the plant", ore_at(row) if grade is not None else tonnes(ore)),
    ]


def written(value: Any, unit: str) -> str | None:
    """Write one attribute for reading: estimates to two or three figures, with their unit.

    Examples
    --------
    >>> written(5.6789, "m"), written(0.143, "fraction")
    ('5.68 m', '14 %')
    >>> written(1_234_567.0, "USD"), written(None, "m")
    ('1.2 million USD', None)
    """
    if value is None or value != value or str(value) in {"", "<NA>", "NaT", "nan"}:
        return None
    if not _is_number(value):
        return str(value)
    if unit == "USD":
        return money(float(value))
    if unit == "fraction":
        return f"{number(100.0 * value)} %"
    if unit == "t":
        return tonnes(float(value))
    figures = 2 if unit.startswith(("%", "g/t", "USD")) else 3
    shown = f"{value:,.0f}" if float(value).is_integer() else number(float(value), figures)
    return f"{shown} {unit}".strip()


def _is_number(value: Any) -> bool:
    return hasattr(value, "__float__") and not isinstance(value, bool) and value == value


def rows_of(layer: Layer) -> list[dict[str, Any]]:
    """Return the attributes of every feature; what is not known is None."""
    columns = {f.name: list(layer.features[f.name]) for f in layer.fields}
    return [
        {name: _plain(values[i]) for name, values in columns.items()}
        for i in range(len(layer.features))
    ]


def _plain(value: Any) -> Any:
    # A missing whole number of pandas cannot be compared, so it is asked for by its name first.
    return None if value is None or str(value) == "<NA>" or value != value else value


def levels_of(layer: Layer, summary: Row) -> tuple[list[dict[str, Any]], list[int]]:
    """Return the levels that a chooser offers, lowest first, and the place of every stope in them.

    Parameters
    ----------
    layer : Layer
        Drawn stopes.
    summary : mapping
        The study's ``summary.json``: what it says of each level.

    Returns
    -------
    tuple
        ``{"low", "high" [m], "name", "said", "ore"}`` of every level with stopes, escaped, and
        numbers into it, shape (n,), -1 for a stope that names no elevations.
    """
    rows = rows_of(layer)
    known = sorted({edge for edge in map(_edges, rows) if edge is not None})
    told = {
        (float(one["elevation_low_m"]), float(one["elevation_high_m"])): one
        for one in _levels(summary)
        if one.get("elevation_low_m") is not None and one.get("elevation_high_m") is not None
    }
    found = []
    for low, high in known:
        one = told.get((low, high)) or {"stopes": sum(_edges(r) == (low, high) for r in rows)}
        ore = f", {ore_at(one)}" if one.get("ore_t") is not None else ""
        numbered = f" {one['level']:g}:" if _is_number(one.get("level")) else ""
        found.append(
            {
                "low": low,
                "high": high,
                "name": text(f"Level{numbered} {elevations(low, high)}"),
                "said": text(f"{stopes_of(one)}{ore}"),
                "ore": float(one.get("ore_t") or 0.0),
            }
        )
    places = {edges: i for i, edges in enumerate(known)}
    return found, [places.get(_edges(row) or (0.0, 0.0), -1) for row in rows]


def _edges(row: Row) -> tuple[float, float] | None:
    low, high = row.get("level_low_m"), row.get("level_high_m")
    return None if low is None or high is None else (float(low), float(high))


def _levels(summary: Row) -> Sequence[Row]:
    stopes = (summary.get("mine") or {}).get("stopes") or {}
    return [one for one in stopes.get("levels") or [] if isinstance(one, Mapping)]


def page_parts(layer: Layer, summary: Row) -> dict[str, Any]:
    """Return what the page needs of a layer of the mine beside its shapes.

    Parameters
    ----------
    layer : Layer
        A layer of `WORDS`.
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    dict
        ``heads``, ``rows``, ``titles``, ``names`` and, of stopes with elevations, ``levels``,
        ``all_levels`` (words of all together), ``at`` (level of every stope), ``opens_on``
        (the level with most ore), ``sections`` (where their numbers stand) and, with a plan,
        ``years`` (colours by the year in which stopes are drawn).
    """
    heads, rows = facts(layer)
    parts: dict[str, Any] = {"heads": heads, "rows": rows}
    parts |= {"titles": titles(layer), "names": names(layer)}
    if layer.name == "stopes":
        levels, at = levels_of(layer, summary)
        if levels:
            most = max(range(len(levels)), key=lambda i: float(levels[i]["ore"]))
            parts |= {"levels": levels, "at": at, "opens_on": most}
            parts["sections"] = rows_of_numbers(layer, summary, at)
            parts["all_levels"] = text(_together(layer, summary, len(levels)))
            parts |= year_colours(layer)
    return parts


def _together(layer: Layer, summary: Row, levels: int) -> str:
    stopes = (summary.get("mine") or {}).get("stopes") or {}
    whole = stopes.get("totals") or {"stopes": len(layer.features)}
    ore = f", {ore_at(whole)}," if whole.get("ore_t") is not None else ""
    return f"{stopes_of(whole)}{ore} on {levels} level{'s' if levels > 1 else ''}"
