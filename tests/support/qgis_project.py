"""Opens a project in QGIS, says as one JSON object what it finds, prints its sheets.

Runs in QGIS's Python. Usage: python3 qgis_project.py PROJECT.qgz FOLDER [DPI]
"""

import json
import sys
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsDateTimeRange,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsVectorLayer,
    QgsVectorLayerTemporalContext,
)
from qgis.PyQt.QtCore import QDate, QDateTime, QSize, Qt, QTime
from qgis.PyQt.QtGui import QColor

KINDS = {
    "map": QgsLayoutItemMap,
    "legend": QgsLayoutItemLegend,
    "scale": QgsLayoutItemScaleBar,
    "north": QgsLayoutItemPicture,
    "label": QgsLayoutItemLabel,
}


def of_layer(layer):
    """What QGIS makes of a layer."""
    about = {
        "valid": layer.isValid(),
        "name": layer.name(),
        "crs": layer.crs().authid(),
        "source": layer.source(),
        "raster": not isinstance(layer, QgsVectorLayer),
    }
    if about["raster"]:
        renderer = layer.renderer()
        about |= {"renderer": renderer.type(), "bands": layer.bandCount()}
        about["band_names"] = [layer.bandName(n + 1) for n in range(layer.bandCount())]
        return about
    renderer, times = layer.renderer(), layer.temporalProperties()
    categories = renderer.categories() if renderer and hasattr(renderer, "categories") else []
    return about | {
        "count": layer.featureCount(),
        "aliases": {f.name(): layer.attributeAlias(i) for i, f in enumerate(layer.fields())},
        "hidden": [c.name for c in layer.attributeTableConfig().columns() if c.hidden],
        "classes": [c.label() for c in categories],
        "spatial": layer.isSpatial(),
        "labels": layer.labelsEnabled(),
        "temporal": times.isActive(),
        "start": times.startExpression(),
        "end": times.endExpression(),
        "codes": codes_of(layer),
        "types": {f.name(): f.typeName() for f in layer.fields()},
    }


def codes_of(layer):
    """Column -> code -> what tables and forms show for it."""
    found = {}
    for number, field in enumerate(layer.fields()):
        setup = layer.editorWidgetSetup(number)
        if setup.type() == "ValueMap":
            shown = QgsApplication.fieldFormatterRegistry().fieldFormatter("ValueMap")
            codes = layer.uniqueValues(number)
            found[field.name()] = {
                str(code): shown.representValue(layer, number, setup.config(), None, code)
                for code in codes
                if isinstance(code, str)
            }
    return found


def tree_of(group):
    """The layer tree: headings and what stands under them."""
    return {
        child.name(): {x.name(): x.itemVisibilityChecked() for x in child.findLayers()}
        for child in group.children()
    }


def drawn(project, layers, day, picture=None):
    """Number of pixels that are not white, in the year that begins with a day; None is all."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(project.crs())
    settings.setBackgroundColor(QColor("white"))
    settings.setOutputSize(QSize(400, 300))
    box = layers[0].extent()
    box.scale(1.1)
    settings.setExtent(box)
    if day is not None:
        begins = QDateTime(day, QTime(0, 0), Qt.UTC)
        settings.setTemporalRange(QgsDateTimeRange(begins, begins.addYears(1), True, False))
        settings.setIsTemporal(True)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    if picture:
        image.save(picture)
    white = QColor("white").rgb()
    return sum(image.pixel(x, y) != white for x in range(0, 400, 2) for y in range(0, 300, 2))


def years_at(layer, day):
    """Years of the plan whose work a layer shows in the year that begins with a day."""
    begins = QDateTime(day, QTime(0, 0), Qt.UTC)
    span = QgsDateTimeRange(begins, begins.addYears(1), True, False)
    context = QgsVectorLayerTemporalContext()
    context.setLayer(layer)
    told = layer.temporalProperties().createFilterString(context, span)
    return sorted({feature["year"] for feature in layer.getFeatures(told)})


def years_of(project):
    """How much the schedule draws: in all, in every year of the project's time, outside it."""
    layers = project.mapLayers().values()
    played = [
        x for x in layers if isinstance(x, QgsVectorLayer) and x.temporalProperties().isActive()
    ]
    span = project.timeSettings().temporalRange()
    if not played or span.isInfinite():
        return None
    first, last = span.begin().date(), span.end().date()
    days = [QDate(year, first.month(), first.day()) for year in range(first.year(), last.year())]
    return {
        "first": first.toString(Qt.ISODate),
        "last": last.toString(Qt.ISODate),
        "all": drawn(project, played, None),
        "years": [drawn(project, played, day) for day in days],
        "shown": [years_at(played[0], day) for day in days],
        "step": [project.timeSettings().timeStep(), str(project.timeSettings().timeStepUnit())],
        "before": drawn(project, played, first.addYears(-3)),
        "after": drawn(project, played, last),
    }


def sheets_of(project, folder, dpi):
    """Print every sheet and say what stands on it."""
    found = {}
    for number, sheet in enumerate(project.layoutManager().printLayouts()):
        items = dict.fromkeys(KINDS, 0)
        for item in sheet.items():
            for name, kind in KINDS.items():
                items[name] += isinstance(item, kind)
        legends = [x for x in sheet.items() if isinstance(x, QgsLayoutItemLegend)]
        maps = [x for x in sheet.items() if isinstance(x, QgsLayoutItemMap)]
        exporter = QgsLayoutExporter(sheet)
        png, pdf = (str(Path(folder) / f"sheet{number}.{end}") for end in ("png", "pdf"))
        image = QgsLayoutExporter.ImageExportSettings()
        image.dpi, image.exportMetadata = dpi, False
        done = (
            exporter.exportToImage(png, image),
            exporter.exportToPdf(pdf, QgsLayoutExporter.PdfExportSettings()),
        )
        found[sheet.name()] = {
            "png": png,
            "pdf": pdf,
            "exported": [one == QgsLayoutExporter.Success for one in done],
            "items": items,
            "legend": [x.name() for x in legends[0].model().rootGroup().findLayers()],
            "theme": maps[0].followVisibilityPresetName(),
            "texts": [x.currentText() for x in sheet.items() if isinstance(x, QgsLayoutItemLabel)],
            "scale_shown": maps[0].scale(),
            "room": [
                [x.id(), x.pagePos().x(), x.pagePos().y(), x.rect().width(), x.rect().height()]
                for x in sheet.items()
                if hasattr(x, "pagePos") and hasattr(x, "id")
            ],
        }
    return found


def main():
    """Open the project named on the command line."""
    path, folder = sys.argv[1:3]
    dpi = float(sys.argv[3]) if len(sys.argv) > 3 else 72.0
    app = QgsApplication([], False)
    messages = []
    app.initQgis()
    app.messageLog().messageReceived.connect(lambda *said: messages.append(str(said[0])))
    project = QgsProject.instance()
    read = project.read(path)
    themes = project.mapThemeCollection()
    found = {
        "read": read,
        "error": project.error(),
        "crs": project.crs().authid(),
        "title": project.title(),
        "abstract": project.metadata().abstract(),
        "relative": project.readEntry("Paths", "Absolute")[0],
        "layers": {key: of_layer(x) for key, x in project.mapLayers().items()},
        "tree": tree_of(project.layerTreeRoot()),
        "themes": {
            name: [x.name() for x in themes.mapThemeVisibleLayers(name)]
            for name in themes.mapThemes()
        },
        "view": not project.viewSettings().defaultViewExtent().isEmpty(),
        "time": years_of(project),
        "sheets": sheets_of(project, folder, dpi),
    }
    found["messages"] = messages
    sys.stdout.write(json.dumps(found))
    sys.stdout.flush()
    project.clear()


main()
