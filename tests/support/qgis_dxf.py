"""Says, as one JSON object, what OGR and QGIS find in DXF files. Runs in QGIS's Python.

Usage: python3 qgis_dxf.py FILE [FILE ...]
"""

import json
import sys
from itertools import pairwise

from osgeo import ogr
from qgis.core import QgsApplication, QgsVectorLayer


def volume(surface):
    """Volume inside flat faces, the vertices of each in order; by tetrahedra about its middle."""
    rings = [surface.GetGeometryRef(n).GetGeometryRef(0) for n in range(surface.GetGeometryCount())]
    faces = [ring.GetPoints()[:-1] for ring in rings]
    corners = [corner for face in faces for corner in face]
    middle = [sum(c[axis] for c in corners) / len(corners) for axis in range(3)]
    total = 0.0
    for face in faces:
        local = [[c[axis] - middle[axis] for axis in range(3)] for c in face]
        for one, two in pairwise(local[1:]):
            (ax, ay, az), (bx, by, bz), (cx, cy, cz) = local[0], one, two
            total += ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx)
    return total / 6


def by_ogr(path):
    """Kinds, extents and volumes by layer."""
    ogr.UseExceptions()
    source = ogr.Open(path)
    found = {}
    for feature in source.GetLayerByName("entities"):
        shape = feature.GetGeometryRef()
        seen = found.setdefault(feature["Layer"], {"kinds": {}, "boxes": [], "volume_m3": 0.0})
        kind = "TEXT" if "AcDbText" in feature["SubClasses"] else shape.GetGeometryName()
        seen["kinds"][kind] = seen["kinds"].get(kind, 0) + 1
        seen["boxes"].append(shape.GetEnvelope())
        if kind == "POLYHEDRALSURFACE":
            seen["volume_m3"] += volume(shape)
    for seen in found.values():
        west, east, south, north = zip(*seen.pop("boxes"), strict=True)
        seen["box"] = [min(west), min(south), max(east), max(north)]
    return found


def by_qgis(path):
    """Validity and number of features of every kind of geometry."""
    whole = QgsVectorLayer(path, "whole", "ogr")
    found = {}
    for part in whole.dataProvider().subLayers():
        _, name, count, kind, *_ = part.split("!!::!!")
        layer = QgsVectorLayer(f"{path}|layername={name}|geometrytype={kind}", kind, "ogr")
        found[kind] = {"valid": layer.isValid(), "count": layer.featureCount(), "told": int(count)}
    return found


application = QgsApplication([], False)
application.initQgis()
json.dump({path: {"ogr": by_ogr(path), "qgis": by_qgis(path)} for path in sys.argv[1:]}, sys.stdout)
application.exitQgis()
