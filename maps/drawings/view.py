"""Which part of the world does the map open on?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps.config import MapSettings
from maps.layers import Layer
from maps.style import CLASS_COLUMN

Box = tuple[float, float, float, float]

#: Layers that say where the fields are, and classes in them that lie elsewhere.
OF_FIELDS = frozenset({"deposits", "location_uncertainty", "reserve_blocks"})
ELSEWHERE = ("record", "analogue")

#: Layers that say where a drilled deposit is; the first that there is wins.
OF_HOLES = ("block_model_outline", "drillhole_traces", "collars")

#: Layers of the mine, which may reach beyond the blocks.
OF_MINE = ("stopes", "pit_outline")


def opening_view(
    summary: Mapping[str, Any], layers: Sequence[Layer], settings: MapSettings
) -> dict[str, Any]:
    """Choose what the map opens on: the study's own fields and plants, not far analogues.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.
    layers : sequence of Layer
        Drawn layers.
    settings : MapSettings
        Its centre or bounds win; ``open_on`` narrows the fields.

    Returns
    -------
    dict
        ``{"centre": [lat, lon], "zoom": z}`` or ``{"bounds": [[s, w], [n, e]]}``, WGS 84.
    """
    if settings.centre is not None:
        longitude, latitude = settings.centre
        return {"centre": [latitude, longitude], "zoom": settings.zoom}
    extent = summary.get("study", {}).get("extent")
    box = settings.bounds or district(layers, settings.open_on) or extent or (-180, -85, 180, 85)
    west, south, east, north = box
    return {"bounds": [[south, west], [north, east]]}


def district(layers: Sequence[Layer], open_on: Sequence[str] = ()) -> Box | None:
    """Return the box of fields and plants, with the settlements close to them.

    Parameters
    ----------
    layers : sequence of Layer
        Drawn layers.
    open_on : sequence of str
        Identifiers of the fields that count; () counts all.

    Returns
    -------
    tuple of float or None
        West, south, east, north [degrees, WGS 84]; None without any field or plant.
    """
    boxes: list[Box] = _of_blocks(layers)
    if boxes:
        return _around(boxes)
    for layer in layers:
        features = layer.features
        if layer.name in OF_FIELDS:
            ours = ~features[CLASS_COLUMN].isin(ELSEWHERE)
            if open_on and "field" in features.columns:
                ours &= features["field"].isin(list(open_on))
            boxes += _box(features[ours])
        elif layer.name == "plants" and not open_on:
            boxes += _box(features)
    if not boxes:
        return None
    west, south, east, north = _around(boxes)
    wide, high = (east - west) / 3, (north - south) / 3
    near = (west - wide, south - high, east + wide, north + high)
    places = [layer for layer in layers if layer.name == "places"]
    return _around([*boxes, *(box for layer in places for box in _settlements(layer, near))])


def _of_blocks(layers: Sequence[Layer]) -> list[Box]:
    """Return the box of the block model, else of the drillholes, and those of the mine."""

    def boxes(*names: str) -> list[Box]:
        return [box for layer in layers if layer.name in names for box in _box(layer.features)]

    drilled = next((found for name in OF_HOLES if (found := boxes(name))), [])
    return [*drilled, *boxes(*OF_MINE)]


def _settlements(layer: Layer, near: Box) -> list[Box]:
    """Return the box of settlements close by: their names tell a reader where this is."""
    import shapely

    west, south, east, north = near
    settled = layer.features[layer.features[CLASS_COLUMN] == "settlement"].to_crs(4326)
    return _box(settled[settled.geometry.within(shapely.box(west, south, east, north))])


def _box(features: Any) -> list[Box]:
    if not len(features) or features.geometry.is_empty.all():
        return []
    west, south, east, north = (float(v) for v in features.to_crs(4326).total_bounds)
    return [(west, south, east, north)]


def _around(boxes: Sequence[Box]) -> Box:
    west, south = (min(box[i] for box in boxes) for i in (0, 1))
    east, north = (max(box[i] for box in boxes) for i in (2, 3))
    return west, south, east, north
