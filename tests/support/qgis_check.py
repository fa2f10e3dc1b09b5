"""Loads vector files in QGIS and says, as one JSON object, what it finds. Runs in QGIS's Python.

Usage: python3 qgis_check.py PICTURE.png FILE [FILE ...]
"""

import json
import sys

from qgis.core import (
    QgsApplication,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor


def names_in(path):
    """Names of the layers and tables in a file."""
    whole = QgsVectorLayer(path, "whole", "ogr")
    parts = [part.split("!!::!!")[1] for part in whole.dataProvider().subLayers()]
    return [name for name in parts if name != "layer_styles"]


def look_at(path, name):
    """What QGIS makes of one layer."""
    source = f"{path}|layername={name}" if path.endswith(".gpkg") else path
    layer = QgsVectorLayer(source, name, "ogr")
    fields = layer.fields()
    renderer = layer.renderer()
    return layer, {
        "valid": layer.isValid(),
        "crs": layer.crs().authid(),
        "count": layer.featureCount(),
        "aliases": {f.name(): layer.attributeAlias(i) for i, f in enumerate(fields)},
        "renderer": renderer.type() if renderer else None,
        "classes": [c.label() for c in renderer.categories()]
        if renderer and renderer.type() == "categorizedSymbol"
        else [],
        "brushes": [
            c.symbol().symbolLayer(0).brushStyle() == 0
            for c in renderer.categories()
            if hasattr(c.symbol().symbolLayer(0), "brushStyle")
        ]
        if renderer and renderer.type() == "categorizedSymbol"
        else [],
        "labels": layer.labelsEnabled(),
        "has_z": layer.isSpatial() and QgsWkbTypes.hasZ(layer.wkbType()),
        "all_geometries_valid": all(
            f.geometry().isGeosValid() for f in layer.getFeatures() if f.hasGeometry()
        ),
    }


def draw(layers, picture):
    """Render the layers and count the colours of the picture."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(layers[0].crs())
    settings.setBackgroundColor(QColor("white"))
    settings.setOutputSize(QSize(1000, 700))
    box = QgsRectangle()
    for layer in layers:
        if "location_uncertainty" in layer.source():
            for feature in layer.getFeatures():
                if feature["drawn_as"] == "field":
                    box.combineExtentWith(feature.geometry().boundingBox())
        if "block_model_outline" in layer.source():
            box.combineExtentWith(layer.extent())
    box.scale(1.3)
    settings.setExtent(box)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(picture)
    pixels = ((x, y) for x in range(0, 1000, 2) for y in range(0, 700, 2))
    return len({image.pixel(x, y) for x, y in pixels})


def main():
    """Look at every file named on the command line."""
    picture, files = sys.argv[1], sys.argv[2:]
    app = QgsApplication([], False)
    messages = []
    app.initQgis()
    app.messageLog().messageReceived.connect(lambda *said: messages.append(str(said[0])))
    found, drawn = {}, []
    for path in files:
        for name in names_in(path):
            layer, facts = look_at(path, name)
            found[f"{path.rsplit('/', 1)[-1]}:{name}"] = facts
            if layer.isSpatial() and path.endswith(".gpkg"):
                QgsProject.instance().addMapLayer(layer, False)
                drawn.append(layer)
    colours = draw(drawn[::-1], picture) if drawn else 0
    sys.stdout.write(json.dumps({"layers": found, "messages": messages, "colours": colours}))
    sys.stdout.flush()
    QgsProject.instance().clear()


main()
