"""How does QGIS learn the signs, words and units of a layer?

A QML file beside a GeoJSON, or the same text inside a GeoPackage, is applied by QGIS when it opens
the layer. It is written from the same `Style` as the web map.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from deposits.formats.files import xml_comment
from maps import palettes
from maps.layers import Field, Layer
from maps.products.qml_columns import add_columns
from maps.style import CLASS_COLUMN, Style, Symbol

#: QGIS measures signs in millimetres; a CSS pixel is 1/96 inch.
MM_PER_PX = 25.4 / 96

_MARKERS = {"circle": "circle", "square": "square", "diamond": "diamond", "triangle": "triangle"}


def qml_of_layer(layer: Layer) -> str:
    """Write signs, labels and aliases of a drawn layer.

    Parameters
    ----------
    layer : Layer
        A drawn layer.

    Returns
    -------
    str
        QML; every text is escaped as XML.
    """
    root = _root()
    root.append(_renderer(layer.style))
    if layer.label_field and layer.features[layer.label_field].notna().any():
        root.append(_labelling(layer))
        root.set("labelsEnabled", "1")
    classes = {c.value: c.label for c in layer.style.classes}
    add_columns(root, layer.fields, {CLASS_COLUMN: classes, **layer.words})
    return _written(root)


def qml_of_table(fields: Sequence[Field]) -> str:
    """Write the aliases of a table without geometry."""
    root = _root()
    add_columns(root, fields, {})
    return _written(root)


def signed(qml: str, said: str) -> str:
    """Say at the head of a style of what it was made; QGIS passes comments over.

    Parameters
    ----------
    qml : str
        A style whose first line is its document type.
    said : str
        Disclaimer and stamp.

    Returns
    -------
    str
        The style with a comment.
    """
    head, rest = qml.split("\n", 1)
    return f"{head}\n{xml_comment(said)}\n{rest}"


def _root() -> ET.Element:
    return ET.Element("qgis", version="3.22", styleCategories="AllStyleCategories")


def _written(root: ET.Element) -> str:
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    ET.indent(root)
    return head + ET.tostring(root, encoding="unicode") + "\n"


def _renderer(style: Style) -> ET.Element:
    """Write one symbol for every class, the last also for values of no class."""
    renderer = ET.Element(
        "renderer-v2",
        type="categorizedSymbol",
        attr=CLASS_COLUMN,
        symbollevels="0",
        forceraster="0",
        enableorderby="1",
    )
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for i, one in enumerate(style.classes):
        ET.SubElement(
            categories, "category", symbol=str(i), value=one.value, label=one.label, render="true"
        )
        symbols.append(_symbol(str(i), one.symbol))
    order = ET.SubElement(renderer, "orderby")
    # What comes last in the order lies on top.
    rising = "1" if style.on_top == "last" else "0"
    clause = ET.SubElement(order, "orderByClause", asc=rising, nullsFirst="1")
    values = ",".join(f"'{one.value}'" for one in style.classes)
    clause.text = f'array_find(array({values}), "{CLASS_COLUMN}")'
    return renderer


def _symbol(name: str, symbol: Symbol) -> ET.Element:
    kind, layer = {
        "line": ("line", "SimpleLine"),
        "area": ("fill", "SimpleFill"),
    }.get(symbol.shape, ("marker", "SimpleMarker"))
    node = ET.Element("symbol", name=name, type=kind, alpha="1", clip_to_extent="1")
    options = {
        "marker": _marker_options,
        "line": _line_options,
        "fill": _fill_options,
    }[kind](symbol)
    drawn = ET.SubElement(
        node, "layer", {"class": layer, "enabled": "1", "pass": "0", "locked": "0"}
    )
    listed = ET.SubElement(drawn, "Option", type="Map")
    for key, value in options.items():
        ET.SubElement(listed, "Option", name=key, value=value, type="QString")
        ET.SubElement(drawn, "prop", k=key, v=value)
    return node


def _marker_options(symbol: Symbol) -> dict[str, str]:
    return {
        "name": _MARKERS[symbol.shape],
        "color": rgba(symbol.fill, symbol.opacity),
        "outline_color": rgba(symbol.stroke),
        "outline_style": "solid",
        "outline_width": _mm(symbol.width_px),
        "outline_width_unit": "MM",
        "size": _mm(symbol.size_px),
        "size_unit": "MM",
    }


def _line_options(symbol: Symbol) -> dict[str, str]:
    return {
        "line_color": rgba(symbol.stroke),
        "line_style": "solid",
        "line_width": _mm(symbol.width_px),
        "line_width_unit": "MM",
        "capstyle": "round",
        "joinstyle": "round",
        **_dashes(symbol),
    }


def _fill_options(symbol: Symbol) -> dict[str, str]:
    return {
        "style": "solid" if symbol.fill else "no",
        "color": rgba(symbol.fill, symbol.opacity),
        "outline_color": rgba(symbol.stroke),
        "outline_style": _pen(symbol),
        "outline_width": _mm(symbol.width_px),
        "outline_width_unit": "MM",
    }


def _pen(symbol: Symbol) -> str:
    """Name the pen of a rim: QGIS 3.22 has no free dashes there."""
    if not symbol.dash_px:
        return "solid"
    return "dot" if symbol.dash_px[0] < 4 else "dash"


def _dashes(symbol: Symbol) -> dict[str, str]:
    if not symbol.dash_px:
        return {}
    dashes = ";".join(_mm(length) for length in symbol.dash_px)
    return {"use_custom_dash": "1", "customdash": dashes, "customdash_unit": "MM"}


def _mm(pixels: float) -> str:
    return f"{pixels * MM_PER_PX:.3f}"


def rgba(colour: str | None, opacity: float = 1.0) -> str:
    """Return a colour as QGIS writes it, "red,green,blue,alpha"; None is seen through."""
    if colour is None:
        return "255,255,255,0"
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"{red},{green},{blue},{round(opacity * 255)}"


def _labelling(layer: Layer) -> ET.Element:
    """Write labels with a white rim; QGIS leaves out those that would overlap."""
    labelling = ET.Element("labeling", type="simple")
    settings = ET.SubElement(labelling, "settings", calloutType="simple")
    _label_text(settings, layer)
    ET.SubElement(settings, "text-format", wrapChar=": ", autoWrapLength="0")
    _label_place(settings, layer)
    # An empty circle hides nothing: labels of other layers may stand inside it.
    ET.SubElement(settings, "rendering", obstacle="0", displayAll="0")
    return labelling


def _label_text(settings: ET.Element, layer: Layer) -> None:
    bold = "75" if layer.name in {"deposits", "plants"} else "50"
    text = ET.SubElement(
        settings,
        "text-style",
        fieldName=layer.label_field,
        isExpression="0",
        fontSize="9",
        fontSizeUnit="Point",
        fontFamily="Sans",
        fontWeight=bold,
        fontItalic="1" if layer.name == "location_uncertainty" else "0",
        textColor=rgba(palettes.INK),
    )
    ET.SubElement(
        text,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.8",
        bufferSizeUnits="MM",
        bufferColor="255,255,255,255",
        bufferOpacity="1",
    )


def _label_place(settings: ET.Element, layer: Layer) -> None:
    symbol = layer.style.classes[0].symbol
    # 6 sets labels around a point, 2 along a line, 8 outside an area, 4 level inside it.
    hollow = "8" if symbol.fill is None else "4"
    placement = {"line": "2", "area": hollow}.get(symbol.shape, "6")
    ET.SubElement(
        settings,
        "placement",
        placement=placement,
        priority="10" if layer.name == "deposits" else "5",
        predefinedPositionOrder="R,L,TR,BR,TL,BL,T,B",
        offsetType="1",  # from the rim of the sign, not from its middle
        dist="1.2",
        distUnits="MM",
    )
