"""What does the page in three dimensions show of a study, and by which numbers is it coloured?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from maps.drawings import mine_limits
from maps.drawings.cards import feature_facts
from maps.drawings.grades import unit_of
from maps.drawings.plan_steps import year_steps
from maps.drawings.plan_years import year_colours
from maps.drawings.solids import sticks, stope_bodies, traces
from maps.drawings.solids_blocks import block_boxes
from maps.drawings.solids_fields import elements_of, layer_field
from maps.drawings.solids_periods import pit_periods
from maps.drawings.solids_pit import ground_cells, off_ground_m, pit_columns
from maps.drawings.tables import text
from maps.drawings.terrain import Terrain, terrain_of
from maps.finished import Finished
from maps.layers import Layer
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
        ``stopes``, ``holes``, ``samples``, ``pit``, ``ground``, ``box`` and ``blocks``, each None
        where the study has none. None where the study holds nothing in space.
    """
    layers = {layer.name: layer for layer in finished.layers}
    if not any(name in layers and len(layers[name].features) for name in IN_SPACE):
        return None
    stopes, holes, samples = (layers.get(name) for name in IN_SPACE)
    dug, terrain = finished.left("pit_blocks.parquet"), terrain_of(finished)
    pit, model = None if dug is None else pit_columns(dug), _model(finished)
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
        "pit": None if pit is None else _pit(pit, finished, origin),
        "ground": None if terrain is None else _ground(terrain, courses, origin),
        "box": _box(layers.get("block_model_outline"), origin),
        "blocks": None if model is None else _blocks(model, origin),
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
    names = elements_of(layer, summary, mine_limits.ELEMENT)
    fields = [layer_field(layer, name, summary) for name in names]
    if MONEY in layer.features.columns:
        fields.append(layer_field(layer, MONEY, summary))
    years = year_colours(layer)
    if years:
        classes = [{"label": c["label"], "colour": c["fill"]} for c in years["years"]["classes"]]
        said = text("Year of the plan")
        fields.append({"name": "year", "label": said, "classes": classes, "of": years["year_of"]})
    return fields


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
    names = elements_of(layer, summary, mine_limits.ELEMENT)
    fields = [layer_field(layer, name, summary) for name in names]
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


def _pit(pit: dict[str, Any], finished: Finished, origin: FloatArray) -> dict[str, Any]:
    heights: dict[str, Any] = {
        key: [_lower(z, origin[2]) for z in pit[key]] for key in ("floor", "top")
    }
    place = {
        "origin": _short(pit["origin"] - origin[:2], 3),
        "base": _lower(pit["base"], origin[2]),
    }
    steps = {k: _short(pit[k], 6) for k in ("x", "y")}
    return {**pit, **place, **steps, **heights, "sets": pit_periods(finished)}


def _model(finished: Finished) -> dict[str, Any] | None:
    """Return the blocks of the study's model, None where it has none of ours."""
    return None if finished.blocks is None else block_boxes(finished.blocks, finished.summary)


def _blocks(model: dict[str, Any], origin: FloatArray) -> dict[str, Any]:
    """Place blocks from the origin of the page."""
    return {**model, "origin": _short(model["origin"] - origin, 3)}


def _ground(terrain: Terrain, courses: Sequence[FloatArray], origin: FloatArray) -> dict[str, Any]:
    ground = ground_cells(terrain)
    place = {
        "east": round(ground["east"] - origin[0], 2),
        "north": round(ground["north"] - origin[1], 2),
    }
    said = {key: text(ground[key]) for key in ("datum", "source")}
    heights = [_lower(z, origin[2]) for z in ground["z"]]
    return {**ground, **place, **said, "z": heights, "collars": _collars(terrain, courses)}


def _collars(terrain: Terrain, courses: Sequence[FloatArray]) -> dict[str, Any] | None:
    """Say how far the tops of drillholes lie off the ground: another datum shows here first."""
    tops = np.array([course[0] for course in courses if len(course)]).reshape(-1, 3)
    if min(terrain.elevations_m.shape) < 2 or not len(tops):
        return None
    off = off_ground_m(tops, terrain)
    known = np.isfinite(off)
    if not known.any():
        return None
    farthest = float(off[known][np.abs(off[known]).argmax()])
    middle = float(np.median(off[known]))
    most = math.ceil(10.0 * abs(farthest) - 0.01) / 10.0
    return {"most_m": most, "middle_m": round(middle, 1), "n": int(known.sum())}


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
