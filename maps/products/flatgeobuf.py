"""How does a layer become FlatGeobuf: one file, its own coordinates, every digit, quick to read?"""

from __future__ import annotations

import warnings
from functools import partial
from pathlib import Path

from maps.finished import Finished, put, write_text
from maps.layers import Layer
from maps.products.geojson import writable
from maps.products.geopackage import geometry_type
from maps.products.qml import qml_of_layer, signed


def write_flatgeobuf(finished: Finished) -> list[str]:
    """Write one FlatGeobuf file a layer, each with its QGIS style beside it.

    Parameters
    ----------
    finished : Finished
        A study.

    Returns
    -------
    list of str
        Names of the files, relative to the output folder. An index sorts the features by place, so
        that they do not come back in the order of the layer.
    """
    said, names = finished.provenance, []
    for layer in finished.marked(finished.layers):
        path = finished.out / f"{layer.name}.fgb"
        put(path, partial(_write, layer, said))
        write_text(signed(qml_of_layer(layer), said), path.with_suffix(".qml"))
        names += [path.name, path.with_suffix(".qml").name]
    return names


def _write(layer: Layer, said: str, path: Path) -> None:
    import pyogrio

    kind = geometry_type(layer.features)
    with warnings.catch_warnings():
        # An empty layer is written on purpose: absent and empty are not the same.
        warnings.filterwarnings("ignore", message=".*[Ee]mpty.*")
        pyogrio.write_dataframe(
            writable(layer.features),
            path,
            layer=layer.name,
            driver="FlatGeobuf",
            geometry_type=kind,
            promote_to_multi=str(kind).startswith("Multi"),
            layer_options={"TITLE": layer.title, "DESCRIPTION": said},
        )
