"""How does a layer become GeoJSON that any program reads the same way (RFC 7946)?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from maps.layers import Layer

if TYPE_CHECKING:
    import geopandas as gpd

#: RFC 7946 asks for WGS 84, right-hand rings and no needless digits: 7 decimals are 1 cm.
OPTIONS = {"RFC7946": "YES", "COORDINATE_PRECISION": "7"}


def write_geojson(layer: Layer, path: Path, *, description: str = "") -> None:
    """Write one layer as GeoJSON in WGS 84.

    Parameters
    ----------
    layer : Layer
        Features in any CRS; they are reprojected.
    path : Path
        File to write; an existing one is replaced.
    description : str
        Sentence kept in the file beside the features, such as the disclaimer.
    """
    import pyogrio

    path.unlink(missing_ok=True)
    options = dict(OPTIONS)
    if description:
        options["DESCRIPTION"] = description
    pyogrio.write_dataframe(
        writable(layer.features),
        path,
        layer=layer.name,
        driver="GeoJSON",
        layer_options=options,
    )


def writable(features: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return features whose every column a file format can hold: lists and trees become text.

    Parameters
    ----------
    features : GeoDataFrame
        As drawn.

    Returns
    -------
    GeoDataFrame
        A copy with the same rows.
    """
    import json

    plain = features.copy()
    for name in plain.columns:
        if name != plain.geometry.name and plain[name].dtype == object:
            plain[name] = [
                json.dumps(v, ensure_ascii=False) if isinstance(v, list | dict | tuple) else v
                for v in plain[name]
            ]
    return plain
