"""How does a QGIS project hold a layer, a table or a raster, styled and named in words?

What QGIS needs of signs, labels and aliases is the QML that lies beside every file; it is put into
the project as it is, because QGIS reads no style of its own accord for a layer of a project.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from maps.layers import Layer, Table
from maps.products.qml import qml_of_layer, qml_of_table

#: Names of geometries in QGIS.
_KINDS = {"area": ("Polygon", "Polygon"), "line": ("Line", "LineString")}
#: Grey of the shaded ground, half seen through.
_SHADE = """<pipe><rasterrenderer type="singlebandgray" grayBand="1" gradient="BlackToWhite"
 opacity="0.55" alphaBand="-1"><contrastEnhancement><minValue>1</minValue><maxValue>255</maxValue>
<algorithm>StretchToMinimumMaximum</algorithm></contrastEnhancement></rasterrenderer></pipe>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the layer tree and the layer behind it.

    Parameters
    ----------
    role : str
        Name of the layer without a mark; themes choose by it.
    id : str
        Identifier in the project.
    title : str
        Words of the line.
    group : str
        Heading under which it stands.
    source : str
        Where QGIS finds it, relative to the project.
    provider : str
        "ogr" or "gdal".
    node : Element
        The layer as the project holds it.
    on : bool
        Whether it is drawn when the project opens.
    note : str
        What its reader must not miss.
    """

    role: str
    id: str
    title: str
    group: str
    source: str
    provider: str
    node: ET.Element
    on: bool = True
    note: str = ""


def identifier(name: str) -> str:
    """Return an identifier of a layer or an item: the same for the same name.

    QGIS gives layers with short identifiers new ones, and the tree would lose them.
    """
    return f"{name}_{str(uuid.uuid5(uuid.NAMESPACE_URL, name)).replace('-', '_')}"


def reference_system(crs: Any) -> ET.Element:
    """Return a coordinate reference system as QGIS writes it.

    Parameters
    ----------
    crs : pyproj.CRS or None
        The system; None is none at all, as of a table.

    Returns
    -------
    Element
        ``<spatialrefsys>``.
    """
    node = ET.Element("spatialrefsys")
    if crs is None:
        return node
    ET.SubElement(node, "wkt").text = crs.to_wkt("WKT2_2019")
    authority = crs.to_authority()
    ET.SubElement(node, "authid").text = ":".join(authority) if authority else ""
    ET.SubElement(node, "description").text = crs.name
    ET.SubElement(node, "geographicflag").text = "true" if crs.is_geographic else "false"
    return node


def of_layer(layer: Layer, package: str, *, role: str, on: bool) -> Entry:
    """Return the entry of a drawn layer.

    Parameters
    ----------
    layer : Layer
        As it stands in the GeoPackage: marked, in the language of the study.
    package : str
        The GeoPackage, relative to the project.
    role : str
        Its name without a mark.
    on : bool
        Whether it is drawn when the project opens.

    Returns
    -------
    Entry
        With signs, labels, aliases, words for codes and, of a schedule, its days.
    """
    geometry, kind = _KINDS.get(layer.style.classes[0].symbol.shape, ("Point", "Point"))
    node = _vector(layer.name, layer.title, f"./{package}|layername={layer.name}", layer.note)
    node.attrib |= {"geometry": geometry, "wkbType": kind}
    node.find("srs").append(reference_system(layer.features.crs))  # type: ignore[union-attr]
    _styled(node, qml_of_layer(layer))
    if len(layer.style.classes) == 1 and layer.style.classes[0].value == "feature":
        # A layer that no rule is known for: its own name says more than that of its only class.
        for category in node.iter("category"):
            category.set("label", layer.title)
    return Entry(
        role=role,
        id=identifier(layer.name),
        title=layer.title,
        group=layer.group,
        source=f"./{package}|layername={layer.name}",
        provider="ogr",
        node=node,
        on=on,
        note=layer.note,
    )


def of_table(table: Table, package: str, group: str) -> Entry:
    """Return the entry of a table without geometry."""
    source = f"./{package}|layername={table.name}"
    node = _vector(table.name, table.title, source, table.title)
    node.attrib |= {"geometry": "No geometry", "wkbType": "NoGeometry"}
    node.find("srs").append(reference_system(None))  # type: ignore[union-attr]
    _styled(node, qml_of_table(table.fields))
    return Entry(
        role=table.name,
        id=identifier(table.name),
        title=table.title,
        group=group,
        source=source,
        provider="ogr",
        node=node,
    )


def of_raster(path: Path, out: Path, *, title: str, group: str, on: bool) -> Entry:
    """Return the entry of a raster that lies under the project's folder.

    Parameters
    ----------
    path : Path
        GeoTIFF; a QML of the same name beside it is its style.
    out : Path
        Folder of the project.
    title : str
        Words of the line.
    group : str
        Heading.
    on : bool
        Whether it is drawn when the project opens.

    Returns
    -------
    Entry
        Without a style beside it, it is a shade of the ground.
    """
    import rasterio

    source = f"./{path.relative_to(out).as_posix()}"
    with rasterio.open(path) as raster:
        crs = raster.crs
    name, style = path.stem, path.with_suffix(".qml")
    node = ET.Element("maplayer", type="raster", autoRefreshEnabled="0")
    for tag, words in (("id", identifier(name)), ("datasource", source), ("layername", title)):
        ET.SubElement(node, tag).text = words
    ET.SubElement(node, "srs").append(reference_system(_crs(crs)))
    ET.SubElement(node, "provider").text = "gdal"
    _styled(node, style.read_text("utf-8") if style.is_file() else f"<qgis>{_SHADE}</qgis>")
    return Entry(
        role=name,
        id=identifier(name),
        title=title,
        group=group,
        source=source,
        provider="gdal",
        node=node,
        on=on,
    )


def _crs(crs: Any) -> Any:
    import pyproj

    return None if crs is None else pyproj.CRS.from_user_input(crs)


def _vector(name: str, title: str, source: str, note: str) -> ET.Element:
    node = ET.Element("maplayer", type="vector", readOnly="0", labelsEnabled="0")
    for tag, words in (("id", identifier(name)), ("datasource", source), ("layername", title)):
        ET.SubElement(node, tag).text = words
    ET.SubElement(node, "srs")
    about = ET.SubElement(node, "resourceMetadata")
    ET.SubElement(about, "title").text = title
    ET.SubElement(about, "abstract").text = note or title
    ET.SubElement(node, "provider", encoding="UTF-8").text = "ogr"
    return node


def _styled(node: ET.Element, qml: str) -> None:
    """Put the parts of a QML into the layer."""
    style = ET.fromstring(qml.partition("'SYSTEM'>\n")[2] or qml)
    node.set("labelsEnabled", style.get("labelsEnabled", "0"))
    node.extend(style)
