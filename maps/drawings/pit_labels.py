"""Where on its crest does the name of a pit stand so that no other crest is meant?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from maps.layers import Layer

#: Places along a crest that are looked at, and those that are offered to the page.
LOOKED_AT, OFFERED = 72, 8
#: Decimals of degrees: 1 m.
DECIMALS = 5


def label_spots(layer: Layer) -> list[list[tuple[float, float]]]:
    """Return places on every outline, the best first.

    Parameters
    ----------
    layer : Layer
        Outlines of pits, in metres.

    Returns
    -------
    list of list of (float, float)
        Latitude and longitude [degrees, WGS 84] of `OFFERED` places on each outline, shape (n,),
        chosen one by one: each as far as can be from all other outlines and from the places
        before it. An empty list for what is no area.
    """
    import pyproj

    to_degrees = pyproj.Transformer.from_crs(layer.features.crs, 4326, always_xy=True)
    crests = [_crest(shape) for shape in layer.features.geometry]
    found = []
    for i, crest in enumerate(crests):
        others = [c for j, c in enumerate(crests) if j != i and c is not None]
        chosen = [] if crest is None else _spread(crest, others)
        degrees = [to_degrees.transform(*place) for place in chosen]
        found.append([(round(lat, DECIMALS), round(lng, DECIMALS)) for lng, lat in degrees])
    return found


def _crest(shape: Any) -> Any:
    """Return the outer line of an area, of the largest part of one in parts."""
    if shape is None or shape.is_empty or "Polygon" not in shape.geom_type:
        return None
    largest = max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)
    return largest.exterior


def _spread(crest: Any, others: list[Any]) -> list[NDArray[np.float64]]:
    import shapely

    along = np.linspace(0.0, crest.length, LOOKED_AT, endpoint=False)
    points = shapely.line_interpolate_point(crest, along)
    places = shapely.get_coordinates(points)
    # A crest that runs with another one tells nothing; beyond a third of its width none is near.
    enough = float(np.ptp(places, axis=0).max()) / 3
    free = np.full(len(places), enough)
    for other in others:
        free = np.minimum(free, shapely.distance(points, other))
    chosen: list[int] = []
    apart = np.full(len(places), enough)
    for _ in range(OFFERED):
        chosen.append(int(np.argmax(np.minimum(free, apart) + 1e-3 * free)))
        apart = np.minimum(apart, np.hypot(*(places - places[chosen[-1]]).T))
        apart[chosen] = -np.inf
    return [places[k] for k in chosen]
