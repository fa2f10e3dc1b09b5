"""Loads rasters in QGIS, reads them at points, draws them. Runs in QGIS's Python.

Usage: python3 qgis_rasters.py JOB.json, an object of "picture", "files", "points" (x, y, band).
"""

import json
import sys
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsPointXY,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor


def look_at(path, points):
    """What QGIS makes of one raster."""
    layer = QgsRasterLayer(path, path.rsplit("/", 1)[-1])
    provider, renderer = layer.dataProvider(), layer.renderer()
    values = []
    for x, y, band in points:
        value, known = provider.sample(QgsPointXY(x, y), band)
        values.append(value if known else None)
    return layer, {
        "valid": layer.isValid(),
        "crs": layer.crs().authid(),
        "bands": [layer.bandName(i + 1) for i in range(layer.bandCount())],
        "renderer": renderer.type(),
        "band": renderer.usesBands(),
        "legend": [words for words, _ in renderer.legendSymbologyItems()],
        "values": values,
    }


def draw(layer, picture):
    """Render one raster and count the colours of the picture."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setBackgroundColor(QColor("white"))
    settings.setOutputSize(QSize(600, 600))
    settings.setExtent(layer.extent())
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(picture)
    return sorted({QColor(image.pixel(x, y)).name() for x in range(600) for y in range(600)})


def main():
    """Look at every file of the job."""
    job = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    app = QgsApplication([], False)
    messages = []
    app.initQgis()
    app.messageLog().messageReceived.connect(lambda *said: messages.append(str(said[0])))
    found, colours = {}, []
    for path in job["files"]:
        layer, found[path.rsplit("/", 1)[-1]] = look_at(path, job["points"])
        colours = colours or draw(layer, job["picture"])
    sys.stdout.write(json.dumps({"layers": found, "messages": messages, "colours": colours}))
    sys.stdout.flush()


main()
