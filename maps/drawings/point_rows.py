"""How do thousands of points, each with its facts, stand in a page that stays small?

Column by column: places as steps from one point to the next, words once and then by number,
numbers without their unit. The page puts the rows together again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from maps.drawings.cards import HIDDEN, attribute, names_of
from maps.drawings.depths import depths_of
from maps.drawings.tables import text
from maps.layers import Field, Layer

#: Points from which on facts are kept in columns.
MANY = 300
#: Steps of a degree that places are told in: 0.1 m.
STEP_DEG = 1e-6
#: Decimals of depths [m], and figures of the numbers of samples.
METRES, FIGURES = 2, 4
SAMPLES = "composites"


def in_columns(layer: Layer) -> bool:
    """Say whether a layer is told in columns: many points, and nothing but points."""
    shapes = layer.features.geometry
    points = (shapes.geom_type == "Point") & ~shapes.is_empty
    return len(shapes) > MANY and bool(points.all())


def point_columns(layer: Layer, labels: Sequence[str]) -> dict[str, Any]:
    """Return a layer of many points, column by column.

    Parameters
    ----------
    layer : Layer
        A drawn layer of points.
    labels : sequence of str
        What is written beside each, escaped; () for nothing.

    Returns
    -------
    dict
        ``lng`` and ``lat``: steps of `STEP_DEG` from the point before, the first from 0;
        ``class``: number of each; ``name``, ``label`` and ``card``: words and their numbers;
        ``z`` of samples [m]; ``columns``: ``head``, and ``words`` with ``of``, or ``unit`` as it
        follows a number, and ``values``. Shape (n,) each; texts are escaped HTML.
    """
    ground = layer.features.to_crs(4326).geometry
    shown = [field for field in layer.fields if field.name not in HIDDEN]
    depths = depths_of(layer)
    beside = {"z": [depth["z"] for depth in depths]} if depths and "z" in depths[0] else {}
    return {
        "lng": _steps(ground.x),
        "lat": _steps(ground.y),
        "class": [int(number) for number in layer.class_numbers],
        "name": _words(names_of(layer)),
        "label": _words(labels or [""] * len(ground)),
        "card": _words(layer.cards or [""] * len(ground)),
        **beside,
        "columns": [_column(layer, field) for field in shown],
    }


def _steps(degrees: Any) -> list[int]:
    whole = np.rint(np.asarray(degrees, dtype=np.float64) / STEP_DEG).astype(np.int64)
    return [int(v) for v in np.diff(whole, prepend=0)]


def _words(texts: Sequence[str | None]) -> dict[str, Any]:
    """Return different words once, and the number of each in them; -1 for none."""
    used = list(dict.fromkeys(t for t in texts if t))
    place = {word: i for i, word in enumerate(used)}
    return {"words": used, "of": [place.get(t or "", -1) for t in texts]}


def _column(layer: Layer, field: Field) -> dict[str, Any]:
    values = list(layer.features[field.name])
    head = {"head": text(field.alias)}
    # A number that reads by rules of its own, such as an uncertainty, is written as words.
    plain = all(isinstance(v, float) or v is None for v in values) and field.name != "uncertainty_m"
    if not plain:
        cells = [attribute(field.name, value, field.unit) for value in values]
        return {**head, **_words([None if c is None else text(c) for c in cells])}
    rounded = [_rounded(layer.name, field.unit, value) for value in values]
    return {**head, "unit": f" {text(field.unit)}" if field.unit else "", "values": rounded}


def _rounded(name: str, unit: str, value: float | None) -> float | None:
    """Round what a sample says to what is known of it; other layers keep what they were given."""
    if value is None or not math.isfinite(value):
        return None
    if name != SAMPLES:
        return float(f"{value:.10g}")
    return round(value, METRES) if unit == "m" else float(f"{value:.{FIGURES}g}")
