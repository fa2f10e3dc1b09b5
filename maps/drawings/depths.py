"""How deep do holes and samples lie, so that the page can draw them in a section?"""

from __future__ import annotations

from typing import Any

import numpy as np

from maps.layers import Layer

#: Points of a trace that a section needs: a hole bends slowly.
MOST_POINTS = 12
#: Decimals of degrees (0.1 m) and of metres.
DEGREES, METRES = 6, 1

#: Layers whose depth a section shows.
TRACES, SAMPLES = "drillhole_traces", "composites"


def depths_of(layer: Layer) -> list[dict[str, Any]]:
    """Return what a section needs of every feature beside its place in plan.

    Parameters
    ----------
    layer : Layer
        Any drawn layer.

    Returns
    -------
    list of dict
        ``path`` of a trace (longitude, latitude [degrees, WGS 84], elevation [m] of some points
        from the collar down), ``z`` of a sample [m]; {} of everything else. Shape (n,).
    """
    n = len(layer.features)
    ground = layer.features.to_crs(4326).geometry
    if layer.name == TRACES:
        return [_path(one) for one in ground]
    if layer.name == SAMPLES and n and ground.has_z.all():
        return [{"z": round(float(point.z), METRES)} for point in ground]
    return [{} for _ in range(n)]


def _path(line: Any) -> dict[str, Any]:
    if line is None or line.geom_type != "LineString" or not line.has_z:
        return {}
    points = np.asarray(line.coords)
    some = np.unique(np.linspace(0, len(points) - 1, MOST_POINTS).round().astype(int))
    return {
        "path": [
            [round(float(x), DEGREES), round(float(y), DEGREES), round(float(z), METRES)]
            for x, y, z in points[some]
        ]
    }
