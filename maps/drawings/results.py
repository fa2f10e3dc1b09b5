"""What do the results of a study say, put into flat tables and short sentences?"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from maps.drawings.drillhole_tables import drillhole_tables
from maps.drawings.mine_tables import mine_tables, of_pit
from maps.drawings.plan_rows import plan_tables
from maps.layers import Table, fields_of
from maps.mine_words import words_of, words_of_pit
from maps.plan_words import words_of_plan
from maps.wording import central, mass, number, texts, words_for

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]
Summary = Mapping[str, Any]

QUANTITIES = ("ore_t", "sb_pct", "au_gpt", "sb_t", "au_kg", "au_oz")
PERCENTILES = ("p10", "p50", "p90")


def rows_of_field(summary: Summary, field: str) -> list[Row]:
    """Return the grade-tonnage rows of one field, in the order of the summary."""
    return [row for row in summary.get("grade_tonnage", []) if row.get("field") == field]


def by_model(rows: Sequence[Row]) -> dict[tuple[str, str], list[Row]]:
    """Group grade-tonnage rows by role and model (and statement), keeping their order."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        name = str(row.get("model") or row.get("statement") or "")
        if row.get("category"):
            name = f"{name}|{row['category']}"
        groups.setdefault((str(row.get("role") or "model"), name), []).append(row)
    return groups


def model_name(rows: Sequence[Row]) -> str:
    """Return the reading name of one group of grade-tonnage rows."""
    row = rows[0]
    name = str(row.get("model") or row.get("statement") or "as stated")
    readable = name.replace("_", " ")
    category = row.get("category")
    if category and category != "not stated":
        readable += f", category {category}"
    return readable[:1].upper() + readable[1:]


def whole(rows: Sequence[Row]) -> Row | None:
    """Return the row at the lowest cut-off, where most of the resource is counted."""
    known = [row for row in rows if row.get("cutoff_sb_pct") is not None]
    usable = [row for row in known if central(row.get("ore_t")) is not None]
    return min(usable or known, key=lambda row: float(row["cutoff_sb_pct"]), default=None)


def _models(summary: Summary, field: str) -> list[list[Row]]:
    groups = by_model(rows_of_field(summary, field))
    return [rows for (role, _), rows in groups.items() if role == "model"]


def single_model(summary: Summary, field: str) -> dict[str, float | None]:
    """Return the lowest-cut-off amounts of a field with one model; {} when models compete."""
    models = _models(summary, field)
    row = whole(models[0]) if len(models) == 1 else None
    return {} if row is None else {name: central(row.get(name)) for name in QUANTITIES}


def resource_of_field(summary: Summary, field: str) -> str:
    """Write the stated resource of a field as one text, its competing models side by side.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.
    field : str
        Identifier of the field.

    Returns
    -------
    str
        Such as "A: 24 Mt at 1.1 % Sb | B: 6.3 Mt at 4.2 % Sb", or "not known".
    """
    parts = []
    for rows in _models(summary, field):
        row = whole(rows)
        ore = central(row.get("ore_t")) if row else None
        if row is None or ore is None:
            parts.append("tonnage not known")
            continue
        grade = number(central(row.get("sb_pct")))
        cut = f"{float(row['cutoff_sb_pct']):g}"
        above = "" if cut == "0" else f" above {cut} % Sb"
        parts.append(f"{model_name(rows)}: {mass(ore)} at {grade} % Sb{above} ({row.get('kind')})")
    return " | ".join(dict.fromkeys(parts)) or "not known"


def missing_of_field(summary: Summary, field: str) -> list[str]:
    """Return the keys a study would have to state to know a field, each once."""
    own: Row = next((f for f in summary.get("fields", []) if str(f.get("id")) == field), {})
    keys = [*texts(own.get("missing"))]
    for row in rows_of_field(summary, field):
        keys += texts(row.get("missing"))
    return list(dict.fromkeys(keys))


def claimed_verdict(summary: Summary) -> Row | None:
    """Return the verdict on the plan as the public story tells it, if the study has one."""
    verdicts = [s.get("verdict") or {} for s in summary.get("scenarios", [])]
    found: Row | None = next((v for v in verdicts if v.get("reading") == "as claimed"), None)
    return found


def plants_of_verdict(summary: Summary, plants: Sequence[Row]) -> set[int]:
    """Return the positions of the plants that the verdict is about.

    The verdict may name its plant; else it is the plant that the plan speaks of, else the only
    one there is.
    """
    verdict = summary.get("verdict")
    if not verdict:
        return set()
    plan = verdict.get("plan")
    named = verdict.get("plant") or (plan.get("plant") if isinstance(plan, Mapping) else None)
    if named:
        return {i for i, p in enumerate(plants) if str(named) in {str(p.get("id")), p.get("plant")}}
    if len(plants) == 1:
        return {0}
    text = f"{plan} {summary.get('study', {}).get('question', '')}".casefold()
    ids = {str(f.get("plant")) for f in summary.get("fields", []) if f.get("plant")}
    return {
        i
        for i, plant in enumerate(plants)
        if any(name.casefold() in text for name in ids & {str(plant.get("id"))})
        or (bool(plant.get("name")) and str(plant["name"]).split(" (")[0].casefold() in text)
    }


def tables_of(summary: Summary) -> tuple[Table, ...]:
    """Flatten the results of a study into tables, unrounded, unknown null.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    tuple of Table
        grade_tonnage, claims, verdict_tests, scenarios, statements, sources and what a drillhole
        study and a mine add; those without rows are left out.
    """
    found = {
        "grade_tonnage": ("Grade and tonnage", summary.get("grade_tonnage", [])),
        "statements": ("Published statements", _statements(summary)),
        "verdict_tests": ("Tests of the plan", _tests(summary)),
        "scenarios": ("Scenarios", [_scenario(s) for s in summary.get("scenarios", [])]),
        "claims": ("Claims of the public story", summary.get("claims", [])),
        "sources": ("Sources", _sources(summary)),
    }
    found |= drillhole_tables(summary)
    mine = mine_tables(summary)
    words = {name: words_of_pit if of_pit(name) else words_of for name in mine}
    plan = plan_tables(summary)
    words |= dict.fromkeys(plan, words_of_plan)
    found |= mine | plan
    prefix = "SYNTHETIC " if summary.get("study", {}).get("synthetic") else ""
    return tuple(
        _table(name, prefix + title, [flat(row) for row in rows], words.get(name, words_for))
        for name, (title, rows) in found.items()
        if rows
    )


def flat(row: Row) -> dict[str, Any]:
    """Flatten one record: a quantity to four columns, a list to one text, a tree to JSON."""
    cells: dict[str, Any] = {}
    for key, value in row.items():
        known = isinstance(value, Mapping) and "p50" in value
        if known or (key in QUANTITIES and value is None):
            quantity = value or {}
            cells[key] = quantity.get("value")
            cells |= {f"{key}_{p}": quantity.get(p) for p in PERCENTILES}
        elif isinstance(value, Mapping):
            cells[key] = json.dumps(value, ensure_ascii=False, sort_keys=True)
        elif isinstance(value, list | tuple):
            cells[key] = "; ".join(
                v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in value
            )
        else:
            cells[key] = value
    return cells


def _table(
    name: str, title: str, rows: list[dict[str, Any]], words: Callable[[str], tuple[str, str]]
) -> Table:
    import pandas as pd

    frame = pd.DataFrame(rows)
    fields = fields_of(list(frame.columns), words)
    return Table(name=name, title=title, rows=_typed(frame), fields=fields)


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Give every column one type, with nulls: numbers, flags or texts."""
    import pandas as pd

    columns: dict[str, Any] = {}
    for name in frame.columns:
        cells = [None if pd.isna(v) else v for v in frame[name]]
        kinds = {type(v) for v in cells if v is not None}
        if kinds == {bool}:
            columns[name] = pd.array(cells, dtype="boolean")
        elif kinds and kinds <= {int, float}:
            columns[name] = pd.array(cells, dtype="Int64" if kinds == {int} else "float64")
        elif not kinds and (name in QUANTITIES or name.removesuffix(name[-4:]) in QUANTITIES):
            columns[name] = pd.array(cells, dtype="float64")
        else:
            columns[name] = pd.array([None if v is None else str(v) for v in cells], dtype="object")
    return pd.DataFrame(columns)


def _statements(summary: Summary) -> list[Row]:
    return [
        {"field": field.get("id"), **statement}
        for field in summary.get("fields", [])
        for statement in field.get("statements", [])
    ]


def _tests(summary: Summary) -> list[Row]:
    verdicts = [("", claimed_verdict(summary)), ("", summary.get("verdict"))]
    return [
        {"reading": verdict.get("reading"), **test}
        for _, verdict in verdicts
        if verdict
        for test in verdict.get("tests", [])
    ]


def _scenario(scenario: Row) -> dict[str, Any]:
    verdict = scenario.get("verdict") or {}
    kept = {k: v for k, v in scenario.items() if k not in {"verdict", "base_case"}}
    said = ("reading", "holds", "share_of_draws", "binding", "missing", "target_t_per_year")
    return {**kept, **{key: verdict.get(key) for key in said}}


def _sources(summary: Summary) -> list[Row]:
    used: dict[str, list[str]] = {}
    for field in summary.get("fields", []):
        for statement in field.get("statements", []):
            for source in texts(statement.get("source")):
                used.setdefault(source, []).append(f"statement {statement.get('id')}")
    for claim in summary.get("claims", []):
        for source in texts(claim.get("sources")):
            used.setdefault(source, []).append(f"claim {claim.get('id')}")
    for layer in summary.get("layers", []):
        for source in texts(layer.get("source")):
            used.setdefault(source, []).append(f"layer {layer.get('name')}")
    return [{"source": s, "used_in": "; ".join(dict.fromkeys(u))} for s, u in used.items()]
