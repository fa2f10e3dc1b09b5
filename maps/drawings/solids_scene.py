"""What does the page in three dimensions show of a study, and by which numbers is it coloured?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from maps import palettes
from maps.drawings import mine_limits
from maps.drawings.cards import feature_facts
from maps.drawings.curves import ticks
from maps.drawings.grades import breaks_of, class_number, main_element, unit_of
from maps.drawings.plan_steps import year_steps
from maps.drawings.plan_years import year_colours
from maps.drawings.solids import sticks, stope_bodies, traces
from maps.drawings.solids_pit import ground_cells, pit_columns
from maps.drawings.tables import text
from maps.drawings.terrain import terrain_of
from maps.finished import Finished
from maps.layers import Layer
from maps.mine_words import words_of
from maps.style import class_words, most_breaks
from maps.wording import words_for

Row = Mapping[str, Any]
FloatArray = NDArray[np.float64]

#: Layers without which there is nothing to show in space.
IN_SPACE = ("stopes", "drillhole_traces", "composites")
#: What stopes are coloured by beside grades; decimals of metres; figures of a value.
MONEY, METRES, FIGURES = "nsr_usd_per_t", 1, 4


def scene(finished: Finished) -> dict[str, Any] | None:
    """Collect what the page draws in space; every text in it is escaped HTML.

    Parameters
    ----------
    finished : Finished
        A study.

    Returns
    -------
    dict or None
        ``origin`` (easting, northing, elevation [m]) from which all places count, ``crs``,
        ``stopes``, ``holes``, ``samples``, ``pit``, ``ground`` and ``box``, each None where the
        study has none. None where the study holds nothing in space.
    """
    layers = {layer.name: layer for layer in finished.layers}
    if not any(name in layers and len(layers[name].features) for name in IN_SPACE):
        return None
    stopes, holes, samples = (layers.get(name) for name in IN_SPACE)
    blocks, terrain = finished.left("pit_blocks.parquet"), terrain_of(finished)
    bodies = _bodies(stopes, finished.summary)
    courses = [] if holes is None else traces(holes)
    ends = np.empty((0, 2, 3)) if samples is None else sticks(samples, holes)
    origin = _origin([bodies, *courses, ends])
    if origin is None:
        return None
    drawn = next(layer for layer in (stopes, holes, samples) if layer is not None)
    return {
        "origin": [float(v) for v in origin],
        "crs": text(drawn.features.crs.name),
        "stopes": _stopes(stopes, bodies - origin, finished),
        "holes": _holes(holes, [course - origin for course in courses]),
        "samples": _samples(samples, ends - origin, finished.summary),
        "pit": None if blocks is None else _pit(pit_columns(blocks), origin),
        "ground": None if terrain is None else _ground(ground_cells(terrain), origin),
        "box": _box(layers.get("block_model_outline"), origin),
    }


def _bodies(stopes: Layer | None, summary: Row) -> FloatArray:
    frame = ((summary.get("mine") or {}).get("stopes") or {}).get("frame") or {}
    strike = frame.get("strike_deg")
    found = None if strike is None else float(strike)
    return np.empty((0, 8, 3)) if stopes is None else stope_bodies(stopes, found)


def _origin(parts: Sequence[FloatArray]) -> FloatArray | None:
    """Return a round point in the middle: pages count in single precision."""
    points = np.concatenate([part.reshape(-1, 3) for part in parts])
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return None
    return np.asarray(np.round((points.min(axis=0) + points.max(axis=0)) / 2, -1))


def _stopes(layer: Layer | None, bodies: FloatArray, finished: Finished) -> dict[str, Any] | None:
    if layer is None or not len(bodies):
        return None
    there = np.flatnonzero(np.isfinite(bodies).all(axis=(1, 2)))
    heads, rows = mine_limits.facts(layer)
    titles = mine_limits.titles(layer)
    steps = year_steps(layer, finished.summary, finished.translate)
    return {
        "corners": [_short(bodies[i].ravel(), METRES) for i in there],
        "names": [titles[i] for i in there],
        "heads": heads,
        "rows": [rows[i] for i in there],
        "left_out": len(bodies) - len(there),
        "fields": [
            {**f, "of": [f["of"][i] for i in there]} for f in _stope_fields(layer, finished)
        ],
        "steps": steps.get("steps", []),
        "drawn": [steps["drawn"][i] for i in there] if steps else [],
    }


def _stope_fields(layer: Layer, finished: Finished) -> list[dict[str, Any]]:
    summary = finished.summary
    names = _elements(layer, summary, mine_limits.ELEMENT)
    fields = [_field(layer, name, summary) for name in names]
    if MONEY in layer.features.columns:
        fields.append(_field(layer, MONEY, summary))
    years = year_colours(layer)
    if years:
        classes = [{"label": c["label"], "colour": c["fill"]} for c in years["years"]["classes"]]
        said = text("Year of the plan")
        fields.append({"name": "year", "label": said, "classes": classes, "of": years["year_of"]})
    return fields


def _elements(layer: Layer, summary: Row, otherwise: str) -> list[str]:
    """Return the grades that a layer holds, the one that is cut on first."""
    known = (summary.get("drilling") or {}).get("elements") or []
    names = [main_element(summary) or otherwise, *(str(e.get("name")) for e in known)]
    return [name for name in dict.fromkeys(names) if name in layer.features.columns]


def _field(layer: Layer, name: str, summary: Row) -> dict[str, Any]:
    """Colour features by a number: the class of each, and what the classes are called."""
    values = np.asarray(layer.features[name].astype(float), dtype=np.float64)
    unit = unit_of(summary, name) or words_of(name)[1]
    breaks = breaks_of(summary, name)
    if breaks is None:
        breaks = _round_breaks(values[np.isfinite(values)])
    titles = class_words(breaks, unit)
    fills = palettes.sequence(len(titles))
    classes = [{"label": text(t), "colour": c} for t, c in zip(titles, fills, strict=True)]
    known = [math.isfinite(v) for v in values]
    if not all(known):
        classes.append({"label": text("not known"), "colour": palettes.ABSENT})
    return {
        "name": name,
        "label": text(words_of(name)[0]),
        "classes": classes,
        "of": [
            class_number(float(v), breaks) if there else len(titles)
            for v, there in zip(values, known, strict=True)
        ],
    }


def _round_breaks(values: FloatArray) -> tuple[float, ...]:
    if not len(values):
        return ()
    low, high = float(values.min()), float(values.max())
    return most_breaks([tick for tick in ticks(low, high, 5) if low < tick <= high])


def _holes(layer: Layer | None, paths: Sequence[FloatArray]) -> dict[str, Any] | None:
    if layer is None:
        return None
    facts = feature_facts(layer)
    return {
        "names": [name for name, _ in facts],
        "facts": [table for _, table in facts],
        "paths": [_short(path.ravel(), METRES) for path in paths],
    }


def _samples(layer: Layer | None, ends: FloatArray, summary: Row) -> dict[str, Any] | None:
    """Collect samples as columns: twenty thousand of them must stay small."""
    if layer is None or not len(ends):
        return None
    there = np.flatnonzero(np.isfinite(ends).all(axis=(1, 2)))
    table = layer.features.iloc[there]
    names = _elements(layer, summary, mine_limits.ELEMENT)
    fields = [_field(layer, name, summary) for name in names]
    told = [n for n in ("hole_id", "domain", "from_m", "to_m", *names) if n in table.columns]
    return {
        "ends": _short(ends[there].ravel(), METRES),
        "fields": [{**f, "of": [f["of"][i] for i in there]} for f in fields],
        "columns": [_column(table[name], name, summary) for name in told],
    }


def _column(values: Any, name: str, summary: Row) -> dict[str, Any]:
    """Write one attribute of all samples: numbers with their unit, texts once and by number."""
    words, unit = words_for(name)
    about = {"label": text(words), "unit": text(unit_of(summary, name) or unit)}
    if values.dtype.kind in "fiu":
        return {**about, "values": [_figures(float(v)) for v in values]}
    texts = [None if v is None or v != v else str(v) for v in values]
    words_used = list(dict.fromkeys(t for t in texts if t))
    place = {word: i for i, word in enumerate(words_used)}
    codes = [place.get(t or "") for t in texts]
    return {**about, "words": [text(w) for w in words_used], "values": codes}


def _figures(value: float) -> float | None:
    return float(f"{value:.{FIGURES}g}") if math.isfinite(value) else None


def _pit(pit: dict[str, Any] | None, origin: FloatArray) -> dict[str, Any] | None:
    if pit is None:
        return None
    heights = {key: [_lower(z, origin[2]) for z in pit[key]] for key in ("floor", "top")}
    place = {"origin": _short(pit["origin"] - origin[:2], 3)}
    return {**pit, **place, **{k: _short(pit[k], 6) for k in ("x", "y")}, **heights}


def _ground(ground: dict[str, Any], origin: FloatArray) -> dict[str, Any]:
    place = {
        "east": round(ground["east"] - origin[0], 2),
        "north": round(ground["north"] - origin[1], 2),
    }
    said = {key: text(ground[key]) for key in ("datum", "source")}
    return {**ground, **place, **said, "z": [_lower(z, origin[2]) for z in ground["z"]]}


def _lower(z: float | None, by: float) -> float | None:
    return None if z is None else round(z - float(by), 2)


def _box(layer: Layer | None, origin: FloatArray) -> dict[str, Any] | None:
    """Return the frame of the block model: its outline between bottom and top."""
    if layer is None or not {"bottom_m", "top_m"} <= set(layer.features.columns):
        return None
    row = layer.features.iloc[0]
    low, high = float(row["bottom_m"]), float(row["top_m"])
    if not high > low or row.geometry.geom_type != "Polygon":
        return None
    ring = np.asarray(row.geometry.exterior.coords)[:-1, :2] - origin[:2]
    ends = [_lower(z, float(origin[2])) for z in (low, high)]
    return {"ring": _short(ring.ravel(), METRES), "low": ends[0], "high": ends[1]}


def _short(values: Any, decimals: int) -> list[float]:
    return [round(float(v), decimals) for v in values]
