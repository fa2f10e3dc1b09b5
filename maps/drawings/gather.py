"""Which layer plays which part on the map, when several files share one?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd

    from deposits.layers import Layer

#: Points whose place is uncertain enough to be drawn as a disc.
UNCERTAIN_ROLES = ("deposits", "plants")


def gather_layers(layers: Iterable[Layer]) -> dict[str, gpd.GeoDataFrame]:
    """Join layers of one role and add the discs of uncertainty.

    Parameters
    ----------
    layers : iterable of Layer
        Layers of a study in the project's CRS.

    Returns
    -------
    dict of GeoDataFrame
        By role; layers of no particular role under their own name. Points that state an
        uncertainty get a disc under "location_uncertainty", never an outline.
    """
    import pandas as pd

    from deposits.layers import uncertainty_discs

    joined: dict[str, gpd.GeoDataFrame] = {}
    for layer in layers:
        role = layer.source.role
        key = layer.source.name if role in ("", "other") else role
        table = layer.table
        joined[key] = table if key not in joined else pd.concat([joined[key], table])
    points = [
        joined[role][joined[role].geom_type == "Point"]
        for role in UNCERTAIN_ROLES
        if role in joined and "uncertainty_m" in joined[role]
    ]
    if points:
        joined["location_uncertainty"] = uncertainty_discs(pd.concat(points))
    return joined
