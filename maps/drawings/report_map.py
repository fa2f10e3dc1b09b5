"""Where is it: what do the district, or the drilled deposit and its mine, look like from above?

The map of a report draws the layers of the web map and of QGIS, by the same styles; nothing of it
is placed by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from maps import palettes
from maps.drawings.plan_axes import words
from maps.drawings.report_map_frame import Frame, frame_of, graticule, north, scale_bar
from maps.drawings.report_map_signs import labelled, legend_rows, line_of, point_of
from maps.drawings.report_parts import figure
from maps.drawings.tables import Html, table
from maps.drawings.view import district
from maps.finished import SYNTHETIC
from maps.languages import Translate
from maps.layers import Layer
from maps.style import Symbol

#: Layers that would hide the others or say what another says already.
LEFT_OUT = frozenset({"composites", "drillhole_traces"})
#: Layers of single places: they are named in the drawing and listed in its table.
NAMED = ("deposits", "plants", "places")
#: Layers whose classes are grades: the legend says of what.
BY_GRADE = frozenset({"stopes", "reserve_blocks"})
SYNTHETIC_WORD = SYNTHETIC.removesuffix("_").upper()

SAID_DISTRICT = (
    "Where fields, plants and places lie, as far as it is known: a circle is where a thing may "
    "lie, not its outline. Names without room stand in the table only."
)
SAID_DRILLED = (
    "The drilled deposit from above: collars, the extent of the block model, and what would be "
    "mined. A hole may slant, so that its ore lies beside its collar."
)
SAID_GRID = (
    "Thin lines: longitude at the foot, latitude at the left (WGS 84); up is north of the grid {x}."
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A class of a layer as it is drawn: its words, its sign, and its features in the frame."""

    layer: Layer
    label: str
    symbol: Symbol
    features: Any


def map_figure(layers: Sequence[Layer], open_on: Sequence[str], say: Translate) -> Html:
    """Draw the map of a report over its caption and the table of what is in it.

    Parameters
    ----------
    layers : sequence of Layer
        Drawn layers, from the bottom up, all in the study's CRS.
    open_on : sequence of str
        Identifiers of the fields that the map opens on; () counts all.
    say : callable
        Writes labels in the language of the study.

    Returns
    -------
    Html
        A ``<figure>``, "" where no layer says where a field or a hole lies.
    """
    box = district(layers, open_on)
    if box is None:
        return Html("")
    frame = frame_of(box, layers[0].features.crs)
    seen = list(_seen(layers, frame, say))
    drilled = any(one.layer.name in ("collars", "block_model_outline") for one in seen)
    said = SAID_DRILLED if drilled else SAID_DISTRICT
    grid = say(SAID_GRID).replace("{x}", str(layers[0].features.crs.to_string()))
    return figure(_drawn(seen, frame, say), f"{say(said)} {grid}", _listed(seen, frame, say), say)


def _seen(layers: Sequence[Layer], frame: Frame, say: Translate) -> Iterator[Seen]:
    """Give the classes of every layer that has something in the frame, from the bottom up."""
    for layer in layers:
        if layer.name in LEFT_OUT:
            continue
        here = layer.features.to_crs(frame.crs)
        inside = here.geometry.intersects(frame.shape).to_numpy()
        numbers = np.asarray(layer.class_numbers)
        # The first class is drawn on top.
        for i in range(len(layer.style.classes) - 1, -1, -1):
            chosen = here[inside & (numbers == i)]
            if len(chosen):
                one = layer.style.classes[i]
                plain = layer.title.removeprefix(f"{SYNTHETIC_WORD} ")
                label = (
                    f"{say(plain)}: {say(one.label)}" if layer.name in BY_GRADE else say(one.label)
                )
                if one.value == "feature":
                    label = say(plain)
                yield Seen(layer, label, one.symbol, chosen)


def _drawn(seen: Sequence[Seen], frame: Frame, say: Translate) -> str:
    """Put frame, features, names, north, scale and legend together."""
    inside: list[str] = []
    for one in seen:
        for shape in one.features.geometry:
            inside += _shape(shape, one.symbol, frame)
    names = [
        (frame.at(row.geometry), str(row[one.layer.label_field]), one.symbol.size_px)
        for name in NAMED
        for one in seen
        if one.layer.name == name and one.layer.label_field
        for _, row in one.features.iterrows()
        if row.geometry.geom_type == "Point" and isinstance(row[one.layer.label_field], str)
    ]
    marked = any(one.layer.title.startswith(SYNTHETIC_WORD) for one in seen)
    top = frame.top
    parts = [
        f'<defs><clipPath id="map-frame"><rect x="{frame.left:g}" y="{top:g}" '
        f'width="{frame.wide:g}" height="{frame.high:g}"/></clipPath></defs>',
        *graticule(frame),
        f'<g clip-path="url(#map-frame)">{"".join(inside)}</g>',
        f'<rect x="{frame.left:g}" y="{top:g}" width="{frame.wide:g}" height="{frame.high:g}" '
        f'fill="none" stroke="{palettes.INK}"/>',
        *labelled(names, frame),
        *north(frame, say),
        *scale_bar(frame, say),
    ]
    if marked:
        parts.append(words(frame.left + 8.0, top + 16.0, SYNTHETIC_WORD, "t h"))
    legend, height = legend_rows([(one.label, one.symbol) for one in reversed(seen)], frame)
    title = say("Map")
    whole = frame.left + frame.wide + 1.0
    return (
        f'<svg class="curve plan-map" viewBox="0 0 {whole:g} {height:g}" width="{whole:g}" '
        f'height="{height:g}" role="img" aria-label="{title}">{"".join([*parts, *legend])}</svg>'
    )


def _shape(shape: Any, symbol: Symbol, frame: Frame) -> list[str]:
    """Draw one geometry: its parts, whatever they are."""
    if shape is None or shape.is_empty:
        return []
    if hasattr(shape, "geoms"):
        return [line for part in shape.geoms for line in _shape(part, symbol, frame)]
    if shape.geom_type == "Point":
        return [point_of(symbol, *frame.at(shape))]
    return [line_of(symbol, frame.path(shape))]


def _listed(seen: Sequence[Seen], frame: Frame, say: Translate) -> Html:
    """List single places by name with their coordinates, and how many of the rest are drawn."""
    heads = ("Name", "What", "Latitude, degrees", "Longitude, degrees", "Uncertain by, m")
    single = [one for name in (*NAMED, "collars") for one in seen if one.layer.name == name]
    body: list[list[object]] = []
    for one in single:
        ground = one.features.geometry.centroid.to_crs(4326)
        named = next((c for c in ("name", "hole_id") if c in one.features.columns), None)
        for i, point in enumerate(ground):
            row = one.features.iloc[i]
            known = row.get("uncertainty_m")
            body.append(
                [
                    str(row[named]) if named else one.label,
                    one.label,
                    f"{point.y:.{frame.digits}f}",
                    f"{point.x:.{frame.digits}f}",
                    f"{float(known):,.0f}" if known is not None and known == known else "–",
                ]
            )
    for one in reversed(seen):
        if one not in single and one.layer.name != "location_uncertainty":
            body.append([one.label, f"{say('drawn:')} {len(one.features)}", "–", "–", "–"])
    return table([say(h) for h in heads], body, say("What the map shows"))
